//! Queries read and written, and what they find, held against a search that is as plain as can be.

use super::*;
use crate::core::article::Article;
use crate::core::project::{Project, ProjectParts};
use crate::core::text::ArticleText;
use std::sync::Arc;

fn found(project: &Project, query: &str, options: &Options) -> Vec<String> {
    let search = Search::of(query, options, project, &"ana".into()).unwrap();
    let mut found = Vec::new();
    for article in project.articles() {
        let hits = search.hits_in(article, &mut || true).unwrap();
        found.extend(hits.iter().map(|hit| article.text.slice(*hit).to_owned()));
    }
    found
}

fn one(text: &str) -> Project {
    let article = Article::new("a-1".into(), "One", ArticleText::new(text.to_owned()));
    Project::from_parts(ProjectParts {
        articles: vec![Arc::new(article)],
        ..ProjectParts::default()
    })
}

#[track_caller]
fn check(text: &str, query: &str, options: &Options, expected: &[&str]) {
    assert_eq!(
        found(&one(text), query, options),
        expected,
        "{query} in {text:?}"
    );
}

#[test]
fn words_and_how_they_are_compared() {
    let fold = Options::default();
    let exact = Options {
        case: true,
        fold: false,
        ..fold
    };
    let word = Options { word: true, ..fold };
    check(
        "Lavrov said. lavrov!",
        "lavrov",
        &fold,
        &["Lavrov", "lavrov"],
    );
    check("Lavrov said. lavrov!", "lavrov", &exact, &["lavrov"]);
    check("sources close to", "close to", &fold, &["close to"]);
    check("sand and sandy", "sand", &word, &["sand"]);
    check("don't, don", "don", &word, &["don"]);
    check("a naïve cafe\u{301}", "cafe", &fold, &["cafe\u{301}"]);
    check("👨🏻‍🚒", "👨", &exact, &["👨🏻‍🚒"]);
    check("aaaa", "aa", &fold, &["aa", "aa"]);
}
