//! The window: takes in jobs and keys, draws the panels, does what the model asks of it.
//!
//! `logic` turns input into actions before anything is drawn, so a frame shows what its keys did.
//! Input comes in the first pass of a frame only; actions never come from layout. Panels and dialogs
//! see the model and ask for actions; nothing but `PressmarkApp` performs them.

use super::article::{ArticleView, FrameStats};
use super::dialogs::browse::Browse;
use super::dialogs::copies::{CopiesDialog, versions_ui};
use super::dialogs::deleting::{DeleteDialog, annotators_ui, labels_ui};
use super::dialogs::export::{ExportDialog, replace_export_ui, suggested_name};
use super::dialogs::history::HistoryDialog;
use super::dialogs::import::ImportDialog;
use super::dialogs::import_reports::ImportReports;
use super::dialogs::trash::TrashDialog;
use super::dialogs::{about, backups, cheat_sheet, leave, review, save_trouble, settings};
use super::file_dialog::{Answer, Dialogs, Wanted};
use super::frame_log::FrameLog;
use super::keys;
use super::kit::card::{self, CardStep};
use super::palette::Palette;
use super::panels::annotations::{self, AnnotationsPanel};
use super::panels::articles::{self, ArticlesPanel};
use super::panels::codebook::codebook_ui;
use super::panels::inspector::Inspector;
use super::panels::status::status_ui;
use super::theme::{self, Tokens};
use super::{article, menu, notices};
use crate::app::action::{Action, UiRequest};
use crate::app::command::{Command, info};
use crate::app::folders;
use crate::app::import::article_endings;
use crate::app::jobs::{JobKind, Wake};
use crate::app::model::Model;
use crate::app::notice::Notice;
use crate::app::settings::{Settings, ThemeChoice};
use crate::app::signals;
use crate::core::shown::shown_path;
use crate::format::export::options::ExportOptions;
use crate::format::formats::{Format, Shape};
use eframe::egui::{
    self, CentralPanel, Context, Frame, Margin, Panel, RichText, Ui, ViewportCommand,
};
use std::path::PathBuf;
use std::sync::Arc;

/// Which question a file dialog answers.
#[derive(Clone, Debug)]
enum Asking {
    Project,
    Articles,
    Folder,
    Save,
    Export(&'static Format, Box<ExportOptions>),
}

/// The card that stands over the window.
enum Dialog {
    Palette(Palette),
    CheatSheet,
    Settings { annotator: String },
    About,
    Export(Box<ExportDialog>),
    Imports(ImportReports),
    Copies(CopiesDialog),
    Versions,
    History(HistoryDialog),
    Trash(TrashDialog),
    Backups { cursor: usize },
    Labels,
    Annotators,
    Delete(DeleteDialog),
    Browse(Box<Browse>),
}

pub struct PressmarkApp {
    pub model: Model,
    /// What was asked for and is not performed yet.
    actions: Vec<Action>,
    pub article: ArticleView,
    articles: ArticlesPanel,
    annotations: AnnotationsPanel,
    inspector: Inspector,
    dialog: Option<Dialog>,
    import: ImportDialog,
    /// What a browser put on the clipboard beside the text.
    clipboard_html: fn() -> Option<String>,
    dialogs: Box<dyn Dialogs>,
    asking: Option<(Asking, Wanted, String)>,
    frame_log: Option<FrameLog>,
    applied: Option<(ThemeChoice, bool, u32)>,
    tokens: Tokens,
    may_close: bool,
    title: String,
    wake: Wake,
    article_id: Option<crate::core::ids::ArticleId>,
    /// A text field had the keyboard in the last frame: Esc has only left it.
    was_writing: bool,
    shows_review: bool,
    had_focus: bool,
    /// Of the project that is drawn; see [`Model::serial`].
    serial: u64,
}

impl PressmarkApp {
    /// An app that wakes `ctx` when a job is done.
    pub fn new(
        ctx: &Context,
        settings: Settings,
        settings_folder: Option<PathBuf>,
        dialogs: Box<dyn Dialogs>,
    ) -> Self {
        theme::install_fonts(ctx);
        ctx.options_mut(|options| {
            options.zoom_with_keyboard = false;
            options.quit_shortcuts.clear();
        });
        let waking = ctx.clone();
        let wake: Wake = Arc::new(move || waking.request_repaint());
        Self {
            model: Model::new(settings, settings_folder, wake.clone()),
            actions: Vec::new(),
            article: ArticleView::default(),
            articles: ArticlesPanel::default(),
            annotations: AnnotationsPanel::default(),
            inspector: Inspector::default(),
            dialog: None,
            import: ImportDialog::default(),
            clipboard_html: || None,
            dialogs,
            asking: None,
            frame_log: None,
            applied: None,
            tokens: Tokens::of(ThemeChoice::Light, false),
            may_close: false,
            title: String::new(),
            wake,
            article_id: None,
            was_writing: false,
            shows_review: false,
            had_focus: true,
            serial: 0,
        }
    }

    /// Where pages that a browser copied are found; nowhere, until this is called.
    pub fn read_pages_with(&mut self, clipboard_html: fn() -> Option<String>) {
        self.clipboard_html = clipboard_html;
    }

    pub fn log_frames_to(&mut self, log: FrameLog) {
        self.frame_log = Some(log);
    }

    pub fn stats(&self) -> FrameStats {
        self.article.stats()
    }

    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// What the command line names: a project, or articles for a new one.
    pub fn open_paths(&mut self, paths: Vec<PathBuf>) {
        const SMALL_BYTES: u64 = 3 << 20;
        match paths.as_slice() {
            [] => self.model.resume(),
            [path]
                if path
                    .extension()
                    .is_some_and(|e| e.eq_ignore_ascii_case("ron")) =>
            {
                // A small project is there in the first frame; a large one comes with progress.
                if std::path::Path::metadata(path).is_ok_and(|m| m.len() > SMALL_BYTES) {
                    self.model.perform(Action::Open(path.clone()));
                } else {
                    self.model.open_now(path.clone());
                }
            }
            _ => self.model.perform(Action::AddPaths(paths)),
        }
    }

    fn has_dialog(&self) -> bool {
        self.dialog.is_some()
            || self.model.question().is_some()
            || self.model.replacing().is_some()
            || self.model.save_trouble().is_some()
            || self.model.import().is_some()
    }

    /// Input and results to actions; before drawing.
    pub fn logic(&mut self, ctx: &Context) {
        if let Some(log) = &mut self.frame_log {
            log.begin();
        }
        self.apply_theme(ctx);
        if let Some(wait) = self.model.tick() {
            ctx.request_repaint_after(wait);
        }
        if signals::is_ending() && !self.may_close {
            self.flush();
            self.model.end();
        }
        if self.serial != self.model.serial() {
            self.serial = self.model.serial();
            self.forget_questions();
        }
        let has_focus = ctx.input(|input| input.focused);
        if has_focus && !self.had_focus {
            self.model.look_at_file();
        }
        self.had_focus = has_focus;
        self.poll_dialogs(ctx);
        let situation = keys::situation(ctx, self.has_dialog(), self.was_writing);
        for action in keys::actions(ctx, &self.model, situation) {
            self.flush();
            self.model.perform(match action {
                Action::AddText { text, .. } => Action::AddText {
                    text,
                    html: (self.clipboard_html)(),
                },
                action => action,
            });
        }
        let dropped: Vec<PathBuf> = ctx.input(|input| {
            let files = input.raw.dropped_files.iter();
            files.map(|file| file.path().to_owned()).collect()
        });
        // More may be dropped on the preview of an import.
        if !dropped.is_empty() && (!self.has_dialog() || self.model.import().is_some()) {
            self.model.perform(Action::AddPaths(dropped));
        }
        if ctx.input(|input| input.viewport().close_requested()) && !self.may_close {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.flush();
            self.model.perform(Action::Run(Command::Quit));
        }
    }

    /// Performs what was asked for, so that what is drawn after it shows it.
    fn perform(&mut self) {
        let mut actions = std::mem::take(&mut self.actions);
        for action in actions.drain(..) {
            self.model.perform(action);
        }
        self.actions = actions;
    }

    /// The same after a panel or a dialog: what was drawn before it shows it in the next frame.
    fn perform_and_repaint(&mut self, ctx: &Context) {
        if !self.actions.iter().all(Action::is_bookkeeping) {
            ctx.request_repaint();
        }
        self.perform();
    }

    /// Keeps what is being written in the card.
    fn flush(&mut self) {
        self.inspector.flush(&self.model, &mut self.actions);
        self.perform();
    }

    /// What was asked about the project that was open before is asked no more.
    fn forget_questions(&mut self) {
        let asks_to_open = matches!(self.asking, Some((Asking::Project, ..)));
        if !asks_to_open && self.asking.take().is_some() {
            self.dialogs.forget();
        }
        let stays = match &self.dialog {
            Some(Dialog::Browse(_)) => asks_to_open,
            Some(
                Dialog::Palette(_) | Dialog::CheatSheet | Dialog::Settings { .. } | Dialog::About,
            ) => true,
            _ => false,
        };
        if !stays {
            self.dialog = None;
        }
    }

    fn apply_theme(&mut self, ctx: &Context) {
        let system_is_dark = ctx.input(|input| input.raw.system_theme) == Some(egui::Theme::Dark);
        let key = (
            self.model.settings().theme,
            system_is_dark,
            self.model.settings().zoom.to_bits(),
        );
        if self.applied != Some(key) {
            self.applied = Some(key);
            self.tokens = Tokens::of(self.model.settings().theme, system_is_dark);
            theme::apply(ctx, &self.tokens);
            ctx.set_zoom_factor(self.model.settings().zoom);
        }
    }

    /// Draws everything.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let tokens = self.tokens;
        self.answer_requests(&ctx);
        let bar = |top: i8, bottom: i8| {
            Frame::new().fill(tokens.panel).inner_margin(Margin {
                left: 8,
                right: 8,
                top,
                bottom,
            })
        };
        Panel::top("menu").frame(bar(6, 6)).show(ui, |ui| {
            menu::menu_bar_ui(ui, &self.model, &mut self.actions, &tokens);
        });
        self.perform_and_repaint(&ctx);
        Panel::bottom("status")
            .frame(bar(2, 2))
            .exact_size(28.0)
            .show(ui, |ui| {
                status_ui(ui, &self.model, &tokens);
            });
        let side = Frame::new()
            .fill(tokens.panel)
            .inner_margin(Margin::symmetric(8, 2));
        let has_articles = !self.model.session().project().articles().is_empty();
        if self.model.settings().show_articles && has_articles {
            let panel = Panel::left("articles").frame(side).default_size(264.0);
            panel.show(ui, |ui| {
                self.articles
                    .ui(ui, &self.model, &mut self.actions, &tokens);
            });
            self.perform_and_repaint(&ctx);
        }
        if self.model.settings().show_annotations && has_articles {
            let panel = Panel::right("annotations").frame(side).default_size(324.0);
            panel.show(ui, |ui| {
                codebook_ui(ui, &self.model, &mut self.actions, &tokens);
                self.perform_and_repaint(&ctx);
                ui.spacing_mut().item_spacing.y = 5.0;
                // The list below keeps some room, however long the card is.
                let room = (ui.available_height() - 170.0).max(110.0);
                egui::ScrollArea::vertical()
                    .id_salt("inspector")
                    .max_height(room)
                    .auto_shrink([false, true])
                    .show(ui, |ui| {
                        self.inspector
                            .ui(ui, &self.model, &mut self.actions, &tokens);
                    });
                self.perform_and_repaint(&ctx);
                self.annotations
                    .ui(ui, &self.model, &mut self.actions, &tokens);
                self.perform_and_repaint(&ctx);
            });
        } else {
            self.flush();
        }
        CentralPanel::default()
            .frame(Frame::new().fill(tokens.page))
            .show(ui, |ui| match self.article.begin(ui, &self.model) {
                Some(response) => {
                    while self
                        .article
                        .step(ui, &response, &self.model, &mut self.actions)
                    {
                        self.perform();
                    }
                    let (model, actions) = (&self.model, &mut self.actions);
                    self.article.show(ui, &response, model, actions, &tokens);
                }
                None => self.welcome_ui(ui),
            });
        self.perform_and_repaint(&ctx);
        self.drop_target_ui(&ctx);
        if self.shows_review {
            let step = review::review_ui(&ctx, &self.model, &mut self.actions, &tokens);
            self.shows_review = matches!(step, CardStep::Stays);
            self.perform_and_repaint(&ctx);
        }
        notices::notices_ui(&ctx, &self.model, &mut self.actions, &tokens);
        self.perform_and_repaint(&ctx);
        self.dialog_ui(&ctx);
        card::give_back(&ctx);
        self.title_of_window(&ctx);
        if self.model.has_requests() {
            ctx.request_repaint();
        }
        self.was_writing = ctx.text_edit_focused();
        let stats = self.article.stats();
        if let Some(log) = &mut self.frame_log {
            log.end(stats);
        }
    }

    /// What to do when there is nothing to annotate yet.
    fn welcome_ui(&mut self, ui: &mut Ui) {
        let mut action = None;
        let recent = self.model.settings().recent.clone();
        let is_opening = self.model.jobs().is_running(JobKind::Open);
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() * 0.18).max(20.0));
            ui.label(RichText::new("Pressmark").font(theme::strong_font(30.0)));
            if is_opening {
                ui.weak("Opening the project…");
                return;
            }
            ui.weak("Mark quotes, claims and promotional content in news articles");
            ui.add_space(22.0);
            for command in [
                Command::AddFiles,
                Command::AddFolder,
                Command::OpenProject,
                Command::OpenDemo,
            ] {
                let info = info(command);
                let button = egui::Button::new(info.title)
                    .shortcut_text(info.key_text())
                    .min_size(egui::vec2(300.0, 34.0));
                if ui.add(button).on_hover_text(info.help).clicked() {
                    action = Some(Action::Run(command));
                }
            }
            ui.add_space(10.0);
            ui.weak("Or drop files here, or paste the text of an article (Ctrl+V)");
            if !recent.is_empty() {
                ui.add_space(22.0);
                ui.label(RichText::new("Recent projects").font(theme::strong_font(13.0)));
                for path in recent.iter().take(6) {
                    let name = shown_path(path.file_name().unwrap_or(path.as_os_str()).as_ref());
                    if ui.link(name).on_hover_text(shown_path(path)).clicked() {
                        action = Some(Action::Open(path.clone()));
                    }
                }
            }
        });
        self.actions.extend(action);
    }

    fn drop_target_ui(&self, ctx: &Context) {
        if ctx.input(|input| input.raw.hovered_files.is_empty()) {
            return;
        }
        let screen = ctx.content_rect();
        let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop target"));
        let painter = ctx.layer_painter(layer);
        painter.rect_filled(screen, 0.0, self.tokens.page.gamma_multiply(0.85));
        painter.rect_stroke(
            screen.shrink(12.0),
            10.0,
            (2.0, self.tokens.accent),
            egui::StrokeKind::Inside,
        );
        painter.text(
            screen.center(),
            egui::Align2::CENTER_CENTER,
            "Drop articles, folders or a project",
            theme::strong_font(20.0),
            self.tokens.ink,
        );
    }

    fn dialog_ui(&mut self, ctx: &Context) {
        if self.model.question().is_some() {
            leave::leave_ui(ctx, &self.model, &mut self.actions);
            return self.perform_and_repaint(ctx);
        }
        if self.model.replacing().is_some() {
            replace_export_ui(ctx, &self.model, &mut self.actions);
            return self.perform_and_repaint(ctx);
        }
        if let Some(trouble) = self.model.save_trouble() {
            save_trouble::save_trouble_ui(ctx, &mut self.actions, trouble);
            return self.perform_and_repaint(ctx);
        }
        if self.model.import().is_some() {
            self.import
                .ui(ctx, &self.model, &mut self.actions, &self.tokens);
            self.perform_and_repaint(ctx);
            if self.model.import().is_none() {
                self.import = ImportDialog::default();
            }
            return;
        }
        let Some(mut dialog) = self.dialog.take() else {
            return;
        };
        let step: CardStep = match &mut dialog {
            Dialog::Palette(palette) => palette.ui(ctx, &self.model, &mut self.actions),
            Dialog::CheatSheet => cheat_sheet::cheat_sheet_ui(ctx, &self.model),
            Dialog::About => about::about_ui(ctx),
            Dialog::History(history) => {
                history.ui(ctx, &self.model, &mut self.actions, &self.tokens)
            }
            Dialog::Copies(copies) => copies.ui(ctx, &self.model, &mut self.actions, &self.tokens),
            Dialog::Versions => versions_ui(ctx, &self.model, &self.tokens),
            Dialog::Imports(reports) => reports.ui(ctx, &self.model, &self.tokens),
            Dialog::Trash(trash) => trash.ui(ctx, &self.model, &mut self.actions, &self.tokens),
            Dialog::Backups { cursor } => {
                backups::backups_ui(ctx, &self.model, &mut self.actions, &self.tokens, cursor)
            }
            Dialog::Labels => labels_ui(ctx, &self.model, &mut self.actions),
            Dialog::Annotators => annotators_ui(ctx, &self.model, &mut self.actions),
            Dialog::Delete(delete) => delete.ui(ctx, &self.model, &mut self.actions),
            Dialog::Settings { annotator } => {
                let actions = &mut self.actions;
                let step = settings::settings_ui(ctx, &self.model, actions, annotator);
                self.perform_and_repaint(ctx);
                if matches!(step, CardStep::Left) {
                    self.model.save_settings();
                }
                step
            }
            Dialog::Export(export) => {
                let step = export.ui(ctx, &self.model, &mut self.actions);
                step.leave_with(|(format, options)| {
                    let name =
                        suggested_name(format, &options, &self.model.session().display_name());
                    let wanted = Wanted::Save {
                        name,
                        extension: match format.shape {
                            Shape::File { extension } if options.split.is_none() => extension,
                            _ => "",
                        },
                    };
                    let title = format!("Export as {}", format.title);
                    self.ask(Asking::Export(format, options), wanted, &title);
                })
            }
            Dialog::Browse(browse) => match browse.ui(ctx) {
                CardStep::Left => {
                    self.answered(Answer::Cancelled);
                    CardStep::Left
                }
                step => step.leave_with(|answer| self.answered(answer)),
            },
        };
        self.perform_and_repaint(ctx);
        if matches!(step, CardStep::Stays) && self.dialog.is_none() {
            self.dialog = Some(dialog);
        }
    }

    fn ask(&mut self, asking: Asking, wanted: Wanted, title: &str) {
        self.dialogs.forget();
        self.dialogs.ask(wanted.clone(), title, self.wake.clone());
        self.asking = Some((asking, wanted, title.to_owned()));
    }

    fn poll_dialogs(&mut self, ctx: &Context) {
        if self.asking.is_none() {
            return;
        }
        let answer = if self.dialogs.is_slow() {
            self.dialogs.forget();
            Some(Answer::Unavailable)
        } else {
            self.dialogs.poll()
        };
        match answer {
            None => ctx.request_repaint_after(std::time::Duration::from_secs(1)),
            Some(Answer::Unavailable) => self.browse(),
            Some(answer) => self.answered(answer),
        }
    }

    /// Asks in the window, since no dialog of the system is to be had.
    fn browse(&mut self) {
        if let Some((_, wanted, title)) = &self.asking {
            let recent = self.model.session().path();
            let recent = recent.or(self.model.settings().recent.first().map(PathBuf::as_path));
            let folder = folders::start_folder(recent);
            self.dialog = Some(Dialog::Browse(Box::new(Browse::new(
                wanted.clone(),
                title,
                folder,
            ))));
        }
    }

    fn answered(&mut self, answer: Answer) {
        let Some((asking, _, _)) = self.asking.take() else {
            return;
        };
        let Answer::Paths(mut paths) = answer else {
            if matches!(asking, Asking::Save) {
                self.model.save_dialog_cancelled();
            }
            return;
        };
        let first = if paths.is_empty() {
            return;
        } else {
            paths.swap_remove(0)
        };
        paths.insert(0, first.clone());
        self.model.perform(match asking {
            Asking::Project => Action::Open(first),
            Asking::Articles | Asking::Folder => Action::AddPaths(paths),
            Asking::Save => Action::SaveTo(first),
            Asking::Export(format, options) => Action::Export {
                format: format.name,
                // The dialog has asked about files, and knows nothing of folders.
                may_replace: matches!(format.shape, Shape::File { .. }) && options.split.is_none(),
                path: match format.shape {
                    Shape::File { extension } if options.split.is_none() => {
                        with_extension(first, extension)
                    }
                    _ => first,
                },
                options,
            },
        });
    }

    /// Does what the model asked for.
    fn answer_requests(&mut self, ctx: &Context) {
        let current = self.model.article().map(|a| a.id.clone());
        if current != self.article_id {
            self.article_id = current;
            self.article.prepare(&self.model);
        }
        for request in self.model.take_requests() {
            match request {
                UiRequest::PickProject => {
                    self.ask(Asking::Project, Wanted::File(&["ron"]), "Open project");
                }
                UiRequest::PickArticles => self.ask(
                    Asking::Articles,
                    Wanted::Files(article_endings()),
                    "Add articles",
                ),
                UiRequest::PickFolder => {
                    self.ask(Asking::Folder, Wanted::Folder, "Add a folder of articles");
                }
                UiRequest::PickSave { name } => {
                    self.ask(
                        Asking::Save,
                        Wanted::Save {
                            name,
                            extension: "ron",
                        },
                        "Save project as",
                    );
                }
                UiRequest::ShowCopies => {
                    self.dialog = Some(Dialog::Copies(CopiesDialog::default()));
                }
                UiRequest::ShowVersions => self.dialog = Some(Dialog::Versions),
                UiRequest::ShowImports => {
                    self.dialog = Some(Dialog::Imports(ImportReports::new(&self.model)));
                }
                UiRequest::ShowExport => {
                    self.dialog = Some(Dialog::Export(Box::new(ExportDialog::new(&self.model))));
                }
                UiRequest::ShowPalette => self.dialog = Some(Dialog::Palette(Palette::default())),
                UiRequest::ShowCheatSheet => self.dialog = Some(Dialog::CheatSheet),
                UiRequest::ShowSettings => {
                    let annotator = self.model.session().annotator().to_string();
                    self.dialog = Some(Dialog::Settings { annotator });
                }
                UiRequest::ShowAbout => self.dialog = Some(Dialog::About),
                UiRequest::ShowHistory => {
                    self.dialog = Some(Dialog::History(HistoryDialog::new()));
                }
                UiRequest::ShowTrash => self.dialog = Some(Dialog::Trash(TrashDialog::default())),
                UiRequest::ShowReview => self.shows_review ^= true,
                UiRequest::ShowBackups => self.dialog = Some(Dialog::Backups { cursor: 0 }),
                UiRequest::ShowLabels => self.dialog = Some(Dialog::Labels),
                UiRequest::ShowAnnotators => self.dialog = Some(Dialog::Annotators),
                UiRequest::AskToDelete(what) => {
                    self.dialog = Some(Dialog::Delete(DeleteDialog::new(what)));
                }
                UiRequest::FocusNote => self.inspector.focus_note(),
                UiRequest::FocusArticle => {
                    ctx.memory_mut(|memory| memory.request_focus(article::widget_id()));
                }
                UiRequest::FocusArticleFilter => self.articles.focus_filter(),
                UiRequest::FocusAnnotationFilter => self.annotations.focus_filter(),
                UiRequest::NextPane => self.next_pane(ctx),
                UiRequest::Reveal(range) => self.article.reveal(range),
                UiRequest::ScrollTo(at) => self.article.scroll_to(at),
                UiRequest::CopyText(text) => ctx.copy_text(text),
                UiRequest::RequestPaste => ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
                UiRequest::Close => {
                    self.may_close = true;
                    ctx.send_viewport_cmd(ViewportCommand::Close);
                }
            }
        }
    }

    /// Articles, article, annotations, and round again.
    fn next_pane(&mut self, ctx: &Context) {
        let focused = ctx.memory(|memory| memory.focused());
        let (articles, annotations) = (articles::list_id(), annotations::list_id());
        let settings = self.model.settings();
        if focused == Some(articles) || (focused == Some(annotations) && !settings.show_articles) {
            ctx.memory_mut(|memory| memory.request_focus(article::widget_id()));
        } else if focused == Some(annotations) {
            self.articles.focus_list();
        } else if settings.show_annotations {
            self.annotations.focus_list();
        } else {
            self.articles.focus_list();
        }
    }

    fn title_of_window(&mut self, ctx: &Context) {
        let mark = if self.model.session().is_dirty() {
            "• "
        } else {
            ""
        };
        let title = format!("{mark}{} – Pressmark", self.model.session().display_name());
        if title != self.title {
            self.title.clone_from(&title);
            ctx.send_viewport_cmd(ViewportCommand::Title(title));
        }
    }

    /// What must be kept when the program ends.
    pub fn finish(&mut self, size: Option<egui::Vec2>) {
        if let Some(size) = size {
            self.model.perform(Action::RememberWindow(size.x, size.y));
        }
        self.model.save_settings();
    }

    pub fn notify(&mut self, notice: Notice) {
        self.model.notify(notice);
    }
}

fn with_extension(mut path: PathBuf, format: &str) -> PathBuf {
    if path.extension().is_none() {
        path.set_extension(format);
    }
    path
}

impl eframe::App for PressmarkApp {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        Self::logic(self, ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        if let Some(rect) = ui.ctx().input(|input| input.viewport().inner_rect) {
            let window = Action::RememberWindow(rect.width(), rect.height());
            self.model.perform(window);
        }
        Self::ui(self, ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.finish(None);
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        self.tokens.page.to_normalized_gamma_f32()
    }
}
