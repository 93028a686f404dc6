//! Going to what people said: through the annotations that name somebody.

use super::Model;
use super::jobs::Outcome;
use crate::app::action::Action;
use crate::app::jobs::{JobKind, Turn, jobs};
use crate::app::notice::Notice;
use crate::core::annotation::AttributeValue;
use crate::core::ids::{AnnotationId, ArticleId, PersonId};
use crate::core::project::Project;
use crate::core::shown::shown;

jobs! {
    // Looking for the next annotation of somebody.
    Person => Turn::NewestWins,
}

impl Model {
    /// Shows the next annotation that names this person, from the selected one on and round again.
    /// Where there are many it is looked for in the background.
    pub(super) fn go_to_person(&mut self, person: &PersonId) {
        const FEW: usize = 20_000;
        let project = self.session().project();
        let start = self.article_index().unwrap_or(0);
        let selected = self.selected();
        if project.annotation_count() <= FEW {
            let found = next_naming(project, person, start, selected, &mut || true);
            return self.show_naming(found);
        }
        let name = project.person(person).map(|person| shown(&person.name));
        let title = format!("Looking for what {} said", name.unwrap_or_default());
        let (project, selected) = (project.clone(), selected.cloned());
        let person = person.clone();
        self.start(JobKind::Person, title, move |context| {
            let mut goes_on = || !context.is_cancelled();
            let found = next_naming(&project, &person, start, selected.as_ref(), &mut goes_on);
            Outcome::of_project(move |model| model.show_naming(found))
        });
    }

    fn show_naming(&mut self, found: Option<(ArticleId, AnnotationId)>) {
        match found {
            Some((article, id)) => {
                self.go_to_article(&article);
                self.perform(Action::SelectAnnotation { id, reveal: true });
            }
            None => self.notify(Notice::info("No annotation names this person")),
        }
    }
}

fn next_naming(
    project: &Project,
    person: &PersonId,
    start: usize,
    selected: Option<&AnnotationId>,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<(ArticleId, AnnotationId)> {
    let names =
        |value: &AttributeValue| matches!(value, AttributeValue::Person(id) if id == person);
    let articles = project.articles();
    // The article at hand comes twice: what is behind the selected one first, the rest last.
    let order = (start..articles.len()).chain(0..=start.min(articles.len().saturating_sub(1)));
    let mut is_behind = selected.is_none();
    for at in order {
        let article = articles.get(at)?;
        if !goes_on() {
            return None;
        }
        for annotation in article.annotations.in_text_order() {
            if is_behind && annotation.attributes.values().any(names) {
                return Some((article.id.clone(), annotation.id.clone()));
            }
            is_behind |= selected == Some(&annotation.id);
        }
        is_behind = true;
    }
    None
}
