//! The lists of a project: shared by snapshots, and changed many times over before anyone reads them
//! as a whole.
//!
//! Putting one item into a plain list moves all that stand after it, so that a bulk step would cost
//! the square of its length. After a few changes the list is held in short pieces instead.

use std::ops::Deref;
use std::sync::Arc;

/// How many items a piece has when the list is cut up; at most twice as many later.
const PIECE: usize = if cfg!(test) { 4 } else { 512 };

/// So many changes are made before cutting up pays.
const FEW: usize = if cfg!(test) { 2 } else { 16 };

/// A list as it stands in a project. Whoever changes it opens it, and closes it when all is done:
/// meanwhile it reads as empty.
#[derive(Clone, Debug)]
pub struct List<T> {
    items: Arc<Vec<T>>,
    open: Option<LongList<T>>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self {
            items: Arc::new(items),
            open: None,
        }
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<T: Clone> List<T> {
    pub(super) fn open(&mut self) -> &mut LongList<T> {
        let items = &mut self.items;
        self.open
            .get_or_insert_with(|| LongList::new(std::mem::take(Arc::make_mut(items))))
    }

    /// Says whether it was open.
    pub(super) fn close(&mut self) -> bool {
        let open = self.open.take();
        let was_open = open.is_some();
        if let Some(open) = open {
            self.items = Arc::new(open.into_vec());
        }
        was_open
    }
}

#[derive(Clone, Debug)]
pub(super) struct LongList<T> {
    /// At least one; only the one piece of an uncut list is long.
    pieces: Vec<Vec<T>>,
    len: usize,
    changes: usize,
}

impl<T: Clone> LongList<T> {
    pub(super) fn new(list: Vec<T>) -> Self {
        Self {
            len: list.len(),
            pieces: vec![list],
            changes: 0,
        }
    }

    pub(super) fn into_vec(mut self) -> Vec<T> {
        match self.pieces.len() {
            1 => self.pieces.pop().unwrap_or_default(),
            _ => self.pieces.into_iter().flatten().collect(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flatten()
    }

    pub(super) fn get(&self, at: usize) -> Option<&T> {
        let (piece, at) = self.locate(at);
        self.pieces.get(piece)?.get(at)
    }

    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        let (piece, at) = self.locate(at);
        self.pieces.get_mut(piece)?.get_mut(at)
    }

    /// Puts items at their places; places count in the list as it is afterwards. Says where they
    /// came to stand: a place beyond the end is the end.
    pub(super) fn insert_all(&mut self, added: &[(usize, T)]) -> Vec<usize> {
        if self.is_better_merged(added.len()) {
            return self.merge(added);
        }
        let mut places = Vec::with_capacity(added.len());
        let mut next = 0;
        for (place, item) in added {
            let at = (*place).max(next).min(self.len);
            self.insert(at, item.clone());
            places.push(at);
            next = at + 1;
        }
        places
    }

    /// Takes out the items at these rising places, each with its place; changes nothing and gives
    /// `None` when they do not rise or lie outside the list.
    pub(super) fn remove_all(&mut self, places: &[usize]) -> Option<Vec<(usize, T)>> {
        if !rises(places) || places.last().is_some_and(|&last| last >= self.len) {
            return None;
        }
        if self.is_better_merged(places.len()) {
            return Some(self.split(places));
        }
        let mut removed = Vec::with_capacity(places.len());
        for &place in places.iter().rev() {
            removed.extend(self.remove(place).map(|item| (place, item)));
        }
        removed.reverse();
        Some(removed)
    }

    /// Whether so many changes at once are worth a pass over the whole list.
    fn is_better_merged(&self, changes: usize) -> bool {
        changes > FEW && changes.saturating_mul(PIECE) > self.len
    }

    fn take(&mut self) -> Vec<T> {
        std::mem::replace(self, Self::new(Vec::new())).into_vec()
    }

    fn merge(&mut self, added: &[(usize, T)]) -> Vec<usize> {
        let mut merged = Vec::with_capacity(self.len + added.len());
        let mut places = Vec::with_capacity(added.len());
        let mut old = self.take().into_iter();
        for (place, item) in added {
            let upto = place.saturating_sub(merged.len());
            merged.extend(old.by_ref().take(upto));
            places.push(merged.len());
            merged.push(item.clone());
        }
        merged.extend(old);
        *self = Self::new(merged);
        places
    }

    fn split(&mut self, places: &[usize]) -> Vec<(usize, T)> {
        let mut removed = Vec::with_capacity(places.len());
        let mut kept = Vec::with_capacity(self.len - places.len());
        let mut places = places.iter().peekable();
        for (i, item) in self.take().into_iter().enumerate() {
            if places.next_if(|&&place| place == i).is_some() {
                removed.push((i, item));
            } else {
                kept.push(item);
            }
        }
        *self = Self::new(kept);
        removed
    }

    fn insert(&mut self, at: usize, item: T) {
        self.prepare(at);
        let (i, at) = self.locate(at);
        let is_cut = self.pieces.len() > 1;
        if let Some(piece) = self.pieces.get_mut(i) {
            piece.insert(at.min(piece.len()), item);
            self.len += 1;
            if is_cut && piece.len() > 2 * PIECE {
                let half = piece.split_off(PIECE);
                self.pieces.insert(i + 1, half);
            }
        }
    }

    fn remove(&mut self, at: usize) -> Option<T> {
        self.prepare(at);
        let (i, at) = self.locate(at);
        let piece = self.pieces.get_mut(i)?;
        let item = (at < piece.len()).then(|| piece.remove(at))?;
        self.len -= 1;
        if piece.is_empty() && self.pieces.len() > 1 {
            self.pieces.remove(i);
        }
        Some(item)
    }

    /// Cuts the list up when one change more, at this place, would move too much.
    fn prepare(&mut self, at: usize) {
        if self.pieces.len() > 1 || self.len - at.min(self.len) <= PIECE {
            return;
        }
        self.changes += 1;
        if self.changes > FEW {
            let mut whole = self.pieces.pop().unwrap_or_default();
            while whole.len() > PIECE {
                // From the end, so that nothing is moved twice.
                let last = (whole.len() - 1) / PIECE * PIECE;
                self.pieces.push(whole.split_off(last));
            }
            self.pieces.push(whole);
            self.pieces.reverse();
        }
    }

    /// Which piece holds a place, and where in it; the end lies in the last.
    fn locate(&self, mut at: usize) -> (usize, usize) {
        let last = self.pieces.len().saturating_sub(1);
        for (i, piece) in self.pieces.iter().enumerate() {
            if at < piece.len() || i == last {
                return (i, at);
            }
            at -= piece.len();
        }
        (last, at)
    }
}

/// Whether each place lies after the one before.
pub(super) fn rises(places: &[usize]) -> bool {
    places
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if a < b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// As a plain list, however it is held.
        #[test]
        fn it_is_a_list(
            start in 0usize..40,
            changes in prop::collection::vec((any::<bool>(), prop::collection::vec(0usize..60, 1..6)), 0..30),
        ) {
            let mut plain: Vec<usize> = (0..start).collect();
            let mut long = LongList::new(plain.clone());
            let mut item = 1_000;
            for (adds, places) in changes {
                if adds {
                    let added: Vec<(usize, usize)> = places.iter().map(|p| { item += 1; (*p, item) }).collect();
                    let mut stand = Vec::new();
                    let mut merged: Vec<usize> = Vec::new();
                    let mut old = plain.into_iter();
                    for (place, item) in &added {
                        while merged.len() < *place && let Some(next) = old.next() {
                            merged.push(next);
                        }
                        stand.push(merged.len());
                        merged.push(*item);
                    }
                    merged.extend(old);
                    plain = merged;
                    prop_assert_eq!(long.insert_all(&added), stand);
                } else {
                    let is_good = rises(&places) && places.iter().all(|p| *p < plain.len());
                    let taken: Vec<(usize, usize)> = places.iter().filter_map(|p| Some((*p, *plain.get(*p)?))).collect();
                    prop_assert_eq!(long.remove_all(&places), is_good.then_some(taken));
                    if is_good {
                        for place in places.iter().rev() {
                            plain.remove(*place);
                        }
                    }
                }
                prop_assert_eq!(long.iter().copied().collect::<Vec<_>>(), plain.clone());
                for at in 0..plain.len() + 2 {
                    prop_assert_eq!(long.get(at), plain.get(at));
                }
            }
            prop_assert_eq!(long.into_vec(), plain);
        }
    }
}
