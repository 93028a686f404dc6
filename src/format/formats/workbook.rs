//! Workbooks with annotations, articles and labels: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Choice, Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "xlsx",
    aliases: &["excel"],
    title: "Excel workbook",
    group: FormatGroup::Analysis,
    shape: Shape::File { extension: "xlsx" },
    offset_unit: "Unicode code points",
    read_by: "Excel, LibreOffice, Google Sheets, pandas",
    lacks: &[],
    adds: "each span highlighted in its sentence, and a summary",
    changes: "a text over 32,767 characters goes on in further columns; values that a cell does not say exactly stand in a column of their own as well",
    choices: &[Choice::Texts],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
