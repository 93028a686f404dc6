//! What the page of the codebook shows of labels: what one is picked from, and what their attributes,
//! links and boundaries touch in the articles.

use super::{Derive, DeriveLater};
use crate::app::session::Session;
use crate::core::codebook::{AttributeKind, Edges, Label, folded_name};
use crate::core::ids::{AnnotatorId, LabelId};
use crate::core::project::Project;
use crate::core::recipes::Signed;
use crate::core::recipes::codebook::{
    KindClash, MergeChoices, Moved, Touches, Unfit, UnfitValue, against_edges, change_kind, merging,
};
use crate::core::recipes::link::{is_linked, linked_labels};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Fewer annotations are looked through within a frame.
const FEW: usize = 5_000;

fn is_few(session: &Session) -> bool {
    session.project().annotation_count() <= FEW
}

/// Which labels one may be picked from.
#[derive(Clone, PartialEq)]
pub enum Pickable {
    /// Those that can be marked with, and this one, which there is already.
    OfferedOr(Option<LabelId>),
    All,
    /// Those that a label can be a kind of.
    ParentsOf(LabelId),
    /// All but one.
    AllBut(LabelId),
}

/// The labels that a list to pick from shows, each with its place in the codebook and its depth: in the
/// hierarchy, or flat as far as they fit what is typed.
#[derive(Clone, PartialEq)]
pub struct PickedFrom {
    pub which: Pickable,
    pub typed: String,
}

impl Derive for PickedFrom {
    type Value = Vec<(usize, usize)>;
    type Memo = ();
    const KEPT: usize = 6;

    fn derive(&self, session: &Session, (): &mut ()) -> Self::Value {
        let codebook = session.project().codebook();
        let typed = folded_name(&self.typed);
        let words: Vec<&str> = typed.split_whitespace().collect();
        let below = match &self.which {
            Pickable::ParentsOf(label) => codebook.kinds_of(label),
            _ => HashSet::new(),
        };
        let is_picked_from = |label: &Label| match &self.which {
            Pickable::OfferedOr(other) => !label.retired || other.as_ref() == Some(&label.id),
            Pickable::All => true,
            Pickable::ParentsOf(_) => !below.contains(&label.id),
            Pickable::AllBut(other) => label.id != *other,
        };
        let rows = codebook.in_order().into_iter().filter_map(|placed| {
            let label = codebook.labels.get(placed.at)?;
            if !is_picked_from(label) {
                return None;
            }
            if words.is_empty() {
                return Some((placed.at, placed.depth));
            }
            let name = folded_name(&label.name);
            let fits = words.iter().all(|word| name.contains(word));
            fits.then_some((placed.at, 0))
        });
        rows.collect()
    }
}

/// What one with a label can be linked with: by a role, or by any.
#[derive(Clone, PartialEq)]
pub struct LinkedWith {
    pub label: LabelId,
    pub role: Option<String>,
}

pub struct Linked {
    pub labels: HashSet<LabelId>,
    /// There is a role for it, whether or not the codebook has a label at its other end.
    pub is_linked: bool,
}

impl Derive for LinkedWith {
    type Value = Linked;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Linked {
        let codebook = session.project().codebook();
        let labels = linked_labels(codebook, &self.label, self.role.as_deref());
        Linked {
            labels: labels.cloned().collect(),
            is_linked: is_linked(codebook, &self.label),
        }
    }
}

/// How the annotations of a label use what it offers.
#[derive(Clone, PartialEq)]
pub struct UseOfLabel(pub LabelId);

#[derive(Debug, Default, PartialEq)]
pub struct LabelUse {
    /// Annotations with a value, by the name of the attribute.
    pub values: BTreeMap<String, Touches>,
    /// Links, by role.
    pub links: BTreeMap<String, LinkUse>,
    /// Made before the label meant what it means now.
    pub outdated: Touches,
}

/// How often a role is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkUse {
    pub links: usize,
    /// The annotations that they lead from.
    pub touches: Touches,
}

impl DeriveLater for UseOfLabel {
    type Value = LabelUse;

    fn is_small(&self, session: &Session) -> bool {
        is_few(session)
    }

    fn may_show(&self, other: &Self) -> bool {
        self == other
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<LabelUse> {
        let mut found = LabelUse::default();
        let label = project.codebook().label(self.0.as_str());
        let redefined = label.map_or(0, |label| label.redefined);
        for article in project.articles() {
            if !goes_on() {
                return None;
            }
            if article.annotations.count_of(&self.0) == 0 {
                continue;
            }
            let mut here: BTreeSet<&str> = BTreeSet::new();
            let mut linked_here: BTreeSet<&str> = BTreeSet::new();
            let outdated = found.outdated.annotations;
            for annotation in article.annotations.iter().filter(|a| a.label == self.0) {
                for (name, _) in annotation.attributes.iter() {
                    let touches = match found.values.get_mut(name.as_str()) {
                        Some(touches) => touches,
                        None => found.values.entry(name.to_string()).or_default(),
                    };
                    touches.annotations += 1;
                    touches.articles += usize::from(here.insert(name.as_str()));
                }
                let mut roles: Vec<&str> = Vec::new();
                for link in &annotation.links {
                    let role = link.role.as_str();
                    let used = found.links.entry(role.to_owned()).or_default();
                    used.links += 1;
                    if !roles.contains(&role) {
                        used.touches.annotations += 1;
                        used.touches.articles += usize::from(linked_here.insert(role));
                        roles.push(role);
                    }
                }
                let is_old = annotation.codebook_revision < redefined;
                found.outdated.annotations += usize::from(is_old);
            }
            let is_here = found.outdated.annotations > outdated;
            found.outdated.articles += usize::from(is_here);
        }
        Some(found)
    }
}

/// What another policy for the edges of a label would move.
#[derive(Clone, PartialEq)]
pub struct MovedByEdges {
    pub label: LabelId,
    pub edges: Edges,
}

pub struct MovedAnnotations {
    pub touches: Touches,
    /// The first of them.
    pub moved: Vec<Moved>,
}

impl DeriveLater for MovedByEdges {
    type Value = MovedAnnotations;

    fn is_small(&self, session: &Session) -> bool {
        is_few(session)
    }

    fn may_show(&self, _: &Self) -> bool {
        false
    }

    fn derive(
        &self,
        project: &Project,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Option<MovedAnnotations> {
        const SHOWN: usize = 1_000;
        let mut moved = against_edges(project, &self.label, &self.edges, goes_on)?;
        let annotations = moved.len();
        let mut articles: Vec<_> = moved.iter().map(|one| &one.article).collect();
        articles.dedup();
        let articles = articles.len();
        moved.truncate(SHOWN);
        Some(MovedAnnotations {
            touches: Touches {
                annotations,
                articles,
            },
            moved,
        })
    }
}

/// What another kind of an attribute would do to its values.
#[derive(Clone, PartialEq)]
pub struct KindChange {
    pub label: LabelId,
    pub attribute: String,
    pub kind: AttributeKind,
}

#[derive(Debug, Default, PartialEq)]
pub struct KindPreview {
    /// Values that become others.
    pub touches: Touches,
    /// How many are none of the new kind, and what they say, each with how often.
    pub unfit: usize,
    pub said: Vec<(String, usize)>,
}

impl DeriveLater for KindChange {
    type Value = KindPreview;

    fn is_small(&self, session: &Session) -> bool {
        is_few(session)
    }

    fn may_show(&self, _: &Self) -> bool {
        false
    }

    fn derive(&self, project: &Project, _: &mut dyn FnMut() -> bool) -> Option<KindPreview> {
        let by = AnnotatorId::new("");
        let signed = Signed {
            by: &by,
            when: None,
        };
        let (label, name) = (&self.label, &self.attribute);
        let changed = change_kind(project, label, name, &self.kind, Unfit::Keep, signed);
        let Ok((change, unfit)) = changed else {
            return Some(KindPreview::default());
        };
        let said_by = |unfit: &UnfitValue| unfit.value.to_text();
        let mut said: BTreeMap<String, usize> = BTreeMap::new();
        for value in &unfit {
            *said.entry(said_by(value)).or_default() += 1;
        }
        let mut said: Vec<(String, usize)> = said.into_iter().collect();
        said.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        Some(KindPreview {
            touches: change.touches,
            unfit: unfit.len(),
            said,
        })
    }
}

/// What making one label of two would do.
#[derive(Clone, PartialEq)]
pub struct MergePreview {
    pub from: LabelId,
    pub into: LabelId,
    pub choices: MergeChoices,
}

#[derive(Debug, Default, PartialEq)]
pub struct MergeOutcome {
    pub touches: Touches,
    /// Attributes whose kinds differ, decided about or not.
    pub clashes: Vec<KindClash>,
    /// Attributes that go over under another title: what they are called, and what from then on.
    pub renamed: Vec<(String, String)>,
    /// What the label takes over, and what goes to the trash with the other one.
    pub taken_over: Vec<String>,
    pub left: Vec<String>,
    pub is_redefined: bool,
    pub refusal: String,
}

impl DeriveLater for MergePreview {
    type Value = MergeOutcome;

    fn is_small(&self, session: &Session) -> bool {
        is_few(session)
    }

    fn may_show(&self, _: &Self) -> bool {
        false
    }

    fn derive(&self, project: &Project, _: &mut dyn FnMut() -> bool) -> Option<MergeOutcome> {
        let by = AnnotatorId::new("");
        let signed = Signed {
            by: &by,
            when: None,
        };
        let mut outcome = MergeOutcome::default();
        let merged = match merging(project, &self.from, &self.into, &self.choices, signed) {
            Ok(merged) => merged,
            Err(error) => {
                outcome.refusal = error.to_string();
                return Some(outcome);
            }
        };
        Some(MergeOutcome {
            touches: merged.change.touches,
            clashes: merged.clashes,
            renamed: merged.renamed,
            taken_over: merged.taken_over,
            left: merged.left,
            is_redefined: merged.is_redefined,
            refusal: String::new(),
        })
    }
}
