//! Annotated articles as a web page: reader and writer.

pub mod read;
pub mod write;
