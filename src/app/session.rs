//! The open project: its history, where it is saved, and who is annotating.

use crate::core::annotation::UnknownFields;
use crate::core::check::Problem;
use crate::core::edit::{Edit, EditError, History, Transaction};
use crate::core::ids::{AnnotationId, AnnotatorId, IdMint};
use crate::core::project::{Annotator, Project, Trashed};
use crate::format::project_ron::{self, MAX_FILE_BYTES, Opened};
use crate::store::{self, StoreError};
use std::path::{Path, PathBuf};

pub struct Session {
    project: Project,
    history: History,
    pub path: Option<PathBuf>,
    /// What was wrong with the file when it was opened.
    pub problems: Vec<Problem>,
    /// The file on disk is damaged: it is kept as a copy before it is replaced.
    pub keep_damaged: bool,
    mint: IdMint,
    annotator: AnnotatorId,
    /// Rises with every change, for whatever is derived from the project.
    revision: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{}: {error}", path.display())]
    Read {
        path: PathBuf,
        error: crate::format::ReadError,
    },
}

/// Reads a project file.
pub fn open_file(path: &Path, progress: &(dyn Fn(f32) + Sync)) -> Result<Opened, OpenError> {
    let bytes = store::read(path, MAX_FILE_BYTES)?;
    progress(0.0);
    project_ron::read(&bytes, progress).map_err(|error| OpenError::Read {
        path: path.to_owned(),
        error,
    })
}

/// Saves a project in one step. `false` when it was cancelled.
pub fn save_file(
    project: &Project,
    path: &Path,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Result<bool, StoreError> {
    let Some(parts) = project_ron::write_parts(project, progress) else {
        return Ok(false);
    };
    store::write_atomically(path, |out| {
        parts.iter().try_for_each(|part| {
            out.write_all(part.as_bytes())
                .map_err(|error| StoreError::new(path, &error))
        })
    })?;
    Ok(true)
}

impl Session {
    pub fn new(name: &str, annotator: &str, id_tag: &str) -> Self {
        Self::of(Project::new(name), annotator, id_tag)
    }

    /// A session on a project that was just opened from `path`.
    pub fn opened(opened: Opened, path: PathBuf, annotator: &str, id_tag: &str) -> Self {
        let mut session = Self::of(opened.project, annotator, id_tag);
        session.keep_damaged = opened
            .problems
            .iter()
            .any(|problem| problem.severity == crate::core::check::Severity::Error);
        session.path = Some(path);
        session.problems = opened.problems;
        session
    }

    fn of(project: Project, annotator: &str, id_tag: &str) -> Self {
        let mut mint = IdMint::new(id_tag);
        for article in project.articles() {
            for annotation in article.annotations.iter() {
                mint.see(annotation.id.as_str());
            }
        }
        for item in project.trash() {
            match &item.what {
                Trashed::Annotation { annotation, .. } => mint.see(annotation.id.as_str()),
                Trashed::Article(article) => {
                    for annotation in article.annotations.iter() {
                        mint.see(annotation.id.as_str());
                    }
                }
                Trashed::Label(_) | Trashed::Annotator(_) => {}
            }
        }
        Self {
            project,
            history: History::saved(),
            path: None,
            problems: Vec::new(),
            keep_damaged: false,
            mint,
            annotator: AnnotatorId::new(annotator),
            revision: 1,
        }
    }

    pub fn project(&self) -> &Project {
        &self.project
    }

    pub fn annotator(&self) -> &AnnotatorId {
        &self.annotator
    }

    pub fn set_annotator(&mut self, id: &str) {
        self.annotator = AnnotatorId::new(id);
    }

    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Counts on from another session, so that nothing derived from that one is taken for this.
    pub fn count_on_from(&mut self, other: &Self) {
        self.revision = other.revision + 1;
    }

    pub fn mint_annotation_id(&mut self) -> AnnotationId {
        self.mint.mint()
    }

    pub fn is_dirty(&self) -> bool {
        !self.history.is_saved()
    }

    /// The name of the present state, for [`Session::mark_saved`].
    pub fn state(&self) -> u64 {
        self.history.state()
    }

    pub fn mark_saved(&mut self, state: u64) {
        self.history.mark_saved(state);
    }

    pub fn undo_title(&self) -> Option<&str> {
        self.history.undo_title()
    }

    pub fn redo_title(&self) -> Option<&str> {
        self.history.redo_title()
    }

    /// Makes a change. The annotator enters the project with their first annotation.
    pub fn perform(&mut self, mut transaction: Transaction) -> Result<(), EditError> {
        let known = self
            .project
            .annotators()
            .iter()
            .any(|a| a.id == self.annotator);
        let annotates = transaction.edits.iter().any(|edit| {
            matches!(edit, Edit::AddAnnotation { annotation, .. } if annotation.annotator == self.annotator)
                || matches!(edit, Edit::SetStatus { annotator, .. } if *annotator == self.annotator)
        });
        if annotates && !known {
            let mut annotators = self.project.annotators().to_vec();
            annotators.push(Annotator {
                id: self.annotator.clone(),
                name: self.annotator.to_string(),
                unknown: UnknownFields::new(),
            });
            transaction.edits.push(Edit::SetAnnotators(annotators));
        }
        self.history.perform(&mut self.project, transaction)?;
        self.revision += 1;
        Ok(())
    }

    /// Takes back the last step and says what was done to take it back.
    pub fn undo(&mut self) -> Option<Result<Transaction, EditError>> {
        let result = self.history.undo(&mut self.project);
        self.revision += 1;
        result
    }

    pub fn redo(&mut self) -> Option<Result<Transaction, EditError>> {
        let result = self.history.redo(&mut self.project);
        self.revision += 1;
        result
    }

    /// The file's name without its ending, or the project's name.
    pub fn display_name(&self) -> String {
        let name = self.project.name().trim();
        if !name.is_empty() {
            return name.to_owned();
        }
        let stem = self.path.as_deref().and_then(Path::file_stem);
        stem.map_or_else(
            || "Untitled project".to_owned(),
            |s| s.to_string_lossy().into_owned(),
        )
    }
}
