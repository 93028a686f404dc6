//! Pressmark's own tables of articles, annotations and labels, known by their first columns and taken
//! as they stand.

use crate::core::codebook::Thing;
use crate::core::project::{Group, KeptApart, Person};
use crate::format::reading::records::statuses_in;
use crate::format::reading::{FoundArticle, FoundLabel, Reading};
use crate::format::words::columns::{
    ARTICLE_COLUMNS, GROUP_COLUMNS, LABEL_COLUMNS, METADATA, PEOPLE_COLUMNS, QUOTE_COLUMNS,
    SPAN_COLUMNS, STANDS_FOR, continued,
};
use crate::format::words::of_project::OfProject;
use crate::format::words::values::color_in;
use std::collections::BTreeMap;

/// How many of the first columns say that a table is Pressmark's: the last ones are younger.
pub(crate) const OWN_SPANS: usize = 20;
const OWN_ARTICLES: usize = 6;

pub(crate) fn cell(row: &[String], at: Option<usize>) -> &str {
    let cell = at.and_then(|at| row.get(at)).map(String::as_str);
    cell.unwrap_or_default()
}

fn begins_with(names: &[String], columns: &[&str]) -> bool {
    names.len() >= columns.len() && names.iter().zip(columns).all(|(name, own)| name == own)
}

/// Whether the names of columns are those of Pressmark's own annotations, articles or labels.
pub(crate) fn is_own(names: &[String]) -> bool {
    is_own_spans(names)
        || is_own_articles(names)
        || is_own_quotes(names)
        || is_own_people(names)
        || is_own_groups(names)
        || begins_with(names, &LABEL_COLUMNS)
}

pub(crate) fn is_own_spans(names: &[String]) -> bool {
    let columns = SPAN_COLUMNS.get(..OWN_SPANS).unwrap_or_default();
    begins_with(names, columns)
}

/// Whether they are those of Pressmark's own quotes, whose spans say all that they do.
fn is_own_quotes(names: &[String]) -> bool {
    begins_with(names, &QUOTE_COLUMNS)
}

fn is_own_people(names: &[String]) -> bool {
    begins_with(names, &PEOPLE_COLUMNS)
}

fn is_own_groups(names: &[String]) -> bool {
    begins_with(names, &GROUP_COLUMNS)
}

/// Whether they are of tables that say nothing of articles and spans but what those say already, or
/// what belongs to no article.
pub(crate) fn is_beside(names: &[String]) -> bool {
    is_own_quotes(names) || is_own_people(names) || is_own_groups(names)
}

/// Takes what a table says that belongs to no article; answers whether it is one of these.
pub(crate) fn take_of_project(told: &mut OfProject, rows: &[Vec<String>]) -> bool {
    let Some((names, rows)) = rows.split_first() else {
        return false;
    };
    let record =
        |row: &[String], columns: &[&str]| cell(row, columns.len().checked_sub(1)).to_owned();
    if is_own_people(names) {
        let people = rows.iter().map(|row| record(row, &PEOPLE_COLUMNS));
        told.people
            .extend(people.filter_map(|json| serde_json::from_str::<Person>(&json).ok()));
    } else if is_own_groups(names) {
        for row in rows {
            let json = record(row, &GROUP_COLUMNS);
            if let Ok(group) = serde_json::from_str::<Group>(&json) {
                told.groups.push(group);
            } else if let Ok(apart) = serde_json::from_str::<KeptApart>(&json) {
                told.apart.push(apart);
            }
        }
    } else if begins_with(names, &LABEL_COLUMNS) {
        let at = names.iter().position(|name| name == STANDS_FOR);
        for row in rows {
            let thing = cell(row, at);
            if !thing.is_empty() {
                let label = cell(row, Some(0)).to_owned();
                told.things.insert(label, Thing::of_code(thing));
            }
        }
    } else {
        return false;
    }
    true
}

/// What tables said that belongs to no article goes with the first one.
pub(crate) fn put_with_first(reading: &mut Reading, told: OfProject) {
    if let Some(first) = reading.articles.first_mut().filter(|_| !told.is_empty()) {
        first.of_project = Some(Box::new(told));
    }
}

pub(crate) fn is_own_articles(names: &[String]) -> bool {
    let columns = ARTICLE_COLUMNS.get(..OWN_ARTICLES).unwrap_or_default();
    begins_with(names, columns)
}

/// Puts what goes on in further columns back into its cell.
pub(crate) fn join_cells(rows: &mut [Vec<String>]) {
    let Some((names, rows)) = rows.split_first_mut() else {
        return;
    };
    let further: Vec<(usize, usize)> = names
        .iter()
        .enumerate()
        .filter_map(|(at, name)| {
            let column = continued(name)?;
            Some((at, names.iter().position(|name| name == column)?))
        })
        .collect();
    let Some((first, _)) = further.first() else {
        return;
    };
    for row in rows {
        for (from, to) in &further {
            let piece = row.get_mut(*from).map(std::mem::take).unwrap_or_default();
            if let Some(cell) = row.get_mut(*to) {
                cell.push_str(&piece);
            }
        }
        row.truncate(*first);
    }
    names.truncate(*first);
}

/// Articles of Pressmark's own table, as they stand.
pub(crate) fn own_articles(rows: &[Vec<String>]) -> Vec<FoundArticle> {
    let Some((names, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let status = names.get(OWN_ARTICLES).is_some_and(|name| name == "status");
    let fields = OWN_ARTICLES + usize::from(status);
    let articles = rows.iter().map(|row| {
        let told = |at: usize| cell(row, Some(at)).to_owned();
        let metadata = names.iter().zip(row).skip(fields);
        let metadata = metadata.filter(|(name, value)| !name.is_empty() && !value.is_empty());
        let metadata = metadata.map(|(name, value)| {
            let name = METADATA.plain(name);
            (name.to_owned(), value.clone())
        });
        FoundArticle {
            id: told(0),
            title: told(1),
            text: told(2),
            metadata: metadata.collect(),
            notes: told(5),
            status: if status {
                statuses_in(cell(row, Some(OWN_ARTICLES)))
            } else {
                BTreeMap::new()
            },
            ..FoundArticle::default()
        }
    });
    articles.collect()
}

/// Labels of Pressmark's own table.
pub(crate) fn own_labels(rows: &[Vec<String>]) -> Vec<FoundLabel> {
    let Some((names, rows)) = rows.split_first() else {
        return Vec::new();
    };
    if !begins_with(names, &LABEL_COLUMNS) {
        return Vec::new();
    }
    let labels = rows.iter().filter_map(|row| {
        let told = |at: usize| cell(row, Some(at)).to_owned();
        (!told(0).is_empty()).then(|| FoundLabel {
            name: told(0),
            title: told(1),
            definition: told(3),
            color: color_in(&told(2)),
        })
    });
    labels.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_go_on_in_further_columns() {
        let row = |row: &str| row.split('|').map(str::to_owned).collect::<Vec<String>>();
        let mut rows = vec![
            row("id|text|note|text (2)|text (3)|note (2)"),
            row("1|a|x|b|c|y"),
            row("2|a"),
        ];
        join_cells(&mut rows);
        assert_eq!(rows, [row("id|text|note"), row("1|abc|xy"), row("2|a")]);
    }
}
