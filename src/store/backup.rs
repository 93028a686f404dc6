//! Timed copies of a project: where they lie, which are kept, and which go.
//!
//! A backup is never the only place of anything: it is made before a file is replaced, and pruned
//! after. What was made stands in a list beside it, and nothing is removed that is not on that list
//! and still as it was made. Knows files and times, not projects.

use super::atomic::{Replacement, write_own};
use super::fs::{FileSystem, Foreign, Kind, folder_of, is_free, must_be_ours};
use super::{StoreError, free_name};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How many copies are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// So many of the newest.
    pub newest: usize,
    /// Then one an hour, for so many hours.
    pub hours: i64,
    /// Then one a day, for so many days.
    pub days: i64,
    /// The oldest go beyond this total; the newest two stay.
    pub limit_bytes: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            newest: 5,
            hours: 24,
            days: 30,
            limit_bytes: 1 << 30,
        }
    }
}

/// A copy and the moment whose state it holds, in seconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    pub path: PathBuf,
    pub at_secs: i64,
    pub len_bytes: u64,
}

/// The folder for the backups of a project: `NAME.backups` beside it, or a folder of that name in
/// `elsewhere`.
pub fn folder(project: &Path, elsewhere: Option<&Path>) -> PathBuf {
    let stem = project.file_stem().unwrap_or_default().to_string_lossy();
    match elsewhere {
        Some(elsewhere) => {
            // Two projects of the same name must not share a folder.
            let whole = project.to_string_lossy();
            let hash = blake3::hash(whole.as_bytes()).to_hex();
            let short = hash.as_str().get(..8).unwrap_or_default().to_owned();
            elsewhere.join(format!("{stem}-{short}.backups"))
        }
        None => folder_of(project).join(format!("{stem}.backups")),
    }
}

/// `NAME-20261124T150211Z.ron`
fn file_name(project: &Path, at_secs: i64) -> String {
    let stem = project.file_stem().unwrap_or_default().to_string_lossy();
    let at = jiff::Timestamp::from_second(at_secs).unwrap_or_default();
    format!("{stem}-{}.ron", at.strftime("%Y%m%dT%H%M%SZ"))
}

fn time_in(name: &str) -> Option<i64> {
    let (_, stamp) = name.strip_suffix(".ron")?.rsplit_once('-')?;
    // A number after the stamp tells two copies of one second apart.
    let stamp = stamp.split('_').next()?;
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", stamp).ok()?;
    let at = jiff::tz::TimeZone::UTC.to_timestamp(at).ok()?;
    Some(at.as_second())
}

/// A backup as it was made: a line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    name: String,
    len_bytes: u64,
    modified_secs: i64,
}

impl Made {
    /// Whether a file is still this one. Times are coarse on some disks.
    fn is(&self, backup: &Backup, modified_secs: i64) -> bool {
        const COARSE_SECS: u64 = 2;
        let name = backup.path.file_name().unwrap_or_default();
        name == self.name.as_str()
            && backup.len_bytes == self.len_bytes
            && self.modified_secs.abs_diff(modified_secs) <= COARSE_SECS
    }
}

/// A list is not longer, in bytes.
const MAX_LIST_BYTES: u64 = 16 << 20;

/// Whether a file is a list of ours, however torn.
fn is_list(bytes: &[u8]) -> bool {
    const START: &[u8] = b"{\"name\":\"";
    let mut lines = bytes.split(|byte| *byte == b'\n');
    bytes.iter().all(|byte| *byte == 0)
        || START.starts_with(bytes)
        || lines.any(|line| line.starts_with(START))
}

/// The list of what was made for a project, one line each.
fn list_of(project: &Path, folder: &Path) -> PathBuf {
    let mut name = project.file_name().unwrap_or_default().to_owned();
    name.push(".list");
    folder.join(name)
}

fn line(made: &Made) -> Vec<u8> {
    let mut line = serde_json::to_vec(made).unwrap_or_default();
    line.push(b'\n');
    line
}

/// What was made for a project, as far as the list can be read: what is not on it is kept.
fn made(fs: &dyn FileSystem, project: &Path, folder: &Path) -> Vec<Made> {
    let bytes = fs.read_own(&list_of(project, folder), MAX_LIST_BYTES);
    let bytes = bytes.unwrap_or_default();
    let lines = bytes.split(|byte| *byte == b'\n');
    let made = lines.filter_map(|line| serde_json::from_slice::<Made>(line).ok());
    // `NAME-STAMP.ron` alone: another project may be called `NAME-STAMP`.
    let stem = project.file_stem().unwrap_or_default().to_string_lossy();
    let is_named_so = |made: &Made| {
        let rest = made.name.strip_prefix(&*stem);
        rest.is_some_and(|rest| {
            rest.starts_with('-') && rest.rfind('-') == Some(0) && time_in(rest).is_some()
        })
    };
    made.filter(is_named_so).collect()
}

/// Puts a backup on the list.
fn note(
    fs: &dyn FileSystem,
    project: &Path,
    folder: &Path,
    backup: &Path,
) -> Result<(), StoreError> {
    let list = list_of(project, folder);
    let fail = |error: io::Error| StoreError::new(&list, &error);
    let info = fs.look(backup).map_err(fail)?;
    let line = line(&Made {
        name: backup
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        len_bytes: info.len_bytes,
        modified_secs: secs(info.modified_nanos),
    });
    must_be_ours(fs, &list, MAX_LIST_BYTES, is_list).map_err(fail)?;
    match fs.append(&list) {
        Ok(mut file) => file.write_all(&line).map_err(fail),
        Err(error) if Foreign::of(&error) == Some(Foreign::Shared) => {
            let mut lines = fs.read_own(&list, MAX_LIST_BYTES).map_err(fail)?;
            lines.extend(line);
            write_own(fs, &list, |out| out.write_all(&lines).map_err(fail))
        }
        Err(error) => Err(fail(error)),
    }
}

fn secs(nanos: u128) -> i64 {
    i64::try_from(nanos / 1_000_000_000).unwrap_or(i64::MAX)
}

/// Why what stands in the place of the folder for backups is none; nothing when there is a folder,
/// or nothing yet.
pub fn trouble(fs: &dyn FileSystem, folder: &Path) -> Option<StoreError> {
    let reason = match fs.look(folder).map(|info| info.kind) {
        Ok(Kind::Folder) => return None,
        Ok(Kind::Link) => {
            "this is a link, which is not followed; make it a folder, or choose a place for backups in the settings"
        }
        Ok(Kind::File | Kind::Other) => "this is no folder, so no backups can be kept in it",
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => return Some(StoreError::new(folder, &error)),
    };
    Some(StoreError::because(folder, reason))
}

/// Makes the folder for backups, or says why it is none of ours.
fn make_folder(fs: &dyn FileSystem, folder: &Path) -> Result<(), StoreError> {
    let fail = |error: io::Error| StoreError::new(folder, &error);
    if is_free(fs, folder) {
        fs.create_folder(folder).map_err(fail)?;
    }
    // Asked after it was made, too: a link may have been faster.
    trouble(fs, folder).map_or(Ok(()), Err)
}

/// The backups in a folder, newest first, and when each was modified last.
fn found(fs: &dyn FileSystem, folder: &Path) -> Vec<(Backup, i64)> {
    if !fs.look(folder).is_ok_and(|info| info.kind == Kind::Folder) {
        return Vec::new();
    }
    let mut found: Vec<(Backup, i64)> = fs
        .list(folder)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|path| {
            let at_secs = time_in(&path.file_name()?.to_string_lossy())?;
            let info = fs.look(&path).ok()?;
            let backup = Backup {
                path,
                at_secs,
                len_bytes: info.len_bytes,
            };
            Some((backup, secs(info.modified_nanos)))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| (b.at_secs, &b.path).cmp(&(a.at_secs, &a.path)));
    found
}

/// The backups in a folder, newest first, whoever made them.
pub fn list(fs: &dyn FileSystem, folder: &Path) -> Vec<Backup> {
    let found = found(fs, folder).into_iter();
    found.map(|(backup, _)| backup).collect()
}

fn name_for(fs: &dyn FileSystem, folder: &Path, project: &Path, at_secs: i64) -> PathBuf {
    let name = file_name(project, at_secs);
    free_name(fs, |n| match n {
        1 => folder.join(&name),
        n => folder.join(name.replace(".ron", &format!("_{n}.ron"))),
    })
}

/// Keeps the file as it is on disk under a second name, before it is replaced. Nothing is copied
/// where the file system has hard links. `None` when there is no such file.
pub fn keep_previous(
    fs: &dyn FileSystem,
    project: &Path,
    folder: &Path,
) -> Result<Option<PathBuf>, StoreError> {
    let Ok(info) = fs.info(project) else {
        return Ok(None);
    };
    let at_secs = secs(info.modified_nanos);
    // Saved by us and kept already, by a save that then failed.
    let known = list(fs, folder);
    if known.iter().any(|b| {
        b.at_secs == at_secs && b.len_bytes == info.len_bytes && is_same(fs, &b.path, project)
    }) {
        return Ok(None);
    }
    make_folder(fs, folder)?;
    let target = name_for(fs, folder, project, at_secs);
    let original = fs.resolve(project);
    if fs.link(&original, &target).is_err() {
        let bytes = fs
            .read(&original, u64::MAX)
            .map_err(|error| StoreError::new(&original, &error))?;
        write_copy(fs, &original, &target, |out| {
            let written = out.write_all(&bytes);
            written.map_err(|error| StoreError::new(&target, &error))
        })?;
    }
    note(fs, project, folder, &target)?;
    Ok(Some(target))
}

fn is_same(fs: &dyn FileSystem, a: &Path, b: &Path) -> bool {
    matches!((fs.read_own(a, u64::MAX), fs.read(b, u64::MAX)), (Ok(a), Ok(b)) if a == b)
}

/// Writes a copy of a state that is not on disk.
pub fn write<E: From<StoreError>>(
    fs: &dyn FileSystem,
    project: &Path,
    folder: &Path,
    at_secs: i64,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<PathBuf, E> {
    make_folder(fs, folder)?;
    let target = name_for(fs, folder, project, at_secs);
    write_copy(fs, project, &target, write)?;
    note(fs, project, folder, &target)?;
    Ok(target)
}

/// A new file, which whoever may read the project may read.
fn write_copy<E: From<StoreError>>(
    fs: &dyn FileSystem,
    project: &Path,
    target: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let new = Replacement::write_own(fs, target, write)?;
    Ok(new.as_readable_as(project).persist_new()?)
}

/// Which of the backups go, of a list with the newest first.
pub fn expired(backups: &[Backup], now_secs: i64, retention: Retention) -> Vec<&Backup> {
    const HOUR: i64 = 3_600;
    const DAY: i64 = 24 * HOUR;
    let mut gone = Vec::new();
    let mut slots = std::collections::HashSet::new();
    let mut total = 0;
    let mut kept = 0;
    for (i, backup) in backups.iter().enumerate() {
        let age = now_secs.saturating_sub(backup.at_secs);
        let slot = if age <= retention.hours * HOUR {
            Some((HOUR, backup.at_secs.div_euclid(HOUR)))
        } else if age <= retention.days * DAY {
            Some((DAY, backup.at_secs.div_euclid(DAY)))
        } else {
            None
        };
        // The newest of each hour and of each day stands for it.
        let stands = slot.is_some_and(|slot| slots.insert(slot));
        let fits = kept < 2 || total + backup.len_bytes <= retention.limit_bytes;
        if (i < retention.newest || stands) && fits {
            total += backup.len_bytes;
            kept += 1;
        } else {
            gone.push(backup);
        }
    }
    gone
}

/// Removes what is no longer kept of the backups that were made for this project. What cannot be
/// removed stays.
pub fn prune(
    fs: &dyn FileSystem,
    project: &Path,
    folder: &Path,
    now_secs: i64,
    retention: Retention,
) {
    /// So many lines of the list may name what is gone.
    const SLACK: usize = 64;
    let mut made = made(fs, project, folder);
    if made.is_empty() {
        return;
    }
    let mut ours = found(fs, folder);
    ours.retain(|(backup, modified)| made.iter().any(|made| made.is(backup, *modified)));
    let times: Vec<i64> = ours.iter().map(|(_, modified)| *modified).collect();
    let ours: Vec<Backup> = ours.into_iter().map(|(backup, _)| backup).collect();
    for backup in expired(&ours, now_secs, retention) {
        let _stays_at_worst = fs.remove(&backup.path);
    }
    if made.len() > ours.len() + SLACK {
        let is_here = |made: &Made| {
            let mut ours = ours.iter().zip(&times);
            ours.any(|(backup, modified)| made.is(backup, *modified))
        };
        made.retain(is_here);
        let list = list_of(project, folder);
        let _longer_at_worst = write_own(fs, &list, |out| {
            let mut lines = made.iter().map(line);
            lines.try_for_each(|line| {
                let written = out.write_all(&line);
                written.map_err(|error| StoreError::new(&list, &error))
            })
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ages in minutes, newest first; the size of each in MB; those that are left.
    #[track_caller]
    fn check(ages_minutes: &[i64], megabytes: u64, limit_megabytes: u64, left: &[i64]) {
        let now = 1_800_000_000 - 1_800_000_000 % 86_400 + 86_400 / 2;
        let backups: Vec<Backup> = ages_minutes
            .iter()
            .map(|age| Backup {
                path: PathBuf::from(format!("{age}")),
                at_secs: now - age * 60,
                len_bytes: megabytes << 20,
            })
            .collect();
        let retention = Retention {
            limit_bytes: limit_megabytes << 20,
            ..Retention::default()
        };
        let gone = expired(&backups, now, retention);
        let kept = backups
            .iter()
            .zip(ages_minutes)
            .filter(|(backup, _)| !gone.contains(backup))
            .map(|(_, age)| *age);
        assert_eq!(kept.collect::<Vec<_>>(), left);
    }

    #[test]
    fn which_backups_stay() {
        check(&[], 1, 100, &[]);
        check(&[1, 2, 3, 4, 5, 6, 7], 1, 100, &[1, 2, 3, 4, 5]);
        // One an hour after the newest five.
        check(
            &[1, 2, 3, 4, 5, 70, 80, 130, 140],
            1,
            100,
            &[1, 2, 3, 4, 5, 70, 130],
        );
        // One a day, and none after a month.
        check(
            &[1, 2, 3, 4, 5, 2_000, 2_010, 4_000, 50_000],
            1,
            100,
            &[1, 2, 3, 4, 5, 2_000, 4_000],
        );
        // The limit on the total size spares the newest two.
        check(&[1, 2, 3, 70], 60, 100, &[1, 2]);
        check(&[1, 2, 3, 70], 30, 100, &[1, 2, 3]);
    }

    #[test]
    fn names_carry_the_time() {
        let name = file_name(Path::new("/a/elections-2026.ron"), 1_795_532_531);
        assert_eq!(name, "elections-2026-20261124T150211Z.ron");
        assert_eq!(time_in(&name), Some(1_795_532_531));
        assert_eq!(
            time_in("elections-2026-20261124T150211Z_2.ron"),
            Some(1_795_532_531)
        );
        assert_eq!(time_in("elections.ron"), None);
    }
}
