//! Files and pasted text to articles, with a report of every file.

pub mod gather;
pub mod reading;

use crate::core::article::{Article, id_from_hash};
use crate::core::ids::ArticleId;
use crate::core::project::Project;
use crate::format::Dataset;
use crate::format::article::{from_clipboard, title_of};
use crate::format::dataset::assembly::Assembly;
use crate::format::dataset::placing::place;
use crate::format::reading::{FoundArticle, ReadOptions, Reading, Refusal};
use reading::ReadFile;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    pub path: PathBuf,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Imported {
        /// Of the first article.
        title: String,
        /// What the file was taken for.
        kind: &'static str,
        encoding: &'static str,
        articles: usize,
        annotations: usize,
        remarks: Vec<String>,
    },
    /// The same text as an article of the project or of this import.
    Duplicate {
        of: String,
    },
    Refused {
        reason: String,
    },
}

/// Articles ready to be added, and the report.
#[derive(Debug, Default)]
pub struct Import {
    pub articles: Vec<Arc<Article>>,
    /// Articles that came with annotations.
    pub datasets: Vec<Dataset>,
    pub report: Vec<FileReport>,
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

    /// "3 articles added, 1 duplicate skipped, 1 file refused".
    pub fn summary(&self) -> String {
        let count = |n: usize, one: &str, many: &str| match n {
            1 => format!("1 {one}"),
            n => format!("{n} {many}"),
        };
        let mut parts = vec![format!(
            "{} added",
            count(self.article_count(), "article", "articles")
        )];
        if self.duplicates() > 0 {
            parts.push(format!(
                "{} skipped",
                count(self.duplicates(), "duplicate", "duplicates")
            ));
        }
        if self.refused() > 0 {
            parts.push(format!(
                "{} refused",
                count(self.refused(), "file", "files")
            ));
        }
        parts.join(", ")
    }

    /// One line for each file that an analyst should look at.
    pub fn remarks(&self) -> Vec<String> {
        self.report.iter().filter_map(FileReport::remark).collect()
    }
}

impl FileReport {
    fn remark(&self) -> Option<String> {
        let path = self.path.display();
        match &self.outcome {
            Outcome::Imported { remarks, .. } if remarks.is_empty() => None,
            Outcome::Imported { remarks, .. } => Some(format!("{path}: {}", remarks.join("; "))),
            Outcome::Duplicate { of } => Some(format!("{path}: skipped, the same text as “{of}”")),
            Outcome::Refused { reason } => Some(format!("{path}: {reason}")),
        }
    }

    /// The line that the command line prints.
    pub fn line(&self) -> String {
        match &self.outcome {
            Outcome::Imported {
                title,
                kind,
                encoding,
                articles,
                annotations,
                remarks,
            } => {
                let remark = match remarks.is_empty() {
                    true => String::new(),
                    false => format!(": {}", remarks.join("; ")),
                };
                let first = match articles {
                    1 => format!("“{title}”"),
                    n => format!("{n} articles, the first “{title}”"),
                };
                let marks = match annotations {
                    0 => String::new(),
                    n => format!(", {n} annotations"),
                };
                let how = match encoding.is_empty() {
                    true => (*kind).to_owned(),
                    false => format!("{kind}, {encoding}"),
                };
                format!("{}: {first}{marks} ({how}){remark}", self.path.display())
            }
            _ => self.remark().unwrap_or_default(),
        }
    }
}

/// Reads files and folders, whatever they hold. `progress` is told the share done and the file, and
/// answers whether to go on; a cancelled import holds nothing.
pub fn import_paths(
    project: &Project,
    paths: &[PathBuf],
    options: &ReadOptions,
    progress: &mut dyn FnMut(f32, &Path) -> bool,
) -> Import {
    let chosen = gather::gather(paths);
    let mut import = Import::default();
    for (path, reason) in chosen.errors {
        import.report.push(FileReport {
            path,
            outcome: Outcome::Refused { reason },
        });
    }
    let Some(files) = reading::read_files(&chosen.files, options, progress) else {
        return Import {
            is_cancelled: true,
            ..Import::default()
        };
    };
    let mut adding = Adding::new(project, import);
    for file in files {
        adding.file(file);
    }
    adding.finish()
}

/// The articles that a pasted text becomes. HTML keeps its article.
pub fn import_text(project: &Project, text: &str) -> Import {
    let path = PathBuf::from("clipboard");
    let result = match from_clipboard(text) {
        Ok(extracted) => Ok(Reading {
            encoding: Some(extracted.encoding),
            articles: vec![FoundArticle {
                title: extracted.title,
                text: extracted.text,
                ..FoundArticle::default()
            }],
            ..Reading::default()
        }),
        Err(error) => Err(Refusal::new(error.to_string())),
    };
    let mut adding = Adding::new(project, Import::default());
    adding.file(ReadFile {
        path,
        kind: "Plain text",
        result,
    });
    adding.finish()
}

/// Articles on their way into a project.
struct Adding {
    import: Import,
    /// Titles by hash, of the project and of this import.
    titles: HashMap<String, String>,
    ids: HashSet<ArticleId>,
    /// Articles with annotations.
    assembly: Assembly,
    wholes: Vec<Dataset>,
}

impl Adding {
    fn new(project: &Project, import: Import) -> Self {
        let articles = project.articles().iter();
        Self {
            import,
            titles: articles
                .clone()
                .map(|a| (a.text.hash().to_owned(), a.display_title().to_owned()))
                .collect(),
            ids: articles.map(|a| a.id.clone()).collect(),
            assembly: Assembly::new(project.codebook()),
            wholes: Vec::new(),
        }
    }

    fn file(&mut self, file: ReadFile) {
        let path = file.path;
        let reading = match file.result {
            Ok(reading) => reading,
            Err(Refusal(reason)) => {
                let outcome = Outcome::Refused { reason };
                self.import.report.push(FileReport { path, outcome });
                return;
            }
        };
        let encoding = reading.encoding.unwrap_or("");
        let mut remarks = reading.remarks;
        let mut added = Vec::new();
        let mut annotations = 0;
        let mut same = None;
        if let Some(whole) = reading.whole {
            added.extend(
                whole
                    .parts
                    .articles
                    .iter()
                    .map(|a| a.display_title().to_owned()),
            );
            annotations += whole
                .parts
                .articles
                .iter()
                .map(|a| a.annotations.len())
                .sum::<usize>();
            self.wholes.push(whole);
        }
        self.assembly.add_labels(&reading.labels);
        let name = path.display().to_string();
        for found in reading.articles {
            if !found.annotations.is_empty() || !found.id.is_empty() {
                annotations += found.annotations.len();
                remarks.extend(self.assembly.add(&found, &name, file.kind));
                added.push(found.title);
                continue;
            }
            match self.article(found, &path, encoding) {
                Ok((title, more)) => {
                    added.push(title);
                    remarks.extend(more);
                }
                Err(of) => same = Some(of),
            }
        }
        let outcome = match (added.first(), same) {
            (None, Some(of)) => Outcome::Duplicate { of },
            (None, None) => Outcome::Refused {
                reason: match remarks.is_empty() {
                    true => "no articles were found in it".to_owned(),
                    false => remarks.join("; "),
                },
            },
            (Some(title), same) => {
                if same.is_some() {
                    remarks.push("articles that are there already were skipped".to_owned());
                }
                Outcome::Imported {
                    title: title.clone(),
                    kind: file.kind,
                    encoding,
                    articles: added.len(),
                    annotations,
                    remarks,
                }
            }
        };
        self.import.report.push(FileReport { path, outcome });
    }

    /// Adds an article without annotations, or answers which one has its text.
    fn article(
        &mut self,
        found: FoundArticle,
        path: &Path,
        encoding: &str,
    ) -> Result<(String, Vec<String>), String> {
        let placed = place(&found);
        let text = placed.text;
        if let Some(of) = self.titles.get(text.hash()) {
            return Err(of.clone());
        }
        let mut id = id_from_hash(text.hash());
        let mut n = 2;
        while !self.ids.insert(id.clone()) {
            id = ArticleId::new(format!("{}-{n}", id_from_hash(text.hash())));
            n += 1;
        }
        let title = match found.title.trim() {
            "" => title_of(text.as_str()),
            title => title.to_owned(),
        };
        self.titles.insert(text.hash().to_owned(), title.clone());
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
        self.import.articles.push(Arc::new(article));
        let mut remarks = found.remarks;
        remarks.extend(placed.remarks);
        Ok((title, remarks))
    }

    fn finish(mut self) -> Import {
        self.import.datasets = self.wholes;
        let assembled = self.assembly.finish();
        if !assembled.parts.articles.is_empty() {
            self.import.datasets.push(assembled);
        }
        self.import
    }
}

/// Endings of the files that can be added.
pub fn article_endings() -> &'static [&'static str] {
    static ENDINGS: std::sync::LazyLock<Vec<&str>> = std::sync::LazyLock::new(gather::endings);
    &ENDINGS
}
