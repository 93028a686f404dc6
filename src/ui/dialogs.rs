//! The cards that stand over the window, and what opens each: a command, or a question of the model.
//!
//! What a card is about stands in its file, and so does its row; the tables here only join the rows.
//! They know commands, and no command knows them.

mod about;
mod backups;
pub(super) mod browse;
mod cheat_sheet;
mod compare;
mod copies;
mod definition;
mod delete_person;
mod deleting;
mod details;
mod elsewhere;
mod export;
mod history;
mod hit_attribute;
mod import;
mod import_reports;
mod leave;
mod line_up;
mod load_codebook;
mod looking;
mod merge_label;
mod merge_person;
mod near_copies;
mod new_label;
mod outdated;
mod palette;
mod person;
mod policy;
mod recurring;
mod review;
mod revisions;
mod save_trouble;
mod sets;
mod settings;
mod split_person;
mod tie_words;
mod trash;
mod wording;

use super::kit::card::CardStep;
use super::theme::Tokens;
use crate::app::action::{Action, Deleting};
use crate::app::command::Command;
use crate::app::model::Model;
use eframe::egui::Context;

/// The dialogs of commands, by their files.
const OPENERS: &[&[Opener]] = &[
    about::OPENS,
    backups::OPENS,
    cheat_sheet::OPENS,
    copies::OPENS,
    compare::OPENS,
    definition::OPENS,
    delete_person::OPENS,
    deleting::OPENS,
    details::OPENS,
    elsewhere::OPENS,
    export::OPENS,
    history::OPENS,
    hit_attribute::OPENS,
    line_up::OPENS,
    import_reports::OPENS,
    load_codebook::OPENS,
    merge_label::OPENS,
    merge_person::OPENS,
    near_copies::OPENS,
    new_label::OPENS,
    outdated::OPENS,
    palette::OPENS,
    person::OPENS,
    policy::OPENS,
    recurring::OPENS,
    review::OPENS,
    revisions::OPENS,
    sets::OPENS,
    settings::OPENS,
    split_person::OPENS,
    tie_words::OPENS,
    trash::OPENS,
];

/// What the model asks, whatever else is open; of several, the first is shown.
const QUESTIONS: &[Question] = &[
    leave::ASKS,
    export::ASKS,
    save_trouble::ASKS,
    import::ASKS,
    load_codebook::ASKS,
];

pub(super) trait Dialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep;
}

/// One that keeps nothing from frame to frame.
impl<F> Dialog for F
where
    F: Fn(&Context, &Model, &mut Vec<Action>, &Tokens) -> CardStep,
{
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        self(ctx, model, actions, tokens)
    }
}

/// The dialog of a command.
struct Opener {
    command: Command,
    open: fn(&Model) -> Box<dyn Dialog>,
    /// It is not about the project, and stays when another one is entered.
    outlives_project: bool,
    /// It stands beside what is worked on until it is closed; its command closes it, too.
    is_beside: bool,
}

impl Opener {
    const fn new(command: Command, open: fn(&Model) -> Box<dyn Dialog>) -> Self {
        Self {
            command,
            open,
            outlives_project: false,
            is_beside: false,
        }
    }

    const fn of_no_project(mut self) -> Self {
        self.outlives_project = true;
        self
    }

    const fn beside(mut self) -> Self {
        self.is_beside = true;
        self
    }
}

fn openers() -> impl Iterator<Item = &'static Opener> {
    OPENERS.iter().copied().flatten()
}

/// A question of the model, which stands over the window until it is answered.
struct Question {
    is_asked: fn(&Model) -> bool,
    open: fn() -> Box<dyn Dialog>,
}

/// Whether the model asks something.
pub(super) fn is_asked(model: &Model) -> bool {
    QUESTIONS.iter().any(|question| (question.is_asked)(model))
}

/// The cards that are open.
#[derive(Default)]
pub(super) struct Cards {
    over: Option<Open>,
    beside: Option<Open>,
    /// One for each question, while it is asked.
    asked: [Option<Box<dyn Dialog>>; QUESTIONS.len()],
}

struct Open {
    /// Nobody's, when it was not opened by a command.
    command: Option<Command>,
    outlives_project: bool,
    dialog: Box<dyn Dialog>,
}

impl Cards {
    pub(super) fn has_one_over(&self) -> bool {
        self.over.is_some()
    }

    /// Shows the dialog of a command.
    pub(super) fn show(&mut self, command: Command, model: &Model) {
        let Some(opener) = openers().find(|opener| opener.command == command) else {
            return;
        };
        let was_beside = self.beside.as_ref().and_then(|open| open.command);
        if opener.is_beside && was_beside == Some(command) {
            self.beside = None;
            return;
        }
        let open = Some(Open {
            command: Some(command),
            outlives_project: opener.outlives_project,
            dialog: (opener.open)(model),
        });
        if opener.is_beside {
            self.beside = open;
        } else {
            self.over = open;
        }
    }

    pub(super) fn ask_to_delete(&mut self, what: Deleting) {
        self.over = Some(Open {
            command: None,
            outlives_project: false,
            dialog: deleting::ask(what),
        });
    }

    pub(super) fn close(&mut self) {
        self.over = None;
    }

    /// What is about the project that was open before goes.
    pub(super) fn forget_project(&mut self) {
        let stays = self.over.as_ref().is_some_and(|open| open.outlives_project);
        if !stays {
            self.over = None;
        }
    }

    pub(super) fn beside_ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        draw(&mut self.beside, ctx, model, actions, tokens);
    }

    pub(super) fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let mut questions = QUESTIONS.iter().zip(&mut self.asked);
        match questions.find(|(question, _)| (question.is_asked)(model)) {
            Some((question, dialog)) => {
                let dialog = dialog.get_or_insert_with(question.open);
                // It goes when the model has its answer.
                let _step = dialog.ui(ctx, model, actions, tokens);
            }
            None => draw(&mut self.over, ctx, model, actions, tokens),
        }
    }

    /// What is asked no more begins afresh the next time.
    pub(super) fn forget_answered(&mut self, model: &Model) {
        for (question, dialog) in QUESTIONS.iter().zip(&mut self.asked) {
            if !(question.is_asked)(model) {
                *dialog = None;
            }
        }
    }
}

fn draw(
    open: &mut Option<Open>,
    ctx: &Context,
    model: &Model,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let step = open
        .as_mut()
        .map(|open| open.dialog.ui(ctx, model, actions, tokens));
    if step.is_some_and(|step| !matches!(step, CardStep::Stays)) {
        *open = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::model::commands_with_dialog;

    #[test]
    fn every_command_that_shows_a_dialog_has_one() {
        let mut shown: Vec<String> = commands_with_dialog().map(|c| format!("{c:?}")).collect();
        let mut opened: Vec<String> = openers().map(|o| format!("{:?}", o.command)).collect();
        shown.sort();
        opened.sort();
        assert!(!shown.is_empty());
        assert_eq!(shown, opened);
    }
}
