//! A label's policy over what is marked already: what it would have elsewhere, and the step that moves it.

use super::{Change, CodebookError, Touches, change_label, label_of};
use crate::core::annotation::{Annotation, merge_fragments};
use crate::core::boundary::edged;
use crate::core::codebook::Edges;
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId, LabelId};
use crate::core::project::Project;
use crate::core::recipes::Signed;
use crate::core::text::ByteRange;
use std::sync::Arc;

/// An annotation that a label's policy would have elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub article: ArticleId,
    pub annotation: AnnotationId,
    /// Its fragments as they are, and as they would be.
    pub old: Vec<ByteRange>,
    pub new: Vec<ByteRange>,
}

/// The annotations of a label that end otherwise than its policy says, in the order of the articles.
/// Its unit is for marking alone; what is there keeps its extent but for the edges.
pub fn against_policy(project: &Project, id: &LabelId) -> Vec<Moved> {
    let label = project.codebook().label(id.as_str());
    let moved = label.and_then(|label| against_edges(project, id, &label.edges, || true));
    moved.unwrap_or_default()
}

/// The same for a policy that a label does not have yet; `None` when it was stopped.
pub fn against_edges(
    project: &Project,
    id: &LabelId,
    edges: &Edges,
    mut goes_on: impl FnMut() -> bool,
) -> Option<Vec<Moved>> {
    let mut moved = Vec::new();
    for article in project.articles() {
        if !goes_on() {
            return None;
        }
        let meant = article.annotations.iter().filter(|a| a.label == *id);
        for annotation in meant {
            let old: Vec<ByteRange> = annotation.fragments.to_vec();
            let new = old.iter().map(|part| edged(&article.text, *part, edges));
            let new = merge_fragments(new.collect::<Vec<_>>());
            if *old != *new {
                moved.push(Moved {
                    article: article.id.clone(),
                    annotation: annotation.id.clone(),
                    old,
                    new: new.to_vec(),
                });
            }
        }
    }
    Some(moved)
}

/// Gives a label another policy for its edges, and moves what is marked already to where that has it.
pub fn set_edges_and_move(
    project: &Project,
    id: &LabelId,
    edges: &Edges,
    signed: Signed<'_>,
) -> Result<Option<Change>, CodebookError> {
    let name = &label_of(project.codebook(), id)?.name;
    let what = format!("change the boundaries of “{name}”");
    let new = edges.clone();
    let changed = change_label(project, id, &what, signed, |label| label.edges = new)?;
    let moved = against_edges(project, id, edges, || true).unwrap_or_default();
    if changed.is_none() && moved.is_empty() {
        return Ok(None);
    }
    let moved: Vec<&Moved> = moved.iter().collect();
    let mut change = move_to_policy(project, &moved, signed);
    change.edits.extend(changed.unwrap_or_default().edits);
    Ok(Some(change))
}

/// Moves annotations to where a policy has them. Those that are gone or changed since stay.
pub fn move_to_policy(project: &Project, moved: &[&Moved], signed: Signed<'_>) -> Change {
    let mut by_article: Vec<(&ArticleId, Vec<Arc<Annotation>>)> = Vec::new();
    for one in moved {
        let article = project.article(&one.article);
        let found = article.and_then(|a| a.annotations.get(one.annotation.as_str()));
        let Some(found) = found.filter(|found| *found.fragments == *one.old) else {
            continue;
        };
        let mut new = Annotation::clone(found);
        new.fragments = merge_fragments(one.new.clone());
        new.changed = signed.when;
        let new = Arc::new(new);
        match by_article.last_mut().filter(|(id, _)| **id == one.article) {
            Some((_, annotations)) => annotations.push(new),
            None => by_article.push((&one.article, vec![new])),
        }
    }
    let annotations = by_article.iter().map(|(_, all)| all.len()).sum();
    Change {
        touches: Touches {
            annotations,
            articles: by_article.len(),
        },
        edits: by_article
            .into_iter()
            .map(|(article, annotations)| Edit::ReplaceAnnotations {
                article: article.clone(),
                annotations,
            })
            .collect(),
        renamed: None,
    }
}
