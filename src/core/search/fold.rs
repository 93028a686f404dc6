//! Words as a pattern that finds them however they are typed: in any case, with or without accents,
//! with straight or curly quotes, any dash and any space, composed or decomposed, in full width, with
//! or without Arabic vowel marks, in any of the forms of a letter.
//!
//! Every letter has a key, its plainest form; a letter of the query becomes the class of all letters
//! with its key. So the text is searched as it is and nothing of it is folded.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Marks that may stand behind any letter, and what has no width, as a class.
const MARKS: &str = "[\u{300}-\u{36F}\u{1AB0}-\u{1AFF}\u{1DC0}-\u{1DFF}\u{20D0}-\u{20FF}\u{FE20}-\u{FE2F}\
    \u{591}-\u{5BD}\u{5BF}\u{5C1}\u{5C2}\u{5C4}\u{5C5}\u{5C7}\
    \u{610}-\u{61A}\u{640}\u{64B}-\u{65F}\u{670}\u{6D6}-\u{6DC}\u{6DF}-\u{6E8}\u{6EA}-\u{6ED}\
    \u{AD}\u{200B}-\u{200F}\u{2060}\u{FEFF}\u{202A}-\u{202E}\u{2066}-\u{2069}]*";

/// A space of the query: any white space, with one line end at most.
const SPACE: &str = r"(?:[\s--\n]+\n?[\s--\n]*|\n[\s--\n]*)";
const DASH: &str = "[\\-\u{2010}-\u{2015}\u{2212}\u{FE58}\u{FE63}\u{FF0D}]{1,3}";

/// Letters that have a decomposition, or one of the forms below.
const RANGES: [std::ops::RangeInclusive<u32>; 9] = [
    0x21..=0x2FFF,
    0x3000..=0x30FF,
    0xA640..=0xABFF,
    0xF900..=0xFAFF,
    0xFB00..=0xFB4F,
    0xFE70..=0xFEFF,
    0xFF00..=0xFFEF,
    0x1D400..=0x1D7FF,
    0x2F800..=0x2FA1F,
];

/// So many letters whose joined forms overlap are tried in every way; more are taken as they stand.
const MAX_JOINED: usize = 5;

/// Letters by their key.
#[derive(Default)]
struct Letters {
    /// Those whose key is one letter.
    of_one: HashMap<char, Vec<char>>,
    /// Those whose key is several, by the first of them.
    of_several: HashMap<char, Vec<(Vec<char>, char)>>,
}

static ANY_CASE: LazyLock<Letters> = LazyLock::new(|| Letters::new(false));
static CASED: LazyLock<Letters> = LazyLock::new(|| Letters::new(true));

impl Letters {
    fn new(cased: bool) -> Self {
        let mut letters = Self::default();
        let mut key = Vec::new();
        for c in RANGES.into_iter().flatten().filter_map(char::from_u32) {
            key.clear();
            push_key(c, cased, &mut key);
            match key.as_slice() {
                [] => {}
                [one] => letters.of_one.entry(*one).or_default().push(c),
                [first, ..] if is_joined(c) => {
                    let joined = letters.of_several.entry(*first).or_default();
                    joined.push((key.clone(), c));
                }
                _ => {}
            }
        }
        letters
    }
}

/// Whether a letter of several is looked for where they are: others, as units of measure in one
/// character, would make every pattern long and are never met in words.
fn is_joined(c: char) -> bool {
    matches!(c, 'ß' | 'ẞ' | 'æ' | 'Æ' | 'œ' | 'Œ' | 'ĳ' | 'Ĳ' | '…' | '‥')
        || matches!(c, '\u{1C4}'..='\u{1CC}' | '\u{1F1}'..='\u{1F3}' | 'ǽ' | 'Ǽ' | 'ǣ' | 'Ǣ')
        || matches!(c, '\u{FB00}'..='\u{FB06}' | '\u{FEF5}'..='\u{FEFC}')
        || std::iter::once(c).nfd().nth(1).is_some()
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}' | '\u{591}'..='\u{5BD}' | '\u{5BF}'
        | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{640}'
        | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E8}'
        | '\u{6EA}'..='\u{6ED}' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
        | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The plainest form of a letter.
fn push_key(c: char, cased: bool, key: &mut Vec<char>) {
    if c.is_ascii() {
        key.push(match c {
            '`' => '\'',
            c if c.is_ascii_whitespace() => ' ',
            c if cased => c,
            c => c.to_ascii_lowercase(),
        });
        return;
    }
    // Letters of their own, though they can be written with a mark; syllables that are one letter.
    if matches!(c, 'й' | 'Й' | '\u{AC00}'..='\u{D7A3}') {
        key.extend(lower(c, cased));
        return;
    }
    for c in std::iter::once(c).nfkd() {
        if is_mark(c) {
            continue;
        }
        if c.is_whitespace() {
            key.push(' ');
            continue;
        }
        let plain: &[char] = match c {
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' | '〟' => &['"'],
            '`' | '‘' | '’' | '‚' | '‛' | '‹' | '›' | 'ʼ' | '′' | '´' => &['\''],
            '\u{2010}'..='\u{2015}' | '\u{2212}' => &['-'],
            'ß' => &['s', 's'],
            'ẞ' => &['S', 'S'],
            'æ' => &['a', 'e'],
            'Æ' => &['A', 'E'],
            'œ' => &['o', 'e'],
            'Œ' => &['O', 'E'],
            'ø' => &['o'],
            'Ø' => &['O'],
            'đ' | 'ð' => &['d'],
            'Đ' | 'Ð' => &['D'],
            'ł' => &['l'],
            'Ł' => &['L'],
            'ħ' => &['h'],
            'Ħ' => &['H'],
            'ı' => &['i'],
            'ς' => &['σ'],
            // Alef, yeh, waw, heh and kaf in the forms of their neighbours and languages.
            'أ' | 'إ' | 'آ' | 'ٱ' => &['ا'],
            'ى' | 'ی' | 'ئ' => &['ي'],
            'ؤ' => &['و'],
            'ة' => &['ه'],
            'ک' => &['ك'],
            _ => &[],
        };
        if plain.is_empty() {
            key.extend(lower(c, cased));
        } else {
            key.extend(plain.iter().flat_map(|c| lower(*c, cased)));
        }
    }
}

fn lower(c: char, cased: bool) -> impl Iterator<Item = char> {
    let lower = (!cased).then(|| c.to_lowercase());
    let as_it_is = cased.then_some(c);
    lower
        .into_iter()
        .flatten()
        .filter(|c| !is_mark(*c))
        .chain(as_it_is)
}

/// A text in its plainest form: two that differ only in how they are typed have the same.
pub fn folded(text: &str) -> String {
    keys(text, false).into_iter().collect()
}

fn keys(text: &str, cased: bool) -> Vec<char> {
    let mut keys = Vec::with_capacity(text.len());
    for c in text.nfc() {
        if c.is_whitespace() {
            keys.push(' ');
        } else {
            push_key(c, cased, &mut keys);
        }
    }
    // Runs of spaces, and of dashes, are one.
    keys.dedup_by(|a, b| a == b && matches!(a, ' ' | '-'));
    keys
}

/// A regular expression that finds these words however they are typed; with `cased`, in their case.
pub(super) fn pattern(words: &str, cased: bool) -> String {
    let letters: &Letters = if cased { &CASED } else { &ANY_CASE };
    let keys = keys(words, cased);
    if keys.is_empty() {
        // Marks alone are looked for as they are.
        return regex::escape(words);
    }
    let mut pattern = String::with_capacity(keys.len() * 80);
    let mut at = 0;
    while at < keys.len() {
        if at > 0 {
            pattern.push_str(MARKS);
        }
        let end = joined_end(letters, &keys, at);
        let group = keys.get(at..end).unwrap_or_default();
        if group.len() > 1 {
            pattern.push_str("(?:");
            ways(letters, group, &mut String::new(), &mut pattern);
            pattern.push(')');
        } else if let Some(key) = group.first() {
            push_letter(letters, *key, &mut pattern);
        }
        at = end.max(at + 1);
    }
    pattern
}

/// The same where other words stand right before, which were found already.
pub(super) fn pattern_behind(words: &str, cased: bool) -> String {
    format!("{MARKS}(?:{})", pattern(words, cased))
}

/// Up to where letters belong together, since some of them have joined forms.
fn joined_end(letters: &Letters, keys: &[char], at: usize) -> usize {
    let mut end = at + 1;
    let mut from = at;
    while from < end {
        for (joined, _) in joined_at(letters, keys.get(from..).unwrap_or_default()) {
            end = end.max(from + joined.len());
        }
        from += 1;
        if end - at > MAX_JOINED {
            return at + 1;
        }
    }
    end
}

/// The joined forms that a run of keys begins with.
fn joined_at<'a>(
    letters: &'a Letters,
    keys: &'a [char],
) -> impl Iterator<Item = &'a (Vec<char>, char)> {
    let first = keys.first().and_then(|first| letters.of_several.get(first));
    first
        .into_iter()
        .flatten()
        .filter(|(joined, _)| keys.starts_with(joined))
}

/// All ways to write a few letters, with a bar between.
fn ways(letters: &Letters, keys: &[char], before: &mut String, pattern: &mut String) {
    let Some(first) = keys.first() else {
        if !pattern.ends_with("(?:") {
            pattern.push('|');
        }
        pattern.push_str(before);
        return;
    };
    let length = before.len();
    let marks = if before.is_empty() { "" } else { MARKS };
    let mut lengths: Vec<usize> = joined_at(letters, keys)
        .map(|(joined, _)| joined.len())
        .collect();
    lengths.sort_unstable();
    lengths.dedup();
    for joined in lengths {
        before.push_str(marks);
        before.push('[');
        for (_, c) in joined_at(letters, keys).filter(|(key, _)| key.len() == joined) {
            push_in_class(*c, before);
        }
        before.push(']');
        ways(
            letters,
            keys.get(joined..).unwrap_or_default(),
            before,
            pattern,
        );
        before.truncate(length);
    }
    before.push_str(marks);
    push_letter(letters, *first, before);
    ways(letters, keys.get(1..).unwrap_or_default(), before, pattern);
    before.truncate(length);
}

fn push_letter(letters: &Letters, key: char, pattern: &mut String) {
    match key {
        ' ' => return pattern.push_str(SPACE),
        '-' => return pattern.push_str(DASH),
        _ => {}
    }
    // A letter that is written with a mark may stand there in two parts.
    let apart: String = std::iter::once(key).nfd().collect();
    let is_apart = apart.chars().nth(1).is_some();
    if is_apart {
        pattern.push_str("(?:");
    }
    match letters.of_one.get(&key) {
        Some(all) => {
            pattern.push('[');
            for c in all {
                push_in_class(*c, pattern);
            }
            if !all.contains(&key) {
                push_in_class(key, pattern);
            }
            pattern.push(']');
        }
        None => pattern.push_str(&regex::escape(key.encode_utf8(&mut [0; 4]))),
    }
    if is_apart {
        pattern.push('|');
        pattern.push_str(&apart);
        pattern.push(')');
    }
}

fn push_in_class(c: char, pattern: &mut String) {
    if c.is_alphanumeric() {
        pattern.push(c);
    } else {
        let _never_fails = write!(pattern, "\\u{{{:X}}}", u32::from(c));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    #[track_caller]
    fn check(words: &str, found: &[&str], passed_by: &[&str]) {
        let pattern = pattern(words, false);
        let regex = Regex::new(&format!("^(?:{pattern}){MARKS}$")).unwrap();
        for text in found {
            assert!(regex.is_match(text), "{words:?} is {text:?}");
        }
        for text in passed_by {
            assert!(!regex.is_match(text), "{words:?} is not {text:?}");
        }
    }

    #[test]
    fn words_are_found_however_they_are_typed() {
        check(
            "lavrov",
            &[
                "Lavrov",
                "LAVROV",
                "Làvröv",
                "La\u{300}vrov",
                "ｌａｖｒｏｖ",
                "La\u{AD}vrov",
            ],
            &["Lavro", "lavrow"],
        );
        check("don't", &["don’t", "don‘t", "don`t", "DON'T"], &["dont"]);
        check("\"a\"", &["“a”", "«a»", "„a“", "＂a＂"], &["a"]);
        check("a-b", &["a–b", "a—b", "a‑b", "a--b", "a−b"], &["a b", "ab"]);
        check(
            "a b",
            &["a\u{A0}b", "a  b", "a\nb", "a \n b", "a\tb", "a\u{3000}b"],
            &["a\n\nb", "ab"],
        );
        check("café", &["cafe", "cafe\u{301}", "CAFÉ"], &["caf"]);
        check(
            "straße",
            &["strasse", "STRASSE", "straße", "STRAẞE"],
            &["strase"],
        );
        check("strasse", &["straße"], &[]);
        check(
            "efficient",
            &["eﬃcient", "eﬀicient", "ef\u{FB01}cient"],
            &[],
        );
        check("æon", &["aeon", "ÆON"], &[]);
        check("wait...", &["wait…", "wait..."], &["wait.."]);
        check("كتاب", &["كِتَاب", "كـتـاب", "ﻛﺘﺎب", "کتاب"], &["كتب"]);
        check("اسلام", &["إسلام", "أسلام", "إسﻼم"], &[]);
        check("مدرسة", &["مدرسه", "مَدْرَسَة"], &[]);
        check("שלום", &["שָׁלוֹם"], &[]);
        check("елка", &["ёлка", "Ёлка"], &[]);
        check("край", &["Край", "кра\u{438}\u{306}"], &["краи"]);
        check(
            "한글",
            &["한글", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"],
            &["한굴"],
        );
        check(
            "がん",
            &["か\u{3099}ん", "ｶﾞﾝ".replace("ｶﾞﾝ", "がん").as_str()],
            &["かん"],
        );
        check("ΣΊΣΥΦΟΣ", &["σίσυφος", "Σισυφος"], &[]);
        check("İstanbul", &["istanbul", "ISTANBUL", "ıstanbul"], &[]);
        check("ไทย", &["ไทย"], &["ไท"]);
        check("50%", &["50%", "５０％"], &["50"]);
        check("x²", &["x2", "x²"], &[]);
        check("\u{301}", &["\u{301}"], &["a"]);
    }

    #[test]
    fn case_can_count() {
        let regex = Regex::new(&pattern("Être", true)).unwrap();
        for (text, expected) in [
            ("Etre", true),
            ("E\u{302}tre", true),
            ("etre", false),
            ("ÊTRE", false),
        ] {
            assert_eq!(regex.is_match(text), expected, "{text}");
        }
    }

    #[test]
    fn plain_forms_are_the_same() {
        for (a, b) in [
            ("Capital  Review", "capital review"),
            ("L’Équipe", "l'equipe"),
            ("A—B", "a-b"),
        ] {
            assert_eq!(folded(a), folded(b));
        }
    }
}
