//! Parquet in the layout of Hugging Face: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Choice, Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "parquet",
    aliases: &["huggingface", "hf"],
    title: "Parquet in the Hugging Face layout",
    group: FormatGroup::Training,
    shape: Shape::Folder { main: "" },
    offset_unit: "Unicode code points",
    read_by: "datasets, pandas, Polars, DuckDB, Spark",
    lacks: &[],
    adds: "a dataset card; folders by a metadata field",
    changes: "a discontinuous annotation is one record for each fragment; attributes are text; the codebook stands in the card and in the files’ metadata",
    choices: &[Choice::Texts, Choice::PartitionBy],
    write: write::write,
    prove: write::prove,
    splits_itself: true,
    reader: Some(&read::READER),
};
