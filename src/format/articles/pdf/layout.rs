//! From characters on pages to paragraphs in reading order.
//!
//! Characters make pieces of lines, split where a column's gap is; a gutter that hardly any piece
//! crosses makes columns; distance, indent and a short last line make paragraphs. Text that runs
//! another way is laid out as a sheet of its own, turned so that it is read from left to right.

use super::glyphs::{Glyph, is_wide, quarter, settle, straighten};
use super::scripts;
use std::collections::HashMap;

#[derive(Default)]
pub(super) struct Page {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) glyphs: Vec<Glyph>,
}

/// A stretch of a line without a gap as wide as between columns.
#[derive(Clone, Debug)]
struct Piece {
    left: f64,
    right: f64,
    y: f64,
    size: f64,
    text: String,
}

/// A page, or what runs one way on it, as pieces of lines.
pub(super) struct Sheet {
    width: f64,
    height: f64,
    pieces: Vec<Piece>,
}

/// What layout makes of sheets.
pub(super) struct Laid {
    pub(super) text: String,
    /// Running heads, feet and page numbers that were left out.
    pub(super) repeated: usize,
    /// Paragraphs that were left out since hardly any of their letters can be read.
    pub(super) unreadable: usize,
}

/// Whether a letter is a place for one that is not known.
pub(super) fn is_unknown(c: char) -> bool {
    matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}')
}

/// How many characters of a paragraph are known, and how many are not.
fn known(paragraph: &str) -> (usize, usize) {
    let unknown = paragraph.chars().filter(|c| is_unknown(*c)).count();
    let all = paragraph.chars().filter(|c| !c.is_whitespace()).count();
    (all - unknown, unknown)
}

pub(super) fn text_of(mut sheets: Vec<Sheet>) -> Laid {
    let repeated = leave_out_running(&mut sheets);
    let mut paragraphs: Vec<String> = Vec::new();
    let mut last: Option<Piece> = None;
    for sheet in &mut sheets {
        let pieces = std::mem::take(&mut sheet.pieces);
        for column in columns(pieces, sheet) {
            add_column(&mut paragraphs, &mut last, &column);
            // A line or two across columns is a headline, and nothing goes on from it.
            if column.len() < 3 {
                last = None;
            }
        }
    }
    let all = paragraphs.len();
    let is_readable = |paragraph: &String| {
        let (known, unknown) = known(paragraph);
        known >= unknown
    };
    if paragraphs.iter().any(is_readable) {
        paragraphs.retain(is_readable);
    } else {
        paragraphs.retain(|paragraph| known(paragraph).0 > 0);
    }
    Laid {
        text: paragraphs.join("\n\n"),
        repeated,
        unreadable: all - paragraphs.len(),
    }
}

/// A page's characters by the ways that they run, each turned the usual way, and how many stand
/// sideways beside others and were left out.
pub(super) fn sheets_of(mut page: Page) -> (Vec<Sheet>, usize) {
    settle(&mut page.glyphs);
    let mut ways: [Vec<Glyph>; 4] = Default::default();
    for glyph in page.glyphs {
        let is_placed = glyph.x.is_finite() && glyph.y.is_finite() && glyph.size.is_finite();
        let way = ways.get_mut(quarter(glyph.direction));
        if let Some(way) = way.filter(|_| is_placed) {
            way.push(glyph);
        }
    }
    let letters = |glyphs: &[Glyph]| glyphs.iter().filter(|g| !g.text.trim().is_empty()).count();
    let all: usize = ways.iter().map(|glyphs| letters(glyphs)).sum();
    let most = ways.iter().map(|glyphs| letters(glyphs)).max().unwrap_or(0);
    let mut left_out = 0;
    let mut sheets = Vec::new();
    for (way, mut glyphs) in ways.into_iter().enumerate() {
        let count = letters(&glyphs);
        // A credit along a picture or a stamp in the margin is no part of the text.
        let are_columns = glyphs.iter().any(|glyph| glyph.is_vertical);
        let is_text = way == 0 || are_columns || count == most || count * 4 >= all;
        if !is_text {
            left_out += count;
            continue;
        }
        if count == 0 {
            continue;
        }
        for glyph in &mut glyphs {
            let (x, y) = (glyph.x, glyph.y);
            (glyph.x, glyph.y) = match way {
                1 => (y, page.width - x),
                2 => (page.width - x, page.height - y),
                3 => (page.height - y, x),
                _ => (x, y),
            };
        }
        let (width, height) = match way {
            0 | 2 => (page.width, page.height),
            _ => (page.height, page.width),
        };
        straighten(&mut glyphs, way);
        // Layout finds lines from the left: their beginnings, their indents, the order of columns.
        let texts = glyphs.iter().map(|glyph| &*glyph.text);
        let is_from_the_right = scripts::is_mostly_from_the_right(texts);
        let mut pieces = pieces_of(&glyphs, is_from_the_right);
        if is_from_the_right {
            for piece in &mut pieces {
                (piece.left, piece.right) = (width - piece.right, width - piece.left);
            }
        }
        sheets.push(Sheet {
            width,
            height,
            pieces,
        });
    }
    (sheets, left_out)
}

fn pieces_of(glyphs: &[Glyph], is_from_the_right: bool) -> Vec<Piece> {
    // By lines, from left to right. Baselines of one line differ a little.
    let mut glyphs: Vec<&Glyph> = glyphs.iter().collect();
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut lines: Vec<Vec<&Glyph>> = Vec::new();
    let mut baseline = f64::NEG_INFINITY;
    for glyph in glyphs {
        match lines.last_mut() {
            Some(line) if (glyph.y - baseline).abs() <= (glyph.size * 0.3).max(0.5) => {
                line.push(glyph);
            }
            _ => {
                baseline = glyph.y;
                lines.push(vec![glyph]);
            }
        }
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for mut line in lines {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
        let mut open: Option<Open<'_>> = None;
        for glyph in line {
            let is_space = glyph.text.trim().is_empty();
            let gap = open.as_ref().map_or(0.0, |piece| glyph.x - piece.right);
            if gap > glyph.size * 1.2
                && let Some(piece) = open.take()
            {
                pieces.extend(piece.closed(is_from_the_right));
            }
            if is_space {
                if let Some(piece) = open.as_mut() {
                    piece.add_space();
                }
                continue;
            }
            match open.as_mut() {
                None => open = Some(Open::at(glyph)),
                Some(piece) => {
                    // The same letter drawn twice in one place is bold print.
                    if gap < -0.8 * glyph.width && piece.letters.last() == Some(&&*glyph.text) {
                        continue;
                    }
                    if gap > glyph.size * 0.18 {
                        piece.add_space();
                    }
                    piece.letters.push(&glyph.text);
                    piece.right = piece.right.max(glyph.x + glyph.width);
                    piece.size = piece.size.max(glyph.size);
                }
            }
        }
        pieces.extend(open.and_then(|piece| piece.closed(is_from_the_right)));
    }
    pieces
}

/// A piece that is being read, its letters as they stand from left to right.
struct Open<'a> {
    left: f64,
    right: f64,
    y: f64,
    size: f64,
    letters: Vec<&'a str>,
}

impl<'a> Open<'a> {
    fn at(glyph: &'a Glyph) -> Self {
        Self {
            left: glyph.x,
            right: glyph.x + glyph.width,
            y: glyph.y,
            size: glyph.size,
            letters: vec![&glyph.text],
        }
    }

    fn add_space(&mut self) {
        if self.letters.last().is_some_and(|last| !last.ends_with(' ')) {
            self.letters.push(" ");
        }
    }

    fn closed(self, is_from_the_right: bool) -> Option<Piece> {
        let text = scripts::as_read(&self.letters, is_from_the_right);
        let text = without_ligatures(text.trim());
        (!text.is_empty()).then_some(Piece {
            left: self.left,
            right: self.right,
            y: self.y,
            size: self.size,
            text,
        })
    }
}

fn without_ligatures(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ﬀ' => plain.push_str("ff"),
            'ﬁ' => plain.push_str("fi"),
            'ﬂ' => plain.push_str("fl"),
            'ﬃ' => plain.push_str("ffi"),
            'ﬄ' => plain.push_str("ffl"),
            'ﬅ' | 'ﬆ' => plain.push_str("st"),
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
    plain
}

/// Takes out lines at the edges of pages that say the same on many of them but for their numbers.
fn leave_out_running(sheets: &mut [Sheet]) -> usize {
    let shape = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_numeric() && !c.is_whitespace())
            .collect()
    };
    let is_at_edge =
        |piece: &Piece, height: f64| piece.y < height * 0.09 || piece.y > height * 0.92;
    let mut counts: HashMap<String, usize> = HashMap::new();
    for sheet in &*sheets {
        let edges = sheet.pieces.iter();
        for piece in edges.filter(|piece| is_at_edge(piece, sheet.height)) {
            *counts.entry(shape(&piece.text)).or_default() += 1;
        }
    }
    let least = (sheets.len() * 2 / 5).max(3);
    let is_running = |piece: &Piece, height: f64| {
        let is_number = piece
            .text
            .chars()
            .all(|c| c.is_numeric() || "-–—·|/ ".contains(c))
            && piece.text.len() < 12;
        let repeats = counts.get(&shape(&piece.text)).is_some_and(|n| *n >= least);
        is_at_edge(piece, height) && (repeats || is_number)
    };
    let is_all = sheets.iter().all(|sheet| {
        let mut pieces = sheet.pieces.iter();
        pieces.all(|piece| is_running(piece, sheet.height))
    });
    // What is all that there is, is the text.
    if is_all {
        return 0;
    }
    let mut left_out = 0;
    for sheet in sheets {
        let before = sheet.pieces.len();
        let height = sheet.height;
        sheet.pieces.retain(|piece| !is_running(piece, height));
        left_out += before - sheet.pieces.len();
    }
    left_out
}

/// The pieces of a page in reading order, a list for each stretch of a column. Columns are split
/// again as long as gutters are found: three columns are two and one.
fn columns(mut pieces: Vec<Piece>, page: &Sheet) -> Vec<Vec<Piece>> {
    pieces.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.left.total_cmp(&b.left)));
    let mut queue = vec![(pieces, 0)];
    let mut found = Vec::new();
    while let Some((pieces, depth)) = queue.pop() {
        let gutter = (depth < 3).then(|| gutter(&pieces, page)).flatten();
        let Some(gutter) = gutter else {
            found.push(joined_lines(pieces));
            continue;
        };
        let mut parts: Vec<Vec<Piece>> = Vec::new();
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let mut across = Vec::new();
        for piece in pieces {
            let is_across = piece.left < gutter && piece.right > gutter;
            if is_across && !(left.is_empty() && right.is_empty()) {
                parts.push(std::mem::take(&mut left));
                parts.push(std::mem::take(&mut right));
            } else if !is_across && !across.is_empty() {
                parts.push(std::mem::take(&mut across));
            }
            match (is_across, piece.right <= gutter) {
                (true, _) => across.push(piece),
                (false, true) => left.push(piece),
                (false, false) => right.push(piece),
            }
        }
        parts.extend([across, left, right]);
        parts.retain(|part| !part.is_empty());
        queue.extend(parts.into_iter().rev().map(|part| (part, depth + 1)));
    }
    found
}

/// Pieces of one column that stand on one line are one line.
fn joined_lines(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut lines: Vec<Piece> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(last)
                if (last.y - piece.y).abs() < piece.size * 0.3 && piece.left >= last.right =>
            {
                let between = if piece.left - last.right > piece.size * 3.0 {
                    "\t"
                } else {
                    " "
                };
                last.text.push_str(between);
                last.text.push_str(&piece.text);
                last.right = piece.right;
            }
            _ => lines.push(piece),
        }
    }
    lines
}

/// The middle of a stretch of the page that hardly any piece crosses, with lines on both sides that
/// stand beside each other.
fn gutter(pieces: &[Piece], page: &Sheet) -> Option<f64> {
    const STEPS: usize = 120;
    if pieces.len() < 10 {
        return None;
    }
    let left = pieces
        .iter()
        .map(|p| p.left)
        .fold(f64::INFINITY, f64::min)
        .max(0.0);
    let right = pieces
        .iter()
        .map(|p| p.right)
        .fold(0.0, f64::max)
        .min(page.width);
    let step = (right - left) / STEPS as f64;
    if step <= 0.0 {
        return None;
    }
    let mut best: Option<(usize, f64)> = None;
    let (mut run_start, mut run) = (0.0, 0_usize);
    for i in STEPS / 6..STEPS * 5 / 6 {
        let x = left + step * i as f64;
        let crossing = pieces.iter().filter(|p| p.left < x && p.right > x).count();
        if crossing * 6 <= pieces.len() {
            if run == 0 {
                run_start = x;
            }
            run += 1;
            let middle = run_start + step * (run as f64 - 1.0) / 2.0;
            if best.is_none_or(|(longest, _)| run > longest) {
                best = Some((run, middle));
            }
        } else {
            run = 0;
        }
    }
    let (_, x) = best?;
    let on = |side: bool| {
        pieces
            .iter()
            .filter(move |p| if side { p.right <= x } else { p.left >= x })
    };
    let chars = |side: bool| on(side).map(|p| p.text.chars().count()).sum::<usize>();
    // Both sides are prose, and stand beside each other: a list with numbers has no columns.
    let least = pieces.len() / 5;
    let is_prose =
        |side: bool| on(side).count() >= least.max(4) && chars(side) > 18 * on(side).count();
    let spans = |side: bool| {
        let top = on(side).map(|p| p.y).fold(f64::INFINITY, f64::min);
        let bottom = on(side).map(|p| p.y).fold(0.0, f64::max);
        (top, bottom)
    };
    let ((top_a, bottom_a), (top_b, bottom_b)) = (spans(true), spans(false));
    let overlap = bottom_a.min(bottom_b) - top_a.max(top_b);
    (is_prose(true) && is_prose(false) && overlap > 0.0).then_some(x)
}

/// Adds a column's lines to the paragraphs. A paragraph may go on from the column before.
fn add_column(paragraphs: &mut Vec<String>, last: &mut Option<Piece>, lines: &[Piece]) {
    let left = lines
        .iter()
        .map(|line| line.left)
        .fold(f64::INFINITY, f64::min);
    let right = lines.iter().map(|line| line.right).fold(0.0, f64::max);
    let mut gaps: Vec<f64> = lines
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] => Some(b.y - a.y),
            _ => None,
        })
        .filter(|gap| *gap > 0.0)
        .collect();
    gaps.sort_by(f64::total_cmp);
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(12.0);
    for (i, line) in lines.iter().enumerate() {
        let is_new = match last.as_ref() {
            None => true,
            Some(before) => {
                let ends = before.text.ends_with([
                    '.', '!', '?', ':', '”', '"', '»', '。', '！', '？', '؟', '۔',
                ]);
                let size_differs = (line.size - before.size).abs() > before.size * 0.12;
                let starts_small = line.text.starts_with(char::is_lowercase);
                match i {
                    // Across a column or a page only what is plainly unfinished goes on.
                    0 => {
                        size_differs
                            || (ends && !starts_small)
                            || !before
                                .text
                                .ends_with(|c: char| c.is_alphanumeric() || "-,;\u{AD}".contains(c))
                    }
                    _ => {
                        let gap = line.y - before.y;
                        let is_short = before.right < right - (right - left) * 0.15;
                        let is_indented = line.left > left + line.size * 0.8
                            && before.left <= left + line.size * 0.5;
                        let is_bullet = line.text.starts_with(['•', '–', '▪', '■', '●', '◦']);
                        size_differs
                            || is_bullet
                            || gap > usual * 1.45
                            || gap < 0.0
                            || (is_short && ends)
                            || (is_indented && (ends || is_short))
                            || (is_short && !starts_small)
                    }
                }
            }
        };
        match paragraphs.last_mut().filter(|_| !is_new) {
            Some(paragraph) => append(paragraph, &line.text),
            None => paragraphs.push(line.text.clone()),
        }
        *last = Some(line.clone());
    }
}

/// Puts a line behind another: hyphenated words are joined, scripts without spaces get none.
fn append(paragraph: &mut String, line: &str) {
    let starts_small = line.starts_with(char::is_lowercase);
    let before_hyphen = paragraph.strip_suffix(['-', '\u{AD}', '\u{2010}']);
    if let Some(head) =
        before_hyphen.filter(|head| starts_small && head.ends_with(char::is_alphabetic))
    {
        let length = head.len();
        // “non-” and the like keep their hyphen.
        let word = head
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default();
        let keeps = paragraph.ends_with('-')
            && matches!(
                word.to_lowercase().as_str(),
                "non" | "self" | "anti" | "co" | "ex" | "semi" | "well"
            );
        if !keeps {
            paragraph.truncate(length);
        }
        paragraph.push_str(line);
        return;
    }
    let is_unspaced = paragraph.ends_with(is_wide) && line.starts_with(is_wide);
    if !is_unspaced && !paragraph.ends_with([' ', '-', '–', '—', '/']) {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}
