//! OpenDocument spreadsheets, as a stream of elements: rows and cells that say how often they stand
//! there are not written out where they are empty, and bounded where they are not.

use super::Sheet;
use super::grid::{Grid, Room};
use crate::format::reading::Refusal;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// So often is a row or a cell with something in it taken at most.
const MAX_REPEATS: u32 = 1_000;
/// And so many spaces are written as one element.
const MAX_SPACES: usize = 1_000;

/// The value of an attribute. Malformed ones are passed over.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    // Each name would be compared with all before it.
    attributes.with_checks(false);
    let found = attributes.flatten().find(|a| a.key.as_ref() == name)?;
    let value = unescape(&found.value).map(std::borrow::Cow::into_owned);
    Some(value.unwrap_or_else(|_malformed| found.value.into_owned()))
}

fn repeats(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name)
        .and_then(|count| count.trim().parse().ok())
        .unwrap_or(1)
}

/// A cell as it is being read.
#[derive(Default)]
struct Cell {
    repeats: u32,
    value: Option<String>,
    /// Its text is what it says.
    is_text: bool,
    text: String,
    has_paragraph: bool,
    /// Paragraphs that are open: those of notes stand in others.
    paragraphs: usize,
}

impl Cell {
    fn of(element: &BytesStart<'_>) -> Self {
        let told = |name: &str| attribute(element, name);
        let number = told("office:value").map(|value| match value.trim().parse::<f64>() {
            Ok(number) => super::text_of(&calamine::Data::Float(number)),
            Err(_no_number) => value,
        });
        let value = number
            .or_else(|| told("office:string-value"))
            .or_else(|| told("office:date-value"))
            .or_else(|| told("office:time-value"))
            .or_else(|| {
                let value = told("office:boolean-value")?;
                Some((value.eq_ignore_ascii_case("true")).to_string())
            });
        // An error has its name in the text beside an empty value.
        let is_error = told("calcext:value-type").is_some_and(|kind| kind == "error");
        let is_text = match &value {
            Some(value) => is_error && value.is_empty(),
            None => told("office:value-type").is_none_or(|kind| kind == "string"),
        };
        Self {
            repeats: repeats(element, "table:number-columns-repeated"),
            value,
            is_text,
            ..Self::default()
        }
    }

    fn said(self) -> String {
        if self.is_text {
            self.text
        } else {
            self.value.unwrap_or_default()
        }
    }
}

/// How often something of so many cells is taken that stands there so often: once at least.
fn taken(repeats: u32, cells: usize, room: &mut Room) -> u32 {
    let fitting = room.repeated / cells.max(1);
    let more = repeats.saturating_sub(1).min(MAX_REPEATS - 1);
    let more = more.min(u32::try_from(fitting).unwrap_or(u32::MAX));
    room.repeated -= more as usize * cells;
    repeats.min(more + 1)
}

/// A sheet as it is being read.
struct Table {
    name: String,
    grid: Grid,
    /// Of the row that is being read, or comes next.
    row: u32,
    column: u32,
    cells: Vec<(u32, u32, String)>,
    row_repeats: u32,
    /// Rows, and cells, that stand there too often.
    cut: Vec<String>,
    is_full: bool,
}

impl Table {
    fn end_cell(&mut self, cell: Cell, room: &mut Room) {
        let (column, repeats) = (self.column, cell.repeats);
        self.column = column.saturating_add(repeats);
        let text = cell.said();
        if text.is_empty() || repeats == 0 {
            return;
        }
        let taken = taken(repeats, 1, room);
        if taken < repeats {
            self.cut.push(format!(
                "cell {}{} stands there {repeats} times and was taken {taken} times",
                super::grid::letters(column),
                u64::from(self.row) + 1
            ));
        }
        self.cells.push((column, taken, text));
    }

    fn end_row(&mut self, room: &mut Room) {
        let (row, repeats) = (self.row, self.row_repeats);
        self.row = row.saturating_add(repeats);
        self.column = 0;
        let cells = std::mem::take(&mut self.cells);
        if cells.is_empty() || self.is_full {
            return;
        }
        let width = cells.iter().map(|(_, repeats, _)| *repeats as usize).sum();
        let taken = taken(repeats, width, room);
        if taken < repeats {
            self.cut.push(format!(
                "row {} stands there {repeats} times and was taken {taken} times",
                u64::from(row) + 1
            ));
        }
        for n in 0..taken {
            for (column, repeats, text) in &cells {
                for m in 0..*repeats {
                    let at = (row.saturating_add(n), column.saturating_add(m));
                    if !self.grid.add(at.0, at.1, text.clone(), room) {
                        self.is_full = true;
                        return;
                    }
                }
            }
        }
    }

    fn finish(self, room: &mut Room, sheets: &mut Vec<Sheet>, remarks: &mut Vec<String>) {
        const SHOWN: usize = 5;
        if !self.cut.is_empty() {
            let first = self.cut.get(..SHOWN).unwrap_or(&self.cut);
            let more = match self.cut.len() - first.len() {
                0 => String::new(),
                more => format!("; {more} more"),
            };
            remarks.push(format!(
                "sheet “{}” repeats what stands in it: {}{more}",
                self.name,
                first.join("; ")
            ));
        }
        sheets.extend(self.grid.into_sheet(&self.name, room, remarks));
    }
}

/// The sheets of a `content.xml`.
pub(super) fn sheets(
    content: &str,
    room: &mut Room,
    remarks: &mut Vec<String>,
) -> Result<Vec<Sheet>, Refusal> {
    let mut reader = Reader::from_str(content);
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().check_end_names = false;
    let mut sheets = Vec::new();
    let mut table: Option<Table> = None;
    let mut cell: Option<Cell> = None;
    // In tables within tables, drawings and comments: what they hold is none of the sheet's.
    let mut passed_over = 0_usize;
    loop {
        let event = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(error) => {
                remarks.push(format!("the spreadsheet is damaged: {error}"));
                break;
            }
        };
        match event {
            Event::Start(element) => {
                let name = element.name();
                let is_other = matches!(
                    name.as_ref(),
                    "office:annotation" | "table:shapes" | "table:table"
                );
                match name.as_ref() {
                    _ if passed_over > 0 => passed_over += usize::from(is_other),
                    "table:table" if table.is_none() => {
                        table = Some(Table {
                            name: attribute(&element, "table:name").unwrap_or_default(),
                            grid: Grid::default(),
                            row: 0,
                            column: 0,
                            cells: Vec::new(),
                            row_repeats: 1,
                            cut: Vec::new(),
                            is_full: false,
                        });
                    }
                    _ if is_other => passed_over = 1,
                    "table:table-row" => {
                        if let Some(table) = &mut table {
                            table.row_repeats = repeats(&element, "table:number-rows-repeated");
                        }
                    }
                    "table:table-cell" | "table:covered-table-cell" => {
                        cell = Some(Cell::of(&element));
                    }
                    inner => {
                        if let Some(cell) = cell.as_mut().filter(|cell| cell.is_text) {
                            begin(inner, &element, cell);
                        }
                    }
                }
            }
            Event::End(element) => match element.name().as_ref() {
                "office:annotation" | "table:shapes" | "table:table" if passed_over > 0 => {
                    passed_over -= 1;
                }
                _ if passed_over > 0 => {}
                "table:table" => {
                    if let Some(table) = table.take() {
                        table.finish(room, &mut sheets, remarks);
                    }
                }
                "table:table-row" => {
                    if let Some(table) = &mut table {
                        table.end_row(room);
                    }
                }
                "table:table-cell" | "table:covered-table-cell" => {
                    if let Some((table, cell)) = table.as_mut().zip(cell.take()) {
                        table.end_cell(cell, room);
                    }
                }
                "text:p" | "text:h" => {
                    if let Some(cell) = &mut cell {
                        cell.paragraphs = cell.paragraphs.saturating_sub(1);
                    }
                }
                _ => {}
            },
            Event::Text(text) if passed_over == 0 => {
                if let Some(cell) = cell.as_mut().filter(|cell| cell.paragraphs > 0) {
                    cell.text.push_str(&text.xml10_content());
                }
            }
            Event::CData(text) if passed_over == 0 => {
                if let Some(cell) = cell.as_mut().filter(|cell| cell.paragraphs > 0) {
                    cell.text.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) if passed_over == 0 => {
                if let Some(cell) = cell.as_mut().filter(|cell| cell.paragraphs > 0) {
                    let name = format!("&{};", reference.xml10_content());
                    let text = unescape(&name);
                    cell.text.push_str(text.as_deref().unwrap_or(&name));
                }
            }
            _ => {}
        }
    }
    // A file that was cut off.
    if let Some(mut table) = table.take() {
        table.end_row(room);
        let last = table.grid.last_row();
        remarks.push(format!(
            "sheet “{}” breaks off after row {last}; the file is damaged",
            table.name
        ));
        table.finish(room, &mut sheets, remarks);
    }
    Ok(sheets)
}

fn begin(name: &str, element: &BytesStart<'_>, cell: &mut Cell) {
    match name {
        "text:p" | "text:h" => {
            if cell.has_paragraph {
                cell.text.push('\n');
            }
            cell.has_paragraph = true;
            cell.paragraphs += 1;
        }
        "text:s" => {
            let count = repeats(element, "text:c") as usize;
            cell.text.push_str(&" ".repeat(count.min(MAX_SPACES)));
        }
        "text:tab" => cell.text.push('\t'),
        "text:line-break" => cell.text.push('\n'),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_in_paragraphs() {
        let check = |cell: &str, expected: &str| {
            let content = format!(
                "<table:table table:name=\"S\"><table:table-row><table:table-cell office:value-type=\"string\">{cell}</table:table-cell></table:table-row></table:table>"
            );
            let mut remarks = Vec::new();
            let sheets = sheets(&content, &mut Room::for_unpacked(0), &mut remarks).unwrap();
            assert_eq!(sheets[0].rows, [[expected]]);
            assert_eq!(remarks, [] as [&str; 0]);
        };
        check("<text:p>One.</text:p> <text:p>Two.</text:p>", "One.\nTwo.");
        check(
            "<text:p>Body.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Note.</text:p></text:note-body></text:note> After.</text:p><text:p>More.</text:p>",
            "Body.1\nNote. After.\nMore.",
        );
        check(
            "<text:p>Body<office:annotation><dc:creator>A</dc:creator><text:p>Comment.</text:p></office:annotation> after.</text:p>",
            "Body after.",
        );
        // An end without its beginning.
        check("<text:s>No.</text:p><text:p>Two.</text:p> No.", " Two.");
    }
}
