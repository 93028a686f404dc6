//! Text that grows from the pieces of a marked-up document, with places in it that stay right
//! whatever becomes of the white space around them.

use roxmltree::Node;
use std::ops::Range;

/// What is due before the next character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

/// A place between two characters, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark(usize);

#[derive(Debug, Default)]
pub(crate) struct Flow {
    text: String,
    chars: usize,
    gap: Gap,
    /// Of each mark, in code points: before the white space that is due there, and after it.
    marks: Vec<(usize, usize)>,
    /// The first of the marks that do not know what comes after them.
    first_open: usize,
}

impl Flow {
    /// Adds text; white space is folded unless it is to be kept.
    pub(crate) fn push(&mut self, text: &str, keeps_space: bool) {
        for c in text.chars() {
            if !keeps_space && matches!(c, ' ' | '\t' | '\n' | '\r') {
                self.need(Gap::Space);
                continue;
            }
            self.fill_gap();
            self.text.push(c);
            self.chars += 1;
        }
    }

    /// Asks for white space before whatever comes next.
    pub(crate) fn need(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn fill_gap(&mut self) {
        // Text that keeps its white space may have the line breaks already.
        let ends_in = |end: &str| self.text.ends_with(end);
        let gap = match std::mem::take(&mut self.gap) {
            _ if self.text.is_empty() => "",
            Gap::None => "",
            Gap::Space => " ",
            Gap::Line if ends_in("\n") => "",
            Gap::Line => "\n",
            Gap::Paragraph if ends_in("\n\n") => "",
            Gap::Paragraph if ends_in("\n") => "\n",
            Gap::Paragraph => "\n\n",
        };
        self.text.push_str(gap);
        self.chars += gap.len();
        for (_, after) in self.marks.iter_mut().skip(self.first_open) {
            *after = self.chars;
        }
        self.first_open = self.marks.len();
    }

    /// Marks where the text has come to.
    pub(crate) fn mark(&mut self) -> Mark {
        self.marks.push((self.chars, self.chars));
        Mark(self.marks.len() - 1)
    }

    /// What stands between two marks, without the white space at its ends that was not kept;
    /// `None` when there is nothing.
    pub(crate) fn range(&self, start: Mark, end: Mark) -> Option<Range<usize>> {
        let (_, start) = self.marks.get(start.0)?;
        let (end, _) = self.marks.get(end.0)?;
        (start < end).then_some(*start..*end)
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// A step on the way through a document. Ways are stacks rather than recursions, as files may nest
/// without end.
pub(crate) enum Step<'a, 'input, T> {
    /// A node, and whether its white space is kept.
    Enter(Node<'a, 'input>, bool),
    Leave(Node<'a, 'input>, T),
}

/// Puts a node's children on the stack, the first of them on top.
pub(crate) fn enter_children<'a, 'input, T>(
    steps: &mut Vec<Step<'a, 'input, T>>,
    node: Node<'a, 'input>,
    keeps_space: bool,
) {
    let from = steps.len();
    let children = node.children();
    steps.extend(children.map(|child| Step::Enter(child, keeps_space)));
    if let Some(new) = steps.get_mut(from..) {
        new.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_do_not_take_white_space_along() {
        let mut flow = Flow::default();
        flow.need(Gap::Paragraph);
        let a = flow.mark();
        flow.push("\n  🙂 She ", false);
        let b = flow.mark();
        flow.push(" said ", false);
        let c = flow.mark();
        flow.need(Gap::Paragraph);
        let d = flow.mark();
        flow.push("a  b\n", true);
        let e = flow.mark();
        flow.need(Gap::Line);
        flow.push("c", false);
        assert_eq!(flow.text(), "🙂 She said\n\na  b\nc");
        assert_eq!(flow.range(a, b), Some(0..5));
        assert_eq!(flow.range(b, c), Some(6..10));
        assert_eq!(flow.range(c, d), None);
        assert_eq!(flow.range(d, e), Some(12..17));
        assert_eq!(flow.range(e, a), None);
    }
}
