//! Tables of annotations and articles as CSV: reader and writer.

pub mod read;
pub mod write;
