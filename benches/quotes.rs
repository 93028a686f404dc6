//! A quotation is marked, and its parts are proposed: the frame in which the proposal is there, in an
//! article of the usual length and in one of a megabyte, with nobody and with 20,000 people in the
//! ledger; and what exports cost that name each of these.

use crate::measured::{Sample, report};
use crate::people;
use crate::window::{Window, key};
use crate::workload::{self, Random};
use eframe::egui::{Key, Modifiers};
use pressmark::app::action::Action;
use pressmark::core::annotation::AttributeValue;
use pressmark::core::article::Article;
use pressmark::core::project::{Person, Project, ProjectParts};
use pressmark::core::text::selection::Selection;
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use std::time::Instant;

const PEOPLE: usize = 20_000;

/// A quotation, and who says it; the name is told before, and the last one alone here.
const SAID: &str = "“We will not sell the port,” Varga told reporters in the town on Monday.";

fn article(bytes: usize) -> String {
    let prose = workload::prose(bytes, 400, 7);
    let named = "Foreign Minister Ilse Varga came to the town on Sunday.\n\n";
    // The quotation stands at the end: all before it is looked at, where anything is.
    format!(
        "{named}{prose}\n\n{SAID}\n\n{}",
        workload::prose(600, 400, 9)
    )
}

fn project(text: String, people: usize) -> Project {
    let people = (0..people).map(|n| Person {
        id: format!("p{n}").as_str().into(),
        ..Person::named(&format!("Given{} Family{n}", n % 997), |_| false)
    });
    let article = Article::new("long".into(), "Long", ArticleText::new(text));
    let parts = workload::project_of(vec![article]).parts();
    Project::from_parts(ProjectParts {
        people: people.collect(),
        ..parts
    })
}

pub fn quotes() {
    for (name, bytes) in [("2 kB", 2_000), ("1 MB", 1_000_000)] {
        for people in [0, PEOPLE] {
            let text = article(bytes);
            let at = text.find(SAID).unwrap();
            let end = at + SAID.find(" Varga").unwrap();
            let range = ByteRange::new(BytePos(at as u32), BytePos(end as u32));
            let mut window = Window::new();
            window.enter(project(text, people));
            window.frame(Vec::new());
            let mut marked = Sample(Vec::new());
            let mut accepted = Sample(Vec::new());
            for _ in 0..20 {
                window.perform(Action::Select {
                    selection: Selection::of(range),
                    annotation: None,
                });
                let (ms, _) = window.frame(key(Key::Q, Modifiers::NONE));
                let offer = window.app.model.quote_offer().unwrap();
                assert!(offer.cue().is_some() && offer.speaker().is_some());
                let who = offer.speaker().and_then(|speaker| speaker.who.as_ref());
                assert_eq!(who.unwrap().name, "Ilse Varga");
                marked.0.push(ms);
                accepted
                    .0
                    .push(window.frame(key(Key::Enter, Modifiers::NONE)).0);
                assert!(window.app.model.quote_offer().is_none());
                for _ in 0..2 {
                    window.frame(key(Key::Z, Modifiers::COMMAND));
                }
            }
            for (what, mut sample) in [
                ("the proposal is there with the mark", marked),
                ("it is accepted", accepted),
            ] {
                let what = format!("{name}, {people} people: {what}, at most");
                report(&what, sample.quantile(1.0), "ms", Some(16.0));
            }
        }
    }
    named();
}

/// All names of an export: each of the quotes names one of 20,000.
fn named() {
    let project = people::project();
    let mut random = Random(3);
    let started = Instant::now();
    let mut letters = 0;
    for _ in 0..60_000 {
        let who = format!("p{}", random.below(PEOPLE));
        let value = AttributeValue::Person(who.as_str().into());
        letters += project.value_text_apart(&value).len();
    }
    assert!(letters > 0);
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    report("60,000 names of 20,000 people", ms, "ms", Some(100.0));
}
