//! Records field by field, when a value in them does not have its type.
//!
//! Knows the brackets, strings and comments of RON, not the layout: it reads what other writers
//! have arranged too. What has its type is taken, every other value becomes a `Flaw` by itself.

use super::record::{AnnotationRecord, ArticleRecord};
use super::schema::{Record, Unknown, Value, from_ron};
use super::shapes::Str;
use crate::core::check::KEPT;
use crate::core::kept::Kept;
use serde::{Deserialize, Deserializer};

/// An offset that the file does not tell.
pub(super) const NO_PLACE: u32 = u32::MAX;

/// A value that could not be taken as it stands.
#[derive(Debug, PartialEq)]
pub(super) struct Flaw<'a> {
    /// The piece of the file in which it stands.
    pub(super) raw: &'a str,
    pub(super) message: String,
    pub(super) remedy: &'static str,
    /// It says something that is not in the project, so it belongs in the review list.
    pub(super) is_kept: bool,
}

/// What was found wrong while a record was read.
#[derive(Debug, Default)]
pub(super) struct Damage<'a> {
    pub(super) flaws: Vec<Flaw<'a>>,
    /// Numbers that are no offsets.
    offsets: Vec<&'a str>,
    /// Brackets or strings do not fit, so that nothing says where a value ends.
    pub(super) is_broken: bool,
    /// An item of a list is no such item.
    pub(super) lacks_items: bool,
}

impl<'a> Damage<'a> {
    pub(super) fn keep(&mut self, raw: &'a str, message: String) {
        self.flaws.push(Flaw {
            raw,
            message,
            remedy: KEPT,
            is_kept: true,
        });
    }
}

/// The value, or what is left of it.
pub(super) fn take<'a, T: Value<'a>>(raw: &'a str, damage: &mut Damage<'a>) -> Option<T> {
    from_ron(raw).ok().or_else(|| T::lenient(raw, damage))
}

/// The value of a field; what is wrong with it is told with the field's name.
pub(super) fn take_field<'a, T: Value<'a>>(
    field: &Field<'a>,
    damage: &mut Damage<'a>,
) -> Option<T> {
    let before = damage.flaws.len();
    let value = take(field.value, damage);
    if value.is_none() && damage.flaws.len() == before {
        damage.keep(field.raw, format!("“{}” cannot be read", field.name));
    }
    value
}

/// A field that this version does not know, unless it cannot be written back or stands there twice.
pub(super) fn take_unknown<'a>(
    field: &Field<'a>,
    unknown: &mut Unknown,
    damage: &mut Damage<'a>,
    is_double: bool,
) {
    let is_new = !is_double && unknown.iter().all(|(name, _)| name != field.name);
    // A list under the name of another holds more than a field of its own.
    damage.lacks_items |= is_double && field.value.starts_with('[');
    if is_new && ron::value::RawValue::from_ron(field.value).is_ok() {
        unknown.push((field.name.to_owned(), Kept::new(field.value)));
    } else {
        damage.keep(field.raw, format!("“{}” cannot be read", field.name));
    }
}

/// A number of the type, if it is one; an error when it is no number at all.
pub(super) fn whole_number(raw: &str) -> Result<Option<u32>, std::num::ParseFloatError> {
    let plain = raw.replace('_', "");
    let number: f64 = plain.parse()?;
    let is_whole = number.fract() == 0.0 && (0.0..f64::from(NO_PLACE)).contains(&number);
    Ok(is_whole.then_some(number as u32))
}

/// A fragment. Its text tells where it belongs, so that its offsets may be lost.
impl<'a> Value<'a> for (u32, u32, Str<'a>) {
    fn read<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn lenient(raw: &'a str, damage: &mut Damage<'a>) -> Option<Self> {
        let parts = elements(raw, '(', damage)?;
        let [start, end, text] = parts.as_slice() else {
            return None;
        };
        let text: Str<'a> = ron::from_str(text).ok()?;
        let mut offset = |raw: &&'a str| {
            let number = whole_number(raw).ok()?;
            if number.is_none() {
                damage.offsets.push(raw);
            }
            Some(number.unwrap_or(NO_PLACE))
        };
        let (start, end) = (offset(start)?, offset(end)?);
        let length = u32::try_from(text.as_str().chars().count()).ok()?;
        Some(match (start, end) {
            (NO_PLACE, NO_PLACE) => (NO_PLACE, NO_PLACE, text),
            (NO_PLACE, end) => (end.saturating_sub(length), end, text),
            (start, NO_PLACE) => (start, start.saturating_add(length), text),
            (start, end) => (start, end, text),
        })
    }
}

/// An annotation. With a fragment less it would be another.
pub(super) fn annotation<'a>(
    raw: &'a str,
    damage: &mut Damage<'a>,
) -> Option<AnnotationRecord<'a>> {
    if !raw.starts_with('(') {
        return None;
    }
    let mut own = Damage::default();
    let mut record: Option<AnnotationRecord<'a>> =
        fields(raw, &mut own).and_then(|f| Record::from_fields(&f, &mut own));
    damage.is_broken |= own.is_broken;
    let all = record.as_ref().map_or(0, |record| record.fragments.len());
    let stored = fields(raw, &mut Damage::default()).unwrap_or_default();
    let stored = stored.iter().find(|field| field.name == "fragments");
    let stored = stored.and_then(|f| elements(f.value, '[', &mut Damage::default()));
    if stored.is_none_or(|stored| stored.len() != all) {
        record = None;
    }
    let id = raw.split('"').nth(1).unwrap_or("");
    let Some(mut record) = record else {
        if !own.is_broken {
            let reasons: Vec<String> = own.flaws.into_iter().map(|f| f.message).collect();
            let reasons = if reasons.is_empty() {
                "a part of it is missing".to_owned()
            } else {
                reasons.join(", ")
            };
            damage.keep(raw, format!("annotation {id} cannot be read: {reasons}"));
        }
        return None;
    };
    between_neighbours(&mut record.fragments);
    if !own.offsets.is_empty() {
        let numbers = own.offsets.join(" and ");
        damage.flaws.push(Flaw {
            raw,
            message: format!("annotation {id}: {numbers} is no place in a text"),
            remedy: "the annotation is looked for by its text",
            is_kept: false,
        });
    }
    if !own.flaws.is_empty() {
        let flaws: Vec<String> = own.flaws.into_iter().map(|f| f.message).collect();
        damage.flaws.push(Flaw {
                raw,
                message: format!("annotation {id}: {}", flaws.join(", ")),
                remedy: "the annotation is saved with the fields that are left, and as it stood here it is kept in the review list",
                is_kept: true,
            });
    }
    Some(record)
}

/// Fragments without a place stand after those before them.
fn between_neighbours(fragments: &mut [(u32, u32, Str<'_>)]) {
    if fragments.iter().all(|(start, ..)| *start == NO_PLACE) {
        return;
    }
    let length = |text: &Str<'_>| text.as_str().chars().count() as u32;
    let mut last_end = None;
    for (start, end, text) in fragments.iter_mut() {
        if let (NO_PLACE, Some(last)) = (*start, last_end) {
            *start = last;
            *end = start.saturating_add(length(text));
        }
        last_end = (*start != NO_PLACE).then_some(*end);
    }
    let mut next_start = None;
    for (start, end, text) in fragments.iter_mut().rev() {
        if let (NO_PLACE, Some(next)) = (*start, next_start) {
            *end = next;
            *start = end.saturating_sub(length(text));
        }
        next_start = Some(*start);
    }
}

/// An article. Its id and its hash can be made anew.
pub(super) fn article<'a>(raw: &'a str, damage: &mut Damage<'a>) -> Option<ArticleRecord<'a>> {
    let mut all = fields(raw, damage)?;
    for name in ["id", "hash"] {
        let field = all.iter().position(|field| field.name == name);
        let field = field.map(|at| all.remove(at));
        let field = match field {
            Some(field) if ron::from_str::<Str<'_>>(field.value).is_ok() => field,
            Some(field) => {
                damage.keep(field.raw, format!("“{name}” cannot be read"));
                Field {
                    value: "\"\"",
                    ..field
                }
            }
            None => Field {
                name,
                value: "\"\"",
                raw: "",
            },
        };
        all.insert(0, field);
    }
    Record::from_fields(&all, damage)
}

/// A field of a record as it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    /// Name and value.
    raw: &'a str,
}

/// The fields of a record. `None` when it has no brackets that fit, or something else in them.
pub(super) fn fields<'a>(raw: &'a str, damage: &mut Damage<'a>) -> Option<Vec<Field<'a>>> {
    let fields: Option<Vec<Field<'a>>> = elements(raw, '(', damage)?
        .into_iter()
        .map(|element| {
            let (name, value) = split_at_colon(element)?;
            let plain = name.strip_prefix("r#").unwrap_or(name);
            let is_name = plain == name && !name.starts_with(|c: char| c.is_ascii_digit())
                || plain.len() < name.len();
            let name = plain;
            let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
            let is_name = is_name && is_word && !name.is_empty();
            is_name.then_some(Field {
                name,
                value,
                raw: element,
            })
        })
        .collect();
    damage.is_broken |= fields.is_none();
    fields
}

pub(super) fn split_at_colon(element: &str) -> Option<(&str, &str)> {
    let mut at = None;
    let is_whole = scan(element, |i, c, depth| {
        if c == ':' && depth == 0 && at.is_none() {
            at = Some(i);
        }
    });
    let at = at.filter(|_| is_whole)?;
    let (name, value) = element.split_at_checked(at)?;
    Some((name.trim(), value.strip_prefix(':')?.trim()))
}

/// What stands between commas in the brackets that a value consists of.
pub(super) fn elements<'a>(
    raw: &'a str,
    open: char,
    damage: &mut Damage<'a>,
) -> Option<Vec<&'a str>> {
    let raw = raw.trim();
    let mut cuts = Vec::new();
    let mut end = None;
    let is_whole = scan(raw, |i, c, depth| match (c, depth) {
        (',', 1) => cuts.push(i),
        (')' | ']' | '}', 0) if end.is_none() => end = Some(i),
        _ => {}
    });
    let is_value = raw.starts_with(open) && end.is_some_and(|end| end + 1 == raw.len());
    if !is_whole || !is_value {
        damage.is_broken |= !is_whole;
        return None;
    }
    let mut start = 1;
    let ends = cuts.into_iter().chain(end);
    let parts = ends.map(|end| {
        let part = raw.get(start..end).unwrap_or("");
        start = end + 1;
        without_comments(part)
    });
    Some(parts.filter(|part| !part.is_empty()).collect())
}

/// A value without the comments and the space before it.
fn without_comments(mut value: &str) -> &str {
    loop {
        value = value.trim();
        let rest = match value.get(..2) {
            Some("//") => value.split_once('\n').map_or("", |(_, rest)| rest),
            Some("/*") => value.split_once("*/").map_or("", |(_, rest)| rest),
            _ => return value,
        };
        value = rest;
    }
}

/// Tells of every bracket, comma and colon outside of strings and comments, with how many brackets
/// are open around it. Whether all brackets and strings fit.
fn scan(source: &str, mut tell: impl FnMut(usize, char, usize)) -> bool {
    let mut open: Vec<u8> = Vec::new();
    let bytes = source.as_bytes();
    let from = |i: usize| source.get(i..).unwrap_or("");
    let mut i = 0;
    let mut is_in_word = false;
    while let Some(&byte) = bytes.get(i) {
        let mut next = i + 1;
        match byte {
            b'(' | b'[' | b'{' => {
                tell(i, byte.into(), open.len());
                open.push(byte);
            }
            b')' | b']' | b'}' => {
                let fits = match open.pop() {
                    Some(b'(') => byte == b')',
                    Some(b'[') => byte == b']',
                    Some(_) => byte == b'}',
                    None => false,
                };
                if !fits {
                    return false;
                }
                tell(i, byte.into(), open.len());
            }
            b',' | b':' => tell(i, byte.into(), open.len()),
            b'"' => match string_end(bytes, next, b'"') {
                Some(end) => next = end,
                None => return false,
            },
            b'r' if !is_in_word => {
                let rest = from(next);
                let hashes = rest.bytes().take_while(|&b| b == b'#').count();
                if rest.as_bytes().get(hashes) == Some(&b'"') {
                    let end = format!("\"{}", "#".repeat(hashes));
                    let start = next + hashes + 1;
                    match memchr::memmem::find(from(start).as_bytes(), end.as_bytes()) {
                        Some(found) => next = start + found + end.len(),
                        None => return false,
                    }
                }
            }
            b'\'' => {
                let mut letters = from(next).chars();
                next = match letters.next() {
                    Some('\\') => match string_end(bytes, next, b'\'') {
                        Some(end) => end,
                        None => return false,
                    },
                    Some(c) if letters.next() == Some('\'') => next + c.len_utf8() + 1,
                    _ => return false,
                };
            }
            b'/' if bytes.get(next) == Some(&b'/') => {
                next = i + memchr::memchr(b'\n', from(i).as_bytes()).unwrap_or(from(i).len());
            }
            b'/' if bytes.get(next) == Some(&b'*') => {
                match memchr::memmem::find(from(i).as_bytes(), b"*/") {
                    Some(found) => next = i + found + 2,
                    None => return false,
                }
            }
            _ => {}
        }
        is_in_word = byte.is_ascii_alphanumeric() || byte == b'_';
        i = next;
    }
    open.is_empty()
}

/// Where the string ends that began before `at`.
fn string_end(bytes: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    loop {
        at = match *bytes.get(at)? {
            b'\\' => at + 2,
            byte if byte == quote => return Some(at + 1),
            _ => at + 1,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cut_at_their_commas() {
        let check = |raw: &str, open: char, expected: Option<&[&str]>| {
            let mut damage = Damage::default();
            let found = elements(raw, open, &mut damage);
            assert_eq!(found.as_deref(), expected, "{raw}");
            assert!(
                found.is_some() || !raw.starts_with(open) || damage.is_broken,
                "{raw}"
            );
        };
        check(
            "[1, [2, 3], \"4,]\",]",
            '[',
            Some(&["1", "[2, 3]", "\"4,]\""]),
        );
        check(
            "(a: r#\"\",\"#, b: ',', c: '\\'')",
            '(',
            Some(&["a: r#\"\",\"#", "b: ','", "c: '\\''"]),
        );
        check("[ // one, \n 1, /* , */ 2]", '[', Some(&["1", "2"]));
        check("[]", '[', Some(&[]));
        check("[1, (2]", '[', None);
        check("[1, \"2]", '[', None);
        check("(1)", '[', None);
    }

    /// One annotation: whether it is read, and what is told.
    #[test]
    fn a_value_of_another_type_costs_no_more_than_itself() {
        let check = |from: &str, to: &str, is_read: bool, flaws: &[&str]| {
            let source = "(id: \"x\", annotator: \"a\", label: \"l\", fragments: [(1, 3, \"ab\"), (5, 6, \"c\")], note: \"n\", codebook: 2)";
            assert!(source.contains(from), "{from}");
            let raw = source.replacen(from, to, 1);
            let mut damage = Damage::default();
            let record: Option<AnnotationRecord<'_>> = take(&raw, &mut damage);
            assert_eq!(record.is_some(), is_read, "{raw}");
            let told: Vec<&str> = damage.flaws.iter().map(|f| f.message.as_str()).collect();
            assert_eq!(told, flaws, "{raw}");
        };
        check("1, 3", "1, 3", true, &[]);
        check(
            "1, 3",
            "4294967296, 3",
            true,
            &["annotation x: 4294967296 is no place in a text"],
        );
        check(
            "1, 3",
            "-1, 1e30",
            true,
            &["annotation x: -1 and 1e30 is no place in a text"],
        );
        check(
            "1, 3",
            "1.0, 3.5",
            true,
            &["annotation x: 3.5 is no place in a text"],
        );
        check(
            "1, 3",
            "one, 3",
            false,
            &["annotation x cannot be read: an item of a list cannot be read"],
        );
        check(
            "\"ab\"",
            "12",
            false,
            &["annotation x cannot be read: an item of a list cannot be read"],
        );
        check(
            "codebook: 2",
            "codebook: -2",
            true,
            &["annotation x: “codebook” cannot be read"],
        );
        check(
            "note: \"n\"",
            "note: 7, note: \"n\"",
            true,
            &["annotation x: “note” cannot be read"],
        );
        check(
            "note: \"n\"",
            "new: @",
            true,
            &["annotation x: “new” cannot be read"],
        );
        check(
            "label: \"l\"",
            "label: [1]",
            false,
            &["annotation x cannot be read: “label” cannot be read"],
        );
        check(
            "label: \"l\", ",
            "",
            false,
            &["annotation x cannot be read: a part of it is missing"],
        );
    }
}
