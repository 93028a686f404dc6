//! Character maps: which bytes of a string are a character's code, which letters a code shows, and
//! which number it has in its font (Adobe Technical Note 5014; ISO 32000-1, 9.7.5 and 9.10.3).
//!
//! An entry that is damaged costs itself. Ranges stay ranges, however long they say that they are.

use super::encodings;
use std::rc::Rc;

/// Codes of one length, from one to another; they are compared byte by byte.
struct Space {
    length: usize,
    from: u32,
    to: u32,
}

struct Range<T> {
    from: u32,
    to: u32,
    value: T,
}

/// What is set for the last of the ranges that a code is in holds.
struct Ranges<T>(Vec<Range<T>>);

impl<T> Default for Ranges<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Ranges<T> {
    fn sort(&mut self) {
        self.0.sort_by_key(|range| range.from);
    }

    fn find(&self, code: u32) -> Option<(&T, u32)> {
        /// Ranges that are cut into by so many others are not looked for.
        const MOST_WITHIN: usize = 16;
        let until = self.0.partition_point(|range| range.from <= code);
        let before = self.0.get(..until)?.iter().rev().take(MOST_WITHIN);
        before
            .filter(|range| code <= range.to)
            .map(|range| (&range.value, code - range.from))
            .next()
    }
}

/// A character map, as it stands in a PDF.
#[derive(Default)]
pub(super) struct CharacterMap {
    spaces: Vec<Space>,
    letters: Ranges<Rc<str>>,
    numbers: Ranges<u32>,
    pub(super) is_vertical: bool,
    /// The map that this one adds to.
    pub(super) base: Option<Vec<u8>>,
}

enum Token<'a> {
    Code(Vec<u8>),
    Number(i64),
    Name(&'a [u8]),
    Word(&'a [u8]),
    Open,
    Close,
}

struct Tokens<'a> {
    rest: &'a [u8],
}

fn is_regular(byte: &u8) -> bool {
    !(byte.is_ascii_whitespace() || *byte == 0 || b"()<>[]{}/%".contains(byte))
}

impl<'a> Tokens<'a> {
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let regular = |bytes: &[u8]| {
                let end = bytes.iter().position(|byte| !is_regular(byte));
                end.unwrap_or(bytes.len())
            };
            match *self.rest.first()? {
                b'%' => {
                    let end = memchr::memchr2(b'\r', b'\n', self.rest);
                    self.take(end.unwrap_or(self.rest.len()));
                }
                b'<' if self.rest.get(1) == Some(&b'<') => {
                    self.take(2);
                }
                b'<' => {
                    let end = memchr::memchr(b'>', self.rest).unwrap_or(self.rest.len());
                    let digits = self.take(end + 1).iter();
                    let digits = digits.filter_map(|byte| char::from(*byte).to_digit(16));
                    let digits: Vec<u8> = digits.map(|digit| digit as u8).collect();
                    let pairs = digits.rchunks(2).rev();
                    let bytes =
                        pairs.map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit));
                    return Some(Token::Code(bytes.collect()));
                }
                b'(' => {
                    let end = memchr::memchr(b')', self.rest).unwrap_or(self.rest.len());
                    self.take(end + 1);
                }
                b'[' => {
                    self.take(1);
                    return Some(Token::Open);
                }
                b']' => {
                    self.take(1);
                    return Some(Token::Close);
                }
                b'/' => {
                    self.take(1);
                    let length = regular(self.rest);
                    return Some(Token::Name(self.take(length)));
                }
                first if is_regular(&first) => {
                    let length = regular(self.rest);
                    let word = self.take(length);
                    let number = std::str::from_utf8(word).ok().and_then(|w| w.parse().ok());
                    return Some(number.map_or(Token::Word(word), Token::Number));
                }
                _ => {
                    self.take(1);
                }
            }
        }
    }
}

fn number_of(code: &[u8]) -> Option<u32> {
    let is_code = (1..=4).contains(&code.len());
    is_code.then(|| {
        code.iter()
            .fold(0, |number, byte| number << 8 | u32::from(*byte))
    })
}

/// Letters are UTF-16; some programs write one byte for a Latin letter.
fn letters_of(bytes: &[u8]) -> Rc<str> {
    let units: Vec<u16> = match bytes {
        [byte] => vec![u16::from(*byte)],
        bytes => {
            let (pairs, _odd) = bytes.as_chunks::<2>();
            pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect()
        }
    };
    String::from_utf16_lossy(&units).into()
}

/// The letters that stand so many behind these: the last one counts on.
fn later(letters: &str, steps: u32) -> Option<Rc<str>> {
    let last = letters.chars().next_back()?;
    let start = letters.strip_suffix(last)?;
    let last = char::from_u32(u32::from(last).checked_add(steps)?)?;
    Some(format!("{start}{last}").into())
}

impl CharacterMap {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut tokens = Tokens { rest: bytes };
        // What stands before an operator.
        let mut before: Vec<Token<'_>> = Vec::new();
        while let Some(token) = tokens.next() {
            let Token::Word(word) = token else {
                // Nothing takes more than two of them.
                if before.len() > 8 {
                    before.drain(..4);
                }
                before.push(token);
                continue;
            };
            match word {
                b"begincodespacerange" => map.read_spaces(&mut tokens),
                b"beginbfchar" => map.read_letters(&mut tokens, false),
                b"beginbfrange" => map.read_letters(&mut tokens, true),
                b"begincidchar" => map.read_numbers(&mut tokens, false),
                b"begincidrange" => map.read_numbers(&mut tokens, true),
                b"usecmap" => {
                    if let Some(Token::Name(name)) = before.last() {
                        map.base = Some(name.to_vec());
                    }
                }
                b"def" => {
                    if let [.., Token::Name(b"WMode"), Token::Number(mode)] = before.as_slice() {
                        map.is_vertical = *mode == 1;
                    }
                }
                _ => {}
            }
            before.clear();
        }
        map.letters.sort();
        map.numbers.sort();
        map
    }

    fn read_spaces(&mut self, tokens: &mut Tokens<'_>) {
        let mut from: Option<Vec<u8>> = None;
        for token in tokens {
            match (token, from.take()) {
                (Token::Code(code), None) => from = Some(code),
                (Token::Code(to), Some(from)) if from.len() == to.len() => {
                    if let (Some(low), Some(high)) = (number_of(&from), number_of(&to)) {
                        self.spaces.push(Space {
                            length: to.len(),
                            from: low,
                            to: high,
                        });
                    }
                }
                (Token::Word(_), _) => return,
                _ => {}
            }
        }
    }

    fn read_letters(&mut self, tokens: &mut Tokens<'_>, are_ranges: bool) {
        let ends = if are_ranges { 2 } else { 1 };
        let mut codes: Vec<u32> = Vec::new();
        // Of a list, the code that its next letters belong to.
        let mut listed: Option<u32> = None;
        let mut put = |from: u32, to: u32, value: Rc<str>| {
            if from <= to {
                self.letters.0.push(Range { from, to, value });
            }
        };
        for token in tokens {
            let letters = match token {
                Token::Word(_) => return,
                Token::Open => {
                    listed = codes.first().copied().filter(|_| codes.len() == ends);
                    continue;
                }
                Token::Close => {
                    listed = None;
                    codes.clear();
                    continue;
                }
                Token::Code(code) if listed.is_none() && codes.len() < ends => {
                    codes.extend(number_of(&code));
                    continue;
                }
                Token::Code(letters) => letters_of(&letters),
                // The letters may be named as in a font.
                Token::Name(name) => {
                    let name = std::str::from_utf8(name).unwrap_or_default();
                    encodings::named(name).unwrap_or_default().into()
                }
                Token::Number(_) => continue,
            };
            match (listed.as_mut(), codes.as_slice()) {
                (Some(code), [_, to]) => {
                    if *code <= *to {
                        put(*code, *code, letters);
                    }
                    *code = code.saturating_add(1);
                }
                (None, [code]) => put(*code, *code, letters),
                (None, [from, to]) => put(*from, *to, letters),
                _ => {}
            }
            if listed.is_none() {
                codes.clear();
            }
        }
    }

    fn read_numbers(&mut self, tokens: &mut Tokens<'_>, are_ranges: bool) {
        let ends = if are_ranges { 2 } else { 1 };
        let mut codes: Vec<u32> = Vec::new();
        for token in tokens {
            match token {
                Token::Word(_) => return,
                Token::Code(code) => {
                    if codes.len() >= ends {
                        codes.clear();
                    }
                    codes.extend(number_of(&code));
                }
                Token::Number(number) => {
                    let from = codes.first().copied().filter(|_| codes.len() == ends);
                    let to = codes.last().copied();
                    if let (Some(from), Some(to), Ok(value)) = (from, to, u32::try_from(number)) {
                        self.numbers.0.push(Range { from, to, value });
                    }
                    codes.clear();
                }
                _ => codes.clear(),
            }
        }
    }

    pub(super) fn has_spaces(&self) -> bool {
        !self.spaces.is_empty()
    }

    /// The code that a string begins with, and how many bytes it takes.
    pub(super) fn code(&self, bytes: &[u8]) -> (u32, usize) {
        let mut code = 0_u32;
        for (length, byte) in (1..=4).zip(bytes) {
            code = code << 8 | u32::from(*byte);
            let is_in = |space: &Space| {
                space.length == length
                    && (0..length).all(|at| {
                        let part = |number: u32| number >> (8 * at) & 0xFF;
                        (part(space.from)..=part(space.to)).contains(&part(code))
                    })
            };
            if self.spaces.iter().any(is_in) {
                return (code, length);
            }
        }
        // What is in no space is as long as the shortest that is.
        let shortest = self.spaces.iter().map(|space| space.length).min();
        let length = shortest.unwrap_or(1).min(bytes.len()).max(1);
        let taken = bytes.get(..length).unwrap_or(bytes);
        (number_of(taken).unwrap_or(0), length)
    }

    pub(super) fn letters(&self, code: u32) -> Option<Rc<str>> {
        let (letters, steps) = self.letters.find(code)?;
        match steps {
            0 => Some(letters.clone()),
            steps => later(letters, steps),
        }
    }

    pub(super) fn has_letters(&self) -> bool {
        !self.letters.0.is_empty()
    }

    pub(super) fn number(&self, code: u32) -> Option<u32> {
        let (number, steps) = self.numbers.find(code)?;
        number.checked_add(steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(map: &str, expected: &[(u32, &str)]) {
        let map = CharacterMap::read(map.as_bytes());
        for (code, letters) in expected {
            let found = map.letters(*code);
            assert_eq!(found.as_deref().unwrap_or("-"), *letters, "{code:x}");
        }
    }

    #[test]
    fn codes_have_letters() {
        check(
            "2 beginbfchar <0003> <0020> <05> <00660069> endbfchar",
            &[(3, " "), (5, "fi"), (4, "-")],
        );
        check(
            "2 beginbfrange <0041> <0043> <0061> <01> <02> [<0041><0042>] endbfrange",
            &[(0x41, "a"), (0x43, "c"), (0x44, "-"), (1, "A"), (2, "B")],
        );
        check(
            "1 beginbfrange <0000> <FFFF> <D83DDE00> endbfrange",
            &[(0, "😀"), (1, "😁")],
        );
        check(
            "1 beginbfchar <01> /eacute endbfchar 1 beginbfchar <02> <E9> endbfchar",
            &[(1, "é"), (2, "é")],
        );
        // A range in a range, and one that says the same code once more.
        check(
            "2 beginbfrange <20> <7e> <0020> <41> <42> <0391> endbfrange",
            &[(0x40, "@"), (0x41, "Α"), (0x43, "C")],
        );
    }

    #[test]
    fn ranges_of_characters_end() {
        check(
            "1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange",
            &[(0, "A"), (0xFFBE, "\u{FFFF}"), (0xFFFF_FFFF, "-")],
        );
        check(
            "1 beginbfrange <00> <FFFFFFFF> [<0041>] endbfrange",
            &[(0, "A"), (1, "-")],
        );
    }

    #[test]
    fn a_damaged_entry_costs_itself() {
        let good = "1 beginbfchar <02> <0042> endbfchar";
        for damaged in [
            "1 beginbfchar <01> endbfchar",
            "1 beginbfrange <01> <zz endbfrange",
            "1 beginbfrange <01> <09> [<0041> endbfrange",
            "beginbfrange <zz> < >",
            "/Foreign usecmap 3 beginbfchar << >> ] <01> 7 endbfchar",
            "(unclosed",
        ] {
            let map = format!("{good} {damaged}\n{good}");
            check(&map, &[(2, "B")]);
        }
        check(
            "3 beginbfrange <01> <03> [<0041><0042>] <05> <06> <0061> endbfrange",
            &[(1, "A"), (2, "B"), (3, "-"), (5, "a"), (6, "b")],
        );
    }

    #[test]
    fn codes_are_as_long_as_their_spaces() {
        let check = |map: &str, bytes: &[u8], expected: &[(u32, usize)]| {
            let map = CharacterMap::read(map.as_bytes());
            let mut rest = bytes;
            for (code, length) in expected {
                assert_eq!(map.code(rest), (*code, *length), "{rest:?}");
                rest = &rest[*length..];
            }
        };
        let mixed = "2 begincodespacerange <00> <80> <8140> <9ffc> endcodespacerange";
        check(mixed, b"a\x81\x40b", &[(0x61, 1), (0x8140, 2), (0x62, 1)]);
        // The second byte is in no space.
        check(mixed, b"\x81\x20", &[(0x81, 1), (0x20, 1)]);
        check("", b"ab", &[(0x61, 1)]);
        let two = "1 begincodespacerange <0000> <FFFF> endcodespacerange";
        check(two, b"abc", &[(0x6162, 2), (0x63, 1)]);
    }

    #[test]
    fn numbers_and_directions() {
        let map = "/WMode 1 def 2 begincidrange <00> <7f> 0 <8140> <817e> 633 endcidrange 1 begincidchar <80> 97 endcidchar";
        let map = CharacterMap::read(map.as_bytes());
        assert!(map.is_vertical);
        assert_eq!(map.number(0x41), Some(0x41));
        assert_eq!(map.number(0x8141), Some(634));
        assert_eq!(map.number(0x80), Some(97));
        assert_eq!(map.number(0x90), None);
    }
}
