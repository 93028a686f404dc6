//! Tables of scraped text, an article a row: CSV and TSV, spreadsheets, JSON and Parquet.
//!
//! What a column is for is told by its name, in the languages that tables are most made in, and by
//! what stands in it; the analyst may say otherwise (`ReadOptions::columns`).

mod csv;
mod fields;
mod header;
mod json;
mod lists;
mod markup;
mod parquet;
mod sheet;
mod values;

pub(crate) use self::sheet::{
    Sheet, read as read_workbook, recognise as recognise_workbook, sheets,
};
use crate::format::reading::cells::listed;
use crate::format::reading::columns::{FIELDS, ID, TEXT, TITLE, is_of_text, squeezed};
use crate::format::reading::own_tables::is_beside;
use crate::format::reading::{
    ColumnUse, FoundArticle, FoundColumn, MAX_ARTICLES_PER_FILE, ReadOptions, Reader, ReaderGroup,
    Reading, Refusal,
};
use std::collections::{HashMap, HashSet};
use values::{Writing, is_nothing};

pub const CSV: Reader = Reader {
    name: "csv-table",
    title: "Table (CSV or TSV)",
    group: ReaderGroup::Collection,
    extensions: &["csv", "tsv", "tab"],
    recognise: csv::recognise,
    read: csv::read,
};

pub const SPREADSHEET: Reader = Reader {
    name: "spreadsheet",
    title: "Spreadsheet",
    group: ReaderGroup::Collection,
    extensions: &["xlsx", "xls", "xlsb", "xlsm", "ods"],
    recognise: sheet::recognise,
    read: sheet::read,
};

pub const JSON: Reader = Reader {
    name: "json-table",
    title: "JSON records",
    group: ReaderGroup::Collection,
    extensions: &["json", "jsonl", "ndjson"],
    recognise: json::recognise,
    read: json::read,
};

pub const PARQUET: Reader = Reader {
    name: "parquet",
    title: "Parquet table",
    group: ReaderGroup::Collection,
    extensions: &["parquet"],
    recognise: parquet::recognise,
    read: parquet::read,
};

/// A table as text: names of columns, and rows that may have fewer or more cells.
#[derive(Debug, Default)]
struct Table {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Further cells of a row by their columns, rising: those that stand far behind the others.
    far: HashMap<usize, Vec<(usize, String)>>,
    /// The number of the first row in its file, for remarks.
    first_row: usize,
    /// The numbers of all rows, where they do not follow one another; empty otherwise.
    numbers: Vec<usize>,
    /// Rows do not have the empty cells at their ends.
    ends_are_left_out: bool,
    /// Columns of what is no text and stands as JSON.
    raw: HashSet<usize>,
}

impl Table {
    /// The cells of a row with their columns.
    fn cells(&self, row: usize) -> impl Iterator<Item = (usize, &String)> {
        let near = self.rows.get(row).into_iter().flatten().enumerate();
        let far = self.far.get(&row).into_iter().flatten();
        near.chain(far.map(|(at, cell)| (*at, cell)))
    }

    /// The cells of a row, which is empty then: texts are held once.
    fn take(&mut self, row: usize) -> Vec<(usize, String)> {
        let near = self
            .rows
            .get_mut(row)
            .map(std::mem::take)
            .unwrap_or_default();
        let far = self.far.remove(&row).unwrap_or_default();
        near.into_iter().enumerate().chain(far).collect()
    }

    fn cell(&self, row: usize, column: usize) -> Option<&str> {
        let near = self.rows.get(row)?.get(column);
        let far = || {
            let far = self.far.get(&row)?;
            let at = far.binary_search_by_key(&column, |(at, _)| *at).ok()?;
            far.get(at).map(|(_, cell)| cell)
        };
        near.or_else(far).map(String::as_str)
    }

    /// The number of a row in its file.
    fn number(&self, row: usize) -> usize {
        self.numbers
            .get(row)
            .copied()
            .unwrap_or(self.first_row + row)
    }

    /// The names of its columns, as far as a line takes them.
    fn named(&self) -> String {
        const SHOWN: usize = 30;
        let first = self.names.get(..SHOWN).unwrap_or(&self.names).join(", ");
        match self.names.len().saturating_sub(SHOWN) {
            0 => first,
            more => format!("{first}, and {more} more"),
        }
    }
}

/// Levels of nested records that say nothing of what is in them.
const AROUND: &[&str] = &[
    "_source",
    "article",
    "attributes",
    "content",
    "data",
    "doc",
    "document",
    "fields",
    "item",
    "meta",
    "metadata",
    "node",
    "payload",
    "post",
    "properties",
    "record",
    "result",
    "snippet",
    "story",
    "thread",
];
/// Levels that hold a value of what is around them.
const WITHIN: &[&str] = &[
    "#text", "$date", "$oid", "_text", "default", "html", "label", "main", "name", "original",
    "plain", "rendered", "text", "value",
];
/// What has a title that is its name.
const OUTLETS: &[&str] = &[
    "source",
    "publisher",
    "publication",
    "provider",
    "media",
    "site",
];

/// What a column may be called: its name, and without the levels around it, those with most first.
fn called(name: &str) -> Vec<String> {
    let levels: Vec<&str> = name.split('.').collect();
    let is_one_of = |level: Option<&&str>, list: &[&str]| {
        level.is_some_and(|level| list.contains(&level.to_lowercase().as_str()))
    };
    let is_value = |levels: &[&str]| {
        let is_title = is_one_of(levels.last(), &["title"]);
        is_one_of(levels.last(), WITHIN)
            || (is_title && is_one_of(levels.iter().rev().nth(1), OUTLETS))
    };
    let mut called = vec![squeezed(name)];
    let mut inner: Vec<&[&str]> = vec![&levels];
    while let Some(own) = inner.last().filter(|own| is_value(own))
        && let Some((_, rest)) = own.split_last()
        && !rest.is_empty()
    {
        inner.push(rest);
    }
    for own in inner {
        let mut own = own;
        while let Some((first, rest)) = own.split_first() {
            called.push(squeezed(&own.join(".")));
            if rest.is_empty() || !is_one_of(Some(first), AROUND) {
                break;
            }
            own = rest;
        }
    }
    called
}

/// What the columns are for: as chosen, by their names, else by what stands in them.
fn uses(table: &Table, options: &ReadOptions) -> Vec<ColumnUse> {
    let names: Vec<Vec<String>> = table.names.iter().map(|name| called(name)).collect();
    let mut uses: Vec<Option<ColumnUse>> = table
        .names
        .iter()
        .map(|name| options.columns.get(name).cloned())
        .collect();
    let mut take = |wanted: &[&str], used_as: ColumnUse| {
        let taken = uses.contains(&Some(used_as.clone()));
        let at = wanted.iter().find_map(|wanted| {
            let wanted = squeezed(wanted);
            // Of several, the one that is called so with least around it.
            let fits = names
                .iter()
                .zip(&uses)
                .enumerate()
                .filter_map(|(at, (names, used))| {
                    let depth = names.iter().position(|name| *name == wanted)?;
                    let is_free =
                        used.is_none() && !(used_as == ColumnUse::Text && table.raw.contains(&at));
                    is_free.then_some((depth, at))
                });
            fits.min().map(|(_, at)| at)
        });
        if let Some(slot) = at.filter(|_| !taken).and_then(|at| uses.get_mut(at)) {
            *slot = Some(used_as);
        }
    };
    take(TEXT, ColumnUse::Text);
    take(TITLE, ColumnUse::Title);
    take(ID, ColumnUse::Id);
    for (key, wanted) in FIELDS {
        take(wanted, ColumnUse::Metadata((*key).to_owned()));
    }
    let mut lengths = vec![0_usize; names.len()];
    for row in 0..table.rows.len().min(200) {
        for (at, cell) in table.cells(row) {
            if let Some(length) = lengths.get_mut(at) {
                *length += cell.chars().count();
            }
        }
    }
    if !uses.contains(&Some(ColumnUse::Text)) {
        // The longest column that has no other use, if it says something.
        let rows = table.rows.len().clamp(1, 200);
        let longest = lengths.iter().enumerate().filter(|(at, length)| {
            let is_free = uses.get(*at).is_some_and(Option::is_none) && !table.raw.contains(at);
            is_free && **length >= 40 * rows
        });
        if let Some(slot) = longest
            .max_by_key(|(_, length)| **length)
            .and_then(|(at, _)| uses.get_mut(at))
        {
            *slot = Some(ColumnUse::Text);
        }
    }
    let named = uses.into_iter().zip(&table.names).map(|(used, name)| {
        used.unwrap_or_else(|| match name.trim() {
            "" => ColumnUse::Skip,
            name => ColumnUse::Metadata(name.to_owned()),
        })
    });
    named.collect()
}

/// The rows as articles.
fn reading_of(mut table: Table, options: &ReadOptions) -> Result<Reading, Refusal> {
    let is_chosen = options
        .columns
        .values()
        .any(|used| *used == ColumnUse::Text);
    if is_beside(&table.names) && !is_chosen {
        return Err(Refusal::new(
            "this is a table of quotes, people or groups that Pressmark writes beside its annotations, without the articles; import the annotations or the folder, and it comes with them",
        ));
    }
    let uses = uses(&table, options);
    if !uses.contains(&ColumnUse::Text) {
        return Err(Refusal::new(format!(
            "no column holds article texts; there are: {}",
            table.named()
        )));
    }
    let mut columns: Vec<FoundColumn> = table
        .names
        .iter()
        .zip(&uses)
        .map(|(name, used_as)| FoundColumn {
            name: name.clone(),
            used_as: used_as.clone(),
            samples: Vec::new(),
        })
        .collect();
    for row in 0..table.rows.len() {
        for (at, cell) in table.cells(row).filter(|(_, cell)| !cell.trim().is_empty()) {
            if let Some(column) = columns.get_mut(at).filter(|c| c.samples.len() < 3) {
                column.samples.push(cell.chars().take(80).collect());
            }
        }
    }
    let mut reading = Reading {
        columns,
        ..Reading::default()
    };
    let mut writing = Writing::of(&table, &uses);
    let ragged = table.ragged();
    let mut without_text = Vec::new();
    let mut open_dates = Vec::new();
    for at in 0..table.rows.len() {
        let number = table.number(at);
        match article(table.take(at), &table.raw, &uses, &mut writing) {
            Some((article, open)) => {
                reading.articles.push(article);
                open_dates.extend(open.map(|cell| (number, cell)));
            }
            None => without_text.push(number),
        }
        if reading.articles.len() >= MAX_ARTICLES_PER_FILE && at + 1 < table.rows.len() {
            let beyond = table.rows.len() - at - 1;
            reading.left_out.count_told(beyond);
            reading.remarks.push(format!(
                "only the first {MAX_ARTICLES_PER_FILE} articles were read; {beyond} rows after row {number} were left out"
            ));
            break;
        }
    }
    reading.left_out.count_told(without_text.len());
    if !without_text.is_empty() {
        reading.remarks.push(format!(
            "{} rows have no text and were left out (rows {})",
            without_text.len(),
            listed(&without_text)
        ));
    }
    reading.remarks.extend(ragged);
    reading.remarks.extend(writing.remarks(&open_dates));
    Ok(reading)
}

/// The article in the cells of a row, and its date if that leaves open what is the month.
fn article(
    cells: Vec<(usize, String)>,
    raw: &HashSet<usize>,
    uses: &[ColumnUse],
    writing: &mut Writing,
) -> Option<(FoundArticle, Option<String>)> {
    let mut article = FoundArticle::default();
    let mut row_id = String::new();
    let mut open_date = None;
    for (at, cell) in cells {
        // Cells beyond the last column are the row's, whatever they mean.
        let Some(used) = uses.get(at) else {
            if !cell.trim().is_empty() {
                let name = format!("column {}", at + 1);
                article.metadata.insert(name, cell);
            }
            continue;
        };
        if is_nothing(&cell, used) {
            continue;
        }
        match used {
            ColumnUse::Text if raw.contains(&at) && cell.starts_with(['[', '{']) => {}
            ColumnUse::Text => article.text = writing.text(at, cell),
            ColumnUse::Title => article.title = writing.line(at, &cell),
            ColumnUse::Id => cell.trim().clone_into(&mut row_id),
            ColumnUse::Metadata(key) => {
                let value = match key.as_str() {
                    "published" => {
                        open_date = writing
                            .leaves_open(at, &cell)
                            .then(|| cell.trim().to_owned());
                        writing.date(at, &cell)
                    }
                    "outlet" => writing.line(at, &cell),
                    "author" => {
                        let line = writing.line(at, &cell);
                        let by = line.get(..3).filter(|by| by.eq_ignore_ascii_case("by "));
                        by.and_then(|_| line.get(3..))
                            .unwrap_or(&line)
                            .trim()
                            .to_owned()
                    }
                    _ => writing.plain(at, cell.trim()).into_owned(),
                };
                article.metadata.insert(key.clone(), value);
            }
            ColumnUse::Skip => {}
        }
    }
    // Some have the same text in several forms.
    article
        .metadata
        .retain(|key, value| *value != article.text || !is_of_text(key));
    if !row_id.is_empty() {
        article.metadata.insert("row id".to_owned(), row_id);
    }
    (!article.text.trim().is_empty()).then_some((article, open_date))
}

#[cfg(test)]
mod tests;
