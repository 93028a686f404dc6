//! The project file that a command writes: held against other programs while the command works, and
//! not written when someone else changed it meanwhile.

use super::must_not_exist;
use crate::app::clock;
use crate::app::desk::Desk;
use crate::app::desk::Known;
use crate::app::recovery::{has_unsaved, put_journals_aside};
use crate::app::saving::{is_unchanged, save_file};
use crate::app::signals;
use crate::core::project::Project;
use crate::core::shown::shown_path;
use crate::format::journal::Content;
use crate::format::project_ron::MAX_FILE_BYTES;
use crate::store::StoreError;
use crate::store::fs::folder_of;
use crate::store::lock::{self, Lock, LockError, Locked};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

pub(super) struct Target {
    desk: Desk,
    /// As it was named.
    path: PathBuf,
    /// What belongs to a project lies beside the file itself, whatever link leads to it.
    file: PathBuf,
    lock: Option<Lock>,
    /// The file as it was when it was read; none when it is not to be added to.
    known: Option<Known>,
}

impl Target {
    /// A project to add to.
    pub(super) fn to_change(path: &Path) -> Result<Self> {
        let mut target = Self::at(path);
        target.hold()?;
        let read = || {
            let info = target.desk.fs.info(&target.file)?;
            let bytes = target.desk.fs.read(&target.file, MAX_FILE_BYTES)?;
            let content = Content::of(&bytes);
            Ok::<_, std::io::Error>(Known { content, info })
        };
        let known = read().map_err(|error| StoreError::new(path, &error))?;
        target.known = Some(known);
        Ok(target)
    }

    /// A new project; with `force` in the place of another.
    pub(super) fn to_write(path: &Path, force: bool) -> Result<Self> {
        must_not_exist(path, force)?;
        let folder = folder_of(path);
        if !folder.exists() {
            let (path, folder) = (shown_path(path), shown_path(&folder));
            bail!("{path}: the folder {folder} does not exist");
        }
        let mut target = Self::at(path);
        if target.desk.fs.info(&target.file).is_ok() {
            target.hold()?;
        }
        Ok(target)
    }

    fn at(path: &Path) -> Self {
        let desk = Desk::of_this_user();
        Self {
            file: desk.resolve(path),
            desk,
            path: path.to_owned(),
            lock: None,
            known: None,
        }
    }

    fn hold(&mut self) -> Result<()> {
        let path = shown_path(&self.path);
        match lock::acquire(&self.desk.fs, &self.file, clock::holder(), false) {
            Ok(Locked::Ours(ours, _)) => self.lock = Some(ours),
            Ok(Locked::Theirs(holder)) => {
                bail!("{path} is open for {}", clock::who(&holder));
            }
            // A folder that cannot be written holds no lock, and will say so itself.
            Err(LockError::Unwritable(_)) => {}
            Err(LockError::Failed(reason)) => bail!(
                "{path} was not changed, because it could not be locked: {reason}. Move that away and try again"
            ),
        }
        if has_unsaved(&self.desk, &self.path) {
            bail!(
                "the journal of {path} holds edits that are not saved; open it in the window and save it first"
            );
        }
        Ok(())
    }

    /// Says that the command is still at work; answers whether it may go on.
    pub(super) fn goes_on(&mut self) -> bool {
        if let Some(lock) = &mut self.lock {
            lock.refresh(clock::now().seconds());
        }
        !signals::is_ending()
    }

    /// Writes the project and gives the lock back.
    pub(super) fn save(mut self, project: &Project) -> Result<()> {
        let path = shown_path(&self.path);
        let is_ours = self.lock.as_ref().is_none_or(Lock::is_in_place);
        let is_known = match &self.known {
            Some(known) => is_unchanged(&self.desk, &self.file, known)?,
            None => true,
        };
        if !is_ours || !is_known {
            bail!("{path} was changed by another program meanwhile; nothing was written");
        }
        if !save_file(project, &self.path.clone(), &mut |_| self.goes_on())? {
            bail!("stopped; nothing was changed");
        }
        if self.known.is_none() {
            // Journals that lie there are of another project.
            put_journals_aside(&self.desk, &self.file);
        }
        Ok(())
    }
}
