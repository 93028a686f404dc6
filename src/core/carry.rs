//! Annotations that go over from one text to another: to a newer version of an article, or to a
//! copy of it.
//!
//! Places are found by `core::reanchor`; what cannot be placed is handed back with the reason and is
//! never dropped. Knows no ids to give out: the caller renames.

use crate::core::annotation::{Annotation, AnnotationSet, merge_fragments};
use crate::core::article::Article;
use crate::core::boundary::trimmed;
use crate::core::edit::check_fragments;
use crate::core::ids::AnnotatorId;
use crate::core::reanchor::{How, Lost, NotPlaced, budget_for, reanchor};
use crate::core::text::{ArticleText, ByteRange};
use std::collections::{BTreeMap, HashMap};

/// What became of the annotations of an article in another text.
#[derive(Debug, Default)]
pub struct Carried {
    /// Fragments lie in the new text.
    pub placed: Vec<Annotation>,
    /// How many of `placed` stand on a text that is not letter for letter the old one.
    pub reworded: usize,
    pub lost: Vec<LostAnnotation>,
}

/// An annotation with fragments of the old text.
#[derive(Debug)]
pub struct LostAnnotation {
    pub annotation: Annotation,
    /// What it covered, fragments joined by a line break.
    pub marked: String,
    pub reason: String,
}

/// A mark of so many characters is found again by itself.
const ENOUGH_CHARS: usize = 12;

/// Finds the annotations of `from` in `text`.
pub fn carry(from: &Article, text: &ArticleText) -> Carried {
    let old = &from.text;
    let mut carried = Carried::default();
    let annotations: Vec<_> = from.annotations.in_text_order().collect();
    if old.hash() == text.hash() {
        let same = annotations.iter().map(|a| Annotation::clone(a));
        carried.placed = same.collect();
        return carried;
    }
    let context = |annotation: &Annotation| {
        let whole = old.as_str();
        let extent = annotation.extent().as_usize();
        let before = whole.get(..extent.start).unwrap_or_default();
        let after = whole.get(extent.end..).unwrap_or_default();
        let from = before.char_indices().rev().nth(31).map_or(0, |(i, _)| i);
        let to = after.char_indices().nth(32).map_or(after.len(), |(i, _)| i);
        (
            before.get(from..).unwrap_or_default(),
            after.get(..to).unwrap_or_default(),
        )
    };
    let lost: Vec<Lost<'_>> = annotations
        .iter()
        .map(|annotation| {
            let fragments = annotation.fragments.iter();
            let fragments = fragments.map(|range| (old.char_range(*range), old.slice(*range)));
            Lost {
                fragments: fragments.collect(),
                context: Some(context(annotation)),
            }
        })
        .collect();
    let mut budget = budget_for(text.len_bytes());
    let mut results = reanchor(text, &[], &lost, &mut budget);
    // What stands around a mark may well be new; a long mark that stands there once is enough.
    for (lost, result) in lost.iter().zip(&mut results) {
        let chars: usize = lost.fragments.iter().map(|(_, t)| t.chars().count()).sum();
        if *result == Err(NotPlaced::OtherContext) && chars >= ENOUGH_CHARS {
            let without = Lost {
                context: None,
                ..lost.clone()
            };
            let again = reanchor(text, &[], &[without], &mut budget).pop();
            *result = again.unwrap_or(Err(NotPlaced::OtherContext));
        }
    }
    for (annotation, result) in annotations.into_iter().zip(results) {
        let placed = result.map_err(|why| why.to_string()).and_then(|placed| {
            let mut moved = Annotation::clone(annotation);
            moved.fragments = placed.fragments.into();
            check_fragments(&moved, text).map_err(|error| error.to_string())?;
            Ok((moved, placed.how))
        });
        match placed {
            Ok((moved, how)) => {
                carried.reworded += usize::from(how != How::Exact);
                carried.placed.push(moved);
            }
            Err(reason) => {
                let slices = annotation.fragments.iter().map(|range| old.slice(*range));
                carried.lost.push(LostAnnotation {
                    marked: slices.collect::<Vec<_>>().join("\n"),
                    annotation: Annotation::clone(annotation),
                    reason,
                });
            }
        }
    }
    carried
}

/// Where nothing was found in `from`, as far as the paragraph stands in `text` as it was.
fn carry_nothing(from: &Article, text: &ArticleText) -> BTreeMap<AnnotatorId, Vec<ByteRange>> {
    let mut carried = BTreeMap::new();
    if from.nothing.is_empty() {
        return carried;
    }
    let paragraphs = |text: &ArticleText| {
        let lines = 0..text.line_count();
        let all = lines.map(|line| trimmed(text, text.line_range(line)));
        let all: Vec<ByteRange> = all.filter(|paragraph| !paragraph.is_empty()).collect();
        all
    };
    let mut standing: HashMap<&str, Vec<ByteRange>> = HashMap::new();
    for paragraph in paragraphs(text) {
        let same = standing.entry(text.slice(paragraph)).or_default();
        same.push(paragraph);
    }
    // Of several that say the same, the first is the first.
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut pairs: Vec<(ByteRange, ByteRange)> = Vec::new();
    for paragraph in paragraphs(&from.text) {
        let words = from.text.slice(paragraph);
        let nth = seen.entry(words).or_default();
        let found = standing.get(words).and_then(|same| same.get(*nth));
        pairs.extend(found.map(|found| (paragraph, *found)));
        *nth += 1;
    }
    for (annotator, stretches) in &from.nothing {
        let is_empty = |paragraph: ByteRange| {
            let at = stretches.partition_point(|stretch| stretch.end < paragraph.end);
            stretches.get(at).is_some_and(|s| s.covers(paragraph))
        };
        let found = pairs.iter().filter(|(old, _)| is_empty(*old));
        let found: Vec<ByteRange> = found.map(|(_, new)| *new).collect();
        if !found.is_empty() {
            carried.insert(annotator.clone(), merge_fragments(found).to_vec());
        }
    }
    carried
}

/// `new` as the next version of `old`: with its annotations, notes and states. States of done go
/// back to in progress when the text changed.
pub fn next_version(old: &Article, new: &Article) -> (Article, Carried) {
    use crate::core::article::Status;
    let mut carried = carry(old, &new.text);
    let mut article = new.clone();
    let placed = std::mem::take(&mut carried.placed);
    let (set, doubles) = AnnotationSet::from_annotations(placed.iter().cloned());
    debug_assert!(doubles.is_empty(), "ids are unique in an article");
    article.annotations = set;
    carried.placed = placed;
    article.notes.clone_from(&old.notes);
    article.unknown.clone_from(&old.unknown);
    article.nothing = carry_nothing(old, &new.text);
    article.status = old.status.clone();
    for status in article.status.values_mut() {
        if *status == Status::Done {
            *status = Status::InProgress;
        }
    }
    for (key, value) in &old.metadata {
        let entry = article.metadata.entry(key.clone());
        entry.or_insert_with(|| value.clone());
    }
    (article, carried)
}

/// Those of `placed` that `target` has not: by label, annotator and fragments.
pub fn missing_in(target: &Article, placed: Vec<Annotation>) -> Vec<Annotation> {
    let has = |annotation: &Annotation| {
        let whole = annotation.fragments.first().copied().unwrap_or_default();
        let mut near = target.annotations.overlapping(whole);
        near.any(|entry| {
            let other = &entry.annotation;
            other.label == annotation.label
                && other.annotator == annotation.annotator
                && other.fragments == annotation.fragments
        })
    };
    placed.into_iter().filter(|a| !has(a)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::article::Status;
    use crate::core::text::{BytePos, ByteRange};

    fn article(text: &str, marks: &[&str]) -> Article {
        let mut article = Article::new("a".into(), "A", ArticleText::new(text.to_owned()));
        let made = marks.iter().enumerate().map(|(i, mark)| {
            let start = text.find(mark).unwrap();
            let range = ByteRange::new(BytePos(start as u32), BytePos((start + mark.len()) as u32));
            Annotation::new(
                format!("n{i}").as_str().into(),
                "ana".into(),
                "quote".into(),
                range,
            )
        });
        article.annotations = AnnotationSet::from_annotations(made).0;
        article
    }

    #[test]
    fn a_new_version_keeps_what_it_can() {
        let mut old = article(
            "🙂 The mayor said “we will pay”. Nobody believed her. The ferry stayed.",
            &["we will pay", "Nobody believed her", "The ferry stayed"],
        );
        old.notes = "read twice".to_owned();
        old.status.insert("ana".into(), Status::Done);
        let new = Article::new(
            "b".into(),
            "B",
            ArticleText::new(
                "Update: 🙂🙂 The mayor said “we will pay”. The ferry stayed in harbour all day."
                    .to_owned(),
            ),
        );
        let (version, carried) = next_version(&old, &new);
        let found: Vec<&str> = version
            .annotations
            .in_text_order()
            .map(|a| version.text.slice(a.extent()))
            .collect();
        assert_eq!(found, ["we will pay", "The ferry stayed"]);
        assert_eq!(carried.lost.len(), 1);
        assert_eq!(carried.lost[0].marked, "Nobody believed her");
        assert_eq!(
            (version.notes.as_str(), version.id.as_str()),
            ("read twice", "b")
        );
        assert_eq!(version.status_for(&"ana".into()), Status::InProgress);
        assert!(missing_in(&version, carried.placed).is_empty());
    }

    /// Of paragraphs that were read and had nothing, those that stand unchanged were read.
    #[test]
    fn a_new_version_keeps_where_nothing_was_found() {
        let (one, two, star) = ("One é.", "Two.", "*");
        let text = format!("{one}\n\n{star}\n{two}\n{star}\nThree.\n");
        let mut old = article(&text, &[]);
        let at = |text: &str, part: &str, nth: usize| {
            let (start, _) = text.match_indices(part).nth(nth).unwrap();
            ByteRange::new(BytePos(start as u32), BytePos((start + part.len()) as u32))
        };
        let stretches = [
            at(&text, one, 0),
            at(&text, star, 1),
            at(&text, "Three.", 0),
        ];
        old.nothing.insert("ana".into(), stretches.to_vec());
        old.nothing.insert("bo".into(), vec![at(&text, two, 0)]);
        for (new, ana, bo) in [
            (text.clone(), 3, 1),
            (
                format!("New.\n{star}\nThree!\n {one}\n{star}\nTwo, too."),
                2,
                0,
            ),
            ("All new.".to_owned(), 0, 0),
        ] {
            let newer = Article::new("b".into(), "B", ArticleText::new(new.clone()));
            let (version, _) = next_version(&old, &newer);
            let found = |by: &str| version.nothing_for(&by.into()).to_vec();
            assert_eq!((found("ana").len(), found("bo").len()), (ana, bo), "{new}");
            for stretches in version.nothing.values() {
                assert!(crate::core::edit::are_stretches(&version.text, stretches));
            }
            if ana == 2 {
                assert_eq!(found("ana"), [at(&new, one, 0), at(&new, star, 1)]);
            }
        }
    }
}
