//! Text positions as types, one per unit, so that no bare integer crosses a module as an offset.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// An offset in UTF-8 bytes.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct BytePos(pub u32);

/// An offset in Unicode code points: the unit of project files and datasets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CharPos(pub u32);

impl BytePos {
    pub fn as_usize(self) -> usize {
        self.0 as usize
    }
}

impl CharPos {
    pub fn as_usize(self) -> usize {
        self.0 as usize
    }
}

/// A half-open range of UTF-8 bytes; `start` is never after `end`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct ByteRange {
    pub start: BytePos,
    pub end: BytePos,
}

/// A half-open range of Unicode code points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CharRange {
    pub start: CharPos,
    pub end: CharPos,
}

impl From<(u32, u32)> for ByteRange {
    fn from((a, b): (u32, u32)) -> Self {
        Self::new(BytePos(a), BytePos(b))
    }
}

impl From<ByteRange> for (u32, u32) {
    fn from(range: ByteRange) -> Self {
        (range.start.0, range.end.0)
    }
}

impl ByteRange {
    /// The range between two positions, in whichever order they are given.
    pub fn new(a: BytePos, b: BytePos) -> Self {
        Self {
            start: a.min(b),
            end: a.max(b),
        }
    }

    pub fn empty(at: BytePos) -> Self {
        Self { start: at, end: at }
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn len(self) -> usize {
        (self.end.0 - self.start.0) as usize
    }

    pub fn as_usize(self) -> Range<usize> {
        self.start.as_usize()..self.end.as_usize()
    }

    pub fn contains(self, at: BytePos) -> bool {
        self.start <= at && at < self.end
    }

    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub fn intersects(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    pub fn union(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The part of `self` that lies in `other`; empty when they do not meet.
    pub fn clamp_to(self, other: Self) -> Self {
        let start = self.start.clamp(other.start, other.end);
        let end = self.end.clamp(other.start, other.end);
        Self {
            start,
            end: end.max(start),
        }
    }
}
