//! Labels that are kinds of others. Whoever marks with a kind has marked with what it is a kind of, as
//! far as counts and filters go. A codebook whose chain of parents comes back to itself is refused by
//! `apply`; what is read from files or merged is mended first.

use super::{Codebook, Label};
use crate::core::ids::LabelId;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A label in the order in which the hierarchy is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which of `Codebook::labels`.
    pub at: usize,
    /// How many labels it is a kind of.
    pub depth: usize,
    pub has_kinds: bool,
}

impl Codebook {
    /// The labels above one, nearest first, as far as they lead without a circle.
    pub fn above<'a>(&'a self, id: &'a LabelId) -> impl Iterator<Item = &'a Label> {
        let parent_of = |id: &LabelId| self.label(id.as_str())?.parent.as_ref();
        let mut left = self.labels.len();
        std::iter::successors(parent_of(id), move |above| parent_of(above)).map_while(
            move |above| {
                left = left.checked_sub(1)?;
                self.label(above.as_str())
            },
        )
    }

    /// Whether a label is another one, or a kind of it.
    pub fn is_kind_of(&self, id: &LabelId, of: &LabelId) -> bool {
        id == of || self.above(id).any(|above| above.id == *of)
    }

    /// All labels, each behind what it is a kind of, in the order of the codebook. Those in a circle
    /// stand at the end, by themselves.
    pub fn in_order(&self) -> Vec<Placed> {
        let known: HashMap<&LabelId, usize> = self.labels.iter().map(|l| &l.id).zip(0..).collect();
        let mut kinds: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        for (at, label) in self.labels.iter().enumerate() {
            let parent = label.parent.as_ref();
            let parent = parent.and_then(|parent| known.get(parent)).copied();
            kinds.entry(parent).or_default().push(at);
        }
        let none = Vec::new();
        let of = |parent: Option<usize>| kinds.get(&parent).unwrap_or(&none).iter().rev();
        let mut order = Vec::with_capacity(self.labels.len());
        let mut seen = vec![false; self.labels.len()];
        let mut open: Vec<(usize, usize)> = of(None).map(|at| (*at, 0)).collect();
        while let Some((at, depth)) = open.pop() {
            if let Some(seen) = seen.get_mut(at) {
                *seen = true;
            }
            let has_kinds = kinds.contains_key(&Some(at));
            order.push(Placed {
                at,
                depth,
                has_kinds,
            });
            open.extend(of(Some(at)).map(|kind| (*kind, depth + 1)));
        }
        let rest = seen.iter().enumerate().filter(|(_, seen)| !**seen);
        order.extend(rest.map(|(at, _)| Placed {
            at,
            depth: 0,
            has_kinds: false,
        }));
        order
    }

    /// A label and all kinds of it.
    pub fn kinds_of(&self, id: &LabelId) -> HashSet<LabelId> {
        let order = self.in_order();
        let is_it = |placed: &Placed| self.labels.get(placed.at).is_some_and(|l| l.id == *id);
        let from = order.iter().position(is_it);
        let below = from.and_then(|from| order.get(from..)).unwrap_or(&[]);
        let depth = below.first().map_or(0, |placed| placed.depth);
        let kinds = below.iter().skip(1).take_while(|kind| kind.depth > depth);
        let kinds = kinds.filter_map(|kind| self.labels.get(kind.at));
        let ids = kinds.map(|label| label.id.clone());
        ids.chain([id.clone()]).collect()
    }

    /// What there is of each label and of the kinds of it together, by its place in `labels`.
    pub fn with_kinds(&self, own: impl Fn(&Label) -> usize) -> Vec<usize> {
        let mut sums: Vec<usize> = self.labels.iter().map(own).collect();
        let order = self.in_order();
        let mut above: Vec<Placed> = Vec::new();
        let parents = order.iter().map(|placed| {
            above.truncate(placed.depth);
            let parent = above.last().map(|parent| parent.at);
            above.push(*placed);
            (placed.at, parent)
        });
        let parents: Vec<(usize, Option<usize>)> = parents.collect();
        // Kinds stand behind what they are kinds of.
        for (at, parent) in parents.into_iter().rev() {
            let sum = sums.get(at).copied().unwrap_or_default();
            if let Some(total) = parent.and_then(|parent| sums.get_mut(parent)) {
                *total += sum;
            }
        }
        sums
    }

    /// A label that is a kind of itself, if there is one.
    pub fn in_circle(&self) -> Option<&Label> {
        let parents: HashMap<&LabelId, &LabelId> = self
            .labels
            .iter()
            .filter_map(|label| Some((&label.id, label.parent.as_ref()?)))
            .collect();
        // Labels that are known to lead out.
        let mut leads_out: HashSet<&LabelId> = HashSet::new();
        self.labels.iter().find(|label| {
            let mut path: HashSet<&LabelId> = HashSet::new();
            let mut at = &label.id;
            while let Some(&above) = parents.get(at) {
                if leads_out.contains(at) {
                    break;
                }
                if !path.insert(at) {
                    return true;
                }
                at = above;
            }
            leads_out.extend(path);
            false
        })
    }

    /// Takes parents away until no label is a kind of itself; which labels lost theirs.
    pub fn break_circles(&mut self) -> Vec<LabelId> {
        let mut broken = Vec::new();
        while let Some(id) = self.in_circle().map(|label| label.id.clone()) {
            let label = self.labels.iter_mut().find(|label| label.id == id);
            if let Some(label) = label {
                label.parent = None;
            }
            broken.push(id);
        }
        broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codebook(parents: &[(&str, &str)]) -> Codebook {
        let labels = parents.iter().map(|(id, parent)| Label {
            parent: (!parent.is_empty()).then(|| (*parent).into()),
            ..Label::new(id, id, 0)
        });
        Codebook::of(labels.collect())
    }

    #[test]
    fn kinds_stand_behind_what_they_are_kinds_of() {
        let check = |parents: &[(&str, &str)], expected: &str| {
            let codebook = codebook(parents);
            let order = codebook.in_order();
            let shown = order.iter().map(|placed| {
                let fold = if placed.has_kinds { "+" } else { "" };
                format!(
                    "{}{}{fold}",
                    "-".repeat(placed.depth),
                    codebook.labels[placed.at].id
                )
            });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected);
        };
        check(&[("a", ""), ("b", "")], "a b");
        check(
            &[("c", "b"), ("a", ""), ("b", "a"), ("d", "a"), ("e", "")],
            "a+ -b+ --c -d e",
        );
        check(&[("a", "gone"), ("b", "a")], "a+ -b");
        check(&[("a", "b"), ("b", "a"), ("c", "")], "c a b");
        check(&[("a", "a"), ("b", "a")], "a b");
        check(&[], "");
    }

    #[test]
    fn a_kind_counts_for_all_above_it() {
        let codebook = codebook(&[("a", ""), ("b", "a"), ("c", "b"), ("x", "y"), ("y", "x")]);
        let check = |id: &str, of: &str, expected: bool| {
            assert_eq!(
                codebook.is_kind_of(&id.into(), &of.into()),
                expected,
                "{id} {of}"
            );
        };
        check("c", "a", true);
        check("c", "c", true);
        check("a", "c", false);
        check("x", "y", true);
        check("x", "a", false);
        check("gone", "a", false);
    }

    #[test]
    fn what_there_is_of_kinds_is_counted_above() {
        let check = |parents: &[(&str, &str)], expected: &[usize]| {
            let codebook = codebook(parents);
            let own = |label: &Label| match label.id.as_str() {
                "a" => 1,
                "b" => 10,
                "c" => 100,
                _ => 1_000,
            };
            assert_eq!(codebook.with_kinds(own), expected, "{parents:?}");
            for (at, label) in codebook.labels.iter().enumerate() {
                let kinds = codebook.kinds_of(&label.id);
                let counted = codebook.labels.iter().filter(|l| kinds.contains(&l.id));
                assert_eq!(counted.map(own).sum::<usize>(), expected[at], "{label:?}");
            }
        };
        check(&[], &[]);
        check(&[("a", ""), ("b", "a"), ("c", "b")], &[111, 110, 100]);
        check(
            &[("c", "b"), ("b", "a"), ("a", ""), ("d", "a")],
            &[100, 110, 1_111, 1_000],
        );
        check(&[("a", "gone"), ("b", "a"), ("c", "")], &[11, 10, 100]);
        // Those in a circle count for themselves.
        check(&[("a", "b"), ("b", "a"), ("c", "")], &[1, 10, 100]);
        let alone = codebook(&[("a", "")]).kinds_of(&"gone".into());
        assert_eq!(alone, HashSet::from(["gone".into()]));
    }

    #[test]
    fn circles_are_found_and_broken() {
        let check = |parents: &[(&str, &str)], expected: &[&str]| {
            let mut codebook = codebook(parents);
            let broken = codebook.break_circles();
            let broken: Vec<&str> = broken.iter().map(LabelId::as_str).collect();
            assert_eq!(broken, expected);
            assert!(codebook.in_circle().is_none());
        };
        check(&[("a", ""), ("b", "a"), ("c", "b"), ("d", "gone")], &[]);
        check(&[("a", "a")], &["a"]);
        check(&[("x", "y"), ("y", "x")], &["x"]);
        // What hangs below a circle is in none once that is broken.
        check(
            &[("c", "x"), ("x", "y"), ("y", "x"), ("a", "b"), ("b", "a")],
            &["c", "x", "a"],
        );
        let many: Vec<(String, String)> = (0..2_000)
            .map(|n| (format!("l{n}"), format!("l{}", n + 1)))
            .collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        check(&many, &[]);
    }
}
