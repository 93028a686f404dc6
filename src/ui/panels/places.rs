//! Where panels stand: how wide a side is, when there is no room for both, and how the panels at the
//! right share its height. The article keeps its least measure before anything else.

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
/// In a window lower than this the panels at the right are shown one at a time.
const LOW: f32 = 700.0;
const LEAST_LIST: f32 = 180.0;

/// How wide a panel is at least.
pub(in crate::ui) fn least_width(panel: SidePanel) -> f32 {
    match panel {
        SidePanel::Articles => 220.0,
        SidePanel::Annotations => 264.0,
    }
}

/// How wide the article is at least.
fn least_article(ctx: &Context, model: &Model) -> f32 {
    let settings = model.settings();
    let font = theme::reading_font(settings.reading_font, settings.reading_size);
    LEAST_CHARS * theme::char_width(ctx, &font) + AROUND_COLUMN
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
        // A drawer is open for a moment: the article gives way when there is no room for both.
        return (rest - 2.0 * RAIL_WIDTH).max(least_width(panel).min(window - 3.0 * RAIL_WIDTH));
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
        return wish(panel).min(most).round();
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

/// Whether the panels at the right do not fit one below the other.
pub(super) fn is_low(ctx: &Context) -> bool {
    ctx.content_rect().height() < LOW
}

/// Codebook, card and list one below the other. Their heights follow from the window and the
/// codebook alone, so nothing moves when something else is selected.
pub(super) fn stacked(room: Rect, model: &Model) -> [Rect; 3] {
    let labels = model.session().project().codebook().labels.len() as f32;
    let codebook = theme::HEADING_HEIGHT + labels * theme::ROW_HEIGHT + 8.0;
    let card = (room.height() * 0.36).clamp(290.0, 420.0);
    let most = (room.height() - card - LEAST_LIST).max(3.0 * theme::ROW_HEIGHT);
    let first = room.top() + codebook.min(most);
    let second = (first + card).min(room.bottom());
    let part = |top: f32, bottom: f32| {
        Rect::from_min_max(pos2(room.left(), top), pos2(room.right(), bottom))
    };
    [
        part(room.top(), first),
        part(first, second),
        part(second, room.bottom()),
    ]
}
