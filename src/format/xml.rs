//! XML with limits: no entities of its own, and a cap on the number of nodes.

use crate::format::article::decode;
use crate::format::reading::Refusal;
use roxmltree::{Document, ParsingOptions};
use std::borrow::Cow;

/// The most nodes that a document may have.
const MAX_NODES: u32 = 20_000_000;

/// The text of an XML file: by its byte-order mark, its declaration, or as UTF-8.
pub fn decode_xml(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or(&[]);
        return Ok(encoding.decode_without_bom_handling(rest).0);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let start = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes));
    let declared = start
        .split_once("encoding=")
        .and_then(|(_, rest)| rest.get(1..)?.split(['"', '\'']).next().map(str::to_owned));
    let declared = declared.and_then(|name| encoding_rs::Encoding::for_label(name.as_bytes()));
    match declared {
        Some(encoding) => Ok(encoding.decode_without_bom_handling(bytes).0),
        None => decode::decode(bytes)
            .map(|decoded| Cow::Owned(decoded.text))
            .ok_or_else(|| Refusal::new("this is a binary file, not XML")),
    }
}

/// Parses a document. A document type declaration is allowed as far as it defines no entities that
/// grow: the parser refuses references that nest too deep or too often.
pub fn parse_xml(text: &str) -> Result<Document<'_>, Refusal> {
    let options = ParsingOptions {
        allow_dtd: true,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
        .map_err(|error| Refusal::new(format!("the XML cannot be read: {error}")))
}
