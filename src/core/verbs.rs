//! Verbs of saying and their colour: whether they only say that something was said, leave it open,
//! take it for true, or say in what temper it was said.
//!
//! Knows words, no articles. What is not listed has no colour: it is not guessed.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a verb of saying makes of what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Colour {
    Neutral,
    Doubting,
    Backing,
    Heated,
}

impl Colour {
    pub const ALL: [Self; 4] = [Self::Neutral, Self::Doubting, Self::Backing, Self::Heated];

    pub fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Doubting => "doubting",
            Self::Backing => "backing",
            Self::Heated => "heated",
        }
    }
}

/// By each form: the form that is shown, and its colour.
static VERBS: LazyLock<HashMap<&str, (&str, Colour)>> = LazyLock::new(|| {
    let mut verbs = HashMap::new();
    for line in include_str!("../../assets/verbs_of_saying.txt").lines() {
        let mut words = line.split(' ');
        let (Some(_language), Some(colour)) = (words.next(), words.next()) else {
            continue;
        };
        let colour = Colour::ALL.into_iter().find(|known| known.name() == colour);
        let (Some(colour), Some(shown)) = (colour, words.clone().next()) else {
            continue;
        };
        for form in words {
            verbs.entry(form).or_insert((shown, colour));
        }
    }
    verbs
});

/// The verb in the words of a cue, as it is shown, with its colour where that is known.
pub fn verb_of(cue: &str) -> (String, Option<Colour>) {
    let small = cue.to_lowercase();
    let words = || {
        let words = small.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty())
    };
    if let Some((shown, colour)) = words().find_map(|word| VERBS.get(word)) {
        return (shown.replace('_', " "), Some(*colour));
    }
    let words: Vec<&str> = words().collect();
    (words.join(" "), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_verb_are_one_and_have_its_colour() {
        let check = |cue: &str, verb: &str, colour: Option<Colour>| {
            assert_eq!(verb_of(cue), (verb.to_owned(), colour), "{cue}");
        };
        check("said", "said", Some(Colour::Neutral));
        check("told journalists", "told", Some(Colour::Neutral));
        check("According to", "according to", Some(Colour::Neutral));
        check("has admitted", "admitted", Some(Colour::Doubting));
        check("CLAIMS", "claimed", Some(Colour::Doubting));
        check("boasted that", "boasted", Some(Colour::Doubting));
        check("pointed out", "pointed out", Some(Colour::Backing));
        check("snapped", "snapped", Some(Colour::Heated));
        check("räumte ein", "räumte ein", Some(Colour::Doubting));
        check("sang it", "sang it", None);
        check(":", "", None);
    }

    #[test]
    fn every_line_of_the_list_reads() {
        let lines = include_str!("../../assets/verbs_of_saying.txt").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            let words: Vec<&str> = line.split(' ').collect();
            let is_known = Colour::ALL.iter().any(|colour| colour.name() == words[1]);
            assert!(is_known && words.len() > 2, "{line}");
        }
    }
}
