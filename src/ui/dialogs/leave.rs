//! The question before unsaved work is left.

use crate::app::action::{Action, LeaveAnswer};
use crate::app::model::Model;
use crate::ui::theme;
use eframe::egui::{Context, Key, Modal, Modifiers, RichText};

pub(crate) fn leave_ui(ctx: &Context, model: &Model, actions: &mut Vec<Action>) {
    let name = model.session().display_name();
    let mut answer = None;
    let modal = Modal::new(eframe::egui::Id::unique("leave")).show(ctx, |ui| {
        ui.set_width(400.0);
        ui.label(
            RichText::new(format!("Save the changes to “{name}”?")).font(theme::strong_font(15.0)),
        );
        ui.add_space(4.0);
        ui.label(if model.session().path.is_some() {
            "Without saving, the file stays as it was saved last. What was done since stays in the journal and can be made again after opening it."
        } else {
            "This project was never saved. Without saving, it is gone."
        });
        ui.add_space(10.0);
        ui.horizontal(|ui| {
            let save = ui.button("Save").on_hover_text("Enter");
            if save.clicked() || ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter)) {
                answer = Some(LeaveAnswer::Save);
            }
            if ui.button("Do not save").clicked() {
                answer = Some(LeaveAnswer::Discard);
            }
            if ui.button("Go back").on_hover_text("Esc").clicked() {
                answer = Some(LeaveAnswer::Stay);
            }
        });
    });
    if modal.should_close() {
        answer = answer.or(Some(LeaveAnswer::Stay));
    }
    if let Some(answer) = answer {
        actions.push(Action::Leave(answer));
    }
}
