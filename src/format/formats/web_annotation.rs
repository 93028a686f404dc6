//! W3C Web Annotations: reader and writer.

pub mod read;
pub mod write;

use crate::format::words::values::{percent_decoded, percent_encoded};

/// Kinds of things that have IRIs.
pub(crate) const ANNOTATION: &str = "annotation";
pub(crate) const LINK: &str = "link";
/// What is said of an article.
pub(crate) const ABOUT: &str = "about";
pub(crate) const ARTICLE: &str = "article";
/// What is said of a label.
pub(crate) const LABEL: &str = "label";
pub(crate) const CONCEPT: &str = "concept";
pub(crate) const PROJECT: &str = "project";
pub(crate) const URN: &str = "urn:pressmark:";

/// The IRI of a thing of ours.
pub(crate) fn urn(kind: &str, id: &str) -> String {
    format!("{URN}{kind}:{}", percent_encoded(id))
}

/// The id behind an IRI of this kind.
pub(crate) fn of_kind(iri: &str, kind: &str) -> Option<String> {
    let rest = iri.strip_prefix(URN)?.strip_prefix(kind)?;
    rest.strip_prefix(':').map(percent_decoded)
}
