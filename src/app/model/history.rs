//! The history: undoing, redoing, and going to any step of it.

use super::Model;
use super::rows::{commands, row};
use super::view::Page;
use crate::app::command::{Scope, Section, ctrl, ctrl_shift};
use crate::app::notice::Notice;
use crate::core::edit::{Edit, Step, Transaction};
use crate::core::ids::{AnnotationId, ArticleId};
use crate::core::project::Project;

#[rustfmt::skip]
commands! {
    Undo => row(Section::Steps, "Undo", ctrl("Z"), Scope::NotWriting, "Take back the last change")
        .runs(|model| model.undo_or_redo(true))
        .when(|model| model.session().undo_title().is_some())
        .going_on_with(|model| model.session().undo_title()),
    Redo => row(Section::Steps, "Redo", ctrl_shift("Z"), Scope::NotWriting, "Make the change again")
        .or(ctrl("Y"))
        .runs(|model| model.undo_or_redo(false))
        .when(|model| model.session().redo_title().is_some())
        .going_on_with(|model| model.session().redo_title()),
    History => row(Section::Steps, "History…", ctrl("H"), Scope::Always, "All steps that can be undone and redone; go to any of them")
        .shows_its_dialog(),
}

impl Model {
    fn undo_or_redo(&mut self, undo: bool) {
        self.drop_undo_offers();
        let result = if undo {
            self.work.session.undo()
        } else {
            self.work.session.redo()
        };
        match result {
            None => {}
            Some(Ok(done)) => {
                let word = if undo { "Undone" } else { "Redone" };
                self.work.came_back = format!("{word}: {}", done.title);
                self.show_subject(&done);
            }
            Some(Err(error)) => self.notify(Notice::error(format!("This was not done: {error}"))),
        }
    }

    /// Goes to the state in which so many steps of the history are in force.
    pub(super) fn jump_to(&mut self, done: usize) {
        self.finish_edge_move(true);
        self.drop_undo_offers();
        match self.work.session.jump_to(done) {
            Ok(last) => {
                if let Some(last) = last {
                    self.show_subject(&last);
                }
                self.mend_references();
            }
            Err(error) => self.notify(Notice::error(format!("This was not done: {error}"))),
        }
    }

    /// What was undone or redone last, as long as nothing else was done.
    pub fn came_back(&self) -> &str {
        &self.work.came_back
    }

    /// Shows what a transaction changed, as undo and redo do. What is about several articles as such
    /// opens none.
    fn show_subject(&mut self, done: &Transaction) {
        let subject = done
            .subject()
            .map(|(article, id)| (article.clone(), id.cloned()));
        // What was done on a page is seen there.
        let is_seen = match self.work.page {
            Page::Read => false,
            Page::Table => done.subject().is_none_or(|(_, id)| id.is_none()),
            Page::Find | Page::People | Page::Claims => true,
            Page::Codebook => done.edits.iter().any(Edit::is_by_codebook),
        };
        let mut articles = done.edits.iter().filter_map(Edit::subject);
        let first = subject.as_ref().map(|(article, _)| article.clone());
        let is_about_several = articles.any(|(article, _)| Some(article) != first.as_ref());
        let opens = |(_, id): &(ArticleId, Option<AnnotationId>)| {
            !is_seen && (id.is_some() || !is_about_several)
        };
        if let Some((article, id)) = subject.filter(opens) {
            self.show_article(&article);
            if let Some(id) = id {
                self.select_annotation(id, true);
            }
        }
        self.mend_references();
    }
}

/// The text that a step is about first; empty when it is about none.
pub fn step_excerpt(project: &Project, step: &Step) -> String {
    let mut edits = step.next.edits.iter();
    let Some((article, range)) = edits.find_map(|edit| edit.extent_in(project)) else {
        return String::new();
    };
    let article = project.article_or_trashed(article);
    let text = article.map_or("", |article| article.text.slice(range));
    text.chars().take(120).collect()
}

/// The title of a step as a history shows it.
pub fn step_title(title: &str) -> String {
    let mut chars = title.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
