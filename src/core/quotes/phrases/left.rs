//! The phrase of a noun that ends at a place: “the mayor of Ardal”, before its verb.

use super::{clause_start, is_verb_here, token_is_name};
use crate::core::quotes::scene::Scene;
use crate::core::quotes::tokens::Kind;
use crate::core::quotes::words;
use std::ops::Range;

pub(in crate::core::quotes) fn left_phrase(scene: &Scene, end: usize) -> Option<Range<usize>> {
    left_phrase_from(scene, end, clause_start(scene, end.checked_sub(1)?))
}

/// The phrase of a noun that ends at a place.
pub(in crate::core::quotes) fn left_phrase_from(
    scene: &Scene,
    end: usize,
    clause: usize,
) -> Option<Range<usize>> {
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
fn is_reduced(scene: &Scene, at: usize, clause: usize) -> bool {
    matches!(
        scene.lower(at + 1),
        "by" | "in" | "to" | "on" | "at" | "for" | "with"
    ) && at > clause
}
