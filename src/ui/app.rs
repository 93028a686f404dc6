//! The window: takes in jobs and keys, draws the panels, does what the model asks of it.
//!
//! `logic` turns input into actions before anything is drawn, so a frame shows what its keys did.
//! Input comes in the first pass of a frame only; actions never come from layout. Panels and dialogs
//! see the model and ask for actions; nothing but `PressmarkApp` performs them.

use super::article::{ArticleView, FrameStats, Step};
use super::asking::{Asking, Picked};
use super::dialogs::{self, Cards};
use super::file_dialog::Dialogs;
use super::frame_log::FrameLog;
use super::keys;
use super::kit::splitter::Splitter;
use super::kit::{card, focus, menu, speech};
use super::pages::claims::ClaimsPage;
use super::pages::codebook::CodebookPage;
use super::pages::find::FindPage;
use super::pages::people::PeoplePage;
use super::panels::articles::ArticlesPanel;
use super::panels::{NextPane, Panel, Panels, Side, places, rail_ui};
use super::said::Said;
use super::theme::{self, Missing, SystemFonts, Tokens};
use super::welcome::{drop_target_ui, welcome_ui};
use super::{article, notices, pages};
use crate::app::action::{Action, Pick, Spot, UiRequest};
use crate::app::command::Command;
use crate::app::jobs::Wake;
use crate::app::model::{Model, Page};
use crate::app::notice::Notice;
use crate::app::settings::{Settings, SidePanel, ThemeChoice};
use crate::app::signals;
use eframe::egui::{self, CentralPanel, Context, Frame, Ui, ViewportCommand};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

pub struct PressmarkApp {
    pub model: Model,
    /// What was asked for and is not performed yet.
    actions: Vec<Action>,
    pub article: ArticleView,
    panels: Panels,
    table: ArticlesPanel,
    claims: ClaimsPage,
    codebook: CodebookPage,
    find: FindPage,
    people: PeoplePage,
    cards: Cards,
    /// What a browser put on the clipboard beside the text.
    clipboard_html: fn() -> Option<String>,
    asking: Asking,
    said: Said,
    frame_log: Option<FrameLog>,
    /// Letters that no font has.
    missing: Missing,
    system_fonts: Option<SystemFonts>,
    /// The scripts of which it was said.
    told_scripts: BTreeSet<&'static str>,
    applied: Option<(ThemeChoice, bool, u32)>,
    tokens: Tokens,
    may_close: bool,
    title: String,
    article_id: Option<crate::core::ids::ArticleId>,
    /// A text field had the keyboard in the last frame: Esc has only left it.
    was_writing: bool,
    had_focus: bool,
    /// A drawer had the keyboard in the last frame.
    was_in_drawer: bool,
    /// It is left, once what was written in it has been kept.
    leaves_drawer: bool,
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
        focus::hear_in_turn(ctx, article::widget_id());
        menu::close_by_presses_beside(ctx);
        let waking = ctx.clone();
        let wake: Wake = Arc::new(move || waking.request_repaint());
        Self {
            model: Model::new(settings, settings_folder, wake.clone()),
            actions: Vec::new(),
            article: ArticleView::default(),
            panels: Panels::new(),
            table: ArticlesPanel::table(),
            claims: ClaimsPage::default(),
            codebook: CodebookPage::default(),
            find: FindPage::default(),
            people: PeoplePage::default(),
            cards: Cards::default(),
            clipboard_html: || None,
            asking: Asking::new(dialogs, wake),
            said: Said::default(),
            frame_log: None,
            missing: theme::install_boxes(ctx),
            system_fonts: None,
            told_scripts: BTreeSet::new(),
            applied: None,
            tokens: Tokens::of(ThemeChoice::Light, false),
            may_close: false,
            title: String::new(),
            article_id: None,
            was_writing: false,
            had_focus: true,
            was_in_drawer: false,
            leaves_drawer: false,
            serial: 0,
        }
    }

    /// Where pages that a browser copied are found; nowhere, until this is called.
    pub fn read_pages_with(&mut self, clipboard_html: fn() -> Option<String>) {
        self.clipboard_html = clipboard_html;
    }

    /// Only the bundled ones are used until this is called.
    pub fn use_fonts_of_system(&mut self, fonts: SystemFonts) {
        self.system_fonts = Some(fonts);
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
        self.cards.has_one_over() || self.asking.has_card() || dialogs::is_asked(&self.model)
    }

    /// Input and results to actions; before drawing.
    pub fn logic(&mut self, ctx: &Context) {
        if let Some(log) = &mut self.frame_log {
            log.begin();
        }
        self.apply_theme(ctx);
        focus::bring_into_view(ctx);
        if let Some(wait) = self.model.tick() {
            ctx.request_repaint_after(wait);
        }
        if let Some(fonts) = &self.system_fonts
            && fonts.settle(ctx)
        {
            self.article.measure_anew();
        }
        if !self.missing.is_empty() {
            let letters = self.missing.take();
            let told = &mut self.told_scripts;
            self.model.tell_without_font(&letters, told);
        }
        if signals::is_ending() && !self.may_close {
            self.flush();
            self.model.end();
        }
        if self.serial != self.model.serial() {
            self.serial = self.model.serial();
            self.asking.forget_project();
            self.cards.forget_project();
            self.table = ArticlesPanel::table();
            self.claims = ClaimsPage::default();
            self.codebook = CodebookPage::default();
            self.find = FindPage::default();
            self.people = PeoplePage::default();
        }
        let has_focus = ctx.input(|input| input.focused);
        if has_focus && !self.had_focus {
            self.model.look_at_file();
        }
        self.had_focus = has_focus;
        self.poll_dialogs(ctx);
        self.hear_drawer_left(ctx);
        let situation = self.situation(ctx);
        self.article.let_go_of_link(ctx);
        while let Some(action) = keys::next(ctx, &self.model, situation) {
            self.perform_key(action);
        }
        let dropped: Vec<PathBuf> = ctx.input(|input| {
            let files = input.raw.dropped_files.iter();
            files.map(|file| file.path().to_owned()).collect()
        });
        // More may be dropped on the preview of an import.
        let mut import = self.model.import().into_iter();
        let is_shown = import.any(|preview| !preview.is_aside);
        if !dropped.is_empty() && (!self.has_dialog() || is_shown) {
            self.model.perform(Action::AddPaths(dropped));
        }
        if ctx.input(|input| input.viewport().close_requested()) && !self.may_close {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.flush();
            self.model.perform(Action::Run(Command::Quit));
        }
    }

    /// Esc in a drawer leaves it; a field in it has that Esc, too.
    fn hear_drawer_left(&mut self, ctx: &Context) {
        if !self.was_in_drawer || self.has_dialog() || egui::Popup::is_any_open(ctx) {
            return;
        }
        let was_writing = self.was_writing;
        self.leaves_drawer = ctx.input_mut(|input| {
            let (held, esc) = (egui::Modifiers::NONE, egui::Key::Escape);
            if was_writing {
                input.key_pressed(esc)
            } else {
                input.consume_key(held, esc)
            }
        });
    }

    /// At the end of a frame: the keyboard goes back to the article.
    fn leave_drawer(&mut self, ctx: &Context, edges: &[(SidePanel, egui::Rect)]) {
        if std::mem::take(&mut self.leaves_drawer)
            && let Some(drawer) = self.model.settings().drawer
        {
            self.model.perform(Action::ShowPanel(drawer, false));
            self.model.perform(Action::Run(Command::FocusArticle));
            ctx.request_repaint();
        }
        let focused = ctx.memory(|memory| memory.focused());
        let place = focused.and_then(|id| ctx.read_response(id));
        let place = place.map(|response| response.interact_rect.center());
        let is_inside = |at| edges.iter().any(|(_, drawer)| drawer.contains(at));
        self.was_in_drawer = self.model.settings().is_narrow && place.is_some_and(is_inside);
    }

    fn perform_key(&mut self, action: Action) {
        self.flush();
        self.model.perform(match action {
            Action::AddText { text, .. } => Action::AddText {
                text,
                html: (self.clipboard_html)(),
            },
            action => action,
        });
    }

    /// Performs what was asked for, so that what is drawn after it shows it.
    fn perform(&mut self) {
        let mut panels = self.panels.take();
        self.keep_written(&mut panels);
        self.panels = panels;
        let mut actions = std::mem::take(&mut self.actions);
        for action in actions.drain(..) {
            self.model.perform(action);
        }
        self.actions = actions;
    }

    /// Has what is being written on the card kept before something else is shown there.
    fn keep_written(&mut self, panels: &mut Panels) {
        if self.actions.iter().any(Action::leaves_the_card) {
            let mut first = Vec::new();
            panels.flush(&self.model, &mut first);
            first.append(&mut self.actions);
            self.actions = first;
        }
    }

    /// The same after a panel or a dialog: what was drawn before it shows it in the next frame.
    fn perform_and_repaint(&mut self, ctx: &Context) {
        if !self.actions.iter().all(Action::is_bookkeeping) {
            ctx.request_repaint();
        }
        self.perform();
    }

    /// Who has the keyboard.
    fn situation(&self, ctx: &Context) -> keys::Situation {
        let is_article_shown = self.model.page() == Page::Read;
        keys::situation(ctx, self.has_dialog(), self.was_writing, is_article_shown)
    }

    /// Keeps what is being written in the card, or on a page.
    fn flush(&mut self) {
        self.panels.flush(&self.model, &mut self.actions);
        self.claims.flush(&mut self.actions);
        self.codebook.flush(&mut self.actions);
        self.perform();
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
        // What lies under a dialog hears no key.
        let keys = self.has_dialog().then(|| card::take_keys(&ctx));
        let is_narrow = places::is_narrow(&ctx, &self.model);
        if is_narrow != self.model.settings().is_narrow {
            self.model.perform(Action::SetNarrow(is_narrow));
        }
        let mut panels = self.panels.take();
        let mut edges = Vec::new();
        for side in Side::ALL {
            if side.has_rail(&ctx, &self.model) {
                rail_ui(ui, side, &self.model, &mut self.actions, &tokens);
                self.perform_and_repaint(&ctx);
            }
            if side.is_shown(&self.model) {
                let place = self.side_ui(ui, side, &mut panels);
                edges.extend(side.panel().map(|panel| (panel, place)));
            }
        }
        self.panels = panels;
        if !Side::Right.is_shown(&self.model) {
            self.panels.flush(&self.model, &mut self.actions);
            self.perform();
        }
        if self.model.page() != Page::Claims {
            self.claims.flush(&mut self.actions);
            self.perform();
        }
        if self.model.page() != Page::Codebook {
            self.codebook.flush(&mut self.actions);
            self.perform();
        }
        CentralPanel::default()
            .frame(Frame::new().fill(tokens.page))
            .show(ui, |ui| {
                let page = self.model.page();
                let has_none = self.model.session().project().articles().is_empty();
                if page == Page::Read || page == Page::Table && has_none {
                    return self.read_ui(ui);
                }
                let (model, actions) = (&self.model, &mut self.actions);
                pages::with_room_ui(ui, page, |ui| match page {
                    Page::Read => {}
                    Page::Table => {
                        speech::tell_region(ui, "Articles as a table");
                        self.table.ui(ui, model, actions, &tokens);
                    }
                    Page::Find => self.find.ui(ui, model, actions, &tokens),
                    Page::People => self.people.ui(ui, model, actions, &tokens),
                    Page::Claims => self.claims.ui(ui, model, actions, &tokens),
                    Page::Codebook => self.codebook.ui(ui, model, actions, &tokens),
                });
            });
        self.perform_and_repaint(&ctx);
        self.edges_ui(ui, &edges);
        drop_target_ui(&ctx, &self.tokens);
        let (model, actions) = (&self.model, &mut self.actions);
        self.cards.beside_ui(&ctx, model, actions, &tokens);
        self.perform_and_repaint(&ctx);
        notices::notices_ui(&ctx, &self.model, &mut self.actions, &tokens);
        self.perform_and_repaint(&ctx);
        card::put_keys(&ctx, keys.unwrap_or_default());
        self.dialog_ui(&ctx);
        card::give_back(&ctx);
        menu::keys_ui(&ctx);
        self.leave_drawer(&ctx, &edges);
        focus::outline_ui(&ctx, &tokens);
        self.said.tell(&ctx, &self.model);
        speech::words_ui(&ctx);
        self.title_of_window(&ctx);
        if self.model.has_requests() || !self.missing.is_empty() {
            ctx.request_repaint();
        }
        self.was_writing = ctx.text_edit_focused();
        let stats = self.article.stats();
        if let Some(log) = &mut self.frame_log {
            log.end(stats);
        }
    }

    /// What was done to the article, and the keys that had to wait for it, in their order.
    fn take_in(&mut self, ui: &Ui, response: &egui::Response) {
        let ctx = ui.ctx();
        loop {
            let (model, actions) = (&self.model, &mut self.actions);
            match self.article.step(ui, response, model, actions) {
                Step::Done => return,
                Step::Asks => self.perform(),
                Step::Passes(at) => {
                    let now = self.situation(ctx);
                    if let Some(action) = keys::take(ctx, at, &self.model, now) {
                        self.article.was_taken();
                        self.perform_key(action);
                        ctx.request_repaint();
                    }
                }
            }
        }
    }

    /// The page with the article, or what to do when there is none.
    fn read_ui(&mut self, ui: &mut Ui) {
        let tokens = self.tokens;
        if places::is_covered(ui.ctx(), &self.model) {
            return;
        }
        let (model, actions) = (&self.model, &mut self.actions);
        self.article.find_bar_ui(ui, model, actions, &tokens);
        self.perform_and_repaint(&ui.ctx().clone());
        match self.article.begin(ui, &self.model) {
            Some(response) => {
                self.take_in(ui, &response);
                let (model, actions) = (&self.model, &mut self.actions);
                self.article.show(ui, &response, model, actions, &tokens);
            }
            None => {
                let (model, actions) = (&self.model, &mut self.actions);
                welcome_ui(ui, model, actions, &tokens);
            }
        }
    }

    /// The panels of a side; says where they stand.
    fn side_ui(&mut self, ui: &mut Ui, side: Side, panels: &mut Panels) -> egui::Rect {
        let (ctx, tokens) = (ui.ctx().clone(), self.tokens);
        let frame = side.frame(&ctx, &self.model);
        let shown = frame.frame(Frame::new().fill(tokens.panel)).show(ui, |ui| {
            speech::tell_region(ui, side.name());
            let (model, actions) = (&self.model, &mut self.actions);
            panels.head_ui(side, ui, model, actions, &tokens);
            for panel in panels.shown(side, ui, &self.model) {
                panels.show(panel, ui, &self.model, &mut self.actions, &tokens);
                self.keep_written(panels);
                self.perform_and_repaint(&ctx);
            }
        });
        shown.response.rect
    }

    /// The edges of the panels, by which they are made wider.
    fn edges_ui(&mut self, ui: &Ui, edges: &[(SidePanel, egui::Rect)]) {
        for (panel, place) in edges.iter().copied() {
            let splitter = Splitter {
                name: match panel {
                    SidePanel::Articles => "Width of the article list",
                    SidePanel::Annotations => "Width of the annotation panel",
                },
                panel: place,
                is_right: panel == SidePanel::Annotations,
                least: places::least_width(panel),
                most: places::most_width(panel, ui.ctx(), &self.model),
                usual: panel.usual_width(),
            };
            if let Some(width) = splitter.show(ui, &self.tokens) {
                self.model.perform(Action::RememberWidth(panel, width));
                ui.ctx().request_repaint();
            }
        }
    }

    fn dialog_ui(&mut self, ctx: &Context) {
        if self.asking.has_card() && !dialogs::is_asked(&self.model) {
            let picked = self.asking.ui(ctx);
            self.picked(picked);
        } else {
            let (model, actions) = (&self.model, &mut self.actions);
            self.cards.ui(ctx, model, actions, &self.tokens);
        }
        self.perform_and_repaint(ctx);
        self.cards.forget_answered(&self.model);
    }

    fn poll_dialogs(&mut self, ctx: &Context) {
        let picked = self.asking.poll(ctx, &self.model);
        self.picked(picked);
    }

    fn picked(&mut self, picked: Option<Picked>) {
        match picked {
            None => {}
            Some(Picked::Asks(action)) => {
                // What asked for the place has its answer; one that is left is gone on with.
                self.cards.close();
                self.model.perform(action);
            }
            Some(Picked::Left(pick)) => {
                if matches!(pick, Pick::Save { .. }) {
                    self.model.save_dialog_cancelled();
                }
            }
        }
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
                UiRequest::Pick(pick) => self.asking.ask(pick),
                UiRequest::Show(command) => {
                    self.asking.close_card();
                    self.cards.show(command, &self.model);
                }
                UiRequest::AskToDelete(what) => {
                    self.asking.close_card();
                    self.cards.ask_to_delete(what);
                }
                UiRequest::Focus(spot) if self.model.page() == Page::Table => {
                    self.table.focus(spot);
                }
                UiRequest::Focus(spot) => {
                    self.panels.focus(spot);
                    self.claims.focus(spot);
                    self.codebook.focus(spot);
                    self.find.focus(spot);
                    self.people.focus(spot);
                    if spot == Spot::FindBar {
                        self.article.focus_find_bar();
                    }
                }
                UiRequest::FocusPanel(side) => self.panels.begin(side, ctx, &self.model),
                UiRequest::FocusArticle if self.model.page() == Page::Table => {
                    self.table.focus_list();
                }
                UiRequest::FocusArticle => {
                    ctx.memory_mut(|memory| memory.request_focus(article::widget_id()));
                }
                UiRequest::NextPane => self.next_pane(ctx),
                UiRequest::Reveal(range) => self.article.reveal(range),
                UiRequest::RevealHit(range) => self.article.reveal_amid(range),
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

    /// Articles, article, annotations, what a notice offers, and round again.
    fn next_pane(&mut self, ctx: &Context) {
        if self.model.page() == Page::Table {
            self.table.focus_next(ctx, notices::offer(ctx));
            return;
        }
        if self.model.page() == Page::Find {
            self.find.focus_next(ctx, notices::offer(ctx));
            return;
        }
        if self.model.page() == Page::People {
            let offer = notices::offer(ctx);
            self.people.focus_next(ctx, &self.model, offer);
            return;
        }
        if self.model.page() == Page::Claims {
            self.claims.focus_next(ctx, notices::offer(ctx));
            return;
        }
        if self.model.page() == Page::Codebook {
            let offer = notices::offer(ctx);
            self.codebook.focus_next(ctx, &self.model, offer);
            return;
        }
        let focused = ctx.memory(|memory| memory.focused());
        let offer = notices::offer(ctx);
        let is_at_offer = offer.is_some() && focused == offer;
        let next = if is_at_offer {
            NextPane::Article
        } else {
            self.panels.focus_next_list(focused, &self.model)
        };
        match next {
            NextPane::List(panel) => self.model.perform(Action::ShowPanel(panel, true)),
            NextPane::Article => {
                let offer = offer.filter(|_| !is_at_offer);
                let to = offer.unwrap_or_else(article::widget_id);
                ctx.memory_mut(|memory| memory.request_focus(to));
            }
        }
    }

    fn title_of_window(&mut self, ctx: &Context) {
        speech::tell_window(ctx, &self.title);
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

impl eframe::App for PressmarkApp {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        if let Some(secs) = frame.info().cpu_usage {
            self.article.was_busy(secs);
        }
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
