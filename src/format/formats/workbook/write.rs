//! A workbook: sheets `spans`, `articles`, `quotes`, `codebook` and `summary`, and `people` and `groups`
//! where there are any. Written some rows at a time, so that memory does not grow with it, on all
//! cores (`joined`).
//!
//! Cells are typed, as numbers or as text, so that nothing is run as a formula.

mod articles;
mod further;
mod joined;
mod look;
mod proof;
mod quotes;
mod spans;

use crate::core::annotation::AttributeValue;
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::ledger_rows::{group_rows, people_rows};
use crate::format::export::of_project::all_of_project;
use crate::format::export::options::Choice;
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::quote_rows::Quotes;
use crate::format::export::record::{Record, Span};
use crate::format::export::table_rows::codebook_rows;
use crate::format::export::{Progress, Sink, Written};
use crate::format::parallel;
use articles::ArticleSheet;
use further::{Columns, Further, first_piece, put};
use joined::Long;
use look::{HEIGHT_OF_LINE, Look, lay_out, lines, width};
pub use proof::prove;
use quotes::QuoteSheet;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Worksheet, XlsxError};
use spans::{MAX_AFTER, MAX_BEFORE, SpanSheet};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

pub const FORMAT: Format = Format {
    name: "xlsx",
    aliases: &["excel"],
    title: "Excel workbook",
    group: FormatGroup::Analysis,
    shape: Shape::File { extension: "xlsx" },
    offset_unit: "Unicode code points",
    read_by: "Excel, LibreOffice, Google Sheets, pandas",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "each span highlighted in its sentence, each quote as one row in a sheet of its own, and a summary",
    changes: "a text over 32,767 characters goes on in further columns; values that a cell does not say exactly stand in a column of their own as well",
    choices: &[&Choice::TEXTS],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

const NAME: &str = "project.xlsx";
/// Articles whose rows are made at once.
const GROUP: usize = 8;
/// The lines of a row of the codebook that are shown.
const MAX_LINES: usize = 20;
/// Rows of a sheet, without its header.
const MAX_ROWS: usize = 1_048_575;

fn failed(error: XlsxError) -> WriteError {
    match error {
        XlsxError::IoError(error) => WriteError::Io(error),
        other => WriteError::Unreadable(other.to_string()),
    }
}

fn value_len(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::Text(text) => text.len(),
        AttributeValue::Many(values) => values.iter().map(|value| value.len() + 3).sum(),
        AttributeValue::Later(kept) => kept.as_str().len(),
        AttributeValue::Number(_) | AttributeValue::Bool(_) => 32,
        // Their name is in the ledger; few are longer.
        AttributeValue::Person(_) => 1_000,
    }
}

/// More than there are columns besides attributes or metadata.
const SPAN_CELLS: usize = 32;

/// The short sheets, of what belongs to no article.
fn short_sheets(plan: &Plan<'_>) -> Vec<(&'static str, Vec<Vec<String>>)> {
    let told = all_of_project(plan);
    let mut sheets = vec![("codebook", codebook_rows(plan))];
    if !told.people.is_empty() {
        sheets.push(("people", people_rows(plan, &told)));
    }
    if !told.groups.is_empty() || !told.apart.is_empty() {
        sheets.push(("groups", group_rows(plan, &told)));
    }
    sheets
}

fn short_sheet(
    (name, rows): (&str, Vec<Vec<String>>),
    look: &Look<'_>,
    sheet: &mut Worksheet,
    written: &mut Written,
) -> Result<(), WriteError> {
    sheet.set_name(name).map_err(failed)?;
    let rows: Vec<Vec<Cow<'_, str>>> = rows
        .into_iter()
        .map(|row| row.into_iter().map(Cow::Owned).collect())
        .collect();
    let mut further = Further::default();
    for row in &rows {
        further.count(row);
    }
    let mut rows = rows.into_iter();
    let header = rows.next().unwrap_or_default();
    let header = header.into_iter().map(Cow::into_owned).collect();
    let columns = Columns::new(look, header, further);
    lay_out(sheet, &columns.names, |_| &look.wrapped)?;
    look.header(sheet, &columns.names)?;
    for (at, row) in (1..).zip(rows) {
        let lines = columns
            .names
            .iter()
            .zip(&row)
            .map(|(name, text)| lines(text, width(name)));
        let lines = lines.max().unwrap_or(1).clamp(1, MAX_LINES);
        sheet
            .set_row_height(at, lines as f64 * HEIGHT_OF_LINE)
            .map_err(failed)?;
        let place = || format!("the sheet {name}");
        columns.put_row(sheet, at, &row, |_| false, written, place)?;
    }
    Ok(())
}

/// For people: labels by their names, and by their ids where two are called the same.
fn summary_sheet(
    plan: &Plan<'_>,
    look: &Look<'_>,
    sheet: &mut Worksheet,
    sizes: &Sizes,
) -> Result<(), WriteError> {
    sheet.set_name("summary").map_err(failed)?;
    let names = ["label", "annotations", "articles"].map(str::to_owned);
    lay_out(sheet, &names, |_| &look.top)?;
    sheet.set_column_width(0, 36).map_err(failed)?;
    look.header(sheet, &names)?;
    let all = [("all".to_owned(), sizes.all)];
    let codebook = plan.project.codebook();
    let labels = sizes.by_label.iter();
    let labels: Vec<(&str, &str, (usize, usize))> = labels
        .map(|(id, counts)| {
            let known = codebook.label(id);
            let name = known.map_or(id.as_str(), |label| label.name.as_str());
            (id.as_str(), name, *counts)
        })
        .collect();
    let mut called: HashMap<&str, usize> = HashMap::new();
    for (_, name, _) in &labels {
        *called.entry(name).or_default() += 1;
    }
    let rows = labels.iter().map(|(id, name, counts)| {
        let shown = if called.get(name) == Some(&1) {
            (*name).to_owned()
        } else {
            format!("{name} ({id})")
        };
        (shown, *counts)
    });
    for (at, (label, (annotations, articles))) in (1..).zip(rows.chain(all)) {
        put(sheet, at, 0, first_piece(&label))?;
        sheet
            .write_number(at, 1, annotations as f64)
            .map_err(failed)?;
        sheet.write_number(at, 2, articles as f64).map_err(failed)?;
    }
    Ok(())
}

/// What is known of a workbook before it is written.
#[derive(Default)]
struct Sizes {
    /// Rows of spans by article.
    rows: Vec<u32>,
    /// Rows of quotes by article, and their further columns.
    quotes: Vec<u32>,
    further_of_quotes: Further,
    /// Annotations and articles.
    by_label: BTreeMap<String, (usize, usize)>,
    all: (usize, usize),
    /// What the sheets of spans and of articles come to, at most.
    span_bytes: u64,
    article_bytes: u64,
}

/// What an element of a cell takes besides its text.
const CELL_BYTES: usize = 64;
/// A byte of a text may stand as seven.
const ESCAPED: usize = 7;

/// What the rows of an article come to, at most: of its spans, and its own.
fn row_bytes(plan: &Plan<'_>, record: &Record<'_>) -> (u64, u64) {
    let article = record.article;
    let fields = article.metadata.values().map(String::len).sum::<usize>();
    let told = fields + article.title.len() + record.id.len();
    let of_span = |span: &Span<'_>| {
        let values = span.attributes.iter();
        let values = values.map(|(name, value)| 2 * (name.len() + value_len(value)) + 8);
        let links = span.links.iter();
        let links = links.map(|(role, target)| 3 * (role.len() + target.len()) + 4);
        let said = span.note.len() + span.id.len() + span.annotator.len() + span.label.len();
        let each = told + said + values.chain(links).sum::<usize>() + MAX_BEFORE + MAX_AFTER;
        let texts = span
            .fragments
            .iter()
            .map(|fragment| fragment.text.len() * 2);
        let cells = (plan.attributes.len() + SPAN_CELLS) * CELL_BYTES;
        span.fragments.len() * (each * ESCAPED + cells + 1_024) + texts.sum::<usize>() * ESCAPED
    };
    let spans: usize = record.spans.iter().map(of_span).sum();
    let status = record.status_text().len();
    let own = told + article.text.len_bytes() + article.notes.len() + status;
    let cells = (plan.metadata.len() + SPAN_CELLS) * CELL_BYTES;
    (spans as u64, (own * ESCAPED + cells) as u64)
}

fn sizes(plan: &Plan<'_>, progress: Progress<'_>) -> Result<Sizes, WriteError> {
    let mut sizes = Sizes::default();
    let quotes = Quotes::of(plan);
    parallel::in_order::<_, _, WriteError>(
        &plan.articles,
        &mut |_| progress(0),
        |planned| {
            let record = plan.record(planned)?;
            let mut here: BTreeMap<String, usize> = BTreeMap::new();
            let mut rows = 0;
            for span in &record.spans {
                match here.get_mut(span.label) {
                    Some(count) => *count += 1,
                    None => drop(here.insert(span.label.to_owned(), 1)),
                }
                rows += span.fragments.len() as u32;
            }
            let quotes = quotes.rows(&record);
            let mut further = Further::default();
            for row in &quotes {
                further.count(row);
            }
            let quotes = (quotes.len() as u32, further);
            Ok((rows, quotes, here, row_bytes(plan, &record)))
        },
        |_, (rows, quotes, here, (span_bytes, article_bytes))| {
            sizes.rows.push(rows);
            sizes.quotes.push(quotes.0);
            sizes.further_of_quotes.join(&quotes.1);
            sizes.span_bytes += span_bytes;
            sizes.article_bytes += article_bytes;
            sizes.all.1 += 1;
            for (label, count) in here {
                sizes.all.0 += count;
                let entry = sizes.by_label.entry(label).or_default();
                entry.0 += count;
                entry.1 += 1;
            }
            Ok(())
        },
    )?;
    Ok(sizes)
}

struct Group<'g, 'p> {
    articles: &'g [Planned<'p>],
    first_span_row: u32,
    first_article_row: u32,
    first_quote_row: u32,
}

fn groups<'g, 'p>(plan: &'g Plan<'p>, sizes: &Sizes) -> Vec<Group<'g, 'p>> {
    let (mut first_span_row, mut first_article_row, mut first_quote_row) = (1, 1, 1);
    let counts = sizes.rows.chunks(GROUP).zip(sizes.quotes.chunks(GROUP));
    let articles = plan.articles.chunks(GROUP).zip(counts);
    let group = |(articles, (rows, quotes)): (&'g [Planned<'p>], (&[u32], &[u32]))| {
        let group = Group {
            articles,
            first_span_row,
            first_article_row,
            first_quote_row,
        };
        first_span_row += rows.iter().sum::<u32>();
        first_article_row += articles.len() as u32;
        first_quote_row += quotes.iter().sum::<u32>();
        group
    };
    articles.map(group).collect()
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let sizes = sizes(plan, progress)?;
    let span_rows: usize = sizes.rows.iter().map(|rows| *rows as usize).sum();
    if span_rows > MAX_ROWS {
        return Err(WriteError::TooMuch(format!(
            "a sheet holds {MAX_ROWS} rows and there are more annotations; choose fewer articles, or CSV"
        )));
    }
    let look = Look::new(plan);
    let spans = SpanSheet::new(plan, &look)?;
    let articles = ArticleSheet::new(plan, &look)?;
    let quotes = QuoteSheet::new(plan, &look, &sizes.further_of_quotes);
    let quote_rows: u32 = sizes.quotes.iter().sum();
    let mut written = Written::default();

    let mut book = look.book();
    let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    // Equal projects give equal bytes: no time of day.
    book.set_properties(
        &DocProperties::new()
            .set_title(plan.project.name())
            .set_creation_datetime(&created),
    );
    joined::guarded(|| {
        joined::add_empty(&mut book, &look, &spans, span_rows as u32)?;
        joined::add_empty(&mut book, &look, &articles, plan.articles.len() as u32)?;
        joined::add_empty(&mut book, &look, &quotes, quote_rows)?;
        for short in short_sheets(plan) {
            let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
            short_sheet(short, &look, sheet, &mut written)?;
        }
        let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
        summary_sheet(plan, &look, sheet, &sizes)
    })?;

    let groups = groups(plan, &sizes);
    sink.file(NAME, &mut |out| {
        let is_large = |sheet: Long| {
            let bytes = match sheet {
                // A quote repeats what its spans say.
                Long::Spans | Long::Quotes => sizes.span_bytes,
                Long::Articles => sizes.article_bytes,
            };
            bytes >= u64::from(u32::MAX)
        };
        joined::write(&mut book, out, is_large, |sheet, out| {
            let mut told = |done: usize| {
                progress(match sheet {
                    Long::Spans => (done * GROUP).min(plan.articles.len()),
                    Long::Articles | Long::Quotes => plan.articles.len(),
                })
            };
            parallel::large_in_order(
                &groups,
                &mut told,
                |group| match sheet {
                    Long::Spans => {
                        joined::rows(&look, &spans, plan, group.articles, group.first_span_row)
                    }
                    Long::Articles => {
                        let first = group.first_article_row;
                        joined::rows(&look, &articles, plan, group.articles, first)
                    }
                    Long::Quotes => {
                        let first = group.first_quote_row;
                        joined::rows(&look, &quotes, plan, group.articles, first)
                    }
                },
                |_, (rows, counted)| {
                    written.add(&counted);
                    Ok(out.write_all(&rows)?)
                },
            )
        })
    })?;
    Ok(written)
}

#[cfg(test)]
mod tests;
