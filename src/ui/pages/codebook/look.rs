//! How a label looks: its colour, with the contrast that it has in each theme, and its underline.

use super::label::{section_ui, set};
use crate::app::action::codebook::LabelField;
use crate::app::action::{Action, CodebookAction};
use crate::app::model::Model;
use crate::core::codebook::{Codebook, Label, Underline};
use crate::ui::kit::choices::Choices;
use crate::ui::kit::icon::{self, Icon};
use crate::ui::kit::tile::{Tile, sample_ui};
use crate::ui::pages::drafts::{Drafts, Written};
use crate::ui::theme::{SMALL, Tokens, contrasts_of_label};
use eframe::egui::{RichText, Sense, Ui, vec2};

/// What the colours of the palette are called, in its order.
const NAMES: [&str; 8] = [
    "blue", "orange", "purple", "green", "crimson", "navy", "bark", "ink",
];
const OWN: &str = "Own colour";

pub(super) fn look_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    drafts: &mut Drafts,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    section_ui(
        ui,
        "Colour",
        "eight that stay apart for colour-blind readers; letters show which are taken",
    );
    colors_ui(ui, model.codebook(), label, drafts, actions, tokens);
    contrasts_ui(ui, label, tokens);
    section_ui(ui, "Underline", "");
    underlines_ui(ui, label, actions, tokens);
}

/// The first letter of a label that has the colour already.
fn taken_by<'a>(codebook: &'a Codebook, hue: &[u32; 2]) -> Option<&'a Label> {
    codebook.offered().find(|label| hue.contains(&label.color))
}

fn letter(label: &Label) -> String {
    let key = label.key.or_else(|| label.name.chars().next());
    key.map(|key| key.to_uppercase().to_string())
        .unwrap_or_default()
}

fn colors_ui(
    ui: &mut Ui,
    codebook: &Codebook,
    label: &Label,
    drafts: &mut Drafts,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
        let taken = Label::PALETTE.iter().map(|hue| taken_by(codebook, hue));
        let taken: Vec<Option<&Label>> = taken.collect();
        let hues = Label::PALETTE.iter().zip(NAMES).zip(&taken);
        let tiles = hues.map(|((hue, name), taken)| Tile {
            choice: name,
            text: taken.map_or_else(|| "Aa".to_owned(), letter),
            color: tokens.label(hue[0]),
            underline: &Underline::Solid,
            is_tinted: true,
            is_on: hue.contains(&label.color),
            size: vec2(42.0, 36.0),
        });
        let tiles: Vec<Tile<'_>> = tiles.collect();
        let help = |at: usize| {
            let name = NAMES.get(at).copied().unwrap_or_default();
            let taken = taken.get(at).copied().flatten();
            match taken.filter(|taken| taken.id != label.id) {
                Some(taken) => format!("{name}, which “{}” has", taken.name),
                None => name.to_owned(),
            }
        };
        let chosen = Choices::new("Colour").tiles(ui, &tiles, help, tokens);
        if let Some([color, _]) = chosen.and_then(|at| Label::PALETTE.get(at)) {
            actions.push(set(label, LabelField::Color(*color)));
        }
        let value = format!("#{:06X}", label.color);
        let written = drafts.text(OWN).and_then(color_of);
        let id = label.id.clone();
        let refusal = |text: &str| match color_of(text) {
            Some(_) => String::new(),
            None => "A colour is six digits, such as #1B66A4.".to_owned(),
        };
        let field = Written {
            width: 86.0,
            refusal: &refusal,
            ..Written::new(OWN, &value)
        };
        /// The sample, and six digits beside it.
        const OWN_WIDTH: f32 = 130.0;
        if ui.available_size_before_wrap().x < OWN_WIDTH {
            ui.end_row();
        }
        ui.vertical(|ui| {
            ui.horizontal(|ui| {
                sample_ui(ui, tokens.label(written.unwrap_or(label.color)), tokens);
                drafts.field_ui(ui, field, actions, tokens, move |text| {
                    let field = LabelField::Color(color_of(text)?);
                    Some(Action::from(CodebookAction::Set(id.clone(), field)))
                })
            })
            .inner
        });
    });
}

/// The colour that is written: `#1B66A4`, `1b66a4` or `#abc`.
fn color_of(text: &str) -> Option<u32> {
    let digits = text.trim().trim_start_matches('#');
    if !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let whole: String = match digits.len() {
        3 => digits.chars().flat_map(|c| [c, c]).collect(),
        6 => digits.to_owned(),
        _ => return None,
    };
    u32::from_str_radix(&whole, 16).ok()
}

/// The least contrast of the label's letters with all that they stand on, by theme.
fn contrasts_ui(ui: &mut Ui, label: &Label, tokens: &Tokens) {
    ui.horizontal_wrapped(|ui| {
        for (theme, contrast, least) in contrasts_of_label(label.color) {
            let is_enough = contrast >= least;
            let (shown, color) = if is_enough {
                (Icon::Done, tokens.ok)
            } else {
                (Icon::Warn, tokens.warn)
            };
            let (rect, _) = ui.allocate_exact_size(vec2(14.0, 14.0), Sense::hover());
            icon::paint(ui.painter(), shown, rect.center(), 14.0, color);
            let told = format!("{theme} {contrast:.1}");
            ui.label(RichText::new(told).size(SMALL))
                .on_hover_text(format!(
                    "Letters in the colour of the label reach {contrast:.1} to 1; {least} is asked"
                ));
        }
        ui.label(
            RichText::new("4.5 asked, 7 in high contrast")
                .size(SMALL)
                .weak(),
        );
    });
}

fn underlines_ui(ui: &mut Ui, label: &Label, actions: &mut Vec<Action>, tokens: &Tokens) {
    let gap = 6.0;
    let count = Underline::ALL.len() as f32;
    let width = ((ui.available_width() - 1.0 - gap * (count - 1.0)) / count)
        .floor()
        .clamp(56.0, 120.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap, gap);
        let tiles = Underline::ALL.iter().map(|underline| Tile {
            choice: underline.code(),
            text: underline.code().to_owned(),
            color: tokens.label(label.color),
            underline,
            is_tinted: false,
            is_on: *underline == label.underline,
            size: vec2(width, 32.0),
        });
        let tiles: Vec<Tile<'_>> = tiles.collect();
        let chosen = Choices::new("Underline").tiles(ui, &tiles, |_| String::new(), tokens);
        if let Some(underline) = chosen.and_then(|at| Underline::ALL.get(at)) {
            actions.push(set(label, LabelField::Underline(underline.clone())));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_people_write_them() {
        for (text, expected) in [
            ("#1B66A4", Some(0x1B_66_A4)),
            (" 1b66a4 ", Some(0x1B_66_A4)),
            ("#abc", Some(0xAA_BB_CC)),
            ("#12345", None),
            ("red", None),
            ("+12345", None),
            ("", None),
        ] {
            assert_eq!(color_of(text), expected, "{text}");
        }
    }
}
