//! ProQuest exports as text, RTF, DOCX or HTML: documents between lines of underscores, fields
//! behind their names.

use super::databases::{Found, body_of, field, lines_of, reader, reading_of, set, start_of};
use crate::format::reading::dates::parse_date;
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, Reading, Refusal, Source,
};

pub const READER: Reader = reader("proquest", "ProQuest export", recognise, read);

/// Names of fields and the keys that they become; `` keeps nothing.
const FIELDS: &[(&str, &[&str])] = &[
    ("title", &["title"]),
    ("author", &["author", "authors", "byline"]),
    ("info", &["publication info"]),
    ("abstract", &["abstract"]),
    ("text", &["full text", "full text:"]),
    ("outlet", &["publication title", "publication"]),
    ("page", &["pages", "first page", "page"]),
    ("published", &["publication date"]),
    ("year", &["publication year"]),
    ("section", &["section"]),
    ("publisher", &["publisher"]),
    ("issn", &["issn"]),
    ("source type", &["source type"]),
    ("language", &["language of publication", "language"]),
    ("document type", &["document type"]),
    ("proquest id", &["proquest document id", "document id"]),
    ("url", &["document url"]),
    ("copyright", &["copyright"]),
    ("updated", &["last updated"]),
    ("database", &["database"]),
    ("subject", &["subject"]),
    ("location", &["location"]),
    ("people", &["people"]),
    ("companies", &["company / organization", "company"]),
    ("dateline", &["dateline"]),
    ("place", &["place of publication"]),
    ("country", &["country of publication"]),
    ("links", &["links"]),
    ("volume", &["volume"]),
    ("issue", &["issue"]),
    ("isbn", &["e-issn", "isbn"]),
    ("subject of publication", &["publication subject"]),
];

fn is_rule(line: &str) -> bool {
    line.len() >= 20 && line.bytes().all(|b| b == b'_')
}

fn recognise(head: &Head<'_>) -> Likelihood {
    let text = start_of(head);
    let lower = text.to_lowercase();
    let has_id =
        lower.contains("proquest document id:") || lower.contains("proquest document link");
    let has_text = lower.contains("full text:")
        || lower.contains("publication title:")
        || lower.contains("publication info:");
    Likelihood::Sure.when(has_id && has_text)
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    reading_of(
        lines_of(source)?,
        |lines| {
            lines
                .split(|line| is_rule(line))
                .map(<[String]>::to_vec)
                .collect()
        },
        |_, document, are_wrapped| article(document, are_wrapped),
        ("a ProQuest", " with its full text"),
    )
}

fn article(lines: &[String], are_wrapped: bool) -> Found {
    let mut article = FoundArticle::default();
    let mut text: Vec<String> = Vec::new();
    let mut open: Option<&'static str> = None;
    let mut values: Vec<(&'static str, String)> = Vec::new();
    let mut first = String::new();
    for line in lines {
        // In a text only those names end it that stand behind every text.
        let found = field(line, FIELDS).filter(|(key, _)| {
            open != Some("text")
                || matches!(
                    *key,
                    "title"
                        | "outlet"
                        | "subject"
                        | "location"
                        | "people"
                        | "companies"
                        | "published"
                        | "year"
                        | "page"
                        | "publisher"
                        | "proquest id"
                        | "copyright"
                        | "database"
                        | "links"
                        | "section"
                        | "issn"
                )
        });
        if let Some((key, value)) = found {
            open = Some(key);
            match key {
                "text" => text.push(value.to_owned()),
                key => values.push((key, value.to_owned())),
            }
            continue;
        }
        match open {
            Some("text") => text.push(line.clone()),
            Some(_) if !line.is_empty() => {
                if let Some((_, value)) = values.last_mut() {
                    value.push(' ');
                    value.push_str(line);
                }
            }
            None if first.is_empty()
                && !line.is_empty()
                && !line.to_lowercase().starts_with("document ") =>
            {
                line.clone_into(&mut first);
            }
            _ => {}
        }
    }
    let has_id = values.iter().any(|(key, _)| *key == "proquest id");
    for (key, value) in &values {
        match *key {
            "title" => value.clone_into(&mut article.title),
            "info" => {
                // “The Ferry Post ; Harbour [Harbour]03 Nov 2019: A.1.”
                let outlet = value.split([';', ',']).next().unwrap_or_default();
                set(&mut article, "outlet", outlet);
                let date = value
                    .rsplit(']')
                    .next()
                    .and_then(|rest| rest.split(':').next());
                if let Some(date) = date.and_then(parse_date) {
                    set(&mut article, "published", &date);
                }
            }
            "links" | "year" | "updated" => {}
            key => set(&mut article, key, value),
        }
    }
    if article.title.is_empty() {
        article.title = first;
    }
    article.text = body_of(&text, are_wrapped);
    match (article.text.is_empty(), has_id) {
        (false, _) => Found::Article(Box::new(article)),
        (true, true) => Found::WithoutText(format!("“{}”", article.title)),
        (true, false) => Found::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_between_rules() {
        let rule = "_".repeat(60);
        let text = format!(
            "Table of contents\n1. Ferry stays\n\n{rule}\n\nDocument 1 of 2\n\nFerry stays in harbour\n\nAuthor: Lund, Ana\n\nPublication info: The Ferry Post ; Harbour [Harbour]03 Nov 2019: A.1.\n\nProQuest document link\n\nAbstract: No ferry.\n\nFull text: The ferry did not leave.\n\nNote: it was too windy.\n\nSubject: Ferries\n\nTitle: Ferry stays in harbour\n\nPublication title: The Ferry Post\n\nPages: A.1\n\nPublication date: Nov 3, 2019\n\nLanguage of publication: English\n\nProQuest document ID: 123\n\nDatabase: News\n\n{rule}\n\nDocument 2 of 2\n\nBridge shut\n\nTitle: Bridge shut\n\nProQuest document ID: 124\n\nPublication title: Hafenblatt\n\n{rule}\n\nContact ProQuest\n"
        );
        let source = Source::alone("x.txt", text.as_bytes());
        assert_eq!(
            recognise(&Head {
                source,
                text: &text
            }),
            Likelihood::Sure
        );
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let [a] = reading.articles.as_slice() else {
            panic!("{}", reading.articles.len())
        };
        assert_eq!(
            (a.title.as_str(), a.text.as_str()),
            (
                "Ferry stays in harbour",
                "The ferry did not leave.\n\nNote: it was too windy."
            )
        );
        for (key, value) in [
            ("author", "Lund, Ana"),
            ("outlet", "The Ferry Post"),
            ("published", "2019-11-03"),
            ("language", "en"),
            ("page", "A.1"),
        ] {
            assert_eq!(a.metadata[key], value, "{key}");
        }
        assert_eq!(
            reading.remarks,
            ["“Bridge shut” has no full text and was left out"]
        );
    }
}
