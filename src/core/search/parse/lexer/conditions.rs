//! The conditions of a query: `label:quote[kind=direct]`, `near:4`, `date:2024-05..`.

use super::{Lexeme, Lexer, TokenKind};
use crate::core::search::QueryError;
use crate::core::search::grammar::{is_of_value, is_special};
use crate::core::search::query::{AttributeTest, Condition, Dates, Marked, ValueTest, Within};
use std::ops::Range;

impl Lexer<'_> {
    pub(super) fn condition(&mut self, name: &str, at: Range<usize>) -> Result<Lexeme, QueryError> {
        let from = self.at;
        if name == "near" {
            let value = self.value()?.unwrap_or_default();
            let within = match value.as_str() {
                "sentence" => Some(Within::Sentence),
                "paragraph" => Some(Within::Paragraph),
                number => number
                    .parse()
                    .ok()
                    .filter(|n| *n <= 1_000)
                    .map(Within::Words),
            };
            // It is coloured as one.
            self.tokens.retain(|token| token.at.start < at.start);
            self.token(at.start, TokenKind::Near);
            let Some(within) = within else {
                return Err(QueryError {
                    is_unfinished: value.is_empty()
                        || "sentence".starts_with(&value)
                        || "paragraph".starts_with(&value),
                    ..QueryError::at(
                        at.start..self.at,
                        "near: wants the number of words between, or sentence or paragraph",
                    )
                    .mended(from..self.at, "4")
                });
            };
            return Ok(Lexeme::Near(within));
        }
        let condition = match name {
            "in" => Condition::In(self.marked(name)?),
            "outside" => Condition::Outside(self.marked(name)?),
            "label" => Condition::Label(self.marked(name)?),
            "made" => Condition::Made(self.dates(name)?),
            "date" => Condition::Date(self.dates(name)?),
            "is" => {
                let value = self.value()?.unwrap_or_default();
                if value != "annotation" {
                    return Err(QueryError {
                        is_unfinished: "annotation".starts_with(&value),
                        ..QueryError::at(at.start..self.at, "is: can only be is:annotation")
                            .mended(from..self.at, "annotation")
                    });
                }
                Condition::Label(Marked::default())
            }
            _ => {
                let values = self.values(name)?;
                match name {
                    "annotator" => Condition::Annotator(values),
                    "note" => Condition::Note(values),
                    "speaker" => Condition::Speaker(values),
                    "title" => Condition::Title(values),
                    "status" => Condition::Status(values),
                    "set" => Condition::Set(values),
                    field => Condition::Field(field.to_owned(), values),
                }
            }
        };
        Ok(Lexeme::Where(condition))
    }

    /// One value, quoted or bare; nothing where none stands.
    fn value(&mut self) -> Result<Option<String>, QueryError> {
        let from = self.at;
        match self.peek() {
            Some(c) if is_special(c) && !matches!(c, '(' | ')') => {
                let value = self.quoted()?;
                self.token(from, TokenKind::Value);
                Ok(Some(value))
            }
            _ => {
                let rest = self.rest();
                let end = rest.find(|c| !is_of_value(c)).unwrap_or(rest.len());
                self.at += end;
                self.token(from, TokenKind::Value);
                let value = rest.get(..end).filter(|value| !value.is_empty());
                Ok(value.map(str::to_owned))
            }
        }
    }

    /// Values with commas between; an empty list where `any` stands.
    pub(super) fn values(&mut self, name: &str) -> Result<Vec<String>, QueryError> {
        let from = self.at;
        let is_bare = !self.peek().is_some_and(is_special);
        let mut values = Vec::new();
        loop {
            let Some(value) = self.value()? else {
                return Err(QueryError {
                    is_unfinished: true,
                    ..QueryError::at(
                        from.saturating_sub(name.len() + 1)..self.at,
                        format!(
                            "{name}: wants a value; a name with spaces in it stands in quotation marks"
                        ),
                    )
                });
            };
            values.push(value);
            if self.peek() != Some(',') {
                break;
            }
            self.at += 1;
        }
        let is_any = is_bare && matches!(values.as_slice(), [one] if one == "any");
        Ok(if is_any { Vec::new() } else { values })
    }

    fn marked(&mut self, name: &str) -> Result<Marked, QueryError> {
        let labels = self.values(name)?;
        let mut attributes = Vec::new();
        let from = self.at;
        if self.peek() == Some('[') {
            self.at += 1;
            self.token(from, TokenKind::Bracket);
            loop {
                self.skip(char::is_whitespace);
                let start = self.at;
                let unfinished = |at| QueryError {
                    is_unfinished: true,
                    ..QueryError::at(at, "an attribute is asked for as in in:quote[kind=direct]")
                };
                let Some(name) = self.value()? else {
                    return Err(unfinished(from..self.at.max(from + 1)));
                };
                self.skip(char::is_whitespace);
                let is_not = self.rest().starts_with("!=");
                let test = if is_not || self.peek() == Some('=') {
                    self.at += if is_not { 2 } else { 1 };
                    self.skip(char::is_whitespace);
                    let Some(value) = self.value()? else {
                        return Err(unfinished(start..self.at));
                    };
                    if is_not {
                        ValueTest::IsNot(value)
                    } else {
                        ValueTest::Is(value)
                    }
                } else {
                    ValueTest::Any
                };
                attributes.push(AttributeTest { name, test });
                self.skip(char::is_whitespace);
                match self.peek() {
                    Some(',') => self.at += 1,
                    Some(']') => {
                        let end = self.at;
                        self.at += 1;
                        self.token(end, TokenKind::Bracket);
                        break;
                    }
                    _ => {
                        return Err(QueryError {
                            is_unfinished: self.rest().is_empty(),
                            ..QueryError::at(from..self.at, "this bracket is not closed with ]")
                                .mended(self.at..self.at, "]")
                        });
                    }
                }
            }
        }
        Ok(Marked { labels, attributes })
    }

    fn dates(&mut self, name: &str) -> Result<Dates, QueryError> {
        let from = self.at;
        let value = self.value()?.unwrap_or_default();
        let (first, last) = match value.split_once("..") {
            Some((first, last)) => (first, last),
            None => (value.as_str(), value.as_str()),
        };
        let day = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let dates = Dates {
            from: day(first),
            to: day(last),
        };
        let both = [&dates.from, &dates.to];
        let are_dates = both.iter().copied().flatten().all(|day| is_date(day));
        let is_forward = match (&dates.from, &dates.to) {
            (Some(from), Some(to)) => to.as_str() >= from.as_str() || from.starts_with(to.as_str()),
            (None, None) => false,
            _ => true,
        };
        if are_dates && is_forward {
            return Ok(dates);
        }
        let is_unfinished = value
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '-' | '.'));
        Err(QueryError {
            is_unfinished,
            ..QueryError::at(
                from.saturating_sub(name.len() + 1)..self.at,
                format!(
                    "{name}: wants a year, month or day, as 2024, 2024-05 or 2024-05-12, or two with .. between"
                ),
            )
        })
    }
}

/// A year, a month or a day, as files have them.
fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_number = |part: Option<&str>, digits: usize, most: u32| {
        let Some(part) = part else { return true };
        let number = part
            .parse::<u32>()
            .ok()
            .filter(|_| part.bytes().all(|b| b.is_ascii_digit()));
        part.len() == digits && number.is_some_and(|n| n >= 1 && n <= most)
    };
    is_number(parts.next(), 4, 9_999)
        && is_number(parts.next(), 2, 12)
        && is_number(parts.next(), 2, 31)
        && parts.next().is_none()
}
