//! What is drawn of quotes and claims that say the same, or may: words with what they change, where
//! they stand, and the dotted frame of what is only proposed.

use crate::app::model::Model;
use crate::core::ids::ArticleId;
use crate::core::wording::Wording;
use crate::ui::theme::Tokens;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, FontId, Rect, Shape, Stroke, Ui};

/// A frame of dots, which means that something is proposed.
pub(super) fn dotted(ui: &Ui, rect: Rect, color: Color32) {
    let rect = rect.shrink(0.5);
    let corners = [
        rect.left_top(),
        rect.right_top(),
        rect.right_bottom(),
        rect.left_bottom(),
        rect.left_top(),
    ];
    let stroke = Stroke::new(1.5, color);
    ui.painter()
        .extend(Shape::dashed_line(&corners, stroke, 1.5, 2.5));
}

/// Words with what was changed of the first wording: what is new is marked, what is gone struck out.
pub(super) fn changes_job(
    changes: &[Wording],
    font: &FontId,
    tokens: &Tokens,
) -> (LayoutJob, String) {
    let mut job = LayoutJob::default();
    let plain = TextFormat::simple(font.clone(), tokens.ink);
    let mut said = String::new();
    for part in changes {
        match part {
            Wording::Same(text) => {
                said.push_str(text);
                job.append(text, 0.0, plain.clone());
            }
            Wording::Removed(text) => {
                if !text.trim().is_empty() {
                    said.push_str(&format!(" [left out: {}] ", text.trim()));
                }
                let format = TextFormat {
                    color: tokens.dim,
                    strikethrough: Stroke::new(1.0, tokens.dim),
                    ..plain.clone()
                };
                job.append(text, 0.0, format);
            }
            Wording::Added(text) => {
                if text.trim().is_empty() {
                    said.push_str(text);
                    job.append(text, 0.0, plain.clone());
                    continue;
                }
                said.push_str(&format!(" [put in: {}] ", text.trim()));
                let format = TextFormat {
                    background: tokens.hit,
                    ..plain.clone()
                };
                job.append(text, 0.0, format);
            }
        }
    }
    (job, said)
}

/// Where and when an article came out, as far as it is to be seen.
pub(super) fn place_of(model: &Model, article: &ArticleId) -> String {
    let article = model.session().project().article(article);
    article.map_or_else(String::new, |article| match model.byline_of(article) {
        line if line.is_empty() => article.shown_title().into_owned(),
        line => line,
    })
}
