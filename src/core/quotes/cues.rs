//! The word that reports a quotation: candidates before it, behind it, between its parts and in the
//! sentences around, the likeliest first.
//!
//! A verb counts by how near it stands and by what stands between; so nothing has to be parsed. Knows
//! no speaker.

use super::languages::Language;
use super::scene::{Place, Scene};
use super::tokens::Kind;
use super::words::{self, Verb};
use std::ops::Range;

#[derive(Clone, Debug)]
pub(super) struct Cue {
    /// Its tokens, auxiliaries among them.
    pub tokens: Range<usize>,
    /// The verb, or “according”, or a colon.
    pub head: usize,
    pub place: Place,
    pub what: What,
    pub score: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Verb,
    /// “According to”, which the speaker follows.
    Accord,
    Colon,
    /// A noun or an adjective: “the claim that”, “is sure that”.
    Noun,
    /// What governs an indirect quotation, though the lists have it not.
    Other,
}

/// How far a cue may be, in tokens.
const FAR: usize = 60;

pub(super) fn cues(scene: &Scene) -> Vec<Cue> {
    let mut found = Vec::new();
    for part in 0..scene.parts.len() {
        before(scene, part, &mut found);
        behind(scene, part, &mut found);
    }
    if !found.iter().any(|cue| cue.score > 55.0) {
        earlier(scene, &mut found);
        next_sentence(scene, &mut found);
    }
    found.retain(|cue| cue.score > 5.0);
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut seen: Vec<usize> = Vec::new();
    found.retain(|cue| {
        let is_new = !seen.contains(&cue.head);
        seen.push(cue.head);
        is_new
    });
    found
}

/// What a token reports, if it can.
fn verb(scene: &Scene, at: usize) -> Option<(Verb, What)> {
    let token = scene.at(at)?;
    if !token.is_word() || !scene.is_heard(at) {
        return None;
    }
    let word = token.lower.as_str();
    if scene.accord(at).is_some() {
        return Some((Verb::Saying, What::Accord));
    }
    if scene.language != Language::English {
        return scene.foreign_verb(at).map(|v| (v, What::Verb));
    }
    if matches!(word, "put" | "puts") && scene.lower(at + 1) == "it" {
        return Some((Verb::Saying, What::Verb));
    }
    let found = words::english(word)?;
    // A name, or the first word of a sentence that is a noun.
    let before = at.checked_sub(1).and_then(|b| scene.at(b));
    let starts = before.is_none_or(|b| b.sentence != token.sentence || b.kind == Kind::Open);
    if token.is_capital && !starts && !scene.is_headline(at) {
        return None;
    }
    Some((found, What::Verb))
}

/// Whether the word at a place is rather a noun or an adjective there.
fn is_noun_there(scene: &Scene, at: usize) -> bool {
    let Some(token) = scene.at(at) else {
        return true;
    };
    let Some(before) = at
        .checked_sub(1)
        .and_then(|b| scene.at(b))
        .filter(|b| b.sentence == token.sentence)
    else {
        return words::is_rarely_verb(&token.lower);
    };
    let word = before.lower.as_str();
    let rarely = words::is_rarely_verb(&token.lower);
    let (ing, ed) = (token.lower.ends_with("ing"), token.lower.ends_with("ed"));
    let possessive = matches!(word, "'s" | "’s") && !scene.follows_pronoun(at - 1);
    let determined = words::is_determiner(word) && !words::is_pronoun(word)
        || matches!(word, "her" | "his" | "its" | "their" | "such")
        || possessive && token.lower.ends_with('s')
        || matches!(word, "this" | "that" | "these" | "those") && rarely && !ed;
    // Before what a verb may follow too: “after saying”, “by telling”.
    let is_loose = matches!(
        word,
        "to" | "like" | "after" | "before" | "while" | "by" | "in" | "without"
    );
    let follows_preposition = words::is_preposition(word) && !is_loose;
    let after = scene.lower(at + 1);
    determined && (!ing || matches!(after, "of" | "by"))
        || follows_preposition && !ing
        || rarely && words::is_preposition(word) && (word != "to" || !scene.is_infinitive(at))
}

/// A noun or an adjective with the verb that has it: “have no doubt”, “is sure”.
fn noun_group(scene: &Scene, head: usize) -> Range<usize> {
    let Some(own) = scene.at(head) else {
        return head..head + 1;
    };
    for at in (head.saturating_sub(4)..head).rev() {
        let Some(token) = scene
            .at(at)
            .filter(|t| t.sentence == own.sentence && t.is_word() && scene.is_heard(at))
        else {
            break;
        };
        let word = token.lower.as_str();
        let carries = scene.is_auxiliary(at)
            || matches!(
                word,
                "made"
                    | "make"
                    | "makes"
                    | "gave"
                    | "give"
                    | "gives"
                    | "issued"
                    | "got"
                    | "expressed"
                    | "express"
            );
        if carries {
            return scene.verb_group(at).start..head + 1;
        }
        if words::is_preposition(word)
            || words::is_conjunction(word)
            || words::is_pronoun(word) && !words::is_determiner(word)
        {
            break;
        }
    }
    head..head + 1
}

fn follows_demonstrative(scene: &Scene, at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|b| matches!(scene.lower(b), "this" | "these" | "those" | "such"))
}

/// What the tokens between a verb and the quotation weigh: names and small words little, other verbs
/// much.
fn weight(scene: &Scene, between: Range<usize>) -> f32 {
    let mut sum = 0.0;
    let mut quoted = 0;
    for at in between {
        let Some(token) = scene.at(at) else { continue };
        if token.is_content {
            continue;
        }
        if token.quoted != scene.home {
            if token.quoted != quoted {
                quoted = token.quoted;
                sum += 2.0;
            }
            continue;
        }
        let word = token.lower.as_str();
        sum += match token.kind {
            Kind::Word if token.is_capital => 0.25,
            Kind::Word if words::opens(word) => 0.1,
            Kind::Word if words::is_time(word) => 0.2,
            Kind::Word
                if words::is_determiner(word)
                    || words::is_preposition(word)
                    || words::is_pronoun(word) =>
            {
                0.4
            }
            Kind::Word if words::is_conjunction(word) => 1.5,
            Kind::Word if words::is_auxiliary(word) => 1.5,
            Kind::Word if words::is_adverb(word) => 0.3,
            Kind::Word if words::english(word).is_some() => 1.5,
            Kind::Word if words::is_other_verb(word) => 1.5,
            Kind::Word => 0.7,
            Kind::Number => 0.3,
            Kind::Comma => 0.6,
            Kind::Colon => 0.0,
            Kind::Dash => 0.8,
            Kind::Stop => 0.3,
            Kind::Open | Kind::Close => 0.0,
            Kind::Other => 0.3,
            // Within a sentence there is one only behind a colon.
            Kind::Break => 0.2,
        };
    }
    sum
}

fn strength(found: Verb) -> f32 {
    match found {
        Verb::Saying => 1.0,
        Verb::Thinking => 0.0,
    }
}

/// In the sentence, before a part of the quotation.
fn before(scene: &Scene, part: usize, found: &mut Vec<Cue>) {
    let Some(own) = scene.parts.get(part).cloned() else {
        return;
    };
    let Some(first) = scene.at(own.start) else {
        return;
    };
    let from = own.start.saturating_sub(FAR);
    let later = if part == 0 { 0.0 } else { 1.0 };
    let same = |at: usize| scene.at(at).is_some_and(|t| t.sentence == first.sentence);
    let mut has_verb = false;
    let nearest = scene.nearest_word_before(own.start);
    for at in (from..own.start).rev().take_while(|at| same(*at)) {
        let Some((kind, what)) = verb(scene, at) else {
            continue;
        };
        if scene.at(at).is_some_and(|t| t.is_content) {
            continue;
        }
        let mut score = 95.0 + strength(kind) - 4.0 * weight(scene, at + 1..own.start) - later;
        let tokens = match what {
            What::Accord => scene.accord(at).unwrap_or(at..at + 1),
            _ => scene.verb_group(at),
        };
        if what == What::Accord {
            // It is followed by the speaker and a comma.
            let comma = own.start.checked_sub(1).and_then(|b| scene.at(b));
            score = if comma.is_some_and(|t| t.kind == Kind::Comma) {
                94.0
            } else {
                90.0
            } - weight(scene, tokens.end..own.start);
        } else if is_noun_there(scene, at) {
            score -= if Some(at) == nearest && scene.opens_with_that() {
                12.0
            } else {
                34.0
            };
            let tokens = noun_group(scene, at);
            found.push(Cue {
                tokens,
                head: at,
                place: Place::Before,
                what: What::Noun,
                score,
            });
            continue;
        } else {
            has_verb |= score > 60.0;
        }
        found.push(Cue {
            tokens,
            head: at,
            place: Place::Before,
            what,
            score,
        });
    }
    // A colon, where nothing better stands before it.
    let colon = (from..own.start).rev().find(|at| {
        scene
            .at(*at)
            .is_some_and(|t| !matches!(t.kind, Kind::Open | Kind::Break))
    });
    if let Some(at) = colon.filter(|at| scene.at(*at).is_some_and(|t| t.kind == Kind::Colon)) {
        let score = if has_verb { 50.0 } else { 78.0 };
        if at > 0 {
            found.push(Cue {
                tokens: at..at + 1,
                head: at,
                place: Place::Before,
                what: What::Colon,
                score,
            });
        }
    }
    // What governs it, though no list has it: the word just before “that”, or before the quotation.
    if let Some(at) =
        nearest.filter(|at| same(*at) && scene.is_heard(*at) && scene.language == Language::English)
        && verb(scene, at).is_none()
    {
        let Some(token) = scene.at(at) else { return };
        let word = token.lower.as_str();
        let is_like = word == "like"
            && at
                .checked_sub(1)
                .and_then(|b| scene.at(b))
                .is_some_and(|b| words::is_auxiliary(&b.lower));
        let is_function = (words::is_preposition(word) && !is_like)
            || words::is_conjunction(word)
            || words::is_determiner(word)
            || words::is_pronoun(word)
            || words::is_time(word);
        let governs = scene.opens_with_that() || scene.opens_clause();
        let verb_like = words::is_other_verb(word)
            || word.ends_with("ing")
            || words::is_auxiliary(word)
            || is_like
            || (word.ends_with('s') && !token.is_capital);
        let comma = scene.has_comma_before(own.start);
        if !is_function && !token.is_capital && (!comma || is_like) {
            let score = match (governs, verb_like) {
                (true, true) => 84.0,
                (true, false) if is_noun_there(scene, at) || follows_demonstrative(scene, at) => {
                    70.0
                }
                (true, false) => 80.0,
                (false, true) => 66.0,
                (false, false) => 40.0,
            };
            let (tokens, what) = if verb_like {
                (scene.verb_group(at), What::Other)
            } else {
                (noun_group(scene, at), What::Noun)
            };
            found.push(Cue {
                tokens,
                head: at,
                place: Place::Before,
                what,
                score,
            });
        }
    }
}

/// In the sentence, behind a part of the quotation.
fn behind(scene: &Scene, part: usize, found: &mut Vec<Cue>) {
    let Some(own) = scene.parts.get(part).cloned() else {
        return;
    };
    let Some(last) = own.end.checked_sub(1).and_then(|at| scene.at(at)) else {
        return;
    };
    let starts_sentence = scene.starts_sentence(part);
    let first = scene.at(own.end);
    let same = |at: usize| scene.at(at).is_some_and(|t| t.sentence == last.sentence);
    let comma = scene.ends_open(part);
    let after_comma = if first.is_some_and(|t| matches!(t.kind, Kind::Comma | Kind::Dash)) {
        scene.at(own.end + 1)
    } else {
        first
    };
    let joins = after_comma.is_some_and(|t| {
        words::is_conjunction(&t.lower) && !matches!(t.lower.as_str(), "as" | "so")
    });
    let mut clause = 0.0;
    let mut met = false;
    for at in (own.end..own.end + FAR).take_while(|at| same(*at)) {
        let Some(token) = scene.at(at) else { break };
        if token.is_content || token.kind == Kind::Open && token.quoted != scene.home {
            // Another quotation begins: what follows is about that.
            if !token.is_content {
                clause += 8.0;
            }
            if token.is_content {
                break;
            }
            continue;
        }
        if met && token.is_word() && (words::is_conjunction(&token.lower)) {
            clause += 12.0;
        }
        let Some((kind, what)) = verb(scene, at) else {
            if words::is_auxiliary(&token.lower) {
                clause += 1.0;
            }
            continue;
        };
        let w = weight(scene, own.end..at);
        let mut score = 93.0 + 2.0 * strength(kind) - 2.2 * w - clause;
        if what == What::Accord {
            score = 94.0 - 2.5 * w - clause;
        }
        if joins {
            score -= 40.0;
        }
        if !comma && !starts_sentence {
            score -= 32.0;
        } else if !comma {
            score -= 6.0;
        }
        if what != What::Accord && is_noun_there(scene, at) {
            score -= 34.0;
        }
        let form = token.lower.as_str();
        if form.ends_with("ing") && what == What::Verb && scene.language == Language::English {
            // “…, saying that” reports what follows.
            score -= 14.0;
        }
        let tokens = match what {
            What::Accord => scene.accord(at).unwrap_or(at..at + 1),
            _ => scene.verb_group(at),
        };
        let place = if part + 1 < scene.parts.len() {
            Place::Between
        } else {
            Place::Behind
        };
        if place == Place::Between {
            score += 3.0;
        }
        found.push(Cue {
            tokens,
            head: at,
            place,
            what,
            score,
        });
        if kind == Verb::Saying {
            met = true;
            clause += 6.0;
        }
    }
}

/// In sentences before, for what begins one: the speaker goes on.
fn earlier(scene: &Scene, found: &mut Vec<Cue>) {
    let Some(own) = scene.parts.first().cloned() else {
        return;
    };
    if !scene.starts_sentence(0) {
        return;
    }
    let Some(first) = scene.at(own.start) else {
        return;
    };
    let base = if scene.is_quoted { 64.0 } else { 48.0 };
    for at in (own.start.saturating_sub(260)..own.start).rev() {
        let Some(token) = scene.at(at) else { break };
        let sentences = (first.sentence - token.sentence) as f32;
        let paragraphs = (first.paragraph - token.paragraph) as f32;
        if paragraphs > 3.0 {
            break;
        }
        let Some((kind, what)) = verb(scene, at) else {
            continue;
        };
        if is_noun_there(scene, at) && what == What::Verb {
            continue;
        }
        let announces = scene.announces(at, own.start);
        let mut score = base + 4.0 * strength(kind) - 3.0 * sentences - 4.0 * paragraphs;
        if announces {
            score += 24.0;
        }
        if kind == Verb::Thinking {
            score -= 14.0;
        }
        // The first verb of a sentence says whose it is.
        let tokens = match what {
            What::Accord => scene.accord(at).unwrap_or(at..at + 1),
            _ => scene.verb_group(at),
        };
        score -= 0.02 * (own.start - at) as f32;
        found.push(Cue {
            tokens,
            head: at,
            place: Place::Earlier,
            what,
            score,
        });
    }
}

/// In the sentence behind, as after a quotation that ends with its own mark.
fn next_sentence(scene: &Scene, found: &mut Vec<Cue>) {
    let Some(own) = scene.parts.last().cloned() else {
        return;
    };
    let Some(last) = own.end.checked_sub(1).and_then(|at| scene.at(at)) else {
        return;
    };
    let end_mark = (own.start..own.end)
        .rev()
        .filter_map(|at| scene.at(at))
        .find(|t| t.kind != Kind::Close);
    let asks = end_mark.is_some_and(|t| matches!(t.lower.as_str(), "?" | "!" | "…"));
    for at in own.end..own.end + 40 {
        let Some(token) = scene.at(at) else { break };
        if token.sentence > last.sentence + 1 || token.paragraph > last.paragraph + 1 {
            break;
        }
        if token.sentence == last.sentence || token.kind == Kind::Open {
            if token.kind == Kind::Open {
                break;
            }
            continue;
        }
        let Some((kind, what)) = verb(scene, at) else {
            continue;
        };
        if kind == Verb::Thinking || is_noun_there(scene, at) {
            continue;
        }
        let near = weight(scene, own.end..at);
        let same_paragraph = token.paragraph == last.paragraph;
        let base = if !same_paragraph {
            40.0
        } else if asks {
            84.0
        } else {
            50.0
        };
        found.push(Cue {
            tokens: scene.verb_group(at),
            head: at,
            place: Place::Next,
            what,
            score: base - 3.0 * near,
        });
        break;
    }
}
