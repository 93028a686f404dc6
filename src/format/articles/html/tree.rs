//! A page's elements as a tree, as long as building it costs what the page's length does.
//!
//! The rules of HTML repeat unclosed elements in every paragraph, and look through all open elements
//! at every tag: a page may ask for far more elements than it has, and for far more time. It is fed
//! in pieces, and given up when it does.

use dom_query::Document;
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};

/// So much is fed before the tree is looked at.
const PIECE_BYTES: usize = 16 << 10;
/// The deepest that elements may nest.
const MAX_DEPTH: usize = super::MAX_DEPTH;
/// A page with few bytes may have so many nodes, others one for two bytes.
const MIN_NODES: usize = 10_000;
/// The most elements that are looked through at all tags together.
const MAX_STEPS: usize = 300_000_000;

/// The tree of a page; `None` for one that takes too much.
pub(crate) fn parsed(html: &str) -> Option<Document> {
    // As dom_query parses: without scripts, what stands in for them is part of the page.
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts {
            scripting_enabled: false,
            ..TreeBuilderOpts::default()
        },
        ..ParseOpts::default()
    };
    let mut parser = parse_document(Document::default(), options);
    let (mut at, mut steps) = (0, 0_usize);
    while at < html.len() {
        let end = html.ceil_char_boundary((at + PIECE_BYTES).min(html.len()));
        let piece = html.get(at..end)?;
        parser.process(StrTendril::from_slice(piece));
        at = end;
        let document = &parser.tokenizer.sink.sink;
        document.errors.borrow_mut().clear();
        let depth = depth(document);
        let tags = memchr::memchr_iter(b'<', piece.as_bytes()).count();
        steps = steps.saturating_add(depth.saturating_mul(tags));
        let nodes = document.tree.len();
        if depth > MAX_DEPTH || nodes > at / 2 + MIN_NODES || steps > MAX_STEPS {
            return None;
        }
    }
    Some(parser.finish())
}

/// How deep the elements nest that are open.
fn depth(document: &Document) -> usize {
    let mut depth = 0;
    let mut at = document.root();
    while let Some(last) = at.last_child() {
        at = last;
        depth += 1;
    }
    depth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_cost_too_much_are_given_up() {
        let check = |html: &str, expected: bool| {
            let start: String = html.chars().take(60).collect();
            assert_eq!(parsed(html).is_some(), expected, "{start}");
        };
        check("", true);
        check("<p>One<p>Two", true);
        check(&"<p>A <b>word</b> é</p>".repeat(50_000), true);
        check(&"<table><tr><td>x</table>".repeat(5_000), true);
        // Each paragraph has all of them anew.
        let open: String = (0..500).map(|n| format!("<font a={n}>")).collect();
        check(
            &format!("<p>{open}x</p>{}", "<p>x</p>".repeat(20_000)),
            false,
        );
        // End tags that close nothing, and elements that the count of tags does not see.
        check(&"<div></x>".repeat(20_000), false);
        check(&format!("<svg>{}", "<g>".repeat(20_000)), false);
        let deep = "<div>".repeat(1_400);
        check(&format!("{deep}{}", "<p>x".repeat(300_000)), false);
    }

    #[test]
    fn the_tree_is_that_of_the_whole() {
        let page = "<!DOCTYPE html>\r\n<body><p>é<b>x<p>y</b><table>z<td>1</table>&amp;<script>a<b</script>";
        for page in [page.to_owned(), page.repeat(2_000)] {
            let whole = Document::from(page.as_str());
            assert_eq!(parsed(&page).unwrap().html(), whole.html());
        }
    }
}
