//! Searches that stay: kept, changed, let go of, and which of their hits are none.

use super::Signed;
use crate::core::codebook::Codebook;
use crate::core::edit::Edit;
use crate::core::ids::{ArticleId, FreshIds, IdMint, LabelId, RuleId};
use crate::core::kept::UnknownFields;
use crate::core::project::{Dismissed, HitKey, Project, Rule};
use crate::core::search::{Options, label_called, with_labels};
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

/// Kept searches that go with a label: `old` is `new` from now on, in a codebook that has that. Queries
/// that name it name the other one; its rules mark with that.
pub fn follow_label(
    project: &Project,
    codebook: &Codebook,
    old: &LabelId,
    new: &LabelId,
) -> Vec<Edit> {
    let is_new = |name: &str| label_called(codebook, name).is_some_and(|label| label.id == *new);
    let other = |name: &str| {
        let meant = label_called(project.codebook(), name)?;
        if meant.id != *old || is_new(name) {
            return None;
        }
        // By its id where that stood there, or where another label is called so.
        let shown = codebook.label(new.as_str()).map(|label| &label.name);
        let shown = shown.filter(|shown| name != old.as_str() && is_new(shown));
        Some(shown.cloned().unwrap_or_else(|| new.to_string()))
    };
    let mut edits = Vec::new();
    for rule in project.rules() {
        edits.extend(change(project, &rule.id, |rule| {
            if rule.label.as_ref() == Some(old) {
                rule.label = Some(new.clone());
            }
            let Some(query) = with_labels(&rule.query, &rule.options(), &other) else {
                return;
            };
            // One without a name is called as its query.
            if rule.name == named("", &rule.query) {
                rule.name = named("", &query);
            }
            rule.query = query;
        }));
    }
    edits
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
    use crate::core::codebook::Label;
    use crate::core::edit::{Transaction, apply};
    use crate::core::project::ProjectParts;
    use crate::core::recipes::codebook::{MergeChoices, change_label, merge_labels};
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
    fn queries_name_a_label_as_it_is_called_now() {
        let by = "ana".into();
        let signed = Signed {
            by: &by,
            when: None,
        };
        let queries = [
            "give in:promo",
            "give in:\"Promotional content\" not outside:promo",
            "(label:promo,claim speaker:Ada) or give",
            "give in:claim",
            "promo near:3 \"in:promo\"",
        ];
        let with_rules = || {
            let mut project = Project::new("");
            for query in queries {
                let looks = Looks::of(query, &Options::default());
                let mint = IdMint::new("t");
                let (_, edit) = keep(&project, "", looks, Some("promo".into()), signed, &mint);
                perform(&mut project, vec![edit]);
            }
            project
        };
        let shown = |project: &Project| -> Vec<String> {
            let rules = project.rules().iter();
            rules
                .map(|rule| {
                    assert_eq!(rule.name, rule.query);
                    rule.query.clone()
                })
                .collect()
        };
        let promo = LabelId::new("promo");
        // Renamed: what stood there by the name follows, and the id stays.
        let mut project = with_rules();
        let set = |label: &mut Label| label.name = "Adverts, and more".to_owned();
        let change = change_label(&project, &promo, "rename", signed, set);
        perform(&mut project, change.unwrap().unwrap().edits);
        let expected = [
            queries[0],
            "give in:\"Adverts, and more\" not outside:promo",
            queries[2],
            queries[3],
            queries[4],
        ];
        assert_eq!(shown(&project), expected);
        // Merged: the id is gone.
        let mut project = with_rules();
        let choices = MergeChoices::default();
        let merged = merge_labels(&project, &promo, &"quote".into(), &choices, signed);
        perform(&mut project, merged.unwrap().change.edits);
        let quote = project.codebook().name_of(&"quote".into()).to_owned();
        let expected = [
            "give in:quote".to_owned(),
            format!("give in:{quote} not outside:quote"),
            "(label:quote,claim speaker:Ada) or give".to_owned(),
            queries[3].to_owned(),
            queries[4].to_owned(),
        ];
        assert_eq!(shown(&project), expected);
        let all_mark = |label: &str| {
            let mut rules = project.rules().iter();
            rules.all(|rule| rule.label == Some(label.into()))
        };
        assert!(all_mark("quote"));
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
