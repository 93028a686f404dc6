//! What exactly is marked: from the stretch that the hand meant to the one that a label's policy asks
//! for. Published guidelines contradict each other on every edge, so each rule is the label's.
//!
//! Pure, and knows texts and policies only. A range that comes out is never empty where the one that
//! went in held a visible character, and lies on grapheme boundaries.

use crate::core::codebook::{BoundaryPolicy, EdgeRule, Edges, Label};
use crate::core::text::segment::{
    clause_around, closes, grapheme_ceil, grapheme_floor, paragraph_at, prev_grapheme, sentence_at,
    snap_to_words, trim,
};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::core::titles;

/// The stretch that is marked with a label when the hand meant `range`.
pub fn bounded(text: &ArticleText, range: ByteRange, label: &Label) -> ByteRange {
    edged(text, in_units(text, range, &label.boundary), &label.edges)
}

/// The range as whole units: those at its ends are taken in.
pub fn in_units(text: &ArticleText, range: ByteRange, unit: &BoundaryPolicy) -> ByteRange {
    let inner = trim(text, range);
    if inner.is_empty() {
        return range;
    }
    let last = prev_grapheme(text, inner.end);
    match unit {
        BoundaryPolicy::Character | BoundaryPolicy::Later(_) => ByteRange::new(
            grapheme_floor(text, range.start),
            grapheme_ceil(text, range.end),
        ),
        BoundaryPolicy::Word => snap_to_words(text, inner),
        BoundaryPolicy::Clause => clause_around(text, inner),
        BoundaryPolicy::Sentence => from_to(text, (inner.start, last), sentence_at),
        BoundaryPolicy::Paragraph => from_to(text, (inner.start, last), paragraph_at),
    }
}

/// From the unit that one place lies in to that of another, which is the same one mostly.
fn from_to(
    text: &ArticleText,
    (first, last): (BytePos, BytePos),
    unit_at: fn(&ArticleText, BytePos) -> ByteRange,
) -> ByteRange {
    let unit = unit_at(text, first);
    if unit.contains(first) && unit.contains(last) {
        return unit;
    }
    unit.union(unit_at(text, last))
}

/// The range with what belongs at its edges, and without what does not.
pub fn edged(text: &ArticleText, range: ByteRange, edges: &Edges) -> ByteRange {
    let mut range = range;
    if trim(text, range).is_empty() {
        return range;
    }
    if edges.white_space != EdgeRule::In {
        range = trimmed(text, range);
    }
    // What one rule takes off may bare what is another one's.
    for _ in 0..4 {
        let before = range;
        for (rule, find) in [
            (&edges.quotation_marks, quotation_marks as Find),
            (&edges.closing_punctuation, closing_punctuation),
            (&edges.leading_that, leading_that),
            (&edges.speaker_title, speaker_title),
        ] {
            let found = match rule {
                EdgeRule::In => find(text, range, true),
                EdgeRule::Out => find(text, range, false).map(|found| trimmed(text, found)),
                EdgeRule::AsMarked | EdgeRule::Later(_) => None,
            };
            let found = found.map(|found| whole(text, found));
            range = found.filter(|found| !found.is_empty()).unwrap_or(range);
        }
        if range == before {
            break;
        }
    }
    range
}

/// The range without white space around it; a space with a mark over it is none.
pub fn trimmed(text: &ArticleText, range: ByteRange) -> ByteRange {
    whole(text, trim(text, range))
}

/// The range with the characters whole that it begins and ends in.
fn whole(text: &ArticleText, range: ByteRange) -> ByteRange {
    if range.is_empty() {
        return range;
    }
    let start = grapheme_floor(text, range.start);
    ByteRange::new(start, grapheme_ceil(text, range.end))
}

/// Another range, when something is at the edge: with it (`true`) or without.
type Find = fn(&ArticleText, ByteRange, bool) -> Option<ByteRange>;

fn line_around(text: &ArticleText, range: ByteRange) -> (&str, &str) {
    let first = text.line_range(text.line_of(range.start));
    let last = text.line_range(text.line_of(range.end));
    let before = ByteRange::new(first.start, range.start);
    let after = ByteRange::new(range.end, last.end.max(range.end));
    (text.slice(before), text.slice(after))
}

fn inset(range: ByteRange, start: usize, end: usize) -> ByteRange {
    ByteRange::new(
        BytePos(range.start.0 + start as u32),
        BytePos(range.end.0.saturating_sub(end as u32)),
    )
}

fn outset(range: ByteRange, start: usize, end: usize) -> ByteRange {
    ByteRange::new(
        BytePos(range.start.0.saturating_sub(start as u32)),
        BytePos(range.end.0 + end as u32),
    )
}

fn is_quotation_mark(c: char) -> bool {
    matches!(
        c,
        '“' | '”'
            | '„'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '‘'
            | '’'
            | '‚'
            | '「'
            | '」'
            | '『'
            | '』'
            | '"'
            | '〝'
            | '〞'
    )
}

fn is_closing_punctuation(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '…'
            | '。'
            | '，'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '،'
            | '؛'
            | '؟'
            | '।'
            | '۔'
    )
}

/// Marks around all of it; one that opens and closes again inside belongs to the words.
fn quotation_marks(text: &ArticleText, range: ByteRange, is_in: bool) -> Option<ByteRange> {
    let inner = text.slice(range);
    let first = inner.chars().next()?;
    let last = inner.chars().next_back()?;
    if is_in {
        let (before, after) = line_around(text, range);
        let opening = before.chars().next_back().filter(|c| is_quotation_mark(*c));
        let closing = after.chars().next().filter(|c| is_quotation_mark(*c));
        return match (opening, closing) {
            (Some(open), Some(close)) if closes(open, close) => {
                Some(outset(range, open.len_utf8(), close.len_utf8()))
            }
            (Some(open), _) if closes(open, last) => Some(outset(range, open.len_utf8(), 0)),
            (_, Some(close)) if closes(first, close) => Some(outset(range, 0, close.len_utf8())),
            // The comma or full stop before the closing mark stands within.
            (Some(open), None) => {
                let stop = after
                    .chars()
                    .next()
                    .filter(|c| is_closing_punctuation(*c))?;
                let close = after.get(stop.len_utf8()..)?.chars().next()?;
                let end = stop.len_utf8() + close.len_utf8();
                closes(open, close).then(|| outset(range, open.len_utf8(), end))
            }
            _ => None,
        };
    }
    let opens = is_quotation_mark(first);
    let shuts = is_quotation_mark(last) && inner.len() > last.len_utf8();
    let body_end = inner.len() - if shuts { last.len_utf8() } else { 0 };
    let body = inner.get(first.len_utf8().min(body_end)..body_end)?;
    if opens && shuts && closes(first, last) && !body.chars().any(|c| closes(first, c) && c != '’')
    {
        return Some(inset(range, first.len_utf8(), last.len_utf8()));
    }
    let is_alone = |mark: char| mark != '’' && mark != '‘';
    if opens && is_alone(first) && !inner.chars().skip(1).any(|c| closes(first, c)) {
        return Some(inset(range, first.len_utf8(), 0));
    }
    let before_last = inner.get(..body_end)?;
    if shuts && is_alone(last) && !before_last.chars().any(|c| closes(c, last)) {
        return Some(inset(range, 0, last.len_utf8()));
    }
    None
}

/// The mark that ends it. What stands before a closing quotation mark is the quotation's own.
fn closing_punctuation(text: &ArticleText, range: ByteRange, is_in: bool) -> Option<ByteRange> {
    if is_in {
        let (_, after) = line_around(text, range);
        let rest = after.trim_start_matches(is_closing_punctuation);
        let taken = after.len() - rest.len();
        return (taken > 0).then(|| outset(range, 0, taken));
    }
    let inner = text.slice(range);
    let kept = inner.trim_end_matches(is_closing_punctuation);
    if kept.len() == inner.len() || is_abbreviation(inner) {
        return None;
    }
    Some(inset(range, 0, inner.len() - kept.len()))
}

/// Whether the full stop at the end is part of a word: “U.S.”, “J.”
fn is_abbreviation(text: &str) -> bool {
    let word = text.split_whitespace().next_back().unwrap_or_default();
    let Some(letters) = word.strip_suffix('.') else {
        return false;
    };
    let mut parts = letters.split('.');
    parts.all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic))
}

/// Words that open a reported clause.
const THAT: &[&str] = &[
    "that", "dass", "daß", "que", "qu’", "qu'", "che", "dat", "att", "że", "že", "hogy", "что",
    "що", "да", "că", "ότι", "πως", "أن", "إن", "که", "כי",
];

fn leading_that(text: &ArticleText, range: ByteRange, is_in: bool) -> Option<ByteRange> {
    if is_in {
        let (before, _) = line_around(text, range);
        let trimmed = before.trim_end();
        let start = trimmed
            .rfind(|c: char| c.is_whitespace() || matches!(c, ',' | '('))
            .map_or(0, |at| {
                at + trimmed
                    .get(at..)
                    .and_then(|s| s.chars().next())
                    .map_or(1, char::len_utf8)
            });
        let word = trimmed.get(start..)?;
        let is_that = THAT.contains(&word.to_lowercase().as_str());
        let has_gap = trimmed.len() < before.len() || word.ends_with(['’', '\'']);
        return (is_that && has_gap).then(|| outset(range, before.len() - start, 0));
    }
    let inner = text.slice(range);
    for that in THAT {
        let Some(start) = inner.get(..that.len()) else {
            continue;
        };
        let rest = inner.get(that.len()..).unwrap_or_default();
        let is_whole = that.ends_with(['’', '\'']) || rest.starts_with(char::is_whitespace);
        if start.to_lowercase() == *that && is_whole && !rest.trim().is_empty() {
            return Some(inset(range, inner.len() - rest.trim_start().len(), 0));
        }
    }
    None
}

/// Titles beside those that all know, in lower case without full stops.
const MORE_TITLES: &[&str] = &[
    "baroness",
    "vice-president",
    "premier",
    "ministers",
    "councillor",
    "speaker",
    "commissioner",
    "adm",
    "ayatollah",
    "bundeskanzler",
    "bundeskanzlerin",
    "ministerin",
    "präsident",
    "präsidentin",
    "président",
    "présidente",
    "ministre",
    "presidente",
    "ministro",
    "ministra",
];
/// Words that stand before titles and within them.
const BESIDE_TITLES: &[&str] = &[
    "the",
    "former",
    "ex",
    "acting",
    "deputy",
    "vice",
    "prime",
    "foreign",
    "interior",
    "defence",
    "defense",
    "finance",
    "health",
    "justice",
    "state",
    "first",
    "senior",
    "junior",
    "then",
    "outgoing",
    "incoming",
    "of",
    "for",
    "affairs",
    "executive",
    "officer",
    "press",
    "party",
    "leader",
    "der",
    "die",
    "le",
    "la",
    "el",
];

fn bare(word: &str) -> String {
    let word = word.trim();
    let word = word.trim_matches(|c: char| matches!(c, '.' | ',' | '(' | ')'));
    word.to_lowercase()
}

fn is_title(word: &str) -> bool {
    let word = bare(word);
    let last = word.rsplit('-').next().unwrap_or_default();
    let is_one = |word: &str| titles::is_title(word) || MORE_TITLES.contains(&word);
    is_one(&word) || word.starts_with("ex-") && is_one(last)
}

fn speaker_title(text: &ArticleText, range: ByteRange, is_in: bool) -> Option<ByteRange> {
    let is_beside = |word: &str| BESIDE_TITLES.contains(&bare(word).as_str());
    if is_in {
        let (before, _) = line_around(text, range);
        let mut start = before.len();
        let mut taken = None;
        for word in before.split_inclusive(char::is_whitespace).rev().take(6) {
            let bare = word.trim();
            let ends_here = bare.ends_with([',', ';', ':', '!', '?', '”', '"']);
            if ends_here || !(is_title(bare) || is_beside(bare) && taken.is_some()) {
                break;
            }
            start -= word.len();
            if is_title(bare) || bare.chars().next().is_some_and(char::is_uppercase) {
                taken = Some(start);
            }
        }
        return taken.map(|start| outset(range, before.len() - start, 0));
    }
    let inner = text.slice(range);
    let mut at = 0;
    let mut end_of_title = None;
    for word in inner.split_inclusive(char::is_whitespace).take(10) {
        let is_name =
            bare(word) != word.trim() && word.trim().chars().next().is_some_and(char::is_uppercase);
        let is_part = is_title(word) || is_beside(word);
        if !is_part && is_name && end_of_title.is_some() {
            break;
        }
        at += word.len();
        if is_title(word) {
            end_of_title = Some(at);
        }
    }
    let end = end_of_title?;
    // “the foreign minister” names nobody without it.
    let rest = inner.get(end..)?;
    let begins_name = rest
        .trim_start()
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || !c.is_alphabetic());
    let is_name = begins_name && rest.chars().any(char::is_alphabetic);
    is_name.then(|| inset(range, end, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text with the range in brackets, and the words that come out.
    #[track_caller]
    fn check(marked: &str, label: &Label, expected: &str) {
        let start = marked.find('[').unwrap();
        let end = marked.find(']').unwrap() - 1;
        let text = ArticleText::new(marked.replace(['[', ']'], ""));
        let range = ByteRange::new(BytePos(start as u32), BytePos(end as u32));
        let found = bounded(&text, range, label);
        assert_eq!(text.slice(found), expected, "{marked}");
        assert_eq!(bounded(&text, found, label), found, "again: {marked}");
    }

    fn of_edges(boundary: BoundaryPolicy, set: impl Fn(&mut Edges)) -> Label {
        let mut label = Label::new("x", "X", 0);
        label.boundary = boundary;
        set(&mut label.edges);
        label
    }

    #[test]
    fn units_are_taken_whole() {
        let check = |unit: BoundaryPolicy, marked: &str, expected: &str| {
            check(marked, &of_edges(unit, |_| ()), expected);
        };
        check(BoundaryPolicy::Character, "No fer[ry wi]ll sail.", "ry wi");
        check(BoundaryPolicy::Word, "No fer[ry wi]ll sail.", "ferry will");
        check(
            BoundaryPolicy::Clause,
            "He came, no fer[ry wi]ll sail, he said.",
            "no ferry will sail",
        );
        check(
            BoundaryPolicy::Clause,
            "He came, no fer[ry wi]ll sail, he said.",
            "no ferry will sail",
        );
        check(
            BoundaryPolicy::Sentence,
            "Wait. No fer[ry] sails. So he said.",
            "No ferry sails.",
        );
        check(
            BoundaryPolicy::Sentence,
            "Wait. No fer[ry sails. S]o he said.",
            "No ferry sails. So he said.",
        );
        check(
            BoundaryPolicy::Paragraph,
            "Wait.\nNo fer[ry] sails. So.\nEnd.",
            "No ferry sails. So.",
        );
    }

    #[test]
    fn quotation_marks_are_in_or_out() {
        let out = of_edges(BoundaryPolicy::Character, |edges| {
            edges.quotation_marks = EdgeRule::Out;
        });
        let within = of_edges(BoundaryPolicy::Character, |edges| {
            edges.quotation_marks = EdgeRule::In;
        });
        for (marked, expected) in [
            ("He said [“we stay”].", "we stay"),
            ("He said [„wir bleiben“].", "wir bleiben"),
            ("Er sagt [»wir bleiben«].", "wir bleiben"),
            ("He said [«we stay»].", "we stay"),
            ("He said [“we stay,] he said.", "we stay,"),
            ("He said [we stay”] again.", "we stay"),
            ("The [“best” of all]", "“best” of all"),
            ("[“yes” and “no”]", "“yes” and “no”"),
            ("the [dogs’] home", "dogs’"),
            ("他说[「我们留下」]。", "我们留下"),
            ("[\"we stay\"] he said", "we stay"),
        ] {
            check(marked, &out, expected);
        }
        for (marked, expected) in [
            ("He said “[we stay]”.", "“we stay”"),
            ("“[We stay],” he said.", "“We stay,”"),
            ("“[We stay,]” he said.", "“We stay,”"),
            ("He said [“we stay]”.", "“we stay”"),
            ("the [dogs] home", "dogs"),
            ("Er sagt „[wir bleiben]“.", "„wir bleiben“"),
        ] {
            check(marked, &within, expected);
        }
    }

    #[test]
    fn closing_punctuation_is_in_or_out() {
        let out = of_edges(BoundaryPolicy::Character, |edges| {
            edges.closing_punctuation = EdgeRule::Out;
        });
        let within = of_edges(BoundaryPolicy::Character, |edges| {
            edges.closing_punctuation = EdgeRule::In;
        });
        for (marked, expected) in [
            ("[We stay.]", "We stay"),
            ("[We stay?!] Yes.", "We stay"),
            ("[我们留下。]", "我们留下"),
            ("in [the U.S.]", "the U.S."),
            ("[“We stay.”] he", "“We stay.”"),
            ("[...]", "..."),
        ] {
            check(marked, &out, expected);
        }
        check("[We stay]. And", &within, "We stay.");
        check("[We stay] and", &within, "We stay");
    }

    #[test]
    fn a_leading_that_is_in_or_out() {
        let out = of_edges(BoundaryPolicy::Character, |edges| {
            edges.leading_that = EdgeRule::Out;
        });
        let within = of_edges(BoundaryPolicy::Character, |edges| {
            edges.leading_that = EdgeRule::In;
        });
        check("He said [that we stay].", &out, "we stay");
        check("He said [That we stay].", &out, "we stay");
        check(
            "He said [thatched roofs burn].",
            &out,
            "thatched roofs burn",
        );
        check("Er sagt, [dass wir bleiben].", &out, "wir bleiben");
        check("Il dit [qu’il reste].", &out, "il reste");
        check("He said [that]", &out, "that");
        check("He said that [we stay].", &within, "that we stay");
        check("Er sagt,dass [wir bleiben].", &within, "dass wir bleiben");
        check("He said so [we stay].", &within, "we stay");
    }

    #[test]
    fn titles_are_in_or_out() {
        let out = of_edges(BoundaryPolicy::Character, |edges| {
            edges.speaker_title = EdgeRule::Out;
        });
        let within = of_edges(BoundaryPolicy::Character, |edges| {
            edges.speaker_title = EdgeRule::In;
        });
        for (marked, expected) in [
            ("[Foreign Minister Sergei Lavrov] said", "Sergei Lavrov"),
            ("[Mr. Vucic] said", "Vucic"),
            (
                "[the Russian foreign minister, Sergei Lavrov] said",
                "Sergei Lavrov",
            ),
            ("[Prime Minister Ana Lund] said", "Ana Lund"),
            ("[ex-President Ana Lund] said", "Ana Lund"),
            ("[Ana Lund] said", "Ana Lund"),
            ("[the foreign minister] said", "the foreign minister"),
            ("[President] said", "President"),
        ] {
            check(marked, &out, expected);
        }
        for (marked, expected) in [
            (
                "and Foreign Minister [Sergei Lavrov] said",
                "Foreign Minister Sergei Lavrov",
            ),
            ("said Mr. [Vucic] today", "Mr. Vucic"),
            ("said [Vucic] today", "Vucic"),
            ("Yes, President [Vucic] said", "President Vucic"),
        ] {
            check(marked, &within, expected);
        }
    }

    #[test]
    fn rules_work_together() {
        let label = of_edges(BoundaryPolicy::Word, |edges| {
            edges.quotation_marks = EdgeRule::Out;
            edges.closing_punctuation = EdgeRule::Out;
            edges.leading_that = EdgeRule::Out;
        });
        check("He said [that “we st]ay.”", &label, "we stay");
        check("[“We stay,”] he said.", &label, "We stay");
        check("[“That we stay.”]", &label, "we stay");
        let all_in = of_edges(BoundaryPolicy::Word, |edges| {
            edges.quotation_marks = EdgeRule::In;
            edges.closing_punctuation = EdgeRule::In;
        });
        check("He said “[we stay]”. So", &all_in, "“we stay”.");
    }

    proptest::proptest! {
        #[test]
        fn what_is_visible_stays_in(
            source in "[ab“”’\".,!that \u{301}\u{FE0F}]{0,24}",
            ends in (0usize..25, 0usize..25),
            rules in proptest::collection::vec(0usize..3, 5),
        ) {
            let text = ArticleText::new(source);
            let at = |n: usize| grapheme_floor(&text, BytePos(n.min(text.len_bytes()) as u32));
            let (a, b) = (at(ends.0), at(ends.1));
            let range = ByteRange::new(a.min(b), a.max(b));
            let rule = |n: usize| EdgeRule::ALL[rules[n]].clone();
            let edges = Edges {
                quotation_marks: rule(0),
                closing_punctuation: rule(1),
                leading_that: rule(2),
                speaker_title: rule(3),
                white_space: rule(4),
                ..Edges::default()
            };
            let found = edged(&text, range, &edges);
            proptest::prop_assert_eq!(trim(&text, found).is_empty(), trim(&text, range).is_empty());
            proptest::prop_assert!(found.end.0 as usize <= text.len_bytes());
            for at in [found.start, found.end] {
                proptest::prop_assert_eq!(grapheme_floor(&text, at), at);
            }
        }
    }
}
