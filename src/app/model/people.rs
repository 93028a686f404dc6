//! Going to what people said: through the annotations that name somebody.

use super::Model;
use crate::app::action::Action;
use crate::core::annotation::AttributeValue;
use crate::core::ids::PersonId;

impl Model {
    /// Shows the next annotation that names this person, from the selected one on and round again.
    pub(super) fn go_to_person(&mut self, person: &PersonId) {
        let names =
            |value: &AttributeValue| matches!(value, AttributeValue::Person(id) if id == person);
        let articles = self.session().project().articles();
        let start = self.article_index().unwrap_or(0);
        let selected = self.selected();
        // The article at hand comes twice: what is behind the selected one first, the rest last.
        let order = (start..articles.len()).chain(0..=start.min(articles.len().saturating_sub(1)));
        let mut found = None;
        let mut is_behind = selected.is_none();
        for at in order {
            let Some(article) = articles.get(at) else {
                break;
            };
            for annotation in article.annotations.in_text_order() {
                if is_behind && annotation.attributes.values().any(names) {
                    found = Some((article.id.clone(), annotation.id.clone()));
                    break;
                }
                is_behind |= selected == Some(&annotation.id);
            }
            is_behind = true;
            if found.is_some() {
                break;
            }
        }
        match found {
            Some((article, id)) => {
                self.go_to_article(&article);
                self.perform(Action::SelectAnnotation { id, reveal: true });
            }
            None => self.notify(crate::app::notice::Notice::info(
                "No annotation names this person",
            )),
        }
    }
}
