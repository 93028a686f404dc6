//! What of the article is on the screen: the anchor is kept in its block, the blocks below it are found,
//! and a range is brought into view with as little motion as can be.
//!
//! Heights above the anchor do not matter to it; see [`super`].

use super::{Anchor, ArticleView, TAIL_SHARE, layout};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use eframe::egui::{Ui, vec2};

impl ArticleView {
    /// The first position of the first row on the screen.
    pub(super) fn top(&mut self, ui: &Ui, text: &ArticleText) -> BytePos {
        if self.anchor.block == 0 && self.anchor.offset <= 0.0 {
            return BytePos(0);
        }
        let offset = self.anchor.offset;
        let layout = self.laid(ui, text, self.anchor.block);
        layout.map_or(BytePos(0), |layout| {
            layout.caret_at(vec2(0.0, offset + 1.0))
        })
    }

    /// The end of what is on the screen.
    pub(super) fn bottom(&mut self, ui: &Ui, text: &ArticleText) -> BytePos {
        let Some(&(index, top)) = self.visible.last() else {
            return BytePos(0);
        };
        let below = self.view.bottom() - top;
        let Some(layout) = self.laid(ui, text, index).filter(|l| l.height() > below) else {
            let block = self.blocks.get(index);
            return block.map_or(BytePos(0), |block| block.range().end);
        };
        layout.caret_at(vec2(self.column.width(), below))
    }

    /// Moves the anchor so that it lies in its block, and not beyond the ends of the text; then
    /// finds the blocks on the screen.
    pub(super) fn place(&mut self, ui: &Ui, text: &ArticleText) {
        let count = self.blocks.len();
        let view_height = self.view.height();
        while self.anchor.offset < 0.0 && self.anchor.block > 0 {
            self.anchor.block -= 1;
            self.anchor.offset += self.height(ui, text, self.anchor.block);
        }
        loop {
            let height = self.height(ui, text, self.anchor.block);
            if self.anchor.offset < height || self.anchor.block + 1 >= count {
                break;
            }
            self.anchor.offset -= height;
            self.anchor.block += 1;
        }
        if self.anchor.block == 0 {
            self.anchor.offset = self.anchor.offset.max(-self.head.above);
        }
        self.fill(ui, text);
        // Not further than to leave some empty space below the last line.
        let end = self
            .visible
            .last()
            .map(|&(i, top)| (i, top + self.heights.get(i)));
        if let Some((last, bottom)) = end
            && last + 1 == count
        {
            let slack = self.view.bottom() - view_height * TAIL_SHARE - bottom;
            if slack > 0.5 {
                self.anchor.offset -= slack;
                while self.anchor.offset < 0.0 && self.anchor.block > 0 {
                    self.anchor.block -= 1;
                    self.anchor.offset += self.height(ui, text, self.anchor.block);
                }
                if self.anchor.block == 0 {
                    self.anchor.offset = self.anchor.offset.max(-self.head.above);
                }
                self.fill(ui, text);
            }
        }
    }

    /// Finds the blocks on the screen, from the anchor down.
    fn fill(&mut self, ui: &Ui, text: &ArticleText) {
        self.visible.clear();
        let pixel = self.metrics.pixels_per_point.max(0.1);
        let mut top = self.view.top() - self.anchor.offset;
        top = (top * pixel).round() / pixel;
        let mut index = self.anchor.block;
        // A headline may fill the whole view: the block below it says where it stands.
        let first = index;
        while (top < self.view.bottom() || index == first) && index < self.blocks.len() {
            let height = self.height(ui, text, index);
            self.visible.push((index, top));
            top += height;
            index += 1;
        }
    }

    pub(super) fn scroll_by(&mut self, points: f32) {
        self.anchor.offset += points;
    }

    /// Moves as little as needed to show a range; far away, or amid its text, puts it at a third of the
    /// view.
    pub(super) fn bring_into_view(
        &mut self,
        ui: &Ui,
        text: &ArticleText,
        range: ByteRange,
        is_amid: bool,
    ) {
        let line = layout::line_height(&self.metrics);
        let index = self.index_at(ui, text, range.start);
        let Some(layout) = self.laid(ui, text, index) else {
            return;
        };
        let caret = layout.caret_rect(range.start);
        let end_index = self.index_at(ui, text, range.end);
        let bottom_in_block = if end_index == index {
            layout.caret_rect(range.end).bottom()
        } else {
            layout.height()
        };
        // The distance from the anchor to the block, by true heights when it is near.
        let distance = if index >= self.anchor.block && index - self.anchor.block < 40 {
            (self.anchor.block..index)
                .map(|i| self.height(ui, text, i))
                .sum::<f32>()
                - self.anchor.offset
        } else if index < self.anchor.block && self.anchor.block - index < 40 {
            -(index..self.anchor.block)
                .map(|i| self.height(ui, text, i))
                .sum::<f32>()
                - self.anchor.offset
        } else {
            f32::INFINITY
        };
        let top = distance + caret.top();
        let bottom = (distance + bottom_in_block).min(top + self.view.height() - 3.0 * line);
        let view = self.view.height();
        let is_out = top < line || bottom > view - 3.0 * line;
        let is_far = !distance.is_finite() || top < -view || bottom > 2.0 * view;
        if is_far || (is_amid && is_out) {
            self.anchor = Anchor {
                block: index,
                offset: caret.top() - view / 3.0,
            };
        } else if top < line {
            self.anchor.offset += top - line;
        } else if bottom > view - line {
            self.anchor.offset += bottom - (view - line);
        }
    }
}
