//! Whole texts as egui is to lay them out: in lines, in one line with an ellipsis, with parts that look
//! otherwise.

use super::{Letters, Words, append, push, unbroken};
use crate::core::text::bidi::{self, Levels};
use crate::ui::kit::tell;
use eframe::egui::accesskit::Role;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, Context, Label, Response, Ui};

/// A text in as many lines as it takes, at the side of its paragraph. Nothing where egui does that
/// rightly.
pub(crate) fn lines(
    ctx: &Context,
    text: &str,
    format: &TextFormat,
    room: f32,
) -> Option<LayoutJob> {
    if !bidi::needs_rules(text) {
        return None;
    }
    let is_rtl = text.lines().find_map(bidi::first_strong) == Some(true);
    let mut job = unbroken();
    if is_rtl {
        job.halign = Align::RIGHT;
    }
    let mut words = Words::default();
    for (number, paragraph) in text.lines().enumerate() {
        let levels = Levels::of(paragraph, is_rtl);
        let letters = Letters::among(ctx, &mut words, paragraph, &levels, format);
        for (n, line) in letters.lines(&levels, room).into_iter().enumerate() {
            if number + n > 0 {
                push(&mut job, "\n", format.clone());
            }
            append(&mut job, &letters.row(&letters.seen(&line, &levels)));
        }
    }
    Some(job)
}

/// A text whose parts look otherwise, in as many lines as it takes and its job lets it have, all in the
/// font of its first part. Nothing where egui does that rightly.
pub(crate) fn dressed(ctx: &Context, job: &LayoutJob, room: f32) -> Option<LayoutJob> {
    if !bidi::needs_rules(&job.text) {
        return None;
    }
    let format = &job.sections.first()?.format;
    let is_rtl = job.text.lines().find_map(bidi::first_strong) == Some(true);
    let mut made = unbroken();
    if is_rtl {
        made.halign = Align::RIGHT;
    }
    let (mut rows, mut from) = (0, 0);
    let mut words = Words::default();
    for paragraph in job.text.split('\n') {
        let levels = Levels::of(paragraph, is_rtl);
        let letters = Letters::among(ctx, &mut words, paragraph, &levels, format);
        for line in letters.lines(&levels, room) {
            if rows == job.wrap.max_rows {
                return Some(made);
            }
            if rows > 0 {
                push(&mut made, "\n", format.clone());
            }
            rows += 1;
            let seen = letters.seen(&line, &levels);
            append(&mut made, &dressed_row(&letters, &seen, job, from));
        }
        from += paragraph.len() + 1;
    }
    Some(made)
}

/// Clusters as they are seen, each looking as the part of a job that it is in: where the text of the
/// clusters begins in it is told.
pub(crate) fn dressed_row(
    letters: &Letters<'_>,
    seen: &[(usize, bool)],
    job: &LayoutJob,
    from: usize,
) -> LayoutJob {
    let part = |cluster: usize| {
        let at = from + letters.start(cluster);
        job.sections
            .partition_point(|part| part.byte_range.end.0 <= at)
    };
    let mut made = unbroken();
    for run in seen.chunk_by(|a, b| part(a.0) == part(b.0)) {
        let first = run.first().map(|(cluster, _)| part(*cluster));
        let look = first.and_then(|part| job.sections.get(part));
        let mut row = letters.row(run);
        for section in &mut row.sections {
            let Some(look) = look else { continue };
            section.format = TextFormat {
                color: look.format.color,
                background: look.format.background,
                underline: look.format.underline,
                strikethrough: look.format.strikethrough,
                ..section.format.clone()
            };
        }
        append(&mut made, &row);
    }
    made
}

/// Shows a text whose parts look otherwise; assistive tools are told what is read, not what is seen.
pub(crate) fn dressed_ui(ui: &mut Ui, job: LayoutJob) -> Response {
    let Some(made) = dressed(ui.ctx(), &job, ui.available_width()) else {
        return ui.add(Label::new(job));
    };
    let side = made.halign;
    let response = ui.add(Label::new(made).halign(side).extend());
    tell(&response, Role::Label, &job.text);
    response
}

/// Whether [`line`] has an answer: egui does not set such a text rightly.
pub(crate) fn needs_setting(text: &str) -> bool {
    bidi::needs_rules(text)
}

/// A text in one line, cut with an ellipsis at its end where the room ends. Nothing where egui does
/// that rightly.
pub(crate) fn line(ctx: &Context, text: &str, format: &TextFormat, room: f32) -> Option<LayoutJob> {
    line_of(ctx, text, format, room, bidi::is_rtl(text))
}

/// The same of a piece of a paragraph whose direction is known.
pub(crate) fn line_of(
    ctx: &Context,
    text: &str,
    format: &TextFormat,
    room: f32,
    is_rtl: bool,
) -> Option<LayoutJob> {
    if !is_rtl && !bidi::needs_rules(text) {
        return None;
    }
    let set = |text: &str| {
        let levels = Levels::of(text, is_rtl);
        let letters = Letters::of(ctx, text, &levels, format);
        let row = letters.row(&letters.seen(&(0..letters.len()), &levels));
        (row, letters.starts, letters.widths)
    };
    let (row, starts, widths) = set(text);
    if widths.iter().sum::<f32>() <= room {
        return Some(row);
    }
    let ellipsis = ctx.fonts_mut(|fonts| fonts.glyph_width(&format.font_id, '…'));
    let mut left = room - ellipsis;
    let fits = |width: &&f32| {
        left -= **width;
        left >= 0.0
    };
    let count = widths.iter().take_while(fits).count();
    let end = starts.get(count).copied().unwrap_or(text.len());
    let cut = text.get(..end).unwrap_or_default().trim_end();
    Some(set(&format!("{cut}…")).0)
}
