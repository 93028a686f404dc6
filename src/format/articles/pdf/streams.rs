//! What the streams of a PDF unpack to, each with a limit and all together with one.
//!
//! Knows filters and nothing of what the bytes mean. What its reader unpacks by itself, tables of
//! objects and objects in streams, is measured before the reader sees the file.

use crate::format::reading::Refusal;
use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::Filter;
use hayro_syntax::object::Stream;
use std::cell::Cell;
use std::io::{Read, Write};
use std::rc::Rc;

/// The most that one stream unpacks to, and all of them together.
pub(super) const MAX_STREAM_BYTES: usize = 32 << 20;
pub(super) const MAX_ALL_BYTES: usize = 256 << 20;
/// What is kept of a page that unpacks to more than a stream may: its start.
const START_BYTES: usize = 512 << 10;
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
pub(super) struct TooLarge(pub(super) Vec<u8>);

impl TooLarge {
    fn at(bytes: &[u8]) -> Self {
        Self(bytes.get(..START_BYTES).unwrap_or(bytes).to_vec())
    }
}

/// What a stream unpacks to, damaged as far as it goes; a picture stays packed.
fn unpacked(packed: &[u8], filters: &[Filter], limit: usize) -> Result<Vec<u8>, TooLarge> {
    if filters.len() > MAX_FILTERS {
        return Err(TooLarge(Vec::new()));
    }
    let mut bytes = packed.to_vec();
    for (at, filter) in filters.iter().enumerate() {
        // One byte more than the limit, where there are more.
        bytes = match filter {
            Filter::FlateDecode => inflated(&bytes, limit),
            Filter::LzwDecode => {
                let mut out = Bounded {
                    bytes: Vec::new(),
                    limit: limit + 1,
                };
                let order = weezl::BitOrder::Msb;
                let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(order, 8);
                let written = decoder.into_stream(&mut out);
                let status = written.decode_all(bytes.as_slice()).status;
                if status.is_err_and(|error| error.kind() == std::io::ErrorKind::FileTooLarge) {
                    out.bytes.resize(limit + 1, b' ');
                }
                out.bytes
            }
            Filter::Ascii85Decode => ascii_85(&bytes, limit),
            Filter::AsciiHexDecode => ascii_hex(&bytes),
            Filter::RunLengthDecode => run_lengths(&bytes, limit),
            Filter::Crypt => bytes,
            Filter::CcittFaxDecode
            | Filter::Jbig2Decode
            | Filter::DctDecode
            | Filter::JpxDecode => break,
        };
        if bytes.len() > limit {
            // What is in between is no start of what it becomes.
            let is_last = at + 1 == filters.len();
            return Err(TooLarge::at(if is_last { &bytes } else { &[] }));
        }
    }
    Ok(bytes)
}

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

fn ascii_hex(digits: &[u8]) -> Vec<u8> {
    let digits = digits.split(|byte| *byte == b'>').next();
    let digits = digits.unwrap_or_default().iter();
    let digits: Vec<u8> = digits
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .map(|digit| digit as u8)
        .collect();
    let pairs = digits.chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => high << 4 | low,
            [high] => high << 4,
            _ => 0,
        })
        .collect()
}

fn ascii_85(digits: &[u8], limit: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut group = Vec::with_capacity(5);
    let mut put = |group: &mut Vec<u8>| {
        let length = group.len();
        group.resize(5, 84);
        let number = group.iter().fold(0_u32, |number, digit| {
            number.wrapping_mul(85).wrapping_add(u32::from(*digit))
        });
        let kept = length.saturating_sub(1).min(4);
        bytes.extend(number.to_be_bytes().iter().take(kept));
        group.clear();
        bytes.len() <= limit
    };
    for byte in digits.strip_prefix(b"<~").unwrap_or(digits) {
        let goes_on = match byte {
            b'!'..=b'u' => {
                group.push(byte - b'!');
                group.len() < 5 || put(&mut group)
            }
            b'z' if group.is_empty() => {
                group.resize(5, 0);
                put(&mut group)
            }
            b'~' => break,
            _ => true,
        };
        if !goes_on {
            return bytes;
        }
    }
    if !group.is_empty() {
        put(&mut group);
    }
    bytes
}

fn run_lengths(packed: &[u8], limit: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = packed;
    while let Some((length, after)) = rest.split_first() {
        rest = match length {
            128 => break,
            0..128 => {
                let length = (usize::from(*length) + 1).min(after.len());
                let (copied, after) = after.split_at(length);
                bytes.extend_from_slice(copied);
                after
            }
            _ => {
                let Some((byte, after)) = after.split_first() else {
                    break;
                };
                bytes.resize(bytes.len() + 257 - usize::from(*length), *byte);
                after
            }
        };
        if bytes.len() > limit {
            break;
        }
    }
    bytes
}

/// Unpacks the streams of a document that are asked for, up to what all together may. Clones share
/// their count.
#[derive(Clone)]
pub(super) struct Unpacker {
    left: Rc<Cell<usize>>,
}

impl Unpacker {
    pub(super) fn new() -> Self {
        Self {
            left: Rc::new(Cell::new(MAX_ALL_BYTES)),
        }
    }

    pub(super) fn contents(&self, stream: &Stream<'_>) -> Result<Vec<u8>, TooLarge> {
        let limit = MAX_STREAM_BYTES.min(self.left.get());
        let filters = stream.filters();
        let bytes = unpacked(&stream.raw_data(), &filters, limit)?;
        self.left.set(self.left.get().saturating_sub(bytes.len()));
        // Rows that are written as differences are rare, and no longer than what was measured.
        let has_parameters = ["DecodeParms", "DP"]
            .iter()
            .any(|key| stream.dict().contains_key(key));
        let whole = has_parameters.then(|| stream.decoded_data().ok()).flatten();
        Ok(whole.map_or(bytes, std::borrow::Cow::into_owned))
    }
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
fn filters_in(head: &[u8]) -> Vec<Filter> {
    const FILTERS: [(&[u8], Filter); 5] = [
        (b"FlateDecode", Filter::FlateDecode),
        (b"LZWDecode", Filter::LzwDecode),
        (b"ASCII85Decode", Filter::Ascii85Decode),
        (b"ASCIIHexDecode", Filter::AsciiHexDecode),
        (b"RunLengthDecode", Filter::RunLengthDecode),
    ];
    let mut found: Vec<(usize, Filter)> = FILTERS
        .iter()
        .flat_map(|(name, filter)| memchr::memmem::find_iter(head, name).map(|at| (at, *filter)))
        .collect();
    found.sort_unstable_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, filter)| filter).collect()
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
        use Filter::{
            Ascii85Decode, AsciiHexDecode, DctDecode, FlateDecode, LzwDecode, RunLengthDecode,
        };
        let long = vec![b'a'; 1_000];
        let lzw = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
            .encode(&long)
            .unwrap();
        let check = |bytes: &[u8], filters: &[Filter], limit: usize, expected: Option<usize>| {
            let length = unpacked(bytes, filters, limit)
                .ok()
                .map(|bytes| bytes.len());
            assert_eq!(length, expected, "{filters:?}");
        };
        let flate = FlateDecode;
        check(&packed(&long), &[flate], 1_000, Some(1_000));
        check(&packed(&long), &[flate], 999, None);
        check(&packed(&packed(&long)), &[flate, flate], 1_000, Some(1_000));
        check(&packed(&packed(&long)), &[flate, flate], 999, None);
        check(&lzw, &[LzwDecode], 1_000, Some(1_000));
        check(&lzw, &[LzwDecode], 999, None);
        check(b"<~zzzz~>", &[Ascii85Decode], 10, None);
        check(b"<~zzzz~>", &[Ascii85Decode], 16, Some(16));
        check(b"\x81a\x81a\x80", &[RunLengthDecode], 255, None);
        check(b"\x81a\x81a\x80", &[RunLengthDecode], 256, Some(256));
        check(b"damaged", &[flate], 10, Some(0));
        check(b"a picture", &[DctDecode], 100, Some(9));
        check(b"a", &[flate; 9], 10, None);
        // What is written in digits is measured behind them too.
        let digits: String = packed(&long).iter().map(|b| format!("{b:02x}")).collect();
        check(
            digits.as_bytes(),
            &[AsciiHexDecode, flate],
            1_000,
            Some(1_000),
        );
        check(digits.as_bytes(), &[AsciiHexDecode, flate], 999, None);
    }

    #[test]
    fn digits_and_runs_are_bytes() {
        let check = |bytes: &[u8], filter: Filter, expected: &[u8]| {
            assert_eq!(
                unpacked(bytes, &[filter], 100).unwrap(),
                expected,
                "{filter:?}"
            );
        };
        check(
            b"<~9jqo^BlbD-BleB1DJ+*+F(f,q~>",
            Filter::Ascii85Decode,
            b"Man is distinguished",
        );
        check(b"54 68\n65 2>rest", Filter::AsciiHexDecode, b"The ");
        check(b"\x02abc\xFEd\x80rest", Filter::RunLengthDecode, b"abcddd");
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
}
