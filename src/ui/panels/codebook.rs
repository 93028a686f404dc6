//! The codebook's labels with their keys: a click marks, the lock keeps a label for every drag.

use super::heading_ui;
use crate::app::action::Action;
use crate::app::model::Model;
use crate::core::codebook::{Label, Underline};
use crate::ui::theme::{self, Tokens};
use eframe::egui::{self, Align2, FontId, Sense, Ui, pos2, vec2};

pub(crate) fn codebook_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
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
    let (row, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::accesskit::Role::Button,
            true,
            format!("Mark as {}", label.name.to_lowercase()),
        )
    });
    let lock =
        egui::Rect::from_center_size(pos2(row.right() - 22.0, row.center().y), vec2(44.0, 20.0));
    let lock_response = ui.interact(lock, response.id.with("lock"), Sense::click());
    lock_response.widget_info(|| {
        let name = label.name.to_lowercase();
        egui::WidgetInfo::selected(
            egui::accesskit::Role::Switch,
            true,
            is_locked,
            format!("Lock {name}"),
        )
    });
    let painter = ui.painter();
    if is_locked || response.hovered() || lock_response.hovered() {
        let fill = if is_locked {
            tokens.chosen
        } else {
            tokens.chosen.gamma_multiply(0.5)
        };
        painter.rect_filled(row, 5.0, fill);
    }
    let color = tokens.label(label.color);
    swatch(
        ui,
        egui::Rect::from_min_size(
            pos2(row.left() + 6.0, row.center().y - 7.0),
            vec2(22.0, 14.0),
        ),
        color,
        label.underline.clone(),
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
    let is_lock_shown = is_locked || response.hovered() || lock_response.hovered();
    if is_lock_shown {
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

/// A label's tint and underline, small.
pub(super) fn swatch(
    ui: &Ui,
    rect: egui::Rect,
    color: egui::Color32,
    underline: Underline,
    tokens: &Tokens,
) {
    let painter = ui.painter();
    painter.rect_filled(rect, 2.0, tokens.tint(color).gamma_multiply(1.4));
    let (left, right, y) = (rect.left(), rect.right(), rect.bottom() - 1.0);
    let line = |a: f32, b: f32, y: f32, width: f32| {
        painter.line_segment([pos2(a, y), pos2(b.min(right), y)], (width, color));
    };
    let dashes = |width: f32, period: f32, offset: f32, y: f32| {
        let mut x = left + offset;
        while x < right {
            line(x, x + width, y, 2.0);
            x += period;
        }
    };
    match underline {
        Underline::Solid | Underline::Later(_) => line(left, right, y, 2.0),
        Underline::Dashed => dashes(6.0, 8.0, 0.0, y),
        Underline::Dotted => dashes(2.0, 4.0, 0.0, y),
        Underline::Double => {
            line(left, right, y - 3.0, 1.0);
            line(left, right, y, 1.0);
        }
        Underline::Wavy => {
            dashes(2.0, 4.0, 0.0, y - 1.5);
            dashes(2.0, 4.0, 2.0, y);
        }
    }
}
