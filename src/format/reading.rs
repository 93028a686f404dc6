//! What readers of files are given, and what they find.
//!
//! A reader turns the bytes of one file into articles, with or without annotations. It knows no
//! project and no file system: other files of the same choice are asked for by name. Offsets stay in
//! the unit of the file; `placing` proves them against the text.

pub mod archive;
pub mod article_rows;
pub mod assembly;
pub mod budget;
pub mod carried;
pub mod cells;
pub mod codebook;
pub mod columns;
pub mod dates;
pub mod decode;
pub mod fence;
pub mod fields;
pub mod flow;
pub mod left_out;
pub mod loose_json;
pub(crate) mod of_project;
pub(crate) mod outline;
pub mod own_spans;
pub mod own_tables;
pub mod parquet_file;
pub mod placing;
pub mod records;
pub mod span_rows;
pub mod tags;
pub mod texts;
pub mod title;
pub mod xml;

use crate::core::annotation::{AttributeValue, Origin, Timestamp};
use crate::core::article::Status;
use crate::core::codebook::Thing;
use crate::core::project::Project;
use crate::format::reading::budget::Budget;
use crate::format::reading::decode::Decoded;
use crate::format::reading::left_out::LeftOut;
use crate::format::words::of_project::OfProject;
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// One file as it was chosen, or one member of an archive.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// Folders and name as they were chosen, `/` between them: `export/brat/a.ann`.
    pub name: &'a str,
    pub bytes: &'a [u8],
    pub siblings: &'a dyn Siblings,
}

impl<'a> Source<'a> {
    /// A file without others around it.
    pub fn alone(name: &'a str, bytes: &'a [u8]) -> Self {
        Self {
            name,
            bytes,
            siblings: &NoSiblings,
        }
    }

    /// The last part of the name.
    pub fn file_name(&self) -> &'a str {
        self.name.rsplit('/').next().unwrap_or(self.name)
    }

    /// The file name without its last ending.
    pub fn stem(&self) -> &'a str {
        let name = self.file_name();
        name.rsplit_once('.')
            .map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
    }

    /// The last ending in lower case, without its dot; empty for none.
    pub fn extension(&self) -> String {
        let ending = self.file_name().rsplit_once('.').map(|(_, ending)| ending);
        ending.unwrap_or_default().to_lowercase()
    }

    /// The folders, without the last `/`; empty for none.
    pub fn folder(&self) -> &'a str {
        self.name.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The name of a file in the same folder.
    pub fn beside(&self, file_name: &str) -> String {
        match self.folder() {
            "" => file_name.to_owned(),
            folder => format!("{folder}/{file_name}"),
        }
    }
}

/// The other files of what was chosen: of a folder, or of an archive. Names as in [`Source::name`].
pub trait Siblings: Sync {
    fn contains(&self, name: &str) -> bool;
    /// The bytes, capped; `None` when there is no such file or it cannot be read.
    fn read(&self, name: &str) -> Option<Arc<[u8]>>;
    /// Full names of the files that stand directly in a folder, sorted.
    fn in_folder(&self, folder: &str) -> Vec<String>;
}

pub struct NoSiblings;

impl Siblings for NoSiblings {
    fn contains(&self, _name: &str) -> bool {
        false
    }
    fn read(&self, _name: &str) -> Option<Arc<[u8]>> {
        None
    }
    fn in_folder(&self, _folder: &str) -> Vec<String> {
        Vec::new()
    }
}

/// Files in memory, by name: for tests, and for archives that were unpacked.
impl Siblings for BTreeMap<String, Vec<u8>> {
    fn contains(&self, name: &str) -> bool {
        self.contains_key(name)
    }
    fn read(&self, name: &str) -> Option<Arc<[u8]>> {
        self.get(name).map(|bytes| bytes.as_slice().into())
    }
    fn in_folder(&self, folder: &str) -> Vec<String> {
        let is_in = |name: &&String| name.rsplit_once('/').map_or("", |(f, _)| f) == folder;
        self.keys().filter(is_in).cloned().collect()
    }
}

/// Files that stand beside many others, as a table of all articles does: whoever reads one again
/// gets it from here.
#[derive(Default)]
pub struct Kept {
    known: Mutex<KeptFiles>,
}

#[derive(Default)]
struct KeptFiles {
    read_once: HashSet<String>,
    held: HashMap<String, Arc<[u8]>>,
    held_bytes: usize,
}

impl Kept {
    const MAX_BYTES: usize = 64 << 20;

    /// The bytes of a file; from `read` until they have been read again.
    pub fn or_read(&self, name: &str, read: impl FnOnce() -> Option<Vec<u8>>) -> Option<Arc<[u8]>> {
        let is_again = match self.known.lock() {
            Ok(mut known) => match known.held.get(name) {
                Some(bytes) => return Some(Arc::clone(bytes)),
                None => !known.read_once.insert(name.to_owned()),
            },
            Err(_poisoned) => false,
        };
        let bytes: Arc<[u8]> = read()?.into();
        if is_again
            && let Ok(mut known) = self.known.lock()
            && known.held_bytes + bytes.len() <= Self::MAX_BYTES
            && !known.held.contains_key(name)
        {
            known.held_bytes += bytes.len();
            known.held.insert(name.to_owned(), Arc::clone(&bytes));
        }
        Some(bytes)
    }
}

/// How sure a reader is that a file is its own, from its content. The surest reader takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likelihood {
    No,
    /// Anything of the kind would do: plain text, any JSON with a text field.
    Fallback,
    /// The shape fits.
    Likely,
    /// The shape fits, and so do names that this format alone uses.
    Sure,
}

impl Likelihood {
    /// This much where it is so, else not at all.
    pub fn when(self, is_so: bool) -> Self {
        if is_so { self } else { Self::No }
    }
}

/// What a reader sees before it is chosen.
pub struct Head<'a> {
    pub source: Source<'a>,
    /// The first 64 kB as text, without a byte-order mark; empty for binary files. Of JSON so much
    /// of its outline.
    pub text: &'a str,
    inside: OnceCell<Inside>,
}

/// What a file begins with that cannot be recognised from its own first bytes.
#[derive(Debug, Default)]
pub(crate) struct Inside {
    /// The page, without what nobody sees; `None` where there is none.
    pub page: Option<String>,
    /// The text in a container or a page; `None` where it is that of the file.
    pub text: Option<String>,
    /// The text with the letters of ASCII in lower case.
    pub lower: String,
}

impl<'a> Head<'a> {
    pub fn new(source: Source<'a>, text: &'a str) -> Self {
        let inside = OnceCell::new();
        Self {
            source,
            text,
            inside,
        }
    }

    /// What is inside, looked for once: several readers ask.
    pub(crate) fn inside(&self, look: impl FnOnce(&Self) -> Inside) -> &Inside {
        self.inside.get_or_init(|| look(self))
    }
}

/// A kind of file that can be imported.
#[derive(Debug)]
pub struct Reader {
    /// What the report and `--format` call it: `html`, `nexis`, `brat`.
    pub name: &'static str,
    /// What people call it: “HTML page”, “Nexis Uni export”.
    pub title: &'static str,
    pub group: ReaderGroup,
    /// Usual endings in lower case: a folder is searched for them.
    pub extensions: &'static [&'static str],
    pub recognise: fn(&Head<'_>) -> Likelihood,
    pub read: fn(&Source<'_>, &ReadOptions) -> Result<Reading, Refusal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReaderGroup {
    /// One article in a file.
    Article,
    /// Many articles in a file.
    Collection,
    /// Articles with annotations.
    Dataset,
}

/// Why a file was not read: one sentence in the user's terms, without the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{0}")]
pub struct Refusal(pub String);

impl Refusal {
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// Texts that are here already, asked for by their hash, for datasets that came without theirs.
#[derive(Clone, Default)]
pub struct KnownTexts(Option<LookUp>);

type LookUp = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

impl KnownTexts {
    pub fn of(project: &Project) -> Self {
        let texts = project.articles().iter();
        let texts = texts.map(|article| (article.text.hash().to_owned(), article.text.clone()));
        let texts: HashMap<String, _> = texts.collect();
        Self::asking(move |hash| texts.get(hash).map(|text| text.as_str().to_owned()))
    }

    /// Texts that are somewhere else.
    pub fn asking(look_up: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(look_up)))
    }

    pub fn get(&self, hash: &str) -> Option<String> {
        self.0.as_ref()?(hash)
    }
}

impl std::fmt::Debug for KnownTexts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() {
            "texts"
        } else {
            "no texts"
        })
    }
}

/// As far as choices go: texts are no choice.
impl PartialEq for KnownTexts {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for KnownTexts {}

/// Which reader takes a file: for datasets whose texts stand in files beside.
#[derive(Clone, Copy, Default)]
pub struct Beside(Option<Recognise>);

/// The surest reader of a file, and how sure it is.
pub type Recognise = fn(Source<'_>) -> Option<(&'static Reader, Likelihood)>;

impl Beside {
    pub fn by(recognise: Recognise) -> Self {
        Self(Some(recognise))
    }

    pub fn reader_of(self, source: Source<'_>) -> Option<&'static Reader> {
        Some(self.0?(source)?.0)
    }
}

impl std::fmt::Debug for Beside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() {
            "readers"
        } else {
            "no readers"
        })
    }
}

/// Readers are no choice, as texts are none.
impl PartialEq for Beside {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Beside {}

/// What the analyst chose in the import dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadOptions {
    pub page_scope: PageScope,
    /// What the columns of a table are for, by their names; absent ones are guessed.
    pub columns: BTreeMap<String, ColumnUse>,
    /// Filled in by the import itself.
    #[serde(skip)]
    pub known_texts: KnownTexts,
    /// Filled in by the import itself.
    #[serde(skip)]
    pub beside: Beside,
    /// What the file may still unpack to; filled in by the import itself.
    #[serde(skip)]
    pub budget: Budget,
}

/// How much of a web page is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageScope {
    #[default]
    ArticleOnly,
    /// Newsletter boxes, related links and calls to donate stay where they stand, and
    /// [`FoundArticle::surroundings`] says which lines they are.
    WithSurroundings,
}

/// What a column of a table becomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnUse {
    Text,
    Title,
    /// A metadata field of the article, by its key: `published`, `outlet`, `author`, or any other.
    Metadata(String),
    /// The article's id in the table.
    Id,
    Skip,
}

/// A column of a table, for the preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundColumn {
    pub name: String,
    /// As chosen or guessed.
    pub used_as: ColumnUse,
    /// The first values, shortened to 80 characters.
    pub samples: Vec<String>,
}

/// All that was found in a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reading {
    /// As in the Encoding Standard; `None` where the format fixes it.
    #[serde(with = "encoding_name")]
    pub encoding: Option<EncodingName>,
    /// The encoding was neither marked nor proven.
    pub is_encoding_guessed: bool,
    pub articles: Vec<FoundArticle>,
    pub labels: Vec<FoundLabel>,
    pub columns: Vec<FoundColumn>,
    /// What a reader gives as core values already: our own dataset.
    pub whole: Option<crate::format::Dataset>,
    /// What was guessed, replaced or is no article, in words, with line numbers where there are any.
    pub remarks: Vec<String>,
    /// What the file has and the project will not, of no article or of one that is `whole`.
    pub left_out: LeftOut,
    /// Names of siblings that were read with this file and are no articles of their own.
    pub used: Vec<String>,
}

/// As in the Encoding Standard.
pub type EncodingName = &'static str;

/// Names of encodings live as long as the program.
mod encoding_name {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(
        name: &Option<&'static str>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        name.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<&'static str>, D::Error> {
        let name = Option::<String>::deserialize(deserializer)?;
        let encoding = name.and_then(|name| encoding_rs::Encoding::for_label(name.as_bytes()));
        Ok(encoding.map(encoding_rs::Encoding::name))
    }
}

/// An article as it stands in a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FoundArticle {
    /// Its id in a dataset; empty for none.
    pub id: String,
    /// Empty when the file does not say; the first line takes its place then.
    pub title: String,
    /// As in the file: line endings are normalised later, when offsets have been proven.
    pub text: String,
    /// By key: `outlet`, `author` (several joined by `; `), `published` (RFC 3339 date or time),
    /// `url`, `section`, `language` (BCP 47), `page`, and any other.
    pub metadata: BTreeMap<String, String>,
    /// What surrounds the article: byte ranges of `text`, rising, whole lines.
    pub surroundings: Vec<Range<usize>>,
    /// The unit that the offsets of `annotations` count in.
    pub unit: OffsetUnit,
    pub annotations: Vec<FoundAnnotation>,
    /// By annotator.
    pub status: BTreeMap<String, Status>,
    pub notes: String,
    /// What the file says with it that belongs to no article.
    #[serde(default)]
    pub of_project: Option<Box<OfProject>>,
    /// What should be known of this article alone.
    pub remarks: Vec<String>,
    pub left_out: LeftOut,
}

/// What a dataset counts offsets in. Always half-open here; readers convert inclusive ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OffsetUnit {
    #[default]
    CodePoints,
    /// UTF-16 code units.
    Utf16,
    /// UTF-8 bytes.
    Bytes,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FoundAnnotation {
    /// Unique in its article; empty for none. Links name it.
    pub id: String,
    /// As the file has it.
    pub label: String,
    /// What it is, where the file says that and has no labels of its own: it gets the label that
    /// stands for it here.
    #[serde(default)]
    pub thing: Option<Thing>,
    pub fragments: Vec<FoundFragment>,
    /// The covered text when the file gives it for the whole annotation, fragments joined as the
    /// format does.
    pub covered_text: Option<String>,
    pub attributes: BTreeMap<String, AttributeValue>,
    /// Role and the id of the target in the same article.
    pub links: Vec<(String, String)>,
    pub note: String,
    /// Empty for none.
    pub annotator: String,
    pub made: Option<Timestamp>,
    pub changed: Option<Timestamp>,
    pub codebook_revision: u32,
    /// When the file says it; an imported annotation otherwise.
    pub origin: Option<Origin>,
}

impl FoundAnnotation {
    /// What remarks call it.
    pub(crate) fn named(&self) -> String {
        match self.id.as_str() {
            "" => format!("an annotation “{}”", self.label),
            id => format!("annotation {id}"),
        }
    }
}

impl FoundArticle {
    /// What remarks call it: its id, its title, or how it begins.
    pub(crate) fn named(&self) -> String {
        const SHOWN: usize = 40;
        match (self.id.trim(), self.title.trim()) {
            ("", "") => {
                let start: String = self.text.trim_start().chars().take(SHOWN).collect();
                format!("the article “{}”", start.replace(['\n', '\t', '\r'], " "))
            }
            ("", title) => format!("the article “{title}”"),
            (id, _) => format!("article {id}"),
        }
    }
}

/// A stretch by offsets, by its text, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundFragment {
    /// Half-open, in the article's unit.
    pub offsets: Option<Range<usize>>,
    pub text: Option<String>,
    /// What stands before and after it, when the file gives it.
    pub context: Option<(String, String)>,
}

impl FoundFragment {
    pub fn at(offsets: Range<usize>) -> Self {
        Self {
            offsets: Some(offsets),
            ..Self::default()
        }
    }

    pub fn with_text(offsets: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            offsets: Some(offsets),
            text: Some(text.into()),
            ..Self::default()
        }
    }
}

/// A label as a dataset defines it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundLabel {
    /// As annotations name it.
    pub name: String,
    /// What people see, when it differs.
    pub title: String,
    pub definition: String,
    /// `0xRRGGBB`.
    pub color: Option<u32>,
}

/// The largest article file that is read, in bytes.
pub const MAX_ARTICLE_BYTES: u64 = 64 << 20;
/// The most bytes that a member of an archive, or a decoded part, may unpack to.
pub const MAX_UNPACKED_BYTES: u64 = 256 << 20;
/// The most articles in one file.
pub const MAX_ARTICLES_PER_FILE: usize = 200_000;

/// What is told of a file with more articles than are read of one.
pub fn only_first(articles: usize) -> Option<String> {
    (articles > MAX_ARTICLES_PER_FILE).then(|| {
        format!("only the first {MAX_ARTICLES_PER_FILE} of its {articles} articles were read")
    })
}

impl Reading {
    /// Nothing yet of a file in text, and what is to be said of its encoding.
    pub(crate) fn of(decoded: &Decoded) -> Self {
        Self {
            encoding: Some(decoded.encoding),
            is_encoding_guessed: decoded.is_guess,
            remarks: decoded.remarks(),
            ..Self::default()
        }
    }

    /// Leaves out articles that are too many or too long for a project, and tells which.
    pub fn cut(&mut self) {
        let more = self.articles.len().saturating_sub(MAX_ARTICLES_PER_FILE);
        self.left_out.count_told(more);
        self.remarks.extend(only_first(self.articles.len()));
        self.articles.truncate(MAX_ARTICLES_PER_FILE);
        self.cut_longer(MAX_ARTICLE_BYTES);
    }

    fn cut_longer(&mut self, limit: u64) {
        let (mut number, before) = (0, self.articles.len());
        let remarks = &mut self.remarks;
        self.articles.retain(|article| {
            number += 1;
            let length = article.text.len() as u64;
            if length > limit {
                let title: String = article.title.chars().take(60).collect();
                remarks.push(format!(
                    "article {number} “{title}” has a text of {} MB and was left out; the limit is {} MB",
                    length >> 20,
                    limit >> 20
                ));
            }
            length <= limit
        });
        self.left_out.count_told(before - self.articles.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_left_out_and_told() {
        let article = |title: &str, text: &str| FoundArticle {
            title: title.to_owned(),
            text: text.to_owned(),
            ..FoundArticle::default()
        };
        let mut reading = Reading {
            articles: vec![
                article("a", "12345"),
                article("b", "123456"),
                article("c", ""),
            ],
            ..Reading::default()
        };
        reading.cut_longer(5);
        let titles: Vec<&str> = reading.articles.iter().map(|a| a.title.as_str()).collect();
        assert_eq!(titles, ["a", "c"]);
        assert_eq!(reading.remarks.len(), 1);
        assert!(reading.remarks[0].starts_with("article 2 “b” has a text"));
        assert_eq!(reading.left_out.count(), 1);
        reading.cut();
        assert_eq!((reading.articles.len(), reading.remarks.len()), (2, 1));
    }
}
