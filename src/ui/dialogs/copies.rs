//! Articles of the project that say the same, in groups: keep one, group them, or leave them.

use super::wording::wording_ui;
use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::derived::wording::WordingBetween;
use crate::app::jobs::JobKind;
use crate::app::model::Model;
use crate::app::words::count;
use crate::core::ids::ArticleId;
use crate::ui::kit::card::{Card, CardStep, scroll, split};
use crate::ui::kit::entry::FileRow;
use crate::ui::kit::icon::Icon;
use crate::ui::kit::list::file_list_ui;
use crate::ui::theme::Tokens;
use eframe::egui::{Context, ProgressBar};

pub(super) const OPENS: &[Opener] = &[
    Opener::new(Command::FindCopies, |_| Box::new(CopiesDialog::default())),
    Opener::new(Command::CompareVersions, |_| Box::new(versions_ui)),
];

struct CopiesDialog {
    cursor: usize,
    carries: bool,
}

impl Default for CopiesDialog {
    fn default() -> Self {
        Self {
            cursor: 0,
            carries: true,
        }
    }
}

impl Dialog for CopiesDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let card = Card::work("copies", "Copies").light();
        let step = card.show(ctx, |ui, card| {
            let Some(copies) = model.copies() else {
                let mut running = model.jobs().running().iter();
                let job = running.rfind(|job| job.kind == JobKind::Copies);
                let share = job.and_then(|job| job.share()).unwrap_or(0.0);
                card.body(ui, |ui| ui.add(ProgressBar::new(share).text("Comparing all articles")));
                card.foot(ui, "", |ui, card| card.close(ui, "Cancel"));
                return None;
            };
            let (groups, members) = (&copies.groups, &copies.members);
            if groups.is_empty() {
                card.lead(ui, "No two articles of this project say the same.");
                card.closing_foot(ui);
                return None;
            }
            let project = model.session().project();
            let (total, n) = (members.len(), groups.len());
            card.lead(ui, &format!("{total} articles in {n} groups say the same, or nearly."));
            let member = |at: usize| {
                let (g, m) = members.get(at).copied()?;
                let (id, likeness) = groups.get(g)?.get(m)?;
                Some((g, m, id, *likeness))
            };
            let row = |i: usize| {
                let (g, m, id, likeness) = member(i)?;
                let article = project.article(id);
                let annotations = article.map_or(0, |a| a.annotations.len());
                let mut said = vec![if m == 0 {
                    format!("Group {}", g + 1)
                } else {
                    likeness.to_string()
                }];
                if annotations > 0 {
                    said.push(count(annotations, "annotation", "annotations"));
                }
                said.push(article.map(|a| model.byline_of(a)).unwrap_or_default());
                said.retain(|part| !part.is_empty());
                // The first one of each group stands out.
                let color = if m == 0 { tokens.accent } else { tokens.dim };
                Some(FileRow {
                    icon: (Icon::Copies, color),
                    text: article.map(|a| a.shown_title().into_owned()).unwrap_or_default(),
                    second: said.join(" · "),
                    color: tokens.dim,
                })
            };
            let Some((g, m, id, _)) = member(self.cursor) else {
                card.closing_foot(ui);
                return None;
            };
            let mut action = None;
            let group: Vec<ArticleId> = groups.get(g).into_iter().flatten().map(|(id, _)| id.clone()).collect();
            // The first is compared with the second, every other one with the first.
            let other = if m == 0 { group.get(1) } else { group.first() };
            let cursor = &mut self.cursor;
            let carries = &mut self.carries;
            card.pane(ui, |ui| {
                let (mut left, mut right) = split(ui, 400.0);
                file_list_ui(&mut left, "Copies", cursor, members.len(), tokens, row);
                scroll(&mut right, "copy", |ui| {
                    ui.checkbox(carries, "with their annotations")
                        .on_hover_text("When one is kept: annotations of the others go over to it where its text has their words");
                    if let Some(other) = other
                        && let (Some(old), Some(new)) = (project.article(other), project.article(id))
                    {
                        let wording = model.derived_later(&WordingBetween {
                            old: old.text.clone(),
                            new: new.text.clone(),
                        });
                        wording_ui(ui, &wording, tokens);
                    }
                });
            });
            card.foot(ui, "", |ui, card| {
                if ui.button("Show").on_hover_text("Go to this article").clicked() {
                    action = Some(Action::GoToArticle(id.clone()));
                }
                if ui.button("Group them").on_hover_text("All stay, with the same value in the metadata field “group”").clicked() {
                    action = Some(Action::GroupCopies(group.clone()));
                }
                let keep = match group.len() - 1 {
                    1 => "Keep this, the other to the trash".to_owned(),
                    n => format!("Keep this, the other {n} to the trash"),
                };
                let help = "one step, which undo takes back";
                card.close(ui, "Close");
                if card.main(ui, None, keep, help) {
                    action = Some(Action::KeepCopy {
                        keep: id.clone(),
                        others: group.clone(),
                        carries: *carries,
                    });
                }
            });
            action
        });
        match step {
            CardStep::Left if model.copies().is_none() => {
                actions.push(Action::CancelCopies);
                CardStep::Left
            }
            CardStep::Chosen(action @ Action::GoToArticle(_)) => {
                actions.push(action);
                CardStep::Chosen(())
            }
            step => step.stay_with(|action| actions.push(action)),
        }
    }
}

/// What changed between the shown article and the version that it replaced.
fn versions_ui(ctx: &Context, model: &Model, _: &mut Vec<Action>, tokens: &Tokens) -> CardStep {
    let card = Card::work("versions", "What changed in the wording").light();
    card.show(ctx, |ui, card| {
        match (model.previous_version(), model.article()) {
            (Some(old), Some(new)) => {
                let when = |article: &crate::core::article::Article| model.byline_of(article);
                card.lead(ui, &format!("From: {}. To: {}.", when(old), when(new)));
                let wording = model.derived_later(&WordingBetween {
                    old: old.text.clone(),
                    new: new.text.clone(),
                });
                card.body(ui, |ui| wording_ui(ui, &wording, tokens));
            }
            _ => {
                card.lead(
                    ui,
                    "The version that this article replaced is not in the trash any more.",
                );
            }
        }
        card.closing_foot(ui);
        None
    })
}
