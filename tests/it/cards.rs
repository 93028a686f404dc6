//! What all cards, lists and fields have in common, by what assistive tools are told: a card is a
//! named dialog, has the keyboard while it is shown, and gives it back; a row knows its place.

use crate::window::Window;
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::app::settings::ThemeChoice;

pub(crate) fn demo() -> Window {
    let mut window = Window::new(None);
    run(&mut window, Command::OpenDemo);
    window
}

pub(crate) fn run(window: &mut Window, command: Command) {
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::Run(command));
    window.harness.run_steps(4);
}

/// Names of what has a role.
pub(crate) fn named(window: &Window, role: Role) -> Vec<String> {
    let found = window.harness.query_all(By::new().role(role));
    found
        .map(|node| node.accesskit_node().label().unwrap_or_default())
        .collect()
}

/// Role and name of what has the keyboard; of a list, not of its current row.
fn focused(window: &Window) -> (Role, String) {
    let has_focus = By::new().predicate(|node| node.is_focused_in_tree());
    let node = window.harness.get(has_focus);
    let node = node.accesskit_node();
    (node.role(), node.label().unwrap_or_default())
}

/// What has the keyboard, by its name.
pub(crate) fn focused_name(window: &Window) -> String {
    focused(window).1
}

const CARDS: [(Command, &str); 14] = [
    (Command::Palette, "Run a command"),
    (Command::CheatSheet, "Keys"),
    (Command::Settings, "Settings"),
    (Command::About, "Pressmark"),
    (Command::Export, "Export dataset"),
    (Command::Imports, "Import reports"),
    (Command::FindCopies, "Copies"),
    (Command::History, "History"),
    (Command::Trash, "Trash"),
    (Command::Review, "Review list"),
    (Command::ReviewPolicy, "Boundaries of existing annotations"),
    (Command::Outdated, "Made under an older definition"),
    (Command::Labels, "Labels"),
    (Command::Annotators, "Annotators"),
];

#[test]
fn every_card_is_a_named_dialog_that_esc_leaves() {
    let mut window = demo();
    for theme in [ThemeChoice::Light, ThemeChoice::HighContrastDark] {
        let model = &mut window.harness.state_mut().model;
        let mut settings = model.settings().clone();
        settings.theme = theme;
        model.perform(Action::SetSettings(Box::new(settings)));
        for (command, name) in CARDS {
            run(&mut window, command);
            window.settle();
            assert_eq!(named(&window, Role::Dialog), [name]);
            let (role, title) = focused(&window);
            match command {
                // It begins with a field, which narrows what is below.
                Command::Palette | Command::Export => assert_eq!(role, Role::SearchInput),
                _ => assert_eq!((role, title.as_str()), (Role::Heading, name)),
            }
            window.key(Key::Escape);
            window.harness.run_steps(3);
            assert!(
                named(&window, Role::Dialog).is_empty(),
                "{name} is still there"
            );
            assert_eq!(focused(&window).0, Role::Document, "after {name}");
        }
    }
}

#[test]
fn the_keyboard_goes_back_to_where_it_was() {
    let mut window = demo();
    run(&mut window, Command::FilterArticles);
    assert_eq!(focused(&window).1, "Filter articles");
    window.keys(Key::K, Modifiers::COMMAND);
    assert_eq!(focused(&window).1, "Search commands");
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert_eq!(focused(&window).1, "Filter articles");
    // What was chosen goes on in the article.
    window.keys(Key::K, Modifiers::COMMAND);
    window.harness.event(Event::Text("Next article".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(focused(&window).0, Role::Document);
    // A list, too, and over two cards.
    window.key(Key::F6);
    let pane = focused(&window);
    assert_eq!(pane.0, Role::List);
    run(&mut window, Command::Annotators);
    window.click_first("Delete…");
    assert!(named(&window, Role::Dialog)[0].starts_with("Delete “"));
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert_eq!(focused(&window), pane);
}

#[test]
fn enter_is_the_cards_unless_something_in_it_has_a_use_for_it() {
    let mut window = Window::with("One two three.\n");
    window.drag("two");
    window.key(Key::Q);
    let steps = |window: &Window| window.harness.state().model.session().history().done();
    let done = steps(&window);
    run(&mut window, Command::History);
    window.key(Key::ArrowDown);
    window.harness.get_by_label("Close").focus();
    window.harness.run_steps(2);
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert!(named(&window, Role::Dialog).is_empty(), "it was to close");
    assert_eq!(steps(&window), done);
    run(&mut window, Command::History);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(steps(&window), done - 1);
    // The card stays, and its keyboard with it; what is read is the row that the arrows are at.
    assert_eq!(focused(&window), (Role::Heading, "History".to_owned()));
    let read = By::new().predicate(|node| node.is_focused());
    let read = window.harness.get(read).accesskit_node();
    assert_eq!(read.role(), Role::ListBoxOption);
    assert_eq!(read.position_in_set(), Some(1), "{:?}", read.label());
}

#[test]
fn a_row_knows_its_place_and_the_list_its_current_row() {
    let mut window = demo();
    window.key(Key::F6);
    window.key(Key::F6);
    assert_eq!(focused(&window), (Role::List, "Articles".to_owned()));
    window.key(Key::ArrowDown);
    window.harness.run_steps(2);
    let list = window
        .harness
        .get(By::new().role(Role::List).label("Articles"));
    let list = list.accesskit_node();
    assert_eq!(list.data().size_of_set(), Some(7));
    let current = list.active_descendant().unwrap();
    assert_eq!(current.role(), Role::ListItem);
    assert_eq!(current.position_in_set(), Some(1));
    assert_eq!(
        (current.is_selected(), current.toggled()),
        (Some(true), None)
    );
    let mut around = std::iter::successors(current.parent(), |node| node.parent());
    assert!(
        around.any(|node| node.id() == list.id()),
        "the row lies in the list"
    );
}

#[test]
fn what_is_wrong_with_a_field_is_told() {
    let mut window = Window::new(None);
    window
        .harness
        .state_mut()
        .model
        .perform(Action::Run(Command::OpenProject));
    window.refuse();
    window.harness.run_steps(4);
    assert_eq!(named(&window, Role::Dialog), ["Open project"]);
    assert_eq!(focused(&window).1, "Path");
    window.harness.event(Event::Text("nowhere.ron".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Enter);
    window.harness.run_steps(2);
    let field = window.harness.get_by_label("Path");
    let field = field.accesskit_node();
    let told = field.description().unwrap_or_default();
    assert!(told.starts_with("There is no file"), "{told}");
    assert_eq!(field.value().as_deref(), Some("nowhere.ron"));
    assert!(field.is_required());
    let is_said = By::new().role(Role::Status).label(&told);
    assert!(
        window.harness.query(is_said).is_some(),
        "it is not read out"
    );
}
