//! brat standoff: `NAME.txt` and `NAME.ann`, with `annotation.conf` and `visual.conf` around.
//!
//! Offsets are code points, half-open; several fragments are joined by one space in the covered
//! text (brat's `server/src/annotation.py`).

use crate::core::annotation::AttributeValue;
use crate::format::article::decode;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, FoundLabel, Head, Likelihood, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use std::collections::BTreeMap;

pub const READERS: &[Reader] = &[Reader {
    name: "brat",
    title: "brat standoff",
    group: ReaderGroup::Dataset,
    extensions: &["ann"],
    recognise,
    read,
}];

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
    match is_ann || head.source.siblings.contains(&partner) {
        true => Likelihood::Sure,
        false => Likelihood::No,
    }
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let name = partner(source).unwrap_or_default();
    let other = source.siblings.read(&name).ok_or_else(|| {
        Refusal::new(format!(
            "its text “{name}” is not beside it; put both files in one folder"
        ))
    })?;
    let (text, notes) = match source.extension().as_str() {
        "ann" => (other.as_slice(), source.bytes),
        _ => (source.bytes, other.as_slice()),
    };
    // brat counts a byte-order mark and carriage returns, so that the text stays as it is.
    let text = match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => decode::decode(text)
            .map(|decoded| decoded.text)
            .ok_or_else(|| Refusal::new("its text is a binary file"))?,
    };
    let notes = decode::decode(notes)
        .map(|decoded| decoded.text)
        .unwrap_or_default();
    let mut reading = Reading {
        used: vec![name],
        labels: labels(source),
        ..Reading::default()
    };
    let mut article = FoundArticle {
        id: source.stem().to_owned(),
        title: crate::format::article::title_of(&text),
        text,
        ..FoundArticle::default()
    };
    let mut lines = Lines::default();
    for (number, line) in notes.split('\n').enumerate() {
        let line = line.trim_end_matches('\r');
        if !line.trim().is_empty() && lines.line(line).is_none() {
            reading.remarks.push(format!(
                "line {} of the .ann file was not understood: {line}",
                number + 1
            ));
        }
    }
    reading.remarks.extend(lines.finish(&mut article));
    reading.articles.push(article);
    Ok(reading)
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
                let value = match value.is_empty() {
                    true => AttributeValue::Bool(true),
                    false => AttributeValue::Text(value.join(" ")),
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
                let text = text.replace("\\n", "\n");
                self.notes
                    .push((target.trim().to_owned(), kind.to_owned(), text));
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
            let (start, end): (usize, usize) = (start.parse().ok()?, end.trim().parse().ok()?);
            fragments.push(FoundFragment::at(start..end.max(start)));
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

    /// Gives attributes, notes and links to their annotations; answers what had none.
    fn finish(mut self, article: &mut FoundArticle) -> Vec<String> {
        let mut homeless = 0;
        let triggers = std::mem::take(&mut self.triggers);
        let real = |id: &str| triggers.get(id).cloned().unwrap_or_else(|| id.to_owned());
        for (target, name, value) in std::mem::take(&mut self.attributes) {
            match self.find(&real(&target)) {
                Some(annotation) => drop(annotation.attributes.insert(name, value)),
                None => homeless += 1,
            }
        }
        for (target, kind, text) in std::mem::take(&mut self.notes) {
            let Some(annotation) = self.find(&real(&target)) else {
                homeless += 1;
                continue;
            };
            if kind != "AnnotatorNotes" {
                annotation
                    .attributes
                    .insert(kind, AttributeValue::Text(text));
            } else if annotation.note.is_empty() {
                annotation.note = text;
            } else {
                annotation.note.push('\n');
                annotation.note.push_str(&text);
            }
        }
        for (from, role, to) in std::mem::take(&mut self.links) {
            let to = real(&to);
            match self.find(&real(&from)) {
                Some(annotation) => annotation.links.push((role, to)),
                None => homeless += 1,
            }
        }
        for annotation in &mut self.annotations {
            join_over_line_breaks(annotation, &article.text);
        }
        article.annotations = self.annotations;
        match homeless {
            0 => Vec::new(),
            n => vec![format!(
                "{n} lines of the .ann file are about annotations that are not in it"
            )],
        }
    }

    fn find(&mut self, id: &str) -> Option<&mut FoundAnnotation> {
        let at = *self.by_id.get(id)?;
        self.annotations.get_mut(at)
    }
}

/// brat cannot hold a line break in an annotation: fragments with nothing but line breaks between
/// them are one stretch.
fn join_over_line_breaks(annotation: &mut FoundAnnotation, text: &str) {
    if annotation.fragments.len() < 2 {
        return;
    }
    let mut joined: Vec<FoundFragment> = Vec::new();
    for fragment in std::mem::take(&mut annotation.fragments) {
        let (Some(last), Some(next)) = (
            joined.last_mut().and_then(|f| f.offsets.as_mut()),
            &fragment.offsets,
        ) else {
            joined.push(fragment);
            continue;
        };
        let mut between = text
            .chars()
            .skip(last.end)
            .take(next.start.saturating_sub(last.end));
        if next.start >= last.end
            && next.start > last.end
            && between.all(|c| c == '\n' || c == '\r')
        {
            last.end = next.end;
        } else {
            joined.push(fragment);
        }
    }
    annotation.fragments = joined;
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
}
