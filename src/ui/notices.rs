//! Notices and running jobs, as cards in the lower right corner: one notice at a time, and over
//! nothing that is written in.

use crate::app::action::Action;
use crate::app::jobs::{Job, JobKind};
use crate::app::model::Model;
use crate::app::notice::{Notice, Severity};
use crate::ui::kit::banner;
use crate::ui::kit::icon::{self, Icon, icon_button_ui};
use crate::ui::kit::list::List;
use crate::ui::kit::speech::tell_group;
use crate::ui::kit::tell;
use crate::ui::kit::words::words_ui;
use crate::ui::theme::Tokens;
use eframe::egui::accesskit::Role;
use eframe::egui::{
    self, Align2, Area, Button, CollapsingHeader, Color32, Context, FontId, Frame, Id, ProgressBar,
    Rect, RichText, Sense, Ui, pos2, vec2,
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
    let top = model.shown_notice();
    let notices = model.notices().iter().enumerate();
    let stays = |(at, notice): &(usize, &Notice)| Some(*at) != top || notice.outlives(aged);
    let shown: Vec<&Notice> = notices.filter(stays).map(|(_, notice)| notice).collect();
    // One at a time: an error, or else the newest. The others wait.
    let last = shown.iter().copied().enumerate();
    let last = last.max_by_key(|(at, notice)| (notice.severity == Severity::Error, *at));
    let left = |notice: &Notice| Some(notice.lifetime_secs()? - notice.age_secs - aged);
    let soonest = last.and_then(|(_, notice)| left(notice));
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
    let work = model.jobs().running().iter();
    // The card of an import tells of it, unless it was put aside.
    let is_aside = model.import().is_some_and(|preview| preview.is_aside);
    let is_told = |job: &&Job| job.kind != JobKind::Import || is_aside;
    let work = work.filter(|job| job.running_secs() > QUIET_SECS && is_told(job));
    let work: Vec<&Job> = work.collect();
    let area = Area::new(Id::unique("notices"))
        .anchor(
            corner(ctx),
            vec2(
                -14.0,
                if is_above(ctx) {
                    48.0
                } else {
                    -from_below(ctx)
                },
            ),
        )
        .order(egui::Order::Foreground)
        .show(ctx, |ui| {
            ui.set_width(WIDTH);
            for job in work {
                card(tokens, tokens.accent, ui, |ui| job_ui(ui, job, actions));
            }
            if let Some((at, notice)) = last {
                let more = shown.len() - 1;
                let (_, color, _) = look(notice.severity, tokens);
                card(tokens, color, ui, |ui| {
                    notice_ui(ui, (at, notice), more, actions, tokens);
                });
            }
        });
    let hovered = area.response.contains_pointer();
    ctx.memory_mut(|memory| memory.data.insert_temp(hover_id(), hovered));
}

const WIDTH: f32 = 460.0;

/// What stands for how grave a notice is, in which colour, and what that is called.
fn look(severity: Severity, tokens: &Tokens) -> (Icon, Color32, &'static str) {
    match severity {
        Severity::Info => (Icon::Note, tokens.ok, "Note"),
        Severity::Warning => (Icon::Warn, tokens.warn, "Warning"),
        Severity::Error => (Icon::Warn, tokens.error, "Error"),
    }
}

/// So far from the lower edge of the window: above the status line, and above a banner or
/// buttons there, which wait for an answer.
fn from_below(ctx: &Context) -> f32 {
    const STATUS: f32 = 40.0;
    let window = ctx.content_rect();
    let corner = pos2(window.right() - WIDTH - 40.0, window.bottom() - 150.0);
    let corner = Rect::from_min_max(corner, window.max);
    let kept = banner::kept_clear(ctx).into_iter();
    let kept = kept.filter(|place| place.intersects(corner));
    kept.fold(STATUS, |from, place| {
        from.max(window.bottom() - place.top() + 6.0)
    })
}

/// Whether what is written in lies where notices are: then they are shown above.
fn is_above(ctx: &Context) -> bool {
    /// Higher ones are panes, and are not covered whole.
    const FIELD: f32 = 80.0;
    let window = ctx.content_rect();
    let below = Rect::from_min_max(
        pos2(
            window.right() - WIDTH - 40.0,
            window.bottom() - from_below(ctx) - 110.0,
        ),
        window.max,
    );
    let focused = ctx.memory(|memory| memory.focused());
    let focused = focused.and_then(|id| ctx.read_response(id));
    focused.is_some_and(|at| at.rect.height() < FIELD && at.rect.intersects(below))
}

fn corner(ctx: &Context) -> Align2 {
    if is_above(ctx) {
        Align2::RIGHT_TOP
    } else {
        Align2::RIGHT_BOTTOM
    }
}

/// What can be done about it, and whether others wait.
fn offers_ui(
    ui: &mut Ui,
    (at, notice): (usize, &Notice),
    more: usize,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    for (place, (title, action)) in notice.offers.iter().enumerate() {
        let text = RichText::new(title).color(tokens.accent);
        let button = Button::new(text).frame_when_inactive(false);
        let button = ui.add(button.min_size(vec2(0.0, 28.0)));
        if place == 0 {
            let seen = (button.id, ui.ctx().cumulative_frame_nr());
            ui.data_mut(|data| data.insert_temp(offer_id(), seen));
        }
        if button.clicked() {
            actions.push(Action::DismissNotice(at));
            actions.push(action.clone());
        }
    }
    if more > 0 {
        ui.weak(format!("{more} more"));
    }
}

fn notice_ui(
    ui: &mut Ui,
    (at, notice): (usize, &Notice),
    more: usize,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let (icon, color, word) = look(notice.severity, tokens);
    tell_group(ui, Role::Alert, word);
    // All of it is one line where that is enough.
    let width_of = |text: &str| {
        let font = FontId::proportional(13.0);
        let text = text.to_owned();
        ui.painter().layout_no_wrap(text, font, color).size().x
    };
    let offers = notice
        .offers
        .iter()
        .map(|(title, _)| width_of(title) + 32.0);
    let offers = offers.sum::<f32>() + if more > 0 { 60.0 } else { 0.0 };
    let is_short = width_of(&notice.message) + offers < WIDTH - 100.0;
    ui.horizontal_top(|ui| {
        let (place, mark) = ui.allocate_exact_size(vec2(16.0, 28.0), Sense::hover());
        tell(&mark, Role::Image, word);
        icon::paint(ui.painter(), icon, place.center(), 16.0, color);
        let width = ui.available_width() - 36.0;
        ui.vertical(|ui| {
            ui.set_width(if is_short { width - offers } else { width });
            ui.add_space(4.0);
            words_ui(ui, &notice.message);
        });
        if is_short {
            offers_ui(ui, (at, notice), more, actions, tokens);
        }
        if icon_button_ui(ui, Icon::Close, "Dismiss", tokens).clicked() {
            actions.push(Action::DismissNotice(at));
        }
    });
    if !is_short && (!notice.offers.is_empty() || more > 0) {
        ui.horizontal_wrapped(|ui| {
            ui.add_space(12.0);
            offers_ui(ui, (at, notice), more, actions, tokens);
        });
    }
    if !notice.details.is_empty() {
        let title = format!("Details ({})", notice.details.len());
        let details = CollapsingHeader::new(title).icon(|ui, openness, header| {
            let mark = if openness > 0.5 {
                Icon::Down
            } else {
                Icon::Right
            };
            let color = ui.style().interact(header).fg_stroke.color;
            icon::paint(ui.painter(), mark, header.rect.center(), 14.0, color);
        });
        details.show(ui, |ui| {
            let details = List::of_controls("Details", notice.details.len(), 16.0).at_most(180.0);
            details.show_measured(ui, |ui, at| {
                let line = notice.details.get(at).map_or("", String::as_str);
                words_ui(ui, RichText::new(line).small());
            });
            if ui.button("Copy details").clicked() {
                let details = notice.details.join("\n");
                ui.ctx().copy_text(format!("{}\n{details}", notice.message));
            }
        });
    }
}

/// The first thing that the notice on the screen offers; where the keyboard goes to it.
pub(super) fn offer(ctx: &Context) -> Option<Id> {
    let seen = ctx.data(|data| data.get_temp::<(Id, u64)>(offer_id()));
    let (button, frame) = seen?;
    (frame + 1 >= ctx.cumulative_frame_nr()).then_some(button)
}

fn offer_id() -> Id {
    Id::unique("offer of a notice")
}

fn clock_id() -> Id {
    Id::unique("notices clock")
}

fn hover_id() -> Id {
    Id::unique("notices hovered")
}

/// A card with a bar of its colour at the left.
fn card(tokens: &Tokens, color: Color32, ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let margin = egui::Margin {
        left: 14,
        right: 6,
        top: 7,
        bottom: 7,
    };
    let frame = Frame::new()
        .fill(tokens.panel)
        .stroke((1.0, tokens.edge))
        .corner_radius(6)
        .inner_margin(margin)
        .outer_margin(egui::Margin {
            top: 6,
            ..egui::Margin::ZERO
        });
    let drawn = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        add(ui);
    });
    let mut bar = drawn.response.rect;
    bar.min.y += 6.0;
    bar.max.x = bar.min.x + 3.0;
    ui.painter().rect_filled(bar, 2.0, color);
}

fn job_ui(ui: &mut Ui, job: &Job, actions: &mut Vec<Action>) {
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
                .add_enabled(!job.is_cancelled(), Button::new(text).small())
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
