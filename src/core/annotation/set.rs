//! The annotations of one article: by id, by position, and in lanes.
//!
//! Answers "what is on this screen" and "what is under this position" without scanning all. The
//! by-position order and the lanes are derived and kept up to date by [`AnnotationSet::change`];
//! nothing but `core::edit` calls it on a project.

use super::Annotation;
use crate::core::compact::SmallMap;
use crate::core::ids::{AnnotationId, AnnotatorId, LabelId};
use crate::core::text::{BytePos, ByteRange};
use std::cmp::{Ordering, Reverse};
use std::collections::HashSet;
use std::sync::Arc;

mod lanes;

/// Fragments beyond this many layers share the last lane.
pub const MAX_LANES: u8 = 6;

/// Up to so many are put in or taken out one by one; more are merged in in one pass.
const FEW: usize = if cfg!(test) { 2 } else { 16 };

/// How many entries share one maximum of ends.
const BLOCK: usize = if cfg!(test) { 4 } else { 128 };

/// One fragment of one annotation, in text order.
#[derive(Clone, Debug)]
pub struct FragmentEntry {
    pub range: ByteRange,
    /// Which fragment of its annotation, from 0.
    pub fragment: u32,
    /// Which underline it gets; overlapping fragments of one annotator differ.
    pub lane: u8,
    /// Whether its annotation leads to others: who looks for links must not follow the pointer.
    has_links: bool,
    /// Which annotator, as a number of this set: the sweep must not follow the pointer.
    layer: u16,
    pub annotation: Arc<Annotation>,
}

/// What is by one annotator.
#[derive(Clone, Copy, Debug)]
struct Layer {
    /// The number that is in `FragmentEntry::layer`.
    number: u16,
    annotations: usize,
}

#[derive(Clone, Debug, Default)]
pub struct AnnotationSet {
    /// Sorted by id.
    by_id: Vec<Arc<Annotation>>,
    /// Sorted by start, then longer first, then id.
    by_position: Vec<FragmentEntry>,
    /// The largest end in each block of `by_position`.
    block_ends: Vec<BytePos>,
    /// The annotators met so far.
    layers: SmallMap<AnnotatorId, Layer>,
    /// How many annotations each label has.
    label_counts: SmallMap<LabelId, usize>,
}

impl PartialEq for AnnotationSet {
    fn eq(&self, other: &Self) -> bool {
        self.by_id == other.by_id
    }
}

/// As its annotations, by id.
impl serde::Serialize for AnnotationSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.by_id.iter().map(AsRef::as_ref))
    }
}

impl<'de> serde::Deserialize<'de> for AnnotationSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let annotations = <Vec<Annotation> as serde::Deserialize>::deserialize(deserializer)?;
        match Self::from_annotations(annotations) {
            (set, doubles) if doubles.is_empty() => Ok(set),
            _ => Err(serde::de::Error::custom("two annotations have the same id")),
        }
    }
}

/// Text order. Looks at the annotation behind the pointer only when two ranges are the same.
fn text_order(a: &FragmentEntry, b: &FragmentEntry) -> Ordering {
    let by_range =
        (a.range.start, Reverse(a.range.end)).cmp(&(b.range.start, Reverse(b.range.end)));
    by_range.then_with(|| (&a.annotation.id, a.fragment).cmp(&(&b.annotation.id, b.fragment)))
}

impl AnnotationSet {
    /// Builds the set at once. Annotations with an id already seen are handed back.
    pub fn from_annotations(
        annotations: impl IntoIterator<Item = Annotation>,
    ) -> (Self, Vec<Annotation>) {
        let annotations = annotations.into_iter();
        // Collecting into a list would keep the room of the annotations for the pointers to them.
        let mut by_id = Vec::with_capacity(annotations.size_hint().0);
        by_id.extend(annotations.map(Arc::new));
        by_id.sort_by(|a, b| a.id.cmp(&b.id));
        let mut duplicates = Vec::new();
        by_id.dedup_by(|later, earlier| {
            let same = later.id == earlier.id;
            if same {
                duplicates.push(Annotation::clone(later));
            }
            same
        });
        (Self::of_sorted(by_id), duplicates)
    }

    /// The set of annotations that are sorted by id and differ in it.
    fn of_sorted(by_id: Vec<Arc<Annotation>>) -> Self {
        let mut set = Self::default();
        set.by_position.reserve(by_id.len());
        for annotation in &by_id {
            let entries = set.entries(annotation);
            set.by_position.extend(entries);
        }
        set.by_position.sort_unstable_by(text_order);
        set.by_id = by_id;
        set.derive();
        set
    }

    /// The set of annotations that may be shared with another set; ids seen twice are left out.
    pub fn from_shared(mut by_id: Vec<Arc<Annotation>>) -> Self {
        by_id.sort_by(|a, b| a.id.cmp(&b.id));
        by_id.dedup_by(|later, earlier| later.id == earlier.id);
        Self::of_sorted(by_id)
    }

    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    pub fn get(&self, id: &str) -> Option<&Arc<Annotation>> {
        self.index_of(id).ok().and_then(|i| self.by_id.get(i))
    }

    /// All annotations, by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Annotation>> + DoubleEndedIterator {
        self.by_id.iter()
    }

    /// All annotations in text order: by start, longer first.
    pub fn in_text_order(&self) -> impl DoubleEndedIterator<Item = &Arc<Annotation>> {
        self.by_position
            .iter()
            .filter(|entry| entry.fragment == 0)
            .map(|entry| &entry.annotation)
    }

    /// The same, of those that have links.
    pub fn with_links(&self) -> impl Iterator<Item = &Arc<Annotation>> {
        let first = |entry: &&FragmentEntry| entry.fragment == 0 && entry.has_links;
        let entries = self.by_position.iter().filter(first);
        entries.map(|entry| &entry.annotation)
    }

    /// How many annotations come before one in text order.
    pub fn place_in_text(&self, id: &str) -> Option<usize> {
        let before = self.by_position.get(..self.position_of(id)?)?;
        Some(before.iter().filter(|entry| entry.fragment == 0).count())
    }

    /// How many annotations have a label.
    pub fn count_of(&self, label: &LabelId) -> usize {
        self.label_counts.get(label.as_str()).copied().unwrap_or(0)
    }

    /// The labels that annotations have, each with how many.
    pub fn labels(&self) -> impl Iterator<Item = (&LabelId, usize)> {
        let counts = self.label_counts.iter();
        counts.map(|(label, n)| (label, *n)).filter(|(_, n)| *n > 0)
    }

    /// The annotators of annotations, each with how many.
    pub fn annotators(&self) -> impl Iterator<Item = (&AnnotatorId, usize)> {
        let layers = self.layers.iter();
        let counts = layers.map(|(annotator, layer)| (annotator, layer.annotations));
        counts.filter(|(_, n)| *n > 0)
    }

    /// Where the first fragment of an annotation stands among [`Self::fragments`].
    pub fn position_of(&self, id: &str) -> Option<usize> {
        let first = entries_of(self.get(id)?, 0).next()?;
        self.place_of(&first).ok()
    }

    /// Fragments in text order.
    pub fn fragments(&self) -> &[FragmentEntry] {
        &self.by_position
    }

    /// Fragments that share at least one byte with `range`, in text order.
    pub fn overlapping(&self, range: ByteRange) -> impl Iterator<Item = &FragmentEntry> {
        self.placed_in(range).map(|(_, entry)| entry)
    }

    /// The same, each with its place among [`Self::fragments`].
    pub fn placed_in(&self, range: ByteRange) -> impl Iterator<Item = (usize, &FragmentEntry)> {
        let upto = self
            .by_position
            .partition_point(|entry| entry.range.start < range.end);
        let blocks = self.by_position.get(..upto).unwrap_or(&[]).chunks(BLOCK);
        blocks
            .zip(&self.block_ends)
            .enumerate()
            .filter(move |(_, (_, end))| **end > range.start)
            .flat_map(|(n, (block, _))| (n * BLOCK..).zip(block))
            .filter(move |(_, entry)| entry.range.intersects(range))
    }

    /// Annotations with a fragment that holds the character after `at`, smallest first.
    pub fn at(&self, at: BytePos) -> Vec<&Arc<Annotation>> {
        let mut found: Vec<&Arc<Annotation>> = self
            .overlapping(ByteRange::new(at, BytePos(at.0.saturating_add(1))))
            .map(|entry| &entry.annotation)
            .collect();
        found.sort_by_key(|a| (a.covered_bytes(), a.id.clone()));
        found.dedup_by(|a, b| a.id == b.id);
        found
    }

    /// Gives each of these ids another value, or none. The ids rise.
    pub(in crate::core) fn change(
        &mut self,
        changes: Vec<(AnnotationId, Option<Arc<Annotation>>)>,
    ) {
        if changes.len() <= FEW {
            for (id, value) in changes {
                self.change_one(&id, value);
            }
        } else {
            self.change_many(changes);
            self.derive();
        }
    }

    fn change_one(&mut self, id: &AnnotationId, value: Option<Arc<Annotation>>) {
        let place = self.index_of(id.as_str());
        let old = match (place, &value) {
            (Ok(at), Some(new)) => self
                .by_id
                .get_mut(at)
                .map(|known| std::mem::replace(known, new.clone())),
            (Ok(at), None) => Some(self.by_id.remove(at)),
            (Err(at), Some(new)) => {
                self.by_id.insert(at, new.clone());
                None
            }
            (Err(_), None) => None,
        };
        if let (Some(old), Some(new)) = (&old, &value)
            && (&old.annotator, &old.fragments) == (&new.annotator, &new.fragments)
        {
            self.uncount(old);
            for entry in self.entries(new) {
                let place = self.place_of(&entry);
                if let Some(known) = place.ok().and_then(|at| self.by_position.get_mut(at)) {
                    known.has_links = !new.links.is_empty();
                    known.annotation = new.clone();
                }
            }
            return;
        }
        if let Some(old) = old {
            self.uncount(&old);
            for entry in entries_of(&old, 0) {
                self.take_out(&entry);
            }
        }
        if let Some(new) = value {
            for entry in self.entries(&new) {
                self.put_in(entry);
            }
        }
    }

    fn change_many(&mut self, changes: Vec<(AnnotationId, Option<Arc<Annotation>>)>) {
        let mut merged = Vec::with_capacity(self.by_id.len() + changes.len());
        let mut old = std::mem::take(&mut self.by_id).into_iter().peekable();
        let mut gone = HashSet::new();
        let mut added = Vec::new();
        for (id, value) in changes {
            while let Some(before) = old.next_if(|known| known.id < id) {
                merged.push(before);
            }
            if let Some(replaced) = old.next_if(|known| known.id == id) {
                if value
                    .as_ref()
                    .is_some_and(|new| Arc::ptr_eq(new, &replaced))
                {
                    merged.push(replaced);
                    continue;
                }
                self.uncount(&replaced);
                // Its entries hold it, so nothing else has its address yet.
                gone.insert(Arc::as_ptr(&replaced));
            }
            if let Some(new) = value {
                added.extend(self.entries(&new));
                merged.push(new);
            }
        }
        merged.extend(old);
        self.by_id = merged;
        if !gone.is_empty() {
            self.by_position
                .retain(|entry| !gone.contains(&Arc::as_ptr(&entry.annotation)));
        }
        added.sort_unstable_by(text_order);
        self.by_position.extend(added);
        // Two runs in order, which this sort merges in one pass.
        self.by_position.sort_by(text_order);
    }

    fn index_of(&self, id: &str) -> Result<usize, usize> {
        self.by_id.binary_search_by(|a| a.id.as_str().cmp(id))
    }

    /// Counts an annotation with its label and its annotator, whose layer it gives.
    fn count(&mut self, annotation: &Annotation) -> u16 {
        match self.label_counts.get_mut(annotation.label.as_str()) {
            Some(count) => *count += 1,
            None => {
                self.label_counts.insert(annotation.label.clone(), 1);
            }
        }
        if let Some(layer) = self.layers.get_mut(annotation.annotator.as_str()) {
            layer.annotations += 1;
            return layer.number;
        }
        let number = self.layers.len() as u16;
        let layer = Layer {
            number,
            annotations: 1,
        };
        self.layers.insert(annotation.annotator.clone(), layer);
        number
    }

    fn uncount(&mut self, annotation: &Annotation) {
        if let Some(count) = self.label_counts.get_mut(annotation.label.as_str()) {
            *count = count.saturating_sub(1);
        }
        if let Some(layer) = self.layers.get_mut(annotation.annotator.as_str()) {
            layer.annotations = layer.annotations.saturating_sub(1);
        }
    }

    /// Where an entry stands, or where it belongs.
    fn place_of(&self, entry: &FragmentEntry) -> Result<usize, usize> {
        self.by_position
            .binary_search_by(|other| text_order(other, entry))
    }

    /// The fragments of an annotation that comes in; it is counted with its label.
    fn entries<'a>(
        &mut self,
        annotation: &'a Arc<Annotation>,
    ) -> impl Iterator<Item = FragmentEntry> + use<'a> {
        let layer = self.count(annotation);
        entries_of(annotation, layer)
    }

    /// Makes anew what follows from the order: block ends and lanes. One pass over the fragments.
    fn derive(&mut self) {
        self.block_ends.clear();
        self.block_ends
            .extend(lanes::ends_of_blocks(&self.by_position));
        lanes::give_all(&mut self.by_position, self.layers.len());
    }

    fn put_in(&mut self, entry: FragmentEntry) {
        let (Ok(at) | Err(at)) = self.place_of(&entry);
        self.by_position.insert(at, entry);
        lanes::move_ends(&mut self.block_ends, &self.by_position, at, None);
        lanes::give_added(&mut self.by_position, &self.block_ends, at);
    }

    fn take_out(&mut self, entry: &FragmentEntry) {
        let Ok(at) = self.place_of(entry) else { return };
        let gone = self.by_position.remove(at);
        lanes::move_ends(
            &mut self.block_ends,
            &self.by_position,
            at,
            Some(gone.range),
        );
        lanes::give_others(&mut self.by_position, &self.block_ends, at, &gone);
    }
}

fn entries_of(annotation: &Arc<Annotation>, layer: u16) -> impl Iterator<Item = FragmentEntry> {
    annotation
        .fragments
        .iter()
        .enumerate()
        .map(move |(i, &range)| FragmentEntry {
            range,
            fragment: i as u32,
            lane: 0,
            has_links: !annotation.links.is_empty(),
            layer,
            annotation: annotation.clone(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::Link;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn annotation(id: usize, spans: &[(u32, u32)]) -> Annotation {
        let range = |&(a, b): &(u32, u32)| ByteRange::new(BytePos(a), BytePos(b));
        let mut made = Annotation::new(
            format!("t-{id:03}").as_str().into(),
            if id.is_multiple_of(5) { "u" } else { "t" }.into(),
            "quote".into(),
            range(&spans[0]),
        );
        made.fragments = super::super::merge_fragments(spans.iter().map(range).collect());
        made
    }

    fn spans() -> impl Strategy<Value = Vec<(u32, u32)>> {
        let length = prop_oneof![4 => 1u32..12, 4 => 1u32..40, 1 => 1u32..200];
        prop::collection::vec((0u32..200, length).prop_map(|(a, n)| (a, a + n)), 1..3)
    }

    proptest! {
        #[test]
        fn index_equals_scan_and_lanes_do_not_collide(
            start in prop::collection::vec(spans(), 0..40),
            edits in prop::collection::vec((0usize..40, spans(), 0u8..3), 0..20),
            at_once in 1usize..9,
            query in (0u32..220, 1u32..60),
        ) {
            let (mut set, duplicates) =
                AnnotationSet::from_annotations(start.iter().enumerate().map(|(i, s)| annotation(i, s)));
            prop_assert!(duplicates.is_empty());
            // One by one, or several at once.
            let mut model: BTreeMap<AnnotationId, Arc<Annotation>> =
                set.iter().map(|a| (a.id.clone(), a.clone())).collect();
            for edits in edits.chunks(at_once) {
                let mut changes = BTreeMap::new();
                for (i, s, what) in edits {
                    let mut new = annotation(*i, s);
                    let id = new.id.clone();
                    if let (2, Some(known)) = (what, model.get(&id)) {
                        new = Annotation::clone(known);
                        new.note = "changed".into();
                        new.links = match new.links.pop() {
                            Some(_) => Vec::new(),
                            None => vec![Link::new("source", "t-000".into())],
                        };
                    }
                    let value = (*what != 1).then_some(Arc::new(new));
                    match &value {
                        Some(new) => model.insert(id.clone(), new.clone()),
                        None => model.remove(&id),
                    };
                    changes.insert(id, value);
                }
                set.change(changes.into_iter().collect());
            }
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), model.values().collect::<Vec<_>>());
            let (fresh, _) = AnnotationSet::from_annotations(set.iter().map(|a| Annotation::clone(a)));
            let lanes = |set: &AnnotationSet| set.fragments().iter().map(|e| (e.range, e.lane, e.annotation.id.clone())).collect::<Vec<_>>();
            prop_assert_eq!(lanes(&set), lanes(&fresh));
            prop_assert_eq!(&set.block_ends, &fresh.block_ends);
            prop_assert_eq!(set.count_of(&"quote".into()), set.len());
            let counted = |mut counts: Vec<usize>| { counts.retain(|n| *n > 0); counts };
            let all = counted(vec![set.len()]);
            prop_assert_eq!(&counted(set.labels().map(|(_, n)| n).collect()), &all);
            prop_assert_eq!(set.annotators().map(|(_, n)| n).sum::<usize>(), set.len());
            for annotation in set.iter() {
                let at = set.position_of(annotation.id.as_str()).unwrap();
                prop_assert_eq!(&set.fragments()[at].annotation.id, &annotation.id);
                let place = set.in_text_order().position(|other| other.id == annotation.id);
                prop_assert_eq!(set.place_in_text(annotation.id.as_str()), place);
            }
            let linked = set.in_text_order().filter(|annotation| !annotation.links.is_empty());
            prop_assert_eq!(set.with_links().collect::<Vec<_>>(), linked.collect::<Vec<_>>());
            let range = ByteRange::new(BytePos(query.0), BytePos(query.0 + query.1));
            let found: Vec<_> = set.overlapping(range).map(|e| e.range).collect();
            let scanned: Vec<_> = set.fragments().iter().map(|e| e.range).filter(|r| r.intersects(range)).collect();
            prop_assert_eq!(found, scanned);
            for a in set.fragments() {
                for b in set.fragments() {
                    let different = a.annotation.id != b.annotation.id || a.fragment != b.fragment;
                    let different = different && a.annotation.annotator == b.annotation.annotator;
                    if different && a.lane == b.lane && a.lane + 1 < MAX_LANES {
                        prop_assert!(!a.range.intersects(b.range));
                    }
                }
            }
        }
    }

    #[test]
    fn a_set_keeps_no_room_to_spare() {
        let annotations: Vec<_> = (0..40).map(|n| annotation(n, &[(0, 9)])).collect();
        let (set, _) = AnnotationSet::from_annotations(annotations);
        assert_eq!((set.by_id.capacity(), set.by_position.capacity()), (40, 40));
    }

    #[test]
    fn what_lies_inside_is_nearest_to_the_words() {
        let (set, _) = AnnotationSet::from_annotations([
            annotation(1, &[(0, 100)]),
            annotation(2, &[(10, 60)]),
            annotation(3, &[(20, 30)]),
            annotation(4, &[(40, 50)]),
            annotation(5, &[(90, 120)]),
        ]);
        let lane = |n: usize| {
            let entry = set.fragments().get(n).unwrap();
            (entry.annotation.id.to_string(), entry.lane)
        };
        let lanes: Vec<_> = (0..5).map(lane).collect();
        let expected = [
            ("t-001", 2),
            ("t-002", 1),
            ("t-003", 0),
            ("t-004", 0),
            ("t-005", 0),
        ];
        assert_eq!(lanes, expected.map(|(id, lane)| (id.to_owned(), lane)));
    }

    #[test]
    fn smallest_first_under_a_position() {
        let (set, _) = AnnotationSet::from_annotations([
            annotation(1, &[(0, 100)]),
            annotation(2, &[(10, 20)]),
            annotation(3, &[(5, 50)]),
        ]);
        let ids: Vec<_> = set
            .at(BytePos(12))
            .iter()
            .map(|a| a.id.to_string())
            .collect();
        assert_eq!(ids, ["t-002", "t-003", "t-001"]);
    }
}
