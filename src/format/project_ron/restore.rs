//! The trash and the review list of a project file, proven against the articles.
//!
//! An annotation in either may have lost its text to another program; it is looked for like any
//! other. Keeps invariant 7: what is not restored stays on the list, with its reason.

use super::article::{
    OTHER_CONTEXT, Place, Seek, Sought, Unfit, annotation_from, article_from, aside_annotation,
    later_values, sought_in, stands_as_before, still_aside,
};
use super::read::{Reader, of_a_later_version};
use super::record::{AnnotationRecord, TrashRecord};
use super::schema::{Unknown, from_ron};
use super::strings::quoted;
use super::values::TrashedRecord;
use crate::core::annotation::{Annotation, AnnotationSet, Timestamp};
use crate::core::article::Article;
use crate::core::check::{Problem, article_place};
use crate::core::codebook::Codebook;
use crate::core::ids::{AnnotatorId, ArticleId};
use crate::core::kept::Kept;
use crate::core::project::{ProjectParts, SetAside, TrashItem, Trashed};
use crate::format::time::timestamp_from;
use std::collections::HashMap;
use std::sync::Arc;

/// An annotation in the trash, before it was proven.
struct InTrash<'a> {
    /// Its place in the trash.
    at: usize,
    article: ArticleId,
    record: AnnotationRecord<'a>,
    by: AnnotatorId,
    when: Option<Timestamp>,
    unknown: Unknown,
}

impl Reader {
    /// The trash, in its order. An annotation's article may be in it too, before or after.
    pub(super) fn add_trash(&mut self, parts: &mut ProjectParts, items: Vec<TrashRecord<'_>>) {
        let mut annotations = Vec::new();
        let mut trashed: Vec<Option<TrashItem>> = Vec::new();
        for item in items {
            let by = self.names.annotator(item.by.as_str());
            let when = timestamp_from(item.when.as_str());
            let mut unknown = item.unknown;
            if when.is_none() && !item.when.as_str().is_empty() {
                let value = item.when.as_str();
                unknown.push(("when".to_owned(), Kept::new(quoted(value))));
                self.problems
                    .push(of_a_later_version("trash", "when", value));
            }
            let what = match item.what {
                TrashedRecord::Annotation(article, record) => {
                    let article = ArticleId::new(article.as_str());
                    for (what, value) in later_values(&record) {
                        let place = format!("trash, annotation {}", record.id.as_str());
                        self.problems.push(of_a_later_version(place, what, value));
                    }
                    annotations.push(InTrash {
                        at: trashed.len(),
                        article,
                        record: *record,
                        by,
                        when,
                        unknown,
                    });
                    trashed.push(None);
                    continue;
                }
                TrashedRecord::Article(record) => {
                    let read = article_from(*record, &parts.codebook, &mut self.names, None);
                    self.aside.extend(read.aside);
                    self.problems.extend(read.problems);
                    Trashed::Article(Arc::new(read.article))
                }
                TrashedRecord::Label(mut label) => {
                    self.look_at_labels(std::iter::once(label.as_mut()));
                    Trashed::Label(*label)
                }
                TrashedRecord::Annotator(annotator) => Trashed::Annotator(*annotator),
                TrashedRecord::Later(raw) => {
                    self.problems
                        .push(of_a_later_version("trash", "what", raw.as_str()));
                    Trashed::Later(Kept::new(raw.as_str()))
                }
            };
            trashed.push(Some(TrashItem {
                what,
                by,
                when,
                unknown,
            }));
        }
        let mut articles: HashMap<ArticleId, Arc<Article>> = HashMap::new();
        if !annotations.is_empty() {
            let in_trash = trashed.iter().flatten();
            let in_trash = in_trash.filter_map(|item| item.what.article());
            let all = in_trash.chain(&parts.articles);
            articles.extend(all.map(|article| (article.id.clone(), article.clone())));
        }
        self.add_trashed_annotations(&mut trashed, annotations, &articles);
        parts.trash = trashed.into_iter().flatten().collect();
    }

    fn add_trashed_annotations(
        &mut self,
        trashed: &mut [Option<TrashItem>],
        annotations: Vec<InTrash<'_>>,
        articles: &HashMap<ArticleId, Arc<Article>>,
    ) {
        let mut made: Vec<Option<Annotation>> = Vec::new();
        let mut lost: HashMap<&ArticleId, Vec<(usize, String)>> = HashMap::new();
        for (i, item) in annotations.iter().enumerate() {
            made.push(None);
            let Some(article) = articles.get(&item.article) else {
                let reason = "its article is not in the project".to_owned();
                let place = Place::new(None, item.article.as_str(), "").of_article();
                self.set_aside_annotation(&item.record, item.article.as_str(), &place, reason);
                continue;
            };
            match annotation_from(&item.record, &article.text, None, &mut self.names) {
                Ok(annotation) => {
                    if let Some(slot) = made.last_mut() {
                        *slot = Some(annotation);
                    }
                }
                Err(Unfit::Text(reason) | Unfit::Other(reason)) => {
                    lost.entry(&item.article).or_default().push((i, reason));
                }
            }
        }
        // In the order of the file, not of the map.
        for item in &annotations {
            let Some(lost) = lost.remove(&item.article) else {
                continue;
            };
            let Some(article) = articles.get(&item.article) else {
                continue;
            };
            let place = format!(
                "trash, {}",
                article_place(article.id.as_str(), &article.title)
            );
            let size = 2 * article.text.len_bytes() + 200 * lost.len();
            let at: Vec<usize> = lost.iter().map(|&(i, _)| i).collect();
            let records = lost.into_iter().filter_map(|(i, reason)| {
                let record = &annotations.get(i)?.record;
                Some(Sought {
                    record,
                    reason,
                    likely: 0,
                })
            });
            let found = Seek::new(&article.text, &[], size).all(records.collect(), &mut self.names);
            for (i, (record, found)) in at.into_iter().zip(found) {
                match found {
                    Ok((annotation, problem)) => {
                        let place = place.clone();
                        self.problems.push(Problem { place, ..problem });
                        if let Some(slot) = made.get_mut(i) {
                            *slot = Some(annotation);
                        }
                    }
                    Err(reason) => {
                        let record = sought_in(record.clone(), &article.text);
                        let id = article.id.as_str();
                        self.set_aside_annotation(&record, id, &place, reason);
                    }
                }
            }
        }
        for (item, annotation) in annotations.into_iter().zip(made) {
            if let Some(annotation) = annotation
                && let Some(slot) = trashed.get_mut(item.at)
            {
                *slot = Some(TrashItem {
                    what: Trashed::Annotation {
                        article: item.article,
                        annotation: Arc::new(annotation),
                    },
                    by: item.by,
                    when: item.when,
                    unknown: item.unknown,
                });
            }
        }
    }

    fn set_aside_annotation(
        &mut self,
        record: &AnnotationRecord<'_>,
        article: &str,
        place: &str,
        reason: String,
    ) {
        let (aside, problem) = aside_annotation(record, article, place, reason);
        self.problems.push(problem);
        self.aside.push(aside);
    }

    /// What was set aside earlier is tried again: its label may be in the codebook by now, or the
    /// text may be another. It is looked for once in each text. So is what was set aside just now,
    /// since its article may have come from another piece of the file.
    pub(super) fn restore_or_keep(&mut self, parts: &mut ProjectParts, earlier: Vec<SetAside>) {
        let mut asides = std::mem::take(&mut self.aside);
        let new = asides.len();
        asides.extend(earlier);
        if asides.is_empty() {
            return;
        }
        let mut articles: HashMap<String, (usize, Vec<usize>)> = HashMap::new();
        for (i, article) in parts.articles.iter().enumerate() {
            articles.insert(article.id.to_string(), (i, Vec::new()));
        }
        for (i, aside) in asides.iter().enumerate() {
            if let Some((_, list)) = articles.get_mut(aside.article.as_str()) {
                list.push(i);
            }
        }
        // An id that stands elsewhere in the project is taken too.
        let all = parts.articles.iter().flat_map(|a| a.annotations.iter());
        self.taken = all.map(|annotation| annotation.id.clone()).collect();
        let mut lists: Vec<(usize, Vec<usize>)> = articles.into_values().collect();
        lists.retain(|(_, list)| !list.is_empty());
        lists.sort();
        let mut is_restored = vec![false; asides.len()];
        for (article, list) in lists {
            if let Some(article) = parts.articles.get_mut(article) {
                self.restore_in(
                    article,
                    &parts.codebook,
                    &mut asides,
                    &list,
                    &mut is_restored,
                );
            }
        }
        for (i, (aside, is_restored)) in asides.into_iter().zip(is_restored).enumerate() {
            let place = Place::new(None, &aside.article, "").of_article();
            match (is_restored, i < new) {
                (true, true) => self.problems.push(Problem::warning(
                    place,
                    format!(
                        "an annotation that was set aside fits the article: {}",
                        aside.reason
                    ),
                    "it is put back where its text is",
                )),
                (true, false) => {}
                (false, is_new) => {
                    if !is_new {
                        self.problems.push(still_aside(place, &aside.reason));
                    }
                    self.aside.push(aside);
                }
            }
        }
    }

    fn restore_in(
        &mut self,
        article: &mut Arc<Article>,
        codebook: &Codebook,
        asides: &mut [SetAside],
        list: &[usize],
        is_restored: &mut [bool],
    ) {
        let text = article.text.clone();
        let raws: Vec<(usize, String)> = list
            .iter()
            .filter_map(|&i| Some((i, asides.get(i)?.raw.as_str().to_owned())))
            .collect();
        let records = raws.iter().filter_map(|(i, raw)| {
            let record: AnnotationRecord<'_> = from_ron(raw).ok()?;
            Some((*i, record))
        });
        let records: Vec<(usize, AnnotationRecord<'_>)> = records.collect();
        let mut restored = Vec::new();
        let mut lost = Vec::new();
        for (i, record) in &records {
            if self.taken.contains(record.id.as_str()) {
                continue;
            }
            let sought_in = record.sought_in.as_str();
            match annotation_from(record, &text, Some(codebook), &mut self.names) {
                // What was looked for in vain may stand by chance where the same words are.
                Ok(made) if !sought_in.is_empty() && !stands_as_before(record, &made, &text) => {
                    if sought_in != text.hash() {
                        lost.push((*i, record, OTHER_CONTEXT.to_owned()));
                    }
                }
                Ok(made) => {
                    self.taken.insert(made.id.clone());
                    restored.push(made);
                    if let Some(is_restored) = is_restored.get_mut(*i) {
                        *is_restored = true;
                    }
                }
                Err(Unfit::Text(reason)) if sought_in != text.hash() => {
                    lost.push((*i, record, reason));
                }
                Err(_) => {}
            }
        }
        let size = 2 * text.len_bytes() + 200 * lost.len();
        let at: Vec<usize> = lost.iter().map(|(i, _, _)| *i).collect();
        let lost = lost.into_iter().map(|(_, record, reason)| Sought {
            record,
            reason,
            likely: 0,
        });
        let fitting: Vec<Annotation> = if at.is_empty() {
            Vec::new()
        } else {
            article
                .annotations
                .iter()
                .map(|a| Annotation::clone(a))
                .collect()
        };
        let found = Seek::new(&text, &fitting, size).all(lost.collect(), &mut self.names);
        for (i, (record, found)) in at.into_iter().zip(found) {
            match found {
                Ok((made, problem)) if self.taken.insert(made.id.clone()) => {
                    let place = article_place(article.id.as_str(), &article.title);
                    self.problems.push(Problem { place, ..problem });
                    restored.push(made);
                    if let Some(is_restored) = is_restored.get_mut(i) {
                        *is_restored = true;
                    }
                }
                Ok(_) => {}
                Err(reason) => {
                    if let Some(aside) = asides.get_mut(i) {
                        let record = sought_in(record.clone(), &text);
                        aside.raw = Kept::new(super::write::record_text(&record));
                        aside.reason = reason;
                    }
                }
            }
        }
        if !restored.is_empty() {
            let target = Arc::make_mut(article);
            let all = target.annotations.iter().map(|a| Annotation::clone(a));
            target.annotations = AnnotationSet::from_annotations(all.chain(restored)).0;
        }
    }
}
