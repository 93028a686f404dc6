//! The list of labels: the hierarchy that folds, a filter, the order by drag and by key, and at its
//! end those that are retired.

use super::LIST_WIDTH;
use crate::app::action::{Action, CodebookAction, Deleting, Spot};
use crate::app::command::{Command, info};
use crate::app::derived::project::{Counts, CountsWithKinds, ListedLabels};
use crate::app::model::Model;
use crate::app::words::count;
use crate::core::codebook::{Codebook, Label};
use crate::core::ids::LabelId;
use crate::core::lists::{LabelRow, LabelsListed};
use crate::ui::kit::entry::heading_row_ui;
use crate::ui::kit::field::Field;
use crate::ui::kit::filter;
use crate::ui::kit::icon::{self, Icon};
use crate::ui::kit::list::{List, ListStep, nothing_ui};
use crate::ui::kit::menu::{Mark, context_menu_ui, item_ui};
use crate::ui::kit::row::{self, Ground, RowState, row_ui};
use crate::ui::kit::swatch::swatch;
use crate::ui::kit::tell;
use crate::ui::menu::command_item_ui;
use crate::ui::theme::{self, ROW_HEIGHT, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    self, Align, CursorIcon, EventFilter, FontId, Id, Key, Layout, Modifiers, Rect, Response,
    RichText, Sense, Ui, pos2, vec2,
};
use std::collections::BTreeSet;

const INSET: f32 = 12.0;
/// New label, Load and Save.
const FOOT_HEIGHT: f32 = 48.0;
/// One level of the hierarchy.
const INDENT: f32 = 16.0;
const GRIP_WIDTH: f32 = 24.0;
const FOLD_WIDTH: f32 = 24.0;
/// While a label is dragged, the list scrolls within this of its edges, so far a frame at most.
const EDGE: f32 = 28.0;
const EDGE_SPEED: f32 = 9.0;
const KEY_WIDTH: f32 = 24.0;
/// Levels beyond this are not set in further: the name needs its room.
const MOST_DEPTH: usize = 6;

#[derive(Default)]
pub(super) struct LabelList {
    filter: String,
    folded: BTreeSet<LabelId>,
    focus_filter: bool,
    focus_list: bool,
    /// Enter was pressed in the list: what is said of the label is to be written.
    pub(super) enters: bool,
    /// The label that was shown last, and the filter: another one is brought into view.
    seen: Option<(LabelId, String)>,
    /// Some label that is listed has kinds.
    folds: bool,
    dragged: Option<LabelId>,
    /// Where what is dragged would be put.
    drop: Option<Drop>,
}

#[derive(Clone, PartialEq)]
struct Drop {
    parent: Option<LabelId>,
    before: Option<LabelId>,
}

pub(super) fn list_id() -> Id {
    Id::unique("list of labels")
}

/// What stands in a row.
#[derive(Clone, Copy)]
enum Line {
    Label(LabelRow),
    /// How many are retired.
    Retired(usize),
}

fn line_at(listed: &LabelsListed, at: usize) -> Option<Line> {
    let offered = listed.offered.len();
    if let Some(row) = listed.offered.get(at) {
        return Some(Line::Label(*row));
    }
    match at.checked_sub(offered)? {
        0 => Some(Line::Retired(listed.retired.len())),
        at => listed.retired.get(at - 1).copied().map(Line::Label),
    }
}

impl LabelList {
    pub(super) fn focus(&mut self, spot: Spot) {
        self.focus_filter |= spot == Spot::LabelFilter;
        self.focus_list |= spot == Spot::LabelList;
    }

    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        ui.spacing_mut().item_spacing.y = 0.0;
        head_ui(ui, model, actions);
        let codebook = model.codebook();
        let listed = model.derived(&ListedLabels {
            typed: self.filter.clone(),
            folded: self.folded.clone(),
        });
        self.filter_ui(ui, codebook, &listed, actions);
        ui.add_space(8.0);
        let line = ui.cursor().top();
        let across = ui.max_rect().x_range();
        ui.painter().hline(across, line, (1.0, tokens.line));
        if listed.offered.is_empty() && listed.retired.is_empty() {
            // There is nothing that could have the keyboard, then or later.
            self.focus_list = false;
            let (told, offer) = if codebook.labels.is_empty() {
                ("There is no label yet", None)
            } else {
                ("No label fits the filter", Some("Clear the filter"))
            };
            if nothing_ui(ui, told, offer) {
                self.filter.clear();
                self.focus_filter = true;
                ui.ctx().request_repaint();
            }
        } else {
            self.list_ui(ui, model, &listed, actions, tokens);
        }
        foot_ui(ui, model, actions, tokens);
    }

    fn filter_ui(
        &mut self,
        ui: &mut Ui,
        codebook: &Codebook,
        listed: &LabelsListed,
        actions: &mut Vec<Action>,
    ) {
        let response = ui
            .horizontal(|ui| {
                ui.add_space(INSET);
                let width = ui.available_width() - INSET;
                Field::search("Filter labels", &mut self.filter)
                    .hint("Filter labels")
                    .width(width)
                    .show(ui)
            })
            .inner;
        let rows = listed.offered.len() + listed.retired.len();
        let found = || count(rows, "label fits", "labels fit");
        let asked = filter::hear(ui, &response, list_id(), &mut self.focus_filter, found);
        self.focus_list |= asked.goes_down && rows > 0;
        if asked.enters {
            let first = listed.offered.first().or(listed.retired.first());
            let first = first.and_then(|row| codebook.labels.get(row.at));
            if let Some(label) = first {
                let show = CodebookAction::Show(label.id.clone());
                actions.push(Action::from(show));
                self.focus_list = true;
            }
        }
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        listed: &LabelsListed,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let codebook = model.codebook();
        let shown = model.page_label().map(|label| label.id.clone());
        let label_at = |at: usize| match line_at(listed, at)? {
            Line::Label(row) => codebook.labels.get(row.at),
            Line::Retired(_) => None,
        };
        let offered = listed.offered.len();
        let retired = listed.retired.len();
        let headings: &[usize] = if retired > 0 { &[offered] } else { &[] };
        let total = offered + retired + headings.len();
        let cursor = (0..total).find(|at| label_at(*at).map(|l| &l.id) == shown.as_ref());
        let seen = shown.clone().map(|id| (id, self.filter.clone()));
        let reveals = seen != self.seen;
        self.seen = seen;
        self.folds = listed.offered.iter().any(|row| row.has_kinds);
        self.order_by_key(ui, actions);
        let height = (ui.available_height() - FOOT_HEIGHT).max(ROW_HEIGHT);
        let counts = model.derived(&CountsWithKinds {
            counts: model.derived(&Counts),
        });
        self.drop = None;
        let mut scrolls = self.scrolls_by(ui, height);
        let step = List::pane(list_id(), "Labels", total, ROW_HEIGHT)
            .at_most(height)
            .filled()
            .headings(headings)
            .cursor(cursor)
            .reveal(reveals)
            .focus(std::mem::take(&mut self.focus_list))
            .show(ui, |ui, at, state| {
                if let Some(by) = scrolls.take() {
                    ui.scroll_with_delta_animation(
                        vec2(0.0, by),
                        egui::style::ScrollAnimation::none(),
                    );
                    ui.ctx().request_repaint();
                }
                match line_at(listed, at) {
                    Some(Line::Label(row)) => match codebook.labels.get(row.at) {
                        Some(label) => {
                            let used = counts.get(row.at).copied().unwrap_or_default();
                            self.row_ui(ui, codebook, label, row, used, state, actions, tokens)
                        }
                        None => ui.label(""),
                    },
                    Some(Line::Retired(n)) => heading_row_ui(ui, &format!("Retired: {n}"), tokens),
                    None => ui.label(""),
                }
            });
        let id_at = |at: Option<usize>| label_at(at?).map(|label| label.id.clone());
        self.take_step(ui, listed, codebook, &step, cursor, &id_at, actions);
        self.let_go(ui, actions);
    }

    /// How far what is in the list goes, while a label is held near its edge.
    fn scrolls_by(&self, ui: &Ui, height: f32) -> Option<f32> {
        self.dragged.as_ref()?;
        let pointer = ui.ctx().pointer_hover_pos()?;
        let list = ui.available_rect_before_wrap();
        let (top, bottom) = (list.top(), list.top() + height);
        let above = (top + EDGE - pointer.y).clamp(0.0, EDGE);
        let below = (pointer.y - (bottom - EDGE)).clamp(0.0, EDGE);
        let by = (above - below) / EDGE * EDGE_SPEED;
        (by != 0.0).then_some(by)
    }

    /// What the list was asked for by mouse and keyboard.
    #[expect(clippy::too_many_arguments, reason = "what a step is about")]
    fn take_step(
        &mut self,
        ui: &Ui,
        listed: &LabelsListed,
        codebook: &Codebook,
        step: &ListStep,
        cursor: Option<usize>,
        id_at: &dyn Fn(Option<usize>) -> Option<LabelId>,
        actions: &mut Vec<Action>,
    ) {
        let show = |id| Action::from(CodebookAction::Show(id));
        let mut moved = step.moved;
        // The heading of the retired ones is no place to stand on.
        if moved.is_some_and(|at| matches!(line_at(listed, at), Some(Line::Retired(_)))) {
            let goes_down = moved > cursor;
            moved = moved.map(|at| {
                if goes_down {
                    at + 1
                } else {
                    at.saturating_sub(1)
                }
            });
        }
        actions.extend(id_at(step.clicked.or(moved)).map(show));
        if step.clicked.is_some() {
            self.focus_list = true;
            ui.ctx().request_repaint();
        }
        self.enters |= step.enters;
        if step.deletes
            && let Some(id) = id_at(cursor)
        {
            actions.push(Action::AskToDelete(Deleting::Label(id)));
        }
        let has_focus = ui.memory(|memory| memory.has_focus(list_id()));
        if !has_focus {
            return;
        }
        let arrows = EventFilter {
            vertical_arrows: true,
            horizontal_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(list_id(), arrows));
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let (folds, unfolds) = (pressed(Key::ArrowLeft), pressed(Key::ArrowRight));
        let Some(Line::Label(row)) = cursor.and_then(|at| line_at(listed, at)) else {
            return;
        };
        let Some(label) = codebook.labels.get(row.at) else {
            return;
        };
        if folds && row.has_kinds && !row.is_folded {
            self.folded.insert(label.id.clone());
        } else if folds {
            actions.extend(label.parent.clone().map(show));
        }
        if unfolds {
            self.folded.remove(&label.id);
        }
    }

    /// Alt with an arrow moves the label, while the list has the keyboard.
    fn order_by_key(&self, ui: &Ui, actions: &mut Vec<Action>) {
        if !ui.memory(|memory| memory.has_focus(list_id())) {
            return;
        }
        for (key, command) in [
            (Key::ArrowUp, Command::MoveLabelUp),
            (Key::ArrowDown, Command::MoveLabelDown),
        ] {
            if ui.input_mut(|input| input.consume_key(Modifiers::ALT, key)) {
                actions.push(Action::Run(command));
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a row shows")]
    fn row_ui(
        &mut self,
        ui: &mut Ui,
        codebook: &Codebook,
        label: &Label,
        row: LabelRow,
        used: usize,
        state: RowState,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> Response {
        let name = || row_name(codebook, label, row, used);
        let (rect, response) = row_ui(ui, ROW_HEIGHT, Ground::IN_PANEL, state, name, tokens);
        let depth = row.depth.min(MOST_DEPTH) as f32;
        let left = rect.left() + GRIP_WIDTH + depth * INDENT;
        let fold_width = if self.folds { FOLD_WIDTH } else { 0.0 };
        let fold = Rect::from_min_size(pos2(left, rect.top()), vec2(fold_width, ROW_HEIGHT));
        if row.has_kinds {
            self.fold_ui(ui, fold, label, row.is_folded, tokens);
        }
        if self.filter.is_empty() && !label.retired {
            let grip = Rect::from_min_size(rect.min, vec2(GRIP_WIDTH, ROW_HEIGHT));
            let is_shown = response.hovered() || state.is_chosen;
            self.grip_ui(ui, grip, label, is_shown, tokens);
        }
        let swatch_at = pos2(fold.right() + 4.0, rect.center().y - 7.0);
        let swatch_at = Rect::from_min_size(swatch_at, vec2(18.0, 14.0));
        let color = tokens.label(label.color);
        swatch(ui, swatch_at, color, &label.underline, tokens);
        let painter = ui.painter();
        let middle = |height: f32| rect.center().y - height / 2.0;
        let right = rect.right() - INSET;
        if let Some(key) = label.key {
            let at = pos2(right - 10.0, rect.center().y);
            row::key_cap(painter, at, &key.to_uppercase().to_string(), tokens);
        }
        let small = FontId::proportional(SMALL);
        let used = row::line(painter, &grouped(used), small, tokens.dim, 60.0);
        let used_at = right - KEY_WIDTH - 6.0 - used.size().x;
        painter.galley(pos2(used_at, middle(used.size().y)), used, tokens.dim);
        let font = if state.is_chosen {
            theme::strong_font(13.0)
        } else {
            FontId::proportional(13.0)
        };
        let ink = if label.retired {
            tokens.dim
        } else {
            tokens.ink
        };
        let from = swatch_at.right() + 8.0;
        let shown = row::line(
            painter,
            &label.name,
            font,
            ink,
            (used_at - 8.0 - from).max(20.0),
        );
        let is_cut = shown.elided;
        painter.galley(pos2(from, middle(shown.size().y)), shown, ink);
        self.aim(ui, rect, codebook, label, row, tokens);
        context_menu_ui(&response, |ui| menu_ui(ui, label, actions));
        if is_cut {
            let whole: String = label.name.chars().take(400).collect();
            return response.on_hover_text(whole);
        }
        response
    }

    fn fold_ui(&mut self, ui: &Ui, rect: Rect, label: &Label, is_folded: bool, tokens: &Tokens) {
        let name = format!("Kinds of {}", label.name);
        let id = list_id().with(("fold", label.id.as_str()));
        let response = ui.interact(rect, id, Sense::CLICK);
        crate::ui::kit::tell_whether(&response, Role::Switch, &name, !is_folded);
        let shown = if is_folded { Icon::Right } else { Icon::Down };
        icon::paint(ui.painter(), shown, rect.center(), 14.0, tokens.ink);
        if response.clicked() && !self.folded.remove(&label.id) {
            self.folded.insert(label.id.clone());
        }
    }

    fn grip_ui(&mut self, ui: &Ui, rect: Rect, label: &Label, is_shown: bool, tokens: &Tokens) {
        let id = list_id().with(("grip", label.id.as_str()));
        let response = ui.interact(rect, id, Sense::DRAG);
        tell(
            &response,
            Role::GenericContainer,
            &format!("Move {}", label.name),
        );
        if response.hovered() || response.dragged() {
            ui.ctx().set_cursor_icon(CursorIcon::Grab);
        }
        if is_shown || response.hovered() {
            icon::paint(ui.painter(), Icon::Grip, rect.center(), 14.0, tokens.dim);
        }
        if response.drag_started() {
            self.dragged = Some(label.id.clone());
        }
    }

    /// Where the pointer would put what is dragged, if it is at this row.
    fn aim(
        &mut self,
        ui: &Ui,
        rect: Rect,
        codebook: &Codebook,
        label: &Label,
        row: LabelRow,
        tokens: &Tokens,
    ) {
        let Some(dragged) = &self.dragged else {
            return;
        };
        let Some(pointer) = ui.ctx().pointer_hover_pos().filter(|at| rect.contains(*at)) else {
            return;
        };
        if label.retired || codebook.is_kind_of(&label.id, dragged) {
            return;
        }
        let is_above = pointer.y < rect.center().y;
        let depth;
        let drop = if is_above {
            depth = row.depth;
            Drop {
                parent: label.parent.clone(),
                before: Some(label.id.clone()),
            }
        } else if row.has_kinds && !row.is_folded {
            depth = row.depth + 1;
            let mut kinds = codebook.labels.iter();
            let first = kinds.find(|kind| kind.parent.as_ref() == Some(&label.id));
            Drop {
                parent: Some(label.id.clone()),
                before: first.map(|kind| kind.id.clone()),
            }
        } else {
            depth = row.depth;
            let mut after = codebook.labels.iter().skip(row.at + 1);
            let next = after.find(|other| other.parent == label.parent && other.id != *dragged);
            Drop {
                parent: label.parent.clone(),
                before: next.map(|next| next.id.clone()),
            }
        };
        let y = if is_above { rect.top() } else { rect.bottom() };
        let from = rect.left() + GRIP_WIDTH + depth.min(MOST_DEPTH) as f32 * INDENT;
        let line = (2.0, tokens.accent);
        ui.painter().hline(from..=rect.right() - INSET, y, line);
        self.drop = Some(drop);
    }

    fn let_go(&mut self, ui: &Ui, actions: &mut Vec<Action>) {
        if self.dragged.is_none() {
            return;
        }
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        let (is_down, leaves) = ui.input(|input| {
            let leaves = input.key_pressed(Key::Escape);
            (input.pointer.any_down(), leaves)
        });
        if leaves {
            self.dragged = None;
        } else if !is_down
            && let Some(label) = self.dragged.take()
            && let Some(drop) = self.drop.take()
        {
            actions.push(Action::from(CodebookAction::Place {
                label,
                parent: drop.parent,
                before: drop.before,
            }));
        }
    }
}

fn grouped(n: usize) -> String {
    let words = crate::app::words::count_grouped(n, "", "");
    words.trim_end().to_owned()
}

fn row_name(codebook: &Codebook, label: &Label, row: LabelRow, used: usize) -> String {
    let mut name = label.name.clone();
    if let Some(parent) = &label.parent {
        name.push_str(&format!(", a kind of {}", codebook.name_of(parent)));
    }
    if row.has_kinds {
        name.push_str(if row.is_folded {
            ", folded"
        } else {
            ", unfolded"
        });
    }
    if label.retired {
        name.push_str(", retired");
    }
    let used = crate::app::words::count_grouped(used, "annotation", "annotations");
    name.push_str(&format!(", {used}"));
    if let Some(key) = label.key {
        name.push_str(&format!(", key {}", key.to_uppercase()));
    }
    name
}

fn head_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.set_height(theme::HEADING_HEIGHT);
        ui.add_space(16.0);
        let heading = ui.label(RichText::new("Labels").font(theme::strong_font(13.0)));
        tell(&heading, Role::Heading, "Labels");
        let revision = format!("revision {}", model.codebook().revision);
        ui.label(RichText::new(revision).small().weak());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(INSET);
            let told = info(Command::Revisions);
            let button = egui::Button::new("Revisions").frame(false);
            if ui.add(button).on_hover_text(told.tooltip()).clicked() {
                actions.push(Action::Run(Command::Revisions));
            }
        });
    });
}

fn foot_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let room = ui.max_rect();
    let top = room.bottom() - FOOT_HEIGHT;
    ui.painter().hline(room.x_range(), top, (1.0, tokens.line));
    let foot = room.with_min_y(top).shrink2(vec2(INSET, 0.0));
    let inside = egui::UiBuilder::new()
        .max_rect(foot)
        .layout(Layout::left_to_right(Align::Center))
        .id_salt("foot");
    ui.scope_builder(inside, |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let is_narrow = room.width() < LIST_WIDTH - 30.0;
        let new = if is_narrow { "New" } else { "New label" };
        for (text, command) in [(new, Command::NewLabel), ("Load…", Command::LoadCodebook)] {
            let told = info(command);
            if ui.button(text).on_hover_text(told.tooltip()).clicked() {
                actions.push(Action::Run(command));
            }
        }
        let saves = ui.menu_button("Save as…", |ui| {
            for command in [Command::SaveCodebook, Command::SaveCodebookQdc] {
                command_item_ui(ui, model, command, actions);
            }
        });
        crate::ui::kit::speech::tell_opens(
            &saves.response,
            egui::accesskit::HasPopup::Menu,
            saves.inner.is_some(),
        );
    });
}

/// What can be done with a label of the list.
fn menu_ui(ui: &mut Ui, label: &Label, actions: &mut Vec<Action>) {
    let show = || Action::from(CodebookAction::Show(label.id.clone()));
    let retires = if label.retired {
        "Offer it again"
    } else {
        "Retire"
    };
    for (text, command) in [
        ("Move up", Command::MoveLabelUp),
        ("Move down", Command::MoveLabelDown),
        ("Merge into…", Command::MergeLabel),
        (retires, Command::RetireLabel),
        ("Delete…", Command::DeleteLabel),
    ] {
        let item = item_ui(ui, Mark::None, text, "", true);
        if item.on_hover_text(info(command).help).clicked() {
            actions.extend([show(), Action::Run(command)]);
            ui.close();
        }
    }
}
