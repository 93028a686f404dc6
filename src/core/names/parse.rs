//! A name in its plainest form: folded, in Latin letters, without titles and without what only says
//! what kind of firm it is.
//!
//! What has small letters where names have capitals is a description and no name.

use crate::core::search::folded;
use crate::core::titles::is_title;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// What it is made of, in order.
    pub words: Vec<String>,
    /// All of them, with a space between.
    pub key: String,
    /// It is called so, and not only described.
    pub is_name: bool,
    /// It stood in other letters than Latin ones.
    pub is_transliterated: bool,
    /// The first letters of what an organisation is called.
    pub initials: Option<String>,
}

/// What else stands before names, with titles and within them.
const BEFORE: &[&str] = &[
    "vice",
    "prime",
    "foreign",
    "defence",
    "defense",
    "finance",
    "interior",
    "deputy",
    "state",
    "duke",
    "rev",
    "reverend",
    "saint",
    "st",
    "coach",
    "officer",
    "inspector",
    "detective",
    "sheriff",
    "mme",
    "senor",
    "senora",
    "don",
    "doña",
    "dona",
    "former",
    "acting",
    "us",
    "u.s",
    "uk",
    "eu",
    "author",
    "actor",
    "singer",
];

/// What stands behind names.
const BEHIND: &[&str] = &["jr", "sr", "ii", "iii", "iv", "phd", "md", "mp", "esq"];

/// What only says what kind of firm it is, and what counts for nothing in its name.
const FIRMS: &[&str] = &[
    "inc",
    "incorporated",
    "ltd",
    "limited",
    "llc",
    "corp",
    "corporation",
    "co",
    "company",
    "plc",
    "gmbh",
    "ag",
    "sa",
    "nv",
    "spa",
    "oy",
    "ab",
    "as",
    "the",
];

/// What no acronym has a letter for.
const SMALL: &[&str] = &[
    "of", "the", "and", "for", "in", "on", "de", "la", "le", "des", "du", "und", "der",
];

/// With one of these it is a description, or several.
const DESCRIBE: &[&str] = &[
    "of", "the", "and", "my", "our", "your", "his", "her", "its", "their", "this", "that", "one",
    "two", "some", "many", "all", "a", "an",
];

/// Small words within names.
const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "di", "del", "della", "der", "den", "van", "von", "zu", "la", "le",
    "du", "al", "el", "bin", "ibn", "ben", "y", "e", "af", "ter", "ten", "st",
];

fn stands_before(word: &str) -> bool {
    is_title(word) || BEFORE.contains(&word)
}

impl Name {
    pub(super) fn of(written: &str, is_organisation: bool) -> Option<Self> {
        let latin = latin(written);
        let is_transliterated = latin.is_some();
        let latin = latin.as_deref().unwrap_or(written);
        let latin = latin.trim_end_matches("’s").trim_end_matches("'s");
        let mut words: Vec<String> = Vec::new();
        let mut is_name = !written.is_empty();
        let parts = latin.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '/'));
        let parts = parts.flat_map(|part| {
            // “J.R.R.” is three.
            let is_dotted = part.len() <= 8 && part.matches('.').count() > 1;
            let pieces: Vec<&str> = if is_dotted {
                part.split('.').collect()
            } else {
                vec![part]
            };
            pieces
        });
        for part in parts {
            let bare = part.trim_matches(|c: char| !c.is_alphanumeric());
            if bare.is_empty() {
                continue;
            }
            let plain: String = folded(bare).chars().filter(|c| *c != '.').collect();
            let is_small = bare.chars().next().is_some_and(char::is_lowercase);
            is_name &= !is_small || PARTICLES.contains(&plain.as_str()) || is_organisation;
            words.push(plain);
        }
        if is_organisation {
            let firms = |word: &String| FIRMS.contains(&word.as_str());
            if !words.iter().all(firms) {
                words.retain(|word| !firms(word));
            }
        } else {
            while words.len() > 1 && words.first().is_some_and(|w| stands_before(w)) {
                words.remove(0);
            }
            while words.len() > 1 && words.last().is_some_and(|w| BEHIND.contains(&w.as_str())) {
                words.pop();
            }
            // A title alone, or one “of” something, names nobody.
            let is_title = words.iter().all(|w| stands_before(w));
            let are_several = written.contains('&') || written.matches(',').count() > 1;
            let is_described = words.iter().any(|w| DESCRIBE.contains(&w.as_str()));
            is_name &= !is_title && !are_several && !is_described;
        }
        let long = words.iter().any(|word| word.chars().count() > 1);
        if words.is_empty() || !long {
            return None;
        }
        let firsts = words.iter().filter(|word| !SMALL.contains(&word.as_str()));
        let initials: String = firsts.filter_map(|word| word.chars().next()).collect();
        // What is no organisation yet may be one: it came in with a name alone.
        let least = if is_organisation { 2 } else { 3 };
        let has_initials = initials.chars().count() >= least;
        Some(Self {
            key: words.join(" "),
            is_name,
            is_transliterated,
            initials: has_initials.then_some(initials),
            words,
        })
    }
}

/// The letters of an acronym, as initials are kept; none for what is none.
pub(super) fn acronym(written: &str) -> Option<String> {
    let letters: Vec<char> = written.chars().filter(|c| *c != '.').collect();
    let is_it = (2..=7).contains(&letters.len()) && letters.iter().all(|c| c.is_uppercase());
    is_it.then(|| letters.into_iter().flat_map(char::to_lowercase).collect())
}

/// Each word that is this one without one letter.
pub(super) fn without_a_letter(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if !(4..=20).contains(&letters.len()) {
        return Vec::new();
    }
    let mut all = vec![word.to_owned()];
    all.extend((0..letters.len()).map(|skipped| {
        let rest = letters.iter().enumerate().filter(|(at, _)| *at != skipped);
        rest.map(|(_, c)| *c).collect::<String>()
    }));
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether one word is the other with an “s”, as those of one family are called together.
pub(super) fn is_plural(a: &str, b: &str) -> bool {
    a.strip_suffix('s') == Some(b) || b.strip_suffix('s') == Some(a)
}

/// Whether one letter more, less, other or two in another order make one word of the other.
pub(super) fn is_one_letter_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short == long || short.len() < 4 || long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let rest = |word: &[char], from: usize| word.get(from..).unwrap_or_default().to_vec();
    if long.len() > short.len() {
        return rest(&short, same) == rest(&long, same + 1);
    }
    // The first letter of a name is seldom mistaken.
    if same == 0 {
        return false;
    }
    let swapped = short.get(same) == long.get(same + 1) && short.get(same + 1) == long.get(same);
    rest(&short, same + 1) == rest(&long, same + 1)
        || (swapped && rest(&short, same + 2) == rest(&long, same + 2))
}

/// Cyrillic as newspapers write it in Latin letters; none where there is none of it.
fn latin(text: &str) -> Option<String> {
    let is_cyrillic = |c: char| matches!(c, '\u{400}'..='\u{45F}');
    if !text.contains(is_cyrillic) {
        return None;
    }
    let mut latin = String::with_capacity(text.len());
    for c in text.chars() {
        let small = c.to_lowercase().next().unwrap_or(c);
        let written = match small {
            'а' => "a",
            'б' => "b",
            'в' => "v",
            'г' | 'ґ' => "g",
            'д' => "d",
            'ђ' => "dj",
            'е' | 'э' | 'є' => "e",
            'ё' => "yo",
            'ж' => "zh",
            'з' => "z",
            'и' | 'і' => "i",
            'й' | 'ы' => "y",
            'ј' => "j",
            'ї' => "yi",
            'к' => "k",
            'л' => "l",
            'љ' => "lj",
            'м' => "m",
            'н' => "n",
            'њ' => "nj",
            'о' => "o",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'ћ' => "c",
            'у' | 'ў' => "u",
            'ф' => "f",
            'х' => "kh",
            'ц' => "ts",
            'ч' => "ch",
            'џ' => "dz",
            'ш' => "sh",
            'щ' => "shch",
            'ъ' | 'ь' => "",
            'ю' => "yu",
            'я' => "ya",
            _ => {
                latin.push(c);
                continue;
            }
        };
        let mut letters = written.chars();
        if c.is_uppercase()
            && let Some(first) = letters.next()
        {
            latin.extend(first.to_uppercase());
        }
        latin.extend(letters);
    }
    Some(latin)
}
