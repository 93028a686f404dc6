//! The codebook's labels with their keys: a click marks, the lock keeps a label for every drag.

use super::heading_ui;
use crate::app::action::Action;
use crate::app::model::Model;
use crate::core::codebook::Label;
use crate::ui::kit::row::{Ground, RowState, pressed_row_ui, switch_ui};
use crate::ui::kit::swatch::swatch;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{self, Align2, FontId, Ui, pos2, vec2};

pub(super) fn codebook_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let codebook = model.session().project().codebook();
    heading_ui(ui, "Codebook", &format!("revision {}", codebook.revision));
    ui.spacing_mut().item_spacing.y = 0.0;
    for label in &codebook.labels {
        let is_locked = model.locked_label() == Some(&label.id);
        let count = model
            .article()
            .map_or(0, |article| article.annotations.count_of(&label.id));
        label_ui(ui, label, count, is_locked, tokens, actions);
    }
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
    let (row, response) = pressed_row_ui(ui, 28.0, &format!("Mark as {name}"));
    let lock =
        egui::Rect::from_center_size(pos2(row.right() - 22.0, row.center().y), vec2(44.0, 20.0));
    let lock_id = response.id.with("lock");
    let lock_response = switch_ui(ui, lock, lock_id, &format!("Lock {name}"), is_locked);
    let is_hovered = response.hovered() || lock_response.hovered();
    let state = RowState {
        is_chosen: is_locked,
        has_ring: false,
    };
    Ground::IN_CODEBOOK.paint(ui, row, state, is_hovered, tokens);
    let color = tokens.label(label.color);
    swatch(
        ui,
        egui::Rect::from_min_size(
            pos2(row.left() + 6.0, row.center().y - 7.0),
            vec2(22.0, 14.0),
        ),
        color,
        &label.underline,
        tokens,
    );
    let painter = ui.painter();
    let font = if is_locked {
        theme::strong_font(13.0)
    } else {
        FontId::proportional(13.0)
    };
    painter.text(
        pos2(row.left() + 38.0, row.center().y),
        Align2::LEFT_CENTER,
        &label.name,
        font,
        tokens.ink,
    );
    let key = label
        .key
        .map(|key| key.to_uppercase().to_string())
        .unwrap_or_default();
    let word = if is_locked { "locked" } else { "lock" };
    if is_locked || is_hovered {
        let color = if is_locked { tokens.accent } else { tokens.dim };
        painter.text(
            lock.center(),
            Align2::CENTER_CENTER,
            word,
            FontId::proportional(11.5),
            color,
        );
    }
    let key_rect =
        egui::Rect::from_center_size(pos2(row.right() - 58.0, row.center().y), vec2(20.0, 18.0));
    if !key.is_empty() {
        painter.rect(
            key_rect,
            4.0,
            tokens.page,
            (1.0, tokens.line),
            egui::StrokeKind::Inside,
        );
        painter.text(
            key_rect.center(),
            Align2::CENTER_CENTER,
            key,
            FontId::proportional(11.5),
            tokens.dim,
        );
    }
    let at = pos2(row.right() - 76.0, row.center().y);
    painter.text(
        at,
        Align2::RIGHT_CENTER,
        count.to_string(),
        FontId::proportional(12.0),
        tokens.dim,
    );
    let lock_clicked = lock_response
        .on_hover_text("Every drag marks with this label until it is let go (Shift and its key)")
        .clicked();
    let clicked = response
        .clone()
        .on_hover_ui(|ui| {
            ui.set_max_width(340.0);
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
        })
        .clicked();
    response.context_menu(|ui| {
        if ui.button("Delete label…").clicked() {
            let what = crate::app::action::Deleting::Label(label.id.clone());
            actions.push(Action::AskToDelete(what));
        }
    });
    if lock_clicked {
        actions.push(Action::LockLabel((!is_locked).then(|| label.id.clone())));
    } else if clicked {
        actions.push(Action::UseLabel(label.id.clone()));
    }
}
