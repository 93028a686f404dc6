//! The annotations made before the definition of their label changed: each in its text beside what the
//! label means now, confirmed or changed with one key.

use super::definition::{definition_ui, heading_ui, meant_ui};
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
use crate::ui::in_context::{Side, first_words, in_context_ui};
use crate::ui::kit::card::{Card, CardStep, scroll, split};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::list::{take_exactly, text_list_ui};
use crate::ui::kit::pick::Pick;
use crate::ui::kit::words::words_ui;
use crate::ui::label_pick::pick_label_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Event, Key, Modifiers, RichText, Ui};
use std::sync::Arc;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::Outdated, |_| {
    Box::new(OutdatedDialog::default())
})];

#[derive(Default)]
struct OutdatedDialog {
    /// What is shown, and where it was in the list that was found last: the list gets shorter while
    /// one works, and what is decided about is what was seen.
    current: Option<Place>,
    cursor: usize,
    /// What was done here and can be taken back, the last at the end.
    done: Vec<Done>,
    /// A verdict was asked for; the state of the project before it.
    pending: Option<(Done, u64)>,
}

/// A verdict that was one step.
struct Done {
    place: Place,
    verdict: Verdict,
    /// The state of the project after it.
    state: u64,
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
        self.settle(model);
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
            self.find_current(&found);
            let Some(cursor) = next_open(&found, self.cursor, &is_open) else {
                let told = if self.done.is_empty() {
                    "No annotation was made before the definition of its label changed."
                } else {
                    "All annotations are as their labels now mean them."
                };
                card.lead(ui, told);
                card.foot(ui, &self.done_text(model), |ui, card| card.done(ui));
                let undoes = takes_back(ui) && self.can_undo(model);
                return undoes.then_some((Asked::Undo, None));
            };
            let place = found.get(cursor)?;
            self.cursor = cursor;
            self.current = Some(place.clone());
            let n = count_grouped(found.len(), "annotation was", "annotations were");
            card.lead(ui, &format!("{n} made before the definition of their label changed. Enter confirms; the key of a label changes it to that; Delete moves it to the trash."));
            card.pane(ui, |ui| self.found_ui(ui, model, &found, &is_open, actions, tokens));
            let mut asked = pressed(ui, model, card.is_free(), self.can_undo(model));
            card.foot(ui, &self.done_text(model), |ui, card| {
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
            let asked = asked?;
            let next = next_open(&found, cursor + 1, &|other| other != place && is_open(other));
            let next = next.and_then(|at| found.get(at)).cloned();
            Some((asked, Some((place.clone(), next))))
        });
        match step {
            CardStep::Stays => CardStep::Stays,
            CardStep::Left => CardStep::Left,
            CardStep::Chosen((asked, at)) => match (asked, at) {
                (Asked::Show, Some(((article, id), _))) => {
                    actions.push(Action::GoToArticle(article));
                    actions.push(Action::SelectAnnotation { id, reveal: true });
                    CardStep::Chosen(())
                }
                (Asked::Undo, _) => {
                    self.current = self.done.pop().map(|done| done.place);
                    actions.push(Action::Run(Command::Undo));
                    CardStep::Stays
                }
                (Asked::Verdict(verdict), Some((place, next))) => {
                    let (article, annotation) = place.clone();
                    let state = model.session().state();
                    let done = Done {
                        place,
                        verdict: verdict.clone(),
                        state,
                    };
                    self.pending = Some((done, state));
                    self.current = next;
                    actions.push(Action::Judge {
                        article,
                        annotation,
                        verdict,
                    });
                    CardStep::Stays
                }
                (Asked::Show | Asked::Verdict(_), None) => CardStep::Stays,
            },
        }
    }
}

/// What the keyboard asks for.
fn pressed(ui: &Ui, model: &Model, is_free: bool, can_undo: bool) -> Option<Asked> {
    let codebook = model.session().project().codebook();
    if takes_back(ui) {
        return can_undo.then_some(Asked::Undo);
    }
    ui.input_mut(|input| {
        if is_free && take_exactly(input, Modifiers::NONE, Key::Delete) {
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

fn takes_back(ui: &Ui) -> bool {
    ui.input_mut(|input| take_exactly(input, Modifiers::COMMAND, Key::Z))
}

/// The first that is open from a place on, and round again.
fn next_open(found: &[Place], from: usize, is_open: &dyn Fn(&Place) -> bool) -> Option<usize> {
    let from = from.min(found.len());
    let mut all = (from..found.len()).chain(0..from);
    all.find(|at| found.get(*at).is_some_and(is_open))
}

impl OutdatedDialog {
    /// What was asked for is done by now: it counts if it was a step.
    fn settle(&mut self, model: &Model) {
        let state = model.session().state();
        if let Some((mut done, before)) = self.pending.take()
            && state != before
        {
            done.state = state;
            self.done.push(done);
        }
    }

    /// Whether the last step of the project was done here.
    fn can_undo(&self, model: &Model) -> bool {
        let last = self.done.last();
        last.is_some_and(|done| done.state == model.session().state())
    }

    /// Where what is shown stands in a list that may be another one by now.
    fn find_current(&mut self, found: &[Place]) {
        let Some(current) = &self.current else {
            return;
        };
        if found.get(self.cursor) != Some(current) {
            let at = found.iter().position(|place| place == current);
            self.cursor = at.unwrap_or(self.cursor);
        }
    }

    fn done_text(&self, model: &Model) -> String {
        let of = |is_it: fn(&Verdict) -> bool, word: &str| {
            let n = self.done.iter().filter(|done| is_it(&done.verdict)).count();
            (n > 0).then(|| format!("{n} {word}"))
        };
        let told = [
            of(|verdict| matches!(verdict, Verdict::Confirm), "confirmed"),
            of(|verdict| matches!(verdict, Verdict::Relabel(_)), "changed"),
            of(|verdict| matches!(verdict, Verdict::Trash), "deleted"),
        ];
        let told: Vec<String> = told.into_iter().flatten().collect();
        match told.join(", ").as_str() {
            "" => String::new(),
            told if self.can_undo(model) => format!("{told}. Ctrl+Z takes the last back."),
            told => format!("{told}."),
        }
    }

    fn found_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        found: &[Place],
        is_open: &dyn Fn(&Place) -> bool,
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
        let before = self.cursor;
        let cursor = &mut self.cursor;
        text_list_ui(&mut left, "Annotations", cursor, found.len(), tokens, row);
        if self.cursor < before && !found.get(self.cursor).is_some_and(is_open) {
            // Upwards past what was decided.
            let mut above = (0..self.cursor).rev();
            let above = above.find(|at| found.get(*at).is_some_and(is_open));
            self.cursor = above.unwrap_or(before);
        }
        let shown = found.get(self.cursor);
        self.current = shown.cloned();
        let Some((article, annotation)) = shown.and_then(|place| at(model, place)) else {
            return;
        };
        scroll(&mut right, "annotation", |ui| {
            let color = tokens.label(codebook.color_of(annotation.label.as_str()));
            let font = theme::reading_font(model.settings().reading_font, 15.0);
            let title = RichText::new(article.shown_title());
            words_ui(ui, title.font(theme::strong_font(13.0)));
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
                (ranges, ranges, Side::Before),
                color,
                &font,
                tokens,
            );
            ui.add_space(10.0);
            let revision = annotation.codebook_revision;
            if let Some(was) = codebook.meant_under(&annotation.label, revision) {
                meant_ui(ui, was, tokens);
                ui.add_space(10.0);
                heading_ui(ui, "What it means now");
            }
            if let Some(label) = label {
                definition_ui(ui, model, label, actions, tokens);
            }
        });
    }
}
