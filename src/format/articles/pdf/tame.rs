//! PDFs made safe for their reader, which unpacks streams to any size, follows ranges of characters
//! to any end, draws forms in forms as often as they say, and takes pictures for text.
//!
//! What is too large is emptied and told, so that the rest of the document keeps its text. Knows
//! nothing of layout.

use super::entry;
use crate::format::reading::Refusal;
use flate2::read::{DeflateDecoder, ZlibDecoder};
use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read, Write};
use std::ops::Range;

/// The most that one stream unpacks to, and all of them together.
const MAX_STREAM_BYTES: usize = 32 << 20;
const MAX_ALL_BYTES: usize = 256 << 20;
/// What is kept of a page that unpacks to more than a stream may: its start.
const START_BYTES: usize = 512 << 10;
/// The most words, numbers and operators, of a page: each is an object of its own to the reader.
const MAX_WORDS: usize = 2_000_000;
/// The most that is drawn for a page and for all of them, forms as often as they are drawn.
const MAX_PAGE_DRAWN: u64 = 64 << 20;
const MAX_DRAWN: u64 = 512 << 20;
/// The most characters that a range stands for, and that all ranges of a list do.
const MAX_RANGE: i64 = 0x1_0000;
const MAX_RANGES: i64 = 0x10_0000;
/// The most filters that a stream goes through.
const MAX_FILTERS: usize = 8;
/// The widest field of a table of objects.
const MAX_FIELD: i64 = 16;

/// A place to unpack to that has an end.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.limit {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// It unpacks to more than it may; with how it begins.
#[derive(Debug, PartialEq, Eq)]
struct TooLarge(Vec<u8>);

impl TooLarge {
    fn at(bytes: &[u8]) -> Self {
        Self(bytes.get(..START_BYTES).unwrap_or(bytes).to_vec())
    }
}

/// What a stream unpacks to, as the reader unpacks it: damaged as far as it goes.
fn unpacked(packed: &[u8], filters: &[&[u8]], limit: usize) -> Result<Vec<u8>, TooLarge> {
    if filters.len() > MAX_FILTERS {
        return Err(TooLarge(Vec::new()));
    }
    let mut bytes = packed.to_vec();
    for (at, filter) in filters.iter().enumerate() {
        // What is in between is no start of what it becomes.
        let is_last = at + 1 == filters.len();
        let start = |bytes: &[u8]| {
            if is_last {
                TooLarge::at(bytes)
            } else {
                TooLarge(Vec::new())
            }
        };
        bytes = match *filter {
            b"FlateDecode" | b"Fl" => {
                let bytes = inflated(&bytes, limit);
                if bytes.len() > limit {
                    return Err(start(&bytes));
                }
                bytes
            }
            b"LZWDecode" | b"LZW" => {
                let mut out = Bounded {
                    bytes: Vec::new(),
                    limit,
                };
                let order = weezl::BitOrder::Msb;
                let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(order, 8);
                let status = decoder
                    .into_stream(&mut out)
                    .decode_all(bytes.as_slice())
                    .status;
                match status {
                    Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                        return Err(start(&out.bytes));
                    }
                    _ => out.bytes,
                }
            }
            // Four for one, or fewer.
            b"ASCII85Decode" | b"A85" if bytes.len() > limit / 4 => return Err(start(&[])),
            _ => break,
        };
    }
    Ok(bytes)
}

/// One byte more than the limit, where there are more.
fn inflated(packed: &[u8], limit: usize) -> Vec<u8> {
    let read = |reader: &mut dyn Read| {
        let mut bytes = Vec::new();
        let _damaged = reader.take(limit as u64 + 1).read_to_end(&mut bytes);
        bytes
    };
    let mut bytes = read(&mut ZlibDecoder::new(packed));
    if bytes.is_empty() {
        bytes = read(&mut DeflateDecoder::new(
            packed.get(2..).unwrap_or_default(),
        ));
    }
    bytes
}

/// Looks at the streams that loading unpacks: tables of objects, and objects in streams.
pub(super) fn check_file(bytes: &[u8]) -> Result<(), Refusal> {
    const LONGEST_HEAD: usize = 4_096;
    let large = || {
        Refusal::new(format!(
            "the lists of objects in the PDF unpack to more than {} MB",
            MAX_STREAM_BYTES >> 20
        ))
    };
    let mut left = MAX_ALL_BYTES;
    let mut end = 0;
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        let before = bytes
            .get(at.saturating_sub(LONGEST_HEAD)..at)
            .unwrap_or_default();
        if at < end || before.ends_with(b"end") {
            continue;
        }
        let head = match memchr::memmem::rfind(before, b"obj") {
            Some(start) => before.get(start..).unwrap_or_default(),
            None => before,
        };
        let says = |word: &[u8]| memchr::memmem::find(head, word).is_some();
        let is_table = says(b"/XRef");
        if !is_table && !says(b"/ObjStm") {
            continue;
        }
        if is_table && !has_fields(head) {
            return Err(Refusal::new(
                "the PDF is damaged: its table of objects has no columns",
            ));
        }
        let data = bytes.get(at + b"stream".len()..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let length = memchr::memmem::find(data, b"endstream").unwrap_or(data.len());
        end = bytes.len() - data.len() + length;
        let data = data.get(..length).unwrap_or_default();
        let found = unpacked(data, &filters_in(head), MAX_STREAM_BYTES.min(left));
        left = left.saturating_sub(found.map_err(|_too_large| large())?.len());
    }
    Ok(())
}

/// The filters that a stream's dictionary names, in their order.
fn filters_in(head: &[u8]) -> Vec<&'static [u8]> {
    const FILTERS: [&[u8]; 2] = [b"FlateDecode", b"LZWDecode"];
    let mut found: Vec<(usize, &[u8])> = FILTERS
        .iter()
        .flat_map(|name| memchr::memmem::find_iter(head, *name).map(|at| (at, *name)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, name)| name).collect()
}

/// Whether the entries of a table of objects take any room: `/W [1 2 1]`.
fn has_fields(head: &[u8]) -> bool {
    let places = memchr::memmem::find_iter(head, b"/W");
    let lists = places.filter_map(|at| {
        let rest = head.get(at + 2..)?.trim_ascii_start().strip_prefix(b"[")?;
        let list = rest.get(..memchr::memchr(b']', rest)?)?;
        Some(String::from_utf8_lossy(list).into_owned())
    });
    let widths = |list: String| -> Vec<i64> {
        let numbers = list.split_whitespace();
        numbers.map(|number| number.parse().unwrap_or(0)).collect()
    };
    let mut lists = lists.map(widths).peekable();
    lists.peek().is_none()
        || lists.all(|widths| {
            widths.iter().any(|width| *width > 0) && widths.iter().all(|width| *width <= MAX_FIELD)
        })
}

/// A document that its reader can be given, and what was left out of it.
pub(super) fn tame(document: &mut Document) -> Result<Vec<String>, Refusal> {
    let mut remarks = Vec::new();
    empty_streams(document, &mut remarks);
    narrow_ranges(document);
    describe_fonts(document, &mut remarks);
    leave_out_forms(document, &mut remarks)?;
    Ok(remarks)
}

fn is_named(dictionary: &Dictionary, key: &[u8], wanted: &[u8]) -> bool {
    let name = dictionary.get(key).and_then(Object::as_name);
    name.is_ok_and(|name| name == wanted)
}

/// Whether a stream may be what a page or a form draws.
fn is_drawing(dictionary: &Dictionary) -> bool {
    let others = ["Type", "Subtype", "Length1", "FunctionType", "N"];
    is_named(dictionary, b"Subtype", b"Form")
        || others
            .iter()
            .all(|key| dictionary.get(key.as_bytes()).is_err())
}

/// Empties pictures, which hold no text, and what unpacks to too much. Character maps are bounded.
fn empty_streams(document: &mut Document, remarks: &mut Vec<String>) {
    let mut left = MAX_ALL_BYTES;
    let mut emptied = Vec::new();
    let mut thinned = Vec::new();
    let mut cut = Vec::new();
    for (id, object) in &mut document.objects {
        let Object::Stream(stream) = object else {
            continue;
        };
        if is_named(&stream.dict, b"Subtype", b"Image") {
            stream.set_plain_content(Vec::new());
            continue;
        }
        let is_unused = [b"EmbeddedFile".as_slice(), b"Metadata", b"ObjStm", b"XRef"]
            .iter()
            .any(|kind| is_named(&stream.dict, b"Type", kind));
        if is_unused {
            continue;
        }
        match contents(stream, MAX_STREAM_BYTES.min(left)) {
            Ok(bytes) => {
                left -= bytes.len();
                if let Some(narrowed) = narrowed_map(&bytes) {
                    stream.set_plain_content(narrowed);
                } else if is_drawing(&stream.dict)
                    && let Some(only) = only_text(&bytes)
                {
                    stream.set_plain_content(only.text);
                    thinned.push(id.0);
                    cut.extend(only.cut_at.map(|at| (*id, at)));
                }
            }
            Err(TooLarge(start)) => {
                let is_page = is_drawing(&stream.dict);
                // What precedes a line's end is whole.
                let end = memchr::memrchr2(b'\n', b' ', &start).unwrap_or(0);
                let start = start.get(..end).filter(|_| is_page).unwrap_or_default();
                stream.set_plain_content(start.to_vec());
                emptied.push(id.0);
            }
        }
    }
    if !emptied.is_empty() {
        remarks.push(format!(
            "what unpacks to too much (over {} MB, or over {} MB with the others) was left out but for its start: object {}",
            MAX_STREAM_BYTES >> 20,
            MAX_ALL_BYTES >> 20,
            listed(&emptied)
        ));
    }
    if !thinned.is_empty() {
        remarks.push(format!(
            "of what has over {MAX_WORDS} operators only the text was taken, and its place on the page may be wrong: object {}",
            listed(&thinned)
        ));
    }
    tell_cuts(document, &cut, remarks);
}

/// Tells how much was read of what has too much text.
fn tell_cuts(document: &Document, cut: &[(ObjectId, usize)], remarks: &mut Vec<String>) {
    const SHOWN: usize = 10;
    if cut.is_empty() {
        return;
    }
    let mut pages = HashMap::new();
    for (number, page) in document.get_pages() {
        for content in document.get_page_contents(page) {
            pages.entry(content).or_insert(number);
        }
    }
    let told = cut.iter().take(SHOWN).map(|(id, at)| {
        let kept = at >> 10;
        match pages.get(id) {
            Some(page) => format!("only the first {kept} kB of page {page}'s drawing"),
            None => format!("only the first {kept} kB of drawing {}", id.0),
        }
    });
    let told = told.collect::<Vec<_>>().join(", ");
    let more = match cut.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(", and as much of {more} more"),
    };
    remarks.push(format!(
        "text with over {MAX_WORDS} words, numbers and operators was cut: {told}{more} was read"
    ));
}

/// Numbers of objects or pages, as far as a line takes them.
pub(super) fn listed(numbers: &[u32]) -> String {
    const SHOWN: usize = 10;
    let first = numbers.iter().take(SHOWN).map(u32::to_string);
    let first = first.collect::<Vec<_>>().join(", ");
    if numbers.len() > SHOWN {
        format!("{first}, … ({} in all)", numbers.len())
    } else {
        first
    }
}

/// The words of what a page draws, strings and names whole, and whether each is an operator.
/// Comments are none, and the data of a picture are a part of its `ID`.
struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
    is_in_picture: bool,
}

fn is_space(byte: u8) -> bool {
    byte == 0 || byte.is_ascii_whitespace()
}

/// How long a string is that begins here, with its parentheses.
fn string_length(bytes: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut is_escaped = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'(' => depth += 1,
            b')' if depth <= 1 => return at + 1,
            b')' => depth -= 1,
            _ => {}
        }
    }
    bytes.len()
}

impl Iterator for Words<'_> {
    type Item = (Range<usize>, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.bytes.get(self.at..)?;
        loop {
            rest = rest.get(rest.iter().position(|byte| !is_space(*byte))?..)?;
            if !rest.starts_with(b"%") {
                break;
            }
            rest = rest.get(memchr::memchr2(b'\r', b'\n', rest)?..)?;
        }
        let start = self.bytes.len() - rest.len();
        let first = *rest.first()?;
        let regular = |bytes: &[u8]| {
            let end = |byte: &u8| is_space(*byte) || b"()<>[]{}/%".contains(byte);
            bytes.iter().position(end).unwrap_or(bytes.len())
        };
        let mut length = match first {
            b'(' => string_length(rest),
            b'<' | b'>' if rest.get(1) == Some(&first) => 2,
            b'<' => memchr::memchr(b'>', rest).map_or(rest.len(), |at| at + 1),
            b'/' => 1 + regular(rest.get(1..).unwrap_or_default()),
            _ => regular(rest).max(1),
        };
        let word = rest.get(..length).unwrap_or_default();
        let is_operator = (first.is_ascii_alphabetic() || b"'\"".contains(&first))
            && ![b"true".as_slice(), b"false", b"null"].contains(&word);
        if word == b"ID" && self.is_in_picture {
            let data = rest.get(length..).unwrap_or_default();
            let mut ends = memchr::memmem::find_iter(data, b"EI");
            let is_end = |at: &usize| {
                let before = at.checked_sub(1).and_then(|at| data.get(at));
                let after = data.get(at + 2);
                before.is_some_and(|byte| is_space(*byte)) && after.is_none_or(|b| is_space(*b))
            };
            length += ends.find(is_end).unwrap_or(data.len());
        }
        if is_operator {
            self.is_in_picture = word == b"BI";
        }
        self.at = start + length;
        Some((start..self.at, is_operator))
    }
}

/// The text of what a page draws.
#[derive(Debug, Default, PartialEq, Eq)]
struct OnlyText {
    text: Vec<u8>,
    /// So much was read of what is drawn, where the text has too many words itself.
    cut_at: Option<usize>,
}

/// What a page draws without anything but its text, and forms, which may hold some; `None` for a
/// page with few operators.
fn only_text(bytes: &[u8]) -> Option<OnlyText> {
    // Fonts and spaces are set outside of text too.
    const KEPT: [&[u8]; 8] = [b"Tf", b"Tc", b"Tw", b"Tz", b"TL", b"Ts", b"Tr", b"Do"];
    let words = bytes
        .iter()
        .zip(bytes.iter().skip(1))
        .filter(|(a, b)| a.is_ascii_whitespace() && !b.is_ascii_whitespace());
    if words.take(MAX_WORDS + 1).count() <= MAX_WORDS {
        return None;
    }
    let mut only = OnlyText::default();
    let mut left = MAX_WORDS;
    // Where the text that is being read begins, where the last operation ended that was kept, and
    // where the one that is being read begins with how many words.
    let mut block = None;
    let mut until = 0;
    let (mut begin, mut count) = (None, 0);
    let mut add = |range: Range<usize>| {
        only.text
            .extend_from_slice(bytes.get(range).unwrap_or_default());
        only.text.push(b'\n');
    };
    let words = Words {
        bytes,
        at: 0,
        is_in_picture: false,
    };
    let mut is_cut = false;
    for (range, is_operator) in words {
        let start = *begin.get_or_insert(range.start);
        count += 1;
        if !is_operator {
            continue;
        }
        let cost = std::mem::take(&mut count);
        begin = None;
        let word = bytes.get(range.clone()).unwrap_or_default();
        let is_begun = block.is_some();
        if !is_begun && word != b"BT" && !KEPT.contains(&word) {
            continue;
        }
        is_cut = cost > left;
        if is_cut {
            break;
        }
        left -= cost;
        until = range.end;
        match word {
            b"BT" if !is_begun => block = Some(range.start),
            b"ET" => add(block.take().unwrap_or(start)..until),
            _ if !is_begun => add(start..until),
            _ => {}
        }
    }
    is_cut |= block.is_some() && count > left;
    match block {
        Some(start) if is_cut => {
            add(start..until);
            only.text.extend_from_slice(b"ET\n");
        }
        Some(start) => add(start..bytes.len()),
        None => {}
    }
    only.cut_at = is_cut.then_some(until);
    Some(only)
}

fn contents(stream: &Stream, limit: usize) -> Result<Vec<u8>, TooLarge> {
    match stream.filters() {
        Ok(filters) => unpacked(&stream.content, &filters, limit),
        Err(_) if stream.content.len() > limit => Err(TooLarge::at(&stream.content)),
        Err(_) => Ok(stream.content.clone()),
    }
}

/// A character map whose ranges are as long as there are characters; `None` for one that is good,
/// and for what is none.
fn narrowed_map(bytes: &[u8]) -> Option<Vec<u8>> {
    const BEGIN: &[u8] = b"beginbfrange";
    const END: &[u8] = b"endbfrange";
    let mut map: Option<Vec<u8>> = None;
    let mut left = MAX_RANGES;
    for at in memchr::memmem::find_iter(bytes, BEGIN) {
        let start = at + BEGIN.len();
        let rest = bytes.get(start..)?;
        let end = start + memchr::memmem::find(rest, END).unwrap_or(rest.len());
        // Codes by threes: from, to, and what the first becomes; or a list of what each does.
        let mut codes: Vec<(usize, &[u8])> = Vec::new();
        let mut from = start;
        let mut is_list = false;
        while let Some(byte) = bytes.get(from).filter(|_| from < end) {
            match byte {
                b'<' => {
                    let rest = bytes.get(from + 1..end)?;
                    let length = memchr::memchr(b'>', rest)?;
                    if !is_list {
                        codes.push((from + 1, rest.get(..length)?));
                    }
                    from += length + 1;
                }
                b'[' => is_list = true,
                b']' => {
                    is_list = false;
                    codes.push((from, b""));
                }
                _ => {}
            }
            from += 1;
        }
        let (ranges, _rest) = codes.as_chunks::<3>();
        for [(_, low), (place, high), (_, first)] in ranges {
            let number = |digits: &[u8]| {
                let digits = std::str::from_utf8(digits).ok()?;
                i64::from_str_radix(digits, 16).ok()
            };
            let (Some(low), Some(to)) = (number(low), number(high)) else {
                continue;
            };
            // Characters of two bytes go no further than these can say.
            let room = match first.len() {
                4 => number(first).map_or(MAX_RANGE, |first| 0xFFFF - first),
                _ => MAX_RANGE,
            };
            let length = (to - low).max(0);
            let fitting = length.min(MAX_RANGE - 1).min(room).min(left);
            left -= fitting;
            if fitting < length {
                let digits = format!("{:0width$X}", low + fitting, width = high.len());
                let map = map.get_or_insert_with(|| bytes.to_vec());
                if let Some(slot) = map.get_mut(*place..place + high.len())
                    && digits.len() == slot.len()
                {
                    slot.copy_from_slice(digits.as_bytes());
                }
            }
        }
    }
    map
}

/// Widths of characters are listed by ranges too: `[from to width]`.
fn narrow_ranges(document: &mut Document) {
    for object in document.objects.values_mut() {
        let list = match object {
            Object::Dictionary(font) => font.get_mut(b"W").and_then(Object::as_array_mut).ok(),
            Object::Array(list) => Some(list),
            _ => None,
        };
        let Some(list) = list else {
            continue;
        };
        let mut left = MAX_RANGES;
        let mut at = 0;
        while at + 1 < list.len() {
            if matches!(list.get(at + 1), Some(Object::Array(_))) {
                at += 2;
                continue;
            }
            let number = |at: usize| list.get(at).and_then(|number| number.as_i64().ok());
            let (Some(from), Some(to)) = (number(at), number(at + 1)) else {
                break;
            };
            let length = to.saturating_sub(from).max(0);
            let fitting = length.min(MAX_RANGE).min(left);
            left -= fitting;
            if fitting < length
                && let Some(slot) = list.get_mut(at + 1)
            {
                *slot = Object::Integer(from.saturating_add(fitting));
            }
            at += 3;
        }
    }
}

/// Fonts of composite fonts have a description, which the reader insists on and does not use; and
/// their character maps are streams.
fn describe_fonts(document: &mut Document, remarks: &mut Vec<String>) {
    let mut lacking = BTreeSet::new();
    let mut without_map = Vec::new();
    for (id, object) in &document.objects {
        let Object::Dictionary(font) = object else {
            continue;
        };
        let map = entry(document, font, b"ToUnicode");
        let is_good = |map: &Object| {
            map.as_stream().is_ok() || map.as_name().is_ok_and(|name| name == b"Identity-H")
        };
        if font.get(b"ToUnicode").is_ok() && !map.is_some_and(is_good) {
            without_map.push(*id);
        }
        let inner = entry(document, font, b"DescendantFonts");
        let inner = inner.and_then(|list| list.as_array().ok());
        let inner = inner.and_then(|list| list.first()?.as_reference().ok());
        lacking.extend(inner.filter(|id| {
            let font = document.get_dictionary(*id);
            font.is_ok_and(|font| font.get(b"FontDescriptor").is_err())
        }));
    }
    if !without_map.is_empty() {
        remarks.push("the PDF has a damaged character map".to_owned());
    }
    for id in without_map {
        if let Ok(font) = document.get_object_mut(id).and_then(Object::as_dict_mut) {
            font.remove(b"ToUnicode");
        }
    }
    for id in lacking {
        if let Ok(font) = document.get_object_mut(id).and_then(Object::as_dict_mut) {
            font.set("FontDescriptor", Object::Dictionary(Dictionary::new()));
        }
    }
}

/// The names in a stream, with how often they stand there: no form is drawn more often than it is
/// named. None where nothing is drawn.
fn drawn(content: &[u8]) -> BTreeMap<Vec<u8>, u64> {
    let mut names: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    if memchr::memmem::find(content, b"Do").is_none() {
        return names;
    }
    for at in memchr::memchr_iter(b'/', content) {
        let rest = content.get(at + 1..).unwrap_or_default();
        let is_end = |c: &u8| c.is_ascii_whitespace() || *c == 0 || b"/[]()<>{}%".contains(c);
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let mut name = Vec::new();
        let mut rest = rest.get(..length).unwrap_or_default();
        while let Some((first, after)) = rest.split_first() {
            // `#20` stands for a character.
            let code = after.get(..2).filter(|_| *first == b'#');
            let code = code.and_then(|code| std::str::from_utf8(code).ok());
            let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
            name.push(code.unwrap_or(*first));
            rest = after
                .get(if code.is_some() { 2 } else { 0 }..)
                .unwrap_or_default();
        }
        *names.entry(name).or_default() += 1;
    }
    names
}

/// Counts what is drawn, forms as often as they are.
struct Drawing<'a> {
    document: &'a Document,
    /// By form, and by whose resources it uses; `None` while it is being counted.
    known: HashMap<(ObjectId, ObjectId), Option<u64>>,
}

impl Drawing<'_> {
    /// Bytes that drawing a form takes; `None` when it draws itself.
    fn form(&mut self, id: ObjectId, outer: ObjectId, depth: usize) -> Option<u64> {
        let document = self.document;
        let stream = document.get_object(id).and_then(Object::as_stream).ok();
        let Some(stream) = stream else {
            return Some(0);
        };
        let own = stream.dict.get(b"Resources").is_ok();
        let owner = if own { id } else { outer };
        if depth > super::MAX_NESTED {
            return None;
        }
        match self.known.get(&(id, owner)) {
            Some(known) => return *known,
            None => self.known.insert((id, owner), None),
        };
        let bytes = contents(stream, MAX_STREAM_BYTES).unwrap_or_default();
        let cost = self.stream(&bytes, owner, depth)?;
        self.known.insert((id, owner), Some(cost));
        Some(cost)
    }

    fn stream(&mut self, bytes: &[u8], owner: ObjectId, depth: usize) -> Option<u64> {
        let mut cost = bytes.len() as u64;
        for (name, times) in drawn(bytes) {
            if let Some(form) = self.form_named(owner, &name) {
                let inner = self.form(form, owner, depth + 1)?;
                cost = cost.saturating_add(inner.saturating_add(1).saturating_mul(times));
            }
        }
        Some(cost)
    }

    /// The form that a page or a form calls so, by its own resources or those of what is above it.
    fn form_named(&self, owner: ObjectId, name: &[u8]) -> Option<ObjectId> {
        let document = self.document;
        let mut at = owner;
        for _ in 0..super::MAX_NESTED {
            let dictionary = match document.get_object(at).ok()? {
                Object::Dictionary(dictionary) => dictionary,
                Object::Stream(stream) => &stream.dict,
                _ => return None,
            };
            if let Some(resources) = entry(document, dictionary, b"Resources") {
                let forms = entry(document, resources.as_dict().ok()?, b"XObject")?;
                return forms.as_dict().ok()?.get(name).ok()?.as_reference().ok();
            }
            at = dictionary
                .get(b"Parent")
                .and_then(Object::as_reference)
                .ok()?;
        }
        None
    }
}

/// Empties pages that draw forms without end.
fn leave_out_forms(document: &mut Document, remarks: &mut Vec<String>) -> Result<(), Refusal> {
    let mut left = MAX_DRAWN;
    let mut left_out = Vec::new();
    let pages = document.get_pages();
    let mut drawing = Drawing {
        document,
        known: HashMap::new(),
    };
    for (number, page) in pages {
        let mut cost = 0_u64;
        for id in document.get_page_contents(page) {
            let stream = document.get_object(id).and_then(Object::as_stream);
            let bytes = stream.map(|stream| contents(stream, MAX_STREAM_BYTES));
            let bytes = bytes.ok().and_then(Result::ok).unwrap_or_default();
            let inner = drawing.stream(&bytes, page, 0).ok_or_else(|| {
                Refusal::new("the PDF is damaged: its pages or drawings refer to themselves")
            })?;
            cost = cost.saturating_add(inner);
        }
        if cost > MAX_PAGE_DRAWN.min(left) {
            left_out.push((number, page));
        } else {
            left -= cost;
        }
    }
    if left_out.is_empty() {
        return Ok(());
    }
    let numbers: Vec<u32> = left_out.iter().map(|(number, _)| *number).collect();
    remarks.push(format!(
        "pages that draw too much, mostly the same again and again, were left out: {}",
        listed(&numbers)
    ));
    for (_, page) in left_out {
        if let Ok(page) = document.get_object_mut(page).and_then(Object::as_dict_mut) {
            page.remove(b"Contents");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn streams_unpack_to_so_much_and_no_more() {
        let flate: &[u8] = b"FlateDecode";
        let long = vec![b'a'; 1_000];
        let lzw = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
            .encode(&long)
            .unwrap();
        let check = |bytes: &[u8], filters: &[&[u8]], limit: usize, expected: Option<usize>| {
            let length = unpacked(bytes, filters, limit)
                .ok()
                .map(|bytes| bytes.len());
            assert_eq!(length, expected, "{filters:?}");
        };
        check(&packed(&long), &[flate], 1_000, Some(1_000));
        check(&packed(&long), &[flate], 999, None);
        check(&packed(&packed(&long)), &[flate, flate], 1_000, Some(1_000));
        check(&packed(&packed(&long)), &[flate, flate], 999, None);
        check(&lzw, &[b"LZWDecode"], 1_000, Some(1_000));
        check(&lzw, &[b"LZWDecode"], 999, None);
        check(b"<~zzzz~>", &[b"ASCII85Decode"], 10, None);
        check(b"damaged", &[flate], 10, Some(0));
        check(b"a picture", &[b"DCTDecode"], 100, Some(9));
        check(b"a", &[flate; 9], 10, None);
    }

    #[test]
    fn ranges_of_characters_end() {
        let check = |map: &str, expected: &str| {
            let narrowed = narrowed_map(map.as_bytes());
            let narrowed = narrowed.map(|map| String::from_utf8(map).unwrap());
            assert_eq!(narrowed.as_deref().unwrap_or(map), expected);
        };
        let good = "2 beginbfrange <0041> <0043> <0061> <01> <02> [<0041><0042>] endbfrange";
        check(good, good);
        check(
            "1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange",
            "1 beginbfrange <00000000> <0000FFBE> <0041> endbfrange",
        );
        check(
            "1 beginbfrange <0000> <FFFF> <D83DDE00> <00> <FFFFFFFF> [<00>] endbfrange",
            "1 beginbfrange <0000> <FFFF> <D83DDE00> <00> <0000FFFF> [<00>] endbfrange",
        );
        check("beginbfrange <zz> < ", "beginbfrange <zz> < ");
    }

    #[test]
    fn tables_of_objects_have_columns() {
        for (head, expected) in [
            ("/Type/XRef/W[1 2 1]", true),
            ("/Type/XRef /W [ 0 0 0 ]", false),
            ("/W[1 4000000000 1]", false),
            ("/Type/XRef", true),
        ] {
            assert_eq!(has_fields(head.as_bytes()), expected, "{head}");
        }
    }

    #[test]
    fn pages_with_too_many_operators_keep_their_text() {
        let short = b"q BT (a) Tj ET Q ".to_vec();
        assert_eq!(only_text(&short), None);
        let long = [short.as_slice(), &b"q ".repeat(MAX_WORDS), b"BT (BTET) Tj"].concat();
        let text = only_text(&long).unwrap().text;
        assert_eq!(text, b"BT (a) Tj ET\nBT (BTET) Tj\n");
    }

    /// What a page's only stream holds in the end, and what is told.
    fn tamed(content: Vec<u8>) -> (Vec<u8>, Vec<String>) {
        let name = |name: &str| Object::Name(name.into());
        let mut document = Document::with_version("1.4");
        let content = document.add_object(Stream::new(Dictionary::new(), content));
        let page = document.add_object(Dictionary::from_iter([
            ("Type", name("Page")),
            ("Contents", Object::Reference(content)),
        ]));
        let pages = document.add_object(Dictionary::from_iter([
            ("Type", name("Pages")),
            ("Kids", Object::Array(vec![Object::Reference(page)])),
            ("Count", Object::Integer(1)),
        ]));
        let catalog = document.add_object(Dictionary::from_iter([
            ("Type", name("Catalog")),
            ("Pages", Object::Reference(pages)),
        ]));
        document.trailer.set("Root", Object::Reference(catalog));
        let remarks = tame(&mut document).unwrap();
        let stream = document.get_object(content).and_then(Object::as_stream);
        (stream.unwrap().content.clone(), remarks)
    }

    #[test]
    fn text_is_cut_by_its_words_and_where_is_told() {
        let check = |content: &[u8], letters: usize, end: &str, told: &str| {
            let (kept, remarks) = tamed(content.to_vec());
            assert_eq!(memchr::memmem::find_iter(&kept, "(a)").count(), letters);
            assert!(kept.ends_with(end.as_bytes()));
            match told {
                "" => assert_eq!(remarks, [] as [&str; 0]),
                told => assert!(remarks.iter().any(|r| r.contains(told)), "{remarks:?}"),
            }
        };
        // Eleven words in 28 bytes.
        let letters = |times: usize| b"BT 1 0 0 1 5 5 Tm (a) Tj ET\n".repeat(times);
        // A page with few operators is as it was.
        check(&letters(100_000), 100_000, "ET\n", "");
        // The text is longer than 512 kB, and all is there.
        let lines = [letters(30_000), b"q ".repeat(MAX_WORDS)].concat();
        check(&lines, 30_000, "ET\n", "only the text was taken");
        let block = [
            b"BT ".as_slice(),
            &b"1 0 0 1 5 5 Tm (a) Tj\n".repeat(100_000),
            b"ET ",
            &b"q ".repeat(MAX_WORDS),
        ];
        check(&block.concat(), 100_000, "ET\n", "only the text was taken");
        // Text that has too many words itself is cut at an operator, within its block.
        let kept = MAX_WORDS / 11;
        let told = format!(
            "only the first {} kB of page 1's drawing",
            (kept * 28 + 2) >> 10
        );
        check(&letters(MAX_WORDS / 10), kept, "ET\nBT\nET\n", &told);
        let kept = (MAX_WORDS - 1) / 9;
        let block = [
            b"BT\n".as_slice(),
            &b"1 0 0 1 5 5 Tm (a) Tj\n".repeat(MAX_WORDS / 8),
            b"ET",
        ];
        let told = format!(
            "only the first {} kB of page 1's drawing",
            (kept * 22 + 2) >> 10
        );
        check(&block.concat(), kept, "Tj\nET\n", &told);
        // Words in strings, and pictures, are none.
        let odd = b"BT (ET BT \\) \\\\) Tj [(a) -3 (\\(ET)] TJ <4554> Tj /ET 1 Tf %ET\n(a) ' ET\n";
        let picture = b"BI /W 1 ID BT (x) ET EI\n/F1 9 Tf 0 0 m /X0 Do ";
        let page = [odd.as_slice(), picture, odd, &b"q ".repeat(MAX_WORDS)];
        let (kept, _) = tamed(page.concat());
        let expected = [odd.as_slice(), b"/F1 9 Tf\n/X0 Do\n", odd].concat();
        assert_eq!(
            String::from_utf8_lossy(&kept),
            String::from_utf8_lossy(&expected)
        );
    }

    #[test]
    fn forms_are_counted_by_their_names() {
        let names = drawn(b"q /F0 Do Q /F#30 %a\nDo (Do) /Im1/x");
        let names: Vec<(&[u8], u64)> = names.iter().map(|(n, t)| (n.as_slice(), *t)).collect();
        assert_eq!(names, [(b"F0".as_slice(), 2), (b"Im1", 1), (b"x", 1)]);
        assert!(drawn(b"/F0 9 Tf").is_empty());
    }
}
