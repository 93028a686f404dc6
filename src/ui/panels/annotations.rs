//! The annotations of this article: a virtual list with filters by label and text.

use super::{Panel, heading_ui};
use crate::app::action::{Action, Spot};
use crate::app::command::{Command, info};
use crate::app::derived::article::FittingAnnotations;
use crate::app::model::Model;
use crate::app::words::count;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::Underline;
use crate::core::ids::{AnnotationId, LabelId};
use crate::ui::kit::field::Field;
use crate::ui::kit::list::List;
use crate::ui::kit::pick::Pick;
use crate::ui::kit::row::{self, Ground, RowState};
use crate::ui::kit::speech::say_once;
use crate::ui::kit::swatch::swatch;
use crate::ui::theme::Tokens;
use eframe::egui::{self, Align2, FontId, Response, Ui, pos2, vec2};
use std::sync::Arc;

#[derive(Default)]
pub(super) struct AnnotationsPanel {
    filter: String,
    label: Option<LabelId>,
    focus_filter: bool,
    focus_list: bool,
    selected: Option<AnnotationId>,
}

const ROW_HEIGHT: f32 = 26.0;

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
        ui.spacing_mut().item_spacing.y = 5.0;
        heading_ui(ui, "In this article", &detail);
        let shown_rows = shown.len();
        ui.horizontal(|ui| {
            let codebook = model.session().project().codebook();
            let shown = self
                .label
                .as_ref()
                .map_or("All labels", |id| codebook.name_of(id));
            Pick::new("Label filter", shown)
                .width(112.0)
                .truncate()
                .show(ui, |ui| {
                    ui.selectable_value(&mut self.label, None, "All labels");
                    for label in &codebook.labels {
                        ui.selectable_value(&mut self.label, Some(label.id.clone()), &label.name);
                    }
                });
            let response = Field::search("Filter annotations", &mut self.filter)
                .hint("Filter by text or note")
                .show(ui)
                .on_hover_text(info(Command::FilterAnnotations).tooltip());
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
        ui.add_space(4.0);
        if total == 0 {
            ui.weak("Nothing marked yet. Drag over some text, then press Q, C or P.");
            return;
        }
        if shown.is_empty() {
            ui.weak(if found.is_current {
                "No annotation fits the filter"
            } else {
                "Looking…"
            });
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
        Some(list_id())
    }

    fn focus_list(&mut self) {
        self.focus_list = true;
    }
}

impl AnnotationsPanel {
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
        let step = List::pane(list_id(), "Annotations", shown.len(), ROW_HEIGHT)
            .cursor(row_of(model.selected(), article, shown))
            .reveal(reveals)
            .focus(std::mem::take(&mut self.focus_list))
            .show(ui, |ui, row, state| match annotation_at(row) {
                Some(annotation) => row_ui(ui, model, article, annotation, state, tokens),
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
    let told = || format!("{name}, {text}");
    let (row, response) = row::row_ui(ui, ROW_HEIGHT, Ground::IN_PANEL, state, told, tokens);
    let color = tokens.label(codebook.color_of(annotation.label.as_str()));
    let found = codebook.label(annotation.label.as_str());
    let place = egui::Rect::from_min_size(
        pos2(row.left() + 6.0, row.center().y - 6.0),
        vec2(16.0, 12.0),
    );
    swatch(
        ui,
        place,
        color,
        found.map_or(&Underline::Solid, |label| &label.underline),
        tokens,
    );
    let painter = ui.painter();
    let short = name
        .split_whitespace()
        .next()
        .unwrap_or(name)
        .to_lowercase();
    let detail = if annotation.note.is_empty() {
        short
    } else {
        format!("note · {short}")
    };
    let right = painter.text(
        pos2(row.right() - 6.0, row.center().y),
        Align2::RIGHT_CENTER,
        detail,
        FontId::proportional(11.0),
        tokens.dim,
    );
    let left = row.left() + 30.0;
    let room = (right.left() - left - 6.0).max(20.0);
    let galley = row::line(painter, &text, FontId::proportional(13.0), tokens.ink, room);
    let at = pos2(left, row.center().y - galley.rect.height() / 2.0);
    painter.galley(at, galley, tokens.ink);
    response
}
