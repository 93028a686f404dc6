//! The stretches that an annotation covers. Most cover one, which stands in the value itself.

use crate::core::text::ByteRange;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Ranges as a slice; none only while an annotation has no place.
#[derive(Clone)]
pub struct Fragments(Repr);

#[derive(Clone)]
enum Repr {
    One(ByteRange),
    Several(Box<[ByteRange]>),
}

impl Fragments {
    pub fn as_slice(&self) -> &[ByteRange] {
        match &self.0 {
            Repr::One(range) => std::slice::from_ref(range),
            Repr::Several(ranges) => ranges,
        }
    }
}

impl From<ByteRange> for Fragments {
    fn from(range: ByteRange) -> Self {
        Self(Repr::One(range))
    }
}

impl From<Vec<ByteRange>> for Fragments {
    fn from(ranges: Vec<ByteRange>) -> Self {
        match ranges.as_slice() {
            [range] => (*range).into(),
            _ => Self(Repr::Several(ranges.into())),
        }
    }
}

impl FromIterator<ByteRange> for Fragments {
    fn from_iter<I: IntoIterator<Item = ByteRange>>(ranges: I) -> Self {
        Vec::from_iter(ranges).into()
    }
}

impl std::ops::Deref for Fragments {
    type Target = [ByteRange];

    fn deref(&self) -> &[ByteRange] {
        self.as_slice()
    }
}

impl std::ops::DerefMut for Fragments {
    fn deref_mut(&mut self) -> &mut [ByteRange] {
        match &mut self.0 {
            Repr::One(range) => std::slice::from_mut(range),
            Repr::Several(ranges) => ranges,
        }
    }
}

impl<'a> IntoIterator for &'a Fragments {
    type Item = &'a ByteRange;
    type IntoIter = std::slice::Iter<'a, ByteRange>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Fragments {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl std::fmt::Debug for Fragments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_slice().fmt(f)
    }
}

impl Serialize for Fragments {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fragments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

/// Sorts fragments and joins those that overlap or touch.
pub fn merge_fragments(mut fragments: Vec<ByteRange>) -> Fragments {
    fragments.sort();
    let mut merged: Vec<ByteRange> = Vec::with_capacity(fragments.len());
    for fragment in fragments {
        match merged.last_mut() {
            Some(last) if fragment.start <= last.end => *last = last.union(fragment),
            _ => merged.push(fragment),
        }
    }
    merged.into()
}
