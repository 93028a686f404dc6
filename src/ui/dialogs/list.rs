//! A long list in a dialog: only the rows in view are drawn, and the arrow keys move a cursor.

use crate::ui::theme::Tokens;
use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{
    Color32, FontId, Key, Modifiers, Response, ScrollArea, Sense, Ui, WidgetInfo, accesskit, pos2,
    vec2,
};

/// One row: what it says, what else there is to know, and how it stands out.
#[derive(Default)]
pub(crate) struct Row {
    pub(crate) text: String,
    /// At the right, in small letters.
    pub(crate) detail: String,
    /// Before the text, in small letters.
    pub(crate) mark: String,
    pub(crate) is_dim: bool,
    pub(crate) is_chosen: bool,
}

pub(crate) const ROW_HEIGHT: f32 = 26.0;

/// Draws the list and moves the cursor; says which row was clicked.
pub(crate) fn list_ui(
    ui: &mut Ui,
    tokens: &Tokens,
    cursor: &mut usize,
    count: usize,
    max_height: f32,
    mut row: impl FnMut(usize) -> Row,
) -> Option<usize> {
    let mut moved = false;
    let page = (max_height / ROW_HEIGHT) as usize;
    let steps: [(Key, isize); 4] = [
        (Key::ArrowDown, 1),
        (Key::ArrowUp, -1),
        (Key::PageDown, page as isize),
        (Key::PageUp, -(page as isize)),
    ];
    for (key, step) in steps {
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
            *cursor = cursor.saturating_add_signed(step);
            moved = true;
        }
    }
    *cursor = (*cursor).min(count.saturating_sub(1));
    let mut clicked = None;
    let mut area = ScrollArea::vertical()
        .max_height(max_height)
        .auto_shrink([false, count < page]);
    if moved {
        let middle = *cursor as f32 * ROW_HEIGHT - max_height / 2.0;
        area = area.vertical_scroll_offset(middle.max(0.0));
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    area.show_rows(ui, ROW_HEIGHT, count, |ui, rows| {
        for i in rows {
            let row = row(i);
            let response = row_ui(ui, tokens, &row, i == *cursor);
            if response.clicked() {
                *cursor = i;
                clicked = Some(i);
            }
        }
    });
    clicked
}

fn unbroken(c: char) -> char {
    if c == '\n' { ' ' } else { c }
}

fn row_ui(ui: &mut Ui, tokens: &Tokens, row: &Row, is_cursor: bool) -> Response {
    let size = vec2(ui.available_width(), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let label = format!("{} {} {}", row.mark, row.text, row.detail);
    response.widget_info(|| {
        WidgetInfo::selected(
            accesskit::Role::ListBoxOption,
            true,
            row.is_chosen,
            label.trim().to_owned(),
        )
    });
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    if row.is_chosen || response.hovered() {
        painter.rect_filled(rect, 4.0, tokens.chosen);
    }
    if is_cursor || response.has_focus() {
        painter.rect_stroke(
            rect.shrink(0.5),
            4.0,
            (1.0, tokens.accent),
            eframe::egui::StrokeKind::Inside,
        );
    }
    let color = if row.is_dim { tokens.dim } else { tokens.ink };
    let middle = rect.center().y;
    let fitted = |text: &str, size: f32, color: Color32, width: f32| {
        let line: String = text.chars().take(300).map(unbroken).collect();
        let mut job = LayoutJob::simple_singleline(line, FontId::proportional(size), color);
        job.wrap = TextWrapping::truncate_at_width(width);
        painter.layout_job(job)
    };
    let inner = rect.width() - 16.0;
    let detail = fitted(&row.detail, 11.5, tokens.dim, inner * 0.55);
    let detail_left = rect.right() - 8.0 - detail.size().x;
    let at = pos2(detail_left, middle - detail.size().y / 2.0);
    painter.galley(at, detail, tokens.dim);
    let mut left = rect.left() + 8.0;
    if !row.mark.is_empty() {
        let mark = fitted(&row.mark, 11.5, tokens.dim, 120.0);
        painter.galley(pos2(left, middle - mark.size().y / 2.0), mark, tokens.dim);
        left += 128.0;
    }
    let text = fitted(
        &row.text,
        13.0,
        color,
        (detail_left - 12.0 - left).max(10.0),
    );
    painter.galley(pos2(left, middle - text.size().y / 2.0), text, color);
    let full = row.text.as_str();
    if full.chars().count() > 40 {
        return response.on_hover_text(full.chars().take(600).collect::<String>());
    }
    response
}
