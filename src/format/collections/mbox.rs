//! Mailboxes: messages one after the other, each behind a line that begins with “From ” (RFC 4155).

use crate::format::articles::eml::{article_from_mail, looks_like_mail};
use crate::format::reading::{
    Head, Likelihood, MAX_ARTICLES_PER_FILE, ReadOptions, Reader, ReaderGroup, Reading, Refusal,
    Source, only_first,
};

pub const READER: Reader = Reader {
    name: "mbox",
    title: "Mailbox",
    group: ReaderGroup::Collection,
    extensions: &["mbox", "mbx"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let Some((first, rest)) = head.text.split_once('\n') else {
        return Likelihood::No;
    };
    Likelihood::Sure.when(is_separator(first.as_bytes()) && looks_like_mail(rest))
}

/// `From sender date`: the year stands near its end.
fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else {
        return false;
    };
    let has_time = rest
        .windows(3)
        .any(|w| matches!(w, [a, b':', b] if a.is_ascii_digit() && b.is_ascii_digit()));
    let has_year = rest.windows(4).any(|w| {
        w.iter().all(u8::is_ascii_digit) && matches!(w, [b'1', b'9', ..] | [b'2', b'0', ..])
    });
    has_time && has_year
}

/// The messages, “>From ” as it was written.
fn messages(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut after_blank = true;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if after_blank && is_separator(line) {
            messages.push(Vec::new());
            after_blank = false;
            continue;
        }
        after_blank = line.iter().all(|b| matches!(b, b'\n' | b'\r'));
        let Some(message) = messages.last_mut() else {
            continue;
        };
        let quoted = line.iter().take_while(|b| **b == b'>').count();
        let is_quoted = quoted > 0
            && line
                .get(quoted..)
                .is_some_and(|rest| rest.starts_with(b"From "));
        message.extend_from_slice(if is_quoted {
            line.get(1..).unwrap_or(line)
        } else {
            line
        });
    }
    messages
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let mut reading = Reading::default();
    let messages = messages(source.bytes);
    let beyond = messages.len().saturating_sub(MAX_ARTICLES_PER_FILE);
    reading.left_out.count_told(beyond);
    reading.remarks.extend(only_first(messages.len()));
    for (i, message) in messages.iter().take(MAX_ARTICLES_PER_FILE).enumerate() {
        match article_from_mail(message, options) {
            Ok(article) => reading.articles.push(article),
            Err(Refusal(reason)) => {
                reading.left_out.count_told(1);
                reading
                    .remarks
                    .push(format!("message {} was left out: {reason}", i + 1));
            }
        }
    }
    Ok(reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let mail = |n: u8, body: &str| {
            format!(
                "From ana@x.example Sun Nov  3 09:15:0{n} 2019\nFrom: Ana <ana@x.example>\nDate: Sun, 3 Nov 2019 09:15:00 +0000\nSubject: Mail {n}\nMIME-Version: 1.0\n\n{body}\n\n"
            )
        };
        let mailbox = [
            mail(1, "One.\n\n>From here on it rains."),
            mail(2, ""),
            mail(3, "From now on it does not.\n\nFrom me"),
        ]
        .concat();
        let source = Source::alone("x.mbox", mailbox.as_bytes());
        let head = Head::new(source, &mailbox);
        assert_eq!(recognise(&head), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let texts: Vec<&str> = reading.articles.iter().map(|a| a.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "One.\n\nFrom here on it rains.",
                "From now on it does not.\n\nFrom me"
            ]
        );
        assert_eq!(reading.articles[1].title, "Mail 3");
        assert_eq!(reading.remarks.len(), 1);
    }
}
