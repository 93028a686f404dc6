//! What a command is: its title, help, key and place in the menus.
//!
//! Knows no command, which stand in the rooms of [`crate::app::model`], and no window: keys are
//! described, not read. Labels add their own keys at run time.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    File,
    Edit,
    Mark,
    Go,
    View,
    Help,
}

impl Menu {
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::File, "File"),
        (Self::Edit, "Edit"),
        (Self::Mark, "Mark"),
        (Self::Go, "Go"),
        (Self::View, "View"),
        (Self::Help, "Help"),
    ];
}

/// A key, by the name that the window library and people both know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyCombo {
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
    /// `A`, `F1`, `Enter`, `ArrowUp`, `Comma`, …
    pub key: &'static str,
}

pub(in crate::app) const fn key(key: &'static str) -> Option<KeyCombo> {
    Some(KeyCombo {
        ctrl: false,
        shift: false,
        alt: false,
        key,
    })
}

pub(in crate::app) const fn ctrl(key: &'static str) -> Option<KeyCombo> {
    Some(KeyCombo {
        ctrl: true,
        shift: false,
        alt: false,
        key,
    })
}

pub(in crate::app) const fn shift(key: &'static str) -> Option<KeyCombo> {
    Some(KeyCombo {
        ctrl: false,
        shift: true,
        alt: false,
        key,
    })
}

pub(in crate::app) const fn alt(key: &'static str) -> Option<KeyCombo> {
    Some(KeyCombo {
        ctrl: false,
        shift: false,
        alt: true,
        key,
    })
}

pub(in crate::app) const fn ctrl_shift(key: &'static str) -> Option<KeyCombo> {
    Some(KeyCombo {
        ctrl: true,
        shift: true,
        alt: false,
        key,
    })
}

impl KeyCombo {
    /// Whether a character is this key, pressed alone.
    pub fn is_plain(self, char: char) -> bool {
        let is_alone = !self.ctrl && !self.shift && !self.alt;
        let mut own = self.sign().chars().flat_map(char::to_lowercase);
        is_alone && own.next() == Some(char) && own.next().is_none()
    }

    fn sign(self) -> &'static str {
        match self.key {
            "Comma" => ",",
            "Period" => ".",
            "Semicolon" => ";",
            "Slash" => "/",
            "Plus" => "+",
            "Minus" => "-",
            other => other,
        }
    }

    /// As it is shown: `Ctrl+Shift+S`, `Alt+Up`.
    pub fn text(self) -> String {
        let mut text = String::new();
        for (held, name) in [
            (self.ctrl, "Ctrl+"),
            (self.alt, "Alt+"),
            (self.shift, "Shift+"),
        ] {
            if held {
                text.push_str(name);
            }
        }
        text.push_str(match self.sign() {
            "ArrowUp" => "Up",
            "ArrowDown" => "Down",
            "ArrowLeft" => "Left",
            "ArrowRight" => "Right",
            "Escape" => "Esc",
            other => other,
        });
        text
    }
}

/// When a command's key is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere, also in text fields.
    Always,
    /// Not while a text field has the keyboard.
    NotWriting,
    /// Only while the article has the keyboard.
    Article,
}

/// The stretches of the menus in their order; a line stands between two of a menu. Within one,
/// commands stand in the order of the rooms, and in that of their rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    Projects,
    Adding,
    Importing,
    Files,
    Leaving,
    Steps,
    Selection,
    Finding,
    Codebook,
    People,
    Details,
    Project,
    Removing,
    Annotation,
    Edges,
    Speakers,
    Examples,
    Claims,
    Hits,
    Marking,
    /// In no menu: a menu would take the keyboard first.
    LettingGo,
    Annotations,
    Articles,
    Pages,
    Links,
    ThisArticle,
    Panes,
    Palette,
    Panels,
    Reading,
    Letters,
    Zoom,
    Settings,
    Help,
}

impl Section {
    pub fn menu(self) -> Option<Menu> {
        match self {
            Self::Projects | Self::Adding | Self::Importing | Self::Files | Self::Leaving => {
                Some(Menu::File)
            }
            Self::Steps
            | Self::Selection
            | Self::Finding
            | Self::Codebook
            | Self::People
            | Self::Details
            | Self::Project
            | Self::Removing => Some(Menu::Edit),
            Self::Annotation
            | Self::Edges
            | Self::Speakers
            | Self::Examples
            | Self::Claims
            | Self::Hits
            | Self::Marking => Some(Menu::Mark),
            Self::LettingGo => None,
            Self::Annotations
            | Self::Links
            | Self::Articles
            | Self::ThisArticle
            | Self::Pages
            | Self::Panes => Some(Menu::Go),
            Self::Palette
            | Self::Panels
            | Self::Reading
            | Self::Letters
            | Self::Zoom
            | Self::Settings => Some(Menu::View),
            Self::Help => Some(Menu::Help),
        }
    }
}

impl Section {
    /// The line of its menu behind which its commands stand, so that no menu is higher than a small window.
    pub fn submenu(self) -> Option<&'static str> {
        match self {
            Self::Finding => Some("Find and compare"),
            Self::Codebook => Some("Codebook"),
            Self::People => Some("People"),
            Self::Details => Some("Article"),
            Self::Project => Some("Project"),
            Self::Importing => Some("Import"),
            Self::Edges => Some("Edges and text"),
            Self::Speakers => Some("Speaker and links"),
            Self::Examples => Some("Examples and labels"),
            Self::Claims => Some("Claims and groups"),
            Self::Hits => Some("Ticked hits"),
            Self::Marking => Some("While marking"),
            Self::Links => Some("Overlaps and links"),
            Self::ThisArticle => Some("This article"),
            Self::Panes => Some("Panes and filters"),
            Self::Letters => Some("Text size and lines"),
            Self::Zoom => Some("Zoom"),
            _ => None,
        }
    }

    /// Whether its commands do something to the article, or to what is selected in it.
    pub fn is_about_the_article(self) -> bool {
        matches!(
            self,
            Self::Details
                | Self::Selection
                | Self::Removing
                | Self::Annotation
                | Self::Edges
                | Self::Speakers
                | Self::Examples
                | Self::Annotations
                | Self::Links
                | Self::Articles
                | Self::ThisArticle
        )
    }
}

/// What is told of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CommandInfo {
    /// Its own; the rest could be that of two.
    pub name: &'static str,
    pub title: &'static str,
    pub help: &'static str,
    pub section: Section,
    pub keys: [Option<KeyCombo>; 2],
    pub scope: Scope,
}

/// Something that can be asked for without further data. Each is made by its row in a room.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Command(&'static CommandInfo);

impl Command {
    pub(in crate::app) const fn of(info: &'static CommandInfo) -> Self {
        Self(info)
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

pub fn info(command: Command) -> &'static CommandInfo {
    command.0
}

impl CommandInfo {
    pub fn menu(&self) -> Option<Menu> {
        self.section.menu()
    }

    /// The first key, as shown in menus; empty when there is none.
    pub fn key_text(&self) -> String {
        self.keys
            .iter()
            .flatten()
            .next()
            .map(|combo| combo.text())
            .unwrap_or_default()
    }

    /// Help and key, as a tooltip shows them.
    pub fn tooltip(&self) -> String {
        match self.key_text() {
            key if key.is_empty() => self.help.to_owned(),
            key => format!("{} ({key})", self.help),
        }
    }
}

/// Motions that the article understands besides the commands, for the cheat sheet.
pub const MOTIONS: &[(&str, &str)] = &[
    ("Left / Right", "by character"),
    ("Ctrl+Left / Right", "by word"),
    ("Alt+Left / Right", "by sentence"),
    ("Ctrl+Up / Down", "by paragraph"),
    ("Up / Down", "by line"),
    ("PageUp / PageDown", "by page"),
    ("Home / End", "to the ends of the line"),
    ("Ctrl+Home / End", "to the ends of the article"),
    ("Shift with any of these", "select on the way"),
    ("Shift+label key", "lock a label: every drag marks with it"),
    (
        "Alt+label key",
        "mark, and keep the selection for another label; or mark the words of the selected annotation once more",
    ),
];

/// What the mouse does, for the cheat sheet.
pub const MOUSE: &[(&str, &str)] = &[
    ("Drag", "select; with a locked label, mark"),
    ("Double-click", "select a word"),
    ("Triple-click", "select a sentence"),
    ("Quadruple-click", "select a paragraph"),
    ("Shift+click", "extend the selection"),
    ("Alt+drag", "select single characters, not words"),
    ("Ctrl+drag", "add a fragment to the selected annotation"),
    ("Right click", "open a menu of what can be done here"),
    ("Click on a tag", "select the annotation that it tells of"),
    (
        "Click on an annotation",
        "select it; click again for the one around it",
    ),
    ("Drag a handle", "move an edge of the selected annotation"),
    (
        "Drag its ring, or a tag",
        "link an annotation to the one where you let go",
    ),
];

/// How well a command's title answers a search; lower is better, `None` not at all.
pub fn match_rank(title: &str, search: &str) -> Option<u32> {
    let title = title.to_lowercase();
    let mut rank = 0;
    for word in search.to_lowercase().split_whitespace() {
        let at = title.find(word)?;
        let at_word_start = at == 0 || title.get(..at).is_some_and(|s| s.ends_with(' '));
        rank += if at == 0 {
            0
        } else if at_word_start {
            1
        } else {
            3
        };
    }
    Some(rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searching_prefers_the_start() {
        assert_eq!(match_rank("Save as…", "sa"), Some(0));
        assert_eq!(match_rank("Save as…", "as sa"), Some(1));
        assert_eq!(match_rank("Save as…", "x"), None);
    }
}
