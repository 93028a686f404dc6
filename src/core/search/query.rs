//! A query as a value: what a form builds, and what is kept under a name.
//!
//! Knows how it is written (`Display`; reading is [`super::parse`]'s) and what its parts are, nothing
//! of texts. What is written and read again is the same query.

use super::grammar::{CONDITIONS, FIELDS, is_bare_name, is_bare_value, is_bare_word};
use std::fmt::{self, Write};
use std::ops::Range;

/// Where something stands in what was typed. It makes no difference between queries.
#[derive(Clone, Copy, Debug, Default, Eq)]
pub struct At {
    pub start: usize,
    pub end: usize,
}

impl At {
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for At {
    fn from(range: Range<usize>) -> Self {
        Self {
            start: range.start,
            end: range.end,
        }
    }
}

impl PartialEq for At {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What is looked for, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// One or more words in a row, as they stand.
    Words(String, At),
    /// A regular expression, without the slashes around it.
    Pattern(String, At),
    /// All of these; conditions among them hold for every hit of the others.
    And(Vec<Query>),
    Or(Vec<Query>),
    Not(Box<Query>),
    /// Both, this close to each other; a hit goes from the first to the last of it.
    Near(Box<Query>, Within, Box<Query>),
    Where(Condition, At),
}

/// How close is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// At most so many words stand between.
    Words(u32),
    Sentence,
    Paragraph,
}

/// What must hold where a hit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It lies in one part of an annotation.
    In(Marked),
    /// It touches no annotation of these.
    Outside(Marked),
    /// The hits are the annotations themselves, as far as they hold what else is looked for.
    Label(Marked),
    /// Whose annotation it is.
    Annotator(Vec<String>),
    /// What the annotation's note says; nothing for any note.
    Note(Vec<String>),
    /// Who is named by an attribute of the annotation.
    Speaker(Vec<String>),
    /// When the annotation was made.
    Made(Dates),
    /// Words of the article's title.
    Title(Vec<String>),
    /// When the article was published.
    Date(Dates),
    Status(Vec<String>),
    Set(Vec<String>),
    /// What the article's metadata says under a name.
    Field(String, Vec<String>),
}

/// Annotations by label and attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// Of one of these labels or a kind of it; none for any.
    pub labels: Vec<String>,
    pub attributes: Vec<AttributeTest>,
}

/// What an attribute must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeTest {
    pub name: String,
    pub test: ValueTest,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueTest {
    /// Anything.
    Any,
    Is(String),
    IsNot(String),
}

/// Days, months or years, as far as they are given: from the first, up to the end of the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    pub from: Option<String>,
    pub to: Option<String>,
}

impl Query {
    /// Whether it finds something itself, where others only say where.
    pub fn finds(&self) -> bool {
        match self {
            Self::Words(..) | Self::Pattern(..) | Self::Near(..) => true,
            Self::And(all) => all.iter().any(Self::finds),
            Self::Or(all) => all.iter().all(Self::finds),
            Self::Not(_) => false,
            Self::Where(condition, _) => matches!(condition, Condition::Label(_)),
        }
    }

    /// Whether what it finds are annotations.
    pub fn finds_annotations(&self) -> bool {
        match self {
            Self::Words(..) | Self::Pattern(..) | Self::Near(..) | Self::Not(_) => false,
            Self::And(all) => all.iter().any(Self::finds_annotations),
            Self::Or(all) => all.iter().all(Self::finds_annotations),
            Self::Where(condition, _) => matches!(condition, Condition::Label(_)),
        }
    }

    /// Where it stands in what was typed.
    pub fn at(&self) -> Range<usize> {
        match self {
            Self::Words(_, at) | Self::Pattern(_, at) | Self::Where(_, at) => at.range(),
            Self::Not(inner) => inner.at(),
            Self::Near(a, _, b) => a.at().start..b.at().end,
            Self::And(all) | Self::Or(all) => {
                let start = all.first().map_or(0, |first| first.at().start);
                start..all.last().map_or(start, |last| last.at().end)
            }
        }
    }

    /// How tightly its parts hold together: what holds less tightly than what is around it stands
    /// in brackets.
    fn rank(&self) -> u8 {
        match self {
            Self::Or(_) => 0,
            Self::And(_) => 1,
            Self::Not(_) => 2,
            Self::Near(..) => 3,
            Self::Words(..) | Self::Pattern(..) | Self::Where(..) => 4,
        }
    }

    fn write_within(&self, least: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rank() < least {
            write!(f, "({self})")
        } else {
            write!(f, "{self}")
        }
    }
}

impl Condition {
    /// The same with another name in the place of one.
    pub(super) fn renamed(&self, name: &str, other: &str) -> Self {
        let rename = |text: &mut String| {
            if text == name {
                *text = other.to_owned();
            }
        };
        let mut renamed = self.clone();
        match &mut renamed {
            Self::In(marked) | Self::Outside(marked) | Self::Label(marked) => {
                marked.labels.iter_mut().for_each(rename);
                marked
                    .attributes
                    .iter_mut()
                    .for_each(|test| rename(&mut test.name));
            }
            Self::Annotator(all)
            | Self::Note(all)
            | Self::Speaker(all)
            | Self::Title(all)
            | Self::Status(all)
            | Self::Set(all)
            | Self::Field(_, all) => all.iter_mut().for_each(rename),
            Self::Made(_) | Self::Date(_) => {}
        }
        renamed
    }
}

impl Query {
    pub(super) fn conditions(&self, seen: &mut dyn FnMut(&Condition, &At)) {
        match self {
            Self::Words(..) | Self::Pattern(..) => {}
            Self::And(all) | Self::Or(all) => all.iter().for_each(|part| part.conditions(seen)),
            Self::Not(inner) => inner.conditions(seen),
            Self::Near(a, _, b) => {
                a.conditions(seen);
                b.conditions(seen);
            }
            Self::Where(condition, at) => seen(condition, at),
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words, _) => write_words(words, f),
            Self::Pattern(pattern, _) => write_pattern(pattern, f),
            Self::And(all) => {
                let mut before: Option<&Self> = None;
                for part in all {
                    if let Some(before) = before {
                        let is_plain =
                            !matches!(before, Self::Where(..)) && !matches!(part, Self::Where(..));
                        f.write_str(if is_plain { " and " } else { " " })?;
                    }
                    part.write_within(2, f)?;
                    before = Some(part);
                }
                Ok(())
            }
            Self::Or(all) => {
                for (n, part) in all.iter().enumerate() {
                    if n > 0 {
                        f.write_str(" or ")?;
                    }
                    part.write_within(1, f)?;
                }
                Ok(())
            }
            Self::Not(inner) => {
                f.write_str("not ")?;
                inner.write_within(2, f)
            }
            Self::Near(a, within, b) => {
                a.write_within(3, f)?;
                write!(f, " near:{within} ")?;
                b.write_within(4, f)
            }
            Self::Where(condition, _) => write!(f, "{condition}"),
        }
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(n) => write!(f, "{n}"),
            Self::Sentence => f.write_str("sentence"),
            Self::Paragraph => f.write_str("paragraph"),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::In(marked) => write!(f, "in:{marked}"),
            Self::Outside(marked) => write!(f, "outside:{marked}"),
            Self::Label(marked) if marked.labels.is_empty() && marked.attributes.is_empty() => {
                f.write_str("is:annotation")
            }
            Self::Label(marked) => write!(f, "label:{marked}"),
            Self::Annotator(all) => write_values("annotator", all, f),
            Self::Note(all) => write_values("note", all, f),
            Self::Speaker(all) => write_values("speaker", all, f),
            Self::Made(dates) => write!(f, "made:{dates}"),
            Self::Title(all) => write_values("title", all, f),
            Self::Date(dates) => write!(f, "date:{dates}"),
            Self::Status(all) => write_values("status", all, f),
            Self::Set(all) => write_values("set", all, f),
            Self::Field(name, all) => write_field(name, all, f),
        }
    }
}

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.labels.is_empty() {
            f.write_str("any")?;
        }
        write_list(&self.labels, true, f)?;
        if self.attributes.is_empty() {
            return Ok(());
        }
        f.write_char('[')?;
        for (n, AttributeTest { name, test }) in self.attributes.iter().enumerate() {
            if n > 0 {
                f.write_str(", ")?;
            }
            write_value(name, false, f)?;
            match test {
                ValueTest::Any => {}
                ValueTest::Is(value) => {
                    f.write_char('=')?;
                    write_value(value, false, f)?;
                }
                ValueTest::IsNot(value) => {
                    f.write_str("!=")?;
                    write_value(value, false, f)?;
                }
            }
        }
        f.write_char(']')
    }
}

impl fmt::Display for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) if from == to => f.write_str(from),
            (from, to) => {
                let day = |day: &Option<String>| day.clone().unwrap_or_default();
                write!(f, "{}..{}", day(from), day(to))
            }
        }
    }
}

fn write_words(words: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if is_bare_word(words) {
        f.write_str(words)
    } else {
        write_quoted(words, f)
    }
}

fn write_quoted(words: &str, f: &mut impl Write) -> fmt::Result {
    f.write_char('"')?;
    for c in words.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}

fn write_pattern(pattern: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('/')?;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '/' => f.write_str("\\/")?,
            '\\' => {
                f.write_char('\\')?;
                // What stands behind it goes with it.
                if let Some(next) = chars.next() {
                    f.write_char(next)?;
                }
            }
            c => f.write_char(c)?,
        }
    }
    f.write_char('/')
}

/// A field that is called as a condition stands in quotation marks, and is one of its own.
fn write_field(name: &str, values: &[String], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_reserved = CONDITIONS.iter().any(|(known, _)| *known == name) && !FIELDS.contains(&name);
    if is_bare_name(name) && !is_reserved {
        return write_values(name, values, f);
    }
    let mut quoted = String::new();
    write_quoted(name, &mut quoted)?;
    write_values(&quoted, values, f)
}

fn write_values(name: &str, values: &[String], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(name)?;
    f.write_char(':')?;
    if values.is_empty() {
        return f.write_str("any");
    }
    write_list(values, true, f)
}

fn write_list(values: &[String], any_is_a_word: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (n, value) in values.iter().enumerate() {
        if n > 0 {
            f.write_char(',')?;
        }
        write_value(value, any_is_a_word, f)?;
    }
    Ok(())
}

/// A value, quoted where it would be read otherwise.
fn write_value(value: &str, any_is_a_word: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_any = any_is_a_word && value == "any";
    if is_bare_value(value) && !is_any {
        f.write_str(value)
    } else {
        write_quoted(value, f)
    }
}
