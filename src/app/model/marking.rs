//! What is marked with: labels by their names, the last one again, several on the same words, and one
//! that is made of the words themselves.

use super::Model;
use super::rows::{commands, row};
use super::view::Page;
use crate::app::action::{Spot, UiRequest};
use crate::app::clock;
use crate::app::command::{Scope, Section, ctrl_shift, key};
use crate::app::notice::Notice;
use crate::app::settings::SidePanel;
use crate::core::annotation::Annotation;
use crate::core::codebook::Label;
use crate::core::ids::LabelId;
use crate::core::recipes::Signed;
use crate::core::recipes::codebook::label_id;
use crate::core::recipes::mark::{self, Extent, Marking};
use crate::core::text::selection::Selection;
use std::sync::Arc;

#[rustfmt::skip]
commands! {
    MarkWithLast => row(Section::Annotation, "Mark with the last label", key("Semicolon"), Scope::Article, "Mark with the label that was used last; once more for the one before it")
        .runs(Model::mark_with_last)
        .when(|model| model.last_label().is_some()),
    LabelFromWords => row(Section::Examples, "New label from the selected words…", ctrl_shift("N"), Scope::Article, "Add a label that is called like the selected words, and mark them with it")
        .shows_its_dialog()
        .when(|model| model.has_article() && !model.selection().is_empty()),
    Definition => row(Section::Codebook, "Definition of the label", key("F4"), Scope::Always, "What the label under the pointer, or of the selected annotation, means: definition, rules, examples")
        .shows_its_dialog(),
    FindLabel => row(Section::Panes, "Find a label", key("F3"), Scope::Always, "Find a label by its name or meaning; Enter marks with the first that is found")
        .runs(|model| {
            if model.page() == Page::Codebook {
                model.requests.push(UiRequest::Focus(Spot::LabelFilter));
                return;
            }
            model.settings.show(SidePanel::Annotations, true);
            model.requests.push(UiRequest::Focus(Spot::FoundLabels));
        })
        .when(Model::has_articles),
}

/// So many of the labels that were used last are remembered.
const LAST: usize = 4;
/// A label from words that are more than a name begins with so many characters of them.
const MAX_WORDS: usize = 60;

impl Model {
    pub(super) fn remember_label(&mut self, label: &LabelId) {
        self.work.last_labels.retain(|known| known != label);
        self.work.last_labels.insert(0, label.clone());
        self.work.last_labels.truncate(LAST);
    }

    /// The labels that were marked with last and can be again, the newest first.
    pub fn last_labels(&self) -> impl Iterator<Item = &Label> {
        let codebook = self.work.session.project().codebook();
        let known = self.work.last_labels.iter();
        let known = known.filter_map(|id| codebook.label(id.as_str()));
        known.filter(|label| !label.retired)
    }

    /// Marks what is selected, or gives the selected annotation the one before its own.
    fn mark_with_last(&mut self) {
        let known: Vec<LabelId> = self.last_labels().map(|label| label.id.clone()).collect();
        let selected = self.selected_annotation();
        let selected = selected.filter(|_| self.work.selection.is_empty());
        let has = |selected: &Arc<Annotation>| known.iter().position(|id| *id == selected.label);
        let next = selected
            .and_then(has)
            .map_or(0, |at| (at + 1) % known.len());
        let Some(label) = known.get(next) else {
            return;
        };
        // Going through them does not put them in another order.
        let order = self.work.last_labels.clone();
        self.use_label(label);
        self.work.last_labels = order;
    }

    fn last_label(&self) -> Option<&Label> {
        self.last_labels().next()
    }

    /// The label whose meaning is asked for: of what is selected, or what is marked with.
    pub fn label_at_hand(&self) -> Option<&Label> {
        let codebook = self.work.session.project().codebook();
        let selected = self.selected_annotation().map(|selected| &selected.label);
        let selected = selected.and_then(|label| codebook.label(label.as_str()));
        let locked = || self.locked_spec();
        selected.or_else(locked).or_else(|| self.last_label())
    }

    /// Marks what is selected and keeps the selection for another label; without one, marks the words
    /// of the selected annotation once more.
    pub(super) fn mark_also(&mut self, label: &LabelId) {
        if !self.work.selection.is_empty() {
            let selection = self.work.selection.clone();
            self.mark(selection.range(), Extent::Policy, label);
            self.work.selection = selection;
            return;
        }
        let (Some(article), Some(words_of)) =
            (self.article().cloned(), self.selected_annotation().cloned())
        else {
            self.use_label(label);
            return;
        };
        let name = self.work.session.project().codebook().name_of(label);
        let name = name.to_lowercase();
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let (project, mint) = self.work.session.with_ids();
        let marking = mark::mark_also(project, &article, &words_of, label, signed, mint);
        drop((article, words_of));
        self.take_marking(marking, label, &name);
    }

    /// What a label from the selected words would be called.
    pub fn selected_words(&self) -> String {
        let Some(article) = self.article() else {
            return String::new();
        };
        let words = article.text.slice(self.work.selection.range());
        let words: Vec<&str> = words.split_whitespace().collect();
        let words = words.join(" ");
        let words = words.trim_matches(|c: char| !c.is_alphanumeric());
        words.chars().take(MAX_WORDS).collect()
    }

    pub(super) fn mark_with_new(&mut self, name: &str, parent: Option<LabelId>) {
        let Some(article) = self.article().cloned() else {
            return;
        };
        let project = self.work.session.project();
        let codebook = project.codebook();
        let label = Label {
            color: codebook.free_color(),
            parent,
            ..Label::new(label_id(project, name).as_str(), name.trim(), 0)
        };
        let id = label.id.clone();
        let at = codebook.labels.len();
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let range = self.work.selection.range();
        let (project, mint) = self.work.session.with_ids();
        let marking = mark::mark_with_new(project, &article, range, (label, at), signed, mint);
        drop(article);
        match marking {
            Ok(Marking::New {
                edits,
                id: made,
                range,
            }) => {
                if self.apply(format!("mark with the new label “{}”", name.trim()), edits) {
                    self.remember_label(&id);
                    self.select(Selection::caret_at(range.end), Some(made));
                }
            }
            Ok(marking) => {
                self.take_marking(marking, &id, &name.to_lowercase());
            }
            Err(error) => self.notify(Notice::warning(format!("No label was added: {error}"))),
        }
    }
}
