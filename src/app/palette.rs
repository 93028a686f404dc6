//! What the command palette finds: commands, labels, settings, articles and people by their names,
//! in groups, the best of each first. Ranked when what is typed or what can be done is new, not in
//! each frame.

use crate::app::action::Action;
use crate::app::command::{Command, Section, info, match_rank};
use crate::app::derived::Derive;
use crate::app::model::{Model, commands};
use crate::app::session::Session;
use crate::app::settings::ThemeChoice;
use crate::app::words::byline;
use crate::core::ids::LabelId;
use std::ops::Range;
use std::rc::Rc;

/// The settings, as their dialog names them.
const SETTINGS: &[&str] = &[
    "Reading font",
    "Text size",
    "Line length",
    "Line spacing",
    "Zoom",
    "Snap to words",
    "Annotator",
    "Copy unsaved work",
    "Folder for backups",
];

/// Of each group, at most.
const MAX_ROWS: usize = 40;
/// Of what was chosen before, with nothing typed.
const MAX_RECENT: usize = 5;

pub struct Row {
    pub title: String,
    /// Where the title has what was typed, rising.
    pub matches: Vec<Range<usize>>,
    /// At the right: a key, or what else there is to know.
    pub detail: String,
    /// The label that it is about.
    pub label: Option<LabelId>,
    /// Why it cannot be chosen now.
    pub refusal: Option<&'static str>,
    /// What it is remembered by; empty for what is not.
    pub key: String,
    pub action: Action,
}

/// A line of the list.
pub enum Line {
    Heading(&'static str),
    Row(Row),
}

impl Line {
    pub fn row(&self) -> Option<&Row> {
        match self {
            Self::Heading(_) => None,
            Self::Row(row) => Some(row),
        }
    }
}

/// The lines for what is typed.
pub fn lines(model: &Model, search: &str) -> Rc<Vec<Line>> {
    let told = commands().map(|command| {
        let refusal = (!model.is_enabled(command)).then(|| refusal(model, command));
        (command, model.title_of(command), refusal)
    });
    model.derived(&Lines {
        search: search.to_owned(),
        commands: told.collect(),
        recent: model.settings().recent_choices.clone(),
        hides_source: model.settings().hides_source,
    })
}

/// Why a command cannot be run.
fn refusal(model: &Model, command: Command) -> &'static str {
    if model.session().project().articles().is_empty() {
        return "there is no article yet";
    }
    let section = info(command).section;
    if !model.is_seen(section) {
        return "on the page with the article";
    }
    match section {
        Section::Removing
        | Section::Annotation
        | Section::Edges
        | Section::Speakers
        | Section::Examples
        | Section::Marking => "first select an annotation",
        Section::Claims => "first choose a claim",
        Section::Hits => "first tick hits",
        Section::Selection => "first select words in the article",
        Section::Steps => "there is no such step",
        Section::Annotations | Section::Links => "this article has no annotations",
        Section::Articles | Section::ThisArticle => "there is no such article",
        _ => "not now",
    }
}

#[derive(Clone, PartialEq)]
struct Lines {
    search: String,
    /// With their titles as they are now, and why they cannot be run.
    commands: Vec<(Command, String, Option<&'static str>)>,
    /// The newest first.
    recent: Vec<String>,
    hides_source: bool,
}

impl Lines {
    fn row(&self, title: String, detail: String, key: String, action: Action) -> Row {
        Row {
            matches: matches(&title, &self.search),
            title,
            detail,
            label: None,
            refusal: None,
            key,
            action,
        }
    }

    fn commands(&self) -> Vec<Row> {
        let rows = self.commands.iter().map(|(command, title, refusal)| {
            let info = info(*command);
            let key = format!("command {}", info.name);
            let run = Action::Run(*command);
            let row = self.row(title.clone(), info.key_text(), key, run);
            Row {
                refusal: *refusal,
                ..row
            }
        });
        rows.collect()
    }

    fn labels(&self, session: &Session) -> Vec<Row> {
        let labels = session.project().codebook().offered();
        let rows = labels.flat_map(|label| {
            let (id, name) = (label.id.clone(), label.name.to_lowercase());
            let key = label.key.map(|key| key.to_uppercase().to_string());
            let mark = self.row(
                format!("Mark as {name}"),
                key.unwrap_or_default(),
                format!("mark {id}"),
                Action::UseLabel(id.clone()),
            );
            let lock = self.row(
                format!("Lock label {name}"),
                String::new(),
                format!("lock {id}"),
                Action::LockLabel(Some(id.clone())),
            );
            [mark, lock].map(|row| Row {
                label: Some(id.clone()),
                ..row
            })
        });
        rows.collect()
    }

    fn settings(&self) -> Vec<Row> {
        let themes = ThemeChoice::ALL.map(|(theme, name)| {
            let key = format!("theme {name}");
            let title = format!("Theme: {}", name.to_lowercase());
            self.row(title, String::new(), key, Action::SetTheme(theme))
        });
        let shown = SETTINGS.iter().map(|name| {
            let open = Action::Run(Command::Settings);
            let key = format!("setting {name}");
            self.row((*name).to_owned(), "in the settings".to_owned(), key, open)
        });
        themes.into_iter().chain(shown).collect()
    }

    /// Those that hold what is typed, the best first, and what can be chosen before what cannot.
    fn fitting(&self, rows: Vec<Row>) -> Vec<Row> {
        let fitting = rows.into_iter().filter_map(|row| {
            let recent = self.recent.iter().position(|key| *key == row.key);
            let recent = recent.unwrap_or(usize::MAX);
            let rank = match_rank(&row.title, &self.search)?;
            let is_other = row.title.to_lowercase() != self.search.trim().to_lowercase();
            Some(((row.refusal.is_some(), is_other, rank, recent), row))
        });
        let mut fitting: Vec<_> = fitting.collect();
        fitting.sort_by_key(|(rank, _)| *rank);
        fitting.truncate(MAX_ROWS);
        fitting.into_iter().map(|(_, row)| row).collect()
    }
}

impl Derive for Lines {
    type Value = Vec<Line>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Vec<Line> {
        let project = session.project();
        let mut lines = Vec::new();
        let mut add = |title: &'static str, rows: Vec<Row>| {
            if !rows.is_empty() {
                lines.push(Line::Heading(title));
                lines.extend(rows.into_iter().map(Line::Row));
            }
        };
        let mut known = self.commands();
        if self.search.trim().is_empty() {
            known.retain(|row| row.refusal.is_none());
            let (labels, settings) = (self.labels(session), self.settings());
            let mut all: Vec<Row> = known.into_iter().chain(labels).chain(settings).collect();
            let mut recent = Vec::new();
            for key in &self.recent {
                if recent.len() < MAX_RECENT
                    && let Some(at) = all.iter().position(|row| row.key == *key)
                {
                    recent.push(all.remove(at));
                }
            }
            add("Recent", recent);
            let is_command = |row: &Row| row.key.starts_with("command ");
            let (known, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(is_command);
            add("Commands", known);
            let (labels, settings): (Vec<_>, Vec<_>) =
                rest.into_iter().partition(|row| row.label.is_some());
            add("Labels", labels);
            add("Settings", settings);
            return lines;
        }
        add("Commands", self.fitting(known));
        add("Labels", self.fitting(self.labels(session)));
        add("Settings", self.fitting(self.settings()));
        let best = |ranked: Vec<(u32, usize)>| {
            let mut ranked = ranked;
            ranked.sort_unstable();
            ranked.truncate(MAX_ROWS);
            ranked.into_iter().map(|(_, at)| at)
        };
        // Only those that are shown become rows.
        let articles = project.articles();
        let ranked = articles.iter().enumerate().filter_map(|(at, article)| {
            Some((match_rank(&article.shown_title(), &self.search)?, at))
        });
        let found = best(ranked.collect()).filter_map(|at| articles.get(at));
        let rows = found.map(|article| {
            let title = article.shown_title().into_owned();
            let go = Action::GoToArticle(article.id.clone());
            let detail = if self.hides_source {
                String::new()
            } else {
                byline(article)
            };
            self.row(title, detail, String::new(), go)
        });
        add("Articles", rows.collect());
        let people = project.people();
        let ranked = people.iter().enumerate().filter_map(|(at, person)| {
            let mut names = std::iter::once(&person.name).chain(&person.aliases);
            let rank = names.find_map(|name| match_rank(name, &self.search))?;
            Some((rank, at))
        });
        let found = best(ranked.collect()).filter_map(|at| people.get(at));
        let rows = found.map(|person| {
            let go = Action::GoToPerson(person.id.clone());
            let detail = "next annotation".to_owned();
            self.row(person.name.clone(), detail, String::new(), go)
        });
        add("People", rows.collect());
        lines
    }
}

/// Where a title has the words that were typed. None where letters change their length with their
/// case: nothing is marked beside what was meant.
fn matches(title: &str, search: &str) -> Vec<Range<usize>> {
    let lower = title.to_lowercase();
    if lower.len() != title.len() {
        return Vec::new();
    }
    let search = search.to_lowercase();
    let found = search.split_whitespace().filter_map(|word| {
        let at = lower.find(word)?;
        let range = at..at + word.len();
        title.get(range.clone()).map(|_| range)
    });
    let mut found: Vec<Range<usize>> = found.collect();
    found.sort_by_key(|range| range.start);
    let mut end = 0;
    found.retain(|range| {
        let is_free = range.start >= end;
        end = end.max(range.end);
        is_free
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_marked_where_it_stands() {
        for (title, search, marked) in [
            ("Save as…", "sa", vec!["Sa"]),
            ("Save as…", "as sa", vec!["Sa", "as"]),
            ("Save as…", "s sa", vec!["S"]),
            ("Mark as quote", "quo  mar", vec!["Mar", "quo"]),
            ("Straße", "STRASSE", vec![]),
            ("İstanbul", "stan", vec![]),
            ("Mark", "", vec![]),
        ] {
            let found = matches(title, search);
            let found: Vec<&str> = found
                .into_iter()
                .map(|range| title.get(range).unwrap())
                .collect();
            assert_eq!(found, marked, "{title} {search}");
        }
    }
}
