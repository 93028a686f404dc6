//! The speaker ledger while people are added to it: each name once, however many there are.

use crate::core::ids::{FreshIds, PersonId};
use crate::core::project::Person;
use std::collections::HashMap;

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

    /// Someone as another copy knows them, under their id where that is free. Who is known by that name
    /// alone here is that one.
    pub fn adopt(&mut self, mut person: Person) -> PersonId {
        let known = self.find(&person.name).cloned();
        let mut people = self.people.iter_mut();
        let same = known.and_then(|known| people.find(|here| here.id == known));
        if let Some(here) = same {
            let bare = Person {
                id: here.id.clone(),
                name: here.name.clone(),
                ..Person::default()
            };
            if *here == bare {
                person.id = here.id.clone();
                *here = person;
                return here.id.clone();
            }
            let same = Person {
                id: here.id.clone(),
                ..person.clone()
            };
            if *here == same {
                return here.id.clone();
            }
        }
        self.add(person, true)
    }

    pub fn into_people(self) -> Vec<Person> {
        self.people
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
