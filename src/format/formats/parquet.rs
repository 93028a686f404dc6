//! Parquet in the layout of Hugging Face: reader and writer.

pub mod read;
pub mod write;
