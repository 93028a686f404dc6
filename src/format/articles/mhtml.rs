//! Web archives of one page as browsers save them (MHTML, RFC 2557): the page among its parts.

use crate::format::articles::html;
use crate::format::reading::{
    Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use mail_parser::{HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};

pub const READER: Reader = Reader {
    name: "mhtml",
    title: "Web archive (MHTML)",
    group: ReaderGroup::Article,
    extensions: &["mhtml", "mht"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    Likelihood::Sure.when(looks_like_page(head.text))
}

/// Whether the headers are those of a saved page.
pub(super) fn looks_like_page(text: &str) -> bool {
    let end = text
        .char_indices()
        .nth(4_000)
        .map_or(text.len(), |(i, _)| i);
    let start = text.get(..end).unwrap_or(text).to_lowercase();
    let is_related = start.contains("content-type: multipart/related");
    let is_saved = [
        "snapshot-content-location:",
        "saved by",
        "content-location:",
        "microsoft mhtml",
    ]
    .iter()
    .any(|word| start.contains(word));
    is_related && is_saved && start.contains("mime-version:")
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let message = MessageParser::default()
        .parse(source.bytes)
        .ok_or_else(|| Refusal::new("this web archive has no headers that could be read"))?;
    let page =
        page_in(&message).ok_or_else(|| Refusal::new("there is no page in this web archive"))?;
    let address = address_of(&message, page);
    let text = match &page.body {
        PartType::Html(text) | PartType::Text(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            html::decode_page(bytes, None)
                .ok_or_else(|| Refusal::new("the page in this web archive is a binary file"))?
                .text
        }
        _ => return Err(Refusal::new("there is no page in this web archive")),
    };
    let article = html::article_of(&text, address.as_deref(), options)?;
    Ok(Reading {
        articles: vec![article],
        ..Reading::default()
    })
}

/// The page itself: the first HTML part.
fn page_in<'m>(message: &'m Message<'_>) -> Option<&'m MessagePart<'m>> {
    let is_page = |part: &&MessagePart<'_>| {
        matches!(part.body, PartType::Html(_))
            || part
                .content_type()
                .is_some_and(|kind| kind.subtype().is_some_and(|sub| sub.contains("html")))
    };
    message.parts.iter().find(is_page)
}

fn address_of(message: &Message<'_>, page: &MessagePart<'_>) -> Option<String> {
    let snapshot = message
        .header("Snapshot-Content-Location")
        .and_then(HeaderValue::as_text);
    let location = page.content_location();
    let address = snapshot.or(location)?.trim().to_owned();
    address.starts_with("http").then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_among_its_parts() {
        let body = "The ferry did not leave the harbour on Sunday because of the storm, the company said. ".repeat(6);
        let archive = format!(
            "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://post.example/ferry\r\nSubject: Ferry\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://post.example/ferry\r\n\r\n<html><head><title>Ferry stays</title></head><body><article><h1>Ferry stays</h1><p>{}</p></article></body></html>\r\n--b\r\nContent-Type: text/css\r\n\r\np {{}}\r\n--b--\r\n",
            body.replace('=', "=3D")
        );
        let source = Source::alone("x.mhtml", archive.as_bytes());
        let head = Head {
            source,
            text: &archive,
        };
        assert_eq!(recognise(&head), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.articles[0].title, "Ferry stays");
        assert_eq!(reading.articles[0].text, body.trim());
        assert_eq!(
            reading.articles[0].metadata["url"],
            "https://post.example/ferry"
        );
    }
}
