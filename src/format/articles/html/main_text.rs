//! The article among everything else on a page.
//!
//! The page is first rid of what names itself something else, then searched twice: by the box that
//! calls itself the article's body, and by Mozilla's Readability (dom_smoothie). Both must agree
//! roughly on how much text there is; the smaller is taken when the page is a list of articles.

use super::blocks::{Block, blocks_of, join};
use super::{lines, metadata, prune, shown, surroundings};
use crate::format::reading::fence;
use crate::format::reading::{FoundArticle, PageScope, ReadOptions, Refusal};
use dom_query::Document;
use dom_smoothie::{CandidateSelectMode, Config, Readability};

fn chars_of(blocks: &[Block]) -> usize {
    blocks.iter().map(Block::chars).sum()
}

/// What Readability takes for the article.
fn by_readability(document: Document) -> Vec<Block> {
    let config = Config {
        candidate_select_mode: CandidateSelectMode::DomSmoothie,
        ..Config::default()
    };
    let read = fence::fenced("the page", || {
        let page = Readability::with_document(document, None, Some(config));
        page.ok().and_then(|mut page| page.parse().ok())
    });
    read.ok().flatten().map_or_else(Vec::new, |read| {
        let content = Document::fragment(read.content);
        blocks_of(content.root(), &|_| false)
    })
}

/// What the page itself calls the article's body, and whether it is one of several.
fn by_name(document: &Document) -> (Vec<Block>, bool) {
    prune::body_boxes(document, 200).map_or_else(Default::default, |found| {
        let parts = found.nodes.iter();
        let blocks = parts.flat_map(|node| blocks_of(*node, &|_| false));
        (blocks.collect(), found.are_some_of_several)
    })
}

/// The article's lines. `page` is the tree as it is shown.
fn article_blocks(page: &Document) -> Vec<Block> {
    if let Some(written) = page.select_single(prune::WRITTEN).nodes().first() {
        return blocks_of(*written, &|_| false);
    }
    let document = page.clone();
    prune::prune(&document);
    let (named, is_one_of_several) = by_name(&document);
    let named = lines::trimmed(named);
    let found = lines::trimmed(by_readability(document));
    let (n, f) = (chars_of(&named), chars_of(&found));
    let least_share = if is_one_of_several { 4 } else { 2 };
    let mut blocks = if n > 0 && n * least_share >= f && n <= f * 3 {
        named
    } else {
        found
    };
    if chars_of(&blocks) < 250 {
        // The names were misleading, or the article is very short.
        let again = lines::trimmed(by_readability(page.clone()));
        if chars_of(&again) > chars_of(&blocks) * 2 {
            blocks = again;
        }
    }
    if blocks.is_empty() {
        let body = page.body().unwrap_or_else(|| page.root());
        blocks = blocks_of(body, &|_| false);
    }
    blocks
}

/// `document` is the page's tree, which has shown that it can be built.
pub(super) fn article(
    document: &Document,
    address: Option<&str>,
    options: &ReadOptions,
) -> Result<FoundArticle, Refusal> {
    shown::as_shown(document);
    let metadata = metadata::metadata_of(document, address);
    let title = metadata.title.clone().unwrap_or_default();
    let mut blocks = article_blocks(document);
    // The headline is the article's title already.
    if blocks.len() > 1
        && blocks
            .first()
            .is_some_and(|first| is_same(&first.text, &title))
    {
        blocks.remove(0);
    }
    let mut found = FoundArticle {
        title,
        metadata: metadata.into_fields(),
        ..FoundArticle::default()
    };
    match options.page_scope {
        PageScope::ArticleOnly => found.text = join(&blocks),
        PageScope::WithSurroundings => {
            let body = document.body().unwrap_or_else(|| document.root());
            let page = blocks_of(body, &|_| false);
            (found.text, found.surroundings) = surroundings::with_surroundings(&blocks, &page);
        }
    }
    if found.text.is_empty() {
        return Err(Refusal::new("there is no text in this page"));
    }
    if !found.metadata.contains_key("language")
        && let Some(language) = language_of(&found.text)
    {
        found
            .metadata
            .insert("language".to_owned(), language.to_owned());
    }
    Ok(found)
}

/// The same but for white space, punctuation and case.
fn is_same(a: &str, b: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let a = letters(a);
    !a.is_empty() && a == letters(b)
}

/// The language of a text where the page does not say it; `None` when it cannot be told surely.
fn language_of(text: &str) -> Option<&'static str> {
    let end = text
        .char_indices()
        .nth(1_000)
        .map_or(text.len(), |(i, _)| i);
    let found = whatlang::detect(text.get(..end)?)?;
    if !found.is_reliable() {
        return None;
    }
    LANGUAGES
        .iter()
        .find(|(long, _)| *long == found.lang().code())
        .map(|&(_, short)| short)
}

/// ISO 639-3 codes of whatlang to BCP 47.
const LANGUAGES: &[(&str, &str)] = &[
    ("eng", "en"),
    ("deu", "de"),
    ("fra", "fr"),
    ("spa", "es"),
    ("ita", "it"),
    ("por", "pt"),
    ("nld", "nl"),
    ("pol", "pl"),
    ("ces", "cs"),
    ("slk", "sk"),
    ("rus", "ru"),
    ("ukr", "uk"),
    ("bul", "bg"),
    ("srp", "sr"),
    ("hrv", "hr"),
    ("slv", "sl"),
    ("hun", "hu"),
    ("ron", "ro"),
    ("tur", "tr"),
    ("swe", "sv"),
    ("dan", "da"),
    ("nob", "nb"),
    ("fin", "fi"),
    ("ell", "el"),
    ("ara", "ar"),
    ("heb", "he"),
    ("pes", "fa"),
    ("hin", "hi"),
    ("ben", "bn"),
    ("urd", "ur"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tha", "th"),
    ("vie", "vi"),
    ("ind", "id"),
    ("cmn", "zh"),
    ("jpn", "ja"),
    ("kor", "ko"),
    ("cat", "ca"),
    ("est", "et"),
    ("lav", "lv"),
    ("lit", "lt"),
];
