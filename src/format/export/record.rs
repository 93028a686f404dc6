//! An article as it leaves: its spans in the order of the text, offsets in every unit, each
//! fragment proven against the text before it is written.

use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::article::Article;
use crate::core::project::Project;
use crate::core::text::{ByteRange, CharRange};
use crate::format::export::Losses;
use crate::format::time::timestamp_text;
use crate::format::words::values::listed_pairs;
use std::borrow::Cow;
use std::ops::Range;

pub struct Record<'a> {
    pub project: &'a Project,
    pub article: &'a Article,
    pub id: &'a str,
    /// Safe and unique as a file name.
    pub file_stem: &'a str,
    pub spans: Vec<Span<'a>>,
    pub losses: Losses,
    pub(crate) units: Utf16,
}

/// An annotation as it leaves.
pub struct Span<'a> {
    pub annotation: &'a Annotation,
    /// Unique in the article.
    pub id: Cow<'a, str>,
    pub label: &'a str,
    /// Several are joined by `; `.
    pub annotator: Cow<'a, str>,
    pub fragments: Vec<Fragment<'a>>,
    pub attributes: Vec<(&'a str, Cow<'a, AttributeValue>)>,
    pub note: Cow<'a, str>,
    /// Role and the id of the target, for targets that leave as well.
    pub links: Vec<(&'a str, Cow<'a, str>)>,
}

#[derive(Clone, Copy, Debug)]
pub struct Fragment<'a> {
    pub bytes: ByteRange,
    pub chars: CharRange,
    pub text: &'a str,
}

impl Fragment<'_> {
    /// Half-open, in code points.
    pub fn range(&self) -> Range<u32> {
        self.chars.start.0..self.chars.end.0
    }
}

impl<'a> Record<'a> {
    pub fn text(&self) -> &'a str {
        self.article.text.as_str()
    }

    pub fn url(&self) -> &'a str {
        self.article.meta("url").unwrap_or("")
    }

    /// Half-open, in UTF-16 code units.
    pub fn utf16(&self, fragment: &Fragment<'_>) -> Range<u32> {
        self.units.at(fragment.chars.start.0)..self.units.at(fragment.chars.end.0)
    }

    pub fn utf16_len(&self) -> u32 {
        self.units.at(self.article.text.len_chars() as u32)
    }

    pub fn place(&self) -> String {
        format!("article {}", self.id)
    }

    /// How far each annotator has come: `annotator=status; …`, as links are listed.
    pub fn status_text(&self) -> String {
        let status = self.article.status.iter();
        listed_pairs(status.map(|(annotator, status)| (annotator.as_str(), status.name())))
    }
}

impl Span<'_> {
    /// The fragments' texts with a space between them.
    pub fn joined_text(&self) -> Cow<'_, str> {
        match self.fragments.as_slice() {
            [one] => Cow::Borrowed(one.text),
            several => {
                let texts: Vec<&str> = several.iter().map(|f| f.text).collect();
                Cow::Owned(texts.join(" "))
            }
        }
    }

    /// From the first fragment to the last, half-open, in code points.
    pub fn extent(&self) -> Range<u32> {
        let start = self.fragments.first().map_or(0, |f| f.chars.start.0);
        let end = self.fragments.last().map_or(start, |f| f.chars.end.0);
        start..end
    }

    /// RFC 3339; empty when it is not known.
    pub fn made(&self) -> String {
        self.annotation
            .made
            .map_or_else(String::new, timestamp_text)
    }

    pub fn changed(&self) -> String {
        let changed = self.annotation.changed;
        changed.map_or_else(String::new, timestamp_text)
    }

    /// An attribute as a person would read it; empty for none.
    pub fn attribute(&self, project: &Project, name: &str) -> String {
        let value = self.attributes.iter().find(|(known, _)| *known == name);
        value.map_or_else(String::new, |(_, value)| project.value_text_apart(value))
    }

    /// `role=target; role=target`; `%`, `=`, `;` and line breaks within them as `%25`, `%3D`, …
    pub fn links_text(&self) -> String {
        let links = self.links.iter();
        listed_pairs(links.map(|(role, id)| (*role, id.as_ref())))
    }
}

/// Code points to UTF-16 code units.
pub(crate) struct Utf16 {
    /// Code point offsets of characters with two units, rising.
    astral: Vec<u32>,
}

impl Utf16 {
    pub(crate) fn of(text: &str) -> Self {
        // In UTF-8 these characters begin with a byte from F0. Looking at all of them at once is quicker
        // than stopping at the first.
        if text.bytes().fold(0, u8::max) < 0xF0 {
            return Self { astral: Vec::new() };
        }
        let chars = text.chars().enumerate();
        let astral = chars
            .filter(|(_, c)| c.len_utf16() == 2)
            .map(|(i, _)| i as u32);
        Self {
            astral: astral.collect(),
        }
    }

    pub(crate) fn at(&self, chars: u32) -> u32 {
        chars + self.astral.partition_point(|&at| at < chars) as u32
    }
}
