//! What follows from the project, kept until the project or the question changes: counts, filtered
//! lists, previews. Nothing in the window keeps such a value or walks the project for one.
//!
//! A question is a value of its own type ([`Derive`]); small answers are made when they are asked
//! for, large ones ([`DeriveLater`]) by a job, and the last good one is shown meanwhile. Only keeps
//! answers: how one is made is the core's. Knows no window and no panel. An idle frame makes
//! nothing (invariant 6).

pub mod article;
pub mod claims;
pub mod details;
pub mod export;
pub mod find;
pub mod hits;
pub mod labels;
pub mod listed;
pub mod parts;
pub mod passages;
pub mod people;
pub mod project;
pub mod quotes;
pub mod search;
pub mod wording;

use crate::app::jobs::{Job, JobKind, Jobs, Turn, Wake, jobs};
use crate::app::session::Session;
use crate::core::article::Article;
use crate::core::project::Project;
use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Weak};

jobs! {
    // A value that follows from the project; shown nowhere but in its own place.
    Derive => Turn::NewestWins,
}

/// A question about the project whose answer takes less than a frame.
pub trait Derive: Clone + PartialEq + 'static {
    /// It holds no `Arc` of an article: changing the article would copy it.
    type Value: 'static;
    /// What is kept from one answer to the next, such as parts by article.
    type Memo: Default + 'static;
    /// So many answers are kept.
    const KEPT: usize = 2;

    /// Another number means another answer.
    fn stamp(&self, session: &Session) -> u64 {
        session.revision()
    }

    fn derive(&self, session: &Session, memo: &mut Self::Memo) -> Self::Value;
}

/// A question whose answer may take longer than a frame.
pub trait DeriveLater: Clone + PartialEq + Send + 'static {
    type Value: Send + 'static;

    fn stamp(&self, session: &Session) -> u64 {
        session.revision()
    }

    /// Whether it can be answered within a frame after all.
    fn is_small(&self, session: &Session) -> bool;

    /// Whether an answer to `other` is better than none until this one is there.
    fn may_show(&self, other: &Self) -> bool;

    /// `None` when it was stopped.
    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<Self::Value>;
}

/// The newest answer that there is.
pub struct Latest<V> {
    pub value: Option<Rc<V>>,
    /// It answers what was asked; otherwise it is being updated.
    pub is_current: bool,
}

/// The answers that are kept, by the type of their question. Dropping it stops what is under way.
pub struct Derived {
    slots: RefCell<HashMap<TypeId, Box<dyn Any>>>,
    made: Cell<u64>,
    wake: Wake,
}

/// Answers with their questions and stamps, the one that was used last at the end.
struct Kept<Q, V>(Vec<(u64, Q, Rc<V>)>);

struct Slot<Q: Derive> {
    kept: Kept<Q, Q::Value>,
    memo: Q::Memo,
}

struct LaterSlot<Q: DeriveLater> {
    kept: Kept<Q, Q::Value>,
    /// What the job answers that was started last.
    asked: Option<(u64, Q)>,
    jobs: Jobs<(u64, Q, Option<Q::Value>)>,
}

impl Derived {
    pub fn new(wake: Wake) -> Self {
        Self {
            slots: RefCell::default(),
            made: Cell::new(0),
            wake,
        }
    }

    /// How many answers were made so far; an idle window makes none.
    pub fn made(&self) -> u64 {
        self.made.get()
    }

    pub fn get<Q: Derive>(&self, session: &Session, question: &Q) -> Rc<Q::Value> {
        self.with_slot(
            || Slot::<Q> {
                kept: Kept(Vec::new()),
                memo: Q::Memo::default(),
            },
            |slot| {
                let stamp = question.stamp(session);
                if let Some(known) = slot.kept.find(stamp, question) {
                    return known;
                }
                self.made.set(self.made.get() + 1);
                let value = question.derive(session, &mut slot.memo);
                slot.kept.keep(stamp, question.clone(), value, Q::KEPT)
            },
        )
    }

    /// Goes on from what was made elsewhere. It need not fit the project.
    pub fn go_on_from<Q: Derive>(&mut self, memo: Q::Memo) {
        let slot = Slot::<Q> {
            kept: Kept(Vec::new()),
            memo,
        };
        let slots = self.slots.get_mut();
        slots.insert(TypeId::of::<Slot<Q>>(), Box::new(slot));
    }

    /// What is kept for one question, taken out: much of it takes long to free.
    pub fn take_memo<Q: Derive>(&mut self) -> Option<Q::Memo> {
        let slot = self.slots.get_mut().remove(&TypeId::of::<Slot<Q>>())?;
        Some(slot.downcast::<Slot<Q>>().ok()?.memo)
    }

    pub fn get_later<Q: DeriveLater>(&self, session: &Session, question: &Q) -> Latest<Q::Value> {
        let current = |value| Latest {
            value: Some(value),
            is_current: true,
        };
        self.with_slot(
            || LaterSlot::<Q> {
                kept: Kept(Vec::new()),
                asked: None,
                jobs: Jobs::new(self.wake.clone()),
            },
            |slot| {
                for (_, result) in slot.jobs.finished() {
                    // One that panicked stays asked for: it would again.
                    if let Ok((stamp, question, Some(value))) = result {
                        let is_it = |(s, q): &mut (u64, Q)| *s == stamp && *q == question;
                        slot.asked.take_if(is_it);
                        slot.kept.keep(stamp, question, value, 2);
                    }
                }
                let stamp = question.stamp(session);
                if let Some(known) = slot.kept.find(stamp, question) {
                    return current(known);
                }
                let asked = Some((stamp, question.clone()));
                if slot.asked != asked {
                    self.made.set(self.made.get() + 1);
                    let runs = !question.is_small(session) && slot.start(stamp, question, session);
                    if !runs && let Some(value) = question.derive(session.project(), &mut || true) {
                        slot.asked = None;
                        return current(slot.kept.keep(stamp, question.clone(), value, 2));
                    }
                    slot.asked = asked;
                }
                let mut known = slot.kept.0.iter().rev();
                let known = known.find(|(_, other, _)| question.may_show(other));
                Latest {
                    value: known.map(|(.., value)| value.clone()),
                    is_current: false,
                }
            },
        )
    }

    /// The slot is taken out meanwhile, so that answers can ask for others.
    fn with_slot<S: 'static, A>(
        &self,
        new: impl FnOnce() -> S,
        act: impl FnOnce(&mut S) -> A,
    ) -> A {
        let known = self.slots.borrow_mut().remove(&TypeId::of::<S>());
        let known = known.and_then(|slot| slot.downcast::<S>().ok());
        let mut slot = known.unwrap_or_else(|| Box::new(new()));
        let answer = act(&mut slot);
        self.slots.borrow_mut().insert(TypeId::of::<S>(), slot);
        answer
    }
}

impl<Q: PartialEq, V> Kept<Q, V> {
    fn find(&mut self, stamp: u64, question: &Q) -> Option<Rc<V>> {
        let is_it = |(s, q, _): &(u64, Q, Rc<V>)| *s == stamp && q == question;
        let at = self.0.iter().rposition(is_it)?;
        let found = self.0.remove(at);
        let value = found.2.clone();
        self.0.push(found);
        Some(value)
    }

    fn keep(&mut self, stamp: u64, question: Q, value: V, limit: usize) -> Rc<V> {
        let value = Rc::new(value);
        self.0.push((stamp, question, value.clone()));
        if self.0.len() > limit {
            self.0.remove(0);
        }
        value
    }
}

impl<Q: DeriveLater> LaterSlot<Q> {
    fn start(&mut self, stamp: u64, question: &Q, session: &Session) -> bool {
        let (project, question) = (session.project().clone(), question.clone());
        let started = self.jobs.start(JobKind::Derive, "", move |context| {
            let value = question.derive(&project, &mut || !context.is_cancelled());
            (stamp, question, value)
        });
        started.is_ok()
    }
}

impl<Q: DeriveLater> Drop for LaterSlot<Q> {
    fn drop(&mut self) {
        self.jobs.running().iter().for_each(Job::cancel);
    }
}

/// A part of an answer for each article, in their order; made anew for those that changed.
///
/// An article is known by its pointer. A weak one stays here, so a change gives the article another
/// address, and no other article can have the old one.
pub struct ByArticle<T> {
    /// Kept apart from the parts, since all of them are looked through after each edit.
    known: Vec<Weak<Article>>,
    parts: Vec<T>,
}

impl<T> Default for ByArticle<T> {
    fn default() -> Self {
        Self {
            known: Vec::new(),
            parts: Vec::new(),
        }
    }
}

impl<T> ByArticle<T> {
    pub fn parts(&self) -> impl Iterator<Item = &T> {
        self.parts.iter()
    }

    /// Makes the parts that are missing, and gives back those that are not needed any more.
    pub fn update(
        &mut self,
        articles: &[Arc<Article>],
        mut make: impl FnMut(&Article) -> T,
    ) -> Vec<T> {
        let mut gone = Vec::new();
        let is_same = |known: &Weak<Article>, article| known.as_ptr() == Arc::as_ptr(article);
        if self.known.len() == articles.len() {
            let all = self.known.iter_mut().zip(&mut self.parts);
            for ((known, part), article) in all.zip(articles) {
                if !is_same(known, article) {
                    gone.push(std::mem::replace(part, make(article)));
                    *known = Arc::downgrade(article);
                }
            }
            return gone;
        }
        let parts = std::mem::take(&mut self.parts);
        let old = std::mem::take(&mut self.known).into_iter().zip(parts);
        let mut old: HashMap<_, _> = old.map(|known| (known.0.as_ptr(), known)).collect();
        let new = articles.iter().map(|article| {
            let known = old.remove(&Arc::as_ptr(article));
            known.unwrap_or_else(|| (Arc::downgrade(article), make(article)))
        });
        (self.known, self.parts) = new.unzip();
        gone.extend(old.into_values().map(|(_, part)| part));
        gone
    }
}

/// The same where parts depend on something else as well, such as what labels mean: all are made anew
/// when that is another.
pub struct ByArticleAnd<K, T> {
    of: Option<K>,
    parts: ByArticle<T>,
}

impl<K, T> Default for ByArticleAnd<K, T> {
    fn default() -> Self {
        Self {
            of: None,
            parts: ByArticle::default(),
        }
    }
}

impl<K: PartialEq, T> ByArticleAnd<K, T> {
    pub fn update(
        &mut self,
        of: K,
        articles: &[Arc<Article>],
        make: impl Fn(&Article, &K) -> T,
    ) -> impl Iterator<Item = &T> {
        if self.of.as_ref() != Some(&of) {
            self.parts = ByArticle::default();
        }
        self.parts.update(articles, |article| make(article, &of));
        self.of = Some(of);
        self.parts.parts()
    }
}

#[cfg(test)]
mod tests;
