//! A project while transactions are made on it, as cheap for 300,000 edits as for one.
//!
//! Annotations are kept in sets with derived orders, and lists as plain lists: bringing those up to
//! date with each edit would make a bulk step cost the square of its length. So what edits change is
//! gathered here, looked up here by the edits that follow, and put into the project once, when the
//! workbench is dropped. `apply` is the only one who asks.

use super::EditError;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::Codebook;
use crate::core::ids::{AnnotationId, ArticleId, PersonId};
use crate::core::long_list::LongList;
use crate::core::project::{Annotator, Person, Project};
use crate::core::text::ArticleText;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// So many people are looked for in the list itself; an index is made for more.
const FEW: usize = if cfg!(test) { 2 } else { 16 };

pub struct Workbench<'a> {
    project: &'a mut Project,
    /// What annotations of an article have become; none for one that is gone.
    changed: HashMap<ArticleId, HashMap<AnnotationId, Option<Arc<Annotation>>>>,
    people: People,
}

/// Where people are found by id in the speaker ledger.
#[derive(Default)]
struct People {
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
            people: People::default(),
        }
    }

    /// The text of an article. Other parts of the project may not be up to date in it yet.
    pub fn text(&self, article: &ArticleId) -> Option<&Arc<ArticleText>> {
        self.project.article(article).map(|article| &article.text)
    }

    pub fn codebook(&self) -> &Codebook {
        &self.project.codebook
    }

    pub fn annotators(&self) -> &[Annotator] {
        &self.project.annotators
    }

    pub(super) fn project(&mut self) -> &mut Project {
        self.project
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
        self.project.close_lists();
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

impl Workbench<'_> {
    /// Puts people in, or says who is there already.
    pub(super) fn add_people(&mut self, added: &[(usize, Person)]) -> Result<(), EditError> {
        let mut new = HashSet::with_capacity(added.len());
        for (_, person) in added {
            if self.holds_person(&person.id) || !new.insert(&person.id) {
                return Err(EditError::PersonExists(person.id.clone()));
            }
        }
        if let Some(ids) = &mut self.people.ids {
            ids.extend(new.into_iter().cloned());
        }
        self.project.people.open().insert_all(added);
        Ok(())
    }

    /// Takes people out, each with the place where they stood.
    pub(super) fn remove_people(
        &mut self,
        ids: &[PersonId],
    ) -> Result<Vec<(usize, Person)>, EditError> {
        let list = self.project.people.open();
        let mut places = Vec::with_capacity(ids.len());
        let index: Option<HashMap<&PersonId, usize>> = (ids.len() > FEW).then(|| {
            let all = list.iter().enumerate();
            all.map(|(i, person)| (&person.id, i)).collect()
        });
        for id in ids {
            let place = match &index {
                Some(index) => index.get(id).copied(),
                None => place_of(list, id, self.people.last),
            };
            places.push(place.ok_or_else(|| EditError::NoPerson(id.clone()))?);
        }
        places.sort_unstable();
        let removed = list.remove_all(&places);
        let removed = removed.ok_or(EditError::NamedTwice)?;
        self.people.last = places.first().copied().unwrap_or(0);
        if let Some(known) = &mut self.people.ids {
            for id in ids {
                known.remove(id);
            }
        }
        Ok(removed)
    }

    /// Gives people other values, and says what they were; nothing is changed where one is not there.
    pub(super) fn replace_people(&mut self, new: &[Person]) -> Result<Vec<Person>, EditError> {
        let list = self.project.people.open();
        let mut places = Vec::with_capacity(new.len());
        let index: Option<HashMap<&PersonId, usize>> = (new.len() > FEW).then(|| {
            let all = list.iter().enumerate();
            all.map(|(i, person)| (&person.id, i)).collect()
        });
        let mut seen = HashSet::with_capacity(new.len());
        for person in new {
            let place = match &index {
                Some(index) => index.get(&person.id).copied(),
                None => place_of(list, &person.id, self.people.last),
            };
            places.push(place.ok_or_else(|| EditError::NoPerson(person.id.clone()))?);
            if !seen.insert(&person.id) {
                return Err(EditError::NamedTwice);
            }
        }
        let each = new.iter().zip(places);
        let old = each.filter_map(|(person, place)| {
            let known = list.get_mut(place)?;
            Some(std::mem::replace(known, person.clone()))
        });
        Ok(old.collect())
    }

    fn holds_person(&mut self, id: &PersonId) -> bool {
        let (list, people) = (self.project.people.open(), &mut self.people);
        people.asked += 1;
        if people.ids.is_none() && people.asked > FEW {
            let ids = list.iter().map(|person| person.id.clone());
            people.ids = Some(ids.collect());
        }
        match &people.ids {
            Some(ids) => ids.contains(id),
            None => list.iter().any(|person| person.id == *id),
        }
    }
}

fn place_of(list: &LongList<Person>, id: &PersonId, last: usize) -> Option<usize> {
    let is_at = |place: &usize| {
        let person = list.get(*place);
        person.is_some_and(|person| person.id == *id)
    };
    let near = [last.checked_sub(1), Some(last)];
    let near = near.into_iter().flatten().find(is_at);
    near.or_else(|| list.iter().position(|person| person.id == *id))
}
