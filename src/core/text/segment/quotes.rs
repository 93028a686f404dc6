//! Quoted stretches: marks that belong together in the languages of news, dashes of dialogue, and
//! quotations that go on. Knows the text, and no label.

use super::{grapheme_ceil, grapheme_floor, next_paragraph, trim};
use crate::core::text::{ArticleText, BytePos, ByteRange};

/// How far a quotation mark may be from its partner, in bytes.
const QUOTE_WINDOW: usize = 4_000;

/// Opening and closing marks that belong together. Straight quotes close themselves.
pub(in crate::core) fn closes(open: char, close: char) -> bool {
    matches!(
        (open, close),
        ('“', '”')
            | ('„', '“' | '”')
            | ('«', '»')
            | ('»', '«')
            | ('‘', '’')
            | ('‚', '‘' | '’')
            | ('‹', '›')
            | ('›', '‹')
            | ('״', '״')
            | ('「', '」')
            | ('『', '』')
            | ('"', '"')
            | ('”', '”')
    )
}

/// The smallest quoted stretch, marks included, that covers `range` and is larger than it.
pub fn quoted_around(text: &ArticleText, range: ByteRange) -> Option<ByteRange> {
    let near = ByteRange::new(
        grapheme_floor(
            text,
            BytePos(range.start.0.saturating_sub(QUOTE_WINDOW as u32)),
        ),
        grapheme_ceil(
            text,
            BytePos((range.end.0 as usize + QUOTE_WINDOW).min(text.len_bytes()) as u32),
        ),
    );
    let first = text.line_range(text.line_of(range.start)).start;
    let last = text.line_range(text.line_of(range.end)).end;
    let scope = near.clamp_to(ByteRange::new(first, last));
    let mut open: Vec<(char, u32)> = Vec::new();
    let mut best: Option<ByteRange> = None;
    let mut before = ' ';
    let slice = text.slice(scope);
    for (i, c) in slice.char_indices() {
        let at = scope.start.0 + i as u32;
        let next = slice.get(i + c.len_utf8()..).and_then(|s| s.chars().next());
        let in_word = next.is_some_and(char::is_alphanumeric);
        let apostrophe = match c {
            // It closes nothing before a letter.
            '’' => in_word,
            // Abbreviations in Hebrew have the second before their last letter.
            '‘' | '״' => in_word && before.is_alphanumeric(),
            _ => false,
        };
        let partner = open.iter().rposition(|&(o, _)| closes(o, c));
        if apostrophe {
            // inside a word
        } else if let Some(partner) = partner {
            let start = open.get(partner).map_or(at, |&(_, start)| start);
            open.truncate(partner);
            let found = ByteRange::new(BytePos(start), BytePos(at + c.len_utf8() as u32));
            if found.covers(range)
                && found.len() > range.len()
                && best.is_none_or(|best| found.len() < best.len())
            {
                best = Some(found);
            }
        } else if matches!(
            c,
            '“' | '„' | '«' | '»' | '‘' | '‚' | '‹' | '›' | '「' | '『' | '"' | '”' | '״'
        ) {
            open.push((c, at));
        }
        before = c;
    }
    best.or_else(|| spoken(text, range))
        .or_else(|| goes_on(text, range, open.first().copied()))
}

/// What is said in a line that begins with a dash, as in Spanish, French, Russian and Polish: a
/// second dash opens the clause that says who speaks, and a third one closes it.
fn spoken(text: &ArticleText, range: ByteRange) -> Option<ByteRange> {
    let line = trim(text, text.line_range(text.line_of(range.start)));
    let slice = text.slice(line);
    let dash = slice
        .chars()
        .next()
        .filter(|c| matches!(c, '―' | '—' | '–'))?;
    let mut parts = slice.split(dash).skip(1);
    let mut start = line.start.0 + dash.len_utf8() as u32;
    let mut is_said = true;
    parts.find_map(|part| {
        let whole = ByteRange::new(BytePos(start), BytePos(start + part.len() as u32));
        let found = trim(text, whole);
        let is_it = is_said && found.covers(range) && found.len() > range.len();
        start = whole.end.0 + dash.len_utf8() as u32;
        is_said = !is_said;
        is_it.then_some(found)
    })
}

/// A quotation that goes on in the next paragraph, which begins with its mark again: the part of it
/// in this one.
fn goes_on(text: &ArticleText, range: ByteRange, open: Option<(char, u32)>) -> Option<ByteRange> {
    let (mark, start) = open?;
    let line = trim(text, text.line_range(text.line_of(range.start)));
    let next = next_paragraph(text, line.end);
    let rest = text.slice(ByteRange::new(next, text.end()));
    let found = ByteRange::new(BytePos(start), line.end.max(BytePos(start)));
    let is_it = matches!(mark, '“' | '„' | '«' | '"')
        && rest.starts_with(mark)
        && next > line.end
        && found.covers(range)
        && found.len() > range.len();
    is_it.then_some(found)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;

    /// What is quoted by the conventions of languages.
    #[test]
    fn quoted_stretches() {
        let quoted = |text: &ArticleText, range| quoted_around(text, range).unwrap_or(range);
        for (input, expected) in [
            ("he “said| it” so", "he ⟦“said it”⟧ so"),
            ("a \"b\" c \"d|\" e", "a \"b\" c ⟦\"d\"⟧ e"),
            (
                "so ‘it’s| the dog’s ’til roll’ he",
                "so ⟦‘it’s the dog’s ’til roll’⟧ he",
            ),
            ("er „sagt| es“ so", "er ⟦„sagt es“⟧ so"),
            ("on „mówi| to” tak", "on ⟦„mówi to”⟧ tak"),
            ("il « dit| cela » ici", "il ⟦« dit cela »⟧ ici"),
            ("قال «لن| ترفع» اليوم", "قال ⟦«لن ترفع»⟧ اليوم"),
            ("er »sagt| es« so »b«", "er ⟦»sagt es«⟧ so »b«"),
            ("er ›sagt| es‹ so", "er ⟦›sagt es‹⟧ so"),
            ("« a ‹b| c› d »", "« a ⟦‹b c›⟧ d »"),
            ("hän ”sanoo| sen” niin", "hän ⟦”sanoo sen”⟧ niin"),
            ("אמר: ״לא| צה״ל״ כך", "אמר: ⟦״לא צה״ל״⟧ כך"),
            (
                "大臣は「増税『し|ない』と」述べた",
                "大臣は「増税⟦『しない』⟧と」述べた",
            ),
            (
                "― No lo| sé ―dijo él―. Nunca.",
                "― ⟦No lo sé⟧ ―dijo él―. Nunca.",
            ),
            (
                "— Да, ко|нечно! — сказал он.",
                "— ⟦Да, конечно!⟧ — сказал он.",
            ),
            ("“One| two.\n\n“Three.” x", "⟦“One two.⟧\n\n“Three.” x"),
            ("《人民|日报》", "《人民⟦⟧日报》"),
            ("a “b| c", "a “b⟦⟧ c"),
        ] {
            check(quoted, input, expected);
        }
    }
}
