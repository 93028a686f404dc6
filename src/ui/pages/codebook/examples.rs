//! Examples of what is marked and of what is not: annotations, which lead into their articles, and
//! texts that were written.

use super::label::{items_ui, section_ui, set};
use crate::app::action::codebook::{Items, LabelField};
use crate::app::action::{Action, CodebookAction};
use crate::app::command::{Command, info};
use crate::app::model::Model;
use crate::core::codebook::{Label, ShownBy};
use crate::core::text::ByteRange;
use crate::ui::kit::icon::{self, Icon, icon_button_ui};
use crate::ui::kit::row;
use crate::ui::kit::tell;
use crate::ui::pages::drafts::Drafts;
use crate::ui::theme::{self, SMALL, Tokens};
use eframe::egui::accesskit::Role;
use eframe::egui::{Align, Layout, RichText, Sense, Ui, vec2};

pub(super) fn examples_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    drafts: &mut Drafts,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let key = info(Command::AddExample).key_text();
    let hint = format!("from the annotations: {key} on the selected one");
    section_ui(ui, "Examples", &hint);
    shown_ui(ui, model, label, false, actions, tokens);
    let (title, items) = ("Example", Items::Examples);
    items_ui(
        ui,
        label,
        title,
        items,
        &label.examples,
        drafts,
        actions,
        tokens,
    );
    let key = info(Command::AddCounterExample).key_text();
    section_ui(
        ui,
        "Counter-examples",
        &format!("what it is not for: {key}"),
    );
    shown_ui(ui, model, label, true, actions, tokens);
    let (title, items) = ("Counter-example", Items::CounterExamples);
    let list = &label.counter_examples;
    items_ui(ui, label, title, items, list, drafts, actions, tokens);
}

fn shown_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    is_counter: bool,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let shown = label.shown_by.iter();
    for shown in shown.filter(|shown| shown.is_counter == is_counter) {
        ui.push_id(shown.annotation.as_str(), |ui| {
            one_ui(ui, model, label, shown, actions, tokens);
        });
    }
}

fn one_ui(
    ui: &mut Ui,
    model: &Model,
    label: &Label,
    shown: &ShownBy,
    actions: &mut Vec<Action>,
    tokens: &Tokens,
) {
    let project = model.session().project();
    let article = project.article(&shown.article);
    let found = article.and_then(|article| {
        let annotation = article.annotations.get(shown.annotation.as_str())?;
        Some((article, annotation))
    });
    ui.horizontal(|ui| {
        ui.set_height(30.0);
        let (mark, color) = if shown.is_counter {
            (Icon::Close, tokens.error)
        } else {
            (Icon::Done, tokens.ok)
        };
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
        icon::paint(ui.painter(), mark, rect.center(), 14.0, color);
        let kind = if shown.is_counter {
            "counter-example"
        } else {
            "example"
        };
        let text = match found {
            Some((article, annotation)) => {
                let part = |part: &ByteRange| article.text.slice(*part);
                let parts = annotation.fragments.iter().map(part);
                let all: String = parts.collect::<Vec<_>>().join(" … ");
                all.chars().take(200).collect()
            }
            None => "This annotation is not there any more".to_owned(),
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let name = format!("Take it off the {kind}s");
            if icon_button_ui(ui, Icon::Close, &name, tokens).clicked() {
                let field = LabelField::NotShownBy(shown.annotation.clone());
                actions.push(set(label, field));
            }
            if let Some((article, annotation)) = found {
                let title: String = article.title.chars().take(24).collect();
                let title = RichText::new(title).size(SMALL);
                let link = ui.link(title).on_hover_text("Show it in its article");
                if link.clicked() {
                    let (article, id) = (article.id.clone(), annotation.id.clone());
                    actions.push(Action::from(CodebookAction::GoTo(article, id)));
                }
            }
            let room = (ui.available_width() - 8.0).max(20.0);
            let ink = if found.is_some() {
                tokens.ink
            } else {
                tokens.dim
            };
            let font = theme::reading_font(Default::default(), 14.5);
            let line = row::line(ui.painter(), &text, font, ink, room);
            let size = vec2(room, line.size().y);
            let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
            tell(&response, Role::Label, &text);
            ui.painter().galley(rect.left_top(), line, ink);
            response.on_hover_text(&text);
        });
    });
}
