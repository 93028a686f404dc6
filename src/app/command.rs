//! The command table: the one source of menus, the palette, tooltips, the cheat sheet and keys.
//!
//! Knows no window: keys are described, not read. Labels add their own keys at run time.

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyCombo {
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
    /// `A`, `F1`, `Enter`, `ArrowUp`, `Comma`, …
    pub key: &'static str,
}

const fn key(key: &'static str) -> Option<KeyCombo> {
    Some(KeyCombo {
        ctrl: false,
        shift: false,
        alt: false,
        key,
    })
}

const fn ctrl(key: &'static str) -> Option<KeyCombo> {
    Some(KeyCombo {
        ctrl: true,
        shift: false,
        alt: false,
        key,
    })
}

const fn shift(key: &'static str) -> Option<KeyCombo> {
    Some(KeyCombo {
        ctrl: false,
        shift: true,
        alt: false,
        key,
    })
}

const fn alt(key: &'static str) -> Option<KeyCombo> {
    Some(KeyCombo {
        ctrl: false,
        shift: false,
        alt: true,
        key,
    })
}

const fn ctrl_shift(key: &'static str) -> Option<KeyCombo> {
    Some(KeyCombo {
        ctrl: true,
        shift: true,
        alt: false,
        key,
    })
}

impl KeyCombo {
    /// As it is shown: `Ctrl+Shift+S`, `Alt+↑`.
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
        text.push_str(match self.key {
            "ArrowUp" => "Up",
            "ArrowDown" => "Down",
            "Comma" => ",",
            "Period" => ".",
            "Slash" => "/",
            "Plus" => "+",
            "Minus" => "-",
            "Num0" => "0",
            "Escape" => "Esc",
            other => other,
        });
        text
    }
}

/// When a command's key is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere, also in text fields.
    Always,
    /// Not while a text field has the keyboard.
    NotWriting,
    /// Only while the article has the keyboard.
    Article,
}

pub struct CommandInfo {
    pub command: Command,
    pub title: &'static str,
    pub help: &'static str,
    pub menu: Option<Menu>,
    /// Begins a group in its menu.
    pub starts_group: bool,
    pub keys: [Option<KeyCombo>; 2],
    pub scope: Scope,
}

/// A row; which command it is of stands before it in the table.
const fn row(
    title: &'static str,
    menu: Option<Menu>,
    key: Option<KeyCombo>,
    scope: Scope,
    help: &'static str,
) -> CommandInfo {
    CommandInfo {
        command: Command::Escape,
        title,
        help,
        menu,
        starts_group: false,
        keys: [key, None],
        scope,
    }
}

const fn group(mut info: CommandInfo) -> CommandInfo {
    info.starts_group = true;
    info
}

const fn also(mut info: CommandInfo, key: Option<KeyCombo>) -> CommandInfo {
    info.keys[1] = key;
    info
}

use Scope::{Always, Article, NotWriting};

const FILE: Option<Menu> = Some(Menu::File);
const EDIT: Option<Menu> = Some(Menu::Edit);
const MARK: Option<Menu> = Some(Menu::Mark);
const GO: Option<Menu> = Some(Menu::Go);
const VIEW: Option<Menu> = Some(Menu::View);
const HELP: Option<Menu> = Some(Menu::Help);

/// Makes the commands, their table and [`info`] of the same rows, so that none lacks one.
macro_rules! commands {
    ($($name:ident => $row:expr,)*) => {
        /// Everything that can be asked for without further data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Command { $($name,)* }

        pub const COMMANDS: &[CommandInfo] = &[
            $(CommandInfo { command: Command::$name, ..$row },)*
        ];

        pub fn info(command: Command) -> &'static CommandInfo {
            match command {
                $(Command::$name => &const { CommandInfo { command: Command::$name, ..$row } },)*
            }
        }
    };
}

#[rustfmt::skip]
commands! {
    NewProject => row("New project", FILE, ctrl("N"), Always, "Begin an empty project"),
    OpenProject => row("Open project…", FILE, ctrl("O"), Always, "Open a project file"),
    OpenDemo => row("Open the demo", FILE, None, Always, "A small annotated project to look around in"),
    AddFiles => group(row("Add articles…", FILE, ctrl("I"), Always, "Add articles, exports and datasets of many kinds to the project")),
    AddFolder => row("Add a folder of articles…", FILE, ctrl_shift("I"), Always, "Add all that can be read in a folder"),
    PasteArticle => row("Paste as article", FILE, ctrl("V"), NotWriting, "Make an article of the text on the clipboard"),
    ImportDataset => row("Import dataset…", FILE, None, Always, "Add articles with annotations, from Pressmark or another tool"),
    Imports => row("Import reports…", FILE, None, Always, "What every import read, skipped and refused, and why"),
    Save => group(row("Save", FILE, ctrl("S"), Always, "Save the project")),
    SaveAs => row("Save as…", FILE, ctrl_shift("S"), Always, "Save the project to another file"),
    Backups => row("Backups…", FILE, None, Always, "Earlier versions of this project; open one as a copy"),
    Export => row("Export dataset…", FILE, ctrl("E"), Always, "Write a dataset that other tools read: spreadsheets, training data, other annotation tools, a web page"),
    ExportAgain => row("Export again", FILE, ctrl_shift("E"), Always, "The last export, to the same place with the same choices"),
    Quit => group(row("Quit", FILE, ctrl("Q"), Always, "Leave Pressmark")),
    Undo => row("Undo", EDIT, ctrl("Z"), NotWriting, "Take back the last change"),
    Redo => also(row("Redo", EDIT, ctrl_shift("Z"), NotWriting, "Make the change again"), ctrl("Y")),
    History => row("History…", EDIT, ctrl("H"), Always, "All steps that can be undone and redone; go to any of them"),
    Trash => row("Trash…", EDIT, None, Always, "What was deleted, by whom and when; bring it back"),
    Review => row("Review list…", EDIT, None, Always, "Annotations whose place in the text was lost; place them again"),
    FindCopies => row("Find copies…", EDIT, None, Always, "Articles of this project that say the same or nearly; keep one, or group them"),
    CompareVersions => row("What changed in this version…", EDIT, None, Always, "The wording of this article beside that of the version that it replaced"),
    Labels => row("Labels…", EDIT, None, Always, "The labels of the codebook, how often they are used, and deleting one"),
    Annotators => row("Annotators…", EDIT, None, Always, "Who annotates in this project, and how much"),
    Copy => group(row("Copy", EDIT, ctrl("C"), Article, "Copy what is selected")),
    SelectAll => row("Select all", EDIT, ctrl("A"), Article, "Select the whole article"),
    GrowSelection => row("Grow selection", EDIT, alt("ArrowUp"), Article, "To the word, quoted stretch, clause, sentence, paragraph"),
    ShrinkSelection => row("Shrink selection", EDIT, alt("ArrowDown"), Article, "Back to what was selected before growing"),
    DeleteAnnotation => group(also(row("Delete annotation", EDIT, key("Delete"), Article, "Move the selected annotation to the trash"), key("Backspace"))),
    MoveArticleToTrash => row("Remove article", EDIT, None, NotWriting, "Move this article and its annotations to the trash"),
    EditNote => row("Write a note", MARK, key("N"), Article, "Write a note on the selected annotation"),
    AddFragment => row("Add selection as fragment", MARK, key("F"), Article, "Add the selected text to the selected annotation (or drag with Ctrl)"),
    MoveStart => row("Move its start", MARK, key("Comma"), Article, "Then ← and → move it, with Ctrl by words; Enter keeps, Esc leaves"),
    MoveEnd => row("Move its end", MARK, key("Period"), Article, "Then ← and → move it, with Ctrl by words; Enter keeps, Esc leaves"),
    SelectAnnotationText => row("Select its text", MARK, key("T"), Article, "Select the text of the selected annotation"),
    ToggleSnapToWords => group(row("Snap to words", MARK, None, NotWriting, "Drags mark whole words; hold Alt for single characters")),
    Escape => row("Let go", None, key("Escape"), Article, "Drop the selection, then the selected annotation, then the locked label"),
    NextAnnotation => row("Next annotation", GO, key("Tab"), Article, "Select the next annotation in the text"),
    PreviousAnnotation => row("Previous annotation", GO, shift("Tab"), Article, "Select the annotation before"),
    CycleOverlapping => row("Next overlapping annotation", GO, key("O"), Article, "Go through the annotations at this place"),
    NextArticle => group(row("Next article", GO, ctrl("PageDown"), Always, "Go to the next article")),
    PreviousArticle => row("Previous article", GO, ctrl("PageUp"), Always, "Go to the article before"),
    MarkDone => row("Done, next article", GO, ctrl("Enter"), NotWriting, "Mark the article as done and go on; an article with nothing in it is done too"),
    ToggleFlag => row("Flag article", GO, ctrl("B"), Always, "Flag the article for another look"),
    FilterArticles => group(row("Filter articles", GO, ctrl("L"), Always, "Write in the filter of the article list")),
    FilterAnnotations => row("Filter annotations", GO, ctrl("F"), Always, "Write in the filter of the annotation list"),
    FocusArticle => row("Back to the article", GO, ctrl("J"), Always, "Give the keyboard to the article"),
    NextPane => row("Next pane", GO, key("F6"), Always, "Articles, article, annotations"),
    Palette => row("Run a command…", VIEW, ctrl("K"), Always, "Find any command by its name"),
    ToggleArticles => group(row("Article list", VIEW, key("F9"), Always, "Show or hide the article list")),
    ToggleAnnotations => row("Annotation panel", VIEW, key("F10"), Always, "Show or hide codebook and annotations"),
    NextTheme => group(row("Next theme", VIEW, ctrl("T"), Always, "As the system, light, dark, high contrast")),
    LargerText => row("Larger text", VIEW, key("F8"), NotWriting, "Larger letters in the article"),
    SmallerText => row("Smaller text", VIEW, key("F7"), NotWriting, "Smaller letters in the article"),
    WiderMeasure => row("Longer lines", VIEW, None, NotWriting, "More characters in a line"),
    NarrowerMeasure => row("Shorter lines", VIEW, None, NotWriting, "Fewer characters in a line"),
    ZoomIn => group(row("Zoom in", VIEW, ctrl("Plus"), Always, "Everything larger")),
    ZoomOut => row("Zoom out", VIEW, ctrl("Minus"), Always, "Everything smaller"),
    ResetZoom => row("Reset zoom", VIEW, ctrl("Num0"), Always, "Back to 100 %"),
    Settings => group(row("Settings…", VIEW, ctrl("Comma"), Always, "Theme, reading font, size and measure")),
    CheatSheet => row("Keys", HELP, key("F1"), Always, "All keys on one page"),
    About => row("About Pressmark", HELP, None, Always, "Version and licences"),
}

/// Motions that the article understands besides the commands, for the cheat sheet.
pub const MOTIONS: &[(&str, &str)] = &[
    ("← →", "by character"),
    ("Ctrl+← →", "by word"),
    ("Alt+← →", "by sentence"),
    ("Ctrl+Up / Down", "by paragraph"),
    ("Up / Down", "by line"),
    ("Page Up / Down", "by page"),
    ("Home / End", "to the ends of the line"),
    ("Ctrl+Home / End", "to the ends of the article"),
    ("Shift with any of these", "select on the way"),
    ("Shift+label key", "lock a label: every drag marks with it"),
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
    (
        "Click on an annotation",
        "select it; click again for the one around it",
    ),
    ("Drag a handle", "move an edge of the selected annotation"),
];

impl CommandInfo {
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
    fn no_two_commands_share_a_key_or_a_title() {
        let mut keys = Vec::new();
        let mut titles = Vec::new();
        for info in COMMANDS {
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
        for row in COMMANDS {
            let (command, found) = (row.command, info(row.command));
            assert_eq!((found.command, found.title), (command, row.title));
            assert!(!row.title.is_empty() && !row.help.is_empty(), "{command:?}");
            // Letting go is a key and a row of the palette; a menu would take the keyboard first.
            let is_in_a_menu = row.menu.is_some() || command == Command::Escape;
            assert!(is_in_a_menu, "{command:?} is in no menu");
        }
    }

    #[test]
    fn searching_prefers_the_start() {
        assert_eq!(match_rank("Save as…", "sa"), Some(0));
        assert_eq!(match_rank("Save as…", "as sa"), Some(1));
        assert_eq!(match_rank("Save as…", "x"), None);
    }
}
