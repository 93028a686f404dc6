//! Listing folders for the window's own file dialog.

use crate::core::annotation::Timestamp;
use crate::core::shown::shown_path;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub path: PathBuf,
    pub is_folder: bool,
    /// When it was changed last, as far as that is known.
    pub changed: Option<Timestamp>,
}

/// A path to save to, with an ending and with it once: who writes over a name whose ending was not
/// selected writes it again.
pub fn with_ending(mut path: PathBuf, ending: &str) -> PathBuf {
    if ending.is_empty() {
        return path;
    }
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let twice = format!(".{ending}.{ending}");
    let cut = name.len().saturating_sub(ending.len() + 1);
    let is_twice = name.len() > twice.len() && name.to_lowercase().ends_with(&twice);
    if let Some(once) = name.get(..cut).filter(|_| is_twice) {
        path.set_file_name(once);
    } else if path.extension().is_none() {
        path.set_extension(ending);
    }
    path
}

/// The folders and the fitting files of a folder, folders first, by name. Hidden ones are left out.
pub fn list(folder: &Path, endings: &[&str]) -> Result<Vec<Entry>, String> {
    const MAX_ENTRIES: usize = 5_000;
    let read =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", shown_path(folder)))?;
    let mut entries: Vec<Entry> = read
        .flatten()
        .take(MAX_ENTRIES)
        .filter_map(|entry| {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let metadata = path.metadata().ok();
            let is_folder = metadata.as_ref().is_some_and(|metadata| metadata.is_dir());
            let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
            let fits = is_folder
                || endings.is_empty()
                || ending.is_some_and(|e| endings.contains(&e.as_str()));
            let changed = metadata.and_then(|metadata| metadata.modified().ok());
            let changed = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            let changed = changed.and_then(|since| i64::try_from(since.as_secs()).ok());
            (fits && !name.starts_with('.')).then_some(Entry {
                name,
                path,
                is_folder,
                changed: changed.map(Timestamp::new),
            })
        })
        .collect();
    entries.sort_by_key(|entry| (!entry.is_folder, entry.name.to_lowercase()));
    Ok(entries)
}

/// Where to begin: the folder that was used last, or the working folder.
pub fn start_folder(recent: Option<&Path>) -> PathBuf {
    let recent = recent
        .and_then(Path::parent)
        .filter(|folder| folder.is_dir());
    let fallback = || std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    recent.map_or_else(fallback, Path::to_owned)
}

/// Folders to begin at: the user's own, then those of recent projects. Each is there, and once.
pub fn places(recent: &[PathBuf]) -> Vec<(String, PathBuf)> {
    let mut places = Vec::new();
    if let Some(dirs) = directories::UserDirs::new() {
        places.push(("Home".to_owned(), dirs.home_dir().to_owned()));
        for (name, folder) in [
            ("Desktop", dirs.desktop_dir()),
            ("Documents", dirs.document_dir()),
            ("Downloads", dirs.download_dir()),
        ] {
            places.extend(folder.map(|folder| (name.to_owned(), folder.to_owned())));
        }
    }
    for folder in recent.iter().filter_map(|path| path.parent()) {
        let name = folder.file_name().unwrap_or(folder.as_os_str());
        places.push((name.to_string_lossy().into_owned(), folder.to_owned()));
    }
    let mut known: Vec<PathBuf> = Vec::new();
    places.retain(|(_, folder)| {
        let is_new = folder.is_dir() && !known.contains(folder);
        known.push(folder.clone());
        is_new
    });
    places
}

/// Makes a folder in another one.
pub fn make(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let name = name.trim();
    let is_name = !name.is_empty() && !name.contains(['/', '\\']) && name != "." && name != "..";
    if !is_name {
        return Err(format!("“{name}” is no name for a folder"));
    }
    let path = folder.join(name);
    #[expect(
        clippy::disallowed_methods,
        reason = "a new folder, which the user named"
    )]
    std::fs::create_dir(&path).map_err(|error| format!("{}: {error}", shown_path(&path)))?;
    Ok(path)
}

/// A typed path: `~` is the home folder, relative paths count from `folder`.
pub fn typed_path(text: &str, folder: &Path) -> PathBuf {
    let text = text.trim();
    let rest = text.strip_prefix("~/").or((text == "~").then_some(""));
    if let Some(rest) = rest
        && let Some(dirs) = directories::UserDirs::new()
    {
        return dirs.home_dir().join(rest);
    }
    folder.join(text)
}

/// What is typed, as the folder that it names and the beginning of a name in it.
pub fn cut(text: &str) -> (&str, &str) {
    match text.rfind('/') {
        Some(at) => text.split_at(at + 1),
        None => ("", text),
    }
}

/// The longest beginning that names have in common with what was typed, whatever the case of its
/// letters; `None` when it is no longer than that.
pub fn completed<'a>(start: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted = start.to_lowercase();
    let mut fitting = names.filter(|name| name.to_lowercase().starts_with(&wanted));
    let first = fitting.next()?;
    let common = fitting.fold(first, |common, name| {
        let same = common.char_indices().zip(name.chars());
        let end = same.take_while(|((_, a), b)| a == b).last();
        let end = end.map_or(0, |((at, a), _)| at + a.len_utf8());
        common.get(..end).unwrap_or_default()
    });
    (common.len() > start.len()).then(|| common.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_its_ending_once() {
        for (name, expected) in [
            ("one", "one.ron"),
            ("one.ron", "one.ron"),
            ("one.ron.ron", "one.ron"),
            ("One.RON.ron", "One.RON"),
            ("ron.ron", "ron.ron"),
            (".ron.ron", ".ron.ron"),
            ("one.bak", "one.bak"),
        ] {
            let path = with_ending(PathBuf::from("/x").join(name), "ron");
            assert_eq!(path, PathBuf::from("/x").join(expected), "{name}");
        }
        let folder = PathBuf::from("/x/dataset");
        assert_eq!(with_ending(folder.clone(), ""), folder);
    }

    #[test]
    fn what_is_typed_is_completed_as_far_as_it_is_clear() {
        let names = [
            "articles",
            "Articles old",
            "archive",
            "notes",
            "žito",
            "žirafa",
        ];
        for (typed, completed_to) in [
            ("n", Some("notes")),
            ("notes", None),
            ("ar", None),
            ("art", None),
            ("arc", Some("archive")),
            ("ž", Some("ži")),
            ("x", None),
            ("", None),
        ] {
            let found = completed(typed, names.into_iter());
            assert_eq!(found.as_deref(), completed_to, "{typed}");
        }
        assert_eq!(cut("a/b/cd"), ("a/b/", "cd"));
        assert_eq!(cut("cd"), ("", "cd"));
    }
}
