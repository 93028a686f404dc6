//! What labels and attributes are called, in files and in the window, and what becomes of names and
//! keys that two would have.

use crate::cards::{demo, named, run};
use crate::window::{Window, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use pressmark::app::action::codebook::{AttributeField, LabelField};
use pressmark::app::action::{Action, CodebookAction};
use pressmark::app::command::Command;
use pressmark::core::codebook::{Label, LinkRole};

const TEXT: &str = "Mayor opens bridge\n\nMayor Ada Quill said “it is a proud day” on Monday.\n";

fn set(window: &mut Window, label: &str, field: LabelField) {
    perform(window, CodebookAction::Set(label.into(), field));
}

fn set_attribute(window: &mut Window, name: &str, field: AttributeField) {
    let action = CodebookAction::SetAttribute {
        label: "quote".into(),
        name: name.to_owned(),
        field,
    };
    perform(window, action);
}

fn label(window: &Window, id: &str) -> Label {
    let codebook = window.harness.state().model.codebook();
    codebook.label(id).unwrap().clone()
}

/// What was told, and it goes.
fn told(window: &mut Window) -> String {
    let model = &mut window.harness.state_mut().model;
    let told = model.notices().iter().map(|notice| notice.message.clone());
    let told = told.collect::<Vec<_>>().join("; ");
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    told
}

fn shown(window: &Window) -> String {
    let model = &window.harness.state().model;
    model.page_label().unwrap().id.to_string()
}

/// The page shows the label under whichever id it has, and what is written in it is kept.
#[test]
fn the_page_goes_along_with_the_first_name_of_a_label() {
    let mut window = Window::with(TEXT);
    run(&mut window, Command::Codebook);
    run(&mut window, Command::NewLabel);
    assert_eq!(shown(&window), "new_label");
    window.harness.event(Event::Text("Straw man".to_owned()));
    window.harness.run_steps(2);
    // The field that comes next has the keyboard.
    window.key(Key::Tab);
    window.harness.run_steps(2);
    assert_eq!(shown(&window), "straw_man");
    window.harness.event(Event::Text("X".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Tab);
    window.harness.run_steps(2);
    assert_eq!(label(&window, "straw_man").key, Some('x'));
    run(&mut window, Command::Undo);
    run(&mut window, Command::Undo);
    assert_eq!(shown(&window), "new_label");
    run(&mut window, Command::Redo);
    assert_eq!(shown(&window), "straw_man");
    run(&mut window, Command::NewLabel);
    assert_eq!(shown(&window), "new_label");
    // What is asked under the id of before is asked of the label that has it now.
    set(
        &mut window,
        "new_label",
        LabelField::Name("Whatabout".to_owned()),
    );
    assert_eq!(shown(&window), "whatabout");
    assert_eq!(label(&window, "straw_man").name, "Straw man");
}

#[test]
fn a_key_that_does_something_else_is_refused_or_told() {
    let mut window = demo();
    set_attribute(&mut window, "kind", AttributeField::Key(Some('n')));
    let said = told(&mut window);
    assert!(
        said.contains("N is the key of the command “Write a note”"),
        "{said}"
    );
    assert_eq!(label(&window, "quote").attribute("kind").unwrap().key, None);
    set_attribute(&mut window, "kind", AttributeField::Key(Some('c')));
    let said = told(&mut window);
    assert!(
        said.contains("C is the key of the label “Claim” too"),
        "{said}"
    );
    assert_eq!(
        label(&window, "quote").attribute("kind").unwrap().key,
        Some('c')
    );
}

#[test]
fn a_role_is_there_once_and_its_links_are_told_when_it_goes() {
    let mut window = demo();
    let roles = label(&window, "quote").link_roles;
    let count = roles.len();
    let source = roles.iter().position(|role| role.name == "source").unwrap();
    let again = LinkRole::to_label("source");
    set(&mut window, "quote", LabelField::Role(count, Some(again)));
    let said = told(&mut window);
    assert!(said.contains("there already is a role “source”"), "{said}");
    assert_eq!(label(&window, "quote").link_roles, roles);
    // Another one that nothing has is no matter.
    let free = LinkRole::to_label("claim");
    set(&mut window, "quote", LabelField::Role(count, Some(free)));
    set(&mut window, "quote", LabelField::Role(count, None));
    assert_eq!(told(&mut window), "");
    let to_cues = LinkRole {
        name: "source".to_owned(),
        ..LinkRole::to_label("cue")
    };
    for field in [Some(to_cues), None] {
        set(&mut window, "quote", LabelField::Role(source, field));
        let said = told(&mut window);
        assert!(
            said.contains("“source” of “Quote”: ")
                && said.contains(" links are kept, and are not accepted any more"),
            "{said}"
        );
        run(&mut window, Command::Undo);
        assert_eq!(label(&window, "quote").link_roles, roles);
    }
}

#[test]
fn a_label_that_comes_back_otherwise_is_told() {
    let mut window = demo();
    let delete = Action::DeleteLabel {
        label: "claim".into(),
        move_to: Some("quote".into()),
    };
    perform(&mut window, delete);
    set(&mut window, "quote", LabelField::Name("Claim".to_owned()));
    set(&mut window, "cue", LabelField::Key(Some('c')));
    told(&mut window);
    let at = window
        .harness
        .state()
        .model
        .session()
        .project()
        .trash()
        .len()
        - 1;
    perform(&mut window, Action::Restore(vec![at]));
    let said = told(&mut window);
    assert!(said.contains("“Claim” is called “Claim (2)” now"), "{said}");
    assert!(
        said.contains("“Claim (2)” has no key, as another label has C"),
        "{said}"
    );
    let back = label(&window, "claim");
    assert_eq!((back.name.as_str(), back.key), ("Claim (2)", None));
}

#[test]
fn an_attribute_without_a_title_is_called_by_its_name() {
    let mut window = Window::with(TEXT);
    for name in ["speaker", "kind"] {
        set_attribute(&mut window, name, AttributeField::Title(String::new()));
    }
    window.drag("it is a proud day");
    window.key(Key::Q);
    window.harness.run_steps(3);
    for name in ["speaker", "kind"] {
        let found = window.harness.query_all_by_label(name).count();
        assert!(found > 0, "{name}");
    }
    assert!(!named(&window, Role::TextInput).iter().any(String::is_empty));
    window.keys(Key::Num5, Modifiers::COMMAND);
    window.harness.run_steps(2);
}
