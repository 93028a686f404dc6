//! REFI-QDA projects (.qdpx, .qde) and codebooks (.qdc) of MAXQDA, ATLAS.ti, NVivo and QualCoder.
//!
//! Positions are code points; the end is exclusive, as QualCoder reads it (standard 1.5).

use crate::format::archive::Archive;
use crate::format::article::decode;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, FoundLabel, Head, Likelihood, MAX_UNPACKED_BYTES,
    ReadOptions, Reader, ReaderGroup, Reading, Refusal, Siblings, Source,
};
use crate::format::time::timestamp_from;
use crate::format::xml::{decode_xml, parse_xml};
use roxmltree::{Document, Node};
use std::collections::HashMap;

pub const READERS: &[Reader] = &[Reader {
    name: "refi-qda",
    title: "REFI-QDA project",
    group: ReaderGroup::Dataset,
    extensions: &["qdpx", "qde", "qdc"],
    recognise,
    read,
}];

const NAMESPACE: &str = "urn:QDA-XML:";

fn recognise(head: &Head<'_>) -> Likelihood {
    if head.text.contains(NAMESPACE) {
        return Likelihood::Sure;
    }
    if !head.source.bytes.starts_with(b"PK\x03\x04") {
        return Likelihood::No;
    }
    let archive = Archive::open(head.source.bytes, MAX_UNPACKED_BYTES);
    match archive.is_ok_and(|archive| archive.names().any(|name| name.ends_with(".qde"))) {
        true => Likelihood::Sure,
        false => Likelihood::No,
    }
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    if !source.bytes.starts_with(b"PK\x03\x04") {
        let text = decode_xml(source.bytes)?;
        return project(&parse_xml(&text)?, source.siblings);
    }
    let archive = Archive::open(source.bytes, MAX_UNPACKED_BYTES)?;
    let name = archive
        .names()
        .find(|name| name.ends_with(".qde"))
        .map(str::to_owned);
    let name = name.ok_or_else(|| Refusal::new("there is no project (.qde) in this archive"))?;
    let bytes = archive.member(&name)?;
    let text = decode_xml(&bytes)?;
    project(&parse_xml(&text)?, &archive)
}

/// Ids with and without braces are the same, in any case.
fn id_of(value: &str) -> String {
    value.trim_matches(['{', '}']).to_lowercase()
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children()
        .find(|child| child.tag_name().name() == name)
}

fn project(document: &Document<'_>, files: &dyn Siblings) -> Result<Reading, Refusal> {
    let mut reading = Reading::default();
    let mut codes: HashMap<String, String> = HashMap::new();
    let mut users: HashMap<String, String> = HashMap::new();
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
                reading.labels.push(FoundLabel {
                    name: name.clone(),
                    definition: child(node, "Description")
                        .and_then(|d| d.text())
                        .unwrap_or_default()
                        .to_owned(),
                    color: color.filter(|color| *color <= 0xFF_FFFF),
                    ..FoundLabel::default()
                });
                codes.insert(id, name);
            }
            "User" => drop(users.insert(id, node.attribute("name").unwrap_or_default().to_owned())),
            _ => {}
        }
    }
    let mut others: HashMap<&str, usize> = HashMap::new();
    for node in document.descendants() {
        match node.tag_name().name() {
            "TextSource" => match text_source(node, files, &codes, &users) {
                Ok(article) => reading.articles.push(article),
                Err(Refusal(reason)) => reading.remarks.push(reason),
            },
            kind @ ("PDFSource" | "PictureSource" | "AudioSource" | "VideoSource") => {
                *others.entry(kind).or_default() += 1
            }
            _ => {}
        }
    }
    for link in document
        .descendants()
        .filter(|node| node.tag_name().name() == "Link")
    {
        let end = |name: &str| link.attribute(name).map(id_of);
        let (Some(from), Some(to)) = (end("originGUID"), end("targetGUID")) else {
            continue;
        };
        let role = link
            .attribute("name")
            .filter(|name| !name.is_empty())
            .unwrap_or("linked");
        let mut all = reading
            .articles
            .iter_mut()
            .flat_map(|article| &mut article.annotations);
        if let Some(annotation) = all.find(|annotation| annotation.id == from) {
            annotation.links.push((role.to_owned(), to));
        }
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
    codes: &HashMap<String, String>,
    users: &HashMap<String, String>,
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
    if let Some(description) = child(node, "Description").and_then(|d| d.text()) {
        for line in description.lines() {
            match line.split_once(": ") {
                Some(("id", id)) => id.clone_into(&mut article.id),
                Some(("source", url)) if url.starts_with("http") => {
                    drop(article.metadata.insert("url".to_owned(), url.to_owned()))
                }
                Some((key, value)) if key.len() < 40 => {
                    drop(article.metadata.insert(key.to_owned(), value.to_owned()))
                }
                _ => {
                    article.notes.push_str(line);
                    article.notes.push('\n');
                }
            }
        }
    }
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
        let codings = selection
            .children()
            .filter(|child| child.tag_name().name() == "Coding");
        for (i, coding) in codings.enumerate() {
            let target = child(coding, "CodeRef")
                .and_then(|code| code.attribute("targetGUID"))
                .map(id_of);
            let label = target.and_then(|id| codes.get(&id)).cloned();
            let told = |name: &str| coding.attribute(name).or_else(|| selection.attribute(name));
            let user = told("creatingUser")
                .map(id_of)
                .and_then(|id| users.get(&id))
                .cloned();
            let guid = selection.attribute("guid").map(id_of).unwrap_or_default();
            article.annotations.push(FoundAnnotation {
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
                note: note.to_owned(),
                annotator: user.unwrap_or_default(),
                made: told("creationDateTime").and_then(timestamp_from),
                ..FoundAnnotation::default()
            });
        }
    }
    Ok(article)
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
        assert_eq!(
            recognise(&Head {
                source,
                text: project
            }),
            Likelihood::Sure
        );
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
}
