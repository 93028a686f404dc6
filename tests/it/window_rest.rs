//! The articles as a table, by mouse and by keyboard, and what dialogs do in slow frames and keep when
//! they are left.

use crate::cards::{named, run};
use crate::keyboard::focused;
use crate::mouse::{drag, press_with};
use crate::window::{Window, model, perform};
use eframe::egui::accesskit::{Role, SortDirection, Toggled};
use eframe::egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::{Action, Ticking};
use pressmark::app::command::Command;
use pressmark::app::model::Page;
use pressmark::core::article::{Article, Status};
use pressmark::core::codebook::Codebook;
use pressmark::core::lists::{Column, Facet, Order};
use pressmark::core::project::{Project, ProjectParts};
use pressmark::core::text::ArticleText;
use pressmark::format::export::format::Part;
use pressmark::format::formats::FORMATS;
use pressmark::format::project_ron::Opened;
use std::path::Path;
use std::sync::Arc;

/// Title, outlet, date and a field of the project's own.
const FEW: [(&str, &str, &str, &str); 4] = [
    ("Bridge opens", "Post", "2024-05-14", "900"),
    ("Ferry sinks", "Herald", "2023-12-01", "1,200"),
    ("Aid is late", "Courier", "", ""),
    ("Dam breaks", "Post", "2024-06-02T06:00:00Z", "75"),
];

fn article(id: &str, title: &str, outlet: &str, published: &str, reach: &str) -> Arc<Article> {
    let text = ArticleText::new(format!("{title}\n\nIt was said on {id}.\n"));
    let mut article = Article::new(id.into(), title, text);
    for (name, said) in [
        ("outlet", outlet),
        ("published", published),
        ("reach", reach),
    ] {
        if !said.is_empty() {
            article.metadata.insert(name.to_owned(), said.to_owned());
        }
    }
    Arc::new(article)
}

fn with_articles(articles: Vec<Arc<Article>>) -> Window {
    let project = Project::from_parts(ProjectParts {
        name: "Table".to_owned(),
        codebook: Codebook::default(),
        articles,
        ..ProjectParts::default()
    });
    let problems = Vec::new();
    let mut window = Window::new(None);
    let model = &mut window.harness.state_mut().model;
    model.enter_opened(Opened { project, problems }, "/nowhere/table.ron".into());
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    window.harness.run_steps(3);
    window
}

/// The table of the few, which has the keyboard.
fn few() -> Window {
    let named = FEW.iter().enumerate();
    let articles = named.map(|(at, (title, outlet, published, reach))| {
        article(&format!("a{at}"), title, outlet, published, reach)
    });
    let mut window = with_articles(articles.collect());
    window.keys(Key::F9, Modifiers::SHIFT);
    window.harness.run_steps(2);
    assert_eq!(model(&window).page(), Page::Table);
    window
}

/// The rows in view, from the top: their titles.
fn titles(window: &Window) -> Vec<String> {
    rows(window)
        .into_iter()
        .map(|(name, _)| {
            let title = name.split(',').next().unwrap_or_default();
            title.to_owned()
        })
        .collect()
}

fn rows(window: &Window) -> Vec<(String, Rect)> {
    let rows = window.harness.query_all(By::new().predicate(|node| {
        matches!(node.role(), Role::ListItem) && node.position_in_set().is_some()
    }));
    let mut rows: Vec<_> = rows
        .map(|node| {
            (
                node.accesskit_node().label().unwrap_or_default(),
                node.rect(),
            )
        })
        .collect();
    rows.sort_by(|(_, a), (_, b)| a.top().total_cmp(&b.top()));
    rows
}

/// Names of the heads, from the left.
fn heads(window: &Window) -> Vec<String> {
    let heads = window.harness.query_all(By::new().role(Role::ColumnHeader));
    let mut heads: Vec<_> = heads
        .map(|node| {
            (
                node.accesskit_node().label().unwrap_or_default(),
                node.rect(),
            )
        })
        .collect();
    heads.sort_by(|(_, a), (_, b)| a.left().total_cmp(&b.left()));
    heads.into_iter().map(|(name, _)| name).collect()
}

fn head(window: &Window, name: &str) -> Rect {
    let head = By::new().role(Role::ColumnHeader).label_contains(name);
    window.harness.get(head).rect()
}

fn current(window: &Window) -> String {
    model(window)
        .article()
        .map(|a| a.shown_title().into_owned())
        .unwrap_or_default()
}

fn click_at(window: &mut Window, at: Pos2, modifiers: Modifiers, times: usize) {
    let with = (PointerButton::Primary, modifiers);
    window.harness.event(Event::PointerMoved(at));
    // Far from the click before, so that it is not counted on.
    window.harness.run_steps(8);
    for _ in 0..times {
        press_with(window, at, true, with);
        press_with(window, at, false, with);
    }
    window.harness.run_steps(3);
}

fn row(window: &Window, title: &str) -> Pos2 {
    let all = rows(window);
    let found = all.iter().find(|(name, _)| name.starts_with(title));
    found
        .unwrap_or_else(|| panic!("{title}: {all:?}"))
        .1
        .center()
}

#[test]
fn a_head_sorts_by_its_column_and_again_the_other_way() {
    let mut window = few();
    assert_eq!(titles(&window), FEW.map(|(title, ..)| title));
    let shown = ["Title", "Date", "Outlet", "Author", "Status", "Annotations"];
    assert_eq!(heads(&window), shown);
    // By mouse.
    let at = head(&window, "Title").center();
    click_at(&mut window, at, Modifiers::NONE, 1);
    assert_eq!(heads(&window)[0], "Title, sorted, rising");
    let rising = ["Aid is late", "Bridge opens", "Dam breaks", "Ferry sinks"];
    assert_eq!(titles(&window), rising);
    click_at(&mut window, at, Modifiers::NONE, 1);
    assert_eq!(heads(&window)[0], "Title, sorted, falling");
    assert_eq!(
        titles(&window),
        ["Ferry sinks", "Dam breaks", "Bridge opens", "Aid is late"]
    );
    let sorted = window.harness.get_by_label("Title, sorted, falling");
    let direction = sorted.accesskit_node().sort_direction();
    assert_eq!(direction, Some(SortDirection::Descending));
    // By keyboard: the heads are one stop, with arrows from one to the next.
    let title = (Role::ColumnHeader, "Title, sorted, falling".to_owned());
    assert_eq!(focused(&window), title);
    window.key(Key::Tab);
    assert_eq!(focused(&window), (Role::List, "Articles".to_owned()));
    window.keys(Key::Tab, Modifiers::SHIFT);
    assert_eq!(focused(&window), title);
    window.key(Key::ArrowRight);
    assert_eq!(focused(&window).1, "Date");
    window.key(Key::Enter);
    assert_eq!(model(&window).listing().order, Order::Newest);
    assert_eq!(
        titles(&window)[..3],
        ["Dam breaks", "Bridge opens", "Ferry sinks"]
    );
    window.key(Key::Enter);
    assert_eq!(model(&window).listing().order, Order::Oldest);
    // What has no date stands last both ways.
    assert_eq!(titles(&window)[3], "Aid is late");
    window.key(Key::Tab);
    assert_eq!(focused(&window), (Role::List, "Articles".to_owned()));
}

#[test]
fn columns_are_chosen_ordered_and_made_wide_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = few();
    // An own field, from the menu.
    window.click("Columns");
    for column in ["Reach", "Author"] {
        let line = By::new().role(Role::MenuItemCheckBox).label(column);
        window.harness.get(line).click();
        window.harness.run_steps(3);
    }
    window.key(Key::Escape);
    window.harness.run_steps(2);
    assert_eq!(
        heads(&window),
        ["Title", "Date", "Outlet", "Status", "Annotations", "Reach"]
    );
    let said = &rows(&window)[1].0;
    assert!(said.starts_with("Ferry sinks, new"), "{said}");
    assert!(
        said.ends_with("Outlet Herald, Annotations 0, Reach 1,200"),
        "{said}"
    );
    // Numbers as numbers: 75, 900, 1,200.
    let at = head(&window, "Reach").center();
    click_at(&mut window, at, Modifiers::NONE, 1);
    assert_eq!(
        model(&window).listing().order,
        Order::by(Column::own("reach"), false)
    );
    assert_eq!(
        titles(&window),
        ["Dam breaks", "Bridge opens", "Ferry sinks", "Aid is late"]
    );
    // To another place, by mouse and by keys.
    let (from, to) = (
        head(&window, "Reach").center(),
        head(&window, "Date").center(),
    );
    drag(&mut window, from, to);
    assert_eq!(heads(&window)[1], "Reach, sorted, rising");
    assert_eq!(focused(&window).1, "Reach, sorted, rising");
    window.keys(Key::ArrowLeft, Modifiers::ALT);
    assert_eq!(heads(&window)[..2], ["Reach, sorted, rising", "Title"]);
    assert_eq!(focused(&window).1, "Reach, sorted, rising");
    // Wider, by keys and by mouse.
    let before = head(&window, "Reach").width();
    window.keys(Key::ArrowRight, Modifiers::SHIFT);
    let wider = head(&window, "Reach").width();
    assert!((wider - before - 12.0).abs() < 1.5, "{before} {wider}");
    let edge = head(&window, "Reach").right_center();
    drag(&mut window, edge, edge + vec2(40.0, 0.0));
    let dragged = head(&window, "Reach").width();
    assert!((dragged - wider - 40.0).abs() < 1.5, "{wider} {dragged}");
    // It is a preference.
    let settings = model(&window).settings();
    settings.save(folder.path()).unwrap();
    let kept = pressmark::app::settings::Settings::load(folder.path());
    assert!(kept.shows_table);
    assert_eq!(kept.table_columns, settings.table_columns);
    assert_eq!(kept.table_columns[0].column, Column::own("reach"));
}

#[test]
fn a_click_chooses_a_row_and_two_read_it() {
    let mut window = few();
    let at = row(&window, "Aid");
    click_at(&mut window, at, Modifiers::NONE, 1);
    assert_eq!(
        (model(&window).page(), current(&window)),
        (Page::Table, "Aid is late".to_owned())
    );
    // The list has the keyboard, and its arrows choose.
    window.key(Key::ArrowDown);
    assert_eq!(
        (model(&window).page(), current(&window)),
        (Page::Table, "Dam breaks".to_owned())
    );
    window.key(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(model(&window).page(), Page::Read);
    assert_eq!(focused(&window).0, Role::Document);
    assert_eq!(current(&window), "Dam breaks");
    // And back, at the same place.
    window.keys(Key::F9, Modifiers::SHIFT);
    window.harness.run_steps(2);
    assert_eq!(focused(&window), (Role::List, "Articles".to_owned()));
    assert_eq!(current(&window), "Dam breaks");
    let at = row(&window, "Ferry");
    click_at(&mut window, at, Modifiers::NONE, 2);
    assert_eq!(
        (model(&window).page(), current(&window)),
        (Page::Read, "Ferry sinks".to_owned())
    );
}

#[test]
fn what_is_done_to_articles_is_done_in_the_table_too() {
    let mut window = few();
    let (first, third) = (row(&window, "Bridge"), row(&window, "Aid"));
    click_at(&mut window, first, Modifiers::NONE, 1);
    click_at(&mut window, third, Modifiers::SHIFT, 1);
    assert_eq!(model(&window).ticked().len(), 3);
    let second = row(&window, "Ferry");
    click_at(&mut window, second, Modifiers::COMMAND, 1);
    assert_eq!(model(&window).ticked().len(), 2);
    let _foot = window.harness.get_by_label("2 selected");
    window.key(Key::F2);
    let _details = window.harness.get_by_label("Details of 2 articles");
    window.key(Key::Escape);
    window.harness.run_steps(3);
    // Groups fold, next new goes on within the table, Delete moves to the trash.
    let mut listing = model(&window).listing().clone();
    listing.group = Some(Facet::Outlet);
    perform(&mut window, Action::SetListing(Box::new(listing)));
    let _group = window.harness.get_by_label("Post, 2 articles, 0 done");
    perform(&mut window, Action::Tick(Ticking::None));
    run(&mut window, Command::NextNew);
    assert_eq!(model(&window).page(), Page::Table);
    assert_eq!(focused(&window).0, Role::List);
    let gone = current(&window);
    window.key(Key::Delete);
    assert_eq!(model(&window).page(), Page::Table);
    assert!(!titles(&window).contains(&gone), "{gone}");
    assert_eq!(titles(&window).len(), 3);
    run(&mut window, Command::Undo);
    assert_eq!(
        (model(&window).page(), titles(&window).len()),
        (Page::Table, 4)
    );
    // Done, and on to the next, without leaving.
    run(&mut window, Command::MarkDone);
    assert_eq!(model(&window).page(), Page::Table);
    let by = model(&window).session().annotator().clone();
    let articles = model(&window).session().project().articles();
    let done = articles
        .iter()
        .filter(|a| a.status_for(&by) == Status::Done);
    assert_eq!(done.count(), 1);
    // No label is heard: what it would mark is not seen.
    window.key(Key::Q);
    assert!(
        model(&window)
            .session()
            .project()
            .articles()
            .iter()
            .all(|a| a.annotations.is_empty())
    );
}

#[test]
fn the_table_comes_back_from_other_pages_and_is_left_by_the_page_of_reading() {
    let mut window = few();
    window.keys(Key::Num2, Modifiers::COMMAND);
    assert_eq!(model(&window).page(), Page::Find);
    window.keys(Key::Num1, Modifiers::COMMAND);
    window.harness.run_steps(2);
    assert_eq!(model(&window).page(), Page::Table);
    assert_eq!(focused(&window).0, Role::List);
    // The filter is that of the table.
    window.keys(Key::L, Modifiers::COMMAND);
    window.harness.run_steps(2);
    assert_eq!(focused(&window).1, "Filter articles");
    window.harness.event(Event::Text("ferry".to_owned()));
    window.harness.run_steps(3);
    assert_eq!(titles(&window), ["Ferry sinks"]);
    window.key(Key::F6);
    assert_eq!(focused(&window).0, Role::List);
    // Esc loses no keyboard.
    window.key(Key::Escape);
    window.harness.run_steps(2);
    assert_eq!(focused(&window).0, Role::List);
    window.keys(Key::Num1, Modifiers::COMMAND);
    window.harness.run_steps(2);
    assert_eq!(model(&window).page(), Page::Read);
    assert!(named(&window, Role::ColumnHeader).is_empty());
}

/// Long words end, and in small windows the last columns are left out, which is said.
#[test]
fn in_every_window_heads_and_rows_stand_beside_each_other() {
    let long = "n".repeat(300);
    let names = (0..40).map(|n| article(&format!("a{n}"), &long, &long, "2024-05-14", &long));
    let mut window = with_articles(names.collect());
    let mut settings = model(&window).settings().clone();
    for (column, _) in Column::USUAL {
        settings.show_table_column(&column, true);
    }
    settings.show_table_column(&Column::own("reach"), true);
    perform(&mut window, Action::SetSettings(Box::new(settings)));
    window.keys(Key::F9, Modifiers::SHIFT);
    for (width, height, says) in [
        (700.0, 500.0, true),
        (900.0, 600.0, true),
        (1440.0, 900.0, false),
        (2560.0, 1440.0, false),
    ] {
        window.harness.set_size(vec2(width, height));
        window.harness.run_steps(4);
        let heads = window.harness.query_all(By::new().role(Role::ColumnHeader));
        let mut places: Vec<Rect> = heads.map(|head| head.rect()).collect();
        places.sort_by(|a, b| a.left().total_cmp(&b.left()));
        for pair in places.windows(2) {
            assert!(pair[0].right() <= pair[1].left() + 1.0, "{width}: {pair:?}");
        }
        let last = places.last().unwrap();
        assert!(last.right() <= width, "{width}: {last:?}");
        assert!(places.len() >= 4, "{width}: {places:?}");
        let left_out = window
            .harness
            .query_by_label_contains("no room for")
            .is_some();
        assert_eq!(left_out, says, "{width}");
        let rows = rows(&window);
        assert!(rows.len() > 8, "{width}");
        for (_, place) in rows {
            assert!(place.right() <= width + 0.5, "{width}: {place:?}");
        }
    }
}

/// Only the rows in view are drawn, and nothing is looked through while nothing changes.
#[test]
fn ten_thousand_articles_cost_what_is_seen_of_them() {
    let many = (0..10_000).map(|n| {
        let day = format!("2024-05-{:02}", n % 28 + 1);
        article(
            &format!("a{n}"),
            &format!("Title {n}"),
            "Post",
            &day,
            &n.to_string(),
        )
    });
    let mut window = with_articles(many.collect());
    window.keys(Key::F9, Modifiers::SHIFT);
    let at = head(&window, "Date").center();
    click_at(&mut window, at, Modifiers::NONE, 1);
    assert!(rows(&window).len() < 40);
    let made = model(&window).derived_count();
    for _ in 0..20 {
        window.key(Key::PageDown);
    }
    window.harness.run_steps(10);
    assert_eq!(model(&window).derived_count(), made);
    let place = By::new()
        .predicate(|node| node.role() == Role::ListItem && node.is_selected() == Some(true));
    let place = window.harness.get(place).accesskit_node().position_in_set();
    assert!(place.is_some_and(|place| place > 300), "{place:?}");
}

fn key_event(key: Key, modifiers: Modifiers) -> Event {
    Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers,
    }
}

/// A key belongs to what has the keyboard when it is pressed, however slow the frame is.
#[test]
fn a_key_after_tab_is_for_what_tab_went_to() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("x.jsonl");
    for (before, keys) in [
        (
            "Choose where to…",
            vec![key_event(Key::Tab, Modifiers::SHIFT)],
        ),
        (
            "Cancel",
            vec![
                key_event(Key::Tab, Modifiers::NONE),
                key_event(Key::Tab, Modifiers::SHIFT),
            ],
        ),
    ] {
        let mut window = crate::cards::demo();
        run(&mut window, Command::Export);
        window.settle();
        window.answer(Path::new(&target));
        window.harness.get_by_label(before).focus();
        window.harness.run_steps(2);
        let events = &mut window.harness.input_mut().events;
        events.extend(keys);
        events.push(key_event(Key::Enter, Modifiers::NONE));
        window.harness.run_steps(5);
        // Both ways lead to Cancel.
        assert!(named(&window, Role::Dialog).is_empty(), "{before}");
        assert!(!target.exists(), "{before}");
    }
}

/// Two arrows of one slow frame go two rows, in lists and in menus.
#[test]
fn no_arrow_of_a_slow_frame_is_lost() {
    let mut window = few();
    let down = key_event(Key::ArrowDown, Modifiers::NONE);
    let events = &mut window.harness.input_mut().events;
    events.extend([down.clone(), down.clone()]);
    window.harness.run_steps(4);
    assert_eq!(current(&window), "Aid is late");
    let enter = key_event(Key::Enter, Modifiers::NONE);
    let events = &mut window.harness.input_mut().events;
    events.extend([down, enter]);
    window.harness.run_steps(4);
    assert_eq!(
        (current(&window), model(&window).page()),
        ("Dam breaks".to_owned(), Page::Read)
    );
}

#[test]
fn what_was_chosen_for_an_export_is_there_again_after_esc() {
    let mut window = crate::cards::demo();
    run(&mut window, Command::Export);
    window.click("JSON Lines");
    window.click("Labels: Claim");
    window.key(Key::Escape);
    window.harness.run_steps(3);
    assert!(named(&window, Role::Dialog).is_empty());
    run(&mut window, Command::Export);
    window.harness.run_steps(2);
    let claim = window.harness.get_by_label("Labels: Claim");
    assert_eq!(claim.accesskit_node().toggled(), Some(Toggled::True));
    // The format, too; and what was chosen for one is not for another.
    let settings = model(&window).settings();
    assert_eq!(settings.export_format, "jsonl");
    assert_eq!(settings.exports["jsonl"].labels, ["claim"]);
    assert!(settings.exports["xlsx"].labels.is_empty());
}

/// What a format has no place for is told before anything is written: sets, and where nothing was found.
#[test]
fn a_format_says_that_it_carries_no_sets() {
    let mut told = Vec::new();
    for format in FORMATS {
        for part in [Part::Sets, Part::Nothing] {
            let says = format.loses().contains(part.name());
            assert_eq!(says, !format.has_part(part), "{} {part:?}", format.name);
            told.push(says);
        }
    }
    assert!(told.contains(&true) && told.contains(&false));
    let mut window = crate::cards::demo();
    run(&mut window, Command::Export);
    for (format, says) in [("JSON Lines", false), ("Excel workbook", true)] {
        window.click(format);
        let told = window.harness.query_by_label_contains("sets of articles");
        let told = told.and_then(|node| node.value()).unwrap_or_default();
        let is_told = told.contains("Does not carry") && told.contains("nothing in them");
        assert_eq!(is_told, says, "{format}: {told}");
    }
}

/// Enter keeps what is written and loses no place: Tab goes on to what stands beside it.
#[test]
fn enter_in_a_field_of_the_codebook_leaves_the_keyboard_there() {
    let mut window = crate::cards::demo();
    run(&mut window, Command::Codebook);
    window.click("Add an attribute");
    window.harness.run_steps(2);
    window.harness.event(Event::Text("Target".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Enter);
    window.harness.run_steps(2);
    let (role, field) = focused(&window);
    assert_eq!(role, Role::TextInput, "{field}");
    window.key(Key::Tab);
    assert_ne!(focused(&window).0, Role::MenuItem);
    let (role, next) = focused(&window);
    assert_eq!(role, Role::ComboBox, "{next}");
}

/// A card has its way out, whatever is left of its list.
#[test]
fn recurring_passages_can_be_closed_where_none_is_long_enough() {
    let mut window = crate::cards::demo();
    run(&mut window, Command::RecurringPassages);
    window.settle();
    window.click("At least: 40");
    window.click_first("Close");
    assert!(named(&window, Role::Dialog).is_empty());
}
