//! Who in the speaker ledger may be the same: pairs by their names, each with its reason and how sure
//! it is.
//!
//! Names are compared in their plainest form, without titles, and across scripts. A last name alone
//! says little: it counts where both are quoted in the same articles and nobody else there is called
//! so. Pure; knows no ledger, only names and the places where they are quoted. Nothing is merged here.

mod parse;

use crate::core::search::folded;
use parse::{Name, is_one_letter_apart, is_plural};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// From this on a pair is proposed: `names_of_a_corpus_are_proposed_rightly` measures it.
pub const LEAST: f32 = 0.9;

/// Somebody who may be somebody else.
#[derive(Clone, Debug, Default)]
pub struct Called {
    /// The one that is shown first.
    pub names: Vec<String>,
    pub is_organisation: bool,
    /// Several at once, or not told by name: never proposed.
    pub is_nobody: bool,
    pub identifiers: Vec<(String, String)>,
    /// Where they are quoted, rising.
    pub articles: Vec<u32>,
    pub quotes: usize,
}

/// Two that may be one, by their places in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The one that says more, which would stay.
    pub stays: usize,
    pub goes: usize,
    pub score: f32,
    pub why: Why,
    /// In how many articles both are quoted.
    pub together: usize,
    /// The names that were compared, of the one that stays first.
    pub names: [String; 2],
}

/// Why two may be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// What others call them is the same.
    Identifier(String, String),
    /// Written the same but for accents, marks, case or titles.
    Written,
    /// The same name in two scripts.
    Scripts,
    /// Only the initials of the first names stand there.
    Initials,
    /// One has more first names.
    MoreNames,
    LastName,
    FirstName,
    OneLetter,
    /// One letter apart from the last name of the other.
    OneLetterOfLastName,
    Acronym,
}

/// All pairs that may be one, the surest first. `None` when it was stopped.
pub fn proposals(
    all: &[Called],
    apart: impl Fn(usize, usize) -> bool,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<Proposal>> {
    let known = Known::of(all);
    let mut found: BTreeMap<(usize, usize), Proposal> = BTreeMap::new();
    let mut tell = |proposal: Proposal| {
        let (a, b) = (proposal.stays, proposal.goes);
        if a == b || apart(a, b) || !may_be_one(all, a, b) {
            return;
        }
        let pair = (a.min(b), a.max(b));
        let is_better = found
            .get(&pair)
            .is_none_or(|other| other.score < proposal.score);
        if is_better {
            found.insert(pair, proposal);
        }
    };
    for (n, name) in known.names.iter().enumerate() {
        if n % 256 == 0 && !goes_on() {
            return None;
        }
        known.alike(name, &mut tell);
    }
    known.by_identifier(&mut tell);
    let mut all: Vec<Proposal> = found.into_values().filter(|p| p.score >= LEAST).collect();
    all.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.goes.cmp(&b.goes)));
    Some(all)
}

/// Whether two names are the same but for a letter of one word, as far as both go from their ends: one
/// of the two is a slip.
pub fn is_spelt_otherwise(a: &str, b: &str) -> bool {
    let (Some(a), Some(b)) = (Name::of(a, false), Name::of(b, false)) else {
        return false;
    };
    let pairs = a.words.iter().rev().zip(b.words.iter().rev());
    let mut others = pairs.filter(|(a, b)| a != b);
    let is_slip = |(a, b): (&String, &String)| is_one_letter_apart(a, b) && !is_plural(a, b);
    others.next().is_some_and(is_slip) && others.next().is_none()
}

fn may_be_one(all: &[Called], a: usize, b: usize) -> bool {
    let (Some(a), Some(b)) = (all.get(a), all.get(b)) else {
        return false;
    };
    a.is_organisation == b.is_organisation && !a.is_nobody && !b.is_nobody
}

/// A name, and whose it is.
struct Of<'a> {
    name: Name,
    written: &'a str,
    whose: usize,
}

/// Names by what can be asked of them.
struct Known<'a> {
    all: &'a [Called],
    names: Vec<Of<'a>>,
    by_key: HashMap<String, Vec<usize>>,
    by_last: HashMap<String, Vec<usize>>,
    by_first: HashMap<String, Vec<usize>>,
    /// By a last name without one of its letters.
    by_less: HashMap<String, Vec<usize>>,
    by_initials: HashMap<String, Vec<usize>>,
}

/// More that are called the same tell nothing apart.
const MOST: usize = 40;

impl<'a> Known<'a> {
    fn of(all: &'a [Called]) -> Self {
        let mut known = Self {
            all,
            names: Vec::new(),
            by_key: HashMap::new(),
            by_last: HashMap::new(),
            by_first: HashMap::new(),
            by_less: HashMap::new(),
            by_initials: HashMap::new(),
        };
        for (whose, called) in all.iter().enumerate() {
            let mut seen = HashSet::new();
            for written in &called.names {
                let Some(name) = Name::of(written, called.is_organisation) else {
                    continue;
                };
                if !seen.insert(name.key.clone()) {
                    continue;
                }
                known.add(name, written, whose);
            }
        }
        known
    }

    fn add(&mut self, name: Name, written: &'a str, whose: usize) {
        let at = self.names.len();
        self.by_key.entry(name.key.clone()).or_default().push(at);
        if let (Some(first), Some(last)) = (name.words.first(), name.words.last()) {
            if name.words.len() > 1 {
                self.by_first.entry(first.clone()).or_default().push(at);
            }
            self.by_last.entry(last.clone()).or_default().push(at);
            if name.is_name {
                for less in parse::without_a_letter(last) {
                    self.by_less.entry(less).or_default().push(at);
                }
            }
        }
        if let Some(initials) = &name.initials {
            self.by_initials
                .entry(initials.clone())
                .or_default()
                .push(at);
        }
        self.names.push(Of {
            name,
            written,
            whose,
        });
    }

    fn get<'m>(
        &self,
        map: &'m HashMap<String, Vec<usize>>,
        key: &str,
    ) -> impl Iterator<Item = &Of<'a>> + use<'_, 'a, 'm> {
        let found = map.get(key).map_or(&[][..], Vec::as_slice);
        let found = if found.len() > MOST { &[] } else { found };
        found.iter().filter_map(|&at| self.names.get(at))
    }

    fn together(&self, a: usize, b: usize) -> usize {
        let (Some(a), Some(b)) = (self.all.get(a), self.all.get(b)) else {
            return 0;
        };
        let (few, many) = if a.articles.len() < b.articles.len() {
            (&a.articles, &b.articles)
        } else {
            (&b.articles, &a.articles)
        };
        few.iter()
            .filter(|article| many.binary_search(article).is_ok())
            .count()
    }

    fn propose(&self, stays: &Of<'_>, goes: &Of<'_>, score: f32, why: Why) -> Proposal {
        Proposal {
            stays: stays.whose,
            goes: goes.whose,
            score,
            why,
            together: self.together(stays.whose, goes.whose),
            names: [stays.written.to_owned(), goes.written.to_owned()],
        }
    }

    /// Who says more: by words, then by quotes.
    fn ordered<'o>(&self, a: &'o Of<'a>, b: &'o Of<'a>) -> (&'o Of<'a>, &'o Of<'a>) {
        let weight = |of: &Of<'_>| {
            let quotes = self.all.get(of.whose).map_or(0, |called| called.quotes);
            (of.name.words.len(), quotes, std::cmp::Reverse(of.whose))
        };
        if weight(a) >= weight(b) {
            (a, b)
        } else {
            (b, a)
        }
    }

    /// Those that a name may be another name of.
    fn alike(&self, own: &Of<'a>, tell: &mut dyn FnMut(Proposal)) {
        for other in self.get(&self.by_key, &own.name.key) {
            let are_names = own.name.is_name && other.name.is_name;
            if other.whose < own.whose && are_names {
                let (stays, goes) = self.ordered(own, other);
                let is_other_script = own.name.is_transliterated != other.name.is_transliterated;
                let (score, why) = if is_other_script {
                    (0.95, Why::Scripts)
                } else {
                    (0.99, Why::Written)
                };
                // Without its title one word is anybody's.
                let is_cut =
                    own.name.words.len() == 1 && folded(own.written) != folded(other.written);
                let is_apart = is_cut && self.together(own.whose, other.whose) == 0;
                let score = if is_apart { 0.8 } else { score };
                tell(self.propose(stays, goes, score, why));
            }
        }
        if !own.name.is_name {
            return;
        }
        self.acronyms(own, tell);
        match own.name.words.as_slice() {
            [one] => self.of_one_word(own, one, tell),
            [.., last] => self.of_several(own, last, tell),
            [] => {}
        }
    }

    /// Longer names that one word may stand for.
    fn of_one_word(&self, own: &Of<'a>, word: &str, tell: &mut dyn FnMut(Proposal)) {
        if self
            .all
            .get(own.whose)
            .is_some_and(|own| own.is_organisation)
        {
            return;
        }
        let longer = |of: &&Of<'a>| of.name.is_name && of.name.words.len() > 1;
        let here = |of: &Of<'a>| self.together(own.whose, of.whose) > 0;
        for (map, score, why) in [
            (&self.by_last, 0.97, Why::LastName),
            (&self.by_first, 0.9, Why::FirstName),
        ] {
            let all: Vec<&Of<'a>> = self.get(map, word).filter(longer).collect();
            let there: Vec<&Of<'a>> = all.iter().copied().filter(|of| here(of)).collect();
            if let Some(one) = the_only(&there, own.whose) {
                // Others of that name elsewhere make it less sure.
                let others = the_only(&all, own.whose).is_none();
                let score = if others { score - 0.02 } else { score };
                tell(self.propose(one, own, score, why.clone()));
            } else if there.is_empty()
                && let Some(one) = the_only(&all, own.whose)
            {
                tell(self.propose(one, own, 0.7, why.clone()));
            }
        }
        for less in std::iter::once(word.to_owned()).chain(parse::without_a_letter(word)) {
            for other in self.get(&self.by_less, &less) {
                let (Some(last), true) = (other.name.words.last(), here(other)) else {
                    continue;
                };
                let is_near = is_one_letter_apart(word, last) && !is_plural(word, last);
                if !is_near || word.chars().count() < 5 {
                    continue;
                }
                let (stays, goes) = self.ordered(own, other);
                let why = if other.name.words.len() > 1 {
                    Why::OneLetterOfLastName
                } else {
                    Why::OneLetter
                };
                tell(self.propose(stays, goes, 0.92, why));
            }
        }
    }

    /// Names of several words that may be the same.
    fn of_several(&self, own: &Of<'a>, last: &str, tell: &mut dyn FnMut(Proposal)) {
        let is_organisation = self
            .all
            .get(own.whose)
            .is_some_and(|own| own.is_organisation);
        if is_organisation {
            return;
        }
        let Some((_, firsts)) = own.name.words.split_last() else {
            return;
        };
        let mut initialled = Vec::new();
        for other in self.get(&self.by_last, last) {
            let Some((_, theirs)) = other.name.words.split_last() else {
                continue;
            };
            if other.whose == own.whose || theirs.is_empty() || !other.name.is_name {
                continue;
            }
            if other.whose < own.whose && are_more(firsts, theirs) {
                let (stays, goes) = self.ordered(own, other);
                tell(self.propose(stays, goes, 0.97, Why::MoreNames));
            } else if are_initials(theirs, firsts) {
                initialled.push(other);
            }
        }
        // Own says the names, theirs only initials; another one may have the same.
        for other in initialled {
            let mut rivals = self.get(&self.by_last, last).filter(|rival| {
                let firsts = rival.name.words.split_last().map(|(_, firsts)| firsts);
                let initials = other.name.words.split_last().map(|(_, initials)| initials);
                rival.whose != own.whose
                    && firsts
                        .zip(initials)
                        .is_some_and(|(firsts, initials)| are_initials(initials, firsts))
            });
            let score = if rivals.next().is_none() { 0.95 } else { 0.6 };
            tell(self.propose(own, other, score, Why::Initials));
        }
        let lesses = std::iter::once(last.to_owned()).chain(parse::without_a_letter(last));
        for less in lesses {
            for other in self.get(&self.by_less, &less) {
                let Some((their_last, theirs)) = other.name.words.split_last() else {
                    continue;
                };
                let is_it = other.whose < own.whose
                    && theirs == firsts
                    && is_one_letter_apart(last, their_last);
                if is_it {
                    let (stays, goes) = self.ordered(own, other);
                    tell(self.propose(stays, goes, 0.95, Why::OneLetter));
                }
            }
        }
        // The last name is the same, a first name is one letter away.
        for other in self.get(&self.by_last, last) {
            let Some((_, theirs)) = other.name.words.split_last() else {
                continue;
            };
            if let ([own_first], [first]) = (firsts, theirs)
                && other.whose < own.whose
                && own_first.chars().count() >= 5
                && is_one_letter_apart(own_first, first)
            {
                let (stays, goes) = self.ordered(own, other);
                let score = if self.together(own.whose, other.whose) > 0 {
                    0.93
                } else {
                    0.85
                };
                tell(self.propose(stays, goes, score, Why::OneLetter));
            }
        }
    }

    /// The long name of which these are the first letters.
    fn acronyms(&self, own: &Of<'a>, tell: &mut dyn FnMut(Proposal)) {
        let Some(letters) = parse::acronym(own.written) else {
            return;
        };
        let all: Vec<&Of<'a>> = self.get(&self.by_initials, &letters).collect();
        let there = all.iter().copied();
        let there: Vec<&Of<'a>> = there
            .filter(|of| self.together(own.whose, of.whose) > 0)
            .collect();
        if let Some(one) = the_only(&there, own.whose) {
            tell(self.propose(one, own, 0.95, Why::Acronym));
        } else if let Some(one) = the_only(&all, own.whose) {
            tell(self.propose(one, own, 0.8, Why::Acronym));
        }
    }

    fn by_identifier(&self, tell: &mut dyn FnMut(Proposal)) {
        let mut known: HashMap<&(String, String), usize> = HashMap::new();
        for (at, called) in self.all.iter().enumerate() {
            for identifier in &called.identifiers {
                let Some(&first) = known.get(identifier) else {
                    known.insert(identifier, at);
                    continue;
                };
                let of = |at: usize| {
                    let called = self.all.get(at);
                    let name = called.and_then(|called| called.names.first());
                    (called.map_or(0, |called| called.quotes), name.cloned())
                };
                let ((first_quotes, first_name), (quotes, name)) = (of(first), of(at));
                let (stays, goes, names) = if first_quotes >= quotes {
                    (first, at, [first_name, name])
                } else {
                    (at, first, [name, first_name])
                };
                tell(Proposal {
                    stays,
                    goes,
                    score: 1.0,
                    why: Why::Identifier(identifier.0.clone(), identifier.1.clone()),
                    together: self.together(first, at),
                    names: names.map(Option::unwrap_or_default),
                });
            }
        }
    }
}

/// The one person, other than this, whose names these all are.
fn the_only<'o, 'a>(all: &[&'o Of<'a>], but: usize) -> Option<&'o Of<'a>> {
    let whose: BTreeSet<usize> = all.iter().map(|of| of.whose).collect();
    if whose.len() != 1 || whose.contains(&but) {
        return None;
    }
    all.first().copied()
}

/// Whether one list of first names is the other with more of them; the first is the same.
fn are_more(a: &[String], b: &[String]) -> bool {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    few.len() < many.len()
        && few.first() == many.first()
        && few.iter().all(|name| {
            many.iter()
                .any(|other| other == name || are_initial(name, other) || are_initial(other, name))
        })
}

fn are_initial(initial: &str, name: &str) -> bool {
    initial.chars().count() == 1 && name.starts_with(initial) && initial != name
}

/// Whether these are the initials of first names, at least of the first.
fn are_initials(initials: &[String], names: &[String]) -> bool {
    !initials.is_empty()
        && initials.len() <= names.len()
        && initials
            .iter()
            .zip(names)
            .all(|(initial, name)| are_initial(initial, name))
}

#[cfg(test)]
mod tests;
