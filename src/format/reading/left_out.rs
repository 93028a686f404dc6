//! What of a file does not become part of a project: how much, why, and which of it comes first.
//!
//! Readers say it here and nowhere else, so that the preview, the report, `--json` and the exit code
//! agree. Keeps invariant 7: nothing is dropped in silence. Knows no format.

use serde::{Deserialize, Serialize};

/// What can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Thing {
    Annotation,
    Link,
    /// An attribute, a note, or what else is said of an annotation.
    Detail,
    /// A row, a line or a record, with all that stands in it.
    Record,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    thing: Thing,
    /// “its offsets lie outside the text”.
    reason: String,
    count: usize,
    /// “annotation k of article o1”.
    first: Vec<String>,
    /// What is told when there is no other; empty for the usual.
    alone: String,
}

/// Counted by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    parts: Vec<Part>,
    /// What a remark of the reader tells already.
    told: usize,
}

/// Reasons are few, unless a file brings its own.
const MAX_REASONS: usize = 50;
const OTHER_REASONS: &str = "for further reasons";
/// So many are named of those that share a reason, and so much of each name.
const MAX_NAMED: usize = 3;
const MAX_NAME_CHARS: usize = 200;

impl LeftOut {
    /// `name` says which one it is.
    pub fn note(&mut self, thing: Thing, reason: &str, name: impl FnOnce() -> String) {
        self.note_several(thing, 1, reason, name);
    }

    /// Several at once, of which the first is named; nothing for none.
    pub fn note_several(
        &mut self,
        thing: Thing,
        count: usize,
        reason: &str,
        name: impl FnOnce() -> String,
    ) {
        if count > 0 {
            let name = || name().chars().take(MAX_NAME_CHARS).collect();
            self.put(thing, reason, count, String::new, || vec![name()]);
        }
    }

    /// One, with what is told of it as long as it shares its reason with no other.
    pub fn note_alone(
        &mut self,
        thing: Thing,
        reason: &str,
        alone: &str,
        name: impl FnOnce() -> String,
    ) {
        let name = || name().chars().take(MAX_NAME_CHARS).collect();
        self.put(thing, reason, 1, || alone.to_owned(), || vec![name()]);
    }

    /// Counts what a remark of the reader tells.
    pub fn count_told(&mut self, count: usize) {
        self.told += count;
    }

    pub fn add(&mut self, other: Self) {
        self.told += other.told;
        for part in other.parts {
            let (alone, first) = (part.alone, part.first);
            self.put(part.thing, &part.reason, part.count, || alone, || first);
        }
    }

    fn put(
        &mut self,
        thing: Thing,
        reason: &str,
        count: usize,
        alone: impl FnOnce() -> String,
        names: impl FnOnce() -> Vec<String>,
    ) {
        let find = |parts: &[Part], reason: &str| {
            let same = |part: &Part| part.thing == thing && part.reason == reason;
            parts.iter().position(same)
        };
        let (at, reason) = match find(&self.parts, reason) {
            None if self.parts.len() >= MAX_REASONS => {
                (find(&self.parts, OTHER_REASONS), OTHER_REASONS)
            }
            at => (at, reason),
        };
        if let Some(part) = at.and_then(|at| self.parts.get_mut(at)) {
            part.count += count;
            if part.first.len() < MAX_NAMED {
                part.first.extend(names());
                part.first.truncate(MAX_NAMED);
            }
            return;
        }
        self.parts.push(Part {
            thing,
            reason: reason.to_owned(),
            count,
            first: names(),
            alone: alone(),
        });
    }

    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    pub fn count(&self) -> usize {
        self.told + self.parts.iter().map(|part| part.count).sum::<usize>()
    }

    /// A line for each reason: “annotation k of article o1 left out: it marks no text”.
    pub fn remarks(&self) -> Vec<String> {
        self.parts.iter().map(Part::told).collect()
    }
}

impl Part {
    fn told(&self) -> String {
        let (count, reason) = (self.count, &self.reason);
        let names = self.first.join(", ");
        if count == 1 && !self.alone.is_empty() {
            return self.alone.clone();
        }
        if count == 1 {
            return format!("{names} left out: {reason}");
        }
        let things = match self.thing {
            Thing::Annotation => "annotations",
            Thing::Link => "links",
            Thing::Detail => "details of annotations",
            Thing::Record => "records",
        };
        let more = match count - self.first.len().min(count) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("{count} {things} left out: {reason} ({names}{more})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_counted_and_the_first_are_named() {
        let check = |ids: &[(&str, &str)], expected: &[&str]| {
            let (mut one, mut all) = (LeftOut::default(), LeftOut::default());
            for (id, reason) in ids {
                one.note(Thing::Annotation, reason, || format!("annotation {id}"));
                let mut other = LeftOut::default();
                other.note(Thing::Annotation, reason, || format!("annotation {id}"));
                all.add(other);
            }
            assert_eq!((one.count(), one.is_empty()), (ids.len(), ids.is_empty()));
            assert_eq!(one.remarks(), expected);
            assert_eq!(one, all);
        };
        check(&[], &[]);
        check(&[("k", "it is odd")], &["annotation k left out: it is odd"]);
        check(
            &[("a", "it is odd"), ("b", "why not"), ("c", "it is odd")],
            &[
                "2 annotations left out: it is odd (annotation a, annotation c)",
                "annotation b left out: why not",
            ],
        );
        check(
            &[("a", "x"), ("b", "x"), ("c", "x"), ("d", "x"), ("e", "x")],
            &["5 annotations left out: x (annotation a, annotation b, annotation c and 2 more)"],
        );
    }

    #[test]
    fn one_alone_is_told_in_full() {
        let mut all = LeftOut::default();
        let mut note = |id: &str| {
            let alone = format!("annotation {id} left out: characters 1 to 3 are none");
            all.note_alone(Thing::Annotation, "its characters are none", &alone, || {
                format!("annotation {id}")
            });
            all.remarks()
        };
        assert_eq!(
            note("k"),
            ["annotation k left out: characters 1 to 3 are none"]
        );
        assert_eq!(
            note("l"),
            ["2 annotations left out: its characters are none (annotation k, annotation l)"]
        );
    }

    #[test]
    fn a_file_cannot_bring_reasons_without_end() {
        let mut all = LeftOut::default();
        for n in 0..10_000 {
            let name = || "a".repeat(10_000);
            all.note_several(Thing::Link, 2, &format!("reason {n}"), name);
        }
        all.note_several(Thing::Record, 0, "none", String::new);
        all.count_told(1);
        assert_eq!(all.count(), 20_001);
        let told = all.remarks();
        assert_eq!(told.len(), MAX_REASONS + 1);
        assert!(told.join("").len() < 20_000);
    }
}
