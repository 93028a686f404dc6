//! Answers that are seen while they are made, and that go on from what the one before them was made
//! of: what a search finds in ten thousand articles, of which one was changed.
//!
//! As `DeriveLater` otherwise: made by a job, the newest wins. Knows no search.

use super::{Derived, Kept, Latest};
use crate::app::jobs::{JobKind, Jobs, Wake};
use crate::app::session::Session;
use crate::core::project::Project;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::Duration;

/// So many parts may wait to be seen.
const UNSEEN: usize = 16;
/// How often a memo is asked for that is in use, and what is waited between.
const MOST_WAITS: usize = 20;
const WAIT: Duration = Duration::from_millis(1);

/// A question whose answer comes in parts.
pub trait DeriveInParts: Clone + PartialEq + Send + 'static {
    type Value: Send + 'static;
    /// What is kept from one answer to the next; it need not fit the question.
    type Memo: Default + Send + 'static;
    /// So many answers are kept.
    const KEPT: usize = 2;

    fn stamp(&self, session: &Session) -> u64 {
        session.revision()
    }

    /// Whether it can be answered within a frame.
    fn is_small(&self, session: &Session) -> bool;

    /// Whether an answer to `other` is better than none until this one is there.
    fn may_show(&self, other: &Self) -> bool;

    /// Tells what it has so far, now and then. `None` when it was stopped.
    fn derive(
        &self,
        project: &Project,
        memo: &mut Self::Memo,
        goes_on: &(dyn Fn() -> bool + Sync),
        told: &mut dyn FnMut(Self::Value),
    ) -> Option<Self::Value>;
}

struct PartsSlot<Q: DeriveInParts> {
    kept: Kept<Q, Q::Value>,
    asked: Option<(u64, Q)>,
    /// What there is so far of what is asked.
    so_far: Option<(u64, Q, Rc<Q::Value>)>,
    memo: Arc<Mutex<Q::Memo>>,
    jobs: Jobs<(u64, Q, Option<Q::Value>)>,
    sender: SyncSender<(u64, Q, Q::Value)>,
    receiver: Receiver<(u64, Q, Q::Value)>,
}

impl Derived {
    pub fn get_in_parts<Q: DeriveInParts>(
        &self,
        session: &Session,
        question: &Q,
    ) -> Latest<Q::Value> {
        self.with_slot(
            || PartsSlot::<Q>::new(self.wake.clone()),
            |slot| {
                slot.take_in();
                let stamp = question.stamp(session);
                if let Some(known) = slot.kept.find(stamp, question) {
                    return Latest {
                        value: Some(known),
                        is_current: true,
                    };
                }
                let asked = Some((stamp, question.clone()));
                if slot.asked != asked {
                    self.made.set(self.made.get() + 1);
                    slot.so_far = None;
                    let runs = !question.is_small(session) && slot.start(stamp, question, session);
                    if !runs && let Some(value) = slot.here(question, session.project()) {
                        slot.asked = None;
                        let value = slot.kept.keep(stamp, question.clone(), value, Q::KEPT);
                        return Latest {
                            value: Some(value),
                            is_current: true,
                        };
                    }
                    slot.asked = asked;
                }
                Latest {
                    value: slot.shown(question),
                    is_current: false,
                }
            },
        )
    }
}

/// The memo, unless the job before this one holds on to it: what nobody wants any more may take a
/// while to end, and holds up nothing. One that panicked may have left it half done.
fn memo_soon<'a, M>(memo: &'a Mutex<M>, goes_on: &dyn Fn() -> bool) -> Option<MutexGuard<'a, M>> {
    for _ in 0..MOST_WAITS {
        match memo.try_lock() {
            Ok(memo) => return Some(memo),
            Err(TryLockError::Poisoned(_)) => return None,
            Err(TryLockError::WouldBlock) if goes_on() => std::thread::sleep(WAIT),
            Err(TryLockError::WouldBlock) => return None,
        }
    }
    None
}

impl<Q: DeriveInParts> PartsSlot<Q> {
    fn new(wake: Wake) -> Self {
        let (sender, receiver) = sync_channel(UNSEEN);
        Self {
            kept: Kept(Vec::new()),
            asked: None,
            so_far: None,
            memo: Arc::default(),
            jobs: Jobs::new(wake),
            sender,
            receiver,
        }
    }

    fn take_in(&mut self) {
        for (stamp, question, value) in self.receiver.try_iter() {
            if self
                .asked
                .as_ref()
                .is_some_and(|(s, q)| *s == stamp && *q == question)
            {
                self.so_far = Some((stamp, question, Rc::new(value)));
            }
        }
        for (_, result) in self.jobs.finished() {
            // One that panicked stays asked for: it would again.
            if let Ok((stamp, question, Some(value))) = result {
                let is_it = |(s, q): &mut (u64, Q)| *s == stamp && *q == question;
                if self.asked.take_if(is_it).is_some() {
                    self.so_far = None;
                }
                self.kept.keep(stamp, question, value, Q::KEPT);
            }
        }
    }

    /// What is shown until the answer is whole: an earlier one to the same question, which has all,
    /// or what there is of this one.
    fn shown(&self, question: &Q) -> Option<Rc<Q::Value>> {
        let mut whole = self.kept.0.iter().rev();
        if let Some((.., value)) = whole.find(|(_, other, _)| other == question) {
            return Some(value.clone());
        }
        if let Some((_, _, value)) = &self.so_far {
            return Some(value.clone());
        }
        let mut known = self.kept.0.iter().rev();
        let known = known.find(|(_, other, _)| question.may_show(other));
        known.map(|(.., value)| value.clone())
    }

    /// The answer, made while the window waits.
    fn here(&self, question: &Q, project: &Project) -> Option<Q::Value> {
        match self.memo.try_lock() {
            Ok(mut memo) => question.derive(project, &mut memo, &|| true, &mut |_| ()),
            Err(_) => question.derive(project, &mut Q::Memo::default(), &|| true, &mut |_| ()),
        }
    }

    fn start(&mut self, stamp: u64, question: &Q, session: &Session) -> bool {
        let (project, question) = (session.project().clone(), question.clone());
        let (memo, sender) = (self.memo.clone(), self.sender.clone());
        let wake = self.jobs.wake();
        let started = self.jobs.start(JobKind::Derive, "", move |context| {
            let mut told = |value| {
                // The window may be gone, or behind: the whole answer comes on another way.
                let _unheard = sender.try_send((stamp, question.clone(), value));
                wake();
            };
            let goes_on = || !context.is_cancelled();
            let value = match memo_soon(&memo, &goes_on) {
                Some(mut memo) => question.derive(&project, &mut memo, &goes_on, &mut told),
                None => question.derive(&project, &mut Q::Memo::default(), &goes_on, &mut told),
            };
            (stamp, question, value)
        });
        started.is_ok()
    }
}

impl<Q: DeriveInParts> Drop for PartsSlot<Q> {
    fn drop(&mut self) {
        self.jobs
            .running()
            .iter()
            .for_each(crate::app::jobs::Job::cancel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::project_ron::Opened;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Instant;

    /// One whose answer to 0 does not look whether anybody wants it.
    #[derive(Clone)]
    struct Deaf {
        number: u32,
        begun: Arc<AtomicBool>,
        ends: Arc<AtomicBool>,
    }

    impl PartialEq for Deaf {
        fn eq(&self, other: &Self) -> bool {
            self.number == other.number
        }
    }

    impl DeriveInParts for Deaf {
        type Value = u32;
        type Memo = u32;

        fn is_small(&self, _: &Session) -> bool {
            false
        }

        fn may_show(&self, _: &Self) -> bool {
            false
        }

        fn derive(
            &self,
            _: &Project,
            memo: &mut u32,
            _: &(dyn Fn() -> bool + Sync),
            _: &mut dyn FnMut(u32),
        ) -> Option<u32> {
            if self.number == 0 {
                self.begun.store(true, Ordering::Relaxed);
            }
            while self.number == 0 && !self.ends.load(Ordering::Relaxed) {
                std::thread::sleep(WAIT);
            }
            *memo += 1;
            Some(*memo)
        }
    }

    #[test]
    fn one_that_goes_on_though_nobody_wants_it_holds_up_nothing() {
        let opened = Opened {
            project: Project::new(""),
            problems: Vec::new(),
        };
        let session = Session::opened(opened, "ana", "t");
        let derived = Derived::new(Arc::new(|| ()));
        let (begun, ends) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicBool::new(false)),
        );
        let ask = |number| {
            let (begun, ends) = (begun.clone(), ends.clone());
            let deaf = Deaf {
                number,
                begun,
                ends,
            };
            derived.get_in_parts(&session, &deaf)
        };
        let wait = |number| {
            let began = Instant::now();
            loop {
                if let Some(value) = ask(number).value {
                    return *value;
                }
                assert!(began.elapsed() < Duration::from_secs(20), "it never came");
                std::thread::sleep(WAIT);
            }
        };
        assert!(ask(0).value.is_none());
        let asked = Instant::now();
        while !begun.load(Ordering::Relaxed) {
            assert!(asked.elapsed() < Duration::from_secs(20), "it never began");
            std::thread::sleep(WAIT);
        }
        // Without what the one before has in its hands.
        assert_eq!(wait(1), 1);
        ends.store(true, Ordering::Relaxed);
        std::thread::sleep(40 * WAIT);
        // And with it, once it is free.
        assert_eq!(wait(2), 2);
    }
}
