//! How somebody is quoted: by month, with which verbs of saying, and in which colour by outlet; and the
//! note about them.

use crate::app::action::Action;
use crate::app::command::{Command, info};
use crate::app::model::Model;
use crate::core::months::Axis;
use crate::core::project::Person;
use crate::core::quoted::{OutletColours, Said, VerbCount};
use crate::core::shown::shown;
use crate::core::verbs::Colour;
use crate::ui::kit::chip::quiet_button_ui;
use crate::ui::kit::facet::{head_ui, number};
use crate::ui::kit::row;
use crate::ui::kit::tell;
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Align2, CornerRadius, FontId, Frame, Label, Margin, Rect, RichText, ScrollArea, Sense,
    StrokeKind, Ui, pos2, vec2,
};

const INSET: f32 = 16.0;
/// So many months or longer stretches, verbs and outlets are shown.
const MONTHS: usize = 12;
const VERBS: usize = 8;
const OUTLETS: usize = 8;

pub(super) fn side_ui(
    ui: &mut Ui,
    model: &Model,
    person: &Person,
    said: &Said,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical()
        .id_salt("how they are quoted")
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.add_space(4.0);
            let counts = said.months.iter();
            let first = counts.clone().map(|(month, ..)| *month).min();
            let last = counts.map(|(month, ..)| *month).max();
            let axis = first.zip(last);
            let axis = axis.map(|(first, last)| Axis::of(first, last, MONTHS));
            let unit = axis.map_or("month", |axis| match axis.unit() {
                "Month" => "month",
                "Quarter" => "quarter",
                _ => "year",
            });
            head_ui(ui, &format!("Quotes by {unit}"), |_| ());
            match axis {
                Some(axis) => months_ui(ui, said, &axis, tokens),
                None => hint_ui(ui, "No article with a quote of them has a date", tokens),
            }
            line_ui(ui, tokens);
            head_ui(ui, "Verbs of saying", |_| ());
            verbs_ui(ui, &said.verbs, tokens);
            if !model.settings().hides_source {
                line_ui(ui, tokens);
                head_ui(ui, "Colour of the verb, by outlet", |_| ());
                colours_ui(ui, &said.outlets, tokens);
            }
            line_ui(ui, tokens);
            head_ui(ui, "Note", |ui| {
                let told = info(Command::EditPerson);
                if quiet_button_ui(ui, "Edit", "Edit the note")
                    .on_hover_text(told.tooltip())
                    .clicked()
                {
                    actions.push(Action::Run(Command::EditPerson));
                }
            });
            let note = if person.note.is_empty() {
                "There is no note about them."
            } else {
                &person.note
            };
            let margin = Margin::symmetric(INSET as i8, 0);
            Frame::new().inner_margin(margin).show(ui, |ui| {
                ui.add(Label::new(RichText::new(shown(note)).color(tokens.dim)).wrap());
            });
            ui.add_space(16.0);
        });
}

fn line_ui(ui: &mut Ui, tokens: &Tokens) {
    ui.add_space(8.0);
    let at = ui.cursor().top();
    ui.painter()
        .hline(ui.max_rect().x_range(), at, (1.0, tokens.line));
    ui.add_space(4.0);
}

fn hint_ui(ui: &mut Ui, text: &str, tokens: &Tokens) {
    ui.horizontal(|ui| {
        ui.add_space(INSET);
        ui.label(RichText::new(text).size(SMALL).color(tokens.dim));
    });
}

/// A bar for each stretch of the axis; the filled part is direct.
fn months_ui(ui: &mut Ui, said: &Said, axis: &Axis, tokens: &Tokens) {
    const HEIGHT: f32 = 84.0;
    let mut counts = vec![(0, 0); axis.count()];
    for (month, direct, other) in &said.months {
        let place = axis.place_of(*month);
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count = (count.0 + direct, count.1 + other);
        }
    }
    let size = vec2(ui.available_width(), HEIGHT + 48.0);
    let (whole, response) = ui.allocate_exact_size(size, Sense::hover());
    let told = counts.iter().enumerate();
    let told = told.filter(|(_, (direct, other))| direct + other > 0);
    let told = told
        .map(|(at, (direct, other))| format!("{}: {direct} direct, {other} other", axis.name(at)));
    let told: Vec<String> = told.collect();
    let name = format!("Quotes, {}. {}", axis.span(), told.join("; "));
    tell(&response, Role::Image, &name);
    let place = whole.shrink2(vec2(INSET, 0.0));
    let painter = ui.painter();
    let small = FontId::proportional(11.0);
    let key = pos2(place.left(), place.top() + 8.0);
    let square = Rect::from_center_size(key + vec2(4.0, 0.0), vec2(8.0, 8.0));
    painter.rect_filled(square, 0.0, tokens.accent);
    painter.text(
        key + vec2(12.0, 0.0),
        Align2::LEFT_CENTER,
        "direct",
        small.clone(),
        tokens.dim,
    );
    let square = square.translate(vec2(60.0, 0.0));
    painter.rect_stroke(
        square,
        CornerRadius::ZERO,
        (1.0, tokens.accent),
        StrokeKind::Inside,
    );
    painter.text(
        key + vec2(72.0, 0.0),
        Align2::LEFT_CENTER,
        "other",
        small.clone(),
        tokens.dim,
    );
    let most = counts.iter().map(|(direct, other)| direct + other).max();
    let most = most.unwrap_or(1).max(1) as f32;
    let step = (place.width() / counts.len().max(1) as f32).min(44.0);
    let gap = (step / 4.0).min(8.0);
    let base = place.top() + 18.0 + HEIGHT - 14.0;
    let end = place.left() + step * counts.len() as f32 - gap;
    painter.hline(place.left()..=end, base + 0.5, (1.0, tokens.line));
    let letters = if step > 24.0 { 3 } else { 1 };
    let years = if axis.short(0, 1).is_empty() {
        base + 4.0
    } else {
        base + 18.0
    };
    let mut free_from = f32::NEG_INFINITY;
    for (at, (direct, other)) in counts.iter().enumerate() {
        let left = place.left() + step * at as f32;
        let bar = |n: usize| {
            let height = ((HEIGHT - 30.0) * n as f32 / most).round().max(1.0);
            Rect::from_min_max(pos2(left, base - height), pos2(left + step - gap, base))
        };
        let all = bar(direct + other);
        let put = |at, side, text: String| {
            let font = FontId::proportional(11.0);
            painter.text(at, side, text, font, tokens.dim)
        };
        if direct + other > 0 {
            let edge = (1.0, tokens.accent);
            painter.rect_stroke(all, CornerRadius::ZERO, edge, StrokeKind::Inside);
            let above = pos2(all.center().x, all.top() - 2.0);
            let count = number(direct + other);
            put(above, Align2::CENTER_BOTTOM, count);
        }
        if *direct > 0 {
            painter.rect_filled(bar(*direct), 0.0, tokens.accent);
        }
        let below = pos2(all.center().x, base + 4.0);
        put(
            below,
            Align2::CENTER_TOP,
            axis.short(at, letters).to_owned(),
        );
        if let Some(year) = axis.year(at).filter(|_| left >= free_from) {
            let told = put(pos2(left, years), Align2::LEFT_TOP, year.to_string());
            free_from = told.right() + 6.0;
        }
    }
    response.on_hover_text(told.join("\n"));
}

fn verbs_ui(ui: &mut Ui, verbs: &[VerbCount], tokens: &Tokens) {
    if verbs.is_empty() {
        hint_ui(ui, "No quote of them is linked to its cue", tokens);
    }
    let most = verbs.first().map_or(1, |verb| verb.count).max(1) as f32;
    for verb in verbs.iter().take(VERBS) {
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
        let colour = verb.colour.map_or("no colour", Colour::name);
        tell(
            &response,
            Role::Label,
            &format!("{}, {}, {colour}", verb.verb, number(verb.count)),
        );
        let painter = ui.painter().with_clip_rect(rect);
        let middle = rect.center().y;
        let left = rect.left() + INSET;
        let text = row::line(
            &painter,
            &shown(&verb.verb),
            FontId::proportional(13.0),
            tokens.ink,
            88.0,
        );
        painter.galley(pos2(left, middle - text.size().y / 2.0), text, tokens.ink);
        let room = rect.right() - INSET - 44.0 - (left + 96.0);
        let bar = Rect::from_min_size(
            pos2(left + 96.0, middle - 4.0),
            vec2((room * verb.count as f32 / most).max(2.0), 8.0),
        );
        painter.rect_filled(bar, 0.0, tokens.edge);
        let count = row::line(
            &painter,
            &number(verb.count),
            FontId::proportional(SMALL),
            tokens.dim,
            40.0,
        );
        painter.galley(
            pos2(
                rect.right() - INSET - count.size().x,
                middle - count.size().y / 2.0,
            ),
            count,
            tokens.dim,
        );
        response.on_hover_text(format!("{}: {colour}", verb.verb));
    }
}

/// In which colours each outlet words what they say, in per cent of the verbs that have one.
fn colours_ui(ui: &mut Ui, outlets: &[OutletColours], tokens: &Tokens) {
    let of =
        |outlet: &OutletColours| -> usize { outlet.colours.iter().take(Colour::ALL.len()).sum() };
    let coloured: Vec<&OutletColours> = outlets.iter().filter(|outlet| of(outlet) > 0).collect();
    if coloured.is_empty() {
        hint_ui(ui, "No verb of saying is known by its colour", tokens);
        return;
    }
    const COLUMN: f32 = 52.0;
    let small = FontId::proportional(SMALL);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    let end =
        |at: usize, rect: Rect| rect.right() - INSET - COLUMN * (Colour::ALL.len() - 1 - at) as f32;
    let painter = ui.painter().clone();
    painter.text(
        pos2(rect.left() + INSET, rect.center().y),
        Align2::LEFT_CENTER,
        "%",
        small.clone(),
        tokens.dim,
    );
    for (at, colour) in Colour::ALL.iter().enumerate() {
        let place = pos2(end(at, rect), rect.center().y);
        painter.text(
            place,
            Align2::RIGHT_CENTER,
            colour.name(),
            FontId::proportional(11.0),
            tokens.dim,
        );
    }
    for outlet in coloured.into_iter().take(OUTLETS) {
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::hover());
        let all = of(outlet).max(1);
        let shares = outlet.colours.iter().take(Colour::ALL.len());
        let shares: Vec<usize> = shares.map(|n| (n * 100 + all / 2) / all).collect();
        let name = match outlet.outlet.as_str() {
            "" => "no outlet",
            name => name,
        };
        let told = Colour::ALL.iter().zip(&shares);
        let told: Vec<String> = told
            .map(|(colour, n)| format!("{n} per cent {}", colour.name()))
            .collect();
        let told = format!("{}: {}, of {}", shown(name), told.join(", "), number(all));
        tell(&response, Role::Label, &told);
        painter.hline(rect.x_range().shrink(INSET), rect.top(), (1.0, tokens.line));
        let middle = rect.center().y;
        let room = end(0, rect) - 34.0 - (rect.left() + INSET);
        let text = row::line(
            &painter,
            &shown(name),
            small.clone(),
            tokens.ink,
            room.max(40.0),
        );
        painter.galley(
            pos2(rect.left() + INSET, middle - text.size().y / 2.0),
            text,
            tokens.ink,
        );
        for (at, share) in shares.iter().enumerate() {
            // What stands out is what is not neutral, and much.
            let font = if at > 0 && *share >= 40 {
                theme::strong_font(SMALL)
            } else {
                small.clone()
            };
            painter.text(
                pos2(end(at, rect), middle),
                Align2::RIGHT_CENTER,
                share.to_string(),
                font,
                tokens.ink,
            );
        }
        response.on_hover_text(told);
    }
}
