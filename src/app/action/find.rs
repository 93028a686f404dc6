//! What can be asked of finding: in the open article, on the page that searches all of them, and of
//! what was found there.
//!
//! Values only. What a query finds is the core's to say, and what is done to hits the recipes'.

use crate::core::concordance::Arrangement;
use crate::core::ids::{ArticleId, LabelId, RuleId};
use crate::core::search::Options;
use crate::core::text::ByteRange;
use std::path::PathBuf;

/// A hit, wherever it stands in a list.
pub type HitId = (ArticleId, ByteRange);

#[derive(Clone, Debug, PartialEq)]
pub enum FindAction {
    /// Looks for this in the open article.
    InArticle {
        query: String,
        options: Options,
    },
    CloseBar,
    /// Looks for this in all articles.
    Everywhere {
        query: String,
        options: Options,
    },
    Arrange(Box<Arrangement>),
    /// Shows or hides the lines of a group.
    Fold(String),
    /// The line that the keyboard is at.
    GoTo(Option<HitId>),
    /// Shows a hit in its article.
    Show(HitId),
    /// Shows the first ticked hit in its article, and goes through the others from there.
    LookThrough,
    Tick(HitTicks),
    /// What ticked hits are to be marked as.
    MarkAs(LabelId),
    /// Does something to all hits that are ticked, as one step.
    Do(ToHits),
    /// Writes the ticked lines into a table, as the ending of the file says.
    ExportTo(PathBuf),
    /// Keeps what is looked for under a name.
    Keep(String),
    Rule(RuleId, ToRule),
}

/// What is done to a kept rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToRule {
    /// Looks for it on the page.
    Show,
    /// Whether its hits are seen in texts.
    See(bool),
    Rename(String),
    Remove,
}

/// What becomes of the ticks of hits.
#[derive(Clone, Debug, PartialEq)]
pub enum HitTicks {
    /// Ticks them, or takes their ticks away.
    These(Vec<HitId>, bool),
    All,
    None,
}

/// What is done to ticked hits.
#[derive(Clone, Debug, PartialEq)]
pub enum ToHits {
    Mark,
    /// The kept rule that finds them finds what it should not; or, with `false`, it should after all.
    Dismiss(bool),
    /// What they are, or lie in, goes to the trash.
    Trash,
    Relabel(LabelId),
    /// Sets an attribute of what they are, or lie in, by its name; nothing takes its value away.
    SetAttribute {
        name: String,
        value: Option<crate::core::annotation::AttributeValue>,
    },
    /// Sets one to a person by their name, who enters the ledger when nobody there is called so.
    SetPerson {
        name: String,
        person: String,
    },
}
