//! What can be asked of the program, and what it asks of the window in turn: values, and what they
//! are made of.
//!
//! Whoever has something to offer names it here (a notice, a menu, a test); what becomes of it is
//! for [`crate::app::model`] to say, which this knows nothing of.

pub mod claims;
pub mod codebook;
pub mod find;
pub mod passages;
pub mod people;
pub mod quotes;

use crate::app::command::Command;
use crate::app::desk::Access;
use crate::app::import::{ImportOptions, TwinChoice};
use crate::app::settings::{Settings, SidePanel, ThemeChoice};
use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, LabelId, PersonId, SetId};
use crate::core::lists::{Facet, Listing};
use crate::core::recipes::details::DetailsChange;
use crate::core::recipes::link::Way;
use crate::core::sampling::Shares;
use crate::core::text::selection::{Direction, Selection, Unit};
use crate::core::text::{ArticleText, BytePos, ByteRange, segment};
use crate::format::export::options::ExportOptions;
use std::collections::BTreeSet;
use std::path::PathBuf;

pub use claims::ClaimsAction;
pub use codebook::CodebookAction;
pub use find::FindAction;
pub use passages::PassageAction;
pub use people::PeopleAction;
pub use quotes::{OfferedPart, QuoteAction};

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
    /// Goes on with reading what was chosen while something else is done.
    PutImportAside,
    /// Shows the import again that was left last, or put aside.
    ResumeImport,
    /// Moves all but one to the trash, perhaps with their annotations carried over.
    KeepCopy {
        keep: ArticleId,
        others: Vec<ArticleId>,
        carries: bool,
    },
    GroupCopies(Vec<ArticleId>),
    Passages(Box<PassageAction>),
    /// About the parts that are proposed for the selected quote.
    Quote(QuoteAction),
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
    /// Makes it the one that is meant, and shows no other page for it.
    ChooseArticle(ArticleId),
    /// What the article list shows, and in which order.
    SetListing(Box<Listing>),
    Tick(Ticking),
    SetStatusOf {
        articles: Vec<ArticleId>,
        status: Status,
    },
    TrashArticles(Vec<ArticleId>),
    /// Shows or hides the articles of a group of the list.
    FoldGroup(String),
    /// Gives articles other details.
    ChangeDetails {
        articles: Vec<ArticleId>,
        change: Box<DetailsChange>,
    },
    /// Draws articles by lot and keeps them as a set.
    DrawSample(Drawing),
    /// The list shows the articles of a set.
    ShowSet(SetId),
    RenameSet(SetId, String),
    DeleteSet(SetId),
    /// Asks how these articles are to be exported.
    ExportArticles(Vec<ArticleId>),
    /// Shows the next annotation that names somebody.
    GoToPerson(PersonId),
    /// Mark the selection, or relabel the selected annotation when nothing is selected.
    UseLabel(LabelId),
    /// Mark this range as it is, as a drag with a locked label does: it showed what will be marked.
    MarkRange {
        range: ByteRange,
        label: LabelId,
    },
    /// Mark the selection and keep it, or the words of the selected annotation once more.
    MarkAlso(LabelId),
    /// Mark the selection with a label that is added for it.
    MarkWithNew {
        name: String,
        parent: Option<LabelId>,
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
    /// Gives the keyboard to an attribute of the selected annotation, by its place in the codebook.
    EditAttribute(usize),
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
    /// Begins to link an annotation: by this role, or by any that fits what is gone to.
    BeginLink {
        from: AnnotationId,
        role: Option<String>,
    },
    /// What the link leads to that is being drawn: the selected annotation, or one that was clicked.
    EndLink(Option<AnnotationId>),
    LeaveLink,
    /// Links two annotations by the role that fits, or asks which.
    LinkTo {
        from: AnnotationId,
        to: AnnotationId,
    },
    Link(Way),
    Unlink(Way),
    Delete(AnnotationId),
    /// Takes a label out of the codebook; its annotations get another one, or go to the trash.
    DeleteLabel {
        label: LabelId,
        move_to: Option<LabelId>,
    },
    DeleteAnnotator(AnnotatorId),
    Claims(Box<ClaimsAction>),
    Codebook(Box<CodebookAction>),
    Find(Box<FindAction>),
    People(Box<PeopleAction>),
    /// Looks for the annotations that a label's policy would have elsewhere, and shows them.
    ReviewPolicy(LabelId),
    /// Moves those that were found, but for some, by their places.
    ApplyPolicy {
        left_out: BTreeSet<usize>,
    },
    /// Says of an annotation of any article that it was looked at again.
    Judge {
        article: ArticleId,
        annotation: AnnotationId,
        verdict: Verdict,
    },
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
    /// The same for the one whose place is being looked for.
    PlaceSought,
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

impl From<ClaimsAction> for Action {
    fn from(asked: ClaimsAction) -> Self {
        Self::Claims(Box::new(asked))
    }
}

impl From<CodebookAction> for Action {
    fn from(asked: CodebookAction) -> Self {
        Self::Codebook(Box::new(asked))
    }
}

impl From<FindAction> for Action {
    fn from(asked: FindAction) -> Self {
        Self::Find(Box::new(asked))
    }
}

impl From<find::ToHits> for Action {
    fn from(what: find::ToHits) -> Self {
        FindAction::Do(what).into()
    }
}

impl From<PeopleAction> for Action {
    fn from(asked: PeopleAction) -> Self {
        Self::People(Box::new(asked))
    }
}

impl From<PassageAction> for Action {
    fn from(asked: PassageAction) -> Self {
        Self::Passages(Box::new(asked))
    }
}

impl Action {
    /// Whether another annotation, article or project may be shown after it, or none: what is being
    /// written on the card is kept first.
    pub fn leaves_the_card(&self) -> bool {
        matches!(
            self,
            Self::Run(_)
                | Self::Open(_)
                | Self::OpenAs(..)
                | Self::OpenUnsaved(_)
                | Self::GoToArticle(_)
                | Self::ChooseArticle(_)
                | Self::GoToPerson(_)
                | Self::Passages(_)
                | Self::TrashArticles(_)
                | Self::UseLabel(_)
                | Self::MarkAlso(_)
                | Self::MarkWithNew { .. }
                | Self::MarkRange { .. }
                | Self::AddFragmentRange(_)
                | Self::SelectAnnotation { .. }
                | Self::Select { .. }
                | Self::MoveEdge(_)
                | Self::BeginLink { .. }
                | Self::EndLink(_)
                | Self::LinkTo { .. }
                | Self::Delete(_)
                | Self::Restore(_)
                | Self::Claims(_)
                | Self::Codebook(_)
                | Self::Find(_)
                | Self::People(_)
                | Self::Judge { .. }
                | Self::JumpTo(_)
                | Self::ShowReviewed(_)
                | Self::ShowPanel(..)
                | Self::Leave(_)
        )
    }

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

/// How articles are drawn by lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    pub name: String,
    pub number: usize,
    /// Not 0, which stands for no lots.
    pub seed: u32,
    /// Each of these groups has its share.
    pub evenly_by: Option<Facet>,
    pub shares: Shares,
    pub from: DrawnFrom,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DrawnFrom {
    #[default]
    All,
    /// What the list shows.
    Shown,
    Ticked,
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

/// What becomes of an annotation that was made before its label meant what it means now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is what the label now means.
    Confirm,
    Relabel(LabelId),
    Trash,
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

/// A link that is being drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkDraft {
    pub from: AnnotationId,
    /// By this role; by any that fits when there is none.
    pub role: Option<String>,
    /// It may be one of these: which one is asked for.
    pub ways: Vec<Way>,
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
    /// A panel that was opened as a drawer has the keyboard.
    FocusPanel(SidePanel),
    NextPane,
    /// Show this position of the article.
    Reveal(ByteRange),
    /// Shows a hit with what stands around it.
    RevealHit(ByteRange),
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
    SaveHits {
        name: String,
        extension: &'static str,
    },
    SaveSaid {
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
    /// One of its attributes, by its place in the codebook.
    Attribute(usize),
    ArticleFilter,
    FoundLabels,
    AnnotationFilter,
    /// What is looked for in the open article.
    FindBar,
    /// What is looked for on the page of finding.
    FindField,
    /// On the page of people: the filter, the list, what is proposed, and what somebody said.
    PeopleFilter,
    People,
    Proposal,
    Said,
    /// On the page of claims: what cards are looked for, and the cards.
    ClaimFilter,
    Claims,
    /// On the page of the codebook.
    LabelFilter,
    LabelName,
    AttributeTitle,
    LabelList,
}
