//! Searches that stay: kept, changed, let go of, and which of their hits are none.

use super::Signed;
use crate::core::edit::Edit;
use crate::core::ids::{ArticleId, FreshIds, IdMint, LabelId, RuleId};
use crate::core::kept::UnknownFields;
use crate::core::project::{Dismissed, HitKey, Project, Rule};
use crate::core::search::Options;
use crate::core::text::ByteRange;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a rule looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looks {
    /// As it is typed; read as a query.
    pub query: String,
    pub case: bool,
    pub word: bool,
    pub fold: bool,
}

impl Looks {
    pub fn of(query: &str, options: &Options) -> Self {
        Self {
            query: query.to_owned(),
            case: options.case,
            word: options.word,
            fold: options.fold,
        }
    }
}

/// Keeps a search under a name, and says under which id: one that two people make on copies of one
/// project are two when the copies are merged.
pub fn keep(
    project: &Project,
    name: &str,
    looks: Looks,
    label: Option<LabelId>,
    signed: Signed<'_>,
    mint: &IdMint,
) -> (RuleId, Edit) {
    let is_taken = |id: &str| project.rule(&RuleId::new(id)).is_some();
    let wanted = format!("{}-rule-1", mint.tag());
    let id = RuleId::new(FreshIds::default().take_unless(&wanted, is_taken));
    let rule = Rule {
        id: id.clone(),
        name: named(name, &looks.query),
        query: looks.query,
        case: looks.case,
        word: looks.word,
        exact: !looks.fold,
        hidden: false,
        label,
        by: signed.by.clone(),
        when: signed.when,
        dismissed: Dismissed::default(),
        unknown: UnknownFields::new(),
    };
    let at = project.rules().len();
    (id, Edit::AddRules(vec![(at, Arc::new(rule))]))
}

/// The name, or the query where none is given.
fn named(name: &str, query: &str) -> String {
    const LONGEST: usize = 200;
    let name = match name.trim() {
        "" => query.trim(),
        name => name,
    };
    name.chars().take(LONGEST).collect()
}

/// Changes a rule; nothing when it stays the same.
pub fn change(project: &Project, id: &RuleId, change: impl FnOnce(&mut Rule)) -> Vec<Edit> {
    let place = project.rules().iter().position(|rule| rule.id == *id);
    let Some((at, old)) = place.and_then(|at| Some((at, project.rules().get(at)?))) else {
        return Vec::new();
    };
    let mut rule = Rule::clone(old);
    change(&mut rule);
    rule.id = id.clone();
    rule.name = named(&rule.name, &rule.query);
    if rule == **old {
        return Vec::new();
    }
    vec![
        Edit::RemoveRules(vec![at]),
        Edit::AddRules(vec![(at, Arc::new(rule))]),
    ]
}

/// Lets go of a rule, and of what was dismissed of it. Annotations stay.
pub fn remove(project: &Project, id: &RuleId) -> Vec<Edit> {
    let at = project.rules().iter().position(|rule| rule.id == *id);
    at.map(|at| Edit::RemoveRules(vec![at]))
        .into_iter()
        .collect()
}

/// Says that hits of a rule are none, or, with `takes_back`, that they are some after all.
pub fn dismiss<'a>(
    project: &Project,
    id: &RuleId,
    hits: impl Iterator<Item = (&'a ArticleId, ByteRange)>,
    takes_back: bool,
) -> Vec<Edit> {
    let Some(rule) = project.rule(id) else {
        return Vec::new();
    };
    let mut changed: BTreeMap<&ArticleId, Vec<HitKey>> = BTreeMap::new();
    for (article, range) in hits {
        if let Some(known) = project.article(article) {
            let key = HitKey::of(&known.text, range);
            changed.entry(article).or_default().push(key);
        }
    }
    let edits = changed.into_iter().filter_map(|(article, mut keys)| {
        keys.sort_unstable();
        keys.dedup();
        let old = rule.dismissed.of(article);
        let mut hits = old.to_vec();
        if takes_back {
            hits.retain(|key| keys.binary_search(key).is_err());
        } else {
            hits.extend(keys.iter().filter(|key| old.binary_search(key).is_err()));
            hits.sort_unstable();
        }
        (hits != old).then(|| Edit::SetDismissed {
            rule: id.clone(),
            article: article.clone(),
            hits,
        })
    });
    edits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::article::Article;
    use crate::core::codebook::Codebook;
    use crate::core::edit::{Transaction, apply};
    use crate::core::project::ProjectParts;
    use crate::core::recipes::codebook::{MergeChoices, merge_labels};
    use crate::core::recipes::successor::{Successor, in_rules};
    use crate::core::text::ArticleText;

    fn perform(project: &mut Project, edits: Vec<Edit>) {
        let before = project.clone();
        let step = Transaction::new("", edits);
        let undo = apply(project, &step).unwrap();
        let after = project.clone();
        apply(project, &undo).unwrap();
        assert_eq!(*project, before);
        apply(project, &step).unwrap();
        assert_eq!(*project, after);
    }

    #[test]
    fn rules_are_kept_changed_and_let_go_of() {
        let article = |id: &str, text: &str| {
            Arc::new(Article::new(
                id.into(),
                "",
                ArticleText::new(text.to_owned()),
            ))
        };
        let mut project = Project::from_parts(ProjectParts {
            codebook: Codebook::default(),
            articles: vec![
                article("a", "Give now. Give then."),
                article("b", "Oh! Give now. Give."),
            ],
            ..ProjectParts::default()
        });
        let by = "ana".into();
        let signed = Signed {
            by: &by,
            when: None,
        };
        let looks = || Looks::of("give", &Options::default());
        let label = Some("promo".into());
        let (first, edit) = keep(
            &project,
            " Donations ",
            looks(),
            label,
            signed,
            &IdMint::new("t"),
        );
        perform(&mut project, vec![edit]);
        let (second, edit) = keep(&project, "", looks(), None, signed, &IdMint::new("t"));
        perform(&mut project, vec![edit]);
        let names: Vec<&str> = project
            .rules()
            .iter()
            .map(|rule| rule.name.as_str())
            .collect();
        assert_eq!(
            (names.as_slice(), first == second),
            (&["Donations", "give"][..], false)
        );
        assert!(project.used_labels().contains(&LabelId::new("promo")));

        let renamed = change(&project, &second, |rule| rule.name = "Giving".to_owned());
        perform(&mut project, renamed);
        assert_eq!(project.rule(&second).unwrap().name, "Giving");
        assert!(change(&project, &second, |_| ()).is_empty());

        // Each place once, in whatever order; what is dismissed goes on in a new version.
        let a = "a".into();
        let hits = [(10, 14), (0, 4), (0, 4)].map(|range| (&a, range.into()));
        let dismissed = dismiss(&project, &first, hits.into_iter(), false);
        perform(&mut project, dismissed);
        assert_eq!(project.rule(&first).unwrap().dismissed.len(), 2);
        assert!(dismiss(&project, &first, hits.into_iter(), false).is_empty());
        let successor = Successor {
            of: "a".into(),
            is: "b".into(),
            annotations: Default::default(),
        };
        let over = in_rules(&project, &[successor]);
        perform(&mut project, over);
        let rule = project.rule(&first).unwrap();
        let text = &project.article(&"b".into()).unwrap().text;
        let is_dismissed = |range: (u32, u32)| rule.is_dismissed(&"b".into(), text, range.into());
        // Other words are around the first one there, and around the second.
        assert_eq!(
            (is_dismissed((4, 8)), is_dismissed((14, 18))),
            (false, false)
        );
        assert_eq!(rule.dismissed.of(&"b".into()), rule.dismissed.of(&a));
        let back = dismiss(&project, &first, hits.into_iter().take(1), true);
        perform(&mut project, back);
        assert_eq!(project.rule(&first).unwrap().dismissed.of(&a).len(), 1);

        let merging = merge_labels(
            &project,
            &"promo".into(),
            &"claim".into(),
            &MergeChoices::default(),
            signed,
        )
        .unwrap();
        perform(&mut project, merging.change.edits);
        assert_eq!(project.rule(&first).unwrap().label, Some("claim".into()));
        let gone = remove(&project, &first);
        perform(&mut project, gone);
        assert_eq!(project.rules().len(), 1);
        assert!(dismiss(&project, &first, hits.into_iter(), false).is_empty());
    }
}
