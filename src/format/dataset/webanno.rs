//! WebAnno TSV 3: tokens with a column for each feature of each layer.
//!
//! Offsets are UTF-16 code units in the document (WebAnno TSV 3.3 format description).

use crate::core::annotation::AttributeValue;
use crate::format::article::decode;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, OffsetUnit, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use std::collections::HashMap;

pub const READERS: &[Reader] = &[Reader {
    name: "webanno",
    title: "WebAnno TSV 3",
    group: ReaderGroup::Dataset,
    extensions: &["tsv"],
    recognise: |head: &Head<'_>| match head.text.trim_start().starts_with("#FORMAT=WebAnno TSV 3") {
        true => Likelihood::Sure,
        false => Likelihood::No,
    },
    read,
}];

/// A layer: whether it links tokens, its name, and its features.
struct Layer {
    is_relation: bool,
    name: String,
    features: Vec<String>,
}

fn layer(line: &str) -> Option<Layer> {
    let (is_relation, rest) = match (
        line.strip_prefix("#T_SP="),
        line.strip_prefix("#T_RL=")
            .or_else(|| line.strip_prefix("#T_CH=")),
    ) {
        (Some(rest), _) => (false, rest),
        (_, Some(rest)) => (true, rest),
        _ => return None,
    };
    let mut parts = rest.split('|').map(str::to_owned);
    Some(Layer {
        is_relation,
        name: parts.next()?,
        features: parts.collect(),
    })
}

/// What a backslash keeps from being a mark.
fn unescaped(value: &str) -> String {
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

/// Values of a cell, split at `|` that no backslash keeps, each with its number in brackets.
fn values(cell: &str) -> Vec<(String, Option<u32>)> {
    let mut parts = vec![String::new()];
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                if let Some(part) = parts.last_mut() {
                    part.push('\\');
                    part.extend(chars.next());
                }
            }
            '|' => parts.push(String::new()),
            c => {
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
        }
    }
    let split = parts.into_iter().map(|part| {
        let number = part
            .strip_suffix(']')
            .filter(|rest| !rest.ends_with('\\'))
            .and_then(|rest| {
                let (value, number) = rest.rsplit_once('[')?;
                (!value.ends_with('\\')).then_some(())?;
                Some((value.to_owned(), number.parse().ok()?))
            });
        match number {
            Some((value, number)) => (unescaped(&value), Some(number)),
            None => (unescaped(&part), None),
        }
    });
    split.collect()
}

fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let decoded = decode::decode(source.bytes)
        .ok_or_else(|| Refusal::new("this is a binary file, not text"))?;
    let lines: Vec<&str> = decoded
        .text
        .split('\n')
        .map(|line| line.trim_end_matches('\r'))
        .collect();
    let layers: Vec<Layer> = lines.iter().filter_map(|line| layer(line)).collect();
    let mut article = FoundArticle {
        id: source.stem().to_owned(),
        unit: OffsetUnit::Utf16,
        ..FoundArticle::default()
    };
    let mut reading = Reading::default();
    let mut length = 0;
    let mut pending: Vec<String> = Vec::new();
    // By layer and number: the annotation that further tokens belong to.
    let mut open: HashMap<(usize, u32), usize> = HashMap::new();
    let mut relations = 0;
    for (number, line) in lines.iter().enumerate() {
        if let Some(text) = line.strip_prefix("#Text=") {
            pending.push(unescaped(text));
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut cells = line.split('\t');
        let (Some(_id), Some(place), Some(_token)) = (cells.next(), cells.next(), cells.next())
        else {
            reading
                .remarks
                .push(format!("line {} was not understood", number + 1));
            continue;
        };
        let offsets = place.split_once('-').and_then(|(start, end)| {
            Some((start.parse::<usize>().ok()?, end.parse::<usize>().ok()?))
        });
        let Some((start, end)) = offsets.filter(|(start, end)| start <= end) else {
            reading
                .remarks
                .push(format!("line {} has no offsets", number + 1));
            continue;
        };
        if !pending.is_empty() {
            // A sentence begins where its first token does.
            while length < start && start - length < 1_000_000 {
                article.text.push(' ');
                length += 1;
            }
            for text in pending.drain(..) {
                length += utf16(&text) + 1;
                article.text.push_str(&text);
                article.text.push('\n');
            }
        }
        for (at, layer) in layers.iter().enumerate() {
            let columns: Vec<Vec<(String, Option<u32>)>> = (0..layer.features.len().max(1))
                .map(|_| values(cells.next().unwrap_or("_")))
                .collect();
            if layer.is_relation {
                relations += columns
                    .iter()
                    .flatten()
                    .filter(|(value, _)| value != "_")
                    .count();
                continue;
            }
            let count = columns.iter().map(Vec::len).max().unwrap_or(0);
            for i in 0..count {
                let own = |column: &Vec<(String, Option<u32>)>| {
                    column.get(i).cloned().unwrap_or_default()
                };
                let cells: Vec<(String, Option<u32>)> = columns.iter().map(own).collect();
                if cells
                    .iter()
                    .all(|(value, _)| value == "_" || value.is_empty())
                {
                    continue;
                }
                let key = cells.iter().find_map(|(_, number)| *number);
                if let Some(number) = key
                    && let Some(known) = open
                        .get(&(at, number))
                        .and_then(|at| article.annotations.get_mut(*at))
                {
                    if let Some(range) = known.fragments.last_mut().and_then(|f| f.offsets.as_mut())
                    {
                        range.end = end;
                    }
                    continue;
                }
                if let Some(number) = key {
                    open.insert((at, number), article.annotations.len());
                }
                article
                    .annotations
                    .push(annotation(layer, &cells, start, end));
            }
        }
    }
    for text in pending.drain(..) {
        article.text.push_str(&text);
        article.text.push('\n');
    }
    if relations > 0 {
        reading.remarks.push("relations and chains were left out; export the project as UIMA CAS XMI or JSON to keep them".to_owned());
    }
    reading.articles.push(article);
    Ok(reading)
}

fn annotation(
    layer: &Layer,
    cells: &[(String, Option<u32>)],
    start: usize,
    end: usize,
) -> FoundAnnotation {
    let told: Vec<(&str, &str)> = layer
        .features
        .iter()
        .zip(cells)
        .map(|(name, (value, _))| (name.as_str(), value.as_str()))
        .filter(|(_, value)| !matches!(*value, "_" | "*" | ""))
        .collect();
    const LABELS: &[&str] = &["label", "value", "category", "identifier", "type"];
    let label = LABELS
        .iter()
        .find_map(|wanted| told.iter().find(|(name, _)| name == wanted));
    let label = label.or_else(|| told.first().filter(|_| told.len() == 1));
    let short = layer.name.rsplit('.').next().unwrap_or(&layer.name);
    let mut found = FoundAnnotation {
        label: label.map_or(short, |(_, value)| value).to_owned(),
        fragments: vec![FoundFragment::at(start..end)],
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
}
