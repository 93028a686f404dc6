//! Rules over the source itself: which layer may know which, and what stands nowhere.
//!
//! Comments are not looked at. Test code (everything from `#[cfg(test)]` on, and files named
//! `tests.rs` or `simulated.rs` or in a folder `tests`) may do what it likes, but for the rules that say otherwise.

use std::fs;
use std::path::{Path, PathBuf};

const SRC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// The longest a source file may be.
const MAX_LINES: usize = 1000;

struct Rule {
    /// A module, as the start of its path under `src`; its folder and its file are both meant.
    layer: &'static str,
    banned: &'static [&'static str],
    /// The one file that may.
    except: &'static [&'static str],
    why: &'static str,
}

const fn rule(layer: &'static str, banned: &'static [&'static str], why: &'static str) -> Rule {
    Rule {
        layer,
        banned,
        except: &[],
        why,
    }
}

const fn except(files: &'static [&'static str], mut rule: Rule) -> Rule {
    rule.except = files;
    rule
}

const WINDOW: &[&str] = &["egui", "eframe", "rfd"];

#[rustfmt::skip]
const RULES: &[Rule] = &[
    rule("core", WINDOW, "the core knows no window"),
    rule("core", &["std::fs", "std::thread", "std::time", "std::env"], "the core knows no outside world"),
    rule("core", &["log::", "rand"], "the core does not log and draws no lots"),
    rule("core", &["crate::format", "crate::store", "crate::app", "crate::ui", "crate::cli"], "the core is the lowest layer"),
    rule("format", WINDOW, "formats know no window"),
    rule("format", &["std::fs"], "formats turn bytes into values; files are the store's"),
    rule("format", &["crate::store", "crate::app", "crate::ui", "crate::cli"], "formats know the core only"),
    except(&["format/project_ron/", "format/export/parallel.rs"], rule("format", &["std::thread"], "only project files and exports use several cores")),
    rule("store", WINDOW, "the store knows no window"),
    rule("store", &["crate::app", "crate::ui", "crate::cli"], "the store lies below the app"),
    rule("app", WINDOW, "the app runs without a window"),
    rule("app", &["crate::ui", "crate::cli"], "the app lies below the window and the command line"),
    rule("cli", &["crate::ui"], "the command line needs no window"),
    rule("ui", &["std::fs"], "the window asks the app for files"),
    rule("ui", &["crate::store"], "the window asks the app for files"),
    rule("ui", &["core::edit::apply", "edit::apply("], "the window changes nothing: it hands in actions"),
    except(&["ui/file_dialog.rs"], rule("ui", &["rfd::"], "file dialogs have one place, with a stand-in when no portal answers")),
    except(&["ui/theme.rs"], rule("ui", &["Color32::from_rgb*"], "colours come from the theme")),
];

/// Named nowhere in the source, tests included. `crate::{` would hide a layer from the rules.
const NOWHERE: &[&str] = &["todo!(", "unimplemented!(", "#[ignore", "crate::{"];

/// What the window does not do itself, without white space. It asks `app/derived.rs`, which walks once
/// a change; the article view has its own ways to what is on the screen.
const WALKS: &[&str] = &[
    "articles().iter()",
    "articles(){",
    "annotations.iter()",
    "annotations.in_text_order()",
    "fragments().iter()",
    "trash().iter()",
    "set_aside().iter()",
    "people().iter()",
    "steps().iter()",
    ".revision()",
];

/// What is being written or chosen belongs to the state that it was begun in, and is no cache.
const MAY_ASK_FOR_THE_REVISION: &[&str] = &["ui/panels/inspector.rs", "ui/dialogs/trash.rs"];

struct Source {
    /// Under `src`, with `/`.
    path: String,
    text: String,
}

impl Source {
    fn is_in(&self, layer: &str) -> bool {
        let rest = self.path.strip_prefix(layer);
        rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    }

    fn is_test_file(&self) -> bool {
        let path = &self.path;
        path.ends_with("/tests.rs") || path.ends_with("/simulated.rs") || path.contains("/tests/")
    }

    /// Lines with their numbers, without comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate();
        lines.map(|(i, line)| (i + 1, without_comment(line)))
    }

    /// The same without test code.
    fn shipped_code(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_test_file = self.is_test_file();
        self.code()
            .take_while(move |(_, line)| !is_test_file && line.trim() != "#[cfg(test)]")
    }

    /// `src/path:line`, as editors understand it.
    fn at(&self, line: usize) -> String {
        format!("src/{}:{line}", self.path)
    }
}

/// The line up to its comment. `//` right after a colon is an address in a string.
fn without_comment(line: &str) -> &str {
    let comment = line
        .match_indices("//")
        .map(|(i, _)| i)
        .find(|&i| !line.split_at(i).0.ends_with(':'));
    line.split_at(comment.unwrap_or(line.len())).0
}

/// Whether `name` stands in the line as a name of its own and not as a part of another. A name that
/// ends in `*` stands for all that begin like it.
fn mentions(line: &str, name: &str) -> bool {
    let (name, is_start) = match name.strip_suffix('*') {
        Some(start) => (start, true),
        None => (name, false),
    };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(i, _)| {
        let (before, rest) = line.split_at(i);
        let after = rest.split_at(name.len()).1;
        let starts = !name.starts_with(is_word) || !before.ends_with(is_word);
        let ends = is_start || !name.ends_with(is_word) || !after.starts_with(is_word);
        starts && ends
    })
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![PathBuf::from(SRC)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push(source(&path));
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.len() > 20, "the source was not found in {SRC}");
    sources
}

fn source(path: &Path) -> Source {
    let under_src = path.strip_prefix(SRC).unwrap();
    let parts: Vec<_> = under_src
        .iter()
        .map(|part| part.to_string_lossy())
        .collect();
    Source {
        path: parts.join("/"),
        text: fs::read_to_string(path).unwrap(),
    }
}

#[track_caller]
fn assert_none(found: &[String]) {
    assert!(
        found.is_empty(),
        "{} found:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn layers_point_downwards_only() {
    let mut found = Vec::new();
    for source in &sources() {
        for rule in RULES {
            if !source.is_in(rule.layer)
                || rule
                    .except
                    .iter()
                    .any(|place| source.path.starts_with(place))
            {
                continue;
            }
            for (number, line) in source.shipped_code() {
                for name in rule.banned.iter().filter(|name| mentions(line, name)) {
                    found.push(format!("{}: `{name}`: {}", source.at(number), rule.why));
                }
            }
        }
    }
    assert_none(&found);
}

#[test]
fn the_window_walks_nothing_and_keeps_nothing_derived() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.is_in("ui")) {
        let code: String = source.shipped_code().map(|(_, line)| line).collect();
        let code: String = code.split_whitespace().collect();
        let may_ask = MAY_ASK_FOR_THE_REVISION.contains(&source.path.as_str());
        let walks = WALKS.iter().filter(|walk| code.contains(**walk));
        let walks = walks.filter(|walk| !may_ask || **walk != ".revision()");
        found.extend(walks.map(|walk| format!("src/{}: `{walk}`", source.path)));
    }
    assert_none(&found);
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut found = Vec::new();
    for source in &sources() {
        if !source.text.starts_with("//! ") {
            found.push(format!(
                "{}: the file does not begin with a //! comment",
                source.at(1)
            ));
        }
    }
    assert_none(&found);
}

#[test]
fn files_are_short() {
    let mut found = Vec::new();
    for source in &sources() {
        let lines = source.text.lines().count();
        if lines > MAX_LINES {
            found.push(format!(
                "{}: {lines} lines; the limit is {MAX_LINES}",
                source.at(lines)
            ));
        }
    }
    assert_none(&found);
}

#[test]
fn nothing_is_left_for_later() {
    let mut found = Vec::new();
    for source in &sources() {
        for (number, line) in source.code() {
            for name in NOWHERE.iter().filter(|name| mentions(line, name)) {
                found.push(format!("{}: `{name}`", source.at(number)));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn shipped_code_does_not_unwrap() {
    let mut found = Vec::new();
    for source in &sources() {
        for (number, line) in source.shipped_code() {
            if line.contains(".unwrap()") {
                found.push(format!(
                    "{}: `.unwrap()` outside test code",
                    source.at(number)
                ));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn the_rules_themselves_work() {
    let check = |line: &str, name: &str, expected: bool| {
        assert_eq!(
            mentions(without_comment(line), name),
            expected,
            "{name} in {line}"
        );
    };
    check("use egui::Ui;", "egui", true);
    check("use my_egui::Ui;", "egui", false);
    check("// knows no egui", "egui", false);
    check("let url = \"https://example.org/egui\";", "egui", true);
    check("catalog::entry()", "log::", false);
    check("log::warn!()", "log::", true);
    check("let brand = operand;", "rand", false);
    check(
        "Color32::from_rgba_unmultiplied(0, 0, 0, 9)",
        "Color32::from_rgb*",
        true,
    );
    check("self.apply(title, edits)", "edit::apply(", false);
    check("edit::apply(project, transaction)", "edit::apply(", true);
    let file = |path: &str| Source {
        path: path.to_owned(),
        text: String::new(),
    };
    assert!(file("core.rs").is_in("core") && file("core/edit/tests.rs").is_in("core"));
    assert!(!file("corelib.rs").is_in("core") && file("core/edit/tests.rs").is_test_file());
}
