//! Mails: the text of a message, who sent it, when, and what it is about. Newsletters are mails.

use crate::format::articles::html;
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use mail_parser::{MessageParser, MimeHeaders, PartType};

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
        .to_lowercase();
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

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let article = article_from_mail(source.bytes, options)?;
    Ok(Reading {
        articles: vec![article],
        ..Reading::default()
    })
}

/// The article in a message: its text, or that of its HTML where there is no other worth reading.
pub fn article_from_mail(bytes: &[u8], _options: &ReadOptions) -> Result<FoundArticle, Refusal> {
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or_else(|| Refusal::new("this mail has no headers that could be read"))?;
    let plain: Vec<&str> = message
        .text_bodies()
        .filter_map(|part| match &part.body {
            PartType::Text(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect();
    let plain = plain.join("\n").replace("\r\n", "\n");
    let pages: Vec<String> = message
        .html_bodies()
        .filter_map(|part| match &part.body {
            PartType::Html(page) => Some(html::whole_text(page)),
            _ => None,
        })
        .collect();
    let page = pages.join("\n\n");
    // Some plain parts only say that the mail is to be seen in a browser.
    let text = if plain.trim().len() * 4 >= page.len() && !plain.trim().is_empty() {
        plain.trim_end().to_owned()
    } else {
        page
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
    Ok(article)
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
}
