//! What taking another codebook into a project's would do, label by label, before it is done.
//!
//! Taking in adds and changes, and never takes away: labels, attributes, options and link roles that
//! only the project has stay. What both have in ways that exclude each other is a conflict, which
//! somebody decides. Knows no project: what becomes of annotations is the recipe's.

mod take;

pub(in crate::core) use take::differences;

use super::{AttributeKind, AttributeSpec, Codebook, Label, folded_name, key_text};
use crate::core::ids::LabelId;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// Two codebooks side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// A row for each label of the other codebook, in its order.
    pub rows: Vec<Row>,
    /// How many labels only the project has.
    pub only_mine: usize,
    /// The other one says only a part of what a codebook says: what it does not say changes nothing.
    pub is_partial: bool,
}

/// A label of the other codebook, and what it would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub theirs: Label,
    /// The label of the project that it is about; none for a new one.
    pub own: Option<LabelId>,
    /// What it would change, field by field.
    pub differences: Vec<Difference>,
    pub conflicts: Vec<Conflict>,
    /// Whether it is taken in at all.
    pub is_taken: bool,
}

/// How a label of the other codebook stands to the project's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    New,
    /// It has another name there, whatever else is other.
    Renamed,
    Changed,
    Same,
    Conflict,
}

impl Standing {
    pub const ALL: [Self; 5] = [
        Self::New,
        Self::Renamed,
        Self::Changed,
        Self::Conflict,
        Self::Same,
    ];

    pub fn words(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Renamed => "renamed",
            Self::Changed => "changed",
            Self::Same => "the same",
            Self::Conflict => "in conflict",
        }
    }
}

/// What the field of a label’s name is called.
const NAME: &str = "name";

/// A field that would become another, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// “definition”, “kind of the attribute “Speaker””.
    pub field: String,
    pub mine: String,
    pub theirs: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_nothing = |value: &str| match value {
            "" => "nothing".to_owned(),
            value => format!("“{value}”"),
        };
        let (mine, theirs) = (or_nothing(&self.mine), or_nothing(&self.theirs));
        write!(f, "{}: {mine} becomes {theirs}", self.field)
    }
}

/// What both have in ways that exclude each other, and whose way it goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    pub clash: Clash,
    pub choice: Option<Side>,
}

/// Whose way a conflict is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Mine,
    Theirs,
    /// Both stay, one of them under another name.
    Both,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Clash {
    /// Another label of the project has the name; `name` is as it is written there.
    Name { of: LabelId, name: String },
    /// The label has this name, but for case, accents or blanks.
    Spelling { mine: String },
    /// An attribute of the same name has another kind.
    Kind {
        attribute: String,
        mine: AttributeKind,
        theirs: AttributeKind,
    },
    /// Another label of the project has the key.
    Key {
        key: char,
        of: LabelId,
        name: String,
    },
    /// Another attribute of the label has the key.
    AttributeKey {
        attribute: String,
        key: char,
        of: String,
    },
    /// With what the project has, it would be a kind of itself.
    Circle { parent: LabelId, name: String },
}

impl Clash {
    /// What can be chosen, and what that does.
    pub fn choices(&self, row: &Row) -> Vec<(Side, String)> {
        let theirs = &row.theirs.name;
        match self {
            Self::Name { of, name } if row.own.as_ref() == Some(of) => vec![
                (
                    Side::Mine,
                    format!("they are the same, and “{name}” stays as it is"),
                ),
                (
                    Side::Theirs,
                    format!("they are the same, and “{name}” is changed"),
                ),
                (
                    Side::Both,
                    format!("both stay; the other one is called “{theirs} (2)”"),
                ),
            ],
            Self::Name { name, .. } => vec![
                (Side::Mine, "it keeps the name that it has".to_owned()),
                (
                    Side::Theirs,
                    format!("it is called “{theirs} (2)” beside “{name}”"),
                ),
            ],
            Self::Spelling { mine } => vec![
                (Side::Mine, format!("it stays “{mine}”")),
                (Side::Theirs, format!("it becomes “{theirs}”")),
            ],
            Self::Kind { mine, theirs, .. } => vec![
                (Side::Mine, format!("it stays {}", mine.in_words())),
                (
                    Side::Theirs,
                    format!(
                        "it becomes {}; values that are none stay as text",
                        theirs.in_words()
                    ),
                ),
            ],
            Self::Key { key, name, .. } => {
                let key = key_text(*key);
                vec![
                    (Side::Mine, format!("the key {key} stays with “{name}”")),
                    (Side::Theirs, format!("the key {key} goes to “{theirs}”")),
                ]
            }
            Self::AttributeKey { attribute, key, of } => {
                let key = key_text(*key);
                vec![
                    (Side::Mine, format!("the key {key} stays with “{of}”")),
                    (Side::Theirs, format!("the key {key} goes to “{attribute}”")),
                ]
            }
            Self::Circle { name, .. } => vec![
                (
                    Side::Mine,
                    "it stays where it is in the hierarchy".to_owned(),
                ),
                (
                    Side::Theirs,
                    format!("it becomes a kind of “{name}”, which is no kind of it any more"),
                ),
            ],
        }
    }
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { name, of } => write!(f, "a label is called “{name}” already ({of})"),
            Self::Spelling { mine } => write!(f, "it is written “{mine}” here"),
            Self::Kind {
                attribute,
                mine,
                theirs,
            } => write!(
                f,
                "the attribute “{attribute}” is {} here and {} there",
                mine.in_words(),
                theirs.in_words()
            ),
            Self::Key { key, name, .. } => {
                write!(f, "the key {} belongs to “{name}”", key_text(*key))
            }
            Self::AttributeKey { attribute, key, of } => write!(
                f,
                "the key {} of the attribute “{attribute}” belongs to “{of}”",
                key_text(*key)
            ),
            Self::Circle { name, .. } => {
                write!(f, "as a kind of “{name}” it would be a kind of itself")
            }
        }
    }
}

impl Row {
    pub fn standing(&self) -> Standing {
        match (&self.own, self.conflicts.is_empty()) {
            (_, false) => Standing::Conflict,
            (None, true) => Standing::New,
            (Some(_), true) if self.differences.is_empty() => Standing::Same,
            (Some(_), true) if self.renames() => Standing::Renamed,
            (Some(_), true) => Standing::Changed,
        }
    }

    /// Whether the label has another name there.
    fn renames(&self) -> bool {
        self.differences.iter().any(|d| d.field == NAME)
    }

    /// Whether it is another label than the one of the project that has its name, and how that was
    /// decided.
    fn by_name(&self) -> Option<Option<Side>> {
        let of_own = |clash: &Clash| matches!(clash, Clash::Name { of, .. } if Some(of) == self.own.as_ref());
        let found = self
            .conflicts
            .iter()
            .find(|conflict| of_own(&conflict.clash));
        found.map(|conflict| conflict.choice)
    }

    /// Conflicts that somebody has to decide, as others are decided.
    pub fn undecided(&self) -> usize {
        if !self.is_taken {
            return 0;
        }
        match self.by_name() {
            None | Some(Some(Side::Theirs)) => {
                let open = self.conflicts.iter().filter(|c| c.choice.is_none());
                open.count()
            }
            Some(None) => 1,
            Some(Some(Side::Mine | Side::Both)) => 0,
        }
    }

    /// Whether the label of the project is changed by it.
    fn changes_own(&self) -> bool {
        self.is_taken && matches!(self.by_name(), None | Some(Some(Side::Theirs)))
    }

    /// Whether a label is added for it.
    fn is_added(&self) -> bool {
        self.is_taken && (self.own.is_none() || self.by_name() == Some(Some(Side::Both)))
    }
}

/// The codebook that comes of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    pub codebook: Codebook,
    /// Labels that are new, and those of the project that are changed.
    pub added: Vec<LabelId>,
    pub changed: Vec<LabelId>,
    /// Attributes whose values are to become those of another kind.
    pub kinds: Vec<(LabelId, String, AttributeKind)>,
}

impl Comparison {
    /// Compares a codebook that can be used (see [`Codebook::mend`]) with the project's. Conflicts
    /// are not decided, all else is taken.
    pub fn of(mine: &Codebook, theirs: &Codebook, is_partial: bool) -> Self {
        let by_name: HashMap<String, &Label> = mine
            .labels
            .iter()
            .rev()
            .map(|l| (folded_name(&l.name), l))
            .collect();
        let by_id: HashMap<&LabelId, &Label> = mine.labels.iter().map(|l| (&l.id, l)).collect();
        let their_ids: HashSet<&LabelId> = theirs.labels.iter().map(|l| &l.id).collect();
        let mut comparison = Self {
            is_partial,
            ..Self::default()
        };
        let mut matched: HashSet<&LabelId> = HashSet::new();
        for label in &theirs.labels {
            let same_id = by_id.get(&label.id).copied();
            let named = by_name.get(&folded_name(&label.name)).copied();
            // A label that the other codebook has under its id is that one, whatever its name.
            let named =
                named.filter(|named| !their_ids.contains(&named.id) || named.id == label.id);
            let own = same_id.or(named.filter(|named| !matched.contains(&named.id)));
            let mut conflicts = Vec::new();
            match (own, named) {
                (Some(own), Some(named)) if own.id == label.id && named.id == own.id => {
                    if own.name != label.name {
                        let mine = own.name.clone();
                        conflicts.push(Clash::Spelling { mine });
                    }
                }
                (_, Some(named)) => conflicts.push(Clash::Name {
                    of: named.id.clone(),
                    name: named.name.clone(),
                }),
                (_, None) => {}
            }
            if let Some(own) = own {
                matched.insert(&own.id);
                conflicts.extend(clashes_of_attributes(own, label));
            }
            let open = |clash| Conflict {
                clash,
                choice: None,
            };
            comparison.rows.push(Row {
                theirs: label.clone(),
                own: own.map(|own| own.id.clone()),
                differences: Vec::new(),
                conflicts: conflicts.into_iter().map(open).collect(),
                is_taken: true,
            });
        }
        comparison.only_mine = mine.labels.len() - matched.len();
        comparison.add_clashes_of_keys(mine);
        comparison.add_circles(mine);
        let ids = comparison.ids(true);
        for row in &mut comparison.rows {
            let own = row.own.as_ref().and_then(|own| by_id.get(own)).copied();
            if let Some(own) = own {
                let taken = take::taken_over(own, row, &ids, is_partial, true);
                row.differences = differences(own, &taken);
            }
        }
        comparison
    }

    /// The ids of the project for those of the other codebook, where they are others. `as_theirs`
    /// is as if all labels of one name were the same.
    fn ids(&self, as_theirs: bool) -> HashMap<LabelId, LabelId> {
        let rows = self.rows.iter().filter_map(|row| {
            let own = row.own.as_ref().filter(|own| **own != row.theirs.id)?;
            let is_same = as_theirs || row.by_name() != Some(Some(Side::Both));
            is_same.then(|| (row.theirs.id.clone(), own.clone()))
        });
        rows.collect()
    }

    fn add_clashes_of_keys(&mut self, mine: &Codebook) {
        // The keys as they would be: who gives one away has none to clash with.
        let given = self
            .rows
            .iter()
            .filter_map(|row| Some((row.own.as_ref()?, row.theirs.small_key()?)));
        let given: HashMap<&LabelId, char> = given.collect();
        let keys = mine.labels.iter().filter_map(|label| {
            let key = given.get(&label.id).copied().or(label.small_key())?;
            (label.small_key() == Some(key)).then(|| (key, (label.id.clone(), label.name.clone())))
        });
        let keys: HashMap<char, (LabelId, String)> = keys.collect();
        for row in &mut self.rows {
            let Some((key, (of, name))) = row
                .theirs
                .small_key()
                .and_then(|key| Some((key, keys.get(&key)?)))
            else {
                continue;
            };
            if row.own.as_ref() != Some(of) {
                let clash = Clash::Key {
                    key,
                    of: of.clone(),
                    name: name.clone(),
                };
                let choice = None;
                row.conflicts.push(Conflict { clash, choice });
            }
        }
    }

    fn add_circles(&mut self, mine: &Codebook) {
        let ids = self.ids(true);
        let of = |id: &LabelId| ids.get(id).unwrap_or(id).clone();
        let old: HashMap<&LabelId, Option<&LabelId>> = mine
            .labels
            .iter()
            .map(|l| (&l.id, l.parent.as_ref()))
            .collect();
        let mut parents: HashMap<LabelId, LabelId> = mine
            .labels
            .iter()
            .filter_map(|l| Some((l.id.clone(), l.parent.clone()?)))
            .collect();
        for row in &self.rows {
            let own = row.own.clone().unwrap_or_else(|| of(&row.theirs.id));
            match &row.theirs.parent {
                Some(parent) => drop(parents.insert(own, of(parent))),
                None if !self.is_partial => drop(parents.remove(&own)),
                None => {}
            }
        }
        let names: HashMap<LabelId, String> = self
            .rows
            .iter()
            .map(|row| (of(&row.theirs.id), row.theirs.name.clone()))
            .collect();
        let leads_back = |from: &LabelId| {
            let mut seen: HashSet<&LabelId> = HashSet::new();
            let above = std::iter::successors(parents.get(from), |at| parents.get(*at));
            above.take_while(|at| seen.insert(*at)).any(|at| at == from)
        };
        for row in &mut self.rows {
            let (Some(own), Some(parent)) = (&row.own, &row.theirs.parent) else {
                continue;
            };
            let parent = of(parent);
            let is_other = old.get(own).copied().flatten() != Some(&parent);
            if is_other && leads_back(own) {
                let name = names.get(&parent).cloned();
                let name = name.unwrap_or_else(|| parent.to_string());
                let clash = Clash::Circle { parent, name };
                let choice = None;
                row.conflicts.push(Conflict { clash, choice });
            }
        }
    }

    pub fn count(&self, standing: Standing) -> usize {
        let rows = self.rows.iter();
        rows.filter(|row| row.standing() == standing).count()
    }

    pub fn undecided(&self) -> usize {
        self.rows.iter().map(Row::undecided).sum()
    }

    /// Decides what is not decided yet.
    pub fn prefer(&mut self, side: Side) {
        for conflict in self.rows.iter_mut().flat_map(|row| &mut row.conflicts) {
            conflict.choice.get_or_insert(side);
        }
    }

    /// “14 new, 2 changed, 3 the same”; nothing for no labels.
    pub fn summary(&self) -> String {
        let counts = Standing::ALL.map(|standing| (self.count(standing), standing.words()));
        let told = counts.iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told
            .map(|(count, words)| format!("{count} {words}"))
            .collect();
        told.join(", ")
    }
}

/// Attributes that both labels have in ways that exclude each other.
fn clashes_of_attributes(own: &Label, theirs: &Label) -> Vec<Clash> {
    let mut clashes = Vec::new();
    for spec in &theirs.attributes {
        let known = own.attribute(&spec.name);
        if let Some(known) = known
            && known.kind.joined(&spec.kind).is_none()
        {
            clashes.push(Clash::Kind {
                attribute: spec.name.clone(),
                mine: known.kind.clone(),
                theirs: spec.kind.clone(),
            });
        }
        let Some(key) = spec.small_key() else {
            continue;
        };
        let holds_it = |other: &&AttributeSpec| {
            let given = theirs.attribute(&other.name);
            let given = given.and_then(AttributeSpec::small_key);
            let own = other.small_key();
            other.name != spec.name && given.or(own) == Some(key) && own == Some(key)
        };
        if let Some(other) = own.attributes.iter().find(holds_it) {
            clashes.push(Clash::AttributeKey {
                attribute: spec.name.clone(),
                key,
                of: other.name.clone(),
            });
        }
    }
    clashes
}

#[cfg(test)]
mod tests;
