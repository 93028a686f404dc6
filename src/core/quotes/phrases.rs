//! Phrases around a place, by small words and marks alone: the noun before a verb or behind it, the
//! subject of a sentence, what is said of a name between commas. Knows no quotation's rank.

mod left;
mod right;

use super::scene::Scene;
use super::tokens::Kind;
use super::words;
use std::ops::Range;

pub(super) use left::{left_phrase, left_phrase_from};
pub(super) use right::right_phrase;

/// The subject of the last clause before a place.
pub(super) fn clause_subject(scene: &Scene, start: usize, end: usize) -> Option<Range<usize>> {
    let joint = (start..end).rev().find(|at| {
        let word = scene.lower(*at);
        matches!(
            word,
            "that"
                | "and"
                | "but"
                | "because"
                | "while"
                | "whereas"
                | "although"
                | "though"
                | "so"
                | "as"
                | "if"
        )
    });
    let own = joint
        .and_then(|joint| sentence_subject(scene, joint + 1, end).filter(|found| found.end < end));
    own.or_else(|| sentence_subject(scene, start, end))
}

pub(super) fn sentence_start(scene: &Scene, at: usize) -> usize {
    let Some(own) = scene.at(at) else { return at };
    let mut start = at;
    while let Some(before) = start.checked_sub(1) {
        if scene.at(before).is_none_or(|t| t.sentence != own.sentence) {
            break;
        }
        start = before;
    }
    start
}

/// Where the clause of a cue begins: behind the quotation, or with its sentence.
pub(super) fn clause_start(scene: &Scene, at: usize) -> usize {
    let mut start = at;
    let Some(own) = scene.at(at) else { return at };
    while let Some(before) = start.checked_sub(1) {
        let Some(token) = scene.at(before) else { break };
        let is_outside = token.is_content || token.quoted != scene.home;
        if token.sentence != own.sentence
            || is_outside
            || matches!(token.kind, Kind::Colon | Kind::Break)
            || token.lower == ";"
        {
            break;
        }
        start = before;
    }
    // A comma that ends the quotation.
    while start < at
        && scene
            .at(start)
            .is_some_and(|t| matches!(t.kind, Kind::Comma | Kind::Dash | Kind::Close | Kind::Stop))
    {
        start += 1;
    }
    start
}

/// “X, 63, a spokesman for Y, told”: from the first phrase between commas that can be a speaker.
pub(super) fn apposed(scene: &Scene, start: usize, end: usize) -> Option<Range<usize>> {
    let pieces = pieces(scene, start, end);
    let first = pieces
        .iter()
        .position(|piece| can_speak(scene, piece.clone()))?;
    let own = pieces.get(first)?.clone();
    let found = phrase_at_start(scene, own.clone());
    // What is said of them belongs to them.
    let rest = pieces.get(first + 1..).unwrap_or(&[]);
    let is_whole = found.end == own.end;
    let describes = |piece: &Range<usize>| {
        !words::is_conjunction(scene.lower(piece.start))
            && !words::is_preposition(scene.lower(piece.start))
    };
    let to = if is_whole {
        rest.iter()
            .take_while(|p| describes(p))
            .last()
            .map_or(found.end, |p| p.end)
    } else {
        found.end
    };
    Some(found.start..to)
}

pub(super) fn pieces(scene: &Scene, start: usize, end: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = start;
    for at in start..end {
        if scene
            .at(at)
            .is_some_and(|t| matches!(t.kind, Kind::Comma | Kind::Dash | Kind::Colon))
        {
            if at > from {
                found.push(from..at);
            }
            from = at + 1;
        }
    }
    if end > from {
        found.push(from..end);
    }
    found
}

/// Whether a phrase may be a speaker: it begins with a name, a pronoun or a word before a noun.
pub(super) fn can_speak(scene: &Scene, piece: Range<usize>) -> bool {
    let mut at = piece.start;
    while at < piece.end
        && scene.at(at).is_some_and(|t| {
            matches!(
                t.lower.as_str(),
                "but" | "and" | "however" | "yet" | "meanwhile" | "so" | "also"
            )
        })
    {
        at += 1;
    }
    let Some(first) = scene.at(at).filter(|_| at < piece.end) else {
        return false;
    };
    let word = first.lower.as_str();
    let is_small = words::is_preposition(word)
        || words::is_conjunction(word)
        || words::is_time(word)
        || words::is_adverb(word);
    // “Speaking in Belgrade, …”, “Asked whether …, …”.
    let begins = first.is_capital && scene.at(at + 1).is_some_and(|t| !t.is_capital);
    let is_participle = word.ends_with("ing") && (begins || words::english(word).is_some())
        || word.ends_with("ed") && begins;
    first.is_word() && !is_small && !is_participle
}

/// The phrase that a piece begins with, up to its verb.
pub(super) fn phrase_at_start(scene: &Scene, piece: Range<usize>) -> Range<usize> {
    let mut start = piece.start;
    while start < piece.end
        && scene.at(start).is_some_and(|t| {
            matches!(
                t.lower.as_str(),
                "but" | "and" | "however" | "yet" | "meanwhile" | "so" | "also"
            ) || t.kind == Kind::Open
        })
    {
        start += 1;
    }
    let mut end = start;
    while end < piece.end {
        let Some(token) = scene.at(end) else { break };
        let word = token.lower.as_str();
        if end > start && token.is_word() && !token.is_capital && is_verb_here(scene, end) {
            break;
        }
        if words::is_conjunction(word) && word != "and" && end > start {
            break;
        }
        end += 1;
    }
    // Adverbs before the verb.
    while end > start + 1
        && scene
            .at(end - 1)
            .is_some_and(|t| words::is_adverb(&t.lower) && !t.is_capital)
    {
        end -= 1;
    }
    start..end
}

pub(super) fn is_verb_here(scene: &Scene, at: usize) -> bool {
    let word = scene.lower(at);
    let before = at.checked_sub(1).map_or("", |b| scene.lower(b));
    let clitic = matches!(word, "'s" | "’s");
    if clitic {
        return scene.follows_pronoun(at);
    }
    if words::is_auxiliary(word) {
        return true;
    }
    if words::is_determiner(before) || words::is_preposition(before) {
        return false;
    }
    words::is_other_verb(word)
        || words::english(word).is_some() && !word.ends_with("ing") && !words::is_rarely_verb(word)
}

/// The subject of a sentence, or of a part of one: the first phrase that can speak.
pub(super) fn sentence_subject(scene: &Scene, start: usize, end: usize) -> Option<Range<usize>> {
    let pieces = pieces(scene, start, end);
    let piece = pieces.iter().find(|p| can_speak(scene, (*p).clone()))?;
    let found = phrase_at_start(scene, piece.clone());
    (!found.is_empty()).then_some(found)
}

/// The first token of a sentence that stands in no quotation.
pub(super) fn clause_start_from(scene: &Scene, first: usize) -> usize {
    let mut at = first;
    while scene.at(at).is_some_and(|t| {
        (t.quoted != scene.home || t.is_content || t.kind == Kind::Comma) && t.kind != Kind::Break
    }) {
        at += 1;
    }
    at
}

pub(super) fn token_is_name(scene: &Scene, at: usize) -> bool {
    let first = at
        .checked_sub(1)
        .and_then(|b| scene.at(b))
        .is_none_or(|b| scene.at(at).is_some_and(|t| t.sentence != b.sentence));
    scene.at(at).is_some_and(|t| t.is_capital) && !first
}

/// “X, a professor of law, who said”: X and what is said of them.
pub(super) fn with_name_before(scene: &Scene, found: Range<usize>, clause: usize) -> Range<usize> {
    let comma = found
        .start
        .checked_sub(1)
        .filter(|c| *c > clause && scene.lower(*c) == ",");
    let describes = matches!(scene.lower(found.start), "a" | "an" | "the")
        || !scene.at(found.start).is_some_and(|t| t.is_capital);
    let Some(comma) = comma.filter(|_| describes) else {
        return found;
    };
    let name = left_phrase_from(scene, comma, clause);
    match name.filter(|name| name.clone().any(|at| token_is_name(scene, at))) {
        Some(name) => name.start..found.end,
        None => found,
    }
}

/// “Malaysia's Prime Minister, Najib Razak said”: the phrase before the comma belongs to it.
pub(super) fn with_title_before(scene: &Scene, found: Range<usize>, clause: usize) -> Range<usize> {
    let Some(comma) = found.start.checked_sub(1).filter(|c| *c > clause) else {
        return found;
    };
    let is_comma = scene.at(comma).is_some_and(|t| t.lower == ",");
    let is_name = scene.at(found.start).is_some_and(|t| {
        t.is_capital && !words::is_pronoun(&t.lower) && !words::is_determiner(&t.lower)
    });
    if !is_comma || !is_name {
        return found;
    }
    let pieces = pieces(scene, clause, comma);
    let Some(title) = pieces
        .last()
        .filter(|p| can_speak(scene, (*p).clone()) && p.len() < 9)
    else {
        return found;
    };
    let last = scene.lower(title.end.saturating_sub(1));
    let is_title = words::is_unnamed(last)
        || matches!(
            last,
            "minister"
                | "president"
                | "coach"
                | "secretary"
                | "director"
                | "chief"
                | "leader"
                | "chairman"
                | "governor"
                | "mayor"
                | "editor"
                | "founder"
                | "owner"
                | "author"
                | "senator"
                | "captain"
        );
    if is_title {
        title.start..found.end
    } else {
        found
    }
}
