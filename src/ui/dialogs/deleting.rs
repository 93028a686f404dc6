//! The annotators, and the questions before a label or an annotator goes.

use crate::app::action::{Action, Deleting};
use crate::app::model::Model;
use crate::core::ids::LabelId;
use crate::ui::theme;
use eframe::egui::{ComboBox, Context, Grid, Modal, RichText, accesskit, vec2};

/// The question before something goes, and what was chosen so far.
pub(crate) struct DeleteDialog {
    pub(crate) what: Deleting,
    moves: bool,
    target: Option<LabelId>,
}

fn annotations(n: usize, articles: usize) -> String {
    let noun = if n == 1 { "annotation" } else { "annotations" };
    let place = if articles == 1 { "article" } else { "articles" };
    format!("{n} {noun} in {articles} {place}")
}

impl DeleteDialog {
    pub(crate) fn new(what: Deleting) -> Self {
        Self {
            what,
            moves: true,
            target: None,
        }
    }

    /// Draws it; `false` when it is to be closed.
    pub(crate) fn ui(&mut self, ctx: &Context, model: &Model, actions: &mut Vec<Action>) -> bool {
        let mut action = None;
        let modal = Modal::new(eframe::egui::Id::unique("delete")).show(ctx, |ui| {
            ui.set_width(440.0);
            let (n, articles) = model.extent_of(&self.what);
            let title = |ui: &mut eframe::egui::Ui, name: &str| {
                ui.label(RichText::new(format!("Delete “{name}”?")).font(theme::strong_font(15.0)));
                ui.add_space(4.0);
            };
            match &self.what {
                Deleting::Label(label) => {
                    let codebook = model.session().project().codebook();
                    title(ui, codebook.name_of(label));
                    if n == 0 {
                        ui.label("No annotation has this label. It goes to the trash.");
                    } else {
                        ui.label(format!("{} have this label.", annotations(n, articles)));
                        let others: Vec<_> =
                            codebook.labels.iter().filter(|l| l.id != *label).collect();
                        if self.target.is_none() {
                            self.target = others.first().map(|l| l.id.clone());
                        }
                        self.moves &= !others.is_empty();
                        ui.add_enabled_ui(!others.is_empty(), |ui| {
                            ui.horizontal(|ui| {
                                ui.radio_value(
                                    &mut self.moves,
                                    true,
                                    format!("Give all {n} the label"),
                                );
                                let chosen = self.target.clone();
                                let chosen = chosen.as_ref();
                                let name = chosen.map_or("", |id| codebook.name_of(id));
                                let combo = ComboBox::from_id_salt("move to")
                                    .selected_text(name)
                                    .show_ui(ui, |ui| {
                                        for other in &others {
                                            let is_it = chosen == Some(&other.id);
                                            if ui.selectable_label(is_it, &other.name).clicked() {
                                                self.target = Some(other.id.clone());
                                                self.moves = true;
                                                break;
                                            }
                                        }
                                    });
                                combo.response.widget_info(|| {
                                    eframe::egui::WidgetInfo::labeled(
                                        accesskit::Role::ComboBox,
                                        true,
                                        "New label",
                                    )
                                });
                            });
                        });
                        ui.radio_value(
                            &mut self.moves,
                            false,
                            format!("Move all {n} to the trash with it"),
                        );
                    }
                }
                Deleting::Annotator(id) => {
                    title(ui, model.session().project().annotator_name(id));
                    ui.label(match n {
                        0 => "There are no annotations by them.".to_owned(),
                        _ => format!("{} by them go to the trash too.", annotations(n, articles)),
                    });
                }
            }
            ui.weak("One step of undo, or the trash, brings everything back.");
            ui.add_space(10.0);
            ui.horizontal(|ui| {
                let text = match (&self.what, n) {
                    (_, 0) => "Delete".to_owned(),
                    (Deleting::Label(_), n) if self.moves => format!("Delete the label, keep {n}"),
                    (_, n) => format!("Delete with {n}"),
                };
                if ui.button(text).clicked() {
                    action = Some(match &self.what {
                        Deleting::Label(label) => Action::DeleteLabel {
                            label: label.clone(),
                            move_to: self.target.clone().filter(|_| self.moves && n > 0),
                        },
                        Deleting::Annotator(id) => Action::DeleteAnnotator(id.clone()),
                    });
                }
                ui.button("Go back").on_hover_text("Esc").clicked()
            })
            .inner
        });
        let closes = action.is_some() || modal.inner || modal.should_close();
        actions.extend(action);
        !closes
    }
}

/// The labels of the codebook; `false` when it is to be closed.
pub(crate) fn labels_ui(ctx: &Context, model: &Model, actions: &mut Vec<Action>) -> bool {
    let mut action = None;
    let modal = Modal::new(eframe::egui::Id::unique("labels")).show(ctx, |ui| {
        ui.set_width(460.0);
        ui.label(RichText::new("Labels").font(theme::strong_font(18.0)));
        let labels = &model.session().project().codebook().labels;
        ui.weak(match labels.is_empty() {
            true => "The codebook has no labels. Restore one from the trash, or undo.",
            false => "The labels of the codebook, with how often they are used in this project.",
        });
        ui.add_space(8.0);
        Grid::new("labels")
            .num_columns(3)
            .spacing(vec2(18.0, 6.0))
            .show(ui, |ui| {
                for label in labels {
                    ui.label(&label.name).on_hover_text(&label.definition);
                    let what = Deleting::Label(label.id.clone());
                    let (n, articles) = model.extent_of(&what);
                    ui.weak(annotations(n, articles));
                    let name = format!("Delete {}…", label.name.to_lowercase());
                    if ui.button("Delete…").on_hover_text(name).clicked() {
                        action = Some(Action::AskToDelete(what));
                    }
                    ui.end_row();
                }
            });
        ui.add_space(10.0);
        ui.button("Close").on_hover_text("Esc").clicked()
    });
    let closes = action.is_some() || modal.inner || modal.should_close();
    actions.extend(action);
    !closes
}

/// Who annotates in this project; `false` when it is to be closed.
pub(crate) fn annotators_ui(ctx: &Context, model: &Model, actions: &mut Vec<Action>) -> bool {
    let mut action = None;
    let modal = Modal::new(eframe::egui::Id::unique("annotators")).show(ctx, |ui| {
        ui.set_width(440.0);
        ui.label(RichText::new("Annotators").font(theme::strong_font(18.0)));
        let annotators = model.session().project().annotators();
        if annotators.is_empty() {
            ui.weak("Nobody has annotated in this project yet. You are here with your first annotation.");
        } else {
            ui.weak("Who has annotated in this project. Your own name is in the settings.");
        }
        ui.add_space(8.0);
        Grid::new("annotators").num_columns(3).spacing(vec2(18.0, 6.0)).show(ui, |ui| {
            for annotator in annotators {
                let is_me = annotator.id == *model.session().annotator();
                ui.label(format!("{}{}", annotator.name, if is_me { " (you)" } else { "" }));
                let (n, articles) = model.extent_of(&Deleting::Annotator(annotator.id.clone()));
                ui.weak(annotations(n, articles));
                if ui.button("Delete…").clicked() {
                    action = Some(Action::AskToDelete(Deleting::Annotator(annotator.id.clone())));
                }
                ui.end_row();
            }
        });
        ui.add_space(10.0);
        ui.button("Close").on_hover_text("Esc").clicked()
    });
    let closes = action.is_some() || modal.inner || modal.should_close();
    actions.extend(action);
    !closes
}
