//! Finding annotations again in a text that was changed outside Pressmark.
//!
//! Each lost annotation is looked for by its stored text: exactly, then without regard to
//! typography, then by likeness. Where a text stands several times, its surroundings decide, then
//! its neighbours' shift; what stays in doubt is not placed. Pure and deterministic: the work is
//! bounded by a count of steps and not by a clock. Keeps invariant 4: what is placed lies in the
//! text, on grapheme boundaries, and is never empty.

mod fold;
mod order;
mod search;

use crate::core::text::segment::is_grapheme_boundary;
use crate::core::text::{ArticleText, ByteRange, CharRange};
use order::take_back_strays;
use search::{Search, Step};
use std::fmt;

/// What is known of an annotation that does not fit the text any more.
#[derive(Clone, Debug)]
pub struct Lost<'a> {
    /// Where each fragment stood, and its text, in text order.
    pub fragments: Vec<(CharRange, &'a str)>,
    /// What stood before the first fragment and after the last.
    pub context: Option<(&'a str, &'a str)>,
}

/// Where an annotation is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub fragments: Vec<ByteRange>,
    pub how: How,
}

/// What the found text has in common with the stored one, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    Exact,
    /// The same but for white space, quotation marks, dashes and the form of letters.
    Normalised,
    /// Like it, in per cent.
    Fuzzy(std::cmp::Reverse<u8>),
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => f.write_str("exact"),
            Self::Normalised => f.write_str("same but for typography"),
            Self::Fuzzy(percent) => write!(f, "{} % alike", percent.0),
        }
    }
}

/// Why an annotation was not placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPlaced {
    #[error("it has no text to be found by")]
    NoText,
    #[error("its text is not in the article any more, nor anything like it")]
    NotFound,
    #[error("its text stands {0} times in the article, and nothing tells which one was meant")]
    Ambiguous(usize),
    #[error("its text stands in the article, but not between what stood around it")]
    OtherContext,
    #[error("too much of the article was changed to look for it in reasonable time")]
    TooMuchWork,
}

/// The steps that may be spent on an article that takes `bytes` of a file: a few seconds for the
/// largest.
pub fn budget_for(bytes: usize) -> u64 {
    (20_000_000 + 200 * bytes as u64).min(3_000_000_000)
}

/// Looks for each of `lost` in `text`. `fitting` are the annotations that still fit: they tell by
/// how much their neighbours may have moved. `budget` is the number of steps that may be taken, and
/// is reduced by those that were.
pub fn reanchor(
    text: &ArticleText,
    fitting: &[CharRange],
    lost: &[Lost<'_>],
    budget: &mut u64,
) -> Vec<Result<Placed, NotPlaced>> {
    let mut order: Vec<usize> = (0..lost.len()).collect();
    order.sort_by_key(|&i| lost.get(i).map(first_start));
    let mut results: Vec<Result<Placed, NotPlaced>> = lost
        .iter()
        .map(|lost| {
            if lost.fragments.is_empty() || lost.fragments.iter().any(|(_, text)| text.is_empty()) {
                Err(NotPlaced::NoText)
            } else {
                Err(NotPlaced::NotFound)
            }
        })
        .collect();
    let mut search = Search::new(text, fitting, *budget);
    for step in search::STEPS {
        if *step == Step::Vote {
            take_back_strays(&mut search, fitting, &order, lost, &mut results);
            let open = order.iter().filter(|&&i| {
                let result = results.get(i);
                result.is_some_and(|r| r.is_err() && *r != Err(NotPlaced::NoText))
            });
            let open: Vec<&Lost<'_>> = open.filter_map(|&i| lost.get(i)).collect();
            // Without the budget for it the next steps find nothing either, and say so.
            let _too_much_work = search.vote(&open);
            continue;
        }
        for &i in &order {
            let (Some(lost), Some(result)) = (lost.get(i), results.get_mut(i)) else {
                continue;
            };
            if result.is_ok() || *result == Err(NotPlaced::NoText) {
                continue;
            }
            let tried = search
                .place(*step, lost)
                .map(|placed| Placed {
                    fragments: in_order(placed.fragments),
                    ..placed
                })
                .and_then(|placed| {
                    if is_valid(text, &placed.fragments) {
                        Ok(placed)
                    } else {
                        Err(NotPlaced::NotFound)
                    }
                });
            // What an earlier step found out says more than that a later one found nothing.
            match tried {
                Err(NotPlaced::NotFound) => {}
                other => *result = other,
            }
            if let Ok(placed) = result {
                search.remember(*step, lost, placed);
            }
        }
    }
    take_back_strays(&mut search, fitting, &order, lost, &mut results);
    *budget = search.budget_left();
    results
}

fn first_start(lost: &Lost<'_>) -> u32 {
    lost.fragments.first().map_or(0, |(range, _)| range.start.0)
}

fn in_order(mut fragments: Vec<ByteRange>) -> Vec<ByteRange> {
    fragments.sort();
    fragments
}

fn is_valid(text: &ArticleText, fragments: &[ByteRange]) -> bool {
    let mut last_end = None;
    fragments.iter().all(|fragment| {
        let follows = last_end.is_none_or(|end| fragment.start >= end);
        last_end = Some(fragment.end);
        follows
            && !fragment.is_empty()
            && fragment.end <= text.end()
            && is_grapheme_boundary(text, fragment.start)
            && is_grapheme_boundary(text, fragment.end)
    })
}

#[cfg(test)]
mod tests;
