//! What can be asked of passages: near copies of one looked for and marked, what recurs, and wordings
//! compared.

use crate::core::ids::{ArticleId, LabelId};
use crate::core::text::ByteRange;

#[derive(Clone, Debug, PartialEq)]
pub enum PassageAction {
    /// Looks for near copies of these words, and shows them.
    FindNear {
        article: ArticleId,
        range: ByteRange,
    },
    /// Marks these places with a label, as one step.
    Mark {
        places: Vec<(ArticleId, ByteRange)>,
        label: LabelId,
    },
    /// Shows a place in its article.
    Show {
        article: ArticleId,
        range: ByteRange,
    },
    /// Stops looking for passages.
    Stop,
}
