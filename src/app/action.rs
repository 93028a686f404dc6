//! What can be asked of the program, and what it asks of the window in turn: values, and what they
//! are made of.
//!
//! Whoever has something to offer names it here (a notice, a menu, a test); what becomes of it is
//! for [`crate::app::model`] to say, which this knows nothing of.

pub mod codebook;

use crate::app::command::Command;
use crate::app::desk::Access;
use crate::app::import::{ImportOptions, TwinChoice};
use crate::app::settings::{Settings, SidePanel, ThemeChoice};
use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, LabelId, PersonId};
use crate::core::lists::Listing;
use crate::core::text::selection::{Direction, Selection, Unit};
use crate::core::text::{ArticleText, BytePos, ByteRange, segment};
use crate::format::export::options::ExportOptions;
pub use codebook::CodebookAction;
use std::path::PathBuf;

/// Something that was asked for, with its data.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Run(Command),
    Open(PathBuf),
    OpenAs(PathBuf, Access),
    /// A project that was never saved, by its journal.
    OpenUnsaved(PathBuf),
    AddPaths(Vec<PathBuf>),
    /// Text from the clipboard, with the page that it was copied from.
    AddText {
        text: String,
        html: Option<String>,
    },
    SetImportOptions(Box<ImportOptions>),
    /// What becomes of an article that is like another one, or of all of them.
    ChooseTwin {
        at: Option<usize>,
        choice: TwinChoice,
    },
    AcceptImport,
    /// Shows the import again that was left last.
    ResumeImport,
    /// Moves all but one to the trash, perhaps with their annotations carried over.
    KeepCopy {
        keep: ArticleId,
        others: Vec<ArticleId>,
        carries: bool,
    },
    GroupCopies(Vec<ArticleId>),
    CancelImport,
    SaveTo(PathBuf),
    /// Write a dataset; `may_replace` is the answer to whether something there may go.
    Export {
        format: &'static str,
        options: Box<ExportOptions>,
        path: PathBuf,
        may_replace: bool,
    },
    /// Ask where an export is to go.
    PickExportPlace {
        format: &'static str,
        options: Box<ExportOptions>,
    },
    /// Whether the export that stands there is replaced.
    ReplaceExport(bool),
    /// Remember what was chosen for a format without exporting.
    KeepExportOptions {
        format: &'static str,
        options: Box<ExportOptions>,
    },
    CancelJobs,
    /// Stops looking for copies, and nothing else.
    CancelCopies,
    GoToArticle(ArticleId),
    /// What the article list shows, and in which order.
    SetListing(Box<Listing>),
    Tick(Ticking),
    SetStatusOf {
        articles: Vec<ArticleId>,
        status: Status,
    },
    TrashArticles(Vec<ArticleId>),
    /// Shows the next annotation that names somebody.
    GoToPerson(PersonId),
    /// Mark the selection, or relabel the selected annotation when nothing is selected.
    UseLabel(LabelId),
    /// Mark this range as it is, as a drag with a locked label does: it showed what will be marked.
    MarkRange {
        range: ByteRange,
        label: LabelId,
    },
    AddFragmentRange(ByteRange),
    LockLabel(Option<LabelId>),
    SelectAnnotation {
        id: AnnotationId,
        reveal: bool,
    },
    /// Selects text, or puts the caret; with it an annotation, or none.
    Select {
        selection: Selection,
        annotation: Option<AnnotationId>,
    },
    /// Shows an edge at another place, without keeping it there yet.
    MoveEdge(EdgeMove),
    /// Moves the edge that is being moved.
    StepEdge {
        unit: Unit,
        direction: Direction,
    },
    /// Keeps the edge where it was moved to, as every other action does that is none of these.
    KeepEdge,
    SetNote {
        id: AnnotationId,
        note: String,
    },
    SetLabel {
        id: AnnotationId,
        label: LabelId,
    },
    SetAttribute {
        id: AnnotationId,
        name: String,
        value: Option<AttributeValue>,
    },
    /// Names the person of an attribute; a new name enters the speaker ledger.
    SetPerson {
        id: AnnotationId,
        name: String,
        person: String,
    },
    SetFragment {
        id: AnnotationId,
        fragment: usize,
        range: ByteRange,
    },
    RemoveFragment {
        id: AnnotationId,
        fragment: usize,
    },
    Delete(AnnotationId),
    /// Takes a label out of the codebook; its annotations get another one, or go to the trash.
    DeleteLabel {
        label: LabelId,
        move_to: Option<LabelId>,
    },
    DeleteAnnotator(AnnotatorId),
    Codebook(Box<CodebookAction>),
    /// Asks how before deleting.
    AskToDelete(Deleting),
    /// Brings items of the trash back, by their places.
    Restore(Vec<usize>),
    /// Removes items from the trash.
    Purge(Vec<usize>),
    /// Goes to the state in which so many steps of the history are in force.
    JumpTo(usize),
    /// Puts an item of the review list where the selection is.
    PlaceReviewed(usize),
    DropReviewed(usize),
    ShowReviewed(usize),
    /// The answer to a save that could not go on.
    AnswerSave(SaveAnswer),
    RetryJournal,
    /// Puts the path of a file on the clipboard.
    CopyPath(PathBuf),
    SetStatus {
        article: ArticleId,
        status: Status,
    },
    /// The answer to "save before leaving?".
    Leave(LeaveAnswer),
    DismissNotice(usize),
    SetTheme(ThemeChoice),
    SetSettings(Box<Settings>),
    SaveSettings,
    /// Who annotates from now on.
    SetAnnotator(String),
    /// What of the article is on the screen.
    RememberView(ByteRange),
    RememberWindow(f32, f32),
    /// How wide a panel was made.
    RememberWidth(SidePanel, f32),
    /// Whether the window has room for both panels.
    SetNarrow(bool),
    /// Shows a panel beside the article, or puts it away.
    ShowPanel(SidePanel, bool),
    /// What was chosen in the palette, by its key there.
    RememberChoice(String),
    /// Notices were shown for so long since the last time.
    AgeNotices {
        secs: f32,
    },
}

impl From<CodebookAction> for Action {
    fn from(asked: CodebookAction) -> Self {
        Self::Codebook(Box::new(asked))
    }
}

impl Action {
    /// Whether it only keeps the books on what is shown: it ends nothing and needs no other frame.
    pub fn is_bookkeeping(&self) -> bool {
        matches!(
            self,
            Self::RememberView(_)
                | Self::RememberWindow(..)
                | Self::RememberWidth(..)
                | Self::SetNarrow(_)
                | Self::RememberChoice(_)
                | Self::AgeNotices { .. }
                | Self::SaveSettings
        )
    }
}

/// What becomes of the ticks of the article list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ticking {
    /// Ticks it, or takes its tick away.
    One(ArticleId),
    /// All from the one before to this one, and no others.
    Upto(ArticleId),
    /// All that the list shows.
    All,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveAnswer {
    Save,
    Discard,
    Stay,
}

/// What to do about a save that cannot go on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveAnswer {
    /// Bring the other changes into this project as one step, then save.
    Merge,
    /// Save this project beside the file.
    KeepBoth,
    /// Take the file as it is; what is unsaved here can be redone.
    Reload,
    /// Save here all the same.
    Retry,
    SaveAs,
    Later,
}

/// What is about to be deleted together with how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deleting {
    Label(LabelId),
    Annotator(AnnotatorId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Start,
    End,
}

/// An edge being moved by keys or by its handle, shown before it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeMove {
    pub id: AnnotationId,
    pub fragment: usize,
    pub side: Side,
    pub range: ByteRange,
}

impl EdgeMove {
    /// Puts the edge at a position, as far as the fragment stays at least one character long.
    pub fn move_to(&mut self, text: &ArticleText, at: BytePos) {
        let at = segment::grapheme_floor(text, at);
        self.range = match self.side {
            Side::Start => {
                let latest = segment::prev_grapheme(text, self.range.end);
                ByteRange::new(at.min(latest), self.range.end)
            }
            Side::End => {
                let earliest = segment::next_grapheme(text, self.range.start);
                ByteRange::new(self.range.start, at.max(earliest))
            }
        };
    }

    pub fn edge(&self) -> BytePos {
        match self.side {
            Side::Start => self.range.start,
            Side::End => self.range.end,
        }
    }
}

/// What the window must do for a command.
#[derive(Clone, Debug, PartialEq)]
pub enum UiRequest {
    /// Ask for files.
    Pick(Pick),
    /// Show the dialog of a command.
    Show(Command),
    AskToDelete(Deleting),
    FocusArticle,
    Focus(Spot),
    NextPane,
    /// Show this position of the article.
    Reveal(ByteRange),
    /// Put this position at the top.
    ScrollTo(BytePos),
    CopyText(String),
    RequestPaste,
    Close,
}

/// Which files are asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Pick {
    Project,
    Articles,
    Folder,
    /// Where the project is to be saved; with a name that is suggested, as in the next.
    Save {
        name: String,
    },
    Codebook,
    SaveCodebook {
        name: String,
        extension: &'static str,
    },
    Export {
        format: &'static str,
        options: Box<ExportOptions>,
        name: String,
    },
}

/// A field that the keyboard is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Note,
    /// The first field of the selected annotation.
    Card,
    ArticleFilter,
    AnnotationFilter,
    /// On the page of the codebook.
    LabelFilter,
    LabelName,
    AttributeTitle,
    LabelList,
}
