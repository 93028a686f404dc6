//! REFI-QDA projects (`.qdpx`, standard 1.5) for MAXQDA, ATLAS.ti, NVivo and QualCoder: a ZIP of
//! `project.qde` and a text for each article.
//!
//! Positions are code points and the end is exclusive, as QualCoder reads and writes them; the
//! standard names only the first and the last character. Texts have `\n`, without a byte-order mark.
//!
//! Metadata are variables of the sources. What the standard has no place for stands in descriptions,
//! as lines that people can read and [`crate::format::formats::refi_qda::read`] takes apart again.

use crate::core::annotation::{AttributeValue, Timestamp};
use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::of_project::of_project;
use crate::format::export::options::Choice;
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::proof::{self, Rules, Stretches};
use crate::format::export::record::{Record, Span};
use crate::format::export::{Progress, Sink, Stored, Written, markup, missing};
use crate::format::formats::refi_qda::read::{Lines as Described, title_of_code};
use crate::format::formats::refi_qda::{KINDS, ORIGIN, TAKEN};
use crate::format::parallel;
use crate::format::time::timestamp_text;
use crate::format::words::article_rows::marked_kind;
use crate::format::words::names::attributes;
use crate::format::words::of_project::OF_PROJECT;
use crate::format::words::values::{CONTINUES, listed_pairs};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;
use std::io::{BufWriter, Read, Write};
use zip::write::{PreparedZipFile, SimpleFileOptions};

pub const FORMAT: Format = Format {
    name: "qdpx",
    aliases: &["refi-qda", "refiqda"],
    title: "REFI-QDA project",
    group: FormatGroup::Analysis,
    shape: Shape::File { extension: "qdpx" },
    offset_unit: "Unicode code points, the end exclusive as QualCoder has it",
    read_by: "MAXQDA, ATLAS.ti, NVivo, QualCoder",
    lacks: &[Part::Nothing, Part::Sets],
    adds: "",
    changes: "a discontinuous annotation is one coding for each fragment, linked as “continues”; metadata are variables of the documents, ids and attributes lines of the memo; control characters become U+FFFD",
    choices: &[&Choice::CRLF],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

/// Deflate's level: three times as fast as the usual one, and a fifth larger.
const QUICK: i64 = 2;
/// The end of a source, on a line of its own.
const END: &[u8] = b"</TextSource>\n";
/// Who made what nobody else did.
const PRESSMARK: &str = "pressmark";
const NAMESPACE: &str = "urn:QDA-XML:project:1.0";
/// Elements need a time; this one stands for “not known”.
const UNKNOWN_TIME: Timestamp = Timestamp::new(0);

/// An id made from what it stands for: the same project gives the same ids. The form is that of a
/// UUID of version 8 (RFC 9562, section 5.8), whose content is free.
pub(super) fn guid(kind: &str, name: &str) -> String {
    let hash = blake3::hash(format!("pressmark {kind} {name}").as_bytes());
    let hex = hash.to_hex();
    let at = |from: usize, to: usize| hex.as_str().get(from..to).unwrap_or("");
    format!(
        "{}-{}-8{}-a{}-{}",
        at(0, 8),
        at(8, 12),
        at(13, 16),
        at(17, 20),
        at(20, 32)
    )
}

fn source_guid(planned: &Planned<'_>) -> String {
    guid("source", planned.article.id.as_str())
}

/// Called as the source is: some readers look for it by that and not by the path.
fn text_name(planned: &Planned<'_>) -> String {
    format!("sources/{}.txt", source_guid(planned))
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    let guids = Guids::new(plan)?;
    // Equal projects give equal bytes: no time of day.
    let options = SimpleFileOptions::default()
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
        .compression_level(Some(QUICK));
    sink.file("project.qdpx", &mut |out| {
        let mut zip = zip::ZipWriter::new(out);
        let zipped = std::io::Error::from;
        zip.start_file("project.qde", options.large_file(true))
            .map_err(zipped)?;
        {
            let mut qde = BufWriter::with_capacity(1 << 18, &mut zip);
            qde.write_all(head(plan, &guids.users).as_bytes())?;
            let mut links = String::new();
            parallel::in_order::<_, _, WriteError>(
                &plan.articles,
                progress,
                |planned| {
                    let record = plan.record(planned)?;
                    let mut counted = Written::default();
                    counted.count(&record);
                    counted.note_fragments(&record);
                    markup::note_replaced(&record, &mut counted.losses);
                    Ok((source(planned, &record, &guids), links_of(&record), counted))
                },
                |_, (source, of_source, counted)| {
                    qde.write_all(source.as_bytes())?;
                    links.push_str(&of_source);
                    written.add(&counted);
                    Ok(())
                },
            )?;
            qde.write_all(b"</Sources>\n")?;
            if !links.is_empty() {
                qde.write_all(b"<Links>\n")?;
                qde.write_all(links.as_bytes())?;
                qde.write_all(b"</Links>\n")?;
            }
            let told = of_project(plan);
            if !told.is_empty() {
                // Readers show it as what is said of the project.
                let told = serde_json::to_string(&told).map_err(std::io::Error::from)?;
                let told = format!("{OF_PROJECT}: {told}");
                writeln!(qde, "<Description>{}</Description>", markup::text(&told))?;
            }
            qde.write_all(b"</Project>\n")?;
            qde.flush()?;
        }
        parallel::in_order::<_, _, WriteError>(
            &plan.articles,
            &mut |_| progress(plan.articles.len()),
            |planned| {
                let mut text = markup::xml_chars(planned.article.text.as_str());
                if plan.options.crlf {
                    text = text.replace('\n', "\r\n").into();
                }
                let name = text_name(planned);
                let packed = PreparedZipFile::from_data(name, options, text.as_bytes());
                Ok(packed.map_err(zipped)?)
            },
            |_, packed| Ok(zip.add_prepared_file(packed).map_err(zipped)?),
        )?;
        zip.finish().map_err(zipped)?;
        Ok(())
    })?;
    Ok(written)
}

/// The ids of what selections refer to.
struct Guids {
    /// Of all who annotated, those of merged annotations among them.
    users: BTreeMap<String, String>,
    codes: BTreeMap<String, String>,
    pressmark: String,
}

impl Guids {
    fn new(plan: &Plan<'_>) -> Result<Self, WriteError> {
        let mut ids: BTreeSet<String> = plan.annotators.iter().map(|(id, _)| id.clone()).collect();
        if plan.options.layers == crate::format::export::options::Layers::Merged {
            for planned in &plan.articles {
                let spans = plan.record(planned)?.spans.into_iter();
                ids.extend(spans.map(|span| span.annotator.into_owned()));
            }
        }
        ids.insert(PRESSMARK.to_owned());
        let with = |kind: &'static str| move |id: String| (id.clone(), guid(kind, &id));
        Ok(Self {
            users: ids.into_iter().map(with("user")).collect(),
            codes: plan.labels.keys().cloned().map(with("code")).collect(),
            pressmark: guid("user", PRESSMARK),
        })
    }

    fn user(&self, annotator: &str) -> &str {
        self.users.get(annotator).unwrap_or(&self.pressmark)
    }

    fn code(&self, label: &str) -> &str {
        self.codes.get(label).map_or("", String::as_str)
    }
}

fn head(plan: &Plan<'_>, users: &BTreeMap<String, String>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let time = timestamp_text(UNKNOWN_TIME);
    let creator = guid("user", PRESSMARK);
    let _infallible = writeln!(
        out,
        "<Project xmlns=\"{NAMESPACE}\" name=\"{}\" origin=\"{ORIGIN} {}\" creatingUserGUID=\"{creator}\" creationDateTime=\"{time}\">",
        markup::attribute(plan.project.name()),
        env!("CARGO_PKG_VERSION"),
    );
    out.push_str("<Users>");
    for (id, guid) in users {
        // The id and not the name: it is what datasets name annotators by.
        let name = markup::attribute(id);
        let _infallible = write!(out, "<User guid=\"{guid}\" name=\"{name}\"/>");
    }
    out.push_str("</Users>\n");
    if !plan.labels.is_empty() {
        codebook(plan, &mut out);
    }
    if !plan.metadata.is_empty() {
        out.push_str("<Variables>");
        for field in &plan.metadata {
            let _infallible = write!(
                out,
                "<Variable guid=\"{}\" name=\"{}\" typeOfVariable=\"Text\"/>",
                guid("variable", field),
                markup::attribute(field)
            );
        }
        out.push_str("</Variables>\n");
    }
    out.push_str("<Sources>\n");
    out
}

fn codebook(plan: &Plan<'_>, out: &mut String) {
    out.push_str("<CodeBook><Codes>");
    for label in plan.labels.keys() {
        let guid = guid("code", label);
        let known = plan.project.codebook().label(label);
        let title = plan.label_title(label);
        let mut description = known
            .map_or("", |known| known.definition.as_str())
            .to_owned();
        // A definition that looks as if it had a name behind it gets one.
        if title != label || title_of_code(&description).1.is_some() {
            let mut lines = Described::default();
            lines.push("name", title);
            description = lines.behind(&description);
        }
        let described = if description.is_empty() {
            String::new()
        } else {
            format!("<Description>{}</Description>", markup::text(&description))
        };
        let _infallible = write!(
            out,
            "<Code guid=\"{guid}\" name=\"{}\" isCodable=\"true\" color=\"#{:06X}\">{described}</Code>",
            markup::attribute(label),
            plan.label_color(label),
        );
    }
    out.push_str("</Codes></CodeBook>\n");
}

fn selection_guid(record: &Record<'_>, span: &str, fragment: usize) -> String {
    guid("selection", &format!("{} {span} {fragment}", record.id))
}

/// A source and its selections on lines of their own, so that it can be read back alone.
fn source(planned: &Planned<'_>, record: &Record<'_>, guids: &Guids) -> String {
    let mut out = String::with_capacity(record.spans.len() * 700 + 512);
    let article = record.article;
    let time = timestamp_text(UNKNOWN_TIME);
    let path = text_name(planned);
    let path = path.strip_prefix("sources/").unwrap_or(&path);
    // A tool may take the name for that of a file.
    let name = match article.title.trim() {
        "" => record.id,
        title => title,
    };
    let mut lines = Described::default();
    lines.push("id", record.id);
    if article.title.trim().is_empty() {
        lines.push("title", "");
    }
    for (annotator, status) in &article.status {
        lines.push(&format!("status of {annotator}"), status.name());
    }
    let _infallible = writeln!(
        out,
        "<TextSource guid=\"{}\" name=\"{}\" plainTextPath=\"internal://{path}\" creatingUser=\"{}\" creationDateTime=\"{time}\"><Description>{}</Description>",
        source_guid(planned),
        markup::attribute(name),
        guids.pressmark,
        markup::text(&lines.before(&article.notes)),
    );
    for span in &record.spans {
        let user = guids.user(&span.annotator);
        let made = timestamp_text(span.annotation.made.unwrap_or(UNKNOWN_TIME));
        let mut times = format!("creatingUser=\"{user}\" creationDateTime=\"{made}\"");
        let changed = span.changed();
        if !changed.is_empty() {
            let _infallible = write!(
                times,
                " modifyingUser=\"{user}\" modifiedDateTime=\"{changed}\""
            );
        }
        let code = guids.code(span.label);
        for (n, fragment) in span.fragments.iter().enumerate() {
            let range = fragment.range();
            let shown: String = fragment.text.chars().take(80).collect();
            let guid_of = selection_guid(record, &span.id, n);
            let coding = guid("coding", &guid_of);
            let _infallible = writeln!(
                out,
                "<PlainTextSelection guid=\"{guid_of}\" name=\"{}\" startPosition=\"{}\" endPosition=\"{}\" {times}><Description>{}</Description><Coding guid=\"{coding}\" creatingUser=\"{user}\" creationDateTime=\"{made}\"><CodeRef targetGUID=\"{code}\"/></Coding></PlainTextSelection>",
                markup::attribute(&shown.replace(['\n', '\t'], " ")),
                range.start,
                range.end,
                markup::text(&described(record, span, n)),
            );
        }
    }
    for (field, value) in &article.metadata {
        let _infallible = writeln!(
            out,
            "<VariableValue><VariableRef targetGUID=\"{}\"/><TextValue>{}</TextValue></VariableValue>",
            guid("variable", field),
            markup::text(value)
        );
    }
    out.push_str("</TextSource>\n");
    out
}

/// The note, and lines with the id and the attributes.
fn described(record: &Record<'_>, span: &Span<'_>, fragment: usize) -> String {
    let mut lines = Described::default();
    lines.push("id", &span.id);
    if fragment > 0 {
        lines.push("fragment", &(fragment + 1).to_string());
        return lines.behind("");
    }
    let mut kinds: Vec<(String, &str)> = Vec::new();
    for (name, value) in &span.attributes {
        let name = attributes(TAKEN).escaped(name);
        match value.as_ref() {
            AttributeValue::Many(values) => lines.push_list(&name, values),
            value => {
                lines.push(&name, &record.project.value_text_apart(value));
                kinds.extend(marked_kind(value).map(|kind| (name, kind)));
            }
        }
    }
    if !kinds.is_empty() {
        let kinds = kinds.iter().map(|(name, kind)| (name.as_str(), *kind));
        lines.push(KINDS, &listed_pairs(kinds));
    }
    lines.behind(&span.note)
}

fn links_of(record: &Record<'_>) -> String {
    let mut out = String::new();
    let mut add = |from: &str, to: &str, role: &str| {
        let _infallible = writeln!(
            out,
            "<Link guid=\"{}\" name=\"{}\" direction=\"OneWay\" originGUID=\"{from}\" targetGUID=\"{to}\"/>",
            guid("link", &format!("{from} {to} {role}")),
            markup::attribute(role)
        );
    };
    for span in &record.spans {
        for n in 1..span.fragments.len() {
            let (from, to) = (n - 1, n);
            add(
                &selection_guid(record, &span.id, from),
                &selection_guid(record, &span.id, to),
                CONTINUES,
            );
        }
        let mut seen = HashSet::new();
        for (role, target) in &span.links {
            if !seen.insert((role, target)) {
                continue;
            }
            add(
                &selection_guid(record, &span.id, 0),
                &selection_guid(record, target, 0),
                role,
            );
        }
    }
    out
}

/// Sources are read back one by one: each as a project with the same codes and users.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let name = "project.qdpx";
    let open = || stored.open(name).map_err(|error| missing(name, &error));
    let zipped = |error: zip::result::ZipError| WriteError::Unreadable(error.to_string());
    let mut texts = zip::ZipArchive::new(open()?).map_err(zipped)?;
    let mut archive = zip::ZipArchive::new(open()?).map_err(zipped)?;
    let member = archive.by_name("project.qde").map_err(zipped)?;
    let mut stretches = Stretches::of(member);
    let head = stretches.through(b"<Sources>\n", 1)?;
    let head = head.ok_or_else(|| WriteError::Unreadable("there are no sources".to_owned()))?;
    let rules = Rules {
        held: Some(markup::held),
        held_label: Some(markup::held),
        crlf: plan.options.crlf,
        details: proof::Details::NotLinks,
        ..Rules::default()
    };
    let mut articles = plan.articles.iter();
    let next = || {
        let Some(mut source) = stretches.through(END, 1)? else {
            return Ok(None);
        };
        source.truncate(source.len() - END.len());
        let packed = match articles.next() {
            Some(planned) => Packed::of(&mut texts, &text_name(planned))?,
            None => Packed::default(),
        };
        Ok(Some((source, packed)))
    };
    let as_file = |_: &Planned<'_>, (source, packed): (Vec<u8>, Packed)| {
        // The reader finds the text within the source instead of beside the project.
        let mut within = String::from("<PlainTextContent>");
        markup::push_text(&mut within, &packed.text()?);
        within.push_str("</PlainTextContent></TextSource></Sources></Project>");
        Ok([&head, &source, within.as_bytes()].concat())
    };
    proof::pieces(
        plan,
        progress,
        &super::read::READER,
        "project.qde",
        rules,
        next,
        as_file,
    )
}

/// A text as it stands in the archive, to be unpacked on any core.
#[derive(Default)]
struct Packed {
    name: String,
    bytes: Vec<u8>,
    is_deflated: bool,
    size: u64,
    crc32: u32,
}

impl Packed {
    fn of<R: Read + std::io::Seek>(
        archive: &mut zip::ZipArchive<R>,
        name: &str,
    ) -> Result<Self, WriteError> {
        let zipped =
            |error: zip::result::ZipError| WriteError::Unreadable(format!("{name}: {error}"));
        let mut member = archive.by_name_raw(name.as_bytes()).map_err(zipped)?;
        let mut packed = Self {
            name: name.to_owned(),
            bytes: Vec::new(),
            is_deflated: member.compression() == zip::CompressionMethod::Deflated,
            size: member.size(),
            crc32: member.crc32(),
        };
        member.read_to_end(&mut packed.bytes)?;
        Ok(packed)
    }

    fn text(&self) -> Result<String, WriteError> {
        let broken = || WriteError::Unreadable(format!("{} is damaged", self.name));
        let mut text = String::new();
        let bytes = self.bytes.as_slice();
        let read = if self.is_deflated {
            flate2::read::DeflateDecoder::new(bytes).read_to_string(&mut text)
        } else {
            let mut bytes = bytes;
            bytes.read_to_string(&mut text)
        };
        let is_whole = read.is_ok_and(|size| size as u64 == self.size);
        if is_whole && crc32fast::hash(text.as_bytes()) == self.crc32 {
            Ok(text)
        } else {
            Err(broken())
        }
    }
}
