//! The mouse in the tests of the window: pressing, clicking and dragging at places of the screen.

use crate::window::Window;
use eframe::egui::{Event, Modifiers, PointerButton, Pos2};

/// A button, and the keys that are held with it.
type With = (PointerButton, Modifiers);

pub(crate) const LEFT: With = (PointerButton::Primary, Modifiers::NONE);
pub(crate) const RIGHT: With = (PointerButton::Secondary, Modifiers::NONE);

/// The left button going down or up.
pub(crate) fn button(pos: Pos2, pressed: bool) -> Event {
    button_with(pos, pressed, LEFT)
}

pub(crate) fn button_with(pos: Pos2, pressed: bool, (button, modifiers): With) -> Event {
    Event::PointerButton {
        pos,
        button,
        pressed,
        modifiers,
    }
}

/// The same in a frame of its own.
pub(crate) fn press(window: &mut Window, at: Pos2, pressed: bool) {
    window.harness.event(button(at, pressed));
    window.harness.step();
}

pub(crate) fn press_with(window: &mut Window, at: Pos2, pressed: bool, with: With) {
    let event = button_with(at, pressed, with);
    let (_, held) = with;
    if held.is_none() {
        window.harness.event(event);
    } else {
        window.harness.event_modifiers(event, held);
    }
    window.harness.step();
}

pub(crate) fn click_at(window: &mut Window, at: Pos2) {
    click_with(window, at, LEFT);
}

pub(crate) fn click_with(window: &mut Window, at: Pos2, with: With) {
    window.harness.event(Event::PointerMoved(at));
    // Far from the click before, so that it is not counted on.
    window.harness.run_steps(9);
    press_with(window, at, true, with);
    press_with(window, at, false, with);
    window.harness.run_steps(3);
}

/// From one point to another, with the button held.
pub(crate) fn drag(window: &mut Window, from: Pos2, to: Pos2) {
    window.harness.event(Event::PointerMoved(from));
    window.harness.step();
    press(window, from, true);
    for share in [0.2, 0.6, 1.0] {
        window
            .harness
            .event(Event::PointerMoved(from.lerp(to, share)));
        window.harness.step();
    }
    press(window, to, false);
    window.harness.run_steps(3);
}
