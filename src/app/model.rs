//! The program's state and the one place where actions change it.
//!
//! The window and tests hand in [`Action`]s; every change to the project goes through
//! `Session::perform`. What only the window can do (dialogs, focus) comes back as [`UiRequest`]s.
//! Each feature has its room below: its commands, its jobs, and what it does to the model.

mod annotate;
mod backups;
mod claims;
mod codebook;
mod codebook_files;
mod copies;
mod deleting;
mod export;
mod files;
mod find;
mod fonts;
mod go;
mod help;
mod history;
mod hits;
mod import;
mod jobs;
mod ledger;
mod links;
mod listing;
mod marking;
mod metadata;
mod passages;
mod people;
mod quotes;
mod reading;
mod review;
mod rows;
mod rules;
mod safety;
mod samples;
mod select;
mod trash;
mod view;
mod worklist;

use crate::app::action::{Action, EdgeMove, LinkDraft, Spot, UiRequest};
use crate::app::command::{Command, info};
use crate::app::derived::parts::DeriveInParts;
use crate::app::derived::{Derive, DeriveLater, Derived, Latest};
use crate::app::desk::{Access, Desk};
use crate::app::jobs::{JobKind, Jobs, Wake};
use crate::app::notice::{Notice, Severity};
use crate::app::session::{Loaded, Session};
use crate::app::settings::{Settings, state_folder};
use crate::core::annotation::{Annotation, Timestamp};
use crate::core::article::Article;
use crate::core::edit::{Edit, Transaction};
use crate::core::ids::{AnnotationId, ArticleId, LabelId};
use crate::core::recipes::mark::Extent;
use crate::core::text::selection::Selection;
use crate::core::text::{BytePos, ByteRange};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

pub use backups::{BackupLine, CountedBackup};
pub use claims::state_name;
pub use codebook::{Waits, touched};
pub use codebook_files::CodebookComparison;
pub use copies::CopyGroup;
pub use export::ReplaceExport;
pub use files::Pending;
pub use history::{step_excerpt, step_title};
pub use hits::AttributeOfHits;
pub use import::ImportPreview;
use jobs::Done;
pub use metadata::kept_date;
pub use passages::NearSearch;
pub use quotes::QuoteOffer;
use rows::{Does, Row, Table};
pub use safety::SaveTrouble;
pub use samples::shares_of;
pub use trash::{TrashLine, trash_line};
pub use view::Page;
pub use worklist::{OutdatedAnnotations, PolicyReview};

/// The commands of each room. A menu shows what stands in one section in this order.
const ROOMS: &[&[Row]] = &[
    files::ROWS,
    import::ROWS,
    backups::ROWS,
    export::ROWS,
    history::ROWS,
    find::ROWS,
    hits::ROWS,
    rules::ROWS,
    ledger::ROWS,
    trash::ROWS,
    review::ROWS,
    copies::ROWS,
    passages::ROWS,
    claims::ROWS,
    codebook::ROWS,
    codebook_files::ROWS,
    worklist::ROWS,
    deleting::ROWS,
    samples::ROWS,
    metadata::ROWS,
    select::ROWS,
    annotate::ROWS,
    links::ROWS,
    marking::ROWS,
    go::ROWS,
    quotes::ROWS,
    listing::ROWS,
    reading::ROWS,
    view::ROWS,
    help::ROWS,
];

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::of(ROOMS));

/// All commands, in the order of menus and palette.
pub fn commands() -> impl Iterator<Item = Command> {
    TABLE.rows().iter().map(|row| row.command())
}

/// Those that show a dialog.
pub fn commands_with_dialog() -> impl Iterator<Item = Command> {
    let rows = TABLE.rows().iter();
    let with_dialog = rows.filter(|row| matches!(row.does, Does::Shows(_)));
    with_dialog.map(|row| row.command())
}

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
    /// What was selected when text began to be: the text can become a part of it.
    before_text: Option<AnnotationId>,
    locked_label: Option<LabelId>,
    /// The labels that were marked with last, the newest first.
    last_labels: Vec<LabelId>,
    /// An edge being moved, by keys or by the mouse; not yet in the project.
    edge_move: Option<EdgeMove>,
    /// A link being drawn, by keys or by clicks.
    link: Option<LinkDraft>,
    trail: Option<links::Trail>,
    offer: Option<quotes::OfferState>,
    article: Option<ArticleId>,
    list: listing::ListState,
    claims: claims::ClaimsState,
    codebook: codebook::PageState,
    find: find::FindState,
    ledger: ledger::LedgerState,
    page: Page,
    /// What is at the top of each article, and what was selected in it.
    places: HashMap<ArticleId, (BytePos, Selection)>,
    /// What was on the screen of each article: stretches that rise and do not touch.
    read: HashMap<ArticleId, Vec<ByteRange>>,
    /// The question that stands before unsaved work is left.
    question: Option<Pending>,
    /// What is gone on with after a save.
    after_save: Option<Pending>,
    /// A project that was read while this one was changed; it waits for the answer.
    waiting: Option<Box<Loaded>>,
    /// A save that cannot go on without an answer.
    save_trouble: Option<SaveTrouble>,
    /// The articles that the next export was asked for; none for all.
    to_export: BTreeSet<String>,
    /// An export that waits for an answer: there is one already.
    replacing: Option<ReplaceExport>,
    /// Articles that were read and are not in the project yet.
    import: Option<ImportPreview>,
    /// The one that was left last, as long as its notice offers it.
    left_import: Option<ImportPreview>,
    /// An entry of the review list whose place is being looked for.
    sought: Option<(usize, String)>,
    /// Articles that say the same, once they were looked for.
    copies: Option<Arc<Vec<CopyGroup>>>,
    passages: passages::PassagesFound,
    /// The label whose policy is looked through, and what it would move.
    policy: Option<PolicyReview>,
    /// The backups that the dialog shows.
    backup_lines: Vec<BackupLine>,
    /// What was undone or redone last; nothing once another step was made.
    came_back: String,
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
            before_text: None,
            locked_label: None,
            last_labels: Vec::new(),
            edge_move: None,
            link: None,
            trail: None,
            offer: None,
            article: None,
            list: listing::ListState::default(),
            claims: claims::ClaimsState::default(),
            codebook: codebook::PageState::default(),
            find: find::FindState::default(),
            ledger: ledger::LedgerState::default(),
            page: Page::default(),
            places: HashMap::new(),
            read: HashMap::new(),
            question: None,
            after_save: None,
            waiting: None,
            save_trouble: None,
            to_export: BTreeSet::new(),
            replacing: None,
            import: None,
            left_import: None,
            sought: None,
            copies: None,
            passages: passages::PassagesFound::default(),
            policy: None,
            backup_lines: Vec::new(),
            came_back: String::new(),
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

    /// As [`Self::derived_later`], with what there is of the answer so far.
    pub fn derived_in_parts<Q: DeriveInParts>(&self, question: &Q) -> Latest<Q::Value> {
        self.work.derived.get_in_parts(&self.work.session, question)
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

    /// The annotation that selected text would become a part of.
    pub fn whole_of_fragment(&self) -> Option<&Arc<Annotation>> {
        let id = self.work.selected.as_ref();
        let id = id.or(self.work.before_text.as_ref())?;
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

    fn dismiss_notice(&mut self, at: usize) {
        if at < self.notices.len() {
            self.notices.remove(at);
        }
    }

    /// The notice that is shown while there are several: an error, or else the newest.
    pub fn shown_notice(&self) -> Option<usize> {
        let all = self.notices.iter().enumerate();
        let shown = all.max_by_key(|(at, notice)| (notice.severity == Severity::Error, *at));
        shown.map(|(at, _)| at)
    }

    /// The notice that was shown grows older, and goes when its time is over; what nobody saw stays.
    fn age_notices(&mut self, secs: f32) {
        let Some(at) = self.shown_notice() else {
            return;
        };
        if let Some(notice) = self.notices.get_mut(at).filter(|n| n.outlives(secs)) {
            notice.age_secs += secs;
        } else {
            self.notices.remove(at);
            self.forget_left_import();
        }
    }

    fn has_article(&self) -> bool {
        self.article().is_some()
    }

    fn has_article_in_sight(&self) -> bool {
        self.work.page == Page::Read && self.has_article()
    }

    fn has_articles(&self) -> bool {
        !self.work.session.project().articles().is_empty()
    }

    fn has_annotations(&self) -> bool {
        self.article().is_some_and(|a| !a.annotations.is_empty())
    }

    fn has_selected(&self) -> bool {
        self.selected_annotation().is_some()
    }

    pub fn is_enabled(&self, command: Command) -> bool {
        let row = TABLE.row(info(command).name);
        row.is_some_and(|row| self.can_run(row))
    }

    /// What is done to the article, or to what is selected in it, is done where that is seen.
    fn can_run(&self, row: &Row) -> bool {
        self.is_seen(row.info.section) && (row.is_enabled)(self)
    }

    /// Of a command that switches something: whether it is on.
    pub fn is_on(&self, command: Command) -> Option<bool> {
        let row = TABLE.row(info(command).name)?;
        row.is_on.map(|is_on| is_on(self))
    }

    /// The title of a command as it stands now: "Undo mark quote".
    pub fn title_of(&self, command: Command) -> String {
        let title = info(command).title;
        let row = TABLE.row(info(command).name);
        match row.and_then(|row| (row.step)(self)) {
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
            Action::PutImportAside => self.put_import_aside(),
            Action::ResumeImport => self.resume_import(),
            Action::AcceptImport => self.accept_import(),
            Action::KeepCopy {
                keep,
                others,
                carries,
            } => self.keep_copy(&keep, &others, carries),
            Action::GroupCopies(ids) => self.group_copies(&ids),
            Action::Passages(asked) => self.perform_on_passages(*asked),
            Action::Quote(asked) => self.perform_on_quote(asked),
            Action::CancelImport => self.cancel_import(),
            Action::SaveTo(path) => self.save_to(path),
            Action::Export {
                format,
                options,
                path,
                may_replace,
            } => self.export(format, *options, path, may_replace),
            Action::ReplaceExport(answer) => self.replace_export(answer),
            Action::PickExportPlace { format, options } => self.pick_export_place(format, options),
            Action::KeepExportOptions { format, options } => {
                self.keep_export_options(format, &options);
            }
            Action::CancelJobs => self.cancel_all_jobs(),
            Action::CancelCopies => self.cancel_jobs(|kind| kind == JobKind::Copies),
            Action::GoToPerson(person) => self.go_to_person(&person),
            Action::GoToArticle(id) => {
                self.show_article(&id);
            }
            Action::ChooseArticle(id) => self.go_to_article(&id),
            Action::SetListing(listing) => self.set_listing(*listing),
            Action::Tick(how) => self.tick_articles(how),
            Action::SetStatusOf { articles, status } => self.set_status_of(&articles, &status),
            Action::TrashArticles(articles) => self.trash_articles(&articles),
            Action::FoldGroup(name) => self.fold_group(name),
            Action::ChangeDetails { articles, change } => self.change_details(&articles, &change),
            Action::DrawSample(drawing) => self.draw_sample(&drawing),
            Action::ShowSet(set) => self.show_set(&set),
            Action::RenameSet(set, name) => self.rename_set(&set, &name),
            Action::DeleteSet(set) => self.delete_set(&set),
            Action::ExportArticles(articles) => self.export_articles(&articles),
            Action::UseLabel(label) => {
                self.set_page(Page::Read);
                self.use_label(&label);
            }
            Action::MarkRange { range, label } => self.mark(range, Extent::Selected, &label),
            Action::MarkAlso(label) => self.mark_also(&label),
            Action::MarkWithNew { name, parent } => self.mark_with_new(&name, parent),
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
            Action::SetNote { id, note } => self.set_note(&id, note),
            Action::EditAttribute(at) => self.edit_card(Spot::Attribute(at)),
            Action::SetLabel { id, label } => self.relabel(&id, &label),
            Action::SetAttribute { id, name, value } => self.set_attribute(&id, &name, value),
            Action::SetPerson { id, name, person } => self.set_person(&id, &name, &person),
            Action::SetFragment {
                id,
                fragment,
                range,
            } => self.set_fragment(&id, fragment, range),
            Action::RemoveFragment { id, fragment } => self.remove_fragment(&id, fragment),
            Action::BeginLink { from, role } => self.begin_link(&from, role),
            Action::EndLink(to) => self.end_link(to),
            Action::LeaveLink => self.leave_link(),
            Action::LinkTo { from, to } => self.link_to(&from, &to, None),
            Action::Link(way) => self.link(&way),
            Action::Unlink(way) => self.unlink(&way),
            Action::Delete(id) => self.delete(&id),
            Action::DeleteLabel { label, move_to } => self.delete_label(&label, move_to.as_ref()),
            Action::DeleteAnnotator(id) => self.delete_annotator(&id),
            Action::Claims(asked) => self.perform_on_claims(*asked),
            Action::Codebook(asked) => self.perform_on_codebook(*asked),
            Action::Find(asked) => self.perform_finding(*asked),
            Action::People(asked) => self.perform_on_people(*asked),
            Action::ReviewPolicy(label) => self.review_policy(&label),
            Action::ApplyPolicy { left_out } => self.apply_policy(&left_out),
            Action::Judge {
                article,
                annotation,
                verdict,
            } => self.judge(&article, &annotation, &verdict),
            Action::AskToDelete(what) => self.requests.push(UiRequest::AskToDelete(what)),
            Action::Restore(places) => self.restore(&places),
            Action::Purge(places) => self.purge(&places),
            Action::JumpTo(done) => self.jump_to(done),
            Action::PlaceReviewed(at) => self.place_reviewed(at),
            Action::PlaceSought => self.place_sought(),
            Action::DropReviewed(at) => self.drop_reviewed(at),
            Action::ShowReviewed(at) => self.show_reviewed(at),
            Action::AnswerSave(answer) => self.answer_save_trouble(answer),
            Action::CopyPath(path) => self.copy_path(&path),
            Action::RetryJournal => self.work.session.retry_journal(),
            Action::SetStatus { article, status } => self.set_status(&article, status),
            Action::Leave(answer) => self.leave(answer),
            Action::SetTheme(theme) => self.settings.theme = theme,
            Action::SetSettings(settings) => self.settings = *settings,
            Action::SaveSettings => self.save_settings(),
            Action::SetAnnotator(name) => self.set_annotator(name),
            Action::RememberChoice(key) => self.settings.remember_choice(key),
            Action::RememberView(shown) => self.remember_view(shown),
            Action::RememberWindow(width, height) => self.settings.window = (width, height),
            Action::RememberWidth(panel, width) => self.settings.set_width(panel, width),
            Action::SetNarrow(is_narrow) => self.settings.is_narrow = is_narrow,
            Action::ShowPanel(panel, is_shown) => self.settings.show(panel, is_shown),
            Action::AgeNotices { secs } => self.age_notices(secs),
            Action::DismissNotice(at) => self.dismiss_notice(at),
        }
    }

    fn run(&mut self, command: Command) {
        if self.work.edge_move.is_some() {
            let keep = command != Command::Escape;
            self.finish_edge_move(keep);
            if !keep {
                return;
            }
        }
        let row = TABLE.row(info(command).name);
        let Some(row) = row.filter(|row| self.can_run(row)) else {
            return;
        };
        match row.does {
            Does::Runs(run) => run(self),
            Does::Shows(first) => {
                if first(self) {
                    self.requests.push(UiRequest::Show(command));
                }
            }
        }
    }

    /// Applies a transaction; a refusal becomes a notice.
    fn apply(&mut self, title: impl Into<String>, edits: Vec<Edit>) -> bool {
        self.drop_undo_offers();
        self.work.link = None;
        match self.work.session.perform(Transaction::new(title, edits)) {
            Ok(()) => {
                self.work.came_back.clear();
                true
            }
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

    /// Lets go of what is no longer in the project.
    fn mend_references(&mut self) {
        self.mend_list();
        let labels = &self.work.session.project().codebook().labels;
        let locked = self.work.locked_label.as_ref();
        let is_offered = |id: &LabelId| labels.iter().any(|l| l.id == *id && !l.retired);
        if locked.is_some_and(|id| !is_offered(id)) {
            self.work.locked_label = None;
        }
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

    fn set_annotator(&mut self, name: String) {
        self.work.session.set_annotator(&name);
        self.settings.annotator = name;
    }

    /// Saves preferences and the reading place; called when something changed and at the end.
    pub fn save_settings(&mut self) {
        if let (Some(path), Some(place)) =
            (self.work.session.path().map(Path::to_owned), self.place())
        {
            self.settings.remember_place(&path, place);
        }
        if let Some(folder) = &self.settings_folder
            && let Err(error) = self.settings.save(folder)
        {
            let message = format!("The settings could not be saved. {error}");
            self.notify(Notice::warning(message).of_the_program());
        }
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
