//! UIMA's feature structures, whichever way they were written, to articles.
//!
//! Offsets are UTF-16 code units in both serialisations (UIMA CAS; dkpro-cassis). Pressmark's own
//! layer ([`crate::format::reading::own_spans`]) comes back whole; of others, a feature that looks like it is the label.

pub mod json;
pub mod xmi;

use crate::core::annotation::AttributeValue;
use crate::format::reading::article_rows::Rows;
use crate::format::reading::left_out::Thing;
use crate::format::reading::own_spans::{Joining, OwnSpan};
use crate::format::reading::records::stretch_in;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, OffsetUnit, Reading, Refusal,
};
use crate::format::time::timestamp_from;
use crate::format::words::layers::{INFO, SPAN};
use std::collections::{BTreeMap, HashMap};

/// A feature structure: references and values as text.
#[derive(Debug, Default)]
pub(crate) struct Structure {
    pub(crate) id: String,
    /// The full name of its type.
    pub(crate) kind: String,
    pub(crate) features: BTreeMap<String, String>,
}

impl Structure {
    fn get(&self, name: &str) -> Option<&str> {
        self.features.get(name).map(String::as_str)
    }

    fn short_kind(&self) -> &str {
        self.kind.rsplit('.').next().unwrap_or(&self.kind)
    }
}

/// Types that say how a text is built rather than what an annotator marked.
fn is_structural(kind: &str) -> bool {
    const SHORT: &[&str] = &[
        "Sentence",
        "Token",
        "Lemma",
        "Stem",
        "POS",
        "Paragraph",
        "Heading",
        "Div",
        "DocumentMetaData",
        "DocumentAnnotation",
        "TagsetDescription",
        "TagDescription",
        "MorphologicalFeatures",
        "SurfaceForm",
        "LayerDefinition",
        "FeatureDefinition",
        "CASMetadata",
        "XmlElement",
        "XmlDocument",
        "XmlNode",
        "XmlTextNode",
        "XmlAttribute",
        "Dependency",
        "ROOT",
        "Sofa",
        "NULL",
        "View",
    ];
    let short = kind.rsplit('.').next().unwrap_or(kind);
    SHORT.contains(&short)
        || kind.contains(".segmentation.type.")
        || kind.contains(".lexmorph.type.pos")
}

/// Names of the feature that holds the label, surest first.
const LABELS: &[&str] = &[
    "label",
    "value",
    "Label",
    "category",
    "identifier",
    "type",
    "name",
];
const NOT_ATTRIBUTES: &[&str] = &[
    "sofa",
    "begin",
    "end",
    "note",
    "comment",
    "annotator",
    "Governor",
    "Dependent",
    "governor",
    "dependent",
    "order",
];

/// The article that feature structures describe. `name` is the file's, for want of a title.
pub(crate) fn article(structures: &[Structure], name: &str) -> Result<Reading, Refusal> {
    let sofas: Vec<&Structure> = structures
        .iter()
        .filter(|s| s.short_kind() == "Sofa")
        .collect();
    let sofa = sofas
        .iter()
        .find(|sofa| sofa.get("sofaID").is_none_or(|id| id == "_InitialView"))
        .or_else(|| sofas.first())
        .ok_or_else(|| Refusal::new("there is no text (Sofa) in this CAS"))?;
    let text = sofa
        .get("sofaString")
        .ok_or_else(|| Refusal::new("the text of this CAS is not in the file"))?;
    let mut article = FoundArticle {
        text: text.to_owned(),
        unit: OffsetUnit::Utf16,
        ..FoundArticle::default()
    };
    let mut remarks = Vec::new();
    if sofas.len() > 1 {
        remarks.push(format!("only the first of {} views was read", sofas.len()));
    }
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    let known: HashMap<&str, &Structure> = structures.iter().map(|s| (s.id.as_str(), s)).collect();
    for structure in structures
        .iter()
        .filter(|s| s.short_kind() == "DocumentMetaData")
    {
        let value = |name: &str| {
            structure
                .get(name)
                .filter(|v| !v.is_empty())
                .map(str::to_owned)
        };
        article.id = value("documentId").unwrap_or_default();
        article.title = value("documentTitle").unwrap_or_default();
        let language = value("language").filter(|l| l != "x-unspecified");
        article
            .metadata
            .extend(language.map(|l| ("language".to_owned(), l)));
        article
            .metadata
            .extend(value("documentUri").map(|uri| ("url".to_owned(), uri)));
    }
    let mut rows = Rows::default();
    for info in structures.iter().filter(|s| s.kind == INFO) {
        let told = |name: &str| info.get(name).unwrap_or_default();
        if !rows.take(&mut article, told("kind"), told("name"), told("value")) {
            remarks.push(format!(
                "“{}: {}” was not understood",
                told("kind"),
                told("value")
            ));
        }
    }
    if article.title.is_empty() && !rows.is_own {
        name.clone_into(&mut article.title);
    }
    let mut joining = Joining::default();
    for structure in structures {
        if structure.short_kind() == "DocumentMetaData" || structure.kind == INFO {
            continue;
        }
        let (begin, end) = (structure.get("begin"), structure.get("end"));
        if begin.is_none() && end.is_none() {
            continue;
        }
        let range = match stretch_in(begin, end) {
            Ok(range) => range,
            Err(reason) => {
                let name = || format!("{} {}", structure.short_kind(), structure.id);
                article.left_out.note(Thing::Annotation, reason, name);
                continue;
            }
        };
        let is_here = structure.get("sofa").is_none_or(|id| id == sofa.id);
        if is_structural(&structure.kind) || is_relation(structure) || !is_here {
            *left_out.entry(structure.short_kind()).or_default() += 1;
            continue;
        }
        let at = if structure.kind == SPAN {
            let features = structure.features.iter();
            let features = features.map(|(name, value)| (name.as_str(), value.as_str()));
            let mut own = OwnSpan::of_layer(range, features, &rows.attributes);
            own.found.id.clone_from(&structure.id);
            joining.add(&mut article.annotations, own)
        } else {
            article
                .annotations
                .push(annotation(structure, range, &known));
            article.annotations.len() - 1
        };
        places.insert(structure.id.as_str(), at);
    }
    rows.restore_values(&mut article.annotations);
    for relation in structures.iter().filter(|s| is_relation(s)) {
        let end = |names: [&str; 2]| {
            names
                .iter()
                .find_map(|name| relation.get(name))
                .map(str::to_owned)
        };
        let (Some(from), Some(to)) = (
            end(["Governor", "governor"]),
            end(["Dependent", "dependent"]),
        ) else {
            continue;
        };
        let role = ["relation", "label", "value", "role", "DependencyType"]
            .iter()
            .find_map(|name| relation.get(name));
        let role = role.unwrap_or(relation.short_kind()).to_owned();
        let target = places
            .get(to.as_str())
            .and_then(|at| article.annotations.get(*at));
        let to = target.map_or(to, |target| target.id.clone());
        if let Some(at) = places.get(from.as_str())
            && let Some(source) = article.annotations.get_mut(*at)
        {
            source.links.push((role, to));
            left_out
                .entry(relation.short_kind())
                .and_modify(|n| *n = n.saturating_sub(1));
        }
    }
    left_out.retain(|_, n| *n > 0);
    if !left_out.is_empty() {
        let kinds: Vec<String> = left_out
            .iter()
            .map(|(kind, n)| format!("{n} {kind}"))
            .collect();
        remarks.push(format!(
            "layers that build the text were left out: {}",
            kinds.join(", ")
        ));
    }
    Ok(Reading {
        articles: vec![article],
        labels: rows.into_labels(),
        remarks,
        ..Reading::default()
    })
}

fn is_relation(structure: &Structure) -> bool {
    let has = |name: &str| structure.features.contains_key(name);
    (has("Governor") && has("Dependent")) || (has("governor") && has("dependent"))
}

fn annotation(
    structure: &Structure,
    range: std::ops::Range<usize>,
    known: &HashMap<&str, &Structure>,
) -> FoundAnnotation {
    let named = LABELS
        .iter()
        .find(|name| structure.get(name).is_some_and(|v| !v.is_empty()));
    let label = named
        .and_then(|name| structure.get(name))
        .unwrap_or(structure.short_kind());
    let mut found = FoundAnnotation {
        id: structure.id.clone(),
        label: label.to_owned(),
        fragments: vec![FoundFragment::at(range)],
        note: structure
            .get("note")
            .or_else(|| structure.get("comment"))
            .unwrap_or_default()
            .to_owned(),
        annotator: structure.get("annotator").unwrap_or_default().to_owned(),
        made: structure.get("created").and_then(timestamp_from),
        ..FoundAnnotation::default()
    };
    for (name, value) in &structure.features {
        let is_label = named.is_some_and(|label| label == name);
        let is_time = name == "created" && found.made.is_some();
        if is_label || is_time || value.is_empty() || NOT_ATTRIBUTES.contains(&name.as_str()) {
            continue;
        }
        // What refers to another annotation is a link.
        let target = known.get(value.as_str()).filter(|target| {
            target.features.contains_key("begin") && !is_structural(&target.kind) && name != "id"
        });
        match target.filter(|_| !value.is_empty() && structure.kind != "uima.cas.String") {
            Some(target) if is_reference_name(name) => {
                found.links.push((name.clone(), target.id.clone()));
            }
            _ => drop(
                found
                    .attributes
                    .insert(name.clone(), AttributeValue::Text(value.clone())),
            ),
        }
    }
    found
}

/// A number as a value may look like an id; names of slots and links do not stand for numbers.
fn is_reference_name(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        "target", "source", "link", "ref", "args", "slot", "role", "linked",
    ]
    .iter()
    .any(|part| name.contains(part))
}
