//! The program's state and the one place where actions change it.
//!
//! The window and tests hand in [`Action`]s; every change to the project goes through
//! `Session::perform`. What only the window can do (dialogs, focus) comes back as [`UiRequest`]s.

mod annotate;
mod copies;
mod files;
mod import;
mod jobs;
mod safety;
mod trash;

use crate::app::action::{Action, EdgeMove, Side, UiRequest};
use crate::app::command::Command;
use crate::app::derived::{Derive, DeriveLater, Derived, Latest};
use crate::app::desk::{Access, Desk};
use crate::app::jobs::{Jobs, Wake};
use crate::app::notice::Notice;
use crate::app::session::{Loaded, Session};
use crate::app::settings::{Place, Settings, ThemeChoice, state_folder};
use crate::core::annotation::{Annotation, Timestamp};
use crate::core::article::{Article, Status};
use crate::core::edit::{Edit, Transaction};
use crate::core::ids::{AnnotationId, ArticleId, LabelId};
use crate::core::text::selection::Selection;
use crate::core::text::{BytePos, CharPos};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

pub use copies::CopyGroup;
pub use files::{Pending, ReplaceExport};
pub use import::ImportPreview;
use jobs::Done;
pub use safety::{BackupLine, CountedBackup, SaveTrouble};
pub use trash::{TrashLine, step_excerpt, step_title, trash_line};

pub struct Model {
    work: Work,
    desk: Desk,
    settings: Settings,
    settings_folder: Option<PathBuf>,
    jobs: Jobs<Done>,
    /// Those on a topic are about the open project.
    notices: Vec<Notice>,
    requests: Vec<UiRequest>,
    /// Counts projects, so that what is about one does not land in another.
    serial: u64,
}

/// The work at hand: the open project, and all that dies with it. When another project is entered,
/// another one takes its place, whole; nothing of it is reset by hand.
struct Work {
    session: Session,
    selection: Selection,
    selected: Option<AnnotationId>,
    locked_label: Option<LabelId>,
    /// An edge being moved, by keys or by the mouse; not yet in the project.
    edge_move: Option<EdgeMove>,
    article: Option<ArticleId>,
    /// What is at the top of each article, and what was selected in it.
    places: HashMap<ArticleId, (BytePos, Selection)>,
    /// The question that stands before unsaved work is left.
    question: Option<Pending>,
    /// What is gone on with after a save.
    after_save: Option<Pending>,
    /// A project that was read while this one was changed; it waits for the answer.
    waiting: Option<Box<Loaded>>,
    /// A save that cannot go on without an answer.
    save_trouble: Option<SaveTrouble>,
    /// An export that waits for an answer: there is one already.
    replacing: Option<ReplaceExport>,
    /// Articles that were read and are not in the project yet.
    import: Option<ImportPreview>,
    /// Articles that say the same, once they were looked for.
    copies: Option<Arc<Vec<CopyGroup>>>,
    /// The backups that the dialog shows.
    backup_lines: Vec<BackupLine>,
    saved_at: Option<Timestamp>,
    watch: safety::Watch,
    derived: Derived,
}

impl Work {
    fn on(session: Session, wake: Wake) -> Self {
        Self {
            session,
            selection: Selection::default(),
            selected: None,
            locked_label: None,
            edge_move: None,
            article: None,
            places: HashMap::new(),
            question: None,
            after_save: None,
            waiting: None,
            save_trouble: None,
            replacing: None,
            import: None,
            copies: None,
            backup_lines: Vec::new(),
            saved_at: None,
            watch: safety::Watch::default(),
            derived: Derived::new(wake),
        }
    }
}

impl Model {
    pub fn new(settings: Settings, settings_folder: Option<PathBuf>, wake: Wake) -> Self {
        let mut session = Session::new("", &settings.annotator, &settings.id_tag);
        let state_folder = settings_folder.as_deref().map(state_folder);
        let desk = Desk::on_disk(state_folder);
        session.start_journal(&desk, None, None, wake.clone());
        Self {
            work: Work::on(session, wake.clone()),
            desk,
            settings,
            settings_folder,
            jobs: Jobs::new(wake),
            notices: Vec::new(),
            requests: Vec::new(),
            serial: 0,
        }
    }

    pub fn session(&self) -> &Session {
        &self.work.session
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub fn jobs(&self) -> &Jobs<Done> {
        &self.jobs
    }

    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    pub fn selection(&self) -> &Selection {
        &self.work.selection
    }

    pub fn selected(&self) -> Option<&AnnotationId> {
        self.work.selected.as_ref()
    }

    pub fn locked_label(&self) -> Option<&LabelId> {
        self.work.locked_label.as_ref()
    }

    pub fn edge_move(&self) -> Option<&EdgeMove> {
        self.work.edge_move.as_ref()
    }

    pub fn question(&self) -> Option<&Pending> {
        self.work.question.as_ref()
    }

    pub fn save_trouble(&self) -> Option<&SaveTrouble> {
        self.work.save_trouble.as_ref()
    }

    pub fn replacing(&self) -> Option<&ReplaceExport> {
        self.work.replacing.as_ref()
    }

    pub fn import(&self) -> Option<&ImportPreview> {
        self.work.import.as_ref()
    }

    pub fn backup_lines(&self) -> &[BackupLine] {
        &self.work.backup_lines
    }

    pub fn saved_at(&self) -> Option<Timestamp> {
        self.work.saved_at
    }

    /// Whether the window is asked for something.
    pub fn has_requests(&self) -> bool {
        !self.requests.is_empty()
    }

    pub fn take_requests(&mut self) -> Vec<UiRequest> {
        std::mem::take(&mut self.requests)
    }

    /// Another number for each project that was entered.
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// What follows from the project, made when the project or the question is new.
    pub fn derived<Q: Derive>(&self, question: &Q) -> Rc<Q::Value> {
        self.work.derived.get(&self.work.session, question)
    }

    /// The same where making it may take longer than a frame: the last good answer meanwhile.
    pub fn derived_later<Q: DeriveLater>(&self, question: &Q) -> Latest<Q::Value> {
        self.work.derived.get_later(&self.work.session, question)
    }

    /// How many answers were made; none in an idle window.
    pub fn derived_count(&self) -> u64 {
        self.work.derived.made()
    }

    pub fn article(&self) -> Option<&Arc<Article>> {
        self.work
            .session
            .project()
            .article(self.work.article.as_ref()?)
    }

    pub fn article_index(&self) -> Option<usize> {
        self.work
            .session
            .project()
            .article_index(self.work.article.as_ref()?)
    }

    pub fn selected_annotation(&self) -> Option<&Arc<Annotation>> {
        let id = self.work.selected.as_ref()?;
        self.article()?.annotations.get(id.as_str())
    }

    pub fn notify(&mut self, notice: Notice) {
        const MAX_NOTICES: usize = 6;
        if !notice.topic.is_empty() {
            self.notices.retain(|known| known.topic != notice.topic);
        }
        if self.notices.last() != Some(&notice) {
            self.notices.push(notice);
        }
        if self.notices.len() > MAX_NOTICES {
            self.notices.remove(0);
        }
    }

    /// Notices grow older; those whose time is over go.
    fn age_notices(&mut self, secs: f32) {
        self.notices.retain(|notice| notice.outlives(secs));
        for notice in &mut self.notices {
            notice.age_secs += secs;
        }
    }

    /// Remembers what is at the top of the view, so that coming back shows it.
    fn remember_top(&mut self, top: BytePos) {
        if let Some(id) = &self.work.article {
            self.work
                .places
                .insert(id.clone(), (top, self.work.selection.clone()));
        }
    }

    pub fn is_enabled(&self, command: Command) -> bool {
        use Command as C;
        let project = self.work.session.project();
        match command {
            C::Undo => self.work.session.undo_title().is_some(),
            C::Redo => self.work.session.redo_title().is_some(),
            // What was mended while opening can be saved without a change.
            C::Save => {
                let session = &self.work.session;
                session.is_dirty() || session.path.is_none() || session.keep_damaged
            }
            C::Export => !project.articles().is_empty(),
            C::ExportAgain => !project.articles().is_empty() && self.settings.last_export.is_some(),
            C::SelectAll
            | C::GrowSelection
            | C::ShrinkSelection
            | C::MarkDone
            | C::ToggleFlag
            | C::MoveArticleToTrash => self.article().is_some(),
            C::Copy => !self.work.selection.is_empty(),
            C::NextArticle => self
                .article_index()
                .is_some_and(|i| i + 1 < project.articles().len()),
            C::PreviousArticle => self.article_index().is_some_and(|i| i > 0),
            C::NextAnnotation | C::PreviousAnnotation | C::CycleOverlapping => {
                self.article().is_some_and(|a| !a.annotations.is_empty())
            }
            C::CompareVersions => self.previous_version().is_some(),
            C::AddFragment => self.work.selected.is_some() && !self.work.selection.is_empty(),
            C::DeleteAnnotation
            | C::EditNote
            | C::MoveStart
            | C::MoveEnd
            | C::SelectAnnotationText => self.selected_annotation().is_some(),
            _ => true,
        }
    }

    /// The title of a command as it stands now: "Undo mark quote".
    pub fn title_of(&self, command: Command) -> String {
        let title = crate::app::command::info(command).title;
        let step = match command {
            Command::Undo => self.work.session.undo_title(),
            Command::Redo => self.work.session.redo_title(),
            _ => None,
        };
        match step {
            Some(step) => format!("{title} {step}"),
            None => title.to_owned(),
        }
    }

    pub fn perform(&mut self, action: Action) {
        let goes_on = matches!(
            action,
            Action::Run(_) | Action::MoveEdge(_) | Action::StepEdge { .. }
        );
        if !goes_on && !action.is_bookkeeping() {
            self.finish_edge_move(true);
        }
        match action {
            Action::Run(command) => self.run(command),
            Action::Open(path) => self.leave_for(Pending::Open(path, Access::Change)),
            Action::OpenAs(path, access) => self.leave_for(Pending::Open(path, access)),
            Action::OpenUnsaved(journal) => self.leave_for(Pending::Unsaved(journal)),
            Action::AddPaths(paths) => self.add_paths(paths),
            Action::AddText { text, html } => self.add_text(text, html),
            Action::SetImportOptions(options) => self.set_import_options(*options),
            Action::ChooseTwin { at, choice } => self.choose_twin(at, choice),
            Action::AcceptImport => self.accept_import(),
            Action::KeepCopy {
                keep,
                others,
                carries,
            } => self.keep_copy(&keep, &others, carries),
            Action::GroupCopies(ids) => self.group_copies(&ids),
            Action::CancelImport => self.cancel_import(),
            Action::SaveTo(path) => self.save_to(path),
            Action::Export {
                format,
                options,
                path,
                may_replace,
            } => self.export(format, *options, path, may_replace),
            Action::ReplaceExport(answer) => self.replace_export(answer),
            Action::KeepExportOptions { format, options } => {
                self.settings.exports.insert(format.to_owned(), *options);
            }
            Action::CancelJobs => self.cancel_jobs(|_| true),
            Action::GoToArticle(id) => self.go_to_article(&id),
            Action::UseLabel(label) => self.use_label(&label),
            Action::MarkRange { range, label } => self.mark(range, &label),
            Action::AddFragmentRange(range) => self.add_fragment(range),
            Action::LockLabel(label) => self.work.locked_label = label,
            Action::SelectAnnotation { id, reveal } => self.select_annotation(id, reveal),
            Action::Select {
                selection,
                annotation,
            } => self.select(selection, annotation),
            Action::MoveEdge(edge) => self.work.edge_move = Some(edge),
            Action::StepEdge { unit, direction } => self.step_edge(unit, direction),
            // It was kept already.
            Action::KeepEdge => {}
            Action::SetNote { id, note } => self.change(&id, "write note", |a| a.note = note),
            Action::SetLabel { id, label } => self.relabel(&id, &label),
            Action::SetAttribute { id, name, value } => self.set_attribute(&id, &name, value),
            Action::SetPerson { id, name, person } => self.set_person(&id, &name, &person),
            Action::SetFragment {
                id,
                fragment,
                range,
            } => self.set_fragment(&id, fragment, range),
            Action::RemoveFragment { id, fragment } => self.change(&id, "remove fragment", |a| {
                if a.fragments.len() > 1 && fragment < a.fragments.len() {
                    let mut left = a.fragments.to_vec();
                    left.remove(fragment);
                    a.fragments = left.into();
                }
            }),
            Action::Delete(id) => self.delete(&id),
            Action::DeleteLabel { label, move_to } => self.delete_label(&label, move_to.as_ref()),
            Action::DeleteAnnotator(id) => self.delete_annotator(&id),
            Action::AskToDelete(what) => self.requests.push(UiRequest::AskToDelete(what)),
            Action::Restore(places) => self.restore(&places),
            Action::Purge(places) => self.purge(&places),
            Action::JumpTo(done) => self.jump_to(done),
            Action::PlaceReviewed(at) => self.place_reviewed(at),
            Action::DropReviewed(at) => self.drop_reviewed(at),
            Action::ShowReviewed(at) => self.show_reviewed(at),
            Action::AnswerSave(answer) => self.answer_save_trouble(answer),
            Action::CopyPath(path) => {
                let text = path.display().to_string();
                self.requests.push(UiRequest::CopyText(text));
            }
            Action::RetryJournal => self.work.session.retry_journal(),
            Action::SetStatus { article, status } => self.set_status(&article, status),
            Action::Leave(answer) => self.leave(answer),
            Action::SetTheme(theme) => self.settings.theme = theme,
            Action::SetSettings(settings) => self.settings = *settings,
            Action::SetAnnotator(name) => {
                self.work.session.set_annotator(&name);
                self.settings.annotator = name;
            }
            Action::RememberTop(top) => self.remember_top(top),
            Action::RememberWindow(width, height) => self.settings.window = (width, height),
            Action::AgeNotices { secs } => self.age_notices(secs),
            Action::DismissNotice(i) => {
                if i < self.notices.len() {
                    self.notices.remove(i);
                }
            }
        }
    }

    fn run(&mut self, command: Command) {
        use Command as C;
        if self.work.edge_move.is_some() {
            let keep = command != C::Escape;
            self.finish_edge_move(keep);
            if command == C::Escape {
                return;
            }
        }
        if !self.is_enabled(command) {
            return;
        }
        match command {
            C::NewProject => self.leave_for(Pending::New),
            C::OpenProject => self.leave_for(Pending::PickProject),
            C::OpenDemo => self.leave_for(Pending::Demo),
            C::Quit => self.leave_for(Pending::Quit),
            C::Save => self.save(),
            C::SaveAs => self.request_save_as(),
            C::AddFiles => self.requests.push(UiRequest::PickArticles),
            C::AddFolder => self.requests.push(UiRequest::PickFolder),
            C::PasteArticle => self.requests.push(UiRequest::RequestPaste),
            C::ImportDataset => self.requests.push(UiRequest::PickArticles),
            C::FindCopies => self.find_copies(),
            C::CompareVersions => self.requests.push(UiRequest::ShowVersions),
            C::Imports => self.requests.push(UiRequest::ShowImports),
            C::Export => self.requests.push(UiRequest::ShowExport),
            C::ExportAgain => self.export_again(),
            C::Undo => self.undo_or_redo(true),
            C::Redo => self.undo_or_redo(false),
            C::History => self.requests.push(UiRequest::ShowHistory),
            C::Trash => self.requests.push(UiRequest::ShowTrash),
            C::Review => self.requests.push(UiRequest::ShowReview),
            C::Backups => self.show_backups(),
            C::Labels => self.requests.push(UiRequest::ShowLabels),
            C::Annotators => self.requests.push(UiRequest::ShowAnnotators),
            C::Copy => self.copy(),
            C::SelectAll => self.with_text(|model, article| {
                model.work.selection = Selection::of(article.text.full_range());
            }),
            C::GrowSelection => self.with_text(|model, article| {
                model.work.selection = model.work.selection.grown(&article.text);
            }),
            C::ShrinkSelection => self.work.selection = self.work.selection.shrunk(),
            C::DeleteAnnotation => {
                if let Some(id) = self.work.selected.clone() {
                    self.delete(&id);
                }
            }
            C::EditNote => {
                self.settings.show_annotations = true;
                self.requests.push(UiRequest::FocusNote);
            }
            C::Escape => self.escape(),
            C::AddFragment => self.add_fragment(self.work.selection.range()),
            C::MoveStart => self.begin_edge_move(Side::Start),
            C::MoveEnd => self.begin_edge_move(Side::End),
            C::NextAnnotation => self.step_annotation(true),
            C::PreviousAnnotation => self.step_annotation(false),
            C::CycleOverlapping => self.cycle_overlapping(),
            C::SelectAnnotationText => {
                if let Some(annotation) = self.selected_annotation() {
                    self.work.selection = Selection::of(annotation.extent());
                }
            }
            C::NextArticle => self.step_article(1),
            C::PreviousArticle => self.step_article(-1),
            C::MarkDone => self.mark_done(),
            C::ToggleFlag => self.toggle_flag(),
            C::MoveArticleToTrash => self.remove_article(),
            C::FilterArticles => {
                self.settings.show_articles = true;
                self.requests.push(UiRequest::FocusArticleFilter);
            }
            C::FilterAnnotations => {
                self.settings.show_annotations = true;
                self.requests.push(UiRequest::FocusAnnotationFilter);
            }
            C::FocusArticle => self.requests.push(UiRequest::FocusArticle),
            C::NextPane => self.requests.push(UiRequest::NextPane),
            C::ToggleArticles => self.settings.show_articles ^= true,
            C::ToggleAnnotations => self.settings.show_annotations ^= true,
            C::ToggleSnapToWords => self.settings.snap_to_words ^= true,
            C::NextTheme => self.next_theme(),
            C::LargerText => {
                self.settings.reading_size = (self.settings.reading_size + 1.0).min(40.0)
            }
            C::SmallerText => {
                self.settings.reading_size = (self.settings.reading_size - 1.0).max(10.0)
            }
            C::WiderMeasure => {
                self.settings.measure_chars = (self.settings.measure_chars + 4).min(160)
            }
            C::NarrowerMeasure => {
                self.settings.measure_chars = self.settings.measure_chars.saturating_sub(4).max(30);
            }
            C::ZoomIn => self.settings.zoom = (self.settings.zoom + 0.1).min(3.0),
            C::ZoomOut => self.settings.zoom = (self.settings.zoom - 0.1).max(0.5),
            C::ResetZoom => self.settings.zoom = 1.0,
            C::Palette => self.requests.push(UiRequest::ShowPalette),
            C::CheatSheet => self.requests.push(UiRequest::ShowCheatSheet),
            C::Settings => self.requests.push(UiRequest::ShowSettings),
            C::About => self.requests.push(UiRequest::ShowAbout),
        }
    }

    /// Applies a transaction; a refusal becomes a notice.
    fn apply(&mut self, title: impl Into<String>, edits: Vec<Edit>) -> bool {
        self.drop_undo_offers();
        match self.work.session.perform(Transaction::new(title, edits)) {
            Ok(()) => true,
            Err(error) => {
                self.notify(Notice::error(format!("This was not done: {error}")));
                false
            }
        }
    }

    /// “Undo” on a card means the step that the card tells of; another one came since.
    fn drop_undo_offers(&mut self) {
        self.notices.retain(|notice| notice.topic != "trash");
    }

    fn with_text(&mut self, change: impl FnOnce(&mut Self, &Article)) {
        if let Some(article) = self.article().cloned() {
            change(self, &article);
        }
    }

    fn undo_or_redo(&mut self, undo: bool) {
        self.drop_undo_offers();
        let result = if undo {
            self.work.session.undo()
        } else {
            self.work.session.redo()
        };
        match result {
            None => {}
            Some(Ok(done)) => self.show_subject(&done),
            Some(Err(error)) => self.notify(Notice::error(format!("This was not done: {error}"))),
        }
    }

    /// Shows what a transaction changed, as undo and redo do.
    fn show_subject(&mut self, done: &Transaction) {
        let subject = done
            .subject()
            .map(|(article, id)| (article.clone(), id.cloned()));
        if let Some((article, id)) = subject {
            if self.work.article.as_ref() != Some(&article) {
                self.go_to_article(&article);
            }
            if let Some(id) = id {
                self.select_annotation(id, true);
            }
        }
        self.mend_references();
    }

    /// Lets go of what is no longer in the project.
    fn mend_references(&mut self) {
        if self.selected_annotation().is_none() {
            self.work.selected = None;
        }
        if self.article().is_none() {
            self.work.article = None;
            let first = self
                .work
                .session
                .project()
                .articles()
                .first()
                .map(|a| a.id.clone());
            if let Some(first) = first {
                self.go_to_article(&first);
            }
        }
    }

    fn copy(&mut self) {
        if let Some(article) = self.article() {
            let text = article.text.slice(self.work.selection.range()).to_owned();
            self.requests.push(UiRequest::CopyText(text));
        }
    }

    fn escape(&mut self) {
        if !self.work.selection.is_empty() {
            self.work.selection = Selection::caret_at(self.work.selection.caret);
        } else if self.work.selected.is_some() {
            self.work.selected = None;
        } else {
            self.work.locked_label = None;
        }
    }

    pub fn go_to_article(&mut self, id: &ArticleId) {
        if self.work.session.project().article(id).is_none()
            || self.work.article.as_ref() == Some(id)
        {
            return;
        }
        self.work.article = Some(id.clone());
        self.work.selected = None;
        self.work.edge_move = None;
        let (top, selection) = self.work.places.get(id).cloned().unwrap_or_default();
        self.work.selection = selection;
        self.requests.push(UiRequest::ScrollTo(top));
    }

    fn step_article(&mut self, by: isize) {
        let next = self.article_index().and_then(|i| i.checked_add_signed(by));
        let next = next.and_then(|i| self.work.session.project().articles().get(i));
        if let Some(id) = next.map(|article| article.id.clone()) {
            self.go_to_article(&id);
            self.requests.push(UiRequest::FocusArticle);
        }
    }

    fn set_status(&mut self, article: &ArticleId, status: Status) {
        let annotator = self.work.session.annotator();
        let known = self.work.session.project().article(article);
        if known.is_none_or(|known| known.status_for(annotator) == status) {
            return;
        }
        let title = format!("set article to {}", status.name());
        let edit = Edit::SetStatus {
            article: article.clone(),
            annotator: self.work.session.annotator().clone(),
            status,
        };
        self.apply(title, vec![edit]);
    }

    fn mark_done(&mut self) {
        let Some(id) = self.work.article.clone() else {
            return;
        };
        self.set_status(&id, Status::Done);
        if self.is_enabled(Command::NextArticle) {
            self.step_article(1);
        } else {
            self.notify(Notice::info("This was the last article"));
        }
    }

    fn toggle_flag(&mut self) {
        if let Some(article) = self.article() {
            let id = article.id.clone();
            let status = match article.status_for(self.work.session.annotator()) {
                Status::Flagged if article.annotations.is_empty() => Status::New,
                Status::Flagged => Status::InProgress,
                _ => Status::Flagged,
            };
            self.set_status(&id, status);
        }
    }

    fn next_theme(&mut self) {
        let all = ThemeChoice::ALL;
        let at = all
            .iter()
            .position(|(theme, _)| *theme == self.settings.theme);
        let next = (at.unwrap_or(0) + 1) % all.len();
        if let Some((theme, name)) = all.get(next) {
            self.settings.theme = *theme;
            self.notices
                .retain(|notice| !notice.message.starts_with("Theme: "));
            self.notify(Notice::info(format!("Theme: {name}")));
        }
    }

    /// Where the analyst is, for the settings.
    pub fn place(&self) -> Option<Place> {
        let article = self.article()?;
        let top = self
            .work
            .places
            .get(&article.id)
            .map(|(top, _)| *top)
            .unwrap_or_default();
        Some(Place {
            article: article.id.to_string(),
            top_chars: article.text.char_pos(top).0,
        })
    }

    /// Goes back to where the analyst was when the project was last open.
    fn restore_place(&mut self) {
        let place = self
            .work
            .session
            .path
            .as_deref()
            .and_then(|path| self.settings.place_of(path))
            .cloned()
            .unwrap_or_default();
        let project = self.work.session.project();
        let remembered = project.article(&ArticleId::new(place.article.as_str()));
        let Some(article) = remembered.or(project.articles().first()).cloned() else {
            return;
        };
        let top = if article.id.as_str() == place.article {
            article
                .text
                .byte_pos(CharPos(place.top_chars))
                .unwrap_or_default()
        } else {
            BytePos(0)
        };
        let selection = Selection::caret_at(top);
        self.work
            .places
            .insert(article.id.clone(), (top, selection));
        self.go_to_article(&article.id);
    }

    /// Saves preferences and the reading place; called when something changed and at the end.
    pub fn save_settings(&mut self) {
        if let (Some(path), Some(place)) = (self.work.session.path.clone(), self.place()) {
            self.settings.remember_place(&path, place);
        }
        if let Some(folder) = &self.settings_folder
            && let Err(error) = self.settings.save(folder)
        {
            let message = format!("The settings could not be saved. {error}");
            self.notify(Notice::warning(message));
        }
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
