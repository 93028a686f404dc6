//! The cards that stand over the window.

pub(super) mod about;
pub(super) mod browse;
pub(super) mod cheat_sheet;
pub(super) mod export;
pub(super) mod leave;
pub(super) mod settings;
