//! The annotations made before the definition of their label changed: each in its text beside what the
//! label means now, confirmed or changed with one key.

use super::definition::definition_ui;
use super::in_context::{first_words, in_context_ui};
use super::{Dialog, Opener};
use crate::app::action::{Action, Verdict};
use crate::app::command::Command;
use crate::app::derived::labels::Pickable;
use crate::app::model::{Model, OutdatedAnnotations};
use crate::app::words::count_grouped;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::recipes::codebook::is_outdated;
use crate::ui::kit::card::{Card, CardStep, scroll, split};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::list::text_list_ui;
use crate::ui::kit::pick::Pick;
use crate::ui::label_pick::pick_label_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Event, Key, Modifiers, RichText, Ui};
use std::sync::Arc;

pub(super) const OPENS: Opener =
    Opener::new(Command::Outdated, |_| Box::new(OutdatedDialog::default()));

#[derive(Default)]
struct OutdatedDialog {
    cursor: usize,
    confirmed: usize,
    changed: usize,
}

/// What was asked for in the dialog.
enum Asked {
    Verdict(Verdict),
    Show,
    Undo,
}

type Place = (ArticleId, AnnotationId);

fn at<'a>(model: &'a Model, place: &Place) -> Option<(&'a Arc<Article>, &'a Arc<Annotation>)> {
    let article = model.session().project().article(&place.0)?;
    Some((article, article.annotations.get(place.1.as_str())?))
}

impl Dialog for OutdatedDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let card = Card::work("outdated", "Made under an older definition");
        let step = card.show(ctx, |ui, card| {
            let codebook = model.session().project().codebook();
            let outdated = model.derived_later(&OutdatedAnnotations);
            let Some(found) = outdated.value else {
                card.lead(ui, "Looking through all annotations…");
                card.foot(ui, "", |ui, card| card.close(ui, "Close"));
                return None;
            };
            // What was found may be from before the last verdict.
            let is_open = |place: &Place| {
                at(model, place).is_some_and(|(_, annotation)| is_outdated(codebook, annotation))
            };
            let after = found.iter().enumerate().skip(self.cursor);
            let mut next = after.chain(found.iter().enumerate().take(self.cursor));
            let Some((cursor, place)) = next.find(|(_, place)| is_open(place)) else {
                let told = if self.confirmed + self.changed > 0 {
                    "All annotations are as their labels now mean them."
                } else {
                    "No annotation was made before the definition of its label changed."
                };
                card.lead(ui, told);
                card.closing_foot(ui);
                return None;
            };
            self.cursor = cursor;
            let n = count_grouped(found.len(), "annotation was", "annotations were");
            card.lead(ui, &format!("{n} made before the definition of their label changed. Enter confirms; the key of a label changes it to that; Delete moves it to the trash."));
            card.pane(ui, |ui| self.found_ui(ui, model, &found, actions, tokens));
            let mut asked = pressed(ui, model, card.is_free());
            card.foot(ui, &self.done_text(), |ui, card| {
                let pick = Pick::new("Change the label to", "Change to…").width(110.0);
                let which = Pickable::OfferedOr(None);
                if let Some(label) = pick_label_ui(ui, model, pick, which, None, None).flatten() {
                    asked = Some(Asked::Verdict(Verdict::Relabel(label)));
                }
                if ui.button("Show").on_hover_text("Go to it in its article, to move its edges").clicked() {
                    asked = Some(Asked::Show);
                }
                card.close(ui, "Close");
                if card.main(ui, None, "Confirm", "It is what its label now means") {
                    asked = Some(Asked::Verdict(Verdict::Confirm));
                }
            });
            asked.map(|asked| (asked, place.clone()))
        });
        match step {
            CardStep::Stays => CardStep::Stays,
            CardStep::Left => CardStep::Left,
            CardStep::Chosen((asked, (article, id))) => match asked {
                Asked::Show => {
                    actions.push(Action::GoToArticle(article));
                    actions.push(Action::SelectAnnotation { id, reveal: true });
                    CardStep::Chosen(())
                }
                Asked::Undo => {
                    actions.push(Action::Run(Command::Undo));
                    CardStep::Stays
                }
                Asked::Verdict(verdict) => {
                    match verdict {
                        Verdict::Confirm => self.confirmed += 1,
                        Verdict::Relabel(_) | Verdict::Trash => self.changed += 1,
                    }
                    actions.push(Action::Judge {
                        article,
                        annotation: id,
                        verdict,
                    });
                    CardStep::Stays
                }
            },
        }
    }
}

/// What the keyboard asks for.
fn pressed(ui: &Ui, model: &Model, is_free: bool) -> Option<Asked> {
    let codebook = model.session().project().codebook();
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::COMMAND, Key::Z) {
            return Some(Asked::Undo);
        }
        if is_free && input.consume_key(Modifiers::NONE, Key::Delete) {
            return Some(Asked::Verdict(Verdict::Trash));
        }
        let typed = input.events.iter().find_map(|event| match event {
            Event::Text(text) => text.chars().flat_map(char::to_lowercase).next(),
            _ => None,
        })?;
        let label = codebook.label_with_key(typed)?;
        Some(Asked::Verdict(Verdict::Relabel(label.id.clone())))
    })
}

impl OutdatedDialog {
    fn done_text(&self) -> String {
        match (self.confirmed, self.changed) {
            (0, 0) => String::new(),
            (confirmed, changed) => {
                format!("{confirmed} confirmed, {changed} changed. Ctrl+Z takes the last back.")
            }
        }
    }

    fn found_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        found: &[Place],
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let codebook = model.session().project().codebook();
        let (mut left, mut right) = split(ui, 300.0);
        let row = |i: usize| {
            let Some((article, annotation)) = found.get(i).and_then(|place| at(model, place))
            else {
                return TextRow::default();
            };
            TextRow {
                text: first_words(&article.text, &annotation.fragments, 80),
                detail: codebook.name_of(&annotation.label).to_owned(),
                is_dim: !is_outdated(codebook, annotation),
                ..TextRow::default()
            }
        };
        let cursor = &mut self.cursor;
        text_list_ui(&mut left, "Annotations", cursor, found.len(), tokens, row);
        let Some((article, annotation)) = found.get(*cursor).and_then(|place| at(model, place))
        else {
            return;
        };
        scroll(&mut right, "annotation", |ui| {
            let color = tokens.label(codebook.color_of(annotation.label.as_str()));
            let font = theme::reading_font(model.settings().reading_font, 15.0);
            ui.label(RichText::new(article.shown_title()).font(theme::strong_font(13.0)));
            let by = model
                .session()
                .project()
                .annotator_name(&annotation.annotator);
            let label = codebook.label(annotation.label.as_str());
            let since = label.map_or(0, |label| label.redefined);
            ui.weak(format!(
                "By {by}, under revision {}; the definition is of revision {since}",
                annotation.codebook_revision
            ));
            ui.add_space(6.0);
            let ranges = &annotation.fragments;
            in_context_ui(
                ui,
                &article.text,
                (ranges, ranges, true),
                color,
                &font,
                tokens,
            );
            ui.add_space(10.0);
            if let Some(label) = label {
                definition_ui(ui, model, label, actions, tokens);
            }
        });
    }
}
