//! Marked words in their text: what stays, what leaves the mark and what enters it.

use crate::core::excerpt::{Piece, pieces};
use crate::core::text::{ArticleText, ByteRange};
use crate::ui::kit::letters::dressed_ui;
use crate::ui::kit::tell;
use crate::ui::theme::Tokens;
use eframe::egui::accesskit::Role;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, FontId, Stroke, Ui};

/// So many characters on each side.
const AROUND: u32 = 110;
/// What is longer is shown by its beginning and its end, so many characters of each.
const END: usize = 240;
const LINE: f32 = 24.0;

/// What is shown of a mark that moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Where it is, with what leaves it; where it will be, with what enters it; or both at once.
    Before,
    After,
    Both,
}

/// Draws a mark in its text, as it was and as it will be.
pub(super) fn in_context_ui(
    ui: &mut Ui,
    text: &ArticleText,
    (old, new, side): (&[ByteRange], &[ByteRange], Side),
    color: Color32,
    font: &FontId,
    tokens: &Tokens,
) {
    let mut job = LayoutJob::default();
    job.wrap.max_width = ui.available_width();
    let around = TextFormat {
        line_height: Some(LINE),
        ..TextFormat::simple(font.clone(), tokens.dim)
    };
    let pieces = pieces(text, old, new, AROUND);
    let told = told(text, &pieces, side);
    if pieces.first().is_some_and(|first| first.range.start.0 > 0) {
        job.append("… ", 0.0, around.clone());
    }
    for piece in pieces {
        let kept = TextFormat {
            color: tokens.ink,
            background: tokens.chosen_tint(color),
            ..around.clone()
        };
        let format = match (piece.is_marked, piece.is_in_other, side) {
            (true, true, _) => kept,
            (true, false, Side::Before | Side::Both) => TextFormat {
                color: tokens.error,
                strikethrough: Stroke::new(1.0, tokens.error),
                ..kept
            },
            (false, true, Side::After | Side::Both) => TextFormat {
                color: tokens.ok,
                underline: Stroke::new(1.0, tokens.ok),
                ..kept
            },
            _ => around.clone(),
        };
        job.append(&shortened(text, piece), 0.0, format);
    }
    let shown = dressed_ui(ui, job);
    if let Some(told) = told {
        tell(&shown, Role::Label, &told);
    }
}

/// The words with what is struck out and what is new, which is told by colour and lines only; nothing
/// where nothing is.
fn told(text: &ArticleText, pieces: &[Piece], side: Side) -> Option<String> {
    let mut said = String::new();
    let mut has_changes = false;
    for piece in pieces {
        let words = shortened(text, *piece);
        let what = match (piece.is_marked, piece.is_in_other, side) {
            (true, false, Side::Before | Side::Both) => "struck out",
            (false, true, Side::After | Side::Both) => "new",
            _ => {
                said.push_str(&words);
                continue;
            }
        };
        has_changes = true;
        let lead = if said.is_empty() || said.ends_with(char::is_whitespace) {
            ""
        } else {
            " "
        };
        said.push_str(&format!("{lead}[{what}: {}] ", words.trim()));
    }
    has_changes.then_some(said)
}

fn shortened(text: &ArticleText, piece: Piece) -> String {
    let words = text.slice(piece.range);
    let words = if words.chars().nth(2 * END).is_some() {
        let rest: Vec<char> = words.chars().rev().take(END).collect();
        let end: String = rest.into_iter().rev().collect();
        // The first word may be a part of one.
        let whole = end.split_once(char::is_whitespace);
        let end = whole.map_or(end.as_str(), |(_, rest)| rest);
        format!("{} … {end}", whole_words(words, END))
    } else {
        words.to_owned()
    };
    words.replace('\n', " ")
}

/// The first words of ranges, on one line.
pub(super) fn first_words(text: &ArticleText, ranges: &[ByteRange], chars: usize) -> String {
    let first = ranges.first().copied().unwrap_or_default();
    on_a_line(text.slice(first), chars)
}

/// The beginning of a text on one line, which ends with a word.
pub(super) fn on_a_line(text: &str, chars: usize) -> String {
    let shown = whole_words(text, chars);
    let rest = if shown.len() < text.len() { " …" } else { "" };
    format!("{}{rest}", shown.replace('\n', " "))
}

/// At most so many characters from the beginning, up to the end of a word where there is one.
fn whole_words(text: &str, chars: usize) -> &str {
    let Some((end, next)) = text.char_indices().nth(chars) else {
        return text;
    };
    let start = text.get(..end).unwrap_or(text);
    if next.is_whitespace() {
        return start.trim_end();
    }
    let last = start.rfind(char::is_whitespace);
    let whole = last.and_then(|at| start.get(..at)).map(str::trim_end);
    whole.filter(|whole| !whole.is_empty()).unwrap_or(start)
}

/// The words of one that the other does not have, one after the other.
pub(super) fn words_beyond(
    text: &ArticleText,
    ranges: &[ByteRange],
    other: &[ByteRange],
) -> Vec<String> {
    let beyond = pieces(text, ranges, other, 0).into_iter();
    let beyond = beyond.filter(|piece| piece.is_marked && !piece.is_in_other);
    beyond.map(|piece| shortened(text, piece)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_told_in_words() {
        let text = ArticleText::new("He said it is so, he said.".to_owned());
        let range = |from: u32, upto: u32| ByteRange::from((from, upto));
        for (old, new, side, expected) in [
            (
                range(8, 16),
                range(3, 16),
                Side::Both,
                Some("He [new: said] it is so, he said."),
            ),
            (
                range(3, 16),
                range(8, 16),
                Side::Both,
                Some("He [struck out: said] it is so, he said."),
            ),
            (range(3, 16), range(8, 16), Side::After, None),
            (range(3, 7), range(3, 7), Side::Both, None),
        ] {
            let pieces = pieces(&text, &[old], &[new], AROUND);
            let said = told(&text, &pieces, side);
            assert_eq!(said.as_deref(), expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn what_is_shown_ends_with_a_word() {
        for (text, chars, expected) in [
            ("one two three", 20, "one two three"),
            ("one two three", 9, "one two"),
            ("one two three", 7, "one two"),
            ("one  two", 4, "one"),
            ("Donaudampfschiff", 5, "Donau"),
            ("", 3, ""),
        ] {
            assert_eq!(whole_words(text, chars), expected, "{text} {chars}");
        }
        let text = ArticleText::new("one two three".to_owned());
        let all = [text.full_range()];
        assert_eq!(first_words(&text, &all, 9), "one two …");
        assert_eq!(first_words(&text, &all, 80), "one two three");
    }
}
