//! The phrase that begins at a place: “Ann Hill, 63, a nurse”, behind its verb.

use super::{is_verb_here, token_is_name};
use crate::core::quotes::languages::{Language, joins_names, opens};
use crate::core::quotes::scene::Scene;
use crate::core::quotes::tokens::{Kind, Token};
use crate::core::quotes::words;
use std::ops::Range;

/// The phrase that begins at a place: a name with what is said of it, or a pronoun.
pub(in crate::core::quotes) fn right_phrase(scene: &Scene, start: usize) -> Option<Range<usize>> {
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
fn describes(scene: &Scene, at: usize) -> bool {
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
