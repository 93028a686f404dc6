//! Where it was found: in which labels, outlets and months, each counted and with a tick that leaves
//! it out.

use crate::app::action::find::ToRule;
use crate::app::action::{Action, FindAction};
use crate::app::command::{Command, info};
use crate::app::derived::hits::{Concordance, Shared};
use crate::app::derived::search::RuleTally;
use crate::app::model::Model;
use crate::core::concordance::{Standing, Standings, Without, standing_name};
use crate::core::ids::RuleId;
use crate::core::months::{Axis, month_of};
use crate::core::project::Rule;
use crate::ui::kit::chip::quiet_button_ui;
use crate::ui::kit::facet::{Bar, Line, RuleRow, bars_ui, head_ui, line_ui, number, rule_row_ui};
use crate::ui::kit::field::Field;
use crate::ui::kit::icon::{Icon, icon_pane_ui};
use crate::ui::kit::menu::{Mark, item_ui};
use crate::ui::theme::{SMALL, Tokens};
use eframe::egui::{Label, Popup, PopupCloseBehavior, RichText, ScrollArea, Ui};
use std::collections::BTreeSet;

/// So many outlets are shown until more are asked for.
const FEW: usize = 6;
/// From so many dismissed hits on a rule of which most were dismissed is weak.
const WEAK: usize = 10;

#[derive(Default)]
pub(super) struct SidePart {
    shows_all: bool,
    /// The name that a rule is being given.
    renamed: Option<(RuleId, String)>,
}

/// The lines without what is left out.
fn without(model: &Model, change: impl FnOnce(&mut Without)) -> Action {
    let mut arrangement = model.arrangement().clone();
    change(&mut arrangement.without);
    FindAction::Arrange(Box::new(arrangement)).into()
}

fn switch<T: Ord>(set: &mut BTreeSet<T>, item: T) {
    if !set.remove(&item) {
        set.insert(item);
    }
}

impl SidePart {
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        of: Option<&Shared<Concordance>>,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let standings = of.and_then(|of| model.standings_of(&of.hits));
        ScrollArea::vertical()
            .id_salt("where")
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.add_space(6.0);
                if let Some(standings) = standings {
                    self.facets_ui(ui, model, &standings, actions, tokens);
                }
                ui.add_space(8.0);
                self.rules_ui(ui, model, actions, tokens);
                ui.add_space(12.0);
            });
    }

    fn facets_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        found: &Standings,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let left_out = &model.arrangement().without;
        head_ui(ui, "Where", |ui| {
            let name = "Leave nothing out";
            if !left_out.is_empty() && quiet_button_ui(ui, "Clear", name).clicked() {
                actions.push(without(model, |without| *without = Without::default()));
            }
        });
        if found.counts.is_empty() {
            hint_ui(ui, "Nothing was found", tokens);
        }
        let project = model.session().project();
        for (standing, count) in &found.counts {
            let name = match standing {
                Standing::Outside => "Outside any label".to_owned(),
                standing => standing_name(project, standing),
            };
            let line = Line {
                name: &name,
                count: *count,
                share: None,
                is_on: !left_out.standings.contains(standing),
            };
            if line_ui(ui, "Where", &line, tokens) {
                let standing = standing.clone();
                actions.push(without(model, |w| switch(&mut w.standings, standing)));
            }
        }
        if !model.settings().hides_source {
            self.outlets_ui(ui, model, found, actions, tokens);
        }
        months_ui(ui, model, found, actions, tokens);
    }

    fn outlets_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        found: &Standings,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        if found.outlets.is_empty() {
            return;
        }
        ui.add_space(6.0);
        head_ui(ui, "Outlet", |_| ());
        let most = found.outlets.first().map_or(1, |(_, count)| *count).max(1) as f32;
        let left_out = &model.arrangement().without.outlets;
        let shown = if self.shows_all { usize::MAX } else { FEW };
        for (name, count) in found.outlets.iter().take(shown) {
            let line = Line {
                name,
                count: *count,
                share: Some(*count as f32 / most),
                is_on: !left_out.contains(name),
            };
            if line_ui(ui, "Outlet", &line, tokens) {
                actions.push(without(model, |w| switch(&mut w.outlets, name.clone())));
            }
        }
        let rest = found.outlets.len().saturating_sub(FEW);
        if rest > 0 {
            ui.horizontal(|ui| {
                ui.add_space(32.0);
                let told = if self.shows_all {
                    "Show fewer".to_owned()
                } else {
                    format!("{rest} more")
                };
                if quiet_button_ui(ui, &told, &format!("Outlets: {told}")).clicked() {
                    self.shows_all ^= true;
                }
            });
        }
    }
}

impl SidePart {
    /// Searches that stay, each with what became of its hits.
    fn rules_ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
        let line = ui.cursor().top();
        let across = ui.max_rect().x_range();
        ui.painter().hline(across, line, (1.0, tokens.line));
        ui.add_space(4.0);
        let shown = model.rule_of_search().cloned();
        head_ui(ui, "Kept rules", |ui| match &shown {
            Some(rule) => {
                let name = "More about the rule that is shown";
                icon_pane_ui(ui, Icon::More, name, tokens, |ui| {
                    self.menu_ui(ui, rule, actions);
                });
            }
            None => {
                ui.add_enabled_ui(model.can_keep_rule(), |ui| {
                    let told = info(Command::KeepRule);
                    let button = quiet_button_ui(ui, "Keep this", told.title);
                    if button.on_hover_text(told.help).clicked() {
                        actions.push(Action::Run(Command::KeepRule));
                    }
                });
            }
        });
        if model.rules().next().is_none() {
            hint_ui(ui, "A search that is kept is seen in every text", tokens);
            return;
        }
        let tallies = model.rule_tallies().value;
        let shown = shown.map(|rule| rule.id.clone());
        for rule in model.rules() {
            let tallies = tallies.as_ref();
            let tally = tallies.and_then(|all| all.iter().find(|tally| tally.rule == rule.id));
            let is_shown = shown.as_ref() == Some(&rule.id);
            self.rule_ui(ui, rule, tally, is_shown, actions, tokens);
        }
    }

    fn rule_ui(
        &mut self,
        ui: &mut Ui,
        rule: &Rule,
        tally: Option<&RuleTally>,
        is_shown: bool,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let to = |what: ToRule| Action::from(FindAction::Rule(rule.id.clone(), what));
        let (hits, told, is_weak) = match tally {
            None => (String::new(), "counting…".to_owned(), false),
            Some(RuleTally {
                error: Some(error), ..
            }) => (String::new(), error.message.clone(), true),
            Some(RuleTally { tally, .. }) => {
                let is_weak = tally.dismissed >= WEAK && 2 * tally.dismissed > tally.hits;
                let weak = if is_weak { ": weak" } else { "" };
                let told = format!(
                    "{} marked · {} dismissed{weak}",
                    number(tally.marked),
                    number(tally.dismissed)
                );
                (number(tally.hits), told, is_weak)
            }
        };
        let row = RuleRow {
            id: rule.id.as_str(),
            name: &rule.name,
            hits: &hits,
            told: &told,
            is_seen: !rule.hidden,
            is_weak,
            is_shown,
        };
        let drawn = rule_row_ui(ui, &row, tokens);
        if drawn.eye.clicked() {
            actions.push(to(ToRule::See(rule.hidden)));
        }
        let help = format!("{}\nPress to look for it; right click for more", rule.query);
        if drawn.row.clone().on_hover_text(help).clicked() {
            actions.push(to(ToRule::Show));
        }
        Popup::context_menu(&drawn.row)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| self.menu_ui(ui, rule, actions));
    }

    /// What can be done with a rule.
    fn menu_ui(&mut self, ui: &mut Ui, rule: &Rule, actions: &mut Vec<Action>) {
        let mut asked = None;
        ui.set_width(240.0);
        let begun = self.renamed.take().filter(|(id, _)| *id == rule.id);
        let mut text = begun.map_or_else(|| rule.name.clone(), |(_, text)| text);
        let field = Field::new("Name of the rule", &mut text);
        let field = field.width(220.0).show(ui);
        if field.lost_focus() && !text.trim().is_empty() && text != rule.name {
            asked = Some(ToRule::Rename(text.clone()));
        } else if text != rule.name {
            self.renamed = Some((rule.id.clone(), text));
        }
        ui.separator();
        for (mark, name, what) in [
            (Mark::None, "Look for it", ToRule::Show),
            (
                Mark::Switch(!rule.hidden),
                "Seen in texts",
                ToRule::See(rule.hidden),
            ),
            (Mark::None, "Remove the rule", ToRule::Remove),
        ] {
            if item_ui(ui, mark, name, "", true).clicked() {
                asked = Some(what);
                ui.close();
            }
        }
        let asked = asked.map(|what| FindAction::Rule(rule.id.clone(), what));
        actions.extend(asked.map(Action::from));
    }
}

fn hint_ui(ui: &mut Ui, told: &str, tokens: &Tokens) {
    ui.horizontal(|ui| {
        ui.add_space(16.0);
        ui.vertical(|ui| {
            ui.set_max_width(ui.available_width() - 12.0);
            ui.add(Label::new(RichText::new(told).size(SMALL).color(tokens.dim)).wrap());
        });
    });
}

/// A bar for each month from the first to the last, or for each quarter or year where those are many;
/// behind them what has no month.
fn months_ui(
    ui: &mut Ui,
    model: &Model,
    found: &Standings,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    if found.months.len() < 2 {
        return;
    }
    let left_out = &model.arrangement().without.months;
    let (axis, mut bars) = bars_of_months(&found.months);
    for (bar, months) in &mut bars {
        bar.is_on = !months.iter().all(|name| left_out.contains(name));
    }
    let unit = axis.map_or("Month", |axis| axis.unit());
    ui.add_space(6.0);
    head_ui(ui, unit, |ui| {
        if let Some(axis) = axis {
            let span = RichText::new(axis.span()).size(SMALL).color(tokens.dim);
            ui.add(Label::new(span).truncate());
        }
    });
    let (bars, months): (Vec<Bar>, Vec<Vec<String>>) = bars.into_iter().unzip();
    let Some(at) = bars_ui(ui, unit, &bars, tokens) else {
        return;
    };
    if let Some((bar, months)) = bars.get(at).zip(months.get(at)) {
        actions.push(without(model, |w| {
            if bar.is_on {
                w.months.extend(months.iter().cloned());
            } else {
                w.months.retain(|month| !months.contains(month));
            }
        }));
    }
}

/// The bars of months that are named and counted, each with the names that it stands for.
fn bars_of_months(counted: &[(String, usize)]) -> (Option<Axis>, Vec<(Bar, Vec<String>)>) {
    /// So many stand beside each other.
    const MOST: usize = 24;
    let known = || counted.iter().filter_map(|(name, _)| month_of(name));
    let axis = known().min().zip(known().max());
    let axis = axis.map(|(first, last)| Axis::of(first, last, MOST));
    let mut bars: Vec<(Bar, Vec<String>)> = Vec::new();
    if let Some(axis) = axis {
        bars.extend((0..axis.count()).map(|at| {
            let bar = Bar {
                name: axis.name(at),
                below: axis.short(at, 1).to_owned(),
                begins: axis.year(at).map(|year| year.to_string()),
                count: 0,
                is_on: true,
            };
            (bar, Vec::new())
        }));
    }
    for (name, count) in counted {
        let place = month_of(name).and_then(|month| axis?.place_of(month));
        match place.and_then(|place| bars.get_mut(place)) {
            Some((bar, months)) => {
                bar.count += count;
                months.push(name.clone());
            }
            // What has no date is no month.
            None => {
                let bar = Bar {
                    name: name.clone(),
                    below: "–".to_owned(),
                    begins: None,
                    count: *count,
                    is_on: true,
                };
                bars.push((bar, vec![name.clone()]));
            }
        }
    }
    (axis, bars)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_months_have_no_holes_and_say_their_years() {
        let told = |counted: &[(&str, usize)]| {
            let counted = counted.iter().map(|(name, n)| ((*name).to_owned(), *n));
            let (axis, bars) = bars_of_months(&counted.collect::<Vec<_>>());
            let bars = bars.iter().map(|(bar, _)| {
                let begins = bar.begins.as_deref().unwrap_or_default();
                format!("{} {} {begins}", bar.name, bar.count)
            });
            let unit = axis.map_or("", |axis| axis.unit());
            format!("{unit}: {}", bars.collect::<Vec<_>>().join(", "))
        };
        for (counted, expected) in [
            (
                &[("November 2023", 2), ("January 2024", 1), ("No date", 3)][..],
                "Month: November 2023 2 2023, December 2023 0 , January 2024 1 2024, No date 3 ",
            ),
            (
                &[("March 2021", 2), ("January 2021", 1), ("May 2023", 1)],
                "Quarter: January to March 2021 3 2021, April to June 2021 0 , July to September 2021 0 , October to December 2021 0 , January to March 2022 0 2022, April to June 2022 0 , July to September 2022 0 , October to December 2022 0 , January to March 2023 0 2023, April to June 2023 1 ",
            ),
            (&[("2024", 2), ("No date", 1)], ": 2024 2 , No date 1 "),
        ] {
            assert_eq!(told(counted), expected);
        }
    }
}
