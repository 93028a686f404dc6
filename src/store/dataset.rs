//! An exported dataset on the disk: made beside its place under a hidden name, put there in one
//! step when it is whole and proven, and gone without a trace otherwise.
//!
//! Nothing that exists is replaced unless told, and a folder only when an export made it. Of such a
//! folder only what that export wrote goes, by the list in its manifest; everything else stays.

#![expect(
    clippy::disallowed_methods,
    reason = "made under a hidden name, put in its place when whole"
)]

mod replaced;

pub use replaced::Others;

use super::StoreError;
use super::fs::{Disk, FileSystem, open_own};
use crate::core::shown::shown_path;
use crate::format::WriteError;
use crate::format::export::{FillingAll, ReadSeek, Sink, Stored, WriteSeek};
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use zip::write::SimpleFileOptions;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// What stands in every folder and archive that an export made: what it is, and which file is which
/// article. Without an ending, so that no tool takes it for data.
pub const MANIFEST: &str = "pressmark-export";

/// The folder in an export for what the folder that it replaced held beside the export before.
pub const KEPT: &str = "kept-from-before";

/// The most of an archive's file that is held in memory.
const MAX_HELD_BYTES: usize = 4 << 20;

/// What is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One file.
    File,
    /// One file of a folder, the others left out.
    Only(String),
    Folder,
    Zip,
}

/// A dataset that nobody sees yet.
pub struct Staged {
    kind: Kind,
    target: PathBuf,
    may_replace: bool,
    temporary: PathBuf,
    zip: Option<zip::ZipWriter<Archive>>,
    /// What was written into a folder, for its manifest.
    names: Vec<String>,
    /// Files that were not written, since one was wanted alone.
    left_out: Vec<String>,
    is_done: bool,
}

fn fail(path: &Path) -> impl Fn(io::Error) -> StoreError {
    let path = path.to_owned();
    move |error| StoreError::new(&path, &error)
}

/// What the disk said, and not that it was said of an archive.
fn plain(error: zip::result::ZipError) -> io::Error {
    match error {
        zip::result::ZipError::Io(error) => error,
        error => error.into(),
    }
}

impl Staged {
    /// # Errors
    /// When the target exists and may not be replaced, or its folder cannot be written to.
    pub fn new(target: &Path, kind: Kind, may_replace: bool) -> Result<Self, StoreError> {
        may_be_made(target, &kind, may_replace)?;
        // A link is followed, so that what it names is replaced and not the link.
        let resolved = Disk.resolve(target);
        let folder = super::fs::folder_of(&resolved);
        let temporary = loop {
            let n = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!(".pressmark-export-{}-{n}", std::process::id());
            let temporary = folder.join(name);
            let made = match kind {
                Kind::Folder => fs::create_dir(&temporary),
                _ => File::create_new(&temporary).map(|_| ()),
            };
            match made {
                Ok(()) => break temporary,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(_) if !folder.exists() => {
                    let reason = format!("the folder {} does not exist", shown_path(&folder));
                    return Err(StoreError::because(target, reason));
                }
                Err(error) => return Err(StoreError::new(target, &error)),
            }
        };
        let mut staged = Self {
            kind,
            target: resolved,
            may_replace,
            temporary,
            zip: None,
            names: Vec::new(),
            left_out: Vec::new(),
            is_done: false,
        };
        if staged.kind == Kind::Zip {
            let file = open_own(&staged.temporary, File::options().write(true));
            let (file, _) = file.map_err(fail(target))?;
            staged.zip = Some(zip::ZipWriter::new(Archive::new(file)));
        }
        Ok(staged)
    }

    /// Ends writing: everything is in the file system from here on.
    pub fn finish(&mut self) -> Result<(), StoreError> {
        if let Some(zip) = self.zip.take() {
            let failed = fail(&self.target);
            let mut out = zip.finish().map_err(plain).map_err(&failed)?;
            out.flush().and_then(|()| out.check()).map_err(failed)?;
        }
        Ok(())
    }

    /// The files of the format that were not made, for a file that was wanted alone.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// What was written, to be read back before it is put in its place.
    pub fn stored(&self) -> Result<OnDisk, StoreError> {
        OnDisk::open(
            &self.temporary,
            self.kind == Kind::Folder,
            self.kind == Kind::Zip,
        )
    }

    /// Writes the manifest of a folder or an archive, the last of its files. In a folder it lists
    /// what was written, so that replacing it takes nothing else away.
    pub fn seal(&mut self, manifest: &str) -> Result<(), WriteError> {
        let mut manifest = manifest.to_owned();
        if self.kind == Kind::Folder {
            let sizes = self.names.iter().map(|name| {
                let size = fs::symlink_metadata(self.temporary.join(name))?.len();
                Ok((name.as_str(), size))
            });
            replaced::add_list(&mut manifest, sizes.collect::<io::Result<Vec<_>>>()?);
        }
        self.put(MANIFEST, manifest.as_bytes())
    }

    /// Puts it in its place. Answers what becomes of a folder that stood there.
    pub fn persist(mut self) -> Result<Others, StoreError> {
        // Something may have come meanwhile.
        may_be_made(&self.target, &self.kind, self.may_replace)?;
        let failed = fail(&self.target);
        if self.kind != Kind::Folder {
            let file = open_own(&self.temporary, File::options().write(true));
            file.and_then(|(file, _)| file.sync_data())
                .map_err(&failed)?;
            fs::rename(&self.temporary, &self.target).map_err(&failed)?;
            self.is_done = true;
            return Ok(Others::default());
        }
        // Not hidden: if the program ends before the rest was taken over, it is found there.
        let name = self.target.file_name().unwrap_or_default();
        let name = name.to_string_lossy();
        let old = super::free_name(&Disk, |n| {
            self.target.with_file_name(format!("{name}.replaced-{n}"))
        });
        let had_old = match fs::symlink_metadata(&self.target) {
            Ok(_) => {
                fs::rename(&self.target, &old).map_err(&failed)?;
                true
            }
            Err(_) => false,
        };
        if let Err(error) = fs::rename(&self.temporary, &self.target) {
            if had_old {
                fs::rename(&old, &self.target).map_err(&failed)?;
            }
            return Err(failed(error));
        }
        self.is_done = true;
        if had_old {
            Ok(replaced::take_over(&old, &self.target))
        } else {
            Ok(Others::default())
        }
    }

    fn path_of(&self, name: &str) -> Result<PathBuf, WriteError> {
        let is_plain =
            |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains('\\');
        if !name.split('/').all(is_plain) {
            return Err(WriteError::Unreadable(format!("“{name}” is no file name")));
        }
        let path = self.temporary.join(name);
        if let Some(folder) = path.parent().filter(|folder| *folder != self.temporary) {
            fs::create_dir_all(folder)?;
        }
        Ok(path)
    }
}

/// Whether the target may be made: it is free, or may be replaced.
pub fn may_be_made(target: &Path, kind: &Kind, may_replace: bool) -> Result<(), StoreError> {
    let refuse = |reason: &str| Err(StoreError::because(target, reason));
    let Ok(found) = fs::metadata(target) else {
        return if fs::symlink_metadata(target).is_ok_and(|found| found.is_symlink()) {
            refuse("this is a link to something that does not exist")
        } else {
            Ok(())
        };
    };
    if !found.is_dir() && !found.is_file() {
        return refuse("this is no file but a device or pipe");
    }
    match (kind, found.is_dir()) {
        (Kind::Folder, true) => {
            let mut entries = fs::read_dir(target).map_err(fail(target))?;
            if entries.next().is_none() {
                return Ok(());
            }
            let manifest = fs::symlink_metadata(target.join(MANIFEST));
            match (manifest.is_ok_and(|found| found.is_file()), may_replace) {
                (true, true) => Ok(()),
                (true, false) => refuse("there is an export in this folder already"),
                (false, _) => refuse(
                    "this folder holds files that are not of an export; choose a new or an empty one",
                ),
            }
        }
        (Kind::Folder, false) => refuse("this is a file; the format needs a folder or a .zip"),
        (_, true) => refuse("this is a folder; name a file"),
        (_, false) if may_replace => Ok(()),
        (_, false) => refuse("the file exists already"),
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        self.zip = None;
        // Litter at worst.
        let _best_effort = match self.kind {
            Kind::Folder => fs::remove_dir_all(&self.temporary),
            _ => fs::remove_file(&self.temporary),
        };
    }
}

/// The file of an archive. After a write that failed, what follows is thrown away: the archive is
/// given up, and its writer, which ends it whatever happens, has nothing to complain of.
struct Archive {
    out: BufWriter<File>,
    has_failed: bool,
    /// Where it is and how long it would be, in bytes.
    at: u64,
    len: u64,
}

impl Archive {
    fn new(file: File) -> Self {
        Self {
            out: BufWriter::with_capacity(1 << 20, file),
            has_failed: false,
            at: 0,
            len: 0,
        }
    }

    fn check(&self) -> io::Result<()> {
        if self.has_failed {
            Err(io::Error::other("the archive could not be written"))
        } else {
            Ok(())
        }
    }
}

impl Write for Archive {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = if self.has_failed {
            Ok(bytes.len())
        } else {
            self.out.write(bytes)
        };
        self.has_failed |= written.is_err();
        self.at += *written.as_ref().unwrap_or(&0) as u64;
        self.len = self.len.max(self.at);
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = if self.has_failed {
            Ok(())
        } else {
            self.out.flush()
        };
        self.has_failed |= flushed.is_err();
        flushed
    }
}

impl Seek for Archive {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match (self.has_failed, to) {
            (false, to) => self.out.seek(to),
            (true, SeekFrom::Start(at)) => Ok(at),
            (true, SeekFrom::Current(by)) => Ok(self.at.saturating_add_signed(by)),
            (true, SeekFrom::End(by)) => Ok(self.len.saturating_add_signed(by)),
        };
        self.has_failed |= place.is_err();
        self.at = *place.as_ref().unwrap_or(&self.at);
        place
    }
}

/// A file that is being written.
enum Open {
    OnDisk(BufWriter<File>),
    /// For an archive: in memory while it is small, and on the disk until it is packed.
    Held(tempfile::SpooledTempFile),
}

impl Staged {
    fn open(&self, name: &str) -> Result<Open, WriteError> {
        let path = match &self.kind {
            Kind::File | Kind::Only(_) => self.temporary.clone(),
            Kind::Folder => self.path_of(name)?,
            Kind::Zip => {
                let folder = self.temporary.parent().unwrap_or(Path::new("."));
                let held = tempfile::spooled_tempfile_in(MAX_HELD_BYTES, folder);
                return Ok(Open::Held(held));
            }
        };
        let mut options = File::options();
        let options = options.write(true);
        let file = match self.kind {
            Kind::Folder => options.create_new(true).open(&path)?,
            _ => open_own(&path, options.truncate(true))?.0,
        };
        Ok(Open::OnDisk(BufWriter::with_capacity(1 << 16, file)))
    }

    fn close(&mut self, name: &str, open: Open) -> Result<(), WriteError> {
        match open {
            Open::OnDisk(mut out) => {
                out.flush()?;
                self.names.push(name.to_owned());
            }
            Open::Held(mut held) => {
                let is_large = held.stream_position()? >= u64::from(u32::MAX);
                held.rewind()?;
                let Some(zip) = &mut self.zip else {
                    return Err(WriteError::Unreadable("the archive is closed".to_owned()));
                };
                // Equal projects give equal bytes: no time of day.
                let options = SimpleFileOptions::default()
                    .last_modified_time(zip::DateTime::default())
                    .unix_permissions(0o644);
                let options = options.large_file(is_large);
                zip.start_file(name, options).map_err(plain)?;
                io::copy(&mut held, zip)?;
            }
        }
        Ok(())
    }
}

impl Sink for Staged {
    fn files(&mut self, names: &[&str], fill: FillingAll<'_>) -> Result<(), WriteError> {
        if let Kind::Only(main) = &self.kind {
            match names {
                [name] if name == main => {}
                // The formats that have a main file make one at a time.
                _ => {
                    let names = names.iter().map(|name| (*name).to_owned());
                    self.left_out.extend(names);
                    return Ok(());
                }
            }
        }
        let open = names.iter().map(|name| self.open(name));
        let mut open: Vec<Open> = open.collect::<Result<_, WriteError>>()?;
        let mut outs: Vec<&mut dyn WriteSeek> = Vec::with_capacity(open.len());
        for file in &mut open {
            outs.push(match file {
                Open::OnDisk(out) => out,
                Open::Held(held) => held,
            });
        }
        fill(&mut outs, self)?;
        for (name, file) in names.iter().zip(open) {
            self.close(name, file)?;
        }
        Ok(())
    }
}

/// A dataset as it lies on the disk.
pub struct OnDisk {
    root: PathBuf,
    names: Vec<String>,
    is_folder: bool,
    zip: Option<Mutex<zip::ZipArchive<File>>>,
}

impl OnDisk {
    pub fn open(root: &Path, is_folder: bool, is_zip: bool) -> Result<Self, StoreError> {
        let mut stored = Self {
            root: root.to_owned(),
            names: Vec::new(),
            is_folder,
            zip: None,
        };
        // A link may be named; a pipe would be waited for.
        if !is_folder && root.exists() && !root.is_file() {
            return Err(StoreError::because(root, "this is no file"));
        }
        if is_zip {
            let file = File::open(root).map_err(fail(root))?;
            let archive = zip::ZipArchive::new(file)
                .map_err(|error| StoreError::because(root, error.to_string()))?;
            let names = archive.file_names().flatten();
            stored.names = names.map(|name| name.into_owned()).collect();
            stored.zip = Some(Mutex::new(archive));
        } else if is_folder {
            list(root, "", 0, &mut stored.names).map_err(fail(root))?;
        } else if !root.is_file() {
            return Err(StoreError::because(root, "the file does not exist"));
        }
        stored.names.sort();
        Ok(stored)
    }
}

fn list(folder: &Path, prefix: &str, depth: usize, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        // Not of this export.
        if name == KEPT {
            continue;
        }
        if !entry.file_type()?.is_dir() {
            names.push(name);
        } else if depth < super::MAX_DEPTH {
            list(&entry.path(), &format!("{name}/"), depth + 1, names)?;
        }
    }
    Ok(())
}

impl Stored for OnDisk {
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn ReadSeek + '_>> {
        if let Some(zip) = &self.zip {
            let mut zip = zip
                .lock()
                .map_err(|_poisoned| io::Error::other("the archive is in use"))?;
            let mut member = zip.by_name(name).map_err(io::Error::from)?;
            let mut held = tempfile::spooled_tempfile(MAX_HELD_BYTES);
            io::copy(&mut member, &mut held)?;
            held.rewind()?;
            return Ok(Box::new(held));
        }
        if self.is_folder {
            let path = self.root.join(name);
            return Ok(Box::new(open_own(&path, File::options().read(true))?.0));
        }
        Ok(Box::new(File::open(&self.root)?))
    }
}
