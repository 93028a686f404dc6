//! Our own file dialog, for where the system has none: a path field and a list.

use crate::app::folders::{self, Entry};
use crate::core::shown::{shown, shown_path};
use crate::ui::file_dialog::{Answer, Wanted};
use crate::ui::theme;
use eframe::egui::{self, Button, Context, Key, Modal, Modifiers, RichText, ScrollArea, TextEdit};
use std::path::{Path, PathBuf};

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

    /// Draws it and answers once something was chosen or it was left.
    pub(crate) fn ui(&mut self, ctx: &Context) -> Option<Answer> {
        let mut answer = None;
        let height = (ctx.content_rect().height() - 260.0).clamp(120.0, 420.0);
        let modal = Modal::new(eframe::egui::Id::unique("browse")).show(ctx, |ui| {
            ui.set_width(560.0);
            ui.label(RichText::new(&self.title).font(theme::strong_font(16.0)));
            ui.add_space(4.0);
            let hint = match self.wanted {
                Wanted::Save { .. } => "File name",
                _ => "Type a path, or choose below",
            };
            let field = ui.add(
                TextEdit::singleline(&mut self.path)
                    .hint_text(hint)
                    .desired_width(f32::INFINITY),
            );
            field.widget_info(|| {
                egui::WidgetInfo::labeled(egui::accesskit::Role::TextInput, true, "Path")
            });
            if std::mem::take(&mut self.is_new) {
                field.request_focus();
            }
            if field.changed() {
                self.replace = None;
                self.complaint.clear();
            }
            let enter = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter));
            if field.lost_focus() && !enter && !ui.input(|i| i.key_pressed(Key::Tab)) {
                // A click elsewhere; nothing to do.
            }
            ui.horizontal(|ui| {
                if ui.button("Up").on_hover_text("The folder above").clicked()
                    && let Some(parent) = self.folder.parent().map(Path::to_owned)
                {
                    self.enter(parent);
                }
                ui.add(egui::Label::new(RichText::new(shown_path(&self.folder)).weak()).truncate());
            });
            self.list_ui(ui, height, &mut answer);
            if !self.complaint.is_empty() {
                ui.colored_label(ui.visuals().error_fg_color, &self.complaint);
            }
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                let (word, tooltip) = match (&self.wanted, &self.replace) {
                    (_, Some(_)) => ("Replace it", "The file that is there is replaced"),
                    (Wanted::Save { .. }, _) => ("Save", "Enter"),
                    (Wanted::Folder, _) => ("Take this folder", "Enter"),
                    _ => ("Open", "Enter"),
                };
                if ui.button(word).on_hover_text(tooltip).clicked() || enter {
                    answer = self.accept().or(answer.take());
                }
                if ui.button("Cancel").on_hover_text("Esc").clicked() {
                    answer = Some(Answer::Cancelled);
                }
                if matches!(self.wanted, Wanted::Files(_)) {
                    ui.weak("Ctrl+click takes several");
                }
            });
        });
        if modal.should_close() {
            answer = answer.or(Some(Answer::Cancelled));
        }
        answer
    }

    fn list_ui(&mut self, ui: &mut egui::Ui, height: f32, answer: &mut Option<Answer>) {
        let entries = match &self.entries {
            Ok(entries) => entries.clone(),
            Err(error) => {
                ui.colored_label(ui.visuals().error_fg_color, error);
                return;
            }
        };
        let last = entries.len().saturating_sub(1);
        let (up, down) = ui.input_mut(|input| {
            (
                input.consume_key(Modifiers::NONE, Key::ArrowUp),
                input.consume_key(Modifiers::NONE, Key::ArrowDown),
            )
        });
        if down {
            self.row = Some(self.row.map_or(0, |row| (row + 1).min(last)));
        } else if up {
            self.row = Some(self.row.map_or(last, |row| row.saturating_sub(1)));
        }
        if (up || down)
            && let Some(entry) = self.row.and_then(|row| entries.get(row))
        {
            self.path = entry.path.display().to_string();
            self.chosen.clear();
        }
        let mut enter = None;
        ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, false])
            .show_rows(ui, 22.0, entries.len(), |ui, rows| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for row in rows {
                    let Some(entry) = entries.get(row) else {
                        continue;
                    };
                    let is_on = self.row == Some(row) || self.chosen.contains(&entry.path);
                    let name = if entry.is_folder {
                        format!("{}/", shown(&entry.name))
                    } else {
                        shown(&entry.name).into_owned()
                    };
                    let button = Button::new(name)
                        .selected(is_on)
                        .frame_when_inactive(false)
                        .min_size(egui::vec2(ui.available_width(), 22.0));
                    let response = ui.add(button);
                    if response.double_clicked() && entry.is_folder {
                        enter = Some(entry.path.clone());
                    } else if response.double_clicked() {
                        *answer = self.accept();
                    } else if response.clicked() {
                        let several = matches!(self.wanted, Wanted::Files(_))
                            && ui.input(|i| i.modifiers.command);
                        if entry.is_folder && !matches!(self.wanted, Wanted::Folder) {
                            enter = Some(entry.path.clone());
                        } else {
                            if !several {
                                self.chosen.clear();
                            }
                            if let Some(at) = self.chosen.iter().position(|p| *p == entry.path) {
                                self.chosen.remove(at);
                            } else {
                                self.chosen.push(entry.path.clone());
                            }
                            self.row = Some(row);
                            self.path = if matches!(self.wanted, Wanted::Save { .. }) {
                                entry.name.clone()
                            } else {
                                entry.path.display().to_string()
                            };
                            self.replace = None;
                        }
                    }
                }
                if entries.is_empty() {
                    ui.weak("Nothing fitting is in this folder");
                }
            });
        if let Some(folder) = enter {
            self.enter(folder);
            if !matches!(self.wanted, Wanted::Save { .. }) {
                self.path.clear();
            }
        }
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
