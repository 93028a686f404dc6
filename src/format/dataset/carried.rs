//! What Pressmark's own exports carry in the features of other formats, brought back to its place:
//! ids, annotators, times, links with their roles, and fragments that a format took apart.
//!
//! It knows annotations as they were found, and no format: readers of formats with flat features
//! call it. Whatever does not fit its place exactly stays the attribute that it was, so that
//! nothing of a foreign dataset is lost.

use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::format::reading::{FoundAnnotation, FoundArticle};
use crate::format::time::timestamp_from;
use std::collections::{HashMap, HashSet};

/// Names that exports give to the id of an annotation.
const ID: [&str; 2] = ["annotation_id", "annotationId"];
/// The role of a link from a fragment to the next one, in formats with links but without
/// discontinuous annotations; the attribute that names the one before, in others.
pub(crate) const CONTINUES: &str = "continues";
/// What stands before the name of an attribute that has the name of something else.
const ESCAPE: &str = "attribute_";

/// The name of an attribute among `taken` names of features: with `attribute_` before it where it
/// would be mistaken. [`restore`] takes it away again.
pub(crate) fn escaped(name: &str, taken: &[&str]) -> String {
    match taken.contains(&name) || name.starts_with(ESCAPE) {
        true => format!("{ESCAPE}{name}"),
        false => name.to_owned(),
    }
}

/// The name that [`escaped`] was given.
pub(crate) fn unescaped<'n>(name: &'n str, taken: &[&str]) -> &'n str {
    match name.strip_prefix(ESCAPE) {
        Some(rest) if taken.contains(&rest) || rest.starts_with(ESCAPE) => rest,
        _ => name,
    }
}

/// The status that exports call so.
pub(crate) fn status_named(name: &str) -> Option<Status> {
    let all = [
        Status::New,
        Status::InProgress,
        Status::Done,
        Status::Flagged,
    ];
    all.into_iter().find(|status| status.name() == name)
}

fn text_of<'a>(annotation: &'a FoundAnnotation, name: &str) -> Option<&'a str> {
    match annotation.attributes.get(name)? {
        AttributeValue::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// Brings back what is carried in flat features, and joins the fragments of one annotation. `taken`
/// are the names of features that the exporter keeps for itself.
pub(crate) fn restore(article: &mut FoundArticle, taken: &[&str]) {
    restore_ids(&mut article.annotations);
    for annotation in &mut article.annotations {
        restore_fields(annotation);
    }
    let known: HashSet<String> = article.annotations.iter().map(|a| a.id.clone()).collect();
    for annotation in &mut article.annotations {
        let listed = text_of(annotation, "links").and_then(|text| links_in(text, &known));
        if let Some(listed) = listed {
            annotation.attributes.remove("links");
            annotation.links.retain(|link| !listed.contains(link));
            annotation.links.splice(0..0, listed);
        }
    }
    join(&mut article.annotations);
    for annotation in &mut article.annotations {
        let attributes = std::mem::take(&mut annotation.attributes).into_iter();
        annotation.attributes = attributes
            .map(|(name, value)| (unescaped(&name, taken).to_owned(), value))
            .collect();
    }
}

/// Annotations get the ids that they carry, where these tell them apart: of one article, apart from
/// fragments of one annotation.
fn restore_ids(annotations: &mut [FoundAnnotation]) {
    for name in ID {
        let mut seen: HashSet<(&str, Option<usize>)> = HashSet::new();
        let mut tells_apart = true;
        for annotation in annotations.iter() {
            if let Some(id) = text_of(annotation, name) {
                tells_apart &= seen.insert((id, ordinal(annotation)));
            }
        }
        if !tells_apart || seen.is_empty() {
            continue;
        }
        let mut renamed: HashMap<String, String> = HashMap::new();
        for annotation in annotations.iter_mut() {
            if let Some(id) = text_of(annotation, name).map(str::to_owned) {
                annotation.attributes.remove(name);
                renamed.insert(std::mem::replace(&mut annotation.id, id.clone()), id);
            }
        }
        for (_, target) in annotations.iter_mut().flat_map(|a| &mut a.links) {
            if let Some(id) = renamed.get(target) {
                target.clone_from(id);
            }
        }
        return;
    }
}

fn restore_fields(annotation: &mut FoundAnnotation) {
    if annotation.annotator.is_empty()
        && let Some(name) = text_of(annotation, "annotator").map(str::to_owned)
    {
        annotation.annotator = name;
        annotation.attributes.remove("annotator");
    }
    if annotation.note.is_empty()
        && let Some(note) = text_of(annotation, "note").map(str::to_owned)
    {
        annotation.note = note;
        annotation.attributes.remove("note");
    }
    let time = |name: &str| text_of(annotation, name).and_then(timestamp_from);
    let (made, changed) = (time("created"), time("changed"));
    if made.is_some() {
        annotation.made = made;
        annotation.attributes.remove("created");
    }
    if changed.is_some() {
        annotation.changed = changed;
        annotation.attributes.remove("changed");
    }
}

/// A text as it stands in a list that is joined by `; `: `%3B` for `;` within. As
/// [`crate::format::export::record::Span::links_text`] has it.
pub(crate) fn listed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' | '=' | ';' | '\n' | '\r' | '\t' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

/// The texts of a list of [`listed`] ones.
pub(crate) fn list_of(text: &str) -> Vec<String> {
    match text.is_empty() {
        true => Vec::new(),
        false => text.split("; ").map(plain).collect(),
    }
}

/// `role=target; role=target`, as exports write links into one cell: `%3D` stands for `=` within.
pub(crate) fn listed_links(text: &str) -> Vec<(String, String)> {
    let links = text.split("; ").filter_map(|link| link.split_once('='));
    links
        .map(|(role, target)| (plain(role), plain(target)))
        .collect()
}

fn plain(text: &str) -> String {
    const ESCAPES: [(&str, &str); 6] = [
        ("%3D", "="),
        ("%3B", ";"),
        ("%0A", "\n"),
        ("%0D", "\r"),
        ("%09", "\t"),
        ("%25", "%"),
    ];
    let mut text = text.to_owned();
    for (escaped, c) in ESCAPES {
        if text.contains(escaped) {
            text = text.replace(escaped, c);
        }
    }
    text
}

/// The links of a cell, when each target is there.
fn links_in(text: &str, known: &HashSet<String>) -> Option<Vec<(String, String)>> {
    let links = listed_links(text);
    let are_links = links.len() == text.split("; ").count()
        && links
            .iter()
            .all(|(role, target)| !role.is_empty() && known.contains(target));
    are_links.then_some(links)
}

/// The ordinal of a fragment: `2`, or `2/3`.
fn ordinal(annotation: &FoundAnnotation) -> Option<usize> {
    let told = match annotation.attributes.get("fragment")? {
        AttributeValue::Text(text) => text.split('/').next()?.trim().parse().ok(),
        AttributeValue::Number(number) => Some(*number as usize),
        _ => None,
    };
    told.filter(|n| *n >= 1)
}

/// Makes one annotation of those that are its fragments: one id with rising ordinals, or one that
/// continues another of the same label.
pub(crate) fn join(annotations: &mut Vec<FoundAnnotation>) {
    let mut heads: HashMap<String, usize> = HashMap::new();
    // What continues what: by the id of the later one.
    let mut earlier: HashMap<String, String> = HashMap::new();
    for annotation in annotations.iter() {
        if let Some(id) = text_of(annotation, CONTINUES) {
            earlier.insert(annotation.id.clone(), id.to_owned());
        }
        for (role, target) in &annotation.links {
            if role == CONTINUES {
                earlier.insert(target.clone(), annotation.id.clone());
            }
        }
    }
    let mut kept: Vec<FoundAnnotation> = Vec::with_capacity(annotations.len());
    let mut joined_ids: HashSet<String> = HashSet::new();
    for mut annotation in std::mem::take(annotations) {
        let nth = ordinal(&annotation);
        let by_id = nth
            .filter(|n| *n > 1)
            .and_then(|_| heads.get(&annotation.id));
        let before = earlier.get(&annotation.id).and_then(|id| heads.get(id));
        let head = by_id.or(before).copied();
        let head = head.and_then(|at| Some((at, kept.get_mut(at)?)));
        if let Some((at, head)) = head
            && head.label == annotation.label
            && (annotation.annotator.is_empty() || annotation.annotator == head.annotator)
            && (annotation.note.is_empty() || annotation.note == head.note)
        {
            as_fragments(head);
            as_fragments(&mut annotation);
            head.fragments.append(&mut annotation.fragments);
            if by_id.is_none() {
                joined_ids.insert(annotation.id.clone());
            }
            heads.insert(annotation.id.clone(), at);
            for link in annotation.links {
                if !head.links.contains(&link) {
                    head.links.push(link);
                }
            }
            continue;
        }
        if nth == Some(1) {
            annotation.attributes.remove("fragment");
        }
        heads.insert(annotation.id.clone(), kept.len());
        kept.push(annotation);
    }
    for annotation in &mut kept {
        annotation
            .links
            .retain(|(role, target)| role != CONTINUES || !joined_ids.contains(target));
        annotation
            .fragments
            .sort_by_key(|f| f.offsets.as_ref().map_or(usize::MAX, |o| o.start));
    }
    *annotations = kept;
}

/// The covered text of a single fragment is that fragment's.
fn as_fragments(annotation: &mut FoundAnnotation) {
    let covered = annotation.covered_text.take();
    if let [only] = annotation.fragments.as_mut_slice()
        && only.text.is_none()
    {
        only.text = covered;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::reading::FoundFragment;

    fn found(id: &str, at: usize, attributes: &[(&str, &str)]) -> FoundAnnotation {
        let attributes = attributes.iter().map(|(name, value)| {
            let value = AttributeValue::Text((*value).to_owned());
            ((*name).to_owned(), value)
        });
        FoundAnnotation {
            id: id.to_owned(),
            label: "quote".to_owned(),
            fragments: vec![FoundFragment::at(at..at + 1)],
            attributes: attributes.collect(),
            ..FoundAnnotation::default()
        }
    }

    #[track_caller]
    fn check(annotations: Vec<FoundAnnotation>, expected: &[&str]) {
        let mut article = FoundArticle {
            annotations,
            ..FoundArticle::default()
        };
        restore(&mut article, &["note", "id"]);
        let told = article.annotations.iter().map(|a| {
            let starts = a.fragments.iter();
            let starts = starts.map(|f| f.offsets.clone().unwrap().start);
            let starts: Vec<usize> = starts.collect();
            let names: Vec<&String> = a.attributes.keys().collect();
            format!(
                "{} {} {starts:?} {names:?} {:?}",
                a.id, a.annotator, a.links
            )
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn lists_and_names_come_back() {
        for texts in [vec![], vec!["a"], vec!["a; b", "=c", "%3B\n", " "]] {
            let cells: Vec<String> = texts.iter().map(|text| listed(text)).collect();
            assert_eq!(list_of(&cells.join("; ")), texts);
        }
        for name in ["note", "attribute_note", "attribute_x", "x", "attribute_"] {
            let taken = ["note", "x y"];
            assert_eq!(unescaped(&escaped(name, &taken), &taken), name);
        }
        assert_eq!(status_named("in progress"), Some(Status::InProgress));
        assert_eq!(status_named("away"), None);
    }

    #[test]
    fn carried_names_come_back_and_foreign_ones_stay() {
        let mut linked = found("T1", 0, &[("annotation_id", "a"), ("annotator", "ana")]);
        linked.links.push(("cue".to_owned(), "T2".to_owned()));
        check(
            vec![
                linked,
                found("T2", 4, &[("annotation_id", "b"), ("tone", "cold")]),
            ],
            &["a ana [0] [] [(\"cue\", \"b\")]", "b  [4] [\"tone\"] []"],
        );
        check(
            vec![
                found(
                    "1",
                    0,
                    &[
                        ("annotationId", "a"),
                        ("fragment", "1/2"),
                        ("links", "a%3Dc=b"),
                    ],
                ),
                found("2", 4, &[("annotationId", "a"), ("fragment", "2/2")]),
                found("3", 8, &[("annotationId", "b"), ("attribute_id", "7")]),
            ],
            &["a  [0, 4] [] [(\"a=c\", \"b\")]", "b  [8] [\"id\"] []"],
        );
        check(
            vec![found("a", 0, &[]), found("a.2", 3, &[("continues", "a")])],
            &["a  [0, 3] [] []"],
        );
        // A link to what is not there, a fragment of nothing, a time that is none.
        check(
            vec![found(
                "a",
                0,
                &[
                    ("links", "see page 3"),
                    ("fragment", "2"),
                    ("created", "long ago"),
                    ("attribute_x", ""),
                ],
            )],
            &["a  [0] [\"attribute_x\", \"created\", \"fragment\", \"links\"] []"],
        );
        // Values that do not tell annotations apart are no ids.
        check(
            vec![
                found("a", 0, &[("annotation_id", "x")]),
                found("b", 1, &[("annotation_id", "x")]),
            ],
            &[
                "a  [0] [\"annotation_id\"] []",
                "b  [1] [\"annotation_id\"] []",
            ],
        );
    }
}
