//! Tables of annotations and articles as CSV: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Choice, Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "csv",
    aliases: &["table"],
    title: "CSV for spreadsheets and statistics",
    group: FormatGroup::Analysis,
    shape: Shape::Folder { main: "spans.csv" },
    offset_unit: "Unicode code points",
    read_by: "Excel, R, pandas, DuckDB, SPSS",
    lacks: &[],
    adds: "",
    changes: "a cell that Excel would run as a formula gets an apostrophe before it; values that a cell does not say exactly stand in a column of their own as well",
    choices: &[Choice::Texts, Choice::Semicolons],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
