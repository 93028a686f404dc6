//! Where people of the speaker ledger stand, by their ids: made when it is asked for the first time
//! and shared by snapshots, so that whoever asks for thousands of them is linear.

use super::Person;
use crate::core::ids::PersonId;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

/// Fewer are looked for in the list itself.
const FEW: usize = 16;

#[derive(Clone, Debug, Default)]
pub(super) struct LedgerIndex(Arc<OnceLock<Known>>);

/// What is derived makes no difference.
impl PartialEq for LedgerIndex {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[derive(Debug)]
struct Known {
    places: HashMap<PersonId, usize>,
    /// Those of whose name another one stands before them.
    namesakes: HashSet<PersonId>,
}

impl Known {
    fn of(people: &[Person]) -> Self {
        let mut places = HashMap::with_capacity(people.len());
        let mut names: HashSet<&str> = HashSet::with_capacity(people.len());
        let mut namesakes = HashSet::new();
        for (at, person) in people.iter().enumerate() {
            places.entry(person.id.clone()).or_insert(at);
            if !names.insert(&person.name) {
                namesakes.insert(person.id.clone());
            }
        }
        Self { places, namesakes }
    }
}

impl LedgerIndex {
    fn known(&self, people: &[Person]) -> &Known {
        self.0.get_or_init(|| Known::of(people))
    }

    pub(super) fn place_of(&self, people: &[Person], id: &PersonId) -> Option<usize> {
        if people.len() < FEW {
            return people.iter().position(|person| person.id == *id);
        }
        self.known(people).places.get(id).copied()
    }

    /// Whether another one is called so before them.
    pub(super) fn is_namesake(&self, people: &[Person], id: &PersonId) -> bool {
        self.known(people).namesakes.contains(id)
    }
}

#[cfg(test)]
mod tests {
    use crate::core::edit::{Edit, Transaction, apply};
    use crate::core::ids::PersonId;
    use crate::core::project::{Person, Project, ProjectParts};

    /// Of few people and of many, whatever was changed since it was last asked.
    #[test]
    fn people_are_found_by_id_after_every_change() {
        for count in [0_usize, 3, 400] {
            let person = |n: usize| Person {
                id: PersonId::new(format!("p{n}")),
                ..Person::named(&format!("Person {}", n / 2), |_| false)
            };
            let mut project = Project::from_parts(ProjectParts {
                people: (0..count).map(person).collect(),
                ..ProjectParts::default()
            });
            let check = |project: &Project| {
                for known in project.people() {
                    assert_eq!(project.person(&known.id), Some(known));
                }
                assert_eq!(project.person(&"nobody".into()), None);
            };
            check(&project);
            let before = project.clone();
            let new = (0, person(count + 2));
            let mut steps = vec![Edit::AddPeople(vec![new])];
            if count > 0 {
                let other = Person {
                    name: "Other".to_owned(),
                    ..person(1)
                };
                steps.push(Edit::ReplacePeople(vec![other]));
                steps.push(Edit::RemovePeople(vec!["p0".into()]));
            }
            for step in steps {
                apply(&mut project, &Transaction::new("", vec![step])).unwrap();
                check(&project);
            }
            check(&before);
            assert_eq!(before.people().len(), count);
        }
    }
}
