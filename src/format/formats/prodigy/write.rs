//! Prodigy and spaCy JSON Lines: text, tokens and spans. Offsets are code points; `token_end` is
//! inclusive, as Prodigy has it.

use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::json::{json_text, own_fields, value_to_json};
use crate::format::export::options::Choice;
use crate::format::export::plan::Plan;
use crate::format::export::proof::{self, CodePoints};
use crate::format::export::record::{Fragment, Record, Span};
use crate::format::export::tokens::{Space, Token, tokens, tokens_of};
use crate::format::export::{Progress, Sink, Stored, Written};
use crate::format::formats::prodigy::{META, SPAN};
use crate::format::words::names::attributes;
use crate::format::words::records::{PRESSMARK, metadata};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::ops::Range;

pub const FORMAT: Format = Format {
    name: "prodigy",
    aliases: &["spacy"],
    title: "Prodigy and spaCy JSON Lines",
    group: FormatGroup::Training,
    shape: Shape::File { extension: "jsonl" },
    offset_unit: "Unicode code points; tokens cut at the edges of spans",
    read_by: "spaCy (span categoriser), Prodigy",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "tokens cut at the edges of spans",
    changes: "a discontinuous annotation is one span for each fragment; attributes, links, notes and annotators are keys of their own, and the codebook is one of the first task",
    choices: &[&Choice::TOKENS],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

const NAME: &str = "spans.jsonl";
const TOKENS: &[u8] = b",\"tokens\":";

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    sink.file(NAME, &mut |out| {
        written = plan.write_each(
            progress,
            |record, counted| {
                counted.note_fragments(record);
                row(plan, record)
            },
            |_, line| Ok(out.write_all(&line)?),
        )?;
        Ok(())
    })?;
    Ok(written)
}

fn row<'r>(plan: &Plan<'_>, record: &'r Record<'r>) -> Result<Vec<u8>, WriteError> {
    let tokens = tokens(record, plan.options.tokens, Space::AtEdges);
    let tokens = with_white_space(record.text(), tokens);
    let fragments = record.spans.iter().flat_map(|span| {
        let fragments = span.fragments.iter().enumerate();
        fragments.map(move |(n, fragment)| (span, n, fragment))
    });
    let spans = fragments.map(|(span, number, fragment)| TaskSpan {
        record,
        span,
        number,
        fragment,
        tokens: tokens_of(&tokens, fragment),
    });
    // Prodigy shows `meta` below the text: what people know an article by.
    let mut meta = Map::new();
    meta.insert("id".to_owned(), record.id.into());
    meta.insert("title".to_owned(), record.article.title.as_str().into());
    for (field, value) in &record.article.metadata {
        meta.insert(metadata(META).escaped(field), value.as_str().into());
    }
    let task = Task {
        exporter: PRESSMARK,
        view: "spans_manual",
        answer: "accept",
        meta,
        spans: spans.collect(),
        text: record.text(),
    };
    let mut line = json_text(&task)?;
    // Tokens go on where the object ended, and what is our own behind them.
    line.pop();
    line.extend(TOKENS);
    push_tokens(&mut line, record, &tokens)?;
    for (name, value) in own_fields(plan, record) {
        line.push(b',');
        line.extend(json_text(&name)?);
        line.push(b':');
        line.extend(json_text(&value)?);
    }
    line.extend(b"}\n");
    Ok(line)
}

/// Tokens that put the text together again, as spaCy's do: one space behind a token is told by `ws`,
/// and other white space is a token of its own.
fn with_white_space<'t>(text: &'t str, tokens: Vec<Token<'t>>) -> Vec<Token<'t>> {
    let mut all: Vec<Token<'t>> = Vec::with_capacity(tokens.len() + 8);
    let (mut end, mut end_chars) = (0, 0);
    for token in tokens {
        let chars = end_chars..token.chars.start;
        all.extend(white_space(text, end..token.bytes.start, chars));
        (end, end_chars) = (token.bytes.end, token.chars.end);
        all.push(token);
    }
    let rest = text.get(end..).unwrap_or_default().chars().count();
    let chars = end_chars..end_chars + rest as u32;
    all.extend(white_space(text, end..text.len(), chars));
    all
}

/// What stands between two tokens, without the space of the first: mostly nothing.
fn white_space(text: &str, bytes: Range<usize>, chars: Range<u32>) -> Option<Token<'_>> {
    let gap = text.as_bytes().get(bytes.clone())?;
    if matches!((gap, bytes.start), (b"", _) | (b" ", 1..)) {
        return None;
    }
    let gap = text.get(bytes.clone())?;
    let is_behind = bytes.start > 0 && gap.starts_with(' ');
    let rest = gap.get(usize::from(is_behind)..)?;
    (!rest.is_empty()).then_some(Token {
        bytes: bytes.start + usize::from(is_behind)..bytes.end,
        chars: chars.start + u32::from(is_behind)..chars.end,
        text: rest,
        sentence: 0,
        line: 0,
    })
}

/// Nine tenths of a file are tokens.
fn push_tokens(
    line: &mut Vec<u8>,
    record: &Record<'_>,
    tokens: &[Token<'_>],
) -> Result<(), WriteError> {
    let text = record.text().as_bytes();
    let mut number = itoa::Buffer::new();
    line.reserve(tokens.len() * 72);
    line.push(b'[');
    for (n, token) in tokens.iter().enumerate() {
        line.extend(if n > 0 {
            b",{\"text\":".as_slice()
        } else {
            b"{\"text\":"
        });
        let is_plain = |byte: u8| byte > b' ' && byte < 0x7F && byte != b'"' && byte != b'\\';
        if token.text.bytes().all(is_plain) {
            line.push(b'"');
            line.extend(token.text.as_bytes());
            line.push(b'"');
        } else {
            line.extend(json_text(&token.text)?);
        }
        line.extend(b",\"start\":");
        line.extend(number.format(token.chars.start).as_bytes());
        line.extend(b",\"end\":");
        line.extend(number.format(token.chars.end).as_bytes());
        line.extend(b",\"id\":");
        line.extend(number.format(n).as_bytes());
        let next = tokens.get(n + 1).map(|next| next.bytes.start);
        let has_space = text.get(token.bytes.end) == Some(&b' ');
        line.extend(if has_space && next != Some(token.bytes.end) {
            b",\"ws\":true}".as_slice()
        } else {
            b",\"ws\":false}"
        });
    }
    line.push(b']');
    Ok(())
}

/// What says that it is one comes first: texts and tokens may be long.
#[derive(Serialize)]
struct Task<'a> {
    #[serde(rename = "_exporter")]
    exporter: &'static str,
    #[serde(rename = "_view_id")]
    view: &'static str,
    answer: &'static str,
    meta: Map<String, Value>,
    spans: Vec<TaskSpan<'a>>,
    text: &'a str,
}

/// A fragment of a span, counted from 0. What the span says stands at its first fragment.
struct TaskSpan<'a> {
    record: &'a Record<'a>,
    span: &'a Span<'a>,
    number: usize,
    fragment: &'a Fragment<'a>,
    /// The first token and the last, inclusive.
    tokens: Option<(usize, usize)>,
}

impl Serialize for TaskSpan<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (span, range) = (self.span, self.fragment.range());
        let mut held = serializer.serialize_map(None)?;
        held.serialize_entry("start", &range.start)?;
        held.serialize_entry("end", &range.end)?;
        if let Some((first, last)) = self.tokens {
            held.serialize_entry("token_start", &first)?;
            held.serialize_entry("token_end", &last)?;
        }
        held.serialize_entry("label", span.label)?;
        held.serialize_entry("id", span.id.as_ref())?;
        held.serialize_entry("annotator", span.annotator.as_ref())?;
        if span.fragments.len() > 1 {
            held.serialize_entry("fragment", &(self.number + 1))?;
        }
        if self.number == 0 {
            let made = [
                ("note", span.note.as_ref()),
                ("created", &span.made()),
                ("changed", &span.changed()),
                ("links", &span.links_text()),
            ];
            for (name, value) in made.into_iter().filter(|(_, value)| !value.is_empty()) {
                held.serialize_entry(name, value)?;
            }
            for (name, value) in &span.attributes {
                let name = attributes(SPAN).escaped(name);
                held.serialize_entry(&name, &value_to_json(self.record, value))?;
            }
        }
        held.end()
    }
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let reader = &super::read::READER;
    proof::lines(plan, stored, progress, reader, NAME, |line| {
        without_tokens(&line)
    })
}

/// What of a line is compared with its tokens.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    spans: Vec<BackSpan>,
}

#[derive(Deserialize)]
struct BackSpan {
    start: usize,
    end: usize,
    token_start: Option<usize>,
    token_end: Option<usize>,
}

/// A token as it is read back.
#[derive(Deserialize)]
struct BackToken<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    start: usize,
    end: usize,
    id: usize,
    /// Whether a space stands behind it.
    #[serde(default)]
    ws: Option<bool>,
}

/// A line for the reader, which takes spans by their characters: its tokens are compared with the
/// text and the spans here and left out, since they are most of it.
fn without_tokens(line: &[u8]) -> Result<Vec<u8>, WriteError> {
    let broken = |what: &dyn std::fmt::Display| WriteError::Unreadable(what.to_string());
    // No string of JSON holds this, and the last is that of the tokens.
    let at = memchr::memmem::find_iter(line, TOKENS).last();
    let from = at.ok_or_else(|| broken(&"there are no tokens"))? + TOKENS.len();
    let listed = line.get(from..).unwrap_or_default();
    let head = [line.get(..from).unwrap_or_default(), b"[]}"].concat();
    let head: Head<'_> = serde_json::from_slice(&head).map_err(|error| broken(&error))?;
    let mut tokens = Listed::of(&head.text);
    let length = match tokens.as_written(listed) {
        Some(length) => length,
        None => {
            tokens = Listed::of(&head.text);
            let mut stream = serde_json::Deserializer::from_slice(listed).into_iter();
            let found: Option<Result<Vec<BackToken<'_>>, _>> = stream.next();
            let found = found.unwrap_or_else(|| Ok(Vec::new()));
            for token in found.map_err(|error| broken(&error))? {
                if !tokens.add(&token) {
                    return Err(WriteError::Unreadable(format!(
                        "the token “{}” does not stand at {} to {} of its text, or not next",
                        token.text, token.start, token.end
                    )));
                }
            }
            stream.byte_offset()
        }
    };
    if !tokens.are_all() {
        return Err(broken(&"a text has more words than tokens"));
    }
    if let Some(span) = head.spans.iter().find(|span| !tokens.bear(span)) {
        return Err(WriteError::Unreadable(format!(
            "the span at {} to {} does not stand on its tokens",
            span.start, span.end
        )));
    }
    let before = line.get(..from).unwrap_or_default();
    let after = line.get(from + length..).unwrap_or_default();
    Ok([before, b"[]", after].concat())
}

/// The tokens of a text, as they are read back one after another.
struct Listed<'t> {
    points: CodePoints<'t>,
    /// Start and end of each token in code points.
    tokens: Vec<(usize, usize)>,
    /// Where the last one ends, in bytes, and whether a space stands behind it.
    end: usize,
    ws: Option<bool>,
}

impl<'t> Listed<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            points: CodePoints::of(text),
            // A token and a space take six bytes, about.
            tokens: Vec::with_capacity(text.len() / 6),
            end: 0,
            ws: Some(false),
        }
    }

    /// Whether what stands behind the last token is what it says.
    fn is_gap(&self, gap: Option<&str>) -> bool {
        match gap {
            Some("") => self.ws != Some(true),
            Some(" ") => self.ws != Some(false),
            _ => false,
        }
    }

    /// Takes the next token; answers whether it stands in the text where it says, with its number, and
    /// with no more before it than the last one says.
    fn add(&mut self, token: &BackToken<'_>) -> bool {
        let (Some(start), Some(end)) = (self.points.byte(token.start), self.points.byte(token.end))
        else {
            return false;
        };
        let is_right = self.is_gap(self.points.text.get(self.end..start))
            && !token.text.is_empty()
            && token.id == self.tokens.len()
            && self.points.text.get(start..end) == Some(token.text.as_ref());
        self.tokens.push((token.start, token.end));
        (self.end, self.ws) = (end, token.ws);
        is_right
    }

    /// Whether nothing stands behind the last.
    fn are_all(&self) -> bool {
        self.is_gap(self.points.text.get(self.end..))
    }

    fn bear(&self, span: &BackSpan) -> bool {
        let first = span.token_start.and_then(|first| self.tokens.get(first));
        let last = span.token_end.and_then(|last| self.tokens.get(last));
        match (first, last) {
            (Some((start, _)), Some((_, end))) => (*start, *end) == (span.start, span.end),
            _ => false,
        }
    }

    /// Takes a list of tokens that stands as Pressmark writes it; its length when all of them are
    /// right. Three times as fast as a reader of all JSON; what is `None` here is left to that.
    fn as_written(&mut self, listed: &[u8]) -> Option<usize> {
        let mut rest = listed.strip_prefix(b"[")?;
        if let Some(end) = rest.strip_prefix(b"]") {
            return Some(listed.len() - end.len());
        }
        loop {
            rest = rest.strip_prefix(b"{\"text\":")?;
            let word = rest.strip_prefix(b"\"")?;
            let end = memchr::memchr2(b'"', b'\\', word)?;
            let text = match word.get(end) {
                Some(b'"') => {
                    rest = word.get(end + 1..)?;
                    Cow::Borrowed(str::from_utf8(word.get(..end)?).ok()?)
                }
                _ => {
                    let escaped = serde_json::Deserializer::from_slice(rest);
                    let mut escaped = escaped.into_iter::<String>();
                    let word = escaped.next()?.ok()?;
                    rest = rest.get(escaped.byte_offset()..)?;
                    Cow::Owned(word)
                }
            };
            let (start, after) = number(rest.strip_prefix(b",\"start\":")?)?;
            let (end, after) = number(after.strip_prefix(b",\"end\":")?)?;
            let (id, after) = number(after.strip_prefix(b",\"id\":")?)?;
            let after = after.strip_prefix(b",\"ws\":")?;
            let (ws, after) = match after.strip_prefix(b"true}") {
                Some(after) => (true, after),
                None => (false, after.strip_prefix(b"false}")?),
            };
            let token = BackToken {
                text,
                start,
                end,
                id,
                ws: Some(ws),
            };
            if !self.add(&token) {
                return None;
            }
            let (next, after) = after.split_first()?;
            rest = after;
            match next {
                b',' => {}
                b']' => return Some(listed.len() - rest.len()),
                _ => return None,
            }
        }
    }
}

fn number(text: &[u8]) -> Option<(usize, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(digits)?;
    let mut number = 0usize;
    for digit in digits {
        number = number
            .checked_mul(10)?
            .checked_add(usize::from(digit - b'0'))?;
    }
    (!digits.is_empty()).then_some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::export::options::ExportOptions;
    use crate::format::export::tests::{Memory, project_of};

    /// Tokens of a text with one span, as spaCy puts them together: `_` for the space behind one.
    #[track_caller]
    fn check_tokens(text: &str, span: Range<usize>, expected: &[&str]) {
        let line = serde_json::json!({"id": "a", "text": text, "annotations": [
            {"label": "x", "fragments": [{"start": span.start, "end": span.end}]}]});
        let project = project_of(&line.to_string());
        let options = ExportOptions::default();
        let plan = Plan::new(&project, &options);
        let mut memory = Memory::default();
        write(&plan, &mut memory, &mut |_| true).unwrap();
        prove(&plan, &memory, &mut |_| true).unwrap();
        let task: Value = serde_json::from_slice(&memory.0[NAME]).unwrap();
        let tokens = task["tokens"].as_array().unwrap();
        let told = tokens.iter().map(|token| {
            let ws = if token["ws"] == true { "_" } else { "" };
            format!("{}{ws}", token["text"].as_str().unwrap())
        });
        let told: Vec<String> = told.collect();
        assert_eq!(told, expected, "{text:?}");
        assert_eq!(told.concat().replace('_', " "), text);
        let at = |name: &str| task["spans"][0][name].as_u64().unwrap() as usize;
        assert_eq!(tokens[at("token_start")]["start"], span.start);
        assert_eq!(tokens[at("token_end")]["end"], span.end);
    }

    #[test]
    fn tokens_put_the_text_together_again() {
        check_tokens(
            "One\n  two three.\n\nLast",
            18..22,
            &["One", "\n  ", "two_", "three", ".", "\n\n", "Last"],
        );
        check_tokens("a  b\tc", 5..6, &["a_", " ", "b", "\t", "c"]);
        check_tokens(" a \n b ", 1..2, &[" ", "a_", "\n ", "b_"]);
        check_tokens("é\u{a0}🙂 x\n", 4..5, &["é", "\u{a0}", "🙂_", "x", "\n"]);
        // White space that a span begins and ends with.
        check_tokens("a  b c", 2..5, &["a_", " ", "b", " ", "c"]);
        check_tokens("a\n\nb", 0..3, &["a", "\n", "\n", "b"]);
    }

    #[test]
    fn tokens_stand_where_they_say() {
        let text = "Zoë \\\"no\\\"\\n";
        let zoe = r#"{"text":"Zoë","start":0,"end":3,"id":0,"ws":true}"#;
        let mark = r#"{"text":"\"","start":4,"end":5,"id":1,"ws":false}"#;
        let no = r#"{"text":"no","start":5,"end":7,"id":2,"ws":false}"#;
        let close = r#"{"text":"\"","start":7,"end":8,"id":3,"ws":false}"#;
        let line_end = r#"{"text":"\n","start":8,"end":9,"id":4,"ws":false}"#;
        let all = format!("[{zoe},{mark},{no},{close},{line_end}]");
        let line = |spans: &str, tokens: &str| {
            format!(
                r#"{{"spans":[{spans}],"text":"{text}","tokens":{tokens},"article_notes":"n"}}"#
            )
        };
        // What becomes of the line, and whether the quick way was enough.
        let check = |tokens: &str, is_right: bool, is_quick: bool| {
            let line = line("", tokens);
            let found = without_tokens(line.as_bytes());
            if is_right {
                assert_eq!(
                    String::from_utf8(found.unwrap()).unwrap(),
                    line.replace(tokens, "[]"),
                );
            } else {
                assert!(found.is_err(), "{tokens}");
            }
            let mut listed = Listed::of("Zoë \"no\"\n");
            let length = listed.as_written(tokens.as_bytes());
            assert_eq!(length, is_quick.then_some(tokens.len()), "{tokens}");
        };
        check(&all, true, true);
        // As another program may write it.
        check(&all.replace("},{", "}, {"), true, false);
        let other = r#"{"id": 0, "start": 0, "end": 3, "text": "Zo\u00eb"}"#;
        check(&all.replace(zoe, other), true, false);
        // Too few, too many, elsewhere, out of turn, beyond the end.
        check("[]", false, true);
        check(&format!("[{zoe},{mark},{no}]"), false, true);
        check(&format!("[{zoe},{mark},{no},{close}]"), false, true);
        check(&format!("[{zoe},{no},{close}]"), false, false);
        // A space that is not there, and one that is not told.
        check(
            &all.replacen("\"ws\":true", "\"ws\":false", 1),
            false,
            false,
        );
        check(
            &all.replace("\"id\":2,\"ws\":false", "\"id\":2,\"ws\":true"),
            false,
            false,
        );
        check(&all.replace("\"end\":3", "\"end\":4"), false, false);
        check(&all.replace("\"end\":8", "\"end\":99"), false, false);
        check(&all.replace("\"id\":2", "\"id\":3"), false, false);
        check(&all.replace("}]", "}"), false, false);
        let spans = [
            (r#"{"start":5,"end":7,"token_start":2,"token_end":2}"#, true),
            (r#"{"start":0,"end":7,"token_start":0,"token_end":2}"#, true),
            (
                r#"{"start":5,"end":7,"token_start":1,"token_end":2}"#,
                false,
            ),
            (
                r#"{"start":5,"end":7,"token_start":2,"token_end":3}"#,
                false,
            ),
            (
                r#"{"start":5,"end":7,"token_start":2,"token_end":9}"#,
                false,
            ),
            (r#"{"start":5,"end":7}"#, false),
        ];
        for (span, is_right) in spans {
            let found = without_tokens(line(span, &all).as_bytes());
            assert_eq!(found.is_ok(), is_right, "{span}");
        }
    }
}
