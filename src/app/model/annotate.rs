//! What the analyst does to annotations: mark, relabel, move edges, note, delete, step through.

use super::{Model, UiRequest};
use crate::app::clock;
use crate::app::notice::Notice;
use crate::core::annotation::{Annotation, AttributeValue, merge_fragments};
use crate::core::article::Status;
use crate::core::codebook::{BoundaryPolicy, OverlapPolicy};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, LabelId};
use crate::core::project::Person;
use crate::core::text::selection::{Direction, Granularity, Selection, Unit, step};
use crate::core::text::{BytePos, ByteRange, segment};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Start,
    End,
}

/// An edge being moved by keys or by its handle, shown before it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeMove {
    pub id: AnnotationId,
    pub fragment: usize,
    pub side: Side,
    pub range: ByteRange,
}

impl EdgeMove {
    /// Puts the edge at a position, as far as the fragment stays at least one character long.
    pub fn move_to(&mut self, text: &crate::core::text::ArticleText, at: BytePos) {
        let at = segment::grapheme_floor(text, at);
        self.range = match self.side {
            Side::Start => {
                let latest = segment::prev_grapheme(text, self.range.end);
                ByteRange::new(at.min(latest), self.range.end)
            }
            Side::End => {
                let earliest = segment::next_grapheme(text, self.range.start);
                ByteRange::new(self.range.start, at.max(earliest))
            }
        };
    }

    pub fn edge(&self) -> BytePos {
        match self.side {
            Side::Start => self.range.start,
            Side::End => self.range.end,
        }
    }
}

impl Model {
    /// What a mouse selection snaps to: the locked label's policy, or the preference.
    pub fn granularity(&self) -> Granularity {
        let locked = self.locked_label.as_ref();
        let label = locked.and_then(|id| self.session.project().codebook().label(id.as_str()));
        match label.map(|label| &label.boundary) {
            Some(BoundaryPolicy::Sentence) => Granularity::Sentence,
            Some(BoundaryPolicy::Character) => Granularity::Character,
            _ if self.settings.snap_to_words => Granularity::Word,
            _ => Granularity::Character,
        }
    }

    pub(super) fn use_label(&mut self, label: &LabelId) {
        if !self.selection.is_empty() {
            self.mark(self.selection.range(), label);
        } else if let Some(id) = self.selected.clone() {
            self.relabel(&id, label);
        } else {
            let name = self
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

    pub(super) fn mark(&mut self, range: ByteRange, label: &LabelId) {
        let Some(article) = self.article().cloned() else {
            return;
        };
        let range = segment::trim(&article.text, range);
        if range.is_empty() {
            self.notify(Notice::info("There is only white space here"));
            return;
        }
        let codebook = self.session.project().codebook();
        let name = codebook.name_of(label).to_lowercase();
        let overlap = codebook
            .label(label.as_str())
            .map(|l| l.overlap.clone())
            .unwrap_or_default();
        let annotator = self.session.annotator().clone();
        let refused = article.annotations.overlapping(range).any(|entry| {
            let other = &entry.annotation;
            other.annotator == annotator
                && match overlap {
                    OverlapPolicy::Any | OverlapPolicy::Later(_) => false,
                    OverlapPolicy::OtherLabels => other.label == *label,
                    OverlapPolicy::Never => true,
                }
        });
        if refused {
            self.notify(Notice::warning(format!(
                "The codebook does not let {name} overlap here"
            )));
            return;
        }
        let same = article.annotations.overlapping(range).find(|entry| {
            let other = &entry.annotation;
            other.fragments.as_slice() == [range]
                && other.label == *label
                && other.annotator == annotator
        });
        let same = same.map(|entry| entry.annotation.id.clone());
        if let Some(id) = same {
            self.notify(Notice::info(format!("This is marked as {name} already")));
            self.select_annotation(id, false);
            return;
        }
        let revision = codebook.revision;
        let article_id = article.id.clone();
        let is_new = article.status_for(&annotator) == Status::New;
        // The session must hold the only copy, or changing it would copy all its annotations.
        drop(article);
        let id = self.session.mint_annotation_id();
        let mut made = Annotation::new(id.clone(), annotator.clone(), label.clone(), range);
        made.made = Some(clock::now());
        made.codebook_revision = revision;
        let mut edits = vec![Edit::AddAnnotation {
            article: article_id.clone(),
            annotation: Box::new(made),
        }];
        if is_new {
            edits.push(Edit::SetStatus {
                article: article_id,
                annotator,
                status: Status::InProgress,
            });
        }
        if self.apply(format!("mark {name}"), edits) {
            self.selected = Some(id);
            self.selection = Selection::caret_at(range.end);
        }
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
        let Some(old) = article.annotations.get(id.as_str()) else {
            return;
        };
        let mut new = Annotation::clone(old);
        change(&mut new);
        if new == **old {
            return;
        }
        new.changed = Some(clock::now());
        let edit = Edit::ReplaceAnnotation {
            article: article.id.clone(),
            annotation: Box::new(new),
        };
        self.apply(title, vec![edit]);
    }

    pub(super) fn relabel(&mut self, id: &AnnotationId, label: &LabelId) {
        let name = self
            .session
            .project()
            .codebook()
            .name_of(label)
            .to_lowercase();
        self.change(id, &format!("change label to {name}"), |a| {
            a.label = label.clone()
        });
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
                Some(value) => a.attributes.insert(name.to_owned(), value),
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
        let people = self.session.project().people();
        let is_known = |p: &&Person| p.name == person || p.aliases.iter().any(|a| a == person);
        if let Some(known) = people.iter().find(is_known) {
            let value = AttributeValue::Person(known.id.clone());
            self.set_attribute(id, name, Some(value));
            return;
        }
        let Some(article) = self.article() else {
            return;
        };
        let Some(old) = article.annotations.get(id.as_str()) else {
            return;
        };
        let new_person = Person::named(person, |id| people.iter().any(|p| p.id.as_str() == id));
        let mut new = Annotation::clone(old);
        let value = AttributeValue::Person(new_person.id.clone());
        new.attributes.insert(name.to_owned(), value);
        new.changed = Some(clock::now());
        let edits = vec![
            Edit::AddPeople(vec![(people.len(), new_person)]),
            Edit::ReplaceAnnotation {
                article: article.id.clone(),
                annotation: Box::new(new),
            },
        ];
        self.apply(format!("set {name}"), edits);
    }

    pub(super) fn add_fragment(&mut self, range: ByteRange) {
        let Some(article) = self.article() else {
            return;
        };
        let range = segment::trim(&article.text, range);
        let Some(id) = self.selected.clone().filter(|_| !range.is_empty()) else {
            self.notify(Notice::info(
                "Select an annotation first, then the text to add to it",
            ));
            return;
        };
        self.change(&id, "add fragment", |a| *a = a.with_fragment(range));
        self.selection = Selection::caret_at(range.end);
    }

    pub(super) fn set_fragment(&mut self, id: &AnnotationId, fragment: usize, range: ByteRange) {
        self.change(id, "move edge", |a| {
            if let Some(old) = a.fragments.get_mut(fragment) {
                *old = range;
            }
            a.fragments = merge_fragments(std::mem::take(&mut a.fragments));
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
        self.selected = Some(id);
        self.selection = Selection::caret_at(extent.start);
        if reveal {
            self.requests.push(UiRequest::Reveal(extent));
        }
    }

    pub(super) fn step_annotation(&mut self, forward: bool) {
        let Some(article) = self.article().cloned() else {
            return;
        };
        let order = article.annotations.fragments();
        let first_fragments = |entry: &&crate::core::annotation::FragmentEntry| entry.fragment == 0;
        // From the selected annotation, or from the caret.
        let here = match self.selected_annotation() {
            Some(selected) => {
                let start = selected.start();
                let from = order.partition_point(|e| e.range.start < start);
                let rest = order.get(from..).unwrap_or(&[]);
                let within = rest
                    .iter()
                    .position(|e| e.annotation.id == selected.id && e.fragment == 0);
                (from + within.unwrap_or(0), true)
            }
            None => (
                order.partition_point(|e| e.range.start < self.selection.caret),
                false,
            ),
        };
        let (before, after) = order.split_at_checked(here.0).unwrap_or((order, &[]));
        let after_here = after.get(usize::from(here.1)..).unwrap_or(&[]);
        let next = if forward {
            after_here
                .iter()
                .find(first_fragments)
                .or(order.iter().find(first_fragments))
        } else {
            before
                .iter()
                .rfind(first_fragments)
                .or(order.iter().rfind(first_fragments))
        };
        if let Some(id) = next.map(|entry| entry.annotation.id.clone()) {
            self.select_annotation(id, true);
        }
    }

    pub(super) fn cycle_overlapping(&mut self) {
        let Some(article) = self.article().cloned() else {
            return;
        };
        let at = self
            .selected_annotation()
            .map_or(self.selection.caret, |a| a.start());
        // With an annotation selected, all that share text with it; else those at the caret.
        let mut around: Vec<_> = match self.selected_annotation() {
            Some(selected) => {
                let mut found: Vec<_> = article
                    .annotations
                    .overlapping(selected.extent())
                    .map(|entry| entry.annotation.clone())
                    .collect();
                found.sort_by_key(|a| (a.covered_bytes(), a.start(), a.id.clone()));
                found.dedup_by(|a, b| a.id == b.id);
                found
            }
            None => article.annotations.at(at).into_iter().cloned().collect(),
        };
        let current = around
            .iter()
            .position(|a| Some(&a.id) == self.selected.as_ref());
        if !around.is_empty() {
            let next = around.swap_remove(current.map_or(0, |i| (i + 1) % around.len()));
            self.select_annotation(next.id.clone(), true);
        }
    }

    pub(super) fn begin_edge_move(&mut self, side: Side) {
        if let Some(annotation) = self.selected_annotation() {
            let fragment = match side {
                Side::Start => 0,
                Side::End => annotation.fragments.len().saturating_sub(1),
            };
            let range = annotation.fragments.get(fragment).copied();
            self.edge_move = range.map(|range| EdgeMove {
                id: annotation.id.clone(),
                fragment,
                side,
                range,
            });
        }
    }

    /// Moves the edge that is being moved by a unit.
    pub fn step_edge(&mut self, unit: Unit, direction: Direction) {
        let Some(article) = self.article().cloned() else {
            return;
        };
        if let Some(edge) = &mut self.edge_move {
            let mut to = step(&article.text, edge.edge(), unit, direction);
            // An end stops after the word, not before the next one.
            if unit != Unit::Grapheme && edge.side == Side::End && direction == Direction::Forward {
                let range = ByteRange::new(edge.range.start, to);
                let trimmed = segment::trim(&article.text, range).end;
                if trimmed > edge.edge() {
                    to = trimmed;
                }
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
    pub fn finish_edge_move(&mut self, keep: bool) {
        if let Some(edge) = self.edge_move.take()
            && keep
        {
            self.set_fragment(&edge.id, edge.fragment, edge.range);
        }
    }
}
