//! The trash: what was deleted, by whom and when; bring it back, or delete it for good.

use super::list::{Row, list_ui};
use crate::app::action::Action;
use crate::app::clock;
use crate::app::lines::{FittingTrash, TrashLineAt};
use crate::app::model::Model;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Key, Modal, Modifiers, RichText, TextEdit, accesskit};
use std::collections::BTreeSet;

#[derive(Default)]
pub(crate) struct TrashDialog {
    filter: String,
    cursor: usize,
    chosen: BTreeSet<usize>,
    /// The state that the choice was made in: places in the trash are its own.
    revision: u64,
    is_purging: bool,
}

impl TrashDialog {
    /// Draws it; `false` when it is to be closed.
    pub(crate) fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> bool {
        let mut action = None;
        let modal = Modal::new(eframe::egui::Id::unique("trash")).show(ctx, |ui| {
            ui.set_width(720.0);
            ui.label(RichText::new("Trash").font(theme::strong_font(18.0)));
            let project = model.session().project();
            let trash = project.trash();
            if trash.is_empty() {
                ui.weak("The trash is empty. Deleted annotations, articles, labels and annotators come here, and can be brought back.");
                ui.add_space(10.0);
                return ui.button("Close").on_hover_text("Esc").clicked();
            }
            ui.weak("What is here can be brought back whole, with links and notes.");
            ui.add_space(6.0);
            let field = ui.add(
                TextEdit::singleline(&mut self.filter)
                    .hint_text("Filter")
                    .desired_width(f32::INFINITY),
            );
            field.widget_info(|| {
                eframe::egui::WidgetInfo::labeled(accesskit::Role::TextInput, true, "Filter the trash")
            });
            if self.revision != model.session().revision() || field.changed() {
                self.revision = model.session().revision();
                self.chosen.clear();
                self.is_purging = false;
            }
            let fitting = model.derived_later(&FittingTrash(self.filter.clone()));
            let shown = fitting.value.as_deref().map_or(&[][..], Vec::as_slice);
            if !fitting.is_current {
                ui.weak("Looking…");
            }
            ui.add_space(6.0);
            let chosen = &self.chosen;
            let clicked = list_ui(ui, tokens, &mut self.cursor, shown.len(), 330.0, |i| {
                let at = shown.get(i).copied().unwrap_or_default();
                let Some(item) = trash.get(at) else {
                    return Row::default();
                };
                let line = model.derived(&TrashLineAt(at));
                let when = item.when.map(clock::day_and_time).unwrap_or_default();
                Row {
                    mark: line.kind.clone(),
                    text: line.text.clone(),
                    detail: format!("{}   {}, {when}", line.detail, item.by),
                    is_chosen: chosen.contains(&at),
                    is_dim: false,
                }
            });
            let at_cursor = shown.get(self.cursor).copied();
            let space = !field.has_focus() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Space));
            let toggled = clicked.and_then(|i| shown.get(i).copied()).or(at_cursor.filter(|_| space));
            if let Some(at) = toggled
                && !self.chosen.remove(&at)
            {
                self.chosen.insert(at);
            }
            // Without a choice, the row under the cursor is meant.
            let meant: Vec<usize> = match self.chosen.is_empty() {
                true => at_cursor.into_iter().collect(),
                false => self.chosen.iter().copied().collect(),
            };
            let n = meant.len();
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                let of_n = if n == 1 { String::new() } else { format!(" {n}") };
                let enter = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter));
                let restore = eframe::egui::Button::new(format!("Restore{of_n}"));
                let restore = ui.add_enabled(n > 0, restore).on_hover_text("Enter; click or Space chooses several");
                if (restore.clicked() || enter) && n > 0 {
                    action = Some(Action::Restore(meant.clone()));
                }
                let all = shown.len();
                if ui.button(format!("Choose all {all}")).clicked() {
                    self.chosen = shown.iter().copied().collect();
                }
                let text = if self.is_purging {
                    RichText::new(format!("Really delete{of_n} for good")).color(tokens.error)
                } else {
                    RichText::new(format!("Delete{of_n} for good"))
                };
                let purge = ui
                    .add_enabled(n > 0, eframe::egui::Button::new(text))
                    .on_hover_text("Takes it out of the project file; only undoing this step brings it back");
                if purge.clicked() && self.is_purging {
                    action = Some(Action::Purge(meant));
                } else if purge.clicked() {
                    self.is_purging = true;
                }
                ui.button("Close").on_hover_text("Esc").clicked()
            })
            .inner
        });
        actions.extend(action);
        !(modal.inner || modal.should_close())
    }
}
