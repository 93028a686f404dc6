//! REFI-QDA projects: reader and writer.

pub mod read;
pub mod write;

use crate::format::export::format::{Choice, Format, FormatGroup, Shape};

pub const FORMAT: Format = Format {
    name: "qdpx",
    aliases: &["refi-qda", "refiqda"],
    title: "REFI-QDA project",
    group: FormatGroup::Analysis,
    shape: Shape::File { extension: "qdpx" },
    offset_unit: "Unicode code points, the end exclusive as QualCoder has it",
    read_by: "MAXQDA, ATLAS.ti, NVivo, QualCoder",
    lacks: &[],
    adds: "",
    changes: "a discontinuous annotation is one coding for each fragment, linked as “continues”; metadata are variables of the documents, ids and attributes lines of the memo; control characters become U+FFFD",
    choices: &[Choice::Crlf],
    write: write::write,
    prove: write::prove,
    splits_itself: false,
    reader: Some(&read::READER),
};
