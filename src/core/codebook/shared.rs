//! A codebook as it is handed on, and what of one from outside cannot stand as it is.

use super::{Codebook, Label, LinkRole, MAX_NAME, folded_name, id_for, key_text};
use crate::core::ids::{FreshIds, LabelId};
use crate::core::kept::UnknownFields;
use std::collections::{HashMap, HashSet};

/// A codebook with its name, and where it is from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SharedCodebook {
    pub name: String,
    /// What it is for, in a line.
    pub about: String,
    /// Whose definitions it follows.
    pub source: String,
    pub codebook: Codebook,
    pub unknown: UnknownFields,
}

/// Told apart in all themes.
const COLORS: [u32; 12] = [
    0x1F6FB2, 0xB4531A, 0x8A3A8F, 0x2F7D4F, 0xA83253, 0x5B4DB2, 0x00796B, 0x9C5700, 0x4E7A27,
    0x3D6480, 0x8C2F2F, 0x6A5A1F,
];

impl Codebook {
    /// Gives labels without a colour one that few others have.
    pub fn color_the_grey(&mut self) {
        let mut used: HashMap<u32, usize> = COLORS.iter().map(|color| (*color, 0)).collect();
        for label in &self.labels {
            used.entry(label.color).and_modify(|n| *n += 1);
        }
        for label in self.labels.iter_mut().filter(|l| l.color == Label::GREY) {
            let of = |color: &u32| used.get(color).copied().unwrap_or(0);
            if let Some(color) = COLORS.into_iter().min_by_key(of) {
                label.color = color;
                used.entry(color).and_modify(|n| *n += 1);
            }
        }
    }

    /// Makes a codebook from outside one that can be used: ids, names and keys once each, nothing a
    /// kind of itself. What was changed, by the label and in words.
    pub fn mend(&mut self) -> Vec<(LabelId, String)> {
        let mut told = Vec::new();
        self.mend_ids(&mut told);
        self.mend_names(&mut told);
        self.mend_keys(&mut told);
        for label in &mut self.labels {
            mend_attributes(label, &mut told);
            mend_roles(label, &mut told);
        }
        let known: HashSet<LabelId> = self.labels.iter().map(|l| l.id.clone()).collect();
        for label in &mut self.labels {
            if let Some(parent) = label.parent.take_if(|parent| !known.contains(&*parent)) {
                let what = format!("it is a kind of “{parent}”, which is not there; it is of none");
                told.push((label.id.clone(), what));
            }
        }
        for id in self.break_circles() {
            told.push((id, "it was a kind of itself; it is of none".to_owned()));
        }
        told
    }

    fn mend_ids(&mut self, told: &mut Vec<(LabelId, String)>) {
        let mut ids = FreshIds::default();
        let mut known: HashSet<LabelId> = HashSet::new();
        let mut again = Vec::new();
        for (at, label) in self.labels.iter().enumerate() {
            if label.id.as_str().is_empty() || !known.insert(label.id.clone()) {
                again.push(at);
            }
            ids.see(label.id.as_str());
        }
        for at in again {
            let Some(label) = self.labels.get_mut(at) else {
                continue;
            };
            let wanted = match label.id.as_str() {
                "" => id_for(&label.name),
                id => id.to_owned(),
            };
            let id = LabelId::new(ids.take(&wanted));
            let why = match label.id.as_str() {
                "" => "it has no id".to_owned(),
                old => format!("another label has the id “{old}”"),
            };
            let what = format!("{why}; the id of “{}” is “{id}”", label.name);
            label.id = id.clone();
            told.push((id, what));
        }
    }

    fn mend_names(&mut self, told: &mut Vec<(LabelId, String)>) {
        for label in &mut self.labels {
            if folded_name(&label.name).is_empty() {
                label.name = label.id.to_string();
            }
        }
        let names: HashMap<LabelId, String> = self
            .labels
            .iter()
            .map(|label| (label.id.clone(), label.name.clone()))
            .collect();
        let mut taken: HashSet<String> = HashSet::new();
        for label in &mut self.labels {
            if let Some((end, _)) = label.name.char_indices().nth(MAX_NAME) {
                let whole = label.name.clone();
                label.name.truncate(end);
                label.definition = match label.definition.as_str() {
                    "" => whole,
                    definition => format!("{whole}\n{definition}"),
                };
                let what = format!(
                    "its name has more than {MAX_NAME} characters; the whole name stands before the definition"
                );
                told.push((label.id.clone(), what));
            }
            if taken.insert(folded_name(&label.name)) {
                continue;
            }
            let parent = label.parent.as_ref().and_then(|parent| names.get(parent));
            let within = parent.map(|parent| format!("{parent} > {}", label.name));
            let within = within.filter(|name| name.chars().count() <= MAX_NAME);
            let name = free_name(&label.name, within, |name| {
                taken.contains(&folded_name(name))
            });
            taken.insert(folded_name(&name));
            let what = format!("another label is called “{}”; it is “{name}”", label.name);
            label.name = name;
            told.push((label.id.clone(), what));
        }
    }

    fn mend_keys(&mut self, told: &mut Vec<(LabelId, String)>) {
        let mut keys: HashMap<char, LabelId> = HashMap::new();
        for label in &mut self.labels {
            let Some(key) = label.key else { continue };
            if let Some(other) = keys.get(&key) {
                label.key = None;
                let what = format!(
                    "the key {} belongs to “{other}”; it has none",
                    key_text(key)
                );
                told.push((label.id.clone(), what));
            } else {
                keys.insert(key, label.id.clone());
            }
        }
    }
}

/// A name that is free: as it is within another, or with a number.
pub(super) fn free_name(
    name: &str,
    within: Option<String>,
    is_taken: impl Fn(&str) -> bool,
) -> String {
    let numbered = (2_usize..).map(|n| {
        let end = format!(" ({n})");
        let most = MAX_NAME.saturating_sub(end.chars().count());
        let start: String = name.trim_end().chars().take(most).collect();
        start + &end
    });
    let mut names = within.into_iter().chain(numbered);
    names
        .find(|name| !is_taken(name))
        .unwrap_or_else(|| name.to_owned())
}

fn mend_attributes(label: &mut Label, told: &mut Vec<(LabelId, String)>) {
    let mut names = FreshIds::default();
    let mut known: HashSet<String> = HashSet::new();
    let mut keys: HashSet<char> = HashSet::new();
    for spec in &label.attributes {
        names.see(&spec.name);
    }
    for spec in &mut label.attributes {
        if spec.name.is_empty() || !known.insert(spec.name.clone()) {
            let wanted = match spec.name.as_str() {
                "" => "attribute",
                name => name,
            };
            let name = names.take(wanted);
            let what = format!(
                "another attribute is called “{}”; this one is “{name}”",
                spec.name
            );
            spec.name = name;
            told.push((label.id.clone(), what));
        }
        if let Some(key) = spec.small_key()
            && !keys.insert(key)
        {
            spec.key = None;
            let what = format!(
                "the key {} belongs to another attribute; “{}” has none",
                key_text(key),
                spec.name
            );
            told.push((label.id.clone(), what));
        }
    }
}

/// Two roles of one name are one that accepts what both do.
fn mend_roles(label: &mut Label, told: &mut Vec<(LabelId, String)>) {
    let mut roles: Vec<LinkRole> = Vec::with_capacity(label.link_roles.len());
    let mut places: HashMap<String, usize> = HashMap::new();
    for role in std::mem::take(&mut label.link_roles) {
        let known = places.get(&role.name).and_then(|at| roles.get_mut(*at));
        if let Some(known) = known {
            known.accept_also(&role);
            let what = format!("it has two link roles “{}”; they are one", role.name);
            told.push((label.id.clone(), what));
        } else {
            places.insert(role.name.clone(), roles.len());
            roles.push(role);
        }
    }
    label.link_roles = roles;
}

impl LinkRole {
    /// Accepts what another role does, too.
    pub fn accept_also(&mut self, other: &Self) {
        if self.target.is_none() || other.target.is_none() {
            self.target = None;
            self.or = Vec::new();
        }
        if self.target.is_some() {
            let mut known: HashSet<LabelId> = self.targets().cloned().collect();
            let new = other
                .targets()
                .filter(|target| known.insert((*target).clone()));
            let new: Vec<LabelId> = new.cloned().collect();
            self.or.extend(new);
        }
        for (name, raw) in &other.unknown {
            if self.unknown.iter().all(|(known, _)| known != name) {
                self.unknown.push((name.clone(), raw.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::codebook::{AttributeKind, AttributeSpec, LinkRole};

    fn mended(mut codebook: Codebook, expected: &[&str]) -> Codebook {
        let told = codebook.mend();
        let told: Vec<String> = told
            .iter()
            .map(|(id, what)| format!("{id}: {what}"))
            .collect();
        assert_eq!(told, expected);
        assert_eq!(codebook.mend(), [], "what is mended is whole");
        codebook
    }

    #[test]
    fn a_codebook_from_outside_is_made_one_that_can_be_used() {
        assert_eq!(mended(Codebook::default(), &[]), Codebook::default());
        let label = |id: &str, name: &str, parent: &str, key: char| Label {
            parent: (!parent.is_empty()).then(|| parent.into()),
            key: Some(key),
            ..Label::new(id, name, 0)
        };
        let codebook = mended(
            Codebook::of(vec![
                label("a", "Claim", "", 'c'),
                label("a", "claim ", "b", 'C'),
                label("", "Clàim", "", 'c'),
                label("b", "", "gone", 'b'),
                label("x", "X", "y", 'x'),
                label("y", "Y", "x", 'y'),
            ]),
            &[
                "a-2: another label has the id “a”; the id of “claim ” is “a-2”",
                "claim: it has no id; the id of “Clàim” is “claim”",
                "a-2: another label is called “claim ”; it is “b > claim ”",
                "claim: another label is called “Clàim”; it is “Clàim (2)”",
                "claim: the key C belongs to “a”; it has none",
                "b: it is a kind of “gone”, which is not there; it is of none",
                "x: it was a kind of itself; it is of none",
            ],
        );
        assert_eq!(codebook.labels.len(), 6);
        let long = "ä".repeat(400);
        let one = Codebook::of(vec![Label::new("l", &long, 0), Label::new("m", &long, 0)]);
        let told = &[
            "l: its name has more than 300 characters; the whole name stands before the definition",
        ];
        let mut codebook = one;
        let first: Vec<String> = codebook
            .mend()
            .iter()
            .map(|(id, w)| format!("{id}: {w}"))
            .collect();
        assert_eq!(first.first().map(String::as_str), told.first().copied());
        assert_eq!(codebook.labels[0].definition, long);
        assert_eq!(codebook.labels[1].name.chars().count(), MAX_NAME);
        assert_ne!(codebook.labels[0].name, codebook.labels[1].name);
    }

    #[test]
    fn attributes_and_roles_of_one_name_are_told_apart_or_joined() {
        let spec = |name: &str, key: char| AttributeSpec {
            key: Some(key),
            ..AttributeSpec::new(name, AttributeKind::Text)
        };
        let mut label = Label::new("a", "A", 0);
        label.attributes = vec![
            spec("x", '1'),
            spec("x", '1'),
            spec("", '2'),
            spec("x-2", '3'),
        ];
        let any = LinkRole {
            target: None,
            ..LinkRole::to_label("r")
        };
        let to = |name: &str, target: &str| LinkRole {
            target: Some(target.into()),
            ..LinkRole::to_label(name)
        };
        label.link_roles = vec![to("r", "a"), to("s", "a"), to("s", "b"), to("s", "a"), any];
        let codebook = mended(
            Codebook::of(vec![label]),
            &[
                "a: another attribute is called “x”; this one is “x-3”",
                "a: the key 1 belongs to another attribute; “x-3” has none",
                "a: another attribute is called “”; this one is “attribute”",
                "a: it has two link roles “s”; they are one",
                "a: it has two link roles “s”; they are one",
                "a: it has two link roles “r”; they are one",
            ],
        );
        let roles = &codebook.labels[0].link_roles;
        assert_eq!((roles.len(), roles[0].target.as_ref()), (2, None));
        assert_eq!(
            roles[1].targets().map(LabelId::as_str).collect::<Vec<_>>(),
            ["a", "b"]
        );
    }

    #[test]
    fn labels_without_a_colour_get_different_ones() {
        let labels = (0..8).map(|n| {
            Label::new(
                &n.to_string(),
                "",
                if n == 3 { COLORS[0] } else { Label::GREY },
            )
        });
        let mut codebook = Codebook::of(labels.collect());
        codebook.color_the_grey();
        let colors: HashSet<u32> = codebook.labels.iter().map(|l| l.color).collect();
        assert_eq!(colors.len(), 8);
        assert_eq!(codebook.labels[3].color, COLORS[0]);
    }
}
