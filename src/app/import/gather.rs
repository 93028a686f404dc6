//! What was chosen, as a list of files with names that tell where they stand.

use crate::format::readers::readers;
use crate::format::reading::{Kept, MAX_ARTICLE_BYTES, Siblings};
use crate::store;
use std::collections::HashSet;
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

/// What is to be said of a companion that no file was read with; `None` where nothing is lost with
/// it. Tells its whole name: no two are told alike, and as one.
pub fn lone_companion(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let text = match ending.to_lowercase().as_str() {
        "ann" => format!("{stem}.txt"),
        "labels" => {
            let start = stem.rfind('/').map_or(0, |at| at + 1);
            let number = stem.get(start..)?.split('.').next()?;
            format!("{}{number}.txt", stem.get(..start)?)
        }
        _ => return None,
    };
    Some(format!(
        "its annotations were left out: its text “{text}” is not beside it, or was not read with it; put both files in one folder, with the same name"
    ))
}

/// The name of a path, with `/` between folders.
pub fn name_of(path: &Path) -> String {
    let name = path.to_string_lossy();
    if cfg!(windows) {
        name.replace('\\', "/")
    } else {
        name.into_owned()
    }
}

/// The path of a name, which may not say all of one that is no Unicode; `None` when several are
/// called so.
fn path_of(name: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    if !name.contains(char::REPLACEMENT_CHARACTER) {
        return Some(path.to_owned());
    }
    let mut found = PathBuf::new();
    for part in path {
        let is_whole = !part.to_string_lossy().contains(char::REPLACEMENT_CHARACTER);
        if is_whole {
            found.push(part);
        } else {
            found = store::called(&found, &part.to_string_lossy())?;
        }
    }
    Some(found)
}

/// Files that were chosen, by name.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Names with `/` between folders, in the order in which they are read, and their paths.
    pub files: Vec<(String, PathBuf)>,
    /// What is read only together with others.
    companions: Vec<(String, PathBuf)>,
    /// The folders that were chosen, and those of the files that were, without links in their
    /// paths: for [`OnDisk::within`].
    pub roots: Vec<PathBuf>,
    /// What could not be looked at, with the reason.
    pub errors: Vec<(PathBuf, String)>,
}

impl Chosen {
    /// Companions that were not read with any file, with what is to be said of them.
    pub fn lone_companions(&self, used: &HashSet<PathBuf>) -> Vec<(PathBuf, String)> {
        let is_used = |name: &str| used.contains(Path::new(name));
        let lone = self.companions.iter().filter(|(name, _)| !is_used(name));
        let mut lone: Vec<_> = lone
            .filter_map(|(name, path)| Some((path.clone(), lone_companion(name)?)))
            .collect();
        if !lone.is_empty() {
            // What was chosen twice is read under one of its names.
            let used = used.iter().filter(|name| is_companion(&name_of(name)));
            let used: HashSet<PathBuf> = used
                .filter_map(|name| std::fs::canonicalize(name).ok())
                .collect();
            lone.retain(|(path, _)| {
                std::fs::canonicalize(path).map_or(true, |path| !used.contains(&path))
            });
        }
        lone
    }
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
    let mut chosen = Chosen {
        roots: paths.iter().filter_map(|path| root_of(path)).collect(),
        ..Chosen::default()
    };
    for store::StoreError::File { path, reason } in errors {
        chosen.errors.push((path, reason));
    }
    for path in files {
        if is_beside_saved_page(&path) {
            continue;
        }
        let name = name_of(&path);
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        let is_companion = extension.is_some_and(|e| COMPANIONS.contains(&e.as_str()));
        if is_companion && !paths.contains(&path) {
            chosen.companions.push((name, path));
        } else {
            chosen.files.push((name, path));
        }
    }
    chosen
}

/// The folder whose files are read with what was chosen.
fn root_of(path: &Path) -> Option<PathBuf> {
    let folder = if path.is_dir() { path } else { path.parent()? };
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    std::fs::canonicalize(folder).ok()
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

/// The files of the disk around one that is read. Links that lead out of what was chosen are not
/// followed: a folder from somebody else does not say what more of the disk is read.
#[derive(Default)]
pub struct OnDisk {
    kept: Kept,
    /// Without links in their paths. Where none are known, a file is one of its own folder.
    roots: Vec<PathBuf>,
}

impl OnDisk {
    pub fn within(roots: &[PathBuf]) -> Self {
        Self {
            kept: Kept::default(),
            roots: roots.to_vec(),
        }
    }

    fn is_allowed(&self, path: &Path) -> bool {
        match self.roots.as_slice() {
            [] => root_of(path).is_some_and(|root| store::is_inside(path, &root)),
            roots => roots.iter().any(|root| store::is_inside(path, root)),
        }
    }
}

impl Siblings for OnDisk {
    fn contains(&self, name: &str) -> bool {
        path_of(name).is_some_and(|path| path.is_file() && self.is_allowed(&path))
    }

    fn read(&self, name: &str) -> Option<Arc<[u8]>> {
        self.kept.or_read(name, || {
            let path = path_of(name).filter(|path| self.is_allowed(path))?;
            store::read(&path, MAX_ARTICLE_BYTES).ok()
        })
    }

    fn in_folder(&self, folder: &str) -> Vec<String> {
        let Some(folder) = path_of(folder) else {
            return Vec::new();
        };
        let (files, _unreadable) = store::files_in(&folder);
        let names = files
            .iter()
            .filter(|path| self.is_allowed(path))
            .map(|path| name_of(path));
        names.collect()
    }
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "tests write files as other programs would"
)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_lone_companions() {
        let check = |name: &str, expected: Option<&str>| {
            let told = lone_companion(name);
            assert_eq!(told.is_some(), expected.is_some(), "{name}");
            let text = expected.map_or(String::new(), |text| format!("“{text}”"));
            assert!(told.unwrap_or_default().contains(&text), "{name}");
        };
        check("d.e/a.ann", Some("d.e/a.txt"));
        check("A.ANN", Some("A.txt"));
        check("d.e/article12.task2-TC.labels", Some("d.e/article12.txt"));
        check("article12.labels", Some("article12.txt"));
        check("d/annotation.conf", None);
        check("d/types.xsd", None);
    }

    #[cfg(unix)]
    #[test]
    fn siblings_stay_in_what_was_chosen() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("in/sub")).unwrap();
        std::fs::create_dir(at("out")).unwrap();
        for name in ["in/a.txt", "in/sub/b.txt", "out/secret.txt"] {
            std::fs::write(at(name), "x").unwrap();
        }
        symlink(at("out/secret.txt"), at("in/leak.txt")).unwrap();
        symlink(at("out"), at("in/texts")).unwrap();
        symlink("sub/b.txt", at("in/inner.txt")).unwrap();
        symlink(at("in"), at("link")).unwrap();
        let check = |around: &OnDisk, name: &str, expected: bool| {
            let name = at(name).to_string_lossy().into_owned();
            assert_eq!(around.contains(&name), expected, "{name}");
            assert_eq!(around.read(&name).is_some(), expected, "{name}");
            let parent = Path::new(&name).parent().unwrap().to_string_lossy();
            assert_eq!(
                around.in_folder(&parent).contains(&name),
                expected,
                "{name}"
            );
        };
        // By the folder, by a link to it, and by a file in it.
        for chosen in ["in", "link", "in/a.txt"] {
            let around = OnDisk::within(&gather(&[at(chosen)]).roots);
            for folder in ["in", "link"] {
                check(&around, &format!("{folder}/a.txt"), true);
                check(&around, &format!("{folder}/sub/b.txt"), true);
                check(&around, &format!("{folder}/inner.txt"), true);
                check(&around, &format!("{folder}/leak.txt"), false);
                check(&around, &format!("{folder}/texts/secret.txt"), false);
            }
        }
        check(&OnDisk::default(), "link/a.txt", true);
        check(&OnDisk::default(), "in/leak.txt", false);
    }
}
