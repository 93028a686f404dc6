//! The page of people by mouse and by keyboard alone: who is quoted saying what, two who are one, and
//! that one step of undo brings everything back.

use crate::keyboard::focused_name as focused;
use crate::window::{Window, bytes, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{By, Queryable};
use pressmark::app::action::{Action, PeopleAction};
use pressmark::app::command::Command;
use pressmark::app::derived::people::WhichPeople;
use pressmark::app::model::Page;
use pressmark::core::annotation::{Annotation, AnnotationSet, AttributeValue, Link};
use pressmark::core::article::Article;
use pressmark::core::codebook::Codebook;
use pressmark::core::ids::PersonId;
use pressmark::core::project::{Annotator, Person, PersonKind, Project, ProjectParts};
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use pressmark::format::project_ron::Opened;
use std::sync::Arc;

/// Lavrov as he is written in three ways, Vucic, and a party, over two articles.
fn project() -> Project {
    let person = |name: &str, role: &str| Person {
        role: role.to_owned(),
        ..Person::named(name, |_| false)
    };
    let article = |id: &str, outlet: &str, day: &str, quotes: &[(&str, &str, &str)]| {
        let text: Vec<String> = quotes
            .iter()
            .map(|(words, cue, who)| format!("“{words},” {cue} {who}."))
            .collect();
        let text = text.join("\n\n");
        let range = |words: &str| {
            let at = text.find(words).unwrap() as u32;
            ByteRange::new(BytePos(at), BytePos(at + words.len() as u32))
        };
        let mut marks = Vec::new();
        for (n, (words, cue, who)) in quotes.iter().enumerate() {
            let mark = |kind: &str, label: &str, range| {
                Annotation::new(
                    format!("{id}-{kind}{n}").as_str().into(),
                    "ana".into(),
                    label.into(),
                    range,
                )
            };
            let mut quote = mark("q", "quote", range(&format!("“{words},”")));
            let speaker = Person::named(who, |_| false).id;
            quote
                .attributes
                .insert("speaker", AttributeValue::Person(speaker));
            quote
                .attributes
                .insert("kind", AttributeValue::Text("direct".to_owned()));
            quote
                .links
                .push(Link::new("cue", format!("{id}-c{n}").as_str().into()));
            marks.extend([quote, mark("c", "cue", range(cue))]);
        }
        let mut article = Article::new(id.into(), id.to_uppercase(), ArticleText::new(text));
        article.annotations = AnnotationSet::from_annotations(marks).0;
        article
            .metadata
            .insert("outlet".to_owned(), outlet.to_owned());
        article
            .metadata
            .insert("published".to_owned(), day.to_owned());
        Arc::new(article)
    };
    Project::from_parts(ProjectParts {
        name: "Port".to_owned(),
        codebook: Codebook::default(),
        annotators: vec![Annotator {
            id: "ana".into(),
            name: "Ana".to_owned(),
            unknown: Vec::new(),
        }],
        people: vec![
            person("Sergei Lavrov", "foreign minister"),
            person("Lavror", ""),
            person("Aleksandar Vucic", "president"),
            Person {
                kind: PersonKind::Organisation,
                ..person("Ardal Post", "")
            },
        ],
        articles: vec![
            article(
                "a",
                "Post",
                "2024-05-14",
                &[
                    ("We will talk", "said", "Sergei Lavrov"),
                    ("It is a lie", "claimed", "Lavror"),
                    ("We are neutral", "insisted", "Aleksandar Vucic"),
                ],
            ),
            article(
                "b",
                "Wire",
                "2024-04-02",
                &[("No one was hurt", "admitted", "Sergei Lavrov")],
            ),
        ],
        ..ProjectParts::default()
    })
}

fn open() -> Window {
    let mut window = Window::new(None);
    let opened = Opened {
        project: project(),
        problems: Vec::new(),
    };
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(opened, "/nowhere/port.ron".into());
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    window.harness.run_steps(4);
    window
}

fn names(window: &Window) -> Vec<String> {
    let people = model(window).session().project().people().iter();
    people.map(|person| person.name.clone()).collect()
}

/// An article in which these are marked as quotes, one after the other, with what is proposed of each.
fn quoted(text: &str, quotes: &[&str]) -> Window {
    let mut window = Window::with(text);
    for quote in quotes {
        window.drag(quote);
        window.key(Key::Q);
        window.key(Key::Enter);
    }
    window
}

fn shown(window: &Window) -> String {
    model(window)
        .shown_person()
        .map(|p| p.name.clone())
        .unwrap_or_default()
}

#[track_caller]
fn has(window: &Window, part: &str) {
    assert!(
        window
            .harness
            .query_all_by_label_contains(part)
            .next()
            .is_some(),
        "{part}"
    );
}

#[test]
fn two_are_made_one_by_keyboard_alone_and_their_quotes_are_gone_through() {
    let mut window = open();
    let before = bytes(&window);
    window.keys(Key::Num3, Modifiers::COMMAND);
    assert_eq!(focused(&window), "People and organisations");
    assert_eq!(shown(&window), "Sergei Lavrov");
    has(&window, "Sergei Lavrov, foreign minister, 2 quotes");
    // F6 goes to what is proposed, and Enter merges.
    window.key(Key::F6);
    assert!(
        focused(&window).starts_with("Merge with Lavror"),
        "{}",
        focused(&window)
    );
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(
        names(&window),
        ["Sergei Lavrov", "Aleksandar Vucic", "Ardal Post"]
    );
    has(&window, "Sergei Lavrov, foreign minister, 3 quotes");
    let lavrov = model(&window).session().project().people()[0].clone();
    assert_eq!(lavrov.aliases, ["Lavror"]);
    // What he is quoted saying, the newest first.
    window.keys(Key::Num3, Modifiers::COMMAND);
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(focused(&window), "What they are quoted saying");
    has(&window, "May 2024, 2 quotes");
    has(
        &window,
        "“It is a lie,”, 14 May 2024, Post, claimed, direct",
    );
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(model(&window).page(), Page::Read);
    assert_eq!(
        model(&window)
            .selected()
            .map(|id| id.to_string())
            .as_deref(),
        Some("a-q1")
    );
    // And back: the keyboard is where it was.
    window.keys(Key::Num3, Modifiers::COMMAND);
    let at = model(&window)
        .current_quote()
        .map(|(_, quote)| quote.to_string());
    assert_eq!(at.as_deref(), Some("a-q1"));
    assert_eq!(focused(&window), "What they are quoted saying");
    perform(&mut window, Action::Run(Command::Undo));
    assert_eq!(bytes(&window), before);
}

#[test]
fn what_is_not_the_same_is_proposed_no_more() {
    let mut window = open();
    window.keys(Key::Num3, Modifiers::COMMAND);
    has(&window, "1 proposal to merge");
    window.key(Key::F6);
    window.key(Key::X);
    window.harness.run_steps(2);
    assert_eq!(model(&window).session().project().apart().len(), 1);
    assert!(
        window
            .harness
            .query_by_label("1 proposal to merge")
            .is_none()
    );
    perform(&mut window, Action::Run(Command::Undo));
    has(&window, "1 proposal to merge");
}

#[test]
fn two_with_different_roles_are_asked_about() {
    let mut window = open();
    let id = PersonId::new("lavror");
    let mut other = model(&window)
        .session()
        .project()
        .person(&id)
        .unwrap()
        .clone();
    other.role = "spokesman".to_owned();
    perform(&mut window, PeopleAction::Set(Box::new(other)));
    window.keys(Key::Num3, Modifiers::COMMAND);
    window.key(Key::F6);
    window.key(Key::Enter);
    window.harness.run_steps(3);
    has(&window, "They have two roles");
    assert_eq!(names(&window).len(), 4);
    window.click("spokesman (Lavror)");
    window.click("Merge");
    window.harness.run_steps(2);
    let people = model(&window).session().project().people().to_vec();
    assert_eq!(people.len(), 3);
    assert_eq!(people[0].role, "spokesman");
}

#[test]
fn somebody_is_found_added_and_deleted_while_quoted() {
    let mut window = open();
    window.keys(Key::Num3, Modifiers::COMMAND);
    window.keys(Key::F, Modifiers::COMMAND);
    assert_eq!(focused(&window), "Filter people");
    window.harness.event(Event::Text("president".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(shown(&window), "Aleksandar Vucic");
    has(&window, "“We are neutral,”");
    perform(&mut window, Action::Run(Command::DeletePerson));
    has(
        &window,
        "1 annotation names them. The name stays there as words",
    );
    window.click("Delete, keep 1 name as words");
    window.harness.run_steps(2);
    let project = model(&window).session().project();
    let quote = project.articles()[0].annotations.get("a-q2").unwrap();
    let speaker = quote.attributes.get("speaker").unwrap();
    assert_eq!(
        *speaker,
        AttributeValue::Text("Aleksandar Vucic".to_owned())
    );
    perform(&mut window, Action::Run(Command::AddPerson));
    assert_eq!(focused(&window), "Name");
    window.harness.event(Event::Text("Ilse Varga".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(shown(&window), "Ilse Varga");
}

#[test]
fn quotes_are_filtered_and_written_as_a_table() {
    let mut window = open();
    window.keys(Key::Num3, Modifiers::COMMAND);
    let filter = pressmark::core::quoted::SaidFilter {
        outlet: Some("Wire".to_owned()),
        ..Default::default()
    };
    perform(&mut window, PeopleAction::Filter(filter));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("said.csv");
    perform(&mut window, PeopleAction::ExportTo(path.clone()));
    window.settle();
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(
        text.contains(
            "2024-04-02,Wire,B,b,b-q0,Sergei Lavrov,sergei-lavrov,direct,admitted,doubting"
        ),
        "{text}"
    );
}

#[test]
fn words_mean_somebody_in_an_article() {
    let mut window = open();
    let asked = PeopleAction::Tie {
        person: "sergei-lavrov".into(),
        article: "a".into(),
        words: "the minister".to_owned(),
        removes: Vec::new(),
    };
    perform(&mut window, asked);
    window.keys(Key::Num3, Modifiers::COMMAND);
    window.click("Untie: the minister ×");
    window.harness.run_steps(2);
    assert!(
        model(&window).session().project().people()[0]
            .tied
            .is_empty()
    );
}

#[test]
fn a_quote_of_somebody_is_lined_up_and_undo_shows_who_was_merged() {
    let mut window = open();
    window.keys(Key::Num3, Modifiers::COMMAND);
    assert!(!model(&window).is_enabled(Command::LineUp));
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(focused(&window), "What they are quoted saying");
    // By its key, and by its button.
    window.keys(Key::O, Modifiers::COMMAND | Modifiers::SHIFT);
    window.harness.run_steps(3);
    has(&window, "Nothing else in the project says nearly the same");
    has(&window, "We will talk");
    window.key(Key::Escape);
    window.harness.run_steps(2);
    assert_eq!(model(&window).page(), Page::People);
    window.click("Line up…");
    window.harness.run_steps(3);
    has(&window, "Across outlets");
    window.key(Key::Escape);
    window.harness.run_steps(2);
    // What is undone is seen at once on the page.
    let merge = PeopleAction::MergeOrAsk {
        stays: "sergei-lavrov".into(),
        goes: "lavror".into(),
    };
    perform(&mut window, merge);
    window.harness.run_steps(2);
    has(&window, "Sergei Lavrov, foreign minister, 3 quotes");
    perform(&mut window, Action::Run(Command::Undo));
    window.harness.run_steps(3);
    has(&window, "Sergei Lavrov, foreign minister, 2 quotes");
    has(&window, "1 proposal to merge");
}

#[test]
fn whom_a_description_means_is_asked_on_the_card_of_the_quote() {
    let text = "Talks\n\n“We will talk,” Sergei Lavrov said.\n\n“It is a lie,” the top diplomat said.\n\n“It is late,” the top diplomat said.\n";
    let mut window = quoted(
        text,
        &["“We will talk,”", "“It is late,”", "“It is a lie,”"],
    );
    let speakers = |window: &Window| {
        let article = model(window).article().unwrap();
        let all = article.annotations.in_text_order();
        let quotes = all.filter(|a| a.label.as_str() == "quote");
        let names = quotes.map(|quote| match quote.attributes.get("speaker") {
            Some(AttributeValue::Person(id)) => id.to_string(),
            _ => String::new(),
        });
        names.collect::<Vec<_>>()
    };
    let nobody = "top-diplomat";
    assert_eq!(speakers(&window), ["sergei-lavrov", nobody, nobody]);
    // It stands below the links, where the card may have to scroll.
    let question = "Who is “the top diplomat”?…";
    window.harness.get_by_label(question).focus();
    window.harness.run_steps(2);
    window.key(Key::Space);
    window.harness.run_steps(2);
    has(&window, "“the top diplomat” means");
    window.key(Key::Enter);
    window.harness.run_steps(2);
    // All quotes of the article that are said so are theirs, as one step.
    let who = "sergei-lavrov";
    assert_eq!(speakers(&window), [who, who, who]);
    // Who was only these words is gone with it, and comes back with it.
    let people = model(&window).session().project().people();
    assert!(people.len() == 1 && !people[0].tied.is_empty());
    perform(&mut window, Action::Run(Command::Undo));
    assert_eq!(speakers(&window), [who, nobody, nobody]);
    assert_eq!(names(&window), ["Sergei Lavrov", "top diplomat"]);
    // Unless they are to stay.
    let question = "Who is “the top diplomat”?…";
    window.harness.get_by_label(question).focus();
    window.harness.run_steps(2);
    window.key(Key::Space);
    window.harness.run_steps(2);
    window.click("Also take “top diplomat” out of the ledger: named nowhere else");
    window.click("Tie");
    window.harness.run_steps(2);
    assert_eq!(speakers(&window), [who, who, who]);
    assert_eq!(names(&window), ["Sergei Lavrov", "top diplomat"]);
}

/// A pronoun that is tied to somebody counts as theirs, while the quote names nobody.
#[test]
fn what_a_tied_pronoun_says_is_theirs() {
    let text = "Talks\n\n“We will talk,” Sergei Lavrov said.\n\n“It is late,” he said.\n";
    let mut window = quoted(text, &["“We will talk,”", "“It is late,”"]);
    let quote = model(&window).selected_annotation().unwrap().id.clone();
    let name = "speaker".to_owned();
    let value = None;
    perform(
        &mut window,
        Action::SetAttribute {
            id: quote,
            name,
            value,
        },
    );
    window.keys(Key::Num3, Modifiers::COMMAND);
    has(&window, "Sergei Lavrov, 1 quote");
    let article = model(&window).session().project().articles()[0].id.clone();
    let person = PersonId::new("sergei-lavrov");
    let change = PeopleAction::Tie {
        person,
        article,
        words: "he".to_owned(),
        removes: Vec::new(),
    };
    perform(&mut window, change);
    window.harness.run_steps(2);
    has(&window, "Sergei Lavrov, 2 quotes");
    has(&window, "“It is late,”");
}

/// Which name is right is asked where one is a slip of the other and as often quoted.
#[test]
fn which_name_is_shown_is_chosen() {
    let text = "Talks\n\n“We will talk,” Sergei Lavror said.\n\n“It is late,” Lavrov said.\n";
    let mut window = quoted(text, &["“We will talk,”", "“It is late,”"]);
    assert_eq!(names(&window), ["Sergei Lavror", "Lavrov"]);
    window.keys(Key::Num3, Modifiers::COMMAND);
    window.key(Key::F6);
    window.key(Key::Enter);
    window.harness.run_steps(3);
    has(&window, "The name that is shown");
    let name = By::new().role(Role::RadioButton).label("Lavrov");
    window.harness.get(name).click();
    window.harness.run_steps(2);
    window.click("Merge");
    window.harness.run_steps(2);
    assert_eq!(names(&window), ["Lavrov"]);
    assert_eq!(
        model(&window).session().project().people()[0].aliases,
        ["Sergei Lavror"]
    );
    has(&window, "Sergei Lavror is Lavrov now, with 1 mention");
    assert_eq!(shown(&window), "Lavrov");
    // Who is looked at keeps the name, unless it is said otherwise.
    perform(&mut window, Action::Run(Command::Undo));
    window.harness.run_steps(2);
    perform(&mut window, PeopleAction::Show("lavrov".into()));
    window.keys(Key::Num3, Modifiers::COMMAND);
    window.key(Key::F6);
    assert!(focused(&window).starts_with("Merge with Sergei Lavror"));
    window.key(Key::Enter);
    window.harness.run_steps(3);
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(names(&window), ["Lavrov"]);
}

/// Fields of several lines have Enter for themselves: with Ctrl it keeps what is written.
#[test]
fn ctrl_and_enter_keep_what_is_written_of_somebody() {
    let mut window = open();
    window.keys(Key::Num3, Modifiers::COMMAND);
    perform(&mut window, Action::Run(Command::EditPerson));
    window.harness.run_steps(2);
    let note = By::new().role(Role::MultilineTextInput).label("Note");
    window.harness.get(note).focus();
    window.harness.run_steps(2);
    window.harness.event(Event::Text("Met in May".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Enter);
    window.harness.event(Event::Text("and June".to_owned()));
    window.harness.run_steps(2);
    window.keys(Key::Enter, Modifiers::COMMAND);
    window.harness.run_steps(2);
    let people = model(&window).session().project().people();
    assert_eq!(people[0].note, "Met in May\nand June");
}

#[test]
fn another_name_that_means_anybody_or_somebody_else_is_told() {
    let mut window = open();
    window.keys(Key::Num3, Modifiers::COMMAND);
    perform(&mut window, Action::Run(Command::EditPerson));
    window.harness.run_steps(2);
    for _ in 0..4 {
        window.key(Key::Tab);
    }
    window.harness.event(Event::Text("She".to_owned()));
    window.harness.run_steps(2);
    has(&window, "“She” is said of many: tie it in an article");
    for _ in 0..3 {
        window.key(Key::Backspace);
    }
    window.harness.event(Event::Text("Lavror".to_owned()));
    window.harness.run_steps(2);
    has(&window, "Another one is called “Lavror”, too");
}

#[test]
fn a_filter_that_nobody_fits_is_told_as_such() {
    let mut window = open();
    window.keys(Key::Num3, Modifiers::COMMAND);
    let (_, _, by_name) = model(&window).people_list();
    let list = PeopleAction::List {
        typed: "no such name".to_owned(),
        which: WhichPeople::All,
        by_name,
    };
    perform(&mut window, list);
    window.harness.run_steps(3);
    has(&window, "Nobody fits the filter.");
}
