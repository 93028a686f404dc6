//! What tying words to somebody does to the quotes of an article that have these words as their source.

use super::source_of_nobody;
use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::article::Article;
use crate::core::codebook::Part;
use crate::core::edit::Edit;
use crate::core::ids::{ArticleId, PersonId};
use crate::core::project::{Project, plain_words};
use crate::core::recipes::{Signed, mark, people};
use std::sync::Arc;

/// Quotes of an article that name nobody who has a name, but have these words as their source, get who
/// is meant by them.
pub fn name_who_is_meant(
    project: &Project,
    person: &PersonId,
    article: &ArticleId,
    words: &str,
    signed: Signed<'_>,
) -> Vec<Edit> {
    let codebook = project.codebook();
    let (Some(article), Some(person)) = (project.article(article), project.person(person)) else {
        return Vec::new();
    };
    let edits = said_by_words(project, article, words).filter_map(|annotation| {
        let label = codebook.label(annotation.label.as_str())?;
        let name = label.part(Part::Speaker)?.name.clone();
        mark::change(article, &annotation.id, signed, |quote| {
            let value = AttributeValue::Person(person.id.clone());
            quote.attributes.insert(name.as_str(), value);
        })
    });
    edits.collect()
}

/// Those of the ledger who are nothing but what such words were called, and are named nowhere else once
/// the words mean somebody.
pub fn emptied_by_tying(project: &Project, article: &ArticleId, words: &str) -> Vec<PersonId> {
    let Some(article) = project.article(article) else {
        return Vec::new();
    };
    let mut named: Vec<(PersonId, usize)> = Vec::new();
    for quote in said_by_words(project, article, words) {
        let label = project.codebook().label(quote.label.as_str());
        let spec = label.and_then(|label| label.part(Part::Speaker));
        if let Some(AttributeValue::Person(id)) = spec.and_then(|s| quote.attributes.get(&s.name)) {
            let is_it =
                |value: &&AttributeValue| matches!(value, AttributeValue::Person(of) if of == id);
            if quote.attributes.values().filter(is_it).count() > 1 {
                // Somewhere else in it they stay.
                continue;
            }
            match named.iter_mut().find(|(known, _)| known == id) {
                Some((_, times)) => *times += 1,
                None => named.push((id.clone(), 1)),
            }
        }
    }
    let is_emptied = |(id, times): &(PersonId, usize)| {
        people::is_bare(project, id) && people::mentions(project, id).count() == *times
    };
    let emptied = named.into_iter().filter(is_emptied);
    emptied.map(|(id, _)| id).collect()
}

/// The quotes of an article that name nobody who has a name, but have these words as their source.
fn said_by_words<'a>(
    project: &'a Project,
    article: &'a Article,
    words: &str,
) -> impl Iterator<Item = &'a Arc<Annotation>> {
    let wanted = plain_words(words);
    let annotations = article.annotations.in_text_order();
    annotations.filter(move |annotation| {
        let source = source_of_nobody(project, article, annotation);
        source.is_some_and(|source| plain_words(article.text.slice(source)) == wanted)
    })
}
