//! Searches that stay: each a query under a name, with what became of its hits.
//!
//! A hit that was dismissed is known by its words and those around it, so it stays dismissed in a new
//! version of its article. Knows how rules are written down, nothing of how they are run.

use super::Listed;
use crate::core::annotation::Timestamp;
use crate::core::ids::{AnnotatorId, ArticleId, FreshIds, LabelId, RuleId};
use crate::core::kept::{UnknownFields, keeps};
use crate::core::text::{ArticleText, ByteRange};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A search that is kept under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub id: RuleId,
    pub name: String,
    /// As it is typed.
    pub query: String,
    /// Capital and small letters differ.
    #[serde(default, skip_serializing_if = "is_no")]
    pub case: bool,
    /// Whole words only.
    #[serde(default, skip_serializing_if = "is_no")]
    pub word: bool,
    /// Accents and typography count.
    #[serde(default, skip_serializing_if = "is_no")]
    pub exact: bool,
    /// Its hits are not seen in texts.
    #[serde(default, skip_serializing_if = "is_no")]
    pub hidden: bool,
    /// What its hits are marked with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelId>,
    pub by: AnnotatorId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Dismissed::is_empty")]
    pub dismissed: Dismissed,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
fn is_no(yes: &bool) -> bool {
    !yes
}

/// Hits that are none, by article: in each they rise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dismissed(pub BTreeMap<ArticleId, Vec<HitKey>>);

/// A hit by its words and those around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HitKey(pub u64);

/// So many characters on each side tell hits of the same words apart.
const AROUND: usize = 24;

impl HitKey {
    pub fn of(text: &ArticleText, hit: ByteRange) -> Self {
        let all = text.as_str();
        let before = all.get(..hit.start.as_usize()).unwrap_or_default();
        let behind = all.get(hit.end.as_usize()..).unwrap_or_default();
        let from = before.char_indices().rev().nth(AROUND - 1);
        let to = behind.char_indices().nth(AROUND);
        let before = before
            .get(from.map_or(0, |(at, _)| at)..)
            .unwrap_or_default();
        let behind = behind
            .get(..to.map_or(behind.len(), |(at, _)| at))
            .unwrap_or_default();
        let mut hasher = blake3::Hasher::new();
        for part in [before, text.slice(hit), behind] {
            // No text holds this byte.
            hasher.update(part.as_bytes()).update(&[0xFF]);
        }
        let hash = hasher.finalize();
        let first = hash.as_bytes().first_chunk().copied();
        Self(u64::from_be_bytes(first.unwrap_or_default()))
    }
}

impl Dismissed {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// Those of an article.
    pub fn of(&self, article: &ArticleId) -> &[HitKey] {
        self.0.get(article).map_or(&[], Vec::as_slice)
    }

    pub fn holds(&self, article: &ArticleId, key: HitKey) -> bool {
        self.of(article).binary_search(&key).is_ok()
    }

    /// Gives an article other ones, in order and each once.
    pub(in crate::core) fn set(
        &mut self,
        article: &ArticleId,
        mut keys: Vec<HitKey>,
    ) -> Vec<HitKey> {
        keys.sort_unstable();
        keys.dedup();
        let old = if keys.is_empty() {
            self.0.remove(article)
        } else {
            self.0.insert(article.clone(), keys)
        };
        old.unwrap_or_default()
    }

    /// Mine with what they dismissed or took back since.
    fn merged(base: &Self, mine: &Self, theirs: &Self) -> Self {
        let mut merged = mine.clone();
        for article in theirs.0.keys().chain(base.0.keys()) {
            let (old, other) = (base.of(article), theirs.of(article));
            if old == other {
                continue;
            }
            let mut keys = mine.of(article).to_vec();
            keys.retain(|key| !old.contains(key) || other.contains(key));
            keys.extend(other.iter().filter(|key| !old.contains(key)));
            merged.set(article, keys);
        }
        merged
    }
}

impl Rule {
    /// Whether a hit of it was dismissed.
    pub fn is_dismissed(&self, article: &ArticleId, text: &ArticleText, hit: ByteRange) -> bool {
        let keys = self.dismissed.of(article);
        !keys.is_empty() && keys.binary_search(&HitKey::of(text, hit)).is_ok()
    }
}

keeps!(Rule);

impl Listed for Arc<Rule> {
    const CALLED: &str = "the kept rule";

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_namesake(&self, other: &Self) -> bool {
        (&self.by, self.when) != (&other.by, other.when)
    }

    fn apart<'a>(&self, others: impl Iterator<Item = &'a Self> + Clone) -> Option<Self>
    where
        Self: 'a,
    {
        let is_taken = |id: &str| others.clone().any(|rule| rule.id.as_str() == id);
        let id = FreshIds::default().take_unless(self.id.as_str(), is_taken);
        (id != self.id.as_str()).then(|| {
            Self::new(Rule {
                id: RuleId::new(id),
                ..Rule::clone(self)
            })
        })
    }

    /// Hits that either of two people dismissed are dismissed, whatever else they changed.
    fn shared(base: Option<&Self>, mine: &Self, theirs: &Self) -> (Option<Self>, Self, Self) {
        let none = Dismissed::default();
        let old = base.map_or(&none, |base| &base.dismissed);
        let dismissed = Dismissed::merged(old, &mine.dismissed, &theirs.dismissed);
        let with = |rule: &Self| {
            Self::new(Rule {
                dismissed: dismissed.clone(),
                ..Rule::clone(rule)
            })
        };
        (base.map(with), with(mine), with(theirs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::BytePos;

    #[test]
    fn a_hit_is_known_by_what_is_around_it() {
        let key = |text: &str, words: &str| {
            let at = text.find(words).unwrap() as u32;
            let range = ByteRange::new(BytePos(at), BytePos(at + words.len() as u32));
            HitKey::of(&ArticleText::new(text.to_owned()), range)
        };
        let far = "x".repeat(60);
        assert_eq!(key("Give now to us.", "now"), key("Give now to us.", "now"));
        assert_ne!(key("Give now to us.", "now"), key("Come now to us.", "now"));
        assert_ne!(key("Give now", "now"), key("Give now", "Give now"));
        let close = format!("{far} so now or never and {far}");
        assert_eq!(
            key(&close, "now"),
            key(&format!("One more. {close}"), "now")
        );
        // It is stored, and must be the same for ever.
        assert_eq!(key("Give now to us.", "now").0, 13_166_902_528_723_408_312);
    }

    #[test]
    fn what_two_people_dismissed_is_dismissed() {
        let all = |keys: &[u64]| {
            let mut dismissed = Dismissed::default();
            dismissed.set(&"a".into(), keys.iter().map(|key| HitKey(*key)).collect());
            dismissed
        };
        let check = |base: &[u64], mine: &[u64], theirs: &[u64], expected: &[u64]| {
            assert_eq!(
                Dismissed::merged(&all(base), &all(mine), &all(theirs)),
                all(expected)
            );
        };
        check(&[], &[2, 1], &[3], &[1, 2, 3]);
        check(&[1, 2], &[1, 2], &[2], &[2]);
        check(&[1, 2], &[2], &[1, 2, 3], &[2, 3]);
        check(&[1], &[], &[1], &[]);
        check(&[1], &[1], &[], &[]);
    }
}
