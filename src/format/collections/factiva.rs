//! Factiva exports with field codes (HD, BY, WC, PD, SN, LA, LP, TD, AN), as text, RTF or HTML.

use super::databases::{Found, body_of, lines_of, reader, reading_of, set, start_of};
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, Reading, Refusal, Source,
};

pub const READER: Reader = reader("factiva", "Factiva export", recognise, read);

/// Factiva's field codes, and what they become; text and title are handled apart.
const CODES: &[(&str, &str)] = &[
    ("SE", "section"),
    ("HD", ""),
    ("BY", "author"),
    ("CR", "credit"),
    ("WC", "words"),
    ("PD", "published"),
    ("ET", "time"),
    ("SN", "outlet"),
    ("SC", "source code"),
    ("ED", "edition"),
    ("PG", "page"),
    ("LA", "language"),
    ("CY", "copyright"),
    ("LP", ""),
    ("TD", ""),
    ("CT", "contact"),
    ("RF", "reference"),
    ("CO", "companies"),
    ("IN", "industries"),
    ("NS", "subject"),
    ("RE", "regions"),
    ("IPD", "descriptors"),
    ("IPC", "descriptor codes"),
    ("PUB", "publisher"),
    ("AN", "accession number"),
    ("ART", "art"),
    ("CX", "correction"),
    ("VOL", "volume"),
    ("DLN", "dateline"),
    ("CLM", "column"),
    ("RST", "restriction"),
];

/// A code at the start of a line, with what follows it.
fn code(line: &str) -> Option<(&'static str, &str)> {
    let end = line
        .find(|c: char| !c.is_ascii_uppercase())
        .unwrap_or(line.len());
    let (name, rest) = line.split_at_checked(end)?;
    let is_apart = rest.is_empty() || rest.starts_with([' ', '\t', '\u{A0}', ':']);
    let found = CODES.iter().find(|(code, _)| *code == name && is_apart)?;
    Some((found.0, rest.trim_start_matches(':').trim()))
}

/// Whether a line within a text begins another field, and is no sentence such as “IN BRUSSELS …”.
fn ends_text(name: &str, rest: &str) -> bool {
    let is_list = rest.contains(" : ") || rest.contains('|');
    match name {
        "TD" | "LP" | "HD" => rest.is_empty() || name != "HD",
        "AN" => {
            let word = rest.rsplit(' ').next().unwrap_or_default();
            let digits = word.chars().filter(char::is_ascii_digit).count();
            rest.is_empty() || (word.len() >= 10 && digits >= 6)
        }
        "PUB" | "CT" | "RF" => true,
        _ => rest.is_empty() || is_list,
    }
}

fn recognise(head: &Head<'_>) -> Likelihood {
    let text = start_of(head);
    let codes: Vec<&str> = text
        .lines()
        .filter_map(|line| code(line.trim()).map(|(code, _)| code))
        .collect();
    let has = |name: &str| codes.contains(&name);
    let count = ["HD", "WC", "PD", "SN", "SC", "LA", "LP", "TD", "AN"]
        .iter()
        .filter(|name| has(name))
        .count();
    Likelihood::Sure.when(count >= 6 && has("HD") && (has("LP") || has("TD")))
}

/// Codes of fields with their lines.
type Fields = Vec<(&'static str, Vec<String>)>;

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    reading_of(
        lines_of(source)?,
        documents,
        |at, fields, are_wrapped| found(at + 1, fields, are_wrapped),
        ("a Factiva", ""),
    )
}

/// An article begins with its section or headline, and ends with its accession number.
fn documents(lines: &[String]) -> Vec<Fields> {
    let mut documents = Vec::new();
    let mut fields = Fields::new();
    for line in lines {
        let in_text = fields
            .last()
            .is_some_and(|(name, _)| matches!(*name, "LP" | "TD"));
        let found_code = code(line).filter(|(name, rest)| !in_text || ends_text(name, rest));
        let ends = if let Some((name, rest)) = found_code {
            if name == "HD" && fields.iter().any(|(known, _)| *known == "HD") {
                documents.push(std::mem::take(&mut fields));
            }
            fields.push((name, vec![rest.to_owned()]));
            name == "AN" && !rest.is_empty()
        } else if let Some((name, lines)) = fields.last_mut() {
            lines.push(line.clone());
            *name == "AN" && !line.is_empty()
        } else {
            false
        };
        if ends {
            documents.push(std::mem::take(&mut fields));
        }
    }
    documents.extend(Some(fields).filter(|fields| !fields.is_empty()));
    documents
}

fn found(number: usize, fields: &[(&'static str, Vec<String>)], are_wrapped: bool) -> Found {
    let mut article = FoundArticle::default();
    let mut text: Vec<String> = Vec::new();
    for (name, lines) in fields {
        let value = lines
            .iter()
            .filter(|line| !line.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" ");
        match *name {
            "HD" => article.title = value,
            "LP" | "TD" => {
                text.extend(lines.iter().cloned());
                text.push(String::new());
            }
            "WC" => {
                let digits: String = value.chars().filter(char::is_ascii_digit).collect();
                set(&mut article, "words", &digits);
            }
            "BY" => {
                let author = value
                    .strip_prefix("By ")
                    .or_else(|| value.strip_prefix("by "))
                    .unwrap_or(&value);
                set(&mut article, "author", author);
            }
            "AN" => set(
                &mut article,
                "accession number",
                value.trim_start_matches("Document "),
            ),
            name => {
                let key = CODES
                    .iter()
                    .find(|(code, _)| *code == name)
                    .map_or(name, |(_, key)| key);
                set(&mut article, key, &value);
            }
        }
    }
    article.text = body_of(&text, are_wrapped);
    match article.text.is_empty() {
        false => Found::Article(Box::new(article)),
        true if article.title.is_empty() => Found::Other,
        true => Found::WithoutText(format!("document {number} (“{}”)", article.title)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_by_field_codes() {
        let text = "SE News\nHD\nFerry stays in harbour\nBY By Ana Lund\nWC 1,523 words\nPD 3 November 2019\nSN The Ferry Post\nSC FERPO\nPG 4\nLA English\nCY (c) 2019 Ferry Post\n\nLP\nThe ferry did not leave.\n\nIt was too windy.\n\nTD\nAN article may begin so.\n\nIN BRUSSELS nobody knew.\n\nAN Document FERPO00020191103efb300001\n\nHD Brücke zu\nWC 5 words\nPD 4 November 2019\nSN Hafenblatt\nLA German\nLP Sie ist zu.\nAN Document HAFEN00020191104efb400001\n";
        let source = Source::alone("x.txt", text.as_bytes());
        assert_eq!(recognise(&Head { source, text }), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let [a, b] = reading.articles.as_slice() else {
            panic!("{}", reading.articles.len())
        };
        assert_eq!(a.title, "Ferry stays in harbour");
        assert!(
            a.text
                .ends_with("AN article may begin so.\n\nIN BRUSSELS nobody knew."),
            "{}",
            a.text
        );
        assert_eq!(a.metadata["accession number"], "FERPO00020191103efb300001");
        for (key, value) in [
            ("author", "Ana Lund"),
            ("words", "1523"),
            ("published", "2019-11-03"),
            ("outlet", "The Ferry Post"),
            ("language", "en"),
            ("page", "4"),
        ] {
            assert_eq!(a.metadata[key], value, "{key}");
        }
        assert_eq!(
            (b.title.as_str(), b.text.as_str()),
            ("Brücke zu", "Sie ist zu.")
        );
        assert_eq!(b.metadata["accession number"], "HAFEN00020191104efb400001");
    }
}
