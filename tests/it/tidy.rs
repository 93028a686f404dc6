//! Rules over the source itself: which layer may know which, and what stands nowhere.
//!
//! Comments are not looked at. Test code (everything from `#[cfg(test)]` on, and files named
//! `tests.rs` or `simulated.rs` or in a folder `tests`) may do what it likes, but for the rules that say otherwise.

use pressmark::app::model::commands;
use std::collections::{BTreeMap, BTreeSet};
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

const KIT: &[&str] = &["ui/kit.rs", "ui/kit/"];
const GREY: &[&str] = &["0x6B665F", "0x6b665f"];
const WINDOW: &[&str] = &["egui", "eframe", "rfd"];

#[rustfmt::skip]
const RULES: &[Rule] = &[
    rule("core", WINDOW, "the core knows no window"),
    rule("core", &["std::fs", "std::thread", "std::time", "std::env"], "the core knows no outside world"),
    rule("core", &["log::", "rand"], "the core does not log and draws no lots"),
    rule("core", &["crate::format", "crate::store", "crate::app", "crate::ui", "crate::cli"], "the core is the lowest layer"),
    rule("format", WINDOW, "formats know no window"),
    rule("format", &["std::fs", "std::env"], "formats turn bytes into values; files are the store's"),
    rule("format", &["std::time", "Instant", "SystemTime"], "what is read and written depends on no clock"),
    rule("format", &["crate::store", "crate::app", "crate::ui", "crate::cli"], "formats know the core only"),
    except(&["format/project_ron/read.rs", "format/parallel.rs"], rule("format", &["std::thread"], "several cores are used through parallel")),
    rule("store", WINDOW, "the store knows no window"),
    rule("store", &["crate::app", "crate::ui", "crate::cli"], "the store lies below the app"),
    rule("app", WINDOW, "the app runs without a window"),
    rule("app/recovery", &["Instant", "SystemTime", "elapsed"], "recovered work depends on no clock: bound it by steps"),
    except(&["app/import/serving.rs", "app/import/workers.rs"], rule("app", &["fs::read", "fs::read_to_string", "File::open"], "files are read with a limit: store::read")),
    rule("app", &["crate::ui", "crate::cli"], "the app lies below the window and the command line"),
    rule("cli", &["crate::ui"], "the command line needs no window"),
    rule("ui", &["std::fs"], "the window asks the app for files"),
    rule("ui", &["crate::store"], "the window asks the app for files"),
    rule("ui", &["core::edit::apply", "edit::apply("], "the window changes nothing: it hands in actions"),
    rule("ui", &["&mut Model"], "the window reads the model and asks for actions"),
    except(&["ui/app.rs"], rule("ui", &[".perform("], "actions are performed in one place")),
    except(&["ui/file_dialog.rs"], rule("ui", &["rfd::"], "file dialogs have one place, with a stand-in when no portal answers")),
    except(KIT, rule("ui", &["Modal", "Window"], "all that stands over the window is a card: ui/kit/card.rs")),
    except(KIT, rule("ui", &["TextEdit", "text_edit_singleline", "text_edit_multiline"], "fields have names, hints and errors: ui/kit/field.rs")),
    except(KIT, rule("ui", &["ComboBox"], "what is picked from has a name: ui/kit/pick.rs")),
    except(KIT, rule("ui", &["Grid"], "tables and forms name their rows: ui/kit/table.rs")),
    except(KIT, rule("ui", &["show_rows", "show_viewport"], "there is one long list: ui/kit/list.rs")),
    except(KIT, rule("ui", &["widget_info", "WidgetInfo", "accesskit_node_builder", "accessible_name", "labelled_by"], "widgets say themselves what they are: ui/kit.rs")),
    except(&["ui/kit/swatch.rs"], rule("ui", &["Underline::Dashed", "Underline::Dotted"], "a label is underlined in the legend as in the text")),
    // Notices lie in a corner, take no keyboard and close themselves: they are no dialogs.
    except(&["ui/kit.rs", "ui/kit/", "ui/notices.rs"], rule("ui", &["Area::new"], "all that stands over the window is a card: ui/kit/card.rs")),
    rule("ui/kit", &["crate::app", "crate::format", "Model", "ui::article", "ui::panels", "ui::dialogs"], "the kit knows how things look, not what they are about"),
    except(&["core/codebook.rs"], rule("core", GREY, "it is Label::GREY")),
    rule("cli", &["in-progress", "in_progress", "in progress"], "it is Status::word"),
    rule("ui", &["in-progress", "in_progress", "in progress"], "it is Status::word or Status::name"),
    rule("format", GREY, "it is Label::GREY"),
    rule("app", GREY, "it is Label::GREY"),
    rule("ui", GREY, "it is Label::GREY"),
];

/// Named nowhere in the source, tests included. `crate::{` would hide a layer from the rules.
const NOWHERE: &[&str] = &["#[ignore", "crate::{"];

/// Circles that are meant, each by one of its modules; ARCHITECTURE.md says why.
const CIRCLES: &[&str] = &[];

/// Whose reader, writer and repair still know each other through the fields that they share.
const NOT_YET: &[&str] = &["format/project_ron"];

/// Enums whose kinds are all told apart wherever some are: a kind that is added must not slip
/// through an arm that stands for the rest. The first is taken apart in its own room only.
const NO_CATCH_ALL: &[&str] = &["Edit", "Trashed", "Record", "LazyRecord"];

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
pub(crate) fn assert_none(found: &[String]) {
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

/// What a struct of a source holds: the lines between its braces, without comments.
fn fields_of(source: &Source, name: &str) -> Vec<String> {
    let start = format!("struct {name} {{");
    let lines = source.code().map(|(_, line)| line.trim());
    let inside = lines.skip_while(|line| !line.ends_with(&start)).skip(1);
    let fields = inside.take_while(|line| *line != "}");
    let fields = fields.filter(|line| !line.is_empty());
    fields.map(str::to_owned).collect()
}

/// A field that outlives a project is a decision: what belongs to the open one stands in `Work`,
/// which is replaced whole, so that no question about it lands in the next one.
#[test]
fn the_model_is_a_door() {
    let model = source(&Path::new(SRC).join("app/model.rs"));
    let fields = fields_of(&model, "Model");
    let names: Vec<_> = fields
        .iter()
        .filter_map(|line| line.split(':').next())
        .collect();
    let outlive = "work desk settings settings_folder jobs notices requests serial";
    assert_eq!(names, outlive.split(' ').collect::<Vec<_>>());
    let work = fields_of(&model, "Work");
    assert!(work.len() > 10, "only {work:?}");
    let session = source(&Path::new(SRC).join("app/session.rs"));
    let session = fields_of(&session, "Session");
    assert!(session.len() > 10, "only {session:?}");
    let open = fields
        .iter()
        .chain(&work)
        .chain(&session)
        .filter(|line| line.starts_with("pub"));
    assert_none(&open.cloned().collect::<Vec<_>>());
}

/// The modules that a line of code names, as paths from the root, `{…}` opened. `here` is the
/// module that it stands in.
fn paths_in(code: &str, here: &[&str]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for root in ["crate", "super", "self"] {
        for (at, _) in code.match_indices(&format!("{root}::")) {
            let (before, mut rest) = code.split_at(at);
            if before.ends_with(is_word) || before.ends_with("::") {
                continue;
            }
            rest = rest.trim_start_matches(root).trim_start_matches("::");
            let mut from: Vec<String> = match root {
                "crate" => Vec::new(),
                "self" => here.iter().map(ToString::to_string).collect(),
                _ => here[..here.len() - 1]
                    .iter()
                    .map(ToString::to_string)
                    .collect(),
            };
            while let Some(further) = rest.strip_prefix("super::") {
                from.pop();
                rest = further;
            }
            open_braces(&from, rest, &mut found);
        }
    }
    found
}

/// Adds the paths that `rest`, what follows a `::`, makes of `from`; answers what is left behind.
fn open_braces<'a>(from: &[String], rest: &'a str, found: &mut Vec<Vec<String>>) -> &'a str {
    let rest = rest.trim_start();
    if let Some(mut inner) = rest.strip_prefix('{') {
        while !inner.starts_with('}') && !inner.is_empty() {
            let left = open_braces(from, inner, found);
            inner = match left.find([',', '}']) {
                Some(at) => left.split_at(at).1.trim_start_matches(',').trim_start(),
                None => "",
            };
        }
        return inner.strip_prefix('}').unwrap_or(inner);
    }
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    let (name, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let mut path = from.to_vec();
    path.push(name.to_owned());
    match rest.strip_prefix("::") {
        Some(rest) => open_braces(&path, rest, found),
        None => {
            found.push(path);
            rest
        }
    }
}

/// Which module names which, by the longest part of a path that is a file: `(from, to)`, once each.
fn imports(sources: &[Source]) -> BTreeSet<(String, String)> {
    let module = |source: &Source| source.path.trim_end_matches(".rs").to_owned();
    let modules: BTreeSet<String> = sources.iter().map(module).collect();
    let mut found = BTreeSet::new();
    for source in sources {
        let from = module(source);
        let here: Vec<&str> = from.split('/').collect();
        let code: Vec<&str> = source.shipped_code().map(|(_, line)| line).collect();
        for path in paths_in(&code.join("\n"), &here) {
            let parts = (1..=path.len()).map(|n| path[..n].join("/"));
            let to = parts.take_while(|part| modules.contains(part)).last();
            found.extend(to.filter(|to| *to != from).map(|to| (from.clone(), to)));
        }
    }
    found
}

/// The circles among the modules right under `parent`, each as the modules that reach each other.
fn circles_under(parent: &str, imports: &BTreeSet<(String, String)>) -> BTreeSet<Vec<String>> {
    let child = |module: &String| {
        let rest = module.strip_prefix(parent)?;
        let name = rest.split('/').next().filter(|name| !name.is_empty())?;
        Some(format!("{parent}{name}"))
    };
    let mut reach: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, to) in imports {
        if let (Some(from), Some(to)) = (child(from), child(to))
            && from != to
        {
            reach.entry(from).or_default().insert(to);
        }
    }
    loop {
        let mut grew = false;
        for from in reach.keys().cloned().collect::<Vec<_>>() {
            let next = reach[&from].iter().filter_map(|to| reach.get(to));
            let more: BTreeSet<String> = next.flatten().cloned().collect();
            let known = reach.get_mut(&from).unwrap();
            let before = known.len();
            known.extend(more);
            grew |= known.len() > before;
        }
        if !grew {
            break;
        }
    }
    let reaches = |a: &str, b: &str| reach.get(a).is_some_and(|set| set.contains(b));
    let in_circle = reach.keys().filter(|module| reaches(module, module));
    let circle = |module: &String| {
        let others = reach.keys();
        let together = others.filter(|other| reaches(module, other) && reaches(other, module));
        together.cloned().collect()
    };
    in_circle.map(circle).collect()
}

/// A module and all under it are one room, and its door is the module's own file: what the parts
/// take from the parent (`super::`) and what it takes from them is their own affair. So the rule is
/// asked at every level: of the modules that stand side by side, each with all under it, none may
/// come back to itself through what the others name, be it by `crate::` or by `super::`.
#[test]
fn no_circle_of_modules() {
    let sources = sources();
    let imports = imports(&sources);
    assert!(imports.len() > 300, "only {} imports found", imports.len());
    let mut parents = BTreeSet::from([String::new()]);
    for source in &sources {
        let folders = source.path.match_indices('/');
        parents.extend(folders.map(|(at, slash)| source.path.split_at(at).0.to_owned() + slash));
    }
    let mut found = Vec::new();
    for parent in &parents {
        if NOT_YET
            .iter()
            .any(|name| parent.starts_with(&format!("{name}/")))
        {
            continue;
        }
        for circle in circles_under(parent, &imports) {
            if !circle
                .iter()
                .any(|module| CIRCLES.contains(&module.as_str()))
            {
                found.push(format!("{} name each other", circle.join(", ")));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn circles_are_seen() {
    let source = |path: &str, text: &str| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let sources = [
        source("app.rs", "pub mod model;"),
        source("app/notice.rs", "use crate::app::model::Action;"),
        source(
            "app/model.rs",
            "use crate::core::ids;\nfn f() { files::g() }",
        ),
        source(
            "app/model/files.rs",
            "use super::{Action, safety::{A, B}};\nuse crate::app::{words, notice::{self, Notice}};",
        ),
        source("app/model/safety.rs", "use super::files::Counted;"),
        source(
            "app/words.rs",
            "// crate::app::model is named in a comment only\n#[cfg(test)]\nuse crate::app::model;",
        ),
    ];
    let imports = imports(&sources);
    let circle = |names: &[&str]| {
        BTreeSet::from([names.iter().map(ToString::to_string).collect::<Vec<_>>()])
    };
    assert_eq!(
        circles_under("app/", &imports),
        circle(&["app/model", "app/notice"])
    );
    assert_eq!(
        circles_under("app/model/", &imports),
        circle(&["app/model/files", "app/model/safety"])
    );
    assert_eq!(circles_under("", &imports), BTreeSet::new());
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

/// The names before `=>` in the blocks of a macro such as `commands! {`.
fn made_by(source: &Source, name: &str) -> Vec<String> {
    let start = format!("{name}! {{");
    let lines = source.shipped_code().map(|(_, line)| line);
    let block = lines.skip_while(|line| *line != start).skip(1);
    let block = block.take_while(|line| *line != "}");
    let names = block.filter_map(|line| line.strip_prefix("    ")?.split_once(" => "));
    let names = names.map(|(name, _)| name.to_owned());
    names.filter(|name| !name.contains(' ')).collect()
}

/// A row that stands in a room and not in the table would be a command that nobody is told of.
#[test]
fn every_command_of_a_room_is_in_the_table() {
    let sources = sources();
    let rooms = sources.iter().filter(|source| source.is_in("app/model"));
    let mut made: Vec<String> = rooms.flat_map(|room| made_by(room, "commands")).collect();
    let mut joined: Vec<String> = commands().map(|command| format!("{command:?}")).collect();
    made.sort();
    joined.sort();
    assert!(made.len() > 50, "only {made:?}");
    assert_eq!(made, joined);
}

/// What a command does stands in its row: an arm for it elsewhere is a switchboard that each
/// command would have to be entered in.
#[test]
fn no_command_has_an_arm_of_a_match() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !source.is_in("cli")) {
        let code = blanked(&source.text);
        let shipped = if source.is_test_file() {
            ""
        } else {
            code.split("\n#[cfg(test)]").next().unwrap_or_default()
        };
        for (at, _) in shipped.match_indices("match ") {
            let arms = arms(after(shipped, at));
            if arms.iter().any(|arm| mentions(arm, "Command::*")) {
                let line = before(shipped, at).matches('\n').count() + 1;
                found.push(source.at(line));
            }
        }
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

/// What a merge or a patch leaves beside the files that it changed.
#[test]
fn no_leftover_of_a_merge_lies_about() {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR"))];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_leftover = [".orig", ".rej"].iter().any(|end| name.ends_with(end));
            if is_leftover {
                found.push(path.display().to_string());
            } else if path.is_dir() && !path.is_symlink() && name != "target" && name != ".git" {
                folders.push(path);
            }
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

/// `Cargo.toml` asks for no tests in comments, so there is none that would never run.
#[test]
fn comments_hold_no_tests() {
    let mut found = Vec::new();
    for source in &sources() {
        for (i, line) in source.text.lines().enumerate() {
            let comment = line.trim_start();
            if ["/// ```", "//! ```"]
                .iter()
                .any(|mark| comment.starts_with(mark))
            {
                found.push(source.at(i + 1));
            }
        }
    }
    assert_none(&found);
}

fn before(code: &str, at: usize) -> &str {
    code.split_at(at.min(code.len())).0
}

fn after(code: &str, at: usize) -> &str {
    code.split_at(at.min(code.len())).1
}

/// The code with comments, and what stands in quotation marks, blanked out.
fn blanked(code: &str) -> String {
    let mut blank = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let hashes = rest
            .strip_prefix('r')
            .map(|raw| raw.len() - raw.trim_start_matches('#').len());
        let is_name = blank.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let escaped = rest.starts_with("'\\");
        let second = rest.char_indices().nth(2).map_or(0, |(i, _)| i);
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(n) = hashes.filter(|n| !is_name && after(rest, 1 + n).starts_with('"')) {
            let end = format!("\"{}", "#".repeat(n));
            let from = n + 2;
            after(rest, from)
                .find(&end)
                .map_or(rest.len(), |at| from + at + end.len())
        } else if first == '"' {
            let mut is_escaped = false;
            let end = after(rest, 1).find(|c| {
                let ends = c == '"' && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                ends
            });
            end.map_or(rest.len(), |at| at + 2)
        } else if escaped || (first == '\'' && rest.chars().nth(2) == Some('\'')) {
            let from = if escaped { 3 } else { second };
            after(rest, from)
                .find('\'')
                .map_or(rest.len(), |at| from + at + 1)
        } else {
            blank.push(first);
            rest = after(rest, first.len_utf8());
            continue;
        };
        let gone = before(rest, len).chars();
        blank.extend(gone.map(|c| if c == '\n' { c } else { ' ' }));
        rest = after(rest, len);
    }
    blank
}

/// How long the code is up to the first of `ends` that stands in no brackets, or to their end.
fn upto(code: &str, ends: &[&str]) -> usize {
    let mut depth = 0;
    for (i, c) in code.char_indices() {
        if depth == 0 && ends.iter().any(|end| after(code, i).starts_with(end)) {
            return i;
        }
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return i,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// The patterns of the arms of a `match`, from after the word.
fn arms(code: &str) -> Vec<&str> {
    let mut arms = Vec::new();
    let block = after(code, upto(code, &["{", ";"]));
    let mut rest = block.strip_prefix('{').unwrap_or("");
    loop {
        let end = upto(rest, &["=>"]);
        let Some(value) = after(rest, end).strip_prefix("=>") else {
            return arms;
        };
        // A guard is no pattern.
        let pattern = before(rest, end).split(" if ").next().unwrap_or_default();
        arms.push(pattern.trim());
        let value = value.trim_start();
        rest = match value.strip_prefix('{') {
            Some(block) => after(block, upto(block, &[]) + 1),
            None => after(value, upto(value, &[","])),
        };
        rest = rest.trim_start().trim_start_matches(',');
    }
}

/// Whether a pattern stands for all kinds, or all in an option or a result.
fn stands_for_all(pattern: &str) -> bool {
    let is_word = |c: char| c.is_lowercase() || c.is_ascii_digit() || c == '_';
    pattern.split('|').map(str::trim).any(|one| {
        let mut wrappers = ["Some(", "Ok("].iter();
        let inner = wrappers.find_map(|name| one.strip_prefix(name)?.strip_suffix(')'));
        inner.unwrap_or(one).chars().all(is_word)
    })
}

/// What hides kinds of the enum, each with where it stands.
fn hidden_kinds(code: &str, name: &str, is_in_its_room: bool, is_shipped: bool) -> Vec<usize> {
    let names = format!("{name}::");
    let kinds = |code: &str| {
        let places = code.match_indices(&names);
        let of_it = places.filter(|(i, _)| {
            let last = before(code, *i).chars().next_back();
            !last.is_some_and(|c| c.is_alphanumeric() || c == '_')
                && after(code, i + names.len()).starts_with(|c: char| c.is_uppercase())
        });
        of_it.count()
    };
    let mut found = Vec::new();
    for (i, word) in code.match_indices("match ") {
        let arms = arms(after(code, i + word.len()));
        if !arms.iter().any(|arm| kinds(arm) > 0) {
            continue;
        }
        let taken_apart = name == "Edit" && is_shipped && !is_in_its_room;
        if taken_apart || arms.iter().any(|arm| stands_for_all(arm)) {
            found.push(i);
        }
    }
    if !is_shipped {
        return found;
    }
    // A question about one kind of record hides nothing; one about several is theirs to answer.
    let allowed = usize::from(name.ends_with("Record"));
    for (i, word) in code.match_indices("matches!(") {
        let inside = after(code, i + word.len());
        let inside = before(inside, upto(inside, &[]));
        if kinds(after(inside, upto(inside, &[","]))) > allowed {
            found.push(i);
        }
    }
    for (i, word) in code.match_indices("let ") {
        let pattern = after(code, i + word.len());
        if kinds(before(pattern, upto(pattern, &["=", ";"]))) > allowed {
            found.push(i);
        }
    }
    found
}

#[test]
fn no_kind_goes_by_unseen() {
    let mut found = Vec::new();
    for source in &sources() {
        let names = NO_CATCH_ALL.iter().copied();
        let mut names = names
            .filter(|name| source.text.contains(&format!("{name}::")))
            .peekable();
        if names.peek().is_none() {
            continue;
        }
        // Another thing of this name.
        let other = source.path == "format/collections/warc.rs";
        let code = blanked(&source.text);
        let shipped = if source.is_test_file() {
            0
        } else {
            code.find("\n#[cfg(test)]").unwrap_or(code.len())
        };
        let (shipped, tests) = code.split_at(shipped);
        let is_room = source.is_in("core/edit");
        for name in names.filter(|name| !(other && *name == "Record")) {
            let mut places = hidden_kinds(shipped, name, is_room, true);
            let in_tests = hidden_kinds(tests, name, is_room, false);
            places.extend(in_tests.iter().map(|i| shipped.len() + i));
            for i in places {
                let line = before(&code, i).matches('\n').count() + 1;
                found.push(format!(
                    "{}: kinds of `{name}` go by unseen",
                    source.at(line)
                ));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn what_hides_kinds_is_seen() {
    let check = |code: &str, expected: usize| {
        let code = blanked(code);
        assert_eq!(
            hidden_kinds(&code, "Edit", true, true).len(),
            expected,
            "{code}"
        );
    };
    check("match edit { Edit::A(x) => 1, Edit::B { .. } => { 2 } }", 0);
    check("match edit { Edit::A(x) => 1, _ => 2 }", 1);
    check("match edit { Edit::A(x) => { 1 } other => f(other) }", 1);
    check(
        "match e.first() { Some(Edit::A(_)) => 1, Some(_) | None => 2 }",
        1,
    );
    check(
        "match e.first() { Some(Edit::A(_)) => 1, Some(_) => 3, None => 2 }",
        1,
    );
    check("match x { 1 => Edit::A(f(|y| { y })), _ => Edit::B }", 0);
    check(
        "match \"Edit::A(\" { '\"' => 1, _ => 2 } // match Edit::A",
        0,
    );
    check(
        "match x { _ => match edit { Edit::A(\"}\") => 1, _ => 2 } }",
        1,
    );
    check(
        "match x { _ if matches!(edit, Edit::A(_)) => 1, _ => 2 }",
        1,
    );
    check("if let Some(Edit::A(x)) = edit { x }", 1);
    check("let edit = Edit::A(x);", 0);
    check("let Edit::A(x) = edit else { return };", 1);
    check("match edit { MyEdit::A(x) => 1, _ => 2 }", 0);
    let outside = |code: &str| hidden_kinds(code, "Edit", false, true).len();
    assert_eq!(outside("match edit { Edit::A => 1, Edit::B => 2 }"), 1);
    let records = |code: &str| hidden_kinds(code, "Record", false, true).len();
    assert_eq!(records("matches!(r, Record::A(_))"), 0);
    assert_eq!(records("matches!(r, Record::A(_) | Record::B)"), 1);
    assert_eq!(
        hidden_kinds("if let Edit::A(x) = e {}", "Edit", false, false).len(),
        0
    );
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
    check("ui.text_edit_singleline(&mut name)", "text_edit_*", true);
    check("let card = Modal::new(id);", "Modal", true);
    check("ctx.text_edit_focused()", "TextEdit", false);
    check("response.widget_info(|| info)", "widget_info", true);
    check("egui::Grid::new(name)", "Grid", true);
    check("self.apply(title, edits)", "edit::apply(", false);
    check("edit::apply(project, transaction)", "edit::apply(", true);
    let file = |path: &str| Source {
        path: path.to_owned(),
        text: String::new(),
    };
    assert!(file("core.rs").is_in("core") && file("core/edit/tests.rs").is_in("core"));
    assert!(!file("corelib.rs").is_in("core") && file("core/edit/tests.rs").is_test_file());
}
