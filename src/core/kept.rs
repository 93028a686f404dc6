//! What this version does not know: fields and values of a later one, and what could not be
//! trusted, kept as they stood.
//!
//! Nothing here looks into them; only `format` does. They go through edits, undo, the journal and
//! merging like any other value.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Fields that this version does not know, as they stood in the file: name and raw value. A field
/// that is known stands here too while its value is one that this version cannot use; it is written
/// back as long as nothing else was put in its place.
pub type UnknownFields = Vec<(String, Kept)>;

/// A value that this version does not know, as it stood in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kept(Box<str>);

impl Kept {
    pub fn new(raw: impl Into<Box<str>>) -> Self {
        Self(raw.into())
    }

    /// As it stood in the file; for showing it, and for writing it back.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What may hold fields of a later version.
pub trait Keeps {
    /// Hands in all that it holds, each with what in it they belong to; nothing for its own.
    fn each_kept(&mut self, see: &mut dyn FnMut(String, &mut UnknownFields));
}

impl<T: Keeps + Clone> Keeps for Arc<T> {
    fn each_kept(&mut self, see: &mut dyn FnMut(String, &mut UnknownFields)) {
        Self::make_mut(self).each_kept(see);
    }
}

/// Records that hold no others.
macro_rules! keeps {
    ($($Type:ty),* $(,)?) => {
        $(impl $crate::core::kept::Keeps for $Type {
            fn each_kept(&mut self, see: &mut dyn FnMut(String, &mut UnknownFields)) {
                see(String::new(), &mut self.unknown);
            }
        })*
    };
}

/// Mine with what they wrote or took away since `base`; and what they wrote of fields that both
/// changed, of which mine stays. A field that one took away and the other changed is there.
pub fn merged(
    base: &UnknownFields,
    mine: &UnknownFields,
    theirs: &UnknownFields,
) -> (UnknownFields, UnknownFields) {
    if mine == theirs {
        return (mine.clone(), UnknownFields::new());
    }
    let named = |fields: &UnknownFields, name: &str| fields.iter().position(|(n, _)| n == name);
    let (mut fields, mut lost) = (mine.clone(), UnknownFields::new());
    fields.retain(|field| !base.contains(field) || named(theirs, &field.0).is_some());
    for field in theirs {
        if base.contains(field) || fields.contains(field) {
            continue;
        }
        let at = named(&fields, &field.0);
        match at.and_then(|at| fields.get_mut(at)) {
            Some(ours) if base.contains(ours) => *ours = field.clone(),
            Some(_) => lost.push(field.clone()),
            None => fields.push(field.clone()),
        }
    }
    (fields, lost)
}

/// Declares an enum by the names of its values in files, in one table that runs both ways. A name
/// of a later version is kept as a value of its own, which does what the default does.
macro_rules! named {
    ($(#[$doc:meta])* pub enum $Type:ident { $($(#[$of_value:meta])* $Value:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub enum $Type {
            $($(#[$of_value])* $Value,)*
            /// A value of a later version, by its name.
            Later(Box<str>),
        }

        impl $Type {
            /// All that this version knows.
            pub const ALL: &'static [Self] = &[$(Self::$Value),*];

            /// Its name in files.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$Value => $name,)*
                    Self::Later(name) => name,
                }
            }

            /// The value with a name, if this version knows one.
            pub fn known(code: &str) -> Option<Self> {
                match code {
                    $($name => Some(Self::$Value),)*
                    _ => None,
                }
            }

            pub fn of_code(code: &str) -> Self {
                Self::known(code).unwrap_or_else(|| Self::Later(code.into()))
            }
        }

        impl serde::Serialize for $Type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $Type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|code| Self::of_code(&code))
            }
        }
    };
}

pub(crate) use {keeps, named};
