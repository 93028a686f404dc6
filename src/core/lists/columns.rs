//! The columns of a table of articles, and what articles are put in order by in each.
//!
//! Pure; knows which columns there can be, and nothing of widths and of what is shown.

use crate::core::article::{Article, Status};
use crate::core::ids::AnnotatorId;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Column {
    Title,
    Status,
    Length,
    Annotations,
    /// A field of what is known of an article, by its name.
    Field(Cow<'static, str>),
}

/// What an article is put in order by in a column: numbers before words, what is not known last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) is_unknown: bool,
    is_word: bool,
    number: i64,
    word: String,
}

impl Column {
    pub const DATE: Self = Self::Field(Cow::Borrowed("published"));
    pub const OUTLET: Self = Self::Field(Cow::Borrowed("outlet"));
    pub const AUTHOR: Self = Self::Field(Cow::Borrowed("author"));
    pub const SECTION: Self = Self::Field(Cow::Borrowed("section"));
    pub const LANGUAGE: Self = Self::Field(Cow::Borrowed("language"));

    /// Those that any project has.
    pub const USUAL: [(Self, &'static str); 9] = [
        (Self::Title, "Title"),
        (Self::DATE, "Date"),
        (Self::OUTLET, "Outlet"),
        (Self::AUTHOR, "Author"),
        (Self::SECTION, "Section"),
        (Self::LANGUAGE, "Language"),
        (Self::Status, "Status"),
        (Self::Length, "Characters"),
        (Self::Annotations, "Annotations"),
    ];

    /// A project's own field.
    pub fn own(field: &str) -> Self {
        Self::Field(Cow::Owned(field.to_owned()))
    }

    pub fn name(&self) -> Cow<'_, str> {
        let mut usual = Self::USUAL.into_iter();
        match (usual.find(|(column, _)| column == self), self) {
            (Some((_, name)), _) => name.into(),
            (None, Self::Field(field)) => {
                let mut letters = field.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(letters).collect::<String>().into()
            }
            (None, _) => "".into(),
        }
    }

    /// Whether it tells who wrote an article, or for whom.
    pub fn is_of_source(&self) -> bool {
        matches!(self, Self::Field(field) if field == "outlet" || field == "author")
    }

    /// Whether all that stands in it are numbers.
    pub fn is_of_numbers(&self) -> bool {
        matches!(self, Self::Length | Self::Annotations)
    }

    pub(super) fn key(&self, article: &Article, by: &AnnotatorId) -> Key {
        let number = |n: usize| Key {
            is_unknown: false,
            is_word: false,
            number: i64::try_from(n).unwrap_or(i64::MAX),
            word: String::new(),
        };
        match self {
            Self::Title => Key::of_word(article.display_title()),
            Self::Status => {
                let own = article.status_for(by);
                let rank = Status::ALL.iter().position(|known| *known == own);
                number(rank.unwrap_or(Status::ALL.len()))
            }
            Self::Length => number(article.text.len_chars()),
            Self::Annotations => number(article.annotations.len()),
            Self::Field(field) => {
                let said = article.meta(field).map(str::trim).unwrap_or_default();
                match number_of(said) {
                    Some(n) => Key {
                        number: ordered(n),
                        ..number(0)
                    },
                    None => Key::of_word(said),
                }
            }
        }
    }
}

impl Key {
    fn of_word(word: &str) -> Self {
        Self {
            is_unknown: word.trim().is_empty(),
            is_word: true,
            number: 0,
            word: word.to_lowercase(),
        }
    }
}

/// What is a number as people write it.
pub fn number_of(said: &str) -> Option<f64> {
    const LONGEST: usize = 32;
    let said = said.trim();
    let begins = said.strip_prefix('-').unwrap_or(said);
    let is_one = begins.starts_with(|c: char| c.is_ascii_digit()) && said.len() <= LONGEST;
    is_one.then(|| said.replace(',', "").parse().ok()).flatten()
}

/// Numbers in the order of whole ones.
fn ordered(n: f64) -> i64 {
    let bits = n.to_bits().cast_signed();
    bits ^ (((bits >> 63).cast_unsigned() >> 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::lists::{Order, in_order};
    use crate::core::text::ArticleText;
    use std::sync::Arc;

    #[test]
    fn every_column_has_two_orders_and_what_is_not_known_stands_last() {
        let article = |title: &str, reach: &str, status: Status| {
            let mut article = Article::new("a".into(), title, ArticleText::new("x".to_owned()));
            article
                .metadata
                .insert("reach".to_owned(), reach.to_owned());
            article.status.insert("ana".into(), status);
            Arc::new(article)
        };
        let articles = [
            article("Bridge", "900", Status::Done),
            article("ferry", "1,200", Status::New),
            article("Ada", "", Status::Flagged),
            article("coast", "-3.5", Status::New),
            article("Dam", "about 20", Status::Done),
        ];
        for (column, rising, falling) in [
            (Column::Title, [2, 0, 3, 4, 1], [1, 4, 3, 0, 2]),
            (Column::own("reach"), [3, 0, 1, 4, 2], [4, 1, 0, 3, 2]),
            (Column::Status, [1, 3, 0, 4, 2], [2, 0, 4, 1, 3]),
        ] {
            for (falls, expected) in [(false, rising), (true, falling)] {
                let mut places: Vec<usize> = (0..articles.len()).collect();
                let order = Order::by(column.clone(), falls);
                assert_eq!(order.column(), Some((column.clone(), falls)));
                in_order(&order, &articles, &"ana".into(), &mut places);
                assert_eq!(places, expected, "{}", order.name());
            }
        }
    }

    #[test]
    fn an_order_has_one_form() {
        for (order, name) in Order::ALL {
            let Some((column, falls)) = order.column() else {
                continue;
            };
            assert_eq!(Order::by(column, falls), order, "{name}");
        }
        for (column, _) in Column::USUAL {
            for falls in [false, true] {
                let order = Order::by(column.clone(), falls);
                assert!(!order.name().is_empty());
                assert_eq!(order.column(), Some((column.clone(), falls)));
            }
        }
    }

    #[test]
    fn numbers_are_known_as_people_write_them() {
        for (said, number) in [
            ("12", Some(12.0)),
            (" 1,200 ", Some(1_200.0)),
            ("-3.5", Some(-3.5)),
            ("", None),
            ("2024-05-14", None),
            ("12 pages", None),
            ("inf", None),
            ("-", None),
        ] {
            assert_eq!(number_of(said), number, "{said}");
        }
        let rising = [-1e9, -3.5, -0.5, 0.0, 0.25, 7.0, 1e12].map(ordered);
        assert!(rising.is_sorted());
    }
}
