//! The attributes of an annotation, each by its kind: chips for choices, fields for what is written, a
//! calendar for days, the names of the ledger for people.
//!
//! What is being written belongs to the card of the annotation, or to the dialog that sets an attribute
//! of many, which keeps it when it is left.

use crate::app::action::Action;
use crate::app::clock;
use crate::app::derived::project::PeopleLike;
use crate::app::model::Model;
use crate::app::words::iso_day;
use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::codebook::{AttributeKind, AttributeSpec, Part};
use crate::core::ids::AnnotationId;
use crate::ui::kit::calendar::{self, calendar_ui};
use crate::ui::kit::choices::Choices;
use crate::ui::kit::field::Field;
use crate::ui::kit::icon::{Icon, icon_button_ui, icon_pane_ui};
use crate::ui::kit::suggest::Suggested;
use crate::ui::kit::table::{missing_title_ui, row_title_ui};
use crate::ui::theme::{self, CONTROL_HEIGHT, SMALL, Tokens};
use eframe::egui::{Id, Key, OpenUrl, Popup, Response, RichText, Ui, vec2};
use std::collections::BTreeMap;

/// What stands in a field, and what stood there before anyone wrote in it. What was only looked at
/// is never written: undoing, or someone else, may have changed it meanwhile.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) text: String,
    was: String,
    /// It was clicked in a list, and not only written.
    is_taken: bool,
    /// It was left, and cannot be kept.
    is_refused: bool,
}

impl Draft {
    pub(super) fn of(text: String) -> Self {
        Self {
            was: text.clone(),
            text,
            is_taken: false,
            is_refused: false,
        }
    }

    pub(super) fn is_written(&self) -> bool {
        self.text != self.was
    }
}

/// What is being written in the card's fields, by attribute.
#[derive(Default)]
pub(super) struct Fields {
    /// The annotation that they are of.
    of: Option<AnnotationId>,
    pub(super) texts: BTreeMap<String, Draft>,
    /// The names beside a person's field, and whose.
    suggested: Option<(String, Suggested)>,
}

impl Fields {
    /// Of another annotation, or of this one as it is now.
    pub(super) fn begin(&mut self, id: &AnnotationId) {
        if self.of.as_ref() != Some(id) {
            self.of = Some(id.clone());
            self.texts.clear();
        }
        self.forget_kept();
    }

    /// What could not be kept stays with its reason.
    pub(super) fn forget_kept(&mut self) {
        self.texts.retain(|_, draft| draft.is_refused);
        self.suggested = None;
    }

    pub(super) fn is_written(&self) -> bool {
        self.texts.values().any(Draft::is_written)
    }

    /// Whether something was left that cannot be kept.
    pub(super) fn is_refused(&self) -> bool {
        self.texts.values().any(|draft| draft.is_refused)
    }

    /// One attribute: its name, and how its value is chosen or written.
    pub(super) fn attribute_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        annotation: &Annotation,
        spec: &AttributeSpec,
        wants_focus: bool,
        actions: &mut Vec<Action>,
    ) {
        let warn = theme::tokens(ui.ctx()).warn;
        let value = annotation.attributes.get(&spec.name);
        let is_missing = spec.required && value.is_none();
        ui.horizontal_top(|ui| {
            let title = if is_missing {
                missing_title_ui(ui, spec.shown_title())
            } else {
                row_title_ui(ui, spec.shown_title())
            };
            let told = told_of(spec, is_missing);
            if !told.is_empty() {
                title.on_hover_text(told);
            }
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
                let chips = Choices::new(spec.shown_title())
                    .required(spec.required)
                    .focus(wants_focus);
                match &spec.kind {
                    AttributeKind::OneOf(_)
                    | AttributeKind::SeveralOf(_)
                    | AttributeKind::YesNo => {
                        if let Some(value) = chosen_ui(ui, chips, &spec.kind, value) {
                            actions.push(Action::SetAttribute {
                                id: annotation.id.clone(),
                                name: spec.name.clone(),
                                value,
                            });
                        }
                        if let Some(other) = value.filter(|value| !spec.kind.fits(value)) {
                            let project = model.session().project();
                            let text = project.value_text(other);
                            let told = format!("“{text}” is no choice any more");
                            ui.label(RichText::new(told).size(SMALL).color(warn));
                        }
                    }
                    _ => self.field_ui(ui, model, annotation, spec, wants_focus, actions),
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
        wants_focus: bool,
        actions: &mut Vec<Action>,
    ) {
        let tokens = &theme::tokens(ui.ctx());
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
            AttributeKind::Date => "2024-05-14",
            AttributeKind::Url => "https://…",
            AttributeKind::Person => "name",
            AttributeKind::Later { .. } => "of a later version",
            _ => "",
        };
        let error = trouble(&spec.kind, &draft.text);
        let has_button = matches!(spec.kind, AttributeKind::Date | AttributeKind::Url);
        let button = if has_button {
            CONTROL_HEIGHT + 4.0
        } else {
            0.0
        };
        let width = (ui.available_width() - button).max(60.0);
        let mut field = Field::new(spec.shown_title(), &mut draft.text).hint(hint);
        if spec.required {
            field = field.required();
        }
        let response = field.error(error).width(width).show(ui);
        if wants_focus {
            response.request_focus();
        }
        match spec.kind {
            AttributeKind::Date => {
                if let Some(day) = day_ui(ui, spec, &response, draft, tokens) {
                    actions.push(Action::SetAttribute {
                        id: annotation.id.clone(),
                        name: spec.name.clone(),
                        value: Some(AttributeValue::Text(day)),
                    });
                    self.texts.remove(&spec.name);
                    return;
                }
            }
            AttributeKind::Url => address_ui(ui, &draft.text, error, tokens),
            _ => {}
        }
        if spec.kind == AttributeKind::Person {
            self.people_ui(ui, model, spec, &response);
        }
        if !error.is_empty() {
            ui.end_row();
            ui.label(RichText::new(error).size(SMALL).color(tokens.warn));
        }
        let Some(draft) = self.texts.get(&spec.name) else {
            return;
        };
        // It was left for a name in the list, which is taken with the next frame.
        let is_at_list = response.lost_focus() && self.is_at_list(ui, spec);
        if is_at_list {
            response.request_focus();
        } else if response.lost_focus() && spec.kind == AttributeKind::Number && !error.is_empty() {
            // It stays with its reason until it is mended, or let go of with Esc.
            if ui.input(|input| input.key_pressed(Key::Escape)) {
                self.texts.remove(&spec.name);
            } else if let Some(draft) = self.texts.get_mut(&spec.name) {
                draft.is_refused = true;
            }
        } else if response.lost_focus() {
            if draft.is_written() && draft.text != current {
                actions.extend(commit_action(annotation, spec, &draft.text));
            }
            self.texts.remove(&spec.name);
            self.suggested = None;
        }
    }

    fn is_at_list(&self, ui: &Ui, spec: &AttributeSpec) -> bool {
        let own = self.suggested.as_ref();
        own.is_some_and(|(name, names)| *name == spec.name && names.is_pointed_at(ui))
    }

    /// The people of the ledger that are called like what is written.
    fn people_ui(&mut self, ui: &Ui, model: &Model, spec: &AttributeSpec, response: &Response) {
        let Some(draft) = self.texts.get_mut(&spec.name) else {
            return;
        };
        let is_at_list = self
            .suggested
            .as_ref()
            .is_some_and(|(name, names)| *name == spec.name && names.is_pointed_at(ui));
        if !response.has_focus() && !is_at_list {
            return;
        }
        let is_other = self
            .suggested
            .as_ref()
            .is_none_or(|(name, _)| *name != spec.name);
        if response.changed() || is_other {
            self.suggested = Some((spec.name.clone(), Suggested::of(&draft.text)));
        }
        let Some((_, suggested)) = &mut self.suggested else {
            return;
        };
        let like = model.derived(&PeopleLike(suggested.typed.clone()));
        // What is written for many annotations is of many articles.
        let outlet = self.of.as_ref();
        let outlet = outlet.and_then(|_| outlet_for(model, spec, &suggested.typed));
        let mut names: Vec<String> = outlet.into_iter().collect();
        let others = like.iter().filter(|name| names.first() != Some(name));
        let others: Vec<String> = others.cloned().collect();
        names.extend(others);
        if suggested.show(ui, response, &names, &mut draft.text) {
            // Written and left: it is kept as if it had been typed.
            self.suggested = None;
            response.surrender_focus();
            draft.is_taken = true;
        }
    }

    /// What was clicked in a list is kept.
    pub(super) fn take_clicked(&mut self) -> Vec<(String, String)> {
        let taken = self.texts.iter().filter(|(_, draft)| draft.is_taken);
        let taken: Vec<(String, String)> = taken
            .map(|(name, draft)| (name.clone(), draft.text.clone()))
            .collect();
        self.texts.retain(|_, draft| !draft.is_taken);
        taken
    }
}

/// The outlet of the open article, which most of what is promotional serves.
fn outlet_for(model: &Model, spec: &AttributeSpec, typed: &str) -> Option<String> {
    if spec.name != Part::Beneficiary.name() || model.settings().hides_source {
        return None;
    }
    let outlet = model.article()?.meta("outlet")?.trim();
    let fits = !outlet.is_empty()
        && outlet != typed
        && outlet.to_lowercase().contains(&typed.to_lowercase());
    fits.then(|| outlet.to_owned())
}

/// What an attribute becomes when this is written for it.
pub(super) fn commit_action(
    annotation: &Annotation,
    spec: &AttributeSpec,
    text: &str,
) -> Option<Action> {
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
        AttributeKind::Date => Some(AttributeValue::Text(kept_day(text))),
        _ => Some(AttributeValue::Text(text.to_owned())),
    };
    Some(Action::SetAttribute { id, name, value })
}

/// A day in one form; what has one already, with a time perhaps, and what is none, as it is written.
fn kept_day(written: &str) -> String {
    let has_form = written
        .get(..10)
        .is_some_and(|day| iso_day(day).is_some_and(|known| known.to_string() == day));
    match iso_day(written).filter(|_| !has_form) {
        Some(day) => day.to_string(),
        None => written.to_owned(),
    }
}

/// What there is to say of an attribute, beside its name.
fn told_of(spec: &AttributeSpec, is_missing: bool) -> String {
    let mut told: Vec<String> = Vec::new();
    if is_missing {
        told.push("Required".to_owned());
    }
    if !spec.help.is_empty() {
        told.push(spec.help.clone());
    }
    if let AttributeKind::Later { name, .. } = &spec.kind {
        told.push(format!(
            "“{name}” is a kind of a later version of Pressmark; its values are shown as text"
        ));
    }
    told.join("\n")
}

/// Choices as chips; what the attribute is to be when one was chosen or let go of.
fn chosen_ui(
    ui: &mut Ui,
    chips: Choices<'_>,
    kind: &AttributeKind,
    value: Option<&AttributeValue>,
) -> Option<Option<AttributeValue>> {
    match kind {
        AttributeKind::SeveralOf(options) => {
            let chosen = match value {
                Some(AttributeValue::Many(chosen)) => chosen.clone(),
                _ => Vec::new(),
            };
            let names: Vec<&str> = options.iter().map(String::as_str).collect();
            let is_on = |at: usize| options.get(at).is_some_and(|o| chosen.contains(o));
            let option = options.get(chips.several(true).chips(ui, &names, is_on)?)?;
            let mut next = chosen.clone();
            if chosen.contains(option) {
                next.retain(|other| other != option);
            } else {
                next.push(option.clone());
            }
            Some((!next.is_empty()).then_some(AttributeValue::Many(next)))
        }
        AttributeKind::YesNo => {
            let is_on =
                |at: usize| matches!(value, Some(AttributeValue::Bool(b)) if *b == (at == 0));
            let at = chips.chips(ui, &["yes", "no"], is_on)?;
            Some((!is_on(at)).then_some(AttributeValue::Bool(at == 0)))
        }
        other => {
            let options = other.options();
            let names: Vec<&str> = options.iter().map(String::as_str).collect();
            let is_on = |at: usize| match (value, options.get(at)) {
                (Some(AttributeValue::Text(text)), Some(option)) => text == option,
                _ => false,
            };
            let at = chips.chips(ui, &names, is_on)?;
            let option = options.get(at)?.clone();
            Some((!is_on(at)).then_some(AttributeValue::Text(option)))
        }
    }
}

/// What is wrong with what is written. A number that is none is not kept, anything else is.
fn trouble(kind: &AttributeKind, written: &str) -> &'static str {
    let written = written.trim();
    match kind {
        _ if written.is_empty() => "",
        AttributeKind::Number => {
            let number = written.replace(',', ".").parse();
            if number.is_ok_and(f64::is_finite) {
                ""
            } else {
                "This is no number"
            }
        }
        AttributeKind::Date if iso_day(written).is_none() => {
            "No single day is known by this; it is kept as it is written"
        }
        AttributeKind::Url if !is_address(written) => {
            "This is no address that begins with https://; it is kept as it is written"
        }
        _ => "",
    }
}

fn is_address(written: &str) -> bool {
    let rest = written
        .strip_prefix("https://")
        .or_else(|| written.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// A calendar beside the field of a day; the day that was chosen, as it is kept.
fn day_ui(
    ui: &mut Ui,
    spec: &AttributeSpec,
    field: &Response,
    draft: &Draft,
    tokens: &Tokens,
) -> Option<String> {
    let id: Id = field.id.with("calendar");
    let name = format!("Calendar for {}", spec.shown_title());
    let mut day = None;
    let opened = icon_pane_ui(ui, Icon::Date, &name, tokens, |ui| {
        let chosen = iso_day(&draft.text);
        day = calendar_ui(ui, id, chosen, clock::today());
        if day.is_some() {
            ui.close();
        }
    });
    let is_open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&opened));
    if !is_open && (calendar::is_left(ui, id) || day.is_some()) {
        opened.request_focus();
    }
    day.map(|day| day.to_string())
}

/// Opens the address in the browser, when it is one.
fn address_ui(ui: &mut Ui, written: &str, error: &str, tokens: &Tokens) {
    let can_open = !written.trim().is_empty() && error.is_empty();
    ui.add_enabled_ui(can_open, |ui| {
        let opens = icon_button_ui(ui, Icon::Export, "Open in the browser", tokens);
        if opens.clicked() {
            ui.ctx().open_url(OpenUrl::new_tab(written.trim()));
        }
    });
}
