//! Work on all cores whose results are taken in order, a few pieces at a time, so that little is in
//! flight and cancelling is quick. Reading, making and taking go on at the same time.

use crate::format::WriteError;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};

/// Items that a core gets at once, at most; fewer at first, so that a few large ones are shared.
const MAX_CHUNK: usize = 8;
/// Chunks for each worker that were sent and not taken: enough that a slow one holds nobody up.
const IN_FLIGHT: usize = 6;

/// Why work came to no end of its own.
#[derive(Debug)]
pub(crate) enum Ended {
    Cancelled,
    /// Something panicked, which the hook has told.
    Panicked,
}

/// `make` runs on all cores; `take` gets its results in order, while others are being made.
/// `progress` is told how many items are done and answers whether to go on.
pub(crate) fn in_order<I: Sync, T: Send, E: From<Ended> + Send>(
    items: &[I],
    progress: &mut dyn FnMut(usize) -> bool,
    make: impl Fn(&I) -> Result<T, E> + Sync,
    take: impl FnMut(&I, T) -> Result<(), E>,
) -> Result<(), E> {
    items_in_order((workers(), MAX_CHUNK), items, progress, make, take)
}

/// [`in_order`] for items that are large, so that few of them are in flight.
pub(crate) fn large_in_order<I: Sync, T: Send, E: From<Ended> + Send>(
    items: &[I],
    progress: &mut dyn FnMut(usize) -> bool,
    make: impl Fn(&I) -> Result<T, E> + Sync,
    take: impl FnMut(&I, T) -> Result<(), E>,
) -> Result<(), E> {
    items_in_order((workers(), 1), items, progress, make, take)
}

/// [`large_in_order`] where taking is work as well, and the window is used meanwhile: all cores but one
/// make.
pub(crate) fn taken_in_order<I: Sync, T: Send, E: From<Ended> + Send>(
    items: &[I],
    progress: &mut dyn FnMut(usize) -> bool,
    make: impl Fn(&I) -> Result<T, E> + Sync,
    take: impl FnMut(&I, T) -> Result<(), E>,
) -> Result<(), E> {
    let others = (workers() - 1).max(1);
    items_in_order((others, 1), items, progress, make, take)
}

fn items_in_order<'items, I: Sync, T: Send, E: From<Ended> + Send>(
    pace: (usize, usize),
    items: &'items [I],
    progress: &mut dyn FnMut(usize) -> bool,
    make: impl Fn(&I) -> Result<T, E> + Sync,
    mut take: impl FnMut(&I, T) -> Result<(), E>,
) -> Result<(), E> {
    let mut items = items.iter();
    in_chunks(
        pace,
        || Ok(items.next()),
        progress,
        |item: &'items I| Ok((item, make(item)?)),
        |(item, made)| take(item, made),
    )
}

/// [`in_order`] for items that come one after another from `next`. What goes wrong is told in their
/// order as well.
pub(crate) fn fed<I: Send, T: Send, E: From<Ended> + Send>(
    next: impl FnMut() -> Result<Option<I>, E>,
    progress: &mut dyn FnMut(usize) -> bool,
    make: impl Fn(I) -> Result<T, E> + Sync,
    take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    in_chunks((workers(), MAX_CHUNK), next, progress, make, take)
}

fn in_chunks<I: Send, T: Send, E: From<Ended> + Send>(
    (workers, max_chunk): (usize, usize),
    mut next: impl FnMut() -> Result<Option<I>, E>,
    progress: &mut dyn FnMut(usize) -> bool,
    make: impl Fn(I) -> Result<T, E> + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    // No channel is ever full.
    let in_flight = workers * IN_FLIGHT;
    let (jobs, queue) = mpsc::sync_channel::<(usize, Vec<I>)>(in_flight);
    let queue = Mutex::new(queue);
    let (results, made) = mpsc::sync_channel(in_flight);
    std::thread::scope(|scope| {
        // These go when this ends, however it ends, and the workers with them.
        let (jobs, made) = (jobs, made);
        for _ in 0..workers {
            let (queue, make, results) = (&queue, &make, results.clone());
            scope.spawn(move || {
                while let Some((number, chunk)) = queue.lock().ok().and_then(|q| q.recv().ok()) {
                    let one = |item| {
                        #[expect(
                            clippy::disallowed_methods,
                            reason = "a worker that is gone would be waited for"
                        )]
                        let made = catch_unwind(AssertUnwindSafe(|| make(item)));
                        made.unwrap_or_else(|_told_by_the_hook| Err(Ended::Panicked.into()))
                    };
                    let chunk: Vec<Result<T, E>> = chunk.into_iter().map(one).collect();
                    if results.send((number, chunk)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(results);
        let mut early: BTreeMap<usize, Vec<Result<T, E>>> = BTreeMap::new();
        let (mut sent, mut taken, mut done) = (0, 0, 0);
        let mut end = None;
        loop {
            while end.is_none() && sent - taken < in_flight {
                let size = (sent / in_flight).clamp(1, max_chunk);
                let mut chunk = Vec::with_capacity(size);
                while end.is_none() && chunk.len() < size {
                    match next() {
                        Ok(Some(item)) => chunk.push(item),
                        Ok(None) => end = Some(Ok(())),
                        Err(error) => end = Some(Err(error)),
                    }
                }
                if !chunk.is_empty() {
                    jobs.send((sent, chunk))
                        .map_err(|_no_worker| Ended::Panicked)?;
                    sent += 1;
                }
            }
            if sent == taken {
                return end.unwrap_or(Ok(()));
            }
            if !progress(done) {
                return Err(Ended::Cancelled.into());
            }
            let chunk = loop {
                if let Some(chunk) = early.remove(&taken) {
                    break chunk;
                }
                let (number, chunk) = made.recv().map_err(|_no_worker| Ended::Panicked)?;
                early.insert(number, chunk);
            };
            taken += 1;
            for made in chunk {
                take(made?)?;
                done += 1;
            }
        }
    })
}

/// Two pieces of work side by side, `beside` on another core: it asks often whether to go on. `progress` is
/// asked from here alone, by `here` and while the other is waited for, where `done` items are done.
pub(crate) fn both(
    progress: &mut dyn FnMut(usize) -> bool,
    done: usize,
    beside: impl FnOnce(&dyn Fn() -> bool) -> Result<(), WriteError> + Send,
    here: impl FnOnce(&mut dyn FnMut(usize) -> bool) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let is_over = AtomicBool::new(false);
    let (asked, asks) = mpsc::sync_channel(1);
    std::thread::scope(|scope| {
        let is_over = &is_over;
        let beside = scope.spawn(move || {
            beside(&|| {
                let _told_already = asked.try_send(());
                !is_over.load(Ordering::Relaxed)
            })
        });
        let mut here = here(progress);
        // Nothing comes any more when the other has ended.
        while here.is_ok() && asks.recv().is_ok() {
            if !progress(done) {
                here = Err(Ended::Cancelled.into());
            }
        }
        is_over.store(here.is_err(), Ordering::Relaxed);
        let beside = beside.join();
        here?;
        beside.unwrap_or_else(|_told_by_the_hook| Err(Ended::Panicked.into()))
    })
}

/// As many as there are.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// As many as work is given to here: what all of them have in flight takes memory.
pub(crate) fn workers() -> usize {
    cores().min(8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn results_and_errors_come_in_order() {
        // How many items there are, which of them cannot be read, made or taken, and what is told.
        let check = |count: usize, bad: [Option<usize>; 3], expected: Result<usize, String>| {
            let [unread, unmade, untaken] = bad;
            let fail = |what: &str, n: usize| Err(WriteError::Unreadable(format!("{what} {n}")));
            let mut items = 0..count;
            let mut taken = Vec::new();
            let answer = fed(
                || match items.next() {
                    Some(n) if Some(n) == unread => fail("read", n).map(Some),
                    item => Ok(item),
                },
                &mut |_| true,
                |n| {
                    // Some take longer than those behind them.
                    std::thread::sleep(std::time::Duration::from_micros((n % 7) as u64 * 50));
                    if Some(n) == unmade {
                        fail("make", n)
                    } else {
                        Ok(n)
                    }
                },
                |n| {
                    taken.push(n);
                    if Some(n) == untaken {
                        fail("take", n).map(|_: usize| ())
                    } else {
                        Ok(())
                    }
                },
            );
            assert!(taken.iter().copied().eq(0..taken.len()));
            let answer = answer.map(|()| taken.len());
            let answer = answer.map_err(|error| error.to_string());
            match expected {
                Ok(n) => assert_eq!(answer, Ok(n)),
                Err(part) => assert!(answer.unwrap_err().contains(&part), "{part}"),
            }
        };
        for count in [0, 1, 5, 700] {
            check(count, [None; 3], Ok(count));
        }
        check(700, [Some(40), None, None], Err("read 40".to_owned()));
        check(700, [Some(40), Some(30), None], Err("make 30".to_owned()));
        check(
            700,
            [None, Some(300), Some(299)],
            Err("take 299".to_owned()),
        );
        check(
            700,
            [None, Some(300), Some(301)],
            Err("make 300".to_owned()),
        );
    }

    #[test]
    fn what_is_done_beside_ends_with_what_is_done_here() {
        let unreadable = |what: &str| WriteError::Unreadable(what.to_owned());
        let until_over = |goes_on: &dyn Fn() -> bool| {
            while goes_on() {
                std::thread::yield_now();
            }
            Err(WriteError::Cancelled)
        };
        let answer = both(&mut |_| true, 0, |_| Ok(()), |_| Ok(()));
        assert!(answer.is_ok());
        let answer = both(&mut |_| true, 0, |_| Err(unreadable("beside")), |_| Ok(()));
        assert!(answer.unwrap_err().to_string().contains("beside"));
        let answer = both(&mut |_| true, 0, until_over, |_| Err(unreadable("here")));
        assert!(answer.unwrap_err().to_string().contains("here"));
        // Given up while the other is waited for.
        let mut asked = 0;
        let mut goes_on = |done: usize| {
            assert_eq!(done, 7);
            asked += 1;
            asked < 3
        };
        let answer = both(&mut goes_on, 7, until_over, |_| Ok(()));
        assert!(matches!(answer, Err(WriteError::Cancelled)));
        let answer = both(&mut |_| true, 0, |_| panic!("on purpose"), |_| Ok(()));
        assert!(matches!(answer, Err(WriteError::Unreadable(_))));
    }

    #[test]
    fn a_panic_is_an_error_and_cancelling_ends_it() {
        let items: Vec<usize> = (0..200).collect();
        let panics = |n: &usize| {
            assert_ne!(*n, 100, "on purpose");
            Ok(*n)
        };
        let told = in_order(&items, &mut |_| true, panics, |_, _| Ok(()));
        assert!(matches!(told, Err(WriteError::Unreadable(_))));
        let items: Vec<usize> = (0..100_000).collect();
        let (begun, at_cancel) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let slow = |n: &usize| {
            begun.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(std::time::Duration::from_millis(5));
            Ok(*n)
        };
        let mut goes_on = |done: usize| {
            at_cancel.store(begun.load(Ordering::Relaxed), Ordering::Relaxed);
            done < 50
        };
        let told = in_order(&items, &mut goes_on, slow, |_, _| Ok(()));
        assert!(matches!(told, Err(WriteError::Cancelled)));
        // Each core ends what it is at, and what waits is not made.
        let since = begun.into_inner() - at_cancel.into_inner();
        assert!(since <= workers() * MAX_CHUNK * 3, "{since}");
    }
}
