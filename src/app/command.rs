//! The command table: the one source of menus, the palette, tooltips, the cheat sheet and keys.
//!
//! Knows no window: keys are described, not read. Labels add their own keys at run time.

/// Everything that can be asked for without further data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    NewProject,
    OpenProject,
    OpenDemo,
    Save,
    SaveAs,
    AddFiles,
    AddFolder,
    PasteArticle,
    ImportDataset,
    Imports,
    FindCopies,
    CompareVersions,
    Export,
    ExportAgain,
    Quit,
    Undo,
    Redo,
    Copy,
    SelectAll,
    DeleteAnnotation,
    EditNote,
    Escape,
    AddFragment,
    MoveStart,
    MoveEnd,
    History,
    Trash,
    Review,
    Backups,
    Labels,
    Annotators,
    GrowSelection,
    ShrinkSelection,
    NextAnnotation,
    PreviousAnnotation,
    CycleOverlapping,
    SelectAnnotationText,
    NextArticle,
    PreviousArticle,
    MarkDone,
    ToggleFlag,
    MoveArticleToTrash,
    FilterArticles,
    FilterAnnotations,
    FocusArticle,
    NextPane,
    ToggleArticles,
    ToggleAnnotations,
    ToggleSnapToWords,
    NextTheme,
    LargerText,
    SmallerText,
    WiderMeasure,
    NarrowerMeasure,
    ZoomIn,
    ZoomOut,
    ResetZoom,
    Palette,
    CheatSheet,
    Settings,
    About,
}

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

const fn row(
    command: Command,
    title: &'static str,
    menu: Option<Menu>,
    key: Option<KeyCombo>,
    scope: Scope,
    help: &'static str,
) -> CommandInfo {
    CommandInfo {
        command,
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

use Command as C;
use Scope::{Always, Article, NotWriting};

const FILE: Option<Menu> = Some(Menu::File);
const EDIT: Option<Menu> = Some(Menu::Edit);
const MARK: Option<Menu> = Some(Menu::Mark);
const GO: Option<Menu> = Some(Menu::Go);
const VIEW: Option<Menu> = Some(Menu::View);
const HELP: Option<Menu> = Some(Menu::Help);

#[rustfmt::skip]
pub const COMMANDS: &[CommandInfo] = &[
    row(C::NewProject, "New project", FILE, ctrl("N"), Always, "Begin an empty project"),
    row(C::OpenProject, "Open project…", FILE, ctrl("O"), Always, "Open a project file"),
    row(C::OpenDemo, "Open the demo", FILE, None, Always, "A small annotated project to look around in"),
    group(row(C::AddFiles, "Add articles…", FILE, ctrl("I"), Always, "Add articles, exports and datasets of many kinds to the project")),
    row(C::AddFolder, "Add a folder of articles…", FILE, ctrl_shift("I"), Always, "Add all that can be read in a folder"),
    row(C::PasteArticle, "Paste as article", FILE, ctrl("V"), NotWriting, "Make an article of the text on the clipboard"),
    row(C::ImportDataset, "Import dataset…", FILE, None, Always, "Add articles with annotations, from Pressmark or another tool"),
    row(C::Imports, "Import reports…", FILE, None, Always, "What every import read, skipped and refused, and why"),
    group(row(C::Save, "Save", FILE, ctrl("S"), Always, "Save the project")),
    row(C::SaveAs, "Save as…", FILE, ctrl_shift("S"), Always, "Save the project to another file"),
    row(C::Backups, "Backups…", FILE, None, Always, "Earlier versions of this project; open one as a copy"),
    row(C::Export, "Export dataset…", FILE, ctrl("E"), Always, "Write a dataset that other tools read: spreadsheets, training data, other annotation tools, a web page"),
    row(C::ExportAgain, "Export again", FILE, ctrl_shift("E"), Always, "The last export, to the same place with the same choices"),
    group(row(C::Quit, "Quit", FILE, ctrl("Q"), Always, "Leave Pressmark")),
    row(C::Undo, "Undo", EDIT, ctrl("Z"), NotWriting, "Take back the last change"),
    also(row(C::Redo, "Redo", EDIT, ctrl_shift("Z"), NotWriting, "Make the change again"), ctrl("Y")),
    row(C::History, "History…", EDIT, ctrl("H"), Always, "All steps that can be undone and redone; go to any of them"),
    row(C::Trash, "Trash…", EDIT, None, Always, "What was deleted, by whom and when; bring it back"),
    row(C::Review, "Review list…", EDIT, None, Always, "Annotations whose place in the text was lost; place them again"),
    row(C::FindCopies, "Find copies…", EDIT, None, Always, "Articles of this project that say the same or nearly; keep one, or group them"),
    row(C::CompareVersions, "What changed in this version…", EDIT, None, Always, "The wording of this article beside that of the version that it replaced"),
    row(C::Labels, "Labels…", EDIT, None, Always, "The labels of the codebook, how often they are used, and deleting one"),
    row(C::Annotators, "Annotators…", EDIT, None, Always, "Who annotates in this project, and how much"),
    group(row(C::Copy, "Copy", EDIT, ctrl("C"), Article, "Copy what is selected")),
    row(C::SelectAll, "Select all", EDIT, ctrl("A"), Article, "Select the whole article"),
    row(C::GrowSelection, "Grow selection", EDIT, alt("ArrowUp"), Article, "To the word, quoted stretch, clause, sentence, paragraph"),
    row(C::ShrinkSelection, "Shrink selection", EDIT, alt("ArrowDown"), Article, "Back to what was selected before growing"),
    group(also(row(C::DeleteAnnotation, "Delete annotation", EDIT, key("Delete"), Article, "Move the selected annotation to the trash"), key("Backspace"))),
    row(C::MoveArticleToTrash, "Remove article", EDIT, None, NotWriting, "Move this article and its annotations to the trash"),
    row(C::EditNote, "Write a note", MARK, key("N"), Article, "Write a note on the selected annotation"),
    row(C::AddFragment, "Add selection as fragment", MARK, key("F"), Article, "Add the selected text to the selected annotation (or drag with Ctrl)"),
    row(C::MoveStart, "Move its start", MARK, key("Comma"), Article, "Then ← and → move it, with Ctrl by words; Enter keeps, Esc leaves"),
    row(C::MoveEnd, "Move its end", MARK, key("Period"), Article, "Then ← and → move it, with Ctrl by words; Enter keeps, Esc leaves"),
    row(C::SelectAnnotationText, "Select its text", MARK, key("T"), Article, "Select the text of the selected annotation"),
    group(row(C::ToggleSnapToWords, "Snap to words", MARK, None, NotWriting, "Drags mark whole words; hold Alt for single characters")),
    row(C::Escape, "Let go", None, key("Escape"), Article, "Drop the selection, then the selected annotation, then the locked label"),
    row(C::NextAnnotation, "Next annotation", GO, key("Tab"), Article, "Select the next annotation in the text"),
    row(C::PreviousAnnotation, "Previous annotation", GO, shift("Tab"), Article, "Select the annotation before"),
    row(C::CycleOverlapping, "Next overlapping annotation", GO, key("O"), Article, "Go through the annotations at this place"),
    group(row(C::NextArticle, "Next article", GO, ctrl("PageDown"), Always, "Go to the next article")),
    row(C::PreviousArticle, "Previous article", GO, ctrl("PageUp"), Always, "Go to the article before")  ,
    row(C::MarkDone, "Done, next article", GO, ctrl("Enter"), NotWriting, "Mark the article as done and go on; an article with nothing in it is done too"),
    row(C::ToggleFlag, "Flag article", GO, ctrl("B"), Always, "Flag the article for another look"),
    group(row(C::FilterArticles, "Filter articles", GO, ctrl("L"), Always, "Write in the filter of the article list")),
    row(C::FilterAnnotations, "Filter annotations", GO, ctrl("F"), Always, "Write in the filter of the annotation list")  ,
    row(C::FocusArticle, "Back to the article", GO, ctrl("J"), Always, "Give the keyboard to the article"),
    row(C::NextPane, "Next pane", GO, key("F6"), Always, "Articles, article, annotations"),
    row(C::Palette, "Run a command…", VIEW, ctrl("K"), Always, "Find any command by its name"),
    group(row(C::ToggleArticles, "Article list", VIEW, key("F9"), Always, "Show or hide the article list")),
    row(C::ToggleAnnotations, "Annotation panel", VIEW, key("F10"), Always, "Show or hide codebook and annotations"),
    group(row(C::NextTheme, "Next theme", VIEW, ctrl("T"), Always, "As the system, light, dark, high contrast")),
    row(C::LargerText, "Larger text", VIEW, key("F8"), NotWriting, "Larger letters in the article"),
    row(C::SmallerText, "Smaller text", VIEW, key("F7"), NotWriting, "Smaller letters in the article"),
    row(C::WiderMeasure, "Longer lines", VIEW, None, NotWriting, "More characters in a line"),
    row(C::NarrowerMeasure, "Shorter lines", VIEW, None, NotWriting, "Fewer characters in a line"),
    group(row(C::ZoomIn, "Zoom in", VIEW, ctrl("Plus"), Always, "Everything larger")),
    row(C::ZoomOut, "Zoom out", VIEW, ctrl("Minus"), Always, "Everything smaller"),
    row(C::ResetZoom, "Reset zoom", VIEW, ctrl("Num0"), Always, "Back to 100 %"),
    group(row(C::Settings, "Settings…", VIEW, ctrl("Comma"), Always, "Theme, reading font, size and measure")),
    row(C::CheatSheet, "Keys", HELP, key("F1"), Always, "All keys on one page"),
    row(C::About, "About Pressmark", HELP, None, Always, "Version and licences"),
];

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

pub fn info(command: Command) -> &'static CommandInfo {
    // The table holds every command; a test sees to it.
    const NONE: CommandInfo = row(C::Escape, "", None, None, Scope::Article, "");
    COMMANDS
        .iter()
        .find(|info| info.command == command)
        .unwrap_or(&NONE)
}

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
    fn searching_prefers_the_start() {
        assert_eq!(match_rank("Save as…", "sa"), Some(0));
        assert_eq!(match_rank("Save as…", "as sa"), Some(1));
        assert_eq!(match_rank("Save as…", "x"), None);
    }
}
