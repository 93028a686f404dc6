//! The card of the selected annotation: its text, label, attributes, note.
//!
//! What is being written stands in the card until it is left, and is then one step of undo.

use super::{Panel, heading_ui};
use crate::app::action::{Action, Spot};
use crate::app::clock::day;
use crate::app::command::{Command, info};
use crate::app::derived::article::PlaceInText;
use crate::app::derived::project::PeopleLike;
use crate::app::model::Model;
use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::article::Article;
use crate::core::codebook::{AttributeKind, AttributeSpec};
use crate::core::ids::AnnotationId;
use crate::core::shown::shown;
use crate::core::text::ByteRange;
use crate::ui::kit::card;
use crate::ui::kit::chip::{chip_ui, tick_chip_ui};
use crate::ui::kit::field::Field;
use crate::ui::kit::pick::Pick;
use crate::ui::kit::speech::say_once;
use crate::ui::kit::table::row_title_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{self, Key, RichText, ScrollArea, Ui};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Inspector {
    /// The annotation that the drafts belong to.
    id: Option<AnnotationId>,
    revision: u64,
    note: Draft,
    texts: BTreeMap<String, Draft>,
    focus_note: bool,
    /// The first field that can be written in gets the keyboard.
    focus_first: bool,
}

/// The text of the annotation: so many lines of such a height, then it scrolls.
const TEXT_LINE: f32 = 22.0;
const TEXT_LINES: f32 = 3.0;

/// What stands in a field, and what stood there before anyone wrote in it. What was only looked at
/// is never written: undoing, or someone else, may have changed it meanwhile.
#[derive(Default)]
struct Draft {
    text: String,
    was: String,
}

impl Draft {
    fn of(text: String) -> Self {
        let was = text.clone();
        Self { text, was }
    }

    fn is_written(&self) -> bool {
        self.text != self.was
    }
}

impl Panel for Inspector {
    fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
        if model.article().is_none() {
            return;
        }
        // Its place depends on the window only, so that nothing below moves when something else is
        // selected; what is longer scrolls inside.
        ui.spacing_mut().item_spacing.y = 5.0;
        let top = ui.clip_rect();
        ui.painter()
            .hline(top.x_range(), top.top() + 0.5, (1.0, tokens.line));
        self.selected_ui(ui, model, actions, tokens);
    }

    fn flush(&mut self, model: &Model, actions: &mut Vec<Action>) {
        let Some(id) = self.id.clone() else {
            return;
        };
        let known = model
            .article()
            .and_then(|a| a.annotations.get(id.as_str()))
            .cloned();
        let Some(annotation) = known else {
            self.id = None;
            return;
        };
        if self.note.is_written() && self.note.text != annotation.note {
            let note = self.note.text.clone();
            actions.push(Action::SetNote {
                id: id.clone(),
                note,
            });
        }
        for (name, draft) in std::mem::take(&mut self.texts) {
            if draft.is_written() {
                actions.extend(commit(model, &annotation, &name, &draft.text));
            }
        }
        self.id = None;
    }

    fn focus(&mut self, spot: Spot) {
        self.focus_note |= spot == Spot::Note;
        self.focus_first |= spot == Spot::Card;
    }
}

impl Inspector {
    fn load(&mut self, model: &Model, annotation: &Annotation) {
        self.id = Some(annotation.id.clone());
        self.revision = model.session().revision();
        self.note = Draft::of(annotation.note.clone());
        self.texts.clear();
    }

    fn is_written(&self) -> bool {
        self.note.is_written() || self.texts.values().any(Draft::is_written)
    }

    fn selected_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        if self.id.is_some() && self.id.as_ref() != model.selected() {
            self.flush(model, actions);
        }
        let Some(annotation) = model.selected_annotation().cloned() else {
            heading_ui(ui, "Selected", "");
            ui.weak("Nothing. Click on an annotation, or press Tab in the article.");
            (self.focus_note, self.focus_first) = (false, false);
            return;
        };
        let is_writing = ui.ctx().text_edit_focused() && self.is_written();
        if self.id.as_ref() != Some(&annotation.id)
            || (self.revision != model.session().revision() && !is_writing)
        {
            self.load(model, &annotation);
        }
        heading_ui(ui, "Selected", &position_text(model, &annotation));
        card::sheet(tokens, tokens.line).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            ScrollArea::vertical()
                // Another annotation is shown from its top.
                .id_salt(("inspector", annotation.id.as_str()))
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    self.card_ui(ui, model, &annotation, tokens, actions);
                });
        });
    }

    fn card_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        annotation: &Annotation,
        tokens: &Tokens,
        actions: &mut Vec<Action>,
    ) {
        let project = model.session().project();
        let codebook = project.codebook();
        let label = codebook.label(annotation.label.as_str());
        let color = tokens.label(codebook.color_of(annotation.label.as_str()));
        ui.horizontal(|ui| {
            let name = codebook.name_of(&annotation.label).to_owned();
            let text = RichText::new(name)
                .font(theme::strong_font(13.0))
                .color(color);
            Pick::new("Label of the annotation", text)
                .width(140.0)
                .truncate()
                .show(ui, |ui| {
                    let known = codebook.labels.iter();
                    for label in known.filter(|l| !l.retired || l.id == annotation.label) {
                        let is_this = label.id == annotation.label;
                        if ui.selectable_label(is_this, &label.name).clicked() && !is_this {
                            actions.push(Action::SetLabel {
                                id: annotation.id.clone(),
                                label: label.id.clone(),
                            });
                        }
                    }
                });
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let tooltip = info(Command::DeleteAnnotation).tooltip();
                if ui.button("Delete").on_hover_text(tooltip).clicked() {
                    actions.push(Action::Delete(annotation.id.clone()));
                }
                Self::fragments_ui(ui, model, annotation, actions);
            });
        });
        Self::text_ui(ui, model, annotation);
        let specs: Vec<AttributeSpec> = label.map(|l| l.attributes.clone()).unwrap_or_default();
        for spec in &specs {
            self.attribute_ui(ui, model, annotation, spec, actions);
        }
        self.links_ui(ui, model, annotation, actions);
        ui.add_space(4.0);
        let rows = if self.note.text.is_empty() { 1 } else { 3 };
        let note = Field::new("Note", &mut self.note.text).hint("Note (N)");
        let response = note.rows(rows).show(ui);
        let is_first = std::mem::take(&mut self.focus_first);
        if std::mem::take(&mut self.focus_note) || is_first {
            response.request_focus();
        }
        let finishes = response.has_focus()
            && ui.input(|i| {
                i.key_pressed(Key::Escape) || (i.key_pressed(Key::Enter) && i.modifiers.command)
            });
        if finishes {
            response.surrender_focus();
        }
        let is_written = self.note.is_written() && self.note.text != annotation.note;
        if (response.lost_focus() || finishes) && is_written {
            let note = self.note.text.clone();
            actions.push(Action::SetNote {
                id: annotation.id.clone(),
                note,
            });
        }
        ui.weak(RichText::new(origin_text(model, annotation)).size(12.0));
    }

    /// The words of all fragments, as far as people read them here.
    fn text_ui(ui: &mut Ui, model: &Model, annotation: &Annotation) {
        const SHOWN_FRAGMENTS: usize = 12;
        let Some(article) = model.article() else {
            return;
        };
        let fragments = annotation.fragments.iter().take(SHOWN_FRAGMENTS);
        let texts: Vec<String> = fragments
            .map(|range| shortened(article, *range, 280))
            .collect();
        let font = theme::reading_font(model.settings().reading_font, 15.0);
        let text = RichText::new(texts.join(" … ")).font(font);
        ScrollArea::vertical()
            .id_salt("text")
            .max_height(TEXT_LINE * TEXT_LINES)
            .auto_shrink([false, true])
            .show(ui, |ui| ui.label(text.line_height(Some(TEXT_LINE))));
        ui.add_space(2.0);
    }

    /// The fragments of an annotation that has several, to be taken out of it.
    fn fragments_ui(
        ui: &mut Ui,
        model: &Model,
        annotation: &Annotation,
        actions: &mut Vec<Action>,
    ) {
        let Some(article) = model.article() else {
            return;
        };
        let count = annotation.fragments.len();
        if count < 2 {
            return;
        }
        ui.menu_button(format!("{count} parts"), |ui| {
            for (n, &fragment) in annotation.fragments.iter().enumerate() {
                let name = format!("Remove “{}”", shortened(article, fragment, 40));
                let tooltip = "Take this fragment out of the annotation";
                if ui.button(name).on_hover_text(tooltip).clicked() {
                    actions.push(Action::RemoveFragment {
                        id: annotation.id.clone(),
                        fragment: n,
                    });
                    ui.close();
                }
            }
        });
    }

    fn attribute_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        annotation: &Annotation,
        spec: &AttributeSpec,
        actions: &mut Vec<Action>,
    ) {
        let value = annotation.attributes.get(&spec.name);
        let set = |value: Option<AttributeValue>| Action::SetAttribute {
            id: annotation.id.clone(),
            name: spec.name.clone(),
            value,
        };
        ui.horizontal_top(|ui| {
            let title = row_title_ui(ui, &spec.title).on_hover_text(&spec.help);
            if let AttributeKind::Later { name, .. } = &spec.kind {
                title.on_hover_text(format!("“{name}” is a kind of a later version of Pressmark; its values are shown as text"));
            }
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
                match &spec.kind {
                    AttributeKind::OneOf(options) => {
                        for option in options {
                            let is_on =
                                matches!(value, Some(AttributeValue::Text(text)) if text == option);
                            if chip_ui(ui, &spec.title, option, is_on) {
                                let text = AttributeValue::Text(option.clone());
                                actions.push(set((!is_on).then_some(text)));
                            }
                        }
                    }
                    AttributeKind::SeveralOf(options) => {
                        let chosen = match value {
                            Some(AttributeValue::Many(chosen)) => chosen.clone(),
                            _ => Vec::new(),
                        };
                        for option in options {
                            let is_on = chosen.contains(option);
                            if tick_chip_ui(ui, &spec.title, option, is_on) {
                                let mut next = chosen.clone();
                                if is_on {
                                    next.retain(|x| x != option);
                                } else {
                                    next.push(option.clone());
                                }
                                actions.push(set(
                                    (!next.is_empty()).then_some(AttributeValue::Many(next))
                                ));
                            }
                        }
                    }
                    AttributeKind::YesNo => {
                        for (word, flag) in [("yes", true), ("no", false)] {
                            let is_on =
                                matches!(value, Some(AttributeValue::Bool(b)) if *b == flag);
                            if chip_ui(ui, &spec.title, word, is_on) {
                                actions.push(set((!is_on).then_some(AttributeValue::Bool(flag))));
                            }
                        }
                    }
                    _ => self.field_ui(ui, model, annotation, spec, actions),
                }
            });
        });
    }

    fn field_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        annotation: &Annotation,
        spec: &AttributeSpec,
        actions: &mut Vec<Action>,
    ) {
        let project = model.session().project();
        let current = annotation
            .attributes
            .get(&spec.name)
            .map(|value| project.value_text(value))
            .unwrap_or_default();
        let draft = self.texts.entry(spec.name.clone());
        let draft = draft.or_insert_with(|| Draft::of(current.clone()));
        let hint = match spec.kind {
            AttributeKind::Number => "number",
            AttributeKind::Date => "YYYY-MM-DD",
            AttributeKind::Url => "https://…",
            AttributeKind::Person => "name",
            AttributeKind::Later { .. } => "of a later version",
            _ => "",
        };
        // A field is wider than asked by its margin; the panel must not grow with it.
        let width = (ui.available_width() - 12.0).max(60.0);
        // It stays as it was when what is written is none.
        let written = draft.text.trim().replace(',', ".");
        let is_number = written.is_empty() || written.parse().is_ok_and(f64::is_finite);
        let error = match spec.kind {
            AttributeKind::Number if !is_number => "This is no number",
            _ => "",
        };
        let field = Field::new(&spec.title, &mut draft.text).hint(hint);
        let field = field.error(error);
        let response = field.width(width).show(ui);
        if std::mem::take(&mut self.focus_first) {
            response.request_focus();
        }
        if response.has_focus() && spec.kind == AttributeKind::Person {
            let names = model.derived(&PeopleLike(draft.text.clone()));
            if !names.is_empty() {
                let known = names.join(", ");
                let said = format!("Known: {known}; Down takes the first");
                say_once(ui.ctx(), response.id.with("known"), &said);
                response.show_tooltip_text(format!("Known: {known} (↓ takes the first)"));
            }
            if ui.input(|i| i.key_pressed(Key::ArrowDown))
                && let Some(name) = names.first()
            {
                draft.text.clone_from(name);
            }
        }
        if response.lost_focus() && draft.is_written() && draft.text != current {
            actions.extend(commit_action(annotation, spec, &draft.text));
            self.texts.remove(&spec.name);
        }
    }

    fn links_ui(
        &self,
        ui: &mut Ui,
        model: &Model,
        annotation: &Annotation,
        actions: &mut Vec<Action>,
    ) {
        let Some(article) = model.article() else {
            return;
        };
        for link in &annotation.links {
            let Some(target) = article.annotations.get(link.target.as_str()) else {
                continue;
            };
            ui.horizontal(|ui| {
                row_title_ui(ui, &link.role);
                let text = shortened(article, target.extent(), 26);
                if ui.link(text).on_hover_text("Go to it").clicked() {
                    actions.push(Action::SelectAnnotation {
                        id: target.id.clone(),
                        reveal: true,
                    });
                }
            });
        }
    }
}

fn commit_action(annotation: &Annotation, spec: &AttributeSpec, text: &str) -> Option<Action> {
    let id = annotation.id.clone();
    let name = spec.name.clone();
    let text = text.trim();
    if spec.kind == AttributeKind::Person {
        return Some(Action::SetPerson {
            id,
            name,
            person: text.to_owned(),
        });
    }
    let value = match &spec.kind {
        _ if text.is_empty() => None,
        // What is no number stays as it was.
        AttributeKind::Number => Some(AttributeValue::Number(
            text.replace(',', ".")
                .parse()
                .ok()
                .filter(|n: &f64| n.is_finite())?,
        )),
        _ => Some(AttributeValue::Text(text.to_owned())),
    };
    Some(Action::SetAttribute { id, name, value })
}

/// What an attribute that was being written becomes, when it is another value.
fn commit(model: &Model, annotation: &Annotation, name: &str, text: &str) -> Option<Action> {
    let project = model.session().project();
    let current = annotation
        .attributes
        .get(name)
        .map(|value| project.value_text(value))
        .unwrap_or_default();
    if current == text {
        return None;
    }
    let label = project.codebook().label(annotation.label.as_str());
    label
        .and_then(|l| l.attribute(name))
        .and_then(|spec| commit_action(annotation, spec, text))
}

/// So many characters of a range, with an ellipsis where there are more.
fn shortened(article: &Article, range: ByteRange, chars: usize) -> String {
    let slice = article.text.slice(range);
    let mut text: String = slice.chars().take(chars).collect();
    if text.len() < slice.len() {
        text.push('…');
    }
    text.replace('\n', " ")
}

/// “3 of 12”, and where that is.
fn position_text(model: &Model, annotation: &Annotation) -> String {
    let Some(article) = model.article() else {
        return String::new();
    };
    let chars = article.text.char_range(annotation.extent());
    let place = model.derived(&PlaceInText {
        article: article.id.clone(),
        annotation: annotation.id.clone(),
    });
    let (place, all) = (*place, article.annotations.len());
    let (start, end) = (chars.start.0, chars.end.0);
    format!("{place} of {all} · characters {start} to {end}")
}

/// Who made it, when, and under which rules.
fn origin_text(model: &Model, annotation: &Annotation) -> String {
    let name = model
        .session()
        .project()
        .annotator_name(&annotation.annotator);
    let mut parts = vec![shown(name).into_owned()];
    parts.extend(annotation.made.map(day));
    if annotation.codebook_revision > 0 {
        parts.push(format!(
            "codebook revision {}",
            annotation.codebook_revision
        ));
    }
    parts.join(" · ")
}
