//! Names that a format or a file system allows, one for each of ours.

use std::collections::{BTreeMap, HashSet};

/// `A-Z a-z 0-9 _ - .`, not beginning with a dot; never empty. Names that Windows keeps for itself
/// get an underscore.
pub(crate) fn file_stem(id: &str) -> String {
    let mut stem: String = id
        .chars()
        .map(|c| if is_plain(c) || c == '.' { c } else { '_' })
        .take(100)
        .collect();
    if stem.is_empty() || stem.starts_with('.') || stem.ends_with('.') {
        stem = format!("_{}_", stem.trim_matches('.'));
    }
    let reserved = ["con", "prn", "aux", "nul"];
    let lower = stem.to_lowercase();
    let first = lower.split('.').next().unwrap_or_default();
    let is_port = (first.starts_with("com") || first.starts_with("lpt")) && first.len() == 4;
    if reserved.contains(&first) || is_port {
        stem.insert(0, '_');
    }
    stem
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// A name of ASCII letters, digits, `_` and `-` that begins with a letter or `_`.
pub(crate) fn safe_name(name: &str) -> String {
    let mut safe: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    if !safe.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        safe.insert(0, '_');
    }
    safe
}

/// Names made safe one to one: those that fall together get a number, whatever their case, since
/// file systems may not tell cases apart.
pub(crate) fn distinct<'a>(
    names: impl IntoIterator<Item = &'a str>,
    safe: impl Fn(&str) -> String,
) -> BTreeMap<String, String> {
    let mut taken = HashSet::new();
    let mut made = BTreeMap::new();
    let names: Vec<&str> = names.into_iter().collect();
    // Names that are safe as they are keep themselves.
    let (kept, changed): (Vec<&str>, Vec<&str>) =
        names.iter().partition(|name| safe(name) == **name);
    for name in kept.into_iter().chain(changed) {
        if made.contains_key(name) {
            continue;
        }
        let base = safe(name);
        let mut candidate = base.clone();
        let mut number = 2;
        while !taken.insert(candidate.to_lowercase()) {
            candidate = format!("{base}-{number}");
            number += 1;
        }
        made.insert(name.to_owned(), candidate);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_apart() {
        let check = |name: &str, file: &str, safe: &str| {
            assert_eq!(file_stem(name), file, "{name}");
            assert_eq!(safe_name(name), safe, "{name}");
        };
        check("a-12f", "a-12f", "a-12f");
        check("../x y", "__x_y_", "___x_y");
        check("Zitat-ä", "Zitat-_", "Zitat-_");
        check("con.txt", "_con.txt", "con_txt");
        check("1001", "1001", "_1001");
        check("", "__", "_");
        let made = distinct(["a b", "a_b", "A_b", "a?b"], safe_name);
        let made: Vec<&str> = made.values().map(String::as_str).collect();
        // In the order of the names: "A_b", "a b", "a?b", "a_b".
        assert_eq!(made, ["A_b-2", "a_b-3", "a_b-4", "a_b"]);
    }
}
