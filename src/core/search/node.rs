//! What is looked for in an article, with its names resolved: words made ready, conditions by ids.
//!
//! Values that say of themselves what they find. Knows neither how an article is asked nor how names
//! are found.

use super::matcher::Matcher;
use super::place::{Filter, Value};
use super::query::{Dates, Within};
use crate::core::article::Status;
use crate::core::ids::{AnnotatorId, ArticleId};
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(Matcher),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Near(Box<Node>, Within, Box<Node>),
    Where(Test),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    In(Filter),
    Outside(Filter),
    /// The annotations themselves.
    Label(Filter),
    /// Of an annotation that is found; of one around what is found otherwise.
    Own(Filter),
    Title(Vec<Value>),
    Date(Dates),
    Status(AnnotatorId, Vec<Status>),
    Set(BTreeSet<ArticleId>),
    Field(String, Vec<Value>),
}

impl Node {
    pub(super) fn finds(&self) -> bool {
        match self {
            Self::Text(_) | Self::Near(..) => true,
            Self::And(all) => all.iter().any(Self::finds),
            Self::Or(all) => all.iter().all(Self::finds),
            Self::Not(_) => false,
            Self::Where(test) => matches!(test, Test::Label(_)),
        }
    }

    pub(super) fn finds_annotations(&self) -> bool {
        match self {
            Self::Text(_) | Self::Near(..) | Self::Not(_) => false,
            Self::And(all) => all.iter().any(Self::finds_annotations),
            Self::Or(all) => all.iter().all(Self::finds_annotations),
            Self::Where(test) => matches!(test, Test::Label(_)),
        }
    }

    /// Whether its names are the same; words are those of the query.
    pub(super) fn asks(&self, other: &Self) -> bool {
        let all =
            |a: &[Self], b: &[Self]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.asks(b));
        match (self, other) {
            (Self::Text(_), Self::Text(_)) => true,
            (Self::And(a), Self::And(b)) | (Self::Or(a), Self::Or(b)) => all(a, b),
            (Self::Not(a), Self::Not(b)) => a.asks(b),
            (Self::Near(a, _, b), Self::Near(c, _, d)) => a.asks(c) && b.asks(d),
            (Self::Where(a), Self::Where(b)) => a == b,
            _ => false,
        }
    }
}
