//! Identifiers of the things in a project.
//!
//! Ids are opaque strings that survive saving, merging and other tools; nothing may parse meaning
//! out of them. Annotation ids are minted by the session (`TAG-000123`), article ids come from the
//! hash of the text, so two people who import the same article get the same id.

use crate::core::compact::Short;
use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
use std::fmt;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Short);

        impl $name {
            pub fn new(id: impl AsRef<str>) -> Self {
                Self(Short::new(id))
            }

            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::new)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self::new(id)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id_type!(
    /// An article, unique in its project.
    ArticleId
);
id_type!(
    /// An annotation, unique in its project.
    AnnotationId
);
id_type!(
    /// A label of the codebook, as it is written in files and datasets (`quote`).
    LabelId
);
id_type!(
    /// Someone who annotates, as written in files and datasets (`ana`).
    AnnotatorId
);
id_type!(
    /// A person or organisation in the speaker ledger.
    PersonId
);
id_type!(
    /// A set of articles.
    SetId
);
id_type!(
    /// A search that is kept.
    RuleId
);
id_type!(
    /// Annotations that say the same.
    GroupId
);

/// Mints annotation ids `TAG-000001`, `TAG-000002`, … above every id already seen.
///
/// The tag is drawn once per installation, so ids made by two people on copies of one project do
/// not collide when the copies are merged.
#[derive(Clone, Debug)]
pub struct IdMint {
    tag: String,
    last: u64,
}

impl IdMint {
    pub fn new(tag: impl Into<String>) -> Self {
        Self {
            tag: tag.into(),
            last: 0,
        }
    }

    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Takes note of an id that exists, so that it is not minted again.
    pub fn see(&mut self, id: &str) {
        let number = id
            .strip_prefix(self.tag.as_str())
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(|digits| digits.parse::<u64>().ok());
        self.last = self.last.max(number.unwrap_or(0));
    }

    pub fn mint(&mut self) -> AnnotationId {
        self.last = self.last.saturating_add(1);
        AnnotationId::new(format!("{}-{:06}", self.tag, self.last))
    }
}

/// Gives what is asked for, or `wanted-2`, `wanted-3`, … A thousand that ask for the same cost a
/// thousand steps.
#[derive(Clone, Debug, Default)]
pub struct FreshIds {
    taken: HashSet<String>,
    /// By what was asked for: the number that is tried next.
    next: HashMap<String, usize>,
}

impl FreshIds {
    /// Takes note of an id that exists; `false` when it was known.
    pub fn see(&mut self, id: &str) -> bool {
        self.taken.insert(id.to_owned())
    }

    pub fn take(&mut self, wanted: &str) -> String {
        self.take_unless(wanted, |_| false)
    }

    /// As [`Self::take`], where others are taken as well.
    pub fn take_unless(&mut self, wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
        if !is_taken(wanted) && self.see(wanted) {
            return wanted.to_owned();
        }
        let mut n = self.next.get(wanted).copied().unwrap_or(2);
        let id = loop {
            let id = format!("{wanted}-{n}");
            n += 1;
            if !is_taken(&id) && self.see(&id) {
                break id;
            }
        };
        self.next.insert(wanted.to_owned(), n);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minted_ids_rise_above_those_seen() {
        let mut mint = IdMint::new("k3f9");
        mint.see("k3f9-000041");
        mint.see("other-000099");
        mint.see("k3f9-x");
        assert_eq!(mint.mint().as_str(), "k3f9-000042");
        assert_eq!(mint.mint().as_str(), "k3f9-000043");
    }

    #[test]
    fn ids_are_given_once() {
        let mut ids = FreshIds::default();
        ids.see("a-3");
        let given: Vec<String> = (0..4).map(|_| ids.take("a")).collect();
        assert_eq!(given, ["a", "a-2", "a-4", "a-5"]);
        assert_eq!(ids.take("a-2"), "a-2-2");
        assert_eq!(ids.take_unless("b", |id| id == "b"), "b-2");
        // As many that ask for the same as a file may hold.
        for _ in 0..200_000 {
            ids.take("same");
        }
        assert_eq!(ids.take("same"), "same-200001");
    }
}
