//! Who is quoted where: the speaker ledger with its counts, what somebody is quoted saying, and who may
//! be the same.

use super::{ByArticleAnd, Derive, DeriveLater};
use crate::app::session::Session;
use crate::core::ids::PersonId;
use crate::core::names::{Called, Proposal, proposals};
use crate::core::project::{ApartOf, KeptPairs, Person, PersonKind, Project};
use crate::core::quoted::{QuotedIn, Said, SaidFilter, Speakers, Things};
use crate::core::search::folded;
use std::rc::Rc;

/// Who of the ledger is quoted where.
#[derive(Clone, PartialEq)]
pub struct WhoSpeaks;

impl Derive for WhoSpeaks {
    type Value = Speakers;
    type Memo = ByArticleAnd<Things, Rc<QuotedIn>>;
    const KEPT: usize = 1;

    fn derive(&self, session: &Session, known: &mut Self::Memo) -> Speakers {
        let project = session.project();
        let things = Things::of(project.codebook());
        let parts = known.update(things, project.articles(), |article, things| {
            Rc::new(QuotedIn::of(article, things))
        });
        Speakers::of(project.people(), parts.cloned().collect())
    }
}

/// Which people a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhichPeople {
    #[default]
    All,
    People,
    Organisations,
    /// Several at once, and those who are not named.
    Unnamed,
}

impl WhichPeople {
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::All, "All"),
        (Self::People, "People"),
        (Self::Organisations, "Organisations"),
        (Self::Unnamed, "Unnamed"),
    ];

    fn takes(self, person: &Person) -> bool {
        match self {
            Self::All => true,
            Self::People => matches!(person.kind, PersonKind::Person | PersonKind::Later(_)),
            Self::Organisations => person.kind == PersonKind::Organisation,
            Self::Unnamed => matches!(person.kind, PersonKind::Collective | PersonKind::Unnamed),
        }
    }
}

/// The people of a list, by their places in the ledger.
#[derive(Clone)]
pub struct ListedPeople {
    /// The same counts are known by their pointer.
    pub of: Rc<Speakers>,
    pub typed: String,
    pub which: WhichPeople,
    /// By name, and not by how often they are quoted.
    pub by_name: bool,
}

impl PartialEq for ListedPeople {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.of, &other.of)
            && self.typed == other.typed
            && self.which == other.which
            && self.by_name == other.by_name
    }
}

impl Derive for ListedPeople {
    type Value = Vec<u32>;
    /// What people are called, as it is looked for, at a revision.
    type Memo = (u64, Vec<String>);

    fn derive(&self, session: &Session, (known, names): &mut (u64, Vec<String>)) -> Vec<u32> {
        let people = session.project().people();
        let typed = folded(self.typed.trim());
        let needs_names = self.by_name || !typed.is_empty();
        if needs_names && (*known != session.revision() || names.len() != people.len()) {
            *known = session.revision();
            *names = people.iter().map(called).collect();
        }
        let words: Vec<&str> = typed.split(' ').filter(|word| !word.is_empty()).collect();
        let fits = |(at, person): &(usize, &Person)| {
            let name = || names.get(*at).map_or("", String::as_str);
            self.which.takes(person) && words.iter().all(|word| name().contains(word))
        };
        let all = people.iter().enumerate().filter(fits);
        let mut places: Vec<u32> = all.map(|(at, _)| at as u32).collect();
        let name = |at: u32| names.get(at as usize);
        let quotes = |at: u32| self.of.said_by(at as usize).len();
        if self.by_name {
            places.sort_by(|a, b| name(*a).cmp(&name(*b)));
        } else {
            places.sort_by_key(|at| std::cmp::Reverse(quotes(*at)));
        }
        places
    }
}

/// All that somebody is found by: names and role.
fn called(person: &Person) -> String {
    let mut all: Vec<&str> = person.names().collect();
    all.push(&person.role);
    all.push(&person.affiliation);
    folded(&all.join("\n"))
}

/// What somebody is quoted saying.
#[derive(Clone)]
pub struct SaidBy {
    pub of: Rc<Speakers>,
    pub person: PersonId,
    pub filter: SaidFilter,
}

impl PartialEq for SaidBy {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.of, &other.of)
            && self.person == other.person
            && self.filter == other.filter
    }
}

impl Derive for SaidBy {
    type Value = Said;
    type Memo = ();

    fn derive(&self, _: &Session, (): &mut ()) -> Said {
        let place = self.of.place_of(&self.person);
        place.map_or_else(Said::default, |place| {
            Said::of(&self.of, place, &self.filter)
        })
    }
}

/// Who may be the same: pairs of the ledger, the surest first.
#[derive(Clone, PartialEq)]
pub struct MayBeOne;

/// Two who may be one, by their ids.
pub struct Pair {
    pub stays: PersonId,
    pub goes: PersonId,
    pub told: Proposal,
}

impl DeriveLater for MayBeOne {
    type Value = Vec<Pair>;

    fn stamp(&self, session: &Session) -> u64 {
        session.revision()
    }

    fn is_small(&self, session: &Session) -> bool {
        let project = session.project();
        project.people().len() <= 200 && project.annotation_count() <= 2_000
    }

    fn may_show(&self, _: &Self) -> bool {
        true
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<Vec<Pair>> {
        let things = Things::of(project.codebook());
        let mut parts = Vec::with_capacity(project.articles().len());
        for article in project.articles() {
            if !goes_on() {
                return None;
            }
            parts.push(Rc::new(QuotedIn::of(article, &things)));
        }
        let people = project.people();
        let speakers = Speakers::of(people, parts);
        let called = people.iter().enumerate().map(|(at, person)| {
            let said = speakers.said_by(at);
            let mut articles: Vec<u32> = said.iter().map(|(article, _)| *article).collect();
            articles.dedup();
            Called {
                names: person.names().map(str::to_owned).collect(),
                is_organisation: person.kind == PersonKind::Organisation,
                is_nobody: matches!(person.kind, PersonKind::Collective | PersonKind::Unnamed),
                identifiers: person.identifiers.clone(),
                articles,
                quotes: said.len(),
            }
        });
        let called: Vec<Called> = called.collect();
        let decided = KeptPairs::of(project, &ApartOf::People);
        let id = |at: usize| people.get(at).map_or("", |person| person.id.as_str());
        let apart = |a: usize, b: usize| decided.hold(id(a), id(b));
        let found = proposals(&called, apart, goes_on)?;
        let pairs = found.into_iter().map(|told| Pair {
            stays: PersonId::new(id(told.stays)),
            goes: PersonId::new(id(told.goes)),
            told,
        });
        Some(pairs.collect())
    }
}
