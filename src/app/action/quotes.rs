//! What can be asked of the parts that are proposed for a quote.

use crate::app::action::Action;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteAction {
    /// The parts become the quote's, as they are shown.
    Accept,
    /// Another candidate of the part that is pointed at, so many further on.
    Other(isize),
    /// This candidate of a part.
    Choose(OfferedPart, usize),
    /// The keys go to this part.
    PointAt(OfferedPart),
    /// Nothing of it; the quote stays as it is.
    Leave,
}

/// A part of a quote of which there are candidates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OfferedPart {
    #[default]
    Speaker,
    Cue,
}

impl From<QuoteAction> for Action {
    fn from(asked: QuoteAction) -> Self {
        Self::Quote(asked)
    }
}
