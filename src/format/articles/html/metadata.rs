//! What a page says of its article: headline, byline, outlet, date, language, address, section.
//!
//! JSON-LD first, then meta elements (OpenGraph, Dublin Core, citation and others), then the page
//! itself; headline and byline as a reader sees them. What contradicts itself is left out rather
//! than guessed.

mod bylines;
mod credits;
mod headline;
mod linked;
mod lists;
mod outline;
mod people;
mod pieces;
mod published;
mod shape;
mod words;

use dom_query::Document;
use headline::Told;
use linked::{LinkedData, json_ld};
use people::Around;
use std::collections::BTreeMap;
use words::{clean, fold};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PageMetadata {
    pub(super) title: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) outlet: Option<String>,
    /// RFC 3339.
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    /// BCP 47, the primary part in lower case.
    pub(super) language: Option<String>,
    pub(super) url: Option<String>,
    pub(super) section: Option<String>,
}

impl PageMetadata {
    /// The fields of an article, by the keys that the project uses.
    pub(super) fn into_fields(self) -> BTreeMap<String, String> {
        let authors = (!self.authors.is_empty()).then(|| self.authors.join("; "));
        let fields = [
            ("author", authors),
            ("outlet", self.outlet),
            ("published", self.published),
            ("modified", self.modified),
            ("language", self.language),
            ("url", self.url),
            ("section", self.section),
        ];
        let known = fields
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)));
        known.collect()
    }
}

/// Reads a page's metadata, from its tree as it is shown. `address` is where it was saved from.
pub(super) fn metadata_of(document: &Document, address: Option<&str>) -> PageMetadata {
    let metas = meta_elements(document);
    let linked = json_ld(document);
    let meta = |names: &[&str]| names.iter().find_map(|name| metas.first(name));
    let language = language(document, &linked, &metas.by_name);
    let outlet = linked
        .outlet
        .clone()
        .or_else(|| {
            meta(&[
                "og:site_name",
                "application-name",
                "dc.publisher",
                "citation_journal_title",
                "publisher",
            ])
        })
        .filter(|outlet| outlet.chars().count() < 80 && !outlet.starts_with("http"))
        .filter(|outlet| !outlet.is_empty());
    let url = canonical(document, &metas.by_name).or_else(|| address.map(str::to_owned));
    let url = url.filter(|url| url.starts_with("http"));
    let (published, modified) = published::days(
        document,
        &linked,
        &metas.by_name,
        language.as_deref(),
        url.as_deref(),
    );
    let section = linked.section.clone().or_else(|| {
        meta(&[
            "article:section",
            "og:article:section",
            "parsely-section",
            "section",
            "cxenseparse:section",
        ])
    });
    let section = section
        .map(|section| clean(&section))
        .filter(|s| !s.is_empty() && s.len() < 100);
    let outlets = outlets(outlet.as_deref(), &metas, url.as_deref());
    let outline = outline::outline(document);
    let titles: Vec<String> = [
        linked.title.clone(),
        metas.first("og:title"),
        metas.first("citation_title"),
        metas.first("dc.title"),
        metas.first("twitter:title"),
        Some(clean(&document.select_single("title").text())),
    ]
    .into_iter()
    .flatten()
    .filter(|title| !title.is_empty())
    .collect();
    let headline = headline::headline(
        &outline,
        &Told {
            titles: &titles,
            outlets: &outlets,
            section: section.as_deref(),
        },
    );
    let not_names = section.iter().chain(&headline.text);
    let around = Around {
        outlets,
        not_names: not_names.map(|text| fold(text)).collect(),
    };
    let authors = bylines::authors(
        &told_authors(&linked, &metas),
        &outline,
        headline.place,
        &around,
    );
    PageMetadata {
        title: headline.text,
        authors,
        outlet,
        published,
        modified,
        language,
        url,
        section,
    }
}

/// Contents of meta elements by their names in lower case, in their order.
struct Metas {
    /// The first of each name.
    by_name: BTreeMap<String, String>,
    /// All that name authors.
    authors: BTreeMap<String, Vec<String>>,
}

impl Metas {
    fn first(&self, name: &str) -> Option<String> {
        self.by_name.get(name).cloned()
    }
}

fn meta_elements(document: &Document) -> Metas {
    let mut metas = Metas {
        by_name: BTreeMap::new(),
        authors: BTreeMap::new(),
    };
    // Some pages write the content as a value.
    for node in document.select("meta[content], meta[value]").nodes() {
        let content = node.attr("content").or_else(|| node.attr("value"));
        let content = clean(&content.unwrap_or_default());
        if content.is_empty() {
            continue;
        }
        for attr in ["name", "property", "itemprop", "http-equiv"] {
            let Some(name) = node.attr(attr) else {
                continue;
            };
            let name = name.trim().to_ascii_lowercase();
            if AUTHOR_FIELDS.contains(&name.as_str()) {
                let all = metas.authors.entry(name.clone()).or_default();
                if all.len() < 20 {
                    all.push(content.clone());
                }
            }
            metas.by_name.entry(name).or_insert_with(|| content.clone());
        }
    }
    metas
}

/// Meta elements that name authors, surest first.
const AUTHOR_FIELDS: &[&str] = &[
    "author",
    "article:author",
    "og:article:author",
    "article:author:name",
    "og:author",
    "dc.creator",
    "dcterms.creator",
    "dcsext.author",
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "byl",
    "byline",
    "article.author",
    "cxenseparse:author",
    "cxenseparse:recs:author",
    "twitter:data1",
];

/// What the page's fields say of authors, surest first.
fn told_authors(linked: &LinkedData, metas: &Metas) -> Vec<Vec<String>> {
    let mut told = vec![linked.authors.clone()];
    for name in AUTHOR_FIELDS {
        let is_by = *name != "twitter:data1"
            || metas.first("twitter:label1").is_some_and(|label| {
                let label = label.to_lowercase();
                [
                    "by", "von", "par", "por", "autor", "auteur", "verfasst", "écrit", "escrito",
                    "scritto",
                ]
                .iter()
                .any(|word| label.contains(word))
            });
        if is_by && let Some(texts) = metas.authors.get(*name) {
            told.push(texts.iter().map(|text| in_order(name, text)).collect());
        }
    }
    told
}

/// “Lund, Ana” of a citation, as it is read.
fn in_order(field: &str, text: &str) -> String {
    match text.split_once(',') {
        Some((last, first)) if field == "citation_author" && !first.contains(',') => {
            format!("{} {}", first.trim(), last.trim())
        }
        _ => text.to_owned(),
    }
}

/// Names of the outlet, folded: what the page calls itself, and its address.
fn outlets(outlet: Option<&str>, metas: &Metas, url: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let folded = fold(name);
        if !folded.is_empty() && !names.contains(&folded) {
            names.push(folded);
        }
    };
    outlet.into_iter().for_each(&mut add);
    for name in [
        "og:site_name",
        "application-name",
        "apple-mobile-web-app-title",
        "dc.publisher",
        "publisher",
        "copyright",
        "twitter:site",
        "al:ios:app_name",
        "al:android:app_name",
        "twitter:app:name:iphone",
    ] {
        if let Some(name) = metas.first(name).filter(|name| name.chars().count() < 60) {
            add(&name);
        }
    }
    let host = url.and_then(|url| url.split("//").nth(1));
    if let Some(host) = host.and_then(|rest| rest.split(['/', '?', '#', ':']).next()) {
        let host = host.strip_prefix("www.").unwrap_or(host);
        add(host);
        // The label that the outlet chose, and not those of its country.
        let mut labels: Vec<&str> = host.split('.').collect();
        labels.pop();
        if labels.len() > 1 && labels.last().is_some_and(|last| last.len() <= 3) {
            labels.pop();
        }
        labels.last().copied().into_iter().for_each(&mut add);
    }
    names
}

fn canonical(document: &Document, metas: &BTreeMap<String, String>) -> Option<String> {
    let link = document.select_single("link[rel=\"canonical\"]");
    let link = link.attr("href").map(|href| href.trim().to_owned());
    link.filter(|href| href.starts_with("http"))
        .or_else(|| metas.get("og:url").cloned())
        .or_else(|| metas.get("twitter:url").cloned())
}

fn language(
    document: &Document,
    linked: &LinkedData,
    metas: &BTreeMap<String, String>,
) -> Option<String> {
    let declared = document
        .select_single("html")
        .attr("lang")
        .map(|lang| lang.to_string());
    let xml = document
        .select_single("html")
        .attr("xml:lang")
        .map(|lang| lang.to_string());
    let candidates = [
        declared,
        xml,
        linked.language.clone(),
        metas.get("content-language").cloned(),
        metas.get("dc.language").cloned(),
        metas.get("og:locale").cloned(),
    ];
    candidates.into_iter().flatten().find_map(|tag| {
        let tag = tag.trim().replace('_', "-");
        let (primary, region) = tag.split_once('-').unwrap_or((&tag, ""));
        let is_tag =
            (2..=3).contains(&primary.len()) && primary.chars().all(|c| c.is_ascii_alphabetic());
        let primary = primary.to_ascii_lowercase();
        match (is_tag, region.len()) {
            (false, _) => None,
            (true, 2) => Some(format!("{primary}-{}", region.to_ascii_uppercase())),
            (true, _) => Some(primary),
        }
    })
}

#[cfg(test)]
mod tests;
