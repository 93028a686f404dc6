//! What several articles have in each of their fields, and how many of them a change touches.

use super::DeriveLater;
use crate::app::session::Session;
use crate::core::ids::ArticleId;
use crate::core::project::Project;
use crate::core::recipes::details::{DetailsChange, FieldSummary, summary, touched};
use std::sync::Arc;

/// Articles that are meant together; the same ones are known by their pointer.
#[derive(Clone)]
pub struct Meant(pub Arc<Vec<ArticleId>>);

impl PartialEq for Meant {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

#[derive(Clone, PartialEq)]
pub struct DetailsOf(pub Meant);

/// So many are looked through within a frame.
const FEW: usize = 500;

impl DeriveLater for DetailsOf {
    type Value = Vec<FieldSummary>;

    fn is_small(&self, _: &Session) -> bool {
        self.0.0.len() <= FEW
    }

    fn may_show(&self, other: &Self) -> bool {
        self == other
    }

    fn derive(&self, project: &Project, _: &mut dyn FnMut() -> bool) -> Option<Self::Value> {
        Some(summary(project, &self.0.0))
    }
}

/// How many of the articles a change makes others.
#[derive(Clone, PartialEq)]
pub struct Touched {
    pub articles: Meant,
    pub change: DetailsChange,
}

impl DeriveLater for Touched {
    type Value = usize;

    fn is_small(&self, _: &Session) -> bool {
        self.articles.0.len() <= FEW || self.change.is_empty()
    }

    fn may_show(&self, other: &Self) -> bool {
        self.articles == other.articles
    }

    fn derive(&self, project: &Project, _: &mut dyn FnMut() -> bool) -> Option<usize> {
        if self.change.is_empty() {
            return Some(0);
        }
        Some(touched(project, &self.articles.0, &self.change).count())
    }
}
