//! The order in which a text is seen, what clicks hit and what selections cover, as numbers, so that
//! others can compare it with what other programs show: a command that the help does not tell of. What
//! is set is what the window sets.

use super::layout::{BlockLayout as _, Composed, Measure};
use crate::core::text::{ArticleText, BytePos, ByteRange, CharPos, bidi};
use crate::ui::kit::letters::Words;
use crate::ui::theme;
use anyhow::{Context as _, Result};
use eframe::egui::text::TextFormat;
use eframe::egui::{self, FontId, Rect, vec2};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A line of the file: a paragraph, and where its lines begin at each width, in code points.
#[derive(Deserialize)]
struct Paragraph {
    id: String,
    text: String,
    #[serde(default)]
    widths: BTreeMap<String, Vec<Line>>,
    /// By width: which ranges are selected.
    #[serde(default)]
    carets: BTreeMap<String, Carets>,
}

#[derive(Deserialize)]
struct Line {
    start: u32,
}

#[derive(Default, Deserialize)]
struct Carets {
    #[serde(default)]
    selections: Vec<Selected>,
}

#[derive(Deserialize)]
struct Selected {
    range: (u32, u32),
}

/// A line for each paragraph and width: where its lines begin, and their clusters from left to
/// right. Lines are broken where the file says, or else where they are full. What clicks hit is told
/// where that is asked for, and what the selections of the file cover.
pub fn visual_order(file: &str, has_breaks: bool, has_carets: bool) -> Result<String> {
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
            add(
                (ui.ctx(), &mut words),
                paragraph,
                (has_breaks, has_carets),
                &mut lines,
            );
        }
    });
    // Nothing is painted.
    output.textures_delta.clear();
    Ok(lines)
}

fn add(
    (ctx, words): (&egui::Context, &mut Words),
    paragraph: &Paragraph,
    (has_breaks, has_carets): (bool, bool),
    out: &mut String,
) {
    const SIZE: f32 = 16.0;
    const ROW: f32 = 20.0;
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
            row_height: ROW,
            gap: 0.0,
            is_rtl: bidi::is_rtl(text.as_str()),
            breaks,
            part: None,
        };
        let composed = Composed::set(ctx, words, &text, text.full_range(), &measure);
        let point = |at: BytePos| text.char_pos(at).0;
        let order: Vec<(BytePos, Vec<BytePos>)> = composed.order().collect();
        let lines = order.iter().map(|(start, seen)| {
            let seen: Vec<u32> = seen.iter().map(|at| point(*at)).collect();
            json!({ "start": point(*start), "order": seen })
        });
        let lines: Vec<_> = lines.collect();
        let number = points.map(|points| points as u32);
        let mut line = json!({ "id": paragraph.id, "width": number, "lines": lines });
        if has_carets {
            let middle = |line: usize| (line as f32 + 0.5) * ROW;
            let rows = order.iter().enumerate();
            let clicks = rows.map(|(n, (_, seen))| {
                let here = seen.iter().map(|at| {
                    let place = composed.place(*at);
                    let hit = |part: f32| {
                        let x = place.left() + place.width() * part;
                        point(composed.caret_at(vec2(x, middle(n))))
                    };
                    (place.width() > 0.0).then(|| [hit(0.25), hit(0.75)])
                });
                here.collect::<Vec<_>>()
            });
            let clicks: Vec<Vec<Option<[u32; 2]>>> = clicks.collect();
            let selections = paragraph.carets.get(width);
            let selections = selections.map_or(&[][..], |carets| &carets.selections);
            let selections = selections.iter().map(|selected| {
                let (from, to) = selected.range;
                // Answers stand in the places of the questions.
                let (Some(start), Some(end)) =
                    (text.byte_pos(CharPos(from)), text.byte_pos(CharPos(to)))
                else {
                    return Value::Null;
                };
                let range = ByteRange::new(start, end);
                let mut rects = Vec::new();
                composed.rects(range, &mut rects);
                let rows = order.iter().enumerate();
                let lines = rows.filter_map(|(n, (_, seen))| {
                    let is_here = |rect: &&Rect| rect.y_range().contains(middle(n));
                    let here: Vec<Rect> = rects.iter().filter(is_here).copied().collect();
                    let runs = runs_of(&composed, seen, &here);
                    (!runs.is_empty()).then(|| json!({ "line": n, "runs": runs }))
                });
                let lines: Vec<Value> = lines.collect();
                json!({ "range": [from, to], "lines": lines })
            });
            let selections: Vec<Value> = selections.collect();
            if let Some(fields) = line.as_object_mut() {
                fields.insert("clicks".to_owned(), json!(clicks));
                fields.insert("selections".to_owned(), json!(selections));
            }
        }
        out.push_str(&format!("{line}\n"));
    }
}

/// Which clusters of a line lie in rectangles of it, as half-open stretches of their places. What is not
/// seen belongs to what is before it.
fn runs_of(composed: &Composed, seen: &[BytePos], rects: &[Rect]) -> Vec<[usize; 2]> {
    let mut runs: Vec<[usize; 2]> = Vec::new();
    for (n, at) in seen.iter().enumerate() {
        let place = composed.place(*at);
        let middle = place.center().x;
        let is_in = rects.iter().any(|rect| rect.x_range().contains(middle));
        if place.width() <= 0.0 || !is_in {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run[1] == n => run[1] = n + 1,
            _ => runs.push([n, n + 1]),
        }
    }
    runs
}
