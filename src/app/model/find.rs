//! Finding: in the open article, with a bar under it, and in all articles, on a page of its own; what
//! was found there is ticked, and marked or changed together as one step of the history.

use super::Model;
use super::rows::{commands, row};
use super::view::Page;
use crate::app::action::find::{FindAction, HitId, HitTicks};
use crate::app::action::{Spot, UiRequest};
use crate::app::command::{Scope, Section, ctrl, ctrl_shift, key, shift};
use crate::app::derived::Latest;
use crate::app::derived::find::{Answer, HitsOf};
use crate::app::derived::hits::{
    Concordance, HitRows, HitStandings, LineOf, LinesOf, Ordered, PlacingsOf, RowsOf, Shared,
    StandingsOf, TickedHits, TickedOf, Ticks,
};
use crate::app::derived::search::{Find, Found};
use crate::core::codebook::Label;
use crate::core::concordance::{Arrangement, GroupBy, Standings, Without};
use crate::core::ids::LabelId;
use crate::core::recipes::hits::Placing;
use crate::core::search::{Hit, Hits, Options, phrase};
use crate::core::text::selection::Selection;
use crate::core::text::{BytePos, ByteRange};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

#[rustfmt::skip]
commands! {
    FindInArticle => row(Section::Finding, "Find in this article", ctrl("F"), Scope::Always, "Look for words in the open article, or for a label on the page of the codebook; with selected words, for these")
        .runs(Model::open_find_bar)
        .when(|model| model.has_article() || model.page() != Page::Read),
    FindEverywhere => row(Section::Finding, "Find in all articles", ctrl_shift("F"), Scope::Always, "Look for words in all articles, and mark them together; with selected words or a selected annotation, for these")
        .runs(Model::find_everywhere)
        .when(Model::has_articles),
    NextHit => row(Section::Finding, "Next hit", key("F12"), Scope::Always, "Go to the next place of what is looked for in the article")
        .runs(|model| model.step_hit(true))
        .when(Model::has_hits_to_step),
    PreviousHit => row(Section::Finding, "Previous hit", shift("F12"), Scope::Always, "Go to the place before")
        .runs(|model| model.step_hit(false))
        .when(Model::has_hits_to_step),
}

/// The longest selection that is looked for, in characters.
const MOST_WORDS: usize = 300;

/// What is looked for in the open article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FindBar {
    pub is_open: bool,
    pub query: String,
    pub options: Options,
    /// Where the analyst was when it was opened, or the hit that was gone to last.
    from: BytePos,
}

#[derive(Default)]
pub(super) struct FindState {
    bar: FindBar,
    /// What is looked for in all articles.
    query: String,
    options: Options,
    arrangement: Arrangement,
    /// Groups whose lines are not shown, by their names.
    folded: BTreeSet<String>,
    /// Where the order does not look at what is marked; always the same one.
    no_standings: Shared<Standings>,
    current: Option<HitId>,
    ticks: Ticks,
    /// Those that are looked through, as their lines stand, and which of them is shown.
    looked_through: Option<(Arc<Vec<HitId>>, usize)>,
    /// What hits are marked as; the label that was marked with last where there is none.
    label: Option<LabelId>,
    /// What was done to hits last, and the state of the project after it.
    done: Option<(String, u64)>,
}

impl FindState {
    /// What hits are marked as from now on, if something is said.
    pub(super) fn mark_as(&mut self, label: Option<LabelId>) {
        if label.is_some() {
            self.label = label;
        }
    }

    /// The same is looked for in other words: ticks, folds and what is left out stay.
    pub(super) fn goes_on_as(&mut self, query: String, options: Options) {
        self.query = query;
        self.options = options;
    }

    /// Takes note of what was done to hits, and of the state after it.
    pub(super) fn note(&mut self, told: String, state: u64) {
        self.done = Some((told, state));
    }
}

impl Model {
    pub fn find_bar(&self) -> &FindBar {
        &self.work.find.bar
    }

    /// What the open article has of what is looked for in it; nothing while nothing is.
    pub fn found_here(&self) -> Latest<Found> {
        let bar = &self.work.find.bar;
        match self
            .article()
            .filter(|_| bar.is_open && !bar.query.is_empty())
        {
            Some(article) => self.derived_in_parts(&Find {
                query: bar.query.clone(),
                options: bar.options,
                by: self.work.session.annotator().clone(),
                within: Some(article.id.clone()),
            }),
            None => Latest {
                value: None,
                is_current: true,
            },
        }
    }

    /// The same, as it is handed on.
    pub fn answer_here(&self) -> Option<Answer> {
        self.found_here().value.map(Answer)
    }

    /// Which of the hits in the article the analyst is at: the one that was gone to, or the first from
    /// there on.
    pub fn hit_here(&self, hits: &[ByteRange]) -> Option<usize> {
        let from = self.work.find.bar.from;
        let at = hits.partition_point(|hit| hit.start < from);
        Some(if at < hits.len() { at } else { 0 }).filter(|_| !hits.is_empty())
    }

    fn has_hits_to_step(&self) -> bool {
        self.page() == Page::Read && self.has_article() && !self.work.find.bar.query.is_empty()
    }

    /// What is looked for in all articles.
    pub fn searched(&self) -> (&str, Options) {
        (&self.work.find.query, self.work.find.options)
    }

    /// What all articles have of it, as far as they were looked through.
    pub fn found_everywhere(&self) -> Latest<Found> {
        if self.work.find.query.is_empty() {
            return Latest {
                value: None,
                is_current: true,
            };
        }
        self.derived_in_parts(&Find {
            query: self.work.find.query.clone(),
            options: self.work.find.options,
            by: self.work.session.annotator().clone(),
            within: None,
        })
    }

    /// The hits of all articles.
    pub fn hits_everywhere(&self) -> Option<Shared<Hits>> {
        let found = self.found_everywhere().value?;
        Some(Shared::clone(&self.derived(&HitsOf(Answer(found)))))
    }

    pub fn arrangement(&self) -> &Arrangement {
        &self.work.find.arrangement
    }

    /// The line that the keyboard is at, by its hit.
    pub fn current_hit(&self) -> Option<&HitId> {
        self.work.find.current.as_ref()
    }

    pub fn hit_ticks(&self) -> &Ticks {
        &self.work.find.ticks
    }

    /// What was done to hits last, as long as nothing else was done since.
    pub fn done_to_hits(&self) -> Option<&str> {
        let (told, state) = self.work.find.done.as_ref()?;
        (*state == self.work.session.state()).then_some(told.as_str())
    }

    /// What hits are to be marked as.
    pub fn label_for_hits(&self) -> Option<&Label> {
        let codebook = self.work.session.project().codebook();
        let chosen = self.work.find.label.as_ref();
        let chosen = chosen.and_then(|id| codebook.label(id.as_str()));
        let chosen = chosen.filter(|label| !label.retired);
        let last = chosen.or_else(|| self.last_labels().next());
        last.or_else(|| codebook.offered().next())
    }

    /// What is marked where hits are.
    pub fn standings_of(&self, hits: &Shared<Hits>) -> Option<Shared<Standings>> {
        let found = self.latest_standings(hits).value;
        found.map(|found| found.0.clone())
    }

    fn latest_standings(&self, hits: &Shared<Hits>) -> Latest<HitStandings> {
        self.derived_later(&StandingsOf {
            hits: hits.clone(),
            annotator: self.work.session.annotator().clone(),
            rule: self.rule_of_search().map(|rule| rule.id.clone()),
        })
    }

    /// What marking with the label that is chosen would make of hits; nothing while that is found.
    pub fn placings_of(&self, hits: &Shared<Hits>) -> Option<Shared<Vec<Placing>>> {
        let found = self.derived_later(&PlacingsOf {
            hits: hits.clone(),
            label: self.label_for_hits()?.id.clone(),
            annotator: self.work.session.annotator().clone(),
        });
        found.value.map(|found| found.0.clone())
    }

    /// Whether the lines that are shown are all that is looked for now, and what is marked there is
    /// known: nothing is done to those of an earlier search, or to the first that were found.
    pub fn has_settled_lines(&self) -> bool {
        let found = self.found_everywhere();
        let Some(hits) = self.hits_everywhere() else {
            return found.is_current;
        };
        found.is_current
            && self.latest_standings(&hits).is_current
            && self.concordance(&hits).is_current
    }

    /// Hits as lines, in the order that is chosen.
    pub fn concordance(&self, hits: &Shared<Hits>) -> Latest<Ordered> {
        let arrangement = self.work.find.arrangement.clone();
        let looks = !arrangement.without.standings.is_empty()
            || arrangement.group == Some(GroupBy::Standing);
        let standings = if looks { self.standings_of(hits) } else { None };
        self.derived_later(&LinesOf {
            hits: hits.clone(),
            standings: standings.unwrap_or_else(|| self.work.find.no_standings.clone()),
            arrangement,
            annotator: self.work.session.annotator().clone(),
        })
    }

    /// Lines and headings, as they are folded.
    pub fn hit_rows(&self, of: &Shared<Concordance>) -> Rc<HitRows> {
        self.derived(&RowsOf {
            of: of.clone(),
            folded: self.work.find.folded.clone(),
        })
    }

    /// The line of the hit that the keyboard is at.
    pub fn current_line(&self, of: &Shared<Concordance>) -> Option<usize> {
        let hit = self.work.find.current.clone()?;
        *self.derived(&LineOf {
            of: of.clone(),
            hit,
        })
    }

    /// Which of how many lines the keyboard is at.
    pub fn place_among_hits(&self) -> Option<(usize, usize)> {
        let of = self.lines_now()?;
        Some((self.current_line(&of)?, of.lines.order.len()))
    }

    /// Which of how many ticked hits is shown, while they are looked through.
    pub fn looked_through(&self) -> Option<(usize, usize)> {
        let (hits, at) = self.work.find.looked_through.as_ref()?;
        Some((*at, hits.len()))
    }

    /// How many lines are ticked, and what could be done to them.
    pub fn ticked_hits(&self, of: &Shared<Concordance>) -> Latest<TickedHits> {
        let standings = self.standings_of(&of.hits);
        self.derived_later(&TickedOf {
            of: of.clone(),
            standings: standings.unwrap_or_else(|| self.work.find.no_standings.clone()),
            placings: self.placings_of(&of.hits),
            ticks: self.work.find.ticks.clone(),
            label: self.label_for_hits().map(|label| label.id.clone()),
        })
    }

    /// A hit by its article's id.
    pub fn id_of_hit(&self, hit: Hit) -> Option<HitId> {
        let article = self.work.session.project().articles().get(hit.article)?;
        Some((article.id.clone(), hit.range))
    }

    /// What is ticked of the lines that are shown.
    fn ticked_now_counted(&self) -> Option<Rc<TickedHits>> {
        self.ticked_hits(&self.lines_now()?).value
    }

    pub(super) fn has_ticked_hits(&self) -> bool {
        let counts = self.ticked_now_counted();
        counts.is_some_and(|counts| counts.ticked > 0)
    }

    pub(super) fn has_hits_to_mark(&self) -> bool {
        let counts = self.ticked_now_counted();
        counts.is_some_and(|counts| counts.marking.marks > 0)
    }

    pub(super) fn has_annotated_hits(&self) -> bool {
        let counts = self.ticked_now_counted();
        counts.is_some_and(|counts| counts.annotations > 0)
    }

    pub(super) fn has_lines(&self) -> bool {
        self.lines_now()
            .is_some_and(|of| !of.lines.order.is_empty())
    }

    /// The lines that are shown on the page of finding.
    pub(super) fn lines_now(&self) -> Option<Shared<Concordance>> {
        if self.page() != Page::Find {
            return None;
        }
        let lines = self.concordance(&self.hits_everywhere()?).value?;
        Some(lines.0.clone())
    }

    /// The selected words as they are looked for, or those of the selected annotation; nothing of what
    /// is no phrase.
    fn selected_phrase(&self) -> Option<String> {
        let annotation = self.selected_annotation();
        let range = match annotation.filter(|_| self.work.selection.is_empty()) {
            Some(annotation) => *annotation.fragments.first()?,
            None => self.work.selection.range(),
        };
        let words = self.article()?.text.slice(range);
        let is_phrase = !words.trim().is_empty()
            && !words.contains('\n')
            && words.chars().nth(MOST_WORDS).is_none();
        is_phrase.then(|| phrase(words.trim()).to_string())
    }

    fn open_find_bar(&mut self) {
        match self.page() {
            Page::Read => {}
            Page::Table => self.show_page(Page::Read),
            Page::Find => return self.requests.push(UiRequest::Focus(Spot::FindField)),
            Page::People => return self.requests.push(UiRequest::Focus(Spot::PeopleFilter)),
            Page::Claims => return self.requests.push(UiRequest::Focus(Spot::ClaimFilter)),
            Page::Codebook => return self.requests.push(UiRequest::Focus(Spot::LabelFilter)),
        }
        let from = self.work.selection.range().start;
        let phrase = self.selected_phrase();
        let bar = &mut self.work.find.bar;
        bar.is_open = true;
        bar.from = from;
        if let Some(phrase) = phrase {
            bar.query = phrase;
        }
        self.requests.push(UiRequest::Focus(Spot::FindBar));
    }

    pub(super) fn close_find_bar(&mut self) {
        self.work.find.bar.is_open = false;
        self.work.find.looked_through = None;
        if self.page() == Page::Read {
            self.requests.push(UiRequest::FocusArticle);
        }
    }

    fn find_everywhere(&mut self) {
        let is_in_bar = self.page() == Page::Read && self.work.find.bar.is_open;
        let bar = &self.work.find.bar;
        let of_bar = Some((bar.query.clone(), bar.options));
        let of_bar = of_bar.filter(|(query, _)| is_in_bar && !query.is_empty());
        let options = Options::default();
        let selected = match self.page() {
            Page::Read => self.selected_phrase().map(|phrase| (phrase, options)),
            Page::Table | Page::Find | Page::People | Page::Claims | Page::Codebook => None,
        };
        // What stands elsewhere is likely to be the same.
        let label = self.selected_annotation().map(|found| found.label.clone());
        if of_bar.is_none() && selected.is_some() && self.work.selection.is_empty() {
            self.work.find.mark_as(label);
        }
        if let Some((query, options)) = of_bar.or(selected) {
            self.look_everywhere(query, options);
        }
        self.work.page = Page::Find;
        self.requests.push(UiRequest::Focus(Spot::FindField));
    }

    /// Looks for something in all articles. Ticks and folds are of what was looked for before.
    pub(super) fn look_everywhere(&mut self, query: String, options: Options) {
        let find = &mut self.work.find;
        if find.query == query && find.options == options {
            return;
        }
        find.query = query;
        find.options = options;
        find.ticks = Ticks::default();
        find.looked_through = None;
        find.folded.clear();
        find.current = None;
        find.arrangement.without = Without::default();
    }

    pub(super) fn perform_finding(&mut self, asked: FindAction) {
        let find = &mut self.work.find;
        match asked {
            FindAction::InArticle { query, options } => {
                find.bar.query = query;
                find.bar.options = options;
                find.looked_through = None;
                self.reveal_hit_here();
            }
            FindAction::CloseBar => self.close_find_bar(),
            FindAction::Everywhere { query, options } => self.look_everywhere(query, options),
            FindAction::Arrange(arrangement) => {
                if find.arrangement.group != arrangement.group {
                    find.folded.clear();
                }
                find.arrangement = *arrangement;
            }
            FindAction::Fold(group) => {
                if !find.folded.remove(&group) {
                    find.folded.insert(group);
                }
            }
            FindAction::GoTo(hit) => find.current = hit,
            FindAction::Show(hit) => {
                find.looked_through = None;
                self.show_hit(hit);
            }
            FindAction::LookThrough => self.look_through_ticked(),
            FindAction::Tick(how) => tick(&mut find.ticks, how),
            FindAction::MarkAs(label) => find.label = Some(label),
            FindAction::Do(what) => self.do_to_hits(what),
            FindAction::ExportTo(path) => self.export_hits(&path),
            FindAction::Keep(name) => self.keep_rule(&name),
            FindAction::Rule(rule, what) => self.do_to_rule(&rule, what),
        }
    }

    /// Shows a hit in its article, with all others that the article has.
    fn show_hit(&mut self, (article, range): HitId) {
        let find = &mut self.work.find;
        find.current = Some((article.clone(), range));
        find.bar.is_open = true;
        find.bar.query.clone_from(&find.query);
        find.bar.options = find.options;
        self.show_article(&article);
        self.go_to_hit(range);
        self.requests.push(UiRequest::FocusArticle);
    }

    /// Shows the first ticked hit, from which it goes on through the ticked ones alone.
    fn look_through_ticked(&mut self) {
        let hits = self.ticked_lines();
        let Some(first) = hits.first().cloned() else {
            return;
        };
        self.show_hit(first);
        self.work.find.looked_through = Some((Arc::new(hits), 0));
    }

    /// The next of those that are looked through whose article is there still.
    fn step_through(&mut self, forward: bool) -> bool {
        let Some((hits, at)) = self.work.find.looked_through.clone() else {
            return false;
        };
        let n = hits.len();
        let steps = (1..=n).map(|step| if forward { at + step } else { at + n - step } % n);
        let mut steps = steps.filter_map(|at| Some((at, hits.get(at)?)));
        let project = self.work.session.project();
        let next = steps.find(|(_, (article, _))| project.article(article).is_some());
        let Some((at, hit)) = next.map(|(at, hit)| (at, hit.clone())) else {
            return false;
        };
        self.show_hit(hit);
        self.work.find.looked_through = Some((hits, at));
        true
    }

    /// Shows the hit that the analyst is at, as it is found while typing.
    fn reveal_hit_here(&mut self) {
        let Some(found) = self.answer_here() else {
            return;
        };
        let hit = self.hit_here(found.here());
        if let Some(hit) = hit.and_then(|at| found.here().get(at)) {
            self.requests.push(UiRequest::RevealHit(*hit));
        }
    }

    /// Selects the next hit in the article, and shows it.
    fn step_hit(&mut self, forward: bool) {
        self.work.find.bar.is_open = true;
        if self.step_through(forward) {
            return;
        }
        // Hits of what was looked for before are no place to go to.
        let found = self.found_here();
        let Some(found) = found.value.filter(|_| found.is_current).map(Answer) else {
            return;
        };
        let hits = found.here();
        let Some(last) = hits.len().checked_sub(1) else {
            return;
        };
        let from = self.work.find.bar.from;
        let here = hits.partition_point(|hit| hit.start < from);
        // The one that is shown is not selected yet, while one types.
        let is_at = hits
            .get(here)
            .is_some_and(|hit| hit.start == from && self.work.selection.range() == *hit);
        let next = match (forward, is_at) {
            (true, true) => here.checked_add(1).filter(|next| *next <= last),
            (true, false) => Some(here).filter(|next| *next <= last),
            (false, _) => here.checked_sub(1),
        };
        // What is looked for everywhere goes on in the next article.
        if next.is_none()
            && let Some((article, hit)) = self.hit_beyond(forward)
        {
            self.show_article(&article);
            self.go_to_hit(hit);
            return;
        }
        let next = next.unwrap_or(if forward { 0 } else { last });
        if let Some(hit) = hits.get(next).copied() {
            self.go_to_hit(hit);
        }
    }

    /// The first hit of the next article with hits, or the last of the one before, where the same is
    /// looked for everywhere.
    fn hit_beyond(&self, forward: bool) -> Option<HitId> {
        let find = &self.work.find;
        if find.query != find.bar.query || find.options != find.bar.options {
            return None;
        }
        let found = self.found_everywhere();
        let found = found.value.filter(|_| found.is_current)?;
        let here = self.article_index()?;
        let mut others = found.hits.by_article();
        let (place, ranges) = if forward {
            others.find(|(place, _)| *place > here)?
        } else {
            others.take_while(|(place, _)| *place < here).last()?
        };
        let article = self.work.session.project().articles().get(place)?;
        let hit = if forward {
            ranges.first()
        } else {
            ranges.last()
        };
        Some((article.id.clone(), *hit?))
    }

    /// Selects a hit in the open article, and shows it.
    fn go_to_hit(&mut self, hit: ByteRange) {
        self.work.find.bar.from = hit.start;
        self.select(Selection::of(hit), None);
        self.requests.push(UiRequest::RevealHit(hit));
    }
}

fn tick(ticks: &mut Ticks, how: HitTicks) {
    match how {
        HitTicks::These(hits, is_ticked) => {
            let except = Arc::make_mut(&mut ticks.except);
            for (article, range) in hits {
                let hit = (article, range);
                if is_ticked == ticks.all {
                    except.remove(&hit);
                } else {
                    except.insert(hit);
                }
            }
        }
        HitTicks::All => *ticks = Ticks::default(),
        HitTicks::None => {
            *ticks = Ticks {
                all: false,
                ..Ticks::default()
            };
        }
    }
}
