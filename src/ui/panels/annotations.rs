//! The annotations of this article: a virtual list with filters by label and text.

use super::{Panel, heading_ui};
use crate::app::action::{Action, Spot};
use crate::app::command::{Command, info};
use crate::app::derived::article::FittingAnnotations;
use crate::app::derived::labels::Pickable;
use crate::app::model::Model;
use crate::app::words::count;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::Underline;
use crate::core::ids::{AnnotationId, LabelId};
use crate::core::lists::telling_value;
use crate::ui::kit::chip::menu_chip_ui;
use crate::ui::kit::field::Field;
use crate::ui::kit::hint;
use crate::ui::kit::list::{List, nothing_ui};
use crate::ui::kit::menu::{Mark, context_menu_ui, item_ui, staying_menu_ui};
use crate::ui::kit::row::{self, Ground, RowState};
use crate::ui::kit::speech::say_once;
use crate::ui::kit::swatch::swatch;
use crate::ui::kit::words::{weak_words_ui, words_ui};
use crate::ui::label_pick::label_choices_ui;
use crate::ui::theme::{self, CHIP_HEIGHT, SMALL, TALL_ROW_HEIGHT, Tokens};
use eframe::egui::{self, FontId, Response, RichText, Ui, pos2, vec2};
use std::sync::Arc;

#[derive(Default)]
pub(super) struct AnnotationsPanel {
    filter: String,
    label: Option<LabelId>,
    focus_filter: bool,
    focus_list: bool,
    selected: Option<AnnotationId>,
    /// The field, while the list has no rows: it has the keyboard in its stead.
    field: Option<egui::Id>,
}

const INSET: f32 = 12.0;

fn list_id() -> egui::Id {
    egui::Id::unique("annotation list")
}

impl Panel for AnnotationsPanel {
    fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
        let Some(article) = model.article().cloned() else {
            return;
        };
        // What is typed below shows in the next frame.
        let found = model.derived_later(&FittingAnnotations {
            article: article.id.clone(),
            label: self.label.clone(),
            text: self.filter.clone(),
        });
        let shown = found.value.as_deref().map_or(&[][..], Vec::as_slice);
        let total = article.annotations.len();
        let detail = if !found.is_current {
            format!("… of {total}")
        } else if shown.len() == total {
            total.to_string()
        } else {
            format!("{} of {total}", shown.len())
        };
        ui.spacing_mut().item_spacing.y = 0.0;
        let top = ui.max_rect();
        ui.painter()
            .hline(top.x_range(), top.top() + 0.5, (1.0, tokens.line));
        heading_ui(ui, "In this article", &detail);
        let shown_rows = shown.len();
        let is_empty = shown.is_empty() && found.is_current;
        if is_empty {
            self.focus_filter |= std::mem::take(&mut self.focus_list);
        }
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.add_space(INSET);
            self.label_ui(ui, model);
            let width = ui.available_width() - INSET;
            let response = Field::search("Filter annotations", &mut self.filter)
                .hint("Text, note, speaker")
                .width(width)
                .show(ui);
            let response = hint(response, || info(Command::FilterAnnotations).tooltip());
            self.field = is_empty.then_some(response.id);
            if response.has_focus() && found.is_current && total > 0 {
                let found = count(shown_rows, "annotation fits", "annotations fit");
                say_once(ui.ctx(), list_id().with("found"), &found);
            }
            if std::mem::take(&mut self.focus_filter) {
                response.request_focus();
            }
            if response.has_focus() && ui.input(|i| i.key_pressed(egui::Key::ArrowDown)) {
                self.focus_list = true;
            }
        });
        ui.add_space(8.0);
        if shown.is_empty() {
            let (told, offer) = match (total, found.is_current) {
                (0, _) => (
                    "Nothing marked yet. Drag over some text, then press the key of a label.",
                    None,
                ),
                (_, true) => ("No annotation fits the filter", Some("Clear the filter")),
                (_, false) => ("Looking…", None),
            };
            if nothing_ui(ui, told, offer) {
                self.filter.clear();
                self.label = None;
                self.focus_filter = true;
                ui.ctx().request_repaint();
            }
            return;
        }
        // An older answer may lack what was selected just now.
        let reveals = found.is_current && self.selected.as_ref() != model.selected();
        if reveals {
            self.selected = model.selected().cloned();
        }
        self.list_ui(ui, model, actions, &article, shown, reveals, tokens);
    }

    fn focus(&mut self, spot: Spot) {
        self.focus_filter |= spot == Spot::AnnotationFilter;
    }

    fn list(&self) -> Option<egui::Id> {
        Some(self.field.unwrap_or_else(list_id))
    }

    fn focus_list(&mut self) {
        self.focus_list = true;
    }
}

impl AnnotationsPanel {
    /// Which label is shown, by a chip that says it.
    fn label_ui(&mut self, ui: &mut Ui, model: &Model) {
        let codebook = model.session().project().codebook();
        let chosen = self
            .label
            .as_ref()
            .map(|id| codebook.name_of(id).to_owned());
        let shown = chosen.as_deref().unwrap_or("All labels");
        ui.allocate_ui(vec2(120.0, CHIP_HEIGHT), |ui| {
            ui.set_max_width(120.0);
            menu_chip_ui(ui, "Label filter", shown, chosen.is_some(), None, |ui| {
                let this = self.label.as_ref();
                let all = Some("All labels");
                if let Some(picked) = label_choices_ui(ui, model, Pickable::All, this, all) {
                    self.label = picked;
                }
            });
        });
    }

    #[expect(clippy::too_many_arguments, reason = "what a list is made of")]
    fn list_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        article: &Article,
        shown: &[u32],
        reveals: bool,
        tokens: &Tokens,
    ) {
        let annotation_at = |row: usize| at(article, *shown.get(row)?);
        let step = List::pane(list_id(), "Annotations", shown.len(), TALL_ROW_HEIGHT)
            .cursor(row_of(model.selected(), article, shown))
            .reveal(reveals)
            .focus(std::mem::take(&mut self.focus_list))
            .show(ui, |ui, row, state| match annotation_at(row) {
                Some(annotation) => {
                    let response = row_ui(ui, model, article, annotation, state, tokens);
                    context_menu_ui(&response, |ui| {
                        row_menu_ui(ui, model, actions, annotation);
                    });
                    response
                }
                None => ui.label(""),
            });
        let goes_to = step.clicked.or(step.moved).and_then(annotation_at);
        let goes_to = goes_to.map(|annotation| annotation.id.clone());
        let current = goes_to.clone().or_else(|| model.selected().cloned());
        if let Some(id) = goes_to {
            actions.push(Action::SelectAnnotation { id, reveal: true });
        }
        if step.deletes
            && let Some(id) = current
        {
            actions.push(Action::Delete(id));
        }
        if step.enters || step.clicked.is_some() {
            ui.memory_mut(|memory| memory.request_focus(super::super::article::widget_id()));
        }
    }
}

fn row_of(id: Option<&AnnotationId>, article: &Article, shown: &[u32]) -> Option<usize> {
    let place = article.annotations.position_of(id?.as_str())?;
    shown.binary_search(&(place as u32)).ok()
}

fn at(article: &Article, place: u32) -> Option<&Arc<Annotation>> {
    let entry = article.annotations.fragments().get(place as usize)?;
    Some(&entry.annotation)
}

fn row_ui(
    ui: &mut Ui,
    model: &Model,
    article: &Article,
    annotation: &Annotation,
    state: RowState,
    tokens: &Tokens,
) -> Response {
    let codebook = model.session().project().codebook();
    let name = codebook.name_of(&annotation.label);
    // Enough of the text for a row, however long the annotation is.
    let first = annotation.fragments.first().copied().unwrap_or_default();
    let all = article.text.slice(first);
    let end = all.char_indices().nth(80).map_or(all.len(), |(at, _)| at);
    let mut text = all.get(..end).unwrap_or_default().replace('\n', " ");
    if annotation.fragments.len() > 1 {
        text.push_str(" …");
    }
    let detail = detail(model, annotation, name);
    let told = || format!("{}, {text}", detail.replace(" · ", ", "));
    let (row, response) = row::row_ui(ui, TALL_ROW_HEIGHT, Ground::IN_PANEL, state, told, tokens);
    let color = tokens.label(codebook.color_of(annotation.label.as_str()));
    let found = codebook.label(annotation.label.as_str());
    let place =
        egui::Rect::from_min_size(pos2(row.left() + 16.0, row.top() + 8.0), vec2(18.0, 14.0));
    let underline = found.map_or(&Underline::Solid, |label| &label.underline);
    swatch(ui, place, color, underline, tokens);
    let painter = ui.painter().with_clip_rect(row.intersect(ui.clip_rect()));
    let left = place.right() + 8.0;
    let room = (row.right() - INSET - left).max(20.0);
    let words = row::line(
        &painter,
        &text,
        FontId::proportional(13.0),
        tokens.ink,
        room,
    );
    painter.galley(pos2(left, row.top() + 5.0), words, tokens.ink);
    let small = FontId::proportional(SMALL);
    let second = row::line(&painter, &detail, small, tokens.dim, room);
    painter.galley(pos2(left, row.top() + 25.0), second, tokens.dim);
    if response.hovered() && !ui.input(|input| input.pointer.any_down()) {
        response.clone().on_hover_ui(|ui| {
            ui.set_max_width(360.0);
            words_ui(ui, RichText::new(&text).font(theme::strong_font(13.0)));
            words_ui(ui, &detail);
            if !annotation.note.is_empty() {
                weak_words_ui(ui, annotation.note.chars().take(400).collect::<String>());
            }
            let by = model
                .session()
                .project()
                .annotator_name(&annotation.annotator);
            ui.weak(format!("Marked by {by}"));
        });
    }
    response
}

fn row_menu_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, annotation: &Annotation) {
    let id = || annotation.id.clone();
    if item_ui(ui, Mark::None, "Show in the text", "", true).clicked() {
        actions.push(Action::SelectAnnotation {
            id: id(),
            reveal: true,
        });
        ui.close();
    }
    staying_menu_ui(ui, "Change the label to", |ui| {
        let this = Some(&annotation.label);
        let which = Pickable::OfferedOr(this.cloned());
        let picked = label_choices_ui(ui, model, which, this, None).flatten();
        let other = picked.filter(|label| *label != annotation.label);
        actions.extend(other.map(|label| Action::SetLabel { id: id(), label }));
    });
    ui.separator();
    if item_ui(ui, Mark::None, "Delete annotation", "Delete", true).clicked() {
        actions.push(Action::Delete(id()));
        ui.close();
    }
}

/// Label, who speaks or of what kind it is, that there is a note, and whose it is, where that is
/// someone else.
fn detail(model: &Model, annotation: &Annotation, name: &str) -> String {
    let project = model.session().project();
    let mut parts = vec![name.to_owned()];
    parts.extend(telling_value(project, annotation));
    if !annotation.note.is_empty() {
        parts.push("note".to_owned());
    }
    if annotation.annotator != *model.session().annotator() {
        let by = project.annotator_name(&annotation.annotator);
        parts.push(format!("by {by}"));
    }
    parts.join(" · ")
}
