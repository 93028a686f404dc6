//! Layouts by the rules of Unicode: the order of lines, what clicks hit, what is covered.

use super::composed::{Composed, Measure};
use super::{BlockLayout, Frame, MetricsKey, bidi};
use crate::core::text::segment::{is_grapheme_boundary, next_grapheme};
use crate::core::text::{ArticleText, BytePos, ByteRange, CharPos};
use crate::ui::article::blocks::{Block, Blocks, Kind};
use crate::ui::kit::letters::Words;
use crate::ui::theme;
use eframe::egui::text::TextFormat;
use eframe::egui::{Context, FontId, RawInput, Rect, vec2};
use proptest::prelude::*;
use serde_json::Value;

const ROW: f32 = 20.0;

/// With the bundled fonts, in a frame of its own: a failure leaves no other one behind.
fn in_frame(run: &mut dyn FnMut(&Context)) {
    let ctx = Context::default();
    theme::install_fonts(&ctx);
    let mut output = ctx.run_ui(RawInput::default(), |ui| run(ui.ctx()));
    output.textures_delta.clear();
}

fn set(ctx: &Context, text: &ArticleText, width: f32, breaks: Option<&[usize]>) -> Composed {
    let format = TextFormat {
        font_id: FontId::proportional(16.0),
        ..TextFormat::default()
    };
    let mut words = Words::default();
    words.begin(ctx);
    let measure = Measure {
        format: &format,
        width,
        row_height: ROW,
        gap: 0.0,
        is_rtl: bidi::is_rtl(text.as_str()),
        breaks,
        part: None,
    };
    Composed::set(ctx, &mut words, text, text.full_range(), &measure)
}

/// Where a row's clusters stand, as a file with paragraphs of a browser says it: `order` from left
/// to right, and of some also what clicks and selections give.
struct Oracle<'a> {
    text: &'a ArticleText,
    lines: &'a [Value],
}

impl Oracle<'_> {
    fn byte(&self, point: &Value) -> usize {
        let at = CharPos(point.as_u64().unwrap() as u32);
        self.text.byte_pos(at).unwrap().as_usize()
    }

    fn point(&self, at: BytePos) -> u64 {
        u64::from(self.text.char_pos(at).0)
    }
}

#[derive(Debug, Default)]
struct Found {
    lines: usize,
    same: usize,
    clicks: usize,
    hits: usize,
    selections: usize,
    covered: usize,
    wrong: Vec<String>,
}

fn compare(ctx: &Context, record: &Value, found: &mut Found) {
    let text = ArticleText::new(record["text"].as_str().unwrap().to_owned());
    let direction = if bidi::is_rtl(text.as_str()) {
        "rtl"
    } else {
        "ltr"
    };
    assert_eq!(record["direction"], direction, "{}", record["id"]);
    for (width, lines) in record["widths"].as_object().unwrap() {
        let lines = lines.as_array().unwrap();
        let oracle = Oracle { text: &text, lines };
        let breaks: Vec<usize> = lines
            .iter()
            .map(|line| oracle.byte(&line["start"]))
            .collect();
        let composed = set(ctx, &text, width.parse().unwrap_or(4e3), Some(&breaks));
        for (line, (start, seen)) in lines.iter().zip(composed.order()) {
            let hidden = line["hidden"].as_array().cloned().unwrap_or_default();
            let seen: Vec<Value> = seen
                .iter()
                .map(|at| Value::from(oracle.point(*at)))
                .collect();
            let seen: Vec<Value> = seen.into_iter().filter(|at| !hidden.contains(at)).collect();
            let is_same =
                oracle.point(start) == line["start"] && line["order"] == Value::from(seen.clone());
            found.lines += 1;
            found.same += usize::from(is_same);
            if !is_same {
                found
                    .wrong
                    .push(format!("{} at {width}: {seen:?}", record["id"]));
            }
        }
        let carets = &record["carets"][width.as_str()];
        if carets.is_object() {
            clicks(&oracle, &composed, &carets["clicks"], found);
            selections(&oracle, &composed, &carets["selections"], found);
        }
    }
}

fn clicks(oracle: &Oracle<'_>, composed: &Composed, clicks: &Value, found: &mut Found) {
    for (line, clicks) in oracle.lines.iter().zip(clicks.as_array().unwrap()) {
        let order = line["order"].as_array().unwrap();
        let goes = |place: usize| {
            let start = BytePos(oracle.byte(order.get(place)?) as u32);
            Some(composed.is_rtl_at(start, false))
        };
        for (place, (cluster, click)) in order.iter().zip(clicks.as_array().unwrap()).enumerate() {
            // Of a run of one cluster both sides are seams. The hyphen of a broken word has one place.
            let beside = [place.checked_sub(1).and_then(goes), goes(place + 1)];
            let is_alone = beside.iter().flatten().all(|way| Some(*way) != goes(place));
            let is_hyphen = click[0] == click[1];
            let start = BytePos(oracle.byte(cluster) as u32);
            let end = next_grapheme(oracle.text, start);
            let here = composed.place(start);
            if click.is_null() {
                continue;
            }
            assert!(
                here.width() > 0.0,
                "{start:?} in {:?}",
                oracle.text.as_str()
            );
            let quarter = here.width() / 4.0;
            let points = [here.left() + quarter, here.right() - quarter];
            for (n, x) in points.into_iter().enumerate() {
                let (hit, before) = composed.spot_at(vec2(x, here.center().y));
                let caret = if before {
                    composed.end_rect(hit)
                } else {
                    composed.caret_rect(hit)
                };
                let side = if n == 0 { here.left() } else { here.right() };
                let is_plain = (hit == start || hit == end)
                    && (caret.left() - side.clamp(0.0, composed.width())).abs() < 0.05;
                let expected = click[n].as_u64().unwrap();
                // The other end of a run is drawn at the same place.
                let other = BytePos(oracle.byte(&click[n]) as u32);
                let is_there = |rect: Rect| (rect.left() - caret.left()).abs() < 0.05;
                let is_seam = ![start, end].contains(&other)
                    || is_there(composed.caret_rect(other))
                    || is_there(composed.end_rect(other));
                let is_same = oracle.point(hit) == expected;
                let is_hit = is_plain && (is_same || is_seam || is_alone || is_hyphen);
                found.clicks += 1;
                found.hits += usize::from(is_hit);
                if !is_hit {
                    found.wrong.push(format!(
                        "click {click} {n} at {start:?} got {hit:?} {before} {here:?} in {:?}",
                        oracle.text.as_str()
                    ));
                }
            }
        }
    }
}

fn selections(oracle: &Oracle<'_>, composed: &Composed, selections: &Value, found: &mut Found) {
    for selection in selections.as_array().unwrap() {
        let (from, to) = (&selection["range"][0], &selection["range"][1]);
        let range = ByteRange::new(
            BytePos(oracle.byte(from) as u32),
            BytePos(oracle.byte(to) as u32),
        );
        let mut rects = Vec::new();
        composed.rects(range, &mut rects);
        for line in selection["lines"].as_array().unwrap() {
            let number = line["line"].as_u64().unwrap() as usize;
            let order = oracle.lines[number]["order"].as_array().unwrap();
            let top = number as f32 * ROW;
            let here: Vec<&Rect> = rects.iter().filter(|rect| rect.top() == top).collect();
            // A cluster is covered when its middle is; white space at the end of a line never is.
            let at = |cluster: &Value| composed.place(BytePos(oracle.byte(cluster) as u32));
            let is_seen = |cluster: &Value| at(cluster).width() > 0.0;
            let covered = order.iter().map(|cluster| {
                let middle = at(cluster).center().x;
                here.iter()
                    .any(|rect| rect.left() < middle && middle < rect.right())
            });
            let covered: Vec<bool> = covered.collect();
            let runs: Vec<(usize, usize)> = line["runs"]
                .as_array()
                .unwrap()
                .iter()
                .map(|run| {
                    (
                        run[0].as_u64().unwrap() as usize,
                        run[1].as_u64().unwrap() as usize,
                    )
                })
                .collect();
            let end = oracle
                .lines
                .get(number + 1)
                .map(|line| oracle.byte(&line["start"]));
            let is_hung = |cluster: &Value| {
                end.is_some_and(|end| {
                    let start = oracle.byte(cluster);
                    oracle
                        .text
                        .as_str()
                        .get(start..end)
                        .unwrap()
                        .trim()
                        .is_empty()
                })
            };
            let is_same = order
                .iter()
                .zip(&covered)
                .enumerate()
                .all(|(n, (cluster, covered))| {
                    let expected = runs.iter().any(|(from, to)| (*from..*to).contains(&n));
                    expected == *covered || is_hung(cluster) || !is_seen(cluster)
                });
            found.selections += 1;
            found.covered += usize::from(is_same);
            if !is_same {
                found.wrong.push(format!(
                    "{range:?} in line {number}: {covered:?}, not {runs:?}"
                ));
            }
        }
    }
}

fn compare_all(records: &str) -> Found {
    let mut found = Found::default();
    in_frame(&mut |ctx| {
        found = Found::default();
        for record in records.lines() {
            compare(ctx, &serde_json::from_str(record).unwrap(), &mut found);
        }
    });
    found
}

/// Paragraphs of our own as Chromium lays them out.
#[test]
fn lines_are_in_the_order_of_browsers() {
    let found = compare_all(include_str!("../../../../tests/data/bidi/paragraphs.jsonl"));
    assert!(
        found.wrong.is_empty(),
        "{:#?}",
        &found.wrong[..found.wrong.len().min(20)]
    );
    assert!(
        found.lines > 100 && found.clicks > 500 && found.selections > 50,
        "{found:?}"
    );
}

#[test]
fn lines_clicks_and_selections_are_those_of_the_shared_paragraphs() {
    const MORE: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/bidi/paragraphs-auto.jsonl"
    );
    let Ok(records) = std::fs::read_to_string(MORE) else {
        eprintln!("skipped: {MORE} is not there");
        return;
    };
    let found = compare_all(&records);
    println!(
        "{} of {} lines, {} of {} clicks, {} of {} parts of selections",
        found.same, found.lines, found.hits, found.clicks, found.covered, found.selections
    );
    assert!(
        found.wrong.is_empty(),
        "{:#?}",
        &found.wrong[..found.wrong.len().min(20)]
    );
    assert!(
        found.lines > 1_300 && found.clicks > 12_000 && found.selections > 250,
        "{found:?}"
    );
}

const CORPUS: &[&str] = &[
    "قال الوزير «لن ترفع الضرائب» يوم الثلاثاء، وأضاف: الله أكبر لا إله إلا الله (2023) Yahoo! 100%.",
    "אמר השר: ״לא נעלה מסים״ בְּרֵאשִׁית בָּרָא — 3.5% (London) 12:30.",
    "He told them “שלום לכם” and “مرحبا بكم، 25 درهما” on 12 May.",
    "प्रधानमंत्री ने कहा कि यह एक बड़ा दिन है। क्षत्रिय, हिन्दी",
    "นายกรัฐมนตรีกล่าวว่าวันนี้เป็นวันที่ดีมากสำหรับประชาชนทุกคนในประเทศ",
    "首相は「交渉は来週行われる」と述べた。中国人民银行宣布，將於下週一開始。",
    "대통령은 “협상이 열릴 것”이라고 말했다.",
    "ລາວ ភាសាខ្មែរ မြန်မာဘာသာ",
    "a\u{301}\u{301}e\u{200b}x\u{feff}y \u{202e}abc אב\u{202c} tab\tאב\t12 \u{2067}אב one\u{2069}!",
    "👨🏻‍🚒 א 🤦🏼‍♂️ ❣️ 🇩🇪🇫🇷 ب",
    "کتاب‌ها ۱۲۳٬۴۵۶ و ۵۰٪ می‌شود؛ آیا؟",
    "\u{200f}\u{200f} ",
    "א\u{2028}b\u{c}ג",
    "",
];

/// From every position to its caret and back, and over all ranges.
fn check(text: &str, width: f32) {
    let text = ArticleText::new(text.to_owned());
    in_frame(&mut |ctx| {
        let composed = set(ctx, &text, width, None);
        let mut stops = vec![BytePos(0)];
        while let Some(&last) = stops.last().filter(|last| **last < text.end()) {
            stops.push(next_grapheme(&text, last));
        }
        for &at in &stops {
            for before in [false, true] {
                let caret = if before {
                    composed.end_rect(at)
                } else {
                    composed.caret_rect(at)
                };
                assert!(caret.is_finite() && caret.left() >= 0.0 && caret.left() <= width + 0.01);
                // A little into the cluster that it belongs to.
                let owner = composed.owner(at, before);
                // The end of a line that goes on lies before its space.
                let is_space = composed.owner_text(&text, at, before).trim().is_empty();
                if owner.width() < 0.5 || owner.left() < 0.0 || owner.right() > width || is_space {
                    continue;
                }
                let x = caret.left() + (owner.center().x - caret.left()).signum() * 0.1;
                let hit = composed.spot_at(vec2(x, caret.center().y));
                let back = if hit.1 {
                    composed.end_rect(hit.0)
                } else {
                    composed.caret_rect(hit.0)
                };
                assert!(
                    hit.0 == at || (back.left() - caret.left()).abs() < 0.01,
                    "{:?}: {at:?} {before} at {caret:?} is hit as {hit:?}",
                    text.as_str()
                );
            }
        }
        for x in [-10.0, 0.0, width / 3.0, width, width * 2.0] {
            for y in [-10.0, 5.0, 25.0, 1e6] {
                let hit = composed.caret_at(vec2(x, y));
                assert!(hit <= text.end() && is_grapheme_boundary(&text, hit));
            }
        }
        union_holds(&composed, &text, &stops);
        // What two ranges that touch cover, the range of both covers.
        let covered = |from: BytePos, to: BytePos| {
            let mut rects = Vec::new();
            composed.rects(ByteRange::new(from, to), &mut rects);
            rects
        };
        let (first, last) = (BytePos(0), text.end());
        let whole = covered(first, last);
        for &at in stops.iter().step_by(3) {
            let mut parts = covered(first, at);
            parts.extend(covered(at, last));
            let area = |rects: &[Rect]| rects.iter().map(|r| f64::from(r.width())).sum::<f64>();
            assert!(
                (area(&whole) - area(&parts)).abs() < 0.1,
                "{:?} at {at:?}",
                text.as_str()
            );
            for rect in &whole {
                let middle = |part: &&Rect| rect.expand(0.01).contains_rect(**part);
                let inside = parts.iter().filter(middle).copied().collect::<Vec<_>>();
                assert!((area(&inside) - f64::from(rect.width())).abs() < 0.1);
            }
        }
        // Steps go through all that is seen, from one side to the other, and end.
        for to_right in [false, true] {
            let start = if to_right == composed.is_rtl() {
                last
            } else {
                first
            };
            let mut spot = (start, start == last);
            let mut steps = 0;
            while let Some(next) = composed.step(spot.0, spot.1, to_right) {
                assert!(is_grapheme_boundary(&text, next.0) && next.0 <= last);
                spot = next;
                steps += 1;
                assert!(
                    steps <= 3 * stops.len() + 3,
                    "{:?} goes round",
                    text.as_str()
                );
            }
        }
    });
}

/// What two ranges that touch cover is what the range of both does, wherever the three positions are.
fn union_holds(laid: &dyn BlockLayout, text: &ArticleText, stops: &[BytePos]) {
    let area = |from: BytePos, to: BytePos| {
        let mut rects = Vec::new();
        laid.rects(ByteRange::new(from, to), &mut rects);
        let widths = rects.iter().map(|rect| f64::from(rect.width()));
        (widths.sum::<f64>(), rects)
    };
    // Steps that are prime to each other: all sorts of triples, and not all of them.
    let count = stops.len();
    for n in 0..count.min(40) {
        let mut three = [n * 7 % count, n * 13 % count, n * 29 % count].map(|at| stops[at]);
        three.sort_unstable();
        let [a, b, c] = three;
        let (whole, rects) = area(a, c);
        let (first, second) = (area(a, b), area(b, c));
        let text = text.as_str();
        // A row's last space is of no width, but where it ends a range.
        assert!(
            (whole - first.0 - second.0).abs() < 0.1,
            "{text:?}: {a:?} {b:?} {c:?}"
        );
        for part in first.1.iter().chain(&second.1) {
            let is_in = |rect: &Rect| rect.expand(0.05).contains_rect(*part);
            assert!(rects.iter().any(is_in), "{text:?}: {a:?} {b:?} {c:?}");
        }
    }
}

/// The same of a block as the view lays it out, whichever way that is.
fn check_block(text: &str, width: f32) {
    let text = ArticleText::new(text.to_owned());
    let metrics = MetricsKey {
        width,
        size: 16.0,
        spacing: 1.5,
        pixels_per_point: 1.0,
        ..MetricsKey::default()
    };
    let ctx = Context::default();
    theme::install_fonts(&ctx);
    let mut output = ctx.run_ui(RawInput::default(), |ui| {
        let mut frame = Frame::default();
        frame.begin(ui.ctx());
        let block = Block::of_all(&text);
        let laid = frame.layout(ui, &text, &metrics, (block, None), &[]);
        let mut stops = vec![BytePos(0)];
        while let Some(&last) = stops.last().filter(|last| **last < text.end()) {
            stops.push(next_grapheme(&text, last));
        }
        union_holds(&*laid, &text, &stops);
        for &at in &stops {
            for before in [false, true] {
                let caret = if before {
                    laid.end_rect(at)
                } else {
                    laid.caret_rect(at)
                };
                assert!(caret.is_finite() && caret.left() >= 0.0);
                let (hit, is_end) = laid.spot_at(vec2(caret.left(), caret.center().y));
                let back = [laid.caret_rect(hit), laid.end_rect(hit)];
                let is_there = |rect: &Rect| (rect.left() - caret.left()).abs() < 0.01;
                // White space at the end of a row goes on beyond it, and is met at its beginning.
                let is_over = {
                    let next = stops.iter().find(|stop| **stop > hit).copied();
                    let next = next.unwrap_or(text.end());
                    text.slice(ByteRange::new(hit, next)).trim().is_empty()
                };
                assert!(
                    hit == at || back.iter().any(is_there) || is_over,
                    "{:?}: {at:?} {before} is met as {hit:?} {is_end}",
                    text.as_str()
                );
            }
        }
        for x in [-10.0, 0.0, width / 3.0, width, width * 2.0] {
            for y in [-10.0, 5.0, 25.0, 1e6] {
                let hit = laid.caret_at(vec2(x, y));
                assert!(hit <= text.end() && is_grapheme_boundary(&text, hit));
            }
        }
    });
    output.textures_delta.clear();
}

#[test]
fn carets_and_ranges_hold_in_every_block() {
    let plain = [
        "“naïve” Việt Nam – Ελλάδα, Москва, e\u{301}a\u{323}\u{302} said: 12 of the 30 towns.",
        "🇩🇪🇫🇷 ok 👍🏽 and ❤\u{fe0f} x",
        "one\ttwo three\u{ad}four",
    ];
    for text in CORPUS.iter().chain(&plain) {
        for width in [60.0, 200.0, 700.0] {
            check_block(text, width);
        }
    }
}

#[test]
fn carets_and_ranges_hold_in_every_script() {
    for text in CORPUS {
        for width in [60.0, 200.0, 700.0] {
            check(text, width);
        }
    }
}

/// The same of real articles, in every language of them.
#[test]
fn carets_and_ranges_hold_in_real_articles() {
    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/articles");
    let Ok(files) = std::fs::read_dir(FOLDER) else {
        eprintln!("skipped: {FOLDER} is not there");
        return;
    };
    let files = files.map(|file| file.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.is_file()).collect();
    files.sort();
    let mut count = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let paragraphs = text.lines().filter(|line| !line.is_empty());
        for (n, paragraph) in paragraphs.enumerate() {
            let width = [90.0, 300.0, 700.0][n % 3];
            check(paragraph, width);
            check_block(paragraph, width);
            count += 1;
        }
    }
    println!("{count} paragraphs");
    assert!(count > 250, "{count}");
}

/// A tab goes to the next stop, eight spaces apart from where its line begins, from whichever side.
#[test]
fn tabs_go_to_stops() {
    in_frame(&mut |ctx| {
        let format = TextFormat {
            font_id: FontId::proportional(16.0),
            ..TextFormat::default()
        };
        let apart = 8.0 * ctx.fonts_mut(|fonts| fonts.glyph_width(&format.font_id, ' '));
        // What stands behind the tabs of each line, by how many stops from where the line begins.
        for (text, width, breaks, places) in [
            ("a\tb", 4e3, &[][..], &[("b", 1)][..]),
            ("\ta\t\tb", 4e3, &[], &[("a", 1), ("b", 3)]),
            ("12345678901\tb\tc", 4e3, &[], &[("b", 4), ("c", 5)]),
            ("אב\tג\tabc\tד", 4e3, &[], &[("ג", 1), ("ד", 3)]),
            ("ab ab\tx\ty", 4e3, &[3], &[("x", 1), ("y", 2)]),
            // Where a line is broken, stops count anew from its beginning.
            ("one two\tx", 2.0 * apart - 1.0, &[], &[("x", 0)]),
            (
                "onetwothree fourfive\tx\ty",
                4.0 * apart - 1.0,
                &[],
                &[("x", 2), ("y", 3)],
            ),
        ] {
            let source = ArticleText::new(text.to_owned());
            let breaks = (!breaks.is_empty()).then_some(breaks);
            let composed = set(ctx, &source, width, breaks);
            for (what, stops) in places {
                let at = BytePos(text.rfind(what).unwrap() as u32);
                let place = composed.place(at);
                let found = if composed.is_rtl() {
                    width - place.right()
                } else {
                    place.left()
                };
                let expected = apart * *stops as f32;
                assert!(
                    (found - expected).abs() < 0.01,
                    "{text:?}: {what} at {found}, not {expected}"
                );
            }
        }
    });
}

/// What is painted stands where what was set says, from left to right.
#[test]
fn what_is_painted_is_in_its_order() {
    in_frame(&mut |ctx| {
        for (text, painted) in [
            (
                "אמר: ״לא״ (12–14) ב-Reuters!",
                "!Reuters-ב (14–12) ״אל״ :רמא",
            ),
            ("see «אב, גד» 1,5 (הו)", "see «(וה) 1,5 «דג ,בא"),
            ("אב «Yahoo!» [ג]", "[ג] «!Yahoo» בא"),
            ("سعر ١٢٫٥ و ۱۲۳ في ٪", "٪ يف ۱۲۳ و ١٢٫٥ رعس"),
        ] {
            let text = ArticleText::new(text.to_owned());
            let composed = set(ctx, &text, 4e3, None);
            let galley = composed.painted().unwrap();
            let lefts: Vec<f32> = galley.rows.iter().map(|row| row.pos.x).collect();
            assert!(lefts.is_sorted(), "{painted}: {lefts:?}");
            let glyphs = galley.rows.iter().flat_map(|row| &row.glyphs);
            let seen: String = glyphs
                .filter(|glyph| glyph.advance_width > 0.0)
                .map(|glyph| glyph.chr)
                .collect();
            assert_eq!(seen, painted);
            let clusters = composed.order().flat_map(|(_, seen)| seen);
            let widths: f32 = clusters.map(|at| composed.place(at).width()).sum();
            // Words stand at whole pixels.
            let right = galley.rows.iter().map(|row| row.pos.x + row.size.x);
            let right = right.fold(0.0, f32::max);
            let left = lefts.first().copied().unwrap_or_default();
            assert!(
                (right - left - widths).abs() < 1.01,
                "{left} {right} {widths}"
            );
            let sizes: f32 = galley.rows.iter().map(|row| row.size.x).sum();
            assert!((sizes - widths).abs() < 0.5);
        }
    });
}

/// No word is wider than a line that has room for it, and every line begins where it may.
#[test]
fn lines_are_broken_by_the_rules() {
    in_frame(&mut |ctx| {
        for (text, lines) in [
            ("นายกรัฐมนตรี กล่าวว่า", &["นายกรัฐมนตรี ", "กล่าวว่า"][..]),
            ("אב גד\u{c}הו", &["אב גד\u{c}", "הו"]),
        ] {
            let text = ArticleText::new(text.to_owned());
            let composed = set(ctx, &text, 120.0, None);
            let starts: Vec<BytePos> = composed.order().map(|(start, _)| start).collect();
            let ends = starts.iter().skip(1).copied().chain([text.end()]);
            let found: Vec<&str> = starts
                .iter()
                .zip(ends)
                .map(|(from, to)| text.slice(ByteRange::new(*from, to)))
                .collect();
            assert_eq!(found, lines);
        }
    });
}

/// The space at which a line ends needs no room in it.
#[test]
fn a_line_is_as_full_as_its_words() {
    in_frame(&mut |ctx| {
        for (text, fits) in [("אב גד הו", "אב גד "), ("see גד ab ef", "see גד ab ")] {
            let source = ArticleText::new(text.to_owned());
            let whole = set(ctx, &source, 4e3, None);
            let words = fits.trim_end().char_indices();
            let widths = words.map(|(at, _)| whole.place(BytePos(at as u32)));
            let mut wide = widths.filter(|place| place.width() > 0.0);
            let first = wide.next().unwrap();
            let all = wide.fold(first, Rect::union);
            let composed = set(ctx, &source, all.width() + 1.0, None);
            let starts: Vec<BytePos> = composed.order().map(|(start, _)| start).collect();
            assert_eq!(starts, [BytePos(0), BytePos(fits.len() as u32)], "{text}");
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn carets_and_ranges_hold_in_random_text(
        s in "(\\PC|[a-z .,()]|[\u{5d0}-\u{5ea}\u{5b0}-\u{5c7}]|[\u{620}-\u{652}\u{660}-\u{669}\u{6f0}-\u{6f9}]|لا|[ก-๙]|[\u{915}-\u{94d}]|[\u{202a}-\u{202e}\u{2066}-\u{2069}\u{200b}-\u{200f}\t]|👨🏻‍🚒|漢){0,60}",
        width in 20f32..400.0,
    ) {
        check(&s.replace('\n', " "), width);
    }

    /// Letters of every script that the corpora have, and of some that they lack.
    #[test]
    fn carets_and_ranges_hold_in_random_blocks(
        s in "([a-zäéß .,“”]|[α-ωά]|[а-яёії]|[ա-ֆ]|[ა-ჰ]|[א-ת\u{5b0}-\u{5bc}]|[ء-ي\u{64b}-\u{652}]|[ܐ-ܬ]|[ހ-ޱ]|[अ-ह\u{93e}-\u{94d}]|[অ-হ\u{9be}-\u{9cd}]|[ਅ-ਹ]|[અ-હ]|[அ-ஹ\u{bbe}-\u{bcd}]|[అ-హ]|[ಅ-ಹ]|[അ-ഹ]|[ก-ฺเ-๎]|[ກ-ຮ]|[ក-អ\u{17b6}-\u{17d2}]|[က-အ\u{102b}-\u{103e}]|[ༀ-ཀ\u{f71}-\u{f84}]|[ሀ-ቐ]|[ぁ-ん]|[ァ-ン]|[一-丐]|[가-갛]|[\u{1100}-\u{1112}\u{1161}-\u{1175}]|[᠀-ᡂ]|[𞤀-𞤥]|[𐤀-𐤕]|👍🏽|🇩🇪|\u{200d}|\u{fe0f}|\u{301}){0,50}",
        width in 30f32..400.0,
    ) {
        check_block(&s, width);
    }
}

/// The lines of a text, by where they begin, as the blocks of the view have them. Those of `first` are
/// asked for before all others, as after a jump.
fn lines_in_blocks(text: &ArticleText, width: f32, first: &[usize]) -> (Vec<BytePos>, usize) {
    let metrics = MetricsKey {
        width,
        size: 16.0,
        spacing: 1.5,
        pixels_per_point: 1.0,
        ..MetricsKey::default()
    };
    let mut starts = Vec::new();
    let mut most = 0;
    let ctx = Context::default();
    theme::install_fonts(&ctx);
    let mut output = ctx.run_ui(RawInput::default(), |ui| {
        let mut blocks = Blocks::of(text, "");
        let mut frame = Frame::default();
        frame.begin(ui.ctx());
        starts.clear();
        let all: Vec<usize> = (0..blocks.len()).collect();
        // Sections that were seen first may change when those before them are seen.
        for &index in first.iter().chain(&all).chain(&all) {
            while let Some((index, section)) = blocks.unsettled(index) {
                most = most.max(section.range.len());
                let settled = frame.settle(ui.ctx(), text, &metrics, section);
                blocks.settle(index, settled);
            }
        }
        let mut at = 0;
        for index in 0..blocks.len() {
            let block = *blocks.get(index).unwrap();
            assert_eq!(block.start().0, at, "blocks lie side by side");
            at = block.range().end.0;
            let settled = blocks.settled(index);
            let laid = frame.layout(ui, text, &metrics, (block, settled), &[]);
            assert!(laid.rows().is_empty() || !block.range().is_empty());
            for (top, bottom) in laid.rows() {
                let middle = f32::midpoint(top, bottom);
                let (at, before) = laid.spot_at(vec2(width / 2.0, middle));
                starts.push(laid.row_edge(at, before, false).0);
            }
        }
        assert_eq!(at as usize, text.len_bytes());
    });
    output.textures_delta.clear();
    (starts, most)
}

/// However long a paragraph is, its lines are broken where they are full, and nowhere else; what is
/// looked at at once is bounded.
#[test]
fn a_long_paragraph_has_no_false_break() {
    let latin = "The minister said on Monday that the budget would not be enough for a town; ";
    let arabic = "قال الوزير لصحيفة Daily Herald إن الميزانية لا تكفي المدينة، ";
    let thai = "นายกรัฐมนตรีกล่าวว่าวันนี้เป็นวันที่ดีมากสำหรับประชาชนทุกคนในประเทศ";
    let unbroken = "abcdefghij";
    let sentences = "He came. She saw it all. It was over. ";
    for (part, times) in [
        (latin, 1_000),
        (arabic, 700),
        (thai, 350),
        (unbroken, 5_000),
        (sentences, 1_500),
        ("👩‍👩‍👧‍👦🏳️‍🌈", 1_200),
    ] {
        let text = ArticleText::new(part.repeat(times));
        assert!(text.len_bytes() > 14_000);
        let (lines, most) = lines_in_blocks(&text, 480.0, &[]);
        assert!(most <= 40_000, "{most} bytes at once");
        let mut whole = Vec::new();
        in_frame(&mut |ctx| {
            let format = super::format_of(
                &MetricsKey {
                    size: 16.0,
                    spacing: 1.5,
                    ..MetricsKey::default()
                },
                Kind::Text,
            );
            let measure = Measure {
                format: &format,
                width: 480.0,
                row_height: ROW,
                gap: 0.0,
                is_rtl: bidi::is_rtl(text.as_str()),
                breaks: None,
                part: None,
            };
            let composed = Composed::set(
                ctx,
                &mut Words::default(),
                &text,
                text.full_range(),
                &measure,
            );
            whole = composed.order().map(|(start, _)| start).collect();
        });
        assert!(
            lines == whole,
            "{part}: {} and {} lines",
            lines.len(),
            whole.len()
        );
        // From the middle and the end first.
        let last = Blocks::of(&text, "").len() - 1;
        let (lines, _) = lines_in_blocks(&text, 480.0, &[last, last / 2, last / 3]);
        assert!(lines == whole, "{part} from its end: {}", lines.len());
    }
}

/// One grapheme is one step, and nothing that is pointed at or marked splits one.
#[test]
fn hard_sequences_are_not_split() {
    let many = format!("x{}", "\u{301}\u{323}".repeat(12));
    let long = "Donaudampfschifffahrtsgesellschaftskapitän".repeat(8);
    for (name, text, count) in [
        ("Vietnamese", "Tiê\u{301}ng Viê\u{323}t nă\u{306}m", 14),
        ("composed Vietnamese", "Tiếng Việt năm", 14),
        ("a stack of marks", &*many, 1),
        ("marks in a word", "a\u{301}\u{327}b\u{20dd}c", 3),
        ("flags", "🇩🇪🇫🇷 🇻🇳", 4),
        ("a half flag", "🇩🇪🇫 x", 4),
        ("a family", "a👩‍👩‍👧‍👦b", 3),
        ("tones of skin", "👍🏽👍🏿!", 3),
        ("a joined profession", "👨🏻‍🚒👩🏾‍🔬", 2),
        ("a rainbow flag", "🏳️‍🌈.", 2),
        (
            "variation selectors",
            "❤\u{fe0f}❤\u{fe0e}1\u{fe0f}\u{20e3}",
            3,
        ),
        (
            "tag letters",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}z",
            2,
        ),
        ("Devanagari conjuncts", "क्षत्रिय हिन्दी", 6),
        ("Bengali", "বাংলা ক্ষমা", 5),
        ("Tamil", "தமிழ் நாடு", 6),
        ("Thai with marks", "น้ำที่", 2),
        ("Burmese", "မြန်မာ", 4),
        ("Hangul letters", "\u{1112}\u{1161}\u{11ab}글", 2),
        ("pointed Hebrew", "בְּרֵאשִׁית", 6),
        ("voweled Arabic", "مُحَمَّدٌ لا", 7),
        ("Persian with joiners", "کتاب\u{200c}ها می\u{200c}شود", 12),
        ("tabs", "a\tb\t\tc", 6),
        ("tabs in Arabic", "اب\tج", 4),
        ("a form feed", "a\u{c}b", 3),
        ("a vertical tab", "a\u{b}b", 3),
        ("soft hyphens", "super\u{ad}cali\u{ad}x", 12),
        ("no width", "a\u{200b}b\u{2060}c\u{feff}d", 7),
        ("a joiner alone", "a\u{200d}b", 2),
        (
            "marks of direction",
            "a\u{200f}b\u{202e}c\u{202c}\u{2067}ד\u{2069}",
            9,
        ),
        ("a mark at the beginning", "\u{301}a", 2),
        ("a very long word", &long, 42 * 8),
        ("ideographs with selectors", "葛\u{e0100}城", 2),
    ] {
        let source = ArticleText::new(text.to_owned());
        let range = source.full_range();
        let mut stops = vec![range.start];
        while let Some(&last) = stops.last().filter(|last| **last < range.end) {
            stops.push(next_grapheme(&source, last));
        }
        assert_eq!(stops.len() - 1, count, "{name}: graphemes");
        let metrics = MetricsKey {
            width: 300.0,
            size: 16.0,
            spacing: 1.5,
            pixels_per_point: 1.0,
            ..MetricsKey::default()
        };
        for given in [None, Some(true), Some(false)] {
            let metrics = MetricsKey { given, ..metrics };
            let ctx = Context::default();
            theme::install_fonts(&ctx);
            let mut output = ctx.run_ui(RawInput::default(), |ui| {
                // All of it in one block, returns too.
                let block = Block::of_all(&source);
                let mut frame = Frame::default();
                frame.begin(ui.ctx());
                let laid = frame.layout(ui, &source, &metrics, (block, None), &[]);
                for (top, bottom) in laid.rows() {
                    let y = f32::midpoint(top, bottom);
                    for x in 0..600 {
                        let hit = laid.caret_at(vec2(x as f32 / 2.0, y));
                        assert!(stops.contains(&hit), "{name}: {hit:?} at {x}");
                    }
                }
                // Each stands in one piece.
                let mut last = range.start;
                for pair in stops.windows(2) {
                    let (start, end) = (pair[0], pair[1]);
                    let mut whole = Vec::new();
                    laid.rects(ByteRange::new(start, end), &mut whole);
                    assert!(whole.len() <= 1, "{name}: {whole:?}");
                    // A step in the order of reading leads to the next.
                    assert_eq!(next_grapheme(&source, last), end, "{name}");
                    last = end;
                    let caret = laid.caret_rect(start);
                    assert!(caret.is_finite() && caret.height() > 0.0, "{name}");
                }
            });
            output.textures_delta.clear();
        }
    }
}

/// A word that is broken at a soft hyphen shows one there, and at no other.
#[test]
fn a_soft_hyphen_is_seen_where_a_line_ends() {
    in_frame(&mut |ctx| {
        let word = "super\u{ad}cali\u{ad}fragi\u{ad}listic\u{ad}expi\u{ad}ali\u{ad}docious";
        let text = ArticleText::new(format!("אב ג {word} of it {word}"));
        for width in [90.0, 150.0, 260.0] {
            let composed = set(ctx, &text, width, None);
            let starts: Vec<BytePos> = composed.order().map(|(start, _)| start).collect();
            let ends_soft = |start: &&BytePos| {
                let before = text.as_str().get(..start.as_usize()).unwrap();
                before.ends_with('\u{ad}')
            };
            let soft = starts.iter().filter(ends_soft).count();
            let galley = composed.painted().unwrap();
            let hyphens = galley.rows.iter().flat_map(|row| {
                let glyphs = row.glyphs.iter();
                glyphs.map(|glyph| (glyph.chr, row.pos.x + glyph.pos.x + glyph.advance_width))
            });
            let hyphens: Vec<f32> = hyphens.filter(|(c, _)| *c == '-').map(|(_, x)| x).collect();
            assert!(
                soft > 0 && hyphens.len() == soft,
                "{width}: {soft}, {hyphens:?}"
            );
            assert!(
                hyphens.iter().all(|right| *right <= width + 1.0),
                "{width}: {hyphens:?}"
            );
        }
    });
}
