//! What lists of the window show: which articles and annotations fit what was typed, which metadata
//! there is, and where marks stand in an article seen from afar. Pure; knows no rows and no colours.

use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::Codebook;
use crate::core::ids::LabelId;
use crate::core::text::{BytePos, ByteRange};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a filter of articles looks through.
pub fn searched_text(article: &Article) -> String {
    format!("{} {}", article.title, article.byline()).to_lowercase()
}

/// The places of an article's annotations that have a label, or any, and hold a text in their words
/// or note: places among its fragments, rising. `None` when it was stopped.
pub fn fitting_annotations(
    article: &Article,
    label: Option<&LabelId>,
    text: &str,
    goes_on: &mut dyn FnMut() -> bool,
) -> Option<Vec<u32>> {
    /// It is asked so often whether to go on.
    const STRIDE: usize = 1_000;
    let wanted = text.trim().to_lowercase();
    let fits = |annotation: &Annotation| {
        label.is_none_or(|label| annotation.label == *label)
            && (wanted.is_empty()
                || annotation.note.to_lowercase().contains(&wanted)
                || annotation
                    .fragments
                    .iter()
                    .any(|f| article.text.slice(*f).to_lowercase().contains(&wanted)))
    };
    let takes_all = wanted.is_empty() && label.is_none();
    let mut found = Vec::new();
    for (i, entry) in article.annotations.fragments().iter().enumerate() {
        if i % STRIDE == 0 && !goes_on() {
            return None;
        }
        if entry.fragment == 0 && (takes_all || fits(&entry.annotation)) {
            found.push(i as u32);
        }
    }
    Some(found)
}

/// Which of several ranges is shown where: the smallest that covers a place, by the size that is
/// given with each. Stretches rise and do not overlap; each names its range by its number.
pub fn innermost(ranges: &[(ByteRange, usize)]) -> Vec<(ByteRange, usize)> {
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
    let is_alone = |c: &char| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}');
    let mut words = 0;
    for line in text.lines() {
        if !goes_on() {
            return None;
        }
        for part in line.split_whitespace() {
            let alone = part.chars().filter(is_alone).count();
            let has_more = part.chars().any(|c| c.is_alphanumeric() && !is_alone(&c));
            words += alone + usize::from(has_more);
        }
    }
    Some(words)
}

/// The article in so many rows: which label of the codebook has a mark in each. One mark a row is
/// all that can be seen; helper labels are not.
pub fn marks_by_row(article: &Article, codebook: &Codebook, rows: usize) -> Vec<Option<u32>> {
    let rows = rows.max(1);
    let mut marks = vec![None; rows];
    let length = article.text.len_bytes().max(1) as f64;
    let labels = codebook.labels.iter().enumerate();
    let seen: Vec<_> = labels
        .filter(|(_, label)| !label.helper)
        .map(|(at, label)| (&label.id, at as u32))
        .collect();
    let mut last = usize::MAX;
    for entry in article.annotations.fragments() {
        let row = (f64::from(entry.range.start.0) / length * rows as f64) as usize;
        if row == last {
            continue;
        }
        let label = &entry.annotation.label;
        if let Some((_, at)) = seen.iter().find(|(id, _)| *id == label)
            && let Some(mark) = marks.get_mut(row.min(rows - 1))
        {
            *mark = Some(*at);
            last = row;
        }
    }
    marks
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

#[cfg(test)]
mod tests {
    use super::*;

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
