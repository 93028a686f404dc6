//! brat standoff: `NAME.txt` and `NAME.ann`, with `annotation.conf` and `visual.conf` around.
//!
//! Offsets are code points, half-open; several fragments are joined by one space in the covered
//! text (brat's `server/src/annotation.py`).
//!
//! Pressmark's own files are known by their tables, and by notes of the kind `annotation_id`.

use crate::core::annotation::AttributeValue;
use crate::format::formats::brat::{ARTICLES, CODEBOOK, FIELDS, ID, NAMES, NOTES, OWN, PROJECT};
use crate::format::reading::decode;
use crate::format::reading::records::{add_exact_values, offset, statuses_in, stretch_in};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, FoundLabel, Head, Likelihood, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::time::timestamp_from;
use crate::format::words::names::attributes;
use crate::format::words::records::metadata;
use crate::format::words::values::{color_in, from_line};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

pub const READER: Reader = Reader {
    name: "brat",
    title: "brat standoff",
    group: ReaderGroup::Dataset,
    extensions: &["ann"],
    recognise,
    read,
};

/// The name of the other file of the pair.
fn partner(source: &Source<'_>) -> Option<String> {
    match source.extension().as_str() {
        "txt" => Some(source.beside(&format!("{}.ann", source.stem()))),
        "ann" => Some(source.beside(&format!("{}.txt", source.stem()))),
        _ => None,
    }
}

fn recognise(head: &Head<'_>) -> Likelihood {
    let Some(partner) = partner(&head.source) else {
        return Likelihood::No;
    };
    let is_ann = head.source.extension() == "ann";
    Likelihood::Sure.when(is_ann || head.source.siblings.contains(&partner))
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let name = partner(source).unwrap_or_default();
    let other = source.siblings.read(&name).ok_or_else(|| {
        Refusal::new(format!(
            "its text “{name}” is not beside it; put both files in one folder"
        ))
    })?;
    let (text, notes) = match source.extension().as_str() {
        "ann" => (&*other, source.bytes),
        _ => (source.bytes, &*other),
    };
    // brat counts a byte-order mark and carriage returns, so that the text stays as it is.
    let mut reading = Reading::default();
    let text = match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let decoded = decode::decode(text);
            let decoded = decoded.ok_or_else(|| Refusal::new("its text is a binary file"))?;
            reading = Reading::of(&decoded);
            decoded.text
        }
    };
    // One without annotations is empty.
    let notes = decode::decode(notes);
    if notes.is_none() {
        return Err(Refusal::new("its .ann file is a binary file"));
    }
    let notes = notes.map(|decoded| decoded.text).unwrap_or_default();
    // Of a pair that was chosen as two files one stays.
    if source.extension() != "ann" {
        reading.used.push(name);
    }
    let names = names(source);
    match &names {
        Some(names) => {
            reading.labels.clone_from(&names.found);
            let others = [CODEBOOK, "annotation.conf", "visual.conf"];
            let others = others.map(|name| source.beside(name));
            reading.used.extend(others);
        }
        None => reading.labels = labels(source),
    }
    let names = names.unwrap_or_default();
    let mut article = FoundArticle {
        id: source.stem().to_owned(),
        title: crate::format::reading::title::title_of(&text),
        text,
        ..FoundArticle::default()
    };
    let table = source.beside(ARTICLES);
    if let Some(bytes) = source.siblings.read(&table)
        && describe(&mut article, source.stem(), &bytes).is_some()
    {
        reading.used.push(table);
    }
    let project = source.beside(&format!("{}{PROJECT}", source.stem()));
    if let Some(bytes) = source.siblings.read(&project)
        && let Ok(told) = serde_json::from_slice(&bytes)
    {
        article.of_project = Some(told);
        reading.used.push(project);
    }
    let mut lines = Lines::default();
    for (number, line) in notes.split('\n').enumerate() {
        let line = line.trim_end_matches('\r');
        if !line.trim().is_empty() && lines.line(line).is_none() {
            reading.left_out.count_told(1);
            reading.remarks.push(format!(
                "line {} of the .ann file was not understood: {line}",
                number + 1
            ));
        }
    }
    lines.finish(&mut article, &names);
    reading.articles.push(article);
    Ok(reading)
}

/// What Pressmark's table says of an article, by the name of its file.
fn describe(article: &mut FoundArticle, stem: &str, table: &[u8]) -> Option<()> {
    let header = FIELDS.join("\t");
    let names = table.split(|byte| *byte == b'\n').next()?;
    let names = std::str::from_utf8(names).ok()?;
    if !names.starts_with(&header) {
        return None;
    }
    let start = memchr::memmem::find(table, format!("\n{stem}\t").as_bytes())?;
    let line = table
        .get(start + 1..)?
        .split(|byte| *byte == b'\n')
        .next()?;
    let line = std::str::from_utf8(line).ok()?;
    let cells: Vec<String> = line.split('\t').map(from_line).collect();
    let told = |at: usize| cells.get(at).cloned().unwrap_or_default();
    article.id = told(1);
    article.title = told(2);
    article.status = statuses_in(&told(3));
    article.notes = told(4);
    let fields = names.split('\t').map(from_line).zip(cells);
    let fields = fields
        .skip(FIELDS.len())
        .filter(|(_, value)| !value.is_empty());
    article.metadata = fields
        .map(|(name, value)| (metadata(FIELDS).plain(&name).to_owned(), value))
        .collect();
    Some(())
}

/// What safe names stand for.
#[derive(Default)]
pub(super) struct Names {
    pub(super) labels: HashMap<String, String>,
    pub(super) attributes: HashMap<String, String>,
    pub(super) roles: HashMap<String, String>,
    pub(super) found: Vec<FoundLabel>,
}

impl Names {
    fn label(&self, written: &str) -> Option<&String> {
        self.labels.get(written)
    }

    fn attribute(&self, written: String, is_own: bool) -> String {
        match self.attributes.get(&written) {
            Some(name) => name.clone(),
            None if is_own => attributes(NOTES).plain(&written).to_owned(),
            None => written,
        }
    }

    fn role(&self, written: String) -> String {
        self.roles.get(&written).cloned().unwrap_or(written)
    }
}

/// Pressmark's table of names, when it stands beside.
pub(super) fn names(source: &Source<'_>) -> Option<Names> {
    let bytes = source.siblings.read(&source.beside(CODEBOOK))?;
    let table = std::str::from_utf8(&bytes).ok()?;
    let mut lines = table.split('\n');
    if lines.next()? != NAMES.join("\t") {
        return None;
    }
    let mut names = Names::default();
    for line in lines {
        let cells: Vec<String> = line.split('\t').map(from_line).collect();
        let [kind, written, name, title, color, definition] = cells.as_slice() else {
            continue;
        };
        let known = match kind.as_str() {
            "label" => {
                names.found.push(FoundLabel {
                    name: name.clone(),
                    title: title.clone(),
                    definition: definition.clone(),
                    color: color_in(color),
                });
                &mut names.labels
            }
            "attribute" => &mut names.attributes,
            "role" => &mut names.roles,
            _ => continue,
        };
        known.insert(written.clone(), name.clone());
    }
    Some(names)
}

/// What the lines of an `.ann` file say, until all of them are known.
#[derive(Default)]
struct Lines {
    annotations: Vec<FoundAnnotation>,
    by_id: BTreeMap<String, usize>,
    /// Target, name and value.
    attributes: Vec<(String, String, AttributeValue)>,
    notes: Vec<(String, String, String)>,
    links: Vec<(String, String, String)>,
    /// Events by their id: their trigger.
    triggers: BTreeMap<String, String>,
}

impl Lines {
    /// Takes a line; `None` when it is not understood.
    fn line(&mut self, line: &str) -> Option<()> {
        let (id, rest) = line.split_once('\t')?;
        match id.chars().next()? {
            'T' => self.text_bound(id, rest),
            'A' | 'M' => {
                let mut words = rest.split_whitespace();
                let (name, target) = (words.next()?, words.next()?);
                let value: Vec<&str> = words.collect();
                let value = if value.is_empty() {
                    AttributeValue::Bool(true)
                } else {
                    AttributeValue::Text(value.join(" "))
                };
                self.attributes
                    .push((target.to_owned(), name.to_owned(), value));
                Some(())
            }
            'R' => {
                let mut words = rest.split_whitespace();
                let role = words.next()?;
                let mut args = words.filter_map(|arg| Some(arg.split_once(':')?.1));
                let (from, to) = (args.next()?, args.next()?);
                self.links
                    .push((from.to_owned(), role.to_owned(), to.to_owned()));
                Some(())
            }
            'E' => {
                let mut words = rest.split_whitespace();
                let (_, trigger) = words.next()?.split_once(':')?;
                self.triggers.insert(id.to_owned(), trigger.to_owned());
                for (role, target) in words.filter_map(|word| word.split_once(':')) {
                    self.links
                        .push((trigger.to_owned(), role.to_owned(), target.to_owned()));
                }
                Some(())
            }
            'N' => {
                let (reference, name) = rest.split_once('\t').unwrap_or((rest, ""));
                let mut words = reference.split_whitespace();
                let (kind, target, resource) = (words.next()?, words.next()?, words.next()?);
                let value = match name {
                    "" => resource.to_owned(),
                    name => format!("{resource} ({name})"),
                };
                self.attributes.push((
                    target.to_owned(),
                    kind.to_lowercase(),
                    AttributeValue::Text(value),
                ));
                Some(())
            }
            '*' => {
                let mut words = rest.split_whitespace();
                let role = words.next()?;
                let all: Vec<&str> = words.collect();
                for pair in all.windows(2) {
                    if let [from, to] = pair {
                        self.links
                            .push(((*from).to_owned(), role.to_owned(), (*to).to_owned()));
                    }
                }
                Some(())
            }
            '#' => {
                let (head, text) = rest.split_once('\t').unwrap_or((rest, ""));
                let (kind, target) = head.split_once(' ')?;
                self.notes
                    .push((target.trim().to_owned(), kind.to_owned(), text.to_owned()));
                Some(())
            }
            _ => None,
        }
    }

    fn text_bound(&mut self, id: &str, rest: &str) -> Option<()> {
        let (head, covered) = rest.split_once('\t').unwrap_or((rest, ""));
        let (label, places) = head.split_once(' ')?;
        let mut fragments = Vec::new();
        for place in places.split(';') {
            let (start, end) = place.trim().split_once(' ')?;
            let offsets = stretch_in(Some(start), Some(end)).ok()?;
            fragments.push(FoundFragment::at(offsets));
        }
        self.by_id.insert(id.to_owned(), self.annotations.len());
        self.annotations.push(FoundAnnotation {
            id: id.to_owned(),
            label: label.to_owned(),
            fragments,
            covered_text: (!covered.is_empty()).then(|| covered.to_owned()),
            ..FoundAnnotation::default()
        });
        Some(())
    }

    /// Gives attributes, notes and links to their annotations, and tells what had none.
    fn finish(mut self, article: &mut FoundArticle, names: &Names) {
        let text: Vec<char> = if self.annotations.is_empty() && self.notes.is_empty() {
            Vec::new()
        } else {
            article.text.chars().collect()
        };
        let is_own = self.notes.iter().any(|(_, kind, _)| kind == ID);
        let mut exact = self.own_notes(&text, is_own);
        let mut homeless = 0;
        let triggers = std::mem::take(&mut self.triggers);
        let real = |id: &str| triggers.get(id).cloned().unwrap_or_else(|| id.to_owned());
        for (target, name, value) in std::mem::take(&mut self.attributes) {
            let name = names.attribute(name, is_own);
            match self.find(&real(&target)) {
                Some(annotation) => drop(annotation.attributes.insert(name, value)),
                None => homeless += 1,
            }
        }
        let mut ids: Vec<(String, String)> = Vec::new();
        for (target, kind, line) in std::mem::take(&mut self.notes) {
            let target = real(&target);
            let Some(annotation) = self.find(&target) else {
                homeless += 1;
                continue;
            };
            let text = if is_own {
                from_line(&line)
            } else {
                line.replace("\\n", "\n")
            };
            match kind.as_str() {
                ID if is_own => ids.push((target, text)),
                "annotator" if is_own => annotation.annotator = text,
                "created" if is_own => annotation.made = timestamp_from(&text),
                "changed" if is_own => annotation.changed = timestamp_from(&text),
                "AnnotatorNotes" if annotation.note.is_empty() => annotation.note = text,
                "AnnotatorNotes" => {
                    annotation.note.push('\n');
                    annotation.note.push_str(&text);
                }
                _ => {
                    let name = names.attribute(kind, is_own);
                    let value = AttributeValue::Text(text);
                    annotation.attributes.insert(name, value);
                }
            }
        }
        for (from, role, to) in std::mem::take(&mut self.links) {
            let (role, to) = (names.role(role), real(&to));
            match self.find(&real(&from)) {
                Some(annotation) => annotation.links.push((role, to)),
                None => homeless += 1,
            }
        }
        let mut loose: Vec<Vec<(String, String)>> = Vec::new();
        for annotation in &mut self.annotations {
            if let Some(name) = names.label(&annotation.label) {
                annotation.label.clone_from(name);
            }
            let told = exact.remove(&annotation.id).unwrap_or_default();
            over_line_breaks(annotation, &text, &told);
            if let Some(values) = told.get("attributes") {
                add_exact_values(annotation, &values.to_string());
            }
            let links = told.get("links").and_then(Value::as_array);
            let end = |link: &Value, at: usize| Some(link.get(at)?.as_str()?.to_owned());
            let links = links.into_iter().flatten();
            let links = links.filter_map(|link| Some((end(link, 0)?, end(link, 1)?)));
            loose.push(links.collect());
        }
        self.restore_ids(ids);
        // These name annotations as Pressmark does.
        for (annotation, links) in self.annotations.iter_mut().zip(loose) {
            annotation.links.extend(links);
        }
        article.annotations = self.annotations;
        article.left_out.count_told(homeless);
        if homeless > 0 {
            article.remarks.push(format!(
                "{homeless} lines of the .ann file are about annotations that are not in it"
            ));
        }
    }

    /// Takes Pressmark's notes, by the annotations that they are about. Annotations of nothing but
    /// line breaks stand in them alone.
    fn own_notes(&mut self, text: &[char], is_own: bool) -> BTreeMap<String, Value> {
        let mut own: BTreeMap<String, Value> = BTreeMap::new();
        if !is_own {
            return own;
        }
        self.notes.retain(|(target, kind, line)| {
            let told = (kind == OWN).then(|| serde_json::from_str(&from_line(line)).ok());
            let told: Option<Value> = told.flatten();
            let is_kept = told.is_none();
            own.extend(told.map(|told| (target.clone(), told)));
            is_kept
        });
        for (target, told) in &own {
            let label = told.get("label").and_then(Value::as_str);
            let ranges = ranges_in(told.get("fragments"));
            let (Some(label), Some(ranges)) = (label, ranges) else {
                continue;
            };
            let mut places = ranges.iter().cloned().flatten();
            let is_nothing = places.all(|at| text.get(at).is_some_and(is_line_break));
            if is_nothing && !ranges.is_empty() && !self.by_id.contains_key(target) {
                self.by_id.insert(target.clone(), self.annotations.len());
                self.annotations.push(FoundAnnotation {
                    id: target.clone(),
                    label: label.to_owned(),
                    fragments: ranges.into_iter().map(FoundFragment::at).collect(),
                    ..FoundAnnotation::default()
                });
            }
        }
        own
    }

    /// Annotations get the ids that Pressmark gave them, where these tell them apart; links follow.
    fn restore_ids(&mut self, ids: Vec<(String, String)>) {
        let mut seen: HashSet<&str> = HashSet::new();
        let twice = ids.iter().filter(|(_, id)| !seen.insert(id));
        let twice: HashSet<String> = twice.map(|(_, id)| id.clone()).collect();
        let told = ids.into_iter();
        let told = told.filter(|(_, id)| !id.is_empty() && !twice.contains(id));
        let told: HashMap<String, String> = told.collect();
        for annotation in &mut self.annotations {
            for (_, target) in &mut annotation.links {
                if let Some(id) = told.get(target) {
                    target.clone_from(id);
                }
            }
            if let Some(id) = told.get(&annotation.id) {
                annotation.id.clone_from(id);
            }
        }
    }

    fn find(&mut self, id: &str) -> Option<&mut FoundAnnotation> {
        let at = *self.by_id.get(id)?;
        self.annotations.get_mut(at)
    }
}

/// What brat's server ends a line of an `.ann` file at.
fn is_line_break(c: &char) -> bool {
    matches!(
        c,
        '\n'..='\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// `[[start, end], …]`, rising and not empty.
fn ranges_in(value: Option<&Value>) -> Option<Vec<Range<usize>>> {
    let mut last = 0;
    let ranges = value?.as_array()?.iter().map(|range| {
        let (start, end) = (offset(range.get(0))?, offset(range.get(1))?);
        let is_after = start >= std::mem::replace(&mut last, end) && end > start;
        is_after.then_some(start..end)
    });
    ranges.collect()
}

/// The stretches of an annotation, of which brat has the pieces: as Pressmark noted them, if they
/// are the same but for line breaks, else with nothing but line breaks as no gap.
fn over_line_breaks(annotation: &mut FoundAnnotation, text: &[char], told: &Value) {
    let pieces = annotation.fragments.iter();
    let pieces: Option<Vec<Range<usize>>> = pieces.map(|piece| piece.offsets.clone()).collect();
    let Some(pieces) = pieces else {
        return;
    };
    let without_breaks = |ranges: &[Range<usize>]| -> Vec<usize> {
        let places = ranges.iter().cloned().flatten();
        let is_kept = |at: &usize| text.get(*at).is_some_and(|c| !is_line_break(c));
        places.filter(is_kept).collect()
    };
    let noted = ranges_in(told.get("fragments"));
    let noted = noted.filter(|noted| {
        noted.iter().all(|range| range.end <= text.len())
            && without_breaks(noted) == without_breaks(&pieces)
    });
    let whole = noted.unwrap_or_else(|| joined_over_line_breaks(text, pieces));
    annotation.fragments = whole.into_iter().map(FoundFragment::at).collect();
}

/// brat cannot hold a line break in an annotation: pieces with nothing but line breaks between them
/// are one stretch.
pub(crate) fn joined_over_line_breaks(
    text: &[char],
    pieces: Vec<Range<usize>>,
) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for piece in pieces {
        let gap = joined.last().map(|last| last.end..piece.start);
        let gap = gap.filter(|gap| gap.start < gap.end);
        let is_break = gap.and_then(|gap| text.get(gap));
        match joined.last_mut() {
            Some(last) if is_break.is_some_and(|gap| gap.iter().all(is_line_break)) => {
                last.end = piece.end;
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// Labels with the names and colours of `visual.conf`, here or in a folder above.
fn labels(source: &Source<'_>) -> Vec<FoundLabel> {
    let mut folder = source.folder();
    for _ in 0..3 {
        let name = match folder {
            "" => "visual.conf".to_owned(),
            folder => format!("{folder}/visual.conf"),
        };
        if let Some(bytes) = source.siblings.read(&name) {
            return labels_of(&String::from_utf8_lossy(&bytes));
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
    Vec::new()
}

fn labels_of(config: &str) -> Vec<FoundLabel> {
    let mut section = "";
    let mut found: BTreeMap<String, FoundLabel> = BTreeMap::new();
    for line in config
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
            continue;
        }
        match section {
            "labels" => {
                let mut names = line.split('|').map(str::trim);
                let (Some(name), Some(title)) = (names.next(), names.next()) else {
                    continue;
                };
                let label = found.entry(name.to_owned()).or_default();
                name.clone_into(&mut label.name);
                title.clone_into(&mut label.title);
            }
            "drawing" => {
                let Some((name, style)) = line.split_once(char::is_whitespace) else {
                    continue;
                };
                let color = style
                    .split(',')
                    .find_map(|part| part.trim().strip_prefix("bgColor:#"));
                let color = color.and_then(|hex| u32::from_str_radix(hex.trim(), 16).ok());
                if let Some(label) = found.get_mut(name) {
                    label.color = color.filter(|color| *color <= 0xFF_FFFF);
                }
            }
            _ => {}
        }
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_of_files() {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        files.insert("d/a.txt".to_owned(), "She said\nso, twice.".into());
        let ann = "T1\tsource 0 3\tShe\nT2\tquote 9 11;13 18\tso twice\nT3\tcue 4 8;9 11\tsaid so\nA1\tKind T1 person\nA2\tSure T1\nR1\tBy Arg1:T2 Arg2:T1\t\n#1\tAnnotatorNotes T2\tone\\ntwo\nbroken\n";
        files.insert("d/a.ann".to_owned(), ann.into());
        let bytes = files["d/a.txt"].clone();
        let source = Source {
            name: "d/a.txt",
            bytes: &bytes,
            siblings: &files,
        };
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let [source_, quote, cue] = reading.articles[0].annotations.as_slice() else {
            panic!()
        };
        assert_eq!(
            source_.attributes["Kind"],
            AttributeValue::Text("person".to_owned())
        );
        assert_eq!(source_.attributes["Sure"], AttributeValue::Bool(true));
        assert_eq!(quote.fragments.len(), 2);
        assert_eq!(quote.note, "one\ntwo");
        assert_eq!(quote.links, [("By".to_owned(), "T1".to_owned())]);
        assert_eq!(cue.fragments, [FoundFragment::at(4..11)]);
        assert_eq!(reading.remarks.len(), 1);
    }
    /// Reads Pressmark's own pair with its tables: fragments, ids and labels of the annotations.
    #[track_caller]
    fn check_own(text: &str, ann: &str, expected: &[&str]) -> FoundArticle {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        files.insert("a.txt".to_owned(), text.into());
        let names = "kind\twritten\tname\ttitle\tcolor\tdefinition\nlabel\ttwo_words\ttwo words\tTwo\t#010203\tof\\ttwo\nattribute\todd_name\todd/name\t\t\t\nrole\tsaid_by\tsaid by\t\t\t\n";
        files.insert(CODEBOOK.to_owned(), names.into());
        let articles = "name\tid\ttitle\tstatus\tnotes\toutlet\tmeta_id\nb\tB\t\t\t\t\t\na\ta/1\tT\\nt\tana=done\tn\\\\n\t\t7\n";
        files.insert(ARTICLES.to_owned(), articles.into());
        let source = Source {
            name: "a.ann",
            bytes: ann.as_bytes(),
            siblings: &files,
        };
        let mut reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.used.len(), 4);
        assert_eq!(reading.labels[0].definition, "of\ttwo");
        let article = reading.articles.remove(0);
        let told = article.annotations.iter().map(|a| {
            let ranges = a.fragments.iter().map(|f| f.offsets.clone().unwrap());
            let ranges: Vec<Range<usize>> = ranges.collect();
            format!("{} {} {ranges:?}", a.id, a.label)
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
        article
    }

    #[test]
    fn what_pressmark_wrote_comes_back() {
        let ann = "T1\ttwo_words 1 2;4 5\tb c\n#1\tannotation_id T1\tx y\n#2\tPressmark T1\t{\"fragments\":[[0,3],[4,5]],\"links\":[[\"said by\",\"z\"]]}\n#3\todd_name T1\ta\\nb\\\\n\nR1\tsaid_by Arg1:T1 Arg2:T1\t\n#4\tPressmark T2\t{\"label\":\"q\",\"fragments\":[[2,4]]}\n#5\tannotation_id T2\tz\n";
        let article = check_own(
            "\nb\n\nc",
            ann,
            &["x y two words [0..3, 4..5]", "z q [2..4]"],
        );
        assert_eq!(
            (article.id.as_str(), article.title.as_str()),
            ("a/1", "T\nt")
        );
        assert_eq!((article.notes.as_str(), article.status.len()), ("n\\n", 1));
        assert_eq!(article.metadata.len(), 1);
        assert_eq!(article.metadata["id"], "7");
        let x = &article.annotations[0];
        let odd = AttributeValue::Text("a\nb\\n".to_owned());
        assert_eq!(x.attributes["odd/name"], odd);
        let links = [("said by", "x y"), ("said by", "z")];
        let links = links.map(|(role, to)| (role.to_owned(), to.to_owned()));
        assert_eq!(x.links, links);
        // Moved in brat: what was noted is of no use.
        let ann = "T1\tq 1 2\tb\n#1\tannotation_id T1\tx\n#2\tPressmark T1\t{\"fragments\":[[0,3],[4,5]]}\n#4\tPressmark T2\t{\"label\":\"q\",\"fragments\":[[1,3]]}\n#5\tPressmark T3\t{\"label\":\"q\",\"fragments\":[[2,9]]}\n";
        check_own("\nb\n\nc", ann, &["x q [1..2]"]);
    }
}
