//! What a dataset carries that belongs to no article: the ledger of people, groups of quotes and
//! claims, what is not the same, and what labels stand for. One value of JSON, which stands with the
//! first article where a format has no other place.

use crate::core::codebook::Thing;
use crate::core::project::{Group, KeptApart, Person};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the value is called among what others say.
pub(crate) const OF_PROJECT: &str = "_project";

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfProject {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// Two of a kind that are not the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<KeptApart>,
    /// What labels stand for that say it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub things: BTreeMap<String, Thing>,
}

impl OfProject {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
