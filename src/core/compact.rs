//! Values of which a project holds millions: short strings and small maps, without room to spare.
//!
//! Behave as `String` and `BTreeMap` do; only what they take in memory differs. Know nothing of
//! what they hold.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::collections::{BTreeMap, btree_map};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// As many bytes fit beside the length in two words.
const INLINE: usize = 14;

/// A string that is seldom longer than an id or a name: such ones stand in the value itself,
/// longer ones are shared.
#[derive(Clone)]
pub struct Short(Repr);

#[derive(Clone)]
enum Repr {
    Here { len: u8, bytes: [u8; INLINE] },
    Elsewhere(Arc<Box<str>>),
}

impl Short {
    pub fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let mut bytes = [0; INLINE];
        match bytes.get_mut(..text.len()) {
            Some(room) => {
                room.copy_from_slice(text.as_bytes());
                let len = text.len() as u8;
                Self(Repr::Here { len, bytes })
            }
            None => Self(Repr::Elsewhere(Arc::new(text.into()))),
        }
    }

    fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Here { len, bytes } => bytes.get(..usize::from(*len)).unwrap_or_default(),
            Repr::Elsewhere(text) => text.as_bytes(),
        }
    }

    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Here { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Repr::Elsewhere(text) => text,
        }
    }
}

impl Default for Short {
    fn default() -> Self {
        Self::new("")
    }
}

impl<T: AsRef<str>> From<T> for Short {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

impl std::ops::Deref for Short {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Short {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Short {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Short {}

impl PartialOrd for Short {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The order of strings is that of their bytes.
impl Ord for Short {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

/// As its string, by which it is looked up.
impl Hash for Short {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl Serialize for Short {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Short {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// A map that seldom has more than a few entries: those are sorted, in one piece as long as it must
/// be. What has many costs no more than in any other map.
#[derive(Clone, Debug)]
pub struct SmallMap<K, V>(Entries<K, V>);

#[derive(Clone, Debug)]
enum Entries<K, V> {
    Few(Vec<(K, V)>),
    Many(BTreeMap<K, V>),
}

const FEW: usize = if cfg!(test) { 3 } else { 32 };

impl<K, V> SmallMap<K, V> {
    pub const fn new() -> Self {
        Self(Entries::Few(Vec::new()))
    }

    pub fn len(&self) -> usize {
        match &self.0 {
            Entries::Few(entries) => entries.len(),
            Entries::Many(entries) => entries.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn iter(&self) -> Pairs<'_, K, V> {
        match &self.0 {
            Entries::Few(entries) => Pairs::Few(entries.iter()),
            Entries::Many(entries) => Pairs::Many(entries.iter()),
        }
    }

    pub fn iter_mut(&mut self) -> PairsMut<'_, K, V> {
        match &mut self.0 {
            Entries::Few(entries) => PairsMut::Few(entries.iter_mut()),
            Entries::Many(entries) => PairsMut::Many(entries.iter_mut()),
        }
    }

    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }
}

fn place<K: Borrow<str>, V>(entries: &[(K, V)], key: &str) -> Result<usize, usize> {
    entries.binary_search_by(|(known, _)| Borrow::<str>::borrow(known).cmp(key))
}

impl<K: Ord + Borrow<str>, V> SmallMap<K, V> {
    pub fn get(&self, key: &str) -> Option<&V> {
        match &self.0 {
            Entries::Few(entries) => {
                let at = place(entries, key).ok()?;
                entries.get(at).map(|(_, value)| value)
            }
            Entries::Many(entries) => entries.get(key),
        }
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        match &mut self.0 {
            Entries::Few(entries) => {
                let at = place(entries, key).ok()?;
                entries.get_mut(at).map(|(_, value)| value)
            }
            Entries::Many(entries) => entries.get_mut(key),
        }
    }

    /// The value that was there before.
    pub fn insert(&mut self, key: impl Into<K>, value: V) -> Option<V> {
        let key = key.into();
        if let Entries::Few(entries) = &mut self.0 {
            match place(entries, key.borrow()) {
                Ok(at) => {
                    let known = entries.get_mut(at)?;
                    return Some(std::mem::replace(&mut known.1, value));
                }
                Err(at) if entries.len() < FEW => {
                    entries.reserve_exact(1);
                    entries.insert(at, (key, value));
                    return None;
                }
                Err(_) => self.0 = Entries::Many(std::mem::take(entries).into_iter().collect()),
            }
        }
        match &mut self.0 {
            Entries::Many(entries) => entries.insert(key, value),
            Entries::Few(_) => None,
        }
    }

    pub fn remove(&mut self, key: &str) -> Option<V> {
        match &mut self.0 {
            Entries::Few(entries) => {
                let at = place(entries, key).ok()?;
                Some(entries.remove(at).1)
            }
            Entries::Many(entries) => entries.remove(key),
        }
    }

    pub fn retain(&mut self, mut is_kept: impl FnMut(&K, &mut V) -> bool) {
        match &mut self.0 {
            Entries::Few(entries) => entries.retain_mut(|(key, value)| is_kept(key, value)),
            Entries::Many(entries) => entries.retain(is_kept),
        }
    }
}

/// The entries of a map, by key.
pub enum Pairs<'a, K, V> {
    Few(std::slice::Iter<'a, (K, V)>),
    Many(btree_map::Iter<'a, K, V>),
}

impl<'a, K, V> Iterator for Pairs<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(entries) => entries.next().map(|(key, value)| (key, value)),
            Self::Many(entries) => entries.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Few(entries) => entries.size_hint(),
            Self::Many(entries) => entries.size_hint(),
        }
    }
}

/// The same with values that can be changed.
pub enum PairsMut<'a, K, V> {
    Few(std::slice::IterMut<'a, (K, V)>),
    Many(btree_map::IterMut<'a, K, V>),
}

impl<'a, K, V> Iterator for PairsMut<'a, K, V> {
    type Item = (&'a K, &'a mut V);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(entries) => entries.next().map(|(key, value)| (&*key, value)),
            Self::Many(entries) => entries.next(),
        }
    }
}

impl<K, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for SmallMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for SmallMap<K, V> {}

impl<'a, K, V> IntoIterator for &'a SmallMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Pairs<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, K, V> IntoIterator for &'a mut SmallMap<K, V> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = PairsMut<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

/// Of several values for one key the last stays.
impl<N: Into<K>, K: Ord, V> FromIterator<(N, V)> for SmallMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter().map(|(key, value)| (key.into(), value));
        let entries: BTreeMap<K, V> = pairs.collect();
        if entries.len() > FEW {
            return Self(Entries::Many(entries));
        }
        let mut few = Vec::with_capacity(entries.len());
        few.extend(entries);
        Self(Entries::Few(few))
    }
}

impl<K: Serialize, V: Serialize> Serialize for SmallMap<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Deserialize<'de> for SmallMap<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::<K, V>::deserialize(deserializer).map(Self::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::hash::{BuildHasher, RandomState};

    proptest! {
        #[test]
        fn short_strings_are_strings(a in "\\PC{0,9}", b in "[a-c]{0,17}|\\PC{0,9}") {
            let (x, y) = (Short::new(&a), Short::new(&b));
            prop_assert_eq!(x.as_str(), &a);
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            prop_assert_eq!(x == y, a == b);
            let hasher = RandomState::new();
            prop_assert_eq!(hasher.hash_one(&x), hasher.hash_one(a.as_str()));
        }

        #[test]
        fn small_maps_are_maps(steps in prop::collection::vec(("[a-e]{1,2}", 0u8..4, any::<bool>()), 0..30)) {
            let (mut small, mut map) = (SmallMap::<Short, u8>::new(), BTreeMap::new());
            for (key, value, is_removed) in steps {
                prop_assert_eq!(small.get(&key), map.get(&key));
                if is_removed {
                    prop_assert_eq!(small.remove(&key), map.remove(&key));
                } else {
                    prop_assert_eq!(small.insert(&key, value), map.insert(key, value));
                }
                let pairs: Vec<(&str, u8)> = small.iter().map(|(k, v)| (k.as_str(), *v)).collect();
                let expected: Vec<(&str, u8)> = map.iter().map(|(k, v)| (k.as_str(), *v)).collect();
                prop_assert_eq!(pairs, expected);
                prop_assert_eq!(&map.clone().into_iter().collect::<SmallMap<Short, u8>>(), &small);
            }
            let json = serde_json::to_string(&small).unwrap();
            prop_assert_eq!(&json, &serde_json::to_string(&map).unwrap());
            prop_assert_eq!(serde_json::from_str::<SmallMap<Short, u8>>(&json).unwrap(), small);
        }
    }

    #[test]
    fn a_map_of_many_is_no_slower_than_any_other() {
        let names = (0..200_000).map(|n| format!("{:06}", n * 7_919 % 200_000));
        let mut map = SmallMap::<Short, usize>::new();
        for name in names {
            map.insert(name, 1);
        }
        assert_eq!(map.len(), 200_000);
        assert!(matches!(map.0, Entries::Many(_)));
    }

    #[test]
    fn an_id_takes_two_words() {
        assert_eq!(size_of::<Short>(), 16);
        let is_here = |text: &str| matches!(Short::new(text).0, Repr::Here { .. });
        assert!(is_here("a-0123456789ab") && is_here("k3f9-000042"));
        assert!(!is_here("fifteen letters"));
    }
}
