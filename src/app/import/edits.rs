//! The edits that bring an import into a project, each dataset onto what those before it leave.

use super::{Import, SUGGESTING};
use crate::core::annotation::{Annotation, AnnotationSet};
use crate::core::article::Article;
use crate::core::edit::{Edit, Transaction, apply};
use crate::core::ids::{AnnotatorId, LabelId};
use crate::core::project::{Annotator, Project, ProjectParts};
use crate::core::recipes::Signed;
use crate::core::recipes::dataset::add_parts;
use crate::format::Dataset;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The edits that bring an import into a project: plain articles, then those with annotations.
pub fn import_edits(project: &Project, import: Import, signed: Signed<'_>) -> Vec<Edit> {
    let plain = Dataset {
        parts: ProjectParts {
            codebook: project.codebook().clone(),
            annotators: suggesting(&import.articles),
            articles: import.articles,
            ..ProjectParts::default()
        },
        ..Dataset::default()
    };
    // Each dataset is fitted to the project as those before it leave it.
    let mut staged = project.clone();
    let mut all = Vec::new();
    for dataset in std::iter::once(plain).chain(import.datasets) {
        let (edits, _) = add_parts(&staged, project, dataset.parts, signed);
        let transaction = Transaction::new("", edits);
        // What cannot be applied here would be refused as a whole later, and said then.
        let _checked_again_on_applying = apply(&mut staged, &transaction);
        all.extend(transaction.edits);
    }
    all
}

/// As [`add_parts`], of a dataset alone.
pub fn dataset_edits(
    project: &Project,
    dataset: Dataset,
    signed: Signed<'_>,
) -> (Vec<Edit>, usize) {
    add_parts(project, project, dataset.parts, signed)
}

/// The annotator of suggestions, when there are any.
fn suggesting(articles: &[Arc<Article>]) -> Vec<Annotator> {
    let has_some = articles
        .iter()
        .any(|article| !article.annotations.is_empty());
    let annotator = || Annotator {
        id: AnnotatorId::new(SUGGESTING),
        name: "Suggestions".to_owned(),
        unknown: Vec::new(),
    };
    has_some.then(annotator).into_iter().collect()
}

/// A dataset with other labels, by the names that it has for them.
pub(super) fn relabelled(mut dataset: Dataset, labels: &BTreeMap<String, LabelId>) -> Dataset {
    if labels.is_empty() {
        return dataset;
    }
    for article in &mut dataset.parts.articles {
        let mut changed = false;
        let annotations = article.annotations.iter().map(|annotation| {
            let mut annotation = Annotation::clone(annotation);
            if let Some(label) = labels.get(annotation.label.as_str()) {
                annotation.label = label.clone();
                changed = true;
            }
            annotation
        });
        let set = AnnotationSet::from_annotations(annotations.collect::<Vec<_>>()).0;
        if changed {
            Arc::make_mut(article).annotations = set;
        }
    }
    let codebook = &mut dataset.parts.codebook;
    codebook
        .labels
        .retain(|label| !labels.contains_key(label.id.as_str()));
    dataset
}
