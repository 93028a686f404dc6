//! Marked words in their text: what stays, what leaves the mark and what enters it.

use crate::core::excerpt::{Piece, pieces};
use crate::core::text::{ArticleText, ByteRange};
use crate::ui::theme::Tokens;
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
    ui.label(job);
}

fn shortened(text: &ArticleText, piece: Piece) -> String {
    let words = text.slice(piece.range);
    let words = if words.chars().nth(2 * END).is_some() {
        let start: String = words.chars().take(END).collect();
        let rest: Vec<char> = words.chars().rev().take(END).collect();
        let end: String = rest.into_iter().rev().collect();
        format!("{start} … {end}")
    } else {
        words.to_owned()
    };
    words.replace('\n', " ")
}

/// The first words of ranges, on one line.
pub(super) fn first_words(text: &ArticleText, ranges: &[ByteRange], chars: usize) -> String {
    let first = ranges.first().copied().unwrap_or_default();
    let words: String = text.slice(first).chars().take(chars).collect();
    words.replace('\n', " ")
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
