//! Key presses to commands and labels, by the command table.
//!
//! Modifiers must match exactly, so `Ctrl+Shift+S` never sets off `Ctrl+S`.

use crate::app::action::Action;
use crate::app::command::{Command, KeyCombo, Scope, info};
use crate::app::model::{Model, commands};
use eframe::egui::{self, Context, Event, Key, Modifiers};

/// Who has the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Situation {
    /// A text field has it.
    pub is_writing: bool,
    /// A dialog is open.
    pub has_dialog: bool,
    /// The article has it.
    pub in_article: bool,
}

fn is_heard(scope: Scope, situation: Situation) -> bool {
    if situation.has_dialog {
        return false;
    }
    match scope {
        Scope::Always => true,
        Scope::NotWriting => !situation.is_writing,
        Scope::Article => situation.in_article && !situation.is_writing,
    }
}

fn matches(combo: KeyCombo, key: Key, modifiers: Modifiers) -> bool {
    Key::from_name(combo.key) == Some(key)
        && modifiers.command == combo.ctrl
        && modifiers.alt == combo.alt
        && (modifiers.shift == combo.shift || (combo.key == "Plus" && modifiers.command))
}

/// Takes the keys that mean something out of the input and answers what they ask for.
pub(super) fn actions(ctx: &Context, model: &Model, situation: Situation) -> Vec<Action> {
    let mut actions = Vec::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let action = match event {
                Event::Key {
                    key,
                    pressed: true,
                    modifiers,
                    ..
                } => action_of(model, *key, *modifiers, situation),
                Event::Copy if is_heard(Scope::Article, situation) => {
                    Some(Action::Run(Command::Copy))
                }
                Event::Paste(text) if is_heard(Scope::NotWriting, situation) => {
                    Some(Action::AddText {
                        text: text.clone(),
                        html: None,
                    })
                }
                _ => None,
            };
            let is_taken = action.is_some();
            actions.extend(action);
            !is_taken
        });
    });
    actions
}

fn action_of(
    model: &Model,
    key: Key,
    modifiers: Modifiers,
    situation: Situation,
) -> Option<Action> {
    let command = commands().find(|command| {
        let info = info(*command);
        is_heard(info.scope, situation)
            && info
                .keys
                .iter()
                .flatten()
                .any(|&combo| matches(combo, key, modifiers))
    });
    if let Some(command) = command {
        return Some(Action::Run(command));
    }
    // Zoom keys that keyboards without a number block have.
    if modifiers.command && key == Key::Equals && !situation.has_dialog {
        return Some(Action::Run(Command::ZoomIn));
    }
    let is_plain = !modifiers.command && !modifiers.alt && !modifiers.ctrl;
    if !is_plain || !is_heard(Scope::Article, situation) {
        return None;
    }
    let mut letters = key.name().chars().flat_map(char::to_lowercase);
    let letter = letters.next().filter(|_| letters.next().is_none())?;
    let label = model
        .session()
        .project()
        .codebook()
        .label_with_key(letter)?;
    let id = label.id.clone();
    if modifiers.shift {
        let is_locked = model.locked_label() == Some(&id);
        return Some(Action::LockLabel((!is_locked).then_some(id)));
    }
    Some(Action::UseLabel(id))
}

/// What the keyboard is given to at this moment.
pub(super) fn situation(ctx: &Context, has_dialog: bool, was_writing: bool) -> Situation {
    let focused = ctx.memory(|memory| memory.focused());
    let article = super::article::widget_id();
    Situation {
        // egui takes the focus away on Esc before anything is drawn.
        is_writing: was_writing || ctx.text_edit_focused(),
        has_dialog,
        in_article: focused.is_none_or(|id| id == article) && !egui::Popup::is_any_open(ctx),
    }
}
