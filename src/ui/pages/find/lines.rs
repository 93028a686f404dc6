//! The lines themselves: one a hit, with what stands before it up to the same place in all of them.
//! Up and Down go from one to the next, Space ticks, Enter shows it in its article; headings of groups
//! fold.

use crate::app::action::find::{HitId, HitTicks};
use crate::app::action::{Action, FindAction};
use crate::app::command::Command;
use crate::app::derived::hits::{Concordance, HitRow, HitRows, Shared, TickedHits, lines_of};
use crate::app::model::Model;
use crate::app::settings::ReadingFont;
use crate::app::words::{count_grouped, day};
use crate::core::article::Article;
use crate::core::concordance::{
    Arrangement, LineGroup, Reach, Standing, Standings, around, on_one_line,
};
use crate::core::ids::LabelId;
use crate::core::recipes::hits::Placing;
use crate::core::search::{Hit, Options};
use crate::core::shown::shown;
use crate::core::text::bidi::first_strong;
use crate::ui::kit::card;
use crate::ui::kit::letters;
use crate::ui::kit::list::{List, ListStep};
use crate::ui::kit::row::{self, Ground, RowState, Ticked};
use crate::ui::theme::{self, ROW_HEIGHT, SMALL, Tokens};
use eframe::egui::text::TextFormat;
use eframe::egui::{
    Event, FontId, Galley, Id, Painter, Popup, Rect, Response, Sense, Ui, pos2, vec2,
};
use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

const LINE_HEIGHT: f32 = 30.0;
const HEAD_HEIGHT: f32 = 28.0;
const INSET: f32 = 20.0;
const GAP: f32 = 12.0;
/// How far a line reaches on each side of its hit, in bytes: farther than the widest window shows.
const REACH: usize = 800;
/// The share of the words that stand before the hit.
const BEFORE: f32 = 0.45;

#[derive(Default)]
pub(super) struct HitList {
    pub(super) focuses: bool,
    /// It had the keyboard before something came over it.
    had_focus: bool,
    /// The lines that were shown: those of another search, or in another order, begin at their top.
    of: Option<Shared<Concordance>>,
    asked: (String, Options, Arrangement),
    /// The row that the keyboard is at, while it is a heading.
    at_group: Option<String>,
    revealed: Option<HitId>,
}

pub(super) fn list_id() -> Id {
    Id::unique("hits")
}

/// Where the columns stand.
#[derive(Clone, Copy)]
struct Columns {
    tick: f32,
    date: f32,
    outlet: f32,
    /// Where words before the hit begin, and the hit itself.
    before: f32,
    hit: f32,
    now: f32,
    end: f32,
    shows_year: bool,
}

impl Columns {
    fn of(rect: Rect, hides_source: bool) -> Self {
        let is_narrow = rect.width() < 860.0;
        let date = rect.left() + INSET + 16.0 + GAP;
        let outlet = date + if is_narrow { 48.0 } else { 90.0 };
        let outlet_width = match (hides_source, is_narrow) {
            (true, _) => 0.0,
            (false, true) => 96.0,
            (false, false) => 140.0,
        };
        let before = outlet + outlet_width + GAP;
        let end = rect.right() - INSET;
        let now = end - if is_narrow { 70.0 } else { 92.0 };
        let hit = before + (now - GAP - before) * BEFORE;
        Self {
            tick: rect.left() + INSET,
            date,
            outlet,
            before,
            hit: hit.round(),
            now,
            end,
            shows_year: !is_narrow,
        }
    }
}

/// What rows are drawn from.
struct Shown<'a> {
    model: &'a Model,
    of: &'a Shared<Concordance>,
    rows: &'a HitRows,
    standings: Option<Shared<Standings>>,
    placings: Option<Shared<Vec<Placing>>>,
    label: Option<LabelId>,
    ticked: Option<Rc<TickedHits>>,
    tokens: &'a Tokens,
}

/// A row whose box was pressed.
#[derive(Clone, Copy)]
enum Pressed {
    Line(usize),
    Group(usize),
}

impl Shown<'_> {
    fn article(&self, hit: Hit) -> Option<&Arc<Article>> {
        self.model.session().project().articles().get(hit.article)
    }

    fn id(&self, line: usize) -> Option<HitId> {
        self.model.id_of_hit(self.of.hit(line)?)
    }

    fn standing(&self, line: usize) -> Standing {
        let number = self.of.number(line);
        let known = self.standings.as_ref().zip(number);
        known.map_or(Standing::Outside, |(standings, n)| standings.of(n).clone())
    }

    fn group(&self, at: usize) -> Option<&LineGroup> {
        self.of.lines.groups.get(at)
    }

    fn group_at(&self, row: usize) -> Option<&LineGroup> {
        match self.rows.row(row)? {
            HitRow::Group(at) => self.group(at),
            HitRow::Line(_) => None,
        }
    }

    fn id_at(&self, row: usize) -> Option<HitId> {
        match self.rows.row(row)? {
            HitRow::Line(line) => self.id(line),
            HitRow::Group(_) => None,
        }
    }

    fn is_ticked(&self, line: usize) -> bool {
        let id = self.id(line);
        id.is_some_and(|(article, range)| self.model.hit_ticks().has(&article, range))
    }

    /// Whether marking passes over it, since it is marked already; and whether that is the label's
    /// policy: its own mark would lie over a part of another one.
    fn is_marked(&self, line: usize) -> (bool, bool) {
        let Some(n) = self.of.number(line) else {
            return (false, false);
        };
        let standings = self.standings.as_ref();
        let is_own = standings.is_some_and(|all| all.has_own(n, self.label.as_ref()));
        let placing = self.placings.as_ref().and_then(|all| all.get(n));
        let is_passed = placing == Some(&Placing::Already);
        (is_own || is_passed, is_passed && !is_own)
    }

    /// How many lines of a group are ticked.
    fn group_ticks(&self, at: usize) -> Ticked {
        let ticked = self
            .ticked
            .as_ref()
            .and_then(|counts| counts.groups.get(at));
        let hits = self.group(at).map_or(0, |group| group.hits);
        Ticked::of(ticked.copied().unwrap_or(0), hits)
    }

    /// Ticks all lines of a group, or takes all their ticks away where all are ticked.
    fn tick_group(&self, at: usize) -> Option<Action> {
        let hits = lines_of(self.group(at)?).filter_map(|line| self.id(line));
        let is_ticked = self.group_ticks(at) != Ticked::All;
        Some(FindAction::Tick(HitTicks::These(hits.collect(), is_ticked)).into())
    }
}

impl HitList {
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        of: &Shared<Concordance>,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let rows = model.hit_rows(of);
        let shown = Shown {
            model,
            of,
            rows: &rows,
            standings: model.standings_of(&of.hits),
            placings: model.placings_of(&of.hits),
            label: model.label_for_hits().map(|label| label.id.clone()),
            ticked: model.ticked_hits(of).value,
            tokens,
        };
        let hides = model.settings().hides_source;
        head_ui(ui, &shown, Columns::of(ui.max_rect(), hides), actions);
        let is_other = self.of.as_ref() != Some(of);
        let mut begins = false;
        if is_other {
            self.of = Some(of.clone());
            let (query, options) = model.searched();
            let arrangement = model.arrangement().clone();
            let asked = (query.to_owned(), options, arrangement);
            begins = self.asked != asked;
            self.asked = asked;
        }
        let line = model.current_line(of);
        let group = self.at_group.as_ref().and_then(|name| {
            let groups = of.lines.groups.iter();
            groups.enumerate().find(|(_, group)| group.name == *name)
        });
        let cursor = match (group, line) {
            (Some((at, _)), _) => rows.of_group(at),
            (None, Some(line)) => rows.of_line(line),
            (None, None) => None,
        };
        let current = model.current_hit().cloned();
        let reveals = is_other || self.revealed != current;
        self.revealed = current;
        let has_focus = self.keep_keyboard(ui);
        if has_focus && ui.input(|input| input.events.contains(&Event::Copy)) {
            actions.push(Action::Run(Command::CopyHits));
        }
        let mut switched = None;
        let list = List::pane(list_id(), "Hits", rows.len(), LINE_HEIGHT)
            .headings(rows.headings())
            .heading_height(ROW_HEIGHT)
            .pinned(tokens.page)
            .with_ticks()
            .cursor(cursor)
            .reveal(reveals)
            .at_top(begins)
            .focus(std::mem::take(&mut self.focuses));
        let step = list.show(ui, |ui, at, state| match rows.row(at) {
            Some(HitRow::Line(line)) => line_ui(ui, &shown, line, state, &mut switched),
            Some(HitRow::Group(group)) => group_ui(ui, &shown, group, state, &mut switched),
            None => ui.label(""),
        });
        if let Some(pressed) = switched {
            actions.extend(match pressed {
                Pressed::Line(line) => tick(&shown, line),
                Pressed::Group(group) => shown.tick_group(group),
            });
            self.focuses = true;
            return;
        }
        self.take(&shown, &step, cursor, actions);
        if cursor.is_none() && (has_focus || step.moved.is_some()) && step.moved.is_none() {
            let first = (0..rows.len().min(2)).find_map(|row| shown.id_at(row));
            actions.extend(first.map(|hit| FindAction::GoTo(Some(hit)).into()));
        }
    }

    /// Whether the list has the keyboard. It has it again when a card is gone that was called over it
    /// and left with a choice: nothing else on the page would have it.
    fn keep_keyboard(&mut self, ui: &Ui) -> bool {
        let focused = ui.memory(|memory| memory.focused());
        let has_focus = focused == Some(list_id());
        let is_covered = card::is_shown(ui.ctx()) || Popup::is_any_open(ui.ctx());
        if has_focus || (!is_covered && focused.is_some()) {
            self.had_focus = has_focus;
        } else if !is_covered && self.had_focus {
            self.focuses = true;
        }
        has_focus
    }

    /// What the list was asked for by mouse and keyboard.
    fn take(
        &mut self,
        shown: &Shown<'_>,
        step: &ListStep,
        cursor: Option<usize>,
        actions: &mut Vec<Action>,
    ) {
        if let Some(row) = step.moved.or(step.clicked) {
            self.at_group = shown.group_at(row).map(|group| group.name.clone());
            let hit = shown.id_at(row);
            actions.extend(hit.map(|hit| FindAction::GoTo(Some(hit)).into()));
        }
        if step.clicked.is_some() {
            self.focuses = true;
        }
        if let Some(group) = step.clicked.and_then(|row| shown.group_at(row)) {
            actions.push(FindAction::Fold(group.name.clone()).into());
            return;
        }
        if let Some(hit) = step.double_clicked.and_then(|row| shown.id_at(row)) {
            actions.push(FindAction::Show(hit).into());
            return;
        }
        if step.ticks_all {
            actions.push(FindAction::Tick(HitTicks::All).into());
        }
        let Some(row) = step.moved.or(cursor) else {
            return;
        };
        match (shown.rows.row(row), shown.group_at(row)) {
            (Some(HitRow::Line(line)), _) => {
                if step.ticks {
                    actions.extend(tick(shown, line));
                }
                if step.enters {
                    let hit = shown.id(line);
                    actions.extend(hit.map(|hit| FindAction::Show(hit).into()));
                }
            }
            (Some(HitRow::Group(at)), Some(group)) => {
                if step.ticks {
                    actions.extend(shown.tick_group(at));
                }
                if step.enters {
                    actions.push(FindAction::Fold(group.name.clone()).into());
                }
            }
            _ => {}
        }
    }
}

/// Ticks a line, or takes its tick away.
fn tick(shown: &Shown<'_>, line: usize) -> Option<Action> {
    let is_ticked = shown.is_ticked(line);
    let hit = shown.id(line)?;
    Some(FindAction::Tick(HitTicks::These(vec![hit], !is_ticked)).into())
}

/// What the columns hold, and a box that ticks all lines or none.
fn head_ui(ui: &mut Ui, shown: &Shown<'_>, columns: Columns, actions: &mut Vec<Action>) {
    let tokens = shown.tokens;
    let size = vec2(ui.available_width(), HEAD_HEIGHT);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, 0.0, tokens.panel);
    for y in [rect.top() + 0.5, rect.bottom() - 0.5] {
        painter.hline(rect.x_range(), y, (1.0, tokens.line));
    }
    let counts = shown.ticked.as_ref().map_or(0, |counts| counts.ticked);
    let ticked = Ticked::of(counts, shown.of.lines.order.len());
    let middle = rect.center().y;
    let place = Rect::from_center_size(pos2(columns.tick + 8.0, middle), vec2(24.0, 24.0));
    let id = list_id().with("all");
    let all = row::ticks_ui(ui, place, id, Sense::click(), "All hits", ticked, tokens);
    if all
        .on_hover_text("Tick all hits, or none (Ctrl+A)")
        .clicked()
    {
        let how = if ticked == Ticked::All {
            HitTicks::None
        } else {
            HitTicks::All
        };
        actions.push(FindAction::Tick(how).into());
    }
    let small = FontId::proportional(SMALL);
    let name = |text: &str| row::line(&painter, text, small.clone(), tokens.dim, 160.0);
    let put = |galley: Arc<Galley>, x: f32| {
        let at = pos2(x, middle - galley.size().y / 2.0);
        painter.galley(at, galley, tokens.dim);
    };
    put(name("Date"), columns.date);
    if columns.before > columns.outlet + GAP {
        put(name("Outlet or title"), columns.outlet);
    }
    let before = name("Before");
    let at = columns.hit - 6.0 - before.size().x;
    put(before, at);
    put(name("Hit and after"), columns.hit);
    let now = name("Now");
    let at = columns.end - now.size().x;
    put(now, at);
}

fn group_ui(
    ui: &mut Ui,
    shown: &Shown<'_>,
    at: usize,
    state: RowState,
    switched: &mut Option<Pressed>,
) -> Response {
    let Some(group) = shown.group(at) else {
        return ui.label("");
    };
    let hits = count_grouped(group.hits, "hit", "hits");
    let articles = count_grouped(group.articles, "article", "articles");
    let counts = format!("{hits}, {articles}");
    let title = crate::core::shown::shown(&group.name);
    let name = format!("{title}, {counts}");
    let is_folded = !shown.rows.is_open(at);
    let tokens = shown.tokens;
    let mark = INSET + 16.0 + GAP + 7.0;
    let place = (ROW_HEIGHT, mark);
    let (rect, response) = row::group_row_ui(ui, place, state, &name, is_folded, tokens);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let middle = rect.center().y;
    let place = pos2(rect.left() + INSET + 8.0, middle);
    let place = Rect::from_center_size(place, vec2(26.0, 26.0));
    let told = format!("All hits of {title}");
    let id = response.id.with("ticks");
    let ticked = shown.group_ticks(at);
    let all = row::ticks_ui(ui, place, id, Sense::CLICK, &told, ticked, tokens);
    if all
        .on_hover_text("Tick all hits of the group, or none (Space)")
        .clicked()
    {
        *switched = Some(Pressed::Group(at));
    }
    let left = rect.left() + mark + 14.0;
    let room = (rect.width() * 0.6).max(40.0);
    let title = row::line(&painter, &title, theme::strong_font(13.0), tokens.ink, room);
    let after = left + title.size().x + 8.0;
    painter.galley(pos2(left, middle - title.size().y / 2.0), title, tokens.ink);
    let small = FontId::proportional(SMALL);
    let counts = row::line(&painter, &counts, small, tokens.dim, 240.0);
    painter.galley(
        pos2(after, middle - counts.size().y / 2.0),
        counts,
        tokens.dim,
    );
    response
}

fn line_ui(
    ui: &mut Ui,
    shown: &Shown<'_>,
    line: usize,
    state: RowState,
    switched: &mut Option<Pressed>,
) -> Response {
    let (Some(hit), tokens) = (shown.of.hit(line), shown.tokens) else {
        return ui.label("");
    };
    let Some(article) = shown.article(hit) else {
        return ui.label("");
    };
    let (before, after) = around(&article.text, hit.range, Reach::Across(REACH));
    let words: String = article.text.slice(hit.range).chars().take(400).collect();
    let words = on_one_line(&words);
    let standing = shown.standing(line);
    let is_ticked = shown.is_ticked(line);
    let (is_marked, is_by_policy) = shown.is_marked(line);
    let codebook = shown.model.session().project().codebook();
    let now = match &standing {
        Standing::Outside | Standing::Dismissed => None,
        Standing::Marked(label) | Standing::Inside(label) => Some(label),
    };
    let now_name = now.map(|label| codebook.name_of(label));
    let said = |name: &str| article.meta(name).map(str::trim).unwrap_or_default();
    let hides = shown.model.settings().hides_source;
    let outlet = if hides { "" } else { said("outlet") };
    let date = day(said("published"));
    let name = || {
        let ticked = if is_ticked { "ticked" } else { "not ticked" };
        let settled = if standing == Standing::Dismissed {
            ", dismissed"
        } else if is_marked {
            ", marked already"
        } else {
            ""
        };
        let place = match [date.as_str(), outlet].join(" ").trim() {
            "" => article.shown_title().into_owned(),
            place => place.to_owned(),
        };
        let now = now_name.map(|name| format!(", {name}")).unwrap_or_default();
        let text = format!("{}{words}{}", last_words(&before), first_words(&after));
        format!("{}, {place}{now}, {ticked}{settled}", text.trim())
    };
    let (rect, response) = row::row_ui(ui, LINE_HEIGHT, Ground::IN_PANEL, state, name, tokens);
    let columns = Columns::of(rect, hides);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let middle = rect.center().y;
    let place = Rect::from_center_size(pos2(columns.tick + 8.0, middle), vec2(26.0, 26.0));
    let id = response.id.with("tick");
    if row::switch_ui(ui, place, id, "Ticked", is_ticked).clicked() {
        *switched = Some(Pressed::Line(line));
    }
    row::tick_box(&painter, place.center(), is_ticked, tokens);
    let small = FontId::proportional(SMALL);
    let cell = |text: &str, x: f32, upto: f32, color| {
        let room = (upto - x - 6.0).max(8.0);
        let text = row::line(&painter, text, small.clone(), color, room);
        painter.galley(pos2(x, middle - text.size().y / 2.0), text, color);
    };
    let dim = if state.is_chosen {
        tokens.ink
    } else {
        tokens.dim
    };
    let shown_date = if columns.shows_year {
        &date
    } else {
        short_day(&date)
    };
    cell(shown_date, columns.date, columns.outlet, dim);
    if columns.before > columns.outlet + GAP {
        // Without an outlet the title says which article it is.
        let title = article.shown_title();
        let (place, color) = match outlet {
            "" => (&*title, dim),
            outlet => (outlet, tokens.ink),
        };
        cell(place, columns.outlet, columns.before, color);
    }
    words_ui(&painter, columns, middle, (&before, &words, &after), tokens);
    if standing == Standing::Dismissed {
        cell("dismissed", columns.now + 12.0, columns.end + 8.0, dim);
    }
    if is_by_policy && standing != Standing::Dismissed {
        let label = shown.label.as_ref();
        let name = label.map(|label| shown_name(codebook.name_of(label)));
        let told = format!("beside {}", name.unwrap_or_default());
        let text = row::line(&painter, &told, small, dim, columns.end - columns.now);
        let at = pos2(columns.end - text.size().x, middle - text.size().y / 2.0);
        painter.galley(at, text, dim);
    } else if let (Some(name), Some(label)) = (now_name, now) {
        let is_marked = matches!(standing, Standing::Marked(_));
        let color = if is_marked {
            tokens.label(codebook.color_of(label.as_str()))
        } else {
            dim
        };
        let name = if is_marked {
            shown_name(name)
        } else {
            format!("in {}", shown_name(name))
        };
        let room = columns.end - columns.now;
        let text = row::line(&painter, &name, small.clone(), color, room);
        let at = pos2(columns.end - text.size().x, middle - text.size().y / 2.0);
        painter.galley(at, text, color);
    }
    response
}

fn shown_name(name: &str) -> String {
    shown(name).into_owned()
}

/// A day without its year, where there is no room for it; the tooltip of the line has it.
fn short_day(day: &str) -> &str {
    let is_year = |year: &str| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    match day.rsplit_once(' ') {
        Some((rest, year)) if is_year(year) && rest.contains(' ') => rest,
        _ => day,
    }
}

/// What assistive tools are told of what stands beside a hit: a few whole words.
const TOLD: usize = 40;

fn last_words(before: &str) -> &str {
    let end = tail(before, TOLD);
    if end.len() == before.len() {
        return end;
    }
    end.find(' ').and_then(|at| end.get(at..)).unwrap_or(end)
}

fn first_words(after: &str) -> &str {
    let Some((upto, _)) = after.char_indices().nth(TOLD) else {
        return after;
    };
    let start = after.get(..upto).unwrap_or(after);
    start
        .rfind(' ')
        .and_then(|at| start.get(..at))
        .unwrap_or(start)
}

/// The last characters of a text.
fn tail(text: &str, chars: usize) -> &str {
    let at = text.char_indices().rev().nth(chars.saturating_sub(1));
    at.and_then(|(at, _)| text.get(at..)).unwrap_or(text)
}

/// What stands at the left of the hit, up to where all hits begin; the hit; and what stands at its
/// right: in a line that is read from the right, what follows it stands at the left.
fn words_ui(
    painter: &Painter,
    columns: Columns,
    middle: f32,
    (before, hit, after): (&str, &str, &str),
    tokens: &Tokens,
) {
    const SIZE: f32 = 14.5;
    let font = theme::reading_font(ReadingFont::Serif, SIZE);
    let bold = theme::headline_of(ReadingFont::Serif, SIZE);
    let format = TextFormat::simple(font.clone(), tokens.ink);
    let is_rtl = [before, hit, after].into_iter().find_map(first_strong) == Some(true);
    let set = |text: &str, room: f32, is_rtl| {
        letters::line_of(painter.ctx(), text, &format, room, is_rtl)
    };
    let lay_out = |text: &str, is_rtl| match set(text, f32::INFINITY, is_rtl) {
        Some(job) => painter.layout_job(job),
        None => painter.layout_no_wrap(text.to_owned(), font.clone(), tokens.ink),
    };
    // As many whole words as there is room for; a longer one is cut at the edge.
    let last = |text: &str, room: f32, is_rtl| {
        let near = tail(text, row::letters_in(room));
        let all = lay_out(near, is_rtl);
        if all.size().x <= room && near.len() == text.len() {
            return all;
        }
        let share = (room / all.size().x.max(1.0)).min(1.0);
        let chars = (near.chars().count() as f32 * share) as usize;
        let mut cut = tail(text, chars.max(1));
        loop {
            let Some((_, rest)) = cut.split_once(' ') else {
                return lay_out(cut, is_rtl);
            };
            cut = rest;
            let fitting = lay_out(cut, is_rtl);
            if fitting.size().x <= room {
                return fitting;
            }
        }
    };
    let first = |text: &str, room: f32, is_rtl| {
        let end = text.char_indices().nth(row::letters_in(room));
        let near = end.and_then(|(end, _)| text.get(..end));
        let near = near.map_or(Cow::Borrowed(text), |near| Cow::Owned(format!("{near}…")));
        match set(&near, room, is_rtl) {
            Some(job) => painter.layout_job(job),
            None => row::line(painter, &near, font.clone(), tokens.ink, room),
        }
    };
    let y = |galley: &Galley| middle - galley.size().y / 2.0;
    let clipped = |from: f32, upto: f32| {
        let clip = painter.clip_rect();
        let clip = clip
            .with_min_x(clip.left().max(from))
            .with_max_x(clip.right().min(upto));
        painter.with_clip_rect(clip)
    };
    // A phrase of the other direction stays whole around the hit.
    let is_other = first_strong(hit) == Some(!is_rtl);
    let ((before, phrase_before), (phrase_after, after)) = if is_other {
        (split_before(before, !is_rtl), split_after(after, !is_rtl))
    } else {
        ((before, ""), ("", after))
    };
    // What is nearest to the hit comes first.
    let (mut to_left, mut to_right) = (
        [(phrase_after, false), (before, true)],
        [(phrase_before, true), (after, false)],
    );
    if is_rtl {
        (to_left, to_right) = (
            [(phrase_before, true), (after, false)],
            [(phrase_after, false), (before, true)],
        );
    }
    let put = |text: &str, at: usize, is_before: bool, room: f32| {
        let is_rtl = if at == 0 { !is_rtl } else { is_rtl };
        if is_before {
            last(text, room, is_rtl)
        } else {
            first(text, room, is_rtl)
        }
    };
    let mut upto = columns.hit - 6.0;
    for (at, (text, is_before)) in to_left.into_iter().enumerate() {
        let room = upto - columns.before;
        if text.is_empty() || room < 8.0 {
            continue;
        }
        let galley = put(text, at, is_before, room);
        upto -= galley.size().x;
        clipped(columns.before, columns.hit).galley(pos2(upto, y(&galley)), galley, tokens.ink);
    }
    let end = columns.now - GAP;
    let hit = row::line(
        painter,
        hit,
        bold,
        tokens.ink,
        (end - columns.hit).max(20.0),
    );
    let place = Rect::from_min_size(pos2(columns.hit, y(&hit)), hit.size()).expand2(vec2(2.0, 1.0));
    painter.rect_filled(place, 2.0, tokens.hit);
    let mut from = columns.hit + hit.size().x;
    painter.galley(pos2(columns.hit, y(&hit)), hit, tokens.ink);
    for (at, (text, is_before)) in to_right.into_iter().enumerate() {
        let room = end - from;
        if text.is_empty() || room <= 12.0 {
            continue;
        }
        let galley = put(text, at, is_before, room);
        let wide = galley.size().x;
        clipped(from, end).galley(pos2(from, y(&galley)), galley, tokens.ink);
        from += wide;
    }
}

/// What stands before a hit, and the end of it that is read with the hit, in a direction.
fn split_before(before: &str, is_rtl: bool) -> (&str, &str) {
    let mut from = before.len();
    for (at, c) in before.char_indices().rev() {
        match first_strong(c.encode_utf8(&mut [0; 4])) {
            Some(found) if found == is_rtl => from = at,
            Some(_) => break,
            None => {}
        }
    }
    before.split_at_checked(from).unwrap_or((before, ""))
}

/// The beginning of what follows on a hit that is read with it, in a direction, and the rest.
fn split_after(after: &str, is_rtl: bool) -> (&str, &str) {
    let mut upto = 0;
    for (at, c) in after.char_indices() {
        match first_strong(c.encode_utf8(&mut [0; 4])) {
            Some(found) if found == is_rtl => upto = at + c.len_utf8(),
            Some(_) => break,
            None => {}
        }
    }
    after.split_at_checked(upto).unwrap_or(("", after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_ends_are_cut_where_they_may_be() {
        for (day, short) in [
            ("14 May 2024", "14 May"),
            ("2024", "2024"),
            ("May 2024", "May 2024"),
            ("14 мая 2024 г.", "14 мая 2024 г."),
            ("", ""),
        ] {
            assert_eq!(short_day(day), short);
        }
        for (before, is_rtl, split) in [
            ("قال Daily ", false, ("قال ", "Daily ")),
            ("قال ", false, ("قال ", "")),
            ("a, the 3 ", false, ("", "a, the 3 ")),
            ("he said الوزير ", true, ("he said ", "الوزير ")),
            ("", true, ("", "")),
        ] {
            assert_eq!(split_before(before, is_rtl), split);
        }
        for (after, is_rtl, split) in [
            (" Herald, إن", false, (" Herald", ", إن")),
            (" إن Herald", false, ("", " إن Herald")),
            (" الأول said", true, (" الأول", " said")),
        ] {
            assert_eq!(split_after(after, is_rtl), split);
        }
        for (text, chars, end) in [("abc", 2, "bc"), ("aé", 1, "é"), ("a", 5, "a"), ("", 3, "")] {
            assert_eq!(tail(text, chars), end);
        }
    }
}
