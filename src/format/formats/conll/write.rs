//! CoNLL-2003 columns, tagged IOB2 and BILOU: `token -X- _ tag`. The format has no offsets and one tag
//! a token: what overlaps is chosen by a policy, and the rest is told.

use crate::format::WriteError;
use crate::format::export::format::{Format, FormatGroup, Part, Shape};
use crate::format::export::names::distinct;
use crate::format::export::options::Choice;
use crate::format::export::options::Overlap;
use crate::format::export::plan::Plan;
use crate::format::export::proof::{self, Stretches};
use crate::format::export::record::Record;
use crate::format::export::tokens::{
    Space, Token, is_column_space, sentence_ends, tokens, tokens_in, tokens_of,
};
use crate::format::export::{Progress, Sink, Stored, Written};
use crate::format::parallel;
use crate::format::reading::fields::split;
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub const FORMAT: Format = Format {
    name: "conll",
    aliases: &["iob2", "bilou"],
    title: "CoNLL columns, IOB2 and BILOU",
    group: FormatGroup::Training,
    shape: Shape::Folder { main: "" },
    offset_unit: "none: tokens in order",
    read_by: "sequence taggers, seqeval, spaCy’s converter",
    lacks: &[
        Part::Text,
        Part::Labels,
        Part::Overlaps,
        Part::Discontinuous,
        Part::Attributes,
        Part::EmptyAttributes,
        Part::Links,
        Part::Notes,
        Part::Annotators,
        Part::Times,
        Part::Ids,
        Part::Titles,
        Part::Metadata,
        Part::Status,
        Part::Nothing,
        Part::ArticleNotes,
        Part::Sets,
        Part::Codebook,
        Part::OfProject,
    ],
    adds: "tokens with one tag each, in both schemes",
    changes: "a policy chooses among overlapping annotations; white space is not kept",
    choices: &[&Choice::TOKENS, &Choice::OVERLAP],
    write,
    prove,
    splits_itself: false,
    reader: Some(&super::read::READER),
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Iob2,
    Bilou,
}

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            Self::Iob2 => "iob2",
            Self::Bilou => "bilou",
        }
    }
}

/// A span that is kept, by its tokens, both inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept<'a> {
    first: usize,
    last: usize,
    label: &'a str,
    id: &'a str,
}

/// The spans that fit beside each other, in the order of the text. `only` is a label.
fn kept<'a>(
    plan: &Plan<'_>,
    record: &'a Record<'a>,
    tokens: &[Token<'_>],
    only: Option<&str>,
    written: &mut Written,
) -> Vec<Kept<'a>> {
    let mut candidates: Vec<Kept<'a>> = Vec::new();
    for span in record
        .spans
        .iter()
        .filter(|span| only.is_none_or(|label| span.label == label))
    {
        let place = || format!("annotation {} of article {}", span.id, record.id);
        for fragment in &span.fragments {
            let Some((first, last)) = tokens_of(tokens, fragment) else {
                written.losses.note(
                    "an annotation of nothing but white space has no token and is left out",
                    place,
                );
                continue;
            };
            candidates.push(Kept {
                first,
                last,
                label: span.label,
                id: span.id.as_ref(),
            });
        }
        if span.fragments.len() > 1 {
            written.losses.note(
                "a discontinuous annotation stands as one span for each of its fragments",
                place,
            );
        }
    }
    match plan.options.overlap {
        Overlap::Shortest => candidates.sort_by_key(|k| (k.last - k.first, k.first)),
        _ => candidates.sort_by_key(|k| (Reverse(k.last - k.first), k.first)),
    }
    let mut taken = vec![false; tokens.len()];
    let mut kept = Vec::new();
    for candidate in candidates {
        let id = candidate.id;
        let Some(place) = taken.get_mut(candidate.first..=candidate.last) else {
            continue;
        };
        if place.contains(&true) {
            let rule = match plan.options.overlap {
                Overlap::Longest => {
                    "of overlapping annotations the longest is kept, this one is not"
                }
                Overlap::Shortest => {
                    "of overlapping annotations the shortest is kept, this one is not"
                }
                Overlap::FilePerLabel => {
                    "of overlapping annotations with one label the longest is kept, this one is not"
                }
            };
            written
                .losses
                .note(rule, || format!("annotation {id} of article {}", record.id));
            continue;
        }
        place.fill(true);
        kept.push(candidate);
    }
    kept.sort_by_key(|k| k.first);
    kept
}

/// Labels without white space, one for each of ours.
fn label_names(plan: &Plan<'_>) -> BTreeMap<String, String> {
    distinct(plan.labels.keys().map(String::as_str), |label| {
        let kept = |c: char| if is_column_space(c) { '_' } else { c };
        label.chars().map(kept).collect()
    })
}

fn named<'n>(names: &'n BTreeMap<String, String>, label: &'n str) -> &'n str {
    names.get(label).map_or(label, String::as_str)
}

/// What is in a file: an annotation counts when a fragment of it is kept.
fn count_kept(written: &mut Written, kept: &[Kept<'_>]) {
    let ids: std::collections::BTreeSet<&str> = kept.iter().map(|span| span.id).collect();
    written.annotations += ids.len();
    written.fragments += kept.len();
}

/// What stands before a label in a tag.
fn prefix(scheme: Scheme, span: &Kept<'_>, at: usize) -> &'static str {
    match scheme {
        Scheme::Iob2 if at == span.first => "B-",
        Scheme::Iob2 => "I-",
        Scheme::Bilou if span.first == span.last => "U-",
        Scheme::Bilou if at == span.first => "B-",
        Scheme::Bilou if at == span.last => "L-",
        Scheme::Bilou => "I-",
    }
}

fn block(
    names: &BTreeMap<String, String>,
    tokens: &[Token<'_>],
    kept: &[Kept<'_>],
    scheme: Scheme,
) -> String {
    let mut out = String::with_capacity(tokens.len() * 20 + 32);
    out.push_str("-DOCSTART- -X- O O\n\n");
    let mut spans = kept.iter().peekable();
    let mut label = "";
    let mut sentence = None;
    for (at, token) in tokens.iter().enumerate() {
        while spans.next_if(|span| span.last < at).is_some() {}
        let span = spans.peek().filter(|span| span.first <= at);
        // An annotation holds its sentences together: readers let none go over a boundary.
        let begins = sentence.is_some_and(|before| before != token.sentence);
        if begins && span.is_none_or(|span| span.first == at) {
            out.push('\n');
        }
        sentence = Some(token.sentence);
        out.push_str(token.text);
        match span {
            Some(span) => {
                if span.first == at {
                    label = named(names, span.label);
                }
                out.push_str(" -X- _ ");
                out.push_str(prefix(scheme, span, at));
                out.push_str(label);
                out.push('\n');
            }
            None => out.push_str(" -X- _ O\n"),
        }
    }
    if !tokens.is_empty() {
        out.push('\n');
    }
    out
}

/// Files: their stem and the label that they are for.
fn files<'p>(plan: &'p Plan<'_>) -> Vec<(&'p str, Option<&'p str>)> {
    match plan.options.overlap {
        Overlap::FilePerLabel => {
            let labels = plan.labels.iter();
            labels
                .map(|(label, safe)| (safe.as_str(), Some(label.as_str())))
                .collect()
        }
        _ => vec![("corpus", None)],
    }
}

/// The files in groups that are written and read at once, so that tokens are found once for them:
/// few enough to be open together.
fn groups<'p>(plan: &'p Plan<'_>) -> Vec<Vec<(String, Option<&'p str>, Scheme)>> {
    const MAX_OPEN: usize = 16;
    let all = files(plan).into_iter().flat_map(|(stem, only)| {
        let schemes = [Scheme::Iob2, Scheme::Bilou].into_iter();
        schemes.map(move |scheme| (format!("{stem}.{}.conll", scheme.name()), only, scheme))
    });
    let all: Vec<_> = all.collect();
    all.chunks(MAX_OPEN).map(<[_]>::to_vec).collect()
}

pub fn write(
    plan: &Plan<'_>,
    sink: &mut dyn Sink,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let names = &label_names(plan);
    let mut written = Written::default();
    for (n, group) in groups(plan).into_iter().enumerate() {
        let file_names: Vec<&str> = group.iter().map(|(name, _, _)| name.as_str()).collect();
        sink.files(&file_names, &mut |outs, _| {
            parallel::in_order(
                &plan.articles,
                &mut |done| progress(if n == 0 { done } else { plan.articles.len() }),
                |planned| {
                    let record = plan.record(planned)?;
                    let mut counted = Written {
                        articles: usize::from(n == 0),
                        ..Written::default()
                    };
                    let ends = sentence_ends(&record);
                    let tokens = tokens_in(&record, plan.options.tokens, Space::Never, &ends);
                    let blocks = blocks(plan, names, &record, &tokens, &group, &mut counted);
                    Ok((blocks, counted))
                },
                |_, (blocks, counted)| {
                    for (out, block) in outs.iter_mut().zip(blocks) {
                        out.write_all(block.as_bytes())?;
                    }
                    written.add(&counted);
                    Ok(())
                },
            )
        })?;
    }
    Ok(written)
}

/// What an article comes to in each file of a group.
fn blocks(
    plan: &Plan<'_>,
    names: &BTreeMap<String, String>,
    record: &Record<'_>,
    tokens: &[Token<'_>],
    group: &[(String, Option<&str>, Scheme)],
    counted: &mut Written,
) -> Vec<String> {
    let mut blocks = Vec::with_capacity(group.len());
    // A file of either scheme holds the same spans.
    for both in group.chunks(2) {
        let only = both.first().and_then(|(_, only, _)| *only);
        let kept = kept(plan, record, tokens, only, counted);
        count_kept(counted, &kept);
        let both = both.iter();
        blocks.extend(both.map(|(_, _, scheme)| block(names, tokens, &kept, *scheme)));
    }
    blocks
}

/// Spans by their tags, as strict readers decode them: first and last token, and label.
fn decoded<'t>(tags: &[&'t str]) -> Vec<(usize, usize, &'t str)> {
    let mut spans: Vec<(usize, usize, &str)> = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    for (at, tag) in tags.iter().enumerate() {
        if *tag == "O" && open.is_none() {
            continue;
        }
        let (prefix, label) = tag.split_once('-').unwrap_or(("O", ""));
        let goes_on = matches!(prefix, "I" | "L") && open.is_some_and(|(_, name)| name == label);
        if !goes_on {
            if let Some((start, name)) = open.take() {
                spans.push((start, at - 1, name));
            }
            if prefix != "O" {
                open = Some((at, label));
            }
        }
        if matches!(prefix, "L" | "U")
            && let Some((start, name)) = open.take()
        {
            spans.push((start, at, name));
        }
    }
    if let Some((start, name)) = open {
        spans.push((start, tags.len() - 1, name));
    }
    spans
}

/// The documents of a file, one by one: their lines of tokens.
struct Documents<'a> {
    stretches: Stretches<Box<dyn crate::format::export::ReadSeek + 'a>>,
    has_begun: bool,
}

const DOCUMENT_LINE: &[u8] = b"-DOCSTART- -X- O O\n";

impl<'a> Documents<'a> {
    fn open(stored: &'a dyn Stored, name: &str) -> Result<Self, WriteError> {
        Ok(Self {
            stretches: Stretches::open(stored, name)?,
            has_begun: false,
        })
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>, WriteError> {
        // Its own line stands before a document, and that of the next ends it.
        if !self.has_begun {
            self.has_begun = self.stretches.through(DOCUMENT_LINE, 1)?.is_some();
        }
        let Some(mut document) = self.stretches.through(DOCUMENT_LINE, 1)? else {
            let last = self.stretches.left()?;
            return Ok(std::mem::take(&mut self.has_begun).then_some(last));
        };
        document.truncate(document.len() - DOCUMENT_LINE.len());
        Ok(Some(document))
    }
}

/// Tokens and their tags.
fn columns(document: &[u8]) -> Result<(Vec<&str>, Vec<&str>), WriteError> {
    let broken = |line: &str| WriteError::Unreadable(format!("“{line}” is not four columns"));
    let text = std::str::from_utf8(document)
        .map_err(|error| WriteError::Unreadable(format!("it is not UTF-8: {error}")))?;
    let (mut words, mut tags) = (Vec::new(), Vec::new());
    for line in split(text, b'\n').filter(|line| !line.is_empty()) {
        let end = memchr::memchr(b' ', line.as_bytes()).unwrap_or(line.len());
        let (word, rest) = line.split_at_checked(end).unwrap_or((line, ""));
        let tag = rest.strip_prefix(" -X- _ ").ok_or_else(|| broken(line))?;
        if memchr::memchr(b' ', tag.as_bytes()).is_some() {
            return Err(broken(line));
        }
        words.push(word);
        tags.push(tag);
    }
    Ok((words, tags))
}

/// Tokens are found again in the text one after another, and tags decoded to spans of it.
pub fn prove(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
) -> Result<Written, WriteError> {
    let names = &label_names(plan);
    let mut written = Written::default();
    for (n, group) in groups(plan).into_iter().enumerate() {
        let open = group
            .iter()
            .map(|(name, _, _)| Documents::open(stored, name));
        let mut open: Vec<Documents<'_>> = open.collect::<Result<_, WriteError>>()?;
        let proven = proof::each(
            plan,
            progress,
            || {
                let documents = open.iter_mut().map(Documents::next);
                let documents: Vec<Option<Vec<u8>>> =
                    documents.collect::<Result<_, WriteError>>()?;
                Ok(Some(documents).filter(|all| all.iter().any(Option::is_some)))
            },
            |planned, documents| {
                let record = plan.record(planned)?;
                let tokens = tokens(&record, plan.options.tokens, Space::Never);
                let mut proven = Written {
                    articles: usize::from(n == 0),
                    ..Written::default()
                };
                for (both, documents) in group.chunks(2).zip(documents.chunks(2)) {
                    let only = both.first().and_then(|(_, only, _)| *only);
                    let mut told_before = Written::default();
                    let wanted = kept(plan, &record, &tokens, only, &mut told_before);
                    for document in documents {
                        compare(names, &record, (&tokens, &wanted), document.as_deref())?;
                    }
                    count_kept(&mut proven, &wanted);
                }
                Ok(proven)
            },
        )?;
        written.add(&proven);
    }
    Ok(written)
}

fn compare(
    names: &BTreeMap<String, String>,
    record: &Record<'_>,
    (tokens, wanted): (&[Token<'_>], &[Kept<'_>]),
    found: Option<&[u8]>,
) -> Result<(), WriteError> {
    let mismatch = |detail: String| WriteError::Mismatch {
        article: record.id.to_owned(),
        annotation: "-".to_owned(),
        detail,
    };
    let found = found.ok_or_else(|| mismatch("the article is missing".to_owned()))?;
    let (words, tags) = columns(found)?;
    let mut places = Vec::with_capacity(words.len());
    let mut at = 0;
    for word in &words {
        let rest = record.text().get(at..).unwrap_or("");
        // One space, mostly.
        let inner = match rest.strip_prefix(' ') {
            Some(inner) if inner.starts_with(word) => inner,
            _ => rest.trim_start_matches(is_column_space),
        };
        let space = rest.len() - inner.len();
        if !inner.starts_with(word) || word.is_empty() {
            return Err(mismatch(format!(
                "the token “{word}” does not follow in the text"
            )));
        }
        places.push(at + space..at + space + word.len());
        at += space + word.len();
    }
    let rest = record.text().get(at..).unwrap_or("");
    if !rest.chars().all(is_column_space) {
        return Err(mismatch("the text ends too early".to_owned()));
    }
    let wanted = wanted.iter().filter_map(|span| {
        let (first, last) = (tokens.get(span.first)?, tokens.get(span.last)?);
        Some((first.bytes.start, last.bytes.end, named(names, span.label)))
    });
    let spans = decoded(&tags);
    let back = spans.iter().filter_map(|(first, last, label)| {
        Some((places.get(*first)?.start, places.get(*last)?.end, *label))
    });
    if wanted.eq(back) {
        Ok(())
    } else {
        Err(mismatch("its tags stand for other spans".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::export::options::ExportOptions;
    use crate::format::export::tests::{TORTURE, project_of, written};
    use crate::format::formats::format_named;
    use crate::format::reading::placing::place;
    use crate::format::reading::{ReadOptions, Source};

    #[test]
    fn no_token_is_taken_for_something_else() {
        // The text and its tokens, between white space.
        let cases: &[(&str, &[&str])] = &[
            ("a b", &["a", "b"]),
            ("a -DOCSTART- b", &["a", "-", "DOCSTART-", "b"]),
            ("x-DOCSTART-DOCSTART-", &["x-", "DOCSTART-", "DOCSTART-"]),
            ("-docstart- -DOCSTART", &["-docstart-", "-DOCSTART"]),
            ("a\u{1c}b\u{1d} \u{1e}c\u{1f}", &["a", "b", "c"]),
            (
                "a\u{85}b\u{a0}c\u{2028}d\u{3000}e\u{b}f\u{c}g",
                &["a", "b", "c", "d", "e", "f", "g"],
            ),
            ("\u{1c}\u{1d}", &[]),
        ];
        let conll = format_named("conll").unwrap();
        let options = ExportOptions {
            tokens: crate::format::export::options::Tokens::WhiteSpace,
            ..ExportOptions::default()
        };
        for (text, tokens) in cases {
            let end = text.chars().count();
            let line = serde_json::json!({
                "id": "a", "title": "T", "text": text, "annotations": [
                    {"id": "x", "annotator": "ana", "label": "two\u{1f}words",
                     "fragments": [{"start": 0, "end": end}]},
                ],
            });
            let project = project_of(&line.to_string());
            let memory = written(conll, &Plan::new(&project, &options));
            let file = str::from_utf8(&memory.0["corpus.iob2.conll"]).unwrap();
            // As Python's `str.split` takes rows.
            let rows = file.lines().skip(1).filter(|line| !line.is_empty());
            let rows = rows.map(|row| row.split(is_column_space).collect::<Vec<_>>());
            let rows: Vec<Vec<&str>> = rows.collect();
            assert!(rows.iter().all(|row| row.len() == 4), "{text:?}: {rows:?}");
            let found: Vec<&str> = rows.iter().map(|row| row[0]).collect();
            assert_eq!(&found, tokens, "{text:?}");
            assert_eq!(file.matches("-DOCSTART-").count(), 1, "{text:?}");
            let tags = rows.iter().enumerate();
            assert!(
                tags.clone().all(|(n, row)| {
                    row[3] == if n == 0 { "B-two_words" } else { "I-two_words" }
                })
            );
        }
    }

    #[test]
    fn the_reader_sees_what_the_tags_say() {
        let project = project_of(TORTURE);
        let options = ExportOptions::default();
        let plan = Plan::new(&project, &options);
        let conll = format_named("conll").unwrap();
        let memory = written(conll, &plan);
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        for (name, bytes) in &memory.0 {
            let mut documents = Documents::open(&memory, name).unwrap();
            let reader = conll.reader().unwrap();
            let source = Source::alone(name, bytes);
            let reading = (reader.read)(&source, &ReadOptions::default()).unwrap();
            assert_eq!(reading.articles.len(), plan.articles.len());
            for article in &reading.articles {
                let document = documents.next().unwrap().unwrap();
                let (words, tags) = columns(&document).unwrap();
                let told = decoded(&tags).into_iter();
                let told = told
                    .map(|(first, last, label)| (label.to_owned(), words[first..=last].concat()));
                let mut told: Vec<(String, String)> = told.collect();
                let placed = place(article);
                let found = placed.annotations.iter().zip(&article.annotations);
                let found = found.map(|(ranges, found)| {
                    let ranges = ranges.as_ref().unwrap().iter();
                    let covered: String = ranges.map(|range| placed.text.slice(*range)).collect();
                    (found.label.clone(), squeezed(&covered))
                });
                let mut found: Vec<(String, String)> = found.collect();
                told.sort();
                found.sort();
                assert_eq!(found, told, "{name}");
            }
        }
    }
}
