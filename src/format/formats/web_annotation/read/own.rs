//! Pressmark's own pages, which say all of a project in terms of the Web Annotation vocabulary, and
//! come back exactly. Its IRIs (`urn:pressmark:annotation:…`) tell them from others.
//!
//! Positions are code points, half-open.

use super::{each, id_of, targets};
use crate::core::annotation::AttributeValue;
use crate::format::formats::web_annotation::{
    ABOUT, ANNOTATION, ARTICLE, LABEL, LINK, STANDARD, kind_of_standard, of_kind, urn,
};
use crate::format::reading::texts::Texts;
use crate::format::reading::{FoundAnnotation, FoundArticle, FoundLabel, ReadOptions, Source};
use crate::format::words::article_rows::marked_value;
use serde_json::Value;
use std::collections::HashMap;

fn own_id(annotation: &Value, kind: &str) -> Option<String> {
    of_kind(id_of(annotation)?, kind)
}

pub(super) fn is_own(annotation: &Value) -> bool {
    let kinds = [ANNOTATION, LINK, ABOUT, LABEL];
    kinds.iter().any(|kind| own_id(annotation, kind).is_some())
}

/// What a page holds.
#[derive(Default)]
pub(super) struct Page {
    pub(super) articles: Vec<FoundArticle>,
    pub(super) labels: Vec<FoundLabel>,
    pub(super) used: Vec<String>,
    /// Articles whose texts are not here.
    pub(super) missing: Vec<String>,
}

pub(super) fn page(
    annotations: &[&Value],
    source: &Source<'_>,
    texts: &mut Texts<'_>,
    options: &ReadOptions,
) -> Page {
    let mut page = Page::default();
    // By the scope that annotations name.
    let mut places: HashMap<String, usize> = HashMap::new();
    for annotation in annotations {
        if let Some(label) = own_id(annotation, LABEL) {
            page.labels.push(defined(annotation, label));
        } else if let Some(id) = own_id(annotation, ABOUT) {
            let mut article = described(annotation, id);
            let Some(scope) = page.find_text(annotation, &mut article, source, texts, options)
            else {
                page.missing.push(article.id);
                continue;
            };
            places.insert(scope, page.articles.len());
            page.articles.push(article);
        }
    }
    // Annotations by their ids: the article, and the place in it.
    let mut made: HashMap<String, (usize, usize)> = HashMap::new();
    for annotation in annotations {
        let Some(id) = own_id(annotation, ANNOTATION) else {
            continue;
        };
        let targets = targets::targets(annotation);
        let scope = targets.first().and_then(|target| target.scope);
        let at = scope.and_then(|scope| places.get(scope)).copied();
        let Some((at, article)) = at.and_then(|at| Some((at, page.articles.get_mut(at)?))) else {
            continue;
        };
        let mut found = marked(annotation);
        found.fragments = targets.into_iter().filter_map(|t| t.fragment).collect();
        found.id.clone_from(&id);
        made.insert(id, (at, article.annotations.len()));
        article.annotations.push(found);
    }
    for annotation in annotations {
        if own_id(annotation, LINK).is_none() {
            continue;
        }
        let ends = |value: Option<&Value>| {
            let mut ids = each(value).filter_map(id_of);
            ids.find_map(|iri| of_kind(iri, ANNOTATION))
        };
        let from = ends(annotation.get("target")).and_then(|id| made.get(&id).copied());
        let role = said(annotation, "tagging").next();
        if let (Some((at, n)), Some(to)) = (from, ends(annotation.get("body")))
            && let Some(article) = page.articles.get_mut(at)
            && let Some(annotation) = article.annotations.get_mut(n)
        {
            let role = role.map_or("linked", |(_, role)| role);
            annotation.links.push((role.to_owned(), to));
        }
    }
    page
}

/// Labels and values of the bodies with a purpose.
fn said<'a>(
    annotation: &'a Value,
    purpose: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
    let bodies = each(annotation.get("body"));
    bodies.filter_map(move |body| {
        let told = |name: &str| body.get(name).and_then(Value::as_str);
        let is_wanted = told("purpose") == Some(purpose);
        is_wanted.then(|| {
            (
                told("label").unwrap_or_default(),
                told("value").unwrap_or_default(),
            )
        })
    })
}

fn defined(annotation: &Value, name: String) -> FoundLabel {
    let find = |purpose, name| said(annotation, purpose).find(|(label, _)| *label == name);
    let told = |purpose, name| {
        find(purpose, name)
            .map_or("", |(_, value)| value)
            .to_owned()
    };
    let color = told("describing", "color");
    FoundLabel {
        name,
        title: told("identifying", "name"),
        definition: told("describing", "definition"),
        color: u32::from_str_radix(color.trim_start_matches('#'), 16).ok(),
    }
}

fn described(annotation: &Value, id: String) -> FoundArticle {
    let mut article = FoundArticle {
        id,
        ..FoundArticle::default()
    };
    if let Some((_, title)) = said(annotation, "identifying").find(|(name, _)| *name == "title") {
        title.clone_into(&mut article.title);
    }
    for (field, value) in said(annotation, "describing") {
        article.metadata.insert(field.to_owned(), value.to_owned());
    }
    if let Some((_, notes)) = said(annotation, "commenting").next() {
        notes.clone_into(&mut article.notes);
    }
    for body in each(annotation.get("body")) {
        let annotator = body.pointer("/creator/nickname").and_then(Value::as_str);
        let status = body.get("value").and_then(Value::as_str);
        if let (Some(annotator), Some(status)) = (
            annotator,
            status.and_then(crate::core::article::Status::called),
        ) {
            article.status.insert(annotator.to_owned(), status);
        }
    }
    article
}

fn marked(annotation: &Value) -> FoundAnnotation {
    let mut found = FoundAnnotation {
        annotator: super::creator(annotation),
        made: super::time(annotation, &["created"]),
        changed: super::time(annotation, &["modified"]),
        ..FoundAnnotation::default()
    };
    if let Some((_, label)) = said(annotation, "tagging").next() {
        label.clone_into(&mut found.label);
    }
    if let Some((_, note)) = said(annotation, "commenting").next() {
        note.clone_into(&mut found.note);
    }
    for body in each(annotation.get("body")) {
        let told = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        if told("purpose") == "describing" {
            let kind = kind_of_standard(told(STANDARD)).unwrap_or_default();
            let value = marked_value(kind, told("value").to_owned());
            found.attributes.insert(told("label").to_owned(), value);
        }
    }
    for (name, value) in said(annotation, "classifying") {
        let list = found
            .attributes
            .entry(name.to_owned())
            .or_insert_with(|| AttributeValue::Many(Vec::new()));
        if let AttributeValue::Many(values) = list {
            values.push(value.to_owned());
        }
    }
    found
}

impl Page {
    /// Gives an article its text: from the file beside, from what is here already, or from another
    /// file that is called as the article is. Answers the scope of its annotations.
    fn find_text(
        &mut self,
        annotation: &Value,
        article: &mut FoundArticle,
        source: &Source<'_>,
        texts: &mut Texts<'_>,
        options: &ReadOptions,
    ) -> Option<String> {
        let mut bodies = each(annotation.get("body"));
        let file = bodies.find_map(|body| {
            let is_text = body.get("type").and_then(Value::as_str) == Some("Text");
            id_of(body).filter(|_| is_text)
        });
        if let Some(file) = file
            && let Some(name) = file.strip_prefix("texts/")
            && !name.contains(['/', '\\'])
            && let Some(bytes) = source.siblings.read(&source.beside(file))
            && let Ok(text) = String::from_utf8(bytes.to_vec())
        {
            article.text = text;
            self.used.push(source.beside(file));
            return Some(file.to_owned());
        }
        let scope = file.map_or_else(|| urn(ARTICLE, &article.id), str::to_owned);
        let hash = said(annotation, "identifying").find(|(name, _)| *name == "text");
        if let Some(known) = hash.and_then(|(_, hash)| options.known_texts.get(hash)) {
            article.text = known;
            return Some(scope);
        }
        let keys = [file, Some(article.id.as_str())].into_iter().flatten();
        let at = keys.into_iter().find_map(|key| texts.find(key))?;
        article.text.clone_from(&texts.get(at)?.text);
        Some(scope)
    }
}
