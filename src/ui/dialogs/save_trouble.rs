//! A save that cannot go on by itself: what happened, to which file, and what can be done.

use super::Question;
use crate::app::action::{Action, SaveAnswer};
use crate::app::model::{Model, SaveTrouble};
use crate::core::shown::shown_path;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::theme::Tokens;
use eframe::egui::Context;

pub(super) const ASKS: Question = Question {
    is_asked: |model| model.save_trouble().is_some(),
    open: || Box::new(save_trouble_ui),
};

fn save_trouble_ui(
    ctx: &Context,
    model: &Model,
    actions: &mut Vec<Action>,
    _: &Tokens,
) -> CardStep {
    let Some(trouble) = model.save_trouble() else {
        return CardStep::Stays;
    };
    let (title, path, text, answers): (_, _, String, &[(SaveAnswer, &str, &str)]) = match trouble {
        SaveTrouble::Changed(path) => (
            "The file was changed by another program",
            path,
            "Someone else saved it since you opened or saved it here: another Pressmark, a synchronised folder or version control. Nothing of either is lost, whatever you choose.".to_owned(),
            &[
                (SaveAnswer::KeepBoth, "Keep both", "Save this project under another name beside the file"),
                (SaveAnswer::Reload, "Reload", "Take the file as it is now; your unsaved edits stay in the history, to be made again"),
                (SaveAnswer::Later, "Not now", "Esc"),
                (SaveAnswer::Merge, "Merge", "Bring the other changes into this project, annotation by annotation, as one step that can be undone; then save"),
            ],
        ),
        SaveTrouble::Gone(path) => (
            "The file is no longer there",
            path,
            "It was moved, renamed or deleted, or its drive is gone. Your work is still here and in the journal.".to_owned(),
            &[
                (SaveAnswer::SaveAs, "Save as…", "Choose another place"),
                (SaveAnswer::Later, "Go on working", "Esc"),
                (SaveAnswer::Retry, "Save it here again", "Write the file anew at its old place"),
            ],
        ),
        SaveTrouble::Failed(path, reason) => (
            "The project was not saved",
            path,
            format!("{reason}. The old file is as it was. Your work is still here and in the journal."),
            &[
                (SaveAnswer::SaveAs, "Save as…", "Choose another place"),
                (SaveAnswer::Later, "Go on working", "Esc"),
                (SaveAnswer::Retry, "Try again", "After making room, or getting the drive back"),
            ],
        ),
    };
    // None of the ways loses anything, so the first one to think of has Enter.
    let main = answers.last().map_or(SaveAnswer::Later, |last| last.0);
    let step = Card::question("save trouble", title)
        .higher(56.0)
        .show(ctx, |ui, card| {
            card.lead(ui, &shown_path(path));
            card.body(ui, |ui| ui.label(text));
            card.foot(ui, "", |ui, card| {
                let mut answer = None;
                for (choice, name, help) in answers {
                    if *choice == SaveAnswer::Later {
                        card.close(ui, name);
                    } else if *choice == main {
                        let chosen = card.main(ui, None, *name, help);
                        answer = answer.or(chosen.then_some(main));
                    } else if ui.button(*name).on_hover_text(*help).clicked() {
                        answer = Some(*choice);
                    }
                }
                answer
            })
        });
    if let Some(answer) = step.answer(SaveAnswer::Later) {
        actions.push(Action::AnswerSave(answer));
    }
    CardStep::Stays
}
