//! Articles that say the same: exact copies, and near-duplicates such as wire copies, updated
//! versions and round-ups that hold another article.
//!
//! Texts are compared as sets of shingles (Broder 1997, "On the resemblance and containment of
//! documents"). Candidates come from an index of the quarter of all shingles with the smallest
//! hashes (FracMinHash, Irber et al. 2022), so ten thousand articles need no comparison of all
//! pairs; what the index finds is compared in full. Pure and deterministic.

use crate::core::text::ArticleText;
use std::collections::HashMap;

/// Words in a shingle. Scripts without spaces take so many characters instead.
const SHINGLE_WORDS: usize = 4;
/// One in so many shingles is indexed.
const SCALE: u64 = 4;
/// A shingle that stands in more articles than this is boilerplate and leads to no candidates.
const MAX_POSTINGS: usize = 64;
/// Shingles that a text must have before a part of it is called contained.
const MIN_CONTAINED: usize = 24;
/// From this share of all shingles, two articles are near-duplicates.
pub const NEAR: f32 = 0.6;
/// From this share of the shorter one's shingles, it is contained in the longer one.
pub const CONTAINED: f32 = 0.85;

/// What makes a text comparable: the hashes of its shingles, rising, without repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shingles(Vec<u64>);

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
        let mut word: Option<u64> = None;
        for c in text.chars() {
            let is_alone = is_unspaced(c);
            if c.is_alphanumeric() && !is_alone {
                for lower in c.to_lowercase() {
                    word = Some(mix(word.unwrap_or(SEED), u64::from(u32::from(lower))));
                }
                continue;
            }
            words.extend(word.take());
            if is_alone {
                words.push(mix(SEED, u64::from(u32::from(c))));
            }
        }
        words.extend(word);
        let fold = |words: &[u64]| words.iter().fold(SEED, |hash, word| mix(hash, *word));
        let mut hashes: Vec<u64> = match words.len() {
            0 => Vec::new(),
            n if n < SHINGLE_WORDS => vec![fold(&words)],
            _ => words.windows(SHINGLE_WORDS).map(fold).collect(),
        };
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The smallest hashes: the same for all texts that share a shingle.
    fn indexed(&self) -> &[u64] {
        let end = self.0.partition_point(|hash| *hash <= u64::MAX / SCALE);
        self.0.get(..end).unwrap_or_default()
    }

    /// How many both have.
    fn shared(&self, other: &Self) -> usize {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
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

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of SplitMix64 (Steele et al. 2014) over a running value.
fn mix(hash: u64, value: u64) -> u64 {
    let mut z = hash.rotate_left(5) ^ value.wrapping_mul(SEED);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Characters of scripts that put no spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF
        | 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
        && c.is_alphanumeric()
}

/// Finds articles that are like others.
#[derive(Default)]
pub struct Index {
    texts: Vec<(String, Shingles)>,
    by_hash: HashMap<String, usize>,
    by_shingle: HashMap<u64, Vec<u32>>,
}

impl Index {
    /// Numbers of the texts that are like this one, likest first, with how they are.
    pub fn like(&self, hash: &str, shingles: &Shingles) -> Vec<(usize, Likeness)> {
        let mut found = Vec::new();
        let mut seen: HashMap<u32, usize> = HashMap::new();
        for shingle in shingles.indexed() {
            let postings = self.by_shingle.get(shingle);
            if let Some(postings) = postings.filter(|p| p.len() <= MAX_POSTINGS) {
                for at in postings {
                    *seen.entry(*at).or_default() += 1;
                }
            }
        }
        if let Some(at) = self.by_hash.get(hash) {
            seen.insert(*at as u32, usize::MAX);
        }
        #[expect(clippy::iter_over_hash_type, reason = "what is found is sorted")]
        for (at, count) in seen {
            let Some((other_hash, other)) = self.texts.get(at as usize) else {
                continue;
            };
            if other_hash == hash {
                found.push((at as usize, Likeness::Same));
                continue;
            }
            // A third of what a near-duplicate would share: the index is a sample.
            let shorter = shingles.indexed().len().min(other.indexed().len());
            if count * 3 >= shorter
                && let Some(likeness) = shingles.likeness(other)
            {
                found.push((at as usize, likeness));
            }
        }
        found.sort_by(|(a, x), (b, y)| y.share().total_cmp(&x.share()).then(a.cmp(b)));
        found
    }

    /// Adds a text, and answers its number.
    pub fn add(&mut self, hash: &str, shingles: Shingles) -> usize {
        let at = self.texts.len();
        for shingle in shingles.indexed() {
            let postings = self.by_shingle.entry(*shingle).or_default();
            if postings.len() <= MAX_POSTINGS {
                postings.push(at as u32);
            }
        }
        self.by_hash.entry(hash.to_owned()).or_insert(at);
        self.texts.push((hash.to_owned(), shingles));
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
                (Some((a, _)), Some((b, _))) if a == b => Likeness::Same,
                (Some((_, a)), Some((_, b))) => {
                    let told = b.likeness(a);
                    told.unwrap_or_else(|| Likeness::Near(b.resemblance(a)))
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
}
