//! What is done to the hits of a search at once: marked, changed, or taken to the trash, as one step.
//!
//! Where marks would come to lie is found first, apart from making them: it reads every text that has
//! a hit, and can be stopped. Pure; knows ranges of articles, and not what was searched for.

use super::Signed;
use super::mark::{Rules, change};
use crate::core::annotation::{Annotation, Fragments};
use crate::core::article::{Article, Status};
use crate::core::boundary::{bounded, trimmed};
use crate::core::codebook::{Codebook, Label};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, IdMint, LabelId};
use crate::core::project::Project;
use crate::core::text::ByteRange;
use std::collections::HashSet;
use std::sync::Arc;

/// It is asked so often whether to go on.
const STRIDE: usize = 256;

/// Where marks come to lie, and how many hits have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// In the order of the hits; those of an article rise and do not overlap.
    pub articles: Vec<(ArticleId, Vec<ByteRange>)>,
    pub marks: usize,
    /// Hits that one's own annotation of the label lies over, or another hit's mark.
    pub already: usize,
    /// Hits of white space alone, of articles that are gone, and where the codebook lets nothing
    /// overlap.
    pub refused: usize,
}

/// Where a mark comes to lie that a hit is marked with.
pub fn place_of(article: &Article, hit: ByteRange, label: Option<&Label>) -> ByteRange {
    match label {
        Some(label) => bounded(&article.text, hit, label),
        None => trimmed(&article.text, hit),
    }
}

/// Where hits would be marked, each widened as the label's policy says. Hits of an article stand
/// together and rise. `None` when it was stopped.
pub fn places<'a>(
    project: &Project,
    hits: impl IntoIterator<Item = (&'a ArticleId, ByteRange)>,
    label: &LabelId,
    by: &AnnotatorId,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<Places> {
    let codebook = project.codebook();
    let rules = Rules::of(codebook, label);
    let mut found = Places::default();
    let mut here: Option<(&Arc<Article>, Vec<ByteRange>)> = None;
    let put = |article: &Article, hit| placing(article, hit, &rules, label, by);
    for (n, (id, hit)) in hits.into_iter().enumerate() {
        if n % STRIDE == 0 && !goes_on() {
            return None;
        }
        if here.as_ref().is_none_or(|(article, _)| article.id != *id) {
            found.take(here.take());
            here = project.article(id).map(|article| (article, Vec::new()));
        }
        let Some((article, made)) = &mut here else {
            found.refused += 1;
            continue;
        };
        // Where a mark lies over the hit already it need not be found where its own would lie.
        let is_under = made.last().is_some_and(|last| last.covers(hit));
        if is_under && !trimmed(&article.text, hit).is_empty() {
            found.already += 1;
            continue;
        }
        match put(article, hit) {
            Placing::At(range) if made.last().is_none_or(|last| last.end <= range.start) => {
                made.push(range);
                found.marks += 1;
            }
            Placing::At(_) | Placing::Already => found.already += 1,
            Placing::Refused => found.refused += 1,
        }
    }
    found.take(here);
    Some(found)
}

/// What marking makes of a hit, whatever becomes of those beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing {
    At(ByteRange),
    /// One's own annotation of the label lies over it, or over a part of where its mark would lie.
    Already,
    /// It is white space, or the codebook lets nothing overlap there.
    Refused,
}

fn placing(
    article: &Article,
    hit: ByteRange,
    rules: &Rules<'_>,
    label: &LabelId,
    by: &AnnotatorId,
) -> Placing {
    if has_own(article, hit, label, by) && !trimmed(&article.text, hit).is_empty() {
        return Placing::Already;
    }
    let range = place_of(article, hit, rules.spec());
    if trimmed(&article.text, range).is_empty() {
        Placing::Refused
    } else if has_own(article, range, label, by) {
        Placing::Already
    } else if rules.refuse(article, &[range], by) {
        Placing::Refused
    } else {
        Placing::At(range)
    }
}

/// What marking with a label makes of each hit, by the place of its article. `None` when it was
/// stopped.
pub fn placings(
    project: &Project,
    hits: impl Iterator<Item = (usize, ByteRange)>,
    label: &LabelId,
    by: &AnnotatorId,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<Placing>> {
    let rules = Rules::of(project.codebook(), label);
    let mut all = Vec::with_capacity(hits.size_hint().0);
    for (n, (at, hit)) in hits.enumerate() {
        if n % STRIDE == 0 && !goes_on() {
            return None;
        }
        let article = project.articles().get(at);
        let placing = article.map(|article| placing(article, hit, &rules, label, by));
        all.push(placing.unwrap_or(Placing::Refused));
    }
    Some(all)
}

/// Counts what marking makes of hits that are given to it in their order.
#[derive(Default)]
pub struct Count {
    pub marks: usize,
    /// In so many articles.
    pub articles: usize,
    /// Marked already.
    pub already: usize,
    /// They come to lie in the mark of one before them.
    pub joined: usize,
    pub refused: usize,
    last: Option<(usize, ByteRange)>,
}

impl Count {
    pub fn add(&mut self, article: usize, placing: Placing) {
        match placing {
            Placing::Already => self.already += 1,
            Placing::Refused => self.refused += 1,
            Placing::At(range) => {
                let last = self.last.filter(|(last, _)| *last == article);
                if last.is_some_and(|(_, last)| last.end > range.start) {
                    self.joined += 1;
                    return;
                }
                self.articles += usize::from(last.is_none());
                self.last = Some((article, range));
                self.marks += 1;
            }
        }
    }
}

impl Places {
    fn take(&mut self, of: Option<(&Arc<Article>, Vec<ByteRange>)>) {
        if let Some((article, ranges)) = of.filter(|(_, ranges)| !ranges.is_empty()) {
            self.articles.push((article.id.clone(), ranges));
        }
    }

    /// Makes the marks, and says how many they are; those of articles that are gone meanwhile are left
    /// out.
    pub fn edits(
        &self,
        project: &Project,
        label: &LabelId,
        signed: Signed<'_>,
        mint: &mut IdMint,
    ) -> (Vec<Edit>, usize) {
        let rules = Rules::of(project.codebook(), label);
        let mut marks = 0;
        let mut edits = Vec::with_capacity(self.marks + self.articles.len());
        for (id, ranges) in &self.articles {
            let Some(article) = project.article(id) else {
                continue;
            };
            marks += ranges.len();
            edits.extend(ranges.iter().map(|range| {
                let annotation = rules.make(Fragments::from(*range), signed, mint.mint());
                Edit::AddAnnotation {
                    article: id.clone(),
                    annotation: Box::new(annotation),
                }
            }));
            if article.status_for(signed.by) == Status::New {
                edits.push(Edit::SetStatus {
                    article: id.clone(),
                    annotator: signed.by.clone(),
                    status: Status::InProgress,
                });
            }
        }
        (edits, marks)
    }
}

/// Whether an own annotation of a label lies over a part of a range.
fn has_own(article: &Article, range: ByteRange, label: &LabelId, by: &AnnotatorId) -> bool {
    let mut around = article.annotations.overlapping(range);
    around.any(|entry| entry.annotation.label == *label && entry.annotation.annotator == *by)
}

/// The annotation that a hit is, or lies in: the smallest that covers it, or else lies over a part of
/// it.
pub fn annotation_of(article: &Article, hit: ByteRange) -> Option<&Arc<Annotation>> {
    let around = article.annotations.overlapping(hit);
    let smallest = around.min_by_key(|entry| {
        let covers = entry.range.start <= hit.start && hit.end <= entry.range.end;
        let annotation = &entry.annotation;
        (!covers, annotation.covered_bytes(), &annotation.id)
    });
    smallest.map(|entry| &entry.annotation)
}

/// The annotations that hits are, or lie in, each once, by article.
pub fn annotations_of<'a>(
    project: &Project,
    hits: impl IntoIterator<Item = (&'a ArticleId, ByteRange)>,
) -> Vec<(ArticleId, Vec<AnnotationId>)> {
    let mut found: Vec<(ArticleId, Vec<AnnotationId>)> = Vec::new();
    let mut known = HashSet::new();
    for (id, hit) in hits {
        let Some(annotation) = project
            .article(id)
            .and_then(|article| annotation_of(article, hit))
        else {
            continue;
        };
        if !known.insert((id, annotation.id.clone())) {
            continue;
        }
        match found.last_mut().filter(|(last, _)| last == id) {
            Some((_, ids)) => ids.push(annotation.id.clone()),
            None => found.push((id.clone(), vec![annotation.id.clone()])),
        }
    }
    found
}

/// Takes annotations to the trash.
pub fn trash(
    project: &Project,
    annotations: &[(ArticleId, Vec<AnnotationId>)],
    signed: Signed<'_>,
) -> Vec<Edit> {
    let mut at = project.trash().len();
    let edits = annotations.iter().map(|(article, ids)| {
        let items = ids.iter().map(|id| {
            at += 1;
            signed.to_trash(id.clone(), at - 1)
        });
        Edit::TrashAnnotations {
            article: article.clone(),
            items: items.collect(),
        }
    });
    edits.collect()
}

/// Changes annotations; those that are so already stay as they are.
pub fn change_all(
    project: &Project,
    annotations: &[(ArticleId, Vec<AnnotationId>)],
    signed: Signed<'_>,
    to: &dyn Fn(&mut Annotation),
) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (id, ids) in annotations {
        let Some(article) = project.article(id) else {
            continue;
        };
        edits.extend(ids.iter().filter_map(|id| change(article, id, signed, to)));
    }
    edits
}

/// Gives annotations another label, under the codebook as it is now.
pub fn relabel_all(
    project: &Project,
    annotations: &[(ArticleId, Vec<AnnotationId>)],
    label: &LabelId,
    signed: Signed<'_>,
) -> Vec<Edit> {
    let codebook: &Codebook = project.codebook();
    change_all(project, annotations, signed, &|annotation| {
        if annotation.label != *label {
            annotation.label = label.clone();
            annotation.codebook_revision = codebook.revision;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::{AttributeValue, Timestamp};
    use crate::core::codebook::{BoundaryPolicy, OverlapPolicy};
    use crate::core::edit::{Transaction, apply};
    use crate::core::text::{ArticleText, BytePos};

    const TEXT: &str =
        "Give today. Sources close to the mayor spoke, and sources said so.\nGive today. Give!\n";

    fn project(set: impl Fn(&mut Label)) -> Project {
        let mut project = Project::new("hits");
        let articles = ["a", "b"].into_iter().enumerate().map(|(at, id)| {
            let text = ArticleText::new(TEXT.to_owned());
            (at, Arc::new(Article::new(id.into(), id, text)))
        });
        let mut codebook = project.codebook().clone();
        for label in codebook
            .labels
            .iter_mut()
            .filter(|l| l.id.as_str() == "promo")
        {
            set(label);
        }
        let edits = vec![
            Edit::AddArticles(articles.collect()),
            Edit::SetCodebook(Box::new(codebook)),
        ];
        apply(&mut project, &Transaction::new("begin", edits)).unwrap();
        project
    }

    fn hits_of(word: &str) -> Vec<(ArticleId, ByteRange)> {
        let found = TEXT.match_indices(word).map(|(at, word)| {
            let end = (at + word.len()) as u32;
            ByteRange::new(BytePos(at as u32), BytePos(end))
        });
        let ranges: Vec<ByteRange> = found.collect();
        let of = |id: &str| ranges.iter().map(|r| (id.into(), *r)).collect::<Vec<_>>();
        [of("a"), of("b")].concat()
    }

    fn refs(hits: &[(ArticleId, ByteRange)]) -> impl Iterator<Item = (&ArticleId, ByteRange)> {
        hits.iter().map(|(id, range)| (id, *range))
    }

    fn signed(by: &AnnotatorId) -> Signed<'_> {
        let when = Some(Timestamp::new(7));
        Signed { by, when }
    }

    fn marked(project: &Project, id: &str) -> Vec<String> {
        let article = project.article(&id.into()).unwrap();
        let all = article.annotations.in_text_order();
        all.map(|a| format!("{}: {}", a.label, article.text.slice(a.extent())))
            .collect()
    }

    /// Finds the places, makes the marks and says how many hits had none.
    fn mark(project: &mut Project, word: &str, mint: &mut IdMint) -> (usize, usize, usize) {
        let (by, label) = ("ana".into(), "promo".into());
        let hits = hits_of(word);
        let found = places(project, refs(&hits), &label, &by, &mut || true).unwrap();
        let (edits, _) = found.edits(project, &label, signed(&by), mint);
        apply(project, &Transaction::new("mark", edits)).unwrap();
        (found.marks, found.already, found.refused)
    }

    #[test]
    fn hits_are_widened_as_the_policy_says_and_marked_once() {
        for (unit, word, counts, expected) in [
            (
                BoundaryPolicy::Word,
                "ources",
                (4, 0, 0),
                &["promo: Sources", "promo: sources"][..],
            ),
            // Both lie in one sentence.
            (
                BoundaryPolicy::Sentence,
                "ources",
                (2, 2, 0),
                &["promo: Sources close to the mayor spoke, and sources said so."][..],
            ),
            (
                BoundaryPolicy::Paragraph,
                "Give!",
                (2, 0, 0),
                &["promo: Give today. Give!"][..],
            ),
            (BoundaryPolicy::Character, " ", (0, 0, 26), &[][..]),
        ] {
            let mut project = project(|label| label.boundary = unit.clone());
            let before = project.clone();
            let mut mint = IdMint::new("t");
            assert_eq!(mark(&mut project, word, &mut mint), counts, "{unit:?}");
            for id in ["a", "b"] {
                assert_eq!(marked(&project, id), expected, "{unit:?}");
                let status = project
                    .article(&id.into())
                    .unwrap()
                    .status_for(&"ana".into());
                let is_begun = status == Status::InProgress;
                assert_eq!(is_begun, counts.0 > 0, "{unit:?}");
            }
            // Once more there is nothing to mark.
            let (marks, ..) = mark(&mut project, word, &mut mint);
            assert_eq!(marks, 0, "{unit:?}");
            assert_eq!(counts.0 == 0, project == before);
        }
    }

    #[test]
    fn what_is_said_before_marking_is_what_marking_does() {
        for unit in [
            BoundaryPolicy::Character,
            BoundaryPolicy::Word,
            BoundaryPolicy::Sentence,
            BoundaryPolicy::Paragraph,
        ] {
            for word in ["ources", "Give", " ", "e", "s"] {
                let mut project = project(|label| label.boundary = unit.clone());
                let (by, label) = (AnnotatorId::from("ana"), LabelId::from("promo"));
                let mut mint = IdMint::new("t");
                // The second time much of it is marked.
                mark(&mut project, "close", &mut mint);
                let hits = hits_of(word);
                let at = |id: &ArticleId| project.article_index(id).unwrap();
                let places_of = hits.iter().map(|(id, range)| (at(id), *range));
                let all = placings(&project, places_of, &label, &by, &mut || true).unwrap();
                let mut count = Count::default();
                for ((id, _), placing) in hits.iter().zip(&all) {
                    count.add(at(id), *placing);
                }
                let found = places(&project, refs(&hits), &label, &by, &mut || true).unwrap();
                let told = (count.marks, count.already + count.joined, count.refused);
                let done = (found.marks, found.already, found.refused);
                assert_eq!(told, done, "{unit:?} {word:?}");
                assert_eq!(count.articles, found.articles.len(), "{unit:?} {word:?}");
            }
        }
    }

    #[test]
    fn what_may_not_overlap_is_left_out_and_counted() {
        let mut project = project(|label| label.overlap = OverlapPolicy::Never);
        let (by, claim) = (AnnotatorId::from("ana"), LabelId::from("claim"));
        let hits = hits_of("Give today");
        let first = hits.first().cloned().into_iter().collect::<Vec<_>>();
        let mut mint = IdMint::new("t");
        let found = places(&project, refs(&first), &claim, &by, &mut || true).unwrap();
        let (edits, _) = found.edits(&project, &claim, signed(&by), &mut mint);
        apply(&mut project, &Transaction::new("claim", edits)).unwrap();
        assert_eq!(mark(&mut project, "Give today", &mut mint), (3, 0, 1));
    }

    #[test]
    fn finding_places_can_be_stopped() {
        let project = project(|_| ());
        let hits = hits_of("e");
        let found = places(
            &project,
            refs(&hits),
            &"promo".into(),
            &"ana".into(),
            &mut || false,
        );
        assert_eq!(found, None);
    }

    #[test]
    fn what_hits_lie_in_is_changed_and_taken_away_once() {
        let mut project = project(|label| label.boundary = BoundaryPolicy::Sentence);
        let mut mint = IdMint::new("t");
        mark(&mut project, "close", &mut mint);
        let before = project.clone();
        // Both hits of an article lie in its one annotation.
        let hits = hits_of("ources");
        let found = annotations_of(&project, refs(&hits));
        let counts: Vec<usize> = found.iter().map(|(_, ids)| ids.len()).collect();
        assert_eq!(counts, [1, 1]);
        let by = AnnotatorId::from("bo");
        let edits = relabel_all(&project, &found, &"claim".into(), signed(&by));
        let undo = apply(&mut project, &Transaction::new("relabel", edits)).unwrap();
        assert!(marked(&project, "b")[0].starts_with("claim: Sources"));
        apply(&mut project, &undo).unwrap();
        let edits = change_all(&project, &found, signed(&by), &|annotation| {
            let kind = AttributeValue::Text("donation".to_owned());
            annotation.attributes.insert("kind", kind);
        });
        assert_eq!(edits.len(), 2);
        let undo = apply(&mut project, &Transaction::new("set", edits)).unwrap();
        apply(&mut project, &undo).unwrap();
        let edits = trash(&project, &found, signed(&by));
        let undo = apply(&mut project, &Transaction::new("trash", edits)).unwrap();
        assert_eq!((marked(&project, "a").len(), project.trash().len()), (0, 2));
        apply(&mut project, &undo).unwrap();
        assert_eq!(project, before);
    }
}
