//! Asking for files: what is wanted for a question of the model, and what its answer asks for.
//!
//! Asks the system, or in the window where the system has no dialog. Performs nothing.

use super::dialogs::browse::Browse;
use super::file_dialog::{Answer, Dialogs, Wanted};
use super::kit::card::CardStep;
use crate::app::action::{Action, CodebookAction, FindAction, PeopleAction, Pick};
use crate::app::folders;
use crate::app::import::article_endings;
use crate::app::jobs::Wake;
use crate::app::model::Model;
use crate::format::export::options::ExportOptions;
use crate::format::formats::{Format, Shape, format_named};
use eframe::egui::Context;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(super) struct Asking {
    dialogs: Box<dyn Dialogs>,
    wake: Wake,
    question: Option<(Pick, Wanted, String)>,
    card: Option<Browse>,
    /// Where the last articles came from: more of them are there.
    articles_from: Option<PathBuf>,
}

/// What came of a question.
pub(super) enum Picked {
    Asks(Action),
    /// It was left without a choice.
    Left(Pick),
}

impl Asking {
    pub(super) fn new(dialogs: Box<dyn Dialogs>, wake: Wake) -> Self {
        Self {
            dialogs,
            wake,
            question: None,
            card: None,
            articles_from: None,
        }
    }

    /// Whether it asks in the window.
    pub(super) fn has_card(&self) -> bool {
        self.card.is_some()
    }

    pub(super) fn close_card(&mut self) {
        if self.card.take().is_some() {
            self.question = None;
        }
    }

    pub(super) fn ask(&mut self, pick: Pick) {
        // What asks stays in the window, and may be pressed again.
        if self
            .question
            .as_ref()
            .is_some_and(|(asked, ..)| *asked == pick)
        {
            return;
        }
        let (wanted, title) = wanted(&pick);
        self.dialogs.forget();
        self.dialogs.ask(wanted.clone(), &title, self.wake.clone());
        self.question = Some((pick, wanted, title));
    }

    /// What was asked about the project that was open before is asked no more.
    pub(super) fn forget_project(&mut self) {
        if matches!(self.question, Some((Pick::Project, ..))) {
            return;
        }
        if self.question.take().is_some() {
            self.dialogs.forget();
        }
        self.card = None;
    }

    /// Looks for the answer of the system; where it has none to give, the window asks.
    pub(super) fn poll(&mut self, ctx: &Context, model: &Model) -> Option<Picked> {
        self.question.as_ref()?;
        let answer = if self.dialogs.is_slow() {
            self.dialogs.forget();
            Some(Answer::Unavailable)
        } else {
            self.dialogs.poll()
        };
        match answer {
            None => {
                ctx.request_repaint_after(Duration::from_secs(1));
                None
            }
            Some(Answer::Unavailable) => {
                self.browse(model);
                None
            }
            Some(answer) => self.answered(answer),
        }
    }

    /// Asks in the window, since no dialog of the system is to be had.
    fn browse(&mut self, model: &Model) {
        if let Some((pick, wanted, title)) = &self.question {
            let recent = model.session().path();
            let recent = recent.or(model.settings().recent.first().map(PathBuf::as_path));
            let before = self.articles_from.clone();
            let before = before.filter(|folder| is_of_articles(pick) && folder.is_dir());
            let folder = before.unwrap_or_else(|| folders::start_folder(recent));
            let places = folders::places(&model.settings().recent);
            self.card = Some(Browse::new(wanted.clone(), title, folder, places));
        }
    }

    /// Draws the card that asks in the window.
    pub(super) fn ui(&mut self, ctx: &Context) -> Option<Picked> {
        let answer = match self.card.as_mut()?.ui(ctx) {
            CardStep::Stays => return None,
            CardStep::Left => Answer::Cancelled,
            CardStep::Chosen(answer) => answer,
        };
        self.card = None;
        self.answered(answer)
    }

    fn answered(&mut self, answer: Answer) -> Option<Picked> {
        let (pick, _, _) = self.question.take()?;
        let Answer::Paths(paths) = answer else {
            return Some(Picked::Left(pick));
        };
        let first = paths.first()?.clone();
        if is_of_articles(&pick) {
            self.articles_from = first.parent().map(Path::to_owned);
        }
        Some(Picked::Asks(match pick {
            Pick::Project => Action::Open(first),
            Pick::Articles | Pick::Folder => Action::AddPaths(paths),
            Pick::Save { .. } => Action::SaveTo(first),
            Pick::Codebook => Action::from(CodebookAction::CompareFile(first)),
            Pick::SaveCodebook { extension, .. } => {
                let path = folders::with_ending(first, extension);
                Action::from(CodebookAction::SaveTo(path))
            }
            Pick::SaveHits { extension, .. } => {
                Action::from(FindAction::ExportTo(folders::with_ending(first, extension)))
            }
            Pick::SaveSaid { extension, .. } => Action::from(PeopleAction::ExportTo(
                folders::with_ending(first, extension),
            )),
            Pick::Export {
                format, options, ..
            } => {
                let extension = extension_of(format_named(format)?, &options);
                Action::Export {
                    format,
                    // The dialog has asked about files, and knows nothing of folders.
                    may_replace: extension.is_some(),
                    path: match extension {
                        Some(extension) => folders::with_ending(first, extension),
                        None => first,
                    },
                    options,
                }
            }
        }))
    }
}

fn is_of_articles(pick: &Pick) -> bool {
    matches!(pick, Pick::Articles | Pick::Folder)
}

/// What is asked for, and in which words.
fn wanted(pick: &Pick) -> (Wanted, String) {
    match pick {
        Pick::Project => (Wanted::File(&["ron"]), "Open project".to_owned()),
        Pick::Articles => (Wanted::Files(article_endings()), "Add articles".to_owned()),
        Pick::Folder => (Wanted::Folder, "Add a folder of articles".to_owned()),
        Pick::Save { name } => {
            let (name, extension) = (name.clone(), "ron");
            (
                Wanted::Save { name, extension },
                "Save project as".to_owned(),
            )
        }
        Pick::Codebook => (
            Wanted::File(&["ron", "qdc", "qdpx", "qde", "conf", "xml"]),
            "Load codebook".to_owned(),
        ),
        Pick::SaveCodebook { name, extension } => {
            let (name, extension) = (name.clone(), *extension);
            (
                Wanted::Save { name, extension },
                "Save codebook as".to_owned(),
            )
        }
        Pick::SaveHits { name, extension } => {
            let (name, extension) = (name.clone(), *extension);
            (
                Wanted::Save { name, extension },
                "Export hits as".to_owned(),
            )
        }
        Pick::SaveSaid { name, extension } => {
            let (name, extension) = (name.clone(), *extension);
            (
                Wanted::Save { name, extension },
                "Export quotes as".to_owned(),
            )
        }
        Pick::Export {
            format,
            options,
            name,
        } => {
            let format = format_named(format);
            let extension = format.and_then(|format| extension_of(format, options));
            let extension = extension.unwrap_or("");
            let title = format.map_or("", |format| format.title);
            let name = name.clone();
            (
                Wanted::Save { name, extension },
                format!("Export as {title}"),
            )
        }
    }
}

/// Of an export that is one file.
fn extension_of(format: &Format, options: &ExportOptions) -> Option<&'static str> {
    match format.shape {
        Shape::File { extension } if options.split.is_none() => Some(extension),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;
    use std::sync::Arc;

    /// A system's dialog that is open until it is closed.
    #[derive(Clone, Default)]
    struct Open {
        asked: Rc<Cell<usize>>,
        is_closed: Rc<Cell<bool>>,
    }

    impl Dialogs for Open {
        fn ask(&mut self, _: Wanted, _: &str, _: Wake) {
            self.asked.set(self.asked.get() + 1);
        }

        fn poll(&mut self) -> Option<Answer> {
            self.is_closed.take().then_some(Answer::Cancelled)
        }

        fn is_slow(&self) -> bool {
            false
        }

        fn forget(&mut self) {}
    }

    #[test]
    fn what_is_being_asked_is_not_asked_again() {
        let (ctx, wake): (Context, Wake) = (Context::default(), Arc::new(|| ()));
        let model = Model::new(Default::default(), None, wake.clone());
        let dialogs = Open::default();
        let mut asking = Asking::new(Box::new(dialogs.clone()), wake);
        asking.ask(Pick::Articles);
        asking.ask(Pick::Articles);
        assert_eq!(dialogs.asked.get(), 1);
        dialogs.is_closed.set(true);
        let left = asking.poll(&ctx, &model);
        assert!(matches!(left, Some(Picked::Left(Pick::Articles))));
        asking.ask(Pick::Articles);
        asking.ask(Pick::Folder);
        assert_eq!(dialogs.asked.get(), 3);
    }
}
