//! What the columns of Pressmark's own tables are called, in CSV and in workbooks.

use crate::format::words::names::{Names, attributes, metadata};

/// The first columns of Pressmark's own tables of annotations; those of attributes follow.
pub(crate) const SPAN_COLUMNS: [&str; 21] = [
    "article_id",
    "title",
    "outlet",
    "author",
    "published",
    "url",
    "span_id",
    "annotator",
    "label",
    "fragment",
    "fragments",
    "start",
    "end",
    "text",
    "note",
    "links",
    "status",
    "created",
    "changed",
    "origin",
    "exact_values",
];
/// The column of a workbook that shows a span in its sentence; what comes after it continues cells.
/// Not `sentence`: other tools take that for the text that offsets count in.
pub(crate) const IN_SENTENCE: &str = "highlighted";
/// The first columns of Pressmark's own tables of articles; those of metadata follow.
pub(crate) const ARTICLE_COLUMNS: [&str; 7] = [
    "article_id",
    "title",
    "text",
    "text_hash",
    "text_chars",
    "notes",
    "status",
];
/// The columns of tables of quotes. None is called as those are that say where annotations stand.
pub(crate) const QUOTE_COLUMNS: [&str; 21] = [
    "quote_id",
    "article_id",
    "title",
    "outlet",
    "published",
    "annotator",
    "label",
    "kind",
    "quote",
    "quote_at",
    "speaker",
    "speaker_id",
    "source",
    "source_at",
    "cue",
    "cue_at",
    "verb",
    "depth",
    "group_id",
    "group",
    "note",
];
/// The columns of tables of people, of whom the last one says all.
pub(crate) const PEOPLE_COLUMNS: [&str; 10] = [
    "person_id",
    "name",
    "kind",
    "role",
    "affiliation",
    "identifiers",
    "aliases",
    "tied_in",
    "note",
    "record",
];
/// The columns of tables of groups and of what is not the same, of which the last one says all.
pub(crate) const GROUP_COLUMNS: [&str; 10] = [
    "group_id",
    "thing",
    "title",
    "state",
    "verdict",
    "members",
    "evidence",
    "attributes",
    "note",
    "record",
];
/// The column of a table of labels that says what they stand for.
pub(crate) const STANDS_FOR: &str = "stands_for";
/// The first columns of Pressmark's own tables of labels.
pub(crate) const LABEL_COLUMNS: [&str; 4] = ["label", "name", "color", "definition"];
/// Attributes in a table of annotations.
pub(crate) const ATTRIBUTES: Names<'_> = attributes(&[])
    .and(|name| SPAN_COLUMNS.contains(&name.to_lowercase().as_str()) || is_in_workbook(name));
/// Metadata in a table of articles.
pub(crate) const METADATA: Names<'_> = metadata(&[])
    .and(|name| ARTICLE_COLUMNS.contains(&name.to_lowercase().as_str()) || is_in_workbook(name));

fn is_in_workbook(name: &str) -> bool {
    name.to_lowercase() == IN_SENTENCE || continued(name).is_some()
}

/// The column of a cell's `n`th piece, in workbooks, whose cells are short.
pub(crate) fn further_column(name: &str, n: usize) -> String {
    format!("{name} ({n})")
}

/// The column that one continues.
pub(crate) fn continued(name: &str) -> Option<&str> {
    let (name, n) = name.strip_suffix(')')?.rsplit_once(" (")?;
    let is_number = !n.is_empty() && n.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_come_back() {
        let check = |name: &str, column: &str| {
            assert_eq!(ATTRIBUTES.escaped(name), column);
            assert_eq!(ATTRIBUTES.plain(column), name);
        };
        check("tone", "tone");
        check("Note", "attribute_Note");
        check("highlighted", "attribute_highlighted");
        check("attribute_x", "attribute_attribute_x");
        check("tone (2)", "attribute_tone (2)");
        check("tone (b)", "tone (b)");
        let check = |name: &str, column: &str| {
            assert_eq!(METADATA.escaped(name), column);
            assert_eq!(METADATA.plain(column), name);
        };
        check("outlet", "outlet");
        check("text", "meta_text");
        check("meta_data", "meta_meta_data");
    }
}
