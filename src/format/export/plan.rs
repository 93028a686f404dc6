//! What leaves, decided once: articles, annotations, names. Writers and proofs ask the same plan, so
//! a proof compares with what should have been written and not with what was.

use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::article::Article;
use crate::core::compact::Short;
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::project::Project;
use crate::core::text::ByteRange;
use crate::format::export::names::{distinct, file_stem, safe_name};
use crate::format::export::options::{ExportOptions, Layers, Texts, is_adjudicator};
use crate::format::export::record::{Fragment, Record, Span, Utf16};
use crate::format::export::{Losses, Progress, Written, split};
use crate::format::parallel;
use crate::format::reading::assembly::UNLABELLED;
use crate::format::{WriteError, proven_fragment};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

pub struct Plan<'a> {
    pub project: &'a Project,
    pub options: &'a ExportOptions,
    pub articles: Vec<Planned<'a>>,
    /// Labels in use or in the codebook, with their safe form (`[A-Za-z_][A-Za-z0-9_-]*`).
    pub labels: BTreeMap<String, String>,
    /// Attribute names in use, sorted, with their safe form.
    pub attributes: BTreeMap<String, String>,
    /// Link roles in use, sorted, with their safe form.
    pub roles: BTreeMap<String, String>,
    /// Metadata fields in use, sorted.
    pub metadata: BTreeSet<String>,
    /// Ids and names of annotators whose annotations leave, in the project's order.
    pub annotators: Vec<(String, String)>,
    /// Annotations whose id stands in several articles get that of their article before it.
    repeated_ids: HashSet<String>,
}

/// An article that leaves.
#[derive(Clone)]
pub struct Planned<'a> {
    pub article: &'a Article,
    /// Others with the same text, whose annotations leave with this one.
    pub copies: Vec<&'a Article>,
    pub file_stem: String,
    /// `train`, `dev`, `test`; empty without a split.
    pub part: &'static str,
}

impl<'a> Plan<'a> {
    pub fn new(project: &'a Project, options: &'a ExportOptions) -> Self {
        let chosen: Vec<&Article> = project
            .articles()
            .iter()
            .map(AsRef::as_ref)
            .filter(|article| options.takes_article(article))
            .collect();
        let mut articles: Vec<Planned<'a>> = Vec::with_capacity(chosen.len());
        let mut by_hash: HashMap<&str, usize> = HashMap::new();
        for article in &chosen {
            if options.identical_once {
                if let Some(first) = by_hash.get(article.text.hash()) {
                    if let Some(first) = articles.get_mut(*first) {
                        first.copies.push(article);
                    }
                    continue;
                }
                by_hash.insert(article.text.hash(), articles.len());
            }
            articles.push(Planned {
                article,
                copies: Vec::new(),
                file_stem: String::new(),
                part: "",
            });
        }
        let stems = distinct(articles.iter().map(|a| a.article.id.as_str()), file_stem);
        for planned in &mut articles {
            planned.file_stem = stems
                .get(planned.article.id.as_str())
                .cloned()
                .unwrap_or_default();
        }
        if let Some(wanted) = &options.split {
            let heads: Vec<&Article> = articles.iter().map(|a| a.article).collect();
            for (planned, part) in articles.iter_mut().zip(split::parts(&heads, wanted)) {
                planned.part = split::NAMES.get(part).copied().unwrap_or("train");
            }
        }
        let mut plan = Self {
            project,
            options,
            articles,
            labels: BTreeMap::new(),
            attributes: BTreeMap::new(),
            roles: BTreeMap::new(),
            metadata: BTreeSet::new(),
            annotators: Vec::new(),
            repeated_ids: HashSet::new(),
        };
        plan.collect_names();
        plan
    }

    fn collect_names(&mut self) {
        let codebook = self.project.codebook();
        let mut labels: BTreeSet<&str> = BTreeSet::new();
        let wanted = &self.options.labels;
        for label in &codebook.labels {
            if wanted.is_empty() || wanted.iter().any(|name| name == label.id.as_str()) {
                labels.insert(named(label.id.as_str()));
            }
        }
        let (mut attributes, mut roles) = (BTreeSet::new(), BTreeSet::new());
        let mut annotators: BTreeSet<&str> = BTreeSet::new();
        let all = self.all_articles();
        let annotations = all.map(|article| article.annotations.len()).sum();
        let mut ids: HashSet<&str> = HashSet::with_capacity(annotations);
        for planned in &self.articles {
            let articles = std::iter::once(planned.article).chain(planned.copies.iter().copied());
            for article in articles {
                for field in article.metadata.keys() {
                    if !self.metadata.contains(field) {
                        self.metadata.insert(field.clone());
                    }
                }
                for annotation in article.annotations.iter() {
                    if !self.takes(annotation) {
                        continue;
                    }
                    labels.insert(named(annotation.label.as_str()));
                    annotators.insert(annotation.annotator.as_str());
                    attributes.extend(annotation.attributes.keys().map(Short::as_str));
                    roles.extend(annotation.links.iter().map(|link| link.role.as_str()));
                    if !ids.insert(annotation.id.as_str()) {
                        self.repeated_ids.insert(annotation.id.to_string());
                    }
                }
            }
        }
        self.labels = distinct(labels, safe_name);
        self.attributes = distinct(attributes, safe_name);
        self.roles = distinct(roles, safe_name);
        let known = self.project.annotators().iter();
        self.annotators = known
            .map(|annotator| (annotator.id.to_string(), annotator.name.clone()))
            .filter(|(id, _)| annotators.remove(id.as_str()))
            .collect();
        let unknown = annotators
            .into_iter()
            .map(|id| (id.to_owned(), id.to_owned()));
        self.annotators.extend(unknown.collect::<Vec<_>>());
    }

    /// Articles that leave, and those with the same texts whose annotations leave with theirs.
    pub(crate) fn all_articles(&self) -> impl Iterator<Item = &'a Article> {
        let articles = self.articles.iter();
        articles.flat_map(|planned| {
            std::iter::once(planned.article).chain(planned.copies.iter().copied())
        })
    }

    /// The id that an annotation of an article leaves with.
    pub(crate) fn id_of<'p>(&self, article: &ArticleId, id: &'p AnnotationId) -> Cow<'p, str> {
        if self.repeated_ids.contains(id.as_str()) {
            format!("{article}-{id}").into()
        } else {
            id.as_str().into()
        }
    }

    pub(crate) fn takes(&self, annotation: &Annotation) -> bool {
        let decides = || {
            let id = annotation.annotator.as_str();
            is_adjudicator(id) || is_adjudicator(self.project.annotator_name(&annotation.annotator))
        };
        self.options.takes_annotation(annotation)
            && (self.options.layers != Layers::Adjudicated || decides())
    }

    fn with(&self, articles: Vec<Planned<'a>>) -> Self {
        Self {
            project: self.project,
            options: self.options,
            articles,
            labels: self.labels.clone(),
            attributes: self.attributes.clone(),
            roles: self.roles.clone(),
            metadata: self.metadata.clone(),
            annotators: self.annotators.clone(),
            repeated_ids: self.repeated_ids.clone(),
        }
    }

    pub fn whole(&self) -> Self {
        self.with(self.articles.clone())
    }

    /// The parts of a split, each as a plan of its own; itself without one.
    pub fn parts(&self) -> Vec<(&'static str, Plan<'a>)> {
        let part = |name: &'static str| {
            let articles = self.articles.iter().filter(|a| a.part == name);
            (name, self.with(articles.cloned().collect()))
        };
        match &self.options.split {
            None => vec![part("")],
            Some(_) => {
                let parts = split::NAMES.into_iter().map(part);
                parts
                    .filter(|(_, plan)| !plan.articles.is_empty())
                    .collect()
            }
        }
    }

    /// Whether the whole texts leave.
    pub fn has_texts(&self) -> bool {
        self.options.texts == Texts::Whole
    }

    /// The safe form of a label.
    pub fn safe_label<'p>(&'p self, label: &'p str) -> &'p str {
        self.labels.get(label).map_or(label, String::as_str)
    }

    pub fn safe_attribute<'p>(&'p self, name: &'p str) -> &'p str {
        self.attributes.get(name).map_or(name, String::as_str)
    }

    pub fn safe_role<'p>(&'p self, role: &'p str) -> &'p str {
        self.roles.get(role).map_or(role, String::as_str)
    }

    /// What people see of a label.
    pub fn label_title<'p>(&'p self, label: &'p str) -> &'p str {
        let known = self.project.codebook().label(label);
        known.map_or(label, |known| known.name.as_str())
    }

    /// `0xRRGGBB`.
    pub fn label_color(&self, label: &str) -> u32 {
        let known = self.project.codebook().label(label);
        known.map_or(0x6B_66_5F, |known| known.color)
    }

    /// Every article made into what is written of it, on all cores, and put in order; answers what
    /// they come to, with what `make` noted.
    pub(crate) fn write_each<T: Send>(
        &self,
        progress: Progress<'_>,
        make: impl Fn(&Record<'_>, &mut Written) -> Result<T, WriteError> + Sync,
        mut put: impl FnMut(&Planned<'_>, T) -> Result<(), WriteError>,
    ) -> Result<Written, WriteError> {
        let mut written = Written::default();
        parallel::in_order(
            &self.articles,
            progress,
            |planned| {
                let record = self.record(planned)?;
                let mut counted = Written::default();
                counted.count(&record);
                Ok((make(&record, &mut counted)?, counted))
            },
            |planned, (made, counted)| {
                written.add(&counted);
                put(planned, made)
            },
        )?;
        Ok(written)
    }

    /// The article with its spans.
    ///
    /// # Errors
    /// [`WriteError::Mismatch`] when a fragment does not lie in its text.
    pub fn record<'p>(&'p self, planned: &'p Planned<'a>) -> Result<Record<'p>, WriteError> {
        let article = planned.article;
        let mut losses = Losses::default();
        let mut spans: Vec<Span<'p>> = Vec::with_capacity(article.annotations.len());
        let mut sources: Vec<&'p Article> = vec![article];
        sources.extend(planned.copies.iter().copied());
        let mut seen: HashSet<(&str, &str, &[ByteRange])> = HashSet::new();
        let has_copies = !planned.copies.is_empty();
        for source in sources {
            for annotation in source.annotations.in_text_order() {
                if !self.takes(annotation) {
                    continue;
                }
                if has_copies {
                    let key = (
                        annotation.annotator.as_str(),
                        annotation.label.as_str(),
                        annotation.fragments.as_slice(),
                    );
                    if !seen.insert(key) {
                        losses.note(
                            "an annotation that stands in two identical articles is written once",
                            || format!("article {}", source.id),
                        );
                        continue;
                    }
                }
                spans.push(self.span(source, annotation, &mut losses)?);
            }
        }
        if has_copies {
            spans.sort_by_key(|span| {
                let extent = span.extent();
                (extent.start, std::cmp::Reverse(extent.end))
            });
        }
        if self.options.layers == Layers::Merged {
            merge(self.project, &mut spans);
        }
        keep_links_inside(&mut spans, &mut losses, article.id.as_str());
        Ok(Record {
            project: self.project,
            article,
            id: article.id.as_str(),
            file_stem: &planned.file_stem,
            spans,
            losses,
            units: Utf16::of(article.text.as_str()),
        })
    }

    fn span<'p>(
        &'p self,
        article: &'p Article,
        annotation: &'p Annotation,
        losses: &mut Losses,
    ) -> Result<Span<'p>, WriteError> {
        let mut fragments = Vec::with_capacity(annotation.fragments.len());
        for &fragment in &annotation.fragments {
            let (chars, text) = proven_fragment(article, annotation, fragment)?;
            fragments.push(Fragment {
                bytes: fragment,
                chars,
                text,
            });
        }
        let unique = |id: &'p str, losses: &mut Losses| {
            if !self.repeated_ids.contains(id) {
                return Cow::Borrowed(id);
            }
            losses.note(
                "an annotation id that stands in several articles has the article’s id before it",
                || format!("annotation {id}"),
            );
            Cow::Owned(format!("{}-{id}", article.id))
        };
        let id = unique(annotation.id.as_str(), losses);
        let links = annotation.links.iter().map(|link| {
            let target = link.target.as_str();
            let target = if self.repeated_ids.contains(target) {
                Cow::Owned(format!("{}-{target}", article.id))
            } else {
                Cow::Borrowed(target)
            };
            (link.role.as_str(), target)
        });
        let attributes = annotation.attributes.iter();
        Ok(Span {
            annotation,
            id,
            label: named(annotation.label.as_str()),
            annotator: Cow::Borrowed(annotation.annotator.as_str()),
            fragments,
            attributes: attributes
                .map(|(name, value)| (name.as_str(), Cow::Borrowed(value)))
                .collect(),
            note: Cow::Borrowed(&annotation.note),
            links: links.collect(),
        })
    }
}

/// Links to what does not leave are left out, and said.
fn keep_links_inside(spans: &mut [Span<'_>], losses: &mut Losses, article: &str) {
    if spans.iter().all(|span| span.links.is_empty()) {
        return;
    }
    let ids: HashSet<Cow<'_, str>> = spans.iter().map(|span| span.id.clone()).collect();
    for span in spans {
        let before = span.links.len();
        span.links
            .retain(|(_, target)| ids.contains(target.as_ref()));
        for _ in span.links.len()..before {
            losses.note(
                "a link to an annotation that is not exported is left out",
                || format!("annotation {} of article {article}", span.id),
            );
        }
    }
}

/// A label has a name: some formats take one without for none.
fn named(label: &str) -> &str {
    match label {
        "" => UNLABELLED,
        label => label,
    }
}

/// Annotations with one label on the same stretches become the first of them, with the annotators,
/// notes and attribute values of all. Links to the others lead to it.
fn merge(project: &Project, spans: &mut Vec<Span<'_>>) {
    let mut first: HashMap<(String, Vec<ByteRange>), usize> = HashMap::new();
    let mut merged: Vec<Span<'_>> = Vec::with_capacity(spans.len());
    let mut renamed: HashMap<String, String> = HashMap::new();
    for span in spans.drain(..) {
        let fragments = span.fragments.iter().map(|f| f.bytes).collect();
        let key = (span.label.to_owned(), fragments);
        let Some(into) = first.get(&key).and_then(|&at| merged.get_mut(at)) else {
            first.insert(key, merged.len());
            merged.push(span);
            continue;
        };
        renamed.insert(span.id.to_string(), into.id.to_string());
        if !into
            .annotator
            .split("; ")
            .any(|name| name == span.annotator)
        {
            into.annotator = format!("{}; {}", into.annotator, span.annotator).into();
        }
        if into.note.is_empty() {
            into.note = span.note;
        } else if !span.note.is_empty() && span.note != into.note {
            into.note = format!("{}\n{}", into.note, span.note).into();
        }
        for (name, value) in span.attributes {
            match into.attributes.iter_mut().find(|(known, _)| *known == name) {
                None => into.attributes.push((name, value)),
                Some((_, known)) if *known == value => {}
                Some((_, known)) => {
                    let list = |value: &AttributeValue| match value {
                        AttributeValue::Many(values) => values.clone(),
                        other => vec![project.value_text_apart(other)],
                    };
                    let mut all = list(known);
                    for value in list(&value) {
                        if !all.contains(&value) {
                            all.push(value);
                        }
                    }
                    *known = Cow::Owned(AttributeValue::Many(all));
                }
            }
        }
        into.links.extend(span.links);
    }
    for span in &mut merged {
        for (_, target) in &mut span.links {
            if let Some(new) = renamed.get(target.as_ref()) {
                *target = Cow::Owned(new.clone());
            }
        }
        let mut seen = HashSet::new();
        let own = span.id.to_string();
        span.links
            .retain(|(role, target)| *target != own && seen.insert((*role, target.to_string())));
    }
    *spans = merged;
}
