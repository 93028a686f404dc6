//! The one long list: only the rows in view are drawn, and it is one thing to keyboard and tools.
//!
//! Rows have one known height, or are measured when they are drawn. Which row is current is the
//! caller's; the list says where the keyboard goes and what was clicked, and brings it into view.

use super::card;
use super::entry::{FileRow, TextRow};
use super::heights::Heights;
use super::row::RowState;
use super::{focus, speech, tell};
use crate::ui::theme::Tokens;
use eframe::egui::accesskit::Role;
use eframe::egui::style::ScrollAnimation;
use eframe::egui::{
    Color32, Event, EventFilter, FocusDirection, Frame, Id, InputState, Key, Label, Margin,
    Modifiers, Popup, Rect, Response, RichText, ScrollArea, Sense, Ui, UiBuilder, Vec2, pos2, vec2,
};

/// When the arrow keys are the list's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    Never,
    /// While it has the keyboard: it is a pane of its own.
    Focused,
    /// As long as it is shown: it is the only list of a card.
    Always,
}

pub(crate) struct List<'a> {
    id: Id,
    name: &'a str,
    count: usize,
    row_height: f32,
    gap: f32,
    most: f32,
    shrinks: bool,
    /// By keys, though nothing in it has the keyboard.
    scrolls: bool,
    keys: Keys,
    cursor: Option<usize>,
    reveals: bool,
    wants_focus: bool,
    from_top: bool,
    /// Rows that are no choices, rising: names of those below.
    headings: &'a [usize],
    heading_height: f32,
    /// The heading of the rows at the top stays in view, on this ground.
    pins: Option<Color32>,
    /// Several rows can be ticked.
    has_ticks: bool,
    /// Rows lie below others, which open and close.
    is_tree: bool,
    /// Others stand beside it, which Left and Right go to.
    is_beside: bool,
    /// The pointer takes the current row along when it moves.
    follows_pointer: bool,
}

/// What became of a list in a frame.
#[derive(Default)]
pub(crate) struct ListStep {
    /// Where the keyboard went; the row is drawn as the current one already.
    pub(crate) moved: Option<usize>,
    /// Where the pointer went, in a list that follows it.
    pub(crate) pointed: Option<usize>,
    pub(crate) clicked: Option<usize>,
    pub(crate) double_clicked: Option<usize>,
    /// Enter and Delete, while the list has the keyboard.
    pub(crate) enters: bool,
    pub(crate) deletes: bool,
    /// Space at the current row, and Ctrl+A.
    pub(crate) ticks: bool,
    pub(crate) ticks_all: bool,
    /// Right or Left at the current row of a tree: whether it is to open.
    pub(crate) opens: Option<bool>,
    /// Right or Left, where other lists stand beside it: whether to the right.
    pub(crate) sideways: Option<bool>,
    /// How the row was clicked, or the keyboard moved: with Ctrl, with Shift.
    pub(crate) held: Modifiers,
}

impl<'a> List<'a> {
    fn new(id: Id, name: &'a str, count: usize, row_height: f32, keys: Keys) -> Self {
        Self {
            id,
            name,
            count,
            row_height,
            gap: 0.0,
            most: f32::INFINITY,
            shrinks: false,
            scrolls: false,
            keys,
            cursor: None,
            reveals: false,
            wants_focus: false,
            from_top: false,
            headings: &[],
            heading_height: row_height,
            pins: None,
            has_ticks: false,
            is_tree: false,
            is_beside: false,
            follows_pointer: false,
        }
    }

    /// The row that the pointer moves to is the current one, so that no other one stands out.
    pub(crate) fn follows_pointer(self) -> Self {
        Self {
            follows_pointer: true,
            ..self
        }
    }

    /// Other lists stand beside it: Left and Right go to them.
    pub(crate) fn beside_others(self) -> Self {
        Self {
            is_beside: true,
            ..self
        }
    }

    /// Rows that are names of those below them, rising; they have no place among the others.
    pub(crate) fn headings(self, headings: &'a [usize]) -> Self {
        Self { headings, ..self }
    }

    /// Headings are so high.
    pub(crate) fn heading_height(self, heading_height: f32) -> Self {
        Self {
            heading_height,
            ..self
        }
    }

    /// While rows of a heading are at the top, it stands over them, on a ground.
    pub(crate) fn pinned(self, ground: Color32) -> Self {
        Self {
            pins: Some(ground),
            ..self
        }
    }

    /// Several of its rows can be ticked.
    pub(crate) fn with_ticks(self) -> Self {
        Self {
            has_ticks: true,
            ..self
        }
    }

    /// Rows lie below others, which open and close.
    pub(crate) fn tree(self) -> Self {
        Self {
            is_tree: true,
            ..self
        }
    }

    /// A list that fills its panel and has the keyboard when it is asked to.
    pub(crate) fn pane(id: Id, name: &'a str, count: usize, row_height: f32) -> Self {
        Self::new(id, name, count, row_height, Keys::Focused)
    }

    /// The list of a card, at most so high. Its arrow keys work wherever the keyboard is.
    pub(crate) fn in_card(name: &'a str, count: usize, row_height: f32, most: f32) -> Self {
        Self {
            most,
            shrinks: (count as f32) < most / row_height - 1.0,
            ..Self::new(
                Id::unique(("list", name)),
                name,
                count,
                row_height,
                Keys::Always,
            )
        }
    }

    /// Rows with controls of their own, and no current one.
    pub(crate) fn of_controls(name: &'a str, count: usize, row_height: f32) -> Self {
        let id = Id::unique(("list", name));
        Self {
            shrinks: true,
            ..Self::new(id, name, count, row_height, Keys::Never)
        }
    }

    pub(crate) fn at_most(self, most: f32) -> Self {
        Self { most, ..self }
    }

    /// Takes its whole height, however few rows there are.
    pub(crate) fn filled(self) -> Self {
        Self {
            shrinks: false,
            ..self
        }
    }

    /// Rows of their own heights scroll by the keys of scrolling, while nothing else wants them.
    pub(crate) fn scrolls_by_keys(self, scrolls: bool) -> Self {
        Self { scrolls, ..self }
    }

    /// Between two rows.
    pub(crate) fn gap(self, gap: f32) -> Self {
        Self { gap, ..self }
    }

    /// The current row.
    pub(crate) fn cursor(self, cursor: Option<usize>) -> Self {
        let last = self.count.saturating_sub(1);
        let cursor = cursor.map(|at| at.min(last)).filter(|_| self.count > 0);
        Self { cursor, ..self }
    }

    /// Scrolls to the current row when it is out of view.
    pub(crate) fn reveal(self, reveals: bool) -> Self {
        Self { reveals, ..self }
    }

    /// Begins at its first row, unless the current one is scrolled to: it is another list now.
    pub(crate) fn at_top(self, from_top: bool) -> Self {
        Self { from_top, ..self }
    }

    /// Takes the keyboard.
    pub(crate) fn focus(self, wants_focus: bool) -> Self {
        Self {
            wants_focus,
            ..self
        }
    }

    /// Draws it.
    pub(crate) fn show(
        self,
        ui: &mut Ui,
        mut row: impl FnMut(&mut Ui, usize, RowState) -> Response,
    ) -> ListStep {
        let has_focus = self.node_ui(ui);
        let view = self.most.min(ui.available_height().max(self.least()));
        let mut step = ListStep {
            held: held(ui),
            ..ListStep::default()
        };
        // Over the list of a card a menu may be open, whose arrows they are.
        let is_heard = self.keys == Keys::Always && !Popup::is_any_open(ui.ctx());
        if has_focus || is_heard {
            self.keyboard(ui, view, &mut step);
        }
        let cursor = step.moved.or(self.cursor);
        let mut area = ScrollArea::vertical()
            .id_salt(self.id)
            .max_height(self.most)
            .min_scrolled_height(self.least())
            .auto_shrink([false, self.shrinks]);
        if self.from_top {
            area = area.vertical_scroll_offset(0.0);
        }
        if let Some(at) = cursor.filter(|_| self.reveals || step.moved.is_some()) {
            let top = self.top_of(at);
            let known: f32 = ui.data(|data| data.get_temp(self.id)).unwrap_or(0.0);
            // What is pinned would lie over the row.
            let is_under = self.pins.is_some() && self.headings.binary_search(&at).is_err();
            let above = if is_under { self.heading_height } else { 0.0 };
            if top < known + above.min(top) || top + self.row_height > known + view {
                let middle = top - (view - self.row_height) / 2.0;
                area = area.vertical_scroll_offset(middle.max(0.0));
            }
        }
        let rings = has_focus || self.keys == Keys::Always;
        let has_moved = ui.input(|input| input.pointer.delta() != Vec2::ZERO);
        let follows = self.follows_pointer && has_moved && step.moved.is_none();
        if cursor.is_some() {
            focus::shows_itself(ui.ctx(), self.id);
        }
        let rows = UiBuilder::new().accessibility_parent(self.id);
        let output = ui.scope_builder(rows, |ui| {
            ui.spacing_mut().item_spacing.y = self.gap;
            if self.pins.is_some() {
                // What is pinned is no row that leaves.
                ui.spacing_mut().scroll.fade.strength = 0.0;
            }
            let mut row_ui = |ui: &mut Ui, at: usize| {
                let is_chosen = cursor == Some(at);
                let has_ring = is_chosen && rings;
                let state = RowState {
                    is_chosen,
                    has_ring,
                    ..RowState::default()
                };
                let response = row(ui, at, state);
                self.tell_place(ui, &response, at, is_chosen);
                if follows && response.hovered() && !is_chosen {
                    step.pointed = Some(at);
                }
                if response.clicked() {
                    step.clicked = Some(at);
                }
                if response.double_clicked() {
                    step.double_clicked = Some(at);
                }
            };
            if self.is_even() {
                area.show_rows(ui, self.row_height, self.count, |ui, rows| {
                    rows.for_each(|at| row_ui(ui, at));
                })
            } else {
                area.show_viewport(ui, |ui, viewport| {
                    ui.set_height(self.top_of(self.count));
                    let place = ui.max_rect();
                    let mut put = |ui: &mut Ui, at: usize, top: f32| {
                        let from = pos2(place.left(), place.top() + top);
                        let height = self.top_of(at + 1) - self.top_of(at);
                        let rect = Rect::from_min_size(from, vec2(place.width(), height));
                        let inside = UiBuilder::new().id_salt(at).max_rect(rect);
                        ui.scope_builder(inside, |ui| row_ui(ui, at));
                    };
                    let pinned = self.pinned_at(viewport.top());
                    let mut at = self.row_at(viewport.top());
                    while at < self.count && self.top_of(at) < viewport.bottom() {
                        // The one that is pinned is drawn there alone.
                        if pinned.is_none_or(|(heading, _)| heading != at) {
                            put(ui, at, self.top_of(at));
                        }
                        at += 1;
                    }
                    // Over the others.
                    if let Some(((heading, top), ground)) = pinned.zip(self.pins) {
                        let from = pos2(place.left(), place.top() + top);
                        let size = vec2(place.width(), self.heading_height);
                        let rect = Rect::from_min_size(from, size);
                        ui.painter().rect_filled(rect, 0.0, ground);
                        put(ui, heading, top);
                    }
                })
            }
        });
        let offset = output.inner.state.clamped_offset().y;
        ui.data_mut(|data| data.insert_temp(self.id, offset));
        step
    }

    /// Draws it with rows that are as high as they come out. Those out of view keep the height that
    /// they had last, by their places: what is in view stays when a row of it goes.
    pub(crate) fn show_measured(self, ui: &mut Ui, mut row: impl FnMut(&mut Ui, usize)) {
        self.node_ui(ui);
        let mut known: Measured =
            ui.data_mut(|data| std::mem::take(data.get_temp_mut_or_default(self.id)));
        if known.count != self.count {
            let guess = self.row_height + self.gap;
            let old = &known.heights;
            let heights =
                (0..self.count).map(|at| if at < known.count { old.get(at) } else { guess });
            known.heights = Heights::new(heights);
            known.count = self.count;
        }
        let area = ScrollArea::vertical()
            .id_salt(self.id)
            .max_height(self.most)
            .min_scrolled_height(self.least())
            .auto_shrink([false, self.shrinks]);
        let rows = UiBuilder::new().accessibility_parent(self.id);
        ui.scope_builder(rows, |ui| {
            area.show_viewport(ui, |ui, viewport| {
                if self.scrolls {
                    scroll_by_keys(ui, viewport.height(), known.heights.total() as f32);
                }
                ui.set_height(known.heights.total() as f32);
                let place = ui.max_rect();
                let mut at = known.heights.at(f64::from(viewport.top())).0;
                let mut top = known.heights.before(at) as f32;
                while at < self.count && top < viewport.bottom() {
                    let from = pos2(place.left(), place.top() + top);
                    let rect = Rect::from_min_max(from, pos2(place.right(), f32::INFINITY));
                    let drawn =
                        ui.scope_builder(UiBuilder::new().id_salt(at).max_rect(rect), |ui| {
                            row(ui, at);
                        });
                    let height = drawn.response.rect.height() + self.gap;
                    if height != known.heights.get(at) {
                        known.heights.set(at, height);
                        ui.ctx().request_repaint();
                    }
                    top += height;
                    at += 1;
                }
            });
        });
        ui.data_mut(|data| data.insert_temp(self.id, known));
    }

    /// The heading that is pinned when the list is scrolled so far, and where it stands: the next one
    /// pushes it out of view.
    fn pinned_at(&self, scrolled: f32) -> Option<(usize, f32)> {
        let at = self.row_at(scrolled);
        let next = self.headings.partition_point(|heading| *heading <= at);
        let heading = *self.headings.get(next.checked_sub(1)?)?;
        if self.pins.is_none() || self.top_of(heading) >= scrolled {
            return None;
        }
        let next = self.headings.get(next).map(|next| self.top_of(*next));
        let lowest = next.map_or(f32::INFINITY, |next| next - self.heading_height);
        Some((heading, scrolled.min(lowest)))
    }

    /// Whether all rows are as high as each other.
    fn is_even(&self) -> bool {
        self.headings.is_empty() || (self.pins.is_none() && self.heading_height == self.row_height)
    }

    /// Where a row begins, from the top of the first.
    fn top_of(&self, at: usize) -> f32 {
        let headings = self.headings.partition_point(|heading| *heading < at) as f32;
        let others = at as f32 - headings;
        headings * self.heading_height + others * self.row_height + at as f32 * self.gap
    }

    /// The row at a distance from the top of the first.
    fn row_at(&self, distance: f32) -> usize {
        let (mut from, mut upto) = (0, self.count);
        while from < upto {
            let middle = from + (upto - from) / 2;
            if self.top_of(middle + 1) <= distance {
                from = middle + 1;
            } else {
                upto = middle;
            }
        }
        from
    }

    /// Within something that scrolls there is no end of room, and the list takes what it may.
    fn least(&self) -> f32 {
        if self.most.is_finite() {
            self.most
        } else {
            64.0
        }
    }

    /// The list as a whole, which has the rows in it; says whether it has the keyboard.
    fn node_ui(&self, ui: &Ui) -> bool {
        let sense = match self.keys {
            Keys::Focused => Sense::focusable_noninteractive(),
            Keys::Never | Keys::Always => Sense::hover(),
        };
        let mut rect = ui.available_rect_before_wrap();
        rect.max.y = rect.max.y.min(rect.min.y + self.most);
        let node = ui.interact(rect, self.id, sense);
        let role = if self.is_tree { Role::Tree } else { Role::List };
        tell(&node, role, self.name);
        ui.ctx().accesskit_node_builder(self.id, |node| {
            node.set_size_of_set(self.count.saturating_sub(self.headings.len()));
            if self.has_ticks {
                node.set_multiselectable();
            }
        });
        if self.wants_focus {
            node.request_focus();
        }
        if !node.has_focus() {
            return false;
        }
        // In the first frame after it came here the arrows are not the list's yet, and would take the
        // keyboard to what stands next.
        let turns = |event: &Event| match event {
            Event::Key {
                key, pressed: true, ..
            } => match key {
                Key::ArrowUp | Key::ArrowDown => Some(true),
                Key::Tab | Key::ArrowLeft | Key::ArrowRight => Some(false),
                _ => None,
            },
            _ => None,
        };
        if ui.input(|input| input.raw.events.iter().rev().find_map(turns)) == Some(true) {
            ui.memory_mut(|memory| memory.move_focus(FocusDirection::None));
        }
        let arrows = EventFilter {
            vertical_arrows: true,
            horizontal_arrows: self.is_tree || self.is_beside,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(self.id, arrows));
        true
    }

    fn keyboard(&self, ui: &Ui, view: f32, step: &mut ListStep) {
        let page = (view / (self.row_height + self.gap)).max(1.0) as isize;
        let is_writing = ui.ctx().text_edit_focused();
        let mut to = None;
        ui.input_mut(|input| {
            let take = |input: &mut InputState, key| input.consume_key(Modifiers::NONE, key);
            let last = self.count.saturating_sub(1);
            // In a card, going up from nowhere comes in from below.
            let below = if self.keys == Keys::Always { last } else { 0 };
            for (key, by) in [
                (Key::ArrowDown, 1),
                (Key::ArrowUp, -1),
                (Key::PageDown, page),
                (Key::PageUp, -page),
                (Key::End, isize::MAX),
                (Key::Home, isize::MIN),
            ] {
                // They belong to the field that is written in.
                if is_writing && matches!(key, Key::Home | Key::End) {
                    continue;
                }
                if take(input, key) {
                    let at = to.or(self.cursor);
                    let from_nowhere = match key {
                        Key::Home => 0,
                        Key::End => last,
                        _ if by < 0 => below,
                        _ => 0,
                    };
                    let go = |at: usize| at.saturating_add_signed(by).min(last);
                    to = Some(at.map_or(from_nowhere, go));
                }
            }
            if self.is_tree {
                let closes = take(input, Key::ArrowLeft).then_some(false);
                step.opens = take(input, Key::ArrowRight).then_some(true).or(closes);
            }
            if self.is_beside {
                let left = take_exactly(input, Modifiers::NONE, Key::ArrowLeft).then_some(false);
                let right = take_exactly(input, Modifiers::NONE, Key::ArrowRight);
                step.sideways = right.then_some(true).or(left);
            }
            if self.keys == Keys::Focused {
                step.enters = take_exactly(input, Modifiers::NONE, Key::Enter);
                step.deletes = take_exactly(input, Modifiers::NONE, Key::Delete);
                step.ticks = input.consume_key(Modifiers::NONE, Key::Space);
                step.ticks_all = input.consume_key(Modifiers::COMMAND, Key::A);
            }
        });
        step.moved = to.filter(|to| Some(*to) != self.cursor && self.count > 0);
    }

    /// Which of how many a row is, and that the keyboard is at it.
    fn tell_place(&self, ui: &Ui, row: &Response, at: usize, is_current: bool) {
        let ctx = ui.ctx();
        let Err(above) = self.headings.binary_search(&at) else {
            if is_current {
                let row = row.id.accesskit_id();
                ctx.accesskit_node_builder(self.id, |node| node.set_active_descendant(row));
            }
            return;
        };
        let (at, count) = (at - above, self.count - self.headings.len());
        ctx.accesskit_node_builder(row.id, |node| {
            node.set_position_in_set(at);
            // A button that is the row of a list is chosen, and not pressed.
            if self.keys != Keys::Never && node.role() == Role::Button {
                node.set_role(Role::ListBoxOption);
                node.clear_toggled();
                node.set_selected(is_current);
            }
        });
        if is_current {
            let is_told = self.keys != Keys::Always || card::tell_current_row(ctx, row.id);
            // Something else in the card may have the keyboard, such as the field that is written in.
            if !is_told && ctx.memory(|memory| memory.focused().is_some()) {
                let name =
                    ctx.accesskit_node_builder(row.id, |node| node.label().map(str::to_owned));
                if let Some(name) = name.flatten() {
                    let place = format!("{}, {} of {count}", name.trim(), at + 1);
                    speech::say_once(ctx, self.id.with("current"), &place);
                }
            }
            let row = row.id.accesskit_id();
            ctx.accesskit_node_builder(self.id, |node| node.set_active_descendant(row));
        }
    }
}

/// Takes the presses of keys that are wanted, in their order: one slow frame can have several.
pub(crate) fn take_presses(input: &mut InputState, mut wants: impl FnMut(Key, Modifiers) -> bool) {
    input.events.retain(|event| match event {
        Event::Key {
            key,
            pressed: true,
            modifiers,
            ..
        } => !wants(*key, *modifiers),
        _ => true,
    });
}

/// Takes a key that was pressed with these modifiers and no others: with more of them, it is
/// another key's.
pub(crate) fn take_exactly(input: &mut InputState, held: Modifiers, key: Key) -> bool {
    let mut took = false;
    take_presses(input, |pressed, with| {
        let is_it = pressed == key && with.matches_exact(held);
        took |= is_it;
        is_it
    });
    took
}

/// What was held with the last click or arrow of this frame. By the time of the frame it may have
/// been let go.
fn held(ui: &Ui) -> Modifiers {
    ui.input(|input| {
        let of_event = |event: &Event| match event {
            Event::PointerButton { modifiers, .. } => Some(*modifiers),
            Event::Key {
                pressed: true,
                modifiers,
                ..
            } => Some(*modifiers),
            _ => None,
        };
        let last = input.events.iter().rev().find_map(of_event);
        last.unwrap_or(input.modifiers)
    })
}

/// The list of most cards, which fills its part: rows of words, with a cursor that clicks and arrow
/// keys move. Says which row was clicked.
pub(crate) fn text_list_ui(
    ui: &mut Ui,
    name: &str,
    cursor: &mut usize,
    count: usize,
    tokens: &Tokens,
    row: impl Fn(usize) -> TextRow,
) -> Option<usize> {
    let step = List::in_card(name, count, TextRow::HEIGHT, ui.available_height())
        .cursor(Some(*cursor))
        .filled()
        .show(ui, |ui, at, state| row(at).ui(ui, state.has_ring, tokens));
    let last = count.saturating_sub(1);
    *cursor = step.clicked.or(step.moved).unwrap_or(*cursor).min(last);
    step.clicked
}

/// The same of rows of two lines.
pub(crate) fn file_list_ui(
    ui: &mut Ui,
    name: &str,
    cursor: &mut usize,
    count: usize,
    tokens: &Tokens,
    row: impl Fn(usize) -> Option<FileRow>,
) {
    let step = List::in_card(name, count, FileRow::HEIGHT, ui.available_height())
        .cursor(Some(*cursor))
        .filled()
        .show(ui, |ui, at, state| match row(at) {
            Some(row) => row.ui(ui, state.is_chosen, tokens),
            None => ui.label(""),
        });
    *cursor = step.clicked.or(step.moved).unwrap_or(*cursor);
}

/// Up and Down by a line, PageUp and PageDown by what is in view, Home and End.
fn scroll_by_keys(ui: &mut Ui, page: f32, whole: f32) {
    const LINE: f32 = 40.0;
    let page = (page - LINE).max(LINE);
    for (key, by) in [
        (Key::ArrowDown, -LINE),
        (Key::ArrowUp, LINE),
        (Key::PageDown, -page),
        (Key::PageUp, page),
        (Key::End, -whole),
        (Key::Home, whole),
    ] {
        if ui.input_mut(|input| take_exactly(input, Modifiers::NONE, key)) {
            ui.scroll_with_delta_animation(vec2(0.0, by), ScrollAnimation::none());
        }
    }
}

/// The rows of a menu, of which there may be thousands: only those in view are drawn.
pub(crate) fn many_ui(ui: &mut Ui, count: usize, most: f32, mut row: impl FnMut(&mut Ui, usize)) {
    let height = ui.spacing().interact_size.y;
    let area = ScrollArea::vertical().max_height(most);
    area.show_rows(ui, height, count, |ui, rows| {
        for at in rows {
            row(ui, at);
        }
    });
}

/// Stands in the place of the rows of a list in a panel that has none: why, and what can be done about
/// it; whether that was chosen.
pub(crate) fn nothing_ui(ui: &mut Ui, told: &str, offer: Option<&str>) -> bool {
    let margin = Margin {
        left: 16,
        right: 16,
        top: 8,
        bottom: 0,
    };
    let frame = Frame::new().inner_margin(margin);
    let shown = frame.show(ui, |ui| {
        ui.set_max_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 8.0;
        ui.add(Label::new(RichText::new(told).weak()).wrap());
        offer.is_some_and(|offer| ui.button(offer).clicked())
    });
    shown.inner
}

#[derive(Clone, Default)]
struct Measured {
    heights: Heights,
    /// Rows.
    count: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::{MouseWheelSource, MouseWheelUnit, Sense, TouchPhase, vec2};
    use egui_kittest::Harness;

    const ROWS: usize = 10_000;

    #[derive(Default)]
    struct Seen {
        drawn: Vec<usize>,
        cursor: usize,
        moves: Vec<usize>,
        /// Rows that are there no more.
        gone: usize,
    }

    fn harness(draw: fn(&mut Ui, &mut Seen)) -> Harness<'static, Seen> {
        let size = vec2(300.0, 400.0);
        let builder = Harness::builder().with_size(size);
        let mut harness = builder.build_ui_state(draw, Seen::default());
        harness.run();
        harness
    }

    fn measured(ui: &mut Ui, seen: &mut Seen) {
        seen.drawn.clear();
        let list = List::of_controls("Rows", ROWS - seen.gone, 30.0).gap(4.0);
        list.show_measured(ui, |ui, at| {
            seen.drawn.push(at);
            ui.allocate_space(vec2(100.0, 20.0 + (at % 7) as f32 * 10.0));
        });
    }

    #[test]
    fn only_rows_in_view_are_drawn_whatever_their_heights() {
        let mut harness = harness(measured);
        let follows = |seen: &Seen| seen.drawn.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        let first = harness.state();
        assert_eq!(first.drawn[0], 0);
        assert!(
            first.drawn.len() < 16 && follows(first),
            "{:?}",
            first.drawn
        );
        harness.hover_at(pos2(100.0, 100.0));
        for _ in 0..400 {
            harness.event(Event::MouseWheel {
                unit: MouseWheelUnit::Point,
                source: MouseWheelSource::Wheel,
                delta: vec2(0.0, -5_000.0),
                phase: TouchPhase::Move,
                modifiers: Modifiers::NONE,
            });
            harness.step();
        }
        harness.run();
        let last = harness.state();
        assert_eq!(last.drawn.last(), Some(&(ROWS - 1)));
        assert!(last.drawn.len() < 16 && follows(last), "{:?}", last.drawn);
    }

    /// A row is taken off the list while others above it have shown how high they are.
    #[test]
    fn rows_in_view_stay_when_one_of_them_goes() {
        let mut harness = harness(measured);
        harness.hover_at(pos2(100.0, 100.0));
        for _ in 0..60 {
            harness.event(Event::MouseWheel {
                unit: MouseWheelUnit::Point,
                source: MouseWheelSource::Wheel,
                delta: vec2(0.0, -120.0),
                phase: TouchPhase::Move,
                modifiers: Modifiers::NONE,
            });
            harness.step();
        }
        harness.run();
        let before = harness.state().drawn[0];
        assert!(before > 50, "{before}");
        harness.state_mut().gone = 1;
        harness.run();
        assert_eq!(harness.state().drawn[0], before);
    }

    #[test]
    fn a_key_is_taken_with_its_modifiers_alone() {
        let (none, command) = (Modifiers::NONE, Modifiers::COMMAND);
        for (pressed, wanted, is_taken) in [
            (none, none, true),
            (Modifiers::ALT, none, false),
            (Modifiers::SHIFT, none, false),
            (command, command, true),
            (command | Modifiers::SHIFT, command, false),
            (none, command, false),
        ] {
            let mut input = InputState::default();
            input.events.push(Event::Key {
                key: Key::Enter,
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers: pressed,
            });
            let taken = take_exactly(&mut input, wanted, Key::Enter);
            let left = input.events.len();
            assert_eq!((taken, left == 0), (is_taken, is_taken), "{pressed:?}");
        }
    }

    fn with_keys(ui: &mut Ui, seen: &mut Seen) {
        seen.drawn.clear();
        let list = List::in_card("Rows", ROWS, 20.0, 200.0).cursor(Some(seen.cursor));
        let step = list.show(ui, |ui, at, _| {
            seen.drawn.push(at);
            ui.allocate_response(vec2(100.0, 20.0), Sense::click())
        });
        seen.cursor = step.moved.unwrap_or(seen.cursor);
        seen.moves.extend(step.moved);
    }

    #[test]
    fn the_current_row_is_always_in_view() {
        let mut harness = harness(with_keys);
        let press = |harness: &mut Harness<'static, Seen>, key: Key| {
            harness.key_press(key);
            harness.run();
            let seen = harness.state();
            assert!(
                seen.drawn.contains(&seen.cursor),
                "{} {:?}",
                seen.cursor,
                seen.drawn
            );
            assert!(seen.drawn.len() < 14);
        };
        // There is nothing above the first row.
        press(&mut harness, Key::ArrowUp);
        assert!(harness.state().moves.is_empty());
        for _ in 0..25 {
            press(&mut harness, Key::ArrowDown);
        }
        assert_eq!(harness.state().cursor, 25);
        press(&mut harness, Key::PageDown);
        press(&mut harness, Key::PageDown);
        assert_eq!(harness.state().cursor, 45);
        press(&mut harness, Key::PageUp);
        press(&mut harness, Key::ArrowUp);
        assert_eq!(harness.state().cursor, 34);
    }
}
