//! A quotation in its surroundings: its parts as ranges of tokens, which of the words around can
//! report it, and small questions about their grammar.

use super::languages::Language;
use super::tokens::{Kind, Token, tokens};
use super::words;
use std::ops::Range;

/// Where a cue stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Before,
    Behind,
    Between,
    /// In a sentence before.
    Earlier,
    /// In the sentence behind.
    Next,
}

pub(super) struct Scene {
    tokens: Vec<Token>,
    /// The tokens of each part of the quotation.
    pub parts: Vec<Range<usize>>,
    /// The quotation in which the whole of it stands, whose words can report it.
    pub home: u32,
    pub is_quoted: bool,
    pub language: Language,
}

/// How much is looked at before and behind, in bytes.
const BACK: usize = 6_000;
const ON: usize = 1_500;

impl Scene {
    /// None where the quotation holds no word.
    pub fn of(text: &str, content: &[Range<usize>]) -> Option<Self> {
        let (first, last) = (content.first()?, content.last()?);
        let mut start = first.start.saturating_sub(BACK);
        while !text.is_char_boundary(start) {
            start += 1;
        }
        if start > 0 {
            // From a paragraph on, so that marks are paired as they are.
            start = text
                .get(start..first.start)?
                .find('\n')
                .map_or(start, |at| start + at + 1);
        }
        let mut end = (last.end + ON).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let (tokens, around) = tokens(text, start..end, content);
        let mut parts: Vec<Range<usize>> = Vec::new();
        for range in content {
            let inside = |t: &Token| range.start <= t.range.start && t.range.start < range.end;
            let from = tokens.iter().position(inside)?;
            let to = tokens.iter().rposition(inside)? + 1;
            parts.push(from..to);
        }
        let own = parts.first()?.start;
        let opening = tokens.get(own)?;
        let before = own.checked_sub(1).and_then(|b| tokens.get(b));
        let opens = opening.kind == Kind::Open
            || before.is_some_and(|b| b.kind == Kind::Open && b.quoted == opening.quoted);
        let home = if opens {
            around.get(opening.quoted as usize).copied().unwrap_or(0)
        } else {
            opening.quoted
        };
        let words = tokens.iter().filter(|token| token.is_word());
        let language = Language::of(words.map(|token| token.lower.as_str()));
        let mut scene = Self {
            tokens,
            parts,
            home,
            is_quoted: opens,
            language,
        };
        if opens {
            scene.leave_out_what_is_said_between();
        }
        Some(scene)
    }

    /// “…,” she said, “…”, marked as one: her words are its parts.
    fn leave_out_what_is_said_between(&mut self) {
        const BETWEEN: usize = 14;
        let mut parts: Vec<Range<usize>> = Vec::new();
        for own in self.parts.clone() {
            let mut start = own.start;
            let mut at = own.start;
            while at < own.end {
                let is_out = |at: usize| {
                    self.tokens
                        .get(at)
                        .is_some_and(|t| t.quoted == self.home && t.kind != Kind::Break)
                };
                if !is_out(at) {
                    at += 1;
                    continue;
                }
                let end = (at..own.end).find(|at| !is_out(*at)).unwrap_or(own.end);
                let same = self
                    .tokens
                    .get(at)
                    .zip(self.tokens.get(end - 1))
                    .is_some_and(|(a, b)| a.paragraph == b.paragraph);
                let has_word = (at..end).any(|at| self.tokens.get(at).is_some_and(Token::is_word));
                if has_word && same && end - at <= BETWEEN && at > start {
                    parts.push(start..at);
                    for token in self.tokens.iter_mut().take(end).skip(at) {
                        token.is_content = false;
                    }
                    start = end;
                }
                at = end;
            }
            if start < own.end {
                parts.push(start..own.end);
            }
        }
        self.parts = parts;
    }

    pub fn at(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    pub fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.lower.as_str())
    }

    /// What a word reports that is no English one.
    pub fn foreign_verb(&self, at: usize) -> Option<words::Verb> {
        let token = self.at(at).filter(|token| token.is_word())?;
        self.language.verb(&token.lower)
    }

    /// The tokens of an “according to” that begins at a place.
    pub fn accord(&self, at: usize) -> Option<Range<usize>> {
        let count = self.language.accord(|n| self.lower(at + n))?;
        Some(at..at + count)
    }

    pub fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        let start = self.at(tokens.start).map_or(0, |t| t.range.start);
        let end = tokens
            .end
            .checked_sub(1)
            .and_then(|at| self.at(at))
            .map_or(start, |t| t.range.end);
        start..end.max(start)
    }

    /// Whether a word can report the quotation: it is no part of it, and in no other one.
    pub fn is_heard(&self, at: usize) -> bool {
        self.at(at)
            .is_some_and(|t| !t.is_content && t.quoted == self.home)
    }

    /// A short paragraph in which most words are capital is a headline.
    pub fn is_headline(&self, at: usize) -> bool {
        let Some(token) = self.at(at) else {
            return false;
        };
        let own = self
            .tokens
            .iter()
            .filter(|t| t.paragraph == token.paragraph && t.is_word());
        let (mut all, mut capital) = (0, 0);
        for word in own {
            all += 1;
            capital += usize::from(word.is_capital);
        }
        all < 25 && capital * 10 >= all * 6
    }

    pub fn follows_pronoun(&self, at: usize) -> bool {
        at.checked_sub(1).is_some_and(|b| {
            let word = self.lower(b);
            words::is_pronoun(word) || matches!(word, "there" | "here" | "what" | "let")
        })
    }

    /// Whether a word helps a verb: “’s” does after a pronoun, and else says whose something is.
    pub fn is_auxiliary(&self, at: usize) -> bool {
        let word = self.lower(at);
        words::is_auxiliary(word) && (!matches!(word, "'s" | "’s") || self.follows_pronoun(at))
    }

    /// “to say”, of “declined to say”.
    pub fn is_infinitive(&self, at: usize) -> bool {
        at.checked_sub(2).is_some_and(|b| {
            let word = self.lower(b);
            words::is_other_verb(word)
                || words::english(word).is_some()
                || words::is_auxiliary(word)
                || matches!(
                    word,
                    "on" | "want"
                        | "able"
                        | "likely"
                        | "wanted"
                        | "hope"
                        | "quick"
                        | "ready"
                        | "careful"
                )
        })
    }

    /// The nearest word before a place in its sentence, without “that” and marks.
    pub fn nearest_word_before(&self, at: usize) -> Option<usize> {
        let sentence = self.at(at)?.sentence;
        (0..at)
            .rev()
            .take_while(|i| self.at(*i).is_some_and(|t| t.sentence == sentence))
            .find(|i| {
                self.at(*i).is_some_and(|t| {
                    t.is_word() && !t.is_content && !(words::opens(&t.lower) && t.lower != "who")
                })
            })
    }

    fn first_word(&self) -> &str {
        let own = self.parts.first().cloned().unwrap_or(0..0);
        own.filter_map(|at| self.at(at))
            .find(|t| t.is_word())
            .map_or("", |t| t.lower.as_str())
    }

    pub fn opens_with_that(&self) -> bool {
        let own = self.parts.first().map_or(0, |own| own.start);
        let before = own.checked_sub(1).map_or("", |b| self.lower(b));
        let is_opener = |word: &str| matches!(word, "that" | "if" | "whether");
        is_opener(self.first_word()) || is_opener(before)
    }

    pub fn opens_clause(&self) -> bool {
        let word = self.first_word();
        words::opens(word)
            || matches!(
                word,
                "i" | "he" | "she" | "it" | "we" | "they" | "you" | "there"
            )
    }

    pub fn has_comma_before(&self, at: usize) -> bool {
        at.checked_sub(1)
            .and_then(|b| self.at(b))
            .is_some_and(|t| t.kind == Kind::Comma)
    }

    /// Whether a part begins a sentence, marks and “But” aside.
    pub fn starts_sentence(&self, part: usize) -> bool {
        let Some(own) = self.parts.get(part) else {
            return false;
        };
        let Some(first) = self.at(own.start) else {
            return false;
        };
        let before = (0..own.start).rev().find(|at| {
            self.at(*at)
                .is_some_and(|t| t.kind != Kind::Open && t.kind != Kind::Dash)
        });
        before
            .and_then(|b| self.at(b))
            .is_none_or(|b| b.sentence != first.sentence)
    }

    /// Whether the sentence goes on behind a part after a comma, a question or a mark.
    pub fn ends_open(&self, part: usize) -> bool {
        let Some(own) = self.parts.get(part) else {
            return false;
        };
        let after = self.at(own.end);
        let inside = own
            .clone()
            .rev()
            .filter_map(|at| self.at(at))
            .find(|t| t.kind != Kind::Close);
        let is_open = |kind: Kind| matches!(kind, Kind::Comma | Kind::Dash | Kind::Stop);
        let after = if after.is_some_and(|t| t.kind == Kind::Close) {
            self.at(own.end + 1)
        } else {
            after
        };
        inside.is_some_and(|t| is_open(t.kind)) || after.is_some_and(|t| is_open(t.kind))
    }

    /// Whether a part ends with the mark that closes it, or just before that.
    pub fn closes(&self, part: usize) -> bool {
        let Some(own) = self.parts.get(part) else {
            return false;
        };
        (own.end.saturating_sub(3)..own.end + 2)
            .any(|at| self.at(at).is_some_and(|t| t.kind == Kind::Close))
    }

    /// Whether the last word of some tokens is followed by the end of a sentence, or by a comma that
    /// stands within its quotation.
    pub fn ends_sentence(&self, own: Range<usize>) -> bool {
        let last = own
            .clone()
            .rev()
            .find(|at| self.at(*at).is_some_and(Token::is_word));
        let mark = last.and_then(|last| self.at(last + 1));
        mark.is_some_and(|t| {
            matches!(t.kind, Kind::Stop) || t.kind == Kind::Comma && t.quoted != self.home
        })
    }

    /// Whether the sentence of a cue ends with a colon just before the quotation.
    pub fn announces(&self, cue: usize, start: usize) -> bool {
        let mark = (cue..start)
            .rev()
            .filter_map(|at| self.at(at))
            .find(|t| t.kind != Kind::Open && t.kind != Kind::Break);
        mark.is_some_and(|t| t.kind == Kind::Colon)
            && self
                .at(cue)
                .zip(mark)
                .is_some_and(|(a, b)| a.sentence == b.sentence)
    }

    /// A verb with what helps it, as far as that stands beside it: “has not said”, “pointed out”.
    pub fn verb_group(&self, head: usize) -> Range<usize> {
        let Some(own) = self.at(head) else {
            return head..head + 1;
        };
        let mut start = head;
        let mut from = head;
        while let Some(before) = from.checked_sub(1) {
            let Some(token) = self
                .at(before)
                .filter(|t| t.sentence == own.sentence && t.is_word() && self.is_heard(before))
            else {
                break;
            };
            let word = token.lower.as_str();
            if self.language.helps(word) || self.is_auxiliary(before) {
                start = before;
            } else if !(words::is_adverb(word) || matches!(word, "as" | "to" | "quoted")) {
                break;
            }
            if word == "to" && !self.is_infinitive(from) {
                break;
            }
            from = before;
        }
        let mut end = head + 1;
        if matches!(self.lower(head), "put" | "puts") && self.lower(end) == "it" {
            end += 1;
        }
        if matches!(self.lower(end), "out" | "on")
            && matches!(
                self.lower(head),
                "pointed" | "point" | "points" | "pointing" | "went" | "goes" | "go"
            )
        {
            end += 1;
        }
        start..end
    }
}
