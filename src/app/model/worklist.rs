//! What is to be looked at again once the codebook has changed: annotations that end otherwise than
//! their label's policy says, and those made before their label meant what it means now. Found by
//! jobs; what is done with them are steps of the history.

use super::Model;
use super::jobs::Outcome;
use super::rows::{commands, row};
use super::view::Page;
use crate::app::action::{Action, UiRequest, Verdict};
use crate::app::clock;
use crate::app::command::{Command, Scope, Section};
use crate::app::derived::DeriveLater;
use crate::app::jobs::{JobKind, Turn, jobs};
use crate::app::notice::Notice;
use crate::app::session::Session;
use crate::app::words::count;
use crate::core::codebook::{Edges, Label};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId, LabelId};
use crate::core::project::Project;
use crate::core::recipes::Signed;
use crate::core::recipes::codebook::{Moved, against_edges, move_to_policy, outdated_while};
use crate::core::recipes::{mark, trash};
use std::collections::BTreeSet;
use std::sync::Arc;

#[rustfmt::skip]
commands! {
    ReviewPolicy => row(Section::Project, "Boundaries of existing annotations…", None, Scope::Always, "Annotations that end otherwise than the policy of their label says: look at them, and move them as one step")
        .shows_its_dialog_after(Model::begin_policy)
        .when(Model::has_articles),
    Outdated => row(Section::Project, "Under an older definition…", None, Scope::Always, "Annotations made before the definition of their label changed: confirm or change each with one key")
        .shows_its_dialog()
        .when(Model::has_articles),
}

jobs! {
    // Of a label; another label's takes its place.
    Policy => Turn::NewestWins,
}

/// Which annotations a label's policy would have elsewhere.
#[derive(Clone)]
pub struct PolicyReview {
    pub label: LabelId,
    /// None while they are looked for.
    pub found: Option<Arc<Vec<Moved>>>,
    /// How many annotations the label has.
    pub of: usize,
}

/// The annotations made before their label meant what it means now.
#[derive(Clone, PartialEq)]
pub struct OutdatedAnnotations;

impl DeriveLater for OutdatedAnnotations {
    type Value = Vec<(ArticleId, AnnotationId)>;

    fn is_small(&self, session: &Session) -> bool {
        const FEW: usize = 4_000;
        let project = session.project();
        let mut redefined = project
            .codebook()
            .labels
            .iter()
            .map(|label| label.redefined);
        let mut left = FEW;
        redefined.all(|revision| revision == 0)
            || project.articles().iter().all(|article| {
                let rest = left.checked_sub(article.annotations.len());
                left = rest.unwrap_or_default();
                rest.is_some()
            })
    }

    fn may_show(&self, _: &Self) -> bool {
        true
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<Self::Value> {
        outdated_while(project, goes_on)
    }
}

impl Model {
    pub fn policy_review(&self) -> Option<&PolicyReview> {
        self.work.policy.as_ref()
    }

    /// Looks through the label that is seen or at hand, or the first that has rules for its edges.
    fn begin_policy(&mut self) -> bool {
        let labels = &self.work.session.project().codebook().labels;
        let has_rules = |label: &&Label| label.edges != Edges::default();
        let at_hand = if self.page() == Page::Codebook {
            self.page_label()
        } else {
            self.label_at_hand().filter(has_rules)
        };
        let found = at_hand.or_else(|| labels.iter().find(has_rules));
        let found = found.or(labels.first()).map(|label| label.id.clone());
        let Some(label) = found else {
            self.notify(Notice::info("The codebook has no labels"));
            return false;
        };
        self.look_through(&label);
        true
    }

    pub(super) fn review_policy(&mut self, label: &LabelId) {
        self.look_through(label);
        self.requests.push(UiRequest::Show(Command::ReviewPolicy));
    }

    fn look_through(&mut self, label: &LabelId) {
        let project = self.work.session.project().clone();
        let Some(spec) = project.codebook().label(label.as_str()) else {
            return;
        };
        let (edges, id) = (spec.edges.clone(), label.clone());
        self.work.policy = Some(PolicyReview {
            label: label.clone(),
            found: None,
            of: 0,
        });
        let title = format!("Looking through {}", spec.name);
        self.start(JobKind::Policy, title, move |context| {
            let total = project.articles().len().max(1) as f32;
            let (mut seen, mut of) = (0.0, 0);
            let mut articles = project.articles().iter();
            let goes_on = || {
                of += articles.next().map_or(0, |a| a.annotations.count_of(&id));
                seen += 1.0;
                context.progress(seen / total)
            };
            let found = against_edges(&project, &id, &edges, goes_on).map(Arc::new);
            Outcome::of_project(move |model| {
                model.work.policy = found.map(|found| PolicyReview {
                    label: id,
                    found: Some(found),
                    of,
                });
            })
        });
    }

    pub(super) fn apply_policy(&mut self, left_out: &BTreeSet<usize>) {
        let Some(review) = self.work.policy.take() else {
            return;
        };
        let found = review.found.unwrap_or_default();
        let meant = found.iter().enumerate();
        let meant = meant.filter(|(at, _)| !left_out.contains(at));
        let meant: Vec<&Moved> = meant.map(|(_, moved)| moved).collect();
        let project = self.work.session.project();
        let name = project.codebook().name_of(&review.label).to_lowercase();
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let change = move_to_policy(project, &meant, Signed { by, when });
        let (moved, articles) = (change.touches.annotations, change.touches.articles);
        if moved == 0 {
            self.notify(Notice::info(
                "Nothing was moved: all that was found has changed since",
            ));
            return;
        }
        if self.apply(format!("apply the policy of {name}"), change.edits) {
            let told = format!(
                "{} moved in {}",
                count(moved, "annotation", "annotations"),
                count(articles, "article", "articles")
            );
            self.notify(
                Notice::info(told)
                    .on("trash")
                    .with_offer("Undo", Action::Run(Command::Undo)),
            );
        }
    }

    pub(super) fn judge(&mut self, article: &ArticleId, id: &AnnotationId, verdict: &Verdict) {
        let project = self.work.session.project();
        let Some(found) = project.article(article) else {
            return;
        };
        let Some(annotation) = found.annotations.get(id.as_str()) else {
            return;
        };
        let codebook = project.codebook();
        let (by, when) = (self.work.session.annotator(), Some(clock::now()));
        let signed = Signed { by, when };
        let name = codebook.name_of(&annotation.label).to_lowercase();
        let (title, edit): (String, Option<Edit>) = match verdict {
            Verdict::Confirm => {
                let same = annotation.label.clone();
                let edit = mark::relabel(codebook, found, id, &same, signed);
                (format!("confirm {name}"), edit)
            }
            Verdict::Relabel(label) => {
                let title = format!("change label to {}", codebook.name_of(label).to_lowercase());
                (title, mark::relabel(codebook, found, id, label, signed))
            }
            Verdict::Trash => {
                let edit = trash::trash_annotation(project, article, id, signed);
                (format!("delete {name}"), Some(edit))
            }
        };
        if let Some(edit) = edit
            && self.apply(title, vec![edit])
        {
            self.mend_references();
            if let Verdict::Relabel(label) = verdict {
                self.remember_label(label);
            }
        }
    }
}
