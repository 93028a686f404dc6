//! A query that is built from fields, for those who do not want to type it. What is built stands in
//! the field of the page at once, as it could have been typed.

use super::look_for;
use crate::app::action::Action;
use crate::app::derived::labels::Pickable;
use crate::app::derived::project::MetadataValues;
use crate::app::model::Model;
use crate::core::ids::LabelId;
use crate::core::search::{Condition, Dates, Marked, Options, Query, Within, phrase};
use crate::ui::kit::chip::menu_chip_ui;
use crate::ui::kit::field::{Field, caption_ui};
use crate::ui::kit::pick::{Pick, option_ui};
use crate::ui::label_pick::pick_label_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::Ui;

const NAME: &str = "Build with a form";
const WIDTH: f32 = 340.0;

/// What the fields say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    words: String,
    /// Other words, each on its own between commas.
    or: String,
    near: String,
    within: Near,
    not: String,
    inside: Option<LabelId>,
    outside: Option<LabelId>,
    outlet: String,
    from: String,
    upto: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Near {
    Four,
    #[default]
    Ten,
    Sentence,
    Paragraph,
}

impl Near {
    const ALL: [(Self, &'static str, Within); 4] = [
        (Self::Four, "4 words", Within::Words(4)),
        (Self::Ten, "10 words", Within::Words(10)),
        (Self::Sentence, "a sentence", Within::Sentence),
        (Self::Paragraph, "a paragraph", Within::Paragraph),
    ];

    fn row(self) -> (Self, &'static str, Within) {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|(near, ..)| *near == self);
        found.unwrap_or((self, "", Within::Sentence))
    }
}

/// Phrases between commas; one of them must be there.
fn one_of(text: &str) -> Option<Query> {
    let parts = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let mut parts: Vec<Query> = parts.map(phrase).collect();
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Query::Or(parts)),
    }
}

impl Form {
    /// The query that the fields make; nothing while they say nothing.
    fn query(&self) -> Option<Query> {
        let words = one_of(&self.words);
        let or = one_of(&self.or);
        let either = match (words, or) {
            (Some(words), Some(or)) => Some(Query::Or(vec![words, or])),
            (words, or) => words.or(or),
        };
        let near = one_of(&self.near);
        let (_, _, within) = self.within.row();
        let found = match (either, near) {
            (Some(a), Some(b)) => Some(Query::Near(Box::new(a), within, Box::new(b))),
            (a, b) => a.or(b),
        };
        let mut all: Vec<Query> = found.into_iter().collect();
        let not = one_of(&self.not);
        all.extend(not.map(|not| Query::Not(Box::new(not))));
        let marked = |label: &LabelId| Marked {
            labels: vec![label.to_string()],
            ..Marked::default()
        };
        let mut place = |condition: Condition| all.push(Query::Where(condition, (0..0).into()));
        if let Some(label) = &self.inside {
            place(Condition::In(marked(label)));
        }
        if let Some(label) = &self.outside {
            place(Condition::Outside(marked(label)));
        }
        let outlet = self.outlet.trim();
        if !outlet.is_empty() {
            let outlet = outlet.to_owned();
            place(Condition::Field("outlet".to_owned(), vec![outlet]));
        }
        let day = |text: &str| Some(text.trim().to_owned()).filter(|day| !day.is_empty());
        let (from, to) = (day(&self.from), day(&self.upto));
        if from.is_some() || to.is_some() {
            place(Condition::Date(Dates { from, to }));
        }
        match all.len() {
            0 | 1 => all.pop(),
            _ => Some(Query::And(all)),
        }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>) {
        let before = self.clone();
        menu_chip_ui(ui, NAME, "Form", false, None, |ui| {
            // These are fields, and no lines of a menu.
            ui.reset_style();
            ui.set_width(WIDTH);
            ui.spacing_mut().item_spacing.y = 4.0;
            self.fields_ui(ui, model);
        })
        .on_hover_text(NAME);
        if *self != before {
            let query = self.query().map(|query| query.to_string());
            let (_, options) = model.searched();
            let options = Options {
                reading: crate::core::search::Reading::Query,
                ..options
            };
            actions.push(look_for(&query.unwrap_or_default(), options));
        }
    }

    fn fields_ui(&mut self, ui: &mut Ui, model: &Model) {
        let tokens: Tokens = theme::tokens(ui.ctx());
        let field = |ui: &mut Ui, name: &str, hint: &str, text: &mut String| {
            caption_ui(ui, name, &tokens);
            Field::new(name, text).hint(hint).width(WIDTH).show(ui);
        };
        field(
            ui,
            "These words in a row",
            "sources close to",
            &mut self.words,
        );
        field(
            ui,
            "Or one of these",
            "people familiar with, officials",
            &mut self.or,
        );
        field(ui, "Near these words", "talks, company", &mut self.near);
        caption_ui(ui, "Near is within", &tokens);
        let (_, shown, _) = self.within.row();
        Pick::new("Near is within", shown)
            .width(150.0)
            .show(ui, |ui| {
                for (near, name, _) in Near::ALL {
                    if option_ui(ui, near == self.within, name).clicked() {
                        self.within = near;
                    }
                }
            });
        field(ui, "But without these", "open source", &mut self.not);
        for (name, none, label) in [
            ("Inside the label", "Anywhere", &mut self.inside),
            ("Outside the label", "No label", &mut self.outside),
        ] {
            caption_ui(ui, name, &tokens);
            let codebook = model.codebook();
            let shown = label.as_ref().map_or(none, |id| codebook.name_of(id));
            let pick = Pick::new(name, shown).width(WIDTH - 20.0).truncate();
            let all = Pickable::All;
            let picked = pick_label_ui(ui, model, pick, all, label.as_ref(), Some(none));
            if let Some(picked) = picked {
                *label = picked;
            }
        }
        if !model.settings().hides_source {
            self.outlet_ui(ui, model, &tokens);
        }
        let field = |ui: &mut Ui, name: &str, hint: &str, text: &mut String| {
            caption_ui(ui, name, &tokens);
            Field::new(name, text).hint(hint).width(WIDTH).show(ui);
        };
        field(ui, "Published from", "2024-05", &mut self.from);
        field(ui, "Published up to", "2024-06-30", &mut self.upto);
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            if ui.button("Empty the form").clicked() {
                *self = Self::default();
            }
        });
    }

    fn outlet_ui(&mut self, ui: &mut Ui, model: &Model, tokens: &Tokens) {
        const ANY: &str = "Any outlet";
        caption_ui(ui, "Outlet", tokens);
        let shown = if self.outlet.is_empty() {
            ANY
        } else {
            &self.outlet
        };
        let pick = Pick::new("Outlet", shown).width(WIDTH - 20.0).truncate();
        let values = model.derived(&MetadataValues("outlet".to_owned()));
        let mut picked = None;
        pick.show(ui, |ui| {
            if option_ui(ui, self.outlet.is_empty(), ANY).clicked() {
                picked = Some(String::new());
            }
            for value in values.iter() {
                if option_ui(ui, *value == self.outlet, value).clicked() {
                    picked = Some(value.clone());
                }
            }
        });
        if let Some(picked) = picked {
            self.outlet = picked;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::search::parse;

    /// What is built is read as what was meant.
    #[test]
    fn fields_make_a_query() {
        let form = |change: fn(&mut Form)| {
            let mut form = Form::default();
            change(&mut form);
            form.query().map(|query| {
                let text = query.to_string();
                assert_eq!(parse(&text, &Options::default()), Ok(query), "{text}");
                text
            })
        };
        for (change, expected) in [
            ((|_| ()) as fn(&mut Form), None),
            (|f| f.words = " close to ".to_owned(), Some("\"close to\"")),
            (
                |f| {
                    f.words = "will".to_owned();
                    f.or = "shall, may".to_owned();
                    f.near = "pay".to_owned();
                    f.within = Near::Sentence;
                },
                Some("(will or (shall or may)) near:sentence pay"),
            ),
            (
                |f| {
                    f.words = "said".to_owned();
                    f.not = "he said".to_owned();
                    f.inside = Some("quote".into());
                    f.outlet = "The Post".to_owned();
                    f.from = "2024-05".to_owned();
                },
                Some("said and not \"he said\" in:quote outlet:\"The Post\" date:2024-05.."),
            ),
        ] {
            assert_eq!(form(change).as_deref(), expected);
        }
    }
}
