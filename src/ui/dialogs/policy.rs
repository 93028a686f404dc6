//! The annotations that a label's policy would have elsewhere: each before and after, in its text,
//! with a tick; they are moved as one step.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::derived::labels::Pickable;
use crate::app::jobs::JobKind;
use crate::app::model::{Model, PolicyReview};
use crate::app::words::count_grouped;
use crate::core::codebook::{EdgeRule, Edges};
use crate::core::ids::LabelId;
use crate::core::recipes::codebook::Moved;
use crate::ui::in_context::{Side, first_words, in_context_ui, words_beyond};
use crate::ui::kit::card::{Card, CardStep, scroll, split};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::list::List;
use crate::ui::kit::pick::Pick;
use crate::ui::kit::words::{weak_words_ui, words_ui};
use crate::ui::label_pick::pick_label_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Key, Modifiers, ProgressBar, RichText, Ui};
use std::collections::BTreeSet;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::ReviewPolicy, |_| {
    Box::new(PolicyDialog::default())
})];

#[derive(Default)]
struct PolicyDialog {
    cursor: usize,
    /// Those that stay as they are, by their places.
    left_out: BTreeSet<usize>,
}

/// The rules of a policy in words.
fn rules_text(edges: &Edges) -> String {
    let rules = [
        (&edges.quotation_marks, "quotation marks"),
        (&edges.closing_punctuation, "closing punctuation"),
        (&edges.leading_that, "a leading “that”"),
        (&edges.speaker_title, "titles"),
        (&edges.white_space, "white space"),
    ];
    let said = rules.into_iter().filter_map(|(rule, what)| match rule {
        EdgeRule::In => Some(format!("{what} in")),
        EdgeRule::Out => Some(format!("{what} out")),
        EdgeRule::AsMarked | EdgeRule::Later(_) => None,
    });
    let said: Vec<String> = said.collect();
    match said.as_slice() {
        [] => "edges as they were marked".to_owned(),
        said => said.join(", "),
    }
}

/// What is found, and which label it is of; the label can be another one.
fn label_ui(ui: &mut Ui, model: &Model, review: &PolicyReview, actions: &mut Vec<Action>) {
    let codebook = model.session().project().codebook();
    let name = codebook.name_of(&review.label);
    ui.horizontal(|ui| {
        let pick = Pick::new("Label", name).width(200.0).truncate();
        let this = Some(&review.label);
        let picked = pick_label_ui(ui, model, pick, Pickable::All, this, None);
        let other = picked.flatten().filter(|label| *label != review.label);
        actions.extend(other.map(Action::ReviewPolicy));
        let edges = codebook.label(review.label.as_str()).map(|l| &l.edges);
        if let Some(edges) = edges {
            ui.weak(format!("Policy: {}", rules_text(edges)));
        }
    });
}

impl Dialog for PolicyDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let card = Card::work("policy", "Boundaries of existing annotations");
        let step = card.show(ctx, |ui, card| {
            let Some(review) = model.policy_review() else {
                card.lead(ui, "Nothing was looked through.");
                card.closing_foot(ui);
                return None;
            };
            card.line(ui, |ui| label_ui(ui, model, review, actions));
            let Some(found) = &review.found else {
                let mut running = model.jobs().running().iter();
                let job = running.rfind(|job| job.kind == JobKind::Policy);
                let share = job.and_then(|job| job.share()).unwrap_or(0.0);
                let bar = ProgressBar::new(share).text("Looking through all articles");
                card.body(ui, |ui| ui.add(bar));
                card.foot(ui, "", |ui, card| card.close(ui, "Cancel"));
                return None;
            };
            if found.is_empty() {
                let told = match review.of {
                    0 => "No annotation has this label.".to_owned(),
                    n => format!(
                        "All {} have the edges that the policy says. What a drag snaps to is for new marks, and is not compared.",
                        count_grouped(n, "annotation", "annotations")
                    ),
                };
                card.lead(ui, &told);
                card.closing_foot(ui);
                return None;
            }
            let n = found.len() - self.left_out.len();
            let of = count_grouped(review.of, "annotation", "annotations");
            card.lead(ui, &format!(
                "{} of {of} end otherwise than the policy says. Those that are ticked are moved.",
                count_grouped(found.len(), "", "").trim(),
            ));
            let is_free = card.is_free();
            card.pane(ui, |ui| {
                self.found_ui(ui, is_free, model, (&review.label, found), tokens);
            });
            card.foot(ui, "One step, which undo takes back", |ui, card| {
                let all = if self.left_out.is_empty() {
                    "Tick none"
                } else {
                    "Tick all"
                };
                if ui.button(all).on_hover_text("Space ticks one").clicked() {
                    self.left_out = if self.left_out.is_empty() {
                        (0..found.len()).collect()
                    } else {
                        BTreeSet::new()
                    };
                }
                card.close(ui, "Cancel");
                let refusal = (n == 0).then_some("None is ticked");
                let text = format!("Move {}", count_grouped(n, "annotation", "annotations"));
                card.main(ui, refusal, text, "")
                    .then(|| Action::ApplyPolicy {
                        left_out: self.left_out.clone(),
                    })
            })
        });
        step.leave_with(|action| actions.push(action))
    }
}

impl PolicyDialog {
    fn found_ui(
        &mut self,
        ui: &mut Ui,
        is_free: bool,
        model: &Model,
        (label, found): (&LabelId, &[Moved]),
        tokens: &Tokens,
    ) {
        let project = model.session().project();
        let (mut left, mut right) = split(ui, 330.0);
        self.cursor = self.cursor.min(found.len().saturating_sub(1));
        let left_out = &self.left_out;
        let mut ticked = None;
        let step = List::in_card(
            "Differences",
            found.len(),
            TextRow::HEIGHT,
            left.available_height(),
        )
        .with_ticks()
        .cursor(Some(self.cursor))
        .filled()
        .show(&mut left, |ui, at, state| {
            let moved = found.get(at);
            let article = moved.and_then(|moved| project.article(&moved.article));
            let (Some(moved), Some(article)) = (moved, article) else {
                return TextRow::default().ui(ui, state.has_ring, tokens);
            };
            let row = TextRow {
                text: first_words(&article.text, &moved.old, 80),
                detail: article.shown_title().into_owned(),
                is_ticked: Some(!left_out.contains(&at)),
                ..TextRow::default()
            };
            let response = row.ui(ui, state.has_ring, tokens);
            let at_box = response.interact_pointer_pos();
            let is_at_box = at_box.is_some_and(|pos| pos.x < response.rect.left() + 44.0);
            if response.clicked() && is_at_box {
                ticked = Some(at);
            }
            response
        });
        self.cursor = step.clicked.or(step.moved).unwrap_or(self.cursor);
        let space = is_free && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Space));
        if let Some(at) = ticked.or(space.then_some(self.cursor))
            && !self.left_out.remove(&at)
        {
            self.left_out.insert(at);
        }
        let Some(moved) = found.get(self.cursor) else {
            return;
        };
        scroll(&mut right, "difference", |ui| {
            moved_ui(ui, model, label, moved, tokens);
        });
    }
}

/// One of them: as it is, as it would be, and what that is in words.
fn moved_ui(ui: &mut Ui, model: &Model, label: &LabelId, moved: &Moved, tokens: &Tokens) {
    let project = model.session().project();
    let Some(article) = project.article(&moved.article) else {
        ui.weak("Its article is gone.");
        return;
    };
    let text = &article.text;
    let color = tokens.label(project.codebook().color_of(label.as_str()));
    let font = theme::reading_font(model.settings().reading_font, 15.0);
    let title = RichText::new(article.shown_title());
    words_ui(ui, title.font(theme::strong_font(13.0)));
    for (told, words) in [
        (
            "Leaves the mark",
            words_beyond(text, &moved.old, &moved.new),
        ),
        (
            "Enters the mark",
            words_beyond(text, &moved.new, &moved.old),
        ),
    ] {
        if !words.is_empty() {
            weak_words_ui(ui, format!("{told}: {}", words.join(" · ")));
        }
    }
    for (title, side) in [("Before", Side::Before), ("After", Side::After)] {
        ui.add_space(8.0);
        ui.weak(title);
        let shown = (moved.old.as_slice(), moved.new.as_slice(), side);
        in_context_ui(ui, text, shown, color, &font, tokens);
    }
}
