//! Choosing what leaves and how: the format with what it carries and loses, articles, annotators,
//! labels, split, and the first lines of what it would be.

use super::{Dialog, Opener, Question};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::derived::export::{FirstLines, Leaving};
use crate::app::derived::project::{FittingArticles, HasMetadata, MetadataNames, MetadataValues};
use crate::app::lines::byline;
use crate::app::model::Model;
use crate::core::article::Status;
use crate::core::project::Project;
use crate::format::export::options::{
    Choice, ChoiceValue, ExportOptions, Layers, Overlap, Split, Stratify, Texts,
    Tokens as TokenKind, is_adjudicator,
};
use crate::format::formats::{FORMATS, Format, Shape};
use crate::ui::kit::card::{Card, CardStep, hand_on_enter, scroll, split};
use crate::ui::kit::chip::tick_chip_ui;
use crate::ui::kit::entry::{choice_row_ui, heading_row_ui};
use crate::ui::kit::field::Field;
use crate::ui::kit::list::List;
use crate::ui::kit::pick::Pick;
use crate::ui::kit::speech::say;
use crate::ui::kit::table::{Form, form_ui};
use crate::ui::kit::tabs::parts_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{
    self, Context, DragValue, Frame, Key, Margin, Modifiers, RichText, ScrollArea, Ui,
};
use std::collections::BTreeSet;

pub(super) const OPENS: Opener =
    Opener::new(Command::Export, |model| Box::new(ExportDialog::new(model)));

pub(super) const ASKS: Question = Question {
    is_asked: |model| model.replacing().is_some(),
    open: || Box::new(replace_export_ui),
};

struct ExportDialog {
    /// What is typed to find a format.
    search: String,
    chosen: usize,
    options: ExportOptions,
    shown: Part,
    /// The row of the format that is chosen, where it was drawn last.
    chosen_row: Option<egui::Id>,
    chooser: Chooser,
}

/// What is shown of a format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Choices,
    FirstLines,
}

/// Which of the articles leave.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Which {
    #[default]
    All,
    Open,
    Chosen,
}

/// Choosing single articles from a list.
#[derive(Default)]
struct Chooser {
    which: Which,
    filter: String,
}

impl Dialog for ExportDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let card = Card::work("export", "Export dataset");
        let step = card.show(ctx, |ui, card| {
            card.lead(ui, "A dataset, a report or another tool’s project");
            let focused = ui.memory(|memory| memory.focused());
            let is_free = card.is_free();
            let search = card.pane(ui, |ui| {
                let (mut left, mut right) = split(ui, 270.0);
                let search = Frame::new().inner_margin(Margin {
                    bottom: 0,
                    ..Margin::same(12)
                });
                let search = search.show(&mut left, |ui| {
                    let field = Field::search("Search formats", &mut self.search);
                    field.hint("Search formats").hands_on_enter().show(ui)
                });
                let search = search.inner;
                // Arrows are the list's, too, while the card as a whole has the keyboard.
                let is_here = focused == self.chosen_row || focused == Some(search.id);
                let heard = (is_free || is_here, search.changed());
                self.formats_ui(&mut left, model, actions, heard, tokens);
                scroll(&mut right, "options", |ui| self.options_ui(ui, model));
                search
            });
            let _begins = card.begins_at(&search);
            {
                let amount = model.derived_later(&Leaving(self.options.clone()));
                let known = amount.value.as_ref().map(|a| (a.articles, a.annotations));
                let (articles, annotations) = known.unwrap_or_default();
                let shares = self.options.split.as_ref();
                let adds_up = shares.is_none_or(|s| {
                    u32::from(s.train) + u32::from(s.dev) + u32::from(s.test) == 100
                });
                let has_chosen =
                    self.chooser.which != Which::Chosen || !self.options.articles.is_empty();
                let refusal = match (adds_up, has_chosen) {
                    (false, _) => Some("The shares of the split must make 100"),
                    (_, false) => Some("No article is ticked"),
                    _ if known.is_none() => Some("It is being counted what fits"),
                    _ => (articles == 0).then_some("No article fits the choice"),
                };
                let count = |n: usize, one: &str| match n {
                    1 => format!("1 {one}"),
                    n => format!("{n} {one}s"),
                };
                let (articles, annotations) = if has_chosen {
                    (articles, annotations)
                } else {
                    (0, 0)
                };
                let told = if amount.is_current {
                    format!(
                        "{}, {}. Every span is compared with its text after writing.",
                        count(articles, "article"),
                        count(annotations, "annotation"),
                    )
                } else {
                    "Counting…".to_owned()
                };
                let goes_on = card.foot(ui, &told, |ui, card| {
                    card.close(ui, "Cancel");
                    card.main(ui, refusal, "Choose where to…", "")
                });
                let format = FORMATS.get(self.chosen).filter(|_| goes_on)?;
                Some(Action::PickExportPlace {
                    format: format.name,
                    options: Box::new(self.options.clone()),
                })
            }
        });
        // It stays under the question where to: whoever leaves that one is here again.
        step.stay_with(|action| actions.push(action))
    }
}

impl ExportDialog {
    /// Begins with what was chosen last.
    fn new(model: &Model) -> Self {
        let last = model.settings().last_export.as_ref();
        let name = last.map_or("xlsx", |last| last.format.as_str());
        let last = FORMATS.iter().position(|format| format.name == name);
        let mut dialog = Self {
            search: String::new(),
            chosen: last.unwrap_or(0),
            options: ExportOptions::default(),
            shown: Part::Choices,
            chosen_row: None,
            chooser: Chooser::default(),
        };
        dialog.remembered(model);
        dialog.options.articles = model.to_export().clone();
        if !dialog.options.articles.is_empty() {
            dialog.chooser.which = Which::Chosen;
        }
        dialog
    }

    fn remembered(&mut self, model: &Model) {
        let name = FORMATS.get(self.chosen).map_or("", |format| format.name);
        let remembered = model.settings().exports.get(name).cloned();
        // The choice of articles goes with the dialog, whatever the format.
        self.options = ExportOptions {
            articles: std::mem::take(&mut self.options.articles),
            ..remembered.unwrap_or_default()
        };
    }

    fn choose(&mut self, at: usize, model: &Model, actions: &mut Vec<Action>) {
        if at == self.chosen {
            return;
        }
        if let Some(format) = FORMATS.get(self.chosen) {
            actions.push(Action::KeepExportOptions {
                format: format.name,
                options: Box::new(self.options.clone()),
            });
        }
        self.chosen = at;
        self.remembered(model);
    }

    fn formats_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        (hears_arrows, has_typed): (bool, bool),
        tokens: &Tokens,
    ) {
        let search = self.search.to_lowercase();
        let fits = |at: &usize| {
            let format = FORMATS.get(*at);
            format.is_some_and(|format| {
                let told = format!("{} {} {}", format.name, format.title, format.read_by);
                let told = told.to_lowercase();
                search.split_whitespace().all(|word| told.contains(word))
            })
        };
        let mut order: Vec<usize> = (0..FORMATS.len()).filter(fits).collect();
        order.sort_by_key(|at| FORMATS.get(*at).map(|format| (format.group, *at)));
        let mut moved = false;
        // Enter takes what was found.
        let first = order
            .first()
            .filter(|_| has_typed && !order.contains(&self.chosen));
        if let Some(first) = first {
            self.choose(*first, model, actions);
            moved = true;
        }
        if hears_arrows {
            let here = order.iter().position(|at| *at == self.chosen);
            let down = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::ArrowDown));
            let up = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::ArrowUp));
            let to = match (up, down) {
                (true, _) => here.map_or(order.len().checked_sub(1), |here| here.checked_sub(1)),
                (_, true) => Some(here.map_or(0, |here| here + 1)),
                _ => None,
            };
            if let Some(at) = to.and_then(|to| order.get(to)) {
                self.choose(*at, model, actions);
                moved = true;
            }
        }
        let row = self.chosen_row;
        let list_has_focus = row.is_some_and(|row| ui.memory(|memory| memory.has_focus(row)));
        ScrollArea::vertical()
            .id_salt("export formats")
            .auto_shrink([false, false])
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                if order.is_empty() {
                    heading_row_ui(ui, "No format is called so", tokens);
                }
                let mut group = None;
                for at in order {
                    let Some(format) = FORMATS.get(at) else {
                        continue;
                    };
                    if group.replace(format.group) != Some(format.group) {
                        heading_row_ui(ui, format.group.title(), tokens);
                    }
                    // The list is one stop for Tab: the format that is chosen.
                    let is_chosen = self.chosen == at;
                    let detail = match format.shape {
                        Shape::File { extension } => format!(".{extension}"),
                        Shape::Folder { .. } => "folder".to_owned(),
                    };
                    let row = choice_row_ui(ui, format.title, &detail, is_chosen, tokens);
                    let row = row.on_hover_text(format!("{}: {}", format.name, format.read_by));
                    if is_chosen {
                        if row.has_focus() {
                            hand_on_enter(ui.ctx());
                        }
                        self.chosen_row = Some(row.id);
                        if moved && list_has_focus {
                            row.request_focus();
                        }
                        if moved {
                            say(
                                ui.ctx(),
                                format!("{}, {}", format.title, format.group.title()),
                            );
                            row.scroll_to_me(None);
                        }
                        let arrows = egui::EventFilter {
                            vertical_arrows: true,
                            ..egui::EventFilter::default()
                        };
                        ui.memory_mut(|memory| memory.set_focus_lock_filter(row.id, arrows));
                    }
                    if row.clicked() {
                        self.choose(at, model, actions);
                    }
                }
            });
    }

    fn options_ui(&mut self, ui: &mut Ui, model: &Model) {
        let Some(format) = FORMATS.get(self.chosen) else {
            return;
        };
        ui.spacing_mut().item_spacing.y = 4.0;
        ui.spacing_mut().interact_size.y = 24.0;
        ui.label(RichText::new(format.title).font(theme::strong_font(14.0)));
        let line =
            |ui: &mut Ui, text: String| ui.add(egui::Label::new(RichText::new(text).weak()).wrap());
        let makes = match format.shape {
            Shape::File { extension } => format!(".{extension} file"),
            Shape::Folder { .. } => "folder, or a .zip".to_owned(),
        };
        let loses = format.loses_with(&self.options);
        line(
            ui,
            format!(
                "For {}. Makes a {makes}. Does not carry {loses}.",
                format.read_by
            ),
        );
        let parts = [
            (Part::Choices, "Choices".to_owned()),
            (Part::FirstLines, "First lines".to_owned()),
        ];
        parts_ui(ui, "Parts of the export", &mut self.shown, &parts);
        ui.add_space(2.0);
        match self.shown {
            Part::Choices => self.choices_ui(ui, format, model),
            Part::FirstLines => self.first_lines_ui(ui, format, model),
        }
        ui.add_space(8.0);
        line(
            ui,
            format!("Carries {}.", format.carries_with(&self.options)),
        );
        if !format.changes.is_empty() {
            line(ui, format!("By rule: {}.", format.changes));
        }
        line(ui, format!("Offsets: {}.", format.offset_unit));
    }

    fn choices_ui(&mut self, ui: &mut Ui, format: &Format, model: &Model) {
        let project = model.session().project();
        form_ui(ui, "export choices", |form| {
            form.high_row("Articles", |ui| {
                articles_ui(ui, &mut self.options, &mut self.chooser, model);
            });
            form.high_row("Annotators", |ui| {
                annotators_ui(ui, &mut self.options, project);
            });
            form.high_row("Labels", |ui| {
                ui.horizontal_wrapped(|ui| {
                    let labels = project.codebook().labels.iter();
                    let labels: Vec<(&str, &str)> =
                        labels.map(|l| (l.id.as_str(), l.name.as_str())).collect();
                    several_ui(ui, "Labels", &mut self.options.labels, &labels);
                });
            });
            form.high_row("Split", |ui| split_ui(ui, &mut self.options.split, model));
            for choice in format.choices {
                choice_ui(form, choice, &mut self.options, model);
            }
        });
    }

    fn first_lines_ui(&self, ui: &mut Ui, format: &Format, model: &Model) {
        let amount = model.derived_later(&Leaving(self.options.clone()));
        let Some(amount) = amount.value else {
            return;
        };
        let lines = FirstLines::new(format.name, &self.options, &amount);
        let lines = model.derived_later(&lines);
        if !lines.is_current {
            ui.weak("Making the first lines…");
        }
        for (name, text) in lines.value.iter().flat_map(|lines| lines.iter()) {
            ui.weak(name);
            ScrollArea::horizontal()
                .id_salt(name)
                .max_width(ui.available_width())
                .show(ui, |ui| {
                    let lines = text.lines().take(12);
                    let shown: Vec<String> =
                        lines.map(|line| line.chars().take(400).collect()).collect();
                    let text = RichText::new(shown.join("\n")).monospace().small();
                    ui.add(egui::Label::new(text).extend());
                });
        }
    }
}

fn articles_ui(ui: &mut Ui, options: &mut ExportOptions, chooser: &mut Chooser, model: &Model) {
    let current = model.article().map(|article| article.id.to_string());
    ui.horizontal_wrapped(|ui| {
        let is = |which| chooser.which == which;
        if ui.radio(is(Which::All), "All that fit").clicked() {
            chooser.which = Which::All;
            options.articles.clear();
        }
        let open = egui::RadioButton::new(chooser.which == Which::Open, "Only the open one");
        let open = ui.add_enabled(current.is_some(), open);
        if open.clicked() {
            chooser.which = Which::Open;
            options.articles = current.into_iter().collect();
        }
        let chosen = egui::RadioButton::new(chooser.which == Which::Chosen, "Those I tick");
        if ui.add(chosen).clicked() {
            chooser.which = Which::Chosen;
        }
    });
    if chooser.which == Which::Chosen {
        chooser.ui(ui, &mut options.articles, model);
    }
    ui.horizontal_wrapped(|ui| {
        let statuses = Status::ALL
            .iter()
            .map(|status| (status.word(), status.name()));
        let statuses: Vec<_> = statuses.collect();
        several_ui(ui, "Status", &mut options.statuses, &statuses);
    });
    ui.horizontal_wrapped(|ui| {
        let field = options.metadata.as_ref().map(|(field, _)| field.clone());
        let shown = field.clone().unwrap_or_else(|| "any metadata".to_owned());
        Pick::new("Only articles with this metadata", shown).show(ui, |ui| {
            let any = ui.selectable_label(field.is_none(), "any metadata");
            if any.clicked() {
                options.metadata = None;
            }
            for name in model.derived(&MetadataNames).iter() {
                let row = ui.selectable_label(field.as_ref() == Some(name), name);
                if row.clicked() && field.as_ref() != Some(name) {
                    options.metadata = Some((name.clone(), String::new()));
                }
            }
        });
        let Some((_, value)) = &mut options.metadata else {
            return;
        };
        ui.label("is");
        Field::new("Value of the metadata", value)
            .width(150.0)
            .show(ui);
        let values = field.map(|field| model.derived(&MetadataValues(field)));
        if let Some(values) = values.filter(|values| !values.is_empty()) {
            Pick::new("Values that there are", "")
                .width(0.0)
                .show(ui, |ui| {
                    for known in values.iter() {
                        let shown: String = known.chars().take(60).collect();
                        if ui.selectable_label(value == known, shown).clicked() {
                            value.clone_from(known);
                        }
                    }
                });
        }
    });
    ui.checkbox(&mut options.identical_once, "Identical articles once")
        .on_hover_text("With the annotations of all of them");
}

impl Chooser {
    fn ui(&mut self, ui: &mut Ui, chosen: &mut BTreeSet<String>, model: &Model) {
        let shown = model.derived(&FittingArticles {
            filter: self.filter.clone(),
            status_of: None,
        });
        let articles = model.session().project().articles();
        ui.horizontal(|ui| {
            Field::search("Filter articles to export", &mut self.filter)
                .hint("Filter by title, outlet, date")
                .width(220.0)
                .show(ui);
            let ids = || {
                let shown = shown.iter().filter_map(|at| articles.get(*at));
                shown.map(|article| article.id.to_string())
            };
            if ui.button("Tick all shown").clicked() {
                chosen.extend(ids());
            }
            if ui.button("Untick all shown").clicked() {
                for id in ids() {
                    chosen.remove(&id);
                }
            }
        });
        let spacing = ui.spacing();
        let (height, gap) = (spacing.interact_size.y, spacing.item_spacing.y);
        List::of_controls("Articles to export", shown.len(), height)
            .gap(gap)
            .at_most(130.0)
            .show(ui, |ui, at, _| {
                let Some(article) = shown.get(at).and_then(|at| articles.get(*at)) else {
                    return ui.label("");
                };
                let id = article.id.as_str();
                let mut ticked = chosen.contains(id);
                let mut title: String = article.shown_title().chars().take(60).collect();
                if title.len() < article.shown_title().len() {
                    title.push('…');
                }
                let mut row = ui.checkbox(&mut ticked, title);
                let byline = byline(article);
                if !byline.is_empty() {
                    row = row.on_hover_text(byline);
                }
                if row.changed() {
                    if ticked {
                        chosen.insert(id.to_owned())
                    } else {
                        chosen.remove(id)
                    };
                }
                row
            });
        ui.weak(format!("{} of {} ticked", chosen.len(), articles.len()));
    }
}

/// Any number of some; none stands for all.
fn several_ui(ui: &mut Ui, of: &str, chosen: &mut Vec<String>, all: &[(&str, &str)]) {
    if tick_chip_ui(ui, of, "all", chosen.is_empty()) {
        chosen.clear();
    }
    for (id, name) in all {
        let at = chosen.iter().position(|other| other == id);
        if tick_chip_ui(ui, of, name, at.is_some()) {
            match at {
                Some(at) => drop(chosen.remove(at)),
                None => chosen.push((*id).to_owned()),
            }
        }
    }
}

fn annotators_ui(ui: &mut Ui, options: &mut ExportOptions, project: &Project) {
    let annotators = project.annotators();
    ui.horizontal_wrapped(|ui| {
        ui.radio_value(&mut options.layers, Layers::Each, "Each")
            .on_hover_text("Everyone’s annotations, each with its annotator");
        let deciders = annotators
            .iter()
            .any(|a| is_adjudicator(a.id.as_str()) || is_adjudicator(&a.name));
        ui.add_enabled_ui(deciders, |ui| {
            ui.radio_value(&mut options.layers, Layers::Adjudicated, "Adjudicated")
                .on_hover_text("Only the final version")
                .on_disabled_hover_text(
                    "No annotator is called adjudicator, curator, gold or consensus",
                );
        });
        ui.radio_value(&mut options.layers, Layers::Merged, "Merged")
            .on_hover_text(
                "The same label on the same words is one annotation, with all its annotators",
            );
    });
    if annotators.len() > 1 {
        ui.horizontal_wrapped(|ui| {
            let all: Vec<(&str, &str)> = annotators
                .iter()
                .map(|a| (a.id.as_str(), a.name.as_str()))
                .collect();
            several_ui(ui, "Annotators", &mut options.annotators, &all);
        });
    }
}

fn split_ui(ui: &mut Ui, split: &mut Option<Split>, model: &Model) {
    let mut splits = split.is_some();
    if ui
        .checkbox(&mut splits, "Into train, dev and test")
        .changed()
    {
        *split = splits.then(Split::default);
    }
    let Some(split) = split else {
        return;
    };
    ui.horizontal_wrapped(|ui| {
        let share = |ui: &mut Ui, name: &str, value: &mut u8| {
            let drag = ui.add(
                DragValue::new(value)
                    .range(0..=100)
                    .suffix(" %")
                    .prefix(format!("{name} ")),
            );
            drag.on_hover_text(format!("Share of articles in {name}"));
        };
        share(ui, "train", &mut split.train);
        share(ui, "dev", &mut split.dev);
        share(ui, "test", &mut split.test);
        ui.add(DragValue::new(&mut split.seed).prefix("seed "))
            .on_hover_text("Another seed gives another split");
    });
    let sum = u32::from(split.train) + u32::from(split.dev) + u32::from(split.test);
    if sum != 100 {
        ui.label(format!("The shares make {sum} %; they must make 100 %."));
    }
    ui.horizontal_wrapped(|ui| {
        ui.label("Spread evenly:");
        let shown = match &split.stratify {
            Stratify::Nothing => "nothing".to_owned(),
            Stratify::Labels => "labels".to_owned(),
            Stratify::Metadata(field) => field.clone(),
        };
        Pick::new("Spread evenly", shown).show(ui, |ui| {
            ui.selectable_value(&mut split.stratify, Stratify::Labels, "labels");
            ui.selectable_value(&mut split.stratify, Stratify::Nothing, "nothing");
            for field in ["outlet", "author", "language", "section"] {
                if *model.derived(&HasMetadata(field)) {
                    let value = Stratify::Metadata(field.to_owned());
                    ui.selectable_value(&mut split.stratify, value, field);
                }
            }
        });
    });
}

fn choice_ui(form: &mut Form<'_>, choice: &Choice, options: &mut ExportOptions, model: &Model) {
    let mut row = |add: &mut dyn FnMut(&mut Ui)| {
        form.row(choice.row, "", |ui| {
            ui.horizontal_wrapped(|ui| add(ui));
        });
    };
    match (choice.value)(options) {
        ChoiceValue::Switch(is_on) => row(&mut |ui| {
            ui.checkbox(is_on, choice.title).on_hover_text(choice.hint);
        }),
        ChoiceValue::Texts(texts) => row(&mut |ui| {
            ui.radio_value(texts, Texts::Whole, "Whole");
            ui.radio_value(texts, Texts::Quoted, "Only what is marked")
                .on_hover_text("For texts that may not be passed on: offsets, hashes and the marked words. Recipients import their own copies of the articles, and Pressmark compares the hashes.");
            ui.radio_value(texts, Texts::Hashes, "None")
                .on_hover_text("Offsets and hashes only");
        }),
        ChoiceValue::Tokens(tokens) => row(&mut |ui| {
            ui.radio_value(tokens, TokenKind::Words, "Words and marks");
            ui.radio_value(tokens, TokenKind::WhiteSpace, "Between white space");
            ui.radio_value(tokens, TokenKind::Characters, "Characters");
        }),
        ChoiceValue::Overlap(overlap) => row(&mut |ui| {
            ui.radio_value(overlap, Overlap::Longest, "Keep the longest");
            ui.radio_value(overlap, Overlap::Shortest, "Keep the shortest");
            ui.radio_value(overlap, Overlap::FilePerLabel, "A file for each label");
        }),
        ChoiceValue::Field(chosen) => row(&mut |ui| {
            let shown = chosen.clone().unwrap_or_else(|| "none".to_owned());
            Pick::new(choice.title, shown).show(ui, |ui| {
                ui.selectable_value(chosen, None, "none");
                for field in ["outlet", "language", "section", "author", "published"] {
                    if *model.derived(&HasMetadata(field)) {
                        ui.selectable_value(chosen, Some(field.to_owned()), field);
                    }
                }
            });
        }),
    }
}

/// The question before an export is replaced.
fn replace_export_ui(
    ctx: &Context,
    model: &Model,
    actions: &mut Vec<Action>,
    _: &Tokens,
) -> CardStep {
    let Some(waiting) = model.replacing() else {
        return CardStep::Stays;
    };
    let reason = waiting.reason.clone();
    let card = Card::question("replace export", "Replace the export that is there?");
    let step = card.show(ctx, |ui, card| {
        card.body(ui, |ui| ui.label(reason));
        card.foot(ui, "", |ui, card| {
            card.close(ui, "Keep it");
            let replaces = card.main(ui, None, "Replace it", "");
            replaces.then_some(true)
        })
    });
    if let Some(answer) = step.answer(false) {
        actions.push(Action::ReplaceExport(answer));
    }
    CardStep::Stays
}
