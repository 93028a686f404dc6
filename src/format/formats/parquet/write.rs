//! Parquet in the Hugging Face layout: `data/train-00000-of-00001.parquet`, an article a row with
//! its spans as a list of records, a table of quotes and a dataset card. Optionally in folders by a metadata field,
//! as DuckDB, Spark and others read partitions.
//!
//! Lists are in the standard three levels; lists are never null, strings are null for what is not
//! known. Shards are cut so that one of them fits in memory when it is read back. Offsets are code
//! points. What says that a file is Pressmark's, and the codebook, stand in its key-value metadata,
//! which other readers pass over.

use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::json::codebook;
use crate::format::export::of_project::of_project;
use crate::format::export::options::Choice;
use crate::format::export::options::Texts;
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::record::Record;
use crate::format::export::table_rows::exact_values;
use crate::format::export::{Progress, Sink, Stored, WriteSeek, Written};
use crate::format::formats::markdown;
use crate::format::formats::parquet::{
    ATTRIBUTES, GROUP, HIVE_NO_VALUE, METADATA, NO_VALUE, OF_ARTICLE, OF_SPAN, OWN_METADATA,
    QUOTES, failed, proof, quotes,
};
use crate::format::parallel;
use crate::format::words::of_project::OF_PROJECT;
use crate::format::words::values::origin_text;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::record::{Field, Row};
use parquet::schema::types::{Type, TypePtr};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

pub const FORMAT: Format = Format {
    name: "parquet",
    aliases: &["huggingface", "hf"],
    title: "Parquet in the Hugging Face layout",
    group: FormatGroup::Training,
    shape: Shape::Folder { main: "" },
    offset_unit: "Unicode code points",
    read_by: "datasets, pandas, Polars, DuckDB, Spark",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "each quote as one row in a table of its own; a dataset card; folders by a metadata field",
    changes: "a discontinuous annotation is one record for each fragment; attributes are text; the codebook stands in the card and in the files’ metadata",
    choices: &[&Choice::TEXTS, &Choice::PARTITION_BY],
    write,
    prove,
    splits_itself: true,
    reader: Some(&super::read::READER),
};

/// Bytes of text in a shard, about.
const SHARD_BYTES: usize = 128 << 20;

/// The first columns of spans are integers.
const NUMBERS: usize = 4;

struct Layout {
    /// Column name and metadata field.
    metadata: Vec<(String, String)>,
    /// Field name and attribute.
    attributes: Vec<(String, String)>,
    schema: TypePtr,
}

/// Columns for names, apart from each other whatever their case.
fn apart<'n>(
    names: impl Iterator<Item = &'n String>,
    column: fn(&str) -> String,
    prefix: &str,
) -> Vec<(String, String)> {
    let mut taken: HashSet<String> = HashSet::new();
    let named = names.map(|name| {
        let mut column = column(name);
        while !taken.insert(column.to_lowercase()) {
            column.insert_str(0, prefix);
        }
        (column, name.clone())
    });
    named.collect()
}

/// What Pressmark's reader is told of a file: the codebook, and what columns are called where their
/// name is another.
fn own_metadata(plan: &Plan<'_>, layout: &Layout) -> String {
    let renamed = |columns: &[(String, String)]| -> serde_json::Map<String, serde_json::Value> {
        let renamed = columns.iter().filter(|(column, name)| column != name);
        renamed
            .map(|(column, name)| (column.clone(), name.as_str().into()))
            .collect()
    };
    let mut own = serde_json::json!({
        "codebook": codebook(plan),
        "metadata": renamed(&layout.metadata),
        "attributes": renamed(&layout.attributes),
    });
    let told = of_project(plan);
    if let Some(own) = own.as_object_mut()
        && let Ok(told) = serde_json::to_value(Some(told).filter(|told| !told.is_empty()))
        && !told.is_null()
    {
        own.insert(OF_PROJECT.to_owned(), told);
    }
    own.to_string()
}

fn layout(plan: &Plan<'_>) -> Result<Layout, WriteError> {
    let partition = plan.options.partition_by.as_deref();
    // The folder says it.
    let metadata = plan
        .metadata
        .iter()
        .filter(|field| Some(field.as_str()) != partition);
    let metadata = apart(metadata, |name| METADATA.escaped(name), "meta_");
    let attributes = apart(
        plan.attributes.keys(),
        |name| ATTRIBUTES.escaped(name),
        "attribute_",
    );
    let text = |name: &str| -> Result<TypePtr, WriteError> {
        let made = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(Some(LogicalType::String))
            .with_converted_type(ConvertedType::UTF8);
        Ok(Arc::new(made.build().map_err(failed)?))
    };
    let number = |name: &str| -> Result<TypePtr, WriteError> {
        let made = Type::primitive_type_builder(name, Physical::INT32)
            .with_repetition(Repetition::OPTIONAL);
        Ok(Arc::new(made.build().map_err(failed)?))
    };
    fn group(
        name: &str,
        repetition: Repetition,
        fields: Vec<TypePtr>,
    ) -> parquet::schema::types::GroupTypeBuilder<'_> {
        Type::group_type_builder(name)
            .with_repetition(repetition)
            .with_fields(fields)
    }
    let mut fields = Vec::new();
    for (n, name) in OF_SPAN.iter().enumerate() {
        fields.push(if n < NUMBERS {
            number(name)?
        } else {
            text(name)?
        });
    }
    for (name, _) in &attributes {
        fields.push(text(name)?);
    }
    let element = group("element", Repetition::OPTIONAL, fields)
        .build()
        .map_err(failed)?;
    let list = group("list", Repetition::REPEATED, vec![Arc::new(element)])
        .build()
        .map_err(failed)?;
    let spans = group("spans", Repetition::OPTIONAL, vec![Arc::new(list)])
        .with_logical_type(Some(LogicalType::List))
        .with_converted_type(ConvertedType::LIST)
        .build()
        .map_err(failed)?;
    let mut columns = Vec::new();
    for name in OF_ARTICLE {
        columns.push(text(name)?);
    }
    for (name, _) in &metadata {
        columns.push(text(name)?);
    }
    columns.push(Arc::new(spans));
    let schema = Type::group_type_builder("schema")
        .with_fields(columns)
        .build()
        .map_err(failed)?;
    Ok(Layout {
        metadata,
        attributes,
        schema: Arc::new(schema),
    })
}

/// A file of the dataset: its name and its articles.
struct Shard<'p, 'a> {
    name: String,
    articles: Vec<&'p Planned<'a>>,
}

fn split_name(part: &str) -> &str {
    match part {
        "" => "train",
        // As Hugging Face calls it.
        "dev" => "validation",
        part => part,
    }
}

fn has_value(planned: &Planned<'_>, field: &str) -> bool {
    let value = planned.article.meta(field);
    value.is_some_and(|value| !value.is_empty())
}

/// A value as a folder's name: escaped as Hive does. A value that readers take for none is escaped
/// as well.
fn folder_value(value: &str) -> String {
    if value.is_empty() {
        return NO_VALUE.to_owned();
    }
    let is_taken = [NO_VALUE, HIVE_NO_VALUE].contains(&value);
    let mut out = String::new();
    for byte in value.bytes() {
        match byte {
            b'_' if is_taken && out.is_empty() => out.push_str("%5F"),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'
                if !(out.is_empty() && byte == b'.') =>
            {
                out.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            byte => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

fn shards<'p, 'a>(plan: &'p Plan<'a>) -> Vec<Shard<'p, 'a>> {
    let mut groups: BTreeMap<(usize, String), Vec<&'p Planned<'a>>> = BTreeMap::new();
    let order = |part: &str| ["", "train", "dev", "test"].iter().position(|p| *p == part);
    for planned in &plan.articles {
        let folder = match &plan.options.partition_by {
            None => String::new(),
            Some(field) => {
                let value = planned.article.meta(field).unwrap_or("");
                format!("{}={}/", folder_value(field), folder_value(value))
            }
        };
        let part = order(planned.part).unwrap_or(0);
        groups.entry((part, folder)).or_default().push(planned);
    }
    let mut shards = Vec::new();
    for ((_, folder), articles) in groups {
        let part = articles.first().map_or("", |planned| planned.part);
        let mut cut: Vec<Vec<&Planned<'_>>> = vec![Vec::new()];
        let mut bytes = 0;
        for planned in articles {
            if bytes > SHARD_BYTES {
                cut.push(Vec::new());
                bytes = 0;
            }
            bytes += planned.article.text.len_bytes();
            if let Some(last) = cut.last_mut() {
                last.push(planned);
            }
        }
        let count = cut.len();
        for (n, articles) in cut.into_iter().enumerate() {
            let split = split_name(part);
            shards.push(Shard {
                name: format!("data/{folder}{split}-{n:05}-of-{count:05}.parquet"),
                articles,
            });
        }
    }
    shards
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    if let Some(field) = &plan.options.partition_by
        && !plan.articles.is_empty()
        && !plan
            .articles
            .iter()
            .any(|planned| has_value(planned, field))
    {
        return Err(WriteError::TooMuch(format!(
            "no article has the field “{field}”, so there are no folders by it"
        )));
    }
    let layout = layout(plan)?;
    let mut written = Written::default();
    let shards = shards(plan);
    let mut done = 0;
    let mut write_shard = |shard: &Shard<'_, '_>, out: &mut dyn WriteSeek, told: Progress<'_>| {
        written_shard(plan, &layout, shard, out, &mut written, &mut |n| {
            told(done + n)
        })?;
        done += shard.articles.len();
        Ok(())
    };
    if let Some((last, before)) = shards.split_last() {
        for shard in before {
            sink.file(&shard.name, &mut |out| write_shard(shard, out, progress))?;
        }
        // The quotes go beside it, on another core.
        sink.files(&[&last.name, QUOTES], &mut |outs, _| {
            let [of_shard, of_quotes] = outs else {
                return Err(WriteError::of_the_program());
            };
            parallel::both(
                progress,
                plan.articles.len(),
                |goes_on| quotes::write(plan, *of_quotes, goes_on),
                |progress| write_shard(last, *of_shard, progress),
            )
        })?;
    }
    sink.put(
        "README.md",
        card(plan, &layout, &shards, &written).as_bytes(),
    )?;
    Ok(written)
}

/// What goes into the columns of a row group.
#[derive(Default)]
struct Columns {
    /// A value for each article, by column.
    of_article: Vec<Vec<Option<ByteArray>>>,
    /// How many spans each article has.
    lengths: Vec<usize>,
    numbers: Vec<Vec<i32>>,
    texts: Vec<Vec<Option<ByteArray>>>,
}

fn some(text: &str) -> Option<ByteArray> {
    Some(ByteArray::from(text.as_bytes().to_vec()))
}

fn known(text: &str) -> Option<ByteArray> {
    if text.is_empty() { None } else { some(text) }
}

fn article_values(plan: &Plan<'_>, layout: &Layout, record: &Record<'_>) -> Vec<Option<String>> {
    let article = record.article;
    let kept = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut values = vec![
        Some(record.id.to_owned()),
        Some(article.title.clone()),
        plan.has_texts().then(|| record.text().to_owned()),
        Some(article.text.hash().to_owned()),
        kept(&article.notes),
        kept(&record.status_text()),
    ];
    for (_, field) in &layout.metadata {
        values.push(article.meta(field).map(str::to_owned));
    }
    values
}

impl Columns {
    fn new(layout: &Layout) -> Self {
        Self {
            of_article: vec![Vec::new(); OF_ARTICLE.len() + layout.metadata.len()],
            lengths: Vec::new(),
            numbers: vec![Vec::new(); NUMBERS],
            texts: vec![Vec::new(); OF_SPAN.len() - NUMBERS + layout.attributes.len()],
        }
    }

    fn add(&mut self, plan: &Plan<'_>, layout: &Layout, record: &Record<'_>) {
        let values = article_values(plan, layout, record);
        for (column, value) in self.of_article.iter_mut().zip(values) {
            column.push(value.map(|text| ByteArray::from(text.into_bytes())));
        }
        let mut length = 0;
        for span in &record.spans {
            let links = span.links_text();
            let (made, changed) = (span.made(), span.changed());
            let origin = origin_text(&span.annotation.origin);
            let exact = exact_values(record, span, false);
            let attributes = layout.attributes.iter();
            let attributes: Vec<Option<ByteArray>> = attributes
                .map(|(_, name)| {
                    let mut held = span.attributes.iter();
                    // One without a value is there and empty.
                    let (_, value) = held.find(|(known, _)| known == name)?;
                    some(&record.project.value_text_apart(value))
                })
                .collect();
            for (n, fragment) in span.fragments.iter().enumerate() {
                length += 1;
                let range = fragment.range();
                let numbers = [
                    range.start as i32,
                    range.end as i32,
                    n as i32 + 1,
                    span.fragments.len() as i32,
                ];
                for (column, number) in self.numbers.iter_mut().zip(numbers) {
                    column.push(number);
                }
                let quoted = match plan.options.texts {
                    Texts::Hashes => None,
                    _ => some(fragment.text),
                };
                let texts = [
                    some(&span.id),
                    some(span.label),
                    quoted,
                    some(&span.annotator),
                    known(&span.note),
                    known(&links),
                    known(&made),
                    known(&changed),
                    known(&origin),
                    known(&exact),
                ];
                let texts = texts.into_iter().chain(attributes.iter().cloned());
                for (column, text) in self.texts.iter_mut().zip(texts) {
                    column.push(text);
                }
            }
        }
        self.lengths.push(length);
    }

    /// Levels of a field of the spans; `is_known` says whether each span has a value.
    fn levels(&self, is_known: impl Fn(usize) -> bool) -> (Vec<i16>, Vec<i16>) {
        let (mut definition, mut repetition) = (Vec::new(), Vec::new());
        let mut at = 0;
        for &length in &self.lengths {
            if length == 0 {
                // The list is there and has nothing in it.
                definition.push(1);
                repetition.push(0);
            }
            for n in 0..length {
                definition.push(if is_known(at) { 4 } else { 3 });
                repetition.push(i16::from(n != 0));
                at += 1;
            }
        }
        (definition, repetition)
    }
}

fn written_shard(
    plan: &Plan<'_>,
    layout: &Layout,
    shard: &Shard<'_, '_>,
    out: &mut dyn WriteSeek,
    written: &mut Written,
    progress: Progress<'_>,
) -> Result<(), WriteError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("Pressmark ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new(
            OWN_METADATA.to_owned(),
            own_metadata(plan, layout),
        )]))
        .build();
    let mut file = SerializedFileWriter::new(out, layout.schema.clone(), Arc::new(properties))
        .map_err(failed)?;
    for (n, group) in shard.articles.chunks(GROUP).enumerate() {
        let mut columns = Columns::new(layout);
        for (i, planned) in group.iter().enumerate() {
            if i % 64 == 0 && !progress(n * GROUP + i) {
                return Err(WriteError::Cancelled);
            }
            let record = plan.record(planned)?;
            columns.add(plan, layout, &record);
            written.count(&record);
            written.note_fragments(&record);
        }
        let mut rows = file.next_row_group().map_err(failed)?;
        let mut next = |write: &mut dyn FnMut(
            &mut parquet::file::writer::SerializedColumnWriter<'_>,
        ) -> Result<(), WriteError>| {
            match rows.next_column().map_err(failed)? {
                Some(mut column) => {
                    write(&mut column)?;
                    column.close().map_err(failed)
                }
                None => Err(WriteError::Unreadable("a column too many".to_owned())),
            }
        };
        for values in &columns.of_article {
            let levels: Vec<i16> = values
                .iter()
                .map(|value| i16::from(value.is_some()))
                .collect();
            let held: Vec<ByteArray> = values.iter().flatten().cloned().collect();
            next(&mut |column| {
                let typed = column.typed::<ByteArrayType>();
                typed
                    .write_batch(&held, Some(&levels), None)
                    .map_err(failed)?;
                Ok(())
            })?;
        }
        for values in &columns.numbers {
            let (definition, repetition) = columns.levels(|_| true);
            next(&mut |column| {
                let typed = column.typed::<Int32Type>();
                typed
                    .write_batch(values, Some(&definition), Some(&repetition))
                    .map_err(failed)?;
                Ok(())
            })?;
        }
        for values in &columns.texts {
            let (definition, repetition) =
                columns.levels(|at| values.get(at).is_some_and(Option::is_some));
            let held: Vec<ByteArray> = values.iter().flatten().cloned().collect();
            next(&mut |column| {
                let typed = column.typed::<ByteArrayType>();
                typed
                    .write_batch(&held, Some(&definition), Some(&repetition))
                    .map_err(failed)?;
                Ok(())
            })?;
        }
        rows.close().map_err(failed)?;
    }
    file.close().map_err(failed)?;
    Ok(())
}

/// The dataset card that Hugging Face shows, with the configuration that its loader reads.
fn card(plan: &Plan<'_>, layout: &Layout, shards: &[Shard<'_, '_>], written: &Written) -> String {
    let mut parts: Vec<(&str, usize)> = Vec::new();
    for shard in shards {
        let split = split_name(shard.articles.first().map_or("", |planned| planned.part));
        match parts.iter_mut().find(|(known, _)| *known == split) {
            Some((_, count)) => *count += shard.articles.len(),
            None => parts.push((split, shard.articles.len())),
        }
    }
    let mut out = "---\nconfigs:\n- config_name: default\n  data_files:\n".to_owned();
    for (split, _) in &parts {
        let path = match plan.options.partition_by {
            Some(_) => format!("data/**/{split}-*.parquet"),
            None => format!("data/{split}-*.parquet"),
        };
        let _infallible = write!(out, "  - split: {split}\n    path: {path}\n");
    }
    let languages: std::collections::BTreeSet<&str> = plan
        .articles
        .iter()
        .filter_map(|planned| planned.article.meta("language"))
        .filter_map(|language| language.split(['-', '_']).next())
        .filter(|code| code.len() == 2 && code.chars().all(|c| c.is_ascii_lowercase()))
        .collect();
    if !languages.is_empty() {
        out.push_str("language:\n");
        for language in languages {
            // `no` would be a truth value in YAML.
            let _infallible = writeln!(out, "- \"{language}\"");
        }
    }
    let name = match plan.project.name() {
        "" => "Annotated articles".to_owned(),
        name => markdown::inline(name),
    };
    let _infallible = write!(
        out,
        "task_categories:\n- token-classification\n---\n\n# {name}\n\n{} article{} with {} annotation{}",
        written.articles,
        if written.articles == 1 { "" } else { "s" },
        written.annotations,
        if written.annotations == 1 { "" } else { "s" },
    );
    let people = plan.annotators.len();
    let _infallible = write!(
        out,
        " by {people} annotator{}",
        if people == 1 { "" } else { "s" }
    );
    out.push_str(", exported from Pressmark.\n\n");
    for (split, count) in &parts {
        let _infallible = writeln!(
            out,
            "- `{split}`: {count} article{}",
            if *count == 1 { "" } else { "s" }
        );
    }
    if let Some(field) = &plan.options.partition_by {
        let _infallible = writeln!(
            out,
            "\nFiles lie in folders by {}: `read_parquet('data/**/*.parquet', hive_partitioning = true)` in DuckDB, `spark.read.parquet('data')` in Spark, `pandas.read_parquet('data')` in pandas. Articles without it are in {}.",
            markdown::code(field),
            markdown::code(&format!("{field}={NO_VALUE}"))
        );
    }
    out.push_str("\n## Columns\n\nEach row is an article. `spans` is a list of records, one for each fragment of an annotation; `start` and `end` are Unicode code points of `text`, half-open, and `text` of a span is what they cover. Fragments of one annotation share its `id`. `exact_values` is JSON with values whose kind their texts do not say.\n");
    if !plan.has_texts() {
        out.push_str("\nThe texts are not part of this dataset. `text_hash` is the start of the BLAKE3 hash of each text with `\\n` line ends.\n");
    }
    out.push_str("\n## Labels\n\n");
    for label in plan.labels.keys() {
        let known = plan.project.codebook().label(label);
        let definition = known.map_or("", |known| known.definition.as_str());
        let _infallible = writeln!(
            out,
            "- {} ({}): {}",
            markdown::code(label),
            markdown::inline(plan.label_title(label)),
            markdown::inline(definition)
        );
    }
    if !layout.attributes.is_empty() {
        out.push_str("\n## Attributes\n\n");
        for (column, name) in &layout.attributes {
            let specs = plan.project.codebook().labels.iter();
            let help = specs
                .flat_map(|label| &label.attributes)
                .find(|spec| spec.name == *name)
                .map_or("", |spec| spec.help.as_str());
            let (column, help) = (markdown::code(column), markdown::inline(help));
            let _infallible = writeln!(out, "- {column}: {help}");
        }
    }
    out
}

/// Reads each shard back, row by row, and compares every span with the plan.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let layout = layout(plan)?;
    let mut written = Written::default();
    let shards = shards(plan);
    let mut done = 0;
    let names: Vec<String> = stored.names();
    let wanted = shards.len();
    let found = names
        .iter()
        .filter(|name| name.ends_with(".parquet"))
        .count();
    if !names.is_empty() && found != wanted {
        let detail = format!("there are {found} Parquet files where there should be {wanted}");
        return Err(WriteError::Unreadable(detail));
    }
    for shard in &shards {
        let articles = &shard.articles;
        let mut told = |n| progress(done + n);
        let found = proof::rows_of(articles, stored, &shard.name, &mut told, |planned, next| {
            let record = plan.record(planned)?;
            compare(plan, &layout, &record, next()?)?;
            let mut counted = Written::default();
            counted.count(&record);
            Ok(counted)
        })?;
        written.add(&found);
        done += shard.articles.len();
    }
    if !names.is_empty() {
        quotes::prove(plan, stored, progress)?;
    }
    Ok(written)
}

fn text_of(field: Option<&Field>) -> Option<&str> {
    match field {
        Some(Field::Str(text)) => Some(text),
        _ => None,
    }
}

fn compare(
    plan: &Plan<'_>,
    layout: &Layout,
    record: &Record<'_>,
    row: Option<Row>,
) -> Result<(), WriteError> {
    let mismatch = |annotation: &str, detail: &str| WriteError::Mismatch {
        article: record.id.to_owned(),
        annotation: annotation.to_owned(),
        detail: detail.to_owned(),
    };
    let row = row.ok_or_else(|| mismatch("-", "the article is missing"))?;
    let found: HashMap<&str, &Field> = row
        .get_column_iter()
        .map(|(name, field)| (name.as_str(), field))
        .collect();
    let names = OF_ARTICLE.iter().copied();
    let names = names.chain(layout.metadata.iter().map(|(column, _)| column.as_str()));
    for (name, wanted) in names.zip(article_values(plan, layout, record)) {
        if text_of(found.get(name).copied()) != wanted.as_deref() {
            return Err(mismatch("-", &format!("its column “{name}” differs")));
        }
    }
    let Some(Field::ListInternal(list)) = found.get("spans") else {
        return Err(mismatch("-", "its spans are no list"));
    };
    let mut back = list.elements().iter();
    for span in &record.spans {
        for fragment in &span.fragments {
            let Some(Field::Group(found)) = back.next() else {
                return Err(mismatch(&span.id, "it is missing"));
            };
            let field = |name: &str| {
                let mut fields = found.get_column_iter();
                fields
                    .find(|(known, _)| *known == name)
                    .map(|(_, field)| field)
            };
            let number = |name: &str| match field(name) {
                Some(Field::Int(number)) => Some(*number),
                _ => None,
            };
            let range = fragment.range();
            let is_same = number("start") == Some(range.start as i32)
                && number("end") == Some(range.end as i32)
                && text_of(field("id")) == Some(span.id.as_ref())
                && text_of(field("label")) == Some(span.label)
                && match plan.options.texts {
                    Texts::Hashes => true,
                    _ => text_of(field("text")) == Some(fragment.text),
                };
            if !is_same {
                return Err(mismatch(&span.id, "its offsets, label or text differ"));
            }
        }
    }
    match back.next() {
        None => Ok(()),
        Some(_) => Err(mismatch("-", "there are more spans than in the project")),
    }
}

#[cfg(test)]
mod tests {
    use crate::core::project::{Project, ProjectParts};
    use crate::format::export::options::ExportOptions;
    use crate::format::export::plan::Plan;
    use crate::format::export::tests::{Memory, project_of, written};
    use crate::format::formats::format_named;
    use crate::format::formats::parquet::GROUP;
    use crate::format::reading::{ReadOptions, Source};

    #[test]
    fn folders_by_a_field() {
        // Each article's outlet and the folder that it is in.
        let cases = [
            (Some("Post"), "Post"),
            (None, "_missing"),
            (Some("_missing"), "%5Fmissing"),
            (
                Some("__HIVE_DEFAULT_PARTITION__"),
                "%5F_HIVE_DEFAULT_PARTITION__",
            ),
            (Some("a/b=c ä"), "a%2Fb%3Dc%20%C3%A4"),
            (Some("..x_"), "%2E.x_"),
        ];
        let lines = cases.iter().enumerate().map(|(n, (outlet, _))| {
            let meta = outlet.map(|outlet| ("outlet", outlet));
            let meta: std::collections::BTreeMap<_, _> = meta.into_iter().collect();
            let line = serde_json::json!({"id": n.to_string(), "text": "so", "meta": meta});
            format!("{line}\n")
        });
        let project = project_of(&lines.collect::<String>());
        let by = |field: &str| ExportOptions {
            partition_by: Some(field.to_owned()),
            ..ExportOptions::default()
        };
        let parquet = format_named("parquet").unwrap();
        let options = by("outlet");
        let memory = written(parquet, &Plan::new(&project, &options));
        let reader = parquet.reader().unwrap();
        for (n, (outlet, folder)) in cases.iter().enumerate() {
            let folder = format!("data/outlet={folder}");
            let name = format!("{folder}/train-00000-of-00001.parquet");
            let source = Source::alone(&name, &memory.0[&name]);
            let reading = (reader.read)(&source, &ReadOptions::default()).unwrap();
            let [article] = reading.articles.as_slice() else {
                panic!("{folder}: {} articles", reading.articles.len())
            };
            assert_eq!(article.id, n.to_string(), "{folder}");
            let found = article.metadata.get("outlet").map(String::as_str);
            assert_eq!(found, *outlet, "{folder}");
        }
        // No reader can tell what a field is that has no value at all.
        let options = by("section");
        let refused = (parquet.write)(
            &Plan::new(&project, &options),
            &mut Memory::default(),
            &mut |_| true,
        );
        assert_eq!(
            refused.unwrap_err().to_string(),
            "no article has the field “section”, so there are no folders by it"
        );
    }

    #[test]
    fn articles_of_several_row_groups_are_proven() {
        // The only quote is in the last article.
        let lines = (0..GROUP + 3).map(|n| {
            let quote = r#"[{"id": "x", "annotator": "ana", "label": "quote", "fragments": [{"start": 0, "end": 2}]}]"#;
            let marks = if n == GROUP + 2 { quote } else { "[]" };
            format!("{{\"id\": \"{n}\", \"text\": \"so {n}\", \"annotations\": {marks}}}\n")
        });
        let project = project_of(&lines.collect::<String>());
        let options = ExportOptions::default();
        let plan = Plan::new(&project, &options);
        let parquet = format_named("parquet").unwrap();
        let memory = written(parquet, &plan);
        // Of fewer articles, or of more, it is told.
        let proven_of = |articles: usize| {
            let mut plan = Plan::new(&project, &options);
            plan.articles.truncate(articles);
            (parquet.prove)(&plan, &memory, &mut |_| true).map_err(|error| error.to_string())
        };
        assert!(proven_of(GROUP + 2).unwrap_err().contains("more rows"));
        assert!(proven_of(GROUP).unwrap_err().contains("more rows"));
        let few = {
            let mut plan = Plan::new(&project, &options);
            plan.articles.truncate(GROUP);
            written(parquet, &plan)
        };
        let told = (parquet.prove)(&plan, &few, &mut |_| true).unwrap_err();
        assert!(told.to_string().contains("missing"), "{told}");
    }

    #[test]
    fn names_in_the_card_are_names_and_no_markdown() {
        let line = serde_json::json!({
            "id": "a", "text": "so",
            "annotations": [{
                "id": "x", "annotator": "ana", "label": "a`b\n---\n# c\u{202e}",
                "fragments": [{ "start": 0, "end": 2 }],
                "attributes": { "``|\nd": "1" },
            }],
        });
        let project = project_of(&line.to_string());
        let mut codebook = project.codebook().clone();
        for label in &mut codebook.labels {
            label.name = "[n](x)\n- *m*".to_owned();
            label.definition = "<b>so</b>\n---\n# no".to_owned();
        }
        let project = Project::from_parts(ProjectParts {
            name: "p\n---\nconfigs: <script>".to_owned(),
            codebook,
            articles: project.articles().to_vec(),
            annotators: project.annotators().to_vec(),
            ..ProjectParts::default()
        });
        let parquet = format_named("parquet").unwrap();
        let memory = written(parquet, &Plan::new(&project, &ExportOptions::default()));
        let card = str::from_utf8(&memory.0["README.md"]).unwrap();
        let lines: Vec<&str> = card.lines().collect();
        assert_eq!(
            lines.iter().filter(|line| **line == "---").count(),
            2,
            "{card}"
        );
        for line in [
            "# p --- configs: \\<script>",
            "- ``a`b\\n---\\n# c\\u{202e}`` (\\[n\\](x) - \\*m\\*): \\<b>so\\</b> --- \\# no",
        ] {
            assert!(lines.contains(&line), "{line} is not in {card}");
        }
        let attributes = card.split("## Attributes").nth(1).unwrap();
        assert_eq!(attributes.trim().lines().count(), 1, "{card}");
    }

    #[test]
    fn the_card_counts_in_english() {
        let parquet = format_named("parquet").unwrap();
        let line = r#"{"id":"a","text":"so","annotations":[{"id":"x","annotator":"ana","label":"claim","fragments":[{"start":0,"end":2}]}]}"#;
        let two = format!("{line}\n{}", line.replacen("\"a\"", "\"b\"", 1));
        for (lines, counted, listed) in [
            (
                line.to_owned(),
                "1 article with 1 annotation by 1 annotator,",
                "- `train`: 1 article\n",
            ),
            (
                two,
                "2 articles with 2 annotations by 1 annotator,",
                "- `train`: 2 articles\n",
            ),
        ] {
            let project = project_of(&lines);
            let options = ExportOptions::default();
            let memory = written(parquet, &Plan::new(&project, &options));
            let card = str::from_utf8(&memory.0["README.md"]).unwrap();
            assert!(card.contains(counted) && card.contains(listed), "{card}");
        }
    }
}
