//! Label Studio tasks: reader and writer.

pub mod read;
pub mod write;
