//! The article among everything else on a page.

use super::blocks::{Block, blocks_of, join};
use crate::format::reading::{FoundArticle, ReadOptions, Refusal};
use dom_query::Document;
use dom_smoothie::{CandidateSelectMode, Config, Readability};

pub(super) fn article(
    html: &str,
    address: Option<&str>,
    _options: &ReadOptions,
) -> Result<FoundArticle, Refusal> {
    let document = Document::from(html);
    let config = Config {
        candidate_select_mode: CandidateSelectMode::DomSmoothie,
        ..Config::default()
    };
    let mut found = FoundArticle::default();
    let all = || blocks_of(document.body().unwrap_or_else(|| document.root()), &|_| false);
    let read = Readability::with_document(document.clone(), None, Some(config))
        .ok()
        .and_then(|mut page| page.parse().ok());
    let blocks: Vec<Block> = match &read {
        Some(read) => {
            let content = Document::fragment(read.content.clone());
            blocks_of(content.root(), &|_| false)
        }
        None => all(),
    };
    if let Some(address) = address {
        found.metadata.insert("url".to_owned(), address.to_owned());
    }
    found.text = join(&blocks);
    if found.text.is_empty() {
        return Err(Refusal::new("there is no text in this page"));
    }
    Ok(found)
}
