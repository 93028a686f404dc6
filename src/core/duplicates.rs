//! Articles that say the same: exact copies, and near-duplicates such as wire copies, updated
//! versions and round-ups that hold another article.
//!
//! Texts are compared as sets of shingles (Broder 1997, "On the resemblance and containment of
//! documents"). Candidates come from an index of longer shingles, which even texts of few words
//! seldom share by chance; of long texts it has those with the smallest hashes (FracMinHash, Irber
//! et al. 2022). How many candidates are looked at is bounded by the length of the text and
//! how many are compared in full by a number, so the work is near linear whatever the words are.
//! Pure and deterministic.

use crate::core::text::ArticleText;
use crate::core::word_hashes::{SEED, each_word, mix};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Words in a shingle. Scripts without spaces take so many characters instead.
const SHINGLE_WORDS: usize = 4;
/// Words in a shingle of the index.
const MARK_WORDS: usize = 2 * SHINGLE_WORDS;
/// A text of fewer words has its short shingles in the index as well.
const MAX_TINY_WORDS: usize = 3 * MARK_WORDS;
/// One in so many of them is kept of a long text, and so many at least.
const SCALE: usize = 8;
const MIN_KEPT: usize = 64;
/// The most articles that a shingle of the index leads to: the first that have it.
const MAX_POSTINGS: usize = 64;
/// The most places of the index that are looked at for a text, or as many as it has shingles of
/// the index: rare ones first.
const MIN_PLACES: usize = 512;
/// The most articles that a text is compared with in full.
const MAX_COMPARED: usize = 16;
/// Shingles that a text must have before a part of it is called contained.
const MIN_CONTAINED: usize = 24;
/// From this share of all shingles, two articles are near-duplicates.
pub const NEAR: f32 = 0.6;
/// From this share of the shorter one's shingles, it is contained in the longer one.
pub const CONTAINED: f32 = 0.85;

/// What makes a text comparable: the hashes of its shingles, rising, without repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shingles {
    all: Box<[u32]>,
    /// The longer ones, by which the index finds a text.
    marks: Box<[u32]>,
}

/// How two articles are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Likeness {
    /// The same text.
    Same,
    /// The share of all shingles that both have.
    Near(f32),
    /// The second lies within the first, with this share of its shingles.
    Within(f32),
    /// The first lies within the second.
    Holds(f32),
}

impl Likeness {
    /// Of 0 to 1.
    pub fn share(self) -> f32 {
        match self {
            Self::Same => 1.0,
            Self::Near(share) | Self::Within(share) | Self::Holds(share) => share,
        }
    }
}

impl std::fmt::Display for Likeness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never "100 %" for what differs.
        let percent = |share: f32| ((share * 100.0).floor() as u32).min(99);
        match *self {
            Self::Same => f.write_str("the same text"),
            Self::Near(share) => write!(f, "{} % the same", percent(share)),
            Self::Within(share) => write!(f, "{} % of it is part of the other", percent(share)),
            Self::Holds(share) => write!(f, "holds {} % of the other", percent(share)),
        }
    }
}

impl Shingles {
    pub fn of(text: &ArticleText) -> Self {
        Self::of_str(text.as_str())
    }

    pub fn of_str(text: &str) -> Self {
        let mut words: Vec<u64> = Vec::with_capacity(text.len() / 6);
        each_word(text, |word| words.push(word.hash));
        let runs = runs(&words);
        let all = hashes(runs.iter().copied());
        // Two runs side by side are a longer one.
        let pairs = runs
            .iter()
            .zip(runs.get(SHINGLE_WORDS..).unwrap_or_default());
        let mut marks = hashes(pairs.map(|(a, b)| mix(*a, *b)));
        if marks.is_empty() {
            marks = hashes(whole(&words));
        }
        if words.len() < MAX_TINY_WORDS {
            // One other word leaves nothing of the longer shingles of such a text.
            marks.extend_from_slice(&all);
            marks.sort_unstable();
        }
        Self {
            all: all.into_boxed_slice(),
            marks: marks.into_boxed_slice(),
        }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many both have.
    fn shared(&self, other: &Self) -> usize {
        let (short, long) = if self.len() <= other.len() {
            (&self.all, &other.all)
        } else {
            (&other.all, &self.all)
        };
        if short.len() * 16 < long.len() {
            let found = short.iter().filter(|hash| long.binary_search(hash).is_ok());
            return found.count();
        }
        let (mut a, mut b) = (short.iter().peekable(), long.iter().peekable());
        let mut shared = 0;
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match x.cmp(y) {
                std::cmp::Ordering::Less => drop(a.next()),
                std::cmp::Ordering::Greater => drop(b.next()),
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    a.next();
                    b.next();
                }
            }
        }
        shared
    }

    /// How this text is like `other`; `None` when it is not alike enough to be told.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.is_empty() || other.is_empty() {
            return None;
        }
        let shared = self.shared(other);
        let union = self.len() + other.len() - shared;
        let near = shared as f32 / union as f32;
        if near >= NEAR {
            return Some(Likeness::Near(near));
        }
        let shorter = self.len().min(other.len());
        let share = shared as f32 / shorter as f32;
        if shorter < MIN_CONTAINED || share < CONTAINED {
            return None;
        }
        Some(if self.len() <= other.len() {
            Likeness::Within(share)
        } else {
            Likeness::Holds(share)
        })
    }

    /// The share of all shingles that both have, 0 to 1.
    pub fn resemblance(&self, other: &Self) -> f32 {
        let shared = self.shared(other);
        let union = self.len() + other.len() - shared;
        shared as f32 / (union.max(1)) as f32
    }
}

/// The hashes of all runs of [`SHINGLE_WORDS`] words in their order; of the whole where it is shorter.
fn runs(words: &[u64]) -> Vec<u64> {
    if words.len() < SHINGLE_WORDS {
        return whole(words).collect();
    }
    words.windows(SHINGLE_WORDS).map(hash_of_words).collect()
}

/// The hash of all words; none of none.
fn whole(words: &[u64]) -> impl Iterator<Item = u64> {
    (!words.is_empty())
        .then(|| hash_of_words(words))
        .into_iter()
}

fn hash_of_words(words: &[u64]) -> u64 {
    words.iter().fold(SEED, |hash, word| mix(hash, *word))
}

/// Halves of hashes, rising, without repeats.
fn hashes(of: impl Iterator<Item = u64>) -> Vec<u32> {
    let mut hashes: Vec<u32> = of.map(|hash| (hash >> 32) as u32).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Finds articles that are like others.
#[derive(Default)]
pub struct Index {
    texts: Vec<Indexed>,
    by_hash: HashMap<String, u32>,
    /// The text that has a shingle, as most have one; for others a place in `lists` and [`MANY`].
    by_mark: HashMap<u32, u32>,
    lists: Vec<Vec<u32>>,
}

struct Indexed {
    hash: String,
    /// Its marks are let go of once they are in the index.
    shingles: Shingles,
    /// How many marks are in the index, and the largest that would be.
    kept: u32,
    limit: u32,
}

/// Marks a place in [`Index::lists`]; no project has so many articles.
const MANY: u32 = 1 << 31;

impl Index {
    /// Numbers of the texts that are like this one, likest first, with how they are; not all of
    /// very many.
    pub fn like(&self, hash: &str, shingles: &Shingles) -> Vec<(usize, Likeness)> {
        let mut found = Vec::new();
        let same = self.by_hash.get(hash).copied();
        found.extend(same.map(|at| (at as usize, Likeness::Same)));
        for at in self.candidates(shingles) {
            let Some(other) = self.texts.get(at as usize).filter(|_| Some(at) != same) else {
                continue;
            };
            if other.hash == hash {
                found.push((at as usize, Likeness::Same));
            } else if let Some(likeness) = shingles.likeness(&other.shingles) {
                found.push((at as usize, likeness));
            }
        }
        found.sort_by(|(a, x), (b, y)| y.share().total_cmp(&x.share()).then(a.cmp(b)));
        found
    }

    /// The texts that share most with this one, as far as the index tells.
    fn candidates(&self, shingles: &Shingles) -> Vec<u32> {
        let lists = shingles.marks.iter().filter_map(|mark| {
            let postings = self.by_mark.get(mark)?;
            if postings & MANY == 0 {
                return Some(std::slice::from_ref(postings));
            }
            let list = self.lists.get((postings ^ MANY) as usize)?;
            Some(list.as_slice())
        });
        let mut lists: Vec<&[u32]> = lists.collect();
        lists.sort_by_key(|list| list.len());
        let room = MIN_PLACES.max(shingles.marks.len());
        let mut places: Vec<u32> = Vec::new();
        let mut looked_at = 0;
        for list in &lists {
            if places.len() + list.len() > room {
                break;
            }
            places.extend_from_slice(list);
            looked_at += 1;
        }
        places.sort_unstable();
        let mut likely: Vec<(usize, u32)> = Vec::new();
        for same in places.chunk_by(|a, b| a == b) {
            let Some((at, other)) = same
                .first()
                .and_then(|at| Some((*at, self.texts.get(*at as usize)?)))
            else {
                continue;
            };
            let ours = shingles.marks.partition_point(|mark| *mark <= other.limit);
            let shorter = ours.min(other.kept as usize);
            // A third of what a near-duplicate would share: what was looked at is a sample.
            if same.len() * 3 * lists.len() >= shorter * looked_at {
                likely.push((same.len() * same.len() * 1_000 / shorter.max(1), at));
            }
        }
        likely.sort_by(|(x, a), (y, b)| y.cmp(x).then(a.cmp(b)));
        likely.truncate(MAX_COMPARED);
        likely.into_iter().map(|(_, at)| at).collect()
    }

    /// Adds a text, and answers its number.
    pub fn add(&mut self, hash: &str, mut shingles: Shingles) -> usize {
        let at = self.texts.len();
        let number = at as u32;
        let marks = std::mem::take(&mut shingles.marks);
        let most = MIN_KEPT.max(marks.len() / SCALE);
        let kept = marks.get(..most).unwrap_or(&marks);
        let limit = kept.last().filter(|_| kept.len() < marks.len());
        for mark in kept {
            match self.by_mark.entry(*mark) {
                Entry::Vacant(entry) => drop(entry.insert(number)),
                Entry::Occupied(mut entry) if entry.get() & MANY == 0 => {
                    let list = self.lists.len() as u32;
                    self.lists.push(vec![*entry.get(), number]);
                    entry.insert(list | MANY);
                }
                Entry::Occupied(entry) => {
                    let list = self.lists.get_mut((entry.get() ^ MANY) as usize);
                    if let Some(list) = list.filter(|list| list.len() < MAX_POSTINGS) {
                        list.push(number);
                    }
                }
            }
        }
        self.by_hash.entry(hash.to_owned()).or_insert(number);
        self.texts.push(Indexed {
            hash: hash.to_owned(),
            kept: kept.len() as u32,
            limit: limit.copied().unwrap_or(u32::MAX),
            shingles,
        });
        at
    }
}

/// Articles that say the same, by their numbers, and how each is like the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub members: Vec<(usize, Likeness)>,
}

/// Groups of two and more among `texts`, given as hash and shingles, in the order of their first
/// members. `progress` hears how many are done and answers whether to go on.
pub fn groups(
    texts: Vec<(String, Shingles)>,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Option<Vec<Group>> {
    let mut index = Index::default();
    let mut root: Vec<usize> = (0..texts.len()).collect();
    let find = |root: &mut Vec<usize>, mut at: usize| {
        while let Some(&up) = root.get(at).filter(|up| **up != at) {
            let above = root.get(up).copied().unwrap_or(up);
            if let Some(entry) = root.get_mut(at) {
                *entry = above;
            }
            at = up;
        }
        at
    };
    for (i, (hash, shingles)) in texts.into_iter().enumerate() {
        if i % 64 == 0 && !progress(i) {
            return None;
        }
        for (other, _) in index.like(&hash, &shingles) {
            let (a, b) = (find(&mut root, other), find(&mut root, i));
            if let Some(entry) = root.get_mut(a.max(b)) {
                *entry = a.min(b);
            }
        }
        index.add(&hash, shingles);
    }
    let mut by_root: std::collections::BTreeMap<usize, Vec<usize>> = Default::default();
    for i in 0..root.len() {
        let first = find(&mut root, i);
        by_root.entry(first).or_default().push(i);
    }
    by_root.retain(|_, members| members.len() > 1);
    let groups = by_root.into_iter().map(|(first, members)| {
        let members = members.into_iter().map(|at| {
            let likeness = match (index.texts.get(first), index.texts.get(at)) {
                (Some(a), Some(b)) if a.hash != b.hash => {
                    let told = b.shingles.likeness(&a.shingles);
                    let share = || b.shingles.resemblance(&a.shingles);
                    told.unwrap_or_else(|| Likeness::Near(share()))
                }
                _ => Likeness::Same,
            };
            (at, likeness)
        });
        Group {
            members: members.collect(),
        }
    });
    Some(groups.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIRE: &str = "The harbour master said on Monday that no ferry would leave before the storm had passed. \
        Some two hundred passengers spent the night in the school hall, where volunteers handed out blankets and soup. \
        The company promised to carry everyone over on Tuesday, and to pay for the night.";

    fn check(a: &str, b: &str, expected: &str) {
        let (x, y) = (Shingles::of_str(a), Shingles::of_str(b));
        let told = x.likeness(&y).map(|l| match l {
            Likeness::Same => "same",
            Likeness::Near(_) => "near",
            Likeness::Within(_) => "within",
            Likeness::Holds(_) => "holds",
        });
        assert_eq!(told.unwrap_or("other"), expected, "{a}\n{b}");
    }

    #[test]
    fn texts_are_compared_by_their_words() {
        let updated = WIRE.replace("two hundred", "three hundred");
        let round_up = format!(
            "Storm in the north. {WIRE} Elsewhere, trains ran late all day, and the airport closed one runway at noon after a warning from the weather office. Fishing boats stayed in. Schools in four districts sent their pupils home before lunch, and the bridge over the sound was shut to lorries until the evening."
        );
        let cases = [
            (WIRE.to_owned(), updated.clone(), "near"),
            (
                WIRE.to_owned(),
                WIRE.to_uppercase().replace(',', ""),
                "near",
            ),
            (WIRE.to_owned(), round_up.clone(), "within"),
            (round_up, WIRE.to_owned(), "holds"),
            (
                WIRE.to_owned(),
                "The council met on Friday and spoke of roads, and of nothing else at all."
                    .to_owned(),
                "other",
            ),
            (
                "港务局长周一表示，在风暴过去之前不会有渡轮离港。".to_owned(),
                "港务局长周一表示，风暴过去之前不会有渡轮离港。".to_owned(),
                "near",
            ),
            (String::new(), String::new(), "other"),
        ];
        for (a, b, expected) in cases {
            check(&a, &b, expected);
        }
    }

    #[test]
    fn groups_are_found_among_many() {
        let mut texts: Vec<String> = (0..400)
            .map(|n| {
                let words: Vec<String> = (0..120)
                    .map(|w| format!("w{}", (n * 7919 + w * w * 31) % 9973))
                    .collect();
                words.join(" ")
            })
            .collect();
        texts[17] = WIRE.to_owned();
        texts[230] = WIRE.replace("Monday", "Tuesday");
        texts[399] = WIRE.to_owned();
        let given = texts
            .iter()
            .map(|t| (crate::core::text::hash_of(t), Shingles::of_str(t)));
        let found = groups(given.collect(), &mut |_| true).unwrap();
        let members: Vec<Vec<usize>> = found
            .iter()
            .map(|g| g.members.iter().map(|m| m.0).collect())
            .collect();
        assert_eq!(members, [vec![17, 230, 399]]);
        assert_eq!(found[0].members[2].1, Likeness::Same);
        assert!(groups(vec![(String::new(), Shingles::of_str("a"))], &mut |_| false).is_none());
    }

    /// Texts of so many words out of few, the same at each call.
    fn of_few_words(texts: usize, words: usize, vocabulary: u64) -> Vec<String> {
        let mut state = 7;
        let mut word = || {
            state = mix(state, 1);
            format!("w{}", state % vocabulary)
        };
        let mut text = || (0..words).map(|_| word()).collect::<Vec<_>>().join(" ");
        (0..texts).map(|_| text()).collect()
    }

    fn members(texts: &[String]) -> Vec<Vec<usize>> {
        let given = texts.iter();
        let given = given.map(|t| (crate::core::text::hash_of(t), Shingles::of_str(t)));
        let found = groups(given.collect(), &mut |_| true).unwrap();
        let members = found
            .iter()
            .map(|g| g.members.iter().map(|m| m.0).collect());
        members.collect()
    }

    #[test]
    fn copies_are_found_among_texts_of_the_same_few_words() {
        // Each run of four words stands in dozens of these texts.
        let mut texts = of_few_words(1_500, 60, 6);
        texts[1_200] = texts[700].replacen("w1 ", "changed ", 1);
        texts[1_400] = format!("{} {} {}", texts[3], texts[1_000], texts[900]);
        assert_eq!(
            members(&texts),
            [vec![3, 900, 1_000, 1_400], vec![700, 1_200]]
        );
    }

    #[test]
    fn what_very_many_have_is_compared_with_few() {
        // Copies of a text with another number each: more than any shingle leads to.
        let copies: Vec<String> = (0..400).map(|n| format!("{WIRE} Copy {n}.")).collect();
        assert_eq!(members(&copies), [(0..400).collect::<Vec<_>>()]);
        let mut index = Index::default();
        for text in &copies {
            index.add(text, Shingles::of_str(text));
        }
        let last = Shingles::of_str(&copies[399]);
        assert_eq!(index.candidates(&last).len(), MAX_COMPARED);
        assert_eq!(index.like(&copies[399], &last)[0], (399, Likeness::Same));
    }

    #[test]
    fn short_texts_are_found_too() {
        let check = |a: &str, b: &str, is_like: bool| {
            let mut index = Index::default();
            index.add("a", Shingles::of_str(a));
            let found = index.like("b", &Shingles::of_str(b));
            assert_eq!(found.len(), usize::from(is_like), "{a}\n{b}");
        };
        check(
            "No ferry will leave before the storm has passed, she said.",
            "No ferry will leave before the storm has passed, he says.",
            true,
        );
        check("The bridge is shut.", "The bridge is shut!", true);
        check(
            "The bridge is shut today.",
            "The bridge is open today.",
            false,
        );
        let long = of_few_words(1, 4_000, 5_000);
        let middle: Vec<&str> = long[0].split(' ').skip(2_000).take(40).collect();
        check(&long[0], &middle.join(" "), true);
        check(&middle.join(" "), &long[0], true);
    }
}
