//! The command palette: any command, label, setting, article or person by its name.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::palette::{Line, Row, lines};
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::entry::{PaletteRow, heading_row_ui};
use crate::ui::kit::field::Field;
use crate::ui::kit::list::{List, nothing_ui};
use crate::ui::kit::row::RowState;
use crate::ui::theme::Tokens;
use eframe::egui::{Context, EventFilter, Key, Modifiers, Response, Ui};

pub(super) const OPENS: &[Opener] =
    &[Opener::new(Command::Palette, |_| Box::new(Palette::default())).of_no_project()];

#[derive(Default)]
struct Palette {
    search: String,
    /// The current line; never a heading.
    at: usize,
}

impl Dialog for Palette {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let card = Card::hanging("palette", "Run a command").light();
        let step = card.show(ctx, |ui, card| {
            let field = card.line(ui, |ui| {
                let field = Field::search("Search commands", &mut self.search);
                let field = field.hint("Command, label, setting, article or person");
                field.hands_on_enter().show(ui)
            });
            field.request_focus();
            // Tab goes through the groups, since there is nothing else to go through.
            let keys = EventFilter {
                tab: true,
                horizontal_arrows: true,
                vertical_arrows: true,
                escape: false,
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(field.id, keys));
            if field.changed() {
                self.at = 0;
            }
            let lines = lines(model, &self.search);
            self.step_to_row(&lines, true);
            let (next, back) = ui.input_mut(|input| {
                let back = input.consume_key(Modifiers::SHIFT, Key::Tab);
                (input.consume_key(Modifiers::NONE, Key::Tab), back)
            });
            let has_jumped = next || back;
            if has_jumped {
                self.at = other_group(&lines, self.at, next);
            }
            let mut clicked = None;
            card.space(-4.0);
            card.pane(ui, |ui| {
                if lines.is_empty() {
                    let told = "Nothing has this name. Commands, labels, settings, articles and people are found by any part of theirs.";
                    if nothing_ui(ui, told, Some("Clear the filter")) {
                        self.search.clear();
                        ui.ctx().request_repaint();
                    }
                    return;
                }
                let before = self.at;
                let height = ui.available_height();
                let list = List::in_card("Found", lines.len(), PaletteRow::HEIGHT, height);
                let headings = lines.iter().enumerate();
                let headings = headings.filter(|(_, line)| line.row().is_none());
                let headings: Vec<usize> = headings.map(|(at, _)| at).collect();
                let list = list.cursor(Some(self.at)).reveal(has_jumped).filled();
                let list = list.headings(&headings).follows_pointer();
                let step = list.show(ui, |ui, at, state| match lines.get(at) {
                    Some(Line::Row(row)) => row_ui(ui, model, row, state, tokens),
                    Some(Line::Heading(title)) => heading_row_ui(ui, title, tokens),
                    None => ui.label(""),
                });
                if let Some(moved) = step.moved {
                    self.at = moved;
                    self.step_to_row(&lines, moved >= before);
                }
                let pointed = step.pointed.filter(|at| lines.get(*at).is_some_and(is_row));
                if let Some(pointed) = pointed {
                    self.at = pointed;
                    ui.ctx().request_repaint();
                }
                clicked = step.clicked;
            });
            let found = lines.iter().filter_map(Line::row).count();
            let hints =
                "Up, Down choose     Enter runs     Tab goes to the next group     Esc closes";
            let told = match self.search.trim() {
                "" => hints.to_owned(),
                _ => format!("{found} found     {hints}"),
            };
            card.foot(ui, &told, |_, _| ());
            let entered = card.takes_enter(ui).then_some(self.at);
            let row = lines.get(clicked.or(entered)?)?.row()?;
            row.refusal
                .is_none()
                .then(|| (row.key.clone(), row.action.clone()))
        });
        step.leave_with(|(key, action)| {
            if !key.is_empty() {
                actions.push(Action::RememberChoice(key));
            }
            actions.push(action);
        })
    }
}

impl Palette {
    /// Off a heading, on in the direction of the step, or else back.
    fn step_to_row(&mut self, lines: &[Line], forward: bool) {
        let is_row = |at: usize| lines.get(at).is_some_and(is_row);
        self.at = self.at.min(lines.len().saturating_sub(1));
        let on = self.at + 1;
        let back = self.at.saturating_sub(1);
        let ways = if forward {
            [self.at, on, back]
        } else {
            [self.at, back, on]
        };
        self.at = ways.into_iter().find(|at| is_row(*at)).unwrap_or(self.at);
    }
}

fn is_row(line: &Line) -> bool {
    line.row().is_some()
}

/// The first row of the group after or before the one that a row is in, and round again.
fn other_group(lines: &[Line], here: usize, forward: bool) -> usize {
    let headings = lines.iter().enumerate();
    let headings = headings.filter(|(_, line)| matches!(line, Line::Heading(_)));
    let headings: Vec<usize> = headings.map(|(at, _)| at).collect();
    let group = headings.partition_point(|heading| *heading <= here);
    let to = if forward {
        headings.get(group).or(headings.first())
    } else {
        let before = group.checked_sub(2).and_then(|at| headings.get(at));
        before.or(headings.last())
    };
    to.map_or(here, |heading| heading + 1)
}

fn row_ui(ui: &mut Ui, model: &Model, row: &Row, state: RowState, tokens: &Tokens) -> Response {
    let codebook = model.session().project().codebook();
    let label = row
        .label
        .as_ref()
        .and_then(|id| codebook.label(id.as_str()));
    let label = label.map(|label| (tokens.label(label.color), &label.underline));
    let drawn = PaletteRow {
        title: &row.title,
        matches: &row.matches,
        detail: &row.detail,
        refusal: row.refusal,
        label,
        is_key: row.key.starts_with("command ") || row.key.starts_with("mark "),
    };
    drawn.ui(ui, state, tokens)
}
