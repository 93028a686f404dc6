//! The edits that give a quote what is accepted of an offer, as one step.

use super::who::{Who, enter};
use crate::core::annotation::{AttributeValue, Link};
use crate::core::article::Article;
use crate::core::codebook::{AttributeKind, Label, Part, Thing};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, IdMint};
use crate::core::project::Project;
use crate::core::quotes::Kind;
use crate::core::recipes::Signed;
use crate::core::recipes::mark::{self, Extent, Marking};
use crate::core::text::ByteRange;

/// What is accepted of an offer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accepted {
    pub cue: Option<ByteRange>,
    pub source: Option<ByteRange>,
    pub who: Option<Who>,
    pub kind: Option<Kind>,
}

/// The edits that give a quote what is accepted: what is marked already is linked and not marked
/// again. An error is the name of a label that may not overlap there.
pub fn accept(
    project: &Project,
    article: &Article,
    id: &AnnotationId,
    accepted: &Accepted,
    signed: Signed<'_>,
    mint: &mut IdMint,
) -> Result<Vec<Edit>, String> {
    let codebook = project.codebook();
    let annotation = article.annotations.get(id.as_str());
    let label = annotation.and_then(|a| codebook.label(a.label.as_str()));
    let (Some(annotation), Some(label)) = (annotation, label) else {
        return Ok(Vec::new());
    };
    let mut edits = Vec::new();
    let mut links: Vec<Link> = Vec::new();
    let parts = [(Thing::Source, accepted.source), (Thing::Cue, accepted.cue)];
    for (thing, range) in parts {
        let marks = codebook.label_for(&thing);
        let role = codebook.role_to(label, &thing);
        let (Some(range), Some(marks), Some(role)) = (range, marks, role) else {
            continue;
        };
        let place = (range, Extent::Policy);
        match mark::mark(project, article, place, &marks.id, signed, mint) {
            Marking::New {
                edits: made, id, ..
            } => {
                let is_new = |edit: &Edit| !edits.contains(edit);
                let made: Vec<Edit> = made.into_iter().filter(is_new).collect();
                edits.extend(made);
                links.push(Link::new(role.name.as_str(), id));
            }
            Marking::There(there) => links.push(Link::new(role.name.as_str(), there)),
            Marking::Blank => {}
            Marking::Refused => return Err(marks.name.clone()),
        }
    }
    let speaker = accepted.who.as_ref().zip(label.part(Part::Speaker));
    let speaker = speaker.map(|(who, spec)| {
        let id = match &who.known {
            Some(known) => known.clone(),
            None => {
                let (id, entry) = enter(project, who);
                edits.extend(entry);
                id
            }
        };
        (spec.name.clone(), id)
    });
    let kind = accepted.kind.and_then(|kind| kind_value(label, kind));
    let changed = mark::change(article, &annotation.id, signed, |quote| {
        for link in links {
            let is_there = |own: &Link| own.role == link.role && own.target == link.target;
            if !quote.links.iter().any(is_there) {
                quote.links.push(link);
            }
        }
        if let Some((name, person)) = speaker {
            let value = AttributeValue::Person(person);
            quote.attributes.insert(name.as_str(), value);
        }
        if let Some((name, value)) = kind {
            quote.attributes.insert(name, AttributeValue::Text(value));
        }
    });
    edits.extend(changed);
    Ok(edits)
}

/// A kind as the codebook has it among its choices.
fn kind_value(label: &Label, kind: Kind) -> Option<(&str, String)> {
    let spec = label.part(Part::Kind)?;
    let AttributeKind::OneOf(options) = &spec.kind else {
        return None;
    };
    let found = options
        .iter()
        .find(|option| option.eq_ignore_ascii_case(kind.name()));
    found.map(|option| (spec.name.as_str(), option.clone()))
}
