//! The page of the codebook: the labels at the left, and all that is said of one of them.
//!
//! What is written in a field is kept when it is left, and is one step of undo; what would touch
//! annotations waits for an answer first. Keeps what is being written and what is folded, and
//! nothing that follows from the project.

mod attributes;
mod boundary;
mod examples;
mod label;
mod links;
mod list;
mod look;

use super::drafts::Drafts;
use super::in_part;
use crate::app::action::{Action, Spot};
use crate::app::model::Model;
use crate::core::ids::LabelId;
use crate::ui::kit::speech::tell_region;
use crate::ui::theme::Tokens;
use eframe::egui::{Context, Frame, Id, Margin, Panel, Rect, ScrollArea, Ui, UiBuilder, pos2};

/// The list of labels.
const LIST_WIDTH: f32 = 292.0;
const LEAST_LIST_WIDTH: f32 = 264.0;
/// From this width on what is said of a label stands in two columns.
const TWO_COLUMNS: f32 = 860.0;
const COLUMN_GAP: f32 = 36.0;

#[derive(Default)]
pub(in crate::ui) struct CodebookPage {
    list: list::LabelList,
    drafts: Drafts,
    /// The label that is shown, which drafts and what waits are about.
    of: Option<LabelId>,
    /// The id that it had when it was first shown.
    since: Option<LabelId>,
    attributes: attributes::Attributes,
    boundary: boundary::Boundary,
    focus_name: bool,
    /// Another label is shown from its beginning.
    to_top: bool,
    /// Where the list of labels ends.
    split: f32,
}

impl CodebookPage {
    pub(in crate::ui) fn focus(&mut self, spot: Spot) {
        self.focus_name |= spot == Spot::LabelName;
        self.list.focus(spot);
        self.attributes.focus(spot);
    }

    /// Keeps what is being written.
    pub(in crate::ui) fn flush(&mut self, actions: &mut Vec<Action>) {
        self.drafts.flush(actions);
    }

    pub(in crate::ui) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let room = ui.max_rect();
        let width = (room.width() * 0.24).clamp(LEAST_LIST_WIDTH, LIST_WIDTH);
        let at = (room.left() + width).round();
        let left = room.with_max_x(at);
        ui.painter().rect_filled(left, 0.0, tokens.panel);
        ui.painter().vline(at, room.y_range(), (1.0, tokens.line));
        in_part(ui, left, "labels", |ui| {
            tell_region(ui, "Labels");
            self.list.ui(ui, model, actions, tokens);
        });
        self.focus_name |= std::mem::take(&mut self.list.enters);
        let shown = model.page_label().map(|label| label.id.clone());
        let renamed = self.of.as_ref().zip(shown.as_ref());
        if renamed.is_some_and(|(old, new)| model.is_same_label(old, new)) {
            self.of = shown;
        } else if shown != self.of {
            self.since.clone_from(&shown);
            self.drafts.flush(actions);
            self.drafts.forget();
            self.of = shown;
            self.attributes.forget();
            self.boundary.forget();
            self.to_top = true;
        }
        self.split = at;
        in_part(ui, room.with_min_x(at + 1.0), "label", |ui| {
            tell_region(ui, "Label");
            self.label_side_ui(ui, model, actions, tokens);
        });
        self.boundary.see_writing(ui);
    }

    /// Gives the keyboard to the label's side when the list has it, and to the list else; `offer` is
    /// what a notice offers, which comes between.
    pub(in crate::ui) fn focus_next(&mut self, ctx: &Context, model: &Model, offer: Option<Id>) {
        let focused = ctx.memory(|memory| memory.focused());
        let is_at_label = focused.and_then(|id| ctx.read_response(id));
        let is_at_label = is_at_label.is_some_and(|at| at.rect.left() >= self.split);
        let offer = offer.filter(|offer| focused != Some(*offer));
        if focused == Some(list::list_id()) && model.page_label().is_some() {
            self.focus_name = true;
        } else if let Some(offer) =
            offer.filter(|_| is_at_label || focused == Some(list::list_id()))
        {
            ctx.memory_mut(|memory| memory.request_focus(offer));
        } else {
            self.list.focus(Spot::LabelList);
        }
    }

    fn label_side_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let Some(label) = model.page_label() else {
            self.focus_name = false;
            ui.add_space(40.0);
            ui.vertical_centered(|ui| {
                ui.weak("The codebook has no labels. Add one, load a codebook, or undo.");
            });
            return;
        };
        // Below what it is about: what is pressed stays under the pointer.
        if self.boundary.is_asked(model, label) {
            let frame = Frame::new().inner_margin(Margin::symmetric(28, 10));
            Panel::bottom("what waits")
                .frame(frame)
                .resizable(false)
                .show_separator_line(false)
                .show(ui, |ui| {
                    self.boundary.banner_ui(ui, model, actions, tokens);
                });
        }
        let since = self.since.as_ref().unwrap_or(&label.id);
        let mut area = ScrollArea::vertical()
            .id_salt(("label", since.as_str()))
            .auto_shrink(false);
        if std::mem::take(&mut self.to_top) {
            area = area.vertical_scroll_offset(0.0);
        }
        let margin = Margin {
            left: 28,
            right: 28,
            top: 16,
            bottom: 28,
        };
        area.show(ui, |ui| {
            Frame::new().inner_margin(margin).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = 6.0;
                label::head_ui(ui, model, label, actions, tokens);
                ui.add_space(8.0);
                let room = ui.available_rect_before_wrap();
                if room.width() < TWO_COLUMNS {
                    self.first_ui(ui, model, label, actions, tokens);
                    self.second_ui(ui, model, label, actions, tokens);
                    return;
                }
                let width = ((room.width() - COLUMN_GAP) / 2.0).floor();
                let mut bottom = room.top();
                for second in [false, true] {
                    let from = if second {
                        room.right() - width
                    } else {
                        room.left()
                    };
                    let column = Rect::from_min_max(
                        pos2(from, room.top()),
                        pos2(from + width, room.bottom()),
                    );
                    let inside = UiBuilder::new().max_rect(column).id_salt(second);
                    let drawn = ui.scope_builder(inside, |ui| {
                        if second {
                            self.second_ui(ui, model, label, actions, tokens);
                        } else {
                            self.first_ui(ui, model, label, actions, tokens);
                        }
                        ui.min_rect().bottom()
                    });
                    bottom = bottom.max(drawn.inner);
                }
                ui.expand_to_include_rect(room.with_max_y(bottom));
            });
        });
    }

    /// What it is called, how it looks and what it means.
    fn first_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        label: &crate::core::codebook::Label,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let focuses = std::mem::take(&mut self.focus_name);
        let drafts = &mut self.drafts;
        if label::names_ui(ui, model, label, drafts, focuses, actions, tokens) {
            self.list.focus(Spot::LabelList);
        }
        look::look_ui(ui, model, label, drafts, actions, tokens);
        label::meaning_ui(ui, model, label, drafts, actions, tokens);
        examples::examples_ui(ui, model, label, drafts, actions, tokens);
    }

    /// What is asked of its annotations.
    fn second_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        label: &crate::core::codebook::Label,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let drafts = &mut self.drafts;
        self.attributes
            .ui(ui, model, label, drafts, actions, tokens);
        self.boundary.ui(ui, model, label, actions, tokens);
        links::links_ui(ui, model, label, drafts, actions, tokens);
    }
}
