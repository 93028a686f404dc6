//! OpenDocument texts (ODF 1.3, part 3): `.odt`, and `.fodt` in one XML file.

use crate::format::articles::paragraphs::{Paragraph, text_of};
use crate::format::reading::archive::Archive;
use crate::format::reading::dates::parse_date;
use crate::format::reading::xml::{decode_xml, parse_xml};
use crate::format::reading::{
    FoundArticle, Head, Likelihood, MAX_UNPACKED_BYTES, ReadOptions, Reader, ReaderGroup, Reading,
    Refusal, Siblings, Source,
};
use roxmltree::{Document, Node};

pub const READER: Reader = Reader {
    name: "odt",
    title: "OpenDocument text",
    group: ReaderGroup::Article,
    extensions: &["odt", "ott", "fodt"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let bytes = head.source.bytes;
    if head.text.contains("<office:document") && head.text.contains("opendocument.text") {
        return Likelihood::Sure;
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Likelihood::No;
    }
    let Ok(archive) = Archive::open(bytes, MAX_UNPACKED_BYTES) else {
        return Likelihood::No;
    };
    let kind = archive.member("mimetype").unwrap_or_default();
    Likelihood::Sure.when(
        kind.starts_with(b"application/vnd.oasis.opendocument.text")
            && archive.contains("content.xml"),
    )
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let (content, meta) = if source.bytes.starts_with(b"PK\x03\x04") {
        let archive = Archive::open(source.bytes, &options.budget)?;
        let manifest = archive.member("META-INF/manifest.xml").unwrap_or_default();
        if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
            return Err(Refusal::new(
                "the document is encrypted; save it without a password",
            ));
        }
        (
            archive.member("content.xml")?,
            archive.member("meta.xml").unwrap_or_default(),
        )
    } else {
        (source.bytes.to_vec(), source.bytes.to_vec())
    };
    let text = decode_xml(&content)?;
    let document = parse_xml(&text)?;
    let mut article = FoundArticle {
        text: text_of(&paragraphs(&document)),
        ..FoundArticle::default()
    };
    if article.text.is_empty() {
        return Err(Refusal::new("there is no text in this document"));
    }
    if let Ok(meta) = decode_xml(&meta)
        && let Ok(meta) = parse_xml(&meta)
    {
        let value = |name: &str| {
            let node = meta
                .descendants()
                .find(|node| node.tag_name().name() == name)?;
            Some(node.text()?.trim().to_owned()).filter(|text| !text.is_empty())
        };
        article.title = value("title").unwrap_or_default();
        if let Some(author) = value("initial-creator").or_else(|| value("creator")) {
            article.metadata.insert("author".to_owned(), author);
        }
        if let Some(created) = value("creation-date") {
            let created = parse_date(&created).unwrap_or(created);
            article.metadata.insert("created".to_owned(), created);
        }
    }
    Ok(Reading {
        articles: vec![article],
        ..Reading::default()
    })
}

enum Step<'a, 'input> {
    Enter(Node<'a, 'input>),
    LeaveParagraph,
    LeaveNote,
    LeaveRow,
    LeaveItem,
}

/// Headings, paragraphs, list items and rows in order, notes at the end.
fn paragraphs(document: &Document<'_>) -> Vec<Paragraph> {
    let mut found = Vec::new();
    let mut notes = Vec::new();
    let mut open: Vec<Paragraph> = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let (mut rows, mut in_notes, mut items) = (0_usize, 0_usize, 0_usize);
    let body = document
        .descendants()
        .find(|node| node.tag_name().name() == "body");
    let mut steps = vec![Step::Enter(body.unwrap_or_else(|| document.root()))];
    while let Some(step) = steps.pop() {
        match step {
            Step::LeaveNote => in_notes -= 1,
            Step::LeaveItem => items -= 1,
            Step::LeaveRow => {
                rows -= 1;
                if rows == 0 {
                    found.push(Paragraph {
                        text: std::mem::take(&mut row).join("\t"),
                        is_row: true,
                        ..Paragraph::default()
                    });
                }
            }
            Step::LeaveParagraph => {
                let Some(paragraph) = open.pop() else {
                    continue;
                };
                match row.last_mut().filter(|_| rows > 0 && in_notes == 0) {
                    Some(cell) => {
                        if !cell.is_empty() {
                            cell.push(' ');
                        }
                        cell.push_str(&paragraph.text);
                    }
                    None if in_notes > 0 => notes.push(paragraph),
                    None => found.push(paragraph),
                }
            }
            Step::Enter(node) if node.is_text() => {
                if let Some(paragraph) = open.last_mut() {
                    push_text(&mut paragraph.text, node.text().unwrap_or_default());
                }
            }
            Step::Enter(node) => {
                match node.tag_name().name() {
                    name @ ("p" | "h") => {
                        open.push(Paragraph {
                            is_heading: name == "h",
                            is_list_item: items > 0,
                            ..Paragraph::default()
                        });
                        steps.push(Step::LeaveParagraph);
                    }
                    "note" => {
                        in_notes += 1;
                        steps.push(Step::LeaveNote);
                    }
                    "note-citation" | "tracked-changes" | "annotation" | "desc" | "title"
                    | "sequence-decls" | "forms" => continue,
                    "list-item" => {
                        items += 1;
                        steps.push(Step::LeaveItem);
                    }
                    "table-row" => {
                        rows += 1;
                        steps.push(Step::LeaveRow);
                    }
                    "table-cell" if rows == 1 => row.push(String::new()),
                    name => {
                        let times = node
                            .attributes()
                            .find(|a| a.name() == "c")
                            .and_then(|a| a.value().parse().ok());
                        let text = match name {
                            "s" => " ".repeat(times.unwrap_or(1_usize).min(1_000)),
                            "tab" => "\t".to_owned(),
                            "line-break" => "\n".to_owned(),
                            _ => String::new(),
                        };
                        if let Some(paragraph) = open.last_mut() {
                            paragraph.text.push_str(&text);
                        }
                    }
                }
                let children: Vec<_> = node.children().collect();
                steps.extend(children.into_iter().rev().map(Step::Enter));
            }
        }
    }
    found.extend(notes);
    found
}

/// White space collapses in OpenDocument, as in HTML.
fn push_text(text: &mut String, more: &str) {
    for c in more.chars() {
        if matches!(c, ' ' | '\t' | '\n' | '\r') {
            if !text.is_empty() && !text.ends_with([' ', '\n', '\t']) {
                text.push(' ');
            }
        } else {
            text.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_documents() {
        let check = |body: &str, expected: &str| {
            let xml = format!(
                "<office:document xmlns:office=\"urn:o\" xmlns:text=\"urn:t\" xmlns:table=\"urn:b\" office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:body><office:text>{body}</office:text></office:body></office:document>"
            );
            let source = Source::alone("x.fodt", xml.as_bytes());
            let head = Head::new(source, &xml);
            assert_eq!(recognise(&head), Likelihood::Sure);
            assert_eq!(
                read(&source, &ReadOptions::default()).unwrap().articles[0].text,
                expected
            );
        };
        check(
            "<text:h>Title</text:h><text:p>One <text:span>two</text:span><text:s text:c=\"2\"/>x</text:p>",
            "Title\n\nOne two  x",
        );
        check(
            "<text:list><text:list-item><text:p>a</text:p></text:list-item><text:list-item><text:p>b</text:p></text:list-item></text:list>",
            "a\nb",
        );
        check(
            "<text:p>a<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>note</text:p></text:note-body></text:note>b</text:p>",
            "ab\n\nnote",
        );
    }
}
