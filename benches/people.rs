//! The page of people with 20,000 of them and 60,000 quotes in 10,000 articles: opening it, scrolling
//! its lists, who may be the same, and merging two with 5,000 mentions and back.

use crate::measured::{Sample, report, report_frames};
use crate::window::{Window, key};
use eframe::egui::{Key, Modifiers, pos2};
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::core::annotation::{Annotation, AnnotationSet, AttributeValue, Link};
use pressmark::core::article::Article;
use pressmark::core::edit::{Transaction, apply};
use pressmark::core::ids::{AnnotatorId, PersonId};
use pressmark::core::names::{Called, proposals};
use pressmark::core::project::{Person, Project, ProjectParts};
use pressmark::core::quoted::{QuotedIn, Said, SaidFilter, Speakers, Things};
use pressmark::core::recipes::Signed;
use pressmark::core::recipes::people::{joined, merge};
use pressmark::core::text::ArticleText;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

const ARTICLES: usize = 10_000;
const PEOPLE: usize = 20_000;
/// Of each article, besides so many other annotations.
const QUOTES: usize = 6;
const OTHERS: usize = 18;
const LINE: &str =
    "“We will not sell the port,” said the minister of the town on Monday evening.\n";

pub fn project() -> Project {
    let people = (0..PEOPLE).map(|n| Person {
        id: PersonId::new(format!("p{n}")),
        role: format!("role {}", n % 90),
        ..Person::named(&format!("Given{} Family{}", n % 997, n), |_| false)
    });
    let articles = (0..ARTICLES).map(|n| {
        let text = LINE.repeat(60);
        let mut article = Article::new(
            format!("a{n:05}").as_str().into(),
            "Title",
            ArticleText::new(text),
        );
        let mut marks = Vec::new();
        let line = LINE.len() as u32;
        for q in 0..QUOTES {
            let at = line * q as u32;
            let range = (at, at + "“We will not sell the port,”".len() as u32);
            let mut quote = Annotation::new(
                format!("{n}-q{q}").as_str().into(),
                "t".into(),
                "quote".into(),
                range.into(),
            );
            let who = match n * QUOTES + q {
                // Two have 5,000 each.
                m if m % 12 == 0 => "p0".to_owned(),
                m if m % 12 == 1 => "p1".to_owned(),
                m => format!("p{}", m % PEOPLE),
            };
            quote
                .attributes
                .insert("speaker", AttributeValue::Person(who.as_str().into()));
            quote
                .attributes
                .insert("kind", AttributeValue::Text("direct".to_owned()));
            let cue = format!("{n}-c{q}");
            quote.links.push(Link::new("cue", cue.as_str().into()));
            let from = range.1 + 1;
            marks.push(Annotation::new(
                cue.as_str().into(),
                "t".into(),
                "cue".into(),
                (from, from + 4).into(),
            ));
            marks.push(quote);
        }
        for o in 0..OTHERS {
            let at = line * (QUOTES + o) as u32;
            marks.push(Annotation::new(
                format!("{n}-o{o}").as_str().into(),
                "t".into(),
                "claim".into(),
                (at, at + 40).into(),
            ));
        }
        article.annotations = AnnotationSet::from_annotations(marks).0;
        article
            .metadata
            .insert("outlet".to_owned(), format!("Outlet {}", n % 40));
        article.metadata.insert(
            "published".to_owned(),
            format!("20{:02}-{:02}-{:02}", 10 + n % 14, 1 + n % 12, 1 + n % 28),
        );
        Arc::new(article)
    });
    Project::from_parts(ProjectParts {
        people: people.collect(),
        articles: articles.collect(),
        ..ProjectParts::default()
    })
}

fn ms(from: Instant) -> f64 {
    from.elapsed().as_secs_f64() * 1_000.0
}

pub fn people() {
    let mut project = project();
    let things = Things::of(project.codebook());
    let quoted = |project: &Project| -> Vec<Rc<QuotedIn>> {
        let all = project.articles().iter();
        all.map(|article| Rc::new(QuotedIn::of(article, &things)))
            .collect()
    };
    let from = Instant::now();
    let articles = quoted(&project);
    let speakers = Speakers::of(project.people(), articles.clone());
    report(
        "who is quoted where, 60,000 quotes and 20,000 people",
        ms(from),
        "ms",
        Some(100.0),
    );
    let from = Instant::now();
    let again = Speakers::of(project.people(), articles);
    report("the same after an edit", ms(from), "ms", Some(16.0));
    drop(again);
    let from = Instant::now();
    let said = Said::of(&speakers, 0, &SaidFilter::default());
    report(
        &format!("what one person said, {} quotes", said.quotes),
        ms(from),
        "ms",
        Some(16.0),
    );
    let called: Vec<Called> = project
        .people()
        .iter()
        .enumerate()
        .map(|(at, person)| {
            let mut articles: Vec<u32> = speakers.said_by(at).iter().map(|(a, _)| *a).collect();
            articles.dedup();
            Called {
                names: person.names().map(str::to_owned).collect(),
                quotes: articles.len(),
                articles,
                ..Called::default()
            }
        })
        .collect();
    let from = Instant::now();
    let found = proposals(&called, |_, _| false, &mut || true).unwrap_or_default();
    report(
        &format!("who may be the same, {} pairs, as a job", found.len()),
        ms(from),
        "ms",
        Some(3_000.0),
    );
    let by: AnnotatorId = "t".into();
    let signed = Signed {
        by: &by,
        when: None,
    };
    let (stays, goes): (PersonId, PersonId) = ("p0".into(), "p1".into());
    let [own, other] = [&stays, &goes].map(|id| project.person(id).cloned().unwrap_or_default());
    let from = Instant::now();
    let edits = merge(&project, &stays, &goes, joined(&own, &other, &[]), signed);
    let undo = apply(&mut project, &Transaction::new("merge", edits)).unwrap();
    report("merging two, 5,000 mentions", ms(from), "ms", Some(200.0));
    let from = Instant::now();
    apply(&mut project, &undo).unwrap();
    report("undoing that", ms(from), "ms", Some(200.0));
    frames(project);
}

/// The page itself, in the window.
fn frames(project: Project) {
    let limit = Some((4.0, 8.0));
    let mut window = Window::new();
    window.enter(project);
    window.frame(Vec::new());
    let from = Instant::now();
    window.perform(Action::Run(Command::People));
    window.frame(Vec::new());
    report("opening the page", ms(from), "ms", Some(100.0));
    for (what, x) in [
        ("scrolling the people", 150.0),
        ("scrolling what one said", 700.0),
    ] {
        let frames = window.scrolled(pos2(x, 500.0), 600.0, 200);
        report_frames(what, frames, limit);
    }
    let downs = (0..100).map(|_| window.frame(key(Key::ArrowDown, Modifiers::NONE)).0);
    report_frames(
        "going from one to the next",
        Sample(downs.collect()),
        Some((16.0, 33.0)),
    );
    let idle = (0..100).map(|_| window.frame(Vec::new()).0);
    report_frames("idle", Sample(idle.collect()), limit);
}
