//! UIMA CAS, as XMI and as JSON: reader and writer.

pub mod read;
pub mod write;
