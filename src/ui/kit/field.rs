//! A field to write in.

use super::writing::{self, Writing};
use super::{card, row, speech};
use crate::ui::theme::{SMALL, Tokens};
use eframe::egui::accesskit::{Invalid, Role};
use eframe::egui::text::{CCursor, CCursorRange, LayoutJob};
use eframe::egui::text_edit::TextEditState;
use eframe::egui::{Context, FontId, Id, Response, Sense, Ui};
use std::ops::Range;

pub(crate) struct Field<'a> {
    name: &'a str,
    text: &'a mut String,
    hint: &'a str,
    error: &'a str,
    width: f32,
    rows: Option<usize>,
    searches: bool,
    is_required: bool,
    hands_on_enter: bool,
    id: Option<Id>,
    paints: Option<&'a dyn Fn(&str) -> LayoutJob>,
}

impl<'a> Field<'a> {
    /// One line, as wide as there is room.
    pub(crate) fn new(name: &'a str, text: &'a mut String) -> Self {
        Self {
            name,
            text,
            hint: "",
            error: "",
            width: f32::INFINITY,
            rows: None,
            searches: false,
            is_required: false,
            hands_on_enter: false,
            id: None,
            paints: None,
        }
    }

    /// What is written narrows or finds something.
    pub(crate) fn search(name: &'a str, text: &'a mut String) -> Self {
        Self {
            searches: true,
            ..Self::new(name, text)
        }
    }

    /// Shown while nothing is written.
    pub(crate) fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    /// What is wrong with what is written; the card shows it where there is room.
    pub(crate) fn error(self, error: &'a str) -> Self {
        Self { error, ..self }
    }

    pub(crate) fn width(self, width: f32) -> Self {
        Self { width, ..self }
    }

    /// Nothing goes on while it is empty.
    pub(crate) fn required(self) -> Self {
        Self {
            is_required: true,
            ..self
        }
    }

    /// Several lines, so many at first.
    pub(crate) fn rows(self, rows: usize) -> Self {
        Self {
            rows: Some(rows),
            ..self
        }
    }

    /// Enter in it presses the main button of its card.
    pub(crate) fn hands_on_enter(self) -> Self {
        Self {
            hands_on_enter: true,
            ..self
        }
    }

    /// Known by this wherever it is drawn.
    pub(crate) fn id(self, id: Id) -> Self {
        Self {
            id: Some(id),
            ..self
        }
    }

    /// What is written is laid out so, on one line.
    pub(crate) fn painted(self, paints: &'a dyn Fn(&str) -> LayoutJob) -> Self {
        Self {
            paints: Some(paints),
            ..self
        }
    }

    pub(crate) fn show(self, ui: &mut Ui) -> Response {
        let id = self.id.unwrap_or_else(|| {
            let id = ui.next_auto_id();
            ui.skip_ahead_auto_ids(1);
            id
        });
        let writing = Writing {
            hint: self.hint,
            width: self.width,
            rows: self.rows,
            paints: self.paints,
        };
        let response = writing::show(ui, id, self.text, &writing);
        let response = response.accessible_name(self.name);
        ui.ctx().accesskit_node_builder(response.id, |node| {
            if self.searches {
                node.set_role(Role::SearchInput);
            }
            if self.is_required {
                node.set_required();
            }
            if !self.error.is_empty() {
                node.set_invalid(Invalid::True);
                node.set_description(self.error);
            }
        });
        speech::say_once(ui.ctx(), response.id.with("error"), self.error);
        if self.hands_on_enter && (response.has_focus() || response.lost_focus()) {
            card::hand_on_enter(ui.ctx());
        }
        response
    }
}

/// What a field or a choice is called, above it. No node of its own: what is below it says its name.
pub(crate) fn caption_ui(ui: &mut Ui, text: &str, tokens: &Tokens) {
    let font = FontId::proportional(SMALL);
    let room = ui.available_width();
    let line = row::line(ui.painter(), text, font, tokens.dim, room);
    let (rect, _) = ui.allocate_exact_size(line.size(), Sense::hover());
    ui.painter().galley(rect.min, line, tokens.dim);
}

/// Where the caret of a field is, in characters.
pub(crate) fn caret(ctx: &Context, field: Id) -> Option<usize> {
    let range = TextEditState::load(ctx, field)?.cursor.char_range()?;
    Some(range.primary.index.into())
}

/// Selects characters of a field, or puts the caret among them.
pub(crate) fn select(ctx: &Context, field: Id, chars: Range<usize>) {
    let mut state = TextEditState::load(ctx, field).unwrap_or_default();
    let (start, end) = (CCursor::new(chars.start), CCursor::new(chars.end));
    state
        .cursor
        .set_char_range(Some(CCursorRange::two(start, end)));
    state.store(ctx, field);
}
