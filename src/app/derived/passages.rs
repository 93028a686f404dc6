//! What is shown of passages that were found: those that fit, where they stand, which are marked
//! already, and wordings beside each other.

use super::{Derive, DeriveLater};
use crate::app::passages::{NearCopy, Recurring};
use crate::app::session::Session;
use crate::core::article::Article;
use crate::core::ids::{AnnotatorId, ArticleId, LabelId};
use crate::core::passages::whole_lines;
use crate::core::project::Project;
use crate::core::recipes::copies::GROUP;
use crate::core::recipes::hits::place_of;
use crate::core::text::{ArticleText, ByteRange};
use crate::core::wording::{Excerpts, SideBySide, changes_of_words};
use std::collections::HashMap;
use std::sync::Arc;

/// The near copies that are shown, by their places among those found.
#[derive(Clone)]
pub struct NearListed {
    pub found: Arc<Vec<NearCopy>>,
    /// Of the words, in hundredths.
    pub least: u8,
    pub parts: bool,
}

impl PartialEq for NearListed {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.found, &other.found)
            && (self.least, self.parts) == (other.least, other.parts)
    }
}

impl Derive for NearListed {
    type Value = Vec<usize>;
    type Memo = ();

    /// What was found does not change.
    fn stamp(&self, _: &Session) -> u64 {
        0
    }

    fn derive(&self, _: &Session, (): &mut ()) -> Vec<usize> {
        let least = f32::from(self.least) / 100.0;
        let all = self.found.iter().enumerate();
        let fitting = all.filter(|(_, copy)| {
            if copy.is_part {
                self.parts
            } else {
                copy.share >= least
            }
        });
        fitting.map(|(at, _)| at).collect()
    }
}

/// Where near copies would be marked, and which of them are marked already.
#[derive(Clone)]
pub struct NearMarks {
    pub found: Arc<Vec<NearCopy>>,
    /// None while none is chosen: then none is marked.
    pub label: Option<LabelId>,
    pub by: AnnotatorId,
    /// They are widened to whole lines.
    pub lines: bool,
}

impl PartialEq for NearMarks {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.found, &other.found)
            && (&self.label, &self.by, self.lines) == (&other.label, &other.by, other.lines)
    }
}

/// Of one copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearMark {
    /// What was found, or the lines that it stands in.
    pub range: ByteRange,
    /// What would be marked, by the policy of the label.
    pub place: ByteRange,
    pub is_marked: bool,
    /// Its article is there still.
    pub is_there: bool,
}

impl DeriveLater for NearMarks {
    type Value = Vec<NearMark>;

    fn is_small(&self, _: &Session) -> bool {
        const FEW: usize = 200;
        self.found.len() <= FEW
    }

    fn may_show(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.found, &other.found)
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<Self::Value> {
        let label = self.label.as_ref();
        let spec = label.and_then(|label| project.codebook().label(label.as_str()));
        let mut marks = Vec::with_capacity(self.found.len());
        for copy in self.found.iter() {
            if !goes_on() {
                return None;
            }
            let Some(article) = project.article(&copy.article) else {
                let (range, is_there) = (copy.range, false);
                marks.push(NearMark {
                    range,
                    place: range,
                    is_marked: false,
                    is_there,
                });
                continue;
            };
            let range = if self.lines {
                whole_lines(&article.text, copy.range)
            } else {
                copy.range
            };
            let place = place_of(article, range, spec);
            let mut around = article.annotations.overlapping(range.union(place));
            let is_own = around.any(|entry| {
                Some(&entry.annotation.label) == label && entry.annotation.annotator == self.by
            });
            marks.push(NearMark {
                range,
                place,
                is_marked: is_own,
                is_there: true,
            });
        }
        Some(marks)
    }
}

/// What of a passage is changed where an article says it.
#[derive(Clone)]
pub struct CopyWording {
    pub passage: Arc<str>,
    pub text: Arc<ArticleText>,
    pub range: ByteRange,
}

impl PartialEq for CopyWording {
    fn eq(&self, other: &Self) -> bool {
        self.range == other.range
            && self.text.hash() == other.text.hash()
            && self.passage == other.passage
    }
}

impl Derive for CopyWording {
    type Value = Excerpts;
    type Memo = ();
    /// Those that are in view at once.
    const KEPT: usize = 40;

    /// Texts never change.
    fn stamp(&self, _: &Session) -> u64 {
        0
    }

    fn derive(&self, _: &Session, (): &mut ()) -> Excerpts {
        let here = self.text.slice(self.range);
        Excerpts::of(changes_of_words(&self.passage, here))
    }
}

/// In which order recurring passages stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecurringOrder {
    #[default]
    MostArticles,
    MostWords,
}

/// The recurring passages that are shown, by their places among those found.
#[derive(Clone)]
pub struct RecurringListed {
    pub found: Arc<Recurring>,
    pub least_words: usize,
    pub order: RecurringOrder,
}

impl PartialEq for RecurringListed {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.found, &other.found)
            && (self.least_words, self.order) == (other.least_words, other.order)
    }
}

impl Derive for RecurringListed {
    type Value = Vec<usize>;
    type Memo = ();

    fn stamp(&self, _: &Session) -> u64 {
        0
    }

    fn derive(&self, _: &Session, (): &mut ()) -> Vec<usize> {
        let all = self.found.passages.iter().enumerate();
        let fitting = all.filter(|(_, passage)| passage.words >= self.least_words);
        let mut listed: Vec<usize> = fitting.map(|(at, _)| at).collect();
        if self.order == RecurringOrder::MostWords {
            let words = |at: &usize| self.found.passages.get(*at).map_or(0, |p| p.words);
            listed.sort_by_key(|at| std::cmp::Reverse(words(at)));
        }
        listed
    }
}

/// Where a recurring passage stands.
#[derive(Clone)]
pub struct Whereabouts {
    pub found: Arc<Recurring>,
    pub at: usize,
    /// Places that are marked with this already, by them, are counted.
    pub label: Option<LabelId>,
    pub by: AnnotatorId,
}

impl PartialEq for Whereabouts {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.found, &other.found)
            && (self.at, &self.label, &self.by) == (other.at, &other.label, &other.by)
    }
}

#[derive(Debug, Default, PartialEq)]
pub struct Stands {
    /// In articles that are there still, the oldest first, those without a date last.
    pub places: Vec<(ArticleId, ByteRange)>,
    /// Outlets with the number of their places, most first.
    pub outlets: Vec<(String, usize)>,
    /// How many of the places are marked already.
    pub marked: usize,
    /// In how many articles.
    pub articles: usize,
    /// Whether the first has a date.
    pub is_dated: bool,
    /// The group that all its articles are of.
    pub group: Option<String>,
}

impl Derive for Whereabouts {
    type Value = Stands;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Stands {
        let project = session.project();
        let passage = self.found.passages.get(self.at);
        let places = passage.into_iter().flat_map(|passage| &passage.places);
        let mut placed: Vec<(Option<&str>, &ArticleId, ByteRange)> = Vec::new();
        let mut outlets: HashMap<&str, usize> = HashMap::new();
        let mut marked = 0;
        for place in places {
            let id = self.found.articles.get(place.text);
            let Some(article) = id.and_then(|id| project.article(id)) else {
                continue;
            };
            let label = self.label.as_ref();
            marked += usize::from(is_marked(article, place.range, label, &self.by));
            let date = article.meta("published").filter(|date| !date.is_empty());
            placed.push((date, &article.id, place.range));
            if let Some(outlet) = article.meta("outlet").filter(|name| !name.is_empty()) {
                *outlets.entry(outlet).or_default() += 1;
            }
        }
        placed.sort_by_key(|(date, ..)| (date.is_none(), *date));
        let mut outlets: Vec<(String, usize)> = outlets
            .into_iter()
            .map(|(name, n)| (name.to_owned(), n))
            .collect();
        outlets.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut ids: Vec<&ArticleId> = placed.iter().map(|(_, id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let articles = ids.iter().filter_map(|id| project.article(id));
        Stands {
            group: group_of_all(articles.map(|article| &**article)).map(str::to_owned),
            marked,
            articles: ids.len(),
            is_dated: placed.first().is_some_and(|(date, ..)| date.is_some()),
            places: placed
                .into_iter()
                .map(|(_, id, range)| (id.clone(), range))
                .collect(),
            outlets,
        }
    }
}

/// How much of what recurs is marked already, and which of it is linked.
#[derive(Clone)]
pub struct RecurringMarks {
    pub found: Arc<Recurring>,
    pub label: Option<LabelId>,
    pub by: AnnotatorId,
}

impl PartialEq for RecurringMarks {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.found, &other.found)
            && (&self.label, &self.by) == (&other.label, &other.by)
    }
}

/// Of one passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecurringMark {
    pub marked: u32,
    /// Those that are there still.
    pub places: u32,
    /// Its articles are of one group.
    pub is_linked: bool,
}

impl DeriveLater for RecurringMarks {
    type Value = Vec<RecurringMark>;

    fn is_small(&self, _: &Session) -> bool {
        const FEW: usize = 200;
        self.found.passages.len() <= FEW
    }

    fn may_show(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.found, &other.found)
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<Self::Value> {
        let articles: Vec<Option<&Arc<Article>>> = self
            .found
            .articles
            .iter()
            .map(|id| project.article(id))
            .collect();
        let mut marks = Vec::with_capacity(self.found.passages.len());
        for passage in &self.found.passages {
            if !goes_on() {
                return None;
            }
            let there = passage.places.iter().filter_map(|place| {
                let article = articles.get(place.text).copied().flatten()?;
                Some((article, place.range))
            });
            let there: Vec<(&Arc<Article>, ByteRange)> = there.collect();
            let is_marked = |(article, range): &&(&Arc<Article>, ByteRange)| {
                is_marked(article, *range, self.label.as_ref(), &self.by)
            };
            marks.push(RecurringMark {
                marked: there.iter().filter(is_marked).count() as u32,
                places: there.len() as u32,
                is_linked: group_of_all(there.iter().map(|(article, _)| &***article)).is_some(),
            });
        }
        Some(marks)
    }
}

fn is_marked(
    article: &Article,
    range: ByteRange,
    label: Option<&LabelId>,
    by: &AnnotatorId,
) -> bool {
    let mut around = article.annotations.overlapping(range);
    around.any(|entry| Some(&entry.annotation.label) == label && entry.annotation.annotator == *by)
}

/// The group that articles have in common, if they are several.
fn group_of_all<'a>(articles: impl Iterator<Item = &'a Article>) -> Option<&'a str> {
    let mut known: Option<(&ArticleId, &str)> = None;
    let mut are_several = false;
    for article in articles {
        let group = article.meta(GROUP).filter(|group| !group.is_empty())?;
        match known {
            Some((_, other)) if other != group => return None,
            Some((first, _)) => are_several |= *first != article.id,
            None => known = Some((&article.id, group)),
        }
    }
    known.filter(|_| are_several).map(|(_, group)| group)
}

/// Two texts, or parts of them, beside each other.
#[derive(Clone)]
pub struct WordingsBeside {
    pub texts: [(Arc<ArticleText>, ByteRange); 2],
}

impl PartialEq for WordingsBeside {
    fn eq(&self, other: &Self) -> bool {
        let pairs = self.texts.iter().zip(&other.texts);
        pairs
            .into_iter()
            .all(|((a, x), (b, y))| a.hash() == b.hash() && x == y)
    }
}

impl DeriveLater for WordingsBeside {
    type Value = SideBySide;

    fn stamp(&self, _: &Session) -> u64 {
        0
    }

    fn is_small(&self, _: &Session) -> bool {
        const FEW_BYTES: usize = 20_000;
        let sizes = self.texts.iter().map(|(_, range)| range.len());
        sizes.sum::<usize>() <= FEW_BYTES
    }

    fn may_show(&self, _: &Self) -> bool {
        false
    }

    fn derive(&self, _: &Project, _: &mut dyn FnMut() -> bool) -> Option<SideBySide> {
        let [(old, from), (new, to)] = &self.texts;
        Some(SideBySide::of(old.slice(*from), new.slice(*to)))
    }
}
