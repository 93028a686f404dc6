//! What a dataset says that belongs to no article, brought back: people into the ledger, groups and
//! what is kept apart by the ids that their members have here.

use crate::core::annotation::AttributeValue;
use crate::core::ids::{AnnotationId, ArticleId, PersonId};
use crate::core::ledger::Ledger;
use crate::core::project::{ApartOf, KeptApart, ProjectParts, Tied, settle_groups};
use crate::format::words::of_project::OfProject;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Collects it, and what ids became.
#[derive(Default)]
pub(crate) struct Carried {
    all: Vec<OfProject>,
    people: HashMap<PersonId, PersonId>,
    articles: HashMap<ArticleId, ArticleId>,
    annotations: HashMap<AnnotationId, HashMap<ArticleId, AnnotationId>>,
}

impl Carried {
    /// People are in the ledger at once, so that annotations that name them find them.
    pub(crate) fn take(&mut self, mut told: OfProject, ledger: &mut Ledger) {
        let mut claimed = HashSet::new();
        for person in std::mem::take(&mut told.people) {
            let id = person.id.clone();
            let here = ledger.adopt(person, &mut claimed);
            if here != id {
                self.people.insert(id, here);
            }
        }
        self.all.push(told);
    }

    /// An article that the file calls `was`.
    pub(crate) fn see_article(&mut self, was: &str, id: &str) {
        if was != id {
            self.articles
                .insert(ArticleId::new(was), ArticleId::new(id));
        }
    }

    pub(crate) fn see_annotation(&mut self, article: &str, was: &str, id: &AnnotationId) {
        if was != id.as_str() {
            let known = self.annotations.entry(AnnotationId::new(was)).or_default();
            known.insert(ArticleId::new(article), id.clone());
        }
    }

    fn annotation(&self, article: Option<&ArticleId>, id: &AnnotationId) -> AnnotationId {
        let known = self.annotations.get(id);
        let same = known.and_then(|known| match article {
            Some(article) => known.get(article),
            None => known.values().next().filter(|_| known.len() == 1),
        });
        same.unwrap_or(id).clone()
    }

    fn person(&self, id: &mut PersonId) {
        if let Some(here) = self.people.get(&*id) {
            *id = here.clone();
        }
    }

    /// What was said of annotators stays theirs.
    pub(crate) fn finish(mut self, parts: &mut ProjectParts) {
        for person in &mut parts.people {
            if let Some(id) = &mut person.affiliated_to {
                self.person(id);
            }
            if !self.articles.is_empty() && !person.tied.is_empty() {
                let mut tied = Tied::default();
                for (article, all) in &person.tied.0 {
                    let article = self.articles.get(article).unwrap_or(article);
                    for words in all {
                        tied.add(article, words);
                    }
                }
                person.tied = tied;
            }
        }
        // Shards of a dataset say the same each.
        let mut known: HashSet<(String, String, String)> = HashSet::new();
        for told in std::mem::take(&mut self.all) {
            for mut group in told.groups {
                for (article, id) in &mut group.members {
                    *id = self.annotation(Some(article), id);
                    if let Some(here) = self.articles.get(article) {
                        *article = here.clone();
                    }
                }
                for (_, value) in &mut group.attributes {
                    if let AttributeValue::Person(id) = value {
                        self.person(id);
                    }
                }
                parts.groups.push(Arc::new(group));
            }
            for apart in told.apart {
                let here = |id: &str| match apart.of {
                    ApartOf::People => {
                        let mut id = PersonId::new(id);
                        self.person(&mut id);
                        id.to_string()
                    }
                    ApartOf::Annotations => {
                        self.annotation(None, &AnnotationId::new(id)).to_string()
                    }
                    ApartOf::Groups | ApartOf::Later(_) => id.to_owned(),
                };
                let pair = (here(&apart.one), here(&apart.other));
                let mut kept = KeptApart::new(
                    apart.of.clone(),
                    (&pair.0, &pair.1),
                    apart.by.clone(),
                    apart.when,
                );
                kept.unknown = apart.unknown;
                let of = kept.of.code().to_owned();
                if known.insert((of, kept.one.clone(), kept.other.clone())) {
                    parts.apart.push(Arc::new(kept));
                }
            }
        }
        let _told_where_it_matters = settle_groups(&mut parts.groups);
    }
}
