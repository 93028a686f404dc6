//! Key presses to commands and labels, by the command table.
//!
//! A key is what is printed on it: where the system says which character was typed, that one counts,
//! whatever place it has on this keyboard. Modifiers must match exactly, so `Ctrl+Shift+S` never
//! sets off `Ctrl+S`; but signs and digits may need Shift to be typed at all.

use super::article;
use crate::app::action::{Action, OfferedPart, QuoteAction};
use crate::app::command::{Command, KeyCombo, Scope, info};
use crate::app::model::{Model, QuoteOffer, commands};
use eframe::egui::{self, Context, Event, Key, Modifiers};
use std::sync::LazyLock;

/// Who has the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Situation {
    /// A text field has it.
    pub is_writing: bool,
    /// A dialog is open.
    pub has_dialog: bool,
    /// The page with the article is shown.
    pub is_article_shown: bool,
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

/// A key press, and which characters it can stand for.
struct Press {
    key: Key,
    modifiers: Modifiers,
    /// What is printed first.
    chars: Vec<char>,
    /// The first of them was typed, not guessed from the key's place.
    is_typed: bool,
}

fn lower(c: char) -> char {
    // “İ” is two characters in lower case, a dot being the second.
    c.to_lowercase().next().unwrap_or(c)
}

/// The character of a key, when it has one.
fn char_of(key: Key) -> Option<char> {
    if key == Key::Minus {
        return Some('-');
    }
    let mut chars = key.symbol_or_name().chars();
    chars.next().filter(|_| chars.next().is_none()).map(lower)
}

fn is_latin(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// A combination that sets off a command.
struct Bound {
    command: Command,
    key: Key,
    /// What is printed on the key.
    char: Option<char>,
    combo: KeyCombo,
}

/// All of them, in the order of the command table: of two that are heard the first is meant.
static BOUND: LazyLock<Vec<Bound>> = LazyLock::new(|| {
    let keys = |command: Command| {
        let combos = info(command).keys.iter().flatten();
        combos.filter_map(move |&combo| {
            let key = Key::from_name(combo.key)?;
            Some(Bound {
                command,
                key,
                char: char_of(key),
                combo,
            })
        })
    };
    commands().flat_map(keys).collect()
});

impl Press {
    fn new(key: Key, physical: Option<Key>, modifiers: Modifiers, typed: Option<char>) -> Self {
        let own = char_of(key);
        let digit = physical.and_then(char_of).filter(char::is_ascii_digit);
        let chars = match typed.map(lower) {
            None => own.into_iter().collect(),
            Some(typed) => {
                // Keyboards with other letters have Latin ones printed beside them, and those with
                // signs in the upper row have the digits.
                let beside = match typed {
                    'ı' => Some('i'),
                    _ if digit.is_some() => digit,
                    c if c.is_alphabetic() && !is_latin(c) => own.filter(|c| c.is_alphabetic()),
                    _ => None,
                };
                let mut chars = vec![typed];
                chars.extend(beside.filter(|beside| *beside != typed));
                chars
            }
        };
        Self {
            key,
            modifiers,
            chars,
            is_typed: typed.is_some(),
        }
    }

    /// Whether it is the key of a combination, as this character.
    fn is(&self, bound: &Bound, char: Option<char>) -> bool {
        let combo = bound.combo;
        let is_key = match (char, bound.char) {
            (Some(char), Some(wanted)) => char == wanted,
            _ => bound.key == self.key && (bound.char.is_none() || !self.is_typed),
        };
        let is_sign = bound.char.is_some_and(|c| !c.is_alphabetic());
        is_key
            && self.modifiers.command == combo.ctrl
            && self.modifiers.alt == combo.alt
            && (self.modifiers.shift == combo.shift || (is_sign && !combo.shift))
    }

    fn command(&self, char: Option<char>, model: &Model, situation: Situation) -> Option<Command> {
        let mut set_off = BOUND.iter().filter(|bound| self.is(bound, char));
        let command = set_off.find(|bound| {
            let info = info(bound.command);
            is_heard(info.scope, situation) && model.is_seen(info.section)
        });
        command.map(|bound| bound.command)
    }

    fn label(&self, char: char, model: &Model, situation: Situation) -> Option<Action> {
        let is_plain = !self.modifiers.command && !self.modifiers.ctrl;
        if !is_plain || !is_heard(Scope::Article, situation) {
            return None;
        }
        let codebook = model.session().project().codebook();
        let id = codebook.label_with_key(char)?.id.clone();
        if self.modifiers.alt {
            return (!self.modifiers.shift).then_some(Action::MarkAlso(id));
        }
        // Where a sign needs Shift to be typed, Shift says nothing else.
        let is_sign = self.is_typed && !char.is_alphabetic() && self.chars.first() == Some(&char);
        if self.modifiers.shift && !is_sign {
            let is_locked = model.locked_label() == Some(&id);
            return Some(Action::LockLabel((!is_locked).then_some(id)));
        }
        Some(Action::UseLabel(id))
    }

    /// An attribute of the selected annotation, which its key goes to.
    fn attribute(&self, char: char, model: &Model, situation: Situation) -> Option<Action> {
        if !self.modifiers.is_none() || !is_heard(Scope::Article, situation) {
            return None;
        }
        let annotation = model.selected_annotation()?;
        let label = model
            .session()
            .project()
            .codebook()
            .label(annotation.label.as_str())?;
        let mut keys = label.attributes.iter().map(|spec| spec.key.map(lower));
        keys.position(|key| key == Some(char))
            .map(Action::EditAttribute)
    }

    /// What is done to the parts that are proposed for the selected quote.
    fn offered(&self, model: &Model, situation: Situation) -> Option<Action> {
        if !self.modifiers.is_none() || !is_heard(Scope::Article, situation) {
            return None;
        }
        // An edge or a link that is under way has these keys.
        if model.edge_move().is_some() || model.link_draft().is_some() {
            return None;
        }
        let key = self.key;
        if !matches!(
            key,
            Key::Enter | Key::ArrowUp | Key::ArrowDown | Key::ArrowLeft | Key::ArrowRight
        ) {
            return None;
        }
        let offer = model.quote_offer().filter(QuoteOffer::has_something)?;
        let other = match offer.points_at() {
            OfferedPart::Speaker => OfferedPart::Cue,
            OfferedPart::Cue => OfferedPart::Speaker,
        };
        let asked = match key {
            Key::Enter => QuoteAction::Accept,
            Key::ArrowUp => QuoteAction::Other(-1),
            Key::ArrowDown => QuoteAction::Other(1),
            _ => QuoteAction::PointAt(other),
        };
        Some(asked.into())
    }

    fn action(&self, model: &Model, situation: Situation) -> Option<Action> {
        let is_enter = self.key == Key::Enter && self.modifiers.is_none();
        if is_enter && model.edge_move().is_some() {
            // It keeps the edge, which the article hears.
            return None;
        }
        if is_enter && model.link_draft().is_some() && is_heard(Scope::Article, situation) {
            return Some(Action::EndLink(None));
        }
        if let Some(action) = self.offered(model, situation) {
            return Some(action);
        }
        if let Some(command) = self.command(None, model, situation) {
            return Some(Action::Run(command));
        }
        // With Alt, some systems type another character than the one that is printed.
        let printed = char_of(self.key).filter(|_| self.modifiers.alt);
        for char in self.chars.iter().copied().chain(printed) {
            if let Some(command) = self.command(Some(char), model, situation) {
                return Some(Action::Run(command));
            }
            if let Some(attribute) = self.attribute(char, model, situation) {
                return Some(attribute);
            }
            if let Some(label) = self.label(char, model, situation) {
                return Some(label);
            }
        }
        // Zoom keys that keyboards without a number block have.
        let zooms = self.modifiers.command && self.key == Key::Equals && !situation.has_dialog;
        zooms.then_some(Action::Run(Command::ZoomIn))
    }
}

/// The single character that was typed with the key press before.
fn typed(event: Option<&Event>) -> Option<char> {
    let Some(Event::Text(text)) = event else {
        return None;
    };
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// What the event at a place asks for; it is taken out of the input then.
fn take_at(
    events: &mut Vec<Event>,
    at: usize,
    model: &Model,
    situation: Situation,
) -> Option<Action> {
    let typed = typed(events.get(at + 1));
    let action = match events.get(at)? {
        Event::Key {
            key,
            physical_key,
            pressed: true,
            modifiers,
            ..
        } => Press::new(*key, *physical_key, *modifiers, typed).action(model, situation),
        Event::Copy if is_heard(Scope::Article, situation) => Some(Action::Run(Command::Copy)),
        Event::Paste(text) if is_heard(Scope::NotWriting, situation) => Some(Action::AddText {
            text: text.clone(),
            html: None,
        }),
        _ => None,
    }?;
    let is_key = matches!(events.remove(at), Event::Key { .. });
    if is_key && typed.is_some() {
        events.remove(at);
    }
    Some(action)
}

/// The next action that the keyboard asks for. What was pressed after something that the article
/// hears waits until it was heard: see [`take`].
pub(super) fn next(ctx: &Context, model: &Model, situation: Situation) -> Option<Action> {
    let waits = model.article().is_some() && situation.is_article_shown && !situation.has_dialog;
    ctx.input_mut(|input| {
        let mut at = 0;
        while let Some(event) = input.events.get(at) {
            let is_the_articles = waits && article::hears(event, situation.in_article);
            if let Some(action) = take_at(&mut input.events, at, model, situation) {
                return Some(action);
            }
            if is_the_articles {
                return None;
            }
            at += 1;
        }
        None
    })
}

/// What the event at a place of the input asks for, when its turn has come.
pub(super) fn take(ctx: &Context, at: usize, model: &Model, now: Situation) -> Option<Action> {
    ctx.input_mut(|input| take_at(&mut input.events, at, model, now))
}

/// What the keyboard is given to at this moment.
pub(super) fn situation(
    ctx: &Context,
    has_dialog: bool,
    was_writing: bool,
    is_article_shown: bool,
) -> Situation {
    let focused = ctx.memory(|memory| memory.focused());
    let article = article::widget_id();
    Situation {
        // egui takes the focus away on Esc before anything is drawn.
        is_writing: was_writing || ctx.text_edit_focused(),
        has_dialog,
        is_article_shown,
        in_article: is_article_shown
            && focused.is_none_or(|id| id == article)
            && !egui::Popup::is_any_open(ctx),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_command_is_one_that_can_be_pressed() {
        for info in commands().map(info) {
            for combo in info.keys.iter().flatten() {
                let key = Key::from_name(combo.key);
                assert!(key.is_some(), "{}: {}", info.title, combo.key);
            }
        }
    }

    /// A key as the system names it, its place on an American keyboard, what it typed, and what that
    /// can stand for.
    type Case = (Key, Option<Key>, Option<char>, &'static [char]);

    /// What a key that is printed so can stand for, on keyboards of many countries.
    #[test]
    fn a_key_is_what_is_printed_on_it() {
        let cases: &[Case] = &[
            // No character is told with Ctrl, and by some systems.
            (Key::Q, Some(Key::Q), None, &['q']),
            (Key::Q, Some(Key::A), Some('q'), &['q']),
            // AZERTY and Belgian: digits and the full stop are typed with Shift.
            (Key::Period, Some(Key::Semicolon), Some('.'), &['.']),
            (Key::Num1, Some(Key::Num1), Some('1'), &['1']),
            (Key::Num2, Some(Key::Num2), Some('é'), &['é', '2']),
            (Key::Quote, Some(Key::Num4), Some('\''), &['\'', '4']),
            // Swiss and German.
            (Key::Slash, Some(Key::Num7), Some('/'), &['/', '7']),
            (Key::Minus, Some(Key::Slash), Some('-'), &['-']),
            // Turkish: both i.
            (Key::I, Some(Key::I), Some('ı'), &['ı', 'i']),
            (Key::I, Some(Key::Quote), Some('i'), &['i']),
            (Key::Quote, Some(Key::Quote), Some('İ'), &['i']),
            (Key::Semicolon, Some(Key::Semicolon), Some('ş'), &['ş']),
            // Polish, with AltGr.
            (Key::S, Some(Key::S), Some('ś'), &['ś']),
            // Cyrillic: the letter, and the Latin one on the same key; a letter is no full stop.
            (Key::Q, Some(Key::Q), Some('й'), &['й', 'q']),
            (Key::Period, Some(Key::Period), Some('ю'), &['ю']),
        ];
        for (key, physical, typed, expected) in cases {
            let press = Press::new(*key, *physical, Modifiers::NONE, *typed);
            assert_eq!(press.chars, *expected, "{key:?}, {typed:?}");
        }
    }
}
