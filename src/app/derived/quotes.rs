//! What can be proposed for a quote.

use super::Derive;
use crate::app::session::Session;
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::recipes::quote::{Offer, offer};
use crate::core::text::ByteRange;

/// The parts that a quote lacks, as they can be proposed; with a cue, the speakers of that one.
#[derive(Clone, PartialEq)]
pub struct OfferFor {
    pub article: ArticleId,
    pub annotation: AnnotationId,
    pub cue: Option<ByteRange>,
}

impl Derive for OfferFor {
    type Value = Option<Offer>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Self::Value {
        let project = session.project();
        let article = project.article(&self.article)?;
        let annotation = article.annotations.get(self.annotation.as_str())?;
        offer(project, article, annotation, self.cue)
    }
}
