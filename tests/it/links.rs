//! Links between annotations, and the card of the selected one: by mouse, and by keyboard alone.

use crate::mouse::{click_at, drag};
use crate::window::{TEXT, Window};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, Pos2, Shape, pos2};
use egui_kittest::Node;
use egui_kittest::kittest::Queryable;
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::core::article::Status;
use pressmark::core::codebook::{AttributeKind, AttributeSpec, Codebook, Label, LinkRole};
use pressmark::core::edit::{Edit, Transaction, apply};
use pressmark::format::project_ron::Opened;

/// Label, role and words of all links, in text order.
fn links(window: &Window) -> Vec<String> {
    let article = window.harness.state().model.article().unwrap().clone();
    let words = |id: &str| match article.annotations.get(id) {
        Some(found) => article.text.slice(found.extent()).to_owned(),
        None => "gone".to_owned(),
    };
    let all = article.annotations.in_text_order();
    let links = all.flat_map(|from| {
        let links = from.links.iter();
        links.map(|link| {
            format!(
                "{} {}: {}",
                from.label,
                link.role,
                words(link.target.as_str())
            )
        })
    });
    links.collect()
}

fn selected(window: &Window) -> String {
    let model = &window.harness.state().model;
    let found = model.selected_annotation();
    found.map_or_else(String::new, |a| a.label.to_string())
}

fn notices(window: &Window) -> Vec<String> {
    let notices = window.harness.state().model.notices().iter();
    notices.map(|notice| notice.message.clone()).collect()
}

/// A window with the text and a codebook as the analyst would have changed it.
fn with_codebook(change: impl FnOnce(&mut Codebook)) -> Window {
    let mut window = Window::with(TEXT);
    change_codebook(&mut window, change);
    window
}

fn change_codebook(window: &mut Window, change: impl FnOnce(&mut Codebook)) {
    let model = &mut window.harness.state_mut().model;
    let mut project = model.session().project().clone();
    let mut codebook = project.codebook().clone();
    change(&mut codebook);
    let edit = Edit::SetCodebook(Box::new(codebook));
    apply(
        &mut project,
        &Transaction::new("change the codebook", vec![edit]),
    )
    .unwrap();
    let opened = Opened {
        project,
        problems: Vec::new(),
    };
    model.enter_opened(opened, "/nowhere/links.ron".into());
    window.harness.run_steps(3);
}

fn label<'a>(codebook: &'a mut Codebook, id: &str) -> &'a mut Label {
    let mut labels = codebook.labels.iter_mut();
    labels.find(|label| label.id.as_str() == id).unwrap()
}

/// Where a link of the selected annotation is drawn from.
pub(crate) fn knob(window: &mut Window, part: &str) -> Pos2 {
    let rect = window.place(part);
    let size = window.harness.state().model.settings().reading_size;
    pos2(
        rect.right() + 3.0,
        rect.center().y - size * 1.32 / 2.0 - 2.0,
    )
}

/// An article with a quote, its source and its cue, marked by drags.
pub(crate) fn marked() -> Window {
    mark_parts(Window::with(TEXT))
}

fn mark_parts(mut window: Window) -> Window {
    for (part, key) in [
        ("“it is a proud day”", Key::Q),
        ("Mayor Ada Quill", Key::S),
        ("said", Key::U),
    ] {
        window.drag(part);
        window.key(key);
    }
    window.key(Key::Escape);
    window
}

const QUOTE: &str = "“it is a proud day”";
const BOTH: [&str; 2] = ["quote source: Mayor Ada Quill", "quote cue: said"];

/// From the knob of what is selected, from a tag, and from the other end: the link is the same.
#[test]
fn a_link_is_drawn_by_mouse() {
    let mut window = marked();
    let at = window.place(QUOTE).center();
    click_at(&mut window, at);
    assert_eq!(selected(&window), "quote");
    let from = knob(&mut window, QUOTE);
    let to = window.place("Mayor Ada Quill").center();
    drag(&mut window, from, to);
    assert_eq!(links(&window), BOTH[..1]);
    assert_eq!(selected(&window), "quote");
    // By its tag.
    let tag = window.harness.get_by_label_contains("Select Quote").rect();
    let to = window.place("said").center();
    drag(&mut window, tag.center(), to);
    assert_eq!(links(&window), BOTH);
    assert_eq!(window.selected_text(), "");
    // One step each, and nothing else was done.
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(links(&window), BOTH[..1]);
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(links(&window), [""; 0]);
    assert_eq!(window.annotations().len(), 3);
    // A role has one direction, wherever the hand begins.
    let at = window.place("said").center();
    click_at(&mut window, at);
    let from = knob(&mut window, "said");
    let to = window.place("proud").center();
    drag(&mut window, from, to);
    assert_eq!(links(&window), BOTH[1..]);
    assert_eq!(selected(&window), "cue");
    // A click on the knob, then one on the other end.
    window.keys(Key::Z, Modifiers::COMMAND);
    let at = window.place("said").center();
    click_at(&mut window, at);
    let from = knob(&mut window, "said");
    click_at(&mut window, from);
    assert!(window.harness.state().model.link_draft().is_some());
    click_at(&mut window, to);
    assert_eq!(links(&window), BOTH[1..]);
}

#[test]
fn a_link_is_drawn_by_keyboard_alone() {
    let mut window = marked();
    window.keys(Key::Home, Modifiers::COMMAND);
    window.keys(Key::Tab, Modifiers::SHIFT);
    assert_eq!(selected(&window), "quote");
    // Esc leaves it where it began.
    window.keys(Key::R, Modifiers::COMMAND);
    window.key(Key::Tab);
    assert_eq!(selected(&window), "source");
    window.key(Key::Escape);
    assert_eq!(
        (selected(&window).as_str(), links(&window).len()),
        ("quote", 0)
    );
    window.keys(Key::R, Modifiers::COMMAND);
    window.key(Key::Tab);
    window.key(Key::Enter);
    assert_eq!(links(&window), BOTH[..1]);
    assert_eq!(selected(&window), "quote");
    window.keys(Key::R, Modifiers::COMMAND);
    window.key(Key::Tab);
    window.key(Key::Tab);
    assert_eq!(selected(&window), "cue");
    window.key(Key::Enter);
    assert_eq!(links(&window), BOTH);
    // Followed both ways.
    let followed = |window: &mut Window, held: Modifiers| {
        window.keys(Key::G, held);
        selected(window)
    };
    let (there, back) = (Modifiers::COMMAND, Modifiers::COMMAND | Modifiers::SHIFT);
    assert_eq!(followed(&mut window, there), "source");
    assert_eq!(followed(&mut window, there), "cue");
    assert_eq!(followed(&mut window, there), "quote");
    assert_eq!(followed(&mut window, there), "source");
    assert_eq!(followed(&mut window, back), "quote");
    assert_eq!(followed(&mut window, back), "source");
    window.keys(Key::Z, Modifiers::COMMAND);
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(links(&window), [""; 0]);
    assert_eq!(window.annotations().len(), 3);
}

/// What the codebook does not let be is refused with the reason, and where it lets several be, they
/// are asked for.
#[test]
fn the_codebook_says_what_is_linked() {
    let mut window = marked();
    window.drag("Subscribe to our newsletter!");
    window.key(Key::P);
    let at = window.place(QUOTE).center();
    click_at(&mut window, at);
    let from = knob(&mut window, QUOTE);
    let to = window.place("newsletter").center();
    drag(&mut window, from, to);
    assert_eq!(links(&window), [""; 0]);
    let told = "Not linked: Quote and Promotional content are linked by no role: “source” leads to Source, “cue” leads to Cue";
    assert_eq!(notices(&window), [told]);
    // Let go of beside all annotations, nothing is said.
    let to = window.place("crowns").center();
    drag(&mut window, from, to);
    assert_eq!((links(&window).len(), notices(&window).len()), (0, 1));

    let mut window = mark_parts(with_codebook(|codebook| {
        let quote = label(codebook, "quote");
        quote.link_roles = vec![
            LinkRole {
                target: Some("cue".into()),
                or: vec!["source".into()],
                ..LinkRole::to_label("said_by")
            },
            LinkRole::to_label("source"),
        ];
    }));
    let at = window.place(QUOTE).center();
    click_at(&mut window, at);
    let from = knob(&mut window, QUOTE);
    let to = window.place("Ada").center();
    drag(&mut window, from, to);
    assert_eq!(links(&window), [""; 0]);
    // Esc leaves the question; the second choice by keyboard.
    window.key(Key::Escape);
    assert!(window.harness.query_by_label("Link as source").is_none());
    assert_eq!(selected(&window), "quote");
    drag(&mut window, from, to);
    let first = window.harness.get_by_label("Link as said by");
    assert!(first.is_focused());
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(links(&window), ["quote source: Mayor Ada Quill"]);
    drag(&mut window, from, to);
    assert_eq!(
        links(&window),
        [
            "quote source: Mayor Ada Quill",
            "quote said_by: Mayor Ada Quill"
        ],
        "the only one left"
    );
    // A role is as many as it was given to.
    window.click("Link said by…");
    let to = window.place("said").center();
    click_at(&mut window, to);
    assert_eq!(links(&window).len(), 3);
}

#[test]
fn links_stand_in_the_card() {
    let mut window = marked();
    let at = window.place(QUOTE).center();
    click_at(&mut window, at);
    for (button, part) in [("Link source…", "Ada"), ("Link cue…", "said")] {
        window.click(button);
        let at = window.place(part).center();
        click_at(&mut window, at);
    }
    assert_eq!(links(&window), BOTH);
    // Gone to, and the other way.
    window.click("Go to source: Mayor Ada Quill");
    assert_eq!(selected(&window), "source");
    window.click("Go to source of: “it is a proud day”");
    assert_eq!(selected(&window), "quote");
    window.click("Remove link source: Mayor Ada Quill");
    assert_eq!(links(&window), BOTH[1..]);
    // By keyboard; the keyboard stays in the card, so that nothing else is deleted.
    window.harness.get_by_label("Go to cue: said").focus();
    window.harness.run_steps(2);
    window.key(Key::Delete);
    assert_eq!(links(&window), [""; 0]);
    assert!(window.harness.get_by_label("Link cue…").is_focused());
    window.key(Key::Delete);
    assert_eq!(window.annotations().len(), 3);
    // Taken back; then its end is deleted, which the card says, and comes back.
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(links(&window), BOTH[1..]);
    window.click("Go to cue: said");
    window.click("Delete");
    assert_eq!(links(&window), ["quote cue: gone"]);
    let at = window.place(QUOTE).center();
    click_at(&mut window, at);
    let gone = "Remove link cue: deleted annotation";
    window.harness.get_by_label(gone).focus();
    window.harness.run_steps(2);
    window.key(Key::Space);
    assert_eq!(links(&window), [""; 0]);
    window.keys(Key::Z, Modifiers::COMMAND);
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(links(&window), BOTH[1..]);
}

/// A codebook that was changed since says why a link is none that it would let be now, and keeps it.
#[test]
fn what_the_codebook_lets_be_no_more_is_shown() {
    let mut window = marked();
    window.keys(Key::Home, Modifiers::COMMAND);
    window.keys(Key::Tab, Modifiers::SHIFT);
    for tabs in 1..=2 {
        window.keys(Key::R, Modifiers::COMMAND);
        for _ in 0..tabs {
            window.key(Key::Tab);
        }
        window.key(Key::Enter);
    }
    assert_eq!(links(&window), BOTH);
    let long = "a role with a name that goes on ".repeat(10);
    change_codebook(&mut window, |codebook| {
        label(codebook, "quote").link_roles = vec![
            LinkRole {
                target: Some("claim".into()),
                ..LinkRole::to_label("source")
            },
            LinkRole::to_label(&long),
        ];
    });
    let at = window.place(QUOTE).center();
    click_at(&mut window, at);
    assert!(is_told(
        &window,
        "“source” leads to Claim now, and this is Source"
    ));
    assert!(is_told(&window, "The codebook has no role “cue” any more"));
    assert_eq!(links(&window), BOTH);
    // There is no claim to lead to, which is said before anything is begun.
    let link = "Link source…";
    window.harness.get_by_label(link).focus();
    window.harness.run_steps(2);
    window.key(Key::Space);
    let told = "Quote can be linked with Claim, and this article has none: mark it first";
    assert_eq!(notices(&window), [told]);
    assert!(window.harness.state().model.link_draft().is_none());
    for words in ["source: Mayor Ada Quill", "cue: said"] {
        let name = format!("Remove link {words}");
        window.harness.get_by_label(&name).focus();
        window.harness.run_steps(2);
        window.key(Key::Space);
    }
    assert_eq!(links(&window), [""; 0]);
}

/// A claim with an attribute of each kind, two of them required.
fn with_kinds() -> Window {
    let options = || vec!["low".to_owned(), "middle".to_owned(), "high".to_owned()];
    let mut window = with_codebook(|codebook| {
        let spec = |name: &str, kind: AttributeKind| AttributeSpec {
            title: name.to_owned(),
            ..AttributeSpec::new(name, kind)
        };
        let claim = label(codebook, "claim");
        claim.attributes = vec![
            spec("words", AttributeKind::Text),
            spec("risk", AttributeKind::OneOf(options())),
            AttributeSpec {
                required: true,
                key: Some('d'),
                ..spec("day", AttributeKind::Date)
            },
            spec("themes", AttributeKind::SeveralOf(options())),
            spec("size", AttributeKind::Number),
            spec("proof", AttributeKind::Url),
            spec("who", AttributeKind::Person),
            AttributeSpec {
                required: true,
                ..spec("sure", AttributeKind::YesNo)
            },
        ];
    });
    window.drag("cost 3,400 crowns");
    window.key(Key::C);
    window
}

fn value(window: &Window, name: &str) -> String {
    let model = &window.harness.state().model;
    let annotation = model.selected_annotation().unwrap();
    let value = annotation.attributes.get(name);
    let project = model.session().project();
    value.map_or_else(String::new, |value| project.value_text(value))
}

fn field<'w>(window: &'w Window, name: &'w str) -> Node<'w> {
    window.harness.get_by_role_and_label(Role::TextInput, name)
}

/// It stands on the card, and is read out.
fn is_told(window: &Window, words: &str) -> bool {
    window.harness.query_all_by_label_contains(words).count() > 0
}

fn type_text(window: &mut Window, text: &str) {
    window.harness.event(Event::Text(text.to_owned()));
    window.harness.run_steps(2);
}

fn steps(window: &Window) -> usize {
    window.harness.state().model.session().history().done()
}

#[test]
fn the_card_is_filled_in_by_keyboard() {
    let mut window = with_kinds();
    // What is required stands first, and is told as long as it is not there.
    let sure = window.harness.get_by_label("sure: yes").rect().top();
    let top = |name| field(&window, name).rect().top();
    assert!(top("day") < sure && sure < top("words"));
    assert!(
        window
            .harness
            .query_by_label_contains("2 to fill in")
            .is_some()
    );
    assert!(is_told(&window, "day, required"));
    window.key(Key::Enter);
    assert!(field(&window, "day").is_focused());
    type_text(&mut window, "14 May 2024");
    window.key(Key::Tab);
    assert_eq!(value(&window, "day"), "2024-05-14");
    // The calendar beside it: a week on, a day back, a month on.
    assert!(window.harness.get_by_label("Calendar for day").is_focused());
    window.key(Key::Enter);
    assert!(window.harness.get_by_label("14 May 2024").is_focused());
    for key in [Key::ArrowDown, Key::ArrowLeft, Key::PageDown] {
        window.key(key);
    }
    assert!(window.harness.get_by_label("20 June 2024").is_focused());
    window.key(Key::Enter);
    assert_eq!(value(&window, "day"), "2024-06-20");
    assert!(window.harness.query_by_label("20 June 2024").is_none());
    assert!(window.harness.get_by_label("Calendar for day").is_focused());
    // Choices are one stop; arrows go through them, digits choose.
    window.key(Key::Tab);
    assert!(window.harness.get_by_label("sure: yes").is_focused());
    window.key(Key::ArrowRight);
    window.key(Key::Space);
    assert_eq!(value(&window, "sure"), "no");
    assert!(
        window
            .harness
            .query_by_label_contains("to fill in")
            .is_none()
    );
    window.key(Key::Tab);
    assert!(field(&window, "words").is_focused());
    window.key(Key::Tab);
    window.key(Key::Num3);
    assert_eq!(value(&window, "risk"), "high");
    assert!(window.harness.get_by_label("risk: high").is_focused());
    window.key(Key::Tab);
    window.key(Key::Num1);
    window.key(Key::Num2);
    assert_eq!(value(&window, "themes"), "low; middle");
    window.key(Key::Num1);
    assert_eq!(value(&window, "themes"), "middle");
    // A number that is none is not kept; an address that is none is, and told.
    window.key(Key::Tab);
    type_text(&mut window, "a few");
    assert!(is_told(&window, "This is no number"));
    window.key(Key::Tab);
    assert_eq!(value(&window, "size"), "");
    type_text(&mut window, "www.example.org");
    assert!(is_told(&window, "This is no address"));
    window.key(Key::Tab);
    assert_eq!(value(&window, "proof"), "www.example.org");
    // The attribute's own key goes to it.
    window.key(Key::Escape);
    window.keys(Key::J, Modifiers::COMMAND);
    window.key(Key::D);
    assert!(field(&window, "day").is_focused());
}

/// A name that was looked up enters nothing new, and each choice is one step.
#[test]
fn people_are_found_in_the_ledger() {
    let mut window = with_kinds();
    let people = |window: &Window| {
        window
            .harness
            .state()
            .model
            .session()
            .project()
            .people()
            .len()
    };
    for name in ["Ada Quill", "Adam Stone"] {
        field(&window, "who").focus();
        window.harness.run_steps(2);
        window.keys(Key::A, Modifiers::COMMAND);
        type_text(&mut window, name);
        window.key(Key::Tab);
    }
    assert_eq!(
        (people(&window), value(&window, "who").as_str()),
        (2, "Adam Stone")
    );
    let before = steps(&window);
    field(&window, "who").focus();
    window.harness.run_steps(2);
    window.keys(Key::A, Modifiers::COMMAND);
    type_text(&mut window, "ada");
    let at = window.harness.get_by_label("Ada Quill").rect().center();
    click_at(&mut window, at);
    assert_eq!(
        (people(&window), value(&window, "who").as_str()),
        (2, "Ada Quill")
    );
    assert_eq!(steps(&window), before + 1);
    // By keyboard: Down takes the first, then the next; Up gives back what was typed.
    field(&window, "who").focus();
    window.harness.run_steps(2);
    window.keys(Key::A, Modifiers::COMMAND);
    type_text(&mut window, "ad");
    window.key(Key::ArrowDown);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert_eq!(
        (people(&window), value(&window, "who").as_str()),
        (2, "Adam Stone")
    );
}

#[test]
fn done_says_what_is_missing() {
    let mut window = with_kinds();
    window.keys(Key::Enter, Modifiers::COMMAND);
    let model = &window.harness.state().model;
    let status = model
        .article()
        .unwrap()
        .status_for(model.session().annotator());
    assert_eq!(status, Status::Done);
    let told = "“Mayor opens bridge” is done, and 1 annotation lacks what the label requires";
    assert!(
        notices(&window).iter().any(|notice| notice == told),
        "{:?}",
        notices(&window)
    );
}

/// What is being written is kept, wherever the hand goes next.
#[test]
fn a_draft_outlives_a_click_elsewhere() {
    type Leave = fn(&mut Window);
    let ways: [(&str, Leave); 4] = [
        ("another annotation", |window| {
            let at = window.place("said").center();
            click_at(window, at);
        }),
        ("its tag", |window| {
            let tag = window.harness.get_by_label_contains("Select Quote").rect();
            click_at(window, tag.center());
        }),
        ("another article", |window| {
            let row = window.harness.get_by_label_contains("Other news").rect();
            click_at(window, row.center());
        }),
        ("the article after it", |window| {
            window.keys(Key::PageDown, Modifiers::COMMAND);
        }),
    ];
    for (name, leave) in ways {
        let mut window = marked();
        window.paste("Other news\n\nNothing here.\n");
        window.keys(Key::PageUp, Modifiers::COMMAND);
        window.keys(Key::Home, Modifiers::COMMAND);
        window.key(Key::Tab);
        assert_eq!(selected(&window), "source", "{name}");
        window.key(Key::N);
        type_text(&mut window, "kept");
        leave(&mut window);
        let project = window.harness.state().model.session().project();
        let all = project
            .articles()
            .iter()
            .flat_map(|a| a.annotations.in_text_order());
        let notes: Vec<_> = all.map(|a| format!("{}: {}", a.label, a.note)).collect();
        assert_eq!(notes, ["source: kept", "cue: ", "quote: "], "{name}");
    }
}

/// In a low window the card is a tab.
#[test]
fn a_draft_outlives_its_tab() {
    let mut window = marked();
    window.harness.set_size(eframe::egui::vec2(1280.0, 560.0));
    window.harness.run_steps(3);
    window.key(Key::Tab);
    window.key(Key::N);
    window.harness.run_steps(2);
    type_text(&mut window, "kept");
    // The tab of the panel, and not the one of the page.
    let tabs = window.harness.query_all_by_label("Codebook");
    tabs.last().unwrap().click();
    window.harness.run_steps(2);
    let model = &window.harness.state().model;
    assert_eq!(model.selected_annotation().unwrap().note, "kept");
}

#[test]
fn deleting_offers_to_take_it_back() {
    let mut window = marked();
    let at = window.place(QUOTE).center();
    click_at(&mut window, at);
    window.key(Key::Delete);
    assert_eq!(
        notices(&window),
        ["Quote “it is a proud day” is in the trash"]
    );
    window.click("Undo");
    assert_eq!(window.annotations().len(), 3);
    assert_eq!(notices(&window), [""; 0]);
}

/// A drawer takes room of the article: what is selected stays in sight.
#[test]
fn a_drawer_leaves_the_selected_annotation_in_sight() {
    let text = format!(
        "Report\n\n{}The mayor resigned.\n",
        "Long words of a long report follow here. ".repeat(120)
    );
    let mut window = Window::with(&text);
    window.harness.set_size(eframe::egui::vec2(900.0, 600.0));
    window.harness.run_steps(3);
    window.keys(Key::End, Modifiers::COMMAND);
    window.harness.run_steps(2);
    window.drag("mayor");
    window.key(Key::S);
    let seen = |window: &mut Window| {
        let rect = window.place("mayor");
        (40.0..570.0).contains(&rect.center().y)
    };
    assert!(seen(&mut window));
    for _ in 0..2 {
        window.key(Key::F9);
        window.harness.run_steps(3);
        assert!(seen(&mut window));
    }
}

/// Where the bar of labels stands, the text stays to be read: it covers less than half a line.
#[test]
fn the_bar_covers_as_little_as_can_be() {
    let paragraph =
        "The bridge was paid for by the town and by the state in equal parts. ".repeat(4);
    let text = format!("Report\n\n{paragraph}\n\nShort one.\n\n{paragraph}\n");
    let mut window = Window::with(&text);
    window.drag("Short");
    let line = window.place("Short one.");
    let more = window.harness.get_by_label("More for the selection").rect();
    let bar = window
        .harness
        .get_by_label("Mark the selection as quote")
        .rect();
    let next = window.place("The bridge was paid");
    assert!(
        !bar.union(more).intersects(line.shrink(5.0)),
        "{bar:?}, {line:?}"
    );
    assert!(
        !bar.union(more).intersects(next.shrink(5.0)),
        "{bar:?}, {next:?}"
    );
    // It can be switched off.
    window
        .harness
        .state_mut()
        .model
        .perform(Action::Run(Command::ToggleLabelBar));
    window.harness.run_steps(2);
    assert!(
        window
            .harness
            .query_by_label("More for the selection")
            .is_none()
    );
}

/// The caret between two paragraphs, where there is less room than a line has.
#[test]
fn the_caret_stays_out_of_the_next_line() {
    let mut window = Window::with(TEXT);
    window.keys(Key::Home, Modifiers::COMMAND);
    window.key(Key::End);
    window.key(Key::ArrowRight);
    let accent = window.harness.state().tokens().accent;
    let mut bars = Vec::new();
    for clipped in &window.harness.output().shapes {
        if let Shape::LineSegment { points, stroke } = &clipped.shape
            && stroke.color == accent
        {
            bars.push((points[0].y, points[1].y));
        }
    }
    let next = window.place("Mayor Ada Quill");
    let letters = next.center().y - window.harness.state().model.settings().reading_size * 0.66;
    assert_eq!(bars.len(), 1);
    assert!(bars[0].1 > bars[0].0 + 6.0, "{bars:?}");
    assert!(bars[0].1 <= letters + 1.0, "{bars:?}, {letters}");
}
