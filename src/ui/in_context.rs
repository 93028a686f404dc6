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

/// Draws the marked words in their text. What is not in `other` leaves, where that is what comes, and
/// enters, where it is what was.
pub(super) fn in_context_ui(
    ui: &mut Ui,
    text: &ArticleText,
    (marked, other, other_comes): (&[ByteRange], &[ByteRange], bool),
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
    let pieces = pieces(text, marked, other, AROUND);
    if pieces.first().is_some_and(|first| first.range.start.0 > 0) {
        job.append("… ", 0.0, around.clone());
    }
    for piece in pieces {
        let kept = TextFormat {
            color: tokens.ink,
            background: tokens.chosen_tint(color),
            ..around.clone()
        };
        let format = match (piece.is_marked, piece.is_in_other, other_comes) {
            (true, true, _) => kept,
            (true, false, true) => TextFormat {
                color: tokens.error,
                strikethrough: Stroke::new(1.0, tokens.error),
                ..kept
            },
            (true, false, false) => TextFormat {
                color: tokens.ok,
                underline: Stroke::new(1.0, tokens.ok),
                ..kept
            },
            (false, ..) => around.clone(),
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
