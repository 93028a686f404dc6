//! ClaimReview (schema.org) for claims that have a verdict: a draft of the structured data of a fact
//! check, as one JSON-LD document with a claim a line.
//!
//! It holds no offsets; the claim's words, who made it, where and when. What the desk decides, its
//! address and the numbers of its scale, is left as marked places, and a draft says that it is one.

use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::plan::Plan;
use crate::format::export::proof::Lines;
use crate::format::export::record::{Record, Span};
use crate::format::export::{Progress, Sink, Stored, Written, parallel};
use crate::format::words::values::percent_encoded;
use serde_json::{Map, Value, json};

pub const FORMAT: Format = Format {
    name: "claimreview",
    aliases: &["claim-review"],
    title: "ClaimReview drafts",
    group: FormatGroup::Reading,
    shape: Shape::File {
        extension: "jsonld",
    },
    offset_unit: "none",
    read_by: "a fact-checking desk’s publishing system",
    lacks: &[
        Part::Text,
        Part::Overlaps,
        Part::Discontinuous,
        Part::Attributes,
        Part::EmptyAttributes,
        Part::Links,
        Part::Annotators,
        Part::Ids,
        Part::Status,
        Part::Nothing,
        Part::ArticleNotes,
        Part::Sets,
        Part::Codebook,
    ],
    adds: "",
    changes: "only claims with a verdict leave (attribute verdict, rating, truthfulness or veracity), with who made them, where and when, and the note; a draft, with places for the desk’s name and address",
    choices: &[],
    write,
    prove,
    splits_itself: false,
    reader: None,
};

const NAME: &str = "claims.jsonld";
/// What the desk must fill in.
const TO_FILL: &str = "TO BE FILLED IN";

/// The attributes that say what became of a claim.
const VERDICTS: [&str; 4] = ["verdict", "rating", "truthfulness", "veracity"];
const CLAIMANTS: [&str; 2] = ["claimant", "speaker"];

fn attribute(record: &Record<'_>, span: &Span<'_>, names: &[&str]) -> Option<String> {
    let values = names
        .iter()
        .map(|name| span.attribute(record.project, name));
    values.into_iter().find(|value| !value.trim().is_empty())
}

/// The claims with a verdict, in the order of the text.
fn reviews(record: &Record<'_>) -> Vec<Value> {
    let spans = record.spans.iter();
    spans.filter_map(|span| review(record, span)).collect()
}

fn review(record: &Record<'_>, span: &Span<'_>) -> Option<Value> {
    let verdict = attribute(record, span, &VERDICTS)?;
    let article = record.article;
    let mut claim = Map::new();
    claim.insert("@type".to_owned(), "Claim".into());
    if let Some(claimant) = attribute(record, span, &CLAIMANTS) {
        claim.insert(
            "author".to_owned(),
            json!({ "@type": "Person", "name": claimant }),
        );
    }
    // schema.org wants a date here, and metadata may hold any words.
    if let Some(published) = article.meta("published").filter(|text| is_date(text)) {
        claim.insert("datePublished".to_owned(), published.into());
    }
    let mut appearance = Map::new();
    appearance.insert("@type".to_owned(), "CreativeWork".into());
    appearance.insert("headline".to_owned(), article.title.as_str().into());
    if !record.url().is_empty() {
        appearance.insert("url".to_owned(), record.url().into());
    }
    if let Some(outlet) = article.meta("outlet") {
        appearance.insert(
            "publisher".to_owned(),
            json!({ "@type": "Organization", "name": outlet }),
        );
    }
    claim.insert("appearance".to_owned(), Value::Object(appearance));
    let mut review = Map::new();
    review.insert("@context".to_owned(), "https://schema.org".into());
    review.insert("@type".to_owned(), "ClaimReview".into());
    let id = format!(
        "urn:pressmark:{}:{}",
        percent_encoded(record.id),
        percent_encoded(&span.id)
    );
    review.insert("@id".to_owned(), id.into());
    review.insert("creativeWorkStatus".to_owned(), "Draft".into());
    review.insert("url".to_owned(), TO_FILL.into());
    review.insert("claimReviewed".to_owned(), span.joined_text().into());
    if let Some(day) = span.made().get(..10) {
        review.insert("datePublished".to_owned(), day.into());
    }
    review.insert(
        "author".to_owned(),
        json!({ "@type": "Organization", "name": TO_FILL }),
    );
    review.insert("itemReviewed".to_owned(), Value::Object(claim));
    review.insert(
        "reviewRating".to_owned(),
        json!({ "@type": "Rating", "alternateName": verdict }),
    );
    if !span.note.is_empty() {
        review.insert("reviewBody".to_owned(), span.note.as_ref().into());
    }
    Some(Value::Object(review))
}

/// Whether a text is a date or a time of ISO 8601 that exists.
fn is_date(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok() || text.parse::<jiff::Timestamp>().is_ok()
}

/// A line that can stand in a page's script: `<` could end it.
fn line(review: &Value) -> Result<String, WriteError> {
    let text = serde_json::to_string(review).map_err(std::io::Error::from)?;
    Ok(text.replace('<', "\\u003c"))
}

fn counted(record: &Record<'_>) -> Written {
    let mut written = Written {
        articles: 1,
        ..Written::default()
    };
    for span in &record.spans {
        if attribute(record, span, &VERDICTS).is_some() {
            written.annotations += 1;
            written.fragments += span.fragments.len();
        } else {
            written.losses.note(
                "an annotation without a verdict is no reviewed claim and is left out",
                || format!("annotation {} of article {}", span.id, record.id),
            );
        }
    }
    written
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    sink.file(NAME, &mut |out| {
        out.write_all(b"[")?;
        let mut is_first = true;
        parallel::in_order(
            &plan.articles,
            progress,
            |planned| {
                let record = plan.record(planned)?;
                let lines = reviews(&record);
                let lines: Result<Vec<String>, WriteError> = lines.iter().map(line).collect();
                Ok((lines?, counted(&record)))
            },
            |_, (lines, counted)| {
                for line in lines {
                    let before = if std::mem::take(&mut is_first) {
                        "\n"
                    } else {
                        ",\n"
                    };
                    out.write_all(before.as_bytes())?;
                    out.write_all(line.as_bytes())?;
                }
                written.add(&counted);
                Ok(())
            },
        )?;
        Ok(out.write_all(b"\n]\n")?)
    })?;
    Ok(written)
}

/// Every claim is read back and compared, word by word.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut lines = Lines::open(stored, NAME)?;
    let broken = || WriteError::Unreadable(format!("{NAME} is not as Pressmark writes it"));
    if lines.next()?.as_deref() != Some(b"[") {
        return Err(broken());
    }
    let mut written = Written::default();
    for (i, planned) in plan.articles.iter().enumerate() {
        if i % 64 == 0 && !progress(i) {
            return Err(WriteError::Cancelled);
        }
        let record = plan.record(planned)?;
        for span in &record.spans {
            let Some(wanted) = review(&record, span) else {
                continue;
            };
            let mismatch = |detail: &str| WriteError::Mismatch {
                article: record.id.to_owned(),
                annotation: span.id.to_string(),
                detail: detail.to_owned(),
            };
            let mut line = lines.next()?.ok_or_else(|| mismatch("it is missing"))?;
            if line.last() == Some(&b',') {
                line.pop();
            }
            let found: Value = serde_json::from_slice(&line)
                .map_err(|error| WriteError::Unreadable(error.to_string()))?;
            if found != wanted {
                return Err(mismatch("its review differs"));
            }
        }
        written.add(&counted(&record));
    }
    match lines.next()?.as_deref() {
        Some(b"]") => Ok(written),
        Some(_) => Err(WriteError::Unreadable(
            "there are more claims in it than in the project".to_owned(),
        )),
        None => Err(broken()),
    }
}
