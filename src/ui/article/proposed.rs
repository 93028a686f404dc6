//! What is proposed for the selected quote, in the text: dotted frames around its cue and its speaker
//! and dotted lines between them, so that nothing that is proposed looks as if it were marked.

use super::ArticleView;
use super::connectors::Strokes;
use super::paint::text_box;
use crate::app::action::OfferedPart;
use crate::app::model::Model;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::Thing;
use crate::core::text::ByteRange;
use crate::ui::theme::Tokens;
use eframe::egui::{Color32, Painter, Rect, Shape, Stroke, Ui, vec2};

/// Of a frame: how long its dots are, and how far apart.
const DOT: f32 = 2.0;
const GAP: f32 = 2.5;

impl ArticleView {
    pub(super) fn proposed(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        model: &Model,
        article: &Article,
        quote: &Annotation,
        tokens: &Tokens,
    ) {
        let Some(offer) = model.quote_offer() else {
            return;
        };
        let codebook = model.session().project().codebook();
        let color = |thing: &Thing| {
            let label = codebook.label_for(thing);
            label.map_or(tokens.dim, |label| {
                tokens.label(codebook.color_of(label.id.as_str()))
            })
        };
        let cue = offer.cue().map(|cue| cue.range);
        let speaker = offer.speaker().map(|speaker| speaker.range);
        let lacks_source = offer.offer().is_some_and(|offer| offer.lacks.source);
        let own = quote.fragments.iter().map(|range| (*range, false));
        let parts = own
            .chain(cue.map(|range| (range, false)))
            .chain(speaker.filter(|_| lacks_source).map(|range| (range, true)));
        let parts: Vec<(ByteRange, bool)> = parts.collect();
        let strokes = Strokes::of(tokens.dim, 1.2).dotted();
        self.bus(ui, painter, article, &parts, strokes, tokens);
        let frames = [
            (cue, Thing::Cue, OfferedPart::Cue),
            (speaker, Thing::Source, OfferedPart::Speaker),
        ];
        for (range, thing, part) in frames {
            if let Some(range) = range {
                let is_here = offer.points_at() == part;
                self.dotted_frame(ui, painter, article, range, (color(&thing), is_here));
            }
        }
    }

    /// Around each row of a range; stronger where the keys are.
    fn dotted_frame(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        article: &Article,
        range: ByteRange,
        (color, is_here): (Color32, bool),
    ) {
        let mut rects = Vec::new();
        for (index, top) in self.visible.clone() {
            let Some(block) = self.blocks.get(index).copied() else {
                continue;
            };
            if !range.intersects(block.range()) {
                continue;
            }
            let Some(layout) = self.laid(ui, &article.text, index) else {
                continue;
            };
            rects.clear();
            layout.rects(range.clamp_to(block.range()), &mut rects);
            let size = self.letter_size_at(block.start());
            for rect in &rects {
                let rect = rect.translate(vec2(self.column.left(), top));
                let rect = text_box(rect, size).expand2(vec2(2.0, 1.5));
                frame(painter, rect, color, is_here);
            }
        }
    }
}

fn frame(painter: &Painter, rect: Rect, color: Color32, is_here: bool) {
    let corners = [
        rect.left_top(),
        rect.right_top(),
        rect.right_bottom(),
        rect.left_bottom(),
        rect.left_top(),
    ];
    let width = if is_here { 2.0 } else { 1.0 };
    painter.extend(Shape::dashed_line(
        &corners,
        Stroke::new(width, color),
        DOT,
        GAP,
    ));
}
