//! Subtitles and transcripts with times: SubRip (SRT) and WebVTT.
//!
//! What is said becomes paragraphs, a turn of a speaker each or what stands between two pauses. Who
//! speaks and when is metadata: an entry a paragraph, in order. Captions that roll say each line
//! twice; it is taken once, and told.

use crate::core::text::normalize_newlines;
use crate::format::reading::{
    FoundArticle, Head, Likelihood, ReadOptions, Reader, ReaderGroup, Reading, Refusal, Source,
    decode,
};
use std::collections::HashSet;

pub const READER: Reader = Reader {
    name: "transcript",
    title: "Subtitles or transcript (SRT, VTT)",
    group: ReaderGroup::Article,
    extensions: &["srt", "vtt"],
    recognise,
    read,
};

/// A pause that begins a paragraph, in milliseconds.
const PAUSE: u64 = 3_000;
/// Where nobody pauses a paragraph ends with the sentence after so many characters.
const LONG: usize = 600;
/// The longest tag, in bytes.
const MAX_TAG: usize = 300;

fn recognise(head: &Head<'_>) -> Likelihood {
    let text = head.text.trim_start_matches('\u{FEFF}').trim_start();
    let is_vtt = text
        .strip_prefix("WEBVTT")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']));
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let is_number = first.bytes().all(|b| b.is_ascii_digit());
    let second = lines.next().unwrap_or_default();
    let is_srt = times(first).is_some() || (is_number && times(second).is_some());
    Likelihood::Sure.when(is_vtt || is_srt)
}

/// `00:00:01,000 --> 00:00:02,500`, in milliseconds.
fn times(line: &str) -> Option<(u64, u64)> {
    let (start, end) = line.split_once("-->")?;
    let end = end.split_whitespace().next()?;
    Some((milliseconds(start.trim())?, milliseconds(end)?))
}

/// `01:02:03.456`, `02:03,456`, `01:02:03`
fn milliseconds(time: &str) -> Option<u64> {
    let (clock, part) = time.split_once([',', '.']).unwrap_or((time, "0"));
    let numbers: Option<Vec<u64>> = clock
        .split(':')
        .map(|number| number.trim().parse().ok().filter(|n| *n < 100_000))
        .collect();
    let seconds = match numbers?.as_slice() {
        [minutes, seconds] => minutes * 60 + seconds,
        [hours, minutes, seconds] => hours * 3_600 + minutes * 60 + seconds,
        _ => return None,
    };
    let digits = part.get(..part.len().min(3))?;
    let part: u64 = digits.parse().ok()?;
    let scale = match digits.len() {
        1 => 100,
        2 => 10,
        _ => 1,
    };
    Some(seconds * 1_000 + part * scale)
}

struct Cue {
    start: u64,
    end: u64,
    lines: Vec<Line>,
}

struct Line {
    /// By a voice tag, or by a name before what is said.
    speaker: Option<String>,
    text: String,
    is_voiced: bool,
    /// Words have times of their own, as in captions that roll.
    is_timed: bool,
}

fn read(source: &Source<'_>, _options: &ReadOptions) -> Result<Reading, Refusal> {
    let decoded = decode::decode(source.bytes)
        .ok_or_else(|| Refusal::new("this is a binary file, not text"))?;
    let remarks = decoded.remarks();
    let text = normalize_newlines(decoded.text);
    let (header, cues) = cues(&text);
    let (cues, repeated) = without_repeats(cues);
    let paragraphs = paragraphs(&cues);
    if paragraphs.is_empty() {
        return Err(Refusal::new("nothing is said in this transcript"));
    }
    let mut article = FoundArticle::default();
    let texts: Vec<&str> = paragraphs.iter().map(|p| p.text.as_str()).collect();
    article.text = texts.join("\n\n");
    let mut known = HashSet::new();
    let speakers = paragraphs.iter().filter_map(|p| p.speaker.as_deref());
    let speakers: Vec<&str> = speakers.filter(|speaker| known.insert(*speaker)).collect();
    let times: Vec<String> = paragraphs
        .iter()
        .map(|paragraph| {
            let times = format!("{}–{}", clock(paragraph.start), clock(paragraph.end));
            match &paragraph.speaker {
                Some(speaker) => format!("{times} {speaker}"),
                None => times,
            }
        })
        .collect();
    let mut put = |key: &str, value: String| {
        if !value.is_empty() {
            article.metadata.insert(key.to_owned(), value);
        }
    };
    put("speakers", speakers.join("; "));
    put("times", times.join("; "));
    for line in header.lines() {
        if let Some(title) = line.strip_prefix("WEBVTT") {
            title
                .trim_start_matches([' ', '-', '\t'])
                .trim()
                .clone_into(&mut article.title);
        } else if let Some((name, value)) = line.split_once(':') {
            let name = name.trim().to_lowercase();
            if matches!(name.as_str(), "language" | "kind") {
                article.metadata.insert(name, value.trim().to_owned());
            }
        }
    }
    if repeated > 0 {
        let lines = if repeated == 1 {
            "line that is"
        } else {
            "lines that are"
        };
        article.remarks.push(format!(
            "{repeated} {lines} shown again and again as the captions roll came once"
        ));
    }
    Ok(Reading {
        encoding: Some(decoded.encoding),
        is_encoding_guessed: decoded.is_guess,
        remarks,
        articles: vec![article],
        ..Reading::default()
    })
}

/// The time of day of a transcript, by the second.
fn clock(milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// What stands before the first cue, and the cues.
fn cues(text: &str) -> (String, Vec<Cue>) {
    let mut header = String::new();
    let mut cues: Vec<Cue> = Vec::new();
    let mut voice: Option<String> = None;
    // Notes and styles last until a blank line, as cues do.
    let mut is_open = false;
    let mut lines = text.lines().peekable();
    while let Some(whole) = lines.next() {
        let line = whole.trim();
        if let Some((start, end)) = times(line) {
            cues.push(Cue {
                start,
                end,
                lines: Vec::new(),
            });
            is_open = true;
            voice = None;
            continue;
        }
        // Where the blank line is missing the number of the next cue is no text.
        let is_number = line.bytes().all(|b| b.is_ascii_digit());
        if is_number && !line.is_empty() && lines.peek().is_some_and(|next| times(next).is_some()) {
            is_open = false;
            continue;
        }
        match cues.last_mut() {
            None => {
                header.push_str(line);
                header.push('\n');
            }
            // Captions that roll begin with a line of one space.
            Some(_) if whole.is_empty() => is_open = false,
            Some(cue) if is_open => {
                let line = spoken(line, &mut voice);
                cue.lines
                    .extend(Some(line).filter(|line| !line.text.is_empty()));
            }
            // Identifiers of cues, notes and styles.
            Some(_) => {}
        }
    }
    (header, cues)
}

/// A line of a cue without its tags. A voice lasts until another begins.
fn spoken(line: &str, voice: &mut Option<String>) -> Line {
    let mut text = String::new();
    let mut is_timed = false;
    let mut rest = line;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, tag) = rest.split_at_checked(at).unwrap_or((rest, ""));
        text.push_str(before);
        let close = if tag.starts_with('<') { '>' } else { '}' };
        let tag_end = tag.floor_char_boundary(MAX_TAG);
        let inside = tag
            .get(1..tag_end)
            .and_then(|start| start.split_once(close));
        let inside = inside.and_then(|(name, _)| Some((name, tag.get(name.len() + 2..)?)));
        match inside {
            Some((name, behind)) if is_tag(name, close) => {
                is_timed |= milliseconds(name).is_some();
                let said = name
                    .strip_prefix('v')
                    .and_then(|rest| rest.split_once([' ', '\t']));
                if let Some((classes, name)) = said
                    && (classes.is_empty() || classes.starts_with('.'))
                {
                    *voice = Some(unescaped(name.trim()));
                }
                if name == "/v" {
                    // What follows it is nobody's.
                    rest = behind;
                    if !behind.trim().is_empty() {
                        *voice = None;
                    }
                    continue;
                }
                rest = behind;
            }
            _ => {
                text.push_str(tag.get(..1).unwrap_or_default());
                rest = tag.get(1..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    let text = unescaped(text.trim());
    let speaker = voice.clone().or_else(|| named(&text).map(str::to_owned));
    Line {
        is_voiced: voice.is_some(),
        speaker,
        text,
        is_timed,
    }
}

/// Whether what stands in brackets is a tag of captions, and not something that is said.
fn is_tag(name: &str, close: char) -> bool {
    if close == '}' {
        return name.starts_with('\\');
    }
    let bare = name.trim_start_matches('/');
    let word: String = bare.chars().take_while(char::is_ascii_alphabetic).collect();
    let is_known = matches!(
        word.to_ascii_lowercase().as_str(),
        "v" | "c" | "i" | "b" | "u" | "s" | "font" | "lang" | "ruby" | "rt" | "span" | "br"
    );
    let next = bare.get(word.len()..).unwrap_or_default();
    milliseconds(name).is_some()
        || (is_known && (next.is_empty() || next.starts_with([' ', '.', '\t', '/'])))
}

/// The name in “ANA LUND: We wait.”, “>> ANA LUND: We wait.”
fn named(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['-', '–', '>', ' ']);
    let (name, said) = text.split_once(':')?;
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let is_name = letters >= 2
        && name.chars().count() <= 40
        && !name.chars().any(char::is_lowercase)
        && name.chars().any(char::is_uppercase)
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '\'' | '’' | '#' | '&'))
        && said.starts_with(' ');
    is_name.then(|| name.trim())
}

fn unescaped(text: &str) -> String {
    const MARKS: &[(&str, &str)] = &[
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&lrm;", "\u{200E}"),
        ("&rlm;", "\u{200F}"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        // Last, so that nothing is undone twice.
        ("&amp;", "&"),
    ];
    if !text.contains('&') {
        return text.to_owned();
    }
    MARKS
        .iter()
        .fold(text.to_owned(), |text, (mark, is)| text.replace(mark, is))
}

/// Captions that roll show each line again while the next one comes. How many lines that were.
fn without_repeats(mut cues: Vec<Cue>) -> (Vec<Cue>, usize) {
    let mut repeated = 0;
    if !cues
        .iter()
        .any(|cue| cue.lines.iter().any(|line| line.is_timed))
    {
        return (cues, 0);
    }
    let mut last = String::new();
    let mut last_end = 0;
    for cue in &mut cues {
        let follows = cue.start <= last_end + 100;
        last_end = cue.end;
        cue.lines.retain(|line| {
            let is_again = follows && line.text == last;
            if is_again {
                repeated += 1;
            } else {
                line.text.clone_into(&mut last);
            }
            !is_again
        });
    }
    (cues, repeated)
}

struct Paragraph {
    start: u64,
    end: u64,
    speaker: Option<String>,
    text: String,
}

fn paragraphs(cues: &[Cue]) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    // Below a name in the text its speaker goes on; voices are said anew in each cue.
    let has_voices = cues
        .iter()
        .any(|cue| cue.lines.iter().any(|line| line.is_voiced));
    for cue in cues {
        for (at, line) in cue.lines.iter().enumerate() {
            let begins = paragraphs.last().is_none_or(|last| {
                let is_other =
                    (has_voices || line.speaker.is_some()) && line.speaker != last.speaker;
                let is_named = named(&line.text).is_some();
                let is_turn = line.text.starts_with(">>") || line.text.starts_with("- ");
                let has_paused = at == 0 && cue.start > last.end.saturating_add(PAUSE);
                let is_long = at == 0
                    && last.text.len() > LONG
                    && last
                        .text
                        .ends_with(['.', '!', '?', '…', '。', '！', '？', '”', '"']);
                is_other || is_named || is_turn || has_paused || is_long
            });
            match paragraphs.last_mut().filter(|_| !begins) {
                Some(last) => {
                    let is_cjk = |c: char| {
                        ('\u{3000}'..='\u{9FFF}').contains(&c)
                            || ('\u{FF00}'..='\u{FFEF}').contains(&c)
                    };
                    let ends_so = last.text.chars().next_back().is_some_and(is_cjk);
                    if !(ends_so && line.text.chars().next().is_some_and(is_cjk)) {
                        last.text.push(' ');
                    }
                    last.text.push_str(&line.text);
                    last.end = last.end.max(cue.end);
                }
                None => paragraphs.push(Paragraph {
                    start: cue.start,
                    end: cue.end,
                    speaker: line.speaker.clone(),
                    text: line.text.clone(),
                }),
            }
        }
    }
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paragraphs, the speakers and the times.
    #[track_caller]
    fn check(text: &str, paragraphs: &[&str], speakers: &str, times: &str) {
        let source = Source::alone("x.srt", text.as_bytes());
        assert_eq!(recognise(&Head::new(source, text)), Likelihood::Sure);
        let reading = read(&source, &ReadOptions::default()).unwrap();
        let article = &reading.articles[0];
        assert_eq!(article.text, paragraphs.join("\n\n"));
        let said = |key: &str| article.metadata.get(key).map_or("", String::as_str);
        assert_eq!((said("speakers"), said("times")), (speakers, times));
    }

    #[test]
    fn turns_and_pauses_are_paragraphs() {
        check(
            "1\n00:00:01,000 --> 00:00:02,500\n<i>The ferry stays</i>\nin harbour.\n\n2\n00:00:02,600 --> 00:00:04,000\n{\\an8}It is too windy.\n\n3\n00:00:30,000 --> 00:00:31,000\nANA LUND: We wait.\n4\n00:00:31,100 --> 00:00:32,000\nAll of us do.\n",
            &[
                "The ferry stays in harbour. It is too windy.",
                "ANA LUND: We wait. All of us do.",
            ],
            "ANA LUND",
            "00:00:01–00:00:04; 00:00:30–00:00:32 ANA LUND",
        );
        check(
            "WEBVTT - The ferry\nLanguage: en\n\nSTYLE\n::cue { color: red }\n\nNOTE not said\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Ana Lund>We wait &amp; see.</v>\n\n00:02.100 --> 00:03.000\n<v Bo Lind>Until 3 < 4?\n\n01:00:03.100 --> 01:00:04.000\nNobody knows.\n",
            &["We wait & see.", "Until 3 < 4?", "Nobody knows."],
            "Ana Lund; Bo Lind",
            "00:00:01–00:00:02 Ana Lund; 00:00:02–00:00:03 Bo Lind; 01:00:03–01:00:04",
        );
    }

    #[test]
    fn captions_that_roll_are_said_once() {
        let text = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n \nthe<00:00:00.500><c> ferry</c>\n\n00:00:02.000 --> 00:00:02.010\nthe ferry\n \n\n00:00:02.010 --> 00:00:04.000\nthe ferry\nstays<00:00:03.000><c> here</c>\n";
        check(text, &["the ferry stays here"], "", "00:00:00–00:00:04");
        let source = Source::alone("x.vtt", text.as_bytes());
        let reading = read(&source, &ReadOptions::default()).unwrap();
        assert!(reading.articles[0].remarks[0].starts_with("2 lines"));
    }

    #[test]
    fn an_article_with_an_arrow_is_no_transcript() {
        for text in [
            "WEBVTTX\n",
            "1\n2 --> 3\nx",
            "Title\n00:00:01,000 --> 00:00:02,000\nx",
        ] {
            let source = Source::alone("x.txt", text.as_bytes());
            assert_eq!(
                recognise(&Head::new(source, text)),
                Likelihood::No,
                "{text}"
            );
        }
        let many = format!("1\n00:01 --> 00:02\n{}", "<".repeat(100_000));
        let source = Source::alone("x.srt", many.as_bytes());
        assert_eq!(
            read(&source, &ReadOptions::default()).unwrap().articles[0]
                .text
                .len(),
            100_000
        );
    }
}
