//! Listing folders for the window's own file dialog.

use crate::core::shown::shown_path;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub path: PathBuf,
    pub is_folder: bool,
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
            let is_folder = path.is_dir();
            let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
            let fits = is_folder
                || endings.is_empty()
                || ending.is_some_and(|e| endings.contains(&e.as_str()));
            (fits && !name.starts_with('.')).then_some(Entry {
                name,
                path,
                is_folder,
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

/// A typed path: `~` is the home folder, relative paths count from `folder`.
pub fn typed_path(text: &str, folder: &Path) -> PathBuf {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("~/")
        && let Some(dirs) = directories::UserDirs::new()
    {
        return dirs.home_dir().join(rest);
    }
    folder.join(text)
}
