//! XML with limits: on what entities unfold to, on attributes, and on the number of nodes.

use crate::format::reading::Refusal;
use crate::format::reading::decode;
use crate::format::reading::tags::{Markup, thinned};
use roxmltree::{Document, ParsingOptions};
use std::borrow::Cow;
use std::collections::HashMap;

/// The most nodes that a document may have.
const MAX_NODES: u32 = 20_000_000;
/// The most comparisons of namespaces.
const MAX_NAMESPACE_STEPS: usize = 500_000_000;
/// The most that the entities of a document may unfold to.
const MAX_UNFOLDED_BYTES: usize = 16 << 20;

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

/// The same without attributes that are too many, and what is to be told of it.
pub fn thin_xml(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<String>), Refusal> {
    let (text, remark) = match decode_xml(bytes)? {
        Cow::Borrowed(text) => {
            let thinned = thinned(text, Markup::Xml);
            let remark = thinned.remark();
            (thinned.text, remark)
        }
        Cow::Owned(text) => {
            let thinned = thinned(&text, Markup::Xml);
            let remark = thinned.remark();
            (Cow::Owned(thinned.text.into_owned()), remark)
        }
    };
    Ok((text, remark))
}

/// Parses a document. A document type declaration is allowed as far as it defines no entities that
/// grow: the parser refuses references that nest too deep or too often.
pub fn parse_xml(text: &str) -> Result<Document<'_>, Refusal> {
    if unfolded(text) > MAX_UNFOLDED_BYTES {
        return Err(Refusal::new(format!(
            "the XML cannot be read: its entities unfold to more than {} MB",
            MAX_UNFOLDED_BYTES >> 20
        )));
    }
    let crowded = thinned(text, Markup::Xml);
    if crowded.left_out > 0 {
        return Err(Refusal::new(format!(
            "the XML cannot be read: an element has too many attributes (line {})",
            crowded.line
        )));
    }
    if namespace_steps(text) > MAX_NAMESPACE_STEPS {
        return Err(Refusal::new(
            "the XML cannot be read: it declares too many namespaces within one another",
        ));
    }
    let options = ParsingOptions {
        allow_dtd: true,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
        .map_err(|error| Refusal::new(format!("the XML cannot be read: {error}")))
}

/// How often the parser compares namespaces: at each element that declares some it compares all
/// that hold there with each other.
fn namespace_steps(text: &str) -> usize {
    const FEW: usize = 100;
    let bytes = text.as_bytes();
    if memchr::memmem::find_iter(bytes, b"xmlns").take(FEW).count() < FEW {
        return 0;
    }
    let mut steps = 0_usize;
    // Of the open elements, how many each declares, and all together.
    let (mut open, mut holding) = (Vec::new(), 0_usize);
    for at in memchr::memchr_iter(b'<', bytes) {
        let rest = bytes.get(at + 1..).unwrap_or_default();
        match rest.first() {
            Some(b'/') => holding -= open.pop().unwrap_or(0),
            Some(b'!' | b'?') | None => {}
            Some(_) => {
                // A tag whose values have this sign in them is taken as shorter.
                let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
                let tag = rest.get(..end).unwrap_or_default();
                let declared = memchr::memmem::find_iter(tag, b"xmlns").count();
                if declared > 0 {
                    let all = holding + declared;
                    steps = steps.saturating_add(all.saturating_mul(all));
                }
                if !tag.ends_with(b"/") {
                    open.push(declared);
                    holding += declared;
                }
            }
        }
    }
    steps
}

/// How many bytes the entities that a document declares become where it refers to them.
fn unfolded(text: &str) -> usize {
    const DECLARATION: &[u8] = b"<!ENTITY";
    let mut values: HashMap<&str, &str> = HashMap::new();
    let mut end = 0;
    for at in memchr::memmem::find_iter(text.as_bytes(), DECLARATION) {
        let rest = text.get(at + DECLARATION.len()..).unwrap_or_default();
        let Some((name, rest)) = rest.trim_start().split_once(char::is_whitespace) else {
            continue;
        };
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            continue;
        };
        let inside = rest.get(1..).unwrap_or_default();
        let value = inside.split(quote).next().unwrap_or_default();
        // The first declaration holds.
        values.entry(name).or_insert(value);
        end = text.len() - inside.len() + value.len();
    }
    if values.is_empty() {
        return 0;
    }
    let mut lengths = HashMap::new();
    let mut bytes = 0_usize;
    for name in references(text.get(end..).unwrap_or_default()) {
        bytes = bytes.saturating_add(length(name, &values, &mut lengths, 0));
    }
    bytes
}

/// Names of entities that a text refers to.
fn references(text: &str) -> impl Iterator<Item = &str> {
    memchr::memchr_iter(b'&', text.as_bytes()).filter_map(|at| {
        let rest = text.get(at + 1..)?;
        let end = rest
            .bytes()
            .position(|c| matches!(c, b';' | b'&' | b'<') || c.is_ascii_whitespace())?;
        let is_whole = rest.as_bytes().get(end) == Some(&b';');
        rest.get(..end).filter(|_| is_whole)
    })
}

/// The length of what an entity unfolds to.
fn length<'a>(
    name: &'a str,
    values: &HashMap<&'a str, &'a str>,
    lengths: &mut HashMap<&'a str, usize>,
    depth: usize,
) -> usize {
    /// The parser goes no deeper.
    const MAX_DEPTH: usize = 12;
    if let Some(length) = lengths.get(name) {
        return *length;
    }
    let Some(value) = values.get(name).filter(|_| depth < MAX_DEPTH) else {
        return 0;
    };
    let inner = references(value).map(|inner| length(inner, values, lengths, depth + 1));
    let whole = inner.fold(value.len(), usize::saturating_add);
    lengths.insert(name, whole);
    whole
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
    fn namespaces_are_counted() {
        let many: String = (0..900).map(|n| format!(" xmlns:n{n}='u'")).collect();
        let inner = |times: usize| "<b xmlns='x'><c/></b>".repeat(times);
        let check = |text: &str, expected: bool| assert_eq!(parse_xml(text).is_ok(), expected);
        check(&format!("<a{many}>{}</a>", inner(10)), true);
        check(&format!("<a{many}>{}</a>", inner(1_000)), false);
        check(&format!("<a>{}</a>", inner(20_000)), true);
        let deep = "<a xmlns:a='b' xmlns:c='d'>".repeat(2_000);
        assert!(namespace_steps(&deep) > MAX_NAMESPACE_STEPS);
    }

    #[test]
    fn entities_are_counted_before_they_unfold() {
        let check = |text: &str, expected: usize| assert_eq!(unfolded(text), expected, "{text}");
        check("<a>&amp;</a>", 0);
        check(
            "<!DOCTYPE a [<!ENTITY b \"cde\">]><a>&b;&b; &x; & &b</a>",
            6,
        );
        check(
            "<!DOCTYPE a [<!ENTITY b 'cd'><!ENTITY e '&b;&b;'><!ENTITY e 'x'>]><a>&e;</a>",
            4 + 6,
        );
        // Itself, and what is no declaration.
        check(
            "<!DOCTYPE a [<!ENTITY b '&b;'><!ENTITY % c 'd'><!ENTITY>]><a>&b;</a>",
            3 * 12,
        );
        let long = "x".repeat(40_000);
        let often = "&b;".repeat(5_000);
        let text = format!("<!DOCTYPE a [<!ENTITY b '{long}'>]><a>{often}</a>");
        let told = parse_xml(&text).map(|_| ()).unwrap_err().0;
        assert!(told.contains("unfold to more than 16 MB"), "{told}");
        assert!(parse_xml("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").is_ok());
    }

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
