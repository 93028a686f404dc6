//! The lines of a project file, and cutting a whole one into its articles.
//!
//! Works on our own layout, where an item begins and ends on a line of its own and no line of text
//! can look like that. Knows lines and brackets, not what they mean.

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
}

impl<'a> Line<'a> {
    /// The line without indentation.
    pub(super) fn key(self) -> &'a str {
        self.text.trim()
    }

    pub(super) fn indent(self) -> usize {
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
pub(super) fn blocks(source: &str) -> Option<Blocks> {
    let mut lines = lines(source);
    let list_start = lines.by_ref().find(|line| line.text == LIST_START)?.start;
    let mut articles = Vec::new();
    let mut open: Option<Line<'_>> = None;
    for line in lines {
        match (open, line.text) {
            (None, ARTICLE_START) => open = Some(line),
            (Some(first), ARTICLE_END) => {
                articles.push(Block {
                    start: first.start,
                    end: line.next,
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
