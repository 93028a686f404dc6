//! What lists of the window show: which articles and annotations fit what was typed, which metadata
//! there is, and where marks stand in an article seen from afar. Pure; knows no rows and no colours.

use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::Codebook;
use crate::core::ids::LabelId;
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
