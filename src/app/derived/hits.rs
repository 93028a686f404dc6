//! What was found in all articles, as the page of finding shows it: in an order, in groups, with what
//! is marked there, and how much of it is ticked.
//!
//! Each answer holds the hits that it is about, so that a line never stands for a hit of another
//! search.

use super::{Derive, DeriveLater};
use crate::app::session::Session;
use crate::core::concordance::{
    Arrangement, LineGroup, Lines, Place, Standing, Standings, lines, standings,
};
use crate::core::ids::{AnnotatorId, ArticleId, LabelId, RuleId};
use crate::core::project::Project;
use crate::core::recipes::hits::{Count, Placing, annotation_of, placings};
use crate::core::search::{Hit, Hits};
use crate::core::text::ByteRange;
use std::collections::{BTreeSet, HashSet};
use std::ops::{Deref, Range};
use std::sync::Arc;

/// So many hits are put in order within a frame.
const FEW: usize = 4_000;

/// A large value; the same one is known by its pointer.
pub struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T: Default> Default for Shared<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> From<Arc<T>> for Shared<T> {
    fn from(value: Arc<T>) -> Self {
        Self(value)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

fn places(hits: &Hits) -> impl Iterator<Item = Place> + '_ {
    hits.iter().map(|hit| (hit.article, hit.range))
}

/// What is marked where hits are.
#[derive(Clone, PartialEq)]
pub struct StandingsOf {
    pub hits: Shared<Hits>,
    pub annotator: AnnotatorId,
    /// The kept rule that finds them.
    pub rule: Option<RuleId>,
}

impl DeriveLater for StandingsOf {
    type Value = HitStandings;

    fn is_small(&self, _: &Session) -> bool {
        self.hits.len() <= FEW
    }

    fn may_show(&self, other: &Self) -> bool {
        self.hits == other.hits
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<HitStandings> {
        let rule = self.rule.as_ref().and_then(|id| project.rule(id));
        let rule = rule.map(AsRef::as_ref);
        let hits = places(&self.hits);
        let found = standings(project, hits, rule, &self.annotator, goes_on)?;
        Some(HitStandings(Shared::new(found)))
    }
}

pub struct HitStandings(pub Shared<Standings>);

/// What marking with a label makes of hits.
#[derive(Clone, PartialEq)]
pub struct PlacingsOf {
    pub hits: Shared<Hits>,
    pub label: LabelId,
    pub annotator: AnnotatorId,
}

/// So many marks are put in their places within a frame.
const FEW_MARKS: usize = 500;

impl DeriveLater for PlacingsOf {
    type Value = HitPlacings;

    fn is_small(&self, _: &Session) -> bool {
        self.hits.len() <= FEW_MARKS
    }

    /// Those of another label would be said of this one.
    fn may_show(&self, other: &Self) -> bool {
        self == other
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<HitPlacings> {
        let hits = places(&self.hits);
        let found = placings(project, hits, &self.label, &self.annotator, goes_on)?;
        Some(HitPlacings(Shared::new(found)))
    }
}

pub struct HitPlacings(pub Shared<Vec<Placing>>);

/// Hits in an order.
#[derive(Clone, PartialEq)]
pub struct LinesOf {
    pub hits: Shared<Hits>,
    /// Those of no hit, where the order does not look at them.
    pub standings: Shared<Standings>,
    pub arrangement: Arrangement,
    pub annotator: AnnotatorId,
}

/// Hits in an order, and the hits.
pub struct Concordance {
    pub hits: Shared<Hits>,
    pub lines: Lines,
}

/// The same, as it is handed on.
pub struct Ordered(pub Shared<Concordance>);

impl DeriveLater for LinesOf {
    type Value = Ordered;

    fn is_small(&self, _: &Session) -> bool {
        self.hits.len() <= FEW
    }

    /// Lines of the search before stay until there are others.
    fn may_show(&self, _: &Self) -> bool {
        true
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<Ordered> {
        // Each is looked up many times.
        let all: Vec<Place> = places(&self.hits).collect();
        let hit = |at: usize| {
            all.get(at)
                .copied()
                .unwrap_or((usize::MAX, Default::default()))
        };
        let lines = lines(
            project,
            (all.len(), &hit),
            &self.standings,
            &self.arrangement,
            &self.annotator,
            goes_on,
        )?;
        let hits = self.hits.clone();
        Some(Ordered(Shared::new(Concordance { hits, lines })))
    }
}

impl Concordance {
    /// The hit of a line.
    pub fn hit(&self, line: usize) -> Option<Hit> {
        let at = self.number(line)?;
        self.hits.get(at)
    }

    /// The number of the hit of a line, among all hits.
    pub fn number(&self, line: usize) -> Option<usize> {
        self.lines.order.get(line).map(|n| *n as usize)
    }
}

/// Lines and headings of groups, as a list shows them.
#[derive(Clone, PartialEq)]
pub struct RowsOf {
    pub of: Shared<Concordance>,
    pub folded: BTreeSet<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HitRows {
    /// Of each group the row of its heading, and whether its lines are shown.
    groups: Vec<(usize, bool)>,
    headings: Vec<usize>,
    len: usize,
    /// Of each group the line that it begins with.
    from: Vec<usize>,
}

/// A row of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitRow {
    Line(usize),
    /// By its place among the groups.
    Group(usize),
}

impl HitRows {
    fn of(lines: &Lines, is_folded: impl Fn(&LineGroup) -> bool) -> Self {
        let mut rows = Self::default();
        for group in &lines.groups {
            let is_folded = is_folded(group);
            rows.groups.push((rows.len, !is_folded));
            rows.headings.push(rows.len);
            rows.from.push(group.from);
            rows.len += 1 + if is_folded { 0 } else { group.hits };
        }
        if lines.groups.is_empty() {
            rows.len = lines.order.len();
        }
        rows
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn headings(&self) -> &[usize] {
        &self.headings
    }

    pub fn is_open(&self, group: usize) -> bool {
        self.groups.get(group).is_some_and(|(_, is_open)| *is_open)
    }

    pub fn row(&self, row: usize) -> Option<HitRow> {
        if row >= self.len {
            return None;
        }
        let Some(group) = self
            .headings
            .partition_point(|at| *at <= row)
            .checked_sub(1)
        else {
            return Some(HitRow::Line(row));
        };
        let heading = *self.headings.get(group)?;
        if heading == row {
            return Some(HitRow::Group(group));
        }
        Some(HitRow::Line(self.from.get(group)? + row - heading - 1))
    }

    /// The row of a line; none while its group is folded.
    pub fn of_line(&self, line: usize) -> Option<usize> {
        let Some(group) = self
            .from
            .partition_point(|from| *from <= line)
            .checked_sub(1)
        else {
            return Some(line);
        };
        let (heading, is_open) = self.groups.get(group)?;
        is_open.then_some(heading + 1 + line - self.from.get(group)?)
    }

    pub fn of_group(&self, group: usize) -> Option<usize> {
        self.headings.get(group).copied()
    }
}

impl Derive for RowsOf {
    type Value = HitRows;
    type Memo = ();

    fn stamp(&self, _: &Session) -> u64 {
        0
    }

    fn derive(&self, _: &Session, (): &mut ()) -> HitRows {
        HitRows::of(&self.of.lines, |group| self.folded.contains(&group.name))
    }
}

/// The line that a hit has.
#[derive(Clone, PartialEq)]
pub struct LineOf {
    pub of: Shared<Concordance>,
    pub hit: (ArticleId, ByteRange),
}

impl Derive for LineOf {
    type Value = Option<usize>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Option<usize> {
        let (id, range) = &self.hit;
        let place = session.project().article_index(id)?;
        let mut before = 0;
        let mut number = None;
        for (at, ranges) in self.of.hits.by_article() {
            if at == place {
                let here = ranges.iter().position(|known| known == range)?;
                number = u32::try_from(before + here).ok();
                break;
            }
            before += ranges.len();
        }
        let number = number?;
        self.of.lines.order.iter().position(|n| *n == number)
    }
}

/// Which hits are ticked: all but some, or some.
#[derive(Clone, Debug)]
pub struct Ticks {
    pub all: bool,
    /// Those that are otherwise. Two may begin at one place.
    pub except: Arc<HashSet<(ArticleId, ByteRange)>>,
}

impl Default for Ticks {
    fn default() -> Self {
        Self {
            all: true,
            except: Arc::default(),
        }
    }
}

impl PartialEq for Ticks {
    fn eq(&self, other: &Self) -> bool {
        let is_same = Arc::ptr_eq(&self.except, &other.except);
        self.all == other.all && (is_same || self.except == other.except)
    }
}

impl Ticks {
    pub fn has(&self, article: &ArticleId, hit: ByteRange) -> bool {
        let is_other = !self.except.is_empty() && self.except.contains(&(article.clone(), hit));
        self.all != is_other
    }
}

/// How many of the lines are ticked, and what is marked there.
#[derive(Clone, PartialEq)]
pub struct TickedOf {
    pub of: Shared<Concordance>,
    pub standings: Shared<Standings>,
    /// Nothing while there is no label, or they are not known yet.
    pub placings: Option<Shared<Vec<Placing>>>,
    pub ticks: Ticks,
    pub label: Option<LabelId>,
}

/// What is ticked, and what each thing that can be done would touch.
#[derive(Debug, Default)]
pub struct TickedHits {
    pub ticked: usize,
    /// What marking would do.
    pub marking: Marking,
    /// Annotations that ticked hits are, or lie in.
    pub annotations: usize,
    /// How many lines of each group are ticked.
    pub groups: Vec<usize>,
}

/// What marking the ticked hits would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marking {
    pub marks: usize,
    /// In so many articles.
    pub articles: usize,
    /// Ticked, and marked with the label already.
    pub already: usize,
    /// Ticked, and in the mark of another one.
    pub joined: usize,
    /// Ticked, and not to be marked: the codebook lets nothing overlap there, or it is white space.
    pub refused: usize,
    /// Ticked, and dismissed.
    pub dismissed: usize,
}

/// Whether a hit is an annotation, or in one.
pub fn is_annotated(standing: &Standing) -> bool {
    matches!(standing, Standing::Marked(_) | Standing::Inside(_))
}

/// Whether nothing is to be marked where a hit is: one has marked it, or it was dismissed.
pub fn is_settled(standings: &Standings, hit: usize, label: Option<&LabelId>) -> bool {
    *standings.of(hit) == Standing::Dismissed || standings.has_own(hit, label)
}

impl DeriveLater for TickedOf {
    type Value = TickedHits;

    /// The standings are others after a change that counts.
    fn stamp(&self, _: &Session) -> u64 {
        0
    }

    fn is_small(&self, _: &Session) -> bool {
        self.of.lines.order.len() <= 4 * FEW
    }

    /// Counts of other hits would be said of these.
    fn may_show(&self, other: &Self) -> bool {
        self.of.hits == other.of.hits
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<TickedHits> {
        let lines = &self.of.lines;
        let mut ticked: Vec<u32> = Vec::new();
        let mut counts = TickedHits::default();
        let has_all = self.ticks.except.is_empty();
        let mut groups = lines.groups.iter().peekable();
        for (at, n) in lines.order.iter().enumerate() {
            if at % FEW == 0 && !goes_on() {
                return None;
            }
            while groups.next_if(|group| group.from <= at).is_some() {
                counts.groups.push(0);
            }
            let is_ticked = if has_all {
                self.ticks.all
            } else {
                let hit = self.of.hits.get(*n as usize);
                let id = |hit: Hit| Some(&project.articles().get(hit.article)?.id);
                hit.is_some_and(|hit| id(hit).is_some_and(|id| self.ticks.has(id, hit.range)))
            };
            if is_ticked {
                ticked.push(*n);
                if let Some(group) = counts.groups.last_mut() {
                    *group += 1;
                }
            }
        }
        counts.ticked = ticked.len();
        // Marks are put in the order of the articles, however the lines stand.
        ticked.sort_unstable();
        self.count(project, &ticked, &mut counts, goes_on)?;
        Some(counts)
    }
}

impl TickedOf {
    fn count(
        &self,
        project: &Project,
        ticked: &[u32],
        counts: &mut TickedHits,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Option<()> {
        let mut marks = Count::default();
        let mut annotations = HashSet::new();
        for (at, n) in ticked.iter().enumerate() {
            if at % FEW == 0 && !goes_on() {
                return None;
            }
            let n = *n as usize;
            let Some(hit) = self.of.hits.get(n) else {
                continue;
            };
            let standing = self.standings.of(n);
            if is_annotated(standing) {
                let article = project.articles().get(hit.article);
                let annotation = article.and_then(|article| annotation_of(article, hit.range));
                annotations.extend(annotation.map(Arc::as_ptr));
            }
            if *standing == Standing::Dismissed {
                counts.marking.dismissed += 1;
                continue;
            }
            let known = self.placings.as_ref().and_then(|all| all.get(n));
            marks.add(
                hit.article,
                match known {
                    Some(placing) => *placing,
                    None if is_settled(&self.standings, n, self.label.as_ref()) => Placing::Already,
                    None => Placing::At(hit.range),
                },
            );
        }
        counts.annotations = annotations.len();
        counts.marking = Marking {
            marks: marks.marks,
            articles: marks.articles,
            already: marks.already,
            joined: marks.joined,
            refused: marks.refused,
            dismissed: counts.marking.dismissed,
        };
        Some(())
    }
}

/// The lines that a range of them stands for.
pub fn lines_of(group: &LineGroup) -> Range<usize> {
    group.from..group.from + group.hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_hits_that_begin_at_one_place_one_is_ticked() {
        let (short, long) = (ByteRange::from((0, 4)), ByteRange::from((0, 9)));
        let ticks = Ticks {
            all: true,
            except: Arc::new([("a".into(), short)].into()),
        };
        let article = "a".into();
        assert!(!ticks.has(&article, short) && ticks.has(&article, long));
    }

    #[test]
    fn rows_and_lines_agree_however_groups_are_folded() {
        let group = |name: &str, from: usize, hits: usize| LineGroup {
            name: name.to_owned(),
            from,
            hits,
            articles: 1,
        };
        let grouped = Lines {
            order: (0..6).collect(),
            groups: vec![group("a", 0, 3), group("b", 3, 1), group("c", 4, 2)],
            articles: 1,
        };
        for (folded, expected) in [
            ("", "A012B3C45"),
            ("a", "AB3C45"),
            ("b", "A012BC45"),
            ("abc", "ABC"),
        ] {
            let rows = HitRows::of(&grouped, |group| folded.contains(&group.name));
            let shown: String = (0..rows.len())
                .map(|at| match rows.row(at).unwrap() {
                    HitRow::Line(line) => {
                        assert_eq!(rows.of_line(line), Some(at));
                        line.to_string()
                    }
                    HitRow::Group(group) => {
                        assert_eq!(rows.of_group(group), Some(at));
                        ["A", "B", "C"][group].to_owned()
                    }
                })
                .collect();
            assert_eq!(shown, expected);
            assert_eq!(rows.row(rows.len()), None);
            let lines = (0..6).filter(|line| rows.of_line(*line).is_some()).count();
            assert_eq!(lines + 3, rows.len());
        }
        let plain = Lines {
            order: vec![1, 0],
            ..Lines::default()
        };
        let rows = HitRows::of(&plain, |_| true);
        assert_eq!(
            (rows.len(), rows.row(1), rows.of_line(1)),
            (2, Some(HitRow::Line(1)), Some(1))
        );
    }
}
