//! Writing a dataset to a file, whole or not at all, and proving it.

use crate::core::project::Project;
use crate::format::{Format, Selection, WriteError, Written};
use crate::store::{self, StoreError};
use std::path::Path;

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("{format} can only be imported")]
    NoWriter { format: &'static str },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{path}: {error}")]
    Write { path: String, error: WriteError },
}

impl ExportError {
    pub fn is_cancelled(&self) -> bool {
        matches!(
            self,
            Self::Write {
                error: WriteError::Cancelled,
                ..
            }
        )
    }
}

/// Writes the file in one step. `progress` is told the articles done and answers whether to go on.
pub fn export(
    project: &Project,
    format: &'static Format,
    selection: &Selection<'_>,
    path: &Path,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Result<Written, ExportError> {
    let write = format.write.ok_or(ExportError::NoWriter {
        format: format.title,
    })?;
    let mut written = Written::default();
    store::write_atomically(path, |out| {
        written = write(project, selection, out, progress).map_err(|error| match error {
            WriteError::Io(error) => ExportError::Store(StoreError::new(path, &error)),
            error => at(path, error),
        })?;
        Ok::<(), ExportError>(())
    })?;
    Ok(written)
}

/// Reads an exported file back and compares every fragment with the project.
pub fn verify(
    project: &Project,
    format: &'static Format,
    selection: &Selection<'_>,
    path: &Path,
) -> Result<Written, ExportError> {
    let verify = format.verify.ok_or(ExportError::NoWriter {
        format: format.title,
    })?;
    let bytes = store::read(path, 8 << 30)?;
    verify(project, selection, &bytes).map_err(|error| at(path, error))
}

fn at(path: &Path, error: WriteError) -> ExportError {
    ExportError::Write {
        path: path.display().to_string(),
        error,
    }
}

/// A row of the table of formats, as the dialog shows it.
#[derive(Clone, Copy, Debug)]
pub struct FormatRow {
    pub name: &'static str,
    pub title: &'static str,
    pub extension: &'static str,
    pub carries: &'static str,
    pub loses: &'static str,
    pub offset_unit: &'static str,
}

/// The formats that can be written.
pub fn export_formats() -> Vec<FormatRow> {
    crate::format::FORMATS
        .iter()
        .filter(|format| format.write.is_some())
        .map(|format| FormatRow {
            name: format.name,
            title: format.title,
            extension: format.extension,
            carries: format.carries,
            loses: format.loses,
            offset_unit: format.offset_unit,
        })
        .collect()
}
