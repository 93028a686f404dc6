//! The attributes of a label: a row each, of which one is open to be changed. Kinds and names that
//! touch values are asked about before they are changed.

use super::label::{last_char, section_ui};
use crate::app::action::codebook::AttributeField;
use crate::app::action::{Action, CodebookAction, Spot};
use crate::app::derived::labels::{LabelUse, UseOfLabel};
use crate::app::model::{Model, Waits};
use crate::app::words::count_grouped;
use crate::core::codebook::{AttributeKind, AttributeSpec, Label};
use crate::ui::kit::field::caption_ui;
use crate::ui::kit::icon::{self, Icon};
use crate::ui::kit::pick::{Pick, option_ui};
use crate::ui::kit::row::{self, Ground, RowState, pressed_row_ui};
use crate::ui::kit::speech::{tell_more, tell_open};
use crate::ui::pages::drafts::{Drafts, Written};
use crate::ui::theme::{self, ROW_HEIGHT, SMALL, Tokens};
use eframe::egui::{FontId, Frame, Margin, RichText, Ui, pos2};

#[derive(Default)]
pub(super) struct Attributes {
    /// Which one is open.
    open: Option<usize>,
    /// What that one is called in files: what is written in its fields belongs to it.
    open_name: Option<String>,
    /// The last one was just made: it is opened, and its title written.
    is_new: bool,
}

impl Attributes {
    pub(super) fn focus(&mut self, spot: Spot) {
        self.is_new |= spot == Spot::AttributeTitle;
    }

    pub(super) fn forget(&mut self) {
        self.open = None;
    }

    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        label: &Label,
        drafts: &mut Drafts,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        section_ui(ui, "Attributes", "what is asked of each annotation");
        let count = label.attributes.len();
        let focuses = std::mem::take(&mut self.is_new) && count > 0;
        if focuses {
            self.open = count.checked_sub(1);
        }
        let open = self.open.and_then(|at| label.attributes.get(at));
        let open = open.map(|spec| spec.name.as_str());
        if open != self.open_name.as_deref() {
            if let Some(closed) = &self.open_name {
                drafts.forget_of(&kept_under(closed));
            }
            self.open_name = open.map(str::to_owned);
        }
        let used = model.derived_later(&UseOfLabel(label.id.clone())).value;
        for (at, spec) in label.attributes.iter().enumerate() {
            let is_open = self.open == Some(at);
            ui.push_id(("attribute", at), |ui| {
                if row_ui(ui, spec, at, count, is_open, tokens) {
                    drafts.flush(actions);
                    self.open = (!is_open).then_some(at);
                }
                if is_open {
                    let used = used.as_deref();
                    let focuses = focuses && at + 1 == count;
                    let of = Fields {
                        label,
                        spec,
                        asked: model.waits().filter(|waits| *waits.label() == label.id),
                        of: &kept_under(&spec.name),
                        tokens,
                    };
                    self.open_ui(ui, model, at, &of, used, drafts, focuses, actions);
                }
            });
        }
        let adds = ui.button("Add an attribute");
        if adds.clicked() {
            drafts.flush(actions);
            let add = CodebookAction::AddAttribute(label.id.clone());
            actions.push(Action::from(add));
        }
    }

    /// All that is said of one, to be changed.
    #[expect(clippy::too_many_arguments, reason = "what an attribute is about")]
    fn open_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        at: usize,
        of: &Fields<'_>,
        used: Option<&LabelUse>,
        drafts: &mut Drafts,
        focuses: bool,
        actions: &mut Vec<Action>,
    ) {
        let (label, spec, tokens) = (of.label, of.spec, of.tokens);
        let frame = Frame::new()
            .fill(tokens.panel)
            .corner_radius(theme::RADIUS)
            .inner_margin(Margin::symmetric(12, 8));
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            let room = ui.available_width();
            let half = ((room - 12.0) / 2.0).floor();
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 12.0;
                named_ui(ui, "Called", half, tokens, |ui| {
                    of.title_ui(ui, drafts, focuses, actions);
                });
                named_ui(ui, "Kind", half, tokens, |ui| of.kind_ui(ui, half, actions));
            });
            if !of.kind().options().is_empty() || has_options(of.kind()) {
                named_ui(ui, "Values, one in a line", room, tokens, |ui| {
                    of.options_ui(ui, drafts, actions);
                });
            }
            named_ui(ui, "Help", room, tokens, |ui| {
                of.help_ui(ui, drafts, actions);
            });
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 12.0;
                let rest = room - 76.0 - 12.0;
                named_ui(ui, "Key", 76.0, tokens, |ui| {
                    of.key_ui(ui, model, drafts, actions);
                });
                named_ui(
                    ui,
                    "A new annotation has",
                    (rest * 0.5).floor(),
                    tokens,
                    |ui| {
                        of.default_ui(ui, (rest * 0.5).floor(), drafts, actions);
                    },
                );
                named_ui(
                    ui,
                    "Name in files",
                    (rest * 0.5).floor() - 12.0,
                    tokens,
                    |ui| {
                        of.file_name_ui(ui, drafts, actions);
                    },
                );
            });
            ui.horizontal_wrapped(|ui| {
                let mut required = spec.required;
                if ui.checkbox(&mut required, "Required").clicked() {
                    actions.push(of.set(AttributeField::Required(required)));
                }
                self.order_ui(ui, of, at, drafts, actions);
                if ui.button("Remove").clicked() {
                    drafts.flush(actions);
                    let (label, name) = (label.id.clone(), spec.name.clone());
                    let remove = CodebookAction::RemoveAttribute { label, name };
                    actions.push(Action::from(remove));
                }
                let used = used.and_then(|used| used.values.get(&spec.name));
                let n = used.map_or(0, |used| used.annotations);
                let told = count_grouped(n, "annotation says it", "annotations say it");
                ui.label(RichText::new(told).size(SMALL).weak());
            });
        });
    }

    /// Moves it among the others; it stays open.
    fn order_ui(
        &mut self,
        ui: &mut Ui,
        of: &Fields<'_>,
        at: usize,
        drafts: &mut Drafts,
        actions: &mut Vec<Action>,
    ) {
        let last = of.label.attributes.len().saturating_sub(1);
        for (text, to) in [("Up", at.checked_sub(1)), ("Down", Some(at + 1))] {
            let to = to.filter(|to| *to <= last);
            let name = format!("Move {} {}", of.spec.shown_title(), text.to_lowercase());
            let button = ui.add_enabled(to.is_some(), eframe::egui::Button::new(text));
            tell_more(ui.ctx(), button.id, &name);
            if let Some(to) = to.filter(|_| button.clicked()) {
                drafts.flush(actions);
                actions.push(of.set(AttributeField::Place(to)));
                self.open = Some(to);
            }
        }
    }
}

fn has_options(kind: &AttributeKind) -> bool {
    matches!(kind, AttributeKind::OneOf(_) | AttributeKind::SeveralOf(_))
}

/// A field under its name, so wide.
fn named_ui(ui: &mut Ui, name: &str, width: f32, tokens: &Tokens, add: impl FnOnce(&mut Ui)) {
    ui.vertical(|ui| {
        ui.set_width(width.max(40.0));
        caption_ui(ui, name, tokens);
        add(ui);
    });
}

/// The row of an attribute; `true` when it was pressed.
fn row_ui(
    ui: &mut Ui,
    spec: &AttributeSpec,
    at: usize,
    count: usize,
    is_open: bool,
    tokens: &Tokens,
) -> bool {
    let title = spec.shown_title();
    let kind = spec.kind.title();
    let required = if spec.required { ", required" } else { "" };
    let place = format!("{} of {count}", at + 1);
    let name = format!("Attribute {title}: {kind}{required}, {place}");
    let (rect, response) = pressed_row_ui(ui, ROW_HEIGHT, &name);
    tell_open(ui.ctx(), response.id, is_open);
    let state = RowState {
        is_chosen: is_open,
        ..RowState::default()
    };
    Ground::IN_PANEL.paint(ui, rect, state, response.hovered(), tokens);
    let painter = ui.painter();
    let middle = rect.center().y;
    let shown = if is_open { Icon::Down } else { Icon::Right };
    let at = pos2(rect.left() + 12.0, middle);
    icon::paint(painter, shown, at, 12.0, tokens.dim);
    let font = if spec.required {
        theme::strong_font(13.0)
    } else {
        FontId::proportional(13.0)
    };
    let mut right = rect.right() - 8.0;
    if let Some(key) = spec.key {
        let cap = pos2(right - 10.0, middle);
        row::key_cap(painter, cap, &key.to_uppercase().to_string(), tokens);
        right -= 28.0;
    }
    let left = rect.left() + 26.0;
    let width = (right - left).max(30.0);
    let line = |text: &str, font: FontId, color, at: f32, room: f32| {
        let line = row::line(painter, text, font, color, room.max(10.0));
        let top = middle - line.size().y / 2.0;
        painter.galley(pos2(left + at, top), line, color);
    };
    line(title, font, tokens.ink, 0.0, width * 0.34 - 8.0);
    let small = || FontId::proportional(SMALL);
    let mut values = spec.kind.options().join(", ");
    if spec.required {
        let gap = if values.is_empty() { "" } else { " · " };
        values = format!("required{gap}{values}");
    }
    // Where nothing stands behind it, the kind has the room.
    let room = if values.is_empty() { 0.66 } else { 0.26 };
    line(&kind, small(), tokens.dim, width * 0.34, width * room - 8.0);
    line(&values, small(), tokens.dim, width * 0.60, width * 0.40);
    response.clicked()
}

/// The fields of one attribute.
struct Fields<'a> {
    label: &'a Label,
    spec: &'a AttributeSpec,
    /// What waits for an answer of its label.
    asked: Option<&'a Waits>,
    /// What is written in its fields is of this.
    of: &'a str,
    tokens: &'a Tokens,
}

/// Attributes and roles may be called the same.
fn kept_under(attribute: &str) -> String {
    format!("attribute {attribute}")
}

impl Fields<'_> {
    /// The kind that it is to be, if that waits for an answer, or is.
    fn kind(&self) -> &AttributeKind {
        match self.asked {
            Some(Waits::Kind { name, kind, .. }) if *name == self.spec.name => kind,
            _ => &self.spec.kind,
        }
    }

    fn set(&self, field: AttributeField) -> Action {
        Action::from(CodebookAction::SetAttribute {
            label: self.label.id.clone(),
            name: self.spec.name.clone(),
            field,
        })
    }

    /// What keeps the text of a field.
    fn keeps<F: Fn(&str) -> AttributeField>(
        &self,
        field: F,
    ) -> impl Fn(&str) -> Option<Action> + use<F> {
        let (label, name) = (self.label.id.clone(), self.spec.name.clone());
        move |text| {
            Some(Action::from(CodebookAction::SetAttribute {
                label: label.clone(),
                name: name.clone(),
                field: field(text),
            }))
        }
    }

    fn title_ui(&self, ui: &mut Ui, drafts: &mut Drafts, focuses: bool, actions: &mut Vec<Action>) {
        let refusal = |text: &str| {
            if text.chars().count() > crate::core::codebook::MAX_NAME {
                "A name has at most 300 characters.".to_owned()
            } else {
                String::new()
            }
        };
        let field = Written {
            hint: "What it is called",
            refusal: &refusal,
            focuses,
            of: self.of,
            ..Written::new("Attribute called", &self.spec.title)
        };
        let keep = self.keeps(|text| AttributeField::Title(text.to_owned()));
        drafts.field_ui(ui, field, actions, self.tokens, keep);
    }

    fn help_ui(&self, ui: &mut Ui, drafts: &mut Drafts, actions: &mut Vec<Action>) {
        let field = Written {
            hint: "What to write, for those who annotate",
            of: self.of,
            ..Written::new("Help of the attribute", &self.spec.help)
        };
        let keep = self.keeps(|text| AttributeField::Help(text.trim().to_owned()));
        drafts.field_ui(ui, field, actions, self.tokens, keep);
    }

    fn key_ui(&self, ui: &mut Ui, model: &Model, drafts: &mut Drafts, actions: &mut Vec<Action>) {
        let value = self.spec.key.map(|key| key.to_uppercase().to_string());
        let value = value.unwrap_or_default();
        let refusal = |text: &str| {
            let key = last_char(text);
            if text.trim().chars().count() > 1 {
                return "A key is one character.".to_owned();
            }
            let stays = key.is_some() && key == self.spec.small_key();
            let command = key
                .filter(|_| !stays)
                .and_then(|key| model.command_with_key(key));
            if let Some(title) = command {
                return format!("It is the key of “{title}”.");
            }
            let mut others = self.label.attributes.iter();
            let others = others.find(|spec| {
                spec.name != self.spec.name && key.is_some() && spec.small_key() == key
            });
            match others {
                Some(other) => format!("It is the key of “{}”.", other.shown_title()),
                None => String::new(),
            }
        };
        let field = Written {
            hint: "none",
            refusal: &refusal,
            of: self.of,
            ..Written::new("Key of the attribute", &value)
        };
        let keep = self.keeps(|text| AttributeField::Key(last_char(text)));
        let response = drafts.field_ui(ui, field, actions, self.tokens, keep);
        response.on_hover_text("The key that goes to it while an annotation is selected");
    }

    fn file_name_ui(&self, ui: &mut Ui, drafts: &mut Drafts, actions: &mut Vec<Action>) {
        let refusal = |text: &str| {
            let text = text.trim();
            let is_taken = text != self.spec.name && self.label.attribute(text).is_some();
            match (text.is_empty(), is_taken) {
                (true, _) => "It needs a name.".to_owned(),
                (_, true) => format!("There already is an attribute “{text}”."),
                _ => String::new(),
            }
        };
        let asked = match self.asked {
            Some(Waits::Rename { name, new, .. }) if *name == self.spec.name => new,
            _ => &self.spec.name,
        };
        let field = Written {
            refusal: &refusal,
            of: self.of,
            ..Written::new("Name of the attribute in files", asked)
        };
        let (label, name) = (self.label.id.clone(), self.spec.name.clone());
        drafts.field_ui(ui, field, actions, self.tokens, move |text| {
            Some(Action::from(CodebookAction::RenameAttribute {
                label: label.clone(),
                name: name.clone(),
                new: text.to_owned(),
            }))
        });
    }

    fn kind_ui(&self, ui: &mut Ui, width: f32, actions: &mut Vec<Action>) {
        let current = self.kind();
        let shown = current.title();
        let pick = Pick::new("Kind of the attribute", &shown);
        pick.width(width).truncate().show(ui, |ui| {
            for kind in AttributeKind::all() {
                let is_it = std::mem::discriminant(&kind) == std::mem::discriminant(current);
                if option_ui(ui, is_it, kind.title()).clicked() && !is_it {
                    let options = current.options().to_vec();
                    let kind = match kind {
                        AttributeKind::OneOf(_) => AttributeKind::OneOf(options),
                        AttributeKind::SeveralOf(_) => AttributeKind::SeveralOf(options),
                        kind => kind,
                    };
                    actions.push(Action::from(CodebookAction::SetKind {
                        label: self.label.id.clone(),
                        name: self.spec.name.clone(),
                        kind,
                    }));
                }
            }
        });
    }

    fn options_ui(&self, ui: &mut Ui, drafts: &mut Drafts, actions: &mut Vec<Action>) {
        let kind = self.kind();
        let value = kind.options().join("\n");
        let field = Written {
            rows: Some(kind.options().len().clamp(2, 8)),
            of: self.of,
            ..Written::new("Values of the attribute", &value)
        };
        let (label, name) = (self.label.id.clone(), self.spec.name.clone());
        let code = kind.code().to_owned();
        drafts.field_ui(ui, field, actions, self.tokens, move |text| {
            Some(Action::from(CodebookAction::SetKind {
                label: label.clone(),
                name: name.clone(),
                kind: AttributeKind::of_code(&code, options_of(text)),
            }))
        });
    }

    fn default_ui(&self, ui: &mut Ui, width: f32, drafts: &mut Drafts, actions: &mut Vec<Action>) {
        const NAME: &str = "A new annotation has";
        const NOTHING: &str = "nothing";
        let value = self.spec.default.as_ref().map(|value| value.to_text());
        let kind = &self.spec.kind;
        let choices: Vec<&str> = match kind {
            AttributeKind::YesNo => vec!["yes", "no"],
            AttributeKind::OneOf(options) => options.iter().map(String::as_str).collect(),
            _ => {
                let value = value.unwrap_or_default();
                let refusal = |text: &str| {
                    let fits = text.trim().is_empty() || kind.fits(&kind.typed(text.trim()));
                    if fits {
                        String::new()
                    } else {
                        format!("It is no {}.", kind.title())
                    }
                };
                let field = Written {
                    hint: NOTHING,
                    refusal: &refusal,
                    of: self.of,
                    ..Written::new(NAME, &value)
                };
                let kind = kind.clone();
                let keep = self.keeps(move |text| {
                    let text = text.trim();
                    let value = (!text.is_empty()).then(|| kind.typed(text));
                    AttributeField::Default(value)
                });
                drafts.field_ui(ui, field, actions, self.tokens, keep);
                return;
            }
        };
        let shown = match (kind, value.as_deref()) {
            (_, None) => NOTHING,
            (AttributeKind::YesNo, Some("true")) => "yes",
            (AttributeKind::YesNo, Some("false")) => "no",
            (_, Some(value)) => value,
        };
        Pick::new(NAME, shown)
            .width(width)
            .truncate()
            .show(ui, |ui| {
                if option_ui(ui, shown == NOTHING, NOTHING).clicked() {
                    actions.push(self.set(AttributeField::Default(None)));
                }
                for choice in &choices {
                    if option_ui(ui, shown == *choice, *choice).clicked() {
                        let value = Some(kind.typed(choice));
                        actions.push(self.set(AttributeField::Default(value)));
                    }
                }
            });
    }
}

/// A value each line, once each.
fn options_of(text: &str) -> Vec<String> {
    let mut options: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !options.iter().any(|known| known == line) {
            options.push(line.to_owned());
        }
    }
    options
}
