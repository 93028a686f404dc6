//! Which quotes, or which claims, of a project may be the same: all of them compared, on all cores.
//! How two are compared is the core's.
//!
//! Works on a snapshot; what was made of an article is kept while the article stays as it is.

use super::jobs::on_all_cores;
use crate::core::article::Article;
use crate::core::claims::Labels;
use crate::core::codebook::Thing;
use crate::core::ids::AnnotationId;
use crate::core::likeness::among::{self, Alike, Utterance, utterances, worth_asking};
use crate::core::likeness::index::{Index, Pair};
use crate::core::likeness::{Relation, Saying};
use crate::core::project::{ApartOf, Member, Project};
use std::collections::HashMap;
use std::sync::{Arc, Weak};

/// All that may be the same, as far as words, speakers and days tell.
#[derive(Debug, Default)]
pub struct Proposals {
    members: Vec<Member>,
    alike: Vec<Alike>,
    /// Of each utterance where its numbers in `edges` begin, and those of `alike`.
    from: Vec<u32>,
    edges: Vec<u32>,
    by_id: HashMap<AnnotationId, u32>,
}

/// What is kept from one comparison to the next.
#[derive(Default)]
pub struct Memo {
    labels: Option<Labels>,
    thing: Option<Thing>,
    parts: Vec<(Weak<Article>, Arc<[Utterance]>)>,
}

impl Memo {
    fn update(&mut self, project: &Project, thing: &Thing) -> Vec<Arc<[Utterance]>> {
        let labels = Labels::of(project.codebook());
        if self.labels.as_ref() != Some(&labels) || self.thing.as_ref() != Some(thing) {
            self.parts.clear();
        }
        let old = std::mem::take(&mut self.parts).into_iter();
        // The weak ones stay until the end, so no other article has the address of one.
        let old: HashMap<usize, (Weak<Article>, Arc<[Utterance]>)> =
            old.map(|known| (known.0.as_ptr().addr(), known)).collect();
        let articles: Vec<&Arc<Article>> = project.articles().iter().collect();
        let parts = on_all_cores(&articles, |article| {
            match old.get(&Arc::as_ptr(article).addr()) {
                Some((_, known)) => known.clone(),
                None => utterances(article, &labels, thing).into(),
            }
        });
        let kept = articles.iter().zip(&parts);
        self.parts = kept
            .map(|(a, part)| (Arc::downgrade(a), part.clone()))
            .collect();
        self.labels = Some(labels);
        self.thing = Some(thing.clone());
        parts
    }
}

/// Compares all utterances of a thing. `None` when it was stopped.
pub fn proposals(
    project: &Project,
    thing: &Thing,
    memo: &mut Memo,
    goes_on: &(dyn Fn() -> bool + Sync),
) -> Option<Proposals> {
    let parts = memo.update(project, thing);
    if !goes_on() {
        return None;
    }
    let mut all: Vec<(usize, &Utterance)> = Vec::new();
    for (article, part) in parts.iter().enumerate() {
        all.extend(part.iter().map(|utterance| (article, utterance)));
    }
    let sayings: Vec<Saying> = all.iter().map(|(_, u)| u.saying.clone()).collect();
    let index = Index::of(&sayings);
    if !goes_on() {
        return None;
    }
    let numbers: Vec<usize> = (0..sayings.len()).collect();
    let found = on_all_cores(&numbers, |at| {
        if at % 256 == 0 && !goes_on() {
            return Vec::new();
        }
        let pairs = index.like(*at).into_iter();
        let asked = pairs.filter_map(|pair: Pair| {
            let (in_a, a) = all.get(pair.a)?;
            let (in_b, b) = all.get(pair.b)?;
            worth_asking(thing, (a, b), in_a == in_b, pair)
        });
        asked.collect()
    });
    if !goes_on() {
        return None;
    }
    let alike: Vec<Alike> = found.into_iter().flatten().collect();
    let members = all.iter().filter_map(|(article, utterance)| {
        let article = project.articles().get(*article)?;
        Some((article.id.clone(), utterance.id.clone()))
    });
    Some(Proposals::of(members.collect(), alike))
}

/// What is said in the same words by the same: each list is one utterance. Nothing is compared with
/// what says something else. `None` when it was stopped.
pub fn same_words(
    project: &Project,
    thing: &Thing,
    goes_on: &dyn Fn() -> bool,
) -> Option<Vec<Vec<Member>>> {
    let parts = Memo::default().update(project, thing);
    if !goes_on() {
        return None;
    }
    let parts = parts.iter().enumerate();
    let all = parts.flat_map(|(article, part)| part.iter().map(move |u| (article, u)));
    let all: Vec<(usize, &Utterance)> = all.collect();
    let mut apart: HashMap<&str, Vec<&str>> = HashMap::new();
    let kept = project.apart().iter();
    for kept in kept.filter(|kept| kept.of == ApartOf::Annotations) {
        let (one, other) = kept.pair();
        apart.entry(one).or_default().push(other);
        apart.entry(other).or_default().push(one);
    }
    let member = |at: &usize| {
        let (article, utterance) = all.get(*at)?;
        let article = project.articles().get(*article)?;
        Some((article.id.clone(), utterance.id.clone()))
    };
    let clusters = among::same_words(&all, &apart).into_iter();
    let clusters = clusters.map(|cluster| cluster.iter().filter_map(member).collect());
    Some(clusters.collect())
}

impl Proposals {
    fn of(members: Vec<Member>, alike: Vec<Alike>) -> Self {
        let mut ends: Vec<(u32, u32)> = Vec::with_capacity(alike.len() * 2);
        for (n, pair) in alike.iter().enumerate() {
            ends.push((pair.a as u32, n as u32));
            ends.push((pair.b as u32, n as u32));
        }
        ends.sort_unstable();
        let mut from = Vec::with_capacity(members.len() + 1);
        let mut at = 0;
        for member in 0..members.len() as u32 {
            while ends.get(at).is_some_and(|(of, _)| *of < member) {
                at += 1;
            }
            from.push(at as u32);
        }
        from.push(ends.len() as u32);
        let ids = members.iter().enumerate();
        Self {
            by_id: ids.map(|(n, (_, id))| (id.clone(), n as u32)).collect(),
            edges: ends.into_iter().map(|(_, n)| n).collect(),
            members,
            alike,
            from,
        }
    }

    /// How many utterances were compared.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// How many pairs there are.
    pub fn pairs(&self) -> usize {
        self.alike.len()
    }

    fn edges_of(&self, at: usize) -> impl Iterator<Item = Alike> + '_ {
        let range = self.from.get(at).zip(self.from.get(at + 1));
        let range = range.map_or(0..0, |(from, upto)| *from as usize..*upto as usize);
        let edges = self.edges.get(range).unwrap_or_default().iter();
        let pairs = edges.filter_map(|n| self.alike.get(*n as usize));
        pairs.map(move |pair| if pair.a == at { *pair } else { pair.turned() })
    }

    /// What may be the same as an annotation: how it is like the other. Of those of the same words only
    /// the first is compared with others, so what that one is like is this one like, too.
    pub fn of_annotation(&self, id: &AnnotationId) -> Vec<(&Member, Alike)> {
        let Some(at) = self.by_id.get(id).map(|at| *at as usize) else {
            return Vec::new();
        };
        let own: Vec<Alike> = self.edges_of(at).collect();
        let mut found: Vec<Alike> = own.clone();
        for same in own
            .iter()
            .filter(|pair| pair.likeness.relation == Relation::Same && pair.b < at)
        {
            let through = self.edges_of(same.b).filter(|pair| pair.b != at);
            found.extend(through.map(|pair| Alike { a: at, ..pair }));
        }
        found.sort_by_key(|pair| (pair.b, std::cmp::Reverse(pair.likeness.rank())));
        found.dedup_by_key(|pair| pair.b);
        let named = found.into_iter();
        named
            .filter_map(|pair| Some((self.members.get(pair.b)?, pair)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::claims::tests::story;
    use crate::core::edit::{Edit, Transaction, apply};
    use crate::core::project::KeptApart;

    #[test]
    fn what_may_be_the_same_is_found_over_articles() {
        let mut project = story();
        let claim = Thing::Claim;
        let memo = &mut Memo::default();
        let found = proposals(&project, &claim, memo, &|| true).unwrap();
        assert_eq!((found.len(), found.pairs()), (3, 1));
        let like = |found: &Proposals, id: &str| -> Vec<(String, Relation)> {
            let found = found.of_annotation(&id.into());
            let found = found.into_iter();
            found
                .map(|((_, id), alike)| (id.to_string(), alike.likeness.relation))
                .collect()
        };
        assert_eq!(
            like(&found, "a-1"),
            [("b-0".to_owned(), Relation::Reworded)]
        );
        assert_eq!(
            like(&found, "b-0"),
            [("a-1".to_owned(), Relation::Reworded)]
        );
        assert_eq!(like(&found, "c-0"), []);
        let same = |project: &Project| same_words(project, &claim, &|| true).unwrap();
        assert!(same(&project).is_empty());
        assert!(same_words(&project, &claim, &|| false).is_none());
        assert!(proposals(&project, &claim, memo, &|| false).is_none());

        // Another article says the same to the word: what the first is like this one is like, too.
        let mut copy = Article::clone(project.article(&"b".into()).unwrap());
        copy.id = "e".into();
        let marks = copy.annotations.iter().map(|mark| {
            let mut mark = crate::core::annotation::Annotation::clone(mark);
            mark.id = "e-0".into();
            mark
        });
        let marks: Vec<_> = marks.collect();
        copy.annotations = crate::core::annotation::AnnotationSet::from_annotations(marks).0;
        let edits = vec![Edit::AddArticles(vec![(4, Arc::new(copy))])];
        apply(&mut project, &Transaction::new("", edits)).unwrap();
        let found = proposals(&project, &claim, memo, &|| true).unwrap();
        assert_eq!(
            like(&found, "e-0"),
            [
                ("a-1".to_owned(), Relation::Reworded),
                ("b-0".to_owned(), Relation::Same)
            ]
        );
        let members = [("b".into(), "b-0".into()), ("e".into(), "e-0".into())];
        assert_eq!(same(&project), [members.to_vec()]);
        let kept = KeptApart::new(ApartOf::Annotations, ("e-0", "b-0"), "t".into(), None);
        let edits = vec![Edit::AddApart(vec![(0, Arc::new(kept))])];
        apply(&mut project, &Transaction::new("", edits)).unwrap();
        assert!(same(&project).is_empty());
    }
}
