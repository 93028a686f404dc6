//! What this version does not know: fields and values of a later one, and what could not be
//! trusted, kept as they stood.
//!
//! Nothing here looks into them; only `format` does. They go through edits, undo, the journal and
//! merging like any other value.

use serde::{Deserialize, Serialize};

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

pub(crate) use named;
