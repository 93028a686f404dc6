//! Web pages: the article in them, what is known of it, and what surrounds it.
//!
//! Knows no network: a page is what was saved. Keeps invariant 7: a page of any size and nesting is
//! read in bounded time, or refused.

mod blocks;
mod lines;
mod main_text;
mod metadata;
mod prune;
mod shown;
mod surroundings;
mod tree;

use crate::format::reading::decode::{self, Decoded};
use crate::format::reading::fence;
use crate::format::reading::tags::{Markup, thinned};
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use encoding_rs::Encoding;
pub(crate) use tree::parsed;

pub const READER: Reader = Reader {
    name: "html",
    title: "Web page",
    group: ReaderGroup::Article,
    extensions: &["html", "htm", "xhtml", "xht"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let start = head.text.trim_start().get(..2_000);
    let start = start.unwrap_or(head.text.trim_start()).to_ascii_lowercase();
    let start = start.trim_start_matches('\u{FEFF}');
    let is_page = ["<!doctype html", "<html"]
        .iter()
        .any(|tag| start.starts_with(tag))
        || (start.starts_with('<')
            && (start.contains("<html") || start.contains("<!doctype html")));
    if is_page {
        return Likelihood::Likely;
    }
    let text = head.text.to_ascii_lowercase();
    let has = |tag: &str| text.contains(tag);
    if (has("<head") && has("<body")) || (has("<body") && has("</p>")) {
        return Likelihood::Likely;
    }
    let is_fragment = start.starts_with('<') && !start.starts_with("<?xml");
    Likelihood::Likely.when(is_fragment && (has("<p") || has("<div")) && has("</"))
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let decoded = decode_page(source.bytes, None)
        .ok_or_else(|| Refusal::new("this is a binary file, not a web page"))?;
    let article = article_of(&decoded.text, None, options)?;
    Ok(Reading {
        encoding: Some(decoded.encoding),
        is_encoding_guessed: decoded.is_guess,
        remarks: decoded.remarks(),
        articles: vec![article],
        ..Reading::default()
    })
}

/// The bytes of a page as text: by a byte-order mark, the transport's charset if there was one, the
/// page's own declaration, or a guess (the order of the HTML standard, “determining the character
/// encoding”). gb2312 and gbk are read as gb18030, which holds them both.
pub fn decode_page(bytes: &[u8], charset: Option<&str>) -> Option<Decoded> {
    if Encoding::for_bom(bytes).is_some() {
        return decode::decode(bytes);
    }
    let start = bytes.get(..4_096).unwrap_or(bytes);
    let declared = charset
        .map(str::to_owned)
        .or_else(|| declared_charset(&String::from_utf8_lossy(start)))
        .and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let Some(encoding) = declared else {
        return decode::decode(bytes);
    };
    // A page cannot declare UTF-16 in ASCII; it is UTF-8 then, says the standard.
    let encoding = match encoding.name() {
        "UTF-16LE" | "UTF-16BE" => encoding_rs::UTF_8,
        "GBK" => encoding_rs::GB18030,
        _ => encoding,
    };
    if encoding != encoding_rs::UTF_8 && !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() {
        // Valid UTF-8 by chance is all but impossible; pages that declare something else are common.
        return decode::decode(bytes);
    }
    let declared = decode::decode_as(encoding, bytes);
    // UTF-8 proves itself: a page that is none was declared wrongly, however few its letters are.
    let is_wrong = encoding == encoding_rs::UTF_8 && declared.replaced > 0;
    if is_wrong || declared.replaced * 200 > bytes.len() {
        let guessed = decode::decode(bytes);
        return guessed
            .filter(|guessed| guessed.replaced < declared.replaced)
            .or(Some(declared));
    }
    Some(declared)
}

/// The charset that the start of a page names: in a meta element or an XML declaration.
fn declared_charset(start: &str) -> Option<String> {
    let lower = start.to_ascii_lowercase();
    let after = |name: &str, text: &str| -> Option<String> {
        let (_, rest) = text.split_once(name)?;
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let rest = rest.trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)));
        let label = rest.get(..end.unwrap_or(rest.len()))?;
        (!label.is_empty()).then(|| label.to_owned())
    };
    let mut rest = lower.as_str();
    while let Some((_, tag)) = rest.split_once("<meta") {
        let end = tag.find('>').unwrap_or(tag.len());
        let inside = tag.get(..end).unwrap_or(tag);
        if let Some(label) = after("charset", inside) {
            return Some(label);
        }
        rest = tag.get(end..).unwrap_or("");
    }
    let declaration = lower.trim_start().strip_prefix("<?xml")?;
    after("encoding", declaration.split("?>").next().unwrap_or(""))
}

/// The deepest nesting that is taken as elements; deeper pages are read as plain text.
const MAX_DEPTH: usize = 1_500;

/// Whether tags nest so deep that a browser’s tree would be slow to build. Void and optional ends
/// make this an upper bound.
pub(crate) fn nests_too_deep(html: &str) -> bool {
    let mut depth = 0_usize;
    let bytes = html.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        match bytes.get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(c) if c.is_ascii_alphabetic() => {
                let rest = bytes.get(at + 1..at + 9).unwrap_or_default();
                let name_end = rest.iter().position(|c| !c.is_ascii_alphanumeric());
                let name = rest
                    .get(..name_end.unwrap_or(rest.len()))
                    .unwrap_or_default();
                let is_void = VOID
                    .iter()
                    .any(|void| name.eq_ignore_ascii_case(void.as_bytes()));
                depth += usize::from(!is_void);
            }
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

/// Elements that have no end tag, or whose end tag is usually left out.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "p", "li", "dt", "dd", "option", "tr", "td", "th", "path", "rect", "circle",
    "use", "g", "line", "polygon", "frame",
];

/// Text of a page whose elements cannot be trusted: everything outside tags.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push('\n');
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        rest = tag.get(end..).unwrap_or("");
    }
    text.push_str(rest);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// The article in a page and what is known of it. `address` is where the page was saved from.
pub fn article_of(
    html: &str,
    address: Option<&str>,
    options: &ReadOptions,
) -> Result<FoundArticle, Refusal> {
    let thin = thinned(html, Markup::Html);
    let html = thin.text.as_ref();
    let without_tree = |remark: String| {
        let text = without_tags(html);
        if text.is_empty() {
            Err(Refusal::new("there is no text in this page"))
        } else {
            Ok(FoundArticle {
                text,
                remarks: vec![remark],
                ..FoundArticle::default()
            })
        }
    };
    let mut article = if nests_too_deep(html) {
        without_tree(format!(
            "its elements nest over {MAX_DEPTH} deep, so all of its text was taken"
        ))?
    } else {
        match fence::fenced("the page", || parsed(html)) {
            Ok(Some(document)) => main_text::article(&document, address, options)?,
            _ => without_tree(
                "its elements nest too deep or multiply, so all of its text was taken".to_owned(),
            )?,
        }
    };
    article.remarks.extend(thin.remark());
    Ok(article)
}

/// All the text of a page or fragment in reading order, paragraphs and list items as lines, for
/// what is known to be nothing but article: chapters of books, bodies of mails.
pub fn whole_text(html: &str) -> String {
    let thin = thinned(html, Markup::Html);
    let html = thin.text.as_ref();
    let document = if nests_too_deep(html) {
        None
    } else {
        parsed(html)
    };
    let Some(document) = document else {
        return without_tags(html);
    };
    shown::as_shown(&document);
    let root = document.body().unwrap_or_else(|| document.root());
    blocks::join(&blocks::blocks_of(root, &|_| false))
}

#[cfg(test)]
mod tests;
