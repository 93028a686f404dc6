//! Pressmark: annotation of news articles. See `ARCHITECTURE.md` for the map.

pub mod app;
pub mod cli;
pub mod core;
pub mod format;
#[doc(hidden)]
pub mod hostile;
pub mod store;
pub mod ui;
