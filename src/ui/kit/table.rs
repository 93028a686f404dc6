//! Rows with columns: forms, whose rows have a name at the left, and small tables.

use super::icon::{self, Icon};
use super::speech::tell_group;
use super::{letters, tell};
use crate::ui::theme;
use eframe::egui::accesskit::Role;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{
    Align, FontId, Grid, Label, Layout, Response, RichText, TextStyle, Ui, Vec2, pos2, vec2,
};

/// A table of a few rows. Each row is ended by `Ui::end_row`.
pub(crate) struct Table<'a> {
    name: &'a str,
    columns: usize,
    spacing: Option<Vec2>,
    is_striped: bool,
}

impl<'a> Table<'a> {
    pub(crate) fn new(name: &'a str, columns: usize) -> Self {
        Self {
            name,
            columns,
            spacing: Some(vec2(18.0, 6.0)),
            is_striped: false,
        }
    }

    /// Closely set, with every other row on a ground.
    pub(crate) fn striped(self) -> Self {
        Self {
            is_striped: true,
            spacing: None,
            ..self
        }
    }

    pub(crate) fn show(self, ui: &mut Ui, rows: impl FnOnce(&mut Ui)) {
        let mut grid = Grid::new(self.name)
            .num_columns(self.columns)
            .striped(self.is_striped);
        if let Some(spacing) = self.spacing {
            grid = grid.spacing(spacing);
        }
        let grid = grid.show(ui, |ui| {
            rows(ui);
            ui.unique_id()
        });
        ui.ctx().accesskit_node_builder(grid.inner, |node| {
            node.set_role(Role::Table);
            node.set_label(self.name);
        });
    }
}

/// Of the names at the left of a form, at least: forms below each other are one column.
const TITLE_WIDTH: f32 = 84.0;

/// A form: on the left what a row is called, on the right what is chosen.
pub(crate) fn form_ui(ui: &mut Ui, name: &str, rows: impl FnOnce(&mut Form<'_>)) {
    Grid::new(name)
        .num_columns(2)
        .min_col_width(TITLE_WIDTH)
        .spacing(vec2(16.0, 8.0))
        .show(ui, |ui| rows(&mut Form { ui }));
}

pub(crate) struct Form<'u> {
    ui: &'u mut Ui,
}

impl Form<'_> {
    /// What the rows below it are about.
    pub(crate) fn heading(&mut self, text: &str) {
        let text = RichText::new(text).font(theme::strong_font(14.0));
        self.ui.add(Label::new(text).extend());
        self.ui.end_row();
    }

    /// A row with one control, which is called as the row is.
    pub(crate) fn control(
        &mut self,
        name: &str,
        help: &str,
        add: impl FnOnce(&mut Ui) -> Response,
    ) {
        let title = self.title(name, help);
        let _named = add(self.ui).labelled_by(title.id);
        self.ui.end_row();
    }

    /// A row with controls that say themselves what they are.
    pub(crate) fn row(&mut self, name: &str, help: &str, add: impl FnOnce(&mut Ui)) {
        self.title(name, help);
        add(self.ui);
        self.ui.end_row();
    }

    /// The same for a row that may be several lines high.
    pub(crate) fn high_row(&mut self, name: &str, add: impl FnOnce(&mut Ui)) {
        self.ui.vertical(|ui| ui.add(Label::new(name).extend()));
        self.ui.vertical(|ui| {
            tell_group(ui, Role::Group, name);
            add(ui);
        });
        self.ui.end_row();
    }

    fn title(&mut self, name: &str, help: &str) -> Response {
        let title = self.ui.label(name);
        match help {
            "" => title,
            help => title.on_hover_text(help),
        }
    }
}

/// The name of one row of a card, in a column of its own at the left. A long one ends in an ellipsis.
pub(crate) fn row_title_ui(ui: &mut Ui, title: &str) -> Response {
    let size = vec2(66.0, 26.0);
    let color = ui.visuals().weak_text_color();
    let mut job = LayoutJob::simple(
        title.to_owned(),
        FontId::proportional(theme::SMALL),
        color,
        size.x,
    );
    job.wrap.max_rows = 3;
    let layout = Layout::left_to_right(Align::Center);
    let row = ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_size(size);
        ui.set_max_width(size.x);
        // In a row, text would not be broken by itself.
        ui.add(Label::new(job).wrap())
    });
    row.inner
}

/// Something that is gone to, within a row of a card; so much room is left beside it on a row of its
/// own.
pub(crate) fn row_link_ui(ui: &mut Ui, shown: &str, name: &str, beside: f32) -> Response {
    const LEAST: f32 = 40.0;
    let font = TextStyle::Body.resolve(ui.style());
    let color = ui.visuals().hyperlink_color;
    let mut job = LayoutJob::simple_singleline(shown.to_owned(), font, color);
    let room = (ui.max_rect().width() - beside).max(LEAST);
    job.wrap = TextWrapping::truncate_at_width(room);
    let format = job.sections.first().map(|section| section.format.clone());
    let line = format.and_then(|format| letters::line(ui.ctx(), shown, &format, room));
    let fitting = ui.painter().layout_job(line.unwrap_or(job));
    ui.link(fitting).accessible_name(name)
}

/// The same as [`row_title_ui`] for what must be filled in and is not; as large, so that nothing moves
/// when it is.
pub(crate) fn missing_title_ui(ui: &mut Ui, title: &str) -> Response {
    const ICON: f32 = 14.0;
    let tokens = theme::tokens(ui.ctx());
    let text = format!("{title}, required");
    let title = ui.scope(|ui| {
        ui.visuals_mut().weak_text_color = Some(tokens.warn);
        row_title_ui(ui, title)
    });
    let place = title.response.rect;
    let middle = pos2(place.left() - ICON / 2.0, place.top() + 13.0);
    icon::paint(ui.painter(), Icon::Warn, middle, ICON - 2.0, tokens.warn);
    tell(&title.inner, Role::Label, &text);
    title.inner
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;

    /// Whatever a row is called, what stands beside its name begins at one place.
    #[test]
    fn names_of_rows_are_one_column() {
        let long = "n".repeat(300);
        for title in [
            "Kind",
            "May be false",
            "Matters to the public",
            long.as_str(),
        ] {
            let harness = Harness::new_ui(|ui| {
                ui.horizontal_top(|ui| {
                    row_title_ui(ui, title);
                    ui.label("value");
                });
            });
            let left = harness.get_by_label("value").rect().left();
            assert!(left < 100.0, "{title}: {left}");
        }
    }
}
