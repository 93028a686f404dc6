//! Bringing the work of two people on copies of one project together: a three-way merge by
//! article and by annotation.
//!
//! Gives one transaction for one of the copies, so a merge is a single step that can be undone.
//! Nothing that either of them made is lost in silence: what only one changed is taken, where both
//! changed the same annotation, both versions stay, and of other values mine; the analyst is told.
//! Fields of a later version are merged one by one, whatever else of their record was changed; one
//! that both have otherwise is on the review list too.

mod apart;

use crate::core::annotation::{Annotation, AttributeValue, Timestamp, merge_fragments};
use crate::core::article::{Article, Status};
use crate::core::edit::{ArticleDetails, Change, ChangeLists, Edit, ToTrash, of_lists};
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, FreshIds};
use crate::core::kept::{Keeps, UnknownFields, merged};
use crate::core::project::{Listed, Project, SetAside};
use apart::is_needed;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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
    /// Fields of a later version that mine has otherwise.
    aside: Vec<SetAside>,
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
    let apart = merge.apart([base, mine, theirs]);
    let theirs = apart.as_ref().unwrap_or(theirs);
    match pick(Some(base.name()), mine.name(), theirs.name()) {
        Some(name) if name != mine.name() => merge.edits.push(Edit::SetName(name.to_owned())),
        Some(_) => {}
        None => merge.conflict("the name of the project"),
    }
    merge.unknown(
        None,
        "the project",
        [base, mine, theirs].map(Project::unknown),
    );
    merge.codebook([base, mine, theirs], by, when);
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
    merge.lists(base, mine, theirs);
    merge
}

/// The people whom the annotations name that an edit brings in.
fn people_named(edit: &Edit) -> Vec<String> {
    let added = edit
        .annotations()
        .into_iter()
        .map(|(_, annotation)| annotation);
    let articles = edit.new_articles().iter();
    let inside = articles.flat_map(|(_, article)| article.annotations.iter().map(AsRef::as_ref));
    let values = added
        .chain(inside)
        .flat_map(|a: &Annotation| a.attributes.values());
    let named = values.filter_map(|value| match value {
        AttributeValue::Person(id) => Some(id.to_string()),
        _ => None,
    });
    named.collect()
}

/// What a value becomes: theirs when only they changed it. `None` when both did, differently.
fn pick<'a, T: PartialEq + ?Sized>(base: Option<&T>, mine: &'a T, theirs: &'a T) -> Option<&'a T> {
    if mine == theirs || base == Some(theirs) {
        Some(mine)
    } else if base == Some(mine) {
        Some(theirs)
    } else {
        None
    }
}

/// Hands in all fields of a later version that a value holds, each by what in it they belong to.
fn each_part(value: &mut impl Keeps, mut see: impl FnMut(String, &mut UnknownFields)) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    value.each_kept(&mut |part, fields| {
        let n = seen.entry(part.clone()).or_default();
        *n += 1;
        match *n {
            1 => see(part, fields),
            // Two that are called alike.
            n => see(format!("{part} ({n})"), fields),
        }
    });
}

/// Takes them all out of it.
fn split(value: &mut impl Keeps) -> BTreeMap<String, UnknownFields> {
    let mut all = BTreeMap::new();
    each_part(value, |part, fields| {
        all.insert(part, std::mem::take(fields));
    });
    all
}

impl Merge {
    fn conflict(&mut self, what: &str) {
        let told = format!("{what} was changed in both copies; this one's stays");
        self.conflicts.push(told);
    }

    /// What I changed and they deleted.
    fn stays(&mut self, what: &str) {
        let told = format!("{what} was changed here and deleted in the other copy; it stays");
        self.conflicts.push(told);
    }

    /// What they changed and I deleted.
    fn is_back(&mut self, what: &str) {
        let told = format!("{what} was deleted here and changed in the other copy; it is back");
        self.conflicts.push(told);
    }

    /// What fields of a later version become.
    fn fields(
        &mut self,
        article: Option<&ArticleId>,
        what: &str,
        [base, mine, theirs]: [&UnknownFields; 3],
    ) -> UnknownFields {
        let (fields, lost) = merged(base, mine, theirs);
        self.set_aside(article, what, lost);
        fields
    }

    fn set_aside(&mut self, article: Option<&ArticleId>, what: &str, lost: UnknownFields) {
        for (name, raw) in lost {
            let told = format!(
                "“{name}” of {what}, written by a later version, was changed in both copies"
            );
            let of = article.map_or("", ArticleId::as_str);
            let raw = format!("{name}: {}", raw.as_str());
            self.aside.push(SetAside::new(of, told.clone(), raw));
            self.conflicts.push(format!(
                "{told}; this one's stays, and the other is on the review list"
            ));
        }
    }

    /// The same, of the project or of an article in it.
    fn unknown(&mut self, article: Option<&ArticleId>, what: &str, all: [&UnknownFields; 3]) {
        let fields = self.fields(article, what, all);
        let [_, mine, _] = all;
        if fields != *mine {
            let article = article.cloned();
            self.edits.push(Edit::SetUnknown { article, fields });
        }
    }

    /// What a value becomes that both copies have; its fields of a later version apart from the rest.
    /// The second is whether both changed the rest.
    fn join<T: Keeps + Clone + PartialEq>(
        &mut self,
        article: Option<&ArticleId>,
        what: &str,
        base: Option<&T>,
        mine: &T,
        theirs: &T,
    ) -> (T, bool) {
        if let Some(value) = pick(base, mine, theirs) {
            return (value.clone(), false);
        }
        let (mut old, mut ours, mut other) = (base.cloned(), mine.clone(), theirs.clone());
        let old_fields = old.as_mut().map(split).unwrap_or_default();
        let (our_fields, other_fields) = (split(&mut ours), split(&mut other));
        let known = pick(old.as_ref(), &ours, &other);
        let is_conflict = known.is_none();
        let mut value = known.unwrap_or(&ours).clone();
        let parts: BTreeSet<&String> = our_fields.keys().chain(other_fields.keys()).collect();
        let within = |part: &str| match part {
            "" => what.to_owned(),
            part => format!("{part} of {what}"),
        };
        let none = UnknownFields::new();
        let mut fields = BTreeMap::new();
        for part in parts {
            let all = [&old_fields, &our_fields, &other_fields];
            let all = all.map(|fields| fields.get(part).unwrap_or(&none));
            fields.insert(part.clone(), self.fields(article, &within(part), all));
        }
        each_part(&mut value, |part, kept| {
            *kept = fields.remove(&part).unwrap_or_default();
        });
        // What they belonged to is gone.
        for (part, lost) in fields {
            self.set_aside(article, &within(&part), lost);
        }
        (value, is_conflict)
    }

    fn codebook(&mut self, copies: [&Project; 3], by: &AnnotatorId, when: Option<Timestamp>) {
        let [base, mine, theirs] = copies.map(Project::codebook);
        let mut merged = mine.clone();
        let all = [base, mine, theirs].map(|codebook| &codebook.unknown);
        merged.unknown = self.fields(None, "the codebook", all);
        for label in &theirs.labels {
            let old = base.label(label.id.as_str());
            let place = merged.labels.iter().position(|l| l.id == label.id);
            match place.and_then(|i| merged.labels.get_mut(i)) {
                Some(ours) => {
                    let what = format!("the label “{}”", ours.name);
                    let (value, is_conflict) = self.join(None, &what, old, ours, label);
                    *ours = value;
                    if is_conflict {
                        self.conflict(&what);
                    }
                }
                // Their annotations may need a label that I removed.
                None if old == Some(label) && !is_needed(copies, &label.id) => {}
                None => {
                    if old.is_some_and(|old| old != label) {
                        self.is_back(&format!("the label “{}”", label.name));
                    }
                    merged.labels.push(label.clone());
                }
            }
        }
        for ours in &mine.labels {
            let id = ours.id.as_str();
            if theirs.label(id).is_none() && base.label(id).is_some_and(|old| old != ours) {
                self.stays(&format!("the label “{}”", ours.name));
            }
        }
        merged.add_changes(&theirs.changes);
        for id in merged.break_circles() {
            let name = merged.name_of(&id).to_owned();
            self.conflict(&format!("what the label “{name}” is a kind of"));
        }
        if merged != *mine {
            merged.revision = mine.revision.max(theirs.revision);
            merged.revise("merge with another copy".to_owned(), by, when);
            // Revisions of two copies say nothing of each other: what was marked here was marked
            // under another meaning.
            for label in &mut merged.labels {
                let before = mine.label(label.id.as_str());
                if before.is_some_and(|before| before.meaning() != label.meaning()) {
                    label.redefined = merged.revision;
                }
            }
            self.edits.push(Edit::SetCodebook(Box::new(merged)));
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
        let title = mine.display_title();
        let none = UnknownFields::new();
        let old = base.map_or(&none, |base| &base.unknown);
        let what = format!("the article “{title}”");
        self.unknown(Some(&mine.id), &what, [old, &mine.unknown, &theirs.unknown]);
        for annotator in theirs.status.keys() {
            let old = base.map_or(Status::New, |base| base.status_for(annotator));
            let (ours, other) = (mine.status_for(annotator), theirs.status_for(annotator));
            match pick(Some(&old), &ours, &other) {
                Some(status) if *status != ours => self.edits.push(Edit::SetStatus {
                    article: mine.id.clone(),
                    annotator: annotator.clone(),
                    status: status.clone(),
                }),
                Some(_) => {}
                None => self.conflict(&format!("the status of “{title}” for {annotator}")),
            }
        }
        self.nothing(base, mine, theirs);
        let mut put = Vec::new();
        let mut items = Vec::new();
        for annotation in theirs.annotations.iter() {
            let id = annotation.id.as_str();
            let old = base.and_then(|base| base.annotations.get(id));
            match mine.annotations.get(id) {
                Some(ours) if ours == annotation || old == Some(annotation) => {}
                Some(ours) => {
                    let what = format!("annotation {id} in “{title}”");
                    let old = old.map(AsRef::as_ref);
                    let told = (self.conflicts.len(), self.aside.len());
                    match self.join(Some(&mine.id), &what, old, ours, annotation) {
                        (value, false) if value == **ours => {}
                        (value, false) => put.push(Arc::new(value)),
                        (_, true) => {
                            // All of the other version is there.
                            self.conflicts.truncate(told.0);
                            self.aside.truncate(told.1);
                            self.keep_both(mine, theirs, annotation);
                        }
                    }
                }
                None if old == Some(annotation) => {}
                None => {
                    if old.is_some() {
                        self.is_back(&format!("annotation {id} in “{title}”"));
                    }
                    self.add(mine, Annotation::clone(annotation));
                }
            }
        }
        for ours in mine.annotations.iter() {
            let id = ours.id.as_str();
            let old = base.and_then(|base| base.annotations.get(id));
            if theirs.annotations.get(id).is_some() {
                continue;
            }
            match old {
                Some(old) if old == ours => {
                    let at = *trashed + items.len();
                    items.push(ToTrash::new(ours.id.clone(), at, by.clone(), when));
                }
                Some(_) => self.stays(&format!("annotation {id} in “{title}”")),
                None => {}
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

    /// Where nothing was found by either of them; what only one of them took back is taken back.
    fn nothing(&mut self, base: Option<&Article>, mine: &Article, theirs: &Article) {
        let annotators: BTreeSet<&AnnotatorId> =
            mine.nothing.keys().chain(theirs.nothing.keys()).collect();
        for annotator in annotators {
            let old = base.map_or(&[][..], |base| base.nothing_for(annotator));
            let (ours, other) = (mine.nothing_for(annotator), theirs.nothing_for(annotator));
            let nothing = match pick(Some(old), ours, other) {
                Some(nothing) => nothing.to_vec(),
                None => merge_fragments([ours, other].concat()).to_vec(),
            };
            if nothing != ours {
                self.edits.push(Edit::SetNothing {
                    article: mine.id.clone(),
                    annotator: annotator.clone(),
                    nothing,
                });
            }
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
        let mut conflict = |what: &str| self.conflict(&format!("{what} of “{title}”"));
        match pick(base.map(|b| &b.title), &mine.title, &theirs.title) {
            Some(value) => merged.title.clone_from(value),
            None => conflict("the title"),
        }
        match pick(base.map(|b| &b.notes), &mine.notes, &theirs.notes) {
            Some(value) => merged.notes.clone_from(value),
            // Notes are work: both stay.
            None => merged.notes = format!("{}\n\n{}", mine.notes, theirs.notes),
        }
        let (mut back, mut stay) = (Vec::new(), Vec::new());
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
                        back.push(name);
                    }
                }
                None if other.is_none() => stay.push(name),
                None => conflict(&format!("“{name}”")),
            }
        }
        for name in back {
            self.is_back(&format!("“{name}” of “{title}”"));
        }
        for name in stay {
            self.stays(&format!("“{name}” of “{title}”"));
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
        let removed = |ours: &&Arc<Article>| {
            theirs.article(&ours.id).is_none() && base.article(&ours.id).is_some()
        };
        let removed = mine.articles().iter().filter(removed);
        let (gone, changed): (Vec<_>, Vec<_>) =
            removed.partition(|ours| base.article(&ours.id) == Some(*ours));
        for ours in changed {
            self.stays(&format!("“{}”", ours.display_title()));
        }
        let gone = gone.into_iter();
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

    /// The lists of the project, as far as theirs are new or changed.
    fn lists(&mut self, base: &Project, mine: &Project, theirs: &Project) {
        let edits = std::mem::take(&mut self.edits);
        let changes = of_lists(
            mine,
            &mut Lists {
                copies: [base, mine, theirs],
                going: edits.iter().flat_map(Edit::trashes).collect(),
                named: edits.iter().flat_map(people_named).collect(),
                merge: self,
            },
        );
        self.edits = edits;
        self.edits.extend(changes);
        let at = mine.set_aside().len();
        self.aside.retain(|item| !mine.set_aside().contains(item));
        if !self.aside.is_empty() {
            let items = self.aside.drain(..).enumerate();
            let items = items.map(|(i, item)| (at + i, item));
            self.edits.push(Edit::AddToReview(items.collect()));
        }
    }
}

/// Mine with what theirs has more or otherwise.
struct Lists<'a> {
    copies: [&'a Project; 3],
    /// What goes to the trash by this merge; it stands in their trash too.
    going: HashSet<&'a str>,
    /// Who is named by what comes in with it.
    named: HashSet<String>,
    merge: &'a mut Merge,
}

impl Lists<'_> {
    /// An item of theirs as it stands beside mine, which can be known by its id or name already.
    fn beside<T: Listed>(&mut self, [mine, theirs, new]: [&[T]; 3], item: &T) -> T {
        let others = theirs.iter().filter(|other| other.id() != item.id());
        let others = mine.iter().chain(others).chain(new);
        let Some(apart) = item.apart(others) else {
            return item.clone();
        };
        let told = if apart.name() == item.name() {
            format!(
                "{} “{}” of the other copy is another one than this copy knows under its id; it is added",
                T::CALLED,
                item.name()
            )
        } else {
            format!(
                "{} “{}” of the other copy is added as “{}”",
                T::CALLED,
                item.name(),
                apart.name()
            )
        };
        self.merge.conflicts.push(told);
        apart
    }
}

impl ChangeLists for Lists<'_> {
    fn change<T: Listed>(&mut self, list: fn(&Project) -> &[T]) -> Change<T> {
        let [base, mine, theirs] = self.copies.map(list);
        let by_id = |items: &'_ [T]| -> HashMap<String, usize> {
            let all = items.iter().enumerate();
            all.filter_map(|(at, item)| Some((item.id()?.to_owned(), at)))
                .collect()
        };
        let (old, ours) = (by_id(base), by_id(mine));
        let mut changed: BTreeMap<usize, T> = BTreeMap::new();
        let mut new = Vec::new();
        for item in theirs {
            let Some(id) = item.id() else {
                let is_going = item.moved().is_some_and(|id| self.going.contains(id));
                if !is_going && !mine.contains(item) && !base.contains(item) {
                    new.push(item.clone());
                }
                continue;
            };
            let found = ours.get(id).and_then(|&at| Some((at, mine.get(at)?)));
            let Some((at, ours)) = found else {
                let old = old.get(id).and_then(|&at| base.get(at));
                if T::GOES && old == Some(item) && !self.named.contains(id) {
                    continue;
                }
                if old.is_some_and(|old| old != item) {
                    let what = format!("{} “{}”", T::CALLED, item.name());
                    self.merge.is_back(&what);
                }
                let value = self.beside([mine, theirs, &new], item);
                new.push(value);
                continue;
            };
            let old = old.get(id).and_then(|&at| base.get(at));
            let are_new = old.is_none_or(|old| old != ours && old != item);
            if are_new && ours.is_namesake(item) {
                // It is there already when the same copy is merged again.
                let known = |known: &T| {
                    known.id() != Some(id)
                        && !known.is_namesake(item)
                        && known.name().starts_with(item.name())
                };
                if !mine.iter().any(known) {
                    let value = self.beside([mine, theirs, &new], item);
                    new.push(value);
                }
                continue;
            }
            let what = format!("{} “{}”", T::CALLED, ours.name());
            let (old, own, other) = T::shared(old, ours, item);
            let joined = self.merge.join(None, &what, old.as_ref(), &own, &other);
            let (value, is_conflict) = joined;
            if is_conflict {
                self.merge.conflict(&what);
            }
            if value != *ours {
                changed.insert(at, value);
            }
        }
        let others = by_id(theirs);
        for ours in mine {
            let Some(id) = ours.id().filter(|id| !others.contains_key(*id)) else {
                continue;
            };
            let old = old.get(id).and_then(|&at| base.get(at));
            if old.is_some_and(|old| old != ours) {
                let what = format!("{} “{}”", T::CALLED, ours.name());
                self.merge.stays(&what);
            }
        }
        // A place beyond the end is the end.
        let end = mine.len() + self.going.len();
        let own = mine.iter().enumerate();
        let own = own.map(|(at, ours)| changed.get(&at).unwrap_or(ours));
        let mut all: Vec<T> = own.chain(&new).cloned().collect();
        let settled = T::settle(&mut all);
        if !settled.is_empty() {
            self.merge.conflicts.extend(settled);
            let gone = (0..mine.len()).collect();
            return (gone, all.into_iter().enumerate().collect());
        }
        let new = new.into_iter().enumerate().map(|(i, item)| (end + i, item));
        let gone = changed.keys().copied().collect();
        (gone, changed.into_iter().chain(new).collect())
    }
}

#[cfg(test)]
mod tests;
