//! Theme, zoom and reading: shown at work while they are changed.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::settings::{ReadingFont, Settings, ThemeChoice};
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::field::Field;
use crate::ui::kit::pick::{Pick, value_ui};
use crate::ui::kit::table::{Form, form_ui};
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, Response, Slider, Ui};

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::Settings, |model| {
    let annotator = model.session().annotator().to_string();
    Box::new(SettingsDialog { annotator })
})
.of_no_project()];

/// Fields and choices end at the same line as the sliders.
const CONTROL_WIDTH: f32 = 300.0;

struct SettingsDialog {
    annotator: String,
}

impl Dialog for SettingsDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        _: &Tokens,
    ) -> CardStep {
        let card = Card::choice("settings", "Settings");
        let mut settings = model.settings().clone();
        let step = card.show(ctx, |ui, card| {
            card.lead(ui, "Changes are seen at once, and are kept.");
            card.body(ui, |ui| {
                ui.spacing_mut().slider_width = 220.0;
                form_ui(ui, "settings", |form| {
                    reading_ui(form, &mut settings);
                    form.heading("Work");
                    work_ui(form, &mut settings, &mut self.annotator);
                    form.heading("Backups");
                    backups_ui(form, &mut settings);
                });
            });
            card.foot(ui, "", |ui, card| {
                if ui
                    .button("Reset reading")
                    .on_hover_text("Font, size, line length and spacing as they were at first")
                    .clicked()
                {
                    let fresh = Settings::default();
                    settings.reading_font = fresh.reading_font;
                    settings.reading_size = fresh.reading_size;
                    settings.measure_chars = fresh.measure_chars;
                    settings.line_spacing = fresh.line_spacing;
                }
                card.done(ui);
            });
            None
        });
        if settings != *model.settings() {
            actions.push(Action::SetSettings(Box::new(settings)));
        }
        if matches!(step, CardStep::Left) {
            let name = self.annotator.trim();
            if !name.is_empty() && name != model.session().annotator().as_str() {
                actions.push(Action::SetAnnotator(name.to_owned()));
            }
            actions.push(Action::SaveSettings);
        }
        step
    }
}

fn reading_ui(form: &mut Form<'_>, settings: &mut Settings) {
    form.row("Theme", "", |ui| {
        let current = ThemeChoice::ALL
            .iter()
            .find(|(theme, _)| *theme == settings.theme);
        let current = current.map_or("", |(_, name)| *name);
        let pick = Pick::new("Theme", current).width(CONTROL_WIDTH);
        pick.show(ui, |ui| {
            for (theme, name) in ThemeChoice::ALL {
                value_ui(ui, &mut settings.theme, theme, name);
            }
        });
    });
    form.row("Reading font", "", |ui| {
        ui.horizontal(|ui| {
            for (font, name) in ReadingFont::ALL {
                ui.radio_value(&mut settings.reading_font, font, name);
            }
        });
    });
    let size = Slider::new(&mut settings.reading_size, 10.0..=40.0);
    form.control("Text size", "Of the article, in points", |ui| {
        slider_ui(ui, size.step_by(0.5).suffix(" pt"))
    });
    let measure = Slider::new(&mut settings.measure_chars, 30..=160);
    form.control("Line length", "", |ui| {
        slider_ui(ui, measure.suffix(" characters"))
    });
    let spacing = Slider::new(&mut settings.line_spacing, 1.2..=2.6);
    form.control("Line spacing", "", |ui| {
        slider_ui(ui, spacing.step_by(0.05).max_decimals(2))
    });
    let mut percent = (settings.zoom * 100.0).round();
    let zoom = Slider::new(&mut percent, 50.0..=300.0);
    form.control("Zoom", "Of the whole window", |ui| {
        slider_ui(ui, zoom.step_by(10.0).suffix(" %"))
    });
    settings.zoom = percent / 100.0;
}

/// A slider whose rail stands out from the ground of a dialog.
fn slider_ui(ui: &mut Ui, slider: Slider<'_>) -> Response {
    let rail = theme::tokens(ui.ctx()).chosen;
    let scope = ui.scope(|ui| {
        ui.visuals_mut().widgets.inactive.bg_fill = rail;
        ui.add(slider)
    });
    scope.inner
}

fn work_ui(form: &mut Form<'_>, settings: &mut Settings, annotator: &mut String) {
    form.row("Drags", "", |ui| {
        ui.checkbox(&mut settings.snap_to_words, "Snap to words");
    });
    form.row("Arrow keys", "", |ui| {
        let name = "Follow the order of reading where text goes both ways";
        ui.checkbox(&mut settings.arrows_read, name);
    });
    form.row("Selected text", "", |ui| {
        ui.checkbox(&mut settings.show_label_bar, "Show a bar of labels at it");
    });
    form.row("Hidden characters", "", |ui| {
        ui.checkbox(
            &mut settings.shows_hidden,
            "Show signs for them in the article",
        );
    });
    form.row("Quotes", "", |ui| {
        let name = "Propose cue and speaker when one was marked";
        ui.checkbox(&mut settings.proposes_parts, name);
    });
    form.row("Annotator", "The name that new annotations carry", |ui| {
        let field = Field::new("Annotator", annotator).required();
        let field = field.width(CONTROL_WIDTH);
        field.hands_on_enter().show(ui);
    });
}

fn backups_ui(form: &mut Form<'_>, settings: &mut Settings) {
    let minutes = Slider::new(&mut settings.backup_minutes, 0..=60);
    let help = "Beside the versions that each save keeps; 0 for never";
    form.control("Copy unsaved work", help, |ui| {
        slider_ui(ui, minutes.suffix(" minutes"))
    });
    let limit = Slider::new(&mut settings.backup_limit_mb, 64..=20_480);
    let help = "For each project; the newest two are always kept";
    form.control("Take at most", help, |ui| {
        slider_ui(ui, limit.logarithmic(true).suffix(" MB"))
    });
    let help = "Empty: beside each project, in NAME.backups";
    form.row("Folder", help, |ui| {
        let mut folder = settings
            .backup_folder
            .as_deref()
            .map(|f| f.display().to_string())
            .unwrap_or_default();
        let field = Field::new("Folder for backups", &mut folder);
        let field = field.hint("Beside the project").width(CONTROL_WIDTH);
        if field.hands_on_enter().show(ui).changed() {
            let folder = folder.trim();
            settings.backup_folder = (!folder.is_empty()).then(|| std::path::PathBuf::from(folder));
        }
    });
}
