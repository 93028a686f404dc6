//! The article view: the annotated text, at any size.
//!
//! Its own scrolling: what is at the top is an anchor (block, offset inside it), so heights above
//! can be corrected without moving the text under the reader's eye. Only blocks on the screen are
//! laid out, annotations are asked for by range, and everything is painted over the text. Keeps
//! invariants 5 and 6.

mod blocks;
mod connectors;
mod find_bar;
mod head;
mod hidden;
mod input;
mod layout;
mod linking;
mod menus;
mod order;
mod paint;
mod proposed;
mod scroll;
mod speech;
mod strip;
mod tags;

use crate::app::action::{Action, EdgeMove, Side};
use crate::app::derived::article::Stacked;
use crate::app::model::Model;
use crate::app::settings::ReadingFont;
use crate::core::article::Article;
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::recipes::details::{DIRECTION, LANGUAGE};
use crate::core::text::han::{self, Han};
use crate::core::text::hidden::Hidden;
use crate::core::text::selection::{Granularity, Selection};
use crate::core::text::{ArticleText, BytePos, ByteRange, bidi};
use crate::ui::kit::heights::Heights;
use crate::ui::kit::{focus, tell};
use crate::ui::theme::{self, Tokens};
use blocks::{Block, Blocks};
use eframe::egui::{self, Pos2, Rect, Response, Sense, Ui, vec2};
pub(in crate::ui) use input::hears;
use layout::{BlockLayout, Frame};
pub use order::visual_order;
use paint::Quads;
use std::rc::Rc;
use std::sync::{Arc, Weak};

/// What a frame cost: for the frame log, benchmarks and the tests of invariant 6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameStats {
    pub blocks_laid_out: usize,
    pub blocks_visible: usize,
    pub annotations_painted: usize,
    /// Words that were handed to the shaper so far, of text that is composed.
    pub words_shaped: usize,
}

/// The block at the top of the view and how far its top lies above the edge, in points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Anchor {
    block: usize,
    offset: f32,
}

/// What decides the layout; another key means other heights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct MetricsKey {
    width: f32,
    size: f32,
    spacing: f32,
    font: ReadingFont,
    pixels_per_point: f32,
    /// The direction that the article was given, from right to left or not.
    given: Option<bool>,
    /// Whose shapes Han letters have, where there are any.
    han: Option<Han>,
    head: head::Room,
}

/// A mouse gesture in progress.
#[derive(Clone, Debug, PartialEq)]
enum Gesture {
    Select {
        from: BytePos,
        granularity: Granularity,
        /// The pointer has moved far enough to be a drag.
        is_drag: bool,
        pressed_at: Pos2,
        /// The gesture adds a fragment to the selected annotation.
        adds_fragment: bool,
        clicks: u32,
        /// It began with Shift held: the selection grows from where it was.
        extends: bool,
    },
    Edge,
    /// A link is drawn from an annotation to what is under the pointer.
    Link {
        from: AnnotationId,
        pressed_at: Pos2,
        at: Pos2,
        over: Option<AnnotationId>,
        is_drag: bool,
    },
    Strip,
}

/// How the article went on with what was done in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something is asked for; what comes after it sees what came of it.
    Asks,
    /// The event at this place of the input is not for the article, and its turn has come.
    Passes(usize),
    Done,
}

pub struct ArticleView {
    article: Option<ArticleId>,
    text: Weak<ArticleText>,
    /// The headline in the text is known by it.
    title: String,
    blocks: Blocks,
    heights: Heights,
    metrics: MetricsKey,
    anchor: Anchor,
    gesture: Option<Gesture>,
    walk: input::Walk,
    /// When the input of this frame was taken, and when at the earliest what is in it was done.
    frame_at: f64,
    since: f64,
    busy_secs: f64,
    /// The range of a gesture, as it is shown before it is kept.
    pending: Option<ByteRange>,
    last_press: Option<(f64, Pos2, u32)>,
    /// Where text of two directions meets, the caret belongs to what is before it, or behind it.
    sticks: Option<(BytePos, bool)>,
    /// Which way what is read next lies for an edge that is being moved, as it was when that began.
    edge_goes_left: Option<(EdgeMove, bool)>,
    /// Where vertical motion keeps to, in points from the column's left.
    wanted_x: Option<f32>,
    reveal: Option<ByteRange>,
    /// It is to have text on both sides of it.
    is_amid: bool,
    /// A position whose row goes to the top once it is laid out.
    top_row: Option<BytePos>,
    column: Rect,
    view: Rect,
    /// The article goes from right to left: what stands beside its text stands on the left.
    is_rtl: bool,
    /// It does so by its letters.
    reads_rtl: bool,
    han: han::Seen,
    head: head::Room,
    /// Tags stand beside the text in words.
    has_wide_tags: bool,
    /// How wide a tag in words is at most.
    tag_width: f32,
    /// The blocks on screen in the last frame: index and top.
    visible: Vec<(usize, f32)>,
    /// What stood over the page in the last frame and takes its own clicks.
    over_text: Vec<Rect>,
    /// Of that, the tags.
    tag_places: Vec<(Rect, AnnotationId)>,
    /// The question stands which link it is to be.
    asks_link: bool,
    /// The selected annotation, while it was on the screen in the last frame.
    selected_in_view: Option<ByteRange>,
    frame: Frame,
    /// Where lines are higher for what lies under them; none where they need not be.
    stacked: Option<Rc<Vec<ByteRange>>>,
    /// What assistive tools were told of in the last frame; nothing when nobody listens.
    told: Vec<speech::Told>,
    bar: find_bar::Bar,
    stats: FrameStats,
    /// Where the signs of hidden characters were painted last.
    signs: Vec<(Rect, Hidden)>,
    quads: Quads,
    has_focus: bool,
}

impl Default for ArticleView {
    fn default() -> Self {
        Self {
            article: None,
            text: Weak::new(),
            title: String::new(),
            blocks: Blocks::default(),
            heights: Heights::default(),
            metrics: MetricsKey::default(),
            anchor: Anchor::default(),
            gesture: None,
            walk: input::Walk::default(),
            frame_at: 0.0,
            since: 0.0,
            busy_secs: 0.0,
            pending: None,
            last_press: None,
            sticks: None,
            edge_goes_left: None,
            wanted_x: None,
            reveal: None,
            is_amid: false,
            top_row: None,
            column: Rect::ZERO,
            view: Rect::ZERO,
            is_rtl: false,
            reads_rtl: false,
            han: han::Seen::default(),
            head: head::Room::default(),
            has_wide_tags: false,
            tag_width: TAG_WIDTH,
            visible: Vec::new(),
            over_text: Vec::new(),
            tag_places: Vec::new(),
            asks_link: false,
            selected_in_view: None,
            frame: Frame::default(),
            stacked: None,
            told: Vec::new(),
            bar: find_bar::Bar::default(),
            stats: FrameStats::default(),
            signs: Vec::new(),
            quads: Quads::default(),
            has_focus: false,
        }
    }
}

/// Space beside the text for tags, in points: in words, or as the label's key only.
/// A tag has at least so much where it is in words, and at most so much where the page is wide.
const TAG_WIDTH: f32 = 124.0;
const MOST_TAG_WIDTH: f32 = 360.0;
const KEY_TAG_WIDTH: f32 = 24.0;
/// Between the text and its tags.
const TAG_GAP: f32 = 16.0;
/// The least space at the sides of the page.
const MARGIN: f32 = 24.0;
const STRIP_WIDTH: f32 = 16.0;
/// Empty space below the last line, as a share of the view.
const TAIL_SHARE: f32 = 0.4;

pub fn widget_id() -> egui::Id {
    egui::Id::unique("article")
}

impl ArticleView {
    pub fn stats(&self) -> FrameStats {
        self.stats
    }

    /// Takes in another article before anything is asked about it.
    pub fn prepare(&mut self, model: &Model) {
        if let Some(article) = model.article() {
            self.enter(&article.id, &article.text, &article.title);
        }
    }

    /// How long the last frame took. What was done meanwhile came with this one, and no event says
    /// when it happened: it may be as old as the last frame.
    pub fn was_busy(&mut self, secs: f32) {
        self.busy_secs = f64::from(secs);
    }

    /// The middle of the strip beside the page, for tests and benchmarks.
    pub fn strip_x(&self) -> f32 {
        self.view.right() + STRIP_WIDTH / 2.0
    }

    /// Shows a range, moving as little as needed.
    pub fn reveal(&mut self, range: ByteRange) {
        self.reveal = Some(range);
        self.is_amid = false;
    }

    /// Shows a range; one that is not in sight comes to a third of the view.
    pub fn reveal_amid(&mut self, range: ByteRange) {
        self.reveal = Some(range);
        self.is_amid = true;
    }

    /// Puts a position at the top of the view.
    pub fn scroll_to(&mut self, at: BytePos) {
        self.anchor = Anchor {
            block: self.blocks.index_of(at),
            offset: 0.0,
        };
        if at == BytePos(0) {
            self.anchor = Anchor {
                block: 0,
                offset: -self.head.above,
            };
        }
        (self.reveal, self.is_amid) = (None, false);
        self.top_row = (at != BytePos(0)).then_some(at);
    }

    /// Where a text range was on the screen in the last frame, for tests: its first rectangle.
    pub fn screen_range(&mut self, range: ByteRange) -> Option<Rect> {
        self.visible.iter().find_map(|&(index, top)| {
            let block = self.blocks.get(index)?;
            let layout = self.frame.known(block)?;
            let mut rects = Vec::new();
            layout.rects(range.clamp_to(block.range()), &mut rects);
            let rect = rects.into_iter().find(|r| r.width() > 0.0)?;
            Some(rect.translate(vec2(self.column.left(), top)))
        })
    }

    /// Begins a frame: what is shown and where. What the analyst does to it comes in by
    /// [`ArticleView::step`], and [`ArticleView::show`] draws what came of it.
    pub fn begin(&mut self, ui: &mut Ui, model: &Model) -> Option<Response> {
        if !self.frame.begin(ui.ctx()) {
            self.blocks.unsettle();
        }
        self.stats = FrameStats::default();
        if model.edge_move().is_none() {
            self.edge_goes_left = None;
        }
        let full = ui.available_rect_before_wrap();
        let article = model.article()?;
        self.enter(&article.id, &article.text, &article.title);
        self.view = Rect::from_min_max(
            full.min,
            egui::pos2(full.right() - STRIP_WIDTH, full.bottom()),
        );
        self.measure(ui, model, article);
        self.restack(model, article);
        let response = ui.interact(full, widget_id(), Sense::click_and_drag());
        let name = format!("Article: {}", article.shown_title());
        tell(&response, egui::accesskit::Role::Document, &name);
        self.take_keyboard(ui);
        focus::shows_itself(ui.ctx(), widget_id());
        self.begin_walk(ui);
        Some(response)
    }

    pub fn show(
        &mut self,
        ui: &mut Ui,
        response: &Response,
        model: &Model,
        actions: &mut Vec<Action>,
        tokens: &Tokens,
    ) {
        let Some(article) = model.article() else {
            return;
        };
        self.follow(ui, model, article);
        self.scroll_by_wheel(ui, response);
        if let Some(at) = self.top_row.take() {
            self.anchor.block = self.index_at(ui, &article.text, at);
            if let Some(layout) = self.laid(ui, &article.text, self.anchor.block) {
                self.anchor.offset = layout.caret_rect(at).top();
            }
        }
        if let Some(range) = self.reveal.take() {
            let is_amid = std::mem::take(&mut self.is_amid);
            self.bring_into_view(ui, &article.text, range, is_amid);
        }
        self.place(ui, &article.text);
        self.over_text.clear();
        self.tag_places.clear();
        self.paint(ui, model, article, actions, tokens);
        self.bar_ui(ui, model, actions, tokens);
        self.link_question_ui(ui, model, article, actions);
        self.strip_ui(ui, model, article, tokens, response.rect);
        self.context_menu_ui(response, model, article, actions);
        self.hover_ui(ui, response, model, article);
        self.selected_in_view = model.selected_annotation().and_then(|annotation| {
            let extent = annotation.extent();
            let start = self.caret_on_screen(ui, &article.text, extent.start, false)?;
            self.view.intersects(start).then_some(extent)
        });
        self.stats.blocks_laid_out = self.frame.count();
        self.stats.blocks_visible = self.visible.len();
        self.stats.words_shaped = self.frame.shaped();
        let top = self.top(ui, &article.text);
        let bottom = self.bottom(ui, &article.text);
        actions.push(Action::RememberView(ByteRange::new(top, bottom.max(top))));
    }

    /// The same when another article came while the input of a frame was being taken in. What is under
    /// the pointer is known again in the next frame.
    fn follow(&mut self, ui: &Ui, model: &Model, article: &Article) {
        if !self.shows(&article.id, &article.text, &article.title) {
            self.frame.forget();
            self.visible.clear();
            self.enter(&article.id, &article.text, &article.title);
            self.measure(ui, model, article);
        }
        self.restack(model, article);
    }

    fn shows(&self, id: &ArticleId, text: &Arc<ArticleText>, title: &str) -> bool {
        let known = self.text.upgrade();
        self.article.as_ref() == Some(id)
            && self.title == title
            && known.is_some_and(|known| Arc::ptr_eq(&known, text))
    }

    /// Rebuilds what belongs to the article when another one is shown.
    fn enter(&mut self, id: &ArticleId, text: &Arc<ArticleText>, title: &str) {
        if self.shows(id, text, title) {
            return;
        }
        let is_other = self.article.as_ref() != Some(id);
        self.article = Some(id.clone());
        title.clone_into(&mut self.title);
        self.text = Arc::downgrade(text);
        self.blocks = Blocks::of(text, title);
        self.reads_rtl = bidi::is_mostly_rtl(text.lines());
        self.han = han::Seen::of(text.as_str());
        self.metrics = MetricsKey::default();
        self.frame.forget();
        self.sticks = None;
        self.gesture = None;
        self.pending = None;
        self.selected_in_view = None;
        if is_other {
            self.scroll_to(BytePos(0));
        }
    }

    /// Letters have other widths now, as another font has them.
    pub fn measure_anew(&mut self) {
        self.metrics = MetricsKey::default();
        self.frame.forget();
    }

    /// The column, in the middle of the page where it is wide, and, when the measure changed, new
    /// estimates of all heights.
    fn measure(&mut self, ui: &Ui, model: &Model, article: &Article) {
        let settings = model.settings();
        let given = article.meta(DIRECTION).and_then(bidi::given);
        let is_rtl = given.unwrap_or(self.reads_rtl);
        let size = settings.reading_size;
        let char_width = theme::char_width(ui.ctx(), settings.reading_font, size);
        let wanted = (settings.measure_chars as f32 * char_width).round();
        let room = self.view.width();
        self.has_wide_tags = room >= wanted + TAG_GAP + TAG_WIDTH + 2.0 * MARGIN;
        let tag_width = if self.has_wide_tags {
            TAG_WIDTH
        } else {
            KEY_TAG_WIDTH
        };
        let beside = TAG_GAP + tag_width + MARGIN / 2.0;
        let width = wanted.min(room - beside - MARGIN).max(80.0).round();
        let middle = (room - width) / 2.0;
        let indent = middle.min(room - width - beside).max(MARGIN).round();
        let beyond = room - indent - width - beside;
        self.tag_width = (TAG_WIDTH + beyond.max(0.0)).min(MOST_TAG_WIDTH);
        self.is_rtl = is_rtl;
        let left = if is_rtl {
            self.view.right() - indent - width
        } else {
            self.view.left() + indent
        };
        self.column = Rect::from_min_max(
            egui::pos2(left, self.view.top()),
            egui::pos2(left + width, self.view.bottom()),
        );
        let mut metrics = MetricsKey {
            width,
            size,
            spacing: settings.line_spacing,
            font: settings.reading_font,
            pixels_per_point: ui.ctx().pixels_per_point(),
            given,
            han: self.han.language(article.meta(LANGUAGE)),
            head: self.metrics.head,
        };
        if metrics != self.metrics {
            // What is looked at stays in sight, however lines break now.
            if metrics.width != self.metrics.width && self.reveal.is_none() {
                self.reveal = self.selected_in_view;
            }
            self.metrics = metrics;
            self.estimate(char_width);
        }
        metrics.head = self.head_room(ui, model, article);
        if metrics != self.metrics {
            self.metrics = metrics;
            self.estimate(char_width);
        }
        // Whoever is at the very top stays there.
        let is_at_top = self.anchor.block == 0 && self.anchor.offset <= -self.head.above;
        self.head = metrics.head;
        if is_at_top {
            self.anchor.offset = -self.head.above;
        }
    }

    /// Notices when underlines lie below each other elsewhere than before: lines are laid out anew.
    fn restack(&mut self, model: &Model, article: &Article) {
        let is_tight = layout::stack_room(&self.metrics) > 0.0;
        let stacked = is_tight.then(|| model.derived(&Stacked(article.id.clone())));
        let is_known = match (&stacked, &self.stacked) {
            (Some(new), Some(known)) => Rc::ptr_eq(new, known) || new == known,
            (None, None) => true,
            _ => false,
        };
        if !is_known {
            self.stacked = stacked;
            self.frame.forget();
        }
    }

    fn estimate(&mut self, char_width: f32) {
        let metrics = self.metrics;
        self.blocks.unsettle();
        let blocks = self.blocks.iter();
        let heights = blocks.map(|block| layout::estimated_height(block, &metrics, char_width));
        self.heights = Heights::new(heights);
    }

    /// Finds the lines of a long paragraph before a part of it is laid out.
    fn settle(&mut self, ui: &Ui, text: &ArticleText, index: usize) {
        while let Some((index, section)) = self.blocks.unsettled(index) {
            let settled = self.frame.settle(ui.ctx(), text, &self.metrics, section);
            self.blocks.settle(index, settled);
        }
    }

    /// The block in whose lines a position stands.
    fn index_at(&mut self, ui: &Ui, text: &ArticleText, at: BytePos) -> usize {
        let index = self.blocks.index_of(at);
        self.settle(ui, text, index);
        self.blocks.index_of(at)
    }

    /// Lays out a block (once a frame) and takes note of its true height.
    fn laid(&mut self, ui: &Ui, text: &ArticleText, index: usize) -> Option<Arc<dyn BlockLayout>> {
        self.settle(ui, text, index);
        let block = *self.blocks.get(index)?;
        let stacked = self.stacked.as_deref().map_or(&[][..], Vec::as_slice);
        let settled = self.blocks.settled(index);
        let layout = self
            .frame
            .layout(ui, text, &self.metrics, (block, settled), stacked);
        self.heights.set(index, layout.height());
        Some(layout)
    }

    fn height(&mut self, ui: &Ui, text: &ArticleText, index: usize) -> f32 {
        self.laid(ui, text, index)
            .map_or(0.0, |layout| layout.height())
    }

    /// The position nearest to a point of the screen; always a valid one.
    fn position_at(&mut self, ui: &Ui, text: &ArticleText, point: Pos2) -> BytePos {
        self.spot_at(ui, text, point).0
    }

    /// The same, and whether the caret there belongs to what is before it.
    fn spot_at(&mut self, ui: &Ui, text: &ArticleText, point: Pos2) -> (BytePos, bool) {
        let found = self
            .visible
            .iter()
            .rev()
            .find(|&&(_, top)| top <= point.y)
            .or(self.visible.first())
            .copied();
        let Some((index, top)) = found else {
            return (BytePos(0), false);
        };
        match self.laid(ui, text, index) {
            Some(layout) => layout.spot_at(vec2(point.x - self.column.left(), point.y - top)),
            None => (BytePos(0), false),
        }
    }

    /// The edge move that a handle under the pointer would begin.
    fn handle_at(
        &mut self,
        ui: &Ui,
        model: &Model,
        text: &ArticleText,
        point: Pos2,
    ) -> Option<EdgeMove> {
        const REACH: f32 = 7.0;
        let annotation = model.selected_annotation()?.clone();
        for (n, &range) in annotation.fragments.iter().enumerate() {
            for side in [Side::Start, Side::End] {
                let at = if side == Side::Start {
                    range.start
                } else {
                    range.end
                };
                let Some(rect) = self.caret_on_screen(ui, text, at, side == Side::End) else {
                    continue;
                };
                let rect = paint::text_box(rect, self.letter_size_at(at));
                let knob = if side == Side::Start {
                    rect.center_top()
                } else {
                    rect.center_bottom()
                };
                if knob.distance(point) <= REACH {
                    return Some(EdgeMove {
                        id: annotation.id.clone(),
                        fragment: n,
                        side,
                        range,
                    });
                }
            }
        }
        None
    }

    /// Where a position is on the screen. `before` puts the end of a row there, not the start of
    /// the next one.
    fn caret_on_screen(
        &mut self,
        ui: &Ui,
        text: &ArticleText,
        at: BytePos,
        before: bool,
    ) -> Option<Rect> {
        let index = self.blocks.index_of(at);
        let (_, top) = *self.visible.iter().find(|(i, _)| *i == index)?;
        let layout = self.laid(ui, text, index)?;
        let rect = if before {
            layout.end_rect(at)
        } else {
            layout.caret_rect(at)
        };
        // Between paragraphs a row is higher than its room.
        let bottom = rect.bottom().min(layout.height());
        let rect = Rect::from_min_max(rect.min, egui::pos2(rect.right(), bottom));
        Some(rect.translate(vec2(self.column.left(), top)))
    }
}

impl ArticleView {
    /// Whether the caret of a selection belongs to what is before it.
    fn is_before(&self, selection: &Selection) -> bool {
        match self.sticks {
            Some((at, before)) if at == selection.caret => before,
            _ => selection.caret > selection.anchor,
        }
    }

    /// The size of the letters at a position.
    fn letter_size_at(&self, at: BytePos) -> f32 {
        let block = self.blocks.get(self.blocks.index_of(at));
        let kind = block.map_or(blocks::Kind::Text, |block| block.kind);
        layout::letter_size(&self.metrics, kind)
    }
}

fn block_of(blocks: &Blocks, index: usize) -> Option<&Block> {
    blocks.get(index)
}
