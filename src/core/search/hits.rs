//! Hits in many articles, in little room: eight bytes each, and eight for each article with some.
//!
//! In the order of the articles, and in each by where they begin. Knows no query.

use super::matcher::MAX_IN_TEXT;
use crate::core::text::ByteRange;

/// The most hits that are kept.
pub const MAX_HITS: usize = 2_000_000;

/// Where something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The place of the article among those of the project.
    pub article: usize,
    pub range: ByteRange,
}

/// Rises with the places of articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// The articles with hits, each with where its hits end.
    articles: Vec<(u32, u32)>,
    ranges: Vec<ByteRange>,
    is_cut: bool,
}

impl Hits {
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// There were more than are kept.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// No more are kept.
    pub fn is_full(&self) -> bool {
        self.is_cut && self.ranges.len() >= MAX_HITS
    }

    /// How many articles have hits.
    pub fn article_count(&self) -> usize {
        self.articles.len()
    }

    /// Adds what was found in an article behind all so far.
    pub fn add(&mut self, article: usize, ranges: &[ByteRange]) {
        let room = MAX_HITS.saturating_sub(self.ranges.len());
        self.is_cut |= ranges.len() > room || ranges.len() >= MAX_IN_TEXT;
        let kept = ranges.get(..ranges.len().min(room)).unwrap_or_default();
        if kept.is_empty() {
            return;
        }
        self.ranges.extend_from_slice(kept);
        self.articles
            .push((article as u32, self.ranges.len() as u32));
    }

    /// The hit at a place of the whole list.
    pub fn get(&self, at: usize) -> Option<Hit> {
        let range = *self.ranges.get(at)?;
        let among = self
            .articles
            .partition_point(|(_, end)| *end as usize <= at);
        let (article, _) = self.articles.get(among)?;
        Some(Hit {
            article: *article as usize,
            range,
        })
    }

    /// The hits of an article, by its place.
    pub fn of_article(&self, article: usize) -> &[ByteRange] {
        let Ok(among) = self
            .articles
            .binary_search_by_key(&(article as u32), |(article, _)| *article)
        else {
            return &[];
        };
        self.nth(among).map_or(&[], |(_, ranges)| ranges)
    }

    /// The articles with hits, each with its own.
    pub fn by_article(&self) -> impl ExactSizeIterator<Item = (usize, &[ByteRange])> {
        (0..self.articles.len()).map(|n| self.nth(n).unwrap_or_default())
    }

    pub fn iter(&self) -> impl Iterator<Item = Hit> {
        let all = self.by_article();
        all.flat_map(|(article, ranges)| ranges.iter().map(move |&range| Hit { article, range }))
    }

    fn nth(&self, among: usize) -> Option<(usize, &[ByteRange])> {
        let (article, end) = *self.articles.get(among)?;
        let before = among
            .checked_sub(1)
            .and_then(|before| self.articles.get(before));
        let start = before.map_or(0, |(_, end)| *end);
        let ranges = self.ranges.get(start as usize..end as usize)?;
        Some((article as usize, ranges))
    }

    /// Room taken, in bytes.
    pub fn bytes(&self) -> usize {
        self.articles.capacity() * size_of::<(u32, u32)>()
            + self.ranges.capacity() * size_of::<ByteRange>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(a: u32, b: u32) -> ByteRange {
        (a, b).into()
    }

    #[test]
    fn hits_are_found_by_place_and_by_article() {
        let mut hits = Hits::default();
        hits.add(2, &[range(1, 2), range(3, 4)]);
        hits.add(3, &[]);
        hits.add(7, &[range(5, 9)]);
        assert_eq!(
            (hits.len(), hits.article_count(), hits.is_cut()),
            (3, 2, false)
        );
        let all: Vec<Hit> = (0..4).filter_map(|at| hits.get(at)).collect();
        assert_eq!(all, hits.iter().collect::<Vec<_>>());
        assert_eq!(
            all[2],
            Hit {
                article: 7,
                range: range(5, 9)
            }
        );
        assert_eq!(hits.of_article(2), [range(1, 2), range(3, 4)]);
        assert!(hits.of_article(3).is_empty());
        assert_eq!(
            hits.by_article()
                .map(|(at, all)| (at, all.len()))
                .collect::<Vec<_>>(),
            [(2, 2), (7, 1)]
        );
    }

    #[test]
    fn more_than_can_be_kept_is_said() {
        let mut hits = Hits::default();
        let many = vec![range(0, 1); MAX_IN_TEXT - 1];
        hits.add(0, &many);
        hits.add(1, &many);
        hits.add(2, &[range(0, 1)]);
        assert!(!hits.is_cut());
        hits.add(3, &[range(0, 1), range(1, 2)]);
        assert!(hits.is_cut() && hits.is_full());
        assert_eq!(hits.len(), MAX_HITS);
        // A text with as many as are looked for in one may have more; other texts have theirs.
        let mut hits = Hits::default();
        hits.add(0, &vec![range(0, 1); MAX_IN_TEXT]);
        assert!(hits.is_cut() && !hits.is_full());
        hits.add(1, &[range(0, 1)]);
        assert_eq!(hits.len(), MAX_IN_TEXT + 1);
    }
}
