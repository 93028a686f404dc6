//! Names and ids that are given out once each, however many there are: the speaker ledger while
//! people are added to it, and ids for things that ask for one that is taken.

use crate::core::ids::PersonId;
use crate::core::project::Person;
use std::collections::{HashMap, HashSet};

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

/// People in their order, found by name.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    people: Vec<Person>,
    by_name: HashMap<String, PersonId>,
    ids: FreshIds,
}

impl Ledger {
    /// Of two with one name the first is found.
    pub fn of(people: Vec<Person>) -> Self {
        let mut ledger = Self::default();
        for person in people {
            ledger.note(&person);
            ledger.people.push(person);
        }
        ledger
    }

    fn note(&mut self, person: &Person) {
        self.ids.see(person.id.as_str());
        let known = self.by_name.entry(person.name.clone());
        known.or_insert_with(|| person.id.clone());
    }

    pub fn find(&self, name: &str) -> Option<&PersonId> {
        self.by_name.get(name)
    }

    /// The person of this name, who is added when there is none.
    pub fn named(&mut self, name: &str) -> PersonId {
        match self.find(name) {
            Some(known) => known.clone(),
            None => self.add(Person::named(name, |_| false), false),
        }
    }

    /// Adds someone whose name is new. An id that is taken, or is not to be kept, is made from the
    /// name; answers the id.
    pub fn add(&mut self, mut person: Person, keeps_id: bool) -> PersonId {
        if !keeps_id || !self.ids.see(person.id.as_str()) {
            let wanted = Person::named(&person.name, |_| false).id;
            person.id = PersonId::new(self.ids.take(wanted.as_str()));
        }
        self.note(&person);
        let id = person.id.clone();
        self.people.push(person);
        id
    }

    pub fn into_people(self) -> Vec<Person> {
        self.people
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn people_are_the_same_when_their_names_are() {
        let mut ledger = Ledger::of(vec![Person::named("Ada Quill", |_| false)]);
        let check = |ledger: &mut Ledger, name: &str, id: &str| {
            assert_eq!(ledger.named(name).as_str(), id, "{name}");
        };
        check(&mut ledger, "Ada Quill", "ada-quill");
        check(&mut ledger, "Ada. Quill", "ada-quill-2");
        check(&mut ledger, "?", "person");
        check(&mut ledger, "!", "person-2");
        check(&mut ledger, "?", "person");
        let mut other = Person::named("Bo", |_| false);
        other.id = "ada-quill".into();
        assert_eq!(ledger.add(other, true).as_str(), "bo");
        assert_eq!(ledger.into_people().len(), 5);
    }
}
