//! The shapes that values of any field have in the file: strings, numbers, lists, pairs, maps, and
//! what may be absent.
//!
//! Each knows what is left of it when a part of it is damaged. Knows RON through serde, no fields.

use super::lenient::{Damage, elements, split_at_colon, take, whole_number};
use super::schema::{Seed, Value, Written};
use super::write::{Layout, Out};
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::kept::Kept;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Values that serde reads, and of which nothing is left when they do not have their type.
macro_rules! leaf {
    ($($type:ty),* $(,)?) => {
        $(impl<'a> Value<'a> for $type {
            fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }

            fn lenient(_: &'a str, _: &mut Damage<'a>) -> Option<Self> {
                None
            }
        })*
    };
}

pub(super) use leaf;

leaf!(Str<'a>, String, bool, f64, (u32, u32), Kept);

/// A string borrowed from the source unless it held escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Str<'a>(pub(super) Cow<'a, str>);

impl Str<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

impl std::borrow::Borrow<str> for Str<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'a> From<&'a str> for Str<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Str<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

struct StrVisitor;

impl<'de> Visitor<'de> for StrVisitor {
    type Value = Str<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(text)))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(StrVisitor)
    }
}

/// A value that may be absent, without RON's `Some(…)` around it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Maybe<T>(pub(super) Option<T>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'a, T: Value<'a>> Value<'a> for Maybe<T> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(|value| Self(Some(value)))
    }

    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
        T::lenient(raw, damage).map(|value| Self(Some(value)))
    }
}

impl<T: Written> Written for Maybe<T> {
    fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn write(&self, out: &mut Out, layout: Layout) {
        if let Some(value) = &self.0 {
            value.write(out, layout);
        }
    }
}

impl<'a, T: Value<'a>> Value<'a> for Box<T> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self::new)
    }

    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
        T::lenient(raw, damage).map(Self::new)
    }
}

impl<'a> Value<'a> for u32 {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn lenient(raw: &'a str, _: &mut Damage<'a>) -> Option<Self> {
        whole_number(raw).ok().flatten()
    }
}

struct ListVisitor<L, T>(PhantomData<(L, T)>);

impl<'a, T: Value<'a>, L: FromIterator<T> + Extend<T>> Visitor<'a> for ListVisitor<L, T> {
    type Value = L;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<L, A::Error> {
        // Most lists of a large file have one item, and a list that grows begins with room for four.
        let mut values = L::from_iter(seq.next_element_seed(Seed::new())?);
        while let Some(value) = seq.next_element_seed(Seed::new())? {
            values.extend(Some(value));
        }
        Ok(values)
    }
}

impl<'a, T: Value<'a>> Value<'a> for Vec<T> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor::<Self, T>(PhantomData))
    }

    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
        let mut values = Vec::new();
        for element in elements(raw, '[', damage)? {
            let before = damage.flaws.len();
            match take(element, damage) {
                Some(value) => values.push(value),
                None if damage.flaws.len() == before => {
                    damage.lacks_items = true;
                    damage.keep(element, "an item of a list cannot be read".to_owned());
                }
                None => {}
            }
        }
        Some(values)
    }
}

/// A list that mostly has one item, which takes no room elsewhere.
pub(super) type Few<T> = SmallVec<[T; 1]>;

impl<'a, T: Value<'a>> Value<'a> for Few<T> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor::<Self, T>(PhantomData))
    }

    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
        Vec::lenient(raw, damage).map(Self::from_vec)
    }
}

/// Two values in brackets.
struct PairVisitor<A, B>(PhantomData<(A, B)>);

impl<'a, A: Value<'a>, B: Value<'a>> Visitor<'a> for PairVisitor<A, B> {
    type Value = (A, B);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("two values")
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut seq: S) -> Result<(A, B), S::Error> {
        let short = |n| S::Error::invalid_length(n, &self);
        let first = seq
            .next_element_seed(Seed::new())?
            .ok_or_else(|| short(0))?;
        let second = seq
            .next_element_seed(Seed::new())?
            .ok_or_else(|| short(1))?;
        Ok((first, second))
    }
}

macro_rules! pair {
    ($($A:ty, $B:ty;)*) => {
        $(impl<'a> Value<'a> for ($A, $B) {
            fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_tuple(2, PairVisitor::<$A, $B>(PhantomData))
            }

            fn lenient(_: &'a str, _: &mut Damage<'a>) -> Option<Self> {
                None
            }
        })*
    };
}

pair! {
    Str<'a>, Str<'a>;
    String, String;
    ArticleId, AnnotationId;
    Str<'a>, Box<super::record::AnnotationRecord<'a>>;
}

/// One value in brackets of its own.
pub(super) struct One<T>(pub(super) T);

impl<'a, T: Value<'a>> Value<'a> for One<T> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneVisitor<T>(PhantomData<T>);

        impl<'a, T: Value<'a>> Visitor<'a> for OneVisitor<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value in brackets")
            }

            fn visit_seq<S: SeqAccess<'a>>(self, mut seq: S) -> Result<T, S::Error> {
                let value = seq.next_element_seed(Seed::new())?;
                value.ok_or_else(|| S::Error::invalid_length(0, &self))
            }
        }

        let value = deserializer.deserialize_tuple(1, OneVisitor(PhantomData));
        value.map(Self)
    }

    fn lenient(_: &'a str, _: &mut Damage<'a>) -> Option<Self> {
        None
    }
}

/// Names and values. A name that stands there twice with two values is an error: one would be lost.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Map<'a, T>(pub(super) BTreeMap<Str<'a>, T>);

impl<T> Default for Map<'_, T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'a, T> std::ops::Deref for Map<'a, T> {
    type Target = BTreeMap<Str<'a>, T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> std::ops::DerefMut for Map<'_, T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

struct MapVisitor<'a, T>(PhantomData<(&'a str, T)>);

impl<'a, T: Value<'a> + PartialEq> Visitor<'a> for MapVisitor<'a, T> {
    type Value = Map<'a, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Map<'a, T>, A::Error> {
        let mut values = BTreeMap::new();
        while let Some((name, value)) =
            map.next_entry_seed(Seed::<Str<'a>>::new(), Seed::<T>::new())?
        {
            if values.get(&name).is_some_and(|known| *known != value) {
                return Err(A::Error::custom(format!(
                    "“{}” stands there twice",
                    name.as_str()
                )));
            }
            values.insert(name, value);
        }
        Ok(Map(values))
    }
}

impl<'a, T: Value<'a> + PartialEq> Value<'a> for Map<'a, T> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData))
    }

    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
        let mut values = BTreeMap::new();
        for element in elements(raw, '{', damage)? {
            damage.lacks_items |= !element.starts_with(['"', 'r']);
            let pair = split_at_colon(element).and_then(|(name, value)| {
                let name: Str<'a> = ron::from_str(name).ok()?;
                if values.contains_key(&name) {
                    return None;
                }
                Some((name, take(value, damage)?))
            });
            match pair {
                Some((name, value)) => {
                    values.insert(name, value);
                }
                None => damage.keep(
                    element,
                    format!("{} cannot be read", super::article::excerpt(element)),
                ),
            }
        }
        Some(Self(values))
    }
}
