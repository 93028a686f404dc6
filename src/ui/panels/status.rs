//! The bar at the bottom: what is saved, where the caret is, how far the work has come.

use crate::app::action::{Action, Side};
use crate::app::clock::time_of_day;
use crate::app::derived::project::Counts;
use crate::app::jobs::JobKind;
use crate::app::model::{Model, Page};
use crate::app::words::{count, count_grouped};
use crate::core::shown::{shown, shown_path};
use crate::core::text::hidden;
use crate::core::text::selection::Granularity;
use crate::ui::kit::icon::{self, Icon};
use crate::ui::kit::words::line_ui;
use crate::ui::kit::{hint, row, tell};
use crate::ui::theme::{SMALL, Tokens};
use eframe::egui::{
    Align, Color32, FontId, Layout, Rect, RichText, Ui, UiBuilder, accesskit, pos2,
};
use std::borrow::Cow;
use std::path::Path;

/// A part of the bar, as long as there is room for it.
struct Part<'a> {
    text: Cow<'a, str>,
    color: Color32,
    icon: Option<Icon>,
    help: Help<'a>,
    /// Screen readers hear it when it changes.
    is_status: bool,
    /// Parts of a higher rank go first where the room ends.
    rank: u8,
}

/// What its tooltip says.
enum Help<'a> {
    None,
    Words(&'static str),
    Path(&'a Path),
}

const GAP: f32 = 18.0;
const INSET: f32 = 16.0;
const ICON: f32 = 20.0;

/// How wide one part of it is at most.
const MOST: f32 = 320.0;

pub(super) fn status_ui(ui: &mut Ui, model: &Model, _: &mut Vec<Action>, tokens: &Tokens) {
    let mut parts = parts(model, tokens);
    let counts = Part {
        text: counts_text(model).into(),
        color: tokens.dim,
        icon: None,
        help: Help::None,
        is_status: false,
        rank: 3,
    };
    parts.push(counts);
    parts.retain(|part| !part.text.is_empty());
    let font = FontId::proportional(SMALL);
    let ink = tokens.dim;
    let width = |ui: &Ui, part: &Part<'_>| {
        let text = row::line(ui.painter(), &part.text, font.clone(), ink, f32::INFINITY);
        text.size().x + if part.icon.is_some() { ICON } else { 0.0 }
    };
    let room = ui.available_width() - 2.0 * INSET;
    let mut wanted: Vec<f32> = parts.iter().map(|part| width(ui, part)).collect();
    // A long name is cut, and not what stands behind it.
    let mut widths: Vec<f32> = wanted.iter().map(|width| width.min(MOST)).collect();
    while parts.len() > 1 && widths.iter().sum::<f32>() + GAP * (parts.len() - 1) as f32 > room {
        let last = parts.iter().enumerate().max_by_key(|(_, part)| part.rank);
        let Some((at, _)) = last.filter(|(_, part)| part.rank > 0) else {
            break;
        };
        parts.remove(at);
        wanted.remove(at);
        widths.remove(at);
    }
    let gaps = GAP * parts.len().saturating_sub(1) as f32;
    let mut spare = (room - gaps - widths.iter().sum::<f32>()).max(0.0);
    for (width, wanted) in widths.iter_mut().zip(wanted) {
        let more = (wanted - *width).min(spare);
        *width += more;
        spare -= more;
    }
    let whole = ui.max_rect();
    let mut left = whole.left() + INSET;
    for (part, width) in parts.iter().zip(widths) {
        // The counts stand at the right.
        if part.rank == 3 {
            left = left.max(whole.right() - INSET - width);
        }
        let place = Rect::from_min_max(
            pos2(left, whole.top()),
            pos2((left + width).min(whole.right()), whole.bottom()),
        );
        left += width + GAP;
        part_ui(ui, part, place, font.clone());
    }
}

fn part_ui(ui: &mut Ui, part: &Part<'_>, place: Rect, font: FontId) {
    let mut text_place = place;
    if let Some(shown) = part.icon {
        let middle = pos2(place.left() + 8.0, place.center().y);
        icon::paint(ui.painter(), shown, middle, 14.0, part.color);
        text_place.min.x += ICON;
    }
    let text = RichText::new(&*part.text).font(font).color(part.color);
    let inside = UiBuilder::new()
        .max_rect(text_place)
        .layout(Layout::left_to_right(Align::Center));
    let label = ui.scope_builder(inside, |ui| line_ui(ui, text)).inner;
    if part.is_status {
        tell(&label, accesskit::Role::Status, &part.text);
    }
    match part.help {
        Help::None => {}
        Help::Words(words) => drop(hint(label, || words.to_owned())),
        Help::Path(path) => drop(hint(label, || shown_path(path))),
    }
}

fn parts<'a>(model: &'a Model, tokens: &Tokens) -> Vec<Part<'a>> {
    let path = model.session().path();
    let (text, color, icon): (Cow<'_, str>, _, _) = if model.jobs().is_running(JobKind::Save) {
        ("Saving…".into(), tokens.dim, None)
    } else if model.session().is_dirty() {
        ("Unsaved changes".into(), tokens.warn, Some(Icon::Warn))
    } else if let Some(at) = model.saved_at() {
        let text = format!("Saved {}", time_of_day(at));
        (text.into(), tokens.ok, Some(Icon::Done))
    } else if path.is_some() {
        ("All changes saved".into(), tokens.ok, Some(Icon::Done))
    } else {
        ("Not saved yet".into(), tokens.dim, None)
    };
    let saved = Part {
        text,
        color,
        icon,
        help: path.map_or(Help::Words("This project has no file yet"), Help::Path),
        is_status: false,
        rank: 0,
    };
    let dim = |text: Cow<'a, str>, help: Help<'a>, rank: u8| Part {
        text,
        color: tokens.dim,
        icon: None,
        help,
        is_status: false,
        rank,
    };
    let name = model
        .session()
        .project()
        .annotator_name(model.session().annotator());
    let place = Part {
        is_status: true,
        ..dim(place_text(model).into(), Help::None, 0)
    };
    let snap = match model.granularity() {
        _ if model.article().is_none() || model.page() != Page::Read => "",
        Granularity::Character => "snaps to characters",
        Granularity::Word => "snaps to words",
        Granularity::Clause => "snaps to clauses",
        Granularity::Sentence => "snaps to sentences",
        Granularity::Paragraph => "snaps to paragraphs",
    };
    let snap_help = "What a drag marks; hold Alt for single characters";
    let reading = dim(
        reading_text(model).into(),
        Help::Words("Files that were chosen for an import are read; a notice leads back to it"),
        1,
    );
    vec![
        saved,
        reading,
        dim(
            shown(model.came_back()),
            Help::Words("Ctrl+Z goes further back, Ctrl+Shift+Z forward again"),
            1,
        ),
        dim(shown(name), Help::Words("Who is annotating"), 2),
        place,
        dim(snap.into(), Help::Words(snap_help), 4),
    ]
}

/// How far an import has come that was put aside.
fn reading_text(model: &Model) -> String {
    let preview = model.import().filter(|preview| preview.is_aside);
    let Some(preview) = preview else {
        return String::new();
    };
    let mut running = model.jobs().running().iter();
    let job = running.rfind(|job| job.kind == JobKind::Import && !job.is_cancelled());
    match (job.and_then(|job| job.share()), &preview.proposal) {
        (_, Some(_)) => "Files are read, not added yet".to_owned(),
        (Some(share), None) => format!("Reading files: {:.0} %", share * 100.0),
        (None, None) => "Reading files".to_owned(),
    }
}

fn place_text(model: &Model) -> String {
    if model.page() == Page::Codebook {
        let label = model.page_label();
        return label.map_or_else(String::new, |label| shown(&label.name).into_owned());
    }
    if model.page() == Page::People {
        return model.shown_person().map_or_else(String::new, |person| {
            let place = model.speakers().place_of(&person.id);
            let quotes = place.map_or(0, |place| model.speakers().said_by(place).len());
            let quotes = count_grouped(quotes, "quote", "quotes");
            format!("{}, {quotes}", shown(&person.name))
        });
    }
    if model.page() == Page::Claims {
        let place = model.place_among_claims();
        return place.map_or_else(String::new, |(at, all)| format!("Card {} of {all}", at + 1));
    }
    if model.page() == Page::Find {
        return model
            .place_among_hits()
            .map_or_else(String::new, |(at, all)| {
                let all = count_grouped(all, "hit", "hits");
                format!("{} of {all}", count_grouped(at + 1, "", "").trim_end())
            });
    }
    if model.page() == Page::Table {
        let row = model.article_index().and_then(|at| model.row_in_list(at));
        return row.map_or_else(String::new, |(at, all)| format!("Row {} of {all}", at + 1));
    }
    let Some(article) = model.article() else {
        return String::new();
    };
    if let Some(edge) = model.edge_move() {
        let side = if edge.side == Side::Start {
            "start"
        } else {
            "end"
        };
        return format!(
            "Moving its {side}: Left and Right by character, with Ctrl by word; Enter keeps, Esc leaves"
        );
    }
    let codebook = model.session().project().codebook();
    if let Some(from) = model.link_source() {
        let name = codebook.name_of(&from.label);
        return format!(
            "Linking {name}: Tab to what it is linked with; Enter or a click links, Esc leaves"
        );
    }
    if let Some(label) = model.locked_label() {
        return format!(
            "Every drag marks {}; Esc lets go",
            codebook.name_of(label).to_lowercase()
        );
    }
    if let Some(annotation) = model.selected_annotation() {
        let chars = article.text.char_range(annotation.extent());
        let name = codebook.name_of(&annotation.label);
        return format!(
            "{name} selected, characters {} to {}",
            chars.start.0, chars.end.0
        );
    }
    let chars = article.text.char_range(model.selection().range());
    if model.selection().is_empty() {
        let at = format!(
            "Character {} of {}",
            chars.start.0,
            article.text.len_chars()
        );
        if !model.settings().shows_hidden {
            return at;
        }
        let here = hidden::beside(article.text.as_str(), model.selection().caret);
        here.iter()
            .fold(at, |at, hidden| at + " · " + &hidden.told())
    } else {
        let chars = (chars.end.0 - chars.start.0) as usize;
        count(chars, "character selected", "characters selected")
    }
}

fn counts_text(model: &Model) -> String {
    if model.page() == Page::Codebook {
        let codebook = model.codebook();
        let labels = count(codebook.labels.len(), "label", "labels");
        let retired = codebook.labels.len() - codebook.offered().count();
        let retired = match retired {
            0 => String::new(),
            n => format!(" · {n} retired"),
        };
        return format!("{labels}{retired} · revision {}", codebook.revision);
    }
    let counts = model.derived(&Counts);
    match counts.articles {
        0 => String::new(),
        n => format!(
            "{} · {}",
            count(n, "article", "articles"),
            count(counts.annotations, "annotation", "annotations")
        ),
    }
}
