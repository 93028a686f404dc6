//! What the window shows and how it looks: pages, panels, theme, letters, zoom; and all settings.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::{Spot, UiRequest};
use crate::app::command::{Command, Scope, Section, ctrl, ctrl_shift, key, shift};
use crate::app::notice::Notice;
use crate::app::settings::{SidePanel, ThemeChoice};
use crate::app::words::{byline, day};
use crate::core::article::Article;
use crate::core::lists::{Facet, Order};

#[rustfmt::skip]
commands! {
    Read => row(Section::Pages, "Read and mark", ctrl("1"), Scope::Always, "The page with the article")
        .runs(|model| model.show_page(model.reading_page()))
        .on_while(|model| model.page() == Page::Read),
    Find => row(Section::Pages, "Find", ctrl("2"), Scope::Always, "The page on which all articles are searched: hits below each other, marked, changed and counted together")
        .runs(|model| model.show_page(Page::Find))
        .on_while(|model| model.page() == Page::Find),
    People => row(Section::Pages, "People", ctrl("3"), Scope::Always, "The page with the people and organisations: who is quoted saying what, and who may be the same")
        .runs(|model| model.show_page(Page::People))
        .on_while(|model| model.page() == Page::People),
    Claims => row(Section::Pages, "Claims", ctrl("4"), Scope::Always, "The page with all claims: which of them say the same, which are worth checking, and what checking them found")
        .runs(|model| model.show_page(Page::Claims))
        .on_while(|model| model.page() == Page::Claims),
    Codebook => row(Section::Pages, "Codebook", ctrl("5"), Scope::Always, "The page with the labels: what they mean, how they look, their attributes, boundaries and links")
        .runs(|model| model.show_page(Page::Codebook))
        .on_while(|model| model.page() == Page::Codebook),
    Palette => row(Section::Palette, "Run a command…", ctrl("K"), Scope::Always, "Find any command by its name")
        .shows_its_dialog(),
    ToggleArticles => row(Section::Panels, "Article list", key("F9"), Scope::Always, "Show or hide the article list")
        .runs(|model| model.toggle_panel(SidePanel::Articles))
        .on_while(|model| model.settings.shows(SidePanel::Articles)),
    ToggleTable => row(Section::Panels, "Articles as a table", shift("F9"), Scope::Always, "All articles on the whole page, what is known of each in columns; Enter opens one")
        .runs(Model::toggle_table)
        .on_while(|model| model.page() == Page::Table)
        .when(Model::has_articles),
    ToggleAnnotations => row(Section::Panels, "Annotation panel", key("F10"), Scope::Always, "Show or hide codebook and annotations")
        .runs(|model| model.toggle_panel(SidePanel::Annotations))
        .on_while(|model| model.settings.shows(SidePanel::Annotations)),
    NextTheme => row(Section::Reading, "Next theme", ctrl("T"), Scope::Always, "As the system, light, dark, high contrast")
        .runs(Model::next_theme),
    ToggleSource => row(Section::Reading, "Hide outlet and byline", None, Scope::NotWriting, "Who wrote an article, and for whom, is not shown above it nor in the list, so that it does not sway you")
        .runs(Model::toggle_source)
        .on_while(|model| model.settings.hides_source),
    ToggleHidden => row(Section::Reading, "Show hidden characters", ctrl_shift("H"), Scope::Always, "Signs over the text for marks of direction, characters without width, soft hyphens, tabs and spaces that do not break; nothing moves for them")
        .runs(|model| model.settings.shows_hidden ^= true)
        .on_while(|model| model.settings.shows_hidden),
    LargerText => row(Section::Letters, "Larger text", key("F8"), Scope::NotWriting, "Larger letters in the article")
        .runs(|model| model.settings.reading_size = (model.settings.reading_size + 1.0).min(40.0)),
    SmallerText => row(Section::Letters, "Smaller text", key("F7"), Scope::NotWriting, "Smaller letters in the article")
        .runs(|model| model.settings.reading_size = (model.settings.reading_size - 1.0).max(10.0)),
    WiderMeasure => row(Section::Letters, "Longer lines", None, Scope::NotWriting, "More characters in a line")
        .runs(|model| model.settings.measure_chars = (model.settings.measure_chars + 4).min(160)),
    NarrowerMeasure => row(Section::Letters, "Shorter lines", None, Scope::NotWriting, "Fewer characters in a line")
        .runs(|model| model.settings.measure_chars = model.settings.measure_chars.saturating_sub(4).max(30)),
    ZoomIn => row(Section::Zoom, "Zoom in", ctrl("Plus"), Scope::Always, "Everything larger")
        .runs(|model| model.settings.zoom = (model.settings.zoom + 0.1).min(3.0)),
    ZoomOut => row(Section::Zoom, "Zoom out", ctrl("Minus"), Scope::Always, "Everything smaller")
        .runs(|model| model.settings.zoom = (model.settings.zoom - 0.1).max(0.5)),
    ResetZoom => row(Section::Zoom, "Reset zoom", ctrl("0"), Scope::Always, "Back to 100 %")
        .runs(|model| model.settings.zoom = 1.0),
    Settings => row(Section::Settings, "Settings…", ctrl("Comma"), Scope::Always, "Theme, reading font, size and measure")
        .shows_its_dialog(),
}

/// A page of the window. Each keeps its state while another one is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    #[default]
    Read,
    /// The articles as a table, in the place of the one that is read.
    Table,
    Find,
    People,
    Claims,
    Codebook,
}

impl Page {
    /// In the order of their row, each with its word there and the command that goes to it.
    pub const ALL: [(Self, &'static str, Command); 5] = [
        (Self::Read, "Read", Command::Read),
        (Self::Find, "Find", Command::Find),
        (Self::People, "People", Command::People),
        (Self::Claims, "Claims", Command::Claims),
        (Self::Codebook, "Codebook", Command::Codebook),
    ];
}

impl Model {
    pub fn page(&self) -> Page {
        self.work.page
    }

    pub(super) fn show_page(&mut self, page: Page) {
        self.set_page(page);
        self.requests.push(match page {
            Page::Read | Page::Table => UiRequest::FocusArticle,
            Page::Find => UiRequest::Focus(Spot::FindField),
            Page::People => UiRequest::Focus(self.spot_of_people()),
            Page::Claims => UiRequest::Focus(Spot::Claims),
            Page::Codebook => UiRequest::Focus(Spot::LabelList),
        });
    }

    pub(super) fn set_page(&mut self, page: Page) {
        self.work.page = page;
        if matches!(page, Page::Read | Page::Table) {
            self.settings.shows_table = page == Page::Table;
        }
    }

    /// What stands where articles are read: one, or the table of all that was shown last. In the table
    /// itself it is the one.
    pub(super) fn reading_page(&self) -> Page {
        let shows_table = self.settings.shows_table && self.has_articles();
        match self.work.page {
            Page::Read | Page::Table => Page::Read,
            Page::Find | Page::People | Page::Claims | Page::Codebook if shows_table => Page::Table,
            Page::Find | Page::People | Page::Claims | Page::Codebook => Page::Read,
        }
    }

    fn toggle_table(&mut self) {
        self.show_page(match self.page() {
            Page::Table => Page::Read,
            Page::Read | Page::Find | Page::People | Page::Claims | Page::Codebook => Page::Table,
        });
    }

    /// Whether what commands of a section are about is seen: an article as such is in the table, too.
    pub fn is_seen(&self, section: Section) -> bool {
        let is_as_such = matches!(
            section,
            Section::Details | Section::Articles | Section::ThisArticle
        );
        match self.work.page {
            Page::Read => true,
            Page::Table if is_as_such => true,
            Page::Table | Page::Find | Page::People | Page::Claims | Page::Codebook => {
                !section.is_about_the_article()
            }
        }
    }

    fn toggle_source(&mut self) {
        self.settings.hides_source ^= true;
        if !self.settings.hides_source {
            return;
        }
        let is_of_source = |facet: &Facet| matches!(facet, Facet::Outlet | Facet::Author);
        // An order by what is hidden would tell it.
        let mut listing = self.listing().clone();
        if listing.order.is_of_source() {
            listing.order = Order::default();
        }
        listing.group = listing.group.filter(|facet| !is_of_source(facet));
        // Nor would it be hidden by whom those are that are picked out.
        listing.outlet = None;
        listing.only.retain(|facet, _| !is_of_source(facet));
        if listing != *self.listing() {
            self.set_listing(listing);
        }
    }

    /// Outlet, author and date of an article on a line, as far as they are to be seen.
    pub fn byline_of(&self, article: &Article) -> String {
        if self.settings.hides_source {
            let published = article
                .meta("published")
                .filter(|day| !day.trim().is_empty());
            return published.map(day).unwrap_or_default();
        }
        byline(article)
    }

    fn toggle_panel(&mut self, panel: SidePanel) {
        let is_shown = !self.settings.shows(panel);
        self.settings.show(panel, is_shown);
        // A drawer is opened to be used, and closed to go on reading.
        if self.settings.is_narrow && self.page() == Page::Read {
            self.requests.push(if is_shown {
                UiRequest::FocusPanel(panel)
            } else {
                UiRequest::FocusArticle
            });
        }
    }

    fn next_theme(&mut self) {
        let all = ThemeChoice::ALL;
        let at = all
            .iter()
            .position(|(theme, _)| *theme == self.settings.theme);
        let next = (at.unwrap_or(0) + 1) % all.len();
        if let Some((theme, name)) = all.get(next) {
            self.settings.theme = *theme;
            self.notices
                .retain(|notice| !notice.message.starts_with("Theme: "));
            self.notify(Notice::info(format!("Theme: {name}")));
        }
    }
}
