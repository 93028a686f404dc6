//! EBSCOhost records as text, RTF, DOCX or HTML: fields behind their names, then the full text.

use super::databases::{
    Found, Lines, body_of, field, lines_of, lower_start, reader, reading_of, set,
};
use crate::format::reading::dates::parse_date;
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, Reading, Refusal, Source,
};

pub const READER: Reader = reader("ebsco", "EBSCOhost export", recognise, read);

/// Names of fields and the keys that they become.
const FIELDS: &[(&str, &[&str])] = &[
    ("record", &["record"]),
    ("title", &["title"]),
    ("author", &["author(s)", "authors", "author", "by"]),
    ("source", &["source"]),
    ("text", &["html full text", "full text", "pdf full text"]),
    ("words", &["full text word count", "word count"]),
    ("abstract", &["abstract (english)", "abstract"]),
    ("outlet", &["publication", "journal", "newspaper"]),
    ("published", &["publication date", "date"]),
    ("document type", &["document type", "publication type"]),
    (
        "subject",
        &["subject terms", "subjects", "author-supplied keywords"],
    ),
    ("location", &["geographic terms"]),
    ("companies", &["company/entity"]),
    ("people", &["people"]),
    ("section", &["section"]),
    ("issn", &["issn"]),
    ("doi", &["doi"]),
    ("language", &["language"]),
    ("accession number", &["accession number", "an"]),
    (
        "url",
        &[
            "persistent link to this record (permalink)",
            "persistent link to this record",
            "permalink",
        ],
    ),
    ("cut and paste", &["cut and paste"]),
    ("database", &["database"]),
    ("publisher", &["publisher information", "publisher"]),
    ("naics", &["naics/industry codes"]),
    (
        "related",
        &[
            "related information",
            "notes",
            "images",
            "affiliations",
            "reviews & products",
            "publisher logo",
        ],
    ),
];

fn recognise(head: &Head<'_>) -> Likelihood {
    let lower = lower_start(head);
    let has = |what: &str| lower.contains(what);
    let is_ebsco = has("ebsco") || has("persistent link to this record") || has("\nrecord: 1");
    Likelihood::Sure.when(is_ebsco && has("accession number:") && has("database:") && has("title:"))
}

fn is_rule(line: &str) -> bool {
    line.len() >= 10 && line.bytes().all(|b| matches!(b, b'_' | b'=' | b'-' | b'*'))
}

/// A field, whose name some layouts put between asterisks.
fn field_of(line: &str) -> Option<(&'static str, &str)> {
    field(line.trim_start_matches('*').trim_start(), FIELDS)
        .map(|(key, value)| (key, value.trim_start_matches(['*', ':']).trim()))
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    reading_of(
        lines_of(source)?,
        records,
        |_, record, are_wrapped| found(record, are_wrapped),
        ("an EBSCOhost", " with its full text"),
    )
}

/// The records by their numbers, else between the rules of a text or a page; where a file has
/// neither, each begins with its title.
fn records(lines: &Lines) -> Vec<Vec<String>> {
    let mut records: Vec<Vec<String>> = vec![Vec::new()];
    let is_numbered = lines.lines.iter().any(|line| is_start(line));
    let has_rules = !lines.breaks.is_empty() || lines.lines.iter().any(|line| is_rule(line));
    let mut breaks = lines.breaks.iter().copied().peekable();
    let mut has_number = false;
    for (at, line) in lines.lines.iter().enumerate() {
        let mut is_break = is_rule(line);
        while breaks.next_if(|next| *next <= at).is_some() {
            is_break = true;
        }
        let key = field_of(line).map(|(key, _)| key);
        let begins = match (is_numbered, has_rules) {
            (true, _) => is_start(line),
            (false, true) => is_break,
            (false, false) => has_number && key == Some("title"),
        };
        if begins {
            has_number = false;
            records.push(Vec::new());
        }
        has_number |= key == Some("accession number");
        if let Some(record) = records.last_mut() {
            record.push(line.clone());
        }
    }
    records
}

fn found(record: &[String], are_wrapped: bool) -> Found {
    let article = article(record, are_wrapped);
    let has_number = article.metadata.contains_key("accession number");
    match article.text.is_empty() {
        false => Found::Article(Box::new(article)),
        true if article.title.is_empty() && !has_number => Found::Other,
        true => Found::WithoutText(format!("“{}”", article.title)),
    }
}

/// `Record: 3`.
fn is_start(line: &str) -> bool {
    let value = field_of(line).filter(|(key, _)| *key == "record");
    value.is_some_and(|(_, value)| !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()))
}

fn article(lines: &[String], are_wrapped: bool) -> FoundArticle {
    let mut article = FoundArticle::default();
    let mut values: Vec<(&'static str, String)> = Vec::new();
    let mut text: Vec<String> = Vec::new();
    let mut is_in_text = false;
    let mut was_blank = false;
    for line in lines {
        if is_rule(line) {
            continue;
        }
        // After the last field comes an empty line, and after it the text.
        let last = values.last().filter(|(_, value)| !value.is_empty());
        let last = last.map(|(key, _)| *key);
        if !is_in_text
            && was_blank
            && last == Some("database")
            && field_of(line).is_none()
            && !line.is_empty()
        {
            is_in_text = true;
        }
        was_blank = line.is_empty();
        if is_in_text {
            // EBSCO's own words behind every article.
            if line.starts_with("Copyright of ") && line.contains("is the property of")
                || line.starts_with("Copyright of ") && line.contains("is copyright")
            {
                set(&mut article, "copyright", line);
                break;
            }
            text.push(line.clone());
            continue;
        }
        match field_of(line) {
            Some(("text", value)) => {
                is_in_text = true;
                text.push(value.to_owned());
            }
            Some((key, value)) => values.push((key, value.to_owned())),
            None if !line.is_empty() => {
                if let Some((_, value)) = values.last_mut() {
                    if !value.is_empty() {
                        value.push(' ');
                    }
                    value.push_str(line);
                }
            }
            None => {}
        }
    }
    for (key, value) in &values {
        let value = value.trim();
        match *key {
            "title" if article.title.is_empty() => {
                value.trim_end_matches('.').clone_into(&mut article.title);
            }
            "source" => source_of(value, &mut article),
            "record" | "cut and paste" | "related" | "title" => {}
            "url" => set(
                &mut article,
                "url",
                value.split_whitespace().next().unwrap_or_default(),
            ),
            key => set(&mut article, key, value),
        }
    }
    // Many texts begin with their headline again; it stays where it was printed.
    article.text = body_of(&text, are_wrapped);
    article
}

/// “Ferry Post. 11/3/2019, p4. 2p.”, or “Ferry Post (0012-3456); Nov 3, 2019; p4”.
fn source_of(value: &str, article: &mut FoundArticle) {
    let outlet = value.split([';', '(']).next().unwrap_or(value);
    let outlet = outlet
        .split(". ")
        .next()
        .unwrap_or(outlet)
        .trim()
        .trim_end_matches(['.', ',']);
    set(article, "outlet", outlet);
    for part in value.split([';', '.']).map(str::trim).skip(1) {
        // Dates in figures are American here.
        let figures = part.split(',').next().unwrap_or(part).trim();
        let numbers: Vec<u32> = figures.split('/').filter_map(|n| n.parse().ok()).collect();
        let date = match numbers.as_slice() {
            [month @ 1..=12, day @ 1..=31, year] if figures.matches('/').count() == 2 => {
                let year = if *year < 100 { 2000 + year } else { *year };
                Some(format!("{year:04}-{month:02}-{day:02}"))
            }
            _ => parse_date(part)
                .or_else(|| {
                    let commas: Vec<&str> = part.split(',').collect();
                    parse_date(&commas.get(..2)?.join(","))
                })
                .or_else(|| parse_date(figures)),
        };
        if let Some(date) = date {
            set(article, "published", &date);
            break;
        }
    }
    let page = value
        .split([' ', ','])
        .find_map(|word| word.strip_prefix('p').or_else(|| word.strip_prefix("pA")));
    if let Some(page) = page.filter(|page| page.starts_with(|c: char| c.is_ascii_digit())) {
        set(article, "page", page.trim_end_matches(['.', ';']));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_with_their_full_text() {
        let text = "EBSCOhost Result List\n\nRecord: 1\n\nTitle: Ferry stays in harbour.\n\nAuthors: Lund, Ana\n\nSource: Ferry Post. 11/3/2019, p4. 2p.\n\nDocument Type: Article\n\nFull Text Word Count: 312\n\nISSN: 0012-3456\n\nAccession Number: 123\n\nPersistent link to this record (Permalink): http://search.example/login?AN=123\n\nDatabase: Newspaper Source\n\nFerry stays in harbour\n\nThe ferry did not leave.\n\nNote: it was windy.\n\nCopyright of Ferry Post is the property of Ferry Press and its content may not be copied.\n\nRecord: 2\n\nTitle: Bridge shut.\n\nSource: Hafenblatt (0012-0000); Nov 4, 2019; p. 1\n\nAccession Number: 124\n\nDatabase: Newspaper Source\n\nRecord: 3\n\nTitle: Road open\n\nSource: Hafenblatt; Dec 5, 2019\n\nAccession Number: 125\n\nDatabase: Newspaper Source\n\nFull Text: The road is open.\n";
        let source = Source::alone("x.txt", text.as_bytes());
        assert_eq!(recognise(&Head::new(source, text)), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let [a, b] = reading.articles.as_slice() else {
            panic!("{:?}", reading.articles)
        };
        assert_eq!(
            (a.title.as_str(), a.text.as_str()),
            (
                "Ferry stays in harbour",
                "Ferry stays in harbour\n\nThe ferry did not leave.\n\nNote: it was windy."
            )
        );
        for (key, value) in [
            ("author", "Lund, Ana"),
            ("outlet", "Ferry Post"),
            ("published", "2019-11-03"),
            ("page", "4"),
            ("accession number", "123"),
        ] {
            assert_eq!(a.metadata[key], value, "{key}");
        }
        assert_eq!(
            (b.text.as_str(), b.metadata["published"].as_str()),
            ("The road is open.", "2019-12-05")
        );
        assert_eq!(
            reading.remarks,
            ["“Bridge shut” has no full text and was left out"]
        );
    }

    #[test]
    fn pages_of_fields() {
        let style = format!("<style>{}</style>", ".a { margin: 0 }\n".repeat(10_000));
        let record = |title: &str, number: &str| {
            let fields = [
                ("Title:", title),
                ("Authors:", "Moor, Ida"),
                ("Source:", "Mill Post. 5/4/2012, p7."),
                ("Accession Number:", number),
                (
                    "Persistent link to this record (Permalink):",
                    "http://x.example/?AN=1",
                ),
                ("Database:", "Newspaper Source"),
            ];
            let fields: String = fields
                .iter()
                .map(|(name, value)| format!("<dt>{name}</dt><dd>{value}</dd>"))
                .collect();
            format!("<dl>{fields}</dl><p>It turns.</p><p>It stood.</p>")
        };
        let (one, two) = (record("Mill turns", "1"), record("Mill stands", "2"));
        let page = |between: &str| {
            format!(
                "<html><head><title>EBSCOhost</title>{style}</head><body>{one}{between}{two}</body></html>"
            )
        };
        for page in [page("<hr>"), page("")] {
            let source = Source::alone("x.html", page.as_bytes());
            let text = page.get(..64_000).unwrap();
            assert_eq!(recognise(&Head::new(source, text)), Likelihood::Sure);
            let reading = read(&source, &ReadOptions::default()).unwrap();
            let found: Vec<(&str, &str, &str)> = reading
                .articles
                .iter()
                .map(|a| {
                    (
                        a.title.as_str(),
                        a.text.as_str(),
                        a.metadata["published"].as_str(),
                    )
                })
                .collect();
            let text = "It turns.\n\nIt stood.";
            assert_eq!(
                found,
                [
                    ("Mill turns", text, "2012-05-04"),
                    ("Mill stands", text, "2012-05-04")
                ]
            );
        }
    }
}
