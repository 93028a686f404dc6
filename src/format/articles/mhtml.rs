//! Web archives of one page as browsers save them (MHTML, RFC 2557): the page among its parts.

use crate::format::articles::html;
use crate::format::articles::mime::text_of;
use crate::format::reading::decode::Decoded;
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
pub(crate) fn looks_like_page(text: &str) -> bool {
    let end = text
        .char_indices()
        .nth(4_000)
        .map_or(text.len(), |(i, _)| i);
    let start = text.get(..end).unwrap_or(text).to_ascii_lowercase();
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
    let message = parsed(source.bytes)?;
    let page = page_in(&message)?;
    let address = address_of(&message, page);
    let decoded = text_of(&message, page);
    let article = html::article_of(&decoded.text, address.as_deref(), options)?;
    Ok(Reading {
        encoding: Some(decoded.encoding),
        is_encoding_guessed: decoded.is_guess,
        remarks: decoded.remarks(),
        articles: vec![article],
        ..Reading::default()
    })
}

/// The page in an archive, as it was saved.
pub(crate) fn page_of(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let message = parsed(bytes)?;
    let page = page_in(&message)?;
    Ok(text_of(&message, page))
}

fn parsed(bytes: &[u8]) -> Result<Message<'_>, Refusal> {
    MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| Refusal::new("this web archive has no headers that could be read"))
}

/// The page itself: the first HTML part.
fn page_in<'m>(message: &'m Message<'_>) -> Result<&'m MessagePart<'m>, Refusal> {
    let is_page = |part: &&MessagePart<'_>| {
        matches!(part.body, PartType::Html(_))
            || part
                .content_type()
                .is_some_and(|kind| kind.subtype().is_some_and(|sub| sub.contains("html")))
    };
    let page = message.parts.iter().find(is_page);
    page.ok_or_else(|| Refusal::new("there is no page in this web archive"))
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
        let head = Head::new(source, &archive);
        assert_eq!(recognise(&head), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.articles[0].title, "Ferry stays");
        assert_eq!(reading.articles[0].text, body.trim());
        assert_eq!(
            reading.articles[0].metadata["url"],
            "https://post.example/ferry"
        );
    }

    #[test]
    fn pages_in_their_own_encoding() {
        let check = |kind: &str,
                     meta: &str,
                     encoding: &'static encoding_rs::Encoding,
                     said: &str| {
            let mut archive = format!("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"b\"\n\n--b\nContent-Location: file:///C:/0.htm\nContent-Type: {kind}\n\n").into_bytes();
            let page = format!(
                "<html><head>{meta}<title>{said}</title></head><body><article><p>{said}</p></article></body></html>"
            );
            archive.extend_from_slice(&encoding.encode(&page).0);
            archive.extend_from_slice(b"\n--b--\n");
            let reading = read(&Source::alone("x.mht", &archive), &ReadOptions::default()).unwrap();
            assert_eq!(reading.articles[0].text, said, "{kind} {meta}");
            assert_eq!(reading.encoding, Some(encoding.name()));
        };
        check(
            "text/html",
            "<meta http-equiv=Content-Type content='text/html; charset=iso-8859-1'>",
            encoding_rs::WINDOWS_1252,
            "Die Mühle dreht sich wieder.",
        );
        // Few letters tell that it is no UTF-8.
        let german = "Die Mühle dreht sich wieder.";
        let meta = "<meta charset=utf-8>";
        check(
            "text/html; charset=utf-8",
            meta,
            encoding_rs::WINDOWS_1252,
            german,
        );
        let russian = "Мельница снова вертится.";
        check(
            "text/html",
            "<meta charset=windows-1251>",
            encoding_rs::WINDOWS_1251,
            russian,
        );
        check(
            "text/html; charset=shift_jis",
            "",
            encoding_rs::SHIFT_JIS,
            "水車が回った。",
        );
        check(
            "text/html; charset=\"utf-8\"",
            "<meta charset=windows-1251>",
            encoding_rs::UTF_8,
            russian,
        );
    }
}
