//! The sets of articles: one is drawn by lot with a seed, shown, renamed, exported, or deleted.

use super::{Dialog, Opener};
use crate::app::action::{Action, Drawing, DrawnFrom};
use crate::app::clock;
use crate::app::command::Command;
use crate::app::derived::project::MembersThere;
use crate::app::model::{Model, shares_of};
use crate::app::words::count;
use crate::core::ids::SetId;
use crate::core::lists::Facet;
use crate::core::project::ArticleSet;
use crate::core::sampling::Shares;
use crate::core::shown::shown;
use crate::ui::kit::card::{Card, CardStep, scroll, split};
use crate::ui::kit::entry::{choice_row_ui, heading_row_ui};
use crate::ui::kit::field::Field;
use crate::ui::kit::list::many_ui;
use crate::ui::kit::pick::{Pick, value_ui};
use crate::ui::kit::table::form_ui;
use crate::ui::kit::tell;
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{Context, DragValue, Key, Modifiers, RichText, ScrollArea, Ui};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::Sets, |model| {
    let from = if model.ticked().is_empty() {
        DrawnFrom::Shown
    } else {
        DrawnFrom::Ticked
    };
    let listed = model.listing().set.clone();
    Box::new(SetsDialog {
        // That of the list, or the last that was made.
        chosen: listed,
        name: None,
        drawing: Drawing {
            name: String::new(),
            number: 10,
            // Any will do, as long as it is told.
            seed: (clock::now().seconds() % 9_999) as u32 + 1,
            evenly_by: None,
            shares: Shares::Proportional,
            from,
        },
        strata: None,
        from: [DrawnFrom::All, DrawnFrom::Shown, DrawnFrom::Ticked]
            .map(|from| (from, model.drawn_from(from).len())),
    })
})];

const FIELD_WIDTH: f32 = 260.0;

struct SetsDialog {
    /// None for a new sample.
    chosen: Option<SetId>,
    /// As it is being written.
    name: Option<String>,
    drawing: Drawing,
    /// How many there are to draw from.
    from: [(DrawnFrom, usize); 3],
    /// The groups of what is chosen, with how many each has.
    strata: Option<Strata>,
}

/// Groups, by what they were asked for.
struct Strata {
    asked: (DrawnFrom, Facet),
    sizes: BTreeMap<String, usize>,
    /// What is drawn of each, and for what that was counted.
    drawing: Option<Drawing>,
    groups: usize,
    /// Those that give any.
    drawn: Vec<Group>,
}

struct Group {
    name: String,
    drawn: usize,
    of: usize,
}

enum Does {
    Stays(Action),
    Leaves(Action),
}

impl Dialog for SetsDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let is_renamed = self.name.as_ref().is_some_and(|name| {
            let sets = model.session().project().sets();
            let set = sets
                .iter()
                .find(|set| Some(&set.id) == self.chosen.as_ref());
            set.is_some_and(|set| set.name != *name)
        });
        let is_written = is_renamed || !self.drawing.name.trim().is_empty();
        let card = Card::choice("sets", "Sets and samples")
            .higher(140.0)
            .written(is_written);
        let step = card.show(ctx, |ui, card| {
            let sets = model.session().project().sets();
            let find = |id: &SetId| sets.iter().find(|set| set.id == *id);
            let set = self.chosen.as_ref().and_then(find).cloned();
            if set.is_none() {
                self.chosen = None;
            }
            card.lead(ui, "Articles that are looked at together: the list can show them alone. They are kept in the project.");
            self.find_strata(model);
            let is_free = card.is_free();
            let mut does = None;
            card.pane(ui, |ui| {
                let (mut left, mut right) = split(ui, 220.0);
                self.sets_ui(&mut left, sets, is_free, tokens);
                scroll(&mut right, "set", |ui| match &set {
                    Some(set) => does = self.set_ui(ui, model, set),
                    None => self.sample_ui(ui),
                });
            });
            let (note, text, refusal) = match &set {
                Some(_) => (String::new(), "Show in the list", None),
                None => {
                    let n = self.available();
                    let refusal = match (n, self.drawing.number) {
                        (0, _) => Some("There are no articles to draw from"),
                        (_, 0) => Some("A sample of no articles is none"),
                        _ => None,
                    };
                    (self.told(n), "Draw the sample", refusal)
                }
            };
            let goes = card.foot(ui, &note, |ui, card| {
                card.close(ui, "Close");
                card.main(ui, refusal, text, "")
            });
            if goes {
                does = Some(Does::Leaves(match &set {
                    Some(set) => Action::ShowSet(set.id.clone()),
                    None => Action::DrawSample(self.drawing.clone()),
                }));
            }
            does
        });
        match step {
            CardStep::Stays => CardStep::Stays,
            CardStep::Left => CardStep::Left,
            CardStep::Chosen(Does::Stays(action)) => {
                actions.push(action);
                CardStep::Stays
            }
            CardStep::Chosen(Does::Leaves(action)) => {
                actions.push(action);
                CardStep::Chosen(())
            }
        }
    }
}

impl SetsDialog {
    fn available(&self) -> usize {
        let mut from = self.from.iter();
        let found = from.find(|(from, _)| *from == self.drawing.from);
        found.map_or(0, |(_, n)| *n)
    }

    fn told(&self, available: usize) -> String {
        let number = match &self.strata {
            Some(strata) => strata.drawn.iter().map(|group| group.drawn).sum(),
            None => self.drawing.number.min(available),
        };
        let of = count(available, "article", "articles");
        format!("{number} of {of}. The same seed draws the same.")
    }

    /// Names at the left; arrows go through them while the card as a whole has the keyboard.
    fn sets_ui(&mut self, ui: &mut Ui, sets: &[Arc<ArticleSet>], is_free: bool, tokens: &Tokens) {
        let here = self.chosen.as_ref();
        let here = here.and_then(|id| sets.iter().position(|set| set.id == *id));
        let here = here.map_or(0, |at| at + 1);
        let mut to = None;
        if is_free {
            ui.input_mut(|input| {
                if input.consume_key(Modifiers::NONE, Key::ArrowDown) {
                    to = Some(here + 1);
                } else if input.consume_key(Modifiers::NONE, Key::ArrowUp) {
                    to = here.checked_sub(1);
                }
            });
        }
        ScrollArea::vertical()
            .id_salt("sets")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.add_space(8.0);
                let new = choice_row_ui(ui, "New sample…", "", here == 0, tokens);
                if new.clicked() {
                    to = Some(0);
                }
                if !sets.is_empty() {
                    heading_row_ui(ui, "Sets", tokens);
                }
                for (at, set) in sets.iter().enumerate() {
                    let detail = set.members.len().to_string();
                    let is_chosen = here == at + 1;
                    let row = choice_row_ui(ui, &shown(&set.name), &detail, is_chosen, tokens);
                    if row.clicked() {
                        to = Some(at + 1);
                    }
                }
            });
        let Some(to) = to.filter(|to| *to <= sets.len() && *to != here) else {
            return;
        };
        let set = to.checked_sub(1).and_then(|at| sets.get(at));
        self.chosen = set.map(|set| set.id.clone());
        self.name = None;
    }

    /// The groups and what is drawn of each, looked for when something else is asked for.
    fn find_strata(&mut self, model: &Model) {
        let Some(by) = self.drawing.evenly_by else {
            self.strata = None;
            return;
        };
        let asked = (self.drawing.from, by);
        let known = self.strata.take().filter(|known| known.asked == asked);
        let mut strata = known.unwrap_or_else(|| Strata {
            asked,
            sizes: model.strata(asked.0, asked.1),
            drawing: None,
            groups: 0,
            drawn: Vec::new(),
        });
        if strata.drawing.as_ref() != Some(&self.drawing) {
            let shares = shares_of(&self.drawing, &strata.sizes);
            let drawn = strata.sizes.iter().map(|(group, size)| Group {
                name: group.clone(),
                drawn: shares.get(group).copied().unwrap_or_default(),
                of: *size,
            });
            let drawn: Vec<Group> = drawn.collect();
            strata.groups = drawn.len();
            strata.drawn = drawn.into_iter().filter(|group| group.drawn > 0).collect();
            strata.drawing = Some(self.drawing.clone());
        }
        self.strata = Some(strata);
    }

    fn sample_ui(&mut self, ui: &mut Ui) {
        self.form_ui(ui);
        let Some(strata) = &self.strata else {
            return;
        };
        ui.add_space(8.0);
        let groups = count(strata.groups, "group", "groups");
        let title = format!("Drawn of {groups}");
        let heading = ui.label(RichText::new(&title).font(theme::strong_font(13.0)));
        tell(&heading, Role::Heading, &title);
        /// As high as they get before they scroll.
        const HEIGHT: f32 = 200.0;
        many_ui(ui, strata.drawn.len(), HEIGHT, |ui, at| {
            let Some(group) = strata.drawn.get(at) else {
                return;
            };
            let name = match group.name.trim() {
                "" => "Not said".into(),
                _ => shown(&group.name),
            };
            let told = format!("{name}: {} of {}", group.drawn, group.of);
            ui.add(eframe::egui::Label::new(told).truncate());
        });
        let none = strata.groups - strata.drawn.len();
        if none > 0 {
            let none = count(none, "group gives none", "groups give none");
            ui.weak(format!("{none}: too few are drawn for each to have one"));
        }
    }

    fn form_ui(&mut self, ui: &mut Ui) {
        let drawing = &mut self.drawing;
        form_ui(ui, "sample", |form| {
            form.row("Name", "", |ui| {
                let field = Field::new("Name of the set", &mut drawing.name);
                field
                    .hint("Sample")
                    .width(FIELD_WIDTH)
                    .hands_on_enter()
                    .show(ui);
            });
            let (articles, help) = match (drawing.evenly_by, drawing.shares) {
                (Some(_), Shares::Each) => ("From each", "How many are drawn of each group"),
                _ => ("Articles", "How many are drawn"),
            };
            form.control(articles, help, |ui| {
                ui.add(DragValue::new(&mut drawing.number).range(1..=100_000))
            });
            let help = "The lots follow from it: the same seed draws the same articles again";
            form.control("Seed", help, |ui| {
                ui.add(DragValue::new(&mut drawing.seed).range(1..=999_999))
            });
            let help = "Groups of which each has its part of the sample";
            form.row("Spread over", help, |ui| {
                let shown = drawing.evenly_by.map_or("Nothing: all alike", Facet::name);
                Pick::new("Spread over", shown)
                    .width(FIELD_WIDTH)
                    .show(ui, |ui| {
                        value_ui(ui, &mut drawing.evenly_by, None, "Nothing: all alike");
                        for (facet, name) in Facet::ALL {
                            value_ui(ui, &mut drawing.evenly_by, Some(facet), name);
                        }
                    });
            });
            if drawing.evenly_by.is_some() {
                form.high_row("Of each group", |ui| {
                    for (shares, text) in [
                        (Shares::Proportional, "Its share of the articles"),
                        (Shares::Each, "The same number"),
                    ] {
                        ui.radio_value(&mut drawing.shares, shares, text);
                    }
                });
            }
            form.high_row("From", |ui| {
                for (from, n) in self.from {
                    let name = match from {
                        DrawnFrom::All => "All articles",
                        DrawnFrom::Shown => "Those that the list shows",
                        DrawnFrom::Ticked => "Those that are selected",
                    };
                    let radio = eframe::egui::RadioButton::new(
                        drawing.from == from,
                        format!("{name} ({n})"),
                    );
                    if ui.add_enabled(n > 0, radio).clicked() {
                        drawing.from = from;
                    }
                }
            });
        });
    }

    fn set_ui(&mut self, ui: &mut Ui, model: &Model, set: &Arc<ArticleSet>) -> Option<Does> {
        let project = model.session().project();
        let mut does = None;
        form_ui(ui, "set", |form| {
            form.row("Name", "", |ui| {
                ui.horizontal(|ui| {
                    let mut name = self.name.clone().unwrap_or_else(|| set.name.clone());
                    let field = Field::new("Name of the set", &mut name);
                    let field = field.width(FIELD_WIDTH).show(ui);
                    if field.changed() {
                        self.name = Some(name.clone());
                    }
                    let is_other = name.trim() != set.name && !name.trim().is_empty();
                    let enters =
                        field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                    let rename = eframe::egui::Button::new("Rename");
                    let renames = ui.add_enabled(is_other, rename).clicked();
                    if is_other && (renames || enters) {
                        self.name = None;
                        let rename = Action::RenameSet(set.id.clone(), name);
                        does = Some(Does::Stays(rename));
                    }
                });
            });
            form.row("Drawn", "", |ui| {
                ui.label(shown(&set.how));
            });
            if set.seed > 0 {
                form.row("Seed", "", |ui| {
                    ui.label(set.seed.to_string());
                });
            }
            form.row("By", "", |ui| {
                let name = shown(project.annotator_name(&set.by)).into_owned();
                let when = set.when.map(clock::day_and_time).unwrap_or_default();
                ui.label(format!("{name}, {when}"));
            });
            form.row("Articles", "", |ui| {
                let there = *model.derived(&MembersThere(set.id.clone()));
                let gone = set.members.len() - there;
                let told = count(there, "article", "articles");
                ui.label(match gone {
                    0 => told,
                    gone => format!("{told}; {gone} more are gone"),
                });
            });
            form.row("", "", |ui| {
                ui.horizontal(|ui| {
                    if ui.button("Export…").clicked() {
                        does = Some(Does::Leaves(Action::ExportArticles(set.members.clone())));
                    }
                    let delete = ui.button("Delete the set");
                    if delete.on_hover_text("Its articles stay").clicked() {
                        does = Some(Does::Stays(Action::DeleteSet(set.id.clone())));
                    }
                });
            });
        });
        does
    }
}
