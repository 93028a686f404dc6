//! Passages over all articles of a project, on all cores: near copies of one, what recurs, and what of
//! an article stands elsewhere. How texts are compared is the core's.
//!
//! Works on a snapshot; knows no model and no window. `goes_on` hears how far it has come and answers
//! whether to go on, from any thread.

use super::jobs::on_all_cores;
use crate::core::article::Article;
use crate::core::boundary::trimmed;
use crate::core::ids::ArticleId;
use crate::core::passages::elsewhere::{Shared, Source, joined};
use crate::core::passages::near::{NoPassage, Passage, by_paragraph};
use crate::core::passages::recurring::{self, Pieces, Recurrence};
use crate::core::project::Project;
use crate::core::text::{ArticleText, ByteRange};
use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Hears the share that is done, and answers whether to go on.
pub type GoesOn<'a> = &'a (dyn Fn(f32) -> bool + Sync);

/// Where an article says nearly what a passage says.
#[derive(Clone, Debug, PartialEq)]
pub struct NearCopy {
    pub article: ArticleId,
    pub range: ByteRange,
    /// Of the words, 0 to 1; of a part, how much of the passage it is.
    pub share: f32,
    /// Only a part of the passage stands there.
    pub is_part: bool,
}

/// Asks each article something, and counts them.
fn of_each<T: Send>(
    project: &Project,
    goes_on: GoesOn<'_>,
    upto: f32,
    ask: impl Fn(&Article) -> T + Sync,
) -> Option<Vec<T>> {
    let articles: Vec<&Arc<Article>> = project.articles().iter().collect();
    let total = articles.len().max(1) as f32;
    let done = AtomicUsize::new(0);
    let found = on_all_cores(&articles, |article| {
        let so_far = done.fetch_add(1, Ordering::Relaxed);
        goes_on(upto * so_far as f32 / total).then(|| ask(article))
    });
    found.into_iter().collect()
}

/// Where a passage stands in all articles, nearly the same or in part: in the order of the articles,
/// and in theirs. `None` when it was stopped.
pub fn near_copies(
    project: &Project,
    passage: &str,
    goes_on: GoesOn<'_>,
) -> Result<Option<Vec<NearCopy>>, NoPassage> {
    let wanted = Passage::new(passage)?;
    let own = ArticleText::new(passage.to_owned());
    let source = Source::new(&own);
    let of = source.word_count().max(1) as f32;
    let found = of_each(project, goes_on, 1.0, |article| {
        let copies = wanted.copies_in(&article.text);
        let mut found: Vec<NearCopy> = Vec::new();
        for part in source.shared_with(&article.text) {
            if copies.iter().any(|copy| copy.range.intersects(part.other)) {
                continue;
            }
            let pieces = by_paragraph(&article.text, part.other);
            let is_one = pieces.len() < 2;
            for (range, words) in pieces {
                // So few words that are left of it say nothing.
                let words = if is_one { part.words as usize } else { words };
                if is_one || words >= FEW {
                    found.push(NearCopy {
                        article: article.id.clone(),
                        range,
                        share: words as f32 / of,
                        is_part: true,
                    });
                }
            }
        }
        found.extend(copies.into_iter().map(|copy| NearCopy {
            article: article.id.clone(),
            range: copy.range,
            share: copy.share,
            is_part: false,
        }));
        found.sort_by_key(|copy| copy.range.start);
        found
    });
    Ok(found.map(|found| found.into_iter().flatten().collect()))
}

/// The passages that stand in several articles.
#[derive(Debug, Default)]
pub struct Recurring {
    /// Those that were looked through; places name them by their numbers.
    pub articles: Vec<ArticleId>,
    /// Which texts they had, by [`texts_of`].
    pub texts: u64,
    /// Those in most articles first.
    pub passages: Vec<Recurrence>,
    /// How much of each article that is, in hundredths; of those that have some of it.
    pub shares: HashMap<ArticleId, u8>,
}

/// A number that is another one where an article came or went, or has another text.
pub fn texts_of(project: &Project) -> u64 {
    let mut hasher = DefaultHasher::new();
    for article in project.articles() {
        (&article.id, article.text.hash()).hash(&mut hasher);
    }
    hasher.finish()
}

pub fn recurring(project: &Project, goes_on: GoesOn<'_>) -> Option<Recurring> {
    let pieces = of_each(project, goes_on, 0.5, |article| Pieces::of(&article.text))?;
    let articles = project.articles();
    let texts: Vec<&ArticleText> = articles.iter().map(|article| &*article.text).collect();
    let passages = recurring::recurring(&texts, &pieces, &mut || goes_on(0.7))?;
    let mut bytes = vec![0; articles.len()];
    for place in passages.iter().flat_map(|passage| &passage.places) {
        if let Some(bytes) = bytes.get_mut(place.text) {
            *bytes += place.range.len();
        }
    }
    let shares = articles.iter().zip(bytes).filter(|(_, bytes)| *bytes > 0);
    let shares = shares.map(|(article, bytes)| {
        let share = bytes * 100 / article.text.len_bytes().max(1);
        (article.id.clone(), share.min(100) as u8)
    });
    Some(Recurring {
        shares: shares.collect(),
        texts: texts_of(project),
        articles: articles.iter().map(|article| article.id.clone()).collect(),
        passages,
    })
}

/// What of an article stands in others.
#[derive(Clone, Debug, PartialEq)]
pub struct Elsewhere {
    pub article: ArticleId,
    /// The hash of the text that it had.
    pub text: String,
    /// In the order of the article: lines, or several that stand in the same places.
    pub stretches: Vec<Stretch>,
    /// The other articles with the words that they share, most first.
    pub others: Vec<(ArticleId, usize)>,
    /// Those of them that were published before.
    pub older: BTreeSet<ArticleId>,
    pub words: usize,
    /// How many of its words stand elsewhere, and how many in articles that are older.
    pub shared: usize,
    pub before: usize,
}

impl Elsewhere {
    /// Whether another article was published before this one.
    pub fn is_older(&self, other: &ArticleId) -> bool {
        self.older.contains(other)
    }
}

/// So many words of a line are enough to say that it stands somewhere.
const FEW: usize = 5;

/// Ranges cut into lines, without white space around them.
fn lines_of(text: &ArticleText, ranges: &[ByteRange]) -> Vec<ByteRange> {
    let lines = ranges.iter().flat_map(|range| {
        let lines = text.line_of(range.start)..=text.line_of(range.end);
        lines.map(|line| trimmed(text, text.line_range(line).clamp_to(*range)))
    });
    lines.filter(|line| !line.is_empty()).collect()
}

/// A stretch of the article, and where it stands: the oldest first, those without a date last.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    pub range: ByteRange,
    pub places: Vec<(ArticleId, ByteRange)>,
    /// Whether an article that is older has some of it.
    pub is_older: bool,
}

/// When an article was published, in our own form, which sorts by time.
fn published(article: &Article) -> Option<&str> {
    let said = article.meta("published")?.trim();
    let day = said.get(..10)?;
    let is_date = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    is_date.then_some(said)
}

/// Whether one was published before another. Of the same day the times tell, where both have one.
fn is_before(a: Option<&str>, b: Option<&str>) -> bool {
    let (Some(a), Some(b)) = (a, b) else {
        return false;
    };
    let has_time = a.len() > 10 && b.len() > 10;
    if has_time {
        a < b
    } else {
        a.get(..10) < b.get(..10)
    }
}

/// What of an article stands in others. `None` when it was stopped, or there is no such article.
pub fn elsewhere(project: &Project, id: &ArticleId, goes_on: GoesOn<'_>) -> Option<Elsewhere> {
    let article = project.article(id)?;
    let source = Source::new(&article.text);
    let shared = of_each(project, goes_on, 1.0, |other| {
        if other.id == *id {
            return Vec::new();
        }
        source.shared_with(&other.text)
    })?;
    let own_day = published(article);
    let with_places = project.articles().iter().enumerate().zip(&shared);
    let with_places = with_places.filter(|(_, shared)| !shared.is_empty());
    let found: Vec<(usize, &Arc<Article>, &Vec<Shared>)> = with_places
        .map(|((at, other), shared)| (at, other, shared))
        .collect();
    let all = found
        .iter()
        .flat_map(|(.., shared)| shared.iter().map(|s| s.own));
    let ranges = joined(all.collect());
    let older = found
        .iter()
        .filter(|(_, other, _)| is_before(published(other), own_day));
    let older = older.flat_map(|(.., shared)| shared.iter().map(|s| s.own));
    let older = joined(older.collect());
    let mut others: Vec<(ArticleId, usize)> = Vec::new();
    for (_, other, shared) in &found {
        let own = joined(shared.iter().map(|s| s.own).collect());
        others.push((other.id.clone(), source.words_within(&own)));
    }
    others.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut stretches: Vec<(ByteRange, Vec<(usize, ByteRange)>)> = Vec::new();
    for piece in lines_of(&article.text, &ranges) {
        let here = found.iter().flat_map(|(at, _, shared)| {
            let on_it = shared.iter().filter(|part| {
                let both = part.own.clamp_to(piece);
                source.words_within(&[both]) >= source.words_within(&[piece]).min(FEW)
            });
            on_it.map(move |part| (*at, part.other))
        });
        let here: Vec<(usize, ByteRange)> = here.collect();
        match stretches.last_mut() {
            // Lines that go on at the same places are one stretch.
            Some((before, known)) if *known == here => before.end = piece.end,
            _ => stretches.push((piece, here)),
        }
    }
    let stretches = stretches.into_iter().map(|(range, places)| {
        let articles = project.articles();
        let named = places.into_iter().filter_map(|(at, place)| {
            let other = articles.get(at)?;
            Some((published(other), at, &other.id, place))
        });
        let mut named: Vec<_> = named.collect();
        named.sort_by_key(|(day, at, _, place)| (day.is_none(), *day, *at, place.start));
        let first = named.first().and_then(|(day, ..)| *day);
        Stretch {
            range,
            is_older: is_before(first, own_day),
            places: named
                .into_iter()
                .map(|(_, _, id, place)| (id.clone(), place))
                .collect(),
        }
    });
    let stretches: Vec<Stretch> = stretches.filter(|s| !s.places.is_empty()).collect();
    let is_older = |id: &ArticleId| {
        let other = project.article(id);
        other.is_some_and(|other| is_before(published(other), own_day))
    };
    Some(Elsewhere {
        article: id.clone(),
        text: article.text.hash().to_owned(),
        older: others
            .iter()
            .map(|(id, _)| id.clone())
            .filter(is_older)
            .collect(),
        stretches,
        others,
        words: source.word_count(),
        shared: source.words_within(&ranges),
        before: source.words_within(&older),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::edit::{Edit, Transaction, apply};

    const WIRE: &str = "The harbour master said on Monday that no ferry would leave before the storm had passed over Ardal";

    /// Articles with their days.
    fn project(texts: &[(&str, &str)]) -> Project {
        let mut project = Project::new("passages");
        let articles = texts.iter().enumerate().map(|(at, (day, text))| {
            let text = ArticleText::new((*text).to_owned());
            let mut article = Article::new(format!("a{at}").as_str().into(), "", text);
            if !day.is_empty() {
                article.metadata.insert("published".into(), (*day).into());
            }
            (at, Arc::new(article))
        });
        let edits = vec![Edit::AddArticles(articles.collect())];
        apply(&mut project, &Transaction::new("begin", edits)).unwrap();
        project
    }

    #[test]
    fn the_oldest_comes_first_and_shares_are_counted() {
        let (own, later) = (format!("Ours here. {WIRE}."), format!("{WIRE} and so on."));
        let (older, undated) = (format!("{WIRE}!"), WIRE.to_owned());
        let project = project(&[
            ("2024-05-03T10:00:00Z", &own),
            ("2024-05-04", &later),
            ("", &undated),
            ("2024-05-03T09:00:00Z", &older),
            ("2024-05-01", "Nothing of this."),
        ]);
        let found = elsewhere(&project, &"a0".into(), &|_| true).unwrap();
        let ids = |places: &[(ArticleId, ByteRange)]| {
            places
                .iter()
                .map(|(id, _)| id.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(found.stretches.len(), 1);
        assert_eq!(ids(&found.stretches[0].places), ["a3", "a1", "a2"]);
        assert!(found.stretches[0].is_older);
        assert_eq!((found.words, found.shared, found.before), (20, 18, 18));
        let later = elsewhere(&project, &"a3".into(), &|_| true).unwrap();
        assert_eq!((later.shared, later.before), (18, 0));
        assert_eq!(later.others.len(), 3);
        assert_eq!(elsewhere(&project, &"a0".into(), &|_| false), None);
    }

    #[test]
    fn articles_have_their_shares_of_what_recurs() {
        let own = format!(
            "{WIRE}\n{}",
            "Other words of ours, as many as these are. ".repeat(2)
        );
        let project = project(&[("", &own), ("", WIRE), ("", "Nothing of it.")]);
        let found = recurring(&project, &|_| true).unwrap();
        let share = |id: &str| found.shares.get(id).copied();
        assert_eq!((share("a1"), share("a2")), (Some(100), None));
        assert!(
            (40..70).contains(&share("a0").unwrap()),
            "{:?}",
            share("a0")
        );
    }

    /// Other texts that came under the same names are told from those that were looked through.
    #[test]
    fn what_was_found_is_known_to_be_of_other_texts() {
        let texts = [("", WIRE), ("", "Nothing."), ("", WIRE)];
        let before = project(&texts);
        let found = recurring(&before, &|_| true).unwrap();
        let others = project(&[("", WIRE), ("", WIRE), ("", "Nothing.")]);
        let fewer = project(&texts[..2]);
        assert_eq!(found.texts, texts_of(&project(&texts)));
        assert_ne!(found.texts, texts_of(&others));
        assert_ne!(found.texts, texts_of(&fewer));
    }

    #[test]
    fn near_copies_and_parts_are_found_in_all_articles() {
        let part = format!("{} and nobody knew why.", WIRE.get(23..).unwrap());
        let project = project(&[("", WIRE), ("", "Nothing."), ("", &part)]);
        let passage = format!(
            "{WIRE}, and {} passengers had to wait for it in the school hall all night",
            "two hundred"
        );
        let found = near_copies(&project, &passage, &|_| true).unwrap().unwrap();
        let shown: Vec<_> = found
            .iter()
            .map(|c| (c.article.to_string(), c.is_part))
            .collect();
        assert_eq!(shown, [("a0".to_owned(), true), ("a2".to_owned(), true)]);
        let found = near_copies(&project, WIRE, &|_| true).unwrap().unwrap();
        let shown: Vec<_> = found.iter().map(|c| (c.share, c.is_part)).collect();
        assert_eq!(shown[0], (1.0, false));
        assert_eq!(near_copies(&project, "…", &|_| true), Err(NoPassage::Blank));
        assert_eq!(near_copies(&project, WIRE, &|_| false), Ok(None));
    }

    #[test]
    fn parts_of_a_passage_do_not_cross_paragraphs() {
        let (one, other) = (
            "The ferry was late because of the storm over the bay on Monday",
            "Nobody knew when the next one would leave the island again",
        );
        let apart = format!("First.\n\n{one}.\n\n{other}.\n");
        let project = project(&[("", &apart)]);
        let passage = format!(
            "It was told at length that {one}. {other}. And so they all went home by bus, \
             where they ate what was left of the soup and talked about it for hours and hours"
        );
        let found = near_copies(&project, &passage, &|_| true).unwrap().unwrap();
        let text = &project.articles()[0].text;
        let said: Vec<&str> = found.iter().map(|copy| text.slice(copy.range)).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(
            said[0].starts_with(one) && said[1].starts_with(other),
            "{said:?}"
        );
        assert!(found.iter().all(|copy| copy.is_part && copy.share < 0.5));
    }

    #[test]
    fn days_and_times_tell_what_came_first() {
        for (a, b, expected) in [
            (Some("2024-05-03"), Some("2024-05-04"), true),
            (Some("2024-05-03"), Some("2024-05-03T10:00:00Z"), false),
            (
                Some("2024-05-03T09:00:00Z"),
                Some("2024-05-03T10:00:00Z"),
                true,
            ),
            (None, Some("2024-05-03"), false),
            (Some("2024-05-03"), None, false),
        ] {
            assert_eq!(is_before(a, b), expected, "{a:?} {b:?}");
        }
    }
}
