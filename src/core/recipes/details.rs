//! Changing what is known about several articles at once: titles, metadata, notes.
//!
//! Values that are not changed stay as they are, to the letter. A field is taken away by giving it no
//! value.

use crate::core::article::Article;
use crate::core::edit::{ArticleDetails, Edit};
use crate::core::ids::ArticleId;
use crate::core::project::Project;
use std::collections::{BTreeMap, BTreeSet};

/// The fields that every article is asked for, as they stand in files, with their titles.
pub const USUAL: [(&str, &str); 6] = [
    ("author", "Byline"),
    ("outlet", "Outlet"),
    ("published", "Published"),
    ("section", "Section"),
    ("language", "Language"),
    ("url", "Address"),
];

/// The field that says which way all paragraphs of an article go: “rtl” or “ltr”. Without it each
/// goes the way of its first letter.
pub const DIRECTION: &str = "direction";
/// The field with the language of an article, as a tag (BCP 47).
pub const LANGUAGE: &str = "language";

/// What becomes of the details of articles; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailsChange {
    pub title: Option<String>,
    pub notes: Option<String>,
    /// An empty value takes the field away.
    pub fields: BTreeMap<String, String>,
}

impl DetailsChange {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it makes anything of an article another.
    fn touches(&self, article: &Article) -> bool {
        let is_other = |new: &Option<String>, old: &str| new.as_ref().is_some_and(|new| new != old);
        is_other(&self.title, &article.title)
            || is_other(&self.notes, &article.notes)
            || self
                .fields
                .iter()
                .any(|(name, value)| article.meta(name).unwrap_or_default() != value)
    }

    fn applied_to(&self, article: &Article) -> ArticleDetails {
        let mut metadata = article.metadata.clone();
        for (name, value) in &self.fields {
            // One that is empty already is not taken away by the way.
            if article.meta(name).unwrap_or_default() == value {
                continue;
            }
            match value.as_str() {
                "" => metadata.remove(name),
                value => metadata.insert(name.clone(), value.to_owned()),
            };
        }
        ArticleDetails {
            title: self.title.clone().unwrap_or_else(|| article.title.clone()),
            metadata,
            notes: self.notes.clone().unwrap_or_else(|| article.notes.clone()),
        }
    }
}

/// The articles that a change makes others.
pub fn touched<'a>(
    project: &'a Project,
    articles: &'a [ArticleId],
    change: &'a DetailsChange,
) -> impl Iterator<Item = &'a Article> {
    let found = articles.iter().filter_map(|id| project.article(id));
    found
        .map(AsRef::as_ref)
        .filter(|article| change.touches(article))
}

/// The edits that change the details of articles, one for each that becomes another.
pub fn change(project: &Project, articles: &[ArticleId], change: &DetailsChange) -> Vec<Edit> {
    let edits = touched(project, articles, change).map(|article| Edit::SetDetails {
        article: article.id.clone(),
        details: change.applied_to(article),
    });
    edits.collect()
}

/// What several articles have in one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSummary {
    pub name: String,
    /// Values, each with how many articles have it; the empty one is that of those without.
    pub values: BTreeMap<String, usize>,
    /// How many articles there are.
    pub articles: usize,
}

impl FieldSummary {
    /// What all of them have.
    pub fn common(&self) -> Option<&str> {
        let mut values = self.values.keys();
        let first = values.next().map_or("", String::as_str);
        values.next().is_none().then_some(first)
    }

    /// How many would have another value than they have.
    pub fn changed_by(&self, value: &str) -> usize {
        self.articles - self.values.get(value).copied().unwrap_or(0)
    }

    /// How many have any.
    pub fn filled(&self) -> usize {
        self.changed_by("")
    }
}

/// What articles have in each field: the usual ones first, then their own by name.
pub fn summary(project: &Project, articles: &[ArticleId]) -> Vec<FieldSummary> {
    let found = articles.iter().filter_map(|id| project.article(id));
    let found: Vec<&Article> = found.map(AsRef::as_ref).collect();
    let own: BTreeSet<&str> = found
        .iter()
        .flat_map(|article| article.metadata.keys())
        .map(String::as_str)
        .filter(|name| !USUAL.iter().any(|(usual, _)| usual == name))
        .collect();
    let names = USUAL.iter().map(|(name, _)| *name).chain(own);
    let summary = names.map(|name| {
        let mut values: BTreeMap<&str, usize> = BTreeMap::new();
        for article in &found {
            *values
                .entry(article.meta(name).unwrap_or_default())
                .or_default() += 1;
        }
        let values = values.into_iter().map(|(value, n)| (value.to_owned(), n));
        FieldSummary {
            name: name.to_owned(),
            values: values.collect(),
            articles: found.len(),
        }
    });
    summary.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::edit::{Transaction, apply};
    use crate::core::project::ProjectParts;
    use crate::core::text::ArticleText;
    use std::sync::Arc;

    fn project() -> Project {
        let article = |id: &str, metadata: &[(&str, &str)]| {
            let text = ArticleText::new("Text.".to_owned());
            let mut article = Article::new(id.into(), id, text);
            let fields = metadata
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
            article.metadata.extend(fields);
            Arc::new(article)
        };
        Project::from_parts(ProjectParts {
            articles: vec![
                article("a", &[("outlet", "Post"), ("wave", "1")]),
                article("b", &[("outlet", "Post"), ("published", "14 mai  2024")]),
                article("c", &[("outlet", ""), ("wave", "2")]),
            ],
            ..ProjectParts::default()
        })
    }

    #[test]
    fn only_what_is_named_changes_and_only_where_it_is_other() {
        let ids: Vec<ArticleId> = ["a", "b", "c", "gone"].map(ArticleId::new).to_vec();
        for (fields, expected) in [
            (vec![], vec![]),
            (vec![("outlet", "Post")], vec!["c"]),
            (vec![("outlet", "")], vec!["a", "b"]),
            (vec![("wave", ""), ("section", "")], vec!["a", "c"]),
            (vec![("wave", "2"), ("desk", "x")], vec!["a", "b", "c"]),
        ] {
            let mut project = project();
            let before = project.clone();
            let fields = fields
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
            let wanted = DetailsChange {
                fields: fields.collect(),
                ..DetailsChange::default()
            };
            let edits = change(&project, &ids, &wanted);
            let changed: Vec<&str> = edits
                .iter()
                .filter_map(|edit| Some(edit.subject()?.0.as_str()))
                .collect();
            assert_eq!(changed, expected, "{wanted:?}");
            let undo = apply(&mut project, &Transaction::new("change", edits)).unwrap();
            let b = project.article(&"b".into()).unwrap();
            assert_eq!(b.meta("published"), Some("14 mai  2024"));
            for (name, value) in &wanted.fields {
                let all = project.articles().iter();
                let said = all.map(|article| article.meta(name).unwrap_or_default());
                assert!(said.clone().all(|said| said == value), "{wanted:?}");
            }
            apply(&mut project, &undo).unwrap();
            assert_eq!(project, before);
        }
    }

    #[test]
    fn a_summary_counts_what_articles_have() {
        let ids: Vec<ArticleId> = ["a", "b", "c"].map(ArticleId::new).to_vec();
        let summary = summary(&project(), &ids);
        let names: Vec<&str> = summary.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names.first(), Some(&"author"));
        assert_eq!(names.last(), Some(&"wave"));
        assert_eq!(names.len(), USUAL.len() + 1);
        let field = |name: &str| summary.iter().find(|field| field.name == name).unwrap();
        assert_eq!(field("author").common(), Some(""));
        assert_eq!(field("outlet").common(), None);
        assert_eq!(field("outlet").changed_by("Post"), 1);
        assert_eq!(field("wave").filled(), 2);
    }
}
