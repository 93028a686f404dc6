//! The panels around the article, and where each stands.
//!
//! What a panel is about stands in its file; the table here says its side, and the shell draws them
//! in its order.

mod annotations;
mod articles;
mod codebook;
mod inspector;
mod status;

use crate::app::action::{Action, Spot};
use crate::app::model::Model;
use crate::ui::kit::tell;
use crate::ui::menu::menu_bar_ui;
use crate::ui::theme::{self, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{self, Align, Id, Layout, RichText, Ui};

type Make = fn() -> Box<dyn Panel>;

/// All panels, those of a side from the top.
const PANELS: &[(Side, Make)] = &[
    (Side::Top, || Box::new(menu_bar_ui)),
    (Side::Bottom, || Box::new(status::status_ui)),
    (Side::Left, || Box::new(articles::ArticlesPanel::default())),
    (Side::Right, || Box::new(codebook::codebook_ui)),
    (Side::Right, || Box::new(inspector::Inspector::default())),
    (Side::Right, || {
        Box::new(annotations::AnnotationsPanel::default())
    }),
];

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

    fn is_wanted(self, model: &Model) -> bool {
        match self {
            Self::Top | Self::Bottom => true,
            Self::Left => model.settings().show_articles,
            Self::Right => model.settings().show_annotations,
        }
    }

    pub(super) fn is_shown(self, model: &Model) -> bool {
        let has_articles = !model.session().project().articles().is_empty();
        self.is_wanted(model) && (has_articles || matches!(self, Self::Top | Self::Bottom))
    }

    /// What it is called where it cannot be seen.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Top => "Menu",
            Self::Bottom => "Status",
            Self::Left => "Articles",
            Self::Right => "Codebook and annotations",
        }
    }

    pub(super) fn panel(self) -> egui::Panel {
        match self {
            Self::Top => egui::Panel::top("menu"),
            Self::Bottom => egui::Panel::bottom("status").exact_size(28.0),
            Self::Left => egui::Panel::left("articles").default_size(264.0),
            Self::Right => egui::Panel::right("annotations").default_size(324.0),
        }
    }
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
}

/// One that keeps nothing from frame to frame.
impl<F: Fn(&mut Ui, &Model, &mut Vec<Action>, &Tokens)> Panel for F {
    fn ui(&mut self, ui: &mut Ui, model: &Model, actions: &mut Vec<Action>, tokens: &Tokens) {
        self(ui, model, actions, tokens);
    }
}

/// Every panel, once.
pub(super) struct Panels(Vec<(Side, Box<dyn Panel>)>);

impl Panels {
    pub(super) fn new() -> Self {
        let made = PANELS.iter().map(|(side, make)| (*side, make()));
        Self(made.collect())
    }

    /// None of them, while they are drawn.
    pub(super) fn take(&mut self) -> Self {
        Self(std::mem::take(&mut self.0))
    }

    pub(super) fn on(&mut self, side: Side) -> impl Iterator<Item = &mut Box<dyn Panel>> {
        let panels = self.0.iter_mut().filter(move |(on, _)| *on == side);
        panels.map(|(_, panel)| panel)
    }

    pub(super) fn flush(&mut self, model: &Model, actions: &mut Vec<Action>) {
        for (_, panel) in &mut self.0 {
            panel.flush(model, actions);
        }
    }

    pub(super) fn focus(&mut self, spot: Spot) {
        for (_, panel) in &mut self.0 {
            panel.focus(spot);
        }
    }

    /// Gives the keyboard to the list after the one that has it, from the right to the left; `false`
    /// when it is the article's turn.
    pub(super) fn focus_next_list(&mut self, focused: Option<Id>, model: &Model) -> bool {
        let panels = self.0.iter_mut();
        let lists = panels.filter(|(on, panel)| on.is_wanted(model) && panel.list().is_some());
        let mut lists: Vec<_> = lists.collect();
        lists.sort_by_key(|(side, _)| *side != Side::Right);
        let here = lists.iter().position(|(_, list)| list.list() == focused);
        let next = lists.get_mut(here.map_or(0, |at| at + 1));
        let is_found = next.is_some();
        if let Some((_, list)) = next {
            list.focus_list();
        }
        is_found
    }
}

/// A section's small heading, with a count or hint at its right.
fn heading_ui(ui: &mut Ui, title: &str, detail: &str) {
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        let heading = ui.label(RichText::new(title).font(theme::strong_font(12.0)).weak());
        tell(&heading, Role::Heading, title);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(detail).small().weak());
        });
    });
    ui.add_space(2.0);
}
