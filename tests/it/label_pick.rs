//! Picking a label where there are thousands, and of any names: only those in view are drawn, no list is
//! wider than its lines, and one is found by its name.

use crate::cards::{named, run};
use crate::keyboard::type_in;
use crate::mouse::button;
use crate::window::Window;
use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::core::annotation::{Annotation, AnnotationSet};
use pressmark::core::article::Article;
use pressmark::core::codebook::{Codebook, Label, LinkRole};
use pressmark::core::project::{Project, ProjectParts};
use pressmark::core::text::{ArticleText, BytePos, ByteRange};
use pressmark::format::project_ron::Opened;
use std::sync::Arc;

const LABELS: usize = 2_000;

fn window() -> Window {
    let label = |n: usize| Label {
        parent: (n % 50 == 7).then(|| "l6".into()),
        link_roles: vec![LinkRole::to_label("l1")],
        ..Label::new(
            &format!("l{n}"),
            &format!("Label {n} {}", "of many words ".repeat(21)),
            0x1F_6F_B2,
        )
    };
    let text = ArticleText::new("The mayor opened the bridge.\n".repeat(4));
    let mut article = Article::new("a".into(), "Bridge", text);
    let range = ByteRange::new(BytePos(4), BytePos(9));
    let mark = Annotation::new("t-1".into(), "bo".into(), "l0".into(), range);
    article.annotations = AnnotationSet::from_annotations([mark]).0;
    let opened = Opened {
        project: Project::from_parts(ProjectParts {
            name: "Many labels".to_owned(),
            codebook: Codebook::of((0..LABELS).map(label).collect()),
            articles: vec![Arc::new(article)],
            ..ProjectParts::default()
        }),
        problems: Vec::new(),
    };
    let mut window = Window::new(None);
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(opened, "/nowhere/many.ron".into());
    model.perform(Action::SelectAnnotation {
        id: "t-1".into(),
        reveal: true,
    });
    window.harness.run_steps(6);
    window
}

/// A list is open: a few of its lines, all within it, and the keyboard in its field.
fn check_open(window: &Window, role: Role, what: &str) {
    let lines = window.harness.query_all(By::new().role(role));
    let rects: Vec<_> = lines.map(|line| line.rect()).collect();
    assert!(
        (5..40).contains(&rects.len()),
        "{what}: {} lines",
        rects.len()
    );
    for rect in &rects {
        assert!(
            rect.width() < 340.0 && rect.height() < 40.0,
            "{what}: {rect:?}"
        );
    }
    let field = By::new().role(Role::SearchInput).label("Find by name");
    let field = window.harness.get(field);
    assert!(field.accesskit_node().is_focused(), "{what}");
}

#[test]
fn a_label_is_picked_from_thousands() {
    let mut window = window();
    let label = |window: &Window| {
        let model = &window.harness.state().model;
        model.selected_annotation().unwrap().label.to_string()
    };
    let pick = By::new()
        .role(Role::ComboBox)
        .label("Label of the annotation");
    window.harness.get(pick).click();
    window.harness.run_steps(6);
    check_open(&window, Role::ListBoxOption, "the card");
    type_in(&mut window, "label 1777");
    let found = named(&window, Role::ListBoxOption);
    assert_eq!(found.len(), 1, "{found:?}");
    window.key(Key::Enter);
    window.harness.run_steps(4);
    assert_eq!(label(&window), "l1777");
    let field = By::new().role(Role::SearchInput).label("Find by name");
    assert!(window.harness.query(field).is_none());
    // By mouse, and nothing is left of what was typed.
    let pick = By::new()
        .role(Role::ComboBox)
        .label("Label of the annotation");
    window.harness.get(pick).click();
    window.harness.run_steps(6);
    check_open(&window, Role::ListBoxOption, "the card again");
    // A click into the field does not close the list.
    let field = By::new().role(Role::SearchInput).label("Find by name");
    window.harness.get(field).click();
    window.harness.run_steps(4);
    type_in(&mut window, "label 1203");
    let line = By::new()
        .role(Role::ListBoxOption)
        .label_contains("Label 1203 ");
    window.harness.get(line).click();
    window.harness.run_steps(4);
    assert_eq!(label(&window), "l1203");
}

#[test]
fn every_list_of_labels_draws_those_in_view() {
    let mut window = window();
    window.harness.get_by_label_contains("Label filter").click();
    window.harness.run_steps(6);
    check_open(&window, Role::MenuItemRadio, "the filter");
    window.key(Key::Escape);
    run(&mut window, Command::Codebook);
    for name in ["A kind of", "l1 leads to"] {
        let pick = By::new().role(Role::ComboBox).label(name);
        window.harness.get(pick).scroll_to_me();
        window.harness.run_steps(10);
        let pick = By::new().role(Role::ComboBox).label(name);
        window.harness.get(pick).click();
        window.harness.run_steps(6);
        check_open(&window, Role::ListBoxOption, name);
        window.key(Key::Escape);
        window.harness.run_steps(3);
    }
}

/// What has kinds is moved like any other label; near the edge of the list it scrolls.
#[test]
fn a_label_with_kinds_is_dragged_and_the_list_scrolls() {
    let mut window = window();
    run(&mut window, Command::Codebook);
    let row = |window: &Window, name: &str| {
        let rows = window.harness.query_all(By::new().role(Role::ListItem));
        let mut rows = rows.filter(|row| {
            let label = row.accesskit_node().label().unwrap_or_default();
            label.starts_with(name)
        });
        rows.next().map(|row| row.rect())
    };
    let grip = |window: &Window, name: &str| {
        let rect = row(window, name).unwrap();
        rect.left_center() + eframe::egui::vec2(12.0, 0.0)
    };
    let list = window
        .harness
        .get(By::new().role(Role::List).label("Labels"));
    let bottom = list.rect().bottom();
    let (from, first) = (grip(&window, "Label 6 "), grip(&window, "Label 2 "));
    window.harness.hover_at(from);
    window.harness.run_steps(2);
    window.harness.event(button(from, true));
    window.harness.run_steps(2);
    let low = eframe::egui::pos2(from.x, bottom - 4.0);
    for n in 1..=4 {
        let share = n as f32 / 4.0;
        window.harness.hover_at(from + (low - from) * share);
        window.harness.run_steps(1);
    }
    window.harness.run_steps(60);
    assert!(row(&window, "Label 1 ").is_none(), "it scrolls");
    let high = eframe::egui::pos2(from.x, first.y - 200.0);
    window.harness.hover_at(high);
    window.harness.run_steps(200);
    let to = grip(&window, "Label 2 ") - eframe::egui::vec2(0.0, 8.0);
    window.harness.hover_at(to);
    window.harness.run_steps(2);
    window.harness.event(button(to, false));
    window.harness.run_steps(4);
    let labels = &window.harness.state().model.codebook().labels;
    let order: Vec<&str> = labels.iter().take(4).map(|l| l.id.as_str()).collect();
    assert_eq!(order, ["l0", "l1", "l6", "l2"]);
}
