//! The title of an article that has none: its first line.

use crate::core::shown::first_words;

/// The first line that says something, without the marks of a Markdown heading; at most 200
/// characters, cut at a word.
pub fn title_of(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| line.chars().any(char::is_alphanumeric))
        .or_else(|| text.lines().map(str::trim).find(|line| !line.is_empty()))
        .unwrap_or("");
    let hashes = line.trim_start_matches('#');
    let is_heading = hashes.len() < line.len() && hashes.starts_with(' ');
    let line = if is_heading {
        hashes.trim().trim_end_matches('#').trim_end()
    } else {
        line
    };
    first_words(line, 200).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        let check = |text: &str, expected: &str| assert_eq!(title_of(text), expected);
        check("\n\n  Headline  \n\nText", "Headline");
        check("# Headline #\nText", "Headline");
        check("#hashtag first", "#hashtag first");
        check("***\nTitle", "Title");
        check("***", "***");
        assert!(title_of(&"word ".repeat(100)).ends_with("word…"));
    }
}
