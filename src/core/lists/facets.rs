//! By what articles are grouped, and picked out: each facet puts every article into one group.
//!
//! Pure; groups have names as people read them, and an order. Knows no list and no counts.

use super::Order;
use crate::core::article::{Article, Status};
use crate::core::ids::AnnotatorId;
use crate::core::months::name_of;
use std::collections::HashMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    Outlet,
    Author,
    Section,
    Language,
    Year,
    Month,
    Status,
    Length,
    Annotations,
    Import,
}

/// A group of articles: its name, and what it is put in order by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// Nothing is known of it: it stands last.
    is_unknown: bool,
    rank: i64,
    folded: String,
    pub name: String,
}

/// Which import brought in a file, by its name: how many there were before, and its name.
pub type Imports = HashMap<String, (usize, String)>;

/// Up to so many characters, and what such articles are called.
const LENGTHS: [(usize, &str); 5] = [
    (1_000, "Under 1,000 characters"),
    (3_000, "1,000 to 3,000 characters"),
    (10_000, "3,000 to 10,000 characters"),
    (30_000, "10,000 to 30,000 characters"),
    (usize::MAX, "Over 30,000 characters"),
];

const ANNOTATIONS: [(usize, &str); 4] = [
    (1, "No annotations"),
    (10, "1 to 9 annotations"),
    (50, "10 to 49 annotations"),
    (usize::MAX, "50 annotations and more"),
];

impl Facet {
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Outlet, "Outlet"),
        (Self::Author, "Author"),
        (Self::Section, "Section"),
        (Self::Language, "Language"),
        (Self::Year, "Year"),
        (Self::Month, "Month"),
        (Self::Status, "Status"),
        (Self::Length, "Length"),
        (Self::Annotations, "Annotations"),
        (Self::Import, "Import"),
    ];

    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.iter();
        all.find(|(facet, _)| *facet == self)
            .map_or("", |(_, name)| name)
    }

    /// The group of an article, as it stands for an annotator.
    pub fn group_of(self, article: &Article, by: &AnnotatorId, imports: &Imports) -> Group {
        let named = |name: &str| match article.meta(name).map(str::trim).unwrap_or_default() {
            "" => Group::unknown(format!("No {name}")),
            said => Group::of(0, said),
        };
        match self {
            Self::Outlet => named("outlet"),
            Self::Author => named("author"),
            Self::Section => named("section"),
            Self::Language => named("language"),
            Self::Year => match date_of(article) {
                Some((year, _)) => Group::of(-year, &year.to_string()),
                None => Group::unknown("No date".to_owned()),
            },
            Self::Month => match date_of(article) {
                Some((year, month)) => {
                    let rank = -(year * 13 + month);
                    let name = i32::try_from(year * 12 + month - 1).map(name_of);
                    match name {
                        Ok(name) if month > 0 => Group::of(rank, &name),
                        _ => Group::of(rank, &year.to_string()),
                    }
                }
                None => Group::unknown("No date".to_owned()),
            },
            Self::Status => {
                let status = article.status_for(by);
                let rank = Status::ALL.iter().position(|known| *known == status);
                Group::of(rank.map_or(i64::MAX, |rank| rank as i64), status.name())
            }
            Self::Length => bucket(&LENGTHS, article.text.len_chars()),
            Self::Annotations => bucket(&ANNOTATIONS, article.annotations.len()),
            Self::Import => match article.meta("file").and_then(|file| imports.get(file)) {
                Some((at, name)) => Group::of(*at as i64, name),
                None => Group::unknown("No import".to_owned()),
            },
        }
    }

    /// Whether its groups are days or times, which go with the order of the articles.
    pub fn is_of_time(self) -> bool {
        matches!(self, Self::Year | Self::Month)
    }
}

impl Group {
    fn of(rank: i64, name: &str) -> Self {
        Self {
            is_unknown: false,
            rank,
            folded: name.to_lowercase(),
            name: name.to_owned(),
        }
    }

    fn unknown(name: String) -> Self {
        Self {
            is_unknown: true,
            rank: 0,
            folded: String::new(),
            name,
        }
    }

    /// As groups stand in a list with an order: the newest first, unless that begins with the oldest.
    pub fn within(mut self, facet: Facet, order: &Order) -> Self {
        if facet.is_of_time() && *order == Order::Oldest {
            self.rank = -self.rank;
        }
        self
    }
}

fn bucket(buckets: &[(usize, &str)], n: usize) -> Group {
    let at = buckets.iter().position(|(upto, _)| n < *upto);
    let at = at.unwrap_or(buckets.len().saturating_sub(1));
    let name = buckets.get(at).map_or("", |(_, name)| name);
    Group::of(at as i64, name)
}

/// Year and month of publication; month 0 where only the year is known.
fn date_of(article: &Article) -> Option<(i64, i64)> {
    let published = article.meta("published")?.trim();
    let mut parts = published.get(..7).unwrap_or(published).split('-');
    let year = parts.next().filter(|year| year.len() == 4)?;
    let year = year.parse().ok()?;
    let month = parts.next().and_then(|month| month.parse().ok());
    Some((
        year,
        month.filter(|month| (1..=12).contains(month)).unwrap_or(0),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::ArticleText;

    #[test]
    fn every_article_is_in_one_group_of_each_facet() {
        let article = |metadata: &[(&str, &str)], text: &str| {
            let mut article = Article::new("a".into(), "", ArticleText::new(text.to_owned()));
            let named = metadata
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
            article.metadata.extend(named);
            article.status.insert("ana".into(), Status::InProgress);
            article
        };
        let told = article(
            &[
                ("outlet", " Post "),
                ("published", "2024-05-14T06:40:00Z"),
                ("file", "a.html"),
            ],
            &"x".repeat(1_000),
        );
        let bare = article(&[("published", "on a Tuesday"), ("outlet", " ")], "x");
        let imports = Imports::from([("a.html".to_owned(), (3, "3 June".to_owned()))]);
        let name = |facet: Facet, article: &Article, by: &str| {
            facet.group_of(article, &by.into(), &imports).name
        };
        for (facet, of_told, of_bare) in [
            (Facet::Outlet, "Post", "No outlet"),
            (Facet::Author, "No author", "No author"),
            (Facet::Year, "2024", "No date"),
            (Facet::Month, "May 2024", "No date"),
            (Facet::Status, "in progress", "in progress"),
            (
                Facet::Length,
                "1,000 to 3,000 characters",
                "Under 1,000 characters",
            ),
            (Facet::Annotations, "No annotations", "No annotations"),
            (Facet::Import, "3 June", "No import"),
        ] {
            assert_eq!(name(facet, &told, "ana"), of_told, "{facet:?}");
            assert_eq!(name(facet, &bare, "ana"), of_bare, "{facet:?}");
        }
        assert_eq!(name(Facet::Status, &told, "bo"), "new");
    }

    #[test]
    fn groups_of_time_go_with_the_order() {
        let group = |published: &str, order: &Order| {
            let mut article = Article::new("a".into(), "", ArticleText::new(String::new()));
            let published = published.to_owned();
            article.metadata.insert("published".to_owned(), published);
            let imports = Imports::new();
            let group = Facet::Month.group_of(&article, &"ana".into(), &imports);
            group.within(Facet::Month, order)
        };
        for (order, expected) in [
            (
                Order::Added,
                ["May 2024", "April 2024", "2024", "December 2023", "No date"],
            ),
            (
                Order::Oldest,
                ["December 2023", "2024", "April 2024", "May 2024", "No date"],
            ),
        ] {
            let all = ["2024-04-01", "", "2024-05-14", "2023-12-31", "2024"];
            let mut groups: Vec<Group> = all.map(|published| group(published, &order)).to_vec();
            groups.sort();
            let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
            assert_eq!(names, expected, "{order:?}");
        }
    }
}
