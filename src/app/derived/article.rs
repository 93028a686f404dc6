//! What is derived from one article and its annotations.

use super::{Derive, DeriveLater};
use crate::app::session::Session;
use crate::core::codebook::Label;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, LabelId};
use crate::core::lists::{
    count_words, fitting_annotations, marks_by_row, ordinals, rows_within, stacked,
};
use crate::core::project::Project;
use crate::core::recipes::link::leading_to;
use crate::core::text::ByteRange;
use std::ops::Range;

/// The places of the annotations that fit, among the article's fragments, rising.
#[derive(Clone, PartialEq)]
pub struct FittingAnnotations {
    pub article: ArticleId,
    pub label: Option<LabelId>,
    pub text: String,
}

impl DeriveLater for FittingAnnotations {
    type Value = Vec<u32>;

    fn is_small(&self, session: &Session) -> bool {
        const FEW: usize = 4_000;
        let article = session.project().article(&self.article);
        self.text.trim().is_empty() || article.is_none_or(|a| a.annotations.len() <= FEW)
    }

    fn may_show(&self, other: &Self) -> bool {
        self.article == other.article
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<Vec<u32>> {
        let Some(article) = project.article(&self.article) else {
            return Some(Vec::new());
        };
        fitting_annotations(project, article, self.label.as_ref(), &self.text, goes_on)
    }
}

/// How many annotations of an article each label has, its kinds counted in, by its place in the
/// codebook.
#[derive(Clone, PartialEq)]
pub struct LabelCounts(pub ArticleId);

impl Derive for LabelCounts {
    type Value = Vec<usize>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Self::Value {
        let project = session.project();
        let article = project.article(&self.0);
        let own = |label: &Label| article.map_or(0, |a| a.annotations.count_of(&label.id));
        project.codebook().with_kinds(own)
    }
}

/// How many annotations of an article begin before each of its fragments.
#[derive(Clone, PartialEq)]
pub struct Ordinals(pub ArticleId);

impl Derive for Ordinals {
    type Value = Vec<u32>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Self::Value {
        let article = session.project().article(&self.0);
        article.map_or_else(Vec::new, |article| ordinals(article))
    }
}

/// Where the marks of an article stand when it is drawn in so many rows: rows that follow one another, and
/// their label by its place in the codebook.
#[derive(Clone, PartialEq)]
pub struct Marks {
    pub article: ArticleId,
    pub rows: usize,
}

impl Derive for Marks {
    type Value = Vec<(Range<usize>, u32)>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Self::Value {
        let project = session.project();
        match project.article(&self.article) {
            Some(article) => marks_by_row(article, project.codebook(), self.rows),
            None => Vec::new(),
        }
    }
}

/// Where an annotator has read and found nothing, of an article that is drawn in so many rows.
#[derive(Clone, PartialEq)]
pub struct NothingByRow {
    pub article: ArticleId,
    pub annotator: AnnotatorId,
    pub rows: usize,
}

impl Derive for NothingByRow {
    type Value = Vec<Range<usize>>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Self::Value {
        match session.project().article(&self.article) {
            Some(article) => {
                let nothing = article.nothing_for(&self.annotator);
                rows_within(article, nothing, self.rows)
            }
            None => Vec::new(),
        }
    }
}

/// How many words an article has; its text never changes.
#[derive(Clone, PartialEq)]
pub struct Words(pub ArticleId);

impl DeriveLater for Words {
    type Value = usize;

    fn stamp(&self, _: &Session) -> u64 {
        0
    }

    fn is_small(&self, session: &Session) -> bool {
        const SMALL_BYTES: usize = 1 << 18;
        let article = session.project().article(&self.0);
        article.is_none_or(|article| article.text.len_bytes() <= SMALL_BYTES)
    }

    fn may_show(&self, _: &Self) -> bool {
        false
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<usize> {
        let Some(article) = project.article(&self.0) else {
            return Some(0);
        };
        count_words(article.text.as_str(), goes_on)
    }
}

/// Which annotation of the article one is, in text order, from 1; 0 when it is none of them.
#[derive(Clone, PartialEq)]
pub struct PlaceInText {
    pub article: ArticleId,
    pub annotation: AnnotationId,
}

impl Derive for PlaceInText {
    type Value = usize;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> usize {
        let article = session.project().article(&self.article);
        let place = article.and_then(|a| a.annotations.place_in_text(self.annotation.as_str()));
        place.map_or(0, |place| place + 1)
    }
}

/// The annotations that lead to one, each with the role, in text order.
#[derive(Clone, PartialEq)]
pub struct LeadingTo {
    pub article: ArticleId,
    pub annotation: AnnotationId,
}

impl Derive for LeadingTo {
    type Value = Vec<(AnnotationId, String)>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Self::Value {
        let Some(article) = session.project().article(&self.article) else {
            return Vec::new();
        };
        let leading = leading_to(article, &self.annotation);
        leading
            .map(|(id, role)| (id.clone(), role.to_owned()))
            .collect()
    }
}

/// Where underlines lie below each other, rising.
#[derive(Clone, PartialEq)]
pub struct Stacked(pub ArticleId);

impl Derive for Stacked {
    type Value = Vec<ByteRange>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Self::Value {
        let article = session.project().article(&self.0);
        article.map_or_else(Vec::new, |article| stacked(article))
    }
}
