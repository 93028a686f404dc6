//! WARC archives (ISO 28500): the HTML pages among their responses.
//!
//! Chunked and compressed bodies are undone, with caps; what is no page is counted and left out.

use crate::format::articles::html;
use crate::format::reading::budget::Budget;
use crate::format::reading::{
    Head, Likelihood, MAX_ARTICLES_PER_FILE, ReadOptions, Reader, ReaderGroup, Reading, Refusal,
    Source,
};
use std::io::Read;

pub const READER: Reader = Reader {
    name: "warc",
    title: "WARC web archive",
    group: ReaderGroup::Collection,
    extensions: &["warc"],
    recognise: |head: &Head<'_>| Likelihood::Sure.when(head.source.bytes.starts_with(b"WARC/")),
    read,
};

/// Headers are no longer than this.
const MAX_HEAD_BYTES: usize = 64 << 10;
/// The largest page, and the largest that is unpacked: crawlers cut pages off long before.
const MAX_PAGE_BYTES: u64 = 64 << 20;
const MAX_UNPACKED_PAGE_BYTES: u64 = 16 << 20;
/// The most tags of a page, since each takes time and memory. All pages together have as many, and
/// one more for each two bytes of the archive.
const MAX_TAGS: usize = 400_000;

/// Header lines and what follows the empty line after them.
fn split_head(bytes: &[u8]) -> Option<(String, &[u8])> {
    // Only the start is searched: a record may be the first of millions.
    let start = bytes.get(..MAX_HEAD_BYTES).unwrap_or(bytes);
    // Both kinds of empty lines in one pass: heads may be short, and many.
    let mut ends = memchr::memchr_iter(b'\n', start).filter_map(|at| {
        let line = start.get(at + 1..)?;
        let before = at
            .checked_sub(1)
            .filter(|at| start.get(*at) == Some(&b'\r'));
        match (line.starts_with(b"\n"), before) {
            (true, _) => Some((at, 2)),
            (_, Some(before)) => line.starts_with(b"\r\n").then_some((before, 4)),
            _ => None,
        }
    });
    let (at, length) = ends.next()?;
    let head = String::from_utf8_lossy(bytes.get(..at)?).into_owned();
    Some((head, bytes.get(at + length..)?))
}

/// The value of a header, whatever the case of its name.
fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn charset(kind: &str) -> Option<&str> {
    let at = kind.to_ascii_lowercase().find("charset=")?;
    let value = kind.get(at + 8..)?.trim_start_matches(['"', '\'']);
    value
        .split(['"', '\'', ';', ' '])
        .next()
        .filter(|name| !name.is_empty())
}

fn is_page(kind: &str) -> bool {
    let kind = kind
        .split(';')
        .next()
        .unwrap_or(kind)
        .trim()
        .to_ascii_lowercase();
    matches!(kind.as_str(), "text/html" | "application/xhtml+xml")
}

/// A chunked body as one (RFC 9112, section 7.1). What is cut off ends it.
fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(body.len());
    while let Some(end) = memchr::memchr(b'\n', body) {
        let line = String::from_utf8_lossy(body.get(..end).unwrap_or_default());
        let size = line.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(size, 16) else {
            // Some archives keep the header and store the body plain.
            return if whole.is_empty() {
                body.to_vec()
            } else {
                whole
            };
        };
        let rest = body.get(end + 1..).unwrap_or_default();
        if size == 0 {
            break;
        }
        whole.extend_from_slice(rest.get(..size.min(rest.len())).unwrap_or_default());
        let after = rest.get(size.min(rest.len())..).unwrap_or_default();
        body = after
            .strip_prefix(b"\r\n")
            .or_else(|| after.strip_prefix(b"\n"))
            .unwrap_or(after);
    }
    whole
}

/// The body of a page, or what becomes of its record without one.
fn unpacked(body: Vec<u8>, encoding: &str, budget: &Budget) -> Result<Vec<u8>, Record> {
    let limited = |reader: &mut dyn Read| {
        let left = budget.left();
        let room = left.min(MAX_UNPACKED_PAGE_BYTES);
        let mut bytes = Vec::new();
        // A page that was cut off is read as far as it goes.
        let _cut = reader.take(room + 1).read_to_end(&mut bytes);
        budget.spend(bytes.len() as u64);
        match bytes.len() as u64 {
            0 => Err(Record::Unread),
            len if len <= room => Ok(bytes),
            _ if room == left => Err(Record::Spent),
            _ => Err(Record::TooLong),
        }
    };
    match encoding.to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(body),
        "gzip" | "x-gzip" if !body.starts_with(&[0x1F, 0x8B]) => Ok(body),
        "gzip" | "x-gzip" => limited(&mut flate2::read::MultiGzDecoder::new(body.as_slice())),
        "deflate" => match limited(&mut flate2::read::ZlibDecoder::new(body.as_slice())) {
            Err(Record::Unread) => limited(&mut flate2::read::DeflateDecoder::new(body.as_slice())),
            found => found,
        },
        _ => Err(Record::Unread),
    }
}

/// What a record is for the analyst.
enum Record {
    Page(Vec<u8>, Option<String>),
    /// A page that is longer, or unpacks to more, than is read of one.
    TooLong,
    /// A page that unpacks to more than the file still may.
    Spent,
    /// A page that cannot be unpacked.
    Unread,
    Other,
}

fn page_of(kind: &str, record_type: &str, block: &[u8], budget: &Budget) -> Record {
    if record_type == "resource" && is_page(kind) {
        return Record::Page(block.to_vec(), charset(kind).map(str::to_owned));
    }
    if record_type != "response" || !kind.to_ascii_lowercase().contains("application/http") {
        return Record::Other;
    }
    let Some((head, body)) = split_head(block) else {
        return Record::Other;
    };
    let status = head.split_whitespace().nth(1).unwrap_or_default();
    let kind = header(&head, "content-type").unwrap_or_default();
    if !status.starts_with("200") || !is_page(kind) {
        return Record::Other;
    }
    let is_chunked = header(&head, "transfer-encoding")
        .is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
    let body = if is_chunked {
        unchunked(body)
    } else {
        body.to_vec()
    };
    let encoding = header(&head, "content-encoding").unwrap_or_default();
    match unpacked(body, encoding, budget) {
        Ok(page) if page.len() as u64 > MAX_PAGE_BYTES => Record::TooLong,
        Ok(page) => Record::Page(page, charset(kind).map(str::to_owned)),
        Err(record) => record,
    }
}

/// A record of an archive.
struct Found<'a> {
    head: String,
    own: &'a [u8],
    /// The archive ends before it does.
    is_torn: bool,
}

/// The next record, which is taken from the rest; `Err` for one whose head has no end, and `None`
/// where there are no more.
fn next_record<'a>(rest: &mut &'a [u8]) -> Option<Result<Found<'a>, ()>> {
    // Records end with two empty lines, or more where a writer was careless.
    let start = memchr::memmem::find(rest, b"WARC/")?;
    let Some((head, block)) = split_head(rest.get(start..)?) else {
        return Some(Err(()));
    };
    let length = header(&head, "content-length").and_then(|n| n.parse::<usize>().ok());
    let is_torn = length.is_some_and(|length| length > block.len());
    let length = length.unwrap_or(0).min(block.len());
    let (own, after) = block.split_at_checked(length).unwrap_or((block, &[]));
    *rest = after;
    Some(Ok(Found { head, own, is_torn }))
}

/// What is told where the file may unpack to no more.
fn spent(mut rest: &[u8], at: usize, budget: &Budget) -> String {
    let start = memchr::memmem::find(rest, b"WARC/").unwrap_or(rest.len());
    let bytes = rest.len() - start;
    let mut following = 0_usize;
    while let Some(Ok(_)) = next_record(&mut rest) {
        following += 1;
    }
    let reason = budget.refusal();
    match bytes {
        0 => format!("{reason}; reading stopped at record {at}, the last"),
        _ => format!(
            "{reason}; reading stopped at record {at}, and the {following} records after it, {bytes} bytes, were left out"
        ),
    }
}

fn read(source: &Source<'_>, options: &ReadOptions) -> Result<Reading, Refusal> {
    let mut reading = Reading::default();
    let (mut unread, mut empty, mut records, mut other) = (0, 0, 0, 0);
    let (mut too_long, mut too_dense) = (Vec::new(), Vec::new());
    let mut tags_left = MAX_TAGS + source.bytes.len() / 2;
    let mut is_cut = false;
    let mut rest = source.bytes;
    while reading.articles.len() < MAX_ARTICLES_PER_FILE {
        let Some(record) = next_record(&mut rest) else {
            break;
        };
        records += 1;
        let Ok(Found { head, own, is_torn }) = record else {
            reading.remarks.push(format!(
                "the head of record {records} has no end; it was left out with all that follows"
            ));
            break;
        };
        is_cut |= is_torn;
        let record_type = header(&head, "warc-type").unwrap_or_default();
        let kind = header(&head, "content-type").unwrap_or_default();
        let (page, charset) = match page_of(kind, record_type, own, &options.budget) {
            Record::Page(page, charset) => (page, charset),
            Record::Unread => {
                unread += 1;
                continue;
            }
            Record::TooLong => {
                too_long.push(records);
                continue;
            }
            Record::Spent => {
                let told = spent(rest, records, &options.budget);
                if reading.articles.is_empty() {
                    return Err(Refusal(told));
                }
                reading.remarks.push(told);
                break;
            }
            Record::Other => {
                other += usize::from(record_type == "response" && !is_torn);
                continue;
            }
        };
        let tags = memchr::memchr_iter(b'<', &page).count();
        if tags > tags_left.min(MAX_TAGS) {
            too_dense.push(records);
            continue;
        }
        tags_left -= tags;
        let address = header(&head, "warc-target-uri").map(|uri| uri.trim_matches(['<', '>']));
        let article = html::decode_page(&page, charset.as_deref())
            .and_then(|decoded| html::article_of(&decoded.text, address, options).ok());
        match article {
            Some(mut article) => {
                if let Some(address) = address {
                    let url = article.metadata.entry("url".to_owned());
                    url.or_insert_with(|| address.to_owned());
                }
                if let Some(when) = header(&head, "warc-date") {
                    article
                        .metadata
                        .insert("retrieved".to_owned(), when.to_owned());
                }
                reading.articles.push(article);
            }
            None => empty += 1,
        }
    }
    // What is no page is nothing that was to be read.
    let pages = too_long.len() + too_dense.len() + unread + empty;
    reading.left_out.count_told(pages);
    if let Some(first) = too_long.first() {
        reading.remarks.push(format!(
            "{} pages are over {} MB, or packed and over {} MB, and were left out (the first is record {first})",
            too_long.len(),
            MAX_PAGE_BYTES >> 20,
            MAX_UNPACKED_PAGE_BYTES >> 20
        ));
    }
    if let Some(first) = too_dense.first() {
        reading.remarks.push(format!(
            "{} pages have too many tags and were left out (the first is record {first})",
            too_dense.len()
        ));
    }
    let is_full = reading.articles.len() >= MAX_ARTICLES_PER_FILE;
    if is_full && memchr::memmem::find(rest, b"WARC/").is_some() {
        reading.remarks.push(format!(
            "only the first {MAX_ARTICLES_PER_FILE} pages were read, those up to record {records}"
        ));
    }
    if unread > 0 {
        reading.remarks.push(format!(
            "{unread} pages are compressed in a way that is not known here and were left out"
        ));
    }
    if other > 0 {
        reading.remarks.push(format!(
            "{other} responses are no pages, or pages that were not found, and were left out"
        ));
    }
    if is_cut {
        reading
            .remarks
            .push("the archive is cut off; what precedes the cut was read".to_owned());
    }
    if empty > 0 {
        reading
            .remarks
            .push(format!("{empty} pages hold no text and were left out"));
    }
    if reading.articles.is_empty() {
        let none = "there are no pages with text among the";
        let mut reasons = vec![format!("{none} {records} records of this archive")];
        reasons.extend(reading.remarks);
        Err(Refusal(reasons.join("; ")))
    } else {
        Ok(reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn record(uri: &str, http: &[u8]) -> Vec<u8> {
        let mut all = format!("WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2020-02-03T04:05:06Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n", http.len()).into_bytes();
        all.extend_from_slice(http);
        all.extend_from_slice(b"\r\n\r\n");
        all
    }

    #[test]
    fn pages_among_the_records() {
        let page = format!(
            "<html><head><title>Ferry stays</title></head><body><article><h1>Ferry stays</h1><p>{}</p></article></body></html>",
            "The ferry did not leave the harbour on Monday, said the harbour master. ".repeat(6)
        );
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(page.as_bytes()).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut packed = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", gzip.len()).into_bytes();
        packed.extend_from_slice(&gzip);
        packed.extend_from_slice(b"\r\n0\r\n\r\n");
        let mut warc =
            b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\na: b\r\n\r\n".to_vec();
        warc.extend(record("https://post.example/1", &packed));
        warc.extend(record(
            "https://post.example/2",
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}").as_bytes(),
        ));
        warc.extend(record(
            "https://post.example/3",
            format!("HTTP/1.1 404 Gone\r\nContent-Type: text/html\r\n\r\n{page}").as_bytes(),
        ));
        warc.extend(record(
            "https://post.example/4",
            b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nPNG",
        ));
        // Cut off.
        warc.extend(
            record(
                "https://post.example/5",
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\nxx",
            )
            .iter()
            .take(240),
        );
        let reading = read(&Source::alone("a.warc", &warc), &ReadOptions::default()).unwrap();
        let found: Vec<_> = reading
            .articles
            .iter()
            .map(|a| {
                (
                    a.title.as_str(),
                    a.metadata["url"].as_str(),
                    a.text.contains("harbour master"),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("Ferry stays", "https://post.example/1", true),
                ("Ferry stays", "https://post.example/2", true)
            ]
        );
        assert!(
            reading.remarks.iter().any(|r| r.starts_with("2 responses")),
            "{:?}",
            reading.remarks
        );
        assert!(
            reading.remarks.iter().any(|r| r.contains("cut off")),
            "{:?}",
            reading.remarks
        );
        assert!(
            read(
                &Source::alone("a.warc", b"WARC/1.0\r\nContent-Length: 99999999999\r\n\r\n"),
                &ReadOptions::default()
            )
            .is_err()
        );
    }

    /// A page whose text is this, packed.
    fn packed(text: &str) -> Vec<u8> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        write!(gzip, "<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1><p>{text}</p></article></body></html>").unwrap();
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n";
        [head.as_slice(), &gzip.finish().unwrap()].concat()
    }

    #[test]
    fn pages_that_unpack_to_much_end_the_archive_and_lose_none_before_them() {
        use crate::format::reading::budget::Budget;
        let good = packed(&"The ferry did not leave the harbour on Monday. ".repeat(20));
        let large = packed(&"x".repeat(4 << 20));
        let huge = packed(&"x".repeat(17 << 20));
        let check = |pages: &[&[u8]], budget: u64, articles: usize, told: &[&str]| {
            let records = pages
                .iter()
                .map(|page| record("https://post.example/", page));
            let warc = records.collect::<Vec<_>>().concat();
            let options = ReadOptions {
                budget: Budget::of_bytes(budget),
                ..ReadOptions::default()
            };
            let reading = read(&Source::alone("a.warc", &warc), &options);
            match reading {
                Ok(reading) => {
                    assert_eq!(reading.articles.len(), articles);
                    assert_eq!(reading.remarks, told);
                }
                Err(refusal) => assert_eq!((articles, [refusal.0.as_str()].as_slice()), (0, told)),
            }
        };
        check(&[&good, &good], 1 << 20, 2, &[]);
        // As long as a page may be, whatever else the file may unpack to.
        check(
            &[&good, &huge, &good],
            1 << 30,
            2,
            &[
                "1 pages are over 64 MB, or packed and over 16 MB, and were left out (the first is record 2)",
            ],
        );
        let dense = packed(&"<p>a".repeat(500_000));
        check(
            &[&good, &dense, &good],
            1 << 30,
            2,
            &["1 pages have too many tags and were left out (the first is record 2)"],
        );
        check(
            &[&dense],
            1 << 30,
            0,
            &[
                "there are no pages with text among the 1 records of this archive; 1 pages have too many tags and were left out (the first is record 1)",
            ],
        );
        let bytes = record("https://post.example/", &good).len();
        check(
            &[&good, &good, &large, &good, &good],
            3 << 20,
            2,
            &[&format!(
                "all together it unpacks to more than 3 MB, which is more than a file of this size may, and may be a ZIP bomb; reading stopped at record 3, and the 2 records after it, {} bytes, were left out",
                2 * bytes
            )],
        );
        check(
            &[&large],
            3 << 20,
            0,
            &[
                "all together it unpacks to more than 3 MB, which is more than a file of this size may, and may be a ZIP bomb; reading stopped at record 1, the last",
            ],
        );
    }
}
