//! Codebooks on the disk: read from any file that holds one, and written to a file of their own.
//!
//! Nothing that exists is replaced unless it is asked for, and a project never is: it is added to.

use crate::core::codebook::SharedCodebook;
use crate::core::shown::shown_path;
use crate::format::codebooks::{self, FoundCodebook, WRITERS, ready};
use crate::format::project_ron::{MAX_FILE_BYTES, is_project};
use crate::format::reading::{Refusal, Source};
use crate::store::fs::folder_of;
use crate::store::{self, StoreError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why a codebook is not read or written.
#[derive(Debug, thiserror::Error)]
pub enum CodebookFileError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{}: {reason}", shown_path(.path))]
    Refused { path: PathBuf, reason: Refusal },
    #[error("{} exists", shown_path(.0))]
    Exists(PathBuf),
    #[error("{} is a project, which is not replaced by a codebook", shown_path(.0))]
    IsProject(PathBuf),
    #[error("{}: the folder {} does not exist", shown_path(.0), shown_path(&folder_of(.0)))]
    NoFolder(PathBuf),
    #[error("{}: codebooks are written as {}", shown_path(.0), endings())]
    NoWriter(PathBuf),
}

fn endings() -> String {
    let endings: Vec<String> = WRITERS
        .iter()
        .map(|w| format!(".{}", w.extension))
        .collect();
    endings.join(" or ")
}

/// Reads a file that holds a codebook; of brat's also what stands beside it.
pub fn read(path: &Path) -> Result<FoundCodebook, CodebookFileError> {
    let bytes = store::read(path, MAX_FILE_BYTES)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = folder_of(path);
    let folder = std::fs::canonicalize(&folder).unwrap_or(folder);
    let folder = folder.file_name().unwrap_or_default().to_string_lossy();
    let name = format!("{folder}/{name}");
    let mut beside: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for other in ["visual.conf", "codebook.tsv"] {
        if let Ok(bytes) = store::read(&path.with_file_name(other), 16 << 20) {
            beside.insert(format!("{folder}/{other}"), bytes);
        }
    }
    let source = Source {
        name: &name,
        bytes: &bytes,
        siblings: &beside,
    };
    codebooks::read(&source).map_err(|reason| CodebookFileError::Refused {
        path: path.to_owned(),
        reason,
    })
}

/// One that comes with the program, by its name.
pub fn ready(id: &str) -> Option<FoundCodebook> {
    Some(FoundCodebook {
        shared: ready::named(id)?.shared()?,
        kind: "codebook of Pressmark",
        ..FoundCodebook::default()
    })
}

/// Whether a codebook may be written to a path, before it is made.
pub fn check_target(path: &Path, may_replace: bool) -> Result<(), CodebookFileError> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    if codebooks::writer(&extension).is_none() {
        return Err(CodebookFileError::NoWriter(path.to_owned()));
    }
    if !folder_of(path).exists() {
        return Err(CodebookFileError::NoFolder(path.to_owned()));
    }
    // A link that leads nowhere is something, too.
    if std::fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    if !may_replace {
        return Err(CodebookFileError::Exists(path.to_owned()));
    }
    if is_project(&store::read(path, MAX_FILE_BYTES)?) {
        return Err(CodebookFileError::IsProject(path.to_owned()));
    }
    Ok(())
}

/// Writes a codebook as the ending of the file says; what of it the file does not hold.
pub fn write(
    shared: &SharedCodebook,
    path: &Path,
    may_replace: bool,
) -> Result<Vec<String>, CodebookFileError> {
    check_target(path, may_replace)?;
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let writer = codebooks::writer(&extension);
    let writer = writer.ok_or_else(|| CodebookFileError::NoWriter(path.to_owned()))?;
    let (file, not_held) = (writer.write)(shared);
    store::write_atomically(path, |out| {
        let written = out.write_all(file.as_bytes());
        written.map_err(|error| StoreError::new(path, &error))
    })?;
    Ok(not_held)
}
