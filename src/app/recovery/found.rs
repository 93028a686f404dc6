//! Finding the journals of a project file, choosing the one to take in, and keeping the others.
//!
//! A journal lies beside its project, or in the state folder under a name that is made of the
//! project's path. When the folder was renamed while the project was open, what came after lies
//! under the old path's name, and is found by the content of the file that it belongs to. Nothing is
//! ever overwritten or removed that holds a record which is nowhere else.

use crate::app::clock;
use crate::app::desk::Desk;
use crate::core::annotation::Timestamp;
use crate::format::journal::{self as records, Content, LazyRecord, MAX_FILE_BYTES, salvage};
use crate::format::project_ron;
use crate::store;
use crate::store::fs::{FileSystem, Foreign, folder_of, is_free, must_be_ours};
use crate::store::journal::{path_beside, path_in_state};
use crate::store::lock::{self, Lock, Locked};
use std::io;
use std::path::{Path, PathBuf};

/// A journal that was found.
pub struct Found {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    /// These bytes lie there, where a journal of its project is looked for.
    pub is_in_place: bool,
}

/// A journal that is there and cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub path: PathBuf,
    pub reason: String,
    /// It is no journal, or damaged beyond being known as one, and stays where it is.
    pub foreign: Option<Foreign>,
}

/// The journal to go on with, and what becomes of all that were found.
pub struct Taken {
    pub journal: Found,
    /// The files whose records it has.
    pub sources: Vec<(PathBuf, Option<Lock>)>,
    /// Files that hold nothing beyond it.
    pub superseded: Vec<(PathBuf, Option<Lock>)>,
    /// Files that hold something else, and whether that was saved.
    pub others: Vec<(PathBuf, bool, Option<Lock>)>,
    /// Where the edits lay that a renamed folder had left behind.
    pub stranded: Option<PathBuf>,
    /// The file that it names is called otherwise than this one, which may be a copy.
    pub is_of_another: bool,
}

/// The journals that may belong to a project file: beside it, and in the state folder.
pub fn find(
    fs: &dyn FileSystem,
    project: &Path,
    state_folder: Option<&Path>,
) -> (Vec<Found>, Vec<Unread>) {
    let mut places = vec![path_beside(project)];
    places.extend(state_folder.map(|folder| path_in_state(project, folder)));
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for path in places {
        match fs.read_own(&path, MAX_FILE_BYTES) {
            Ok(bytes) if !records::is_journal(&bytes) => unread.push(Unread {
                path,
                reason: "it is no journal, or damaged beyond being known as one".to_owned(),
                foreign: Some(Foreign::Content),
            }),
            Ok(bytes) => found.push(Found {
                path,
                bytes,
                is_in_place: true,
            }),
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {}
                _ => unread.push(Unread {
                    path,
                    reason: error.to_string(),
                    foreign: Foreign::of(&error),
                }),
            },
        }
    }
    (found, unread)
}

/// The same for a project that was opened by a link: its journal used to lie beside the link.
fn find_all(desk: &Desk, project: &Path, named: &Path) -> (Vec<Found>, Vec<Unread>) {
    let folder = desk.state_folder.as_deref();
    let (mut found, mut unread) = find(&*desk.fs, project, folder);
    if desk.is_link(named) {
        let (beside_link, unread_there) = find(&*desk.fs, named, folder);
        found.extend(beside_link.into_iter().map(|journal| Found {
            is_in_place: false,
            ..journal
        }));
        unread.extend(unread_there);
    }
    (found, unread)
}

/// Journals in the state folder that a renamed folder left behind: they know the content of this
/// file and hold edits that it lacks, and the file that they name is gone.
fn stranded(
    fs: &dyn FileSystem,
    project: &Path,
    state_folder: Option<&Path>,
    content: &dyn Fn() -> Option<Content>,
) -> Vec<Found> {
    /// The beginning of a journal: its first records.
    const HEAD: u64 = 1 << 16;
    let Some(folder) = state_folder else {
        return Vec::new();
    };
    let own = path_in_state(project, folder);
    let mut found = Vec::new();
    for path in fs.list(folder).unwrap_or_default() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.ends_with(".ron.journal") || path == own {
            continue;
        }
        let head = fs.read_start(&path, HEAD).unwrap_or_default();
        let Some(file) = named_file(&head) else {
            continue;
        };
        if is_still_there(fs, &file, project) {
            continue;
        }
        let Some(content) = content() else { break };
        if file.file_name() != project.file_name() && !knows(&head, &content) {
            continue;
        }
        let bytes = fs.read_own(&path, MAX_FILE_BYTES).unwrap_or_default();
        if knows(&bytes, &content) && holds_unsaved(&bytes) {
            found.push(Found {
                path,
                bytes,
                is_in_place: false,
            });
        }
    }
    found
}

/// The project file that a journal says it belongs to.
fn named_file(bytes: &[u8]) -> Option<PathBuf> {
    let salvaged = salvage(bytes);
    salvaged.entries.iter().find_map(|entry| {
        let Ok(LazyRecord::Begin { file, .. }) = records::record(entry.payload) else {
            return None;
        };
        Some(PathBuf::from(file?))
    })
}

/// Whether a journal knows a file with this content.
fn knows(bytes: &[u8], content: &Content) -> bool {
    salvage(bytes).entries.iter().any(|entry| {
        entry.payload.starts_with(b"{\"file\"")
            && matches!(records::record(entry.payload),
                Ok(LazyRecord::File { content: known, .. }) if known == *content)
    })
}

/// Whether the file that a journal names is there and is another one than this project.
fn is_still_there(fs: &dyn FileSystem, file: &Path, project: &Path) -> bool {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let project = fs.resolve(&absolute(project));
    let mut places = vec![absolute(file)];
    if file.is_relative() {
        // To a folder that nobody remembers.
        places.extend(project.ancestors().skip(1).map(|folder| folder.join(file)));
    }
    let mut places = places.iter();
    places.any(|place| match fs.info(place) {
        Ok(_) => fs.resolve(place) != project,
        Err(error) => !matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
        ),
    })
}

/// When the last record of a journal was written, and whether it holds edits that its file lacks.
fn urgency(bytes: &[u8]) -> (bool, Option<Timestamp>) {
    let salvaged = salvage(bytes);
    let (mut unsaved, mut since_file) = (false, false);
    let mut last = None;
    for entry in salvaged.entries.iter().chain(&salvaged.foreign) {
        match records::record(entry.payload) {
            Ok(LazyRecord::Step(step)) => {
                since_file = true;
                (unsaved, last) = (true, step.when.or(last));
            }
            Ok(LazyRecord::Undo(turn) | LazyRecord::Redo(turn)) => {
                since_file = true;
                (unsaved, last) = (true, turn.when.or(last));
            }
            Ok(LazyRecord::Placed) => unsaved = since_file,
            Ok(LazyRecord::File {
                when, is_placed, ..
            }) => {
                since_file = false;
                (unsaved, last) = (unsaved && !is_placed, when.or(last));
            }
            Ok(LazyRecord::GivenUp { when }) => {
                (unsaved, last) = (false, when.or(last));
            }
            Ok(LazyRecord::Begin { .. } | LazyRecord::Base(_) | LazyRecord::Kept(_)) => {}
            // Of a later version: nobody knows what it is.
            Err(_) => (unsaved, since_file) = (true, true),
        }
    }
    (unsaved, last)
}

/// Whether a journal holds edits that its file lacks.
pub fn holds_unsaved(bytes: &[u8]) -> bool {
    urgency(bytes).0
}

/// Whether a journal is whole and holds nothing that its file lacks.
pub fn is_disposable(bytes: &[u8]) -> bool {
    salvage(bytes).damage.is_empty() && !holds_unsaved(bytes)
}

/// Whether a project's journal holds edits that its file lacks, as far as the journal knows. One
/// that cannot be read may.
pub fn has_unsaved(desk: &Desk, named: &Path) -> bool {
    let project = &*desk.resolve(named);
    let folder = desk.state_folder.as_deref();
    let (mut found, unread) = find_all(desk, project, named);
    found.extend(stranded(&*desk.fs, project, folder, &|| {
        let bytes = desk.fs.read(project, project_ron::MAX_FILE_BYTES).ok()?;
        Some(Content::of(&bytes))
    }));
    let is_unread = unread.iter().any(|unread| unread.foreign.is_none());
    is_unread || found.iter().any(|journal| holds_unsaved(&journal.bytes))
}

/// How far a journal has come: the names of states and the numbers of records only rise, also when
/// it goes on at another place.
fn progress(bytes: &[u8]) -> (u64, u64) {
    let salvaged = salvage(bytes);
    let parsed = salvaged.entries.iter();
    let parsed = parsed.filter_map(|entry| records::record(entry.payload).ok());
    let state = parsed.filter_map(|record| record.state()).max();
    let sequence = salvaged.entries.last().map(|entry| entry.sequence);
    (state.unwrap_or(0), sequence.unwrap_or(0))
}

/// Looks for the journals of a project file and chooses: one that knows the file before one that
/// does not, then the one that has come furthest. One that goes on where another ends is joined to
/// it. `holds` says which journals are to be held against other programs; those that another one
/// holds are left out, and their places are said.
/// `named` is the path by which the project was opened, and may be a link to it.
pub fn take(
    desk: &Desk,
    project: &Path,
    named: &Path,
    content: Option<&Content>,
    holds: Holds,
) -> (Option<Taken>, Vec<Unread>, Vec<PathBuf>) {
    let (fs, state_folder) = (&*desk.fs, desk.state_folder.as_deref());
    let (mut locks, theirs) = hold_own(desk, project, named, holds);
    let holds = holds != Holds::None;
    let (mut found, mut unread) = find_all(desk, project, named);
    found.retain(|journal| !theirs.contains(&journal.path));
    unread.retain(|unread| !theirs.contains(&unread.path));
    for journal in stranded(fs, project, state_folder, &|| content.cloned()) {
        let lock =
            match holds.then(|| lock::acquire(&desk.fs, &journal.path, clock::holder(), false)) {
                // Its program lives.
                Some(Ok(Locked::Theirs(_))) => continue,
                Some(Ok(Locked::Ours(lock, _))) => Some(lock),
                // A folder that cannot be written holds no lock.
                Some(Err(_)) | None => None,
            };
        locks.push((journal.path.clone(), lock));
        found.push(journal);
    }
    if found.len() > 1 {
        found.sort_by_cached_key(|journal| {
            let knows = content.is_some_and(|content| knows(&journal.bytes, content));
            let last = urgency(&journal.bytes).1;
            std::cmp::Reverse((knows, progress(&journal.bytes), last))
        });
    }
    let mut found = found.into_iter();
    let Some(journal) = found.next() else {
        return (None, unread, theirs);
    };
    let mut lock_of = |path: &Path| {
        let at = locks.iter().position(|(locked, _)| locked == path)?;
        locks.swap_remove(at).1
    };
    let lock = lock_of(&journal.path);
    let is_of_another = !journal.is_in_place
        && named_file(&journal.bytes).is_some_and(|file| file.file_name() != project.file_name());
    let mut taken = Taken {
        is_of_another,
        stranded: (!journal.is_in_place
            && state_folder.is_some_and(|folder| journal.path.starts_with(folder)))
        .then(|| journal.path.clone()),
        sources: vec![(journal.path.clone(), lock)],
        superseded: Vec::new(),
        others: Vec::new(),
        journal,
    };
    for other in found {
        if is_contained(&other.bytes, &taken.journal.bytes) {
            let lock = lock_of(&other.path);
            taken.superseded.push((other.path, lock));
        } else if let Some(joined) = join(&other.bytes, &taken.journal.bytes) {
            let lock = lock_of(&other.path);
            taken.sources.push((other.path.clone(), lock));
            taken.journal = Found {
                path: other.path,
                bytes: joined,
                is_in_place: false,
            };
        } else {
            let lock = lock_of(&other.path);
            let is_saved = !holds_unsaved(&other.bytes);
            taken.others.push((other.path, is_saved, lock));
        }
    }
    (Some(taken), unread, theirs)
}

/// Which journals of a project are held by locks of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    None,
    /// Those in the state folder.
    Away,
    /// The one beside the project as well, which could not be locked.
    All,
}

type Locks = Vec<(PathBuf, Option<Lock>)>;

/// Holds a project's own journals before they are read; also says which another program holds.
fn hold_own(desk: &Desk, project: &Path, named: &Path, holds: Holds) -> (Locks, Vec<PathBuf>) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let folder = desk
        .state_folder
        .as_deref()
        .filter(|_| holds != Holds::None);
    let away = folder.map(|folder| [project, named].map(|path| path_in_state(path, folder)));
    let beside = (holds == Holds::All).then(|| path_beside(project));
    for path in away.into_iter().flatten().chain(beside) {
        let is_done = ours.iter().any(|(held, _)| *held == path) || theirs.contains(&path);
        if is_done || is_free(&*desk.fs, &path) {
            continue;
        }
        match lock::acquire(&desk.fs, &path, clock::holder(), false) {
            Ok(Locked::Ours(lock, _)) => ours.push((path, Some(lock))),
            Ok(Locked::Theirs(_)) => theirs.push(path),
            // A folder that cannot be written holds no lock.
            Err(_) => {}
        }
    }
    (ours, theirs)
}

/// Whether all that a whole journal says is said at the beginning of another.
fn is_contained(earlier: &[u8], later: &[u8]) -> bool {
    let (earlier, later) = (salvage(earlier), salvage(later));
    let mut pairs = earlier.entries.iter().zip(&later.entries);
    earlier.damage.is_empty()
        && earlier.entries.len() <= later.entries.len()
        && pairs.all(|(a, b)| a.payload == b.payload)
}

/// Two whole journals as one, when the later goes on counting where the earlier ends: it was begun
/// when the earlier could not be reached, with copies of its last records.
fn join(earlier: &[u8], later: &[u8]) -> Option<Vec<u8>> {
    let (a, b) = (salvage(earlier), salvage(later));
    let last = a.entries.last()?;
    let goes_on = b.entries.first()?.sequence == last.sequence.checked_add(1)?;
    if !goes_on || !a.damage.is_empty() || !b.damage.is_empty() {
        return None;
    }
    /// So many records in a row say where the copies end.
    const ENOUGH: usize = 64;
    // How many records up to this one are those up to the last of the earlier journal.
    let alike = |at: usize| {
        let copies = b.entries.get(..=at).unwrap_or_default().iter().rev();
        let pairs = copies.zip(a.entries.iter().rev());
        let same = pairs.take_while(|(b, a)| b.payload == a.payload);
        same.take(ENOUGH).count()
    };
    let copied = (0..b.entries.len()).filter(|at| alike(*at) > 0);
    let is_turn = |payload: &[u8]| records::record(payload).is_ok_and(|record| record.is_turn());
    let new = match copied.max_by_key(|at| alike(*at)) {
        Some(at) => at + 1,
        // All of it is new but for how it begins.
        None => b.entries.iter().position(|entry| is_turn(entry.payload))?,
    };
    let mut joined = earlier.get(..a.whole_bytes)?.to_vec();
    let mut sequence = last.sequence;
    for entry in b.entries.get(new..).unwrap_or_default() {
        sequence += 1;
        joined.extend(records::line(sequence, entry.payload).ok()?);
    }
    Some(joined)
}

/// A name like the journal's with this ending that nothing has.
pub fn free_name(fs: &dyn FileSystem, path: &Path, ending: &str) -> PathBuf {
    store::free_name(fs, |n| match n {
        1 => path.with_extension(ending),
        n => path.with_extension(format!("{ending}-{n}")),
    })
}

/// Gives a journal a second name with this ending, which nothing has, and leaves the first.
pub fn keep(fs: &dyn FileSystem, path: &Path, ending: &str) -> io::Result<PathBuf> {
    if let Some(kept) = kept_already(fs, path) {
        return Ok(kept);
    }
    let kept = free_name(fs, path, ending);
    if fs.link(path, &kept).is_err() {
        // Not every file system knows second names.
        let bytes = fs.read_own(path, u64::MAX >> 1)?;
        let mut copy = fs.create_new(&kept)?;
        let written = copy.write_all(&bytes).and_then(|()| copy.sync());
        if let Err(error) = written {
            let _litter_at_worst = fs.remove(&kept);
            return Err(error);
        }
    }
    let _best_effort = fs.sync_folder(&folder_of(&kept));
    Ok(kept)
}

/// A second name that this very journal was given before.
fn kept_already(fs: &dyn FileSystem, path: &Path) -> Option<PathBuf> {
    let info = fs.look(path).ok()?;
    let beginning = path.with_extension("journal-");
    let beginning = beginning.file_name()?.to_string_lossy().into_owned();
    let names = fs.list(&folder_of(path)).ok()?.into_iter();
    let bytes = fs.read_own(path, MAX_FILE_BYTES).ok()?;
    let mut kept = names.filter(|name| {
        let name = name.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&beginning)
    });
    // By what is in it: a copy has another time, and what has the same may be someone's.
    kept.find(|kept| {
        fs.look(kept)
            .is_ok_and(|other| other.len_bytes == info.len_bytes)
            && fs
                .read_own(kept, MAX_FILE_BYTES)
                .is_ok_and(|kept| kept == bytes)
    })
}

/// Whether a journal stands there for certain: what cannot be read may be someone else's.
pub(in crate::app) fn is_ours(fs: &dyn FileSystem, path: &Path) -> bool {
    must_be_ours(fs, path, MAX_FILE_BYTES, records::is_journal).is_ok()
}

/// What a journal is kept as.
pub(in crate::app) fn ending(what: &str) -> String {
    format!("{what}-{}", clock::stamp(clock::now()))
}

/// Gives the journals of a file that is about to be replaced by another project another name, so
/// that nothing of them is taken for work on that one.
pub fn put_journals_aside(desk: &Desk, project: &Path) {
    let fs = &*desk.fs;
    let (_locks, theirs) = hold_own(desk, project, project, Holds::Away);
    let (found, unread) = find(fs, project, desk.state_folder.as_deref());
    let is_ours = |path: &Path| !theirs.iter().any(|held| held == path) && is_ours(fs, path);
    let found = found.into_iter().filter(|journal| is_ours(&journal.path));
    for journal in found {
        let ending = if is_disposable(&journal.bytes) {
            "journal-old".to_owned()
        } else {
            ending("journal")
        };
        let kept = free_name(fs, &journal.path, &ending);
        let _stays_at_worst = fs.rename(&journal.path, &kept);
    }
    let unread = unread.into_iter().filter(|unread| unread.foreign.is_none());
    for path in unread
        .map(|unread| unread.path)
        .filter(|path| is_ours(path))
    {
        let kept = free_name(fs, &path, &ending("journal"));
        let _stays_at_worst = fs.rename(&path, &kept);
    }
}
