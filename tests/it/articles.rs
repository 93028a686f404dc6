//! Work on articles: details of several at once, sets drawn by lot, groups and filters of the list, and
//! reading on through what is not dealt with yet.

use crate::cards::run;
use crate::keyboard::type_in;
use crate::room::demo;
use crate::window::{Window, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Rect, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::{Action, Drawing, DrawnFrom, Ticking};
use pressmark::app::command::Command;
use pressmark::core::article::Status;
use pressmark::core::ids::ArticleId;
use pressmark::core::lists::{Facet, Listing, Order};
use pressmark::core::sampling::Shares;

fn ids(window: &Window) -> Vec<ArticleId> {
    let articles = model(window).session().project().articles();
    articles.iter().map(|article| article.id.clone()).collect()
}

fn tick(window: &mut Window, places: &[usize]) {
    let all = ids(window);
    perform(window, Action::GoToArticle(all[places[0]].clone()));
    for at in &places[1..] {
        perform(window, Action::Tick(Ticking::One(all[*at].clone())));
    }
    assert_eq!(model(window).ticked().len(), places.len());
}

fn meta(window: &Window, name: &str) -> Vec<String> {
    let articles = model(window).session().project().articles();
    let said = |article: &std::sync::Arc<pressmark::core::article::Article>| {
        article.meta(name).unwrap_or_default().to_owned()
    };
    articles.iter().map(said).collect()
}

/// Gives the keyboard to a field, which has the name of its row.
fn focus(window: &mut Window, field: &str) {
    let is_field = By::new().label(field).predicate(|node| {
        let role = node.role();
        matches!(role, Role::TextInput | Role::MultilineTextInput)
    });
    window.harness.get(is_field).focus();
    window.harness.run_steps(2);
}

/// Rows of the list, articles and headings, from the top.
fn rows(window: &Window) -> Vec<(String, Rect)> {
    let list = By::new().role(Role::List).label("Articles");
    let list = window.harness.get(list).rect();
    let nodes = window.harness.query_all(
        By::new().predicate(|node| matches!(node.role(), Role::ListItem | Role::Button)),
    );
    let rows = nodes.map(|node| {
        let name = node.accesskit_node().label().unwrap_or_default();
        (name, node.rect())
    });
    let mut rows: Vec<_> = rows
        .filter(|(_, rect)| list.contains(rect.center()) && rect.width() > 200.0)
        .collect();
    rows.sort_by(|(_, a), (_, b)| a.top().total_cmp(&b.top()));
    rows
}

#[test]
fn details_of_five_articles_are_changed_as_one_step() {
    let mut window = demo();
    tick(&mut window, &[0, 1, 2, 4, 5]);
    let (outlets, dates) = (meta(&window, "outlet"), meta(&window, "published"));
    window.key(Key::F2);
    let _card = window.harness.get_by_label("Details of 5 articles");
    // They differ, which the empty field says; nothing is changed by looking.
    let _refusal = window.harness.get_by_label("Change 0 articles");
    focus(&mut window, "Outlet");
    type_in(&mut window, "Ardal Post");
    focus(&mut window, "Name of a new field");
    type_in(&mut window, "wave");
    window.key(Key::Enter);
    window.harness.run_steps(2);
    type_in(&mut window, "2");
    let _told = window
        .harness
        .get_by_label("Changes 5 of 5 articles, as one step");
    let steps = model(&window).session().history().done();
    window.key(Key::Enter);
    assert_eq!(model(&window).session().history().done(), steps + 1);
    for (at, outlet) in meta(&window, "outlet").iter().enumerate() {
        let is_meant = [0, 1, 2, 4, 5].contains(&at);
        let expected = if is_meant {
            "Ardal Post"
        } else {
            outlets[at].as_str()
        };
        assert_eq!(outlet, expected, "{at}");
        assert_eq!(meta(&window, "wave")[at] == "2", is_meant, "{at}");
    }
    assert_eq!(meta(&window, "published"), dates);
    // It was large enough to be told of.
    let told = "The details of 5 articles are changed";
    let notices = model(&window).notices().iter();
    assert!(notices.map(|n| &n.message).any(|message| message == told));
    run(&mut window, Command::Undo);
    assert_eq!(meta(&window, "outlet"), outlets);
    assert!(meta(&window, "wave").iter().all(String::is_empty));
}

#[test]
fn details_of_one_article_are_seen_above_its_text() {
    let mut window = demo();
    perform(&mut window, Action::Tick(Ticking::None));
    window.key(Key::F2);
    let _card = window.harness.get_by_label("Details of the article");
    // The keyboard begins in the title.
    window.keys(Key::A, Modifiers::COMMAND);
    type_in(&mut window, "A bridge too many");
    focus(&mut window, "Byline");
    window.keys(Key::A, Modifiers::COMMAND);
    type_in(&mut window, "Hedda Quill");
    focus(&mut window, "Published");
    window.keys(Key::A, Modifiers::COMMAND);
    type_in(&mut window, "14 May 2024");
    let _kept = window
        .harness
        .get_by_label("Tuesday 14 May 2024, kept as 2024-05-14");
    focus(&mut window, "Outlet");
    window.click("Empty Outlet");
    window.click("Change");
    let article = model(&window).article().unwrap().clone();
    assert_eq!(article.title, "A bridge too many");
    assert_eq!(article.meta("published"), Some("2024-05-14"));
    assert_eq!(article.meta("outlet"), None);
    let heading = By::new().role(Role::Heading).label("A bridge too many");
    let _head = window.harness.get(heading);
    let _byline = window
        .harness
        .get_by_label_contains("Hedda Quill  Tuesday 14 May 2024");
    // Leaving it changes nothing.
    window.key(Key::F2);
    type_in(&mut window, "Another title");
    window.key(Key::Escape);
    assert_eq!(model(&window).article().unwrap().title, article.title);
}

#[test]
fn a_stratified_sample_of_ten_is_kept_shown_and_undone() {
    let mut window = Window::new(None);
    for n in 0..40 {
        let outlet = if n % 4 == 0 { "Herald" } else { "Post" };
        let text = format!("Article {n}\n\nWords of article {n} here.");
        let actions = &mut window.harness.state_mut().model;
        actions.perform(Action::AddText { text, html: None });
        window.settle();
        window
            .harness
            .state_mut()
            .model
            .perform(Action::AcceptImport);
        window.harness.run_steps(2);
        let id = model(&window).article().unwrap().id.clone();
        let mut change = pressmark::core::recipes::details::DetailsChange::default();
        change.fields.insert("outlet".to_owned(), outlet.to_owned());
        let (articles, change) = (ids(&window).split_off(n), Box::new(change));
        assert!(!articles.is_empty(), "{id}");
        perform(&mut window, Action::ChangeDetails { articles, change });
    }
    let drawing = Drawing {
        name: "Pilot".to_owned(),
        number: 10,
        seed: 7,
        evenly_by: Some(Facet::Outlet),
        shares: Shares::Proportional,
        from: DrawnFrom::All,
    };
    run(&mut window, Command::Sets);
    focus(&mut window, "Name of the set");
    type_in(&mut window, "By hand of the dialog");
    window.key(Key::Escape);
    perform(&mut window, Action::DrawSample(drawing.clone()));
    let set = model(&window).session().project().sets()[0].clone();
    assert_eq!((set.name.as_str(), set.seed), ("Pilot", 7));
    assert_eq!(set.how, "10 of 40 articles, evenly by outlet");
    let outlet_of = |id: &ArticleId| {
        let article = model(&window).session().project().article(id).unwrap();
        article.meta("outlet").unwrap().to_owned()
    };
    let posts = set.members.iter().filter(|id| outlet_of(id) == "Post");
    // 2.5 and 7.5 of ten.
    let posts = posts.count();
    assert!((7..=8).contains(&posts), "{posts}");
    // The list shows them and nothing else, and says why.
    assert_eq!(model(&window).listed().articles(), 10);
    let _chip = window.harness.get_by_label("Drop Set: Pilot");
    // The same seed draws the same.
    perform(&mut window, Action::DrawSample(drawing));
    let sets = model(&window).session().project().sets();
    assert_eq!(sets[1].members, set.members);
    assert_eq!(sets[1].name, "Pilot (2)");
    run(&mut window, Command::Undo);
    run(&mut window, Command::Undo);
    assert!(model(&window).session().project().sets().is_empty());
    assert_eq!(model(&window).listed().articles(), 40, "its filter is gone");
}

#[test]
fn a_sample_is_drawn_renamed_and_deleted_in_the_window() {
    let mut window = demo();
    run(&mut window, Command::Sets);
    focus(&mut window, "Name of the set");
    type_in(&mut window, "Pilot");
    let pick = By::new().role(Role::ComboBox).label("Spread over");
    window.harness.get(pick).click();
    window.harness.run_steps(3);
    window.click("Language");
    // Ten of seven are seven.
    let _told = window.harness.get_by_label_contains("7 of 7 articles");
    window.click("Draw the sample");
    let id = model(&window).session().project().sets()[0].id.clone();
    assert_eq!(model(&window).listing().set.as_ref(), Some(&id));
    run(&mut window, Command::Sets);
    focus(&mut window, "Name of the set");
    window.keys(Key::A, Modifiers::COMMAND);
    type_in(&mut window, "First wave");
    window.click("Rename");
    let name = |window: &Window| model(window).session().project().sets()[0].name.clone();
    assert_eq!(name(&window), "First wave");
    window.click("Delete the set");
    assert!(model(&window).session().project().sets().is_empty());
    assert_eq!(model(&window).listing().set, None);
    window.key(Key::Escape);
    run(&mut window, Command::Undo);
    assert_eq!(name(&window), "First wave");
    // What is ticked becomes a set, and leaves as a dataset.
    tick(&mut window, &[1, 3]);
    run(&mut window, Command::KeepTicked);
    let _row = window.harness.get_by_label("Set");
    window.click("Export…");
    let _told = window.harness.get_by_label("2 of 7 ticked");
}

#[test]
fn groups_fold_by_mouse_and_by_keyboard() {
    let mut window = demo();
    window.click("Group");
    window.click("By status");
    let first = ids(&window)[0].clone();
    perform(
        &mut window,
        Action::SetStatusOf {
            articles: vec![first],
            status: Status::Done,
        },
    );
    let headings = |window: &Window| -> Vec<String> {
        let rows = rows(window).into_iter().map(|(name, _)| name);
        rows.filter(|name| name.ends_with(" done") && name.contains("article"))
            .collect()
    };
    assert_eq!(
        headings(&window),
        ["New, 6 articles, 0 done", "Done, 1 article, 1 done"]
    );
    assert_eq!(rows(&window).len(), 9);
    window.click("New, 6 articles, 0 done");
    assert_eq!(rows(&window).len(), 3);
    // The way on opens the group that it leads into.
    run(&mut window, Command::NextNew);
    assert_eq!(model(&window).listed().articles(), 7);
    window.click("New, 6 articles, 0 done");
    assert_eq!(rows(&window).len(), 9);
    // By keyboard: up from the first article is its heading, and Space folds it.
    let place = model(&window).listed().article_row(0, true).unwrap();
    let at = model(&window).listed().place(place).unwrap();
    let id = ids(&window)[at].clone();
    perform(&mut window, Action::GoToArticle(id.clone()));
    run(&mut window, Command::FilterArticles);
    window.key(Key::ArrowDown);
    window.key(Key::ArrowUp);
    window.key(Key::ArrowUp);
    window.key(Key::Space);
    assert_eq!(rows(&window).len(), 3);
    window.key(Key::Enter);
    assert_eq!(rows(&window).len(), 9);
    assert!(model(&window).ticked().is_empty());
}

#[test]
fn articles_are_picked_out_by_what_has_no_chip_of_its_own() {
    let mut window = demo();
    window.click("Filter");
    window.click("Month");
    let name = {
        let months = window
            .harness
            .query_all(By::new().role(Role::MenuItemRadio));
        let mut months = months.filter_map(|node| node.accesskit_node().label());
        months.rfind(|name| name.contains(" 20")).unwrap()
    };
    window.click(&name);
    let (month, n) = name.rsplit_once(" (").unwrap();
    let shown = model(&window).listed().articles();
    assert_eq!(n, format!("{shown})"));
    assert!(shown < 7, "{name}");
    window.click(&format!("Drop Month: {month}"));
    assert_eq!(model(&window).listed().articles(), 7);
}

/// Tab goes from field to field; Delete in one in which the articles differ empties it.
#[test]
fn details_by_keyboard_alone() {
    let mut window = demo();
    tick(&mut window, &[0, 1, 2]);
    window.key(Key::F2);
    for _ in 0..2 {
        window.key(Key::Tab);
    }
    // Byline and outlet were passed.
    type_in(&mut window, "2024-05-14");
    window.key(Key::Tab);
    window.key(Key::Delete);
    let changes = window.harness.query_all_by_label("changes 3").count();
    assert_eq!(changes, 2);
    window.key(Key::Enter);
    assert_eq!(meta(&window, "published")[..3], ["2024-05-14"; 3]);
    assert_eq!(meta(&window, "section")[..3], [""; 3]);
}

/// The menu of a row that is not ticked is about that row.
#[test]
fn details_by_a_rows_menu_are_those_of_the_row() {
    let mut window = demo();
    tick(&mut window, &[1, 3]);
    let id = ids(&window)[5].clone();
    let title = {
        let article = model(&window).session().project().article(&id).unwrap();
        article.shown_title().into_owned()
    };
    let row = By::new().role(Role::ListItem).label_contains(&title);
    window.harness.get(row).click_secondary();
    window.harness.run_steps(3);
    window.click("Details…");
    let _card = window.harness.get_by_label("Details of the article");
    assert_eq!(model(&window).article().unwrap().id, id);
    assert!(model(&window).ticked().is_empty());
}

/// Ticks stay when the filter is another one: the foot says how many are not in sight.
#[test]
fn ticks_out_of_sight_are_told() {
    let mut window = demo();
    tick(&mut window, &[1, 3, 5]);
    assert!(window.harness.query_by_label("1 not shown").is_none());
    let title = model(&window).session().project().articles()[1]
        .title
        .clone();
    let listing = Listing {
        filter: title,
        ..Listing::default()
    };
    perform(&mut window, Action::SetListing(Box::new(listing)));
    let _told = window.harness.get_by_label("3 selected");
    let shown = model(&window).listed().articles();
    let out_of_sight = model(&window).ticked_out_of_sight();
    assert_eq!(out_of_sight, 3 - shown.min(3), "{shown}");
    assert!(out_of_sight > 0);
    let told = format!("{out_of_sight} not shown");
    let _told = window.harness.get_by_label(&told);
}

/// They have their foot where no article fits the filter, too.
#[test]
fn ticks_have_their_foot_where_nothing_fits() {
    let mut window = demo();
    tick(&mut window, &[1, 3, 5]);
    let listing = Listing {
        filter: "no article is called so".to_owned(),
        ..Listing::default()
    };
    perform(&mut window, Action::SetListing(Box::new(listing)));
    let _told = window.harness.get_by_label("No article fits the filter");
    let _told = window.harness.get_by_label("3 selected");
    let _told = window.harness.get_by_label("3 not shown");
    let list = window
        .harness
        .get_by_label("No article fits the filter")
        .rect();
    let button = window.harness.get_by_label("Export 3 articles").rect();
    assert!(button.top() > list.bottom() + 100.0, "{button:?}");
    window.click("Select none");
    assert!(window.harness.query_by_label("3 selected").is_none());
}

/// The current article stays in the list by being that; lots are drawn from those that fit.
#[test]
fn what_stays_in_the_list_and_does_not_fit_is_not_drawn() {
    let mut window = demo();
    let all = ids(&window);
    let new = {
        let by = model(&window).session().annotator();
        let mut articles = model(&window).session().project().articles().iter();
        articles
            .position(|a| a.status_for(by) == Status::New)
            .unwrap()
    };
    perform(&mut window, Action::GoToArticle(all[new].clone()));
    let listing = Listing {
        status: Some(Status::New),
        ..Listing::default()
    };
    perform(&mut window, Action::SetListing(Box::new(listing)));
    let before = model(&window).drawn_from(DrawnFrom::Shown);
    assert!(before.contains(&all[new]));
    let status = Action::SetStatusOf {
        articles: vec![all[new].clone()],
        status: Status::Done,
    };
    perform(&mut window, status);
    let listed = model(&window).listed();
    assert!(listed.row_of(new).is_some(), "it stays in sight");
    assert_eq!(listed.articles(), before.len() - 1);
    let after = model(&window).drawn_from(DrawnFrom::Shown);
    assert_eq!(after.len(), before.len() - 1);
    assert!(!after.contains(&all[new]));
}

/// A filter by a label that is gone is none; one that is merged is one by what it became.
#[test]
fn a_label_that_is_gone_is_not_asked_for() {
    use pressmark::app::action::CodebookAction;
    use pressmark::core::ids::LabelId;
    let mut window = Window::with("Head line\n\nThe ferry stayed in harbour.\n");
    let asked = |window: &Window| model(window).listing().label.clone();
    let ask = |window: &mut Window, label: &LabelId| {
        let listing = Listing {
            label: Some(label.clone()),
            ..Listing::default()
        };
        perform(window, Action::SetListing(Box::new(listing)));
    };
    window.drag("ferry stayed");
    let new = Action::MarkWithNew {
        name: "Ferry".to_owned(),
        parent: None,
    };
    perform(&mut window, new);
    let label = {
        let article = model(&window).article().unwrap();
        article.annotations.iter().next().unwrap().label.clone()
    };
    ask(&mut window, &label);
    perform(&mut window, Action::LockLabel(Some(label.clone())));
    assert_eq!(model(&window).locked_label(), Some(&label));
    run(&mut window, Command::Undo);
    assert_eq!(
        (asked(&window), model(&window).locked_label()),
        (None, None)
    );
    run(&mut window, Command::Redo);
    ask(&mut window, &label);
    let merge = CodebookAction::Merge {
        from: label.clone(),
        into: "quote".into(),
        choices: Default::default(),
    };
    perform(&mut window, Action::from(merge));
    assert_eq!(asked(&window), Some("quote".into()));
    assert_eq!(model(&window).listed().articles(), 1);
    let delete = Action::DeleteLabel {
        label: "quote".into(),
        move_to: None,
    };
    perform(&mut window, delete);
    assert_eq!(asked(&window), None);
}

/// Who says that there is nothing in a paragraph has begun to read, and in the same step.
#[test]
fn saying_that_there_is_nothing_begins_an_article() {
    let mut window = Window::with("Head line\n\nOne is here.\n\nTwo is here.\n");
    let state = |window: &Window| {
        let (article, by) = (
            model(window).article().unwrap(),
            model(window).session().annotator(),
        );
        (article.status_for(by), article.nothing_for(by).len())
    };
    assert_eq!(state(&window), (Status::New, 0));
    window.key(Key::Space);
    assert_eq!(state(&window), (Status::InProgress, 1));
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(state(&window), (Status::New, 0));
    // Said first and marked then: what is told is true.
    window.keys(Key::Home, Modifiers::COMMAND);
    window.key(Key::Space);
    window.drag("Head line");
    window.key(Key::Q);
    window.key(Key::Escape);
    window.keys(Key::Home, Modifiers::COMMAND);
    window.key(Key::Space);
    let told = model(&window)
        .notices()
        .last()
        .map(|notice| notice.message.clone());
    assert_eq!(told.as_deref(), Some("You have marked something here"));
    assert_eq!(state(&window), (Status::InProgress, 1));
}

#[test]
fn reading_goes_on_to_the_next_unread_paragraph() {
    let text = "Head line\n\nOne is here.\n\nTwo is here.\n\nThree is here.\n";
    let mut window = Window::with(text);
    let caret = |window: &Window| -> String {
        let article = model(window).article().unwrap();
        let caret = model(window).selection().caret.as_usize();
        let rest = article.text.as_str().get(caret..).unwrap();
        rest.split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    window.drag("Two is");
    window.key(Key::Q);
    window.key(Key::Escape);
    window.keys(Key::Home, Modifiers::COMMAND);
    window.key(Key::Space);
    assert_eq!(caret(&window), "One");
    window.key(Key::Space);
    // The paragraph with an annotation is dealt with.
    assert_eq!(caret(&window), "Three");
    let nothing = |window: &Window| {
        let article = model(window).article().unwrap();
        let by = model(window).session().annotator();
        article.nothing_for(by).len()
    };
    assert_eq!(nothing(&window), 2);
    window.keys(Key::Z, Modifiers::COMMAND);
    assert_eq!(nothing(&window), 1);
    window.keys(Key::PageDown, Modifiers::ALT);
    assert_eq!(caret(&window), "One");
    window.key(Key::Space);
    window.key(Key::Space);
    assert_eq!(nothing(&window), 3);
    window.key(Key::Space);
    assert_eq!(nothing(&window), 2, "again takes it back");
}

#[test]
fn an_article_with_nothing_in_it_is_done_and_the_next_one_comes() {
    let mut window = demo();
    let empty = {
        let mut articles = model(&window).session().project().articles().iter();
        articles.position(|a| a.annotations.is_empty())
    };
    let all = ids(&window);
    let keys = Modifiers::COMMAND | Modifiers::SHIFT;
    if let Some(empty) = empty {
        perform(&mut window, Action::GoToArticle(all[empty].clone()));
        window.keys(Key::Enter, keys);
        let project = model(&window).session().project();
        let status = project.articles()[empty].status_for(model(&window).session().annotator());
        assert_eq!(status, Status::Done);
        assert_ne!(model(&window).article().unwrap().id, all[empty]);
    }
    window.paste("Nothing in it\n\nAt all.");
    let added = ids(&window).len() - 1;
    assert_eq!(model(&window).article_index(), Some(added));
    window.keys(Key::Enter, keys);
    let project = model(&window).session().project();
    let status = project.articles()[added].status_for(model(&window).session().annotator());
    assert_eq!(status, Status::Done);
    assert_ne!(model(&window).article_index(), Some(added));
    // What has a mark of one's own is not empty.
    window.paste("A mark\n\nWith words in it.");
    window.drag("words");
    window.key(Key::Q);
    let here = model(&window).article_index();
    window.keys(Key::Enter, keys);
    assert_eq!(model(&window).article_index(), here);
}

fn facet_field(facet: Facet) -> &'static str {
    match facet {
        Facet::Outlet => "outlet",
        _ => "author",
    }
}

#[test]
fn outlet_and_byline_are_hidden_while_coding() {
    let mut window = demo();
    let article = model(&window).article().unwrap().clone();
    let (outlet, author) = (article.meta("outlet").unwrap(), article.meta("author"));
    let names: Vec<String> = [Some(outlet), author]
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .collect();
    // What labels and the article as a whole say beside its text.
    let seen = |window: &Window, name: &str| -> Vec<String> {
        let by = By::new().predicate(|node| {
            let role = node.role();
            matches!(role, Role::Label | Role::Document)
        });
        let nodes = window.harness.query_all(by);
        let told = nodes.flat_map(|node| {
            let node = node.accesskit_node();
            [node.label(), node.value(), node.description()]
        });
        let told = told.flatten().filter(|told| told.contains(name));
        told.filter(|told| !article.text.as_str().contains(told.as_str()))
            .collect()
    };
    assert!(!seen(&window, outlet).is_empty());
    let known = |name: &str| article.meta(name).unwrap_or_default().to_owned();
    let only = [Facet::Outlet, Facet::Author].map(|facet| (facet, known(facet_field(facet))));
    let listing = Listing {
        order: Order::Outlet,
        group: Some(Facet::Outlet),
        outlet: Some(outlet.to_owned()),
        only: only.into_iter().collect(),
        ..Listing::default()
    };
    perform(&mut window, Action::SetListing(Box::new(listing)));
    run(&mut window, Command::ToggleSource);
    for name in &names {
        assert_eq!(seen(&window, name), [""; 0], "{name}");
    }
    assert_eq!(*model(&window).listing(), Listing::default());
    run(&mut window, Command::ToggleSource);
    assert!(!seen(&window, outlet).is_empty());
}

/// Nor are they told where copies are compared.
#[test]
fn copies_do_not_tell_what_is_hidden() {
    let text = "The ferry stayed in harbour for a whole day, because the storm over the strait would not end, and so did the mayor, who had come to see it leave.";
    let mut window = Window::with(&format!("First\n\n{text}\n"));
    window.paste(&format!("Second\n\n{text} And so on.\n"));
    let articles = ids(&window);
    assert_eq!(articles.len(), 2);
    let fields = [("outlet".to_owned(), "Secret Post".to_owned())];
    let change = Box::new(pressmark::core::recipes::details::DetailsChange {
        fields: fields.into(),
        ..Default::default()
    });
    perform(&mut window, Action::ChangeDetails { articles, change });
    for hides in [false, true] {
        run(&mut window, Command::FindCopies);
        window.settle();
        // A status that is read out may say it too.
        let groups = window.harness.query_all_by_label_contains("Group 1");
        assert!(groups.count() > 0);
        let told = window
            .harness
            .query_all_by_label_contains("Secret Post")
            .count();
        assert_eq!(told == 0, hides, "{told}");
        window.key(Key::Escape);
        run(&mut window, Command::ToggleSource);
    }
}

/// The current article stays in sight when the window gets lower.
#[test]
fn a_lower_window_keeps_the_current_article_in_sight() {
    let mut window = demo();
    let all = ids(&window);
    window.harness.set_size(vec2(1280.0, 800.0));
    window.harness.run_steps(4);
    let last = all.last().unwrap().clone();
    perform(&mut window, Action::GoToArticle(last));
    window.harness.set_size(vec2(1280.0, 420.0));
    window.harness.run_steps(6);
    let title = model(&window).article().unwrap().shown_title().into_owned();
    let rows = rows(&window);
    let found = rows.iter().find(|(name, _)| name.starts_with(&title));
    let (_, row) = found.unwrap_or_else(|| panic!("{title} is not in {rows:?}"));
    assert!(row.bottom() <= 420.0 - 28.0, "{row:?}");
}

/// Going to an article opens its group, and asks of no other one.
#[test]
fn only_the_group_of_the_article_is_unfolded() {
    let mut window = demo();
    let listing = Listing {
        group: Some(Facet::Outlet),
        ..Listing::default()
    };
    perform(&mut window, Action::SetListing(Box::new(listing)));
    let listed = model(&window).listed();
    let names: Vec<String> = listed
        .headings()
        .iter()
        .map(|row| listed.group(*row).unwrap().name.clone())
        .collect();
    assert!(names.len() > 2, "{names:?}");
    for name in names
        .iter()
        .cloned()
        .chain((0..200).map(|n| format!("Old {n}")))
    {
        perform(&mut window, Action::FoldGroup(name));
    }
    let folded = |window: &Window| {
        let listed = model(window).listed();
        let groups = listed.headings().iter().map(|row| listed.group(*row));
        groups.flatten().filter(|group| group.is_folded).count()
    };
    assert_eq!(folded(&window), names.len());
    let before = model(&window).derived_count();
    let last = ids(&window).pop().unwrap();
    let model_mut = &mut window.harness.state_mut().model;
    model_mut.perform(Action::GoToArticle(last));
    let made = model(&window).derived_count() - before;
    assert!(made < 20, "{made} answers were made");
    assert_eq!(folded(&window), names.len() - 1);
    let at = model(&window).article_index().unwrap();
    assert!(model(&window).listed().row_of(at).is_some());
}
