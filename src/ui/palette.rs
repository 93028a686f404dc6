//! The command palette: any command, label or article by its name.

use crate::app::action::Action;
use crate::app::model::Model;
use crate::app::palette::{Row, rows};
use eframe::egui::{self, Button, Key, Modal, RichText, ScrollArea, TextEdit, Ui};

#[derive(Default)]
pub(super) struct Palette {
    search: String,
    chosen: usize,
}

impl Palette {
    /// Draws it; `false` when it is to be closed.
    pub(super) fn ui(
        &mut self,
        ctx: &egui::Context,
        model: &Model,
        actions: &mut Vec<Action>,
    ) -> bool {
        let mut chosen = None;
        let mut stays = true;
        let modal = Modal::new(eframe::egui::Id::unique("palette")).show(ctx, |ui| {
            ui.set_width(520.0);
            let field = TextEdit::singleline(&mut self.search)
                .hint_text("Command, label or article")
                .desired_width(f32::INFINITY);
            let response = ui.add(field);
            response.widget_info(|| {
                egui::WidgetInfo::labeled(
                    egui::accesskit::Role::SearchInput,
                    true,
                    "Search commands",
                )
            });
            response.request_focus();
            if response.changed() {
                self.chosen = 0;
            }
            let rows = rows(model, &self.search);
            let last = rows.len().saturating_sub(1);
            let (up, down, enter) = ui.input_mut(|input| {
                let mut take = |key| input.consume_key(egui::Modifiers::NONE, key);
                (take(Key::ArrowUp), take(Key::ArrowDown), take(Key::Enter))
            });
            self.chosen = if down {
                self.chosen + 1
            } else {
                self.chosen.saturating_sub(usize::from(up))
            };
            self.chosen = self.chosen.min(last);
            ui.add_space(4.0);
            ScrollArea::vertical()
                .max_height(380.0)
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    for (i, row) in rows.iter().enumerate() {
                        if row_ui(ui, row, i == self.chosen, up || down)
                            || (enter && i == self.chosen)
                        {
                            chosen = Some(row.action.clone());
                        }
                    }
                    if rows.is_empty() {
                        ui.weak("Nothing has this name");
                    }
                });
        });
        if let Some(action) = chosen {
            actions.push(action);
            stays = false;
        }
        stays && !modal.should_close()
    }
}

fn row_ui(ui: &mut Ui, row: &Row, is_chosen: bool, follows: bool) -> bool {
    let button = Button::new(&row.title)
        .shortcut_text(RichText::new(&row.detail).weak())
        .frame(true)
        .selected(is_chosen)
        .min_size(egui::vec2(ui.available_width(), 26.0));
    let response = ui.add(button);
    if is_chosen && follows {
        response.scroll_to_me(None);
    }
    response.clicked()
}
