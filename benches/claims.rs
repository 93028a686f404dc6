//! What claims and quotes cost that say the same, with 10,000 articles and 60,000 of each: comparing
//! them with each other, opening the page, and scrolling it.

#![expect(clippy::indexing_slicing, reason = "a generator may stop")]

use crate::measured::{Sample, report, report_frames};
use crate::window::{Window, key};
use crate::workload::Random;
use eframe::egui::{Key, Modifiers, pos2};
use pressmark::app::action::Action;
use pressmark::app::alike::{Memo, proposals};
use pressmark::app::command::Command;
use pressmark::core::annotation::{Annotation, AnnotationSet, AttributeValue};
use pressmark::core::article::Article;
use pressmark::core::codebook::{Codebook, Thing};
use pressmark::core::project::{Person, Project, ProjectParts};
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use std::sync::Arc;
use std::time::{Duration, Instant};

const ARTICLES: usize = 10_000;
/// Of each thing in an article.
const EACH: usize = 6;
const PEOPLE: usize = 20_000;
const VOCABULARY: usize = 30_000;
/// One in so many is one that was said before, with a word changed, cut, or as it is.
const AGAIN: usize = 4;

/// A word; the first ones come far more often than the others.
fn word(random: &mut Random) -> String {
    let share = random.below(1 << 20) as f64 / f64::from(1 << 20);
    let at = (VOCABULARY as f64).powf(share) as usize;
    match at {
        0..60 => {
            let letters = "abcdefghijklmnopqrstuvwxyz".chars();
            letters.skip(at % 24).take(1 + at / 24).collect()
        }
        at => format!("word{at}"),
    }
}

fn sentence(random: &mut Random, said: &mut Vec<String>) -> String {
    if !said.is_empty() && random.below(AGAIN) == 0 {
        let at = random.below(said.len());
        let mut words: Vec<String> = said[at].split(' ').map(str::to_owned).collect();
        match random.below(3) {
            0 => {
                let at = random.below(words.len());
                words[at] = word(random);
            }
            1 if words.len() > 12 => words.truncate(8),
            _ => {}
        }
        return words.join(" ");
    }
    let words: Vec<String> = (0..8 + random.below(30)).map(|_| word(random)).collect();
    let said_now = words.join(" ");
    said.push(said_now.clone());
    said_now
}

fn corpus() -> Project {
    let mut random = Random(7);
    let (mut quotes, mut claims) = (Vec::new(), Vec::new());
    let articles = (0..ARTICLES).map(|n| {
        let mut text = String::new();
        let mut marks = Vec::new();
        for m in 0..2 * EACH {
            let (label, said, person) = if m % 2 == 0 {
                ("quote", &mut quotes, "speaker")
            } else {
                ("claim", &mut claims, "claimant")
            };
            let words = sentence(&mut random, said);
            let start = text.len() as u32;
            text.push_str(&words);
            let range = ByteRange::new(BytePos(start), BytePos(text.len() as u32));
            text.push_str(". ");
            for _ in 0..30 {
                text.push_str(&word(&mut random));
                text.push(' ');
            }
            text.push_str(".\n");
            let id = format!("b-{n}-{m}");
            let mut mark = Annotation::new(id.as_str().into(), "bench".into(), label.into(), range);
            let who = format!("p{}", random.below(PEOPLE));
            let who = AttributeValue::Person(who.as_str().into());
            mark.attributes.insert(person, who);
            if m % 2 == 1 {
                let yes = random.below(2) == 0;
                mark.attributes
                    .insert("may_be_false", AttributeValue::Bool(yes));
            }
            marks.push(mark);
        }
        let mut article = Article::new(
            format!("a{n}").as_str().into(),
            format!("Article {n}"),
            ArticleText::new(text),
        );
        let day = format!("2024-{:02}-{:02}", 1 + n % 12, 1 + n % 28);
        article
            .metadata
            .insert("published".into(), day.as_str().into());
        let outlet = format!("Outlet {}", n % 40);
        article
            .metadata
            .insert("outlet".into(), outlet.as_str().into());
        article.annotations = AnnotationSet::from_annotations(marks).0;
        Arc::new(article)
    });
    let people = (0..PEOPLE).map(|n| Person {
        id: format!("p{n}").as_str().into(),
        ..Person::named(&format!("Person {n}"), |_| false)
    });
    Project::from_parts(ProjectParts {
        name: "bench".to_owned(),
        codebook: Codebook::default(),
        people: people.collect(),
        articles: articles.collect(),
        ..ProjectParts::default()
    })
}

pub fn claims() {
    let project = corpus();
    for thing in [Thing::Quote, Thing::Claim] {
        let mut memo = Memo::default();
        let started = Instant::now();
        let found = proposals(&project, &thing, &mut memo, &|| true).unwrap();
        let s = started.elapsed().as_secs_f64();
        let (all, pairs) = (found.len(), found.pairs());
        let what = format!("comparing {all} of the thing {thing:?}, {pairs} pairs");
        report(&what, s, "s", Some(3.0));
        let started = Instant::now();
        let _found = proposals(&project, &thing, &mut memo, &|| true).unwrap();
        report(
            "  once more",
            started.elapsed().as_secs_f64(),
            "s",
            Some(3.0),
        );
    }
    let mut window = Window::new();
    window.enter(project);
    window.frame(Vec::new());
    let started = Instant::now();
    window.perform(Action::Run(Command::Claims));
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    report("the page of claims opens", ms, "ms", Some(100.0));
    // While all are compared the page is used.
    let scrolled = window.scrolled(pos2(200.0, 400.0), 4_000.0, 200);
    report_frames("  scrolling it", scrolled, Some((4.0, 8.0)));
    let started = Instant::now();
    while window
        .app
        .model
        .compared_things(&Thing::Claim)
        .value
        .is_none()
    {
        assert!(started.elapsed() < Duration::from_mins(1), "compared");
        std::thread::sleep(Duration::from_millis(2));
        window.frame(Vec::new());
    }
    let mut steps = Sample(Vec::new());
    for _ in 0..100 {
        steps
            .0
            .push(window.frame(key(Key::ArrowDown, Modifiers::NONE)).0);
    }
    report_frames("  going down through it", steps, Some((4.0, 8.0)));
    let started = Instant::now();
    window.perform(Action::Run(Command::MoveClaimOn));
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    report("  moving a claim on", ms, "ms", Some(100.0));
    let started = Instant::now();
    window.perform(Action::Run(Command::JoinSameClaims));
    while !window.app.model.jobs().running().is_empty() {
        assert!(started.elapsed() < Duration::from_mins(1), "joined");
        std::thread::sleep(Duration::from_millis(2));
        window.frame(Vec::new());
    }
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    let groups = window.app.model.session().project().groups().len();
    report(
        &format!("  joining those of the same words into {groups} groups"),
        ms,
        "ms",
        Some(1_000.0),
    );
}
