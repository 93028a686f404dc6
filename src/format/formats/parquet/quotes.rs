//! The table of quotes beside the dataset, a quote a row: flat columns, which nothing reads back but
//! the proof, since the spans say all of it.

use crate::format::WriteError;
use crate::format::export::plan::Plan;
use crate::format::export::quote_rows::{DEPTH, Quotes};
use crate::format::export::{Progress, Stored, WriteSeek, Written};
use crate::format::formats::parquet::{GROUP, QUOTES, failed, proof};
use crate::format::words::columns::QUOTE_COLUMNS;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::Field;
use parquet::schema::types::{Type, TypePtr};
use std::sync::Arc;

fn schema() -> Result<TypePtr, WriteError> {
    let mut columns: Vec<TypePtr> = Vec::new();
    for (at, name) in QUOTE_COLUMNS.into_iter().enumerate() {
        let column = if at == DEPTH {
            Type::primitive_type_builder(name, Physical::INT32)
        } else {
            Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                .with_logical_type(Some(LogicalType::String))
                .with_converted_type(ConvertedType::UTF8)
        };
        let column = column.with_repetition(Repetition::REQUIRED);
        columns.push(Arc::new(column.build().map_err(failed)?));
    }
    let schema = Type::group_type_builder("schema").with_fields(columns);
    Ok(Arc::new(schema.build().map_err(failed)?))
}

/// Writes the file, unless what it stands beside is given up.
pub(super) fn write(
    plan: &Plan<'_>,
    out: &mut dyn WriteSeek,
    goes_on: &dyn Fn() -> bool,
) -> Result<(), WriteError> {
    let quotes = Quotes::of(plan);
    // Readers skip by the least and greatest of a column; among words of people that skips nothing, and
    // finding them takes as long as writing.
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_created_by(concat!("Pressmark ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut file =
        SerializedFileWriter::new(out, schema()?, Arc::new(properties)).map_err(failed)?;
    for group in plan.articles.chunks(GROUP) {
        let mut columns: Vec<Vec<ByteArray>> = vec![Vec::new(); QUOTE_COLUMNS.len()];
        let mut depths: Vec<i32> = Vec::new();
        for planned in group {
            if !goes_on() {
                return Err(WriteError::Cancelled);
            }
            for row in quotes.rows(&plan.record(planned)?) {
                depths.push(
                    row.get(DEPTH)
                        .and_then(|cell| cell.parse().ok())
                        .unwrap_or(0),
                );
                for (column, cell) in columns.iter_mut().zip(row) {
                    column.push(ByteArray::from(cell.into_owned().into_bytes()));
                }
            }
        }
        let mut rows = file.next_row_group().map_err(failed)?;
        let mut columns = columns.iter().enumerate();
        while let Some(mut column) = rows.next_column().map_err(failed)? {
            match columns.next() {
                Some((DEPTH, _)) => {
                    let typed = column.typed::<Int32Type>();
                    typed.write_batch(&depths, None, None).map_err(failed)?;
                }
                Some((_, texts)) => {
                    let typed = column.typed::<ByteArrayType>();
                    typed.write_batch(texts, None, None).map_err(failed)?;
                }
                None => {}
            }
            column.close().map_err(failed)?;
        }
        rows.close().map_err(failed)?;
    }
    file.close().map_err(failed)?;
    Ok(())
}

fn is_cell(found: &Field, wanted: &str) -> bool {
    match found {
        Field::Str(text) => text == wanted,
        Field::Int(number) => wanted.parse() == Ok(*number),
        _ => false,
    }
}

/// Compares every cell with the plan, on all cores.
pub(super) fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<(), WriteError> {
    let quotes = Quotes::of(plan);
    let articles = plan.articles.len();
    let mut told = |_| progress(articles);
    proof::rows_of(
        &plan.articles,
        stored,
        QUOTES,
        &mut told,
        |planned, next| {
            let record = plan.record(planned)?;
            for wanted in quotes.rows(&record) {
                let is_same = next()?.is_some_and(|row| {
                    let cells = row.get_column_iter().map(|(_, field)| field);
                    row.len() == wanted.len()
                        && cells.zip(&wanted).all(|(found, cell)| is_cell(found, cell))
                });
                if !is_same {
                    return Err(WriteError::Mismatch {
                        article: record.id.to_owned(),
                        annotation: wanted.first().map_or_else(String::new, ToString::to_string),
                        detail: format!("its row in {QUOTES} differs"),
                    });
                }
            }
            Ok(Written::default())
        },
    )?;
    Ok(())
}
