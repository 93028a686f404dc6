//! What the program does, without a window: the session, commands, jobs, notices and settings.
//!
//! Knows no egui. The window and the command line both drive it.

pub mod action;
pub mod alike;
pub mod clock;
pub mod codebooks;
pub mod command;
pub mod derived;
pub mod desk;
pub mod export;
pub mod folders;
pub mod heap;
pub mod import;
pub mod jobs;
pub mod journal;
pub mod lines;
pub mod model;
pub mod notice;
pub mod palette;
pub mod passages;
pub mod recovery;
pub mod saving;
pub mod search;
pub mod session;
pub mod settings;
pub mod signals;
pub mod words;
