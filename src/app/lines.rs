//! What long lists of the window say of the trash, the history and the review list, and which of it
//! fits a filter. The words are made for what is in view, or for all where a filter looks for them.

use crate::app::derived::{Derive, DeriveLater};
use crate::app::model::{TrashLine, step_excerpt, trash_line};
use crate::app::session::Session;
use crate::core::project::Project;
use crate::format::project_ron;

/// Rows that can be in view at once.
const IN_VIEW: usize = 64;

/// The item of the trash at a place.
#[derive(Clone, PartialEq)]
pub struct TrashLineAt(pub usize);

impl Derive for TrashLineAt {
    type Value = TrashLine;
    type Memo = ();
    const KEPT: usize = IN_VIEW;

    fn derive(&self, session: &Session, (): &mut ()) -> TrashLine {
        let project = session.project();
        let item = project.trash().get(self.0);
        item.map(|item| trash_line(project, item))
            .unwrap_or_default()
    }
}

/// The places in the trash whose lines hold a text, newest first.
#[derive(Clone, PartialEq)]
pub struct FittingTrash(pub String);

impl DeriveLater for FittingTrash {
    type Value = Vec<usize>;

    fn is_small(&self, session: &Session) -> bool {
        const FEW: usize = 500;
        self.0.is_empty() || session.project().trash().len() <= FEW
    }

    /// What is chosen by place may be deleted for good, so it is never of an earlier state.
    fn may_show(&self, _: &Self) -> bool {
        false
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<Vec<usize>> {
        let wanted = self.0.to_lowercase();
        let mut found = Vec::new();
        for (at, item) in project.trash().iter().enumerate().rev() {
            if !goes_on() {
                return None;
            }
            if !wanted.is_empty() {
                let line = trash_line(project, item);
                let all = format!("{} {} {} {}", line.kind, line.text, line.detail, item.by);
                if !all.to_lowercase().contains(&wanted) {
                    continue;
                }
            }
            found.push(at);
        }
        Some(found)
    }
}

/// The words that the step at a place of the history is about.
#[derive(Clone, PartialEq)]
pub struct StepExcerptAt(pub usize);

impl Derive for StepExcerptAt {
    type Value = String;
    type Memo = ();
    const KEPT: usize = IN_VIEW;

    fn derive(&self, session: &Session, (): &mut ()) -> String {
        let step = session.history().steps().get(self.0);
        step.map(|step| step_excerpt(session.project(), step))
            .unwrap_or_default()
    }
}

/// What stands at a place of the review list, in words.
#[derive(Clone, PartialEq)]
pub struct ReviewLineAt(pub usize);

#[derive(Default)]
pub struct ReviewLine {
    /// The name of its label.
    pub label: String,
    pub title: String,
    /// The title of its article, when that is in the project.
    pub article: String,
    pub text: String,
    pub note: String,
    /// It is an annotation that can be placed again.
    pub is_annotation: bool,
}

impl Derive for ReviewLineAt {
    type Value = ReviewLine;
    type Memo = ();
    const KEPT: usize = IN_VIEW;

    fn derive(&self, session: &Session, (): &mut ()) -> ReviewLine {
        /// So much of the text is shown.
        const MAX_CHARS: usize = 400;
        let project = session.project();
        let Some(item) = project.set_aside().get(self.0) else {
            return ReviewLine::default();
        };
        let lost = project_ron::lost_annotation(&item.raw);
        let marked = project_ron::lost_texts(&item.raw).join(" … ");
        let text = if marked.is_empty() {
            item.raw.as_str()
        } else {
            &marked
        };
        let label = lost
            .as_ref()
            .map(|lost| project.codebook().name_of(&lost.label));
        let article = project.article(&item.article.as_str().into());
        ReviewLine {
            label: label.unwrap_or("Unreadable").to_owned(),
            article: article.map_or(String::new(), |article| article.shown_title().into_owned()),
            title: match &lost {
                Some(annotation) => format!(
                    "{} by {}",
                    project.codebook().name_of(&annotation.label),
                    project.annotator_name(&annotation.annotator)
                ),
                None => "Something that cannot be read".to_owned(),
            },
            text: text.chars().take(MAX_CHARS).collect(),
            is_annotation: lost.is_some(),
            note: lost
                .map(|annotation| annotation.note.clone())
                .unwrap_or_default(),
        }
    }
}
