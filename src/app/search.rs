//! A search over many articles on all cores, for the window and the command line alike: hits in the
//! order of the articles as they come, stopped at once when it is asked.
//!
//! Goes on from what it found before in articles that are the same since. Knows no window; what is
//! found in one article the core says.

use crate::core::article::Article;
use crate::core::search::{Hits, MAX_HITS, Search};
use crate::core::text::ByteRange;
use crate::format::parallel;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// A piece of work: so many articles, or as many as make so many bytes.
const PIECE: usize = 64;
const PIECE_BYTES: usize = 128 << 10;
/// What there is so far is told first after this, and then less often.
const FIRST_TOLD: Duration = Duration::from_millis(20);
const TOLD_EVERY: Duration = Duration::from_millis(120);
/// Of more hits than this nothing is kept for the next time: it would take as much room again.
const MAX_KNOWN: usize = MAX_HITS / 4;

/// What a search found in articles, which are known by their pointers.
#[derive(Default)]
pub struct Memo {
    search: Option<Search>,
    parts: Vec<(Weak<Article>, Box<[ByteRange]>)>,
}

/// What was found so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    pub hits: Hits,
    /// How many articles were looked at.
    pub searched: usize,
}

/// Looks through articles; `None` when it was stopped.
pub fn search_all(
    search: &Search,
    articles: &[Arc<Article>],
    memo: &mut Memo,
    goes_on: &(dyn Fn() -> bool + Sync),
    told: &mut dyn FnMut(Found),
) -> Option<Found> {
    if memo.search.as_ref() != Some(search) {
        *memo = Memo {
            search: Some(search.clone()),
            parts: Vec::new(),
        };
    }
    // By their addresses, which no other article can have while they are known.
    let known: HashMap<usize, &[ByteRange]> = memo
        .parts
        .iter()
        .map(|(article, hits)| (article.as_ptr().addr(), &**hits))
        .collect();
    let pieces = pieces(articles);
    let next = AtomicUsize::new(0);
    let is_enough = AtomicBool::new(false);
    let runs = || goes_on() && !is_enough.load(Ordering::Relaxed);
    let (sender, receiver) = sync_channel(PIECE);
    let mut found = Found::default();
    let mut parts: Vec<(Weak<Article>, Box<[ByteRange]>)> = Vec::with_capacity(articles.len());
    let is_whole = std::thread::scope(|scope| {
        for _ in 0..parallel::cores().min(pieces.len()) {
            let (sender, search) = (sender.clone(), search.clone());
            let (next, pieces, known, runs) = (&next, &pieces, &known, &runs);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(piece) = pieces.get(at) else { break };
                    let mut hits: Vec<Box<[ByteRange]>> = Vec::with_capacity(piece.len());
                    for article in *piece {
                        let there = known.get(&Arc::as_ptr(article).addr());
                        let in_article = match there {
                            Some(there) => Some((*there).into()),
                            None => search
                                .hits_in(article, &mut || runs())
                                .map(Vec::into_boxed_slice),
                        };
                        let Some(in_article) = in_article.filter(|_| runs()) else {
                            return;
                        };
                        hits.push(in_article);
                    }
                    if sender.send((at, hits)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting: BTreeMap<usize, Vec<Box<[ByteRange]>>> = BTreeMap::new();
        let mut taken = 0;
        let mut last_told: Option<Instant> = None;
        let begun = Instant::now();
        loop {
            match receiver.recv_timeout(TOLD_EVERY) {
                Ok((at, hits)) => {
                    waiting.insert(at, hits);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            while let Some(hits) = waiting.remove(&taken) {
                let first = found.searched;
                let piece = pieces.get(taken).copied().unwrap_or_default();
                for ((n, article), hits) in piece.iter().enumerate().zip(hits) {
                    found.hits.add(first + n, &hits);
                    parts.push((Arc::downgrade(article), hits));
                }
                found.searched = first + piece.len();
                taken += 1;
            }
            if found.hits.is_full() {
                is_enough.store(true, Ordering::Relaxed);
                break;
            }
            let is_due = match last_told {
                None => begun.elapsed() >= FIRST_TOLD && !found.hits.is_empty(),
                Some(last) => last.elapsed() >= TOLD_EVERY,
            };
            if is_due && taken < pieces.len() {
                told(found.clone());
                last_told = Some(Instant::now());
            }
        }
        // Whoever still has something to hand in would wait for ever.
        drop(receiver);
        taken == pieces.len() || found.hits.is_full()
    });
    if !is_whole {
        return None;
    }
    let is_kept = found.hits.len() <= MAX_KNOWN;
    memo.parts = if is_kept { parts } else { Vec::new() };
    Some(found)
}

/// The articles in pieces of work, in their order.
fn pieces(articles: &[Arc<Article>]) -> Vec<&[Arc<Article>]> {
    let mut pieces = Vec::new();
    let mut rest = articles;
    while !rest.is_empty() {
        let mut bytes = 0;
        let many = rest.iter().take(PIECE).take_while(|article| {
            let fits = bytes < PIECE_BYTES;
            bytes += article.text.len_bytes();
            fits
        });
        let many = many.count().max(1);
        let (piece, behind) = rest.split_at(many);
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::clock::thread_cpu_ms;
    use crate::core::edit::{Transaction, apply};
    use crate::core::project::{Project, ProjectParts};
    use crate::core::search::{Hit, Options};
    use crate::core::text::ArticleText;
    use std::cell::Cell;

    /// By then a search that nobody wants any more has ended, in milliseconds.
    const SOON: f64 = 100.0;

    fn project(texts: &[String]) -> Project {
        let articles = texts.iter().enumerate().map(|(n, text)| {
            let id = format!("a-{n}").as_str().into();
            Arc::new(Article::new(id, "", ArticleText::new(text.clone())))
        });
        Project::from_parts(ProjectParts {
            articles: articles.collect(),
            ..ProjectParts::default()
        })
    }

    fn search(project: &Project, query: &str) -> Search {
        Search::of(query, &Options::default(), project, &"t".into()).unwrap()
    }

    fn all(project: &Project, query: &str, memo: &mut Memo) -> Found {
        let search = search(project, query);
        search_all(&search, project.articles(), memo, &|| true, &mut |_| ()).unwrap()
    }

    #[test]
    fn hits_come_in_the_order_of_the_articles() {
        let texts: Vec<String> = (0..1_000)
            .map(|n| format!("{} said {n} said", "x".repeat(n % 7 * 3_000)))
            .collect();
        let project = project(&texts);
        let mut told = 0;
        let search = search(&project, "said");
        let mut memo = Memo::default();
        let found = search_all(
            &search,
            project.articles(),
            &mut memo,
            &|| true,
            &mut |part| {
                // What is told is the beginning of what is found.
                assert!(part.searched >= told && part.hits.len() == part.searched * 2);
                told = part.searched;
            },
        );
        let found = found.unwrap();
        assert_eq!((found.hits.len(), found.searched), (2_000, 1_000));
        let one_by_one = project
            .articles()
            .iter()
            .enumerate()
            .flat_map(|(article, known)| {
                let ranges = search.hits_in(known, &mut || true).unwrap();
                ranges.into_iter().map(move |range| Hit { article, range })
            });
        assert!(found.hits.iter().eq(one_by_one));
    }

    #[test]
    fn only_what_changed_is_searched_again() {
        let mut project = project(&[
            "said one".to_owned(),
            "nothing".to_owned(),
            "said said".to_owned(),
        ]);
        let mut memo = Memo::default();
        let places = |found: &Found| found.hits.iter().map(|hit| hit.article).collect::<Vec<_>>();
        assert_eq!(places(&all(&project, "said", &mut memo)), [0, 2, 2]);
        // What was found is trusted, so another answer there is seen.
        memo.parts[0].1 = Box::new([]);
        assert_eq!(places(&all(&project, "said", &mut memo)), [2, 2]);
        let gone = crate::core::edit::Edit::RemoveArticles(vec!["a-1".into()]);
        apply(&mut project, &Transaction::new("", vec![gone])).unwrap();
        assert_eq!(places(&all(&project, "said", &mut memo)), [1, 1]);
        // Another search knows nothing of it.
        assert_eq!(places(&all(&project, "one", &mut memo)), [0]);
        assert_eq!(places(&all(&project, "said", &mut memo)), [0, 1, 1]);
    }

    #[test]
    fn it_ends_when_it_is_asked_and_when_there_is_enough() {
        let many = vec!["a ".repeat(50_000); 60];
        let project = project(&many);
        let search = search(&project, "a");
        let mut memo = Memo::default();
        let stopped = search_all(
            &search,
            project.articles(),
            &mut memo,
            &|| false,
            &mut |_| (),
        );
        assert_eq!(stopped, None);
        let found = all(&project, "a", &mut memo);
        assert!(found.hits.is_cut());
        assert_eq!(found.hits.len(), MAX_HITS);
        assert!(memo.parts.is_empty());
    }
    #[test]
    fn it_is_asked_often_whether_to_go_on_however_much_is_looked_for() {
        let words: Vec<String> = (0..60)
            .map(|n| format!("internationalisierung{n}wohlfahrtsorganisation"))
            .collect();
        let words = words.join(" ");
        let by = "t".into();
        let long_line = "the internationalisierung of wohlfahrt and others ".repeat(120_000);
        for (texts, query) in [
            (vec!["said".to_owned(); 200], words.as_str()),
            (vec![long_line.clone()], words.as_str()),
            (vec![long_line], r"/\b\w+ment\b/"),
        ] {
            let project = project(&texts);
            // By what the thread worked, since others may work beside it.
            let longest = Cell::new(0.0_f64);
            let last = Cell::new(thread_cpu_ms());
            let asked = Cell::new(0);
            let ask = || {
                let now = thread_cpu_ms();
                longest.set(longest.get().max(now - last.replace(now)));
                asked.set(asked.get() + 1);
                true
            };
            let options = Options::default();
            let search = Search::of_while(query, &options, &project, &by, &mut || ask());
            let search = search.unwrap().unwrap();
            for article in project.articles() {
                search.hits_in(article, &mut || ask()).unwrap();
            }
            ask();
            assert!(longest.get() < SOON, "{:?}", longest.get());
            // At whichever time it is stopped, nothing comes of it.
            for stop in [0, 1, asked.get() / 2] {
                let left = AtomicUsize::new(stop);
                let goes_on = || {
                    let before = left.load(Ordering::Relaxed);
                    left.store(before.saturating_sub(1), Ordering::Relaxed);
                    before > 0
                };
                let ready = Search::of_while(query, &options, &project, &by, &mut || goes_on());
                let found = ready.map(|search| {
                    let mut memo = Memo::default();
                    let search = search.unwrap();
                    search_all(
                        &search,
                        project.articles(),
                        &mut memo,
                        &goes_on,
                        &mut |_| (),
                    )
                });
                assert_eq!(found.flatten(), None, "{stop}");
            }
        }
    }
}
