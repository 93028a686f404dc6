//! A query as it is typed in lexemes, each with its place, and in coloured pieces.

mod conditions;

use crate::core::search::QueryError;
use crate::core::search::grammar::{is_bare_name, is_special, name_before_colon, operator};
use crate::core::search::query::{Condition, Within};
use std::ops::Range;

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

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lexeme {
    Open,
    Close,
    Word(String),
    Phrase(String),
    Pattern(String),
    Operator(&'static str),
    Near(Within),
    Where(Condition),
}

pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
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

    pub(super) fn next(&mut self) -> Result<Option<(Lexeme, Range<usize>)>, QueryError> {
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
                    let behind = rest.get(word.len()..).unwrap_or_default();
                    let is_asked = behind.starts_with(is_special) && !behind.starts_with(')');
                    (is_bare_name(name) && is_asked).then_some(name)
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
}
