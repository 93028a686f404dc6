//! Counts over articles: of annotations by label and by annotator, of articles by status.
//!
//! What was added can be taken away again, so that the counts of a project follow a change of one
//! article at the cost of that article. Walks no annotations: each set counts its own.

use crate::core::article::{Article, Status};
use crate::core::codebook::{Codebook, Label};
use crate::core::compact::SmallMap;
use crate::core::ids::{AnnotatorId, LabelId};
use std::borrow::Borrow;
use std::cmp::Reverse;

/// So many annotations, in so many articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    pub annotations: usize,
    pub articles: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub articles: usize,
    pub annotations: usize,
    labels: SmallMap<LabelId, Extent>,
    annotators: SmallMap<AnnotatorId, Extent>,
    /// Articles for which an annotator has a status.
    statuses: SmallMap<AnnotatorId, Vec<(Status, usize)>>,
}

impl Stats {
    pub fn of(article: &Article) -> Self {
        let in_one = |annotations: usize| Extent {
            annotations,
            articles: 1,
        };
        let annotations = &article.annotations;
        let (labels, annotators) = (annotations.labels(), annotations.annotators());
        let statuses = article.status.iter();
        Self {
            articles: 1,
            annotations: annotations.len(),
            labels: labels.map(|(id, n)| (id.clone(), in_one(n))).collect(),
            annotators: annotators.map(|(id, n)| (id.clone(), in_one(n))).collect(),
            statuses: statuses
                .map(|(id, status)| (id.clone(), vec![(status.clone(), 1)]))
                .collect(),
        }
    }

    pub fn add(&mut self, other: &Self) {
        self.sum(other, |mine, theirs| *mine += theirs);
    }

    /// Takes away what was added before.
    pub fn take(&mut self, other: &Self) {
        self.sum(other, |mine, theirs| *mine = mine.saturating_sub(theirs));
        self.labels.retain(|_, extent| extent.articles > 0);
        self.annotators.retain(|_, extent| extent.articles > 0);
        self.statuses.retain(|_, counts| {
            counts.retain(|(_, n)| *n > 0);
            !counts.is_empty()
        });
    }

    fn sum(&mut self, other: &Self, sum: impl Fn(&mut usize, usize)) {
        sum(&mut self.articles, other.articles);
        sum(&mut self.annotations, other.annotations);
        sum_extents(&mut self.labels, &other.labels, &sum);
        sum_extents(&mut self.annotators, &other.annotators, &sum);
        for (annotator, counts) in &other.statuses {
            // Ids are copied for what is new only.
            if self.statuses.get(annotator.as_str()).is_none() {
                self.statuses.insert(annotator.clone(), Vec::new());
            }
            let Some(mine) = self.statuses.get_mut(annotator.as_str()) else {
                continue;
            };
            for (status, n) in counts {
                let at = mine.iter().position(|(known, _)| known == status);
                match at.and_then(|at| mine.get_mut(at)) {
                    Some((_, known)) => sum(known, *n),
                    None => {
                        let mut known = 0;
                        sum(&mut known, *n);
                        mine.push((status.clone(), known));
                    }
                }
            }
            mine.sort_by(|(one, _), (other, _)| one.name().cmp(other.name()));
        }
    }

    pub fn of_label(&self, label: &LabelId) -> Extent {
        self.labels.get(label.as_str()).copied().unwrap_or_default()
    }

    /// The labels with most annotations, in the order of the codebook: those that come first there
    /// when none has any.
    pub fn most_used<'a>(&self, codebook: &'a Codebook, n: usize) -> Vec<&'a Label> {
        let mut all: Vec<(usize, &Label)> = codebook.offered().enumerate().collect();
        all.sort_by_key(|(_, label)| Reverse(self.of_label(&label.id).annotations));
        all.truncate(n);
        all.sort_by_key(|(at, _)| *at);
        all.into_iter().map(|(_, label)| label).collect()
    }

    pub fn of_annotator(&self, annotator: &AnnotatorId) -> Extent {
        self.annotators
            .get(annotator.as_str())
            .copied()
            .unwrap_or_default()
    }

    /// How many articles have this status for an annotator.
    pub fn with_status(&self, annotator: &AnnotatorId, status: Status) -> usize {
        let counts = self.statuses.get(annotator.as_str());
        let counts = counts.map_or(&[][..], Vec::as_slice);
        let said = counts.iter().find(|(known, _)| *known == status);
        let said = said.map_or(0, |(_, n)| *n);
        if status == Status::default() {
            let all: usize = counts.iter().map(|(_, n)| n).sum();
            return said + self.articles.saturating_sub(all);
        }
        said
    }
}

fn sum_extents<Id: Ord + Clone + Borrow<str>>(
    mine: &mut SmallMap<Id, Extent>,
    theirs: &SmallMap<Id, Extent>,
    sum: impl Fn(&mut usize, usize),
) {
    for (id, extent) in theirs {
        if mine.get(id.borrow()).is_none() {
            mine.insert(id.clone(), Extent::default());
        }
        if let Some(known) = mine.get_mut(id.borrow()) {
            sum(&mut known.annotations, extent.annotations);
            sum(&mut known.articles, extent.articles);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::{Annotation, AnnotationSet};
    use crate::core::text::{ArticleText, BytePos, ByteRange};
    use proptest::prelude::*;

    /// Annotations as label and annotator, and who has which status.
    type Made = (Vec<(u8, u8)>, Vec<(u8, u8)>);

    fn article((annotations, statuses): &Made) -> Article {
        let mut made = Article::new("a".into(), "", ArticleText::new("some text".to_owned()));
        let annotations = annotations.iter().enumerate().map(|(i, (label, by))| {
            Annotation::new(
                format!("t-{i}").as_str().into(),
                format!("by{by}").as_str().into(),
                format!("label{label}").as_str().into(),
                ByteRange::new(BytePos(0), BytePos(4)),
            )
        });
        made.annotations = AnnotationSet::from_annotations(annotations).0;
        for (by, status) in statuses {
            let status = Status::ALL[usize::from(*status)].clone();
            made.status
                .insert(format!("by{by}").as_str().into(), status);
        }
        made
    }

    fn made() -> impl Strategy<Value = Made> {
        let annotations = prop::collection::vec((0u8..3, 0u8..3), 0..6);
        (annotations, prop::collection::vec((0u8..3, 0u8..4), 0..4))
    }

    proptest! {
        #[test]
        fn sums_are_counts(kept in prop::collection::vec(made(), 0..6), gone in prop::collection::vec(made(), 0..6)) {
            let (kept, gone): (Vec<_>, Vec<_>) =
                (kept.iter().map(article).collect(), gone.iter().map(article).collect());
            let mut sum = Stats::default();
            gone.iter().chain(&kept).for_each(|article| sum.add(&Stats::of(article)));
            for article in &gone {
                sum.take(&Stats::of(article));
            }
            let mut fresh = Stats::default();
            for article in &kept {
                fresh.add(&Stats::of(article));
            }
            prop_assert_eq!(&sum, &fresh);
            for n in 0..3 {
                let (label, by) = (LabelId::new(format!("label{n}")), AnnotatorId::new(format!("by{n}")));
                let count = |wanted: &dyn Fn(&Annotation) -> bool| {
                    let here = |a: &Article| a.annotations.iter().filter(|a| wanted(a)).count();
                    Extent {
                        annotations: kept.iter().map(here).sum(),
                        articles: kept.iter().filter(|a| here(a) > 0).count(),
                    }
                };
                prop_assert_eq!(sum.of_label(&label), count(&|a| a.label == label));
                prop_assert_eq!(sum.of_annotator(&by), count(&|a| a.annotator == by));
                for status in Status::ALL.iter().cloned() {
                    let counted = kept.iter().filter(|a| a.status_for(&by) == status).count();
                    prop_assert_eq!(sum.with_status(&by, status), counted);
                }
            }
        }
    }
}
