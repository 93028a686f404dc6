//! Parquet as Hugging Face lays it out: an article a row, its annotations a list in a column.

use super::prodigy;
use crate::format::reading::{
    Head, Likelihood, MAX_ARTICLES_PER_FILE, ReadOptions, Reader, ReaderGroup, Reading, Refusal,
    Source,
};
use crate::format::time::timestamp_text;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use ::parquet::schema::types::Type;
use serde_json::{Map, Value};

pub const READERS: &[Reader] = &[Reader {
    name: "parquet-spans",
    title: "Parquet with annotations",
    group: ReaderGroup::Dataset,
    extensions: &["parquet"],
    recognise,
    read,
}];

/// Names of the column with annotations.
const SPANS: &[&str] = &["spans", "entities", "annotations", "labels"];
/// How deep values may nest.
const MAX_DEPTH: usize = 16;

fn open(bytes: &[u8]) -> Result<SerializedFileReader<bytes::Bytes>, Refusal> {
    SerializedFileReader::new(bytes::Bytes::copy_from_slice(bytes)).map_err(damaged)
}

fn damaged(error: ::parquet::errors::ParquetError) -> Refusal {
    Refusal::new(format!("the Parquet file cannot be read: {error}"))
}

/// Whether a column holds lists of starts and ends.
fn has_offsets(column: &Type, depth: usize) -> bool {
    if !column.is_group() || depth > MAX_DEPTH {
        return false;
    }
    let fields = column.get_fields();
    let has = |name: &str| fields.iter().any(|field| field.name() == name);
    (has("start") && has("end")) || fields.iter().any(|field| has_offsets(field, depth + 1))
}

/// The name of the column with annotations.
fn spans_column(schema: &Type) -> Option<&'static str> {
    let fields = schema.get_fields();
    let mut names = SPANS.iter();
    let name = names.find(|name| {
        let mut columns = fields.iter();
        columns.any(|column| column.name() == **name && has_offsets(column, 0))
    });
    name.copied()
}

fn recognise(head: &Head<'_>) -> Likelihood {
    let bytes = head.source.bytes;
    if !bytes.starts_with(b"PAR1") || !bytes.ends_with(b"PAR1") {
        return Likelihood::No;
    }
    let found = open(bytes).is_ok_and(|file| {
        let schema = file.metadata().file_metadata().schema();
        let has_text = schema.get_fields().iter().any(|f| f.name() == "text");
        has_text && spans_column(schema).is_some()
    });
    match found {
        true => Likelihood::Sure,
        false => Likelihood::No,
    }
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let file = open(source.bytes)?;
    let column = spans_column(file.metadata().file_metadata().schema())
        .ok_or_else(|| Refusal::new("there is no column of annotations in this Parquet file"))?;
    let mut reading = Reading::default();
    let mut without_text = 0;
    for row in file.get_row_iter(None).map_err(damaged)? {
        if reading.articles.len() >= MAX_ARTICLES_PER_FILE {
            reading.remarks.push(format!(
                "only the first {MAX_ARTICLES_PER_FILE} articles were read"
            ));
            break;
        }
        let row = row.map_err(damaged)?;
        let fields = row.get_column_iter();
        let mut record: Map<String, Value> = fields
            .map(|(name, field)| (name.clone(), value_of(field, 0)))
            .collect();
        let spans = record.remove(column).map_or(Value::Null, transposed);
        record.insert("spans".to_owned(), spans);
        match prodigy::article(&Value::Object(record)) {
            Some(article) => reading.articles.push(article),
            None => without_text += 1,
        }
    }
    if without_text > 0 {
        reading.remarks.push(format!(
            "{without_text} rows have no text and were left out"
        ));
    }
    // The dataset's card beside the file, or beside its folder.
    let above = source.folder().rsplit_once('/').map(|(above, _)| above);
    let above = above.map(|above| format!("{above}/README.md"));
    let cards = [Some(source.beside("README.md")), above];
    let cards = cards.into_iter().flatten();
    reading
        .used
        .extend(cards.filter(|card| source.siblings.contains(card)));
    Ok(reading)
}

/// A record of lists, as Hugging Face stores a list of records at times, as that list.
fn transposed(value: Value) -> Value {
    let Value::Object(columns) = value else {
        return value;
    };
    let mut records: Vec<Map<String, Value>> = Vec::new();
    for (name, values) in columns {
        let Value::Array(values) = values else {
            continue;
        };
        for (at, value) in values.into_iter().enumerate() {
            if at == records.len() {
                records.push(Map::new());
            }
            if let Some(record) = records.get_mut(at) {
                record.insert(name.clone(), value);
            }
        }
    }
    Value::Array(records.into_iter().map(Value::Object).collect())
}

fn value_of(field: &Field, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => (*value).into(),
        Field::Byte(number) => (*number).into(),
        Field::Short(number) => (*number).into(),
        Field::Int(number) => (*number).into(),
        Field::Long(number) => (*number).into(),
        Field::UByte(number) => (*number).into(),
        Field::UShort(number) => (*number).into(),
        Field::UInt(number) => (*number).into(),
        Field::ULong(number) => (*number).into(),
        Field::Float(number) => (*number).into(),
        Field::Double(number) => (*number).into(),
        Field::Str(text) => text.as_str().into(),
        Field::TimestampMillis(millis) => time(*millis / 1_000),
        Field::TimestampMicros(micros) => time(*micros / 1_000_000),
        Field::Group(row) => {
            let fields = row.get_column_iter();
            let fields = fields.map(|(name, field)| (name.clone(), value_of(field, depth + 1)));
            Value::Object(fields.collect())
        }
        Field::ListInternal(list) => {
            let items = list.elements().iter();
            Value::Array(items.map(|item| value_of(item, depth + 1)).collect())
        }
        other => other.to_string().trim_matches('"').into(),
    }
}

fn time(seconds: i64) -> Value {
    timestamp_text(crate::core::annotation::Timestamp(seconds)).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::parquet::schema::parser::parse_message_type;
    use serde_json::json;

    #[test]
    fn columns_of_annotations() {
        let check = |columns: &str, expected: Option<&str>| {
            let schema = parse_message_type(&format!("message m {{ {columns} }}")).unwrap();
            assert_eq!(spans_column(&schema), expected, "{columns}");
        };
        check(
            "optional binary text (UTF8); optional group spans (LIST) { repeated group list { optional group element { optional int32 start; optional int32 end; } } }",
            Some("spans"),
        );
        check(
            "optional group entities { optional group start (LIST) { repeated group list { optional int32 element; } } optional group end (LIST) { repeated group list { optional int32 element; } } }",
            Some("entities"),
        );
        check(
            "optional binary text (UTF8); optional binary spans (UTF8);",
            None,
        );
        check("optional int32 start; optional int32 end;", None);
    }

    #[test]
    fn records_of_lists() {
        let value = json!({"start": [1, 3], "end": [2, 4], "label": ["a"]});
        assert_eq!(
            transposed(value),
            json!([{"start": 1, "end": 2, "label": "a"}, {"start": 3, "end": 4}])
        );
        assert_eq!(transposed(json!([{"start": 1}])), json!([{"start": 1}]));
    }
}
