//! Europresse and Eureka.cc exports as HTML, of both layouts: one article behind the other, whose
//! parts the page names.

use super::databases::{
    Content, Found, content_of, page_start, reader_of, reading_of_documents, set,
};
use super::pages::{Page, PageLine};
use crate::format::reading::dates::parse_date;
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, Reading, Refusal, Source,
};

pub const READER: Reader = reader_of(
    "europresse",
    "Europresse export",
    &["html", "htm", "mhtml", "mht", "eml"],
    recognise,
    read,
);

fn recognise(head: &Head<'_>) -> Likelihood {
    let page = page_start(head).unwrap_or_default();
    let has = |name: &str| page.contains(name);
    let is_export = has("DocPublicationName")
        && (has("titreArticle")
            || has("TitreArticleVisu")
            || has("DocHeader")
            || has("docOcurrContainer"));
    Likelihood::Sure.when(is_export)
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let Content::Page(html, decoding) = content_of(source)? else {
        return Err(Refusal::new("this is no page of Europresse"));
    };
    let page = Page::read(&html);
    let documents = documents(&page);
    reading_of_documents(decoding, &documents, found, ("a Europresse", ""))
}

/// What a line of an article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Outlet,
    Header,
    Title,
    /// Above the title or below it.
    Kicker,
    Subtitle,
    Author,
    Text,
    /// Text of the earlier layout, which has no names behind the title.
    Loose,
    Note,
    Footer,
    /// What the page alone says, such as the name of a button.
    Unseen,
}

#[derive(Default)]
struct Document {
    lines: Vec<(Part, String)>,
    has_title: bool,
    has_text: bool,
    has_footer: bool,
}

impl Document {
    fn push(&mut self, part: Part, line: &str) {
        self.has_title |= part == Part::Title;
        self.has_text |= part == Part::Text;
        self.has_footer |= part == Part::Footer;
        self.lines.push((part, line.to_owned()));
    }
}

fn documents(page: &Page) -> Vec<Document> {
    let mut documents: Vec<Document> = Vec::new();
    for line in page.lines().iter().filter(|line| !line.text.is_empty()) {
        let part = part_of(page, line, documents.last());
        let has_begun = |last: &Document| last.has_title || last.has_text;
        if part == Part::Outlet && documents.last().is_none_or(has_begun) {
            documents.push(Document::default());
        }
        if let Some(document) = documents.last_mut() {
            document.push(part, &line.text);
        }
    }
    documents
}

fn part_of(page: &Page, line: &PageLine, document: Option<&Document>) -> Part {
    let is_in = |class: &str| page.is_in(line, |place| place.has_class(class));
    let is_within = |name: &str| page.is_in(line, |place| place.is_named(name));
    let begins = |start: &str| {
        let fits = |class: &str| {
            let found = class.get(..start.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(start))
        };
        page.is_in(line, |place| place.classes().any(fits))
    };
    let has_title = document.is_some_and(|document| document.has_title);
    let has_footer = document.is_some_and(|document| document.has_footer);
    if is_in("DocPublicationName") {
        Part::Outlet
    } else if is_in("apd-wrapper") || is_in("DocTitreSousSection") || is_within("form") {
        Part::Unseen
    } else if is_in("DocHeader") {
        Part::Header
    } else if begins("titreArticleVisu") || begins("rdp__articletitle") {
        Part::Title
    } else if begins("rdp__subtitle") {
        Part::Subtitle
    } else if begins("titreArticle") {
        if has_title {
            Part::Subtitle
        } else {
            Part::Kicker
        }
    } else if is_in("docAuthors") {
        Part::Author
    } else if is_within("footer") {
        Part::Footer
    } else if is_within("aside") {
        Part::Note
    } else if is_in("docOcurrContainer") || is_in("DocText") {
        Part::Text
    } else if is_within("header") {
        if has_title {
            Part::Author
        } else {
            Part::Kicker
        }
    } else if has_footer || is_footer(&line.text) {
        Part::Footer
    } else if has_title {
        Part::Loose
    } else {
        Part::Unseen
    }
}

/// `© 2012 …`, `Numéro de document : news·20121004·PO·2040056000`
fn is_footer(line: &str) -> bool {
    let lower = line.to_lowercase();
    let year = lower
        .strip_prefix('©')
        .or_else(|| lower.strip_prefix("copyright"));
    let has_year = year.is_some_and(|rest| {
        let rest = rest.trim_start_matches(['©', ' ', '\u{A0}']);
        rest.starts_with(|c: char| c.is_ascii_digit())
    });
    has_year || number(line).is_some()
}

/// The number of a document.
fn number(line: &str) -> Option<&str> {
    let at = line.find("news·")?;
    line.get(at..)?.split_whitespace().next()
}

fn found(at: usize, document: &Document) -> Found {
    let mut article = FoundArticle::default();
    let of = |part: Part| {
        let lines = document
            .lines
            .iter()
            .filter(move |(found, _)| *found == part);
        lines.map(|(_, line)| line.as_str())
    };
    let joined = |part: Part, by: &str| of(part).collect::<Vec<_>>().join(by);
    article.title = joined(Part::Title, " ");
    let outlet = joined(Part::Outlet, " ");
    let outlet = outlet.split(", no.").next().unwrap_or_default();
    set(&mut article, "outlet", outlet);
    header(&joined(Part::Header, " "), &mut article);
    set(&mut article, "kicker", &joined(Part::Kicker, "; "));
    set(&mut article, "subtitle", &joined(Part::Subtitle, " "));
    set(&mut article, "author", &joined(Part::Author, "; "));
    if of(Part::Note).any(|line| !line.ends_with(':')) {
        set(&mut article, "notes", &joined(Part::Note, " "));
    }
    for line in of(Part::Footer) {
        if let Some(number) = number(line) {
            set(&mut article, "accession number", number);
        } else if line.starts_with('©') || line.to_lowercase().starts_with("copyright") {
            set(&mut article, "copyright", line);
        }
    }
    let mut loose: Vec<&str> = of(Part::Loose).collect();
    // The author, when there is one, is the first line below the title.
    if let [first, _, ..] = loose.as_slice()
        && is_name(first)
    {
        set(&mut article, "author", first);
        loose.remove(0);
    }
    let text: Vec<&str> = of(Part::Text).chain(loose).collect();
    article.text = text.join("\n\n");
    match (article.text.is_empty(), article.title.is_empty()) {
        (false, _) => Found::Article(Box::new(article)),
        (true, true) => Found::WithoutText(format!("document {}", at + 1)),
        (true, false) => Found::WithoutText(format!("document {} (“{}”)", at + 1, article.title)),
    }
}

/// Whether a line is nothing but a name.
fn is_name(line: &str) -> bool {
    let words = line.split_whitespace();
    let is_capital = |word: &str| {
        word.starts_with(char::is_uppercase)
            || matches!(word, "de" | "du" | "et" | "van" | "von" | "le" | "la")
    };
    (2..=5).contains(&words.clone().count())
        && words.clone().all(is_capital)
        && !line.ends_with(['.', '!', '?', ':', ';', '»', '"'])
}

/// “Communication, mardi 14 mars 2006, p. 16”, “France, mercredi 11 septembre 2024 134 mots, p. 11”
fn header(header: &str, article: &mut FoundArticle) {
    if let Some(date) = parse_date(header) {
        set(article, "published", &date);
    }
    let is_date = |part: &str| part.chars().any(|c| c.is_ascii_digit());
    let mut is_before = true;
    let parts: Vec<&str> = header.split(',').map(str::trim).collect();
    let last_words = |part: &str| {
        let words: Vec<&str> = part.split_whitespace().collect();
        match words.as_slice() {
            [
                ..,
                count,
                "mots" | "words" | "palabras" | "parole" | "Wörter",
            ] => Some((*count).to_owned()),
            _ => None,
        }
    };
    for (at, part) in parts.iter().enumerate() {
        if let Some(words) = last_words(part) {
            set(article, "words", &words);
        }
        if let Some(page) = part.strip_prefix("p.").or_else(|| part.strip_prefix("pp.")) {
            set(article, "page", page);
        } else if is_date(part) {
            is_before = false;
        } else if is_before && at == 0 && parts.len() > 1 && !is_weekday(part) {
            set(article, "section", part);
        }
    }
}

fn is_weekday(word: &str) -> bool {
    const DAYS: &[&str] = &[
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    DAYS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::format::collections::databases::{Expected, check_articles};

    #[track_caller]
    fn check(page: &str, expected: &[Expected<'_>]) {
        let source = Source::alone("x.html", page.as_bytes());
        let text = page.get(..page.floor_char_boundary(60_000)).unwrap();
        assert_eq!(recognise(&Head::new(source, text)), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        check_articles(&reading, expected);
    }

    #[test]
    fn articles_of_today() {
        let style = format!(
            "<style>{}</style>",
            ".titreArticleVisu{margin:0}".repeat(5_000)
        );
        let article = |title: &str, header: &str| {
            format!(
                "<article><header><div class=\"rdp__DocPublicationName\"><span class=\"DocPublicationName\">Le Moulin, no. 12 </span></div><div><span class=\"DocHeader\">{header}</span></div><div class=\"titreArticle\"><p class=\"sm-margin-bottomNews\">MÉTIERS</p><p class=\"sm-margin-TopNews titreArticleVisu rdp__articletitle\">{title}</p><p class=\"rdp__subtitle\">Après un an</p></div><p class=\"sm-margin-bottomNews\">Ida Moor</p></header><section><div class=\"DocText clearfix\"><div class=\"docOcurrContainer\"><p>Il <mark>tourne</mark>.</p><p>Enfin.</p></div></div></section><aside><b>Note(s) :</b></aside><footer><small>© 2012 Le Moulin. Tous droits réservés.</small><p>Numéro de document : news·20120504·LM·7</p><p>Ce certificat est émis à X</p></footer></article>"
            )
        };
        let page = format!(
            "<!DOCTYPE html><html><head>{style}</head><body>{}{}</body></html>",
            article(
                "Moulin tourne",
                "Métiers, vendredi 4 mai 2012 134 mots, p. 11"
            ),
            article("Moulin debout", "Friday, May 4, 2012")
        );
        let text = "Il tourne.\n\nEnfin.";
        check(
            &page,
            &[
                (
                    "Moulin tourne",
                    text,
                    &[
                        ("outlet", "Le Moulin"),
                        ("author", "Ida Moor"),
                        ("published", "2012-05-04"),
                        ("section", "Métiers"),
                        ("words", "134"),
                        ("page", "11"),
                        ("kicker", "MÉTIERS"),
                        ("subtitle", "Après un an"),
                        ("accession number", "news·20120504·LM·7"),
                    ],
                ),
                (
                    "Moulin debout",
                    text,
                    &[
                        ("published", "2012-05-04"),
                        ("copyright", "© 2012 Le Moulin. Tous droits réservés."),
                    ],
                ),
            ],
        );
    }

    #[test]
    fn the_earlier_layout() {
        let article = |title: &str, author: &str| {
            format!(
                "<table><tr><td><span class=\"DocPublicationName\">Le Moulin</span><br><span class=\"DocHeader\">Métiers, </span><span class=\"DocHeader\">vendredi </span><span class=\"DocHeader\">4 mai 2012</span><span class=\"DocHeader\">, p. 03</span><br><br><span class=\"TitreArticleVisu\">{title}</span><br><br>{author}Il tourne.<p></p>Enfin.<p></p><b>© 2012 Le Moulin.</b><p></p>Numéro de document : news·20120504·LM·7<br><table><tr><td>Ce certificat</td></tr></table></td></tr></table>"
            )
        };
        let page = format!(
            "<html><body><form>Sauvegarder</form>{}{}</body></html>",
            article("Moulin tourne", "Ida Moor<br>"),
            article("Moulin debout", "")
        );
        let text = "Il tourne.\n\nEnfin.";
        check(
            &page,
            &[
                (
                    "Moulin tourne",
                    text,
                    &[
                        ("author", "Ida Moor"),
                        ("published", "2012-05-04"),
                        ("section", "Métiers"),
                        ("page", "03"),
                    ],
                ),
                ("Moulin debout", text, &[("outlet", "Le Moulin")]),
            ],
        );
    }

    #[test]
    fn what_has_no_text_is_told() {
        let page = "<article><header><span class=DocPublicationName>A</span><p class=titreArticleVisu>One</p></header></article><article><header><span class=DocPublicationName>A</span><p class=titreArticleVisu>Two</p></header><section><div class=DocText><p>Text.</p></div></section></article>";
        let reading = read(
            &Source::alone("x.html", page.as_bytes()),
            &ReadOptions::default(),
        )
        .unwrap();
        assert_eq!(reading.articles.len(), 1);
        assert_eq!(
            reading.remarks,
            ["document 1 (“One”) has no text and was left out"]
        );
    }
}
