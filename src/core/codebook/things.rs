//! What labels stand for: which of them are quotes, their sources and cues, claims, promotional
//! content.
//!
//! A codebook is the analyst's own, so each label says it. A label that says nothing, as those of
//! earlier versions, stands for what its id does in the default codebook; one that says that it is
//! nothing of these is none, whatever its id. A kind of a label stands for what that one stands for. The parts of a
//! thing are attributes and link roles, known by their names and kinds; what is called otherwise is no
//! part, and nothing is guessed.

use super::{AttributeKind, AttributeSpec, Codebook, Label, LinkRole};
use crate::core::ids::LabelId;
use crate::core::kept::named;

named! {
    /// What a label stands for.
    pub enum Thing {
        /// None of these, whatever its id.
        #[default]
        Nothing = "nothing",
        Quote = "quote",
        Source = "source",
        Cue = "cue",
        Claim = "claim",
        Promotion = "promotion",
    }
}

impl Thing {
    /// The id of the label that stands for it in the default codebook, and in those of earlier
    /// versions.
    pub fn default_id(&self) -> Option<&'static str> {
        Some(match self {
            Self::Quote => "quote",
            Self::Source => "source",
            Self::Cue => "cue",
            Self::Claim => "claim",
            Self::Promotion => "promo",
            Self::Nothing | Self::Later(_) => return None,
        })
    }

    /// What a label stands for that does not say it.
    pub fn by_id(label: &LabelId) -> Option<Self> {
        let mut known = Self::ALL.iter();
        let found = known.find(|thing| thing.default_id() == Some(label.as_str()));
        found.cloned()
    }
}

/// A part of a thing that is an attribute: its name in files, and what its kind must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Direct, indirect…; what kind of fact; what makes it promotional.
    Kind,
    Speaker,
    Claimant,
    Stance,
    MayBeFalse,
    MattersToPublic,
    CanHarm,
    Verdict,
    Evidence,
    Beneficiary,
    /// Whether it is disclosed that it is promotional.
    Disclosed,
    /// Where that is said.
    Disclosure,
    /// Where a passage stands elsewhere.
    TakenFrom,
}

impl Part {
    pub const ALL: [Self; 13] = [
        Self::Kind,
        Self::Speaker,
        Self::Claimant,
        Self::Stance,
        Self::MayBeFalse,
        Self::MattersToPublic,
        Self::CanHarm,
        Self::Verdict,
        Self::Evidence,
        Self::Beneficiary,
        Self::Disclosed,
        Self::Disclosure,
        Self::TakenFrom,
    ];

    /// The name of the attribute in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Speaker => "speaker",
            Self::Claimant => "claimant",
            Self::Stance => "stance",
            Self::MayBeFalse => "may_be_false",
            Self::MattersToPublic => "matters_to_public",
            Self::CanHarm => "can_harm",
            Self::Verdict => "verdict",
            Self::Evidence => "evidence",
            Self::Beneficiary => "beneficiary",
            Self::Disclosed => "disclosed",
            Self::Disclosure => "disclosure",
            Self::TakenFrom => "taken_from",
        }
    }

    /// Whether an attribute of a kind can be it.
    pub fn fits(self, kind: &AttributeKind) -> bool {
        use AttributeKind as Kind;
        match self {
            Self::Speaker | Self::Claimant | Self::Beneficiary => *kind == Kind::Person,
            Self::MayBeFalse | Self::MattersToPublic | Self::CanHarm | Self::Disclosed => {
                *kind == Kind::YesNo
            }
            Self::Kind | Self::Stance => matches!(kind, Kind::OneOf(_)),
            Self::Verdict | Self::Disclosure | Self::TakenFrom => {
                matches!(kind, Kind::Text | Kind::OneOf(_) | Kind::Url)
            }
            Self::Evidence => matches!(kind, Kind::Text | Kind::Url),
        }
    }
}

impl Label {
    /// The attribute that is a part; none where there is none of that name, or it is of another kind.
    pub fn part(&self, part: Part) -> Option<&AttributeSpec> {
        let found = self.attribute(part.name());
        found.filter(|spec| part.fits(&spec.kind))
    }
}

impl Codebook {
    /// What annotations with a label are; nothing for a label that stands for no thing.
    pub fn thing_of(&self, label: &LabelId) -> Thing {
        let own = self.label(label.as_str()).into_iter();
        let mut chain = own.chain(self.above(label));
        chain.find_map(Self::said_by).unwrap_or_default()
    }

    /// What a label itself stands for; none where nothing says it.
    fn said_by(label: &Label) -> Option<Thing> {
        label.stands_for.clone().or_else(|| Thing::by_id(&label.id))
    }

    /// The labels that stand for a thing, in the order of the codebook: kinds of such labels too.
    pub fn standing_for(&self, thing: &Thing) -> impl Iterator<Item = &Label> {
        let labels = self.labels.iter();
        labels.filter(move |label| self.thing_of(&label.id) == *thing)
    }

    /// The label to mark a thing with: the first that is offered and is no kind of another such.
    pub fn label_for(&self, thing: &Thing) -> Option<&Label> {
        let offered = || self.standing_for(thing).filter(|label| !label.retired);
        let is_kind = |label: &&Label| {
            let mut above = self.above(&label.id);
            above.any(|above| self.thing_of(&above.id) == *thing)
        };
        let first = offered().find(|label| !is_kind(label));
        first.or_else(|| offered().next())
    }

    /// The role by which an annotation with a label links to a thing: to its source, to its cue.
    pub fn role_to<'a>(&'a self, label: &'a Label, thing: &Thing) -> Option<&'a LinkRole> {
        let leads = |role: &&LinkRole| role.targets().any(|to| self.thing_of(to) == *thing);
        label.link_roles.iter().find(leads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stand_for_what_is_said_or_what_their_ids_say() {
        let said = |changes: &[(&str, Option<Thing>)], new: &[(&str, &str)]| {
            let mut codebook = Codebook::default();
            for (id, parent) in new {
                codebook.labels.push(Label {
                    parent: Some((*parent).into()),
                    ..Label::new(id, id, Label::GREY)
                });
            }
            for label in &mut codebook.labels {
                label.stands_for = None;
                for (id, thing) in changes {
                    if label.id.as_str() == *id {
                        label.stands_for = thing.clone();
                    }
                }
            }
            codebook
        };
        let check = |codebook: &Codebook, thing: &Thing, expected: &[&str], first: Option<&str>| {
            let found: Vec<&str> = codebook
                .standing_for(thing)
                .map(|l| l.id.as_str())
                .collect();
            assert_eq!(found, expected, "{thing:?}");
            let marks = codebook.label_for(thing).map(|label| label.id.as_str());
            assert_eq!(marks, first, "{thing:?}");
        };
        let old = said(&[], &[("rumour", "claim")]);
        check(&old, &Thing::Quote, &["quote"], Some("quote"));
        check(&old, &Thing::Promotion, &["promo"], Some("promo"));
        check(&old, &Thing::Claim, &["claim", "rumour"], Some("claim"));
        check(&old, &Thing::Later("promo".into()), &[], None);
        let own = said(
            &[
                ("rumour", Some(Thing::Claim)),
                ("quote", Some(Thing::Nothing)),
            ],
            &[("rumour", "promo")],
        );
        check(&own, &Thing::Claim, &["claim", "rumour"], Some("claim"));
        check(&own, &Thing::Quote, &[], None);
        check(&own, &Thing::Nothing, &["quote"], Some("quote"));
    }

    #[test]
    fn parts_are_known_by_name_and_kind() {
        let mut codebook = Codebook::default();
        let part = |codebook: &Codebook, label: &str, part: Part| {
            let label = codebook.label(label).unwrap();
            label.part(part).map(|spec| spec.name.clone())
        };
        for (label, of) in [
            ("quote", &[Part::Kind, Part::Speaker][..]),
            (
                "claim",
                &[Part::Kind, Part::Claimant, Part::Stance, Part::MayBeFalse],
            ),
            (
                "claim",
                &[
                    Part::MattersToPublic,
                    Part::CanHarm,
                    Part::Verdict,
                    Part::Evidence,
                ],
            ),
            ("promo", &[Part::Kind, Part::Beneficiary]),
        ] {
            for one in of {
                assert_eq!(part(&codebook, label, *one).as_deref(), Some(one.name()));
            }
        }
        assert_eq!(part(&codebook, "quote", Part::Claimant), None);
        codebook.labels[0].attributes[1].kind = AttributeKind::Text;
        assert_eq!(part(&codebook, "quote", Part::Speaker), None);
        let quote = codebook.label("quote").unwrap();
        let role = |thing| {
            codebook
                .role_to(quote, &thing)
                .map(|role| role.name.as_str())
        };
        assert_eq!(role(Thing::Source), Some("source"));
        assert_eq!(role(Thing::Cue), Some("cue"));
        assert_eq!(role(Thing::Claim), None);
    }
}
