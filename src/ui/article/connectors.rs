//! Quiet lines between the parts of the selected annotation and what it is linked with.
//!
//! A line above the words of each row with a tick down to each part, a ring at who said it, and a
//! line in the margin where the parts stand in several rows, on to the edge of the view where one is
//! out of sight. Nothing is drawn for what is not selected.

use super::paint::text_box;
use super::{ArticleView, MARGIN};
use crate::app::derived::article::LeadingTo;
use crate::app::model::Model;
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::Codebook;
use crate::core::text::ByteRange;
use crate::ui::theme::Tokens;
use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

/// Above the words, and down to them.
const ABOVE: f32 = 1.5;
const TICK: f32 = 4.0;
/// A part is met at its middle, but not further in than this.
const INTO: f32 = 60.0;
const RING: f32 = 2.5;
/// Parts whose tops are so close are in one row.
const SAME_ROW: f32 = 8.0;
/// Of all that lead to what is selected, so many are shown.
const MOST_LEADING: usize = 8;

#[derive(Clone, Copy)]
struct Part {
    x: f32,
    has_ring: bool,
}

struct Row {
    y: f32,
    parts: Vec<Part>,
}

/// Where a range is met by a line.
enum Meeting {
    At(f32, f32),
    Above,
    Below,
}

/// How strong the lines are, beside the words and in the margin.
#[derive(Clone, Copy)]
pub(super) struct Strokes {
    near: Stroke,
    far: Stroke,
    /// What is only proposed.
    is_dotted: bool,
}

impl Strokes {
    pub(super) fn of(color: Color32, strength: f32) -> Self {
        Self {
            near: Stroke::new(1.0, color.gamma_multiply(0.8 * strength)),
            far: Stroke::new(1.0, color.gamma_multiply(0.5 * strength)),
            is_dotted: false,
        }
    }

    pub(super) fn dotted(self) -> Self {
        Self {
            is_dotted: true,
            ..self
        }
    }

    fn line(self, painter: &Painter, from: Pos2, to: Pos2, stroke: Stroke) {
        if self.is_dotted {
            let dashes = Shape::dashed_line(&[from, to], stroke, 1.5, 3.0);
            painter.extend(dashes);
        } else {
            painter.line_segment([from, to], stroke);
        }
    }
}

impl ArticleView {
    /// The lines of the selected annotation: its own, and those of what leads to it.
    pub(super) fn connectors(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        model: &Model,
        article: &Article,
        annotation: &Annotation,
        tokens: &Tokens,
    ) {
        let codebook = model.session().project().codebook();
        let strokes = Strokes::of(tokens.dim, 1.0);
        let parts = parts_of(codebook, article, annotation);
        self.bus(ui, painter, article, &parts, strokes, tokens);
        let leading = model.derived(&LeadingTo {
            article: article.id.clone(),
            annotation: annotation.id.clone(),
        });
        for (id, role) in leading.iter().take(MOST_LEADING) {
            let (Some(from), Some(here)) = (
                article.annotations.get(id.as_str()),
                annotation.fragments.first(),
            ) else {
                continue;
            };
            let has_ring = first_role(codebook, from) == Some(role.as_str());
            let own = from.fragments.first().map(|range| (*range, false));
            let parts: Vec<_> = own.into_iter().chain([(*here, has_ring)]).collect();
            self.bus(ui, painter, article, &parts, strokes, tokens);
        }
    }

    /// One thing of several parts.
    pub(super) fn bus(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        article: &Article,
        parts: &[(ByteRange, bool)],
        strokes: Strokes,
        tokens: &Tokens,
    ) {
        if parts.len() < 2 {
            return;
        }
        let mut rows: Vec<Row> = Vec::new();
        let (mut goes_up, mut goes_down) = (false, false);
        for &(range, has_ring) in parts {
            let (x, y) = match self.meeting_point(ui, article, range) {
                Meeting::At(x, y) => (x, y),
                Meeting::Above => {
                    goes_up = true;
                    continue;
                }
                Meeting::Below => {
                    goes_down = true;
                    continue;
                }
            };
            let part = Part { x, has_ring };
            match rows.iter_mut().find(|row| (row.y - y).abs() < SAME_ROW) {
                Some(row) => row.parts.push(part),
                None => rows.push(Row {
                    y,
                    parts: vec![part],
                }),
            }
        }
        rows.sort_by(|a, b| a.y.total_cmp(&b.y));
        if let (Some(first), Some(last)) = (rows.first(), rows.last())
            && (rows.len() > 1 || goes_up || goes_down)
        {
            let beside = MARGIN / 2.0 + 1.5;
            let margin = if self.is_rtl {
                self.column.right() + beside
            } else {
                self.column.left() - beside
            };
            let top = if goes_up { self.view.top() } else { first.y };
            let bottom = if goes_down {
                self.view.bottom()
            } else {
                last.y
            };
            strokes.line(
                painter,
                pos2(margin, top),
                pos2(margin, bottom),
                strokes.far,
            );
            for row in &rows {
                let xs = row.parts.iter().map(|part| part.x);
                let across = if self.is_rtl {
                    xs.fold(f32::MIN, f32::max)..=margin
                } else {
                    margin..=xs.fold(f32::MAX, f32::min)
                };
                let (from, to) = across.into_inner();
                strokes.line(painter, pos2(from, row.y), pos2(to, row.y), strokes.far);
            }
        }
        for row in &rows {
            let xs = row.parts.iter().map(|part| part.x);
            let from = xs.clone().fold(f32::MAX, f32::min);
            let to = xs.fold(f32::MIN, f32::max);
            strokes.line(painter, pos2(from, row.y), pos2(to, row.y), strokes.near);
            for part in &row.parts {
                painter.vline(part.x, row.y..=row.y + TICK, strokes.near);
                if part.has_ring {
                    painter.circle(pos2(part.x, row.y), RING, tokens.page, strokes.near);
                }
            }
        }
    }

    /// Where a line meets a range: above its first row, when that is on the screen.
    fn meeting_point(&mut self, ui: &Ui, article: &Article, range: ByteRange) -> Meeting {
        let index = self.blocks.index_of(range.start);
        let found = self.visible.iter().find(|(i, _)| *i == index).copied();
        let first = self.visible.first().map_or(0, |(i, _)| *i);
        let Some((_, top)) = found else {
            return if index < first {
                Meeting::Above
            } else {
                Meeting::Below
            };
        };
        let Some(rect) = self.first_rect(ui, article, range) else {
            return Meeting::Above;
        };
        let rect = text_box(
            rect.translate(vec2(0.0, top)),
            self.letter_size_at(range.start),
        );
        let into = (rect.width() / 2.0).min(INTO);
        let x = self.column.left()
            + if self.is_rtl {
                rect.right() - into
            } else {
                rect.left() + into
            };
        let y = rect.top() - ABOVE;
        match y {
            y if y < self.view.top() => Meeting::Above,
            y if y > self.view.bottom() => Meeting::Below,
            y => Meeting::At(x.round() + 0.5, y.round() + 0.5),
        }
    }

    /// The first row of a range, in points from the corner of its block.
    pub(super) fn first_rect(
        &mut self,
        ui: &Ui,
        article: &Article,
        range: ByteRange,
    ) -> Option<Rect> {
        let index = self.blocks.index_of(range.start);
        let block = *self.blocks.get(index)?;
        let layout = self.laid(ui, &article.text, index)?;
        let mut rects = Vec::new();
        layout.rects(range.clamp_to(block.range()), &mut rects);
        rects.into_iter().find(|rect| rect.width() > 0.0)
    }
}

/// The role that says who an annotation is of: what the codebook names first.
fn first_role<'a>(codebook: &'a Codebook, annotation: &Annotation) -> Option<&'a str> {
    let label = codebook.label(annotation.label.as_str())?;
    label.link_roles.first().map(|role| role.name.as_str())
}

/// Its own fragments and what it leads to, with a ring at who it is of.
fn parts_of(
    codebook: &Codebook,
    article: &Article,
    annotation: &Annotation,
) -> Vec<(ByteRange, bool)> {
    let first = first_role(codebook, annotation);
    let own = annotation.fragments.iter().map(|range| (*range, false));
    let linked = annotation.links.iter().filter_map(|link| {
        let target = article.annotations.get(link.target.as_str())?;
        let has_ring = first == Some(link.role.as_str());
        Some((*target.fragments.first()?, has_ring))
    });
    own.chain(linked).collect()
}
