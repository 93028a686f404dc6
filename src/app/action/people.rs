//! What can be asked of the people and organisations of the project, and of the page that shows them.
//!
//! Values only. What becomes of the ledger the recipes say.

use crate::app::derived::people::WhichPeople;
use crate::core::ids::{AnnotationId, ArticleId, PersonId};
use crate::core::project::Person;
use crate::core::quoted::SaidFilter;
use std::path::PathBuf;

#[derive(Clone, Debug, PartialEq)]
pub enum PeopleAction {
    /// Shows somebody on the page.
    Show(PersonId),
    /// What the list shows: words, kind, and whether by name.
    List {
        typed: String,
        which: WhichPeople,
        by_name: bool,
    },
    Filter(SaidFilter),
    /// The quote that the keyboard is at.
    GoTo(ArticleId, AnnotationId),
    /// Shows a quote in its article.
    Open(ArticleId, AnnotationId),
    Add(Box<Person>),
    /// Says another thing of somebody.
    Set(Box<Person>),
    /// Makes one of two; who stays becomes as it is handed in.
    Merge {
        stays: Box<Person>,
        goes: PersonId,
    },
    /// Makes them one if nothing is to be asked; else asks.
    MergeOrAsk {
        stays: PersonId,
        goes: PersonId,
    },
    KeepApart(PersonId, PersonId),
    Split {
        from: PersonId,
        mentions: Vec<(ArticleId, AnnotationId)>,
        name: String,
    },
    Delete(PersonId),
    /// Lets words of an article mean somebody there, and takes out of the ledger whoever was nothing but
    /// these words.
    Tie {
        person: PersonId,
        article: ArticleId,
        words: String,
        removes: Vec<PersonId>,
    },
    Untie {
        person: PersonId,
        article: ArticleId,
        words: String,
    },
    /// Writes what is shown of somebody's quotes into a table, as the ending of the file says.
    ExportTo(PathBuf),
}
