//! The card of the selected annotation: its text, label, attributes, note.
//!
//! What is being written stands in the card until it is left, and is then one step of undo.

mod claim;
mod links;
mod offer;
mod promotion;

use super::{Panel, heading_ui};
use crate::app::action::{Action, Spot};
use crate::app::clock::day;
use crate::app::command::{Command, info};
use crate::app::derived::article::PlaceInText;
use crate::app::derived::labels::Pickable;
use crate::app::model::Model;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::{AttributeKind, AttributeSpec};
use crate::core::ids::AnnotationId;
use crate::core::recipes::quote::depth;
use crate::core::shown::{in_marks, shown};
use crate::core::text::ByteRange;
use crate::ui::fields::{Draft, Fields, commit_action};
use crate::ui::kit::field::Field;
use crate::ui::kit::pick::Pick;
use crate::ui::kit::row::at_end_ui;
use crate::ui::kit::{card, letters, tell};
use crate::ui::label_pick::pick_label_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::text::TextFormat;
use eframe::egui::{self, Key, RichText, ScrollArea, Ui};

#[derive(Default)]
pub(super) struct Inspector {
    /// The annotation that the drafts belong to.
    id: Option<AnnotationId>,
    revision: u64,
    note: Draft,
    fields: Fields,
    /// The field that is to get the keyboard.
    focus: Option<Spot>,
}

/// The text of the annotation: so many lines of such a height, then it scrolls.
const TEXT_LINE: f32 = 22.0;
const TEXT_LINES: f32 = 3.0;

/// Beside what scrolls, for its bar.
const SCROLL_ROOM: f32 = 12.0;

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
        for (name, draft) in &self.fields.texts {
            if draft.is_written() {
                actions.extend(commit(model, &annotation, name, &draft.text));
            }
        }
        self.fields.forget_kept();
        self.id = None;
    }

    fn focus(&mut self, spot: Spot) {
        if matches!(spot, Spot::Note | Spot::Card | Spot::Attribute(_)) {
            self.focus = Some(spot);
        }
    }

    fn begin(&mut self) {
        self.focus = Some(Spot::Card);
    }
}

impl Inspector {
    fn load(&mut self, model: &Model, annotation: &Annotation) {
        self.id = Some(annotation.id.clone());
        self.revision = model.session().revision();
        self.note = Draft::of(annotation.note.clone());
        self.fields.begin(&annotation.id);
    }

    fn is_written(&self) -> bool {
        self.note.is_written() || self.fields.is_written()
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
            self.focus = None;
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
            // It ends where the fields below it do.
            let room = ui.available_rect_before_wrap();
            let room = room.with_max_x(room.right() - SCROLL_ROOM);
            let inside = egui::UiBuilder::new().max_rect(room);
            ui.scope_builder(inside, |ui| {
                Self::head_ui(ui, model, &annotation, tokens, actions);
            });
            ScrollArea::vertical()
                // Another annotation is shown from its top.
                .id_salt(("inspector", annotation.id.as_str()))
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    // The bar by which it scrolls lies over nothing.
                    ui.set_max_width(ui.available_width() - SCROLL_ROOM);
                    self.card_ui(ui, model, &annotation, tokens, actions);
                });
        });
    }

    /// What the annotation is, and what is done to all of it.
    fn head_ui(
        ui: &mut Ui,
        model: &Model,
        annotation: &Annotation,
        tokens: &Tokens,
        actions: &mut Vec<Action>,
    ) {
        let codebook = model.session().project().codebook();
        let color = tokens.label(codebook.color_of(annotation.label.as_str()));
        ui.horizontal(|ui| {
            let name = codebook.name_of(&annotation.label).to_owned();
            let text = RichText::new(name)
                .font(theme::strong_font(13.0))
                .color(color);
            // Beside it is room for the list of its parts, where it has several.
            let has_parts = annotation.fragments.len() > 1;
            let pick = Pick::new("Label of the annotation", text)
                .width(if has_parts { 116.0 } else { 140.0 })
                .truncate();
            let this = Some(&annotation.label);
            let which = Pickable::OfferedOr(this.cloned());
            let picked = pick_label_ui(ui, model, pick, which, this, None);
            let other = picked.flatten().filter(|label| *label != annotation.label);
            actions.extend(other.map(|label| Action::SetLabel {
                id: annotation.id.clone(),
                label,
            }));
            at_end_ui(ui, "head", |ui| {
                Self::fragments_ui(ui, model, annotation, actions);
                let tooltip = info(Command::DeleteAnnotation).tooltip();
                if ui.button("Delete").on_hover_text(tooltip).clicked() {
                    actions.push(Action::Delete(annotation.id.clone()));
                }
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
        let codebook = model.session().project().codebook();
        let label = codebook.label(annotation.label.as_str());
        Self::text_ui(ui, model, annotation);
        offer::offer_ui(ui, model, actions, tokens);
        claim::claim_ui(ui, model, annotation, actions, tokens);
        promotion::promotion_ui(ui, model, annotation, actions, tokens);
        let specs = label.map_or(&[][..], |label| label.attributes.as_slice());
        // What must be filled in stands first.
        let required = specs.iter().enumerate().filter(|(_, spec)| spec.required);
        let others = specs.iter().enumerate().filter(|(_, spec)| !spec.required);
        let shown: Vec<(usize, &AttributeSpec)> = required.chain(others).collect();
        let focus = self.focus.take().map(|spot| match spot {
            Spot::Card => first_field(&shown, annotation).map_or(Spot::Note, Spot::Attribute),
            spot => spot,
        });
        for (place, spec) in &shown {
            let wants_focus = focus == Some(Spot::Attribute(*place));
            let fields = &mut self.fields;
            fields.attribute_ui(ui, model, annotation, spec, wants_focus, actions);
        }
        for (name, text) in self.fields.take_clicked() {
            actions.extend(commit(model, annotation, &name, &text));
        }
        if links::links_ui(ui, model, annotation, actions, tokens) {
            self.focus = Some(Spot::Card);
        }
        // Below the links: what is pressed above it stays where it is.
        offer::who_ui(ui, model, annotation, actions);
        self.note_ui(ui, annotation, focus == Some(Spot::Note), actions);
        offer::propose_ui(ui, model, annotation, actions);
        ui.weak(RichText::new(origin_text(model, annotation)).size(12.0));
    }

    fn note_ui(
        &mut self,
        ui: &mut Ui,
        annotation: &Annotation,
        wants_focus: bool,
        actions: &mut Vec<Action>,
    ) {
        ui.add_space(4.0);
        let rows = if self.note.text.is_empty() { 1 } else { 3 };
        let note = Field::new("Note", &mut self.note.text).hint("Note (N)");
        let response = note.rows(rows).show(ui);
        if wants_focus {
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
        let text = texts.join(" … ");
        ScrollArea::vertical()
            .id_salt("text")
            .max_height(TEXT_LINE * TEXT_LINES)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                let format = TextFormat {
                    font_id: font.clone(),
                    line_height: Some(TEXT_LINE),
                    color: ui.visuals().text_color(),
                    ..TextFormat::default()
                };
                let job = letters::lines(ui.ctx(), &text, &format, ui.available_width());
                let Some(job) = job else {
                    let text = RichText::new(&text).font(font);
                    return ui.label(text.line_height(Some(TEXT_LINE)));
                };
                // What is seen is not what is read.
                let response = ui.label(job);
                tell(&response, Role::Label, &text);
                response
            });
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
                let name = format!("Remove {}", in_marks(&shortened(article, fragment, 40)));
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
}

/// Where filling in begins: what must be there and is not, or else the first thing that is written.
fn first_field(shown: &[(usize, &AttributeSpec)], annotation: &Annotation) -> Option<usize> {
    let is_missing =
        |spec: &AttributeSpec| spec.required && annotation.attributes.get(&spec.name).is_none();
    let is_chosen = |spec: &AttributeSpec| {
        matches!(
            spec.kind,
            AttributeKind::OneOf(_) | AttributeKind::SeveralOf(_) | AttributeKind::YesNo
        )
    };
    let missing = shown.iter().find(|(_, spec)| is_missing(spec));
    let written = || shown.iter().find(|(_, spec)| !is_chosen(spec));
    let found = missing.or_else(written).or(shown.first());
    found.map(|(place, _)| *place)
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

/// “3 of 12”, and where that is, or what it must say and does not.
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
    let codebook = model.session().project().codebook();
    let label = codebook.label(annotation.label.as_str());
    let missing = label.map_or(0, |label| label.missing(&annotation.attributes).count());
    if missing > 0 {
        return format!("{place} of {all} · {missing} to fill in");
    }
    match depth(codebook, article, annotation) {
        0 => {}
        1 => return format!("{place} of {all} · inside another quote"),
        depth => return format!("{place} of {all} · inside {depth} quotes"),
    }
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
