//! W3C Web Annotations: reader and writer.

pub mod read;
pub mod write;
