//! Project files with the marks of a merge that version control could not finish.
//!
//! Our layout has no line that could look like such a mark. Both sides are read, and what only the
//! other side has is added to this one; nothing of either is dropped.

use super::read::{Opened, read_text};
use crate::core::annotation::{Annotation, AnnotationSet};
use crate::core::article::Article;
use crate::core::check::{KEPT, Problem, article_place};
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::kept::Kept;
use crate::core::project::{Project, ProjectParts, SetAside};
use crate::format::ReadError;
use std::collections::HashSet;
use std::sync::Arc;

pub(super) struct Sides {
    ours: String,
    theirs: String,
    /// The lines where conflicts begin.
    places: Vec<usize>,
}

pub(super) fn has_marks(file: &[u8]) -> bool {
    let has_mark = |mark: &str| {
        file.starts_with(mark.as_bytes())
            || memchr::memmem::find(file, format!("\n{mark}").as_bytes()).is_some()
    };
    has_mark("<<<<<<<") || has_mark(">>>>>>>")
}

/// The two sides of a file with conflict marks; `None` when it has none.
pub(super) fn sides(source: &str) -> Option<Sides> {
    if !has_marks(source.as_bytes()) {
        return None;
    }
    #[derive(PartialEq)]
    enum At {
        Both,
        Ours,
        Base,
        Theirs,
    }
    let mut sides = Sides {
        ours: String::with_capacity(source.len()),
        theirs: String::with_capacity(source.len()),
        places: Vec::new(),
    };
    let mut at = At::Both;
    for (i, line) in source.split_inclusive('\n').enumerate() {
        let mark = line.get(..7).unwrap_or("");
        match mark {
            "<<<<<<<" => {
                sides.places.push(i + 1);
                at = At::Ours;
            }
            "|||||||" if at == At::Ours => at = At::Base,
            "=======" if at != At::Both => at = At::Theirs,
            ">>>>>>>" => {
                if at == At::Both {
                    sides.places.push(i + 1);
                }
                at = At::Both;
            }
            _ => {
                if matches!(at, At::Both | At::Ours) {
                    sides.ours.push_str(line);
                }
                if matches!(at, At::Both | At::Theirs) {
                    sides.theirs.push_str(line);
                }
            }
        }
    }
    Some(sides)
}

pub(super) fn read_both(
    sides: &Sides,
    progress: &(dyn Fn(f32) + Sync),
) -> Result<Opened, ReadError> {
    let half = |share: f32| progress(share / 2.0);
    let rest = |share: f32| progress(0.5 + share / 2.0);
    let ours = read_text(&sides.ours, &half);
    let theirs = read_text(&sides.theirs, &rest);
    let (ours, theirs) = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours, theirs),
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => (one, Opened::default()),
        (Err(error), Err(_)) => return Err(error),
    };
    let mut problems: Vec<Problem> = sides
        .places
        .iter()
        .map(|line| {
            Problem::error(
                format!("line {line}"),
                "version control could not merge two versions of the project here",
                "both sides are read; what only one of them has is saved, and where they differ the first is, with the other in the review list",
            )
        })
        .collect();
    let said = |p: &Problem| (p.place.clone(), p.message.clone());
    let known: HashSet<(String, String)> = ours.problems.iter().map(said).collect();
    problems.extend(ours.problems);
    let more = theirs.problems.into_iter();
    problems.extend(more.filter(|problem| !known.contains(&said(problem))));
    let project = merged(&ours.project, &theirs.project, &mut problems);
    Ok(Opened { project, problems })
}

/// This side with what only the other one has.
fn merged(ours: &Project, theirs: &Project, problems: &mut Vec<Problem>) -> Project {
    let mut parts = ProjectParts {
        name: ours.name().to_owned(),
        codebook: ours.codebook().clone(),
        annotators: ours.annotators().to_vec(),
        people: ours.people().to_vec(),
        articles: ours.articles().to_vec(),
        trash: ours
            .trash()
            .iter()
            .map(|item| item.as_ref().clone())
            .collect(),
        set_aside: ours.set_aside().to_vec(),
        imports: ours.imports().to_vec(),
        unknown: ours.unknown().clone(),
    };
    for label in &theirs.codebook().labels {
        match parts.codebook.label(label.id.as_str()) {
            None => parts.codebook.labels.push(label.clone()),
            Some(known) if known != label => problems.push(Problem::error(
                "codebook",
                format!(
                    "the two sides describe the label “{}” differently",
                    label.id
                ),
                "the first description is saved",
            )),
            Some(_) => {}
        }
    }
    for annotator in theirs.annotators() {
        if !parts
            .annotators
            .iter()
            .any(|known| known.id == annotator.id)
        {
            parts.annotators.push(annotator.clone());
        }
    }
    for person in theirs.people() {
        if !parts.people.iter().any(|known| known.id == person.id) {
            parts.people.push(person.clone());
        }
    }
    let mut ids: HashSet<AnnotationId> = HashSet::new();
    for article in &parts.articles {
        ids.extend(article.annotations.iter().map(|a| a.id.clone()));
    }
    let deleted = parts.trash.iter().filter_map(|item| item.what.annotation());
    ids.extend(deleted.map(|(_, annotation)| annotation.id.clone()));
    for article in theirs.articles() {
        add_article(&mut parts, ours, article, &mut ids, problems);
    }
    for item in theirs.trash() {
        let annotation = item.what.annotation().map(|(_, annotation)| annotation);
        let is_live = annotation.is_some_and(|annotation| ids.contains(annotation.id.as_str()));
        if !is_live && !parts.trash.iter().any(|known| known == item.as_ref()) {
            parts.trash.push(item.as_ref().clone());
        }
    }
    let known: HashSet<Kept> = parts.set_aside.iter().map(|a| a.raw.clone()).collect();
    for report in theirs.imports() {
        if !parts.imports.contains(report) {
            parts.imports.push(report.clone());
        }
    }
    let more = theirs.set_aside().iter();
    let more = more.filter(|aside| !known.contains(&aside.raw));
    parts.set_aside.extend(more.cloned());
    Project::from_parts(parts)
}

fn add_article(
    parts: &mut ProjectParts,
    ours: &Project,
    article: &Arc<Article>,
    ids: &mut HashSet<AnnotationId>,
    problems: &mut Vec<Problem>,
) {
    let index = ours.article_index(&article.id);
    let Some(known) = index.and_then(|i| parts.articles.get_mut(i)) else {
        let added = without_taken(article, ids, parts, problems);
        parts.articles.push(added);
        return;
    };
    if known == article {
        return;
    }
    let place = article_place(article.id.as_str(), &article.title);
    if known.text.as_str() != article.text.as_str() {
        let is_taken = |id: &ArticleId| parts.articles.iter().any(|a| a.id == *id);
        let fresh = (2..)
            .map(|n| ArticleId::new(format!("{}-{n}", article.id)))
            .find(|id| !is_taken(id));
        if let Some(id) = fresh {
            problems.push(Problem::error(
                place,
                "the two sides have different texts for it",
                format!("both are kept; the second becomes {id}"),
            ));
            let renamed = Arc::new(Article {
                id,
                ..article.as_ref().clone()
            });
            let added = without_taken(&renamed, ids, parts, problems);
            parts.articles.push(added);
        }
        return;
    }
    let known = Arc::make_mut(known);
    let mut annotations: Vec<Annotation> = known
        .annotations
        .iter()
        .map(|a| Annotation::clone(a))
        .collect();
    for annotation in article.annotations.iter() {
        match known.annotations.get(annotation.id.as_str()) {
            Some(same) if same == annotation => {}
            None if ids.insert(annotation.id.clone()) => {
                annotations.push(Annotation::clone(annotation))
            }
            _ => {
                let reason = "the other side of a merge has this annotation otherwise";
                problems.push(Problem::error(
                    place.clone(),
                    format!("annotation {}: {reason}", annotation.id),
                    "the first is saved; the other is kept in the review list",
                ));
                let raw = super::write::annotation_text(annotation, &article.text);
                let aside = SetAside::new(article.id.as_str(), reason, raw);
                parts.set_aside.push(aside);
            }
        }
    }
    known.annotations = AnnotationSet::from_annotations(annotations).0;
    for (annotator, status) in &article.status {
        let status = status.clone();
        known.status.entry(annotator.clone()).or_insert(status);
    }
    for (name, value) in &article.metadata {
        known
            .metadata
            .entry(name.clone())
            .or_insert_with(|| value.clone());
    }
    if !article.notes.is_empty() && known.notes != article.notes {
        if !known.notes.is_empty() {
            known.notes.push_str("\n\n");
        }
        known.notes.push_str(&article.notes);
    }
}

/// An article of the other side, without annotations whose ids this side uses elsewhere.
fn without_taken(
    article: &Arc<Article>,
    ids: &mut HashSet<AnnotationId>,
    parts: &mut ProjectParts,
    problems: &mut Vec<Problem>,
) -> Arc<Article> {
    let annotations = article.annotations.iter();
    let (free, taken): (Vec<_>, Vec<_>) = annotations.partition(|a| ids.insert(a.id.clone()));
    if taken.is_empty() {
        return article.clone();
    }
    for annotation in taken {
        let reason = format!(
            "another annotation of the project has the id {}",
            annotation.id
        );
        let place = article_place(article.id.as_str(), &article.title);
        problems.push(Problem::error(
            place,
            format!("annotation set aside: {reason}"),
            KEPT,
        ));
        let raw = super::write::annotation_text(annotation, &article.text);
        let aside = SetAside::new(article.id.as_str(), reason, raw);
        parts.set_aside.push(aside);
    }
    let free = free.into_iter().map(|a| Annotation::clone(a));
    Arc::new(Article {
        annotations: AnnotationSet::from_annotations(free.collect::<Vec<_>>()).0,
        ..article.as_ref().clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_told_apart() {
        let source = "a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> theirs\nd\n";
        let sides = sides(source).unwrap();
        assert_eq!(
            (sides.ours.as_str(), sides.theirs.as_str()),
            ("a\nb\nd\n", "a\nc\nd\n")
        );
        assert_eq!(sides.places, [2]);
        assert!(super::sides("a\n=======\n").is_none());
    }
}
