//! What can be asked of the codebook: a property of a label, an attribute, a place in the list, and
//! codebook files.
//!
//! Values only. What they touch and how they are refused is the recipes' to say.

use crate::core::annotation::AttributeValue;
use crate::core::codebook::compare::Side;
use crate::core::codebook::{
    AttributeKind, BoundaryPolicy, Edges, LinkRole, OverlapPolicy, Thing, Underline,
};
use crate::core::ids::{AnnotationId, ArticleId, LabelId};
use crate::core::recipes::codebook::MergeChoices;
use std::path::PathBuf;

#[derive(Clone, Debug, PartialEq)]
pub enum CodebookAction {
    /// Shows a label on the page of the codebook.
    Show(LabelId),
    /// Gives a label another property; what it is called in the history is the model's to say.
    Set(LabelId, LabelField),
    /// Puts a label before another one, or at the end, as a kind of `parent`.
    Place {
        label: LabelId,
        parent: Option<LabelId>,
        before: Option<LabelId>,
    },
    Merge {
        from: LabelId,
        into: LabelId,
        choices: MergeChoices,
    },
    /// Another policy for the edges of a label. Waits for an answer where there are annotations.
    SetEdges {
        label: LabelId,
        edges: Edges,
    },
    /// Moves the annotations of a label to where its policy says, whatever waits.
    MoveToEdges(LabelId),
    AddAttribute(LabelId),
    SetAttribute {
        label: LabelId,
        name: String,
        field: AttributeField,
    },
    /// This and the three below wait for an answer where annotations say something of it.
    RenameAttribute {
        label: LabelId,
        name: String,
        new: String,
    },
    SetKind {
        label: LabelId,
        name: String,
        kind: AttributeKind,
    },
    RemoveAttribute {
        label: LabelId,
        name: String,
    },
    RemoveRole {
        label: LabelId,
        name: String,
    },
    /// Does what waits.
    Confirm(Touching),
    /// Does not.
    Discard,
    /// Shows an annotation in its article.
    GoTo(ArticleId, AnnotationId),
    /// Compares one that comes with the program with that of the project.
    CompareReady(&'static str),
    /// Asks for a codebook file.
    PickFile,
    CompareFile(PathBuf),
    /// Decides a conflict of a row of the comparison.
    Decide {
        row: usize,
        conflict: usize,
        side: Side,
    },
    /// Decides all that is not decided.
    DecideAll(Side),
    Take {
        row: usize,
        is_taken: bool,
    },
    TakeIn,
    LeaveComparison,
    SaveTo(PathBuf),
}

/// What becomes of annotations with a change that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touching {
    /// They go along; values that cannot stay as text.
    Keeps,
    /// Values that cannot go along are dropped.
    Drops,
    /// They stay as they are; the change is for those that come.
    Spares,
}

/// A property of a label.
#[derive(Clone, Debug, PartialEq)]
pub enum LabelField {
    Name(String),
    Key(Option<char>),
    Parent(Option<LabelId>),
    Color(u32),
    Underline(Underline),
    Definition(String),
    /// An item of one of its lists: another text, a new one behind the last, none for an empty one.
    Item(Items, usize, String),
    /// An annotation that shows it is one of its examples no more.
    NotShownBy(AnnotationId),
    Unit(BoundaryPolicy),
    Overlap(OverlapPolicy),
    StandsFor(Option<Thing>),
    Helper(bool),
    Retired(bool),
    Role(usize, Option<LinkRole>),
}

/// The lists of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Items {
    Include,
    Exclude,
    Examples,
    CounterExamples,
}

/// A property of an attribute that touches no annotation.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeField {
    Title(String),
    Help(String),
    Default(Option<AttributeValue>),
    Required(bool),
    Key(Option<char>),
    /// Its place among the attributes of its label.
    Place(usize),
}
