//! The review list: annotations whose place in the text was lost. Place them again by hand.

use crate::app::action::Action;
use crate::app::lines::ReviewLines;
use crate::app::model::Model;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Align, Context, Frame, Layout, RichText, ScrollArea, Window, vec2};

/// A window that stays beside the article while text is selected in it; `false` when it is to be
/// closed.
pub(crate) fn review_ui(
    ctx: &Context,
    model: &Model,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) -> bool {
    let mut is_open = true;
    Window::new("Review list")
        .title_bar(false)
        .default_size(vec2(430.0, 420.0))
        .default_pos(ctx.content_rect().right_top() + vec2(-470.0, 90.0))
        .collapsible(false)
        .show(ctx, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new("Review list").font(theme::strong_font(18.0)));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    is_open = !ui.button("Close").clicked();
                });
            });
            let project = model.session().project();
            let items = project.set_aside();
            if items.is_empty() {
                ui.weak("The review list is empty. When the text of an article is damaged or changed, annotations whose place cannot be found come here; nothing is thrown away.");
                return;
            }
            ui.weak("These annotations lost their place in the text. Select where one belongs, then place it there.");
            ui.add_space(6.0);
            let room = ui.available_height();
            ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show(ui, |ui| {
                let lines = model.derived(&ReviewLines);
                for (i, (item, line)) in items.iter().zip(lines.iter()).enumerate() {
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
                    ui.add_space(4.0);
                }
            });
        });
    is_open
}
