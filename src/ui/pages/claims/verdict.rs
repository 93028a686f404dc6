//! What checking a claim found: a verdict, and the evidence that it rests on.

use crate::app::action::Action;
use crate::app::action::claims::ClaimsAction;
use crate::app::clock;
use crate::app::model::Model;
use crate::app::words::{count_grouped, day};
use crate::core::claims::board::One;
use crate::core::codebook::{AttributeKind, Part, Thing};
use crate::core::project::Evidence;
use crate::core::recipes::groups::Say;
use crate::core::shown::shown;
use crate::ui::kit::field::Field;
use crate::ui::kit::pick::{Pick, option_ui};
use crate::ui::kit::tell;
use crate::ui::pages::drafts::{Drafts, Written};
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{Frame, InputState, Key, Label, Margin, Response, RichText, Ui};

pub(super) fn say(one: &One, what: Say) -> Action {
    ClaimsAction::Say(one.clone(), Box::new(what)).into()
}

/// What is offered where the codebook offers nothing.
const USUAL: [&str; 6] = [
    "True",
    "Mostly true",
    "Misleading",
    "Mostly false",
    "False",
    "Cannot be checked",
];

/// The verdicts of the codebook, or the usual ones.
fn offered(model: &Model) -> Vec<String> {
    let codebook = model.session().project().codebook();
    let label = codebook.label_for(&Thing::Claim);
    let spec = label.and_then(|label| label.part(Part::Verdict));
    match spec.map(|spec| &spec.kind) {
        Some(AttributeKind::OneOf(options)) if !options.is_empty() => options.clone(),
        _ => USUAL.iter().map(|&verdict| verdict.to_owned()).collect(),
    }
}

pub(super) fn verdict_ui(
    ui: &mut Ui,
    model: &Model,
    one: &One,
    verdict: &str,
    drafts: &mut Drafts,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let heading = ui.label(RichText::new("Verdict").font(theme::strong_font(13.0)));
    tell(&heading, Role::Heading, "Verdict");
    let now = match verdict {
        "" => "Choose a verdict".to_owned(),
        verdict => shown(verdict).into_owned(),
    };
    let width = (ui.available_width() - 4.0).max(80.0);
    Pick::new("Verdict of the claim", now)
        .width(width)
        .truncate()
        .show(ui, |ui| {
            if !verdict.is_empty() && option_ui(ui, false, "No verdict yet").clicked() {
                actions.push(say(one, Say::Verdict(String::new())));
            }
            for other in offered(model) {
                let is_it = other == verdict;
                let name = shown(&other).into_owned();
                if option_ui(ui, is_it, name).clicked() && !is_it {
                    actions.push(say(one, Say::Verdict(other)));
                }
            }
        });
    let of = one.clone();
    let written = Written {
        hint: "or in your own words",
        ..Written::new("Verdict in own words", verdict)
    };
    drafts.field_ui(ui, written, actions, tokens, move |text| {
        Some(say(&of, Say::Verdict(text.to_owned())))
    });
}

/// Evidence that is being written, by its place; a new one stands behind the last.
#[derive(Default)]
pub(super) struct EvidencePart {
    edited: Option<(usize, Evidence)>,
    focuses: bool,
}

impl EvidencePart {
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        one: &One,
        drafts: &mut Drafts,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let project = model.session().project();
        let group = match one {
            One::Group(id) => project.group(id),
            One::Alone(_) => None,
        };
        let evidence = group.map_or(&[][..], |group| &group.evidence);
        if !evidence.is_empty() {
            let told = count_grouped(evidence.len(), "piece of evidence", "pieces of evidence");
            ui.label(RichText::new(told).size(SMALL).color(tokens.dim));
        }
        for (at, known) in evidence.iter().enumerate() {
            if self
                .edited
                .as_ref()
                .is_some_and(|(edited, _)| *edited == at)
            {
                self.form_ui(ui, one, actions, tokens);
            } else {
                self.evidence_ui(ui, one, at, known, actions, tokens);
            }
        }
        let count = evidence.len();
        match &self.edited {
            Some((at, _)) if *at >= count => self.form_ui(ui, one, actions, tokens),
            Some(_) => {}
            None => {
                ui.horizontal(|ui| {
                    if ui.button("Add evidence").clicked() {
                        drafts.flush(actions);
                        let name = project.annotator_name(model.session().annotator());
                        let evidence = Evidence {
                            date: clock::today().to_string(),
                            checked_by: name.to_owned(),
                            ..Evidence::default()
                        };
                        self.edited = Some((count, evidence));
                        self.focuses = true;
                    }
                    let told = "address, note, date, checked by";
                    ui.label(RichText::new(told).size(SMALL).color(tokens.dim));
                });
            }
        }
    }

    fn evidence_ui(
        &mut self,
        ui: &mut Ui,
        one: &One,
        at: usize,
        known: &Evidence,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let address = shown(&known.url).into_owned();
        ui.horizontal(|ui| {
            let room = (ui.available_width() - 120.0).max(60.0);
            ui.allocate_ui(eframe::egui::vec2(room, 20.0), |ui| {
                let text = match address.as_str() {
                    "" => RichText::new("No address").color(tokens.dim),
                    address => RichText::new(address),
                };
                ui.add(Label::new(text).truncate()).on_hover_text(&address);
            });
            let edit = ui.button("Edit");
            tell(&edit, Role::Button, &format!("Edit the evidence {address}"));
            if edit.clicked() {
                self.edited = Some((at, known.clone()));
                self.focuses = true;
            }
            let remove = ui.button("Remove");
            tell(
                &remove,
                Role::Button,
                &format!("Remove the evidence {address}"),
            );
            if remove.clicked() {
                actions.push(say(one, Say::Evidence(at, None)));
            }
        });
        let date = day(&known.date);
        let parts = [
            known.note.as_str(),
            date.as_str(),
            known.checked_by.as_str(),
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if !parts.is_empty() {
            let told = shown(&parts.join(" · ")).into_owned();
            ui.add(Label::new(RichText::new(told).size(SMALL).color(tokens.dim)).wrap());
        }
    }

    fn form_ui(&mut self, ui: &mut Ui, one: &One, actions: &mut Vec<Action>, tokens: &Tokens) {
        let Some((at, evidence)) = &mut self.edited else {
            return;
        };
        let at = *at;
        let mut is_done = None;
        Frame::new()
            .fill(tokens.page)
            .stroke((1.0, tokens.line))
            .corner_radius(theme::RADIUS)
            .inner_margin(Margin::same(10))
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 6.0;
                // Enter in any of the fields keeps it.
                let mut is_entered = false;
                let mut hear = |field: &Response| {
                    let enters = |input: &InputState| input.key_pressed(Key::Enter);
                    is_entered |= field.lost_focus() && field.ctx.input(enters);
                };
                let address = Field::new("Address of the evidence", &mut evidence.url);
                let address = address.hint("https://…").show(ui);
                hear(&address);
                if std::mem::take(&mut self.focuses) {
                    address.request_focus();
                }
                let note = Field::new("Note on the evidence", &mut evidence.note);
                hear(&note.hint("What it shows").show(ui));
                ui.horizontal(|ui| {
                    let width = (ui.available_width() - 8.0) / 2.0;
                    let date = Field::new("Date of the evidence", &mut evidence.date);
                    hear(&date.hint("2024-05-14").width(width).show(ui));
                    let by = Field::new("Checked by", &mut evidence.checked_by);
                    hear(&by.hint("Checked by").width(width).show(ui));
                });
                let has_words = !evidence.url.trim().is_empty() || !evidence.note.trim().is_empty();
                if is_entered && has_words {
                    is_done = Some(true);
                }
                ui.horizontal(|ui| {
                    let is_empty =
                        evidence.url.trim().is_empty() && evidence.note.trim().is_empty();
                    ui.add_enabled_ui(!is_empty, |ui| {
                        let keep = ui.button("Keep evidence");
                        let keep = keep.on_disabled_hover_text("Write an address or a note first");
                        if keep.clicked() {
                            is_done = Some(true);
                        }
                    });
                    if ui.button("Cancel").clicked() {
                        is_done = Some(false);
                    }
                });
            });
        if is_done == Some(true)
            && let Some((_, evidence)) = self.edited.take()
        {
            actions.push(say(one, Say::Evidence(at, Some(evidence))));
        } else if is_done == Some(false) {
            self.edited = None;
        }
    }
}
