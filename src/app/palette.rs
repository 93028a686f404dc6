//! What the command palette finds: commands, labels and articles by their names, the best first.
//! Ranked when what is typed or what can be done is new, not in each frame.

use crate::app::action::Action;
use crate::app::command::{Command, info, match_rank};
use crate::app::derived::Derive;
use crate::app::model::{Model, commands};
use crate::app::session::Session;
use std::rc::Rc;

pub struct Row {
    pub title: String,
    pub detail: String,
    pub action: Action,
}

/// The rows for what is typed.
pub fn rows(model: &Model, search: &str) -> Rc<Vec<Row>> {
    let enabled = commands().filter(|command| model.is_enabled(*command));
    model.derived(&Rows {
        search: search.to_owned(),
        commands: enabled.map(|c| (c, model.title_of(c))).collect(),
    })
}

#[derive(Clone, PartialEq)]
struct Rows {
    search: String,
    /// Those that can be run, with their titles as they are now.
    commands: Vec<(Command, String)>,
}

impl Derive for Rows {
    type Value = Vec<Row>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Vec<Row> {
        /// More are not shown.
        const MAX_ROWS: usize = 60;
        /// Articles come after commands that fit as well.
        const ARTICLES_AFTER: u32 = 10;
        let project = session.project();
        let mut found: Vec<(u32, Row)> = Vec::new();
        let mut add = |title: String, detail: String, action: Action, worse: u32| {
            if let Some(rank) = match_rank(&title, &self.search) {
                let row = Row {
                    title,
                    detail,
                    action,
                };
                found.push((rank + worse, row));
            }
        };
        for (command, title) in &self.commands {
            let key = info(*command).key_text();
            add(title.clone(), key, Action::Run(*command), 0);
        }
        for label in &project.codebook().labels {
            let key = label.key.map(|key| key.to_uppercase().to_string());
            let name = label.name.to_lowercase();
            let mark = Action::UseLabel(label.id.clone());
            add(format!("Mark as {name}"), key.unwrap_or_default(), mark, 0);
            let lock = Action::LockLabel(Some(label.id.clone()));
            add(format!("Lock label {name}"), String::new(), lock, 1);
        }
        if !self.search.trim().is_empty() {
            for article in project.articles() {
                let title = article.shown_title().into_owned();
                let go = Action::GoToArticle(article.id.clone());
                add(title, "article".to_owned(), go, ARTICLES_AFTER);
            }
            found.sort_by_key(|(rank, _)| *rank);
        }
        let best = found.into_iter().take(MAX_ROWS);
        best.map(|(_, row)| row).collect()
    }
}
