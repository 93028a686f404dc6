//! Short texts that say the same: one utterance in several outlets, one claim in several wordings.
//!
//! Texts are compared word by word, by weight, whatever the typography; numbers are one word however
//! they are written, and one that is another number is told, since a claim with another number is
//! another claim. Which of many texts are compared at all, an index of runs of words says (`index`).
//! Pure; knows no articles, labels or people.

pub mod among;
pub mod index;
mod numbers;

use crate::core::word_hashes::{SEED, Word, mix, words_of};
use numbers::{Number, numbers_of};
use std::ops::Range;

/// No text is compared beyond so many words: time grows by the square.
const MOST: usize = 400;
/// Words of so few letters weigh one, others [`HEAVY`].
const SHORT: usize = 3;
const HEAVY: u32 = 3;
const NUMBER: u32 = 4;
/// Another number is told, so it need not keep two texts apart.
const OTHER_NUMBER: u32 = 2;
/// What texts of little and of much weight must share, in hundredths.
const LIGHT: (u32, u32) = (12, 72);
const LONG: (u32, u32) = (36, 55);
/// The same where both give the same figure.
const WITH_FIGURE: u32 = 50;
/// What a text of little and of more weight must share that is a part of the other, and its least
/// weight.
const LIGHT_PART: (u32, u32) = (16, 80);
const PART: u32 = 70;
const MIN_PART: u32 = 10;
/// One that stands in the other nearly word for word is a part of it where that one has so much more,
/// in hundredths.
const VERBATIM: u32 = 90;
const MORE: u32 = 125;
/// Of the words whatever their order.
const REORDERED: u32 = 80;

/// A short text made ready for comparing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saying {
    tokens: Vec<Token>,
    weight: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token {
    hash: u64,
    weight: u8,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Word,
    /// “not” and its like.
    Denial,
    Number,
    /// A number that few texts share by chance: neither small nor a year.
    Figure,
}

impl Token {
    fn is_number(self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Figure)
    }
}

/// How a text is like another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// Word for word.
    Same,
    /// Some words are others.
    Reworded,
    /// It is a part of the other.
    Cut,
    /// The other is a part of it.
    Holds,
    /// Only a figure is the same.
    Figure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness {
    pub relation: Relation,
    /// How much both say, in hundredths; of a part, how much of it the other says.
    pub share: u8,
    /// Each gives a number that the other does not.
    pub other_number: bool,
    /// Only one of them says “not”.
    pub denies: bool,
    /// Where the part stands, in words of the text that holds it.
    pub part: Option<(u32, u32)>,
}

impl Likeness {
    /// Whether they say the same as far as words tell: nothing in it speaks against that.
    pub fn is_plain(&self) -> bool {
        !self.other_number && !self.denies && self.relation != Relation::Figure
    }

    /// The same as the other text sees it.
    pub fn turned(self) -> Self {
        let relation = match self.relation {
            Relation::Cut => Relation::Holds,
            Relation::Holds => Relation::Cut,
            same => same,
        };
        Self { relation, ..self }
    }

    /// The nearest sorts last.
    pub fn rank(&self) -> (bool, bool, u8) {
        let is_whole = matches!(self.relation, Relation::Same | Relation::Reworded);
        (self.is_plain(), is_whole, self.share)
    }
}

impl Saying {
    pub fn of(text: &str) -> Self {
        let words = words_of(text);
        let numbers = numbers_of(text, &words);
        let mut numbers = numbers.into_iter().peekable();
        let mut tokens = Vec::with_capacity(words.len());
        let mut at = 0;
        while let Some(word) = words.get(at).filter(|_| tokens.len() < MOST) {
            if let Some(number) = numbers.next_if(|number| number.words.start == at) {
                at = number.words.end;
                tokens.push(number_token(&number));
                continue;
            }
            tokens.push(word_token(text, *word));
            at += 1;
        }
        let weight = tokens.iter().map(|token| u32::from(token.weight)).sum();
        Self { tokens, weight }
    }

    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// How many words it has.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// How much it says: small words count for less.
    pub fn weight(&self) -> u32 {
        self.weight
    }

    /// The same number for the same words.
    pub fn key(&self) -> u64 {
        self.tokens
            .iter()
            .fold(SEED, |hash, token| mix(hash, token.hash))
    }

    fn figures(&self) -> impl Iterator<Item = u64> {
        let figures = self.tokens.iter().filter(|t| t.kind == Kind::Figure);
        figures.map(|token| token.hash)
    }

    fn denials(&self, within: Range<usize>) -> usize {
        let tokens = self.tokens.get(within).unwrap_or_default().iter();
        tokens.filter(|token| token.kind == Kind::Denial).count()
    }

    fn shares_figure(&self, other: &Self) -> bool {
        self.figures()
            .any(|figure| other.figures().any(|f| f == figure))
    }

    /// How it is like another one; `None` when it is not.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.weight > other.weight {
            return other.likeness(self).map(Likeness::turned);
        }
        if self.is_empty() {
            return None;
        }
        let plain = |relation, share| Likeness {
            relation,
            share,
            other_number: false,
            denies: false,
            part: None,
        };
        let is_same = |(a, b): (&Token, &Token)| a.hash == b.hash;
        if self.len() == other.len() && self.tokens.iter().zip(&other.tokens).all(is_same) {
            return Some(plain(Relation::Same, 100));
        }
        let shares_figure = self.shares_figure(other);
        let whole = share(distance(self, other, false).0, other.weight);
        let reordered = shared(self, other) * 100 / other.weight.max(1);
        let mut needed = needed(self.weight);
        if shares_figure {
            needed = needed.min(WITH_FIGURE);
        }
        let (cost, place) = distance(self, other, true);
        let part = share(cost, self.weight);
        let can_be_part = self.weight >= MIN_PART && self.len() >= 3;
        let is_verbatim = part >= VERBATIM && other.weight * 100 >= self.weight * MORE;
        let is_reworded = whole >= needed || reordered >= REORDERED.max(needed);
        if is_reworded && !(can_be_part && is_verbatim) {
            let all = 0..other.len();
            return Some(Likeness {
                other_number: other_number(self, other, all.clone()),
                denies: self.denials(0..self.len()) != other.denials(all),
                ..plain(Relation::Reworded, whole.max(reordered).min(99) as u8)
            });
        }
        let (light, of_light) = LIGHT_PART;
        let needed = if self.weight < light { of_light } else { PART };
        if can_be_part && part >= needed {
            return Some(Likeness {
                other_number: other_number(self, other, place.clone()),
                denies: self.denials(0..self.len()) != other.denials(place.clone()),
                part: Some((place.start as u32, place.end as u32)),
                ..plain(Relation::Cut, part.min(100) as u8)
            });
        }
        shares_figure.then(|| Likeness {
            other_number: other_number(self, other, 0..other.len()),
            ..plain(Relation::Figure, whole.max(reordered).min(99) as u8)
        })
    }
}

fn word_token(text: &str, word: Word) -> Token {
    let place = word.start as usize..word.end as usize;
    let letters = text.get(place).unwrap_or_default();
    let is_denial = is_denial(letters) || is_contracted(text, word, letters);
    let is_short = letters.is_ascii() && letters.len() <= SHORT;
    let weight = if is_denial || !is_short { HEAVY } else { 1 };
    Token {
        hash: word.hash,
        weight: weight as u8,
        kind: if is_denial { Kind::Denial } else { Kind::Word },
    }
}

fn number_token(number: &Number) -> Token {
    Token {
        hash: mix(mix(SEED, u64::from(u32::MAX)), number.value.to_bits()),
        weight: NUMBER as u8,
        kind: if number.is_figure() {
            Kind::Figure
        } else {
            Kind::Number
        },
    }
}

/// Words by which a sentence says the opposite, in the languages of the lexicons.
fn is_denial(word: &str) -> bool {
    const DENIALS: &[&str] = &[
        "not",
        "no",
        "never",
        "none",
        "cannot",
        "nicht",
        "kein",
        "keine",
        "keinen",
        "keiner",
        "nie",
        "niemals",
        "pas",
        "jamais",
        "aucun",
        "aucune",
        "nunca",
        "jamás",
        "ningún",
        "ninguna",
        "non",
        "mai",
        "nessun",
        "nessuno",
        "não",
        "nenhum",
        "nenhuma",
        "niet",
        "geen",
        "nooit",
        "inte",
        "ikke",
        "не",
        "нет",
        "никогда",
        "ni",
        "不",
        "没",
    ];
    let lower = word.to_lowercase();
    DENIALS.contains(&lower.as_str())
}

/// The end of “don’t”.
fn is_contracted(text: &str, word: Word, letters: &str) -> bool {
    let before = text.get(..word.start as usize).unwrap_or_default();
    letters.eq_ignore_ascii_case("t")
        && (before.ends_with("n’") || before.ends_with("n'") || before.ends_with("N’"))
}

/// What two texts must share so that they count as rewordings of each other.
fn needed(weight: u32) -> u32 {
    let ((from, most), (to, least)) = (LIGHT, LONG);
    let over = weight.clamp(from, to) - from;
    most - (most - least) * over / (to - from)
}

fn share(cost: u32, of: u32) -> u32 {
    100 * of.saturating_sub(cost) / of.max(1)
}

/// The weight of the words that both have, whatever their order.
fn shared(a: &Saying, b: &Saying) -> u32 {
    let sorted = |saying: &Saying| {
        let mut tokens: Vec<(u64, u8)> = saying.tokens.iter().map(|t| (t.hash, t.weight)).collect();
        tokens.sort_unstable();
        tokens
    };
    let (a, b) = (sorted(a), sorted(b));
    let mut others = b.iter().peekable();
    let mut weight = 0;
    for (hash, heavy) in a {
        while others.next_if(|(other, _)| *other < hash).is_some() {}
        if others.next_if(|(other, _)| *other == hash).is_some() {
            weight += u32::from(heavy);
        }
    }
    weight
}

/// Whether each text gives a number that the other does not, of the other as far as it is compared.
fn other_number(a: &Saying, b: &Saying, within: Range<usize>) -> bool {
    let numbers = |tokens: &[Token]| {
        let numbers = tokens.iter().filter(|token| token.is_number());
        numbers.map(|token| token.hash).collect::<Vec<u64>>()
    };
    let ours = numbers(&a.tokens);
    let theirs = numbers(b.tokens.get(within).unwrap_or_default());
    let is_missing = |some: &[u64], others: &[u64]| some.iter().any(|n| !others.contains(n));
    is_missing(&ours, &theirs) && is_missing(&theirs, &ours)
}

/// The weight of what must be changed in `a` to have `b`, or, with `anywhere`, a stretch of it, and
/// which one.
fn distance(a: &Saying, b: &Saying, anywhere: bool) -> (u32, Range<usize>) {
    // By words of `b`: the cost up to there, and where what is compared begins.
    let mut row: Vec<(u32, usize)> = Vec::with_capacity(b.len() + 1);
    let mut cost = 0;
    row.push((0, 0));
    for (at, token) in b.tokens.iter().enumerate() {
        cost += u32::from(token.weight);
        row.push(if anywhere { (0, at + 1) } else { (cost, 0) });
    }
    for x in &a.tokens {
        let mut diagonal = row.first().copied().unwrap_or_default();
        if let Some(first) = row.first_mut() {
            first.0 += u32::from(x.weight);
        }
        let mut left = row.first().copied().unwrap_or_default();
        for (cell, y) in row.iter_mut().skip(1).zip(&b.tokens) {
            let swapped = if x.hash == y.hash {
                0
            } else if x.is_number() && y.is_number() {
                OTHER_NUMBER
            } else {
                u32::from(x.weight.max(y.weight))
            };
            let options = [
                (diagonal.0 + swapped, diagonal.1),
                (cell.0 + u32::from(x.weight), cell.1),
                (left.0 + u32::from(y.weight), left.1),
            ];
            diagonal = *cell;
            *cell = options
                .into_iter()
                .min_by_key(|(cost, _)| *cost)
                .unwrap_or(*cell);
            left = *cell;
        }
    }
    if !anywhere {
        let cost = row.last().map_or(0, |(cost, _)| *cost);
        return (cost, 0..b.len());
    }
    let ends = row.iter().enumerate();
    let best = ends.min_by_key(|(_, (cost, _))| *cost);
    best.map_or((a.weight, 0..0), |(end, (cost, start))| {
        (*cost, *start..end.max(*start))
    })
}

#[cfg(test)]
mod tests;
