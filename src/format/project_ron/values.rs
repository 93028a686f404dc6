//! Values of the file that are no records: names, colours, times, what attributes hold, where
//! annotations came from, what is in the trash.
//!
//! Knows nothing of texts. What a later version calls otherwise is kept as it stands.

use super::lenient::{Damage, elements, take};
use super::record::{AnnotationRecord, ArticleRecord};
use super::schema::{Coded, Value, Written, from_ron};
use super::shapes::{Map, One, Str, leaf};
use super::strings::quoted;
use super::write::{Layout, Out};
use crate::core::annotation::{AttributeValue, Attributes, Origin, Timestamp};
use crate::core::article::Status;
use crate::core::codebook::{BoundaryPolicy, EdgeRule, Label, OverlapPolicy, Thing, Underline};
use crate::core::ids::{
    AnnotationId, AnnotatorId, ArticleId, GroupId, LabelId, PersonId, RuleId, SetId,
};
use crate::core::kept::Kept;
use crate::core::project::{Annotator, ApartOf, Dismissed, GroupState, HitKey, PersonKind, Tied};
use crate::format::time::{timestamp_from, timestamp_text};
use ron::value::RawValue;
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use std::collections::HashMap;

/// Shares the strings that recur: labels and annotators.
#[derive(Default)]
pub(super) struct Names {
    labels: HashMap<String, LabelId>,
    annotators: HashMap<String, AnnotatorId>,
}

impl Names {
    pub(super) fn label(&mut self, name: &str) -> LabelId {
        if let Some(known) = self.labels.get(name) {
            return known.clone();
        }
        let new = LabelId::new(name);
        self.labels.insert(name.to_owned(), new.clone());
        new
    }

    pub(super) fn annotator(&mut self, name: &str) -> AnnotatorId {
        if let Some(known) = self.annotators.get(name) {
            return known.clone();
        }
        let new = AnnotatorId::new(name);
        self.annotators.insert(name.to_owned(), new.clone());
        new
    }
}

leaf!(
    LabelId,
    PersonId,
    AnnotatorId,
    ArticleId,
    AnnotationId,
    GroupId,
    RuleId,
    SetId
);

/// Values that stand in the file as a string of their own.
macro_rules! as_string {
    ($($Type:ty: $of:expr, $text:expr;)*) => {
        $(impl<'a> Value<'a> for $Type {
            fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Str::deserialize(deserializer)?;
                match text.as_str() {
                    "" => Ok(Self::default()),
                    text => Ok($of(text)),
                }
            }

            fn lenient(_: &'a str, _: &mut Damage<'a>) -> Option<Self> {
                None
            }
        }

        impl Written for $Type {
            fn is_empty(&self) -> bool {
                $text(self).is_empty()
            }

            fn write(&self, out: &mut Out, _: Layout) {
                out.string($text(self));
            }
        })*
    };
}

as_string! {
    Status: Status::of_code, Status::code;
    Underline: Underline::of_code, Underline::code;
    BoundaryPolicy: BoundaryPolicy::of_code, BoundaryPolicy::code;
    OverlapPolicy: OverlapPolicy::of_code, OverlapPolicy::code;
    EdgeRule: EdgeRule::of_code, told_rule;
    Thing: Thing::of_code, Thing::code;
    PersonKind: PersonKind::of_code, PersonKind::beside_organisation;
    GroupState: GroupState::of_code, told_state;
    ApartOf: ApartOf::of_code, ApartOf::code;
}

/// Nothing for what is left to the analyst.
fn told_rule(rule: &EdgeRule) -> &str {
    match rule {
        EdgeRule::AsMarked => "",
        rule => rule.code(),
    }
}

/// Nothing for what was not begun.
fn told_state(state: &GroupState) -> &str {
    match state {
        GroupState::ToCheck => "",
        state => state.code(),
    }
}

/// What a label stands for; empty where the codebook does not say it.
impl<'a> Value<'a> for Option<Thing> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        let code = Str::deserialize(deserializer)?;
        Ok((!code.as_str().is_empty()).then(|| Thing::of_code(code.as_str())))
    }

    fn lenient(_: &'a str, _: &mut Damage<'a>) -> Option<Self> {
        None
    }
}

/// A key in hexadecimal digits, as hashes are.
impl<'a> Value<'a> for HitKey {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = Str::deserialize(deserializer)?;
        let key = u64::from_str_radix(digits.as_str(), 16);
        key.map(Self).map_err(D::Error::custom)
    }

    fn lenient(_: &'a str, _: &mut Damage<'a>) -> Option<Self> {
        None
    }
}

impl Written for HitKey {
    fn write(&self, out: &mut Out, _: Layout) {
        out.string(&format!("{:016x}", self.0));
    }
}

impl<'a> Value<'a> for Dismissed {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        Map::read(deserializer).map(dismissed)
    }

    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
        Map::lenient(raw, damage).map(dismissed)
    }
}

fn dismissed(map: Map<'_, Vec<HitKey>>) -> Dismissed {
    let all = map.0.into_iter().map(|(article, mut keys)| {
        keys.sort_unstable();
        keys.dedup();
        (ArticleId::new(article.as_str()), keys)
    });
    Dismissed(all.filter(|(_, keys)| !keys.is_empty()).collect())
}

impl<'a> Value<'a> for Tied {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        Map::read(deserializer).map(tied)
    }

    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
        Map::lenient(raw, damage).map(tied)
    }
}

fn tied(map: Map<'_, Vec<String>>) -> Tied {
    let all = map.0.into_iter();
    let all = all.map(|(article, words)| (ArticleId::new(article.as_str()), words));
    let mut tied = Tied(all.collect());
    tied.settle();
    tied
}

impl<'a> Value<'a> for Attributes {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        Map::read(deserializer).map(attributes)
    }

    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
        Map::lenient(raw, damage).map(attributes)
    }
}

fn attributes(map: Map<'_, ValueRecord<'_>>) -> Attributes {
    let all = map.0.iter();
    all.map(|(name, value)| (name.as_str(), value.value()))
        .collect()
}

/// The label that targets of a link have; empty for any.
impl<'a> Value<'a> for Option<LabelId> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        let id = Str::deserialize(deserializer)?;
        Ok((!id.as_str().is_empty()).then(|| id.as_str().into()))
    }

    fn lenient(_: &'a str, _: &mut Damage<'a>) -> Option<Self> {
        None
    }
}

/// Values of which the core has something else than what stands there.
macro_rules! coded {
    ($($(#[$doc:meta])* $Type:ident: $Core:ty = $unset:expr, |$text:ident| $core:expr, |$value:ident| $written:expr;)*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(super) struct $Type<'a>(Str<'a>);

        impl $Type<'static> {
            pub(super) fn of($value: &$Core) -> Self {
                Self(Str::from($written))
            }
        }

        impl<'a> Value<'a> for $Type<'a> {
            fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
                Str::deserialize(deserializer).map(Self)
            }

            fn lenient(_: &'a str, _: &mut Damage<'a>) -> Option<Self> {
                None
            }
        }

        impl<'a> Coded<'a> for $Type<'a> {
            type Core = $Core;

            fn core(&self) -> Option<$Core> {
                let $text = self.0.as_str();
                if $text.is_empty() {
                    return Some(Self::unset());
                }
                $core
            }

            fn unset() -> $Core {
                $unset
            }

            fn raw(&self) -> String {
                quoted(self.0.as_str())
            }
        }

        impl Written for $Type<'_> {
            fn is_empty(&self) -> bool {
                self.0.as_str() == $Type::of(&Self::unset()).0.as_str()
            }

            fn write(&self, out: &mut Out, _: Layout) {
                out.string(self.0.as_str());
            }
        })*
    };
}

coded! {
    Color: u32 = Label::GREY,
        |text| {
            let digits = text.trim_start_matches('#');
            let is_color = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
            u32::from_str_radix(digits, 16).ok().filter(|_| is_color)
        },
        |color| format!("#{color:06X}");
    /// The key that marks with a label.
    Key: Option<char> = None,
        |text| {
            let mut letters = text.chars();
            let first = letters.next();
            letters.next().is_none().then_some(first)
        },
        |key| key.map(String::from).unwrap_or_default();
    Time: Option<Timestamp> = None,
        |text| timestamp_from(text).map(Some),
        |time| time.map(timestamp_text).unwrap_or_default();
}

fn is_name(raw: &str) -> bool {
    raw.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// A value that has a name, `name(…)`; one whose name this version does not know is `later`.
fn by_name<'a, T: Deserialize<'a>>(
    raw: &'a str,
    later: impl Fn(Str<'a>) -> T,
) -> Result<T, ron::Error> {
    match ron::from_str(raw) {
        Ok(value) => Ok(value),
        Err(error)
            if is_name(raw) && !matches!(error.code, ron::Error::NoSuchEnumVariant { .. }) =>
        {
            Err(error.code)
        }
        Err(_) => Ok(later(Str::from(raw))),
    }
}

/// The text in `name("…")`, as this program writes most.
fn plain_text<'a>(raw: &'a str, name: &str) -> Option<Str<'a>> {
    let text = raw.strip_prefix(name)?.strip_prefix("(\"")?;
    let text = text.strip_suffix("\")")?;
    let is_plain = text.bytes().all(|b| b != b'"' && b != b'\\');
    is_plain.then(|| Str::from(text))
}

fn raw_of<'a, D: Deserializer<'a>>(deserializer: D) -> Result<&'a str, D::Error> {
    let raw: &'a RawValue = Deserialize::deserialize(deserializer)?;
    Ok(raw.get_ron().trim())
}

/// What an attribute holds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ValueRecord<'a> {
    Text(#[serde(borrow)] Str<'a>),
    Number(f64),
    Bool(bool),
    Many(#[serde(borrow)] Vec<Str<'a>>),
    Person(#[serde(borrow)] Str<'a>),
    #[serde(skip)]
    Later(Str<'a>),
}

impl<'a> Value<'a> for ValueRecord<'a> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = raw_of(deserializer)?;
        match Self::plain(raw) {
            Some(plain) => Ok(plain),
            None => by_name(raw, Self::Later).map_err(D::Error::custom),
        }
    }

    fn lenient(_: &'a str, _: &mut Damage<'a>) -> Option<Self> {
        None
    }
}

impl<'a> ValueRecord<'a> {
    /// The value as this program writes most; what is written otherwise is read by serde.
    fn plain(raw: &'a str) -> Option<Self> {
        match raw {
            "bool(true)" => return Some(Self::Bool(true)),
            "bool(false)" => return Some(Self::Bool(false)),
            _ => {}
        }
        if let Some(number) = raw.strip_prefix("number(") {
            let number = number.strip_suffix(')')?;
            let is_plain = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            return number.parse().ok().filter(|_| is_plain).map(Self::Number);
        }
        let text = plain_text(raw, "text").map(Self::Text);
        text.or_else(|| plain_text(raw, "person").map(Self::Person))
    }

    pub(super) fn value(&self) -> AttributeValue {
        match self {
            Self::Text(text) => AttributeValue::Text(text.as_str().to_owned()),
            // What is no number is not even itself.
            Self::Number(number) if !number.is_finite() => AttributeValue::Text(number.to_string()),
            Self::Number(number) => AttributeValue::Number(*number),
            Self::Bool(value) => AttributeValue::Bool(*value),
            Self::Many(values) => {
                AttributeValue::Many(values.iter().map(|v| v.as_str().to_owned()).collect())
            }
            Self::Person(id) => AttributeValue::Person(id.as_str().into()),
            Self::Later(raw) => AttributeValue::Later(Kept::new(raw.as_str())),
        }
    }
}

impl Written for ValueRecord<'_> {
    fn write(&self, out: &mut Out, _: Layout) {
        match self {
            Self::Text(text) => out.named("text", text),
            Self::Number(number) => out.named("number", number),
            Self::Bool(value) => out.named("bool", value),
            Self::Many(values) => out.named("many", values),
            Self::Person(id) => out.named("person", id),
            Self::Later(raw) => out.raw(raw.as_str()),
        }
    }
}

impl Written for AttributeValue {
    fn write(&self, out: &mut Out, _: Layout) {
        match self {
            Self::Text(text) => out.named("text", text),
            Self::Number(number) => out.named("number", number),
            Self::Bool(value) => out.named("bool", value),
            Self::Many(values) => out.named("many", values),
            Self::Person(id) => out.named("person", id),
            Self::Later(kept) => out.raw(kept.as_str()),
        }
    }
}

/// Where an annotation came from.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OriginRecord<'a> {
    #[default]
    Hand,
    Suggestion(#[serde(borrow)] Str<'a>),
    Import(#[serde(borrow)] Str<'a>),
    #[serde(skip)]
    Later(Str<'a>),
}

impl<'a> Value<'a> for OriginRecord<'a> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = raw_of(deserializer)?;
        match plain_text(raw, "import") {
            Some(from) => Ok(Self::Import(from)),
            None => by_name(raw, Self::Later).map_err(D::Error::custom),
        }
    }

    fn lenient(_: &'a str, _: &mut Damage<'a>) -> Option<Self> {
        None
    }
}

impl OriginRecord<'_> {
    pub(super) fn value(&self) -> Origin {
        match self {
            Self::Hand => Origin::Hand,
            Self::Suggestion(rule) => Origin::Suggestion(rule.as_str().to_owned()),
            Self::Import(from) => Origin::Import(from.as_str().to_owned()),
            Self::Later(raw) => Origin::Later(Kept::new(raw.as_str())),
        }
    }
}

impl Written for OriginRecord<'_> {
    fn is_empty(&self) -> bool {
        *self == Self::Hand
    }

    fn write(&self, out: &mut Out, layout: Layout) {
        self.value().write(out, layout);
    }
}

impl Written for Origin {
    fn is_empty(&self) -> bool {
        *self == Self::Hand
    }

    fn write(&self, out: &mut Out, _: Layout) {
        match self {
            Self::Hand => out.raw("hand"),
            Self::Suggestion(rule) => out.named("suggestion", rule),
            Self::Import(from) => out.named("import", from),
            Self::Later(kept) => out.raw(kept.as_str()),
        }
    }
}

/// What is in the trash.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TrashedRecord<'a> {
    Annotation(Str<'a>, Box<AnnotationRecord<'a>>),
    Article(Box<ArticleRecord<'a>>),
    Label(Box<Label>),
    Annotator(Box<Annotator>),
    Later(Str<'a>),
}

/// The name of a value and what stands behind it.
pub(super) fn name_and_rest(raw: &str) -> (&str, &str) {
    let at = raw.find('(').unwrap_or(raw.len());
    raw.split_at_checked(at)
        .map_or((raw, ""), |(name, rest)| (name.trim(), rest))
}

/// Whether a name is one of ours with a damaged letter, and none that a later version gave.
fn is_damaged(name: &str) -> bool {
    let ours = ["annotation", "article", "label", "annotator"];
    ours.iter().any(|ours| {
        let letters = ours.chars().zip(name.chars());
        let others = letters.filter(|(a, b)| a != b).count();
        others == 1 && ours.chars().count() == name.chars().count()
    })
}

impl<'a> TrashedRecord<'a> {
    pub(super) fn of(raw: &'a str) -> ron::error::SpannedResult<Self> {
        let (name, rest) = name_and_rest(raw);
        Ok(match name {
            "annotation" => {
                let (article, annotation) = from_ron(rest)?;
                Self::Annotation(article, annotation)
            }
            "article" => Self::Article(from_ron::<One<_>>(rest)?.0),
            "label" => Self::Label(from_ron::<One<_>>(rest)?.0),
            "annotator" => Self::Annotator(from_ron::<One<_>>(rest)?.0),
            _ if is_name(name) && !is_damaged(name) => Self::Later(Str::from(raw)),
            _ => ron::from_str::<()>(name).map(|()| Self::Later(Str::from(raw)))?,
        })
    }
}

impl<'a> Value<'a> for TrashedRecord<'a> {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        Self::of(raw_of(deserializer)?).map_err(|error| D::Error::custom(error.code))
    }

    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
        let (name, rest) = name_and_rest(raw);
        let parts = elements(rest, '(', damage)?;
        Some(match (name, parts.as_slice()) {
            ("annotation", [article, annotation]) => {
                Self::Annotation(ron::from_str(article).ok()?, take(annotation, damage)?)
            }
            ("article", [article]) => Self::Article(take(article, damage)?),
            ("label", [label]) => Self::Label(take(label, damage)?),
            ("annotator", [annotator]) => Self::Annotator(take(annotator, damage)?),
            _ => return None,
        })
    }
}
