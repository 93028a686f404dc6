//! REFI-QDA projects (.qdpx, .qde) and codebooks (.qdc) of MAXQDA, ATLAS.ti, NVivo and QualCoder.
//!
//! Positions are code points; the end is exclusive, as QualCoder reads it (standard 1.5).
//!
//! Projects that Pressmark wrote carry in descriptions what the standard has no place for, as
//! `Lines`, and come back exactly.

use crate::core::annotation::{AttributeValue, Timestamp};
use crate::core::article::Status;
use crate::format::formats::refi_qda::{KINDS, ORIGIN, TAKEN};
use crate::format::reading::archive::Archive;
use crate::format::reading::carried::join;
use crate::format::reading::decode;
use crate::format::reading::left_out::Thing;
use crate::format::reading::xml::{parse_xml, thin_xml};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, FoundLabel, Head, Likelihood, MAX_UNPACKED_BYTES,
    ReadOptions, Reader, ReaderGroup, Reading, Refusal, Siblings, Source,
};
use crate::format::time::timestamp_from;
use crate::format::words::article_rows::{NUMBER, YES_NO, marked_value};
use crate::format::words::names::attributes;
use crate::format::words::of_project::OF_PROJECT;
use crate::format::words::values::{listed_links, percent_decoded};
use roxmltree::{Document, Node};
use std::collections::HashMap;

pub const READER: Reader = Reader {
    name: "refi-qda",
    title: "REFI-QDA project",
    group: ReaderGroup::Dataset,
    extensions: &["qdpx", "qde", "qdc"],
    recognise,
    read,
};

pub(super) const NAMESPACE: &str = "urn:QDA-XML:";

fn recognise(head: &Head<'_>) -> Likelihood {
    if head.text.contains(NAMESPACE) {
        return Likelihood::Sure;
    }
    if !head.source.bytes.starts_with(b"PK\x03\x04") {
        return Likelihood::No;
    }
    let archive = Archive::open(head.source.bytes, MAX_UNPACKED_BYTES);
    Likelihood::Sure
        .when(archive.is_ok_and(|archive| archive.names().any(|name| name.ends_with(".qde"))))
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    if !source.bytes.starts_with(b"PK\x03\x04") {
        let (text, remark) = thin_xml(source.bytes)?;
        let mut reading = project(&parse_xml(&text)?, source.siblings)?;
        reading.remarks.extend(remark);
        return Ok(reading);
    }
    let archive = Archive::open(source.bytes, &options.budget)?;
    let name = archive
        .names()
        .find(|name| name.ends_with(".qde"))
        .map(str::to_owned);
    let name = name.ok_or_else(|| Refusal::new("there is no project (.qde) in this archive"))?;
    let bytes = archive.member(&name)?;
    let (text, remark) = thin_xml(&bytes)?;
    let mut reading = project(&parse_xml(&text)?, &archive)?;
    reading.remarks.extend(remark);
    Ok(reading)
}

/// Lines in a description: `name: value`. Further lines of a value begin with a tab; a list is
/// `name:` with an item on each line behind it, after `- `. So no line is empty, and an empty line
/// stands between them and free text.
#[derive(Debug, Default)]
pub(crate) struct Lines(String);

impl Lines {
    fn push_name(&mut self, name: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        for (at, c) in name.char_indices() {
            match c {
                '%' | ':' | '\n' | '\r' => self.0.push_str(&format!("%{:02X}", u32::from(c))),
                '-' | '\t' if at == 0 => self.0.push_str(&format!("%{:02X}", u32::from(c))),
                c => self.0.push(c),
            }
        }
        self.0.push(':');
    }

    fn push_value(&mut self, value: &str) {
        self.0.push_str(&value.replace('\n', "\n\t"));
    }

    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.push_name(name);
        self.0.push(' ');
        self.push_value(value);
    }

    pub(crate) fn push_list(&mut self, name: &str, values: &[String]) {
        self.push_name(name);
        for value in values {
            self.0.push_str("\n- ");
            self.push_value(value);
        }
    }

    /// The lines with free text before them.
    pub(crate) fn behind(&self, text: &str) -> String {
        match text {
            "" => self.0.clone(),
            text => format!("{text}\n\n{}", self.0),
        }
    }

    /// The lines with free text behind them.
    pub(crate) fn before(&self, text: &str) -> String {
        match text {
            "" => self.0.clone(),
            text => format!("{}\n\n{text}", self.0),
        }
    }
}

/// What `Lines` say; `None` for other text.
fn said(lines: &str) -> Option<Vec<(String, AttributeValue)>> {
    let mut all: Vec<(String, AttributeValue)> = Vec::new();
    for line in lines.split('\n') {
        if let Some(more) = line.strip_prefix('\t') {
            let value = match &mut all.last_mut()?.1 {
                AttributeValue::Text(text) => text,
                AttributeValue::Many(values) => values.last_mut()?,
                _ => return None,
            };
            value.push('\n');
            value.push_str(more);
        } else if let Some(item) = line.strip_prefix("- ") {
            let AttributeValue::Many(values) = &mut all.last_mut()?.1 else {
                return None;
            };
            values.push(item.to_owned());
        } else {
            let (name, value) = line.split_once(':')?;
            let value = match value.strip_prefix(' ') {
                Some(value) => AttributeValue::Text(value.to_owned()),
                None if value.is_empty() => AttributeValue::Many(Vec::new()),
                None => return None,
            };
            all.push((percent_decoded(name), value));
        }
    }
    Some(all)
}

/// Free text and the `Lines` behind it, which begin with a line of this name.
pub(super) fn parted<'t>(
    text: &'t str,
    first: &str,
) -> (&'t str, Option<Vec<(String, AttributeValue)>>) {
    let (free, lines) = text.rsplit_once("\n\n").unwrap_or(("", text));
    let begins =
        |all: &Vec<(String, AttributeValue)>| all.first().is_some_and(|(name, _)| name == first);
    match said(lines).filter(begins) {
        Some(lines) => (free, Some(lines)),
        None => (text, None),
    }
}

/// The definition of a code, and its name for people when that is another.
pub(crate) fn title_of_code(description: &str) -> (&str, Option<String>) {
    let (definition, lines) = parted(description, "name");
    let title = lines.filter(|lines| lines.len() == 1);
    match title.and_then(|lines| lines.into_iter().next()) {
        Some((_, AttributeValue::Text(title))) => (definition, Some(title)),
        _ => (description, None),
    }
}

/// Ids with and without braces are the same, in any case.
fn id_of(value: &str) -> String {
    value.trim_matches(['{', '}']).to_lowercase()
}

pub(super) fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children()
        .find(|child| child.tag_name().name() == name)
}

/// What ids stand for.
#[derive(Default)]
struct Names {
    /// Pressmark wrote the project.
    is_own: bool,
    codes: HashMap<String, String>,
    users: HashMap<String, String>,
    variables: HashMap<String, String>,
    /// The ids that selections carry in Pressmark's own projects.
    carried: HashMap<String, String>,
}

/// Gives links to the annotations that they begin at.
fn add_links(document: &Document<'_>, articles: &mut [FoundArticle], names: &Names) {
    let is_link = |node: &Node<'_, '_>| node.tag_name().name() == "Link";
    let mut places: HashMap<String, (usize, usize)> = HashMap::new();
    for (i, article) in articles.iter().enumerate() {
        for (k, annotation) in article.annotations.iter().enumerate() {
            places.entry(annotation.id.clone()).or_insert((i, k));
        }
    }
    for link in document.descendants().filter(is_link) {
        let end = |name: &str| link.attribute(name).map(id_of);
        let (Some(from), Some(to)) = (end("originGUID"), end("targetGUID")) else {
            continue;
        };
        let role = link.attribute("name");
        let role = role
            .filter(|name| names.is_own || !name.is_empty())
            .unwrap_or("linked");
        if let Some((i, k)) = places.get(&from)
            && let Some(article) = articles.get_mut(*i)
            && let Some(annotation) = article.annotations.get_mut(*k)
        {
            annotation.links.push((role.to_owned(), to));
        }
    }
    // Earlier versions wrote no ids.
    let has_ids = names.is_own && !names.carried.is_empty();
    for article in articles {
        if !has_ids {
            join(&mut article.annotations);
            continue;
        }
        for annotation in &mut article.annotations {
            // Links to later fragments lead to no annotation.
            annotation.links.retain_mut(|(_, to)| {
                let id = names.carried.get(to);
                if let Some(id) = id {
                    to.clone_from(id);
                }
                id.is_some()
            });
            if let Some(id) = names.carried.get(&annotation.id) {
                annotation.id.clone_from(id);
            }
        }
    }
}

fn project(document: &Document<'_>, files: &dyn Siblings) -> Result<Reading, Refusal> {
    let mut reading = Reading::default();
    let mut names = Names {
        is_own: document
            .root_element()
            .attribute("origin")
            .is_some_and(|origin| origin.starts_with(ORIGIN)),
        ..Names::default()
    };
    for node in document.descendants() {
        let id = node.attribute("guid").map(id_of).unwrap_or_default();
        match node.tag_name().name() {
            "Code" => {
                // Codes stand in codes; their path tells two of one name apart.
                let above = node
                    .ancestors()
                    .skip(1)
                    .filter(|a| a.tag_name().name() == "Code");
                let mut path: Vec<&str> = above.filter_map(|a| a.attribute("name")).collect();
                path.reverse();
                path.extend(node.attribute("name"));
                let name = path.join(" > ");
                let color = node
                    .attribute("color")
                    .and_then(|c| u32::from_str_radix(c.trim_start_matches('#'), 16).ok());
                let description = child(node, "Description").and_then(|d| d.text());
                let description = description.unwrap_or_default();
                let (definition, title) = if names.is_own {
                    title_of_code(description)
                } else {
                    (description, None)
                };
                reading.labels.push(FoundLabel {
                    name: name.clone(),
                    title: title.unwrap_or_default(),
                    definition: definition.to_owned(),
                    color: color.filter(|color| *color <= 0xFF_FFFF),
                });
                names.codes.insert(id, name);
            }
            "User" => {
                let name = node.attribute("name").unwrap_or_default().to_owned();
                names.users.insert(id, name);
            }
            "Variable" => {
                let name = node.attribute("name").unwrap_or_default().to_owned();
                names.variables.insert(id, name);
            }
            _ => {}
        }
    }
    let mut others: HashMap<&str, usize> = HashMap::new();
    for node in document.descendants() {
        match node.tag_name().name() {
            "TextSource" => match text_source(node, files, &mut names) {
                Ok(article) => reading.articles.push(article),
                Err(Refusal(reason)) => reading.remarks.push(reason),
            },
            kind @ ("PDFSource" | "PictureSource" | "AudioSource" | "VideoSource") => {
                *others.entry(kind).or_default() += 1;
            }
            _ => {}
        }
    }
    add_links(document, &mut reading.articles, &names);
    if let Some(first) = reading.articles.first_mut().filter(|_| names.is_own) {
        let told = child(document.root_element(), "Description").and_then(|d| d.text());
        let told = told.and_then(|told| told.strip_prefix(OF_PROJECT)?.strip_prefix(": "));
        first.of_project = told.and_then(|told| serde_json::from_str(told).ok());
    }
    let mut others: Vec<_> = others.into_iter().collect();
    others.sort_unstable();
    for (kind, n) in others {
        reading.remarks.push(format!(
            "{n} sources that are no plain text were left out ({kind})"
        ));
    }
    if reading.articles.is_empty() && reading.remarks.is_empty() && !reading.labels.is_empty() {
        reading
            .remarks
            .push("this is a codebook without articles".to_owned());
    }
    Ok(reading)
}

/// A source's text: within the file, in the archive, or beside it.
fn text_of(node: Node<'_, '_>, files: &dyn Siblings) -> Option<String> {
    if let Some(content) = child(node, "PlainTextContent") {
        return content.text().map(str::to_owned);
    }
    let path = node.attribute("plainTextPath")?;
    let name = path
        .strip_prefix("internal://")
        .unwrap_or(path)
        .rsplit(['/', '\\'])
        .next()?;
    let bytes = ["sources", "Sources", ""]
        .iter()
        .find_map(|folder| match *folder {
            "" => files.read(name),
            folder => files.read(&format!("{folder}/{name}")),
        })?;
    // Positions count the text without its mark.
    decode::decode(&bytes).map(|decoded| decoded.text)
}

fn text_source(
    node: Node<'_, '_>,
    files: &dyn Siblings,
    names: &mut Names,
) -> Result<FoundArticle, Refusal> {
    let name = node.attribute("name").unwrap_or_default();
    let text = text_of(node, files).ok_or_else(|| {
        Refusal::new(format!(
            "the plain text of “{name}” is not in the project, so it was left out"
        ))
    })?;
    let mut article = FoundArticle {
        id: node.attribute("guid").map(id_of).unwrap_or_default(),
        title: name.to_owned(),
        text,
        ..FoundArticle::default()
    };
    let description = child(node, "Description").and_then(|d| d.text());
    let is_described = names.is_own && description.is_some_and(|text| describe(&mut article, text));
    if let Some(description) = description.filter(|_| !is_described) {
        for line in description.lines() {
            match line.split_once(": ") {
                Some(("id", id)) => id.clone_into(&mut article.id),
                Some(("source", url)) if url.starts_with("http") => {
                    drop(article.metadata.insert("url".to_owned(), url.to_owned()));
                }
                Some((key, value)) if key.len() < 40 => {
                    drop(article.metadata.insert(key.to_owned(), value.to_owned()));
                }
                _ => {
                    article.notes.push_str(line);
                    article.notes.push('\n');
                }
            }
        }
    }
    for value in node
        .children()
        .filter(|child| child.tag_name().name() == "VariableValue")
    {
        let name =
            child(value, "VariableRef").and_then(|variable| variable.attribute("targetGUID"));
        let name = name.and_then(|id| names.variables.get(&id_of(id)));
        let told = value.children().find(|part| {
            let name = part.tag_name().name();
            name.ends_with("Value")
        });
        if let (Some(name), Some(told)) = (name, told) {
            let text = told.text().unwrap_or_default();
            if names.is_own || !text.is_empty() {
                article.metadata.insert(name.clone(), text.to_owned());
            }
        }
    }
    // Where the annotations are whose further fragments may come.
    let mut heads: HashMap<String, usize> = HashMap::new();
    for selection in node
        .children()
        .filter(|child| child.tag_name().name() == "PlainTextSelection")
    {
        let position = |name: &str| {
            selection
                .attribute(name)
                .and_then(|value| value.parse::<usize>().ok())
        };
        let offsets = position("startPosition").zip(position("endPosition"));
        let note = child(selection, "Description")
            .and_then(|d| d.text())
            .unwrap_or_default();
        let lines = if names.is_own {
            parted(note, "id")
        } else {
            (note, None)
        };
        if let (_, Some(lines)) = &lines
            && lines.iter().any(|(name, _)| name == "fragment")
            && let Some((_, AttributeValue::Text(id))) = lines.first()
            && let Some(first) = heads
                .get(id)
                .and_then(|at| article.annotations.get_mut(*at))
        {
            first.fragments.push(FoundFragment {
                offsets: offsets.map(|(start, end)| start..end.max(start)),
                ..FoundFragment::default()
            });
            continue;
        }
        let codings = selection
            .children()
            .filter(|child| child.tag_name().name() == "Coding");
        let mut codings: Vec<Node<'_, '_>> = codings.collect();
        if codings.is_empty() && lines.0.trim().is_empty() {
            let id = selection.attribute("guid").unwrap_or_default();
            let name = format!("selection {id} of {}", article.named());
            article.left_out.note(
                Thing::Annotation,
                "it has neither a code nor a note",
                || name,
            );
        } else if codings.is_empty() {
            codings.push(selection);
        }
        for (i, coding) in codings.into_iter().enumerate() {
            let target = child(coding, "CodeRef")
                .and_then(|code| code.attribute("targetGUID"))
                .map(id_of);
            let label = target.and_then(|id| names.codes.get(&id)).cloned();
            let told = |name: &str| coding.attribute(name).or_else(|| selection.attribute(name));
            let user = told("creatingUser")
                .map(id_of)
                .and_then(|id| names.users.get(&id))
                .cloned();
            let guid = selection.attribute("guid").map(id_of).unwrap_or_default();
            let mut found = FoundAnnotation {
                id: if i == 0 {
                    guid
                } else {
                    format!("{guid}-{}", i + 1)
                },
                label: label.unwrap_or_else(|| "uncoded".to_owned()),
                fragments: vec![FoundFragment {
                    offsets: offsets.map(|(start, end)| start..end.max(start)),
                    ..FoundFragment::default()
                }],
                note: lines.0.to_owned(),
                annotator: user.unwrap_or_default(),
                made: told("creationDateTime").and_then(timestamp_from),
                ..FoundAnnotation::default()
            };
            if names.is_own {
                // The start of the epoch stands for times that are not known.
                found.made = found.made.filter(|made| *made != Timestamp::new(0));
                found.changed = told("modifiedDateTime").and_then(timestamp_from);
            }
            let mut kinds: Vec<(String, String)> = Vec::new();
            for (name, value) in lines.1.iter().flatten() {
                match (name.as_str(), value) {
                    ("id", AttributeValue::Text(id)) => {
                        names.carried.insert(found.id.clone(), id.clone());
                        heads.insert(id.clone(), article.annotations.len());
                    }
                    // An attribute of an earlier version may be called so.
                    (KINDS, AttributeValue::Text(told)) if are_kinds(told) => {
                        kinds = listed_links(told);
                    }
                    (name, value) => {
                        let name = attributes(TAKEN).plain(name).to_owned();
                        found.attributes.insert(name, value.clone());
                    }
                }
            }
            for (name, kind) in kinds {
                let name = attributes(TAKEN).plain(&name);
                if let Some(value) = found.attributes.get_mut(name) {
                    *value = marked_value(&kind, value.to_text());
                }
            }
            article.annotations.push(found);
        }
    }
    Ok(article)
}

fn are_kinds(line: &str) -> bool {
    let kinds = listed_links(line);
    let all = kinds
        .iter()
        .all(|(_, kind)| [NUMBER, YES_NO].contains(&kind.as_str()));
    !kinds.is_empty() && all
}

/// Takes what a source's description says in Pressmark's own project: lines, and notes behind them.
fn describe(article: &mut FoundArticle, description: &str) -> bool {
    let (lines, notes) = description.split_once("\n\n").unwrap_or((description, ""));
    let Some(lines) = said(lines).filter(|lines| lines.first().is_some_and(|l| l.0 == "id")) else {
        return false;
    };
    for (name, value) in lines {
        let value = value.to_text();
        match name.strip_prefix("status of ") {
            Some(annotator) => {
                let status = Status::called(&value);
                let status = status.map(|status| (annotator.to_owned(), status));
                article.status.extend(status);
            }
            None if name == "id" => article.id = value,
            None if name == "title" => article.title = value,
            // As earlier versions wrote metadata.
            None => drop(article.metadata.insert(name, value)),
        }
    }
    notes.clone_into(&mut article.notes);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn codes_selections_and_users() {
        let project = "<Project xmlns=\"urn:QDA-XML:project:1.0\"><Users><User guid=\"U1\" name=\"Ana\"/></Users><CodeBook><Codes><Code guid=\"{C1}\" name=\"speech\" color=\"#112233\"><Code guid=\"c2\" name=\"quote\"/></Code></Codes></CodeBook><Sources><TextSource guid=\"S1\" name=\"Ferry\" plainTextPath=\"internal://s1.txt\"><PlainTextSelection guid=\"p1\" startPosition=\"0\" endPosition=\"3\" creatingUser=\"u1\"><Description>n</Description><Coding><CodeRef targetGUID=\"C2\"/></Coding><Coding><CodeRef targetGUID=\"c1\"/></Coding></PlainTextSelection></TextSource></Sources></Project>";
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        files.insert("sources/s1.txt".to_owned(), "\u{FEFF}She said.".into());
        let source = Source {
            name: "p.qde",
            bytes: project.as_bytes(),
            siblings: &files,
        };
        assert_eq!(recognise(&Head::new(source, project)), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let [a, b] = reading.articles[0].annotations.as_slice() else {
            panic!()
        };
        assert_eq!(
            (a.label.as_str(), a.annotator.as_str(), a.note.as_str()),
            ("speech > quote", "Ana", "n")
        );
        assert_eq!(b.label, "speech");
        assert_eq!(reading.articles[0].text, "She said.");
        assert_eq!(reading.labels[0].color, Some(0x112233));
    }

    #[test]
    fn lines_are_told_from_free_text() {
        let mut lines = Lines::default();
        lines.push("id", "a: b");
        lines.push("- odd: %", "two\n\nlines");
        lines.push_list("tone", &[String::new(), "- x\ny".to_owned()]);
        lines.push_list("none", &[]);
        lines.push("empty", "");
        let text = |text: &str| AttributeValue::Text(text.to_owned());
        let many =
            |all: &[&str]| AttributeValue::Many(all.iter().map(|s| (*s).to_owned()).collect());
        let expected = [
            ("id", text("a: b")),
            ("- odd: %", text("two\n\nlines")),
            ("tone", many(&["", "- x\ny"])),
            ("none", many(&[])),
            ("empty", text("")),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value));
        for note in ["", "\n", "id: 7", "two\n\nid: 7", "a\n\n", " "] {
            let (free, found) = parted_owned(&lines.behind(note));
            assert_eq!(
                (free.as_str(), found.unwrap().as_slice()),
                (note, expected.as_slice())
            );
        }
        for other in ["", "a note", "name: value", "a\n\nid"] {
            assert_eq!(parted(other, "id"), (other, None));
        }
    }

    fn parted_owned(text: &str) -> (String, Option<Vec<(String, AttributeValue)>>) {
        let (free, lines) = parted(text, "id");
        (free.to_owned(), lines)
    }

    #[test]
    fn own_projects_and_variables() {
        let project = |origin: &str| {
            format!(
                "<Project xmlns=\"urn:QDA-XML:project:1.0\" origin=\"{origin}\"><CodeBook><Codes><Code guid=\"c1\" name=\"quote\"><Description>d\n\nname: Quote</Description></Code></Codes></CodeBook><Variables><Variable guid=\"v1\" name=\"odd: field\" typeOfVariable=\"Text\"/></Variables><Sources><TextSource guid=\"s1\" name=\"7\"><Description>id: 7\ntitle: \nstatus of b; c: in progress\n\nn: m\n\nk</Description><PlainTextContent>She said so.</PlainTextContent><PlainTextSelection guid=\"p1\" startPosition=\"0\" endPosition=\"3\" creationDateTime=\"1970-01-01T00:00:00Z\" modifiedDateTime=\"2026-03-02T10:00:00Z\"><Description>id: x\n\nid: a\nattribute_id: y</Description><Coding><CodeRef targetGUID=\"c1\"/></Coding></PlainTextSelection><PlainTextSelection guid=\"p2\" startPosition=\"9\" endPosition=\"11\"><Description>id: a\nfragment: 2</Description><Coding><CodeRef targetGUID=\"c1\"/></Coding></PlainTextSelection><VariableValue><VariableRef targetGUID=\"V1\"/><TextValue>two\nlines</TextValue></VariableValue></TextSource></Sources><Links><Link name=\"continues\" originGUID=\"p1\" targetGUID=\"p2\"/><Link name=\"\" originGUID=\"p1\" targetGUID=\"p1\"/></Links></Project>"
            )
        };
        let read = |origin: &str| {
            let project = project(origin);
            let source = Source::alone("p.qde", project.as_bytes());
            read(&source, &ReadOptions::default()).unwrap()
        };
        let own = read("Pressmark 0.1.0");
        let label = &own.labels[0];
        assert_eq!(
            (label.title.as_str(), label.definition.as_str()),
            ("Quote", "d")
        );
        let article = &own.articles[0];
        assert_eq!(
            (
                article.id.as_str(),
                article.title.as_str(),
                article.notes.as_str()
            ),
            ("7", "", "n: m\n\nk")
        );
        assert_eq!(article.status["b; c"].name(), "in progress");
        assert_eq!(article.metadata["odd: field"], "two\nlines");
        let [a] = article.annotations.as_slice() else {
            panic!()
        };
        assert_eq!(
            (a.id.as_str(), a.note.as_str(), a.fragments.len()),
            ("a", "id: x", 2)
        );
        assert_eq!(a.attributes["id"], AttributeValue::Text("y".to_owned()));
        assert_eq!(a.links, [(String::new(), "a".to_owned())]);
        assert!(a.made.is_none() && a.changed.is_some());
        // As an earlier version wrote it: without lines in the descriptions of selections.
        let old = project("Pressmark 0.1.0")
            .replace("id: x\n\nid: a\nattribute_id: y", "a note")
            .replace("id: a\nfragment: 2", "")
            .replace(
                "title: \nstatus of b; c: in progress\n\nn: m\n\nk",
                "outlet: Post",
            );
        let source = Source::alone("p.qde", old.as_bytes());
        let old = super::read(&source, &ReadOptions::default()).unwrap();
        let article = &old.articles[0];
        assert_eq!(
            (article.id.as_str(), article.metadata["outlet"].as_str()),
            ("7", "Post")
        );
        let [a] = article.annotations.as_slice() else {
            panic!()
        };
        assert_eq!((a.note.as_str(), a.fragments.len()), ("a note", 2));
        // Of other programs descriptions are notes; “continues” is ours since long.
        let foreign = read("NVivo");
        let article = &foreign.articles[0];
        assert_eq!(article.metadata["odd: field"], "two\nlines");
        assert_eq!(article.annotations.len(), 2);
        assert!(article.annotations[0].note.starts_with("id: x"));
        assert!(article.annotations[0].made.is_some());
        assert_eq!(foreign.labels[0].definition, "d\n\nname: Quote");
    }
}
