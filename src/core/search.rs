//! Finding what is said in articles: what a query asks for, made ready for a project, and the hits
//! in an article.
//!
//! A query is typed ([`parse`]) or built ([`Query`]); [`Search::new`] resolves what it names and
//! compiles it; [`Search::hits_in`] asks one article, so that whoever has cores can ask many at once.
//! Nothing is kept of the texts. Pure: knows no window, no threads and no lists.

mod compiled;
mod fold;
mod grammar;
mod hits;
mod matcher;
mod names;
mod near;
mod node;
mod parse;
mod place;
mod query;
mod suggest;

pub use compiled::Search;
pub use fold::folded;
pub use grammar::{CONDITIONS, FIELDS};
pub use hits::{Hit, Hits, MAX_HITS};
pub use names::{label_called, with_labels};
pub use parse::{MAX_QUERY, Token, TokenKind, parse, phrase, tokens};
pub use query::{At, AttributeTest, Condition, Dates, Marked, Query, ValueTest, Within};
pub use suggest::{Completions, Known, Offer, complete};

use std::ops::Range;

/// How what is typed is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reading {
    /// As a query, with words, phrases, conditions and operators.
    #[default]
    Query,
    /// As words and nothing else.
    Plain,
    /// As one regular expression.
    Pattern,
}

/// How words are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Capital and small letters differ.
    pub case: bool,
    /// Whole words only.
    pub word: bool,
    /// Accents, quotes, dashes, spaces and forms of letters make no difference.
    pub fold: bool,
    pub reading: Reading,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            case: false,
            word: false,
            fold: true,
            reading: Reading::Query,
        }
    }
}

/// What is wrong with a query, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    pub at: Range<usize>,
    pub message: String,
    /// What would mend it: a stretch, and what belongs there.
    pub mend: Option<(Range<usize>, String)>,
    /// It may be right once more is typed.
    pub is_unfinished: bool,
}

impl QueryError {
    fn at(at: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            mend: None,
            is_unfinished: false,
        }
    }

    fn mended(self, at: Range<usize>, with: impl Into<String>) -> Self {
        Self {
            mend: Some((at, with.into())),
            ..self
        }
    }

    /// The query with what would mend it.
    pub fn mended_query(&self, query: &str) -> Option<String> {
        let (at, with) = self.mend.as_ref()?;
        let (before, behind) = (query.get(..at.start)?, query.get(at.end..)?);
        Some(format!("{before}{with}{behind}"))
    }
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for QueryError {}

#[cfg(test)]
mod tests;
