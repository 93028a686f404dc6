//! TEI P5 with annotations apart from the text: reader and writer.

pub mod read;
pub mod write;
