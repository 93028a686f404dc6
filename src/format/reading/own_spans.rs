//! Pressmark's own annotations in formats that know flat features and single stretches: what their
//! features are called, and fragments back to annotations.
//!
//! Offsets are in the unit of the format.

use crate::core::annotation::AttributeValue;
use crate::format::reading::{FoundAnnotation, FoundFragment};
use crate::format::time::timestamp_from;
use crate::format::words::layers::TAKEN;
use crate::format::words::names::attributes;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A fragment with what its features say.
#[derive(Default)]
pub(crate) struct OwnSpan {
    pub(crate) found: FoundAnnotation,
    /// The annotation's id, which all of its fragments have.
    pub(crate) id: String,
    /// `2/3`; empty for the only one.
    pub(crate) fragment: String,
}

impl OwnSpan {
    /// Takes a feature that is not an attribute in any format; answers whether it was one.
    pub(crate) fn take(&mut self, name: &str, value: &str) -> bool {
        let time = timestamp_from(value);
        match name {
            "note" => value.clone_into(&mut self.found.note),
            "annotator" => value.clone_into(&mut self.found.annotator),
            "fragment" => value.clone_into(&mut self.fragment),
            "created" if time.is_some() => self.found.made = time,
            "changed" if time.is_some() => self.found.changed = time,
            _ => return false,
        }
        true
    }

    pub(crate) fn take_attribute(&mut self, name: &str, value: &str) {
        let value = AttributeValue::Text(value.to_owned());
        self.found.attributes.insert(name.to_owned(), value);
    }

    /// An annotation of the layer [`crate::format::words::layers::SPAN`]. `names` are attributes by their features.
    pub(crate) fn of_layer<'f>(
        range: Range<usize>,
        features: impl Iterator<Item = (&'f str, &'f str)>,
        names: &HashMap<String, String>,
    ) -> Self {
        let mut own = Self::default();
        own.found.fragments.push(FoundFragment::at(range));
        "MediaSpan".clone_into(&mut own.found.label);
        for (name, value) in features {
            match name {
                "label" if value.is_empty() => {}
                "label" => value.clone_into(&mut own.found.label),
                "annotationId" => value.clone_into(&mut own.id),
                "begin" | "end" | "sofa" => {}
                _ if own.take(name, value) => {}
                _ => {
                    let told = names.get(name).map(String::as_str);
                    own.take_attribute(
                        told.unwrap_or_else(|| attributes(&TAKEN).plain(name)),
                        value,
                    );
                }
            }
        }
        own
    }
}

/// Fragments to annotations.
#[derive(Default)]
pub(crate) struct Joining {
    heads: HashMap<String, usize>,
    seen: HashSet<(String, usize)>,
}

impl Joining {
    /// Adds a fragment to its annotation, or as a new one; answers where that stands. One whose id
    /// is that of another annotation keeps the id that it was found with.
    pub(crate) fn add(&mut self, annotations: &mut Vec<FoundAnnotation>, own: OwnSpan) -> usize {
        let OwnSpan {
            mut found,
            id,
            fragment,
        } = own;
        let ordinal = fragment
            .split('/')
            .next()
            .and_then(|n| n.trim().parse().ok());
        let ordinal: usize = ordinal.unwrap_or(0);
        if !id.is_empty() && self.seen.insert((id.clone(), ordinal)) {
            let head = self.heads.get(&id).copied();
            match head.and_then(|at| Some((at, annotations.get_mut(at)?))) {
                Some((at, head))
                    if ordinal > 0
                        && head.label == found.label
                        && head.annotator == found.annotator =>
                {
                    head.fragments.append(&mut found.fragments);
                    head.fragments
                        .sort_by_key(|f| f.offsets.as_ref().map_or(usize::MAX, |o| o.start));
                    head.made = head.made.or(found.made);
                    head.changed = head.changed.or(found.changed);
                    if head.note.is_empty() {
                        head.note = found.note;
                    }
                    for (name, value) in found.attributes {
                        head.attributes.entry(name).or_insert(value);
                    }
                    return at;
                }
                Some(_) => {}
                None => {
                    self.heads.insert(id.clone(), annotations.len());
                    found.id = id;
                }
            }
        }
        annotations.push(found);
        annotations.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_of_one_annotation_come_together() {
        let mut annotations = Vec::new();
        let mut joining = Joining::default();
        let mut add = |found_id: &str, at: usize, features: &[(&str, &str)]| {
            let names = HashMap::from([("odd_name".to_owned(), "odd name".to_owned())]);
            let mut own = OwnSpan::of_layer(at..at + 1, features.iter().copied(), &names);
            own.found.id = found_id.to_owned();
            joining.add(&mut annotations, own)
        };
        let id = |id| ("annotationId", id);
        let label = ("label", "quote");
        // The later fragment first, as another program may have sorted them.
        assert_eq!(add("1", 6, &[id("a"), label, ("fragment", "2/2")]), 0);
        let first = [
            id("a"),
            label,
            ("fragment", "1/2"),
            ("odd_name", ""),
            ("note", "n"),
        ];
        assert_eq!(add("2", 2, &first), 0);
        // A copy that somebody made, one with another label, one without an id.
        assert_eq!(add("3", 8, &[id("a"), label, ("fragment", "2/2")]), 1);
        assert_eq!(
            add("4", 8, &[id("a"), ("label", "cue"), ("fragment", "3")]),
            2
        );
        assert_eq!(
            add(
                "5",
                9,
                &[label, ("attribute_class", "x"), ("created", "once")]
            ),
            3
        );
        let told: Vec<String> = annotations
            .iter()
            .map(|a| {
                let starts = a.fragments.iter();
                let starts: Vec<usize> = starts.map(|f| f.offsets.clone().unwrap().start).collect();
                let names: Vec<&String> = a.attributes.keys().collect();
                format!("{} {} {starts:?} {names:?} {}", a.id, a.label, a.note)
            })
            .collect();
        assert_eq!(
            told,
            [
                "a quote [2, 6] [\"odd name\"] n",
                "3 quote [8] [] ",
                "4 cue [8] [] ",
                "5 quote [9] [\"class\", \"created\"] ",
            ]
        );
    }
}
