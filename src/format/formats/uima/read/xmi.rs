//! UIMA CAS as XMI, as INCEpTION exports it.

use crate::format::formats::uima::read::{Structure, article};
use crate::format::reading::xml::{parse_xml, thin_xml};
use crate::format::reading::{
    Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
};

pub const READER: Reader = Reader {
    name: "xmi",
    title: "UIMA CAS XMI (INCEpTION)",
    group: ReaderGroup::Dataset,
    extensions: &["xmi"],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    Likelihood::Sure
        .when(head.text.contains("http://www.omg.org/XMI") && head.text.contains("uima/cas.ecore"))
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let (text, remark) = thin_xml(source.bytes)?;
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
    let mut reading = article(&structures, source.stem())?;
    reading.remarks.extend(remark);
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
        assert_eq!(recognise(&Head::new(source, xmi)), Likelihood::Sure);
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

    #[test]
    fn own_layers_come_back_whole() {
        let xmi = r##"<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore" xmlns:meta="http:///a/type.ecore" xmi:version="2.0">
            <meta:DocumentMetaData xmi:id="9" sofa="1" begin="0" end="8" language="x-unspecified" documentTitle="a.xmi" documentId="INCEpTION" documentUri="file:a"/>
            <custom:MediaSpan xmi:id="10" sofa="1" begin="4" end="8" label="quote" annotationId="a;1" fragment="2/2"/>
            <custom:MediaSpan xmi:id="11" sofa="1" begin="0" end="3" label="quote" annotationId="a;1" fragment="1/2" odd_name="" attribute_note="x" changed="2026-03-02T10:00:00Z" weight="2.5"/>
            <custom:MediaSpan xmi:id="12" sofa="1" begin="0" end="3"/>
            <custom:Other xmi:id="13" sofa="1" begin="0" end="3" label="x" created="once" fragment="1/2" odd_name=""/>
            <custom:MediaLink xmi:id="14" sofa="1" begin="0" end="3" Governor="12" Dependent="10" relation="by; ="/>
            <custom:MediaInfo xmi:id="15" sofa="1" kind="program" name="" value="Pressmark"/>
            <custom:MediaInfo xmi:id="16" sofa="1" kind="title" name="" value=""/>
            <custom:MediaInfo xmi:id="17" sofa="1" kind="id" name="" value="a 1"/>
            <custom:MediaInfo xmi:id="18" sofa="1" kind="attribute" name="odd_name" value="odd/name"/>
            <custom:MediaInfo xmi:id="19" sofa="1" kind="number" name="weight" value=""/>
            <custom:MediaInfo xmi:id="20" sofa="1" kind="label-color" name="quote" value="#000102"/>
            <custom:MediaInfo xmi:id="21" sofa="1" kind="mood" name="" value="calm"/>
            <cas:Sofa xmi:id="1" sofaID="_InitialView" sofaString="She said"/></xmi:XMI>"##;
        let source = Source::alone("a.xmi", xmi.as_bytes());
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let article = &reading.articles[0];
        assert_eq!((article.id.as_str(), article.title.as_str()), ("a 1", ""));
        let told = article.annotations.iter().map(|a| {
            let attributes: Vec<String> = a
                .attributes
                .iter()
                .map(|(name, value)| format!("{name} {value:?}"))
                .collect();
            let (id, label, count) = (&a.id, &a.label, a.fragments.len());
            format!(
                "{id} {label} {count} {} {:?}",
                attributes.join(", "),
                a.links
            )
        });
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                r#"a;1 quote 2 note Text("x"), odd/name Text(""), weight Number(2.5) []"#,
                r#"12 MediaSpan 1  [("by; =", "a;1")]"#,
                r#"13 x 1 created Text("once"), fragment Text("1/2") []"#,
            ]
        );
        assert!(article.annotations[0].changed.is_some());
        assert_eq!(reading.labels[0].color, Some(0x00_01_02));
        assert_eq!(reading.remarks, ["“mood: calm” was not understood"]);
    }
}
