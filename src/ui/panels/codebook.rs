//! The codebook's labels under what they are kinds of: Enter or a click marks, the lock keeps a label
//! for every drag, and a field finds one among many.

use super::{Panel, heading_with_ui};
use crate::app::action::{Action, Deleting, Spot};
use crate::app::command::{Command, info};
use crate::app::derived::article::LabelCounts;
use crate::app::derived::project::ListedLabels;
use crate::app::model::{Model, OutdatedAnnotations};
use crate::app::words::count;
use crate::core::codebook::Label;
use crate::core::ids::LabelId;
use crate::core::lists::LabelRow;
use crate::ui::kit::chip::{button_chip_ui, quiet_button_ui};
use crate::ui::kit::field::Field;
use crate::ui::kit::hint;
use crate::ui::kit::icon::{self, Icon};
use crate::ui::kit::list::{List, ListStep, nothing_ui, take_exactly};
use crate::ui::kit::menu::{Mark, context_menu_ui, item_ui};
use crate::ui::kit::row::{self, Ground, RowState, switch_ui, tree_row_ui};
use crate::ui::kit::speech::say_once;
use crate::ui::kit::swatch::swatch;
use crate::ui::kit::words::{weak_words_ui, words_ui};
use crate::ui::pointed::point_at;
use crate::ui::theme::{self, ROW_HEIGHT, SMALL, Tokens};
use eframe::egui::{
    self, Button, FontId, Frame, Key, Margin, Modifiers, Rect, Response, RichText, Ui, pos2, vec2,
};
use std::collections::BTreeSet;

/// How wide the key is, the count, and the lock, from the right; and the mark of what folds.
const INSET: f32 = 12.0;
const KEY_WIDTH: f32 = 24.0;
const LOCK_WIDTH: f32 = 48.0;
const COUNT_WIDTH: f32 = 40.0;
const FOLD_WIDTH: f32 = 24.0;
/// Of a kind from what it is a kind of; those of many levels stand below each other.
const INDENT: f32 = 16.0;
const MOST_LEVELS: usize = 5;
/// The field, and the labels that were used last.
pub(super) const FIELD_HEIGHT: f32 = 36.0;
pub(super) const LAST_HEIGHT: f32 = 34.0;
/// More labels than this are looked for, and not looked through.
const FEW_LABELS: usize = 7;

/// Whether there are so many labels that they are looked for by name.
pub(super) fn has_field(model: &Model) -> bool {
    let codebook = model.session().project().codebook();
    codebook.offered().nth(FEW_LABELS).is_some()
}

#[derive(Default)]
pub(super) struct CodebookPanel {
    typed: String,
    /// Whose kinds are not shown.
    folded: BTreeSet<LabelId>,
    cursor: Option<LabelId>,
    focus_field: bool,
    focus_list: bool,
    /// The cursor is brought into view.
    reveals: bool,
    /// The list was gone to where there is no field: no row of it was chosen so far.
    is_unchosen: bool,
}

fn list_id() -> egui::Id {
    egui::Id::unique("label list")
}

impl Panel for CodebookPanel {
    fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
        ui.spacing_mut().item_spacing.y = 0.0;
        head_ui(ui, model, actions);
        if model
            .session()
            .project()
            .codebook()
            .offered()
            .next()
            .is_none()
        {
            empty_ui(ui, model, actions);
            return;
        }
        let has_field = has_field(model);
        if !has_field {
            self.typed.clear();
            // There is nothing to look for: the keyboard goes to what would be found.
            self.is_unchosen |= self.focus_field;
            self.focus_list |= std::mem::take(&mut self.focus_field);
        }
        let mut listed = model.derived(&self.question());
        if has_field && self.field_ui(ui, model, actions, &listed.offered) {
            listed = model.derived(&self.question());
        }
        let last = if has_field { LAST_HEIGHT } else { 0.0 };
        self.list_ui(ui, model, actions, &listed.offered, last, tokens);
        if has_field {
            last_ui(ui, model, actions, tokens);
        }
    }

    fn focus(&mut self, spot: Spot) {
        self.focus_field |= spot == Spot::FoundLabels;
    }

    fn begin(&mut self) {
        self.focus_field = true;
    }
}

/// What can be done where there is no label.
fn empty_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let frame = Frame::new().inner_margin(Margin::symmetric(16, 8));
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 8.0;
        ui.weak("There is no label to mark with.");
        ui.horizontal_wrapped(|ui| {
            for command in [Command::NewLabel, Command::LoadCodebook] {
                let info = info(command);
                let button = ui.add_enabled(model.is_enabled(command), Button::new(info.title));
                if button.on_hover_text(info.tooltip()).clicked() {
                    actions.push(Action::Run(command));
                }
            }
        });
    });
}

/// The revision, what is to be looked at again, and the way to the codebook itself.
fn head_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let revision = model.session().project().codebook().revision;
    let revision = format!("revision {revision}");
    heading_with_ui(ui, "Codebook", (&revision, ""), |ui| {
        let edits = info(Command::Codebook);
        let edit = quiet_button_ui(ui, "Edit", "Edit the codebook");
        if hint(edit, || edits.tooltip()).clicked() {
            actions.push(Action::Run(Command::Codebook));
        }
        let outdated = model.derived_later(&OutdatedAnnotations);
        let n = outdated.value.map_or(0, |found| found.len());
        if n > 0 {
            ui.add_space(8.0);
            let link = ui.link(RichText::new(format!("{n} to look at again")).size(SMALL));
            if hint(link, || info(Command::Outdated).tooltip()).clicked() {
                actions.push(Action::Run(Command::Outdated));
            }
        }
    });
}

impl CodebookPanel {
    fn question(&self) -> ListedLabels {
        ListedLabels {
            typed: self.typed.clone(),
            folded: self.folded.clone(),
        }
    }

    /// Draws the field; whether something else is looked for now.
    fn field_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        listed: &[LabelRow],
    ) -> bool {
        let response = ui
            .horizontal(|ui| {
                ui.set_height(FIELD_HEIGHT - 6.0);
                ui.add_space(INSET);
                let width = ui.available_width() - INSET;
                let field = Field::search("Find a label", &mut self.typed)
                    .hint("Find a label")
                    .width(width)
                    .show(ui);
                hint(field, || info(Command::FindLabel).tooltip())
            })
            .inner;
        ui.add_space(6.0);
        if std::mem::take(&mut self.focus_field) {
            response.request_focus();
        }
        let is_changed = response.changed();
        if is_changed {
            self.cursor = None;
        }
        if response.has_focus() && !self.typed.trim().is_empty() {
            let found = count(listed.len(), "label fits", "labels fit");
            say_once(ui.ctx(), list_id().with("found"), &found);
        }
        let goes_down = ui.input(|i| i.key_pressed(Key::ArrowDown));
        if response.has_focus() && goes_down && !listed.is_empty() {
            self.focus_list = true;
        }
        if response.lost_focus() && ui.input(|i| i.key_pressed(Key::Escape)) {
            self.typed.clear();
            return true;
        }
        if response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter)) {
            // Nothing is chosen by Enter alone.
            if self.typed.trim().is_empty() {
                response.request_focus();
                return is_changed;
            }
            let codebook = model.session().project().codebook();
            let first = listed.first().and_then(|row| codebook.labels.get(row.at));
            if let Some(label) = first {
                actions.push(Action::UseLabel(label.id.clone()));
                self.typed.clear();
                focus_article(ui);
                return true;
            }
        }
        is_changed
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        listed: &[LabelRow],
        below: f32,
        tokens: &Tokens,
    ) {
        let codebook = model.session().project().codebook();
        if listed.is_empty() {
            // There is nothing that could have the keyboard, then or later.
            self.focus_list = false;
            let (told, offer) = if self.typed.trim().is_empty() {
                ("The codebook has no labels", None)
            } else {
                ("No label fits", Some("Clear the filter"))
            };
            let bottom = ui.cursor().top() + ui.available_height() - below;
            if nothing_ui(ui, told, offer) {
                self.typed.clear();
                self.focus_field = true;
                ui.ctx().request_repaint();
            }
            ui.add_space((bottom - ui.cursor().top()).max(0.0));
            return;
        }
        let label_at = |row: usize| codebook.labels.get(listed.get(row)?.at);
        let place = |id: &LabelId| {
            let mut rows = listed.iter();
            rows.position(|row| codebook.labels.get(row.at).is_some_and(|l| l.id == *id))
        };
        let cursor = self.cursor.as_ref().and_then(place);
        let article = model.article().map(|article| article.id.clone());
        let counts = article.map(|id| model.derived(&LabelCounts(id)));
        let count_at = |at: usize| {
            let counts = counts.as_deref();
            counts
                .and_then(|counts| counts.get(at))
                .copied()
                .unwrap_or(0)
        };
        let folds = listed.iter().any(|row| row.has_kinds);
        let has_focus = ui.memory(|memory| memory.has_focus(list_id()));
        let arrows = [
            Key::ArrowUp,
            Key::ArrowDown,
            Key::ArrowLeft,
            Key::ArrowRight,
        ];
        let goes = has_focus && ui.input(|i| arrows.iter().any(|key| i.key_pressed(*key)));
        let is_left = !has_focus && !self.focus_list;
        self.is_unchosen &= !goes && !is_left;
        let (mut folded, mut locked) = (None, None);
        let height = (ui.available_height() - below).max(ROW_HEIGHT);
        let step = List::pane(list_id(), "Labels", listed.len(), ROW_HEIGHT)
            .tree()
            .at_most(height)
            .filled()
            .cursor(cursor.or(has_focus.then_some(0)))
            .reveal(std::mem::take(&mut self.reveals))
            .focus(std::mem::take(&mut self.focus_list))
            .show(ui, |ui, at, state| {
                let (Some(row), Some(label)) = (listed.get(at), label_at(at)) else {
                    return ui.label("");
                };
                let shown = LabelLine {
                    label,
                    row,
                    count: count_at(row.at),
                    folds,
                    is_open: row.has_kinds.then(|| !self.folded.contains(&label.id)),
                    is_locked: model.locked_label() == Some(&label.id),
                };
                let asked = shown.ui(ui, state, tokens);
                context_menu_ui(&asked.response, |ui| menu_ui(ui, model, label, actions));
                if asked.folds {
                    folded = Some(label.id.clone());
                }
                if asked.locks {
                    locked = Some(label.id.clone());
                }
                asked.response
            });
        let current = step.moved.or(cursor).or(has_focus.then_some(0));
        let current = current.and_then(|at| Some((listed.get(at)?, label_at(at)?)));
        if let Some((row, label)) = current
            && has_focus
        {
            self.cursor = Some(label.id.clone());
            point_at(ui.ctx(), &label.id);
            if let Some(opens) = step.opens {
                self.go_sideways(opens, row, label, model);
            }
        }
        if let Some(id) = folded
            && !self.folded.remove(&id)
        {
            self.folded.insert(id);
        }
        let current = current.map(|(_, label)| &label.id).filter(|_| has_focus);
        // Enter alone marks with nothing.
        let step = ListStep {
            enters: step.enters && !self.is_unchosen,
            ..step
        };
        let clicked = step.clicked.and_then(label_at).map(|label| &label.id);
        take_step(ui, model, actions, &step, (current, clicked), locked);
    }

    /// Right opens a label, Left closes it or goes to what it is a kind of.
    fn go_sideways(&mut self, opens: bool, row: &LabelRow, label: &Label, model: &Model) {
        if opens {
            self.folded.remove(&label.id);
        } else if row.has_kinds && !self.folded.contains(&label.id) {
            self.folded.insert(label.id.clone());
        } else if row.depth > 0 {
            let codebook = model.session().project().codebook();
            let above = codebook.above(&label.id).find(|above| !above.retired);
            self.cursor = above.map(|above| above.id.clone());
            self.reveals = true;
        }
    }
}

fn focus_article(ui: &Ui) {
    ui.memory_mut(|memory| memory.request_focus(super::super::article::widget_id()));
}

/// What the list was asked for by mouse and keyboard.
fn take_step(
    ui: &Ui,
    model: &Model,
    actions: &mut Vec<Action>,
    step: &ListStep,
    (current, clicked): (Option<&LabelId>, Option<&LabelId>),
    locked: Option<LabelId>,
) {
    let lock = |id: &LabelId| {
        let is_locked = model.locked_label() == Some(id);
        Action::LockLabel((!is_locked).then(|| id.clone()))
    };
    if let Some(id) = &locked {
        actions.push(lock(id));
    } else if let Some(id) = clicked {
        actions.push(use_with(id, step.held));
    }
    let Some(id) = current else {
        return;
    };
    if step.ticks {
        actions.push(lock(id));
    }
    if step.enters {
        actions.push(Action::UseLabel(id.clone()));
        focus_article(ui);
    }
    // The list hears Enter alone.
    let also = ui.input_mut(|input| take_exactly(input, Modifiers::ALT, Key::Enter));
    if also {
        actions.push(Action::MarkAlso(id.clone()));
    }
    if step.deletes {
        actions.push(Action::AskToDelete(Deleting::Label(id.clone())));
    }
}

/// What a click on a label does: with Alt or Ctrl, the selection stays for another one.
fn use_with(id: &LabelId, held: Modifiers) -> Action {
    if held.alt || held.command {
        Action::MarkAlso(id.clone())
    } else {
        Action::UseLabel(id.clone())
    }
}

/// The labels that were used last.
fn last_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    let top = ui.cursor().top();
    let across = ui.max_rect().x_range();
    ui.painter().hline(across, top, (1.0, tokens.line));
    ui.horizontal(|ui| {
        ui.set_height(LAST_HEIGHT);
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.add_space(16.0);
        let font = FontId::proportional(SMALL);
        ui.label(
            RichText::new("Last used")
                .font(font.clone())
                .color(tokens.dim),
        );
        let mut last = model.last_labels().peekable();
        if last.peek().is_none() {
            ui.label(RichText::new("none yet").font(font).color(tokens.dim));
            return;
        }
        let key = info(Command::MarkWithLast).key_text();
        let right = ui.max_rect().right() - INSET;
        let at = pos2(right - KEY_WIDTH / 2.0 + 2.0, ui.max_rect().center().y);
        row::key_cap(ui.painter(), at, &key, tokens);
        for (n, label) in last.enumerate() {
            let left = right - KEY_WIDTH - 4.0 - ui.cursor().left();
            if left < 40.0 {
                break;
            }
            let clicked = ui
                .scope(|ui| {
                    ui.set_max_width(left);
                    button_chip_ui(ui, "Mark as", &label.name)
                })
                .inner;
            let help = || match n {
                0 => info(Command::MarkWithLast).tooltip(),
                _ => format!("Mark as {}", label.name.to_lowercase()),
            };
            if clicked.hovered() {
                point_at(ui.ctx(), &label.id);
            }
            let held = ui.input(|input| input.modifiers);
            if hint(clicked, help).clicked() {
                actions.push(use_with(&label.id, held));
            }
        }
    });
}

fn menu_ui(ui: &mut Ui, model: &Model, label: &Label, actions: &mut Vec<Action>) {
    let is_locked = model.locked_label() == Some(&label.id);
    let locks = if is_locked {
        "Let go of it"
    } else {
        "Mark every drag with it"
    };
    let mut offer = |ui: &mut Ui, text: &str, action: Action| {
        if item_ui(ui, Mark::None, text, "", true).clicked() {
            actions.push(action);
            ui.close();
        }
    };
    let lock = Action::LockLabel((!is_locked).then(|| label.id.clone()));
    offer(ui, locks, lock);
    let also = Action::MarkAlso(label.id.clone());
    offer(ui, "Mark, and keep the selection", also);
    ui.separator();
    let mut listing = model.listing().clone();
    listing.label = Some(label.id.clone());
    let shows = Action::SetListing(Box::new(listing));
    offer(ui, "Show the articles that have it", shows);
    let review = Action::ReviewPolicy(label.id.clone());
    offer(ui, "Boundaries of its annotations…", review);
    ui.separator();
    let what = Deleting::Label(label.id.clone());
    offer(ui, "Delete label…", Action::AskToDelete(what));
}

/// A label as its row shows it.
struct LabelLine<'a> {
    label: &'a Label,
    row: &'a LabelRow,
    count: usize,
    /// Some label of the list has kinds.
    folds: bool,
    /// Whether its kinds are shown, where it has any.
    is_open: Option<bool>,
    is_locked: bool,
}

/// What was asked of a row.
struct Asked {
    response: Response,
    folds: bool,
    locks: bool,
}

impl LabelLine<'_> {
    fn ui(&self, ui: &mut Ui, state: RowState, tokens: &Tokens) -> Asked {
        let label = self.label;
        let name = label.name.to_lowercase();
        let told = format!("Mark as {name}, {} here", self.count);
        let depth = self.row.depth.min(MOST_LEVELS);
        let (row, response) = tree_row_ui(ui, ROW_HEIGHT, &told, self.row.depth, self.is_open);
        let right = row.right() - INSET;
        let part = |right: f32, width: f32| {
            Rect::from_min_max(pos2(right - width, row.top()), pos2(right, row.bottom()))
        };
        let key_place = part(right, KEY_WIDTH);
        let count_place = part(key_place.left() - 4.0, COUNT_WIDTH);
        let lock = part(count_place.left(), LOCK_WIDTH);
        let lock_id = response.id.with("lock");
        let lock_response = switch_ui(ui, lock, lock_id, &format!("Lock {name}"), self.is_locked);
        let left = row.left() + depth as f32 * INDENT;
        let fold_place = Rect::from_min_max(
            pos2(left + 4.0, row.top()),
            pos2(left + 4.0 + FOLD_WIDTH, row.bottom()),
        );
        let fold_response = self.is_open.map(|is_open| {
            let id = response.id.with("kinds");
            switch_ui(ui, fold_place, id, &format!("Kinds of {name}"), is_open)
        });
        let is_hovered = response.hovered()
            || lock_response.hovered()
            || fold_response.as_ref().is_some_and(Response::hovered);
        if is_hovered {
            point_at(ui.ctx(), &label.id);
        }
        let ground = RowState {
            is_chosen: self.is_locked,
            ..state
        };
        Ground::IN_PANEL.paint(ui, row, ground, is_hovered, tokens);
        if let Some(is_open) = self.is_open {
            let shown = if is_open { Icon::Down } else { Icon::Right };
            icon::paint(ui.painter(), shown, fold_place.center(), 14.0, tokens.dim);
        }
        let left = if self.folds { left + 30.0 } else { left + 16.0 };
        let place = Rect::from_min_size(pos2(left, row.center().y - 7.0), vec2(18.0, 14.0));
        let color = tokens.label(label.color);
        swatch(ui, place, color, &label.underline, tokens);
        let says_lock = self.is_locked || is_hovered || state.has_ring;
        self.words_ui(
            ui,
            row,
            (place.right() + 8.0, lock, count_place),
            says_lock,
            tokens,
        );
        if let Some(key) = label.key {
            let at = pos2(key_place.right() - 10.0, row.center().y);
            row::key_cap(ui.painter(), at, &key.to_uppercase().to_string(), tokens);
        }
        let help = "Every drag marks with this label until it is let go (Shift and its key; Space in the list)";
        let locks = hint(lock_response, || help.to_owned()).clicked();
        if response.hovered() && !ui.input(|input| input.pointer.any_down()) {
            response.clone().on_hover_ui(|ui| tooltip_ui(ui, label));
        }
        Asked {
            folds: fold_response.is_some_and(|fold| fold.clicked()),
            response,
            locks,
        }
    }

    fn words_ui(
        &self,
        ui: &Ui,
        row: Rect,
        (left, lock, count_place): (f32, Rect, Rect),
        says_lock: bool,
        tokens: &Tokens,
    ) {
        let painter = ui.painter();
        let small = || FontId::proportional(SMALL);
        let middle = |height: f32| row.center().y - height / 2.0;
        let count = self.count.to_string();
        let count = row::line(painter, &count, small(), tokens.dim, COUNT_WIDTH);
        let at = count_place.right() - count.size().x;
        painter.galley(pos2(at, middle(count.size().y)), count, tokens.dim);
        let font = if self.is_locked {
            theme::strong_font(13.0)
        } else {
            FontId::proportional(13.0)
        };
        let end = if says_lock { lock.left() } else { at - 8.0 };
        let room = (end - left).max(20.0);
        let shown = row::line(painter, &self.label.name, font, tokens.ink, room);
        painter.galley(pos2(left, middle(shown.size().y)), shown, tokens.ink);
        if says_lock {
            let (word, color) = if self.is_locked {
                ("locked", tokens.ink)
            } else {
                ("lock", tokens.dim)
            };
            let word = row::line(painter, word, small(), color, LOCK_WIDTH);
            let at = lock.center() - word.size() / 2.0;
            painter.galley(at, word, color);
        }
    }
}

fn tooltip_ui(ui: &mut Ui, label: &Label) {
    ui.set_max_width(340.0);
    words_ui(
        ui,
        RichText::new(&label.name).font(theme::strong_font(13.0)),
    );
    words_ui(ui, &label.definition);
    for (title, rules) in [
        ("Include", &label.include),
        ("Exclude", &label.exclude),
        ("Example", &label.examples),
    ] {
        for rule in rules {
            weak_words_ui(ui, format!("{title}: {rule}"));
        }
    }
    ui.weak(format!(
        "{} keeps this open",
        info(Command::Definition).key_text()
    ));
}
