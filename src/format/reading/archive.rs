//! ZIP archives in memory, trusting nothing: member names stay inside, sizes are capped as they
//! unpack and not as they are declared.

use crate::format::reading::budget::Budget;
use crate::format::reading::{Kept, MAX_UNPACKED_BYTES, Refusal, Siblings};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex};

/// The most members that an archive may have.
pub const MAX_MEMBERS: usize = 200_000;

/// An archive whose members are read on demand.
pub struct Archive<'a> {
    zip: Mutex<zip::ZipArchive<Cursor<&'a [u8]>>>,
    /// Safe names, `/` between folders, to places in the archive.
    members: BTreeMap<String, usize>,
    /// Members that are not taken, with the reason.
    pub left_out: Vec<(String, String)>,
    budget: Budget,
    kept: Kept,
}

impl<'a> Archive<'a> {
    /// Opens an archive. What its members unpack to is taken from `budget`; a number is one of its
    /// own.
    pub fn open(bytes: &'a [u8], budget: impl Into<Budget>) -> Result<Self, Refusal> {
        let zip = zip::ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| Refusal::new(format!("the ZIP archive is damaged: {error}")))?;
        if zip.len() > MAX_MEMBERS {
            return Err(Refusal::new(format!(
                "the archive has {} members; the limit is {MAX_MEMBERS}",
                zip.len()
            )));
        }
        let mut members = BTreeMap::new();
        let mut left_out = Vec::new();
        for i in 0..zip.len() {
            let Some(Ok(name)) = zip.name_for_index(i) else {
                let number = i + 1;
                left_out.push((
                    format!("member {number}"),
                    "its name cannot be read".to_owned(),
                ));
                continue;
            };
            if name.ends_with('/') {
                continue;
            }
            match safe_name(&name) {
                Some(safe) if members.contains_key(&safe) => {
                    left_out.push((
                        safe,
                        "another member of the archive has this name".to_owned(),
                    ));
                }
                Some(safe) => {
                    members.insert(safe, i);
                }
                None => left_out.push((
                    name.into_owned(),
                    "its name leads out of the archive".to_owned(),
                )),
            }
        }
        Ok(Self {
            zip: Mutex::new(zip),
            members,
            left_out,
            budget: budget.into(),
            kept: Kept::default(),
        })
    }

    /// Names of all members that are files, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// The bytes of a member.
    pub fn member(&self, name: &str) -> Result<Vec<u8>, Refusal> {
        let at = *self
            .members
            .get(name)
            .ok_or_else(|| Refusal::new(format!("there is no “{name}” in the archive")))?;
        let poisoned = || Refusal::new("the archive could not be read");
        let mut zip = self.zip.lock().map_err(|_poison| poisoned())?;
        let member = zip.by_index(at).map_err(|error| {
            let message = error.to_string();
            if message.to_lowercase().contains("password") {
                Refusal::new("it is encrypted; save it without a password")
            } else {
                Refusal::new(format!("the archive is damaged: {message}"))
            }
        })?;
        let left = self.budget.left();
        let room = left.min(MAX_UNPACKED_BYTES);
        let too_large = || {
            if room == left {
                self.budget.refusal()
            } else {
                Refusal::new(format!(
                    "it unpacks to more than {} MB and may be a ZIP bomb",
                    room >> 20
                ))
            }
        };
        // Most bombs say how large they are.
        if member.size() > room {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(member.size().min(room).min(1 << 20) as usize);
        let read = member.take(room + 1).read_to_end(&mut bytes);
        // Spent, whatever came of it: a thousand members that lie must not be tried in full.
        self.budget.spend(bytes.len() as u64);
        read.map_err(|error| Refusal::new(format!("the archive is damaged: {error}")))?;
        if bytes.len() as u64 > room {
            Err(too_large())
        } else {
            Ok(bytes)
        }
    }
}

impl Siblings for Archive<'_> {
    fn contains(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    fn read(&self, name: &str) -> Option<Arc<[u8]>> {
        self.kept.or_read(name, || self.member(name).ok())
    }

    fn in_folder(&self, folder: &str) -> Vec<String> {
        let is_in = |name: &&String| name.rsplit_once('/').map_or("", |(f, _)| f) == folder;
        self.members.keys().filter(is_in).cloned().collect()
    }
}

/// The bytes of a gzip file of one or more members.
pub fn gunzip(bytes: &[u8], budget: &Budget) -> Result<Vec<u8>, Refusal> {
    let left = budget.left();
    let room = left.min(MAX_UNPACKED_BYTES);
    let mut unpacked = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes)
        .take(room + 1)
        .read_to_end(&mut unpacked);
    budget.spend(unpacked.len() as u64);
    read.map_err(|error| Refusal::new(format!("the gzip file is damaged: {error}")))?;
    if unpacked.len() as u64 <= room {
        Ok(unpacked)
    } else if room == left {
        Err(budget.refusal())
    } else {
        Err(Refusal::new(format!(
            "it unpacks to more than {} MB",
            room >> 20
        )))
    }
}

/// A member's name without anything that leads out of the archive; `None` when it does.
fn safe_name(name: &str) -> Option<String> {
    let name = name.replace('\\', "/");
    let is_absolute = name.starts_with('/') || name.get(1..2) == Some(":");
    let parts: Vec<&str> = name
        .split('/')
        .filter(|p| !p.is_empty() && *p != ".")
        .collect();
    if is_absolute || parts.is_empty() || parts.contains(&"..") || name.contains('\0') {
        return None;
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_beside_many_files_is_unpacked_few_times() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("a/table.tsv", options).unwrap();
        std::io::Write::write_all(&mut zip, &[b'x'; 1_000]).unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        let archive = Archive::open(&bytes, 2_500).unwrap();
        for _ in 0..20 {
            assert_eq!(
                archive.read("a/table.tsv").map(|bytes| bytes.len()),
                Some(1_000)
            );
        }
        assert!(archive.read("a/other.tsv").is_none());
    }

    #[test]
    fn names_stay_inside() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(safe_name(name).as_deref(), expected, "{name}");
        };
        check("a/b.txt", Some("a/b.txt"));
        check("./a//b.txt", Some("a/b.txt"));
        check("a\\b.txt", Some("a/b.txt"));
        check("../b.txt", None);
        check("a/../../b.txt", None);
        check("/etc/passwd", None);
        check("C:\\b.txt", None);
    }
}
