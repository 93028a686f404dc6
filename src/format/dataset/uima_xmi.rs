//! UIMA CAS as XMI, as INCEpTION exports it.

use super::uima::{Structure, article};
use crate::format::reading::{
    Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::xml::{decode_xml, parse_xml};

pub const READERS: &[Reader] = &[Reader {
    name: "xmi",
    title: "UIMA CAS XMI (INCEpTION)",
    group: ReaderGroup::Dataset,
    extensions: &["xmi"],
    recognise,
    read,
}];

fn recognise(head: &Head<'_>) -> Likelihood {
    match head.text.contains("http://www.omg.org/XMI") && head.text.contains("uima/cas.ecore") {
        true => Likelihood::Sure,
        false => Likelihood::No,
    }
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let text = decode_xml(source.bytes)?;
    let document = parse_xml(&text)?;
    let structures = document
        .root_element()
        .children()
        .filter(|node| node.is_element())
        .map(|node| {
            let namespace = node.tag_name().namespace().unwrap_or_default();
            let package = namespace.strip_prefix("http:///").unwrap_or(namespace);
            let package = package
                .strip_suffix(".ecore")
                .unwrap_or(package)
                .replace('/', ".");
            let mut structure = Structure {
                kind: format!("{package}.{}", node.tag_name().name()),
                ..Structure::default()
            };
            for attribute in node.attributes() {
                match (attribute.name(), attribute.namespace()) {
                    ("id", Some(_)) => attribute.value().clone_into(&mut structure.id),
                    (name, _) => drop(
                        structure
                            .features
                            .insert(name.to_owned(), attribute.value().to_owned()),
                    ),
                }
            }
            // Lists of strings are written as elements.
            for child in node.children().filter(|child| child.is_element()) {
                let value = child.text().unwrap_or_default();
                let entry = structure
                    .features
                    .entry(child.tag_name().name().to_owned())
                    .or_default();
                if !entry.is_empty() {
                    entry.push_str("; ");
                }
                entry.push_str(value);
            }
            structure
        });
    let structures: Vec<Structure> = structures.collect();
    let reading = article(&structures, source.stem())?;
    let types = source.beside("TypeSystem.xml");
    let has_types = source.siblings.contains(&types);
    Ok(Reading {
        used: has_types.then_some(types).into_iter().collect(),
        ..reading
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::reading::FoundFragment;

    #[test]
    fn layers_and_relations() {
        let xmi = r#"<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore" xmlns:seg="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore">
            <cas:Sofa xmi:id="1" sofaID="_InitialView" sofaString="She said&#10;so."/>
            <seg:Token xmi:id="5" sofa="1" begin="0" end="3"/>
            <custom:Mark xmi:id="2" sofa="1" begin="0" end="3" label="source" note="n" kind="person"/>
            <custom:Mark xmi:id="3" sofa="1" begin="4" end="8" label="cue"/>
            <custom:Link xmi:id="4" sofa="1" begin="0" end="3" Governor="3" Dependent="2" relation="by"/></xmi:XMI>"#;
        let source = Source::alone("a.xmi", xmi.as_bytes());
        assert_eq!(recognise(&Head { source, text: xmi }), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let article = &reading.articles[0];
        assert_eq!(article.text, "She said\nso.");
        let [a, b] = article.annotations.as_slice() else {
            panic!()
        };
        assert_eq!((a.label.as_str(), a.note.as_str()), ("source", "n"));
        assert_eq!(a.fragments, [FoundFragment::at(0..3)]);
        assert_eq!(b.links, [("by".to_owned(), "2".to_owned())]);
        assert_eq!(
            reading.remarks,
            ["layers that build the text were left out: 1 Token"]
        );
    }
}
