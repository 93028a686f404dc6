//! What surrounds an article in its page: newsletter boxes, related links, calls to donate.
//!
//! For many analysts they are the finding. They stay where they stand between the article's lines,
//! which remain as they are without them.

use super::blocks::{Block, separator};
use std::collections::HashMap;
use std::ops::Range;

/// Lines that are taken before the article's first and after its last.
const AROUND: usize = 12;
/// The longest line of a menu; longer lines say something.
const MENU_CHARS: usize = 25;

/// The article's lines with what stands between and around them in the page, and which bytes of the
/// text are surroundings.
pub(super) fn with_surroundings(article: &[Block], page: &[Block]) -> (String, Vec<Range<usize>>) {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, block) in page.iter().enumerate() {
        places.entry(block.text.as_str()).or_default().push(at);
    }
    let mut lines: Vec<(&Block, bool)> = Vec::new();
    let mut next = 0;
    for block in article {
        let found = places.get(block.text.as_str());
        let at = found.and_then(|places| {
            let after = places.partition_point(|at| *at < next);
            places.get(after).copied()
        });
        // A line that is far off is another one of the same wording.
        if let Some(at) = at.filter(|at| lines.is_empty() || at - next < 60) {
            let from = if lines.is_empty() {
                at.saturating_sub(AROUND).max(next)
            } else {
                next
            };
            push_surroundings(&mut lines, page.get(from..at).unwrap_or_default());
            next = at + 1;
        }
        lines.push((block, true));
    }
    let after = page
        .get(next..(next + AROUND).min(page.len()))
        .unwrap_or_default();
    push_surroundings(&mut lines, after);
    join(&lines)
}

/// Lines of menus are nobody's finding.
fn push_surroundings<'a>(lines: &mut Vec<(&'a Block, bool)>, around: &'a [Block]) {
    let says = |block: &&Block| block.chars() > MENU_CHARS || block.link_share() < 0.5;
    lines.extend(around.iter().filter(says).map(|block| (block, false)));
}

fn join(lines: &[(&Block, bool)]) -> (String, Vec<Range<usize>>) {
    let mut text = String::new();
    let mut surroundings: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    for (block, is_article) in lines {
        if let Some(last) = last {
            text.push_str(separator(last, block.kind));
        }
        let start = text.len();
        text.push_str(&block.text);
        if !is_article {
            surroundings.push(start..text.len());
        }
        last = Some(block.kind);
    }
    (text, surroundings)
}
