//! Workbooks with a sheet of annotations, and one of the articles that they are about.

use crate::format::collections::table;
use crate::format::reading::archive::Archive;
use crate::format::reading::own_tables;
use crate::format::reading::span_rows;
use crate::format::reading::texts::Texts;
use crate::format::reading::{
    Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Siblings, Source,
};
use crate::format::words::of_project::OfProject;

pub const READER: Reader = Reader {
    name: "workbook-spans",
    title: "Workbook with annotations",
    group: ReaderGroup::Dataset,
    extensions: &["xlsx", "xlsm", "ods"],
    recognise,
    read,
};

/// Names of sheets with annotations, in lower case.
const SHEETS: &[&str] = &["spans", "annotations", "entities", "labels", "codings"];
/// The most that a list of sheets may unpack to.
const MAX_LIST_BYTES: u64 = 16 << 20;

/// Only the list of sheets is looked at: what is in them is seen when they are read.
fn recognise(head: &Head<'_>) -> Likelihood {
    if table::recognise_workbook(head) != Likelihood::Sure {
        return Likelihood::No;
    }
    let Ok(archive) = Archive::open(head.source.bytes, MAX_LIST_BYTES) else {
        return Likelihood::No;
    };
    let list = archive.read("xl/workbook.xml");
    let Some(list) = list.or_else(|| archive.read("content.xml")) else {
        return Likelihood::No;
    };
    let list = String::from_utf8_lossy(&list).to_lowercase();
    let has = |name: &&str| list.contains(&format!("name=\"{name}\""));
    Likelihood::Sure.when(SHEETS.iter().any(has))
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let (mut sheets, reasons) = table::sheets(source.bytes, &options.budget)?;
    let is_cut = |cell: &String| cell.encode_utf16().count() >= MAX_CELL_UNITS;
    let mut has_cut = false;
    for sheet in &mut sheets {
        if sheet
            .rows
            .first()
            .is_some_and(|names| own_tables::is_own(names))
        {
            own_tables::join_cells(&mut sheet.rows);
        } else {
            has_cut |= sheet.rows.iter().flatten().any(is_cut);
        }
    }
    let is_of_spans = |sheet: &&table::Sheet| {
        SHEETS.contains(&sheet.name.to_lowercase().as_str()) && span_rows::fits(&sheet.rows)
    };
    let Some(spans) = sheets.iter().find(is_of_spans) else {
        return table::read_workbook(source, options);
    };
    let mut texts = Texts::beside(*source, options);
    let is_beside = |sheet: &table::Sheet| {
        let names = sheet.rows.first();
        names.is_some_and(|names| own_tables::is_beside(names))
    };
    let others = sheets.iter().filter(|sheet| sheet.name != spans.name);
    for sheet in others.filter(|sheet| !is_beside(sheet)) {
        texts.add_table(&sheet.rows, "");
    }
    let numbers = spans.numbers.iter().skip(1).copied();
    let mut reading = span_rows::reading(&spans.rows, numbers, &mut texts)?;
    reading.remarks.extend(reasons);
    let is_own = spans.rows.first();
    let is_own = is_own.is_some_and(|names| own_tables::is_own_spans(names));
    let codebook = sheets.iter().find(|sheet| sheet.name == "codebook");
    if let Some(codebook) = codebook.filter(|_| is_own) {
        reading.labels = own_tables::own_labels(&codebook.rows);
        let mut told = OfProject::default();
        for sheet in &sheets {
            own_tables::take_of_project(&mut told, &sheet.rows);
        }
        own_tables::put_with_first(&mut reading, told);
    }
    if has_cut {
        reading.remarks.push(format!(
            "a cell has {MAX_CELL_UNITS} characters, the most that a workbook holds; its text may be cut"
        ));
    }
    Ok(reading)
}

/// The longest text that Excel keeps in a cell, in UTF-16 code units.
const MAX_CELL_UNITS: usize = 32_767;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::reading::placing::place;
    use std::io::Write;

    /// A workbook with sheets by name: rows of cells with `|` between them.
    fn workbook(sheets: &[(&str, &[&str])]) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut zip = zip::ZipWriter::new(&mut bytes);
        let mut add = |name: &str, text: &str| {
            zip.start_file(name, zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        };
        let (mut list, mut relations) = (String::new(), String::new());
        for (n, (name, rows)) in sheets.iter().enumerate() {
            list += &format!(
                "<sheet name=\"{name}\" sheetId=\"{}\" r:id=\"r{n}\"/>",
                n + 1
            );
            relations += &format!(
                "<Relationship Id=\"r{n}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            );
            let rows = rows.iter().map(|row| {
                let cells = row.split('|').map(|cell| match cell.parse::<f64>() {
                    Ok(number) => format!("<c><v>{number}</v></c>"),
                    Err(_) => format!(
                        "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{cell}</t></is></c>"
                    ),
                });
                format!("<row>{}</row>", cells.collect::<String>())
            });
            add(
                &format!("xl/worksheets/sheet{n}.xml"),
                &format!(
                    "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{}</sheetData></worksheet>",
                    rows.collect::<String>()
                ),
            );
        }
        add(
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        );
        add(
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{list}</sheets></workbook>"
            ),
        );
        add(
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>"
            ),
        );
        add(
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        );
        zip.finish().unwrap();
        bytes.into_inner()
    }

    fn read_sheets(sheets: &[(&str, &[&str])]) -> (&'static str, Reading) {
        let bytes = workbook(sheets);
        let source = Source::alone("a.xlsx", &bytes);
        let (reader, _) = crate::format::readers::recognise(source).unwrap();
        let reading = (reader.read)(&source, &ReadOptions::default()).unwrap();
        (reader.name, reading)
    }

    #[test]
    fn a_sheet_of_annotations_and_one_of_texts() {
        let articles: &[&str] = &["id|title|text", "7|Ferry|🙂 She said", "8|Bridge|None"];
        let spans: &[&str] = &[
            "article_id|start|end|label|text|tone",
            "7|2|5|who|She|cold",
            "7|6|10|cue|said|",
        ];
        let (name, reading) = read_sheets(&[("Articles", articles), ("Spans", spans)]);
        assert_eq!((name, reading.articles.len()), ("workbook-spans", 2));
        let placed = place(&reading.articles[0]);
        let texts = placed.annotations.iter();
        let texts = texts.map(|ranges| placed.text.slice(ranges.as_ref().unwrap()[0]));
        assert_eq!(texts.collect::<Vec<_>>(), ["She", "said"]);
        let who = &reading.articles[0].annotations[0];
        assert_eq!(who.attributes.len(), 1);
        // A sheet that is only called so.
        let other: &[&str] = &["label|count", "who|2"];
        let (_, reading) = read_sheets(&[("articles", articles), ("labels", other)]);
        assert_eq!(reading.articles.len(), 2);
        let (name, _) = read_sheets(&[("articles", articles)]);
        assert_eq!(name, "spreadsheet");
    }
}
