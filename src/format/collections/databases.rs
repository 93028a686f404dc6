//! What the exports of databases have in common: lines from any container, fields by their names,
//! and the loop over their documents.

use super::pages::Page;
use crate::format::articles::paragraphs::Paragraph;
use crate::format::articles::{docx, eml, html, mhtml, rtf};
use crate::format::reading::archive::Archive;
use crate::format::reading::dates::parse_date;
use crate::format::reading::decode::{self, Decoded};
use crate::format::reading::{
    FoundArticle, Head, Inside, Likelihood, MAX_UNPACKED_BYTES, ReadOptions, Reader, ReaderGroup,
    Reading, Refusal, Source,
};

/// A document as lines. In text files lines are as they stand; in others a line is a paragraph.
pub(super) struct Lines {
    pub(super) lines: Vec<String>,
    /// For each line whether it is centred; empty where the file does not tell.
    pub(super) centred: Vec<bool>,
    /// The lines that documents begin with, where the file marks them.
    pub(super) breaks: Vec<usize>,
    /// Lines were broken at a width, so that a blank line is what ends a paragraph.
    pub(super) are_wrapped: bool,
    /// Blank lines part all that belongs apart.
    pub(super) has_blocks: bool,
    decoding: Decoding,
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
    const ENDINGS: &[&str] = &["docx", "rtf", "txt", "html", "htm", "mhtml", "mht", "eml"];
    reader_of(name, title, ENDINGS, recognise, read)
}

/// The reader of exports that come as some kinds of files only.
pub(super) const fn reader_of(
    name: &'static str,
    title: &'static str,
    extensions: &'static [&'static str],
    recognise: fn(&Head<'_>) -> Likelihood,
    read: fn(&Source<'_>, &ReadOptions) -> Result<Reading, Refusal>,
) -> Reader {
    Reader {
        name,
        title,
        group: ReaderGroup::Collection,
        extensions,
        recognise,
        read,
    }
}

/// The articles among the documents of an export. `sought` is what an article has, as far as the
/// database holds others: “with its full text”.
pub(super) fn reading_of<D>(
    lines: Lines,
    documents: impl FnOnce(&Lines) -> Vec<D>,
    found: impl Fn(usize, &D, bool) -> Found,
    names: (&str, &str),
) -> Result<Reading, Refusal> {
    let documents = documents(&lines);
    let are_wrapped = lines.are_wrapped;
    let found = |at: usize, document: &D| found(at, document, are_wrapped);
    reading_of_documents(lines.decoding, &documents, found, names)
}

/// As [`reading_of`], of documents that were no lines.
pub(super) fn reading_of_documents<D>(
    decoding: Decoding,
    documents: &[D],
    found: impl Fn(usize, &D) -> Found,
    (database, sought): (&str, &str),
) -> Result<Reading, Refusal> {
    let mut reading = Reading {
        encoding: decoding.encoding,
        is_encoding_guessed: decoding.is_guess,
        remarks: decoding.remarks,
        ..Reading::default()
    };
    for (at, document) in documents.iter().enumerate() {
        match found(at, document) {
            Found::Article(article) => reading.articles.push(*article),
            Found::WithoutText(what) => {
                let text = if sought.is_empty() {
                    "text"
                } else {
                    "full text"
                };
                reading.left_out.count_told(1);
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

/// An article as tests want it: its title, its text and some of its metadata.
#[cfg(test)]
pub(super) type Expected<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

#[cfg(test)]
#[track_caller]
pub(super) fn check_articles(reading: &Reading, expected: &[Expected<'_>]) {
    assert_eq!(reading.articles.len(), expected.len());
    for (article, (title, text, metadata)) in reading.articles.iter().zip(expected) {
        assert_eq!(
            (article.title.as_str(), article.text.as_str()),
            (*title, *text)
        );
        for (key, value) in *metadata {
            let got = article.metadata.get(*key).map(String::as_str);
            assert_eq!(got, Some(*value), "{key}: {:?}", article.metadata);
        }
    }
}

/// What a file holds, as far as databases give it out.
pub(super) enum Content {
    Paragraphs(Vec<String>),
    Page(String, Decoding),
    Text(String, Decoding),
}

/// How bytes became text.
#[derive(Default)]
pub(super) struct Decoding {
    encoding: Option<&'static str>,
    is_guess: bool,
    remarks: Vec<String>,
}

impl Decoding {
    fn of(decoded: &Decoded) -> Self {
        Self {
            encoding: Some(decoded.encoding),
            is_guess: decoded.is_guess,
            remarks: decoded.remarks(),
        }
    }
}

/// What stands in a DOCX, RTF, HTML or text file, a saved page or a mail.
pub(super) fn content_of(source: &Source<'_>) -> Result<Content, Refusal> {
    let bytes = source.bytes;
    let texts = |paragraphs: Vec<Paragraph>| {
        let texts = paragraphs.into_iter().map(|paragraph| paragraph.text);
        Content::Paragraphs(texts.collect())
    };
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(texts(docx::paragraphs(bytes)?));
    }
    if bytes.starts_with(b"{\\rtf") {
        return Ok(texts(rtf::paragraphs(bytes)?));
    }
    let start = decode::decode_head(bytes.get(..HEAD_BYTES).unwrap_or(bytes));
    if mhtml::looks_like_page(&start) {
        let page = mhtml::page_of(bytes)?;
        let decoding = Decoding::of(&page);
        return Ok(Content::Page(page.text, decoding));
    }
    if eml::looks_like_mail(&start) {
        let body = eml::body_of(bytes)?;
        let decoding = Decoding::of(&body.decoded);
        let text = body.decoded.text;
        return Ok(if body.is_page {
            Content::Page(text, decoding)
        } else {
            Content::Text(text, decoding)
        });
    }
    let is_page = is_page(&start);
    let decoded = if is_page {
        html::decode_page(bytes, None)
    } else {
        decode::decode(bytes)
    };
    let decoded = decoded.ok_or_else(|| Refusal::new("this is a binary file, not text"))?;
    let decoding = Decoding::of(&decoded);
    Ok(if is_page {
        Content::Page(decoded.text, decoding)
    } else {
        Content::Text(decoded.text, decoding)
    })
}

/// The lines of any content.
pub(super) fn lines_of(source: &Source<'_>) -> Result<Lines, Refusal> {
    Ok(lines_in(content_of(source)?))
}

pub(super) fn lines_in(content: Content) -> Lines {
    match content {
        Content::Paragraphs(paragraphs) => {
            let mut lines = Vec::new();
            for paragraph in paragraphs {
                lines.extend(paragraph.split('\n').map(|line| line.trim().to_owned()));
                lines.push(String::new());
            }
            lines_as(lines, Decoding::default())
        }
        Content::Page(html, decoding) => lines_of_page(Page::read(&html), decoding),
        Content::Text(text, decoding) => lines_of_text(&text, decoding),
    }
}

pub(super) fn lines_of_page(page: Page, decoding: Decoding) -> Lines {
    Lines {
        centred: page.centred(),
        breaks: page.breaks().to_vec(),
        ..lines_as(page.into_lines(), decoding)
    }
}

fn lines_as(lines: Vec<String>, decoding: Decoding) -> Lines {
    Lines {
        lines,
        centred: Vec::new(),
        breaks: Vec::new(),
        are_wrapped: false,
        has_blocks: true,
        decoding,
    }
}

fn lines_of_text(text: &str, decoding: Decoding) -> Lines {
    let whole: Vec<&str> = text.split('\n').map(str::trim_end).collect();
    let long = whole
        .iter()
        .filter(|line| line.trim_start().chars().count() > 100)
        .count();
    let are_wrapped = long * 50 < whole.len();
    let centred = whole.iter().map(|line| is_centred(line)).collect();
    Lines {
        centred: if are_wrapped { centred } else { Vec::new() },
        are_wrapped,
        has_blocks: are_wrapped,
        ..lines_as(
            whole
                .iter()
                .map(|line| line.trim_start().to_owned())
                .collect(),
            decoding,
        )
    }
}

/// Whether a line stands in the middle of a page that is 80 characters wide.
fn is_centred(line: &str) -> bool {
    let text = line.trim_start();
    let before = line.chars().count() - text.chars().count();
    let behind = 80_usize.saturating_sub(line.chars().count());
    before >= 8 || (before >= 1 && !text.is_empty() && before.abs_diff(behind) <= 6)
}

/// So much of a file is looked at to recognise it, styles and scripts apart.
const HEAD_BYTES: usize = 64 << 10;

/// Whether a text is a page or a fragment of one.
fn is_page(start: &str) -> bool {
    let start = start.trim_start_matches('\u{FEFF}').trim_start();
    let lower = start
        .get(..start.floor_char_boundary(4_000))
        .unwrap_or(start)
        .to_ascii_lowercase();
    let has = |tag: &str| lower.contains(tag);
    let is_whole = has("<html") || has("<!doctype html");
    let is_fragment = ["<p", "<div", "<table", "<br", "<h1", "<article"]
        .iter()
        .any(|tag| has(tag));
    lower.starts_with('<') && (is_whole || (is_fragment && !lower.starts_with("<?xml")))
}

/// The start of a file as text for recognising it: what stands in a DOCX, an RTF, a mail or behind
/// the styles of a page too.
pub(super) fn start_of<'a>(head: &'a Head<'_>) -> &'a str {
    head.inside(inside).text.as_deref().unwrap_or(head.text)
}

/// [`start_of`] with the letters of ASCII in lower case.
pub(super) fn lower_start<'a>(head: &'a Head<'_>) -> &'a str {
    &head.inside(inside).lower
}

/// The start of a page with its tags, styles and scripts left out: those of real exports take
/// hundreds of kilobytes. `None` for what is no page.
pub(super) fn page_start<'a>(head: &'a Head<'_>) -> Option<&'a str> {
    head.inside(inside).page.as_deref()
}

fn inside(head: &Head<'_>) -> Inside {
    let bytes = head.source.bytes;
    let (page, text) = if bytes.starts_with(b"PK\x03\x04") {
        (None, Some(document_start(bytes)))
    } else if bytes.starts_with(b"{\\rtf") {
        let start = bytes.get(..200_000).unwrap_or(bytes);
        let paragraphs = rtf::paragraphs(start).unwrap_or_default();
        let lines: Vec<String> = paragraphs
            .into_iter()
            .map(|paragraph| paragraph.text)
            .collect();
        (None, Some(lines.join("\n")))
    } else if is_page(head.text) {
        let thin = without_styles(bytes);
        let decoded = html::decode_page(&thin, None);
        (decoded.map(|decoded| decoded.text), None)
    } else {
        match letter_start(head) {
            Some(Content::Page(page, _)) => {
                let thin = without_styles(page.as_bytes());
                (Some(String::from_utf8_lossy(&thin).into_owned()), None)
            }
            Some(Content::Text(mut text, _)) => {
                text.truncate(text.floor_char_boundary(HEAD_BYTES));
                (None, Some(text))
            }
            _ => (None, None),
        }
    };
    let text = text.or_else(|| page.as_deref().map(without_tags));
    let lower = text.as_deref().unwrap_or(head.text).to_ascii_lowercase();
    Inside { page, text, lower }
}

/// The text that a DOCX begins with.
fn document_start(bytes: &[u8]) -> String {
    let archive = Archive::open(bytes, MAX_UNPACKED_BYTES);
    let document = archive.and_then(|archive| archive.member("word/document.xml"));
    let Ok(document) = document else {
        return String::new();
    };
    // The cover page of an export may list hundreds of documents.
    let start = document.get(..4_000_000).unwrap_or(&document);
    let mut text = String::new();
    // Tags become nothing within words and line ends between paragraphs.
    let source = String::from_utf8_lossy(start).replace("</w:p>", "\n");
    let mut rest = source.as_str();
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    text.replace("&amp;", "&")
}

/// What a mail or a saved page holds, when it may be from a database: others are not looked into.
fn letter_start(head: &Head<'_>) -> Option<Content> {
    const SENDERS: &[&str] = &[
        "proquest",
        "nexis",
        "factiva",
        "dow jones",
        "dowjones",
        "ebsco",
        "europresse",
        "cedrom",
        "eureka.cc",
    ];
    if !(mhtml::looks_like_page(head.text) || eml::looks_like_mail(head.text)) {
        return None;
    }
    let lower = head.text.to_ascii_lowercase();
    let may_be = SENDERS.iter().any(|sender| lower.contains(sender));
    may_be.then(|| content_of(&head.source).ok()).flatten()
}

/// The first bytes of a page that are no style, script or long attribute. The encoding that it names
/// stays.
fn without_styles(bytes: &[u8]) -> Vec<u8> {
    /// Hidden fields hold the state of whole programs.
    const MAX_TAG: usize = 2_000;
    let mut thin = Vec::with_capacity(HEAD_BYTES.min(bytes.len()));
    let mut at = 0;
    while thin.len() < HEAD_BYTES {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(tag) = memchr::memchr(b'<', rest) else {
            thin.extend_from_slice(rest);
            break;
        };
        thin.extend_from_slice(rest.get(..tag).unwrap_or_default());
        let rest = rest.get(tag..).unwrap_or_default();
        let end = memchr::memchr(b'>', rest).map_or(rest.len(), |end| end + 1);
        let is = |name: &[u8]| {
            let found = rest.get(1..=name.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(name))
        };
        let unseen: &[&[u8]] = &[b"style", b"script"];
        match unseen.iter().find(|name| is(name)) {
            Some(name) => {
                let behind = rest.get(end..).unwrap_or_default();
                at += tag + end + end_of(name, behind);
            }
            None => {
                let kept = end.min(MAX_TAG);
                thin.extend_from_slice(rest.get(..kept).unwrap_or_default());
                if kept < end {
                    thin.push(b'>');
                }
                at += tag + end;
            }
        }
    }
    thin.truncate(HEAD_BYTES);
    thin
}

/// Where the end tag of an element begins.
fn end_of(name: &[u8], rest: &[u8]) -> usize {
    let found = memchr::memmem::find_iter(rest, b"</").find(|at| {
        let tag = rest.get(at + 2..at + 2 + name.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name))
    });
    found.unwrap_or(rest.len())
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

pub(super) fn language_code(name: &str) -> String {
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
