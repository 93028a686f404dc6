//! The codebook and its page: which label is shown, and what is done to labels and attributes.
//!
//! Each is one step of the history, made by the core's recipes; a refusal becomes a notice that says
//! what stands in the way. Knows no page: what is being written there is no concern of this room.

use super::Model;
use super::rows::{commands, row};
use super::view::Page;
use crate::app::action::codebook::{AttributeField, Items, LabelField, Touching};
use crate::app::action::{Action, CodebookAction, Deleting, Pick, Spot, UiRequest};
use crate::app::clock;
use crate::app::command::{Command, Scope, Section, ctrl, ctrl_shift, info};
use crate::app::derived::labels::{MovedByEdges, UseOfLabel};
use crate::app::notice::Notice;
use crate::app::words::count_grouped;
use crate::core::codebook::{
    AttributeKind, AttributeSpec, Codebook, Edges, Label, ShownBy, folded_name, id_for,
};
use crate::core::ids::{AnnotationId, ArticleId, FreshIds, LabelId};
use crate::core::kept::UnknownFields;
use crate::core::recipes::Signed;
use crate::core::recipes::codebook::{self, Change, CodebookError, MergeChoices, Touches};
use crate::core::recipes::link::not_accepted;

#[rustfmt::skip]
commands! {
    NewLabel => row(Section::Codebook, "New label", ctrl_shift("L"), Scope::Always, "Add a label to the codebook and write its name")
        .runs(Model::new_label),
    MergeLabel => row(Section::Codebook, "Merge label into…", ctrl_shift("J"), Scope::Always, "Make one label of two: all annotations of the label on the codebook page get another one")
        .shows_its_dialog()
        .when(|model| model.page_label().is_some() && model.codebook().labels.len() > 1),
    RetireLabel => row(Section::Codebook, "Retire label", ctrl_shift("R"), Scope::Always, "Keep the label on the codebook page for its annotations, and offer it no more")
        .runs(Model::toggle_retired)
        .when(|model| model.is_at_label())
        .on_while(|model| model.page_label().is_some_and(|label| label.retired)),
    DeleteLabel => row(Section::Codebook, "Delete label…", None, Scope::Always, "Move the label on the codebook page to the trash")
        .runs(|model| {
            if let Some(label) = model.page_label().map(|label| label.id.clone()) {
                model.requests.push(UiRequest::AskToDelete(Deleting::Label(label)));
            }
        })
        .when(|model| model.page_label().is_some()),
    MoveLabelUp => row(Section::Codebook, "Move label up", None, Scope::Always, "Before the label above it (Alt+Up in the list of labels)")
        .runs(|model| model.step_label(false))
        .when(|model| model.label_beside(false).is_some()),
    MoveLabelDown => row(Section::Codebook, "Move label down", None, Scope::Always, "Behind the label below it (Alt+Down in the list of labels)")
        .runs(|model| model.step_label(true))
        .when(|model| model.label_beside(true).is_some()),
    Revisions => row(Section::Codebook, "Revisions of the codebook…", None, Scope::Always, "What was changed in the codebook, when and by whom")
        .shows_its_dialog(),
    AddExample => row(Section::Examples, "Add as example", ctrl("M"), Scope::NotWriting, "Show the selected annotation as an example of its label in the codebook")
        .runs(|model| model.add_example(false))
        .when(Model::has_selected),
    AddCounterExample => row(Section::Examples, "Add as counter-example", ctrl_shift("M"), Scope::NotWriting, "Show the selected annotation in the codebook as an example of what its label is not for")
        .runs(|model| model.add_example(true))
        .when(Model::has_selected),
}

/// What the page shows.
#[derive(Default)]
pub(super) struct PageState {
    label: Option<LabelId>,
    /// Labels that got another id, and that one; also after undoing it.
    renamed: Vec<(LabelId, LabelId)>,
    waits: Option<Waits>,
    pub(super) comparison: Option<super::codebook_files::CodebookComparison>,
}

/// A change that would touch annotations, and waits for an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Waits {
    Edges {
        label: LabelId,
        edges: Edges,
    },
    Rename {
        label: LabelId,
        name: String,
        new: String,
    },
    Kind {
        label: LabelId,
        name: String,
        kind: AttributeKind,
    },
    Remove {
        label: LabelId,
        name: String,
    },
    RemoveRole {
        label: LabelId,
        name: String,
    },
}

impl Waits {
    pub fn label(&self) -> &LabelId {
        match self {
            Self::Edges { label, .. }
            | Self::Rename { label, .. }
            | Self::Kind { label, .. }
            | Self::Remove { label, .. }
            | Self::RemoveRole { label, .. } => label,
        }
    }

    /// The attribute or the role that it is about.
    fn part(&self) -> Option<&str> {
        match self {
            Self::Edges { .. } => None,
            Self::Rename { name, .. }
            | Self::Kind { name, .. }
            | Self::Remove { name, .. }
            | Self::RemoveRole { name, .. } => Some(name),
        }
    }

    fn is_about_something(&self, codebook: &Codebook) -> bool {
        let label = codebook.label(self.label().as_str());
        label.is_some_and(|label| {
            self.part().is_none_or(|name| match self {
                Self::RemoveRole { .. } => label.link_role(name).is_some(),
                _ => label.attribute(name).is_some(),
            })
        })
    }

    /// Whether it asks the same with another answer in mind: that one is shown then.
    fn is_same_matter(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && (self.label(), self.part()) == (other.label(), other.part())
    }

    fn words(&self, codebook: &Codebook) -> String {
        let of = codebook.name_of(self.label());
        match self {
            Self::Edges { .. } => format!("other boundaries of “{of}”"),
            Self::Rename { name, .. } => {
                format!("another name of the attribute “{name}” of “{of}”")
            }
            Self::Kind { name, .. } => format!("another kind of the attribute “{name}” of “{of}”"),
            Self::Remove { name, .. } => format!("removing the attribute “{name}” of “{of}”"),
            Self::RemoveRole { name, .. } => format!("removing the role “{name}” of “{of}”"),
        }
    }
}

/// What a change touches, in words.
pub fn touched(touches: Touches) -> String {
    let annotations = count_grouped(touches.annotations, "annotation", "annotations");
    let articles = count_grouped(touches.articles, "article", "articles");
    format!("{annotations} in {articles}")
}

/// A label beside another one of the same parent, which it would come before.
struct Beside {
    parent: Option<LabelId>,
    before: Option<LabelId>,
}

impl Model {
    pub fn codebook(&self) -> &Codebook {
        self.work.session.project().codebook()
    }

    /// The label that the page shows: the one that was chosen last, or the first one.
    pub fn page_label(&self) -> Option<&Label> {
        let codebook = self.codebook();
        let chosen = self.work.codebook.label.as_ref();
        let chosen = chosen.map(|id| self.present_id(id));
        let chosen = chosen.and_then(|id| codebook.label(id.as_str()));
        chosen.or_else(|| codebook.offered().next().or(codebook.labels.first()))
    }

    /// The id that a label has by now.
    fn present_id<'a>(&'a self, id: &'a LabelId) -> &'a LabelId {
        let codebook = self.codebook();
        let is_there = |id: &LabelId| codebook.label(id.as_str()).is_some();
        if is_there(id) {
            return id;
        }
        let renamed = self.work.codebook.renamed.iter().rev();
        let mut others = renamed.filter_map(|(old, new)| match id {
            id if id == old => Some(new),
            id if id == new => Some(old),
            _ => None,
        });
        others.find(|other| is_there(other)).unwrap_or(id)
    }

    /// Whether these are ids of one label, which was given the other one.
    pub fn is_same_label(&self, one: &LabelId, other: &LabelId) -> bool {
        let mut renamed = self.work.codebook.renamed.iter();
        renamed.any(|(old, new)| (old, new) == (one, other) || (new, old) == (one, other))
    }

    /// The command that has a key of its own, which a label cannot have beside it.
    pub fn command_with_key(&self, key: char) -> Option<&'static str> {
        let taken = super::commands().map(info).find(|info| {
            let mut keys = info.keys.iter().flatten();
            keys.any(|combo| combo.is_plain(key))
        });
        taken.map(|info| info.title)
    }

    pub(super) fn perform_on_codebook(&mut self, asked: CodebookAction) {
        match asked {
            CodebookAction::Show(label) => {
                let label = self.present_id(&label).clone();
                self.show_label(label);
            }
            CodebookAction::Set(label, field) => {
                let label = self.present_id(&label).clone();
                self.set_label_field(&label, field);
            }
            CodebookAction::Place {
                label,
                parent,
                before,
            } => {
                let place = Beside { parent, before };
                self.place_label(&label, &place);
            }
            CodebookAction::Merge {
                from,
                into,
                choices,
            } => self.merge_labels(&from, &into, &choices),
            CodebookAction::SetEdges { label, edges } => {
                self.ask_or_do(Waits::Edges { label, edges });
            }
            CodebookAction::MoveToEdges(label) => {
                let label = self.present_id(&label).clone();
                let known = self.codebook().label(label.as_str());
                if let Some(edges) = known.map(|label| label.edges.clone()) {
                    self.do_now(Waits::Edges { label, edges }, Touching::Keeps);
                }
            }
            CodebookAction::AddAttribute(label) => {
                let label = self.present_id(&label).clone();
                self.add_attribute(&label);
            }
            CodebookAction::SetAttribute { label, name, field } => {
                let label = self.present_id(&label).clone();
                self.set_attribute_field(&label, &name, field);
            }
            CodebookAction::RenameAttribute { label, name, new } => {
                let label = self.present_id(&label).clone();
                let new = new.trim().to_owned();
                self.ask_or_do(Waits::Rename { label, name, new });
            }
            CodebookAction::SetKind { label, name, kind } => {
                let label = self.present_id(&label).clone();
                self.ask_or_do(Waits::Kind { label, name, kind });
            }
            CodebookAction::RemoveAttribute { label, name } => {
                self.ask_or_do(Waits::Remove { label, name });
            }
            CodebookAction::RemoveRole { label, name } => {
                let label = self.present_id(&label).clone();
                self.ask_or_do(Waits::RemoveRole { label, name });
            }
            CodebookAction::Confirm(touching) => {
                self.forget_moot();
                if let Some(waits) = self.work.codebook.waits.take() {
                    self.do_now(waits, touching);
                }
            }
            CodebookAction::Discard => self.work.codebook.waits = None,
            CodebookAction::GoTo(article, annotation) => self.go_to_example(&article, annotation),
            CodebookAction::CompareReady(id) => self.compare_ready(id),
            CodebookAction::PickFile => self.requests.push(UiRequest::Pick(Pick::Codebook)),
            CodebookAction::CompareFile(path) => self.compare_file(path),
            CodebookAction::Decide {
                row,
                conflict,
                side,
            } => self.decide_conflict(row, conflict, side),
            CodebookAction::DecideAll(side) => self.decide_all(side),
            CodebookAction::Take { row, is_taken } => self.take_row(row, is_taken),
            CodebookAction::TakeIn => self.take_in_codebook(),
            CodebookAction::LeaveComparison => self.work.codebook.comparison = None,
            CodebookAction::SaveTo(path) => self.save_codebook_to(&path),
        }
    }

    /// The change that waits for an answer, as long as what it is about is there.
    pub fn waits(&self) -> Option<&Waits> {
        let waits = self.work.codebook.waits.as_ref();
        waits.filter(|waits| waits.is_about_something(self.codebook()))
    }

    /// Lets go of a question about what is not there any more.
    fn forget_moot(&mut self) {
        if self.waits().is_none() {
            self.work.codebook.waits = None;
        }
    }

    /// A question that stands is not pushed out by another one: that is refused.
    fn refuse_second(&mut self, waits: &Waits) -> bool {
        let first = self.waits().filter(|first| !first.is_same_matter(waits));
        let Some(first) = first else {
            return false;
        };
        let (what, of) = (first.words(self.codebook()), first.label().clone());
        let message = format!("The codebook was not changed: {what} waits for an answer first.");
        let mut notice = Notice::warning(message).on("codebook");
        if self.page_label().is_none_or(|label| label.id != of) {
            notice = notice.with_offer("Show it", Action::from(CodebookAction::Show(of)));
        }
        self.notify(notice);
        true
    }

    /// What touches annotations waits until it is said to go on; all else is done.
    fn ask_or_do(&mut self, waits: Waits) {
        self.forget_moot();
        let codebook = self.codebook();
        let touches = match &waits {
            Waits::Edges { label, edges } => {
                let counts = self.derived(&crate::app::derived::project::Counts);
                let moved = self.derived_later(&MovedByEdges {
                    label: label.clone(),
                    edges: edges.clone(),
                });
                // What is not counted yet may touch some.
                let moves = moved
                    .value
                    .is_none_or(|moved| moved.touches.annotations > 0);
                counts.of_label(label).annotations > 0 && moves
            }
            Waits::Rename { label, name, .. } | Waits::Remove { label, name } => {
                self.has_values(label, name)
            }
            Waits::RemoveRole { label, name } => {
                let project = self.work.session.project();
                codebook::touched_by_role(project, label, name).annotations > 0
            }
            Waits::Kind { label, name, kind } => {
                let project = self.work.session.project();
                self.has_values(label, name) && codebook::has_unfit(project, label, name, kind)
            }
        };
        // What is refused is refused before anything is asked.
        let refused = match &waits {
            Waits::Rename { label, name, new } => {
                let known = codebook.label(label.as_str());
                let is_taken = known.is_some_and(|label| label.attribute(new).is_some());
                new == name || new.is_empty() || is_taken
            }
            _ => false,
        };
        if touches && !refused {
            if !self.refuse_second(&waits) {
                self.work.codebook.waits = Some(waits);
            }
            return;
        }
        let is_answer = self
            .waits()
            .is_some_and(|first| first.is_same_matter(&waits));
        if is_answer && !refused {
            self.work.codebook.waits = None;
        }
        self.do_now(waits, Touching::Keeps);
    }

    fn do_now(&mut self, waits: Waits, touching: Touching) {
        match waits {
            Waits::Edges { label, edges } => {
                let name = self.codebook().name_of(&label).to_owned();
                let what = format!("change the boundaries of “{name}”");
                self.change_codebook(&what, |project, signed| {
                    if touching != Touching::Spares {
                        return codebook::set_edges_and_move(project, &label, &edges, signed);
                    }
                    let set = |label: &mut Label| label.edges = edges;
                    codebook::change_label(project, &label, &what, signed, set)
                });
            }
            Waits::Rename { label, name, new } => {
                if name == new {
                    return;
                }
                let what = format!("rename attribute “{name}” to “{new}”");
                self.change_codebook(&what, |project, signed| {
                    codebook::rename_attribute(project, &label, &name, &new, signed).map(Some)
                });
            }
            Waits::Kind { label, name, kind } => {
                let known = self.codebook().label(label.as_str());
                let known = known.and_then(|label| label.attribute(&name));
                if known.is_some_and(|spec| spec.kind == kind) {
                    return;
                }
                let unfit = match touching {
                    Touching::Drops => codebook::Unfit::Drop,
                    Touching::Keeps | Touching::Spares => codebook::Unfit::Keep,
                };
                let what = format!("change the kind of “{name}”");
                self.change_codebook(&what, |project, signed| {
                    let changed =
                        codebook::change_kind(project, &label, &name, &kind, unfit, signed);
                    changed.map(|(change, _)| Some(change))
                });
            }
            Waits::RemoveRole { label, name } => {
                let of = self.codebook().name_of(&label).to_owned();
                let what = format!("remove the role “{name}” of “{of}”");
                let with_links = touching == Touching::Drops;
                self.change_codebook(&what, |project, signed| {
                    codebook::remove_role(project, &label, &name, with_links, signed).map(Some)
                });
            }
            Waits::Remove { label, name } => {
                let what = format!("remove attribute “{name}”");
                self.change_codebook(&what, |project, signed| {
                    codebook::remove_attribute(project, &label, &name, signed).map(Some)
                });
            }
        }
    }

    fn show_label(&mut self, label: LabelId) {
        self.work.page = Page::Codebook;
        self.work.codebook.label = Some(label);
    }

    /// Makes a change of the codebook as one step; what it touched beside that is told, with the way
    /// back. `false` when nothing was changed.
    pub(super) fn change_codebook(
        &mut self,
        title: &str,
        recipe: impl FnOnce(
            &crate::core::project::Project,
            Signed<'_>,
        ) -> Result<Option<Change>, CodebookError>,
    ) -> bool {
        // What is shown stays, whatever comes first in the list by then.
        self.work.codebook.label = self.page_label().map(|label| label.id.clone());
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let change = recipe(self.work.session.project(), Signed { by, when });
        let change = match change {
            Ok(Some(change)) => change,
            Ok(None) => return false,
            Err(error) => {
                let message = format!("The codebook was not changed: {error}.");
                self.notify(Notice::warning(message).on("codebook"));
                return false;
            }
        };
        self.notices.retain(|notice| notice.topic != "codebook");
        let touches = change.touches;
        if !self.apply(title, change.edits) {
            return false;
        }
        if let Some((old, new)) = change.renamed {
            if self.work.locked_label.as_ref() == Some(&old) {
                self.work.locked_label = Some(new.clone());
            }
            self.work.codebook.renamed.push((old, new));
        }
        self.forget_moot();
        self.mend_references();
        if touches.annotations > 0 {
            let title = super::step_title(title);
            let message = format!("{title}: changed {}", touched(touches));
            self.notify(
                Notice::info(message)
                    .on("trash")
                    .with_offer("Undo", Action::Run(Command::Undo)),
            );
        }
        true
    }

    fn new_label(&mut self) {
        let project = self.work.session.project();
        let codebook = project.codebook();
        let here = self.page_label();
        let parent = here.and_then(|label| label.parent.clone());
        let at = here.and_then(|here| codebook.labels.iter().position(|l| l.id == here.id));
        let at = at.map_or(codebook.labels.len(), |at| at + 1);
        let names: std::collections::HashSet<String> = codebook
            .labels
            .iter()
            .map(|l| folded_name(&l.name))
            .collect();
        let name = (1..)
            .map(|n: usize| match n {
                1 => codebook::NEW_LABEL.to_owned(),
                n => format!("{} {n}", codebook::NEW_LABEL),
            })
            .find(|name| !names.contains(&folded_name(name)));
        let name = name.unwrap_or_default();
        let id = codebook::label_id(project, &name);
        let label = Label {
            parent,
            ..Label::new(id.as_str(), &name, codebook.free_color())
        };
        let added = self.change_codebook("add a label", |project, signed| {
            codebook::add_label(project, label, at, signed).map(Some)
        });
        if added {
            // Who had the id before is another label.
            let renamed = &mut self.work.codebook.renamed;
            renamed.retain(|(old, new)| *old != id && *new != id);
            self.show_label(id);
            self.requests.push(UiRequest::Focus(Spot::LabelName));
        }
    }

    fn set_label_field(&mut self, id: &LabelId, field: LabelField) {
        let Some(label) = self.codebook().label(id.as_str()) else {
            return;
        };
        let name = label.name.clone();
        let of_role = match &field {
            LabelField::Role(at, role) => {
                let role = label.link_roles.get(*at).or(role.as_ref());
                role.map(|role| role.name.clone())
            }
            _ => None,
        };
        if let LabelField::Key(Some(key)) = &field
            && self.refuses_key(*key)
        {
            return;
        }
        let links = |model: &Self| match of_role {
            Some(_) => not_accepted(model.work.session.project(), id),
            None => 0,
        };
        let before = links(self);
        let retires = matches!(field, LabelField::Retired(true));
        let what = title_of(&name, &field);
        let changed = self.change_codebook(&what, |project, signed| {
            codebook::change_label(project, id, &what, signed, |label| set(label, field))
        });
        let lost = links(self).saturating_sub(before);
        if let Some(role) = of_role.filter(|_| changed && lost > 0) {
            let links = match lost {
                1 => "1 link is kept, and is".to_owned(),
                n => format!("{} are kept, and are", count_grouped(n, "link", "links")),
            };
            let message = format!("“{role}” of “{name}”: {links} not accepted any more");
            self.notify(
                Notice::warning(message)
                    .on("trash")
                    .with_offer("Undo", Action::Run(Command::Undo)),
            );
        }
        if changed && retires {
            let kept = codebook::touched_by(self.work.session.project(), id);
            let kept = match kept.annotations {
                0 => String::new(),
                _ => format!("kept for {}, and ", touched(kept)),
            };
            let message = format!("“{name}” is retired: {kept}not offered any more");
            self.notify(
                Notice::info(message)
                    .on("trash")
                    .with_offer("Undo", Action::Run(Command::Undo)),
            );
        }
    }

    /// Refuses the key of a command, and says so.
    fn refuses_key(&mut self, key: char) -> bool {
        let small = key.to_lowercase().next().unwrap_or(key);
        let Some(title) = self.command_with_key(small) else {
            return false;
        };
        let key = key.to_uppercase();
        let message = format!(
            "The codebook was not changed: {key} is the key of the command “{title}”. Choose another one."
        );
        self.notify(Notice::warning(message).on("codebook"));
        true
    }

    /// Whether the label that is meant is seen.
    fn is_at_label(&self) -> bool {
        self.work.page == Page::Codebook && self.page_label().is_some()
    }

    fn toggle_retired(&mut self) {
        if let Some(label) = self.page_label() {
            let (id, retired) = (label.id.clone(), !label.retired);
            self.set_label_field(&id, LabelField::Retired(retired));
        }
    }

    fn place_label(&mut self, label: &LabelId, place: &Beside) {
        let name = self.codebook().name_of(label).to_owned();
        let what = format!("move label “{name}”");
        let (parent, before) = (place.parent.as_ref(), place.before.as_ref());
        self.change_codebook(&what, |project, signed| {
            codebook::place_label(project, label, parent, before, signed)
        });
    }

    /// Where the label of the page goes with one step up or down among those of its parent.
    fn label_beside(&self, down: bool) -> Option<Beside> {
        let label = self.page_label()?;
        let all = self.codebook().labels.iter();
        let same = all.filter(|l| l.parent == label.parent && l.retired == label.retired);
        let same: Vec<&Label> = same.collect();
        let at = same.iter().position(|other| other.id == label.id)?;
        let before = if down {
            same.get(at + 1)?;
            same.get(at + 2).map(|next| next.id.clone())
        } else {
            Some(same.get(at.checked_sub(1)?)?.id.clone())
        };
        let parent = label.parent.clone();
        Some(Beside { parent, before })
    }

    fn step_label(&mut self, down: bool) {
        let label = self.page_label().map(|label| label.id.clone());
        if let (Some(label), Some(place)) = (label, self.label_beside(down)) {
            self.place_label(&label, &place);
        }
    }

    fn merge_labels(&mut self, from: &LabelId, into: &LabelId, choices: &MergeChoices) {
        let name = |id: &LabelId| self.codebook().name_of(id).to_owned();
        let what = format!("merge label “{}” into “{}”", name(from), name(into));
        let is_asked = self.listing().label.as_ref() == Some(from);
        let mut touches = Touches::default();
        let merged = self.change_codebook(&what, |project, signed| {
            let merged = codebook::merge_labels(project, from, into, choices, signed);
            merged.map(|merged| {
                touches = merged.change.touches;
                Some(merged.change)
            })
        });
        if merged {
            if touches.annotations == 0 {
                let told = format!("{}: no annotation is changed", super::step_title(&what));
                let undo = Action::Run(Command::Undo);
                self.notify(Notice::info(told).on("trash").with_offer("Undo", undo));
            }
            if is_asked {
                let mut listing = self.listing().clone();
                listing.label = Some(into.clone());
                self.set_listing(listing);
            }
            self.work.codebook.label = Some(into.clone());
        }
    }

    fn add_attribute(&mut self, id: &LabelId) {
        let Some(label) = self.codebook().label(id.as_str()) else {
            return;
        };
        let mut names = FreshIds::default();
        for spec in &label.attributes {
            names.see(&spec.name);
        }
        let what = format!("add an attribute to “{}”", label.name);
        let spec = AttributeSpec {
            title: String::new(),
            ..AttributeSpec::new(&names.take("attribute"), AttributeKind::Text)
        };
        let added = self.change_codebook(&what, |project, signed| {
            let add = |label: &mut Label| label.attributes.push(spec);
            codebook::change_label(project, id, &what, signed, add)
        });
        if added {
            self.requests.push(UiRequest::Focus(Spot::AttributeTitle));
        }
    }

    fn set_attribute_field(&mut self, id: &LabelId, name: &str, field: AttributeField) {
        if let AttributeField::Key(Some(key)) = &field
            && self.refuses_key(*key)
        {
            return;
        }
        let Some(label) = self.codebook().label(id.as_str()) else {
            return;
        };
        let Some(spec) = label.attribute(name) else {
            return;
        };
        let shown = spec.shown_title();
        let key = match &field {
            AttributeField::Key(key) => key.filter(|_| *key != spec.key),
            _ => None,
        };
        let of_label = key.and_then(|key| self.codebook().label_with_key(key));
        let of_label = of_label.map(|other| other.name.clone());
        let own = label.name.clone();
        let what = match &field {
            AttributeField::Title(new) => format!("call an attribute of “{}” “{new}”", label.name),
            AttributeField::Place(_) => format!("move attribute “{shown}” of “{}”", label.name),
            _ => format!("change attribute “{shown}” of “{}”", label.name),
        };
        // An attribute that was just made is called in files as its first title says.
        let file_name = match &field {
            AttributeField::Title(title) if spec.title.is_empty() => {
                Some(free_attribute_name(label, name, title)).filter(|_| !self.has_values(id, name))
            }
            _ => None,
        };
        let changed = self.change_codebook(&what, |project, signed| {
            codebook::change_label(project, id, &what, signed, |label| {
                set_attribute(label, name, field, file_name);
            })
        });
        if let (true, Some(key), Some(other)) = (changed, key, of_label) {
            let key = key.to_uppercase();
            let message = format!(
                "{key} is the key of the label “{other}” too: with a selected annotation of “{own}” it goes to the attribute"
            );
            self.notify(Notice::info(message).on("codebook"));
        }
    }

    /// Whether any annotation of the label says something for the attribute.
    fn has_values(&self, id: &LabelId, name: &str) -> bool {
        // The page has counted them, unless that is under way.
        let used = self.derived_later(&UseOfLabel(id.clone()));
        if let Some(used) = used.value.filter(|_| used.is_current) {
            return used.values.contains_key(name);
        }
        let mut articles = self.work.session.project().articles().iter();
        articles.any(|article| {
            let mut annotations = article.annotations.iter();
            let has_value = |a: &crate::core::annotation::Annotation| {
                a.label == *id && a.attributes.get(name).is_some()
            };
            article.annotations.count_of(id) > 0 && annotations.any(|a| has_value(a))
        })
    }

    fn go_to_example(&mut self, article: &ArticleId, annotation: AnnotationId) {
        self.show_article(article);
        self.select_annotation(annotation, true);
    }

    fn add_example(&mut self, is_counter: bool) {
        let (Some(article), Some(annotation)) = (self.article(), self.selected_annotation()) else {
            return;
        };
        let shown = ShownBy {
            article: article.id.clone(),
            annotation: annotation.id.clone(),
            is_counter,
            unknown: UnknownFields::new(),
        };
        let label = annotation.label.clone();
        let name = self.codebook().name_of(&label).to_owned();
        let kind = if is_counter {
            "a counter-example"
        } else {
            "an example"
        };
        let what = format!("add {kind} to “{name}”");
        let added = self.change_codebook(&what, |project, signed| {
            codebook::change_label(project, &label, &what, signed, |label| {
                let known = label.shown_by.iter_mut();
                match known.into_iter().find(|s| s.annotation == shown.annotation) {
                    Some(known) => known.is_counter = is_counter,
                    None => label.shown_by.push(shown),
                }
            })
        });
        let message = if added {
            format!("The annotation is {kind} of “{name}” in the codebook")
        } else {
            format!("The annotation is {kind} of “{name}” already")
        };
        let show = Action::from(CodebookAction::Show(label));
        // A step is read out as such; what was no step is to be heard, too.
        let mut notice = Notice::info(message).on(if added { "trash" } else { "example" });
        if added {
            notice = notice.with_offer("Undo", Action::Run(Command::Undo));
        }
        self.notify(notice.with_offer("Show the label", show));
    }
}

/// What a step is called.
fn title_of(name: &str, field: &LabelField) -> String {
    match field {
        LabelField::Name(new) => format!("rename label “{name}” to “{new}”"),
        LabelField::Key(Some(key)) => format!("give “{name}” the key {}", key.to_uppercase()),
        LabelField::Key(None) => format!("take the key of “{name}” away"),
        LabelField::Parent(_) => format!("move label “{name}”"),
        LabelField::Color(_) => format!("recolour label “{name}”"),
        LabelField::Underline(_) => format!("change the underline of “{name}”"),
        LabelField::Definition(_) => format!("define “{name}”"),
        LabelField::Item(Items::Include, ..) => format!("change what “{name}” includes"),
        LabelField::Item(Items::Exclude, ..) => format!("change what “{name}” excludes"),
        LabelField::Item(Items::Examples | Items::CounterExamples, ..)
        | LabelField::NotShownBy(_) => format!("change the examples of “{name}”"),
        LabelField::Unit(_) => format!("change the boundaries of “{name}”"),
        LabelField::Overlap(_) => format!("change the overlap of “{name}”"),
        LabelField::StandsFor(_) => format!("say what “{name}” stands for"),
        LabelField::Helper(true) => format!("make “{name}” a part of others"),
        LabelField::Helper(false) => format!("make “{name}” a finding of its own"),
        LabelField::Retired(true) => format!("retire label “{name}”"),
        LabelField::Retired(false) => format!("offer label “{name}” again"),
        LabelField::Role(..) => format!("change the links of “{name}”"),
    }
}

fn set(label: &mut Label, field: LabelField) {
    match field {
        LabelField::Name(name) => label.name = name.trim().to_owned(),
        LabelField::Key(key) => label.key = key,
        LabelField::Parent(parent) => label.parent = parent,
        LabelField::Color(color) => label.color = color,
        LabelField::Underline(underline) => label.underline = underline,
        LabelField::Definition(definition) => label.definition = definition,
        LabelField::Item(items, at, text) => {
            let items = match items {
                Items::Include => &mut label.include,
                Items::Exclude => &mut label.exclude,
                Items::Examples => &mut label.examples,
                Items::CounterExamples => &mut label.counter_examples,
            };
            set_item(items, at, text.trim());
        }
        LabelField::NotShownBy(id) => label.shown_by.retain(|shown| shown.annotation != id),
        LabelField::Unit(unit) => label.boundary = unit,
        LabelField::Overlap(overlap) => label.overlap = overlap,
        LabelField::StandsFor(thing) => label.stands_for = thing,
        LabelField::Helper(helper) => label.helper = helper,
        LabelField::Retired(retired) => label.retired = retired,
        LabelField::Role(at, role) => match (label.link_roles.get_mut(at), role) {
            (Some(known), Some(role)) => *known = role,
            (Some(_), None) => drop(label.link_roles.remove(at)),
            (None, Some(role)) => label.link_roles.push(role),
            (None, None) => {}
        },
    }
}

fn set_item(items: &mut Vec<String>, at: usize, text: &str) {
    match items.get_mut(at) {
        Some(_) if text.is_empty() => drop(items.remove(at)),
        Some(item) => text.clone_into(item),
        None if text.is_empty() => {}
        None => items.push(text.to_owned()),
    }
}

fn set_attribute(label: &mut Label, name: &str, field: AttributeField, file_name: Option<String>) {
    let Some(at) = label.attributes.iter().position(|spec| spec.name == name) else {
        return;
    };
    if let AttributeField::Place(to) = field {
        let spec = label.attributes.remove(at);
        let to = to.min(label.attributes.len());
        label.attributes.insert(to, spec);
        return;
    }
    let Some(spec) = label.attributes.get_mut(at) else {
        return;
    };
    match field {
        AttributeField::Title(title) => title.trim().clone_into(&mut spec.title),
        AttributeField::Help(help) => spec.help = help,
        AttributeField::Default(value) => spec.default = value.filter(|v| spec.kind.fits(v)),
        AttributeField::Required(required) => spec.required = required,
        AttributeField::Key(key) => spec.key = key,
        AttributeField::Place(_) => {}
    }
    if let Some(name) = file_name {
        spec.name = name;
    }
}

/// The name in files of an attribute with this title.
fn free_attribute_name(label: &Label, own: &str, title: &str) -> String {
    if title.trim().is_empty() {
        return own.to_owned();
    }
    let mut names = FreshIds::default();
    for spec in label.attributes.iter().filter(|spec| spec.name != own) {
        names.see(&spec.name);
    }
    names.take(&id_for(title))
}
