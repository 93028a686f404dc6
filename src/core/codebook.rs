//! The codebook: labels, what they mean, how they belong together, and which attributes and links
//! they carry.

mod alike;
pub mod compare;
mod default;
mod hierarchy;
mod shared;
mod things;

pub use alike::{MAX_NAME, folded_name, id_for};
pub use shared::SharedCodebook;
pub use things::{Part, Thing};

use crate::core::annotation::{AttributeValue, Attributes, Timestamp, exact_number};
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, LabelId};
use crate::core::kept::{Keeps, UnknownFields, named};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// What journals leave out, as those of earlier versions have none of it.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Codebook {
    /// Rises with every change, so that annotations can say under which rules they were made.
    pub revision: u32,
    pub labels: Vec<Label>,
    /// What became of it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<CodebookChange>,
    pub unknown: UnknownFields,
}

/// A step in the life of a codebook.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CodebookChange {
    /// The revision that it led to.
    pub revision: u32,
    /// As the step is called: “rename Quote”.
    pub what: String,
    pub by: AnnotatorId,
    pub when: Option<Timestamp>,
    /// What labels meant before it, which mean another thing since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<Meant>,
    pub unknown: UnknownFields,
}

/// What a label meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Meant {
    pub label: LabelId,
    pub definition: String,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    pub id: LabelId,
    pub name: String,
    /// What it stands for; none where the codebook does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_for: Option<Thing>,
    pub definition: String,
    pub include: Vec<String>,
    pub exclude: Vec<String>,
    pub examples: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counter_examples: Vec<String>,
    /// Annotations that show what is meant, and what is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown_by: Vec<ShownBy>,
    /// The label that it is a kind of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<LabelId>,
    /// Kept for the annotations that have it, and not offered any more.
    #[serde(default, skip_serializing_if = "is_default")]
    pub retired: bool,
    /// The revision that last changed what it means; 0 when none did.
    #[serde(default, skip_serializing_if = "is_default")]
    pub redefined: u32,
    /// `0xRRGGBB` on a light page; other themes derive theirs.
    pub color: u32,
    pub underline: Underline,
    /// The key that marks with it.
    pub key: Option<char>,
    pub attributes: Vec<AttributeSpec>,
    pub link_roles: Vec<LinkRole>,
    pub boundary: BoundaryPolicy,
    #[serde(default, skip_serializing_if = "is_default")]
    pub edges: Edges,
    pub overlap: OverlapPolicy,
    /// A part of other annotations (source, cue) rather than a finding of its own.
    pub helper: bool,
    pub unknown: UnknownFields,
}

/// An annotation as an example in the codebook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownBy {
    pub article: ArticleId,
    pub annotation: AnnotationId,
    /// It shows what the label is not for.
    pub is_counter: bool,
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
    /// What a new annotation has of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<AttributeValue>,
    /// An annotation without it is not finished.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required: bool,
    /// The key that goes to it while an annotation is selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<char>,
    pub unknown: UnknownFields,
}

impl AttributeSpec {
    /// Titled by its name.
    pub fn new(name: &str, kind: AttributeKind) -> Self {
        Self {
            name: name.to_owned(),
            title: name.to_owned(),
            kind,
            help: String::new(),
            default: None,
            required: false,
            key: None,
            unknown: UnknownFields::new(),
        }
    }

    /// What it is called for people: by its name where it has no title.
    pub fn shown_title(&self) -> &str {
        match self.title.trim() {
            "" => &self.name,
            _ => &self.title,
        }
    }

    /// Its key as a keyboard types it: small.
    pub fn small_key(&self) -> Option<char> {
        self.key.and_then(|key| key.to_lowercase().next())
    }
}

/// A key as it is written wherever people read it, and as it stands on a keyboard.
pub fn key_text(key: char) -> String {
    key.to_uppercase().to_string()
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
    /// As it is called where one is chosen, without its options.
    pub fn title(&self) -> String {
        let title = match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::YesNo => "yes or no",
            Self::OneOf(_) => "one of",
            Self::SeveralOf(_) => "several of",
            Self::Date => "date",
            Self::Url => "address (URL)",
            Self::Person => "person or organisation",
            Self::Later { name, .. } => return format!("“{name}”, of a later version"),
        };
        title.to_owned()
    }

    /// As a sentence has it, with its options.
    pub fn in_words(&self) -> String {
        match self {
            Self::Text | Self::YesNo | Self::Later { .. } => self.title(),
            Self::Number | Self::Date | Self::Person => format!("a {}", self.title()),
            Self::OneOf(options) | Self::SeveralOf(options) => {
                format!("{} {}", self.title(), options.join(", "))
            }
            Self::Url => "an address".to_owned(),
        }
    }

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
    /// The label its target has; none for any.
    pub target: Option<LabelId>,
    /// Further labels that its target may have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub or: Vec<LabelId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: UnknownFields,
}

named! {
    /// What a mouse selection snaps to when it is marked with a label.
    pub enum BoundaryPolicy {
        Character = "character",
        #[default]
        Word = "word",
        Clause = "clause",
        Sentence = "sentence",
        Paragraph = "paragraph",
    }
}

named! {
    /// Whether something at the edge of a marked stretch belongs to it.
    pub enum EdgeRule {
        /// As the analyst marked it.
        #[default]
        AsMarked = "as_marked",
        In = "in",
        Out = "out",
    }
}

/// What stands at the edges of what is marked with a label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edges {
    /// Quotation marks around all of it.
    pub quotation_marks: EdgeRule,
    /// The comma, full stop or other mark that it ends with.
    pub closing_punctuation: EdgeRule,
    /// “that” before a reported clause.
    pub leading_that: EdgeRule,
    /// “Mr”, “Foreign Minister” before a name.
    pub speaker_title: EdgeRule,
    /// White space around it, which is left out but where the rule says “in”.
    pub white_space: EdgeRule,
    pub unknown: UnknownFields,
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
    /// The first revision of these labels.
    pub fn of(labels: Vec<Label>) -> Self {
        Self {
            revision: 1,
            labels,
            changes: Vec::new(),
            unknown: UnknownFields::new(),
        }
    }

    pub fn label(&self, id: &str) -> Option<&Label> {
        self.labels.iter().find(|label| label.id.as_str() == id)
    }

    pub fn label_with_key(&self, key: char) -> Option<&Label> {
        self.offered().find(|label| label.small_key() == Some(key))
    }

    /// Keys that mark with the first of several labels, and with none of the rest.
    pub fn shared_keys(&self) -> Vec<(char, Vec<&Label>)> {
        let mut shared: BTreeMap<char, Vec<&Label>> = BTreeMap::new();
        for label in self.offered() {
            if let Some(key) = label.small_key() {
                shared.entry(key).or_default().push(label);
            }
        }
        shared.retain(|_, labels| labels.len() > 1);
        shared.into_iter().collect()
    }

    /// The labels that can be marked with: those that are not retired.
    pub fn offered(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(|label| !label.retired)
    }

    /// The name to show for a label id; the id itself when the codebook does not know it.
    pub fn name_of<'a>(&'a self, id: &'a LabelId) -> &'a str {
        self.label(id.as_str())
            .map_or(id.as_str(), |label| label.name.as_str())
    }

    /// Makes it the next revision, and says why.
    pub fn revise(&mut self, what: String, by: &AnnotatorId, when: Option<Timestamp>) {
        self.revision += 1;
        self.changes.push(CodebookChange {
            revision: self.revision,
            what,
            by: by.clone(),
            when,
            was: Vec::new(),
            unknown: UnknownFields::new(),
        });
    }

    /// What a label meant under a revision, where it means another thing now and that was kept.
    pub fn meant_under(&self, label: &LabelId, revision: u32) -> Option<&Meant> {
        let mut later = self.changes.iter().filter(|c| c.revision > revision);
        later.find_map(|change| change.was.iter().find(|was| was.label == *label))
    }

    /// Adds steps of another copy that are not told here, each among those of its revision.
    pub fn add_changes(&mut self, theirs: &[CodebookChange]) {
        let known: HashSet<&CodebookChange> = self.changes.iter().collect();
        let new = theirs.iter().filter(|change| !known.contains(change));
        let new: Vec<CodebookChange> = new.cloned().collect();
        self.changes.extend(new);
        self.changes.sort_by_key(|change| change.revision);
    }

    /// The first colour of the palette that fewest labels have.
    pub fn free_color(&self) -> u32 {
        let of = |hue: &[u32; 2]| {
            self.labels
                .iter()
                .filter(|l| hue.contains(&l.color))
                .count()
        };
        let free = Label::PALETTE.iter().min_by_key(|hue| of(hue));
        free.map_or(Label::GREY, |[color, _]| *color)
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
            or: Vec::new(),
            unknown: UnknownFields::new(),
        }
    }

    /// The labels that its target may have; none for any.
    pub fn targets(&self) -> impl Iterator<Item = &LabelId> {
        self.target.iter().chain(&self.or)
    }

    /// Takes in the targets of another role; none there means any.
    pub fn join(&mut self, other: &Self) {
        if other.target.is_none() && other.or.is_empty() {
            (self.target, self.or) = (None, Vec::new());
        } else if self.targets().next().is_some() {
            self.or.extend(other.targets().cloned());
        }
        self.settle();
    }

    /// Names each target once.
    pub fn settle(&mut self) {
        let mut seen: HashSet<LabelId> = self.target.iter().cloned().collect();
        self.or.retain(|id| seen.insert(id.clone()));
    }

    /// Whether a link of this role may lead to an annotation with a label, or with a kind of one that
    /// is named.
    pub fn accepts(&self, codebook: &Codebook, label: &LabelId) -> bool {
        self.targets().next().is_none()
            || self
                .targets()
                .any(|target| codebook.is_kind_of(label, target))
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
        for shown in &mut self.shown_by {
            let part = format!("the example {}", shown.annotation);
            see(part, &mut shown.unknown);
        }
        see("its edges".to_owned(), &mut self.edges.unknown);
    }
}

impl Label {
    /// What annotations were made by; another one puts them on the worklist.
    pub fn meaning(&self) -> (&str, &[String], &[String]) {
        (&self.definition, &self.include, &self.exclude)
    }

    /// The colour of cues, and of labels that have none or that the codebook does not know.
    pub const GREY: u32 = 0x6B665F;

    /// Colours that no kind of colour blindness makes alike, each as it is and as older codebooks
    /// have it.
    pub const PALETTE: [[u32; 2]; 8] = [
        [0x1B66A4, 0x1F6FB2],
        [0x9A4410, 0xB4531A],
        [0x7E3584, 0x8A3A8F],
        [0x256A43, 0x2F7D4F],
        [0xA50F2D, 0xA50F2D],
        [0x001E87, 0x001E87],
        [0x5A1E00, 0x5A1E00],
        [0x3C2D3C, 0x3C2D3C],
    ];

    pub fn new(id: &str, name: &str, color: u32) -> Self {
        Self {
            id: id.into(),
            name: name.to_owned(),
            stands_for: None,
            definition: String::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            examples: Vec::new(),
            counter_examples: Vec::new(),
            shown_by: Vec::new(),
            parent: None,
            retired: false,
            redefined: 0,
            color,
            underline: Underline::Solid,
            key: None,
            attributes: Vec::new(),
            link_roles: Vec::new(),
            boundary: BoundaryPolicy::Word,
            edges: Edges::default(),
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

    /// What an annotation must say and does not.
    pub fn missing<'a>(
        &'a self,
        attributes: &'a Attributes,
    ) -> impl Iterator<Item = &'a AttributeSpec> {
        let required = self.attributes.iter().filter(|spec| spec.required);
        required.filter(|spec| attributes.get(&spec.name).is_none())
    }

    pub fn link_role(&self, name: &str) -> Option<&LinkRole> {
        self.link_roles.iter().find(|role| role.name == name)
    }
}
