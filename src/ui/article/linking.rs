//! A link that is being drawn from one annotation to another, by mouse or by keys: the knob that it
//! is drawn from, what it would lead to, and what is told of that on the way.
//!
//! What may be linked is for the core's recipe to say; see [`super::connectors`] for links that are
//! there.

use super::connectors::Strokes;
use super::paint::text_box;
use super::{ArticleView, Gesture};
use crate::app::derived::labels::LinkedWith;
use crate::app::model::Model;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::LinkRole;
use crate::core::ids::AnnotationId;
use crate::core::recipes::link::{accepted, ways};
use crate::core::text::BytePos;
use crate::ui::kit::list::take_exactly;
use crate::ui::kit::row;
use crate::ui::theme::{SMALL, Tokens};
use eframe::egui::{
    Color32, Context, FontId, InputState, Key, Modifiers, Painter, Pos2, Rect, Stroke, StrokeKind,
    Ui, pos2, vec2,
};

/// Where a link is drawn from, and how near a press must be to be on it.
const KNOB: f32 = 5.0;
const KNOB_REACH: f32 = 9.0;

impl ArticleView {
    /// The knob that a link is drawn from: at the end of the first row of what is selected, above it.
    pub(super) fn link_knob(&mut self, ui: &Ui, model: &Model, article: &Article) -> Option<Pos2> {
        // Where its edge is being moved it would stand at the old place, and in the way.
        if model.edge_move().is_some() {
            return None;
        }
        let annotation = model.selected_annotation()?;
        let linked = model.derived(&LinkedWith {
            label: annotation.label.clone(),
            role: None,
        });
        if !linked.is_linked {
            return None;
        }
        let range = *annotation.fragments.first()?;
        let index = self.blocks.index_of(range.start);
        let (_, top) = *self.visible.iter().find(|(i, _)| *i == index)?;
        let rect = self.first_rect(ui, article, range)?;
        let rect = text_box(rect, self.letter_size_at(range.start));
        let at = rect.right_top() + vec2(self.column.left(), top);
        Some(pos2(at.x + 3.0, at.y - 2.0))
    }

    /// Esc lets go of a link that the mouse draws, though the hand is still down. Before all that Esc
    /// means elsewhere.
    pub fn let_go_of_link(&mut self, ctx: &Context) {
        let escapes = |input: &mut InputState| take_exactly(input, Modifiers::NONE, Key::Escape);
        if matches!(self.gesture, Some(Gesture::Link { .. })) && ctx.input_mut(escapes) {
            self.gesture = None;
            ctx.request_repaint();
        }
    }

    /// Whether a press at a point begins a link of the selected annotation.
    pub(super) fn is_on_knob(
        &mut self,
        ui: &Ui,
        model: &Model,
        article: &Article,
        point: Pos2,
    ) -> bool {
        let knob = self.link_knob(ui, model, article);
        knob.is_some_and(|knob| knob.distance(point) <= KNOB_REACH)
    }

    /// The annotation whose tag is at a point.
    pub(super) fn tag_at(&self, point: Pos2) -> Option<AnnotationId> {
        let found = self
            .tag_places
            .iter()
            .find(|(rect, _)| rect.contains(point));
        found.map(|(_, id)| id.clone())
    }

    /// What a link would lead to that was let go of here: of several the one that a role accepts.
    pub(super) fn link_target(
        &mut self,
        ui: &Ui,
        model: &Model,
        article: &Article,
        from: &AnnotationId,
        point: Pos2,
    ) -> Option<AnnotationId> {
        if let Some(tag) = self.tag_at(point) {
            return Some(tag).filter(|tag| tag != from);
        }
        let at = self.position_at(ui, &article.text, point);
        let here = self.caret_on_screen(ui, &article.text, at, false)?;
        if !here.expand2(vec2(self.metrics.size, 0.0)).contains(point) {
            return None;
        }
        let here = article.annotations.at(at);
        let others: Vec<_> = here.iter().filter(|a| a.id != *from).collect();
        let codebook = model.session().project().codebook();
        let fits = |id: &AnnotationId| ways(codebook, article, from, id, None).is_ok();
        let fitting = others.iter().find(|annotation| fits(&annotation.id));
        let found = fitting.or(others.first())?;
        Some(found.id.clone())
    }

    /// The knob, the line that is being drawn, and a frame around what it would lead to; answers with
    /// the role, or why there is none, to be told over all else of the page.
    pub(super) fn link_ui(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        model: &Model,
        article: &Article,
        color: Color32,
        tokens: &Tokens,
    ) -> Option<(Pos2, String)> {
        if let Some(Gesture::Link {
            from,
            pressed_at,
            at,
            over,
            is_drag: true,
        }) = self.gesture.clone()
        {
            let stroke = Stroke::new(1.5, tokens.accent);
            painter.line_segment([pressed_at, at], stroke);
            painter.circle(at, KNOB, tokens.page, stroke);
            let codebook = model.session().project().codebook();
            if let Some(over) = over {
                let told = match ways(codebook, article, &from, &over, None) {
                    Ok(ways) => {
                        self.frame_around(ui, painter, article, &over, tokens.accent);
                        let roles = ways.iter().map(|way| way.role.replace('_', " "));
                        roles.collect::<Vec<_>>().join(" or ")
                    }
                    Err(refusal) => refusal.to_string(),
                };
                return Some((at, told));
            } else if let Some(source) = article.annotations.get(from.as_str()) {
                let label = codebook.label(source.label.as_str());
                let roles = label.map_or(&[][..], |label| label.link_roles.as_slice());
                let leads = |role| format!("{} to {}", link_name(role), accepted(codebook, role));
                let told: Vec<String> = roles.iter().take(4).map(leads).collect();
                return Some((at, told.join(", ")));
            }
            return None;
        }
        if let Some(draft) = model.link_draft().cloned() {
            // Where it began stays in sight while the hand goes on.
            self.frame_around(ui, painter, article, &draft.from, tokens.accent);
            let source = article.annotations.get(draft.from.as_str());
            let target = model.selected_annotation().filter(|a| a.id != draft.from);
            if let (Some(source), Some(target)) = (source, target) {
                let first = |a: &Annotation| a.fragments.first().map(|range| (*range, false));
                let parts: Vec<_> = first(source).into_iter().chain(first(target)).collect();
                let strokes = Strokes::of(tokens.accent, 2.0);
                self.bus(ui, painter, article, &parts, strokes, tokens);
            }
            return None;
        }
        if model.selection().is_empty()
            && let Some(knob) = self.link_knob(ui, model, article)
        {
            painter.circle(knob, KNOB, tokens.page, (1.5, color));
        }
        None
    }

    /// A thin frame around all rows of an annotation that are on the screen.
    fn frame_around(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        article: &Article,
        id: &AnnotationId,
        color: Color32,
    ) {
        let Some(annotation) = article.annotations.get(id.as_str()) else {
            return;
        };
        let mut rects = Vec::new();
        for (index, top) in self.visible.clone() {
            let Some(block) = self.blocks.get(index).copied() else {
                continue;
            };
            for range in annotation.fragments.iter() {
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
                    let rect = text_box(rect, size).expand2(vec2(2.0, 1.0));
                    painter.rect_stroke(rect, 3.0, (1.5, color), StrokeKind::Outside);
                }
            }
        }
    }

    /// A few words beside the pointer.
    pub(super) fn told_at(&self, painter: &Painter, at: Pos2, words: &str, tokens: &Tokens) {
        if words.is_empty() {
            return;
        }
        let most = (self.view.width() - 40.0).max(80.0);
        let text = row::line(
            painter,
            words,
            FontId::proportional(SMALL),
            tokens.ink,
            most,
        );
        let size = text.size() + vec2(12.0, 6.0);
        let left = (at.x + 12.0).min(self.view.right() - size.x - 4.0);
        let top = (at.y + 14.0).min(self.view.bottom() - size.y - 4.0);
        let place = Rect::from_min_size(pos2(left.max(self.view.left()), top).round(), size);
        painter.rect(
            place,
            6.0,
            tokens.panel,
            (1.0, tokens.edge),
            StrokeKind::Inside,
        );
        painter.galley(place.min + vec2(6.0, 3.0), text, tokens.ink);
    }

    /// Where the question stands which link it is to be.
    pub(super) fn link_place(&mut self, ui: &Ui, article: &Article, at: BytePos) -> Pos2 {
        let caret = self.caret_on_screen(ui, &article.text, at, false);
        caret.map_or(self.view.center(), |rect| rect.left_bottom())
    }
}

/// A role as it stands in a line: its name in words.
fn link_name(role: &LinkRole) -> String {
    role.name.replace('_', " ")
}

/// A link begins to be drawn.
pub(super) fn link_from(from: AnnotationId, at: Pos2) -> Gesture {
    Gesture::Link {
        from,
        pressed_at: at,
        at,
        over: None,
        is_drag: false,
    }
}
