//! What is seen where there is room, and where there is little: words that are whole or end with an
//! ellipsis, one row that stands out, places that the keyboard begins at.

use crate::cards::run;
use crate::find::look_for;
use crate::keyboard::focused_name;
use crate::places::size;
use crate::room::demo;
use crate::window::{Window, model, perform};
use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, Rect, Shape, pos2, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};
use pressmark::app::action::claims::ClaimsAction;
use pressmark::app::command::Command;
use pressmark::app::model::state_name;
use pressmark::app::settings::SidePanel;
use pressmark::core::article::Article;
use pressmark::core::claims::board::One;
use pressmark::core::codebook::Thing;
use pressmark::core::project::GroupState;
use pressmark::core::recipes::groups::Say;
use std::sync::Arc;

/// A text as it is painted.
struct Painted {
    text: String,
    /// As it was to be painted, with what was cut.
    whole: String,
    is_cut: bool,
    place: Rect,
}

fn painted(window: &Window) -> Vec<Painted> {
    fn look(shape: &Shape, clip: Rect, found: &mut Vec<Painted>) {
        match shape {
            Shape::Vec(all) => all.iter().for_each(|shape| look(shape, clip, found)),
            Shape::Text(text) => {
                let place = text.galley.mesh_bounds.translate(text.pos.to_vec2());
                if place.intersect(clip).is_positive() {
                    found.push(Painted {
                        text: text.galley.text().to_owned(),
                        whole: text.galley.job.text.clone(),
                        is_cut: text.galley.elided,
                        place,
                    });
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for clipped in &window.harness.output().shapes {
        look(&clipped.shape, clipped.clip_rect, &mut found);
    }
    found
}

/// Lines of hits go to the end of their room, and say so where the text goes on.
#[test]
fn lines_of_hits_fill_their_room_and_end_with_an_ellipsis() {
    let mut window = demo();
    look_for(&mut window, "the");
    run(&mut window, Command::Find);
    for (width, height) in [(1440.0, 900.0), (2560.0, 1440.0), (3840.0, 2160.0)] {
        size(&mut window, width, height);
        look_for(&mut window, "the");
        let now = painted(&window).into_iter().find(|text| text.text == "Now");
        // What is marked there stands at the right.
        let end = now.unwrap().place.right() - 104.0;
        let hits = painted(&window).into_iter();
        let hits: Vec<Rect> = hits
            .filter(|text| text.whole.eq_ignore_ascii_case("the"))
            .map(|text| text.place)
            .filter(|place| place.right() < end)
            .collect();
        assert!(hits.len() > 3, "{width}: {hits:?}");
        let mut cut = 0;
        for text in painted(&window) {
            let follows = |hit: &Rect| {
                (text.place.left() - hit.right()).abs() < 12.0
                    && (text.place.center().y - hit.center().y).abs() < 8.0
            };
            if !hits.iter().any(follows) || text.text.trim().is_empty() {
                continue;
            }
            // Either all of it is there, or it goes to the end of its room and says that it goes on.
            let is_full = text.place.right() > end - 30.0;
            let goes_on = text.text.ends_with('…');
            cut += usize::from(goes_on);
            let ends = |article: &Arc<Article>| {
                let last = article
                    .text
                    .as_str()
                    .lines()
                    .next_back()
                    .unwrap_or_default();
                text.whole.trim_end().ends_with(last.trim_end())
            };
            let mut articles = model(&window).session().project().articles().iter();
            let is_all = articles.any(ends);
            let is_right = is_all || (is_full && goes_on);
            assert!(is_right, "{width}: “{}”", text.text);
        }
        assert!(cut > 0, "{width}");
    }
}

/// No verdict is cut by what is said beside it.
#[test]
fn a_verdict_is_read_on_its_card() {
    let mut window = demo();
    run(&mut window, Command::Claims);
    window.settle();
    let project = model(&window).session().project();
    let member = project.articles().iter().find_map(|article| {
        // Nothing was said of it so far.
        let claim = article.annotations.get("demo-000030")?;
        Some((article.id.clone(), claim.id.clone()))
    });
    let one = One::Alone(member.unwrap());
    let verdict = "Cannot be checked at all";
    let say = Box::new(Say::Verdict(verdict.to_owned()));
    perform(&mut window, ClaimsAction::Say(one, say));
    for (width, height) in [(700.0, 500.0), (900.0, 600.0), (1440.0, 900.0)] {
        size(&mut window, width, height);
        let seen = painted(&window).into_iter();
        let cards: Vec<bool> = seen
            .filter(|text| text.whole == verdict)
            .map(|text| text.is_cut)
            .collect();
        assert!(!cards.is_empty(), "{width}");
        assert!(!cards.contains(&true), "{width}: {cards:?}");
    }
}

/// The claim in its drawer has a heading of 20 points, and room below it.
#[test]
fn the_heading_of_a_claim_leaves_room_below_it() {
    let mut window = demo();
    run(&mut window, Command::Claims);
    window.settle();
    run(&mut window, Command::Claims);
    size(&mut window, 700.0, 500.0);
    window.click("The claim");
    window.settle();
    let headings = window.harness.query_all(By::new().role(Role::Heading));
    let title = headings
        .map(|node| node.rect())
        .max_by(|a, b| a.height().total_cmp(&b.height()))
        .unwrap();
    let claimant = painted(&window).into_iter();
    let is_below = |place: &Rect| place.left() >= title.left() - 1.0 && place.top() > title.top();
    let claimant = claimant.filter(|text| text.whole == "Claimant" && is_below(&text.place));
    let below = claimant
        .map(|text| text.place.top())
        .fold(f32::NAN, f32::min);
    assert!(below - title.bottom() >= 8.0, "{below} below {title:?}");
}

#[test]
fn words_of_our_own_are_whole_in_a_narrow_window() {
    let mut window = demo();
    size(&mut window, 700.0, 500.0);
    run(&mut window, Command::ToggleTable);
    window.settle();
    let all = painted(&window);
    let dates = || all.iter().filter(|text| text.whole.ends_with(" 2025"));
    assert!(dates().count() > 3);
    for date in dates() {
        assert!(!date.is_cut, "“{}”", date.text);
    }
    run(&mut window, Command::Codebook);
    window.settle();
    // The name of the label that is shown stands in bold letters.
    for _ in 0..3 {
        size(&mut window, 700.0, 500.0);
        for text in painted(&window) {
            let is_choice = [
                "as marked",
                "left out",
                "kept",
                "anywhere",
                "with other labels",
                "never",
                "Promotional content",
            ]
            .contains(&text.whole.as_str());
            assert!(!(is_choice && text.is_cut), "“{}”", text.text);
        }
        window.key(Key::ArrowDown);
    }
    size(&mut window, 700.0, 1400.0);
    for text in painted(&window) {
        let is_ours = [
            "exact",
            "words",
            "clause",
            "sentence",
            "paragraph",
            "solid",
            "dashed",
        ]
        .iter()
        .any(|word| text.whole.contains(word) && text.whole.len() < 20);
        assert!(!(is_ours && text.is_cut), "“{}”", text.text);
    }
}

/// Where the panels at the right stand one at a time, the one about what is selected is shown.
#[test]
fn the_drawer_at_the_right_opens_at_what_is_selected() {
    let mut window = demo();
    size(&mut window, 700.0, 500.0);
    let tab = |window: &Window| {
        let tabs = window.harness.query_all(By::new().role(Role::Tab));
        let chosen = tabs.filter(|node| node.accesskit_node().is_selected() == Some(true));
        let names = chosen.map(|node| node.accesskit_node().label().unwrap_or_default());
        names.collect::<Vec<_>>().join(", ")
    };
    window.key(Key::F10);
    window.harness.run_steps(4);
    assert!(tab(&window).contains("Codebook"), "{}", tab(&window));
    window.key(Key::F10);
    window.harness.run_steps(4);
    window.key(Key::Tab);
    assert!(model(&window).selected().is_some());
    window.key(Key::F10);
    window.harness.run_steps(4);
    assert_eq!(
        model(&window).settings().drawer,
        Some(SidePanel::Annotations)
    );
    assert!(tab(&window).contains("Selected"), "{}", tab(&window));
}

/// Beside a text in a wide window there is room for whole names.
#[test]
fn tags_use_the_room_beside_the_text() {
    let mut window = demo();
    for (width, has_room) in [(1440.0, false), (2560.0, true)] {
        size(&mut window, width, 1440.0);
        let tags = painted(&window).into_iter();
        let is_beside = |place: &Rect| {
            let across = width * 0.5..=width * 0.86;
            across.contains(&place.left())
        };
        let tags = tags.filter(|text| text.whole.contains(" · ") && is_beside(&text.place));
        let tags: Vec<Painted> = tags.collect();
        assert!(tags.len() > 3, "{width}");
        for tag in tags.iter().filter(|_| has_room) {
            assert!(!tag.is_cut, "{width}: “{}” of “{}”", tag.text, tag.whole);
        }
    }
}

/// Coming to the page of finding, what was looked for is ready to be written over.
#[test]
fn the_page_of_finding_begins_in_its_field() {
    let mut window = demo();
    look_for(&mut window, "the");
    for from in [Command::Read, Command::Find] {
        run(&mut window, from);
        window.key(Key::Escape);
        window.keys(Key::Num2, Modifiers::COMMAND);
        window.harness.run_steps(3);
        assert_eq!(focused_name(&window), "Find in all articles", "{from:?}");
        window.harness.event(Event::Text("x".to_owned()));
        window.harness.run_steps(3);
        assert_eq!(model(&window).searched().0, "x", "{from:?}");
    }
}

/// Bars of months have no holes, and say which year they are of.
#[test]
fn months_without_hits_keep_their_places() {
    let mut window = demo();
    look_for(&mut window, "the");
    size(&mut window, 1440.0, 900.0);
    let texts: Vec<String> = painted(&window).into_iter().map(|text| text.text).collect();
    let has = |text: &str| texts.iter().any(|known| known == text);
    assert!(has("2025"), "{texts:?}");
    let span = "November 2024 to June 2025";
    assert!(
        texts
            .iter()
            .any(|text| span.starts_with(text.trim_end_matches('…')))
    );
}

/// The pointer at rest lights up no second row; the one that it moves to is the current one, and the
/// arrows go on from there.
#[test]
fn one_row_of_the_palette_stands_out() {
    let mut window = demo();
    let at = pos2(640.0, 330.0);
    window.harness.event(Event::PointerMoved(at));
    window.harness.run_steps(2);
    run(&mut window, Command::Palette);
    let current = |window: &Window| {
        let rows = window
            .harness
            .query_all(By::new().role(Role::ListBoxOption));
        let rows = rows.filter(|row| row.accesskit_node().is_selected() == Some(true));
        let rows = rows.map(|row| row.accesskit_node().label().unwrap_or_default());
        rows.collect::<Vec<_>>()
    };
    let tokens = *window.harness.state().tokens();
    let lit = |window: &Window| {
        let shapes = window.harness.output().shapes.iter();
        let is_row = |shape: &Shape| {
            let Shape::Rect(rect) = shape else {
                return false;
            };
            let is_lit = [tokens.hover, tokens.chosen].contains(&rect.fill);
            is_lit && rect.rect.width() > 400.0 && rect.rect.height() < 40.0
        };
        shapes.filter(|clipped| is_row(&clipped.shape)).count()
    };
    let first = current(&window);
    assert_eq!((first.len(), lit(&window)), (1, 1), "{first:?}");
    window
        .harness
        .event(Event::PointerMoved(at + vec2(3.0, 0.0)));
    window.harness.run_steps(3);
    let pointed = current(&window);
    assert!(pointed.len() == 1 && pointed != first, "{pointed:?}");
    assert_eq!(lit(&window), 1);
    window.key(Key::ArrowDown);
    let next = current(&window);
    assert!(
        next.len() == 1 && next != pointed && next != first,
        "{next:?}"
    );
    assert_eq!(lit(&window), 1);
    window.harness.run_steps(4);
    assert_eq!(current(&window), next);
}

/// All columns of the board have something to show in the demo.
#[test]
fn the_demo_shows_claims_in_every_column() {
    let mut window = demo();
    run(&mut window, Command::Claims);
    window.settle();
    let project = model(&window).session().project();
    let groups = || {
        let groups = project.groups().iter();
        groups.filter(|group| group.thing == Thing::Claim)
    };
    for state in [GroupState::Checking, GroupState::Done] {
        let count = groups().filter(|group| group.state == state).count();
        assert!(count >= 3, "{state:?}: {count}");
    }
    let verdicts = groups().map(|group| group.verdict.as_str());
    let mut verdicts: Vec<&str> = verdicts.filter(|verdict| !verdict.is_empty()).collect();
    verdicts.sort_unstable();
    verdicts.dedup();
    assert!(verdicts.len() >= 4, "{verdicts:?}");
}

/// Where there is room for one column, the keyboard and the keys of the page go to the one that is seen.
#[test]
fn keys_go_to_a_claim_that_is_seen() {
    let mut window = demo();
    size(&mut window, 700.0, 500.0);
    run(&mut window, Command::Claims);
    window.settle();
    assert_eq!(focused_name(&window), "To check");
    let segment = |name: &str| {
        let name = format!("Cards that are: {name} ");
        By::new()
            .role(Role::RadioButton)
            .predicate(move |node| node.label().is_some_and(|label| label.starts_with(&name)))
    };
    for name in ["Done", "Checking", "To check"] {
        window.harness.get(segment(name)).click();
        window.settle();
        let column = model(&window).current_claim().cloned();
        let project = model(&window).session().project();
        let state = |one: &One| match one {
            One::Group(id) => {
                let group = project.group(id);
                group.map(|group| state_name(&group.state).to_owned())
            }
            One::Alone(_) => Some("To check".to_owned()),
        };
        let shown = column.as_ref().and_then(state);
        assert_eq!(shown.as_deref(), Some(name));
        run(&mut window, Command::Claims);
        window.keys(Key::F, Modifiers::COMMAND);
        window.settle();
        window.key(Key::ArrowDown);
        window.settle();
        assert_eq!(focused_name(&window), name);
    }
}
