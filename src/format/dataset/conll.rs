//! CoNLL: a token a line, tags in columns (IOB1, IOB2, IOBES, BILOU), and CoNLL-U.
//!
//! The text is put together from the tokens, so offsets are made here. Chunks are read as conlleval
//! does: a chunk ends with its sentence, and `I-` begins one when nothing of its kind is open.

use crate::format::article::decode;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, OffsetUnit, ReadOptions,
    Reader, ReaderGroup, Reading, Refusal, Source,
};
use std::collections::HashMap;

pub const READERS: &[Reader] = &[Reader {
    name: "conll",
    title: "CoNLL tokens with tags",
    group: ReaderGroup::Dataset,
    extensions: &["conll", "conllu", "iob", "bio", "bilou", "iobes"],
    recognise,
    read,
}];

const DOC_START: &str = "-DOCSTART-";

/// A tag: its place in a chunk, and the chunk's label.
fn tag(cell: &str) -> Option<(char, &str)> {
    if cell == "O" {
        return Some(('O', ""));
    }
    let (place, label) = cell.split_once('-')?;
    let mut chars = place.chars();
    let place = chars.next().filter(|_| chars.next().is_none())?;
    (matches!(place, 'B' | 'I' | 'L' | 'U' | 'E' | 'S' | 'M') && !label.is_empty())
        .then_some((place, label))
}

fn cells(line: &str) -> Vec<&str> {
    match line.contains('\t') {
        true => line.split('\t').collect(),
        false => line.split(' ').filter(|cell| !cell.is_empty()).collect(),
    }
}

fn is_conllu(cells: &[&str]) -> bool {
    cells.len() == 10
        && cells.first().is_some_and(|id| {
            id.bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'))
        })
}

fn recognise(head: &Head<'_>) -> Likelihood {
    let mut tokens = 0;
    let mut tagged = 0;
    let mut chunks = 0;
    let mut conllu = 0;
    let mut starts_document = false;
    // The last line may be cut.
    let lines: Vec<&str> = head.text.lines().collect();
    let whole = lines.len().saturating_sub(usize::from(lines.len() > 3));
    for line in lines
        .into_iter()
        .take(whole)
        .filter(|line| !line.trim().is_empty())
    {
        if line.starts_with(DOC_START) {
            starts_document = true;
            continue;
        }
        let cells = cells(line);
        if line.starts_with('#')
            && !(cells.len() > 1 && cells.last().is_some_and(|c| tag(c).is_some()))
        {
            continue;
        }
        tokens += 1;
        let tags: Vec<_> = cells.iter().skip(1).filter_map(|cell| tag(cell)).collect();
        tagged += usize::from(!tags.is_empty());
        chunks += usize::from(tags.iter().any(|(place, _)| *place != 'O'));
        conllu += usize::from(is_conllu(&cells));
    }
    let is_named = READERS.first().is_some_and(|reader| {
        reader
            .extensions
            .contains(&head.source.extension().as_str())
    });
    let all = |n: usize| tokens > 0 && n * 100 >= tokens * 97;
    match (all(conllu), all(tagged)) {
        (true, _) => Likelihood::Sure,
        (_, true) if starts_document || is_named || (chunks > 0 && tokens >= 5) => Likelihood::Sure,
        _ => Likelihood::No,
    }
}

/// A token with its tags, one for each tag column.
struct Token<'a> {
    text: &'a str,
    tags: Vec<&'a str>,
    /// No space follows.
    is_joined: bool,
}

#[derive(Default)]
struct Document<'a> {
    id: String,
    title: String,
    metadata: Vec<(String, String)>,
    sentences: Vec<Sentence<'a>>,
}

#[derive(Default)]
struct Sentence<'a> {
    tokens: Vec<Token<'a>>,
    /// The sentence as it was, when the file tells.
    text: Option<&'a str>,
    begins_paragraph: bool,
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let decoded = decode::decode(source.bytes)
        .ok_or_else(|| Refusal::new("this is a binary file, not text"))?;
    let lines: Vec<&str> = decoded.text.lines().collect();
    let tag_columns = tag_columns(&lines);
    let mut documents: Vec<Document<'_>> = vec![Document::default()];
    let mut sentence = Sentence::default();
    // Words of CoNLL-U that stand for several: only the surface form is text.
    let mut covered = 0;
    let mut left_out = 0;
    for line in &lines {
        if line.trim().is_empty() {
            push_sentence(&mut documents, &mut sentence);
            covered = 0;
            continue;
        }
        let found = cells(line);
        if line.starts_with(DOC_START) {
            push_sentence(&mut documents, &mut sentence);
            next_document(&mut documents);
            continue;
        }
        if let Some(comment) = line.strip_prefix('#')
            && !has_tags(&found, &tag_columns)
        {
            comment_line(comment.trim(), &mut documents, &mut sentence);
            continue;
        }
        if is_conllu(&found) {
            let id = found.first().copied().unwrap_or_default();
            if id.contains('.') {
                continue;
            }
            let number = |text: &str| text.parse::<usize>().unwrap_or(0);
            if let Some((_, last)) = id.split_once('-') {
                covered = number(last);
            } else if number(id) <= covered {
                continue;
            }
            let misc = found.get(9).copied().unwrap_or("_");
            let told = |key: &str| {
                misc.split('|').find_map(|pair| {
                    let (name, value) = pair.split_once('=')?;
                    name.eq_ignore_ascii_case(key).then_some(value)
                })
            };
            sentence.tokens.push(Token {
                text: found.get(1).copied().unwrap_or_default(),
                tags: vec![told("ner").unwrap_or("O")],
                is_joined: told("SpaceAfter") == Some("No"),
            });
            continue;
        }
        let Some(text) = found.first().filter(|_| found.len() > 1) else {
            left_out += 1;
            continue;
        };
        let tags = tag_columns.iter();
        sentence.tokens.push(Token {
            text,
            tags: tags
                .map(|at| found.get(*at).copied().unwrap_or("O"))
                .collect(),
            is_joined: false,
        });
    }
    push_sentence(&mut documents, &mut sentence);
    documents.retain(|document| !document.sentences.is_empty());
    let mut reading = Reading {
        encoding: Some(decoded.encoding),
        remarks: decoded.remarks(),
        ..Reading::default()
    };
    if left_out > 0 {
        reading
            .remarks
            .push(format!("{left_out} lines without a tag were left out"));
    }
    let many = documents.len() > 1;
    for (number, document) in (1..).zip(documents) {
        let mut article = article(&document);
        if article.id.is_empty() {
            article.id = match many {
                true => format!("{}-{number}", source.stem()),
                false => source.stem().to_owned(),
            };
        }
        reading.articles.push(article);
    }
    match reading.articles.is_empty() {
        true => Err(Refusal::new("there are no tokens in this file")),
        false => {
            reading.remarks.push(
                "the text was put together from its tokens; spaces may differ from the original"
                    .to_owned(),
            );
            Ok(reading)
        }
    }
}

fn push_sentence<'a>(documents: &mut [Document<'a>], sentence: &mut Sentence<'a>) {
    let done = std::mem::take(sentence);
    if let Some(document) = documents.last_mut().filter(|_| !done.tokens.is_empty()) {
        document.sentences.push(done);
    }
}

fn next_document(documents: &mut Vec<Document<'_>>) {
    if documents.last().is_none_or(|d| !d.sentences.is_empty()) {
        documents.push(Document::default());
    }
}

fn comment_line<'a>(
    comment: &'a str,
    documents: &mut Vec<Document<'a>>,
    sentence: &mut Sentence<'a>,
) {
    if let Some(rest) = comment.strip_prefix("newdoc") {
        next_document(documents);
        if let (Some((_, id)), Some(document)) = (rest.split_once('='), documents.last_mut()) {
            id.trim().clone_into(&mut document.id);
        }
    } else if comment.starts_with("newpar") {
        sentence.begins_paragraph = true;
    } else if let Some((key, value)) = comment.split_once('=') {
        let (key, value) = (key.trim(), value.trim());
        match (key, documents.last_mut()) {
            ("text", _) => sentence.text = Some(value),
            ("title" | "meta::title", Some(document)) => value.clone_into(&mut document.title),
            (key, Some(document)) if key.starts_with("meta::") => {
                let key = key.trim_start_matches("meta::").to_owned();
                document.metadata.push((key, value.to_owned()));
            }
            _ => {}
        }
    }
}

fn has_tags(cells: &[&str], columns: &[usize]) -> bool {
    !columns.is_empty()
        && columns
            .iter()
            .all(|at| cells.get(*at).is_some_and(|cell| tag(cell).is_some()))
}

/// Columns whose cells are all tags and not all `O`.
fn tag_columns(lines: &[&str]) -> Vec<usize> {
    let mut all = 0_usize;
    let mut tags: HashMap<usize, (usize, usize)> = HashMap::new();
    for line in lines.iter().take(200_000) {
        let is_comment = line.starts_with("# ");
        if line.trim().is_empty() || line.starts_with(DOC_START) || is_comment {
            continue;
        }
        all += 1;
        for (at, cell) in cells(line).iter().enumerate().skip(1) {
            if let Some((place, _)) = tag(cell) {
                let entry = tags.entry(at).or_default();
                entry.0 += 1;
                entry.1 += usize::from(place != 'O');
            }
        }
    }
    let is_tagged = |entry: &(usize, usize)| entry.0 * 100 >= all * 97 && entry.1 > 0;
    let mut columns: Vec<usize> = tags
        .into_iter()
        .filter(|(_, entry)| is_tagged(entry))
        .map(|(at, _)| at)
        .collect();
    columns.sort_unstable();
    columns
}

fn article(document: &Document<'_>) -> FoundArticle {
    let mut article = FoundArticle {
        id: document.id.clone(),
        title: document.title.clone(),
        metadata: document.metadata.iter().cloned().collect(),
        unit: OffsetUnit::Bytes,
        ..FoundArticle::default()
    };
    for (number, sentence) in document.sentences.iter().enumerate() {
        if number > 0 {
            let gap = if sentence.begins_paragraph {
                "\n\n"
            } else {
                "\n"
            };
            article.text.push_str(gap);
        }
        let places = places(sentence, &mut article.text);
        let columns = sentence.tokens.first().map_or(0, |token| token.tags.len());
        for column in 0..columns {
            chunks(sentence, &places, column, &mut article.annotations);
        }
    }
    article
}

/// Where each token stands in the text, to which the sentence is added.
fn places(sentence: &Sentence<'_>, text: &mut String) -> Vec<std::ops::Range<usize>> {
    let base = text.len();
    if let Some(whole) = sentence.text {
        let mut from = 0;
        let found: Option<Vec<_>> = sentence
            .tokens
            .iter()
            .map(|token| {
                let at = from + whole.get(from..)?.find(token.text)?;
                from = at + token.text.len();
                Some(base + at..base + from)
            })
            .collect();
        if let Some(found) = found {
            text.push_str(whole);
            return found;
        }
    }
    let mut places = Vec::with_capacity(sentence.tokens.len());
    for (i, token) in sentence.tokens.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| sentence.tokens.get(i));
        if before.is_some_and(|before| !before.is_joined) {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(token.text);
        places.push(start..text.len());
    }
    places
}

fn chunks(
    sentence: &Sentence<'_>,
    places: &[std::ops::Range<usize>],
    column: usize,
    found: &mut Vec<FoundAnnotation>,
) {
    let mut open: Option<(&str, std::ops::Range<usize>)> = None;
    let close = |open: &mut Option<(&str, std::ops::Range<usize>)>,
                 found: &mut Vec<FoundAnnotation>| {
        if let Some((label, range)) = open.take() {
            found.push(FoundAnnotation {
                label: label.to_owned(),
                fragments: vec![FoundFragment::at(range)],
                ..FoundAnnotation::default()
            });
        }
    };
    for (token, place) in sentence.tokens.iter().zip(places) {
        let cell = token.tags.get(column).copied().unwrap_or("O");
        let (kind, label) = tag(cell).unwrap_or(('O', ""));
        let goes_on = matches!(kind, 'I' | 'M' | 'L' | 'E')
            && open.as_ref().is_some_and(|(known, _)| *known == label);
        match (kind, goes_on) {
            ('O', _) => close(&mut open, found),
            (_, true) => {
                if let Some((_, range)) = &mut open {
                    range.end = place.end;
                }
            }
            _ => {
                close(&mut open, found);
                open = Some((label, place.clone()));
            }
        }
        if matches!(kind, 'L' | 'E' | 'U' | 'S') {
            close(&mut open, found);
        }
    }
    close(&mut open, found);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let source = Source::alone("a.conll", text.as_bytes());
        assert_eq!(
            recognise(&Head { source, text }),
            Likelihood::Sure,
            "{text}"
        );
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let found: Vec<(String, String)> = reading
            .articles
            .iter()
            .flat_map(|article| {
                article.annotations.iter().map(|a| {
                    let range = a.fragments[0].offsets.clone().unwrap();
                    (a.label.clone(), article.text.get(range).unwrap().to_owned())
                })
            })
            .collect();
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn schemes_and_columns() {
        check(
            "-DOCSTART- -X- O O\n\n🙂 -X- _ O\nNo -X- _ B-quote\nferry -X- _ I-quote\nNo -X- _ B-quote\n\nleft -X- _ I-quote\n",
            &[("quote", "No ferry"), ("quote", "No"), ("quote", "left")],
        );
        check(
            "He\tU-PER\nsaid\tO\nwe\tB-quote\nwill\tI-quote\npay\tL-quote\nall\tU-quote\n",
            &[("PER", "He"), ("quote", "we will pay"), ("quote", "all")],
        );
        check(
            "a B-x O\nb E-x B-y\nc S-x I-y\nd O O\ne O O\n",
            &[("x", "a b"), ("x", "c"), ("y", "b c")],
        );
        check(
            "a I-x\nb I-x\nc I-y\nd O\ne O\n",
            &[("x", "a b"), ("y", "c")],
        );
        check(
            "# newdoc id = d1\n# text = Don’t go.\n1-2\tDon’t\t_\t_\t_\t_\t_\t_\t_\tner=B-cue\n1\tDo\t_\t_\t_\t_\t_\t_\t_\t_\n2\tn’t\t_\t_\t_\t_\t_\t_\t_\t_\n3\tgo\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No|ner=I-cue\n4\t.\t_\t_\t_\t_\t_\t_\t_\t_\n",
            &[("cue", "Don’t go")],
        );
    }

    #[test]
    fn prose_is_no_conll() {
        for text in [
            "The ferry\nleft at B-side.\n",
            "a b\nc d\n",
            "Name\tAge\nAna\t3\n",
        ] {
            let source = Source::alone("a.txt", text.as_bytes());
            assert_eq!(recognise(&Head { source, text }), Likelihood::No, "{text}");
        }
    }
}
