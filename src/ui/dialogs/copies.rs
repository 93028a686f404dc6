//! Articles of the project that say the same, in groups: keep one, group them, or leave them.

use super::list::{Row, list_ui};
use super::wording::wording_ui;
use crate::app::action::Action;
use crate::app::derived::wording::WordingBetween;
use crate::app::jobs::JobKind;
use crate::app::model::Model;
use crate::core::ids::ArticleId;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{self, Button, Context, Modal, ProgressBar, RichText, ScrollArea};

pub(crate) struct CopiesDialog {
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

impl CopiesDialog {
    /// Draws it; `false` when it is to be closed.
    pub(crate) fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> bool {
        let mut action = None;
        let modal = Modal::new(egui::Id::unique("copies")).show(ctx, |ui| {
            ui.set_width((ctx.content_rect().width() - 80.0).clamp(480.0, 820.0));
            ui.label(RichText::new("Copies").font(theme::strong_font(18.0)));
            let close = |ui: &mut egui::Ui| {
                ui.add_space(10.0);
                ui.button("Close").on_hover_text("Esc").clicked()
            };
            let Some(copies) = model.copies() else {
                let mut running = model.jobs().running().iter();
                let job = running.rfind(|job| job.kind == JobKind::Copies);
                let share = job.and_then(|job| job.share()).unwrap_or(0.0);
                ui.add(ProgressBar::new(share).text("Comparing all articles"));
                if close(ui) {
                    action = Some(Action::CancelJobs);
                    return true;
                }
                return false;
            };
            let (groups, members) = (&copies.groups, &copies.members);
            if groups.is_empty() {
                ui.weak("No two articles of this project say the same.");
                return close(ui);
            }
            let project = model.session().project();
            ui.weak(format!("{} articles in {} groups say the same, or nearly.", members.len(), groups.len()));
            ui.add_space(6.0);
            let member = |at: usize| {
                let (g, m) = members.get(at).copied()?;
                let (id, likeness) = groups.get(g)?.get(m)?;
                Some((g, m, id, *likeness))
            };
            let clicked = list_ui(ui, tokens, &mut self.cursor, members.len(), 230.0, |i| {
                let Some((g, m, id, likeness)) = member(i) else {
                    return Row::default();
                };
                let article = project.article(id);
                let annotations = article.map_or(0, |a| a.annotations.len());
                let byline = article.map(|a| a.byline()).unwrap_or_default();
                let mut detail = vec![byline];
                if m > 0 {
                    detail.push(likeness.to_string());
                }
                if annotations > 0 {
                    detail.push(format!("{annotations} annotations"));
                }
                detail.retain(|part| !part.is_empty());
                Row {
                    mark: if m == 0 { format!("Group {}", g + 1) } else { String::new() },
                    text: article.map(|a| a.shown_title().into_owned()).unwrap_or_default(),
                    detail: detail.join(", "),
                    ..Row::default()
                }
            });
            self.cursor = clicked.unwrap_or(self.cursor);
            let Some((g, m, id, _)) = member(self.cursor) else {
                return close(ui);
            };
            let group: Vec<ArticleId> = groups.get(g).into_iter().flatten().map(|(id, _)| id.clone()).collect();
            // The first is compared with the second, every other one with the first.
            let other = if m == 0 { group.get(1) } else { group.first() };
            ui.add_space(8.0);
            ui.horizontal_wrapped(|ui| {
                let rest = group.len() - 1;
                let keep = Button::new(match rest {
                    1 => "Keep this, the other to the trash".to_owned(),
                    n => format!("Keep this, the other {n} to the trash"),
                });
                if ui.add(keep).clicked() {
                    action = Some(Action::KeepCopy {
                        keep: id.clone(),
                        others: group.clone(),
                        carries: self.carries,
                    });
                }
                ui.checkbox(&mut self.carries, "with their annotations")
                    .on_hover_text("Annotations of the others go over to this one where its text has their words");
                if ui.button("Group them").on_hover_text("All stay, with the same value in the metadata field “group”").clicked() {
                    action = Some(Action::GroupCopies(group.clone()));
                }
                if ui.button("Show").on_hover_text("Go to this article").clicked() {
                    action = Some(Action::GoToArticle(id.clone()));
                    return true;
                }
                false
            });
            if let Some(other) = other
                && let (Some(old), Some(new)) = (project.article(other), project.article(id))
            {
                let wording = model.derived_later(&WordingBetween {
                    old: old.text.clone(),
                    new: new.text.clone(),
                });
                ui.add_space(4.0);
                let area = ScrollArea::vertical().id_salt("wording").max_height(170.0);
                area.auto_shrink([false, true])
                    .show(ui, |ui| wording_ui(ui, &wording, tokens));
            }
            close(ui)
        });
        let shows = matches!(action, Some(Action::GoToArticle(_)));
        actions.extend(action);
        !(modal.inner || shows || modal.should_close())
    }
}

/// What changed between the shown article and the version that it replaced.
pub(crate) fn versions_ui(ctx: &Context, model: &Model, tokens: &Tokens) -> bool {
    let modal = Modal::new(egui::Id::unique("versions")).show(ctx, |ui| {
        ui.set_width((ctx.content_rect().width() - 80.0).clamp(480.0, 820.0));
        ui.label(RichText::new("What changed in the wording").font(theme::strong_font(18.0)));
        match (model.previous_version(), model.article()) {
            (Some(old), Some(new)) => {
                let when = |article: &crate::core::article::Article| article.byline();
                ui.weak(format!("From: {}. To: {}.", when(old), when(new)));
                ui.add_space(6.0);
                let wording = model.derived_later(&WordingBetween {
                    old: old.text.clone(),
                    new: new.text.clone(),
                });
                let room = ctx.content_rect().height() - 220.0;
                ScrollArea::vertical()
                    .max_height(room.max(120.0))
                    .auto_shrink([false, true])
                    .show(ui, |ui| wording_ui(ui, &wording, tokens));
            }
            _ => {
                ui.weak("The version that this article replaced is not in the trash any more.");
            }
        }
        ui.add_space(10.0);
        ui.button("Close").on_hover_text("Esc").clicked()
    });
    !(modal.inner || modal.should_close())
}
