//! A month of days to choose from: one stop of the keyboard, within which the arrows go by day and by
//! week, and Page Up and Page Down by month. Knows no clock.

use super::icon::{Icon, icon_button_ui};
use super::tell_chosen;
use crate::ui::theme;
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align2, EventFilter, FontId, Id, Key, RichText, Sense, StrokeKind, Ui, pos2, vec2,
};
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

const CELL: f32 = 30.0;
const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// Draws the month about the day that is gone to; answers the day that was chosen.
pub(crate) fn calendar_ui(ui: &mut Ui, id: Id, chosen: Option<Date>, today: Date) -> Option<Date> {
    let tokens = theme::tokens(ui.ctx());
    let kept: Option<Date> = ui.data(|data| data.get_temp(id));
    let is_new = kept.is_none();
    let at = kept.or(chosen).unwrap_or(today);
    let mut goes_to = at;
    ui.spacing_mut().item_spacing = vec2(0.0, 4.0);
    ui.set_width(7.0 * CELL);
    ui.horizontal(|ui| {
        if icon_button_ui(ui, Icon::Left, "Month before", &tokens).clicked() {
            goes_to = moved(at, -1.month());
        }
        let month = at.strftime("%B %Y").to_string();
        let text = RichText::new(month).font(theme::strong_font(13.0));
        let room = vec2(
            7.0 * CELL - 2.0 * theme::CONTROL_HEIGHT,
            theme::CONTROL_HEIGHT,
        );
        ui.add_sized(room, eframe::egui::Label::new(text));
        if icon_button_ui(ui, Icon::Right, "Month after", &tokens).clicked() {
            goes_to = moved(at, 1.month());
        }
    });
    let (head, _) = ui.allocate_exact_size(vec2(7.0 * CELL, 18.0), Sense::hover());
    for (n, day) in DAYS.iter().enumerate() {
        let middle = pos2(head.left() + (n as f32 + 0.5) * CELL, head.center().y);
        let font = FontId::proportional(theme::SMALL);
        ui.painter()
            .text(middle, Align2::CENTER_CENTER, day, font, tokens.dim);
    }
    let first = at.first_of_month();
    let before = i64::from(first.weekday().since(Weekday::Monday));
    let start = moved(first, (-before).days());
    let (grid, _) = ui.allocate_exact_size(vec2(7.0 * CELL, 6.0 * CELL), Sense::hover());
    let mut answer = None;
    let mut has_focus = false;
    let focus_id = |date: Date| id.with(date.to_string());
    for n in 0..42 {
        let date = moved(start, n.days());
        let (column, row) = ((n % 7) as f32, (n / 7) as f32);
        let cell = eframe::egui::Rect::from_min_size(
            grid.min + vec2(column * CELL, row * CELL),
            vec2(CELL, CELL),
        );
        let is_at = date == at;
        let sense = if is_at { Sense::click() } else { Sense::CLICK };
        let response = ui.interact(cell, focus_id(date), sense);
        let is_chosen = chosen == Some(date);
        tell_chosen(&response, Role::Button, &in_words(date), is_chosen);
        let inside = cell.shrink(2.0);
        let painter = ui.painter();
        if is_chosen {
            painter.rect_filled(inside, 6.0, tokens.selection);
        } else if response.hovered() {
            painter.rect_filled(inside, 6.0, tokens.hover);
        }
        if date == today {
            painter.rect_stroke(inside, 6.0, (1.0, tokens.edge), StrokeKind::Inside);
        }
        let ink = if date.month() == at.month() {
            tokens.ink
        } else {
            tokens.dim
        };
        let font = if is_chosen {
            theme::strong_font(13.0)
        } else {
            FontId::proportional(13.0)
        };
        let text = date.day().to_string();
        painter.text(cell.center(), Align2::CENTER_CENTER, text, font, ink);
        if response.clicked() {
            answer = Some(date);
        }
        if is_at && is_new {
            response.request_focus();
        }
        has_focus |= response.has_focus();
    }
    if has_focus {
        let arrows = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(focus_id(at), arrows));
        let keys: [(Key, Span); 6] = [
            (Key::ArrowLeft, -1.day()),
            (Key::ArrowRight, 1.day()),
            (Key::ArrowUp, -7.days()),
            (Key::ArrowDown, 7.days()),
            (Key::PageUp, -1.month()),
            (Key::PageDown, 1.month()),
        ];
        for (key, by) in keys {
            if ui.input(|input| input.key_pressed(key)) {
                goes_to = moved(goes_to, by);
            }
        }
        if goes_to != at {
            ui.memory_mut(|memory| memory.request_focus(focus_id(goes_to)));
        }
    }
    // What was chosen is left: the next time begins there.
    ui.data_mut(|data| data.insert_temp(id, answer.unwrap_or(goes_to)));
    answer
}

/// It is closed: it begins anew when it is opened again. Whether it was open before.
pub(crate) fn is_left(ui: &Ui, id: Id) -> bool {
    ui.data_mut(|data| data.remove_temp::<Date>(id)).is_some()
}

fn moved(date: Date, by: Span) -> Date {
    date.saturating_add(by)
}

fn in_words(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}
