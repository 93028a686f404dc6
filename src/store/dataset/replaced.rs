//! What becomes of the folder that an export takes the place of: what the export before wrote goes,
//! everything else is taken over.
//!
//! The manifest lists what was written. A file that is not on the list, or was changed after the
//! manifest was written, is someone's work.

use super::{KEPT, MANIFEST};
use crate::store::free_name;
use crate::store::fs::{Disk, FileSystem, Kind, is_free};
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Stands before the list, as the last of its kind in a manifest.
const HEADING: &str = "\nFiles of this export, with their sizes in bytes:\n";

/// A manifest is not longer, in bytes.
const MAX_BYTES: u64 = 1 << 30;

pub(super) fn add_list(manifest: &mut String, files: Vec<(&str, u64)>) {
    manifest.push_str(HEADING);
    for (name, size) in files {
        manifest.push_str(&format!("{size}\t{name}\n"));
    }
}

/// What an export wrote.
struct Made {
    sizes: HashMap<String, u64>,
    /// When its manifest was written.
    at_nanos: u128,
}

impl Made {
    /// Nothing when there is no list, as in exports of before there were lists.
    fn read(folder: &Path) -> Self {
        let path = folder.join(MANIFEST);
        let bytes = Disk.read_own(&path, MAX_BYTES).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let list = text.rsplit_once(HEADING).map_or("", |(_, list)| list);
        let sizes = list.lines().filter_map(|line| {
            let (size, name) = line.split_once('\t')?;
            Some((name.to_owned(), size.parse().ok()?))
        });
        Self {
            sizes: sizes.collect(),
            at_nanos: Disk.look(&path).map_or(0, |info| info.modified_nanos),
        }
    }

    fn is_folder(&self, name: &str) -> bool {
        let is_in = |file: &String| {
            file.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.sizes.keys().any(is_in)
    }

    fn is_unchanged(&self, name: &str, path: &Path) -> bool {
        let Ok(info) = Disk.look(path) else {
            return false;
        };
        info.kind == Kind::File
            && (name == MANIFEST
                || (self.sizes.get(name) == Some(&info.len_bytes)
                    && info.modified_nanos <= self.at_nanos))
    }
}

/// What a folder that was replaced held beside the export before.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Others {
    /// The names of what was moved into the new export, under [`KEPT`].
    pub kept: Vec<String>,
    /// Where the folder is now, when not all of it could be moved or removed.
    pub left: Option<PathBuf>,
}

/// Removes what an export wrote into `old`, and moves everything else into `new`, under [`KEPT`].
/// What cannot be moved stays in `old`.
pub(super) fn take_over(old: &Path, new: &Path) -> Others {
    let kept = new.join(KEPT);
    // What was kept before stays where it was.
    let before = old.join(KEPT);
    let is_folder = Disk
        .look(&before)
        .is_ok_and(|info| info.kind == Kind::Folder);
    if is_folder && is_free(&Disk, &kept) {
        let _else_it_is_moved_as_the_rest = fs::rename(&before, &kept);
    }
    let mut walk = Walk {
        made: &Made::read(old),
        kept: &kept,
        moved: Vec::new(),
    };
    let cleared = walk.folder(old, Path::new(""));
    walk.moved.sort();
    Others {
        kept: walk.moved,
        left: cleared.is_err().then(|| old.to_owned()),
    }
}

struct Walk<'a> {
    made: &'a Made,
    kept: &'a Path,
    moved: Vec<String>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, within: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)?.flatten() {
            let path = entry.path();
            let within = within.join(entry.file_name());
            let name = name_of(&within).unwrap_or_default();
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let _stays_at_worst = if is_folder && self.made.is_folder(&name) {
                self.folder(&path, &within)
            } else if self.made.is_unchanged(&name, &path) {
                fs::remove_file(&path)
            } else {
                self.keep(&path, &within)
            };
        }
        // Only when nothing is left in it.
        fs::remove_dir(folder)
    }

    fn keep(&mut self, path: &Path, within: &Path) -> io::Result<()> {
        let target = self.kept.join(within);
        let name = within.file_name().unwrap_or_default().to_string_lossy();
        let target = free_name(&Disk, |n| match n {
            1 => target.clone(),
            n => target.with_file_name(format!("{n}-{name}")),
        });
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::rename(path, target)?;
        self.moved.push(within.to_string_lossy().into_owned());
        Ok(())
    }
}

/// As manifests name it: `/` between folders. `None` for what no export would be called.
fn name_of(within: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = within.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}
