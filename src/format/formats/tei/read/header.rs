//! What a TEI header says of the article.

use super::{child, text_in};
use crate::core::article::Status;
use crate::format::formats::tei::UNTITLED;
use crate::format::reading::FoundArticle;
use crate::format::reading::dates::parse_date;
use crate::format::reading::xml::id_of;
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
pub(super) fn article(root: Node<'_, '_>, is_own: bool) -> FoundArticle {
    let mut article = FoundArticle {
        id: id_of(root).unwrap_or_default().to_owned(),
        ..FoundArticle::default()
    };
    let Some(file) = inside(root, &["teiHeader", "fileDesc"]) else {
        return article;
    };
    if is_own {
        own(&mut article, root, file);
        return article;
    }
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

/// What the header of Pressmark's own file says: fields in their elements, the others in notes.
fn own(article: &mut FoundArticle, root: Node<'_, '_>, file: Node<'_, '_>) {
    let statement = child(file, "titleStmt");
    let title = statement.and_then(|statement| child(statement, "title"));
    let title = title.filter(|title| title.attribute("type") != Some(UNTITLED));
    article.title = title.map(text_in).unwrap_or_default();
    let authors = statement.into_iter().flat_map(|node| named(node, "author"));
    let authors: Vec<String> = authors.map(text_in).collect();
    let mut tell = |field: &str, value: Option<String>| {
        if let Some(value) = value {
            article.metadata.insert(field.to_owned(), value);
        }
    };
    tell("author", (!authors.is_empty()).then(|| authors.join("; ")));
    let source = inside(file, &["sourceDesc", "bibl"]);
    let part = |name: &str| source.and_then(|source| child(source, name));
    tell("outlet", part("publisher").map(text_in));
    tell("published", part("date").map(text_in));
    let address = part("ref").and_then(|link| link.attribute("target"));
    tell("url", address.map(str::to_owned));
    let language = inside(root, &["teiHeader", "profileDesc", "langUsage", "language"]);
    let language = language.and_then(|language| language.attribute("ident"));
    tell("language", language.map(str::to_owned));
    article.id = part("idno").map(text_in).unwrap_or_default();
    let notes = [child(file, "notesStmt"), source].into_iter().flatten();
    for note in notes.flat_map(|part| part.children()) {
        let name = note.attribute("n").unwrap_or_default().to_owned();
        match note.attribute("type") {
            Some("article") => article.notes = text_in(note),
            // Last, as an address may stand in another form in its element.
            Some("metadata") => drop(article.metadata.insert(name, text_in(note))),
            Some("status") => {
                let status = Status::called(&text_in(note));
                article.status.extend(status.map(|status| (name, status)));
            }
            _ => {}
        }
    }
}
