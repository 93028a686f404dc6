//! HTML reports of annotated articles: the text in `pre` with `mark` elements, and a list of
//! annotations with their offsets.
//!
//! Offsets are code points, half-open. HTML cannot hold carriage returns, and annotations that
//! counted them are found again by the texts in the list.

use crate::core::annotation::AttributeValue;
use crate::format::article::html::{decode_page, nests_too_deep};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, MAX_ARTICLES_PER_FILE,
    ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use dom_query::{Document, Selection};

pub const READERS: &[Reader] = &[Reader {
    name: "html-report",
    title: "HTML report of annotations",
    group: ReaderGroup::Dataset,
    extensions: &["html", "htm"],
    recognise: |head: &Head<'_>| match head.text.trim_start().starts_with('<')
        && (head.text.contains(" data-spans=\"") || head.text.contains(GENERATOR))
    {
        true => Likelihood::Sure,
        false => Likelihood::No,
    },
    read,
}];

/// What says that a page without annotations is a report, too.
const GENERATOR: &str = "<meta name=\"generator\" content=\"Pressmark";

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let decoded = decode_page(source.bytes, None)
        .ok_or_else(|| Refusal::new("this is a binary file, not a report"))?;
    if nests_too_deep(&decoded.text) {
        return Err(Refusal::new(
            "its elements nest too deep for a report of annotations",
        ));
    }
    let document = Document::from(decoded.text.as_str());
    let mut reading = Reading {
        encoding: Some(decoded.encoding),
        is_encoding_guessed: decoded.is_guess,
        remarks: decoded.remarks(),
        ..Reading::default()
    };
    let articles = document.select("article");
    for node in articles.iter().take(MAX_ARTICLES_PER_FILE) {
        let pre = node.select_single("pre");
        if !pre.exists() {
            continue;
        }
        let mut article = FoundArticle {
            id: told(&node, "data-id"),
            title: node.select_single("h1, h2, h3").text().trim().to_owned(),
            text: pre.text().to_string(),
            ..FoundArticle::default()
        };
        for row in node.select("[data-start][data-end]").iter() {
            article.annotations.extend(annotation(&row));
        }
        reading.articles.push(article);
    }
    match reading.articles.is_empty() {
        true => Err(Refusal::new("there are no annotated texts in this report")),
        false => Ok(reading),
    }
}

fn told(node: &Selection<'_>, name: &str) -> String {
    node.attr(name)
        .map_or_else(String::new, |value| value.to_string())
}

/// A row of the list.
fn annotation(row: &Selection<'_>) -> Option<FoundAnnotation> {
    let number = |name: &str| told(row, name).trim().parse::<usize>().ok();
    let (start, end) = (number("data-start")?, number("data-end")?);
    let covered = row.select_single("q");
    let mut found = FoundAnnotation {
        id: told(row, "data-span"),
        label: told(row, "data-label"),
        fragments: vec![FoundFragment {
            offsets: Some(start..end.max(start)),
            text: covered.exists().then(|| covered.text().to_string()),
            context: None,
        }],
        note: row.select_single(".note").text().to_string(),
        ..FoundAnnotation::default()
    };
    const KNOWN: &[&str] = &["span", "label", "start", "end", "n"];
    for attribute in row.attrs() {
        let Some(name) = attribute.name.local.strip_prefix("data-") else {
            continue;
        };
        let value = attribute.value.to_string();
        match name {
            name if KNOWN.contains(&name) => {}
            "annotator" => found.annotator = value,
            "created" if timestamp_from(&value).is_some() => found.made = timestamp_from(&value),
            name => drop(
                found
                    .attributes
                    .insert(name.to_owned(), AttributeValue::Text(value)),
            ),
        }
    }
    for node in row.select(".attribute[data-name]").iter() {
        let value = node
            .select_single("span span, span[dir]")
            .text()
            .to_string();
        let value = AttributeValue::Text(value);
        found.attributes.insert(told(&node, "data-name"), value);
    }
    for node in row.select(".link[data-role][data-target]").iter() {
        let link = (told(&node, "data-role"), told(&node, "data-target"));
        found.links.push(link);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::dataset::placing::place;

    #[test]
    fn texts_marks_and_rows() {
        let html = "<!DOCTYPE html><html><body><article data-id=\"7\"><h2>Ferry &amp; co</h2><pre>\n🙂 <mark data-spans=\"s1\">She </mark><mark data-spans=\"s1 s2\">said</mark>\r\n שלום &lt;b>\n</pre><ol><li data-span=\"s1\" data-label=\"who\" data-start=\"2\" data-end=\"10\" data-tone=\"cold\" data-annotator=\"ana\"><q>She said</q> <span class=\"note\">why?</span></li><li data-span=\"s2\" data-label=\"cue\" data-start=\"6\" data-end=\"10\"></li></ol></article><article data-id=\"8\"><pre>No.</pre></article></body></html>";
        let source = Source::alone("a.html", html.as_bytes());
        let (reader, _) = crate::format::readers::recognise(source).unwrap();
        assert_eq!(reader.name, "html-report");
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.articles.len(), 2);
        let article = &reading.articles[0];
        assert_eq!(article.title, "Ferry & co");
        assert_eq!(article.text, "🙂 She said\n שלום <b>\n");
        let placed = place(article);
        let texts = placed
            .annotations
            .iter()
            .map(|ranges| placed.text.slice(ranges.as_ref().unwrap()[0]));
        assert_eq!(texts.collect::<Vec<_>>(), ["She said", "said"]);
        let who = &article.annotations[0];
        assert_eq!((who.note.as_str(), who.annotator.as_str()), ("why?", "ana"));
        assert_eq!(
            who.attributes["tone"],
            AttributeValue::Text("cold".to_owned())
        );
    }
}
