//! The order of the cards of a table, by what stands in one of its columns.
//!
//! Knows no words of the window. Cards that say nothing there come last, whichever way it goes, and
//! what is equal keeps its place. Pure.

use super::board::{Board, Card};
use crate::core::project::Project;
use crate::core::search::folded;

/// The columns of the table, from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Claim,
    Claimant,
    Kind,
    Articles,
    First,
    Worth,
    Verdict,
}

impl By {
    pub const ALL: [Self; 7] = [
        Self::Claim,
        Self::Claimant,
        Self::Kind,
        Self::Articles,
        Self::First,
        Self::Worth,
        Self::Verdict,
    ];

    pub fn is_of_numbers(self) -> bool {
        matches!(self, Self::Articles | Self::Worth)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub by: By,
    pub falls: bool,
}

impl Order {
    /// What a press on the head of a column asks for: numbers fall at first, and the same column goes
    /// the other way.
    pub fn after(now: Option<Self>, by: By) -> Self {
        let falls = match now {
            Some(now) if now.by == by => !now.falls,
            _ => by.is_of_numbers(),
        };
        Self { by, falls }
    }

    /// Puts the cards of each column of the board in order.
    pub fn sort(self, board: &Board, project: &Project, columns: &mut [Vec<u32>; 3]) {
        for column in columns {
            let mut keyed: Vec<((u32, String), u32)> = column
                .iter()
                .map(|at| {
                    let card = board.card(*at);
                    (
                        card.map_or_else(Default::default, |c| self.key(board, project, c)),
                        *at,
                    )
                })
                .collect();
            let says_nothing = |key: &(u32, String)| !self.by.is_of_numbers() && key.1.is_empty();
            keyed.sort_by(|(a, _), (b, _)| {
                let order = if self.falls { b.cmp(a) } else { a.cmp(b) };
                says_nothing(a).cmp(&says_nothing(b)).then(order)
            });
            *column = keyed.into_iter().map(|(_, at)| at).collect();
        }
    }

    fn key(self, board: &Board, project: &Project, card: &Card) -> (u32, String) {
        let text = match self.by {
            By::Articles => return (card.articles, String::new()),
            By::Worth => return (u32::from(card.yes()), String::new()),
            By::Claim => {
                let title = board.title(project, card);
                // Where a quote begins is no letter.
                folded(title.trim_start_matches(|c: char| !c.is_alphanumeric()))
            }
            By::Claimant => {
                let claimants = board.claimants(card);
                let first = claimants.first().and_then(|(who, _)| who.as_ref());
                let person = first.and_then(|id| project.person(id));
                person.map_or_else(String::new, |person| folded(&person.name))
            }
            By::Kind => {
                let kinds = board.kinds(card);
                kinds
                    .first()
                    .map_or_else(String::new, |(kind, _)| folded(kind.as_str()))
            }
            By::First => {
                let first = board.claims(card).next();
                first.map_or_else(String::new, |(at, _)| board.day(at as u32).to_owned())
            }
            By::Verdict => folded(board.verdict(project, card)),
        };
        (0, text)
    }
}
