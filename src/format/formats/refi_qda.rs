//! REFI-QDA projects: reader and writer.

pub mod read;
pub mod write;
