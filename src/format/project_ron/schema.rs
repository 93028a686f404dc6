//! What the records of the file are made of. A field is described once, in a row of `record.rs`:
//! the reader, the lenient reader, the writer and the list of its fields all come from that row.
//!
//! Knows RON through serde and the brackets of `lenient`, nothing of projects. A field that no row
//! has is kept as it stood. So is the value of one that has a row, when this version cannot use it:
//! it is kept under the field's name, and written back while nothing else stands in its place.

use super::lenient::{self, Damage, Field};
use super::write::{Layout, Out};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

use crate::core::kept::Kept;

pub(super) use crate::core::kept::UnknownFields as Unknown;

/// A value of the file as it is read.
pub(super) trait Value<'a>: Sized {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error>;

    /// What is left of a value that does not have its type. `None` when that is nothing; then, and
    /// for each part that is left out, there is a flaw.
    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self>;
}

/// A value of the file as it is written.
pub(super) trait Written {
    /// A field that need not be there is left out with this value.
    fn is_empty(&self) -> bool {
        false
    }

    fn write(&self, out: &mut Out, layout: Layout);
}

impl<T: Written + ?Sized> Written for &T {
    fn is_empty(&self) -> bool {
        (**self).is_empty()
    }

    fn write(&self, out: &mut Out, layout: Layout) {
        (**self).write(out, layout);
    }
}

/// A field whose value in the core is not as in the file.
pub(super) trait Coded<'a>: Value<'a> {
    type Core;

    /// `None` when this version cannot use the value.
    fn core(&self) -> Option<Self::Core>;

    /// What the core has when there is none that it can use.
    fn unset() -> Self::Core;

    /// As it stood, for keeping it.
    fn raw(&self) -> String;
}

/// A record with named fields. Made by the macros below.
pub(super) trait Record<'a>: Sized {
    const NAME: &'static str;
    const FIELDS: &'static [&'static str];
    /// Which of them are lists of records or texts.
    const LISTS: &'static [bool];

    fn read_map<A: MapAccess<'a>>(map: A) -> Result<Self, A::Error>;

    /// The record as far as its fields have their types; the rest is told.
    fn from_fields(fields: &[Field<'a>], damage: &mut Damage<'a>) -> Option<Self>;
}

/// Reads a value as serde asks for it.
pub(super) struct Seed<T>(PhantomData<T>);

impl<T> Seed<T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'a, T: Value<'a>> DeserializeSeed<'a> for Seed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

/// A value from its text.
pub(super) fn from_ron<'a, T: Value<'a>>(raw: &'a str) -> ron::error::SpannedResult<T> {
    ron::Options::default().from_str_seed(raw, Seed::new())
}

struct RecordVisitor<T>(PhantomData<T>);

impl<'a, T: Record<'a>> Visitor<'a> for RecordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::NAME)
    }

    fn visit_map<A: MapAccess<'a>>(self, map: A) -> Result<T, A::Error> {
        T::read_map(map)
    }
}

pub(super) fn read_record<'a, T: Record<'a>, D: Deserializer<'a>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_struct(T::NAME, T::FIELDS, RecordVisitor(PhantomData))
}

/// A record by its fields, as most are read in part.
pub(super) fn by_fields<'a, T: Record<'a>>(raw: &'a str, damage: &mut Damage<'a>) -> Option<T> {
    let fields = lenient::fields(raw, damage)?;
    T::from_fields(&fields, damage)
}

pub(super) enum FieldKey {
    Known(usize),
    Unknown(String),
}

pub(super) struct FieldSeed(pub(super) &'static [&'static str]);

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

pub(super) fn raw_value<'a, A: MapAccess<'a>>(map: &mut A) -> Result<Kept, A::Error> {
    let raw: &'a ron::value::RawValue = map.next_value()?;
    Ok(Kept::new(raw.get_ron().trim()))
}

/// What a field is in the core; what cannot be used is kept.
pub(super) fn decoded<'a, T: Coded<'a>>(
    value: &T,
    name: &str,
    kept: &mut Unknown,
) -> Option<T::Core> {
    let core = value.core().unwrap_or_else(|| {
        kept.push((name.to_owned(), Kept::new(value.raw())));
        T::unset()
    });
    Some(core)
}

/// How a field is taken from what was read: it must be there, or has its default.
macro_rules! taken {
    (must, $slot:ident, $missing:expr) => {
        $slot.ok_or_else(|| $missing)?
    };
    (must_list, $slot:ident, $missing:expr) => {
        $slot.ok_or_else(|| $missing)?
    };
    ($mark:ident, $slot:ident, $missing:expr) => {
        $slot.unwrap_or_default()
    };
    ($mark:ident, $slot:ident, $missing:expr, $Coded:ident) => {
        $slot.unwrap_or_else(<$Coded<'a> as schema::Coded<'a>>::unset)
    };
}

/// Whether a field is written though it is empty.
macro_rules! is_always {
    (may) => {
        false
    };
    (list) => {
        false
    };
    ($mark:ident) => {
        true
    };
}

macro_rules! is_list {
    (list) => {
        true
    };
    (must_list) => {
        true
    };
    (always_list) => {
        true
    };
    ($mark:ident) => {
        false
    };
}

/// The names of a record's fields that are lists.
pub(super) fn lists<'a, T: Record<'a>>() -> impl Iterator<Item = &'static str> {
    let fields = T::FIELDS.iter().zip(T::LISTS);
    fields.filter_map(|(name, is_list)| is_list.then_some(*name))
}

macro_rules! read_as {
    ($map:ident, $name:expr, $kept:ident) => {
        Some($map.next_value_seed(Seed::new())?)
    };
    ($map:ident, $name:expr, $kept:ident, $Coded:ident) => {
        decoded(
            &$map.next_value_seed(Seed::<$Coded<'a>>::new())?,
            $name,
            &mut $kept,
        )
    };
}

macro_rules! take_as {
    ($field:ident, $damage:ident, $name:expr, $kept:ident) => {
        take_field($field, $damage)
    };
    ($field:ident, $damage:ident, $name:expr, $kept:ident, $Coded:ident) => {
        take_field::<$Coded<'a>>($field, $damage)
            .and_then(|value| decoded(&value, $name, &mut $kept))
    };
}

macro_rules! written_as {
    ($value:expr) => {
        $value
    };
    ($value:expr, $Coded:ident) => {
        &$Coded::of($value)
    };
}

/// How a record is read. `kept` are values under names that are known.
macro_rules! reading {
    (
        [$($Type:tt)*] $name:ident $in_part:path, $(then $then:path)?,
        { $($mark:ident $field:ident $(as $Coded:ident)?,)* }
    ) => {
        impl<'a> Record<'a> for $($Type)* {
            const NAME: &'static str = stringify!($name);
            const FIELDS: &'static [&'static str] = &[$(stringify!($field),)*];
            const LISTS: &'static [bool] = &[$(is_list!($mark),)*];

            fn read_map<A: MapAccess<'a>>(mut map: A) -> Result<Self, A::Error> {
                let (mut unknown, mut kept) = (Unknown::new(), Unknown::new());
                $(let mut $field = None;)*
                let mut seen = [false; [$(stringify!($field),)*].len()];
                while let Some(key) = map.next_key_seed(FieldSeed(Self::FIELDS))? {
                    let known = match key {
                        FieldKey::Known(i) => {
                            let name = Self::FIELDS.get(i).copied().unwrap_or("");
                            if let Some(seen) = seen.get_mut(i)
                                && std::mem::replace(seen, true)
                            {
                                return Err(A::Error::duplicate_field(name));
                            }
                            name
                        }
                        FieldKey::Unknown(name) => {
                            unknown.push((name, raw_value(&mut map)?));
                            continue;
                        }
                    };
                    match known {
                        $(stringify!($field) => {
                            $field = read_as!(map, stringify!($field), kept $(, $Coded)?);
                        })*
                        _ => {}
                    }
                }
                unknown.append(&mut kept);
                let made = Self {
                    $($field: taken!($mark, $field, A::Error::missing_field(stringify!($field)) $(, $Coded)?),)*
                    unknown,
                };
                $(let made = $then(made);)?
                Ok(made)
            }

            fn from_fields(fields: &[Field<'a>], damage: &mut Damage<'a>) -> Option<Self> {
                let (mut unknown, mut kept) = (Unknown::new(), Unknown::new());
                $(let mut $field = None;)*
                for field in fields {
                    match field.name {
                        $(stringify!($field) if $field.is_none() => {
                            $field = take_as!(field, damage, stringify!($field), kept $(, $Coded)?);
                        })*
                        $(stringify!($field) => take_unknown(field, &mut unknown, damage, true),)*
                        _ => take_unknown(field, &mut unknown, damage, false),
                    }
                }
                unknown.append(&mut kept);
                let whole = || -> Result<Self, ()> {
                    Ok(Self {
                        $($field: taken!($mark, $field, () $(, $Coded)?),)*
                        unknown,
                    })
                };
                let made = whole().ok()?;
                $(let made = $then(made);)?
                Some(made)
            }
        }

        impl<'a> Value<'a> for $($Type)* {
            fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
                schema::read_record(deserializer)
            }

            fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
                $in_part(raw, damage)
            }
        }
    };
}

/// A record that is a type of the core, field by field: `must` be there, `may` be, is `always`
/// written, or is a `list`.
macro_rules! record {
    ($Type:ident $(then $then:path)? { $($mark:ident $field:ident $(as $Coded:ident)?,)* }) => {
        reading!([$Type] $Type schema::by_fields, $(then $then)?, { $($mark $field $(as $Coded)?,)* });

        impl Written for $Type {
            /// Of what is written, nothing would be.
            fn is_empty(&self) -> bool {
                self.unknown.is_empty()
                    $(&& !is_always!($mark) && written_as!(&self.$field $(, $Coded)?).is_empty())*
            }

            fn write(&self, out: &mut Out, layout: Layout) {
                out.record(layout, |out, layout| {
                    $(out.field(
                        layout,
                        stringify!($field),
                        written_as!(&self.$field $(, $Coded)?),
                        is_always!($mark),
                        &self.unknown,
                    );)*
                    out.unknown(layout, &self.unknown, Self::FIELDS);
                });
            }
        }
    };
}

/// A record seen as it stood.
macro_rules! viewed {
    ([] $($rest:tt)*) => {};
    ([$as_it_stood:ident] $Record:ident $View:ident { $($field:ident : $type:ty,)* }) => {
        impl<'a> $Record<'a> {
            pub(super) fn $as_it_stood(&self) -> $View<'_, $(&$type,)*> {
                $View {
                    $($field: &self.$field,)*
                    unknown: &self.unknown,
                }
            }
        }
    };
}

/// A record that must be proven before it is a value of the core. Its view is what is written: of
/// the record as it stood, or of the value that was made of it.
macro_rules! unproven {
    (
        $(#[$of_record:meta])*
        $Record:ident, $View:ident, $in_part:path $(, $as_it_stood:ident)? {
            $($mark:ident $field:ident : $type:ty,)*
        } $(then { $($last_mark:ident $last:ident : $last_type:ty,)* })?
    ) => {
        $(#[$of_record])*
        #[derive(Clone, Debug, PartialEq)]
        pub(super) struct $Record<'a> {
            $(pub(super) $field: $type,)*
            $($(pub(super) $last: $last_type,)*)?
            pub(super) unknown: Unknown,
        }

        reading!([$Record<'a>] $Record $in_part, , {
            $($mark $field,)* $($($last_mark $last,)*)?
        });

        #[expect(non_camel_case_types, reason = "a type is called as its field")]
        pub(super) struct $View<'v, $($field,)* $($($last,)*)?> {
            $(pub(super) $field: $field,)*
            $($(pub(super) $last: $last,)*)?
            pub(super) unknown: &'v Unknown,
        }

        #[expect(non_camel_case_types, reason = "a type is called as its field")]
        impl<$($field: Written,)* $($($last: Written,)*)?> Written
            for $View<'_, $($field,)* $($($last,)*)?>
        {
            fn write(&self, out: &mut Out, layout: Layout) {
                out.record(layout, |out, layout| {
                    let fields = $Record::FIELDS;
                    $(out.field(layout, stringify!($field), &self.$field, is_always!($mark), self.unknown);)*
                    out.unknown(layout, self.unknown, fields);
                    $($(out.field(layout, stringify!($last), &self.$last, is_always!($last_mark), self.unknown);)*)?
                });
            }
        }

        viewed!([$($as_it_stood)?] $Record $View { $($field: $type,)* $($($last: $last_type,)*)? });
    };
}

pub(super) use {
    is_always, is_list, read_as, reading, record, take_as, taken, unproven, viewed, written_as,
};
