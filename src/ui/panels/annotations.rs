//! The annotations of this article: a virtual list with filters by label and text.

use super::codebook::swatch;
use super::heading_ui;
use crate::app::action::Action;
use crate::app::command::{Command, info};
use crate::app::derived::article::FittingAnnotations;
use crate::app::model::Model;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::ids::{AnnotationId, LabelId};
use crate::ui::theme::Tokens;
use eframe::egui::{self, Align2, ComboBox, FontId, ScrollArea, Sense, TextEdit, Ui, pos2, vec2};
use std::sync::Arc;

#[derive(Default)]
pub struct AnnotationsPanel {
    filter: String,
    label: Option<LabelId>,
    focus_filter: bool,
    focus_list: bool,
    selected: Option<AnnotationId>,
}

const ROW_HEIGHT: f32 = 26.0;

pub(crate) fn list_id() -> egui::Id {
    egui::Id::unique("annotation list")
}

impl AnnotationsPanel {
    pub fn focus_filter(&mut self) {
        self.focus_filter = true;
    }

    pub fn focus_list(&mut self) {
        self.focus_list = true;
    }

    pub fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
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
        heading_ui(ui, "In this article", &detail);
        ui.horizontal(|ui| {
            let codebook = model.session().project().codebook();
            let label = self.label.as_ref();
            let label = label.map_or("All labels", |id| codebook.name_of(id));
            let combo = ComboBox::from_id_salt("label filter")
                .width(112.0)
                .truncate()
                .selected_text(label.to_owned())
                .show_ui(ui, |ui| {
                    ui.selectable_value(&mut self.label, None, "All labels");
                    for label in &codebook.labels {
                        ui.selectable_value(&mut self.label, Some(label.id.clone()), &label.name);
                    }
                });
            combo.response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::accesskit::Role::ComboBox, true, "Label filter")
            });
            let field = TextEdit::singleline(&mut self.filter)
                .hint_text("Filter by text or note")
                .desired_width(f32::INFINITY);
            let response = ui
                .add(field)
                .on_hover_text(info(Command::FilterAnnotations).tooltip());
            response.widget_info(|| {
                egui::WidgetInfo::labeled(
                    egui::accesskit::Role::SearchInput,
                    true,
                    "Filter annotations",
                )
            });
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
            ui.weak(match found.is_current {
                true => "No annotation fits the filter",
                false => "Looking…",
            });
            return;
        }
        self.list_ui(ui, model, actions, &article, shown, tokens);
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        article: &Article,
        shown: &[u32],
        tokens: &Tokens,
    ) {
        // What a key chose is shown at once.
        let stepped = self.keyboard(ui, model, actions, article, shown);
        let selected = stepped.as_ref().or(model.selected());
        let has_focus = ui.memory(|memory| memory.has_focus(list_id()));
        let mut area = ScrollArea::vertical().auto_shrink([false, false]);
        if self.selected.as_ref() != selected {
            self.selected = selected.cloned();
            if let Some(row) = row_of(selected, article, shown) {
                let view = ui.available_height();
                let top = row as f32 * ROW_HEIGHT;
                let known: f32 = ui.memory(|m| m.data.get_temp(list_id())).unwrap_or(0.0);
                if top < known || top + ROW_HEIGHT > known + view {
                    area = area.vertical_scroll_offset((top - (view - ROW_HEIGHT) / 2.0).max(0.0));
                }
            }
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut chosen = None;
        let output = area.show_rows(ui, ROW_HEIGHT, shown.len(), |ui, rows| {
            for annotation in shown
                .get(rows)
                .unwrap_or(&[])
                .iter()
                .filter_map(|&i| at(article, i))
            {
                let is_selected = selected == Some(&annotation.id);
                if row_ui(
                    ui,
                    model,
                    article,
                    annotation,
                    is_selected,
                    is_selected && has_focus,
                    tokens,
                ) {
                    chosen = Some(annotation.id.clone());
                }
            }
        });
        ui.memory_mut(|m| {
            m.data
                .insert_temp(list_id(), output.state.clamped_offset().y)
        });
        if let Some(id) = chosen {
            actions.push(Action::SelectAnnotation { id, reveal: true });
            ui.memory_mut(|memory| memory.request_focus(super::super::article::widget_id()));
        }
    }

    /// Which annotation the keys went to.
    fn keyboard(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        article: &Article,
        shown: &[u32],
    ) -> Option<AnnotationId> {
        let response = ui.interact(
            ui.available_rect_before_wrap(),
            list_id(),
            Sense::focusable_noninteractive(),
        );
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::accesskit::Role::List, true, "Annotations")
        });
        if std::mem::take(&mut self.focus_list) {
            response.request_focus();
        }
        if !response.has_focus() {
            return None;
        }
        let filter = egui::EventFilter {
            vertical_arrows: true,
            ..Default::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(list_id(), filter));
        let (up, down, enter, delete) = ui.input_mut(|input| {
            let mut take = |key| input.consume_key(egui::Modifiers::NONE, key);
            (
                take(egui::Key::ArrowUp),
                take(egui::Key::ArrowDown),
                take(egui::Key::Enter),
                take(egui::Key::Delete),
            )
        });
        let row = row_of(model.selected(), article, shown);
        let next = match (up, down, row) {
            (true, _, Some(at)) => at.checked_sub(1),
            (_, true, Some(at)) => Some(at + 1),
            (true, _, None) | (_, true, None) => Some(0),
            _ => None,
        };
        let next = next.and_then(|row| shown.get(row));
        let next = next.and_then(|&i| at(article, i)).map(|a| a.id.clone());
        actions.extend(
            next.clone()
                .map(|id| Action::SelectAnnotation { id, reveal: true }),
        );
        if delete && let Some(id) = model.selected().cloned() {
            actions.push(Action::Delete(id));
        }
        if enter {
            ui.memory_mut(|memory| memory.request_focus(super::super::article::widget_id()));
        }
        next
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
    is_selected: bool,
    has_focus: bool,
    tokens: &Tokens,
) -> bool {
    let (row, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::click());
    let codebook = model.session().project().codebook();
    let name = codebook.name_of(&annotation.label);
    // Enough of the text for a row, however long the annotation is.
    let first = annotation.fragments.first().copied().unwrap_or_default();
    let mut text: String = article.text.slice(first).chars().take(80).collect();
    text = text.replace('\n', " ");
    if annotation.fragments.len() > 1 {
        text.push_str(" …");
    }
    response.widget_info(|| {
        egui::WidgetInfo::selected(
            egui::accesskit::Role::ListItem,
            true,
            is_selected,
            format!("{name}, {text}"),
        )
    });
    let painter = ui.painter();
    if is_selected || response.hovered() {
        let fill = if is_selected {
            tokens.chosen
        } else {
            tokens.chosen.gamma_multiply(0.5)
        };
        painter.rect_filled(row, 4.0, fill);
    }
    if has_focus {
        painter.rect_stroke(
            row.shrink(1.0),
            4.0,
            (1.5, tokens.accent),
            egui::StrokeKind::Inside,
        );
    }
    let found = codebook.label(annotation.label.as_str());
    let color = tokens.label(found.map_or(0x6B665F, |l| l.color));
    let place = egui::Rect::from_min_size(
        pos2(row.left() + 6.0, row.center().y - 6.0),
        vec2(16.0, 12.0),
    );
    swatch(
        ui,
        place,
        color,
        found.map(|l| l.underline.clone()).unwrap_or_default(),
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
    let mut job =
        egui::text::LayoutJob::simple_singleline(text, FontId::proportional(13.0), tokens.ink);
    let left = row.left() + 30.0;
    job.wrap = egui::text::TextWrapping::truncate_at_width((right.left() - left - 6.0).max(20.0));
    let galley = painter.layout_job(job);
    let at = pos2(left, row.center().y - galley.rect.height() / 2.0);
    painter.galley(at, galley, tokens.ink);
    response.clicked()
}
