//! The review list: annotations whose place in the text was lost. Place them again by hand.

use crate::app::action::Action;
use crate::app::model::Model;
use crate::format::project_ron;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::list::List;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Frame, RichText, vec2};

/// A card that stays beside the article while text is selected in it.
pub(crate) fn review_ui(
    ctx: &Context,
    model: &Model,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) -> CardStep {
    let card = Card::new("review", "Review list").width(430.0);
    card.show_beside(ctx, 420.0, vec2(-470.0, 90.0), |ui| {
        let project = model.session().project();
        let items = project.set_aside();
        if items.is_empty() {
            ui.weak("The review list is empty. When the text of an article is damaged or changed, annotations whose place cannot be found come here; nothing is thrown away.");
            return;
        }
        ui.weak("These annotations lost their place in the text. Select where one belongs, then place it there.");
        ui.add_space(6.0);
        let list = List::of_controls("Lost annotations", items.len(), 120.0).gap(4.0);
        list.show_measured(ui, model.session().revision(), |ui, i| {
            let Some(item) = items.get(i) else {
                return;
            };
            Frame::group(ui.style()).fill(tokens.page).show(ui, |ui| {
                ui.set_width(ui.available_width());
                let lost = project_ron::lost_annotation(&item.raw);
                let title = match &lost {
                    Some(annotation) => {
                        let name = project.codebook().name_of(&annotation.label);
                        format!("{name} by {}", project.annotator_name(&annotation.annotator))
                    }
                    None => "Something that cannot be read".to_owned(),
                };
                ui.label(RichText::new(title).font(theme::strong_font(13.0)));
                let marked = project_ron::lost_texts(&item.raw).join(" … ");
                let text = if marked.is_empty() { item.raw.as_str().to_owned() } else { marked };
                ui.label(text.chars().take(400).collect::<String>());
                if let Some(note) = lost.as_ref().map(|a| &a.note).filter(|note| !note.is_empty()) {
                    ui.weak(format!("Note: {note}"));
                }
                ui.weak(format!("Because {}", item.reason));
                ui.horizontal_wrapped(|ui| {
                    let known = project.article(&item.article.as_str().into()).is_some();
                    if ui.add_enabled(known, eframe::egui::Button::new("Show its article")).clicked() {
                        actions.push(Action::ShowReviewed(i));
                    }
                    let can_place = lost.is_some() && !model.selection().is_empty();
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
    })
}
