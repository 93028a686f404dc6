//! The bar under the article: what is looked for in it, how many hits there are, and the way from one
//! to the next. It stands below, so that the text stays where it is when it opens.

use super::ArticleView;
use crate::app::action::{Action, FindAction};
use crate::app::command::{Command, info};
use crate::app::model::Model;
use crate::app::words::{capitalised, count_grouped};
use crate::ui::find_field::{QueryField, switches_ui};
use crate::ui::kit::icon::{Icon, icon_button_ui};
use crate::ui::kit::list::take_exactly;
use crate::ui::kit::speech::{say_once, tell_region};
use crate::ui::kit::words::line_ui;
use crate::ui::theme::{BAR_HEIGHT, SMALL, Tokens};
use eframe::egui::{
    Align, Button, FontId, Frame, Key, Layout, Margin, Modifiers, Panel, RichText, Ui, vec2,
};

/// How wide things are: the field at most and at least, the counter at least, the switches, what
/// looks in all articles, and what is pressed beside them.
const FIELD: f32 = 320.0;
const FEWEST: f32 = 120.0;
const COUNTER: f32 = 90.0;
const SWITCHES: f32 = 156.0;
const WIDE_SWITCHES: f32 = 330.0;
const EVERYWHERE: f32 = 104.0;
const ICON: f32 = 28.0;
const GAP: f32 = 6.0;

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
        let (told, hits) = told(model, message.as_deref());
        // The counter is never cut: what stands beside it gives way.
        let small = FontId::proportional(SMALL);
        let shown = ui.painter().layout_no_wrap(told.clone(), small, tokens.dim);
        let counter = match &message {
            Some(_) => COUNTER,
            None => shown.size().x.ceil().max(COUNTER),
        };
        let whole = ui.available_width();
        let room = whole - counter - 3.0 * ICON - 5.0 * GAP;
        let has_switches = room > FEWEST + SWITCHES;
        let is_wide = room > FEWEST + WIDE_SWITCHES + EVERYWHERE;
        let has_everywhere = room > FEWEST + SWITCHES + EVERYWHERE;
        let switches = match (has_switches, is_wide) {
            (false, _) => 0.0,
            (true, false) => SWITCHES,
            (true, true) => WIDE_SWITCHES,
        };
        let beside = switches + if has_everywhere { EVERYWHERE } else { 0.0 };
        let width = (room - beside).clamp(FEWEST, FIELD);
        let asked = (bar.query.as_str(), &bar.options);
        let (field, typed) = self.0.ui(ui, model, asked, error.as_ref(), width, tokens);
        let escapes = ui.input(|input| input.key_pressed(Key::Escape));
        if field.lost_focus() && escapes {
            actions.push(FindAction::CloseBar.into());
        }
        let mut options = bar.options;
        if has_switches {
            switches_ui(ui, &mut options, is_wide);
        }
        if typed.is_some() || options != bar.options {
            let query = typed.unwrap_or_else(|| bar.query.clone());
            actions.push(FindAction::InArticle { query, options }.into());
        }
        if field.has_focus() || model.looked_through().is_some() {
            say_once(ui.ctx(), id.with("count"), &told);
        }
        let next = info(Command::NextHit);
        let previous = info(Command::PreviousHit);
        ui.add_enabled_ui(hits > 0, |ui| {
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
        let end = ICON + GAP + if has_everywhere { EVERYWHERE } else { 0.0 };
        let room = (ui.available_width() - end).max(counter);
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
            if !has_everywhere {
                return;
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

/// What the counter says, and how many hits there are.
fn told(model: &Model, message: Option<&str>) -> (String, usize) {
    let bar = model.find_bar();
    let answer = model.answer_here();
    let hits = answer.as_ref().map_or(&[][..], |answer| answer.here());
    let is_cut = answer.as_ref().is_some_and(|found| found.hits.is_cut());
    if let Some((at, n)) = model.looked_through() {
        let all = count_grouped(n, "ticked hit", "ticked hits");
        return (format!("{} of {all}", at + 1), hits.len());
    }
    let told = match (message, &answer) {
        (Some(message), _) => capitalised(message),
        (None, None) if !bar.query.is_empty() => "Looking…".to_owned(),
        (None, None) => String::new(),
        (None, Some(found)) if found.error.is_some() => String::new(),
        (None, Some(_)) => match model.hit_here(hits) {
            Some(at) => {
                let all = count_grouped(hits.len(), "hit", "hits");
                let more = if is_cut { " and more" } else { "" };
                format!("{} of {all}{more}", at + 1)
            }
            None => "No hits".to_owned(),
        },
    };
    (told, hits.len())
}
