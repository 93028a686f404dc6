//! ProQuest exports as text, RTF, DOCX or HTML: documents between lines of underscores, fields
//! behind their names.

use super::databases::{
    Found, Lines, body_of, field, lines_of, lower_start, reader, reading_of, set,
};
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
    ("keywords", &["identifier / keyword", "identifiers"]),
    ("pages", &["number of pages"]),
];

/// Keys of fields that stand behind texts.
const BEHIND: &[&str] = &[
    "title",
    "outlet",
    "subject",
    "location",
    "people",
    "companies",
    "published",
    "year",
    "page",
    "publisher",
    "proquest id",
    "copyright",
    "database",
    "links",
    "section",
    "issn",
];

fn is_rule(line: &str) -> bool {
    line.len() >= 20 && line.bytes().all(|b| b == b'_')
}

fn recognise(head: &Head<'_>) -> Likelihood {
    let lower = lower_start(head);
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
        documents,
        |_, document, are_wrapped| article(document, are_wrapped),
        ("a ProQuest", " with its full text"),
    )
}

/// The documents between the marks of a page, or between rules; where a file has neither, each ends
/// with the fields around its number.
fn documents(lines: &Lines) -> Vec<Vec<String>> {
    let mut documents: Vec<Vec<String>> = Vec::new();
    let mut breaks = lines.breaks.iter().copied().peekable();
    let mut document = Vec::new();
    for (at, line) in lines.lines.iter().enumerate() {
        let mut begins = is_rule(line);
        while breaks.next_if(|next| *next <= at).is_some() {
            begins = true;
        }
        if begins {
            documents.push(std::mem::take(&mut document));
        }
        if !is_rule(line) {
            document.push(line.clone());
        }
    }
    documents.push(document);
    documents.into_iter().flat_map(by_number).collect()
}

/// Cuts what holds several documents behind the fields around the number of each.
fn by_number(lines: Vec<String>) -> Vec<Vec<String>> {
    let is_number =
        |line: &String| field(line, FIELDS).is_some_and(|(key, _)| key == "proquest id");
    if lines.iter().filter(|line| is_number(line)).count() < 2 {
        return vec![lines];
    }
    let mut documents = vec![Vec::new()];
    let mut is_behind = false;
    for line in lines {
        if is_number(&line) {
            is_behind = true;
        } else if is_behind && !line.is_empty() && field(&line, FIELDS).is_none() {
            is_behind = false;
            documents.push(Vec::new());
        }
        if let Some(document) = documents.last_mut() {
            document.push(line);
        }
    }
    documents
}

fn article(lines: &[String], are_wrapped: bool) -> Found {
    let mut article = FoundArticle::default();
    let mut text: Vec<String> = Vec::new();
    let mut open: Option<&'static str> = None;
    let mut values: Vec<(String, String)> = Vec::new();
    let mut is_blank = false;
    let mut first = String::new();
    let fields: Vec<_> = lines.iter().map(|line| field(line, FIELDS)).collect();
    // A sentence may begin like a field: what ends a text has another field below it.
    let has_company = |at: usize| {
        let mut is_below = false;
        for (line, field) in lines.iter().zip(&fields).skip(at + 1) {
            if field.is_some() || (is_below && other_field(line).is_some()) {
                return true;
            }
            if is_below && !line.is_empty() {
                return false;
            }
            is_below |= line.is_empty();
        }
        true
    };
    for (at, line) in lines.iter().enumerate() {
        // In a text only those names end it that stand behind every text.
        let found =
            fields.get(at).copied().flatten().filter(|(key, _)| {
                open != Some("text") || (BEHIND.contains(key) && has_company(at))
            });
        if let Some((key, value)) = found {
            is_blank = false;
            open = Some(key);
            match key {
                "text" => text.push(value.to_owned()),
                key => values.push((key.to_owned(), value.to_owned())),
            }
            continue;
        }
        let was_blank = std::mem::replace(&mut is_blank, line.is_empty());
        if line == "ProQuest document link" {
            continue;
        }
        match open {
            // The name of a button that pages of articles with pictures have.
            Some("text") if line == "Enlarge this image." => {}
            Some("text") => text.push(line.clone()),
            Some(_) if !line.is_empty() => {
                // What has a name that is not known here is kept by it.
                if let Some((name, value)) = other_field(line).filter(|_| was_blank) {
                    values.push((name, value.to_owned()));
                } else if let Some((_, value)) = values.last_mut() {
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
    let has_id = values.iter().any(|(key, _)| key == "proquest id");
    for (key, value) in &values {
        match key.as_str() {
            "title" => value.clone_into(&mut article.title),
            "outlet" => set(&mut article, "outlet", outlet_of(value).unwrap_or_default()),
            "info" | "links" | "year" | "updated" => {}
            "abstract" if value.trim_end_matches('.') == "None available" => {}
            key => set(&mut article, key, value),
        }
    }
    // Fields of their own say more than the line that holds all of them.
    for (_, info) in values.iter().filter(|(key, _)| key == "info") {
        set(&mut article, "outlet", outlet_of(info).unwrap_or_default());
        // “The Ferry Post ; Harbour [Harbour]03 Nov 2019: A.1.”
        let date = info
            .rsplit(']')
            .next()
            .and_then(|rest| rest.split(':').next());
        if let Some(date) = date.and_then(parse_date) {
            set(&mut article, "published", &date);
        }
    }
    let years = values.iter().filter(|(key, _)| key == "year");
    years.for_each(|(_, year)| set(&mut article, "published", year));
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

/// `Identifier / keyword: Ferries`
fn other_field(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_name = name.starts_with(char::is_uppercase)
        && name.chars().count() <= 40
        && name.split_whitespace().count() <= 5
        && name
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, ' ' | '/' | '-' | '&'));
    is_name.then(|| (name.trim().to_lowercase(), value.trim()))
}

/// “The Ferry Post” of “The Ferry Post ; Harbour [Harbour]03 Nov 2019: A.1.”; `None` where a date
/// stands alone.
fn outlet_of(value: &str) -> Option<&str> {
    let outlet = match value.split_once(';') {
        Some((outlet, _)) => outlet,
        None => value.split(['[', ',']).next()?,
    };
    let outlet = outlet.trim().trim_end_matches(['.', ',']);
    // “12.3 (May 2012): 1-20” behind the name of a journal.
    let volume = outlet
        .find('(')
        .and_then(|paren| outlet.get(..paren)?.trim_end().rfind(' '));
    let volume = volume.filter(|at| {
        let word = outlet.get(at + 1..).unwrap_or_default();
        word.starts_with(|c: char| c.is_ascii_digit())
    });
    let outlet = outlet.get(..volume.unwrap_or(outlet.len()))?.trim();
    // “Mar 9” of “Mar 9, 2022.”
    let mut words = outlet
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let is_of_date = |word: &str| {
        word.bytes().all(|b| b.is_ascii_digit()) || parse_date(&format!("1 {word} 2000")).is_some()
    };
    (!words.all(is_of_date)).then_some(outlet)
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
        assert_eq!(recognise(&Head::new(source, &text)), Likelihood::Sure);
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

    #[test]
    fn pages_mark_their_documents() {
        let document = |id: u32, title: &str| {
            format!(
                "<div style='border-bottom:2px'><a name='DocID_MILL_{id}'></a><p></p><p>{title}</p><p><strong>Author: </strong>Moor, Ida</p><p><strong>Publication info: </strong>The Mill Post ; Bern [Bern]04 May 2012: 7.</p><p><a href='x'>ProQuest document link</a></p><p><strong>Full text: </strong><text><p>The mill turns.</p><p>Location: unknown to all.</p><p>It stood.</p></text></p><p><strong>Subject: </strong>Mills</p><p><strong>Identifier / keyword: </strong>Grain</p><p><strong>ProQuest document ID: </strong>{id}</p></div>"
            )
        };
        let fragment = format!(
            "{}{}",
            document(1, "Mill turns"),
            document(2, "Mill stands")
        );
        let style = format!("<style>{}</style>", ".a { margin: 0 }\n".repeat(10_000));
        let whole = format!("<html><head>{style}</head><body>{fragment}</body></html>");
        let unmarked = fragment.replace("DocID_", "x");
        for page in [fragment, whole, unmarked] {
            let source = Source::alone("x.html", page.as_bytes());
            let text = page.get(..64_000.min(page.len())).unwrap();
            assert_eq!(recognise(&Head::new(source, text)), Likelihood::Sure);
            let reading = read(&source, &ReadOptions::default()).unwrap();
            let found: Vec<(&str, &str)> = reading
                .articles
                .iter()
                .map(|a| (a.title.as_str(), a.text.as_str()))
                .collect();
            let text = "The mill turns.\n\nLocation: unknown to all.\n\nIt stood.";
            assert_eq!(found, [("Mill turns", text), ("Mill stands", text)]);
            let metadata = &reading.articles[0].metadata;
            for (key, value) in [
                ("author", "Moor, Ida"),
                ("outlet", "The Mill Post"),
                ("published", "2012-05-04"),
                ("subject", "Mills"),
                ("keywords", "Grain"),
            ] {
                assert_eq!(metadata[key], value, "{key}");
            }
        }
    }

    #[test]
    fn outlets_are_no_dates() {
        let check =
            |value: &str, expected: Option<&str>| assert_eq!(outlet_of(value), expected, "{value}");
        check(
            "The Mill Post ; Bern [Bern]04 May 2012: 7.",
            Some("The Mill Post"),
        );
        check(
            "Mill Post, Late Edition; Bern",
            Some("Mill Post, Late Edition"),
        );
        check("Mill Post [Bern] 04 May 2012: 7", Some("Mill Post"));
        check(
            "20 Minutes ; Bern [Bern]04 May 2012: 7.",
            Some("20 Minutes"),
        );
        check("May 4, 2012.", None);
        check("04 May 2012: 7.", None);
        check(
            "Journal of Mills 12.3 (May 2012): 1-20.",
            Some("Journal of Mills"),
        );
    }
}
