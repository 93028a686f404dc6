//! The quote as one object in the window: its parts are proposed when it was marked, accepted or chosen by
//! keys and by mouse, and what is proposed is measured against quotations that people took apart.

use crate::find::has;
use crate::window::{Window, perform};
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::core::quotes::propose;
use pressmark::core::text::{ArticleText, ByteRange, CharPos, CharRange};
use serde_json::Value;
use std::io::{Write, stderr};
use std::path::Path;

/// Not a part of the project, so it may be missing.
const QUOTES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../shared/corpora/quotes/gum.jsonl"
);

const TEXT: &str = "Harbour talks\n\n\
“We will not sell the port,” Foreign Minister Ilse Varga told reporters.\n\n\
Captain Tom Reuel was silent.\n\n\
Varga left early. She said the lease was the best offer that the town would get.\n";

/// What the selected quote has, in words: its links, then its attributes.
fn told(window: &Window) -> String {
    let model = &window.harness.state().model;
    let (article, quote) = (model.article().unwrap(), model.selected_annotation());
    let quote = quote.unwrap();
    let links = quote.links.iter().map(|link| {
        let target = article.annotations.get(link.target.as_str()).unwrap();
        format!("{} {}", link.role, article.text.slice(target.extent()))
    });
    let project = model.session().project();
    let attributes = quote.attributes.iter();
    let attributes =
        attributes.map(|(name, value)| format!("{name} {}", project.value_text(value)));
    links.chain(attributes).collect::<Vec<_>>().join(", ")
}

/// Two keys a quote: its label, and Enter.
#[test]
fn a_marked_quote_is_whole_with_one_key_more() {
    let mut window = Window::with(TEXT);
    window.drag("“We will not sell the port,”");
    window.key(Key::Q);
    assert_eq!(told(&window), "");
    assert!(has(&window, "Accept what is proposed"));
    window.key(Key::Enter);
    let all = "source Foreign Minister Ilse Varga, cue told, kind direct, speaker Ilse Varga";
    assert_eq!(told(&window), all);
    assert!(!has(&window, "Accept what is proposed"));
    // One step, undone as one.
    let model = &window.harness.state().model;
    assert_eq!(model.article().unwrap().annotations.len(), 3);
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(told(&window), "");
    let model = &window.harness.state().model;
    assert_eq!(model.article().unwrap().annotations.len(), 1);
    assert!(model.session().project().people().is_empty());
}

/// Their name is known from the beginning of a paragraph, and after what is said of them.
#[test]
fn the_whole_name_is_found_wherever_it_stands() {
    let text = "Talks\n\nWater fell.\n\nCarl Bruun denied it: “It is sound,” Bruun said.\n\n“We will not sell,” the foreign minister, Ilse Varga, boasted.\n";
    let mut window = Window::with(text);
    for (quote, name) in [
        ("“It is sound,”", "speaker Carl Bruun"),
        ("“We will not sell,”", "speaker Ilse Varga"),
    ] {
        window.drag(quote);
        window.key(Key::Q);
        window.key(Key::Enter);
        assert!(told(&window).ends_with(name), "{}", told(&window));
    }
}

/// A pronoun is the source, and who is meant is the speaker: of the ledger, when they are there.
#[test]
fn she_is_who_was_named_before() {
    let mut window = Window::with(TEXT);
    for part in [
        "“We will not sell the port,”",
        "the lease was the best offer",
    ] {
        window.drag(part);
        window.key(Key::Q);
        window.key(Key::Enter);
    }
    assert_eq!(
        told(&window),
        "source She, cue said, kind indirect, speaker Ilse Varga"
    );
    let people = window.harness.state().model.session().project().people();
    assert_eq!(people.len(), 1);
}

/// Arrows choose another candidate, of the speaker and of the cue.
#[test]
fn arrows_choose_another() {
    let mut window = Window::with(TEXT);
    window.drag("“We will not sell the port,”");
    window.key(Key::Q);
    window.key(Key::ArrowDown);
    window.key(Key::ArrowUp);
    window.key(Key::ArrowUp);
    let offer = window.harness.state().model.quote_offer().unwrap();
    let last = offer.speakers().len() - 1;
    assert!(last > 0);
    assert_eq!(offer.speaker_at(), last);
    window.key(Key::ArrowRight);
    window.key(Key::ArrowDown);
    let offer = window.harness.state().model.quote_offer().unwrap();
    assert_eq!(offer.speaker_at(), last.min(offer.speakers().len() - 1));
    window.key(Key::ArrowLeft);
    while window
        .harness
        .state()
        .model
        .quote_offer()
        .unwrap()
        .speaker_at()
        != 0
    {
        window.key(Key::ArrowDown);
    }
    window.key(Key::Enter);
    assert!(
        told(&window).contains("speaker Ilse Varga"),
        "{}",
        told(&window)
    );
}

/// Esc lets go of what is proposed, then of the quote; a command proposes it again.
#[test]
fn what_is_proposed_can_be_left_and_asked_for() {
    let mut window = Window::with(TEXT);
    window.drag("“We will not sell the port,”");
    window.key(Key::Q);
    window.key(Key::Escape);
    assert!(window.harness.state().model.quote_offer().is_none());
    assert!(window.harness.state().model.selected_annotation().is_some());
    // What is written in its card is no answer to an offer that is not there.
    window.keys(Key::D, Modifiers::COMMAND);
    assert!(window.harness.state().model.quote_offer().is_some());
    window.harness.get_by_label("Accept").click();
    window.harness.run_steps(3);
    assert!(told(&window).contains("speaker Ilse Varga"));
    window.keys(Key::D, Modifiers::COMMAND);
    assert!(window.harness.state().model.quote_offer().is_none());
    assert!(has(&window, "The quote has all its parts"));
}

/// Several speakers: a source that is marked after a quote that has its parts is one more of them.
#[test]
fn a_source_marked_by_hand_is_the_quotes() {
    let mut window = Window::with(TEXT);
    window.drag("“We will not sell the port,”");
    window.key(Key::Q);
    window.key(Key::Enter);
    window.drag("Captain Tom Reuel");
    window.key(Key::S);
    let all = told(&window);
    assert!(
        all.starts_with("source Foreign Minister Ilse Varga, cue told, source Captain Tom Reuel"),
        "{all}"
    );
    // Marked and linked in one step.
    window.keys(Key::Z, Modifiers::COMMAND);
    let model = &window.harness.state().model;
    let sources = model
        .article()
        .unwrap()
        .annotations
        .count_of(&"source".into());
    assert_eq!(sources, 1);
}

/// Three keys a quotation: to it, its label, and Enter.
#[test]
fn quotations_are_gone_to_and_marked_by_keys() {
    let mut window = Window::with(
        "Talks\n\n“We will pay all of it,” said Ann Hill. Bo Quill called that “a good start” on Monday.\n",
    );
    for _ in 0..2 {
        window.keys(Key::U, Modifiers::COMMAND);
        window.key(Key::Q);
        window.key(Key::Enter);
    }
    assert_eq!(
        told(&window),
        "source Bo Quill, cue called, kind fragment, speaker Bo Quill"
    );
    window.keys(Key::U, Modifiers::COMMAND);
    assert!(has(
        &window,
        "All words in quotation marks are marked as quotes"
    ));
}

/// Who is quoted can be written, and is found in the ledger meanwhile.
#[test]
fn who_speaks_can_be_written() {
    let mut window = Window::with(TEXT);
    window.drag("“We will not sell the port,”");
    window.key(Key::Q);
    window.keys(Key::P, Modifiers::COMMAND);
    window
        .harness
        .event(Event::Text("Ilse Marie Varga".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Enter);
    assert!(
        told(&window).contains("speaker Ilse Marie Varga"),
        "{}",
        told(&window)
    );
    // Cue and source are proposed still.
    window.key(Key::Escape);
    window.keys(Key::D, Modifiers::COMMAND);
    window.key(Key::Enter);
    let all = told(&window);
    assert!(
        all.contains("source Foreign Minister Ilse Varga, cue told"),
        "{all}"
    );
    assert!(all.contains("speaker Ilse Marie Varga"), "{all}");
}

/// A claim or a source has no such parts, and who does not want proposals has none.
#[test]
fn only_quotes_are_taken_apart() {
    let mut window = Window::with(TEXT);
    window.drag("“We will not sell the port,”");
    window.key(Key::C);
    assert!(window.harness.state().model.quote_offer().is_none());
    window.key(Key::Q);
    assert!(window.harness.state().model.quote_offer().is_some());
    let mut quiet = Window::with(TEXT);
    perform(&mut quiet, Action::Run(Command::ToggleProposals));
    quiet.drag("“We will not sell the port,”");
    quiet.key(Key::Q);
    assert!(quiet.harness.state().model.quote_offer().is_none());
}

/// Cue and speaker against quotations of news and interviews that people took apart: the first candidate
/// overlaps with theirs.
#[test]
fn proposals_meet_what_people_marked() {
    if !Path::new(QUOTES).exists() {
        // Straight to the terminal: what a passing test prints is not shown.
        writeln!(
            stderr(),
            "skipped: no corpus of quotations beside the project"
        )
        .unwrap();
        return;
    }
    let corpus = std::fs::read_to_string(QUOTES).unwrap();
    let (mut cues, mut cues_met, mut speakers, mut speakers_met) = (0, 0, 0, 0);
    let (mut cues_exact, mut speakers_exact) = (0, 0);
    for line in corpus.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        if !matches!(record["genre"].as_str(), Some("news" | "interview")) {
            continue;
        }
        let text = ArticleText::new(record["text"].as_str().unwrap().to_owned());
        let ranges = |value: &Value| -> Vec<ByteRange> {
            let at = |value: &Value| CharPos(value.as_u64().unwrap() as u32);
            let pairs = value.as_array().into_iter().flatten();
            let ranges = pairs.map(|pair| CharRange {
                start: at(&pair[0]),
                end: at(&pair[1]),
            });
            ranges
                .map(|range| text.byte_range(range).unwrap())
                .collect()
        };
        for quote in record["quotes"].as_array().unwrap() {
            let (source, cue) = (ranges(&quote["source"]), ranges(&quote["cue"]));
            let found = propose(&text, &ranges(&quote["content"]), None);
            let meets = |range: Option<ByteRange>, wanted: &[ByteRange]| {
                range.is_some_and(|range| wanted.iter().any(|w| w.intersects(range)))
            };
            let first_cue = found.cues.first().map(|cue| cue.range);
            let first_speaker = found.speakers.first().map(|speaker| speaker.range);
            if !cue.is_empty() {
                cues += 1;
                cues_met += usize::from(meets(first_cue, &cue));
                cues_exact += usize::from(first_cue.is_some_and(|range| cue.contains(&range)));
            }
            if !source.is_empty() {
                speakers += 1;
                speakers_met += usize::from(meets(first_speaker, &source));
                let is_exact = first_speaker.is_some_and(|range| source.contains(&range));
                speakers_exact += usize::from(is_exact);
            }
        }
    }
    let share = |part: usize, all: usize| part as f64 / f64::max(all as f64, 1.0);
    let shown = format!(
        "{cues} cues: {:.3} met, {:.3} to the letter; {speakers} speakers: {:.3} met, {:.3} to the letter",
        share(cues_met, cues),
        share(cues_exact, cues),
        share(speakers_met, speakers),
        share(speakers_exact, speakers),
    );
    writeln!(stderr(), "{shown}").unwrap();
    assert!(share(cues_met, cues) >= 0.90, "{shown}");
    assert!(share(speakers_met, speakers) >= 0.92, "{shown}");
}
