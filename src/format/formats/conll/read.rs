//! CoNLL columns: a token a line, its tags beside it. CoNLL-2002 and -2003, -2012, CoNLL-U, and
//! whatever else has IOB or BIOES tags.
//!
//! Texts are rebuilt from the tokens: by offsets, `# text` or `SpaceAfter=No` where there are any.

mod columns;
mod tags;
mod text;

use crate::core::annotation::AttributeValue;
use crate::format::reading::decode;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, FoundFragment, Head, Likelihood, MAX_ARTICLES_PER_FILE,
    ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source, only_first,
};
use columns::{DOCUMENT_MARK, Shape, Tagging};
use std::collections::BTreeMap;

pub const READER: Reader = Reader {
    name: "conll",
    title: "CoNLL columns (IOB, BIOES, CoNLL-U)",
    group: ReaderGroup::Dataset,
    extensions: &[
        "conll", "conllu", "conllup", "conll03", "iob", "iob2", "bio", "bioes", "bilou",
    ],
    recognise,
    read,
};

fn recognise(head: &Head<'_>) -> Likelihood {
    let mut lines: Vec<&str> = lines_of(head.text).collect();
    if head.text.len() < head.source.bytes.len() {
        // The last line may be cut.
        lines.pop();
    }
    let first = lines.iter().find(|line| !line.trim().is_empty());
    let Some(first) = first.filter(|first| !first.starts_with(['{', '<'])) else {
        return Likelihood::No;
    };
    let Some(shape) = columns::shape(&lines) else {
        return Likelihood::No;
    };
    let extension = head.source.extension();
    let is_named = READER.extensions.contains(&extension.as_str());
    let is_marked =
        first.starts_with(DOCUMENT_MARK) || lines.iter().any(|l| l.starts_with("#begin document"));
    if is_marked || shape.has_spans || shape.conllu.is_some() {
        Likelihood::Sure
    } else {
        Likelihood::Likely.when(is_named)
    }
}

fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').map(|line| line.trim_end_matches('\r'))
}

/// A token as it stands in the text.
#[derive(Debug, Default)]
struct Token<'a> {
    form: &'a str,
    /// What stands after it, when the file says so.
    space_after: Option<String>,
    offsets: Option<(usize, usize)>,
}

/// What has tags: a token, or a word within one.
#[derive(Debug)]
struct Word<'a> {
    token: usize,
    starts_sentence: bool,
    /// One for each column of tags.
    tags: Vec<&'a str>,
    misc: &'a str,
}

/// Where a sentence begins.
#[derive(Debug)]
struct Sentence<'a> {
    first_token: usize,
    starts_paragraph: bool,
    /// `# text = …`
    text: Option<&'a str>,
}

#[derive(Debug, Default)]
struct Document<'a> {
    id: String,
    title: String,
    metadata: BTreeMap<String, String>,
    tokens: Vec<Token<'a>>,
    words: Vec<Word<'a>>,
    sentences: Vec<Sentence<'a>>,
}

/// The documents of a file, while its lines are read.
#[derive(Default)]
struct Documents<'a> {
    done: Vec<Document<'a>>,
    now: Document<'a>,
    /// The next token begins a sentence.
    at_start: bool,
    starts_paragraph: bool,
    sentence_text: Option<&'a str>,
    /// CoNLL-U: the token that the words up to this number are in.
    within: Option<(usize, usize)>,
    short: Vec<usize>,
}

impl<'a> Documents<'a> {
    fn start_document(&mut self, id: &str) {
        let finished = std::mem::take(&mut self.now);
        if !finished.tokens.is_empty() {
            self.done.push(finished);
        }
        id.clone_into(&mut self.now.id);
        self.end_sentence();
        self.starts_paragraph = false;
    }

    fn end_sentence(&mut self) {
        self.at_start = true;
        self.sentence_text = None;
        self.within = None;
    }

    fn comment(&mut self, comment: &'a str) {
        if let Some(rest) = comment.strip_prefix("begin document") {
            // CoNLL-2012: `#begin document (ID); part 000`
            let id = rest.trim().replace("; part ", " ");
            self.start_document(id.replace(['(', ')'], "").trim());
            return;
        }
        let (key, value) = comment
            .split_once('=')
            .map_or((comment, ""), |(key, value)| (key, value));
        let (key, value) = (key.trim(), value.strip_prefix(' ').unwrap_or(value));
        match key {
            "newdoc" | "newdoc id" => self.start_document(value.trim()),
            "newpar" | "newpar id" => self.starts_paragraph = true,
            "text" if comment.contains('=') => self.sentence_text = Some(value),
            "title" | "meta::title" => value.trim().clone_into(&mut self.now.title),
            "url" | "sourceURL" | "meta::sourceURL" => self.tell("url", value),
            "author" | "meta::author" => self.tell("author", value),
            _ => {}
        }
    }

    fn tell(&mut self, key: &str, value: &str) {
        let value = value.trim().to_owned();
        self.now.metadata.insert(key.to_owned(), value);
    }

    fn row(&mut self, cells: &[&'a str], shape: &Shape) {
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        let misc = shape.conllu.map_or("", |(_, misc)| cell(misc));
        if let Some((id, _)) = shape.conllu {
            let number = cell(id);
            if number.contains('.') {
                // An empty node: in the syntax, not in the text.
                return;
            }
            if let Some((_, last)) = number.split_once('-') {
                let token = self.token(cell(shape.token), misc, cells, shape);
                self.within = last.parse().ok().map(|last| (last, token));
                return;
            }
            let number: usize = number.parse().unwrap_or(0);
            if let Some((_, token)) = self.within.filter(|(last, _)| number <= *last) {
                self.word(token, misc, cells, shape);
                return;
            }
        }
        if !cell(shape.token).trim().is_empty() {
            let token = self.token(cell(shape.token), misc, cells, shape);
            self.word(token, misc, cells, shape);
        }
    }

    fn token(&mut self, form: &'a str, misc: &str, cells: &[&'a str], shape: &Shape) -> usize {
        let at = self.now.tokens.len();
        if self.at_start || self.now.sentences.is_empty() {
            self.now.sentences.push(Sentence {
                first_token: at,
                starts_paragraph: std::mem::take(&mut self.starts_paragraph),
                text: self.sentence_text.take(),
            });
        }
        let number = |at: usize| cells.get(at).and_then(|cell| cell.parse().ok());
        let own = shape
            .offsets
            .and_then(|(start, end)| number(start).zip(number(end)));
        self.now.tokens.push(Token {
            form,
            space_after: text::space_after(misc),
            offsets: own.or_else(|| text::misc_offsets(misc)),
        });
        at
    }

    fn word(&mut self, token: usize, misc: &'a str, cells: &[&'a str], shape: &Shape) {
        let tags = shape.tags.iter();
        self.now.words.push(Word {
            token,
            starts_sentence: std::mem::take(&mut self.at_start),
            tags: tags
                .map(|tag| cells.get(tag.at).copied().unwrap_or("O"))
                .collect(),
            misc,
        });
    }
}

/// The id in a document mark, if there is more than the usual filling in it.
fn id_in_mark(line: &str) -> String {
    let rest = line.strip_prefix(DOCUMENT_MARK).unwrap_or_default();
    let parts = rest
        .split_whitespace()
        .filter(|part| !matches!(*part, "-X-" | "O" | "_" | DOCUMENT_MARK));
    let id: Vec<&str> = parts.collect();
    id.join(" ").trim_matches(['(', ')']).to_owned()
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let decoded = decode::decode(source.bytes)
        .ok_or_else(|| Refusal::new("this is a binary file, not text"))?;
    let lines: Vec<&str> = lines_of(&decoded.text).collect();
    let shape = columns::shape(&lines)
        .ok_or_else(|| Refusal::new("its lines are no columns of tokens and tags"))?;
    let mut documents = Documents {
        at_start: true,
        ..Documents::default()
    };
    let mut header_left = shape.has_header;
    for (number, line) in lines.iter().enumerate() {
        if line.trim().is_empty() {
            documents.end_sentence();
            continue;
        }
        if line.starts_with(DOCUMENT_MARK) {
            documents.start_document(&id_in_mark(line));
            continue;
        }
        let cells = shape.separator.cells(line);
        let is_token = !line.starts_with('#') || (shape.hash_is_token && fits(&cells, &shape));
        if !is_token {
            documents.comment(line.trim_start_matches('#').trim_start());
            continue;
        }
        if std::mem::take(&mut header_left) {
            continue;
        }
        if cells.len() < shape.width {
            documents.short.push(number + 1);
        }
        documents.row(&cells, &shape);
    }
    documents.start_document("");
    let mut reading = Reading::of(&decoded);
    if let Some(first) = documents.short.first() {
        reading.remarks.push(format!(
            "{} lines have fewer columns than the others; their tokens were taken as far as they go, the first is line {first}",
            documents.short.len()
        ));
    }
    reading.remarks.extend(only_first(documents.done.len()));
    documents.done.truncate(MAX_ARTICLES_PER_FILE);
    let is_alone = documents.done.len() == 1;
    let layers = layers(&shape, &documents.done, &mut reading.remarks);
    let mut guessed = 0;
    for (number, document) in documents.done.into_iter().enumerate() {
        let built = text::built(&document);
        guessed += usize::from(built.is_guessed);
        let annotations = annotations(&document, &layers, &built.places);
        reading.articles.push(FoundArticle {
            id: match (document.id.is_empty(), is_alone) {
                (false, _) => document.id,
                (true, true) => source.stem().to_owned(),
                (true, false) => format!("{}-{}", source.stem(), number + 1),
            },
            title: document.title,
            metadata: document.metadata,
            text: built.text,
            annotations,
            ..FoundArticle::default()
        });
    }
    if guessed > 0 {
        reading.remarks.push(
            "the texts were put together from their tokens; the file does not say where spaces stood"
                .to_owned(),
        );
    }
    Ok(reading)
}

/// Whether a line that begins with `#` is a token with its tags.
fn fits(cells: &[&str], shape: &Shape) -> bool {
    let is_tag = |at: usize| cells.get(at).is_some_and(|cell| tags::is_tag(cell).0);
    cells.len() == shape.width && shape.tags.iter().all(|tag| is_tag(tag.at))
}

/// One way in which words are tagged.
struct Layer {
    kind: LayerKind,
    name: String,
    begins_inside: bool,
}

enum LayerKind {
    /// By its place among a word's tags.
    Column(usize, Tagging),
    /// A key in CoNLL-U's `MISC`, such as `ner`.
    Misc(&'static str),
}

impl Layer {
    fn tags<'a>(&self, document: &Document<'a>) -> Vec<tags::Tagged<'a>> {
        let tags = document.words.iter().map(|word| {
            let tag = match self.kind {
                LayerKind::Column(at, _) => word.tags.get(at).copied(),
                LayerKind::Misc(key) => text::misc_value(word.misc, key),
            };
            (word.starts_sentence, tag.unwrap_or("O"))
        });
        tags.collect()
    }
}

/// Keys in `MISC` that tags stand under.
const MISC_TAGS: &[&str] = &["ner", "NER", "NE", "BIO"];

/// What is read as annotations; syntax only when there is nothing else.
fn layers(shape: &Shape, documents: &[Document<'_>], remarks: &mut Vec<String>) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    let has_others = shape.tags.iter().any(|tag| !tag.is_syntax);
    let mut left_out = 0;
    for (at, tag) in shape.tags.iter().enumerate() {
        if tag.is_syntax && has_others {
            left_out += 1;
            continue;
        }
        layers.push(Layer {
            kind: LayerKind::Column(at, tag.tagging),
            name: tag.name.clone(),
            begins_inside: false,
        });
    }
    let words = || documents.iter().flat_map(|document| &document.words);
    if shape.conllu.is_some() {
        let used = |key: &&&str| words().any(|word| text::misc_value(word.misc, key).is_some());
        layers.extend(MISC_TAGS.iter().filter(used).map(|key| Layer {
            kind: LayerKind::Misc(key),
            name: String::new(),
            begins_inside: false,
        }));
    }
    for layer in &mut layers {
        let tags = documents.iter().flat_map(|document| layer.tags(document));
        layer.begins_inside = tags::begins_inside(tags);
    }
    if left_out > 0 {
        remarks.push(format!(
            "{left_out} columns of syntax (phrases, arguments of verbs) were left out"
        ));
    }
    layers
}

/// Places of tokens: code points, half-open.
type Places = [(usize, usize)];

fn annotations(document: &Document<'_>, layers: &[Layer], places: &Places) -> Vec<FoundAnnotation> {
    let place = |first: usize, last: usize| {
        let token = |word: usize| places.get(document.words.get(word)?.token).copied();
        let (start, end) = (token(first)?.0, token(last)?.1);
        (start < end).then_some(start..end)
    };
    let mut found = Vec::new();
    for layer in layers {
        let tags = layer.tags(document);
        let spans = match layer.kind {
            LayerKind::Column(_, Tagging::Brackets) => {
                tags::bracketed_spans(tags.iter().map(|(_, tag)| *tag))
            }
            _ => tags::spans(tags.iter().copied(), layer.begins_inside),
        };
        for (first, last, label) in spans {
            let Some(range) = place(first, last) else {
                continue;
            };
            let mut annotation = FoundAnnotation {
                label: match (label, layer.name.as_str()) {
                    ("", "") => "span".to_owned(),
                    ("", name) => name.to_owned(),
                    (label, _) => label.to_owned(),
                },
                fragments: vec![FoundFragment::at(range)],
                ..FoundAnnotation::default()
            };
            if layers.len() > 1 && !layer.name.is_empty() {
                let layer = AttributeValue::Text(layer.name.clone());
                annotation.attributes.insert("layer".to_owned(), layer);
            }
            found.push(annotation);
        }
    }
    found.extend(named_spans(document, &place));
    found
}

/// `Spans=LABEL:ID,…` in CoNLL-U's `MISC`: the words of one id are one annotation.
fn named_spans(
    document: &Document<'_>,
    place: &dyn Fn(usize, usize) -> Option<std::ops::Range<usize>>,
) -> Vec<FoundAnnotation> {
    let mut by_id: BTreeMap<(&str, &str), Vec<(usize, usize)>> = BTreeMap::new();
    for (at, word) in document.words.iter().enumerate() {
        let spans = text::misc_value(word.misc, "Spans").unwrap_or_default();
        for (label, id) in spans.split(',').filter_map(|span| span.rsplit_once(':')) {
            let stretches = by_id.entry((id, label)).or_default();
            match stretches.last_mut().filter(|(_, last)| last + 1 == at) {
                Some((_, last)) => *last = at,
                None => stretches.push((at, at)),
            }
        }
    }
    let mut spans: Vec<_> = by_id.into_iter().collect();
    spans.sort_by_key(|(_, stretches)| stretches.first().copied());
    let found = spans.into_iter().map(|((id, label), stretches)| {
        let ranges = stretches
            .into_iter()
            .filter_map(|(first, last)| place(first, last));
        FoundAnnotation {
            id: id.to_owned(),
            label: label.to_owned(),
            fragments: ranges.map(FoundFragment::at).collect(),
            ..FoundAnnotation::default()
        }
    });
    found.collect()
}

#[cfg(test)]
mod tests;
