//! Label Studio's labelling configuration as a codebook: labels of stretches of text, what is asked
//! of each of them, and relations.
//!
//! What is asked of whole texts, and labels of pictures and sounds, have no place in a codebook and
//! are counted. Ids are the values that tasks have.

use crate::core::codebook::{AttributeKind, AttributeSpec, Label, LinkRole};
use crate::format::formats::label_studio::CONTROLS;
use crate::format::reading::codebook::{Draft, FoundCodebook};
use crate::format::reading::xml::{parse_xml, root_name, thin_xml};
use crate::format::reading::{Refusal, Source};
use crate::format::words::names::attributes;
use crate::format::words::values::{CONTINUES, color_in};
use roxmltree::{Document, Node, NodeId};
use std::collections::HashMap;

const KIND: &str = "Label Studio configuration";
/// The most elements within controls that are looked at.
const MAX_STEPS: usize = 2_000_000;
/// The most elements around one that are looked at.
const MAX_ABOVE: usize = 64;

/// Tags that only show something, or that belong to others that are read.
const SHOWN: [&str; 17] = [
    "View",
    "Text",
    "HyperText",
    "Paragraphs",
    "Header",
    "Style",
    "Collapse",
    "Panel",
    "Filter",
    "Label",
    "Choice",
    "Relation",
    "Shortcut",
    "Markdown",
    "List",
    "Table",
    "option",
];

/// Whether the start of a file is that of a configuration.
pub fn recognise(start: &str) -> bool {
    root_name(start) == Some("View")
}

pub fn read(source: &Source<'_>) -> Result<FoundCodebook, Refusal> {
    let (text, remark) = thin_xml(source.bytes)?;
    let document = parse_xml(&text)?;
    let mut reading = Configuration::default();
    if let Some(remark) = remark {
        reading.draft.tell(String::new, remark);
    }
    let mut own = document
        .descendants()
        .filter(|node| node.tag_name().name() == "Label");
    reading.is_own = own
        .any(|label| label.attribute("title").is_some() && label.attribute("definition").is_some());
    reading.add_labels(&document)?;
    for node in document.descendants() {
        reading.control(node);
    }
    let keys = std::mem::take(&mut reading.keys);
    reading.draft.give_keys(&keys);
    reading.draft.finish(KIND, source.stem())
}

#[derive(Default)]
struct Configuration {
    draft: Draft,
    is_own: bool,
    /// Places of labels, by the values that conditions name.
    values: HashMap<String, usize>,
    keys: Vec<(usize, String)>,
    steps: usize,
}

fn place(node: Node<'_, '_>) -> String {
    format!(
        "line {}",
        node.document().text_pos_at(node.range().start).row
    )
}

fn is_on(node: Node<'_, '_>, name: &str) -> bool {
    node.attribute(name)
        .is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Whether the labels in a control are those of stretches of text.
fn holds_labels(node: Node<'_, '_>) -> bool {
    match node.tag_name().name() {
        "Labels" | "HyperTextLabels" | "ParagraphLabels" => true,
        "Taxonomy" => is_on(node, "labeling"),
        _ => false,
    }
}

/// What results have for it.
fn value_of<'n>(node: Node<'n, '_>) -> &'n str {
    let value = node.attribute("value").unwrap_or_default();
    node.attribute("alias").unwrap_or(value)
}

impl Configuration {
    fn add_labels(&mut self, document: &Document<'_>) -> Result<(), Refusal> {
        // The labels of a taxonomy, by their elements.
        let mut places: HashMap<NodeId, usize> = HashMap::new();
        for node in document.descendants() {
            let name = node.tag_name().name();
            if !matches!(name, "Label" | "Choice") {
                continue;
            }
            let mut above = node.ancestors().skip(1).take(MAX_ABOVE);
            let control =
                above.find(|node| !matches!(node.tag_name().name(), "Label" | "Choice" | "View"));
            if !control.is_some_and(holds_labels) {
                if name == "Label" {
                    self.draft
                        .leave_out_at("labels of what is no text", || place(node));
                }
                continue;
            }
            let written = node.attribute("value").unwrap_or_default();
            if written.starts_with('$') {
                self.draft
                    .leave_out_at("labels that come from the data of tasks", || place(node));
                continue;
            }
            let value = value_of(node);
            let parent = node
                .parent()
                .and_then(|parent| places.get(&parent.id()))
                .copied();
            let title = node.attribute("title").filter(|_| self.is_own);
            let at = match (self.values.get(value), parent) {
                (Some(_), None) => {
                    let what = format!("the label “{value}” stands there twice");
                    self.draft.tell(|| place(node), what);
                    continue;
                }
                _ => self.draft.add(value, title.unwrap_or(written), parent)?,
            };
            places.insert(node.id(), at);
            self.values.entry(value.to_owned()).or_insert(at);
            self.values.entry(written.to_owned()).or_insert(at);
            let color = node.attribute("background").unwrap_or_default();
            let known = color_in(color);
            if known.is_none() && !color.is_empty() {
                self.draft
                    .leave_out_at("colours that are called by a name", || place(node));
            }
            if let Some(key) = node.attribute("hotkey") {
                self.keys.push((at, key.to_owned()));
            }
            let hint = node.attribute("hint").unwrap_or_default();
            let definition = node.attribute("definition").filter(|_| self.is_own);
            if let Some(label) = self.draft.at(at) {
                label.color = known.unwrap_or(Label::GREY);
                definition.unwrap_or(hint).clone_into(&mut label.definition);
            }
        }
        Ok(())
    }

    /// Takes what a control asks of each annotation.
    fn control(&mut self, node: Node<'_, '_>) {
        let name = node.tag_name().name();
        if !node.is_element() || SHOWN.contains(&name) || holds_labels(node) {
            return;
        }
        let kind = match name {
            "Relations" => {
                self.relations(node);
                return;
            }
            "Choices" | "Taxonomy" => self.choices(node),
            "TextArea" => AttributeKind::Text,
            "Number" | "Rating" => AttributeKind::Number,
            "DateTime" => AttributeKind::Date,
            _ => {
                let what = format!("<{}> controls", name.chars().take(40).collect::<String>());
                self.draft.leave_out_at(what, || place(node));
                return;
            }
        };
        if !is_on(node, "perRegion") {
            let what = format!("<{name}> controls that ask about whole texts");
            self.draft.leave_out_at(what, || place(node));
            return;
        }
        let called = node.attribute("name").unwrap_or_default();
        let told = node.attribute("attribute").filter(|_| self.is_own);
        if self.is_own && told.is_none() && CONTROLS.contains(&called) {
            return;
        }
        let plain = match (told, self.is_own) {
            (Some(told), _) => told,
            (None, true) => attributes(CONTROLS).plain(called),
            (None, false) => called,
        };
        let conditions = ["whenRole", "visibleWhen", "whenChoiceValue", "whenTagName"];
        if conditions
            .iter()
            .any(|name| node.attribute(*name).is_some())
            && node.attribute("whenLabelValue").is_none()
        {
            self.draft
                .leave_out_at("conditions of controls", || place(node));
        }
        let labels = self.meant(node);
        if !self.draft.may_add(
            labels.len().saturating_mul(kind.options().len() + 1),
            || place(node),
        ) {
            return;
        }
        let spec = AttributeSpec {
            required: is_on(node, "required"),
            help: node
                .attribute("requiredMessage")
                .or(node.attribute("placeholder"))
                .unwrap_or_default()
                .to_owned(),
            ..AttributeSpec::new(plain, kind)
        };
        for at in labels {
            if !self.draft.add_attribute(at, &spec) {
                let what = "attributes that labels have already, or that are too many";
                self.draft.leave_out_at(what, || place(node));
            }
        }
    }

    /// The labels that a control belongs to: all, or those that its condition names.
    fn meant(&mut self, node: Node<'_, '_>) -> Vec<usize> {
        let Some(named) = node.attribute("whenLabelValue") else {
            return (0..self.draft.labels.len()).collect();
        };
        let mut found = Vec::new();
        for value in named.split(',').map(str::trim) {
            match self.values.get(value) {
                Some(at) => found.push(*at),
                None => self
                    .draft
                    .leave_out_at("conditions on labels that are not there", || place(node)),
            }
        }
        found
    }

    /// The elements of a name in a control, as far as there are not too many in all.
    fn within<'n, 'd>(&mut self, node: Node<'n, 'd>, name: &str) -> Vec<Node<'n, 'd>> {
        let inner = node
            .descendants()
            .take(MAX_STEPS.saturating_sub(self.steps));
        let mut found = Vec::new();
        for one in inner {
            self.steps += 1;
            if one.tag_name().name() == name {
                found.push(one);
            }
        }
        if self.steps >= MAX_STEPS {
            self.draft
                .leave_out_at("parts beyond what one codebook may hold", || place(node));
        }
        found
    }

    fn choices(&mut self, node: Node<'_, '_>) -> AttributeKind {
        let mut options: Vec<String> = Vec::new();
        for choice in self.within(node, "Choice") {
            let above = choice
                .ancestors()
                .take(MAX_ABOVE)
                .take_while(|above| *above != node);
            let above = above.filter(|above| above.tag_name().name() == "Choice");
            let mut path: Vec<&str> = above.take(8).map(value_of).collect();
            path.reverse();
            let option = path.join(" > ");
            if option.starts_with('$') {
                self.draft
                    .leave_out_at("choices that come from the data of tasks", || place(choice));
            } else if !option.is_empty() {
                options.push(option);
            }
            if choice.attribute("hotkey").is_some() {
                self.draft.leave_out_at("keys of choices", || place(choice));
            }
        }
        let mut seen = std::collections::HashSet::new();
        options.retain(|option| seen.insert(option.clone()));
        let is_several = node
            .attribute("choice")
            .is_some_and(|choice| choice == "multiple")
            || (node.tag_name().name() == "Taxonomy" && node.attribute("maxUsages") != Some("1"));
        if is_several {
            AttributeKind::SeveralOf(options)
        } else {
            AttributeKind::OneOf(options)
        }
    }

    fn relations(&mut self, node: Node<'_, '_>) {
        let all = self.draft.labels.len();
        for relation in self.within(node, "Relation") {
            let name = value_of(relation);
            if name.is_empty()
                || (self.is_own && name == CONTINUES)
                || !self.draft.may_add(all, || place(relation))
            {
                continue;
            }
            let role = LinkRole {
                target: None,
                ..LinkRole::to_label(name)
            };
            for at in 0..all {
                if !self.draft.add_role(at, &role) {
                    let what = "links of labels that have too many";
                    self.draft.leave_out_at(what, || place(relation));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(xml: &str) -> Result<FoundCodebook, Refusal> {
        read(&Source::alone("study/config.xml", xml.as_bytes()))
    }

    #[test]
    fn labels_controls_and_relations_become_a_codebook() {
        let xml = r##"<View>
<Header value="Mark"/>
<Labels name="l" toName="t"><Label value="Person" background="#ff0000" hotkey="p" hint="Somebody"/>
<Label value="Place" alias="LOC" background="red" hotkey="p"/><Label value="Person"/><Label value="$x"/></Labels>
<Text name="t" value="$text"/>
<Choices name="mood" toName="t" choice="multiple" perRegion="true" whenLabelValue="Person,Gone" required="true">
<Choice value="good"/><Choice value="bad"><Choice value="worse"/></Choice></Choices>
<Choices name="topic" toName="t"><Choice value="x"/></Choices>
<TextArea name="why" toName="t" perRegion="true"/><Rating name="stars" toName="t" perRegion="true"/>
<DateTime name="day" toName="t" perRegion="true"/>
<RectangleLabels name="r" toName="i"><Label value="Box"/></RectangleLabels>
<Relations><Relation value="knows"/><Relation value="knows"/></Relations>
</View>"##;
        let found = found(xml).unwrap();
        let labels = &found.shared.codebook.labels;
        let told: Vec<String> = labels
            .iter()
            .map(|l| {
                let specs: Vec<String> = l
                    .attributes
                    .iter()
                    .map(|s| format!("{}={}", s.name, s.kind.code()))
                    .collect();
                format!(
                    "{} {} {:06X} {:?} {} {}",
                    l.id,
                    l.name,
                    l.color,
                    l.key,
                    specs.join(","),
                    l.link_roles.len()
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "Person Person FF0000 Some('p') mood=several_of,why=text,stars=number,day=date 1",
                "LOC Place 6B665F None why=text,stars=number,day=date 1",
            ]
        );
        let mood = labels[0].attribute("mood").unwrap();
        assert_eq!(mood.kind.options(), ["good", "bad", "bad > worse"]);
        assert!(mood.required);
        assert_eq!(labels[0].definition, "Somebody");
        let told: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "line 4: the label “Person” stands there twice",
                "label “LOC”: the key P belongs to “Person”; it has none",
                "line 8: 1 × <Choices> controls that ask about whole texts: a codebook has no place for this",
                "line 11: 1 × <RectangleLabels> controls: a codebook has no place for this",
                "line 4: 1 × colours that are called by a name: a codebook has no place for this",
                "line 6: 1 × conditions on labels that are not there: a codebook has no place for this",
                "line 11: 1 × labels of what is no text: a codebook has no place for this",
                "line 4: 1 × labels that come from the data of tasks: a codebook has no place for this",
            ]
        );
    }

    #[test]
    fn a_taxonomy_that_labels_is_a_hierarchy() {
        let xml = r#"<View><Taxonomy name="t" toName="x" labeling="true"><Choice value="A"><Choice value="B"><Choice value="C"/></Choice><Choice value="D"/></Choice><Choice value="B"/></Taxonomy></View>"#;
        let found = found(xml).unwrap();
        let codebook = &found.shared.codebook;
        let told: Vec<String> = codebook
            .in_order()
            .iter()
            .map(|placed| {
                format!(
                    "{}{}",
                    "-".repeat(placed.depth),
                    codebook.labels[placed.at].name
                )
            })
            .collect();
        assert_eq!(told, ["A", "-B", "--C", "-D"]);
        assert_eq!(found.problems.len(), 1);
    }

    #[test]
    fn our_own_configuration_comes_back() {
        let xml =
            std::fs::read_to_string("tests/data/export/golden/labelstudio/config.xml").unwrap();
        let found = found(&xml).unwrap();
        assert_eq!(found.problems, []);
        let codebook = &found.shared.codebook;
        let default = crate::core::codebook::Codebook::default();
        for label in &codebook.labels {
            let known = default.label(label.id.as_str()).unwrap();
            assert_eq!(
                (&label.name, &label.definition, label.color),
                (&known.name, &known.definition, known.color)
            );
            let names: Vec<&str> = label
                .attributes
                .iter()
                .map(|spec| spec.name.as_str())
                .collect();
            assert_eq!(names, ["speaker", "verdict"]);
            assert_eq!(label.link_roles.len(), 1);
        }
        assert_eq!(codebook.labels.len(), 5);
    }

    #[test]
    fn what_is_no_configuration_is_refused() {
        for xml in [
            "<View/>",
            "<View><Text name='t'/></View>",
            "<View>",
            "",
            "<View><Labels><Label value='$a'/></Labels></View>",
        ] {
            assert!(found(xml).is_err(), "{xml}");
        }
        let controls: String = (0..2_000)
            .map(|n| format!("<TextArea name='a{n}' perRegion='true'/>"))
            .collect();
        let labels: String = (0..2_000)
            .map(|n| format!("<Label value='l{n}'/>"))
            .collect();
        let found = found(&format!("<View><Labels>{labels}</Labels>{controls}</View>")).unwrap();
        assert!(
            found
                .problems
                .iter()
                .any(|p| p.message.contains("beyond what one codebook may hold"))
        );
    }
}
