//! Word documents (Office Open XML, transitional and strict): paragraphs, lists, tables and notes.
//!
//! Elements are matched by their local names, which both kinds share (ECMA-376, part 1, 17). Which
//! parts there are is asked of their relations (part 2, 9) and not of their names.

mod package;

use crate::format::articles::paragraphs::{Paragraph, text_of};
use crate::format::articles::{html, rtf};
use crate::format::reading::archive::Archive;
use crate::format::reading::budget::Budget;
use crate::format::reading::dates::parse_date;
use crate::format::reading::xml::{decode_xml, parse_xml};
use crate::format::reading::{
    FoundArticle, Head, Likelihood, MAX_UNPACKED_BYTES, ReadOptions, Reader, ReaderGroup, Reading,
    Refusal, Siblings, Source,
};
use mail_parser::MessageParser;
use package::{Relation, relations_of};
use roxmltree::Node;

pub const READER: Reader = Reader {
    name: "docx",
    title: "Word document",
    group: ReaderGroup::Article,
    extensions: &["docx", "docm"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let bytes = head.source.bytes;
    let is_old_container =
        bytes.starts_with(b"\xD0\xCF\x11\xE0") && head.source.extension() == "docx";
    if is_old_container {
        return Likelihood::Likely;
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Likelihood::No;
    }
    let Ok(archive) = Archive::open(bytes, MAX_UNPACKED_BYTES) else {
        return Likelihood::No;
    };
    if archive.contains("word/document.xml") {
        return Likelihood::Sure;
    }
    let Ok(types) = archive.member("[Content_Types].xml") else {
        return Likelihood::No;
    };
    let is_text = memchr::memmem::find(&types, b"wordprocessingml").is_some();
    let is_named = head.source.extension() == "docx";
    Likelihood::Sure.when(is_text || is_named)
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    if source.bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(Refusal::new(
            "the document is encrypted, or an old .doc; save it as DOCX without a password",
        ));
    }
    let archive = Archive::open(source.bytes, &options.budget)?;
    let found = found_in(&archive, &options.budget, 0)?;
    let mut article = FoundArticle {
        text: text_of(&found.paragraphs),
        ..FoundArticle::default()
    };
    if article.text.is_empty() {
        return Err(Refusal::new(match found.left_out.first() {
            Some(left_out) => format!("there is no text in this document but for {left_out}"),
            None => "there is no text in this document".to_owned(),
        }));
    }
    let core = relations_of(&archive, "");
    let core = core
        .iter()
        .find(|relation| relation.kind == "core-properties");
    let core = core.map_or("docProps/core.xml", |relation| relation.target.as_str());
    if let Ok(core) = archive.member(core) {
        add_properties(&mut article, &core);
    }
    let mut reading = Reading::default();
    if found.deleted > 0 {
        let deleted = found.deleted;
        reading
            .remarks
            .push(format!("{deleted} tracked deletions were left out"));
    }
    for left_out in found.left_out {
        reading.remarks.push(format!("left out: {left_out}"));
    }
    reading.articles.push(article);
    Ok(reading)
}

/// Title, author and date of the core properties (OPC, part 2, 11).
fn add_properties(article: &mut FoundArticle, core: &[u8]) {
    let Ok(text) = decode_xml(core) else {
        return;
    };
    let Ok(document) = parse_xml(&text) else {
        return;
    };
    let value = |name: &str| {
        let node = document
            .descendants()
            .find(|node| node.tag_name().name() == name)?;
        Some(node.text()?.trim().to_owned()).filter(|text| !text.is_empty())
    };
    article.title = value("title").unwrap_or_default();
    if let Some(author) = value("creator") {
        article.metadata.insert("author".to_owned(), author);
    }
    if let Some(created) = value("created") {
        let created = parse_date(&created).unwrap_or(created);
        article.metadata.insert("created".to_owned(), created);
    }
}

/// A document's paragraphs in order, footnotes and endnotes at the end.
pub fn paragraphs(bytes: &[u8]) -> Result<Vec<Paragraph>, Refusal> {
    let budget = Budget::from(MAX_UNPACKED_BYTES);
    let archive = Archive::open(bytes, &budget)?;
    Ok(found_in(&archive, &budget, 0)?.paragraphs)
}

/// Documents within documents nest so deep at most.
const MAX_NESTED: usize = 4;

fn found_in(archive: &Archive<'_>, budget: &Budget, depth: usize) -> Result<Found, Refusal> {
    let relations = relations_of(archive, "");
    let main = relations
        .iter()
        .find(|relation| relation.kind == "officeDocument");
    let main = main.map(|relation| relation.target.as_str());
    let main = main.filter(|main| archive.contains(main));
    let main = main.unwrap_or("word/document.xml");
    let bytes = archive.member(main).map_err(|_missing| {
        Refusal::new("this document has no text part (word/document.xml); it may be damaged or another kind of Office file")
    })?;
    let relations = relations_of(archive, main);
    let mut found = Found::default();
    let context = Context {
        archive,
        budget,
        relations: &relations,
        depth,
    };
    found.part(&decode_xml(&bytes)?, &context)?;
    for (kind, usual) in [
        ("footnotes", "word/footnotes.xml"),
        ("endnotes", "word/endnotes.xml"),
    ] {
        let part = relations.iter().find(|relation| relation.kind == kind);
        let part = part.map_or(usual, |relation| relation.target.as_str());
        if let Ok(bytes) = archive.member(part) {
            let inner = relations_of(archive, part);
            let context = Context {
                relations: &inner,
                ..context
            };
            found.part(&decode_xml(&bytes)?, &context)?;
        }
    }
    let comments = relations
        .iter()
        .find(|relation| relation.kind == "comments");
    let comments = comments.and_then(|part| archive.member(&part.target).ok());
    if let Some(bytes) = comments
        && let Ok(text) = decode_xml(&bytes)
        && let Ok(document) = parse_xml(&text)
    {
        let all = document.descendants();
        let count = all
            .filter(|node| node.tag_name().name() == "comment")
            .count();
        if count > 0 {
            found.left_out.push(format!("comments ({count})"));
        }
    }
    Ok(found)
}

/// What a part stands in.
#[derive(Clone, Copy)]
struct Context<'a, 'z> {
    archive: &'a Archive<'z>,
    budget: &'a Budget,
    relations: &'a [Relation],
    depth: usize,
}

impl Context<'_, '_> {
    /// The paragraphs of a part of another kind that stands in the place of text (`altChunk`).
    fn embedded(&self, node: Node<'_, '_>) -> Result<Found, String> {
        let id = node
            .attributes()
            .find(|a| a.name() == "id")
            .map(|a| a.value());
        let part = self
            .relations
            .iter()
            .find(|relation| Some(relation.id.as_str()) == id);
        let part =
            part.ok_or_else(|| "an embedded part that the document does not name".to_owned())?;
        let told = |reason: &str| format!("the embedded part {} ({reason})", part.target);
        if part.is_outside {
            return Err(told("it is not in the file"));
        }
        let bytes = self
            .archive
            .member(&part.target)
            .map_err(|refusal| told(&refusal.0))?;
        let start = bytes.get(..1_024).unwrap_or(&bytes).to_ascii_lowercase();
        let says = |word: &str| memchr::memmem::find(&start, word.as_bytes()).is_some();
        let lines = |text: &str| Found {
            paragraphs: text.lines().map(Paragraph::new).collect(),
            ..Found::default()
        };
        if bytes.starts_with(b"PK\x03\x04") {
            if self.depth >= MAX_NESTED {
                return Err(told("documents within it nest too deep"));
            }
            let inner = Archive::open(&bytes, self.budget);
            let inner = inner.and_then(|inner| found_in(&inner, self.budget, self.depth + 1));
            inner.map_err(|refusal| told(&refusal.0))
        } else if bytes.starts_with(b"{\\rtf") {
            let paragraphs = rtf::paragraphs(&bytes).map_err(|refusal| told(&refusal.0))?;
            Ok(Found {
                paragraphs,
                ..Found::default()
            })
        } else if says("mime-version:") {
            let message = MessageParser::default().parse(&bytes);
            let page = message.as_ref().and_then(|message| message.body_html(0));
            let page = page.ok_or_else(|| told("there is no page in it"))?;
            Ok(lines(&html::whole_text(&page)))
        } else {
            let decoded = html::decode_page(&bytes, None);
            let text = decoded
                .ok_or_else(|| told("it is of a kind that is not known"))?
                .text;
            let is_page = part.target.ends_with("htm")
                || part.target.ends_with("html")
                || ["<html", "<body", "<p", "<div"].iter().any(|tag| says(tag));
            Ok(if is_page {
                lines(&html::whole_text(&text))
            } else {
                lines(&text)
            })
        }
    }
}

#[derive(Default)]
struct Found {
    paragraphs: Vec<Paragraph>,
    deleted: usize,
    /// What was left out, each with its reason.
    left_out: Vec<String>,
}

enum Step<'a, 'input> {
    Enter(Node<'a, 'input>),
    LeaveParagraph,
    LeaveRow,
    LeaveCell,
}

impl Found {
    fn part(&mut self, xml: &str, context: &Context<'_, '_>) -> Result<(), Refusal> {
        let document = parse_xml(xml)?;
        let mut open: Vec<Paragraph> = Vec::new();
        let mut row: Vec<String> = Vec::new();
        let mut rows = 0_usize;
        let mut steps = vec![Step::Enter(document.root())];
        while let Some(step) = steps.pop() {
            match step {
                Step::LeaveParagraph => {
                    let Some(paragraph) = open.pop() else {
                        continue;
                    };
                    match (rows > 0, row.last_mut()) {
                        (true, Some(cell)) => {
                            if !cell.is_empty() && !paragraph.text.is_empty() {
                                cell.push(' ');
                            }
                            cell.push_str(&paragraph.text);
                        }
                        _ => self.paragraphs.push(paragraph),
                    }
                }
                Step::LeaveCell => {}
                Step::LeaveRow => {
                    rows -= 1;
                    if rows == 0 {
                        let text = std::mem::take(&mut row).join("\t");
                        self.paragraphs.push(Paragraph {
                            text,
                            is_row: true,
                            ..Paragraph::default()
                        });
                    }
                }
                Step::Enter(node) => {
                    match node.tag_name().name() {
                        "p" => {
                            open.push(paragraph_of(node));
                            steps.push(Step::LeaveParagraph);
                        }
                        "tr" => {
                            rows += 1;
                            steps.push(Step::LeaveRow);
                        }
                        "tc" => {
                            if rows == 1 {
                                row.push(String::new());
                            }
                            steps.push(Step::LeaveCell);
                        }
                        "r" if is_hidden(node) => continue,
                        "altChunk" => {
                            let inner = context.embedded(node).unwrap_or_else(|left_out| Self {
                                left_out: vec![left_out],
                                ..Self::default()
                            });
                            self.deleted += inner.deleted;
                            self.left_out.extend(inner.left_out);
                            match row.last_mut().filter(|_| rows > 0) {
                                Some(cell) => {
                                    let texts = inner.paragraphs.iter().map(|p| p.text.trim());
                                    let texts = texts.filter(|text| !text.is_empty());
                                    for text in texts {
                                        if !cell.is_empty() {
                                            cell.push(' ');
                                        }
                                        cell.push_str(text);
                                    }
                                }
                                None => self.paragraphs.extend(inner.paragraphs),
                            }
                            continue;
                        }
                        "subDoc" => {
                            let outside = "a document that is not in the file but linked to it";
                            self.left_out.push(outside.to_owned());
                            continue;
                        }
                        "del" | "moveFrom" => {
                            self.deleted += 1;
                            continue;
                        }
                        // What older programs show instead of a drawing: the same text once more.
                        "Fallback" | "pPr" | "rPr" | "sectPr" | "instrText" | "delText" => continue,
                        "footnote" | "endnote" if node.attributes().any(|a| a.name() == "type") => {
                            continue;
                        }
                        name => {
                            if let (Some(paragraph), Some(text)) =
                                (open.last_mut(), inline(name, node))
                            {
                                paragraph.text.push_str(&text);
                                continue;
                            }
                        }
                    }
                    let children: Vec<_> = node.children().filter(Node::is_element).collect();
                    steps.extend(children.into_iter().rev().map(Step::Enter));
                }
            }
        }
        Ok(())
    }
}

/// The text of an element within a run.
fn inline(name: &str, node: Node<'_, '_>) -> Option<String> {
    Some(match name {
        "t" => node.text().unwrap_or_default().to_owned(),
        "tab" | "ptab" => "\t".to_owned(),
        "br" | "cr" => "\n".to_owned(),
        "noBreakHyphen" => "\u{2011}".to_owned(),
        "softHyphen" => String::new(),
        "sym" => {
            let code = node.attributes().find(|a| a.name() == "char")?.value();
            let code = u32::from_str_radix(code, 16).ok()?;
            // Symbol fonts put their signs into the private area; what they show is not known.
            let is_private = (0xE000..=0xF8FF).contains(&code);
            let c = if is_private {
                '\u{FFFD}'
            } else {
                char::from_u32(code)?
            };
            c.to_string()
        }
        _ => return None,
    })
}

fn is_hidden(run: Node<'_, '_>) -> bool {
    let properties = run
        .children()
        .find(|child| child.tag_name().name() == "rPr");
    let vanish = properties.and_then(|p| p.children().find(|c| c.tag_name().name() == "vanish"));
    vanish.is_some_and(|vanish| {
        !vanish
            .attributes()
            .any(|a| a.name() == "val" && matches!(a.value(), "0" | "false"))
    })
}

fn paragraph_of(node: Node<'_, '_>) -> Paragraph {
    let properties = node
        .children()
        .find(|child| child.tag_name().name() == "pPr");
    let property =
        |name: &str| properties.and_then(|p| p.children().find(|c| c.tag_name().name() == name));
    let style = property("pStyle").and_then(|style| style.attributes().find(|a| a.name() == "val"));
    let style = style
        .map(|style| style.value().to_lowercase())
        .unwrap_or_default();
    Paragraph {
        text: String::new(),
        is_heading: style.starts_with("heading")
            || style == "title"
            || property("outlineLvl").is_some(),
        is_list_item: property("numPr").is_some() || style.starts_with("list"),
        is_row: false,
    }
}

#[cfg(test)]
mod tests;
