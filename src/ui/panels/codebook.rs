//! The codebook's labels with their keys: a click marks, the lock keeps a label for every drag.

use super::heading_ui;
use crate::app::action::{Action, Deleting};
use crate::app::model::Model;
use crate::core::codebook::Label;
use crate::ui::kit::row::{self, Ground, RowState, pressed_row_ui, switch_ui};
use crate::ui::kit::swatch::swatch;
use crate::ui::theme::{self, ROW_HEIGHT, SMALL, Tokens};
use eframe::egui::{self, FontId, Rect, ScrollArea, Ui, pos2, vec2};

/// How wide the key is, the count, and the lock, from the right.
const INSET: f32 = 12.0;
const KEY_WIDTH: f32 = 24.0;
const LOCK_WIDTH: f32 = 48.0;
const COUNT_WIDTH: f32 = 30.0;

pub(super) fn codebook_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let codebook = model.session().project().codebook();
    ui.spacing_mut().item_spacing.y = 0.0;
    heading_ui(ui, "Codebook", &format!("revision {}", codebook.revision));
    let labels = ScrollArea::vertical().id_salt("labels").auto_shrink(false);
    labels.show(ui, |ui| {
        for label in codebook.offered() {
            let is_locked = model.locked_label() == Some(&label.id);
            let count = model
                .article()
                .map_or(0, |article| article.annotations.count_of(&label.id));
            label_ui(ui, label, count, is_locked, tokens, actions);
        }
    });
}

fn label_ui(
    ui: &mut Ui,
    label: &Label,
    count: usize,
    is_locked: bool,
    tokens: &Tokens,
    actions: &mut Vec<Action>,
) {
    let name = label.name.to_lowercase();
    let (row, response) = pressed_row_ui(ui, ROW_HEIGHT, &format!("Mark as {name}"));
    let right = row.right() - INSET;
    let part = |right: f32, width: f32| {
        Rect::from_min_max(pos2(right - width, row.top()), pos2(right, row.bottom()))
    };
    let key_place = part(right, KEY_WIDTH);
    let count_place = part(key_place.left() - 4.0, COUNT_WIDTH);
    let lock = part(count_place.left(), LOCK_WIDTH);
    let lock_id = response.id.with("lock");
    let lock_response = switch_ui(ui, lock, lock_id, &format!("Lock {name}"), is_locked);
    let is_hovered = response.hovered() || lock_response.hovered();
    let has_focus = response.has_focus() || lock_response.has_focus();
    let state = RowState {
        is_chosen: is_locked,
        ..RowState::default()
    };
    Ground::IN_PANEL.paint(ui, row, state, is_hovered, tokens);
    let color = tokens.label(label.color);
    let place = Rect::from_min_size(
        pos2(row.left() + 16.0, row.center().y - 7.0),
        vec2(18.0, 14.0),
    );
    swatch(ui, place, color, &label.underline, tokens);
    let painter = ui.painter();
    let font = if is_locked {
        theme::strong_font(13.0)
    } else {
        FontId::proportional(13.0)
    };
    let small = || FontId::proportional(SMALL);
    let middle = |height: f32| row.center().y - height / 2.0;
    let count = row::line(
        painter,
        &count.to_string(),
        small(),
        tokens.dim,
        COUNT_WIDTH,
    );
    let at = count_place.right() - count.size().x;
    painter.galley(pos2(at, middle(count.size().y)), count, tokens.dim);
    let left = place.right() + 8.0;
    let says_lock = is_locked || is_hovered || has_focus;
    let end = if says_lock { lock.left() } else { at - 8.0 };
    let room = (end - left).max(20.0);
    let shown = row::line(painter, &label.name, font, tokens.ink, room);
    painter.galley(pos2(left, middle(shown.size().y)), shown, tokens.ink);
    if says_lock {
        let (word, color) = if is_locked {
            ("locked", tokens.ink)
        } else {
            ("lock", tokens.dim)
        };
        let word = row::line(painter, word, small(), color, LOCK_WIDTH);
        let at = lock.center() - word.size() / 2.0;
        painter.galley(at, word, color);
    }
    if let Some(key) = label.key {
        let at = pos2(key_place.right() - 10.0, row.center().y);
        row::key_cap(painter, at, &key.to_uppercase().to_string(), tokens);
    }
    let lock_clicked = lock_response
        .on_hover_text("Every drag marks with this label until it is let go (Shift and its key)")
        .clicked();
    if response.hovered() && !ui.input(|input| input.pointer.any_down()) {
        response.clone().on_hover_ui(|ui| tooltip_ui(ui, label));
    }
    response.context_menu(|ui| {
        let locks = if is_locked {
            "Let go of it"
        } else {
            "Mark every drag with it"
        };
        if ui.button(locks).clicked() {
            actions.push(Action::LockLabel((!is_locked).then(|| label.id.clone())));
            ui.close();
        }
        if ui.button("Delete label…").clicked() {
            let what = Deleting::Label(label.id.clone());
            actions.push(Action::AskToDelete(what));
            ui.close();
        }
    });
    if lock_clicked {
        actions.push(Action::LockLabel((!is_locked).then(|| label.id.clone())));
    } else if response.clicked() {
        actions.push(Action::UseLabel(label.id.clone()));
    }
}

fn tooltip_ui(ui: &mut Ui, label: &Label) {
    ui.set_max_width(340.0);
    ui.label(egui::RichText::new(&label.name).font(theme::strong_font(13.0)));
    ui.label(&label.definition);
    for (title, rules) in [
        ("Include", &label.include),
        ("Exclude", &label.exclude),
        ("Example", &label.examples),
    ] {
        for rule in rules {
            ui.weak(format!("{title}: {rule}"));
        }
    }
}
