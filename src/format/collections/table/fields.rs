//! What the fields of a JSON record say: names through levels, texts in lists of paragraphs and of
//! stretches, names of things. Text is never JSON.

use crate::format::reading::records::text_of;
use serde_json::{Map, Value};

/// The fields of a record by their names, with dots between those of nested ones.
pub(super) fn fields_of<'v>(
    prefix: &str,
    record: &'v Map<String, Value>,
    depth: usize,
    fields: &mut Vec<(String, &'v Value)>,
) {
    for (name, value) in record {
        let name = match prefix {
            "" => name.clone(),
            prefix => format!("{prefix}.{name}"),
        };
        match value {
            Value::Object(inner) if depth < 3 => fields_of(&name, inner, depth + 1, fields),
            value => fields.push((name, value)),
        }
    }
}

/// What a cell says, and whether it stands as JSON.
pub(super) fn cell_of(value: &Value, is_text: impl Fn() -> bool) -> Option<(String, bool)> {
    match value {
        Value::Null => None,
        Value::Array(items) if items.is_empty() => None,
        Value::Object(fields) if fields.is_empty() => None,
        // Text is never JSON.
        Value::Array(_) | Value::Object(_) if is_text() => Some((paragraphs(value)?, false)),
        Value::Array(items) => Some(
            match items.iter().map(name_of).collect::<Option<Vec<_>>>() {
                Some(names) => (names.join("; "), false),
                None => (value.to_string(), true),
            },
        ),
        value => {
            Some(text_of(value).map_or_else(|| (value.to_string(), true), |text| (text, false)))
        }
    }
}

/// An item of a list as it is called.
fn name_of(item: &Value) -> Option<String> {
    let Value::Object(fields) = item else {
        return text_of(item);
    };
    let names = [
        "name",
        "full_name",
        "fullName",
        "title",
        "label",
        "term",
        "value",
    ];
    let name = names
        .iter()
        .find_map(|name| fields.get(*name).and_then(Value::as_str));
    name.map(str::to_owned)
}

/// How messengers mark stretches of a text within a line.
const WITHIN_LINES: &[&str] = &[
    "bold",
    "bot_command",
    "cashtag",
    "code",
    "custom_emoji",
    "email",
    "hashtag",
    "italic",
    "link",
    "mention",
    "mention_name",
    "phone",
    "plain",
    "spoiler",
    "strikethrough",
    "text",
    "text_link",
    "underline",
];

/// The text in a value: a list is one of paragraphs, or of the stretches of a line.
pub(super) fn paragraphs(value: &Value) -> Option<String> {
    let items = match value {
        Value::Array(items) => items,
        Value::Object(_) => return text_in(value),
        value => return text_of(value),
    };
    let texts = items.iter().filter(|item| !item.is_null()).map(text_in);
    let texts: Vec<String> = texts.collect::<Option<_>>()?;
    let is_stretch = |item: &Value| {
        let kind = item.get("type").and_then(Value::as_str);
        item.is_string() || kind.is_some_and(|kind| WITHIN_LINES.contains(&kind))
    };
    let is_line = items.iter().any(Value::is_object) && items.iter().all(is_stretch);
    Some(texts.join(if is_line { "" } else { "\n\n" }))
}

/// The text of a paragraph or a stretch.
fn text_in(item: &Value) -> Option<String> {
    let Value::Object(fields) = item else {
        return text_of(item);
    };
    let names = [
        "text",
        "content",
        "body",
        "value",
        "html",
        "plain",
        "paragraph",
    ];
    names.iter().find_map(|name| match fields.get(*name)? {
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Some(texts.join("\n\n"))
        }
        value => text_of(value),
    })
}
