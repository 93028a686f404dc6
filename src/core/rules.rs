//! What became of the hits of a kept rule: which were marked, which dismissed, which are open.
//!
//! Follows from hits and annotations; nothing of it is stored. Pure.

use crate::core::article::Article;
use crate::core::ids::LabelId;
use crate::core::project::{HitKey, Project, Rule};
use crate::core::search::{Hits, Options, Reading};
use crate::core::text::ByteRange;
use std::collections::HashSet;

/// How many hits a rule has, and what became of them. One that is marked is not counted as dismissed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub hits: usize,
    pub articles: usize,
    pub marked: usize,
    pub dismissed: usize,
    /// There were more hits than are kept.
    pub is_cut: bool,
}

impl Tally {
    /// Hits that nothing became of so far.
    pub fn open(&self) -> usize {
        self.hits.saturating_sub(self.marked + self.dismissed)
    }
}

/// What became of a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Open,
    Marked,
    Dismissed,
}

impl Rule {
    /// How its words are compared.
    pub fn options(&self) -> Options {
        Options {
            case: self.case,
            word: self.word,
            fold: !self.exact,
            reading: Reading::Query,
        }
    }
}

/// Counts what became of the hits of a rule.
pub fn tally(project: &Project, rule: &Rule, hits: &Hits) -> Tally {
    let kinds = kinds(project, rule);
    let mut tally = Tally {
        hits: hits.len(),
        articles: hits.article_count(),
        is_cut: hits.is_cut(),
        ..Tally::default()
    };
    for (at, ranges) in hits.by_article() {
        let Some(article) = project.articles().get(at) else {
            continue;
        };
        for fate in fates_with(kinds.as_ref(), rule, article, ranges) {
            match fate {
                Fate::Open => {}
                Fate::Marked => tally.marked += 1,
                Fate::Dismissed => tally.dismissed += 1,
            }
        }
    }
    tally
}

/// What became of each hit of a rule in an article.
pub fn fates(project: &Project, rule: &Rule, article: &Article, hits: &[ByteRange]) -> Vec<Fate> {
    fates_with(kinds(project, rule).as_ref(), rule, article, hits)
}

/// The hits of a rule in an article that are open.
pub fn hits_of(
    project: &Project,
    rule: &Rule,
    article: &Article,
    hits: &[ByteRange],
) -> Vec<ByteRange> {
    let fates = fates(project, rule, article, hits);
    let open = hits
        .iter()
        .zip(fates)
        .filter(|(_, fate)| *fate == Fate::Open);
    open.map(|(hit, _)| *hit).collect()
}

/// The labels that a hit of a rule may have got; none for any.
fn kinds(project: &Project, rule: &Rule) -> Option<HashSet<LabelId>> {
    let label = rule.label.as_ref()?;
    Some(project.codebook().kinds_of(label))
}

fn fates_with(
    kinds: Option<&HashSet<LabelId>>,
    rule: &Rule,
    article: &Article,
    hits: &[ByteRange],
) -> Vec<Fate> {
    let has_dismissed = !rule.dismissed.of(&article.id).is_empty();
    let fates = hits.iter().map(|hit| {
        let mut around = article.annotations.overlapping(*hit);
        let is_marked =
            around.any(|entry| kinds.is_none_or(|kinds| kinds.contains(&entry.annotation.label)));
        let is_dismissed = || {
            has_dismissed
                && rule
                    .dismissed
                    .holds(&article.id, HitKey::of(&article.text, *hit))
        };
        if is_marked {
            Fate::Marked
        } else if is_dismissed() {
            Fate::Dismissed
        } else {
            Fate::Open
        }
    });
    fates.collect()
}
