//! The line that the keyboard is at, in its text: the sentence around the hit with what is marked in
//! it, and the way into the article. It stands below the lines and never grows, so that nothing moves.

use crate::app::action::{Action, FindAction};
use crate::app::command::{Command, info};
use crate::app::model::Model;
use crate::app::settings::ReadingFont;
use crate::app::words::day;
use crate::core::article::Article;
use crate::core::concordance::on_one_line;
use crate::core::lists::innermost;
use crate::core::recipes::hits::place_of;
use crate::core::text::segment::{grapheme_ceil, grapheme_floor, sentence_at};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::ui::kit::chip::quiet_button_ui;
use crate::ui::kit::letters::dressed_ui;
use crate::ui::kit::speech::tell_region;
use crate::ui::kit::{row, tell};
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, Color32, FontId, Frame, Label, Layout, Margin, Stroke, Ui};

pub(super) const HEIGHT: f32 = 104.0;
/// How far the words go at each side of a hit at most, in bytes.
const REACH: u32 = 240;
/// So many lines of it are shown, so high; buttons stay where they are under one line, too.
const ROWS: usize = 2;
const LINE: f32 = 25.0;
/// What stands where a paragraph ends.
const BREAK: &str = " ¶ ";
/// Of a sentence that is shorter, in bytes, the ones beside it are shown, too.
const SHORT: usize = 90;

pub(super) fn context_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let top = ui.max_rect();
    ui.painter()
        .hline(top.x_range(), top.top() + 0.5, (1.0, tokens.line));
    tell_region(ui, "Hit in its text");
    let Some((id, hit)) = model.current_hit().cloned() else {
        ui.add_space(12.0);
        ui.horizontal(|ui| {
            ui.add_space(20.0);
            ui.weak(
                "Up and Down go from hit to hit; the one that you are at stands here in its text.",
            );
        });
        return;
    };
    let Some(article) = model.session().project().article(&id) else {
        return;
    };
    let frame = Frame::new().inner_margin(Margin::symmetric(20, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 4.0;
        let mut job = in_text(model, article, hit, tokens);
        job.wrap.max_width = ui.available_width();
        job.wrap.max_rows = ROWS;
        let top = ui.cursor().top();
        dressed_ui(ui, job);
        // The space below the lines is part of it, and a bold word may be a little higher than its line.
        let used = ui.cursor().top() - top;
        ui.add_space((ROWS as f32 * LINE + 6.0 - used).max(0.0));
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let published = article.meta("published").map(day).unwrap_or_default();
            let hides = model.settings().hides_source;
            let outlet = article.meta("outlet").filter(|_| !hides).unwrap_or_default();
            let parts = [&*article.shown_title(), outlet, &published].map(str::to_owned);
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let opens = quiet_button_ui(ui, "Open the article", "Open the article");
                let told = "Show the hit in its article (Enter); Ctrl+2 comes back here, F12 goes on to the next hit there";
                if opens.on_hover_text(told).clicked() {
                    actions.push(FindAction::Show((id.clone(), hit)).into());
                }
                for (shown, command) in [
                    ("Compare…", Command::ComparePassages),
                    ("Near copies…", Command::FindNearCopies),
                ] {
                    let about = info(command);
                    let button = quiet_button_ui(ui, shown, about.title);
                    if button.on_hover_text(about.help).clicked() {
                        actions.push(Action::Run(command));
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let told = parts.join(" · ");
                    let small = FontId::proportional(SMALL);
                    let room = ui.available_width();
                    let line = row::line(ui.painter(), &told, small, tokens.dim, room);
                    let response = ui.add(Label::new(line));
                    tell(&response, Role::Label, &told);
                });
            });
        });
    });
}

/// The sentences that a hit lies in, as far as there is room for them.
fn around(text: &ArticleText, hit: ByteRange) -> ByteRange {
    let last = BytePos(hit.end.0.saturating_sub(1).max(hit.start.0));
    let first = sentence_at(text, hit.start);
    let mut whole = first.union(sentence_at(text, grapheme_floor(text, last)));
    // A heading or a cry says little alone.
    if whole.len() < SHORT {
        let before = text.as_str().get(..whole.start.as_usize());
        let before = before.map_or(0, |before| before.trim_end().len() as u32);
        let before = grapheme_floor(text, BytePos(before.saturating_sub(1)));
        whole = sentence_at(text, before).union(whole);
        whole = whole.union(sentence_at(text, grapheme_ceil(text, whole.end)));
    }
    let from = whole.start.0.max(hit.start.0.saturating_sub(REACH));
    let upto = whole.end.0.min(hit.end.0.saturating_add(REACH));
    let from = grapheme_ceil(text, BytePos(from)).min(hit.start);
    ByteRange::new(from, grapheme_floor(text, BytePos(upto)).max(hit.end))
}

/// The words around a hit, with what is marked, and how far a mark would go that the hit gets.
fn in_text(model: &Model, article: &Article, hit: ByteRange, tokens: &Tokens) -> LayoutJob {
    let text = &article.text;
    let codebook = model.session().project().codebook();
    let label = model.label_for_hits();
    let widened = place_of(article, hit, label);
    let around = around(text, hit);
    let mut ranges = Vec::new();
    let mut colors = Vec::new();
    for entry in article.annotations.overlapping(around) {
        let annotation = &entry.annotation;
        ranges.push((entry.range.clamp_to(around), annotation.covered_bytes()));
        colors.push(tokens.label(codebook.color_of(annotation.label.as_str())));
    }
    let marked = innermost(&ranges);
    let mut cuts: Vec<BytePos> = vec![around.start, around.end, hit.start, hit.end];
    let inner = widened.clamp_to(around);
    cuts.extend([inner.start, inner.end]);
    cuts.extend(
        marked
            .iter()
            .flat_map(|(range, _)| [range.start, range.end]),
    );
    cuts.sort_unstable();
    cuts.dedup();
    let serif = theme::reading_font(ReadingFont::Serif, 15.0);
    let bold = theme::headline_of(ReadingFont::Serif, 15.0);
    let format = |font: &FontId, background: Color32| TextFormat {
        line_height: Some(LINE),
        background,
        ..TextFormat::simple(font.clone(), tokens.ink)
    };
    let mut job = LayoutJob::default();
    if around.start.0 > 0 && around.start < hit.start {
        let before = text.slice(ByteRange::new(BytePos(0), around.start));
        if !before.ends_with(['\n', ' ']) {
            job.append("… ", 0.0, format(&serif, Color32::TRANSPARENT));
        }
    }
    for (from, upto) in cuts.iter().zip(cuts.iter().skip(1)) {
        let part = ByteRange::new(*from, *upto);
        let mark = marked.iter().find(|(range, _)| range.covers(part));
        let color = mark.and_then(|(_, which)| colors.get(*which)).copied();
        let is_hit = hit.covers(part);
        let ground = match (is_hit, color) {
            (true, _) => tokens.hit,
            (false, Some(color)) => tokens.tint(color),
            (false, None) => Color32::TRANSPARENT,
        };
        let mut format = format(if is_hit { &bold } else { &serif }, ground);
        if let Some(color) = color {
            format.underline = Stroke::new(2.0, color);
        } else if inner.covers(part) && inner != hit {
            // What a mark takes in beside the words that were found.
            format.underline = Stroke::new(1.0, tokens.dim);
        }
        // Where a paragraph ends is seen, though all of it stands on one line.
        for (n, words) in text.slice(part).split('\n').enumerate() {
            if n > 0 && !job.text.ends_with(BREAK) {
                let format = TextFormat {
                    color: tokens.dim,
                    ..format.clone()
                };
                job.append(BREAK, 0.0, format);
            }
            let words = on_one_line(words);
            let words = if job.text.ends_with(BREAK) {
                words.trim_start()
            } else {
                words.as_str()
            };
            job.append(words, 0.0, format.clone());
        }
    }
    job
}
