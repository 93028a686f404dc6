//! ClaimReview (schema.org) for claims that have a verdict: a draft of the structured data of a fact
//! check, as one JSON-LD document with a claim a line.
//!
//! A group of claims that say the same is one claim, with its first appearance and all others, and
//! stands before those that are in none. It holds no offsets; the claim's words, who made it, where and when. What the desk decides, its
//! address and the numbers of its scale, is left as marked places, and a draft says that it is one.

use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::claims::{Labels, words_of};
use crate::core::codebook::Thing;
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::project::{Group, PersonKind, Project};
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::plan::Plan;
use crate::format::export::proof::Lines;
use crate::format::export::record::{Record, Span};
use crate::format::export::{Progress, Sink, Stored, Written};
use crate::format::parallel;
use crate::format::words::values::percent_encoded;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

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
    changes: "only claims with a verdict leave (that of their group, or attribute verdict, rating, truthfulness or veracity), a group as one, with who made them, where and when, the evidence of the group and the note; a draft, with places for the desk’s name and address",
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

/// The groups with a verdict, and the claims that they stand for.
struct Grouped<'a> {
    reviews: Vec<(&'a Group, Value)>,
    claims: HashSet<&'a AnnotationId>,
}

impl<'a> Grouped<'a> {
    /// Of the claims that leave; a group of which none does is left out.
    fn of(plan: &Plan<'a>) -> Self {
        let project = plan.project;
        let groups = project.groups().iter().map(AsRef::as_ref);
        let judged = groups.filter(|group: &&Group| {
            group.thing == Thing::Claim && !group.verdict.trim().is_empty()
        });
        let judged: Vec<&Group> = judged.collect();
        let mut grouped = Self {
            reviews: Vec::new(),
            claims: HashSet::new(),
        };
        if judged.is_empty() {
            return grouped;
        }
        let planned = plan.articles.iter();
        let leaving: HashSet<&ArticleId> = planned
            .flat_map(|planned| {
                std::iter::once(planned.article).chain(planned.copies.iter().copied())
            })
            .map(|article| &article.id)
            .collect();
        let labels = Labels::of(project.codebook());
        for group in judged {
            let members = group.members.iter().filter_map(|(article, id)| {
                let article = project
                    .article(article)
                    .filter(|a| leaving.contains(&a.id))?;
                let claim = article.annotations.get(id.as_str())?;
                plan.takes(claim)
                    .then_some((article.as_ref(), claim.as_ref(), id))
            });
            let mut members: Vec<(&Article, &Annotation, &AnnotationId)> = members.collect();
            members.sort_by_key(|(article, ..)| {
                let day = article.meta("published").filter(|day| is_date(day));
                (day.is_none(), day.map(str::to_owned), article.id.clone())
            });
            if members.is_empty() {
                continue;
            }
            grouped.claims.extend(members.iter().map(|(.., id)| *id));
            let review = review_of_group(project, &labels, group, &members);
            grouped.reviews.push((group, review));
        }
        grouped
    }

    fn has(&self, span: &Span<'_>) -> bool {
        self.claims.contains(&span.annotation.id)
    }
}

/// One claim that is made in several places, the earliest first.
fn review_of_group(
    project: &Project,
    labels: &Labels,
    group: &Group,
    members: &[(&Article, &Annotation, &AnnotationId)],
) -> Value {
    let mut claim = Map::new();
    claim.insert("@type".to_owned(), "Claim".into());
    let claimants = members.iter().filter_map(|(article, claim, _)| {
        let claimant = labels.claimant(article, claim);
        project.person(claimant.person()?)
    });
    if let Some(claimant) = claimants.into_iter().next() {
        let kind = match claimant.kind {
            PersonKind::Organisation => "Organization",
            _ => "Person",
        };
        let author = json!({ "@type": kind, "name": claimant.name });
        claim.insert("author".to_owned(), author);
    }
    let mut days = members
        .iter()
        .filter_map(|(article, ..)| article.meta("published"));
    if let Some(published) = days.find(|text| is_date(text)) {
        claim.insert("datePublished".to_owned(), published.into());
    }
    let mut seen = HashSet::new();
    let articles = members.iter().map(|(article, ..)| *article);
    let mut places = articles
        .filter(|article| seen.insert(&article.id))
        .map(appearance);
    if let Some(first) = places.next() {
        claim.insert("firstAppearance".to_owned(), first);
    }
    let others: Vec<Value> = places.collect();
    if !others.is_empty() {
        claim.insert("appearance".to_owned(), others.into());
    }
    let words = members
        .first()
        .map(|(article, claim, _)| words_of(article, claim));
    let title = match group.title.trim() {
        "" => words.unwrap_or_default(),
        title => title.to_owned(),
    };
    let mut review = begun(
        format!("urn:pressmark:{}", percent_encoded(group.id.as_str())),
        title,
    );
    let checked = group.evidence.iter().map(|evidence| evidence.date.as_str());
    if let Some(last) = checked.filter(|day| is_date(day)).max() {
        review.insert("datePublished".to_owned(), last.into());
    }
    finish(&mut review, claim, &group.verdict, &group.note);
    let evidence = group.evidence.iter().map(|evidence| {
        let mut cited = Map::new();
        cited.insert("@type".to_owned(), "CreativeWork".into());
        let named = [("url", &evidence.url), ("description", &evidence.note)];
        for (name, value) in named.into_iter().filter(|(_, value)| !value.is_empty()) {
            cited.insert(name.to_owned(), value.as_str().into());
        }
        Value::Object(cited)
    });
    let evidence: Vec<Value> = evidence.collect();
    if !evidence.is_empty() {
        review.insert("citation".to_owned(), evidence.into());
    }
    Value::Object(review)
}

/// Where a claim is made.
fn appearance(article: &Article) -> Value {
    let mut appearance = Map::new();
    appearance.insert("@type".to_owned(), "CreativeWork".into());
    appearance.insert("headline".to_owned(), article.title.as_str().into());
    if let Some(url) = article.meta("url").filter(|url| !url.is_empty()) {
        appearance.insert("url".to_owned(), url.into());
    }
    if let Some(outlet) = article.meta("outlet") {
        appearance.insert(
            "publisher".to_owned(),
            json!({ "@type": "Organization", "name": outlet }),
        );
    }
    Value::Object(appearance)
}

fn begun(id: String, claim: String) -> Map<String, Value> {
    let mut review = Map::new();
    review.insert("@context".to_owned(), "https://schema.org".into());
    review.insert("@type".to_owned(), "ClaimReview".into());
    review.insert("@id".to_owned(), id.into());
    review.insert("creativeWorkStatus".to_owned(), "Draft".into());
    review.insert("url".to_owned(), TO_FILL.into());
    review.insert("claimReviewed".to_owned(), claim.into());
    review
}

fn finish(review: &mut Map<String, Value>, claim: Map<String, Value>, verdict: &str, note: &str) {
    review.insert(
        "author".to_owned(),
        json!({ "@type": "Organization", "name": TO_FILL }),
    );
    review.insert("itemReviewed".to_owned(), Value::Object(claim));
    review.insert(
        "reviewRating".to_owned(),
        json!({ "@type": "Rating", "alternateName": verdict }),
    );
    if !note.is_empty() {
        review.insert("reviewBody".to_owned(), note.into());
    }
}

/// The claims with a verdict of their own, in the order of the text.
fn reviews(record: &Record<'_>, grouped: &Grouped<'_>) -> Vec<Value> {
    let spans = record.spans.iter().filter(|span| !grouped.has(span));
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
    claim.insert("appearance".to_owned(), appearance(article));
    let id = format!(
        "urn:pressmark:{}:{}",
        percent_encoded(record.id),
        percent_encoded(&span.id)
    );
    let mut review = begun(id, span.joined_text().into_owned());
    if let Some(day) = span.made().get(..10) {
        review.insert("datePublished".to_owned(), day.into());
    }
    finish(&mut review, claim, &verdict, &span.note);
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

fn counted(record: &Record<'_>, grouped: &Grouped<'_>) -> Written {
    let mut written = Written {
        articles: 1,
        ..Written::default()
    };
    for span in &record.spans {
        if grouped.has(span) || attribute(record, span, &VERDICTS).is_some() {
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
    let grouped = Grouped::of(plan);
    sink.file(NAME, &mut |out| {
        out.write_all(b"[")?;
        let mut is_first = true;
        for (_, review) in &grouped.reviews {
            let before = if std::mem::take(&mut is_first) {
                "\n"
            } else {
                ",\n"
            };
            out.write_all(before.as_bytes())?;
            out.write_all(line(review)?.as_bytes())?;
        }
        parallel::in_order::<_, _, WriteError>(
            &plan.articles,
            progress,
            |planned| {
                let record = plan.record(planned)?;
                let lines = reviews(&record, &grouped);
                let lines: Result<Vec<String>, WriteError> = lines.iter().map(line).collect();
                Ok((lines?, counted(&record, &grouped)))
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
    let grouped = Grouped::of(plan);
    for (group, wanted) in &grouped.reviews {
        let mismatch = |detail: &str| WriteError::Mismatch {
            article: String::new(),
            annotation: group.id.to_string(),
            detail: detail.to_owned(),
        };
        let mut found = lines.next()?.ok_or_else(|| mismatch("it is missing"))?;
        if found.last() == Some(&b',') {
            found.pop();
        }
        let found: Value = serde_json::from_slice(&found)
            .map_err(|error| WriteError::Unreadable(error.to_string()))?;
        if found != *wanted {
            return Err(mismatch("the review of its group differs"));
        }
    }
    for (i, planned) in plan.articles.iter().enumerate() {
        if i % 64 == 0 && !progress(i) {
            return Err(WriteError::Cancelled);
        }
        let record = plan.record(planned)?;
        for span in record.spans.iter().filter(|span| !grouped.has(span)) {
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
        written.add(&counted(&record, &grouped));
    }
    match lines.next()?.as_deref() {
        Some(b"]") => Ok(written),
        Some(_) => Err(WriteError::Unreadable(
            "there are more claims in it than in the project".to_owned(),
        )),
        None => Err(broken()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::claims::board::One;
    use crate::core::claims::tests::story;
    use crate::core::edit::{Transaction, apply};
    use crate::core::ids::IdMint;
    use crate::core::project::Evidence;
    use crate::core::recipes::Signed;
    use crate::core::recipes::groups::{Say, join, say};
    use crate::format::export::options::ExportOptions;

    #[test]
    fn a_group_is_one_claim_with_all_its_appearances() {
        let mut project = story();
        let by = "ana".into();
        let signed = Signed {
            by: &by,
            when: None,
        };
        let mint = IdMint::new("t");
        let claim = Thing::Claim;
        let ones = [("a", "a-1"), ("b", "b-0")]
            .map(|(article, id)| One::Alone((article.into(), id.into())));
        let joined = join(&project, &claim, &ones, signed, &mint).unwrap();
        apply(&mut project, &Transaction::new("", joined.edits)).unwrap();
        let group = One::Group(joined.group);
        let options = ExportOptions::default();
        assert!(
            Grouped::of(&Plan::new(&project, &options))
                .reviews
                .is_empty()
        );
        let evidence = Evidence {
            url: "https://example.org/jobs".to_owned(),
            date: "2024-05-20".to_owned(),
            ..Evidence::default()
        };
        for what in [
            Say::Verdict("False".to_owned()),
            Say::Title("The lease brings 2,400 jobs".to_owned()),
            Say::Evidence(0, Some(evidence)),
        ] {
            let said = say(&project, &claim, &group, what, signed, &mint).unwrap();
            apply(&mut project, &Transaction::new("", said.edits)).unwrap();
        }
        let plan = Plan::new(&project, &options);
        let grouped = Grouped::of(&plan);
        let review = &grouped.reviews[0].1;
        let item = &review["itemReviewed"];
        let told = [
            &review["claimReviewed"],
            &review["reviewRating"]["alternateName"],
            &review["citation"][0]["url"],
            &review["datePublished"],
            &item["author"]["name"],
            &item["datePublished"],
            &item["firstAppearance"]["publisher"]["name"],
            &item["appearance"][0]["publisher"]["name"],
        ];
        let told: Vec<&str> = told.iter().map(|value| value.as_str().unwrap()).collect();
        assert_eq!(
            told,
            [
                "The lease brings 2,400 jobs",
                "False",
                "https://example.org/jobs",
                "2024-05-20",
                "Corvane Holdings",
                "2024-05-02",
                "Corvane newsroom",
                "Northgate Wire",
            ]
        );
        // Its claims leave once, as it; without them it does not leave.
        let record = plan.record(&plan.articles[0]).unwrap();
        assert!(reviews(&record, &grouped).is_empty());
        assert_eq!(counted(&record, &grouped).annotations, 1);
        let mut memory = crate::format::export::tests::Memory::default();
        write(&plan, &mut memory, &mut |_| true).unwrap();
        assert_eq!(prove(&plan, &memory, &mut |_| true).unwrap().annotations, 2);
        let none = ExportOptions {
            articles: ["c".to_owned()].into(),
            ..ExportOptions::default()
        };
        assert!(Grouped::of(&Plan::new(&project, &none)).reviews.is_empty());
    }
}
