//! A choice as a small round button: one of some, on or off; and one that opens more of them.

use super::icon::{self, Icon};
use super::menu::{self, Mark};
use super::speech::tell_opens;
use super::{row, tell, tell_whether};
use crate::ui::theme::{self, CHIP_HEIGHT, SMALL};
use eframe::egui::accesskit::{HasPopup, Role};
use eframe::egui::containers::menu::menu_style;
use eframe::egui::{
    Align, Button, FontId, Id, Layout, Popup, PopupCloseBehavior, PopupKind, Pos2, Response, Sense,
    Stroke, StrokeKind, Ui, pos2, vec2,
};

/// One of some, of which several may be on. Draws it; `true` when it was clicked. What it is a choice of is part
/// of its name.
pub(crate) fn tick_chip_ui(ui: &mut Ui, of: &str, choice: &str, is_on: bool) -> bool {
    chip_ui(ui, Role::CheckBox, of, choice, is_on, Sense::click()).clicked()
}

/// One of some, whichever way it is pressed.
pub(super) fn chip_ui(
    ui: &mut Ui,
    role: Role,
    of: &str,
    choice: &str,
    is_on: bool,
    sense: Sense,
) -> Response {
    let shown = choice.replace('_', " ");
    let parts = Parts {
        sense,
        ..Parts::default()
    };
    let response = shape_ui(ui, &shown, is_on, parts);
    let name = format!("{of}: {shown}");
    tell_whether(&response, role, &name, is_on);
    response
}

/// A word that does something, without an outline until the pointer is at it.
pub(crate) fn quiet_button_ui(ui: &mut Ui, shown: &str, name: &str) -> Response {
    let least = vec2(CHIP_HEIGHT + 4.0, CHIP_HEIGHT);
    let button = Button::new(shown).frame_when_inactive(false);
    let response = ui.add(button.min_size(least));
    tell(&response, Role::Button, name);
    response
}

/// A word, or a few letters, that switch what has a longer name; quiet while it is off.
pub(crate) fn word_switch_ui(ui: &mut Ui, shown: &str, name: &str, is_on: bool) -> Response {
    let tokens = theme::tokens(ui.ctx());
    let font = if is_on {
        theme::strong_font(SMALL)
    } else {
        FontId::proportional(SMALL)
    };
    let ink = if is_on { tokens.ink } else { tokens.dim };
    let text = row::line(ui.painter(), shown, font, ink, 200.0);
    let size = vec2((text.size().x + 14.0).max(CHIP_HEIGHT + 4.0), CHIP_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    tell_whether(&response, Role::Switch, name, is_on);
    let painter = ui.painter();
    if is_on {
        let edge = Stroke::new(1.0, tokens.edge);
        painter.rect(rect, 4.0, tokens.chosen, edge, StrokeKind::Inside);
    } else if response.hovered() {
        painter.rect_filled(rect, 4.0, tokens.hover);
    }
    painter.galley(rect.center() - text.size() / 2.0, text, ink);
    response
}

/// One that does something with what it names.
pub(crate) fn button_chip_ui(ui: &mut Ui, does: &str, shown: &str) -> Response {
    let response = shape_ui(ui, shown, false, Parts::default());
    tell(&response, Role::Button, &format!("{does}: {shown}"));
    response
}

/// A chip that opens a menu of choices; it is on while something else than usual is chosen.
pub(crate) fn menu_chip_ui(
    ui: &mut Ui,
    of: &str,
    shown: &str,
    is_on: bool,
    icon: Option<Icon>,
    choices: impl FnOnce(&mut Ui),
) -> Response {
    let parts = Parts {
        icon,
        opens: true,
        ..Parts::default()
    };
    let response = shape_ui(ui, shown, is_on, parts);
    let name = if of == shown {
        of.to_owned()
    } else {
        format!("{of}: {shown}")
    };
    tell(&response, Role::Button, &name);
    let is_open = menu::is_open_at(&response);
    tell_opens(&response, HasPopup::Menu, is_open);
    let place = response.id.with("was open");
    if !is_open && !response.clicked() {
        ui.data_mut(|data| data.remove_temp::<bool>(place));
        return response;
    }
    let popup = Popup::menu(&response);
    let stays = PopupCloseBehavior::CloseOnClickOutside;
    let was_open = ui.data(|data| data.get_temp(place)).unwrap_or(false);
    let shown = popup.close_behavior(stays).accessible_name(of).show(|ui| {
        if !was_open {
            menu::begin_at_choice(ui);
        }
        choices(ui);
    });
    ui.data_mut(|data| data.insert_temp(place, shown.is_some()));
    response
}

struct Parts {
    icon: Option<Icon>,
    /// A mark at its right says that it opens, or goes.
    opens: bool,
    drops: bool,
    sense: Sense,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            icon: None,
            opens: false,
            drops: false,
            sense: Sense::click(),
        }
    }
}

/// The chip itself, at most as wide as there is room; its name is the caller's.
fn shape_ui(ui: &mut Ui, text: &str, is_on: bool, parts: Parts) -> Response {
    const PADDING: f32 = 9.0;
    const MARK: f32 = 12.0;
    let tokens = theme::tokens(ui.ctx());
    let font = if is_on {
        theme::strong_font(SMALL)
    } else {
        FontId::proportional(SMALL)
    };
    let marks = f32::from(u8::from(parts.icon.is_some()) + u8::from(parts.opens || parts.drops))
        * (MARK + 4.0);
    let most =
        (ui.available_size_before_wrap().x.max(ui.max_rect().width()) - 2.0 * PADDING - marks)
            .max(20.0);
    let galley = row::line(ui.painter(), text, font, tokens.ink, most);
    let size = vec2(galley.size().x + 2.0 * PADDING + marks, CHIP_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, parts.sense);
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let painter = ui.painter();
    let fill = if is_on || response.is_pointer_button_down_on() {
        tokens.chosen
    } else if response.hovered() {
        tokens.hover
    } else {
        tokens.page
    };
    let radius = CHIP_HEIGHT / 2.0;
    let edge = Stroke::new(1.0, tokens.edge);
    painter.rect(rect, radius, fill, edge, StrokeKind::Inside);
    let mut left = rect.left() + PADDING;
    let middle = rect.center().y;
    if let Some(shown) = parts.icon {
        icon::paint(
            painter,
            shown,
            pos2(left + MARK / 2.0, middle),
            MARK,
            tokens.ink,
        );
        left += MARK + 4.0;
    }
    let right = left + galley.size().x;
    painter.galley(
        pos2(left, middle - galley.size().y / 2.0),
        galley,
        tokens.ink,
    );
    if parts.opens || parts.drops {
        let mark = if parts.opens { Icon::Down } else { Icon::Close };
        let at = pos2(right + 4.0 + MARK / 2.0, middle);
        icon::paint(painter, mark, at, MARK, tokens.ink);
    }
    response
}

/// A choice that is in force and is dropped by pressing it; `true` when it was.
pub(crate) fn dropped_chip_ui(ui: &mut Ui, of: &str, choice: &str) -> bool {
    let parts = Parts {
        drops: true,
        ..Parts::default()
    };
    let response = shape_ui(ui, choice, true, parts);
    tell(&response, Role::Button, &format!("Drop {of}: {choice}"));
    response.clicked()
}

/// Choices at a place of the window, until one is made or they are left.
pub(crate) fn choose_ui(
    ui: &Ui,
    name: &str,
    at: Pos2,
    is_open: &mut bool,
    choices: impl FnOnce(&mut Ui),
) {
    Popup::new(
        Id::unique(("choices", name)),
        ui.ctx().clone(),
        at,
        ui.layer_id(),
    )
    .kind(PopupKind::Menu)
    .layout(Layout::top_down_justified(Align::Min))
    .style(menu_style)
    .open_bool(is_open)
    .accessible_name(name)
    .show(choices);
}

/// A menu's line that is one of several choices; `true` when it was chosen.
pub(crate) fn choice_ui(ui: &mut Ui, text: &str, is_chosen: bool) -> bool {
    let is_clicked = menu::item_ui(ui, Mark::Choice(is_chosen), text, "", true).clicked();
    if is_clicked {
        ui.close();
    }
    is_clicked
}
