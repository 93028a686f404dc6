//! Reads RON of the shape in which this program writes articles, and nothing else: most of what
//! opening a large project costs is its strings, which are found here by their ends.
//!
//! It decides nothing. Whatever it does not know (comments, other escapes, numbers in other bases,
//! names in front of records) it refuses, and `ron` reads the record; what it takes is what `ron`
//! takes (`what_is_read_quickly_is_what_ron_reads`). Knows no records and no fields.

use super::schema::{Seed, Value};
use memchr::{memchr, memchr2};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::fmt;

/// `ron` asks by this name for a value as it stands.
const AS_IT_STANDS: &str = "$ron::private::RawValue";
/// Values within values, of one that is kept as it stands. `ron` takes three times as many.
const MAX_DEPTH: usize = 16;

/// A value from its text; `None` where that is for `ron` to say.
pub(super) fn from_plain<'a, T: Value<'a>>(raw: &'a str) -> Option<T> {
    let mut plain = Plain { left: raw };
    let value = Seed::new().deserialize(&mut plain).ok()?;
    plain.space();
    plain.left.is_empty().then_some(value)
}

/// Not said why: `ron` says it.
#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not written by this program")
    }
}

impl std::error::Error for Refused {}

impl de::Error for Refused {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }
}

type Read<T> = Result<T, Refused>;

struct Plain<'a> {
    left: &'a str,
}

impl<'a> Plain<'a> {
    fn first(&self) -> Option<u8> {
        self.left.as_bytes().first().copied()
    }

    /// What stands before a place, which is passed.
    fn take(&mut self, length: usize) -> Read<&'a str> {
        let (taken, left) = self.left.split_at_checked(length).ok_or(Refused)?;
        self.left = left;
        Ok(taken)
    }

    fn space(&mut self) {
        let space = |b: &u8| matches!(b, b' ' | b'\n' | b'\r' | b'\t');
        let bytes = self.left.as_bytes();
        let length = bytes.iter().position(|b| !space(b));
        let length = length.unwrap_or(bytes.len());
        self.left = self.left.get(length..).unwrap_or("");
    }

    fn is_next(&mut self, byte: u8) -> bool {
        self.space();
        let is_next = self.first() == Some(byte);
        if is_next {
            self.left = self.left.get(1..).unwrap_or("");
        }
        is_next
    }

    fn expect(&mut self, byte: u8) -> Read<()> {
        if self.is_next(byte) {
            Ok(())
        } else {
            Err(Refused)
        }
    }

    /// A name or a number, as far as it goes.
    fn word(&mut self) -> Read<&'a str> {
        let bytes = self.left.as_bytes();
        let end = bytes
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || *b == b'_'));
        self.take(end.unwrap_or(bytes.len()))
    }

    fn name(&mut self) -> Read<&'a str> {
        self.space();
        let name = self.word()?;
        let begins = name.bytes().next().ok_or(Refused)?;
        let is_string = matches!(self.first(), Some(b'"' | b'#' | b'\''));
        if begins.is_ascii_digit() || is_string {
            return Err(Refused);
        }
        Ok(name)
    }

    fn number<N: std::str::FromStr>(&mut self) -> Read<N> {
        self.space();
        let digits = self.word()?;
        let ends = matches!(self.first(), Some(b',' | b')' | b']' | b'}' | b' ' | b'\n'));
        if !ends || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Refused);
        }
        digits.parse().ok().ok_or(Refused)
    }

    /// A string without anything in it that would have to be said otherwise, or what it says.
    fn string(&mut self) -> Read<Result<&'a str, String>> {
        self.space();
        match self.first() {
            Some(b'"') => self.left = self.left.get(1..).unwrap_or(""),
            Some(b'r') => return self.raw_string().map(Ok),
            _ => return Err(Refused),
        }
        let end = memchr2(b'"', b'\\', self.left.as_bytes()).ok_or(Refused)?;
        let begins = self.take(end)?;
        if self.is_quotation_mark()? {
            return Ok(Ok(begins));
        }
        let mut text = begins.to_owned();
        loop {
            text.push(self.escaped()?);
            let end = memchr2(b'"', b'\\', self.left.as_bytes()).ok_or(Refused)?;
            text.push_str(self.take(end)?);
            if self.is_quotation_mark()? {
                return Ok(Err(text));
            }
        }
    }

    fn is_quotation_mark(&mut self) -> Read<bool> {
        Ok(self.take(1)? == "\"")
    }

    fn escaped(&mut self) -> Read<char> {
        Ok(match self.take(1)? {
            "\"" => '"',
            "\\" => '\\',
            "n" => '\n',
            "r" => '\r',
            "t" => '\t',
            "u" => {
                self.expect_here(b'{')?;
                let digits = self.word()?;
                self.expect_here(b'}')?;
                if digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(Refused);
                }
                let code = u32::from_str_radix(digits, 16).ok().ok_or(Refused)?;
                char::from_u32(code).ok_or(Refused)?
            }
            _ => return Err(Refused),
        })
    }

    fn expect_here(&mut self, byte: u8) -> Read<()> {
        if self.first() == Some(byte) {
            self.take(1).map(|_| ())
        } else {
            Err(Refused)
        }
    }

    fn raw_string(&mut self) -> Read<&'a str> {
        let bytes = self.left.as_bytes().get(1..).ok_or(Refused)?;
        let hashes = bytes.iter().position(|b| *b != b'#').ok_or(Refused)?;
        self.take(1 + hashes)?;
        self.expect_here(b'"')?;
        let mut from = 0;
        loop {
            let rest = self.left.as_bytes().get(from..).ok_or(Refused)?;
            let mark = from + memchr(b'"', rest).ok_or(Refused)?;
            let behind = self.left.as_bytes().get(mark + 1..).ok_or(Refused)?;
            let behind = behind.get(..hashes).ok_or(Refused)?;
            if behind.iter().all(|b| *b == b'#') {
                let text = self.take(mark)?;
                self.take(1 + hashes)?;
                return Ok(text);
            }
            from = mark + 1;
        }
    }

    /// A value as it stands, to the comma or bracket behind it. What may hold commas and brackets
    /// in another way than in strings is refused.
    fn as_it_stands(&mut self) -> Read<&'a str> {
        self.space();
        let whole = self.left;
        let mut depth = 0_usize;
        loop {
            match self.first().ok_or(Refused)? {
                b'(' | b'[' | b'{' if depth < MAX_DEPTH => {
                    depth += 1;
                    self.take(1)?;
                }
                b')' | b']' | b'}' | b',' if depth == 0 => break,
                b')' | b']' | b'}' => {
                    depth -= 1;
                    self.take(1)?;
                }
                b'"' => drop(self.string()?),
                b'r' if self.left.starts_with("r\"") || self.left.starts_with("r#") => {
                    self.raw_string()?;
                }
                b if b.is_ascii_alphanumeric() || b == b'_' => {
                    self.word()?;
                    if matches!(self.first(), Some(b'"' | b'#' | b'\'')) {
                        return Err(Refused);
                    }
                }
                b',' | b':' | b'.' | b'-' | b'+' | b' ' | b'\n' => {
                    self.take(1)?;
                }
                _ => return Err(Refused),
            }
        }
        let length = whole.len() - self.left.len();
        let stood = whole.get(..length).ok_or(Refused)?.trim_end();
        if stood.is_empty() {
            return Err(Refused);
        }
        Ok(stood)
    }

    /// Whether what follows the bracket that is next are fields.
    fn has_fields(&self) -> bool {
        let mut ahead = Plain {
            left: self.left.get(1..).unwrap_or(""),
        };
        ahead.name().is_ok() && ahead.is_next(b':')
    }

    fn items<V: Visitor<'a>>(&mut self, open: u8, close: u8, visitor: V) -> Read<V::Value> {
        self.expect(open)?;
        let mut items = Items {
            plain: self,
            close,
            is_first: true,
        };
        let value = visitor.visit_seq(&mut items)?;
        items.end()?;
        Ok(value)
    }

    fn fields<V: Visitor<'a>>(&mut self, visitor: V) -> Read<V::Value> {
        self.expect(b'(')?;
        let mut fields = Fields(Items {
            plain: self,
            close: b')',
            is_first: true,
        });
        let value = visitor.visit_map(&mut fields)?;
        fields.0.end()?;
        Ok(value)
    }
}

/// What stands between two brackets, with commas.
struct Items<'p, 'a> {
    plain: &'p mut Plain<'a>,
    close: u8,
    is_first: bool,
}

impl Items<'_, '_> {
    fn has_next(&mut self) -> Read<bool> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        let is_divided = is_first || self.plain.is_next(b',');
        self.plain.space();
        match self.plain.first() {
            Some(b) if b == self.close => Ok(false),
            Some(_) if is_divided => Ok(true),
            _ => Err(Refused),
        }
    }

    /// The bracket behind the last; also when nobody asked whether more follow.
    fn end(&mut self) -> Read<()> {
        let comma = self.plain.is_next(b',');
        if comma && self.is_first {
            return Err(Refused);
        }
        self.plain.expect(self.close)
    }
}

impl<'a> SeqAccess<'a> for Items<'_, 'a> {
    type Error = Refused;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Read<Option<T::Value>> {
        if self.has_next()? {
            seed.deserialize(&mut *self.plain).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// The entries of a map, whose keys are values.
impl<'a> MapAccess<'a> for Items<'_, 'a> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Read<Option<K::Value>> {
        self.next_element_seed(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Read<V::Value> {
        self.plain.expect(b':')?;
        seed.deserialize(&mut *self.plain)
    }
}

/// The fields of a record, whose keys are names.
struct Fields<'p, 'a>(Items<'p, 'a>);

impl<'a> MapAccess<'a> for Fields<'_, 'a> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Read<Option<K::Value>> {
        if self.0.has_next()? {
            let name = self.0.plain.name()?;
            seed.deserialize(BorrowedStrDeserializer::new(name))
                .map(Some)
        } else {
            Ok(None)
        }
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Read<V::Value> {
        self.0.next_value_seed(seed)
    }
}

impl<'a> Deserializer<'a> for &mut Plain<'a> {
    type Error = Refused;

    /// Only links may stand there in two shapes.
    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Read<V::Value> {
        self.space();
        match self.first() {
            Some(b'(') if self.has_fields() => self.fields(visitor),
            Some(b'(') => self.items(b'(', b')', visitor),
            _ => Err(Refused),
        }
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Read<V::Value> {
        match self.name()? {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(Refused),
        }
    }

    fn deserialize_u32<V: Visitor<'a>>(self, visitor: V) -> Read<V::Value> {
        let number = self.number()?;
        visitor.visit_u32(number)
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Read<V::Value> {
        match self.string()? {
            Ok(text) => visitor.visit_borrowed_str(text),
            Err(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        if name != AS_IT_STANDS {
            return Err(Refused);
        }
        // What is kept is proven by `ron` to be a value.
        let stood = self.as_it_stands()?;
        visitor.visit_borrowed_str(stood)
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Read<V::Value> {
        self.items(b'[', b']', visitor)
    }

    fn deserialize_tuple<V: Visitor<'a>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.items(b'(', b')', visitor)
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Read<V::Value> {
        self.expect(b'{')?;
        let mut items = Items {
            plain: self,
            close: b'}',
            is_first: true,
        };
        let value = visitor.visit_map(&mut items)?;
        items.end()?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.fields(visitor)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Read<V::Value> {
        Err(Refused)
    }

    fn deserialize_option<V: Visitor<'a>>(self, _: V) -> Read<V::Value> {
        Err(Refused)
    }

    forward_to_deserialize_any! {
        <W: Visitor<'a>>
        i8 i16 i32 i64 i128 u8 u16 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        tuple_struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::ArticleRecord;
    use super::super::salvage;
    use super::super::schema::from_ron;
    use super::*;
    use proptest::prelude::*;

    fn files() -> Vec<String> {
        let files = ["tests/data/projects/v1.2/sample.ron", "projects/demo.ron"];
        files
            .map(|file| std::fs::read_to_string(file).unwrap())
            .to_vec()
    }

    fn articles(file: &str) -> Vec<&str> {
        let blocks = salvage::blocks(file.as_bytes()).unwrap();
        let of = blocks
            .articles
            .iter()
            .map(|block| block.of(file.as_bytes()));
        of.map(|lines| lines.unwrap().trim().trim_end_matches(','))
            .collect()
    }

    /// What is taken is what `ron` takes; whether it was taken.
    fn is_taken(raw: &str) -> bool {
        let quick = from_plain::<ArticleRecord<'_>>(raw);
        if let Some(quick) = &quick {
            assert_eq!(
                from_ron::<ArticleRecord<'_>>(raw).as_ref(),
                Ok(quick),
                "{raw}"
            );
        }
        quick.is_some()
    }

    #[test]
    fn what_this_program_writes_is_read_quickly() {
        for file in files() {
            for article in articles(&file) {
                assert!(is_taken(article), "{article}");
            }
        }
    }

    #[test]
    fn what_is_read_quickly_and_what_is_left_to_ron() {
        let check = |fields: &str, expected: bool| {
            let raw = format!("(id: \"a\", hash: \"h\", {fields})");
            assert_eq!(is_taken(&raw), expected, "{fields}");
        };
        for (fields, expected) in [
            ("text: []", true),
            ("text: [],", true),
            ("text: [\"\", \"a\\\"b\\\\c\\n\\r\\t\\u{1F525}\",]", true),
            ("text: [r\"a\\b\", r#\"a\"b\"#, r##\"a\"#b\"##]", true),
            (
                "text: [], notes: \"אב💩\", status: {\"z\": \"done\", \"a\": \"\"}",
                true,
            ),
            ("text: [], nothing: {\"z\": [(1, 2), (3, 40)]}", true),
            (
                "text: [], later: Some((a: [1, -2.5], b: r#\"),\"#)), annotations: []",
                true,
            ),
            (
                "text: [\"ab\"], annotations: [(id: \"1\", annotator: \"a\", label: \"l\", \
                 fragments: [(0, 1, \"a\")], attributes: {\"x\": number(1), \"y\": many([\"b\"])}, \
                 links: [(\"r\", \"t\"), (role: \"r\", target: \"t\", of: 1)], origin: later((1)))]",
                true,
            ),
            ("text: [,]", false),
            ("text: [\"a\",,]", false),
            ("text: [\"a\" \"b\"]", false),
            ("text: [] notes: \"\"", false),
            ("text: [], text: []", false),
            ("text: [\"\\x41\"]", false),
            ("text: [\"\\u{D800}\"]", false),
            ("text: [\"\\u{0000041}\"]", false),
            ("text: [] // and more\n", false),
            ("text: [], later: /* ) */ 1", false),
            ("text: [], later: ')'", false),
            ("text: [], later: b\")\"", false),
            ("text: [], later: (", false),
            ("text: [], nothing: {\"z\": [(0x1, 2)]}", false),
            ("text: [], nothing: {\"z\": [(1_0, 2)]}", false),
            ("text: [], nothing: {\"z\": [(1, 99999999999)]}", false),
            ("text: [], nothing: {\"z\": [(1, 2, 3)]}", false),
            ("text: [], r#notes: \"\"", false),
            ("text: [r\"a]", false),
            ("text: [\"a]", false),
            ("texts: []", false),
        ] {
            check(fields, expected);
        }
        let nested = |depth| {
            format!(
                "text: [], later: {}{}",
                "[".repeat(depth),
                "]".repeat(depth)
            )
        };
        check(&nested(MAX_DEPTH), true);
        check(&nested(MAX_DEPTH + 1), false);
        assert!(!is_taken("Article(id: \"a\", hash: \"h\", text: [])"));
        assert!(!is_taken("(id: \"a\", hash: \"h\", text: []) ()"));
    }

    proptest! {
        #[test]
        fn what_is_read_quickly_is_what_ron_reads(
            which in any::<prop::sample::Index>(),
            at in any::<prop::sample::Index>(),
            remove in 0usize..12,
            put in "([()\\[\\]{},:\"#r\\\\n/'\u{85} 0-9a-z]|//|/\\*|r#\"|\\\\u\\{){0,4}",
        ) {
            let files = files();
            let all: Vec<&str> = files.iter().flat_map(|file| articles(file)).collect();
            let mut raw = which.get(&all).to_string();
            // Where there is most but text.
            let from = raw.find("annotations: [").filter(|_| at.index(4) > 0).unwrap_or(0);
            let mut start = from + at.index(raw.len() - from);
            while !raw.is_char_boundary(start) {
                start -= 1;
            }
            let mut end = (start + remove).min(raw.len());
            while !raw.is_char_boundary(end) {
                end += 1;
            }
            raw.replace_range(start..end, &put);
            is_taken(&raw);
        }
    }
}
