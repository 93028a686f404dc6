//! Nexis Uni, Nexis Advance and LexisNexis exports as DOCX, RTF, text or HTML.
//!
//! Two layouts: the one of today, where each article ends with “End of Document”, and the classic
//! one, where each begins with “1 of 250 DOCUMENTS”.

use super::databases::{Found, body_of, field, lines_of, reader, reading_of, set, start_of};
use crate::format::reading::dates::parse_date;
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, Reading, Refusal, Source,
};

pub const READER: Reader = reader("nexis", "Nexis export", recognise, read);

const ENDS: &[&str] = &[
    "end of document",
    "ende des dokuments",
    "fin du document",
    "fin del documento",
    "einde van document",
    "fim do documento",
    "fine del documento",
];
const BODIES: &[&str] = &[
    "body",
    "textkörper",
    "volltext",
    "corps",
    "cuerpo",
    "hoofdtekst",
    "corpo",
];
const CLOSINGS: &[&str] = &[
    "classification",
    "klassifizierung",
    "classificatie",
    "clasificación",
    "graphic",
    "load-date",
    "language",
];

const FIELDS: &[(&str, &[&str])] = &[
    (
        "section",
        &[
            "section", "rubrik", "ressort", "rubrique", "sección", "sectie",
        ],
    ),
    (
        "words",
        &["length", "länge", "longueur", "longitud", "lengte"],
    ),
    ("author", &["byline", "autor", "auteur", "author"]),
    ("dateline", &["dateline"]),
    ("highlight", &["highlight"]),
    (
        "language",
        &["language", "sprache", "langue", "idioma", "taal"],
    ),
    (
        "publication type",
        &["publication-type", "publication type", "publikationstyp"],
    ),
    ("document type", &["document-type", "document type"]),
    ("subject", &["subject", "thema", "sujet"]),
    ("load date", &["load-date", "update", "load date"]),
    ("graphic", &["graphic"]),
    ("journal code", &["journal code"]),
];

fn recognise(head: &Head<'_>) -> Likelihood {
    let text = start_of(head);
    let lower = text.to_lowercase();
    let lines = || lower.lines().map(str::trim);
    let ends = lines().filter(|line| ENDS.contains(line)).count();
    let has_length = lines().any(|line| field(line, FIELDS).is_some_and(|(key, _)| key == "words"));
    let has_load = lines().any(|line| line.starts_with("load-date:"));
    let has_body = lines().any(|line| BODIES.contains(&line));
    let is_new = has_length && has_body && (ends > 0 || has_load || lower.contains("copyright"));
    let is_classic =
        lines().any(|line| document_number(line).is_some()) && (has_length || has_load);
    Likelihood::Sure.when(is_new || is_classic)
}

/// `1 of 250 DOCUMENTS` in several languages: which, and of how many.
fn document_number(line: &str) -> Option<(usize, usize)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (number, of, total) = match words.as_slice() {
        [number, of, total, documents] if documents.to_lowercase().starts_with("do") => {
            (number, of, total)
        }
        [document, number, of, total] if document.to_lowercase().starts_with("do") => {
            (number, of, total)
        }
        _ => return None,
    };
    let is_of = matches!(
        of.to_lowercase().as_str(),
        "of" | "von" | "de" | "sur" | "van" | "di"
    );
    is_of.then_some(())?;
    Some((number.parse().ok()?, total.parse().ok()?))
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let lines = lines_of(source)?;
    let mut numbers = lines
        .lines
        .iter()
        .rev()
        .filter_map(|line| document_number(line));
    let promised = numbers.next().map(|(_, total)| total);
    let is_classic = promised.is_some();
    let mut reading = reading_of(
        lines,
        |lines| documents(lines, is_classic),
        |at, (document, is_last), are_wrapped| {
            let article = if is_classic {
                classic(document, are_wrapped)
            } else {
                modern(document, are_wrapped)
            };
            let is_nothing = document.iter().all(String::is_empty) || (*is_last && !is_classic);
            match article {
                Some(article) => Found::Article(Box::new(article)),
                None if is_nothing => Found::Other,
                None => Found::WithoutText(format!("document {}", at + 1)),
            }
        },
        ("a Nexis", ""),
    )?;
    let found = reading.articles.len();
    if let Some(promised) = promised.filter(|n| *n > 0 && *n != found)
        && reading.remarks.is_empty()
    {
        reading.remarks.push(format!(
            "the export says that it has {promised} documents; {found} were found"
        ));
    }
    Ok(reading)
}

/// The lines of each document, and whether it is the last.
fn documents(lines: &[String], is_classic: bool) -> Vec<(Vec<String>, bool)> {
    let is_end = |line: &String| ENDS.contains(&line.to_lowercase().as_str());
    let is_start = |line: &String| document_number(line).is_some();
    // What says so within an article is followed by more of it: an end has a title after it
    // that is not followed by its own body.
    let parts: Vec<&[String]> = if is_classic {
        lines.split(is_start).skip(1).collect()
    } else {
        lines.split(is_end).collect()
    };
    let count = parts.len();
    let parts = parts.into_iter().enumerate();
    parts
        .map(|(at, part)| (part.to_vec(), at + 1 == count))
        .collect()
}

/// Title, outlet, date, copyright, fields, “Body”, text, closing fields.
fn modern(lines: &[String], are_wrapped: bool) -> Option<FoundArticle> {
    let body_at = lines
        .iter()
        .rposition(|line| BODIES.contains(&line.to_lowercase().as_str()))?;
    let (head, body) = lines.split_at_checked(body_at)?;
    let body = body.get(1..)?;
    let mut article = FoundArticle::default();
    // The cover page stands before the first article's title: outlet and date are right before the
    // copyright line, the title above them.
    let head: Vec<&String> = head.iter().filter(|line| !line.is_empty()).collect();
    let date_at = head.iter().rposition(|line| {
        line.chars().count() < 60 && parse_date(line).is_some() && field(line, FIELDS).is_none()
    });
    match date_at {
        Some(at) => {
            set(&mut article, "published", head.get(at)?);
            if let Some(outlet) = at.checked_sub(1).and_then(|at| head.get(at)) {
                set(&mut article, "outlet", outlet);
            }
            if let Some(title) = at.checked_sub(2).and_then(|at| head.get(at)) {
                title.as_str().clone_into(&mut article.title);
            }
        }
        None => {
            let title = head.iter().find(|line| {
                field(line, FIELDS).is_none() && !line.to_lowercase().contains("copyright")
            });
            title
                .map_or("", |title| title.as_str())
                .clone_into(&mut article.title);
        }
    }
    for line in &head {
        take_field(&mut article, line);
    }
    let end = body.iter().rposition(|line| {
        let lower = line.to_lowercase();
        CLOSINGS.contains(&lower.as_str()) || lower.starts_with("load-date:")
    });
    // Closing fields stand together at the end; the first of them ends the text.
    let mut cut = end.unwrap_or(body.len());
    while let Some(line) = cut.checked_sub(1).and_then(|at| body.get(at)) {
        let is_closing = line.is_empty()
            || field(line, FIELDS).is_some()
            || CLOSINGS.contains(&line.to_lowercase().as_str());
        if is_closing && end.is_some() {
            cut -= 1;
        } else {
            break;
        }
    }
    for line in body.get(cut..)? {
        take_field(&mut article, line);
    }
    article.text = body_of(body.get(..cut)?, are_wrapped);
    (!article.text.is_empty()).then_some(article)
}

fn take_field(article: &mut FoundArticle, line: &str) {
    if let Some((key, value)) = field(line, FIELDS) {
        match key {
            "section" => {
                // “NEWS; Pg. 4”
                let (section, page) = value.split_once(';').unwrap_or((value, ""));
                set(article, "section", section);
                let page = page
                    .trim()
                    .trim_start_matches("Pg.")
                    .trim_start_matches("S.");
                set(article, "page", page);
            }
            "words" => {
                let digits: String = value
                    .chars()
                    .take_while(|c| c.is_ascii_digit() || *c == ',')
                    .filter(char::is_ascii_digit)
                    .collect();
                set(article, "words", &digits);
            }
            "author" => set(
                article,
                "author",
                value
                    .trim_start_matches("By ")
                    .trim_start_matches("by ")
                    .trim_start_matches("BY "),
            ),
            key => set(article, key, value),
        }
    } else if line.to_lowercase().starts_with("copyright") {
        set(article, "copyright", line);
    }
}

/// Outlet, date, fields in capitals, headline, text, closing fields.
fn classic(lines: &[String], are_wrapped: bool) -> Option<FoundArticle> {
    let mut article = FoundArticle::default();
    let mut text: Vec<String> = Vec::new();
    let mut seen_date = false;
    let mut in_head = true;
    let mut open_key: Option<String> = None;
    for line in lines {
        if line.is_empty() {
            open_key = None;
            if !in_head {
                text.push(String::new());
            }
            continue;
        }
        let name = line.split(':').next().unwrap_or_default();
        let is_capital = line.contains(':')
            && !name.chars().any(char::is_lowercase)
            && name.chars().count() < 24;
        if is_capital && name == "HEADLINE" {
            line.split_once(':')
                .map_or("", |(_, value)| value.trim())
                .clone_into(&mut article.title);
            open_key = Some("HEADLINE".to_owned());
            continue;
        }
        if is_capital && field(line, FIELDS).is_some() {
            take_field(&mut article, line);
            open_key = Some(name.to_owned());
            // Fields after the text belong to it no more.
            in_head = in_head || text.iter().all(String::is_empty);
            if !in_head {
                text.push(String::new());
            }
            continue;
        }
        if let Some(key) = &open_key {
            // A field that was broken at the width of the page.
            if key == "HEADLINE" {
                article.title.push(' ');
                article.title.push_str(line);
            }
            continue;
        }
        if line.to_lowercase().starts_with("copyright") || line == "All Rights Reserved" {
            set(&mut article, "copyright", line);
            continue;
        }
        if !seen_date {
            if parse_date(line).is_some() && line.chars().count() < 60 {
                set(&mut article, "published", line);
                seen_date = true;
            } else {
                set(&mut article, "outlet", line);
            }
            continue;
        }
        if is_capital && BODIES.contains(&name.to_lowercase().as_str()) {
            in_head = false;
            text.extend(line.split_once(':').map(|(_, rest)| rest.trim().to_owned()));
            continue;
        }
        if article.title.is_empty() && in_head {
            line.clone_into(&mut article.title);
            continue;
        }
        in_head = false;
        text.push(line.clone());
    }
    article.text = body_of(&text, are_wrapped);
    (!article.text.is_empty()).then_some(article)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODERN: &str = "Job Number: 1\nDocuments (2)\n\nFerry stays in harbour\nThe Ferry Post\nNovember 3, 2019 Sunday\n\nCopyright 2019 Ferry Post Ltd. All Rights Reserved\nSection: NEWS; Pg. 4\nLength: 523 words\nByline: By Ana Lund\n\nBody\n\nThe ferry did not leave.\n\nIt was too windy.\n\nClassification\n\nLanguage: ENGLISH\n\nPublication-Type: Newspaper\n\nLoad-Date: November 4, 2019\n\nEnd of Document\n\nFähre fällt aus\nHafenblatt\n4. November 2019 Montag\n\nCopyright 2019 Hafenblatt\nLänge: 80 Wörter\n\nBody\n\nSie fällt aus.\n\nLoad-Date: November 5, 2019\n\nEnd of Document\n";
    const CLASSIC: &str = "                   1 of 2 DOCUMENTS\n\n                   The Ferry Post\n\n               November 3, 2007 Saturday\n\nSECTION: NEWS; Pg. 12\n\nLENGTH: 20 words\n\nHEADLINE: Ferry stays in\nharbour\n\nBYLINE: Ana Lund\n\nBODY:\n\nThe ferry did not\nleave.\n\nIt was windy.\n\nLOAD-DATE: November 4, 2007\n\nLANGUAGE: ENGLISH\n\n          Copyright 2007 Ferry Post\n                     All Rights Reserved\n\n                   2 of 2 DOCUMENTS\n\n                   The Ferry Post\n\n               November 5, 2007 Monday\n\nLENGTH: 5 words\n\nHEADLINE: Bridge shut\n\nThe bridge is shut.\n\nLOAD-DATE: November 6, 2007\n";

    fn check(text: &str, expected: &[(&str, &str, &str, &str)]) {
        let source = Source::alone("x.txt", text.as_bytes());
        assert_eq!(recognise(&Head { source, text }), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let got: Vec<_> = reading
            .articles
            .iter()
            .map(|a| {
                (
                    a.title.as_str(),
                    a.metadata["outlet"].as_str(),
                    a.metadata["published"].as_str(),
                    a.text.as_str(),
                )
            })
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn both_layouts_are_split() {
        check(
            MODERN,
            &[
                (
                    "Ferry stays in harbour",
                    "The Ferry Post",
                    "2019-11-03",
                    "The ferry did not leave.\n\nIt was too windy.",
                ),
                (
                    "Fähre fällt aus",
                    "Hafenblatt",
                    "2019-11-04",
                    "Sie fällt aus.",
                ),
            ],
        );
        check(
            CLASSIC,
            &[
                (
                    "Ferry stays in harbour",
                    "The Ferry Post",
                    "2007-11-03",
                    "The ferry did not leave.\n\nIt was windy.",
                ),
                (
                    "Bridge shut",
                    "The Ferry Post",
                    "2007-11-05",
                    "The bridge is shut.",
                ),
            ],
        );
    }

    #[test]
    fn metadata_is_read_out() {
        let source = Source::alone("x.txt", MODERN.as_bytes());
        let article = &read(&source, &ReadOptions::default()).unwrap().articles[0];
        let expected = [
            ("author", "Ana Lund"),
            ("section", "NEWS"),
            ("page", "4"),
            ("words", "523"),
            ("language", "en"),
            ("load date", "2019-11-04"),
        ];
        for (key, value) in expected {
            assert_eq!(article.metadata[key], value, "{key}");
        }
    }

    #[test]
    fn an_article_about_lengths_is_no_export() {
        let text = "Fish of the year\n\nLength: 50 words would not be enough for it.\n\nBody mass counts too.\n";
        let source = Source::alone("x.txt", text.as_bytes());
        assert_eq!(recognise(&Head { source, text }), Likelihood::No);
    }
}
