//! How much of an article is promotional, for whom, and whether that is said.
//!
//! Characters are counted once, however many annotations lie over them. Pure; knows one article at a
//! time.

use crate::core::annotation::{AttributeValue, Fragments, merge_fragments};
use crate::core::article::Article;
use crate::core::claims::Labels;
use crate::core::codebook::{Part, Thing};
use crate::core::ids::PersonId;
use crate::core::text::ByteRange;
use std::collections::HashMap;

/// What of an article is promotional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promotion {
    /// How many passages.
    pub passages: usize,
    /// In characters, as everything of it.
    pub covered: usize,
    pub of: usize,
    /// For whom, those with most of it first; nobody where no beneficiary is named.
    pub for_whom: Vec<(Option<PersonId>, usize)>,
    /// Of passages of which it is known, how many are disclosed, and how many are not.
    pub disclosed: usize,
    pub undisclosed: usize,
}

impl Promotion {
    /// Of the article, in hundredths; none of nothing, at least one of what there is.
    pub fn share(&self) -> usize {
        share(self.covered, self.of)
    }
}

/// In hundredths: at least one of what there is.
pub fn share(part: usize, of: usize) -> usize {
    match part {
        0 => 0,
        part => (part * 100 / of.max(1)).clamp(1, 100),
    }
}

pub fn promotion_of(article: &Article, labels: &Labels) -> Promotion {
    let mut found = Promotion {
        of: article.text.len_chars(),
        ..Promotion::default()
    };
    let mut all: Vec<ByteRange> = Vec::new();
    let mut for_whom: HashMap<Option<PersonId>, Vec<ByteRange>> = HashMap::new();
    for annotation in article.annotations.in_text_order() {
        if !labels.is(&annotation.label, &Thing::Promotion) {
            continue;
        }
        found.passages += 1;
        all.extend(annotation.fragments.iter());
        let who = labels.person(annotation, Part::Beneficiary);
        for_whom
            .entry(who)
            .or_default()
            .extend(annotation.fragments.iter());
        match labels.part(annotation, Part::Disclosed) {
            Some(AttributeValue::Bool(true)) => found.disclosed += 1,
            Some(AttributeValue::Bool(false)) => found.undisclosed += 1,
            _ => {}
        }
    }
    let count = |ranges: Vec<ByteRange>| -> usize {
        let merged: Fragments = merge_fragments(ranges);
        let chars = merged.iter().map(|range| {
            let range = article.text.char_range(*range);
            range.end.0 - range.start.0
        });
        chars.map(|chars| chars as usize).sum()
    };
    found.covered = if all.is_empty() { 0 } else { count(all) };
    let for_whom = for_whom
        .into_iter()
        .map(|(who, ranges)| (who, count(ranges)));
    found.for_whom = for_whom.collect();
    found
        .for_whom
        .sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::{Annotation, AnnotationSet};
    use crate::core::codebook::Codebook;
    use crate::core::text::ArticleText;

    #[test]
    fn characters_are_counted_once_and_for_whom() {
        let text = ArticleText::new("Subscribe now! Give today. The bridge is shut.".to_owned());
        let mut article = Article::new("a".into(), "", text);
        let labels = Labels::of(&Codebook::default());
        assert_eq!(promotion_of(&article, &labels).share(), 0);
        let mut marks = Vec::new();
        for (n, (range, label, who)) in [
            ((0, 14), "promo", "post"),
            ((0, 9), "promo", "post"),
            ((10, 26), "promo", ""),
            ((27, 46), "claim", ""),
        ]
        .into_iter()
        .enumerate()
        {
            let id = format!("p{n}");
            let range: (u32, u32) = range;
            let mut mark =
                Annotation::new(id.as_str().into(), "ana".into(), label.into(), range.into());
            if !who.is_empty() {
                let value = AttributeValue::Person(who.into());
                mark.attributes.insert("beneficiary", value);
            }
            marks.push(mark);
        }
        article.annotations = AnnotationSet::from_annotations(marks).0;
        let found = promotion_of(&article, &labels);
        assert_eq!((found.passages, found.covered, found.of), (3, 26, 46));
        assert_eq!(found.share(), 56);
        let whom: Vec<(Option<&str>, usize)> = found
            .for_whom
            .iter()
            .map(|(who, n)| (who.as_ref().map(PersonId::as_str), *n))
            .collect();
        assert_eq!(whom, [(None, 16), (Some("post"), 14)]);
        assert_eq!((share(1, 1_000), share(0, 0)), (1, 0));
    }
}
