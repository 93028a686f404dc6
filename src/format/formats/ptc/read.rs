//! The propaganda corpus of SemEval-2020 task 11: `articleID.txt`, and labels in files of their own.
//!
//! Offsets are code points, half-open; the first line is the title (the task's corpus description).
//! Pressmark's exports have a table of ids and titles around, `id-map`.

use crate::format::formats::ptc::{COLUMNS, ID_MAP, TECHNIQUES};
use crate::format::reading::decode;
use crate::format::reading::records::stretch_in;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, FoundLabel, Head, Likelihood, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use crate::format::words::values::from_line;

pub const READER: Reader = Reader {
    name: "ptc",
    title: "SemEval-2020 task 11 (propaganda techniques)",
    group: ReaderGroup::Dataset,
    extensions: &["labels"],
    recognise,
    read,
};

/// The id and title of the article with a number.
fn in_map(map: &[u8], number: &str) -> Option<(String, String)> {
    if !map.starts_with(format!("{}\n", COLUMNS.join("\t")).as_bytes()) {
        return None;
    }
    let start = memchr::memmem::find(map, format!("\n{number}\t").as_bytes())?;
    let line = map.get(start + 1..)?.split(|byte| *byte == b'\n').next()?;
    let mut cells = std::str::from_utf8(line).ok()?.split('\t').skip(1);
    Some((from_line(cells.next()?), from_line(cells.next()?)))
}

/// The digits in `article123.txt`.
fn id_of(source: &Source<'_>) -> Option<String> {
    let name = source.file_name().strip_prefix("article")?;
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// The files of labels for an article: beside it, or in a folder of the same parent; then those
/// that say nothing more.
fn label_files(source: &Source<'_>) -> (Vec<String>, Vec<String>) {
    let Some(id) = id_of(source) else {
        return Default::default();
    };
    let folder = source.folder();
    let parent = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
    let in_parent = |name: &str| match parent {
        "" => name.to_owned(),
        parent => format!("{parent}/{name}"),
    };
    let mut folders = vec![folder.to_owned()];
    folders.extend(
        [
            "labels",
            "train-labels",
            "dev-labels",
            "train-labels-task2-technique-classification",
            "train-labels-task1-span-identification",
        ]
        .map(in_parent),
    );
    let mut files = Vec::new();
    for folder in folders {
        for kind in ["task-flc-tc", "task2-TC", "task1-SI", "task-si"] {
            let name = format!("article{id}.{kind}.labels");
            let name = match folder.as_str() {
                "" => name,
                folder => format!("{folder}/{name}"),
            };
            if source.siblings.contains(&name) {
                files.push(name);
            }
        }
    }
    // Spans without a technique are the same spans once more.
    if files.iter().any(|name| !is_spans_only(name)) {
        files.into_iter().partition(|name| !is_spans_only(name))
    } else {
        (files, Vec::new())
    }
}

fn is_spans_only(name: &str) -> bool {
    name.contains("task1-SI") || name.contains("task-si")
}

fn recognise(head: &Head<'_>) -> Likelihood {
    Likelihood::Sure
        .when(head.source.extension() == "txt" && !label_files(&head.source).0.is_empty())
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    // Whatever stands in it: a text with control characters is none of binary data.
    let mut reading = Reading::default();
    let text = match std::str::from_utf8(source.bytes) {
        Ok(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text).to_owned(),
        Err(_other) => {
            let decoded = decode::decode(source.bytes);
            let decoded = decoded.ok_or_else(|| Refusal::new("this is a binary file, not text"))?;
            reading = Reading::of(&decoded);
            decoded.text
        }
    };
    let mut article = FoundArticle {
        id: id_of(source).unwrap_or_default(),
        title: crate::format::reading::title::title_of(&text),
        text,
        ..FoundArticle::default()
    };
    let above = |name: &str| match source.folder().rsplit_once('/') {
        Some((parent, _)) => format!("{parent}/{name}"),
        None => name.to_owned(),
    };
    let map = above(ID_MAP);
    let told = source.siblings.read(&map);
    if let Some((id, title)) = told.and_then(|told| in_map(&told, &article.id)) {
        (article.id, article.title) = (id, title);
        let techniques = above(TECHNIQUES);
        let names = source.siblings.read(&techniques).unwrap_or_default();
        let names = String::from_utf8_lossy(&names);
        let labels = names.lines().filter(|name| !name.is_empty());
        let labels = labels.map(|name| FoundLabel {
            name: name.to_owned(),
            ..FoundLabel::default()
        });
        reading.labels = labels.collect();
        reading.used.extend([map, techniques]);
    }
    let (files, said_once) = label_files(source);
    reading.used.extend(said_once);
    for name in files {
        let bytes = source.siblings.read(&name).unwrap_or_default();
        let labels = String::from_utf8_lossy(&bytes).into_owned();
        for (number, line) in labels
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            match span(line) {
                Some(annotation) => article.annotations.push(annotation),
                None => {
                    reading.left_out.count_told(1);
                    reading.remarks.push(format!(
                        "line {} of {name} was not understood: {line}",
                        number + 1
                    ));
                }
            }
        }
        reading.used.push(name);
    }
    reading.articles.push(article);
    Ok(reading)
}

/// `id<TAB>technique<TAB>begin<TAB>end`, or without the technique.
fn span(line: &str) -> Option<FoundAnnotation> {
    let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
    let (label, start, end) = match fields.as_slice() {
        [_, label, start, end] => (*label, start, end),
        [_, start, end] => ("propaganda", start, end),
        _ => return None,
    };
    let offsets = stretch_in(Some(start), Some(end)).ok()?;
    Some(FoundAnnotation {
        label: label.to_owned(),
        fragments: vec![FoundFragment::at(offsets)],
        ..FoundAnnotation::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn labels_in_a_folder_beside() {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        files.insert(
            "c/articles/article12.txt".to_owned(),
            "Title\n\nThey lie, all of them.\n".into(),
        );
        files.insert(
            "c/labels/article12.task-flc-tc.labels".to_owned(),
            "12\tLoaded_Language\t7\t15\nbad\n".into(),
        );
        let bytes = files["c/articles/article12.txt"].clone();
        let source = Source {
            name: "c/articles/article12.txt",
            bytes: &bytes,
            siblings: &files,
        };
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert_eq!(reading.articles[0].annotations[0].label, "Loaded_Language");
        assert_eq!(
            reading.articles[0].annotations[0].fragments,
            [FoundFragment::at(7..15)]
        );
        assert_eq!(reading.remarks.len(), 1);
        let map = "number\tid\ttitle\n11\tb\tB\n12\ta\\tb\tTwo\\nlines\n";
        files.insert("c/id-map".to_owned(), map.into());
        let source = Source {
            name: "c/articles/article12.txt",
            bytes: &bytes,
            siblings: &files,
        };
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let article = &reading.articles[0];
        assert_eq!(
            (article.id.as_str(), article.title.as_str()),
            ("a\tb", "Two\nlines")
        );
        assert_eq!(reading.used.len(), 3);
        // Somebody else's file of this name.
        assert_eq!(in_map(b"12\ta\tb\n", "12"), None);
    }
}
