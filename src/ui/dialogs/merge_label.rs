//! Making one label of two: which one it goes into, what goes over and what does not, and what has to
//! be decided first.

use super::{Dialog, Opener};
use crate::app::action::{Action, CodebookAction};
use crate::app::command::Command;
use crate::app::derived::labels::{MergeOutcome, MergePreview, Pickable, PickedFrom};
use crate::app::derived::project::Counts;
use crate::app::model::{Model, touched};
use crate::app::words::count_grouped;
use crate::core::codebook::Label;
use crate::core::ids::LabelId;
use crate::core::recipes::codebook::{Clashing, KindClash, MergeChoices, Touches, Unfit, Words};
use crate::ui::in_context::on_a_line;
use crate::ui::kit::card::{Card, CardStep, scroll, split};
use crate::ui::kit::entry::TextRow;
use crate::ui::kit::field::Field;
use crate::ui::kit::list::{nothing_ui, text_list_ui};
use crate::ui::kit::tell;
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{Context, RichText, Ui};

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::MergeLabel, |model| {
    Box::new(MergeLabel {
        from: model.page_label().map(|label| label.id.clone()),
        into: None,
        choices: MergeChoices::default(),
        filter: String::new(),
        at: 0,
        goes_on: false,
    })
})];

struct MergeLabel {
    from: Option<LabelId>,
    /// Which one the choices are about.
    into: Option<LabelId>,
    choices: MergeChoices,
    filter: String,
    at: usize,
    /// Enter was pressed, and the keyboard goes to what must be answered first.
    goes_on: bool,
}

impl Dialog for MergeLabel {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let codebook = model.codebook();
        let from = self
            .from
            .as_ref()
            .and_then(|id| codebook.label(id.as_str()));
        let Some(from) = from else {
            return CardStep::Left;
        };
        let rows = model.derived(&PickedFrom {
            which: Pickable::AllBut(from.id.clone()),
            typed: self.filter.clone(),
        });
        let others = rows.iter();
        let others: Vec<&Label> = others
            .filter_map(|(at, _)| codebook.labels.get(*at))
            .collect();
        self.at = self.at.min(others.len().saturating_sub(1));
        let short = on_a_line(&from.name, 40);
        let title = format!("Merge “{short}” into another label");
        let counts = model.derived(&Counts);
        let step = Card::work("merge label", &title).show(ctx, |ui, card| {
            card.lead(
                ui,
                "Its annotations get the other label, which takes over the attributes and links that it lacks.",
            );
            card.space(8.0);
            let field = card.line(ui, |ui| {
                Field::search("Filter labels", &mut self.filter)
                    .hint("Filter labels")
                    .hands_on_enter()
                    .show(ui)
            });
            if field.changed() {
                self.at = 0;
            }
            let _begins = card.begins_at(&field);
            let filter = &mut self.filter;
            let mut into = None;
            let mut outcome = None;
            card.pane(ui, |ui| {
                if others.is_empty() && !filter.trim().is_empty() {
                    if nothing_ui(ui, "No label fits the filter", Some("Clear the filter")) {
                        filter.clear();
                        ui.ctx().request_repaint();
                    }
                    return;
                }
                let (mut left, mut right) = split(ui, 300.0);
                let at = &mut self.at;
                text_list_ui(&mut left, "Labels", at, others.len(), tokens, |at| {
                    let Some(label) = others.get(at) else {
                        return TextRow::default();
                    };
                    let used = counts.of_label(&label.id).annotations;
                    TextRow {
                        text: label.name.clone(),
                        detail: count_grouped(used, "annotation", "annotations"),
                        is_dim: label.retired,
                        ..TextRow::default()
                    }
                });
                into = others.get(self.at).copied();
                let chosen = into.map(|label| label.id.clone());
                if self.into != chosen {
                    self.into = chosen;
                    self.choices = MergeChoices::default();
                }
                let Some(into) = into else {
                    return;
                };
                let asked = MergePreview {
                    from: from.id.clone(),
                    into: into.id.clone(),
                    choices: self.choices.clone(),
                };
                outcome = model.derived_later(&asked).value;
                scroll(&mut right, "what it does", |ui| match outcome.as_deref() {
                    None => drop(ui.weak("Counting what this changes…")),
                    Some(outcome) if !outcome.refusal.is_empty() => drop(ui.label(&outcome.refusal)),
                    Some(outcome) => {
                        let used = counts.of_label(&into.id);
                        let used = Touches {
                            annotations: used.annotations,
                            articles: used.articles,
                        };
                        let choices = (&mut self.choices, &mut self.goes_on);
                        outcome_ui(ui, (from, into), outcome, used, choices, tokens);
                    }
                });
            });
            let open: Vec<String> = outcome.iter().flat_map(|outcome| {
                let clashes = outcome.clashes.iter();
                let open = clashes.filter(|clash| !self.choices.clashing.contains_key(&clash.name));
                open.map(|clash| format!("“{}”", on_a_line(&clash.title, 30)))
            }).collect();
            let unanswered = format!("First choose what becomes of {}.", open.join(", "));
            let note = outcome.as_deref().map_or_else(String::new, |outcome| {
                if open.is_empty() {
                    format!("Changes {}.", touched(outcome.touches))
                } else {
                    unanswered.clone()
                }
            });
            card.foot(ui, &note, |ui, card| {
                card.close(ui, "Cancel");
                let refusal = match (&into, &outcome) {
                    (None, _) => Some("choose a label"),
                    (_, None) => Some("counting what this changes"),
                    (_, Some(outcome)) if !outcome.refusal.is_empty() => Some("it cannot be done"),
                    _ if !open.is_empty() => Some(unanswered.as_str()),
                    _ => None,
                };
                if refusal.is_some() && card.takes_enter(ui) {
                    self.goes_on = true;
                    ui.ctx().request_repaint();
                }
                let merges = card.main(ui, refusal, "Merge", "one step to undo");
                let into = into.filter(|_| merges)?;
                Some(CodebookAction::Merge {
                    from: from.id.clone(),
                    into: into.id.clone(),
                    choices: self.choices.clone(),
                })
            })
        });
        step.leave_with(|merge| actions.push(Action::from(merge)))
    }
}

fn heading_ui(ui: &mut Ui, text: &str) {
    ui.add_space(8.0);
    let heading = ui.label(RichText::new(text).font(theme::strong_font(13.0)));
    tell(&heading, Role::Heading, text);
}

/// All that merging does, and what is to be chosen about it.
fn outcome_ui(
    ui: &mut Ui,
    (from, into): (&Label, &Label),
    outcome: &MergeOutcome,
    used: Touches,
    (choices, goes_on): (&mut MergeChoices, &mut bool),
    tokens: &Tokens,
) {
    for clash in &outcome.clashes {
        clash_ui(ui, (from, into), clash, (choices, goes_on), tokens);
    }
    // Nothing is open: the keyboard is the card's, and so the main button's.
    *goes_on = false;
    let says = |label: &Label| {
        let lists = [
            &label.include,
            &label.exclude,
            &label.examples,
            &label.counter_examples,
        ];
        !label.definition.is_empty() || lists.iter().any(|list| !list.is_empty())
    };
    if says(from) {
        heading_ui(
            ui,
            &format!("Definition, rules and examples of “{}”", from.name),
        );
        let ways = [
            (
                Words::WhereNone,
                format!("Go over where “{}” has none", into.name),
            ),
            (
                Words::Behind,
                format!("Stand behind those of “{}”", into.name),
            ),
            (Words::Trash, "Go to the trash with it".to_owned()),
        ];
        for (way, text) in ways {
            let is_it = choices.words == way;
            if ui.radio(is_it, text).clicked() {
                choices.words = way;
            }
        }
    }
    if outcome.is_redefined && used.annotations > 0 {
        let told = format!(
            "“{}” means another thing then: {} of it come on the list of those made under an older definition.",
            into.name,
            touched(used)
        );
        ui.label(RichText::new(told).color(tokens.warn));
    }
    let lists = [
        (format!("“{}” takes over", into.name), &outcome.taken_over),
        (
            format!("Goes to the trash with “{}”", from.name),
            &outcome.left,
        ),
    ];
    for (title, list) in lists {
        if !list.is_empty() {
            heading_ui(ui, &title);
            for item in list {
                ui.label(format!("· {item}"));
            }
        }
    }
    if outcome.taken_over.is_empty() && outcome.left.is_empty() && outcome.clashes.is_empty() {
        ui.weak(format!("“{}” has all that “{}” has.", into.name, from.name));
    }
}

/// Two kinds of one name: what is said there, and what is to become of it.
fn clash_ui(
    ui: &mut Ui,
    (from, into): (&Label, &Label),
    clash: &KindClash,
    (choices, goes_on): (&mut MergeChoices, &mut bool),
    tokens: &Tokens,
) {
    let title = &clash.title;
    heading_ui(ui, &format!("“{title}” has two kinds"));
    ui.label(format!(
        "“{}” has {}, “{}” has {}; {}.",
        from.name,
        clash.gone.in_words(),
        into.name,
        clash.kept.in_words(),
        count_grouped(clash.values, "annotation says it", "annotations say it"),
    ));
    let unfit: usize = clash.unfit.iter().map(|(_, n)| n).sum();
    if unfit > 0 {
        let n = count_grouped(unfit, "value is", "values are");
        let kept = clash.kept.in_words();
        let told = format!("{n} not {kept}: {}", said(&clash.unfit));
        ui.label(RichText::new(told).color(tokens.warn));
    }
    let beside = format!("Two attributes: it goes over as “{title} ({})”", from.name);
    let kept = clash.kept.in_words();
    let mut ways = vec![(Clashing::Apart, beside)];
    let keep = Clashing::Converted(Unfit::Keep);
    if unfit == 0 {
        ways.push((keep, format!("One attribute: its values become {kept}")));
    } else {
        let rest = "the rest stay as they are";
        ways.push((
            keep,
            format!("One attribute: what can becomes {kept}, {rest}"),
        ));
        let rest = format!("the other {unfit} go");
        let drop = Clashing::Converted(Unfit::Drop);
        ways.push((
            drop,
            format!("One attribute: what can becomes {kept}, {rest}"),
        ));
    }
    let chosen = choices.clashing.get(&clash.name).copied();
    for (way, text) in ways {
        let radio = ui.push_id((&clash.name, &text), |ui| {
            ui.radio(chosen == Some(way), &text)
        });
        if chosen.is_none() && std::mem::take(goes_on) {
            radio.inner.request_focus();
            radio.inner.scroll_to_me(None);
        }
        if radio.inner.clicked() {
            choices.clashing.insert(clash.name.clone(), way);
        }
    }
}

/// What is said, each with how often; of very many the first.
fn said(unfit: &[(String, usize)]) -> String {
    const MOST: usize = 200;
    let first = unfit.iter().take(MOST).map(|(text, n)| {
        let text = on_a_line(text, 60);
        match n {
            1 => format!("“{text}”"),
            n => format!("“{text}” ({n})"),
        }
    });
    let first: Vec<String> = first.collect();
    let rest = match unfit.len().saturating_sub(MOST) {
        0 => String::new(),
        n => format!(" and {n} others"),
    };
    format!("{}{rest}", first.join(", "))
}
