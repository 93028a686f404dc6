//! WebAnno TSV 3: reader and writer.

pub mod read;
pub mod write;
