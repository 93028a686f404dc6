//! Whether a project is whole: what `pressmark check` and opening a file report.
//!
//! Finds problems, never mends them. Ranges and hashes are proven while reading (`format`), since
//! a value that breaks them is never made; this looks at what may be wrong in a value that stands.

use crate::core::annotation::AttributeValue;
use crate::core::codebook::AttributeSpec;
use crate::core::edit::check_fragments;
use crate::core::project::Project;
use std::collections::HashSet;
use std::fmt;

/// Something wrong with a project, and where.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    pub severity: Severity,
    /// The article's id, with its title where there is one; empty for the project itself.
    pub place: String,
    pub message: String,
    /// What `pressmark check --repair` does about it.
    pub remedy: String,
}

/// The remedy for what is odd but does no harm.
pub const STAYS: &str = "nothing: it stays as it is, and you decide";
/// The remedy for what could not be used.
pub const KEPT: &str = "it is kept in the review list";

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Severity {
    /// Everything is there; something is odd.
    Warning,
    /// Something could not be trusted and was set aside.
    Error,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.place, self.message)
        }
    }
}

impl Problem {
    pub fn error(
        place: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            place: place.into(),
            message: message.into(),
            remedy: remedy.into(),
        }
    }

    pub fn warning(
        place: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            place: place.into(),
            message: message.into(),
            remedy: remedy.into(),
        }
    }
}

/// Every problem of a project, in the order of its articles.
///
/// `in_review` are the ids of the annotations on the review list, which `format` reads.
pub fn check(project: &Project, in_review: &HashSet<String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for aside in project.set_aside() {
        problems.push(Problem::error(
            aside.article.clone(),
            format!("set aside: {}", aside.reason),
            KEPT,
        ));
    }
    let mut ids = HashSet::new();
    let annotators: HashSet<&str> = project.annotators().iter().map(|a| a.id.as_str()).collect();
    // What is in the trash can be brought back, and the links with it.
    let in_trash: HashSet<&str> = project
        .trash()
        .iter()
        .filter_map(|item| item.what.annotation())
        .map(|(_, annotation)| annotation.id.as_str())
        .collect();
    for article in project.articles() {
        let place = article_place(article.id.as_str(), &article.title);
        for annotation in article.annotations.in_text_order() {
            let id = &annotation.id;
            if !ids.insert(id.clone()) {
                problems.push(Problem::error(
                    &place,
                    format!("annotation {id} has an id that another article uses too"),
                    "the later one is kept in the review list",
                ));
            }
            if let Err(error) = check_fragments(annotation, &article.text) {
                problems.push(Problem::error(&place, error.to_string(), KEPT));
            }
            if !annotators.contains(annotation.annotator.as_str()) {
                problems.push(Problem::warning(
                    &place,
                    format!(
                        "annotation {id}: unknown annotator “{}”",
                        annotation.annotator
                    ),
                    "the name is added to the annotators",
                ));
            }
            for link in &annotation.links {
                let target = link.target.as_str();
                if article.annotations.get(target).is_some() || in_trash.contains(target) {
                    continue;
                }
                let (whereabouts, remedy) = if in_review.contains(target) {
                    (
                        "is in the review list",
                        "nothing: the link leads there again once the annotation is placed",
                    )
                } else {
                    ("is not in the article", STAYS)
                };
                problems.push(Problem::warning(
                    &place,
                    format!(
                        "annotation {id}: link “{}” leads to {target}, which {whereabouts}",
                        link.role
                    ),
                    remedy,
                ));
            }
            let Some(label) = project.codebook().label(annotation.label.as_str()) else {
                problems.push(Problem::error(
                    &place,
                    format!(
                        "annotation {id}: the codebook has no label “{}”",
                        annotation.label
                    ),
                    "it is kept in the review list until the codebook has the label",
                ));
                continue;
            };
            for (name, value) in &annotation.attributes {
                let complaint = match label.attribute(name) {
                    None => Some(format!(
                        "the label “{}” has no attribute “{name}”",
                        label.id
                    )),
                    Some(spec) => value_complaint(spec, value),
                };
                let complaint = complaint.or_else(|| nobody(project, name, value));
                if let Some(complaint) = complaint {
                    problems.push(Problem::warning(
                        &place,
                        format!("annotation {id}: {complaint}"),
                        STAYS,
                    ));
                }
            }
        }
    }
    problems
}

/// How problems name an article: by its id and its title.
pub fn article_place(id: &str, title: &str) -> String {
    if title.trim().is_empty() {
        format!("article {id}")
    } else {
        format!("article {id} “{title}”")
    }
}

/// Somebody who is named and not in the ledger.
fn nobody(project: &Project, name: &str, value: &AttributeValue) -> Option<String> {
    let AttributeValue::Person(id) = value else {
        return None;
    };
    let is_nobody = project.person(id).is_none();
    is_nobody.then(|| format!("“{name}” names {id}, who is not in the ledger"))
}

fn value_complaint(spec: &AttributeSpec, value: &AttributeValue) -> Option<String> {
    let fits = spec.kind.fits(value);
    (!fits).then(|| {
        format!(
            "“{}” does not fit the attribute “{}”",
            value.to_text(),
            spec.name
        )
    })
}
