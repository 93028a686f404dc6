//! Characters that nobody sees, or that look like another one: what they are called, and by what
//! sign they can be shown.

use super::ByteRange;
use super::position::BytePos;

/// What a hidden character does, as far as its sign tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A space that is not the usual one.
    Space,
    Tab,
    /// It ends a line, or a page.
    Break,
    /// It has no width, and joins or parts what is beside it.
    Joint,
    Hyphen,
    /// What follows goes from left to right.
    ToRight,
    /// What follows goes from right to left.
    ToLeft,
    /// What was begun by one of the two ends.
    End,
}

/// A hidden character's sign and name. Nothing for one that is seen.
pub fn of(c: char) -> Option<(Sign, &'static str)> {
    use Sign::{Break, End, Hyphen, Joint, Space, Tab, ToLeft, ToRight};
    Some(match c {
        '\t' => (Tab, "tab"),
        '\u{b}' => (Break, "line tabulation"),
        '\u{c}' => (Break, "form feed"),
        '\u{85}' => (Break, "next line"),
        '\u{2028}' => (Break, "line separator"),
        '\u{2029}' => (Break, "paragraph separator"),
        '\u{a0}' => (Space, "no-break space"),
        '\u{1680}' => (Space, "Ogham space mark"),
        '\u{2000}' | '\u{2002}' => (Space, "en space"),
        '\u{2001}' | '\u{2003}' => (Space, "em space"),
        '\u{2004}' => (Space, "three-per-em space"),
        '\u{2005}' => (Space, "four-per-em space"),
        '\u{2006}' => (Space, "six-per-em space"),
        '\u{2007}' => (Space, "figure space"),
        '\u{2008}' => (Space, "punctuation space"),
        '\u{2009}' => (Space, "thin space"),
        '\u{200a}' => (Space, "hair space"),
        '\u{202f}' => (Space, "narrow no-break space"),
        '\u{205f}' => (Space, "medium mathematical space"),
        '\u{3000}' => (Space, "ideographic space"),
        '\u{ad}' => (Hyphen, "soft hyphen"),
        '\u{34f}' => (Joint, "combining grapheme joiner"),
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => (Joint, "Hangul filler"),
        '\u{17b4}' | '\u{17b5}' => (Joint, "Khmer inherent vowel"),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => (Joint, "Mongolian variation selector"),
        '\u{180e}' => (Joint, "Mongolian vowel separator"),
        '\u{200b}' => (Joint, "zero-width space"),
        '\u{200c}' => (Joint, "zero-width non-joiner"),
        '\u{200d}' => (Joint, "zero-width joiner"),
        '\u{2060}' => (Joint, "word joiner"),
        '\u{2061}'..='\u{2064}' => (Joint, "invisible operator"),
        '\u{206a}'..='\u{206f}' => (Joint, "deprecated format character"),
        '\u{feff}' => (Joint, "zero-width no-break space (byte order mark)"),
        '\u{fff9}'..='\u{fffb}' => (Joint, "interlinear annotation mark"),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => (Joint, "variation selector"),
        '\u{e0001}' | '\u{e0020}'..='\u{e007f}' => (Joint, "tag character"),
        '\u{61c}' => (ToLeft, "Arabic letter mark"),
        '\u{200e}' => (ToRight, "left-to-right mark"),
        '\u{200f}' => (ToLeft, "right-to-left mark"),
        '\u{202a}' => (ToRight, "left-to-right embedding"),
        '\u{202b}' => (ToLeft, "right-to-left embedding"),
        '\u{202c}' => (End, "pop directional formatting"),
        '\u{202d}' => (ToRight, "left-to-right override"),
        '\u{202e}' => (ToLeft, "right-to-left override"),
        '\u{2066}' => (ToRight, "left-to-right isolate"),
        '\u{2067}' => (ToLeft, "right-to-left isolate"),
        '\u{2068}' => (ToRight, "first strong isolate"),
        '\u{2069}' => (End, "pop directional isolate"),
        '\n' | ' ' => return None,
        c if c.is_control() => (Joint, "control character"),
        _ => return None,
    })
}

/// A hidden character and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    pub range: ByteRange,
    pub c: char,
    pub sign: Sign,
    pub name: &'static str,
}

impl Hidden {
    /// Its name and its code.
    pub fn told(&self) -> String {
        format!("{} (U+{:04X})", self.name, self.c as u32)
    }
}

/// The hidden characters of a stretch that begins at a place. What makes one picture of several
/// emoji is left out: it is seen.
pub fn each(text: &str, from: BytePos) -> impl Iterator<Item = Hidden> {
    // Among letters of ASCII, which most texts are made of, there is but one to look for.
    let is_bare = text.is_ascii() && !text.bytes().any(|b| b < b' ' && b != b'\n' || b == 0x7f);
    let text = if is_bare { "" } else { text };
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let last = std::mem::replace(&mut before, c);
        let is_of_picture = matches!(
            c,
            '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}'
        ) && matches!(last, '\u{1f000}'..|'\u{2190}'..='\u{2bff}'| '\u{fe0f}');
        let (sign, name) = of(c).filter(|_| !is_of_picture)?;
        let start = BytePos(from.0 + at as u32);
        let end = BytePos(start.0 + c.len_utf8() as u32);
        Some(Hidden {
            range: ByteRange::new(start, end),
            c,
            sign,
            name,
        })
    })
}

/// What is hidden beside a caret, on either side, in the order of reading.
pub fn beside(text: &str, at: BytePos) -> Vec<Hidden> {
    let (before, behind) = text.split_at_checked(at.as_usize()).unwrap_or((text, ""));
    let is_hidden = |c: &char| of(*c).is_some();
    let left = before.chars().rev().take_while(is_hidden);
    let left: usize = left.map(char::len_utf8).sum();
    let right = behind.chars().take_while(is_hidden);
    let right: usize = right.map(char::len_utf8).sum();
    let from = at.as_usize().min(text.len()) - left;
    let stretch = text.get(from..from + left + right).unwrap_or_default();
    each(stretch, BytePos(from as u32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_has_a_name() {
        for (text, expected) in [
            ("plain words\nand more", &[][..]),
            ("a\tb", &[(1, "tab (U+0009)")]),
            (
                "a\u{a0}b\u{ad}",
                &[(1, "no-break space (U+00A0)"), (4, "soft hyphen (U+00AD)")],
            ),
            (
                "x\u{2067}אב\u{2069}",
                &[
                    (1, "right-to-left isolate (U+2067)"),
                    (8, "pop directional isolate (U+2069)"),
                ],
            ),
            ("می\u{200c}شود", &[(4, "zero-width non-joiner (U+200C)")]),
            ("page\u{c}two", &[(4, "form feed (U+000C)")]),
            // Seen as one picture.
            ("👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}", &[]),
        ] {
            let found = each(text, BytePos(0));
            let found: Vec<(u32, String)> = found.map(|h| (h.range.start.0, h.told())).collect();
            let expected: Vec<(u32, String)> = expected
                .iter()
                .map(|(at, name)| (*at, (*name).to_owned()))
                .collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn a_caret_has_hidden_ones_at_both_sides() {
        let text = "a\u{200e}\u{200f}b\tc";
        for (at, expected) in [
            (0, &[][..]),
            (1, &['\u{200e}', '\u{200f}']),
            (4, &['\u{200e}', '\u{200f}']),
            (7, &['\u{200e}', '\u{200f}']),
            (8, &['\t']),
            (10, &[]),
        ] {
            let found = beside(text, BytePos(at));
            let found: Vec<char> = found.iter().map(|hidden| hidden.c).collect();
            assert_eq!(found, expected, "{at}");
        }
    }
}
