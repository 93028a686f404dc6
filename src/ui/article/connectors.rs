//! Quiet lines between the parts of the selected annotation and what it is linked with.
//!
//! A line above the words of each row with a tick down to each part, a ring at who said it, and a
//! line in the margin where the parts stand in several rows. Nothing is drawn for what is not
//! selected, nor for rows that are not on the screen.

use super::paint::text_box;
use super::{ArticleView, MARGIN};
use crate::core::annotation::Annotation;
use crate::core::article::Article;
use crate::core::codebook::Label;
use crate::core::text::ByteRange;
use crate::ui::theme::Tokens;
use eframe::egui::{Painter, Stroke, Ui, pos2};

/// Above the words, and down to them.
const ABOVE: f32 = 1.5;
const TICK: f32 = 4.0;
/// A part is met at its middle, but not further in than this.
const INTO: f32 = 60.0;
const RING: f32 = 2.5;
/// Parts whose tops are so close are in one row.
const SAME_ROW: f32 = 8.0;

struct Part {
    x: f32,
    has_ring: bool,
}

struct Row {
    y: f32,
    parts: Vec<Part>,
}

impl ArticleView {
    pub(super) fn connectors(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        article: &Article,
        annotation: &Annotation,
        label: Option<&Label>,
        tokens: &Tokens,
    ) {
        // What the codebook names first is who an annotation is of.
        let first_role = label.and_then(|label| label.link_roles.first());
        let has_ring = |role: &str| first_role.is_some_and(|first| first.name == role);
        let own = annotation.fragments.iter().map(|range| (*range, false));
        let linked = annotation.links.iter().filter_map(|link| {
            let target = article.annotations.get(link.target.as_str())?;
            Some((*target.fragments.first()?, has_ring(&link.role)))
        });
        let parts: Vec<(ByteRange, bool)> = own.chain(linked).collect();
        if parts.len() < 2 {
            return;
        }
        let mut rows: Vec<Row> = Vec::new();
        for (range, has_ring) in parts {
            let Some((x, y)) = self.meeting_point(ui, article, range) else {
                continue;
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
        let near = Stroke::new(1.0, tokens.dim.gamma_multiply(0.8));
        let far = Stroke::new(1.0, tokens.dim.gamma_multiply(0.5));
        if let (Some(first), Some(last)) = (rows.first(), rows.last())
            && rows.len() > 1
        {
            let margin = self.column.left() - MARGIN / 2.0 - 1.5;
            painter.vline(margin, first.y..=last.y, far);
            for row in [first, last] {
                let to = row.parts.iter().map(|part| part.x).fold(f32::MAX, f32::min);
                painter.hline(margin..=to, row.y, far);
            }
        }
        for row in &rows {
            let xs = row.parts.iter().map(|part| part.x);
            let from = xs.clone().fold(f32::MAX, f32::min);
            let to = xs.fold(f32::MIN, f32::max);
            painter.hline(from..=to, row.y, near);
            for part in &row.parts {
                painter.vline(part.x, row.y..=row.y + TICK, near);
                if part.has_ring {
                    painter.circle(pos2(part.x, row.y), RING, tokens.page, near);
                }
            }
        }
    }

    /// Where a line meets a range: above its first row, when that is on the screen.
    fn meeting_point(
        &mut self,
        ui: &Ui,
        article: &Article,
        range: ByteRange,
    ) -> Option<(f32, f32)> {
        let index = self.blocks.index_of(range.start);
        let (_, top) = *self.visible.iter().find(|(i, _)| *i == index)?;
        let block = *self.blocks.get(index)?;
        let layout = self.laid(ui, &article.text, index)?;
        let mut rects = Vec::new();
        layout.rects(range.clamp_to(block.range()), &mut rects);
        let rect = rects.into_iter().find(|rect| rect.width() > 0.0)?;
        let rect = text_box(rect, self.letter_size_at(range.start));
        let x = self.column.left() + rect.left() + (rect.width() / 2.0).min(INTO);
        let y = top + rect.top() - ABOVE;
        Some((x.round() + 0.5, y.round() + 0.5))
    }
}
