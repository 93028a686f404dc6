//! The review list: annotations whose place in the text was lost. Place them again by hand.

use super::Opener;
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::lines::ReviewLineAt;
use crate::app::model::Model;
use crate::app::words::count;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::list::List;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Frame, RichText};

pub(super) const OPENS: Opener = Opener::new(Command::Review, |_| Box::new(review_ui)).beside();

/// A card that stays beside the article while text is selected in it.
fn review_ui(ctx: &Context, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) -> CardStep {
    let card = Card::beside("review", "Review list");
    card.show_beside(ctx, |ui, card| {
        let project = model.session().project();
        let items = project.set_aside();
        if items.is_empty() {
            card.lead(ui, "The review list is empty. When the text of an article is damaged or changed, annotations whose place cannot be found come here; nothing is thrown away.");
            card.foot(ui, "", |ui, card| card.close(ui, "Close"));
            return;
        }
        card.lead(ui, "These annotations lost their place in the text. Select where one belongs, then place it there.");
        card.pane(ui, |ui| {
        let list = List::of_controls("Lost annotations", items.len(), 120.0).gap(4.0);
        list.show_measured(ui, |ui, i| {
            let Some(item) = items.get(i) else {
                return;
            };
            let line = model.derived(&ReviewLineAt(i));
            Frame::group(ui.style()).fill(tokens.page).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.label(RichText::new(&line.title).font(theme::strong_font(13.0)));
                ui.label(&line.text);
                if !line.note.is_empty() {
                    ui.weak(format!("Note: {}", line.note));
                }
                ui.weak(format!("Because {}", item.reason));
                ui.horizontal_wrapped(|ui| {
                    let known = project.article(&item.article.as_str().into()).is_some();
                    if ui.add_enabled(known, eframe::egui::Button::new("Show its article")).clicked() {
                        actions.push(Action::ShowReviewed(i));
                    }
                    let can_place = line.is_annotation && !model.selection().is_empty();
                    let place = ui.add_enabled(can_place, eframe::egui::Button::new("Place at the selection"));
                    if place.on_disabled_hover_text("Select its text in the article first").clicked() {
                        actions.push(Action::PlaceReviewed(i));
                    }
                    if ui.button("Copy").on_hover_text("The whole entry, as it stands in the file").clicked() {
                        ui.ctx().copy_text(item.raw.as_str().to_owned());
                    }
                    if ui.button("Take off the list").on_hover_text("Undo brings it back").clicked() {
                        actions.push(Action::DropReviewed(i));
                    }
                });
            });
        });
        });
        card.foot(ui, &count(items.len(), "annotation", "annotations"), |ui, card| card.close(ui, "Close"));
    })
}
