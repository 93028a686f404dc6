//! What could stand at the caret of a query: names of conditions, and the labels, attributes, people,
//! outlets and sets that there are.
//!
//! Looks at what is typed and at what it is handed; walks no articles.

use super::Options;
use super::fold::folded;
use super::grammar::{CONDITIONS, is_bare_value};
use super::parse::{Token, TokenKind, tokens};
use crate::core::article::Status;
use crate::core::codebook::{AttributeKind, AttributeSpec, Label};
use crate::core::project::Project;
use std::ops::Range;

/// The most that is offered.
const MAX_OFFERS: usize = 50;

/// What there is to be named.
pub struct Known<'a> {
    pub project: &'a Project,
    /// Names of metadata that articles have.
    pub fields: &'a [String],
    /// What articles say under a name.
    pub values: &'a dyn Fn(&str) -> Vec<String>,
}

/// What could stand there, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// What it takes the place of.
    pub at: Range<usize>,
    pub offers: Vec<Offer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is typed with it.
    pub text: String,
    /// What it is called.
    pub name: String,
    /// What it is for; empty where the name says it.
    pub about: String,
}

impl Offer {
    fn value(value: &str, name: &str) -> Self {
        let text = if is_bare_value(value) && value != "any" {
            value.to_owned()
        } else {
            format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
        };
        Self {
            text,
            name: name.to_owned(),
            about: String::new(),
        }
    }

    fn word(word: &str, about: &str) -> Self {
        Self {
            text: word.to_owned(),
            name: word.to_owned(),
            about: about.to_owned(),
        }
    }
}

/// What could stand at a caret, which is a byte of the query.
pub fn complete(text: &str, caret: usize, options: &Options, known: &Known<'_>) -> Completions {
    let caret = if text.is_char_boundary(caret) {
        caret
    } else {
        text.len()
    };
    let before = text.get(..caret).unwrap_or(text);
    let pieces = tokens(before, options);
    let Some((last, earlier)) = pieces.split_last() else {
        return Completions::default();
    };
    let between = before.get(last.at.end..).unwrap_or_default();
    let is_apart = between.starts_with(char::is_whitespace) && !between.contains(['=', ',']);
    if is_apart {
        return Completions::default();
    }
    // A piece that ends at the caret is typed on; behind a sign a new one begins.
    let is_typed_on = between.is_empty();
    let is_value = |token: &Token| matches!(token.kind, TokenKind::Value | TokenKind::Phrase);
    let of_field = || {
        let mut back = pieces.iter().enumerate().rev();
        let inner = back.find(|(_, token)| {
            !matches!(
                token.kind,
                TokenKind::Value | TokenKind::Bracket | TokenKind::Phrase
            )
        });
        inner
            .filter(|(_, token)| token.kind == TokenKind::Field)
            .map(|(at, _)| at)
    };
    match last.kind {
        TokenKind::Word if is_typed_on => {
            let typed = before.get(last.at.clone()).unwrap_or_default();
            // A field of one's own is a word until a value stands behind it.
            let own = typed
                .strip_suffix(':')
                .filter(|name| known.fields.iter().any(|f| f == name));
            if own.is_some() {
                return Completions {
                    at: caret..caret,
                    offers: values(before, std::slice::from_ref(last), caret, "", known),
                };
            }
            Completions {
                at: last.at.start..end_of(text, last, options, caret),
                // Operators stand between two things.
                offers: names(typed, known, !earlier.is_empty()),
            }
        }
        TokenKind::Near => Completions {
            at: last.at.start..end_of(text, last, options, caret),
            offers: near(before.get(last.at.clone()).unwrap_or_default()),
        },
        TokenKind::Field | TokenKind::Value | TokenKind::Phrase | TokenKind::Bracket => {
            let Some(field) = of_field().and_then(|at| pieces.get(at..)) else {
                return Completions::default();
            };
            let continues_value = is_typed_on && is_value(last);
            let (at, typed) = if continues_value {
                let typed = before.get(last.at.clone()).unwrap_or_default();
                (last.at.start..end_of(text, last, options, caret), typed)
            } else {
                (caret..caret, "")
            };
            let offers = values(before, field, at.start, typed, known);
            Completions { at, offers }
        }
        TokenKind::Word | TokenKind::Pattern | TokenKind::Operator => Completions::default(),
    }
}

/// Where the piece ends that the caret is in.
fn end_of(text: &str, token: &Token, options: &Options, caret: usize) -> usize {
    let pieces = tokens(text, options);
    let same = pieces.iter().find(|piece| piece.at.start == token.at.start);
    same.filter(|piece| piece.kind == token.kind)
        .map_or(caret, |piece| piece.at.end.max(caret))
}

fn names(typed: &str, known: &Known<'_>, with_operators: bool) -> Vec<Offer> {
    let typed = folded(typed);
    let is_it = |name: &str| folded(name).starts_with(&typed);
    let conditions = CONDITIONS.iter().filter(|(name, _)| is_it(name));
    let mut offers: Vec<Offer> = conditions
        .map(|(name, about)| Offer::word(&format!("{name}:"), about))
        .collect();
    let own = known.fields.iter().filter(|field| {
        let is_known = CONDITIONS.iter().any(|(name, _)| *name == field.as_str());
        is_it(field) && !is_known && field.as_str() != "published"
    });
    offers.extend(own.map(|field| {
        let name = Offer::value(field, field).text;
        Offer::word(&format!("{name}:"), "what articles say under this name")
    }));
    if with_operators {
        let operators = [
            ("and", "both in an article"),
            ("or", "one or the other"),
            ("not", "but not this"),
        ];
        let operators = operators
            .iter()
            .filter(|(name, _)| is_it(name) && *name != typed);
        offers.extend(operators.map(|(name, about)| Offer::word(name, about)));
    }
    offers.truncate(MAX_OFFERS);
    offers
}

fn near(typed: &str) -> Vec<Offer> {
    let all = [
        ("near:1", "one word between at most"),
        ("near:4", "four words between at most"),
        ("near:10", "ten words between at most"),
        ("near:sentence", "in one sentence"),
        ("near:paragraph", "in one paragraph"),
    ];
    let fitting = all.iter().filter(|(name, _)| name.starts_with(typed));
    fitting
        .map(|(name, about)| Offer::word(name, about))
        .collect()
}

/// Values of a condition; `pieces` begin with its name, `start` is where the value begins.
fn values(
    before: &str,
    pieces: &[Token],
    start: usize,
    typed: &str,
    known: &Known<'_>,
) -> Vec<Offer> {
    let said = |token: &Token| before.get(token.at.clone()).unwrap_or_default();
    let unquoted = |text: &str| text.trim_matches(['"', '“', '”']).to_owned();
    let Some(field) = pieces.first() else {
        return Vec::new();
    };
    let name = unquoted(said(field).trim_end_matches(':'));
    let project = known.project;
    let codebook = project.codebook();
    let brackets: Vec<&Token> = pieces
        .iter()
        .filter(|token| token.kind == TokenKind::Bracket)
        .collect();
    let is_inside = brackets.last().is_some_and(|bracket| said(bracket) == "[");
    let is_closed = brackets.last().is_some_and(|bracket| said(bracket) == "]");
    if is_closed {
        return Vec::new();
    }
    let mut offers = Vec::new();
    if is_inside {
        let open = brackets.last().map_or(0, |bracket| bracket.at.start);
        let labels: Vec<String> = pieces
            .iter()
            .filter(|token| token.at.start < open && token.kind != TokenKind::Field)
            .map(|token| unquoted(said(token)))
            .collect();
        let is_meant = |label: &&Label| {
            labels.iter().any(|name| {
                name == "any" || label.id.as_str() == name || folded(&label.name) == folded(name)
            })
        };
        let meant: Vec<&AttributeSpec> = codebook
            .labels
            .iter()
            .filter(is_meant)
            .flat_map(|label| &label.attributes)
            .collect();
        let lead = before.get(open..start).unwrap_or_default().trim_end();
        if lead.ends_with('=') {
            let attribute = pieces
                .iter()
                .rev()
                .find(|token| token.at.end <= start && token.kind == TokenKind::Value);
            let attribute = attribute
                .map(|token| unquoted(said(token)))
                .unwrap_or_default();
            for spec in meant
                .iter()
                .filter(|spec| folded(&spec.name) == folded(&attribute))
            {
                offers.extend(
                    spec.kind
                        .options()
                        .iter()
                        .map(|option| Offer::value(option, option)),
                );
                match spec.kind {
                    AttributeKind::YesNo => {
                        offers.extend(["yes", "no"].map(|word| Offer::value(word, word)));
                    }
                    AttributeKind::Person => {
                        let people = project.people().iter();
                        offers
                            .extend(people.map(|person| Offer::value(&person.name, &person.name)));
                    }
                    _ => {}
                }
            }
        } else {
            offers.extend(
                meant
                    .iter()
                    .map(|spec| Offer::value(&spec.name, spec.shown_title())),
            );
        }
    } else {
        let any = |about: &str| Offer::word("any", about);
        match name.as_str() {
            "in" | "outside" | "label" => {
                offers.push(any("any label"));
                let labels = codebook.labels.iter();
                offers.extend(labels.map(|label| Offer::value(label.id.as_str(), &label.name)));
            }
            "is" => offers.push(Offer::word("annotation", "annotations of any label")),
            "annotator" => {
                let all = project.annotators().iter();
                offers.extend(all.map(|one| Offer::value(one.id.as_str(), &one.name)));
            }
            "note" => offers.push(any("any note")),
            "speaker" => {
                offers.push(any("anyone"));
                let people = project.people().iter();
                offers.extend(people.map(|person| Offer::value(&person.name, &person.name)));
            }
            "status" => {
                let all = Status::ALL.iter();
                offers.extend(all.map(|status| Offer::value(status.word(), status.name())));
            }
            "set" => {
                let sets = project.sets().iter();
                offers.extend(sets.map(|set| Offer::value(&set.name, &set.name)));
            }
            "title" | "made" | "near" => {}
            "date" => {
                let mut months: Vec<String> = (known.values)("published")
                    .iter()
                    .filter_map(|day| day.get(..7).map(str::to_owned))
                    .collect();
                months.sort_unstable();
                months.dedup();
                offers.extend(months.iter().rev().map(|month| Offer::value(month, month)));
            }
            field => {
                let said = (known.values)(field);
                offers.extend(said.iter().map(|value| Offer::value(value, value)));
            }
        }
    }
    let wanted = folded(&unquoted(typed));
    let rank = |offer: &Offer| {
        let (text, name) = (folded(&unquoted(&offer.text)), folded(&offer.name));
        let at = [text.find(&wanted), name.find(&wanted)]
            .into_iter()
            .flatten()
            .min()?;
        Some(at.min(1))
    };
    let mut ranked: Vec<(usize, usize)> = offers
        .iter()
        .enumerate()
        .filter_map(|(n, offer)| Some((rank(offer)?, n)))
        .collect();
    ranked.sort_unstable();
    let mut seen: Vec<&str> = Vec::new();
    let mut best = Vec::new();
    for offer in ranked.iter().filter_map(|(_, n)| offers.get(*n)) {
        if best.len() < MAX_OFFERS && !seen.contains(&offer.text.as_str()) {
            seen.push(&offer.text);
            best.push(offer.clone());
        }
    }
    best
}
