//! What this program and the processes that read for it say to each other: a line of JSON each.
//!
//! Lines that do not begin with [`MARK`] are what libraries print, and are passed over.

use super::reading::{Member, ReadFile};
use crate::format::readers::readers;
use crate::format::reading::{ReadOptions, Reading, Refusal};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{self, BufRead, Read, Write};

/// Begins each line; no text that a library prints does.
const MARK: u8 = 0x01;

/// To a process that reads.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// What was chosen, for [`super::gather::OnDisk::within`]: comes before the files.
    Roots(Vec<OsString>),
    File {
        name: String,
        path: OsString,
        options: Box<ReadOptions>,
        /// The place of the member up to which it was read before; empty for none.
        past: Vec<usize>,
        limits: Limits,
    },
    /// A page from the clipboard.
    Page {
        html: String,
        options: Box<ReadOptions>,
        limits: Limits,
    },
    /// The text that was asked for.
    Text(Option<String>),
}

/// What the process may take for one file, beside the time, which is watched from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub memory_bytes: u64,
    /// Of processor time: for a process whose parent died.
    pub cpu_secs: u64,
}

/// From a process that reads.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    Begins(Member),
    /// What begins has so many bytes.
    Unpacked(u64),
    Ends,
    Took(Box<Took>),
    /// Asks for a text by its hash.
    WantsText(String),
    /// The request is done. Whether the process ends now.
    Done(bool),
}

/// A [`ReadFile`].
#[derive(Debug, Serialize, Deserialize)]
pub struct Took {
    name: String,
    kind: String,
    result: Result<Reading, Refusal>,
}

impl From<ReadFile> for Took {
    fn from(file: ReadFile) -> Self {
        Self {
            name: file.path.to_string_lossy().into_owned(),
            kind: file.kind.to_owned(),
            result: file.result,
        }
    }
}

impl From<Took> for ReadFile {
    fn from(took: Took) -> Self {
        let titles = readers().map(|reader| reader.title);
        Self {
            path: took.name.into(),
            kind: titles
                .into_iter()
                .find(|title| *title == took.kind)
                .unwrap_or_default(),
            result: took.result,
        }
    }
}

pub fn write(out: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    // A library may have printed half a line.
    out.write_all(&[b'\n', MARK])?;
    serde_json::to_writer(&mut *out, message)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// The next message, `None` at the end. What else was printed goes to `noise`, as far as it has
/// room there.
///
/// # Errors
/// When a message is longer than `limit` bytes or none of ours.
pub fn read<T: DeserializeOwned>(
    input: &mut impl BufRead,
    limit: u64,
    noise: &mut Vec<u8>,
) -> io::Result<Option<T>> {
    const MAX_NOISE: usize = 4 << 10;
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut start = input.take(MAX_NOISE as u64);
        if start.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line == b"\n" {
            continue;
        }
        if line.first() != Some(&MARK) {
            let room = MAX_NOISE.saturating_sub(noise.len()).min(line.len());
            noise.extend_from_slice(line.get(..room).unwrap_or_default());
            continue;
        }
        if !line.ends_with(b"\n") {
            input.take(limit).read_until(b'\n', &mut line)?;
        }
        if !line.ends_with(b"\n") {
            return if line.len() as u64 > limit {
                Err(io::ErrorKind::FileTooLarge.into())
            } else {
                Ok(None)
            };
        }
        return Ok(Some(serde_json::from_slice(
            line.get(1..).unwrap_or_default(),
        )?));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::readers::reader_named;
    use crate::format::reading::FoundArticle;

    fn html_page() -> &'static str {
        reader_named("html").unwrap().title
    }

    fn article(text: &str) -> ReadFile {
        let reading = Reading {
            encoding: Some("windows-1252"),
            articles: vec![FoundArticle {
                text: text.to_owned(),
                ..FoundArticle::default()
            }],
            ..Reading::default()
        };
        ReadFile {
            path: "a/b.txt".into(),
            kind: html_page(),
            result: Ok(reading),
        }
    }

    #[test]
    fn messages_come_through_what_libraries_print() {
        let mut sent = b"a library prints\nand \x01 more".to_vec();
        let long = "déjà vu 💩\n".repeat(2_000);
        for text in ["one\ntwo", long.as_str()] {
            write(&mut sent, &Reply::Took(Box::new(article(text).into()))).unwrap();
            sent.extend_from_slice(b"noise\n");
        }
        write(&mut sent, &Reply::Done(true)).unwrap();
        let mut input = sent.as_slice();
        let mut noise = Vec::new();
        for expected in ["one\ntwo", long.as_str()] {
            let Some(Reply::Took(took)) = read(&mut input, 1 << 20, &mut noise).unwrap() else {
                panic!("a file is expected");
            };
            let file = ReadFile::from(*took);
            assert_eq!(
                (file.path.to_str(), file.kind),
                (Some("a/b.txt"), html_page())
            );
            let reading = file.result.unwrap();
            assert_eq!(reading.encoding, Some("windows-1252"));
            assert_eq!(reading.articles[0].text, expected);
        }
        assert!(matches!(
            read(&mut input, 1 << 20, &mut noise).unwrap(),
            Some(Reply::Done(true))
        ));
        assert!(
            read::<Reply>(&mut input, 1 << 20, &mut noise)
                .unwrap()
                .is_none()
        );
        assert!(noise.starts_with(b"a library prints\nand \x01 more\nnoise\n"));
    }

    #[test]
    fn a_message_that_is_too_long_or_torn_is_none() {
        let mut sent = Vec::new();
        write(
            &mut sent,
            &Reply::Took(Box::new(article(&"x".repeat(20_000)).into())),
        )
        .unwrap();
        let cut = |at: usize, limit: u64| {
            let mut input = sent.get(..at).unwrap();
            read::<Reply>(&mut input, limit, &mut Vec::new())
        };
        assert!(cut(sent.len(), 1 << 20).unwrap().is_some());
        assert!(cut(sent.len() - 1, 1 << 20).unwrap().is_none());
        assert!(cut(100, 1 << 20).unwrap().is_none());
        assert_eq!(
            cut(sent.len(), 10_000).unwrap_err().kind(),
            io::ErrorKind::FileTooLarge
        );
    }
}
