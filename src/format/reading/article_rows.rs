//! What an article has besides its text and annotations, as rows of kind, name and value, and with
//! it the codebook and the real names of attributes: for formats that have room for such rows, but
//! no places of their own for what they say. `export::article_rows` writes them; only Pressmark does.

use crate::core::annotation::AttributeValue;
use crate::core::article::Status;
use crate::format::reading::records::number_of;
use crate::format::reading::{FoundAnnotation, FoundArticle, FoundLabel};
use crate::format::words::article_rows::{
    ATTRIBUTE, EXACT, ID, LABEL_COLOR, LABEL_DEFINITION, LABEL_TITLE, METADATA, NOTES, NUMBER,
    PROGRAM, PROJECT, SEVERAL, STATUS, TITLE, YES_NO, value_of,
};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// What rows say of more than the article.
#[derive(Default)]
pub(crate) struct Rows {
    /// Attributes by the names that the format has for them.
    pub(crate) attributes: HashMap<String, String>,
    labels: BTreeMap<String, FoundLabel>,
    /// By attribute.
    kinds: HashMap<String, String>,
    /// By the id of an annotation.
    exact: HashMap<String, String>,
    /// The file is Pressmark's, so a title that is empty is meant so.
    pub(crate) is_own: bool,
}

impl Rows {
    /// Puts what a row says where it belongs; answers whether it is known.
    pub(crate) fn take(
        &mut self,
        article: &mut FoundArticle,
        kind: &str,
        name: &str,
        value: &str,
    ) -> bool {
        let status = Status::called(value);
        match (kind, status) {
            (PROGRAM, _) => self.is_own = true,
            (ID, _) => value.clone_into(&mut article.id),
            (TITLE, _) => value.clone_into(&mut article.title),
            (METADATA, _) => drop(article.metadata.insert(name.to_owned(), value.to_owned())),
            (STATUS, Some(status)) => drop(article.status.insert(name.to_owned(), status)),
            (NOTES, _) => value.clone_into(&mut article.notes),
            (ATTRIBUTE, _) => drop(self.attributes.insert(name.to_owned(), value.to_owned())),
            (NUMBER | YES_NO | SEVERAL, _) => {
                drop(self.kinds.insert(name.to_owned(), kind.to_owned()));
            }
            (PROJECT, _) => match serde_json::from_str(value) {
                Ok(told) => article.of_project = Some(told),
                Err(_of_another_make) => return false,
            },
            (EXACT, _) => drop(self.exact.insert(name.to_owned(), value.to_owned())),
            (LABEL_TITLE, _) => value.clone_into(&mut self.label(name).title),
            (LABEL_DEFINITION, _) => value.clone_into(&mut self.label(name).definition),
            (LABEL_COLOR, _) => {
                let digits = value.trim_start_matches('#');
                self.label(name).color = u32::from_str_radix(digits, 16).ok();
            }
            _ => return false,
        }
        true
    }

    /// Values that are more than text become what they were.
    pub(crate) fn restore_values(&self, annotations: &mut [FoundAnnotation]) {
        if self.kinds.is_empty() && self.exact.is_empty() {
            return;
        }
        for annotation in annotations {
            for (name, value) in &mut annotation.attributes {
                if let (Some(kind), AttributeValue::Text(text)) = (self.kinds.get(name), &*value)
                    && let Some(typed) = value_of(kind, text)
                {
                    *value = typed;
                }
            }
            let exact = self.exact.get(&annotation.id);
            let exact = exact.and_then(|json| serde_json::from_str(json).ok());
            let exact: serde_json::Map<String, Value> = exact.unwrap_or_default();
            for (name, told) in exact {
                // What somebody changed since stays changed.
                let known = annotation.attributes.get_mut(&name);
                let typed = from_json(&told);
                if let (Some(known), Some(typed)) = (known, typed)
                    && known.to_text() == typed.to_text()
                {
                    *known = typed;
                }
            }
        }
    }

    fn label(&mut self, name: &str) -> &mut FoundLabel {
        let new = || FoundLabel {
            name: name.to_owned(),
            ..FoundLabel::default()
        };
        self.labels.entry(name.to_owned()).or_insert_with(new)
    }

    pub(crate) fn into_labels(self) -> Vec<FoundLabel> {
        self.labels.into_values().collect()
    }
}

fn from_json(value: &Value) -> Option<AttributeValue> {
    Some(match value {
        Value::Number(number) => number_of(number),
        Value::Bool(value) => AttributeValue::Bool(*value),
        Value::Array(values) => {
            let texts = values.iter().filter_map(Value::as_str);
            AttributeValue::Many(texts.map(str::to_owned).collect())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::words::article_rows::kind_of;

    #[test]
    fn rows_go_where_they_belong() {
        let mut article = FoundArticle::default();
        let mut rows = Rows::default();
        let mut take =
            |kind: &str, name: &str, value: &str| rows.take(&mut article, kind, name, value);
        assert!(take("metadata", "odd field", "A; B"));
        assert!(take("status", "Zoë; x", "in progress"));
        assert!(take("notes", "", "two\nlines"));
        assert!(take("program", "", "Pressmark"));
        assert!(take("attribute", "odd_name", "odd name"));
        assert!(take("label-color", "quote", "#0a0b0c"));
        assert!(take("label-definition", "quote", "words of others"));
        // A status that there is not, a kind of a later version.
        assert!(!take("status", "ana", "somewhere"));
        assert!(!take("mood", "ana", "calm"));
        assert_eq!(article.metadata["odd field"], "A; B");
        assert_eq!(article.status["Zoë; x"], Status::InProgress);
        assert_eq!(article.notes, "two\nlines");
        assert!(rows.is_own);
        assert_eq!(rows.attributes["odd_name"], "odd name");
        let expected = FoundLabel {
            name: "quote".to_owned(),
            title: String::new(),
            definition: "words of others".to_owned(),
            color: Some(0x0a_0b_0c),
        };
        assert_eq!(rows.into_labels(), [expected]);
    }

    #[test]
    fn values_are_what_they_were() {
        let many = |values: &[&str]| {
            AttributeValue::Many(values.iter().map(|&value| value.to_owned()).collect())
        };
        let check = |value: AttributeValue, expected: &str| {
            assert_eq!(kind_of(&value), expected, "{value:?}");
        };
        check(AttributeValue::Number(2.5), NUMBER);
        check(AttributeValue::Bool(false), YES_NO);
        check(many(&["a", "=b"]), SEVERAL);
        check(many(&["a; b"]), EXACT);
        check(many(&[]), EXACT);
        check(AttributeValue::Text("2.5".to_owned()), "");
        let mut rows = Rows::default();
        let mut article = FoundArticle::default();
        let mut take = |kind, name, value| assert!(rows.take(&mut article, kind, name, value));
        take(NUMBER, "weight", "");
        take(SEVERAL, "tone", "");
        take(
            EXACT,
            "a",
            r#"{"who":["x; y"],"changed":["a"],"gone":true}"#,
        );
        let text = |value: &str| AttributeValue::Text(value.to_owned());
        let attributes = [
            ("weight", "2.5"),
            ("tone", "a; b"),
            ("who", "x; y"),
            ("changed", "b"),
        ];
        let mut found = FoundAnnotation {
            id: "a".to_owned(),
            ..FoundAnnotation::default()
        };
        for (name, value) in attributes {
            found.attributes.insert(name.to_owned(), text(value));
        }
        let mut all = [found];
        rows.restore_values(&mut all);
        let values: Vec<&AttributeValue> = all[0].attributes.values().collect();
        assert_eq!(
            values,
            [
                &text("b"),
                &many(&["a", "b"]),
                &AttributeValue::Number(2.5),
                &many(&["x; y"]),
            ]
        );
    }
}
