//! The order in which a text is seen, as numbers, so that others can compare it with what other
//! programs show: a command that the help does not tell of. What is set is what the window sets.

use super::layout::{Composed, Measure};
use crate::core::text::{ArticleText, BytePos, CharPos, bidi};
use crate::ui::kit::letters::Words;
use crate::ui::theme;
use anyhow::{Context as _, Result};
use eframe::egui::text::TextFormat;
use eframe::egui::{self, FontId};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// A line of the file: a paragraph, and where its lines begin at each width, in code points.
#[derive(Deserialize)]
struct Paragraph {
    id: String,
    text: String,
    #[serde(default)]
    widths: BTreeMap<String, Vec<Line>>,
}

#[derive(Deserialize)]
struct Line {
    start: u32,
}

/// A line for each paragraph and width: where its lines begin, and their clusters from left to
/// right. Lines are broken where the file says, or else where they are full.
pub fn visual_order(file: &str, has_breaks: bool) -> Result<String> {
    let paragraphs = file.lines().enumerate().map(|(number, line)| {
        serde_json::from_str(line).with_context(|| format!("line {}", number + 1))
    });
    let paragraphs: Vec<Paragraph> = paragraphs.collect::<Result<_>>()?;
    let ctx = egui::Context::default();
    theme::install_fonts(&ctx);
    let mut lines = String::new();
    let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
        lines.clear();
        let mut words = Words::default();
        for paragraph in &paragraphs {
            add((ui.ctx(), &mut words), paragraph, has_breaks, &mut lines);
        }
    });
    // Nothing is painted.
    output.textures_delta.clear();
    Ok(lines)
}

fn add(
    (ctx, words): (&egui::Context, &mut Words),
    paragraph: &Paragraph,
    has_breaks: bool,
    out: &mut String,
) {
    const SIZE: f32 = 16.0;
    let text = ArticleText::new(paragraph.text.clone());
    let format = TextFormat {
        font_id: FontId::proportional(SIZE),
        ..TextFormat::default()
    };
    let unwrapped = [("unwrapped".to_owned(), Vec::new())].into();
    let widths = if paragraph.widths.is_empty() {
        &unwrapped
    } else {
        &paragraph.widths
    };
    for (width, lines) in widths {
        let points: Option<f32> = width.parse().ok();
        let starts = lines
            .iter()
            .filter_map(|line| text.byte_pos(CharPos(line.start)));
        let starts: Vec<usize> = starts.map(BytePos::as_usize).collect();
        let breaks = (has_breaks || points.is_none()).then_some(starts.as_slice());
        let measure = Measure {
            format: &format,
            width: points.unwrap_or_default(),
            row_height: SIZE,
            gap: 0.0,
            is_rtl: bidi::is_rtl(text.as_str()),
            breaks,
            part: None,
        };
        let composed = Composed::set(ctx, words, &text, text.full_range(), &measure);
        let point = |at: BytePos| text.char_pos(at).0;
        let lines = composed.order().map(|(start, seen)| {
            let seen: Vec<u32> = seen.into_iter().map(point).collect();
            json!({ "start": point(start), "order": seen })
        });
        let lines: Vec<_> = lines.collect();
        let width = points.map(|points| points as u32);
        let line = json!({ "id": paragraph.id, "width": width, "lines": lines });
        out.push_str(&format!("{line}\n"));
    }
}
