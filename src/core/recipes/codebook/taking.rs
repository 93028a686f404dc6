//! Taking another codebook in: what it would do to the project, and the step that does it.

use super::attributes::converted;
use super::{Change, CodebookError, replaced, revised};
use crate::core::codebook::Codebook;
use crate::core::codebook::compare::Comparison;
use crate::core::edit::Edit;
use crate::core::ids::LabelId;
use crate::core::project::Project;
use crate::core::recipes::Signed;
use std::collections::{HashMap, HashSet};

/// Compares a codebook that can be used with the project's. Examples that are annotations of another
/// project are left out; also how many these are.
pub fn compare(project: &Project, theirs: &Codebook, is_partial: bool) -> (Comparison, usize) {
    let mut theirs = theirs.clone();
    let mut left_out = 0;
    for label in &mut theirs.labels {
        let before = label.shown_by.len();
        label.shown_by.retain(|shown| {
            let article = project.article(&shown.article);
            article
                .is_some_and(|article| article.annotations.get(shown.annotation.as_str()).is_some())
        });
        left_out += before - label.shown_by.len();
    }
    let mine = project.codebook();
    (Comparison::of(mine, &theirs, is_partial), left_out)
}

/// Takes a codebook in, as it was compared and decided: `None` when that changes nothing. Values of
/// attributes that get another kind become those of that kind where they can, and stay where not.
/// What a label means from now on puts its annotations on the worklist.
pub fn take_in(
    project: &Project,
    comparison: &Comparison,
    name: &str,
    signed: Signed<'_>,
) -> Result<Option<Change>, CodebookError> {
    match comparison.undecided() {
        0 => {}
        undecided => return Err(CodebookError::Undecided(undecided)),
    }
    let old = project.codebook();
    let merged = comparison.merged(old);
    if merged.codebook == *old {
        return Ok(None);
    }
    let kinds: HashMap<(&LabelId, &str), _> = merged
        .kinds
        .iter()
        .map(|(label, name, kind)| ((label, name.as_str()), kind))
        .collect();
    let labels: HashSet<&LabelId> = merged.kinds.iter().map(|(label, ..)| label).collect();
    let mut change = replaced(
        project,
        signed,
        |_, annotation| {
            let mut is_changed = false;
            let values: Vec<(String, _)> = annotation
                .attributes
                .iter()
                .map(|(name, value)| (name.to_string(), value.clone()))
                .collect();
            for (name, value) in values {
                let Some(kind) = kinds.get(&(&annotation.label, name.as_str())) else {
                    continue;
                };
                let new = converted(project, kind, &value);
                if new != value {
                    annotation.attributes.insert(name.as_str(), new);
                    is_changed = true;
                }
            }
            is_changed
        },
        |annotation| !annotation.attributes.is_empty() && labels.contains(&annotation.label),
    );
    let counts = [
        (merged.added.len(), "new"),
        (merged.changed.len(), "changed"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let told = match told.as_slice() {
        [] => String::new(),
        told => format!(": {}", told.join(", ")),
    };
    let what = match name {
        "" => format!("take in a codebook{told}"),
        name => format!("take in codebook “{name}”{told}"),
    };
    let codebook = revised(project, what, signed, |codebook| {
        let next = codebook.revision + 1;
        codebook.labels = merged.codebook.labels;
        for label in &mut codebook.labels {
            let before = old.label(label.id.as_str());
            if before.is_some_and(|before| before.meaning() != label.meaning()) {
                label.redefined = next;
            }
        }
    })?;
    change.edits.push(Edit::SetCodebook(Box::new(codebook)));
    Ok(Some(change))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::{AttributeValue, Timestamp};
    use crate::core::codebook::compare::Side;
    use crate::core::codebook::{AttributeKind, AttributeSpec, Label, ShownBy};
    use crate::core::edit::{Transaction, apply};
    use crate::core::recipes::codebook::{Touches, outdated};
    use crate::core::recipes::tests::{annotation, make, project, range};

    /// The project, whose quote q1 has a text as its speaker, and a codebook in which that is a number
    /// and quotes are defined otherwise.
    fn both() -> (Project, Codebook) {
        let mut project = project();
        let mut quote = annotation("q1", "quote", "ana", range(0, 9));
        let values = [("weight", "12"), ("note", "12")];
        for (name, value) in values {
            quote
                .attributes
                .insert(name, AttributeValue::Text(value.to_owned()));
        }
        let mut codebook = project.codebook().clone();
        codebook.labels[0]
            .attributes
            .push(AttributeSpec::new("weight", AttributeKind::Text));
        let edits = vec![
            Edit::SetCodebook(Box::new(codebook)),
            Edit::ReplaceAnnotation {
                article: "a".into(),
                annotation: quote,
            },
        ];
        make(&mut project, edits);
        let mut theirs = project.codebook().clone();
        let quote = &mut theirs.labels[0];
        quote.definition = "What is said.".to_owned();
        let weight = quote.attributes.last_mut().unwrap();
        weight.kind = AttributeKind::Number;
        theirs.labels.push(Label::new("frame", "Frame", 0x112233));
        let shown = |annotation: &str| ShownBy {
            article: "a".into(),
            annotation: annotation.into(),
            is_counter: false,
            unknown: Vec::new(),
        };
        theirs.labels[0].shown_by = vec![shown("q2"), shown("elsewhere")];
        (project, theirs)
    }

    #[test]
    fn a_codebook_is_taken_in_as_one_step() {
        let (project, theirs) = both();
        let me = "ana".into();
        let signed = Signed {
            by: &me,
            when: Some(Timestamp::new(7)),
        };
        let (mut comparison, left_out) = compare(&project, &theirs, false);
        assert_eq!((comparison.undecided(), left_out), (1, 1));
        let refused = take_in(&project, &comparison, "Theirs", signed);
        assert_eq!(refused, Err(CodebookError::Undecided(1)));
        comparison.prefer(Side::Theirs);
        let change = take_in(&project, &comparison, "Theirs", signed)
            .unwrap()
            .unwrap();
        assert_eq!(
            change.touches,
            Touches {
                annotations: 1,
                articles: 1
            }
        );
        let mut changed = project.clone();
        let step = Transaction::new("step", change.edits);
        let inverse = apply(&mut changed, &step).unwrap();
        let codebook = changed.codebook();
        assert_eq!(codebook.revision, project.codebook().revision + 1);
        let told = codebook.changes.last().unwrap();
        assert_eq!(told.what, "take in codebook “Theirs”: 1 new, 1 changed");
        assert!(codebook.label("frame").is_some());
        let quote = codebook.label("quote").unwrap();
        assert_eq!(
            (quote.redefined, quote.shown_by.len()),
            (codebook.revision, 1)
        );
        let article = changed.article(&"a".into()).unwrap();
        let q1 = article.annotations.get("q1").unwrap();
        assert_eq!(
            q1.attributes.get("weight"),
            Some(&AttributeValue::Number(12.0))
        );
        assert_eq!(
            q1.attributes.get("note"),
            Some(&AttributeValue::Text("12".to_owned()))
        );
        assert_eq!(outdated(&changed).len(), 2);
        // Again there is nothing to do.
        let (again, _) = compare(&changed, &theirs, false);
        assert_eq!(take_in(&changed, &again, "Theirs", signed), Ok(None));
        apply(&mut changed, &inverse).unwrap();
        assert_eq!(changed, project);
    }

    #[test]
    fn values_stay_where_the_kind_does() {
        let (project, theirs) = both();
        let me = "ana".into();
        let signed = Signed {
            by: &me,
            when: None,
        };
        let (mut comparison, _) = compare(&project, &theirs, false);
        comparison.prefer(Side::Mine);
        let change = take_in(&project, &comparison, "", signed).unwrap().unwrap();
        assert_eq!(change.touches, Touches::default());
        assert_eq!(change.edits.len(), 1);
    }
}
