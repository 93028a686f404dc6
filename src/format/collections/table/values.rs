//! What stands in the cells of a table of articles: nothing, as programs write it; dates; and
//! characters that the source escaped.

use super::Table;
use crate::format::articles::html;
use crate::format::reading::ColumnUse;
use crate::format::reading::columns::folded;
use crate::format::reading::dates::DateForm;
use std::borrow::Cow;
use std::collections::HashMap;

/// What programs write for nothing: R, Python, databases, JavaScript, and spreadsheets that could
/// not make the value.
const NOTHING: &[&str] = &["NA", "N/A", "n/a", "NULL", "null", "[null]"];
/// The same where it stands for a title or a name; a text may be such a word.
const NO_NAME: &[&str] = &["None", "nil", "undefined"];
/// The same, of what is not also a word or a code.
const SURELY_NOTHING: &[&str] = &[
    "\\N", "#N/A", "#NA", "<NA>", "NaN", "nan", "NaT", "(null)", "#NAME?", "#VALUE!", "#REF!",
    "#DIV/0!", "#NUM!", "#NULL!",
];

/// Whether a cell of a column with this use says that there is nothing.
pub(super) fn is_nothing(cell: &str, used: &ColumnUse) -> bool {
    let cell = cell.trim();
    let is_told = match used {
        ColumnUse::Metadata(key) => {
            let keys = ["published", "outlet", "author", "url", "language"];
            keys.contains(&key.as_str())
        }
        _ => true,
    };
    let is_name = is_told && *used != ColumnUse::Text;
    cell.is_empty()
        || SURELY_NOTHING.contains(&cell)
        || (is_told && NOTHING.contains(&cell))
        || (is_name && NO_NAME.contains(&cell))
}

/// How the columns of a table write what they hold.
pub(super) struct Writing {
    dates: HashMap<usize, DateForm>,
    /// By column: ampersands are escaped.
    escaped: Vec<bool>,
    entities: Entities,
}

impl Writing {
    pub(super) fn of(table: &Table, uses: &[ColumnUse]) -> Self {
        let is_date =
            |used: &ColumnUse| matches!(used, ColumnUse::Metadata(key) if key == "published");
        let mut entities = Entities::default();
        let mut dates = HashMap::new();
        for (at, used) in uses.iter().enumerate().filter(|(_, used)| is_date(used)) {
            let cells = (0..table.rows.len()).filter_map(|row| {
                let cell = table.cell(row, at)?;
                (!is_nothing(cell, used)).then_some(cell)
            });
            let name = table.names.get(at).map(|name| folded(name));
            dates.insert(at, DateForm::of(&name.unwrap_or_default(), cells));
        }
        // Whoever escapes ampersands escapes them all.
        let mut found = vec![(false, false); uses.len()];
        for row in 0..table.rows.len() {
            for (at, cell) in table.cells(row) {
                let Some((has_escaped, has_bare)) = found.get_mut(at).filter(|own| !own.1) else {
                    continue;
                };
                for place in memchr::memchr_iter(b'&', cell.as_bytes()) {
                    let rest = cell.get(place..).unwrap_or_default();
                    match entities.at(rest) {
                        Some(_) => *has_escaped = true,
                        None => *has_bare = true,
                    }
                }
            }
        }
        Self {
            dates,
            escaped: found
                .into_iter()
                .map(|(escaped, bare)| escaped && !bare)
                .collect(),
            entities,
        }
    }

    /// What a cell says, with characters for what stands for them.
    pub(super) fn plain<'c>(&mut self, at: usize, cell: &'c str) -> Cow<'c, str> {
        if !self.escaped.get(at).is_some_and(|is| *is) || !cell.contains('&') {
            return Cow::Borrowed(cell);
        }
        let once = self.entities.decoded(cell, |_| true);
        // Some escape twice; what would become a tag then is left.
        let again = once.contains('&') && {
            let mut places = memchr::memchr_iter(b'&', once.as_bytes());
            places.all(|place| {
                self.entities
                    .at(once.get(place..).unwrap_or_default())
                    .is_some()
            })
        };
        Cow::Owned(if again {
            self.entities.decoded(&once, |c| !matches!(c, "<" | ">"))
        } else {
            once
        })
    }

    /// The text of a cell: HTML becomes lines.
    pub(super) fn text(&mut self, at: usize, cell: String) -> String {
        if has_tags(&cell) {
            return html::whole_text(&cell);
        }
        match self.plain(at, &cell) {
            Cow::Borrowed(_) => cell,
            Cow::Owned(plain) if has_tags(&plain) => html::whole_text(&plain),
            Cow::Owned(plain) => plain,
        }
    }

    /// A title or a name, in a line.
    pub(super) fn line(&mut self, at: usize, cell: &str) -> String {
        let plain = self.plain(at, cell.trim());
        let tags = [
            "</b>",
            "</i>",
            "</em>",
            "</strong>",
            "</span>",
            "</a>",
            "</p>",
        ];
        if tags.iter().any(|tag| plain.contains(tag)) {
            let lines = html::whole_text(&plain);
            return lines.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        plain.trim().to_owned()
    }

    /// A date in the one form, or as it is written.
    pub(super) fn date(&self, at: usize, cell: &str) -> String {
        let form = self.dates.get(&at);
        let read = form.and_then(|form| form.read(cell));
        read.unwrap_or_else(|| cell.trim().to_owned())
    }

    /// Which cell of a column of dates leaves open what is the month.
    pub(super) fn leaves_open(&self, at: usize, cell: &str) -> bool {
        self.dates
            .get(&at)
            .is_some_and(|form| form.leaves_open(cell))
    }

    pub(super) fn remarks(&self, open: &[(usize, String)]) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.dates.values().any(|form| form.is_serial) {
            let told = "the dates are days as spreadsheets count them from 1900";
            remarks.push(told.to_owned());
        }
        if let Some((row, cell)) = open.first() {
            remarks.push(format!(
                "{} dates leave open which number is the month and stand as they are written (row {row}: {cell})",
                open.len()
            ));
        }
        remarks
    }
}

fn has_tags(cell: &str) -> bool {
    let tags = ["</p>", "<br", "</div>", "<p>", "</li>"];
    let has = |tag: &str| cell.contains(tag) || cell.contains(&tag.to_uppercase());
    cell.contains('<') && tags.iter().any(|tag| has(tag))
}

/// Names and numbers of characters, as HTML has them, and what they stand for.
#[derive(Default)]
struct Entities(HashMap<String, Option<String>>);

impl Entities {
    /// The longest is `&CounterClockwiseContourIntegral;`.
    const LONGEST: usize = 34;

    /// What a text begins with, if that is one, and what it stands for.
    fn at<'t>(&mut self, text: &'t str) -> Option<(&'t str, &str)> {
        let start = text.bytes().take(Self::LONGEST);
        let end = start
            .skip(1)
            .position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'#'))?;
        let entity = text.get(..end + 2).filter(|entity| entity.ends_with(';'))?;
        if !self.0.contains_key(entity) {
            // White space alone would not be part of a page.
            let page = html::parsed(&format!("x{entity}"));
            let text = page.and_then(|page| Some(page.body()?.text().to_string()));
            let stands_for = text.and_then(|text| Some(text.strip_prefix('x')?.to_owned()));
            let is_one =
                |text: &String| !text.is_empty() && (!text.ends_with(';') || entity == "&semi;");
            self.0.insert(entity.to_owned(), stands_for.filter(is_one));
        }
        let stands_for = self.0.get(entity)?.as_deref()?;
        Some((entity, stands_for))
    }

    fn decoded(&mut self, text: &str, is_wanted: impl Fn(&str) -> bool) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(place) = rest.find('&') {
            let (before, from) = rest.split_at_checked(place).unwrap_or((rest, ""));
            out.push_str(before);
            match self.at(from) {
                Some((entity, stands_for)) if is_wanted(stands_for) => {
                    out.push_str(stands_for);
                    rest = from.get(entity.len()..).unwrap_or_default();
                }
                _ => {
                    out.push('&');
                    rest = from.get(1..).unwrap_or_default();
                }
            }
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_unescaped_where_the_source_escapes() {
        let check = |cells: &[&str], expected: &[&str]| {
            let table = Table {
                names: vec!["text".to_owned()],
                rows: cells.iter().map(|cell| vec![(*cell).to_owned()]).collect(),
                ..Table::default()
            };
            let mut writing = Writing::of(&table, &[ColumnUse::Text]);
            let cells = cells.iter().map(|cell| (*cell).to_owned());
            let read: Vec<String> = cells.map(|cell| writing.text(0, cell)).collect();
            assert_eq!(read, expected);
        };
        check(
            &[
                "Fish &amp; chips&#8217; price &eacute;",
                "&quot;No&quot;, &#x2026;",
            ],
            &["Fish & chips’ price é", "\"No\", …"],
        );
        // A bare one shows that nobody escapes here.
        check(
            &["Write &amp;amp; for it", "Fish & chips"],
            &["Write &amp;amp; for it", "Fish & chips"],
        );
        check(&["AT&T &amp; Co; &foo; &"], &["AT&T &amp; Co; &foo; &"]);
        check(&["It&amp;#8217;s &amp;lt;b&amp;gt;"], &["It’s &lt;b&gt;"]);
        check(
            &["&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;"],
            &["One.\n\nTwo."],
        );
        check(&["<p>One &amp; two.</p>"], &["One & two."]);
        check(&["&#150; &#0; &#xD800;"], &["– \u{FFFD} \u{FFFD}"]);
        check(
            &["One.&#10;&#xA;Two.&nbsp;&Tab;x"],
            &["One.\n\nTwo.\u{A0}\tx"],
        );
    }

    #[test]
    fn nothing_has_many_names() {
        let check = |cell: &str, used: ColumnUse, expected: bool| {
            assert_eq!(is_nothing(cell, &used), expected, "{cell}");
        };
        let metadata = |key: &str| ColumnUse::Metadata(key.to_owned());
        for cell in [
            "", " ", "NA", "\\N", "#N/A", "NULL", "NaN", "None", "#NAME?",
        ] {
            check(cell, ColumnUse::Text, cell != "None");
            check(cell, ColumnUse::Title, true);
            check(cell, metadata("author"), true);
        }
        // Namibia.
        check("NA", metadata("country"), false);
        check("\\N", metadata("country"), true);
        check("None of us", ColumnUse::Title, false);
    }
}
