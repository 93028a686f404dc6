//! A damaged article line by line.
//!
//! In our layout every line of the text, every annotation and every field is a line of the file, so
//! a bad line costs no more than itself, and one that stands elsewhere is put back where the hash of
//! the text proves that it belongs. Knows the article's fields, nothing of the rest of the file.

use super::articles::holds_annotations;
use super::lenient::{Damage, fields, take};
use super::record::{AnnotationRecord, ArticleRecord};
use super::salvage::{Line, closing, is_closer, is_string};
use super::schema::from_ron;
use super::shapes::{Map, Str};
use crate::core::article::{Status, id_from_hash};
use crate::core::text::hash_of;
use std::collections::BTreeMap;

/// So many bytes are hashed at most to find where a line belongs.
pub(super) const HASHED_AT_MOST: usize = 64 << 20;

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Fields,
    Text,
    Annotations,
    Metadata,
    Status,
}

/// A line of the text, as far as it was read.
struct TextLine<'a> {
    text: Str<'a>,
    /// Where it stands, when it is damaged.
    damaged: Option<Line<'a>>,
}

/// What was taken from the lines of a damaged article.
pub(super) struct Taken<'a> {
    pub(super) record: ArticleRecord<'a>,
    pub(super) bad: Vec<Line<'a>>,
    text: Vec<TextLine<'a>>,
    /// Lines of text that stand elsewhere in the article.
    pub(super) spare: Vec<Line<'a>>,
    /// What was mended: its line, what it was, and what is done about it.
    pub(super) notes: Vec<(usize, String, &'static str)>,
    /// Annotations that were mended, by their lines.
    repaired: &'a [(usize, String)],
    first_line: usize,
    last_line: usize,
    /// Where something else stood between the lines of the text, by those that read before it.
    gaps: Vec<usize>,
}

impl<'a> Taken<'a> {
    pub(super) fn new(lines: &[Line<'a>], repaired: &'a [(usize, String)]) -> Self {
        let mut taken = Self {
            record: ArticleRecord {
                id: Str::default(),
                hash: Str::default(),
                text: Vec::new(),
                title: Str::default(),
                metadata: Map::default(),
                status: Map::default(),
                nothing: Map::default(),
                notes: Str::default(),
                annotations: Vec::new(),
                unknown: Vec::new(),
            },
            bad: Vec::new(),
            text: Vec::new(),
            spare: Vec::new(),
            notes: Vec::new(),
            repaired,
            first_line: lines.first().map_or(0, |line| line.number),
            last_line: 0,
            gaps: Vec::new(),
        };
        let has_list = lines.iter().any(|line| line.key() == "text: [");
        let mut part = Part::Fields;
        let mut lines = lines.iter().peekable();
        while let Some(&line) = lines.next() {
            let next = lines.peek().map(|next| next.key());
            if part == Part::Text && (line.number > taken.last_line + 1 || !is_string(line.key())) {
                let good = taken.text.iter().filter(|line| line.damaged.is_none());
                taken.gaps.push(good.count());
            }
            taken.last_line = line.number;
            part = taken.line(part, line, next.unwrap_or(""), has_list);
        }
        taken
    }

    /// There are lines of text.
    pub(super) fn has_text(&self) -> bool {
        !self.text.is_empty()
    }

    /// Every line of the text and every annotation of the record is a line of the file.
    pub(super) fn has_lines_of(&self, record: &ArticleRecord<'_>) -> bool {
        self.text.len() == record.text.len()
            && self.record.annotations.len() == record.annotations.len()
            && self.bad.is_empty()
    }

    /// Gives the article what its lines hold.
    pub(super) fn finish(&mut self) {
        let text: Vec<&str> = self.text.iter().map(|line| line.text.as_str()).collect();
        let hash = hash_of(&text.join("\n"));
        if self.record.id.as_str().is_empty() {
            self.record.id = Str::from(id_from_hash(&hash).to_string());
            let message = "the article has lost its id".to_owned();
            let remedy = "it gets one from its text";
            self.notes.push((self.first_line, message, remedy));
        }
        if self.record.hash.as_str().is_empty() {
            let message = "the article has lost its hash: its text cannot be proven".to_owned();
            let remedy = "the hash of the text as it is now is stored";
            self.notes.push((self.first_line, message, remedy));
            self.record.hash = Str::from(hash);
        }
        self.record.text = self.text.drain(..).map(|line| line.text).collect();
        self.bad.append(&mut self.spare);
        self.bad.sort_by_key(|line| line.number);
    }

    /// Of the ways in which lines may have been moved, the one that the hash proves. `spare` are
    /// lines of text that stand where none can; one that proves to be of this text is taken out.
    pub(super) fn find_text(&mut self, spare: &mut Vec<Line<'a>>, budget: &mut usize) {
        let hash = self.record.hash.as_str().to_owned();
        let good = |line: &&TextLine<'a>| line.damaged.is_none();
        let good: Vec<String> = self
            .text
            .iter()
            .filter(good)
            .map(|l| l.text.as_str().to_owned())
            .collect();
        let all: Vec<&str> = self.text.iter().map(|line| line.text.as_str()).collect();
        if hash.is_empty() || hash_of(&all.join("\n")) == hash {
            self.tell_damage();
            return;
        }
        let Some(found) = arrangement(&good, &hash, spare, &self.gaps, budget) else {
            self.tell_damage();
            return;
        };
        // Lines that were put into the text by whatever damaged it are not text.
        self.bad
            .extend(self.text.drain(..).filter_map(|line| line.damaged));
        self.text = found
            .text
            .into_iter()
            .map(|text| TextLine {
                text: Str::from(text),
                damaged: None,
            })
            .collect();
        let place = found
            .used
            .or(self.bad.first().copied())
            .map_or(self.first_line, |line| line.number);
        if let Some(used) = found.used {
            spare.retain(|line| line.number != used.number);
        }
        if found.is_moved {
            let message = "a line of the text stood elsewhere".to_owned();
            let remedy = "it is put back where it belongs: the hash of the text proves it";
            self.notes.push((place, message, remedy));
        }
    }

    fn tell_damage(&mut self) {
        for line in self.text.iter().filter_map(|line| line.damaged) {
            let message = "this line of the text is damaged".to_owned();
            let remedy = "what is left of the line is saved";
            self.notes.push((line.number, message, remedy));
        }
    }

    fn line(&mut self, part: Part, line: Line<'a>, next: &str, has_list: bool) -> Part {
        let key = line.key();
        match key {
            // What opens a list is believed when the next line could stand in it.
            "text: [" if part == Part::Text && reads_as_string(next) => return part,
            "text: [" if is_pair(next) || next.starts_with("(id: ") => return part,
            "text: [" if is_known_field(next) || next.starts_with("what: ") => return part,
            "text: [" => return Part::Text,
            "annotations: [" if !reads_as_string(next) => return Part::Annotations,
            "metadata: {" if is_pair(next) => return Part::Metadata,
            "status: {" if is_pair(next) => return Part::Status,
            "annotations: [" | "metadata: {" | "status: {" => return part,
            "(" | "what: article((" => return part,
            // What closes a list between its lines does not belong there.
            key if is_closer(key) => {
                let goes_on = match part {
                    Part::Text => reads_as_string(next),
                    Part::Metadata | Part::Status => is_pair(next),
                    Part::Annotations | Part::Fields => false,
                };
                return if goes_on { part } else { Part::Fields };
            }
            _ => {}
        }
        if key.starts_with("(id: \"") {
            self.annotation(line);
            return match part {
                Part::Text => part,
                _ => Part::Annotations,
            };
        }
        let value = key.strip_suffix(',').unwrap_or(key);
        if is_string(key) {
            let is_text = reads_as_string(key);
            match part {
                Part::Text => self.text(line, value),
                Part::Metadata | Part::Status if !is_text => self.pair(line, value, part),
                Part::Fields | Part::Annotations if is_pair(key) => {
                    let is_status =
                        pair_of(value).is_some_and(|(_, value)| Status::known(&value).is_some());
                    let list = if is_status {
                        Part::Status
                    } else {
                        Part::Metadata
                    };
                    self.pair(line, value, list);
                }
                // A line of text whose list has lost its start.
                _ if is_text && self.text.is_empty() && (!has_list || reads_as_string(next)) => {
                    self.text(line, value);
                    return Part::Text;
                }
                _ if is_text => self.spare.push(line),
                _ => self.bad.push(line),
            }
            return part;
        }
        match part {
            Part::Text if is_known_field(key) => self.field(line, value),
            Part::Text => self.text(line, value),
            Part::Fields => self.field(line, value),
            _ if is_known_field(key) => self.field(line, value),
            _ => self.bad.push(line),
        }
        part
    }

    fn pair(&mut self, line: Line<'a>, value: &str, part: Part) {
        let map = match part {
            Part::Status => &mut self.record.status,
            _ => &mut self.record.metadata,
        };
        match pair_of(value) {
            Some((name, value)) => match map.get(name.as_str()) {
                Some(known) if known.as_str() == value => {}
                Some(_) => self.bad.push(line),
                None => {
                    map.insert(Str::from(name), Str::from(value));
                }
            },
            None => self.bad.push(line),
        }
    }

    fn text(&mut self, line: Line<'a>, value: &'a str) {
        if let Ok(text) = ron::from_str::<Str<'_>>(value) {
            let text = Str::from(text.as_str().to_owned());
            self.text.push(TextLine {
                text,
                damaged: None,
            });
            return;
        }
        let inner = value.trim_start_matches('r').trim_start_matches('#');
        let inner = inner.strip_prefix('"').unwrap_or(inner);
        let inner = inner.trim_end_matches('#');
        let inner = inner.strip_suffix('"').unwrap_or(inner);
        // Half a character at the cut is no text.
        let text = Str::from(inner.trim_end_matches('\u{FFFD}'));
        self.text.push(TextLine {
            text,
            damaged: Some(line),
        });
    }

    fn annotation(&mut self, line: Line<'a>) {
        let key = line.key();
        let whole = key.strip_suffix(',').unwrap_or(key);
        let mut damage = Damage::default();
        if let Some(annotation) = take::<AnnotationRecord<'a>>(whole, &mut damage) {
            for flaw in damage.flaws {
                self.notes.push((line.number, flaw.message, flaw.remedy));
                if flaw.is_kept {
                    self.bad.push(line);
                }
            }
            self.record.annotations.push(annotation);
            return;
        }
        let number = line.number;
        let repaired = self
            .repaired
            .binary_search_by_key(&number, |&(number, _)| number);
        if let Some((_, text)) = repaired.ok().and_then(|i| self.repaired.get(i))
            && let Ok(annotation) = from_ron::<AnnotationRecord<'_>>(text)
        {
            let message = format!(
                "the end of annotation {} is damaged",
                annotation.id.as_str()
            );
            let remedy = "the annotation is saved with the fields that are left, and the line is kept in the review list";
            self.notes.push((line.number, message, remedy));
            self.record.annotations.push(annotation);
        }
        self.bad.push(line);
    }

    fn field(&mut self, line: Line<'a>, value: &'a str) {
        let name = value.split(':').next().unwrap_or("").trim();
        let known = match name {
            "id" => &mut self.record.id,
            "hash" => &mut self.record.hash,
            "title" => &mut self.record.title,
            "notes" => &mut self.record.notes,
            _ => {
                let source = format!("(id: \"\", hash: \"\", text: [], {value})");
                match from_ron::<ArticleRecord<'_>>(&source) {
                    Ok(read) if !is_known_field(value) && !holds_annotations(&read) => {
                        self.record.unknown.extend(read.unknown);
                        let nothing = read.nothing.0.into_iter();
                        let owned = nothing.map(|(by, at)| (Str::from(by.into_owned()), at));
                        self.record.nothing.0.extend(owned);
                    }
                    _ => self.bad.push(line),
                }
                return;
            }
        };
        let source = format!("({value})");
        let read =
            fields(&source, &mut Damage::default()).and_then(|fields| match fields.as_slice() {
                [field] => Some(ron::from_str::<Str<'_>>(field.value).ok()?.into_owned()),
                _ => None,
            });
        match read {
            // The first is the article's own: it stands where it belongs.
            Some(read) if known.as_str().is_empty() => *known = Str::from(read),
            Some(read) if known.as_str() == read => {}
            _ => self.bad.push(line),
        }
    }
}

fn reads_as_string(key: &str) -> bool {
    let value = key.strip_suffix(',').unwrap_or(key);
    is_string(key) && ron::from_str::<Str<'_>>(value).is_ok()
}

fn is_pair(key: &str) -> bool {
    is_string(key) && pair_of(key.strip_suffix(',').unwrap_or(key)).is_some()
}

fn pair_of(value: &str) -> Option<(String, String)> {
    let source = format!("{{{value}}}");
    let pairs: BTreeMap<Str<'_>, Str<'_>> = ron::from_str(&source).ok()?;
    let mut pairs = pairs.into_iter();
    let (name, value) = pairs.next()?;
    pairs
        .next()
        .is_none()
        .then(|| (name.into_owned(), value.into_owned()))
}

/// Fields that only an article has at this place, and no text could look like.
fn is_known_field(key: &str) -> bool {
    ["id: ", "hash: ", "title: ", "notes: "]
        .iter()
        .any(|start| key.starts_with(start))
}

/// A text that has the hash.
struct Arrangement<'a> {
    text: Vec<String>,
    used: Option<Line<'a>>,
    is_moved: bool,
}

/// Puts one of the spare lines between those of the text, or one of its own elsewhere, until the
/// hash fits.
fn arrangement<'a>(
    good: &[String],
    hash: &str,
    spare: &[Line<'a>],
    gaps: &[usize],
    budget: &mut usize,
) -> Option<Arrangement<'a>> {
    let size: usize = good.iter().map(|line| line.len() + 1).sum();
    let mut fits = |text: &[&str]| {
        *budget = budget.checked_sub(size)?;
        Some(hash_of(&text.join("\n")) == hash)
    };
    let lines: Vec<&str> = good.iter().map(String::as_str).collect();
    let made = |text: &[&str], used, is_moved| {
        let text = text.iter().map(|&line| line.to_owned()).collect();
        Some(Arrangement {
            text,
            used,
            is_moved,
        })
    };
    if fits(&lines)? {
        return made(&lines, None, false);
    }
    for &line in spare {
        let value = line.key().strip_suffix(',').unwrap_or(line.key());
        let Ok(text) = ron::from_str::<Str<'_>>(value) else {
            continue;
        };
        let mut tried = lines.clone();
        tried.push(text.as_str());
        for at in (0..tried.len()).rev() {
            if fits(&tried)? {
                return made(&tried, Some(line), true);
            }
            if at > 0 {
                tried.swap(at, at - 1);
            }
        }
    }
    // Of two lines that changed places, one may be of this text and the other a bracket.
    for &gap in gaps {
        for from in 0..lines.len() {
            let mut tried = lines.clone();
            let moved = tried.remove(from);
            let at = if gap > from { gap - 1 } else { gap };
            tried.insert(at.min(tried.len()), moved);
            if fits(&tried)? {
                return made(&tried, None, true);
            }
        }
    }
    None
}

/// Annotations whose lines were cut off or broken at their end: with its fragments whole it is an
/// annotation still. Each with the number of its line.
pub(super) fn repaired_annotations(lines: &[Line<'_>]) -> Vec<(usize, String)> {
    let reads = |text: &String| from_ron::<AnnotationRecord<'_>>(text).is_ok();
    let repaired = lines.iter().filter_map(|line| {
        let key = line.key();
        let whole = key.strip_suffix(',').unwrap_or(key);
        if !key.starts_with("(id: \"") || reads(&whole.to_owned()) {
            return None;
        }
        let (end, last_field) = closing(whole);
        let shorter = format!("{})", key.get(..last_field?)?);
        let closed = format!("{}{end}", whole.trim_end_matches('\u{FFFD}'));
        let text = Some(shorter).filter(reads)?;
        Some((line.number, Some(closed).filter(reads).unwrap_or(text)))
    });
    repaired.collect()
}
