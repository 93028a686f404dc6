//! What was found, as it is handed on: to the strip of an article, and to what is made of all hits.

use super::Derive;
use super::hits::Shared;
use super::search::Found;
use crate::app::session::Session;
use crate::core::ids::ArticleId;
use crate::core::lists::rows_within;
use crate::core::search::Hits;
use crate::core::text::ByteRange;
use std::ops::{Deref, Range};
use std::rc::Rc;

/// An answer, known by its pointer.
pub struct Answer(pub Rc<Found>);

impl Answer {
    /// The hits of the one article that was asked; they rise.
    pub fn here(&self) -> &[ByteRange] {
        let first = self.0.hits.by_article().next();
        first.map_or(&[], |(_, ranges)| ranges)
    }
}

impl Clone for Answer {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Answer {
    type Target = Found;

    fn deref(&self) -> &Found {
        &self.0
    }
}

/// Where hits stand in an article that is drawn in so many rows.
#[derive(Clone, PartialEq)]
pub struct HitsOnStrip {
    pub article: ArticleId,
    pub found: Answer,
    pub rows: usize,
}

impl Derive for HitsOnStrip {
    type Value = Vec<Range<usize>>;
    type Memo = ();

    /// Texts do not change, nor does the answer.
    fn stamp(&self, _: &Session) -> u64 {
        0
    }

    fn derive(&self, session: &Session, (): &mut ()) -> Vec<Range<usize>> {
        match session.project().article(&self.article) {
            Some(article) => rows_within(article, self.found.here(), self.rows),
            None => Vec::new(),
        }
    }
}

/// The hits of an answer, to be taken along by jobs. The same hits stay the same value, so that what
/// was made of them stays when something else was changed.
#[derive(Clone, PartialEq)]
pub struct HitsOf(pub Answer);

impl Derive for HitsOf {
    type Value = Shared<Hits>;
    type Memo = Option<Shared<Hits>>;

    fn stamp(&self, _: &Session) -> u64 {
        0
    }

    fn derive(&self, _: &Session, memo: &mut Option<Shared<Hits>>) -> Shared<Hits> {
        let hits = &self.0.hits;
        let same = memo.take().filter(|known| **known == *hits);
        let same = same.unwrap_or_else(|| Shared::new(hits.clone()));
        *memo = Some(same.clone());
        same
    }
}
