//! UIMA CAS as JSON, version 0.4, as INCEpTION exports it.

use crate::format::formats::uima::read::{Structure, article};
use crate::format::reading::decode;
use crate::format::reading::records::text_of;
use crate::format::reading::{
    Head, Likelihood, OffsetUnit, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use serde::Deserialize;
use serde_json::Value;

pub const READER: Reader = Reader {
    name: "cas-json",
    title: "UIMA CAS JSON (INCEpTION)",
    group: ReaderGroup::Dataset,
    extensions: &["json"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let start = head.text.trim_start();
    let has = |key: &str| head.text.contains(key);
    Likelihood::Sure.when(
        start.starts_with('{')
            && (has("\"%FEATURE_STRUCTURES\"") || (has("\"%TYPES\"") && has("\"%NAME\""))),
    )
}

/// What is read of a file: not its types, which each one repeats.
#[derive(Deserialize)]
struct Cas {
    #[serde(rename = "%HEADER", default)]
    header: Value,
    #[serde(rename = "%FEATURE_STRUCTURES", default)]
    structures: Value,
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let decoded = decode::decode(source.bytes)
        .ok_or_else(|| Refusal::new("this is a binary file, not JSON"))?;
    let cas: Cas = serde_json::from_str(&decoded.text)
        .map_err(|error| Refusal::new(format!("the JSON is damaged: {error}")))?;
    let listed: Vec<(Option<&str>, &Value)> = match &cas.structures {
        Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
        Value::Object(items) => items
            .iter()
            .map(|(id, item)| (Some(id.as_str()), item))
            .collect(),
        _ => return Err(Refusal::new("this CAS has no feature structures")),
    };
    let structures = listed.into_iter().filter_map(|(id, item)| {
        let fields = item.as_object()?;
        let id = fields
            .get("%ID")
            .and_then(text_of)
            .or_else(|| id.map(str::to_owned));
        let mut structure = Structure {
            id: id.unwrap_or_default(),
            kind: fields.get("%TYPE")?.as_str()?.to_owned(),
            ..Structure::default()
        };
        for (name, value) in fields.iter().filter(|(name, _)| !name.starts_with('%')) {
            // `@` marks references, `^` anchors, `#` numbers that JSON cannot hold.
            let name = name.trim_start_matches(['@', '^', '#']).to_owned();
            let value = match value {
                Value::Array(items) => {
                    let texts: Vec<String> = items.iter().filter_map(text_of).collect();
                    Some(texts.join("; "))
                }
                value => text_of(value),
            };
            structure.features.extend(value.map(|value| (name, value)));
        }
        Some(structure)
    });
    let structures: Vec<Structure> = structures.collect();
    let mut reading = article(&structures, source.stem())?;
    let unit = cas.header.get("offset-encoding").and_then(Value::as_str);
    let unit = match unit.map(str::to_uppercase).as_deref() {
        Some("UTF-8") => OffsetUnit::Bytes,
        Some("UTF-32") => OffsetUnit::CodePoints,
        _ => OffsetUnit::Utf16,
    };
    for article in &mut reading.articles {
        article.unit = unit;
    }
    Ok(reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_as_a_list() {
        let json = r#"{"%TYPES":{},"%FEATURE_STRUCTURES":[{"%ID":1,"%TYPE":"uima.cas.Sofa","sofaID":"_InitialView","sofaString":"She said."},
            {"%ID":2,"%TYPE":"custom.Mark","@sofa":1,"begin":0,"end":3,"label":"source"}]}"#;
        let source = Source::alone("a.json", json.as_bytes());
        assert_eq!(recognise(&Head::new(source, json)), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.articles[0].annotations[0].label, "source");
    }
}
