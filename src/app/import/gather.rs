//! What was chosen, as a list of files with names that tell where they stand.

use crate::format::article::MAX_ARTICLE_BYTES;
use crate::format::readers::readers;
use crate::format::reading::{Kept, Siblings};
use crate::store;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Endings of archives, which readers do not list.
const ARCHIVES: &[&str] = &["zip", "gz"];

/// Endings of files that are read together with others and are no articles.
const COMPANIONS: &[&str] = &["ann", "labels", "conf", "xsd"];

/// Whether a file is read only together with others.
pub fn is_companion(name: &str) -> bool {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| COMPANIONS.contains(&ending.as_str()))
}

/// Files that were chosen, by name.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Names with `/` between folders, in the order in which they are read, and their paths.
    pub files: Vec<(String, PathBuf)>,
    /// What is read only together with others.
    companions: BTreeMap<String, PathBuf>,
    /// What could not be looked at, with the reason.
    pub errors: Vec<(PathBuf, String)>,
}

/// Endings that a folder is searched for.
pub fn endings() -> Vec<&'static str> {
    let mut endings: Vec<&str> = readers()
        .flat_map(|reader| reader.extensions)
        .copied()
        .collect();
    endings.extend(ARCHIVES);
    endings.sort_unstable();
    endings.dedup();
    endings
}

/// Finds the files in what was chosen. Folders are searched for known endings; what a browser
/// saved beside a page is left out.
pub fn gather(paths: &[PathBuf]) -> Chosen {
    let mut wanted = super::article_endings().to_vec();
    wanted.extend(COMPANIONS);
    let (files, errors) = store::article_files(paths, &wanted);
    let mut chosen = Chosen::default();
    for store::StoreError::File { path, reason } in errors {
        chosen.errors.push((path, reason));
    }
    for path in files {
        if is_beside_saved_page(&path) {
            continue;
        }
        let name = path.to_string_lossy().replace('\\', "/");
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        let is_companion = extension.is_some_and(|e| COMPANIONS.contains(&e.as_str()));
        match is_companion && !paths.contains(&path) {
            true => drop(chosen.companions.insert(name, path)),
            false => chosen.files.push((name, path)),
        }
    }
    chosen
}

/// Whether a file lies in the folder that a browser made for “web page, complete”.
fn is_beside_saved_page(path: &Path) -> bool {
    path.ancestors().skip(1).any(|folder| {
        let name = folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let stem = name.as_deref().and_then(|name| {
            [
                "_files",
                ".files",
                "-Dateien",
                "_fichiers",
                "_archivos",
                "_file",
            ]
            .iter()
            .find_map(|ending| name.strip_suffix(ending))
        });
        stem.is_some_and(|stem| {
            ["html", "htm", "xhtml"]
                .iter()
                .any(|ending| folder.with_file_name(format!("{stem}.{ending}")).is_file())
        })
    })
}

/// The files of the disk around one that is read.
#[derive(Default)]
pub struct OnDisk {
    kept: Kept,
}

impl Siblings for OnDisk {
    fn contains(&self, name: &str) -> bool {
        Path::new(name).is_file()
    }

    fn read(&self, name: &str) -> Option<Arc<[u8]>> {
        let read = || store::read(Path::new(name), MAX_ARTICLE_BYTES).ok();
        self.kept.or_read(name, read)
    }

    fn in_folder(&self, folder: &str) -> Vec<String> {
        let (files, _unreadable) = store::files_in(Path::new(folder));
        let names = files
            .iter()
            .map(|path| path.to_string_lossy().replace('\\', "/"));
        names.collect()
    }
}
