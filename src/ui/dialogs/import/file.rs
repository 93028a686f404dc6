//! A file of an import: its row, what became of it, its columns, and its articles as they will be
//! read.

use crate::app::action::Action;
use crate::app::import::{FileReport, ImportOptions, ImportSource, Outcome, Sample};
use crate::app::model::ImportPreview;
use crate::app::settings::ReadingFont;
use crate::app::words::{count, day, long_date};
use crate::core::shown::shown_path;
use crate::format::reading::{ColumnUse, FoundColumn, PageScope};
use crate::ui::kit::entry::FileRow;
use crate::ui::kit::icon::Icon;
use crate::ui::kit::pick::{Pick, option_ui};
use crate::ui::kit::table::Table;
use crate::ui::kit::words::{line_ui, weak_words_ui, words_ui};
use crate::ui::theme::{self, Tokens};
use eframe::egui::{RichText, Ui};

/// How much of web pages is taken.
fn page_options_ui(ui: &mut Ui, preview: &ImportPreview, actions: &mut Vec<Action>) {
    let mut options = preview.options.clone();
    ui.horizontal_wrapped(|ui| {
        ui.radio_value(
            &mut options.read.page_scope,
            PageScope::ArticleOnly,
            "Article only",
        )
        .on_hover_text("Without newsletter boxes, related links and calls to donate");
        ui.radio_value(
            &mut options.read.page_scope,
            PageScope::WithSurroundings,
            "Article and surroundings",
        )
        .on_hover_text("Newsletter boxes, related links and calls to donate stay where they stand");
    });
    // On a line of its own: beside the two there is no room for its words where the window is small.
    let has_surroundings = options.read.page_scope == PageScope::WithSurroundings;
    ui.add_enabled_ui(has_surroundings, |ui| {
        ui.checkbox(
            &mut options.proposes_surroundings,
            "Propose them as promotional content",
        )
        .on_hover_text("Marked by the annotator “Suggestions”");
    });
    options.proposes_surroundings &= has_surroundings;
    if options != preview.options {
        actions.push(Action::SetImportOptions(Box::new(options)));
    }
}

/// A file by the title of its article, or else by its name, and what is to be known of it.
pub(super) fn file_row(file: &FileReport, tokens: &Tokens) -> FileRow {
    let name = file.path.file_name().unwrap_or(file.path.as_os_str());
    let name = name.to_string_lossy().into_owned();
    match &file.outcome {
        Outcome::Imported {
            title,
            kind,
            articles,
            remarks,
            ..
        } => {
            let sample = file.samples.first();
            let outlet = sample.and_then(|sample| sample.metadata.get("outlet").cloned());
            let published = sample.and_then(|sample| sample.metadata.get("published"));
            let said = [outlet, published.map(|published| day(published))];
            let said: Vec<String> = said.into_iter().flatten().collect();
            let (icon, color) = if remarks.is_empty() {
                (Icon::Done, tokens.ok)
            } else {
                (Icon::Warn, tokens.warn)
            };
            let second = match (articles, remarks.first()) {
                (_, Some(remark)) => remark.clone(),
                (1, None) if !said.is_empty() => said.join(" · "),
                (1, None) => format!("{name}, {kind}"),
                (n, None) => format!("{kind}, {n} articles"),
            };
            FileRow {
                icon: (icon, color),
                text: match articles {
                    1 if !title.trim().is_empty() => title.clone(),
                    _ => name,
                },
                second,
                color: if remarks.is_empty() {
                    tokens.dim
                } else {
                    tokens.warn
                },
            }
        }
        Outcome::Duplicate { of, .. } => FileRow {
            icon: (Icon::Copies, tokens.dim),
            text: name,
            second: format!("the same text as {}", of.told()),
            color: tokens.dim,
        },
        Outcome::Refused { reason } => FileRow {
            icon: (Icon::Close, tokens.error),
            text: name,
            second: reason.clone(),
            color: tokens.error,
        },
    }
}

pub(super) fn file_ui(
    ui: &mut Ui,
    file: &FileReport,
    preview: &ImportPreview,
    tokens: &Tokens,
    actions: &mut Vec<Action>,
) {
    ui.spacing_mut().item_spacing.y = 4.0;
    if file.is_of_pages() {
        page_options_ui(ui, preview, actions);
        ui.add_space(8.0);
    }
    if matches!(preview.source, ImportSource::Paths(_)) {
        ui.weak(shown_path(&file.path));
    }
    match &file.outcome {
        Outcome::Imported {
            kind,
            encoding,
            articles,
            annotations,
            remarks,
            ..
        } => {
            let mut how = vec![(*kind).to_owned()];
            if !encoding.is_empty() {
                how.push((*encoding).to_owned());
            }
            if *articles != 1 {
                how.push(format!("{articles} articles"));
            }
            if *annotations > 0 {
                how.push(count(*annotations, "annotation", "annotations"));
            }
            ui.label(RichText::new(how.join(", ")).font(theme::strong_font(13.0)));
            for remark in remarks.iter().take(20) {
                ui.colored_label(tokens.warn, remark);
            }
            if remarks.len() > 20 {
                ui.weak(format!("and {} more", remarks.len() - 20));
            }
        }
        Outcome::Duplicate { of, articles: 1 } => {
            ui.label(format!("Skipped: it has the same text as {}.", of.told()));
        }
        Outcome::Duplicate { of, articles } => {
            ui.label(format!(
                "Skipped: all its {articles} articles are copies; the first has the same text as {}.",
                of.told()
            ));
        }
        Outcome::Refused { reason } => {
            ui.colored_label(tokens.error, format!("Not read: {reason}."));
        }
    }
    if !file.columns.is_empty() {
        columns_ui(ui, &file.columns, &preview.options, actions);
    }
    for sample in &file.samples {
        sample_ui(ui, sample);
    }
}

/// An article as it will be read.
fn sample_ui(ui: &mut Ui, sample: &Sample) {
    let title = match sample.title.trim() {
        "" => "Untitled article",
        title => title,
    };
    ui.add_space(8.0);
    let font = theme::headline_font(ReadingFont::Serif, 13.0);
    words_ui(ui, RichText::new(title).font(font));
    let known = |key: &str| sample.metadata.get(key).map(String::as_str);
    let as_read = |value: &str| long_date(value).unwrap_or_else(|| value.to_owned());
    let byline = ["author", "outlet", "published"].map(|key| known(key).map(as_read));
    let byline: Vec<String> = byline.into_iter().flatten().collect();
    if !byline.is_empty() {
        weak_words_ui(ui, byline.join(" · "));
    }
    let said = ["author", "outlet", "published"];
    let rest = sample.metadata.iter();
    let rest: Vec<String> = rest
        .filter(|(key, _)| !said.contains(&key.as_str()))
        .map(|(key, value)| {
            let value: String = as_read(value).chars().take(120).collect();
            format!("{key}: {value}")
        })
        .collect();
    if !rest.is_empty() {
        words_ui(ui, RichText::new(rest.join(" · ")).weak().size(12.0));
    }
    // The headline is the first line of most texts.
    let start = sample.start.trim_start();
    let start = start.strip_prefix(title).unwrap_or(start).trim_start();
    let font = theme::reading_font(ReadingFont::Serif, 14.0);
    words_ui(ui, RichText::new(start).font(font));
}

/// What the columns of a table are for.
fn columns_ui(
    ui: &mut Ui,
    columns: &[FoundColumn],
    options: &ImportOptions,
    actions: &mut Vec<Action>,
) {
    ui.add_space(4.0);
    ui.label(RichText::new("Columns").font(theme::strong_font(13.0)));
    Table::new("Columns of the table", 3)
        .striped()
        .show(ui, |ui| {
            for column in columns.iter().take(100) {
                line_ui(ui, &column.name);
                let keys = [
                    "published",
                    "outlet",
                    "author",
                    "url",
                    "section",
                    "language",
                ];
                let mut uses = vec![ColumnUse::Text, ColumnUse::Title];
                uses.extend(keys.map(|key| ColumnUse::Metadata(key.to_owned())));
                if !keys.contains(&column.name.as_str()) {
                    uses.push(ColumnUse::Metadata(column.name.clone()));
                }
                uses.extend([ColumnUse::Id, ColumnUse::Skip]);
                let name = format!("Column {}", column.name);
                Pick::new(&name, use_name(&column.used_as)).show(ui, |ui| {
                    for wanted in uses {
                        let is_it = column.used_as == wanted;
                        if option_ui(ui, is_it, use_name(&wanted)).clicked() && !is_it {
                            let mut options = options.clone();
                            options.read.columns.insert(column.name.clone(), wanted);
                            actions.push(Action::SetImportOptions(Box::new(options)));
                        }
                    }
                });
                let sample = column.samples.first().map_or("", String::as_str);
                line_ui(ui, RichText::new(sample).small().weak());
                ui.end_row();
            }
        });
}

fn use_name(column: &ColumnUse) -> String {
    match column {
        ColumnUse::Text => "text".to_owned(),
        ColumnUse::Title => "title".to_owned(),
        ColumnUse::Metadata(key) => format!("metadata: {key}"),
        ColumnUse::Id => "id".to_owned(),
        ColumnUse::Skip => "leave out".to_owned(),
    }
}
