//! brat's `annotation.conf` as a codebook, with the names and colours of the `visual.conf` beside it.
//!
//! Entities and events are labels, in the hierarchy that their tabs show; arguments of relations and
//! of events are link roles, attributes are attributes. What is marked as not to be annotated with
//! (`!`) is retired. Names of types are the ids, as `.ann` files have them; beside Pressmark's own files
//! a table says what they stand for.

use super::read::{Names, names};
use crate::core::codebook::{AttributeKind, AttributeSpec, LinkRole};
use crate::core::ids::LabelId;
use crate::format::reading::codebook::{Draft, FoundCodebook};
use crate::format::reading::{FoundLabel, Refusal, Source, decode};
use crate::format::words::values::color_in;
use std::collections::{BTreeMap, HashMap};

const KIND: &str = "brat configuration";
const VISUAL: &str = "visual.conf";
const SECTIONS: [&str; 4] = ["entities", "relations", "events", "attributes"];

/// Whether the start of a file is that of a configuration.
pub fn recognise(start: &str) -> bool {
    let mut lines = start.lines().map(str::trim);
    lines.any(|line| SECTIONS.iter().any(|name| section(line) == Some(name)))
}

fn section(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.strip_suffix(']')
}

pub fn read(source: &Source<'_>) -> Result<FoundCodebook, Refusal> {
    let text = text_of(source.bytes)?;
    let mut reading = Configuration::default();
    reading.sort(&text);
    for name in ["entities", "events"] {
        reading.add_types(name)?;
    }
    let beside = source.siblings.read(&source.beside(VISUAL));
    let visual = beside.map(|bytes| text_of(&bytes)).transpose()?;
    let visual = Visual::of(visual.as_deref().unwrap_or_default(), &mut reading.draft);
    reading.add_relations();
    reading.add_roles_of_events();
    reading.add_attributes(&visual);
    reading.show(&visual);
    if let Some(names) = names(source) {
        reading.name_as_ours(&names);
    }
    let folder = source.folder().rsplit('/').next().unwrap_or_default();
    reading.draft.finish(KIND, folder)
}

fn text_of(bytes: &[u8]) -> Result<String, Refusal> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => {
            let decoded = decode::decode(bytes);
            let decoded = decoded.ok_or_else(|| Refusal::new("this is a binary file"))?;
            Ok(decoded.text)
        }
    }
}

/// A line that says something, and its number.
#[derive(Clone, Copy)]
struct Line<'t> {
    number: usize,
    depth: usize,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn place(&self) -> String {
        format!("line {}", self.number)
    }

    /// The name and what stands behind it.
    fn parts(&self) -> (&'t str, &'t str) {
        let (name, rest) = self
            .text
            .split_once(char::is_whitespace)
            .unwrap_or((self.text, ""));
        (name, rest.trim())
    }

    /// The arguments, `name:values`, with a colon or without one.
    fn arguments(&self) -> impl Iterator<Item = (&'t str, &'t str)> {
        let (_, rest) = self.parts();
        let all = rest.split([',', '\t', ' ']).map(str::trim);
        let all = all.filter(|argument| !argument.is_empty());
        all.map(|argument| argument.split_once(':').unwrap_or((argument, "")))
    }
}

/// The most names of types that are looked up.
const MAX_STEPS: usize = 3_000_000;

#[derive(Default)]
struct Configuration<'t> {
    draft: Draft,
    sections: BTreeMap<&'t str, Vec<Line<'t>>>,
    /// `<NAME>=A|B`, by the name with its brackets.
    macros: HashMap<&'t str, &'t str>,
    /// Places of labels, by the names of their types.
    types: HashMap<&'t str, usize>,
    entities: Vec<usize>,
    events: Vec<usize>,
    steps: usize,
}

/// The labels that an argument stands for.
enum Meant {
    /// All there are.
    Any,
    These(Vec<usize>),
}

impl<'t> Configuration<'t> {
    fn sort(&mut self, text: &'t str) {
        let mut name = "";
        for (at, line) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
            let number = at + 1;
            let trimmed = line.trim();
            // A line of dashes is drawn in the list of types.
            if trimmed.is_empty() || trimmed.starts_with('#') || trimmed.chars().all(|c| c == '-') {
                continue;
            }
            let line = Line {
                number,
                depth: line.len() - line.trim_start_matches('\t').len(),
                text: trimmed,
            };
            if let Some(found) = section(trimmed) {
                name = found;
                if !SECTIONS.contains(&name) {
                    self.draft
                        .leave_out(format!("sections like [{}]", short(name)), line.place());
                }
            } else if let Some((known, values)) = trimmed.split_once('=')
                && known.starts_with('<')
                && known.trim_end().ends_with('>')
            {
                self.macros.entry(known.trim_end()).or_insert(values.trim());
            } else if SECTIONS.contains(&name) {
                self.sections.entry(name).or_default().push(line);
            } else if name.is_empty() {
                self.draft
                    .leave_out("lines before the first section", line.place());
            }
        }
    }

    fn lines(&self, name: &str) -> Vec<Line<'t>> {
        self.sections.get(name).cloned().unwrap_or_default()
    }

    fn add_types(&mut self, section: &str) -> Result<(), Refusal> {
        // The types that lines further in belong to.
        let mut open: Vec<(usize, usize)> = Vec::new();
        for line in self.lines(section) {
            let (written, rest) = line.parts();
            let (name, is_shut) = match written.strip_prefix('!') {
                Some(name) => (name, true),
                None => (written, false),
            };
            open.retain(|(depth, _)| *depth < line.depth);
            let parent = open.last().map(|(_, at)| *at);
            let at = match self.types.get(name) {
                Some(known) => {
                    if section == "entities" {
                        self.draft.tell(
                            || line.place(),
                            format!("“{}” stands there twice", short(name)),
                        );
                    }
                    *known
                }
                None => {
                    let at = self.draft.add(name, name, parent)?;
                    self.types.insert(name, at);
                    at
                }
            };
            if let Some(label) = self.draft.at(at) {
                label.retired |= is_shut;
            }
            open.push((line.depth, at));
            if section == "entities" {
                self.entities.push(at);
                if !rest.is_empty() {
                    self.draft.leave_out("arguments of entities", line.place());
                }
            } else {
                self.events.push(at);
            }
        }
        Ok(())
    }

    /// What `A|B`, `<ENTITY>` or a name of the file's own stand for.
    fn meant(&mut self, values: &'t str, place: &str) -> Meant {
        let mut found: Vec<usize> = Vec::new();
        let mut open: Vec<(&'t str, usize)> = values.split('|').map(|value| (value, 0)).collect();
        while let Some((value, depth)) = open.pop() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                self.draft
                    .leave_out("parts beyond what one codebook may hold", place);
                return Meant::These(Vec::new());
            }
            let value = value.trim();
            match value {
                "<ANY>" => return Meant::Any,
                "<ENTITY>" => {
                    self.steps += self.entities.len();
                    found.extend(&self.entities);
                }
                "<EVENT>" => {
                    self.steps += self.events.len();
                    found.extend(&self.events);
                }
                value => match (self.types.get(value), self.macros.get(value)) {
                    (Some(at), _) => found.push(*at),
                    (None, Some(values)) if depth < 8 => {
                        self.steps += values.len();
                        if self.steps > MAX_STEPS {
                            open.push((value, depth));
                            continue;
                        }
                        open.extend(values.split('|').map(|value| (value, depth + 1)));
                    }
                    _ => self
                        .draft
                        .leave_out("names of types that are not there", place),
                },
            }
        }
        found.sort_unstable();
        found.dedup();
        if found.len() == self.types.len() {
            Meant::Any
        } else {
            Meant::These(found)
        }
    }

    fn all(&self) -> Vec<usize> {
        (0..self.draft.labels.len()).collect()
    }

    /// Gives a link role to labels.
    fn link(&mut self, role: &str, from: Meant, to: Meant, place: &str) {
        let from = match from {
            Meant::Any => self.all(),
            Meant::These(from) => from,
        };
        let to = match to {
            Meant::Any => Vec::new(),
            // What leads to nothing that is known would lead to anything.
            Meant::These(to) if to.is_empty() => return,
            Meant::These(to) => to,
        };
        if !self
            .draft
            .may_add(from.len().saturating_mul(to.len() + 1), || place.to_owned())
        {
            return;
        }
        let ids = to.iter().filter_map(|at| self.draft.labels.get(*at));
        let mut ids = ids.map(|label| label.id.clone());
        let role = LinkRole {
            target: ids.next(),
            or: ids.collect(),
            ..LinkRole::to_label(role)
        };
        for at in from {
            if !self.draft.add_role(at, &role) {
                self.draft
                    .leave_out("links of labels that have too many", place);
            }
        }
    }

    fn add_relations(&mut self) {
        for line in self.lines("relations") {
            let (name, _) = line.parts();
            let place = line.place();
            if name.starts_with('<') {
                self.draft.leave_out("rules about overlaps", place);
                continue;
            }
            let mut ends: Vec<&'t str> = Vec::new();
            for (key, values) in line.arguments() {
                if key.starts_with('<') {
                    let what = "properties of relations, such as that they are symmetric";
                    self.draft.leave_out(what, &place);
                } else {
                    ends.push(values);
                }
            }
            let [from, to] = ends.as_slice() else {
                let what = "relations that do not have two arguments";
                self.draft.leave_out(what, place);
                continue;
            };
            let (from, to) = (self.meant(from, &place), self.meant(to, &place));
            self.link(name, from, to, &place);
        }
    }

    fn add_roles_of_events(&mut self) {
        for line in self.lines("events") {
            let (name, _) = line.parts();
            let place = line.place();
            let Some(at) = self.types.get(name.trim_start_matches('!')).copied() else {
                continue;
            };
            for (key, values) in line.arguments() {
                if key.starts_with('<') {
                    self.draft.leave_out("properties of events", &place);
                    continue;
                }
                let role = key.split(['?', '*', '+', '{']).next().unwrap_or(key);
                if role.len() < key.len() {
                    let what = "rules for how many arguments of a kind there are";
                    self.draft.leave_out(what, &place);
                }
                let to = self.meant(values, &place);
                self.link(role, Meant::These(vec![at]), to, &place);
            }
        }
    }

    fn add_attributes(&mut self, visual: &Visual<'_>) {
        for line in self.lines("attributes") {
            let (name, _) = line.parts();
            let place = line.place();
            let mut of = None;
            let mut options: Vec<String> = Vec::new();
            let mut default = None;
            for (key, values) in line.arguments() {
                match key {
                    "Arg" => of = Some(self.meant(values, &place)),
                    "Value" => {
                        let values = values.split('|').map(str::trim);
                        options.extend(values.filter(|v| !v.is_empty()).map(str::to_owned));
                    }
                    "DEFAULT" => default = Some(values.to_owned()),
                    _ => self.draft.leave_out("properties of attributes", &place),
                }
            }
            let of = match of {
                Some(Meant::These(of)) => of,
                Some(Meant::Any) => self.all(),
                None => {
                    self.draft.leave_out("attributes of nothing", place);
                    continue;
                }
            };
            if !self
                .draft
                .may_add(of.len().saturating_mul(options.len() + 1), || place.clone())
            {
                continue;
            }
            let kind = match options.as_slice() {
                [] => AttributeKind::YesNo,
                _ => AttributeKind::OneOf(options),
            };
            let default = default.map(|value| kind.typed(&value));
            let mut spec = AttributeSpec {
                default: default.filter(|value| kind.fits(value)),
                ..AttributeSpec::new(name, kind)
            };
            if let Some(title) = visual.names.get(name) {
                (*title).clone_into(&mut spec.title);
            }
            for at in of {
                if !self.draft.add_attribute(at, &spec) {
                    self.draft.leave_out(
                        "attributes that labels have already, or that are too many",
                        &place,
                    );
                }
            }
        }
    }

    /// Gives labels their names and colours.
    fn show(&mut self, visual: &Visual<'_>) {
        // Names of types are ids; no two types have one name.
        for label in &mut self.draft.labels {
            if let Some(shown) = visual.names.get(label.id.as_str()) {
                (*shown).clone_into(&mut label.name);
            }
            if let Some(color) = visual.colors.get(label.id.as_str()) {
                label.color = *color;
            }
        }
    }
}

impl Configuration<'_> {
    /// Gives labels, attributes and roles the names that Pressmark's table has for them.
    fn name_as_ours(&mut self, names: &Names) {
        let told: HashMap<&str, &FoundLabel> = names
            .found
            .iter()
            .map(|label| (label.name.as_str(), label))
            .collect();
        let of = |id: &LabelId| match names.labels.get(id.as_str()) {
            Some(name) => LabelId::new(name),
            None => id.clone(),
        };
        for label in &mut self.draft.labels {
            label.id = of(&label.id);
            label.parent = label.parent.as_ref().map(of);
            if let Some(told) = told.get(label.id.as_str()) {
                label.name.clone_from(&told.title);
                label.definition.clone_from(&told.definition);
                label.color = told.color.unwrap_or(label.color);
            }
            for spec in &mut label.attributes {
                if let Some(name) = names.attributes.get(&spec.name) {
                    if spec.title == spec.name {
                        spec.title.clone_from(name);
                    }
                    spec.name.clone_from(name);
                }
            }
            for role in &mut label.link_roles {
                if let Some(name) = names.roles.get(&role.name) {
                    role.name.clone_from(name);
                }
                role.target = role.target.as_ref().map(of);
                role.or = role.or.iter().map(of).collect();
            }
        }
    }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// What `visual.conf` says: names and colours by type.
#[derive(Default)]
struct Visual<'t> {
    names: HashMap<&'t str, &'t str>,
    colors: HashMap<&'t str, u32>,
}

impl<'t> Visual<'t> {
    fn of(text: &'t str, draft: &mut Draft) -> Self {
        let mut visual = Self::default();
        let mut name = "";
        for (at, line) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let place = || format!("{VISUAL}, line {}", at + 1);
            if let Some(found) = section(line) {
                name = found;
            } else if name == "labels" {
                let mut names = line.split('|').map(str::trim);
                if let (Some(of), Some(shown)) = (names.next(), names.next())
                    && !shown.is_empty()
                {
                    visual.names.insert(of, shown);
                }
            } else if name == "drawing"
                && let Some((of, style)) = line.split_once(char::is_whitespace)
            {
                let mut styles = style.split(',').map(str::trim);
                let color = styles.find_map(|style| style.strip_prefix("bgColor:"));
                match color.map(|color| color_in(color.trim())) {
                    Some(Some(color)) => {
                        visual.colors.insert(of, color);
                    }
                    Some(None) => draft.leave_out("colours that are called by a name", place()),
                    None => {}
                }
            }
        }
        visual
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::codebook::{Codebook, Label};

    fn read_with(conf: &str, visual: &str) -> Result<FoundCodebook, Refusal> {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        files.insert("corpus/visual.conf".to_owned(), visual.into());
        read(&Source {
            name: "corpus/annotation.conf",
            bytes: conf.as_bytes(),
            siblings: &files,
        })
    }

    fn label<'c>(codebook: &'c Codebook, id: &str) -> &'c Label {
        codebook.label(id).unwrap_or_else(|| panic!("no {id}"))
    }

    #[test]
    fn types_relations_and_attributes_become_labels_roles_and_attributes() {
        let conf = "# of a corpus\n<POG>=Person|Organization\n[entities]\nPerson\nOrganization\n\t!Business\n\t\tBank\n---\nPlace\n[relations]\nLocated\tArg1:<POG>, Arg2:Place\nLocated\tArg1:Person, Arg2:Organization\nNear\tArg1:<ANY>, Arg2:<ANY>, <REL-TYPE>:symmetric\n<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n[events]\nAttack\tAttacker?:<POG>, Where*:Place\n[attributes]\nNegated\tArg:<EVENT>\nSure\tArg:<ENTITY>, Value:high|low, DEFAULT:low\n[options]\nTokens tokenizer:x\n";
        let visual = "[labels]\nPerson | A person | Per\nSure | How sure\n[drawing]\nSPAN_DEFAULT\tfgColor:black, bgColor:white\nPerson\tbgColor:#ff0010, borderColor:darken\nBank\tbgColor:lightgreen\n";
        let found = read_with(conf, visual).unwrap();
        let codebook = &found.shared.codebook;
        assert_eq!(
            (found.shared.name.as_str(), found.is_partial),
            ("corpus", true)
        );
        let shown: Vec<String> = codebook
            .in_order()
            .iter()
            .map(|placed| {
                let label = &codebook.labels[placed.at];
                format!(
                    "{}{}{}",
                    "-".repeat(placed.depth),
                    label.id,
                    if label.retired { "!" } else { "" }
                )
            })
            .collect();
        assert_eq!(
            shown.join(" "),
            "Person Organization -Business! --Bank Place Attack"
        );
        let person = label(codebook, "Person");
        assert_eq!((person.name.as_str(), person.color), ("A person", 0xFF0010));
        let roles = |label: &Label| -> Vec<String> {
            label
                .link_roles
                .iter()
                .map(|role| {
                    let to: Vec<&str> = role.targets().map(|id| id.as_str()).collect();
                    format!("{}>{}", role.name, to.join("+"))
                })
                .collect()
        };
        assert_eq!(roles(person), ["Located>Place+Organization", "Near>"]);
        assert_eq!(roles(label(codebook, "Bank")), ["Near>"]);
        assert_eq!(
            roles(label(codebook, "Attack")),
            ["Near>", "Attacker>Person+Organization", "Where>Place"]
        );
        let sure = person.attribute("Sure").unwrap();
        assert_eq!(sure.title, "How sure");
        assert_eq!(
            sure.kind,
            AttributeKind::OneOf(vec!["high".to_owned(), "low".to_owned()])
        );
        assert_eq!(
            sure.default,
            Some(crate::core::annotation::AttributeValue::Text(
                "low".to_owned()
            ))
        );
        assert_eq!(label(codebook, "Attack").attributes.len(), 1);
        assert_eq!(
            label(codebook, "Attack").attributes[0].kind,
            AttributeKind::YesNo
        );
        let told: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "visual.conf, line 5 and others: 2 × colours that are called by a name: a codebook has no place for this",
                "line 13: 1 × properties of relations, such as that they are symmetric: a codebook has no place for this",
                "line 14: 1 × rules about overlaps: a codebook has no place for this",
                "line 16 and others: 2 × rules for how many arguments of a kind there are: a codebook has no place for this",
                "line 20: 1 × sections like [options]: a codebook has no place for this",
            ]
        );
    }

    #[test]
    fn what_pressmark_wrote_has_its_own_names() {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let table = "kind\twritten\tname\ttitle\tcolor\tdefinition\nlabel\ttwo_words\ttwo words\tTwo\t#010203\tof\\ttwo\nattribute\todd_name\todd/name\t\t\t\nrole\tsaid_by\tsaid by\t\t\t\n";
        files.insert("codebook.tsv".to_owned(), table.into());
        let conf = "[entities]\nother\n\ttwo_words\n[relations]\nsaid_by\tArg1:other, Arg2:two_words\n[attributes]\nodd_name\tArg:<ENTITY>, Value:a|b\n";
        let found = read(&Source {
            name: "annotation.conf",
            bytes: conf.as_bytes(),
            siblings: &files,
        });
        let codebook = found.unwrap().shared.codebook;
        let two = label(&codebook, "two words");
        assert_eq!(
            (two.name.as_str(), two.color, two.definition.as_str()),
            ("Two", 0x010203, "of\ttwo")
        );
        assert_eq!(two.attributes[0].name, "odd/name");
        let role = &label(&codebook, "other").link_roles[0];
        assert_eq!(role.name, "said by");
        assert_eq!(role.target, Some("two words".into()));
        assert_eq!(two.parent, Some("other".into()));
    }

    #[test]
    fn odd_configurations_are_read_as_far_as_they_go() {
        for (conf, labels, problems) in [
            ("[entities]\nA\nA\n", Some(1), 1),
            ("A\n[entities]\nB\tx:y\n", Some(1), 2),
            (
                "<A>=<B>\n<B>=<A>\n[entities]\nC\nD\n[relations]\nR\tArg1:<A>, Arg2:C\nS\tArg1:C\n",
                Some(2),
                2,
            ),
            (
                "[entities]\n\t\tA\n\tB\nC\n[attributes]\nX\tValue:1\nY\tArg:Nothing\n",
                Some(3),
                2,
            ),
            ("[entities]\n", None, 0),
            ("[entities]\n[]\n", None, 0),
        ] {
            let found = read_with(conf, "[drawing]\n[labels]\n|\n");
            assert_eq!(
                found.as_ref().ok().map(|f| f.shared.codebook.labels.len()),
                labels,
                "{conf}"
            );
            assert_eq!(found.map_or(0, |f| f.problems.len()), problems, "{conf}");
        }
    }

    #[test]
    fn lines_about_all_types_cannot_fill_the_memory() {
        let types: String = (0..1_000).map(|n| format!("T{n}\n")).collect();
        let half: String = (0..500).map(|n| format!("T{n}|")).collect();
        let relations: String = (0..200)
            .map(|n| format!("R{n}\tArg1:<HALF>, Arg2:<HALF>\n"))
            .collect();
        let attributes: String = (0..200)
            .map(|n| format!("A{n}\tArg:<ENTITY>, Value:{half}\n"))
            .collect();
        let conf = format!(
            "<HALF>={half}T0\n[entities]\n{types}[relations]\n{relations}[attributes]\n{attributes}"
        );
        let found = read_with(&conf, "").unwrap();
        let parts: usize = found
            .shared
            .codebook
            .labels
            .iter()
            .map(|l| l.link_roles.len() + l.attributes.len())
            .sum();
        assert!(parts <= 200_000, "{parts}");
        assert!(
            found
                .problems
                .iter()
                .any(|p| p.message.contains("beyond what one codebook may hold"))
        );
    }
}
