//! What a TEI header says of the article.

use super::{child, text_in};
use crate::format::dates::parse_date;
use crate::format::reading::FoundArticle;
use crate::format::xml::id_of;
use roxmltree::Node;

fn inside<'a, 'input>(node: Node<'a, 'input>, path: &[&str]) -> Option<Node<'a, 'input>> {
    path.iter().try_fold(node, |node, name| child(node, name))
}

fn named<'a, 'input>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.descendants()
        .filter(move |inner| inner.tag_name().name() == name)
}

fn is_address(value: &str) -> bool {
    value.starts_with("http://") || value.starts_with("https://")
}

/// An article with title, authors, date and the like, without its text.
pub(super) fn article(root: Node<'_, '_>) -> FoundArticle {
    let mut article = FoundArticle {
        id: id_of(root).unwrap_or_default().to_owned(),
        ..FoundArticle::default()
    };
    let Some(file) = inside(root, &["teiHeader", "fileDesc"]) else {
        return article;
    };
    let mut tell = |key: &str, value: String| {
        if !value.is_empty() {
            article.metadata.entry(key.to_owned()).or_insert(value);
        }
    };
    let title = child(file, "titleStmt");
    let publication = child(file, "publicationStmt");
    // Where the article first appeared says more than where its file did.
    let origin = child(file, "sourceDesc");
    let parts = || [origin, publication].into_iter().flatten();
    let mut authors: Vec<String> = Vec::new();
    for author in title.into_iter().flat_map(|title| named(title, "author")) {
        authors.push(text_in(author));
    }
    tell("author", authors.join("; "));
    let date = parts()
        .flat_map(|part| named(part, "date"))
        .find_map(|date| {
            let text = text_in(date);
            let when = date.attribute("when").unwrap_or(&text);
            parse_date(when).or_else(|| Some(when.to_owned()).filter(|when| !when.is_empty()))
        });
    tell("published", date.unwrap_or_default());
    let outlet = parts()
        .flat_map(|part| named(part, "publisher"))
        .map(text_in)
        .find(|name| !name.is_empty());
    tell("outlet", outlet.unwrap_or_default());
    let numbers = || parts().flat_map(|part| named(part, "idno")).map(text_in);
    let links = parts().flat_map(|part| {
        let links = named(part, "ref").chain(named(part, "ptr"));
        links.filter_map(|link| link.attribute("target").map(str::to_owned))
    });
    tell(
        "url",
        numbers()
            .chain(links)
            .find(|url| is_address(url))
            .unwrap_or_default(),
    );
    let profile = inside(root, &["teiHeader", "profileDesc", "langUsage"]);
    let language = profile
        .and_then(|usage| child(usage, "language"))
        .and_then(|language| language.attribute("ident"));
    tell("language", language.unwrap_or_default().to_owned());
    if article.id.is_empty() {
        let number = numbers().find(|number| !number.is_empty() && !is_address(number));
        article.id = number.unwrap_or_default();
    }
    let titles = title.into_iter().flat_map(|title| title.children());
    let titles = || {
        titles
            .clone()
            .filter(|node| node.tag_name().name() == "title")
    };
    let main = titles().find(|node| node.attribute("type") == Some("main"));
    article.title = main
        .or_else(|| titles().next())
        .map(text_in)
        .unwrap_or_default();
    article
}
