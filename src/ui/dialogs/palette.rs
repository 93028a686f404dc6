//! The command palette: any command, label or article by its name.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::palette::{Row, rows};
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::field::Field;
use crate::ui::kit::list::List;
use crate::ui::kit::row::RowState;
use crate::ui::theme::Tokens;
use eframe::egui::{self, Button, Context, Response, RichText, Ui};

pub(super) const OPENS: Opener =
    Opener::new(Command::Palette, |_| Box::new(Palette::default())).of_no_project();

#[derive(Default)]
struct Palette {
    search: String,
    chosen: usize,
}

const ROW_HEIGHT: f32 = 26.0;

impl Dialog for Palette {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        _: &Tokens,
    ) -> CardStep {
        let card = Card::headless("palette", "Run a command").width(520.0);
        let step = card.show(ctx, |ui, card| {
            let field = Field::search("Search commands", &mut self.search)
                .hint("Command, label or article")
                .hands_on_enter()
                .show(ui);
            field.request_focus();
            if field.changed() {
                self.chosen = 0;
            }
            let rows = rows(model, &self.search);
            ui.add_space(4.0);
            if rows.is_empty() {
                ui.weak("Nothing has this name");
                return None;
            }
            let list = List::in_card("Commands", rows.len(), ROW_HEIGHT, 380.0)
                .gap(ui.spacing().item_spacing.y)
                .cursor(Some(self.chosen))
                .shrunk();
            let step = list.show(ui, |ui, at, state| match rows.get(at) {
                Some(row) => row_ui(ui, row, state),
                None => ui.label(""),
            });
            self.chosen = step.moved.unwrap_or(self.chosen).min(rows.len() - 1);
            let entered = card.takes_enter(ui).then_some(self.chosen);
            let row = rows.get(step.clicked.or(entered)?)?;
            Some(row.action.clone())
        });
        step.leave_with(|action| actions.push(action))
    }
}

fn row_ui(ui: &mut Ui, row: &Row, state: RowState) -> Response {
    let button = Button::new(&row.title)
        .shortcut_text(RichText::new(&row.detail).weak())
        .frame(true)
        .selected(state.is_chosen)
        .min_size(egui::vec2(ui.available_width(), ROW_HEIGHT));
    ui.add(button)
}
