//! README and the pages of `docs`: what the program can say itself is written by it, what stands
//! there can be found in the program, and links lead somewhere.

use crate::tidy::assert_none;
use clap::{Arg, CommandFactory};
use pressmark::app::command::{CommandInfo, KeyCombo, MOTIONS, MOUSE, Menu, info};
use pressmark::app::model::commands;
use pressmark::cli::Arguments;
use pressmark::core::codebook::{AttributeKind, AttributeSpec, Codebook};
use pressmark::format::codebooks::READ;
use pressmark::format::codebooks::ready::READY;
use pressmark::format::formats::{FORMATS, Format, FormatGroup, Part};
use pressmark::format::readers::readers;
use pressmark::format::reading::ReaderGroup;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

type Generated = (&'static str, fn() -> String);

/// What is written by the program, by its name: between `<!-- generated: NAME -->` and
/// `<!-- /generated -->`.
const GENERATED: &[Generated] = &[
    ("codebook", codebook),
    ("codebook-files", codebook_files),
    ("exports", exports),
    ("formats", formats),
    ("keys", keys),
    ("labels", labels),
    ("losses", losses),
    ("opens", opens),
    ("options", options),
    ("ready-codebooks", ready_codebooks),
];
const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- /generated -->\n";

const SESSION: &str = "```console\n";

const GROUPS: [FormatGroup; 5] = [
    FormatGroup::Analysis,
    FormatGroup::Reading,
    FormatGroup::Training,
    FormatGroup::Annotation,
    FormatGroup::Exchange,
];

/// The longest README that is read.
const README_LINES: usize = 120;
const README_BYTES: usize = 9_000;
const README_COLUMNS: usize = 120;
/// Tables that are wider are read nowhere.
const TABLE_COLUMNS: usize = 3;

fn readme() -> PathBuf {
    Path::new(ROOT).join("README.md")
}

/// The pages of `docs`, sorted.
fn pages() -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(ROOT).join("docs")).unwrap();
    let mut pages: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    assert!(pages.len() > 8, "the pages were not found");
    pages
}

/// README and the pages, with their text.
fn all() -> Vec<(PathBuf, String)> {
    let paths = std::iter::once(readme()).chain(pages());
    paths.map(|path| (path.clone(), text(&path))).collect()
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// As it is named in the project.
fn shown(path: &Path) -> String {
    let parts = path.strip_prefix(ROOT).unwrap().iter();
    let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

// What the program says of itself

/// A table of two or three columns, under its heads.
fn table<const N: usize>(heads: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: [String; N]| format!("| {} |\n", cells.join(" | "));
    let mut table = line(heads.map(str::to_owned)) + "|" + &"---|".repeat(N) + "\n";
    for row in rows {
        table += &line(row.map(|cell| cell.replace('|', "\\|")));
    }
    table
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// Each after its comma.
fn listed<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words
        .into_iter()
        .map(|word| word.as_ref().to_owned())
        .collect();
    words.join(", ")
}

fn opens() -> String {
    let groups = [
        (ReaderGroup::Article, "Articles"),
        (ReaderGroup::Collection, "Many articles in one file"),
        (ReaderGroup::Dataset, "Articles with annotations"),
    ];
    let parts = groups.map(|(group, title)| {
        let rows = readers().filter(|reader| reader.group == group);
        let endings = |endings: &[&str]| listed(endings.iter().map(|e| code(&format!(".{e}"))));
        let rows = rows.map(|reader| [reader.title.to_owned(), endings(reader.extensions)]);
        format!("### {title}\n\n{}", table(["file", "usual endings"], rows))
    });
    parts.join("\n")
}

fn link(format: &Format) -> String {
    format!("[{}](#{})", format.title, anchor(format.title))
}

fn in_group(group: FormatGroup) -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(move |format| format.group == group)
}

fn exports() -> String {
    let parts = GROUPS.map(|group| {
        let rows = in_group(group)
            .map(|format| [format.read_by.to_owned(), link(format), code(format.name)]);
        let table = table(["for", "format", "`-f`"], rows);
        format!("### {}\n\n{table}", group.title())
    });
    parts.join("\n")
}

/// Whether it carries all of articles and annotations. What was read, and in which sets articles are,
/// is of the project.
fn is_whole(format: &Format) -> bool {
    let mut lacks = format.lacks.iter();
    lacks.all(|part| matches!(part, Part::Nothing | Part::Sets))
}

/// The formats that carry all, and what each of the others does not.
fn losses() -> String {
    let (whole, others): (Vec<&Format>, Vec<&Format>) =
        FORMATS.iter().partition(|format| is_whole(format));
    let links: Vec<String> = whole.iter().map(|format| link(format)).collect();
    let mut text = format!(
        "These carry articles, annotations and labels whole, but not {}:\n{}.\n\nThe others do not carry:\n\n",
        whole[0].loses(),
        links.join(",\n")
    );
    for format in others {
        text += &format!("- {}: {}\n", link(format), format.loses());
    }
    text
}

fn formats() -> String {
    let parts = GROUPS.into_iter().flat_map(in_group).map(|format| {
        let aliases = match format.aliases {
            [] => String::new(),
            aliases => format!(" (or {})", listed(aliases.iter().map(|a| code(a)))),
        };
        let mut lines = vec![
            format!("for: {}", format.read_by),
            format!("`-f {}`{aliases}, makes: {}", format.name, format.output()),
            format!("carries: {}", format.carries()),
        ];
        if !is_whole(format) {
            lines.push(format!("does not carry: {}", format.loses()));
        }
        if !format.changes.is_empty() {
            lines.push(format!("by rule: {}", format.changes));
        }
        if !format.choices.is_empty() {
            let deeds = format.choices.iter().map(|choice| choice.deed);
            lines.push(format!("can: {}", listed(deeds)));
        }
        lines.push(format!("offsets: {}", format.offset_unit));
        lines.push(match format.reader() {
            Some(_) => "Pressmark reads it back".to_owned(),
            None => "Pressmark does not read it back".to_owned(),
        });
        format!("### {}\n\n- {}\n", format.title, lines.join("\n- "))
    });
    parts.collect::<Vec<_>>().join("\n")
}

fn codebook_files() -> String {
    let rows = READ.iter();
    let rows = rows.map(|(file, endings)| [(*file).to_owned(), (*endings).to_owned()]);
    table(["file", "usual names"], rows)
}

fn ready_codebooks() -> String {
    let rows = READY.iter().map(|ready| {
        let about = format!("{} {}", ready.about, ready.source);
        [code(ready.id), ready.name.to_owned(), about]
    });
    table(
        ["name", "codebook", "what it is for, and where it is from"],
        rows,
    )
}

fn key_of(key: Option<char>) -> String {
    key.map(|key| code(&key.to_string())).unwrap_or_default()
}

fn labels() -> String {
    let labels = Codebook::default().labels;
    let rows = labels
        .into_iter()
        .map(|label| [key_of(label.key), label.name, label.definition]);
    table(["key", "label", "what it marks"], rows)
}

fn kind(attribute: &AttributeSpec) -> String {
    match &attribute.kind {
        AttributeKind::OneOf(options) => listed(options),
        AttributeKind::YesNo => "yes, no".to_owned(),
        AttributeKind::Person => "a name".to_owned(),
        AttributeKind::Url => "an address".to_owned(),
        _ => "text".to_owned(),
    }
}

fn codebook() -> String {
    let parts = Codebook::default().labels.into_iter().map(|label| {
        let mut part = format!(
            "### {}\n\nKey {}. {}\n\n",
            label.name,
            key_of(label.key),
            label.definition
        );
        for (title, rules) in [
            ("mark", &label.include),
            ("do not mark", &label.exclude),
            ("example", &label.examples),
        ] {
            for rule in rules {
                part += &format!("- {title}: {rule}\n");
            }
        }
        if !label.attributes.is_empty() {
            let rows = label.attributes.iter().map(|attribute| {
                let title = attribute.title.clone();
                [title, attribute.help.clone(), kind(attribute)]
            });
            part += &format!("\n{}", table(["attribute", "what it says", "values"], rows));
        }
        part
    });
    parts.collect::<Vec<_>>().join("\n")
}

fn combos(info: &CommandInfo) -> String {
    listed(info.keys.iter().flatten().map(|combo| code(&combo.text())))
}

fn keys() -> String {
    let pairs = |rows: &[(&str, &str)]| {
        let rows = rows
            .iter()
            .map(|(keys, what)| [(*keys).to_owned(), (*what).to_owned()]);
        rows.collect::<Vec<_>>()
    };
    let labels = Codebook::default().labels.into_iter();
    let labels = labels.map(|label| [key_of(label.key), format!("mark as {}", label.name)]);
    let heads = ["keys", "what it does"];
    let mut parts = vec![
        format!("## Mark\n\n{}", table(heads, labels)),
        format!("## Mouse\n\n{}", table(["mouse", heads[1]], pairs(MOUSE))),
        format!("## Move in the article\n\n{}", table(heads, pairs(MOTIONS))),
    ];
    let menus = Menu::ALL.map(|(menu, title)| (Some(menu), format!("Menu {title}")));
    for (menu, title) in menus.into_iter().chain([(None, "In no menu".to_owned())]) {
        let rows = commands().map(info).filter(|info| info.menu() == menu);
        let rows = rows.map(|info| [info.title.to_owned(), combos(info), info.help.to_owned()]);
        let table = table(["command", "keys", "what it does"], rows);
        parts.push(format!("## {title}\n\n{table}"));
    }
    parts.join("\n")
}

/// “`-o`, `--output PROJECT.ron`”, or the name of what stands without a dash.
fn spelled(arg: &Arg) -> String {
    let values = arg
        .get_value_names()
        .filter(|_| arg.get_action().takes_values());
    let values = values.into_iter().flatten();
    let values: Vec<String> = values.map(|value| value.to_string()).collect();
    let Some(long) = arg.get_long() else {
        return code(&values.join(" "));
    };
    let mut words = vec![format!("--{long}")];
    words.extend(values);
    let short = arg.get_short().map(|short| format!("`-{short}`, "));
    short.unwrap_or_default() + &code(&words.join(" "))
}

fn explained(arg: &Arg) -> String {
    let mut text = arg.get_help().unwrap().to_string();
    // A switch has values, too, which nobody writes.
    if !arg.get_action().takes_values() {
        return text;
    }
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .map(|value| code(value.get_name()))
        .collect();
    let mut more = Vec::new();
    // Some say their values themselves.
    if !values
        .iter()
        .all(|value| text.contains(value.trim_matches('`')))
    {
        more.push(listed(values));
    }
    if let [default] = arg.get_default_values() {
        more.push(format!("otherwise {}", code(&default.to_string_lossy())));
    }
    if !more.is_empty() {
        text += &format!(" ({})", more.join("; "));
    }
    text
}

fn options() -> String {
    let arguments = Arguments::command();
    let window = [(&arguments, "pressmark".to_owned())].into_iter();
    let commands = arguments
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    let commands = commands.map(|command| (command, format!("pressmark {}", command.get_name())));
    let parts = window.chain(commands).map(|(command, title)| {
        let rows = command.get_arguments();
        let rows = rows.map(|arg| [spelled(arg), explained(arg)]);
        let about = match command.get_name() {
            "pressmark" => "Opens the window.".to_owned(),
            _ => format!("{}.", command.get_about().unwrap()),
        };
        let table = table(["argument", "what it does"], rows);
        format!("### {title}\n\n{about}\n\n{table}")
    });
    parts.collect::<Vec<_>>().join("\n")
}

// Sessions in a terminal

/// What the sessions begin with.
fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let demo = fs::read(Path::new(ROOT).join("projects/demo.ron")).unwrap();
    write("projects/demo.ron", &demo);
    write("cut.ron", &demo[..demo.len() * 2 / 3]);
    write(
        "articles/a.txt",
        b"Minister rejects report\n\nThe minister rejected the report on Tuesday.\n",
    );
    let russian = "Суд отменил решение\n\nСуд отменил решение совета, сообщил представитель суда. Новое заседание назначено на март.\n";
    write(
        "articles/b.txt",
        &encoding_rs::WINDOWS_1251.encode(russian).0,
    );
    let page = "<html><head><title>Ferry stays in harbour</title></head><body><nav>Home | News | Sport</nav><article><h1>Ferry stays in harbour</h1><p>The ferry will stay in the harbour until Friday, the company said, since the wind is too strong for the old boat.</p><p>Some sixty people spent the night in the school of the island, where the council had put up beds.</p></article><footer>Subscribe</footer></body></html>";
    write("page.html", page.as_bytes());
    write("articles/page.html", page.as_bytes());
    let rows = (1..=250).map(|n| {
        format!("Bridge shut {n},Post,The council shut bridge {n} of the town on Monday.\n")
    });
    let rows = "title,outlet,text\n".to_owned() + &rows.collect::<String>();
    write("articles/export.csv", rows.as_bytes());
    write(
        "later.txt",
        b"Bridge open again\n\nThe bridge is open again, said the mayor.\n",
    );
    let arguments = "export projects/demo.ron -f jsonl -o annotated.jsonl";
    run(folder.path(), arguments);
    folder
}

/// What the program says.
fn run(folder: &Path, arguments: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env("PRESSMARK_CONFIG_DIR", folder.join("config"))
        .env("PRESSMARK_STATE_DIR", folder.join("state"))
        .output()
        .unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// The page with all its sessions as they go, one after the other.
fn with_sessions(page: &str) -> String {
    if !page.contains(SESSION) {
        return page.to_owned();
    }
    let folder = desk();
    let mut parts = page.split(SESSION);
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (session, rest) = part.split_once("```\n").unwrap();
        let commands = session
            .lines()
            .filter_map(|line| line.strip_prefix("$ pressmark "));
        let said = commands
            .map(|arguments| format!("$ pressmark {arguments}\n{}", run(folder.path(), arguments)));
        let said: Vec<String> = said.collect();
        assert!(!said.is_empty(), "a session without a command: {session}");
        out += &format!("{SESSION}{}```\n{rest}", said.join("\n"));
    }
    out
}

/// The page with everything that the program writes in it.
fn with_generated(page: &str, used: &mut BTreeSet<String>) -> String {
    let mut parts = page.split(BEGIN);
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(" -->\n").unwrap();
        let (_, after) = rest.split_once(END).unwrap();
        let made = GENERATED.iter().find(|(known, _)| *known == name);
        let (_, make) = made.unwrap_or_else(|| panic!("nothing generates “{name}”"));
        used.insert(name.to_owned());
        // Tables and lists end with their own line; Markdown wants one between them and a comment.
        out += &format!("{BEGIN}{name} -->\n\n{}\n{END}{after}", make());
    }
    out
}

/// `PRESSMARK_BLESS=1 cargo test --test it docs` writes the pages.
#[test]
fn pages_say_what_the_program_says() {
    let mut used = BTreeSet::new();
    let mut found = Vec::new();
    for (path, page) in all() {
        let made = with_sessions(&with_generated(&page, &mut used));
        if std::env::var_os("PRESSMARK_BLESS").is_some() {
            fs::write(&path, made).unwrap();
        } else if made != page {
            let line = made.lines().zip(page.lines()).position(|(a, b)| a != b);
            let line = line.unwrap_or_else(|| made.lines().count().min(page.lines().count())) + 1;
            let says = made.lines().nth(line - 1).unwrap_or_default();
            found.push(format!("{}:{line}: it is now: {says}", shown(&path)));
        }
    }
    for (name, _) in GENERATED {
        assert!(used.contains(*name), "“{name}” stands on no page");
    }
    assert!(
        found.is_empty(),
        "write them with `PRESSMARK_BLESS=1 cargo test --test it docs`:\n{}",
        found.join("\n")
    );
}

#[test]
fn every_format_is_on_the_page() {
    let page = formats();
    for format in FORMATS {
        assert!(
            page.contains(&format!("\n- `-f {}`", format.name)),
            "{}: its group is in no list",
            format.name
        );
    }
    let page = opens();
    for reader in readers() {
        assert!(page.contains(&format!("| {} |", reader.title)));
    }
}

// Links

/// How GitHub names a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept
        .chars()
        .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Lines that are no code, with their numbers.
fn prose(page: &str) -> Vec<(usize, &str)> {
    let mut is_code = false;
    let lines = page.lines().enumerate().filter(|(_, line)| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    lines.map(|(i, line)| (i + 1, line)).collect()
}

fn anchors(page: &str) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let headings = prose(page).into_iter().filter_map(|(_, line)| {
        let text = line.trim_start_matches('#').strip_prefix(' ')?;
        let name = line.starts_with('#').then(|| anchor(text))?;
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        Some(match count {
            1 => name,
            more => format!("{name}-{}", *more - 1),
        })
    });
    headings.collect()
}

/// Where the links and pictures of a line lead.
fn targets(line: &str) -> Vec<String> {
    let outside_code: Vec<&str> = line.split('`').step_by(2).collect();
    let line = outside_code.join("`");
    let links = line.split("](").skip(1);
    links
        .map(|rest| rest.split(')').next().unwrap().to_owned())
        .collect()
}

/// What is wrong with where a link leads.
fn broken(from: &Path, target: &str) -> Option<String> {
    if target.starts_with("https://") {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = match file {
        "" => from.to_owned(),
        file => from.parent().unwrap().join(file),
    };
    if !path.exists() {
        return Some(format!("there is no {file}"));
    }
    let has_it = anchor.is_empty() || anchors(&text(&path)).contains(anchor);
    (!has_it).then(|| format!("{file} has no heading for #{anchor}"))
}

#[test]
fn links_lead_somewhere() {
    let mut found = Vec::new();
    let others = ["ARCHITECTURE.md", "CHANGELOG.md"].map(|name| Path::new(ROOT).join(name));
    let others = others.map(|path| (path.clone(), text(&path)));
    for (path, page) in all().into_iter().chain(others) {
        for (number, line) in prose(&page) {
            for target in targets(line) {
                if let Some(why) = broken(&path, &target) {
                    found.push(format!("{}:{number}: {why}", shown(&path)));
                }
            }
        }
    }
    assert_none(&found);
}

#[test]
fn broken_links_are_seen() {
    let page = "# A b\n\n```\n# no heading\n```\n## C’s (d), `e-f`\n\n## A b\n";
    assert_eq!(
        anchors(page),
        ["a-b", "a-b-1", "cs-d-e-f"].map(str::to_owned).into()
    );
    assert_eq!(
        targets("a [b](c.md#d) ![e](f.png) `[g](h)` [`i`](j)"),
        ["c.md#d", "f.png", "j"]
    );
    let readme = readme();
    assert_eq!(broken(&readme, "docs/formats.md#each-format"), None);
    assert_eq!(broken(&readme, "#licence"), None);
    assert!(broken(&readme, "docs/nowhere.md").is_some());
    assert!(broken(&readme, "docs/formats.md#nothing").is_some());
}

// What is written by hand

#[test]
fn the_readme_is_short() {
    let readme = text(&readme());
    let lines: Vec<&str> = readme.lines().collect();
    assert!(lines.len() <= README_LINES, "{} lines", lines.len());
    assert!(readme.len() <= README_BYTES, "{} bytes", readme.len());
    let mut found = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let columns = line.chars().count();
        if columns > README_COLUMNS {
            found.push(format!("README.md:{}: {columns} columns", i + 1));
        }
    }
    assert_none(&found);
    // What a newcomer copies first.
    let blocks: Vec<&str> = readme.split("```\n").skip(1).step_by(2).collect();
    assert_eq!(
        blocks[..2],
        ["cargo run --release -- projects/demo.ron\n", "cargo test\n"]
    );
}

#[test]
fn every_page_is_reached_from_the_readme() {
    let readme = text(&readme());
    let missing = pages().into_iter().filter_map(|path| {
        let path = shown(&path);
        (!readme.contains(&format!("]({path})"))).then_some(path)
    });
    assert_none(&missing.collect::<Vec<_>>());
}

#[test]
fn tables_are_narrow() {
    let mut found = Vec::new();
    for (path, page) in all() {
        for (number, line) in prose(&page) {
            let bars = line.replace("\\|", "").matches('|').count();
            if line.starts_with('|') && bars > TABLE_COLUMNS + 1 {
                found.push(format!("{}:{number}", shown(&path)));
            }
        }
    }
    assert_none(&found);
}

/// “*Menu › Command*”, “*Menu › Line › Command*” and either with a key behind it: what is wrong with it.
fn wrong_command(path: &str, after: &str) -> Option<String> {
    let (menu, rest) = path.split_once(" › ")?;
    let (line, title) = match rest.split_once(" › ") {
        Some((line, title)) => (Some(line), title),
        None => (None, rest),
    };
    let menu = Menu::ALL.iter().find(|(_, name)| *name == menu);
    let info = commands().map(info).find(|info| info.title == title);
    let (Some((menu, _)), Some(info)) = (menu, info) else {
        return Some(format!("there is no {path}"));
    };
    if info.menu() != Some(*menu) || info.section.submenu() != line {
        return Some(format!("{title} stands elsewhere in the menus"));
    }
    let key = after.strip_prefix(" (")?.split(')').next()?;
    let has_it = info.keys.iter().flatten().any(|combo| combo.text() == key);
    (!has_it).then(|| format!("{title} has not the key {key}"))
}

/// Keys as they may be written, in small letters.
fn known_keys() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let texts = commands().flat_map(|command| info(command).keys.iter().flatten());
    known.extend(texts.map(|combo: &KeyCombo| combo.text()));
    for (keys, _) in MOTIONS.iter().chain(MOUSE) {
        known.extend(keys.split_whitespace().map(str::to_owned));
    }
    // The other arrow of a pair.
    known.insert("Ctrl+Right".to_owned());
    known.into_iter().map(|key| key.to_lowercase()).collect()
}

fn keys_in(line: &str) -> Vec<String> {
    let words = line.split(|c: char| c.is_whitespace() || "|();:`".contains(c));
    let words = words.map(|word| word.trim_end_matches(['.', '’']));
    let words = words.map(|word| match word.strip_suffix(',') {
        Some(key) if !key.ends_with('+') => key,
        _ => word,
    });
    let is_key = |word: &&str| {
        let names = ["Ctrl+", "Alt+", "Shift+"];
        names.iter().any(|name| word.starts_with(name)) || function_key(word)
    };
    words.filter(is_key).map(str::to_lowercase).collect()
}

fn function_key(word: &str) -> bool {
    let number = word.strip_prefix('F').map(str::parse::<u8>);
    matches!(number, Some(Ok(1..=12)))
}

#[test]
fn what_is_named_is_there() {
    let known = known_keys();
    let mut options = BTreeSet::from(["help".to_owned(), "version".to_owned()]);
    let arguments = Arguments::command();
    for command in arguments.get_subcommands().chain([&arguments]) {
        let names = command.get_arguments().filter_map(Arg::get_long);
        options.extend(names.map(str::to_owned));
    }
    let (mut found, mut commands, mut keys, mut flags) = (Vec::new(), 0, 0, 0);
    for (path, page) in all() {
        for (number, line) in prose(&page) {
            let mut wrong = Vec::new();
            let pieces: Vec<&str> = line.split('*').collect();
            for pair in pieces.windows(2) {
                if pair[0].contains(" › ") {
                    commands += 1;
                    wrong.extend(wrong_command(pair[0], pair[1]));
                }
            }
            for key in keys_in(line) {
                keys += 1;
                if !known.contains(&key) {
                    wrong.push(format!("{key} does nothing"));
                }
            }
            let spans = line.split('`').skip(1).step_by(2);
            for span in spans.filter(|span| !span.contains("cargo ")) {
                let words = span.split_whitespace();
                for option in words.filter_map(|word| word.strip_prefix("--")) {
                    flags += 1;
                    if !options.contains(option) {
                        wrong.push(format!("there is no --{option}"));
                    }
                }
            }
            let at = |why| format!("{}:{number}: {why}", shown(&path));
            found.extend(wrong.into_iter().map(at));
        }
    }
    assert_none(&found);
    assert!(commands > 12 && keys > 20 && flags > 20);
}

#[test]
fn what_is_not_there_is_seen() {
    assert_eq!(wrong_command("File › Save", " (Ctrl+S) keeps it"), None);
    for (path, after) in [
        ("File › Store", ""),
        ("Edit › Save", ""),
        ("File › Save", " (Ctrl+X)"),
    ] {
        assert!(wrong_command(path, after).is_some(), "{path}{after}");
    }
    assert_eq!(
        keys_in("Press F1, or (Ctrl+,) and `Alt+Up`, Ctrl+drag."),
        ["f1", "ctrl+,", "alt+up", "ctrl+drag"]
    );
    let known = known_keys();
    for key in ["f1", "ctrl+,", "alt+up", "ctrl+drag", "shift+tab"] {
        assert!(known.contains(key), "{key}");
    }
    assert!(!known.contains("ctrl+x") && !known.contains("f5"));
}
