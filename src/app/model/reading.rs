//! Reading through articles: saying that there is nothing in a paragraph or in an article, and going on
//! to what is not read yet.

use super::Model;
use super::rows::{commands, row};
use crate::app::action::UiRequest;
use crate::app::command::{Command, Scope, Section, alt, ctrl_shift, info, key};
use crate::app::notice::Notice;
use crate::core::article::Status;
use crate::core::recipes::reading::{self, Nothing};
use crate::core::text::ByteRange;
use crate::core::text::selection::Selection;

#[rustfmt::skip]
commands! {
    NothingHere => row(Section::ThisArticle, "Nothing in this paragraph", key("Space"), Scope::Article, "Say that the paragraph was read and has nothing to mark, and go on to the next unread one; again takes it back")
        .runs(Model::nothing_here)
        .when(Model::has_article_in_sight),
    NextUnread => row(Section::ThisArticle, "Next unread paragraph", alt("PageDown"), Scope::Always, "Go on to the next paragraph with no annotation of yours of which you did not say that there is nothing in it")
        .runs(|model| model.next_unread(true))
        .when(Model::has_article_in_sight),
    NothingInArticle => row(Section::ThisArticle, "Nothing in this article, next", ctrl_shift("Enter"), Scope::NotWriting, "Say that the article was read and has nothing to mark, and go on to the next that is not done")
        .runs(Model::nothing_in_article)
        .when(Model::has_article),
}

impl Model {
    fn nothing_here(&mut self) {
        let Some(article) = self.article() else {
            return;
        };
        let by = self.work.session.annotator();
        let range = self.work.selection.range();
        match reading::nothing_here(article, by, range) {
            Nothing::Said(edits) => {
                if self.apply("nothing in a paragraph", edits) {
                    self.next_unread(false);
                }
            }
            Nothing::TakenBack(edit) => {
                if self.apply("read a paragraph again", vec![edit]) {
                    self.notify(Notice::info("The paragraph is to be read again"));
                }
            }
            Nothing::Marked => self.notify(Notice::info("You have marked something here")),
            Nothing::Blank => self.next_unread(true),
        }
    }

    /// Puts the caret into the next paragraph that is not dealt with.
    fn next_unread(&mut self, is_asked: bool) {
        let Some(article) = self.article() else {
            return;
        };
        let by = self.work.session.annotator();
        let caret = self.work.selection.caret;
        let next = reading::next_unread(article, by, caret);
        match next {
            Some(paragraph) => {
                self.select(Selection::caret_at(paragraph.start), None);
                self.requests.push(UiRequest::FocusArticle);
                let start = ByteRange::empty(paragraph.start);
                self.requests.push(UiRequest::Reveal(start));
            }
            None if is_asked || article.status_for(by) != Status::Done => {
                let key = info(Command::MarkDone).key_text();
                let told =
                    format!("No paragraph of this article is unread: {key} marks it as done");
                self.notify(Notice::info(told));
            }
            None => {}
        }
    }

    fn nothing_in_article(&mut self) {
        let Some(article) = self.article() else {
            return;
        };
        let by = self.work.session.annotator();
        if article.annotations.annotators().any(|(id, _)| id == by) {
            let key = info(Command::MarkDone).key_text();
            let told = format!("You have marked something in this article: {key} marks it as done");
            return self.notify(Notice::info(told));
        }
        self.mark_done();
    }
}
