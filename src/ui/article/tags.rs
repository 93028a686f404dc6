//! Tags beside the text: what the annotations are that begin in a row, in words, or by the key of
//! their label where the page is narrow. A click selects what the tag under the pointer tells of.

use super::{ArticleView, KEY_TAG_WIDTH, TAG_GAP, widget_id};
use crate::app::action::{Action, QuoteAction};
use crate::app::model::{Model, QuoteOffer};
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::Codebook;
use crate::core::ids::LabelId;
use crate::core::lists::telling_value;
use crate::core::shown::shown;
use crate::core::text::ByteRange;
use crate::ui::kit::words::words_ui;
use crate::ui::kit::{is_pointed_at, row, tell_lazily};
use crate::ui::theme::{self, Tokens};
use eframe::egui::{
    Align2, Color32, FontId, Painter, Rect, Response, RichText, Sense, StrokeKind, Ui, accesskit,
    pos2, vec2,
};
use std::sync::Arc;

/// What can be clicked is no smaller (WCAG 2.2, 2.5.8).
const TAG_HEIGHT: f32 = 24.0;
const LEAST_WIDTH: f32 = 24.0;
/// A tag stands at most so many lines below its row.
const LINES_DOWN: f32 = 3.0;

/// What stands beside the row where an annotation begins.
pub(super) struct Tag {
    pub(super) annotation: Arc<Annotation>,
    pub(super) range: ByteRange,
    /// The middle of the row.
    pub(super) y: f32,
    pub(super) lane: u8,
    /// So many more annotations are here than there are underlines.
    pub(super) more: usize,
    pub(super) color: Color32,
    pub(super) is_selected: bool,
}

impl Tag {
    fn more_text(&self) -> String {
        match self.more {
            0 => String::new(),
            n => format!(" +{n}"),
        }
    }
}

impl ArticleView {
    /// All tags, pushed down where they would lie over each other. Those for which there is no room
    /// are counted, and a click on the count selects the first of them.
    pub(super) fn tags_ui(
        &mut self,
        ui: &Ui,
        model: &Model,
        article: &Article,
        tags: Vec<Tag>,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let painter = &ui.painter_at(self.view);
        let mut free_from = f32::NEG_INFINITY;
        let mut left_out: Vec<Tag> = Vec::new();
        for tag in tags {
            let y = tag.y.max(free_from);
            if y - tag.y > LINES_DOWN * TAG_HEIGHT && !tag.is_selected {
                left_out.push(tag);
                continue;
            }
            if free_from > f32::NEG_INFINITY && tag.y > free_from + TAG_HEIGHT {
                self.left_out_ui(ui, painter, free_from, &mut left_out, actions, tokens);
            }
            free_from = y + TAG_HEIGHT;
            let told_before = self.over_text.len();
            let response = self.tag_ui(ui, painter, model, (&tag, y), tokens);
            if let Some(place) = self.over_text.get(told_before) {
                let id = tag.annotation.id.clone();
                self.tag_places.push((*place, id));
            }
            if response.clicked() && model.link_draft().is_some() {
                actions.push(Action::EndLink(Some(tag.annotation.id.clone())));
            } else if response.clicked() || response.secondary_clicked() {
                actions.push(Action::SelectAnnotation {
                    id: tag.annotation.id.clone(),
                    reveal: false,
                });
            }
            let offer = model.quote_offer().filter(QuoteOffer::has_something);
            if let Some(offer) = offer.filter(|_| tag.is_selected) {
                let told = offer_text(article, &offer);
                self.accept_ui(ui, painter, (response.rect, &told), actions, tokens);
            }
            self.context_menu_ui(&response, model, article, actions);
            if is_pointed_at(&response) {
                response.on_hover_ui(|ui| tip_ui(ui, model, &[&tag.annotation]));
            }
        }
        self.left_out_ui(ui, painter, free_from, &mut left_out, actions, tokens);
    }

    /// The left side of what stands beside the text and is so wide.
    fn beside(&self, width: f32) -> f32 {
        if self.is_rtl {
            self.column.left() - TAG_GAP - width
        } else {
            self.column.right() + TAG_GAP
        }
    }

    /// In words, or as the label's key in a box.
    fn tag_ui(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        model: &Model,
        (tag, y): (&Tag, f32),
        tokens: &Tokens,
    ) -> Response {
        let text = || tag_text(model, &tag.annotation) + &tag.more_text();
        let id = tag.annotation.id.as_str();
        if !self.has_wide_tags {
            let center = pos2(self.beside(KEY_TAG_WIDTH) + KEY_TAG_WIDTH / 2.0, y);
            let hit = Rect::from_center_size(center, vec2(KEY_TAG_WIDTH, TAG_HEIGHT));
            let response = self.hit(ui, hit, id, || format!("Select {}", text()));
            key_tag(painter, model, tag, hit, response.hovered(), tokens);
            return response;
        }
        let text = text();
        let font = if tag.is_selected {
            theme::strong_font(12.0)
        } else {
            FontId::proportional(12.0)
        };
        let galley = row::line(painter, &text, font, tag.color, self.tag_width);
        let at = pos2(
            self.beside(galley.rect.width()),
            y - galley.rect.height() / 2.0,
        );
        let hit = Rect::from_center_size(
            pos2(at.x + galley.rect.width() / 2.0, y),
            vec2((galley.rect.width() + 8.0).max(LEAST_WIDTH), TAG_HEIGHT),
        );
        let response = self.hit(ui, hit, id, || format!("Select {text}"));
        if response.hovered() {
            painter.rect_filled(hit, 3.0, tokens.chosen);
        }
        if tag.is_selected {
            let side = if self.is_rtl {
                hit.right() + 2.0
            } else {
                hit.left() - 4.0
            };
            let bar = Rect::from_min_size(pos2(side, hit.top() + 4.0), vec2(2.0, TAG_HEIGHT - 8.0));
            painter.rect_filled(bar, 0.0, tag.color);
        }
        painter.galley(at, galley, tag.color);
        response
    }

    /// Accepts what is proposed, beside the tag of the quote.
    fn accept_ui(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        (tag, told): (Rect, &str),
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        const WIDTH: f32 = 44.0;
        let half = WIDTH / 2.0;
        let beside = if self.is_rtl {
            tag.left() - half - 4.0
        } else {
            tag.right() + half + 4.0
        };
        // Where there is no room beside the tag, below it.
        let x = beside.clamp(self.view.left() + half, self.view.right() - half);
        let below = if x == beside { 0.0 } else { TAG_HEIGHT };
        let middle = pos2(x, tag.center().y + below);
        let place = Rect::from_center_size(middle, vec2(WIDTH, TAG_HEIGHT));
        let shown = place.intersect(self.view);
        let name = || format!("Accept what is proposed: {told}");
        let response = self.hit(ui, place, "accept", name);
        if shown != place {
            return;
        }
        let fill = if response.hovered() {
            tokens.chosen
        } else {
            tokens.page
        };
        let cap = place.shrink2(vec2(1.0, 3.0));
        painter.rect(cap, 4.0, fill, (1.0, tokens.edge), StrokeKind::Inside);
        let font = FontId::proportional(12.0);
        painter.text(middle, Align2::CENTER_CENTER, "Enter", font, tokens.ink);
        if response.clicked() {
            actions.push(QuoteAction::Accept.into());
        }
        response.on_hover_text(format!("{told}\nEnter accepts, Esc leaves it"));
    }

    fn left_out_ui(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        below: f32,
        left_out: &mut Vec<Tag>,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let Some(first) = left_out.first() else {
            return;
        };
        let text = match (left_out.len(), self.has_wide_tags) {
            (n, true) => format!("and {n} more"),
            (n, false) => format!("+{n}"),
        };
        let name = || format!("Select the next of {} more", left_out.len());
        let font = FontId::proportional(12.0);
        let align = if self.is_rtl {
            Align2::RIGHT_CENTER
        } else {
            Align2::LEFT_CENTER
        };
        let at = pos2(self.beside(0.0), below);
        let rect = painter.text(at, align, text, font, tokens.dim);
        let rect = Rect::from_center_size(
            rect.center(),
            vec2(rect.width().max(LEAST_WIDTH), TAG_HEIGHT),
        );
        let response = self.hit(ui, rect, ("more", first.annotation.id.as_str()), name);
        if response.clicked() {
            actions.push(Action::SelectAnnotation {
                id: first.annotation.id.clone(),
                reveal: false,
            });
        }
        left_out.clear();
    }

    fn hit(
        &mut self,
        ui: &Ui,
        rect: Rect,
        salt: impl std::hash::Hash + std::fmt::Debug,
        name: impl Fn() -> String,
    ) -> Response {
        // No stop for the keyboard, which goes through the annotations themselves.
        let shown = rect.intersect(self.view);
        let response = ui.interact(shown, widget_id().with(("tag", salt)), Sense::CLICK);
        // Of one that is scrolled halfway out the annotation is told, and not the tag.
        if shown == rect {
            tell_lazily(&response, accesskit::Role::Button, name);
        }
        self.over_text.push(rect);
        response
    }
}

/// Who speaks by what is proposed, and the cue.
fn offer_text(article: &Article, offer: &QuoteOffer) -> String {
    let speaker = offer.speaker().map(|speaker| match &speaker.who {
        Some(who) => shown(&who.name).into_owned(),
        None => article.text.slice(speaker.range).to_owned(),
    });
    let cue = offer.cue().map(|cue| article.text.slice(cue.range));
    let cue = cue.map(|cue| format!("“{cue}”"));
    let parts: Vec<String> = speaker.into_iter().chain(cue).collect();
    parts.join(", ")
}

/// The label's key in a box, and how many more there are.
fn key_tag(
    painter: &Painter,
    model: &Model,
    tag: &Tag,
    place: Rect,
    is_hovered: bool,
    tokens: &Tokens,
) {
    let codebook = model.session().project().codebook();
    let label = codebook.label(tag.annotation.label.as_str());
    let key = label.and_then(|label| label.key.or(label.name.chars().next()));
    let key: String = key.into_iter().flat_map(char::to_uppercase).collect();
    let (center, middle) = (place.center(), Align2::CENTER_CENTER);
    let shown = Rect::from_center_size(center, vec2(17.0, 17.0));
    let (fill, ink) = match (tag.is_selected, is_hovered) {
        (true, _) => (tag.color, tokens.page),
        (false, true) => (tokens.chosen, tag.color),
        (false, false) => (tokens.page, tag.color),
    };
    painter.rect(shown, 4.0, fill, (1.0, tag.color), StrokeKind::Inside);
    painter.text(center, middle, key, theme::strong_font(12.0), ink);
    if tag.more > 0 {
        let (at, more) = (place.right_center() - vec2(1.0, 0.0), tag.more_text());
        let small = FontId::proportional(12.0);
        painter.text(at, Align2::LEFT_CENTER, more.trim(), small, tokens.dim);
    }
}

/// What annotations are, beside the pointer.
pub(super) fn tip_ui(ui: &mut Ui, model: &Model, found: &[&Arc<Annotation>]) {
    const SHOWN: usize = 5;
    ui.set_max_width(360.0);
    let me = model.session().annotator();
    for annotation in found.iter().take(SHOWN) {
        let text = RichText::new(tag_text(model, annotation)).font(theme::strong_font(12.5));
        ui.label(text);
        if !annotation.note.is_empty() {
            const MOST: usize = 400;
            let note: String = annotation.note.chars().take(MOST).collect();
            let more = if note.len() < annotation.note.len() {
                "…"
            } else {
                ""
            };
            words_ui(ui, format!("{note}{more}"));
        }
        if annotation.annotator != *me {
            let project = model.session().project();
            ui.weak(format!(
                "by {}",
                project.annotator_name(&annotation.annotator)
            ));
        }
    }
    if found.len() > SHOWN {
        ui.weak(format!("and {} more", found.len() - SHOWN));
    }
    if found.len() > 1 {
        ui.weak("Click again, or press O, for the next one here");
    }
}

/// The label's name and the one attribute that says most.
pub(super) fn tag_text(model: &Model, annotation: &Annotation) -> String {
    let project = model.session().project();
    let short = short_name(project.codebook(), &annotation.label);
    match telling_value(project, annotation) {
        Some(value) => format!("{short} · {value}"),
        None => short.to_owned(),
    }
}

/// The first word of a label's name; all of it when another label begins with the same word.
fn short_name<'a>(codebook: &'a Codebook, label: &'a LabelId) -> &'a str {
    let first = |name: &'a str| name.split_whitespace().next().unwrap_or(name);
    let name = codebook.name_of(label);
    let short = first(name);
    let mut others = codebook.labels.iter().filter(|other| other.id != *label);
    if others.any(|other| first(&other.name) == short) {
        return name;
    }
    short
}
