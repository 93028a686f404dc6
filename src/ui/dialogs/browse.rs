//! Our own file dialog, for where the system has none: a path field and a list.

use crate::app::folders::{self, Entry};
use crate::core::shown::{shown, shown_path};
use crate::ui::file_dialog::{Answer, Wanted};
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::field::Field;
use crate::ui::kit::list::List;
use eframe::egui::{self, Button, Context, RichText};
use std::path::{Path, PathBuf};

const ROW_HEIGHT: f32 = 22.0;

pub(crate) struct Browse {
    wanted: Wanted,
    title: String,
    folder: PathBuf,
    entries: Result<Vec<Entry>, String>,
    /// What is written in the path field.
    path: String,
    chosen: Vec<PathBuf>,
    row: Option<usize>,
    /// A file that exists, and the question whether to replace it.
    replace: Option<PathBuf>,
    complaint: String,
    is_new: bool,
}

impl Browse {
    pub(crate) fn new(wanted: Wanted, title: &str, folder: PathBuf) -> Self {
        let path = match &wanted {
            Wanted::Save { name, .. } => name.clone(),
            _ => String::new(),
        };
        let mut browse = Self {
            wanted,
            title: title.to_owned(),
            folder: PathBuf::new(),
            entries: Ok(Vec::new()),
            path,
            chosen: Vec::new(),
            row: None,
            replace: None,
            complaint: String::new(),
            is_new: true,
        };
        browse.enter(folder);
        browse
    }

    fn endings(&self) -> &[&'static str] {
        match &self.wanted {
            Wanted::Files(endings) | Wanted::File(endings) => endings,
            Wanted::Save { extension, .. } => std::slice::from_ref(extension),
            Wanted::Folder => &["/"],
        }
    }

    fn enter(&mut self, folder: PathBuf) {
        self.entries = folders::list(&folder, self.endings());
        self.folder = folder;
        self.chosen.clear();
        self.row = None;
    }

    /// Draws it; what was chosen is its answer.
    pub(crate) fn ui(&mut self, ctx: &Context) -> CardStep<Answer> {
        let title = self.title.clone();
        let card = Card::new("browse", &title).width(560.0);
        card.show(ctx, |ui, card| {
            let hint = match self.wanted {
                Wanted::Save { .. } => "File name",
                _ => "Type a path, or choose below",
            };
            let field = Field::new("Path", &mut self.path)
                .hint(hint)
                .required()
                .error(&self.complaint)
                .hands_on_enter()
                .show(ui);
            if std::mem::take(&mut self.is_new) {
                field.request_focus();
            }
            if field.changed() {
                self.replace = None;
                self.complaint.clear();
            }
            ui.horizontal(|ui| {
                if ui.button("Up").on_hover_text("The folder above").clicked()
                    && let Some(parent) = self.folder.parent().map(Path::to_owned)
                {
                    self.enter(parent);
                }
                ui.add(egui::Label::new(RichText::new(shown_path(&self.folder)).weak()).truncate());
            });
            let answer = self.list_ui(ui, card.room(260.0, 120.0, 420.0));
            if !self.complaint.is_empty() {
                ui.colored_label(ui.visuals().error_fg_color, &self.complaint);
            }
            card.foot(ui, |ui, card| {
                let (word, help) = match (&self.wanted, &self.replace) {
                    (_, Some(_)) => ("Replace it", "the file that is there is replaced"),
                    (Wanted::Save { .. }, _) => ("Save", ""),
                    (Wanted::Folder, _) => ("Take this folder", ""),
                    _ => ("Open", ""),
                };
                let accepted = card.main(ui, None, word, help).then(|| self.accept());
                card.close(ui, "Cancel");
                if matches!(self.wanted, Wanted::Files(_)) {
                    ui.weak("Ctrl+click takes several");
                }
                accepted.flatten().or(answer)
            })
        })
    }

    fn list_ui(&mut self, ui: &mut egui::Ui, height: f32) -> Option<Answer> {
        let entries = match &self.entries {
            Ok(entries) => entries.clone(),
            Err(error) => {
                ui.colored_label(ui.visuals().error_fg_color, error);
                return None;
            }
        };
        if entries.is_empty() {
            let size = egui::vec2(ui.available_width(), height);
            let top = egui::Layout::top_down(egui::Align::Min);
            ui.allocate_ui_with_layout(size, top, |ui| {
                ui.set_min_size(size);
                ui.weak("Nothing fitting is in this folder");
            });
            return None;
        }
        let step = List::in_card("Files and folders", entries.len(), ROW_HEIGHT, height)
            .cursor(self.row)
            .filled()
            .show(ui, |ui, at, row| {
                let Some(entry) = entries.get(at) else {
                    return ui.label("");
                };
                let name = if entry.is_folder {
                    format!("{}/", shown(&entry.name))
                } else {
                    shown(&entry.name).into_owned()
                };
                let button = Button::new(name)
                    .selected(row.is_chosen || self.chosen.contains(&entry.path))
                    .frame_when_inactive(false)
                    .min_size(egui::vec2(ui.available_width(), ROW_HEIGHT));
                ui.add(button)
            });
        if let Some(entry) = step.moved.and_then(|at| entries.get(at)) {
            self.row = step.moved;
            self.path = entry.path.display().to_string();
            self.chosen.clear();
        }
        let is_save = matches!(self.wanted, Wanted::Save { .. });
        let clicked = step.clicked.and_then(|at| Some((at, entries.get(at)?)));
        let (at, entry) = clicked?;
        let is_double = step.double_clicked.is_some();
        if entry.is_folder && (is_double || self.wanted != Wanted::Folder) {
            self.enter(entry.path.clone());
            if !is_save {
                self.path.clear();
            }
            return None;
        }
        if is_double {
            return self.accept();
        }
        let several = matches!(self.wanted, Wanted::Files(_)) && ui.input(|i| i.modifiers.command);
        if !several {
            self.chosen.clear();
        }
        if let Some(at) = self.chosen.iter().position(|p| *p == entry.path) {
            self.chosen.remove(at);
        } else {
            self.chosen.push(entry.path.clone());
        }
        self.row = Some(at);
        self.path = if is_save {
            entry.name.clone()
        } else {
            entry.path.display().to_string()
        };
        self.replace = None;
        None
    }

    /// What the field and the list say; `None` when more has to be said.
    fn accept(&mut self) -> Option<Answer> {
        if self.chosen.len() > 1 {
            return Some(Answer::Paths(std::mem::take(&mut self.chosen)));
        }
        let typed = folders::typed_path(&self.path, &self.folder);
        if self.path.trim().is_empty() {
            if self.wanted == Wanted::Folder {
                return Some(Answer::Paths(vec![self.folder.clone()]));
            }
            return None;
        }
        match &self.wanted {
            Wanted::Folder if typed.is_dir() => Some(Answer::Paths(vec![typed])),
            Wanted::Save { extension, .. } => {
                if typed.is_dir() {
                    self.enter(typed);
                    self.path.clear();
                    return None;
                }
                let mut path = typed;
                if path.extension().is_none() && !extension.is_empty() {
                    path.set_extension(extension);
                }
                if !path.parent().is_some_and(Path::is_dir) {
                    self.complaint = format!(
                        "There is no folder {}",
                        shown_path(path.parent().unwrap_or(&path))
                    );
                    return None;
                }
                if path.exists() && self.replace.as_ref() != Some(&path) {
                    self.complaint = format!("{} exists. Replace it?", shown_path(&path));
                    self.replace = Some(path);
                    return None;
                }
                Some(Answer::Paths(vec![path]))
            }
            _ if typed.is_dir() => {
                self.enter(typed);
                self.path.clear();
                None
            }
            _ if typed.exists() => Some(Answer::Paths(vec![typed])),
            _ => {
                self.complaint = format!("There is no file {}", shown_path(&typed));
                None
            }
        }
    }
}
