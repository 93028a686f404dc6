//! The one frame of all dialogs, and of the cards in panels.
//!
//! A dialog has a title, a body, and a foot with its buttons. It is a dialog to assistive tools, has
//! the keyboard while it is shown, and gives it back to where it was when it is left. Esc, a click
//! beside it and the closing button leave it; Enter is its main button, unless something in it that
//! has the keyboard has a use for Enter.

use super::{focus, speech};
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    self, Align, Button, Color32, Context, EventFilter, FontSelection, Frame, Id, Key, Layout,
    Modal, Modifiers, RichText, ScrollArea, Sense, Ui, Vec2, WidgetText, Window,
};

/// What came of a card in a frame.
#[must_use = "a card that is left is to go"]
pub(crate) enum CardStep<T = ()> {
    Stays,
    /// Esc, a click beside it, or its closing button.
    Left,
    Chosen(T),
}

impl<T> CardStep<T> {
    /// What was chosen is done, and the card goes.
    pub(crate) fn leave_with(self, act: impl FnOnce(T)) -> CardStep {
        match self {
            Self::Stays => CardStep::Stays,
            Self::Left => CardStep::Left,
            Self::Chosen(choice) => {
                act(choice);
                CardStep::Chosen(())
            }
        }
    }

    /// What was chosen is done, and the card stays.
    pub(crate) fn stay_with(self, act: impl FnOnce(T)) -> CardStep {
        match self.leave_with(act) {
            CardStep::Chosen(()) => CardStep::Stays,
            step => step,
        }
    }

    /// The answer to a question; leaving it is an answer, too.
    pub(crate) fn answer(self, when_left: T) -> Option<T> {
        match self {
            Self::Stays => None,
            Self::Left => Some(when_left),
            Self::Chosen(choice) => Some(choice),
        }
    }
}

pub(crate) struct Card<'a> {
    name: &'static str,
    title: &'a str,
    title_size: f32,
    /// Above the foot.
    gap: f32,
    width: f32,
    has_head: bool,
}

impl<'a> Card<'a> {
    pub(crate) fn new(name: &'static str, title: &'a str) -> Self {
        Self {
            name,
            title,
            title_size: 18.0,
            gap: 8.0,
            width: 440.0,
            has_head: true,
        }
    }

    /// A short question with a few answers.
    pub(crate) fn question(name: &'static str, title: &'a str) -> Self {
        Self {
            title_size: 15.0,
            gap: 10.0,
            ..Self::new(name, title)
        }
    }

    /// Begins with a field, and shows no title.
    pub(crate) fn headless(name: &'static str, title: &'a str) -> Self {
        Self {
            has_head: false,
            ..Self::new(name, title)
        }
    }

    pub(crate) fn width(self, width: f32) -> Self {
        Self { width, ..self }
    }

    /// As wide as the window lets it be, within bounds.
    pub(crate) fn wide(self, ctx: &Context, least: f32, most: f32) -> Self {
        let width = (ctx.content_rect().width() - 80.0).clamp(least, most);
        self.width(width)
    }

    /// Draws it over the window; `body` answers with what was chosen.
    pub(crate) fn show<T>(
        self,
        ctx: &Context,
        body: impl FnOnce(&mut Ui, &mut Inside) -> Option<T>,
    ) -> CardStep<T> {
        let mut turn = Turn::begin(ctx, self.name);
        let mut inside = Inside::new(ctx, &self);
        let id = Id::unique(self.name);
        let mut area = Modal::default_area(id);
        if !self.has_head {
            area = area.accessible_name(self.title);
        }
        let modal = Modal::new(id).area(area).show(ctx, |ui| {
            ui.set_width(self.width);
            if self.has_head {
                self.head_ui(ui, &inside, turn.is_new);
            }
            body(ui, &mut inside)
        });
        let step = match modal.inner {
            Some(choice) => CardStep::Chosen(choice),
            None if inside.is_left || modal.should_close() => CardStep::Left,
            None => CardStep::Stays,
        };
        turn.is_chosen = matches!(step, CardStep::Chosen(_));
        turn.keep(ctx);
        if matches!(step, CardStep::Left) {
            ctx.memory_mut(|memory| memory.stop_text_input());
        }
        if !matches!(step, CardStep::Stays) {
            ctx.request_repaint();
        }
        step
    }

    /// Draws it beside what is worked on, which keeps the keyboard.
    pub(crate) fn show_beside(
        self,
        ctx: &Context,
        height: f32,
        from_right_top: Vec2,
        body: impl FnOnce(&mut Ui),
    ) -> CardStep {
        let mut step = CardStep::Stays;
        Window::new(self.title)
            .title_bar(false)
            .default_size(egui::vec2(self.width, height))
            .default_pos(ctx.content_rect().right_top() + from_right_top)
            .collapsible(false)
            .show(ctx, |ui| {
                ui.horizontal(|ui| {
                    ui.label(self.title_text());
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        if ui.button("Close").clicked() {
                            step = CardStep::Left;
                        }
                    });
                });
                body(ui);
            });
        step
    }

    fn title_text(&self) -> RichText {
        RichText::new(self.title).font(theme::strong_font(self.title_size))
    }

    /// The title, which has the keyboard until something else takes it.
    fn head_ui(&self, ui: &mut Ui, inside: &Inside, is_new: bool) {
        let id = inside.heading;
        let width = ui.available_width();
        let title = self.title_text();
        let title = WidgetText::from(title).into_galley(ui, None, width, FontSelection::Default);
        let (rect, _) = ui.allocate_exact_size(title.size(), Sense::hover());
        ui.painter()
            .galley(rect.min, title, ui.visuals().text_color());
        // It is no stop on the way of Tab: once the keyboard is elsewhere, it does not come back.
        let sense = if ui.memory(|memory| memory.has_focus(id)) {
            Sense::focusable_noninteractive()
        } else {
            Sense::hover()
        };
        let heading = ui.interact(rect, id, sense);
        super::tell(&heading, Role::Heading, self.title);
        focus::shows_itself(ui.ctx(), id);
        // The area of a modal is a dialog already, which only lacks a name.
        let dialog = Id::unique(self.name);
        ui.ctx().accesskit_node_builder(dialog, |node| {
            node.set_modal();
            node.push_labelled_by(id.accesskit_id());
        });
        ui.memory_mut(|memory| {
            if is_new {
                memory.request_focus(id);
            }
            // Arrows are for the list of the card, wherever the keyboard is.
            let arrows = EventFilter {
                vertical_arrows: true,
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            memory.set_focus_lock_filter(id, arrows);
        });
        if self.title_size < 18.0 {
            ui.add_space(4.0);
        }
    }
}

/// A card at work: its foot, its buttons, and whose Enter is.
pub(crate) struct Inside {
    heading: Id,
    gap: f32,
    window: Vec2,
    /// Nothing in the card had the keyboard when the frame began.
    is_free: bool,
    is_left: bool,
}

impl Inside {
    fn heading_of(name: &str) -> Id {
        Id::unique((name, "heading"))
    }

    fn new(ctx: &Context, card: &Card<'_>) -> Self {
        let heading = Self::heading_of(card.name);
        let focused = ctx.memory(|memory| memory.focused());
        Self {
            heading,
            gap: card.gap,
            window: ctx.content_rect().size(),
            is_free: focused.is_none_or(|id| id == heading),
            is_left: false,
        }
    }

    /// The room that is left when the rest of the card takes so much.
    pub(crate) fn room(&self, rest: f32, least: f32, most: f32) -> f32 {
        (self.window.y - rest).clamp(least, most)
    }

    /// Whether nothing in the card has the keyboard.
    pub(crate) fn is_free(&self) -> bool {
        self.is_free
    }

    /// What the card holds, in one dim line.
    pub(crate) fn lead(&self, ui: &mut Ui, text: &str) {
        ui.weak(text);
        ui.add_space(6.0);
    }

    /// What may be longer than the window is high.
    pub(crate) fn scroll<R>(&self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
        let above = ui.min_rect().height();
        let area = ScrollArea::vertical()
            .id_salt("card")
            .max_height((self.window.y - above - 120.0).max(120.0))
            .auto_shrink([false, true]);
        area.show(ui, add).inner
    }

    /// The line of buttons.
    pub(crate) fn foot<R>(&mut self, ui: &mut Ui, add: impl FnOnce(&mut Ui, &mut Self) -> R) -> R {
        ui.add_space(self.gap);
        ui.horizontal_wrapped(|ui| add(ui, self)).inner
    }

    /// A foot with nothing but the closing button.
    pub(crate) fn closing_foot(&mut self, ui: &mut Ui) {
        self.foot(ui, |ui, card| card.close(ui, "Close"));
    }

    /// The button that Enter presses, unless there is a reason why it cannot be.
    pub(crate) fn main(
        &mut self,
        ui: &mut Ui,
        refusal: Option<&str>,
        text: impl Into<String>,
        help: &str,
    ) -> bool {
        let help = match help {
            "" => "Enter".to_owned(),
            help => format!("Enter; {help}"),
        };
        let can = refusal.is_none();
        let button = ui.add_enabled(can, Button::new(text.into()));
        let button = button.on_hover_text(help);
        let button = button.on_disabled_hover_text(refusal.unwrap_or_default());
        button.clicked() || (can && self.takes_enter(ui))
    }

    /// Whether Enter was pressed and is the card's.
    pub(crate) fn takes_enter(&self, ui: &Ui) -> bool {
        (self.is_free || handed_on(ui.ctx()))
            && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter))
    }

    /// The button that leaves the card, as Esc does.
    pub(crate) fn close(&mut self, ui: &mut Ui, text: &str) {
        self.is_left |= ui.button(text).on_hover_text("Esc").clicked();
    }
}

/// The ground of a card in a panel.
pub(crate) fn sheet(tokens: &Tokens, edge: Color32) -> Frame {
    Frame::new()
        .fill(tokens.page)
        .stroke((1.0, edge))
        .corner_radius(8)
        .inner_margin(10)
}

fn enter_id() -> Id {
    Id::unique("whose Enter is")
}

/// Says in this frame that the widget that has the keyboard has no use for Enter.
pub(crate) fn hand_on_enter(ctx: &Context) {
    let frame = ctx.cumulative_frame_nr();
    ctx.data_mut(|data| data.insert_temp(enter_id(), frame));
}

/// Says which row the arrow keys are at, while the card as a whole has the keyboard; whether it has.
pub(super) fn tell_current_row(ctx: &Context, row: Id) -> bool {
    let turn = ctx.data(|data| data.get_temp::<Turn>(Turn::id()));
    let heading = turn.map(|turn| Inside::heading_of(turn.name));
    let focused = ctx.memory(|memory| memory.focused());
    let Some(heading) = heading.filter(|heading| focused == Some(*heading)) else {
        return false;
    };
    speech::tell_current(ctx, heading, row);
    true
}

fn handed_on(ctx: &Context) -> bool {
    let when = ctx.data(|data| data.get_temp::<u64>(enter_id()));
    when == Some(ctx.cumulative_frame_nr())
}

/// The time from a card's first frame to its last.
#[derive(Clone, Copy)]
struct Turn {
    name: &'static str,
    /// What had the keyboard before.
    before: Option<Id>,
    shown: u64,
    is_new: bool,
    is_chosen: bool,
}

impl Turn {
    fn id() -> Id {
        Id::unique("turn of a card")
    }

    fn begin(ctx: &Context, name: &'static str) -> Self {
        let now = ctx.cumulative_frame_nr();
        let last = ctx.data(|data| data.get_temp::<Self>(Self::id()));
        // A card that follows on another gives back to where that one came from.
        let last = last.filter(|last| last.shown + 1 >= now);
        Self {
            name,
            before: match last {
                Some(last) => last.before,
                None => ctx.memory(|memory| memory.focused()),
            },
            shown: now,
            is_new: last.is_none_or(|last| last.name != name || last.is_new && last.shown == now),
            is_chosen: false,
        }
    }

    fn keep(self, ctx: &Context) {
        ctx.data_mut(|data| data.insert_temp(Self::id(), self));
    }
}

/// Gives the keyboard back once a card is gone that was left without a choice. At the end of a frame:
/// while a card is drawn, and in the frame after, what lies under it cannot take the keyboard.
pub(crate) fn give_back(ctx: &Context) {
    let turn = ctx.data(|data| data.get_temp::<Turn>(Turn::id()));
    let Some(turn) = turn.filter(|turn| turn.shown != ctx.cumulative_frame_nr()) else {
        return;
    };
    ctx.data_mut(|data| data.remove::<Turn>(Turn::id()));
    let is_taken = ctx.memory(|memory| memory.focused().is_some());
    if let Some(before) = turn.before
        && !turn.is_chosen
        && !is_taken
    {
        ctx.memory_mut(|memory| memory.request_focus(before));
        ctx.request_repaint();
    }
}
