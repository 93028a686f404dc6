//! Claims and quotes that say the same, by mouse and by keyboard: the board, groups, what is said of
//! them, and what is lined up.

use crate::cards::{named, run};
use crate::find::has;
use crate::keyboard::focused;
use crate::mouse::{click_at, drag};
use crate::window::{Window, bytes, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, Rect, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::Action;
use pressmark::app::action::claims::ClaimsAction;
use pressmark::app::command::Command;
use pressmark::app::model::Page;
use pressmark::core::claims::Claimant;
use pressmark::core::claims::board::Filter;
use pressmark::core::ids::AnnotationId;
use pressmark::core::project::{GroupState, PersonKind};
use pressmark::core::recipes::details::DetailsChange;
use pressmark::core::text::{BytePos, ByteRange};

const ONE: &str = "Corvane promises jobs\n\nCorvane said: “The lease will bring 2,400 jobs by 2031.” The mayor agreed.\n";
const TWO: &str = "Port lease nears\n\nThe lease will bring up to 2,400 jobs by 2031. The rent is 38 per cent below what comparable harbours earn.\n";
const THREE: &str = "Third report\n\nThe lease will bring 1,800 jobs by 2031. Subscribe to our letter, every morning, for nothing at all.\n";

fn mark(window: &mut Window, words: &str, label: &str) {
    let article = model(window).article().unwrap().clone();
    let start = article.text.as_str().find(words).unwrap() as u32;
    let range = ByteRange::new(BytePos(start), BytePos(start + words.len() as u32));
    let label = label.into();
    perform(window, Action::MarkRange { range, label });
}

/// Three articles with four claims, of which one lies in a quote and one gives another number.
fn window() -> Window {
    let mut window = Window::with(ONE);
    mark(
        &mut window,
        "“The lease will bring 2,400 jobs by 2031.”",
        "quote",
    );
    mark(
        &mut window,
        "The lease will bring 2,400 jobs by 2031",
        "claim",
    );
    window.paste(TWO);
    mark(
        &mut window,
        "The lease will bring up to 2,400 jobs by 2031",
        "claim",
    );
    mark(
        &mut window,
        "The rent is 38 per cent below what comparable harbours earn",
        "claim",
    );
    window.paste(THREE);
    mark(
        &mut window,
        "The lease will bring 1,800 jobs by 2031",
        "claim",
    );
    mark(
        &mut window,
        "Subscribe to our letter, every morning, for nothing at all.",
        "promo",
    );
    window
}

/// The last one of the open article: the promotion, in the third.
fn last_mark(window: &Window) -> AnnotationId {
    let article = model(window).article().unwrap();
    let last = article.annotations.in_text_order().last().unwrap();
    last.id.clone()
}

fn select(window: &mut Window, id: &AnnotationId) {
    let id = id.clone();
    perform(window, Action::SelectAnnotation { id, reveal: true });
    window.harness.run_steps(2);
}

/// Says that an outlet published the open article.
fn put_in_outlet(window: &mut Window, outlet: &str) {
    let article = model(window).article().unwrap().id.clone();
    let mut change = DetailsChange::default();
    change.fields.insert("outlet".to_owned(), outlet.to_owned());
    let details = Action::ChangeDetails {
        articles: vec![article],
        change: Box::new(change),
    };
    perform(window, details);
}

fn groups(window: &Window) -> Vec<(usize, String)> {
    let groups = model(window).session().project().groups().iter();
    groups
        .map(|group| (group.members.len(), group.state.code().to_owned()))
        .collect()
}

fn cards(window: &Window) -> Vec<String> {
    let mut names = named(window, Role::ListBoxOption);
    names.retain(|name| name.contains("may be false"));
    names
}

#[test]
fn claims_are_joined_checked_and_judged_by_keyboard_alone() {
    let mut window = window();
    let before = bytes(&window);
    window.keys(Key::Num4, Modifiers::COMMAND);
    window.harness.run_steps(3);
    assert_eq!(model(&window).page(), Page::Claims);
    assert_eq!(focused(&window), (Role::List, "To check".to_owned()));
    assert_eq!(cards(&window).len(), 4, "{:?}", cards(&window));
    // The first card has the keyboard; the nearest wording is proposed first, another number last.
    assert!(has(
        &window,
        "Proposed: The lease will bring up to 2,400 jobs"
    ));
    window.key(Key::J);
    window.harness.run_steps(3);
    assert_eq!(groups(&window), [(2, "to_check".to_owned())]);
    assert!(has(&window, "another number"));
    window.key(Key::K);
    window.harness.run_steps(3);
    assert_eq!(model(&window).session().project().apart().len(), 1);
    assert!(!has(&window, "another number"));
    // Answers go from question to question; Right with Ctrl moves the card, and the keyboard with it.
    for key in [Key::Y, Key::N, Key::U] {
        window.key(key);
    }
    window.harness.run_steps(3);
    assert!(
        cards(&window)[0].contains("may be false: yes, matters: no, can harm: unsure"),
        "{:?}",
        cards(&window)
    );
    window.keys(Key::ArrowRight, Modifiers::COMMAND);
    window.harness.run_steps(3);
    assert_eq!(groups(&window), [(2, "checking".to_owned())]);
    assert_eq!(focused(&window), (Role::List, "Checking".to_owned()));
    window.keys(Key::ArrowRight, Modifiers::COMMAND);
    window.keys(Key::ArrowRight, Modifiers::COMMAND);
    window.harness.run_steps(3);
    assert_eq!(groups(&window), [(2, "done".to_owned())]);
    window.key(Key::ArrowLeft);
    window.harness.run_steps(3);
    assert_eq!(focused(&window), (Role::List, "To check".to_owned()));
    // Enter shows the claim in its article.
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(model(&window).page(), Page::Read);
    assert!(model(&window).selected_annotation().is_some());
    // Each was a step of its own.
    for _ in 0..7 {
        window.keys(Key::Z, Modifiers::COMMAND);
    }
    assert_eq!(bytes(&window), before);
}

/// Where the card stands whose name begins so.
fn card_at(window: &Window, name: &str) -> Rect {
    let mut cards = window
        .harness
        .query_all(By::new().role(Role::ListBoxOption));
    let card = cards.find(|card| {
        let label = card.accesskit_node().label();
        label.is_some_and(|label| label.starts_with(name))
    });
    card.unwrap().rect()
}

#[test]
fn cards_are_dragged_joined_and_given_verdicts_by_mouse() {
    let mut window = window();
    window.click_first("Claims");
    window.harness.run_steps(3);
    let from = card_at(&window, "The rent is").center();
    let done = window.harness.get_by_label_contains("Done, 0 cards").rect();
    let to = done.center() + vec2(0.0, 60.0);
    drag(&mut window, from, to);
    window.harness.run_steps(4);
    assert_eq!(groups(&window), [(1, "done".to_owned())]);
    let state = &model(&window).session().project().groups()[0].state;
    assert_eq!(*state, GroupState::Done);

    // What is chosen is shown at the right, where a verdict is given with evidence.
    window.click("Verdict of the claim");
    window.click("False");
    window.click("Add evidence");
    window
        .harness
        .event(Event::Text("https://example.org/rent".to_owned()));
    window.harness.run_steps(3);
    window.key(Key::Enter);
    window.harness.run_steps(3);
    let group = model(&window).session().project().groups()[0].clone();
    assert_eq!((group.verdict.as_str(), group.evidence.len()), ("False", 1));
    assert_eq!(group.evidence[0].url, "https://example.org/rent");
    assert_eq!(group.evidence[0].checked_by, "ana");
    assert!(has(&window, "verdict False"));

    // Another claim, and what is proposed to it.
    let at = card_at(&window, "The lease will bring 2,400").center();
    click_at(&mut window, at);
    window.harness.run_steps(4);
    window
        .harness
        .get_by_label_contains("Join with “The lease will bring up to")
        .click();
    window.harness.run_steps(4);
    assert_eq!(groups(&window).len(), 2);
    window.click("May it be false?: no");
    assert!(
        cards(&window)
            .iter()
            .any(|card| card.contains("may be false: no"))
    );
    // As a table, and only those that are worth checking.
    window.click("Shown as: Table");
    assert_eq!(focused(&window), (Role::List, "Claims".to_owned()));
    window.key(Key::ArrowDown);
    window.click("Worth checking");
    window.click("At least 1 of 3 yes");
    assert!(
        has(&window, "0 cards fit"),
        "{:?}",
        named(&window, Role::Label)
    );
    window.click("Drop worth checking: At least 1 of 3 yes");
    assert!(!has(&window, "cards fit"));
}

#[test]
fn what_says_the_same_is_lined_up_from_the_article() {
    let mut window = window();
    window.keys(Key::PageUp, Modifiers::COMMAND);
    window.keys(Key::PageUp, Modifiers::COMMAND);
    let article = model(&window).article().unwrap().clone();
    let claim = article
        .annotations
        .in_text_order()
        .nth(1)
        .unwrap()
        .id
        .clone();
    select(&mut window, &claim);
    assert_eq!(model(&window).claimant_of(&claim), Some(Claimant::OwnVoice));
    window.keys(Key::O, Modifiers::COMMAND | Modifiers::SHIFT);
    window.harness.run_steps(4);
    assert!(has(&window, "Across outlets"));
    assert!(
        has(&window, "[put in: up to]"),
        "{:?}",
        named(&window, Role::Label)
    );
    assert!(has(&window, "gives another number"));
    window.key(Key::J);
    window.harness.run_steps(4);
    assert_eq!(groups(&window), [(2, "to_check".to_owned())]);
    window.key(Key::K);
    window.harness.run_steps(4);
    assert!(!has(&window, "gives another number"));
    window
        .harness
        .get_by_label_contains("Take “The lease will bring up to")
        .click();
    window.harness.run_steps(4);
    assert_eq!(groups(&window), [(1, "to_check".to_owned())]);
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert!(!has(&window, "Across outlets"));
}

#[test]
fn a_claim_takes_the_speaker_of_its_quote_and_promotion_is_counted() {
    let mut window = window();
    window.keys(Key::PageUp, Modifiers::COMMAND);
    window.keys(Key::PageUp, Modifiers::COMMAND);
    let article = model(&window).article().unwrap().clone();
    let mut annotations = article.annotations.in_text_order();
    let quote = annotations.next().unwrap().id.clone();
    let claim = annotations.next().unwrap().id.clone();
    let (name, person) = ("speaker".to_owned(), "Corvane Holdings".to_owned());
    perform(
        &mut window,
        Action::SetPerson {
            id: quote,
            name,
            person,
        },
    );
    select(&mut window, &claim);
    let speaker = Claimant::Speaker("corvane-holdings".into());
    assert_eq!(model(&window).claimant_of(&claim), Some(speaker));
    window.click("Write down Corvane Holdings");
    let person = Claimant::Person("corvane-holdings".into());
    assert_eq!(model(&window).claimant_of(&claim), Some(person.clone()));
    window.keys(Key::Z, Modifiers::COMMAND);
    run(&mut window, Command::TakeSpeakers);
    let told: Vec<String> = model(&window)
        .notices()
        .iter()
        .map(|n| n.message.clone())
        .collect();
    assert!(
        told.iter()
            .any(|told| told.starts_with("1 claim got the speaker")),
        "{told:?}"
    );
    assert_eq!(model(&window).claimant_of(&claim), Some(person));
    assert!(has(&window, "1 claim got the speaker"));

    window.keys(Key::PageDown, Modifiers::COMMAND);
    window.keys(Key::PageDown, Modifiers::COMMAND);
    let promo = last_mark(&window);
    select(&mut window, &promo);
    assert!(has(&window, "% of this article is promotional (1 passage)"));
    assert!(has(&window, "It stands in no other article"));
}

#[test]
fn a_press_on_a_head_of_the_table_puts_it_in_order() {
    let mut window = window();
    window.keys(Key::Num4, Modifiers::COMMAND);
    window.harness.run_steps(3);
    window.click("Shown as: Table");
    window.harness.run_steps(3);
    let head = |window: &Window, name: &str| {
        let mut all = window.harness.query_all(By::new().role(Role::ColumnHeader));
        let found = all.find(|head| head.accesskit_node().label().unwrap().starts_with(name));
        found.unwrap().rect().center()
    };
    let firsts = |window: &Window| -> Vec<String> {
        let (model, board) = (model(window), model(window).claim_board());
        let columns = model.claim_columns(&board).value.unwrap();
        let titles = columns[0].iter().map(|at| {
            let card = board.card(*at).unwrap();
            board.title(model.session().project(), card)
        });
        titles
            .map(|title| title.chars().take(28).collect())
            .collect()
    };
    let usual = firsts(&window);
    let rising = [
        "The lease will bring 1,800 j",
        "The lease will bring 2,400 j",
        "The lease will bring up to 2",
        "The rent is 38 per cent belo",
    ];
    let mut falling = rising;
    falling.reverse();
    for expected in [rising, falling] {
        let at = head(&window, "Claim");
        click_at(&mut window, at);
        assert_eq!(firsts(&window), expected);
    }
    let sorted = By::new()
        .role(Role::ColumnHeader)
        .label("Claim, sorted, falling");
    assert!(window.harness.query(sorted).is_some());
    // The board keeps its own order.
    window.click("Shown as: Board");
    window.harness.run_steps(3);
    assert_eq!(firsts(&window), usual);
}

#[test]
fn the_outlet_is_offered_as_the_one_whom_a_passage_serves() {
    let mut window = window();
    let promo = last_mark(&window);
    select(&mut window, &promo);
    assert!(!has(&window, "For CD Media"));
    put_in_outlet(&mut window, "CD Media");
    select(&mut window, &promo);
    window.click("For CD Media");
    window.harness.run_steps(2);
    let project = model(&window).session().project();
    let promo = model(&window).selected_annotation().unwrap();
    let told = promo.attributes.get("beneficiary").unwrap();
    assert_eq!(project.value_text(told), "CD Media");
    assert_eq!(project.people()[0].kind, PersonKind::Organisation);
    assert!(has(&window, "(1 passage): CD Media"));
    assert!(!has(&window, "For CD Media"));
}

/// By keyboard alone: the outlet is the first name below the field, and whoever is new there is an
/// organisation.
#[test]
fn whom_a_passage_serves_is_an_organisation() {
    let mut window = window();
    let promo = last_mark(&window);
    put_in_outlet(&mut window, "CD Media");
    select(&mut window, &promo);
    let told = |window: &Window| {
        let project = model(window).session().project();
        let promo = model(window).selected_annotation().unwrap();
        let value = promo.attributes.get("beneficiary");
        let name = value.map(|value| project.value_text(value));
        let kinds: Vec<PersonKind> = project.people().iter().map(|p| p.kind.clone()).collect();
        (name.unwrap_or_default(), kinds)
    };
    let field = || By::new().role(Role::TextInput).label("Beneficiary");
    window.harness.get(field()).focus();
    window.harness.run_steps(2);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(
        told(&window),
        ("CD Media".to_owned(), vec![PersonKind::Organisation])
    );
    window.keys(Key::Z, Modifiers::COMMAND);
    window.harness.get(field()).focus();
    window.harness.run_steps(2);
    window.harness.event(Event::Text("Tsarizm".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(
        told(&window),
        ("Tsarizm".to_owned(), vec![PersonKind::Organisation])
    );
}

/// Keys that come in one frame are answers in their order.
#[test]
fn questions_are_answered_in_the_order_of_the_keys() {
    let mut window = window();
    window.keys(Key::Num4, Modifiers::COMMAND);
    window.harness.run_steps(3);
    for key in [Key::N, Key::Y, Key::N] {
        window.harness.key_press(key);
    }
    window.harness.run_steps(3);
    let board = model(&window).claim_board();
    let card = model(&window).current_card(&board).unwrap();
    let answers: Vec<Option<bool>> = board.card(card).unwrap().answers.to_vec();
    assert_eq!(answers, [Some(false), Some(true), Some(false)]);
}

#[test]
fn a_filter_that_no_claim_fits_is_told_and_cleared() {
    let mut window = window();
    window.keys(Key::Num4, Modifiers::COMMAND);
    window.harness.run_steps(3);
    let all = cards(&window);
    assert!(!all.is_empty());
    let filter = Filter {
        words: "nothing of the kind".to_owned(),
        ..Filter::default()
    };
    perform(&mut window, ClaimsAction::Filter(Box::new(filter)));
    window.settle();
    assert!(has(&window, "No claim fits the filter"));
    window.click("Clear the filter");
    window.settle();
    assert_eq!(cards(&window), all);
}
