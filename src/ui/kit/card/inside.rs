//! A card at work: its lines, its body or pane, and its foot with the buttons, each in its place.
//!
//! Knows how a card stands and whose Enter is; what the card is about is the dialog's.

use super::{ABOVE, Card, SIDE, UNKEPT, heading_of, turn};
use crate::ui::kit::words::weak_words_ui;
use crate::ui::theme;
use eframe::egui::{
    Align, Button, Context, Frame, Id, Key, Label, Layout, Margin, Modifiers, Rect, Response,
    RichText, ScrollArea, StrokeKind, Ui, UiBuilder, pos2, vec2,
};

/// A card at work: where its parts stand, its buttons, and whose Enter is.
pub(crate) struct Inside {
    name: &'static str,
    pub(super) heading: Id,
    /// Of all that is in it.
    pub(super) place: Rect,
    /// What is above this is drawn already.
    pub(super) top: f32,
    lines: usize,
    foot: f32,
    /// Nothing in the card had the keyboard when the frame began.
    is_free: bool,
    /// It is its first frame, and nothing has asked for the keyboard yet.
    is_fresh: bool,
    deletes: bool,
    /// Something is written in it, which Ctrl+Enter keeps.
    is_written: bool,
    pub(super) is_left: bool,
    /// The foot asks whether what is written is to be dropped.
    pub(super) asks: bool,
    /// It did not in the last frame.
    pub(super) asks_anew: bool,
    pub(super) answer: Option<Answer>,
}

/// What becomes of what is written in a card that was to be left.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    Drops,
    GoesOn,
}

impl Inside {
    pub(super) fn new(ctx: &Context, card: &Card<'_>, place: Rect, is_fresh: bool) -> Self {
        let heading = heading_of(card.name);
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
            is_written: card.is_written,
            is_left: false,
            asks: false,
            asks_anew: false,
            answer: None,
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

    /// The same for something that asks for the keyboard itself.
    pub(crate) fn begins(&mut self) -> bool {
        std::mem::take(&mut self.is_fresh)
    }

    /// What the card holds, in one dim line.
    pub(crate) fn lead(&mut self, ui: &mut Ui, text: &str) {
        self.line(ui, |ui| weak_words_ui(ui, text));
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

    pub(super) fn foot_top(&self) -> f32 {
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
    pub(crate) fn foot<R: Default>(
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
        let id = Id::unique((self.name, "buttons", self.asks));
        let note = if self.asks { UNKEPT } else { note };
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
        let answer = if self.asks {
            self.ask_ui(&mut buttons);
            R::default()
        } else {
            add(&mut buttons, self)
        };
        let width = buttons.min_rect().width();
        if (width - known).abs() > 0.5 {
            ui.data_mut(|data| data.insert_temp(id, width));
            ui.ctx().request_discard("the buttons have another width");
        }
        answer
    }

    /// In place of the buttons: whether what is written is dropped.
    fn ask_ui(&mut self, ui: &mut Ui) {
        if ui.button("Drop it").clicked() {
            self.answer = Some(Answer::Drops);
        }
        // The keyboard is between the two answers, at the one that costs nothing.
        let (goes_on, button) = self.main_ui(ui, None, "Go on writing", "");
        if std::mem::take(&mut self.asks_anew) {
            button.request_focus();
        }
        if goes_on {
            self.answer = Some(Answer::GoesOn);
        }
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
        self.main_ui(ui, refusal, text, help).0
    }

    /// The same where much is looked through before: Enter alone presses it only when it has the
    /// keyboard, Ctrl+Enter from everywhere.
    pub(crate) fn main_by_ctrl(
        &mut self,
        ui: &mut Ui,
        refusal: Option<&str>,
        text: impl Into<String>,
        help: &str,
    ) -> bool {
        let is_free = std::mem::take(&mut self.is_free);
        let button = self.button_ui(ui, refusal, text, &format!("Ctrl+Enter; {help}"));
        self.is_free = is_free;
        let by_key = || ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::Enter));
        button.clicked() || (refusal.is_none() && by_key())
    }

    fn main_ui(
        &mut self,
        ui: &mut Ui,
        refusal: Option<&str>,
        text: impl Into<String>,
        help: &str,
    ) -> (bool, Response) {
        let help = match help {
            "" => "Enter".to_owned(),
            help => format!("Enter; {help}"),
        };
        let button = self.button_ui(ui, refusal, text, &help);
        // From fields of several lines, too, where Enter is a line.
        let by_ctrl = || ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Enter));
        let by_key = || self.takes_enter(ui) || self.is_written && by_ctrl();
        let is_pressed = button.clicked() || (refusal.is_none() && by_key());
        (is_pressed, button)
    }

    fn button_ui(
        &self,
        ui: &mut Ui,
        refusal: Option<&str>,
        text: impl Into<String>,
        help: &str,
    ) -> Response {
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
            turn::begins_at_main(ui.ctx(), button.id);
            let ring = button.rect.expand(1.0);
            let painter = ui.painter();
            painter.rect_stroke(ring, 7.0, tokens.focus(), StrokeKind::Outside);
        }
        let button = button.on_hover_text(help);
        button.on_disabled_hover_text(refusal.unwrap_or_default())
    }

    /// Whether Enter was pressed and is the card's.
    pub(crate) fn takes_enter(&self, ui: &Ui) -> bool {
        (self.is_free || turn::handed_on(ui.ctx()))
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
