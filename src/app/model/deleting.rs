//! Deleting labels and annotators with all that is theirs, and how much that is.
//!
//! What is taken away stands in the trash, and each deletion is one step of the history.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::{Action, Deleting};
use crate::app::clock;
use crate::app::command::{Command, Scope, Section};
use crate::app::derived::project::Counts;
use crate::app::notice::Notice;
use crate::app::words::count;
use crate::core::ids::{AnnotatorId, LabelId};
use crate::core::recipes::{Signed, trash};

#[rustfmt::skip]
commands! {
    Labels => row(Section::Project, "Labels…", None, Scope::Always, "The labels of the codebook, how often they are used, and deleting one")
        .shows_its_dialog(),
    Annotators => row(Section::Project, "Annotators…", None, Scope::Always, "Who annotates in this project, and how much")
        .shows_its_dialog(),
}

impl Model {
    /// How many annotations go when this is deleted, and in how many articles.
    pub fn extent_of(&self, deleting: &Deleting) -> (usize, usize) {
        let counts = self.derived(&Counts);
        let extent = match deleting {
            Deleting::Label(label) => counts.of_label(label),
            Deleting::Annotator(annotator) => counts.of_annotator(annotator),
        };
        (extent.annotations, extent.articles)
    }

    /// Takes a label out of the codebook; its annotations get another label, or go to the trash.
    pub(super) fn delete_label(&mut self, label: &LabelId, move_to: Option<&LabelId>) {
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        let project = self.work.session.project();
        let Some(deletion) = trash::delete_label(project, label, move_to, signed) else {
            return;
        };
        let name = deletion.name;
        if self.work.locked_label.as_ref() == Some(label) {
            self.work.locked_label = None;
        }
        let title = format!("delete label {}", name.to_lowercase());
        if self.apply(title, deletion.edits) {
            self.mend_references();
            let fate = match (deletion.annotations, move_to) {
                (0, _) => String::new(),
                (n, Some(other)) => {
                    let to = self.work.session.project().codebook().name_of(other);
                    format!(
                        "; {} now {to}",
                        count(n, "annotation is", "annotations are")
                    )
                }
                (n, None) => format!(
                    "; {} too",
                    count(n, "annotation is there", "annotations are there")
                ),
            };
            self.notify(
                Notice::info(format!("The label “{name}” is in the trash{fate}"))
                    .on("trash")
                    .with_offer("Undo", Action::Run(Command::Undo)),
            );
        }
    }

    /// Takes an annotator out of the project, with all their annotations.
    pub(super) fn delete_annotator(&mut self, id: &AnnotatorId) {
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        let Some(deletion) = trash::delete_annotator(self.work.session.project(), id, signed)
        else {
            return;
        };
        let title = format!("delete annotator {}", deletion.name);
        if self.apply(title, deletion.edits) {
            self.mend_references();
        }
    }
}
