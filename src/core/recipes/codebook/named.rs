//! Ids of labels, as files and datasets show them: made from the first name that a label is given.

use crate::core::codebook::id_for;
use crate::core::ids::{FreshIds, LabelId};
use crate::core::project::Project;

/// What a label is called before it has a name.
pub const NEW_LABEL: &str = "New label";

/// An id for a label of this name: its letters and digits. None that anything still says.
pub fn label_id(project: &Project, name: &str) -> LabelId {
    let mut ids = FreshIds::default();
    for id in project.used_labels() {
        ids.see(id.as_str());
    }
    LabelId::new(ids.take(&id_for(name)))
}

/// Whether an id was made from a name, with a number behind it if need be.
pub(in crate::core::recipes) fn is_made_from(id: &LabelId, name: &str) -> bool {
    let made = id_for(name);
    let rest = id.as_str().strip_prefix(made.as_str());
    rest.is_some_and(|rest| {
        let number = rest.trim_start_matches(['-', '_']);
        rest.is_empty() || (number != rest && number.chars().all(|c| c.is_ascii_digit()))
    })
}

/// The id of a label whose first name this is; none when it keeps the one that it has, as it was named
/// before or is referred to.
pub(super) fn id_of_first_name(project: &Project, id: &LabelId, name: &str) -> Option<LabelId> {
    let is_first = is_made_from(id, NEW_LABEL) && !project.refers_to(id);
    is_first.then(|| label_id(project, name))
}
