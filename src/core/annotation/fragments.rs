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
        // Who has given the last may not be asked again: of several errors the first counts.
        let mut ranges = ranges.into_iter().fuse();
        match (ranges.next(), ranges.next()) {
            (Some(range), None) => range.into(),
            (first, second) => {
                let all = first.into_iter().chain(second).chain(ranges);
                all.collect::<Vec<_>>().into()
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::BytePos;

    #[test]
    fn as_many_as_there_are_until_the_first_error() {
        fn check(given: &[Result<u32, &str>], expected: Result<&[u32], &str>) {
            let range = |&start: &u32| ByteRange::new(BytePos(start), BytePos(start + 1));
            let ranges = given.iter().map(|start| start.as_ref().map(range));
            let read = ranges.collect::<Result<Fragments, _>>();
            let expected = expected.map(|starts| starts.iter().map(range).collect::<Vec<_>>());
            let read = read.map(|read| read.to_vec()).map_err(|error| *error);
            assert_eq!(read, expected, "{given:?}");
        }
        check(&[], Ok(&[]));
        check(&[Ok(3)], Ok(&[3]));
        check(&[Ok(3), Ok(5)], Ok(&[3, 5]));
        check(&[Ok(3), Ok(5), Ok(9), Ok(12)], Ok(&[3, 5, 9, 12]));
        check(&[Err("a"), Err("b")], Err("a"));
        check(&[Ok(3), Err("a"), Err("b")], Err("a"));
        check(&[Err("a"), Ok(3), Err("b")], Err("a"));
        check(&[Ok(3), Ok(5), Err("a"), Err("b")], Err("a"));
    }
}
