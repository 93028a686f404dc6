//! Pages that made the reader panic, without what it panics on: operators whose operands are not
//! what they take, drawings and colours, and fonts that are not there.

use super::entry;
use pdf_extract::content::{Content, Operation};
use pdf_extract::{Dictionary, Document, Object, ObjectId, dictionary};

/// Operators that bear on text, with what they take: `n` a number, `s` a string, `N` a name, `a` a
/// list.
const KEPT: &[(&str, &str)] = &[
    ("q", ""),
    ("Q", ""),
    ("cm", "nnnnnn"),
    ("BT", ""),
    ("ET", ""),
    ("Tc", "n"),
    ("Tw", "n"),
    ("Tz", "n"),
    ("TL", "n"),
    ("Tf", "Nn"),
    ("Ts", "n"),
    ("Td", "nn"),
    ("TD", "nn"),
    ("Tm", "nnnnnn"),
    ("T*", ""),
    ("Tj", "s"),
    ("TJ", "a"),
    ("'", "s"),
    ("\"", "nns"),
    ("Do", "N"),
];

fn fits(operand: &Object, kind: char) -> bool {
    match kind {
        'n' => {
            matches!(operand, Object::Integer(_))
                || matches!(operand, Object::Real(number) if number.is_finite())
        }
        's' => matches!(operand, Object::String(..)),
        'N' => matches!(operand, Object::Name(_)),
        'a' => {
            matches!(operand, Object::Array(items) if items.iter().all(|item| fits(item, 's') || fits(item, 'n')))
        }
        _ => false,
    }
}

fn is_kept(operation: &Operation) -> bool {
    KEPT.iter().any(|(operator, kinds)| {
        *operator == operation.operator
            && operation.operands.len() == kinds.len()
            && operation
                .operands
                .iter()
                .zip(kinds.chars())
                .all(|(operand, kind)| fits(operand, kind))
    })
}

/// The operations that can be read, and of them only text that has a font.
///
/// A font without a size, or with one that is no number, has a usual one.
fn cleaned(
    operations: Vec<Operation>,
    has_font: impl Fn(&[u8]) -> bool,
    has_form: impl Fn(&[u8]) -> bool,
) -> Vec<Operation> {
    let mut kept = Vec::new();
    let mut named: Option<Vec<u8>> = None;
    // Whether a font is set, by what was saved.
    let mut saved = Vec::new();
    let mut is_set = false;
    for mut operation in operations {
        let fonts = operation.operands.iter().filter_map(|o| o.as_name().ok());
        if let Some(font) = fonts.filter(|name| has_font(name)).last() {
            named = Some(font.to_vec());
        }
        if !is_kept(&operation) {
            let font = named.clone().filter(|_| operation.operator == "Tf");
            let Some(font) = font else {
                continue;
            };
            operation = Operation::new("Tf", vec![Object::Name(font), Object::Integer(10)]);
        }
        let name = operation.operands.first();
        let name = name
            .and_then(|name| name.as_name().ok())
            .unwrap_or_default();
        let is_taken = match operation.operator.as_str() {
            "q" => {
                saved.push(is_set);
                true
            }
            "Q" => match saved.pop() {
                Some(before) => {
                    is_set = before;
                    true
                }
                None => false,
            },
            "Tf" => {
                let is_there = has_font(name);
                is_set |= is_there;
                is_there
            }
            "Do" => has_form(name),
            "Tj" | "TJ" | "'" | "\"" => is_set,
            _ => true,
        };
        if is_taken {
            kept.push(operation);
        }
    }
    kept
}

/// What a page inherits or has, by name.
fn inherited<'a>(document: &'a Document, page: ObjectId, name: &[u8]) -> Option<&'a Object> {
    let mut at = page;
    for _ in 0..super::MAX_NESTED {
        let dictionary = document.get_dictionary(at).ok()?;
        if let Some(found) = entry(document, dictionary, name) {
            return Some(found);
        }
        at = dictionary
            .get(b"Parent")
            .and_then(Object::as_reference)
            .ok()?;
    }
    None
}

/// Cleans what a page draws, and gives it a size where it has none.
pub(super) fn clean_page(document: &mut Document, page: Option<ObjectId>) {
    let Some(page) = page else {
        return;
    };
    let bytes = document.get_page_content(page).unwrap_or_default();
    let resources = inherited(document, page, b"Resources");
    let resources = resources.and_then(|found| found.as_dict().ok());
    let listed =
        |kind: &[u8]| -> Option<&Dictionary> { entry(document, resources?, kind)?.as_dict().ok() };
    let (fonts, forms) = (listed(b"Font"), listed(b"XObject"));
    let has_font = |name: &[u8]| {
        let font = fonts.and_then(|fonts| entry(document, fonts, name));
        font.is_some_and(|font| font.as_dict().is_ok())
    };
    let has_form = |name: &[u8]| {
        let form = forms.and_then(|forms| entry(document, forms, name));
        form.is_some_and(|form| form.as_stream().is_ok())
    };
    let operations =
        Content::decode(&bytes).map_or_else(|_| Vec::new(), |content| content.operations);
    let content = Content {
        operations: cleaned(operations, has_font, has_form),
    };
    let content = content.encode().unwrap_or_default();
    let has_size = inherited(document, page, b"MediaBox").is_some_and(|size| {
        let numbers = size.as_array().map_or(&[][..], Vec::as_slice);
        numbers.len() == 4 && numbers.iter().all(|number| fits(number, 'n'))
    });
    let stream = pdf_extract::Stream::new(dictionary! {}, content);
    let id = document.add_object(Object::Stream(stream));
    if let Ok(page) = document.get_object_mut(page).and_then(Object::as_dict_mut) {
        page.set("Contents", Object::Reference(id));
        if !has_size {
            let size = [0, 0, 612, 792].map(Object::Integer);
            page.set("MediaBox", Object::Array(size.to_vec()));
        }
        // A box of the picture that is damaged would be looked at too.
        page.remove(b"ArtBox");
    }
}

/// Makes these the pages of the document. They keep what they inherit.
pub(super) fn keep_pages(document: &mut Document, pages: &[ObjectId]) -> bool {
    let root = document.catalog().ok().and_then(|catalog| {
        let pages = catalog.get(b"Pages").and_then(Object::as_reference);
        pages.ok()
    });
    let root = root.and_then(|root| document.get_object_mut(root).ok());
    let Some(Object::Dictionary(root)) = root else {
        return false;
    };
    let kids = pages.iter().map(|page| Object::Reference(*page)).collect();
    root.set("Kids", Object::Array(kids));
    root.set(
        "Count",
        Object::Integer(i64::try_from(pages.len()).unwrap_or(0)),
    );
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_drawn_is_left_out() {
        let check = |content: &str, expected: &str| {
            let operations = Content::decode(content.as_bytes()).unwrap().operations;
            let has_font = |name: &[u8]| name == b"F1";
            let kept = cleaned(operations, has_font, |name| name == b"X1");
            let kept = Content { operations: kept }.encode().unwrap();
            assert_eq!(String::from_utf8_lossy(&kept), expected, "{content}");
        };
        check(
            "BT /F1 12 Tf 50 700 Td (a) Tj ET",
            "BT\n/F1 12 Tf\n50 700 Td\n(a) Tj\nET",
        );
        check("(a) Tj /F2 9 Tf (b) Tj /F1 9 Tf (c) Tj", "/F1 9 Tf\n(c) Tj");
        check("q /F1 9 Tf Q (a) Tj Q (b) Tj", "q\n/F1 9 Tf\nQ");
        check("Tf 1 Td /Cs1 cs 0 0 m 3 w f /X2 Do /X1 Do", "/X1 Do");
        check("/F1 1e38 Tf (a) Tj", "/F1 10 Tf\n(a) Tj");
    }
}
