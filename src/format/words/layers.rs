//! Layers of annotations in formats that know flat features and single stretches: UIMA, WebAnno.

/// The span layer in UIMA type systems.
pub(crate) const SPAN: &str = "webanno.custom.MediaSpan";
/// The relation layer between spans.
pub(crate) const LINK: &str = "webanno.custom.MediaLink";
/// What belongs to the article as a whole, see [`crate::format::reading::article_rows`].
pub(crate) const INFO: &str = "webanno.custom.MediaInfo";
/// Features of the span layer besides those of attributes.
pub(crate) const FEATURES: [&str; 7] = [
    "label",
    "note",
    "annotator",
    "created",
    "changed",
    "annotationId",
    "fragment",
];
/// Names that no attribute has as a feature: those above, those of UIMA, and those that
/// dkpro-cassis cannot make members of a Python class.
pub(crate) const TAKEN: [&str; 53] = [
    "label",
    "note",
    "annotator",
    "created",
    "changed",
    "annotationId",
    "fragment",
    "begin",
    "end",
    "sofa",
    "id",
    "type",
    "self",
    "xmiID",
    "xmlns",
    "get",
    "set",
    "get_covered_text",
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
];
