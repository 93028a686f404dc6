//! The speaker ledger: who speaks, claims and gains, under one name each, and what else they are
//! called.
//!
//! A name stands for a person wherever it is read; a description or a pronoun is tied to one in an
//! article, since it means another one elsewhere. Knows nothing of who is quoted where.

use super::Listed;
use crate::core::ids::{ArticleId, FreshIds, PersonId};
use crate::core::kept::{UnknownFields, keeps, named};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

named! {
    /// What somebody in the ledger is.
    pub enum PersonKind {
        #[default]
        Person = "person",
        Organisation = "organisation",
        /// Several who speak as one: “officials”, “residents of the town”.
        Collective = "collective",
        /// Somebody whose name is not told: “a source close to the talks”.
        Unnamed = "unnamed",
    }
}

/// Someone in the speaker ledger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Told", into = "Told")]
pub struct Person {
    pub id: PersonId,
    /// The name that is shown.
    pub name: String,
    pub kind: PersonKind,
    /// What they do or are: “foreign minister”.
    pub role: String,
    /// Where they belong, in words.
    pub affiliation: String,
    /// Whom of the ledger they belong to.
    pub affiliated_to: Option<PersonId>,
    /// What others call them, by scheme and value: `("wikidata", "Q58217")`.
    pub identifiers: Vec<(String, String)>,
    /// Other names in the articles.
    pub aliases: Vec<String>,
    /// Descriptions and pronouns that mean them in one article.
    pub tied: Tied,
    pub note: String,
    pub unknown: UnknownFields,
}

/// Words that mean a person in an article and need not mean them elsewhere: in each they rise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tied(pub BTreeMap<ArticleId, Vec<String>>);

/// A person as journals have it: of earlier versions, who knew persons and organisations only.
#[derive(Serialize, Deserialize)]
struct Told {
    id: PersonId,
    name: String,
    organisation: bool,
    #[serde(default, skip_serializing_if = "is_told_already")]
    kind: PersonKind,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    role: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    affiliation: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    affiliated_to: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    identifiers: Vec<(String, String)>,
    aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "Tied::is_empty")]
    tied: Tied,
    note: String,
    unknown: UnknownFields,
}

fn is_told_already(kind: &PersonKind) -> bool {
    kind.beside_organisation().is_empty()
}

impl From<Told> for Person {
    fn from(told: Told) -> Self {
        Self {
            id: told.id,
            name: told.name,
            kind: PersonKind::told(told.organisation, told.kind),
            role: told.role,
            affiliation: told.affiliation,
            affiliated_to: told.affiliated_to,
            identifiers: told.identifiers,
            aliases: told.aliases,
            tied: told.tied,
            note: told.note,
            unknown: told.unknown,
        }
    }
}

impl From<Person> for Told {
    fn from(person: Person) -> Self {
        Self {
            id: person.id,
            name: person.name,
            organisation: person.kind == PersonKind::Organisation,
            kind: person.kind,
            role: person.role,
            affiliation: person.affiliation,
            affiliated_to: person.affiliated_to,
            identifiers: person.identifiers,
            aliases: person.aliases,
            tied: person.tied,
            note: person.note,
            unknown: person.unknown,
        }
    }
}

impl PersonKind {
    /// The kind by both fields of files and journals; the one that earlier versions know is enough.
    pub fn told(organisation: bool, kind: Self) -> Self {
        match kind {
            Self::Person if organisation => Self::Organisation,
            kind => kind,
        }
    }

    /// Its name beside the field that earlier versions know; empty where that one says it.
    pub fn beside_organisation(&self) -> &str {
        match self {
            Self::Person | Self::Organisation => "",
            Self::Collective | Self::Unnamed | Self::Later(_) => self.code(),
        }
    }
}

/// Words without regard to case and to how they are broken into lines: so are tied words compared.
pub fn plain_words(words: &str) -> String {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

impl Tied {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of an article.
    pub fn of(&self, article: &ArticleId) -> &[String] {
        self.0.get(article).map_or(&[], Vec::as_slice)
    }

    /// Whether words of an article are tied, however they are written there.
    pub fn has(&self, article: &ArticleId, words: &str) -> bool {
        let words = plain_words(words);
        let mut all = self.of(article).iter();
        all.any(|known| plain_words(known) == words)
    }

    /// Ties words in an article; says whether they were not tied before.
    pub fn add(&mut self, article: &ArticleId, words: &str) -> bool {
        let is_new = !self.has(article, words);
        if is_new {
            let all = self.0.entry(article.clone()).or_default();
            let at = all.partition_point(|known| known.as_str() < words);
            all.insert(at, words.to_owned());
        }
        is_new
    }

    /// Unties words in an article, however they are written; says whether they were tied.
    pub fn remove(&mut self, article: &ArticleId, words: &str) -> bool {
        let Some(all) = self.0.get_mut(article) else {
            return false;
        };
        let before = all.len();
        let words = plain_words(words);
        all.retain(|known| plain_words(known) != words);
        let is_less = all.len() < before;
        if all.is_empty() {
            self.0.remove(article);
        }
        is_less
    }

    /// As all lists of them are kept: in order, each once, none empty.
    pub fn settle(&mut self) {
        for all in self.0.values_mut() {
            all.sort_unstable();
            all.dedup();
        }
        self.0.retain(|_, all| !all.is_empty());
    }

    /// Takes in those of another.
    pub fn join(&mut self, other: &Self) {
        for (article, all) in &other.0 {
            for words in all {
                self.add(article, words);
            }
        }
    }

    fn merged(base: &Self, mine: &Self, theirs: &Self) -> Self {
        let articles = mine.0.keys().chain(theirs.0.keys());
        let each = articles.map(|article| {
            let of = |tied: &Self| tied.of(article).to_vec();
            let all = merged_list(&of(base), &of(mine), &of(theirs));
            (article.clone(), all)
        });
        let mut merged = Self(each.collect());
        merged.settle();
        merged
    }
}

/// Mine with what they added and without what they took away since.
pub(super) fn merged_list<T: Clone + PartialEq>(base: &[T], mine: &[T], theirs: &[T]) -> Vec<T> {
    let stays = |item: &&T| !base.contains(item) || theirs.contains(item);
    let mut merged: Vec<T> = mine.iter().filter(stays).cloned().collect();
    for item in theirs {
        if !base.contains(item) && !merged.contains(item) {
            merged.push(item.clone());
        }
    }
    merged
}

keeps!(Person);

/// How files call one of several of a name.
pub fn name_apart(name: &str, id: &PersonId) -> String {
    format!("{name} ({id})")
}

impl Listed for Person {
    const CALLED: &str = "the person";
    const GOES: bool = true;

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    /// Names, ties and identifiers that either of two people added are there.
    fn shared(base: Option<&Self>, mine: &Self, theirs: &Self) -> (Option<Self>, Self, Self) {
        let none = Self::default();
        let old = base.unwrap_or(&none);
        let aliases = merged_list(&old.aliases, &mine.aliases, &theirs.aliases);
        let identifiers = merged_list(&old.identifiers, &mine.identifiers, &theirs.identifiers);
        let tied = Tied::merged(&old.tied, &mine.tied, &theirs.tied);
        let with = |person: &Self| Self {
            aliases: aliases.clone(),
            identifiers: identifiers.clone(),
            tied: tied.clone(),
            ..person.clone()
        };
        (base.map(with), with(mine), with(theirs))
    }
}

impl Person {
    /// Someone known by name only, with an id made from the name that is not taken yet.
    pub fn named(name: &str, is_taken: impl Fn(&str) -> bool) -> Self {
        let mut slug = String::new();
        for c in name.chars().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() {
                slug.push(c);
            } else if !slug.ends_with('-') && !slug.is_empty() {
                slug.push('-');
            }
        }
        let wanted = match slug.trim_end_matches('-') {
            "" => "person",
            slug => slug,
        };
        let id = FreshIds::default().take_unless(wanted, is_taken);
        Self {
            id: PersonId::new(id),
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// All names that mean them in every article, the one that is shown first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_either_of_two_people_added_to_someone_is_there() {
        let someone = |aliases: &[&str], tied: &[&str], role: &str| {
            let mut person = Person {
                aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
                role: role.to_owned(),
                ..Person::named("Ada", |_| false)
            };
            for words in tied {
                person.tied.add(&"a".into(), words);
            }
            person
        };
        let check = |base: &Person, mine: &Person, theirs: &Person, expected: &Person| {
            let (_, own, other) = Person::shared(Some(base), mine, theirs);
            assert_eq!(own, *expected);
            assert_eq!(other.tied, expected.tied);
            assert_eq!(other.aliases, expected.aliases);
            assert_eq!(other.role, theirs.role);
        };
        check(
            &someone(&["A."], &["she"], ""),
            &someone(&["A.", "Quill"], &[], "mayor"),
            &someone(&["Q."], &["she", "the mayor"], "poet"),
            &someone(&["Quill", "Q."], &["the mayor"], "mayor"),
        );
    }

    #[test]
    fn words_are_tied_once_and_untied() {
        let (a, b) = (ArticleId::new("a"), ArticleId::new("b"));
        let mut tied = Tied::default();
        assert!(tied.add(&a, "she") && tied.add(&a, "her") && !tied.add(&a, "she"));
        assert_eq!(tied.of(&a), ["her", "she"]);
        assert!(tied.of(&b).is_empty() && !tied.remove(&b, "she"));
        assert!(!tied.add(&a, "She") && tied.add(&a, "The\nMayor") && tied.has(&a, "the mayor"));
        assert!(tied.remove(&a, "THE mayor") && !tied.has(&a, "The Mayor"));
        assert!(tied.remove(&a, "her") && !tied.remove(&a, "her") && tied.remove(&a, "she"));
        assert!(tied.is_empty());
    }

    #[test]
    fn journals_say_kinds_as_ever() {
        let check = |kind: PersonKind, expected: &str| {
            let person = Person {
                kind,
                ..Person::named("A", |_| false)
            };
            let json = serde_json::to_string(&person).unwrap();
            assert!(json.contains(expected), "{json}");
            assert_eq!(serde_json::from_str::<Person>(&json).unwrap(), person);
        };
        check(PersonKind::Person, r#""organisation":false,"aliases""#);
        check(PersonKind::Organisation, r#""organisation":true,"aliases""#);
        check(
            PersonKind::Unnamed,
            r#""organisation":false,"kind":"unnamed""#,
        );
        check(PersonKind::Later("horse".into()), r#""kind":"horse""#);
    }
}
