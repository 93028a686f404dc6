//! Who speaks: the subject of a cue, and the other names that it may be, the likeliest first.

use super::cues::{Cue, What};
use super::languages::Language;
use super::phrases::{
    apposed, clause_start, clause_start_from, clause_subject, is_verb_here, left_phrase,
    left_phrase_from, right_phrase, sentence_start, sentence_subject, token_is_name,
    with_name_before, with_title_before,
};
use super::scene::{Place, Scene};
use super::tokens::Kind;
use super::words;
use super::{Form, Reason};
use std::ops::Range;

#[derive(Clone, Debug)]
pub(super) struct Found {
    pub tokens: Range<usize>,
    pub reason: Reason,
}

/// The speakers of a quotation that a cue reports.
pub(super) fn speakers(scene: &Scene, cue: Option<&Cue>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut add = |tokens: Option<Range<usize>>, reason: Reason| {
        if let Some(tokens) = tokens
            .and_then(|t| tidy(scene, t))
            .filter(|t| !t.is_empty())
            && !found
                .iter()
                .any(|f| f.tokens.start < tokens.end && tokens.start < f.tokens.end)
        {
            found.push(Found { tokens, reason });
        }
    };
    if let Some(cue) = cue {
        add(subject(scene, cue), Reason::of(cue));
    }
    add(credit(scene), Reason::Credit);
    if let Some(cue) = cue {
        // Beside the cue, whatever its grammar.
        add(left_phrase(scene, cue.tokens.start), Reason::BesideCue);
        add(right_phrase(scene, cue.tokens.end), Reason::BesideCue);
    }
    for name in names_near(scene) {
        add(Some(name), Reason::NameNear);
    }
    // One who is named twice is offered once.
    let mut seen: Vec<&str> = Vec::new();
    found.retain(|speaker| {
        let last = scene.lower(speaker.tokens.end - 1);
        let is_new = !seen.contains(&last) || speaker.reason != Reason::NameNear;
        seen.push(last);
        is_new
    });
    found
}

fn subject(scene: &Scene, cue: &Cue) -> Option<Range<usize>> {
    match cue.what {
        What::Accord => {
            if scene.language.accord_follows(scene.lower(cue.tokens.start)) {
                left_phrase(scene, cue.tokens.start)
            } else {
                right_phrase(scene, cue.tokens.end)
            }
        }
        What::Colon => {
            let start = sentence_start(scene, cue.head);
            if cue.head - start <= 12 {
                sentence_subject(scene, start, cue.head).or(Some(start..cue.head))
            } else {
                sentence_subject(scene, start, cue.head)
            }
        }
        What::Verb | What::Other => {
            let start = clause_start(scene, cue.tokens.start);
            verb_subject(scene, cue).or_else(|| sentence_subject(scene, start, cue.tokens.start))
        }
        What::Noun => {
            let start = clause_start(scene, cue.tokens.start);
            if cue.head > cue.tokens.start {
                verb_subject(scene, cue)
            } else {
                clause_subject(scene, start, cue.tokens.start)
            }
        }
    }
}

fn verb_subject(scene: &Scene, cue: &Cue) -> Option<Range<usize>> {
    let english = scene.language == Language::English;
    let start = clause_start(scene, cue.tokens.start);
    if scene.language.ends_with_verb()
        && matches!(cue.place, Place::Behind | Place::Between)
        && let Some(own) = scene.parts.first()
        && let Some(found) = sentence_subject(scene, sentence_start(scene, own.start), own.start)
    {
        return Some(found);
    }
    let behind = matches!(cue.place, Place::Behind | Place::Between | Place::Next);
    // “…,” said X.
    let next = scene.lower(cue.tokens.end);
    let inverted = {
        let lead = (start..cue.tokens.start).all(|at| {
            scene.at(at).is_some_and(|t| {
                words::is_adverb(&t.lower)
                    || words::is_auxiliary(&t.lower)
                    || t.kind == Kind::Comma
                    || words::is_conjunction(&t.lower)
            })
        });
        let after = scene.at(cue.tokens.end);
        let follows = after.is_some_and(|t| {
            t.is_word()
                && !t.is_content
                && t.quoted == scene.home
                && (t.is_capital || !words::is_preposition(next) && !words::opens(next))
        });
        lead && follows && (behind || cue.place == Place::Earlier || !english)
    };
    if inverted && let Some(found) = right_phrase(scene, cue.tokens.end) {
        return Some(found);
    }
    // “said he”, of other places: as in “, said Smith, who …, …”.
    let head = scene.lower(cue.head);
    let is_participle = head.ends_with("ing") && english;
    let mut at = cue.tokens.start;
    // What helps the verb, and verbs that it hangs on.
    let mut coordinated = false;
    let mut relative = false;
    let mut infinitive = false;
    while let Some(before) = at.checked_sub(1).filter(|b| *b >= start) {
        let Some(token) = scene.at(before) else { break };
        let word = token.lower.as_str();
        if !token.is_word() {
            break;
        }
        if words::is_adverb(word) || scene.is_auxiliary(before) {
            at = before;
        } else if matches!(word, "to" | "as") && at < cue.tokens.start + 1 {
            at = before;
            infinitive |= word == "to";
            // “declined to say”, “was quoted as saying”.
            if let Some(verb) = at.checked_sub(1).filter(|v| *v >= start)
                && scene.at(verb).is_some_and(|t| {
                    t.is_word()
                        && !t.is_capital
                        && (words::is_other_verb(&t.lower)
                            || words::english(&t.lower).is_some()
                            || words::is_auxiliary(&t.lower)
                            || scene.lower(at) == "to")
                })
            {
                at = verb;
            }
        } else if matches!(word, "and" | "but" | "or" | "then") {
            at = before;
            coordinated = true;
            break;
        } else if matches!(word, "who" | "which")
            || word == "that" && !scene.at(at).is_some_and(|t| t.is_content) && before > start
        {
            at = before;
            relative = true;
            break;
        } else {
            break;
        }
    }
    if infinitive && let Some(found) = clause_subject(scene, start, at) {
        return Some(found);
    }
    if relative {
        return antecedent_of_relative(scene, at, start);
    }
    let before = at
        .checked_sub(1)
        .filter(|b| *b >= start)
        .and_then(|b| scene.at(b));
    if coordinated {
        // The comma before “and”.
        return sentence_subject(scene, start, at).or_else(|| earlier_subject(scene, cue));
    }
    match before {
        None if is_participle || cue.place == Place::Before => {
            // Nothing stands before it in its clause: its speaker is that of the sentence.
            let first = sentence_start(scene, cue.tokens.start);
            if first < start || is_participle {
                earlier_subject(scene, cue).or_else(|| sentence_subject(scene, first, start))
            } else {
                right_phrase(scene, cue.tokens.end)
            }
        }
        None => right_phrase(scene, cue.tokens.end),
        Some(token) if matches!(token.kind, Kind::Comma | Kind::Dash) || token.lower == ")" => {
            if is_participle {
                return sentence_subject(scene, start, at).or_else(|| earlier_subject(scene, cue));
            }
            apposed(scene, start, at)
        }
        Some(_) => left_phrase(scene, at).map(|found| with_title_before(scene, found, start)),
    }
}

/// The subject of the last verb of saying before a cue in its sentence, else of the sentence.
fn earlier_subject(scene: &Scene, cue: &Cue) -> Option<Range<usize>> {
    let first = sentence_start(scene, cue.tokens.start);
    for at in (first..cue.tokens.start).rev() {
        let Some(token) = scene.at(at) else { continue };
        if !token.is_word() || !scene.is_heard(at) || token.lower.ends_with("ing") {
            continue;
        }
        let is_saying = words::english(&token.lower) == Some(words::Verb::Saying)
            && !words::is_rarely_verb(&token.lower)
            || scene.foreign_verb(at).is_some();
        if is_saying && at + 1 < cue.tokens.start {
            let content_before = (first..at).any(|i| {
                scene
                    .at(i)
                    .is_some_and(|t| t.quoted != scene.home || t.is_content)
            });
            let inner = Cue {
                tokens: scene.verb_group(at),
                head: at,
                place: if content_before {
                    Place::Behind
                } else {
                    Place::Before
                },
                what: What::Verb,
                score: 0.0,
            };
            if let Some(found) = verb_subject(scene, &inner) {
                return Some(found);
            }
        }
    }
    let start = clause_start_from(scene, first);
    sentence_subject(scene, start, cue.tokens.start)
}

/// “Y, who said that”: Y.
fn antecedent_of_relative(scene: &Scene, relative: usize, start: usize) -> Option<Range<usize>> {
    let mut at = relative;
    while at > start
        && scene
            .at(at - 1)
            .is_some_and(|t| t.kind == Kind::Comma || words::is_preposition(&t.lower))
    {
        at -= 1;
    }
    if at > start
        && let Some(found) = left_phrase_from(scene, at, start)
    {
        return Some(with_name_before(scene, found, start));
    }
    // It stands before the quotation: “…”, which they said.
    None
}

/// What stands behind the quotation as who it is of: “— Rick Santorum”, “(source: X)”, a photograph's
/// line; or before it, in a headline.
pub(super) fn credit(scene: &Scene) -> Option<Range<usize>> {
    let own = scene.parts.last()?.clone();
    let last = scene.at(own.end.checked_sub(1)?)?;
    let mut at = own.end;
    let mut has_mark = false;
    while scene.at(at).is_some_and(|t| {
        matches!(t.kind, Kind::Dash | Kind::Stop | Kind::Close)
            || matches!(t.lower.as_str(), "(" | "[")
            || t.kind == Kind::Break && !has_mark && {
                // On a line of its own it needs its dash.
                scene.at(at + 1).is_some_and(|n| n.kind == Kind::Dash)
            }
    }) {
        has_mark |= scene
            .at(at)
            .is_some_and(|t| t.kind == Kind::Dash || matches!(t.lower.as_str(), "(" | "["));
        at += 1;
    }
    let first = scene.at(at)?;
    let end = (at..at + 16).find(|i| {
        scene.at(*i).is_none_or(|t| {
            t.kind == Kind::Break
                || matches!(t.lower.as_str(), ")" | "]") && !scene.lower(at).is_empty() && has_mark
        })
    })?;
    let is_here =
        first.paragraph == last.paragraph || has_mark && first.paragraph == last.paragraph + 1;
    let has_verb = (at..end).any(|i| {
        scene
            .at(i)
            .is_some_and(|t| !t.is_capital && (is_verb_here(scene, i) || t.kind == Kind::Open))
    });
    let word = first.lower.as_str();
    let is_labelled = matches!(
        word,
        "image"
            | "photo"
            | "source"
            | "photograph"
            | "picture"
            | "credit"
            | "video"
            | "foto"
            | "quelle"
            | "fuente"
            | "fonte"
    );
    let begins = first.is_capital || is_labelled;
    if !is_here || !begins || end == at || has_verb && !is_labelled {
        return None;
    }
    let mut end = end;
    while end > at + 1 && scene.at(end - 1).is_some_and(|t| t.kind == Kind::Stop) {
        end -= 1;
    }
    Some(at..end)
}

/// The names around: in the sentence of the quotation first, then in sentences before.
fn names_near(scene: &Scene) -> Vec<Range<usize>> {
    let Some(own) = scene.parts.first().cloned() else {
        return Vec::new();
    };
    let end = scene.parts.last().map_or(own.end, |p| p.end);
    let mut found: Vec<(usize, Range<usize>)> = Vec::new();
    let from = own.start.saturating_sub(160);
    let mut at = from;
    while at < end + 40 {
        let Some(name) = name_at(scene, at) else {
            at += 1;
            continue;
        };
        let distance = if name.start < own.start {
            own.start - name.start
        } else {
            name.start.saturating_sub(end) + 20
        };
        at = name.end.max(at + 1);
        found.push((distance, name));
    }
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().take(6).map(|(_, name)| name).collect()
}

/// A name that begins at a place: capital words, with small ones of names between.
pub(super) fn name_at(scene: &Scene, start: usize) -> Option<Range<usize>> {
    let is_name = |at: usize| {
        scene.at(at).is_some_and(|t| {
            t.is_word()
                && t.is_capital
                && !t.is_content
                && scene.is_heard(at)
                && !words::is_pronoun(&t.lower)
                && !words::is_time(&t.lower)
                && !words::is_determiner(&t.lower)
                && !words::is_conjunction(&t.lower)
                && !words::is_preposition(&t.lower)
                && !words::is_adverb(&t.lower)
                && !words::is_auxiliary(&t.lower)
        })
    };
    if !is_name(start) || start.checked_sub(1).is_some_and(is_name) {
        return None;
    }
    let starts_sentence = start
        .checked_sub(1)
        .and_then(|b| scene.at(b))
        .is_none_or(|b| {
            b.sentence != scene.at(start).map_or(0, |t| t.sentence) || b.kind == Kind::Open
        });
    let mut end = start + 1;
    loop {
        if is_name(end) {
            end += 1;
        } else if matches!(
            scene.lower(end),
            "de" | "van" | "von" | "bin" | "al" | "der" | "la" | "du" | "da" | "di" | "el" | "."
        ) && is_name(end + 1)
            && scene
                .at(end + 1)
                .zip(scene.at(start))
                .is_some_and(|(a, b)| a.sentence == b.sentence)
        {
            end += 2;
        } else {
            break;
        }
    }
    let only_common = starts_sentence && end == start + 1 && {
        // The first word of a sentence is a name when it is one elsewhere.
        let word = scene.lower(start);
        !(start.saturating_sub(400)..start + 200)
            .any(|at| at != start && scene.lower(at) == word && token_is_name(scene, at))
    };
    (!only_common).then_some(start..end)
}

/// Without marks and small words at its edges.
fn tidy(scene: &Scene, tokens: Range<usize>) -> Option<Range<usize>> {
    let (mut start, mut end) = (tokens.start, tokens.end);
    while start < end
        && scene.at(start).is_some_and(|t| {
            !(t.is_word() || t.kind == Kind::Number || t.kind == Kind::Open)
                || matches!(
                    t.lower.as_str(),
                    "but" | "and" | "'s" | "’s" | "as" | "however"
                )
        })
    {
        start += 1;
    }
    while end > start
        && scene.at(end - 1).is_some_and(|t| {
            !(t.is_word() || t.kind == Kind::Number || matches!(t.lower.as_str(), ")" | "]"))
                || matches!(t.lower.as_str(), "and" | "but" | ",")
        })
    {
        end -= 1;
    }
    (start < end && scene.is_heard(start)).then_some(start..end)
}

/// What kind of speaker a phrase names.
pub(super) fn form(scene: &Scene, tokens: Range<usize>) -> Form {
    let mut has_capital = false;
    let mut unnamed = false;
    let mut collective = false;
    for at in tokens.clone() {
        let Some(token) = scene.at(at) else { continue };
        let first = at == tokens.start
            && scene
                .at(at.wrapping_sub(1))
                .is_none_or(|b| b.sentence != token.sentence);
        let word = token.lower.as_str();
        let is_small = words::is_determiner(word)
            || words::is_pronoun(word)
            || words::is_unnamed(word)
            || words::is_collective(word);
        has_capital |= token.is_word()
            && token.is_capital
            && !is_small
            && !(first
                && tokens.len() > 1
                && scene.at(at + 1).is_some_and(|n| {
                    !n.is_capital && (words::is_unnamed(&n.lower) || words::is_collective(&n.lower))
                }));
        unnamed |= words::is_unnamed(word);
        collective |= words::is_collective(word);
    }
    let head = scene.lower(tokens.start);
    if tokens.len() == 1 && words::is_pronoun(head) {
        return if words::is_referring(head) {
            Form::Pronoun
        } else {
            Form::Speaker
        };
    }
    let has_capital = has_capital || scene.language.is_uncased();
    match (has_capital, collective, unnamed) {
        (true, _, _) => Form::Name,
        (false, true, _) => Form::Collective,
        (false, false, true) => Form::Unnamed,
        _ => Form::Description,
    }
}
