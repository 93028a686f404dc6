//! Passages that stand in several articles: near copies of one, what recurs without being asked for,
//! what of the open article stands elsewhere, and wordings beside each other. Found by jobs; what is
//! done with them is a step of the history.

use super::Model;
use super::jobs::Outcome;
use super::rows::{commands, row};
use super::view::Page;
use crate::app::action::find::HitId;
use crate::app::action::passages::PassageAction;
use crate::app::action::{Action, UiRequest};
use crate::app::clock;
use crate::app::command::{Command, Scope, Section};
use crate::app::jobs::{JobKind, Turn, jobs};
use crate::app::notice::Notice;
use crate::app::passages::{
    Elsewhere, NearCopy, Recurring, elsewhere, near_copies, recurring, texts_of,
};
use crate::app::words::{count, count_grouped};
use crate::core::boundary::trimmed;
use crate::core::ids::{ArticleId, LabelId};
use crate::core::passages::near::{MAX_WORDS, NoPassage};
use crate::core::passages::whole_lines;
use crate::core::recipes::Signed;
use crate::core::recipes::hits::places;
use crate::core::text::ByteRange;
use crate::core::text::selection::Selection;
use std::sync::Arc;

#[rustfmt::skip]
commands! {
    FindNearCopies => row(Section::Finding, "Find near copies…", None, Scope::Always, "Where else the selected words, or those of the selected annotation, stand nearly the same; mark them all in one step")
        .shows_its_dialog_after(Model::find_near_here)
        .when(|model| model.passage_at_hand().is_some()),
    RecurringPassages => row(Section::Project, "Recurring passages…", None, Scope::Always, "Lines, sentences and paragraphs that stand in several articles: an outlet’s boxes, wire copy, a press release")
        .shows_its_dialog_after(Model::find_recurring)
        .when(Model::has_articles),
    StandsElsewhere => row(Section::ThisArticle, "Where this article stands elsewhere…", None, Scope::Always, "Which parts of this article stand in others, first where and when, and how much of it that is")
        .shows_its_dialog_after(Model::find_elsewhere)
        .when(Model::has_article),
    ComparePassages => row(Section::Finding, "Compare passages…", None, Scope::Always, "Two passages beside each other, with what differs: select one and run it, then the other and run it again; on the page Find, the lines of two ticked hits")
        .shows_its_dialog_after(Model::compare_passages)
        .when(|model| model.passage_at_hand().is_some() || (model.page() == Page::Find && model.has_lines())),
    CompareArticles => row(Section::Project, "Compare two articles…", None, Scope::Always, "The wording of this article beside that of a ticked one, or of two ticked ones, with what differs")
        .shows_its_dialog_after(Model::compare_ticked)
        .when(Model::has_article),
}

jobs! {
    NearCopies => Turn::NewestWins,
    Recurring => Turn::NewestWins,
    Elsewhere => Turn::NewestWins,
}

/// What was looked for last.
#[derive(Default)]
pub(super) struct PassagesFound {
    near: Option<NearSearch>,
    recurring: Option<Arc<Recurring>>,
    elsewhere: Option<Arc<Elsewhere>>,
    /// A passage that waits for another one to be compared with.
    first: Option<(ArticleId, ByteRange)>,
    /// Two articles, wholly or in part.
    compared: Option<[(ArticleId, Option<ByteRange>); 2]>,
}

/// A passage, and its near copies.
#[derive(Clone)]
pub struct NearSearch {
    pub passage: Arc<str>,
    pub from: (ArticleId, ByteRange),
    /// The nearest first, parts last. None while they are looked for.
    pub found: Option<Arc<Vec<NearCopy>>>,
}

impl Model {
    pub(super) fn perform_on_passages(&mut self, asked: PassageAction) {
        match asked {
            PassageAction::FindNear { article, range } => {
                if self.find_near((article, range)) {
                    self.requests.push(UiRequest::Show(Command::FindNearCopies));
                }
            }
            PassageAction::Mark { places, label } => self.mark_places(places, &label),
            PassageAction::Show { article, range } => self.show_place(&article, range),
            PassageAction::Stop => self.cancel_jobs(|kind| {
                let own = [JobKind::NearCopies, JobKind::Recurring, JobKind::Elsewhere];
                own.contains(&kind)
            }),
        }
    }

    pub fn near_search(&self) -> Option<&NearSearch> {
        self.work.passages.near.as_ref()
    }

    pub fn recurring(&self) -> Option<&Arc<Recurring>> {
        self.work.passages.recurring.as_ref()
    }

    /// What of the open article stands elsewhere, once it was looked for.
    pub fn elsewhere(&self) -> Option<&Arc<Elsewhere>> {
        let article = self.article()?;
        let found = self.work.passages.elsewhere.as_ref();
        found.filter(|found| found.article == article.id && found.text == article.text.hash())
    }

    /// How much of the open article stands elsewhere, in hundredths, as far as it was looked for.
    pub fn share_elsewhere(&self) -> Option<u8> {
        if let Some(found) = self.elsewhere() {
            return Some((found.shared * 100 / found.words.max(1)) as u8);
        }
        let shares = &self.work.passages.recurring.as_ref()?.shares;
        shares.get(self.work.article.as_ref()?).copied()
    }

    pub fn compared(&self) -> Option<&[(ArticleId, Option<ByteRange>); 2]> {
        self.work.passages.compared.as_ref()
    }

    /// The selected words, or those of the selected annotation; on the page of finding the line of the
    /// current hit.
    fn passage_at_hand(&self) -> Option<(ArticleId, ByteRange)> {
        if self.page() == Page::Find {
            return self.line_of_hit(self.current_hit()?);
        }
        let article = self.article()?;
        let selected = self.work.selection.range();
        let range = if selected.is_empty() {
            self.selected_annotation()?.extent()
        } else {
            selected
        };
        Some((article.id.clone(), range))
    }

    /// The whole lines that a hit stands in.
    fn line_of_hit(&self, (id, hit): &HitId) -> Option<(ArticleId, ByteRange)> {
        let article = self.work.session.project().article(id)?;
        let lines = trimmed(&article.text, whole_lines(&article.text, *hit));
        (!lines.is_empty()).then(|| (id.clone(), lines))
    }

    /// Two ticked hits; or the passage at hand, which waits for another one.
    fn compare_passages(&mut self) -> bool {
        if self.page() == Page::Find {
            let ticked = self.ticked_lines();
            if let [old, new] = ticked.as_slice()
                && let (Some(old), Some(new)) = (self.line_of_hit(old), self.line_of_hit(new))
            {
                return self.show_beside(old, new);
            }
        }
        let Some(here) = self.passage_at_hand() else {
            self.notify(Notice::info(
                "Tick two hits: their lines are shown beside each other.",
            ));
            return false;
        };
        let first = self.work.passages.first.take();
        let project = self.work.session.project();
        if let Some(first) =
            first.filter(|first| *first != here && project.article(&first.0).is_some())
        {
            return self.show_beside(first, here);
        }
        let told = match self.page() {
            Page::Find => {
                "This line is kept: go to another one and compare again, or tick two hits."
            }
            _ => {
                "This passage is kept: select another one, here or in another article, and compare again."
            }
        };
        self.work.passages.first = Some(here);
        self.notify(Notice::info(told));
        false
    }

    fn show_beside(&mut self, old: (ArticleId, ByteRange), new: (ArticleId, ByteRange)) -> bool {
        self.work.passages.compared = Some([old, new].map(|(id, range)| (id, Some(range))));
        true
    }

    fn find_near_here(&mut self) -> bool {
        let at_hand = self.passage_at_hand();
        at_hand.is_some_and(|at_hand| self.find_near(at_hand))
    }

    fn find_near(&mut self, from: (ArticleId, ByteRange)) -> bool {
        let project = self.work.session.project().clone();
        let Some(article) = project.article(&from.0) else {
            return false;
        };
        let passage: Arc<str> = article.text.slice(from.1).into();
        let wanted = passage.clone();
        let began = self.start(JobKind::NearCopies, "Looking for near copies", {
            move |context| {
                let found = near_copies(&project, &wanted, &|share| context.progress(share));
                Outcome::of_project(move |model| model.take_near(found))
            }
        });
        self.work.passages.near = Some(NearSearch {
            passage,
            from,
            found: None,
        });
        began
    }

    fn take_near(&mut self, found: Result<Option<Vec<NearCopy>>, NoPassage>) {
        let found = match found {
            Ok(found) => found,
            Err(why) => {
                let told = match why {
                    NoPassage::Blank => "There are no words here to look for".to_owned(),
                    NoPassage::TooLong => format!(
                        "This is longer than {}. Select less, or see where the whole article stands elsewhere.",
                        count_grouped(MAX_WORDS, "word", "words")
                    ),
                };
                self.notify(Notice::info(told));
                Some(Vec::new())
            }
        };
        if let (Some(near), Some(mut found)) = (&mut self.work.passages.near, found) {
            found.sort_by(|a, b| a.is_part.cmp(&b.is_part).then(b.share.total_cmp(&a.share)));
            near.found = Some(Arc::new(found));
        }
    }

    fn find_recurring(&mut self) -> bool {
        let project = self.work.session.project().clone();
        let known = self.work.passages.recurring.as_ref();
        if known.is_some_and(|known| known.texts == texts_of(&project)) {
            return true;
        }
        self.work.passages.recurring = None;
        self.start(JobKind::Recurring, "Looking for recurring passages", {
            move |context| {
                let found = recurring(&project, &|share| context.progress(share));
                Outcome::of_project(move |model| {
                    model.work.passages.recurring = found.map(Arc::new);
                })
            }
        })
    }

    fn find_elsewhere(&mut self) -> bool {
        let Some(id) = self.work.article.clone() else {
            return false;
        };
        let project = self.work.session.project().clone();
        self.work.passages.elsewhere = None;
        self.start(JobKind::Elsewhere, "Looking where this article stands", {
            move |context| {
                let found = elsewhere(&project, &id, &|share| context.progress(share));
                Outcome::of_project(move |model| {
                    model.work.passages.elsewhere = found.map(Arc::new);
                })
            }
        })
    }

    /// The ticked one beside the open one, or two that are ticked.
    fn compare_ticked(&mut self) -> bool {
        let open = self.work.article.iter();
        let ticked = self.ticked().iter();
        let mut chosen: Vec<&ArticleId> = ticked.clone().take(3).collect();
        // The open one stands at the left.
        chosen.sort_by_key(|id| Some(*id) != self.work.article.as_ref());
        if chosen.len() != 2 {
            chosen = open.chain(ticked).take(3).collect();
            chosen.dedup();
        }
        let [old, new] = chosen.as_slice() else {
            self.notify(Notice::info(
                "Tick another article in the list with Ctrl+click: it is shown beside this one, which stands at the left. Of two others that are ticked, each is shown beside the other.",
            ));
            return false;
        };
        self.work.passages.compared = Some([old, new].map(|id| ((*id).clone(), None)));
        true
    }

    fn show_place(&mut self, article: &ArticleId, range: ByteRange) {
        self.show_article(article);
        if self.work.article.as_ref() == Some(article) {
            self.select(Selection::of(range), None);
            self.requests.push(UiRequest::Reveal(range));
            self.requests.push(UiRequest::FocusArticle);
        }
    }

    fn mark_places(&mut self, mut wanted: Vec<(ArticleId, ByteRange)>, label: &LabelId) {
        let project = self.work.session.project();
        let name = project.codebook().name_of(label).to_lowercase();
        wanted
            .sort_by_cached_key(|(id, range)| (project.article_index(id), range.start, range.end));
        let by = self.work.session.annotator().clone();
        let hits = wanted.iter().map(|(id, range)| (id, *range));
        let Some(found) = places(project, hits, label, &by, &mut || true) else {
            return;
        };
        let mut left = Vec::new();
        if found.already > 0 {
            left.push(format!("{} marked already", found.already));
        }
        if found.refused > 0 {
            left.push(format!("{} where it cannot be marked", found.refused));
        }
        let left = match left.as_slice() {
            [] => String::new(),
            left => format!("; {}", left.join(", ")),
        };
        if found.marks == 0 {
            self.notify(Notice::info(format!("Nothing was marked as {name}{left}")));
            return;
        }
        let when = Some(clock::now());
        let (project, mint) = self.work.session.with_ids();
        let (edits, marked) = found.edits(project, label, Signed { by: &by, when }, mint);
        let marked = count_grouped(marked, "place", "places");
        let articles = count(found.articles.len(), "article", "articles");
        if self.apply(format!("mark {marked} as {name}"), edits) {
            self.remember_label(label);
            let told = format!("{marked} in {articles} marked as {name}{left}");
            self.notify(
                Notice::info(told)
                    .on("trash")
                    .with_offer("Undo", Action::Run(Command::Undo)),
            );
        }
    }
}
