//! The review list: annotations whose place in the text was lost. Look for their places by hand.

use super::{Dialog, Opener};
use crate::app::action::Action;
use crate::app::command::Command;
use crate::app::lines::ReviewLineAt;
use crate::app::model::Model;
use crate::app::settings::ReadingFont;
use crate::app::words::count;
use crate::ui::kit::card::{Card, CardStep, scroll, split};
use crate::ui::kit::entry::FileRow;
use crate::ui::kit::icon::Icon;
use crate::ui::kit::list::file_list_ui;
use crate::ui::kit::words::{weak_words_ui, words_ui};
use crate::ui::theme::{self, Tokens};
use eframe::egui::{Context, RichText, Ui};

pub(super) const OPENS: &[Opener] = &[Opener::new(Command::Review, |model| {
    let cursor = model.sought().unwrap_or_default();
    Box::new(ReviewDialog { cursor })
})];

struct ReviewDialog {
    cursor: usize,
}

/// Whether the dialog goes once this is done.
enum Asks {
    Goes(Action),
    Stays(Action),
}

impl Dialog for ReviewDialog {
    fn ui(
        &mut self,
        ctx: &Context,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) -> CardStep {
        let items = model.session().project().set_aside();
        if items.is_empty() {
            return Card::question("review", "Review list").light().says(ctx, "There is nothing to look at again. When the text of an article is damaged or changed elsewhere, annotations whose place cannot be found come here: select where each belongs, and place it there.");
        }
        let card = Card::work("review", "Review list");
        let step = card.show(ctx, |ui, card| {
            card.lead(ui, "These annotations lost their place in the text. Go to the article, select where one belongs, and place it there.");
            let row = |at: usize| {
                let line = model.derived(&ReviewLineAt(at));
                let said = [line.label.as_str(), line.article.as_str()];
                let said: Vec<&str> = said.into_iter().filter(|part| !part.is_empty()).collect();
                Some(FileRow {
                    icon: (Icon::Warn, tokens.warn),
                    text: line.text.clone(),
                    second: said.join(" · "),
                    color: tokens.dim,
                })
            };
            let cursor = &mut self.cursor;
            card.pane(ui, |ui| {
                let (mut left, mut right) = split(ui, 420.0);
                file_list_ui(&mut left, "Lost annotations", cursor, items.len(), tokens, row);
                scroll(&mut right, "entry", |ui| entry_ui(ui, model, *cursor));
            });
            let at = self.cursor;
            let item = items.get(at)?;
            let line = model.derived(&ReviewLineAt(at));
            let note = count(items.len(), "annotation", "annotations");
            card.foot(ui, &note, |ui, card| {
                let mut asks = None;
                let copies = ui.button("Copy");
                if copies.on_hover_text("The whole entry, as it stands in the file").clicked() {
                    ui.ctx().copy_text(item.raw.as_str().to_owned());
                }
                let drops = ui.button("Take off the list");
                if drops.on_hover_text("Undo brings it back").clicked() {
                    asks = Some(Asks::Stays(Action::DropReviewed(at)));
                }
                card.close(ui, "Close");
                let is_selected = !model.selection().is_empty();
                if model.sought() == Some(at) && is_selected {
                    if card.main(ui, None, "Place at the selection", "undo takes it back") {
                        asks = Some(Asks::Goes(Action::PlaceReviewed(at)));
                    }
                    return asks;
                }
                let refusal = match (line.is_annotation, line.article.is_empty()) {
                    (false, _) => Some("This cannot be read as an annotation; its text can be copied"),
                    (_, true) => Some("Its article is not in the project"),
                    _ => None,
                };
                if card.main(ui, refusal, "Look for its place", "shows its article") {
                    asks = Some(Asks::Goes(Action::ShowReviewed(at)));
                }
                asks
            })
        });
        match step {
            CardStep::Chosen(Asks::Stays(action)) => {
                actions.push(action);
                CardStep::Stays
            }
            step => step.leave_with(|asks| {
                let (Asks::Goes(action) | Asks::Stays(action)) = asks;
                actions.push(action);
            }),
        }
    }
}

/// All there is to know of one.
fn entry_ui(ui: &mut Ui, model: &Model, at: usize) {
    let Some(item) = model.session().project().set_aside().get(at) else {
        return;
    };
    let line = model.derived(&ReviewLineAt(at));
    words_ui(
        ui,
        RichText::new(&line.title).font(theme::strong_font(13.0)),
    );
    if !line.article.is_empty() {
        weak_words_ui(ui, format!("In “{}”", line.article));
    }
    ui.add_space(4.0);
    let font = theme::reading_font(ReadingFont::Serif, 15.0);
    words_ui(ui, RichText::new(&line.text).font(font));
    if !line.note.is_empty() {
        words_ui(ui, format!("Note: {}", line.note));
    }
    ui.add_space(4.0);
    ui.weak(format!("Because {}", item.reason));
}
