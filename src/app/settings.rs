//! Preferences and where the analyst was: kept beside the user's other settings, never in a
//! project. A file that cannot be read is ignored, not a reason to stop.

use crate::core::lists::Column;
use crate::format::export::options::ExportOptions;
use crate::store::{self, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
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
    /// Characters that nobody sees have signs in the article.
    pub shows_hidden: bool,
    /// When a quote was marked, its cue and its speaker are proposed.
    pub proposes_parts: bool,
    /// What the second line of an article's row says, in this order.
    pub list_columns: Vec<ListColumn>,
    /// All articles are shown as a table, in the place of the one that is read.
    pub shows_table: bool,
    /// The columns of that table, in this order.
    pub table_columns: Vec<TableColumn>,
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
    /// The format that was chosen last.
    pub export_format: String,
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
    Promotion,
    Status,
}

impl ListColumn {
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Date, "Date"),
        (Self::Outlet, "Outlet"),
        (Self::Author, "Author"),
        (Self::Section, "Section"),
        (Self::Language, "Language"),
        (Self::Length, "Length"),
        (Self::Promotion, "Promotional share"),
        (Self::Status, "Status"),
    ];
}

/// A column of the table of articles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableColumn {
    pub column: Column,
    /// Points. The title takes what the others leave.
    pub width: f32,
}

impl TableColumn {
    pub const LEAST: f32 = 48.0;
    pub const MOST: f32 = 600.0;

    pub fn usual(column: Column) -> Self {
        let width = match &column {
            Column::Title => 240.0,
            Column::Status => 104.0,
            Column::Length | Column::Annotations => 96.0,
            Column::Field(name) => match &**name {
                "published" => 104.0,
                "language" => 84.0,
                _ => 132.0,
            },
        };
        Self { column, width }
    }
}

fn usual_columns() -> Vec<TableColumn> {
    let columns = [
        Column::Title,
        Column::DATE,
        Column::OUTLET,
        Column::AUTHOR,
        Column::Status,
        Column::Annotations,
    ];
    columns.map(TableColumn::usual).to_vec()
}

/// The panels beside the article: the list of articles, and codebook and annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SidePanel {
    Articles,
    Annotations,
}

impl SidePanel {
    /// How wide it is until somebody changes it, in points.
    pub const fn usual_width(self) -> f32 {
        match self {
            Self::Articles => 292.0,
            Self::Annotations => 332.0,
        }
    }
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
            shows_hidden: false,
            proposes_parts: true,
            list_columns: vec![ListColumn::Date, ListColumn::Outlet, ListColumn::Author],
            shows_table: false,
            table_columns: usual_columns(),
            hides_source: false,
            show_articles: true,
            show_annotations: true,
            is_narrow: false,
            drawer: None,
            articles_width: SidePanel::Articles.usual_width(),
            annotations_width: SidePanel::Annotations.usual_width(),
            annotator: String::new(),
            id_tag: String::new(),
            recent: Vec::new(),
            recent_choices: Vec::new(),
            backup_folder: None,
            backup_minutes: 10,
            backup_limit_mb: 1_024,
            exports: BTreeMap::new(),
            export_format: "xlsx".to_owned(),
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

    /// A column comes last, or goes; the title stays.
    pub fn show_table_column(&mut self, column: &Column, is_shown: bool) {
        let is_it = |known: &TableColumn| known.column == *column;
        let is_there = self.table_columns.iter().any(is_it);
        if is_shown && !is_there {
            let new = TableColumn::usual(column.clone());
            self.table_columns.push(new);
        } else if !is_shown && *column != Column::Title {
            self.table_columns.retain(|known| !is_it(known));
        }
    }

    /// A column goes to the place of another one.
    pub fn move_table_column(&mut self, column: &Column, to: &Column) {
        let place = |column: &Column| {
            let mut columns = self.table_columns.iter();
            columns.position(|known| known.column == *column)
        };
        if let (Some(from), Some(to)) = (place(column), place(to)) {
            let moved = self.table_columns.remove(from);
            self.table_columns.insert(to, moved);
        }
    }

    pub fn set_table_width(&mut self, column: &Column, width: f32) {
        for known in &mut self.table_columns {
            if known.column == *column {
                known.width = width.clamp(TableColumn::LEAST, TableColumn::MOST);
            }
        }
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
        self.keep_export_options(format, options);
    }

    /// What was chosen for a format, which is the one that is chosen.
    pub fn keep_export_options(&mut self, format: &str, options: &ExportOptions) {
        self.export_format = format.to_owned();
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
        self.articles_width = within(
            self.articles_width,
            120.0,
            900.0,
            SidePanel::Articles.usual_width(),
        );
        self.annotations_width = within(
            self.annotations_width,
            120.0,
            900.0,
            SidePanel::Annotations.usual_width(),
        );
        let mut known = BTreeSet::new();
        self.table_columns
            .retain(|column| known.insert(column.column.clone()));
        if !known.contains(&Column::Title) {
            let title = TableColumn::usual(Column::Title);
            self.table_columns.insert(0, title);
        }
        for column in &mut self.table_columns {
            let usual = TableColumn::usual(column.column.clone()).width;
            let (least, most) = (TableColumn::LEAST, TableColumn::MOST);
            column.width = within(column.width, least, most, usual);
        }
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
        settings.show_table_column(&Column::own("reach"), true);
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
        std::fs::write(
            folder.path().join(FILE),
            r#"(table_columns: [(column: Status, width: -1.0), (column: Field("reach"), width: 90.0), (column: Status, width: 80.0)])"#,
        )
        .unwrap();
        let tamed = Settings::load(folder.path()).table_columns;
        let tamed = tamed
            .iter()
            .map(|column| (column.column.name(), column.width));
        let tamed: Vec<_> = tamed.collect();
        assert_eq!(
            tamed,
            [
                ("Title".into(), 240.0),
                ("Status".into(), 48.0),
                ("Reach".into(), 90.0)
            ]
        );
    }

    #[test]
    fn columns_of_the_table_come_move_and_go_but_the_title() {
        let mut settings = Settings::default();
        let reach = Column::own("reach");
        settings.show_table_column(&reach, true);
        settings.show_table_column(&reach, true);
        settings.show_table_column(&Column::Title, false);
        settings.show_table_column(&Column::AUTHOR, false);
        settings.show_table_column(&Column::Annotations, false);
        settings.move_table_column(&reach, &Column::DATE);
        settings.move_table_column(&Column::Title, &Column::OUTLET);
        settings.move_table_column(&Column::own("gone"), &Column::OUTLET);
        settings.set_table_width(&reach, 9_000.0);
        let shown = settings.table_columns.iter();
        let shown: Vec<_> = shown.map(|c| (c.column.name(), c.width)).collect();
        let expected = [
            ("Reach", TableColumn::MOST),
            ("Date", 104.0),
            ("Outlet", 132.0),
            ("Title", 240.0),
            ("Status", 104.0),
        ];
        assert_eq!(shown, expected.map(|(name, width)| (name.into(), width)));
    }
}
