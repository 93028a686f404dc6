//! Links between annotations: drawn from one to another by keys or by mouse, followed in both
//! directions, taken away. What may be linked with what is for the core's recipe to say.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::{LinkDraft, UiRequest};
use crate::app::clock;
use crate::app::command::{Scope, Section, ctrl, ctrl_shift};
use crate::app::derived::article::LeadingTo;
use crate::app::derived::labels::LinkedWith;
use crate::app::notice::Notice;
use crate::app::settings::SidePanel;
use crate::core::annotation::Annotation;
use crate::core::ids::{AnnotationId, LabelId};
use crate::core::recipes::Signed;
use crate::core::recipes::link::{self, Way};
use std::collections::HashSet;

#[rustfmt::skip]
commands! {
    BeginLink => row(Section::Speakers, "Link to another annotation", ctrl("R"), Scope::Article, "Then Tab goes through what it can be linked with; Enter or a click links, Esc leaves")
        .runs(|model| {
            if let Some(from) = model.work.selected.clone() {
                model.begin_link(&from, None);
            }
        })
        .when(Model::has_selected),
    FollowLink => row(Section::Links, "Follow its link", ctrl("G"), Scope::Article, "Go to what the selected annotation leads to; again for the next, and back")
        .runs(|model| model.follow(true))
        .when(Model::has_selected),
    FollowLinkBack => row(Section::Links, "Follow a link back", ctrl_shift("G"), Scope::Article, "Go to what leads to the selected annotation; again for the next, and back")
        .runs(|model| model.follow(false))
        .when(Model::has_selected),
}

/// Where following links began, and what came by: the end of one link can be the way to the next of
/// the same annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trail {
    begun_at: AnnotationId,
    is_forward: bool,
    ends: Vec<AnnotationId>,
    at: usize,
}

impl Model {
    /// The link that is being drawn.
    pub fn link_draft(&self) -> Option<&LinkDraft> {
        let draft = self.work.link.as_ref()?;
        self.article()?.annotations.get(draft.from.as_str())?;
        Some(draft)
    }

    /// Where the link begins that is being drawn.
    pub fn link_source(&self) -> Option<&Annotation> {
        let from = &self.link_draft()?.from;
        let found = self.article()?.annotations.get(from.as_str())?;
        Some(found)
    }

    /// The labels of what it can lead to.
    pub(super) fn labels_for_link(&self) -> Option<HashSet<LabelId>> {
        let draft = self.link_draft()?;
        let linked = self.derived(&LinkedWith {
            label: self.link_source()?.label.clone(),
            role: draft.role.clone(),
        });
        Some(linked.labels.clone())
    }

    pub(super) fn begin_link(&mut self, from: &AnnotationId, role: Option<String>) {
        self.work.link = Some(LinkDraft {
            from: from.clone(),
            role,
            ways: Vec::new(),
        });
        let Some(labels) = self.labels_for_link() else {
            self.work.link = None;
            return;
        };
        let Some(article) = self.article() else {
            return;
        };
        if labels
            .iter()
            .all(|label| article.annotations.count_of(label) == 0)
        {
            let refusal = self.nothing_to_link(&labels);
            self.work.link = None;
            self.notify(Notice::warning(refusal).on("link"));
            return;
        }
        // In a drawer over the article nothing could be gone to.
        if self.settings.is_narrow {
            self.settings.show(SidePanel::Annotations, false);
        }
        self.select_annotation(from.clone(), true);
        self.requests.push(UiRequest::FocusArticle);
    }

    fn nothing_to_link(&self, labels: &HashSet<LabelId>) -> String {
        let codebook = self.work.session.project().codebook();
        let name = self.link_source().map(|a| codebook.name_of(&a.label));
        let name = name.unwrap_or_default();
        let mut wanted: Vec<&str> = codebook
            .labels
            .iter()
            .filter(|label| labels.contains(&label.id))
            .map(|label| label.name.as_str())
            .collect();
        const MOST: usize = 5;
        let more = if wanted.len() > MOST {
            " and others"
        } else {
            ""
        };
        wanted.truncate(MOST);
        match wanted.as_slice() {
            [] => format!("The codebook links {name} with nothing: add a link role to a label"),
            _ => format!(
                "{name} can be linked with {}{more}, and this article has none: mark it first",
                wanted.join(", ")
            ),
        }
    }

    /// Ends the link at an annotation, or at the selected one.
    pub(super) fn end_link(&mut self, to: Option<AnnotationId>) {
        let Some(draft) = self.link_draft().cloned() else {
            return;
        };
        let to = to.or_else(|| self.work.selected.clone());
        match to.filter(|to| *to != draft.from) {
            Some(to) => self.link_to(&draft.from, &to, draft.role),
            None => self.notify(
                Notice::info("Go to what it is linked with (Tab), then press Enter").on("link"),
            ),
        }
    }

    pub(super) fn leave_link(&mut self) {
        if let Some(draft) = self.work.link.take() {
            self.select_annotation(draft.from, true);
        }
    }

    /// Links two annotations by the role that fits, and asks which when there are several.
    pub(super) fn link_to(&mut self, from: &AnnotationId, to: &AnnotationId, role: Option<String>) {
        let Some(article) = self.article() else {
            return;
        };
        let codebook = self.work.session.project().codebook();
        match link::ways(codebook, article, from, to, role.as_deref()) {
            Ok(ways) => match ways.as_slice() {
                [way] => self.link(way),
                _ => {
                    self.work.link = Some(LinkDraft {
                        from: from.clone(),
                        role,
                        ways,
                    });
                }
            },
            Err(refusal) => {
                self.notify(Notice::warning(format!("Not linked: {refusal}")).on("link"));
            }
        }
    }

    pub(super) fn link(&mut self, way: &Way) {
        // The hand goes on where it began.
        let draft = self.work.link.take();
        let selected = self.work.selected.clone();
        let selected = selected.filter(|id| *id == way.from || *id == way.to);
        let begun_at = draft.map(|draft| draft.from).or(selected);
        let begun_at = begun_at.unwrap_or_else(|| way.from.clone());
        let Some(article) = self.article() else {
            return;
        };
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        let codebook = self.work.session.project().codebook();
        let edit = link::link(codebook, article, &way.from, &way.role, &way.to, signed);
        match edit {
            Ok(edit) => {
                if self.apply(format!("link {}", way.role.replace('_', " ")), vec![edit]) {
                    self.select_annotation(begun_at, true);
                }
            }
            Err(refusal) => {
                self.notify(Notice::warning(format!("Not linked: {refusal}")).on("link"));
            }
        }
    }

    pub(super) fn unlink(&mut self, way: &Way) {
        let Some(article) = self.article() else {
            return;
        };
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        if let Some(edit) = link::unlink(article, &way.from, &way.role, &way.to, signed) {
            let title = format!("remove link {}", way.role.replace('_', " "));
            self.apply(title, vec![edit]);
        }
    }

    /// Goes to what the selected annotation leads to, or to what leads to it. What has no such link
    /// itself and was come to so is left for the next of where it began, at last for that itself.
    fn follow(&mut self, is_forward: bool) {
        let Some(selected) = self.selected_annotation().cloned() else {
            return;
        };
        let ends = self.linked_with(&selected, is_forward);
        let trail = self.work.trail.take().filter(|trail| {
            trail.is_forward == is_forward && trail.ends.get(trail.at) == Some(&selected.id)
        });
        let next = match (ends.first().cloned(), trail) {
            (Some(first), _) => {
                self.work.trail = Some(Trail {
                    begun_at: selected.id.clone(),
                    is_forward,
                    ends,
                    at: 0,
                });
                first
            }
            (None, Some(mut trail)) => {
                trail.at += 1;
                let next = trail.ends.get(trail.at).cloned();
                let next = next.unwrap_or_else(|| trail.begun_at.clone());
                self.work.trail = Some(trail);
                next
            }
            (None, None) => {
                let words = if is_forward {
                    "It has no link"
                } else {
                    "No link leads to it"
                };
                return self.notify(Notice::info(words).on("link"));
            }
        };
        self.select_annotation(next, true);
    }

    /// The annotations of this article that one leads to, or that lead to it, once each.
    fn linked_with(&self, annotation: &Annotation, is_forward: bool) -> Vec<AnnotationId> {
        let Some(article) = self.article() else {
            return Vec::new();
        };
        let mut ids: Vec<AnnotationId> = if is_forward {
            let targets = annotation.links.iter().map(|link| link.target.clone());
            targets.collect()
        } else {
            let leading = self.derived(&LeadingTo {
                article: article.id.clone(),
                annotation: annotation.id.clone(),
            });
            leading.iter().map(|(id, _)| id.clone()).collect()
        };
        let mut seen = HashSet::new();
        ids.retain(|id| article.annotations.get(id.as_str()).is_some() && seen.insert(id.clone()));
        ids
    }
}
