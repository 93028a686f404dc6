//! Parquet tables through the parquet crate's records.

use super::{Table, reading_of};
use crate::format::reading::{
    Head, Likelihood, MAX_ARTICLES_PER_FILE, ReadOptions, Reading, Refusal, Source,
};
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use serde_json::Value;

pub(super) fn recognise(head: &Head<'_>) -> Likelihood {
    let bytes = head.source.bytes;
    match bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1") {
        true => Likelihood::Likely,
        false => Likelihood::No,
    }
}

pub(super) fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let damaged = |error: ::parquet::errors::ParquetError| {
        Refusal::new(format!("the Parquet file cannot be read: {error}"))
    };
    let file =
        SerializedFileReader::new(bytes::Bytes::copy_from_slice(source.bytes)).map_err(damaged)?;
    let schema = file.metadata().file_metadata().schema();
    if schema
        .get_fields()
        .iter()
        .any(|field| field.name() == "spans")
    {
        let mut reading = read_spans(&file, damaged)?;
        // The dataset's card.
        let above = source
            .folder()
            .rsplit_once('/')
            .map_or("", |(above, _)| above);
        reading.used.push(source.beside("README.md"));
        reading.used.push(match above {
            "" => "README.md".to_owned(),
            above => format!("{above}/README.md"),
        });
        return Ok(reading);
    }
    let mut table = Table {
        names: schema
            .get_fields()
            .iter()
            .map(|field| field.name().to_owned())
            .collect(),
        first_row: 1,
        ..Table::default()
    };
    for row in file
        .get_row_iter(None)
        .map_err(damaged)?
        .take(MAX_ARTICLES_PER_FILE)
    {
        let row = row.map_err(damaged)?;
        table.rows.push(
            row.get_column_iter()
                .map(|(_, field)| text_of(field))
                .collect(),
        );
    }
    reading_of(&table, options)
}

/// Rows with a list of spans, as datasets in the Hugging Face layout have them.
fn read_spans(
    file: &SerializedFileReader<bytes::Bytes>,
    damaged: impl Fn(::parquet::errors::ParquetError) -> Refusal,
) -> Result<Reading, Refusal> {
    let mut reading = Reading::default();
    let rows = file.get_row_iter(None).map_err(&damaged)?;
    for (number, row) in (1..).zip(rows.take(MAX_ARTICLES_PER_FILE)) {
        let row = row.map_err(&damaged)?;
        let fields = row.get_column_iter();
        let record = fields.map(|(name, field)| (name.clone(), json_of(field)));
        match crate::format::dataset::prodigy::article(&Value::Object(record.collect())) {
            Some(article) => reading.articles.push(article),
            None => {
                let remark = format!("row {number} has no text and was left out");
                reading.remarks.push(remark);
            }
        }
    }
    Ok(reading)
}

fn json_of(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => Value::from(*value),
        Field::Int(value) => Value::from(*value),
        Field::UInt(value) => Value::from(*value),
        Field::Long(value) => Value::from(*value),
        Field::ULong(value) => Value::from(*value),
        Field::Short(value) => Value::from(*value),
        Field::Double(value) => Value::from(*value),
        Field::ListInternal(list) => list.elements().iter().map(json_of).collect(),
        Field::Group(row) => {
            let fields = row.get_column_iter();
            let fields = fields.map(|(name, field)| (name.clone(), json_of(field)));
            Value::Object(fields.collect())
        }
        other => Value::from(text_of(other)),
    }
}

fn text_of(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::ListInternal(list) => {
            let texts: Vec<String> = list.elements().iter().map(text_of).collect();
            texts.join("; ")
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
    let text = crate::format::time::timestamp_text(crate::core::annotation::Timestamp(seconds));
    text.strip_suffix("T00:00:00Z")
        .map_or(text.clone(), str::to_owned)
}
