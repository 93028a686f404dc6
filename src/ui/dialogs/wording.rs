//! What changed in the wording: what was taken out is struck through, what is new is underlined.

use crate::core::wording::{Wording, change_count};
use crate::ui::theme::Tokens;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{FontId, Stroke, Ui};

/// Unchanged stretches are cut to so many characters on either side of a change.
const AROUND: usize = 160;

pub(crate) fn wording_ui(ui: &mut Ui, wording: &[Wording], tokens: &Tokens) {
    let n = change_count(wording);
    if n == 0 {
        ui.weak("The wording is the same.");
        return;
    }
    ui.weak(match n {
        1 => "1 stretch of the wording changed:".to_owned(),
        n => format!("{n} stretches of the wording changed:"),
    });
    let mut job = LayoutJob::default();
    job.wrap.max_width = ui.available_width();
    let plain = TextFormat::simple(FontId::proportional(13.0), tokens.ink);
    let last = wording.len().saturating_sub(1);
    // What is drawn at once stays small.
    for (i, part) in wording.iter().enumerate().take(2_000) {
        match part {
            Wording::Same(text) => {
                job.append(&shortened(text, i == 0, i == last), 0.0, plain.clone());
            }
            Wording::Removed(text) => {
                let format = TextFormat {
                    color: tokens.error,
                    strikethrough: Stroke::new(1.0, tokens.error),
                    ..plain.clone()
                };
                job.append(&clipped(text), 0.0, format);
            }
            Wording::Added(text) => {
                let format = TextFormat {
                    color: tokens.ok,
                    underline: Stroke::new(1.0, tokens.ok),
                    ..plain.clone()
                };
                job.append(&clipped(text), 0.0, format);
            }
        }
    }
    ui.label(job);
}

fn clipped(text: &str) -> String {
    const MAX_CHARS: usize = 4_000;
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn shortened(text: &str, is_first: bool, is_last: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let head = chars.iter().take(AROUND).collect::<String>();
    let tail: String = chars
        .iter()
        .skip(chars.len().saturating_sub(AROUND))
        .collect();
    match (chars.len() > 2 * AROUND, is_first, is_last) {
        (_, true, false) if chars.len() > AROUND => format!("… {tail}"),
        (_, false, true) if chars.len() > AROUND => format!("{head} …"),
        (true, _, _) => format!("{head} … {tail}"),
        _ => text.to_owned(),
    }
}
