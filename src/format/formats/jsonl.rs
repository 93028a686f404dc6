//! Our own JSON Lines among the readers.

pub mod read;
pub mod write;

use crate::format::export::format::{Choice, Format, FormatGroup, Part, Shape};
use crate::format::reading::{
    Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};

pub const READER: Reader = Reader {
    name: "jsonl",
    title: "Pressmark JSON Lines",
    group: ReaderGroup::Dataset,
    extensions: &["jsonl", "ndjson"],
    recognise,
    read,
};

pub const FORMAT: Format = Format {
    name: "jsonl",
    aliases: &["json-lines"],
    title: "JSON Lines",
    group: FormatGroup::Training,
    shape: Shape::File { extension: "jsonl" },
    offset_unit: "Unicode code points",
    read_by: "Python, R, and Pressmark itself",
    lacks: &[Part::Codebook],
    adds: "",
    changes: "",
    choices: &[Choice::Texts],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&READER),
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let line = head
        .text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let has = |key: &str| line.contains(key);
    if !line.trim_start().starts_with('{') || !(has("\"text\"") || has("\"text_hash\"")) {
        return Likelihood::No;
    }
    let is_ours = has("\"annotations\"") && (has("\"fragments\"") || has("\"meta\""));
    let is_bare = ![
        "\"spans\"",
        "\"label\"",
        "\"labels\"",
        "\"entities\"",
        "\"annotations\"",
        "\"data\"",
    ]
    .iter()
    .any(|key| has(key));
    match (is_ours, is_bare) {
        (true, _) => Likelihood::Sure,
        (_, true) => Likelihood::Likely,
        _ => Likelihood::No,
    }
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let dataset = read::read_with(source.bytes, &options.known_texts)
        .map_err(|error| Refusal::new(error.to_string()))?;
    Ok(Reading {
        encoding: Some("UTF-8"),
        whole: Some(dataset),
        ..Reading::default()
    })
}
