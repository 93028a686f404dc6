//! Saving: a project to its file in one step, the previous version kept, nobody's work overwritten.
//!
//! Runs in a job on a snapshot. Keeps invariant 8 together with `app::journal`: the journal knows
//! the content of the new file before the file is there.

use crate::app::clock;
use crate::app::desk::{Desk, Known};
use crate::app::journal::{JournalSender, Leave};
use crate::app::recovery;
use crate::core::project::Project;
use crate::core::shown::shown_path;
use crate::format::journal::{Content, Growing};
use crate::format::project_ron::{self, MAX_FILE_BYTES};
use crate::store::atomic::Replacement;
use crate::store::backup::{self, Retention};
use crate::store::journal::{path_beside, path_in_state};
use crate::store::{self, StoreError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where backups go and which are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backups {
    pub folder: Option<PathBuf>,
    pub retention: Retention,
}

/// How the journal follows a save.
#[derive(Clone)]
pub struct JournalPlan {
    pub sender: JournalSender,
    pub state: u64,
    /// The project is saved under another name: the journal goes there, and this becomes of the
    /// old one.
    pub switch: Option<Leave>,
}

pub struct SavePlan {
    pub desk: Desk,
    pub path: PathBuf,
    pub journal: Option<JournalPlan>,
    pub backups: Backups,
    /// The file that is to be replaced, when it is the one that was opened.
    pub known: Option<Known>,
    /// The project goes to a place that it did not have; a file there may have a journal.
    pub is_new_place: bool,
    /// The file is damaged and stays as a copy.
    pub keeps_damaged: bool,
}

/// What a save has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub known: Known,
    pub kept_damaged: Option<PathBuf>,
    /// Why the previous version was not kept.
    pub backup_trouble: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cancelled")]
    Cancelled,
    /// Someone else changed the file since it was read or written.
    #[error("{}: the file was changed by another program", shown_path(.0))]
    Changed(PathBuf),
    /// The folder of the project is no longer there, or the file was moved away.
    #[error("{}: the file is no longer there", shown_path(.0))]
    Gone(PathBuf),
}

/// Whether the file on disk is still the known one. Reads it only when its size or time differ.
pub fn is_unchanged(desk: &Desk, path: &Path, known: &Known) -> Result<bool, StoreError> {
    let fail = |error: std::io::Error| StoreError::new(path, &error);
    let info = desk.fs.info(path).map_err(fail)?;
    if info == known.info {
        return Ok(true);
    }
    if info.len_bytes != known.content.len_bytes {
        return Ok(false);
    }
    let bytes = desk.fs.read(path, MAX_FILE_BYTES).map_err(fail)?;
    Ok(Content::of(&bytes) == known.content)
}

/// Saves a project.
pub fn save(
    project: &Project,
    plan: &SavePlan,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Result<Saved, SaveError> {
    let fs = &*plan.desk.fs;
    let path = plan.desk.resolve(&plan.path);
    let path = path.as_path();
    if let Some(known) = &plan.known {
        match fs.info(path) {
            Ok(_) if !is_unchanged(&plan.desk, path, known)? => {
                return Err(SaveError::Changed(path.to_owned()));
            }
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(SaveError::Gone(path.to_owned()));
            }
            Err(error) => return Err(StoreError::new(path, &error).into()),
        }
    }
    let mut content = Growing::default();
    let new = Replacement::write(fs, path, |out| {
        write_project(project, path, progress, out, &mut |part| content.add(part))
    })?;
    let content = content.whole();
    let kept_damaged = if plan.keeps_damaged && fs.info(path).is_ok() {
        Some(store::keep_copy(fs, path, "damaged")?)
    } else {
        None
    };
    let folder = backup::folder(path, plan.backups.folder.as_deref());
    let backup_trouble = match backup::keep_previous(fs, path, &folder) {
        Ok(_) => None,
        Err(error) => Some(error.to_string()),
    };
    if let Some(journal) = plan.journal.as_ref().filter(|j| j.switch.is_none()) {
        journal
            .sender
            .file_is_about_to_be(journal.state, content.clone());
    }
    new.persist()?;
    if plan.is_new_place {
        recovery::put_journals_aside(&plan.desk, path);
    }
    if let Some(journal) = plan.journal.as_ref().filter(|j| j.switch.is_none()) {
        journal.sender.file_is_placed();
    }
    if let Some(journal) = &plan.journal
        && let Some(leave) = journal.switch
    {
        let state_folder = plan.desk.state_folder.as_deref();
        let fallback = state_folder.map(|folder| path_in_state(path, folder));
        let state = journal.state;
        let sender = &journal.sender;
        sender.switch(path_beside(path), fallback, state, content.clone(), leave);
    }
    backup::prune(
        fs,
        path,
        &folder,
        clock::now().seconds(),
        plan.backups.retention,
    );
    let info = fs
        .info(path)
        .map_err(|error| StoreError::new(path, &error))?;
    Ok(Saved {
        known: Known { content, info },
        kept_damaged,
        backup_trouble,
    })
}

/// Writes a project without a journal or backups, as the command line does. `false` when it was
/// cancelled.
pub fn save_file(
    project: &Project,
    path: &Path,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Result<bool, StoreError> {
    let saved = store::write_atomically(path, |out| {
        write_project(project, path, progress, out, &mut |_| ())
    });
    match saved {
        Ok(()) => Ok(true),
        Err(SaveError::Store(error)) => Err(error),
        Err(_cancelled) => Ok(false),
    }
}

/// The content of the file, piece by piece; `see` is shown each.
pub fn write_project(
    project: &Project,
    path: &Path,
    progress: &mut dyn FnMut(usize) -> bool,
    out: &mut dyn Write,
    see: &mut dyn FnMut(&[u8]),
) -> Result<(), SaveError> {
    let is_whole = project_ron::write_each(project, progress, &mut |part| {
        see(part.as_bytes());
        let written = out.write_all(part.as_bytes());
        written.map_err(|error| StoreError::new(path, &error))
    })?;
    is_whole.then_some(()).ok_or(SaveError::Cancelled)
}
