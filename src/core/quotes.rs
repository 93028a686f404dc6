//! What a marked quotation is likely made of: the word that reports it, who speaks, and of which kind it
//! is, each with the other candidates and the reason.
//!
//! A guess for the analyst to accept or to correct, made of the text alone and in less than a
//! millisecond. Knows no codebook, no ledger and no window.

mod antecedents;
mod cues;
mod languages;
mod phrases;
mod scene;
mod speakers;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

use crate::core::text::{ArticleText, BytePos, ByteRange};
use cues::{Cue, What};
use scene::{Place, Scene};
use std::ops::Range;

/// Whether a name is a word that means anybody: a pronoun, or “officials”.
pub fn is_said_of_many(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    words::is_pronoun(&name)
        || words::is_referring(&name)
        || words::is_unnamed(&name)
        || words::is_collective(&name)
}

/// How much of a quotation stands in the speaker's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Direct,
    Indirect,
    /// Indirect, with words of the speaker in it.
    Mixed,
    /// Some words of the speaker, no sentence.
    Fragment,
}

impl Kind {
    /// As the codebooks that come with the program call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Indirect => "indirect",
            Self::Mixed => "mixed",
            Self::Fragment => "fragment",
        }
    }
}

/// How a speaker is called where the quotation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Name,
    /// “He”: the name stands elsewhere.
    Pronoun,
    /// “I”, “you”: the writer, or someone in a conversation.
    Speaker,
    /// “An official”.
    Unnamed,
    /// “Officials”, “the company”.
    Collective,
    Description,
}

/// Why a candidate is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Before,
    Behind,
    Between,
    Earlier,
    Next,
    AccordingTo,
    Colon,
    Credit,
    BesideCue,
    NameNear,
}

impl Reason {
    fn of(cue: &Cue) -> Self {
        match (cue.what, cue.place) {
            (What::Accord, _) => Self::AccordingTo,
            (What::Colon, _) => Self::Colon,
            (_, Place::Before) => Self::Before,
            (_, Place::Behind) => Self::Behind,
            (_, Place::Between) => Self::Between,
            (_, Place::Earlier) => Self::Earlier,
            (_, Place::Next) => Self::Next,
        }
    }

    /// In words, as it is shown beside a candidate.
    pub fn words(self) -> &'static str {
        match self {
            Self::Before => "before the quotation",
            Self::Behind => "after the quotation",
            Self::Between => "between its parts",
            Self::Earlier => "in a sentence before",
            Self::Next => "in the sentence after",
            Self::AccordingTo => "after “according to”",
            Self::Colon => "before a colon",
            Self::Credit => "named below it",
            Self::BesideCue => "beside the cue",
            Self::NameNear => "a name nearby",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub range: ByteRange,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    pub range: ByteRange,
    pub reason: Reason,
    pub form: Form,
    /// Who a pronoun or a description likely stands for: the names before it, the likeliest first.
    pub names: Vec<ByteRange>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub kind: Kind,
    pub cues: Vec<Candidate>,
    /// Of the first cue.
    pub speakers: Vec<Speaker>,
}

/// Where a line names the speaker, a cue must be surer than this.
const CREDITED: f32 = 78.0;

/// So many candidates are offered of each.
const MOST: usize = 8;

/// What a quotation of these parts is likely made of. With a cue that was chosen, the speakers are
/// those of that one.
pub fn propose(text: &ArticleText, content: &[ByteRange], cue: Option<ByteRange>) -> Proposal {
    let kind = kind_of(text, content);
    let mut parts: Vec<Range<usize>> = content.iter().map(|range| range.as_usize()).collect();
    parts.sort_by_key(|part| part.start);
    let Some(mut scene) = Scene::of(text.as_str(), &parts) else {
        return Proposal {
            kind,
            cues: Vec::new(),
            speakers: Vec::new(),
        };
    };
    let mut found = cues::cues(&scene);
    if found.first().is_none_or(|cue| cue.score < 55.0) && scene.home != 0 {
        // Within another quotation nothing reports it: what reports that one does.
        let home = std::mem::take(&mut scene.home);
        let outer = cues::cues(&scene);
        if outer
            .first()
            .is_some_and(|o| found.first().is_none_or(|f| o.score > f.score + 10.0))
        {
            found = outer;
        } else {
            scene.home = home;
        }
    }
    let chosen = match cue {
        Some(range) => found.iter().find(|cue| {
            let own = scene.bytes(cue.tokens.clone());
            own.start < range.end.as_usize() && range.start.as_usize() < own.end
        }),
        None => found.first(),
    };
    // A line that names whom it is of says more than a verb of a sentence before.
    let credit = speakers::credit(&scene);
    let chosen = match (cue, &credit) {
        (None, Some(_)) => chosen.filter(|cue| cue.score > CREDITED),
        _ => chosen,
    };
    let speakers = speakers::speakers(&scene, chosen);
    let to_range = |tokens: Range<usize>| {
        let bytes = scene.bytes(tokens);
        ByteRange::new(BytePos(bytes.start as u32), BytePos(bytes.end as u32))
    };
    let least = if credit.is_some() && cue.is_none() {
        CREDITED
    } else {
        0.0
    };
    let cues = found.iter().filter(|cue| cue.score > least);
    let cues = cues.take(MOST).map(|cue| Candidate {
        range: to_range(cue.tokens.clone()),
        reason: Reason::of(cue),
    });
    let speakers = speakers.iter().take(MOST).map(|speaker| {
        let form = speakers::form(&scene, speaker.tokens.clone());
        let names = antecedents::names(&scene, speaker.tokens.clone(), form);
        Speaker {
            range: to_range(speaker.tokens.clone()),
            reason: speaker.reason,
            form,
            names: names.into_iter().map(to_range).collect(),
        }
    });
    Proposal {
        kind,
        cues: cues.collect(),
        speakers: speakers.collect(),
    }
}

/// The first stretch in quotation marks that begins at a place or behind it, and holds two words at
/// least; stretches within it are its own.
pub fn next_quoted(text: &ArticleText, from: BytePos) -> Option<ByteRange> {
    let lines = text.line_of(from)..text.line_count();
    lines.map(|line| text.line_range(line)).find_map(|line| {
        if !text.slice(line).contains(MARKS) {
            return None;
        }
        let (tokens, around) = tokens::tokens(text.as_str(), line.as_usize(), &[]);
        (1..around.len() as u32).find_map(|id| {
            if around.get(id as usize) != Some(&0) {
                return None;
            }
            let is_within = |at: u32| {
                let mut at = at;
                while at != 0 && at != id {
                    at = around.get(at as usize).copied().unwrap_or(0);
                }
                at == id
            };
            let mut own = tokens.iter().filter(|token| is_within(token.quoted));
            let words = own.clone().filter(|token| token.is_word()).count();
            let (first, last) = (own.clone().next()?, own.next_back()?);
            let start = BytePos(first.range.start as u32);
            let closes = last.kind == tokens::Kind::Close;
            (start >= from && words >= 2 && closes)
                .then(|| ByteRange::new(start, BytePos(last.range.end as u32)))
        })
    })
}

/// A line without any of these has no quotation.
const MARKS: [char; 9] = ['“', '”', '"', '„', '«', '»', '「', '‘', '\''];

/// By its quotation marks, within it and just around.
pub fn kind_of(text: &ArticleText, content: &[ByteRange]) -> Kind {
    let (mut inside, mut outside) = (0, 0);
    let mut is_sentence = false;
    for range in content {
        let parts = [range.as_usize()];
        let Some(scene) = Scene::of(text.as_str(), &parts) else {
            continue;
        };
        for (part, own) in scene.parts.iter().cloned().enumerate() {
            let is_word = |at: &usize| {
                let token = scene.at(*at);
                token.is_some_and(|t| t.is_word() || t.kind == tokens::Kind::Number)
            };
            let is_said = |at: &usize| scene.at(*at).is_some_and(|t| t.quoted != scene.home);
            let (quoted, plain): (Vec<usize>, Vec<usize>) =
                own.clone().filter(is_word).partition(is_said);
            // A quotation of several paragraphs need not open each of them anew.
            let first = scene.at(own.start).map_or(0, |t| t.paragraph);
            let later = |at: &usize| scene.at(*at).is_some_and(|t| t.paragraph != first);
            inside += quoted.len();
            if scene.is_quoted && scene.closes(part) && plain.iter().all(later) {
                inside += plain.len();
            } else {
                outside += plain.len();
            }
            let begins = quoted.first().and_then(|at| scene.at(*at));
            is_sentence |= begins.is_some_and(|t| t.is_capital) || scene.ends_sentence(own);
        }
    }
    match (inside, outside) {
        (0, _) => Kind::Indirect,
        (1..=8, 0) if !is_sentence => Kind::Fragment,
        (_, 0) => Kind::Direct,
        // “…,” it said, and the like within a marked stretch.
        (inside, outside) if outside <= 2 && inside >= 12 => Kind::Direct,
        _ => Kind::Mixed,
    }
}
