//! Tables that programs write as a web page, or as the XML of Excel 2003, under the name of a
//! spreadsheet. Knows no article: what a page without that name says is for other readers.

use crate::format::articles::html;
use crate::format::reading::xml::parse_xml;
use crate::format::reading::{Refusal, fence};
use dom_query::{Document, NodeRef};

/// The most columns that a cell may say that it takes.
const MAX_SPAN: usize = 100;
const EXCEL: &str = "urn:schemas-microsoft-com:office:excel";
const EXCEL_XML: &str = "urn:schemas-microsoft-com:office:spreadsheet";

/// Whether a file is a spreadsheet in markup: it is called one, or says that it is.
pub(super) fn has_table(start: &str, is_named: bool) -> bool {
    let is_markup = start.trim_start().starts_with('<');
    let has_tag = |tag: &str| {
        let mut places = memchr::memchr_iter(b'<', start.as_bytes());
        places.any(|at| {
            let found = start.get(at..at + tag.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(tag))
        })
    };
    is_markup
        && (start.contains(EXCEL_XML) && has_tag("<workbook")
            || (is_named || start.contains(EXCEL)) && has_tag("<table"))
}

/// The tables of a page, or the sheets of a workbook in XML.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Named>, Refusal> {
    let decoded = html::decode_page(bytes, None)
        .ok_or_else(|| Refusal::new("this is a binary file, not a spreadsheet"))?;
    let text = decoded.text;
    if text.contains(EXCEL_XML) && !text.contains(EXCEL) || text.trim_start().starts_with("<?xml") {
        return sheets_of_xml(&text);
    }
    if html::nests_too_deep(&text) {
        return Err(Refusal::new("the elements of its table nest too deep"));
    }
    let document = fence::fenced("the table", || html::parsed(&text))?;
    let document = document.ok_or_else(|| Refusal::new("its table takes too much to be read"))?;
    Ok(sheets_of_page(&document))
}

/// A table's name and its rows.
pub(super) type Named = (String, Vec<Vec<String>>);

fn named(n: usize, rows: Vec<Vec<String>>) -> Option<Named> {
    let has_some = rows.iter().flatten().any(|cell| !cell.trim().is_empty());
    has_some.then(|| (format!("table {n}"), rows))
}

fn sheets_of_page(document: &Document) -> Vec<Named> {
    let mut tables: Vec<(dom_query::NodeId, Vec<Vec<String>>)> = Vec::new();
    for row in document.select("tr").nodes() {
        let above = row.ancestors_it(None).find(|above| above.has_name("table"));
        // A table around others lays the page out.
        let holds_table = row.descendants_it().any(|node| node.has_name("table"));
        let Some(table) = above.filter(|_| !holds_table) else {
            continue;
        };
        let mut cells = Vec::new();
        for cell in row.children_it(false) {
            if cell.has_name("td") || cell.has_name("th") {
                let span = cell
                    .attr("colspan")
                    .and_then(|span| span.trim().parse().ok());
                cells.push(text_of(&cell));
                let more: usize = span.unwrap_or(1_usize).clamp(1, MAX_SPAN) - 1;
                cells.resize(cells.len() + more, String::new());
            }
        }
        match tables.iter_mut().rfind(|(id, _)| *id == table.id) {
            Some((_, rows)) => rows.push(cells),
            None => tables.push((table.id, vec![cells])),
        }
    }
    let tables = tables.into_iter().zip(1..);
    tables.filter_map(|((_, rows), n)| named(n, rows)).collect()
}

fn text_of(cell: &NodeRef<'_>) -> String {
    html::whole_text(&cell.inner_html())
}

fn sheets_of_xml(text: &str) -> Result<Vec<Named>, Refusal> {
    let document = parse_xml(text)?;
    let tables = document
        .descendants()
        .filter(|node| node.tag_name().name() == "Table");
    let sheets = tables.zip(1..).filter_map(|(table, n)| {
        let rows = table
            .children()
            .filter(|node| node.tag_name().name() == "Row");
        let rows = rows.map(|row| {
            let mut cells: Vec<String> = Vec::new();
            for cell in row
                .children()
                .filter(|node| node.tag_name().name() == "Cell")
            {
                // Cells that are left out are counted by the next one.
                let index = cell.attributes().find(|own| own.name() == "Index");
                let index = index.and_then(|index| index.value().parse::<usize>().ok());
                let at = index
                    .unwrap_or(0)
                    .saturating_sub(1)
                    .min(cells.len() + MAX_SPAN);
                cells.resize(at.max(cells.len()), String::new());
                let data = cell
                    .children()
                    .find(|node| node.tag_name().name() == "Data");
                let texts = data.into_iter().flat_map(|data| data.descendants());
                let texts = texts
                    .filter(|node| node.is_text())
                    .filter_map(|node| node.text());
                cells.push(texts.collect());
            }
            cells
        });
        let name = table.parent().and_then(|sheet| {
            let own = sheet.attributes().find(|own| own.name() == "Name")?;
            Some(own.value().to_owned())
        });
        let (usual, rows) = named(n, rows.collect())?;
        Some((name.unwrap_or(usual), rows))
    });
    Ok(sheets.collect())
}
