//! The project file: `NAME.ron`, version 1.
//!
//! Made for version control: one line of article text per line, one annotation per line, stable
//! order. Text lines are raw strings, so the file survives a change of line endings. Offsets are
//! Unicode code points, half-open, and each fragment's text stands beside them; short annotations
//! also carry what stands around them (since 1.1), so that they are found again in a changed text.
//! Unknown fields are kept. What cannot be trusted is set aside with its reason and written back.

mod article;
mod articles;
mod bytes;
mod codebook;
mod conflict;
mod lenient;
mod lines;
mod lists;
mod mend;
mod pieces;
mod plain;
mod read;
mod record;
mod restore;
mod salvage;
mod schema;
mod shapes;
mod strings;
mod values;
mod write;

pub use article::{ids_in_review, lost_annotation, lost_texts};
pub use codebook::{CODEBOOK_VERSION, is_project, read_codebook, write_codebook};
pub use read::{Opened, read, read_in_pieces};
pub use salvage::counts;
pub use write::{lost_annotation_text, write, write_each};

/// The version this code writes. Files with another major number are migrated or refused.
pub const VERSION: (u32, u32) = (1, 2);

/// The largest project file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 2 << 30;

#[cfg(test)]
mod tests;
