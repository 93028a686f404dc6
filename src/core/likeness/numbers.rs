//! The numbers of a short text, however they are written: “2,400”, “2.400”, “2 400”, “2.4 thousand” and
//! “two thousand four hundred” are one.
//!
//! Points and commas before three digits group them, others begin a fraction. Words are English, and
//! names of large numbers those of a few more languages; a word that is unknown is no number.

use crate::core::word_hashes::Word;
use std::ops::Range;

/// A number and the words of the text that say it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    pub words: Range<usize>,
    pub value: f64,
}

impl Number {
    /// Whether it says something by itself: small ones and years stand everywhere.
    pub fn is_figure(&self) -> bool {
        let is_year = self.value.fract() == 0.0 && (1_900.0..2_100.0).contains(&self.value);
        !is_year && (self.value >= 100.0 || self.value.fract() != 0.0)
    }
}

pub(super) fn numbers_of(text: &str, words: &[Word]) -> Vec<Number> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let number = in_digits(text, words, at).or_else(|| in_words(text, words, at));
        at = match number {
            Some(number) => {
                let end = number.words.end;
                found.push(number);
                end
            }
            None => at + 1,
        };
    }
    found
}

fn spelled<'a>(text: &'a str, word: &Word) -> &'a str {
    let place = word.start as usize..word.end as usize;
    text.get(place).unwrap_or_default()
}

/// What stands between two words.
fn between<'a>(text: &'a str, before: &Word, after: &Word) -> &'a str {
    let place = before.end as usize..after.start as usize;
    text.get(place).unwrap_or_default()
}

/// Digits of any script.
fn digits(word: &str) -> Option<String> {
    let digits: Option<String> = word
        .chars()
        .map(|c| {
            let value = c.to_digit(10).or_else(|| decimal(c))?;
            char::from_digit(value, 10)
        })
        .collect();
    digits.filter(|digits| !digits.is_empty())
}

/// The value of a digit of the scripts that newspapers write numbers in.
fn decimal(c: char) -> Option<u32> {
    const ZEROS: [u32; 6] = [0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10];
    let c = u32::from(c);
    let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&c));
    zero.map(|zero| c - zero)
}

fn in_digits(text: &str, words: &[Word], at: usize) -> Option<Number> {
    let first = words.get(at)?;
    // “5km” and “38th” begin with their number.
    let own = spelled(text, first);
    let length = own.chars().take_while(|c| digits(&c.to_string()).is_some());
    let length = length.map(char::len_utf8).sum::<usize>();
    let (head, tail) = own.split_at_checked(length)?;
    let mut written = digits(head)?;
    let mut end = at + 1;
    if tail.is_empty() {
        let mut before = first;
        while let Some(next) = words.get(end) {
            let gap = between(text, before, next);
            let Some(more) = digits(spelled(text, next)) else {
                break;
            };
            let groups = more.len() == 3 && written.len() <= 15 && !written.contains('.');
            match gap {
                "," | "." | "'" | "’" | "\u{A0}" | "\u{202F}" | " " | "٬" if groups => {
                    // “in 2018 100 people” is two numbers, “10 000” is one.
                    if gap == " " && before == first && head.chars().count() > 3 {
                        break;
                    }
                    written.push_str(&more);
                }
                "," | "." | "٫" if !written.contains('.') => {
                    written.push('.');
                    written.push_str(&more);
                    end += 1;
                    break;
                }
                _ => break,
            }
            before = next;
            end += 1;
        }
    }
    let mut value: f64 = written.parse().ok()?;
    let large = words
        .get(end)
        .and_then(|next| large(&spelled(text, next).to_lowercase()));
    if let Some(large) = large {
        value *= large;
        end += 1;
    }
    Some(Number {
        words: at..end,
        value,
    })
}

/// The names of large numbers.
fn large(word: &str) -> Option<f64> {
    Some(match word {
        "thousand" | "tausend" | "mille" | "mil" | "тысяч" | "тысячи" => 1e3,
        "million" | "millions" | "millionen" | "mio" | "millones" | "milioni" | "milhões" | "m"
        | "миллион" | "миллиона" | "миллионов" => 1e6,
        "billion"
        | "billions"
        | "bn"
        | "milliarden"
        | "milliarde"
        | "mrd"
        | "milliard"
        | "milliards"
        | "miliardi"
        | "миллиард"
        | "миллиардов" => 1e9,
        "trillion" | "trillions" | "billionen" => 1e12,
        _ => return None,
    })
}

fn small(word: &str) -> Option<f64> {
    const BELOW_TWENTY: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = [
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    let place = |all: &[&str]| all.iter().position(|known| *known == word);
    let tens = || place(&TENS).map(|at| (at as f64 + 2.0) * 10.0);
    place(&BELOW_TWENTY).map(|at| at as f64).or_else(tens)
}

/// A number written out in English.
fn in_words(text: &str, words: &[Word], at: usize) -> Option<Number> {
    let (mut whole, mut part) = (0.0, None::<f64>);
    let mut end = at;
    let mut used = 0;
    let lower = |word: &Word| spelled(text, word).to_lowercase();
    while let Some(word) = words.get(end) {
        let word = lower(word);
        if let Some(value) = small(&word) {
            // “two three” is two numbers, “forty-nine” is one.
            let goes_on = part.is_none_or(|part| {
                let is_tens = part % 100.0 >= 20.0 && part % 10.0 == 0.0 && value < 10.0;
                part % 100.0 == 0.0 && value < 100.0 && part > 0.0 || is_tens
            });
            if !goes_on {
                break;
            }
            part = Some(part.unwrap_or(0.0) + value);
        } else if word == "hundred" && part.is_some_and(|part| part < 100.0) {
            part = part.map(|part| part * 100.0);
        } else if let Some(large) = large(&word).filter(|_| part.is_some() && word.len() > 3) {
            whole += part.take().unwrap_or(0.0) * large;
        } else if word == "and" && end > at {
            let next = words.get(end + 1).map(&lower);
            let goes_on = part.is_some_and(|part| part >= 100.0) || whole > 0.0 && part.is_none();
            if !goes_on || next.is_none_or(|next| small(&next).is_none()) {
                break;
            }
            end += 1;
            continue;
        } else {
            break;
        }
        end += 1;
        used = end;
    }
    let value = whole + part.unwrap_or(0.0);
    // “one” alone is mostly no number.
    let is_one = used == at + 1 && value == 1.0;
    (used > at && !is_one).then_some(Number {
        words: at..used,
        value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::word_hashes::words_of;

    #[test]
    fn numbers_are_one_however_they_are_written() {
        let check = |text: &str, expected: &[f64]| {
            let found = numbers_of(text, &words_of(text));
            let found: Vec<f64> = found.iter().map(|number| number.value).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("no number, no one", &[]);
        check("2,400 jobs by 2031", &[2_400.0, 2_031.0]);
        check("2.400 Stellen", &[2_400.0]);
        check("2\u{A0}400 emplois", &[2_400.0]);
        check("10 000 people", &[10_000.0]);
        check("in 2018 100 people", &[2_018.0, 100.0]);
        check("2018, 2019 and 2022", &[2_018.0, 2_019.0, 2_022.0]);
        check("1,234,567.5 tonnes", &[1_234_567.5]);
        check("3.5 per cent, 3,5 Prozent", &[3.5, 3.5]);
        check("2.4 million euros", &[2_400_000.0]);
        check("49 years, forty-nine years", &[49.0, 49.0]);
        check("two hundred and five, two and five", &[205.0, 2.0, 5.0]);
        check("two thousand four hundred jobs", &[2_400.0]);
        check("one million, three hundred thousand", &[1_300_000.0]);
        check("the 38th, 5km", &[38.0, 5.0]);
        check("٣٨ بالمئة", &[38.0]);
        check("99999999999999999999999999999999999999999", &[1e41]);
    }

    #[test]
    fn figures_are_telling() {
        for (value, expected) in [
            (2_400.0, true),
            (3.5, true),
            (2_031.0, false),
            (12.0, false),
            (1_850.0, true),
        ] {
            let number = Number { words: 0..1, value };
            assert_eq!(number.is_figure(), expected, "{value}");
        }
    }
}
