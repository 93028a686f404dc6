//! Taking a link role from a label, with the links of it or without.

use super::{Change, CodebookError, Touches, label_in, label_of, replaced, revised};
use crate::core::edit::Edit;
use crate::core::ids::LabelId;
use crate::core::project::Project;
use crate::core::recipes::Signed;

/// How many annotations of a label, in how many articles, are linked by a role.
pub fn touched_by_role(project: &Project, id: &LabelId, role: &str) -> Touches {
    let mut touches = Touches::default();
    for article in project.articles() {
        if article.annotations.count_of(id) == 0 {
            continue;
        }
        let meant = article.annotations.iter().filter(|a| a.label == *id);
        let linked = meant.filter(|a| a.links.iter().any(|link| link.role == role));
        let linked = linked.count();
        touches.annotations += linked;
        touches.articles += usize::from(linked > 0);
    }
    touches
}

/// Takes a role from a label. Its links go with it, or stay, and are of no role any more.
pub fn remove_role(
    project: &Project,
    id: &LabelId,
    role: &str,
    with_links: bool,
    signed: Signed<'_>,
) -> Result<Change, CodebookError> {
    let label = label_of(project.codebook(), id)?;
    let no_role = || CodebookError::NoRole(role.to_owned());
    label.link_role(role).ok_or_else(no_role)?;
    let mut change = if with_links {
        replaced(
            project,
            signed,
            |_, annotation| {
                let before = annotation.links.len();
                annotation.links.retain(|link| link.role != role);
                annotation.links.len() < before
            },
            |annotation| annotation.label == *id && !annotation.links.is_empty(),
        )
    } else {
        Change::default()
    };
    let what = format!("remove the role “{role}” of “{}”", label.name);
    let codebook = revised(project, what, signed, |codebook| {
        if let Some(label) = label_in(codebook, id) {
            label.link_roles.retain(|own| own.name != role);
        }
    })?;
    change.edits.push(Edit::SetCodebook(Box::new(codebook)));
    Ok(change)
}
