//! Texts that annotations in another file are about: in tables of articles, or in files beside.

use crate::format::reading::cells::cells;
use crate::format::reading::columns::{
    FIELDS, ID, TEXT, TITLE, folded, has_offsets, metadata_field, named,
};
use crate::format::reading::decode;
use crate::format::reading::own_tables::{is_own_articles, own_articles};
use crate::format::reading::{Beside, FoundArticle, ReadOptions, ReaderGroup, Source};
use crate::format::words::values::percent_decoded;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most tables beside a file that are looked into.
const MAX_TABLES: usize = 20;
/// Where texts stand, seen from the folder of the annotations or the one above it.
const FOLDERS: &[&str] = &["", "articles", "texts", "text", "documents", "txt"];

/// The texts around a file, by id, address, title or file name.
pub(crate) struct Texts<'a> {
    source: Source<'a>,
    beside: Beside,
    known: Vec<Known>,
    ids: HashMap<String, usize>,
    /// By address or title, when no id is called so.
    places: HashMap<String, usize>,
    has_looked_for_tables: bool,
    /// Files and tables that something was found in.
    used: BTreeSet<String>,
    /// What was not read of the tables beside.
    pub(crate) remarks: Vec<String>,
}

struct Known {
    article: FoundArticle,
    /// The file that it stands in; empty for a sheet of the same workbook.
    file: String,
    is_of_table: bool,
    /// Of Pressmark's own table.
    is_own: bool,
}

impl<'a> Texts<'a> {
    pub(crate) fn beside(source: Source<'a>, options: &ReadOptions) -> Self {
        Self {
            source,
            beside: options.beside,
            known: Vec::new(),
            ids: HashMap::new(),
            places: HashMap::new(),
            has_looked_for_tables: false,
            used: BTreeSet::new(),
            remarks: Vec::new(),
        }
    }

    /// Takes a table's rows, the first of them names of columns, if it is one of articles.
    pub(crate) fn add_table(&mut self, rows: &[Vec<String>], file: &str) {
        let is_own = rows.first().is_some_and(|names| is_own_articles(names));
        let articles = if is_own {
            own_articles(rows)
        } else {
            articles_of(rows)
        };
        for article in articles {
            self.add(Known {
                article,
                file: file.to_owned(),
                is_of_table: true,
                is_own,
            });
        }
    }

    /// Pressmark's own table of articles belongs to its annotations, whether there are any or not.
    pub(crate) fn look_for_own(&mut self) {
        let has_own = self.known.iter().any(|known| known.is_own);
        if !has_own && !std::mem::replace(&mut self.has_looked_for_tables, true) {
            self.read_tables();
        }
        let own = self.known.iter().filter(|known| known.is_own);
        let files: Vec<String> = own.map(|known| known.file.clone()).collect();
        self.used.extend(files);
    }

    pub(crate) fn is_own(&self, at: usize) -> bool {
        self.known.get(at).is_some_and(|known| known.is_own)
    }

    fn add(&mut self, known: Known) -> usize {
        let at = self.known.len();
        let article = &known.article;
        if !article.id.is_empty() {
            self.ids.entry(article.id.clone()).or_insert(at);
        }
        let url = article.metadata.get("url");
        for key in [url, Some(&article.title)]
            .into_iter()
            .flatten()
            .filter(|key| !key.is_empty())
        {
            self.places.entry(key.clone()).or_insert(at);
        }
        self.known.push(known);
        at
    }

    /// The place of the article with this id, address, title or file name.
    pub(crate) fn find(&mut self, key: &str) -> Option<usize> {
        if key.trim().is_empty() {
            return None;
        }
        let mut found = self.known_as(key);
        if found.is_none() && !std::mem::replace(&mut self.has_looked_for_tables, true) {
            self.read_tables();
            found = self.known_as(key);
        }
        let found = match found {
            Some(at) => at,
            None => {
                let (file, article) = self.file(key)?;
                let at = self.add(Known {
                    article,
                    file,
                    is_of_table: false,
                    is_own: false,
                });
                self.places.insert(key.to_owned(), at);
                at
            }
        };
        let file = self.known.get(found).map(|known| known.file.clone())?;
        self.used.insert(file);
        Some(found)
    }

    fn known_as(&self, key: &str) -> Option<usize> {
        let found = self.ids.get(key).or_else(|| self.places.get(key));
        found.copied()
    }

    pub(crate) fn get(&self, at: usize) -> Option<&FoundArticle> {
        self.known.get(at).map(|known| &known.article)
    }

    /// All articles of the tables that something was found in.
    pub(crate) fn in_used_tables(&self) -> impl Iterator<Item = (usize, &FoundArticle)> {
        let known = self.known.iter().enumerate();
        known
            .filter(|(_, known)| known.is_of_table && self.used.contains(&known.file))
            .map(|(at, known)| (at, &known.article))
    }

    pub(crate) fn used_files(&self) -> Vec<String> {
        let named = self.used.iter().filter(|name| !name.is_empty());
        named.cloned().collect()
    }

    /// Tables in the same folder: those that are called articles or texts first.
    fn read_tables(&mut self) {
        let siblings = self.source.siblings;
        let mut names: Vec<String> = siblings
            .in_folder(self.source.folder())
            .into_iter()
            .filter(|name| {
                let lower = name.to_lowercase();
                name != self.source.name && (lower.ends_with(".csv") || lower.ends_with(".tsv"))
            })
            .collect();
        names.sort_by_key(|name| {
            let file = name.rsplit('/').next().unwrap_or(name).to_lowercase();
            let is_likely = ["article", "text", "document"]
                .iter()
                .any(|part| file.contains(part));
            (!is_likely, name.clone())
        });
        if let Some(name) = names.get(MAX_TABLES) {
            self.remarks.push(format!(
                "{} tables stand beside this file; texts were not looked for in “{name}” and what follows it",
                names.len()
            ));
        }
        for name in names.into_iter().take(MAX_TABLES) {
            let text = siblings
                .read(&name)
                .and_then(|bytes| decode::decode(&bytes));
            let Some(Ok(cells)) = text.map(|decoded| cells(&decoded.text)) else {
                continue;
            };
            self.remarks.extend(cells.remarks(&format!(" of “{name}”")));
            self.add_table(&cells.rows, &name);
        }
    }

    /// A file that is called as the key is, with or without an ending.
    fn file(&self, key: &str) -> Option<(String, FoundArticle)> {
        // A key comes from a file that nobody vouches for: it never leads out of the folder.
        let key = key.split(['?', '#']).next()?.trim_end_matches('/');
        let key = percent_decoded(key);
        let name = key.rsplit(['/', '\\']).next()?;
        if name.is_empty() || name.starts_with('.') || name.len() > 200 {
            return None;
        }
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let folder = self.source.folder();
        let parent = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        let names = [
            format!("{name}.txt"),
            format!("{stem}.txt"),
            name.to_owned(),
            format!("{stem}.md"),
            format!("{stem}.html"),
            format!("{stem}.htm"),
        ];
        let inside = |outer: &str, inner: &str| match (outer, inner) {
            ("", inner) => inner.to_owned(),
            (outer, "") => outer.to_owned(),
            (outer, inner) => format!("{outer}/{inner}"),
        };
        let here = FOLDERS.iter().map(|inner| inside(folder, inner));
        // Of the folder above only what is called as folders of texts are.
        let above = FOLDERS.iter().skip(1).map(|inner| inside(parent, inner));
        let places = here.chain(above.filter(|_| !folder.is_empty()));
        for place in places {
            for name in &names {
                let name = match place.as_str() {
                    "" => name.clone(),
                    place => format!("{place}/{name}"),
                };
                if name != self.source.name
                    && self.source.siblings.contains(&name)
                    && let Some(article) = self.article(&name)
                {
                    return Some((name, article));
                }
            }
        }
        None
    }

    fn article(&self, name: &str) -> Option<FoundArticle> {
        let bytes = self.source.siblings.read(name)?;
        let source = Source::alone(name, &bytes);
        let stem = source.stem().to_owned();
        if matches!(source.extension().as_str(), "txt" | "text" | "md") {
            let text = match std::str::from_utf8(&bytes) {
                Ok(text) => text.to_owned(),
                Err(_not_utf8) => decode::decode(&bytes)?.text,
            };
            return Some(FoundArticle {
                id: stem,
                text,
                ..FoundArticle::default()
            });
        }
        let reader = self.beside.reader_of(source)?;
        if reader.group != ReaderGroup::Article || reader.name == "text" {
            return None;
        }
        let reading = (reader.read)(&source, &ReadOptions::default()).ok()?;
        let mut article = reading.articles.into_iter().next()?;
        if article.id.is_empty() {
            article.id = stem;
        }
        Some(article)
    }
}

/// Articles of a table with ids and texts; none for a table of annotations.
fn articles_of(rows: &[Vec<String>]) -> Vec<FoundArticle> {
    let Some((header, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
    let is_of_spans = has_offsets(&names);
    let (Some(text), false) = (named(&names, TEXT), is_of_spans) else {
        return Vec::new();
    };
    let id = named(&names, ID)
        .or_else(|| named(&names, &["article", "document", "doc", "file", "filename"]))
        .filter(|at| *at != text);
    let title = named(&names, TITLE);
    let mut keys: Vec<String> = names.clone();
    for (key, wanted) in FIELDS {
        if let Some(slot) = named(&names, wanted).and_then(|at| keys.get_mut(at)) {
            (*key).clone_into(slot);
        }
    }
    let articles = rows.iter().map(|row| {
        let cell = |at: Option<usize>| {
            let cell = at.and_then(|at| row.get(at)).map(String::as_str);
            cell.unwrap_or_default()
        };
        let metadata = keys
            .iter()
            .zip(row)
            .enumerate()
            .filter(|(at, (_, value))| {
                !value.trim().is_empty() && ![Some(text), id, title].contains(&Some(*at))
            })
            .map(|(_, (key, value))| metadata_field(key, value));
        FoundArticle {
            id: cell(id).trim().to_owned(),
            title: cell(title).trim().to_owned(),
            text: cell(Some(text)).to_owned(),
            metadata: metadata.collect::<BTreeMap<String, String>>(),
            ..FoundArticle::default()
        }
    });
    articles.collect()
}
