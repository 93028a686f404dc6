//! What can be asked of claims and of what is said the same: cards of the board, groups, and quotes or
//! claims lined up.
//!
//! Values only. What a group becomes is the recipes' to say.

use crate::core::claims::Answer;
use crate::core::claims::board::{Filter, One};
use crate::core::claims::order::Order;
use crate::core::codebook::Thing;
use crate::core::ids::GroupId;
use crate::core::project::{GroupState, Member};
use crate::core::recipes::groups::Say;

#[derive(Clone, Debug, PartialEq)]
pub enum ClaimsAction {
    /// Shows the cards that fit.
    Filter(Box<Filter>),
    /// Shows a table instead of the board.
    AsTable(bool),
    /// Puts the table in order by a column.
    Sort(Order),
    /// The card that the keyboard is at.
    Show(Option<One>),
    /// Shows an annotation in its article.
    GoTo(Member),
    /// The question that is answered next, by its place.
    Question(usize),
    /// Answers it, and goes on to the next one.
    Answer(One, Answer),
    Say(One, Box<Say>),
    /// Puts a card into another column.
    Move(One, GroupState),
    /// Makes one group of these.
    Join(Thing, Vec<One>),
    /// Says that two are not the same.
    Apart(Thing, One, One),
    /// Takes annotations out of their group.
    TakeOut(GroupId, Vec<Member>),
    /// Shows what is said the same, beside each other.
    LineUp(Thing, One),
}
