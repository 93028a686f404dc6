//! The rows of dialogs, which run from edge to edge of their part: of words, of files, of what the
//! palette finds, and the headings between them.

use super::icon::{self, Icon};
use super::row::{Ground, RowState, key_cap_before, line, tick_box};
use super::swatch::swatch;
use super::words::hover;
use super::{letters, tell, tell_chosen, tell_whether};
use crate::core::codebook::Underline;
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{Align, Color32, FontId, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};
use std::ops::Range;

/// Left free at both sides.
const SIDE: f32 = 20.0;

/// How a row stands: the current one has a bar, and those that are chosen the ground of a selection.
fn ground(ui: &Ui, response: &Response, is_current: bool, is_chosen: bool, tokens: &Tokens) {
    let state = RowState {
        is_chosen: is_current,
        is_ticked: is_chosen,
        has_ring: false,
    };
    Ground::IN_PANEL.paint(ui, response.rect, state, response.hovered(), tokens);
}

/// A row of words: what it says, what else there is to know, and how it stands out.
#[derive(Default)]
pub(crate) struct TextRow {
    pub(crate) text: String,
    /// At the right, in small letters.
    pub(crate) detail: String,
    /// Before the text, in small letters.
    pub(crate) mark: String,
    pub(crate) is_dim: bool,
    pub(crate) is_chosen: bool,
    /// Where several can be chosen: whether it is one of them.
    pub(crate) is_ticked: Option<bool>,
}

impl TextRow {
    pub(crate) const HEIGHT: f32 = 28.0;

    pub(crate) fn ui(&self, ui: &mut Ui, has_cursor: bool, tokens: &Tokens) -> Response {
        let size = vec2(ui.available_width(), Self::HEIGHT);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let name = format!("{} {} {}", self.mark, self.text, self.detail);
        tell_chosen(&response, Role::ListBoxOption, name.trim(), self.is_chosen);
        ground(ui, &response, has_cursor, self.is_chosen, tokens);
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let color = if self.is_dim { tokens.dim } else { tokens.ink };
        let middle = rect.center().y;
        let small = FontId::proportional(12.0);
        let inner = rect.width() - 2.0 * SIDE;
        let detail = line(
            &painter,
            &self.detail,
            small.clone(),
            tokens.dim,
            inner * 0.45,
        );
        let detail_left = rect.right() - SIDE - detail.size().x;
        let at = pos2(detail_left, middle - detail.size().y / 2.0);
        painter.galley(at, detail, tokens.dim);
        let mut left = rect.left() + SIDE;
        if let Some(is_ticked) = self.is_ticked {
            tick_box(&painter, pos2(left + 8.0, middle), is_ticked, tokens);
            left += 26.0;
        }
        if !self.mark.is_empty() {
            let mark = line(&painter, &self.mark, small, tokens.dim, 120.0);
            painter.galley(pos2(left, middle - mark.size().y / 2.0), mark, tokens.dim);
            left += 128.0;
        }
        let room = (detail_left - 12.0 - left).max(10.0);
        let text = line(
            &painter,
            &self.text,
            FontId::proportional(13.0),
            color,
            room,
        );
        painter.galley(pos2(left, middle - text.size().y / 2.0), text, color);
        if self.text.chars().count() > 40 {
            return hover(response, self.text.chars().take(600).collect::<String>());
        }
        response
    }
}

/// A row of two lines that can be ticked.
#[derive(Default)]
pub(crate) struct TickRow {
    pub(crate) text: String,
    pub(crate) second: String,
    pub(crate) is_dim: bool,
    pub(crate) is_ticked: bool,
}

impl TickRow {
    pub(crate) const HEIGHT: f32 = FileRow::HEIGHT;

    /// Says too whether its box was clicked.
    pub(crate) fn ui(&self, ui: &mut Ui, is_current: bool, tokens: &Tokens) -> (Response, bool) {
        let size = vec2(ui.available_width(), Self::HEIGHT);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let name = format!("{}, {}", self.text, self.second);
        tell_chosen(&response, Role::ListBoxOption, &name, self.is_ticked);
        ground(ui, &response, is_current, false, tokens);
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let left = rect.left() + SIDE;
        tick_box(
            &painter,
            pos2(left + 8.0, rect.center().y),
            self.is_ticked,
            tokens,
        );
        let text_left = left + 26.0;
        let room = (rect.right() - 12.0 - text_left).max(10.0);
        let color = if self.is_dim { tokens.dim } else { tokens.ink };
        let first = line(
            &painter,
            &self.text,
            FontId::proportional(13.0),
            color,
            room,
        );
        painter.galley(pos2(text_left, rect.top() + 4.0), first, color);
        let small = FontId::proportional(12.0);
        let second = line(&painter, &self.second, small, tokens.dim, room);
        painter.galley(pos2(text_left, rect.top() + 24.0), second, tokens.dim);
        let at = response.interact_pointer_pos();
        let is_at_box = at.is_some_and(|pos| pos.x < text_left);
        let is_boxed = response.clicked() && is_at_box;
        (response, is_boxed)
    }
}

/// What the rows below it have in common; no row itself.
pub(crate) fn heading_row_ui(ui: &mut Ui, text: &str, tokens: &Tokens) -> Response {
    let size = vec2(ui.available_width(), PaletteRow::HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    tell(&response, Role::Label, text);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let small = FontId::proportional(12.0);
    let room = rect.width() - 2.0 * SIDE;
    let text = line(&painter, text, small, tokens.dim, room);
    let at = pos2(rect.left() + SIDE, rect.bottom() - 4.0 - text.size().y);
    painter.galley(at, text, tokens.dim);
    response
}

/// A row of the palette: what it does, with what was typed in bold, and its key.
pub(crate) struct PaletteRow<'a> {
    pub(crate) title: &'a str,
    pub(crate) matches: &'a [Range<usize>],
    pub(crate) detail: &'a str,
    pub(crate) refusal: Option<&'a str>,
    /// Colour and underline of the label that it is about.
    pub(crate) label: Option<(Color32, &'a Underline)>,
    /// The detail is a key.
    pub(crate) is_key: bool,
}

impl PaletteRow<'_> {
    pub(crate) const HEIGHT: f32 = 30.0;

    pub(crate) fn ui(&self, ui: &mut Ui, state: RowState, tokens: &Tokens) -> Response {
        let size = vec2(ui.available_width(), Self::HEIGHT);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let name = [self.title, self.refusal.unwrap_or_default(), self.detail];
        let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
        let name = name.join(" ");
        response.widget_info(|| {
            let can = self.refusal.is_none();
            WidgetInfo::labeled(Role::ListBoxOption, can, &name)
        });
        let (ctx, is_chosen) = (ui.ctx(), state.is_chosen);
        ctx.accesskit_node_builder(response.id, |node| node.set_selected(is_chosen));
        // The one that the pointer is at is the current one as soon as it moves.
        let ground = RowState {
            is_chosen: state.is_chosen,
            ..RowState::default()
        };
        Ground::IN_PANEL.paint(ui, rect, ground, false, tokens);
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let middle = rect.center().y;
        let mut left = rect.left() + SIDE;
        if let Some((color, underline)) = self.label {
            let place = Rect::from_center_size(pos2(left + 8.0, middle), vec2(16.0, 13.0));
            swatch(ui, place, color, underline, tokens);
        }
        left += 26.0;
        let mut right = rect.right() - SIDE;
        if !self.detail.is_empty() && self.is_key {
            right = key_cap_before(&painter, pos2(right, middle), self.detail, tokens);
        } else if !self.detail.is_empty() {
            let small = FontId::proportional(12.0);
            let room = (right - left) * 0.45;
            let detail = line(&painter, self.detail, small, tokens.dim, room);
            right -= detail.size().x;
            painter.galley(
                pos2(right, middle - detail.size().y / 2.0),
                detail,
                tokens.dim,
            );
        }
        let color = if self.refusal.is_some() {
            tokens.dim
        } else {
            tokens.ink
        };
        let mut job = LayoutJob {
            wrap: TextWrapping::truncate_at_width((right - 12.0 - left).max(10.0)),
            ..LayoutJob::default()
        };
        let plain = TextFormat::simple(FontId::proportional(13.0), color);
        let strong = TextFormat::simple(theme::strong_font(13.0), color);
        let mut done = 0;
        for range in self.matches {
            let (before, hit) = (
                self.title.get(done..range.start),
                self.title.get(range.clone()),
            );
            job.append(before.unwrap_or_default(), 0.0, plain.clone());
            job.append(hit.unwrap_or_default(), 0.0, strong.clone());
            done = range.end;
        }
        job.append(self.title.get(done..).unwrap_or_default(), 0.0, plain);
        if let Some(refusal) = self.refusal {
            let small = TextFormat::simple(FontId::proportional(12.0), tokens.dim);
            job.append(refusal, 12.0, small);
        }
        let room = job.wrap.max_width;
        let mut title = letters::dressed(ui.ctx(), &job, room).unwrap_or(job);
        title.halign = Align::LEFT;
        let title = painter.layout_job(title);
        painter.galley(pos2(left, middle - title.size().y / 2.0), title, color);
        response
    }
}

/// One of a few choices below each other, which are one stop for Tab: the chosen one.
pub(crate) fn choice_row_ui(
    ui: &mut Ui,
    text: &str,
    detail: &str,
    is_chosen: bool,
    tokens: &Tokens,
) -> Response {
    let size = vec2(ui.available_width(), TextRow::HEIGHT);
    let sense = if is_chosen {
        Sense::click()
    } else {
        Sense::CLICK
    };
    let (rect, response) = ui.allocate_exact_size(size, sense);
    tell_whether(&response, Role::Button, text, is_chosen);
    ground(ui, &response, is_chosen, false, tokens);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let (left, right) = (rect.left() + SIDE, rect.right() - 12.0);
    let small = FontId::proportional(12.0);
    let detail = line(&painter, detail, small, tokens.dim, 80.0);
    let from = right - detail.size().x;
    let at = pos2(from, rect.center().y - detail.size().y / 2.0);
    painter.galley(at, detail, tokens.dim);
    let font = if is_chosen {
        theme::strong_font(13.0)
    } else {
        FontId::proportional(13.0)
    };
    let text = line(
        &painter,
        text,
        font,
        tokens.ink,
        (from - 8.0 - left).max(10.0),
    );
    let at = pos2(left, rect.center().y - text.size().y / 2.0);
    painter.galley(at, text, tokens.ink);
    response
}

/// A row of two lines, with what became of it as an icon.
pub(crate) struct FileRow {
    pub(crate) icon: (Icon, Color32),
    pub(crate) text: String,
    pub(crate) second: String,
    /// Of the second line.
    pub(crate) color: Color32,
}

impl FileRow {
    pub(crate) const HEIGHT: f32 = 46.0;

    pub(crate) fn ui(&self, ui: &mut Ui, is_current: bool, tokens: &Tokens) -> Response {
        let size = vec2(ui.available_width(), Self::HEIGHT);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let name = format!("{}, {}", self.text, self.second);
        tell_chosen(&response, Role::ListBoxOption, &name, is_current);
        ground(ui, &response, is_current, false, tokens);
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let (icon, color) = self.icon;
        let left = rect.left() + SIDE;
        icon::paint(
            &painter,
            icon,
            pos2(left + 8.0, rect.center().y),
            16.0,
            color,
        );
        let left = left + 26.0;
        let room = (rect.right() - 12.0 - left).max(10.0);
        let font = if is_current {
            theme::strong_font(13.0)
        } else {
            FontId::proportional(13.0)
        };
        let first = line(&painter, &self.text, font, tokens.ink, room);
        painter.galley(pos2(left, rect.top() + 4.0), first, tokens.ink);
        let small = FontId::proportional(12.0);
        let second = line(&painter, &self.second, small, self.color, room);
        painter.galley(pos2(left, rect.top() + 24.0), second, self.color);
        response
    }
}
