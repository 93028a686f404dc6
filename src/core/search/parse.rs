//! Reading a query as it is typed: into a value, into coloured pieces, or into an error with its
//! place and what would mend it.
//!
//! Pure syntax: whether there is such a label or outlet is asked when the search is made. Bounded in
//! depth and length; never panics.

mod lexer;

use super::query::{At, Query};
use super::{Options, QueryError, Reading};
use lexer::{Lexeme, Lexer};
use std::ops::Range;

pub use lexer::{Token, TokenKind};

/// The longest query, in bytes.
pub const MAX_QUERY: usize = 20_000;
/// How deep brackets may stand in brackets.
const MAX_DEPTH: usize = 60;

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
