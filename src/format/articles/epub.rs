//! Electronic books (EPUB 2 and 3): the documents of the spine in order, as one article.

use crate::format::articles::html;
use crate::format::reading::archive::Archive;
use crate::format::reading::dates::parse_date;
use crate::format::reading::xml::{decode_xml, parse_xml};
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use std::collections::{HashMap, HashSet};

pub const READER: Reader = Reader {
    name: "epub",
    title: "EPUB book",
    group: ReaderGroup::Article,
    extensions: &["epub"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let bytes = head.source.bytes;
    let start = bytes.get(..100).unwrap_or(bytes);
    let is_epub = memchr::memmem::find(start, b"application/epub+zip").is_some();
    Likelihood::Sure.when(bytes.starts_with(b"PK\x03\x04") && is_epub)
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let archive = Archive::open(source.bytes, &options.budget)?;
    let encryption = archive
        .member("META-INF/encryption.xml")
        .unwrap_or_default();
    // Fonts may be disguised; encrypted documents cannot be read.
    if [&b"html"[..], b"xhtml"]
        .iter()
        .any(|ending| memchr::memmem::find(&encryption, ending).is_some())
    {
        return Err(Refusal::new(
            "the book is protected against copying and cannot be read",
        ));
    }
    let container = archive.member("META-INF/container.xml")?;
    let container = decode_xml(&container)?;
    let container = parse_xml(&container)?;
    let package = container
        .descendants()
        .find_map(|node| node.attribute("full-path"))
        .ok_or_else(|| Refusal::new("the book does not say where its contents are"))?;
    let folder = package.rsplit_once('/').map_or("", |(folder, _)| folder);
    let opf = archive.member(package)?;
    let opf = decode_xml(&opf)?;
    let opf = parse_xml(&opf)?;
    let items: HashMap<&str, (&str, &str)> = opf
        .descendants()
        .filter(|node| node.tag_name().name() == "item")
        .filter_map(|node| {
            Some((
                node.attribute("id")?,
                (
                    node.attribute("href")?,
                    node.attribute("properties").unwrap_or_default(),
                ),
            ))
        })
        .collect();
    let mut reading = Reading::default();
    let mut chapters = Vec::new();
    let mut taken = HashSet::new();
    let (mut again, mut unknown) = (0, 0);
    let mut missing: Vec<String> = Vec::new();
    for itemref in opf
        .descendants()
        .filter(|node| node.tag_name().name() == "itemref")
    {
        let Some((href, properties)) = itemref.attribute("idref").and_then(|id| items.get(id))
        else {
            unknown += 1;
            continue;
        };
        if properties
            .split_whitespace()
            .any(|property| property == "nav")
        {
            continue;
        }
        // A book that has a chapter twice says the same twice.
        let path = path_in(folder, href);
        if !taken.insert(path.clone()) {
            again += 1;
            continue;
        }
        match archive.member(&path) {
            Ok(bytes) => {
                let text = html::decode_page(&bytes, None).map(|page| html::whole_text(&page.text));
                chapters.extend(text.filter(|text| !text.trim().is_empty()));
            }
            Err(Refusal(reason)) => missing.push(reason),
        }
    }
    if let Some(reason) = missing.first() {
        reading.remarks.push(match missing.len() {
            1 => format!("a chapter was left out: {reason}"),
            more => format!("{more} chapters were left out, the first because {reason}"),
        });
    }
    if again > 0 {
        reading.remarks.push(format!(
            "chapters that stand in the book already were named {again} times more and are taken once"
        ));
    }
    if unknown > 0 {
        reading.remarks.push(format!(
            "{unknown} chapters that the book names are not in it"
        ));
    }
    let value = |name: &str| {
        let node = opf
            .descendants()
            .find(|node| node.tag_name().name() == name)?;
        Some(node.text()?.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let mut article = FoundArticle {
        title: value("title").unwrap_or_default(),
        text: chapters.join("\n\n"),
        ..FoundArticle::default()
    };
    if article.text.is_empty() {
        return Err(Refusal::new("there is no text in this book"));
    }
    for (field, name) in [
        ("author", "creator"),
        ("outlet", "publisher"),
        ("language", "language"),
    ] {
        if let Some(value) = value(name) {
            article.metadata.insert(field.to_owned(), value);
        }
    }
    if let Some(date) = value("date") {
        let date = parse_date(&date).unwrap_or(date);
        article.metadata.insert("published".to_owned(), date);
    }
    reading.articles.push(article);
    Ok(reading)
}

/// A reference from the package as a member's name.
fn path_in(folder: &str, href: &str) -> String {
    let href = href.split('#').next().unwrap_or(href);
    let mut parts: Vec<String> = folder
        .split('/')
        .filter(|p| !p.is_empty())
        .map(str::to_owned)
        .collect();
    for part in href.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(unescaped(part)),
        }
    }
    parts.join("/")
}

/// `%20` and the like as the characters that they stand for.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let hex = (byte == b'%').then(|| (ahead.next(), ahead.next()));
        let value = hex.and_then(|(a, b)| {
            let digit = |c: Option<u8>| char::from(c?).to_digit(16);
            u8::try_from(digit(a)? * 16 + digit(b)?).ok()
        });
        match value {
            Some(value) => {
                bytes.push(value);
                rest = ahead;
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn chapters_in_the_order_of_the_spine() {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut zip = zip::ZipWriter::new(&mut bytes);
        let stored = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored);
        for (name, content) in [
            ("mimetype", "application/epub+zip"),
            (
                "META-INF/container.xml",
                "<container><rootfile full-path=\"OPS/p.opf\"/></container>",
            ),
            (
                "OPS/p.opf",
                "<package xmlns:dc=\"urn:dc\"><metadata><dc:title>Book</dc:title><dc:creator>Ana</dc:creator></metadata><manifest><item id=\"b\" href=\"b%20x.xhtml\"/><item id=\"a\" href=\"a.xhtml\"/></manifest><spine><itemref idref=\"a\"/><itemref idref=\"b\"/></spine></package>",
            ),
            (
                "OPS/a.xhtml",
                "<html><body><h1>One</h1><p>First.</p></body></html>",
            ),
            ("OPS/b x.xhtml", "<html><body><p>Second.</p></body></html>"),
        ] {
            zip.start_file(name, stored).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        let bytes = bytes.into_inner();
        let source = Source::alone("x.epub", &bytes);
        assert_eq!(recognise(&Head::new(source, "")), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.articles[0].text, "One\n\nFirst.\n\nSecond.");
        assert_eq!(reading.articles[0].title, "Book");
    }
}
