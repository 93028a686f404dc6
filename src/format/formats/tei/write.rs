//! TEI P5 with standoff annotation: a file for each article, empty anchors in the text and spans
//! between them, so that any overlap can stand and the text stays as it is (Guidelines, 16.10). No
//! offsets. What is said of annotations are feature structures; of articles, the header.

use crate::core::annotation::AttributeValue;
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::plan::Plan;
use crate::format::export::proof;
use crate::format::export::record::{Record, Span};
use crate::format::export::{Progress, Sink, Stored, Written, markup};
use crate::format::formats::tei::{APPLICATION, FEATURES, UNTITLED};
use crate::format::words::article_rows::{NUMBER, marked_kind};
use crate::format::words::names::attributes;
use std::collections::HashMap;
use std::fmt::Write as _;

pub const FORMAT: Format = Format {
    name: "tei",
    aliases: &["tei-p5"],
    title: "TEI P5 standoff",
    group: FormatGroup::Exchange,
    shape: Shape::Folder { main: "" },
    offset_unit: "none: anchors stand in the text",
    read_by: "archives and editions",
    lacks: &[Part::Nothing, Part::Sets, Part::OfProject],
    adds: "",
    changes: "annotations stand apart from the text; a discontinuous one is a span for each fragment, which point to each other; metadata without an element of their own are notes in the header; control characters become U+FFFD",
    choices: &[],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let encoding = encoding(plan);
    plan.write_each(
        progress,
        |record, counted| {
            counted.note_fragments(record);
            markup::note_replaced(record, &mut counted.losses);
            Ok(document(plan, record, &encoding))
        },
        |planned, document| sink.put(&format!("{}.xml", planned.file_stem), document.as_bytes()),
    )
}

fn document(plan: &Plan<'_>, record: &Record<'_>, encoding: &str) -> String {
    let mut out = String::with_capacity(record.text().len() * 3 + encoding.len());
    out.push_str(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\n<teiHeader>\n",
    );
    file(&mut out, record);
    out.push_str(encoding);
    let language = record.article.meta("language");
    if let Some(language) = language.filter(|value| is_language(value)) {
        let _infallible = writeln!(
            out,
            "<profileDesc><langUsage><language ident=\"{language}\">{language}</language></langUsage></profileDesc>",
        );
    }
    out.push_str("</teiHeader>\n");
    stand_off(&mut out, plan, record);
    out.push_str("<text><body><ab xml:space=\"preserve\">");
    // Anchors by their place: at one place ends come before starts.
    let mut anchors: Vec<(usize, bool, String)> = Vec::new();
    for (n, span) in record.spans.iter().enumerate() {
        for (f, fragment) in span.fragments.iter().enumerate() {
            let bytes = fragment.bytes.as_usize();
            anchors.push((bytes.start, true, format!("{}-b", fragment_id(n, f))));
            anchors.push((bytes.end, false, format!("{}-e", fragment_id(n, f))));
        }
    }
    anchors.sort_by_key(|(at, starts, _)| (*at, *starts));
    let mut at = 0;
    for (byte, _, id) in anchors {
        markup::push_text(&mut out, record.text().get(at..byte).unwrap_or(""));
        let _infallible = write!(out, "<anchor xml:id=\"{id}\"/>");
        at = byte;
    }
    markup::push_text(&mut out, record.text().get(at..).unwrap_or(""));
    out.push_str("</ab></body></text>\n</TEI>\n");
    out
}

fn fragment_id(span: usize, fragment: usize) -> String {
    match fragment {
        0 => format!("s{}", span + 1),
        f => format!("s{}.{}", span + 1, f + 1),
    }
}

/// An element with text; it says so when its white space is more than single spaces in it.
fn element(out: &mut String, name: &str, attributes: &[(&str, &str)], value: &str) {
    let _infallible = write!(out, "<{name}");
    for (attribute, value) in attributes {
        let _infallible = write!(out, " {attribute}=\"");
        markup::push_attribute(out, value);
        out.push('"');
    }
    if !is_folded(value) {
        out.push_str(" xml:space=\"preserve\"");
    }
    if value.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    markup::push_text(out, value);
    let _infallible = write!(out, "</{name}>");
}

/// Whether folding white space leaves a text as it is.
fn is_folded(text: &str) -> bool {
    let mut is_space = true;
    for c in text.chars() {
        if c.is_whitespace() && (c != ' ' || is_space) {
            return false;
        }
        is_space = c.is_whitespace();
    }
    text.is_empty() || !is_space
}

/// `teidata.temporal.w3c`: a year, month or day, or a day with a time.
fn is_w3c_date(text: &str) -> bool {
    let digits = |part: &str, length: usize| {
        let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<i16>().unwrap_or(0))
    };
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let numbers = parts
        .iter()
        .enumerate()
        .map(|(n, part)| digits(part, if n == 0 { 4 } else { 2 }));
    let Some(numbers) = numbers.collect::<Option<Vec<i16>>>() else {
        return false;
    };
    let is_day = match *numbers.as_slice() {
        [year] => return year > 0 && time.is_none(),
        [year, month] => return year > 0 && (1..=12).contains(&month) && time.is_none(),
        [year, month, day] => {
            year > 0 && jiff::civil::Date::new(year, month as i8, day as i8).is_ok()
        }
        _ => false,
    };
    let Some(time) = time else {
        return is_day;
    };
    let (time, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at_checked(at).unwrap_or((time, "")),
        None => (time, ""),
    };
    let is_zone = zone.is_empty()
        || zone == "Z"
        || zone
            .get(1..)
            .and_then(|zone| zone.split_once(':'))
            .and_then(|(hours, minutes)| digits(hours, 2).zip(digits(minutes, 2)))
            .is_some_and(|(hours, minutes)| hours < 14 && minutes < 60);
    let (time, part) = time.split_once('.').unwrap_or((time, "0"));
    let times: Vec<Option<i16>> = time.split(':').map(|part| digits(part, 2)).collect();
    let is_time = matches!(*times.as_slice(), [Some(hour), Some(minute), Some(second)]
        if hour < 24 && minute < 60 && second < 60);
    let is_part = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_day && is_zone && is_time && is_part
}

/// `teidata.language`: a tag as BCP 47 has them.
fn is_language(text: &str) -> bool {
    text.split('-').enumerate().all(|(n, part)| {
        let is_plain = |byte: u8| match n {
            0 => byte.is_ascii_alphabetic(),
            _ => byte.is_ascii_alphanumeric(),
        };
        (1..=8).contains(&part.len()) && part.bytes().all(is_plain)
    })
}

/// Where an article comes from, and what is said of it. What has no element of its own is a note
/// that names its field.
fn file(out: &mut String, record: &Record<'_>) {
    let article = record.article;
    out.push_str("<fileDesc><titleStmt>");
    if article.title.trim().is_empty() {
        // A title statement has a title.
        element(out, "title", &[("type", UNTITLED)], article.display_title());
    } else {
        element(out, "title", &[], &article.title);
    }
    let mut said: Vec<&str> = Vec::new();
    if let Some(authors) = article.meta("author")
        && authors.split("; ").all(|author| !author.is_empty())
    {
        for author in authors.split("; ") {
            element(out, "author", &[], author);
        }
        said.push("author");
    }
    out.push_str(
        "</titleStmt>\n<publicationStmt><publisher>Pressmark</publisher></publicationStmt>\n",
    );
    if !article.notes.is_empty() || !article.status.is_empty() {
        out.push_str("<notesStmt>");
        if !article.notes.is_empty() {
            element(out, "note", &[("type", "article")], &article.notes);
        }
        for (annotator, status) in &article.status {
            let attributes = [("type", "status"), ("n", annotator.as_str())];
            element(out, "note", &attributes, status.name());
        }
        out.push_str("</notesStmt>\n");
    }
    out.push_str("<sourceDesc><bibl>");
    if let Some(outlet) = article.meta("outlet").filter(|value| !value.is_empty()) {
        element(out, "publisher", &[], outlet);
        said.push("outlet");
    }
    if let Some(published) = article.meta("published").filter(|value| !value.is_empty()) {
        let when = [("when", published)];
        let when = when.get(usize::from(!is_w3c_date(published))..);
        element(out, "date", when.unwrap_or_default(), published);
        said.push("published");
    }
    element(out, "idno", &[], record.id);
    let url = record.url();
    if let Some(target) = markup::address(url) {
        element(out, "ref", &[("target", &target)], "");
        if target == url {
            said.push("url");
        }
    }
    if article.meta("language").is_some_and(is_language) {
        said.push("language");
    }
    for (field, value) in &article.metadata {
        if !said.contains(&field.as_str()) {
            let attributes = [("type", "metadata"), ("n", field.as_str())];
            element(out, "note", &attributes, value);
        }
    }
    out.push_str("</bibl></sourceDesc></fileDesc>\n");
}

/// What made the file, the labels, and features whose names are written in another form: the same
/// in every file.
fn encoding(plan: &Plan<'_>) -> String {
    let mut out = format!(
        "<encodingDesc><appInfo><application ident=\"{APPLICATION}\" version=\"{}\"><label>Pressmark</label></application></appInfo>\n<classDecl><taxonomy xml:id=\"labels\">",
        env!("CARGO_PKG_VERSION")
    );
    for label in plan.labels.keys() {
        let known = plan.project.codebook().label(label);
        let _infallible = write!(out, "\n<category xml:id=\"{}\"", label_id(plan, label));
        if let Some(known) = known {
            let _infallible = write!(out, " style=\"color: #{:06x}\"", known.color);
        }
        let definition = known.map_or("", |l| l.definition.as_str());
        out.push_str("><catDesc");
        if !is_folded(definition) {
            out.push_str(" xml:space=\"preserve\"");
        }
        out.push('>');
        element(&mut out, "term", &[], label);
        let title = plan.label_title(label);
        if title != label {
            out.push(' ');
            element(&mut out, "gloss", &[], title);
        }
        if !definition.is_empty() {
            out.push(' ');
            markup::push_text(&mut out, definition);
        }
        out.push_str("</catDesc></category>");
    }
    if plan.labels.is_empty() {
        out.push_str("<desc>no labels</desc>");
    }
    out.push_str("</taxonomy></classDecl>");
    let changed = plan.attributes.iter().filter(|(name, safe)| name != safe);
    let mut declared = String::new();
    for (name, safe) in changed {
        let safe = attributes(FEATURES).escaped(safe);
        let _infallible = write!(declared, "<fDecl name=\"{safe}\">");
        element(&mut declared, "fDescr", &[], name);
        declared.push_str("<vRange><string/></vRange></fDecl>");
    }
    if !declared.is_empty() {
        let _infallible = write!(
            out,
            "\n<fsdDecl><fsDecl type=\"annotation\">{declared}</fsDecl></fsdDecl>"
        );
    }
    out.push_str("</encodingDesc>\n");
    out
}

fn label_id(plan: &Plan<'_>, label: &str) -> String {
    format!("label-{}", plan.safe_label(label))
}

fn stand_off(out: &mut String, plan: &Plan<'_>, record: &Record<'_>) {
    if record.spans.is_empty() {
        return;
    }
    let numbers: HashMap<&str, usize> = record
        .spans
        .iter()
        .enumerate()
        .map(|(n, span)| (span.id.as_ref(), n))
        .collect();
    out.push_str("<standOff>\n<spanGrp type=\"annotations\">\n");
    for (n, span) in record.spans.iter().enumerate() {
        for f in 0..span.fragments.len() {
            let id = fragment_id(n, f);
            let _infallible = write!(
                out,
                "<span xml:id=\"{id}\" from=\"#{id}-b\" to=\"#{id}-e\" ana=\"#{}",
                label_id(plan, span.label)
            );
            if f == 0 {
                let _infallible = write!(out, " #fs-{id}");
            }
            out.push('"');
            if f > 0 {
                let _infallible = write!(out, " prev=\"#{}\"", fragment_id(n, f - 1));
            }
            if f + 1 < span.fragments.len() {
                let _infallible = write!(out, " next=\"#{}\"", fragment_id(n, f + 1));
            }
            let targets: Vec<String> = span
                .links
                .iter()
                .filter_map(|(_, target)| numbers.get(target.as_ref()))
                .map(|number| format!("#{}", fragment_id(*number, 0)))
                .collect();
            if f == 0 && !targets.is_empty() {
                let _infallible = write!(out, " corresp=\"{}\"", targets.join(" "));
            }
            out.push_str("/>\n");
        }
    }
    out.push_str("</spanGrp>\n");
    for (n, span) in record.spans.iter().enumerate() {
        features(out, plan, record, span, n);
    }
    out.push_str("</standOff>\n");
}

fn features(out: &mut String, plan: &Plan<'_>, record: &Record<'_>, span: &Span<'_>, n: usize) {
    let _infallible = write!(
        out,
        "<fs xml:id=\"fs-{}\" type=\"annotation\">",
        fragment_id(n, 0)
    );
    feature(out, "id", &span.id);
    feature(out, "annotator", &span.annotator);
    let told = [
        ("created", span.made()),
        ("changed", span.changed()),
        ("note", span.note.to_string()),
        ("links", span.links_text()),
    ];
    for (name, value) in told.iter().filter(|(_, value)| !value.is_empty()) {
        feature(out, name, value);
    }
    for (name, value) in &span.attributes {
        let name = attributes(FEATURES).escaped(plan.safe_attribute(name));
        match value.as_ref() {
            AttributeValue::Many(values) => {
                let _infallible = write!(out, "<f name=\"{name}\"><vColl org=\"list\">");
                for value in values {
                    element(out, "string", &[], value);
                }
                out.push_str("</vColl></f>");
            }
            value if marked_kind(value) == Some(NUMBER) => {
                let _infallible = write!(
                    out,
                    "<f name=\"{name}\"><numeric value=\"{}\"/></f>",
                    value.to_text()
                );
            }
            AttributeValue::Bool(value) => {
                let _infallible = write!(out, "<f name=\"{name}\"><binary value=\"{value}\"/></f>");
            }
            value => feature(out, &name, &record.project.value_text_apart(value)),
        }
    }
    out.push_str("</fs>\n");
}

fn feature(out: &mut String, name: &str, value: &str) {
    let _infallible = write!(out, "<f name=\"{name}\">");
    element(out, "string", &[], value);
    out.push_str("</f>");
}

pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    proof::xml(plan, stored, progress, &super::read::READER, "xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_tei_takes() {
        for date in [
            "2026",
            "2026-03",
            "2026-03-01",
            "2026-03-01T10:00:00Z",
            "2026-03-01T10:00:00.5+01:00",
        ] {
            assert!(is_w3c_date(date), "{date}");
        }
        for date in [
            "in May",
            "2026-13",
            "2026-02-30",
            "2026-03-01T10:00",
            "2026-03-01T",
            "01/03/2026",
            "0000",
            "2026T10:00:00",
            "",
            "2026-03-01 ",
        ] {
            assert!(!is_w3c_date(date), "{date}");
        }
        for (language, expected) in [
            ("en", true),
            ("pt-BR", true),
            ("zh-Hant-TW", true),
            ("", false),
            ("English (UK)", false),
            ("de_DE", false),
            ("1a", false),
        ] {
            assert_eq!(is_language(language), expected, "{language}");
        }
        for (text, expected) in [
            ("", true),
            ("a b", true),
            (" a", false),
            ("a ", false),
            ("a  b", false),
            ("a\nb", false),
            ("a\u{2028}b", false),
            (" ", false),
        ] {
            assert_eq!(is_folded(text), expected, "{text:?}");
        }
    }
}
