//! Preferences and where the analyst was: kept beside the user's other settings, never in a
//! project. A file that cannot be read is ignored, not a reason to stop.

use crate::format::export::options::ExportOptions;
use crate::store::{self, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FILE: &str = "settings.ron";
const MAX_RECENT: usize = 12;
/// How many projects' reading places are remembered.
const MAX_PLACES: usize = 200;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: ThemeChoice,
    /// 1.0 is 100 %.
    pub zoom: f32,
    pub reading_font: ReadingFont,
    /// Points.
    pub reading_size: f32,
    /// Characters in a line, about.
    pub measure_chars: u32,
    /// Line height over font size.
    pub line_spacing: f32,
    pub snap_to_words: bool,
    /// In text of two directions arrows go on in the order of reading, not on the screen.
    pub arrows_read: bool,
    /// Labels stand under selected text.
    pub show_label_bar: bool,
    /// When a quote was marked, its cue and its speaker are proposed.
    pub proposes_parts: bool,
    /// What the second line of an article's row says, in this order.
    pub list_columns: Vec<ListColumn>,
    /// Who wrote an article, and for whom, is not shown while it is coded.
    pub hides_source: bool,
    pub show_articles: bool,
    pub show_annotations: bool,
    /// The window has no room for both panels: at most one is open, as a drawer. Of this run only.
    #[serde(skip)]
    pub is_narrow: bool,
    #[serde(skip)]
    pub drawer: Option<SidePanel>,
    /// Points.
    pub articles_width: f32,
    pub annotations_width: f32,
    pub annotator: String,
    /// Drawn once; see [`crate::app::clock::installation_tag`].
    pub id_tag: String,
    pub recent: Vec<PathBuf>,
    /// What was chosen in the palette, the newest first.
    pub recent_choices: Vec<String>,
    /// Where backups go; beside the project when none.
    pub backup_folder: Option<PathBuf>,
    /// A backup is made every so many minutes of unsaved work; 0 for none.
    pub backup_minutes: u32,
    /// The backups of a project take at most so much.
    pub backup_limit_mb: u32,
    /// What was chosen for each format of export, by its name.
    pub exports: BTreeMap<String, ExportOptions>,
    pub last_export: Option<LastExport>,
    pub places: BTreeMap<String, Place>,
    /// The window's size in points.
    pub window: (f32, f32),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    #[default]
    System,
    Light,
    Dark,
    HighContrastLight,
    HighContrastDark,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReadingFont {
    #[default]
    Serif,
    Sans,
    Mono,
}

/// What a row of the article list can say beside the title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListColumn {
    Date,
    Outlet,
    Author,
    Section,
    Language,
    Length,
    Status,
}

impl ListColumn {
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Date, "Date"),
        (Self::Outlet, "Outlet"),
        (Self::Author, "Author"),
        (Self::Section, "Section"),
        (Self::Language, "Language"),
        (Self::Length, "Length"),
        (Self::Status, "Status"),
    ];
}

/// The panels beside the article: the list of articles, and codebook and annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SidePanel {
    Articles,
    Annotations,
}

/// The last export, to be made again with one key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LastExport {
    pub format: String,
    pub path: PathBuf,
    /// With the choice of single articles, which is remembered nowhere else.
    pub options: ExportOptions,
}

/// Where the analyst was in a project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    pub article: String,
    /// The position at the top of the view, in code points.
    pub top_chars: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            zoom: 1.0,
            reading_font: ReadingFont::default(),
            reading_size: 17.5,
            measure_chars: 66,
            line_spacing: 1.75,
            snap_to_words: true,
            arrows_read: false,
            show_label_bar: true,
            proposes_parts: true,
            list_columns: vec![ListColumn::Date, ListColumn::Outlet, ListColumn::Author],
            hides_source: false,
            show_articles: true,
            show_annotations: true,
            is_narrow: false,
            drawer: None,
            articles_width: 292.0,
            annotations_width: 332.0,
            annotator: String::new(),
            id_tag: String::new(),
            recent: Vec::new(),
            recent_choices: Vec::new(),
            backup_folder: None,
            backup_minutes: 10,
            backup_limit_mb: 1_024,
            exports: BTreeMap::new(),
            last_export: None,
            places: BTreeMap::new(),
            window: (1280.0, 820.0),
        }
    }
}

impl ThemeChoice {
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::System, "As the system"),
        (Self::Light, "Light"),
        (Self::Dark, "Dark"),
        (Self::HighContrastLight, "High contrast, light"),
        (Self::HighContrastDark, "High contrast, dark"),
    ];
}

impl ReadingFont {
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Serif, "Serif"),
        (Self::Sans, "Sans serif"),
        (Self::Mono, "Monospaced"),
    ];
}

/// `PRESSMARK_CONFIG_DIR`, or the platform's folder for settings.
pub fn config_folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("PRESSMARK_CONFIG_DIR") {
        return Some(PathBuf::from(folder));
    }
    directories::ProjectDirs::from("", "", "pressmark").map(|dirs| dirs.config_dir().to_owned())
}

/// `PRESSMARK_STATE_DIR`, or the platform's folder for what a program keeps between two runs.
pub fn state_folder(config: &Path) -> PathBuf {
    if let Some(folder) = std::env::var_os("PRESSMARK_STATE_DIR") {
        return PathBuf::from(folder);
    }
    match directories::ProjectDirs::from("", "", "pressmark") {
        Some(dirs) if dirs.config_dir() == config => {
            let state = dirs.state_dir().unwrap_or(dirs.data_local_dir());
            state.to_owned()
        }
        _ => config.join("state"),
    }
}

impl Settings {
    /// Whether a panel stands beside the article.
    pub fn shows(&self, panel: SidePanel) -> bool {
        if self.is_narrow {
            return self.drawer == Some(panel);
        }
        self.wants(panel)
    }

    /// Whether it does where there is room.
    pub fn wants(&self, panel: SidePanel) -> bool {
        match panel {
            SidePanel::Articles => self.show_articles,
            SidePanel::Annotations => self.show_annotations,
        }
    }

    pub fn show(&mut self, panel: SidePanel, is_shown: bool) {
        if self.is_narrow {
            let is_open = self.drawer == Some(panel);
            if is_open != is_shown {
                self.drawer = is_shown.then_some(panel);
            }
            return;
        }
        match panel {
            SidePanel::Articles => self.show_articles = is_shown,
            SidePanel::Annotations => self.show_annotations = is_shown,
        }
    }

    /// Columns stand in the order of the table.
    pub fn show_column(&mut self, column: ListColumn, is_shown: bool) {
        let shown = |known: &ListColumn| {
            if *known == column {
                is_shown
            } else {
                self.list_columns.contains(known)
            }
        };
        let all = ListColumn::ALL.iter().map(|(column, _)| *column);
        self.list_columns = all.filter(shown).collect();
    }

    pub fn width_of(&self, panel: SidePanel) -> f32 {
        match panel {
            SidePanel::Articles => self.articles_width,
            SidePanel::Annotations => self.annotations_width,
        }
    }

    pub fn set_width(&mut self, panel: SidePanel, width: f32) {
        match panel {
            SidePanel::Articles => self.articles_width = width,
            SidePanel::Annotations => self.annotations_width = width,
        }
    }

    /// The choice of single articles is for this export and its repetition only.
    pub fn remember_export(&mut self, format: &str, options: &ExportOptions, path: &Path) {
        self.last_export = Some(LastExport {
            format: format.to_owned(),
            path: path.to_owned(),
            options: options.clone(),
        });
        let options = ExportOptions {
            articles: Default::default(),
            ..options.clone()
        };
        self.exports.insert(format.to_owned(), options);
    }

    pub fn load(folder: &Path) -> Self {
        let read = store::read(&folder.join(FILE), 4 << 20).ok();
        let text = read.and_then(|bytes| String::from_utf8(bytes).ok());
        let settings: Option<Self> = text.and_then(|text| ron::from_str(&text).ok());
        let mut settings = settings.unwrap_or_default();
        settings.sanitize();
        settings
    }

    /// Puts every value into the range that the window can show.
    fn sanitize(&mut self) {
        let within = |value: f32, low: f32, high: f32, default: f32| {
            if value.is_finite() {
                value.clamp(low, high)
            } else {
                default
            }
        };
        self.zoom = within(self.zoom, 0.5, 3.0, 1.0);
        self.reading_size = within(self.reading_size, 10.0, 40.0, 17.5);
        self.line_spacing = within(self.line_spacing, 1.2, 2.6, 1.75);
        self.measure_chars = self.measure_chars.clamp(30, 160);
        self.articles_width = within(self.articles_width, 120.0, 900.0, 292.0);
        self.annotations_width = within(self.annotations_width, 120.0, 900.0, 332.0);
        self.window.0 = within(self.window.0, 480.0, 8000.0, 1280.0);
        self.window.1 = within(self.window.1, 320.0, 8000.0, 820.0);
        if self.id_tag.is_empty() {
            self.id_tag = crate::app::clock::installation_tag();
        }
        if self.annotator.trim().is_empty() {
            let user = std::env::var("USER").or_else(|_| std::env::var("USERNAME"));
            let user = user.unwrap_or_default();
            self.annotator = if user.trim().is_empty() {
                "me".to_owned()
            } else {
                user
            };
        }
    }

    pub fn save(&self, folder: &Path) -> Result<(), StoreError> {
        let pretty = ron::ser::PrettyConfig::new().new_line("\n");
        let text = ron::ser::to_string_pretty(self, pretty).unwrap_or_default();
        #[expect(clippy::disallowed_methods, reason = "a folder of ours, no file")]
        std::fs::create_dir_all(folder).map_err(|error| StoreError::new(folder, &error))?;
        let path = folder.join(FILE);
        store::write_atomically(&path, |out| {
            out.write_all(text.as_bytes())
                .map_err(|error| StoreError::new(&path, &error))
        })
    }

    pub fn remember_project(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.recent.retain(|known| *known != path);
        self.recent.insert(0, path);
        self.recent.truncate(MAX_RECENT);
    }

    pub fn remember_choice(&mut self, key: String) {
        self.recent_choices.retain(|known| *known != key);
        self.recent_choices.insert(0, key);
        self.recent_choices.truncate(MAX_RECENT);
    }

    pub fn place_of(&self, path: &Path) -> Option<&Place> {
        self.places.get(&place_key(path))
    }

    pub fn remember_place(&mut self, path: &Path, place: Place) {
        self.places.insert(place_key(path), place);
        while self.places.len() > MAX_PLACES {
            self.places.pop_first();
        }
    }
}

fn place_key(path: &Path) -> String {
    std::path::absolute(path)
        .unwrap_or_else(|_| path.to_owned())
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "tests write files as other programs would"
)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_window_shows_one_panel_and_forgets_no_wish() {
        let mut settings = Settings::default();
        let shown = |settings: &Settings| {
            [SidePanel::Articles, SidePanel::Annotations].map(|panel| settings.shows(panel))
        };
        assert_eq!(shown(&settings), [true, true]);
        settings.is_narrow = true;
        assert_eq!(shown(&settings), [false, false]);
        settings.show(SidePanel::Articles, true);
        settings.show(SidePanel::Annotations, true);
        assert_eq!(shown(&settings), [false, true]);
        // What is not open is not put away.
        settings.show(SidePanel::Articles, false);
        assert_eq!(shown(&settings), [false, true]);
        settings.show(SidePanel::Annotations, false);
        settings.is_narrow = false;
        assert_eq!(shown(&settings), [true, true]);
        settings.show(SidePanel::Articles, false);
        assert_eq!(shown(&settings), [false, true]);
    }

    #[test]
    fn settings_survive_a_round_trip_and_nonsense() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::load(folder.path());
        settings.theme = ThemeChoice::Dark;
        settings.set_width(SidePanel::Articles, 240.0);
        settings.remember_project(Path::new("/x/a.ron"));
        settings.remember_place(
            Path::new("/x/a.ron"),
            Place {
                article: "a".to_owned(),
                top_chars: 7,
            },
        );
        settings.save(folder.path()).unwrap();
        assert_eq!(Settings::load(folder.path()), settings);
        std::fs::write(folder.path().join(FILE), "(zoom: 900.0, reading_size: -3.0").unwrap();
        assert_eq!(Settings::load(folder.path()).zoom, 1.0);
        std::fs::write(
            folder.path().join(FILE),
            "(zoom: 900.0, reading_size: -3.0, articles_width: 0.0)",
        )
        .unwrap();
        let tamed = Settings::load(folder.path());
        assert_eq!((tamed.zoom, tamed.reading_size), (3.0, 10.0));
        assert_eq!(tamed.articles_width, 120.0);
    }
}
