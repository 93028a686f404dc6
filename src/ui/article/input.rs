//! Mouse and keyboard in the article: gestures and motions to actions.
//!
//! One thing that was done is one step, which asks for what it wants of the model; the next step
//! sees what came of it, in the same frame. The rules of selecting live in `core::text`.

use super::blocks::Kind;
use super::linking::link_from;
use super::{Anchor, ArticleView, Gesture, Step, layout, widget_id};
use crate::app::action::{Action, Side};
use crate::app::model::Model;
use crate::core::article::Article;
use crate::core::boundary::edged;
use crate::core::ids::AnnotationId;
use crate::core::recipes::link::ways;
use crate::core::text::selection::{Direction, Granularity, Selection, Unit, snapped};
use crate::core::text::{ArticleText, BytePos, ByteRange, segment};
use eframe::egui::{self, Event, EventFilter, Key, Modifiers, PointerButton, Pos2, Response, Ui};

/// How far the pointer must go for a press to be a drag, in points.
const DRAG_DISTANCE: f32 = 4.0;
/// Presses this close in time (seconds) and place (points) count as one more click.
const CLICK_SECS: f64 = 0.45;
const CLICK_DISTANCE: f32 = 6.0;
/// A frame that begins so soon (seconds) after the one before was done had been waited for.
const WAIT_SECS: f64 = 0.05;

/// Where the walk through the input of a frame stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Walk {
    at: usize,
    /// Something was met that the article hears: keys after it have waited for it.
    has_heard: bool,
    is_over: bool,
}

/// Whether an event is for the article, so that what was done after it must wait.
pub(in crate::ui) fn hears(event: &Event, has_keyboard: bool) -> bool {
    match event {
        Event::PointerButton { .. } => true,
        Event::Key {
            key, pressed: true, ..
        } => has_keyboard && is_motion(*key),
        _ => false,
    }
}

fn is_motion(key: Key) -> bool {
    matches!(
        key,
        Key::ArrowLeft
            | Key::ArrowRight
            | Key::ArrowUp
            | Key::ArrowDown
            | Key::PageUp
            | Key::PageDown
            | Key::Home
            | Key::End
            | Key::Enter
    )
}

impl ArticleView {
    /// The article has the keyboard whenever nothing else has.
    pub(super) fn take_keyboard(&mut self, ui: &Ui) {
        let id = widget_id();
        let is_free = ui.ctx().memory(|memory| memory.focused().is_none());
        // While a menu is open, arrows go through it.
        let has_menu = egui::Popup::is_any_open(ui.ctx());
        if is_free
            && !has_menu
            && ui.is_enabled()
            && !ui.ctx().memory(|m| m.top_modal_layer().is_some())
        {
            ui.ctx().memory_mut(|memory| memory.request_focus(id));
        }
        self.has_focus = ui.ctx().memory(|memory| memory.has_focus(id));
        if self.has_focus {
            let filter = EventFilter {
                tab: !has_menu,
                horizontal_arrows: !has_menu,
                vertical_arrows: !has_menu,
                escape: true,
            };
            ui.ctx()
                .memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        }
    }

    /// What came in this frame came after this; see [`ArticleView::was_busy`].
    pub(super) fn begin_walk(&mut self, ui: &Ui) {
        self.walk = Walk::default();
        let now = ui.ctx().input(|input| input.time);
        let was_waiting = self.frame_at + self.busy_secs + WAIT_SECS >= now;
        self.since = if was_waiting { self.frame_at } else { now };
        self.frame_at = now;
    }

    /// Takes in what the analyst did next in this frame, in the order in which it was done, and asks
    /// for what follows from it. To be called again when that was performed.
    pub fn step(
        &mut self,
        ui: &Ui,
        response: &Response,
        model: &Model,
        actions: &mut Vec<Action>,
    ) -> Step {
        let Some(article) = model.article() else {
            return Step::Done;
        };
        self.follow(ui, model, article);
        if let Some(action) = self.asked(ui, article) {
            response.request_focus();
            actions.push(action);
            return Step::Asks;
        }
        while actions.is_empty() {
            let at = self.walk.at;
            let next = ui.ctx().input(|input| {
                let next = input.events.get(at).cloned();
                next.map(|event| (event, input.events.get(at + 1).cloned(), input.modifiers))
            });
            let Some((event, after, held)) = next else {
                if std::mem::replace(&mut self.walk.is_over, true) {
                    return Step::Done;
                }
                self.go_on(ui, model, actions, article);
                continue;
            };
            self.walk.at += 1;
            let has_heard = self.walk.has_heard;
            self.walk.has_heard |= hears(&event, self.has_focus);
            match event {
                Event::Key {
                    key,
                    pressed: true,
                    modifiers,
                    ..
                } => {
                    if self.has_keys(ui)
                        && self.key(ui, model, actions, &article.text, key, modifiers)
                    {
                        ui.ctx().input_mut(|input| drop(input.events.remove(at)));
                        self.walk.at = at;
                    } else if has_heard {
                        return Step::Passes(at);
                    }
                }
                Event::Copy | Event::Paste(_) if has_heard => return Step::Passes(at),
                // Of a run of motions the last one counts.
                Event::PointerMoved(to)
                    if self.gesture.is_some() && !matches!(after, Some(Event::PointerMoved(_))) =>
                {
                    self.drag(ui, model, actions, article, to, held);
                }
                Event::PointerButton {
                    pos,
                    button: PointerButton::Primary,
                    pressed,
                    modifiers,
                } => {
                    if pressed
                        && self.is_on_page(ui, response, pos)
                        && let Some(from) = self.tag_at(pos)
                    {
                        // A press on a tag is its own; a drag from it draws a link.
                        self.gesture = Some(link_from(from, pos));
                    } else if pressed && self.is_pressed(ui, response, pos) {
                        response.request_focus();
                        self.has_focus = true;
                        self.press(ui, model, actions, article, pos, modifiers);
                    } else if !pressed && self.gesture.is_some() {
                        self.drag(ui, model, actions, article, pos, modifiers);
                        self.release(model, actions, article);
                    }
                }
                Event::PointerButton {
                    pos,
                    button: PointerButton::Secondary,
                    pressed: true,
                    ..
                } if self.is_pressed(ui, response, pos) => {
                    response.request_focus();
                    let at = self.position_at(ui, &article.text, pos);
                    self.menu_target(model, article, at, actions);
                }
                _ => {}
            }
        }
        Step::Asks
    }

    /// The event that was passed by last has been taken out of the input.
    pub fn was_taken(&mut self) {
        self.walk.at = self.walk.at.saturating_sub(1);
    }

    fn has_keys(&self, ui: &Ui) -> bool {
        self.has_focus && !egui::Popup::is_any_open(ui.ctx())
    }

    /// Whether a press at a point of the screen is one on the text.
    fn is_pressed(&self, ui: &Ui, response: &Response, at: Pos2) -> bool {
        self.is_on_page(ui, response, at) && !self.over_text.iter().any(|rect| rect.contains(at))
    }

    /// The same for what stands on the page beside the text, too.
    fn is_on_page(&self, ui: &Ui, response: &Response, at: Pos2) -> bool {
        let is_on_top = match ui.ctx().pointer_latest_pos() {
            Some(now) if now == at => response.contains_pointer(),
            _ => ui.ctx().layer_id_at(at) == Some(response.layer_id),
        };
        is_on_top && !self.visible.is_empty() && response.enabled() && self.view.contains(at)
    }

    /// What goes on without an event: dragging past an edge scrolls, and what was let go of where
    /// nobody saw it is let go of.
    fn go_on(&mut self, ui: &Ui, model: &Model, actions: &mut Vec<Action>, article: &Article) {
        if self.gesture.is_none() {
            return;
        }
        let (down, position, held) = ui.ctx().input(|input| {
            let pointer = &input.pointer;
            let down = pointer.button_down(PointerButton::Primary);
            (down, pointer.latest_pos(), input.modifiers)
        });
        match position {
            Some(position) if down => {
                self.scroll_at_edges(ui, position);
                self.drag(ui, model, actions, article, position, held);
            }
            _ if !down => self.release(model, actions, article),
            _ => {}
        }
    }

    /// One motion key; `false` when the key is none.
    fn key(
        &mut self,
        ui: &Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        text: &ArticleText,
        key: Key,
        modifiers: Modifiers,
    ) -> bool {
        use Direction::{Back, Forward};
        let (command, alt, extend) = (modifiers.command, modifiers.alt, modifiers.shift);
        let to_right = key == Key::ArrowRight;
        let sideways = matches!(key, Key::ArrowLeft | Key::ArrowRight);
        let onward = if to_right == (sideways && self.goes_left(ui, text, model)) {
            Back
        } else {
            Forward
        };
        if sideways
            && !model.settings().arrows_read
            && !command
            && !alt
            && model.edge_move().is_none()
            && (extend || model.selection().is_empty())
            && let Some(spot) = self.seen_step(ui, text, model.selection(), to_right)
        {
            self.wanted_x = None;
            self.sticks = Some(spot);
            let moved = model.selection().moved_to(spot.0, extend);
            self.show_caret(actions, moved);
            return true;
        }
        let step = match key {
            Key::ArrowLeft | Key::ArrowRight => match (command, alt) {
                (false, false) => Some((Unit::Grapheme, onward)),
                (true, false) => Some((Unit::Word, onward)),
                (false, true) => Some((Unit::Sentence, onward)),
                (true, true) => None,
            },
            Key::ArrowUp if command && !alt => Some((Unit::Paragraph, Back)),
            Key::ArrowDown if command && !alt => Some((Unit::Paragraph, Forward)),
            Key::Home if command => Some((Unit::Text, Back)),
            Key::End if command => Some((Unit::Text, Forward)),
            _ => None,
        };
        if let Some((unit, direction)) = step {
            if model.edge_move().is_some() {
                actions.push(Action::StepEdge { unit, direction });
                return true;
            }
            let moved = model.selection().stepped(text, unit, direction, extend);
            self.wanted_x = None;
            self.sticks = None;
            self.show_caret(actions, moved);
            return true;
        }
        if model.edge_move().is_some() {
            if key == Key::Enter {
                actions.push(Action::KeepEdge);
                return true;
            }
            return false;
        }
        let down = matches!(key, Key::ArrowDown | Key::PageDown);
        let target = match key {
            Key::ArrowUp | Key::ArrowDown if !command && !alt => {
                self.vertical(ui, text, model.selection().caret, down)
            }
            Key::PageUp | Key::PageDown if !command && !alt => {
                self.page(ui, text, model.selection().caret, down)
            }
            Key::Home | Key::End if !alt => {
                self.wanted_x = None;
                self.row_end(ui, text, model.selection().caret, key == Key::End)
            }
            _ => return false,
        };
        if let Some(target) = target {
            let moved = model.selection().moved_to(target, extend);
            self.show_caret(actions, moved);
        }
        true
    }

    fn show_caret(&mut self, actions: &mut Vec<Action>, selection: Selection) {
        self.reveal(ByteRange::empty(selection.caret));
        actions.push(selected(selection));
    }

    /// The position a row above or below, keeping to the same distance from the left.
    fn vertical(
        &mut self,
        ui: &Ui,
        text: &ArticleText,
        at: BytePos,
        down: bool,
    ) -> Option<BytePos> {
        let mut index = self.index_at(ui, text, at);
        let layout = self.laid(ui, text, index)?;
        let caret = layout.caret_rect(at);
        let x = *self.wanted_x.get_or_insert(caret.left());
        let rows = layout.rows();
        let row = rows
            .iter()
            .rposition(|(top, _)| *top <= caret.center().y)
            .unwrap_or(0);
        let next = if down { row + 1 } else { row.wrapping_sub(1) };
        if let Some((top, bottom)) = rows.get(next) {
            return Some(layout.caret_at(egui::vec2(x, f32::midpoint(*top, *bottom))));
        }
        index = if down {
            index + 1
        } else {
            index.wrapping_sub(1)
        };
        let Some(layout) = self.laid(ui, text, index) else {
            return Some(if down { text.end() } else { BytePos(0) });
        };
        let rows = layout.rows();
        let row = if down { rows.first() } else { rows.last() };
        let (top, bottom) = row.copied().unwrap_or((0.0, 1.0));
        Some(layout.caret_at(egui::vec2(x, f32::midpoint(top, bottom))))
    }

    /// Scrolls by a view less two rows, and takes the caret along.
    fn page(&mut self, ui: &Ui, text: &ArticleText, at: BytePos, down: bool) -> Option<BytePos> {
        let line = layout::line_height(&self.metrics);
        let distance = (self.view.height() - 2.0 * line).max(line);
        let caret = self.caret_on_screen(ui, text, at, false);
        let y = caret.map_or(self.view.center().y, |rect| rect.center().y);
        let y = y.clamp(self.view.top(), self.view.bottom() - 1.0);
        let x = *self
            .wanted_x
            .get_or_insert(caret.map_or(0.0, |rect| rect.left() - self.column.left()));
        let before = self.anchor;
        self.scroll_by(if down { distance } else { -distance });
        self.place(ui, text);
        if self.anchor == before {
            return Some(if down { text.end() } else { BytePos(0) });
        }
        Some(self.position_at(ui, text, egui::pos2(self.column.left() + x, y)))
    }

    fn row_end(
        &mut self,
        ui: &Ui,
        text: &ArticleText,
        at: BytePos,
        to_end: bool,
    ) -> Option<BytePos> {
        let index = self.index_at(ui, text, at);
        let layout = self.laid(ui, text, index)?;
        let before = self.sticks == Some((at, true));
        let spot = layout.row_edge(at, before, to_end);
        self.sticks = Some(spot);
        Some(spot.0)
    }

    /// A step of the caret on the screen; nothing where it is one in the text.
    fn seen_step(
        &mut self,
        ui: &Ui,
        text: &ArticleText,
        selection: &Selection,
        to_right: bool,
    ) -> Option<(BytePos, bool)> {
        let index = self.index_at(ui, text, selection.caret);
        let layout = self.laid(ui, text, index)?;
        layout.step(selection.caret, self.is_before(selection), to_right)
    }

    /// The block whose way holds at a block: of an empty line that of the paragraph before, or else of the
    /// one behind, so that a key held down goes on over it.
    fn way_giver(&self, index: usize) -> usize {
        let is_blank = |at: &usize| {
            let block = self.blocks.get(*at);
            block.is_some_and(|block| block.kind == Kind::Blank)
        };
        let before = (0..=index).rev().find(|at| !is_blank(at));
        let behind = || (index..self.blocks.len()).find(|at| !is_blank(at));
        before.or_else(behind).unwrap_or(index)
    }

    /// Whether what is read next stands to the left: by the paragraph, but of an edge that is being
    /// moved by the letters beside it when that began. It goes on in the order of reading beyond them:
    /// at the next letter, which may go the other way, a key held down would go to and fro.
    fn goes_left(&mut self, ui: &Ui, text: &ArticleText, model: &Model) -> bool {
        let Some(edge) = model.edge_move() else {
            let index = self.index_at(ui, text, model.selection().caret);
            let index = self.way_giver(index);
            let layout = self.laid(ui, text, index);
            return layout.is_some_and(|layout| layout.is_rtl());
        };
        if let Some((known, goes_left)) = &self.edge_goes_left
            && known.id == edge.id
            && (known.fragment, known.side) == (edge.fragment, edge.side)
        {
            return *goes_left;
        }
        let index = self.index_at(ui, text, edge.edge());
        let layout = self.laid(ui, text, index);
        let is_end = edge.side == Side::End;
        let goes_left = layout.is_some_and(|layout| layout.is_rtl_at(edge.edge(), is_end));
        self.edge_goes_left = Some((edge.clone(), goes_left));
        goes_left
    }

    fn press(
        &mut self,
        ui: &Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        article: &Article,
        position: Pos2,
        modifiers: Modifiers,
    ) {
        let text = &article.text;
        self.wanted_x = None;
        if modifiers.is_none()
            && model.selection().is_empty()
            && self.is_on_knob(ui, model, article, position)
            && let Some(from) = model.selected().cloned()
        {
            actions.push(Action::KeepEdge);
            self.gesture = Some(link_from(from, position));
            return;
        }
        if let Some(edge) = self.handle_at(ui, model, text, position) {
            actions.push(Action::MoveEdge(edge));
            self.gesture = Some(Gesture::Edge);
            return;
        }
        actions.push(Action::KeepEdge);
        let clicks = match self.last_press {
            Some((at, place, clicks))
                if self.since - at < CLICK_SECS && place.distance(position) < CLICK_DISTANCE =>
            {
                clicks % 4 + 1
            }
            _ => 1,
        };
        self.last_press = Some((self.frame_at, position, clicks));
        let (at, before) = self.spot_at(ui, text, position);
        self.sticks = Some((at, before));
        let adds_fragment = modifiers.command && model.whole_of_fragment().is_some();
        if modifiers.shift && clicks == 1 {
            actions.push(selected(model.selection().moved_to(at, true)));
        }
        let granularity = match clicks {
            1 if modifiers.alt => Granularity::Character,
            1 => model.granularity(),
            2 => Granularity::Word,
            3 => Granularity::Sentence,
            _ => Granularity::Paragraph,
        };
        let from = if modifiers.shift {
            model.selection().anchor
        } else {
            at
        };
        self.gesture = Some(Gesture::Select {
            from,
            granularity,
            is_drag: false,
            pressed_at: position,
            adds_fragment,
            clicks,
            extends: modifiers.shift,
        });
        if clicks > 1 {
            let unit = match clicks {
                2 => segment::word_at(text, at),
                3 => segment::sentence_at(text, at),
                _ => segment::paragraph_at(text, at),
            };
            let unit = segment::trim(text, unit);
            self.pending = Some(unit);
            if !adds_fragment {
                actions.push(selected(Selection::of(unit)));
            }
        }
    }

    fn drag(
        &mut self,
        ui: &Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        article: &Article,
        position: Pos2,
        modifiers: Modifiers,
    ) {
        let text = &article.text;
        match self.gesture.clone() {
            Some(Gesture::Select {
                from,
                granularity,
                is_drag,
                pressed_at,
                adds_fragment,
                clicks,
                ..
            }) => {
                let is_drag = is_drag || pressed_at.distance(position) > DRAG_DISTANCE;
                if let Some(Gesture::Select { is_drag: flag, .. }) = &mut self.gesture {
                    *flag = is_drag;
                }
                if !is_drag {
                    return;
                }
                let to = self.position_at(ui, text, position);
                let granularity = if modifiers.alt && clicks == 1 {
                    Granularity::Character
                } else {
                    granularity
                };
                let range = snapped(text, from, to, granularity);
                let range = match model.locked_spec().filter(|_| !modifiers.alt) {
                    Some(label) => edged(text, range, &label.edges),
                    None => range,
                };
                self.pending = Some(range);
                if !adds_fragment {
                    actions.push(selected(if to < from {
                        Selection::caret_at(range.end).moved_to(range.start, true)
                    } else {
                        Selection::of(range)
                    }));
                }
            }
            Some(Gesture::Edge) => {
                let to = self.position_at(ui, text, position);
                let snaps = model.granularity() != Granularity::Character && !modifiers.alt;
                if let Some(mut edge) = model.edge_move().cloned() {
                    let other = match edge.side {
                        Side::Start => edge.range.end,
                        Side::End => edge.range.start,
                    };
                    let snapped = segment::snap_to_words(text, ByteRange::new(other, to));
                    let to = match edge.side {
                        Side::Start if snaps && to < other => snapped.start,
                        Side::End if snaps && to > other => snapped.end,
                        _ => to,
                    };
                    edge.move_to(text, to);
                    actions.push(Action::MoveEdge(edge));
                }
            }
            Some(Gesture::Link {
                from,
                pressed_at,
                is_drag,
                ..
            }) => {
                let is_drag = is_drag || pressed_at.distance(position) > DRAG_DISTANCE;
                let over = self
                    .link_target(ui, model, article, &from, position)
                    .filter(|_| is_drag);
                self.gesture = Some(Gesture::Link {
                    from,
                    pressed_at,
                    at: position,
                    over,
                    is_drag,
                });
            }
            Some(Gesture::Strip) | None => {}
        }
    }

    /// Dragging past an edge scrolls, faster the further out.
    fn scroll_at_edges(&mut self, ui: &Ui, position: Pos2) {
        if matches!(self.gesture, Some(Gesture::Strip) | None) {
            return;
        }
        let margin = 12.0;
        let above = (self.view.top() + margin - position.y).max(0.0);
        let below = (position.y - (self.view.bottom() - margin)).max(0.0);
        let speed = (below - above).clamp(-120.0, 120.0);
        if speed != 0.0 {
            let seconds = ui.ctx().input(|input| input.stable_dt).min(0.05);
            self.scroll_by(speed * 14.0 * seconds);
            ui.ctx().request_repaint();
        }
    }

    fn release(&mut self, model: &Model, actions: &mut Vec<Action>, article: &Article) {
        let pending = self.pending.take();
        match self.gesture.take() {
            Some(Gesture::Select {
                from,
                is_drag,
                adds_fragment,
                clicks,
                extends,
                ..
            }) => {
                let range = pending.unwrap_or(ByteRange::empty(from));
                if adds_fragment && !range.is_empty() {
                    actions.push(Action::AddFragmentRange(range));
                } else if is_drag {
                    if let Some(label) = model.locked_label().cloned()
                        && !range.is_empty()
                    {
                        actions.push(Action::MarkRange { range, label });
                    }
                } else if clicks == 1 && !adds_fragment && !extends {
                    actions.push(click(model, article, from));
                }
            }
            Some(Gesture::Edge) => actions.push(Action::KeepEdge),
            Some(Gesture::Link {
                from,
                over,
                is_drag,
                at,
                ..
            }) => {
                if let Some(to) = over {
                    actions.push(Action::LinkTo { from, to });
                } else if !is_drag && self.tag_at(at).is_none() {
                    actions.push(Action::BeginLink { from, role: None });
                }
            }
            Some(Gesture::Strip) | None => {}
        }
    }

    pub(super) fn scroll_by_wheel(&mut self, ui: &Ui, response: &Response) {
        if response.contains_pointer() {
            let delta = ui.ctx().input_mut(|input| {
                let delta = input.smooth_scroll_delta.y;
                input.smooth_scroll_delta.y = 0.0;
                delta
            });
            // Long distances go by the estimates, so that no frame lays out what it skips.
            if delta.abs() > self.view.height() * 3.0 {
                let here = self.heights.before(self.anchor.block) + f64::from(self.anchor.offset);
                self.scroll_to_distance(here - f64::from(delta));
            } else {
                self.scroll_by(-delta);
            }
        }
    }

    /// Puts a distance from the top of the article at the top of the view.
    pub(super) fn scroll_to_distance(&mut self, distance: f64) {
        let view = f64::from(self.view.height() * (1.0 - super::TAIL_SHARE));
        let distance = distance.min(self.heights.total() - view);
        if distance <= 0.0 {
            let offset = (distance as f32).max(-self.head.above);
            self.anchor = Anchor { block: 0, offset };
            return;
        }
        let (block, into) = self.heights.at(distance);
        self.anchor = Anchor {
            block,
            offset: into as f32,
        };
    }
}

/// Text is selected, or the caret put, and no annotation.
fn selected(selection: Selection) -> Action {
    Action::Select {
        selection,
        annotation: None,
    }
}

/// A plain click: the smallest annotation here, or the next larger when it is selected already.
fn click(model: &Model, article: &Article, at: BytePos) -> Action {
    let here = article.annotations.at(at);
    if let Some(draft) = model.link_draft() {
        // Of several the one that it can lead to.
        let codebook = model.session().project().codebook();
        let role = draft.role.as_deref();
        let fits = |id: &AnnotationId| ways(codebook, article, &draft.from, id, role).is_ok();
        let others = || here.iter().filter(|a| a.id != draft.from);
        if let Some(to) = others().find(|a| fits(&a.id)).or(others().next()) {
            return Action::EndLink(Some(to.id.clone()));
        }
    }
    let current = here.iter().position(|a| Some(&a.id) == model.selected());
    let next = match current {
        Some(i) => here.get((i + 1) % here.len().max(1)),
        None => here.first(),
    };
    Action::Select {
        selection: Selection::caret_at(at),
        annotation: next.map(|annotation| annotation.id.clone()),
    }
}
