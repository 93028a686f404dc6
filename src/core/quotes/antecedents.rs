//! Whom a pronoun or a description stands for: names before it, the likeliest first.

use super::Form;
use super::scene::Scene;
use super::speakers::name_at;
use super::words;
use std::ops::Range;

/// So many sentences before are looked at.
const SENTENCES: u32 = 8;

pub(super) fn names(scene: &Scene, speaker: Range<usize>, form: Form) -> Vec<Range<usize>> {
    if !matches!(form, Form::Pronoun | Form::Description | Form::Unnamed) {
        return Vec::new();
    }
    let Some(own) = scene.at(speaker.start) else {
        return Vec::new();
    };
    let pronoun = own.lower.as_str();
    let is_one = matches!(pronoun, "he" | "him" | "she" | "her");
    let mut found: Vec<(f32, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < speaker.start {
        let near = scene
            .at(at)
            .is_some_and(|t| own.sentence - t.sentence <= SENTENCES);
        let Some(name) = near.then(|| name_at(scene, at)).flatten() else {
            at += 1;
            continue;
        };
        at = name.end.max(at + 1);
        let Some(token) = scene.at(name.start) else {
            continue;
        };
        let behind = scene.lower(name.end);
        let before = name.start.checked_sub(1).map_or("", |b| scene.lower(b));
        let mut score = 30.0 - 6.0 * (own.sentence - token.sentence) as f32;
        // It is the subject of a sentence, or of a verb of saying.
        // “…,” said X, and not “praised X”.
        let opens = name
            .start
            .checked_sub(2)
            .and_then(|b| scene.at(b))
            .is_none_or(|t| !t.is_word());
        let inverted = opens
            && words::english(before) == Some(words::Verb::Saying)
            && !words::is_rarely_verb(before);
        let reports =
            words::english(behind).is_some() || scene.foreign_verb(name.end).is_some() || inverted;
        let is_subject = !words::is_preposition(before)
            && (words::is_auxiliary(behind)
                || words::is_adverb(behind)
                || words::is_other_verb(behind)
                || reports);
        score += if reports { 10.0 } else { 0.0 } + if is_subject { 7.0 } else { 0.0 };
        if words::is_preposition(before) || matches!(behind, "'s" | "’s") && !is_subject {
            score -= 6.0;
        }
        // People have two names or were called so before; places mostly one.
        let is_title = |word: &str| {
            matches!(
                word,
                "mr" | "mrs"
                    | "ms"
                    | "dr"
                    | "president"
                    | "minister"
                    | "sir"
                    | "professor"
                    | "senator"
                    | "governor"
                    | "secretary"
                    | "mayor"
            )
        };
        if is_one && name.len() >= 2 {
            score += 5.0;
        }
        if name.clone().any(|i| is_title(scene.lower(i))) {
            score += 4.0;
        }
        let gender = name.clone().find_map(|i| match scene.lower(i) {
            "mr" | "sir" | "king" | "prince" => Some("he"),
            "mrs" | "ms" | "miss" | "lady" | "queen" | "princess" => Some("she"),
            _ => None,
        });
        if is_one && gender.is_some_and(|g| (g == "he") != matches!(pronoun, "he" | "him")) {
            score -= 40.0;
        }
        let of_body = name.clone().any(|i| {
            words::is_collective(scene.lower(i))
                || matches!(
                    scene.lower(i),
                    "university" | "department" | "bank" | "times" | "news" | "states" | "nations"
                )
        });
        if is_one && of_body {
            score -= 12.0;
        }
        found.push((score, name));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut seen: Vec<String> = Vec::new();
    let last = |name: &Range<usize>| scene.lower(name.end - 1).to_owned();
    found.retain(|(_, name)| {
        let is_new = !seen.contains(&last(name));
        seen.push(last(name));
        is_new
    });
    found.into_iter().take(5).map(|(_, name)| name).collect()
}
