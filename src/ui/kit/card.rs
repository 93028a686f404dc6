//! The one frame of all dialogs, and of the cards in panels.
//!
//! A dialog has a title, a body that scrolls, and a foot with its buttons, the main one at the right.
//! Its size is fixed: nothing in it makes it grow or shrink. It is a dialog to assistive tools, has
//! the keyboard while it is shown, and gives it back to where it was when it is left. Esc and the
//! closing button leave it, a click beside it only where nothing is lost; Enter is its main button,
//! unless something in it that has the keyboard has a use for Enter.

use super::speech::bounds;
use super::{focus, speech};
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align, Align2, Area, AreaState, Button, Color32, Context, EventFilter, FontSelection, Frame,
    Id, InputState, Key, Label, Layout, Margin, Modal, Modifiers, Order, Rect, Response, RichText,
    ScrollArea, Sense, StrokeKind, Ui, UiBuilder, Vec2, WidgetText, pos2, vec2,
};

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
            end_tooltips(ctx);
        }
        let window = ctx.content_rect();
        let place = self.place(window);
        let mut inside = Inside::new(ctx, &self, place.shrink(1.0), turn.is_new);
        let id = Id::unique(self.name);
        let mut area = Modal::default_area(id).anchor(Align2::LEFT_TOP, place.min - window.min);
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
                inside.line(ui, |ui| ui.label(title));
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
        let title = RichText::new(self.title).font(theme::strong_font(18.0));
        let title = WidgetText::from(title).into_galley(ui, None, width, FontSelection::Default);
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

/// A card at work: where its parts stand, its buttons, and whose Enter is.
pub(crate) struct Inside {
    name: &'static str,
    heading: Id,
    /// Of all that is in it.
    place: Rect,
    /// What is above this is drawn already.
    top: f32,
    lines: usize,
    foot: f32,
    /// Nothing in the card had the keyboard when the frame began.
    is_free: bool,
    /// It is its first frame, and nothing has asked for the keyboard yet.
    is_fresh: bool,
    deletes: bool,
    is_left: bool,
}

impl Inside {
    fn heading_of(name: &str) -> Id {
        Id::unique((name, "heading"))
    }

    fn new(ctx: &Context, card: &Card<'_>, place: Rect, is_fresh: bool) -> Self {
        let heading = Self::heading_of(card.name);
        let focused = ctx.memory(|memory| memory.focused());
        Self {
            name: card.name,
            heading,
            place,
            top: place.top() + ABOVE,
            lines: 0,
            foot: card.foot,
            is_free: focused.is_none_or(|id| id == heading),
            is_fresh,
            deletes: card.deletes,
            is_left: false,
        }
    }

    /// Whether nothing in the card has the keyboard.
    pub(crate) fn is_free(&self) -> bool {
        self.is_free
    }

    /// The keyboard begins here, unless it begins at what asked before; says whether it does.
    pub(crate) fn begins_at(&mut self, response: &Response) -> bool {
        let begins = std::mem::take(&mut self.is_fresh);
        if begins {
            response.request_focus();
        }
        begins
    }

    /// What the card holds, in one dim line.
    pub(crate) fn lead(&mut self, ui: &mut Ui, text: &str) {
        self.line(ui, |ui| {
            ui.add(Label::new(RichText::new(text).weak()).wrap())
        });
    }

    /// Something between the title and the body, from side to side.
    pub(crate) fn line<R>(&mut self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
        let from = pos2(self.place.left() + SIDE, self.top);
        let to = pos2(self.place.right() - SIDE, self.foot_top());
        self.lines += 1;
        let name = format!("line {}", self.lines);
        let mut line = self.child(ui, Rect::from_min_max(from, to), &name);
        let answer = add(&mut line);
        self.top = line.min_rect().bottom().max(self.top);
        answer
    }

    /// Leaves room below what was drawn last.
    pub(crate) fn space(&mut self, points: f32) {
        self.top += points;
    }

    fn foot_top(&self) -> f32 {
        self.place.bottom() - self.foot
    }

    /// A part of the card, which is cut where it ends.
    fn child(&self, ui: &mut Ui, rect: Rect, name: &str) -> Ui {
        let rect = Rect::from_min_max(rect.min, rect.max.max(rect.min));
        let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(name));
        child.set_clip_rect(self.place.intersect(ui.clip_rect()));
        child
    }

    /// All between what was drawn and the foot; what is longer scrolls.
    pub(crate) fn body<R>(&mut self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
        self.top += 8.0;
        let rect = Rect::from_min_max(
            pos2(self.place.left(), self.top),
            pos2(self.place.right(), self.foot_top()),
        );
        self.top = rect.bottom();
        let mut body = self.child(ui, rect, "body");
        body.set_clip_rect(rect);
        let area = ScrollArea::vertical()
            .id_salt((self.name, "body"))
            .auto_shrink([false, false]);
        let margin = Margin {
            left: SIDE as i8,
            right: SIDE as i8,
            top: 4,
            bottom: 12,
        };
        let framed = |ui: &mut Ui| Frame::new().inner_margin(margin).show(ui, add).inner;
        area.show(&mut body, framed).inner
    }

    /// The same for a list or a preview, which runs to the edges and scrolls by itself.
    pub(crate) fn pane<R>(&mut self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
        self.top += 12.0;
        let rect = Rect::from_min_max(
            pos2(self.place.left(), self.top),
            pos2(self.place.right(), self.foot_top()),
        );
        self.top = rect.bottom();
        let tokens = theme::tokens(ui.ctx());
        let painter = ui.painter().with_clip_rect(self.place);
        painter.rect_filled(rect, 0.0, tokens.page);
        painter.hline(rect.x_range(), rect.top(), (1.0, tokens.line));
        let mut pane = self.child(ui, rect.with_min_y(rect.top() + 1.0), "pane");
        pane.set_clip_rect(rect);
        add(&mut pane)
    }

    /// The line of buttons, the main one last, with what is said beside them.
    pub(crate) fn foot<R>(
        &mut self,
        ui: &mut Ui,
        note: &str,
        add: impl FnOnce(&mut Ui, &mut Self) -> R,
    ) -> R {
        let rect = Rect::from_min_max(pos2(self.place.left(), self.foot_top()), self.place.max);
        let tokens = theme::tokens(ui.ctx());
        let line = (1.0, tokens.line);
        ui.painter().hline(rect.x_range(), rect.top(), line);
        let rect = rect.shrink2(vec2(SIDE, 0.0));
        // The buttons end at the right: where they begin follows from how wide they were.
        let id = Id::unique((self.name, "buttons"));
        let known: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(0.0);
        let from = (rect.right() - known).max(rect.left());
        let note_rect = rect.with_max_x(from - 12.0);
        if !note.is_empty() && note_rect.width() > 40.0 {
            let centred = Layout::left_to_right(Align::Center);
            let place = UiBuilder::new().max_rect(note_rect).layout(centred);
            let mut place = ui.new_child(place.id_salt("note"));
            let text = RichText::new(note).weak().size(12.0);
            place.add(Label::new(text).wrap().halign(Align::Min));
        }
        let place = UiBuilder::new()
            .max_rect(rect.with_min_x(from))
            .layout(Layout::left_to_right(Align::Center));
        let mut buttons = ui.new_child(place.id_salt("foot"));
        buttons.spacing_mut().interact_size.y = 32.0;
        buttons.spacing_mut().button_padding.x = 16.0;
        let answer = add(&mut buttons, self);
        let width = buttons.min_rect().width();
        if (width - known).abs() > 0.5 {
            ui.data_mut(|data| data.insert_temp(id, width));
            ui.ctx().request_discard("the buttons have another width");
        }
        answer
    }

    /// A foot with nothing but the way out, which Enter takes, too.
    pub(crate) fn closing_foot(&mut self, ui: &mut Ui) {
        self.foot(ui, "", |ui, card| card.done(ui));
    }

    /// The way out of a card that asks nothing.
    pub(crate) fn done(&mut self, ui: &mut Ui) {
        self.is_left |= self.main(ui, None, "Close", "");
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
        let tokens = theme::tokens(ui.ctx());
        let text = RichText::new(text).font(theme::strong_font(13.0));
        let button = if can {
            let ground = if self.deletes {
                tokens.error
            } else {
                tokens.accent
            };
            let text = text.color(if self.deletes {
                tokens.panel
            } else {
                tokens.on_accent
            });
            Button::new(text).fill(ground).stroke((1.0, ground))
        } else {
            Button::new(text)
        };
        let button = ui.add_enabled(can, button);
        if can && self.is_free && !self.deletes {
            let ring = button.rect.expand(1.0);
            let painter = ui.painter();
            painter.rect_stroke(ring, 7.0, tokens.focus(), StrokeKind::Outside);
        }
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
        let button = ui.button(text);
        if self.deletes {
            let _begins = self.begins_at(&button);
        }
        self.is_left |= button.on_hover_text("Esc").clicked();
    }
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

/// What is told of something under a card goes with its first frame: it would stay over the card as
/// long as the pointer does not move.
fn end_tooltips(ctx: &Context) {
    let areas = ctx.memory(|memory| memory.areas().visible_layer_ids());
    if !areas.iter().any(|layer| layer.order == Order::Tooltip) {
        return;
    }
    let kept = areas
        .into_iter()
        .filter(|layer| layer.order != Order::Tooltip);
    let kept = kept.filter_map(|layer| Some((layer, AreaState::load(ctx, layer.id)?)));
    let kept: Vec<_> = kept.collect();
    ctx.memory_mut(|memory| {
        *memory.areas_mut() = Default::default();
        for (layer, state) in kept {
            memory.areas_mut().set_state(layer, state);
        }
    });
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
