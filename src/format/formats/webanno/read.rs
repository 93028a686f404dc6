//! WebAnno TSV 3: tokens with a column for each feature of each layer.
//!
//! Offsets are UTF-16 code units in the document (WebAnno TSV 3.3 format description). A relation
//! stands at the token where its target begins, and its last column names the token of its source.
//! Pressmark's own layer (`own_spans`) comes back whole, and beside its files stand others
//! with what the format has no place for (`article_rows`).

use crate::core::annotation::AttributeValue;
use crate::format::reading::article_rows::Rows;
use crate::format::reading::decode;
use crate::format::reading::fields::{split, split_once};
use crate::format::reading::own_spans::{Joining, OwnSpan};
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, OffsetUnit, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::words::article_rows::PROGRAM;
use crate::format::words::layers::SPAN;
use serde_json::Value;
use std::collections::HashMap;
use std::ops::Range;

pub const READER: Reader = Reader {
    name: "webanno",
    title: "WebAnno TSV 3",
    group: ReaderGroup::Dataset,
    extensions: &["tsv"],
    recognise: |head: &Head<'_>| {
        Likelihood::Sure.when(head.text.trim_start().starts_with("#FORMAT=WebAnno TSV 3"))
    },
    read,
};

/// The file of a document with what the format has no place for.
pub(crate) fn rows_file(stem: &str) -> String {
    format!("articles/{stem}.json")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LayerKind {
    Span,
    Relation,
    Chain,
}

/// A layer with the names of its columns; of a relation without the last, which is `base`.
struct Layer<'t> {
    kind: LayerKind,
    name: &'t str,
    features: Vec<&'t str>,
    /// The layer whose annotations a relation links.
    base: Option<&'t str>,
}

impl Layer<'_> {
    fn columns(&self) -> usize {
        (self.features.len() + usize::from(self.base.is_some())).max(1)
    }

    fn short_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }
}

fn layer(line: &str) -> Option<Layer<'_>> {
    let (kind, rest) = match line.split_once('=')? {
        ("#T_SP", rest) => (LayerKind::Span, rest),
        ("#T_RL", rest) => (LayerKind::Relation, rest),
        ("#T_CH", rest) => (LayerKind::Chain, rest),
        _ => return None,
    };
    let mut parts = rest.split('|');
    let name = parts.next()?;
    let mut features: Vec<&str> = parts.collect();
    let last = features.last().and_then(|last| last.strip_prefix("BT_"));
    let base = last.filter(|_| kind == LayerKind::Relation);
    if base.is_some() {
        features.pop();
    }
    Some(Layer {
        kind,
        name,
        features,
        base,
    })
}

/// What a backslash keeps from being a mark.
fn unescaped(value: &str) -> String {
    if memchr::memchr(b'\\', value.as_bytes()).is_none() {
        return value.to_owned();
    }
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some('r') => text.push('\r'),
                Some('f') => text.push('\u{C}'),
                Some('b') => text.push('\u{8}'),
                Some(other) => text.push(other),
                None => {}
            },
            (c, false) => text.push(c),
        }
    }
    text
}

/// The annotations of a cell, split at `|` that no backslash keeps.
fn stacked(cell: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut is_kept) = (0, false);
    for (at, c) in cell.char_indices() {
        match c {
            _ if is_kept => is_kept = false,
            '\\' => is_kept = true,
            '|' => {
                parts.extend(cell.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(cell.get(start..));
    parts
}

/// A value and what stands in brackets behind it.
fn bracketed(part: &str) -> (&str, Option<&str>) {
    let closed = part.strip_suffix(']').filter(|rest| {
        let before = rest.trim_end_matches('\\');
        (rest.len() - before.len()) % 2 == 0
    });
    match closed.and_then(|rest| rest.rsplit_once('[')) {
        Some((value, number)) => (value, Some(number)),
        None => (part, None),
    }
}

/// A value without its number; `None` for a feature without one.
fn value(part: &str) -> Option<String> {
    let value = match bracketed(part) {
        (value, Some(number)) if number.parse::<u32>().is_ok() => value,
        _ => part,
    };
    (!matches!(value, "_" | "*")).then(|| unescaped(value))
}

fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// An annotation as its tokens give it.
struct Mark<'t> {
    layer: usize,
    /// The id of the first token or part of a token.
    unit: &'t str,
    range: Range<usize>,
    /// By feature.
    values: Vec<Option<String>>,
}

/// A relation at the token where its target begins.
struct Relation<'t> {
    layer: usize,
    values: Vec<Option<String>>,
    source: &'t str,
    target: &'t str,
    /// Of source and target; 0 where the token says it.
    numbers: (u32, u32),
}

#[derive(Default)]
struct Marks<'t> {
    marks: Vec<Mark<'t>>,
    relations: Vec<Relation<'t>>,
    /// By layer and number.
    numbered: HashMap<(usize, u32), usize>,
    /// By layer and the first token: what has no number stands on no other.
    at_unit: HashMap<(usize, &'t str), usize>,
    chains: usize,
}

impl<'t> Marks<'t> {
    /// Takes the cells that a layer has for a token.
    fn take(
        &mut self,
        at: usize,
        layer: &Layer<'_>,
        cells: &[&'t str],
        unit: &'t str,
        range: &Range<usize>,
    ) {
        if cells.iter().all(|cell| *cell == "_") {
            return;
        }
        if layer.kind == LayerKind::Chain {
            self.chains += 1;
            return;
        }
        let is_stacked = |cell: &&str| memchr::memchr(b'|', cell.as_bytes()).is_some();
        if !cells.iter().any(is_stacked) {
            self.take_one(at, layer, cells, unit, range);
            return;
        }
        let columns: Vec<Vec<&str>> = cells.iter().map(|cell| stacked(cell)).collect();
        let count = columns.iter().map(Vec::len).max().unwrap_or(0);
        let mut own: Vec<&str> = Vec::with_capacity(columns.len());
        for i in 0..count {
            own.clear();
            let cells = columns.iter().map(|column| column.get(i).copied());
            own.extend(cells.map(|cell| cell.unwrap_or("_")));
            self.take_one(at, layer, &own, unit, range);
        }
    }

    /// Takes one of the annotations that are stacked on a token.
    fn take_one(
        &mut self,
        at: usize,
        layer: &Layer<'_>,
        own: &[&'t str],
        unit: &'t str,
        range: &Range<usize>,
    ) {
        if own.iter().all(|cell| matches!(*cell, "_" | "")) {
            return;
        }
        if layer.kind == LayerKind::Relation {
            let (features, reference) = match (layer.base, own.split_last()) {
                (Some(_), Some((reference, features))) => (features, *reference),
                _ => (own, ""),
            };
            let (source, numbers) = bracketed(reference);
            let numbers = numbers.and_then(|told| told.split_once('_'));
            let number = |text: Option<&str>| text.and_then(|n| n.parse().ok()).unwrap_or(0);
            self.relations.push(Relation {
                layer: at,
                values: features.iter().map(|cell| value(cell)).collect(),
                source,
                target: unit,
                numbers: (number(numbers.map(|n| n.0)), number(numbers.map(|n| n.1))),
            });
            return;
        }
        let number = own
            .iter()
            .find_map(|cell| bracketed(cell).1?.parse::<u32>().ok());
        if let Some(number) = number {
            let known = self.numbered.get(&(at, number));
            if let Some(known) = known.and_then(|known| self.marks.get_mut(*known)) {
                known.range.end = range.end;
                return;
            }
            self.numbered.insert((at, number), self.marks.len());
        }
        self.at_unit.entry((at, unit)).or_insert(self.marks.len());
        self.marks.push(Mark {
            layer: at,
            unit,
            range: range.clone(),
            values: own.iter().map(|cell| value(cell)).collect(),
        });
    }

    /// Adds the annotations to an article, and the links between them.
    fn finish(self, layers: &[Layer<'_>], rows: &Rows, article: &mut FoundArticle) -> Vec<String> {
        let mut joining = Joining::default();
        let mut places: Vec<usize> = Vec::with_capacity(self.marks.len());
        for mark in &self.marks {
            let Some(layer) = layers.get(mark.layer) else {
                continue;
            };
            let told = layer.features.iter().zip(&mark.values);
            let told = told.filter_map(|(name, value)| Some((*name, value.as_deref()?)));
            places.push(match layer.name {
                SPAN => {
                    let own = OwnSpan::of_layer(mark.range.clone(), told, &rows.attributes);
                    joining.add(&mut article.annotations, own)
                }
                _ => {
                    let found = annotation(layer, told.collect(), mark.range.clone());
                    article.annotations.push(found);
                    article.annotations.len() - 1
                }
            });
        }
        rows.restore_values(&mut article.annotations);
        let place = |base: usize, number: u32, unit: &str| {
            let mark = match number {
                0 => self.at_unit.get(&(base, unit)),
                number => self.numbered.get(&(base, number)),
            };
            let mark = *mark?;
            Some((*places.get(mark)?, self.marks.get(mark)?.unit))
        };
        let mut lost = 0;
        for relation in &self.relations {
            let Some(layer) = layers.get(relation.layer) else {
                continue;
            };
            let is_base =
                |other: &Layer<'_>| other.kind == LayerKind::Span && Some(other.name) == layer.base;
            let (from, to) = relation.numbers;
            let ends = layers.iter().position(is_base).and_then(|base| {
                let source = place(base, from, relation.source)?;
                Some((source, place(base, to, relation.target)?))
            });
            let Some((source, target)) = ends else {
                lost += 1;
                continue;
            };
            for (at, unit) in [source, target] {
                if let Some(end) = article.annotations.get_mut(at).filter(|a| a.id.is_empty()) {
                    end.id = format!("{unit}#{}", at + 1);
                }
            }
            let target = article.annotations.get(target.0).map(|a| a.id.clone());
            let source = article.annotations.get_mut(source.0);
            if let (Some(source), Some(target)) = (source, target) {
                source.links.push((role(layer, &relation.values), target));
            }
        }
        let mut remarks = Vec::new();
        article
            .left_out
            .count_told(lost + usize::from(self.chains > 0));
        if lost > 0 {
            remarks.push(format!(
                "{lost} relations were left out, since their ends are no annotations of this file"
            ));
        }
        if self.chains > 0 {
            remarks.push(
                "chains were left out; export the project as UIMA CAS XMI or JSON to keep them"
                    .to_owned(),
            );
        }
        remarks
    }
}

/// What a relation is called.
fn role(layer: &Layer<'_>, values: &[Option<String>]) -> String {
    const ROLES: &[&str] = &["relation", "label", "value", "role", "DependencyType"];
    let told = layer.features.iter().zip(values);
    let told: Vec<(&str, &str)> = told
        .filter_map(|(name, value)| Some((*name, value.as_deref()?)))
        .collect();
    let named = ROLES
        .iter()
        .find_map(|wanted| told.iter().find(|(name, _)| name == wanted));
    let role = named.or(told.first()).map(|(_, value)| *value);
    role.unwrap_or(layer.short_name()).to_owned()
}

/// The rows beside a file, when Pressmark wrote them.
fn rows_beside(source: &Source<'_>, article: &mut FoundArticle) -> Option<(String, Rows)> {
    let name = source.beside(&rows_file(source.stem()));
    let listed: Value = serde_json::from_slice(&source.siblings.read(&name)?).ok()?;
    let mut rows = Rows::default();
    let is_own = |row: &Value| row.get("kind").and_then(Value::as_str) == Some(PROGRAM);
    for row in listed.as_array().filter(|all| all.iter().any(is_own))? {
        let told = |part: &str| row.get(part).and_then(Value::as_str).unwrap_or_default();
        rows.take(article, told("kind"), told("name"), told("value"));
    }
    Some((name, rows))
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let decoded = decode::decode(source.bytes)
        .ok_or_else(|| Refusal::new("this is a binary file, not text"))?;
    let lines = || {
        let lines = split(&decoded.text, b'\n');
        lines.map(|line| match line.as_bytes().last() {
            Some(b'\r') => line.trim_end_matches('\r'),
            _ => line,
        })
    };
    // The header ends where the first sentence begins.
    let header = lines().take_while(|line| line.is_empty() || line.starts_with('#'));
    let layers: Vec<Layer<'_>> = header.filter_map(layer).collect();
    let mut article = FoundArticle {
        id: source.stem().to_owned(),
        unit: OffsetUnit::Utf16,
        ..FoundArticle::default()
    };
    let mut reading = Reading::of(&decoded);
    let beside = rows_beside(source, &mut article);
    let types = source.beside("TypeSystem.xml");
    let has_types = source.siblings.contains(&types);
    reading.used.extend(has_types.then_some(types));
    let rows = beside.map_or_else(Rows::default, |(name, rows)| {
        reading.used.push(name);
        rows
    });
    let mut marks = Marks::default();
    let mut length = 0;
    let mut pending: Vec<String> = Vec::new();
    let mut cells: Vec<&str> = Vec::new();
    // As most tokens have it, on which there is nothing.
    let columns = layers.iter().map(Layer::columns).sum();
    let unmarked = vec!["_"; columns].join("\t");
    for (number, line) in lines().enumerate() {
        if matches!(line.as_bytes().first(), None | Some(b'#')) {
            pending.extend(line.strip_prefix("#Text=").map(unescaped));
            continue;
        }
        let told = split_once(line, b'\t').and_then(|(unit, rest)| {
            let (place, rest) = split_once(rest, b'\t')?;
            let values = split_once(rest, b'\t').map(|(_token, values)| values);
            Some((unit, place, values))
        });
        let Some((unit, place, values)) = told else {
            reading.left_out.count_told(1);
            reading
                .remarks
                .push(format!("line {} was not understood", number + 1));
            continue;
        };
        let offsets = split_once(place, b'-')
            .and_then(|(start, end)| Some(start.parse::<usize>().ok()?..end.parse().ok()?));
        let Some(range) = offsets.filter(|range| range.start <= range.end) else {
            reading.left_out.count_told(1);
            reading
                .remarks
                .push(format!("line {} has no offsets", number + 1));
            continue;
        };
        if !pending.is_empty() {
            // A sentence begins where its first token does.
            while length < range.start && range.start - length < 1_000_000 {
                article.text.push(' ');
                length += 1;
            }
            for text in pending.drain(..) {
                length += utf16(&text) + 1;
                article.text.push_str(&text);
                article.text.push('\n');
            }
        }
        let Some(values) = values else {
            continue;
        };
        let behind = values.strip_prefix(&unmarked);
        if behind.is_some_and(|rest| rest.is_empty() || rest.starts_with('\t')) {
            continue;
        }
        cells.clear();
        cells.extend(split(values, b'\t'));
        let mut values = cells.as_slice();
        for (at, layer) in layers.iter().enumerate() {
            let count = layer.columns().min(values.len());
            let (own, rest) = values.split_at(count);
            values = rest;
            marks.take(at, layer, own, unit, &range);
        }
    }
    for text in pending.drain(..) {
        article.text.push_str(&text);
        article.text.push('\n');
    }
    reading
        .remarks
        .extend(marks.finish(&layers, &rows, &mut article));
    reading.labels = rows.into_labels();
    reading.articles.push(article);
    Ok(reading)
}

fn annotation(
    layer: &Layer<'_>,
    mut told: Vec<(&str, &str)>,
    range: Range<usize>,
) -> FoundAnnotation {
    told.retain(|(_, value)| !value.is_empty());
    const LABELS: &[&str] = &["label", "value", "category", "identifier", "type"];
    let label = LABELS
        .iter()
        .find_map(|wanted| told.iter().find(|(name, _)| name == wanted));
    let label = label.or_else(|| told.first().filter(|_| told.len() == 1));
    let mut found = FoundAnnotation {
        label: label
            .map_or(layer.short_name(), |(_, value)| value)
            .to_owned(),
        fragments: vec![FoundFragment::at(range)],
        ..FoundAnnotation::default()
    };
    for (name, value) in told.iter().filter(|own| Some(*own) != label) {
        match *name {
            "note" | "comment" => (*value).clone_into(&mut found.note),
            name => drop(
                found
                    .attributes
                    .insert(name.to_owned(), AttributeValue::Text((*value).to_owned())),
            ),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacked_and_long_annotations() {
        let tsv = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Mark|label|note\n\n\n#Text=🙂 She said so\n1-1\t0-2\t🙂\t_\t_\t\n1-2\t3-6\tShe\tsource|quote[1]\t*|x\\|y[1]\t\n1-3\t7-11\tsaid\tquote[1]\tx\\|y[1]\t\n1-4\t12-14\tso\t_\t_\t\n\n#Text=Yes\n2-1\t15-18\tYes\tclaim\t*\t\n";
        let source = Source::alone("a.tsv", tsv.as_bytes());
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let article = &reading.articles[0];
        assert_eq!(article.text, "🙂 She said so\nYes\n");
        let spans: Vec<_> = article
            .annotations
            .iter()
            .map(|a| (a.label.as_str(), a.fragments[0].offsets.clone().unwrap()))
            .collect();
        assert_eq!(
            spans,
            [("source", 3..6), ("quote", 3..11), ("claim", 15..18)]
        );
        assert_eq!(article.annotations[1].note, "x|y");
    }

    fn told(tsv: &str) -> (Vec<String>, Vec<String>) {
        let source = Source::alone("a.tsv", tsv.as_bytes());
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let annotations = reading.articles[0].annotations.iter().map(|a| {
            let ranges: Vec<Range<usize>> = a
                .fragments
                .iter()
                .map(|f| f.offsets.clone().unwrap())
                .collect();
            let attributes: Vec<String> = a
                .attributes
                .iter()
                .map(|(name, value)| format!("{name}={}", value.to_text()))
                .collect();
            format!(
                "{} {} {ranges:?} {attributes:?} {:?}",
                a.id, a.label, a.links
            )
        });
        (annotations.collect(), reading.remarks)
    }

    #[test]
    fn relations_of_others() {
        // As in the format's description and in INCEpTION's own tests.
        let check = |tsv: &str, expected: &[&str], remarks: &[&str]| {
            let (found, said) = told(tsv);
            assert_eq!(
                (found, said.len()),
                (
                    expected.iter().map(|&e| e.to_owned()).collect(),
                    remarks.len()
                )
            );
            assert_eq!(said, remarks);
        };
        check(
            "#FORMAT=WebAnno TSV 3.3\n#T_SP=custom.Span|value\n#T_RL=custom.Relation|value|BT_custom.Span\n\n\n#Text=This is a test .\n1-1\t0-4\tThis\t*[1]|x[2]\t_\t_\t\n1-2\t5-7\tis\ty\t_\t_\t\n1-3\t8-9\ta\t_\tsome\\|role|*\t1-2[0_4]|1-1[2_4]\t\n1-4\t10-14\ttest\t_\t_\t_\t\n1-5\t15-16\t.\t*[3]|z[4]\t*\t1-1[2_3]\t\n",
            &[
                " Span [0..4] [] []",
                "1-1#2 x [0..4] [] [(\"Relation\", \"1-5#5\"), (\"Relation\", \"1-5#4\")]",
                "1-2#3 y [5..7] [] [(\"some|role\", \"1-5#5\")]",
                "1-5#4 Span [15..16] [] []",
                "1-5#5 z [15..16] [] []",
            ],
            &[],
        );
        check(
            "#FORMAT=WebAnno TSV 3.2\n#T_SP=a.POS|PosValue\n#T_CH=a.CoreferenceLink|referenceType|referenceRelation\n#T_RL=a.Dependency|DependencyType|BT_a.POS\n#T_RL=b.Other|BT_b.Nowhere\n\n\n#Text=Ms. Haag\n1-1\t0-3\tMs.\tNNP\tpr[1]\tcoref->1-1\tSUBJ|ROOT\t1-2|1-1\t1-1\t\n1-2\t4-8\tHaag\tNNP\t_\t_\t_\t_\t_\t\n",
            &[
                "1-1#1 NNP [0..3] [] [(\"ROOT\", \"1-1#1\")]",
                "1-2#2 NNP [4..8] [] [(\"SUBJ\", \"1-1#1\")]",
            ],
            &[
                "1 relations were left out, since their ends are no annotations of this file",
                "chains were left out; export the project as UIMA CAS XMI or JSON to keep them",
            ],
        );
    }

    #[test]
    fn values_that_look_like_marks() {
        let check = |cell: &str, expected: &str| {
            let tsv = format!(
                "#FORMAT=WebAnno TSV 3.3\n#T_SP=custom.Mark|label|tone\n\n\n#Text=So\n1-1\t0-2\tSo\tx[1]\t{cell}\t\n"
            );
            let (found, _) = told(&tsv);
            assert_eq!(found, [format!(" x [0..2] {expected} []")], "{cell}");
        };
        check("*[1]", "[]");
        check("\\*[1]", "[\"tone=*\"]");
        check("\\_[1]", "[\"tone=_\"]");
        check("a\\\\[1]", "[\"tone=a\\\\\"]");
        check("\\[1\\][1]", "[\"tone=[1]\"]");
        check("\\[1\\]", "[\"tone=[1]\"]");
        check("[1]", "[]");
    }

    /// As far as `_` stands alone, or no cell is there.
    #[test]
    fn tokens_without_anything() {
        let check = |layer: &str, cells: &str, expected: (&[&str], usize)| {
            let tsv = format!(
                "#FORMAT=WebAnno TSV 3.3\n#T_{layer}=custom.Mark|label|tone\n\n\n#Text=So\n1-1\t0-2\tSo{cells}\n"
            );
            let (found, remarks) = told(&tsv);
            assert_eq!(found, expected.0, "{layer} {cells}");
            assert_eq!(remarks.len(), expected.1, "{layer} {cells}");
        };
        for cells in ["", "\t_", "\t_\t", "\t_\t_", "\t_\t_\t", "\t_\t_\tmore\t"] {
            check("SP", cells, (&[], 0));
        }
        check("SP", "\t", (&[], 0));
        check("SP", "\t_\t_x\t", (&[" _x [0..2] [] []"], 0));
        check("SP", "\t_\t_é", (&[" _é [0..2] [] []"], 0));
        check("SP", "\t__\t_\t", (&[" __ [0..2] [] []"], 0));
        // What a chain has is left out and told.
        for (cells, told) in [
            ("", 0),
            ("\t_", 0),
            ("\t_\t_\t", 0),
            ("\t_\tx", 1),
            ("\t", 1),
        ] {
            check("CH", cells, (&[], told));
        }
    }

    #[test]
    fn own_layer() {
        let tsv = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.MediaSpan|annotator|label|annotationId|fragment|stance\n#T_RL=webanno.custom.MediaLink|relation|BT_webanno.custom.MediaSpan\n\n\n#Text=She said so\n1-1\t0-3\tShe\tana[1]\tq[1]\ta[1]\t1/2[1]\t[1]\t_\t_\t\n1-2\t4-8\tsaid\tana[2]\tc[2]\tb[2]\t*[2]\t*[2]\tcue\t1-1[1_2]\t\n1-3\t9-11\tso\tana[3]\tq[3]\ta[3]\t2/2[3]\t*[3]\t_\t_\t\n";
        assert_eq!(
            told(tsv).0,
            [
                "a q [0..3, 9..11] [\"stance=\"] [(\"cue\", \"b\")]",
                "b c [4..8] [] []",
            ]
        );
    }
}
