//! The cards that stand over the window.

pub(super) mod about;
pub(super) mod backups;
pub(super) mod browse;
pub(super) mod cheat_sheet;
pub(super) mod copies;
pub(super) mod deleting;
pub(super) mod export;
pub(super) mod history;
pub(super) mod import;
pub(super) mod import_reports;
pub(super) mod leave;
pub(super) mod review;
pub(super) mod save_trouble;
pub(super) mod settings;
pub(super) mod trash;
mod wording;
