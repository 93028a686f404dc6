//! Rich Text Format (1.9.1): text and paragraphs, with code pages and Unicode.
//!
//! A tokenizer of our own: what is wanted is little, and files of databases and old word processors
//! break rules. Groups are kept on a stack of our own, so that no nesting overflows the program's.

use crate::format::articles::paragraphs::{Paragraph, text_of};
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use encoding_rs::Encoding;
use std::collections::HashMap;

pub const READER: Reader = Reader {
    name: "rtf",
    title: "RTF document",
    group: ReaderGroup::Article,
    extensions: &["rtf"],
    recognise: |head: &Head<'_>| {
        Likelihood::Likely.when(head.source.bytes.trim_ascii_start().starts_with(b"{\\rtf"))
    },
    read,
};

/// The deepest nesting of groups that is followed.
const MAX_DEPTH: usize = 10_000;

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let document = parse(source.bytes)?;
    let mut article = FoundArticle {
        title: document.title,
        text: text_of(&document.paragraphs),
        ..FoundArticle::default()
    };
    if article.text.is_empty() {
        return Err(Refusal::new("there is no text in this document"));
    }
    if !document.author.is_empty() {
        article
            .metadata
            .insert("author".to_owned(), document.author);
    }
    Ok(Reading {
        articles: vec![article],
        ..Reading::default()
    })
}

/// A document's paragraphs in order.
pub fn paragraphs(bytes: &[u8]) -> Result<Vec<Paragraph>, Refusal> {
    Ok(parse(bytes)?.paragraphs)
}

#[derive(Default)]
struct Document {
    paragraphs: Vec<Paragraph>,
    title: String,
    author: String,
}

/// Where the text of a group goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Destination {
    Body,
    Title,
    Author,
    /// The names of fonts: their code pages count.
    Fonts,
    Nowhere,
}

#[derive(Clone, Copy, Debug)]
struct Group {
    destination: Destination,
    font: i32,
    is_hidden: bool,
    /// Bytes that stand for programs without Unicode after each `\u`.
    skips: usize,
    in_table: bool,
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    group: Group,
    groups: Vec<Group>,
    document: Document,
    line: String,
    row: Vec<String>,
    /// Bytes in the code page of the current font, not decoded yet.
    pending: Vec<u8>,
    page: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    default_font: i32,
    /// The first half of a character beyond the first plane.
    high: Option<u16>,
    to_skip: usize,
}

fn parse(bytes: &[u8]) -> Result<Document, Refusal> {
    let mut parser = Parser {
        bytes,
        at: 0,
        group: Group {
            destination: Destination::Body,
            font: 0,
            is_hidden: false,
            skips: 1,
            in_table: false,
        },
        groups: Vec::new(),
        document: Document::default(),
        line: String::new(),
        row: Vec::new(),
        pending: Vec::new(),
        page: encoding_rs::WINDOWS_1252,
        fonts: HashMap::new(),
        default_font: 0,
        high: None,
        to_skip: 0,
    };
    parser.run()?;
    Ok(parser.document)
}

impl Parser<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    fn run(&mut self) -> Result<(), Refusal> {
        while let Some(byte) = self.next() {
            match byte {
                b'{' => {
                    self.decode();
                    if self.groups.len() >= MAX_DEPTH {
                        return Err(Refusal::new(format!(
                            "its groups nest over {MAX_DEPTH} deep"
                        )));
                    }
                    self.groups.push(self.group);
                }
                b'}' => {
                    self.decode();
                    self.to_skip = 0;
                    if let Some(group) = self.groups.pop() {
                        self.group = group;
                    }
                }
                b'\\' => self.control(),
                b'\r' | b'\n' => {}
                byte => self.byte(byte),
            }
        }
        self.decode();
        self.end_paragraph();
        Ok(())
    }

    fn control(&mut self) {
        let Some(first) = self.next() else {
            return;
        };
        if !first.is_ascii_alphabetic() {
            match first {
                b'\'' => {
                    let digit = |b: Option<u8>| char::from(b?).to_digit(16);
                    let (a, b) = (self.next(), self.next());
                    if let (Some(a), Some(b)) = (digit(a), digit(b))
                        && let Ok(byte) = u8::try_from(a * 16 + b)
                    {
                        self.byte(byte);
                    }
                }
                b'~' => self.text("\u{A0}"),
                b'_' => self.text("\u{2011}"),
                b'-' => {}
                // What a program that does not know the destination must pass over.
                b'*' => self.group.destination = Destination::Nowhere,
                b'\r' | b'\n' => self.end_paragraph(),
                b'\\' | b'{' | b'}' => self.byte(first),
                _ => {}
            }
            return;
        }
        let start = self.at - 1;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_alphabetic) && self.at - start < 40 {
            self.at += 1;
        }
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        let number_at = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) && self.at - number_at < 12 {
            self.at += 1;
        }
        let number = self
            .bytes
            .get(number_at..self.at)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let number: Option<i32> = number.and_then(|digits| digits.parse().ok());
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        let word = std::str::from_utf8(word).unwrap_or_default();
        self.word(word, number);
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        match word {
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.group.skips = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1),
            "ansicpg" => {
                if let Some(page) = number.and_then(code_page) {
                    self.page = page;
                }
            }
            "mac" => self.page = encoding_rs::MACINTOSH,
            "deff" => self.default_font = number.unwrap_or(0),
            "f" => {
                self.decode();
                self.group.font = number.unwrap_or(0);
            }
            "plain" => {
                self.decode();
                self.group.font = self.default_font;
                self.group.is_hidden = false;
            }
            "fcharset" => {
                if self.group.destination == Destination::Fonts
                    && let Some(page) = number.and_then(charset)
                {
                    self.fonts.insert(self.group.font, page);
                }
            }
            "fonttbl" => self.group.destination = Destination::Fonts,
            "title" => self.group.destination = Destination::Title,
            "author" => self.group.destination = Destination::Author,
            "colortbl" | "stylesheet" | "pict" | "info" | "header" | "headerl" | "headerr"
            | "headerf" | "footer" | "footerl" | "footerr" | "footerf" | "object" | "fldinst"
            | "themedata" | "datastore" | "listtable" | "listoverridetable" | "generator"
            | "xmlnstbl" | "rsidtbl" | "latentstyles" | "bkmkstart" | "bkmkend" | "annotation"
            | "atnid" | "atnauthor" | "nonshppict" | "filetbl" | "revtbl" | "subject"
            | "keywords" | "operator" | "company" | "doccomm" | "creatim" | "revtim"
            | "printim" | "shpinst" => self.group.destination = Destination::Nowhere,
            "shptxt" | "footnote" | "fldrslt"
                if self.group.destination == Destination::Nowhere && word == "shptxt" =>
            {
                self.group.destination = Destination::Body;
            }
            "v" => {
                self.decode();
                self.group.is_hidden = number != Some(0);
            }
            "intbl" => self.group.in_table = true,
            "pard" => self.group.in_table = false,
            "cell" | "nestcell" => {
                self.decode();
                self.row
                    .push(std::mem::take(&mut self.line).trim().to_owned());
            }
            "row" | "nestrow" => {
                self.decode();
                let text = std::mem::take(&mut self.row).join("\t");
                self.document.paragraphs.push(Paragraph {
                    text,
                    is_row: true,
                    ..Paragraph::default()
                });
            }
            "par" | "sect" | "page" if self.group.in_table => self.text(" "),
            "par" | "sect" | "page" => self.end_paragraph(),
            "line" | "softline" => self.text("\n"),
            "tab" => self.text("\t"),
            "emdash" => self.text("—"),
            "endash" => self.text("–"),
            "lquote" => self.text("‘"),
            "rquote" => self.text("’"),
            "ldblquote" => self.text("“"),
            "rdblquote" => self.text("”"),
            "bullet" => self.text("•"),
            "emspace" => self.text("\u{2003}"),
            "enspace" => self.text("\u{2002}"),
            "bin" => {
                let length = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                self.at = self.at.saturating_add(length).min(self.bytes.len());
            }
            _ => {}
        }
    }

    fn unicode(&mut self, number: i32) {
        self.decode();
        // Numbers over 32,767 are written as negative.
        let unit = (number & 0xFFFF) as u16;
        match unit {
            0xD800..=0xDBFF => self.high = Some(unit),
            unit => {
                let units = self.high.take().into_iter().chain([unit]);
                let text: String = char::decode_utf16(units)
                    .map(|c| c.unwrap_or('\u{FFFD}'))
                    .collect();
                self.text(&text);
            }
        }
        self.to_skip = self.group.skips;
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
            return;
        }
        self.pending.push(byte);
    }

    /// Brings pending bytes to text, in the code page of the font that they were written in.
    fn decode(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let page = self
            .fonts
            .get(&self.group.font)
            .copied()
            .unwrap_or(self.page);
        let (text, _) = page.decode_without_bom_handling(&bytes);
        self.put(&text);
    }

    fn text(&mut self, text: &str) {
        self.decode();
        self.put(text);
    }

    fn put(&mut self, text: &str) {
        match self.group.destination {
            Destination::Body if !self.group.is_hidden => self.line.push_str(text),
            Destination::Title => self.document.title.push_str(text),
            Destination::Author => self.document.author.push_str(text),
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        self.decode();
        if self.group.destination != Destination::Body {
            return;
        }
        let text = std::mem::take(&mut self.line);
        self.document.paragraphs.push(Paragraph::new(text));
    }
}

fn code_page(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        65001 => encoding_rs::UTF_8,
        932 => encoding_rs::SHIFT_JIS,
        936 | 54936 => encoding_rs::GB18030,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        866 => encoding_rs::IBM866,
        874 => encoding_rs::WINDOWS_874,
        10000 => encoding_rs::MACINTOSH,
        number => Encoding::for_label(format!("windows-{number}").as_bytes())?,
    })
}

/// Character sets of fonts (RTF 1.9.1, “Font Table”).
fn charset(number: i32) -> Option<&'static Encoding> {
    let page = match number {
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        77 => 10000,
        _ => return None,
    };
    code_page(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &str) {
        let rtf = format!(
            "{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0 Arial;}}{{\\f1\\fcharset204 Arial Cyr;}}}}{{\\info{{\\title Ferry}}}}{body}}}"
        );
        let reading = read(
            &Source::alone("x.rtf", rtf.as_bytes()),
            &ReadOptions::default(),
        )
        .unwrap();
        assert_eq!(reading.articles[0].text, expected, "{body}");
        assert_eq!(reading.articles[0].title, "Ferry");
    }

    #[test]
    fn text_in_every_notation() {
        check("One\\par Two\\par", "One\n\nTwo");
        check("caf\\'e9 \\ldblquote x\\rdblquote", "café “x”");
        check("\\u8364 ?\\u-10179 ?\\u-8638 ? end", "€🙂 end");
        check("\\uc2\\u233\\'c3\\'a9x", "éx");
        check("{\\f1\\'cf\\'f0\\'e8}", "При");
        check("a{\\*\\unknown b}c{\\v hidden}d\\~e\\{", "acd\u{A0}e{");
        check(
            "a{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt link}}b",
            "alinkb",
        );
        check("\\trowd\\intbl 1\\cell 2\\cell\\row\\pard x", "1\t2\n\nx");
    }

    #[test]
    fn damaged_files_do_no_harm() {
        let rtf =
            "{\\rtf1{\\fonttbl{\\f0\\fcharset204 A;}}\\u8364 ?\\'e9{\\pict\\bin9999 x}text\\par}";
        for cut in 0..rtf.len() {
            let _no_panic = read(
                &Source::alone("x.rtf", &rtf.as_bytes()[..cut]),
                &ReadOptions::default(),
            );
        }
        let deep = [b"{\\rtf1".as_slice(), &b"{".repeat(100_000)].concat();
        assert!(read(&Source::alone("x.rtf", &deep), &ReadOptions::default()).is_err());
    }
}
