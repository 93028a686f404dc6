//! Cutting a project file into its articles and other items, whole or damaged.
//!
//! Works on our own layout, where an item begins and ends on a line of its own and no line of text
//! can look like that; an editor may have indented it otherwise. Knows lines and brackets, not what
//! they mean: `mend` reads the pieces.

/// An article's lines, with the number of the first one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    pub(super) source: &'a str,
    pub(super) line: usize,
}

impl<'a> Block<'a> {
    /// The value without the comma after it.
    pub(super) fn trimmed(self) -> &'a str {
        self.source.trim().trim_end_matches(',')
    }
}

/// A whole project file in pieces.
pub(super) struct Blocks<'a> {
    /// The file without its articles.
    pub(super) head: String,
    pub(super) articles: Vec<Block<'a>>,
}

const LIST_START: &str = "    articles: [";
const LIST_END: &str = "    ],";
const ARTICLE_START: &str = "        (";
const ARTICLE_END: &str = "        ),";

/// A line without its end, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: usize,
    pub(super) text: &'a str,
    start: usize,
    next: usize,
}

impl<'a> Line<'a> {
    /// The line without indentation.
    pub(super) fn key(self) -> &'a str {
        self.text.trim()
    }

    fn indent(self) -> usize {
        let mut width = 0;
        for c in self.text.chars() {
            match c {
                ' ' | '\u{FEFF}' => width += 1,
                '\t' => width += 4,
                _ => break,
            }
        }
        width
    }
}

pub(super) fn lines(source: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    let mut number = 0;
    std::iter::from_fn(move || {
        let rest = source.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        let length = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |i| i + 1);
        at += length;
        number += 1;
        let text = rest.get(..length).unwrap_or(rest);
        Some(Line {
            number,
            text: text.trim_end_matches(['\n', '\r']),
            start,
            next: at,
        })
    })
}

/// How many articles and annotations a project file has, without reading it: by its lines. The
/// reason in words when it does not look like one.
pub fn counts(bytes: &[u8]) -> Result<(usize, usize), String> {
    let source = std::str::from_utf8(bytes)
        .map_err(|error| format!("the file is damaged at byte {}", error.valid_up_to()))?;
    let mut articles = 0;
    let mut annotations = 0;
    let mut is_list = false;
    let mut has_end = false;
    for line in lines(source) {
        match line.text {
            LIST_START => is_list = true,
            LIST_END if is_list => {
                has_end = true;
                break;
            }
            ARTICLE_START if is_list => articles += 1,
            text if is_list && text.starts_with("                (id: ") => annotations += 1,
            _ => {}
        }
    }
    if has_end {
        Ok((articles, annotations))
    } else {
        Err("the file is not whole".to_owned())
    }
}

/// The pieces of a file that has exactly our layout and whose list of articles has an end.
pub(super) fn blocks(source: &str) -> Option<Blocks<'_>> {
    let mut lines = lines(source);
    let list_start = lines.by_ref().find(|line| line.text == LIST_START)?.start;
    let mut articles = Vec::new();
    let mut open: Option<Line<'_>> = None;
    for line in lines {
        match (open, line.text) {
            (None, ARTICLE_START) => open = Some(line),
            (Some(first), ARTICLE_END) => {
                articles.push(Block {
                    source: source.get(first.start..line.next)?,
                    line: first.number,
                });
                open = None;
            }
            (None, LIST_END) => {
                let mut head = source.get(..list_start)?.to_owned();
                head.push_str(source.get(line.next..)?);
                return Some(Blocks { head, articles });
            }
            (None, _) => return None,
            (Some(_), _) => {}
        }
    }
    None
}

/// The lists of a project file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Labels,
    Annotators,
    People,
    Articles,
    Trash,
    SetAside,
    Imports,
}

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
}

/// A damaged file as far as its layout can be made out.
#[derive(Debug, Default)]
pub(super) struct Pieces<'a> {
    pub(super) items: Vec<Item<'a>>,
    /// Lines that belong to no item: the fields of the project and of the codebook, and what else
    /// there is. With whether the codebook was open.
    pub(super) loose: Vec<(Line<'a>, bool)>,
    /// What follows the end of the project.
    pub(super) after: Vec<Line<'a>>,
    /// The end of the project is there.
    pub(super) is_closed: bool,
    pub(super) last_line: usize,
}

fn section_of(key: &str) -> Option<Section> {
    Some(match key {
        "labels: [" => Section::Labels,
        "annotators: [" => Section::Annotators,
        "people: [" => Section::People,
        "articles: [" => Section::Articles,
        "trash: [" => Section::Trash,
        "set_aside: [" => Section::SetAside,
        "imports: [" => Section::Imports,
        _ => return None,
    })
}

/// What an item is, by its fields, when the start of its list is lost.
fn section_by_fields(lines: &[Line<'_>]) -> Option<Section> {
    let has = |start: &str| lines.iter().any(|line| line.key().starts_with(start));
    if has("text: [") || has("hash: \"") {
        Some(Section::Articles)
    } else if has("what: ") {
        Some(Section::Trash)
    } else if has("raw: ") && has("reason: ") {
        Some(Section::SetAside)
    } else if has("summary: ") && has("files: [") {
        Some(Section::Imports)
    } else if has("color: ") || has("boundary: ") || has("overlap: ") {
        Some(Section::Labels)
    } else {
        None
    }
}

pub(super) fn is_closer(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| matches!(c, ')' | ']' | '}' | ','))
}

pub(super) fn is_string(key: &str) -> bool {
    key.starts_with('"') || key.starts_with("r\"") || key.starts_with("r#")
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
}

struct Cutter<'a> {
    pieces: Pieces<'a>,
    /// The list that is open, and its indentation.
    section: Option<(Option<Section>, usize)>,
    /// The indentation of the list's items.
    base: Option<usize>,
    open: Option<Open<'a>>,
    in_codebook: bool,
}

/// Cuts a damaged file.
pub(super) fn pieces(source: &str) -> Pieces<'_> {
    let mut cutter = Cutter {
        pieces: Pieces::default(),
        section: None,
        base: None,
        open: None,
        in_codebook: false,
    };
    for line in lines(source) {
        cutter.pieces.last_line = line.number;
        if !line.key().is_empty() {
            cutter.line(line);
        }
    }
    cutter.close_item(false);
    cutter.pieces
}

impl<'a> Cutter<'a> {
    fn close_item(&mut self, is_closed: bool) {
        let Some(open) = self.open.take() else {
            return;
        };
        let section = self.section.and_then(|(section, _)| section);
        match section.or_else(|| section_by_fields(&open.lines)) {
            Some(section) => self.pieces.items.push(Item {
                section,
                lines: open.lines,
                is_closed,
            }),
            None => {
                let loose = open.lines.into_iter().map(|line| (line, self.in_codebook));
                self.pieces.loose.extend(loose);
            }
        }
    }

    fn line(&mut self, line: Line<'a>) {
        let (key, indent) = (line.key(), line.indent());
        if self.pieces.is_closed {
            self.pieces.after.push(line);
            return;
        }
        // Indentation tells most, unless an editor has taken it away.
        let tells = match (self.section, self.base) {
            (Some((_, list)), Some(base)) => base > list,
            _ => false,
        };
        let is_inner = self.open.is_some() && tells && self.base.is_some_and(|base| indent > base);
        if let Some(section) = section_of(key)
            && !is_inner
        {
            self.close_item(false);
            self.section = Some((Some(section), indent));
            self.base = None;
            self.in_codebook &= section == Section::Labels;
            return;
        }
        if let Some(open) = &mut self.open {
            let at_base = self.base == Some(indent);
            let left = tells && self.base.is_some_and(|base| indent < base) && !is_string(key);
            if tells && at_base && key == "(" {
                // The end of the one before is lost.
                self.close_item(false);
                self.start(line);
            } else if left {
                self.close_item(false);
                self.between(line);
            } else {
                open.depth += brackets(key);
                open.lines.push(line);
                let ends = match tells {
                    true => at_base && is_closer(key),
                    false => open.depth <= 0 && is_closer(key),
                };
                if ends {
                    self.close_item(true);
                }
            }
            return;
        }
        self.between(line);
    }

    fn start(&mut self, line: Line<'a>) {
        self.open = Some(Open {
            lines: vec![line],
            depth: 1,
        });
    }

    /// A line outside of items.
    fn between(&mut self, line: Line<'a>) {
        let (key, indent) = (line.key(), line.indent());
        match self.section {
            Some((_, list)) if is_closer(key) && (indent <= list || key.starts_with(']')) => {
                self.section = None;
                if key == ")" {
                    self.pieces.is_closed = true;
                }
            }
            Some(_) if is_closer(key) => {}
            Some((_, list)) if indent <= list && key != "(" && indent > 0 => {
                self.section = None;
                self.loose(line);
            }
            Some(_) if key == "(" => {
                self.base.get_or_insert(indent);
                self.start(line);
            }
            Some(_) => {
                // The start of the item is lost.
                self.start(line);
                if let Some(open) = &mut self.open {
                    open.depth += brackets(key);
                }
            }
            None => self.loose(line),
        }
    }

    fn loose(&mut self, line: Line<'a>) {
        let key = line.key();
        match key {
            "codebook: (" => self.in_codebook = true,
            // The start of the file; elsewhere that of an item whose list has lost its own.
            "(" if line.indent() == 0 && line.number < 8 => {}
            "(" => {
                self.section = Some((None, line.indent().saturating_sub(1)));
                self.base = Some(line.indent());
                self.start(line);
            }
            ")" => self.pieces.is_closed = true,
            key if is_closer(key) => self.in_codebook = false,
            _ => self.pieces.loose.push((line, self.in_codebook)),
        }
    }
}

/// What closes a value that was cut off: the end of its string and its brackets.
/// With where the last field of the outermost brackets ends.
pub(super) fn closing(source: &str) -> (String, Option<usize>) {
    let mut brackets: Vec<char> = Vec::new();
    let mut last_field = None;
    let mut chars = source.char_indices().peekable();
    let mut previous = ' ';
    while let Some((i, c)) = chars.next() {
        match c {
            '(' => brackets.push(')'),
            '[' => brackets.push(']'),
            '{' => brackets.push('}'),
            ')' | ']' | '}' => {
                brackets.pop();
            }
            ',' if brackets.len() == 1 => last_field = Some(i),
            'r' if !(previous.is_alphanumeric() || previous == '_') => {
                let rest = source.get(i + 1..).unwrap_or("");
                let hashes = rest.bytes().take_while(|&b| b == b'#').count();
                let hashes_only = rest.get(hashes..).unwrap_or("");
                if let Some(inner) = hashes_only.strip_prefix('"') {
                    let end = format!("\"{}", "#".repeat(hashes));
                    let Some(found) = inner.find(&end) else {
                        return (end + &closers(brackets), last_field);
                    };
                    let next = i + 1 + hashes + 1 + found + end.len();
                    while chars.peek().is_some_and(|&(at, _)| at < next) {
                        chars.next();
                    }
                }
            }
            '"' => {
                let mut is_closed = false;
                while let Some((_, c)) = chars.next() {
                    match c {
                        // An escape takes the next character with it; this is half of one.
                        '\\' if chars.next().is_none() => {
                            return (format!("\\\"{}", closers(brackets)), last_field);
                        }
                        '"' => {
                            is_closed = true;
                            break;
                        }
                        _ => {}
                    }
                }
                if !is_closed {
                    return (format!("\"{}", closers(brackets)), last_field);
                }
            }
            _ => {}
        }
        previous = c;
    }
    (closers(brackets), last_field)
}

fn closers(brackets: Vec<char>) -> String {
    brackets.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_cut_off_is_closed() {
        let check = |source: &str, expected: &str, field: Option<usize>| {
            assert_eq!(closing(source), (expected.to_owned(), field), "{source}");
        };
        check("(a: 1, b: [2, (3", ")])", Some(5));
        check("(a: \"x, y", "\")", None);
        check("(a: r#\"x\"", "\"#)", None);
        check("(a: r#\"x\"#, b: \"\\", "\\\")", Some(10));
        check("(a: \"(\", b)", "", Some(7));
        check("", "", None);
    }
}
