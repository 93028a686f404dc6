//! Annotations that were made before their label meant what it means now.

use crate::core::annotation::Annotation;
use crate::core::codebook::Codebook;
use crate::core::ids::{AnnotationId, ArticleId, LabelId};
use crate::core::project::Project;
use std::collections::HashMap;
use std::sync::Arc;

/// Whether an annotation was made before its label meant what it means now.
pub fn is_outdated(codebook: &Codebook, annotation: &Annotation) -> bool {
    let label = codebook.label(annotation.label.as_str());
    label.is_some_and(|label| annotation.codebook_revision < label.redefined)
}

/// Annotations made before their label's definition changed, in the order of the articles.
pub fn outdated(project: &Project) -> Vec<(ArticleId, AnnotationId)> {
    outdated_while(project, || true).unwrap_or_default()
}

/// The same; `None` when it was stopped.
pub fn outdated_while(
    project: &Project,
    mut goes_on: impl FnMut() -> bool,
) -> Option<Vec<(ArticleId, AnnotationId)>> {
    let labels = project.codebook().labels.iter();
    let redefined = labels.filter(|label| label.redefined > 0);
    let redefined: HashMap<&LabelId, u32> = redefined.map(|l| (&l.id, l.redefined)).collect();
    let mut found = Vec::new();
    if redefined.is_empty() {
        return Some(found);
    }
    for article in project.articles() {
        if !goes_on() {
            return None;
        }
        let mut labels = article.annotations.labels();
        if !labels.any(|(label, _)| redefined.contains_key(label)) {
            continue;
        }
        let is_old = |annotation: &&Arc<Annotation>| {
            let since = redefined.get(&annotation.label);
            since.is_some_and(|since| annotation.codebook_revision < *since)
        };
        let old = article.annotations.in_text_order().filter(is_old);
        found.extend(old.map(|annotation| (article.id.clone(), annotation.id.clone())));
    }
    Some(found)
}
