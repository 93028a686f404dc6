//! All that somebody is quoted saying, the newest first and by month: date, outlet, words, verb and
//! kind. Up and Down go from one to the next, Enter shows it in its article.

use super::head::inset;
use crate::app::action::{Action, PeopleAction};
use crate::app::command::{Command, info};
use crate::app::model::Model;
use crate::app::words::{count_grouped, day};
use crate::core::ids::{AnnotationId, ArticleId, PersonId};
use crate::core::months;
use crate::core::project::Person;
use crate::core::quoted::{QuotePlace, Said, SaidFilter, SaidLine, words_of};
use crate::core::shown::shown;
use crate::ui::kit::chip::{choice_ui, menu_chip_ui};
use crate::ui::kit::list::{List, nothing_ui};
use crate::ui::kit::row::{self, Ground, RowState, at_end_ui, row_ui};
use crate::ui::kit::tell;
use crate::ui::theme::{self, ROW_HEIGHT, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{
    Button, FontId, Frame, Id, Label, Margin, Rect, Response, RichText, Sense, Ui, UiBuilder, pos2,
    vec2,
};

const LINE_HEIGHT: f32 = 30.0;
const HEAD_HEIGHT: f32 = 26.0;
/// With less room the filters stand below the heading.
const NARROW: f32 = 600.0;
const NO_OUTLET: &str = "no outlet";
const NO_KIND: &str = "no kind";

#[derive(Default)]
pub(super) struct SaidList {
    pub(super) focuses: bool,
    /// Whose quotes were shown, and which: those of another begin at their top.
    of: Option<(PersonId, SaidFilter)>,
    revealed: Option<(ArticleId, AnnotationId)>,
}

pub(super) fn list_id() -> Id {
    Id::unique("what they said")
}

/// Where the columns stand. Verb, kind and outlet have no room where the quote would have little.
#[derive(Clone, Copy)]
struct Columns {
    date: f32,
    outlet: f32,
    quote: f32,
    verb: f32,
    kind: f32,
    end: f32,
}

impl Columns {
    fn of(rect: Rect, hides_source: bool) -> Self {
        let width = rect.width();
        let date = rect.left() + inset(rect);
        let date_width = if width < 360.0 { 68.0 } else { 92.0 };
        let outlet = date + date_width;
        let outlet_width = match width {
            _ if hides_source => 0.0,
            width if width < 420.0 => 0.0,
            width if width < 640.0 => 84.0,
            _ => 132.0,
        };
        let end = rect.right() - inset(rect);
        let kind_width = if width < 560.0 { 0.0 } else { 64.0 };
        let verb_width = if width < 500.0 { 0.0 } else { 84.0 };
        let kind = end - kind_width;
        let verb = kind - verb_width;
        Self {
            date,
            outlet,
            quote: outlet + outlet_width,
            verb,
            kind,
            end,
        }
    }

    /// Whether a row does not show all that there is.
    fn leave_out(self, hides_source: bool) -> bool {
        self.kind >= self.end || (self.quote <= self.outlet && !hides_source)
    }
}

fn month_name(month: Option<i32>) -> String {
    month.map_or_else(|| "No date".to_owned(), months::name_of)
}

impl SaidList {
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        person: &Person,
        said: &Said,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        bar_ui(ui, model, person, said, actions, tokens);
        if said.lines.is_empty() {
            self.focuses = false;
            let is_filtered = *model.said_filter() != SaidFilter::default();
            let (told, offer) = if is_filtered {
                ("No quote fits the filter", Some("Show all"))
            } else {
                (
                    "Nothing is quoted of them yet: name them as the speaker on the card of a quote",
                    None,
                )
            };
            ui.horizontal(|ui| {
                ui.add_space(inset(ui.max_rect()) - 16.0);
                if nothing_ui(ui, told, offer) {
                    actions.push(PeopleAction::Filter(SaidFilter::default()).into());
                }
            });
            return;
        }
        let columns = Columns::of(ui.max_rect(), model.settings().hides_source);
        head_ui(ui, columns, model.settings().hides_source, tokens);
        let of = Some((person.id.clone(), model.said_filter().clone()));
        let begins = self.of != of;
        self.of = of;
        let place_at = |at: usize| match said.lines.get(at)? {
            SaidLine::Quote(place) => Some(*place),
            SaidLine::Month(..) => None,
        };
        let current = model.current_quote();
        let cursor = current.and_then(|(article, quote)| {
            let article_at = model.session().project().article_index(article)? as u32;
            let speakers = model.speakers();
            let is_it = |line: &SaidLine| match line {
                SaidLine::Quote(place) if place.0 == article_at => {
                    let found = speakers.get(*place);
                    found.is_some_and(|(_, quoted)| quoted.id == *quote)
                }
                SaidLine::Quote(_) | SaidLine::Month(..) => false,
            };
            said.lines.iter().position(is_it)
        });
        let reveals = self.revealed.as_ref() != current;
        self.revealed = current.cloned();
        let has_focus = ui.memory(|memory| memory.has_focus(list_id()));
        let step = List::pane(
            list_id(),
            "What they are quoted saying",
            said.lines.len(),
            LINE_HEIGHT,
        )
        .headings(&said.headings)
        .heading_height(ROW_HEIGHT)
        .cursor(cursor)
        .reveal(reveals)
        .at_top(begins)
        .focus(std::mem::take(&mut self.focuses))
        .show(ui, |ui, at, state| match said.lines.get(at) {
            Some(SaidLine::Month(month, count)) => month_ui(ui, *month, *count, tokens),
            Some(SaidLine::Quote(place)) => quote_ui(ui, model, *place, state, tokens),
            None => ui.label(""),
        });
        let id_at = |at: usize| id_of(model, place_at(at)?);
        let goes_down = step.moved > cursor;
        let moved = step.moved.map(|at| match (place_at(at), goes_down) {
            (Some(_), _) => at,
            (None, true) => at + 1,
            (None, false) => at.saturating_sub(1),
        });
        if let Some((article, quote)) = moved.or(step.clicked).and_then(id_at) {
            actions.push(PeopleAction::GoTo(article, quote).into());
        }
        if step.clicked.is_some() {
            self.focuses = true;
            ui.ctx().request_repaint();
        }
        let opened = step
            .double_clicked
            .or(moved.or(cursor).filter(|_| step.enters));
        if let Some((article, quote)) = opened.and_then(id_at) {
            actions.push(PeopleAction::Open(article, quote).into());
        }
        if cursor.is_none() && has_focus && step.moved.is_none() {
            let first = (0..said.lines.len().min(2)).find_map(id_at);
            actions.extend(first.map(|(article, quote)| PeopleAction::GoTo(article, quote).into()));
        }
    }
}

fn id_of(model: &Model, place: QuotePlace) -> Option<(ArticleId, AnnotationId)> {
    let article = model.session().project().articles().get(place.0 as usize)?;
    let speakers = model.speakers();
    let (_, quote) = speakers.get(place)?;
    Some((article.id.clone(), quote.id.clone()))
}

/// What it is, how much there is of it, and what is left out.
fn bar_ui(
    ui: &mut Ui,
    model: &Model,
    person: &Person,
    said: &Said,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let inset = inset(ui.max_rect());
    let is_narrow = ui.max_rect().width() < NARROW;
    ui.horizontal(|ui| {
        ui.set_height(36.0);
        ui.add_space(inset);
        ui.spacing_mut().item_spacing.x = 8.0;
        let title = match ui.max_rect().width() {
            width if width < 240.0 => "Quoted saying",
            _ => "What they are quoted saying",
        };
        let heading = ui.label(RichText::new(title).font(theme::strong_font(13.0)));
        tell(
            &heading,
            Role::Heading,
            &format!("What {} is quoted saying", shown(&person.name)),
        );
        let mut told = format!(
            "{}, {}",
            count_grouped(said.quotes, "quote", "quotes"),
            count_grouped(said.articles, "article", "articles")
        );
        if !model.settings().hides_source {
            let outlets = said
                .outlets
                .iter()
                .filter(|outlet| !outlet.outlet.is_empty());
            told = format!(
                "{told}, {}",
                count_grouped(outlets.count(), "outlet", "outlets")
            );
        }
        // The filters come first where there is little room.
        if is_narrow || ui.max_rect().width() > 680.0 {
            let told = RichText::new(told).size(SMALL).color(tokens.dim);
            ui.scope(|ui| {
                ui.set_max_width((ui.available_width() - inset).max(0.0));
                ui.add(Label::new(told).truncate());
            });
        }
        if is_narrow {
            return;
        }
        let room = ui.available_rect_before_wrap();
        let inside = UiBuilder::new().max_rect(room.with_max_x(room.right() - inset));
        ui.scope_builder(inside, |ui| {
            at_end_ui(ui, "said", |ui| acts_ui(ui, model, said, actions));
        });
    });
    if is_narrow {
        // On lines of their own, as many as they need.
        let margin = Margin::symmetric(inset as i8, 0);
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
            ui.horizontal_wrapped(|ui| acts_ui(ui, model, said, actions));
        });
        ui.add_space(8.0);
    }
}

/// What is left out, and what is done with the rest.
fn acts_ui(ui: &mut Ui, model: &Model, said: &Said, actions: &mut Vec<Action>) {
    filters_ui(ui, model, said, actions);
    let export = info(Command::ExportSaidXlsx);
    let button = ui.button("Export");
    if button.on_hover_text(export.tooltip()).clicked() {
        actions.push(Action::Run(Command::ExportSaidXlsx));
    }
    let line_up = info(Command::LineUp);
    let can = model.current_quote().is_some();
    let button = ui.add_enabled(can, Button::new("Line up…"));
    let button = button.on_disabled_hover_text("Choose a quote of the list first");
    if button.on_hover_text(line_up.tooltip()).clicked() {
        actions.push(Action::Run(Command::LineUp));
    }
}

fn filters_ui(ui: &mut Ui, model: &Model, said: &Said, actions: &mut Vec<Action>) {
    let filter = model.said_filter();
    let or = |text: &str, none: &'static str| match text {
        "" => none.to_owned(),
        text => shown(text).into_owned(),
    };
    let kind = filter.kind.as_deref().map(|kind| or(kind, NO_KIND));
    let shown_kind = kind.as_deref().unwrap_or("Kind");
    menu_chip_ui(ui, "Kind", shown_kind, filter.kind.is_some(), None, |ui| {
        if choice_ui(ui, "All kinds", filter.kind.is_none()) {
            let new = SaidFilter {
                kind: None,
                ..filter.clone()
            };
            actions.push(PeopleAction::Filter(new).into());
        }
        for (kind, count) in &said.kinds {
            let text = format!("{} ({count})", or(kind, NO_KIND));
            if choice_ui(ui, &text, filter.kind.as_ref() == Some(kind)) {
                let new = SaidFilter {
                    kind: Some(kind.clone()),
                    ..filter.clone()
                };
                actions.push(PeopleAction::Filter(new).into());
            }
        }
    });
    if model.settings().hides_source {
        return;
    }
    let outlet = filter.outlet.as_deref().map(|outlet| or(outlet, NO_OUTLET));
    let shown_outlet = outlet.as_deref().unwrap_or("Outlet");
    menu_chip_ui(
        ui,
        "Outlet",
        shown_outlet,
        filter.outlet.is_some(),
        None,
        |ui| {
            if choice_ui(ui, "All outlets", filter.outlet.is_none()) {
                let new = SaidFilter {
                    outlet: None,
                    ..filter.clone()
                };
                actions.push(PeopleAction::Filter(new).into());
            }
            for outlet in said.outlets.iter().take(40) {
                let text = format!("{} ({})", or(&outlet.outlet, NO_OUTLET), outlet.quotes);
                if choice_ui(ui, &text, filter.outlet.as_ref() == Some(&outlet.outlet)) {
                    let new = SaidFilter {
                        outlet: Some(outlet.outlet.clone()),
                        ..filter.clone()
                    };
                    actions.push(PeopleAction::Filter(new).into());
                }
            }
        },
    );
}

fn head_ui(ui: &mut Ui, columns: Columns, hides_source: bool, tokens: &Tokens) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD_HEIGHT), Sense::hover());
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.line));
    let has_outlet = !hides_source && columns.quote > columns.outlet;
    for (text, x, is_there) in [
        ("Date", columns.date, true),
        ("Outlet", columns.outlet, has_outlet),
        ("Quote", columns.quote, true),
        ("Verb", columns.verb, columns.kind > columns.verb),
        ("Kind", columns.kind, columns.end > columns.kind),
    ] {
        if !is_there {
            continue;
        }
        let text = row::line(
            &painter,
            text,
            FontId::proportional(SMALL),
            tokens.dim,
            120.0,
        );
        painter.galley(
            pos2(x, rect.center().y - text.size().y / 2.0),
            text,
            tokens.dim,
        );
    }
}

fn month_ui(ui: &mut Ui, month: Option<i32>, count: usize, tokens: &Tokens) -> Response {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
    let name = month_name(month);
    tell(
        &response,
        Role::Heading,
        &format!("{name}, {}", count_grouped(count, "quote", "quotes")),
    );
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.line));
    let text = row::line(&painter, &name, theme::strong_font(13.0), tokens.ink, 200.0);
    let left = rect.left() + inset(rect);
    let after = left + text.size().x + 8.0;
    painter.galley(
        pos2(left, rect.center().y - text.size().y / 2.0),
        text,
        tokens.ink,
    );
    let count = row::line(
        &painter,
        &crate::ui::kit::facet::number(count),
        FontId::proportional(SMALL),
        tokens.dim,
        80.0,
    );
    painter.galley(
        pos2(after, rect.center().y - count.size().y / 2.0),
        count,
        tokens.dim,
    );
    response
}

fn quote_ui(
    ui: &mut Ui,
    model: &Model,
    place: QuotePlace,
    state: RowState,
    tokens: &Tokens,
) -> Response {
    let speakers = model.speakers();
    let project = model.session().project();
    let found = speakers.get(place).and_then(|(of, quote)| {
        let article = project.articles().get(place.0 as usize)?;
        let annotation = article.annotations.get(quote.id.as_str())?;
        Some((of, quote, article, annotation))
    });
    let Some((of, quote, article, annotation)) = found else {
        return ui.label("");
    };
    let hides = model.settings().hides_source;
    let date = day(&of.day);
    let outlet = if hides { "" } else { &*of.outlet };
    let words: String = words_of(article, annotation).chars().take(400).collect();
    let words = shown(&words);
    let kind = &*quote.kind;
    let name = || {
        let parts = [words.as_ref(), &date, outlet, &quote.verb, kind];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    };
    let (rect, response) = row_ui(ui, LINE_HEIGHT, Ground::IN_PANEL, state, name, tokens);
    let columns = Columns::of(rect, hides);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.line));
    let middle = rect.center().y;
    let put = |text: &str, font: FontId, color, from: f32, to: f32| {
        let text = row::line(&painter, text, font, color, (to - from - 10.0).max(10.0));
        painter.galley(pos2(from, middle - text.size().y / 2.0), text, color);
    };
    let small = FontId::proportional(SMALL);
    put(
        &date,
        small.clone(),
        tokens.dim,
        columns.date,
        columns.outlet,
    );
    if columns.quote > columns.outlet {
        put(
            &shown(outlet),
            FontId::proportional(13.0),
            tokens.ink,
            columns.outlet,
            columns.quote,
        );
    }
    put(
        &words,
        theme::reading_font(model.settings().reading_font, 14.0),
        tokens.ink,
        columns.quote,
        columns.verb,
    );
    if columns.kind > columns.verb {
        let font = FontId::proportional(13.0);
        put(&quote.verb, font, tokens.ink, columns.verb, columns.kind);
    }
    if columns.end > columns.kind {
        put(kind, small, tokens.dim, columns.kind, columns.end + 10.0);
    }
    if columns.leave_out(hides) {
        return response.on_hover_text(name());
    }
    response
}
