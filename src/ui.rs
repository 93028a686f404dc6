//! The window: draws the model and turns input into actions.
//!
//! Never changes a project: everything goes through `Model::perform` (invariant 2). State that
//! must survive a frame lives in the structs of the panels, not in egui's memory.

pub mod app;
pub mod article;
mod asking;
mod dialogs;
mod fields;
pub mod file_dialog;
mod find_field;
pub mod frame_log;
mod in_context;
mod keys;
mod kit;
mod label_pick;
mod menu;
mod notices;
mod pages;
mod panels;
mod pointed;
mod run;
mod said;
mod same;
pub mod theme;
mod welcome;

pub use run::run;
