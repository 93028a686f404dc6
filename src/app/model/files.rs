//! Opening, saving, importing, exporting, and the question before unsaved work is left.
//!
//! Long work runs as a job on a snapshot; its result comes back through [`Model::poll_jobs`].

use super::{LeaveAnswer, Model, UiRequest};
use crate::app::clock;
use crate::app::export::{self, ExportError};
use crate::app::import::{Import, import_paths, import_text};
use crate::app::jobs::JobKind;
use crate::app::notice::Notice;
use crate::app::session::{OpenError, Session, open_file, save_file};
use crate::core::edit::Edit;
use crate::format::project_ron::Opened;
use crate::format::{Dataset, Selection, Written, format_named, jsonl, project_ron};
use crate::store::{self, StoreError};
use std::path::PathBuf;
use std::sync::Arc;

/// What was about to happen when unsaved work stood in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pending {
    New,
    PickProject,
    Open(PathBuf),
    Demo,
    /// A project that has been read already and waits.
    Waiting,
    Quit,
}

/// What jobs bring back.
pub enum JobOutput {
    Opened {
        path: PathBuf,
        result: Result<Box<Opened>, OpenError>,
    },
    Saved {
        path: PathBuf,
        serial: u64,
        state: u64,
        /// `Ok(None)` when cancelled; else where a damaged file was kept, if it was.
        result: Result<Option<Option<PathBuf>>, StoreError>,
    },
    Imported {
        serial: u64,
        import: Box<Import>,
    },
    Dataset {
        path: PathBuf,
        serial: u64,
        result: Result<Box<Dataset>, String>,
    },
    Exported {
        path: PathBuf,
        result: Result<Written, ExportError>,
    },
}

/// The demo, so that it opens wherever the program is installed.
const DEMO: &str = include_str!("../../../projects/demo.ron");

impl Model {
    /// Goes on to `pending`, after asking when there is unsaved work.
    pub(super) fn leave_for(&mut self, pending: Pending) {
        if self.jobs.is_running(JobKind::Save) {
            self.after_save = Some(pending);
        } else if self.session.is_dirty() {
            self.question = Some(pending);
        } else {
            self.go_on(pending);
        }
    }

    pub(super) fn leave(&mut self, answer: LeaveAnswer) {
        let Some(pending) = self.question.take() else {
            return;
        };
        match answer {
            LeaveAnswer::Stay => {}
            LeaveAnswer::Discard => self.go_on(pending),
            LeaveAnswer::Save => {
                self.after_save = Some(pending);
                self.save();
            }
        }
    }

    fn go_on(&mut self, pending: Pending) {
        match pending {
            Pending::New => {
                self.save_settings();
                let session = Session::new("", &self.settings.annotator, &self.settings.id_tag);
                self.enter(session);
            }
            Pending::PickProject => self.requests.push(UiRequest::PickProject),
            Pending::Open(path) => self.open(path),
            Pending::Demo => self.open_demo(),
            Pending::Waiting => {
                if let Some((path, opened)) = self.waiting.take() {
                    self.opened(path, Ok(opened));
                }
            }
            Pending::Quit => {
                self.save_settings();
                self.requests.push(UiRequest::Close);
            }
        }
    }

    fn enter(&mut self, mut session: Session) {
        session.count_on_from(&self.session);
        self.session = session;
        self.serial += 1;
        self.article = None;
        self.selected = None;
        self.locked_label = None;
        self.edge_move = None;
        self.selection = Default::default();
        self.places.clear();
        self.saved_at = None;
        self.restore_place();
    }

    fn open(&mut self, path: PathBuf) {
        let title = format!("Opening {}", file_name(&path));
        self.jobs.start(JobKind::Open, title, move |context| {
            let result = open_file(&path, &|share| {
                context.progress(share);
            });
            JobOutput::Opened {
                path,
                result: result.map(Box::new),
            }
        });
    }

    /// Opens a project at once; for the command line and for tests.
    pub fn open_now(&mut self, path: PathBuf) {
        let result = open_file(&path, &|_| ()).map(Box::new);
        self.opened(path, result);
    }

    /// Takes a project that was read elsewhere, with `path` as its place to save.
    pub fn enter_opened(&mut self, opened: Opened, path: PathBuf) {
        self.opened(path, Ok(Box::new(opened)));
    }

    fn open_demo(&mut self) {
        match project_ron::read(DEMO.as_bytes(), &|_| ()) {
            Ok(opened) => {
                self.save_settings();
                let (annotator, tag) = (&self.settings.annotator, &self.settings.id_tag);
                let mut session = Session::opened(opened, PathBuf::new(), annotator, tag);
                // A copy: the first save asks where to.
                session.path = None;
                self.enter(session);
            }
            Err(error) => self.notify(Notice::error(format!("The demo cannot be read: {error}"))),
        }
    }

    fn opened(&mut self, path: PathBuf, result: Result<Box<Opened>, OpenError>) {
        match result {
            Ok(opened) => {
                self.save_settings();
                self.settings.remember_project(&path);
                let (annotator, tag) = (&self.settings.annotator, &self.settings.id_tag);
                let session = Session::opened(*opened, path, annotator, tag);
                let problems: Vec<String> =
                    session.problems.iter().map(ToString::to_string).collect();
                let name = session.path.as_deref().map(file_name).unwrap_or_default();
                self.enter(session);
                if !problems.is_empty() {
                    let message = format!(
                        "{name} was opened, but {} in it could not be trusted. Nothing was thrown away: it is kept in the project, and the file stays as a copy when you save.",
                        count(problems.len(), "thing", "things")
                    );
                    self.notify(Notice::warning(message).with_details(problems));
                }
            }
            Err(error) => {
                self.settings
                    .recent
                    .retain(|known| *known != path || known.exists());
                self.notify(Notice::error(format!(
                    "This project could not be opened. {error}"
                )));
            }
        }
    }

    pub(super) fn request_save_as(&mut self) {
        let name = self.session.path.as_deref().map(file_name);
        let name =
            name.unwrap_or_else(|| format!("{}.ron", safe_name(&self.session.display_name())));
        self.requests.push(UiRequest::PickSave { name });
    }

    pub(super) fn save(&mut self) {
        match self.session.path.clone() {
            Some(path) => self.save_to(path),
            None => self.request_save_as(),
        }
    }

    pub(super) fn save_to(&mut self, mut path: PathBuf) {
        if path.extension().is_none() {
            path.set_extension("ron");
        }
        self.finish_edge_move(true);
        let project = self.session.project().clone();
        let (serial, state) = (self.serial, self.session.state());
        let keeps = self.session.keep_damaged && self.session.path.as_ref() == Some(&path);
        let total = project.articles().len().max(1);
        let title = format!("Saving {}", file_name(&path));
        let started = self.jobs.start(JobKind::Save, title, move |context| {
            let save = || {
                let kept = if keeps && path.exists() {
                    Some(store::keep_copy(&path, "damaged")?)
                } else {
                    None
                };
                let mut progress = |done: usize| context.progress(done as f32 / total as f32);
                let saved = save_file(&project, &path, &mut progress)?;
                Ok(saved.then_some(kept))
            };
            let result = save();
            JobOutput::Saved {
                path,
                serial,
                state,
                result,
            }
        });
        if !started {
            self.notify(Notice::info("The project is being saved already"));
        }
    }

    /// The save dialog was left without a choice.
    pub fn save_dialog_cancelled(&mut self) {
        self.after_save = None;
    }

    pub(super) fn add_paths(&mut self, paths: Vec<PathBuf>) {
        if let [path] = paths.as_slice() {
            let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
            match extension.as_deref() {
                Some("ron") => return self.leave_for(Pending::Open(path.clone())),
                Some("jsonl") => return self.import_dataset(path.clone()),
                _ => {}
            }
        }
        let project = self.session.project().clone();
        let serial = self.serial;
        let started = self
            .jobs
            .start(JobKind::Import, "Adding articles", move |context| {
                let import = import_paths(&project, &paths, &mut |share, path| {
                    context.item(path.display().to_string());
                    context.progress(share)
                });
                JobOutput::Imported {
                    serial,
                    import: Box::new(import),
                }
            });
        if !started {
            self.notify(Notice::info("Articles are being added already"));
        }
    }

    pub(super) fn add_text(&mut self, text: &str) {
        let import = import_text(self.session.project(), text);
        self.imported(import);
    }

    /// Adds what was imported as one step and shows the first of it.
    pub fn imported(&mut self, import: Import) {
        if import.is_cancelled {
            self.notify(Notice::info(
                "Adding articles was cancelled; nothing was added",
            ));
            return;
        }
        let details = import.remarks();
        let summary = import.summary();
        let at = self.session.project().articles().len();
        let first = import.articles.first().map(|a| a.id.clone());
        if let Some(first) = first {
            let title = match import.articles.len() {
                1 => "add article".to_owned(),
                n => format!("add {n} articles"),
            };
            let articles = import.articles.into_iter().enumerate();
            let edit = Edit::AddArticles(articles.map(|(i, article)| (at + i, article)).collect());
            if self.apply(title, vec![edit]) {
                self.go_to_article(&first);
                self.requests.push(UiRequest::FocusArticle);
            }
        }
        let refused = import
            .report
            .iter()
            .any(|file| matches!(file.outcome, crate::app::import::Outcome::Refused { .. }));
        self.notify(match (refused, details.is_empty()) {
            (true, _) => Notice::warning(summary).with_details(details),
            (false, true) => Notice::info(summary),
            (false, false) => Notice::warning(summary).with_details(details),
        });
    }

    pub(super) fn import_dataset(&mut self, path: PathBuf) {
        let serial = self.serial;
        let title = format!("Importing {}", file_name(&path));
        self.jobs.start(JobKind::Import, title, move |_context| {
            let read = || {
                let bytes = store::read(&path, 2 << 30).map_err(|error| error.to_string())?;
                let read = jsonl::read(&bytes).map(Box::new);
                read.map_err(|error| format!("{}: {error}", path.display()))
            };
            let result = read();
            JobOutput::Dataset {
                path,
                serial,
                result,
            }
        });
    }

    fn dataset(&mut self, path: &std::path::Path, result: Result<Box<Dataset>, String>) {
        let dataset = match result {
            Ok(dataset) => *dataset,
            Err(error) => {
                self.notify(Notice::error(format!(
                    "This dataset could not be imported. {error}"
                )));
                return;
            }
        };
        let details: Vec<String> = dataset.problems.iter().map(ToString::to_string).collect();
        let (edits, added) = dataset_edits(self.session.project(), dataset);
        let first = edits.iter().find_map(|edit| match edit {
            Edit::AddArticles(articles) => articles.first().map(|(_, a)| a.id.clone()),
            _ => None,
        });
        if self.apply("import dataset", edits) {
            if let Some(first) = first {
                self.go_to_article(&first);
            }
            let message = format!(
                "{} from {}",
                count(added, "article added", "articles added"),
                file_name(path)
            );
            self.notify(if details.is_empty() {
                Notice::info(message)
            } else {
                Notice::warning(message).with_details(details)
            });
        }
    }

    pub(super) fn export(&mut self, format: &str, path: PathBuf) {
        let Some(format) = format_named(format) else {
            return;
        };
        let project = self.session.project().clone();
        let total = project.articles().len().max(1);
        let title = format!("Exporting {}", file_name(&path));
        let started = self.jobs.start(JobKind::Export, title, move |context| {
            let selection = Selection::default();
            let mut progress = |done: usize| context.progress(done as f32 / total as f32);
            let result = export::export(&project, format, &selection, &path, &mut progress)
                .and_then(|_| export::verify(&project, format, &selection, &path));
            JobOutput::Exported { path, result }
        });
        if !started {
            self.notify(Notice::info("Another export is running"));
        }
    }

    /// Takes in what jobs have finished. Called once a frame.
    pub fn poll_jobs(&mut self) {
        for (kind, result) in self.jobs.finished() {
            match result {
                Ok(output) => self.finish_job(output),
                Err(panic) => {
                    let what = format!("{kind:?}").to_lowercase();
                    self.after_save = None;
                    self.notify(Notice::error(format!(
                        "{what} stopped with an error of the program: {panic}. Nothing was changed."
                    )));
                }
            }
        }
    }

    fn finish_job(&mut self, output: JobOutput) {
        match output {
            JobOutput::Opened {
                path,
                result: Ok(opened),
            } if self.session.is_dirty() => {
                // Work was done while the file was read.
                self.waiting = Some((path, opened));
                self.question = Some(Pending::Waiting);
            }
            JobOutput::Opened { path, result } => self.opened(path, result),
            JobOutput::Saved {
                path,
                serial,
                state,
                result,
            } => self.saved(path, serial, state, result),
            JobOutput::Imported { serial, .. } | JobOutput::Dataset { serial, .. }
                if serial != self.serial =>
            {
                self.notify(Notice::warning(
                    "Another project was opened meanwhile, so nothing was added to it",
                ));
            }
            JobOutput::Imported { import, .. } => self.imported(*import),
            JobOutput::Dataset { path, result, .. } => self.dataset(&path, result),
            JobOutput::Exported { path, result } => match result {
                Ok(written) => {
                    let notice = format!(
                        "{} in {} written to {} and checked",
                        count(written.annotations, "annotation", "annotations"),
                        count(written.articles, "article", "articles"),
                        path.display()
                    );
                    self.notify(Notice::info(notice));
                }
                Err(error) if error.is_cancelled() => {
                    self.notify(Notice::info(
                        "The export was cancelled; nothing was written",
                    ));
                }
                Err(error) => self.notify(Notice::error(format!("The export failed. {error}"))),
            },
        }
    }

    fn saved(
        &mut self,
        path: PathBuf,
        serial: u64,
        state: u64,
        result: Result<Option<Option<PathBuf>>, StoreError>,
    ) {
        let next = self.after_save.take();
        match result {
            // The project that was saved is no longer the open one.
            Ok(_) if serial != self.serial => {}
            Ok(Some(kept)) => {
                self.session.mark_saved(state);
                self.saved_at = Some(clock::now());
                self.settings.remember_project(&path);
                if let Some(kept) = kept {
                    let message = format!("The damaged file was kept as {}", kept.display());
                    self.notify(Notice::info(message));
                    self.session.keep_damaged = false;
                }
                self.session.path = Some(path);
                self.save_settings();
                if let Some(next) = next {
                    self.leave_for(next);
                }
            }
            Ok(None) => self.notify(Notice::info("Saving was cancelled; the file is as it was")),
            Err(error) => {
                let message = format!(
                    "The project was not saved. {error}. Your work is still here: free the place or use “Save as…”."
                );
                self.notify(Notice::error(message));
            }
        }
    }
}

/// The edits that bring a dataset into a project: new labels, people, annotators, then articles.
/// Articles and annotations whose ids are taken get new ones.
pub fn dataset_edits(
    project: &crate::core::project::Project,
    dataset: Dataset,
) -> (Vec<Edit>, usize) {
    use crate::core::annotation::{Annotation, AnnotationSet, AttributeValue};
    use crate::core::ids::{AnnotationId, ArticleId, PersonId};
    use crate::core::project::Person;
    use std::collections::{HashMap, HashSet};
    let mut edits = Vec::new();
    let parts = dataset.parts;
    let mut codebook = project.codebook().clone();
    let known = codebook.labels.len();
    for label in parts.codebook.labels {
        if codebook.label(label.id.as_str()).is_none() {
            codebook.labels.push(label);
        }
    }
    if codebook.labels.len() > known {
        codebook.revision += 1;
        edits.push(Edit::SetCodebook(Box::new(codebook)));
    }
    let mut people = project.people().to_vec();
    let known = people.len();
    // People are the same when their names are; ids may clash.
    let mut renamed_people: HashMap<PersonId, PersonId> = HashMap::new();
    for mut person in parts.people {
        if let Some(same) = people.iter().find(|p| p.name == person.name) {
            renamed_people.insert(person.id, same.id.clone());
            continue;
        }
        let taken = |id: &str| people.iter().any(|p| p.id.as_str() == id);
        if taken(person.id.as_str()) {
            let fresh = Person::named(&person.name, taken).id;
            renamed_people.insert(std::mem::replace(&mut person.id, fresh.clone()), fresh);
        }
        people.push(person);
    }
    renamed_people.retain(|from, to| from != to);
    if people.len() > known {
        edits.push(Edit::SetPeople(people));
    }
    let mut annotators = project.annotators().to_vec();
    let known = annotators.len();
    for annotator in parts.annotators {
        if !annotators.iter().any(|a| a.id == annotator.id) {
            annotators.push(annotator);
        }
    }
    if annotators.len() > known {
        edits.push(Edit::SetAnnotators(annotators));
    }
    let taken: HashSet<AnnotationId> = project
        .articles()
        .iter()
        .flat_map(|article| article.annotations.iter().map(|a| a.id.clone()))
        .collect();
    let at = project.articles().len();
    let mut added = Vec::with_capacity(parts.articles.len());
    let mut ids: HashSet<ArticleId> = HashSet::new();
    for (i, article) in parts.articles.into_iter().enumerate() {
        let mut id = article.id.clone();
        let mut n = 2;
        while project.article(&id).is_some() || !ids.insert(id.clone()) {
            id = ArticleId::new(format!("{}-{n}", article.id));
            n += 1;
        }
        let clashes = article.annotations.iter().any(|a| taken.contains(&a.id));
        if id == article.id && !clashes && renamed_people.is_empty() {
            added.push((at + i, article));
            continue;
        }
        let mut article = Arc::unwrap_or_clone(article);
        article.id = id;
        if clashes || !renamed_people.is_empty() {
            let suffix = article.id.to_string();
            let fresh = |id: &AnnotationId| match clashes {
                true => AnnotationId::new(format!("{id}@{suffix}")),
                false => id.clone(),
            };
            let renamed = article.annotations.iter().map(|a| {
                let mut renamed = Annotation::clone(a);
                renamed.id = fresh(&a.id);
                for link in &mut renamed.links {
                    link.target = fresh(&link.target);
                }
                for value in renamed.attributes.values_mut() {
                    if let AttributeValue::Person(id) = value
                        && let Some(same) = renamed_people.get(id)
                    {
                        *id = same.clone();
                    }
                }
                renamed
            });
            article.annotations = AnnotationSet::from_annotations(renamed.collect::<Vec<_>>()).0;
        }
        added.push((at + i, Arc::new(article)));
    }
    let count = added.len();
    edits.push(Edit::AddArticles(added));
    (edits, count)
}

fn file_name(path: &std::path::Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// A name that every file system takes.
fn safe_name(name: &str) -> String {
    let cleaned: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let cleaned = cleaned.trim().trim_matches('.').to_owned();
    if cleaned.is_empty() {
        "project".to_owned()
    } else {
        cleaned
    }
}

fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {many}")
    }
}
