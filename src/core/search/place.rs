//! Where a hit lies: which annotations a condition means, and which stretches of a text they cover.
//!
//! The stretches of an article are put in order once for all of its hits. Knows no words.

use super::fold::folded;
use super::query::Dates;
use crate::core::annotation::{Annotation, AttributeValue, Timestamp};
use crate::core::article::Article;
use crate::core::ids::{AnnotatorId, LabelId, PersonId};
use crate::core::text::{BytePos, ByteRange};
use std::collections::{BTreeMap, BTreeSet};

/// Which annotations are meant; each list that is none asks nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Filter {
    pub(super) labels: Option<BTreeSet<LabelId>>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) annotators: Vec<BTreeSet<AnnotatorId>>,
    pub(super) notes: Vec<Vec<Value>>,
    pub(super) speakers: Vec<Speaker>,
    pub(super) made: Vec<Dates>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attribute {
    /// The names under which labels have it.
    pub(super) names: BTreeSet<String>,
    /// None for any value.
    pub(super) value: Option<Said>,
    pub(super) is_not: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    pub(super) text: Value,
    /// Who has this name.
    pub(super) people: BTreeSet<PersonId>,
}

/// Who speaks; nobody for anyone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Speaker {
    /// The names under which labels have people as attributes.
    pub(super) names: BTreeSet<String>,
    pub(super) said: Vec<Said>,
}

/// What a name or a field must say, folded. `*` stands for anything.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    /// Between the stars.
    pieces: Vec<String>,
    is_whole: bool,
}

impl Value {
    pub(super) fn new(text: &str, is_whole: bool) -> Self {
        let folded = folded(text.trim());
        Self {
            pieces: folded.split('*').map(str::to_owned).collect(),
            is_whole,
        }
    }

    /// Whether it is what a folded text says, or holds it.
    pub(super) fn fits(&self, text: &str) -> bool {
        let text = text.trim();
        let mut pieces = self.pieces.iter();
        let Some(first) = pieces.next() else {
            return true;
        };
        let mut rest = if self.is_whole {
            let Some(rest) = text.strip_prefix(first.as_str()) else {
                return false;
            };
            rest
        } else {
            let Some((_, rest)) = text.split_once(first.as_str()) else {
                return false;
            };
            rest
        };
        let mut last = None;
        for piece in pieces {
            if let Some(before) = last.replace(piece.as_str()) {
                let Some((_, behind)) = rest.split_once(before) else {
                    return false;
                };
                rest = behind;
            }
        }
        match last {
            None => !self.is_whole || rest.is_empty(),
            Some(last) if self.is_whole => rest.ends_with(last),
            Some(last) => rest.contains(last),
        }
    }
}

impl Filter {
    pub(super) fn takes_all(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn fits(&self, annotation: &Annotation) -> bool {
        self.labels
            .as_ref()
            .is_none_or(|labels| labels.contains(&annotation.label))
            && self
                .annotators
                .iter()
                .all(|all| all.contains(&annotation.annotator))
            && self
                .attributes
                .iter()
                .all(|attribute| attribute.fits(annotation))
            && self.notes.iter().all(|notes| {
                let note = annotation.note.trim();
                !note.is_empty() && (notes.is_empty() || any(notes, &folded(note)))
            })
            && self.speakers.iter().all(|speaker| speaker.fits(annotation))
            && self
                .made
                .iter()
                .all(|dates| annotation.made.is_some_and(|made| dates.hold(&day(made))))
    }
}

fn any(values: &[Value], text: &str) -> bool {
    values.iter().any(|value| value.fits(text))
}

impl Attribute {
    fn fits(&self, annotation: &Annotation) -> bool {
        let mut values = self
            .names
            .iter()
            .filter_map(|name| annotation.attributes.get(name));
        match &self.value {
            None => values.any(|value| !value.to_text().is_empty()),
            Some(said) => values.any(|value| said.fits(value)) != self.is_not,
        }
    }
}

impl Speaker {
    fn fits(&self, annotation: &Annotation) -> bool {
        let mut values = self
            .names
            .iter()
            .filter_map(|name| annotation.attributes.get(name));
        values.any(|value| {
            if self.said.is_empty() {
                !value.to_text().is_empty()
            } else {
                self.said.iter().any(|said| said.fits(value))
            }
        })
    }
}

impl Said {
    fn fits(&self, value: &AttributeValue) -> bool {
        match value {
            AttributeValue::Person(id) => self.people.contains(id),
            AttributeValue::Many(all) => all.iter().any(|one| self.text.fits(&folded(one))),
            other => self.text.fits(&folded(&other.to_text())),
        }
    }
}

impl Dates {
    /// Whether a day, as files have it, lies between them. A month ends with its last day.
    pub(super) fn hold(&self, day: &str) -> bool {
        let upto = |to: &String| day.get(..to.len()).unwrap_or(day) <= to.as_str();
        !day.is_empty()
            && self.from.as_ref().is_none_or(|from| day >= from.as_str())
            && self.to.as_ref().is_none_or(upto)
    }
}

/// The day of a moment, in UTC.
pub(super) fn day(moment: Timestamp) -> String {
    // Days since 1 March of year 0, in eras of 400 years, as calendars are computed.
    let days = moment.seconds().div_euclid(86_400) + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, turn) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + turn)
}

/// Stretches of a text, by where they begin.
#[derive(Default)]
pub(super) struct Cover {
    /// Each with the furthest end so far.
    rising: Vec<(BytePos, BytePos)>,
}

impl Cover {
    /// The parts of the annotations that are meant, but of one.
    pub(super) fn of(article: &Article, filter: &Filter, but: Option<&Annotation>) -> Self {
        let mut cover = Self::default();
        let mut furthest = BytePos(0);
        for entry in article.annotations.fragments() {
            if but.is_some_and(|but| but.id == entry.annotation.id)
                || !(filter.takes_all() || filter.fits(&entry.annotation))
            {
                continue;
            }
            furthest = furthest.max(entry.range.end);
            cover.rising.push((entry.range.start, furthest));
        }
        cover
    }

    /// Whether one of them holds all of a range.
    pub(super) fn holds(&self, range: ByteRange) -> bool {
        self.furthest(range.start, true) >= Some(range.end)
    }

    /// Whether one of them shares a character with a range.
    pub(super) fn touches(&self, range: ByteRange) -> bool {
        self.furthest(range.end, false) > Some(range.start)
    }

    /// The furthest end of those that begin before a place, or there.
    fn furthest(&self, at: BytePos, or_there: bool) -> Option<BytePos> {
        let upto = self
            .rising
            .partition_point(|(start, _)| *start < at || (or_there && *start == at));
        let last = upto.checked_sub(1).and_then(|last| self.rising.get(last))?;
        Some(last.1)
    }
}

/// Metadata by field, folded once.
pub(super) fn meta<'a>(metadata: &'a BTreeMap<String, String>, field: &str) -> Option<&'a str> {
    let value = metadata.get(field)?.trim();
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (1_715_385_599, "2024-05-10"),
            (4_102_444_799, "2099-12-31"),
        ] {
            assert_eq!(day(Timestamp::new(seconds)), expected);
        }
    }

    #[test]
    fn dates_hold_what_lies_between() {
        let dates = |from: &str, to: &str| Dates {
            from: (!from.is_empty()).then(|| from.to_owned()),
            to: (!to.is_empty()).then(|| to.to_owned()),
        };
        for (from, to, day, expected) in [
            ("2024-05", "2024-05", "2024-05-01", true),
            ("2024-05", "2024-05", "2024-05-31T12:00:00Z", true),
            ("2024-05", "2024-05", "2024-06-01", false),
            ("2024-05", "2024-05", "2024", false),
            ("2024", "2024", "2024", true),
            ("", "2023", "2023-12-31", true),
            ("", "2023", "2024-01-01", false),
            ("2024-02-10", "", "2024-02-09", false),
            ("2024-02-10", "", "2025", true),
            ("", "2024", "", false),
        ] {
            assert_eq!(dates(from, to).hold(day), expected, "{day} in {from}..{to}");
        }
    }
}
