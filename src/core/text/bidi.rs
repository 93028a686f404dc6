//! Text in both directions: which way a paragraph goes, and the order in which what stands in a line
//! is read and seen (UAX #9, through `unicode-bidi`).
//!
//! Pure over strings: knows no font, no width and no position on a screen. A line is ordered by
//! clusters, so that no mark leaves its letter.

use std::ops::Range;
use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};
use unicode_bidi_mirroring::get_mirrored;

/// Whether the lines of a text follow from UAX #9 and #14 alone: it has letters beyond Latin, Greek
/// and Cyrillic, which are not all read from the left and broken at spaces, or marks of direction.
pub fn needs_rules(text: &str) -> bool {
    let is_beyond = |c: char| {
        !matches!(c, '\0'..='\u{58f}' | '\u{1e00}'..='\u{2e7f}' | '\u{fb00}'..='\u{fb12}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{fffc}'..='\u{fffd}'
            | '\u{1f000}'..='\u{1fbff}' | '\u{e0000}'..)
            || matches!(c, '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
            || is_control(c)
    };
    let starts_one = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        rest.chars().next().is_some_and(is_beyond)
    };
    // Letters are read one by one only where they may be others than Latin, Greek and Cyrillic ones.
    let mut bytes = text.bytes().enumerate();
    bytes.any(|(at, byte)| match byte {
        0xb | 0xc => true,
        0x00..=0xc1 | 0xc3..=0xd5 => false,
        0xc2 | 0xd6.. => starts_one(at),
    })
}

/// Whether a character is a mark of direction: seen by nobody, it changes the order of others.
pub fn is_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Which way a paragraph goes: by its first strong letter that no isolate holds (P2, P3). Nothing
/// when it has none.
pub fn first_strong(text: &str) -> Option<bool> {
    if text.is_ascii() {
        return text
            .bytes()
            .any(|b| b.is_ascii_alphabetic())
            .then_some(false);
    }
    let mut isolates = 0_usize;
    for c in text.chars() {
        match bidi_class(c) {
            BidiClass::LRI | BidiClass::RLI | BidiClass::FSI => isolates += 1,
            BidiClass::PDI => isolates = isolates.saturating_sub(1),
            BidiClass::L if isolates == 0 => return Some(false),
            BidiClass::R | BidiClass::AL if isolates == 0 => return Some(true),
            BidiClass::B => return None,
            _ => {}
        }
    }
    None
}

/// The direction that someone gave a text, in a word.
pub fn given(word: &str) -> Option<bool> {
    match word.trim() {
        "rtl" => Some(true),
        "ltr" => Some(false),
        _ => None,
    }
}

/// Whether a text of several paragraphs goes from right to left: as the first of them with letters.
pub fn is_mostly_rtl<'t>(paragraphs: impl Iterator<Item = &'t str>) -> bool {
    const MOST: usize = 40;
    paragraphs.take(MOST).find_map(first_strong) == Some(true)
}

/// Whether a paragraph goes from right to left.
pub fn is_rtl(text: &str) -> bool {
    first_strong(text) == Some(true)
}

/// The character that stands for another one where text goes from right to left.
pub fn mirrored(c: char) -> char {
    if c.is_ascii_alphanumeric() {
        return c;
    }
    get_mirrored(c).unwrap_or(c)
}

/// What a character asks of those who set it, beside its direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// A letter that is written from right to left, and may join its neighbours.
    RightToLeft,
    /// A letter, digit or mark that is written from left to right.
    LeftToRight,
    /// A mark or digit that goes the way of what is around it.
    Either,
}

pub fn nature(c: char) -> Nature {
    if c.is_ascii() {
        return Nature::LeftToRight;
    }
    nature_of(c, bidi_class(c))
}

fn nature_of(c: char, class: BidiClass) -> Nature {
    match class {
        _ if c.is_ascii() => Nature::LeftToRight,
        BidiClass::R | BidiClass::AL if c.is_alphanumeric() => Nature::RightToLeft,
        BidiClass::L => Nature::LeftToRight,
        _ => Nature::Either,
    }
}

/// Whether a character goes from left to right in a paragraph that does, whatever stands around it,
/// if all others are such ones. Not all that are: what most texts without such letters consist of.
fn is_from_left(c: char) -> bool {
    matches!(c, '\0'..='\u{58f}' | '\u{900}'..='\u{1fff}' | '\u{200b}'..='\u{200d}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205f}' | '\u{2070}'..='\u{d7ff}'
        | '\u{f900}'..='\u{fb12}' | '\u{fe00}'..='\u{fe6f}' | '\u{ff00}'..='\u{ffee}' | '\u{1f000}'..='\u{1fbff}'
        | '\u{20000}'..='\u{3fffd}')
        && !matches!(c, '\n' | '\r' | '\u{1c}'..='\u{1e}' | '\u{85}')
}

/// The levels of a paragraph, or of a part of one, by its bytes.
#[derive(Clone, Debug)]
pub struct Levels {
    base: Level,
    /// Both are empty where all goes from left to right, and nothing ends a paragraph.
    classes: Vec<BidiClass>,
    levels: Vec<Level>,
}

impl Default for Levels {
    fn default() -> Self {
        Self::of("", false)
    }
}

impl Levels {
    /// `is_rtl` is the direction of the whole paragraph.
    pub fn of(text: &str, is_rtl: bool) -> Self {
        let base = if is_rtl { Level::rtl() } else { Level::ltr() };
        if !is_rtl && text.chars().all(is_from_left) {
            return Self {
                base,
                classes: Vec::new(),
                levels: Vec::new(),
            };
        }
        let info = BidiInfo::new(text, Some(base));
        Self {
            base,
            classes: info.original_classes,
            levels: info.levels,
        }
    }

    /// Those of a part of the text.
    pub fn part(&self, range: Range<usize>) -> Self {
        Self {
            base: self.base,
            classes: part(&self.classes, range.clone()),
            levels: part(&self.levels, range),
        }
    }

    /// Whether all goes from left to right.
    pub fn is_flat(&self) -> bool {
        self.levels.is_empty() && self.base.is_ltr()
    }

    /// The level of what stands at a byte, before any line is broken. Odd ones go from right to left.
    pub fn at(&self, at: usize) -> u8 {
        self.levels.get(at).unwrap_or(&self.base).number()
    }

    /// Whether what stands at a byte goes from right to left, before any line is broken.
    pub fn is_rtl_at(&self, at: usize) -> bool {
        self.levels.get(at).is_some_and(Level::is_rtl)
    }

    /// What the character at a byte asks of those who set it.
    pub fn nature_at(&self, at: usize, c: char) -> Nature {
        match self.classes.get(at) {
            Some(class) => nature_of(c, *class),
            None => nature(c),
        }
    }

    /// Whether a paragraph of UAX #9 ends behind the character at a byte.
    pub fn ends_at(&self, at: usize) -> bool {
        self.classes.get(at) == Some(&BidiClass::B)
    }

    /// The clusters of a line from left to right, each as its place among `starts` and whether it
    /// goes from right to left. `starts` are where the clusters of the line begin, in bytes.
    pub fn in_order(&self, line: Range<usize>, starts: &[usize]) -> Vec<(usize, bool)> {
        let levels = self.in_line(line, starts);
        if levels.iter().all(|level| *level == 0) {
            return (0..starts.len()).map(|at| (at, false)).collect();
        }
        visual(&levels)
    }

    /// Rule L1: white space and marks of direction at the end of a line, and before a tab, go the way
    /// of the paragraph. The answer is the level of each cluster.
    fn in_line(&self, line: Range<usize>, starts: &[usize]) -> Vec<u8> {
        use BidiClass::{B, BN, FSI, LRE, LRI, LRO, PDF, PDI, RLE, RLI, RLO, S, WS};
        let mut levels: Vec<u8> = starts.iter().map(|start| self.at(*start)).collect();
        let mut is_last = true;
        let mut end = line.end;
        for (start, level) in starts.iter().zip(&mut levels).rev() {
            for class in self
                .classes
                .get(*start..end)
                .unwrap_or_default()
                .iter()
                .rev()
            {
                match class {
                    B | S => is_last = true,
                    WS | FSI | LRI | RLI | PDI | RLE | LRE | RLO | LRO | PDF | BN => {}
                    _ => is_last = false,
                }
            }
            if is_last {
                *level = self.base.number();
            }
            end = *start;
        }
        levels
    }
}

fn part<T: Clone>(of: &[T], range: Range<usize>) -> Vec<T> {
    of.get(range).unwrap_or_default().to_vec()
}

/// Rule L2: from the highest level down to the lowest odd one, runs of it and above are reversed.
fn visual(levels: &[u8]) -> Vec<(usize, bool)> {
    let mut order: Vec<usize> = (0..levels.len()).collect();
    let level = |at: usize| levels.get(at).copied().unwrap_or_default();
    let highest = levels.iter().copied().max().unwrap_or_default();
    let lowest_odd = levels.iter().copied().filter(|level| level % 2 == 1).min();
    for reversed in (lowest_odd.unwrap_or(u8::MAX)..=highest).rev() {
        // Runs are those of the reading order, since each lies whole within one of a lower level.
        let mut start = 0;
        while start < order.len() {
            let is_in = |at: &usize| level(*at) >= reversed;
            let run = order.get(start..).unwrap_or_default();
            let length = run.iter().take_while(|at| is_in(at)).count();
            if let Some(run) = order.get_mut(start..start + length) {
                run.reverse();
            }
            start += length.max(1);
        }
    }
    let is_rtl = |at: usize| level(at) % 2 == 1;
    order.into_iter().map(|at| (at, is_rtl(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_segmentation::UnicodeSegmentation;

    /// The text as it is seen from left to right, in one line.
    fn seen(text: &str) -> String {
        let levels = Levels::of(text, is_rtl(text));
        let starts: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
        let mut shown = String::new();
        for (place, is_rtl) in levels.in_order(0..text.len(), &starts) {
            let start = starts[place];
            let end = starts.get(place + 1).copied().unwrap_or(text.len());
            let cluster = text.get(start..end).unwrap().chars();
            shown.extend(cluster.map(|c| if is_rtl { mirrored(c) } else { c }));
        }
        shown
    }

    /// A text of such characters alone has no level but that of the paragraph.
    #[test]
    fn what_goes_from_the_left_needs_no_levels() {
        for c in ('\0'..=char::MAX).filter(|c| is_from_left(*c)) {
            use BidiClass::{AL, AN, B, FSI, LRE, LRI, LRO, PDF, PDI, R, RLE, RLI, RLO};
            let class = bidi_class(c);
            let turns = [AL, AN, R, B, FSI, LRE, LRI, LRO, PDF, PDI, RLE, RLI, RLO];
            assert!(!turns.contains(&class), "{c:?} is {class:?}");
        }
        for text in ["12,5% of it\t(– «ไทย»)", "漢字「12」", "", " 12 "] {
            let levels = Levels::of(text, false);
            assert!(levels.is_flat());
            let info = BidiInfo::new(text, Some(Level::ltr()));
            assert!(
                info.levels.iter().all(|level| level.number() == 0),
                "{text}"
            );
        }
    }

    #[test]
    fn words_stand_in_their_order() {
        for (text, expected) in [
            ("one two", "one two"),
            ("אב גד", "דג בא"),
            ("car אב, גד.", "car דג ,בא."),
            ("אב Yahoo! גד.", ".דג !Yahoo בא"),
            ("אב (גד) 12,5% he", "he 12,5% (דג) בא"),
            ("قال «لن» 100%", "%100 «نل» لاق"),
            ("\u{2067}אב\u{2069} one", "\u{2067}בא\u{2069} one"),
            ("", ""),
        ] {
            let plain = |text: String| text.replace(['\u{2067}', '\u{2069}'], "");
            assert_eq!(plain(seen(text)), plain(expected.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn a_paragraph_goes_the_way_of_its_first_letter() {
        for (text, expected) in [
            ("12 - אב one", Some(true)),
            ("12 - one אב", Some(false)),
            ("\u{2067}אב\u{2069} one", Some(false)),
            ("\u{2066}one\u{2069} אב", Some(true)),
            ("\u{2069}\u{2066}one\u{2069} \u{2069}אב", Some(true)),
            ("12 - 13", None),
            ("", None),
        ] {
            assert_eq!(first_strong(text), expected, "{text:?}");
        }
    }

    #[test]
    fn only_texts_that_need_them_follow_the_rules() {
        for (text, expected) in [
            ("“naïve” Việt Nam – Ελλάδα, Москва 💩 ﬁ €", false),
            ("one \u{202e}two", true),
            ("one אב", true),
            ("ไทย", true),
            ("漢字", true),
            ("form\u{c}feed", true),
        ] {
            assert_eq!(needs_rules(text), expected, "{text:?}");
        }
    }
}
