//! The panels around the article, and where each stands.
//!
//! What a panel is about stands in its file; the table here says its side, and the shell draws them
//! in its order. How wide a side is, and whether a panel is a drawer or a tab, is for
//! [`places`] to say.

mod annotations;
pub(super) mod articles;
mod codebook;
mod inspector;
pub(super) mod places;
mod rail;
mod status;

use crate::app::action::{Action, Spot};
use crate::app::model::{Model, Page};
use crate::app::settings::SidePanel;
use crate::ui::kit::icon::{Icon, icon_button_ui};
use crate::ui::kit::tabs::tabs_ui;
use crate::ui::kit::tell;
use crate::ui::menu::menu_bar_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{self, Align, Id, Label, Layout, Rect, RichText, Ui};

use places::Height;
pub(super) use rail::rail_ui;

type Make = fn() -> Box<dyn Panel>;

struct Row {
    side: Side,
    make: Make,
    /// Its tab, where the panels of its side stand one at a time.
    tab: &'static str,
    /// How high it stands where the panels of its side are below each other.
    height: Height,
    /// The field of it that the keyboard can be given to.
    spots: &'static [Spot],
    /// It goes to the edges of its side.
    is_wide: bool,
}

const fn row(side: Side, tab: &'static str, make: Make) -> Row {
    Row {
        side,
        make,
        tab,
        height: Height::Rest,
        spots: &[],
        is_wide: true,
    }
}

/// All panels, those of a side from the top.
const PANELS: &[Row] = &[
    row(Side::Top, "", || Box::new(menu_bar_ui)),
    row(Side::Bottom, "", || Box::new(status::status_ui)),
    Row {
        spots: &[Spot::ArticleFilter],
        ..row(Side::Left, "Articles", || {
            Box::new(articles::ArticlesPanel::default())
        })
    },
    Row {
        height: Height::AsLongAs {
            whole: places::codebook_height,
            least: places::least_codebook_height,
        },
        spots: &[Spot::FoundLabels],
        ..row(Side::Right, "Codebook", || {
            Box::new(codebook::CodebookPanel::default())
        })
    },
    Row {
        height: Height::Of(places::card_height),
        spots: &[Spot::Note, Spot::Card],
        is_wide: false,
        ..row(Side::Right, "Selected", || {
            Box::new(inspector::Inspector::default())
        })
    },
    Row {
        spots: &[Spot::AnnotationFilter],
        ..row(Side::Right, "In this article", || {
            Box::new(annotations::AnnotationsPanel::default())
        })
    },
];

/// How high those at the right stand, from the top.
fn heights() -> impl Iterator<Item = Height> {
    let right = PANELS.iter().filter(|row| row.side == Side::Right);
    right.map(|row| row.height)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Top,
    Bottom,
    Left,
    Right,
}

impl Side {
    /// In the order in which they take their room of the window.
    pub(super) const ALL: [Self; 4] = [Self::Top, Self::Bottom, Self::Left, Self::Right];

    /// The panel that can be put away, of a side that is one.
    pub(super) fn panel(self) -> Option<SidePanel> {
        match self {
            Self::Top | Self::Bottom => None,
            Self::Left => Some(SidePanel::Articles),
            Self::Right => Some(SidePanel::Annotations),
        }
    }

    /// What it is called where it cannot be seen.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Top => "Menu",
            Self::Bottom => "Status bar",
            Self::Left => "Articles",
            Self::Right => "Codebook and annotations",
        }
    }

    pub(super) fn is_shown(self, model: &Model) -> bool {
        let shows = |panel| is_of_page(model) && model.settings().shows(panel);
        self.panel().is_none_or(shows)
    }

    /// Whether a rail stands for it while it is put away: there is no room for it.
    pub(super) fn has_rail(self, ctx: &egui::Context, model: &Model) -> bool {
        let is_wanted = self
            .panel()
            .is_some_and(|panel| model.settings().wants(panel));
        let is_away = is_of_page(model) && is_wanted && !self.is_shown(model);
        model.settings().is_narrow && is_away && places::has_rails(ctx)
    }

    pub(super) fn frame(self, ctx: &egui::Context, model: &Model) -> egui::Panel {
        let width = |panel| places::width_of(panel, ctx, model);
        let frame = match self {
            Self::Top => egui::Panel::top("menu")
                .exact_size(theme::BAR_HEIGHT)
                .show_separator_line(false),
            Self::Bottom => {
                egui::Panel::bottom("status").exact_size(crate::ui::notices::height(ctx))
            }
            Self::Left => egui::Panel::left("articles").exact_size(width(SidePanel::Articles)),
            Self::Right => {
                egui::Panel::right("annotations").exact_size(width(SidePanel::Annotations))
            }
        };
        frame.resizable(false)
    }
}

/// Whether panels belong beside what is shown: they are about articles.
fn is_of_page(model: &Model) -> bool {
    model.page() == Page::Read && !model.session().project().articles().is_empty()
}

pub(super) trait Panel {
    fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens);

    /// Keeps what is being written in it. Called before something else is shown.
    fn flush(&mut self, _model: &Model, _actions: &mut Vec<Action>) {}

    /// Gives the keyboard to a field of it, if that is there.
    fn focus(&mut self, _spot: Spot) {}

    /// Its list, which is a stop on the way through the panes.
    fn list(&self) -> Option<Id> {
        None
    }

    fn focus_list(&mut self) {}

    /// Gives the keyboard to where one begins in it.
    fn begin(&mut self) {
        self.focus_list();
    }
}

/// One that keeps nothing from frame to frame.
impl<F: Fn(&mut Ui, &Model, &mut Vec<Action>, &Tokens)> Panel for F {
    fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
        self(ui, model, actions, tokens);
    }
}

/// Every panel, once.
#[derive(Default)]
pub(super) struct Panels {
    panels: Vec<(&'static Row, Box<dyn Panel>)>,
    /// Of the panels at the right, the one that is shown where there is room for one.
    tab: usize,
}

/// Where the keyboard goes next.
pub(super) enum NextPane {
    Article,
    /// A list, once its side is shown.
    List(SidePanel),
}

impl Panels {
    pub(super) fn new() -> Self {
        Self {
            panels: PANELS.iter().map(|row| (row, (row.make)())).collect(),
            tab: 0,
        }
    }

    /// None of them, while they are drawn.
    pub(super) fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    /// What stands above the panels of a side: their tabs, where one of them is shown, and how the
    /// drawer is closed.
    pub(super) fn head_ui(
        &mut self,
        side: Side,
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let Some(panel) = side.panel() else {
            return;
        };
        let has_tabs = side == Side::Right && places::is_low(ui.ctx(), model);
        let is_drawer = model.settings().is_narrow;
        if !has_tabs && !is_drawer {
            return;
        }
        ui.horizontal(|ui| {
            ui.set_height(theme::HEADING_HEIGHT);
            ui.spacing_mut().item_spacing.x = 0.0;
            let close = theme::CONTROL_HEIGHT + 8.0;
            let mut room = ui.available_rect_before_wrap();
            if is_drawer {
                room.max.x -= close;
            }
            if has_tabs || side == Side::Left {
                let all = self.panels.iter().filter(|(row, _)| row.side == side);
                let tabs: Vec<_> = all.map(|(row, _)| row.tab).collect();
                let help = |at: usize| tabs.get(at).map(|tab| (*tab).to_owned());
                let tabs = (tabs.as_slice(), &help as &dyn Fn(usize) -> Option<String>);
                let current = if has_tabs { self.tab } else { 0 };
                let inside = egui::UiBuilder::new().max_rect(room);
                let chosen = ui.scope_builder(inside, |ui| {
                    tabs_ui(ui, "Panels", tabs, current, theme::HEADING_HEIGHT, tokens)
                });
                if let Some(chosen) = chosen.inner.filter(|_| has_tabs) {
                    self.tab = chosen;
                    self.flush(model, actions);
                }
            }
            if is_drawer {
                let rest = Layout::right_to_left(Align::Center);
                ui.with_layout(rest, |ui| {
                    ui.add_space(6.0);
                    let closes = icon_button_ui(ui, Icon::Close, "Close the drawer", tokens);
                    if closes.clicked() {
                        actions.push(Action::ShowPanel(panel, false));
                    }
                });
            }
        });
        let line = ui.min_rect();
        ui.painter()
            .hline(line.x_range(), line.bottom(), (1.0, tokens.line));
    }

    /// The panels of a side that are shown, by their numbers, each with its place.
    pub(super) fn shown(&self, side: Side, ui: &Ui, model: &Model) -> Vec<(usize, Rect)> {
        let room = ui.available_rect_before_wrap();
        let panels = self.panels.iter().enumerate();
        let of_side = panels.filter(|(_, (row, _))| row.side == side);
        let numbers: Vec<usize> = of_side.map(|(number, _)| number).collect();
        if side == Side::Right && places::is_low(ui.ctx(), model) {
            let shown = numbers.get(self.tab).or(numbers.first());
            return shown.map(|number| (*number, room)).into_iter().collect();
        }
        let places = match side {
            Side::Right => places::stacked(room, model),
            Side::Top | Side::Bottom | Side::Left => vec![room],
        };
        numbers.into_iter().zip(places).collect()
    }

    /// Draws one of them in its place.
    pub(super) fn show(
        &mut self,
        (number, place): (usize, Rect),
        ui: &mut Ui,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let Some((row, panel)) = self.panels.get_mut(number) else {
            return;
        };
        let has_tabs = row.side == Side::Right && places::is_low(ui.ctx(), model);
        let heading = HeadingPlace {
            left: place.left() + HEADING_INSET,
            is_told: has_tabs || (row.side == Side::Left && model.settings().is_narrow),
        };
        ui.data_mut(|data| data.insert_temp(HeadingPlace::id(), heading));
        let inset = if row.is_wide { 0.0 } else { HEADING_INSET };
        let inside = egui::UiBuilder::new()
            .id_salt(number)
            .max_rect(place.shrink2(egui::vec2(inset, 0.0)));
        ui.scope_builder(inside, |ui| {
            ui.set_clip_rect(place.intersect(ui.clip_rect()));
            panel.ui(ui, model, actions, tokens);
        });
    }

    pub(super) fn flush(&mut self, model: &Model, actions: &mut Vec<Action>) {
        for (_, panel) in &mut self.panels {
            panel.flush(model, actions);
        }
    }

    pub(super) fn focus(&mut self, spot: Spot) {
        let field = match spot {
            Spot::Attribute(_) => Spot::Card,
            other => other,
        };
        if let Some(tab) = self.tab_of(|row, _| row.spots.contains(&field)) {
            self.tab = tab;
        }
        for (_, panel) in &mut self.panels {
            panel.focus(spot);
        }
    }

    /// Gives the keyboard to a side: to its list, or to the panel of it that is shown alone, which is
    /// the card while something is selected.
    pub(super) fn begin(&mut self, side: SidePanel, ctx: &egui::Context, model: &Model) {
        let is_of_side = |row: &Row| row.side.panel() == Some(side);
        let card = self.tab_of(|row, _| row.spots.contains(&Spot::Card));
        if let Some(card) = card.filter(|_| model.selected().is_some()) {
            self.tab = card;
        }
        let alone =
            (side == SidePanel::Annotations && places::is_low(ctx, model)).then_some(self.tab);
        // Where nothing is marked there is no list of it to begin at.
        let has_marks = model.article().is_some_and(|a| !a.annotations.is_empty());
        let first = if side == SidePanel::Annotations && has_marks {
            self.tab_of(|_, panel| panel.list().is_some())
        } else {
            Some(0)
        };
        let mut panels = self.panels.iter_mut().filter(|(row, _)| is_of_side(row));
        if let Some((_, panel)) = panels.nth(alone.or(first).unwrap_or(0)) {
            panel.begin();
        }
    }

    /// Which of the panels at the right is meant.
    fn tab_of(&self, is_it: impl Fn(&Row, &dyn Panel) -> bool) -> Option<usize> {
        let mut right = self
            .panels
            .iter()
            .filter(|(row, _)| row.side == Side::Right);
        right.position(|(row, panel)| is_it(row, panel.as_ref()))
    }

    /// Gives the keyboard to the list after the one that has it, from the right to the left, or to
    /// the article.
    pub(super) fn focus_next_list(&mut self, focused: Option<Id>, model: &Model) -> NextPane {
        let wanted = |side: Side| {
            side.panel()
                .is_some_and(|panel| model.settings().wants(panel))
        };
        // Where nothing is marked there is no list of it to stop at.
        let has_marks = model.article().is_some_and(|a| !a.annotations.is_empty());
        let is_there = |side: Side| wanted(side) && (side != Side::Right || has_marks);
        let panels = self.panels.iter_mut();
        let lists = panels.filter(|(row, panel)| is_there(row.side) && panel.list().is_some());
        let mut lists: Vec<_> = lists.collect();
        lists.sort_by_key(|(row, _)| row.side != Side::Right);
        let here = lists.iter().position(|(_, list)| list.list() == focused);
        let next = lists.get_mut(here.map_or(0, |at| at + 1));
        let Some((row, list)) = next else {
            return NextPane::Article;
        };
        list.focus_list();
        let (side, id) = (row.side, list.list());
        if let Some(tab) = self.tab_of(|row, panel| row.side == side && panel.list() == id) {
            self.tab = tab;
        }
        side.panel().map_or(NextPane::Article, NextPane::List)
    }
}

/// How far from the edge of its panel a heading begins.
const HEADING_INSET: f32 = 16.0;

/// Where the heading of the panel that is being drawn begins, and whether its tab says it already.
#[derive(Clone, Copy, Default)]
struct HeadingPlace {
    left: f32,
    is_told: bool,
}

impl HeadingPlace {
    fn id() -> Id {
        Id::unique("place of a heading")
    }
}

/// A section's small heading, with a count or hint beside it.
fn heading_ui(ui: &mut Ui, title: &str, detail: &str) {
    heading_with_ui(ui, title, (detail, ""), |_| ());
}

/// Says where the next heading begins, of what is no panel of a side.
fn begin_heading(ui: &Ui, inset: f32) {
    let place = HeadingPlace {
        left: ui.max_rect().left() + inset,
        is_told: false,
    };
    ui.data_mut(|data| data.insert_temp(HeadingPlace::id(), place));
}

/// The same with controls at its right, and with what is told where the pointer is at the detail. Where a
/// tab says the title, it stands in the tab.
fn heading_with_ui(
    ui: &mut Ui,
    title: &str,
    (detail, help): (&str, &str),
    controls: impl FnOnce(&mut Ui),
) {
    let place: HeadingPlace = ui
        .data(|data| data.get_temp(HeadingPlace::id()))
        .unwrap_or_default();
    ui.horizontal(|ui| {
        ui.set_height(theme::HEADING_HEIGHT);
        ui.add_space((place.left - ui.cursor().left()).max(0.0));
        if !place.is_told {
            let heading = ui.label(RichText::new(title).font(theme::strong_font(13.0)));
            tell(&heading, Role::Heading, title);
        }
        if !detail.is_empty() {
            // No heading is wider than its panel: what is below it would be, too.
            let room = (ui.available_width() - 24.0).max(0.0);
            ui.scope(|ui| {
                ui.set_max_width(room);
                let detail = ui.add(Label::new(RichText::new(detail).small().weak()).truncate());
                if !help.is_empty() {
                    detail.on_hover_text(help);
                }
            });
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            controls(ui);
        });
    });
}
