//! That answers are made once and follow every change, and that large ones come from the newest job
//! while the last good one is shown.

use super::project::{Counts, FittingArticles};
use super::*;
use crate::core::article::Status;
use crate::core::edit::Transaction;
use crate::core::edit::tests::{edit, project};
use crate::core::stats::Stats;
use crate::format::project_ron::Opened;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

fn session() -> Session {
    let opened = Opened {
        project: project(),
        problems: Vec::new(),
    };
    Session::opened(opened, "ana", "t")
}

fn derived() -> Derived {
    Derived::new(Arc::new(|| ()))
}

proptest! {
    #[test]
    fn answers_follow_every_change(
        edits in prop::collection::vec(prop::option::weighted(0.8, edit()), 1..24),
        filter in "[a-z]{0,2}",
    ) {
        let (mut session, derived) = (session(), derived());
        for edit in edits {
            // Most edits do not fit; what is refused changes nothing.
            let _refused = match edit {
                Some(edit) => session.perform(Transaction::new("edit", vec![edit])).is_err(),
                None => session.undo().is_none(),
            };
            let mut sum = Stats::default();
            let articles = session.project().articles();
            for article in articles {
                sum.add(&Stats::of(article));
            }
            prop_assert_eq!(&*derived.get(&session, &Counts), &sum);
            let question = FittingArticles { filter: filter.clone(), status_of: None };
            let fits = |a: &Arc<Article>| format!("{} {}", a.title, a.byline()).to_lowercase().contains(&filter);
            let fitting: Vec<usize> = (0..articles.len()).filter(|at| fits(&articles[*at])).collect();
            prop_assert_eq!(&*derived.get(&session, &question), &fitting);
        }
    }
}

#[test]
fn an_answer_is_made_once_and_only_for_what_changed() {
    let (mut session, derived) = (session(), derived());
    let first = derived.get(&session, &Counts);
    assert!(Rc::ptr_eq(&first, &derived.get(&session, &Counts)));
    assert_eq!(derived.made(), 1);
    let mut parts = ByArticle::default();
    let mut count = |session: &Session| {
        let mut made = 0;
        parts.update(session.project().articles(), |_| made += 1);
        made
    };
    let articles = session.project().articles().len();
    assert!(articles > 1, "the project has one article");
    assert_eq!((count(&session), count(&session)), (articles, 0));
    let status = crate::core::edit::Edit::SetStatus {
        article: session.project().articles()[0].id.clone(),
        annotator: "bo".into(),
        status: Status::Flagged,
    };
    let transaction = Transaction::new("flag", vec![status]);
    session.perform(transaction).unwrap();
    assert_eq!(count(&session), 1);
    let flagged = derived.get(&session, &Counts);
    assert_eq!(flagged.with_status(&"bo".into(), Status::Flagged), 1);
    assert_eq!(derived.made(), 2);
}

/// Answers its number once that is let through.
#[derive(Clone, Default)]
struct Slow {
    number: u32,
    let_through: Arc<Mutex<BTreeSet<u32>>>,
    stopped: Arc<Mutex<BTreeSet<u32>>>,
}

impl PartialEq for Slow {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl DeriveLater for Slow {
    type Value = u32;

    fn is_small(&self, _: &Session) -> bool {
        self.number == 0
    }

    fn may_show(&self, other: &Self) -> bool {
        self.number < 10 || other.number >= 10
    }

    fn derive(&self, _: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<u32> {
        assert_ne!(self.number, 7, "seven panics");
        while !self.let_through.lock().unwrap().contains(&self.number) {
            if !goes_on() {
                self.stopped.lock().unwrap().insert(self.number);
                return None;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Some(self.number)
    }
}

#[test]
fn the_newest_question_wins_and_the_last_answer_is_shown_meanwhile() {
    let (session, derived, slow) = (session(), derived(), Slow::default());
    let ask = |number| {
        let answer = derived.get_later(
            &session,
            &Slow {
                number,
                ..slow.clone()
            },
        );
        (answer.value.map(|value| *value), answer.is_current)
    };
    let let_through = |number| slow.let_through.lock().unwrap().insert(number);
    let wait = |is_done: &dyn Fn() -> bool| {
        let began = Instant::now();
        while !is_done() {
            assert!(began.elapsed() < Duration::from_secs(20), "it never came");
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    // A small one is there at once.
    let_through(0);
    assert_eq!(ask(0), (Some(0), true));
    // A large one comes later; asking again starts nothing.
    assert_eq!(ask(1), (Some(0), false));
    assert_eq!((ask(1), derived.made()), ((Some(0), false), 2));
    let_through(1);
    wait(&|| ask(1) == (Some(1), true));
    assert_eq!(derived.made(), 2);
    // The newest stops the one before it.
    assert_eq!(ask(2), (Some(1), false));
    assert_eq!(ask(3), (Some(1), false));
    wait(&|| slow.stopped.lock().unwrap().contains(&2));
    let_through(3);
    wait(&|| ask(3) == (Some(3), true));
    // What went away is made again, and what panics is not tried in each frame.
    assert_eq!((ask(0), ask(1).1), ((Some(0), true), false));
    wait(&|| ask(1) == (Some(1), true));
    assert_eq!(ask(7), (Some(1), false));
    let made = derived.made();
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!((ask(7), derived.made()), ((Some(1), false), made));
    // Another kind of answer is not shown for it.
    assert_eq!(ask(10), (None, false));
    drop(derived);
    wait(&|| slow.stopped.lock().unwrap().contains(&10));
}
