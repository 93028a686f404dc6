//! Reading a query as it is typed: into a value, into coloured pieces, or into an error with its
//! place and what would mend it.
//!
//! Pure syntax: whether there is such a label or outlet is asked when the search is made. Bounded in
//! depth and length; never panics.

use super::grammar::{is_bare_name, is_of_value, is_special, name_before_colon, operator};
use super::query::{At, AttributeTest, Condition, Dates, Marked, Query, ValueTest, Within};
use super::{Options, QueryError, Reading};
use std::ops::Range;

/// The longest query, in bytes.
pub const MAX_QUERY: usize = 20_000;
/// How deep brackets may stand in brackets.
const MAX_DEPTH: usize = 60;

/// What a piece of a query is, for colouring it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Word,
    Phrase,
    Pattern,
    /// `and`, `or`, `not`.
    Operator,
    /// `near:4`.
    Near,
    /// The name of a condition, with its colon.
    Field,
    Value,
    Bracket,
}

/// A piece of a query. White space belongs to none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub at: Range<usize>,
    pub kind: TokenKind,
}

/// Reads what was typed as the options say.
pub fn parse(text: &str, options: &Options) -> Result<Query, QueryError> {
    if text.len() > MAX_QUERY {
        return Err(QueryError::at(
            0..text.len(),
            "this is longer than a query may be; a passage is looked for by its first words",
        ));
    }
    match options.reading {
        Reading::Query => Parser::new(text).query(),
        Reading::Plain if text.is_empty() => Err(nothing(text)),
        Reading::Plain => Ok(Query::Words(text.to_owned(), (0..text.len()).into())),
        Reading::Pattern if text.is_empty() => Err(nothing(text)),
        Reading::Pattern => Ok(Query::Pattern(text.to_owned(), (0..text.len()).into())),
    }
}

/// What was typed in pieces, as far as it can be read.
pub fn tokens(text: &str, options: &Options) -> Vec<Token> {
    let whole = |kind| {
        let all = 0..text.len();
        (!all.is_empty())
            .then_some(Token { at: all, kind })
            .into_iter()
            .collect()
    };
    match options.reading {
        Reading::Plain => whole(TokenKind::Word),
        Reading::Pattern => whole(TokenKind::Pattern),
        Reading::Query => {
            let mut lexer = Lexer::new(text.get(..MAX_QUERY).unwrap_or(text));
            while let Ok(Some(_)) = lexer.next() {}
            lexer.tokens
        }
    }
}

/// A query that holds a phrase and nothing else.
pub fn phrase(words: &str) -> Query {
    Query::Words(words.to_owned(), At::default())
}

fn nothing(text: &str) -> QueryError {
    QueryError {
        is_unfinished: true,
        ..QueryError::at(0..text.len(), "type what to look for")
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Lexeme {
    Open,
    Close,
    Word(String),
    Phrase(String),
    Pattern(String),
    Operator(&'static str),
    Near(Within),
    Where(Condition),
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            tokens: Vec::new(),
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn token(&mut self, from: usize, kind: TokenKind) {
        if from < self.at {
            let at = from..self.at;
            self.tokens.push(Token { at, kind });
        }
    }

    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        let rest = self.rest();
        let kept = rest.trim_start_matches(is_skipped);
        self.at += rest.len() - kept.len();
    }

    fn next(&mut self) -> Result<Option<(Lexeme, Range<usize>)>, QueryError> {
        self.skip(char::is_whitespace);
        let from = self.at;
        let Some(first) = self.peek() else {
            return Ok(None);
        };
        let lexeme = match first {
            '(' | ')' => {
                self.at += 1;
                self.token(from, TokenKind::Bracket);
                if first == '(' {
                    Lexeme::Open
                } else {
                    Lexeme::Close
                }
            }
            '/' => Lexeme::Pattern(self.pattern()?),
            c if is_special(c) => {
                let words = self.quoted()?;
                // A name with spaces in it, quoted.
                if self.peek() == Some(':') && is_special(c) {
                    self.at += 1;
                    self.token(from, TokenKind::Field);
                    Lexeme::Where(Condition::Field(words.clone(), self.values(&words)?))
                } else {
                    self.token(from, TokenKind::Phrase);
                    if words.trim().is_empty() {
                        return Err(QueryError {
                            is_unfinished: true,
                            ..QueryError::at(
                                from..self.at,
                                "there is nothing between these quotation marks",
                            )
                        });
                    }
                    Lexeme::Phrase(words)
                }
            }
            _ => {
                let rest = self.rest();
                let end = rest.find(|c: char| c.is_whitespace() || is_special(c));
                let mut word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                // A name before a quoted value.
                let name = name_before_colon(word).or_else(|| {
                    let name = word.strip_suffix(':')?;
                    let is_quoted = rest
                        .get(word.len()..)
                        .unwrap_or_default()
                        .starts_with(is_special);
                    (is_bare_name(name) && is_quoted).then_some(name)
                });
                if let Some(name) = name {
                    self.at += name.len() + 1;
                    self.token(from, TokenKind::Field);
                    self.condition(name, from..self.at)?
                } else {
                    if word.is_empty() {
                        word = rest;
                    }
                    self.at += word.len();
                    match operator(word) {
                        Some(operator) => {
                            self.token(from, TokenKind::Operator);
                            Lexeme::Operator(operator)
                        }
                        None => {
                            self.token(from, TokenKind::Word);
                            Lexeme::Word(word.to_owned())
                        }
                    }
                }
            }
        };
        Ok(Some((lexeme, from..self.at)))
    }

    /// What stands between quotation marks, straight or curly; the place is before the first.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let from = self.at;
        let mut chars = self.rest().char_indices();
        let first = chars.next().map_or('"', |(_, c)| c);
        let mut words = String::new();
        while let Some((n, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, next)) if matches!(next, '\\') || is_special(next) => words.push(next),
                    Some((_, next)) => words.extend(['\\', next]),
                    None => words.push('\\'),
                },
                '"' => {
                    self.at = from + n + 1;
                    return Ok(words);
                }
                '”' | '“' if first != '"' => {
                    self.at = from + n + c.len_utf8();
                    return Ok(words);
                }
                c => words.push(c),
            }
        }
        self.at = self.text.len();
        self.token(from, TokenKind::Phrase);
        Err(QueryError {
            is_unfinished: true,
            ..QueryError::at(from..self.at, "these quotation marks are not closed")
                .mended(self.at..self.at, "\"")
        })
    }

    /// A regular expression between slashes; the place is before the first.
    fn pattern(&mut self) -> Result<String, QueryError> {
        let from = self.at;
        let mut chars = self.rest().char_indices().skip(1);
        let mut pattern = String::new();
        while let Some((n, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, '/')) => pattern.push('/'),
                    Some((_, next)) => pattern.extend(['\\', next]),
                    None => pattern.push('\\'),
                },
                '/' => {
                    self.at = from + n + 1;
                    self.token(from, TokenKind::Pattern);
                    if pattern.is_empty() {
                        let what = "there is nothing between these slashes";
                        return Err(QueryError {
                            is_unfinished: true,
                            ..QueryError::at(from..self.at, what)
                        });
                    }
                    return Ok(pattern);
                }
                c => pattern.push(c),
            }
        }
        self.at = self.text.len();
        self.token(from, TokenKind::Pattern);
        Err(QueryError {
            is_unfinished: true,
            ..QueryError::at(
                from..self.at,
                "this regular expression is not closed with /",
            )
            .mended(self.at..self.at, "/")
        })
    }

    fn condition(&mut self, name: &str, at: Range<usize>) -> Result<Lexeme, QueryError> {
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
    fn values(&mut self, name: &str) -> Result<Vec<String>, QueryError> {
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

struct Parser<'a> {
    lexer: Lexer<'a>,
    ahead: Option<(Lexeme, Range<usize>)>,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            lexer: Lexer::new(text),
            ahead: None,
            depth: 0,
        }
    }

    fn peek(&self) -> Option<&Lexeme> {
        self.ahead.as_ref().map(|(lexeme, _)| lexeme)
    }

    fn take(&mut self) -> Result<Option<(Lexeme, Range<usize>)>, QueryError> {
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.ahead, next))
    }

    fn query(&mut self) -> Result<Query, QueryError> {
        self.take()?;
        if self.ahead.is_none() {
            return Err(nothing(self.lexer.text));
        }
        let query = self.either()?;
        match self.ahead.take() {
            None => Ok(query),
            Some((_, at)) => {
                Err(QueryError::at(at.clone(), "this bracket closes none").mended(at, ""))
            }
        }
    }

    fn either(&mut self) -> Result<Query, QueryError> {
        let mut all = vec![self.all()?];
        while self.peek() == Some(&Lexeme::Operator("or")) {
            self.operator("or")?;
            all.push(self.all()?);
        }
        let finds = all.iter().filter(|part| part.finds()).count();
        if finds > 0
            && let Some(condition) = all.iter().find(|part| !part.finds())
            && finds < all.len()
        {
            return Err(QueryError::at(
                condition.at(),
                "or stands between words, or between conditions; say in which words this is to hold",
            ));
        }
        Ok(one_or(all, Query::Or))
    }

    /// Takes an operator, behind which something must stand.
    fn operator(&mut self, name: &str) -> Result<(), QueryError> {
        let Some((_, at)) = self.take()? else {
            return Ok(());
        };
        match self.peek() {
            None => Err(QueryError {
                is_unfinished: true,
                ..lonely(name, at)
            }),
            Some(Lexeme::Close) => Err(lonely(name, at)),
            Some(_) => Ok(()),
        }
    }

    fn all(&mut self) -> Result<Query, QueryError> {
        let mut all = vec![self.not()?];
        loop {
            match self.peek() {
                Some(Lexeme::Operator("and")) => {
                    self.operator("and")?;
                }
                None | Some(Lexeme::Close | Lexeme::Operator("or")) => break,
                Some(_) => {}
            }
            all.push(self.not()?);
        }
        Ok(one_or(all, Query::And))
    }

    fn not(&mut self) -> Result<Query, QueryError> {
        if self.peek() != Some(&Lexeme::Operator("not")) {
            return self.near();
        }
        self.operator("not")?;
        self.deeper(|parser| Ok(Query::Not(Box::new(parser.not()?))))
    }

    fn deeper(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Query, QueryError>,
    ) -> Result<Query, QueryError> {
        if self.depth >= MAX_DEPTH {
            let at = self.lexer.at..self.lexer.text.len();
            return Err(QueryError::at(
                at,
                "there are too many brackets within brackets",
            ));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn near(&mut self) -> Result<Query, QueryError> {
        let mut query = self.primary()?;
        let mut chained = 0;
        while let Some(&Lexeme::Near(within)) = self.peek() {
            self.operator(&format!("near:{within}"))?;
            let second = self.primary()?;
            for side in [&query, &second] {
                if !side.finds() {
                    return Err(QueryError::at(
                        side.at(),
                        "near: stands between words or phrases, not conditions",
                    ));
                }
            }
            chained += 1;
            if chained > MAX_DEPTH {
                return Err(QueryError::at(
                    query.at(),
                    "there are too many near: in a row",
                ));
            }
            query = Query::Near(Box::new(query), within, Box::new(second));
        }
        Ok(query)
    }

    fn primary(&mut self) -> Result<Query, QueryError> {
        let Some((lexeme, at)) = self.take()? else {
            let end = self.lexer.text.len();
            return Err(QueryError {
                is_unfinished: true,
                ..QueryError::at(end..end, "something is missing here")
            });
        };
        Ok(match lexeme {
            Lexeme::Word(first) => {
                // Words side by side are one phrase.
                let (mut words, mut to) = (first, at.end);
                while let Some(Lexeme::Word(next)) = self.peek() {
                    words.push(' ');
                    words.push_str(next);
                    to = self.take()?.map_or(to, |(_, at)| at.end);
                }
                Query::Words(words, (at.start..to).into())
            }
            Lexeme::Phrase(words) => Query::Words(words, at.into()),
            Lexeme::Pattern(pattern) => Query::Pattern(pattern, at.into()),
            Lexeme::Where(condition) => Query::Where(condition, at.into()),
            Lexeme::Open => {
                if self.peek() == Some(&Lexeme::Close) {
                    let end = self.ahead.as_ref().map_or(at.end, |(_, close)| close.end);
                    return Err(QueryError::at(
                        at.start..end,
                        "there is nothing between these brackets",
                    ));
                }
                let inner = self.deeper(Self::either)?;
                if self.take()?.is_none() {
                    let end = self.lexer.text.len();
                    return Err(QueryError {
                        is_unfinished: true,
                        ..QueryError::at(at, "this bracket is not closed").mended(end..end, ")")
                    });
                }
                inner
            }
            Lexeme::Close => {
                return Err(QueryError::at(at.clone(), "this bracket closes none").mended(at, ""));
            }
            Lexeme::Operator(name) => return Err(lonely(name, at)),
            Lexeme::Near(within) => return Err(lonely(&format!("near:{within}"), at)),
        })
    }
}

fn lonely(name: &str, at: Range<usize>) -> QueryError {
    let what = match name {
        "not" => "“not” stands before what must not be there".to_owned(),
        name => format!("“{name}” stands between two things that are looked for"),
    };
    QueryError::at(at.clone(), what).mended(at, format!("\"{name}\""))
}

fn one_or(mut all: Vec<Query>, several: impl FnOnce(Vec<Query>) -> Query) -> Query {
    match (all.len(), all.pop()) {
        (1, Some(one)) => one,
        (_, last) => {
            all.extend(last);
            several(all)
        }
    }
}
