//! The speaker ledger while people are added to it: each name once, however many there are.

use crate::core::ids::{FreshIds, PersonId};
use crate::core::project::{Person, name_apart};
use std::collections::{HashMap, HashSet};

/// People in their order, found by name.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    people: Vec<Person>,
    /// Where they stand; of two with one name the first.
    by_name: HashMap<String, usize>,
    /// By names with ids beside them.
    apart: HashMap<String, usize>,
    ids: FreshIds,
}

impl Ledger {
    /// Of two with one name the first is found.
    pub fn of(people: Vec<Person>) -> Self {
        let mut ledger = Self::default();
        for person in people {
            ledger.push(person);
        }
        ledger
    }

    fn push(&mut self, person: Person) {
        let at = self.people.len();
        self.ids.see(person.id.as_str());
        self.by_name.entry(person.name.clone()).or_insert(at);
        self.note_apart(&person.name, &person.id, at);
        self.people.push(person);
    }

    fn note_apart(&mut self, name: &str, id: &PersonId, at: usize) {
        self.apart.entry(name_apart(name, id)).or_insert(at);
    }

    /// By their name, as [`crate::core::project::Project::value_text_apart`] has it where several are
    /// called so.
    pub fn find(&self, name: &str) -> Option<&PersonId> {
        let at = self.by_name.get(name).or_else(|| self.apart.get(name))?;
        self.people.get(*at).map(|person| &person.id)
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
        let id = person.id.clone();
        self.push(person);
        id
    }

    /// Someone as another copy knows them, under their id where that is free. Who is known by that name
    /// alone here is that one, but for those of `claimed`, which that copy tells apart.
    pub fn adopt(&mut self, mut person: Person, claimed: &mut HashSet<PersonId>) -> PersonId {
        let told = person.id.clone();
        let own = self.apart.get(&name_apart(&person.name, &told));
        let at = own.or_else(|| self.by_name.get(&person.name)).copied();
        if let Some((at, here)) = at.and_then(|at| Some((at, self.people.get_mut(at)?)))
            && !claimed.contains(&here.id)
        {
            let bare = Person {
                id: here.id.clone(),
                name: here.name.clone(),
                ..Person::default()
            };
            person.id = here.id.clone();
            if *here == bare || *here == person {
                here.clone_from(&person);
                claimed.insert(person.id.clone());
                self.note_apart(&person.name, &told, at);
                return person.id;
            }
            person.id = told.clone();
        }
        let (name, at) = (person.name.clone(), self.people.len());
        let id = self.add(person, true);
        claimed.insert(id.clone());
        self.note_apart(&name, &told, at);
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

    /// Several of one name are as many, whatever they are called here already.
    #[test]
    fn a_copy_that_tells_people_apart_is_believed() {
        let someone = |id: &str, name: &str, role: &str| Person {
            id: id.into(),
            role: role.to_owned(),
            ..Person::named(name, |_| false)
        };
        let mut ledger = Ledger::of(vec![someone("x", "Ada", ""), someone("ada-2", "Bo", "")]);
        let copy = [
            someone("ada", "Ada", ""),
            someone("ada-2", "Ada", ""),
            someone("ada-3", "Ada", "mayor"),
        ];
        // A second copy that says the same changes nothing.
        for _ in 0..2 {
            let mut claimed = HashSet::new();
            let here: Vec<PersonId> = copy
                .iter()
                .map(|person| ledger.adopt(person.clone(), &mut claimed))
                .collect();
            let ids: Vec<&str> = here.iter().map(PersonId::as_str).collect();
            assert_eq!(ids, ["x", "ada", "ada-3"]);
            for (name, id) in [
                ("Ada", "x"),
                ("Ada (ada)", "x"),
                ("Ada (ada-2)", "ada"),
                ("Ada (ada-3)", "ada-3"),
                ("Bo", "ada-2"),
            ] {
                assert_eq!(ledger.named(name).as_str(), id, "{name}");
            }
            assert_eq!(ledger.people.len(), 4);
        }
    }
}
