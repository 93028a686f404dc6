//! Project files with the marks of a merge that version control could not finish.
//!
//! Our layout has no line that could look like such a mark. Both sides are read, and what only the
//! other side has is added to this one; nothing of either is dropped.

use super::read::{Opened, read_text};
use super::record::add_plain;
use super::schema::{Unknown, Written};
use super::strings::quoted;
use super::write::{text_of, trashed_text};
use crate::core::annotation::{Annotation, AnnotationSet, merge_fragments};
use crate::core::article::Article;
use crate::core::check::{KEPT, Problem, article_place};
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::kept::merged as merged_fields;
use crate::core::project::{
    Listed, Project, ProjectParts, SetAside, TrashItem, Trashed, settle_groups,
};
use crate::format::ReadError;
use std::collections::{HashMap, HashSet};
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
        (Ok(ours), Ok(theirs)) => (ours, Some(theirs)),
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => (one, None),
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
    // The other side is no project: all that there is, is this one's.
    let Some(theirs) = theirs else {
        let project = ours.project;
        return Ok(Opened { project, problems });
    };
    let more = theirs.problems.into_iter();
    problems.extend(more.filter(|problem| !known.contains(&said(problem))));
    let project = merged(&ours.project, &theirs.project, &mut problems);
    Ok(Opened { project, problems })
}

/// This side with what only the other one has.
fn merged(ours: &Project, theirs: &Project, problems: &mut Vec<Problem>) -> Project {
    let mut parts = ours.parts();
    let mut sides = Differences::default();
    if theirs.name() != ours.name() && !theirs.name().is_empty() {
        sides.both("", "the name of the project", quoted(theirs.name()));
    }
    sides.fields("", "the project", &mut parts.unknown, theirs.unknown());
    let codebook = &mut parts.codebook;
    sides.fields(
        "",
        "the codebook",
        &mut codebook.unknown,
        &theirs.codebook().unknown,
    );
    codebook.add_changes(&theirs.codebook().changes);
    for label in &theirs.codebook().labels {
        match codebook.label(label.id.as_str()) {
            None => codebook.labels.push(label.clone()),
            Some(known) if known != label => {
                let what = format!("the label “{}”", label.id);
                sides.both("", &what, text_of(label));
            }
            Some(_) => {}
        }
    }
    add_plain(&mut parts, theirs, &mut sides);
    for told in settle_groups(&mut parts.groups) {
        let remedy = "each annotation is in the first group that names it";
        problems.push(Problem::warning("", told, remedy));
    }
    let mut ids: HashSet<AnnotationId> = HashSet::new();
    for article in &parts.articles {
        ids.extend(article.annotations.iter().map(|a| a.id.clone()));
    }
    let deleted = parts.trash.iter().filter_map(|item| item.what.annotation());
    ids.extend(deleted.map(|(_, annotation)| annotation.id.clone()));
    for article in theirs.articles() {
        add_article(&mut parts, ours, article, &mut ids, &mut sides, problems);
    }
    let live = parts.articles.iter().flat_map(|a| a.annotations.iter());
    let live = live.map(|annotation| annotation.id.as_str());
    let live: HashSet<String> = live.map(str::to_owned).collect();
    add_trash(&mut parts.trash, theirs, &live, &mut sides);
    let known: HashSet<&SetAside> = parts.set_aside.iter().collect();
    let more = theirs.set_aside().iter();
    let more: Vec<_> = more
        .filter(|aside| !known.contains(aside))
        .cloned()
        .collect();
    parts.set_aside.extend(more);
    parts.set_aside.extend(sides.aside);
    problems.extend(sides.problems);
    Project::from_parts(parts)
}

/// Adds what only the other side has in its trash, but for annotations that are in articles again.
/// An annotation stands there once: two of one id could not be brought back together.
fn add_trash(
    trash: &mut Vec<TrashItem>,
    theirs: &Project,
    live: &HashSet<String>,
    sides: &mut Differences,
) {
    let name = |what: &Trashed| match what {
        Trashed::Later(raw) => raw.as_str().to_owned(),
        Trashed::Annotation { .. }
        | Trashed::Article(_)
        | Trashed::Label(_)
        | Trashed::Annotator(_) => what.id().to_owned(),
    };
    let mut known: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, item) in trash.iter().enumerate() {
        known.entry(name(&item.what)).or_default().push(at);
    }
    for item in theirs.trash() {
        let annotation = item.what.annotation();
        if annotation.is_some_and(|(_, annotation)| live.contains(annotation.id.as_str())) {
            continue;
        }
        let same = known.get(&name(&item.what)).into_iter().flatten();
        let mut same = same.filter_map(|&at| trash.get(at));
        match annotation {
            None if same.any(|known| known == item.as_ref()) => {}
            None => trash.push(item.as_ref().clone()),
            Some((article, annotation)) => {
                match same.find(|known| known.what.annotation().is_some()) {
                    None => trash.push(item.as_ref().clone()),
                    Some(known) if known == item.as_ref() => {}
                    Some(_) => {
                        let what = format!("the deleted annotation {}", annotation.id);
                        sides.both(article.as_str(), &what, trashed_text(theirs, item));
                    }
                }
            }
        }
    }
}

/// What the two sides have otherwise, but for annotations: this side's is saved.
#[derive(Default)]
pub(super) struct Differences {
    problems: Vec<Problem>,
    aside: Vec<SetAside>,
}

impl Differences {
    fn both(&mut self, article: &str, what: &str, raw: String) {
        let told = format!("the two sides have {what} otherwise");
        let remedy = "the first is saved; the other is kept in the review list";
        self.problems.push(Problem::error("", &told, remedy));
        self.aside.push(SetAside::new(article, told, raw));
    }

    /// Adds fields of a later version that only the other side has.
    fn fields(&mut self, article: &str, what: &str, ours: &mut Unknown, theirs: &Unknown) {
        let (fields, lost) = merged_fields(&Unknown::new(), ours, theirs);
        *ours = fields;
        for (name, raw) in lost {
            let raw = format!("{name}: {}", raw.as_str());
            self.both(article, &format!("“{name}” of {what}"), raw);
        }
    }

    /// Adds items of a list that only the other side has.
    pub(super) fn add_new<T: Listed + Written>(&mut self, ours: &mut Vec<T>, theirs: &[T]) {
        for item in theirs {
            let same = |known: &&T| match item.id() {
                Some(id) => known.id() == Some(id),
                None => *known == item,
            };
            let Some(at) = ours.iter().position(|known| same(&known)) else {
                ours.push(item.clone());
                continue;
            };
            if let Some(known) = ours.get_mut(at) {
                let (_, own, other) = T::shared(None, known, item);
                if own != other {
                    let what = format!("{} “{}”", T::CALLED, item.id().unwrap_or(""));
                    self.both("", &what, text_of(&other));
                }
                *known = own;
            }
        }
    }
}

fn add_article(
    parts: &mut ProjectParts,
    ours: &Project,
    article: &Arc<Article>,
    ids: &mut HashSet<AnnotationId>,
    sides: &mut Differences,
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
                annotations.push(Annotation::clone(annotation));
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
    let (id, of) = (article.id.as_str(), |what: &str| {
        format!("{what} of {place}")
    });
    sides.fields(id, &place, &mut known.unknown, &article.unknown);
    if known.title.is_empty() {
        known.title.clone_from(&article.title);
    } else if !article.title.is_empty() && known.title != article.title {
        sides.both(id, &of("the title"), quoted(&article.title));
    }
    for (annotator, status) in &article.status {
        let ours = known.status.entry(annotator.clone());
        if *ours.or_insert_with(|| status.clone()) != *status {
            let what = format!("the status for {annotator}");
            sides.both(id, &of(&what), quoted(status.code()));
        }
    }
    for (annotator, stretches) in &article.nothing {
        let ours = known.nothing.entry(annotator.clone()).or_default();
        *ours = merge_fragments([ours.as_slice(), stretches].concat()).to_vec();
    }
    for (name, value) in &article.metadata {
        let ours = known.metadata.entry(name.clone());
        if *ours.or_insert_with(|| value.clone()) != *value {
            sides.both(id, &of(&format!("“{name}”")), quoted(value));
        }
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
