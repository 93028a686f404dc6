//! The codebook: labels, what they mean, and which attributes and links they carry.

use crate::core::annotation::{AttributeValue, exact_number};
use crate::core::ids::LabelId;
use crate::core::kept::{Keeps, UnknownFields, named};
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

named! {
    /// How a label is told apart without colour.
    pub enum Underline {
        #[default]
        Solid = "solid",
        Dashed = "dashed",
        Dotted = "dotted",
        Double = "double",
        Wavy = "wavy",
    }
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
    /// A kind of a later version; its values are shown and written as text.
    Later {
        name: String,
        options: Vec<String>,
    },
}

/// Names of the kinds in files; those that have options are given them.
macro_rules! kinds {
    ({ $($Kind:ident = $name:literal,)* } with options { $($Choice:ident = $of:literal,)* }) => {
        impl AttributeKind {
            /// Its name in files.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$Kind => $name,)*
                    $(Self::$Choice(_) => $of,)*
                    Self::Later { name, .. } => name,
                }
            }

            pub fn options(&self) -> &[String] {
                match self {
                    $(Self::$Kind => &[],)*
                    $(Self::$Choice(options) => options,)*
                    Self::Later { options, .. } => options,
                }
            }

            /// The kind with a name; one that has options which it should not have is none of ours.
            pub fn of_code(code: &str, options: Vec<String>) -> Self {
                match code {
                    $($name if options.is_empty() => Self::$Kind,)*
                    $($of => Self::$Choice(options),)*
                    _ => Self::Later { name: code.to_owned(), options },
                }
            }

            /// One of each kind that this version knows.
            pub fn all() -> Vec<Self> {
                vec![$(Self::$Kind,)* $(Self::$Choice(Vec::new()),)*]
            }
        }
    };
}

kinds! {
    {
        Text = "text",
        Number = "number",
        YesNo = "yes_no",
        Date = "date",
        Url = "url",
        Person = "person",
    } with options {
        OneOf = "one_of",
        SeveralOf = "several_of",
    }
}

impl AttributeKind {
    /// Whether a value is one of this kind. What a later version would say is not known here.
    pub fn fits(&self, value: &AttributeValue) -> bool {
        use AttributeValue as Value;
        match self {
            Self::Text | Self::Date | Self::Url => matches!(value, Value::Text(_)),
            Self::Person => matches!(value, Value::Text(_) | Value::Person(_)),
            Self::Number => matches!(value, Value::Number(_)),
            Self::YesNo => matches!(value, Value::Bool(_)),
            Self::OneOf(options) => matches!(value, Value::Text(text) if options.contains(text)),
            Self::SeveralOf(options) => {
                matches!(value, Value::Many(all) if all.iter().all(|one| options.contains(one)))
            }
            Self::Later { .. } => true,
        }
    }

    /// What a text stands for in this kind; the text when it is none of it, so that nothing is
    /// lost. People are found by who knows the ledger.
    pub fn typed(&self, text: &str) -> AttributeValue {
        let word = text.trim();
        let value = match self {
            Self::Number => exact_number(word).map(AttributeValue::Number),
            Self::YesNo => match word.to_lowercase().as_str() {
                "yes" | "true" => Some(AttributeValue::Bool(true)),
                "no" | "false" => Some(AttributeValue::Bool(false)),
                _ => None,
            },
            Self::SeveralOf(_) => {
                let all = text.split("; ").map(str::to_owned).collect();
                Some(AttributeValue::Many(all)).filter(|all| self.fits(all))
            }
            Self::Text
            | Self::Date
            | Self::Url
            | Self::Person
            | Self::OneOf(_)
            | Self::Later { .. } => None,
        };
        value.unwrap_or_else(|| AttributeValue::Text(text.to_owned()))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRole {
    pub name: String,
    /// The label its target should have.
    pub target: Option<LabelId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

named! {
    /// What a mouse selection snaps to when it is marked with a label.
    pub enum BoundaryPolicy {
        Character = "character",
        #[default]
        Word = "word",
        Sentence = "sentence",
    }
}

named! {
    /// Which annotations of the same annotator may overlap.
    pub enum OverlapPolicy {
        #[default]
        Any = "any",
        /// Not with another annotation of the same label.
        OtherLabels = "other_labels",
        Never = "never",
    }
}

impl Codebook {
    pub fn label(&self, id: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.id.as_str() == id)
    }

    pub fn label_with_key(&self, key: char) -> Option<&Label> {
        self.labels
            .iter()
            .find(|label| label.small_key() == Some(key))
    }

    /// Keys that mark with the first of several labels, and with none of the rest.
    pub fn shared_keys(&self) -> Vec<(char, Vec<&Label>)> {
        let mut shared: Vec<(char, Vec<&Label>)> = Vec::new();
        for label in &self.labels {
            let Some(key) = label.small_key() else {
                continue;
            };
            match shared.iter_mut().find(|(known, _)| *known == key) {
                Some((_, labels)) => labels.push(label),
                None => shared.push((key, vec![label])),
            }
        }
        shared.retain(|(_, labels)| labels.len() > 1);
        shared
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

impl LinkRole {
    /// A role called like the label that its targets have.
    pub fn to_label(label: &str) -> Self {
        Self {
            name: label.to_owned(),
            target: Some(label.into()),
            unknown: UnknownFields::new(),
        }
    }
}

impl Keeps for Label {
    fn each_kept(&mut self, see: &mut dyn FnMut(String, &mut UnknownFields)) {
        see(String::new(), &mut self.unknown);
        for attribute in &mut self.attributes {
            let part = format!("the attribute “{}”", attribute.name);
            see(part, &mut attribute.unknown);
        }
        for role in &mut self.link_roles {
            see(format!("the link role “{}”", role.name), &mut role.unknown);
        }
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

    /// Its key as a keyboard types it: small.
    pub fn small_key(&self) -> Option<char> {
        self.key.and_then(|key| key.to_lowercase().next())
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
            link_roles: vec![LinkRole::to_label("source"), LinkRole::to_label("cue")],
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
