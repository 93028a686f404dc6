//! Paragraphs of text documents, and how they become an article's text.

/// A paragraph as a document has it. Its text may hold forced line breaks (`\n`) and tabs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paragraph {
    pub text: String,
    pub is_heading: bool,
    pub is_list_item: bool,
    /// A row of a table, cells separated by tabs.
    pub is_row: bool,
}

impl Paragraph {
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

/// Paragraphs as text: a blank line between them, none between list items and rows.
pub fn text_of(paragraphs: &[Paragraph]) -> String {
    let mut text = String::new();
    let mut last: Option<&Paragraph> = None;
    for paragraph in paragraphs.iter().filter(|p| !p.text.trim().is_empty()) {
        if let Some(last) = last {
            let together =
                (last.is_list_item && paragraph.is_list_item) || (last.is_row && paragraph.is_row);
            text.push_str(if together { "\n" } else { "\n\n" });
        }
        text.push_str(paragraph.text.trim_end());
        last = Some(paragraph);
    }
    text
}
