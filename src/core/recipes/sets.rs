//! Sets of articles: kept, drawn by lot, renamed, let go of.

use super::Signed;
use crate::core::edit::Edit;
use crate::core::ids::{ArticleId, FreshIds, IdMint, SetId};
use crate::core::kept::UnknownFields;
use crate::core::project::{ArticleSet, Project};
use std::sync::Arc;

/// How the members of a set were chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub members: Vec<ArticleId>,
    /// In words.
    pub how: String,
    /// What lots were drawn with; 0 for none.
    pub seed: u32,
}

/// Keeps a set under a name, and says under which id. That begins as ids of annotations do, so that
/// sets that two people make on copies of one project are two when the copies are merged.
pub fn keep(
    project: &Project,
    name: &str,
    chosen: Chosen,
    signed: Signed<'_>,
    mint: &IdMint,
) -> (SetId, Edit) {
    let is_taken = |id: &str| project.set(&SetId::new(id)).is_some();
    let wanted = format!("{}-set-1", mint.tag());
    let id = SetId::new(FreshIds::default().take_unless(&wanted, is_taken));
    let set = ArticleSet {
        id: id.clone(),
        name: free_name(project, name, None),
        by: signed.by.clone(),
        when: signed.when,
        how: chosen.how,
        seed: chosen.seed,
        members: chosen.members,
        unknown: UnknownFields::new(),
    };
    let at = project.sets().len();
    (id, Edit::AddSets(vec![(at, Arc::new(set))]))
}

/// Gives a set another name; nothing when it has it already.
pub fn rename(project: &Project, id: &SetId, name: &str) -> Vec<Edit> {
    let Some(at) = place_of(project, id) else {
        return Vec::new();
    };
    let Some(set) = project.sets().get(at) else {
        return Vec::new();
    };
    let mut renamed = ArticleSet::clone(set);
    renamed.name = free_name(project, name, Some(id));
    if renamed == **set {
        return Vec::new();
    }
    vec![
        Edit::RemoveSets(vec![at]),
        Edit::AddSets(vec![(at, Arc::new(renamed))]),
    ]
}

/// Takes a set away. Its articles stay.
pub fn remove(project: &Project, id: &SetId) -> Vec<Edit> {
    let at = place_of(project, id);
    at.map(|at| Edit::RemoveSets(vec![at]))
        .into_iter()
        .collect()
}

fn place_of(project: &Project, id: &SetId) -> Option<usize> {
    project.sets().iter().position(|set| set.id == *id)
}

/// The name as it can be given to a set, or to another one.
fn free_name(project: &Project, name: &str, but: Option<&SetId>) -> String {
    const LONGEST: usize = 200;
    let name: String = name.trim().chars().take(LONGEST).collect();
    let wanted = if name.is_empty() { "Set" } else { &name };
    let others = project.sets().iter().filter(|set| Some(&set.id) != but);
    ArticleSet::free_name(wanted, others.map(|set| &**set))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::edit::{Transaction, apply};

    #[test]
    fn sets_have_ids_and_names_of_their_own_and_come_back_as_they_were() {
        let mut project = Project::new("p");
        let by = "ana".into();
        let signed = Signed {
            by: &by,
            when: None,
        };
        let chosen = || Chosen {
            members: vec!["a".into()],
            how: "by hand".to_owned(),
            seed: 0,
        };
        let step = |edits: Vec<Edit>, project: &mut Project| {
            apply(project, &Transaction::new("step", edits)).unwrap()
        };
        let mut ids = Vec::new();
        for name in ["Pilot", " pilot ", ""] {
            let (id, edit) = keep(&project, name, chosen(), signed, &IdMint::new("k3f9"));
            step(vec![edit], &mut project);
            ids.push(id);
        }
        let names = |project: &Project| -> Vec<String> {
            project.sets().iter().map(|set| set.name.clone()).collect()
        };
        assert_eq!(names(&project), ["Pilot", "pilot (2)", "Set"]);
        let told: Vec<&str> = ids.iter().map(SetId::as_str).collect();
        assert_eq!(told, ["k3f9-set-1", "k3f9-set-1-2", "k3f9-set-1-3"]);
        let before = project.clone();
        let edits = rename(&project, &ids[0], "set");
        let undo = step(edits, &mut project);
        assert_eq!(names(&project), ["set (2)", "pilot (2)", "Set"]);
        step(undo.edits, &mut project);
        assert_eq!(project, before);
        assert_eq!(rename(&project, &ids[0], "Pilot"), []);
        assert_eq!(rename(&project, &"none".into(), "Pilot"), []);
        let edits = remove(&project, &ids[1]);
        let undo = step(edits, &mut project);
        assert_eq!(names(&project), ["Pilot", "Set"]);
        // An id that became free is given again only when its set is gone for good.
        step(undo.edits, &mut project);
        assert_eq!(project, before);
    }
}
