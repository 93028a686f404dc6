//! The one frame of all dialogs, and of the cards in panels.
//!
//! A dialog has a title, a body that scrolls, and a foot with its buttons, the main one at the right.
//! Its size is fixed: nothing in it makes it grow or shrink. It is a dialog to assistive tools, has
//! the keyboard while it is shown, and gives it back to where it was when it is left. Esc and the
//! closing button leave it, a click beside it only where nothing is lost, and where something is written
//! in it only when that is to be dropped; Enter is its main button, unless something in it that has the
//! keyboard has a use for Enter.

mod inside;
mod turn;

use inside::Answer;
pub(crate) use inside::Inside;
pub(super) use turn::tell_current_row;
pub(crate) use turn::{area, give_back, hand_on_enter, is_shown, put_keys, take_keys};

use super::speech::bounds;
use super::words::words_ui;
use super::{focus, letters};
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::text::TextFormat;
use eframe::egui::{
    Align, Align2, Area, Color32, Context, EventFilter, FontSelection, Frame, Id, InputState, Key,
    Margin, Modal, Modifiers, Popup, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, Vec2,
    WidgetText, pos2, vec2,
};
use turn::Turn;

/// What came of a card in a frame.
#[must_use = "a card that is left is to go"]
pub(crate) enum CardStep<T = ()> {
    Stays,
    /// Esc, its closing button, or a click beside it.
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

/// A question with a few answers, a choice with a preview, and long work: so wide and so high,
/// whatever they hold, and less only where the window is smaller.
const QUESTION: Vec2 = vec2(460.0, 204.0);
const CHOICE: Vec2 = vec2(700.0, 440.0);
const WORK: Vec2 = vec2(860.0, 520.0);

/// Left free between a card and the edges of the window.
const AROUND: f32 = 16.0;
/// Left free inside at the sides, and above.
const SIDE: f32 = 20.0;
const ABOVE: f32 = 16.0;

/// What is said where a card is left in which something is written.
const UNKEPT: &str = "What is written here is not kept yet.";

pub(crate) struct Card<'a> {
    name: &'static str,
    title: &'a str,
    size: Vec2,
    foot: f32,
    /// Of the upper edge from that of the window; in the middle when there is none.
    from_top: Option<f32>,
    has_head: bool,
    is_light: bool,
    is_left: bool,
    is_low: bool,
    deletes: bool,
    is_written: bool,
}

impl<'a> Card<'a> {
    fn new(name: &'static str, title: &'a str, size: Vec2) -> Self {
        Self {
            name,
            title,
            size,
            foot: 60.0,
            from_top: None,
            has_head: true,
            is_light: false,
            is_left: false,
            is_low: false,
            deletes: false,
            is_written: false,
        }
    }

    /// A question with a few answers.
    pub(crate) fn question(name: &'static str, title: &'a str) -> Self {
        Self::new(name, title, QUESTION)
    }

    /// Something to choose from, or to look at.
    pub(crate) fn choice(name: &'static str, title: &'a str) -> Self {
        Self::new(name, title, CHOICE)
    }

    /// Much to look at and to decide.
    pub(crate) fn work(name: &'static str, title: &'a str) -> Self {
        Self::new(name, title, WORK)
    }

    /// Begins with a field, shows no title, and hangs below the upper edge.
    pub(crate) fn hanging(name: &'static str, title: &'a str) -> Self {
        Self {
            has_head: false,
            from_top: Some(56.0),
            foot: 36.0,
            ..Self::new(name, title, vec2(CHOICE.x, 416.0))
        }
    }

    /// Stands beside what is worked on, at the right.
    pub(crate) fn beside(name: &'static str, title: &'a str) -> Self {
        Self::new(name, title, vec2(QUESTION.x, CHOICE.y))
    }

    /// Stands at the left: over the article list, and not over labels and annotations.
    pub(crate) fn at_left(mut self) -> Self {
        self = self.narrow();
        self.is_left = true;
        self
    }

    /// As narrow as a list beside the article.
    pub(crate) fn narrow(mut self) -> Self {
        self.size = vec2(276.0, CHOICE.y);
        self
    }

    /// Low, and at the lower edge: it covers as little as can be.
    pub(crate) fn low(mut self) -> Self {
        self.size.y = QUESTION.y;
        self.is_low = true;
        self
    }

    /// Higher than others of its kind, since it has more to say.
    pub(crate) fn higher(mut self, by: f32) -> Self {
        self.size.y += by;
        self
    }

    /// Nothing is lost with it: a click beside it leaves it.
    pub(crate) fn light(self) -> Self {
        Self {
            is_light: true,
            ..self
        }
    }

    /// Its main button takes something away: the keyboard begins at the way out.
    pub(crate) fn deleting(self) -> Self {
        Self {
            deletes: true,
            ..self
        }
    }

    /// Something is written in it that would be lost with it: whoever leaves it is asked first.
    pub(crate) fn written(self, is_written: bool) -> Self {
        Self { is_written, ..self }
    }

    /// Where it stands.
    fn place(&self, window: Rect) -> Rect {
        let most = (window.size() - Vec2::splat(2.0 * AROUND)).max(Vec2::splat(40.0));
        let size = self.size.min(most).floor();
        let mut place = Rect::from_center_size(window.center(), size);
        if let Some(from_top) = self.from_top {
            let lowest = window.bottom() - AROUND - size.y;
            let top = (window.top() + from_top).min(lowest).max(window.top());
            place = Rect::from_min_size(pos2(place.left(), top), size);
        }
        // On whole points, so that lines are sharp.
        Rect::from_min_size(place.min.floor(), size)
    }

    /// Draws it over the window; `body` answers with what was chosen.
    pub(crate) fn show<T>(
        self,
        ctx: &Context,
        body: impl FnOnce(&mut Ui, &mut Inside) -> Option<T>,
    ) -> CardStep<T> {
        let tokens = theme::tokens(ctx);
        let mut turn = Turn::begin(ctx, self.name);
        if turn.is_new {
            // Its Esc would be that of a menu, which lies under it.
            Popup::close_all(ctx);
            turn::end_tooltips(ctx);
        }
        let window = ctx.content_rect();
        let place = self.place(window);
        turn::go_back_from_main(ctx, heading_of(self.name));
        let mut inside = Inside::new(ctx, &self, place.shrink(1.0), turn.is_new);
        turn.asks &= self.is_written;
        inside.asks = turn.asks;
        inside.asks_anew = turn.asks && !turn.asked;
        turn.asked = turn.asks;
        let id = Id::unique(self.name);
        // Its place is known, and is not to be made to fit by the size that it had in the last frame.
        let area = Modal::default_area(id).anchor(Align2::LEFT_TOP, place.min - window.min);
        let mut area = area.constrain(false);
        if !self.has_head {
            area = area.accessible_name(self.title);
        }
        let modal = Modal::new(id)
            .area(area)
            .backdrop_color(tokens.scrim)
            .frame(ground(&tokens));
        let modal = modal.show(ctx, |ui| {
            ui.set_min_size(inside.place.size());
            room_to_breathe(ui);
            if self.has_head {
                self.head_ui(ui, &mut inside, turn.is_new);
            }
            body(ui, &mut inside)
        });
        let is_left = if self.is_light {
            modal.should_close()
        } else {
            let esc = |input: &mut InputState| input.consume_key(Modifiers::NONE, Key::Escape);
            modal.is_top_modal && !modal.any_popup_open && ctx.input_mut(esc)
        };
        ctx.accesskit_node_builder(id, |node| node.set_bounds(bounds(place)));
        let step = match modal.inner {
            Some(choice) => CardStep::Chosen(choice),
            None if turn.asks => match inside.answer {
                Some(Answer::Drops) => CardStep::Left,
                Some(Answer::GoesOn) => turn.go_on(ctx),
                None if is_left => turn.go_on(ctx),
                None => CardStep::Stays,
            },
            None if (inside.is_left || is_left) && self.is_written => turn.ask(ctx),
            None if inside.is_left || is_left => CardStep::Left,
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

    /// In the place of a list that has nothing in it: what comes there, and what is done with it then.
    /// Such a card is a [`Self::question`], no larger than that.
    pub(crate) fn says<T>(self, ctx: &Context, told: &str) -> CardStep<T> {
        self.show(ctx, |ui, card| {
            card.lead(ui, told);
            card.closing_foot(ui);
            None
        })
    }

    /// Draws it beside what is worked on, which keeps the keyboard. It can be moved.
    pub(crate) fn show_beside(
        self,
        ctx: &Context,
        body: impl FnOnce(&mut Ui, &mut Inside),
    ) -> CardStep {
        let tokens = theme::tokens(ctx);
        let window = ctx.content_rect();
        let place = self.place(window);
        let left = if self.is_left {
            window.left() + 8.0
        } else {
            window.right() - place.width() - 40.0
        };
        let top = if self.is_low {
            window.bottom() - place.height() - 40.0
        } else {
            window.top() + 90.0
        };
        let at = pos2(left, top);
        let id = Id::unique(self.name);
        let area = Area::new(id)
            .default_pos(at)
            .movable(true)
            .accessible_name(self.title);
        let mut is_left = false;
        let area = area.show(ctx, |ui| {
            ground(&tokens).show(ui, |ui| {
                let inner = Rect::from_min_size(ui.min_rect().min, place.size() - vec2(2.0, 2.0));
                ui.set_min_size(inner.size());
                room_to_breathe(ui);
                let mut inside = Inside::new(ctx, &self, inner, false);
                let title = self.title_text();
                inside.line(ui, |ui| words_ui(ui, title));
                body(ui, &mut inside);
                is_left = inside.is_left;
            });
        });
        let name = self.title;
        ctx.accesskit_node_builder(area.response.id, |node| {
            node.set_role(Role::Dialog);
            node.set_label(name);
            node.set_bounds(bounds(area.response.rect));
        });
        if is_left {
            CardStep::Left
        } else {
            CardStep::Stays
        }
    }

    fn title_text(&self) -> RichText {
        RichText::new(self.title).font(theme::strong_font(18.0))
    }

    /// The title, which has the keyboard until something else takes it.
    fn head_ui(&self, ui: &mut Ui, inside: &mut Inside, is_new: bool) {
        let id = inside.heading;
        let width = inside.place.width() - 2.0 * SIDE;
        let format = TextFormat::simple(theme::strong_font(18.0), Color32::PLACEHOLDER);
        let title = match letters::lines(ui.ctx(), self.title, &format, width) {
            Some(mut title) => {
                title.halign = Align::LEFT;
                ui.painter().layout_job(title)
            }
            None => WidgetText::from(self.title_text()).into_galley(
                ui,
                None,
                width,
                FontSelection::Default,
            ),
        };
        let rect = Rect::from_min_size(pos2(inside.place.left() + SIDE, inside.top), title.size());
        ui.painter()
            .galley(rect.min, title, ui.visuals().text_color());
        inside.top = rect.bottom();
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
            memory.set_focus_lock_filter(id, ARROWS);
        });
    }
}

/// The title of a card, which has its keyboard while nothing in it has.
fn heading_of(name: &str) -> Id {
    Id::unique((name, "heading"))
}

/// Arrows are for the list of the card, wherever the keyboard is.
const ARROWS: EventFilter = EventFilter {
    vertical_arrows: true,
    horizontal_arrows: true,
    tab: false,
    escape: false,
};

fn ground(tokens: &Tokens) -> Frame {
    Frame::new()
        .fill(tokens.panel)
        .stroke((1.0, tokens.edge))
        .corner_radius(10)
}

/// Controls of dialogs stand less closely than those of panels.
fn room_to_breathe(ui: &mut Ui) {
    let spacing = ui.spacing_mut();
    spacing.item_spacing = vec2(8.0, 8.0);
    spacing.button_padding = vec2(12.0, 3.0);
    spacing.interact_size.y = 28.0;
}

/// Two parts beside each other, the left one on the ground of the frame and so wide.
pub(crate) fn split(ui: &mut Ui, left_width: f32) -> (Ui, Ui) {
    let rect = ui.max_rect();
    let tokens = theme::tokens(ui.ctx());
    let at = (rect.left() + left_width).min(rect.center().x.max(rect.left() + 120.0));
    let left = rect.with_max_x(at);
    ui.painter().rect_filled(left, 0.0, tokens.panel);
    ui.painter().vline(at, rect.y_range(), (1.0, tokens.line));
    let part = |ui: &mut Ui, rect: Rect, name: &str| {
        let mut part = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(name));
        part.set_clip_rect(rect.intersect(ui.clip_rect()));
        part
    };
    (
        part(ui, left, "left"),
        part(ui, rect.with_min_x(at + 1.0), "right"),
    )
}

/// The inside of a part that runs to the edges: it scrolls, and keeps its distance from them.
pub(crate) fn scroll<R>(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let margin = Margin::symmetric(SIDE as i8, 14);
    let area = ScrollArea::vertical().id_salt(name);
    let framed = |ui: &mut Ui| Frame::new().inner_margin(margin).show(ui, add).inner;
    area.auto_shrink([false, false]).show(ui, framed).inner
}

/// The ground of a card in a panel.
pub(crate) fn sheet(tokens: &Tokens, edge: Color32) -> Frame {
    Frame::new()
        .fill(tokens.page)
        .stroke((1.0, edge))
        .corner_radius(8)
        .inner_margin(10)
}
