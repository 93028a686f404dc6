//! Parquet tables through the parquet crate's records.

use super::{Table, reading_of};
use crate::format::reading::columns::is_of_text;
use crate::format::reading::parquet_file::ParquetFile;
use crate::format::reading::{
    Head, Likelihood, MAX_ARTICLES_PER_FILE, ReadOptions, Reading, Refusal, Source,
};
use ::parquet::file::reader::FileReader;
use ::parquet::record::Field;

pub(super) fn recognise(head: &Head<'_>) -> Likelihood {
    let bytes = head.source.bytes;
    Likelihood::Likely.when(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"))
}

pub(super) fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let file = ParquetFile::open(source.bytes)?;
    let schema = file.file().metadata().file_metadata().schema();
    let mut table = Table {
        names: schema
            .get_fields()
            .iter()
            .map(|field| field.name().to_owned())
            .collect(),
        first_row: 1,
        ..Table::default()
    };
    let remarks = file.rows(|row| {
        let mut cells = Vec::new();
        for (at, (name, field)) in row.get_column_iter().enumerate() {
            // Text is never a structure, and a list of texts is one of paragraphs.
            if matches!(field, Field::Group(_) | Field::MapInternal(_)) {
                table.raw.insert(at);
            }
            let between = if is_of_text(name) { "\n\n" } else { "; " };
            cells.push(text_of(field, between));
        }
        table.rows.push(cells);
        table.rows.len() < MAX_ARTICLES_PER_FILE
    })?;
    // Without rows the reason is what was left out.
    let mut reading = match (table.rows.is_empty(), remarks.is_empty()) {
        (true, false) => return Err(Refusal::new(remarks.join("; "))),
        _ => reading_of(table, options)?,
    };
    reading.remarks.extend(remarks);
    reading.cut();
    Ok(reading)
}

fn text_of(field: &Field, between: &str) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::ListInternal(list) => {
            let texts = list.elements().iter().map(|field| text_of(field, between));
            texts.collect::<Vec<String>>().join(between)
        }
        Field::TimestampMillis(millis) => time(*millis / 1_000),
        Field::TimestampMicros(micros) => time(*micros / 1_000_000),
        Field::Date(days) => time(i64::from(*days) * 86_400),
        other => {
            let text = other.to_string();
            text.trim_matches('"').to_owned()
        }
    }
}

/// A moment as RFC 3339, midnight as the day alone.
fn time(seconds: i64) -> String {
    let text =
        crate::format::time::timestamp_text(crate::core::annotation::Timestamp::new(seconds));
    text.strip_suffix("T00:00:00Z")
        .map_or(text.clone(), str::to_owned)
}
