//! Nexis Uni, Nexis Advance and LexisNexis exports as DOCX, RTF, text or HTML.
//!
//! Two layouts: the one of today, where each article ends with “End of Document”, and the classic
//! one, where each begins with “1 of 250 DOCUMENTS”.

mod classic;
mod names;
mod take;

use super::databases::{Found, Lines, body_of, lines_of, reader, reading_of, set, start_of};
use crate::format::reading::dates::parse_date;
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, Reading, Refusal, Source,
};
use names::{field, folded, is_closing, is_end, is_heading, is_rights, key_of};
use std::ops::Range;

pub const READER: Reader = reader("nexis", "Nexis export", recognise, read);

fn recognise(head: &Head<'_>) -> Likelihood {
    let text = start_of(head);
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let keys: Vec<&str> = lines().filter_map(|line| Some(field(line)?.0)).collect();
    let has = |key: &str| keys.contains(&key);
    let is_new = has("words")
        && lines().any(is_heading)
        && (lines().any(is_end) || has("load date") || lines().any(is_rights));
    let is_classic = lines().any(|line| document_number(line).is_some())
        && (has("words") || has("load date") || has("publication type"));
    Likelihood::Sure.when(is_new || is_classic)
}

/// `1 of 250 DOCUMENTS` in several languages: which, and of how many.
fn document_number(line: &str) -> Option<(usize, usize)> {
    if line.len() > 80 || !line.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let line = folded(line);
    let line = line
        .strip_prefix("focus")
        .map_or(line.as_str(), str::trim_start);
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_documents = |word: &str| word.starts_with("dokument") || word.starts_with("document");
    let (number, of, total) = match words.as_slice() {
        [number, of, total, documents] if is_documents(documents) => (number, of, total),
        [document, number, of, total] if is_documents(document) => (number, of, total),
        _ => return None,
    };
    let is_of = matches!(*of, "of" | "von" | "de" | "sur" | "van" | "di");
    is_of.then_some(())?;
    Some((number.parse().ok()?, total.parse().ok()?))
}

/// A document of an export: its lines, and whether it is the last.
struct Document {
    lines: Vec<String>,
    centred: Vec<bool>,
    has_blocks: bool,
    is_last: bool,
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let lines = lines_of(source)?;
    let starts = starts(&lines.lines);
    let ends = lines.lines.iter().filter(|line| is_end(line)).count();
    // An article may speak of “1 of 3 documents”.
    let is_classic = !starts.is_empty() && starts.len() >= ends;
    let promised: usize = starts.iter().map(|start| start.promised).sum();
    let promised = Some(promised).filter(|_| is_classic);
    let mut reading = reading_of(
        lines,
        |lines| documents(lines, &starts, is_classic),
        |at, document, are_wrapped| {
            let article = if is_classic {
                let Document {
                    lines,
                    centred,
                    has_blocks,
                    ..
                } = document;
                classic::article(lines, centred, are_wrapped, *has_blocks)
            } else {
                modern(&document.lines, are_wrapped)
            };
            let is_nothing =
                document.lines.iter().all(String::is_empty) || (document.is_last && !is_classic);
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

/// A line that numbers a document.
struct Start {
    at: usize,
    /// How many documents there are by the first line of an export, 0 by the others.
    promised: usize,
}

/// The lines that number documents. Numbers rise, and begin anew where exports were put together.
fn starts(lines: &[String]) -> Vec<Start> {
    let mut starts: Vec<Start> = Vec::new();
    let (mut last, mut of) = (0, 0);
    for (at, line) in lines.iter().enumerate() {
        let Some((number, total)) = document_number(line) else {
            continue;
        };
        let begins = starts.is_empty() || (number == 1 && last == of);
        if begins || (number > last && total == of) {
            let promised = if begins { total } else { 0 };
            starts.push(Start { at, promised });
            (last, of) = (number, total);
        }
    }
    starts
}

fn documents(lines: &Lines, starts: &[Start], is_classic: bool) -> Vec<Document> {
    let all = lines.lines.len();
    let ranges: Vec<Range<usize>> = if is_classic {
        let ends = starts.iter().skip(1).map(|start| start.at).chain([all]);
        starts
            .iter()
            .zip(ends)
            .map(|(start, end)| start.at + 1..end)
            .collect()
    } else {
        let is_at_end = |(_, line): &(usize, &String)| is_end(line);
        let ends = lines.lines.iter().enumerate().filter(is_at_end);
        let ends: Vec<usize> = ends.map(|(at, _)| at).chain([all]).collect();
        let begins = std::iter::once(0).chain(ends.iter().map(|at| at + 1));
        begins.zip(&ends).map(|(at, end)| at..*end).collect()
    };
    let count = ranges.len();
    let document = |(at, range): (usize, Range<usize>)| Document {
        lines: lines.lines.get(range.clone()).unwrap_or_default().to_vec(),
        centred: lines.centred.get(range).unwrap_or_default().to_vec(),
        has_blocks: lines.has_blocks,
        is_last: at + 1 == count,
    };
    ranges.into_iter().enumerate().map(document).collect()
}

/// Captions and corrections have so many bytes together at most.
const MAX_CAPTIONS: usize = 20_000;

/// Title, outlet, date, copyright, fields, “Body”, text, closing fields.
fn modern(lines: &[String], are_wrapped: bool) -> Option<FoundArticle> {
    // Behind the count of words, since the cover page may say anything.
    let words_at = lines
        .iter()
        .position(|line| field(line).is_some_and(|(key, _)| key == "words"));
    let behind = |(at, line): &(usize, &String)| {
        is_heading(line) && words_at.is_none_or(|words_at| *at > words_at)
    };
    let (body_at, _) = lines.iter().enumerate().find(behind)?;
    let (head, body) = lines.split_at_checked(body_at)?;
    let body = body.get(1..)?;
    let mut article = FoundArticle::default();
    // The cover page stands before the first article's title: outlet and date are right before the
    // copyright line, the title above them.
    let head: Vec<&String> = head.iter().filter(|line| !line.is_empty()).collect();
    let date_at = head.iter().rposition(|line| {
        line.chars().count() < 60 && parse_date(line).is_some() && field(line).is_none()
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
            let below = head.get(at + 1).filter(|line| {
                field(line).is_none() && !is_rights(line) && line.chars().count() < 100
            });
            set(
                &mut article,
                "edition",
                below.map_or("", |line| line.as_str()),
            );
        }
        None => {
            let mut names = head
                .iter()
                .filter(|line| field(line).is_none() && !is_rights(line));
            if let Some(title) = names.next() {
                title.as_str().clone_into(&mut article.title);
            }
            if let Some(outlet) = names.next() {
                set(&mut article, "outlet", outlet);
            }
        }
    }
    for line in joined(&head, are_wrapped) {
        take::line(&mut article, &line);
    }
    let is_closing_field =
        |line: &String| is_closing(line) || field(line).is_some_and(|(key, _)| key == "load date");
    let end = body.iter().rposition(is_closing_field);
    // Closing fields stand together at the end; the first of them ends the text.
    let mut cut = end.unwrap_or(body.len());
    while let Some(line) = cut.checked_sub(1).and_then(|at| body.get(at)) {
        let is_closing = line.is_empty() || field(line).is_some() || is_closing(line);
        if is_closing && end.is_some() {
            cut -= 1;
        } else {
            break;
        }
    }
    let fields_at = cut;
    // Captions and corrections have a heading, and what they say below it.
    while let Some(at) = body.get(..cut)?.iter().rposition(|line| is_closing(line)) {
        let said: Vec<&str> = body
            .get(at + 1..cut)?
            .iter()
            .map(String::as_str)
            .filter(|line| !line.is_empty())
            .collect();
        let Some(key) = body.get(at).and_then(|line| key_of(line)) else {
            break;
        };
        if at == 0 || said.iter().map(|line| line.len()).sum::<usize>() > MAX_CAPTIONS {
            break;
        }
        set(&mut article, key, &said.join(" "));
        cut = at;
    }
    let closing = body.get(fields_at..)?.iter();
    let closing: Vec<&String> = closing.filter(|line| !line.is_empty()).collect();
    for line in joined(&closing, are_wrapped) {
        take::line(&mut article, &line);
    }
    article.text = body_of(body.get(..cut)?, are_wrapped);
    (!article.text.is_empty()).then_some(article)
}

/// Fields with the lines below them that the width of the page broke off.
fn joined(lines: &[&String], are_wrapped: bool) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for line in lines {
        let goes_on = are_wrapped && field(line).is_none() && !is_rights(line) && !is_closing(line);
        match joined
            .last_mut()
            .filter(|last| goes_on && field(last).is_some())
        {
            Some(last) => {
                last.push(' ');
                last.push_str(line);
            }
            None => joined.push((*line).clone()),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODERN: &str = "Job Number: 1\nDocuments (2)\n\nFerry stays in harbour\nThe Ferry Post\nNovember 3, 2019 Sunday\n\nCopyright 2019 Ferry Post Ltd. All Rights Reserved\nSection: NEWS; Pg. 4\nLength: 523 words\nByline: By Ana Lund\n\nBody\n\nThe ferry did not leave.\n\nIt was too windy.\n\nClassification\n\nLanguage: ENGLISH\n\nPublication-Type: Newspaper\n\nLoad-Date: November 4, 2019\n\nEnd of Document\n\nFähre fällt aus\nHafenblatt\n4. November 2019 Montag\n\nCopyright 2019 Hafenblatt\nLänge: 80 Wörter\n\nBody\n\nSie fällt aus.\n\nLoad-Date: November 5, 2019\n\nEnd of Document\n";
    const CLASSIC: &str = "                   1 of 2 DOCUMENTS\n\n                   The Ferry Post\n\n               November 3, 2007 Saturday\n\nSECTION: NEWS; Pg. 12\n\nLENGTH: 20 words\n\nHEADLINE: Ferry stays in\nharbour\n\nBYLINE: Ana Lund\n\nBODY:\n\nThe ferry did not\nleave.\n\nIt was windy.\n\nLOAD-DATE: November 4, 2007\n\nLANGUAGE: ENGLISH\n\n          Copyright 2007 Ferry Post\n                     All Rights Reserved\n\n                   2 of 2 DOCUMENTS\n\n                   The Ferry Post\n\n               November 5, 2007 Monday\n\nLENGTH: 5 words\n\nHEADLINE: Bridge shut\n\nThe bridge is shut.\n\nLOAD-DATE: November 6, 2007\n";

    fn check(text: &str, expected: &[(&str, &str, &str, &str)]) {
        let source = Source::alone("x.txt", text.as_bytes());
        assert_eq!(recognise(&Head::new(source, text)), Likelihood::Sure);
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
        assert_eq!(recognise(&Head::new(source, text)), Likelihood::No);
    }

    #[test]
    fn documents_are_numbered_in_many_ways() {
        let check = |line: &str, expected: Option<(usize, usize)>| {
            assert_eq!(document_number(line), expected, "{line}");
        };
        check("1 of 250 DOCUMENTS", Some((1, 250)));
        check("FOCUS - 2 of 3 DOCUMENTS", Some((2, 3)));
        check("1 OF 1 DOCUMENT", Some((1, 1)));
        check("Dokument 4 von 49", Some((4, 49)));
        check("Document 1 de 3", Some((1, 3)));
        check("2 sur 3 DOCUMENTS", Some((2, 3)));
        check("2 van 3 DOCUMENTEN", Some((2, 3)));
        check("2 de 3 DOCUMENTOS", Some((2, 3)));
        check("2 di 3 DOCUMENTI", Some((2, 3)));
        check("2 of 3 documentaries of the year", None);
        check("2 of 3 ferries", None);
    }

    #[test]
    fn a_text_may_speak_of_documents() {
        let text = CLASSIC.replace("It was windy.", "1 of 3 documents\n\nIt was windy.");
        let reading = read(
            &Source::alone("x.txt", text.as_bytes()),
            &ReadOptions::default(),
        )
        .unwrap();
        assert_eq!(reading.articles.len(), 2);
        assert!(
            reading.articles[0]
                .text
                .ends_with("1 of 3 documents\n\nIt was windy.")
        );
        // Two exports, one behind the other.
        let text = format!("{CLASSIC}\n{CLASSIC}");
        let reading = read(
            &Source::alone("x.txt", text.as_bytes()),
            &ReadOptions::default(),
        )
        .unwrap();
        assert_eq!((reading.articles.len(), reading.remarks.len()), (4, 0));
    }

    #[test]
    fn captions_are_no_text() {
        let text = MODERN.replace("3, 2019 Sunday\n", "3, 2019 Sunday\nNorth\n");
        let text = text.replace(
            "Classification\n",
            "Graphic\n\nA ferry.\n\nTwo ferries.\n\nClassification\n",
        );
        let reading = read(
            &Source::alone("x.txt", text.as_bytes()),
            &ReadOptions::default(),
        )
        .unwrap();
        let article = &reading.articles[0];
        assert_eq!(
            article.text,
            "The ferry did not leave.\n\nIt was too windy."
        );
        assert_eq!(article.metadata["graphic"], "A ferry. Two ferries.");
        assert_eq!(article.metadata["edition"], "North");
    }

    #[test]
    fn pages_centre_what_is_no_headline() {
        let page = "<html><head><style>.c0 { text-align: center; }\n.c5 { text-align: left; }</style></head><body><a name=\"DOC_ID_0_0\"></a><div class=\"c0\"><p>1 of 1 DOCUMENTS</p></div><br><div class=\"c0\"><br><p><span>Die Mühle</span></p></div><br><div class=\"c5\"><p>Mühle dreht</p></div><br><div class=\"c0\"><p>4. Mai 2012 Freitag<br>Erste Ausgabe</p></div><br><div class=\"c5\"><p><b>LÄNGE: </b>2 Wörter</p></div><br><div class=\"c5\"><p>Sie dreht.</p><p>Wieder.</p></div><br><div class=\"c5\"><p><b>UPDATE: </b>5. Mai 2012</p></div><br><div class=\"c0\"><p>Copyright 2012 Mühle<br>Alle Rechte vorbehalten</p></div></body></html>";
        let source = Source::alone("x.html", page.as_bytes());
        assert_eq!(recognise(&Head::new(source, page)), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let article = &reading.articles[0];
        assert_eq!(
            (article.title.as_str(), article.text.as_str()),
            ("Mühle dreht", "Sie dreht.\n\nWieder.")
        );
        for (key, value) in [
            ("outlet", "Die Mühle"),
            ("published", "2012-05-04"),
            ("edition", "Erste Ausgabe"),
            ("load date", "2012-05-05"),
        ] {
            assert_eq!(article.metadata[key], value, "{key}");
        }
    }
}
