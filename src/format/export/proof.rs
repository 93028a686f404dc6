//! What was written against the plan: read back by the format's own reader, offsets taken as they
//! stand in the file, every fragment compared.

use crate::format::WriteError;
use crate::format::export::plan::{Plan, Planned};
use crate::format::export::record::{Record, Span};
use crate::format::export::{Difference, Progress, Stored, Written, markup};
use crate::format::parallel;
use crate::format::reading::{
    FoundAnnotation, FoundArticle, Kept, OffsetUnit, ReadOptions, Reader, Siblings, Source,
};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

/// How a format changes what it holds, by a stated rule.
#[derive(Clone, Copy, Default)]
pub struct Rules {
    /// Labels are written in their safe form.
    pub safe_labels: bool,
    /// Fragments end at line breaks and go on after them.
    pub cut_at_line_breaks: bool,
    /// A label as the format can hold it.
    pub held_label: Option<fn(&str) -> String>,
    /// Line breaks at the edges of fragments are left out of them, and fragments of nothing else.
    pub line_breaks_at_edges: bool,
    /// The text as the format can hold it; `None` for as it is.
    pub held: Option<fn(&str) -> String>,
    /// Texts are with `\r\n`; offsets count `\n` alone.
    pub crlf: bool,
    /// Takes out of a record what has no place in the format.
    pub leave: Option<fn(&Plan<'_>, &mut Record<'_>)>,
    pub details: Details,
}

/// What is compared besides the places of annotations.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Details {
    /// The format gives nothing back by ids.
    #[default]
    None,
    /// Attributes have their names from a file beside, which a piece is read without.
    NotAttributes,
    /// Links stand apart from the pieces that are read.
    NotLinks,
    All,
}

/// Compares what was read with what should have been written.
pub(crate) fn compare(
    plan: &Plan<'_>,
    record: &Record<'_>,
    found: &FoundArticle,
    rules: Rules,
) -> Result<Written, WriteError> {
    let mismatch = |annotation: &str, detail: String| WriteError::Mismatch {
        article: record.id.to_owned(),
        annotation: annotation.to_owned(),
        detail,
    };
    let wanted_text: Cow<'_, str> = match rules.held {
        Some(held) => held(record.text()).into(),
        None => record.text().into(),
    };
    let is_same = if rules.crlf {
        found.text.replace("\r\n", "\n") == wanted_text
    } else {
        found.text == wanted_text
    };
    if !is_same {
        let same = found.text.chars().zip(wanted_text.chars());
        let at = same.take_while(|(a, b)| a == b).count();
        return Err(mismatch(
            "-",
            format!("the text differs from character {at} on"),
        ));
    }
    let in_unit = |range: std::ops::Range<u32>, bytes: std::ops::Range<u32>| match found.unit {
        OffsetUnit::CodePoints => range,
        OffsetUnit::Utf16 => record.units.at(range.start)..record.units.at(range.end),
        OffsetUnit::Bytes => bytes,
    };
    let mut wanted: Vec<(usize, usize, Cow<'_, str>, &str)> = Vec::new();
    for span in &record.spans {
        let label: Cow<'_, str> = match rules.held_label {
            Some(held) => held(span.label).into(),
            None if rules.safe_labels => plan.safe_label(span.label).into(),
            None => span.label.into(),
        };
        let id = span.id.as_ref();
        for fragment in &span.fragments {
            let mut range = in_unit(
                fragment.range(),
                fragment.bytes.start.0..fragment.bytes.end.0,
            );
            if rules.line_breaks_at_edges {
                let inner = fragment.text.trim_start_matches('\n');
                let end = inner.trim_end_matches('\n');
                range.start += (fragment.text.len() - inner.len()) as u32;
                range.end -= (inner.len() - end.len()) as u32;
                if inner.is_empty() {
                    continue;
                }
            }
            wanted.push((range.start as usize, range.end as usize, label.clone(), id));
        }
    }
    let mut back: Vec<(usize, usize, &str)> = Vec::new();
    for annotation in &found.annotations {
        for fragment in &annotation.fragments {
            let Some(offsets) = &fragment.offsets else {
                return Err(mismatch(&annotation.id, "it has no offsets".to_owned()));
            };
            back.push((offsets.start, offsets.end, annotation.label.as_str()));
        }
    }
    if rules.cut_at_line_breaks {
        let text: Vec<char> = record.text().chars().collect();
        let cut = |range: std::ops::Range<usize>| -> Vec<std::ops::Range<usize>> {
            pieces_between_line_breaks(&text, range)
        };
        wanted = wanted
            .into_iter()
            .flat_map(|(start, end, label, id)| {
                cut(start..end)
                    .into_iter()
                    .map(move |r| (r.start, r.end, label.clone(), id))
            })
            .collect();
        back = back
            .into_iter()
            .flat_map(|(start, end, label)| {
                cut(start..end)
                    .into_iter()
                    .map(move |r| (r.start, r.end, label))
            })
            .collect();
    }
    wanted.sort_unstable();
    back.sort_unstable();
    let mut rest = back.iter();
    for (start, end, label, id) in &wanted {
        match rest.next() {
            Some(found) if (found.0, found.1, found.2) == (*start, *end, label.as_ref()) => {}
            Some(found) => {
                return Err(mismatch(
                    id,
                    format!(
                        "{label} {start} to {end} was written; {} {} to {} was read",
                        found.2, found.0, found.1
                    ),
                ));
            }
            None => return Err(mismatch(id, format!("{label} {start} to {end} is missing"))),
        }
    }
    if let Some((start, end, label)) = rest.next() {
        return Err(mismatch(
            "-",
            format!("{label} {start} to {end} is too much"),
        ));
    }
    let mut written = Written::default();
    written.count(record);
    note_differences(record, found, rules, &mut written);
    if rules.cut_at_line_breaks {
        let is_nothing = |span: &&Span<'_>| {
            span.fragments
                .iter()
                .all(|f| f.text.chars().all(is_line_end))
        };
        written.annotations -= record.spans.iter().filter(is_nothing).count();
    }
    Ok(written)
}

/// What annotations say besides where they stand, where the format gives them back by their ids: a
/// difference is told and no error, since nothing of it moves a span.
fn note_differences(
    record: &Record<'_>,
    found: &FoundArticle,
    rules: Rules,
    written: &mut Written,
) {
    if rules.details == Details::None {
        return;
    }
    let by_id: HashMap<&str, &FoundAnnotation> = found
        .annotations
        .iter()
        .map(|annotation| (annotation.id.as_str(), annotation))
        .collect();
    for span in &record.spans {
        let Some(found) = by_id.get(span.id.as_ref()) else {
            continue;
        };
        let held = |text: &str| {
            rules
                .held
                .map_or_else(|| text.to_owned(), |held| held(text))
        };
        let annotator = held(&span.annotator);
        let attributes = span.attributes.iter().map(|(name, value)| {
            let value = held(&record.project.value_text_apart(value));
            (held(name), value)
        });
        let attributes = attributes.filter(|(_, value)| !value.is_empty());
        let mut attributes: Vec<(String, String)> = attributes.collect();
        let others = found.attributes.iter();
        let others = others.map(|(name, value)| (name.clone(), value.to_text()));
        let mut others: Vec<(String, String)> =
            others.filter(|(_, value)| !value.is_empty()).collect();
        attributes.sort_unstable();
        others.sort_unstable();
        let links = span.links.iter();
        let mut links: Vec<(String, String)> = links
            .map(|(role, target)| (held(role), held(target)))
            .collect();
        let mut found_links = found.links.clone();
        for list in [&mut links, &mut found_links] {
            list.sort_unstable();
            list.dedup();
        }
        let rest = [
            ("its annotator", annotator == found.annotator),
            ("its note", held(&span.note) == found.note),
            (
                "an attribute",
                rules.details == Details::NotAttributes || attributes == others,
            ),
            (
                "a link",
                rules.details == Details::NotLinks || links == found_links,
            ),
        ];
        for (what, is_same) in rest {
            if !is_same {
                written.losses.note(
                    "what an annotation says besides its place reads back differently",
                    || format!("{what} of annotation {} of article {}", span.id, record.id),
                );
                written.difference.get_or_insert_with(|| Difference {
                    article: record.id.to_owned(),
                    annotation: span.id.to_string(),
                    detail: format!("{what} differs"),
                });
            }
        }
    }
}

/// What ends a line, for Python's readers too: brat's server takes `.ann` files so.
pub(crate) fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n'..='\r' | '\u{1C}'..='\u{1E}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// The pieces of a range that hold no line break.
pub(crate) fn pieces_between_line_breaks(
    text: &[char],
    range: std::ops::Range<usize>,
) -> Vec<std::ops::Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = range.start;
    let within = text.get(range.clone()).unwrap_or(&[]);
    for (at, _) in within.iter().enumerate().filter(|(_, c)| is_line_end(**c)) {
        let at = range.start + at;
        if at > start {
            pieces.push(start..at);
        }
        start = at + 1;
    }
    if range.end > start {
        pieces.push(start..range.end);
    }
    pieces
}

/// The articles that a reader finds in one file.
pub(crate) fn read_with(
    reader: &Reader,
    name: &str,
    bytes: &[u8],
    siblings: &dyn Siblings,
) -> Result<Vec<FoundArticle>, WriteError> {
    let source = Source {
        name,
        bytes,
        siblings,
    };
    let reading = (reader.read)(&source, &ReadOptions::default())
        .map_err(|refusal| WriteError::Unreadable(format!("{name}: {refusal}")))?;
    Ok(reading.articles)
}

/// Proves a format with a file for each article. `name` gives the name of the file that the reader
/// is handed; the others are read from beside it.
pub(crate) fn files(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
    reader: &Reader,
    rules: Rules,
    name: impl Fn(&Planned<'_>) -> String + Sync,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    let beside = Beside {
        stored,
        names: stored.names(),
        kept: Kept::default(),
    };
    parallel::in_order(
        &plan.articles,
        progress,
        |planned| {
            let name = name(planned);
            let bytes = stored.bytes(&name)?;
            let mut record = plan.record(planned)?;
            if let Some(leave) = rules.leave {
                leave(plan, &mut record);
            }
            if is_blank(&record) {
                return Ok(counted(&record));
            }
            let found = read_with(reader, &name, &bytes, &beside)?;
            one(plan, &record, &found, rules)
        },
        |_, proven| {
            written.add(&proven);
            Ok(())
        },
    )?;
    Ok(written)
}

/// Proves a format with a line for each article in one file, with all that it says of annotations.
/// `as_file` makes what the reader takes of a line.
pub(crate) fn lines(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
    reader: &Reader,
    name: &str,
    as_file: impl Fn(Vec<u8>) -> Result<Vec<u8>, WriteError> + Sync,
) -> Result<Written, WriteError> {
    let mut lines = Lines::open(stored, name)?;
    let rules = Rules {
        details: Details::All,
        ..Rules::default()
    };
    let next = || lines.next();
    pieces(plan, progress, reader, name, rules, next, |_, line| {
        as_file(line)
    })
}

/// Proves a format with a file of XML for each article, with all that it says of annotations.
pub(crate) fn xml(
    plan: &Plan<'_>,
    stored: &dyn Stored,
    progress: Progress<'_>,
    reader: &Reader,
    ending: &str,
) -> Result<Written, WriteError> {
    let rules = Rules {
        held: Some(markup::held),
        held_label: Some(markup::held),
        details: Details::All,
        ..Rules::default()
    };
    files(plan, stored, progress, reader, rules, |planned| {
        format!("{}.{ending}", planned.file_stem)
    })
}

/// An article without a word, which readers do not take for one.
fn is_blank(record: &Record<'_>) -> bool {
    record.spans.is_empty() && record.text().trim().is_empty()
}

fn counted(record: &Record<'_>) -> Written {
    let mut written = Written::default();
    written.count(record);
    written
}

fn one(
    plan: &Plan<'_>,
    record: &Record<'_>,
    found: &[FoundArticle],
    rules: Rules,
) -> Result<Written, WriteError> {
    match found {
        [found] => compare(plan, record, found, rules),
        several => Err(WriteError::Mismatch {
            article: record.id.to_owned(),
            annotation: "-".to_owned(),
            detail: format!("{} articles were read in its place", several.len()),
        }),
    }
}

/// Proves a format with all articles in one file, a piece for each. `next` gives the next piece as it
/// stands there; `as_file` makes a file of its own of it, on any core, which the format's reader reads.
pub(crate) fn pieces<P: Send>(
    plan: &Plan<'_>,
    progress: Progress<'_>,
    reader: &Reader,
    name: &str,
    rules: Rules,
    next: impl FnMut() -> Result<Option<P>, WriteError>,
    as_file: impl Fn(&Planned<'_>, P) -> Result<Vec<u8>, WriteError> + Sync,
) -> Result<Written, WriteError> {
    each(plan, progress, next, |planned, piece| {
        let record = plan.record(planned)?;
        let piece = as_file(planned, piece)?;
        if is_blank(&record) {
            return Ok(counted(&record));
        }
        let found = read_with(reader, name, &piece, &crate::format::reading::NoSiblings)?;
        one(plan, &record, &found, rules)
    })
}

/// Each article with its piece of the one file, on all cores, and what they come to.
pub(crate) fn each<P: Send>(
    plan: &Plan<'_>,
    progress: Progress<'_>,
    mut next: impl FnMut() -> Result<Option<P>, WriteError>,
    prove: impl Fn(&Planned<'_>, P) -> Result<Written, WriteError> + Sync,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    let mut articles = plan.articles.iter();
    parallel::fed(
        || match (articles.next(), next()?) {
            (Some(planned), Some(piece)) => Ok(Some((planned, piece))),
            (Some(planned), None) => Err(WriteError::Mismatch {
                article: planned.article.id.to_string(),
                annotation: "-".to_owned(),
                detail: "the article is missing".to_owned(),
            }),
            (None, Some(_)) => Err(WriteError::Unreadable(
                "there are more articles in it than in the project".to_owned(),
            )),
            (None, None) => Ok(None),
        },
        progress,
        |(planned, piece)| prove(planned, piece),
        |proven| {
            written.add(&proven);
            Ok(())
        },
    )?;
    Ok(written)
}

/// The files beside one that is proven.
struct Beside<'a> {
    stored: &'a dyn Stored,
    /// Sorted.
    names: Vec<String>,
    kept: Kept,
}

impl Siblings for Beside<'_> {
    fn contains(&self, name: &str) -> bool {
        let found = self
            .names
            .binary_search_by(|known| known.as_str().cmp(name));
        found.is_ok()
    }
    fn read(&self, name: &str) -> Option<Arc<[u8]>> {
        self.kept.or_read(name, || self.stored.bytes(name).ok())
    }
    fn in_folder(&self, folder: &str) -> Vec<String> {
        let is_in = |name: &&String| name.rsplit_once('/').map_or("", |(f, _)| f) == folder;
        self.names.iter().filter(is_in).cloned().collect()
    }
}

/// A text that was read back, by its code points.
pub(crate) struct CodePoints<'t> {
    pub(crate) text: &'t str,
    /// Where they begin, in bytes; empty for ASCII.
    starts: Vec<u32>,
}

impl<'t> CodePoints<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let mut starts = Vec::new();
        if !text.is_ascii() {
            starts.reserve(text.len());
            starts.extend(text.char_indices().map(|(at, _)| at as u32));
        }
        Self { text, starts }
    }

    /// Where a code point begins, in bytes; the end is one past the last, and nothing stands beyond.
    pub(crate) fn byte(&self, at: usize) -> Option<usize> {
        match self.starts.is_empty() {
            true => Some(at).filter(|at| *at <= self.text.len()),
            false if at == self.starts.len() => Some(self.text.len()),
            false => self.starts.get(at).map(|at| *at as usize),
        }
    }

    pub(crate) fn slice(&self, range: std::ops::Range<usize>) -> Option<&'t str> {
        self.text
            .get(self.byte(range.start)?..self.byte(range.end)?)
    }
}

/// Stretches of a file that end with a mark, one at a time.
pub(crate) struct Stretches<R> {
    input: R,
    /// What was read and not yet taken.
    buffer: Vec<u8>,
    from: usize,
}

impl<'a> Stretches<Box<dyn crate::format::export::ReadSeek + 'a>> {
    pub(crate) fn open(stored: &'a dyn Stored, name: &str) -> Result<Self, WriteError> {
        let file = stored.open(name);
        Ok(Self::of(file.map_err(|error| {
            crate::format::export::missing(name, &error)
        })?))
    }
}

impl<R: Read> Stretches<R> {
    pub(crate) fn of(input: R) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            from: 0,
        }
    }

    /// Reads on; answers whether there was more.
    fn fill(&mut self) -> Result<bool, WriteError> {
        const STEP: u64 = 1 << 18;
        self.buffer.drain(..std::mem::take(&mut self.from));
        let mut step = self.input.by_ref().take(STEP);
        Ok(step.read_to_end(&mut self.buffer)? > 0)
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.from..).unwrap_or_default()
    }

    /// What comes up to the `count`th mark from here, with the marks; `None` when there are fewer.
    pub(crate) fn through(
        &mut self,
        mark: &[u8],
        count: usize,
    ) -> Result<Option<Vec<u8>>, WriteError> {
        let finder = memchr::memmem::Finder::new(mark);
        let (mut found, mut end) = (0, 0);
        // Up to where there is no mark left.
        let mut searched = 0;
        while found < count {
            let ahead = self.rest().get(searched..).unwrap_or_default();
            match finder.find(ahead) {
                Some(at) => {
                    searched += at + mark.len();
                    end = searched;
                    found += 1;
                }
                None => {
                    // One may stand across what was read and what comes.
                    let kept = self.rest().len().saturating_sub(mark.len());
                    searched = searched.max(kept);
                    if !self.fill()? {
                        return Ok(None);
                    }
                }
            }
        }
        let stretch = self.rest().get(..end).unwrap_or_default().to_vec();
        self.from += end;
        Ok(Some(stretch))
    }

    /// All that is left.
    pub(crate) fn left(&mut self) -> Result<Vec<u8>, WriteError> {
        while self.fill()? {}
        Ok(std::mem::take(&mut self.buffer))
    }
}

/// Lines of a file, without their `\n`, one at a time.
pub(crate) struct Lines<'a> {
    input: BufReader<Box<dyn crate::format::export::ReadSeek + 'a>>,
}

impl<'a> Lines<'a> {
    pub(crate) fn open(stored: &'a dyn Stored, name: &str) -> Result<Self, WriteError> {
        let file = stored
            .open(name)
            .map_err(|error| crate::format::export::missing(name, &error))?;
        Ok(Self {
            input: BufReader::with_capacity(1 << 18, file),
        })
    }

    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, WriteError> {
        let mut line = Vec::new();
        if self.input.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        Ok(Some(line))
    }
}
