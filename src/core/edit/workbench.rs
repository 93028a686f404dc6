//! A project while transactions are made on it, as cheap for 300,000 edits as for one.
//!
//! Annotations are kept in sets with derived orders, and lists as plain lists: bringing those up to
//! date with each edit would make a bulk step cost the square of its length. So what edits change is
//! gathered here, looked up here by the edits that follow, and put into the project once, when the
//! workbench is dropped. `apply` is the only one who asks.

use super::EditError;
use super::long_list::LongList;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::ids::{AnnotationId, ArticleId, PersonId};
use crate::core::project::{ImportReport, Person, Project, SetAside, TrashItem};
use crate::core::text::ArticleText;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// So many people are looked for in the list itself; an index is made for more.
const FEW: usize = if cfg!(test) { 2 } else { 16 };

pub struct Workbench<'a> {
    project: &'a mut Project,
    /// What annotations of an article have become; none for one that is gone.
    changed: HashMap<ArticleId, HashMap<AnnotationId, Option<Arc<Annotation>>>>,
    people: Option<People>,
    trash: Held<Arc<TrashItem>>,
    set_aside: Held<SetAside>,
    imports: Held<Arc<ImportReport>>,
}

/// A list of the project, as soon as an edit has asked for it.
struct Held<T>(Option<LongList<T>>);

/// How the project keeps a list.
trait Keeps<T> {
    fn lend(&mut self) -> Vec<T>;
    fn take_back(&mut self, list: Vec<T>);
}

/// The speaker ledger, where people are found by id.
pub(super) struct People {
    list: LongList<Person>,
    /// Who is in it, once more than a few were asked for.
    ids: Option<HashSet<PersonId>>,
    asked: usize,
    /// Where the last one stood that was taken out: the next is likely beside it.
    last: usize,
}

impl<'a> Workbench<'a> {
    pub fn on(project: &'a mut Project) -> Self {
        Self {
            project,
            changed: HashMap::new(),
            people: None,
            trash: Held(None),
            set_aside: Held(None),
            imports: Held(None),
        }
    }

    /// The text of an article. Other parts of the project may not be up to date in it yet.
    pub fn text(&self, article: &ArticleId) -> Option<&Arc<ArticleText>> {
        self.project.article(article).map(|article| &article.text)
    }

    pub(super) fn project(&mut self) -> &mut Project {
        self.project
    }

    pub(super) fn trash(&mut self) -> &mut LongList<Arc<TrashItem>> {
        self.trash.of(&mut self.project.trash)
    }

    pub(super) fn set_aside(&mut self) -> &mut LongList<SetAside> {
        self.set_aside.of(&mut self.project.set_aside)
    }

    pub(super) fn imports(&mut self) -> &mut LongList<Arc<ImportReport>> {
        self.imports.of(&mut self.project.imports)
    }

    pub(super) fn people(&mut self) -> &mut People {
        let list = &mut self.project.people;
        self.people.get_or_insert_with(|| People {
            list: LongList::new(list.lend()),
            ids: None,
            asked: 0,
            last: 0,
        })
    }

    pub(super) fn article(&self, id: &ArticleId) -> Result<&Article, EditError> {
        let found = self.project.article(id);
        found
            .map(AsRef::as_ref)
            .ok_or_else(|| EditError::NoArticle(id.clone()))
    }

    /// An article to change; not its annotations.
    pub(super) fn article_mut(&mut self, id: &ArticleId) -> Result<&mut Article, EditError> {
        article_mut(self.project, id).ok_or_else(|| EditError::NoArticle(id.clone()))
    }

    pub(super) fn annotation(
        &self,
        article: &Article,
        id: &AnnotationId,
    ) -> Option<Arc<Annotation>> {
        let changed = self.changed.get(&article.id);
        match changed.and_then(|changed| changed.get(id)) {
            Some(changed) => changed.clone(),
            None => article.annotations.get(id.as_str()).cloned(),
        }
    }

    /// Gives an annotation another value, or none.
    pub(super) fn set_annotation(
        &mut self,
        article: &ArticleId,
        id: AnnotationId,
        value: Option<Arc<Annotation>>,
    ) {
        match self.changed.get_mut(article) {
            Some(changed) => {
                changed.insert(id, value);
            }
            None => {
                let changed = HashMap::from([(id, value)]);
                self.changed.insert(article.clone(), changed);
            }
        }
    }

    /// Brings an article up to date, before it is taken as a whole.
    pub(super) fn settle(&mut self, article: &ArticleId) {
        if let Some(changed) = self.changed.remove(article) {
            settle(self.project, article, changed);
        }
    }

    /// Brings all articles up to date.
    #[expect(clippy::iter_over_hash_type, reason = "each is settled by itself")]
    pub(super) fn settle_all(&mut self) {
        for (article, changed) in std::mem::take(&mut self.changed) {
            settle(self.project, &article, changed);
        }
    }
}

impl Drop for Workbench<'_> {
    fn drop(&mut self) {
        self.settle_all();
        let project = &mut *self.project;
        if let Some(people) = self.people.take() {
            project.people.take_back(people.list.into_vec());
        }
        self.trash.put_back(&mut project.trash);
        self.set_aside.put_back(&mut project.set_aside);
        self.imports.put_back(&mut project.imports);
    }
}

impl<T: Clone> Held<T> {
    fn of(&mut self, kept: &mut impl Keeps<T>) -> &mut LongList<T> {
        self.0.get_or_insert_with(|| LongList::new(kept.lend()))
    }

    fn put_back(&mut self, kept: &mut impl Keeps<T>) {
        if let Some(list) = self.0.take() {
            kept.take_back(list.into_vec());
        }
    }
}

impl<T> Keeps<T> for Vec<T> {
    fn lend(&mut self) -> Vec<T> {
        std::mem::take(self)
    }

    fn take_back(&mut self, list: Vec<T>) {
        *self = list;
    }
}

/// A list that may be shared with a snapshot.
impl<T: Clone> Keeps<T> for Arc<Vec<T>> {
    fn lend(&mut self) -> Vec<T> {
        std::mem::take(Arc::make_mut(self))
    }

    fn take_back(&mut self, list: Vec<T>) {
        *self = Self::new(list);
    }
}

fn article_mut<'a>(project: &'a mut Project, id: &ArticleId) -> Option<&'a mut Article> {
    let index = project.article_index(id)?;
    project.articles.get_mut(index).map(Arc::make_mut)
}

fn settle(
    project: &mut Project,
    id: &ArticleId,
    changed: HashMap<AnnotationId, Option<Arc<Annotation>>>,
) {
    let Some(article) = project.article(id) else {
        return;
    };
    // What was refused and taken back is as it was.
    let is_as_before = |id: &AnnotationId, value: &Option<Arc<Annotation>>| match (
        article.annotations.get(id.as_str()),
        value,
    ) {
        (Some(old), Some(new)) => Arc::ptr_eq(old, new),
        (None, None) => true,
        _ => false,
    };
    if changed.iter().all(|(id, value)| is_as_before(id, value)) {
        return;
    }
    let mut changes: Vec<_> = changed.into_iter().collect();
    changes.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    if let Some(article) = article_mut(project, id) {
        article.annotations.change(changes);
    }
}

impl People {
    /// Puts people in, or says who is there already.
    pub(super) fn add(&mut self, added: &[(usize, Person)]) -> Result<(), EditError> {
        let mut new = HashSet::with_capacity(added.len());
        for (_, person) in added {
            if self.holds(&person.id) || !new.insert(&person.id) {
                return Err(EditError::PersonExists(person.id.clone()));
            }
        }
        if let Some(ids) = &mut self.ids {
            ids.extend(new.into_iter().cloned());
        }
        self.list.insert_all(added);
        Ok(())
    }

    /// Takes people out, each with the place where they stood.
    pub(super) fn remove(&mut self, ids: &[PersonId]) -> Result<Vec<(usize, Person)>, EditError> {
        let mut places = Vec::with_capacity(ids.len());
        let index: Option<HashMap<&PersonId, usize>> = (ids.len() > FEW).then(|| {
            let all = self.list.iter().enumerate();
            all.map(|(i, person)| (&person.id, i)).collect()
        });
        for id in ids {
            let place = match &index {
                Some(index) => index.get(id).copied(),
                None => self.place_of(id),
            };
            places.push(place.ok_or_else(|| EditError::NoPerson(id.clone()))?);
        }
        places.sort_unstable();
        let removed = self.list.remove_all(&places);
        let removed = removed.ok_or(EditError::NamedTwice)?;
        self.last = places.first().copied().unwrap_or(0);
        if let Some(known) = &mut self.ids {
            for id in ids {
                known.remove(id);
            }
        }
        Ok(removed)
    }

    fn holds(&mut self, id: &PersonId) -> bool {
        self.asked += 1;
        if self.ids.is_none() && self.asked > FEW {
            let ids = self.list.iter().map(|person| person.id.clone());
            self.ids = Some(ids.collect());
        }
        match &self.ids {
            Some(ids) => ids.contains(id),
            None => self.list.iter().any(|person| person.id == *id),
        }
    }

    fn place_of(&self, id: &PersonId) -> Option<usize> {
        let is_at = |place: &usize| {
            let person = self.list.get(*place);
            person.is_some_and(|person| person.id == *id)
        };
        let near = [self.last.checked_sub(1), Some(self.last)];
        let near = near.into_iter().flatten().find(is_at);
        near.or_else(|| self.list.iter().position(|person| person.id == *id))
    }
}
