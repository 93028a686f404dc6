//! The shape of the file as plain records, borrowed from the source text where possible.
//!
//! Written by hand rather than derived so that fields of later versions are kept: each record
//! collects what it does not know as raw RON.

use super::lenient::{self, Damage, Field, Lenient, take_field, take_unknown};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// A string borrowed from the source unless it held escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Str<'a>(pub(super) Cow<'a, str>);

impl Str<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

impl std::borrow::Borrow<str> for Str<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'a> From<&'a str> for Str<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Str<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

struct StrVisitor;

impl<'de> Visitor<'de> for StrVisitor {
    type Value = Str<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Str<'de>, E> {
        Ok(Str(Cow::Owned(text)))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(StrVisitor)
    }
}

/// A value that may be absent, without RON's `Some(…)` around it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Maybe<T>(pub(super) Option<T>);

impl<T> Default for Maybe<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(|value| Self(Some(value)))
    }
}

/// Names and values. A name that stands there twice with two values is an error: one would be lost.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Map<'a, T>(pub(super) BTreeMap<Str<'a>, T>);

impl<T> Default for Map<'_, T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'a, T> std::ops::Deref for Map<'a, T> {
    type Target = BTreeMap<Str<'a>, T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> std::ops::DerefMut for Map<'_, T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

struct MapVisitor<'a, T>(std::marker::PhantomData<(&'a str, T)>);

impl<'de: 'a, 'a, T: Deserialize<'de> + PartialEq> Visitor<'de> for MapVisitor<'a, T> {
    type Value = Map<'a, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Map<'a, T>, A::Error> {
        let mut values = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<Str<'a>, T>()? {
            if values.get(&name).is_some_and(|known| *known != value) {
                return Err(A::Error::custom(format!(
                    "“{}” stands there twice",
                    name.as_str()
                )));
            }
            values.insert(name, value);
        }
        Ok(Map(values))
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de> + PartialEq> Deserialize<'de> for Map<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(std::marker::PhantomData))
    }
}

/// Fields not known to this version: name and raw value.
pub(super) type Unknown = Vec<(String, String)>;

enum FieldKey {
    Known(usize),
    Unknown(String),
}

struct FieldSeed(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for FieldSeed {
    type Value = FieldKey;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<FieldKey, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for FieldSeed {
    type Value = FieldKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<FieldKey, E> {
        Ok(match self.0.iter().position(|known| *known == name) {
            Some(known) => FieldKey::Known(known),
            None => FieldKey::Unknown(name.to_owned()),
        })
    }
}

fn raw_value<'de, A: MapAccess<'de>>(map: &mut A) -> Result<String, A::Error> {
    let raw: Box<ron::value::RawValue> = map.next_value()?;
    Ok(raw.get_ron().trim().to_owned())
}

/// Declares a record: `!` fields must be there, the others default. `unknown` collects the rest.
macro_rules! record {
    ($name:ident { $(! $required:ident : $rty:ty,)* $($optional:ident : $oty:ty,)* }) => {
        #[derive(Clone, Debug, PartialEq)]
        pub(super) struct $name<'a> {
            $(pub(super) $required: $rty,)*
            $(pub(super) $optional: $oty,)*
            pub(super) unknown: Unknown,
            pub(super) source: std::marker::PhantomData<&'a str>,
        }

        impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                const FIELDS: &[&str] = &[$(stringify!($required),)* $(stringify!($optional),)*];

                struct RecordVisitor;

                impl<'a> Visitor<'a> for RecordVisitor {
                    type Value = $name<'a>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(stringify!($name))
                    }

                    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<$name<'a>, A::Error> {
                        $(let mut $required: Option<$rty> = None;)*
                        $(let mut $optional: Option<$oty> = None;)*
                        let mut unknown = Unknown::new();
                        while let Some(key) = map.next_key_seed(FieldSeed(FIELDS))? {
                            let known = match &key {
                                FieldKey::Known(i) => FIELDS.get(*i).copied().unwrap_or(""),
                                FieldKey::Unknown(_) => "",
                            };
                            match known {
                                $(stringify!($required) => {
                                    if $required.is_some() {
                                        return Err(A::Error::duplicate_field(stringify!($required)));
                                    }
                                    $required = Some(map.next_value()?);
                                })*
                                $(stringify!($optional) => {
                                    if $optional.is_some() {
                                        return Err(A::Error::duplicate_field(stringify!($optional)));
                                    }
                                    $optional = Some(map.next_value()?);
                                })*
                                _ => {
                                    let raw = raw_value(&mut map)?;
                                    if let FieldKey::Unknown(name) = key {
                                        unknown.push((name, raw));
                                    }
                                }
                            }
                        }
                        Ok($name {
                            $($required: $required.ok_or_else(|| A::Error::missing_field(stringify!($required)))?,)*
                            $($optional: $optional.unwrap_or_default(),)*
                            unknown,
                            source: std::marker::PhantomData,
                        })
                    }
                }

                deserializer.deserialize_struct(stringify!($name), FIELDS, RecordVisitor)
            }
        }

        impl<'a> $name<'a> {
            /// The record as far as its fields have their types; the rest is told.
            pub(super) fn from_fields(
                fields: &[Field<'a>],
                damage: &mut Damage<'a>,
            ) -> Option<Self> {
                $(let mut $required: Option<$rty> = None;)*
                $(let mut $optional: Option<$oty> = None;)*
                let mut unknown = Unknown::new();
                for field in fields {
                    match field.name {
                        $(stringify!($required) if $required.is_none() => {
                            $required = take_field(field, damage);
                        })*
                        $(stringify!($optional) if $optional.is_none() => {
                            $optional = take_field(field, damage);
                        })*
                        $(stringify!($required) => take_unknown(field, &mut unknown, damage, true),)*
                        $(stringify!($optional) => take_unknown(field, &mut unknown, damage, true),)*
                        _ => take_unknown(field, &mut unknown, damage, false),
                    }
                }
                Some(Self {
                    $($required: $required?,)*
                    $($optional: $optional.unwrap_or_default(),)*
                    unknown,
                    source: std::marker::PhantomData,
                })
            }
        }
    };
}

/// Records that are read field by field like any other.
macro_rules! lenient {
    ($($name:ident)*) => {
        $(impl<'a> Lenient<'a> for $name<'a> {
            fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
                let fields = lenient::fields(raw, damage)?;
                Self::from_fields(&fields, damage)
            }
        })*
    };
}

record!(ProjectRecord {
    !version: (u32, u32),
    format: Str<'a>,
    offset_unit: Str<'a>,
    name: Str<'a>,
    codebook: Maybe<CodebookRecord<'a>>,
    annotators: Vec<AnnotatorRecord<'a>>,
    people: Vec<PersonRecord<'a>>,
    articles: Vec<ArticleRecord<'a>>,
    trash: Vec<TrashRecord<'a>>,
    set_aside: Vec<SetAsideRecord<'a>>,
    imports: Vec<ImportRecord<'a>>,
});

record!(CodebookRecord {
    revision: u32,
    labels: Vec<LabelRecord<'a>>,
});

record!(LabelRecord {
    !id: Str<'a>,
    name: Str<'a>,
    definition: Str<'a>,
    include: Vec<Str<'a>>,
    exclude: Vec<Str<'a>>,
    examples: Vec<Str<'a>>,
    color: Str<'a>,
    underline: Str<'a>,
    key: Str<'a>,
    attributes: Vec<AttributeRecord<'a>>,
    link_roles: Vec<LinkRoleRecord<'a>>,
    boundary: Str<'a>,
    overlap: Str<'a>,
    helper: bool,
});

record!(AttributeRecord {
    !name: Str<'a>,
    !kind: Str<'a>,
    title: Str<'a>,
    options: Vec<Str<'a>>,
    help: Str<'a>,
});

record!(LinkRoleRecord {
    !name: Str<'a>,
    target: Str<'a>,
});

record!(AnnotatorRecord {
    !id: Str<'a>,
    name: Str<'a>,
});

record!(PersonRecord {
    !id: Str<'a>,
    name: Str<'a>,
    organisation: bool,
    aliases: Vec<Str<'a>>,
    note: Str<'a>,
});

record!(ArticleRecord {
    !id: Str<'a>,
    !hash: Str<'a>,
    !text: Vec<Str<'a>>,
    title: Str<'a>,
    metadata: Map<'a, Str<'a>>,
    status: Map<'a, Str<'a>>,
    notes: Str<'a>,
    annotations: Vec<AnnotationRecord<'a>>,
});

record!(AnnotationRecord {
    !id: Str<'a>,
    !annotator: Str<'a>,
    !label: Str<'a>,
    !fragments: Vec<(u32, u32, Str<'a>)>,
    context: Maybe<(Str<'a>, Str<'a>)>,
    sought_in: Str<'a>,
    attributes: Map<'a, ValueRecord<'a>>,
    links: Vec<(Str<'a>, Str<'a>)>,
    note: Str<'a>,
    made: Str<'a>,
    changed: Str<'a>,
    codebook: u32,
    origin: OriginRecord<'a>,
});

record!(TrashRecord {
    !what: TrashedRecord<'a>,
    by: Str<'a>,
    when: Str<'a>,
});

record!(ImportRecord {
    by: Str<'a>,
    when: Str<'a>,
    summary: Str<'a>,
    files: Vec<(Str<'a>, Str<'a>)>,
});

record!(SetAsideRecord {
    article: Str<'a>,
    reason: Str<'a>,
    raw: Str<'a>,
});

lenient!(
    ProjectRecord CodebookRecord LabelRecord AttributeRecord LinkRoleRecord AnnotatorRecord
    PersonRecord TrashRecord ImportRecord SetAsideRecord
);

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ValueRecord<'a> {
    Text(#[serde(borrow)] Str<'a>),
    Number(f64),
    Bool(bool),
    Many(#[serde(borrow)] Vec<Str<'a>>),
    Person(#[serde(borrow)] Str<'a>),
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OriginRecord<'a> {
    #[default]
    Hand,
    Suggestion(#[serde(borrow)] Str<'a>),
    Import(#[serde(borrow)] Str<'a>),
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TrashedRecord<'a> {
    Annotation(
        #[serde(borrow)] Str<'a>,
        #[serde(borrow)] Box<AnnotationRecord<'a>>,
    ),
    Article(#[serde(borrow)] Box<ArticleRecord<'a>>),
    Label(#[serde(borrow)] Box<LabelRecord<'a>>),
    Annotator(#[serde(borrow)] Box<AnnotatorRecord<'a>>),
}
