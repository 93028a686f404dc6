//! What a Web Annotation is about: addresses, and the selectors of stretches of text.

use super::{each, id_of};
use crate::format::reading::FoundFragment;
use crate::format::reading::records::offset;
use serde_json::Value;

#[derive(Debug, Default)]
pub(super) struct Target<'a> {
    /// The address without its fragment.
    pub(super) source: Option<&'a str>,
    /// Where the text stands that was annotated, when it is not the source itself.
    pub(super) scope: Option<&'a str>,
    /// The text itself.
    pub(super) text: Option<&'a str>,
    pub(super) fragment: Option<FoundFragment>,
    /// As it is written: that of an annotation, perhaps.
    pub(super) id: Option<&'a str>,
}

impl Target<'_> {
    /// About a stretch of text.
    pub(super) fn is_text(&self) -> bool {
        self.fragment.is_some()
    }
}

/// How deep targets and selectors may nest.
const MAX_DEPTH: usize = 8;

pub(super) fn targets(annotation: &Value) -> Vec<Target<'_>> {
    let mut found = Vec::new();
    for target in each(annotation.get("target")) {
        add(target, &mut found, 0);
    }
    // Hypothesis says for all targets what they are about.
    let uri = annotation.get("uri").and_then(Value::as_str);
    for target in &mut found {
        target.source = target.source.or(uri);
    }
    found
}

fn add<'a>(target: &'a Value, found: &mut Vec<Target<'a>>, depth: usize) {
    if let Some(items) = target.get("items").filter(|_| depth < MAX_DEPTH) {
        for item in each(Some(items)) {
            add(item, found, depth + 1);
        }
        return;
    }
    let source = target.get("source");
    let address = source.and_then(id_of).or_else(|| id_of(target));
    let (address, part) = match address.and_then(|address| address.split_once('#')) {
        Some(("", _)) | None => (address, None),
        Some((address, part)) => (Some(address), Some(part)),
    };
    let own_text = |value: &'a Value| {
        let is_text = ["value", "text"].iter().find_map(|name| value.get(*name));
        is_text.and_then(Value::as_str)
    };
    let scope = each(target.get("scope")).next().and_then(id_of);
    let selected = Selected::of(target.get("selector"));
    found.push(Target {
        source: address,
        scope,
        text: source.and_then(own_text).or_else(|| own_text(target)),
        fragment: selected
            .fragment()
            .or_else(|| part.and_then(characters).map(FoundFragment::at)),
        id: id_of(target).or_else(|| source.and_then(id_of)),
    });
}

/// `char=4,10` of a plain text (RFC 5147), with or without a length or hash behind it.
fn characters(part: &str) -> Option<std::ops::Range<usize>> {
    let range = part.strip_prefix("char=")?.split(';').next()?;
    let (start, end) = range.split_once(',')?;
    let (start, end): (usize, usize) = (start.parse().ok()?, end.parse().ok()?);
    (start <= end).then_some(start..end)
}

/// What several selectors of one stretch say together.
#[derive(Debug, Default)]
struct Selected {
    offsets: Option<std::ops::Range<usize>>,
    exact: Option<String>,
    context: Option<(String, String)>,
}

impl Selected {
    fn of(selectors: Option<&Value>) -> Self {
        let mut selected = Self::default();
        for selector in each(selectors) {
            selected.take(selector, 0);
        }
        selected
    }

    fn take(&mut self, selector: &Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        if let Some(inner) = selector.get("refinedBy") {
            // Positions within a part of the text say nothing of the whole; quotations do.
            let mut refined = Self::default();
            for inner in each(Some(inner)) {
                refined.take(inner, depth + 1);
            }
            self.exact = self.exact.take().or(refined.exact);
            self.context = self.context.take().or(refined.context);
            return;
        }
        let text = |name: &str| selector.get(name).and_then(Value::as_str);
        match text("type").or_else(|| text("@type")).unwrap_or_default() {
            "TextPositionSelector" | "oa:TextPositionSelector" => {
                let at = |name: &str| offset(selector.get(name));
                let range = at("start").zip(at("end"));
                self.offsets = range.map(|(start, end)| start..end.max(start));
            }
            "TextQuoteSelector" | "oa:TextQuoteSelector" => {
                self.exact = text("exact").map(str::to_owned);
                let (before, after) = (text("prefix"), text("suffix"));
                if before.is_some() || after.is_some() {
                    let told = |part: Option<&str>| part.unwrap_or_default().to_owned();
                    self.context = Some((told(before), told(after)));
                }
            }
            "FragmentSelector" => {
                let range = text("value").and_then(characters);
                self.offsets = self.offsets.take().or(range);
            }
            "RangeSelector" => {
                let start = |name: &str| {
                    let end = selector.get(name)?;
                    let is_position = end.get("type")?.as_str()? == "TextPositionSelector";
                    offset(end.get("start")).filter(|_| is_position)
                };
                let range = start("startSelector").zip(start("endSelector"));
                let range = range.map(|(start, end)| start..end.max(start));
                self.offsets = self.offsets.take().or(range);
            }
            _ => {}
        }
    }

    fn fragment(self) -> Option<FoundFragment> {
        let says = self.offsets.is_some() || self.exact.is_some();
        says.then_some(FoundFragment {
            offsets: self.offsets,
            text: self.exact,
            context: self.context,
        })
    }
}
