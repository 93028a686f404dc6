//! What the exports of databases have in common: lines from any container, fields by their names,
//! and the loop over their documents.

use crate::format::articles::{docx, html, rtf};
use crate::format::reading::archive::Archive;
use crate::format::reading::dates::parse_date;
use crate::format::reading::decode;
use crate::format::reading::{
    FoundArticle, Head, Likelihood, MAX_UNPACKED_BYTES, ReadOptions, Reader, ReaderGroup, Reading,
    Refusal, Source,
};

/// A document as lines. In text files lines are as they stand; in others a line is a paragraph.
pub(super) struct Lines {
    pub(super) lines: Vec<String>,
    /// Lines were broken at a width, so that a blank line is what ends a paragraph.
    pub(super) are_wrapped: bool,
    pub(super) encoding: Option<&'static str>,
    pub(super) is_encoding_guessed: bool,
    pub(super) remarks: Vec<String>,
}

/// What a document of an export turned out to be.
pub(super) enum Found {
    Article(Box<FoundArticle>),
    /// What has no text, as the report calls it.
    WithoutText(String),
    /// A page of contents, or the database's own words.
    Other,
}

/// The reader of a database's exports.
pub(super) const fn reader(
    name: &'static str,
    title: &'static str,
    recognise: fn(&Head<'_>) -> Likelihood,
    read: fn(&Source<'_>, &ReadOptions) -> Result<Reading, Refusal>,
) -> Reader {
    Reader {
        name,
        title,
        group: ReaderGroup::Collection,
        extensions: &["docx", "rtf", "txt", "html", "htm"],
        recognise,
        read,
    }
}

/// The articles among the documents of an export. `sought` is what an article has, as far as the
/// database holds others: “with its full text”.
pub(super) fn reading_of<D>(
    lines: Lines,
    documents: impl FnOnce(&[String]) -> Vec<D>,
    found: impl Fn(usize, &D, bool) -> Found,
    (database, sought): (&str, &str),
) -> Result<Reading, Refusal> {
    let mut reading = Reading {
        encoding: lines.encoding,
        is_encoding_guessed: lines.is_encoding_guessed,
        remarks: lines.remarks,
        ..Reading::default()
    };
    for (at, document) in documents(&lines.lines).iter().enumerate() {
        match found(at, document, lines.are_wrapped) {
            Found::Article(article) => reading.articles.push(*article),
            Found::WithoutText(what) => {
                let text = if sought.is_empty() {
                    "text"
                } else {
                    "full text"
                };
                reading
                    .remarks
                    .push(format!("{what} has no {text} and was left out"));
            }
            Found::Other => {}
        }
    }
    if reading.articles.is_empty() {
        Err(Refusal::new(format!(
            "this looks like {database} export, but no article{sought} was found in it"
        )))
    } else {
        Ok(reading)
    }
}

/// The lines of a text, DOCX, RTF or HTML file.
pub(super) fn lines_of(source: &Source<'_>) -> Result<Lines, Refusal> {
    let bytes = source.bytes;
    let paragraphs = if bytes.starts_with(b"PK\x03\x04") {
        Some(docx::paragraphs(bytes)?)
    } else if bytes.starts_with(b"{\\rtf") {
        Some(rtf::paragraphs(bytes)?)
    } else {
        None
    };
    if let Some(paragraphs) = paragraphs {
        let lines = paragraphs.into_iter().flat_map(|paragraph| {
            let lines: Vec<String> = paragraph
                .text
                .split('\n')
                .map(|line| line.trim().to_owned())
                .collect();
            lines
        });
        return Ok(Lines {
            lines: lines.collect(),
            are_wrapped: false,
            encoding: None,
            is_encoding_guessed: false,
            remarks: Vec::new(),
        });
    }
    let is_page = {
        let start = bytes.get(..2_000).unwrap_or(bytes).to_ascii_lowercase();
        memchr::memmem::find(&start, b"<html").is_some()
            || memchr::memmem::find(&start, b"<!doctype html").is_some()
    };
    let decoded = if is_page {
        html::decode_page(bytes, None)
    } else {
        decode::decode(bytes)
    };
    let decoded = decoded.ok_or_else(|| Refusal::new("this is a binary file, not text"))?;
    let remarks = decoded.remarks();
    let is_encoding_guessed = decoded.is_guess;
    let text = if is_page {
        html::whole_text(&decoded.text)
    } else {
        decoded.text
    };
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| line.trim().to_owned())
        .collect();
    let long = lines
        .iter()
        .filter(|line| line.chars().count() > 100)
        .count();
    Ok(Lines {
        are_wrapped: !is_page && long * 50 < lines.len(),
        lines,
        encoding: Some(decoded.encoding),
        is_encoding_guessed,
        remarks,
    })
}

/// The start of a file as text for recognising it: what stands in a DOCX or RTF too.
pub(super) fn start_of(head: &Head<'_>) -> String {
    let bytes = head.source.bytes;
    if bytes.starts_with(b"PK\x03\x04") {
        let archive = Archive::open(bytes, MAX_UNPACKED_BYTES);
        let document = archive.and_then(|archive| archive.member("word/document.xml"));
        let Ok(document) = document else {
            return String::new();
        };
        let start = document.get(..400_000).unwrap_or(&document);
        let mut text = String::new();
        // Tags become nothing within words and line ends between paragraphs.
        let source = String::from_utf8_lossy(start).replace("</w:p>", "\n");
        let mut rest = source.as_str();
        while let Some((before, after)) = rest.split_once('<') {
            text.push_str(before);
            rest = after.split_once('>').map_or("", |(_, rest)| rest);
        }
        return text.replace("&amp;", "&");
    }
    if bytes.starts_with(b"{\\rtf") {
        let start = bytes.get(..200_000).unwrap_or(bytes);
        let paragraphs = rtf::paragraphs(start).unwrap_or_default();
        let lines: Vec<String> = paragraphs
            .into_iter()
            .map(|paragraph| paragraph.text)
            .collect();
        return lines.join("\n");
    }
    if head.text.trim_start().starts_with('<') {
        without_tags(head.text)
    } else {
        head.text.to_owned()
    }
}

/// The text of a page for recognising it: blocks and cells as lines, tags left out.
fn without_tags(html: &str) -> String {
    const LINES: &[&str] = &[
        "p", "div", "br", "tr", "td", "li", "h1", "h2", "h3", "table",
    ];
    let mut text = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, behind) = after.split_once('>').unwrap_or((after, ""));
        rest = behind;
        let name = tag.trim_start_matches('/');
        let end = name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default();
        if LINES.iter().any(|line| line.eq_ignore_ascii_case(name)) && !text.ends_with('\n') {
            text.push('\n');
        }
    }
    text.push_str(rest);
    text.replace("&nbsp;", " ").replace("&amp;", "&")
}

/// Lines as paragraphs with a blank line between them.
pub(super) fn body_of(lines: &[String], are_wrapped: bool) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in lines {
        if line.is_empty() {
            is_open = false;
            continue;
        }
        match paragraphs.last_mut().filter(|_| is_open && are_wrapped) {
            Some(last) => {
                last.push(' ');
                last.push_str(line);
            }
            None => paragraphs.push(line.clone()),
        }
        is_open = true;
    }
    paragraphs.join("\n\n")
}

/// Sets a field; dates are understood where they can be, and kept as they are where not.
pub(super) fn set(article: &mut FoundArticle, key: &str, value: &str) {
    let value = value.trim().trim_end_matches(';').trim();
    if value.is_empty() || article.metadata.contains_key(key) {
        return;
    }
    let value = match key {
        "published" | "load date" => parse_date(value).unwrap_or_else(|| value.to_owned()),
        "language" => language_code(value),
        _ => value.to_owned(),
    };
    article.metadata.insert(key.to_owned(), value);
}

fn language_code(name: &str) -> String {
    const CODES: &[(&str, &str)] = &[
        ("english", "en"),
        ("englisch", "en"),
        ("anglais", "en"),
        ("german", "de"),
        ("deutsch", "de"),
        ("allemand", "de"),
        ("french", "fr"),
        ("français", "fr"),
        ("französisch", "fr"),
        ("spanish", "es"),
        ("español", "es"),
        ("spanisch", "es"),
        ("italian", "it"),
        ("italiano", "it"),
        ("portuguese", "pt"),
        ("português", "pt"),
        ("dutch", "nl"),
        ("nederlands", "nl"),
        ("chinese", "zh"),
        ("japanese", "ja"),
        ("korean", "ko"),
        ("arabic", "ar"),
        ("russian", "ru"),
        ("polish", "pl"),
        ("turkish", "tr"),
        ("swedish", "sv"),
        ("danish", "da"),
        ("norwegian", "no"),
        ("finnish", "fi"),
        ("hebrew", "he"),
        ("hindi", "hi"),
    ];
    let lower = name.to_lowercase();
    let first = lower.split([',', ';', ' ']).next().unwrap_or_default();
    let known = CODES
        .iter()
        .find(|(name, code)| *name == first || *code == first);
    known.map_or_else(|| name.to_owned(), |(_, code)| (*code).to_owned())
}

/// `Name: value` at the start of a line, whatever the case of the name.
pub(super) fn field<'a>(
    line: &'a str,
    fields: &[(&'static str, &[&str])],
) -> Option<(&'static str, &'a str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim().to_lowercase();
    let found = fields
        .iter()
        .find(|(_, names)| names.contains(&name.as_str()))?;
    Some((found.0, value.trim()))
}
