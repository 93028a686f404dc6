//! Tags of HTML and XML, looked at before a parser takes them: parsers compare each attribute of an
//! element with all before it, so that tens of thousands of them cost minutes.

use std::borrow::Cow;
use std::ops::Range;

/// The most attributes of one element.
pub(crate) const MAX_ATTRIBUTES: usize = 1_000;

/// Which language tags are of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    Html,
    Xml,
}

/// A text whose elements have [`MAX_ATTRIBUTES`] at most.
pub(crate) struct Thinned<'a> {
    pub(crate) text: Cow<'a, str>,
    /// How many attributes were left out, and the line of the first.
    pub(crate) left_out: usize,
    pub(crate) line: usize,
}

impl Thinned<'_> {
    /// What is to be told of it, if anything.
    pub(crate) fn remark(&self) -> Option<String> {
        (self.left_out > 0).then(|| {
            format!(
                "{} attributes beyond the first {MAX_ATTRIBUTES} of an element were left out (line {})",
                self.left_out, self.line
            )
        })
    }
}

pub(crate) fn thinned(text: &str, markup: Markup) -> Thinned<'_> {
    let mut cuts: Vec<Range<usize>> = Vec::new();
    let mut left_out = 0;
    // A page has one body, whose further tags add to it.
    let mut of_page = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()) {
        let start = at + start;
        let rest = bytes.get(start..).unwrap_or_default();
        if let Some(end) = other_markup(rest, markup) {
            at = start + end;
            continue;
        }
        let length = rest
            .iter()
            .skip(1)
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, b':' | b'-' | b'_' | b'.'))
            .count();
        let name = rest.get(1..=length).unwrap_or_default();
        if name.is_empty() {
            at = start + 1;
            continue;
        }
        let is_of_page = markup == Markup::Html
            && [b"html".as_slice(), b"body"]
                .iter()
                .any(|page| name.eq_ignore_ascii_case(page));
        let mut none = 0;
        let before = if is_of_page { &mut of_page } else { &mut none };
        let tag = tag(bytes, start + 1 + length, *before);
        *before += tag.attributes;
        if let Some(from) = tag.surplus_from {
            let slash = usize::from(bytes.get(..tag.end).unwrap_or_default().ends_with(b"/"));
            cuts.push(from..(tag.end - slash).max(from));
            left_out += *before - MAX_ATTRIBUTES.max(*before - tag.attributes);
        }
        at = tag.end.max(start + 1);
        // What stands in these is no markup until they end.
        let raw = [
            b"script".as_slice(),
            b"style",
            b"textarea",
            b"title",
            b"xmp",
        ];
        let is_raw = |raw: &&&[u8]| name.eq_ignore_ascii_case(raw);
        if let Some(raw) = raw.iter().find(is_raw).filter(|_| markup == Markup::Html) {
            at += end_of_raw(bytes.get(at..).unwrap_or_default(), raw);
        }
    }
    let Some(first) = cuts.first() else {
        return Thinned {
            text: Cow::Borrowed(text),
            left_out: 0,
            line: 0,
        };
    };
    let line = 1 + memchr::memchr_iter(b'\n', bytes.get(..first.start).unwrap_or_default()).count();
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for cut in cuts {
        kept.push_str(text.get(from..cut.start).unwrap_or_default());
        from = cut.end;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    Thinned {
        text: Cow::Owned(kept),
        left_out,
        line,
    }
}

/// The length of a comment and the like at the start; `None` for a tag.
fn other_markup(rest: &[u8], markup: Markup) -> Option<usize> {
    let end = match rest.get(1)? {
        b'!' if rest.starts_with(b"<!--") => b"-->".as_slice(),
        b'!' if rest.starts_with(b"<![CDATA[") && markup == Markup::Xml => b"]]>",
        b'?' if markup == Markup::Xml => b"?>",
        b'!' | b'?' | b'/' => return Some(1),
        _ => return None,
    };
    let after = rest.get(2..).unwrap_or_default();
    Some(memchr::memmem::find(after, end).map_or(rest.len(), |at| 2 + at + end.len()))
}

/// How far it is to the end tag of an element of raw text.
fn end_of_raw(rest: &[u8], name: &[u8]) -> usize {
    memchr::memmem::find_iter(rest, b"</")
        .find(|at| {
            let after = rest.get(at + 2..at + 2 + name.len());
            after.is_some_and(|after| after.eq_ignore_ascii_case(name))
        })
        .unwrap_or(rest.len())
}

struct Tag {
    attributes: usize,
    /// Where the first attribute that is too many begins.
    surplus_from: Option<usize>,
    /// Of its `>`, or of the text.
    end: usize,
}

/// The attributes of a tag, from behind its name.
fn tag(bytes: &[u8], mut at: usize, before: usize) -> Tag {
    let mut tag = Tag {
        attributes: 0,
        surplus_from: None,
        end: bytes.len(),
    };
    let is_space = |byte: &u8| byte.is_ascii_whitespace();
    let skip = |at: usize, wanted: &dyn Fn(&u8) -> bool| {
        let rest = bytes.get(at..).unwrap_or_default();
        at + rest
            .iter()
            .position(|byte| !wanted(byte))
            .unwrap_or(rest.len())
    };
    loop {
        at = skip(at, &|byte| is_space(byte) || *byte == b'/');
        match bytes.get(at) {
            Some(b'>') => {
                tag.end = at;
                return tag;
            }
            Some(_) => {}
            None => return tag,
        }
        tag.attributes += 1;
        if before + tag.attributes > MAX_ATTRIBUTES && tag.surplus_from.is_none() {
            tag.surplus_from = Some(at);
        }
        // The first may be any character, even an equals sign.
        at = skip(at + 1, &|byte| !is_space(byte) && !b"=/>".contains(byte));
        let equals = skip(at, &is_space);
        if bytes.get(equals) != Some(&b'=') {
            continue;
        }
        at = skip(equals + 1, &is_space);
        at = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                memchr::memchr(*quote, rest).map_or(bytes.len(), |end| at + 1 + end + 1)
            }
            _ => skip(at, &|byte| !is_space(byte) && *byte != b'>'),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surplus_attributes_are_left_out() {
        let many = |name: &str, from: usize, to: usize| -> String {
            (from..to).map(|n| format!(" {name}{n}='>\"{n}'")).collect()
        };
        let check = |markup: Markup, text: &str, expected: &str, told: (usize, usize)| {
            let thinned = thinned(text, markup);
            assert_eq!(thinned.text, expected);
            assert_eq!((thinned.left_out, thinned.line), told);
            assert_eq!(thinned.remark().is_some(), told.0 > 0);
        };
        let most = many("a", 0, MAX_ATTRIBUTES);
        for markup in [Markup::Html, Markup::Xml] {
            for text in [
                "", "<", "<a", "<a b", "<a b=", "<a b=\"", "a<b", "<!--", "<a/>", "<é>",
            ] {
                check(markup, text, text, (0, 0));
            }
            let fits = format!("<p{most}>x</p><p{most}/>");
            check(markup, &fits, &fits, (0, 0));
            let more = many("b", 0, 7);
            check(
                markup,
                &format!("<i>\n<p{most}{more}/>é<b{more}>{more}"),
                &format!("<i>\n<p{most} />é<b{more}>{more}"),
                (7, 2),
            );
            // No end, and comments.
            let commented = format!("<!-- <p{most}{more}> -->");
            check(markup, &commented, &commented, (0, 0));
            let open = format!("<p{most}{more}");
            check(markup, &open, &format!("<p{most} "), (7, 1));
        }
        let script = format!("<script>a <b{most}{most}</script><p>x");
        check(Markup::Html, &script, &script, (0, 0));
        // One body in all its tags.
        check(
            Markup::Html,
            &format!("<body{most}><p x><BODY c d=1>y<body e>"),
            &format!("<body{most}><p x><BODY >y<body >"),
            (3, 1),
        );
    }
}
