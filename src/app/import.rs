//! Files and pasted text to articles, with a report of every file.

use crate::core::article::{Article, id_from_hash};
use crate::core::ids::ArticleId;
use crate::core::project::Project;
use crate::core::text::ArticleText;
use crate::format::article::{EXTENSIONS, Extracted, MAX_ARTICLE_BYTES, extract, from_clipboard};
use crate::store;
use std::collections::HashMap;
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
        title: String,
        encoding: &'static str,
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
            count(self.articles.len(), "article", "articles")
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
                encoding,
                remarks,
            } => {
                let remark = match remarks.is_empty() {
                    true => String::new(),
                    false => format!(": {}", remarks.join("; ")),
                };
                format!("{}: “{title}” ({encoding}){remark}", self.path.display())
            }
            _ => self.remark().unwrap_or_default(),
        }
    }
}

/// Reads files and folders. `progress` is told the share done and the file, and answers whether to
/// go on; a cancelled import holds nothing.
pub fn import_paths(
    project: &Project,
    paths: &[PathBuf],
    progress: &mut dyn FnMut(f32, &Path) -> bool,
) -> Import {
    let (files, errors) = store::article_files(paths, EXTENSIONS);
    let mut import = Import::default();
    let mut known = known_texts(project);
    for store::StoreError::File { path, reason } in errors {
        import.report.push(FileReport {
            path,
            outcome: Outcome::Refused { reason },
        });
    }
    for (i, path) in files.iter().enumerate() {
        if !progress(i as f32 / files.len() as f32, path) {
            return Import {
                is_cancelled: true,
                ..Import::default()
            };
        }
        let extracted = store::read(path, MAX_ARTICLE_BYTES)
            .map_err(|store::StoreError::File { reason, .. }| reason)
            .and_then(|bytes| extract(&bytes).map_err(|error| error.to_string()));
        let outcome = match extracted {
            Ok(extracted) => add(&mut import, &mut known, extracted, path),
            Err(reason) => Outcome::Refused { reason },
        };
        import.report.push(FileReport {
            path: path.clone(),
            outcome,
        });
    }
    import
}

/// The article that a pasted text becomes.
pub fn import_text(project: &Project, text: &str) -> Import {
    let mut import = Import::default();
    let mut known = known_texts(project);
    let path = Path::new("clipboard");
    let outcome = match from_clipboard(text) {
        Ok(extracted) => add(&mut import, &mut known, extracted, path),
        Err(error) => Outcome::Refused {
            reason: error.to_string(),
        },
    };
    import.report.push(FileReport {
        path: path.to_owned(),
        outcome,
    });
    import
}

/// Titles by hash, and every id in use.
struct Known {
    titles: HashMap<String, String>,
    ids: std::collections::HashSet<ArticleId>,
}

fn known_texts(project: &Project) -> Known {
    let articles = project.articles().iter();
    Known {
        titles: articles
            .clone()
            .map(|a| (a.text.hash().to_owned(), a.display_title().to_owned()))
            .collect(),
        ids: articles.map(|a| a.id.clone()).collect(),
    }
}

fn add(import: &mut Import, known: &mut Known, extracted: Extracted, path: &Path) -> Outcome {
    let text = ArticleText::new(extracted.text);
    if let Some(of) = known.titles.get(text.hash()) {
        return Outcome::Duplicate { of: of.clone() };
    }
    let mut id = id_from_hash(text.hash());
    let mut n = 2;
    while !known.ids.insert(id.clone()) {
        id = ArticleId::new(format!("{}-{n}", id_from_hash(text.hash())));
        n += 1;
    }
    known
        .titles
        .insert(text.hash().to_owned(), extracted.title.clone());
    let mut article = Article::new(id, extracted.title.clone(), text);
    if let Some(name) = path.file_name() {
        let name = name.to_string_lossy().into_owned();
        article.metadata.insert("file".to_owned(), name);
    }
    if extracted.encoding != "UTF-8" {
        let encoding = extracted.encoding.to_owned();
        article.metadata.insert("encoding".to_owned(), encoding);
    }
    import.articles.push(Arc::new(article));
    Outcome::Imported {
        title: extracted.title,
        encoding: extracted.encoding,
        remarks: extracted.remarks,
    }
}

/// Endings of the files that can be added.
pub fn article_endings() -> &'static [&'static str] {
    EXTENSIONS
}
