//! Numbers in words, as notices, dialogs and the command line say them. Knows nothing of the program.

/// A number with what it counts.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// How much there is: `7 articles, 93 annotations`.
pub fn contents(articles: usize, annotations: usize) -> String {
    let articles = count(articles, "article", "articles");
    let annotations = count(annotations, "annotation", "annotations");
    format!("{articles}, {annotations}")
}
