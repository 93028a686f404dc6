//! The chips above the article list: what is picked out, in which order, in which groups.

use super::{INSET, changed};
use crate::app::action::Action;
use crate::app::derived::listed::Groups;
use crate::app::derived::project::{Counts, MetadataValues};
use crate::app::model::Model;
use crate::app::words::capitalised;
use crate::core::article::Status;
use crate::core::lists::{Facet, Order};
use crate::core::shown::shown as shown_name;
use crate::ui::kit::chip::{choice_ui, dropped_chip_ui, menu_chip_ui};
use crate::ui::kit::icon::Icon;
use crate::ui::kit::menu::{Mark, item_ui, submenu_ui};
use eframe::egui::{self, Ui, vec2};

/// As high as a menu gets before it scrolls.
const MENU_HEIGHT: f32 = 360.0;

pub(super) fn chips_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let listing = model.listing();
    let annotator = model.session().annotator();
    let room = ui.available_rect_before_wrap().shrink2(vec2(INSET, 0.0));
    let room = room.with_min_y(room.top() + 8.0);
    ui.scope_builder(egui::UiBuilder::new().max_rect(room), |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
            let shown = listing.status.as_ref().map_or("Status", Status::name);
            let is_on = listing.status.is_some();
            menu_chip_ui(ui, "Status", &capitalised(shown), is_on, None, |ui| {
                let counts = model.derived(&Counts);
                if choice_ui(ui, "All", listing.status.is_none()) {
                    actions.push(changed(model, |listing| listing.status = None));
                }
                for status in Status::ALL {
                    let n = counts.with_status(annotator, status.clone());
                    let text = format!("{} ({n})", capitalised(status.name()));
                    if choice_ui(ui, &text, listing.status.as_ref() == Some(status)) {
                        let wanted = Some(status.clone());
                        actions.push(changed(model, |listing| listing.status = wanted));
                    }
                }
            });
            let shown = listing.outlet.as_deref().unwrap_or("Outlet");
            let is_on = listing.outlet.is_some();
            if is_on || !model.settings().hides_source {
                menu_chip_ui(ui, "Outlet", shown, is_on, None, |ui| {
                    outlets_ui(ui, model, actions);
                });
            }
            filter_chip_ui(ui, model, actions);
            if let Some(label) = &listing.label {
                let name = model.session().project().codebook().name_of(label);
                if dropped_chip_ui(ui, "Label", &shown_name(name)) {
                    actions.push(changed(model, |listing| listing.label = None));
                }
            }
            for (facet, wanted) in &listing.only {
                if dropped_chip_ui(ui, facet.name(), &capitalised(wanted)) {
                    actions.push(changed(model, |listing| {
                        listing.only.remove(facet);
                    }));
                }
            }
            let set = listing.set.as_ref();
            if let Some(set) = set.and_then(|id| model.session().project().set(id))
                && dropped_chip_ui(ui, "Set", &shown_name(&set.name))
            {
                actions.push(changed(model, |listing| listing.set = None));
            }
            let is_on = listing.order != Order::default();
            let name = listing.order.name();
            let shown = if is_on { &*name } else { "Order" };
            menu_chip_ui(ui, "Order", shown, is_on, Some(Icon::Sort), |ui| {
                for (order, name) in Order::ALL {
                    if order.is_of_source() && model.settings().hides_source {
                        continue;
                    }
                    if choice_ui(ui, name, listing.order == order) {
                        actions.push(changed(model, |listing| listing.order = order));
                    }
                }
            });
            let name = listing
                .group
                .map(|facet| format!("By {}", facet.name().to_lowercase()));
            let shown = name.as_deref().unwrap_or("Group");
            menu_chip_ui(ui, "Group", shown, name.is_some(), Some(Icon::Menu), |ui| {
                if choice_ui(ui, "No groups", listing.group.is_none()) {
                    actions.push(changed(model, |listing| listing.group = None));
                }
                for (facet, name) in facets(model) {
                    let title = format!("By {}", name.to_lowercase());
                    if choice_ui(ui, &title, listing.group == Some(facet)) {
                        actions.push(changed(model, |listing| listing.group = Some(facet)));
                    }
                }
            });
        });
    });
}

/// The outlets that there are, looked for when the menu is open.
fn outlets_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let chosen = model.listing().outlet.as_ref();
    let outlets = model.derived(&MetadataValues("outlet".to_owned()));
    if outlets.is_empty() {
        ui.weak("There are none, or too many to list: write the name in the filter");
    }
    let scroll = egui::ScrollArea::vertical().max_height(MENU_HEIGHT);
    scroll.show(ui, |ui| {
        if choice_ui(ui, "All", chosen.is_none()) {
            actions.push(changed(model, |listing| listing.outlet = None));
        }
        for outlet in outlets.as_slice() {
            if choice_ui(ui, outlet, chosen == Some(outlet)) {
                let wanted = Some(outlet.clone());
                actions.push(changed(model, |listing| listing.outlet = wanted));
            }
        }
    });
}

/// Those that tell nothing that is hidden.
fn facets(model: &Model) -> impl Iterator<Item = (Facet, &'static str)> {
    let hides = model.settings().hides_source;
    let all = Facet::ALL.into_iter();
    all.filter(move |(facet, _)| !hides || !matches!(facet, Facet::Outlet | Facet::Author))
}

/// All that articles can be picked out by and that has no chip of its own.
fn filter_chip_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
    let is_own = |facet: Facet| matches!(facet, Facet::Outlet | Facet::Status);
    let sets = model.session().project().sets();
    menu_chip_ui(ui, "Filter", "Filter", false, Some(Icon::Filter), |ui| {
        for (facet, name) in facets(model).filter(|(facet, _)| !is_own(*facet)) {
            submenu_ui(ui, name, |ui| groups_ui(ui, model, actions, facet));
        }
        if !sets.is_empty() {
            submenu_ui(ui, "Set", |ui| {
                let scroll = egui::ScrollArea::vertical().max_height(MENU_HEIGHT);
                scroll.show(ui, |ui| {
                    for set in sets {
                        let is_it = model.listing().set.as_ref() == Some(&set.id);
                        let name = format!("{} ({})", shown_name(&set.name), set.members.len());
                        if choice_ui(ui, &name, is_it) {
                            let wanted = Some(set.id.clone());
                            actions.push(changed(model, |listing| listing.set = wanted));
                        }
                    }
                });
            });
        }
        if !model.listing().takes_all() {
            ui.separator();
            if item_ui(ui, Mark::None, "Show all articles", "", true).clicked() {
                let (order, group) = (model.listing().order.clone(), model.listing().group);
                actions.push(changed(model, |listing| {
                    *listing = crate::core::lists::Listing {
                        order,
                        group,
                        ..Default::default()
                    };
                }));
                ui.close();
            }
        }
    });
}

/// The groups of a facet, looked for when their menu is open.
fn groups_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, facet: Facet) {
    let chosen = model.listing().only.get(&facet);
    let groups = model.derived(&Groups {
        facet,
        annotator: model.session().annotator().clone(),
    });
    let (known, all) = (&groups.0, groups.1);
    let scroll = egui::ScrollArea::vertical().max_height(MENU_HEIGHT);
    scroll.show(ui, |ui| {
        if choice_ui(ui, "All", chosen.is_none()) {
            actions.push(changed(model, |listing| {
                listing.only.remove(&facet);
            }));
        }
        for (name, n) in known {
            let text = format!("{} ({n})", capitalised(&shown_name(name)));
            if choice_ui(ui, &text, chosen == Some(name)) {
                actions.push(changed(model, |listing| {
                    listing.only.insert(facet, name.clone());
                }));
            }
        }
        if all > known.len() {
            ui.weak(format!(
                "and {} more: write the name in the filter",
                all - known.len()
            ));
        }
    });
}
