//! What is known about one article or about several: every field with what is in it, changed for all of
//! them at once, and said before it is done.
//!
//! A field in which they differ stays as it is until something is written in it.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::derived::details::{DetailsOf, Meant, Touched};
use crate::app::model::{Model, kept_date};
use crate::app::words::{count, day, long_date};
use crate::core::article::Article;
use crate::core::recipes::details::{DetailsChange, FieldSummary, USUAL};
use crate::core::shown::shown;
use crate::ui::kit::card::{Card, CardStep};
use crate::ui::kit::field::Field;
use crate::ui::kit::icon::{Icon, icon_aside_ui};
use crate::ui::kit::table::{Form, form_ui};
use crate::ui::theme::{SMALL, Tokens};
use eframe::egui::{Context, Key, Rect, Response, RichText, Ui, vec2};
use std::sync::Arc;

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::Details, |model| {
    Box::new(DetailsDialog {
        articles: Meant(Arc::new(model.meant_articles())),
        change: DetailsChange::default(),
        added: Vec::new(),
        new_field: String::new(),
        focus: None,
    })
})];

const FIELD_WIDTH: f32 = 440.0;
/// Own fields that are shown, at most.
const MOST: usize = 60;

struct DetailsDialog {
    articles: Meant,
    /// What was written, of the fields in which something was.
    change: DetailsChange,
    /// Fields that none of the articles has yet.
    added: Vec<String>,
    new_field: String,
    /// The field that the keyboard goes to.
    focus: Option<String>,
}

impl Dialog for DetailsDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let n = self.articles.0.len();
        let title = match n {
            1 => "Details of the article".to_owned(),
            n => format!("Details of {n} articles"),
        };
        let is_written =
            self.change != DetailsChange::default() || !self.new_field.trim().is_empty();
        let card = Card::work("details", &title).written(is_written);
        let step = card.show(ctx, |ui, card| {
            let project = model.session().project();
            let only = self.articles.0.first().filter(|_| n == 1);
            let only = only.and_then(|id| project.article(id)).cloned();
            card.lead(ui, &match &only {
                Some(article) => article.shown_title().into_owned(),
                None => "What is written here becomes that of all of them. A field that nothing is written in stays as it is in each.".to_owned(),
            });
            let fields = model.derived_later(&DetailsOf(self.articles.clone())).value;
            let Some(fields) = fields else {
                card.body(ui, |ui| ui.weak(format!("Looking through {n} articles…")));
                card.foot(ui, "", |ui, card| card.close(ui, "Cancel"));
                // Writing begins once there is something to write in.
                self.focus = USUAL.first().map(|(name, _)| (*name).to_owned());
                return None;
            };
            let mut first = None;
            card.body(ui, |ui| {
                form_ui(ui, "details", |form| {
                    first = self.title_ui(form, only.as_ref(), tokens);
                    let usual = |field: &&FieldSummary| USUAL.iter().any(|(name, _)| *name == field.name);
                    for field in fields.iter().filter(usual) {
                        let title = USUAL.iter().find(|(name, _)| *name == field.name);
                        let title = title.map_or("", |(_, title)| title);
                        let drawn = self.field_ui(form, field, title, tokens);
                        first = first.take().or(drawn);
                    }
                    form.heading("Own fields");
                    for field in fields.iter().filter(|field| !usual(field)).take(MOST) {
                        let title = shown(&field.name).into_owned();
                        self.field_ui(form, field, &title, tokens);
                    }
                    for name in self.added.clone() {
                        if fields.iter().any(|field| field.name == name) {
                            continue;
                        }
                        let field = FieldSummary {
                            values: [(String::new(), n)].into(),
                            articles: n,
                            name,
                        };
                        self.field_ui(form, &field, &field.name, tokens);
                    }
                    self.new_field_ui(form, &fields);
                    if let Some(article) = &only {
                        self.notes_ui(form, article);
                    }
                });
            });
            if let Some(first) = first {
                let _begins = card.begins_at(&first);
            }
            let change = self.kept();
            let counted = model.derived_later(&Touched {
                articles: self.articles.clone(),
                change: change.clone(),
            });
            let touched = counted.value.map_or(0, |touched| *touched);
            let refusal = match (counted.is_current, touched) {
                (false, _) => Some("Counting what it changes"),
                (true, 0) => Some("Nothing is changed yet"),
                (true, _) => None,
            };
            let note = match (touched, n) {
                (0, _) | (_, 1) => String::new(),
                (touched, n) => format!("Changes {touched} of {n} articles, as one step"),
            };
            card.foot(ui, &note, |ui, card| {
                card.close(ui, "Cancel");
                let text = match n {
                    1 => "Change".to_owned(),
                    _ => format!("Change {}", count(touched, "article", "articles")),
                };
                card.main(ui, refusal, text, "").then(|| Action::ChangeDetails {
                    articles: self.articles.0.to_vec(),
                    change: Box::new(change),
                })
            })
        });
        step.leave_with(|action| actions.push(action))
    }
}

impl DetailsDialog {
    /// What is written, as it is kept: without blanks around it, and dates exactly.
    fn kept(&self) -> DetailsChange {
        let mut change = self.change.clone();
        for (name, value) in &mut change.fields {
            *value = kept_value(name, value);
        }
        if let Some(title) = &mut change.title {
            *title = title.trim().to_owned();
        }
        change
    }

    /// Titles are told apart: only that of one article is changed here.
    fn title_ui(
        &mut self,
        form: &mut Form<'_>,
        only: Option<&Arc<Article>>,
        tokens: &Tokens,
    ) -> Option<Response> {
        let article = only?;
        let mut text = self.change.title.clone();
        let mut text = text.take().unwrap_or_else(|| article.title.clone());
        let mut response = None;
        form.row("Title", "", |ui| {
            ui.horizontal(|ui| {
                let field = Field::new("Title", &mut text).width(FIELD_WIDTH);
                let field = field.hands_on_enter().show(ui);
                if field.changed() {
                    self.change.title = (text != article.title).then_some(text);
                }
                if self.change.title.is_some() {
                    changed_bar(ui, field.rect, tokens);
                    let keeps = ("Keep the title", "Keep the title");
                    if icon_aside_ui(ui, Icon::Undo, keeps, tokens).clicked() {
                        self.change.title = None;
                    }
                }
                response = Some(field);
            });
        });
        response
    }

    fn field_ui(
        &mut self,
        form: &mut Form<'_>,
        field: &FieldSummary,
        title: &str,
        tokens: &Tokens,
    ) -> Option<Response> {
        let name = field.name.as_str();
        let common = field.common();
        let written = self.change.fields.get(name);
        let mut text = written.map_or_else(|| common.unwrap_or_default().to_owned(), Clone::clone);
        let is_written = written.is_some();
        let hint = match common {
            _ if is_written => "Emptied".to_owned(),
            None => differing(field),
            Some(_) => String::new(),
        };
        let mut drawn = None;
        form.row(title, "", |ui| {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.horizontal(|ui| {
                    let was_empty = text.is_empty();
                    let edit = Field::new(title, &mut text).hint(&hint);
                    let edit = edit.width(FIELD_WIDTH).hands_on_enter().show(ui);
                    let deletes = edit.has_focus()
                        && was_empty
                        && common.is_none()
                        && ui.input(|input| input.key_pressed(Key::Delete));
                    if deletes {
                        // Empties many values, and takes that back.
                        if is_written {
                            self.change.fields.remove(name);
                        } else {
                            self.change.fields.insert(name.to_owned(), String::new());
                        }
                    }
                    if edit.changed() && !deletes {
                        let is_as_before = match common {
                            Some(common) => text == common,
                            // Emptying many values is what the button is for.
                            None => text.is_empty(),
                        };
                        if is_as_before {
                            self.change.fields.remove(name);
                        } else {
                            self.change.fields.insert(name.to_owned(), text.clone());
                        }
                    }
                    if self.focus.as_deref() == Some(name) {
                        self.focus = None;
                        edit.request_focus();
                    }
                    self.beside_ui(ui, field, title, edit.rect, tokens);
                    drawn = Some(edit);
                });
                if name == "published" {
                    let written = self.change.fields.get(name);
                    date_ui(ui, written.map_or(common, |text| Some(text.as_str())));
                }
            });
        });
        drawn
    }

    /// What becomes of a field, and taking that back; or emptying it.
    fn beside_ui(
        &mut self,
        ui: &mut Ui,
        field: &FieldSummary,
        title: &str,
        place: Rect,
        tokens: &Tokens,
    ) {
        let name = field.name.as_str();
        match self.change.fields.get(name) {
            Some(value) => {
                let value = kept_value(name, value);
                changed_bar(ui, place, tokens);
                let keeps = format!("Keep {title}");
                if icon_aside_ui(ui, Icon::Undo, (&keeps, &keeps), tokens).clicked() {
                    self.change.fields.remove(name);
                }
                if self.articles.0.len() > 1 {
                    let told = format!("changes {}", field.changed_by(&value));
                    ui.label(RichText::new(told).size(SMALL).color(tokens.warn));
                }
            }
            None if field.filled() > 0 => {
                let empties = format!("Empty {title}");
                let by_key = match field.common() {
                    Some(_) => "or delete what is written in it",
                    None => "or press Delete in the field",
                };
                let help = format!("{empties}; {by_key}");
                if icon_aside_ui(ui, Icon::Close, (&empties, &help), tokens).clicked() {
                    self.change.fields.insert(name.to_owned(), String::new());
                }
                let all = self.articles.0.len();
                if field.filled() < all {
                    let told = format!("{} of {all} have it", field.filled());
                    ui.label(RichText::new(told).size(SMALL).weak());
                }
            }
            None => {}
        }
    }

    fn new_field_ui(&mut self, form: &mut Form<'_>, known: &[FieldSummary]) {
        form.row("New field", "", |ui| {
            ui.horizontal(|ui| {
                let field = Field::new("Name of a new field", &mut self.new_field);
                let field = field.hint("Name").width(160.0).show(ui);
                let enters = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                let name: String = self.new_field.trim().chars().take(100).collect();
                let add = eframe::egui::Button::new("Add field");
                let adds = ui.add_enabled(!name.is_empty(), add).clicked();
                if (enters || adds) && !name.is_empty() {
                    let is_known = known.iter().any(|field| field.name == name);
                    if !is_known && !self.added.contains(&name) {
                        self.added.push(name.clone());
                    }
                    self.focus = Some(name);
                    self.new_field.clear();
                }
            });
        });
    }

    fn notes_ui(&mut self, form: &mut Form<'_>, article: &Article) {
        let notes = self.change.notes.clone();
        let mut text = notes.unwrap_or_else(|| article.notes.clone());
        form.high_row("Notes", |ui| {
            let field = Field::new("Notes on the article", &mut text).rows(3);
            if field.width(FIELD_WIDTH).show(ui).changed() {
                self.change.notes = (text != article.notes).then_some(text);
            }
        });
    }
}

/// A value without blanks around it, and a date exactly.
fn kept_value(name: &str, value: &str) -> String {
    let trimmed = value.trim().to_owned();
    match name {
        "published" => kept_date(&trimmed).unwrap_or(trimmed),
        _ => trimmed,
    }
}

/// Something is changed and not done yet.
fn changed_bar(ui: &Ui, place: Rect, tokens: &Tokens) {
    let at = place.min - vec2(7.0, 0.0);
    let bar = Rect::from_min_size(at, vec2(3.0, place.height()));
    ui.painter().rect_filled(bar, 0.0, tokens.warn);
}

/// “3 values: Post, Herald, none”.
fn differing(field: &FieldSummary) -> String {
    const SHOWN: usize = 3;
    let told = |value: &String| match value.as_str() {
        "" => "none".to_owned(),
        date if field.name == "published" => day(date),
        value => shown(value).chars().take(24).collect(),
    };
    let first: Vec<String> = field.values.keys().rev().take(SHOWN).map(told).collect();
    let rest = if field.values.len() > SHOWN {
        ", …"
    } else {
        ""
    };
    format!("{} values: {}{rest}", field.values.len(), first.join(", "))
}

/// A date in the reader's form, or how it will be kept.
fn date_ui(ui: &mut Ui, date: Option<&str>) {
    let Some(date) = date.map(str::trim).filter(|date| !date.is_empty()) else {
        return;
    };
    let told = match (kept_date(date), long_date(date)) {
        (_, Some(long)) => long,
        (Some(kept), None) => match long_date(&kept) {
            Some(long) => format!("{long}, kept as {kept}"),
            None => format!("Kept as {kept}"),
        },
        (None, None) => "No date that can be put in order; it is kept as it is".to_owned(),
    };
    ui.label(RichText::new(told).size(SMALL).weak());
}
