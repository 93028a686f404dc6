//! Where the program works: the disk, the folder for what belongs to no project, and what is known
//! of a project's file.
//!
//! What opening, recovering and saving have in common; knows none of them, and no session.

use crate::format::journal::Content;
use crate::store::fs::{Disk, FileInfo, FileSystem, Kind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The disk, and the folder for what belongs to no project: journals of projects without a file or
/// in folders that cannot be written.
#[derive(Clone)]
pub struct Desk {
    pub fs: Arc<dyn FileSystem>,
    pub state_folder: Option<PathBuf>,
}

impl Desk {
    /// The desk of the command line, which finds the journals that the window keeps.
    pub fn of_this_user() -> Self {
        let config = crate::app::settings::config_folder();
        Self::on_disk(config.as_deref().map(crate::app::settings::state_folder))
    }

    pub fn on_disk(state_folder: Option<PathBuf>) -> Self {
        Self {
            fs: Arc::new(Disk),
            state_folder,
        }
    }

    /// The path of a project as the program knows it. A project that is reached through a link is
    /// the file that the link names, so that lock, journal and backups are the same on every way.
    pub fn resolve(&self, project: &Path) -> PathBuf {
        self.fs.resolve(project)
    }

    pub(in crate::app) fn is_link(&self, path: &Path) -> bool {
        self.fs.look(path).is_ok_and(|info| info.kind == Kind::Link)
    }
}

/// A project file as it was read or written last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub content: Content,
    pub info: FileInfo,
}

/// How a project is to be opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// To change it; to read only when someone else has it open.
    #[default]
    Change,
    /// To change it, whoever has it open.
    Force,
    /// As a copy without a place: saving asks where to.
    Copy,
}
