//! Backups: made in time while a project is worked on, listed, and counted in the background.

use super::Model;
use super::jobs::Outcome;
use super::rows::{commands, row};
use crate::app::clock;
use crate::app::command::{Scope, Section};
use crate::app::jobs::{JobKind, Turn, jobs};
use crate::app::notice::Notice;
use crate::app::saving::{self, Backups, SaveError};
use crate::format::project_ron;
use crate::store::backup::{self, Backup, Retention};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[rustfmt::skip]
commands! {
    Backups => row(Section::Files, "Backups…", None, Scope::Always, "Earlier versions of this project; open one as a copy")
        .shows_its_dialog_after(Model::list_backups),
}

jobs! {
    Backup => Turn::OneAtATime("The project is being backed up already"),
    // What is in the backups.
    Count => Turn::NewestWins,
}

/// A backup, and what is in it once it was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupLine {
    pub backup: Backup,
    pub counts: Option<Result<(usize, usize), String>>,
}

/// A backup, with its articles and annotations, or why they could not be counted.
pub type CountedBackup = (PathBuf, Result<(usize, usize), String>);

impl Model {
    pub(super) fn backups(&self) -> Backups {
        Backups {
            folder: self.settings.backup_folder.clone(),
            retention: Retention {
                limit_bytes: u64::from(self.settings.backup_limit_mb) << 20,
                ..Retention::default()
            },
        }
    }

    /// Copies the project every so many minutes while it is being worked on.
    pub(super) fn back_up_in_time(&mut self) {
        let every = Duration::from_secs(u64::from(self.settings.backup_minutes) * 60);
        let state = self.work.session.state();
        let Some(path) = self
            .work
            .session
            .path()
            .map(Path::to_owned)
            .filter(|_| !every.is_zero())
        else {
            return;
        };
        let (last, at) = *self
            .work
            .watch
            .backup
            .get_or_insert((state, Instant::now()));
        let is_wanted =
            last != state && self.work.session.is_dirty() && !self.work.session.is_read_only();
        // While one is being written, the next one waits.
        if !is_wanted || at.elapsed() < every || self.jobs.is_running(JobKind::Backup) {
            return;
        }
        let project = self.work.session.project().clone();
        let (desk, backups) = (self.desk.clone(), self.backups());
        self.work.watch.backup = Some((state, Instant::now()));
        self.start(JobKind::Backup, "Backing up", move |context| {
            let folder = backup::folder(&path, backups.folder.as_deref());
            let now = clock::now().seconds();
            let written = backup::write(&*desk.fs, &path, &folder, now, |out| {
                let mut goes_on = |_: usize| !context.is_cancelled();
                saving::write_project(&project, &path, &mut goes_on, out, &mut |_| ())
            });
            let result = match written {
                Err(SaveError::Cancelled) => Ok(()),
                written => {
                    backup::prune(&*desk.fs, &path, &folder, now, backups.retention);
                    written.map(|_| ()).map_err(|error| error.to_string())
                }
            };
            Outcome::always(move |model| {
                if let Err(error) = result {
                    model.notify(
                        Notice::warning("The timed backup could not be written")
                            .with_details(vec![error])
                            .on("backup"),
                    );
                }
            })
        });
    }

    /// The backups of this project, newest first; they are counted in a job.
    fn list_backups(&mut self) -> bool {
        let Some(path) = self.work.session.path().map(Path::to_owned) else {
            self.notify(Notice::info(
                "Save the project first: backups lie beside its file",
            ));
            return false;
        };
        let folder = backup::folder(&path, self.settings.backup_folder.as_deref());
        if let Some(trouble) = backup::trouble(&*self.desk.fs, &folder) {
            self.notify(Notice::warning(trouble.to_string()).on("backup"));
        }
        let found = backup::list(&*self.desk.fs, &folder);
        self.work.backup_lines = found
            .into_iter()
            .map(|backup| BackupLine {
                backup,
                counts: None,
            })
            .collect();
        self.count_backups();
        true
    }

    fn count_backups(&mut self) {
        let paths: Vec<PathBuf> = self
            .work
            .backup_lines
            .iter()
            .map(|line| line.backup.path.clone())
            .collect();
        let desk = self.desk.clone();
        self.start(JobKind::Count, "Counting backups", move |context| {
            let total = paths.len().max(1);
            let mut counted = Vec::with_capacity(paths.len());
            for (i, path) in paths.into_iter().enumerate() {
                if !context.progress(i as f32 / total as f32) {
                    break;
                }
                let read = desk.fs.read_own(&path, project_ron::MAX_FILE_BYTES);
                let counts = read
                    .map_err(|error| error.to_string())
                    .and_then(|bytes| project_ron::counts(&bytes));
                counted.push((path, counts));
            }
            Outcome::of_project(move |model| model.backups_counted(counted))
        });
    }

    fn backups_counted(&mut self, counted: Vec<CountedBackup>) {
        for (path, counts) in counted {
            let line = self
                .work
                .backup_lines
                .iter_mut()
                .find(|line| line.backup.path == path);
            if let Some(line) = line {
                line.counts = Some(counts);
            }
        }
    }
}
