//! Mails: the text of a message, who sent it, when, and what it is about. Newsletters are mails.

use crate::format::articles::html;
use crate::format::articles::mime::text_of;
use crate::format::reading::decode::{self, Decoded};
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use encoding_rs::Encoding;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use std::borrow::Cow;

pub const READER: Reader = Reader {
    name: "eml",
    title: "Mail",
    group: ReaderGroup::Article,
    extensions: &["eml"],
    recognise,
    read,
};

/// Headers that mails begin with.
const HEADERS: &[&str] = &[
    "return-path:",
    "received:",
    "delivered-to:",
    "message-id:",
    "date:",
    "from:",
    "to:",
    "subject:",
    "mime-version:",
    "content-type:",
    "x-",
    "dkim-signature:",
    "reply-to:",
    "list-id:",
    "sender:",
    "arc-",
    "authentication-results:",
    "cc:",
    "content-transfer-encoding:",
    "user-agent:",
    "list-unsubscribe:",
    "feedback-id:",
    "references:",
    "in-reply-to:",
    "thread-",
];

fn recognise(head: &Head<'_>) -> Likelihood {
    Likelihood::Sure.when(looks_like_mail(head.text) && !super::mhtml::looks_like_page(head.text))
}

/// Whether a text begins with the headers of a message, From and Date or Subject among them.
pub(crate) fn looks_like_mail(text: &str) -> bool {
    let block = text.split("\n\n").next().unwrap_or(text);
    let block = block
        .split("\r\n\r\n")
        .next()
        .unwrap_or(block)
        .to_ascii_lowercase();
    let mut lines = block
        .lines()
        .filter(|line| !line.starts_with([' ', '\t']) && !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let is_header = |line: &str| HEADERS.iter().any(|header| line.starts_with(header));
    let rest: Vec<&str> = lines.collect();
    let known = rest.iter().filter(|line| is_header(line)).count();
    let has = |name: &str| block.lines().any(|line| line.starts_with(name));
    is_header(first)
        && rest.len() >= 2
        && known * 2 >= rest.len()
        && (has("from:") || has("sender:"))
        && (has("date:") || has("message-id:") || has("mime-version:"))
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let (article, decoded) = article_and_decoding(source.bytes)?;
    Ok(Reading {
        // What mails usually are is not told.
        encoding: Some(decoded.encoding).filter(|name| *name != encoding_rs::UTF_8.name()),
        is_encoding_guessed: decoded.is_guess,
        remarks: decoded.remarks(),
        articles: vec![article],
        ..Reading::default()
    })
}

/// The article in a message: its text, or that of its HTML where there is no other worth reading.
/// What had to be guessed of its encoding is among its remarks.
pub fn article_from_mail(bytes: &[u8], _options: &ReadOptions) -> Result<FoundArticle, Refusal> {
    let (mut article, decoded) = article_and_decoding(bytes)?;
    article.remarks.extend(decoded.remarks());
    Ok(article)
}

/// What a message says, as the page or the text that it came as.
pub(crate) struct Body {
    pub(crate) decoded: Decoded,
    pub(crate) is_page: bool,
}

/// What a message says: its page where it has one.
pub(crate) fn body_of(bytes: &[u8]) -> Result<Body, Refusal> {
    let bytes = with_readable_headers(bytes);
    let message = parsed(&bytes)?;
    let (pages, texts) = bodies(&message);
    let is_page = !pages.is_empty();
    let decoded = joined(if is_page { pages } else { texts });
    Ok(Body { decoded, is_page })
}

fn parsed(bytes: &[u8]) -> Result<Message<'_>, Refusal> {
    MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| Refusal::new("this mail has no headers that could be read"))
}

/// The pages and the texts of a message.
fn bodies(message: &Message<'_>) -> (Vec<Decoded>, Vec<Decoded>) {
    let of_kind = |part: &&MessagePart<'_>, is_page: bool| match &part.body {
        PartType::Html(_) => is_page,
        PartType::Text(_) => !is_page,
        _ => false,
    };
    let pages = message.html_bodies().filter(|part| of_kind(part, true));
    let texts = message.text_bodies().filter(|part| of_kind(part, false));
    (
        pages.map(|part| text_of(message, part)).collect(),
        texts.map(|part| text_of(message, part)).collect(),
    )
}

/// Several parts as one, with what any of them cost.
fn joined(parts: Vec<Decoded>) -> Decoded {
    let mut whole = Decoded {
        text: String::new(),
        encoding: encoding_rs::UTF_8.name(),
        is_guess: false,
        replaced: 0,
    };
    for (at, part) in parts.into_iter().enumerate() {
        if at == 0 || part.is_guess {
            whole.encoding = part.encoding;
        }
        if at > 0 {
            whole.text.push('\n');
        }
        whole.text.push_str(&part.text);
        whole.is_guess |= part.is_guess;
        whole.replaced += part.replaced;
    }
    whole
}

/// A message whose headers are UTF-8: some have bytes of another encoding, and say of which nowhere.
fn with_readable_headers(bytes: &[u8]) -> Cow<'_, [u8]> {
    let ends = [&b"\r\n\r\n"[..], &b"\n\n"[..]].map(|end| memchr::memmem::find(bytes, end));
    let end = ends.into_iter().flatten().min().unwrap_or(bytes.len());
    let (headers, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    if std::str::from_utf8(headers).is_ok() {
        return Cow::Borrowed(bytes);
    }
    // The text tells more of its encoding than a name and a subject do.
    let whole = decode::decode(bytes).filter(|whole| whole.encoding != encoding_rs::UTF_8.name());
    let encoding = whole.and_then(|whole| Encoding::for_label(whole.encoding.as_bytes()));
    let headers = match encoding {
        Some(encoding) => decode::decode_as(encoding, headers),
        None => match decode::decode(headers) {
            Some(headers) => headers,
            None => return Cow::Borrowed(bytes),
        },
    };
    let mut readable = headers.text.into_bytes();
    readable.extend_from_slice(rest);
    Cow::Owned(readable)
}

fn article_and_decoding(bytes: &[u8]) -> Result<(FoundArticle, Decoded), Refusal> {
    let bytes = with_readable_headers(bytes);
    let message = parsed(&bytes)?;
    let (pages, texts) = bodies(&message);
    let mut plain = joined(texts);
    plain.text = plain.text.replace("\r\n", "\n");
    let mut page = joined(Vec::new());
    for (at, found) in pages.into_iter().enumerate() {
        if at > 0 {
            page.text.push_str("\n\n");
        }
        page.text.push_str(&html::whole_text(&found.text));
        page.encoding = found.encoding;
        page.is_guess |= found.is_guess;
        page.replaced += found.replaced;
    }
    // Some plain parts only say that the mail is to be seen in a browser.
    let is_plain = plain.text.trim().len() * 4 >= page.text.len() && !plain.text.trim().is_empty();
    let mut decoded = if is_plain { plain } else { page };
    let text = std::mem::take(&mut decoded.text);
    let text = if is_plain {
        text.trim_end().to_owned()
    } else {
        text
    };
    if text.trim().is_empty() {
        return Err(Refusal::new("there is no text in this mail"));
    }
    let mut article = FoundArticle {
        title: message.subject().unwrap_or_default().trim().to_owned(),
        text,
        ..FoundArticle::default()
    };
    let from = message.from().and_then(|from| from.first());
    if let Some(from) = from {
        let name = from.name().or_else(|| from.address()).unwrap_or_default();
        article
            .metadata
            .insert("author".to_owned(), name.to_owned());
        if let Some((_, host)) = from.address().and_then(|address| address.split_once('@')) {
            article
                .metadata
                .insert("outlet".to_owned(), host.to_owned());
        }
    }
    if let Some(date) = message.date() {
        article
            .metadata
            .insert("published".to_owned(), date.to_rfc3339());
    }
    if let Some(id) = message.message_id() {
        article
            .metadata
            .insert("message id".to_owned(), id.to_owned());
    }
    let attachments: Vec<&str> = message
        .attachments()
        .map(|part| part.attachment_name().unwrap_or("without a name"))
        .collect();
    if !attachments.is_empty() {
        article.remarks.push(format!(
            "attachments were left out: {}",
            attachments.join(", ")
        ));
    }
    Ok((article, decoded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_and_html_mails() {
        let check = |mail: &str, expected: &str| {
            let mail = format!(
                "From: Ana Lund <ana@post.example>\nDate: Sun, 03 Nov 2019 09:15:00 +0100\nSubject: =?utf-8?q?F=C3=A4hre?=\nMIME-Version: 1.0\n{mail}"
            );
            assert!(looks_like_mail(&mail));
            let article = article_from_mail(mail.as_bytes(), &ReadOptions::default()).unwrap();
            assert_eq!(article.text, expected);
            assert_eq!(article.title, "Fähre");
            assert_eq!(article.metadata["author"], "Ana Lund");
            assert_eq!(article.metadata["published"], "2019-11-03T09:15:00+01:00");
        };
        check("\nThe ferry is late.\n", "The ferry is late.");
        check(
            "Content-Type: text/html; charset=utf-8\n\n<p>The ferry</p><p>is late.</p>",
            "The ferry\n\nis late.",
        );
        check(
            "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nF=E4hre\n",
            "Fähre",
        );
        assert!(!looks_like_mail(
            "From: here to there\n\nAn article about a line."
        ));
        assert!(!looks_like_mail("Subject to change\nDate: unknown\n"));
    }

    /// A mail with a body of bytes; its text, and whether its encoding was guessed.
    #[track_caller]
    fn check_bytes(headers: &str, body: &[u8], text: &str, is_guess: bool) {
        let mut mail = format!("From: Ida <ida@mill.example>\nDate: Fri, 4 May 2012 09:15:00 +0200\nMIME-Version: 1.0\n{headers}\n\n").into_bytes();
        mail.extend_from_slice(body);
        let source = Source::alone("x.eml", &mail);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(
            (
                reading.articles[0].text.as_str(),
                reading.is_encoding_guessed
            ),
            (text, is_guess),
            "{headers}"
        );
        assert_eq!(reading.remarks.len(), usize::from(is_guess));
    }

    #[test]
    fn bodies_in_any_encoding() {
        for (label, text) in [
            ("gb2312", "磨坊今年又转了。"),
            ("gb18030", "磨坊今年又转了。"),
            ("big5", "磨坊今年又轉了。"),
            ("shift_jis", "水車が回った。"),
            ("euc-jp", "水車が回った。"),
            ("iso-2022-jp", "水車が回った。"),
            ("euc-kr", "물레방아가 돌았다."),
            ("ks_c_5601-1987", "물레방아가 돌았다."),
            ("koi8-r", "Мельница снова вертится."),
            ("windows-874", "กังหันหมุน"),
        ] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let bytes = encoding.encode(text).0;
            let headers = format!("Content-Type: text/plain; charset=\"{label}\"");
            check_bytes(&headers, &bytes, text, false);
            // A page that says it, in headers that do not.
            let page = format!(
                "<html><head><meta charset={label}></head><body><p>{text}</p></body></html>"
            );
            check_bytes(
                "Content-Type: text/html",
                &encoding.encode(&page).0,
                text,
                false,
            );
        }
        let headers = "Content-Type: text/plain; charset=ibm850";
        check_bytes(headers, b"M\x81hle", "Mühle", false);
    }

    #[test]
    fn bytes_without_an_encoding_are_guessed_and_told() {
        let western = |text: &str| encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        let body = "Die Mühle dreht sich, weil es stürmisch ist.";
        for headers in [
            "X-A: b",
            "Content-Type: text/plain; charset=us-ascii",
            "Content-Type: text/plain; charset=x-unknown",
            "Content-Type: text/plain; charset=utf-8",
        ] {
            check_bytes(headers, &western(body), body, true);
        }
        check_bytes("X-A: b", body.as_bytes(), body, false);
        let mail = western(
            "From: Ida Müller <ida@mill.example>\nSubject: Mühle\nDate: Fri, 4 May 2012 09:15:00 +0200\n\nDie Mühle dreht sich.",
        );
        let article = article_from_mail(&mail, &ReadOptions::default()).unwrap();
        assert_eq!(
            (article.title.as_str(), article.text.as_str()),
            ("Mühle", "Die Mühle dreht sich.")
        );
        assert_eq!(article.metadata["author"], "Ida Müller");
        assert_eq!(article.remarks, ["the encoding was guessed: windows-1252"]);
    }

    #[test]
    fn subjects_in_any_encoding() {
        let mail = "From: =?gb2312?B?xKW3uw==?= <ida@mill.example>\nSubject: =?shift_jis?B?kIWO1IKqifGCwYK9?=\nDate: Fri, 4 May 2012 09:15:00 +0200\n\nText.";
        let article = article_from_mail(mail.as_bytes(), &ReadOptions::default()).unwrap();
        assert_eq!(
            (article.title.as_str(), article.metadata["author"].as_str()),
            ("水車が回った", "磨坊")
        );
    }
}
