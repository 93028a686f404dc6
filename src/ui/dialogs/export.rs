//! Choosing what leaves and how: the format with what it carries and loses, articles, annotators,
//! labels, split, and the first lines of what it would be.

mod choices;

use super::{Dialog, Opener, Question};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::derived::export::{FirstLines, Leaving};
use crate::app::export::Sample;
use crate::app::model::Model;
use crate::format::export::options::ExportOptions;
use crate::format::formats::{FORMATS, Format, Shape};
use crate::ui::kit::card::{Card, CardStep, hand_on_enter, scroll, split};
use crate::ui::kit::entry::{choice_row_ui, heading_row_ui};
use crate::ui::kit::field::Field;
use crate::ui::kit::list::nothing_ui;
use crate::ui::kit::speech::say;
use crate::ui::kit::tabs::parts_ui;
use crate::ui::theme::{self, Tokens};
use choices::{Chooser, Which, choices_ui};
use eframe::egui::{self, Context, Frame, Key, Margin, Modifiers, RichText, ScrollArea, Ui};

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::Export, |model| {
    Box::new(ExportDialog::new(model))
})];

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
        if matches!(step, CardStep::Left) {
            self.keep(actions);
        }
        // It stays under the question where to: whoever leaves that one is here again.
        step.stay_with(|action| actions.push(action))
    }
}

impl ExportDialog {
    /// Begins with what was chosen last.
    fn new(model: &Model) -> Self {
        let name = model.settings().export_format.as_str();
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

    /// What was chosen for the format is there again when it is.
    fn keep(&self, actions: &mut Vec<Action>) {
        if let Some(format) = FORMATS.get(self.chosen) {
            actions.push(Action::KeepExportOptions {
                format: format.name,
                options: Box::new(self.options.clone()),
            });
        }
    }

    fn choose(&mut self, at: usize, model: &Model, actions: &mut Vec<Action>) {
        if at == self.chosen {
            return;
        }
        self.keep(actions);
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
                let told = "No format is called so";
                if order.is_empty() && nothing_ui(ui, told, Some("Clear the filter")) {
                    self.search.clear();
                    ui.ctx().request_repaint();
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
            Part::Choices => {
                let (options, chooser) = (&mut self.options, &mut self.chooser);
                choices_ui(ui, format, options, chooser, model);
            }
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
        for (name, sample) in lines.value.iter().flat_map(|lines| lines.iter()) {
            sample_ui(ui, name, sample);
        }
    }
}

/// The first lines of a file as they are, or what is to be said of it.
fn sample_ui(ui: &mut Ui, name: &str, sample: &Sample) {
    const MOST_LINES: usize = 12;
    const MOST_CHARS: usize = 2_000;
    if !name.is_empty() {
        ui.label(RichText::new(name).font(theme::strong_font(13.0)));
    }
    let lines = match sample {
        Sample::Told(told) => {
            ui.add(egui::Label::new(RichText::new(told).weak()).wrap());
            return;
        }
        Sample::Lines(text) => text.lines(),
    };
    let cut = |line: &str| match line.char_indices().nth(MOST_CHARS) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line.to_owned(),
    };
    let more = lines.clone().nth(MOST_LINES).map(|_| "…".to_owned());
    let shown: Vec<String> = lines.take(MOST_LINES).map(cut).chain(more).collect();
    let tokens = theme::tokens(ui.ctx());
    let ground = Frame::new()
        .inner_margin(8)
        .stroke((1.0, tokens.line))
        .corner_radius(6);
    ground.show(ui, |ui| {
        ScrollArea::horizontal()
            .id_salt(name)
            .max_width(ui.available_width())
            .show(ui, |ui| {
                let text = RichText::new(shown.join("\n")).monospace();
                ui.add(egui::Label::new(text).extend());
            });
    });
    ui.add_space(4.0);
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
