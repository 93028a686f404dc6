//! Tags of tokens to the spans that they mean: IOB1, IOB2, BIOES, BILOU, BMES, and brackets.

/// What a tag says of its token's place in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Outside,
    Begin,
    Inside,
    End,
    Single,
}

/// A tag's place and label; the label is empty in schemes without labels.
fn parsed(tag: &str) -> Option<(Place, &str)> {
    if matches!(tag, "O" | "_" | "-" | "") {
        return Some((Place::Outside, ""));
    }
    let mut chars = tag.chars();
    let place = match chars.next()? {
        'B' => Place::Begin,
        'I' | 'M' => Place::Inside,
        'E' | 'L' => Place::End,
        'S' | 'U' | 'W' => Place::Single,
        _ => return None,
    };
    match chars.next() {
        None => Some((place, "")),
        Some('-' | '_') if !chars.as_str().is_empty() => Some((place, chars.as_str())),
        Some(_) => None,
    }
}

/// Whether a value can be a tag, and whether it marks anything.
pub(super) fn is_tag(value: &str) -> (bool, bool) {
    match parsed(value) {
        Some((place, _)) => (true, place != Place::Outside),
        None => (false, false),
    }
}

/// Whether a tag has no label: a word of one letter may look like it.
pub(super) fn is_bare(value: &str) -> bool {
    parsed(value).is_some_and(|(place, label)| place != Place::Outside && label.is_empty())
}

pub(super) fn label_of(tag: &str) -> &str {
    parsed(tag).map_or("", |(_, label)| label)
}

/// A tag, and whether its token begins a sentence.
pub(super) type Tagged<'a> = (bool, &'a str);

/// Whether spans begin with `I-` (IOB1): there is one that follows nothing of its label, or `B-`
/// and its like are never used.
pub(super) fn begins_inside<'a>(tags: impl Iterator<Item = Tagged<'a>>) -> bool {
    let mut previous: (Place, &str) = (Place::Outside, "");
    let (mut orphans, mut begins) = (0, 0);
    for (starts_sentence, tag) in tags {
        let Some((place, label)) = parsed(tag) else {
            continue;
        };
        match place {
            Place::Begin | Place::Single => begins += 1,
            // The first of a sentence may go on from the sentence before.
            Place::Inside if previous.0 == Place::Outside || previous.1 != label => {
                orphans += usize::from(!starts_sentence || previous.0 == Place::Outside);
            }
            _ => {}
        }
        previous = (place, label);
    }
    orphans > 0 || begins == 0
}

/// The spans: first and last token, both inclusive, and label.
pub(super) fn spans<'a>(
    tags: impl Iterator<Item = Tagged<'a>>,
    begins_inside: bool,
) -> Vec<(usize, usize, &'a str)> {
    let mut spans: Vec<(usize, usize, &str)> = Vec::new();
    let mut is_open = false;
    for (at, (starts_sentence, tag)) in tags.enumerate() {
        let (place, label) = parsed(tag).unwrap_or((Place::Outside, ""));
        let goes_on = matches!(place, Place::Inside | Place::End)
            && is_open
            && !(starts_sentence && begins_inside);
        match spans.last_mut().filter(|last| goes_on && last.2 == label) {
            Some(last) => last.1 = at,
            None if place == Place::Outside => {}
            None => spans.push((at, at, label)),
        }
        is_open = matches!(place, Place::Begin | Place::Inside);
    }
    spans
}

/// Whether a value is one of CoNLL-2012's: `(ORG*`, `*`, `*)`, `(GPE)`.
pub(super) fn is_bracketed(value: &str) -> bool {
    let (opening, rest) = match value.strip_prefix('(') {
        Some(rest) => (true, rest),
        None => (false, value),
    };
    let label = rest.trim_end_matches(')').trim_end_matches('*');
    !label.contains(['(', ')', '*'])
        && opening != label.is_empty()
        && (value.contains('*') || (opening && value.ends_with(')')))
}

/// The spans of a column of brackets, first and last token inclusive.
pub(super) fn bracketed_spans<'a>(
    values: impl Iterator<Item = &'a str>,
) -> Vec<(usize, usize, &'a str)> {
    let mut spans = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    for (at, value) in values.enumerate() {
        if let Some(rest) = value.strip_prefix('(') {
            open = Some((at, rest.trim_end_matches(')').trim_end_matches('*')));
        }
        if value.ends_with(')')
            && let Some((first, label)) = open.take()
        {
            spans.push((first, at, label));
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sentence a line.
    #[track_caller]
    fn check(sentences: &str, expected: &[(usize, usize, &str)]) {
        let tags = || {
            sentences.split('\n').flat_map(|sentence| {
                let tags = sentence.split_whitespace().enumerate();
                tags.map(|(at, tag)| (at == 0, tag))
            })
        };
        assert_eq!(
            spans(tags(), begins_inside(tags())),
            expected,
            "{sentences}"
        );
    }

    #[test]
    fn every_scheme() {
        // IOB2: a span may go on in the next sentence.
        check(
            "O B-a I-a B-a O B-b\nI-b O",
            &[(1, 2, "a"), (3, 3, "a"), (5, 6, "b")],
        );
        // IOB1: it begins again there.
        check(
            "I-a I-a B-a O I-b\nI-b I-a",
            &[
                (0, 1, "a"),
                (2, 2, "a"),
                (4, 4, "b"),
                (5, 5, "b"),
                (6, 6, "a"),
            ],
        );
        check(
            "B-a L-a U-a B-a I-a L-a O",
            &[(0, 1, "a"), (2, 2, "a"), (3, 5, "a")],
        );
        check(
            "B-a E-a S-a B-a I-a\nE-a O",
            &[(0, 1, "a"), (2, 2, "a"), (3, 5, "a")],
        );
        check("B-a M-a E-a O S-b-c", &[(0, 2, "a"), (4, 4, "b-c")]);
        check("B I O B", &[(0, 1, ""), (3, 3, "")]);
        // A broken one: what goes on without a beginning is a span of its own.
        check(
            "B-a I-b E-a O L-a",
            &[(0, 0, "a"), (1, 1, "b"), (2, 2, "a"), (4, 4, "a")],
        );
    }

    #[test]
    fn brackets() {
        let values = ["(ORG*", "*", "*)", "(GPE)", "*", "(DATE*)", "*)"];
        assert!(values.iter().all(|value| is_bracketed(value)));
        assert!(!["(TOP(S*", "-", "(12", "NN"].into_iter().any(is_bracketed));
        assert_eq!(
            bracketed_spans(values.into_iter()),
            [(0, 2, "ORG"), (3, 3, "GPE"), (5, 5, "DATE")]
        );
    }
}
