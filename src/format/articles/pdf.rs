//! PDF documents: characters with their places to lines, columns and paragraphs.
//!
//! pdf-extract gives the characters; what a line, a column and a paragraph is, is decided in
//! `layout`. Knows no pictures: a scanned page has no text here.

mod clean;
mod layout;
mod tame;

use crate::format::reading::fence;
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use layout::{Glyph, Page};
use pdf_extract::{
    Dictionary, Document, MediaBox, Object, ObjectId, OutputDev, OutputError, Transform, output_doc,
};

pub const READER: Reader = Reader {
    name: "pdf",
    title: "PDF document",
    group: ReaderGroup::Article,
    extensions: &["pdf"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let start = head.source.bytes.get(..1_024).unwrap_or(head.source.bytes);
    match memchr::memmem::find(start, b"%PDF-") {
        Some(_) => Likelihood::Sure,
        None => Likelihood::No,
    }
}

/// The most characters of a document.
const MAX_GLYPHS: usize = 20_000_000;

/// Collects characters with their places, page by page.
#[derive(Default)]
struct Collector {
    pages: Vec<Page>,
    height: f64,
    glyphs: usize,
    /// Pages that were read to their end.
    ended: usize,
}

impl OutputDev for Collector {
    fn begin_page(
        &mut self,
        _number: u32,
        media: &MediaBox,
        _art: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.height = media.ury - media.lly;
        self.pages.push(Page {
            width: media.urx - media.llx,
            height: self.height,
            glyphs: Vec::new(),
        });
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        self.ended += 1;
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.glyphs += 1;
        if self.glyphs > MAX_GLYPHS {
            return Err(OutputError::FormatError(std::fmt::Error));
        }
        let scale = (place.m11 * place.m11 + place.m12 * place.m12).sqrt();
        let size = (font_size * scale).abs();
        let is_turned = place.m12.abs() > place.m11.abs();
        if let Some(page) = self
            .pages
            .last_mut()
            .filter(|_| size.is_finite() && !is_turned)
        {
            page.glyphs.push(Glyph {
                x: place.m31,
                y: self.height - place.m32,
                width: width * size,
                size,
                text: text.to_owned(),
            });
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Pages and forms nest so deep at most.
const MAX_NESTED: usize = 48;

fn entry<'a>(
    document: &'a Document,
    dictionary: &'a Dictionary,
    name: &[u8],
) -> Option<&'a Object> {
    let value = dictionary.get(name).ok()?;
    match document.dereference(value) {
        Ok((_, object)) => Some(object),
        Err(_) => None,
    }
}

/// Whether pages inherit from themselves, which pdf-extract would follow for ever; nesting over
/// [`MAX_NESTED`] counts too. Forms are looked at in `tame`.
fn refers_to_itself(document: &Document) -> bool {
    let parent = |id: ObjectId| {
        let dictionary = document.get_dictionary(id).ok()?;
        dictionary
            .get(b"Parent")
            .and_then(Object::as_reference)
            .ok()
    };
    for page in document.get_pages().into_values() {
        let mut above = Some(page);
        let mut steps = 0;
        while let Some(id) = above {
            steps += 1;
            if steps > MAX_NESTED {
                return true;
            }
            above = parent(id);
        }
    }
    false
}

/// The most pages that the reader may fail on before the rest is given up.
const MAX_FAILURES: usize = 50;

/// Collects the characters of all pages. The library panics on damaged pages: what it failed on is
/// cleaned and tried again, and left out when that does not help. Says what was left out.
fn collect(document: &mut Document) -> Result<(Collector, Vec<String>), Refusal> {
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let mut collector = Collector::default();
    let mut remarks = Vec::new();
    let mut damaged: Vec<u32> = Vec::new();
    let mut first = 0;
    let mut cleaned = None;
    let mut failures = 0;
    loop {
        let (left, ended) = (collector.pages.len(), collector.ended);
        let result = fence::fenced("the PDF", || output_doc(document, &mut collector));
        let reason = match result {
            Ok(Ok(())) => break,
            Ok(Err(error)) => error.to_string(),
            Err(refusal) => refusal.0,
        };
        // The page that it failed on, whether it had begun it or not.
        let at = first + (collector.ended - ended);
        failures += 1;
        if collector.glyphs > MAX_GLYPHS || failures > MAX_FAILURES || at >= pages.len() {
            remarks.push(format!(
                "only {at} of {} pages could be read: {reason}",
                pages.len()
            ));
            break;
        }
        first = if cleaned == Some(at) {
            // What it had drawn by then is kept.
            if collector.pages.len() == left + at - first {
                collector.pages.push(Page::default());
            }
            damaged.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            at + 1
        } else {
            cleaned = Some(at);
            collector.pages.truncate(left + at - first);
            clean::clean_page(document, pages.get(at).copied());
            at
        };
        let rest = pages.get(first..).unwrap_or_default();
        if rest.is_empty() || !clean::keep_pages(document, rest) {
            break;
        }
    }
    if collector.glyphs == 0 && !damaged.is_empty() {
        return Err(Refusal::new(
            "the PDF is damaged in a way that its reader cannot cope with",
        ));
    }
    if !damaged.is_empty() {
        remarks.push(format!(
            "pages that are damaged could not be read whole: {}",
            tame::listed(&damaged)
        ));
    }
    Ok((collector, remarks))
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    tame::check_file(source.bytes)?;
    let load = || Document::load_mem(source.bytes);
    let mut document = fence::fenced("the PDF", load)?
        .map_err(|error| Refusal::new(format!("the PDF is damaged: {error}")))?;
    const ENCRYPTED: &str = "the PDF is encrypted; save it without a password";
    // Loading takes the mark off when the empty password seems to fit.
    let was_encrypted = memchr::memmem::find(source.bytes, b"/Encrypt").is_some();
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(Refusal::new(ENCRYPTED));
    }
    if refers_to_itself(&document) {
        return Err(Refusal::new(
            "the PDF is damaged: its pages or drawings refer to themselves",
        ));
    }
    let mut remarks = tame::tame(&mut document)?;
    let pages = document.get_pages().len();
    let (collector, told) = collect(&mut document)?;
    remarks.extend(told);
    if pages == 0 {
        return Err(Refusal::new(if was_encrypted {
            ENCRYPTED
        } else {
            "the PDF has no pages; it is damaged"
        }));
    }
    // Where something was left out, that may be why there is nothing.
    let left_out = remarks.first().cloned();
    let no_text = |reason: &str| match &left_out {
        Some(remark) => Refusal::new(format!("the PDF has no text that can be read: {remark}")),
        None => Refusal::new(reason),
    };
    if collector.glyphs < 15 * pages {
        return Err(no_text(
            "the PDF has pictures of pages but no text; run OCR over it first",
        ));
    }
    let empty: Vec<String> = (1..)
        .zip(&collector.pages)
        .filter(|(_, page)| page.glyphs.is_empty())
        .map(|(number, _)| number.to_string())
        .take(20)
        .collect();
    if !empty.is_empty() {
        remarks.push(format!(
            "these pages have no text and may be scanned: {}",
            empty.join(", ")
        ));
    }
    let (text, repeated) = layout::text_of(&collector.pages);
    let unreadable = text
        .chars()
        .filter(|c| matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}'))
        .count();
    if unreadable * 3 > text.chars().count() {
        return Err(Refusal::new(
            "the fonts of the PDF do not say which letters they show; run OCR over it first",
        ));
    }
    if unreadable > 0 {
        remarks.push(format!(
            "{unreadable} characters have no letter in the fonts of the PDF"
        ));
    }
    if repeated > 0 {
        remarks.push(format!(
            "{repeated} running heads, feet and page numbers were left out"
        ));
    }
    let mut article = FoundArticle {
        text,
        ..FoundArticle::default()
    };
    if article.text.trim().is_empty() {
        return Err(no_text("there is no text in this PDF"));
    }
    article
        .metadata
        .insert("pages".to_owned(), pages.to_string());
    add_information(&mut article, &document);
    Ok(Reading {
        articles: vec![article],
        remarks,
        ..Reading::default()
    })
}

/// Title, author and date of the document information dictionary (ISO 32000-1, 14.3.3).
fn add_information(article: &mut FoundArticle, document: &Document) {
    let info = document.trailer.get(b"Info").ok();
    let info = info.and_then(|info| match info {
        Object::Reference(id) => document.get_dictionary(*id).ok(),
        other => other.as_dict().ok(),
    });
    let Some(info) = info else {
        return;
    };
    let value = |name: &[u8]| {
        let text = pdf_text(info.get(name).ok()?.as_str().ok()?);
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    // Programs put file names into the title.
    let is_name = |title: &String| {
        let lower = title.to_lowercase();
        lower.starts_with("microsoft ")
            || lower == "untitled"
            || [".doc", ".docx", ".indd", ".qxd", ".pdf", ".tex"]
                .iter()
                .any(|ending| lower.ends_with(ending))
    };
    article.title = value(b"Title")
        .filter(|title| !is_name(title))
        .unwrap_or_default();
    if let Some(author) = value(b"Author") {
        article.metadata.insert("author".to_owned(), author);
    }
    if let Some(date) = value(b"CreationDate") {
        let digits: String = date.chars().filter(char::is_ascii_digit).take(8).collect();
        let parts = (digits.get(..4), digits.get(4..6), digits.get(6..8));
        if let (Some(year), Some(month), Some(day)) = parts {
            article
                .metadata
                .insert("created".to_owned(), format!("{year}-{month}-{day}"));
        }
    }
}

/// A text string: UTF-16 with a mark, UTF-8 with a mark, or Latin text (ISO 32000-1, 7.9.2.2).
fn pdf_text(bytes: &[u8]) -> String {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, length)) => {
            let rest = bytes.get(length..).unwrap_or_default();
            encoding.decode_without_bom_handling(rest).0.into_owned()
        }
        None => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests;
