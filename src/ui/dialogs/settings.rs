//! Theme, zoom and reading: shown at work while they are changed.

use crate::app::action::Action;
use crate::app::model::Model;
use crate::app::settings::{ReadingFont, Settings, ThemeChoice};
use crate::ui::theme;
use eframe::egui::{ComboBox, Context, Grid, Modal, RichText, Slider, TextEdit, accesskit, vec2};

/// Draws it; `false` when it is to be closed.
pub(crate) fn settings_ui(
    ctx: &Context,
    model: &Model,
    actions: &mut Vec<Action>,
    annotator: &mut String,
) -> bool {
    let mut settings = model.settings().clone();
    let modal = Modal::new(eframe::egui::Id::unique("settings")).show(ctx, |ui| {
        ui.set_width(440.0);
        ui.label(RichText::new("Settings").font(theme::strong_font(18.0)));
        ui.add_space(6.0);
        Grid::new("settings")
            .num_columns(2)
            .spacing(vec2(16.0, 8.0))
            .show(ui, |ui| {
                ui.label("Theme");
                let current = ThemeChoice::ALL
                    .iter()
                    .find(|(theme, _)| *theme == settings.theme);
                let combo = ComboBox::from_id_salt("theme")
                    .selected_text(current.map_or("", |(_, name)| *name))
                    .show_ui(ui, |ui| {
                        for (theme, name) in ThemeChoice::ALL {
                            ui.selectable_value(&mut settings.theme, theme, name);
                        }
                    });
                combo.response.widget_info(|| {
                    eframe::egui::WidgetInfo::labeled(accesskit::Role::ComboBox, true, "Theme")
                });
                ui.end_row();
                ui.label("Reading font");
                ui.horizontal(|ui| {
                    for (font, name) in ReadingFont::ALL {
                        ui.radio_value(&mut settings.reading_font, font, name);
                    }
                });
                ui.end_row();
                ui.label("Text size")
                    .on_hover_text("Of the article, in points");
                ui.add(
                    Slider::new(&mut settings.reading_size, 10.0..=40.0)
                        .step_by(0.5)
                        .suffix(" pt"),
                );
                ui.end_row();
                ui.label("Line length");
                ui.add(Slider::new(&mut settings.measure_chars, 30..=160).suffix(" characters"));
                ui.end_row();
                ui.label("Line spacing");
                ui.add(Slider::new(&mut settings.line_spacing, 1.2..=2.6).step_by(0.05));
                ui.end_row();
                ui.label("Zoom").on_hover_text("Of the whole window");
                let mut percent = (settings.zoom * 100.0).round();
                ui.add(
                    Slider::new(&mut percent, 50.0..=300.0)
                        .step_by(10.0)
                        .suffix(" %"),
                );
                settings.zoom = percent / 100.0;
                ui.end_row();
                ui.label("Drags");
                ui.checkbox(&mut settings.snap_to_words, "Snap to words");
                ui.end_row();
                ui.label("Annotator")
                    .on_hover_text("The name that new annotations carry");
                let field = ui.add(TextEdit::singleline(annotator).desired_width(200.0));
                field.widget_info(|| {
                    eframe::egui::WidgetInfo::labeled(accesskit::Role::TextInput, true, "Annotator")
                });
                ui.end_row();
            });
        ui.add_space(6.0);
        ui.label(RichText::new("Backups").font(theme::strong_font(13.0)));
        Grid::new("backups")
            .num_columns(2)
            .spacing(vec2(16.0, 8.0))
            .show(ui, |ui| {
                ui.label("Copy unsaved work")
                    .on_hover_text("Beside the versions that each save keeps; 0 for never");
                ui.add(Slider::new(&mut settings.backup_minutes, 0..=60).suffix(" minutes"));
                ui.end_row();
                ui.label("Take at most")
                    .on_hover_text("For each project; the newest two are always kept");
                ui.add(
                    Slider::new(&mut settings.backup_limit_mb, 64..=20_480)
                        .logarithmic(true)
                        .suffix(" MB"),
                );
                ui.end_row();
                ui.label("Folder")
                    .on_hover_text("Empty: beside each project, in NAME.backups");
                let mut folder = settings
                    .backup_folder
                    .as_deref()
                    .map(|f| f.display().to_string())
                    .unwrap_or_default();
                let field = TextEdit::singleline(&mut folder)
                    .hint_text("Beside the project")
                    .desired_width(260.0);
                let field = ui.add(field);
                field.widget_info(|| {
                    eframe::egui::WidgetInfo::labeled(
                        accesskit::Role::TextInput,
                        true,
                        "Folder for backups",
                    )
                });
                if field.changed() {
                    let folder = folder.trim();
                    settings.backup_folder =
                        (!folder.is_empty()).then(|| std::path::PathBuf::from(folder));
                }
                ui.end_row();
            });
        ui.add_space(8.0);
        let mut close = false;
        ui.horizontal(|ui| {
            close = ui.button("Close").clicked();
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
        });
        close
    });
    if settings != *model.settings() {
        actions.push(Action::SetSettings(Box::new(settings)));
    }
    let stays = !(modal.inner || modal.should_close());
    if !stays {
        let name = annotator.trim();
        if !name.is_empty() && name != model.session().annotator().as_str() {
            actions.push(Action::SetAnnotator(name.to_owned()));
        }
    }
    stays
}
