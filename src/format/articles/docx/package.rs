//! Parts of an Office file, by what others say of them (ECMA-376, part 2, 9).
//!
//! Knows no text. A name may lead up or to another case, and never out of the archive.

use crate::format::reading::archive::Archive;
use crate::format::reading::xml::{decode_xml, parse_xml};

/// What a part says of another part.
pub(super) struct Relation {
    pub(super) id: String,
    /// The last word of its type, which transitional and strict documents share.
    pub(super) kind: String,
    /// The name of the part; the address of what is outside the file.
    pub(super) target: String,
    pub(super) is_outside: bool,
}

/// The relations of a part; those of the file itself where the name is empty.
pub(super) fn relations_of(archive: &Archive<'_>, part: &str) -> Vec<Relation> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let at = match folder {
        "" => format!("_rels/{name}.rels"),
        folder => format!("{folder}/_rels/{name}.rels"),
    };
    let bytes = archive.member(&at).unwrap_or_default();
    let Ok(text) = decode_xml(&bytes) else {
        return Vec::new();
    };
    let Ok(document) = parse_xml(&text) else {
        return Vec::new();
    };
    let nodes = document
        .descendants()
        .filter(|node| node.tag_name().name() == "Relationship");
    nodes
        .filter_map(|node| {
            let is_outside = node.attribute("TargetMode") == Some("External");
            let target = node.attribute("Target")?;
            Some(Relation {
                id: node.attribute("Id")?.to_owned(),
                kind: node.attribute("Type")?.rsplit('/').next()?.to_owned(),
                target: if is_outside {
                    target.to_owned()
                } else {
                    resolved(archive, folder, target)
                },
                is_outside,
            })
        })
        .collect()
}

/// The name of a part as the archive has it: names have no case, and may lead up.
fn resolved(archive: &Archive<'_>, folder: &str, target: &str) -> String {
    let start = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = start.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let name = parts.join("/");
    let known = archive
        .names()
        .find(|known| known.eq_ignore_ascii_case(&name));
    known.map_or(name.clone(), str::to_owned)
}
