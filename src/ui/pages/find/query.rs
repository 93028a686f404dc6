//! What is looked for: the field with its switches, and below it how much was found, its order and its
//! groups.

use super::{form, in_part, look_for};
use crate::app::action::{Action, FindAction};
use crate::app::command::{Command, info};
use crate::app::derived::hits::{Concordance, Shared};
use crate::app::derived::project::MetadataNames;
use crate::app::model::Model;
use crate::app::words::{capitalised, count_grouped};
use crate::core::concordance::{Arrangement, GroupBy, Sort};
use crate::core::lists::Facet;
use crate::core::search::Options;
use crate::ui::find_field::{QueryField, switches_ui};
use crate::ui::kit::choices::Choices;
use crate::ui::kit::icon::{Icon, icon_menu_ui, icon_switch_ui};
use crate::ui::kit::list::take_exactly;
use crate::ui::kit::pick::{Pick, option_ui};
use crate::ui::kit::row::at_end_ui;
use crate::ui::kit::speech::say_once;
use crate::ui::menu::command_item_ui;
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::{Align, InputState, Key, Label, Layout, Modifiers, RichText, Ui};

const INSET: f32 = 20.0;
const FIELD_HEIGHT: f32 = 30.0;
/// With less room the counts have a line of their own.
const NARROW: f32 = 680.0;

pub(super) struct QueryPart {
    pub(super) field: QueryField,
    form: form::Form,
    /// Down was pressed in the field: the keyboard goes to the lines.
    pub(super) goes_down: bool,
}

impl Default for QueryPart {
    fn default() -> Self {
        Self {
            field: QueryField::new("Find in all articles"),
            form: form::Form::default(),
            goes_down: false,
        }
    }
}

impl QueryPart {
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        of: Option<&Shared<Concordance>>,
        side: Option<&mut bool>,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        ui.add_space(12.0);
        ui.horizontal(|ui| {
            ui.set_height(FIELD_HEIGHT);
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.add_space(INSET);
            if let Some(shows_side) = side {
                let name = "Where it was found";
                let switch = icon_switch_ui(ui, Icon::Filter, (name, name), *shows_side, tokens);
                *shows_side ^= switch.clicked();
            }
            self.field_ui(ui, model, of, actions, tokens);
        });
        ui.add_space(8.0);
        let is_narrow = ui.max_rect().width() < NARROW;
        if is_narrow {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.add_space(INSET);
                self.counts_ui(ui, model, of, tokens);
            });
            ui.add_space(6.0);
        }
        ui.horizontal(|ui| {
            ui.set_height(theme::CONTROL_HEIGHT);
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.add_space(INSET);
            let whole = ui.available_rect_before_wrap();
            let left = at_end_ui(ui, "order", |ui| {
                order_ui(ui, model, actions, tokens);
                ui.add_space(INSET);
            });
            if is_narrow {
                return;
            }
            let room = whole.with_max_x((left - 8.0).max(whole.left()));
            in_part(ui, room, "counts", |ui| {
                let line = Layout::left_to_right(Align::Center);
                ui.with_layout(line, |ui| self.counts_ui(ui, model, of, tokens));
            });
        });
        ui.add_space(8.0);
    }

    fn field_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        of: Option<&Shared<Concordance>>,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let (query, options) = model.searched();
        let found = model.found_everywhere().value;
        let error = found.as_ref().and_then(|found| found.error.as_ref());
        let has_lines = of.is_some_and(|of| !of.lines.order.is_empty());
        for key in [Key::ArrowDown, Key::Enter] {
            // Without lines there is nowhere to go, and the field keeps the keyboard.
            if self.field.leaves(ui, key) {
                let takes = |input: &mut InputState| take_exactly(input, Modifiers::NONE, key);
                self.goes_down |= ui.input_mut(takes) && has_lines;
            }
        }
        let is_wide = ui.available_width() > 860.0;
        let beside = if is_wide { 386.0 } else { 246.0 };
        let width = (ui.available_width() - beside - INSET).max(120.0);
        let asked = (query, &options);
        let (_, typed) = self.field.ui(ui, model, asked, error, width, tokens);
        let mut new = options;
        switches_ui(ui, &mut new, is_wide);
        if typed.is_some() || new != options {
            actions.push(look_for(typed.as_deref().unwrap_or(query), new));
        }
        self.form.ui(ui, model, actions);
    }

    /// How much was found, or what is wrong with the query.
    fn counts_ui(
        &self,
        ui: &mut Ui,
        model: &Model,
        of: Option<&Shared<Concordance>>,
        tokens: &Tokens,
    ) {
        let (query, _) = model.searched();
        if query.is_empty() {
            return;
        }
        let found = model.found_everywhere();
        // It is told below, where the lines would be.
        if found
            .value
            .as_ref()
            .is_some_and(|found| found.error.is_some())
        {
            return;
        }
        let Some(of) = of else {
            ui.weak("Looking…");
            return;
        };
        let hits = count_grouped(of.lines.order.len(), "hit", "hits");
        let left_out = of.hits.len() - of.lines.order.len();
        let all = model.session().project().articles().len();
        let number = |n: usize| count_grouped(n, "", "").trim_end().to_owned();
        let (some, all) = (number(of.lines.articles), number(all));
        let mut more = format!("in {some} of {all} articles");
        if left_out > 0 {
            more = format!(
                "{more}, {} left out",
                count_grouped(left_out, "", "").trim_end()
            );
        }
        if of.hits.is_cut() {
            more = format!("{more}; there are more than are kept");
        }
        if found.is_current {
            let told = format!("{hits} {more}");
            say_once(ui.ctx(), self.field.id().with("count"), &told);
        } else {
            more = format!("{more}, looking…");
        }
        ui.label(RichText::new(hits).font(theme::strong_font(13.0)));
        ui.add(Label::new(RichText::new(more).color(tokens.dim)).truncate());
    }

    /// What stands where there are no lines.
    pub(super) fn nothing_ui(
        &self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let (query, options) = model.searched();
        let found = model.found_everywhere();
        let error = found.value.as_ref().and_then(|found| found.error.clone());
        ui.add_space(24.0);
        ui.horizontal_wrapped(|ui| {
            ui.add_space(INSET);
            ui.vertical(|ui| {
                ui.set_width((ui.available_width() - INSET).max(80.0));
                ui.spacing_mut().item_spacing.y = 6.0;
                match error.filter(|_| !query.is_empty()) {
                    Some(error) => {
                        let told = RichText::new(capitalised(&error.message));
                        ui.label(if error.is_unfinished {
                            told.color(tokens.dim)
                        } else {
                            told.color(tokens.error)
                        });
                        if let Some(mended) = error.mended_query(query) {
                            let name = format!("Look for {mended}");
                            if ui.button(&name).clicked() {
                                actions.push(look_for(&mended, options));
                            }
                        }
                    }
                    None if query.is_empty() => {
                        examples_ui(ui, options, actions);
                        let about = info(Command::RecurringPassages);
                        ui.add_space(6.0);
                        ui.weak("Or see what stands in several articles without being looked for:");
                        let button = ui.button(about.title).on_hover_text(about.help);
                        if button.clicked() {
                            actions.push(Action::Run(Command::RecurringPassages));
                        }
                    }
                    None if found.is_current && found.value.is_some() => {
                        let is_left_out = found.value.is_some_and(|found| !found.hits.is_empty());
                        ui.weak(if is_left_out {
                            "Every hit is left out at the left."
                        } else {
                            "No article says this."
                        });
                    }
                    None => {
                        ui.weak("Looking…");
                    }
                }
            });
        });
    }
}

/// What can be looked for, to be pressed.
fn examples_ui(ui: &mut Ui, options: Options, actions: &mut Vec<Action>) {
    ui.weak("Type what to look for in all articles. For example:");
    for (query, meaning) in [
        ("sources close to", "these words in a row"),
        (
            "sources near:4 close",
            "both, with at most four words between",
        ),
        ("will or shall", "one or the other"),
        ("said in:quote", "within quotes"),
        ("subscribe outside:any", "where nothing is marked"),
        ("/\\d+ %|per cent/", "a regular expression"),
        ("is:annotation", "the annotations themselves"),
    ] {
        ui.horizontal(|ui| {
            let shown = RichText::new(query).monospace();
            if ui.button(shown).on_hover_text(meaning).clicked() {
                actions.push(look_for(query, options));
            }
            ui.weak(meaning);
        });
    }
}

fn arranged(model: &Model, change: impl FnOnce(&mut Arrangement)) -> Action {
    let mut arrangement = model.arrangement().clone();
    change(&mut arrangement);
    FindAction::Arrange(Box::new(arrangement)).into()
}

/// Order, groups and what leaves.
fn order_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let arrangement = model.arrangement();
    ui.label(RichText::new("Sort").size(SMALL).color(tokens.dim));
    let hides = model.settings().hides_source;
    let sorts = Sort::ALL.iter();
    let sorts: Vec<_> = sorts
        .filter(|(sort, _)| !hides || *sort != Sort::Outlet)
        .collect();
    let names: Vec<&str> = sorts.iter().map(|(_, name)| *name).collect();
    let current = sorts.iter().position(|(sort, _)| *sort == arrangement.sort);
    let width = 56.0 * names.len() as f32;
    if let Some(chosen) = Choices::new("Sort").segments(ui, &names, current, width, tokens)
        && let Some((sort, _)) = sorts.get(chosen)
    {
        actions.push(arranged(model, |a| a.sort = *sort));
    }
    ui.label(RichText::new("Group").size(SMALL).color(tokens.dim));
    let shown = group_name(arrangement.group.as_ref());
    Pick::new("Group hits by", shown)
        .width(116.0)
        .truncate()
        .show(ui, |ui| {
            for group in groups(model) {
                let is_on = group == arrangement.group;
                let name = group_name(group.as_ref());
                if option_ui(ui, is_on, name).clicked() {
                    actions.push(arranged(model, |a| a.group = group));
                }
            }
        });
    icon_menu_ui(ui, Icon::Export, "Copy and export", tokens, |ui| {
        for command in [
            Command::ExportHitsCsv,
            Command::ExportHitsXlsx,
            Command::CopyHits,
        ] {
            command_item_ui(ui, model, command, actions);
        }
    });
}

fn group_name(group: Option<&GroupBy>) -> String {
    match group {
        None => "Nothing".to_owned(),
        Some(GroupBy::NextWord) => "Next word".to_owned(),
        Some(GroupBy::PreviousWord) => "Word before".to_owned(),
        Some(GroupBy::Words) => "Words found".to_owned(),
        Some(GroupBy::Article) => "Article".to_owned(),
        Some(GroupBy::Standing) => "Marked as".to_owned(),
        Some(GroupBy::Facet(facet)) => facet.name().to_owned(),
        Some(GroupBy::Field(name)) => name.clone(),
    }
}

/// What lines can be grouped by: nothing, words beside them, and what is known of their articles.
fn groups(model: &Model) -> Vec<Option<GroupBy>> {
    let hides = model.settings().hides_source;
    let mut all = vec![
        None,
        Some(GroupBy::NextWord),
        Some(GroupBy::PreviousWord),
        Some(GroupBy::Words),
        Some(GroupBy::Article),
        Some(GroupBy::Standing),
    ];
    let is_shown = |facet: &Facet| {
        let is_of_source = matches!(facet, Facet::Outlet | Facet::Author);
        *facet != Facet::Import && !(hides && is_of_source)
    };
    let facets = Facet::ALL.iter().map(|(facet, _)| *facet);
    all.extend(
        facets
            .filter(is_shown)
            .map(|facet| Some(GroupBy::Facet(facet))),
    );
    let known = ["outlet", "author", "section", "language", "published"];
    let names = model.derived(&MetadataNames);
    let names = names.iter().filter(|name| !known.contains(&name.as_str()));
    all.extend(names.map(|name| Some(GroupBy::Field(name.clone()))));
    all
}
