//! What several articles have in each of their fields, and how many of them a change touches.

use super::Derive;
use crate::app::session::Session;
use crate::core::ids::ArticleId;
use crate::core::recipes::details::{DetailsChange, FieldSummary, summary, touched};
use std::rc::Rc;

/// Articles that are meant together; the same ones are known by their pointer.
#[derive(Clone)]
pub struct Meant(pub Rc<Vec<ArticleId>>);

impl PartialEq for Meant {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

#[derive(Clone, PartialEq)]
pub struct DetailsOf(pub Meant);

impl Derive for DetailsOf {
    type Value = Vec<FieldSummary>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Self::Value {
        summary(session.project(), &self.0.0)
    }
}

/// How many of the articles a change makes others.
#[derive(Clone, PartialEq)]
pub struct Touched {
    pub articles: Meant,
    pub change: DetailsChange,
}

impl Derive for Touched {
    type Value = usize;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> usize {
        touched(session.project(), &self.articles.0, &self.change).count()
    }
}
