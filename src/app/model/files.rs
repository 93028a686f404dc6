//! Opening, saving, importing, exporting, and the question before unsaved work is left.
//!
//! Long work runs as a job on a snapshot; its result comes back through [`Model::poll_jobs`].

use super::safety::SaveTrouble;
use super::{Action, LeaveAnswer, Model, UiRequest};
use crate::app::clock;
use crate::app::command::Command;
use crate::app::export::{self, ExportError};
use crate::app::import::{Import, import_paths, import_text};
use crate::app::jobs::JobKind;
use crate::app::journal::Leave;
use crate::app::notice::Notice;
use crate::app::saving::{self, JournalPlan, SaveError, SavePlan, Saved};
use crate::app::session::{Access, Loaded, OpenError, Session, load};
use crate::core::edit::{Edit, Transaction, apply};
use crate::core::merge::Merge;
use crate::format::project_ron::Opened;
use crate::format::reading::ReadOptions;
use crate::format::{Dataset, Selection, Written, dataset::jsonl, format_named, project_ron};
use crate::store;
use crate::store::lock::{self, Lock, Locked};
use std::path::PathBuf;
use std::sync::Arc;

/// What was about to happen when unsaved work stood in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pending {
    New,
    PickProject,
    Open(PathBuf, Access),
    Unsaved(PathBuf),
    Demo,
    /// A project that has been read already and waits.
    Waiting,
    Quit,
}

/// A backup, with its articles and annotations, or why they could not be counted.
pub type CountedBackup = (PathBuf, Result<(usize, usize), String>);

/// What jobs bring back.
pub enum JobOutput {
    Opened {
        path: PathBuf,
        result: Result<Box<Loaded>, OpenError>,
    },
    Saved {
        path: PathBuf,
        serial: u64,
        state: u64,
        /// The lock of a new place.
        lock: Option<Lock>,
        result: Result<Saved, SaveError>,
    },
    BackedUp(Result<(), String>),
    BackupsCounted(Vec<CountedBackup>),
    Merged {
        serial: u64,
        state: u64,
        result: Result<Box<(Merge, Option<saving::Known>)>, String>,
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
            LeaveAnswer::Discard => {
                self.session.give_up_unsaved();
                self.go_on(pending);
            }
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
                self.enter_unsaved(session);
            }
            Pending::PickProject => self.requests.push(UiRequest::PickProject),
            Pending::Open(path, access) => self.open(path, access),
            Pending::Unsaved(journal) => self.open_unsaved(&journal),
            Pending::Demo => self.open_demo(),
            Pending::Waiting => {
                if let Some(loaded) = self.waiting.take() {
                    self.loaded(*loaded);
                }
            }
            Pending::Quit => {
                self.save_settings();
                self.session.close();
                self.requests.push(UiRequest::Close);
            }
        }
    }

    fn enter(&mut self, mut session: Session) {
        session.count_on_from(&self.session);
        self.session.close();
        self.session = session;
        self.serial += 1;
        self.article = None;
        self.selected = None;
        self.locked_label = None;
        self.edge_move = None;
        self.selection = Default::default();
        self.places.clear();
        self.saved_at = None;
        self.save_trouble = None;
        self.watch = Default::default();
        self.notices.retain(|notice| notice.topic.is_empty());
        self.restore_place();
    }

    /// Enters a project that has no file, with a journal of its own.
    fn enter_unsaved(&mut self, mut session: Session) {
        session.start_journal(&self.desk, None, None, self.jobs.wake());
        self.enter(session);
    }

    fn open(&mut self, path: PathBuf, access: Access) {
        if self.session.path.as_ref() == Some(&path) && access != Access::Copy {
            return self.reload(path);
        }
        let title = format!("Opening {}", file_name(&path));
        let desk = self.desk.clone();
        self.jobs.start(JobKind::Open, title, move |context| {
            let result = load(&desk, &path, access, &|share| {
                context.progress(share);
            });
            JobOutput::Opened {
                path,
                result: result.map(Box::new),
            }
        });
    }

    /// Opens the project's own file again.
    pub(super) fn reload(&mut self, path: PathBuf) {
        let was_ours = self.session.lock.is_some();
        // The lock and the journal are this session's own.
        self.session.close();
        match load(&self.desk, &path, Access::Change, &|_| ()) {
            Ok(loaded) => self.loaded(loaded),
            Err(error) => {
                if was_ours
                    && let Ok(Locked::Ours(lock, _)) = lock::acquire(&path, clock::holder(), false)
                {
                    self.session.lock = Some(lock);
                }
                let wake = self.jobs.wake();
                self.session.start_journal(&self.desk, None, None, wake);
                self.notify(Notice::error(format!(
                    "The file could not be loaded again. {error}"
                )));
            }
        }
    }

    /// Opens a project at once; for the command line and for tests.
    pub fn open_now(&mut self, path: PathBuf) {
        let result = load(&self.desk, &path, Access::Change, &|_| ()).map(Box::new);
        self.opened(path, result);
    }

    /// Takes a project that was read elsewhere, with `path` as its place to save; without a
    /// journal, as measuring wants it.
    pub fn enter_opened(&mut self, opened: Opened, path: PathBuf) {
        let (annotator, tag) = (&self.settings.annotator, &self.settings.id_tag);
        let mut session = Session::opened(opened, annotator, tag);
        session.path = Some(path);
        self.enter(session);
    }

    fn open_demo(&mut self) {
        match project_ron::read(DEMO.as_bytes(), &|_| ()) {
            Ok(opened) => {
                self.save_settings();
                let (annotator, tag) = (&self.settings.annotator, &self.settings.id_tag);
                // A copy: the first save asks where to.
                let session = Session::opened(opened, annotator, tag);
                self.enter_unsaved(session);
            }
            Err(error) => self.notify(Notice::error(format!("The demo cannot be read: {error}"))),
        }
    }

    fn opened(&mut self, path: PathBuf, result: Result<Box<Loaded>, OpenError>) {
        match result {
            Ok(loaded) => self.loaded(*loaded),
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

    /// Enters a project from disk, and tells what there is to tell.
    pub(super) fn loaded(&mut self, mut loaded: Loaded) {
        self.save_settings();
        if let Some(path) = &loaded.path {
            self.settings.remember_project(path);
            // A start after a crash must know what was open.
            self.save_settings();
        }
        let journal_trouble = loaded.journal_trouble.take();
        let (annotator, tag) = (&self.settings.annotator, &self.settings.id_tag);
        let wake = self.jobs.wake();
        let is_copy = loaded.path.is_none() && loaded.known.is_some();
        let (mut session, report) = Session::loaded(loaded, &self.desk, annotator, tag, wake);
        let problems: Vec<String> = session.problems.iter().map(ToString::to_string).collect();
        if is_copy {
            session.known = None;
            session.start_journal(&self.desk, None, None, self.jobs.wake());
        }
        self.enter(session);
        let name = self.session.display_name();
        if !problems.is_empty() {
            let message = format!(
                "{name} was opened, but {} in it could not be trusted. Nothing was thrown away: it is kept in the project, and the file stays as a copy when you save.",
                count(problems.len(), "thing", "things")
            );
            let mut notice = Notice::warning(message).with_details(problems);
            if !self.session.project().set_aside().is_empty() {
                let review = Action::Run(Command::Review);
                notice = notice.with_offer("Show the review list", review);
            }
            self.notify(notice);
        }
        if let Some(reason) = journal_trouble {
            let message = format!(
                "What was done in “{name}” after the last save could not be recovered: {reason}. The journal is kept{}.",
                report
                    .kept
                    .as_ref()
                    .map(|kept| format!(" as {}", kept.display()))
                    .unwrap_or_default()
            );
            self.notify(Notice::error(message));
        }
        self.announce(&report);
        self.announce_lock();
    }

    pub(super) fn request_save_as(&mut self) {
        let name = self.session.path.as_deref().map(file_name);
        let name =
            name.unwrap_or_else(|| format!("{}.ron", safe_name(&self.session.display_name())));
        self.requests.push(UiRequest::PickSave { name });
    }

    pub(super) fn save(&mut self) {
        match self.session.path.clone() {
            Some(_) if self.session.is_read_only() => self.request_save_as(),
            Some(path) => self.save_to(path),
            None => self.request_save_as(),
        }
    }

    pub(super) fn save_to(&mut self, mut path: PathBuf) {
        if path.extension().is_none() {
            path.set_extension("ron");
        }
        self.finish_edge_move(true);
        let is_same = self.session.path.as_ref() == Some(&path);
        if is_same && self.session.is_read_only() {
            self.after_save = None;
            return self.announce_lock();
        }
        let mut lock = None;
        if !is_same {
            match lock::acquire(&path, clock::holder(), false) {
                Ok(Locked::Ours(ours, _)) => lock = Some(ours),
                Ok(Locked::Theirs(holder)) => {
                    self.after_save = None;
                    let message = format!(
                        "{} is open for {}. Choose another name.",
                        path.display(),
                        clock::who(&holder)
                    );
                    return self.notify(Notice::error(message));
                }
                // A folder that cannot be written says so when the file is.
                Err(_) => {}
            }
        }
        let project = self.session.project().clone();
        let (serial, state) = (self.serial, self.session.state());
        let had_file = self.session.path.is_some();
        let plan = SavePlan {
            desk: self.desk.clone(),
            path: path.clone(),
            journal: self.session.journal_sender().map(|sender| JournalPlan {
                sender,
                state,
                switch: (!is_same).then_some(if had_file {
                    Leave::GivenUp
                } else {
                    Leave::Remove
                }),
            }),
            backups: self.backups(),
            known: self.session.known.clone().filter(|_| is_same),
            is_new_place: !is_same,
            keeps_damaged: self.session.keep_damaged && is_same,
        };
        let total = project.articles().len().max(1);
        let title = format!("Saving {}", file_name(&path));
        let started = self.jobs.start(JobKind::Save, title, move |context| {
            let mut progress = |done: usize| context.progress(done as f32 / total as f32);
            let result = saving::save(&project, &plan, &mut progress);
            JobOutput::Saved {
                path,
                serial,
                state,
                lock,
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
            if extension.as_deref() == Some("ron") {
                return self.leave_for(Pending::Open(path.clone(), Access::Change));
            }
        }
        let project = self.session.project().clone();
        let serial = self.serial;
        let started = self
            .jobs
            .start(JobKind::Import, "Adding articles", move |context| {
                let import = import_paths(
                    &project,
                    &paths,
                    &ReadOptions::default(),
                    &mut |share, path| {
                        context.item(path.display().to_string());
                        context.progress(share)
                    },
                );
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
        let count = import.article_count();
        let refused = import.refused() > 0;
        if count > 0 {
            let title = match count {
                1 => "add article".to_owned(),
                n => format!("add {n} articles"),
            };
            let edits = import_edits(self.session.project(), import);
            let first = edits.iter().find_map(|edit| match edit {
                Edit::AddArticles(articles) => articles.first().map(|(_, a)| a.id.clone()),
                _ => None,
            });
            if self.apply(title, edits)
                && let Some(first) = first
            {
                self.go_to_article(&first);
                self.requests.push(UiRequest::FocusArticle);
            }
        }
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
                result: Ok(loaded), ..
            } if self.session.is_dirty() => {
                // Work was done while the file was read.
                self.waiting = Some(loaded);
                self.question = Some(Pending::Waiting);
            }
            JobOutput::Opened { path, result } => self.opened(path, result),
            JobOutput::Saved {
                path,
                serial,
                state,
                lock,
                result,
            } => self.saved(path, serial, state, lock, result),
            JobOutput::BackedUp(Ok(())) => {}
            JobOutput::BackedUp(Err(error)) => self.notify(
                Notice::warning("The timed backup could not be written")
                    .with_details(vec![error])
                    .on("backup"),
            ),
            JobOutput::BackupsCounted(counted) => self.backups_counted(counted),
            JobOutput::Merged {
                serial,
                state,
                result,
            } => self.merged(serial, state, result),
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
        lock: Option<Lock>,
        result: Result<Saved, SaveError>,
    ) {
        let next = self.after_save.take();
        // The project that was saved is no longer the open one.
        if serial != self.serial {
            return;
        }
        match result {
            Ok(saved) => {
                self.session.mark_saved(state);
                self.saved_at = Some(clock::now());
                self.settings.remember_project(&path);
                if let Some(kept) = saved.kept_damaged {
                    let message = format!("The damaged file was kept as {}", kept.display());
                    self.notify(Notice::info(message));
                    self.session.keep_damaged = false;
                }
                if let Some(trouble) = saved.backup_trouble {
                    let message = "The project was saved, but its previous version could not be kept as a backup";
                    self.notify(
                        Notice::warning(message)
                            .with_details(vec![trouble])
                            .on("backup"),
                    );
                }
                self.session.known = Some(saved.known);
                let is_settled = |topic: &str| matches!(topic, "recovery" | "changed");
                self.notices.retain(|notice| !is_settled(notice.topic));
                if self.session.path.as_ref() != Some(&path) {
                    self.session.path = Some(path);
                    self.session.lock = lock;
                    self.session.held_by = None;
                    self.notices.retain(|notice| notice.topic != "lock");
                    if self.session.journal_sender().is_none() {
                        let wake = self.jobs.wake();
                        let now = Some(clock::now());
                        self.session.start_journal(&self.desk, None, now, wake);
                    }
                }
                self.save_settings();
                if let Some(next) = next {
                    self.leave_for(next);
                }
            }
            Err(SaveError::Cancelled) => {
                self.notify(Notice::info("Saving was cancelled; the file is as it was"));
            }
            Err(error) => {
                // It stays until it is answered, and leaving goes on after it.
                self.after_save = next;
                self.save_trouble = Some(match error {
                    SaveError::Changed(path) => SaveTrouble::Changed(path),
                    SaveError::Gone(path) => SaveTrouble::Gone(path),
                    SaveError::Store(error) => SaveTrouble::Failed(path, error.to_string()),
                    SaveError::Cancelled => return,
                });
            }
        }
    }
}

/// The edits that bring a dataset into a project: new labels, people, annotators, then articles.
/// Articles and annotations whose ids are taken get new ones.
/// The edits that bring an import into a project: plain articles, then those with annotations.
pub fn import_edits(project: &crate::core::project::Project, import: Import) -> Vec<Edit> {
    let plain = Dataset {
        parts: crate::core::project::ProjectParts {
            codebook: project.codebook().clone(),
            articles: import.articles,
            ..Default::default()
        },
        ..Dataset::default()
    };
    // Each dataset is fitted to the project as those before it leave it.
    let mut staged = project.clone();
    let mut all = Vec::new();
    for dataset in std::iter::once(plain).chain(import.datasets) {
        let (edits, _) = dataset_edits(&staged, dataset);
        let transaction = Transaction::new("", edits);
        // What cannot be applied here would be refused as a whole later, and said then.
        let _checked_again_on_applying = apply(&mut staged, &transaction);
        all.extend(transaction.edits);
    }
    all
}

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
    let known_people = people.len();
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
    let new_people: Vec<_> = people.into_iter().enumerate().skip(known_people).collect();
    if !new_people.is_empty() {
        edits.push(Edit::AddPeople(new_people));
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

pub(super) fn file_name(path: &std::path::Path) -> String {
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

pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {many}")
    }
}
