//! The lines of a project file, and cutting a whole one into its articles.
//!
//! Works on our own layout, where an item begins and ends on a line of its own and no line of text
//! can look like that. Knows lines and brackets, not what they mean.

use std::ops::Range;

/// Where an article's lines stand, in bytes, with the number of the first one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) line: usize,
}

impl Block {
    /// Its lines, of the file's bytes.
    pub(super) fn of(self, file: &[u8]) -> Option<&str> {
        std::str::from_utf8(file.get(self.start..self.end)?).ok()
    }
}

/// A whole project file in pieces.
pub(super) struct Blocks {
    /// The file without its articles.
    pub(super) head: String,
    pub(super) articles: Vec<Block>,
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
    pub(super) start: usize,
    pub(super) next: usize,
    key: &'a str,
    indent: usize,
}

impl<'a> Line<'a> {
    /// The line without indentation.
    pub(super) fn key(self) -> &'a str {
        self.key
    }

    pub(super) fn indent(self) -> usize {
        self.indent
    }
}

fn indent_of(text: &str) -> usize {
    let mut width = 0;
    for c in text.chars() {
        match c {
            ' ' | '\u{FEFF}' => width += 1,
            '\t' => width += 4,
            _ => break,
        }
    }
    width
}

pub(super) fn lines(source: &str) -> impl Iterator<Item = Line<'_>> {
    lines_at(source.as_bytes()).map(|(number, at)| {
        let text = source.get(at.clone()).unwrap_or("");
        let text = text.trim_end_matches(['\n', '\r']);
        Line {
            number,
            text,
            start: at.start,
            next: at.end,
            // What is trimmed byte by byte first is trimmed quickly, most of all without optimising.
            key: text.trim_ascii().trim(),
            indent: indent_of(text),
        }
    })
}

/// The number of each line, counted from 1, and where it stands with its end.
fn lines_at(file: &[u8]) -> impl Iterator<Item = (usize, Range<usize>)> {
    let mut next = 0;
    let ends = memchr::memchr_iter(b'\n', file).map(|at| at + 1);
    let ends = ends.chain(std::iter::once(file.len()));
    let lines = ends.map(move |end| std::mem::replace(&mut next, end)..end);
    (1..).zip(lines.filter(|line| !line.is_empty()))
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

/// The pieces of a file that has exactly our layout and whose list of articles has an end. The
/// articles are not looked into, not even whether they are UTF-8.
pub(super) fn blocks(file: &[u8]) -> Option<Blocks> {
    let mut lines = lines_at(file).map(|(number, at)| {
        let line = file.get(at.clone()).unwrap_or_default();
        let ends = line.iter().rev().take_while(|b| matches!(b, b'\n' | b'\r'));
        let text = line.get(..line.len() - ends.count()).unwrap_or_default();
        (number, at, text)
    });
    let is_start = |(_, _, text): &(_, _, &[u8])| *text == LIST_START.as_bytes();
    let (_, list, _) = lines.by_ref().find(is_start)?;
    let mut articles = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for (number, at, text) in lines {
        match open {
            Some((start, line)) if text == ARTICLE_END.as_bytes() => {
                let end = at.end;
                articles.push(Block { start, end, line });
                open = None;
            }
            Some(_) => {}
            None if text == ARTICLE_START.as_bytes() => open = Some((at.start, number)),
            None if text == LIST_END.as_bytes() => {
                let around = [file.get(..list.start)?, file.get(at.end..)?].concat();
                let head = String::from_utf8(around).ok()?;
                return Some(Blocks { head, articles });
            }
            None => return None,
        }
    }
    None
}

pub(super) fn is_closer(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| matches!(c, ')' | ']' | '}' | ','))
}

pub(super) fn is_string(key: &str) -> bool {
    key.starts_with('"') || key.starts_with("r\"") || key.starts_with("r#")
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
