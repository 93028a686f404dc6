//! Timed copies of a project: where they lie, which are kept, and which go.
//!
//! A backup is never the only place of anything: it is made before a file is replaced, and pruned
//! after. Knows files and times, not projects.

use super::StoreError;
use super::atomic::write_atomically;
use super::fs::{FileSystem, folder_of};
use std::io::Write;
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

/// The backups in a folder, newest first.
pub fn list(fs: &dyn FileSystem, folder: &Path) -> Vec<Backup> {
    let mut found: Vec<Backup> = fs
        .list(folder)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|path| {
            let at_secs = time_in(&path.file_name()?.to_string_lossy())?;
            let len_bytes = fs.info(&path).ok()?.len_bytes;
            Some(Backup {
                path,
                at_secs,
                len_bytes,
            })
        })
        .collect();
    found.sort_by(|a, b| (b.at_secs, &b.path).cmp(&(a.at_secs, &a.path)));
    found
}

fn free_name(fs: &dyn FileSystem, folder: &Path, project: &Path, at_secs: i64) -> PathBuf {
    let name = file_name(project, at_secs);
    let mut path = folder.join(&name);
    let mut n = 2;
    while fs.info(&path).is_ok() {
        path = folder.join(name.replace(".ron", &format!("_{n}.ron")));
        n += 1;
    }
    path
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
    let at_secs = (info.modified_nanos / 1_000_000_000) as i64;
    // Saved by us and kept already, by a save that then failed.
    let known = list(fs, folder);
    if known.iter().any(|b| {
        b.at_secs == at_secs && b.len_bytes == info.len_bytes && is_same(fs, &b.path, project)
    }) {
        return Ok(None);
    }
    fs.create_folder(folder)
        .map_err(|error| StoreError::new(folder, &error))?;
    let target = free_name(fs, folder, project, at_secs);
    let project = fs.resolve(project);
    if fs.link(&project, &target).is_err() {
        let bytes = fs
            .read(&project, u64::MAX - 1)
            .map_err(|error| StoreError::new(&project, &error))?;
        write_bytes(fs, &target, &bytes)?;
    }
    Ok(Some(target))
}

fn is_same(fs: &dyn FileSystem, a: &Path, b: &Path) -> bool {
    matches!((fs.read(a, u64::MAX - 1), fs.read(b, u64::MAX - 1)), (Ok(a), Ok(b)) if a == b)
}

/// Writes a copy of a state that is not on disk.
pub fn write(
    fs: &dyn FileSystem,
    project: &Path,
    folder: &Path,
    at_secs: i64,
    parts: &[String],
) -> Result<PathBuf, StoreError> {
    fs.create_folder(folder)
        .map_err(|error| StoreError::new(folder, &error))?;
    let target = free_name(fs, folder, project, at_secs);
    write_atomically(fs, &target, |out| {
        parts.iter().try_for_each(|part| {
            out.write_all(part.as_bytes())
                .map_err(|error| StoreError::new(&target, &error))
        })
    })?;
    Ok(target)
}

fn write_bytes(fs: &dyn FileSystem, target: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_atomically(fs, target, |out: &mut dyn Write| {
        out.write_all(bytes)
            .map_err(|error| StoreError::new(target, &error))
    })
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

/// Removes what is no longer kept. What cannot be removed stays.
pub fn prune(fs: &dyn FileSystem, folder: &Path, now_secs: i64, retention: Retention) {
    let all = list(fs, folder);
    for backup in expired(&all, now_secs, retention) {
        let _stays_at_worst = fs.remove(&backup.path);
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
