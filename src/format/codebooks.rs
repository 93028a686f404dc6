//! Codebooks as files: what is read as one, what is written, and those that come with the program.
//!
//! Codebook files and projects of our own say all that a codebook says; what other tools have says a
//! part. The rooms of the formats know how theirs look; here is which of them takes a file.

pub mod ready;

use crate::core::codebook::SharedCodebook;
use crate::format::formats::{brat, label_studio, refi_qda};
use crate::format::project_ron;
use crate::format::reading::codebook::MAX_CODEBOOK_BYTES;
use crate::format::reading::decode::decode_head;
use crate::format::reading::{Refusal, Source};

pub use crate::format::reading::codebook::{FoundCodebook, MAX_LABELS};

/// What is read as a codebook, for people: the file and how it is called.
pub const READ: &[(&str, &str)] = &[
    ("Pressmark codebook", "`.ron`"),
    ("Pressmark project", "`.ron`"),
    (
        "REFI-QDA codebook, or the codes of a project",
        "`.qdc`, `.qdpx`, `.qde`",
    ),
    (
        "brat configuration, with `visual.conf` beside it",
        "`annotation.conf`",
    ),
    ("Label Studio labelling configuration", "`.xml`"),
];

/// A kind of file that codebooks are written as.
pub struct Writer {
    pub extension: &'static str,
    pub title: &'static str,
    /// The file, and what of the codebook it does not hold.
    pub write: fn(&SharedCodebook) -> (String, Vec<String>),
}

pub const WRITERS: &[Writer] = &[
    Writer {
        extension: "ron",
        title: "Pressmark codebook",
        write: |shared| (project_ron::write_codebook(shared), Vec::new()),
    },
    Writer {
        extension: "qdc",
        title: "REFI-QDA codebook",
        write: refi_qda::codebook::write,
    },
];

/// The writer of files with an ending, in any case.
pub fn writer(extension: &str) -> Option<&'static Writer> {
    let same = |writer: &&Writer| writer.extension.eq_ignore_ascii_case(extension);
    WRITERS.iter().find(same)
}

/// Reads any file that holds a codebook. What comes of it can be used; what was mended, left out or
/// is odd is told.
pub fn read(source: &Source<'_>) -> Result<FoundCodebook, Refusal> {
    let bytes = source.bytes;
    if bytes.starts_with(b"PK\x03\x04") {
        return refi_qda::codebook::read(source);
    }
    let start = decode_head(bytes.get(..65_536).unwrap_or(bytes));
    let extension = source.extension();
    let is_markup = start.trim_start().starts_with('<') && !["conf", "ron"].contains(&&*extension);
    let is_conf = extension == "conf"
        || (extension != "ron" && !is_markup && brat::configuration::recognise(&start));
    if !is_markup && !is_conf {
        return project_ron::read_codebook(bytes);
    }
    if bytes.len() as u64 > MAX_CODEBOOK_BYTES {
        let size = bytes.len() >> 20;
        let limit = MAX_CODEBOOK_BYTES >> 20;
        return Err(Refusal::new(format!(
            "the file is {size} MB; the limit for codebooks is {limit} MB"
        )));
    }
    if is_markup && refi_qda::codebook::recognise(&start) {
        refi_qda::codebook::read(source)
    } else if is_markup && label_studio::configuration::recognise(&start) {
        label_studio::configuration::read(source)
    } else if is_conf && brat::configuration::recognise(&start) {
        brat::configuration::read(source)
    } else if source.file_name() == "visual.conf" {
        let beside = source.beside("annotation.conf");
        Err(Refusal::new(format!(
            "this says how types look; choose “{beside}”, which says which there are"
        )))
    } else {
        Err(Refusal::new("there is no codebook in this file"))
    }
}

#[cfg(test)]
mod tests;
