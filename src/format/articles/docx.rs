//! Word documents (Office Open XML, transitional and strict): paragraphs, lists, tables and notes.
//!
//! Elements are matched by their local names, which both kinds share (ECMA-376, part 1, 17).

use crate::format::articles::paragraphs::{Paragraph, text_of};
use crate::format::reading::archive::Archive;
use crate::format::reading::dates::parse_date;
use crate::format::reading::xml::{decode_xml, parse_xml};
use crate::format::reading::{
    FoundArticle, Head, Likelihood, MAX_UNPACKED_BYTES, ReadOptions, Reader, ReaderGroup, Reading,
    Refusal, Siblings, Source,
};
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
    let has_types = archive.contains("[Content_Types].xml");
    let has_document = archive.contains("word/document.xml");
    let is_named = head.source.extension() == "docx";
    Likelihood::Sure.when(has_document || (has_types && is_named))
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    if source.bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(Refusal::new(
            "the document is encrypted, or an old .doc; save it as DOCX without a password",
        ));
    }
    let archive = Archive::open(source.bytes, &options.budget)?;
    let (paragraphs, deleted) = paragraphs_in(&archive)?;
    let mut article = FoundArticle {
        text: text_of(&paragraphs),
        ..FoundArticle::default()
    };
    if article.text.is_empty() {
        return Err(Refusal::new("there is no text in this document"));
    }
    if let Ok(core) = archive.member("docProps/core.xml") {
        add_properties(&mut article, &core);
    }
    let mut reading = Reading::default();
    if deleted > 0 {
        reading
            .remarks
            .push(format!("{deleted} tracked deletions were left out"));
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
    let archive = Archive::open(bytes, MAX_UNPACKED_BYTES)?;
    Ok(paragraphs_in(&archive)?.0)
}

fn paragraphs_in(archive: &Archive<'_>) -> Result<(Vec<Paragraph>, usize), Refusal> {
    let bytes = archive.member("word/document.xml").map_err(|_missing| {
        Refusal::new("this document has no text part (word/document.xml); it may be damaged or another kind of Office file")
    })?;
    let mut found = Found::default();
    found.part(&decode_xml(&bytes)?)?;
    for part in ["word/footnotes.xml", "word/endnotes.xml"] {
        if let Ok(bytes) = archive.member(part) {
            found.part(&decode_xml(&bytes)?)?;
        }
    }
    Ok((found.paragraphs, found.deleted))
}

#[derive(Default)]
struct Found {
    paragraphs: Vec<Paragraph>,
    deleted: usize,
}

enum Step<'a, 'input> {
    Enter(Node<'a, 'input>),
    LeaveParagraph,
    LeaveRow,
    LeaveCell,
}

impl Found {
    fn part(&mut self, xml: &str) -> Result<(), Refusal> {
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
mod tests {
    use super::*;
    use std::io::Write;

    fn docx(body: &str) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut zip = zip::ZipWriter::new(&mut bytes);
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("[Content_Types].xml", options).unwrap();
        zip.write_all(b"<Types/>").unwrap();
        zip.start_file("word/document.xml", options).unwrap();
        let xml = format!(
            "<w:document xmlns:w=\"urn:w\" xmlns:mc=\"urn:mc\"><w:body>{body}</w:body></w:document>"
        );
        zip.write_all(xml.as_bytes()).unwrap();
        zip.start_file("docProps/core.xml", options).unwrap();
        zip.write_all(b"<c xmlns:dc=\"urn:dc\"><dc:title>Ferry</dc:title><dc:creator>Ana Lund</dc:creator></c>").unwrap();
        zip.finish().unwrap();
        bytes.into_inner()
    }

    fn check(body: &str, expected: &str) {
        let bytes = docx(body);
        let reading = read(&Source::alone("x.docx", &bytes), &ReadOptions::default()).unwrap();
        assert_eq!(reading.articles[0].text, expected);
        assert_eq!(reading.articles[0].title, "Ferry");
    }

    #[test]
    fn paragraphs_lists_and_tables() {
        check(
            "<w:p><w:r><w:t>One </w:t></w:r><w:r><w:t>two</w:t></w:r></w:p><w:p><w:r><w:t>Three</w:t></w:r></w:p>",
            "One two\n\nThree",
        );
        check(
            "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>a</w:t></w:r></w:p><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>b</w:t></w:r></w:p>",
            "a\nb",
        );
        check(
            "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:r><w:t>x</w:t></w:r></w:p>",
            "1\t2\n\nx",
        );
        check(
            "<w:p><w:ins><w:r><w:t>in</w:t></w:r></w:ins><w:del><w:r><w:delText>out</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>",
            "in",
        );
        check(
            "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r></w:p>",
            "a\nb\tc",
        );
    }

    #[test]
    fn damaged_documents_are_refused() {
        let whole = docx("<w:p><w:r><w:t>One</w:t></w:r></w:p>");
        for cut in 0..whole.len() {
            let _no_panic = read(
                &Source::alone("x.docx", &whole[..cut]),
                &ReadOptions::default(),
            );
        }
        assert!(
            read(
                &Source::alone("x.docx", b"\xD0\xCF\x11\xE0"),
                &ReadOptions::default()
            )
            .is_err()
        );
    }
}
