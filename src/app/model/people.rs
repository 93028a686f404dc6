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
            return self.show_naming(found, "");
        }
        let name = project.person(person).map(|person| shown(&person.name));
        let name = name.unwrap_or_default().into_owned();
        let title = format!("Looking for what {name} said");
        let (project, selected) = (project.clone(), selected.cloned());
        let person = person.clone();
        self.start(JobKind::Person, title, move |context| {
            let mut goes_on = || !context.is_cancelled();
            let found = next_naming(&project, &person, start, selected.as_ref(), &mut goes_on);
            Outcome::of_project(move |model| model.show_naming(found, &name))
        });
    }

    fn show_naming(&mut self, found: Naming, name: &str) {
        match found {
            Naming::Found(article, id) => {
                self.show_article(&article);
                self.perform(Action::SelectAnnotation { id, reveal: true });
            }
            Naming::None => self.notify(Notice::info("No annotation names this person")),
            Naming::Stopped => {
                let told = format!("The search for what {name} said was stopped");
                self.notify(Notice::info(told));
            }
        }
    }
}

/// What came of looking for an annotation that names somebody.
enum Naming {
    Found(ArticleId, AnnotationId),
    None,
    Stopped,
}

fn next_naming(
    project: &Project,
    person: &PersonId,
    start: usize,
    selected: Option<&AnnotationId>,
    goes_on: &mut dyn FnMut() -> bool,
) -> Naming {
    let names =
        |value: &AttributeValue| matches!(value, AttributeValue::Person(id) if id == person);
    let articles = project.articles();
    // The article at hand comes twice: what is behind the selected one first, the rest last.
    let order = (start..articles.len()).chain(0..=start.min(articles.len().saturating_sub(1)));
    let mut is_behind = selected.is_none();
    for at in order {
        let Some(article) = articles.get(at) else {
            break;
        };
        if !goes_on() {
            return Naming::Stopped;
        }
        for annotation in article.annotations.in_text_order() {
            if is_behind && annotation.attributes.values().any(names) {
                return Naming::Found(article.id.clone(), annotation.id.clone());
            }
            is_behind |= selected == Some(&annotation.id);
        }
        is_behind = true;
    }
    Naming::None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::settings::Settings;
    use crate::core::annotation::Annotation;
    use crate::core::edit::tests::project;
    use crate::core::edit::{Edit, Transaction, apply};
    use crate::core::text::{BytePos, ByteRange};
    use std::sync::Arc;

    #[test]
    fn a_search_that_was_stopped_says_so() {
        let mut named = project();
        let range = ByteRange::new(BytePos(0), BytePos(7));
        let mut mark = Annotation::new("m-1".into(), "ana".into(), "quote".into(), range);
        let value = AttributeValue::Person("ada".into());
        mark.attributes.insert("speaker", value);
        let edit = Edit::AddAnnotation {
            article: "a1".into(),
            annotation: Box::new(mark),
        };
        apply(&mut named, &Transaction::new("mark", vec![edit])).unwrap();
        let cases = [
            (&named, true, None),
            (
                &named,
                false,
                Some("The search for what Ada said was stopped"),
            ),
            (&project(), true, Some("No annotation names this person")),
            (
                &project(),
                false,
                Some("The search for what Ada said was stopped"),
            ),
        ];
        for (project, goes_on, expected) in cases {
            let found = next_naming(project, &"ada".into(), 0, None, &mut || goes_on);
            let mut model = Model::new(Settings::default(), None, Arc::new(|| ()));
            model.show_naming(found, "Ada");
            let told = model.notices().iter();
            let told: Vec<&str> = told.map(|notice| notice.message.as_str()).collect();
            assert_eq!(told, Vec::from_iter(expected));
        }
    }
}
