//! Writing in a field in any script: egui's field keeps text, caret, undoing and input methods, and
//! what it cannot show in its order, or not letter by letter, is shown and pointed at here.
//!
//! Knows no name and no reason of a field. Where the caret goes by arrows is decided before egui
//! sees the keys; where the mouse points, after. The selection is one of the text as it is read.

use super::written::{Spot, Written, is_plain};
use crate::core::text::selection::{Direction, Unit, step};
use crate::core::text::{ArticleText, BytePos};
use eframe::egui::accesskit::TextDirection;
use eframe::egui::style::ImeComposition;
use eframe::egui::text::{CCursor, CCursorRange, LayoutJob};
use eframe::egui::text_edit::{TextEditOutput, TextEditState};
use eframe::egui::text_selection::visuals::paint_text_cursor;
use eframe::egui::{
    Align2, Color32, Event, Id, ImeEvent, Key, Modifiers, Rect, Response, Stroke, TextBuffer,
    TextEdit, TextStyle, Ui,
};
use std::ops::Range;
use std::sync::Arc;

/// How a field is to look.
pub(crate) struct Writing<'a> {
    pub(crate) hint: &'a str,
    pub(crate) width: f32,
    /// Several lines, so many at first.
    pub(crate) rows: Option<usize>,
    /// How what is written is laid out, on one line.
    pub(crate) paints: Option<&'a dyn Fn(&str) -> LayoutJob>,
}

/// What was shown in the frame before.
#[derive(Clone)]
struct Seen {
    written: Arc<Written>,
    place: Rect,
}

pub(crate) fn show(ui: &mut Ui, id: Id, text: &mut String, writing: &Writing<'_>) -> Response {
    let is_one_line = writing.rows.is_none();
    let was_plain = is_plain(text);
    let known = id.with("seen");
    let seen: Option<Seen> = ui.data(|data| data.get_temp(known));
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    let is_composing = has_focus && is_composing(ui, id);
    let mut is_moved = false;
    if let Some(seen) = seen.as_ref().filter(|seen| seen.written.text() == text) {
        take_middle_click(ui, id, seen);
        if has_focus && !is_composing {
            is_moved = take_keys(ui, id, &seen.written, is_one_line);
        }
    }
    let before = TextEditState::load(ui.ctx(), id);
    let mut laid = seen.map(|seen| seen.written);
    let is_rtl = laid.as_ref().is_some_and(|laid| laid.is_rtl());
    let mut lay_out = |ui: &Ui, buffer: &dyn TextBuffer, room: f32| {
        let job = job_of(ui, buffer.as_str(), writing, room);
        if is_plain(&job.text) {
            laid = None;
            return ui.fonts_mut(|fonts| fonts.layout_job(job));
        }
        let room = if is_one_line { f32::INFINITY } else { room };
        let known = laid.take().filter(|laid| laid.is_of(ui.ctx(), &job, room));
        let height = row_height(ui);
        let set = || Written::set(ui.ctx(), &job, room, is_one_line, height).map(Arc::new);
        laid = known.or_else(set);
        match &laid {
            Some(laid) => laid.galley(ui.ctx(), &job),
            None => ui.fonts_mut(|fonts| fonts.layout_job(job)),
        }
    };
    let edit = match writing.rows {
        Some(rows) => TextEdit::multiline(text).desired_rows(rows),
        None if is_rtl => TextEdit::singleline(text).align(Align2::RIGHT_CENTER),
        None => TextEdit::singleline(text).align(Align2::LEFT_CENTER),
    };
    let edit = edit.id(id).hint_text(writing.hint);
    let edit = edit.desired_width(writing.width).layouter(&mut lay_out);
    let hushed = (!was_plain).then(|| hush(ui));
    let mut output = edit.show(ui);
    if let Some(hushed) = hushed {
        hushed.restore(ui);
    }
    if was_plain == laid.is_some() || laid.as_ref().is_some_and(|l| l.is_rtl() != is_rtl) {
        ui.ctx().request_repaint();
    }
    let response = output.response.response.clone();
    let Some(written) = laid else {
        ui.data_mut(|data| data.remove::<Seen>(known));
        return response;
    };
    let mut place = Rect::from_min_size(output.galley_pos, output.text_clip_rect.size());
    let is_cut = written.width() > output.text_clip_rect.width();
    if is_one_line && !has_focus && is_cut && written.is_rtl() {
        // What is read first is seen first.
        let off = output.text_clip_rect.right() - written.width() - place.left();
        place = place.translate(eframe::egui::vec2(off, 0.0));
    }
    let seen = Seen { written, place };
    point(ui, &mut output, &seen, before);
    paint(ui, &output, &seen, is_composing, is_moved);
    tell_places(ui, id, &seen);
    ui.data_mut(|data| data.insert_temp(known, seen));
    response
}

fn row_height(ui: &Ui) -> f32 {
    let font = TextStyle::Body.resolve(ui.style());
    ui.fonts_mut(|fonts| fonts.row_height(&font)) + ui.spacing().extra_text_line_spacing
}

/// As egui lays out a field.
fn job_of(ui: &Ui, text: &str, writing: &Writing<'_>, room: f32) -> LayoutJob {
    if let Some(paints) = writing.paints {
        return paints(text);
    }
    let visuals = ui.visuals();
    let ink = visuals.override_text_color;
    let ink = ink.unwrap_or(visuals.widgets.inactive.text_color());
    let font = TextStyle::Body.resolve(ui.style());
    let mut job = if writing.rows.is_some() {
        LayoutJob::simple(text.to_owned(), font, ink, room)
    } else {
        LayoutJob::simple_singleline(text.to_owned(), font, ink)
    };
    job.keep_trailing_whitespace = true;
    for section in &mut job.sections {
        section.format.line_height = Some(row_height(ui));
    }
    job
}

/// What egui would paint of selection and caret, whose places it does not know.
struct Hushed {
    selection: Color32,
    caret: Stroke,
    composing: ImeComposition,
}

fn hush(ui: &mut Ui) -> Hushed {
    let visuals = ui.visuals_mut();
    let hushed = Hushed {
        selection: visuals.selection.bg_fill,
        caret: visuals.text_cursor.stroke,
        composing: visuals.ime_composition,
    };
    visuals.selection.bg_fill = Color32::TRANSPARENT;
    visuals.text_cursor.stroke = Stroke::NONE;
    visuals.ime_composition.active_underline_stroke = Stroke::NONE;
    visuals.ime_composition.inactive_underline_stroke = Stroke::NONE;
    hushed
}

impl Hushed {
    fn restore(self, ui: &mut Ui) {
        let visuals = ui.visuals_mut();
        visuals.selection.bg_fill = self.selection;
        visuals.text_cursor.stroke = self.caret;
        visuals.ime_composition = self.composing;
    }
}

/// Whether an input method is at work once the events of this frame are taken.
fn is_composing(ui: &Ui, id: Id) -> bool {
    let known = id.with("composing");
    let was = ui.data(|data| data.get_temp(known)).unwrap_or(false);
    let is = ui.input(|input| {
        input.events.iter().fold(was, |was, event| match event {
            Event::Ime(ImeEvent::Preedit { text, .. }) => !text.is_empty(),
            Event::Ime(ImeEvent::Commit(_)) => false,
            _ => was,
        })
    });
    if is != was {
        ui.data_mut(|data| data.insert_temp(known, is));
    }
    is
}

fn cursor_of(text: &str, at: usize) -> CCursor {
    CCursor::new(text.get(..at).unwrap_or(text).chars().count())
}

fn byte_of(text: &str, cursor: CCursor) -> usize {
    let index: usize = cursor.index.into();
    let mut places = text.char_indices().map(|(at, _)| at);
    places.nth(index).unwrap_or(text.len())
}

fn bytes_of(text: &str, range: &CCursorRange) -> Range<usize> {
    let [start, end] = range.sorted_cursors();
    byte_of(text, start)..byte_of(text, end)
}

/// Where the caret is: egui forgets to which side it belongs, which is that of what was written.
fn spot_of(ui: &Ui, id: Id, text: &str, cursor: CCursor) -> Spot {
    let at = byte_of(text, cursor);
    let kept: Option<Spot> = ui.data(|data| data.get_temp(id.with("side")));
    kept.filter(|kept| kept.0 == at).unwrap_or((at, true))
}

fn keep_side(ui: &Ui, id: Id, spot: Spot) {
    ui.data_mut(|data| data.insert_temp(id.with("side"), spot));
}

/// Takes the keys that move the caret, up to the first that changes the text, and has those that
/// delete take whole clusters. Whether the caret was moved.
fn take_keys(ui: &Ui, id: Id, written: &Written, is_one_line: bool) -> bool {
    let Some(mut state) = TextEditState::load(ui.ctx(), id) else {
        return false;
    };
    let Some(mut range) = state.cursor.char_range() else {
        return false;
    };
    let mut spot = spot_of(ui, id, written.text(), range.primary);
    let (mut is_moved, mut is_changed) = (false, false);
    ui.input_mut(|input| {
        input.events.retain(|event| match event {
            Event::Text(_) | Event::Paste(_) | Event::Cut | Event::Ime(_) => {
                is_changed = true;
                true
            }
            Event::Key {
                key,
                pressed: true,
                modifiers,
                ..
            } if !is_changed => {
                if matches!(key, Key::Backspace | Key::Delete) {
                    is_moved |= widen(written, &mut range, *key, *modifiers);
                    is_changed = true;
                    return true;
                }
                let from = (range, spot);
                let to = moved(written, from, *key, *modifiers, is_one_line);
                if let Some(to) = to {
                    (range, spot) = to;
                    is_moved = true;
                }
                to.is_none()
            }
            _ => true,
        });
    });
    if is_moved {
        state.cursor.set_char_range(Some(range));
        state.store(ui.ctx(), id);
        keep_side(ui, id, spot);
    }
    is_moved
}

/// Selects what a key is to delete: whole clusters, and words as they are known elsewhere. A mark
/// that was typed last is taken back by itself.
fn widen(written: &Written, range: &mut CCursorRange, key: Key, modifiers: Modifiers) -> bool {
    let text = written.text();
    if !range.is_empty() || modifiers.mac_cmd || modifiers.shift {
        return false;
    }
    let is_behind = key == Key::Delete;
    let at = byte_of(text, range.primary);
    let other = if modifiers.ctrl || modifiers.alt {
        word(text, at, is_behind)
    } else {
        let cluster = written.cluster(at, is_behind).filter(|cluster| {
            let letters = text.get(cluster.clone()).unwrap_or_default();
            is_behind || is_picture(letters)
        });
        cluster.map(|cluster| {
            if is_behind {
                cluster.end
            } else {
                cluster.start
            }
        })
    };
    let Some(other) = other.filter(|other| *other != at) else {
        return false;
    };
    let (start, end) = (at.min(other), at.max(other));
    *range = CCursorRange::two(cursor_of(text, start), cursor_of(text, end));
    true
}

/// Whether a cluster is an emoji, which has no marks that are typed one by one.
fn is_picture(cluster: &str) -> bool {
    cluster
        .chars()
        .any(|c| matches!(c, '\u{1f000}'..|'\u{fe0f}'| '\u{20e3}'))
}

fn word(text: &str, at: usize, is_behind: bool) -> Option<usize> {
    let article = ArticleText::new(text.to_owned());
    if article.as_str() != text {
        return None;
    }
    let way = if is_behind {
        Direction::Forward
    } else {
        Direction::Back
    };
    Some(step(&article, BytePos(at as u32), Unit::Word, way).as_usize())
}

/// What is selected after a key, and where the caret is.
fn moved(
    written: &Written,
    (mut range, spot): (CCursorRange, Spot),
    key: Key,
    modifiers: Modifiers,
    is_one_line: bool,
) -> Option<(CCursorRange, Spot)> {
    let text = written.text();
    let is_whole = modifiers.command || modifiers.ctrl;
    let x = range.h_pos.unwrap_or_else(|| written.caret(spot).left());
    let mut kept = None;
    let to = match key {
        Key::ArrowLeft | Key::ArrowRight => {
            let to_right = key == Key::ArrowRight;
            let is_onward = to_right != written.is_rtl();
            if modifiers.mac_cmd {
                written.edge(spot, is_onward)
            } else if modifiers.alt || modifiers.ctrl {
                (word(text, spot.0, is_onward)?, is_onward)
            } else if !range.is_empty() && !modifiers.shift {
                let bytes = bytes_of(text, &range);
                let ends = [(bytes.start, false), (bytes.end, true)];
                let [start, end] = ends.map(|spot| written.caret(spot));
                let is_one_row = start.top() == end.top();
                let is_first_left = if is_one_row {
                    start.left() <= end.left()
                } else {
                    !written.is_rtl()
                };
                if is_first_left == to_right {
                    (bytes.end, true)
                } else {
                    (bytes.start, false)
                }
            } else {
                written.step(spot, to_right)
            }
        }
        Key::Home if is_whole => (0, false),
        Key::End if is_whole => (text.len(), true),
        Key::Home | Key::End => written.edge(spot, key == Key::End),
        Key::ArrowUp | Key::ArrowDown if !is_one_line && !is_whole && !modifiers.alt => {
            kept = Some(x);
            written.beside(spot, x, key == Key::ArrowDown)
        }
        _ => return None,
    };
    range.primary = cursor_of(text, to.0);
    range.h_pos = kept;
    if !modifiers.shift {
        range.secondary = range.primary;
    }
    Some((range, to))
}

/// What the middle button pastes goes where it points.
fn take_middle_click(ui: &Ui, id: Id, seen: &Seen) {
    let over = |event: &Event| match event {
        Event::MiddleClickPaste { pos, .. } => {
            let layer = ui.ctx().layer_transform_from_global(ui.layer_id());
            let pos = layer.map_or(*pos, |from_global| from_global * *pos);
            let is_free = ui.ctx().layer_id_at(pos) == Some(ui.layer_id());
            (is_free && seen.place.contains(pos)).then_some(pos)
        }
        _ => None,
    };
    let pos = ui.input(|input| input.events.iter().find_map(over));
    let Some(pos) = pos.filter(|_| ui.is_enabled()) else {
        return;
    };
    let spot = seen.written.spot_at(pos - seen.place.min);
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let at = cursor_of(seen.written.text(), spot.0);
    state.cursor.set_char_range(Some(CCursorRange::one(at)));
    state.store(ui.ctx(), id);
    ui.memory_mut(|memory| memory.request_focus(id));
    ui.input_mut(|input| {
        for event in &mut input.events {
            if let Event::MiddleClickPaste { text, .. } = event {
                *event = Event::Paste(std::mem::take(text));
            }
        }
    });
}

/// Where the mouse points is asked of what is seen: egui would ask its galley.
fn point(ui: &Ui, output: &mut TextEditOutput, seen: &Seen, before: Option<TextEditState>) {
    let response = &output.response.response;
    let Some(pos) = response.interact_pointer_pos() else {
        return;
    };
    let spot = seen.written.spot_at(pos - seen.place.min);
    let at = cursor_of(seen.written.text(), spot.0);
    let mut cursor = before.map(|state| state.cursor).unwrap_or_default();
    let is_dragged = ui.ctx().is_being_dragged(response.id);
    if cursor.pointer_interaction(ui, response, at, &output.galley, is_dragged) {
        output.state.cursor = cursor;
        output.state.clone().store(ui.ctx(), response.id);
        let primary = cursor.char_range().map(|range| range.primary.index);
        if primary == Some(at.index) {
            keep_side(ui, response.id, spot);
        }
    }
}

fn paint(ui: &Ui, output: &TextEditOutput, seen: &Seen, is_composing: bool, is_moved: bool) {
    let (written, at) = (&seen.written, seen.place.min);
    let response = &output.response.response;
    // A caret at the edge is not cut.
    let painter = ui.painter_at(output.text_clip_rect.expand(1.0));
    let visuals = ui.visuals();
    let has_focus = ui.memory(|memory| memory.has_focus(response.id));
    let range = output.state.cursor.char_range().filter(|_| has_focus);
    let covered = range.map_or(0..0, |range| bytes_of(written.text(), &range));
    let covered = written.rects(&covered).into_iter();
    let covered: Vec<Rect> = covered.map(|rect| rect.translate(at.to_vec2())).collect();
    if !is_composing {
        for rect in &covered {
            painter.rect_filled(*rect, 0.0, visuals.selection.bg_fill);
        }
    }
    written.paint(&painter, at, visuals.text_color());
    let Some(range) = range else { return };
    if is_composing {
        let stroke = Stroke::new(1.0, visuals.text_color());
        for rect in &covered {
            painter.hline(rect.x_range(), rect.bottom() - 1.0, stroke);
        }
    }
    let caret = spot_of(ui, response.id, written.text(), range.primary);
    let caret = written.caret(caret);
    let caret = caret.translate(at.to_vec2());
    if is_moved || response.changed() {
        ui.scroll_to_rect(caret, None);
    }
    if ui.input(|input| input.focused) {
        paint_text_cursor(ui, &painter, caret, 0.0);
    }
}

/// egui tells assistive tools that all text goes from the left.
fn tell_places(ui: &Ui, id: Id, seen: &Seen) {
    /// Of longer lines egui makes several runs, which keep their words and lose their places.
    const LONGEST: usize = 255;
    for line in 0..seen.written.line_count() {
        let run = id.with(line).with(0_usize);
        ui.ctx().accesskit_node_builder(run, |node| {
            let Some((bounds, places, widths)) = seen.written.places(line) else {
                return;
            };
            if places.len() > LONGEST {
                return;
            }
            let bounds = bounds.translate(seen.place.min.to_vec2());
            if seen.written.is_rtl() {
                node.set_text_direction(TextDirection::RightToLeft);
            }
            node.set_bounds(eframe::egui::accesskit::Rect {
                x0: bounds.left().into(),
                y0: bounds.top().into(),
                x1: bounds.right().into(),
                y1: bounds.bottom().into(),
            });
            node.set_character_positions(places);
            node.set_character_widths(widths);
        });
    }
}
