//! Train, dev and test: by whole articles, reproducible, evenly spread.
//!
//! Articles are ordered by stratum and then by a hash of seed and text, and each goes to the part
//! that lags most behind its share, in its stratum and in the whole together: large strata are
//! spread evenly, and small ones do not all fall to the largest part. Identical texts stay together,
//! so that nothing leaks, and a part with a share has an article where there are enough.

use crate::core::article::Article;
use crate::format::export::options::{Split, Stratify};
use std::collections::{BTreeSet, HashMap};

pub(crate) const NAMES: [&str; 3] = ["train", "dev", "test"];

/// How many articles went to each part.
#[derive(Default)]
struct Tally {
    taken: [f64; 3],
    done: f64,
}

impl Tally {
    fn lag(&self, part: usize, share: f64) -> f64 {
        share * self.done - self.taken.get(part).copied().unwrap_or(0.0)
    }

    fn take(&mut self, part: usize, count: f64) {
        if let Some(taken) = self.taken.get_mut(part) {
            *taken += count;
        }
    }
}

/// For each article the number of its part in [`NAMES`].
pub(crate) fn parts(articles: &[&Article], split: &Split) -> Vec<usize> {
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, article) in articles.iter().enumerate() {
        groups.entry(article.text.hash()).or_default().push(at);
    }
    let stratum = |article: &Article| match &split.stratify {
        Stratify::Nothing => String::new(),
        Stratify::Labels => {
            let labels: BTreeSet<&str> = article
                .annotations
                .iter()
                .map(|a| a.label.as_str())
                .collect();
            labels.into_iter().collect::<Vec<_>>().join("\n")
        }
        Stratify::Metadata(field) => article.meta(field).unwrap_or("").to_owned(),
    };
    let mut ordered: Vec<(String, [u8; 32], Vec<usize>)> = groups
        .into_iter()
        .map(|(hash, members)| {
            let key = blake3::hash(format!("{} {hash}", split.seed).as_bytes());
            let first = members.first().and_then(|&at| articles.get(at));
            let stratum = first.map_or_else(String::new, |article| stratum(article));
            (stratum, *key.as_bytes(), members)
        })
        .collect();
    ordered.sort();
    let shares = [split.train, split.dev, split.test].map(f64::from);
    let total: f64 = shares.iter().sum::<f64>().max(1.0);
    let mut whole = Tally::default();
    let mut here = (None, Tally::default());
    let mut chosen: Vec<(usize, Vec<usize>)> = Vec::with_capacity(ordered.len());
    for (stratum, _, members) in ordered {
        if here.0.as_ref() != Some(&stratum) {
            here = (Some(stratum), Tally::default());
        }
        let count = members.len() as f64;
        whole.done += count;
        here.1.done += count;
        let lag = |part: &usize| {
            let share = shares.get(*part).copied().unwrap_or(0.0) / total;
            // A part without a share gets nothing, whatever the others have.
            if share == 0.0 {
                f64::MIN
            } else {
                whole.lag(*part, share) + here.1.lag(*part, share)
            }
        };
        let best = (0..3)
            .max_by(|a, b| lag(a).total_cmp(&lag(b)).then(b.cmp(a)))
            .unwrap_or(0);
        whole.take(best, count);
        here.1.take(best, count);
        chosen.push((best, members));
    }
    fill_empty_parts(&mut chosen, shares);
    let mut parts = vec![0; articles.len()];
    for (part, members) in chosen {
        for at in members {
            if let Some(of_article) = parts.get_mut(at) {
                *of_article = part;
            }
        }
    }
    parts
}

/// Shares of few articles may leave a part without any: it gets one of the largest part's.
fn fill_empty_parts(chosen: &mut [(usize, Vec<usize>)], shares: [f64; 3]) {
    for (part, share) in shares.into_iter().enumerate() {
        let count = |part: usize| chosen.iter().filter(|(of, _)| *of == part).count();
        if share == 0.0 || count(part) > 0 {
            continue;
        }
        let largest = (0..3).max_by_key(|other| count(*other)).unwrap_or(0);
        if count(largest) < 2 {
            continue;
        }
        if let Some((of, _)) = chosen.iter_mut().rev().find(|(of, _)| *of == largest) {
            *of = part;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ids::ArticleId;
    use crate::core::text::ArticleText;

    fn articles(count: usize) -> Vec<Article> {
        let make = |i: usize| {
            let text = ArticleText::new(format!("text {}", i / 2 * 2 + (i % 10 / 9)));
            let mut article = Article::new(ArticleId::new(format!("{i}")), "", text);
            let outlet = if (i / 2).is_multiple_of(5) {
                "rare"
            } else {
                "common"
            };
            article
                .metadata
                .insert("outlet".to_owned(), outlet.to_owned());
            article
        };
        (0..count).map(make).collect()
    }

    fn split(train: u8, dev: u8, test: u8, seed: u64) -> Split {
        Split {
            train,
            dev,
            test,
            seed,
            stratify: Stratify::Metadata("outlet".to_owned()),
        }
    }

    #[test]
    fn few_articles_fill_every_part_that_has_a_share() {
        let check = |count: usize, split: &Split, expected: [usize; 3]| {
            let made = articles(count);
            let all: Vec<&Article> = made.iter().collect();
            let found = parts(&all, split);
            let sizes = [0, 1, 2].map(|part| found.iter().filter(|p| **p == part).count());
            assert_eq!(sizes, expected, "{count}");
        };
        // Texts of two articles each are the same.
        check(2, &split(80, 10, 10, 7), [2, 0, 0]);
        check(4, &split(50, 0, 50, 7), [2, 0, 2]);
        check(6, &split(80, 10, 10, 7), [2, 2, 2]);
        check(8, &split(80, 10, 10, 7), [4, 2, 2]);
    }

    #[test]
    fn parts_have_their_shares_in_every_stratum() {
        let made = articles(1000);
        let all: Vec<&Article> = made.iter().collect();
        let found = parts(&all, &split(80, 10, 10, 7));
        for outlet in ["rare", "common"] {
            let of = |part: usize| {
                let both = all.iter().zip(&found);
                both.filter(|(a, p)| a.meta("outlet") == Some(outlet) && **p == part)
                    .count()
            };
            let total = of(0) + of(1) + of(2);
            for (part, share) in [(0, 0.8), (1, 0.1), (2, 0.1)] {
                let off = (of(part) as f64 - share * total as f64).abs();
                assert!(off < 4.0, "{outlet} {part}: {} of {total}", of(part));
            }
        }
        assert_eq!(found, parts(&all, &split(80, 10, 10, 7)));
        assert_ne!(found, parts(&all, &split(80, 10, 10, 8)));
        assert!(!parts(&all, &split(90, 0, 10, 7)).contains(&1));
        for (i, a) in all.iter().enumerate() {
            for (j, b) in all.iter().enumerate().skip(i + 1).take(4) {
                if a.text.hash() == b.text.hash() {
                    assert_eq!(found[i], found[j], "identical articles stay together");
                }
            }
        }
    }
}
