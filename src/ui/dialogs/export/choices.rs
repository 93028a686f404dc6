//! What can be chosen for an export: which articles, whose annotations, which labels, how they are
//! split, and what some formats alone can do.

use crate::app::derived::project::{FittingArticles, HasMetadata, MetadataNames, MetadataValues};
use crate::app::model::Model;
use crate::app::words::byline;
use crate::core::article::Status;
use crate::core::project::Project;
use crate::format::export::options::{
    Choice, ChoiceValue, ExportOptions, Layers, Overlap, Split, Stratify, Texts,
    Tokens as TokenKind, is_adjudicator,
};
use crate::format::formats::Format;
use crate::ui::kit::chip::tick_chip_ui;
use crate::ui::kit::field::Field;
use crate::ui::kit::list::{List, nothing_ui};
use crate::ui::kit::pick::{Pick, option_ui, value_ui};
use crate::ui::kit::table::{Form, form_ui};
use eframe::egui::{self, DragValue, Ui};
use std::collections::BTreeSet;

/// Which of the articles leave.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Which {
    #[default]
    All,
    Open,
    Chosen,
}

/// Choosing single articles from a list.
#[derive(Default)]
pub(super) struct Chooser {
    pub(super) which: Which,
    filter: String,
}

/// All that can be chosen for a format.
pub(super) fn choices_ui(
    ui: &mut Ui,
    format: &Format,
    options: &mut ExportOptions,
    chooser: &mut Chooser,
    model: &Model,
) {
    let project = model.session().project();
    form_ui(ui, "export choices", |form| {
        form.high_row("Articles", |ui| {
            articles_ui(ui, options, chooser, model);
        });
        form.high_row("Annotators", |ui| {
            annotators_ui(ui, options, project);
        });
        form.high_row("Labels", |ui| {
            ui.horizontal_wrapped(|ui| {
                let labels = project.codebook().labels.iter();
                let labels: Vec<(&str, &str)> =
                    labels.map(|l| (l.id.as_str(), l.name.as_str())).collect();
                several_ui(ui, "Labels", &mut options.labels, &labels);
            });
        });
        form.high_row("Split", |ui| split_ui(ui, &mut options.split, model));
        for choice in format.choices {
            choice_ui(form, choice, options, model);
        }
    });
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
            let any = option_ui(ui, field.is_none(), "any metadata");
            if any.clicked() {
                options.metadata = None;
            }
            for name in model.derived(&MetadataNames).iter() {
                let row = option_ui(ui, field.as_ref() == Some(name), name);
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
                        if option_ui(ui, value == known, shown).clicked() {
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
        if shown.is_empty() {
            if nothing_ui(ui, "No article fits the filter", Some("Clear the filter")) {
                self.filter.clear();
            }
            ui.weak(format!("{} of {} ticked", chosen.len(), articles.len()));
            return;
        }
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
            value_ui(ui, &mut split.stratify, Stratify::Labels, "labels");
            value_ui(ui, &mut split.stratify, Stratify::Nothing, "nothing");
            for field in ["outlet", "author", "language", "section"] {
                if *model.derived(&HasMetadata(field)) {
                    let value = Stratify::Metadata(field.to_owned());
                    value_ui(ui, &mut split.stratify, value, field);
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
                value_ui(ui, chosen, None, "none");
                for field in ["outlet", "language", "section", "author", "published"] {
                    if *model.derived(&HasMetadata(field)) {
                        value_ui(ui, chosen, Some(field.to_owned()), field);
                    }
                }
            });
        }),
    }
}
