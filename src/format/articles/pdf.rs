//! PDF documents: characters with their places to lines, columns and paragraphs.
//!
//! hayro-syntax reads the file and its objects. What a page draws is run in `content`, what its
//! fonts say is in `fonts`; what a line, a column and a paragraph is, is decided in `layout`. Knows
//! no pictures: a scanned page has no text here.

mod cjk;
mod cmap;
mod content;
mod encodings;
mod fonts;
mod glyphs;
mod layout;
mod operands;
mod programs;
mod scripts;
mod streams;

use crate::format::reading::fence;
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use content::Interpreter;
use hayro_syntax::object::Dict;
use hayro_syntax::page::Page;
use hayro_syntax::{LoadPdfError, Pdf};
use layout::Sheet;
use streams::{MAX_ALL_BYTES, MAX_STREAM_BYTES};

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

/// The pages of a document, with the table of objects as it says, or made anew.
fn load(bytes: Vec<u8>) -> Result<Pdf, Refusal> {
    let pdf = fence::fenced("the PDF", || Pdf::new(bytes))?;
    pdf.map_err(|error| match error {
        LoadPdfError::Decryption(_) => Refusal::new(ENCRYPTED),
        LoadPdfError::Invalid => Refusal::new("the PDF is damaged: no pages can be found in it"),
    })
}

const ENCRYPTED: &str = "the PDF is encrypted; save it without a password";
const ENDLESS: &str = "the PDF is damaged: its pages or drawings refer to themselves";

/// The file without what says where its table of objects is, so that its reader looks for objects
/// one after the other.
fn without_table(bytes: &[u8]) -> Vec<u8> {
    const POINTER: &[u8] = b"startxref";
    let mut anew = bytes.to_vec();
    for at in memchr::memmem::find_iter(bytes, POINTER) {
        if let Some(pointer) = anew.get_mut(at..at + POINTER.len()) {
            pointer.fill(b' ');
        }
    }
    anew
}

/// Whether a page inherits from itself; nesting over [`MAX_ABOVE`] counts too.
fn refers_to_itself(page: &Page<'_>) -> bool {
    /// Pages nest so deep at most.
    const MAX_ABOVE: usize = 48;
    let mut above = page.raw().get_ref("Parent");
    for _ in 0..MAX_ABOVE {
        let Some(pages) = above else {
            return false;
        };
        let pages = page.xref().get::<Dict<'_>>(pages.into());
        above = pages.and_then(|pages| pages.get_ref("Parent"));
    }
    true
}

/// What the pages of a document hold.
#[derive(Default)]
struct Found {
    sheets: Vec<Sheet>,
    remarks: Vec<String>,
    pages: usize,
    /// Characters that are no spaces.
    letters: usize,
    is_endless: bool,
}

/// Numbers of pages, as far as a line takes them.
fn listed(numbers: &[u32]) -> String {
    const SHOWN: usize = 10;
    let first = numbers.iter().take(SHOWN).map(u32::to_string);
    let first = first.collect::<Vec<_>>().join(", ");
    if numbers.len() > SHOWN {
        format!("{first}, … ({} in all)", numbers.len())
    } else {
        first
    }
}

/// Collects the lines of all pages. What the library panics on costs the rest of its page.
fn collect(pdf: &Pdf) -> Found {
    let pages = pdf.pages();
    let mut found = Found {
        pages: pages.len(),
        is_endless: pages.iter().any(refers_to_itself),
        ..Found::default()
    };
    let mut interpreter = Interpreter::new(pdf.xref());
    let mut damaged: Vec<u32> = Vec::new();
    let (mut empty, mut scanned) = (Vec::new(), Vec::new());
    let mut sideways = 0;
    let mut read = 0;
    for (number, page) in (1..).zip(pages.iter()) {
        if interpreter.is_used_up() {
            break;
        }
        read += 1;
        let drawing = fence::fenced("the PDF", || interpreter.draw(page, number));
        if drawing.is_err() {
            damaged.push(number);
        }
        let drawn = interpreter.drawn(page);
        let letters = drawn
            .glyphs
            .iter()
            .filter(|glyph| !glyph.text.trim().is_empty())
            .count();
        found.letters += letters;
        // A page of pictures may have its number or a stamp as text.
        match letters {
            _ if drawn.has_pictures && letters < FEW_LETTERS => scanned.push(number),
            0 => empty.push(number),
            _ => {}
        }
        let (sheets, left_out) = layout::sheets_of(layout::Page {
            width: drawn.width,
            height: drawn.height,
            glyphs: drawn.glyphs,
        });
        sideways += left_out;
        found.sheets.extend(sheets);
    }
    let told = interpreter.told;
    damaged.extend(told.unknown_fonts);
    damaged.sort_unstable();
    damaged.dedup();
    found.is_endless |= !told.endless.is_empty();
    let remarks = &mut found.remarks;
    let mut tell = |numbers: &[u32], what: &str| {
        if !numbers.is_empty() {
            remarks.push(format!("{what}: {}", listed(numbers)));
        }
    };
    tell(&damaged, "pages that are damaged could not be read whole");
    tell(
        &told.too_large,
        &format!(
            "what unpacks to too much (over {} MB, or over {} MB with the others) was left out but for its start, on pages",
            MAX_STREAM_BYTES >> 20,
            MAX_ALL_BYTES >> 20
        ),
    );
    tell(
        &told.endless,
        "drawings that refer to themselves were left out, on pages",
    );
    tell(
        &told.again,
        "of pages that draw too much, mostly the same again and again, only the start was read",
    );
    tell(
        &scanned,
        "these pages have hardly any text beside their pictures and may be scanned",
    );
    tell(&empty, "these pages have no text");
    for (number, steps) in told.cut.iter().take(10) {
        remarks.push(format!(
            "only the first {steps} of page {number}’s operators were read, which are too many"
        ));
    }
    if read < found.pages {
        remarks.push(format!(
            "only {read} of {} pages were read, since they draw too much",
            found.pages
        ));
    }
    if told.without_letters > 0 {
        remarks.push(format!(
            "characters that cannot be read, since their fonts do not say which letters they are: {}",
            told.without_letters
        ));
    }
    if sideways > 0 {
        remarks.push(format!(
            "letters that stand sideways beside the text were left out: {sideways}"
        ));
    }
    found
}

/// A page of pictures with fewer letters is taken as a scanned one.
const FEW_LETTERS: usize = 15;

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    streams::check_file(source.bytes)?;
    let mut pdf = load(source.bytes.to_vec());
    let mut found = pdf.as_ref().map(collect).unwrap_or_default();
    let is_locked = matches!(&pdf, Err(refusal) if refusal.0 == ENCRYPTED);
    if found.letters == 0 && !is_locked {
        // Where the table of objects leads to nothing, the objects may be there all the same.
        let anew = load(without_table(source.bytes));
        let again = anew.as_ref().map(collect).unwrap_or_default();
        if again.letters > 0 {
            (pdf, found) = (anew, again);
            let remark = "the table of objects is damaged; objects were found one after the other";
            found.remarks.insert(0, remark.to_owned());
        }
    }
    let pdf = pdf?;
    // An empty password may seem to fit and give nothing that means anything.
    let was_encrypted = memchr::memmem::find(source.bytes, b"/Encrypt").is_some();
    if found.pages == 0 {
        return Err(Refusal::new(if was_encrypted {
            ENCRYPTED
        } else {
            "the PDF is damaged: it has no pages"
        }));
    }
    if found.letters == 0 {
        // Where something was left out, that may be why there is nothing.
        let is_about_text = |remark: &&String| !remark.starts_with("these pages");
        let remark = found.remarks.iter().find(is_about_text);
        return Err(match remark {
            _ if found.is_endless => Refusal::new(ENDLESS),
            _ if was_encrypted => Refusal::new(ENCRYPTED),
            Some(remark) => Refusal::new(format!("the PDF has no text that can be read: {remark}")),
            None => {
                Refusal::new("the PDF has pictures of pages but no text; run OCR over it first")
            }
        });
    }
    let mut remarks = found.remarks;
    let laid = layout::text_of(found.sheets);
    if laid.text.is_empty() && laid.unreadable > 0 {
        return Err(Refusal::new(
            "the fonts of the PDF do not say which letters they show; run OCR over it first",
        ));
    }
    if laid.unreadable > 0 {
        remarks.push(format!(
            "paragraphs that were left out, since hardly any of their characters can be read: {}",
            laid.unreadable
        ));
    }
    let private = laid.text.chars().filter(|c| *c != '\u{FFFD}');
    let private = private.filter(|c| layout::is_unknown(*c)).count();
    if private > 0 {
        remarks.push(format!(
            "{private} characters have no letter in the fonts of the PDF"
        ));
    }
    if laid.repeated > 0 {
        remarks.push(format!(
            "{} running heads, feet and page numbers were left out",
            laid.repeated
        ));
    }
    let mut article = FoundArticle {
        text: laid.text,
        ..FoundArticle::default()
    };
    if article.text.trim().is_empty() {
        return Err(Refusal::new("there is no text in this PDF"));
    }
    article
        .metadata
        .insert("pages".to_owned(), found.pages.to_string());
    add_information(&mut article, &pdf);
    Ok(Reading {
        articles: vec![article],
        remarks,
        ..Reading::default()
    })
}

/// Title, author and date of the document information dictionary (ISO 32000-1, 14.3.3).
fn add_information(article: &mut FoundArticle, pdf: &Pdf) {
    let info = pdf.metadata();
    let value = |bytes: &Option<Box<[u8]>>| {
        let text = pdf_text(bytes.as_deref()?);
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
    article.title = value(&info.title)
        .filter(|title| !is_name(title))
        .unwrap_or_default();
    if let Some(author) = value(&info.author) {
        article.metadata.insert("author".to_owned(), author);
    }
    if let Some(date) = info.creation_date {
        let (year, month, day) = (date.year, date.month, date.day);
        let created = format!("{year:04}-{month:02}-{day:02}");
        article.metadata.insert("created".to_owned(), created);
    }
}

/// The letters of the usual text encoding from 0x80 on that are not those of Latin 1.
const OTHER_LETTERS: &str = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\u{FFFD}€";

/// A text string: UTF-16 with a mark, UTF-8 with a mark, or Latin text (ISO 32000-1, 7.9.2.2).
fn pdf_text(bytes: &[u8]) -> String {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, length)) => {
            let rest = bytes.get(length..).unwrap_or_default();
            encoding.decode_without_bom_handling(rest).0.into_owned()
        }
        None => bytes
            .iter()
            .map(|byte| {
                let other = byte.checked_sub(0x80).map(usize::from);
                let other = other.and_then(|at| OTHER_LETTERS.chars().nth(at));
                other.unwrap_or(char::from(*byte))
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
