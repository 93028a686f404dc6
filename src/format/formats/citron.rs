//! Citron, the BBC's quote extractor: reader and writer of its annotation format.

pub mod read;
#[cfg(test)]
mod tests;
pub mod write;

/// What Citron has in a document.
pub(crate) const KNOWN: &[&str] = &["text", "quotes", "coreference_groups"];
/// The role of a link from a source to other words that mean whom it names.
pub(crate) const COREFERENCE: &str = "coreference";
/// The later stretches of a cue or source that is not in one piece, which Citron reads past.
pub(crate) const FURTHER: &str = "further";
