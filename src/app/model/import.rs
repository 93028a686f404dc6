//! Importing: what was chosen is read in the background, looked at in a preview, and added as one
//! step. Until then the project knows nothing of it.

use super::jobs::Outcome;
use super::rows::{commands, row};
use super::{Model, Pending};
use crate::app::action::{Action, Pick, UiRequest};
use crate::app::clock;
use crate::app::command::{Command, Scope, Section, ctrl, ctrl_shift};
use crate::app::desk::Access;
use crate::app::import::kept::Reads;
use crate::app::import::workers::Readers;
use crate::app::import::{Decided, ImportOptions, ImportSource, Proposal, TwinChoice, read_import};
use crate::app::jobs::{JobKind, Turn, jobs};
use crate::app::notice::Notice;
use crate::app::words::count_grouped;
use crate::core::edit::Edit;
use crate::core::shown::shown_path;
use std::path::{Path, PathBuf};

#[rustfmt::skip]
commands! {
    AddFiles => row(Section::Adding, "Add articles…", ctrl("I"), Scope::Always, "Add articles, exports and datasets of many kinds to the project")
        .runs(|model| model.requests.push(UiRequest::Pick(Pick::Articles))),
    AddFolder => row(Section::Adding, "Add a folder of articles…", ctrl_shift("I"), Scope::Always, "Add all that can be read in a folder")
        .runs(|model| model.requests.push(UiRequest::Pick(Pick::Folder))),
    PasteArticle => row(Section::Adding, "Paste as article", ctrl("V"), Scope::NotWriting, "Make an article of the text on the clipboard")
        .runs(|model| model.requests.push(UiRequest::RequestPaste)),
    ImportDataset => row(Section::Importing, "Import dataset…", None, Scope::Always, "Add articles with annotations, from Pressmark or another tool")
        .runs(|model| model.requests.push(UiRequest::Pick(Pick::Articles))),
    BackToImport => row(Section::Importing, "Back to the import", None, Scope::Always, "Show the import again that was put aside while its files are read, or left")
        .runs(Model::resume_import)
        .when(|model| model.work.left_import.is_some() || model.has_import_aside()),
    Imports => row(Section::Importing, "Import reports…", None, Scope::Always, "What every import read, skipped and refused, and why")
        .shows_its_dialog(),
}

jobs! {
    Import => Turn::NewestWins,
}

/// The topic of the notice that an import was left.
const LEFT: &str = "import left";
/// And of the one that an import that was put aside is read.
const READ: &str = "import read";
/// And of the one that something else was to be imported meanwhile.
const WAITS: &str = "import under way";

/// An import that was not decided on yet.
pub struct ImportPreview {
    pub source: ImportSource,
    pub options: ImportOptions,
    /// `None` while it is being read.
    pub proposal: Option<Box<Proposal>>,
    /// The proposal is what the options make of it; otherwise it is being made anew.
    pub is_current: bool,
    /// Something else is done meanwhile; it comes back when it is asked for.
    pub is_aside: bool,
    /// The project that it was compared with.
    revision: u64,
    reads: Reads,
}

impl ImportPreview {
    fn of(source: ImportSource) -> Self {
        Self {
            source,
            options: ImportOptions::default(),
            proposal: None,
            is_current: false,
            is_aside: false,
            revision: 0,
            reads: Reads::default(),
        }
    }
}

impl Model {
    pub(super) fn add_paths(&mut self, paths: Vec<PathBuf>) {
        if let [path] = paths.as_slice() {
            let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
            if extension.as_deref() == Some("ron") {
                return self.leave_for(Pending::Open(path.clone(), Access::Change));
            }
        }
        match &mut self.work.import {
            // More files for the preview that is shown, or was put aside.
            Some(ImportPreview {
                source: ImportSource::Paths(chosen),
                proposal,
                is_aside,
                ..
            }) => {
                chosen.extend(paths);
                *proposal = None;
                *is_aside = false;
                self.notices
                    .retain(|notice| !matches!(notice.topic, READ | WAITS));
            }
            _ => {
                self.work.import = Some(ImportPreview::of(ImportSource::Paths(paths)));
            }
        }
        self.read_chosen();
    }

    pub(super) fn add_text(&mut self, text: String, html: Option<String>) {
        if self.has_import_aside() {
            let told = "Another import is under way: finish it first, then paste again";
            let back = Action::ResumeImport;
            let notice = Notice::info(told).on(WAITS);
            return self.notify(notice.with_offer("Back to the import", back));
        }
        self.work.import = Some(ImportPreview::of(ImportSource::Pasted { text, html }));
        self.read_chosen();
    }

    pub(super) fn set_import_options(&mut self, options: ImportOptions) {
        if let Some(preview) = &mut self.work.import
            && preview.options != options
        {
            preview.options = options;
            self.read_chosen();
        }
    }

    /// Reads what was chosen, with the options as they are now, in the place of a reading with
    /// others.
    fn read_chosen(&mut self) {
        let Some(preview) = &mut self.work.import else {
            return;
        };
        preview.is_current = false;
        preview.revision = self.work.session.revision();
        let (source, options) = (preview.source.clone(), preview.options.clone());
        let mut reads = preview.reads.clone();
        let project = self.work.session.project().clone();
        let readers = Readers::default();
        // Text alone is there at once; a page is read where it can be stopped.
        if matches!(source, ImportSource::Pasted { html: None, .. }) {
            let go_on = &mut |_: f32, _: &Path| true;
            let import = read_import(&readers, &project, &source, &options, &mut reads, go_on);
            let proposal = Proposal::of(&project, import, &mut || true);
            drop(project);
            return self.proposed(&source, &options, proposal, reads);
        }
        self.start(JobKind::Import, "Reading articles", move |context| {
            let mut progress = |share: f32, path: &Path| {
                context.item(shown_path(path));
                context.progress(share * 0.9)
            };
            let progress = &mut progress;
            let import = read_import(&readers, &project, &source, &options, &mut reads, progress);
            context.item("Looking for copies");
            let proposal = Proposal::of(&project, import, &mut || context.progress(0.95));
            Outcome::of_project(move |model| model.proposed(&source, &options, proposal, reads))
        });
    }

    fn proposed(
        &mut self,
        source: &ImportSource,
        options: &ImportOptions,
        proposal: Proposal,
        reads: Reads,
    ) {
        // Another preview may have been begun where this one was left, or another choice been made.
        let shown = self.work.import.as_mut();
        let is_it =
            |preview: &&mut ImportPreview| preview.source == *source && preview.options == *options;
        let Some(preview) = shown.filter(is_it) else {
            return;
        };
        if proposal.import.is_cancelled {
            return self.read_chosen();
        }
        let articles = count_grouped(proposal.added(), "article", "articles");
        preview.proposal = Some(Box::new(proposal));
        preview.reads = reads;
        preview.is_current = true;
        if preview.is_aside {
            // A card that came over the text by itself would take the keys of whoever is marking.
            let told = format!("The files are read: {articles} can be added");
            let notice = Notice::info(told).on(READ).until_dismissed();
            self.notify(notice.with_offer("Back to the import", Action::ResumeImport));
        }
    }

    /// Goes on with reading what was chosen, and gives the window back meanwhile.
    pub(super) fn put_import_aside(&mut self) {
        let shown = self.work.import.as_mut();
        if let Some(preview) = shown.filter(|preview| preview.proposal.is_none()) {
            preview.is_aside = true;
            self.requests.push(UiRequest::FocusArticle);
        }
    }

    pub(super) fn choose_twin(&mut self, at: Option<usize>, choice: TwinChoice) {
        let proposal = self.work.import.as_mut().and_then(|p| p.proposal.as_mut());
        let twins = proposal.map(|p| p.twins.iter_mut()).into_iter().flatten();
        for (i, twin) in twins.enumerate() {
            let fits = choice != TwinChoice::NewVersion || twin.is_version;
            if at.is_none_or(|at| at == i) && fits {
                twin.choice = choice;
            }
        }
    }

    /// Leaves the import; what was read can be had back.
    pub(super) fn cancel_import(&mut self) {
        self.cancel_jobs(|kind| kind == JobKind::Import);
        self.notices
            .retain(|notice| !matches!(notice.topic, READ | WAITS));
        let left = self.work.import.take();
        self.work.left_import = left.filter(|preview| preview.proposal.is_some());
        if self.work.left_import.is_some() {
            let notice = Notice::info("Nothing was added").on(LEFT);
            self.notify(notice.with_offer("Back to the import", Action::ResumeImport));
        }
        self.requests.push(UiRequest::FocusArticle);
    }

    pub(super) fn has_import_aside(&self) -> bool {
        let import = self.work.import.as_ref();
        import.is_some_and(|preview| preview.is_aside)
    }

    /// Of an import that was put aside nothing is read any more, either.
    pub(super) fn cancel_all_jobs(&mut self) {
        if self.has_import_aside() {
            self.cancel_import();
        }
        self.cancel_jobs(|_| true);
    }

    /// What its notice does not offer any more need not be kept.
    pub(super) fn forget_left_import(&mut self) {
        if !self.notices.iter().any(|notice| notice.topic == LEFT) {
            self.work.left_import = None;
        }
    }

    pub(super) fn resume_import(&mut self) {
        self.notices
            .retain(|notice| !matches!(notice.topic, READ | WAITS));
        if let Some(preview) = self.work.import.as_mut().filter(|known| known.is_aside) {
            preview.is_aside = false;
            // What was done meanwhile may be about the same articles.
            let is_other = preview.revision != self.work.session.revision();
            if is_other && preview.proposal.is_some() {
                self.read_chosen();
            }
            return;
        }
        if self.work.import.is_none()
            && let Some(preview) = self.work.left_import.take()
        {
            // What was added since may be the same as what was read.
            let now = self.work.session.revision();
            let is_current = preview.is_current && preview.revision == now;
            self.work.import = Some(preview);
            if !is_current {
                self.read_chosen();
            }
        }
    }

    /// Adds what the preview shows as one step, and shows the first of it.
    pub(super) fn accept_import(&mut self) {
        let Some(preview) = self.work.import.take() else {
            return;
        };
        match preview {
            ImportPreview {
                proposal: Some(proposal),
                is_current: true,
                ..
            } => self.add_proposal(*proposal),
            // It is being read.
            preview => self.work.import = Some(preview),
        }
    }

    fn add_proposal(&mut self, proposal: Proposal) {
        let mut details = proposal.import.remarks();
        let datasets = proposal.import.datasets.iter();
        details.extend(datasets.flat_map(|d| d.problems.iter().map(ToString::to_string)));
        let refused = proposal.import.refused() > 0;
        let by = self.work.session.annotator().clone();
        let Decided {
            edits,
            remarks,
            summary,
            added,
        } = proposal.edits(self.work.session.project(), &by, clock::now());
        let title = match added {
            0 => "import annotations".to_owned(),
            1 => "add article".to_owned(),
            n => format!("add {n} articles"),
        };
        details.extend(remarks);
        let mut articles = edits.iter().flat_map(Edit::new_articles);
        let first = articles.next().map(|(_, article)| article.id.clone());
        if !edits.is_empty() {
            if !self.apply(title, edits) {
                return;
            }
            if let Some(first) = first {
                self.take_up(&first);
            }
            self.announce_keys();
            self.requests.push(UiRequest::FocusArticle);
        }
        let mut notice = if refused || !details.is_empty() {
            Notice::warning(summary).with_details(details)
        } else {
            Notice::info(summary)
        };
        if !self.work.session.project().set_aside().is_empty() {
            let review = Action::Run(Command::Review);
            notice = notice.with_offer("Show the review list", review);
        }
        self.notify(notice);
    }
}
