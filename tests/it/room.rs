//! The frame of the window: the article list, the annotation list, pages, drawers and widths, at every
//! size of the window, and how large what is pressed is.

use crate::cards::run;
use crate::mouse::{RIGHT, button_with, click_at, click_with, press};
use crate::places::{check_across, check_apart, named};
use crate::window::{Window, model};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, PointerButton, Rect, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::Action;
use pressmark::app::command::Command;
use pressmark::app::model::Model;
use pressmark::core::article::Status;
use pressmark::core::ids::ArticleId;

/// The demo, and nothing said over it.
pub(crate) fn demo() -> Window {
    let mut window = Window::new(None);
    run(&mut window, Command::OpenDemo);
    let model = &mut window.harness.state_mut().model;
    while !model.notices().is_empty() {
        model.perform(Action::DismissNotice(0));
    }
    window.harness.run_steps(4);
    window
}

fn size(window: &mut Window, width: f32, height: f32) {
    window.harness.set_size(vec2(width, height));
    window.harness.run_steps(6);
}

/// A window of so many points of the screen, in which everything is larger by the zoom: so much less
/// fits in it.
fn zoomed(window: &mut Window, width: f32, height: f32, zoom: f32) {
    // The zoom is taken in first: it would change a size that is there.
    window.harness.run_steps(3);
    size(window, width / zoom, height / zoom);
    let (seen, wanted) = (
        window.harness.ctx.content_rect().size(),
        vec2(width, height) / zoom,
    );
    assert!(
        (seen - wanted).length() < 1.0,
        "{seen:?} instead of {wanted:?}"
    );
    assert!((window.harness.ctx.zoom_factor() - zoom).abs() < 0.01);
}

fn ids(window: &Window) -> Vec<ArticleId> {
    let articles = model(window).session().project().articles();
    articles.iter().map(|article| article.id.clone()).collect()
}

/// What of the list is drawn, from the top.
fn rows(window: &Window, list: &str) -> Vec<(String, Rect)> {
    let list = By::new().role(Role::List).label(list);
    let list = window.harness.get(list).rect();
    let rows = window.harness.query_all(By::new().role(Role::ListItem));
    let rows = rows.map(|node| {
        (
            node.accesskit_node().label().unwrap_or_default(),
            node.rect(),
        )
    });
    rows.filter(|(_, rect)| list.contains(rect.center()))
        .collect()
}

/// The row of an article, by the start of its title.
fn row_of(window: &Window, article: usize) -> Rect {
    let title = model(window).session().project().articles()[article].shown_title();
    let rows = rows(window, "Articles");
    let found = rows.iter().find(|(name, _)| name.starts_with(&*title));
    found
        .unwrap_or_else(|| panic!("“{title}” is not shown: {rows:?}"))
        .1
}

/// What a menu shows with its key.
fn click_part(window: &mut Window, label: &str) {
    window.harness.get_by_label_contains(label).click();
    window.harness.run_steps(3);
}

fn click_row(window: &mut Window, article: usize, modifiers: Modifiers) {
    let at = row_of(window, article).center();
    click_with(window, at, (PointerButton::Primary, modifiers));
}

/// The places of the ticked articles.
fn ticked(window: &Window) -> Vec<usize> {
    let project = model(window).session().project();
    let ticked = model(window).ticked().iter();
    let mut places: Vec<usize> = ticked.filter_map(|id| project.article_index(id)).collect();
    places.sort_unstable();
    places
}

fn statuses(window: &Window) -> Vec<Status> {
    let annotator = model(window).session().annotator();
    let articles = model(window).session().project().articles();
    articles
        .iter()
        .map(|article| article.status_for(annotator))
        .collect()
}

#[test]
fn several_articles_are_selected_and_changed_as_one_step() {
    let mut window = demo();
    click_row(&mut window, 1, Modifiers::NONE);
    assert_eq!(ticked(&window), [0; 0]);
    click_row(&mut window, 3, Modifiers::SHIFT);
    assert_eq!(ticked(&window), [1, 2, 3]);
    click_row(&mut window, 5, Modifiers::COMMAND);
    click_row(&mut window, 2, Modifiers::COMMAND);
    assert_eq!(ticked(&window), [1, 3, 5]);
    // The article that is read is still the one that was clicked on.
    assert_eq!(model(&window).article_index(), Some(1));
    let _told = window.harness.get_by_label("3 selected");
    window.click("Set status");
    window.click("Done");
    assert_eq!(
        statuses(&window)
            .iter()
            .map(|s| *s == Status::Done)
            .collect::<Vec<_>>(),
        [false, true, false, true, false, true, false]
    );
    run(&mut window, Command::Undo);
    assert!(
        statuses(&window)
            .iter()
            .all(|status| *status == Status::New)
    );
    window.click("Move 3 articles to the trash");
    assert_eq!(ids(&window).len(), 4);
    assert_eq!(ticked(&window), [0; 0]);
    run(&mut window, Command::Undo);
    assert_eq!(ids(&window).len(), 7);
    // A plain click lets go of them.
    click_row(&mut window, 4, Modifiers::NONE);
    assert_eq!(ticked(&window), [0; 0]);
}

/// On a slow frame Shift is let go of before the click is taken in.
#[test]
fn a_click_counts_with_what_was_held_at_it() {
    let mut window = demo();
    let at = row_of(&window, 3).center();
    window.harness.event(Event::PointerMoved(at));
    window.harness.run_steps(8);
    let with = (PointerButton::Primary, Modifiers::SHIFT);
    let button = |pressed: bool| button_with(at, pressed, with);
    let changed = Event::ModifiersChanged;
    let events = [
        changed(Modifiers::SHIFT),
        button(true),
        button(false),
        changed(Modifiers::NONE),
    ];
    window.harness.input_mut().events.extend(events);
    window.harness.run_steps(3);
    assert_eq!(ticked(&window), [0, 1, 2, 3]);
}

#[test]
fn the_article_list_by_keyboard() {
    let mut window = demo();
    run(&mut window, Command::FilterArticles);
    window.key(Key::ArrowDown);
    assert_eq!(model(&window).article_index(), Some(1));
    window.keys(Key::ArrowDown, Modifiers::SHIFT);
    window.keys(Key::ArrowDown, Modifiers::SHIFT);
    assert_eq!(
        (ticked(&window), model(&window).article_index()),
        (vec![1, 2, 3], Some(3))
    );
    window.key(Key::Space);
    assert_eq!(ticked(&window), [1, 2]);
    // Delete takes all that are ticked, or the current one.
    window.keys(Key::A, Modifiers::COMMAND);
    assert_eq!(ticked(&window).len(), 7);
    model_mut(&mut window).perform(Action::Tick(pressmark::app::action::Ticking::None));
    window.harness.run_steps(2);
    let (gone, next) = (ids(&window)[3].clone(), ids(&window)[4].clone());
    window.key(Key::Delete);
    assert!(!ids(&window).contains(&gone));
    let current = model(&window).article().unwrap().id.clone();
    assert_eq!(current, next, "the list keeps its place");
}

fn model_mut(window: &mut Window) -> &mut Model {
    &mut window.harness.state_mut().model
}

#[test]
fn an_article_has_a_menu() {
    let mut window = demo();
    let at = row_of(&window, 2).center();
    click_with(&mut window, at, RIGHT);
    click_part(&mut window, "Move to the trash");
    assert_eq!(ids(&window).len(), 6);
    // The one that was read still is.
    assert_eq!(model(&window).article_index(), Some(0));
    let at = row_of(&window, 1).center();
    click_with(&mut window, at, RIGHT);
    window.click("Select");
    assert_eq!(ticked(&window), [0, 1]);
}

#[test]
fn chips_narrow_the_list_and_put_it_in_order() {
    let mut window = demo();
    let shown = |window: &Window| -> Vec<String> {
        rows(window, "Articles")
            .into_iter()
            .map(|(name, _)| name)
            .collect()
    };
    let published = |window: &Window| -> Vec<String> {
        let articles = model(window).session().project().articles();
        let listed = model(window).listed();
        let said = |at: usize| {
            articles[at]
                .meta("published")
                .unwrap_or_default()
                .to_owned()
        };
        listed.places(0..listed.len()).map(said).collect()
    };
    window.click("Order");
    window.click("Newest first");
    let dates = published(&window);
    assert!(dates.iter().rev().is_sorted(), "{dates:?}");
    assert_eq!(shown(&window).len(), 7);
    // The way through the articles is that of the list.
    let listed = model(&window).listed();
    let first = ids(&window)[listed.place(0).unwrap()].clone();
    let second = ids(&window)[listed.place(1).unwrap()].clone();
    model_mut(&mut window).perform(Action::GoToArticle(first));
    run(&mut window, Command::NextArticle);
    assert_eq!(model(&window).article().unwrap().id, second);
    // One that fits the filter no more stays as long as it is read.
    window.click("Status");
    window.click("New (7)");
    assert_eq!(shown(&window).len(), 7);
    run(&mut window, Command::ToggleFlag);
    assert_eq!(shown(&window).len(), 7);
    run(&mut window, Command::NextArticle);
    assert_eq!(shown(&window).len(), 6);
    window.click("Status: New");
    window.click("Flagged (1)");
    assert_eq!(shown(&window).len(), 1, "{:?}", shown(&window));
    window.click("Status: Flagged");
    window.click("All");
    window.click("Outlet");
    window.click_first("Harwick Courier");
    assert_eq!(shown(&window).len(), 1);
    window.harness.get_by_label_contains("Outlet: Harwick");
}

#[test]
fn the_next_new_article_is_found_from_where_one_is() {
    let mut window = demo();
    let all = ids(&window);
    let taken: Vec<ArticleId> = [1, 2, 4, 5, 6].map(|at| all[at].clone()).to_vec();
    model_mut(&mut window).perform(Action::SetStatusOf {
        articles: taken,
        status: Status::Done,
    });
    let keys = Modifiers::COMMAND | Modifiers::SHIFT;
    window.keys(Key::PageDown, keys);
    assert_eq!(model(&window).article_index(), Some(3));
    window.keys(Key::PageDown, keys);
    assert_eq!(model(&window).article_index(), Some(0));
}

#[test]
fn a_click_in_the_annotation_list_moves_nothing_under_the_pointer() {
    let mut window = demo();
    let before = rows(&window, "Annotations");
    assert!(before.len() > 2, "{before:?}");
    let (name, rect) = before[1].clone();
    click_at(&mut window, rect.center());
    assert!(model(&window).selected().is_some());
    assert_eq!(rows(&window, "Annotations")[1], (name, rect));
}

#[test]
fn what_is_selected_in_the_text_is_shown_in_the_list() {
    let mut window = demo();
    let last = {
        let article = model(&window).article().unwrap();
        article.annotations.in_text_order().last().unwrap().clone()
    };
    let article = model(&window).article().unwrap().clone();
    let start = article.text.slice(last.extent()).to_owned();
    let start: String = start.chars().take(12).collect();
    assert!(
        !rows(&window, "Annotations")
            .iter()
            .any(|(name, _)| name.contains(&start))
    );
    run(&mut window, Command::PreviousAnnotation);
    assert_eq!(model(&window).selected(), Some(&last.id));
    let rows = rows(&window, "Annotations");
    let found = rows.iter().find(|(name, _)| name.contains(&start));
    let (_, row) = found.unwrap_or_else(|| panic!("“{start}” is not in {rows:?}"));
    assert!(row.bottom() <= 800.0 - 28.0, "{row:?}");
}

#[test]
fn annotations_are_found_by_speaker_and_attribute() {
    for (typed, least) in [("ferreira", 1), ("maud fer", 1), ("direct", 1), ("zzz", 0)] {
        let mut window = demo();
        run(&mut window, Command::FilterAnnotations);
        window.harness.event(Event::Text(typed.to_owned()));
        window.harness.run_steps(4);
        window.settle();
        let list = By::new().role(Role::List).label("Annotations");
        let found = match window.harness.query(list) {
            Some(_) => rows(&window, "Annotations").len(),
            None => 0,
        };
        assert!(found >= least, "{typed}: {found}");
        assert_eq!(found == 0, least == 0, "{typed}: {found}");
    }
}

/// Whether a panel is there, by what it is known by.
fn panels(window: &Window) -> [bool; 2] {
    ["Filter articles", "Filter annotations"]
        .map(|name| window.harness.query_by_label(name).is_some())
}

#[test]
fn panels_become_drawers_before_the_article_gets_narrow() {
    let mut window = demo();
    assert_eq!(panels(&window), [true, true]);
    size(&mut window, 900.0, 800.0);
    assert_eq!(panels(&window), [false, false]);
    window.key(Key::F9);
    assert_eq!(panels(&window), [true, false]);
    window.key(Key::F10);
    assert_eq!(panels(&window), [false, true]);
    window.click("Close the drawer");
    assert_eq!(panels(&window), [false, false]);
    window.click("Article list");
    assert_eq!(panels(&window), [true, false]);
    // An article is picked, and is read.
    click_row(&mut window, 2, Modifiers::NONE);
    assert_eq!(
        (panels(&window), model(&window).article_index()),
        ([false, false], Some(2))
    );
    run(&mut window, Command::FilterAnnotations);
    assert_eq!(panels(&window), [false, true]);
    run(&mut window, Command::FocusArticle);
    window.key(Key::Escape);
    assert_eq!(panels(&window), [false, false]);
    size(&mut window, 1280.0, 800.0);
    assert_eq!(panels(&window), [true, true]);
}

#[test]
fn nothing_is_cut_at_any_size() {
    let mut window = demo();
    let sizes = [
        (700.0, 500.0),
        (900.0, 600.0),
        (1024.0, 768.0),
        (1100.0, 700.0),
        (1440.0, 900.0),
        (3840.0, 2160.0),
    ];
    for (width, height) in sizes {
        for (zoom, command) in [
            (0.75, None),
            (1.0, Some(Command::ToggleArticles)),
            (1.0, Some(Command::ToggleAnnotations)),
            (1.5, None),
            (3.0, None),
            (3.0, Some(Command::ToggleArticles)),
            (3.0, Some(Command::ToggleAnnotations)),
        ] {
            let mut settings = model(&window).settings().clone();
            settings.zoom = zoom;
            settings.drawer = None;
            model_mut(&mut window).perform(Action::SetSettings(Box::new(settings)));
            zoomed(&mut window, width, height, zoom);
            let is_narrow = model(&window).settings().is_narrow;
            // Lower than this a drawer has room for its head and little else.
            let has_room = height / zoom >= 280.0;
            if let Some(command) = command.filter(|_| is_narrow && has_room) {
                run(&mut window, command);
            }
            let what = format!("{width}x{height} at {zoom}, {command:?}");
            check_places(&window, &what);
        }
    }
}

#[test]
fn nothing_of_the_codebook_page_is_cut_at_any_size() {
    let mut window = demo();
    run(&mut window, Command::Codebook);
    for (width, height, zoom) in [
        (900.0, 600.0, 1.0),
        (1440.0, 900.0, 1.0),
        (1440.0, 900.0, 1.5),
        (3840.0, 2160.0, 3.0),
    ] {
        let mut settings = model(&window).settings().clone();
        settings.zoom = zoom;
        model_mut(&mut window).perform(Action::SetSettings(Box::new(settings)));
        zoomed(&mut window, width, height, zoom);
        check_beside(&window, &format!("{width}x{height} at {zoom}"));
    }
}

/// On a page that scrolls: nothing that is pressed or written in lies beside the window, and no two of
/// those lie over each other.
fn check_beside(window: &Window, what: &str) {
    let screen = window.harness.ctx.content_rect();
    let roles = [
        Role::Button,
        Role::Tab,
        Role::SearchInput,
        Role::TextInput,
        Role::ComboBox,
        Role::RadioButton,
        Role::CheckBox,
    ];
    let mut seen = named(window, &roles);
    check_across(&seen, screen, what);
    // What is scrolled out of sight lies below something else.
    seen.retain(|(_, rect)| screen.contains_rect(*rect));
    check_apart(&seen, what);
    assert!(seen.len() > 8, "{what}: only {seen:?}");
}

/// Nothing that is pressed or written in lies outside the window, and no two of those lie over each
/// other.
pub(crate) fn check_places(window: &Window, what: &str) {
    let screen = window.harness.ctx.content_rect();
    let roles = [
        Role::Button,
        Role::Tab,
        Role::SearchInput,
        Role::TextInput,
        Role::RadioButton,
    ];
    let mut seen = named(window, &roles);
    // A row that is scrolled halfway out.
    seen.retain(|(name, _)| !name.starts_with("Mark as"));
    for (name, rect) in &seen {
        assert!(
            screen.expand(0.6).contains_rect(*rect),
            "{what}: “{name}” at {rect:?} of {screen:?}"
        );
    }
    check_apart(&seen, what);
    assert!(seen.len() > 2, "{what}: only {seen:?}");
    let bars: Vec<Rect> = ["Articles", "Annotations"]
        .iter()
        .filter_map(|name| window.harness.query(By::new().role(Role::List).label(name)))
        .map(|node| node.rect())
        .collect();
    // In the smallest windows a drawer takes all of the article's room.
    let article = window.harness.query(By::new().role(Role::Document));
    let Some(article) = article.map(|node| node.rect()) else {
        assert!(
            model(window).settings().drawer.is_some(),
            "{what}: no article"
        );
        return;
    };
    assert!(article.width() >= 200.0, "{what}: {article:?}");
    for list in bars {
        let both = list.shrink(1.0).intersect(article.shrink(1.0));
        assert!(!both.is_positive(), "{what}: a list lies over the article");
    }
}

/// While both panels stand beside it, the article has 45 characters a line and more.
#[test]
fn the_article_keeps_its_least_measure() {
    let mut window = demo();
    for width in (700..1600).step_by(60) {
        size(&mut window, width as f32, 800.0);
        let article = window.harness.get(By::new().role(Role::Document)).rect();
        let text = "Four days before Brannoch chooses a new county council";
        let place = window.place("Four days before Brannoch chooses");
        let chars = text.find("chooses").unwrap() + 7;
        let char_width = place.width() / chars as f32;
        let column = article.width() - 64.0;
        assert!(
            column / char_width >= 45.0,
            "{width}: {} characters",
            column / char_width
        );
    }
}

#[test]
fn widths_are_kept_until_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    let list_width = |window: &Window| {
        let list = By::new().role(Role::List).label("Articles");
        window.harness.get(list).rect().width()
    };
    let mut window = Window::new(Some(config.clone()));
    run(&mut window, Command::OpenDemo);
    let before = list_width(&window);
    let splitter = |window: &Window| {
        let splitter = By::new()
            .role(Role::Splitter)
            .label("Width of the article list");
        window.harness.get(splitter).rect().center()
    };
    let from = splitter(&window);
    window.harness.event(Event::PointerMoved(from));
    window.harness.step();
    press(&mut window, from, true);
    let to = from - vec2(40.0, 0.0);
    window.harness.event(Event::PointerMoved(to));
    window.harness.run_steps(2);
    press(&mut window, to, false);
    window.harness.run_steps(3);
    let after = list_width(&window);
    assert!((before - after - 40.0).abs() < 3.0, "{before} {after}");
    // A window that is small for a while changes no wish.
    size(&mut window, 700.0, 500.0);
    size(&mut window, 1280.0, 800.0);
    assert_eq!(list_width(&window), after);
    window.harness.state_mut().finish(None);
    let mut again = Window::new(Some(config));
    run(&mut again, Command::OpenDemo);
    assert_eq!(list_width(&again), after);
    // By keys, too.
    let splitter = By::new()
        .role(Role::Splitter)
        .label("Width of the article list");
    again.harness.get(splitter).focus();
    again.harness.run_steps(2);
    again.key(Key::ArrowRight);
    again.harness.run_steps(2);
    assert_eq!(list_width(&again), after + 16.0);
}

#[test]
fn the_list_of_people_ends_where_its_part_of_the_page_does() {
    let mut window = demo();
    for (width, height) in [(700.0, 500.0), (900.0, 600.0), (1440.0, 900.0)] {
        size(&mut window, width, height);
        run(&mut window, Command::People);
        window.harness.run_steps(4);
        let end = (width * 0.34).min(336.0).round();
        for (name, count) in [("Which: ", 4), ("Order: ", 1)] {
            let chips = window.harness.query_all_by_label_contains(name);
            let rects: Vec<_> = chips.map(|chip| chip.rect()).collect();
            assert_eq!(rects.len(), count, "{name} at {width}");
            for rect in rects {
                assert!(rect.right() <= end, "{name} at {width}: {rect:?}");
            }
        }
        let add = window
            .harness
            .query_all_by_label_contains("Add a person or organisation");
        let right = add.map(|node| node.rect().right()).fold(0.0, f32::max);
        assert!(right > 0.0 && right <= end, "{width}: {right}");
        // As wide as its part, so that what stands at the end of a row is seen.
        let rows = window.harness.query_all_by_label_contains("quote");
        let right = rows
            .filter(|row| row.accesskit_node().raw_bounds().is_some())
            .map(|row| row.rect())
            .filter(|rect| rect.left() < 4.0 && rect.height() < 60.0)
            .map(|rect| rect.right());
        let right = right.fold(0.0, f32::max);
        assert!(right > 0.0 && right <= end + 1.0, "{width}: {right}");
    }
}

#[test]
fn a_low_window_shows_its_panels_one_at_a_time() {
    let mut window = demo();
    size(&mut window, 1280.0, 600.0);
    let tab = |window: &Window| {
        let tabs = window.harness.query_all(By::new().role(Role::Tab));
        let on = tabs.filter(|tab| {
            // Chosen, and not ticked.
            assert_eq!(tab.accesskit_node().toggled(), None);
            tab.accesskit_node().is_selected() == Some(true)
        });
        let names = on.map(|tab| tab.accesskit_node().label().unwrap_or_default());
        names.collect::<Vec<_>>()
    };
    assert_eq!(tab(&window), ["Read", "Codebook"]);
    window.click("In this article");
    assert_eq!(tab(&window), ["Read", "In this article"]);
    // What is asked for by keys brings its tab.
    run(&mut window, Command::FocusArticle);
    window.key(Key::Tab);
    window.key(Key::N);
    window.harness.run_steps(2);
    assert_eq!(tab(&window), ["Read", "Selected"]);
    window.harness.event(Event::Text("a note".to_owned()));
    window.harness.run_steps(2);
    window.key(Key::Escape);
    assert_eq!(model(&window).selected_annotation().unwrap().note, "a note");
}

#[test]
fn going_to_the_page_that_is_shown_changes_nothing() {
    let mut window = demo();
    window.drag("Brannoch chooses");
    let selected = window.selected_text();
    let place = window.place("Brannoch chooses");
    window.keys(Key::Num1, Modifiers::COMMAND);
    window.harness.run_steps(2);
    assert_eq!(
        (window.selected_text(), window.place("Brannoch chooses")),
        (selected, place)
    );
    let page = window.harness.get(By::new().role(Role::Tab).label("Read"));
    page.click();
    window.harness.run_steps(3);
    assert_eq!(window.place("Brannoch chooses"), place);
}

/// WCAG 2.2, 2.5.8: what is pressed is at least 24 points wide and high.
#[test]
fn what_is_pressed_is_large_enough() {
    let mut window = demo();
    run(&mut window, Command::NextAnnotation);
    let pages = [Command::Read, Command::Codebook];
    let sizes = [(1280.0, 800.0), (900.0, 600.0)];
    for (page, (width, height)) in pages.map(|page| sizes.map(|size| (page, size))).concat() {
        run(&mut window, page);
        size(&mut window, width, height);
        let roles = [
            Role::Button,
            Role::Tab,
            Role::Switch,
            Role::RadioButton,
            Role::ComboBox,
            Role::CheckBox,
            Role::SearchInput,
            Role::TextInput,
            Role::ListItem,
        ];
        let mut small = Vec::new();
        for role in roles {
            for node in window.harness.query_all(By::new().role(role)) {
                let rect = node.rect();
                if rect.width() < 23.9 || rect.height() < 23.9 {
                    small.push((node.accesskit_node().label().unwrap_or_default(), rect));
                }
            }
        }
        assert!(small.is_empty(), "{page:?} {width}: {small:?}");
    }
}

#[test]
fn rows_say_whose_an_annotation_is_and_who_speaks() {
    let window = demo();
    let names: Vec<String> = rows(&window, "Annotations")
        .into_iter()
        .map(|row| row.0)
        .collect();
    let quote = names
        .iter()
        .find(|name| name.starts_with("Quote, "))
        .unwrap();
    assert!(
        quote.contains("Maud Ferreira") && quote.contains("by demo"),
        "{quote}"
    );
}
