//! Hits as lines that stand below each other: what is before and after each, in which order they
//! stand, in which groups, and what is marked there already.
//!
//! Pure, and fast enough for hundreds of thousands of them. Knows ranges of articles, and neither what
//! was searched for nor how a line is drawn.

use crate::core::article::Article;
use crate::core::ids::{AnnotatorId, LabelId};
use crate::core::lists::{Facet, Group, Imports};
use crate::core::project::{Project, Rule};
use crate::core::recipes::hits::annotation_of;
use crate::core::rules::{Fate, fates};
use crate::core::text::{ArticleText, ByteRange};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// A hit: the place of its article in the project, and where in that.
pub type Place = (usize, ByteRange);

/// How much of what stands beside a hit decides its place, in bytes, folded.
const KEY: usize = 24;
/// It is asked so often whether to go on.
const STRIDE: usize = 4_096;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// As they stand in the articles, and these in the project.
    #[default]
    Article,
    Left,
    Right,
    Date,
    Outlet,
}

impl Sort {
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Article, "Article"),
        (Self::Left, "Left"),
        (Self::Right, "Right"),
        (Self::Date, "Date"),
        (Self::Outlet, "Outlet"),
    ];
}

/// What lines are put together by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupBy {
    NextWord,
    PreviousWord,
    /// The words that were found.
    Words,
    Article,
    /// What is marked there.
    Standing,
    Facet(Facet),
    /// A metadata field, by its name.
    Field(String),
}

/// What is marked where a hit is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The hit, or a part of it, has this label.
    Marked(LabelId),
    /// It lies in something larger that has it.
    Inside(LabelId),
    #[default]
    Outside,
    /// It was said of the kept rule that finds it that this is none.
    Dismissed,
}

/// How far what stands beside a hit goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Across line ends, so many bytes.
    Across(usize),
    /// So many characters of its own lines, with an ellipsis where there are more.
    InLines(usize),
}

/// What stands before a hit and after it; line breaks are spaces.
pub fn around(text: &ArticleText, hit: ByteRange, reach: Reach) -> (String, String) {
    let s = text.as_str();
    let (start, end) = (hit.start.as_usize(), hit.end.as_usize());
    let (from, upto, most) = match reach {
        Reach::Across(bytes) => (
            floor(s, start.saturating_sub(bytes)),
            floor(s, end.saturating_add(bytes).min(s.len())),
            usize::MAX,
        ),
        Reach::InLines(chars) => (
            text.line_range(text.line_of(hit.start)).start.as_usize(),
            text.line_range(text.line_of(hit.end)).end.as_usize(),
            chars,
        ),
    };
    let before = s.get(from..start).unwrap_or_default();
    let after = s.get(end..upto).unwrap_or_default();
    let first = before.char_indices().rev().nth(most);
    let first = first.map(|(at, c)| at + c.len_utf8());
    let last = after.char_indices().nth(most).map(|(at, _)| at);
    let shown = on_one_line(before.get(first.unwrap_or(0)..).unwrap_or_default());
    let rest = on_one_line(after.get(..last.unwrap_or(after.len())).unwrap_or_default());
    let dots = |is_cut: bool| if is_cut { "…" } else { "" };
    (
        format!("{}{shown}", dots(first.is_some())),
        format!("{rest}{}", dots(last.is_some())),
    )
}

/// Words as they stand on one line.
pub fn on_one_line(words: &str) -> String {
    let mut line = String::with_capacity(words.len());
    let mut is_space = false;
    for c in words.chars() {
        let c = if c.is_whitespace() || c.is_control() {
            ' '
        } else {
            c
        };
        if c != ' ' || !is_space {
            line.push(c);
        }
        is_space = c == ' ';
    }
    line
}

fn floor(s: &str, mut at: usize) -> usize {
    while !s.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A letter without case and marks, at the end of a key; `false` once that is full.
fn put(key: &mut [u8; KEY], len: &mut usize, c: char) -> bool {
    let put_one = |c: char| {
        let mut bytes = [0; 4];
        let bytes = c.encode_utf8(&mut bytes).as_bytes();
        let room = key.get_mut(*len..*len + bytes.len());
        let fits = room.map(|room| room.copy_from_slice(bytes)).is_some();
        if fits {
            *len += bytes.len();
        }
        fits
    };
    if c.is_ascii() {
        let Some(room) = key.get_mut(*len) else {
            return false;
        };
        *room = c.to_ascii_lowercase() as u8;
        *len += 1;
        return true;
    }
    let mut parts = c.to_lowercase().nfd();
    parts.next().is_none_or(put_one)
}

/// What follows on a hit, as it is sorted by: words without case, marks and signs.
fn right_key(after: &str) -> [u8; KEY] {
    let mut key = [0; KEY];
    let mut len = 0;
    let mut is_between = false;
    for c in after.chars() {
        if !c.is_alphanumeric() {
            is_between = len > 0;
            continue;
        }
        if (std::mem::take(&mut is_between) && !put(&mut key, &mut len, ' '))
            || !put(&mut key, &mut len, c)
        {
            break;
        }
    }
    key
}

/// What stands before a hit: the last word first, then the one before it.
fn left_key(before: &str) -> [u8; KEY] {
    let mut key = [0; KEY];
    let mut len = 0;
    let words = before.rsplit(|c: char| !c.is_alphanumeric());
    for word in words.filter(|word| !word.is_empty()) {
        if (len > 0 && !put(&mut key, &mut len, ' '))
            || !word.chars().all(|c| put(&mut key, &mut len, c))
        {
            break;
        }
    }
    key
}

/// What lies beside a hit, so far as its key reaches.
fn sides(text: &ArticleText, hit: ByteRange) -> (&str, &str) {
    const NEAR: usize = 96;
    let s = text.as_str();
    let from = floor(s, hit.start.as_usize().saturating_sub(NEAR));
    let upto = floor(s, hit.end.as_usize().saturating_add(NEAR).min(s.len()));
    let before = s.get(from..hit.start.as_usize());
    let after = s.get(hit.end.as_usize()..upto);
    (before.unwrap_or_default(), after.unwrap_or_default())
}

fn next_word(after: &str) -> &str {
    let mut words = after.split(|c: char| !c.is_alphanumeric());
    words.find(|word| !word.is_empty()).unwrap_or_default()
}

fn previous_word(before: &str) -> &str {
    let mut words = before.rsplit(|c: char| !c.is_alphanumeric());
    words.find(|word| !word.is_empty()).unwrap_or_default()
}

/// A stretch of lines that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineGroup {
    pub name: String,
    /// Of the order, which its lines begin at.
    pub from: usize,
    pub hits: usize,
    pub articles: usize,
}

/// Hits in an order, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    pub order: Vec<u32>,
    /// None where lines are not grouped.
    pub groups: Vec<LineGroup>,
    /// How many articles there are lines of.
    pub articles: usize,
}

/// How lines are picked out, put in order and grouped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    pub sort: Sort,
    pub group: Option<GroupBy>,
    pub without: Without,
}

/// Which lines are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Without {
    pub standings: BTreeSet<Standing>,
    pub outlets: BTreeSet<String>,
    pub months: BTreeSet<String>,
}

impl Without {
    pub fn is_empty(&self) -> bool {
        self.standings.is_empty() && self.outlets.is_empty() && self.months.is_empty()
    }

    /// Whether all of an article's lines are left out.
    fn takes_out(&self, article: &Article, by: &AnnotatorId) -> bool {
        let is_in = |set: &BTreeSet<String>, facet: Facet| {
            !set.is_empty() && set.contains(&facet.group_of(article, by, &Imports::new()).name)
        };
        is_in(&self.outlets, Facet::Outlet) || is_in(&self.months, Facet::Month)
    }
}

/// What is marked where each hit is, and how many hits stand in what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standings {
    kinds: Vec<Standing>,
    of: Vec<u16>,
    /// The labels that the annotator has over a part of each hit, by number; 0 for none.
    own_labels: Vec<BTreeSet<LabelId>>,
    own: Vec<u16>,
    /// How many hits each of them has: those that are marked first, then those inside, by number.
    pub counts: Vec<(Standing, usize)>,
    pub outlets: Vec<(String, usize)>,
    /// The oldest first; without those that have no date.
    pub months: Vec<(String, usize)>,
}

impl Standings {
    pub fn of(&self, hit: usize) -> &Standing {
        const OUTSIDE: &Standing = &Standing::Outside;
        let kind = self.of.get(hit).map(|kind| usize::from(*kind));
        kind.and_then(|kind| self.kinds.get(kind))
            .unwrap_or(OUTSIDE)
    }

    /// Whether the annotator has a label over a part of a hit; what others have there is theirs.
    pub fn has_own(&self, hit: usize, label: Option<&LabelId>) -> bool {
        let own = self.own.get(hit).map(|own| usize::from(*own));
        let own = own.and_then(|own| self.own_labels.get(own));
        own.zip(label)
            .is_some_and(|(own, label)| own.contains(label))
    }
}

/// The labels that an annotator has over a part of a hit.
fn own_labels(article: &Article, hit: ByteRange, by: &AnnotatorId) -> BTreeSet<LabelId> {
    let around = article.annotations.overlapping(hit);
    let own = around.filter(|entry| entry.annotation.annotator == *by);
    own.map(|entry| entry.annotation.label.clone()).collect()
}

fn standing_of(article: &Article, hit: ByteRange) -> Standing {
    let Some(annotation) = annotation_of(article, hit) else {
        return Standing::Outside;
    };
    let label = annotation.label.clone();
    let extent = annotation.extent();
    // A policy that takes a full stop or an article in leaves the hit what is marked.
    let beyond = extent.len().saturating_sub(hit.len());
    let covers = extent.start <= hit.start && hit.end <= extent.end;
    if covers && beyond > hit.len() {
        Standing::Inside(label)
    } else {
        Standing::Marked(label)
    }
}

/// Finds what is marked where hits are, and which were dismissed where a rule finds them. `None` when
/// it was stopped.
pub fn standings(
    project: &Project,
    hits: impl Iterator<Item = Place>,
    rule: Option<&Rule>,
    by: &AnnotatorId,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<Standings> {
    let mut found = Standings::default();
    let mut numbers: HashMap<Standing, u16> = HashMap::new();
    let mut own_numbers: HashMap<BTreeSet<LabelId>, u16> = HashMap::new();
    found.own_labels.push(BTreeSet::new());
    let mut counts: BTreeMap<Standing, usize> = BTreeMap::new();
    let mut by_article: Vec<(usize, usize)> = Vec::new();
    for (n, (place, range)) in hits.enumerate() {
        if n % STRIDE == 0 && !goes_on() {
            return None;
        }
        let article = project.articles().get(place);
        // What a rule counts as marked is not dismissed, as its tally has it.
        let is_dismissed = |article: &Arc<Article>| {
            rule.is_some_and(|rule| {
                let fates = || fates(project, rule, article, &[range]);
                rule.is_dismissed(&article.id, &article.text, range) && fates() == [Fate::Dismissed]
            })
        };
        let standing = match article {
            Some(article) if is_dismissed(article) => Standing::Dismissed,
            Some(article) => standing_of(article, range),
            None => Standing::Outside,
        };
        let mut own = 0;
        if let Some(article) = article.filter(|_| standing != Standing::Outside) {
            let labels = own_labels(article, range, by);
            let next = u16::try_from(found.own_labels.len()).unwrap_or(u16::MAX);
            if !labels.is_empty() {
                own = match own_numbers.entry(labels) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(new) => {
                        found.own_labels.push(new.key().clone());
                        *new.insert(next)
                    }
                };
            }
        }
        found.own.push(own);
        *counts.entry(standing.clone()).or_default() += 1;
        let next = u16::try_from(found.kinds.len()).unwrap_or(u16::MAX);
        let number = match numbers.entry(standing) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                found.kinds.push(new.key().clone());
                *new.insert(next)
            }
        };
        found.of.push(number);
        match by_article.last_mut().filter(|(last, _)| *last == place) {
            Some((_, hits)) => *hits += 1,
            None => by_article.push((place, 1)),
        }
    }
    let rank = |standing: &Standing| match standing {
        Standing::Outside => 0,
        Standing::Inside(_) => 1,
        Standing::Marked(_) => 2,
        Standing::Dismissed => 3,
    };
    found.counts = counts.into_iter().collect();
    found
        .counts
        .sort_by_key(|(standing, hits)| (rank(standing), usize::MAX - hits));
    let of_facet = |facet: Facet| {
        let mut groups: BTreeMap<Group, usize> = BTreeMap::new();
        for (place, hits) in &by_article {
            if let Some(article) = project.articles().get(*place) {
                let group = facet.group_of(article, by, &Imports::new());
                *groups.entry(group).or_default() += hits;
            }
        }
        let named = groups.into_iter().map(|(group, hits)| (group.name, hits));
        named.collect::<Vec<_>>()
    };
    found.outlets = of_facet(Facet::Outlet);
    found.outlets.sort_by_key(|(_, hits)| usize::MAX - hits);
    found.months = of_facet(Facet::Month);
    found.months.reverse();
    Some(found)
}

/// Hits in an order, grouped. `None` when it was stopped.
pub fn lines(
    project: &Project,
    (count, hit): (usize, &dyn Fn(usize) -> Place),
    standings: &Standings,
    arrangement: &Arrangement,
    by: &AnnotatorId,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<Lines> {
    let articles = project.articles();
    let without = &arrangement.without;
    let mut kept: Vec<u32> = Vec::with_capacity(count);
    let mut last: Option<(usize, bool)> = None;
    let mut of_lines = 0;
    for n in 0..count {
        if n % STRIDE == 0 && !goes_on() {
            return None;
        }
        let (place, _) = hit(n);
        let (_, is_out) = match last.filter(|(known, _)| *known == place) {
            Some(known) => known,
            None => {
                let article = articles.get(place);
                let is_out =
                    article.is_none_or(|a| !without.is_empty() && without.takes_out(a, by));
                last = Some((place, is_out));
                (place, is_out)
            }
        };
        if !is_out && !without.standings.contains(standings.of(n)) {
            kept.push(n as u32);
        }
    }
    let mut before = None;
    for n in &kept {
        let (place, _) = hit(*n as usize);
        of_lines += usize::from(before.replace(place) != Some(place));
    }
    let order = in_order(articles, kept, hit, arrangement.sort, goes_on)?;
    let Some(group) = &arrangement.group else {
        return Some(Lines {
            order,
            groups: Vec::new(),
            articles: of_lines,
        });
    };
    let (order, groups) = grouped(project, order, hit, standings, group, by, goes_on)?;
    Some(Lines {
        order,
        groups,
        articles: of_lines,
    })
}

fn in_order(
    articles: &[Arc<Article>],
    kept: Vec<u32>,
    hit: &dyn Fn(usize) -> Place,
    sort: Sort,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<u32>> {
    let of_article = |sort: Sort| {
        let said = |article: &Article, name: &str| {
            let said = article.meta(name).unwrap_or_default().to_lowercase();
            (said.is_empty(), said)
        };
        let mut places: Vec<usize> = (0..articles.len()).collect();
        places.sort_by_cached_key(|at| {
            let article = articles.get(*at);
            article.map(|article| match sort {
                // Dates are as the import writes them, so they sort as text.
                Sort::Date => (said(article, "published"), said(article, "outlet")),
                _ => (said(article, "outlet"), said(article, "published")),
            })
        });
        let mut ranks = vec![0_u32; articles.len()];
        for (rank, at) in places.into_iter().enumerate() {
            if let Some(slot) = ranks.get_mut(at) {
                *slot = rank as u32;
            }
        }
        ranks
    };
    match sort {
        Sort::Article => Some(kept),
        Sort::Date | Sort::Outlet => {
            let ranks = of_article(sort);
            let mut kept = kept;
            kept.sort_by_cached_key(|n| ranks.get(hit(*n as usize).0).copied());
            Some(kept)
        }
        Sort::Left | Sort::Right => {
            let mut keys: Vec<(u128, u64, u32)> = Vec::with_capacity(kept.len());
            for (at, n) in kept.into_iter().enumerate() {
                if at % STRIDE == 0 && !goes_on() {
                    return None;
                }
                let (place, range) = hit(n as usize);
                let article = articles.get(place);
                let (before, after) = article.map_or(("", ""), |a| sides(&a.text, range));
                let key = if sort == Sort::Left {
                    left_key(before)
                } else {
                    right_key(after)
                };
                // As numbers, which are compared in two steps.
                let (first, rest) = key.split_at(16);
                let first = first.first_chunk().copied().unwrap_or_default();
                let rest = rest.first_chunk().copied().unwrap_or_default();
                keys.push((u128::from_be_bytes(first), u64::from_be_bytes(rest), n));
            }
            if !goes_on() {
                return None;
            }
            keys.sort_unstable();
            Some(keys.into_iter().map(|(.., n)| n).collect())
        }
    }
}

/// How a standing is called.
pub fn standing_name(project: &Project, standing: &Standing) -> String {
    let name = |label: &LabelId| project.codebook().name_of(label).to_owned();
    match standing {
        Standing::Marked(label) => format!("Marked as {}", name(label)),
        Standing::Inside(label) => format!("Inside {}", name(label)),
        Standing::Outside => "Outside any label".to_owned(),
        Standing::Dismissed => "Dismissed".to_owned(),
    }
}

fn grouped(
    project: &Project,
    order: Vec<u32>,
    hit: &dyn Fn(usize) -> Place,
    standings: &Standings,
    by_what: &GroupBy,
    by: &AnnotatorId,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<(Vec<u32>, Vec<LineGroup>)> {
    let articles = project.articles();
    // Of each line, its group by the number that it was met with.
    let mut numbers: Vec<u32> = Vec::with_capacity(order.len());
    let mut known: HashMap<Vec<u8>, u32> = HashMap::new();
    let mut names: Vec<(Option<Group>, String)> = Vec::new();
    let mut of_article: HashMap<usize, u32> = HashMap::new();
    let mut add =
        |names: &mut Vec<(Option<Group>, String)>, key: &[u8], group: Option<Group>, name: &str| {
            if let Some(number) = known.get(key) {
                return *number;
            }
            let number = names.len() as u32;
            known.insert(key.to_owned(), number);
            names.push((group, name.to_owned()));
            number
        };
    for (at, n) in order.iter().enumerate() {
        if at % STRIDE == 0 && !goes_on() {
            return None;
        }
        let (place, range) = hit(*n as usize);
        let Some(article) = articles.get(place) else {
            numbers.push(add(&mut names, b"", None, ""));
            continue;
        };
        let number = match by_what {
            GroupBy::NextWord => {
                let word = next_word(sides(&article.text, range).1);
                let name = match word {
                    "" => "… end of the article".to_owned(),
                    word => format!("… {}", word.to_lowercase()),
                };
                add(&mut names, &right_key(word), None, &name)
            }
            GroupBy::PreviousWord => {
                let word = previous_word(sides(&article.text, range).0);
                let name = match word {
                    "" => "Start of the article …".to_owned(),
                    word => format!("{} …", word.to_lowercase()),
                };
                add(&mut names, &right_key(word), None, &name)
            }
            GroupBy::Words => {
                let words: String = article.text.slice(range).chars().take(80).collect();
                let words = on_one_line(&words).to_lowercase();
                add(&mut names, words.as_bytes(), None, &words)
            }
            GroupBy::Standing => {
                let name = standing_name(project, standings.of(*n as usize));
                add(&mut names, name.as_bytes(), None, &name)
            }
            GroupBy::Article | GroupBy::Facet(_) | GroupBy::Field(_) => {
                match of_article.entry(place) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(new) => {
                        let (key, group, name) = match by_what {
                            GroupBy::Facet(facet) => {
                                let group = facet.group_of(article, by, &Imports::new());
                                let name = group.name.clone();
                                (name.clone(), Some(group), name)
                            }
                            GroupBy::Field(field) => {
                                let said = article.meta(field).map(str::trim).unwrap_or_default();
                                let none = || format!("No {field}");
                                let name = if said.is_empty() {
                                    none()
                                } else {
                                    said.to_owned()
                                };
                                (name.clone(), None, name)
                            }
                            _ => {
                                let title = article.display_title().to_owned();
                                (article.id.to_string(), None, title)
                            }
                        };
                        *new.insert(add(&mut names, key.as_bytes(), group, &name))
                    }
                }
            }
        };
        numbers.push(number);
    }
    let mut counts = vec![0_usize; names.len()];
    for number in &numbers {
        if let Some(count) = counts.get_mut(*number as usize) {
            *count += 1;
        }
    }
    // Groups of a facet have an order of their own; of others the largest stands first.
    let mut rank: Vec<usize> = (0..names.len()).collect();
    rank.sort_by(|a, b| {
        let of = |at: &usize| (names.get(*at), counts.get(*at).copied().unwrap_or_default());
        let ((a_names, a_count), (b_names, b_count)) = (of(a), of(b));
        let (a_group, b_group) = (a_names.map(|n| &n.0), b_names.map(|n| &n.0));
        match (a_group, b_group) {
            (Some(Some(a)), Some(Some(b))) => a.cmp(b),
            _ => b_count
                .cmp(&a_count)
                .then_with(|| a_names.map(|n| &n.1).cmp(&b_names.map(|n| &n.1))),
        }
    });
    let mut groups: Vec<LineGroup> = Vec::with_capacity(names.len());
    let mut next = vec![0_usize; names.len()];
    let mut from = 0;
    for at in rank {
        let hits = counts.get(at).copied().unwrap_or_default();
        if let (Some(slot), Some((_, name))) = (next.get_mut(at), names.get(at)) {
            *slot = from;
            groups.push(LineGroup {
                name: name.clone(),
                from,
                hits,
                articles: 0,
            });
        }
        from += hits;
    }
    let mut sorted = vec![0_u32; order.len()];
    for (n, number) in order.iter().zip(&numbers) {
        if let Some(slot) = next.get_mut(*number as usize) {
            if let Some(place) = sorted.get_mut(*slot) {
                *place = *n;
            }
            *slot += 1;
        }
    }
    let mut seen = HashSet::new();
    for group in &mut groups {
        seen.clear();
        let lines = sorted.get(group.from..group.from + group.hits);
        for n in lines.unwrap_or_default() {
            seen.insert(hit(*n as usize).0);
        }
        group.articles = seen.len();
    }
    Some((sorted, groups))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::Annotation;
    use crate::core::edit::{Edit, Transaction, apply};
    use crate::core::text::BytePos;

    const TEXTS: [(&str, &str, &str); 3] = [
        (
            "Post",
            "2024-05-14",
            "One sources close to Talks. Two sources say.",
        ),
        (
            "Wire",
            "2024-04-02",
            "Élan: sources\nclose.\nÉlan sources, close",
        ),
        ("Post", "", "sources"),
    ];

    fn project() -> Project {
        let mut project = Project::new("lines");
        let articles = TEXTS.iter().enumerate().map(|(at, (outlet, date, text))| {
            let id = format!("a{at}");
            let text = ArticleText::new((*text).to_owned());
            let mut article = Article::new(id.as_str().into(), id.as_str(), text);
            let said = [("outlet", outlet), ("published", date)];
            let said = said.map(|(a, b)| (a.to_owned(), (*b).to_owned()));
            article
                .metadata
                .extend(said.into_iter().filter(|(_, b)| !b.is_empty()));
            (at, Arc::new(article))
        });
        let annotator = crate::core::project::Annotator {
            id: "ana".into(),
            name: "ana".to_owned(),
            unknown: Vec::new(),
        };
        let mark = |label: &str, from: u32, upto: u32| Edit::AddAnnotation {
            article: "a0".into(),
            annotation: Box::new(Annotation::new(
                label.into(),
                "ana".into(),
                label.into(),
                ByteRange::new(BytePos(from), BytePos(upto)),
            )),
        };
        let edits = vec![
            Edit::AddArticles(articles.collect()),
            Edit::SetAnnotators(vec![annotator]),
            mark("source", 4, 11),
            mark("quote", 28, 44),
        ];
        apply(&mut project, &Transaction::new("begin", edits)).unwrap();
        project
    }

    fn hits(project: &Project) -> Vec<Place> {
        let articles = project.articles().iter().enumerate();
        let in_article = |(at, article): (usize, &Arc<Article>)| {
            let found = article.text.as_str().match_indices("sources");
            let range = |(from, word): (usize, &str)| {
                let upto = (from + word.len()) as u32;
                (at, ByteRange::new(BytePos(from as u32), BytePos(upto)))
            };
            found.map(range).collect::<Vec<_>>()
        };
        articles.flat_map(in_article).collect()
    }

    fn arranged(arrangement: &Arrangement) -> Lines {
        let project = project();
        let hits = hits(&project);
        let by = "ana".into();
        let standings = standings(&project, hits.iter().copied(), None, &by, &mut || true).unwrap();
        let hit = |n: usize| hits[n];
        lines(
            &project,
            (hits.len(), &hit),
            &standings,
            arrangement,
            &by,
            &mut || true,
        )
        .unwrap()
    }

    #[test]
    fn lines_stand_in_the_order_that_was_asked_for() {
        for (sort, expected) in [
            (Sort::Article, &[0_u32, 1, 2, 3, 4][..]),
            // Nothing; élan; élan, close; one; two.
            (Sort::Left, &[4, 2, 3, 0, 1]),
            // Nothing; close; close élan; close to; say.
            (Sort::Right, &[4, 3, 2, 0, 1]),
            (Sort::Date, &[2, 3, 0, 1, 4]),
            (Sort::Outlet, &[0, 1, 4, 2, 3]),
        ] {
            let arrangement = Arrangement {
                sort,
                ..Arrangement::default()
            };
            let found = arranged(&arrangement);
            assert_eq!((found.articles, found.groups.len()), (3, 0));
            assert_eq!(found.order, expected, "{sort:?}");
        }
    }

    #[test]
    fn groups_are_counted_and_hold_all_lines() {
        let text = |lines: &Lines| {
            let groups = lines.groups.iter();
            let told = groups.map(|g| {
                let hits = &lines.order[g.from..g.from + g.hits];
                format!("{} {:?} {}", g.name, hits, g.articles)
            });
            told.collect::<Vec<_>>().join("; ")
        };
        for (group, expected) in [
            (
                GroupBy::NextWord,
                "… close [0, 2, 3] 2; … end of the article [4] 1; … say [1] 1",
            ),
            (
                GroupBy::PreviousWord,
                "élan … [2, 3] 1; Start of the article … [4] 1; one … [0] 1; two … [1] 1",
            ),
            (GroupBy::Words, "sources [0, 1, 2, 3, 4] 3"),
            (GroupBy::Article, "a0 [0, 1] 1; a1 [2, 3] 1; a2 [4] 1"),
            (
                GroupBy::Facet(Facet::Month),
                "May 2024 [0, 1] 1; April 2024 [2, 3] 1; No date [4] 1",
            ),
            (
                GroupBy::Field("outlet".to_owned()),
                "Post [0, 1, 4] 2; Wire [2, 3] 1",
            ),
            (
                GroupBy::Standing,
                "Outside any label [2, 3, 4] 2; Inside Quote [1] 1; Marked as Source [0] 1",
            ),
        ] {
            let arrangement = Arrangement {
                group: Some(group.clone()),
                ..Arrangement::default()
            };
            assert_eq!(text(&arranged(&arrangement)), expected, "{group:?}");
        }
    }

    #[test]
    fn what_is_left_out_is_in_no_line() {
        let without = |change: fn(&mut Without)| {
            let mut arrangement = Arrangement::default();
            change(&mut arrangement.without);
            let found = arranged(&arrangement);
            (found.order, found.articles)
        };
        let outlet = without(|w| w.outlets = ["Post".to_owned()].into());
        assert_eq!(outlet, (vec![2, 3], 1));
        let month = without(|w| w.months = ["No date".to_owned()].into());
        assert_eq!(month, (vec![0, 1, 2, 3], 2));
        let standing = without(|w| w.standings = [Standing::Outside].into());
        assert_eq!(standing, (vec![0, 1], 1));
    }

    #[test]
    fn what_somebody_else_marked_is_not_ones_own_and_what_is_marked_is_not_dismissed() {
        let project = project();
        let hits = hits(&project);
        let source: LabelId = "source".into();
        let of = |by: &str, rule: Option<&Rule>| {
            let all = hits.iter().copied();
            standings(&project, all, rule, &by.into(), &mut || true).unwrap()
        };
        for (by, has) in [("ana", true), ("bo", false)] {
            let found = of(by, None);
            assert_eq!(*found.of(0), Standing::Marked(source.clone()), "{by}");
            assert_eq!(found.has_own(0, Some(&source)), has, "{by}");
            assert!(!found.has_own(2, Some(&source)) && !found.has_own(0, None));
        }
        let mut dismissed = crate::core::project::Dismissed::default();
        let article = &project.articles()[0];
        let keys = hits.iter().filter(|(at, _)| *at == 0);
        let keys = keys.map(|(_, hit)| crate::core::project::HitKey::of(&article.text, *hit));
        dismissed.set(&article.id, keys.collect());
        let rule = Rule {
            id: "r".into(),
            name: "r".to_owned(),
            query: "sources".to_owned(),
            case: false,
            word: false,
            exact: false,
            hidden: false,
            label: Some(source.clone()),
            by: "ana".into(),
            when: None,
            dismissed,
            unknown: Vec::new(),
        };
        let found = of("ana", Some(&rule));
        // One is marked with the label of the rule, the other lies in something else.
        assert_eq!(*found.of(0), Standing::Marked(source));
        assert_eq!(*found.of(1), Standing::Dismissed);
    }

    #[test]
    fn a_line_is_one_line_of_whole_letters() {
        let text = ArticleText::new(format!(
            "{}\n\n hit\t\u{1}{}",
            "é".repeat(300),
            "ż".repeat(300)
        ));
        let at = text.as_str().find("hit").unwrap() as u32;
        let hit = ByteRange::new(BytePos(at), BytePos(at + 3));
        let (before, after) = around(&text, hit, Reach::Across(240));
        assert!(
            before.ends_with("é ") && after.starts_with(" ż"),
            "{before}|{after}"
        );
        assert!(before.len() <= 240 && after.len() <= 240);
        // Its own line ends before it.
        let (before, after) = around(&text, hit, Reach::InLines(3));
        assert_eq!((before.as_str(), after.as_str()), (" ", " ż…"));
    }
}
