//! What stands beside what is selected: the bar under selected text, and the menu that a right click
//! opens on text and annotations. All of it is in the menus of the window too, and has keys.

use super::paint::text_box;
use super::{ArticleView, layout, widget_id};
use crate::app::action::Action;
use crate::app::command::{Command, info};
use crate::app::derived::project::Counts;
use crate::app::model::Model;
use crate::core::article::Article;
use crate::core::codebook::Label;
use crate::core::text::selection::Selection;
use crate::core::text::{BytePos, ByteRange};
use crate::ui::kit::bar::{BAR_HEIGHT, Bar, Choice};
use crate::ui::kit::chip::choose_ui;
use crate::ui::kit::menu::{context_menu_ui, submenu_ui};
use crate::ui::menu::{command_item_ui, label_items_ui};
use crate::ui::theme::Tokens;
use eframe::egui::{Popup, Pos2, Rect, Response, Ui, Vec2, pos2, vec2};

/// The space between the selection and its bar: so small that it stands between paragraphs.
const BAR_GAP: f32 = 1.0;
/// The bar has so many labels at most.
const BAR_LABELS: usize = 5;

impl ArticleView {
    /// A right click is on what is selected, or selects what is there.
    pub(super) fn menu_target(
        &self,
        model: &Model,
        article: &Article,
        at: BytePos,
        actions: &mut Vec<Action>,
    ) {
        if model.selection().range().contains(at) && !model.selection().is_empty() {
            return;
        }
        let here = article.annotations.at(at);
        let is_selected = here.iter().any(|a| Some(&a.id) == model.selected());
        let annotation = if is_selected {
            model.selected().cloned()
        } else {
            here.first().map(|annotation| annotation.id.clone())
        };
        actions.push(Action::Select {
            selection: Selection::caret_at(at),
            annotation,
        });
    }

    pub(super) fn context_menu_ui(
        &self,
        response: &Response,
        model: &Model,
        article: &Article,
        actions: &mut Vec<Action>,
    ) {
        context_menu_ui(response, |ui| {
            ui.set_min_width(230.0);
            if !model.selection().is_empty() {
                if model.whole_of_fragment().is_some() {
                    items_ui(ui, model, &[Command::AddFragment], actions);
                }
                let text = [
                    Command::Copy,
                    Command::GrowSelection,
                    Command::FindEverywhere,
                    Command::FindNearCopies,
                ];
                items_ui(ui, model, &text, actions);
                ui.separator();
                label_items_ui(ui, model, "Mark as", actions);
            } else if let Some(annotation) = model.selected_annotation() {
                submenu_ui(ui, "Change label", |ui| {
                    label_items_ui(ui, model, "Change to", actions);
                });
                let links = [
                    Command::BeginLink,
                    Command::FollowLink,
                    Command::FollowLinkBack,
                ];
                items_ui(ui, model, &links, actions);
                ui.separator();
                let changes = [
                    Command::EditNote,
                    Command::SelectAnnotationText,
                    Command::MoveStart,
                    Command::MoveEnd,
                    Command::FindNearCopies,
                ];
                items_ui(ui, model, &changes, actions);
                let around = article.annotations.overlapping(annotation.extent());
                if around.take(2).count() > 1 {
                    items_ui(ui, model, &[Command::CycleOverlapping], actions);
                }
                ui.separator();
                items_ui(
                    ui,
                    model,
                    &[Command::FindEverywhere, Command::DeleteAnnotation],
                    actions,
                );
            } else {
                let text = [Command::GrowSelection, Command::SelectAll];
                items_ui(ui, model, &text, actions);
                ui.separator();
                let article = [
                    Command::MarkDone,
                    Command::ToggleFlag,
                    Command::StandsElsewhere,
                ];
                items_ui(ui, model, &article, actions);
                ui.separator();
                let choices = [Command::ToggleSnapToWords, Command::ToggleLabelBar];
                items_ui(ui, model, &choices, actions);
            }
        });
    }

    /// Which link it is to be, where two annotations may have several.
    pub(super) fn link_question_ui(
        &mut self,
        ui: &Ui,
        model: &Model,
        article: &Article,
        actions: &mut Vec<Action>,
    ) {
        let ways = model.link_draft().map(|draft| draft.ways.as_slice());
        let Some((first, ways)) = ways.and_then(|ways| Some((ways.first()?, ways))) else {
            self.asks_link = false;
            return;
        };
        // A dialog over it is answered first; then the question is asked again.
        if ui.ctx().memory(|memory| memory.top_modal_layer().is_some()) {
            self.asks_link = false;
            return;
        }
        let at = article.annotations.get(first.to.as_str());
        let at = at.map_or(BytePos(0), |to| to.start());
        let place = self.link_place(ui, article, at);
        let is_new = !std::mem::replace(&mut self.asks_link, true);
        let (mut is_open, mut is_chosen) = (true, false);
        choose_ui(ui, "Which link", place, &mut is_open, |ui| {
            for (n, way) in ways.iter().enumerate() {
                let name = format!("Link as {}", way.role.replace('_', " "));
                let item = ui.button(name);
                if is_new && n == 0 {
                    item.request_focus();
                }
                if item.clicked() {
                    actions.push(Action::Link(way.clone()));
                    is_chosen = true;
                }
            }
        });
        if !is_open && !is_chosen {
            actions.push(Action::LeaveLink);
        }
    }

    /// The labels in use, under what is selected, or above it where there is no room.
    pub(super) fn bar_ui(
        &mut self,
        ui: &Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let is_wanted = model.settings().show_label_bar
            && !model.selection().is_empty()
            && self.gesture.is_none()
            && model.locked_label().is_none();
        if !is_wanted {
            return;
        }
        let Some((first, last)) = self.ends_on_screen(model.selection().range()) else {
            return;
        };
        let codebook = model.session().project().codebook();
        let labels = model.derived(&Counts).most_used(codebook, BAR_LABELS);
        let whole = model.whole_of_fragment();
        let whole = whole.map(|whole| codebook.name_of(&whole.label).to_lowercase());
        let part = whole.as_ref().map(|whole| format!("+ Part of the {whole}"));
        let mut choices: Vec<Choice<'_>> = Vec::new();
        if let (Some(whole), Some(part)) = (&whole, &part) {
            choices.push(Choice {
                swatch: None,
                text: part,
                key: info(Command::AddFragment).key_text(),
                name: format!("Add the selection to the {whole}"),
            });
        }
        choices.extend(labels.iter().map(|label| label_choice(label, tokens)));
        choices.push(Choice {
            swatch: None,
            text: "…",
            key: String::new(),
            name: "More for the selection".to_owned(),
        });
        let bar = Bar::new(ui, choices, self.column.width(), tokens);
        let size = bar.size();
        let at = self.bar_place(size, first, last);
        self.over_text.push(Rect::from_min_size(at, size));
        let answers = bar.show(ui, widget_id().with("bar"), at, tokens);
        let mut labels = labels.iter();
        let count = answers.len();
        for (n, (_, response)) in answers.into_iter().enumerate() {
            if n + 1 == count {
                Popup::menu(&response).show(|ui| {
                    ui.set_min_width(230.0);
                    label_items_ui(ui, model, "Mark as", actions);
                    ui.separator();
                    items_ui(ui, model, &[Command::LabelFromWords], actions);
                });
                continue;
            }
            let is_part = n == 0 && part.is_some();
            let (action, tooltip) = if is_part {
                let action = Action::Run(Command::AddFragment);
                (action, info(Command::AddFragment).tooltip())
            } else {
                let Some(label) = labels.next() else { continue };
                let action = Action::UseLabel(label.id.clone());
                (action, label.definition.clone())
            };
            if response.on_hover_text(tooltip).clicked() {
                actions.push(action);
            }
        }
    }

    /// Where the bar covers the least text: under the selection, beside its end, or above it, at its
    /// beginning or at the end of the line.
    fn bar_place(&self, size: Vec2, first: Rect, last: Rect) -> Pos2 {
        let below = last.bottom() + 2.0 + BAR_GAP;
        let above = first.top() - 2.0 - BAR_GAP - BAR_HEIGHT;
        let beside = last.center().y - BAR_HEIGHT / 2.0;
        let most = (self.column.right() - size.x).max(self.column.left());
        let at = |left: f32, top: f32| pos2(left.clamp(self.column.left(), most), top).round();
        let places = [
            at(last.left(), below),
            at(most, below),
            at(last.right() + 12.0, beside),
            at(first.left(), above),
            at(most, above),
        ];
        let around = first
            .union(last)
            .expand2(vec2(f32::INFINITY, 3.0 * BAR_HEIGHT));
        let lines = self.lines_on_screen(around);
        let covered = |at: &Pos2| -> f32 {
            let bar = Rect::from_min_size(*at, size);
            let over = lines.iter().map(|line| bar.intersect(*line));
            over.filter(|over| over.is_positive())
                .map(|over| over.area())
                .sum()
        };
        let fits = |at: &&Pos2| at.y >= self.view.top() && at.y + BAR_HEIGHT <= self.view.bottom();
        let best = places.iter().filter(fits);
        let best = best.min_by(|a, b| covered(a).total_cmp(&covered(b)));
        best.copied()
            .unwrap_or_else(|| at(first.left(), self.view.top()))
    }

    /// The lines of text that meet a part of the screen, as far as letters fill them.
    fn lines_on_screen(&self, part: Rect) -> Vec<Rect> {
        let mut lines = Vec::new();
        let mut rects = Vec::new();
        for &(index, top) in &self.visible {
            let Some(block) = self.blocks.get(index) else {
                continue;
            };
            let Some(laid) = self.frame.known(block) else {
                continue;
            };
            if top > part.bottom() || top + laid.height() < part.top() {
                continue;
            }
            rects.clear();
            laid.rects(block.range(), &mut rects);
            let size = layout::letter_size(&self.metrics, block.kind);
            let onto_screen = vec2(self.column.left(), top);
            lines.extend(
                rects
                    .iter()
                    .map(|rect| text_box(rect.translate(onto_screen), size)),
            );
        }
        lines
    }

    /// The first and the last line of a range, as far as they are on the screen.
    fn ends_on_screen(&self, range: ByteRange) -> Option<(Rect, Rect)> {
        let mut ends: Option<(Rect, Rect)> = None;
        let mut rects = Vec::new();
        for &(index, top) in &self.visible {
            let Some(block) = self.blocks.get(index) else {
                continue;
            };
            let Some(laid) = self
                .frame
                .known(block)
                .filter(|_| range.intersects(block.range()))
            else {
                continue;
            };
            rects.clear();
            laid.rects(range.clamp_to(block.range()), &mut rects);
            for rect in rects.iter().filter(|rect| rect.width() > 0.0) {
                let rect = rect.translate(vec2(self.column.left(), top));
                let rect = text_box(rect, layout::letter_size(&self.metrics, block.kind));
                if self.view.intersects(rect) {
                    let first = ends.map_or(rect, |(first, _)| first);
                    ends = Some((first, rect));
                }
            }
        }
        ends
    }
}

fn items_ui(ui: &mut Ui, model: &Model, commands: &[Command], actions: &mut Vec<Action>) {
    for &command in commands {
        command_item_ui(ui, model, command, actions);
    }
}

fn label_choice<'a>(label: &'a Label, tokens: &Tokens) -> Choice<'a> {
    Choice {
        swatch: Some((tokens.label(label.color), &label.underline)),
        text: &label.name,
        key: label.key.into_iter().flat_map(char::to_uppercase).collect(),
        name: format!("Mark the selection as {}", label.name.to_lowercase()),
    }
}
