//! Phrases around a place, by small words and marks alone: the noun before a verb or behind it, the
//! subject of a sentence, what is said of a name between commas. Knows no quotation's rank.

use super::languages::{Language, joins_names, opens};
use super::scene::Scene;
use super::tokens::{Kind, Token};
use super::words;
use std::ops::Range;

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

pub(super) fn left_phrase(scene: &Scene, end: usize) -> Option<Range<usize>> {
    left_phrase_from(scene, end, clause_start(scene, end.checked_sub(1)?))
}

/// The phrase of a noun that ends at a place.
pub(super) fn left_phrase_from(scene: &Scene, end: usize, clause: usize) -> Option<Range<usize>> {
    let mut end = end;
    while end > clause
        && scene.at(end - 1).is_some_and(|t| {
            t.is_word()
                && (words::is_adverb(&t.lower) && !t.is_capital
                    || words::is_auxiliary(&t.lower) && !matches!(t.lower.as_str(), "'s" | "’s"))
        })
    {
        end -= 1;
    }
    while end > clause + 1
        && matches!(
            scene.lower(end - 1),
            "both" | "all" | "each" | "themselves" | "himself" | "herself"
        )
    {
        end -= 1;
    }
    // “X on Monday urged”.
    let mut shorter = end;
    while shorter > clause
        && scene.at(shorter - 1).is_some_and(|t| {
            words::is_time(&t.lower) || t.kind == Kind::Number && t.lower.len() < 5
        })
    {
        shorter -= 1;
    }
    if shorter < end && shorter > clause + 1 {
        let before = scene.lower(shorter - 1);
        end = if matches!(before, "on" | "in" | "late" | "early") {
            shorter - 1
        } else {
            shorter
        };
    }
    let last = scene.at(end.checked_sub(1)?)?;
    if end <= clause
        || !(last.is_word()
            || last.kind == Kind::Number
            || matches!(last.lower.as_str(), ")" | "]" | "."))
        || last.is_content
    {
        return None;
    }
    let word = last.lower.as_str();
    if words::is_pronoun(word)
        && !matches!(word, "one" | "many" | "most" | "some" | "all" | "others")
        || word == "i"
    {
        let start = end - 1;
        return Some(start..end);
    }
    let mut start = end;
    while let Some(before) = start.checked_sub(1).filter(|b| *b >= clause) {
        let Some(token) = scene.at(before) else { break };
        if token.is_content || token.quoted != scene.home && !token.is_capital {
            break;
        }
        let word = token.lower.as_str();
        match token.kind {
            Kind::Word => {
                if words::is_preposition(word) {
                    // It belongs to the phrase when a noun stands before it.
                    let noun = before
                        .checked_sub(1)
                        .filter(|b| *b >= clause)
                        .and_then(|b| scene.at(b));
                    let is_noun = noun.is_some_and(|n| {
                        n.is_word()
                            && !words::is_preposition(&n.lower)
                            && !words::is_conjunction(&n.lower)
                            && !words::is_adverb(&n.lower)
                            && !words::is_time(&n.lower)
                            && (n.is_capital
                                || !is_verb_here(scene, before - 1)
                                || n.lower.ends_with("ed"))
                            || n.lower == ")"
                    });
                    if !is_noun
                        || matches!(
                            word,
                            "with"
                                | "after"
                                | "before"
                                | "while"
                                | "since"
                                | "until"
                                | "during"
                                | "than"
                                | "like"
                        )
                    {
                        break;
                    }
                } else if word == "and" {
                    // Two who speak together.
                    let left = before
                        .checked_sub(1)
                        .filter(|b| *b >= clause)
                        .and_then(|b| scene.at(b));
                    let is_pair = left.is_some_and(|l| {
                        l.is_word()
                            && (l.is_capital
                                || words::is_pronoun(&l.lower)
                                || words::is_collective(&l.lower)
                                || words::is_unnamed(&l.lower))
                    }) && scene.at(start).is_some_and(|r| {
                        r.is_capital
                            || words::is_determiner(&r.lower)
                            || words::is_collective(&r.lower)
                    });
                    if !is_pair {
                        break;
                    }
                } else if ends_phrase(scene, before, start, clause) {
                    break;
                }
            }
            Kind::Number => {}
            Kind::Stop
                if word == "."
                    && scene
                        .at(before + 1)
                        .is_some_and(|t| t.sentence == token.sentence) => {}
            Kind::Other
                if matches!(
                    word,
                    "(" | ")" | "[" | "]" | "&" | "/" | "%" | "$" | "€" | "£" | "'" | "’"
                ) => {}
            Kind::Open | Kind::Close if token.quoted == scene.home || start < end => {}
            _ => break,
        }
        start = before;
    }
    // A sentence that begins with “In” or “After” has its subject behind that.
    while start < end
        && scene.at(start).is_some_and(|t| {
            words::is_preposition(&t.lower)
                || words::is_adverb(&t.lower) && !token_is_name(scene, start)
                || t.kind == Kind::Close
                || t.lower == ")"
        })
    {
        start += 1;
    }
    (start < end).then_some(start..end)
}

/// Whether a phrase that goes on at `next` begins behind a word.
fn ends_phrase(scene: &Scene, at: usize, next: usize, clause: usize) -> bool {
    let Some(token) = scene.at(at) else {
        return true;
    };
    let word = token.lower.as_str();
    let before_number = scene.at(next).is_some_and(|t| t.kind == Kind::Number);
    let is_time = words::is_time(word) && !token_is_name(scene, at) && !before_number;
    let is_reduced = word.ends_with("ed") && is_reduced(scene, at, clause);
    let is_verb = !token.is_capital && is_verb_here(scene, at) && !is_reduced;
    let is_pronoun = words::is_pronoun(word) && !words::is_determiner(word);
    words::is_conjunction(word) || is_time || is_verb || is_pronoun
}

/// “… seen by Sky News”: what was done to the noun before.
pub(super) fn is_reduced(scene: &Scene, at: usize, clause: usize) -> bool {
    matches!(
        scene.lower(at + 1),
        "by" | "in" | "to" | "on" | "at" | "for" | "with"
    ) && at > clause
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

/// The phrase that begins at a place: a name with what is said of it, or a pronoun.
pub(super) fn right_phrase(scene: &Scene, start: usize) -> Option<Range<usize>> {
    let first = scene.at(start)?;
    if first.is_content
        || !(first.is_word() || first.kind == Kind::Number)
        || first.sentence != scene.at(start.checked_sub(1)?)?.sentence
    {
        return None;
    }
    let word = first.lower.as_str();
    if words::is_preposition(word)
        || words::opens(word) && !matches!(word, "who")
        || words::is_conjunction(word)
        || words::is_time(word) && !token_is_name(scene, start)
    {
        return None;
    }
    if words::is_pronoun(word) && !words::is_determiner(word) {
        return Some(start..start + 1);
    }
    let english = scene.language == Language::English;
    let mut end = start;
    let mut apposed = false;
    let mut named = false;
    while let Some(token) = scene.at(end) {
        if token.sentence != first.sentence || token.is_content {
            break;
        }
        let word = token.lower.as_str();
        match token.kind {
            Kind::Word => {
                let belongs = matches!(word, "of" | "for" | "at" | "from")
                    || word == "to" && scene.lower(end + 1) == "the"
                    || apposed && matches!(word, "in" | "with" | "on");
                if words::is_conjunction(word) && !(word == "and" || apposed && word == "who")
                    || words::is_preposition(word) && !belongs
                    || matches!(word, "told")
                {
                    break;
                }
                if !english && (named && !token.is_capital && !joins_names(word) || opens(word)) {
                    break;
                }
                named |= token.is_capital;
                if word == "and" {
                    let right = scene.at(end + 1);
                    if !right.is_some_and(|t| t.is_capital || words::is_determiner(&t.lower)) {
                        break;
                    }
                }
                if end > start
                    && (words::is_time(word) && !matches!(scene.lower(end - 1), "of" | "the")
                        || words::is_adverb(word) && !token.is_capital)
                {
                    break;
                }
                if end > start
                    && !apposed
                    && !token.is_capital
                    && is_verb_here(scene, end)
                    && !word.ends_with("ed")
                {
                    break;
                }
                if !apposed
                    && matches!(word, "for" | "at" | "from")
                    && (scene.at(end - 1).is_none_or(|t| {
                        t.is_capital
                            && !words::is_unnamed(&t.lower)
                            && !words::is_collective(&t.lower)
                    }))
                {
                    break;
                }
                if end > start && words::opens(word) && !(apposed && word == "who") {
                    break;
                }
            }
            Kind::Number => {}
            Kind::Stop
                if word == "."
                    && scene
                        .at(end + 1)
                        .is_some_and(|t| t.sentence == token.sentence) => {}
            Kind::Other if matches!(word, "(" | ")" | "[" | "]" | "&" | "/" | "%" | "'" | "’") => {
            }
            Kind::Comma if word == "," && describes(scene, end + 1) => {
                apposed = scene.at(end + 1).is_some_and(Token::is_word);
            }
            _ => break,
        }
        end += 1;
    }
    // An age alone says nothing that is looked for.
    if end > start + 2
        && scene.at(end - 1).is_some_and(|t| t.kind == Kind::Number)
        && scene.lower(end - 2) == ","
    {
        end -= 2;
    }
    (end > start).then_some(start..end)
}

/// Whether what follows a comma says who someone is: “63,” or “a spokesman for Y”.
pub(super) fn describes(scene: &Scene, at: usize) -> bool {
    let Some(first) = scene.at(at) else {
        return false;
    };
    let word = first.lower.as_str();
    let is_article = matches!(word, "a" | "an" | "the" | "one" | "another");
    let names_role = (at..at + 7)
        .take_while(|i| scene.at(*i).is_some_and(|t| t.is_word() && !t.is_content))
        .any(|i| {
            let word = scene.lower(i);
            words::is_unnamed(word)
                || matches!(
                    word,
                    "minister"
                        | "president"
                        | "director"
                        | "chief"
                        | "leader"
                        | "chairman"
                        | "head"
                        | "member"
                        | "secretary"
                        | "professor"
                        | "officer"
                        | "manager"
                        | "editor"
                        | "owner"
                        | "founder"
                        | "coach"
                )
        });
    let is_age = first.kind == Kind::Number
        && scene
            .at(at + 1)
            .is_some_and(|t| t.kind == Kind::Comma || t.kind == Kind::Stop)
        && word.len() <= 3;
    let after_age = at
        .checked_sub(2)
        .and_then(|b| scene.at(b))
        .is_some_and(|t| t.kind == Kind::Number);
    is_age
        || (names_role || is_article && after_age || matches!(word, "a" | "an"))
            && !words::is_conjunction(word)
            && !words::is_preposition(word)
            && !word.ends_with("ing")
}
