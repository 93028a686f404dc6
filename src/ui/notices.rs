//! Notices and running jobs, as cards in the lower right corner.

use crate::app::action::Action;
use crate::app::jobs::{Job, JobKind};
use crate::app::model::Model;
use crate::app::notice::{Notice, Severity};
use crate::ui::kit::card::sheet;
use crate::ui::kit::speech::tell_group;
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    self, Align2, Area, Color32, Context, Frame, Id, ProgressBar, RichText, ScrollArea, vec2,
};
use std::time::Duration;

/// A job shows itself only when it takes longer than this, in seconds.
const QUIET_SECS: f32 = 0.25;

pub(super) fn notices_ui(ctx: &Context, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    // Real time: egui's frame times leave out the sleep between two frames.
    let now = ctx.input(|input| input.time);
    let before = ctx.memory(|memory| memory.data.get_temp::<f64>(clock_id()));
    ctx.memory_mut(|memory| memory.data.insert_temp(clock_id(), now));
    let seconds = (now - before.unwrap_or(now)).clamp(0.0, 1.0) as f32;
    let is_hovered = ctx
        .memory(|memory| memory.data.get_temp::<bool>(hover_id()))
        .unwrap_or(false);
    let aged = if is_hovered { 0.0 } else { seconds };
    let notices = model.notices().iter();
    let shown: Vec<&Notice> = notices.filter(|notice| notice.outlives(aged)).collect();
    let left = |notice: &&Notice| Some(notice.lifetime_secs()? - notice.age_secs - aged);
    let soonest = shown.iter().filter_map(left).min_by(f32::total_cmp);
    if aged > 0.0 && !model.notices().is_empty() {
        // Before all that names a notice by its place.
        actions.push(Action::AgeNotices { secs: aged });
    }
    if let Some(left) = soonest {
        ctx.request_repaint_after(Duration::from_secs_f32((left + 0.01).min(0.5)));
    }
    let jobs = model
        .jobs()
        .running()
        .iter()
        .any(|job| job.running_secs() > QUIET_SECS);
    if !jobs && !model.jobs().running().is_empty() {
        ctx.request_repaint_after(Duration::from_secs_f32(QUIET_SECS));
    }
    if shown.is_empty() && !jobs {
        return;
    }
    let area = Area::new(Id::unique("notices"))
        .anchor(Align2::RIGHT_BOTTOM, vec2(-14.0, -40.0))
        .order(egui::Order::Foreground)
        .show(ctx, |ui| {
            ui.set_width(400.0);
            for job in model
                .jobs()
                .running()
                .iter()
                .filter(|job| job.running_secs() > QUIET_SECS && job.kind != JobKind::Import)
            {
                card(tokens, tokens.accent).show(ui, |ui| job_ui(ui, job, actions));
            }
            for (i, notice) in shown.iter().enumerate() {
                let (color, word) = match notice.severity {
                    Severity::Info => (tokens.ok, "Note"),
                    Severity::Warning => (tokens.warn, "Look at this"),
                    Severity::Error => (tokens.error, "Problem"),
                };
                card(tokens, color).show(ui, |ui| {
                    tell_group(ui, Role::Alert, word);
                    ui.set_width(ui.available_width());
                    ui.horizontal(|ui| {
                        ui.label(
                            RichText::new(word)
                                .color(color)
                                .font(theme::strong_font(12.0)),
                        );
                        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                            if ui.small_button("Dismiss").clicked() {
                                actions.push(Action::DismissNotice(i));
                            }
                            if !notice.details.is_empty()
                                && ui.small_button("Copy details").clicked()
                            {
                                ui.ctx().copy_text(format!(
                                    "{}\n{}",
                                    notice.message,
                                    notice.details.join("\n")
                                ));
                            }
                        });
                    });
                    ui.label(&notice.message);
                    if !notice.offers.is_empty() {
                        ui.horizontal_wrapped(|ui| {
                            for (title, action) in &notice.offers {
                                if ui.button(title).clicked() {
                                    actions.push(Action::DismissNotice(i));
                                    actions.push(action.clone());
                                }
                            }
                        });
                    }
                    if !notice.details.is_empty() {
                        ui.collapsing(format!("Details ({})", notice.details.len()), |ui| {
                            ScrollArea::vertical().max_height(180.0).show(ui, |ui| {
                                for line in notice.details.iter().take(500) {
                                    ui.label(RichText::new(line).small());
                                }
                            });
                        });
                    }
                });
            }
        });
    let hovered = area.response.contains_pointer();
    ctx.memory_mut(|memory| memory.data.insert_temp(hover_id(), hovered));
}

fn clock_id() -> Id {
    Id::unique("notices clock")
}

fn hover_id() -> Id {
    Id::unique("notices hovered")
}

fn card(tokens: &Tokens, color: Color32) -> Frame {
    sheet(tokens, color).outer_margin(egui::Margin {
        top: 6,
        ..egui::Margin::ZERO
    })
}

fn job_ui(ui: &mut egui::Ui, job: &Job, actions: &mut Vec<Action>) {
    tell_group(ui, Role::Group, &job.title);
    ui.set_width(ui.available_width());
    ui.horizontal(|ui| {
        ui.label(&job.title);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let text = if job.is_cancelled() {
                "Cancelling…"
            } else {
                "Cancel"
            };
            if ui
                .add_enabled(!job.is_cancelled(), egui::Button::new(text).small())
                .clicked()
            {
                actions.push(Action::CancelJobs);
            }
        });
    });
    match job.share() {
        Some(share) => {
            let left = if share > 0.05 {
                let secs = job.running_secs() / share * (1.0 - share);
                format!("{:.0} %, about {:.0} s left", share * 100.0, secs.max(1.0))
            } else {
                format!("{:.0} %", share * 100.0)
            };
            ui.add(ProgressBar::new(share).text(left));
        }
        None => {
            ui.add(ProgressBar::new(0.0).text("Starting"));
        }
    }
    let item = job.item();
    if !item.is_empty() {
        ui.add(egui::Label::new(RichText::new(item).small().weak()).truncate());
    }
}
