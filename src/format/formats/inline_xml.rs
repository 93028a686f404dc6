//! Marks of XML in the text itself: reader and writer.

pub mod read;
pub mod write;
