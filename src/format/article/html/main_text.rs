//! The article among everything else on a page.
//!
//! The page is first rid of what names itself something else, then searched twice: by the box that
//! calls itself the article's body, and by Mozilla's Readability (dom_smoothie). Both must agree
//! roughly on how much text there is; the smaller is taken when the page is a list of articles.

use super::blocks::{Block, blocks_of, join};
use super::{lines, prune};
use crate::format::reading::{FoundArticle, ReadOptions, Refusal};
use dom_query::Document;
use dom_smoothie::{CandidateSelectMode, Config, Readability};

fn chars_of(blocks: &[Block]) -> usize {
    blocks.iter().map(Block::chars).sum()
}

/// What Readability takes for the article.
fn by_readability(document: &Document) -> Vec<Block> {
    let config = Config {
        candidate_select_mode: CandidateSelectMode::DomSmoothie,
        ..Config::default()
    };
    let read = Readability::with_document(document.clone(), None, Some(config))
        .ok()
        .and_then(|mut page| page.parse().ok());
    read.map_or_else(Vec::new, |read| {
        let content = Document::fragment(read.content);
        blocks_of(content.root(), &|_| false)
    })
}

/// What the page itself calls the article's body, and whether it is one of several.
fn by_name(document: &Document) -> (Vec<Block>, bool) {
    prune::body_box(document, 200).map_or_else(Default::default, |found| {
        (blocks_of(found.node, &|_| false), found.is_one_of_several)
    })
}

pub(super) fn article_blocks(html: &str) -> Vec<Block> {
    let document = Document::from(html);
    prune::prune(&document);
    let (named, is_one_of_several) = by_name(&document);
    let named = lines::trimmed(named);
    let found = lines::trimmed(by_readability(&document));
    let (n, f) = (chars_of(&named), chars_of(&found));
    let least_share = if is_one_of_several { 4 } else { 2 };
    let mut blocks = match n > 0 && n * least_share >= f && n <= f * 3 {
        true => named,
        false => found,
    };
    if chars_of(&blocks) < 250 {
        // The names were misleading, or the article is very short.
        let document = Document::from(html);
        let again = lines::trimmed(by_readability(&document));
        if chars_of(&again) > chars_of(&blocks) * 2 {
            blocks = again;
        }
    }
    if blocks.is_empty() {
        let document = Document::from(html);
        let body = document.body().unwrap_or_else(|| document.root());
        blocks = blocks_of(body, &|_| false);
    }
    blocks
}

pub(super) fn article(
    html: &str,
    address: Option<&str>,
    _options: &ReadOptions,
) -> Result<FoundArticle, Refusal> {
    let blocks = article_blocks(html);
    let mut found = FoundArticle::default();
    if let Some(address) = address {
        found.metadata.insert("url".to_owned(), address.to_owned());
    }
    found.text = join(&blocks);
    if found.text.is_empty() {
        return Err(Refusal::new("there is no text in this page"));
    }
    Ok(found)
}
