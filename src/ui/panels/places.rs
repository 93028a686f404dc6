//! Where panels stand: how wide a side is, when there is no room for both, and how the panels at the
//! right share its height. The article keeps its least measure before anything else.

use super::{codebook, heights};
use crate::app::model::Model;
use crate::app::settings::SidePanel;
use crate::ui::theme;
use eframe::egui::{Context, Rect, pos2};

/// The article has at least so many characters in a line while a panel stands beside it.
const LEAST_CHARS: f32 = 45.0;
/// Around the column, and the strip beside it.
const AROUND_COLUMN: f32 = 64.0;
/// What stands for a side that is put away.
pub(super) const RAIL_WIDTH: f32 = 40.0;
/// Labels that are seen without scrolling, at least, where all panels are shown; and where they are
/// looked for by name.
const SEEN_LABELS: usize = 6;
const SEEN_OF_MANY: usize = 4;
const LEAST_CARD: f32 = 290.0;
const LEAST_LIST: f32 = 180.0;

/// How wide a panel is at least.
pub(in crate::ui) fn least_width(panel: SidePanel) -> f32 {
    match panel {
        SidePanel::Articles => 220.0,
        SidePanel::Annotations => 300.0,
    }
}

/// How wide the article is at least.
fn least_article(ctx: &Context, model: &Model) -> f32 {
    let settings = model.settings();
    let width = theme::char_width(ctx, settings.reading_font, settings.reading_size);
    LEAST_CHARS * width + AROUND_COLUMN
}

/// Whether there is room for rails: in the smallest windows the article has all of it.
pub(super) fn has_rails(ctx: &Context) -> bool {
    const LEAST_ARTICLE: f32 = 200.0;
    ctx.content_rect().width() >= LEAST_ARTICLE + 2.0 * RAIL_WIDTH
}

/// Whether a drawer has taken all room of the article.
pub(in crate::ui) fn is_covered(ctx: &Context, model: &Model) -> bool {
    let settings = model.settings();
    let drawer = settings.drawer.filter(|_| settings.is_narrow);
    let beside = ctx.content_rect().width() - RAIL_WIDTH;
    drawer.is_some_and(|panel| beside - width_of(panel, ctx, model) < least_article(ctx, model))
}

/// Whether the panels that are wanted do not fit beside the article.
pub(in crate::ui) fn is_narrow(ctx: &Context, model: &Model) -> bool {
    let panels = [SidePanel::Articles, SidePanel::Annotations];
    let wanted = panels
        .into_iter()
        .filter(|panel| model.settings().wants(*panel));
    let least: f32 = wanted.map(least_width).sum();
    least > 0.0 && ctx.content_rect().width() < least_article(ctx, model) + least
}

/// The most that a panel may take.
pub(in crate::ui) fn most_width(panel: SidePanel, ctx: &Context, model: &Model) -> f32 {
    let settings = model.settings();
    let window = ctx.content_rect().width();
    let rest = window - least_article(ctx, model);
    if settings.is_narrow {
        // A drawer is open for a moment: it lies over the article when there is no room for both.
        let beside = window - RAIL_WIDTH;
        return (rest - RAIL_WIDTH).max(least_width(panel)).min(beside);
    }
    let other = match panel {
        SidePanel::Articles => SidePanel::Annotations,
        SidePanel::Annotations => SidePanel::Articles,
    };
    let other = if settings.shows(other) {
        least_width(other)
    } else {
        0.0
    };
    (rest - other).max(least_width(panel))
}

/// How wide a panel stands there.
pub(super) fn width_of(panel: SidePanel, ctx: &Context, model: &Model) -> f32 {
    let settings = model.settings();
    let most = most_width(panel, ctx, model);
    let wish = |panel: SidePanel| settings.width_of(panel).max(least_width(panel));
    if settings.is_narrow {
        let width = wish(panel).min(most).round();
        let beside = ctx.content_rect().width() - RAIL_WIDTH;
        return if beside - width < least_article(ctx, model) {
            beside
        } else {
            width
        };
    }
    let panels = [SidePanel::Articles, SidePanel::Annotations];
    let shown = || panels.into_iter().filter(|panel| settings.shows(*panel));
    let room = ctx.content_rect().width() - least_article(ctx, model);
    let least: f32 = shown().map(least_width).sum();
    let beyond: f32 = shown().map(|panel| wish(panel) - least_width(panel)).sum();
    // Where not all wishes can be met, what there is beyond the least is shared in their measure.
    let share = ((room - least).max(0.0) / beyond.max(1.0)).min(1.0);
    let width = least_width(panel) + (wish(panel) - least_width(panel)) * share;
    width.min(most).round()
}

/// How high a panel stands among those above and below it.
#[derive(Clone, Copy)]
pub(super) enum Height {
    /// As high as the whole of what it shows, as far as the others leave room.
    AsLongAs {
        whole: fn(&Model) -> f32,
        least: fn(&Model) -> f32,
    },
    /// By the height of its side.
    Of(fn(f32) -> f32),
    /// Those share what the others leave.
    Rest,
}

/// How high the codebook is with all its labels, and with those that are seen at least.
pub(super) fn codebook_height(model: &Model) -> f32 {
    height_of_labels(usize::MAX, model)
}

pub(super) fn least_codebook_height(model: &Model) -> f32 {
    let seen = if codebook::has_field(model) {
        SEEN_OF_MANY
    } else {
        SEEN_LABELS
    };
    height_of_labels(seen, model)
}

/// How high the card is at the side of a window.
pub(super) fn card_height(side: f32) -> f32 {
    (side * 0.44).clamp(LEAST_CARD, 480.0)
}

/// How high the codebook is with so many of its labels.
fn height_of_labels(most: usize, model: &Model) -> f32 {
    let labels = model.session().project().codebook().offered().count();
    let labels = labels.min(most);
    let around = if codebook::has_field(model) {
        codebook::FIELD_HEIGHT + codebook::LAST_HEIGHT
    } else {
        8.0
    };
    // Where there is none, what can be done stands there.
    let rows = if labels == 0 { 3 } else { labels };
    theme::HEADING_HEIGHT + rows as f32 * theme::ROW_HEIGHT + around
}

/// Whether the panels at the right do not fit one below the other. A long codebook scrolls.
pub(super) fn is_low(ctx: &Context, model: &Model) -> bool {
    let bars = theme::BAR_HEIGHT + theme::STATUS_HEIGHT;
    let least = heights().map(|height| match height {
        Height::AsLongAs { least, .. } => least(model),
        Height::Of(height) => height(0.0),
        Height::Rest => LEAST_LIST,
    });
    let least = least.sum::<f32>() + bars;
    ctx.content_rect().height() < least
}

/// Codebook, card and list one below the other. Their heights follow from the window and the
/// codebook alone, so nothing moves when something else is selected.
pub(super) fn stacked(room: Rect, model: &Model) -> Vec<Rect> {
    let own = |height, most: f32, share| match height {
        Height::AsLongAs { whole, .. } => whole(model).min(most),
        Height::Of(height) => height(room.height()),
        Height::Rest => share,
    };
    let left = |most, share| {
        let taken = heights().map(|height| own(height, most, share));
        room.height() - taken.sum::<f32>()
    };
    let most = left(0.0, LEAST_LIST).max(3.0 * theme::ROW_HEIGHT);
    let sharing = heights().filter(|height| matches!(height, Height::Rest));
    let share = left(most, 0.0).max(0.0) / sharing.count().max(1) as f32;
    let mut top = room.top();
    let places = heights().map(|height| {
        let bottom = (top + own(height, most, share)).min(room.bottom());
        let above = std::mem::replace(&mut top, bottom);
        Rect::from_min_max(pos2(room.left(), above), pos2(room.right(), bottom))
    });
    places.collect()
}
