//! Fragments that a format took apart, brought back to their annotations.
//!
//! Readers call it for what is Pressmark's by its names or its mark, so that nothing of a foreign
//! dataset is taken for it.

use crate::core::annotation::AttributeValue;
use crate::format::reading::FoundAnnotation;
use crate::format::words::values::CONTINUES;
use std::collections::{HashMap, HashSet};

fn text_of<'a>(annotation: &'a FoundAnnotation, name: &str) -> Option<&'a str> {
    match annotation.attributes.get(name)? {
        AttributeValue::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    }
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
    fn check(mut annotations: Vec<FoundAnnotation>, expected: &[&str]) {
        join(&mut annotations);
        let told = annotations.iter().map(|a| {
            let starts = a.fragments.iter();
            let starts = starts.map(|f| f.offsets.clone().unwrap().start);
            let starts: Vec<usize> = starts.collect();
            format!("{} {starts:?} {:?}", a.id, a.links)
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn fragments_are_joined_and_others_left_alone() {
        let mut second = found("2", 4, &[("fragment", "2/2")]);
        second.id = "a".to_owned();
        check(
            vec![
                found("a", 0, &[("fragment", "1/2")]),
                second,
                found("b", 8, &[]),
            ],
            &["a [0, 4] []", "b [8] []"],
        );
        check(
            vec![found("a", 0, &[]), found("a.2", 3, &[("continues", "a")])],
            &["a [0, 3] []"],
        );
        // A fragment of nothing, and one of another label.
        check(vec![found("a", 0, &[("fragment", "2")])], &["a [0] []"]);
        let mut other = found("b", 3, &[("continues", "a")]);
        other.label = "claim".to_owned();
        check(vec![found("a", 0, &[]), other], &["a [0] []", "b [3] []"]);
    }
}
