//! Parquet as Hugging Face lays it out: an article a row, its annotations a list in a column.
//! Offsets are code points, half-open.
//!
//! Pressmark's own files say so in their key-value metadata.

use crate::core::annotation::AttributeValue;
use crate::format::formats::parquet::{
    ATTRIBUTES, EARLIER_QUOTES, HIVE_NO_VALUE, METADATA, NO_VALUE, OF_ARTICLE, OF_SPAN,
    OWN_METADATA, QUOTES,
};
use crate::format::formats::prodigy;
use crate::format::reading::left_out::Thing;
use crate::format::reading::parquet_file::ParquetFile;
use crate::format::reading::records::{add_exact_values, labels_in, offset, statuses_in, stretch};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, MAX_ARTICLES_PER_FILE,
    ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::{timestamp_from, timestamp_text};
use crate::format::words::of_project::OF_PROJECT;
use crate::format::words::values::{listed_links, origin_in, percent_decoded};
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use ::parquet::schema::types::Type;
use serde_json::{Map, Value};
use std::collections::HashMap;

pub const READER: Reader = Reader {
    name: "parquet-spans",
    title: "Parquet with annotations",
    group: ReaderGroup::Dataset,
    extensions: &["parquet"],
    recognise,
    read,
};

/// Names of the column with annotations.
const SPANS: &[&str] = &["spans", "entities", "annotations", "labels"];
/// How many folders above a file its card may stand: `data`, and one of a partition.
const MAX_FOLDERS: usize = 3;
/// How deep values may nest.
const MAX_DEPTH: usize = 16;

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
    let found = ParquetFile::open(bytes).is_ok_and(|file| {
        let schema = file.file().metadata().file_metadata().schema();
        let has_text = schema.get_fields().iter().any(|f| f.name() == "text");
        has_text && spans_column(schema).is_some()
    });
    Likelihood::Sure.when(found)
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let file = ParquetFile::open(source.bytes)?;
    let column = spans_column(file.file().metadata().file_metadata().schema())
        .ok_or_else(|| Refusal::new("there is no column of annotations in this Parquet file"))?;
    let mut reading = Reading::default();
    let own = own_metadata(file.file());
    if let Some(own) = &own {
        let listed = own.get("codebook").and_then(Value::as_array);
        reading.labels = labels_in(listed.map_or(&[], Vec::as_slice));
    }
    let mut without_text = 0;
    let mut articles = Vec::new();
    let remarks = file.rows(|row| {
        let fields = row.get_column_iter();
        let mut record: Map<String, Value> = fields
            .map(|(name, field)| (name.clone(), value_of(field, 0)))
            .collect();
        let spans = record.remove(column).map_or(Value::Null, transposed);
        record.insert("spans".to_owned(), spans);
        let article = match own {
            Some(ref own) => own_article(&record, source.folder(), own),
            None => prodigy::read::article(&Value::Object(record)),
        };
        match article {
            Some(article) => articles.push(article),
            None => without_text += 1,
        }
        articles.len() < MAX_ARTICLES_PER_FILE
    })?;
    if articles.is_empty() && !remarks.is_empty() {
        return Err(Refusal::new(remarks.join("; ")));
    }
    if let Some(own) = &own
        && let Some(first) = articles.first_mut()
    {
        let told = own.get(OF_PROJECT).cloned();
        first.of_project = told.and_then(|told| serde_json::from_value(told).ok());
    }
    reading.articles = articles;
    reading.remarks.extend(remarks);
    reading.cut();
    reading.left_out.count_told(without_text);
    if without_text > 0 {
        reading.remarks.push(format!(
            "{without_text} rows have no text and were left out"
        ));
    }
    // The dataset's card beside the file, or beside the folders that it stands in, and the quotes, of
    // which the spans say all.
    let mut cards = vec![source.beside("README.md")];
    let mut folder = source.folder();
    let mut above = 0;
    while above < MAX_FOLDERS && !folder.is_empty() {
        above += 1;
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        let in_folder = |name: &str| match folder {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        };
        cards.push(in_folder("README.md"));
        let quotes = [QUOTES, EARLIER_QUOTES].map(in_folder);
        cards.extend(quotes.into_iter().filter(|_| own.is_some()));
    }
    let cards = cards.into_iter();
    reading
        .used
        .extend(cards.filter(|card| source.siblings.contains(card)));
    Ok(reading)
}

fn own_metadata(file: &SerializedFileReader<bytes::Bytes>) -> Option<Value> {
    let metadata = file.metadata().file_metadata().key_value_metadata()?;
    let own = metadata.iter().find(|pair| pair.key == OWN_METADATA)?;
    serde_json::from_str(own.value.as_deref()?).ok()
}

/// An article as Pressmark writes it.
fn own_article(record: &Map<String, Value>, folder: &str, own: &Value) -> Option<FoundArticle> {
    let name_in = |kind: &str, column: &str, plain: String| {
        let renamed = own.get(kind).and_then(|columns| columns.get(column));
        renamed.and_then(Value::as_str).map_or(plain, str::to_owned)
    };
    let told = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_field = |name: &str| name != "spans" && !OF_ARTICLE.contains(&name);
    let fields = record.iter().filter(|(name, _)| is_field(name));
    let fields = fields.filter_map(|(column, value)| {
        let value = value.as_str().filter(|value| !value.is_empty())?;
        let plain = METADATA.plain(column).to_owned();
        Some((name_in("metadata", column, plain), value.to_owned()))
    });
    let mut article = FoundArticle {
        id: told("id").to_owned(),
        title: told("title").to_owned(),
        text: record.get("text")?.as_str()?.to_owned(),
        notes: told("notes").to_owned(),
        status: statuses_in(told("status")),
        metadata: fields.collect(),
        ..FoundArticle::default()
    };
    // Folders by a field say it in their name.
    for (name, value) in folder.split('/').filter_map(|part| part.split_once('=')) {
        // A value that is called so has its underscore escaped.
        if ![NO_VALUE, HIVE_NO_VALUE].contains(&value) {
            let field = percent_decoded(name);
            article.metadata.insert(field, percent_decoded(value));
        }
    }
    let mut places: HashMap<&str, usize> = HashMap::new();
    let spans = record.get("spans").and_then(Value::as_array);
    for span in spans.into_iter().flatten().filter_map(Value::as_object) {
        let told = |name: &str| span.get(name).and_then(Value::as_str).unwrap_or_default();
        let offsets = match stretch(span.get("start"), span.get("end")) {
            Ok(offsets) => offsets,
            Err(reason) => {
                let name = format!("annotation {} of {}", told("id"), article.named());
                article.left_out.note(Thing::Annotation, reason, || name);
                continue;
            }
        };
        let fragment = FoundFragment {
            offsets: Some(offsets),
            text: span.get("text").and_then(Value::as_str).map(str::to_owned),
            context: None,
        };
        let goes_on = offset(span.get("fragment")).is_some_and(|n| n > 1);
        let whole = places.get(told("id")).filter(|_| goes_on);
        if let Some(whole) = whole.and_then(|at| article.annotations.get_mut(*at)) {
            whole.fragments.push(fragment);
            continue;
        }
        places.insert(told("id"), article.annotations.len());
        let fields = span.iter();
        let fields = fields.filter(|(name, _)| !OF_SPAN.contains(&name.as_str()));
        let attributes = fields.filter_map(|(column, value)| {
            let value = AttributeValue::Text(value.as_str()?.to_owned());
            let plain = ATTRIBUTES.plain(column).to_owned();
            Some((name_in("attributes", column, plain), value))
        });
        let mut found = FoundAnnotation {
            id: told("id").to_owned(),
            label: told("label").to_owned(),
            fragments: vec![fragment],
            attributes: attributes.collect(),
            links: listed_links(told("links")),
            note: told("note").to_owned(),
            annotator: told("annotator").to_owned(),
            made: timestamp_from(told("created")),
            changed: timestamp_from(told("changed")),
            origin: Some(origin_in(told("origin"))),
            ..FoundAnnotation::default()
        };
        add_exact_values(&mut found, told("exact_values"));
        article.annotations.push(found);
    }
    Some(article)
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
    timestamp_text(crate::core::annotation::Timestamp::new(seconds)).into()
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
    #[test]
    fn what_pressmark_wrote_comes_back() {
        let record = json!({
            "id": "a", "title": "T", "text": "She said so.", "text_hash": "x", "notes": null,
            "status": "Zo%3B=done", "outlet": "Post", "meta_Text": "t", "spans": [
                {"start": 0, "end": 3, "fragment": 1, "id": "x", "label": "q", "text": "She",
                 "links": "a%3Db=x", "exact_values": "{\"sure\":true}", "sure": "yes",
                 "attribute_id": "", "tone": null},
                {"start": 4, "end": 8, "fragment": 2, "id": "x", "label": "q", "text": "said"},
            ],
        });
        for (value, field) in [
            ("_missing", None),
            ("__HIVE_DEFAULT_PARTITION__", None),
            ("%5Fmissing", Some("_missing")),
            (
                "%5F_HIVE_DEFAULT_PARTITION__",
                Some("__HIVE_DEFAULT_PARTITION__"),
            ),
            ("%20", Some(" ")),
        ] {
            let folder = format!("d/data/section={value}");
            let article = own_article(record.as_object().unwrap(), &folder, &json!({})).unwrap();
            let found = article.metadata.get("section").map(String::as_str);
            assert_eq!(found, field, "{value}");
        }
        let folder = "d/data/odd%20field=a%2Fb";
        let article = own_article(
            record.as_object().unwrap(),
            folder,
            &json!({"attributes": {"tone": "Tone"}}),
        )
        .unwrap();
        assert_eq!(article.metadata["Text"], "t");
        assert_eq!(article.metadata["odd field"], "a/b");
        assert!(article.status.contains_key("Zo;"));
        let [found] = article.annotations.as_slice() else {
            panic!("{:?}", article.annotations)
        };
        assert_eq!((found.fragments.len(), found.links.len()), (2, 1));
        assert_eq!(found.attributes["sure"], AttributeValue::Bool(true));
        assert_eq!(found.attributes["id"], AttributeValue::Text(String::new()));
        assert_eq!(found.attributes.len(), 2);
    }
}
