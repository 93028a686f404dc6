//! REFI-QDA codebooks (`.qdc`, standard 1.5), read and written, and the codes of whole projects.
//!
//! A code has a name, a colour, a description, codes within it, and may be one that nothing is coded
//! with. Rules and examples stand in the description as lines that people can read and that come
//! back; what has no place there is told by who writes.

use super::ORIGIN;
use super::read::{Lines, NAMESPACE, child, parted, title_of_code};
use super::write::guid;
use crate::core::annotation::AttributeValue;
use crate::core::codebook::{
    BoundaryPolicy, Codebook, Edges, Label, OverlapPolicy, SharedCodebook, Thing, Underline, id_for,
};
use crate::core::ids::LabelId;
use crate::format::export::markup;
use crate::format::reading::archive::Archive;
use crate::format::reading::codebook::{Draft, FoundCodebook};
use crate::format::reading::xml::{parse_xml, thin_xml};
use crate::format::reading::{MAX_UNPACKED_BYTES, Refusal, Source};
use crate::format::words::values::color_in;
use roxmltree::{Document, NodeId};
use std::collections::HashMap;
use std::fmt::Write as _;

const KIND: &str = "REFI-QDA codebook";
const ID: &str = "id";
const STANDS_FOR: &str = "stands for";
const INCLUDE: &str = "mark";
const EXCLUDE: &str = "do not mark";
const EXAMPLES: &str = "examples";
const COUNTER_EXAMPLES: &str = "counter-examples";

/// Whether the start of a file is that of a codebook or a project.
pub fn recognise(start: &str) -> bool {
    start.contains(NAMESPACE)
}

pub fn read(source: &Source<'_>) -> Result<FoundCodebook, Refusal> {
    if !source.bytes.starts_with(b"PK\x03\x04") {
        return of_xml(source.bytes, source.stem());
    }
    let archive = Archive::open(source.bytes, MAX_UNPACKED_BYTES)?;
    let name = archive.names().find(|name| name.ends_with(".qde"));
    let name = name.map(str::to_owned);
    let name = name.ok_or_else(|| Refusal::new("there is no project (.qde) in this archive"))?;
    of_xml(&archive.member(&name)?, source.stem())
}

fn of_xml(bytes: &[u8], name: &str) -> Result<FoundCodebook, Refusal> {
    let (text, remark) = thin_xml(bytes)?;
    let document = parse_xml(&text)?;
    let mut draft = Draft::default();
    if let Some(remark) = remark {
        draft.tell(String::new, remark);
    }
    codes(&document, &mut draft)?;
    draft.finish(KIND, name)
}

fn codes(document: &Document<'_>, draft: &mut Draft) -> Result<(), Refusal> {
    let root = document.root_element();
    let origin = root.attribute("origin").unwrap_or_default();
    let is_own = origin.starts_with(ORIGIN);
    let is_codebook = root.tag_name().name() == "CodeBook";
    let mut places: HashMap<NodeId, usize> = HashMap::new();
    for node in root.descendants() {
        match node.tag_name().name() {
            "Code" => {
                let written = node.attribute("name").unwrap_or_default();
                let description = child(node, "Description").and_then(|d| d.text());
                let code = match (is_own, is_codebook) {
                    (true, true) => own_code(description.unwrap_or_default()),
                    (true, false) => {
                        let (definition, title) = title_of_code(description.unwrap_or_default());
                        Label {
                            definition: definition.to_owned(),
                            ..Label::new(written, title.as_deref().unwrap_or_default(), 0)
                        }
                    }
                    (false, _) => Label {
                        definition: description.unwrap_or_default().to_owned(),
                        ..Label::new("", "", 0)
                    },
                };
                let id = match code.id.as_str() {
                    "" => id_for(written),
                    id => id.to_owned(),
                };
                let name = match code.name.as_str() {
                    "" => written,
                    name => name,
                };
                let parent = node
                    .parent()
                    .and_then(|parent| places.get(&parent.id()))
                    .copied();
                let at = draft.add(&id, name, parent)?;
                places.insert(node.id(), at);
                let color = node.attribute("color").unwrap_or_default();
                let known = color_in(color);
                if known.is_none() && !color.is_empty() {
                    draft.leave_out("colours that are none", format!("code “{written}”"));
                }
                let is_retired = node.attribute("isCodable") == Some("false");
                if is_retired && !is_own {
                    let what =
                        "it only groups others, so it is retired and not offered for marking";
                    draft.tell(|| format!("code “{written}”"), what);
                }
                if let Some(label) = draft.at(at) {
                    label.stands_for = code.stands_for;
                    label.definition = code.definition;
                    label.include = code.include;
                    label.exclude = code.exclude;
                    label.examples = code.examples;
                    label.counter_examples = code.counter_examples;
                    label.color = known.unwrap_or(Label::GREY);
                    label.retired = is_retired;
                }
            }
            "Set" if is_codebook => {
                let name = node.attribute("name").unwrap_or_default();
                draft.leave_out("sets of codes", format!("set “{name}”"));
            }
            "NoteRef" if node.parent().is_some_and(|p| p.tag_name().name() == "Code") => {
                draft.leave_out("memos linked to codes", "codes");
            }
            _ => {}
        }
    }
    Ok(())
}

/// A code that Pressmark wrote: its id, rules and examples stand behind the definition.
fn own_code(description: &str) -> Label {
    let (definition, lines) = parted(description, ID);
    let mut label = Label::new("", "", 0);
    definition.clone_into(&mut label.definition);
    for (name, value) in lines.into_iter().flatten() {
        match (name.as_str(), value) {
            (ID, AttributeValue::Text(id)) => label.id = LabelId::new(id),
            (STANDS_FOR, AttributeValue::Text(thing)) => {
                label.stands_for = Some(Thing::of_code(&thing));
            }
            (INCLUDE, AttributeValue::Many(all)) => label.include = all,
            (EXCLUDE, AttributeValue::Many(all)) => label.exclude = all,
            (EXAMPLES, AttributeValue::Many(all)) => label.examples = all,
            (COUNTER_EXAMPLES, AttributeValue::Many(all)) => label.counter_examples = all,
            _ => {}
        }
    }
    label
}

/// The file, and what of the codebook it does not hold.
pub fn write(shared: &SharedCodebook) -> (String, Vec<String>) {
    let codebook = &shared.codebook;
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let _infallible = writeln!(
        out,
        "<CodeBook xmlns=\"{NAMESPACE}codebook:1.0\" origin=\"{ORIGIN} {}\">\n<Codes>",
        env!("CARGO_PKG_VERSION"),
    );
    let mut open: Vec<usize> = Vec::new();
    for placed in codebook.in_order() {
        while open.last().is_some_and(|depth| *depth >= placed.depth) {
            open.pop();
            out.push_str("</Code>\n");
        }
        let Some(label) = codebook.labels.get(placed.at) else {
            continue;
        };
        let _infallible = writeln!(
            out,
            "<Code guid=\"{}\" name=\"{}\" isCodable=\"{}\" color=\"#{:06X}\"><Description>{}</Description>",
            guid("code", label.id.as_str()),
            markup::attribute(&label.name),
            !label.retired,
            label.color,
            markup::text(&described(label)),
        );
        open.push(placed.depth);
    }
    for _ in open {
        out.push_str("</Code>\n");
    }
    out.push_str("</Codes>\n</CodeBook>\n");
    (out, not_held(shared))
}

fn described(label: &Label) -> String {
    let mut lines = Lines::default();
    lines.push(ID, label.id.as_str());
    if let Some(thing) = &label.stands_for {
        lines.push(STANDS_FOR, thing.code());
    }
    for (name, all) in [
        (INCLUDE, &label.include),
        (EXCLUDE, &label.exclude),
        (EXAMPLES, &label.examples),
        (COUNTER_EXAMPLES, &label.counter_examples),
    ] {
        if !all.is_empty() {
            lines.push_list(name, all);
        }
    }
    lines.behind(&label.definition)
}

/// What a `.qdc` has no place for, with how many labels have it.
fn not_held(shared: &SharedCodebook) -> Vec<String> {
    let codebook: &Codebook = &shared.codebook;
    type Question = (&'static str, fn(&Label) -> bool);
    let questions: [Question; 12] = [
        ("attributes", |label| !label.attributes.is_empty()),
        ("link roles", |label| !label.link_roles.is_empty()),
        ("keys", |label| label.key.is_some()),
        ("underline styles", |label| {
            label.underline != Underline::Solid
        }),
        ("the unit that a selection snaps to", |label| {
            label.boundary != BoundaryPolicy::Word
        }),
        ("rules for edges", |label| label.edges != Edges::default()),
        ("rules for overlaps", |label| {
            label.overlap != OverlapPolicy::Any
        }),
        ("being a part of other annotations", |label| label.helper),
        ("annotations as examples", |label| {
            !label.shown_by.is_empty()
        }),
        ("fields of a later version", |label| {
            !label.unknown.is_empty()
        }),
        ("characters that XML cannot hold", |label| {
            let texts = [&label.name, &label.definition].into_iter();
            let lists = [
                &label.include,
                &label.exclude,
                &label.examples,
                &label.counter_examples,
            ];
            let mut all = texts.chain(lists.into_iter().flatten());
            all.any(|text| !text.chars().all(markup::is_xml_char))
        }),
        (
            "the number of the revision that last changed the meaning",
            |label| label.redefined > 0,
        ),
    ];
    let mut told: Vec<String> = questions
        .into_iter()
        .filter_map(|(what, has)| {
            let count = codebook.labels.iter().filter(|label| has(label)).count();
            let labels = if count == 1 { "label" } else { "labels" };
            (count > 0).then(|| format!("{what} ({count} {labels})"))
        })
        .collect();
    let lost: usize = {
        let depth_zero = codebook
            .in_order()
            .into_iter()
            .filter(|placed| placed.depth == 0);
        let at = depth_zero.filter_map(|placed| codebook.labels.get(placed.at));
        at.filter(|label| label.parent.is_some()).count()
    };
    if lost > 0 {
        told.push(format!(
            "what labels are kinds of, where that is not there ({lost})"
        ));
    }
    let about = [
        ("what the codebook is for", !shared.about.is_empty()),
        ("its source", !shared.source.is_empty()),
        ("its log of changes", !codebook.changes.is_empty()),
        (
            "fields of a later version",
            !shared.unknown.is_empty() || !codebook.unknown.is_empty(),
        ),
    ];
    told.extend(
        about
            .iter()
            .filter(|(_, has)| *has)
            .map(|(what, _)| (*what).to_owned()),
    );
    told
}
