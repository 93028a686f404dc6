//! Labels that two copies added under one id and that are two: theirs gets an id of its own before
//! anything is merged, and what of theirs has it goes along.

use super::Merge;
use crate::core::codebook::{Label, folded_name, id_for};
use crate::core::ids::{FreshIds, LabelId};
use crate::core::project::{
    NewIds, Project, relabel_article, relabel_codebook, relabel_rules, relabel_trashed,
};

impl Merge {
    /// Theirs, with other ids where mine has other labels under them. `None` when there are none.
    pub(super) fn apart(&mut self, [base, mine, theirs]: [&Project; 3]) -> Option<Project> {
        let mut taken = FreshIds::default();
        for id in [base, mine, theirs]
            .iter()
            .flat_map(|copy| copy.used_labels())
        {
            taken.see(id.as_str());
        }
        let is_new = |label: &Label| base.codebook().label(label.id.as_str()).is_none();
        let mut ids = NewIds::new();
        for label in theirs.codebook().labels.iter().filter(|l| is_new(l)) {
            let name = folded_name(&label.name);
            let same = mine.codebook().label(label.id.as_str());
            if same.is_some_and(|ours| folded_name(&ours.name) == name) {
                continue;
            }
            // Both added it, each under an id of its own.
            let mut named = mine.codebook().labels.iter();
            let named = named.find(|ours| is_new(ours) && folded_name(&ours.name) == name);
            let id = match (named, same) {
                (Some(named), _) => named.id.clone(),
                (None, Some(_)) => LabelId::new(taken.take(&id_for(&label.name))),
                (None, None) => continue,
            };
            if let Some(ours) = same {
                self.conflicts.push(format!(
                    "the label “{}” has the id {} in the other copy, which is that of “{}” here; both stay, and “{}” has the id {id}",
                    label.name, label.id, ours.name, label.name
                ));
            }
            ids.insert(label.id.clone(), id);
        }
        if ids.is_empty() {
            return None;
        }
        let mut parts = theirs.parts();
        relabel_codebook(&mut parts.codebook, &ids);
        for article in &mut parts.articles {
            relabel_article(article, &ids);
        }
        relabel_rules(&mut parts.rules, &ids);
        let known = base.trash();
        for item in &mut parts.trash {
            if !known.iter().any(|old| **old == *item) {
                relabel_trashed(&mut item.what, &ids);
            }
        }
        Some(Project::from_parts(parts))
    }
}

/// Whether an article of theirs that is not as it was has annotations of a label.
pub(super) fn is_needed([base, _, theirs]: [&Project; 3], label: &LabelId) -> bool {
    let mut articles = theirs.articles().iter();
    articles.any(|article| {
        article.annotations.count_of(label) > 0 && base.article(&article.id) != Some(article)
    })
}
