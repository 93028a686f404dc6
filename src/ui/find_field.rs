//! The field that a query is written in, under the article and on the page of finding: its pieces in
//! colour, its mistake underlined, what could go on at the caret, and the switches that say how it is
//! read.

use crate::app::derived::project::{MetadataNames, MetadataValues};
use crate::app::model::Model;
use crate::core::search::{
    Known, Options, QueryError, Reading, TokenKind, complete, tokens as pieces,
};
use crate::ui::kit::chip::word_switch_ui;
use crate::ui::kit::complete::Completions;
use crate::ui::kit::field::{Field, caret, select};
use crate::ui::theme::Tokens;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, FontId, Id, Key, Response, Stroke, Ui};
use std::ops::Range;

/// What is typed; the model has it a frame later.
pub(super) struct QueryField {
    name: &'static str,
    typed: String,
    /// As the model had it.
    known: String,
    pub(super) focuses: bool,
    goes_on: Completions,
    /// What could stand at the caret, and what it takes the place of, as it was drawn.
    offers: Vec<(String, String)>,
    texts: Vec<String>,
    at: Range<usize>,
}

impl QueryField {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            typed: String::new(),
            known: String::new(),
            focuses: false,
            goes_on: Completions::default(),
            offers: Vec::new(),
            texts: Vec::new(),
            at: 0..0,
        }
    }

    pub(super) fn id(&self) -> Id {
        Id::unique(self.name)
    }

    /// Whether a key is free for what lies around the field, which has the keyboard.
    pub(super) fn leaves(&self, ui: &Ui, key: Key) -> bool {
        ui.memory(|memory| memory.has_focus(self.id())) && !self.goes_on.wants(key)
    }

    /// Draws it; answers what is looked for now, where that is something else.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        (query, options): (&str, &Options),
        error: Option<&QueryError>,
        width: f32,
        tokens: &Tokens,
    ) -> (Response, Option<String>) {
        if self.known != query {
            query.clone_into(&mut self.known);
            query.clone_into(&mut self.typed);
        }
        let id = self.id();
        let taken = self.goes_on.take_keys(ui, id, self.offers.len());
        let error = error.filter(|error| !error.is_unfinished);
        let wrong = error.map(|error| error.at.clone());
        let paints = |text: &str| paint_query(text, options, wrong.clone(), tokens);
        let field = Field::search(self.name, &mut self.typed)
            .hint("Words, “phrases”, or, near:4, in:quote")
            .error(error.map_or("", |error| error.message.as_str()))
            .id(id)
            .painted(&paints)
            .width(width)
            .show(ui);
        if std::mem::take(&mut self.focuses) {
            select(ui.ctx(), id, 0..self.typed.chars().count());
            field.request_focus();
        }
        if field.has_focus() {
            self.look_for_offers(ui, model, options);
        }
        let clicked = self.goes_on.show(ui, &field, &self.offers);
        if let Some(text) = taken.or(clicked).and_then(|at| self.texts.get(at)).cloned() {
            self.put(ui, &text);
            field.request_focus();
        }
        let is_new = self.typed != query;
        if is_new {
            self.known.clone_from(&self.typed);
        }
        (field, is_new.then(|| self.typed.clone()))
    }

    /// Puts what could go on in the place of what was begun.
    fn put(&mut self, ui: &Ui, text: &str) {
        if self.typed.get(self.at.clone()).is_none() {
            return;
        }
        self.typed.replace_range(self.at.clone(), text);
        let end = self.at.start + text.len();
        let chars = self.typed.get(..end).unwrap_or_default().chars().count();
        select(ui.ctx(), self.id(), chars..chars);
        self.offers.clear();
    }

    fn look_for_offers(&mut self, ui: &Ui, model: &Model, options: &Options) {
        self.offers.clear();
        self.texts.clear();
        let caret = caret(ui.ctx(), self.id()).unwrap_or(0);
        let mut places = self.typed.char_indices().map(|(at, _)| at);
        let caret = places.nth(caret).unwrap_or(self.typed.len());
        let fields = model.derived(&MetadataNames);
        let values = |name: &str| model.derived(&MetadataValues(name.to_owned())).to_vec();
        let known = Known {
            project: model.session().project(),
            fields: &fields,
            values: &values,
        };
        let found = complete(&self.typed, caret, options, &known);
        self.at = found.at;
        let typed = self.typed.get(self.at.clone()).unwrap_or_default();
        // What stands there already goes on with nothing.
        let offers = found.offers.into_iter().filter(|offer| offer.text != typed);
        for offer in offers.take(crate::ui::kit::complete::MOST) {
            self.offers.push((offer.name, offer.about));
            self.texts.push(offer.text);
        }
    }
}

/// A query in colours, with what is wrong in it underlined.
fn paint_query(
    text: &str,
    options: &Options,
    wrong: Option<Range<usize>>,
    tokens: &Tokens,
) -> LayoutJob {
    let font = FontId::monospace(13.0);
    let format = |color: Color32, range: &Range<usize>| {
        let is_wrong = wrong.as_ref().is_some_and(|wrong| {
            range.start < wrong.end.max(wrong.start + 1) && wrong.start < range.end
        });
        TextFormat {
            underline: if is_wrong {
                Stroke::new(1.5, tokens.error)
            } else {
                Stroke::NONE
            },
            ..TextFormat::simple(font.clone(), color)
        }
    };
    let mut job = LayoutJob::default();
    job.wrap.max_width = f32::INFINITY;
    let mut add = |range: Range<usize>, color: Color32| {
        if let Some(part) = text.get(range.clone()).filter(|part| !part.is_empty()) {
            job.append(part, 0.0, format(color, &range));
        }
    };
    let mut upto = 0;
    for piece in pieces(text, options) {
        add(upto..piece.at.start, tokens.ink);
        upto = piece.at.end;
        let color = match piece.kind {
            TokenKind::Word | TokenKind::Phrase | TokenKind::Value => tokens.ink,
            TokenKind::Pattern => tokens.ok,
            TokenKind::Operator | TokenKind::Near | TokenKind::Field => tokens.accent,
            TokenKind::Bracket => tokens.dim,
        };
        add(piece.at, color);
    }
    add(upto..text.len(), tokens.ink);
    job
}

/// How a query is read: case, whole words, folding, patterns. In few letters where room is short.
pub(super) fn switches_ui(ui: &mut Ui, options: &mut Options, is_wide: bool) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        let (word, fold) = if is_wide {
            ("Whole word", "Fold marks and accents")
        } else {
            ("Word", "Fold")
        };
        let is_pattern = options.reading == Reading::Pattern;
        for (shown, name, help, is_on, switch) in [
            (
                "Aa",
                "Match case",
                "Capital letters are found as capital letters only",
                options.case,
                (|o| o.case = !o.case) as fn(&mut Options),
            ),
            (
                word,
                "Whole words",
                "What is found begins and ends where words do",
                options.word,
                |o| o.word = !o.word,
            ),
            (
                fold,
                "Fold marks and accents",
                "é is e, a curly quotation mark a straight one, and letters of other widths and forms are alike",
                options.fold,
                |o| o.fold = !o.fold,
            ),
            (
                ".*",
                "Regular expression",
                "All that is written is one regular expression; within a query, one stands between slashes",
                is_pattern,
                |o| {
                    o.reading = match o.reading {
                        Reading::Pattern => Reading::Query,
                        _ => Reading::Pattern,
                    };
                },
            ),
        ] {
            if word_switch_ui(ui, shown, name, is_on).on_hover_text(help).clicked() {
                switch(options);
            }
        }
    });
}
