//! What changed in the wording between two texts, as far as it is shown.

use super::DeriveLater;
use crate::app::session::Session;
use crate::core::project::Project;
use crate::core::text::ArticleText;
use crate::core::wording::{Excerpts, changes};
use std::sync::Arc;

#[derive(Clone)]
pub struct WordingBetween {
    pub old: Arc<ArticleText>,
    pub new: Arc<ArticleText>,
}

impl PartialEq for WordingBetween {
    fn eq(&self, other: &Self) -> bool {
        self.old.hash() == other.old.hash() && self.new.hash() == other.new.hash()
    }
}

impl DeriveLater for WordingBetween {
    type Value = Excerpts;

    /// Texts never change.
    fn stamp(&self, _: &Session) -> u64 {
        0
    }

    fn is_small(&self, _: &Session) -> bool {
        const FEW_BYTES: usize = 20_000;
        self.old.len_bytes() + self.new.len_bytes() <= FEW_BYTES
    }

    fn may_show(&self, _: &Self) -> bool {
        false
    }

    fn derive(&self, _: &Project, _: &mut dyn FnMut() -> bool) -> Option<Excerpts> {
        let changes = changes(self.old.as_str(), self.new.as_str());
        Some(Excerpts::of(changes))
    }
}
