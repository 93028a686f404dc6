//! The annotation model and the rules that hold over it.
//!
//! Pure: no window, file, thread, clock, randomness or logging. Everything here is a value or a
//! total function over values, so that the window, the command line and the tests share it.
//! Keeps invariants 1 (one `apply`), 3 (text never changes) and 4 (positions are types).

pub mod annotation;
pub mod article;
pub mod boundary;
pub mod carry;
pub mod check;
pub mod claims;
pub mod codebook;
pub mod compact;
pub mod concordance;
pub mod duplicates;
pub mod edit;
pub mod excerpt;
pub mod fuzzy;
pub mod ids;
pub mod kept;
pub mod ledger;
pub mod likeness;
pub mod lists;
mod long_list;
pub mod merge;
pub mod months;
pub mod names;
pub mod passages;
pub mod project;
pub mod promotion;
pub mod quoted;
pub mod quotes;
pub mod reanchor;
pub mod recipes;
pub mod rules;
pub mod sampling;
pub mod search;
pub mod shown;
pub mod stats;
pub mod text;
mod titles;
pub mod verbs;
pub mod word_hashes;
pub mod wording;
