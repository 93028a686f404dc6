//! What lists of the window show: which articles and annotations fit what was typed, which metadata
//! there is, and where marks stand in an article seen from afar. Pure; knows no rows and no colours.

mod columns;
mod facets;

use crate::core::annotation::{Annotation, FragmentEntry};
use crate::core::article::{Article, Status};
use crate::core::codebook::{Codebook, Label, folded_name};
use crate::core::ids::{AnnotatorId, LabelId, SetId};
use crate::core::project::Project;
use crate::core::text::{BytePos, ByteRange};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

pub use columns::{Column, number_of};
pub use facets::{Facet, Group, Imports};

/// What a filter of articles looks through.
pub fn searched_text(article: &Article) -> String {
    format!("{} {}", article.title, article.byline()).to_lowercase()
}

/// The order of a list of articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As they were added.
    #[default]
    Added,
    Newest,
    Oldest,
    Title,
    Outlet,
    Author,
    Section,
    Language,
    Status,
    Longest,
    Shortest,
    MostMarked,
    LeastMarked,
    /// By a column, falling or rising, where none of those above is the same: see [`Order::by`].
    By(Column, bool),
}

impl Order {
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::Added, "As added"),
        (Self::Newest, "Newest first"),
        (Self::Oldest, "Oldest first"),
        (Self::Title, "By title"),
        (Self::Outlet, "By outlet"),
        (Self::Author, "By author"),
        (Self::Section, "By section"),
        (Self::Language, "By language"),
        (Self::Status, "By status"),
        (Self::Longest, "Longest first"),
        (Self::Shortest, "Shortest first"),
        (Self::MostMarked, "Most annotations first"),
        (Self::LeastMarked, "Fewest annotations first"),
    ];

    pub fn name(&self) -> Cow<'static, str> {
        if let Self::By(column, falls) = self {
            let falls = if *falls { ", falling" } else { "" };
            return format!("By {}{falls}", column.name().to_lowercase()).into();
        }
        let mut all = Self::ALL.into_iter();
        let name = all.find(|(order, _)| order == self);
        name.map_or("", |(_, name)| name).into()
    }

    /// By a column, falling or rising.
    pub fn by(column: Column, falls: bool) -> Self {
        let mut named = Self::ALL.into_iter().map(|(order, _)| order);
        let same = named.find(|order| order.column() == Some((column.clone(), falls)));
        same.unwrap_or(Self::By(column, falls))
    }

    /// The column that it is by, and whether it falls; none as they were added.
    pub fn column(&self) -> Option<(Column, bool)> {
        Some(match self {
            Self::Added => return None,
            Self::Newest => (Column::DATE, true),
            Self::Oldest => (Column::DATE, false),
            Self::Title => (Column::Title, false),
            Self::Outlet => (Column::OUTLET, false),
            Self::Author => (Column::AUTHOR, false),
            Self::Section => (Column::SECTION, false),
            Self::Language => (Column::LANGUAGE, false),
            Self::Status => (Column::Status, false),
            Self::Longest => (Column::Length, true),
            Self::Shortest => (Column::Length, false),
            Self::MostMarked => (Column::Annotations, true),
            Self::LeastMarked => (Column::Annotations, false),
            Self::By(column, falls) => (column.clone(), *falls),
        })
    }

    /// Whether it tells who wrote an article, or for whom.
    pub fn is_of_source(&self) -> bool {
        self.column()
            .is_some_and(|(column, _)| column.is_of_source())
    }
}

/// What a list of articles shows, and in which order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Words of title, byline or status.
    pub filter: String,
    pub status: Option<Status>,
    pub outlet: Option<String>,
    /// With an annotation that has this label, or a kind of it.
    pub label: Option<LabelId>,
    /// Only those of these groups.
    pub only: BTreeMap<Facet, String>,
    /// Only those of a set.
    pub set: Option<SetId>,
    pub order: Order,
    pub group: Option<Facet>,
}

impl Listing {
    pub fn takes_all(&self) -> bool {
        self.filter.trim().is_empty()
            && self.status.is_none()
            && self.outlet.is_none()
            && self.label.is_none()
            && self.only.is_empty()
            && self.set.is_none()
    }

    /// Whether it shows all as they were added.
    pub fn is_plain(&self) -> bool {
        self.takes_all() && self.order == Order::Added && self.group.is_none()
    }

    /// Whether it is another one once a status is.
    pub fn looks_at_status(&self) -> bool {
        self.status.is_some()
            || matches!(self.order.column(), Some((Column::Status, _)))
            // Its headings say how many are done.
            || self.group.is_some()
            || self.only.contains_key(&Facet::Status)
            || !self.filter.trim().is_empty()
    }

    /// Whether it is another one once there are more annotations, or fewer.
    pub fn looks_at_annotations(&self) -> bool {
        matches!(self.order, Order::MostMarked | Order::LeastMarked)
            || self.group == Some(Facet::Annotations)
            || self.only.contains_key(&Facet::Annotations)
    }
}

/// Puts places of articles into an order; those that are alike in it stay as they were added. Dates
/// are as the import writes them, so they sort as text; articles without one come last.
pub fn in_order(order: &Order, articles: &[Arc<Article>], by: &AnnotatorId, places: &mut [usize]) {
    let article = |at: &usize| articles.get(*at);
    let said = |at: &usize, name: &str| {
        let value = article(at).and_then(|article| article.meta(name));
        value.unwrap_or_default().to_lowercase()
    };
    let named = |places: &mut [usize], name: &str| {
        places.sort_by_cached_key(|at| {
            let said = said(at, name);
            (said.is_empty(), said)
        });
    };
    let length = |at: &usize| article(at).map_or(0, |article| article.text.len_chars());
    let marks = |at: &usize| article(at).map_or(0, |article| article.annotations.len());
    match order {
        Order::Added => {}
        Order::Newest => places.sort_by_cached_key(|at| Reverse(said(at, "published"))),
        Order::Oldest => places.sort_by_cached_key(|at| {
            let date = said(at, "published");
            (date.is_empty(), date)
        }),
        Order::Title => places.sort_by_cached_key(|at| {
            article(at).map(|article| article.display_title().to_lowercase())
        }),
        Order::Outlet => places.sort_by_cached_key(|at| {
            let outlet = said(at, "outlet");
            (outlet.is_empty(), outlet, Reverse(said(at, "published")))
        }),
        Order::Author => named(places, "author"),
        Order::Section => named(places, "section"),
        Order::Language => named(places, "language"),
        Order::Status => places.sort_by_key(|at| {
            let status = article(at).map(|article| article.status_for(by));
            let rank = |status| Status::ALL.iter().position(|known| known == status);
            status.as_ref().and_then(rank).unwrap_or(usize::MAX)
        }),
        Order::Longest => places.sort_by_key(|at| Reverse(length(at))),
        Order::Shortest => places.sort_by_key(length),
        Order::MostMarked => places.sort_by_key(|at| Reverse(marks(at))),
        Order::LeastMarked => places.sort_by_key(marks),
        Order::By(column, falls) => {
            let key = |at: &usize| article(at).map(|article| column.key(article, by));
            if *falls {
                places.sort_by_cached_key(|at| key(at).map(|key| (key.is_unknown, Reverse(key))));
            } else {
                places.sort_by_cached_key(key);
            }
        }
    }
}

/// The places of an article's annotations that have a label or a kind of it, or any, and hold a text
/// in their words, note or attributes, people by name: places among its fragments, rising. `None` when it was
/// stopped.
pub fn fitting_annotations(
    project: &Project,
    article: &Article,
    label: Option<&LabelId>,
    text: &str,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<u32>> {
    /// It is asked so often whether to go on.
    const STRIDE: usize = 1_000;
    let wanted = text.trim().to_lowercase();
    let kinds = label.map(|label| project.codebook().kinds_of(label));
    let fits = |annotation: &Annotation| {
        kinds
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&annotation.label))
            && (wanted.is_empty()
                || annotation.note.to_lowercase().contains(&wanted)
                || annotation
                    .attributes
                    .values()
                    .any(|value| project.value_text(value).to_lowercase().contains(&wanted))
                || annotation
                    .fragments
                    .iter()
                    .any(|f| article.text.slice(*f).to_lowercase().contains(&wanted)))
    };
    let takes_all = wanted.is_empty() && label.is_none();
    let fragments = article.annotations.fragments();
    if takes_all && fragments.len() == article.annotations.len() {
        return Some((0..fragments.len() as u32).collect());
    }
    let mut found = Vec::with_capacity(article.annotations.len());
    for (n, entries) in fragments.chunks(STRIDE).enumerate() {
        if !goes_on() {
            return None;
        }
        let first = (n * STRIDE) as u32;
        let fitting = (first..)
            .zip(entries)
            .filter(|(_, entry)| entry.fragment == 0 && (takes_all || fits(&entry.annotation)));
        found.extend(fitting.map(|(at, _)| at));
    }
    Some(found)
}

/// A label in a list of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelRow {
    /// Which of `Codebook::labels`.
    pub at: usize,
    /// How many of those above it in the list it is a kind of.
    pub depth: usize,
    /// There are kinds of it in the list, or there would be, were it not folded.
    pub has_kinds: bool,
    pub is_folded: bool,
}

impl LabelRow {
    fn flat(at: usize) -> Self {
        Self {
            at,
            depth: 0,
            has_kinds: false,
            is_folded: false,
        }
    }
}

/// The labels of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelsListed {
    /// Those that can be marked with.
    pub offered: Vec<LabelRow>,
    /// The others, flat.
    pub retired: Vec<LabelRow>,
}

/// The labels as a list shows them. What is typed makes it flat, the best first: in the name, then in
/// the key, then in what is said of it. Kinds of a retired label stand where it would.
pub fn labels_listed(
    codebook: &Codebook,
    typed: &str,
    is_folded: impl Fn(&LabelId) -> bool,
) -> LabelsListed {
    let typed = folded_name(typed);
    let words: Vec<&str> = typed.split_whitespace().collect();
    if !words.is_empty() {
        return labels_found(codebook, &words);
    }
    let mut rows: Vec<LabelRow> = Vec::with_capacity(codebook.labels.len());
    let mut retired = Vec::new();
    // Depths in the codebook of those that are above in the list.
    let mut above: Vec<usize> = Vec::new();
    for placed in codebook.in_order() {
        above.truncate(above.partition_point(|depth| *depth < placed.depth));
        if codebook.labels.get(placed.at).is_none_or(|l| l.retired) {
            retired.push(LabelRow::flat(placed.at));
            continue;
        }
        let depth = above.len();
        if let Some(last) = rows.last_mut() {
            last.has_kinds |= last.depth < depth;
        }
        above.push(placed.depth);
        rows.push(LabelRow {
            depth,
            ..LabelRow::flat(placed.at)
        });
    }
    let mut hidden_below = None;
    rows.retain_mut(|row| {
        let is_hidden = hidden_below.is_some_and(|depth| row.depth > depth);
        if !is_hidden {
            let label = codebook.labels.get(row.at);
            row.is_folded = row.has_kinds && label.is_some_and(|label| is_folded(&label.id));
            hidden_below = row.is_folded.then_some(row.depth);
        }
        !is_hidden
    });
    LabelsListed {
        offered: rows,
        retired,
    }
}

fn labels_found(codebook: &Codebook, words: &[&str]) -> LabelsListed {
    let has_all = |text: &str| words.iter().all(|word| text.contains(word));
    let phrase = words.join(" ");
    let rank = |label: &Label| {
        let name = if label.name.is_ascii() {
            label.name.to_ascii_lowercase()
        } else {
            folded_name(&label.name)
        };
        if has_all(&name) {
            return Some(match name.find(&phrase) {
                Some(0) => 0,
                Some(_) => 1,
                None => 2,
            });
        }
        let key = label.small_key().map(String::from);
        if words == [key.unwrap_or_default().as_str()] {
            return Some(3);
        }
        let rules = label.include.iter().chain(&label.exclude);
        let said = rules.fold(label.definition.to_lowercase(), |said, rule| {
            said + " " + &rule.to_lowercase()
        });
        has_all(&said).then_some(4)
    };
    let labels = codebook.labels.iter().enumerate();
    let mut found: Vec<(u8, usize)> = labels
        .filter_map(|(at, label)| Some((rank(label)?, at)))
        .collect();
    found.sort_unstable();
    let mut listed = LabelsListed::default();
    for (_, at) in found {
        let is_retired = codebook.labels.get(at).is_some_and(|label| label.retired);
        let list = if is_retired {
            &mut listed.retired
        } else {
            &mut listed.offered
        };
        list.push(LabelRow::flat(at));
    }
    listed
}

/// Which of several ranges is shown where: the smallest that covers a place, by the size that is
/// given with each. Stretches rise and do not overlap; each names its range by its number.
pub fn innermost(ranges: &[(ByteRange, usize)]) -> Vec<(ByteRange, usize)> {
    // Mostly none lies over another.
    if ranges.is_sorted_by(|(a, _), (b, _)| a.end <= b.start) {
        let each = ranges.iter().enumerate();
        let each = each.map(|(which, (range, _))| (*range, which));
        return each.filter(|(range, _)| !range.is_empty()).collect();
    }
    let mut edges: Vec<(BytePos, usize)> = Vec::with_capacity(ranges.len() * 2);
    for (which, (range, _)) in ranges
        .iter()
        .enumerate()
        .filter(|(_, (r, _))| !r.is_empty())
    {
        edges.extend([(range.start, which), (range.end, which)]);
    }
    edges.sort_unstable();
    let mut open: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut shown: Vec<(ByteRange, usize)> = Vec::new();
    let mut from = BytePos(0);
    for (at, which) in edges {
        if let Some(&(_, top)) = open.first()
            && from < at
        {
            match shown.last_mut() {
                Some((last, same)) if *same == top && last.end == from => last.end = at,
                _ => shown.push((ByteRange::new(from, at), top)),
            }
        }
        from = at;
        let Some((_, size)) = ranges.get(which) else {
            continue;
        };
        if !open.remove(&(*size, which)) {
            open.insert((*size, which));
        }
    }
    shown
}

/// Where underlines lie below each other in an article: stretches that rise and do not touch.
pub fn stacked(article: &Article) -> Vec<ByteRange> {
    let mut stacked: Vec<ByteRange> = Vec::new();
    let fragments = article.annotations.fragments().iter();
    for range in fragments
        .filter(|entry| entry.lane > 0)
        .map(|entry| entry.range)
    {
        match stacked.last_mut() {
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => stacked.push(range),
        }
    }
    stacked
}

/// How many words a text has: what stands between spaces with a letter or digit in it, and each
/// character of scripts that write without spaces. `None` when it was stopped.
pub fn count_words(text: &str, goes_on: &mut dyn FnMut() -> bool) -> Option<usize> {
    const ASKS_EACH_BYTES: usize = 1 << 16;
    let is_alone = |c: char| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}');
    let (mut words, mut in_word, mut asked_at) = (0, false, 0);
    for (at, c) in text.char_indices() {
        // Most letters are asked of no table of Unicode.
        if c.is_ascii_alphanumeric() {
            in_word = true;
        } else if c == ' ' || c.is_whitespace() {
            words += usize::from(in_word);
            in_word = false;
            if at - asked_at >= ASKS_EACH_BYTES {
                asked_at = at;
                if !goes_on() {
                    return None;
                }
            }
        } else if !c.is_ascii() {
            if is_alone(c) {
                words += 1;
            } else if c.is_alphanumeric() {
                in_word = true;
            }
        }
    }
    Some(words + usize::from(in_word))
}

/// How many annotations begin before each fragment of an article, in the order of its fragments.
pub fn ordinals(article: &Article) -> Vec<u32> {
    let mut begun = 0;
    let count = |fragment: u32| {
        let before = begun;
        begun += u32::from(fragment == 0);
        before
    };
    let fragments = article.annotations.fragments();
    let fragments = fragments.iter().map(|entry| entry.fragment);
    fragments.map(count).collect()
}

/// The article in so many rows: which of them that follow one another have a mark of which label, by its
/// place in the codebook. One mark a row is all that can be seen; helper labels are not.
pub fn marks_by_row(
    article: &Article,
    codebook: &Codebook,
    rows: usize,
) -> Vec<(Range<usize>, u32)> {
    let rows = rows.max(1);
    let mut marks = vec![None; rows];
    let length = article.text.len_bytes().max(1) as f64;
    let labels = codebook.labels.iter().enumerate();
    let seen: HashMap<&LabelId, u32> = labels
        .filter(|(_, label)| !label.helper)
        .map(|(at, label)| (&label.id, at as u32))
        .collect();
    let row_of =
        |entry: &FragmentEntry| (f64::from(entry.range.start.0) / length * rows as f64) as usize;
    let mut left = article.annotations.fragments();
    while let Some((entry, others)) = left.split_first() {
        left = others;
        let row = row_of(entry);
        if let Some(at) = seen.get(&entry.annotation.label)
            && let Some(mark) = marks.get_mut(row.min(rows - 1))
        {
            *mark = Some(*at);
            // What else begins in this row is not asked, however much it is.
            left = after_first(left, |entry| row_of(entry) == row);
        }
    }
    let mut row = 0;
    let runs = marks.chunk_by(|a, b| a == b).filter_map(|run| {
        let first = row;
        row += run.len();
        Some((first..row, (*run.first()?)?))
    });
    runs.collect()
}

/// What comes after the first of a slice, which are those that something holds of. They are few beside
/// all, so they are looked for from the front, in steps that grow.
fn after_first<T>(slice: &[T], holds: impl Fn(&T) -> bool) -> &[T] {
    let mut step = 1;
    while slice.get(step).is_some_and(&holds) {
        step *= 2;
    }
    let near = slice.get(..step).unwrap_or(slice);
    let first = near.partition_point(holds);
    slice.get(first..).unwrap_or_default()
}

/// The article in so many rows: which of them that follow one another are within stretches that rise.
pub fn rows_within(article: &Article, stretches: &[ByteRange], rows: usize) -> Vec<Range<usize>> {
    let rows = rows.max(1);
    let length = article.text.len_bytes().max(1) as f64;
    let row = |at: BytePos| f64::from(at.0) / length * rows as f64;
    let mut within: Vec<Range<usize>> = Vec::new();
    for stretch in stretches {
        let first = (row(stretch.start) as usize).min(rows - 1);
        let end = (row(stretch.end).ceil() as usize).clamp(first + 1, rows);
        match within.last_mut() {
            Some(last) if first <= last.end => last.end = last.end.max(end),
            _ => within.push(first..end),
        }
    }
    within
}

/// The names of metadata that the articles have, sorted; not more than can be chosen from.
pub fn metadata_names(articles: &[Arc<Article>]) -> Vec<String> {
    const MAX_NAMES: usize = 100;
    let mut names = BTreeSet::new();
    for name in articles.iter().flat_map(|article| article.metadata.keys()) {
        if names.len() < MAX_NAMES {
            names.insert(name.as_str());
        }
    }
    names.into_iter().map(str::to_owned).collect()
}

/// The values of one kind of metadata, sorted; none when there are more than can be chosen from.
pub fn metadata_values(articles: &[Arc<Article>], name: &str) -> Vec<String> {
    const MAX_VALUES: usize = 200;
    let mut values = BTreeSet::new();
    for value in articles.iter().filter_map(|article| article.meta(name)) {
        values.insert(value);
        if values.len() > MAX_VALUES {
            return Vec::new();
        }
    }
    values.into_iter().map(str::to_owned).collect()
}

/// What is most telling of an annotation beside its label: who speaks, or of what kind it is.
pub fn telling_value(project: &Project, annotation: &Annotation) -> Option<String> {
    let names = ["speaker", "claimant", "beneficiary", "kind"];
    let mut values = names
        .iter()
        .filter_map(|name| annotation.attributes.get(name));
    let value = values
        .next()
        .map(|value| project.value_text(value).replace('_', " "));
    value.filter(|value| !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::AnnotationSet;
    use crate::core::text::ArticleText;

    #[test]
    fn stretches_fall_into_rows() {
        let text = ArticleText::new("x".repeat(100));
        let article = Article::new("a".into(), "A", text);
        type Case = (&'static [(u32, u32)], usize, &'static str);
        let cases: [Case; 7] = [
            (&[], 4, "...."),
            (&[(0, 2), (3, 4), (30, 31)], 4, "##.."),
            (&[(0, 25)], 4, "#..."),
            (&[(25, 51)], 4, ".##."),
            (&[(30, 31), (99, 100)], 4, ".#.#"),
            (&[(0, 100)], 5, "#####"),
            (&[(100, 100)], 0, "#"),
        ];
        for (stretches, rows, expected) in cases {
            let ranges = stretches.iter();
            let ranges: Vec<ByteRange> = ranges
                .map(|(from, to)| ByteRange::new(BytePos(*from), BytePos(*to)))
                .collect();
            let found = rows_within(&article, &ranges, rows);
            let is_within = |row: usize| found.iter().any(|run| run.contains(&row));
            let shown = (0..rows.max(1)).map(|row| if is_within(row) { '#' } else { '.' });
            assert_eq!(shown.collect::<String>(), expected, "{stretches:?}");
            let ends = found.iter().flat_map(|run| [run.start, run.end]);
            assert!(ends.is_sorted_by(|a, b| a < b), "{found:?} could be fewer");
        }
    }

    #[test]
    fn a_row_is_marked_by_the_first_of_its_annotations_that_is_no_helper() {
        let codebook = Codebook::default();
        let check = |marked: &[(u32, &str)], rows: usize, expected: &str| {
            let text = ArticleText::new("x".repeat(100));
            let mut article = Article::new("a".into(), "A", text);
            let made = marked.iter().enumerate().map(|(n, (start, label))| {
                let range = ByteRange::new(BytePos(*start), BytePos(start + 2));
                let id = format!("t-{n}");
                Annotation::new(id.as_str().into(), "ana".into(), (*label).into(), range)
            });
            article.annotations = AnnotationSet::from_annotations(made).0;
            let marks = marks_by_row(&article, &codebook, rows);
            let letter = |row: usize| {
                let mark = marks.iter().find(|(run, _)| run.contains(&row));
                let label = mark.and_then(|(_, at)| codebook.labels.get(*at as usize));
                label.and_then(|label| label.key).unwrap_or('.')
            };
            let seen: String = (0..rows.max(1)).map(letter).collect();
            assert_eq!(seen, expected, "{marked:?}");
        };
        check(&[], 4, "....");
        check(
            &[(0, "quote"), (3, "claim"), (30, "claim"), (98, "promo")],
            4,
            "qc.p",
        );
        check(
            &[(0, "source"), (2, "cue"), (4, "claim"), (6, "quote")],
            4,
            "c...",
        );
        check(
            &[(0, "cue"), (80, "lost"), (90, "quote"), (92, "claim")],
            2,
            ".q",
        );
        check(&[(0, "quote"), (26, "quote"), (98, "quote")], 4, "qq.q");
        check(&[(0, "quote"), (98, "claim")], 0, "q");
    }

    #[test]
    fn what_comes_after_the_first_is_found_however_many_they_are() {
        for first in 0..70 {
            for others in 0..5 {
                let all: Vec<bool> = (0..first + others).map(|n| n < first).collect();
                assert_eq!(
                    after_first(&all, |is| *is).len(),
                    others,
                    "{first}, {others}"
                );
            }
        }
    }

    #[test]
    fn articles_stand_in_the_order_that_is_asked_for() {
        let article = |title: &str, outlet: &str, published: &str| {
            let text = ArticleText::new("Text.".to_owned());
            let mut article = Article::new(title.into(), title, text);
            for (name, value) in [("outlet", outlet), ("published", published)] {
                if !value.is_empty() {
                    article.metadata.insert(name.to_owned(), value.to_owned());
                }
            }
            Arc::new(article)
        };
        let articles = [
            article("Bridge", "Post", "2024-05-14"),
            article("ferry", "", ""),
            article("Ada", "Herald", "2024-05-14T06:40:00Z"),
            article("Coast", "Post", "2023-12-01"),
        ];
        for (order, expected) in [
            (Order::Added, [0, 1, 2, 3]),
            (Order::Newest, [2, 0, 3, 1]),
            (Order::Oldest, [3, 0, 2, 1]),
            (Order::Title, [2, 0, 3, 1]),
            (Order::Outlet, [2, 0, 3, 1]),
        ] {
            let mut places: Vec<usize> = (0..articles.len()).collect();
            in_order(&order, &articles, &"ana".into(), &mut places);
            assert_eq!(places, expected, "{}", order.name());
        }
    }

    #[test]
    fn labels_stand_under_what_they_are_kinds_of_until_they_are_looked_for() {
        let label = |id: &str, name: &str, parent: &str, definition: &str| Label {
            parent: (!parent.is_empty()).then(|| parent.into()),
            definition: definition.to_owned(),
            ..Label::new(id, name, 0)
        };
        let mut codebook = Codebook::of(vec![
            label("claim", "Claim", "", "What could be checked."),
            label(
                "cause",
                "Cause",
                "claim",
                "What makes something else happen.",
            ),
            label("old", "Old", "claim", "Given up."),
            label("éclat", "Éclat", "old", "A scandal, as a claim tells it."),
            label("law", "Law", "cause", ""),
            label("quote", "Quote", "", "Words of somebody."),
        ]);
        codebook.labels[2].retired = true;
        codebook.labels[4].key = Some('W');
        let check = |typed: &str, folded: &[&str], expected: &str| {
            let rows = labels_listed(&codebook, typed, |id| folded.contains(&id.as_str()));
            let shown = rows.offered.iter().map(|row| {
                let fold = if row.has_kinds { "+" } else { "" };
                let id = &codebook.labels[row.at].id;
                format!("{}{id}{fold}", "-".repeat(row.depth))
            });
            assert_eq!(
                shown.collect::<Vec<_>>().join(" "),
                expected,
                "{typed} {folded:?}"
            );
        };
        check("", &[], "claim+ -cause+ --law -éclat quote");
        check(" ", &["cause"], "claim+ -cause+ -éclat quote");
        check("", &["claim", "cause", "quote"], "claim+ quote");
        // Names that begin so, names, keys, what is said of it; accents and folds do not matter.
        check("cla", &["claim"], "claim éclat");
        check("ECLAT", &[], "éclat");
        check("w", &[], "law claim cause quote");
        check("makes happen", &[], "cause");
        check("old", &[], "");
    }

    #[test]
    fn rows_follow_folds_filter_and_retirement() {
        let label = |id: &str, parent: &str, retired: bool| Label {
            parent: (!parent.is_empty()).then(|| parent.into()),
            retired,
            ..Label::new(id, id, 0)
        };
        let codebook = Codebook::of(vec![
            label("quote", "", false),
            label("direct", "quote", false),
            label("long", "direct", false),
            label("Clàim", "", false),
            label("old", "quote", true),
        ]);
        let check = |filter: &str, folded: &[&str], expected: &str| {
            let listed = labels_listed(&codebook, filter, |id| folded.contains(&id.as_str()));
            let shown = |row: &LabelRow| {
                let id = &codebook.labels[row.at].id;
                let fold = match (row.has_kinds, row.is_folded) {
                    (true, true) => "+",
                    (true, false) => "-",
                    _ => "",
                };
                format!("{}{id}{fold}", ".".repeat(row.depth))
            };
            let offered: Vec<String> = listed.offered.iter().map(shown).collect();
            let retired: Vec<String> = listed.retired.iter().map(shown).collect();
            let all = format!("{} | {}", offered.join(" "), retired.join(" "));
            assert_eq!(all, expected);
        };
        check("", &[], "quote- .direct- ..long Clàim | old");
        check("", &["quote"], "quote+ Clàim | old");
        check("", &["direct", "gone"], "quote- .direct+ Clàim | old");
        check("cla", &["quote"], "Clàim | ");
        check(" O ", &["quote"], "quote long | old");
        check("nothing", &[], " | ");
    }

    #[test]
    fn the_smallest_is_shown() {
        let range = |a: u32, b: u32| ByteRange::new(BytePos(a), BytePos(b));
        let check = |ranges: &[(u32, u32, usize)], expected: &[(u32, u32, usize)]| {
            let ranges: Vec<_> = ranges.iter().map(|&(a, b, n)| (range(a, b), n)).collect();
            let expected: Vec<_> = expected.iter().map(|&(a, b, n)| (range(a, b), n)).collect();
            assert_eq!(innermost(&ranges), expected, "{ranges:?}");
        };
        check(&[], &[]);
        check(&[(3, 3, 0)], &[]);
        check(&[(0, 9, 9), (3, 5, 2)], &[(0, 3, 0), (3, 5, 1), (5, 9, 0)]);
        check(&[(0, 6, 6), (4, 9, 5)], &[(0, 4, 0), (4, 9, 1)]);
        check(&[(0, 4, 4), (4, 8, 4)], &[(0, 4, 0), (4, 8, 1)]);
        // The same range twice, and one that another one covers whole.
        check(&[(0, 4, 4), (0, 4, 4)], &[(0, 4, 0)]);
        check(&[(0, 4, 4), (0, 9, 0)], &[(0, 9, 1)]);
        // Empty ones between others, and others out of order.
        check(&[(0, 5, 1), (5, 5, 0), (5, 9, 1)], &[(0, 5, 0), (5, 9, 2)]);
        check(&[(0, 5, 1), (7, 7, 0), (6, 9, 1)], &[(0, 5, 0), (6, 9, 2)]);
        check(&[(6, 9, 1), (0, 4, 1)], &[(0, 4, 1), (6, 9, 0)]);
    }

    #[test]
    fn words_are_counted_in_every_script() {
        for (text, expected) in [
            ("", 0),
            ("Mayor Ada Quill said “it is a proud day” – on Monday.", 11),
            ("3,400 crowns\n\n* * *", 2),
            ("首相は「交渉」と述べた。", 9),
            ("قال الوزير", 2),
        ] {
            assert_eq!(count_words(text, &mut || true), Some(expected), "{text}");
        }
    }
}
