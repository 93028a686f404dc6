//! Markdown to read and to quote from: a file for each article, its text with the annotated words
//! marked and numbered, and a list of the annotations below.
//!
//! Marks of the text that Markdown would take for its own are escaped. Annotations may cross, and the
//! numbers say which begin and end where; none of their marks goes over the end of a paragraph.

use crate::core::shown::shown;
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::plan::Plan;
use crate::format::export::record::Record;
use crate::format::export::{Progress, Sink, Stored, Written};
use crate::format::parallel;
use std::collections::HashMap;
use std::fmt::Write as _;

pub const FORMAT: Format = Format {
    name: "markdown",
    aliases: &["md"],
    title: "Markdown",
    group: FormatGroup::Reading,
    shape: Shape::Folder { main: "" },
    offset_unit: "none: marks stand in the text",
    read_by: "note-taking programs, wikis, repositories",
    lacks: &[
        Part::Ids,
        Part::Status,
        Part::Nothing,
        Part::ArticleNotes,
        Part::Sets,
        Part::Codebook,
        Part::OfProject,
    ],
    adds: "",
    changes: "it is for reading, and Pressmark does not read it back",
    choices: &[],
    write,
    prove,
    splits_itself: false,
    reader: None,
};

/// Where in a line the writing is: some marks are Markdown's own only at its start.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Start,
    /// Only digits so far: a point would make them the number of a list.
    Digits,
    Inside,
}

/// Writes text so that Markdown takes nothing in it for its own (CommonMark, section 2.4).
struct Pen {
    out: String,
    line: Line,
    /// Annotations that are open here.
    depth: usize,
    /// Their marks are closed at the end of a paragraph, since none goes over it, and are opened
    /// again with the next word.
    is_between: bool,
}

impl Pen {
    fn new() -> Self {
        Self {
            out: String::new(),
            line: Line::Inside,
            depth: 0,
            is_between: false,
        }
    }

    /// `after` is the character that follows the text; `None` at its end.
    fn text(&mut self, text: &str, after: Option<char>) {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek().copied().or(after);
            if c == '\n' {
                self.line_feed(next);
                continue;
            }
            self.reopen();
            let is_mark = match c {
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '#' | '|' | '~' | '&' | '$' => true,
                '=' => self.line == Line::Start || next == Some('=') || self.out.ends_with('='),
                '+' | '-' | '>' => self.line == Line::Start,
                '.' | ')' => self.line == Line::Digits,
                _ => false,
            };
            match c {
                // Spaces at the start would be code, and are lost elsewhere at the edges of lines.
                ' ' if self.line == Line::Start => self.out.push_str("&#32;"),
                '\t' if self.line == Line::Start => self.out.push_str("&#9;"),
                '\r' => self.out.push_str("&#13;"),
                c => {
                    if is_mark {
                        self.out.push('\\');
                    }
                    self.out.push(c);
                    self.line = match self.line {
                        Line::Start | Line::Digits if c.is_ascii_digit() => Line::Digits,
                        _ => Line::Inside,
                    };
                }
            }
        }
    }

    /// Two line feeds are a paragraph; one within it is a line of its own by a backslash before it.
    fn line_feed(&mut self, next: Option<char>) {
        let ends_paragraph = matches!(next, None | Some('\n'));
        if ends_paragraph && self.depth > 0 && !self.is_between {
            self.out.push_str(&CLOSE.repeat(self.depth));
            self.is_between = true;
        }
        if !ends_paragraph && self.line != Line::Start {
            self.out.push('\\');
        }
        self.out.push('\n');
        self.line = Line::Start;
    }

    fn reopen(&mut self) {
        if std::mem::take(&mut self.is_between) {
            self.out.push_str(&OPEN.repeat(self.depth));
            self.line = Line::Inside;
        }
    }

    /// A reference in superscript on both sides says which stretch it is, whatever crosses it.
    fn start(&mut self, name: &str) {
        self.reopen();
        self.depth += 1;
        let _infallible = write!(self.out, "{OPEN}<sup>{name}</sup>");
        self.line = Line::Inside;
    }

    fn end(&mut self, name: &str) {
        self.depth = self.depth.saturating_sub(1);
        let close = if self.is_between { "" } else { CLOSE };
        let _infallible = write!(self.out, "<sup>{name}</sup>{close}");
        self.line = Line::Inside;
    }

    /// Text within a line of our own.
    fn words(&mut self, text: &str) {
        self.line = Line::Inside;
        self.text(text, Some(' '));
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text within a line of Markdown, without meaning as such.
pub(crate) fn inline(text: &str) -> String {
    let mut pen = Pen::new();
    pen.words(&shown(&one_line(text)));
    pen.out
}

/// A name as code, whatever it holds. It stays on its line.
pub(crate) fn code(name: &str) -> String {
    let name = shown(name);
    let longest = name.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // The format takes one space away on each side.
    let space = if name.starts_with(['`', ' ']) || name.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    match name.as_ref() {
        "" => "` `".to_owned(),
        name => format!("{fence}{space}{name}{space}{fence}"),
    }
}

/// The text that stands in a document: escapes, references and line ends undone.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'\\', b'&', rest.as_bytes()) {
        let (plain, marked) = rest.split_at(at);
        out.push_str(plain);
        let reference = [("&#32;", ' '), ("&#9;", '\t'), ("&#13;", '\r')]
            .into_iter()
            .find_map(|(written, c)| Some((marked.strip_prefix(written)?, c)));
        let mut after = marked.chars();
        let mark = after.next();
        rest = if let Some((after, c)) = reference {
            out.push(c);
            after
        } else if mark == Some('\\') {
            out.extend(after.next());
            after.as_str()
        } else {
            out.extend(mark);
            after.as_str()
        };
    }
    out.push_str(rest);
    out
}

const OPEN: &str = "<mark>";
const CLOSE: &str = "</mark>";

fn document(plan: &Plan<'_>, record: &Record<'_>) -> String {
    let article = record.article;
    let mut pen = Pen::new();
    pen.out.reserve(record.text().len() * 2);
    pen.out.push_str("# ");
    pen.words(&one_line(article.display_title()));
    pen.out.push('\n');
    for line in [article.byline(), record.url().to_owned()] {
        if !line.is_empty() {
            pen.out.push('\n');
            pen.line = Line::Start;
            pen.text(&one_line(&line), Some(' '));
            pen.out.push('\n');
        }
    }
    pen.out.push_str("\n---\n\n");
    pen.line = Line::Start;
    let mut points: Vec<(usize, bool, usize, usize)> = Vec::new();
    for (n, span) in record.spans.iter().enumerate() {
        for (f, fragment) in span.fragments.iter().enumerate() {
            points.push((fragment.bytes.start.as_usize(), true, n, f));
            points.push((fragment.bytes.end.as_usize(), false, n, f));
        }
    }
    // At one place ends come before starts.
    points.sort_unstable();
    let after = |at: usize| record.text().get(at..).and_then(|rest| rest.chars().next());
    let mut at = 0;
    for (point, starts, n, f) in points {
        pen.text(record.text().get(at..point).unwrap_or(""), after(point));
        at = point;
        let fragments = record.spans.get(n).map_or(1, |span| span.fragments.len());
        let name = stretch_name(n, f, fragments);
        if starts {
            pen.start(&name);
        } else {
            pen.end(&name);
        }
    }
    pen.text(record.text().get(at..).unwrap_or(""), None);
    pen.out.push_str("\n\n---\n");
    let numbers: HashMap<&str, usize> = record
        .spans
        .iter()
        .enumerate()
        .map(|(n, span)| (span.id.as_ref(), n + 1))
        .collect();
    for (n, span) in record.spans.iter().enumerate() {
        let number = format!("{}. ", n + 1);
        let _infallible = write!(pen.out, "\n{number}**");
        pen.words(&one_line(plan.label_title(span.label)));
        pen.out.push_str("** ");
        pen.words(&one_line(&span.joined_text()));
        let mut more: Vec<(String, String)> =
            vec![("annotator".to_owned(), span.annotator.to_string())];
        for (name, value) in &span.attributes {
            more.push(((*name).to_owned(), record.project.value_text(value)));
        }
        for (role, target) in &span.links {
            if let Some(number) = numbers.get(target.as_ref()) {
                more.push(((*role).to_owned(), number.to_string()));
            }
        }
        if !span.note.is_empty() {
            more.push(("note".to_owned(), span.note.to_string()));
        }
        // What belongs to an item of a list stands below its content.
        let indent = " ".repeat(number.len());
        for (name, value) in more {
            let _infallible = write!(pen.out, "\n{indent}- ");
            pen.words(&format!("{}: {}", one_line(&name), one_line(&value)));
        }
        pen.out.push('\n');
    }
    pen.out
}

/// The number of an annotation, and that of its fragment where it has several.
fn stretch_name(span: usize, fragment: usize, fragments: usize) -> String {
    match fragments {
        1 => format!("{}", span + 1),
        _ => format!("{}.{}", span + 1, fragment + 1),
    }
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    plan.write_each(
        progress,
        |record, _| Ok(document(plan, record)),
        |planned, document| sink.put(&format!("{}.md", planned.file_stem), document.as_bytes()),
    )
}

/// The text is read back from the document without our marks, and each mark's place compared.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    parallel::in_order::<_, _, WriteError>(
        &plan.articles,
        progress,
        |planned| {
            let bytes = stored.bytes(&format!("{}.md", planned.file_stem))?;
            let record = plan.record(planned)?;
            compare(&record, &String::from_utf8_lossy(&bytes))?;
            let mut counted = Written::default();
            counted.count(&record);
            Ok(counted)
        },
        |_, counted| {
            written.add(&counted);
            Ok(())
        },
    )?;
    Ok(written)
}

fn compare(record: &Record<'_>, document: &str) -> Result<(), WriteError> {
    let mismatch = |annotation: &str, detail: &str| WriteError::Mismatch {
        article: record.id.to_owned(),
        annotation: annotation.to_owned(),
        detail: detail.to_owned(),
    };
    let body = document
        .split_once("\n---\n\n")
        .and_then(|(_, rest)| rest.rsplit_once("\n\n---\n"))
        .map(|(body, _)| body)
        .ok_or_else(|| mismatch("-", "the text is not between its rules"))?;
    let mut text = String::with_capacity(body.len());
    // By name and whether it starts: where in the text.
    let mut found: HashMap<(String, bool), usize> = HashMap::new();
    let mut count = 0;
    let mut rest = body;
    // Every `<` of the text is escaped: one without a backslash begins a mark of ours.
    while let Some(at) = next_mark(rest) {
        text.push_str(&unescaped(rest.get(..at).unwrap_or("")));
        let mark = rest.get(at..).unwrap_or("");
        let start = mark
            .strip_prefix(OPEN)
            .and_then(|mark| mark.strip_prefix("<sup>"));
        let Some(inside) = start.or_else(|| mark.strip_prefix("<sup>")) else {
            // A mark that is closed over the end of a paragraph.
            let between = [OPEN, CLOSE].iter().find_map(|tag| mark.strip_prefix(tag));
            rest = between.ok_or_else(|| mismatch("-", "a mark is not as it was written"))?;
            continue;
        };
        let (name, after) = inside
            .split_once("</sup>")
            .ok_or_else(|| mismatch("-", "a mark is not closed"))?;
        found.insert((name.to_owned(), start.is_some()), text.len());
        count += 1;
        rest = match start {
            Some(_) => after,
            None => after.strip_prefix(CLOSE).unwrap_or(after),
        };
    }
    text.push_str(&unescaped(rest));
    if text != record.text() {
        return Err(mismatch("-", "the text differs"));
    }
    for (n, span) in record.spans.iter().enumerate() {
        for (f, fragment) in span.fragments.iter().enumerate() {
            let name = stretch_name(n, f, span.fragments.len());
            let at = |starts: bool| found.get(&(name.clone(), starts)).copied();
            if at(true) != Some(fragment.bytes.start.as_usize())
                || at(false) != Some(fragment.bytes.end.as_usize())
            {
                return Err(mismatch(&span.id, "its marks stand elsewhere"));
            }
        }
    }
    let wanted: usize = record
        .spans
        .iter()
        .map(|span| span.fragments.len() * 2)
        .sum();
    if count == wanted {
        Ok(())
    } else {
        Err(mismatch("-", "there are more marks than annotations"))
    }
}

/// Where the next `<` stands that no backslash escapes.
fn next_mark(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '<' => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_text_is_taken_for_markdown() {
        let check = |text: &str, expected: &str| {
            let mut pen = Pen::new();
            pen.line = Line::Start;
            pen.text(text, None);
            assert_eq!(pen.out, expected);
            assert_eq!(unescaped(&pen.out), text);
        };
        check("One.\n\nTwo\nlines.\n", "One.\n\nTwo\\\nlines.\n");
        check("1. no list\n2026-03-01", "1\\. no list\\\n2026-03-01");
        check(
            "- no\n+ no\n> no\n= no",
            "\\- no\\\n\\+ no\\\n\\> no\\\n\\= no",
        );
        check("https://a.b/c-d (e)", "https://a.b/c-d (e)");
        check(
            "  a *b* _c_ <d> a==b",
            "&#32;&#32;a \\*b\\* \\_c\\_ \\<d> a\\=\\=b",
        );
    }

    #[test]
    fn marks_end_with_their_paragraph_and_go_on_in_the_next() {
        let mut pen = Pen::new();
        pen.start("1");
        pen.text("One.\n\nTwo", Some(' '));
        pen.end("1");
        assert_eq!(
            pen.out,
            "<mark><sup>1</sup>One.</mark>\n\n<mark>Two<sup>1</sup></mark>"
        );
        let mut pen = Pen::new();
        pen.start("1");
        pen.text("One.\n\n", Some('T'));
        pen.end("1");
        assert_eq!(pen.out, "<mark><sup>1</sup>One.</mark>\n\n<sup>1</sup>");
    }
}
