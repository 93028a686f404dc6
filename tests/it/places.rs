//! Where things stand in the window, for the tests of all sizes: within it, and not over each other.

use crate::window::Window;
use eframe::egui::accesskit::Role;
use eframe::egui::{Rect, vec2};
use egui_kittest::kittest::{By, NodeT, Queryable};

/// The window gets another size, and what follows from it comes to rest.
pub(crate) fn size(window: &mut Window, width: f32, height: f32) {
    window.harness.set_size(vec2(width, height));
    window.harness.run_steps(8);
    window.settle();
}

/// Names and places of all that has one of the roles.
pub(crate) fn named(window: &Window, roles: &[Role]) -> Vec<(String, Rect)> {
    let nodes = roles
        .iter()
        .flat_map(|role| window.harness.query_all(By::new().role(*role)));
    let named = nodes.map(|node| {
        let name = node.accesskit_node().label().unwrap_or_default();
        (name, node.rect())
    });
    named.collect()
}

/// None begins or ends beside the window; above and below there may be more, where a page scrolls.
pub(crate) fn check_across(places: &[(String, Rect)], screen: Rect, what: &str) {
    let across = screen.expand(0.6).x_range();
    for (name, rect) in places {
        assert!(
            across.contains(rect.left()) && across.contains(rect.right()),
            "{what}: “{name}” at {rect:?} of {screen:?}"
        );
    }
}

/// No two lie over each other.
pub(crate) fn check_apart(places: &[(String, Rect)], what: &str) {
    for (n, (name, rect)) in places.iter().enumerate() {
        for (other, place) in places.iter().take(n) {
            let both = rect.shrink(1.0).intersect(place.shrink(1.0));
            assert!(!both.is_positive(), "{what}: “{name}” lies over “{other}”");
        }
    }
}
