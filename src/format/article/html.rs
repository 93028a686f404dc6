//! To be written.

use crate::format::article::decode::Decoded;
use crate::format::reading::{FoundArticle, ReadOptions, Reader, Refusal};

pub const READERS: &[Reader] = &[];

/// The bytes of a page as text: by the transport's charset if there was one, a byte-order mark, the
/// page's own declaration, or a guess. gb2312 and gbk are read as gb18030.
pub fn decode_page(bytes: &[u8], _charset: Option<&str>) -> Option<Decoded> {
    crate::format::article::decode::decode(bytes)
}

/// The article in a page and what is known of it. `address` is where the page was saved from.
pub fn article_of(
    _html: &str,
    _address: Option<&str>,
    _options: &ReadOptions,
) -> Result<FoundArticle, Refusal> {
    Err(Refusal::new("no article was found"))
}

/// All the text of a page or fragment in reading order, paragraphs and list items as lines, for
/// what is known to be nothing but article: chapters of books, bodies of mails.
pub fn whole_text(_html: &str) -> String {
    String::new()
}
