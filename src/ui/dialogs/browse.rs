//! Our own file dialog, for where the system has none: a path field, places, and a list.

use crate::app::clock;
use crate::app::folders::{self, Entry};
use crate::app::words::count;
use crate::core::shown::{shown_path, shown_strictly};
use crate::ui::file_dialog::{Answer, Wanted};
use crate::ui::kit::card::{Card, CardStep, Inside, scroll, split};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::field::{self, Field};
use crate::ui::kit::list::List;
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Event, EventFilter, Key, Label, Modifiers, Response, RichText, Ui};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub(crate) struct Browse {
    wanted: Wanted,
    title: String,
    /// Folders to begin at.
    places: Vec<(String, PathBuf)>,
    folder: PathBuf,
    /// The folder whose files are listed: another one while a path into it is typed.
    listed: PathBuf,
    entries: Result<Vec<Entry>, String>,
    /// The places of those that fit what is typed.
    fitting: Vec<usize>,
    /// What is written in the path field.
    path: String,
    /// Under what name to save, while the path field says a folder.
    name: String,
    /// The current row, and what it stands for, as long as nothing else is typed.
    row: Option<usize>,
    chosen: Option<PathBuf>,
    /// Of several that are to be opened.
    ticked: BTreeSet<PathBuf>,
    /// Where a range of them begins.
    anchor: usize,
    /// Files with other endings are listed, too.
    shows_all: bool,
    /// The name of a folder that is to be made.
    new_folder: Option<String>,
    /// A file that exists, and the question whether to replace it.
    replace: Option<PathBuf>,
    complaint: String,
    /// The path field has the keyboard, or gets it back.
    has_field: bool,
    goes_on: bool,
}

/// How a row is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// By a click, which lets go of all that is ticked.
    Alone,
    /// By the arrows.
    Moves,
    /// With Ctrl: ticked, or ticked no more.
    Adds,
    /// With Shift: ticked, as all from where one was.
    Upto,
}

impl Browse {
    pub(crate) fn new(
        wanted: Wanted,
        title: &str,
        folder: PathBuf,
        places: Vec<(String, PathBuf)>,
    ) -> Self {
        let name = match &wanted {
            Wanted::Save { name, .. } => name.clone(),
            _ => String::new(),
        };
        let mut browse = Self {
            wanted,
            title: title.to_owned(),
            places,
            folder: PathBuf::new(),
            listed: PathBuf::new(),
            entries: Ok(Vec::new()),
            fitting: Vec::new(),
            path: String::new(),
            name,
            row: None,
            chosen: None,
            ticked: BTreeSet::new(),
            anchor: 0,
            shows_all: false,
            new_folder: None,
            replace: None,
            complaint: String::new(),
            has_field: false,
            goes_on: false,
        };
        browse.enter(folder);
        browse
    }

    fn is_save(&self) -> bool {
        matches!(self.wanted, Wanted::Save { .. })
    }

    fn endings(&self) -> &[&'static str] {
        match &self.wanted {
            Wanted::Folder => &["/"],
            _ if self.shows_all => &[],
            Wanted::Files(endings) | Wanted::File(endings) => endings,
            // A dataset may be a folder or any file.
            Wanted::Save { extension: "", .. } => &[],
            Wanted::Save { extension, .. } => std::slice::from_ref(extension),
        }
    }

    fn enter(&mut self, folder: PathBuf) {
        self.list(folder.clone());
        self.folder = folder;
        self.path.clone_from(&self.name);
        self.find();
    }

    fn list(&mut self, folder: PathBuf) {
        self.entries = folders::list(&folder, self.endings());
        self.listed = folder;
        self.ticked.clear();
        self.let_go();
    }

    fn let_go(&mut self) {
        self.row = None;
        self.chosen = None;
    }

    fn takes_several(&self) -> bool {
        matches!(self.wanted, Wanted::Files(_))
    }

    /// Finds what fits what is typed.
    fn find(&mut self) {
        let typed = if self.is_save() { "" } else { self.path.trim() };
        let (folder, start) = folders::cut(typed);
        let folder = folders::typed_path(folder, &self.folder);
        let start = start.to_lowercase();
        if !self.is_save() && folder != self.listed && folder.is_dir() {
            self.list(folder);
        }
        let entries = self.entries.iter().flatten().enumerate();
        let fitting = entries.filter(|(_, entry)| entry.name.to_lowercase().contains(&start));
        self.fitting = fitting.map(|(at, _)| at).collect();
        self.let_go();
    }

    fn entry(&self, row: usize) -> Option<&Entry> {
        let entries = self.entries.as_ref().ok()?;
        entries.get(*self.fitting.get(row)?)
    }

    /// Draws it; what was chosen is its answer.
    pub(crate) fn ui(&mut self, ctx: &Context) -> CardStep<Answer> {
        let title = self.title.clone();
        let tokens = theme::tokens(ctx);
        let card = Card::work("browse", &title);
        card.show(ctx, |ui, card| {
            card.space(8.0);
            let field = card.line(ui, |ui| self.field_ui(ui));
            if card.begins_at(&field) {
                // Typing replaces the name that is proposed, but not its ending.
                let stem = Path::new(&self.path).file_stem();
                let stem = stem.map_or(0, |stem| stem.to_string_lossy().chars().count());
                field::select(ui.ctx(), field.id, 0..stem);
            }
            card.space(4.0);
            card.line(ui, |ui| self.told_ui(ui, &tokens));
            let mut answer = None;
            card.pane(ui, |ui| {
                let (mut left, mut right) = split(ui, 190.0);
                self.places_ui(&mut left, &tokens);
                answer = self.list_ui(&mut right, &tokens);
            });
            let accepted = self.foot_ui(ui, card);
            accepted.or(answer)
        })
    }

    fn field_ui(&mut self, ui: &mut Ui) -> Response {
        let hint = match self.wanted {
            Wanted::Save { .. } => "File name",
            _ => "Type a name or a path, or choose below",
        };
        self.ticks_ui(ui);
        let field = Field::new("Path", &mut self.path)
            .hint(hint)
            .required()
            .error(&self.complaint)
            .hands_on_enter()
            .show(ui);
        if std::mem::take(&mut self.goes_on) {
            field.request_focus();
            let end = self.path.chars().count();
            field::select(ui.ctx(), field.id, end..end);
        }
        self.has_field = field.has_focus();
        if self.has_field {
            self.complete_ui(ui, field.id);
        }
        if field.changed() {
            self.replace = None;
            self.complaint.clear();
            if self.is_save() {
                self.name.clone_from(&self.path);
            }
            self.ticked.clear();
            self.find();
        }
        field
    }

    /// Where nothing is being typed, Ctrl+A ticks all, and Space the row that the arrows have gone to.
    fn ticks_ui(&mut self, ui: &Ui) {
        if !(self.has_field && self.takes_several()) {
            return;
        }
        let is_typing = self.row.is_none() && !self.path.is_empty();
        if !is_typing && ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::A)) {
            self.ticked.clear();
            for row in 0..self.fitting.len() {
                self.tick(row);
            }
        }
        let Some(at) = self.row else {
            return;
        };
        let ticks = ui.input_mut(|input| {
            let is_space = |event: &Event| matches!(event, Event::Text(text) if text == " ");
            let before = input.events.len();
            input.events.retain(|event| !is_space(event));
            before > input.events.len()
        });
        if ticks {
            self.tick(at);
            self.anchor = at;
        }
    }

    fn tick(&mut self, at: usize) {
        let file = self.entry(at).filter(|entry| !entry.is_folder);
        let Some(path) = file.map(|entry| entry.path.clone()) else {
            return;
        };
        if !self.ticked.remove(&path) {
            self.ticked.insert(path);
        }
    }

    /// Tab completes what is typed, as long as there is something to complete.
    fn complete_ui(&mut self, ui: &Ui, field: eframe::egui::Id) {
        let (folder, start) = folders::cut(&self.path);
        let in_it = folders::typed_path(folder, &self.folder) == self.listed;
        let names = self
            .entries
            .iter()
            .flatten()
            .filter(|_| in_it && !start.is_empty());
        let is_whole = |name: &str| {
            let mut entries = self.entries.iter().flatten();
            entries.any(|entry| entry.is_folder && entry.name == name)
        };
        let completed = folders::completed(start, names.map(|entry| entry.name.as_str()));
        // A folder that is whole is gone into.
        let completed = completed.or((in_it && is_whole(start)).then(|| start.to_owned()));
        let Some(completed) = completed else {
            return;
        };
        let keys = EventFilter {
            tab: true,
            horizontal_arrows: true,
            vertical_arrows: true,
            escape: false,
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(field, keys));
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Tab)) {
            let slash = if is_whole(&completed) { "/" } else { "" };
            self.path = format!("{folder}{completed}{slash}");
            let end = self.path.chars().count();
            field::select(ui.ctx(), field, end..end);
            self.find();
        }
    }

    /// What is wrong, or else what is shown. One line, whatever it says.
    fn told_ui(&mut self, ui: &mut Ui, tokens: &Tokens) {
        ui.horizontal(|ui| {
            ui.set_min_height(28.0);
            if let Some(name) = &mut self.new_folder {
                let field = Field::new("Name of the new folder", name).width(240.0);
                let field = field.show(ui);
                if name.is_empty() && !field.has_focus() && !field.lost_focus() {
                    field.request_focus();
                }
                let enters = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                let makes = ui.button("Make it").clicked() || enters;
                if ui.button("Make none").clicked() {
                    self.new_folder = None;
                } else if makes {
                    self.make_folder();
                }
                return;
            }
            if ui.button("Up").on_hover_text("The folder above").clicked()
                && let Some(parent) = self.listed.parent().map(Path::to_owned)
            {
                self.enter(parent);
            }
            if ui.button("New folder").clicked() {
                self.new_folder = Some(String::new());
            }
            let has_endings = match &self.wanted {
                Wanted::Files(endings) | Wanted::File(endings) => !endings.is_empty(),
                Wanted::Folder | Wanted::Save { .. } => false,
            };
            if has_endings {
                let all = ui.checkbox(&mut self.shows_all, "All files");
                let help = "Also those whose ending says that they are something else";
                if all.on_hover_text(help).changed() {
                    self.list(self.listed.clone());
                    self.find();
                }
            }
            let told = if self.complaint.is_empty() {
                RichText::new(shown_path(&self.listed)).weak()
            } else {
                RichText::new(&self.complaint).color(tokens.error)
            };
            ui.add(Label::new(told).truncate());
        });
    }

    fn make_folder(&mut self) {
        let name = self.new_folder.take().unwrap_or_default();
        match folders::make(&self.listed, &name) {
            Ok(folder) => {
                self.complaint.clear();
                self.enter(folder);
            }
            Err(complaint) => self.complaint = complaint,
        }
        self.goes_on = true;
    }

    fn places_ui(&mut self, ui: &mut Ui, tokens: &Tokens) {
        let mut to = None;
        for (name, folder) in &self.places {
            let row = TextRow {
                text: name.clone(),
                ..TextRow::default()
            };
            let row = row.ui(ui, *folder == self.listed, tokens);
            if row.on_hover_text(shown_path(folder)).clicked() {
                to = Some(folder.clone());
            }
        }
        if let Some(folder) = to {
            self.enter(folder);
            self.goes_on = true;
        }
    }

    fn foot_ui(&mut self, ui: &mut Ui, card: &mut Inside) -> Option<Answer> {
        let note = match self.wanted {
            Wanted::Files(_) => "Ctrl+click or Space ticks several, Shift a range, Ctrl+A all",
            _ => "Tab completes what is typed.",
        };
        let ticked = format!("Open {}", count(self.ticked.len(), "file", "files"));
        let (word, help) = match (&self.wanted, &self.replace) {
            (_, Some(_)) => ("Replace it", "the file that is there is replaced"),
            (Wanted::Folder, _) => ("Take this folder", ""),
            _ if !self.ticked.is_empty() => (&*ticked, ""),
            _ if self.path.ends_with('/') => ("Open folder", ""),
            (Wanted::Save { .. }, _) => ("Save", ""),
            _ => ("Open", ""),
        };
        card.foot(ui, note, |ui, card| {
            card.close(ui, "Cancel");
            let is_given = self.wanted == Wanted::Folder
                || !self.ticked.is_empty()
                || !self.path.trim().is_empty();
            let refusal = (!is_given).then_some("Type a name, or choose from the list");
            let accepts = card.main(ui, refusal, word, help);
            accepts.then(|| self.accept()).flatten()
        })
    }

    fn list_ui(&mut self, ui: &mut Ui, tokens: &Tokens) -> Option<Answer> {
        if let Err(error) = &self.entries {
            let told = RichText::new(error).color(tokens.error);
            scroll(ui, "error", |ui| ui.label(told));
            return None;
        }
        if self.fitting.is_empty() {
            let is_narrowed = !self.is_save() && !folders::cut(self.path.trim()).1.is_empty();
            let told = if is_narrowed {
                "Nothing in this folder is called so"
            } else if self.wanted == Wanted::Folder {
                "No further folder is in this one; the button below takes it with all that it holds"
            } else {
                "Nothing fitting is in this folder"
            };
            scroll(ui, "empty", |ui| ui.weak(told));
            return None;
        }
        let (count, height) = (self.fitting.len(), ui.available_height());
        let mut list = List::in_card("Files and folders", count, TextRow::HEIGHT, height);
        if self.takes_several() {
            list = list.with_ticks();
        }
        let has_ticks = !self.ticked.is_empty();
        let step = list.cursor(self.row).filled().show(ui, |ui, at, row| {
            let Some(entry) = self.entry(at) else {
                return ui.label("");
            };
            let slash = if entry.is_folder { "/" } else { "" };
            let is_ticked = has_ticks && self.ticked.contains(&entry.path);
            let drawn = TextRow {
                text: format!("{}{slash}", shown_strictly(&entry.name)),
                detail: entry.changed.map(clock::day_and_time).unwrap_or_default(),
                is_chosen: is_ticked,
                is_ticked: (has_ticks && !entry.is_folder).then_some(is_ticked),
                ..TextRow::default()
            };
            drawn.ui(ui, row.is_chosen, tokens)
        });
        if let Some(at) = step.moved {
            let is_range = self.takes_several() && step.held.shift;
            self.take(at, if is_range { How::Upto } else { How::Moves });
        }
        let at = step.clicked?;
        let how = match (step.held.command, step.held.shift) {
            (true, _) if self.takes_several() => How::Adds,
            (_, true) if self.takes_several() => How::Upto,
            _ => How::Alone,
        };
        self.take(at, how);
        step.double_clicked?;
        match self.entry(at) {
            Some(entry) if entry.is_folder => self.go_into(entry.path.clone()),
            _ => self.accept(),
        }
    }

    /// Makes a row the current one, and says it in the path field.
    fn take(&mut self, at: usize, how: How) {
        let Some(entry) = self.entry(at).cloned() else {
            return;
        };
        let before = self.row.replace(at);
        match how {
            How::Alone => self.ticked.clear(),
            How::Moves => {}
            How::Adds => {
                // The first one takes along where one was.
                if let Some(before) = before.filter(|_| self.ticked.is_empty()) {
                    self.tick(before);
                }
                self.tick(at);
            }
            How::Upto => {
                if before.is_none() {
                    self.anchor = at;
                }
                self.ticked.clear();
                for row in self.anchor.min(at)..=self.anchor.max(at) {
                    self.tick(row);
                }
            }
        }
        if how != How::Upto {
            self.anchor = at;
        }
        self.goes_on = true;
        self.replace = None;
        self.complaint.clear();
        let stands_for_it = !entry.is_folder || self.wanted == Wanted::Folder;
        self.chosen = stands_for_it.then(|| entry.path.clone());
        // From the folder that is open, so that it can be read.
        let path = entry.path.strip_prefix(&self.folder).unwrap_or(&entry.path);
        self.path = path.display().to_string();
        if entry.is_folder {
            self.path.push('/');
        } else if self.is_save() {
            self.name.clone_from(&self.path);
        }
    }

    /// What the field and the list say; `None` when more has to be said.
    fn accept(&mut self) -> Option<Answer> {
        if !self.ticked.is_empty() {
            // In the order of the list, whatever the order of the ticks.
            let entries = self.entries.iter().flatten();
            let paths = entries.map(|entry| &entry.path);
            let paths = paths.filter(|path| self.ticked.contains(*path));
            return Some(Answer::Paths(paths.cloned().collect()));
        }
        let text = self.path.trim();
        if text.is_empty() {
            self.goes_on = true;
            let takes = self.wanted == Wanted::Folder;
            return takes.then(|| Answer::Paths(vec![self.folder.clone()]));
        }
        let typed = match &self.chosen {
            // Its name may be more than can be written.
            Some(path) if !self.is_save() => path.clone(),
            _ => folders::typed_path(text, &self.folder),
        };
        let is_place = text.ends_with('/') || matches!(text, "~" | "." | "..");
        let answer = match &self.wanted {
            Wanted::Folder if typed.is_dir() => Ok(typed),
            Wanted::Save { .. } if is_place && typed.is_dir() => return self.go_into(typed),
            Wanted::Save { extension, .. } => self.new_file(typed, extension),
            _ if typed.is_dir() => return self.go_into(typed),
            _ if typed.exists() => Ok(typed),
            Wanted::Folder => Err(format!("There is no folder {}", shown_path(&typed))),
            _ => Err(format!("There is no file {}", shown_path(&typed))),
        };
        match answer {
            Ok(path) => Some(Answer::Paths(vec![path])),
            Err(complaint) => {
                self.complaint = complaint;
                self.goes_on = true;
                None
            }
        }
    }

    fn go_into(&mut self, folder: PathBuf) -> Option<Answer> {
        self.enter(folder);
        self.goes_on = true;
        None
    }

    /// Where to save, unless something is in the way.
    fn new_file(&mut self, mut path: PathBuf, extension: &str) -> Result<PathBuf, String> {
        path = folders::with_ending(path, extension);
        let parent = path.parent().unwrap_or(&path);
        if !parent.is_dir() {
            return Err(format!("There is no folder {}", shown_path(parent)));
        }
        if path.is_dir() {
            // Whoever exports asks about a dataset that is there already.
            let complaint = format!(
                "{} is a folder: type another name, or a / behind it to go into it",
                shown_path(&path)
            );
            return if extension.is_empty() {
                Ok(path)
            } else {
                Err(complaint)
            };
        }
        if path.exists() && self.replace.as_ref() != Some(&path) {
            let complaint = format!("{} exists. Replace it?", shown_path(&path));
            self.replace = Some(path);
            return Err(complaint);
        }
        Ok(path)
    }
}
