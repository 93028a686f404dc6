//! A page's elements as lines of text: paragraphs, headings, list items, table rows.
//!
//! Walks with a stack of its own, so that no nesting overflows the program's.

use super::shown::is_hidden;
use dom_query::NodeRef;

/// What a line is in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    Paragraph,
    Heading,
    ListItem,
    /// A row of a table, or a line of preformatted text: what follows stands right below.
    Row,
}

#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    /// Without white space and indents at its ends; `\n` only for forced line breaks.
    pub(super) text: String,
    /// Characters of it that are links.
    pub(super) link_chars: usize,
}

impl Block {
    pub(super) fn chars(&self) -> usize {
        self.text.chars().count()
    }

    /// The share of its characters that are links, 0 to 1.
    pub(super) fn link_share(&self) -> f32 {
        self.link_chars as f32 / self.chars().max(1) as f32
    }
}

/// Elements whose text nobody sees, or that are controls.
pub(super) const UNSEEN: &[&str] = &[
    "script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "embed",
    "button", "input", "select", "textarea", "option", "canvas", "audio", "video", "map", "dialog",
    // The reading of a word, set above it.
    "rt", "rp",
];

/// Elements that stand within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "nobr", "q", "rb", "ruby", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "picture",
    "source", "amp-img",
];

pub(super) fn is_inline(name: &str) -> bool {
    INLINE.contains(&name)
}

enum Step<'a> {
    Enter(NodeRef<'a>),
    Leave(NodeRef<'a>),
}

#[derive(Default)]
struct Lines {
    blocks: Vec<Block>,
    text: String,
    link_chars: usize,
    kind: Option<BlockKind>,
    links: usize,
    preformatted: usize,
    /// The blank at the end of the text is a line break of the page's source.
    is_broken: bool,
}

impl Lines {
    fn push_text(&mut self, text: &str) {
        let text = if self.preformatted == 0 && ends_words(text) {
            let kept = self.text.trim_end_matches(' ').len();
            self.text.truncate(kept);
            text.trim_start_matches(is_collapsible)
        } else {
            text
        };
        let before = self.text.len();
        if self.preformatted > 0 {
            self.text.push_str(text);
        } else {
            for c in text.chars() {
                if is_collapsible(c) {
                    self.is_broken |= c == '\n';
                    if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                        self.text.push(' ');
                    }
                } else {
                    self.close_up(c);
                    self.text.push(c);
                }
            }
        }
        if self.links > 0 {
            let added = self.text.get(before..).unwrap_or_default();
            self.link_chars += added.chars().count();
        }
    }

    /// Between characters of scripts without blanks a line break is nothing (CSS Text, 4.1.3).
    fn close_up(&mut self, next: char) {
        let was_broken = std::mem::take(&mut self.is_broken);
        if was_broken
            && is_without_blanks(next)
            && let Some(before) = self.text.strip_suffix(' ')
            && before.ends_with(is_without_blanks)
        {
            self.text.pop();
        }
    }

    fn flush(&mut self) {
        self.is_broken = false;
        let text = std::mem::take(&mut self.text);
        let link_chars = std::mem::take(&mut self.link_chars);
        let kind = self.kind.take().unwrap_or(BlockKind::Paragraph);
        let text =
            text.trim_matches(|c: char| is_collapsible(c) || c == '\u{A0}' || c == '\u{3000}');
        if text.is_empty() {
            return;
        }
        self.blocks.push(Block {
            kind,
            text: text.to_owned(),
            link_chars,
        });
    }
}

/// Whether a text begins with a full stop or a comma: the blank before it comes from how the page was
/// put together.
fn ends_words(text: &str) -> bool {
    let mut chars = text.trim_start_matches(is_collapsible).chars();
    chars.next().is_some_and(|c| c == '.' || c == ',')
        && chars.next().is_none_or(|c| c.is_whitespace())
}

/// Chinese and Japanese, with their punctuation.
fn is_without_blanks(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FF60}')
}

/// White space that HTML collapses. A no-break space is text.
fn is_collapsible(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{C}')
}

/// The lines of an element in reading order. Elements that `is_left_out` takes are passed over.
pub(super) fn blocks_of(
    root: NodeRef<'_>,
    is_left_out: &dyn Fn(&NodeRef<'_>) -> bool,
) -> Vec<Block> {
    let mut lines = Lines::default();
    let mut steps = vec![Step::Enter(root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) => {
                if node.is_text() {
                    lines.push_text(&node.text());
                    continue;
                }
                let name = node.node_name().unwrap_or_default();
                let name: &str = &name;
                // Comments have no name.
                if name.is_empty() && node.parent().is_some() {
                    continue;
                }
                if UNSEEN.contains(&name) || is_hidden(&node) || is_left_out(&node) {
                    continue;
                }
                enter(&mut lines, name);
                steps.push(Step::Leave(node));
                steps.extend(node.children_it(true).map(Step::Enter));
            }
            Step::Leave(node) => leave(&mut lines, &node.node_name().unwrap_or_default()),
        }
    }
    lines.flush();
    lines.blocks
}

fn enter(lines: &mut Lines, name: &str) {
    match name {
        "br" => {
            let kept = lines.text.trim_end_matches(' ').len();
            lines.text.truncate(kept);
            if !lines.text.is_empty() {
                lines.text.push('\n');
            }
        }
        "a" => lines.links += 1,
        "td" | "th" => {
            if !lines.text.trim().is_empty() {
                lines.text.push('\t');
            }
        }
        "pre" => {
            lines.flush();
            lines.preformatted += 1;
        }
        name if INLINE.contains(&name) => {}
        name => {
            // A block in a table cell or a list item goes on with the line of its parent.
            let is_fresh = lines.text.trim().is_empty();
            let kind = lines.kind;
            if !is_fresh || kind.is_none() {
                lines.flush();
            }
            lines.kind = match name {
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(BlockKind::Heading),
                "li" | "dt" | "dd" => Some(BlockKind::ListItem),
                "tr" => Some(BlockKind::Row),
                _ => kind.filter(|_| is_fresh),
            };
        }
    }
}

fn leave(lines: &mut Lines, name: &str) {
    match name {
        "br" | "td" | "th" => {}
        "a" => lines.links = lines.links.saturating_sub(1),
        "pre" => {
            lines.flush();
            lines.preformatted = lines.preformatted.saturating_sub(1);
        }
        name if INLINE.contains(&name) => {}
        _ => lines.flush(),
    }
}

/// What stands between two lines: list items and rows follow each other, the rest has a blank line
/// between.
pub(super) fn separator(before: BlockKind, after: BlockKind) -> &'static str {
    match (before, after) {
        (BlockKind::ListItem, BlockKind::ListItem) | (BlockKind::Row, BlockKind::Row) => "\n",
        _ => "\n\n",
    }
}

/// The lines as text.
pub(super) fn join(blocks: &[Block]) -> String {
    let mut text = String::new();
    let mut last: Option<BlockKind> = None;
    for block in blocks {
        if let Some(last) = last {
            text.push_str(separator(last, block.kind));
        }
        text.push_str(&block.text);
        last = Some(block.kind);
    }
    text
}
