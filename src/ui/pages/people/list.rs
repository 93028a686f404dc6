//! The list of people: who they are, how often they are quoted, and in which months. Up and Down show
//! the next one, Enter goes to what they said.

use crate::app::action::{Action, PeopleAction, Spot};
use crate::app::command::{Command, info};
use crate::app::derived::people::WhichPeople;
use crate::app::model::Model;
use crate::app::words::count_grouped;
use crate::core::months::Axis;
use crate::core::project::{Person, PersonKind};
use crate::core::shown::shown;
use crate::ui::kit::chip::{choice_ui, menu_chip_ui};
use crate::ui::kit::choices::Choices;
use crate::ui::kit::facet::number;
use crate::ui::kit::field::Field;
use crate::ui::kit::filter;
use crate::ui::kit::icon::{self, Icon, icon_button_ui};
use crate::ui::kit::list::{List, nothing_ui};
use crate::ui::kit::row::{self, Ground, RowState, at_end_ui, row_ui};
use crate::ui::kit::tell;
use crate::ui::theme::{self, SMALL, TALL_ROW_HEIGHT, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{FontId, Id, Pos2, Rect, Response, RichText, Shape, Stroke, Ui, pos2, vec2};

const INSET: f32 = 16.0;
const FOOT_HEIGHT: f32 = 44.0;
/// How many months, or longer stretches, are drawn at most, and how wide.
const MONTHS: usize = 24;
const LINE_WIDTH: f32 = 64.0;

#[derive(Default)]
pub(super) struct PeopleList {
    focuses_filter: bool,
    focuses_list: bool,
    /// Enter was pressed in the list.
    pub(super) enters: bool,
    /// A row was pressed.
    pub(super) is_picked: bool,
    /// Who was shown last, and what was typed: another one is brought into view.
    seen: Option<(usize, String)>,
}

pub(super) fn list_id() -> Id {
    Id::unique("list of people")
}

pub(super) fn icon_of(person: &Person) -> Icon {
    match person.kind {
        PersonKind::Organisation => Icon::Org,
        PersonKind::Collective | PersonKind::Unnamed => Icon::More,
        PersonKind::Person | PersonKind::Later(_) => Icon::Person,
    }
}

/// What stands below a name.
fn second_line(person: &Person) -> String {
    let kind = match &person.kind {
        PersonKind::Collective => "collective",
        PersonKind::Unnamed => "not named",
        PersonKind::Person | PersonKind::Organisation | PersonKind::Later(_) => "",
    };
    let parts = [person.role.as_str(), person.affiliation.as_str(), kind];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    match (parts.is_empty(), person.aliases.len()) {
        (false, _) => shown(&parts.join(", ")).into_owned(),
        (true, 0) => String::new(),
        (true, n) => count_grouped(n, "other name", "other names"),
    }
}

impl PeopleList {
    pub(super) fn focus(&mut self, spot: Spot) {
        self.focuses_filter |= spot == Spot::PeopleFilter;
        self.focuses_list |= spot == Spot::People;
    }

    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let listed = model.listed_people();
        head_ui(ui, model, actions, tokens);
        self.filter_ui(ui, model, &listed, actions);
        let pairs = model.pairs();
        let foot = pairs.value.as_ref().map_or(0, |pairs| pairs.len());
        if listed.is_empty() {
            self.focuses_list = false;
            let is_filtered = !model.session().project().people().is_empty();
            let (told, offer) = if is_filtered {
                ("Nobody fits the filter", Some("Show all"))
            } else {
                ("Nobody is in the ledger yet", None)
            };
            if nothing_ui(ui, told, offer) {
                let (_, _, by_name) = model.people_list();
                actions.push(list(String::new(), WhichPeople::All, by_name));
            }
        } else {
            let height = ui.available_height() - if foot > 0 { FOOT_HEIGHT } else { 0.0 };
            self.list_ui(ui, model, &listed, height, actions, tokens);
        }
        if foot > 0 {
            foot_ui(ui, foot, actions, tokens);
        }
    }

    fn filter_ui(&mut self, ui: &mut Ui, model: &Model, listed: &[u32], actions: &mut Vec<Action>) {
        let (typed, which, by_name) = model.people_list();
        let mut text = typed.to_owned();
        let response = ui
            .horizontal(|ui| {
                ui.add_space(INSET);
                let width = ui.available_width() - INSET;
                let field = Field::search("Filter people", &mut text);
                field.hint("Name, alias, role").width(width).show(ui)
            })
            .inner;
        if response.changed() {
            actions.push(list(text, which, by_name));
        }
        let found = || count_grouped(listed.len(), "name fits", "names fit");
        let asked = filter::hear(ui, &response, list_id(), &mut self.focuses_filter, found);
        self.focuses_list |= asked.goes_down && !listed.is_empty();
        if asked.enters {
            let first = listed.first().copied();
            let first = first.and_then(|at| model.session().project().people().get(at as usize));
            if let Some(person) = first {
                actions.push(PeopleAction::Show(person.id.clone()).into());
                self.focuses_list = true;
            }
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            ui.add_space(INSET);
            ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
            let names = WhichPeople::ALL.map(|(_, name)| name);
            let is_on = |at: usize| WhichPeople::ALL.get(at).is_some_and(|(w, _)| *w == which);
            let width = ui.available_width() - INSET / 2.0;
            let chips = ui.vertical(|ui| {
                ui.set_width(width);
                ui.horizontal_wrapped(|ui| Choices::new("Which").chips(ui, &names, is_on))
            });
            let chosen = chips.inner.inner;
            if let Some((which, _)) = chosen.and_then(|at| WhichPeople::ALL.get(at)) {
                actions.push(list(typed.to_owned(), *which, by_name));
            }
        });
        ui.add_space(8.0);
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        listed: &[u32],
        height: f32,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let people = model.session().project().people();
        let speakers = model.speakers();
        let current = model.shown_person();
        let place = current.and_then(|person| speakers.place_of(&person.id));
        let cursor = place.and_then(|place| listed.iter().position(|at| *at as usize == place));
        let seen = cursor.map(|cursor| (cursor, model.people_list().0.to_owned()));
        let reveals = seen != self.seen;
        self.seen = seen;
        let person_at = |at: usize| people.get(listed.get(at).copied()? as usize);
        let axis = speakers.axis(MONTHS);
        let step = List::pane(
            list_id(),
            "People and organisations",
            listed.len(),
            TALL_ROW_HEIGHT,
        )
        .at_most(height)
        .filled()
        .cursor(cursor)
        .reveal(reveals)
        .focus(std::mem::take(&mut self.focuses_list))
        .show(ui, |ui, at, state| {
            let (Some(person), Some(place)) = (person_at(at), listed.get(at)) else {
                return ui.label("");
            };
            let place = *place as usize;
            let said = SaidInAll {
                quotes: speakers.said_by(place).len(),
                axis,
                counts: axis.map_or(Vec::new(), |axis| speakers.along(&axis, place)),
                span: &|| speakers.span_of(place).unwrap_or_default(),
            };
            person_ui(ui, person, &said, state, tokens)
        });
        if let Some(person) = step.moved.or(step.clicked).and_then(person_at) {
            actions.push(PeopleAction::Show(person.id.clone()).into());
        }
        if step.clicked.is_some() {
            self.is_picked = true;
            self.focuses_list = true;
            ui.ctx().request_repaint();
        }
        self.enters |= step.enters || step.double_clicked.is_some();
        if step.deletes {
            actions.push(Action::Run(Command::DeletePerson));
        }
    }
}

fn list(typed: String, which: WhichPeople, by_name: bool) -> Action {
    let asked = PeopleAction::List {
        typed,
        which,
        by_name,
    };
    asked.into()
}

fn head_ui(ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
    ui.horizontal(|ui| {
        ui.set_height(theme::HEADING_HEIGHT);
        ui.add_space(INSET);
        let title = "People and organisations";
        let heading = ui.label(RichText::new("People").font(theme::strong_font(13.0)));
        tell(&heading, Role::Heading, title);
        let all = model.session().project().people().len();
        ui.label(RichText::new(number(all)).size(SMALL).color(tokens.dim));
        let room = ui.available_rect_before_wrap();
        let inside = eframe::egui::UiBuilder::new().max_rect(room.with_max_x(room.right() - 8.0));
        ui.scope_builder(inside, |ui| {
            at_end_ui(ui, "people", |ui| {
                let (typed, which, by_name) = model.people_list();
                let shown = match (by_name, room.width() < 170.0) {
                    (true, _) => "By name",
                    (false, true) => "Quoted",
                    (false, false) => "Most quoted",
                };
                menu_chip_ui(ui, "Order", shown, false, Some(Icon::Sort), |ui| {
                    for (text, is_it) in [("Most quoted", false), ("By name", true)] {
                        if choice_ui(ui, text, by_name == is_it) {
                            actions.push(list(typed.to_owned(), which, is_it));
                        }
                    }
                });
                let add = info(Command::AddPerson);
                if icon_button_ui(ui, Icon::Plus, add.title, tokens).clicked() {
                    actions.push(Action::Run(Command::AddPerson));
                }
            });
        });
    });
}

fn foot_ui(ui: &mut Ui, pairs: usize, actions: &mut Vec<Action>, tokens: &Tokens) {
    let line = ui.cursor().top();
    let across = ui.max_rect().x_range();
    ui.painter().hline(across, line, (1.0, tokens.line));
    ui.horizontal(|ui| {
        ui.set_height(FOOT_HEIGHT);
        ui.add_space(INSET);
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), eframe::egui::Sense::hover());
        icon::paint(ui.painter(), Icon::Merge, rect.center(), 16.0, tokens.ink);
        ui.label(count_grouped(
            pairs,
            "proposal to merge",
            "proposals to merge",
        ));
        let room = ui.available_rect_before_wrap();
        let inside =
            eframe::egui::UiBuilder::new().max_rect(room.with_max_x(room.right() - INSET + 4.0));
        ui.scope_builder(inside, |ui| {
            at_end_ui(ui, "proposals", |ui| {
                let told = info(Command::ReviewPeople);
                if ui
                    .button("Review them")
                    .on_hover_text(told.tooltip())
                    .clicked()
                {
                    actions.push(Action::Run(Command::ReviewPeople));
                }
            });
        });
    });
}

/// How much somebody is quoted, and when.
struct SaidInAll<'a> {
    quotes: usize,
    axis: Option<Axis>,
    counts: Vec<u32>,
    span: &'a dyn Fn() -> String,
}

/// A line of so many points, the highest at the top; one alone is a peak.
fn line_of(counts: &[u32], place: Rect) -> Vec<Pos2> {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f32;
    let around: &[u32] = if counts.len() == 1 { &[0] } else { &[] };
    let counts = around.iter().chain(counts).chain(around);
    let counts: Vec<u32> = counts.copied().collect();
    let step = place.width() / counts.len().saturating_sub(1).max(1) as f32;
    let points = counts.iter().enumerate().map(|(at, count)| {
        let height = place.height() * (*count as f32 / most);
        pos2(place.left() + step * at as f32, place.bottom() - height)
    });
    points.collect()
}

fn person_ui(
    ui: &mut Ui,
    person: &Person,
    said: &SaidInAll<'_>,
    state: RowState,
    tokens: &Tokens,
) -> Response {
    let shown_name = shown(&person.name);
    let second = second_line(person);
    let quotes = said.quotes;
    let name = || {
        let quotes = count_grouped(quotes, "quote", "quotes");
        let parts = [
            shown_name.to_string(),
            second.clone(),
            quotes,
            (said.span)(),
        ];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(", ")
    };
    let (rect, response) = row_ui(ui, TALL_ROW_HEIGHT, Ground::IN_PANEL, state, name, tokens);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let middle = rect.center().y;
    icon::paint(
        &painter,
        icon_of(person),
        pos2(rect.left() + INSET + 8.0, middle),
        16.0,
        tokens.dim,
    );
    let small = FontId::proportional(SMALL);
    let counted = row::line(
        &painter,
        &number(quotes),
        FontId::proportional(13.0),
        tokens.ink,
        60.0,
    );
    let right = rect.right() - INSET;
    painter.galley(
        pos2(right - counted.size().x, middle - counted.size().y / 2.0),
        counted,
        tokens.ink,
    );
    let end = right - 44.0;
    let has_line = rect.width() > 260.0 && quotes > 0;
    let from = end - LINE_WIDTH;
    let place = Rect::from_min_max(pos2(from, middle - 11.0), pos2(end, middle + 11.0));
    if has_line {
        let points = line_of(&said.counts, place);
        painter.add(Shape::line(points, Stroke::new(1.25, tokens.dim)));
    }
    let left = rect.left() + INSET + 28.0;
    let room = (if has_line { from } else { end } - 8.0 - left).max(20.0);
    let font = if state.is_chosen {
        theme::strong_font(13.0)
    } else {
        FontId::proportional(13.0)
    };
    let first = row::line(&painter, &shown_name, font, tokens.ink, room);
    if second.is_empty() {
        painter.galley(pos2(left, middle - first.size().y / 2.0), first, tokens.ink);
    } else {
        painter.galley(pos2(left, rect.top() + 5.0), first, tokens.ink);
        let second = row::line(&painter, &second, small, tokens.dim, room);
        painter.galley(pos2(left, rect.top() + 25.0), second, tokens.dim);
    }
    let pointer = ui.input(|input| input.pointer.hover_pos());
    let is_at_line = has_line && pointer.is_some_and(|at| place.expand(6.0).contains(at));
    match said.axis.filter(|_| is_at_line && response.hovered()) {
        Some(axis) => {
            let (unit, span) = (axis.unit().to_lowercase(), axis.span());
            let unit = if unit == "years" { "the years" } else { &unit };
            response.on_hover_text(format!("Quotes by {unit}, {span}"))
        }
        None => response,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_spans_its_place_whatever_it_has() {
        let place = Rect::from_min_max(pos2(0.0, 0.0), pos2(60.0, 20.0));
        for (counts, heights) in [
            (&[2, 0, 1][..], &[20.0, 0.0, 10.0][..]),
            (&[3], &[0.0, 20.0, 0.0]),
            (&[0, 0], &[0.0, 0.0]),
        ] {
            let points = line_of(counts, place);
            let found: Vec<f32> = points.iter().map(|at| 20.0 - at.y).collect();
            assert_eq!(found, heights);
            assert_eq!(points.last().map(|at| at.x), Some(60.0));
        }
    }
}
