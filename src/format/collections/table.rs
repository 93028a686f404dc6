//! Tables of scraped text, an article a row: CSV and TSV, spreadsheets, JSON and Parquet.
//!
//! What a column is for is told by its name, in the languages that tables are most made in, and by
//! what stands in it; the analyst may say otherwise (`ReadOptions::columns`).

mod csv;
mod json;
mod parquet;
mod sheet;

pub(crate) use self::sheet::{
    Sheet, read as read_workbook, recognise as recognise_workbook, sheets,
};
use crate::format::articles::html;
use crate::format::reading::columns::{FIELDS, ID, TEXT, TITLE, folded};
use crate::format::reading::dates::parse_date;
use crate::format::reading::{
    ColumnUse, FoundArticle, FoundColumn, MAX_ARTICLES_PER_FILE, ReadOptions, Reader, ReaderGroup,
    Reading, Refusal,
};
use std::collections::HashMap;

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
}

impl Table {
    /// The cells of a row with their columns.
    fn cells(&self, row: usize) -> impl Iterator<Item = (usize, &String)> {
        let near = self.rows.get(row).into_iter().flatten().enumerate();
        let far = self.far.get(&row).into_iter().flatten();
        near.chain(far.map(|(at, cell)| (*at, cell)))
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

/// What the columns are for: as chosen, by their names, else by what stands in them.
fn uses(table: &Table, options: &ReadOptions) -> Vec<ColumnUse> {
    let names: Vec<String> = table.names.iter().map(|name| folded(name)).collect();
    let mut uses: Vec<Option<ColumnUse>> = table
        .names
        .iter()
        .map(|name| options.columns.get(name).cloned())
        .collect();
    let mut take = |wanted: &[&str], used_as: ColumnUse| {
        let taken = uses.contains(&Some(used_as.clone()));
        let at = wanted.iter().find_map(|wanted| {
            names
                .iter()
                .zip(&uses)
                .position(|(name, used)| name == wanted && used.is_none())
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
            uses.get(*at).is_some_and(Option::is_none) && **length >= 40 * rows
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
fn reading_of(table: &Table, options: &ReadOptions) -> Result<Reading, Refusal> {
    let uses = uses(table, options);
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
    let mut without_text = Vec::new();
    let mut ragged = Vec::new();
    for (at, row) in table.rows.iter().enumerate() {
        let number = table.numbers.get(at).copied();
        let number = number.unwrap_or(table.first_row + at);
        let is_short = row.len() < uses.len() && !table.ends_are_left_out;
        if is_short || row.len() > uses.len() {
            ragged.push(number);
        }
        match article(table, &uses, at) {
            Some(article) => reading.articles.push(article),
            None => without_text.push(number),
        }
        if reading.articles.len() >= MAX_ARTICLES_PER_FILE && at + 1 < table.rows.len() {
            reading.remarks.push(format!(
                "only the first {MAX_ARTICLES_PER_FILE} articles were read; {} rows after row {number} were left out",
                table.rows.len() - at - 1
            ));
            break;
        }
    }
    let rows = |rows: &[usize]| -> String {
        let first: Vec<String> = rows.iter().take(5).map(usize::to_string).collect();
        let more = if rows.len() > 5 { ", …" } else { "" };
        format!("{}{more}", first.join(", "))
    };
    if !without_text.is_empty() {
        reading.remarks.push(format!(
            "{} rows have no text and were left out (rows {})",
            without_text.len(),
            rows(&without_text)
        ));
    }
    if !ragged.is_empty() {
        reading.remarks.push(format!(
            "{} rows have more or fewer cells than the table has columns (rows {})",
            ragged.len(),
            rows(&ragged)
        ));
    }
    Ok(reading)
}

fn article(table: &Table, uses: &[ColumnUse], row: usize) -> Option<FoundArticle> {
    let mut article = FoundArticle::default();
    let mut row_id = String::new();
    for (at, cell) in table.cells(row) {
        if cell.trim().is_empty() {
            continue;
        }
        // Cells beyond the last column are the row's, whatever they mean.
        let Some(used) = uses.get(at) else {
            let name = format!("column {}", at + 1);
            article.metadata.insert(name, cell.clone());
            continue;
        };
        match used {
            ColumnUse::Text => article.text = text_of(cell),
            ColumnUse::Title => cell.trim().clone_into(&mut article.title),
            ColumnUse::Id => cell.trim().clone_into(&mut row_id),
            ColumnUse::Metadata(key) => {
                let value = match key.as_str() {
                    "published" => parse_date(cell).unwrap_or_else(|| cell.trim().to_owned()),
                    _ => cell.trim().to_owned(),
                };
                article.metadata.insert(key.clone(), value);
            }
            ColumnUse::Skip => {}
        }
    }
    if !row_id.is_empty() {
        article.metadata.insert("row id".to_owned(), row_id);
    }
    (!article.text.trim().is_empty()).then_some(article)
}

/// A cell's text; HTML becomes lines.
fn text_of(cell: &str) -> String {
    let tags = ["</p>", "<br", "</div>", "<p>", "</li>"];
    let lower_has = |tag: &str| cell.contains(tag) || cell.contains(&tag.to_uppercase());
    if tags.iter().any(|tag| lower_has(tag)) {
        html::whole_text(cell)
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests;
