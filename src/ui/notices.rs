//! Notices and running jobs, on the line of the status: one notice at a time, and over nothing that
//! is in use. What is longer than the line is read above it by whoever asks for it.

use crate::app::action::Action;
use crate::app::jobs::{Job, JobKind};
use crate::app::model::Model;
use crate::app::notice::{Notice, Severity};
use crate::ui::kit::icon::{self, Icon, icon_button_ui};
use crate::ui::kit::list::List;
use crate::ui::kit::row::at_end_ui;
use crate::ui::kit::speech::{tell_group, tell_open};
use crate::ui::kit::tell;
use crate::ui::kit::words::{line_ui, words_ui};
use crate::ui::theme::{STATUS_HEIGHT, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    self, Align, Align2, Area, Button, Color32, Context, FontId, Frame, Id, Layout, ProgressBar,
    Rect, RichText, Sense, Ui, UiBuilder, pos2, vec2,
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
        set_height(ctx, STATUS_HEIGHT);
        return;
    }
    let work = model.jobs().running().iter();
    // The card of an import tells of it, unless it was put aside.
    let is_aside = model.import().is_some_and(|preview| preview.is_aside);
    let is_told = |job: &&Job| job.kind != JobKind::Import || is_aside;
    let work = work.filter(|job| job.running_secs() > QUIET_SECS && is_told(job));
    let work: Vec<&Job> = work.collect();
    if last.is_none() && work.is_empty() {
        set_height(ctx, STATUS_HEIGHT);
        return;
    }
    let window = ctx.content_rect();
    let strip = Strip::of(
        ctx,
        window.width(),
        last.map(|(_, notice)| notice),
        shown.len(),
        !work.is_empty(),
    );
    set_height(ctx, strip.height);
    let at = pos2(window.left(), window.bottom() - strip.height);
    let area = Area::new(Id::unique("notices"))
        .fixed_pos(at)
        .constrain(false)
        .order(egui::Order::Foreground)
        .show(ctx, |ui| {
            let place = Rect::from_min_size(at, vec2(window.width(), strip.height));
            ui.set_min_size(place.size());
            let (severity, more) = last.map_or((Severity::Info, 0), |(_, notice)| {
                (notice.severity, shown.len() - 1)
            });
            ground_ui(ui, place, severity, last.is_none(), tokens);
            let share = match (last.is_some(), work.is_empty()) {
                (true, false) => (place.width() * 0.4).min(360.0),
                (true, true) => 0.0,
                (false, _) => place.width(),
            };
            let (left, right) = place.split_left_right_at_x(place.right() - share);
            if let Some((at, notice)) = last {
                part_ui(ui, "notice", left, |ui| {
                    notice_ui(ui, (at, notice), more, &strip, actions, tokens);
                });
            }
            if let Some(job) = work.last() {
                part_ui(ui, "job", right, |ui| {
                    job_ui(ui, job, work.len() - 1, actions);
                });
            }
        });
    let mut is_hovered = area.response.contains_pointer();
    if let Some((_, notice)) = last.filter(|(_, notice)| is_read_whole(ctx, notice)) {
        whole_ui(ctx, notice, at.y, tokens);
        // It stays while it is read, by whomever.
        is_hovered = true;
    }
    ctx.memory_mut(|memory| memory.data.insert_temp(hover_id(), is_hovered));
}

/// How high the line of the status is: as high as what stands on it, so that nothing else is covered.
pub(super) fn height(ctx: &Context) -> f32 {
    let height = ctx.data(|data| data.get_temp(height_id()));
    height.unwrap_or(STATUS_HEIGHT)
}

fn set_height(ctx: &Context, new: f32) {
    if (height(ctx) - new).abs() > 0.5 {
        ctx.data_mut(|data| data.insert_temp(height_id(), new));
        ctx.request_repaint();
    }
}

/// How the line of a notice is shared between what it says and what is pressed in it.
struct Strip {
    height: f32,
    /// Of what is pressed.
    buttons: f32,
    /// They stand below what is said: there is no room beside it.
    has_two: bool,
    /// Not all of it can be read there.
    is_cut: bool,
}

impl Strip {
    fn of(ctx: &Context, width: f32, notice: Option<&Notice>, count: usize, has_job: bool) -> Self {
        let line = STATUS_HEIGHT;
        let Some(notice) = notice else {
            return Self {
                height: line,
                buttons: 0.0,
                has_two: false,
                is_cut: false,
            };
        };
        let width_of = |text: &str| {
            let font = FontId::proportional(13.0);
            let text = text.to_owned();
            let galley = ctx.fonts_mut(|fonts| fonts.layout_no_wrap(text, font, Color32::WHITE));
            galley.size().x
        };
        const AROUND: f32 = 26.0;
        let offers = notice.offers.iter();
        let mut buttons: f32 = offers.map(|(title, _)| width_of(title) + AROUND).sum();
        buttons += CLOSE;
        if count > 1 {
            buttons += 60.0;
        }
        let job = if has_job {
            (width * 0.4).min(360.0)
        } else {
            0.0
        };
        let room = width - job - 2.0 * SIDE - MARK;
        let said = width_of(&notice.message);
        let has_more = !notice.details.is_empty() || said > room - buttons;
        if has_more {
            buttons += width_of("Details (000)") + AROUND;
        }
        let has_two = room - buttons < LEAST_WORDS.min(said);
        let words = if has_two { room } else { room - buttons };
        Self {
            height: if has_two { 2.0 * line } else { line },
            buttons,
            has_two,
            is_cut: said > words,
        }
    }
}

/// At both ends of the line, and what stands for how grave it is.
const SIDE: f32 = 14.0;
const MARK: f32 = 24.0;
const CLOSE: f32 = 36.0;
/// Less of what it says is nothing to read.
const LEAST_WORDS: f32 = 220.0;
/// Of all that it says, where it is read whole.
const WIDTH: f32 = 460.0;

fn part_ui(ui: &mut Ui, name: &str, place: Rect, add: impl FnOnce(&mut Ui)) {
    let place = place.shrink2(vec2(SIDE, 0.0));
    let inside = UiBuilder::new().id_salt(name).max_rect(place);
    ui.scope_builder(inside, |ui| {
        ui.set_clip_rect(place.expand(3.0).intersect(ui.clip_rect()));
        ui.spacing_mut().item_spacing = vec2(4.0, 0.0);
        add(ui);
    });
}

/// Over the status line, whose words wait meanwhile.
fn ground_ui(ui: &Ui, place: Rect, severity: Severity, is_job: bool, tokens: &Tokens) {
    let painter = ui.painter();
    let (_, color, _) = look(severity, tokens);
    let (fill, color) = match severity {
        Severity::Info if is_job => (tokens.panel, tokens.accent),
        Severity::Info => (tokens.panel, color),
        Severity::Warning | Severity::Error => (tokens.warn_ground, color),
    };
    painter.rect_filled(place, 0.0, fill);
    painter.hline(place.x_range(), place.top() + 0.5, (1.0, tokens.edge));
    painter.rect_filled(place.with_max_x(place.left() + 4.0), 0.0, color);
}

/// What stands for how grave a notice is, in which colour, and what that is called.
fn look(severity: Severity, tokens: &Tokens) -> (Icon, Color32, &'static str) {
    match severity {
        Severity::Info => (Icon::Note, tokens.ok, "Note"),
        Severity::Warning => (Icon::Warn, tokens.warn, "Warning"),
        Severity::Error => (Icon::Warn, tokens.error, "Error"),
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
        let button = ui.add(button.min_size(vec2(0.0, 24.0)));
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
    strip: &Strip,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let (icon, color, word) = look(notice.severity, tokens);
    tell_group(ui, Role::Alert, word);
    let mut presses_ui = |ui: &mut Ui| {
        offers_ui(ui, (at, notice), more, actions, tokens);
        if strip.is_cut || !notice.details.is_empty() {
            let is_whole = is_read_whole(ui.ctx(), notice);
            let title = match notice.details.len() {
                0 => "More".to_owned(),
                n => format!("Details ({n})"),
            };
            let text = RichText::new(title).color(tokens.accent);
            let button = Button::new(text).frame_when_inactive(false);
            let button = ui.add(button.selected(is_whole).min_size(vec2(0.0, 24.0)));
            tell_open(ui.ctx(), button.id, is_whole);
            if button.clicked() {
                read_whole(ui.ctx(), notice, !is_whole);
            }
        }
        if icon_button_ui(ui, Icon::Close, "Dismiss", tokens).clicked() {
            read_whole(ui.ctx(), notice, false);
            actions.push(Action::DismissNotice(at));
        }
    };
    ui.horizontal(|ui| {
        ui.set_height(STATUS_HEIGHT);
        let (place, mark) = ui.allocate_exact_size(vec2(16.0, STATUS_HEIGHT), Sense::hover());
        tell(&mark, Role::Image, word);
        icon::paint(ui.painter(), icon, place.center(), 16.0, color);
        ui.add_space(4.0);
        let beside = if strip.has_two { 0.0 } else { strip.buttons };
        let room = (ui.available_width() - beside).max(40.0);
        let words = ui.available_rect_before_wrap();
        let words = words.with_max_x(words.left() + room);
        let line = Layout::left_to_right(Align::Center);
        let inside = UiBuilder::new().max_rect(words).layout(line);
        let said = ui.scope_builder(inside, |ui| line_ui(ui, &notice.message));
        tell(&said.inner, Role::Label, &notice.message);
        if !strip.has_two {
            at_end_ui(ui, "what a notice offers", &mut presses_ui);
        }
    });
    if strip.has_two {
        ui.horizontal(|ui| {
            ui.set_height(STATUS_HEIGHT);
            at_end_ui(ui, "what a notice offers", &mut presses_ui);
        });
    }
}

/// All that a notice says, above its line: whoever asks for it has the room for it.
fn whole_ui(ctx: &Context, notice: &Notice, above: f32, tokens: &Tokens) {
    let window = ctx.content_rect();
    let (_, color, word) = look(notice.severity, tokens);
    Area::new(Id::unique("notice as a whole"))
        .anchor(
            Align2::RIGHT_BOTTOM,
            vec2(-14.0, above - window.bottom() - 6.0),
        )
        .order(egui::Order::Foreground)
        .show(ctx, |ui| {
            ui.set_width(WIDTH.min(window.width() - 28.0));
            card(tokens, color, ui, |ui| {
                tell_group(ui, Role::Group, word);
                words_ui(ui, &notice.message);
                if notice.details.is_empty() {
                    return;
                }
                let most = (window.height() * 0.4).min(180.0);
                let details = List::of_controls("Details", notice.details.len(), 16.0);
                details.at_most(most).show_measured(ui, |ui, at| {
                    let line = notice.details.get(at).map_or("", String::as_str);
                    words_ui(ui, RichText::new(line).small());
                });
                if ui.button("Copy details").clicked() {
                    let details = notice.details.join("\n");
                    ui.ctx().copy_text(format!("{}\n{details}", notice.message));
                }
            });
        });
}

fn height_id() -> Id {
    Id::unique("height of the notices")
}

fn whole_id() -> Id {
    Id::unique("notice that is read as a whole")
}

fn is_read_whole(ctx: &Context, notice: &Notice) -> bool {
    let read = ctx.data(|data| data.get_temp::<String>(whole_id()));
    read.is_some_and(|read| read == notice.message)
}

fn read_whole(ctx: &Context, notice: &Notice, is_wanted: bool) {
    let read = if is_wanted {
        notice.message.clone()
    } else {
        String::new()
    };
    ctx.data_mut(|data| data.insert_temp(whole_id(), read));
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

/// The work that began last, and how many others there are.
fn job_ui(ui: &mut Ui, job: &Job, others: usize, actions: &mut Vec<Action>) {
    tell_group(ui, Role::Group, &job.title);
    let left = match job.share() {
        Some(share) if share > 0.05 => {
            let secs = job.running_secs() / share * (1.0 - share);
            format!("{:.0} %, about {:.0} s left", share * 100.0, secs.max(1.0))
        }
        Some(share) => format!("{:.0} %", share * 100.0),
        None => "Starting".to_owned(),
    };
    ui.horizontal(|ui| {
        ui.set_height(STATUS_HEIGHT);
        ui.spacing_mut().item_spacing.x = 8.0;
        let room = ui.available_width();
        let mut title = job.title.clone();
        if others > 0 {
            title = format!("{title}, {others} more");
        }
        ui.scope(|ui| {
            ui.set_max_width((room * 0.36).min(320.0));
            line_ui(ui, &title);
        });
        let text = if job.is_cancelled() {
            "Cancelling…"
        } else {
            "Cancel"
        };
        let cancel = 86.0;
        let bar = (ui.available_width() - cancel).clamp(40.0, 320.0);
        let shown = ProgressBar::new(job.share().unwrap_or(0.0)).desired_width(bar);
        ui.add(shown.desired_height(16.0).text(RichText::new(left).small()));
        let button = Button::new(text).min_size(vec2(0.0, 24.0));
        if ui.add_enabled(!job.is_cancelled(), button).clicked() {
            actions.push(Action::CancelJobs);
        }
        let item = job.item();
        if !item.is_empty() && ui.available_width() > 80.0 {
            line_ui(ui, RichText::new(item).small().weak());
        }
    });
}
