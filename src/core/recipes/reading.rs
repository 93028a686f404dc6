//! Reading on: what an annotator has dealt with of an article, paragraph by paragraph.
//!
//! A paragraph is dealt with when the annotator has marked something in it, or has said that there is
//! nothing in it.

use crate::core::annotation::merge_fragments;
use crate::core::article::{Article, Status};
use crate::core::boundary::trimmed;
use crate::core::edit::Edit;
use crate::core::ids::AnnotatorId;
use crate::core::text::{BytePos, ByteRange};

/// Says that there is nothing in the paragraphs that a range touches, or takes it back where it was
/// said of all of them. No edit where there is no word, or where something is marked already.
pub fn nothing_here(article: &Article, by: &AnnotatorId, range: ByteRange) -> Nothing {
    let paragraphs: Vec<ByteRange> = paragraphs(article, range).collect();
    if paragraphs.is_empty() {
        return Nothing::Blank;
    }
    let known = article.nothing_for(by);
    let unmarked = paragraphs.into_iter();
    let unmarked = unmarked.filter(|paragraph| !has_marks(article, by, *paragraph));
    let unmarked: Vec<ByteRange> = unmarked.collect();
    // It may have been said of them before they were marked.
    if unmarked.is_empty() {
        return Nothing::Marked;
    }
    let open = unmarked.iter();
    let open = open.filter(|paragraph| !is_in(known, **paragraph));
    let open: Vec<ByteRange> = open.copied().collect();
    let set = |nothing: Vec<ByteRange>| Edit::SetNothing {
        article: article.id.clone(),
        annotator: by.clone(),
        nothing,
    };
    if open.is_empty() {
        let mut left = known.to_vec();
        // Both rise, so one pass sees what lies over what.
        let mut at = 0;
        left.retain(|stretch| {
            while unmarked.get(at).is_some_and(|p| p.end < stretch.start) {
                at += 1;
            }
            let near = unmarked.get(at..).unwrap_or_default().iter();
            let mut near = near.take_while(|paragraph| paragraph.start <= stretch.end);
            !near.any(|paragraph| paragraph.intersects(*stretch))
        });
        return Nothing::TakenBack(set(left));
    }
    let mut edits = vec![set(merge_fragments([known, &open].concat()).to_vec())];
    // As by marking, work on the article has begun.
    if article.status_for(by) == Status::New {
        edits.push(Edit::SetStatus {
            article: article.id.clone(),
            annotator: by.clone(),
            status: Status::InProgress,
        });
    }
    Nothing::Said(edits)
}

/// What comes of saying that there is nothing in a paragraph.
#[derive(Clone, Debug, PartialEq)]
pub enum Nothing {
    Said(Vec<Edit>),
    TakenBack(Edit),
    /// Something is marked there.
    Marked,
    /// There are no words.
    Blank,
}

/// The next paragraph from a position on, round again at the end, that is not dealt with.
pub fn next_unread(article: &Article, by: &AnnotatorId, after: BytePos) -> Option<ByteRange> {
    let text = &article.text;
    let here = text.line_of(after);
    let lines = text.line_count();
    let order = (here + 1..lines).chain(0..=here.min(lines.saturating_sub(1)));
    let mut paragraphs = order
        .map(|line| trimmed(text, text.line_range(line)))
        .filter(|paragraph| !paragraph.is_empty());
    let known = article.nothing_for(by);
    paragraphs.find(|paragraph| !is_in(known, *paragraph) && !has_marks(article, by, *paragraph))
}

fn paragraphs(article: &Article, range: ByteRange) -> impl Iterator<Item = ByteRange> {
    let text = &article.text;
    // What ends at the start of a line does not touch that line.
    let last = BytePos(range.end.0.saturating_sub(1)).max(range.start);
    let lines = text.line_of(range.start)..=text.line_of(last);
    let all = lines.map(|line| trimmed(text, text.line_range(line)));
    all.filter(|paragraph| !paragraph.is_empty())
}

fn is_in(stretches: &[ByteRange], range: ByteRange) -> bool {
    let at = stretches.partition_point(|stretch| stretch.end < range.end);
    stretches
        .get(at)
        .is_some_and(|stretch| stretch.covers(range))
}

fn has_marks(article: &Article, by: &AnnotatorId, range: ByteRange) -> bool {
    let mut inside = article.annotations.overlapping(range);
    inside.any(|entry| entry.annotation.annotator == *by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::{Annotation, AnnotationSet};
    use crate::core::edit::{Transaction, apply};
    use crate::core::project::{Project, ProjectParts};
    use crate::core::text::ArticleText;
    use std::sync::Arc;

    const TEXT: &str = "Head\n\nOne é.\nTwo.\n \nThree.\n";

    fn at(part: &str) -> ByteRange {
        let start = TEXT.find(part).unwrap() as u32;
        ByteRange::new(BytePos(start), BytePos(start + part.len() as u32))
    }

    fn project() -> Project {
        let mut article = Article::new("a".into(), "", ArticleText::new(TEXT.to_owned()));
        let mark = |id: &str, by: &str, part: &str| {
            Annotation::new(id.into(), by.into(), "quote".into(), at(part))
        };
        let marks = [mark("m-1", "ana", "One"), mark("m-2", "bo", "Three")];
        article.annotations = AnnotationSet::from_annotations(marks).0;
        Project::from_parts(ProjectParts {
            articles: vec![Arc::new(article)],
            ..ProjectParts::default()
        })
    }

    fn next(project: &Project, by: &str, after: &str) -> Option<String> {
        let article = &project.articles()[0];
        let found = next_unread(article, &by.into(), at(after).start)?;
        Some(article.text.slice(found).to_owned())
    }

    #[test]
    fn reading_goes_on_to_what_is_not_dealt_with() {
        let mut project = project();
        let said = |project: &mut Project, part: ByteRange| {
            let nothing = nothing_here(&project.articles()[0], &"ana".into(), part);
            let (told, edits) = match nothing {
                Nothing::Said(edits) => ("said", edits),
                Nothing::TakenBack(edit) => ("taken back", vec![edit]),
                Nothing::Marked => return "marked",
                Nothing::Blank => return "blank",
            };
            apply(project, &Transaction::new("step", edits)).unwrap();
            told
        };
        assert_eq!(next(&project, "ana", "Head").as_deref(), Some("Two."));
        assert_eq!(next(&project, "bo", "Two.").as_deref(), Some("Head"));
        for (part, expected, then) in [
            (at("One"), "marked", Some("Two.")),
            (at("wo"), "said", Some("Three.")),
            (at("Three."), "said", Some("Head")),
            (at("wo"), "taken back", Some("Two.")),
            (at("Two.\n \nThree."), "said", Some("Head")),
            (at("Head"), "said", None),
        ] {
            assert_eq!(said(&mut project, part), expected, "{part:?}");
            let from = if then.is_some() { "Head" } else { "Two." };
            assert_eq!(next(&project, "ana", from).as_deref(), then, "{part:?}");
        }
        let blank = TEXT.find("\n \n").unwrap() as u32 + 1;
        let blank = ByteRange::empty(BytePos(blank));
        assert_eq!(said(&mut project, blank), "blank");
        // Reading has begun, in the same step.
        let status = |project: &Project, by: &str| project.articles()[0].status_for(&by.into());
        assert_eq!(status(&project, "ana"), Status::InProgress);
        assert_eq!(status(&project, "bo"), Status::New);
        // What was empty and is marked is not empty any more.
        let late = Annotation::new("m-3".into(), "ana".into(), "quote".into(), at("wo"));
        let mark = Edit::AddAnnotation {
            article: "a".into(),
            annotation: Box::new(late),
        };
        apply(&mut project, &Transaction::new("mark", vec![mark])).unwrap();
        assert_eq!(said(&mut project, at("wo")), "marked");
        assert_eq!(said(&mut project, at("Two.\n \nThree.")), "taken back");
        assert_eq!(next(&project, "ana", "Head").as_deref(), Some("Three."));
        // What another one read is theirs.
        assert_eq!(next(&project, "bo", "Head").as_deref(), Some("One é."));
    }

    /// Taking back what was said of each of very many paragraphs is no work for each by each.
    #[test]
    fn thousands_of_paragraphs_are_read_again_at_once() {
        const PARAGRAPHS: usize = 20_000;
        let text = ArticleText::new("Word.\n\n".repeat(PARAGRAPHS));
        let mut article = Article::new("a".into(), "", text);
        let stretch = |n: usize| {
            let start = (n * 7) as u32;
            ByteRange::new(BytePos(start), BytePos(start + 5))
        };
        let all = (0..PARAGRAPHS).map(stretch).collect();
        article.nothing.insert("ana".into(), all);
        let first_half = ByteRange::new(BytePos(0), BytePos((PARAGRAPHS / 2 * 7) as u32));
        let begun = std::time::Instant::now();
        let Nothing::TakenBack(Edit::SetNothing { nothing, .. }) =
            nothing_here(&article, &"ana".into(), first_half)
        else {
            panic!("it was said of all of them");
        };
        let kept: Vec<ByteRange> = (PARAGRAPHS / 2..PARAGRAPHS).map(stretch).collect();
        assert_eq!(nothing, kept);
        assert!(begun.elapsed().as_millis() < 1_500, "{:?}", begun.elapsed());
    }
}
