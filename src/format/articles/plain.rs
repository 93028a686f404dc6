//! Plain text and Markdown, with its front matter, in any encoding. Takes what no other reader knows, as long as it is text.

use crate::format::articles::{extract, front_matter};
use crate::format::reading::title::title_of;
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};

pub const READER: Reader = Reader {
    name: "text",
    title: "Plain text",
    group: ReaderGroup::Article,
    extensions: &["txt", "text", "md", "markdown"],
    recognise: |_: &Head<'_>| Likelihood::Fallback,
    read,
};

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let start = source
        .bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(source.bytes);
    // The first two lines of every project that Pressmark wrote.
    let head = String::from_utf8_lossy(start.get(..200).unwrap_or(start)).into_owned();
    let mut words = head.split_whitespace();
    if (words.next(), words.next(), words.next())
        == (Some("("), Some("format:"), Some("\"pressmark\","))
    {
        return Err(Refusal::new(
            "this is a project of Pressmark and no article; open it, or export it as JSON Lines and import that",
        ));
    }
    if start.starts_with(b"<?xml") {
        let start = String::from_utf8_lossy(start.get(..2_000).unwrap_or(start)).into_owned();
        return Err(Refusal::new(if start.contains("typeSystemDescription") {
            "this is a UIMA type system; the texts are in the XMI files beside it"
        } else {
            "this is XML of a kind that is not known here; GATE, TEI, UIMA XMI, REFI-QDA, XHTML and XML with marked text are"
        }));
    }
    let extracted = extract(source.bytes).map_err(|error| Refusal::new(error.to_string()))?;
    let article = match front_matter::split(&extracted.text) {
        Some(matter) if !matter.text.trim().is_empty() => FoundArticle {
            title: Some(matter.title)
                .filter(|title| !title.is_empty())
                .unwrap_or_else(|| title_of(matter.text)),
            text: matter.text.to_owned(),
            metadata: matter.metadata,
            ..FoundArticle::default()
        },
        _ => FoundArticle {
            title: extracted.title,
            text: extracted.text,
            ..FoundArticle::default()
        },
    };
    Ok(Reading {
        encoding: Some(extracted.encoding),
        is_encoding_guessed: extracted.is_encoding_guessed,
        articles: vec![article],
        remarks: extracted.remarks,
        ..Reading::default()
    })
}
