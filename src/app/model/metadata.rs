//! The details of articles: titles, bylines and all other metadata, of one or of several at once.
//!
//! Whatever is changed together is one step of the history.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::Action;
use crate::app::command::{Command, Scope, Section, ctrl_shift, key};
use crate::app::notice::Notice;
use crate::app::words::{count, day};
use crate::core::ids::ArticleId;
use crate::core::recipes::details::{self, DIRECTION, DetailsChange};
use crate::core::shown::{bare, shown};
use crate::core::text::bidi::is_mostly_rtl;
use crate::format::reading::dates::parse_date;

#[rustfmt::skip]
commands! {
    Details => row(Section::Details, "Details…", key("F2"), Scope::Always, "Title, byline, outlet, date and other fields of this article, or of all that are selected in the list")
        .shows_its_dialog()
        .when(Model::has_article),
    TurnText => row(Section::Details, "Turn the direction of the text", ctrl_shift("T"), Scope::NotWriting, "All paragraphs of this article go the other way, from right to left or from left to right, whatever letter they begin with; once more, and each goes its own way")
        .runs(Model::turn_text)
        .on_while(|model| model.article().is_some_and(|article| article.meta(DIRECTION).is_some()))
        .when(Model::has_article),
    SelectionAsTitle => row(Section::Details, "Selection is the title", None, Scope::NotWriting, "The selected words become the title of the article")
        .runs(|model| model.set_from_selection(FromSelection::Title))
        .when(Model::has_selected_words),
    SelectionAsByline => row(Section::Details, "Selection is the byline", None, Scope::NotWriting, "The selected words become the byline of the article")
        .runs(|model| model.set_from_selection(FromSelection::Byline))
        .when(Model::has_selected_words),
    SelectionAsDate => row(Section::Details, "Selection is the date", None, Scope::NotWriting, "The selected words say when the article was published")
        .runs(|model| model.set_from_selection(FromSelection::Date))
        .when(Model::has_selected_words),
}

#[derive(Clone, Copy)]
enum FromSelection {
    Title,
    Byline,
    Date,
}

/// A date as it is kept, where what was written is one; exact already, or as people write it.
pub fn kept_date(written: &str) -> Option<String> {
    let is_kept = |date: &String| date != written.trim();
    parse_date(written).filter(is_kept)
}

impl Model {
    fn has_selected_words(&self) -> bool {
        self.has_article_in_sight() && !self.work.selection.is_empty()
    }

    /// Gives articles other details, as one step.
    pub(super) fn change_details(&mut self, articles: &[ArticleId], change: &DetailsChange) {
        let edits = details::change(self.work.session.project(), articles, change);
        let n = edits.len();
        if n == 0 {
            return;
        }
        let told = match n {
            1 => "change details".to_owned(),
            n => format!("change details of {n} articles"),
        };
        if self.apply(told, edits) && n > 1 {
            let told = format!(
                "The details of {} are changed",
                count(n, "article", "articles")
            );
            self.offer_undo(told);
        }
    }

    fn turn_text(&mut self) {
        let Some(article) = self.article() else {
            return;
        };
        let value = match article.meta(DIRECTION) {
            Some(_) => "",
            None if is_mostly_rtl(article.text.lines()) => "ltr",
            None => "rtl",
        };
        let told = match value {
            "" => "Each paragraph goes the way of its first letter",
            "rtl" => "All paragraphs go from right to left",
            _ => "All paragraphs go from left to right",
        };
        let id = article.id.clone();
        let mut change = DetailsChange::default();
        change.fields.insert(DIRECTION.to_owned(), value.to_owned());
        let edits = details::change(self.work.session.project(), &[id], &change);
        if self.apply("turn the direction of the text", edits) {
            self.offer_undo(told.to_owned());
        }
    }

    /// Tells of a large step that was just made, and offers to take it back.
    pub(super) fn offer_undo(&mut self, told: String) {
        let undo = Action::Run(Command::Undo);
        self.notify(Notice::info(told).on("trash").with_offer("Undo", undo));
    }

    fn set_from_selection(&mut self, what: FromSelection) {
        let Some(article) = self.article() else {
            return;
        };
        let id = article.id.clone();
        let words = article.text.slice(self.work.selection.range());
        let words: Vec<&str> = words.split_whitespace().collect();
        let words = words.join(" ");
        if words.is_empty() {
            return self.notify(Notice::info("There is only white space here"));
        }
        let mut change = DetailsChange::default();
        let mut set = |field: &str, value: String| {
            change.fields.insert(field.to_owned(), value);
        };
        let told = match what {
            FromSelection::Title => {
                let told = format!("The title is “{}”", shown(&words));
                change.title = Some(words);
                told
            }
            FromSelection::Byline => {
                let words = bare(&words);
                let name = words.strip_prefix("By ").unwrap_or(&words).to_owned();
                let told = format!("The byline is “{}”", shown(&name));
                set("author", name);
                told
            }
            FromSelection::Date => {
                let Some(date) = parse_date(&words) else {
                    let told = format!("“{}” is no date that can be read", shown(&words));
                    return self.notify(Notice::warning(told));
                };
                let told = format!("Published {}", day(&date));
                set("published", date);
                told
            }
        };
        let edits = details::change(self.work.session.project(), &[id], &change);
        if edits.is_empty() {
            return self.notify(Notice::info(told));
        }
        if self.apply("change details", edits) {
            self.offer_undo(told);
        }
    }
}
