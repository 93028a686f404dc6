//! A page that shows the annotated articles to people: one file, nothing from elsewhere, no scripts,
//! light and dark, printable.
//!
//! Annotations may cross, and elements cannot: the text is cut at every boundary, and each piece
//! names the annotations that cover it. Offsets (`data-start`, `data-end`) are code points. What
//! programs need beyond what people see stands in `data-` attributes.

use crate::core::annotation::AttributeValue;
use crate::core::codebook::Underline;
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::plan::Plan;
use crate::format::export::proof::{self, Rules, Stretches};
use crate::format::export::record::{Record, Span};
use crate::format::export::{Progress, Sink, Stored, Written, markup};
use crate::format::formats::html_report::read::article_of_xml;
use crate::format::parallel;
use crate::format::words::article_rows::marked_kind;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

pub const FORMAT: Format = Format {
    name: "html",
    aliases: &["report", "page"],
    title: "Web page to read and print",
    group: FormatGroup::Reading,
    shape: Shape::File { extension: "html" },
    offset_unit: "Unicode code points",
    read_by: "any browser, without network and scripts",
    lacks: &[Part::Nothing, Part::Sets, Part::OfProject],
    adds: "",
    changes: "it is for reading, and programs find the rest in its attributes; control characters become U+FFFD",
    choices: &[],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

const NAME: &str = "report.html";
/// What stands before the articles, and at the end of each, on lines of their own.
const MAIN: &[u8] = b"<main>\n";
const END: &[u8] = b"</article>\n";

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let classes: BTreeMap<&str, usize> = plan
        .labels
        .keys()
        .enumerate()
        .map(|(n, label)| (label.as_str(), n))
        .collect();
    let mut written = Written::default();
    let head = head(plan, &classes)?;
    let numbered: Vec<_> = plan.articles.iter().enumerate().collect();
    sink.file(NAME, &mut |out| {
        out.write_all(head.as_bytes())?;
        out.write_all(MAIN)?;
        parallel::in_order::<_, _, WriteError>(
            &numbered,
            progress,
            |(n, planned)| {
                let record = plan.record(planned)?;
                let mut counted = Written::default();
                counted.count(&record);
                counted.note_fragments(&record);
                note_replaced(&record, &mut counted);
                Ok((article(plan, &record, n + 1, &classes), counted))
            },
            |_, (article, counted)| {
                out.write_all(article.as_bytes())?;
                written.add(&counted);
                Ok(())
            },
        )?;
        Ok(out.write_all(b"</main>\n</body>\n</html>\n")?)
    })?;
    Ok(written)
}

/// What HTML cannot hold beyond what XML cannot: carriage returns and control characters from
/// U+007F, and U+FFFE and U+FFFF of every plane.
fn is_html_char(c: char) -> bool {
    if matches!(c, ' '..='~' | '\n') {
        return true;
    }
    let code = c as u32;
    markup::is_xml_char(c)
        && c != '\r'
        && !(0x7F..=0x9F).contains(&code)
        && !(0xFDD0..=0xFDEF).contains(&code)
        && code & 0xFFFE != 0xFFFE
}

fn note_replaced(record: &Record<'_>, written: &mut Written) {
    if !record.text().chars().all(is_html_char) {
        written.losses.note(
            "characters that HTML cannot hold are replaced by U+FFFD, so that no offset moves",
            || record.place(),
        );
    }
}

fn push(out: &mut String, text: &str) {
    // Control characters go up to U+009F, and characters that are none end every plane.
    let may_not = |byte: u8| matches!(byte, 0..0x20 | b'<' | b'>' | b'&' | b'"' | 0x7F | 0xC2 | 0xEF | 0xF0..);
    markup::push_with(out, text, may_not, |c| match c {
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '&' => Some("&amp;"),
        '"' => Some("&quot;"),
        c if is_html_char(c) => None,
        _ => Some("\u{FFFD}"),
    });
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    push(&mut out, text);
    out
}

/// The value of an attribute. Line breaks and tabs stand as references, which readers of XML take as
/// they are, too.
fn quoted(value: &str) -> String {
    let value = escaped(value);
    if value.contains(['\n', '\t']) {
        value.replace('\n', "&#10;").replace('\t', "&#9;")
    } else {
        value
    }
}

const STYLE: &str = "
:root { color-scheme: light dark; --page: #faf9f6; --ink: #22201c; --soft: #6b665f; --line: #dcd8d0; --card: #ffffff; --tint: 16%; }
@media (prefers-color-scheme: dark) {
  :root { --page: #1b1a18; --ink: #e9e5de; --soft: #a39d93; --line: #3a3733; --card: #242220; --tint: 30%; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.6 Georgia, 'Times New Roman', serif; }
header, main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1.25rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .2rem; }
header p, .byline, .about, .legend, nav, li, table { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; font-size: .9rem; }
.byline, header p { color: var(--soft); margin: 0 0 1rem; overflow-wrap: anywhere; }
.about { color: var(--soft); margin: -.6rem 0 1rem; font-size: .85rem; }
.about div { display: flex; flex-wrap: wrap; gap: 0 .6em; }
.about dt { flex: none; min-width: 5.5em; }
.about dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.definition { display: block; color: var(--soft); font-size: .85rem; max-width: 34rem; white-space: pre-line; }
a { color: inherit; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; padding: .25rem 1.2rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
nav ol { padding-left: 2.2rem; margin: .5rem 0 0; }
nav summary { cursor: pointer; font-weight: 600; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1.5rem 1.6rem; margin: 0 0 1.5rem; }
pre { font: inherit; font-size: 1.05rem; line-height: 1.75; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; unicode-bidi: plaintext; }
mark { color: inherit; background: color-mix(in srgb, var(--c) var(--tint), transparent); text-decoration: underline 2px var(--c); text-underline-offset: .22em; text-decoration-skip-ink: none; }
mark[data-n]::before { content: attr(data-n); font: 600 .68rem/1 system-ui, sans-serif; color: var(--soft); vertical-align: super; margin-right: .15em; }
.several { box-shadow: inset 0 -.16em 0 -.02em var(--d); }
article > ol { list-style: none; counter-reset: span; margin: 1.2rem 0 0; padding: .9rem 0 0; border-top: 1px solid var(--line); }
article > ol > li { padding: .3rem 0 .3rem 2.2rem; position: relative; overflow-wrap: anywhere; counter-increment: span; }
article > ol > li::before { content: counter(span); position: absolute; left: 0; color: var(--soft); font-variant-numeric: tabular-nums; }
article > ol b { border-bottom: 2px solid var(--c); font-weight: 600; }
q { quotes: none; }
.meta { display: block; }
.who, .attribute i, .link i { color: var(--soft); font-style: normal; }
.who, .attribute, .link { display: inline-block; max-width: 100%; margin-right: .9em; vertical-align: top; }
.note { display: block; white-space: pre-wrap; color: var(--soft); }
@media print {
  :root { --page: #fff; --ink: #000; --soft: #444; --line: #bbb; --card: #fff; --tint: 16%; }
  body { font-size: 10.5pt; }
  header, main { max-width: none; padding: 0; }
  article { border: 0; padding: 0; border-radius: 0; }
  article + article { break-before: page; }
  article > ol > li { break-inside: avoid; }
  h2 { break-after: avoid; }
  mark { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  nav { display: none; }
}
";

fn head(plan: &Plan<'_>, classes: &BTreeMap<&str, usize>) -> Result<String, WriteError> {
    let name = match plan.project.name() {
        "" => "Annotated articles".to_owned(),
        name => escaped(name),
    };
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut total = 0;
    for planned in &plan.articles {
        let record = plan.record(planned)?;
        let mut here: BTreeMap<&str, usize> = BTreeMap::new();
        for span in &record.spans {
            // The plan's own name of the label, which outlives the record.
            if let Some((label, _)) = classes.get_key_value(span.label) {
                *here.entry(label).or_default() += 1;
            }
            total += 1;
        }
        for (label, n) in here {
            let entry = counts.entry(label).or_default();
            entry.0 += n;
            entry.1 += 1;
        }
    }
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"Pressmark {}\">\n<title>{name}</title>\n<style>{STYLE}",
        env!("CARGO_PKG_VERSION")
    );
    for (label, n) in classes {
        let color = plan.label_color(label);
        let known = plan.project.codebook().label(label);
        let style = match known
            .map(|known| known.underline.clone())
            .unwrap_or_default()
        {
            Underline::Solid | Underline::Later(_) => "solid",
            Underline::Dashed => "dashed",
            Underline::Dotted => "dotted",
            Underline::Double => "double",
            Underline::Wavy => "wavy",
        };
        let _infallible = writeln!(
            out,
            ".l{n} {{ --c: #{color:06x}; text-decoration-style: {style}; }} .d{n} {{ --d: #{color:06x}; }} b.l{n} {{ text-decoration: none; }}"
        );
    }
    let articles = plan.articles.len();
    let plural =
        |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let _infallible = write!(
        out,
        "</style>\n</head>\n<body>\n<header>\n<h1 dir=\"auto\">{name}</h1>\n<p>{} with {}",
        plural(articles, "article", "articles"),
        plural(total, "annotation", "annotations"),
    );
    let people: Vec<String> = plan
        .annotators
        .iter()
        .map(|(_, name)| escaped(name))
        .collect();
    if !people.is_empty() {
        let _infallible = write!(out, " by {}", people.join(", "));
    }
    out.push_str(".</p>\n");
    if !classes.is_empty() {
        out.push_str("<table class=\"legend\"><thead><tr><th>Label</th><th class=\"n\">Annotations</th><th class=\"n\">Articles</th></tr></thead><tbody>\n");
        // Labels in use first; those without annotations say that nothing was found.
        let mut labels: Vec<(&str, usize)> = classes.iter().map(|(l, n)| (*l, *n)).collect();
        labels.sort_by_key(|(label, _)| !counts.contains_key(label));
        for (label, class) in labels {
            let (n, articles) = counts.get(label).copied().unwrap_or_default();
            let known = plan.project.codebook().label(label);
            let _infallible = write!(out, "<tr data-label=\"{}\"", quoted(label));
            if let Some(known) = known {
                let _infallible = write!(out, " data-color=\"#{:06x}\"", known.color);
            }
            let _infallible = write!(
                out,
                "><td><mark class=\"l{class}\">{}</mark>",
                escaped(plan.label_title(label))
            );
            if let Some(known) = known.filter(|known| !known.definition.is_empty()) {
                let definition = escaped(&known.definition);
                let _infallible = write!(
                    out,
                    "<span class=\"definition\" dir=\"auto\">{definition}</span>"
                );
            }
            let _infallible = writeln!(
                out,
                "</td><td class=\"n\">{n}</td><td class=\"n\">{articles}</td></tr>"
            );
        }
        out.push_str("</tbody></table>\n");
    }
    if articles > 1 {
        let open = if articles <= 40 { " open" } else { "" };
        let _infallible = writeln!(out, "<nav><details{open}><summary>Articles</summary><ol>");
        for (n, planned) in plan.articles.iter().enumerate() {
            let title = escaped(planned.article.display_title());
            let _infallible = writeln!(
                out,
                "<li><a href=\"#a{}\" dir=\"auto\">{title}</a></li>",
                n + 1
            );
        }
        out.push_str("</ol></details></nav>\n");
    }
    out.push_str("</header>\n");
    Ok(out)
}

/// One range of the text that the same fragments cover.
struct Piece {
    bytes: std::ops::Range<usize>,
    /// Numbers of fragments, longest first.
    covered_by: Vec<usize>,
}

fn pieces(record: &Record<'_>, fragments: &[(usize, usize)]) -> Vec<Piece> {
    let range = |&(span, fragment): &(usize, usize)| {
        let fragment = record
            .spans
            .get(span)
            .and_then(|s| s.fragments.get(fragment));
        fragment.map_or(0..0, |f| f.bytes.as_usize())
    };
    let mut points: Vec<(usize, bool, usize)> = Vec::with_capacity(fragments.len() * 2);
    for (n, fragment) in fragments.iter().enumerate() {
        let range = range(fragment);
        points.push((range.start, true, n));
        points.push((range.end, false, n));
    }
    points.sort_unstable();
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut open, mut at): (Vec<usize>, usize) = (Vec::new(), 0);
    for (point, starts, n) in points {
        if point > at {
            pieces.push(Piece {
                bytes: at..point,
                covered_by: open.clone(),
            });
            at = point;
        }
        if starts {
            open.push(n);
        } else {
            open.retain(|other| *other != n);
        }
    }
    let end = record.text().len();
    if end > at {
        pieces.push(Piece {
            bytes: at..end,
            covered_by: Vec::new(),
        });
    }
    pieces
}

fn article(
    plan: &Plan<'_>,
    record: &Record<'_>,
    number: usize,
    classes: &BTreeMap<&str, usize>,
) -> String {
    let mut out = String::with_capacity(record.text().len() * 3 + 512);
    let article = record.article;
    let untitled = if article.title.trim().is_empty() {
        " class=\"untitled\""
    } else {
        ""
    };
    let _infallible = writeln!(
        out,
        "<article id=\"a{number}\" data-id=\"{}\"><h2 dir=\"auto\"{untitled}>{}</h2>",
        quoted(record.id),
        escaped(article.display_title())
    );
    about(&mut out, plan, record);
    out.push_str("<pre dir=\"auto\">");
    if record.text().starts_with('\n') {
        // Parsers drop the first line feed.
        out.push('\n');
    }
    let fragments: Vec<(usize, usize)> = record
        .spans
        .iter()
        .enumerate()
        .flat_map(|(s, span)| (0..span.fragments.len()).map(move |f| (s, f)))
        .collect();
    let numbers: HashMap<&str, usize> = record
        .spans
        .iter()
        .enumerate()
        .map(|(n, span)| (span.id.as_ref(), n))
        .collect();
    let mut begun = vec![false; fragments.len()];
    for piece in pieces(record, &fragments) {
        let text = record.text().get(piece.bytes.clone()).unwrap_or("");
        if piece.covered_by.is_empty() {
            push(&mut out, text);
            continue;
        }
        let label = |n: &usize| {
            let span = fragments.get(*n).and_then(|(s, _)| record.spans.get(*s));
            span.map_or("", |span| span.label)
        };
        let class = |n: &usize| classes.get(label(n)).copied().unwrap_or_default();
        // The innermost annotation gives the colour, the one around it a second line.
        let inner = piece.covered_by.last().map_or(0, class);
        let outer = piece.covered_by.iter().rev().nth(1).map(class);
        let ids: Vec<String> = piece
            .covered_by
            .iter()
            .map(|n| format!("s{}", n + 1))
            .collect();
        let _infallible = write!(out, "<mark class=\"l{inner}");
        if let Some(outer) = outer {
            let _infallible = write!(out, " several d{outer}");
        }
        let _infallible = write!(out, "\" data-spans=\"{}\"", ids.join(" "));
        let mut starting = Vec::new();
        for n in &piece.covered_by {
            if let Some(seen) = begun.get_mut(*n).filter(|seen| !**seen) {
                *seen = true;
                starting.push((n + 1).to_string());
            }
        }
        if !starting.is_empty() {
            let _infallible = write!(out, " data-n=\"{}\"", starting.join(","));
        }
        let titles: Vec<&str> = piece
            .covered_by
            .iter()
            .map(|n| plan.label_title(label(n)))
            .collect();
        let _infallible = write!(out, " title=\"{}\">", quoted(&titles.join(" · ")));
        push(&mut out, text);
        out.push_str("</mark>");
    }
    out.push_str("</pre>");
    if !fragments.is_empty() {
        out.push_str("\n<ol>\n");
        for (n, (s, f)) in fragments.iter().enumerate() {
            if let Some(span) = record.spans.get(*s) {
                let class = classes.get(span.label).copied().unwrap_or_default();
                let place = (number, n + 1, class);
                row(&mut out, plan, record, span, *f, place, &numbers);
            }
        }
        out.push_str("</ol>");
    }
    out.push_str("\n</article>\n");
    out
}

/// The line under the title, and a list of what has no place in it.
fn about(out: &mut String, plan: &Plan<'_>, record: &Record<'_>) {
    let article = record.article;
    let mut line: Vec<String> = Vec::new();
    let mut said: Vec<&str> = Vec::new();
    for field in ["outlet", "author", "published"] {
        let value = article.meta(field).unwrap_or("");
        if !value.trim().is_empty() {
            let value = escaped(value);
            line.push(format!(
                "<span data-field=\"{field}\" dir=\"auto\">{value}</span>"
            ));
            said.push(field);
        }
    }
    let url = record.url();
    if let Some(address) = markup::address(url) {
        line.push(format!(
            "<a href=\"{}\" rel=\"noreferrer\" data-field=\"url\" dir=\"ltr\">{}</a>",
            escaped(&address),
            escaped(url)
        ));
        said.push("url");
    }
    let line = line.join(" · ");
    let _infallible = writeln!(out, "<p class=\"byline\" dir=\"auto\">{line}</p>");
    let mut rest = String::new();
    let others = article.metadata.iter();
    for (field, value) in others.filter(|(field, _)| !said.contains(&field.as_str())) {
        let field = quoted(field);
        let _infallible = writeln!(
            rest,
            "<div><dt dir=\"auto\">{field}</dt><dd dir=\"auto\" data-field=\"{field}\">{}</dd></div>",
            escaped(value)
        );
    }
    if !article.status.is_empty() {
        rest.push_str("<div><dt>Status</dt>");
        for (annotator, status) in &article.status {
            let _infallible = write!(
                rest,
                "<dd data-status=\"{0}\" data-annotator=\"{1}\">{0} ({2})</dd>",
                status.name(),
                quoted(annotator.as_str()),
                escaped(plan.project.annotator_name(annotator))
            );
        }
        rest.push_str("</div>\n");
    }
    if !article.notes.is_empty() {
        let _infallible = writeln!(
            rest,
            "<div><dt>Notes</dt><dd dir=\"auto\" class=\"notes\">{}</dd></div>",
            escaped(&article.notes)
        );
    }
    if !rest.is_empty() {
        let _infallible = writeln!(out, "<dl class=\"about\">\n{rest}</dl>");
    }
}

fn row(
    out: &mut String,
    plan: &Plan<'_>,
    record: &Record<'_>,
    span: &Span<'_>,
    fragment: usize,
    (article, n, class): (usize, usize, usize),
    numbers: &HashMap<&str, usize>,
) {
    let Some(shown) = span.fragments.get(fragment) else {
        return;
    };
    let range = shown.range();
    let _infallible = write!(
        out,
        "<li id=\"a{article}-s{n}\" data-span=\"s{n}\" data-annotation=\"{}\" data-label=\"{}\" data-start=\"{}\" data-end=\"{}\" data-annotator=\"{}\"",
        quoted(&span.id),
        quoted(span.label),
        range.start,
        range.end,
        quoted(&span.annotator),
    );
    let made = span.made();
    if !made.is_empty() {
        let _infallible = write!(out, " data-created=\"{made}\"");
    }
    let changed = span.changed();
    if !changed.is_empty() {
        let _infallible = write!(out, " data-changed=\"{changed}\"");
    }
    if span.fragments.len() > 1 {
        let _infallible = write!(out, " data-fragment=\"{}\"", fragment + 1);
    }
    let title = escaped(plan.label_title(span.label));
    let continued = if fragment > 0 { " (continued)" } else { "" };
    let _infallible = write!(
        out,
        "><b class=\"l{class}\">{title}</b>{continued} <q dir=\"auto\">{}</q>",
        escaped(shown.text)
    );
    if fragment == 0 {
        let name = plan
            .annotators
            .iter()
            .find(|(id, _)| *id == span.annotator)
            .map_or(span.annotator.as_ref(), |(_, name)| name.as_str());
        let _infallible = write!(
            out,
            " <span class=\"meta\"><span class=\"who\">{}</span> ",
            escaped(name)
        );
        for (attribute, value) in &span.attributes {
            let shown = match value.as_ref() {
                AttributeValue::Many(values) => {
                    let values = values.iter();
                    let values: Vec<String> = values
                        .map(|value| format!("<span class=\"value\">{}</span>", escaped(value)))
                        .collect();
                    values.join("; ")
                }
                value => escaped(&record.project.value_text_apart(value)),
            };
            let kind = marked_kind(value).map(|kind| format!(" data-kind=\"{kind}\""));
            let _infallible = write!(
                out,
                "<span class=\"attribute\" data-name=\"{0}\"{1}><i>{0}:</i> <span dir=\"auto\">{shown}</span></span> ",
                quoted(attribute),
                kind.unwrap_or_default(),
            );
        }
        for (role, target) in &span.links {
            let target = numbers.get(target.as_ref());
            let target = target.and_then(|n| record.spans.get(*n));
            if let Some(target) = target {
                let _infallible = write!(
                    out,
                    "<span class=\"link\" data-role=\"{0}\" data-target=\"{1}\"><i>{0}:</i> <span dir=\"auto\">{2}</span></span> ",
                    quoted(role),
                    quoted(&target.id),
                    escaped(&target.joined_text())
                );
            }
        }
        out.push_str("</span>");
        if !span.note.is_empty() {
            let note = escaped(&span.note);
            let _infallible = write!(out, "<span class=\"note\" dir=\"auto\">{note}</span>");
        }
    }
    out.push_str("</li>\n");
}

/// Articles are read back one by one. Each is written so that it is XML as well, which is read five
/// times as fast; the reader finds the same in it.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut stretches = Stretches::open(stored, NAME)?;
    let rules = Rules {
        held: Some(held),
        held_label: Some(held),
        details: proof::Details::All,
        ..Rules::default()
    };
    let broken = || WriteError::Unreadable("the page is cut off".to_owned());
    stretches.through(MAIN, 1)?.ok_or_else(broken)?;
    let next = || {
        let article = stretches.through(END, 1)?;
        if article.is_none() && !stretches.left()?.starts_with(b"</main>") {
            Err(broken())
        } else {
            Ok(article)
        }
    };
    proof::each(plan, progress, next, |planned, article| {
        let unreadable = |what: &dyn std::fmt::Display| {
            WriteError::Unreadable(format!("article {}: {what}", planned.article.id))
        };
        let article = str::from_utf8(&article).map_err(|error| unreadable(&error))?;
        let found = article_of_xml(article).map_err(|error| unreadable(&error))?;
        let found = found.ok_or_else(|| unreadable(&"its text is missing"))?;
        proof::compare(plan, &plan.record(planned)?, &found, rules)
    })
}

/// The text as the page holds it.
pub(crate) fn held(text: &str) -> String {
    if text.chars().all(is_html_char) {
        return text.to_owned();
    }
    let replace = |c| if is_html_char(c) { c } else { '\u{FFFD}' };
    text.chars().map(replace).collect()
}
