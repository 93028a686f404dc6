//! JSON Lines: reader and writer.

pub mod read;
pub mod write;
