//! CoNLL columns, one token a line: reader and writer.

pub mod read;
pub mod write;
