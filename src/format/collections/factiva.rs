//! Factiva exports as text, RTF, HTML or mail: with field codes (HD, BY, WC, PD, SN, LA, LP, TD, AN),
//! or without them, where what a line is follows from the page's own names and from the lines that
//! say how many words there are and which document it was.

mod plain;

use super::databases::{
    Content, Found, body_of, content_of, lines_in, lines_of_page, page_start, reader, reading_of,
    set, start_of,
};
use super::pages::Page;
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
    ("NGC", "source group"),
    ("GC", "source group code"),
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
    let is_page = page_start(head).is_some_and(|page| {
        page.contains("articleParagraph")
            && (page.contains("Headline") || page.contains("class=\"article"))
    });
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
    let has_codes = count >= 6 && has("HD") && (has("LP") || has("TD"));
    Likelihood::Sure.when(has_codes || is_page || plain::is_export(text))
}

/// Codes of fields with their lines.
type Fields = Vec<(&'static str, Vec<String>)>;

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let (lines, of_page) = match content_of(source)? {
        Content::Page(html, decoding) => {
            let page = Page::read(&html);
            let of_page = plain::documents_of_page(&page);
            (lines_of_page(page, decoding), of_page)
        }
        content => (lines_in(content), Vec::new()),
    };
    let has = |found: fn(&str) -> bool| {
        let mut codes = lines.lines.iter().filter_map(|line| Some(code(line)?.0));
        codes.any(found)
    };
    let has_codes = has(|code| code == "HD") && has(|code| matches!(code, "LP" | "TD"));
    reading_of(
        lines,
        |lines| match (has_codes, of_page.is_empty()) {
            (true, _) => documents(&lines.lines),
            (false, true) => plain::documents(&lines.lines),
            (false, false) => of_page,
        },
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
                let by = value
                    .split_once(' ')
                    .filter(|(first, _)| plain::is_by(first));
                let author = by.map_or(value.as_str(), |(_, author)| author);
                set(&mut article, "author", author);
            }
            "AN" => set(
                &mut article,
                "accession number",
                value.rsplit(' ').next().unwrap_or_default(),
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
        assert_eq!(recognise(&Head::new(source, text)), Likelihood::Sure);
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

    use crate::format::collections::databases::{Expected, check_articles};

    #[track_caller]
    fn check(file: &str, content: &str, expected: &[Expected<'_>]) {
        let source = Source::alone(file, content.as_bytes());
        let text = content.get(..60_000.min(content.len())).unwrap();
        assert_eq!(recognise(&Head::new(source, text)), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        check_articles(&reading, expected);
    }

    #[test]
    fn pages_behind_their_styles() {
        let style = format!(
            "<style>{}</style>",
            ".enHeadline { margin: 0 }\n".repeat(6_000)
        );
        let row = |code: &str, value: &str| {
            format!("<tr><td class=index><b>{code}</b>&nbsp;</td><td>{value}</td></tr>")
        };
        let coded = |title: &str, id: &str| {
            let rows = [
                ("HD", title),
                ("BY", "Ida Moor"),
                ("WC", "9 words"),
                ("PD", "4 May 2012"),
                ("SN", "The Mill Post"),
                ("SC", "MILL"),
                ("LA", "English"),
            ];
            let head: String = rows.iter().map(|(code, value)| row(code, value)).collect();
            let text = row("LP", "<p class='articleParagraph'>It turns.</p>")
                + &row("TD", "<p class='articleParagraph'>IN May it stood.</p>");
            format!(
                "<div class='article enArticle'><table>{head}{text}{}</table></div>",
                row("AN", &format!("<br/>Document {id}"))
            )
        };
        let page = |articles: &str| {
            format!("<html><head>{style}</head><body><h1>Factiva</h1>{articles}</body></html>")
        };
        let metadata: &[(&str, &str)] = &[
            ("author", "Ida Moor"),
            ("outlet", "The Mill Post"),
            ("published", "2012-05-04"),
            ("words", "9"),
            ("language", "en"),
        ];
        let text = "It turns.\n\nIN May it stood.";
        check(
            "x.html",
            &page(
                &(coded("Mill turns", "MILL000020120504e854000a1")
                    + &coded("Mill stands", "MILL000020120504e854000a2")),
            ),
            &[
                ("Mill turns", text, metadata),
                ("Mill stands", text, metadata),
            ],
        );
        let plain = |title: &str, id: &str| {
            format!(
                "<div class='article'><div class='article enArticle'><p><div>Trade</div><div id='hd'><span class='enHeadline'>{title}</span></div><div class='author'>Von Ida Moor</div><div>9 字</div><div>2012 年 5 月 4 日 17:04</div><div>The Mill Post</div><div>MILL</div><div>7, 8</div><div>9</div><div>英文</div><div>Copyright 2012 Mill Press</div></p><p class='articleParagraph enarticleParagraph'>It <b>turns</b>.</p><p class='articleParagraph'>IN May it stood.</p><p>A mill.</p><p>Mill Press</p><p>文件 {id}</p></div></div>"
            )
        };
        let more: &[(&str, &str)] = &[
            ("section", "Trade"),
            ("publisher", "Mill Press"),
            ("art", "A mill."),
            ("source code", "MILL"),
            ("page", "7, 8, 9"),
            ("accession number", "MILL000020120504e854000a1"),
        ];
        check(
            "x.html",
            &page(
                &(plain("Mill turns", "MILL000020120504e854000a1")
                    + &plain("Mill stands", "MILL000020120504e854000a2")),
            ),
            &[
                ("Mill turns", text, &[metadata, more].concat()),
                ("Mill stands", text, metadata),
            ],
        );
    }

    #[test]
    fn texts_without_codes() {
        check(
            "x.txt",
            "Trade\nMill turns again after a year\nBy Ida Moor\n1,009 words\n4 May 2012\n10:15\nThe Mill Post\nMILL\n7\nEnglish\n(c) 2012 Mill Press.\n\nIt turns.\n\nIN May it stood.\n\nDocument MILL000020120504e854000a1\n\nMill stands\n\nIt stood.\n\nDocument MILL000020120504e854000a2\n\nMühle dreht\n9 Wörter\n5. Mai 2012\nDie Mühle\nMUEHL\nDeutsch\n\nSie dreht.\n\nDokument MUEHL00020120505e855000a1\n\n2012 Factiva, Inc.\n",
            &[
                (
                    "Mill turns again after a year",
                    "It turns.\n\nIN May it stood.",
                    &[
                        ("author", "Ida Moor"),
                        ("section", "Trade"),
                        ("published", "2012-05-04"),
                        ("time", "10:15"),
                        ("outlet", "The Mill Post"),
                        ("words", "1009"),
                        ("page", "7"),
                        ("language", "en"),
                    ],
                ),
                ("Mill stands", "It stood.", &[]),
                (
                    "Mühle dreht",
                    "Sie dreht.",
                    &[
                        ("outlet", "Die Mühle"),
                        ("published", "2012-05-05"),
                        ("language", "de"),
                        ("accession number", "MUEHL00020120505e855000a1"),
                    ],
                ),
            ],
        );
    }
}
