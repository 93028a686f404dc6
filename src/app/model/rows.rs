//! What a room says of its commands: a row each, of which the table of all commands is joined.
//!
//! A command is made by its row and by nothing else, so none lacks what it does. Knows no room.

use super::Model;
use crate::app::command::{Command, CommandInfo, KeyCombo, Scope, Section};
use std::collections::HashMap;

/// A command, when it can be run, and what it does then.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) info: CommandInfo,
    pub(super) does: Does,
    pub(super) is_enabled: fn(&Model) -> bool,
    /// Of a command that switches something: whether it is on.
    pub(super) is_on: Option<fn(&Model) -> bool>,
    /// What its title goes on with.
    pub(super) step: fn(&Model) -> Option<&str>,
}

#[derive(Clone, Copy)]
pub(super) enum Does {
    Runs(fn(&mut Model)),
    /// Shows its dialog, unless there is nothing to show after this.
    Shows(fn(&mut Model) -> bool),
}

/// What is told of a command; what it does follows, and makes it a row.
pub(super) const fn row(
    section: Section,
    title: &'static str,
    key: Option<KeyCombo>,
    scope: Scope,
    help: &'static str,
) -> CommandInfo {
    CommandInfo {
        name: "",
        title,
        help,
        section,
        keys: [key, None],
        scope,
    }
}

impl CommandInfo {
    pub(super) const fn or(mut self, key: Option<KeyCombo>) -> Self {
        self.keys[1] = key;
        self
    }

    pub(super) const fn runs(self, run: fn(&mut Model)) -> Row {
        self.does(Does::Runs(run))
    }

    pub(super) const fn shows_its_dialog(self) -> Row {
        self.shows_its_dialog_after(|_| true)
    }

    /// After what is done first, unless that answers that there is nothing to show.
    pub(super) const fn shows_its_dialog_after(self, first: fn(&mut Model) -> bool) -> Row {
        self.does(Does::Shows(first))
    }

    const fn does(self, does: Does) -> Row {
        Row {
            info: self,
            does,
            is_enabled: |_| true,
            is_on: None,
            step: |_| None,
        }
    }
}

impl Row {
    pub(super) const fn when(mut self, is_enabled: fn(&Model) -> bool) -> Self {
        self.is_enabled = is_enabled;
        self
    }

    pub(super) const fn on_while(mut self, is_on: fn(&Model) -> bool) -> Self {
        self.is_on = Some(is_on);
        self
    }

    pub(super) const fn going_on_with(mut self, step: fn(&Model) -> Option<&str>) -> Self {
        self.step = step;
        self
    }

    pub(super) const fn named(mut self, name: &'static str) -> Self {
        self.info.name = name;
        self
    }

    pub(super) const fn command(&'static self) -> Command {
        Command::of(&self.info)
    }
}

/// Makes the commands of a room, and `ROWS`. They are named as the kinds of an enum are, which they
/// are to all who ask for them; a name that is there already does not compile.
macro_rules! commands {
    ($($name:ident => $row:expr,)*) => {
        impl crate::app::command::Command {
            $(
                #[expect(non_upper_case_globals, reason = "a kind of command")]
                pub const $name: Self = const { &$row.named(stringify!($name)) }.command();
            )*
        }

        pub(super) const ROWS: &[$crate::app::model::rows::Row] =
            &[$($row.named(stringify!($name)),)*];
    };
}

pub(super) use commands;

/// All commands, in the order of menus and palette.
pub(super) struct Table {
    rows: Vec<&'static Row>,
    by_name: HashMap<&'static str, &'static Row>,
}

impl Table {
    pub(super) fn of(rooms: &[&'static [Row]]) -> Self {
        let mut rows: Vec<&Row> = rooms.iter().copied().flatten().collect();
        rows.sort_by_key(|row| row.info.section);
        Self {
            by_name: rows.iter().map(|row| (row.info.name, *row)).collect(),
            rows,
        }
    }

    pub(super) fn rows(&self) -> &[&'static Row] {
        &self.rows
    }

    pub(super) fn row(&self, name: &str) -> Option<&'static Row> {
        self.by_name.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use crate::app::command::{Command, info};
    use crate::app::model::{TABLE, commands};

    #[test]
    fn no_two_commands_share_a_key_or_a_title() {
        let mut keys = Vec::new();
        let mut titles = Vec::new();
        for info in commands().map(info) {
            for combo in info.keys.iter().flatten() {
                assert!(
                    !keys.contains(combo),
                    "{} is taken: {}",
                    combo.text(),
                    info.title
                );
                keys.push(*combo);
            }
            assert!(!titles.contains(&info.title), "{}", info.title);
            titles.push(info.title);
            assert!(!info.help.is_empty(), "{}", info.title);
        }
    }

    #[test]
    fn every_command_is_told_of() {
        assert!(commands().count() > 50);
        for command in commands() {
            let told = info(command);
            let row = TABLE.row(told.name).unwrap();
            assert_eq!((row.command(), row.info.title), (command, told.title));
            assert!(
                !told.title.is_empty() && !told.help.is_empty(),
                "{command:?}"
            );
            // Letting go is a key and a row of the palette; a menu would take the keyboard first.
            let is_in_a_menu = told.menu().is_some() || command == Command::Escape;
            assert!(is_in_a_menu, "{command:?} is in no menu");
        }
    }

    #[test]
    fn sections_stand_in_the_order_of_the_menus() {
        let sections: Vec<_> = commands().map(|command| info(command).section).collect();
        assert!(sections.is_sorted());
        let mut menus: Vec<_> = sections.iter().filter_map(|s| s.menu()).collect();
        menus.dedup();
        let all = crate::app::command::Menu::ALL.map(|(menu, _)| menu);
        assert_eq!(menus, all, "a menu is torn apart");
    }
}
