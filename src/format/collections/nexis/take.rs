//! What the value of a Nexis field becomes in an article, in both layouts.

use super::names::{self, folded};
use crate::format::collections::databases::set;
use crate::format::reading::FoundArticle;

/// Words that stand before the name of an author.
const BY: &[&str] = &["by", "von", "par", "por", "door", "di", "da"];

pub(super) fn is_by(word: &str) -> bool {
    BY.contains(&folded(word).as_str())
}

/// Puts a field into an article; of several with one key the first counts.
pub(super) fn field(article: &mut FoundArticle, key: &str, value: &str) {
    match key {
        "title" if article.title.is_empty() => value.clone_into(&mut article.title),
        "title" => set(article, "headline", value),
        "section" => {
            // “NEWS; Pg. 4”, “Home Pages, Pg. 15”, “Financial; E01”
            let parts = || {
                value
                    .split([';', ','])
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
            };
            let last = value
                .rsplit(';')
                .next()
                .map(str::trim)
                .filter(|part| is_bare_page(part));
            let section = value
                .split(';')
                .map(str::trim)
                .find(|part| !part.is_empty())
                .unwrap_or_default();
            let section = match section.rsplit_once(',') {
                Some((section, rest)) if page(rest.trim()).is_some() => section,
                _ => section,
            };
            if page(section).is_none() {
                set(article, "section", section);
            }
            set(
                article,
                "page",
                parts().find_map(page).or(last).unwrap_or_default(),
            );
        }
        "words" => {
            let digits: String = value
                .chars()
                .take_while(|c| {
                    c.is_ascii_digit() || matches!(c, ',' | '.' | '\u{A0}' | '\u{202F}')
                })
                .filter(char::is_ascii_digit)
                .collect();
            set(article, "words", &digits);
        }
        "author" => {
            let author = value.split_once(' ').filter(|(first, _)| is_by(first));
            set(
                article,
                "author",
                author.map_or(value, |(_, author)| author),
            );
        }
        key => set(article, key, value),
    }
}

/// The page in “Pg. 4”, “S. 7 Ausg. 167”, “p. 12”, “Blz. 3”.
fn page(part: &str) -> Option<&str> {
    const MARKS: &[&str] = &["pg", "s", "p", "pag", "blz", "seite", "page"];
    let (mark, page) = part.split_once([' ', '.'])?;
    let is_mark = MARKS.contains(&folded(mark.trim_end_matches('.')).as_str());
    let page = page.trim_start_matches('.').trim();
    let end = page.find(' ').unwrap_or(page.len());
    let page = page.get(..end)?.trim_end_matches([',', ';']);
    (is_mark && page.contains(|c: char| c.is_ascii_digit())).then_some(page)
}

/// “E01”, “12”
fn is_bare_page(part: &str) -> bool {
    let digits = part.trim_start_matches(|c: char| c.is_ascii_uppercase());
    part.len() <= 5 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A line of fields in the layout of today.
pub(super) fn line(article: &mut FoundArticle, line: &str) {
    if let Some((key, value)) = names::field(line) {
        field(article, key, value);
    } else if names::is_rights(line) {
        set(article, "copyright", line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let check = |key: &str, value: &str, expected: &[(&str, &str)]| {
            let mut article = FoundArticle::default();
            field(&mut article, key, value);
            let got: Vec<(&str, &str)> = article
                .metadata
                .iter()
                .map(|(key, value)| (key.as_str(), value.as_str()))
                .collect();
            assert_eq!(got, expected, "{key}: {value}");
        };
        check(
            "section",
            "NEWS; Pg. 4",
            &[("page", "4"), ("section", "NEWS")],
        );
        check("section", "S. 7 Ausg. 167", &[("page", "7")]);
        check(
            "section",
            "Section B; Page 22, Column 2; National Desk",
            &[("page", "22"), ("section", "Section B")],
        );
        check(
            "section",
            "Home Pages, Pg. 15",
            &[("page", "15"), ("section", "Home Pages")],
        );
        check(
            "section",
            "Financial; E01",
            &[("page", "E01"), ("section", "Financial")],
        );
        check("section", "Arts, Books", &[("section", "Arts, Books")]);
        check("section", "Culture", &[("section", "Culture")]);
        check("words", "1,523 words", &[("words", "1523")]);
        check("author", "By Ana Lund", &[("author", "Ana Lund")]);
        check("author", "Diana Lund", &[("author", "Diana Lund")]);
    }
}
