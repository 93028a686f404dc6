//! Bringing the work of two people on copies of one project together: a three-way merge by
//! article and by annotation.
//!
//! Gives one transaction for one of the copies, so a merge is a single step that can be undone.
//! Nothing that either of them made is lost: what only one changed is taken, and where both
//! changed the same annotation, both versions stay and the analyst is told.

use crate::core::annotation::{Annotation, Timestamp};
use crate::core::article::{Article, Status};
use crate::core::codebook::{Codebook, Label};
use crate::core::edit::{ArticleDetails, Edit, ToTrash};
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, FreshIds};
use crate::core::project::{Project, TrashItem};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// What brings `mine` to the merged project, and what the analyst should look at.
#[derive(Debug, Default)]
pub struct Merge {
    pub edits: Vec<Edit>,
    /// In words, one for each place where both changed the same thing.
    pub conflicts: Vec<String>,
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
}

/// Merges what `theirs` did since `base` into `mine`. `by` and `when` sign what goes to the trash.
pub fn merge(
    base: &Project,
    mine: &Project,
    theirs: &Project,
    by: &AnnotatorId,
    when: Option<Timestamp>,
) -> Merge {
    let mut merge = Merge::default();
    if theirs.name() != base.name() && mine.name() == base.name() {
        merge.edits.push(Edit::SetName(theirs.name().to_owned()));
    }
    merge.codebook(base.codebook(), mine.codebook(), theirs.codebook());
    merge.people(mine, theirs);
    let mut trashed = mine.trash().len();
    for article in theirs.articles() {
        match (base.article(&article.id), mine.article(&article.id)) {
            (old, Some(ours)) if ours.text.as_str() == article.text.as_str() => {
                merge.article(
                    old.map(AsRef::as_ref),
                    ours,
                    article,
                    (by, when),
                    &mut trashed,
                );
            }
            (_, Some(ours)) => {
                // The same id for another text: both stay.
                let id = FreshIds::default().take_unless(ours.id.as_str(), |id| {
                    mine.article(&ArticleId::new(id)).is_some()
                        || theirs.article(&ArticleId::new(id)).is_some()
                });
                merge.conflicts.push(format!(
                    "“{}” has another text in the other copy; that one is added beside it",
                    ours.display_title()
                ));
                let mut other = Article::clone(article);
                other.id = ArticleId::new(id);
                merge.add_article(mine, Arc::new(other));
            }
            // I removed it, and they left it as it was.
            (Some(old), None) if old == article => {}
            (Some(_), None) => {
                merge.conflicts.push(format!(
                    "“{}” was removed here and changed in the other copy; it is back",
                    article.display_title()
                ));
                merge.add_article(mine, article.clone());
            }
            (None, None) => merge.add_article(mine, article.clone()),
        }
    }
    merge.removed_articles(base, mine, theirs, (by, when), &mut trashed);
    merge.lists(base, mine, theirs, trashed);
    merge
}

/// What a value becomes: theirs when only they changed it. `None` when both did, differently.
fn pick<'a, T: PartialEq>(base: Option<&T>, mine: &'a T, theirs: &'a T) -> Option<&'a T> {
    if mine == theirs || base == Some(theirs) {
        Some(mine)
    } else if base == Some(mine) {
        Some(theirs)
    } else {
        None
    }
}

impl Merge {
    fn codebook(&mut self, base: &Codebook, mine: &Codebook, theirs: &Codebook) {
        let mut merged = mine.clone();
        for label in &theirs.labels {
            let old = base.label(label.id.as_str());
            let place = merged.labels.iter().position(|l| l.id == label.id);
            match place.and_then(|i| merged.labels.get_mut(i)) {
                Some(ours) => match pick(old, ours, label) {
                    Some(value) if value != ours => *ours = Label::clone(value),
                    Some(_) => {}
                    None => self.conflicts.push(format!(
                        "the label “{}” was changed in both copies; this one's stays",
                        ours.name
                    )),
                },
                // Their annotations may need a label that I removed.
                None => merged.labels.push(label.clone()),
            }
        }
        if merged.labels != mine.labels {
            merged.revision = mine.revision.max(theirs.revision) + 1;
            self.edits.push(Edit::SetCodebook(Box::new(merged)));
        }
    }

    fn people(&mut self, mine: &Project, theirs: &Project) {
        let mut annotators = mine.annotators().to_vec();
        for annotator in theirs.annotators() {
            if !annotators.iter().any(|known| known.id == annotator.id) {
                annotators.push(annotator.clone());
            }
        }
        if annotators.len() > mine.annotators().len() {
            self.edits.push(Edit::SetAnnotators(annotators));
        }
        let known = mine.people().len();
        let new: Vec<_> = theirs
            .people()
            .iter()
            .filter(|person| mine.person(&person.id).is_none())
            .enumerate()
            .map(|(i, person)| (known + i, person.clone()))
            .collect();
        if !new.is_empty() {
            self.edits.push(Edit::AddPeople(new));
        }
    }

    fn add_article(&mut self, mine: &Project, article: Arc<Article>) {
        self.added += article.annotations.len();
        let at = mine.articles().len();
        match self.edits.last_mut().and_then(Edit::new_articles_mut) {
            Some(articles) => articles.push((at + articles.len(), article)),
            None => self.edits.push(Edit::AddArticles(vec![(at, article)])),
        }
    }

    fn article(
        &mut self,
        base: Option<&Article>,
        mine: &Article,
        theirs: &Article,
        (by, when): (&AnnotatorId, Option<Timestamp>),
        trashed: &mut usize,
    ) {
        let details = |article: &Article| ArticleDetails {
            title: article.title.clone(),
            metadata: article.metadata.clone(),
            notes: article.notes.clone(),
        };
        let (old, ours, other) = (base.map(details), details(mine), details(theirs));
        let merged = self.details(mine.display_title(), old.as_ref(), &ours, &other);
        if merged != ours {
            self.edits.push(Edit::SetDetails {
                article: mine.id.clone(),
                details: merged,
            });
        }
        for (annotator, status) in &theirs.status {
            let old = base.map_or(Status::New, |base| base.status_for(annotator));
            let ours = mine.status_for(annotator);
            if ours == old && *status != ours {
                self.edits.push(Edit::SetStatus {
                    article: mine.id.clone(),
                    annotator: annotator.clone(),
                    status: status.clone(),
                });
            }
        }
        let mut put = Vec::new();
        let mut items = Vec::new();
        for annotation in theirs.annotations.iter() {
            let id = annotation.id.as_str();
            let old = base.and_then(|base| base.annotations.get(id));
            match mine.annotations.get(id) {
                Some(ours) => match pick(old, ours, annotation) {
                    Some(value) if value != ours => put.push(value.clone()),
                    Some(_) => {}
                    None => self.keep_both(mine, theirs, annotation),
                },
                None if old == Some(annotation) => {}
                None => {
                    if old.is_some() {
                        self.conflicts.push(format!(
                            "annotation {id} in “{}” was deleted here and changed in the other copy; it is back",
                            mine.display_title()
                        ));
                    }
                    self.add(mine, Annotation::clone(annotation));
                }
            }
        }
        for ours in mine.annotations.iter() {
            let id = ours.id.as_str();
            let old = base.and_then(|base| base.annotations.get(id));
            if theirs.annotations.get(id).is_none() && old == Some(ours) {
                let at = *trashed + items.len();
                items.push(ToTrash::new(ours.id.clone(), at, by.clone(), when));
            }
        }
        if !put.is_empty() {
            self.changed += put.len();
            self.edits.push(Edit::ReplaceAnnotations {
                article: mine.id.clone(),
                annotations: put,
            });
        }
        if !items.is_empty() {
            self.removed += items.len();
            *trashed += items.len();
            self.edits.push(Edit::TrashAnnotations {
                article: mine.id.clone(),
                items,
            });
        }
    }

    fn add(&mut self, article: &Article, annotation: Annotation) {
        self.added += 1;
        self.edits.push(Edit::AddAnnotation {
            article: article.id.clone(),
            annotation: Box::new(annotation),
        });
    }

    fn keep_both(&mut self, mine: &Article, theirs: &Article, annotation: &Annotation) {
        let id = FreshIds::default().take_unless(annotation.id.as_str(), |id| {
            mine.annotations.get(id).is_some() || theirs.annotations.get(id).is_some()
        });
        self.conflicts.push(format!(
            "annotation {} in “{}” was changed in both copies; the other version is added as {id}",
            annotation.id,
            mine.display_title()
        ));
        let mut other = annotation.clone();
        other.id = AnnotationId::new(id);
        self.add(mine, other);
    }

    fn details(
        &mut self,
        title: &str,
        base: Option<&ArticleDetails>,
        mine: &ArticleDetails,
        theirs: &ArticleDetails,
    ) -> ArticleDetails {
        let mut merged = mine.clone();
        let mut conflict = |what: &str| {
            self.conflicts.push(format!(
                "{what} of “{title}” was changed in both copies; this one's stays"
            ));
        };
        match pick(base.map(|b| &b.title), &mine.title, &theirs.title) {
            Some(value) => merged.title.clone_from(value),
            None => conflict("the title"),
        }
        match pick(base.map(|b| &b.notes), &mine.notes, &theirs.notes) {
            Some(value) => merged.notes.clone_from(value),
            // Notes are work: both stay.
            None => merged.notes = format!("{}\n\n{}", mine.notes, theirs.notes),
        }
        let names: BTreeSet<&String> = mine.metadata.keys().chain(theirs.metadata.keys()).collect();
        for name in names {
            let old = base.map(|base| base.metadata.get(name));
            let (ours, other) = (mine.metadata.get(name), theirs.metadata.get(name));
            match pick(old.as_ref(), &ours, &other) {
                Some(Some(value)) => {
                    merged.metadata.insert(name.clone(), (*value).clone());
                }
                Some(None) => {
                    merged.metadata.remove(name);
                }
                None if ours.is_none() => {
                    if let Some(value) = other {
                        merged.metadata.insert(name.clone(), value.clone());
                    }
                }
                None => conflict(&format!("“{name}”")),
            }
        }
        merged
    }

    /// What they removed and I left as it was goes to the trash.
    fn removed_articles(
        &mut self,
        base: &Project,
        mine: &Project,
        theirs: &Project,
        (by, when): (&AnnotatorId, Option<Timestamp>),
        trashed: &mut usize,
    ) {
        let gone = mine.articles().iter().filter(|ours| {
            theirs.article(&ours.id).is_none() && base.article(&ours.id) == Some(ours)
        });
        let items: Vec<_> = gone
            .enumerate()
            .map(|(i, ours)| ToTrash::new(ours.id.clone(), *trashed + i, by.clone(), when))
            .collect();
        *trashed += items.len();
        self.removed += items.len();
        if !items.is_empty() {
            self.edits.push(Edit::TrashArticles(items));
        }
    }

    /// Their trash and review list, as far as they are new.
    fn lists(&mut self, base: &Project, mine: &Project, theirs: &Project, trashed: usize) {
        // What goes to the trash by this merge stands in their trash too.
        let mut going: HashSet<&str> = HashSet::new();
        let edits = std::mem::take(&mut self.edits);
        going.extend(edits.iter().flat_map(Edit::trashes));
        let is_new = |item: &&Arc<TrashItem>| {
            let id = item.what.id();
            !going.contains(id) && !base.trash().contains(item) && !mine.trash().contains(item)
        };
        let new: Vec<_> = theirs
            .trash()
            .iter()
            .filter(is_new)
            .enumerate()
            .map(|(i, item)| (trashed + i, item.clone()))
            .collect();
        let at = mine.set_aside().len();
        let aside: Vec<_> = theirs
            .set_aside()
            .iter()
            .filter(|item| !mine.set_aside().contains(item) && !base.set_aside().contains(item))
            .enumerate()
            .map(|(i, item)| (at + i, item.clone()))
            .collect();
        self.edits = edits;
        if !new.is_empty() {
            self.edits.push(Edit::AddToTrash(new));
        }
        if !aside.is_empty() {
            self.edits.push(Edit::AddToReview(aside));
        }
        let at = mine.imports().len();
        let imports: Vec<_> = theirs
            .imports()
            .iter()
            .filter(|report| !mine.imports().contains(report) && !base.imports().contains(report))
            .enumerate()
            .map(|(i, report)| (at + i, report.clone()))
            .collect();
        if !imports.is_empty() {
            self.edits.push(Edit::AddImports(imports));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::edit::{Transaction, apply};
    use crate::core::text::{ArticleText, BytePos, ByteRange};

    fn base() -> Project {
        let mut project = Project::new("base");
        let article = |n: usize| {
            let text = ArticleText::new("One two three four five six".to_owned());
            Arc::new(Article::new(format!("a{n}").as_str().into(), "Title", text))
        };
        let mut edits = vec![Edit::AddArticles((0..3).map(|n| (n, article(n))).collect())];
        edits.push(add("a0", "x-1", 0, 3));
        edits.push(add("a0", "x-2", 4, 7));
        apply(&mut project, &Transaction::new("base", edits)).unwrap();
        project
    }

    fn annotation(id: &str, start: u32, end: u32) -> Box<Annotation> {
        let range = ByteRange::new(BytePos(start), BytePos(end));
        Box::new(Annotation::new(
            id.into(),
            "x".into(),
            "quote".into(),
            range,
        ))
    }

    fn add(article: &str, id: &str, start: u32, end: u32) -> Edit {
        let (article, annotation) = (article.into(), annotation(id, start, end));
        Edit::AddAnnotation {
            article,
            annotation,
        }
    }

    fn put(id: &str, start: u32, end: u32) -> Edit {
        let (article, annotation) = ("a0".into(), annotation(id, start, end));
        Edit::ReplaceAnnotation {
            article,
            annotation,
        }
    }

    fn trash(id: &str) -> Edit {
        let (id, by) = (id.into(), "x".into());
        let items = vec![ToTrash::new(id, 0, by, None)];
        Edit::TrashAnnotations {
            article: "a0".into(),
            items,
        }
    }

    /// The annotations after merging, as `article:id@start`, then how many conflicts there were.
    #[track_caller]
    fn check(mine: Vec<Edit>, theirs: Vec<Edit>, expected: &str, conflicts: usize) {
        let base = base();
        let copy = |edits: Vec<Edit>| {
            let mut copy = base.clone();
            apply(&mut copy, &Transaction::new("edit", edits)).unwrap();
            copy
        };
        let (mut mine, theirs) = (copy(mine), copy(theirs));
        let before = mine.clone();
        let merge = merge(&base, &mine, &theirs, &"me".into(), None);
        let transaction = Transaction::new("merge", merge.edits);
        let undo = apply(&mut mine, &transaction).unwrap();
        let found = mine.articles().iter().flat_map(|article| {
            let all = article.annotations.iter();
            all.map(move |a| format!("{}:{}@{}", article.id, a.id, a.start().0))
        });
        assert_eq!(found.collect::<Vec<_>>().join(" "), expected);
        assert_eq!(merge.conflicts.len(), conflicts, "{:?}", merge.conflicts);
        // Nothing of either is lost, and it is one step.
        apply(&mut mine, &undo).unwrap();
        assert_eq!(mine, before);
    }

    #[test]
    fn what_a_merge_makes() {
        check(vec![], vec![], "a0:x-1@0 a0:x-2@4", 0);
        check(
            vec![add("a1", "m-1", 0, 3)],
            vec![add("a1", "t-1", 4, 7)],
            "a0:x-1@0 a0:x-2@4 a1:m-1@0 a1:t-1@4",
            0,
        );
        check(
            vec![put("x-1", 4, 7)],
            vec![put("x-2", 8, 13)],
            "a0:x-1@4 a0:x-2@8",
            0,
        );
        check(
            vec![put("x-1", 4, 7)],
            vec![put("x-1", 8, 13)],
            "a0:x-1@4 a0:x-1-2@8 a0:x-2@4",
            1,
        );
        check(
            vec![put("x-1", 4, 7)],
            vec![put("x-1", 4, 7)],
            "a0:x-1@4 a0:x-2@4",
            0,
        );
        check(vec![trash("x-1")], vec![], "a0:x-2@4", 0);
        check(vec![], vec![trash("x-1")], "a0:x-2@4", 0);
        check(vec![trash("x-1")], vec![trash("x-1")], "a0:x-2@4", 0);
        check(
            vec![trash("x-1")],
            vec![put("x-1", 8, 13)],
            "a0:x-1@8 a0:x-2@4",
            1,
        );
        check(
            vec![put("x-1", 8, 13)],
            vec![trash("x-1")],
            "a0:x-1@8 a0:x-2@4",
            0,
        );
        check(vec![], vec![Edit::RemoveArticles(vec!["a0".into()])], "", 0);
        check(
            vec![add("a0", "m-1", 8, 13)],
            vec![Edit::RemoveArticles(vec!["a0".into()])],
            "a0:m-1@8 a0:x-1@0 a0:x-2@4",
            0,
        );
        check(
            vec![Edit::RemoveArticles(vec!["a0".into()])],
            vec![put("x-1", 8, 13)],
            "a0:x-1@8 a0:x-2@4",
            1,
        );
    }

    #[test]
    fn what_went_to_their_trash_is_in_mine_once() {
        let base = base();
        let mut theirs = base.clone();
        apply(&mut theirs, &Transaction::new("delete", vec![trash("x-1")])).unwrap();
        let mut mine = base.clone();
        let merge = merge(&base, &mine, &theirs, &"me".into(), None);
        apply(&mut mine, &Transaction::new("merge", merge.edits)).unwrap();
        assert_eq!(mine.trash().len(), 1);
    }
}
