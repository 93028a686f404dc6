//! The journal of edits: records to bytes and back.
//!
//! A text file that only grows. Each line is one record: the length of its payload, its sequence
//! number and a CRC-32 of both number and payload, all in hexadecimal, then the payload as JSON.
//! Positions are UTF-8 bytes, half-open. A tail that was torn by a crash is found by its length or
//! its checksum and left out; what stands before it is whole. What stands whole behind damage is
//! found by `salvage`. Knows no files, and keeps invariant 8 together with `store::journal`.

mod salvage;

use crate::core::annotation::Timestamp;
use crate::core::edit::{Edit, Transaction};
use crate::core::ids::{AnnotatorId, ArticleId};
use crate::core::project::Project;
use crate::core::text::{ArticleText, ByteRange, hash_of};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub use salvage::{Damage, Entry, Salvaged, salvage};

/// The version of what is written. A journal with another major number is not replayed.
pub const VERSION: (u32, u32) = (1, 0);

/// The largest journal that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 2 << 30;

/// `LENGTH SEQUENCE CHECKSUM ` before the payload.
const HEAD_BYTES: usize = 8 + 1 + 16 + 1 + 8 + 1;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// The first record.
    Begin {
        version: (u32, u32),
        /// The project's name, for messages.
        name: String,
        /// The project file; none for a project that was never saved.
        file: Option<String>,
        when: Option<Timestamp>,
    },
    /// What a project without a file began with: the demo, or a backup opened as a copy.
    Base(Transaction),
    /// A step was made.
    Step(StepRecord),
    /// A step of an earlier time, without the half that is not needed: what takes it back when it
    /// was in force, what makes it again when it was not.
    Kept {
        title: String,
        state: u64,
        #[serde(default)]
        by: Option<AnnotatorId>,
        #[serde(default)]
        when: Option<Timestamp>,
        in_force: bool,
        next: Transaction,
    },
    /// The last step was taken back. `redo` makes it again, where no record before says how.
    Undo {
        when: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        redo: Option<Transaction>,
    },
    /// The last undone step was made again.
    Redo {
        when: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo: Option<Transaction>,
    },
    /// A project file with this content holds this state. Written before the file is replaced, so
    /// that no crash comes between the two; the file may be older until it is said to be placed.
    File {
        state: u64,
        content: Content,
        when: Option<Timestamp>,
        #[serde(default)]
        is_placed: bool,
    },
    /// The file of the last such record is in its place.
    Placed,
    /// What was done since the file was saved was given up by the analyst, or went to another file.
    /// It is not recovered by itself, but can be redone.
    GivenUp { when: Option<Timestamp> },
}

#[deny(clippy::wildcard_enum_match_arm)]
impl Record {
    /// Whether it changes the project: a step, or one that is taken back or made again.
    pub fn is_turn(&self) -> bool {
        match self {
            Self::Step(_) | Self::Undo { .. } | Self::Redo { .. } => true,
            Self::Begin { .. }
            | Self::Base(_)
            | Self::Kept { .. }
            | Self::File { .. }
            | Self::Placed
            | Self::GivenUp { .. } => false,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRecord {
    pub state: u64,
    #[serde(default)]
    pub by: Option<AnnotatorId>,
    #[serde(default)]
    pub when: Option<Timestamp>,
    pub redo: Transaction,
    pub undo: Transaction,
    /// The text of every annotation that `redo` adds or changes, in its order, fragments joined by
    /// a line break: proof of the positions, and the means to find them again in another text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marked: Vec<String>,
}

/// Names the content of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub len_bytes: u64,
    /// BLAKE3, 64 hexadecimal digits.
    pub hash: String,
}

impl Content {
    pub fn of(bytes: &[u8]) -> Self {
        let mut content = Growing::default();
        content.add(bytes);
        content.whole()
    }
}

/// The content of a file that is being written.
#[derive(Default)]
pub struct Growing {
    hasher: blake3::Hasher,
    len_bytes: u64,
}

impl Growing {
    pub fn add(&mut self, part: &[u8]) {
        self.hasher.update(part);
        self.len_bytes += part.len() as u64;
    }

    pub fn whole(&self) -> Content {
        Content {
            len_bytes: self.len_bytes,
            hash: self.hasher.finalize().to_hex().to_string(),
        }
    }
}

/// A record as the payload of a line.
pub fn payload(record: &Record) -> Result<Vec<u8>, String> {
    serde_json::to_vec(record).map_err(|error| error.to_string())
}

/// A payload as its line, with the sequence number that it gets.
pub fn line(sequence: u64, payload: &[u8]) -> Result<Vec<u8>, String> {
    let length =
        u32::try_from(payload.len()).map_err(|_too_large| "the record is too long".to_owned())?;
    let sum = checksum(sequence, payload);
    let mut line = Vec::with_capacity(HEAD_BYTES + payload.len() + 1);
    line.extend_from_slice(format!("{length:08x} {sequence:016x} {sum:08x} ").as_bytes());
    line.extend_from_slice(payload);
    line.push(b'\n');
    Ok(line)
}

fn checksum(sequence: u64, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&sequence.to_le_bytes());
    hasher.update(payload);
    hasher.finalize()
}

/// A journal as far as it is whole.
#[derive(Debug, Default)]
pub struct Lines<'a> {
    /// Sequence number and payload of each record.
    pub records: Vec<(u64, &'a [u8])>,
    /// How many bytes from the start are whole records.
    pub whole_bytes: usize,
    /// What is wrong after them, if anything is there.
    pub torn: Option<String>,
}

/// Cuts a journal into its records, up to the first that is not whole. Looks at every byte once.
pub fn lines(bytes: &[u8]) -> Lines<'_> {
    let mut found = Lines::default();
    let mut rest = bytes;
    while !rest.is_empty() {
        match next_line(rest) {
            Ok((sequence, payload, length)) => {
                let expected = found.records.last().map(|(last, _)| last.saturating_add(1));
                if expected.is_some_and(|expected| expected != sequence) {
                    found.torn = Some(format!("record {sequence} does not follow the one before"));
                    break;
                }
                found.records.push((sequence, payload));
                found.whole_bytes += length;
                rest = rest.get(length..).unwrap_or_default();
            }
            Err(reason) => {
                found.torn = Some(reason.to_owned());
                break;
            }
        }
    }
    found
}

/// Whether bytes are of a journal, however damaged: a line at least begins as those of journals do.
/// Nothing and zeros are what a loss of power leaves of one.
pub fn is_journal(bytes: &[u8]) -> bool {
    let begins_so = |line: &[u8]| {
        let head = line.get(..HEAD_BYTES).unwrap_or(line);
        let mut head = head.iter().enumerate();
        head.all(|(i, byte)| match i {
            8 | 25 | 34 => *byte == b' ',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    let is_cut = bytes.len() < HEAD_BYTES && begins_so(bytes);
    let mut lines = bytes.split(|byte| *byte == b'\n');
    is_cut
        || bytes.iter().all(|byte| *byte == 0)
        || lines.any(|line| line.len() >= HEAD_BYTES && begins_so(line))
}

fn next_line(rest: &[u8]) -> Result<(u64, &[u8], usize), &'static str> {
    let cut_off = "a record was cut off";
    let head = rest.get(..HEAD_BYTES).ok_or(cut_off)?;
    let head = std::str::from_utf8(head).map_err(|_not_text| "this is no record")?;
    let mut fields = head.split(' ');
    let mut field = |digits: usize| {
        let field = fields.next().filter(|field| field.len() == digits)?;
        u64::from_str_radix(field, 16).ok()
    };
    let (Some(length), Some(sequence), Some(sum)) = (field(8), field(16), field(8)) else {
        return Err("this is no record");
    };
    let end = HEAD_BYTES + length as usize;
    let payload = rest.get(HEAD_BYTES..end).ok_or(cut_off)?;
    if rest.get(end) != Some(&b'\n') {
        return Err(cut_off);
    }
    if u64::from(checksum(sequence, payload)) != sum {
        return Err("the checksum of a record does not fit");
    }
    Ok((sequence, payload, end + 1))
}

/// A record whose transactions are parsed only when they are needed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LazyRecord<'a> {
    Begin {
        version: (u32, u32),
        name: String,
        file: Option<String>,
        when: Option<Timestamp>,
    },
    #[serde(borrow)]
    Base(&'a RawValue),
    #[serde(borrow)]
    Step(LazyStep<'a>),
    #[serde(borrow)]
    Kept(LazyKept<'a>),
    #[serde(borrow)]
    Undo(LazyTurn<'a>),
    #[serde(borrow)]
    Redo(LazyTurn<'a>),
    File {
        state: u64,
        content: Content,
        when: Option<Timestamp>,
        #[serde(default)]
        is_placed: bool,
    },
    Placed,
    GivenUp {
        when: Option<Timestamp>,
    },
}

#[deny(clippy::wildcard_enum_match_arm)]
impl LazyRecord<'_> {
    /// As [`Record::is_turn`].
    pub fn is_turn(&self) -> bool {
        match self {
            Self::Step(_) | Self::Undo(_) | Self::Redo(_) => true,
            Self::Begin { .. }
            | Self::Base(_)
            | Self::Kept(_)
            | Self::File { .. }
            | Self::Placed
            | Self::GivenUp { .. } => false,
        }
    }

    /// The state that it names.
    pub fn state(&self) -> Option<u64> {
        match self {
            Self::Step(step) => Some(step.state),
            Self::Kept(step) => Some(step.state),
            Self::File { state, .. } => Some(*state),
            Self::Begin { .. }
            | Self::Base(_)
            | Self::Undo(_)
            | Self::Redo(_)
            | Self::Placed
            | Self::GivenUp { .. } => None,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct LazyStep<'a> {
    pub state: u64,
    #[serde(default)]
    pub by: Option<AnnotatorId>,
    #[serde(default)]
    pub when: Option<Timestamp>,
    #[serde(borrow)]
    pub redo: &'a RawValue,
    #[serde(borrow)]
    pub undo: &'a RawValue,
    #[serde(default)]
    pub marked: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct LazyKept<'a> {
    pub title: String,
    pub state: u64,
    #[serde(default)]
    pub by: Option<AnnotatorId>,
    #[serde(default)]
    pub when: Option<Timestamp>,
    pub in_force: bool,
    #[serde(borrow)]
    pub next: &'a RawValue,
}

#[derive(Clone, Debug, Deserialize)]
pub struct LazyTurn<'a> {
    #[serde(default)]
    pub when: Option<Timestamp>,
    #[serde(borrow, default)]
    pub redo: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub undo: Option<&'a RawValue>,
}

/// Parses the payload of a record.
pub fn record(payload: &[u8]) -> Result<LazyRecord<'_>, String> {
    serde_json::from_slice(payload).map_err(|error| error.to_string())
}

/// Parses a transaction. What it brings is proven by `apply`.
pub fn transaction(raw: &RawValue) -> Result<Transaction, String> {
    serde_json::from_str(raw.get()).map_err(|error| error.to_string())
}

/// The texts of the annotations that a transaction adds or changes, as [`StepRecord::marked`].
pub fn marked(project: &Project, transaction: &Transaction) -> Vec<String> {
    marked_in(transaction, |article| {
        project.article(article).map(|article| &*article.text)
    })
}

/// The same where the texts are found in another way.
pub fn marked_in<'a>(
    transaction: &Transaction,
    text_of: impl Fn(&ArticleId) -> Option<&'a ArticleText>,
) -> Vec<String> {
    let mut marked: Vec<String> = transaction
        .annotations()
        .map(|(article, annotation)| {
            let text = text_of(article);
            let slices = annotation.fragments.iter();
            let slices = slices.map(|range| text.map_or("", |text| text.slice(*range)));
            slices.collect::<Vec<_>>().join("\n")
        })
        .collect();
    // Stretches without an annotation can be whole articles: a hash proves them as well.
    for (article, stretches) in transaction.edits.iter().filter_map(Edit::nothing) {
        let text = text_of(article);
        let words = |range: &ByteRange| text.map(|text| hash_of(text.slice(*range)));
        let words = stretches.iter().map(words);
        marked.extend(words.map(Option::unwrap_or_default));
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rename(name: &str) -> Transaction {
        Transaction::new("rename", vec![Edit::SetName(name.to_owned())])
    }

    fn step(state: u64, name: &str) -> Record {
        Record::Step(StepRecord {
            state,
            by: Some("ana".into()),
            when: Some(Timestamp::new(1_795_532_531)),
            redo: rename(name),
            undo: rename(""),
            marked: vec!["déjà\nvu".to_owned()],
        })
    }

    fn encode(sequence: u64, record: &Record) -> Result<Vec<u8>, String> {
        line(sequence, &payload(record)?)
    }

    fn journal(names: &[&str]) -> Vec<u8> {
        let lines = names.iter().enumerate();
        lines
            .flat_map(|(i, name)| encode(i as u64 + 1, &step(i as u64, name)).unwrap())
            .collect()
    }

    #[test]
    fn a_line_can_be_read_by_people() {
        let line = String::from_utf8(encode(1, &step(7, "Elections")).unwrap()).unwrap();
        assert_eq!(
            line,
            "000000fb 0000000000000001 SUM {\"step\":{\"state\":7,\"by\":\"ana\",\"when\":1795532531,\
             \"redo\":{\"title\":\"rename\",\"edits\":[{\"set_name\":\"Elections\"}]},\
             \"undo\":{\"title\":\"rename\",\"edits\":[{\"set_name\":\"\"}]},\
             \"marked\":[\"déjà\\nvu\"]}}\n"
                .replace("SUM", line.get(26..34).unwrap())
                .replace("000000fb", line.get(..8).unwrap())
        );
        assert_eq!(
            usize::from_str_radix(line.get(..8).unwrap(), 16).unwrap(),
            line.len() - HEAD_BYTES - 1
        );
    }

    #[track_caller]
    fn check(damage: impl Fn(&mut Vec<u8>), whole: usize, torn: Option<&str>) {
        let mut bytes = journal(&["one", "two", "three"]);
        damage(&mut bytes);
        let lines = lines(&bytes);
        assert_eq!(lines.records.len(), whole);
        assert_eq!(lines.torn.as_deref(), torn);
    }

    #[test]
    fn a_torn_tail_is_found() {
        let two = journal(&["one", "two"]).len();
        let checksum = "the checksum of a record does not fit";
        check(|_| (), 3, None);
        check(Vec::clear, 0, None);
        check(|b| b.truncate(two), 2, None);
        check(|b| b.truncate(two + 10), 2, Some("a record was cut off"));
        check(|b| b.truncate(b.len() - 1), 2, Some("a record was cut off"));
        check(|b| b.extend([0; 4096]), 3, Some("this is no record"));
        check(
            |b| b.extend(journal(&["again"])),
            3,
            Some("record 1 does not follow the one before"),
        );
        let flip = |b: &mut Vec<u8>| *b.last_mut().unwrap() = b'x';
        check(flip, 2, Some("a record was cut off"));
        check(|b| b[two + 60] ^= 1, 2, Some(checksum));
        check(|b| b[9 + 15] = b'7', 0, Some(checksum));
        check(
            |b| b[..8].copy_from_slice(b"ffffffff"),
            0,
            Some("a record was cut off"),
        );
    }

    proptest! {
        #[test]
        fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            for (_, payload) in lines(&bytes).records {
                let _any_outcome = record(payload);
            }
            let _any_outcome = record(&bytes);
        }

        #[test]
        fn damage_never_makes_a_record(at in 0usize..700, byte in any::<u8>()) {
            let whole = journal(&["one", "two", "three"]);
            let mut bytes = whole.clone();
            let at = at % bytes.len();
            bytes[at] = byte;
            let before = lines(&whole).records;
            let after = lines(&bytes).records;
            // Digits may change case; nothing else may change and still be read.
            prop_assert_eq!(&before[..after.len()], &after[..]);
        }
    }
}
