//! Cutting a damaged project file into its items.
//!
//! Works on our own layout, which an editor may have indented otherwise, and in which lines may
//! stand where they do not belong: what opens or closes something is believed when the next line
//! agrees. Knows lines and brackets, not what they mean: `mend` and `articles` read the pieces.

use super::record::Section;
use super::salvage::{Line, is_closer, is_string, lines};

/// One item of a list.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) section: Section,
    pub(super) lines: Vec<Line<'a>>,
    /// Its last bracket is there.
    pub(super) is_closed: bool,
}

impl<'a> Item<'a> {
    pub(super) fn line(&self) -> usize {
        self.lines.first().map_or(0, |line| line.number)
    }

    pub(super) fn source(&self, file: &'a str) -> &'a str {
        let start = self.lines.first().map_or(0, |line| line.start);
        let end = self.lines.last().map_or(start, |line| line.next);
        file.get(start..end).unwrap_or("")
    }

    /// The number of the line in which a part of the file begins.
    pub(super) fn line_of(&self, part: &str, file: &str) -> Option<usize> {
        let at = (part.as_ptr() as usize).checked_sub(file.as_ptr() as usize)?;
        let after = self.lines.partition_point(|line| line.start <= at);
        Some(self.lines.get(after.checked_sub(1)?)?.number)
    }
}

/// Whose a line is that belongs to no item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Project,
    Codebook,
    /// It stands where no such line can stand.
    Nobody,
}

/// A damaged file as far as its layout can be made out.
#[derive(Debug, Default)]
pub(super) struct Pieces<'a> {
    pub(super) items: Vec<Item<'a>>,
    /// Lines that belong to no item: the fields of the project and of the codebook, and what else
    /// there is.
    pub(super) loose: Vec<(Line<'a>, Owner)>,
    /// What follows the end of the project.
    pub(super) after: Vec<Line<'a>>,
    /// The end of the project is there.
    pub(super) is_closed: bool,
    pub(super) last_line: usize,
}

/// How many brackets a line opens at its end, or closes.
fn brackets(key: &str) -> i64 {
    let count = |c: char, set: &str| i64::from(set.contains(c));
    if is_closer(key) {
        -key.chars().map(|c| count(c, ")]}")).sum::<i64>()
    } else if is_string(key) {
        0
    } else {
        let at_end = key.chars().rev().take_while(|c| "([{".contains(*c));
        at_end.count() as i64
    }
}

/// The item that is being read.
struct Open<'a> {
    lines: Vec<Line<'a>>,
    depth: i64,
    /// The text of an article has begun.
    has_text: bool,
}

impl<'a> Open<'a> {
    fn push(&mut self, line: Line<'a>) {
        self.depth += brackets(line.key());
        self.lines.push(line);
        let last = self.lines.len().saturating_sub(2);
        self.has_text |= self.lines.get(last..).is_some_and(has_text);
    }
}

fn has_text(lines: &[Line<'_>]) -> bool {
    lines.windows(2).any(
        |pair| matches!(pair, [start, line] if start.key() == "text: [" && is_string(line.key())),
    )
}

/// The list that is open.
#[derive(Clone, Copy)]
struct List {
    /// `None` when its start is lost.
    section: Option<Section>,
    /// What it is if its items do not tell.
    likely: Option<Section>,
    indent: usize,
}

impl List {
    fn may_have_annotations(self) -> bool {
        matches!(
            self.section,
            None | Some(Section::Articles | Section::Trash)
        )
    }
}

struct Cutter<'a> {
    pieces: Pieces<'a>,
    list: Option<List>,
    /// The indentation of the list's items.
    base: Option<usize>,
    open: Option<Open<'a>>,
    in_codebook: bool,
    /// The list and the indentation of the last item, as long as indentation tells. A line may have
    /// closed it that does not belong there.
    last: Option<(List, usize)>,
}

/// Cuts a damaged file. Lines may stand where they do not belong: one that opens or closes
/// something is believed when the line after it agrees.
pub(super) fn pieces(source: &str) -> Pieces<'_> {
    let mut cutter = Cutter {
        pieces: Pieces::default(),
        list: None,
        base: None,
        open: None,
        in_codebook: false,
        last: None,
    };
    let mut lines = lines(source)
        .inspect(|line| cutter.pieces.last_line = line.number)
        .filter(|line| !line.key().is_empty())
        .collect::<Vec<_>>()
        .into_iter()
        .peekable();
    while let Some(line) = lines.next() {
        cutter.line(line, lines.peek().copied());
    }
    cutter.close_item(false);
    cutter.pieces
}

fn is_field_of_head(key: &str) -> bool {
    [
        "id: ",
        "title: ",
        "hash: ",
        "metadata: {",
        "status: {",
        "nothing: ",
        "notes: ",
    ]
    .iter()
    .any(|start| key.starts_with(start))
}

/// Whether a line begins another item than that of `lines`.
fn begins_another(line: Line<'_>, lines: &[Line<'_>]) -> bool {
    let key = line.key();
    let is_of_item = lines
        .get(1)
        .is_none_or(|first| first.indent() == line.indent());
    if is_of_item && (key.starts_with("id: ") || key.starts_with("what: ")) {
        return true;
    }
    let is_name = |name: &str| name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let Some((name, _)) = key.split_once(':').filter(|(name, _)| is_name(name)) else {
        return false;
    };
    let is_same = |other: &Line<'_>| {
        let rest = other.key().strip_prefix(name);
        other.indent() == line.indent() && rest.is_some_and(|rest| rest.starts_with(':'))
    };
    lines.iter().any(is_same)
}

impl<'a> Cutter<'a> {
    fn close_item(&mut self, is_closed: bool) {
        let Some(open) = self.open.take() else {
            return;
        };
        let is_empty = |line: &Line<'_>| line.key() == "(" || is_closer(line.key());
        if open.lines.iter().all(is_empty) {
            return;
        }
        let list = self.list;
        let section = list.and_then(|list| list.section);
        // Articles and the trash cannot be taken for anything else.
        let has = |start: &str| open.lines.iter().any(|line| line.key().starts_with(start));
        let is_article = has("text: [") && (has("hash: \"") || has("annotations: ["));
        let section = match section {
            Some(Section::Articles) if has("hash: \"") || has("text: [") => section,
            _ if has("what: ") => Some(Section::Trash),
            Some(Section::Trash) => section,
            _ if is_article => Some(Section::Articles),
            _ => section,
        };
        let section = section
            .or_else(|| Section::known_by(has))
            .or_else(|| list.and_then(|list| list.likely));
        let Some(section) = section else {
            let loose = open.lines.into_iter().map(|line| (line, Owner::Nobody));
            self.pieces.loose.extend(loose);
            return;
        };
        if self.tells()
            && let (Some(list), Some(base)) = (list, self.base)
        {
            let likely = Some(section);
            self.last = Some((List { likely, ..list }, base));
        } else {
            self.last = None;
        }
        self.pieces.items.push(Item {
            section,
            lines: open.lines,
            is_closed,
        });
    }

    /// Goes on with the last item: what closed it did not belong there.
    fn reopen(&mut self, line: Line<'a>) {
        if let (Some((list, base)), Some(item)) = (self.last, self.pieces.items.pop()) {
            self.list = Some(List {
                section: None,
                ..list
            });
            self.base = Some(base);
            self.open = Some(Open {
                depth: 1,
                has_text: has_text(&item.lines),
                lines: item.lines,
            });
        } else {
            self.start(line);
            return;
        }
        if let Some(open) = &mut self.open {
            open.push(line);
        }
    }

    /// Indentation tells most, unless an editor has taken it away.
    fn tells(&self) -> bool {
        match (self.list, self.base) {
            (Some(list), Some(base)) => base > list.indent,
            _ => false,
        }
    }

    fn is_within_last(&self, line: Line<'a>) -> bool {
        let key = line.key();
        self.last.is_some_and(|(_, base)| line.indent() > base) && !is_closer(key) && key != "("
    }

    fn begins_another(&self, line: Line<'a>) -> bool {
        let item = self.pieces.items.last();
        item.is_none_or(|item| begins_another(line, &item.lines))
    }

    /// Whether the project ends with a bracket that stands before `next`.
    fn ends_before(next: Option<Line<'a>>) -> bool {
        next.is_none_or(|next| next.indent() == 0)
    }

    fn line(&mut self, line: Line<'a>, next: Option<Line<'a>>) {
        let (key, indent) = (line.key(), line.indent());
        if self.pieces.is_closed {
            self.pieces.after.push(line);
            return;
        }
        let tells = self.tells();
        let is_inner = self.open.is_some() && tells && self.base.is_some_and(|base| indent > base);
        if let Some(section) = Section::opened_by(key)
            && !is_inner
        {
            let within = |next: Line<'_>| is_string(next.key()) || next.key().starts_with("(id: ");
            let is_stray = (tells || self.last.is_some())
                && next.is_some_and(|next| match self.open {
                    Some(_) => {
                        let is_deep = self.base.is_some_and(|base| next.indent() > base);
                        let is_item = next.key() == "(" && !is_deep;
                        next.indent() > indent && !is_item || within(next)
                    }
                    None => within(next),
                });
            let is_within = self.list.is_some_and(|list| tells && indent > list.indent);
            if is_stray || is_within {
                return;
            }
            self.close_item(false);
            self.list = Some(List {
                section: Some(section),
                likely: None,
                indent,
            });
            self.base = None;
            self.last = None;
            self.in_codebook &= matches!(section, Section::Labels | Section::Changes);
            return;
        }
        let Some(open) = &mut self.open else {
            self.between(line, next);
            return;
        };
        if !tells {
            open.push(line);
            if open.depth <= 0 && is_closer(key) {
                self.close_item(true);
            }
            return;
        }
        let base = self.base.unwrap_or(0);
        let is_article = |line: &Line<'_>| {
            line.key().starts_with("hash: \"") || matches!(line.key(), "text: [" | "annotations: [")
        };
        let may_have_annotations =
            self.list.is_none_or(List::may_have_annotations) || open.lines.iter().any(is_article);
        if key.starts_with("(id: \"") && !may_have_annotations {
            self.stray(line);
        } else if indent > base {
            let is_articles = self
                .list
                .is_some_and(|list| list.section.or(list.likely) == Some(Section::Articles));
            let heads = |next: Line<'_>| {
                next.indent() == indent && (is_field_of_head(next.key()) || next.key() == "text: [")
            };
            if open.has_text && is_articles && is_field_of_head(key) && next.is_some_and(heads) {
                // Both the end of the one before and the start of this one are lost.
                self.close_item(false);
                self.start(line);
            } else {
                open.push(line);
            }
        } else if is_string(key) {
            open.push(line);
        } else if indent < base {
            self.close_item(false);
            self.between(line, next);
        } else if key == "(" {
            // The end of the one before is lost, or the bracket does not belong here.
            if next.is_none_or(|next| begins_another(next, &open.lines)) {
                self.close_item(false);
                self.start(line);
            } else if open.has_text {
                open.lines.push(line);
            }
        } else if is_closer(key) {
            open.push(line);
            self.close_item(true);
        } else {
            self.stray(line);
        }
    }

    /// A line of the depth of items that is none.
    fn stray(&mut self, line: Line<'a>) {
        let owner = if line.key().starts_with("revision: ") {
            Owner::Codebook
        } else {
            Owner::Nobody
        };
        self.pieces.loose.push((line, owner));
    }

    fn start(&mut self, line: Line<'a>) {
        let mut open = Open {
            lines: Vec::new(),
            depth: i64::from(line.key() != "("),
            has_text: false,
        };
        open.push(line);
        self.open = Some(open);
    }

    /// A line outside of items.
    fn between(&mut self, line: Line<'a>, next: Option<Line<'a>>) {
        let (key, indent) = (line.key(), line.indent());
        let Some(list) = self.list else {
            if self.is_within_last(line) {
                if !self.begins_another(line) {
                    self.reopen(line);
                    return;
                }
                self.guess_list();
                self.start(line);
                return;
            }
            self.loose(line, next);
            return;
        };
        let tells = self.tells();
        let at_base = self.base == Some(indent);
        if key.starts_with("(id: \"") && tells && !list.may_have_annotations() {
            self.stray(line);
        } else if is_closer(key) {
            let goes_on = next.is_some_and(|next| {
                next.indent() > list.indent && next.key() != "(" && !is_closer(next.key())
            });
            if !goes_on && (indent <= list.indent || key.starts_with(']') && !tells) {
                self.list = None;
                if key == ")" && Self::ends_before(next) {
                    self.pieces.is_closed = true;
                }
            }
        } else if indent <= list.indent && key != "(" && indent > 0 {
            if next.is_none_or(|next| next.indent() <= list.indent) {
                self.list = None;
            }
            self.loose(line, next);
        } else if key == "(" {
            let is_alone = next.is_some_and(|next| {
                indent > 0 && next.indent() <= indent && !is_closer(next.key())
            });
            if !is_alone && (!tells || at_base) {
                self.base.get_or_insert(indent);
                self.start(line);
            }
        } else if tells && at_base && !is_string(key)
            || next.is_some_and(|next| next.key() == "(" && next.indent() < indent)
        {
            self.stray(line);
        } else if self.is_within_last(line) && !self.begins_another(line) {
            self.reopen(line);
        } else {
            // The start of the item is lost.
            self.start(line);
        }
    }

    /// Takes it that the last list goes on, if the items do not tell otherwise.
    fn guess_list(&mut self) {
        if let Some((list, base)) = self.last {
            self.list = Some(List {
                section: None,
                ..list
            });
            self.base = Some(base);
        }
    }

    fn loose(&mut self, line: Line<'a>, next: Option<Line<'a>>) {
        let (key, indent) = (line.key(), line.indent());
        match key {
            "codebook: (" => self.in_codebook = true,
            // The start of the file; elsewhere that of an item whose list has lost its own.
            "(" if indent == 0 && line.number < 8 => {}
            "(" if next
                .is_some_and(|next| next.key() == "(" || indent > 0 && next.indent() <= indent) => {
            }
            "(" if self.last.is_some_and(|(_, base)| base == indent) => {
                self.guess_list();
                self.start(line);
            }
            "(" => {
                self.list = Some(List {
                    section: None,
                    likely: None,
                    indent: indent.saturating_sub(1),
                });
                self.base = Some(indent);
                self.start(line);
            }
            ")" => self.pieces.is_closed = Self::ends_before(next),
            key if is_closer(key) => self.in_codebook = false,
            _ => {
                let owner = if is_string(key) || key.starts_with("(id: ") {
                    Owner::Nobody
                } else if self.in_codebook {
                    Owner::Codebook
                } else {
                    Owner::Project
                };
                self.pieces.loose.push((line, owner));
            }
        }
    }
}
