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

/// The local name of a document's outermost element, from its start alone; `None` for no XML.
pub fn root_name(start: &str) -> Option<&str> {
    let mut rest = start.trim_start();
    loop {
        rest = rest.strip_prefix('<')?;
        let end = match rest.as_bytes().first()? {
            b'?' => "?>",
            b'!' if rest.starts_with("!--") => "-->",
            b'!' => match rest.split_once('[') {
                // A document type with declarations in it.
                Some((before, _)) if !before.contains('>') => "]",
                _ => ">",
            },
            _ => break,
        };
        let (_, after) = rest.split_once(end)?;
        rest = after.trim_start();
        if end == "]" {
            rest = rest.strip_prefix('>')?.trim_start();
        }
    }
    let name = rest
        .split(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
        .next()?;
    let local = name.rsplit(':').next().unwrap_or(name);
    (!local.is_empty()).then_some(local)
}

/// `xml:id`, or `id` without a namespace.
pub fn id_of<'a>(node: roxmltree::Node<'a, '_>) -> Option<&'a str> {
    const XML: &str = "http://www.w3.org/XML/1998/namespace";
    node.attribute((XML, "id")).or_else(|| node.attribute("id"))
}

/// What `xml:space` says, if it says anything.
pub fn keeps_space(node: roxmltree::Node<'_, '_>) -> Option<bool> {
    const XML: &str = "http://www.w3.org/XML/1998/namespace";
    let space = node.attribute((XML, "space"))?;
    Some(space == "preserve")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_behind_what_stands_before_them() {
        let check = |start: &str, expected: Option<&str>| {
            assert_eq!(root_name(start), expected, "{start}");
        };
        check("<TEI xmlns=\"x\">", Some("TEI"));
        check(
            "<?xml version=\"1.0\"?>\n<!-- <html> --><!DOCTYPE a [<!ENTITY b \"c>\">]>\n<t:a/>",
            Some("a"),
        );
        check("<!DOCTYPE html>\n<html>", Some("html"));
        check("a < b", None);
        check("<", None);
        check("<!-- open", None);
        check("< a", None);
    }
}
