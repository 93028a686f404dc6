//! Files and pasted text to articles, with a report of every file.

mod edits;
pub mod gather;
pub mod kept;
mod proposal;
pub mod reading;
mod said;
pub mod serving;
mod wire;
pub mod workers;

use crate::core::annotation::{Annotation, AnnotationSet, Origin};
use crate::core::article::{Article, id_from_hash};
use crate::core::edit::check_fragments;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, FreshIds, LabelId};
use crate::core::project::Project;
use crate::core::shown::{first_words, shown, shown_path};
use crate::core::text::{BytePos, ByteRange};
use crate::format::Dataset;
use crate::format::articles::from_clipboard;
use crate::format::reading::assembly::{Assembly, fit_values};
use crate::format::reading::decode::GUESSED;
use crate::format::reading::placing::place_plain;
use crate::format::reading::title::title_of;
use crate::format::reading::{
    FoundArticle, FoundColumn, KnownTexts, ReadOptions, ReaderGroup, Reading, Refusal,
};
use kept::{PASTED_PAGE, Reads, is_web_page};
use reading::{ReadFile, companions_of};
use said::{Remarks, Same};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use workers::Readers;

pub use edits::{dataset_edits, import_edits};
pub use proposal::{Decided, Other, Proposal, REPLACES, Twin, TwinChoice};

/// What is to be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportSource {
    Paths(Vec<PathBuf>),
    /// From the clipboard, with the page that it was copied from when a browser gave it.
    Pasted {
        text: String,
        html: Option<String>,
    },
}

/// What the analyst chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    pub read: ReadOptions,
    /// Articles whose text is there already are added all the same.
    pub keeps_copies: bool,
    /// What surrounds an article is marked as promotional content, as a suggestion.
    pub proposes_surroundings: bool,
    /// Labels of datasets, by their names there, and the labels of the codebook that they become.
    pub labels: BTreeMap<String, LabelId>,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    pub path: PathBuf,
    pub outcome: Outcome,
    /// The first articles, for the preview.
    pub samples: Vec<Sample>,
    /// When it is a table.
    pub columns: Vec<FoundColumn>,
}

/// An article of a preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub title: String,
    pub metadata: BTreeMap<String, String>,
    /// The first lines: at most 600 characters, and an ellipsis where they go on.
    pub start: String,
    pub annotations: usize,
}

/// Articles of a file that a preview shows.
const MAX_SAMPLES: usize = 5;

/// A label that annotations of datasets have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLabelUse {
    /// As the dataset names it.
    pub name: String,
    pub annotations: usize,
    /// The label of the codebook that it becomes; `None` for a new one.
    pub becomes: Option<LabelId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Imported {
        /// Of the first article.
        title: String,
        /// What the file was taken for.
        kind: &'static str,
        encoding: &'static str,
        /// The encoding was neither marked nor proven.
        is_guessed: bool,
        articles: usize,
        annotations: usize,
        remarks: Vec<String>,
        /// What the file has and the project will not; the remarks say what and why.
        left_out: usize,
    },
    /// The same text as an article of the project or of this import.
    Duplicate {
        /// Of the first article.
        of: Original,
        articles: usize,
    },
    Refused {
        reason: String,
    },
}

/// An article that another one has the text of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    pub title: String,
    /// It was there before; otherwise it stands in the same import.
    pub is_in_project: bool,
}

impl Original {
    pub fn told(&self) -> String {
        let place = if self.is_in_project {
            " in the project"
        } else {
            ""
        };
        format!("“{}”{place}", shown(&self.title))
    }
}

/// Articles ready to be added, and the report.
#[derive(Debug, Default)]
pub struct Import {
    pub articles: Vec<Arc<Article>>,
    /// Articles that came with annotations.
    pub datasets: Vec<Dataset>,
    pub report: Vec<FileReport>,
    /// Labels of the datasets, by name.
    pub labels: Vec<FoundLabelUse>,
    pub is_cancelled: bool,
}

impl Import {
    pub fn count(&self, wanted: impl Fn(&Outcome) -> bool) -> usize {
        self.report
            .iter()
            .filter(|file| wanted(&file.outcome))
            .count()
    }

    /// Articles that were read, with and without annotations.
    pub fn article_count(&self) -> usize {
        let in_datasets = self
            .datasets
            .iter()
            .map(|dataset| dataset.parts.articles.len());
        self.articles.len() + in_datasets.sum::<usize>()
    }

    pub fn duplicates(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Duplicate { .. }))
    }

    pub fn refused(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Refused { .. }))
    }

    /// What stands in files that were read and does not become part of the project.
    pub fn left_out(&self) -> usize {
        let counts = self.report.iter().map(|file| match &file.outcome {
            Outcome::Imported { left_out, .. } => *left_out,
            Outcome::Duplicate { .. } | Outcome::Refused { .. } => 0,
        });
        counts.sum()
    }

    /// `there` are articles of datasets whose texts the project has already, and
    /// `given` are annotations that articles of the project got from datasets with the same text:
    /// "3 articles added, 1 duplicate skipped, 1 file refused".
    pub fn summary(&self, added: usize, there: usize, given: usize) -> String {
        let count = |n: usize, one: &str, many: &str| match n {
            1 => format!("1 {one}"),
            n => format!("{n} {many}"),
        };
        let mut parts = vec![format!("{} added", count(added, "article", "articles"))];
        if there > 0 {
            let articles = count(there, "annotated article", "annotated articles");
            parts.push(format!("{articles} there already"));
        }
        if given > 0 {
            let marks = count(given, "annotation", "annotations");
            parts.push(format!("{marks} given to articles of the project"));
        }
        let (copies, refused) = (self.duplicates(), self.refused());
        if copies > 0 {
            let copies = count(copies, "duplicate", "duplicates");
            parts.push(format!("{copies} skipped"));
        }
        if refused > 0 {
            parts.push(format!("{} refused", count(refused, "file", "files")));
        }
        parts.join(", ")
    }

    /// One line for each file that an analyst should look at.
    pub fn remarks(&self) -> Vec<String> {
        self.report.iter().filter_map(FileReport::remark).collect()
    }
}

impl FileReport {
    fn refused(path: PathBuf, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self {
            path,
            outcome: Outcome::Refused { reason },
            samples: Vec::new(),
            columns: Vec::new(),
        }
    }

    /// It holds web pages, of which more or less can be taken.
    pub fn is_of_pages(&self) -> bool {
        matches!(&self.outcome, Outcome::Imported { kind, .. } if is_web_page(kind))
    }

    /// There is something about it that an analyst should look at.
    pub fn is_worth_a_look(&self) -> bool {
        self.remark().is_some()
    }

    fn remark(&self) -> Option<String> {
        let path = shown_path(&self.path);
        match &self.outcome {
            Outcome::Imported { remarks, .. } if remarks.is_empty() => None,
            Outcome::Imported { remarks, .. } => {
                Some(format!("{path}: {}", shown(&remarks.join("; "))))
            }
            Outcome::Duplicate { .. } => Some(format!("{path}: {}", self.told())),
            Outcome::Refused { reason } => Some(format!("{path}: {}", shown(reason))),
        }
    }

    /// The line that the command line prints.
    pub fn line(&self) -> String {
        match &self.outcome {
            Outcome::Refused { reason } => format!("{}: {}", shown_path(&self.path), shown(reason)),
            _ => format!("{}: {}", shown_path(&self.path), self.told()),
        }
    }

    /// What became of the file.
    pub fn told(&self) -> String {
        match &self.outcome {
            Outcome::Imported {
                title,
                kind,
                encoding,
                is_guessed,
                articles,
                annotations,
                remarks,
                left_out: _,
            } => {
                let remark = if remarks.is_empty() {
                    String::new()
                } else {
                    format!(": {}", shown(&remarks.join("; ")))
                };
                let title = shown(title);
                let first = match articles {
                    1 => format!("“{title}”"),
                    n => format!("{n} articles, the first “{title}”"),
                };
                let marks = match annotations {
                    0 => String::new(),
                    n => format!(", {n} annotations"),
                };
                let how = if encoding.is_empty() {
                    (*kind).to_owned()
                } else if *is_guessed && !remarks.iter().any(|told| told.starts_with(GUESSED)) {
                    format!("{kind}, {encoding} by guess")
                } else {
                    format!("{kind}, {encoding}")
                };
                format!("{first}{marks} ({how}){remark}")
            }
            Outcome::Duplicate { of, articles: 1 } => {
                format!("skipped, the same text as {}", of.told())
            }
            Outcome::Duplicate { of, articles } => format!(
                "all of its {articles} articles skipped as copies: the first is the same as {}",
                of.told()
            ),
            Outcome::Refused { reason } => format!("refused: {}", shown(reason)),
        }
    }
}

/// Reads what was chosen, whatever it holds. `progress` is told the share done and the file, and
/// answers whether to go on; a cancelled import holds nothing. What is in `reads` is not read again.
pub fn read_import(
    readers: &Readers,
    project: &Project,
    source: &ImportSource,
    options: &ImportOptions,
    reads: &mut Reads,
    progress: &mut dyn FnMut(f32, &Path) -> bool,
) -> Import {
    match source {
        ImportSource::Paths(paths) => {
            paths_again(readers, project, paths, options, Some(reads), progress)
        }
        ImportSource::Pasted { text, html } => {
            import_text(readers, project, text, html.as_deref(), options, progress)
        }
    }
}

/// What share of an import is reading its files; the rest is adding what they hold.
const READING: f32 = 0.8;

/// Reads files and folders.
pub fn import_paths(
    readers: &Readers,
    project: &Project,
    paths: &[PathBuf],
    options: &ImportOptions,
    progress: &mut dyn FnMut(f32, &Path) -> bool,
) -> Import {
    paths_again(readers, project, paths, options, None, progress)
}

fn paths_again(
    readers: &Readers,
    project: &Project,
    paths: &[PathBuf],
    options: &ImportOptions,
    mut reads: Option<&mut Reads>,
    progress: &mut dyn FnMut(f32, &Path) -> bool,
) -> Import {
    let chosen = match &mut reads {
        Some(reads) => reads.chosen(paths),
        None => Arc::new(gather::gather(paths)),
    };
    let mut import = Import::default();
    for (path, reason) in &chosen.errors {
        let report = FileReport::refused(path.clone(), reason);
        import.report.push(report);
    }
    let read = ReadOptions {
        known_texts: KnownTexts::of(project),
        ..options.read.clone()
    };
    let cancelled = || Import {
        is_cancelled: true,
        ..Import::default()
    };
    let mut reading = |share: f32, path: &Path| progress(share * READING, path);
    let roots = &chosen.roots;
    let known = |path: &Path| reads.as_ref()?.of(path, roots, &options.read);
    let known: Vec<_> = chosen.files.iter().map(|(_, path)| known(path)).collect();
    let missing = chosen.files.iter().zip(&known);
    let missing = missing.filter(|(_, known)| known.is_none());
    let missing: Vec<_> = missing.map(|(file, _)| file.clone()).collect();
    let Some(read) = readers.read_each(&missing, roots, &read, &mut reading) else {
        return cancelled();
    };
    let mut read = read.into_iter();
    let known = known.into_iter();
    let by_file: Vec<Vec<ReadFile>> = known
        .map(|known| known.or_else(|| read.next()).unwrap_or_default())
        .collect();
    if let Some(reads) = reads {
        let paths = chosen.files.iter().map(|(_, path)| path.as_path());
        let read = paths.zip(by_file.iter().map(Vec::as_slice));
        reads.keep(roots, &options.read, read);
    }
    let mut files: Vec<ReadFile> = by_file.into_iter().flatten().collect();
    let used = companions_of(&files);
    files.retain(|file| !used.contains(&file.path));
    let mut adding = Adding::new(project, options, import);
    let count = files.len();
    for (i, file) in files.into_iter().enumerate() {
        let share = READING + (1.0 - READING) * i as f32 / count as f32;
        let path = file.path.clone();
        if !adding.file(file, &mut || progress(share, &path)) {
            return cancelled();
        }
    }
    for (path, reason) in chosen.lone_companions(&used) {
        let report = FileReport::refused(path, reason);
        adding.import.report.push(report);
    }
    adding.finish()
}

/// The article that a pasted text becomes: that of the page when there is one, the text otherwise.
fn import_text(
    readers: &Readers,
    project: &Project,
    text: &str,
    html: Option<&str>,
    options: &ImportOptions,
    progress: &mut dyn FnMut(f32, &Path) -> bool,
) -> Import {
    let path = PathBuf::from("clipboard");
    let page = html.and_then(|html| {
        let read = readers
            .read_page(html, &options.read, progress)?
            .result
            .ok()?;
        // A few words out of a page are no page.
        let chars = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        let found = chars(&read.articles.first()?.text);
        (found * 2 > chars(text)).then_some(read)
    });
    let (kind, result) = match (page, from_clipboard(text)) {
        (Some(page), _) => (PASTED_PAGE, Ok(page)),
        (None, Ok(extracted)) => {
            let article = FoundArticle {
                title: extracted.title,
                text: extracted.text,
                ..FoundArticle::default()
            };
            let reading = Reading {
                encoding: Some(extracted.encoding),
                articles: vec![article],
                ..Reading::default()
            };
            ("Plain text", Ok(reading))
        }
        (None, Err(error)) => ("Plain text", Err(Refusal::new(error.to_string()))),
    };
    let mut adding = Adding::new(project, options, Import::default());
    adding.file(ReadFile { path, kind, result }, &mut || true);
    adding.finish()
}

/// Articles on their way into a project.
struct Adding<'a> {
    import: Import,
    options: &'a ImportOptions,
    project: &'a Project,
    /// Annotations by label, as datasets name it.
    uses: BTreeMap<String, usize>,
    /// By hash, of the project and of this import.
    originals: HashMap<String, Original>,
    ids: FreshIds,
    /// Articles with annotations.
    assembly: Assembly,
    wholes: Vec<Dataset>,
}

impl<'a> Adding<'a> {
    fn new(project: &'a Project, options: &'a ImportOptions, import: Import) -> Self {
        let articles = project.articles().iter();
        let mut ids = FreshIds::default();
        for article in articles.clone() {
            ids.see(article.id.as_str());
        }
        Self {
            import,
            options,
            project,
            uses: BTreeMap::new(),
            originals: articles
                .clone()
                .map(|a| {
                    let original = Original {
                        title: a.display_title().to_owned(),
                        is_in_project: true,
                    };
                    (a.text.hash().to_owned(), original)
                })
                .collect(),
            ids,
            assembly: Assembly::new(project.codebook()),
            wholes: Vec::new(),
        }
    }

    /// Asks before each article whether to go on; answers whether it did.
    fn file(&mut self, file: ReadFile, goes_on: &mut dyn FnMut() -> bool) -> bool {
        if !goes_on() {
            return false;
        }
        let path = file.path;
        let reading = match file.result {
            Ok(reading) => reading,
            Err(Refusal(reason)) => {
                self.import.report.push(FileReport::refused(path, reason));
                return true;
            }
        };
        let encoding = reading.encoding.unwrap_or("");
        let mut remarks = Remarks::of(reading.remarks);
        let mut left_out = reading.left_out;
        let mut added = Vec::new();
        let mut samples = Vec::new();
        let mut annotations = 0;
        let mut same = Same::default();
        if let Some(whole) = reading.whole {
            for article in &whole.parts.articles {
                added.push(article.display_title().to_owned());
                annotations += article.annotations.len();
                for annotation in article.annotations.iter() {
                    *self.uses.entry(annotation.label.to_string()).or_default() += 1;
                }
                if samples.len() < MAX_SAMPLES {
                    let (title, text) = (article.display_title(), article.text.as_str());
                    samples.push(sample(
                        title,
                        &article.metadata,
                        text,
                        article.annotations.len(),
                    ));
                }
            }
            let mut whole = edits::relabelled(whole, &self.options.labels);
            fit_values(self.project.codebook(), &mut whole.parts);
            self.wholes.push(whole);
        }
        let mapped = &self.options.labels;
        let mut labels = reading.labels;
        labels.retain(|label| !mapped.contains_key(&label.name));
        self.assembly.add_labels(&labels);
        let name = path.display().to_string();
        for mut found in reading.articles {
            if !goes_on() {
                return false;
            }
            if samples.len() < MAX_SAMPLES {
                let (title, text) = (found.title.as_str(), found.text.as_str());
                samples.push(sample(
                    title,
                    &found.metadata,
                    text,
                    found.annotations.len(),
                ));
            }
            if !found.annotations.is_empty() || !found.id.is_empty() {
                for annotation in &mut found.annotations {
                    match self.uses.get_mut(&annotation.label) {
                        Some(uses) => *uses += 1,
                        None => drop(self.uses.insert(annotation.label.clone(), 1)),
                    }
                    if let Some(label) = mapped.get(&annotation.label) {
                        annotation.label = label.to_string();
                    }
                }
                let brought = self.assembly.add(&found, &name, file.kind);
                annotations += brought.annotations;
                remarks.extend(brought.remarks);
                left_out.add(brought.left_out);
                added.push(match found.title.trim() {
                    "" => title_of(&found.text),
                    title => title.to_owned(),
                });
                continue;
            }
            match self.article(found, &path, encoding) {
                Ok((title, more)) => {
                    added.push(title);
                    remarks.extend(more);
                }
                Err(of) => same.add(added.len(), of),
            }
        }
        let mut remarks = remarks.told();
        remarks.extend(left_out.remarks());
        let outcome = match (added.first(), same.first()) {
            (None, Some((_, of))) => Outcome::Duplicate {
                of: of.clone(),
                articles: same.count,
            },
            (None, None) => Outcome::Refused {
                reason: if remarks.is_empty() {
                    "no articles were found in it".to_owned()
                } else {
                    remarks.join("; ")
                },
            },
            (Some(title), _) => {
                remarks.extend(same.told(added.len()));
                Outcome::Imported {
                    title: title.clone(),
                    kind: file.kind,
                    encoding,
                    is_guessed: reading.is_encoding_guessed,
                    articles: added.len(),
                    annotations,
                    remarks,
                    left_out: left_out.count(),
                }
            }
        };
        self.import.report.push(FileReport {
            path,
            outcome,
            samples,
            columns: reading.columns,
        });
        true
    }

    /// Adds an article without annotations, or answers which one has its text.
    fn article(
        &mut self,
        mut found: FoundArticle,
        path: &Path,
        encoding: &str,
    ) -> Result<(String, Vec<String>), Original> {
        let placed = place_plain(&mut found);
        let text = placed.text;
        if let Some(of) = self.originals.get(text.hash())
            && !self.options.keeps_copies
        {
            return Err(of.clone());
        }
        let wanted = id_from_hash(text.hash());
        let id = ArticleId::new(self.ids.take(wanted.as_str()));
        let title = match found.title.trim() {
            "" => title_of(text.as_str()),
            title => title.to_owned(),
        };
        let original = Original {
            title: title.clone(),
            is_in_project: false,
        };
        self.originals.insert(text.hash().to_owned(), original);
        let mut article = Article::new(id, title.clone(), text);
        article.metadata = found.metadata;
        article.notes = found.notes;
        if let Some(name) = path.file_name() {
            let name = name.to_string_lossy().into_owned();
            article.metadata.insert("file".to_owned(), name);
        }
        if !encoding.is_empty() && encoding != "UTF-8" {
            article
                .metadata
                .insert("encoding".to_owned(), encoding.to_owned());
        }
        if self.options.proposes_surroundings {
            article.annotations = self.surroundings(&article, &found.surroundings);
        }
        self.import.articles.push(Arc::new(article));
        let mut remarks = found.remarks;
        remarks.extend(placed.remarks);
        Ok((title, remarks))
    }

    /// What surrounds the article, as suggested promotional content.
    fn surroundings(&self, article: &Article, around: &[std::ops::Range<usize>]) -> AnnotationSet {
        let Some(label) = self.project.codebook().label(PROMOTIONAL) else {
            return AnnotationSet::default();
        };
        let made = around.iter().enumerate().filter_map(|(n, range)| {
            let range = ByteRange::new(BytePos(range.start as u32), BytePos(range.end as u32));
            let range = crate::core::text::segment::trim(
                &article.text,
                range.clamp_to(article.text.full_range()),
            );
            let id = AnnotationId::new(format!("{}-around-{n}", article.id));
            let annotator = AnnotatorId::new(SUGGESTING);
            let mut annotation = Annotation::new(id, annotator, label.id.clone(), range);
            annotation.origin = Origin::Suggestion("surroundings of the page".to_owned());
            check_fragments(&annotation, &article.text).ok()?;
            Some(annotation)
        });
        AnnotationSet::from_annotations(made.collect::<Vec<_>>()).0
    }

    fn finish(mut self) -> Import {
        let codebook = self.project.codebook();
        let uses = std::mem::take(&mut self.uses).into_iter();
        let labels = uses.map(|(name, annotations)| FoundLabelUse {
            becomes: match self.options.labels.get(&name) {
                Some(chosen) => Some(chosen.clone()),
                None => {
                    let id = self.assembly.label(&name);
                    codebook.label(id.as_str()).map(|label| label.id.clone())
                }
            },
            name,
            annotations,
        });
        self.import.labels = labels.collect();
        self.import.datasets = self.wholes;
        let assembled = self.assembly.finish();
        if !assembled.parts.articles.is_empty() {
            self.import.datasets.push(assembled);
        }
        self.import
    }
}

/// The label of promotional content in the codebook.
const PROMOTIONAL: &str = "promo";
/// The annotator of what the program proposes.
const SUGGESTING: &str = "suggestions";

fn sample(
    title: &str,
    metadata: &BTreeMap<String, String>,
    text: &str,
    annotations: usize,
) -> Sample {
    Sample {
        title: title.to_owned(),
        metadata: metadata.clone(),
        start: first_words(text.trim_start(), 600).into_owned(),
        annotations,
    }
}

/// The kinds of files that can be read, for people.
pub fn kinds(group: ReaderGroup) -> Vec<&'static str> {
    let all = crate::format::readers::readers();
    all.filter(|reader| reader.group == group)
        .map(|reader| reader.title)
        .collect()
}

/// Endings of the files that can be added.
pub fn article_endings() -> &'static [&'static str] {
    static ENDINGS: std::sync::LazyLock<Vec<&str>> = std::sync::LazyLock::new(gather::endings);
    &ENDINGS
}
