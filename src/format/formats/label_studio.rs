//! Label Studio tasks: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "labelstudio",
    aliases: &["label-studio"],
    title: "Label Studio tasks",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "Unicode code points",
    read_by: "Label Studio, with its configuration",
    lacks: &[],
    adds: "an annotation for each annotator",
    changes: "a discontinuous annotation is several regions with the relation “continues”; notes, annotators, times and links between annotators’ work are texts of a region; the codebook stands in the configuration",
    choices: &[],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
