//! What stands in which column of a CoNLL file, found out from its lines.

use super::tags;

/// What separates columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Tab,
    Spaces,
}

impl Separator {
    pub(super) fn cells(self, line: &str) -> Vec<&str> {
        match self {
            Self::Tab => line.split('\t').collect(),
            Self::Spaces => line.split_whitespace().collect(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tagging {
    Prefixes,
    Brackets,
}

/// A column with tags.
#[derive(Debug)]
pub(super) struct TagColumn {
    pub(super) at: usize,
    pub(super) tagging: Tagging,
    /// As a header or `# global.columns` says; empty for none.
    pub(super) name: String,
    /// Its tags are parts of speech's next of kin: noun and verb phrases, arguments of verbs.
    pub(super) is_syntax: bool,
}

#[derive(Debug)]
pub(super) struct Shape {
    pub(super) separator: Separator,
    pub(super) width: usize,
    pub(super) token: usize,
    pub(super) tags: Vec<TagColumn>,
    /// Columns of each token's start and end.
    pub(super) offsets: Option<(usize, usize)>,
    /// CoNLL-U: the column of word numbers and that of `MISC`.
    pub(super) conllu: Option<(usize, usize)>,
    pub(super) has_header: bool,
    /// Any column marks something.
    pub(super) has_spans: bool,
    /// Lines that begin with `#` like comments, but are tokens.
    pub(super) hash_is_token: bool,
}

pub(super) const DOCUMENT_MARK: &str = "-DOCSTART-";
/// The most lines that are looked at.
const MAX_LINES: usize = 20_000;
/// The most columns that a line may have.
const MAX_WIDTH: usize = 200;
/// Labels of phrases in CoNLL-2000 and -2003.
const CHUNKS: &[&str] = &[
    "NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "PC", "PNP",
];
const HEADER: &[&str] = &[
    "token", "tokens", "word", "words", "form", "tag", "tags", "ner", "ner_tag", "ner_tags",
    "label", "labels", "iob", "bio", "pos", "chunk", "lemma", "entity",
];

fn is_data(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#') && !line.starts_with(DOCUMENT_MARK)
}

/// Nearly all: a file of thousands of lines may have a few broken ones.
fn nearly_all(fitting: usize, all: usize) -> bool {
    all > 0 && fitting * 50 >= all * 49
}

fn is_word_number(cell: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match cell.split_once(['-', '.']) {
        Some((first, second)) => digits(first) && digits(second),
        None => digits(cell),
    }
}

/// The shape of a file's lines; `None` when they are no columns of equal number, two and more.
pub(super) fn shape(lines: &[&str]) -> Option<Shape> {
    let data: Vec<&str> = lines
        .iter()
        .copied()
        .filter(|line| is_data(line))
        .take(MAX_LINES)
        .collect();
    let tabbed = data.iter().filter(|line| line.contains('\t')).count();
    let separator = if tabbed * 2 > data.len() {
        Separator::Tab
    } else {
        Separator::Spaces
    };
    let mut rows: Vec<Vec<&str>> = data.iter().map(|line| separator.cells(line)).collect();
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    let width = widths.get(widths.len() / 2).copied()?;
    let of_width = widths.iter().filter(|w| **w == width).count();
    // CoNLL-2012 has as many columns as a sentence has verbs.
    let is_2012 = lines.iter().any(|line| line.starts_with("#begin document"));
    if !(2..=MAX_WIDTH).contains(&width) || (!is_2012 && !nearly_all(of_width, rows.len())) {
        return None;
    }
    let globals = lines
        .iter()
        .find_map(|line| line.strip_prefix("# global.columns ="));
    let mut names: Vec<String> = globals
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let has_header = rows.first().is_some_and(|row| {
        row.len() == width && {
            let is_name = |cell: &&str| HEADER.contains(&cell.to_lowercase().as_str());
            row.iter().filter(|cell| is_name(cell)).count() >= 2
        }
    });
    if has_header {
        names = rows.remove(0).into_iter().map(str::to_owned).collect();
    }
    rows.retain(|row| row.len() == width || is_2012);
    let column = |at: usize| rows.iter().filter_map(move |row| row.get(at).copied());
    let conllu = conllu_columns(&rows, separator, &names, lines);
    let tags = if is_2012 {
        bracket_columns(width, &column)
    } else {
        tag_columns(width, rows.len(), &names, &column)
    };
    let token = match (conllu, is_2012) {
        (Some(_), _) => names.iter().position(|name| name == "FORM").unwrap_or(1),
        (None, true) => 3,
        (None, false) => token_column(width, rows.len(), &tags, &column)?,
    };
    let offsets = (0..width.saturating_sub(1)).find(|at| {
        let fitting = rows.iter().filter(|row| {
            let number = |at: usize| row.get(at).and_then(|cell| cell.parse::<usize>().ok());
            let length = number(at + 1)
                .zip(number(*at))
                .and_then(|(end, start)| end.checked_sub(start));
            length.is_some() && length == row.get(token).map(|token| token.chars().count())
        });
        nearly_all(fitting.count(), rows.len())
    });
    let has_spans = tags.iter().any(|tag| {
        column(tag.at).any(|value| match tag.tagging {
            Tagging::Prefixes => tags::is_tag(value).1,
            Tagging::Brackets => value.starts_with('('),
        })
    });
    let hash_is_token = conllu.is_none() && !is_2012;
    Some(Shape {
        separator,
        width,
        token,
        tags,
        offsets: offsets.map(|at| (at, at + 1)),
        conllu,
        has_header,
        has_spans,
        hash_is_token,
    })
}

fn conllu_columns(
    rows: &[Vec<&str>],
    separator: Separator,
    names: &[String],
    lines: &[&str],
) -> Option<(usize, usize)> {
    if let Some(id) = names.iter().position(|name| name == "ID") {
        let misc = names.iter().position(|name| name == "MISC");
        return Some((id, misc.unwrap_or(usize::MAX)));
    }
    let fitting = rows
        .iter()
        .filter(|row| row.len() == 10 && row.first().is_some_and(|cell| is_word_number(cell)));
    let has_comments = lines.iter().any(|line| {
        ["# sent_id", "# text =", "# newdoc", "# newpar"]
            .iter()
            .any(|mark| line.starts_with(mark))
    });
    let has_own_parts = rows
        .iter()
        .filter_map(|row| row.get(9))
        .any(|misc| *misc == "_" || misc.contains('='));
    let is_conllu = separator == Separator::Tab
        && nearly_all(fitting.count(), rows.len())
        && (has_comments || has_own_parts);
    is_conllu.then_some((0, 9))
}

fn tag_columns<'a, I: Iterator<Item = &'a str>>(
    width: usize,
    height: usize,
    names: &[String],
    column: &dyn Fn(usize) -> I,
) -> Vec<TagColumn> {
    let mut found = Vec::new();
    for at in 0..width {
        let (mut fitting, mut marking, mut bare, mut outside) = (0, 0, 0, 0);
        for value in column(at) {
            let (fits, marks) = tags::is_tag(value);
            fitting += usize::from(fits);
            marking += usize::from(marks);
            bare += usize::from(tags::is_bare(value));
            outside += usize::from(value == "O");
        }
        // Single letters alone may be anything; with `O` among them they are tags.
        let is_column = nearly_all(fitting, height)
            && marking + outside > 0
            && (bare == 0 || (bare == marking && outside > 0 && height >= 4));
        if !is_column {
            continue;
        }
        let mut labels = column(at).map(tags::label_of).filter(|l| !l.is_empty());
        let is_syntax = marking > 0 && bare == 0 && labels.all(|label| CHUNKS.contains(&label));
        found.push(TagColumn {
            at,
            tagging: Tagging::Prefixes,
            name: names.get(at).cloned().unwrap_or_default(),
            is_syntax,
        });
    }
    found
}

/// Names in CoNLL-2012; arguments of verbs are written alike.
fn bracket_columns<'a, I: Iterator<Item = &'a str>>(
    width: usize,
    column: &dyn Fn(usize) -> I,
) -> Vec<TagColumn> {
    let is_argument = |value: &str| {
        let label = value.trim_start_matches('(');
        ["ARG", "V*", "V)", "C-", "R-"]
            .iter()
            .any(|start| label.starts_with(start))
    };
    let columns = (6..width).filter(|at| column(*at).all(tags::is_bracketed));
    let found = columns.map(|at| TagColumn {
        at,
        tagging: Tagging::Brackets,
        name: String::new(),
        is_syntax: column(at).any(|value| value.starts_with('(') && is_argument(value)),
    });
    found.collect()
}

/// The first column that is neither tags nor numbers nor the same in every line.
fn token_column<'a, I: Iterator<Item = &'a str>>(
    width: usize,
    height: usize,
    tags: &[TagColumn],
    column: &dyn Fn(usize) -> I,
) -> Option<usize> {
    let free = || (0..width).filter(|at| tags.iter().all(|tag| tag.at != *at));
    let varied = free().find(|at| {
        let first = column(*at).next();
        let is_number = column(*at).all(|value| value.parse::<u64>().is_ok());
        let is_same = height > 1 && column(*at).all(|value| Some(value) == first);
        !is_number && !is_same
    });
    varied.or_else(|| free().next())
}
