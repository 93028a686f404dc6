//! What the analyst does to annotations: mark, relabel, move edges, note.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::{EdgeMove, Side, Spot, UiRequest};
use crate::app::clock;
use crate::app::command::{Command, Scope, Section, info, key};
use crate::app::notice::Notice;
use crate::app::settings::SidePanel;
use crate::core::annotation::{Annotation, AttributeValue, merge_fragments};
use crate::core::codebook::{AttributeSpec, BoundaryPolicy, Label};
use crate::core::ids::{AnnotationId, LabelId};
use crate::core::recipes::Signed;
use crate::core::recipes::mark::{self, Extent, Marking};
use crate::core::shown::shown;
use crate::core::text::selection::{Direction, Granularity, Selection, Unit, step};
use crate::core::text::{ByteRange, segment};

#[rustfmt::skip]
commands! {
    EditNote => row(Section::Annotation, "Write a note", key("N"), Scope::Article, "Write a note on the selected annotation")
        .runs(|model| model.edit_card(Spot::Note))
        .when(Model::has_selected),
    EditCard => row(Section::Annotation, "Fill in its card", key("Enter"), Scope::Article, "Write in the first field of the selected annotation")
        .runs(|model| model.edit_card(Spot::Card))
        .when(Model::has_selected),
    AddFragment => row(Section::Annotation, "Add selection as fragment", key("F"), Scope::Article, "Add the selected text to the annotation that was selected before it (or drag with Ctrl)")
        .runs(|model| model.add_fragment(model.work.selection.range()))
        .when(|model| model.whole_of_fragment().is_some() && !model.selection().is_empty()),
    MoveStart => row(Section::Edges, "Move its start", key("Comma"), Scope::Article, "Then Left and Right move it, with Ctrl by words; Enter keeps, Esc leaves")
        .runs(|model| model.begin_edge_move(Side::Start))
        .when(Model::has_selected),
    MoveEnd => row(Section::Edges, "Move its end", key("Period"), Scope::Article, "Then Left and Right move it, with Ctrl by words; Enter keeps, Esc leaves")
        .runs(|model| model.begin_edge_move(Side::End))
        .when(Model::has_selected),
    SelectAnnotationText => row(Section::Edges, "Select its text", key("T"), Scope::Article, "Select the text of the selected annotation")
        .runs(Model::select_text_of_annotation)
        .when(Model::has_selected),
    ToggleSnapToWords => row(Section::Marking, "Snap to words", None, Scope::NotWriting, "Drags mark whole words; hold Alt for single characters")
        .runs(|model| model.settings.snap_to_words ^= true)
        .on_while(|model| model.settings.snap_to_words),
    ToggleLabelBar => row(Section::Marking, "Labels at the selection", None, Scope::NotWriting, "A bar with the labels in use stands under selected text")
        .runs(|model| model.settings.show_label_bar ^= true)
        .on_while(|model| model.settings.show_label_bar),
}

impl Model {
    /// Tells of keys that do not mark with the label that has them: another label has them too, or a
    /// command.
    pub(super) fn announce_keys(&mut self) {
        let codebook = self.work.session.project().codebook();
        let name = |label: &Label| format!("“{}”", shown(&label.name));
        let mut troubles = Vec::new();
        for (key, labels) in codebook.shared_keys() {
            let all: Vec<String> = labels.iter().map(|label| name(label)).collect();
            let first = all.first().cloned().unwrap_or_default();
            let key = key.to_uppercase();
            troubles.push(format!(
                "{key} is the key of {}; it marks with {first}",
                all.join(" and ")
            ));
        }
        for label in codebook.offered() {
            let Some(key) = label.small_key() else {
                continue;
            };
            let taken = super::commands().map(info).find(|info| {
                let mut keys = info.keys.iter().flatten();
                keys.any(|combo| combo.is_plain(key))
            });
            if let Some(info) = taken {
                let (key, title) = (key.to_uppercase(), info.title);
                troubles.push(format!(
                    "{key} is the key of {} and of the command “{title}”, which it runs",
                    name(label)
                ));
            }
        }
        for label in codebook.offered() {
            let specs = label.attributes.iter();
            for (at, spec) in specs.clone().enumerate() {
                let Some(key) = spec.small_key() else {
                    continue;
                };
                let title = shown(spec.shown_title());
                let is_it = |other: &&AttributeSpec| other.small_key() == Some(key);
                let first = specs.clone().take(at).find(is_it);
                let key = key.to_uppercase();
                if let Some(first) = first {
                    let first = shown(first.shown_title());
                    troubles.push(format!(
                        "{key} is the key of the attributes “{first}” and “{title}” of {}; it goes to “{first}”",
                        name(label)
                    ));
                }
            }
            for spec in specs {
                let taken = spec.small_key().and_then(|key| self.command_with_key(key));
                if let (Some(command), Some(key)) = (taken, spec.key) {
                    let (key, title) = (key.to_uppercase(), shown(spec.shown_title()));
                    troubles.push(format!(
                        "{key} is the key of the attribute “{title}” of {} and of the command “{command}”, which it runs",
                        name(label)
                    ));
                }
            }
        }
        const MOST: usize = 8;
        if troubles.len() > MOST {
            let rest = troubles.len() - MOST;
            troubles.truncate(MOST);
            troubles.push(format!("and {rest} more"));
        }
        if !troubles.is_empty() {
            let message = format!(
                "Keys of more than one thing: {}. Give them other keys on the codebook page ({}).",
                troubles.join("; "),
                info(Command::Codebook).key_text()
            );
            self.notify(Notice::warning(message).on("keys"));
        }
    }

    /// Gives the keyboard to a field of the card, which is shown for it.
    pub(super) fn edit_card(&mut self, spot: Spot) {
        self.settings.show(SidePanel::Annotations, true);
        self.requests.push(UiRequest::Focus(spot));
    }

    fn select_text_of_annotation(&mut self) {
        if let Some(annotation) = self.selected_annotation() {
            self.work.selection = Selection::of(annotation.extent());
        }
    }

    /// The label that every drag marks with.
    pub fn locked_spec(&self) -> Option<&Label> {
        let locked = self.work.locked_label.as_ref()?;
        let codebook = self.work.session.project().codebook();
        codebook.label(locked.as_str())
    }

    /// What a mouse selection snaps to: the locked label's policy, or the preference.
    pub fn granularity(&self) -> Granularity {
        match self.locked_spec().map(|label| &label.boundary) {
            Some(BoundaryPolicy::Clause) => Granularity::Clause,
            Some(BoundaryPolicy::Sentence) => Granularity::Sentence,
            Some(BoundaryPolicy::Paragraph) => Granularity::Paragraph,
            Some(BoundaryPolicy::Character) => Granularity::Character,
            _ if self.settings.snap_to_words => Granularity::Word,
            _ => Granularity::Character,
        }
    }

    pub(super) fn use_label(&mut self, label: &LabelId) {
        if !self.work.selection.is_empty() {
            self.mark(self.work.selection.range(), Extent::Policy, label);
        } else if let Some(id) = self.work.selected.clone() {
            self.relabel(&id, label);
        } else {
            let name = self
                .work
                .session
                .project()
                .codebook()
                .name_of(label)
                .to_lowercase();
            self.notify(Notice::info(format!(
                "Select some text to mark it as {name}"
            )));
        }
    }

    pub(super) fn mark(&mut self, range: ByteRange, extent: Extent, label: &LabelId) {
        let Some(article) = self.article().cloned() else {
            return;
        };
        let name = self.work.session.project().codebook().name_of(label);
        let name = name.to_lowercase();
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let part_of = self.quote_for_part(label);
        let (project, mint) = self.work.session.with_ids();
        let mut marking = mark::mark(project, &article, (range, extent), label, signed, mint);
        let part_of = part_of.filter(|(quote, role)| {
            let link = mark::part_of(&article, &marking, quote, role, signed);
            match (&mut marking, link) {
                (Marking::New { edits, .. }, Some(link)) => edits.push(link),
                (_, None) | (_, Some(_)) => return false,
            }
            true
        });
        // The session must hold the only copy, or changing it would copy all its annotations.
        drop(article);
        let is_made = self.take_marking(marking, label, &name);
        match part_of.filter(|_| is_made) {
            Some((quote, _)) => self.select_annotation(quote, false),
            None if is_made => self.offer_parts(),
            None => {}
        }
    }

    /// Makes the mark, or says why there is none; whether it was made.
    pub(super) fn take_marking(&mut self, marking: Marking, label: &LabelId, name: &str) -> bool {
        match marking {
            Marking::New { edits, id, range } => {
                let is_made = self.apply(format!("mark {name}"), edits);
                if is_made {
                    self.remember_label(label);
                    self.select(Selection::caret_at(range.end), Some(id));
                }
                return is_made;
            }
            Marking::Blank => self.notify(Notice::info("There is only white space here")),
            Marking::Refused => self.notify(Notice::warning(format!(
                "The codebook does not let {name} overlap here"
            ))),
            Marking::There(id) => {
                self.notify(Notice::info(format!("This is marked as {name} already")));
                self.select_annotation(id, false);
            }
        }
        false
    }

    /// Gives an annotation of this article another value, as one step.
    pub(super) fn change(
        &mut self,
        id: &AnnotationId,
        title: &str,
        change: impl FnOnce(&mut Annotation),
    ) {
        let Some(article) = self.article() else {
            return;
        };
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        if let Some(edit) = mark::change(article, id, Signed { by, when }, change) {
            self.apply(title, vec![edit]);
        }
    }

    pub(super) fn relabel(&mut self, id: &AnnotationId, label: &LabelId) {
        let Some(article) = self.article() else {
            return;
        };
        let codebook = self.work.session.project().codebook();
        let name = codebook.name_of(label).to_lowercase();
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        if let Some(edit) = mark::relabel(codebook, article, id, label, signed)
            && self.apply(format!("change label to {name}"), vec![edit])
        {
            self.remember_label(label);
            self.offer_parts();
        }
    }

    pub(super) fn set_attribute(
        &mut self,
        id: &AnnotationId,
        name: &str,
        value: Option<AttributeValue>,
    ) {
        let title = format!("set {}", name.replace('_', " "));
        self.change(id, &title, |a| {
            match value {
                Some(value) => a.attributes.insert(name, value),
                None => a.attributes.remove(name),
            };
        });
    }

    pub(super) fn set_person(&mut self, id: &AnnotationId, name: &str, person: &str) {
        let person = person.trim();
        if person.is_empty() {
            self.set_attribute(id, name, None);
            return;
        }
        let Some(article) = self.article() else {
            return;
        };
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        let project = self.work.session.project();
        let edits = mark::set_person(project, article, id, name, person, signed);
        if !edits.is_empty() {
            self.apply(format!("set {}", name.replace('_', " ")), edits);
        }
    }

    pub(super) fn set_note(&mut self, id: &AnnotationId, note: String) {
        self.change(id, "write note", |a| a.note = note);
    }

    pub(super) fn add_fragment(&mut self, range: ByteRange) {
        let Some(article) = self.article() else {
            return;
        };
        let range = segment::trim(&article.text, range);
        let whole = self
            .whole_of_fragment()
            .map(|annotation| annotation.id.clone());
        let Some(id) = whole.filter(|_| !range.is_empty()) else {
            self.notify(Notice::info(
                "Select an annotation first, then the text to add to it",
            ));
            return;
        };
        self.change(&id, "add fragment", |a| *a = a.with_fragment(range));
        self.select(Selection::caret_at(range.end), Some(id));
    }

    pub(super) fn set_fragment(&mut self, id: &AnnotationId, fragment: usize, range: ByteRange) {
        self.change(id, "move edge", |a| {
            if let Some(old) = a.fragments.get_mut(fragment) {
                *old = range;
            }
            a.fragments = merge_fragments(a.fragments.to_vec());
        });
    }

    pub(super) fn remove_fragment(&mut self, id: &AnnotationId, fragment: usize) {
        self.change(id, "remove fragment", |a| {
            if a.fragments.len() > 1 && fragment < a.fragments.len() {
                let mut left = a.fragments.to_vec();
                left.remove(fragment);
                a.fragments = left.into();
            }
        });
    }

    pub(super) fn select_annotation(&mut self, id: AnnotationId, reveal: bool) {
        let Some(article) = self.article() else {
            return;
        };
        let Some(annotation) = article.annotations.get(id.as_str()) else {
            return;
        };
        let extent = annotation.extent();
        self.select(Selection::caret_at(extent.start), Some(id));
        if reveal {
            self.requests.push(UiRequest::Reveal(extent));
        }
    }

    pub(super) fn begin_edge_move(&mut self, side: Side) {
        if let Some(annotation) = self.selected_annotation() {
            let fragment = match side {
                Side::Start => 0,
                Side::End => annotation.fragments.len().saturating_sub(1),
            };
            let range = annotation.fragments.get(fragment).copied();
            self.work.edge_move = range.map(|range| EdgeMove {
                id: annotation.id.clone(),
                fragment,
                side,
                range,
            });
        }
    }

    /// Moves the edge that is being moved by a unit.
    pub(super) fn step_edge(&mut self, unit: Unit, direction: Direction) {
        let Some(article) = self.article().cloned() else {
            return;
        };
        if let Some(edge) = &mut self.work.edge_move {
            let mut to = step(&article.text, edge.edge(), unit, direction);
            // An end stops after the next word: neither behind the space before it, nor before the one
            // after it.
            if unit != Unit::Grapheme && edge.side == Side::End && direction == Direction::Forward {
                let start = edge.range.start;
                let word_end = |to| segment::trim(&article.text, ByteRange::new(start, to)).end;
                while word_end(to) <= edge.edge() && to < article.text.end() {
                    to = step(&article.text, to, unit, direction);
                }
                to = word_end(to).max(edge.edge());
            } else if unit != Unit::Grapheme && edge.side == Side::End {
                let trimmed =
                    segment::trim(&article.text, ByteRange::new(edge.range.start, to)).end;
                to = trimmed.max(edge.range.start);
            }
            edge.move_to(&article.text, to);
            let at = edge.edge();
            self.requests.push(UiRequest::Reveal(ByteRange::empty(at)));
        }
    }

    /// Keeps or drops the edge that is being moved. One step of undo, however far it went.
    pub(super) fn finish_edge_move(&mut self, keep: bool) {
        if let Some(edge) = self.work.edge_move.take()
            && keep
        {
            self.set_fragment(&edge.id, edge.fragment, edge.range);
        }
    }
}
