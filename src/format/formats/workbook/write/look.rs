//! How a workbook looks: widths of columns, heights of rows, and the formats of cells.

use super::failed;
use crate::format::WriteError;
use crate::format::export::plan::Plan;
use rust_xlsxwriter::{
    Color, Format as CellFormat, FormatAlign, FormatUnderline, Workbook, Worksheet,
};
use std::collections::BTreeMap;

/// Deflate's level: twice as fast as the usual one, for a file that is a quarter larger.
pub(super) const QUICK: u8 = 2;

/// Points: three lines. One height for all rows, since heights of rows are held in memory.
pub(super) const HEIGHT_WITH_SENTENCE: f64 = 45.0;

pub(super) const HEIGHT_OF_LINE: f64 = 15.0;

const HEIGHT_OF_HEADER: f64 = 18.0;

/// The columns that a workbook can have.
const MAX_COLUMNS: usize = 16_384;

/// The width of a column in characters, by its name.
pub(super) fn width(name: &str) -> f64 {
    let width = match name {
        "text" | "highlighted" => 80.0,
        "definition" => 60.0,
        "title" | "include" | "exclude" | "examples" => 40.0,
        "text_hash" | "url" | "note" | "notes" => 36.0,
        "links" | "created" | "changed" => 24.0,
        "outlet" | "author" | "label" | "name" | "status" | "exact_values" => 20.0,
        "span_id" | "annotator" | "origin" => 16.0,
        "published" | "date" => 12.0,
        "color" | "fragment" | "fragments" | "start" | "end" => 9.0,
        _ => 18.0,
    };
    // The name is bold, and a button to filter stands beside it.
    let of_name = name.chars().count() as f64 * 1.15 + 4.0;
    of_name.clamp(width, 80.0)
}

/// How many lines a text takes in a column, about.
pub(super) fn lines(text: &str, width: f64) -> usize {
    let of_line = |line: &str| (line.chars().count() as f64 / width).ceil().max(1.0) as usize;
    text.lines().map(of_line).sum()
}

/// Widths, and cells aligned at the top. First of all: rows are on the disk once they are written.
pub(super) fn lay_out<'f>(
    sheet: &mut Worksheet,
    names: &[String],
    format: impl Fn(&str) -> &'f CellFormat,
) -> Result<(), WriteError> {
    for (column, name) in (0..).zip(names.iter().take(MAX_COLUMNS)) {
        let width = width(name);
        sheet.set_column_width(column, width).map_err(failed)?;
        let format = format(name);
        sheet.set_column_format(column, format).map_err(failed)?;
    }
    Ok(())
}

/// The formats of cells, which all books of an export number alike: see [`super::joined`].
pub(super) struct Look<'p> {
    pub(super) top: CellFormat,
    pub(super) wrapped: CellFormat,
    pub(super) plain: CellFormat,
    pub(super) head: CellFormat,
    /// By label. For the whole cell, too, where there is nothing else in it.
    pub(super) highlights: BTreeMap<&'p str, CellFormat>,
}

impl<'p> Look<'p> {
    pub(super) fn new(plan: &'p Plan<'_>) -> Self {
        let top = CellFormat::new().set_align(FormatAlign::Top);
        let wrapped = top.clone().set_text_wrap();
        let head = CellFormat::new()
            .set_bold()
            .set_background_color(Color::RGB(0xEF_EC_E6))
            .set_align(FormatAlign::Top);
        let highlights = plan.labels.keys().map(|label| {
            let format = wrapped
                .clone()
                .set_bold()
                .set_underline(FormatUnderline::Single)
                .set_font_color(Color::RGB(plan.label_color(label)));
            (label.as_str(), format)
        });
        Self {
            highlights: highlights.collect(),
            plain: CellFormat::new(),
            top,
            wrapped,
            head,
        }
    }

    pub(super) fn book(&self) -> Workbook {
        let mut book = Workbook::new();
        book.set_zip_compression_level(QUICK);
        let own = [&self.top, &self.wrapped, &self.head];
        for format in own.into_iter().chain(self.highlights.values()) {
            book.register_format(format);
        }
        book
    }

    pub(super) fn header(&self, sheet: &mut Worksheet, names: &[String]) -> Result<(), WriteError> {
        for (column, name) in (0..).zip(names) {
            sheet
                .write_string_with_format(0, column, name, &self.head)
                .map_err(failed)?;
        }
        sheet.set_row_height(0, HEIGHT_OF_HEADER).map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        Ok(())
    }
}
