//! What a record of JSON says of itself and of an article.

use crate::format::words::names::{self, Names};
use crate::format::words::of_project::OF_PROJECT;

/// The field that says that a record is Pressmark's own, and what stands in it.
pub(crate) const EXPORTER: &str = "_exporter";
pub(crate) const PRESSMARK: &str = "Pressmark";
/// What Pressmark says of an article in such a record, beside its metadata.
pub(crate) const OF_ARTICLE: [&str; 7] = [
    EXPORTER,
    "article_id",
    "title",
    "article_status",
    "article_notes",
    "codebook",
    OF_PROJECT,
];

/// Metadata beside fields that are `taken`, and beside [`OF_ARTICLE`].
pub(crate) const fn metadata<'t>(taken: &'t [&'static str]) -> Names<'t> {
    names::metadata(taken).and(|name| OF_ARTICLE.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_come_back() {
        let names = metadata(&["text"]);
        let check = |name: &str, escaped: &str| {
            assert_eq!(names.escaped(name), escaped);
            assert_eq!(names.plain(escaped), name);
        };
        check("outlet", "outlet");
        check("text", "meta_text");
        check("title", "meta_title");
        check("meta_title", "meta_meta_title");
        check("meta_", "meta_meta_");
        // Of a foreign file.
        assert_eq!(names.plain("meta_data"), "meta_data");
    }
}
