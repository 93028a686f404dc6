//! A codebook as readers find it in a file, and what they share while they make one.
//!
//! Whatever a file says, the codebook that comes of it can be used: names and keys are there once,
//! nothing is a kind of itself. What was changed for that, and what a codebook has no place for, is
//! told.

use crate::core::check::{Problem, STAYS};
use crate::core::codebook::{AttributeSpec, Codebook, Label, LinkRole, SharedCodebook, key_text};
use crate::core::ids::{FreshIds, LabelId};
use crate::format::reading::Refusal;
use std::collections::{BTreeMap, HashMap};

/// The largest file that is read as a codebook, but for projects.
pub const MAX_CODEBOOK_BYTES: u64 = 16 << 20;
/// The most labels that a codebook may have.
pub const MAX_LABELS: usize = 10_000;
/// The most attributes, and the most link roles, of a label.
const MAX_OF_LABEL: usize = 1_000;
/// The most options of an attribute.
const MAX_OPTIONS: usize = 10_000;
/// The most attributes and links that lines about many labels become.
const MAX_PARTS: usize = 200_000;
/// The most problems of a kind that are told one by one.
const MAX_TOLD: usize = 20;
/// The remedy for what a codebook has no place for.
pub(crate) const LEFT_OUT: &str = "it is left out";

/// A codebook that was found in a file.
#[derive(Debug, Default, PartialEq)]
pub struct FoundCodebook {
    pub shared: SharedCodebook,
    /// What kind of file it is.
    pub kind: &'static str,
    /// The file has no place for all that a codebook says: what it does not say means nothing.
    pub is_partial: bool,
    pub problems: Vec<Problem>,
}

impl FoundCodebook {
    /// Makes what was read one that can be used.
    pub(crate) fn settled(mut self) -> Result<Self, Refusal> {
        let labels = self.shared.codebook.labels.len();
        if labels > MAX_LABELS {
            return Err(Refusal::new(format!(
                "it has {labels} labels; the limit is {MAX_LABELS}"
            )));
        }
        for label in &self.shared.codebook.labels {
            let options = label
                .attributes
                .iter()
                .map(|spec| spec.kind.options().len());
            let parts = [
                (label.attributes.len(), MAX_OF_LABEL, "attributes"),
                (label.link_roles.len(), MAX_OF_LABEL, "link roles"),
                (
                    options.max().unwrap_or(0),
                    MAX_OPTIONS,
                    "options of an attribute",
                ),
            ];
            for (count, limit, what) in parts {
                if count > limit {
                    let id = &label.id;
                    let told = format!("the label “{id}” has {count} {what}; the limit is {limit}");
                    return Err(Refusal::new(told));
                }
            }
        }
        let mended = self.shared.codebook.mend();
        let more = mended.len().saturating_sub(MAX_TOLD);
        for (label, what) in mended.into_iter().take(MAX_TOLD) {
            let place = format!("label “{label}”");
            self.problems
                .push(Problem::warning(place, what, "it was mended"));
        }
        if more > 0 {
            let what = format!("{more} more places like these were mended");
            self.problems
                .push(Problem::warning("", what, "they were mended"));
        }
        Ok(self)
    }
}

/// A codebook in the making, of a file that has no place for all that one says.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) labels: Vec<Label>,
    ids: FreshIds,
    /// By what they are: how many, and where the first is.
    left_out: BTreeMap<String, (usize, String)>,
    problems: Vec<Problem>,
    told: usize,
    /// Attributes and links, with their options and targets.
    parts: usize,
}

impl Draft {
    /// Adds a label; the id is another one when it is taken. Its place in `labels`.
    pub(crate) fn add(
        &mut self,
        id: &str,
        name: &str,
        parent: Option<usize>,
    ) -> Result<usize, Refusal> {
        if self.labels.len() >= MAX_LABELS {
            return Err(Refusal::new(format!(
                "it has more than {MAX_LABELS} labels"
            )));
        }
        let wanted = if id.is_empty() { "label" } else { id };
        let id = LabelId::new(self.ids.take(wanted));
        let parent = parent.and_then(|at| self.labels.get(at));
        let parent = parent.map(|label| label.id.clone());
        self.labels.push(Label {
            parent,
            ..Label::new(id.as_str(), name, Label::GREY)
        });
        Ok(self.labels.len() - 1)
    }

    pub(crate) fn at(&mut self, at: usize) -> Option<&mut Label> {
        self.labels.get_mut(at)
    }

    /// Counts something that a codebook has no place for.
    pub(crate) fn leave_out(&mut self, what: impl Into<String>, place: impl Into<String>) {
        self.leave_out_at(what, || place.into());
    }

    /// The same, where a place is dear.
    pub(crate) fn leave_out_at(&mut self, what: impl Into<String>, place: impl FnOnce() -> String) {
        let (count, _) = self
            .left_out
            .entry(what.into())
            .or_insert_with(|| (0, place()));
        *count += 1;
    }

    /// Tells of something odd, as long as there are few such things.
    pub(crate) fn tell(&mut self, place: impl FnOnce() -> String, what: impl Into<String>) {
        if self.told < MAX_TOLD {
            self.problems.push(Problem::warning(place(), what, STAYS));
        }
        self.told += 1;
    }

    /// Gives a label an attribute, unless it has one of the name; whether it does.
    pub(crate) fn add_attribute(&mut self, at: usize, spec: &AttributeSpec) -> bool {
        let Some(label) = self.labels.get_mut(at) else {
            return false;
        };
        let may = label.attribute(&spec.name).is_none() && label.attributes.len() < MAX_OF_LABEL;
        if may {
            label.attributes.push(spec.clone());
        }
        may
    }

    /// Gives a label a link role; one that it has accepts the same, too.
    pub(crate) fn add_role(&mut self, at: usize, role: &LinkRole) -> bool {
        let Some(label) = self.labels.get_mut(at) else {
            return false;
        };
        let is_full = label.link_roles.len() >= MAX_OF_LABEL;
        let known = label
            .link_roles
            .iter_mut()
            .find(|known| known.name == role.name);
        match known {
            Some(known) => known.accept_also(role),
            None if is_full => return false,
            None => label.link_roles.push(role.clone()),
        }
        true
    }

    /// Whether a line that stands for so many attributes or links may still be taken.
    pub(crate) fn may_add(&mut self, parts: usize, place: impl FnOnce() -> String) -> bool {
        let all = self.parts.saturating_add(parts);
        let may = all <= MAX_PARTS;
        if may {
            self.parts = all;
        } else {
            self.leave_out_at("parts beyond what one codebook may hold", place);
        }
        may
    }

    /// Gives keys to labels as far as they are free and keys at all.
    pub(crate) fn give_keys(&mut self, wanted: &[(usize, String)]) {
        let mut taken: HashMap<char, String> = HashMap::new();
        for (at, key) in wanted {
            let mut letters = key.chars();
            let only = letters
                .next()
                .filter(|c| letters.next().is_none() && c.is_alphanumeric());
            let Some(label) = self.labels.get_mut(*at) else {
                continue;
            };
            let Some(only) = only else {
                let place = format!("label “{}”", label.id);
                self.leave_out("keys that are no single letter or digit", place);
                continue;
            };
            if let Some(other) = taken.get(&only) {
                let what = format!(
                    "the key {} belongs to “{other}”; it has none",
                    key_text(only)
                );
                let place = format!("label “{}”", label.id);
                self.tell(|| place, what);
            } else {
                taken.insert(only, label.id.to_string());
                label.key = Some(only);
            }
        }
    }

    pub(crate) fn finish(
        mut self,
        kind: &'static str,
        name: &str,
    ) -> Result<FoundCodebook, Refusal> {
        if self.labels.is_empty() {
            return Err(Refusal::new(format!("there is no label in this {kind}")));
        }
        if self.told > MAX_TOLD {
            let more = self.told - MAX_TOLD;
            let what = format!("{more} more things like these are odd");
            self.problems.push(Problem::warning("", what, STAYS));
        }
        for (what, (count, place)) in std::mem::take(&mut self.left_out) {
            let place = if count > 1 {
                format!("{place} and others")
            } else {
                place
            };
            let what = format!("{count} × {what}: a codebook has no place for this");
            self.problems.push(Problem::warning(place, what, LEFT_OUT));
        }
        FoundCodebook {
            shared: SharedCodebook {
                name: name.to_owned(),
                codebook: Codebook::of(self.labels),
                ..SharedCodebook::default()
            },
            kind,
            is_partial: true,
            problems: self.problems,
        }
        .settled()
    }
}
