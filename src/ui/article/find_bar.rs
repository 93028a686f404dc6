//! The bar under the article: what is looked for in it, how many hits there are, and the way from one
//! to the next. It stands below, so that the text stays where it is when it opens.

use super::ArticleView;
use crate::app::action::{Action, FindAction};
use crate::app::command::{Command, info};
use crate::app::derived::find::Answer;
use crate::app::model::Model;
use crate::app::words::{capitalised, count_grouped};
use crate::ui::find_field::{QueryField, switches_ui};
use crate::ui::kit::icon::{Icon, icon_button_ui};
use crate::ui::kit::list::take_exactly;
use crate::ui::kit::speech::{say_once, tell_region};
use crate::ui::kit::words::line_ui;
use crate::ui::theme::{BAR_HEIGHT, SMALL, Tokens};
use eframe::egui::{
    Align, Button, Frame, Key, Layout, Margin, Modifiers, Panel, RichText, Ui, vec2,
};

const FIELD: f32 = 320.0;

pub(super) struct Bar(QueryField);

impl Default for Bar {
    fn default() -> Self {
        Self(QueryField::new("Find in this article"))
    }
}

impl ArticleView {
    /// Gives the keyboard to the field of the bar.
    pub fn focus_find_bar(&mut self) {
        self.bar.0.focuses = true;
    }

    /// The bar, while it is open; it takes its room from the article.
    pub fn find_bar_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        if !model.find_bar().is_open || model.article().is_none() {
            return;
        }
        let frame = Frame::new()
            .fill(tokens.panel)
            .inner_margin(Margin::symmetric(12, 0));
        Panel::bottom("find bar")
            .frame(frame)
            .exact_size(BAR_HEIGHT)
            .resizable(false)
            .show_separator_line(true)
            .show(ui, |ui| {
                tell_region(ui, "Find bar");
                let layout = Layout::left_to_right(Align::Center);
                ui.with_layout(layout, |ui| {
                    ui.set_height(BAR_HEIGHT);
                    self.bar.ui(ui, model, actions, tokens);
                });
            });
    }
}

impl Bar {
    fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
        ui.spacing_mut().item_spacing.x = 6.0;
        let bar = model.find_bar();
        let found = model.found_here();
        let error = found.value.as_ref().and_then(|found| found.error.clone());
        let message = error.as_ref().filter(|error| !error.is_unfinished);
        let message = message.map(|error| error.message.clone());
        self.keys(ui, actions);
        let id = self.0.id();
        let width = FIELD.min(ui.available_width() - 300.0).max(120.0);
        let asked = (bar.query.as_str(), &bar.options);
        let (field, typed) = self.0.ui(ui, model, asked, error.as_ref(), width, tokens);
        let escapes = ui.input(|input| input.key_pressed(Key::Escape));
        if field.lost_focus() && escapes {
            actions.push(FindAction::CloseBar.into());
        }
        let mut options = bar.options;
        switches_ui(ui, &mut options, ui.available_width() > 560.0);
        if typed.is_some() || options != bar.options {
            let query = typed.unwrap_or_else(|| bar.query.clone());
            actions.push(FindAction::InArticle { query, options }.into());
        }
        let answer = found.value.clone().map(Answer);
        let hits = answer.as_ref().map_or(&[][..], |answer| answer.here());
        let is_cut = answer.as_ref().is_some_and(|found| found.hits.is_cut());
        let told = match (&message, &answer) {
            (Some(message), _) => capitalised(message),
            (None, None) if !bar.query.is_empty() => "Looking…".to_owned(),
            (None, Some(found)) if found.error.is_some() => String::new(),
            (None, None) => String::new(),
            (None, Some(_)) => match model.hit_here(hits) {
                Some(at) => {
                    let all = count_grouped(hits.len(), "hit", "hits");
                    let more = if is_cut { " and more" } else { "" };
                    format!("{} of {all}{more}", at + 1)
                }
                None => "No hits".to_owned(),
            },
        };
        let through = model.looked_through();
        let told = match through {
            Some((at, n)) => {
                format!(
                    "{} of {}",
                    at + 1,
                    count_grouped(n, "ticked hit", "ticked hits")
                )
            }
            None => told,
        };
        if field.has_focus() || through.is_some() {
            say_once(ui.ctx(), id.with("count"), &told);
        }
        let has_hits = !hits.is_empty();
        let next = info(Command::NextHit);
        let previous = info(Command::PreviousHit);
        ui.add_enabled_ui(has_hits, |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (icon, told, command) in [
                (Icon::Up, previous, Command::PreviousHit),
                (Icon::Down, next, Command::NextHit),
            ] {
                let name = format!("{} ({})", told.title, told.key_text());
                if icon_button_ui(ui, icon, &name, tokens).clicked() {
                    actions.push(Action::Run(command));
                }
            }
        });
        let color = if message.is_some() {
            tokens.error
        } else {
            tokens.dim
        };
        let room = (ui.available_width() - 190.0).max(60.0);
        ui.scope(|ui| {
            ui.set_max_width(room);
            let told_of = RichText::new(&told).size(SMALL).color(color);
            line_ui(ui, told_of);
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let close = "Close the find bar (Esc)";
            if icon_button_ui(ui, Icon::Close, close, tokens).clicked() {
                actions.push(FindAction::CloseBar.into());
            }
            let everywhere = info(Command::FindEverywhere);
            let button = Button::new("In all articles").min_size(vec2(0.0, 28.0));
            if ui.add(button).on_hover_text(everywhere.tooltip()).clicked() {
                actions.push(Action::Run(Command::FindEverywhere));
            }
        });
    }

    /// Enter and Shift+Enter go from hit to hit, and the keyboard stays.
    fn keys(&self, ui: &Ui, actions: &mut Vec<Action>) {
        if !self.0.leaves(ui, Key::Enter) {
            return;
        }
        for (held, command) in [
            (Modifiers::NONE, Command::NextHit),
            (Modifiers::SHIFT, Command::PreviousHit),
        ] {
            if ui.input_mut(|input| take_exactly(input, held, Key::Enter)) {
                actions.push(Action::Run(command));
            }
        }
    }
}
