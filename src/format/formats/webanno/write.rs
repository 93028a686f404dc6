//! WebAnno TSV 3.3: a file for each article, offsets in UTF-16 code units. A sentence is a line of the
//! text; empty lines belong to the sentence before.
//!
//! Labels are named entities, a layer that every project has; or, when it is asked for, annotations
//! and links are layers of their own as in [`crate::format::formats::uima::write`], whose type system must be imported first.
//! What has no place in either stands in a file for each article in the folder `articles`.

use crate::format::WriteError;
use crate::format::export::article_rows::{Row, rows};
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::markup::push_with;
use crate::format::export::options::Choice;
use crate::format::export::plan::Plan;
use crate::format::export::proof::{self, Rules};
use crate::format::export::record::{Record, Span};
use crate::format::export::tokens::{Space, Token, tokens, tokens_of};
use crate::format::export::{Progress, Sink, Stored, Written};
use crate::format::formats::uima::write::{self as uima, Features};
use crate::format::formats::webanno::read::rows_file;
use crate::format::words::layers::{LINK, SPAN};
use serde_json::json;
use std::collections::HashMap;
use std::fmt::Write as _;

pub const FORMAT: Format = Format {
    name: "webanno",
    aliases: &["webanno-tsv"],
    title: "WebAnno TSV 3.3",
    group: FormatGroup::Annotation,
    shape: Shape::Folder { main: "" },
    offset_unit: "UTF-16 code units",
    read_by: "WebAnno, INCEpTION",
    lacks: &[
        Part::Text,
        Part::Discontinuous,
        Part::Attributes,
        Part::EmptyAttributes,
        Part::Links,
        Part::Notes,
        Part::Annotators,
        Part::Times,
        Part::Ids,
        Part::Nothing,
        Part::Sets,
        Part::OfProject,
    ],
    adds: "all but the exact text with the option of own layers",
    changes: "labels are named entities, or an own layer with its type system; a discontinuous annotation is one span for each fragment; a text ends with a line break, and an annotation does not; what belongs to the article and the codebook stand in the folder articles",
    choices: &[&Choice::TOKENS, &Choice::OWN_LAYER],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

const HEAD: &str = "#FORMAT=WebAnno TSV 3.3\n";
const ENTITY: &str = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity";
/// The column of the label in every layer: web-anno-tsv takes the second of a file for it.
const LABEL_COLUMN: usize = 1;

/// As text and tokens are escaped.
fn push_text(out: &mut String, text: &str) {
    let may_not = |byte: u8| byte < 0x20 || byte == b'\\';
    push_with(out, text, may_not, |c| match c {
        '\\' => Some("\\\\"),
        '\t' => Some("\\t"),
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\u{C}' => Some("\\f"),
        '\u{8}' => Some("\\b"),
        _ => None,
    });
}

/// Numbers and what stands behind each. They are put together before they go out, since each token has them:
/// one copy, where there would be one for each.
fn push_numbers(out: &mut String, parts: [(usize, u8); 4]) {
    /// Of the longest numbers, with their marks.
    const ROOM: usize = 4 * (20 + 1);
    let mut bytes = [0_u8; ROOM];
    let mut places = bytes.iter_mut().rev();
    let mut put_before = |byte: u8| {
        if let Some(place) = places.next() {
            *place = byte;
        }
    };
    for (mut number, mark) in parts.into_iter().rev() {
        put_before(mark);
        loop {
            put_before(b'0' + (number % 10) as u8);
            number /= 10;
            if number == 0 {
                break;
            }
        }
    }
    let from = places.len();
    let text = bytes.get(from..).map(std::str::from_utf8);
    out.push_str(text.and_then(Result::ok).unwrap_or_default());
}

/// As values are escaped.
fn value_escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '[' | ']' | '|' | '_' | ';' | '*' => {
                out.push('\\');
                out.push(c);
            }
            '-' if chars.peek() == Some(&'>') => out.push_str("\\-"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
    out
}

/// The text as the format can hold it: line breaks before the first word are spaces, and it ends
/// with a line break.
pub(crate) fn held(text: &str) -> String {
    let first = text.find(|c| c != '\n').unwrap_or(text.len());
    let mut held = " ".repeat(first);
    held.push_str(text.get(first..).unwrap_or(""));
    if !held.ends_with('\n') {
        held.push('\n');
    }
    held
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let features = plan.options.own_layer.then(|| uima::features(plan));
    if let Some(features) = &features {
        sink.put(
            "TypeSystem.xml",
            uima::type_system(plan, features).as_bytes(),
        )?;
    }
    plan.write_each(
        progress,
        |record, counted| {
            counted.note_fragments(record);
            let beside = match &features {
                Some(features) => listed(&uima::info(plan, record, features)),
                None => listed(&rows(plan, record)),
            };
            let document = document(plan, record, features.as_ref(), counted);
            Ok((document, beside))
        },
        |planned, (document, beside)| {
            sink.put(&format!("{}.tsv", planned.file_stem), document.as_bytes())?;
            sink.put(&rows_file(&planned.file_stem), beside.as_bytes())?;
            Ok(())
        },
    )
}

/// Rows as JSON, one in a line.
fn listed(rows: &[Row<'_>]) -> String {
    let rows = rows
        .iter()
        .map(|row| json!({ "kind": row.kind, "name": row.name, "value": row.value }).to_string());
    format!("[\n{}\n]\n", rows.collect::<Vec<String>>().join(",\n"))
}

/// A fragment on its tokens.
struct Mark<'a> {
    span: &'a Span<'a>,
    first: usize,
    last: usize,
    /// By column, escaped; `None` for a feature without a value.
    values: Vec<Option<String>>,
    /// What stands behind each of its values.
    number: String,
}

/// The fragments of a span that tokens stand in.
fn held_fragments(
    record: &Record<'_>,
    span: &Span<'_>,
    tokens: &[Token<'_>],
    written: &mut Written,
) -> Vec<(usize, usize)> {
    let mut held = Vec::with_capacity(span.fragments.len());
    for fragment in &span.fragments {
        let place = || format!("annotation {} of article {}", span.id, record.id);
        let Some(on) = tokens_of(tokens, fragment) else {
            written.losses.note(
                "an annotation of nothing but line breaks has no token and is left out",
                place,
            );
            continue;
        };
        if trimmed(fragment.text).len() != fragment.text.len() {
            written.losses.note(
                "line breaks at the edges of an annotation are left out of it",
                place,
            );
        }
        held.push(on);
    }
    held
}

/// The columns of an article's spans: those that it has values for.
fn columns<'a>(record: &Record<'_>, features: &'a Features<'_>) -> Vec<&'a str> {
    let mut columns = vec!["annotator", "label", "annotationId"];
    let spans = &record.spans;
    let mut add = |name: &'a str, is_used: bool| columns.extend(is_used.then_some(name));
    add("fragment", spans.iter().any(|s| s.fragments.len() > 1));
    add("note", spans.iter().any(|s| !s.note.is_empty()));
    add("created", spans.iter().any(|s| s.annotation.made.is_some()));
    let changed = |s: &Span<'_>| s.annotation.changed.is_some();
    add("changed", spans.iter().any(changed));
    let attributes = spans.iter().flat_map(|span| &span.attributes);
    let used: std::collections::HashSet<&str> = attributes.map(|(name, _)| *name).collect();
    for (name, feature) in features {
        add(feature, used.contains(name));
    }
    columns
}

/// The marks of an article, and the columns of their layer.
fn marks<'a>(
    record: &'a Record<'a>,
    features: Option<&'a Features<'_>>,
    tokens: &[Token<'_>],
    written: &mut Written,
) -> (Vec<Mark<'a>>, Vec<&'a str>) {
    let columns = match features {
        Some(features) => columns(record, features),
        None => vec!["identifier", "value"],
    };
    let mut marks = Vec::with_capacity(record.spans.len());
    for span in &record.spans {
        let held = held_fragments(record, span, tokens, written);
        for (nth, (first, last)) in held.iter().enumerate() {
            let mut values = vec![None; columns.len()];
            match features {
                Some(features) => {
                    let own = uima::values(record, span, (nth, held.len()), features);
                    let own: HashMap<&str, String> = own.into_iter().collect();
                    for (value, name) in values.iter_mut().zip(&columns) {
                        *value = own.get(name).map(|text| value_escaped(text));
                    }
                }
                None => {
                    if let Some(value) = values.get_mut(LABEL_COLUMN) {
                        *value = Some(value_escaped(span.label));
                    }
                }
            }
            marks.push(Mark {
                span,
                first: *first,
                last: *last,
                values,
                number: format!("[{}]", marks.len() + 1),
            });
        }
    }
    (marks, columns)
}

/// By the mark that relations lead to: their roles and the marks that they come from.
type Relations<'a> = HashMap<usize, Vec<(&'a str, usize)>>;

fn relations<'a>(
    record: &'a Record<'_>,
    marks: &[Mark<'_>],
    written: &mut Written,
) -> Relations<'a> {
    let mut relations = Relations::new();
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (at, mark) in marks.iter().enumerate() {
        first.entry(mark.span.id.as_ref()).or_insert(at);
    }
    for span in &record.spans {
        for (role, target) in &span.links {
            let ends = first.get(span.id.as_ref()).zip(first.get(target.as_ref()));
            let Some((from, to)) = ends else {
                written.losses.note(
                    "a link to an annotation that is not exported is left out",
                    || format!("annotation {} of article {}", span.id, record.id),
                );
                continue;
            };
            relations.entry(*to).or_default().push((*role, *from));
        }
    }
    relations
}

fn document(
    plan: &Plan<'_>,
    record: &Record<'_>,
    features: Option<&Features<'_>>,
    written: &mut Written,
) -> String {
    let text = &record.article.text;
    if record.text().starts_with('\n') {
        written.losses.note(
            "line breaks before the first word are held as spaces, so that no offset moves",
            || record.place(),
        );
    }
    if !record.text().ends_with('\n') {
        written
            .losses
            .note("the format ends every text with a line break", || {
                record.place()
            });
    }
    let tokens = tokens(record, plan.options.tokens, Space::InLines);
    let (marks, columns) = marks(record, features, &tokens, written);
    let relations = match features {
        Some(_) => relations(record, &marks, written),
        None => Relations::new(),
    };
    let layer = features.map_or(ENTITY, |_| SPAN);
    let mut out = format!("{HEAD}#T_SP={layer}|{}\n", columns.join("|"));
    if !relations.is_empty() {
        let _infallible = writeln!(out, "#T_RL={LINK}|relation|BT_{SPAN}");
    }
    // Two empty lines end the header, one a sentence: INCEpTION refuses more.
    out.push('\n');
    out.reserve(record.text().len() * 2 + tokens.len() * 32);
    let units = units(&tokens);
    let mut rest = tokens.iter().enumerate().peekable();
    let mut on = On::new(&marks);
    // What most tokens have behind their text.
    let mut nothing = format!("\t{}", "_\t".repeat(columns.len()));
    nothing.push_str(if relations.is_empty() {
        "\n"
    } else {
        "_\t_\t\n"
    });
    for line in 0..text.line_count() {
        let bounds = text.line_range(line);
        let begins = rest.peek().is_some_and(|(_, token)| token.line == line);
        if !begins {
            continue;
        }
        out.push_str("\n#Text=");
        push_text(&mut out, text.slice(bounds));
        out.push('\n');
        let mut empty = line + 1;
        while empty + 1 < text.line_count() && text.line_range(empty).is_empty() {
            out.push_str("#Text=\n");
            empty += 1;
        }
        while let Some((at, token)) = rest.next_if(|(_, token)| token.line == line) {
            let on = on.at(at);
            let range = record.units.at(token.chars.start)..record.units.at(token.chars.end);
            let (sentence, n) = units.get(at).copied().unwrap_or_default();
            push_numbers(
                &mut out,
                [
                    (sentence, b'-'),
                    (n, b'\t'),
                    (range.start as usize, b'-'),
                    (range.end as usize, b'\t'),
                ],
            );
            push_text(&mut out, token.text);
            if on.is_empty() {
                out.push_str(&nothing);
                continue;
            }
            out.push('\t');
            push_marks(&mut out, at, on, &marks, columns.len());
            if !relations.is_empty() {
                let ending = on
                    .iter()
                    .filter(|mark| marks.get(**mark).is_some_and(|mark| mark.first == at));
                let ending = ending.filter_map(|mark| Some((*mark, relations.get(mark)?)));
                push_relations(&mut out, ending, &marks, &units);
            }
            out.push('\n');
        }
    }
    out
}

/// Which marks stand on a token, as tokens follow each other.
struct On<'m> {
    marks: &'m [Mark<'m>],
    /// By where they begin.
    ahead: std::iter::Peekable<std::vec::IntoIter<usize>>,
    /// Rising.
    open: Vec<usize>,
}

impl<'m> On<'m> {
    fn new(marks: &'m [Mark<'m>]) -> Self {
        let mut ahead: Vec<usize> = (0..marks.len()).collect();
        ahead.sort_by_key(|mark| marks.get(*mark).map(|mark| mark.first));
        Self {
            marks,
            ahead: ahead.into_iter().peekable(),
            open: Vec::new(),
        }
    }

    fn at(&mut self, token: usize) -> &[usize] {
        let marks = self.marks;
        let mark = |mark: usize| marks.get(mark);
        self.open
            .retain(|open| mark(*open).is_some_and(|mark| mark.last >= token));
        let begins = |next: &usize| mark(*next).is_some_and(|mark| mark.first <= token);
        while let Some(next) = self.ahead.next_if(begins) {
            let place = self.open.partition_point(|open| *open < next);
            self.open.insert(place, next);
        }
        &self.open
    }
}

/// The number of the sentence and the number in it of each token: a line is a sentence.
fn units(tokens: &[Token<'_>]) -> Vec<(usize, usize)> {
    let (mut sentence, mut n) = (0, 0);
    let mut line = None;
    let unit = |token: &Token<'_>| {
        if line != Some(token.line) {
            (sentence, n, line) = (sentence + 1, 0, Some(token.line));
        }
        n += 1;
        (sentence, n)
    };
    tokens.iter().map(unit).collect()
}

/// The cells of a token on which something is. Each annotation has its number, and its label with
/// every token; the rest stands with its first, since the format takes what has no value there as
/// it was.
fn push_marks(out: &mut String, token: usize, on: &[usize], marks: &[Mark<'_>], columns: usize) {
    for column in 0..columns {
        for (n, at) in on.iter().enumerate() {
            let Some(mark) = marks.get(*at) else {
                continue;
            };
            if n > 0 {
                out.push('|');
            }
            let value = mark.values.get(column).and_then(Option::as_deref);
            let is_told = column == LABEL_COLUMN || mark.first == token;
            out.push_str(value.filter(|_| is_told).unwrap_or("*"));
            out.push_str(&mark.number);
        }
        out.push('\t');
    }
}

/// The cells of the relations that lead to the annotations that begin at a token.
fn push_relations<'a>(
    out: &mut String,
    to: impl Iterator<Item = (usize, &'a Vec<(&'a str, usize)>)>,
    marks: &[Mark<'_>],
    units: &[(usize, usize)],
) {
    let (mut roles, mut sources) = (Vec::new(), Vec::new());
    for (target, relations) in to {
        for (role, source) in relations {
            let token = marks.get(*source).map_or(0, |mark| mark.first);
            let (sentence, n) = units.get(token).copied().unwrap_or_default();
            roles.push(match *role {
                "" => "*".to_owned(),
                role => value_escaped(role),
            });
            sources.push(format!("{sentence}-{n}[{}_{}]", source + 1, target + 1));
        }
    }
    if roles.is_empty() {
        out.push_str("_\t_\t");
    } else {
        let _infallible = write!(out, "{}\t{}\t", roles.join("|"), sources.join("|"));
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches('\n')
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let rules = Rules {
        held: Some(held),
        line_breaks_at_edges: true,
        ..Rules::default()
    };
    proof::files(
        plan,
        stored,
        progress,
        &super::read::READER,
        rules,
        |planned| format!("{}.tsv", planned.file_stem),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::export::options::ExportOptions;
    use crate::format::export::tests::project_of;

    #[test]
    fn values_are_escaped() {
        let check = |value: &str, expected: &str| assert_eq!(value_escaped(value), expected);
        check("plain", "plain");
        check("_", "\\_");
        check("a|b [1]; *", "a\\|b \\[1\\]\\; \\*");
        check("-->", "-\\->");
        check("- >", "- >");
        check("two\nlines\there\\", "two\\nlines\\there\\\\");
        check("a\r\nb", "a\\r\\nb");
    }

    #[test]
    fn numbers_are_whole() {
        for n in [0, 9, 10, 1_234_567_890, usize::MAX] {
            let mut out = "a".to_owned();
            push_numbers(&mut out, [(n, b'-'), (1, b'\t'), (n, b'-'), (n, b'\t')]);
            assert_eq!(out, format!("a{n}-1\t{n}-{n}\t"));
        }
    }

    #[test]
    fn what_inception_reads() {
        let line = r#"{"id":"a","text":"She said.\n\nSo\nit was.","annotations":[
            {"id":"q","annotator":"ana","label":"quote","fragments":[{"start":0,"end":3},{"start":4,"end":9}],"attributes":{"odd/name":""},"links":[{"role":"a|b","target":"c"}]},
            {"id":"c","annotator":"ben","label":"cue","fragments":[{"start":4,"end":8}],"links":[{"role":"by","target":"q"}]}]}"#;
        let project = project_of(&line.replace('\n', ""));
        let check = |own_layer: bool, expected: &[&str]| {
            let options = ExportOptions {
                own_layer,
                ..ExportOptions::default()
            };
            let plan = Plan::new(&project, &options);
            let record = plan.record(&plan.articles[0]).unwrap();
            let features = own_layer.then(|| uima::features(&plan));
            let document = document(&plan, &record, features.as_ref(), &mut Written::default());
            assert_eq!(document.lines().collect::<Vec<_>>(), expected);
        };
        check(
            false,
            &[
                "#FORMAT=WebAnno TSV 3.3",
                "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value",
                "",
                "",
                "#Text=She said.",
                "#Text=",
                "1-1\t0-3\tShe\t*[1]\tquote[1]\t",
                "1-2\t4-8\tsaid\t*[2]|*[3]\tquote[2]|cue[3]\t",
                "1-3\t8-9\t.\t*[2]\tquote[2]\t",
                "",
                "#Text=So",
                "2-1\t11-13\tSo\t_\t_\t",
                "",
                "#Text=it was.",
                "3-1\t14-16\tit\t_\t_\t",
                "3-2\t17-20\twas\t_\t_\t",
                "3-3\t20-21\t.\t_\t_\t",
            ],
        );
        check(
            true,
            &[
                "#FORMAT=WebAnno TSV 3.3",
                "#T_SP=webanno.custom.MediaSpan|annotator|label|annotationId|fragment|odd_name",
                "#T_RL=webanno.custom.MediaLink|relation|BT_webanno.custom.MediaSpan",
                "",
                "",
                "#Text=She said.",
                "#Text=",
                "1-1\t0-3\tShe\tana[1]\tquote[1]\tq[1]\t1/2[1]\t[1]\tby\t1-2[3_1]\t",
                "1-2\t4-8\tsaid\tana[2]|ben[3]\tquote[2]|cue[3]\tq[2]|c[3]\t2/2[2]|*[3]\t*[2]|*[3]\ta\\|b\t1-1[1_3]\t",
                "1-3\t8-9\t.\t*[2]\tquote[2]\t*[2]\t*[2]\t*[2]\t_\t_\t",
                "",
                "#Text=So",
                "2-1\t11-13\tSo\t_\t_\t_\t_\t_\t_\t_\t",
                "",
                "#Text=it was.",
                "3-1\t14-16\tit\t_\t_\t_\t_\t_\t_\t_\t",
                "3-2\t17-20\twas\t_\t_\t_\t_\t_\t_\t_\t",
                "3-3\t20-21\t.\t_\t_\t_\t_\t_\t_\t_\t",
            ],
        );
    }
}
