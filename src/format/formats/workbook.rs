//! Workbooks with annotations, articles and labels: reader and writer.

pub mod read;
pub mod write;
