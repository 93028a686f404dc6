//! The codebook: labels, what they mean, and which attributes and links they carry.

use crate::core::annotation::UnknownFields;
use crate::core::ids::LabelId;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Codebook {
    /// Rises with every change, so that annotations can say under which rules they were made.
    pub revision: u32,
    pub labels: Vec<Label>,
    pub unknown: UnknownFields,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    pub id: LabelId,
    pub name: String,
    pub definition: String,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub examples: Vec<String>,
    /// `0xRRGGBB` on a light page; other themes derive theirs.
    pub color: u32,
    pub underline: Underline,
    /// The key that marks with it.
    pub key: Option<char>,
    pub attributes: Vec<AttributeSpec>,
    pub link_roles: Vec<LinkRole>,
    pub boundary: BoundaryPolicy,
    pub overlap: OverlapPolicy,
    /// A part of other annotations (source, cue) rather than a finding of its own.
    pub helper: bool,
    pub unknown: UnknownFields,
}

/// How a label is told apart without colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Underline {
    #[default]
    Solid,
    Dashed,
    Dotted,
    Double,
    Wavy,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributeSpec {
    pub name: String,
    pub title: String,
    pub kind: AttributeKind,
    pub help: String,
    pub unknown: UnknownFields,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    Text,
    Number,
    YesNo,
    OneOf(Vec<String>),
    SeveralOf(Vec<String>),
    Date,
    Url,
    Person,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRole {
    pub name: String,
    /// The label its target should have.
    pub target: Option<LabelId>,
}

/// What a mouse selection snaps to when it is marked with a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoundaryPolicy {
    Character,
    #[default]
    Word,
    Sentence,
}

/// Which annotations of the same annotator may overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlapPolicy {
    #[default]
    Any,
    /// Not with another annotation of the same label.
    OtherLabels,
    Never,
}

impl Codebook {
    pub fn label(&self, id: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.id.as_str() == id)
    }

    pub fn label_with_key(&self, key: char) -> Option<&Label> {
        self.labels.iter().find(|label| label.key == Some(key))
    }

    /// The name to show for a label id; the id itself when the codebook does not know it.
    pub fn name_of<'a>(&'a self, id: &'a LabelId) -> &'a str {
        self.label(id.as_str())
            .map_or(id.as_str(), |label| label.name.as_str())
    }

    /// The colour of a label, and of one that the codebook does not know.
    pub fn color_of(&self, id: &str) -> u32 {
        self.label(id).map_or(Label::GREY, |label| label.color)
    }
}

impl Label {
    /// The colour of cues, and of labels that have none or that the codebook does not know.
    pub const GREY: u32 = 0x6B665F;

    pub fn new(id: &str, name: &str, color: u32) -> Self {
        Self {
            id: id.into(),
            name: name.to_owned(),
            definition: String::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            examples: Vec::new(),
            color,
            underline: Underline::Solid,
            key: None,
            attributes: Vec::new(),
            link_roles: Vec::new(),
            boundary: BoundaryPolicy::Word,
            overlap: OverlapPolicy::Any,
            helper: false,
            unknown: UnknownFields::new(),
        }
    }

    pub fn attribute(&self, name: &str) -> Option<&AttributeSpec> {
        self.attributes.iter().find(|spec| spec.name == name)
    }
}

fn attribute(name: &str, title: &str, kind: AttributeKind, help: &str) -> AttributeSpec {
    AttributeSpec {
        name: name.to_owned(),
        title: title.to_owned(),
        kind,
        help: help.to_owned(),
        unknown: UnknownFields::new(),
    }
}

fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|&item| item.to_owned()).collect()
}

fn one_of(options: &[&str]) -> AttributeKind {
    AttributeKind::OneOf(strings(options))
}

impl Default for Codebook {
    /// Quotes, claims and promotional content, with the helper labels source and cue.
    ///
    /// The parts of a quote follow PARC 3.0 and PolNeAR; the claim kinds the Full Fact schema
    /// (Konstantinovskiy et al. 2018); check-worthiness the three CheckThat! questions.
    fn default() -> Self {
        let quote = Label {
            definition: "What somebody other than the author is reported to have said, written or \
                         thought."
                .to_owned(),
            include: strings(&[
                "Direct and indirect speech, and fragments in quotation marks",
                "Quotation marks belong to the quote",
                "A quote interrupted by “she said” is one annotation with two fragments",
            ]),
            exclude: strings(&[
                "Titles of works, mottos and scare quotes",
                "The speaker and the verb of saying: mark them as source and cue",
            ]),
            examples: strings(&["“We will rebuild the bridge,” the mayor said."]),
            key: Some('q'),
            attributes: vec![
                attribute(
                    "kind",
                    "Kind",
                    one_of(&["direct", "indirect", "mixed", "fragment"]),
                    "Direct: in quotation marks. Indirect: paraphrased. Mixed: both. Fragment: a few quoted words.",
                ),
                attribute(
                    "speaker",
                    "Speaker",
                    AttributeKind::Person,
                    "Who is quoted.",
                ),
            ],
            link_roles: vec![
                LinkRole {
                    name: "source".to_owned(),
                    target: Some("source".into()),
                },
                LinkRole {
                    name: "cue".to_owned(),
                    target: Some("cue".into()),
                },
            ],
            ..Label::new("quote", "Quote", 0x1F6FB2)
        };
        let claim = Label {
            definition: "An assertion about the world that could be checked against evidence."
                .to_owned(),
            include: strings(&[
                "Events, numbers, causes, laws and rules, and predictions",
                "Claims inside quotes: mark both",
            ]),
            exclude: strings(&["Opinions and preferences", "Questions and wishes"]),
            examples: strings(&["The court found the association unconstitutional."]),
            underline: Underline::Dashed,
            key: Some('c'),
            attributes: vec![
                attribute(
                    "claimant",
                    "Claimant",
                    AttributeKind::Person,
                    "Who asserts it.",
                ),
                attribute(
                    "kind",
                    "Kind",
                    one_of(&["event", "quantity", "cause", "law", "prediction"]),
                    "What kind of fact is asserted.",
                ),
                attribute(
                    "may_be_false",
                    "May be false",
                    AttributeKind::YesNo,
                    "Could it hold false information?",
                ),
                attribute(
                    "matters_to_public",
                    "Matters to the public",
                    AttributeKind::YesNo,
                    "Would the public want to know?",
                ),
                attribute(
                    "can_harm",
                    "Can do harm",
                    AttributeKind::YesNo,
                    "Could it harm a person or a group?",
                ),
                attribute(
                    "stance",
                    "Article’s stance",
                    one_of(&["reports", "endorses", "disputes"]),
                    "What the article itself does with the claim.",
                ),
                attribute(
                    "verdict",
                    "Verdict",
                    AttributeKind::Text,
                    "What checking it found.",
                ),
                attribute(
                    "evidence",
                    "Evidence",
                    AttributeKind::Url,
                    "Where the evidence is.",
                ),
            ],
            ..Label::new("claim", "Claim", 0xB4531A)
        };
        let promo = Label {
            definition: "Text that serves the interest of an identifiable product, organisation \
                         or person."
                .to_owned(),
            include: strings(&[
                "Newsletter boxes, donation calls, “follow us” lists and related links",
                "Advertising, disclosed or not, and the language of press releases",
                "Praise without independent support",
            ]),
            exclude: strings(&["Propaganda for an idea rather than an interest"]),
            examples: strings(&["Subscribe to our evening newsletter!"]),
            underline: Underline::Dotted,
            key: Some('p'),
            attributes: vec![
                attribute(
                    "kind",
                    "Kind",
                    one_of(&[
                        "disclosed_advertising",
                        "undisclosed_advertising",
                        "press_release",
                        "puffery",
                        "call_to_action",
                        "self_promotion",
                    ]),
                    "What makes it promotional.",
                ),
                attribute(
                    "beneficiary",
                    "Beneficiary",
                    AttributeKind::Person,
                    "Whose interest it serves.",
                ),
            ],
            ..Label::new("promo", "Promotional content", 0x8A3A8F)
        };
        let source = Label {
            definition: "The words that name who is quoted.".to_owned(),
            include: strings(&["Titles and descriptions that identify the speaker"]),
            examples: strings(&["the mayor"]),
            underline: Underline::Double,
            key: Some('s'),
            helper: true,
            ..Label::new("source", "Source", 0x2F7D4F)
        };
        let cue = Label {
            definition: "The words that say that somebody is quoted.".to_owned(),
            examples: strings(&["said", "according to"]),
            underline: Underline::Wavy,
            key: Some('u'),
            helper: true,
            ..Label::new("cue", "Cue", Label::GREY)
        };
        Self {
            revision: 1,
            labels: vec![quote, claim, promo, source, cue],
            unknown: UnknownFields::new(),
        }
    }
}
