//! An article: its text, what is known about it, and its annotations.

use crate::core::annotation::AnnotationSet;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId};
use crate::core::kept::{UnknownFields, named};
use crate::core::shown::shown;
use crate::core::text::{ArticleText, ByteRange};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Article {
    pub id: ArticleId,
    pub title: String,
    pub text: Arc<ArticleText>,
    /// `outlet`, `author`, `published`, `url`, `section`, `language`, `file`, and any other.
    pub metadata: BTreeMap<String, String>,
    /// How far each annotator has come; absent is new.
    pub status: BTreeMap<AnnotatorId, Status>,
    /// Where each annotator has read and found nothing: stretches that rise and do not touch.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub nothing: BTreeMap<AnnotatorId, Vec<ByteRange>>,
    pub notes: String,
    pub annotations: AnnotationSet,
    pub unknown: UnknownFields,
}

impl PartialEq for Article {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.title == other.title
            && self.text.as_str() == other.text.as_str()
            && self.metadata == other.metadata
            && self.status == other.status
            && self.nothing == other.nothing
            && self.notes == other.notes
            && self.annotations == other.annotations
            && self.unknown == other.unknown
    }
}

named! {
    /// How far an annotator has come with an article. "Read, nothing here" is done.
    pub enum Status {
        #[default]
        New = "new",
        InProgress = "in_progress",
        Done = "done",
        Flagged = "flagged",
    }
}

impl Status {
    /// Its name as people and datasets have it: words, where files have one.
    pub fn name(&self) -> &str {
        match self {
            Self::InProgress => "in progress",
            other => other.code(),
        }
    }

    /// Its name as one word, for options.
    pub fn word(&self) -> &str {
        match self {
            Self::InProgress => "in-progress",
            other => other.name(),
        }
    }

    /// The status that people and datasets call so.
    pub fn called(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|status| status.name() == name).cloned()
    }
}

impl Article {
    pub fn new(id: ArticleId, title: impl Into<String>, text: ArticleText) -> Self {
        Self {
            id,
            title: title.into(),
            text: Arc::new(text),
            metadata: BTreeMap::new(),
            status: BTreeMap::new(),
            nothing: BTreeMap::new(),
            notes: String::new(),
            annotations: AnnotationSet::default(),
            unknown: UnknownFields::new(),
        }
    }

    /// The same with annotation ids that no other article has.
    pub fn with_ids_of_its_own(&self) -> Self {
        let fresh = |id: &AnnotationId| AnnotationId::new(format!("{id}@{}", self.id));
        let renamed = self.annotations.iter().map(|annotation| {
            let mut annotation = annotation.as_ref().clone();
            annotation.id = fresh(&annotation.id);
            if !annotation.links.is_empty() {
                for link in &mut annotation.links {
                    link.target = fresh(&link.target);
                }
            }
            annotation
        });
        let mut article = self.clone();
        article.annotations = AnnotationSet::from_annotations(renamed.collect::<Vec<_>>()).0;
        article
    }

    pub fn status_for(&self, annotator: &AnnotatorId) -> Status {
        self.status.get(annotator).cloned().unwrap_or_default()
    }

    /// Where an annotator has read and found nothing.
    pub fn nothing_for(&self, annotator: &AnnotatorId) -> &[ByteRange] {
        self.nothing.get(annotator).map_or(&[], Vec::as_slice)
    }

    pub fn meta(&self, name: &str) -> Option<&str> {
        self.metadata.get(name).map(String::as_str)
    }

    /// The same on one line, as it is shown to people.
    pub fn shown_title(&self) -> std::borrow::Cow<'_, str> {
        shown(self.display_title())
    }

    /// The title, or its stand-in for an article without one.
    pub fn display_title(&self) -> &str {
        if self.title.trim().is_empty() {
            "Untitled article"
        } else {
            &self.title
        }
    }

    /// The outlet and date line of lists and headers; empty when nothing is known.
    pub fn byline(&self) -> String {
        let parts: Vec<&str> = ["outlet", "author", "published"]
            .iter()
            .filter_map(|name| self.meta(name))
            .filter(|value| !value.trim().is_empty())
            .collect();
        parts.join(" · ")
    }
}

/// The id of an article with a text: the start of its hash, so that two people who import the same
/// article agree on it.
pub fn id_from_hash(hash: &str) -> ArticleId {
    let digits = hash.strip_prefix("blake3:").unwrap_or(hash);
    ArticleId::new(format!("a-{}", digits.get(..12).unwrap_or(digits)))
}
