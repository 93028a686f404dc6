//! Core values to the project file. Same project, same bytes.

use super::VERSION;
use crate::core::annotation::{Annotation, AttributeValue, Origin};
use crate::core::article::{Article, Status};
use crate::core::codebook::{AttributeKind, BoundaryPolicy, Label, OverlapPolicy, Underline};
use crate::core::project::ImportReport;
use crate::core::project::{Annotator, Person, Project, TrashItem, Trashed};
use crate::core::text::segment::{grapheme_ceil, grapheme_floor};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::format::time::timestamp_text;
use std::fmt::Write as _;
use std::sync::Arc;

/// The whole file. `progress` is told the articles written so far and answers whether to go on;
/// `None` when it does not.
pub fn write(project: &Project, progress: &mut dyn FnMut(usize) -> bool) -> Option<String> {
    write_parts(project, progress).map(|parts| parts.concat())
}

/// The file in pieces that follow each other. The articles are written on all cores; the bytes do
/// not depend on how many there are.
pub fn write_parts(
    project: &Project,
    progress: &mut dyn FnMut(usize) -> bool,
) -> Option<Vec<String>> {
    /// Few enough that cancelling is quick.
    const BATCH: usize = 512;
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    let mut parts = vec![head(project)];
    for (i, batch) in project.articles().chunks(BATCH).enumerate() {
        if !progress(i * BATCH) {
            return None;
        }
        if batch.len() < 16 {
            parts.push(article_list(batch));
            continue;
        }
        let chunk = batch.len().div_ceil(workers);
        let written: Option<Vec<String>> = std::thread::scope(|scope| {
            let handles: Vec<_> = batch
                .chunks(chunk)
                .map(|articles| scope.spawn(move || article_list(articles)))
                .collect();
            handles
                .into_iter()
                .map(|handle| handle.join().ok())
                .collect()
        });
        // A thread that panicked has written nothing that could be trusted.
        parts.extend(written?);
    }
    parts.push(tail(project));
    Some(parts)
}

fn article_list(articles: &[Arc<Article>]) -> String {
    let size = articles
        .iter()
        .map(|a| a.text.len_bytes() + a.annotations.len() * 250 + 1_000)
        .sum();
    let mut out = Out::with_capacity(size);
    for article in articles {
        out.line(2, "(");
        write_article(&mut out, article, 3);
        out.line(2, "),");
    }
    out.text
}

/// Everything before the articles.
fn head(project: &Project) -> String {
    let mut out = Out::with_capacity(16_000);
    out.text.push_str("(\n");
    out.line(1, "format: \"pressmark\",");
    out.line(1, &format!("version: ({}, {}),", VERSION.0, VERSION.1));
    out.line(1, "offset_unit: \"code points\",");
    out.string_field(1, "name", project.name());
    out.line(1, "codebook: (");
    out.line(2, &format!("revision: {},", project.codebook().revision));
    out.list(2, "labels", &project.codebook().labels, write_label);
    out.unknown(2, &project.codebook().unknown);
    out.line(1, "),");
    out.list(1, "annotators", project.annotators(), write_annotator);
    out.list(1, "people", project.people(), write_person);
    out.line(1, "articles: [");
    out.text
}

/// Everything after the articles.
fn tail(project: &Project) -> String {
    let mut out = Out::with_capacity(1_000);
    out.line(1, "],");
    let trash: Vec<&TrashItem> = project.trash().iter().map(AsRef::as_ref).collect();
    out.list(1, "trash", &trash, |out, item, indent| {
        write_trash(out, project, item, indent);
    });
    out.list(1, "set_aside", project.set_aside(), |out, aside, indent| {
        out.string_field(indent, "article", &aside.article);
        out.string_field(indent, "reason", &aside.reason);
        out.string_field(indent, "raw", &aside.raw);
    });
    if !project.imports().is_empty() {
        out.list(1, "imports", project.imports(), write_import);
    }
    out.unknown(1, project.unknown());
    out.text.push_str(")\n");
    out.text
}

fn write_import(out: &mut Out, import: &Arc<ImportReport>, indent: usize) {
    out.string_field(indent, "by", import.by.as_str());
    if let Some(when) = import.when {
        out.string_field(indent, "when", &timestamp_text(when));
    }
    out.string_field(indent, "summary", &import.summary);
    out.line(indent, "files: [");
    for (file, told) in &import.files {
        out.indent(indent + 1);
        out.text.push('(');
        out.string(file);
        out.text.push_str(", ");
        out.string(told);
        out.text.push_str("),\n");
    }
    out.line(indent, "],");
    out.unknown(indent, &import.unknown);
}

struct Out {
    text: String,
}

impl Out {
    fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
        }
    }

    fn indent(&mut self, indent: usize) {
        for _ in 0..indent {
            self.text.push_str("    ");
        }
    }

    fn line(&mut self, indent: usize, line: &str) {
        self.indent(indent);
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn string(&mut self, string: &str) {
        write_string(&mut self.text, string);
    }

    /// `name: "value",` on its own line; nothing when empty.
    fn string_field(&mut self, indent: usize, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        self.indent(indent);
        self.text.push_str(name);
        self.text.push_str(": ");
        self.string(value);
        self.text.push_str(",\n");
    }

    /// The same, but there even when empty: a reader would miss it.
    fn required_field(&mut self, indent: usize, name: &str, value: &str) {
        if value.is_empty() {
            self.line(indent, &format!("{name}: \"\","));
        } else {
            self.string_field(indent, name, value);
        }
    }

    fn strings_field(&mut self, indent: usize, name: &str, values: &[String]) {
        if values.is_empty() {
            return;
        }
        self.line(indent, &format!("{name}: ["));
        for value in values {
            self.indent(indent + 1);
            self.string(value);
            self.text.push_str(",\n");
        }
        self.line(indent, "],");
    }

    /// `name: [` items in parentheses `],`; nothing when empty.
    fn list<T>(
        &mut self,
        indent: usize,
        name: &str,
        items: &[T],
        write: impl Fn(&mut Self, &T, usize),
    ) {
        if items.is_empty() {
            return;
        }
        self.line(indent, &format!("{name}: ["));
        for item in items {
            self.line(indent + 1, "(");
            write(self, item, indent + 2);
            self.line(indent + 1, "),");
        }
        self.line(indent, "],");
    }

    fn unknown(&mut self, indent: usize, unknown: &[(String, String)]) {
        for (name, raw) in unknown {
            // A raw value may end in a comment, which must not swallow the comma.
            let end = if raw.contains("//") { "\n," } else { "," };
            self.line(indent, &format!("{}: {raw}{end}", identifier(name)));
        }
    }
}

/// A field name; those that are no plain identifier are written raw.
fn identifier(name: &str) -> String {
    let plain = name
        .chars()
        .enumerate()
        .all(|(i, c)| c == '_' || c.is_ascii_alphabetic() || (i > 0 && c.is_ascii_digit()));
    if plain {
        name.to_owned()
    } else {
        format!("r#{name}")
    }
}

/// Characters that editors and version control would not keep as they are.
fn needs_escape(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
        )
}

/// A RON string: plain where possible, raw where there are quotes or backslashes, and escaped
/// where a character would not survive an editor. Never spans lines.
fn write_string(out: &mut String, string: &str) {
    let ascii_plain = string
        .bytes()
        .all(|b| b >= 0x20 && b != b'"' && b != b'\\' && b < 0x7F);
    if ascii_plain {
        out.push('"');
        out.push_str(string);
        out.push('"');
        return;
    }
    if string.chars().any(needs_escape) {
        out.push('"');
        for c in string.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                c if needs_escape(c) => {
                    // Writing to a string cannot fail.
                    let _infallible = write!(out, "\\u{{{:x}}}", c as u32);
                }
                c => out.push(c),
            }
        }
        out.push('"');
    } else if string.contains(['"', '\\']) {
        write_raw_string(out, string);
    } else {
        out.push('"');
        out.push_str(string);
        out.push('"');
    }
}

/// `r"…"`, with as many `#` as the text asks for.
fn write_raw_string(out: &mut String, string: &str) {
    let mut hashes = usize::from(string.contains('"'));
    while hashes > 0 && string.contains(&format!("\"{}", "#".repeat(hashes))) {
        hashes += 1;
    }
    out.push('r');
    out.extend(std::iter::repeat_n('#', hashes));
    out.push('"');
    out.push_str(string);
    out.push('"');
    out.extend(std::iter::repeat_n('#', hashes));
}

fn write_label(out: &mut Out, label: &Label, indent: usize) {
    out.required_field(indent, "id", label.id.as_str());
    out.string_field(indent, "name", &label.name);
    out.string_field(indent, "definition", &label.definition);
    out.strings_field(indent, "include", &label.include);
    out.strings_field(indent, "exclude", &label.exclude);
    out.strings_field(indent, "examples", &label.examples);
    out.string_field(indent, "color", &format!("#{:06X}", label.color));
    out.string_field(indent, "underline", underline_name(label.underline));
    out.string_field(
        indent,
        "key",
        &label.key.map(String::from).unwrap_or_default(),
    );
    out.list(
        indent,
        "attributes",
        &label.attributes,
        |out, spec, indent| {
            out.required_field(indent, "name", &spec.name);
            out.string_field(indent, "title", &spec.title);
            let (kind, options) = kind_name(&spec.kind);
            out.required_field(indent, "kind", kind);
            out.strings_field(indent, "options", options);
            out.string_field(indent, "help", &spec.help);
            out.unknown(indent, &spec.unknown);
        },
    );
    out.list(
        indent,
        "link_roles",
        &label.link_roles,
        |out, role, indent| {
            out.required_field(indent, "name", &role.name);
            out.string_field(
                indent,
                "target",
                role.target.as_ref().map_or("", |t| t.as_str()),
            );
        },
    );
    out.string_field(indent, "boundary", boundary_name(label.boundary));
    out.string_field(indent, "overlap", overlap_name(label.overlap));
    if label.helper {
        out.line(indent, "helper: true,");
    }
    out.unknown(indent, &label.unknown);
}

pub(super) fn underline_name(underline: Underline) -> &'static str {
    match underline {
        Underline::Solid => "solid",
        Underline::Dashed => "dashed",
        Underline::Dotted => "dotted",
        Underline::Double => "double",
        Underline::Wavy => "wavy",
    }
}

pub(super) fn boundary_name(boundary: BoundaryPolicy) -> &'static str {
    match boundary {
        BoundaryPolicy::Character => "character",
        BoundaryPolicy::Word => "word",
        BoundaryPolicy::Sentence => "sentence",
    }
}

pub(super) fn overlap_name(overlap: OverlapPolicy) -> &'static str {
    match overlap {
        OverlapPolicy::Any => "any",
        OverlapPolicy::OtherLabels => "other_labels",
        OverlapPolicy::Never => "never",
    }
}

pub(super) fn kind_name(kind: &AttributeKind) -> (&'static str, &[String]) {
    match kind {
        AttributeKind::Text => ("text", &[]),
        AttributeKind::Number => ("number", &[]),
        AttributeKind::YesNo => ("yes_no", &[]),
        AttributeKind::OneOf(options) => ("one_of", options),
        AttributeKind::SeveralOf(options) => ("several_of", options),
        AttributeKind::Date => ("date", &[]),
        AttributeKind::Url => ("url", &[]),
        AttributeKind::Person => ("person", &[]),
    }
}

pub(super) fn status_name(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::InProgress => "in_progress",
        Status::Done => "done",
        Status::Flagged => "flagged",
    }
}

fn write_annotator(out: &mut Out, annotator: &Annotator, indent: usize) {
    out.required_field(indent, "id", annotator.id.as_str());
    out.string_field(indent, "name", &annotator.name);
    out.unknown(indent, &annotator.unknown);
}

fn write_person(out: &mut Out, person: &Person, indent: usize) {
    out.required_field(indent, "id", person.id.as_str());
    out.string_field(indent, "name", &person.name);
    if person.organisation {
        out.line(indent, "organisation: true,");
    }
    out.strings_field(indent, "aliases", &person.aliases);
    out.string_field(indent, "note", &person.note);
    out.unknown(indent, &person.unknown);
}

fn write_article(out: &mut Out, article: &Article, indent: usize) {
    out.required_field(indent, "id", article.id.as_str());
    out.string_field(indent, "title", &article.title);
    out.string_field(indent, "hash", article.text.hash());
    if !article.metadata.is_empty() {
        out.line(indent, "metadata: {");
        for (name, value) in &article.metadata {
            out.indent(indent + 1);
            out.string(name);
            out.text.push_str(": ");
            out.string(value);
            out.text.push_str(",\n");
        }
        out.line(indent, "},");
    }
    if !article.status.is_empty() {
        out.line(indent, "status: {");
        for (annotator, &status) in &article.status {
            out.indent(indent + 1);
            out.string(annotator.as_str());
            out.text.push_str(": ");
            out.string(status_name(status));
            out.text.push_str(",\n");
        }
        out.line(indent, "},");
    }
    out.string_field(indent, "notes", &article.notes);
    out.unknown(indent, &article.unknown);
    out.line(indent, "text: [");
    for line in article.text.lines() {
        out.indent(indent + 1);
        if line.chars().any(needs_escape) {
            write_string(&mut out.text, line);
        } else {
            write_raw_string(&mut out.text, line);
        }
        out.text.push_str(",\n");
    }
    out.line(indent, "],");
    if !article.annotations.is_empty() {
        out.line(indent, "annotations: [");
        for annotation in article.annotations.in_text_order() {
            out.indent(indent + 1);
            write_annotation(out, annotation, &article.text);
            out.text.push_str(",\n");
        }
        out.line(indent, "],");
    }
}

/// One annotation on one line, without the comma.
fn write_annotation(out: &mut Out, annotation: &Annotation, text: &ArticleText) {
    let field = |out: &mut Out, name: &str, value: &str| {
        if !value.is_empty() {
            out.text.push_str(", ");
            out.text.push_str(name);
            out.text.push_str(": ");
            out.string(value);
        }
    };
    out.text.push_str("(id: ");
    out.string(annotation.id.as_str());
    out.text.push_str(", annotator: ");
    out.string(annotation.annotator.as_str());
    out.text.push_str(", label: ");
    out.string(annotation.label.as_str());
    out.text.push_str(", fragments: [");
    for (i, &fragment) in annotation.fragments.iter().enumerate() {
        let chars = text.char_range(fragment);
        if i > 0 {
            out.text.push_str(", ");
        }
        let _infallible = write!(out.text, "({}, {}, ", chars.start.0, chars.end.0);
        out.string(text.slice(fragment));
        out.text.push(')');
    }
    out.text.push(']');
    if let Some((before, after)) = surroundings(annotation, text) {
        out.text.push_str(", context: (");
        out.string(before);
        out.text.push_str(", ");
        out.string(after);
        out.text.push(')');
    }
    if !annotation.attributes.is_empty() {
        out.text.push_str(", attributes: {");
        for (i, (name, value)) in annotation.attributes.iter().enumerate() {
            if i > 0 {
                out.text.push_str(", ");
            }
            out.string(name);
            out.text.push_str(": ");
            write_value(out, value);
        }
        out.text.push('}');
    }
    if !annotation.links.is_empty() {
        out.text.push_str(", links: [");
        for (i, link) in annotation.links.iter().enumerate() {
            if i > 0 {
                out.text.push_str(", ");
            }
            out.text.push('(');
            out.string(&link.role);
            out.text.push_str(", ");
            out.string(link.target.as_str());
            out.text.push(')');
        }
        out.text.push(']');
    }
    field(out, "note", &annotation.note);
    field(
        out,
        "made",
        &annotation.made.map(timestamp_text).unwrap_or_default(),
    );
    field(
        out,
        "changed",
        &annotation.changed.map(timestamp_text).unwrap_or_default(),
    );
    if annotation.codebook_revision != 0 {
        let _infallible = write!(out.text, ", codebook: {}", annotation.codebook_revision);
    }
    let origin = match &annotation.origin {
        Origin::Hand => None,
        Origin::Suggestion(rule) => Some(("suggestion", rule)),
        Origin::Import(from) => Some(("import", from)),
    };
    if let Some((kind, detail)) = origin {
        out.text.push_str(", origin: ");
        out.text.push_str(kind);
        out.text.push('(');
        out.string(detail);
        out.text.push(')');
    }
    for (name, raw) in &annotation.unknown {
        out.text.push_str(", ");
        out.text.push_str(&identifier(name));
        out.text.push_str(": ");
        out.text.push_str(raw);
        if raw.contains("//") {
            out.text.push('\n');
        }
    }
    out.text.push(')');
}

/// Code points of text on each side that are written beside a short annotation.
const CONTEXT: usize = 24;
/// Marked texts of this many code points are found again without what stands around them.
const FINDS_ITSELF: usize = 48;

/// What stands before and after a short annotation, cut between graphemes. It belongs to the file
/// only, for finding the annotation again when another program has changed the text.
fn surroundings<'a>(annotation: &Annotation, text: &'a ArticleText) -> Option<(&'a str, &'a str)> {
    let marked = annotation.fragments.iter();
    let mut marked = marked.flat_map(|&fragment| text.slice(fragment).chars());
    if marked.nth(FINDS_ITSELF - 1).is_some() {
        return None;
    }
    let extent = annotation.extent();
    let before = text.slice(ByteRange::new(BytePos(0), extent.start));
    let start = before.char_indices().rev().take(CONTEXT).last();
    let start = start.map_or(extent.start, |(i, _)| BytePos(i as u32));
    let start = grapheme_ceil(text, start).min(extent.start);
    let after = text.slice(ByteRange::new(extent.end, text.end()));
    let last = after.char_indices().take(CONTEXT).last();
    let end = last.map_or(0, |(i, c)| (i + c.len_utf8()) as u32);
    let end = grapheme_floor(text, BytePos(extent.end.0 + end)).max(extent.end);
    Some((
        text.slice(ByteRange::new(start, extent.start)),
        text.slice(ByteRange::new(extent.end, end)),
    ))
}

fn write_value(out: &mut Out, value: &AttributeValue) {
    match value {
        AttributeValue::Text(text) => {
            out.text.push_str("text(");
            out.string(text);
        }
        AttributeValue::Number(number) => {
            let _infallible = write!(out.text, "number({number:?}");
        }
        AttributeValue::Bool(value) => {
            let _infallible = write!(out.text, "bool({value}");
        }
        AttributeValue::Many(values) => {
            out.text.push_str("many([");
            for (i, value) in values.iter().enumerate() {
                if i > 0 {
                    out.text.push_str(", ");
                }
                out.string(value);
            }
            out.text.push(']');
        }
        AttributeValue::Person(id) => {
            out.text.push_str("person(");
            out.string(id.as_str());
        }
    }
    out.text.push(')');
}

fn write_trash(out: &mut Out, project: &Project, item: &TrashItem, indent: usize) {
    match &item.what {
        Trashed::Annotation {
            article,
            annotation,
        } => {
            out.indent(indent);
            out.text.push_str("what: annotation(");
            out.string(article.as_str());
            out.text.push_str(", ");
            let empty = ArticleText::new(String::new());
            let text = article_text(project, article).unwrap_or(&empty);
            write_annotation(out, annotation, text);
            out.text.push_str("),\n");
        }
        Trashed::Article(article) => {
            out.line(indent, "what: article((");
            write_article(out, article, indent + 1);
            out.line(indent, ")),");
        }
        Trashed::Label(label) => {
            out.line(indent, "what: label((");
            write_label(out, label, indent + 1);
            out.line(indent, ")),");
        }
        Trashed::Annotator(annotator) => {
            out.line(indent, "what: annotator((");
            write_annotator(out, annotator, indent + 1);
            out.line(indent, ")),");
        }
    }
    out.string_field(indent, "by", item.by.as_str());
    out.string_field(
        indent,
        "when",
        &item.when.map(timestamp_text).unwrap_or_default(),
    );
}

/// One annotation as RON, for what is set aside.
pub(super) fn annotation_text(annotation: &Annotation, text: &ArticleText) -> String {
    let mut out = Out::with_capacity(300);
    write_annotation(&mut out, annotation, text);
    out.text
}

/// An annotation whose place in the text is not known, as RON for the review list; `marked` is the
/// text that it covered, fragments joined by a line break.
pub fn lost_annotation_text(annotation: &Annotation, marked: &str) -> String {
    let mut lost = annotation.clone();
    lost.fragments.clear();
    let mut out = Out::with_capacity(300 + marked.len());
    write_annotation(&mut out, &lost, &ArticleText::new(String::new()));
    let texts: Vec<&str> = match annotation.fragments.len() {
        1 => vec![marked],
        _ => marked.split('\n').collect(),
    };
    let mut fragments = String::new();
    for (i, text) in texts.into_iter().enumerate() {
        fragments.push_str(if i > 0 { ", (0, 0, " } else { "(0, 0, " });
        write_string(&mut fragments, text);
        fragments.push(')');
    }
    let whole = format!("fragments: [{fragments}]");
    out.text.replacen("fragments: []", &whole, 1)
}

/// An annotation as it stood in a file, offsets and all, though they may fit no text.
pub(super) fn record_text(record: &super::record::AnnotationRecord<'_>) -> String {
    use super::record::{OriginRecord, ValueRecord};
    let mut out = String::new();
    let quoted = |text: &str| {
        let mut quoted = String::new();
        write_string(&mut quoted, text);
        quoted
    };
    let list = |items: Vec<String>| items.join(", ");
    let fragments = record.fragments.iter();
    let fragments =
        fragments.map(|(start, end, text)| format!("({start}, {end}, {})", quoted(text.as_str())));
    let _infallible = write!(
        out,
        "(id: {}, annotator: {}, label: {}, fragments: [{}]",
        quoted(record.id.as_str()),
        quoted(record.annotator.as_str()),
        quoted(record.label.as_str()),
        list(fragments.collect()),
    );
    if let Some((before, after)) = &record.context.0 {
        let (before, after) = (quoted(before.as_str()), quoted(after.as_str()));
        let _infallible = write!(out, ", context: ({before}, {after})");
    }
    if !record.sought_in.as_str().is_empty() {
        let _infallible = write!(out, ", sought_in: {}", quoted(record.sought_in.as_str()));
    }
    if !record.attributes.is_empty() {
        let attributes = record.attributes.iter().map(|(name, value)| {
            let value = match value {
                ValueRecord::Text(text) => format!("text({})", quoted(text.as_str())),
                ValueRecord::Number(number) => format!("number({number:?})"),
                ValueRecord::Bool(value) => format!("bool({value})"),
                ValueRecord::Many(values) => {
                    format!(
                        "many([{}])",
                        list(values.iter().map(|v| quoted(v.as_str())).collect())
                    )
                }
                ValueRecord::Person(id) => format!("person({})", quoted(id.as_str())),
            };
            format!("{}: {value}", quoted(name.as_str()))
        });
        let _infallible = write!(out, ", attributes: {{{}}}", list(attributes.collect()));
    }
    if !record.links.is_empty() {
        let links = record.links.iter();
        let links = links.map(|(role, target)| {
            format!("({}, {})", quoted(role.as_str()), quoted(target.as_str()))
        });
        let _infallible = write!(out, ", links: [{}]", list(links.collect()));
    }
    for (name, value) in [
        ("note", &record.note),
        ("made", &record.made),
        ("changed", &record.changed),
    ] {
        if !value.as_str().is_empty() {
            let _infallible = write!(out, ", {name}: {}", quoted(value.as_str()));
        }
    }
    if record.codebook != 0 {
        let _infallible = write!(out, ", codebook: {}", record.codebook);
    }
    match &record.origin {
        OriginRecord::Hand => {}
        OriginRecord::Suggestion(rule) => {
            let _infallible = write!(out, ", origin: suggestion({})", quoted(rule.as_str()));
        }
        OriginRecord::Import(from) => {
            let _infallible = write!(out, ", origin: import({})", quoted(from.as_str()));
        }
    }
    for (name, raw) in &record.unknown {
        let _infallible = write!(out, ", {}: {raw}", identifier(name));
    }
    out.push(')');
    out
}

/// The text of an article, whether it is in the project or in its trash.
pub(super) fn article_text<'a>(
    project: &'a Project,
    id: &crate::core::ids::ArticleId,
) -> Option<&'a ArticleText> {
    let article = project.article_or_trashed(id)?;
    Some(&article.text)
}
