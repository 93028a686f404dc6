//! W3C Web Annotations: reader and writer.

pub mod read;
pub mod write;

use crate::format::words::article_rows::{NUMBER, SEVERAL, YES_NO};
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

/// The key of a body whose value is more than text, and by kind what stands there: values
/// themselves are strings.
pub(crate) const STANDARD: &str = "conformsTo";
const STANDARDS: [(&str, &str); 3] = [
    (NUMBER, "http://www.w3.org/2001/XMLSchema#double"),
    (YES_NO, "http://www.w3.org/2001/XMLSchema#boolean"),
    (SEVERAL, "http://www.w3.org/1999/02/22-rdf-syntax-ns#List"),
];

pub(crate) fn standard_of(kind: &str) -> Option<&'static str> {
    let found = STANDARDS.iter().find(|(known, _)| *known == kind);
    found.map(|(_, standard)| *standard)
}

pub(crate) fn kind_of_standard(standard: &str) -> Option<&'static str> {
    let found = STANDARDS.iter().find(|(_, known)| *known == standard);
    found.map(|(kind, _)| *kind)
}

/// The IRI of a thing of ours.
pub(crate) fn urn(kind: &str, id: &str) -> String {
    format!("{URN}{kind}:{}", percent_encoded(id))
}

/// The id behind an IRI of this kind.
pub(crate) fn of_kind(iri: &str, kind: &str) -> Option<String> {
    let rest = iri.strip_prefix(URN)?.strip_prefix(kind)?;
    rest.strip_prefix(':').map(percent_decoded)
}
