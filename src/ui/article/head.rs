//! The head of an article: section, headline, who wrote it for whom, when, and how long it is.
//!
//! A headline that stands in the text stays text, to be marked like the rest; what else is known
//! stands below it. One that only the metadata has stands above the text. Knows no layout of text
//! but its own lines, and takes no room that it did not announce before the blocks were placed.

use super::blocks::Kind;
use super::{ArticleView, TAG_GAP, TAG_WIDTH, widget_id};
use crate::app::action::Action;
use crate::app::command::{Command, info};
use crate::app::derived::article::Words;
use crate::app::model::Model;
use crate::app::words::{capitalised, count_grouped, long_date};
use crate::core::article::{Article, Status};
use crate::core::shown::shown;
use crate::ui::kit::pick::{Pick, option_ui};
use crate::ui::kit::row::at_end_ui;
use crate::ui::kit::{hint, letters, tell};
use crate::ui::theme::{self, Tokens};
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    self, Align, Button, Color32, FontId, Galley, Painter, Rect, Sense, Stroke, Ui, UiBuilder,
    accesskit, pos2, vec2,
};
use std::sync::Arc;

/// Space above all of it.
const TOP: f32 = 24.0;
/// Space below the section, and below the headline.
const AFTER_LINE: f32 = 4.0;
const AFTER_HEADLINE: f32 = 8.0;
/// Space below the byline, down to the rule, and below that.
const AFTER_BYLINE: f32 = 12.0;
const AFTER_RULE: f32 = 14.0;
/// What can be pressed beside the byline.
const CONTROLS: f32 = 236.0;
const CONTROL_HEIGHT: f32 = 28.0;

/// The room that the head takes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Room {
    /// Above the first line of the text.
    pub(super) above: f32,
    /// Below a headline that stands in the text.
    pub(super) below_headline: f32,
}

/// The lines of a head, laid out for one frame.
struct Lines {
    section: Option<Arc<Galley>>,
    /// The headline, when the text has none.
    headline: Option<Arc<Galley>>,
    byline: Arc<Galley>,
    /// The same as it is read.
    byline_words: String,
    byline_height: f32,
    is_headline_in_text: bool,
}

impl Lines {
    fn byline_room(&self) -> f32 {
        self.byline_height + AFTER_BYLINE + 1.0 + AFTER_RULE
    }

    fn room(&self) -> Room {
        let height = |galley: &Option<Arc<Galley>>, after: f32| {
            galley
                .as_ref()
                .map_or(0.0, |galley| galley.rect.height() + after)
        };
        let top = TOP + height(&self.section, AFTER_LINE);
        if self.is_headline_in_text {
            let below_headline = AFTER_HEADLINE + self.byline_room();
            return Room {
                above: top.round(),
                below_headline: below_headline.round(),
            };
        }
        let above = top + height(&self.headline, AFTER_HEADLINE) + self.byline_room();
        Room {
            above: above.round(),
            below_headline: 0.0,
        }
    }
}

impl ArticleView {
    pub(super) fn head_room(&self, ui: &Ui, model: &Model, article: &Article) -> Room {
        self.head_lines(ui, model, article).room()
    }

    fn head_lines(&self, ui: &Ui, model: &Model, article: &Article) -> Lines {
        let width = self.column.width();
        let lay_out = |job: LayoutJob| ui.ctx().fonts_mut(|fonts| fonts.layout_job(job));
        let simple = |text: &str, font: FontId, line: Option<f32>| {
            let format = TextFormat {
                font_id: font,
                line_height: line,
                color: Color32::PLACEHOLDER,
                ..TextFormat::default()
            };
            if let Some(job) = letters::lines(ui.ctx(), text, &format, width) {
                return job;
            }
            let mut job = LayoutJob::single_section(text.to_owned(), format);
            job.wrap.max_width = width;
            job
        };
        let section = article
            .meta("section")
            .filter(|text| !text.trim().is_empty());
        let section = section.map(|text| simple(&cut(text), theme::strong_font(12.0), None));
        let is_headline_in_text = self.blocks.has_headline();
        let has_title = !article.title.trim().is_empty();
        let headline = (has_title && !is_headline_in_text).then(|| {
            let font = super::layout::headline_font(&self.metrics);
            let line = super::layout::headline_height(&self.metrics);
            simple(&cut(&article.title), font, Some(line))
        });
        let (mut byline, byline_words) =
            byline_job(ui, model, article, self.has_controls(), &dim_of(ui));
        byline.wrap.max_width = if self.has_controls() {
            self.full_width() - CONTROLS - 16.0
        } else {
            width
        };
        let byline = lay_out(byline);
        let least = if self.has_controls() {
            CONTROL_HEIGHT
        } else {
            0.0
        };
        Lines {
            section: section.map(lay_out),
            headline: headline.map(lay_out),
            byline_height: byline.rect.height().max(least),
            byline,
            byline_words,
            is_headline_in_text,
        }
    }

    /// Whether there is room beside the text for what can be pressed.
    fn has_controls(&self) -> bool {
        self.has_wide_tags && self.full_width() > CONTROLS + 220.0
    }

    /// The text with its tags.
    fn full_width(&self) -> f32 {
        self.column.width() + TAG_GAP + TAG_WIDTH
    }

    /// Draws it, as far as it is on the screen.
    pub(super) fn head_ui(
        &mut self,
        ui: &mut Ui,
        painter: &Painter,
        model: &Model,
        article: &Article,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let Some(&(first, top)) = self.visible.first() else {
            return;
        };
        let headline = self.visible.iter().find(|(index, _)| {
            let block = self.blocks.get(*index);
            block.is_some_and(|block| block.kind == Kind::Headline)
        });
        if first != 0 && headline.is_none() {
            return;
        }
        let lines = self.head_lines(ui, model, article);
        let column = self.column;
        let is_rtl = self.is_rtl;
        // Where a line begins that is so wide.
        let left = |width: f32| {
            if is_rtl {
                column.right() - width
            } else {
                column.left()
            }
        };
        let side = |galley: &Galley| match galley.job.halign {
            Align::RIGHT => column.right(),
            _ => left(galley.rect.width()),
        };
        let id = widget_id().with("head");
        let mut y = top - self.head.above + TOP;
        if first == 0
            && let Some(section) = &lines.section
        {
            let at = pos2(side(section), y);
            painter.galley(at, section.clone(), tokens.accent);
            y += section.rect.height() + AFTER_LINE;
        }
        if first == 0
            && let Some(headline) = &lines.headline
        {
            let at = pos2(side(headline), y);
            painter.galley(at, headline.clone(), tokens.ink);
            let rect = headline.rect.translate(at.to_vec2());
            let response = ui.interact(rect, id.with("headline"), Sense::hover());
            tell(&response, accesskit::Role::Heading, &article.shown_title());
            y += headline.rect.height() + AFTER_HEADLINE;
        }
        if lines.is_headline_in_text {
            let Some(&(index, top)) = headline else {
                return;
            };
            y = top + self.heights.get(index) - lines.byline_room();
        }
        let middle = y + lines.byline_height / 2.0;
        let at = pos2(
            side(&lines.byline),
            middle - lines.byline.rect.height() / 2.0,
        );
        let rect = lines.byline.rect.translate(at.to_vec2());
        painter.galley(at, lines.byline.clone(), tokens.ink);
        let response = ui.interact(rect, id.with("byline"), Sense::hover());
        tell(&response, accesskit::Role::Label, &lines.byline_words);
        if let Some(published) = article.meta("published") {
            hint(response, || shown(published).into_owned());
        }
        let width = if self.has_controls() {
            self.full_width()
        } else {
            self.column.width()
        };
        let rule = (y + lines.byline_height + AFTER_BYLINE).round();
        let across = left(width)..=left(width) + width;
        painter.hline(across, rule + 0.5, Stroke::new(1.0, tokens.line));
        if self.has_controls() {
            let rect = Rect::from_min_size(
                pos2(
                    if is_rtl {
                        left(width)
                    } else {
                        left(width) + width - CONTROLS
                    },
                    middle - CONTROL_HEIGHT / 2.0,
                ),
                vec2(CONTROLS, CONTROL_HEIGHT),
            );
            self.controls_ui(ui, rect, model, article, actions);
        }
    }

    /// How far the analyst has come with the article, and going on.
    fn controls_ui(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        model: &Model,
        article: &Article,
        actions: &mut Vec<Action>,
    ) {
        if !self.view.intersects(rect) {
            return;
        }
        self.over_text.push(rect);
        let layout = egui::Layout::left_to_right(Align::Center);
        let builder = UiBuilder::new().max_rect(rect).layout(layout);
        ui.scope_builder(builder, |ui| {
            ui.shrink_clip_rect(self.view);
            ui.spacing_mut().interact_size.y = CONTROL_HEIGHT;
            at_end_ui(ui, "status", |ui| {
                let status = article.status_for(model.session().annotator());
                Pick::new("Status of the article", capitalised(status.name()))
                    .width(104.0)
                    .show(ui, |ui| {
                        for choice in Status::ALL {
                            let is_it = *choice == status;
                            let name = capitalised(choice.name());
                            if option_ui(ui, is_it, name).clicked() && !is_it {
                                actions.push(Action::SetStatus {
                                    article: article.id.clone(),
                                    status: choice.clone(),
                                });
                            }
                        }
                    });
                let done = Button::new("Done, next").min_size(vec2(0.0, CONTROL_HEIGHT));
                let done = ui.add(done);
                if hint(done, || info(Command::MarkDone).tooltip()).clicked() {
                    actions.push(Action::Run(Command::MarkDone));
                }
            });
        });
    }
}

/// The dim ink, which is known before the theme is handed in.
fn dim_of(ui: &Ui) -> Color32 {
    ui.visuals().weak_text_color()
}

/// What comes from outside, as far as people read it above a text.
fn cut(text: &str) -> String {
    const MOST: usize = 400;
    let mut start: String = text.chars().take(MOST).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    shown(&start).into_owned()
}

/// “Hedda Quill for Ardal Post  Tuesday 14 May 2024, 06:40 · 612 words”.
fn byline_job(
    ui: &Ui,
    model: &Model,
    article: &Article,
    has_controls: bool,
    dim: &Color32,
) -> (LayoutJob, String) {
    let known = |name: &str| {
        let value = article.meta(name).map(str::trim);
        value.filter(|value| !value.is_empty()).map(cut)
    };
    let mut job = LayoutJob::default();
    let mut said = String::new();
    let mut add = |text: &str, format: TextFormat| {
        said.push_str(text);
        match letters::line(ui.ctx(), text, &format, f32::INFINITY) {
            Some(row) => letters::append(&mut job, &row),
            None => job.append(text, 0.0, format),
        }
    };
    let format = |font_id: FontId, color: Color32| TextFormat {
        font_id,
        color,
        line_height: Some(20.0),
        ..TextFormat::default()
    };
    let plain = || format(FontId::proportional(13.0), *dim);
    let strong = || format(theme::strong_font(13.0), Color32::PLACEHOLDER);
    let names: Vec<_> = [known("author"), known("outlet")]
        .into_iter()
        .flatten()
        .filter(|_| !model.settings().hides_source)
        .collect();
    for (n, name) in names.iter().enumerate() {
        if n > 0 {
            add(" for ", plain());
        }
        add(name, strong());
    }
    let date = known("published");
    let date = date.map(|raw| long_date(&raw).unwrap_or(raw));
    let words = model.derived_later(&Words(article.id.clone())).value;
    let words = words.map(|words| count_grouped(*words, "word", "words"));
    let elsewhere = model.share_elsewhere().filter(|share| *share > 0);
    let elsewhere = elsewhere.map(|share| format!("{share} % stands elsewhere"));
    let status = (!has_controls).then(|| {
        let status = article.status_for(model.session().annotator());
        status.name().to_owned()
    });
    let rest: Vec<String> = [date, words, elsewhere, status]
        .into_iter()
        .flatten()
        .collect();
    if !names.is_empty() && !rest.is_empty() {
        add("  ", plain());
    }
    add(&rest.join(" · "), plain());
    (job, said)
}
