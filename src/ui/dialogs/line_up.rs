//! Quotes or claims that say the same in several articles, below each other: what each leaves out, puts
//! in or changes of the first one, who says it there and by which verb; and what is proposed.

use super::Opener;
use super::wording::wording_row;
use crate::app::action::Action;
use crate::app::action::claims::ClaimsAction;
use crate::app::command::Command;
use crate::app::derived::claims::{LinedRow, Proposed};
use crate::app::model::Model;
use crate::app::words::{count_grouped, day};
use crate::core::claims::board::One;
use crate::core::codebook::Thing;
use crate::core::shown::{in_marks, shown};
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::letters::dressed_ui;
use crate::ui::kit::list::{List, take_exactly};
use crate::ui::kit::row::at_end_ui;
use crate::ui::kit::tell;
use crate::ui::same::{changes_job, dotted};
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{Context, FontId, Key, Label, Modifiers, RichText, Ui};

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::LineUp, |_| Box::new(line_up_ui))];

fn line_up_ui(
    ctx: &Context,
    model: &Model,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) -> CardStep {
    let Some((thing, one)) = model.lined_up().cloned() else {
        return CardStep::Left;
    };
    let compared = model.compared_things(&thing);
    let proposed = model.proposed_to(&thing, &one);
    let rows = model.lined_rows(&thing, &one, &proposed);
    let members = rows.iter().filter(|row| row.is_member).count();
    let called = if thing == Thing::Claim {
        ("claim", "claims")
    } else {
        ("quote", "quotes")
    };
    let mut done = Vec::new();
    let card = Card::work("line up", "Across outlets");
    let step = card.show(ctx, |ui, card| {
        let joined = count_grouped(members, called.0, called.1);
        let told = match (rows.len() - members, compared.value.is_some()) {
            (_, false) => format!("{joined}. Looking for others that say the same…"),
            (0, true) => format!("{joined}. Nothing else in the project says nearly the same."),
            (n, true) => {
                format!("{joined}, and {n} proposed. Changes are marked against the first.")
            }
        };
        card.lead(ui, &told);
        let is_free = card.is_free();
        if is_free && let Some(first) = proposed.first() {
            let took = |key| ui.input_mut(|input| take_exactly(input, Modifiers::NONE, key));
            if took(Key::J) {
                done.push(join(&thing, &one, first));
            }
            if took(Key::K) {
                done.push(keep_apart(&thing, &one, first));
            }
        }
        let mut shows = None;
        card.pane(ui, |ui| {
            let height = ui.available_height();
            let list = List::of_controls("What says the same", rows.len(), 84.0);
            let list = list.at_most(height).filled().scrolls_by_keys(is_free);
            list.show_measured(ui, |ui, at| {
                let Some(row) = rows.get(at) else {
                    return;
                };
                let proposal = at.checked_sub(members).and_then(|n| proposed.get(n));
                let drawn = ui.scope(|ui| {
                    wording_row(ui, |ui| {
                        let of = (&thing, &one, members);
                        let acts = &mut (&mut shows, &mut done);
                        row_ui(ui, model, row, proposal, of, acts, tokens);
                    });
                });
                let rect = drawn.response.rect;
                if proposal.is_some() {
                    dotted(ui, rect.shrink2(eframe::egui::vec2(12.0, 2.0)), tokens.ink);
                } else {
                    let y = rect.bottom() - 0.5;
                    ui.painter().hline(rect.x_range(), y, (1.0, tokens.line));
                }
            });
        });
        let note = if proposed.is_empty() {
            "Marked: put in. Struck out: left out."
        } else {
            "Marked: put in. Struck out: left out. J joins the first proposal, K keeps it apart."
        };
        let plain: Vec<One> = proposed
            .iter()
            .filter(|proposal| proposal.alike.is_plain())
            .map(|proposal| proposal.one.clone())
            .collect();
        card.foot(ui, note, |ui, card| {
            if plain.len() > 1 {
                let told = format!("Join {} that nothing speaks against", plain.len());
                if ui.button(told).clicked() {
                    let all = std::iter::once(one.clone()).chain(plain).collect();
                    done.push(ClaimsAction::Join(thing.clone(), all).into());
                }
            }
            card.done(ui);
        });
        shows
    });
    actions.append(&mut done);
    step.leave_with(|action| actions.push(action))
}

fn join(thing: &Thing, one: &One, proposal: &Proposed) -> Action {
    ClaimsAction::Join(thing.clone(), vec![one.clone(), proposal.one.clone()]).into()
}

fn keep_apart(thing: &Thing, one: &One, proposal: &Proposed) -> Action {
    ClaimsAction::Apart(thing.clone(), one.clone(), proposal.one.clone()).into()
}

fn row_ui(
    ui: &mut Ui,
    model: &Model,
    row: &LinedRow,
    proposal: Option<&Proposed>,
    (thing, one, members): (&Thing, &One, usize),
    (shows, done): &mut (&mut Option<Action>, &mut Vec<Action>),
    tokens: &Tokens,
) {
    ui.spacing_mut().item_spacing = eframe::egui::vec2(8.0, 5.0);
    let project = model.session().project();
    let hides = model.settings().hides_source;
    let outlet = if hides { "" } else { row.outlet.as_str() };
    let who = row.who.as_ref().and_then(|id| project.person(id));
    let who = who.map_or(String::new(), |person| shown(&person.name).into_owned());
    let when = day(&row.day);
    let mut heads = vec![when.as_str(), outlet, who.as_str(), row.cue.as_str()];
    heads.retain(|part| !part.is_empty());
    let head = shown(&heads.join(" · ")).into_owned();
    let words: String = row.words.chars().take(60).collect();
    let words = in_marks(&shown(&words));
    ui.horizontal(|ui| {
        ui.set_height(theme::CONTROL_HEIGHT);
        let left = ui.available_rect_before_wrap();
        let at = at_end_ui(ui, "acts", |ui| {
            if let Some(proposal) = proposal {
                let button = ui.button("Join");
                tell(&button, Role::Button, &format!("Join {words}"));
                if button.clicked() {
                    done.push(join(thing, one, proposal));
                }
                let button = ui.button("Keep apart");
                tell(&button, Role::Button, &format!("Keep {words} apart"));
                if button.clicked() {
                    done.push(keep_apart(thing, one, proposal));
                }
            } else if let (One::Group(group), true) = (one, members > 1) {
                let button = ui.button("Take out");
                tell(
                    &button,
                    Role::Button,
                    &format!("Take {words} out of the group"),
                );
                if button.clicked() {
                    let out = vec![row.member.clone()];
                    done.push(ClaimsAction::TakeOut(group.clone(), out).into());
                }
            }
            let button = ui.button("Show");
            tell(
                &button,
                Role::Button,
                &format!("Show {words} in its article"),
            );
            if button.clicked() {
                **shows = Some(ClaimsAction::GoTo(row.member.clone()).into());
            }
        });
        let room = left.with_max_x((at - 8.0).max(left.left() + 40.0));
        let inside = eframe::egui::UiBuilder::new()
            .max_rect(room)
            .id_salt("head");
        ui.scope_builder(inside, |ui| {
            let layout = eframe::egui::Layout::left_to_right(eframe::egui::Align::Center);
            ui.with_layout(layout, |ui| {
                let head = RichText::new(head).font(theme::strong_font(13.0));
                ui.add(Label::new(head).truncate());
            });
        });
    });
    let font: FontId = theme::reading_font(model.settings().reading_font, 15.0);
    let (mut job, said) = changes_job(&row.changes, &font, tokens);
    job.wrap.max_width = ui.available_width();
    let response = dressed_ui(ui, job);
    tell(&response, Role::Label, &said);
    let mut told = row.differs.join(" · ");
    if let Some(proposal) = proposal {
        let reason = proposal.alike.reason(thing);
        told = match proposal.count {
            1 => format!("Proposed: {reason}"),
            n => format!("Proposed, with {} more of its group: {reason}", n - 1),
        };
    }
    let is_plain = proposal.is_none_or(|proposal| proposal.alike.is_plain());
    let ink = if is_plain { tokens.dim } else { tokens.warn };
    if !told.is_empty() {
        ui.add(Label::new(RichText::new(told).size(SMALL).color(ink)).wrap());
    }
}
