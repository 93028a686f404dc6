//! Claims on their page: cards of the board, groups of what says the same, and what is said of them.
//! The same for quotes where they are lined up.

use super::Model;
use super::jobs::Outcome;
use super::rows::{commands, row};
use super::view::Page;
use crate::app::action::claims::ClaimsAction;
use crate::app::action::{Action, Spot, UiRequest};
use crate::app::alike;
use crate::app::clock;
use crate::app::command::{Command, Scope, Section, ctrl_shift};
use crate::app::derived::Latest;
use crate::app::derived::claims::{
    AlikeOf, BoardChoices, CardFacts, CardOf, CardSummary, ClaimBoard, Columns, Compared, Facts,
    LabelsOfThings, LinedRow, LinedUp, OneOf, Origin, PromotionIn, Proposed, ProposedTo,
    StandsElsewhere, Summary,
};
use crate::app::derived::hits::Shared;
use crate::app::jobs::{JobKind, Turn, jobs};
use crate::app::notice::Notice;
use crate::app::words::count_grouped;
use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::claims::board::{Board, COLUMNS, Choices, Filter, One};
use crate::core::claims::order::Order;
use crate::core::claims::{Answer, Claimant, Labels, QUESTIONS, words_of};
use crate::core::codebook::{Part, Thing};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId, PersonId};
use crate::core::project::{GroupState, Member, Project};
use crate::core::promotion::Promotion;
use crate::core::recipes::Signed;
use crate::core::recipes::groups::{self, Grouped, Say};
use crate::core::recipes::mark;
use std::rc::Rc;

#[rustfmt::skip]
commands! {
    JoinProposed => row(Section::Claims, "Join with what is proposed", None, Scope::Always, "The current claim on the page of claims and what is proposed first to it become one group (J there)")
        .runs(Model::join_proposed)
        .when(|model| model.first_proposed().is_some()),
    KeepProposedApart => row(Section::Claims, "Keep apart what is proposed", None, Scope::Always, "Say that what is proposed first to the current claim on the page of claims is not the same, so that it is proposed no more (K there)")
        .runs(Model::keep_proposed_apart)
        .when(|model| model.first_proposed().is_some()),
    MoveClaimOn => row(Section::Claims, "Move the claim on", None, Scope::Always, "From to check to checking, and from there to done (Ctrl+Right on the page of claims)")
        .runs(|model| model.move_claim(1))
        .when(|model| model.column_beside(1).is_some()),
    MoveClaimBack => row(Section::Claims, "Move the claim back", None, Scope::Always, "From done to checking, and from there to what is to be checked (Ctrl+Left on the page of claims)")
        .runs(|model| model.move_claim(-1))
        .when(|model| model.column_beside(-1).is_some()),
    JoinSameClaims => row(Section::Claims, "Group claims of the same words", None, Scope::Always, "All claims that are made in the same words, whatever the typography, become a group each, as one step; those that were kept apart stay apart")
        .runs(|model| model.join_same(Thing::Claim))
        .when(|model| model.has_things(&Thing::Claim)),
    JoinSameQuotes => row(Section::Claims, "Group quotes of the same words", None, Scope::Always, "All quotes of a speaker in the same words, whatever the typography, become a group each, as one step; those that were kept apart stay apart")
        .runs(|model| model.join_same(Thing::Quote))
        .when(|model| model.has_things(&Thing::Quote)),
    TakeSpeakers => row(Section::Claims, "Write speakers into their claims", None, Scope::Always, "Claims that lie in a quote and name no claimant get its speaker as theirs, as one step")
        .runs(Model::take_speakers)
        .when(|model| model.has_things(&Thing::Claim)),
    LineUp => row(Section::Finding, "Line up across outlets…", ctrl_shift("O"), Scope::Always, "The selected quote or claim beside those that say the same in other articles, with what each leaves out, adds or changes; join them or keep them apart")
        .shows_its_dialog_after(Model::begin_line_up)
        .when(|model| model.thing_at_hand().is_some()),
}

jobs! {
    // All utterances that say the same in the same words.
    JoinSame => Turn::OneAtATime("What says the same is being grouped already"),
}

/// How the page of claims stands.
#[derive(Default)]
pub(super) struct ClaimsState {
    filter: Filter,
    current: Option<One>,
    is_table: bool,
    order: Option<Order>,
    /// The question that Y, N and U answer.
    question: usize,
    lined: Option<(Thing, One)>,
}

/// So many of a thing.
fn called(thing: &Thing, count: usize) -> String {
    match thing {
        Thing::Quote => count_grouped(count, "quote", "quotes"),
        _ => count_grouped(count, "claim", "claims"),
    }
}

fn plural(thing: &Thing) -> &'static str {
    match thing {
        Thing::Quote => "quotes",
        _ => "claims",
    }
}

impl Model {
    pub fn claim_board(&self) -> Shared<Board> {
        Shared::clone(&self.derived(&ClaimBoard))
    }

    /// The cards of each column, those in most articles first.
    pub fn claim_columns(&self, board: &Shared<Board>) -> Latest<[Vec<u32>; 3]> {
        self.derived_later(&Columns {
            board: board.clone(),
            filter: self.work.claims.filter.clone(),
            order: self.claim_order(),
        })
    }

    pub fn claim_choices(&self, board: &Shared<Board>) -> Rc<Choices> {
        self.derived(&BoardChoices(board.clone()))
    }

    pub fn claim_facts(&self, board: &Shared<Board>, card: u32) -> Rc<Facts> {
        self.derived(&CardFacts {
            board: board.clone(),
            card,
        })
    }

    pub fn claim_summary(&self, board: &Shared<Board>, card: u32) -> Rc<Summary> {
        self.derived(&CardSummary {
            board: board.clone(),
            card,
        })
    }

    pub fn claim_filter(&self) -> &Filter {
        &self.work.claims.filter
    }

    /// By which column the table is in order, where that was asked for.
    pub fn claim_order(&self) -> Option<Order> {
        let claims = &self.work.claims;
        claims.order.filter(|_| claims.is_table)
    }

    pub fn claims_are_a_table(&self) -> bool {
        self.work.claims.is_table
    }

    /// What the keyboard is at on the page of claims.
    pub fn current_claim(&self) -> Option<&One> {
        self.work.claims.current.as_ref()
    }

    /// The question that Y, N and U answer there.
    pub fn claim_question(&self) -> usize {
        self.work.claims.question
    }

    /// All quotes, or claims, compared with each other.
    pub fn compared_things(&self, thing: &Thing) -> Latest<Compared> {
        self.derived_in_parts(&AlikeOf(thing.clone()))
    }

    /// What may be the same as one; nothing while all is still being compared.
    pub fn proposed_to(&self, thing: &Thing, one: &One) -> Rc<Vec<Proposed>> {
        let Some(compared) = self.compared_things(thing).value else {
            return Rc::default();
        };
        self.derived(&ProposedTo {
            thing: thing.clone(),
            compared: compared.0.clone(),
            one: one.clone(),
        })
    }

    /// The quote or claim that is lined up with others.
    pub fn lined_up(&self) -> Option<&(Thing, One)> {
        self.work.claims.lined.as_ref()
    }

    /// The rows of what is lined up, those that are only proposed at their end.
    pub fn lined_rows(&self, thing: &Thing, one: &One, proposed: &[Proposed]) -> Rc<Vec<LinedRow>> {
        self.derived(&LinedUp {
            thing: thing.clone(),
            one: one.clone(),
            proposed: proposed.iter().map(|p| p.member.clone()).collect(),
        })
    }

    /// How much of an article is promotional.
    pub fn promotion_in(&self, article: &ArticleId) -> Rc<Promotion> {
        self.derived(&PromotionIn(article.clone()))
    }

    /// Who makes a claim of the open article.
    pub fn claimant_of(&self, claim: &AnnotationId) -> Option<Claimant> {
        let article = self.article()?;
        let annotation = article.annotations.get(claim.as_str())?;
        let labels = self.derived(&LabelsOfThings);
        Some(labels.claimant(article, annotation))
    }

    /// What an annotation stands in: its group, or itself.
    pub fn one_of(&self, thing: &Thing, member: &Member) -> One {
        let question = OneOf {
            thing: thing.clone(),
            member: member.clone(),
        };
        One::clone(&self.derived(&question))
    }

    /// Where a passage of the open article stands elsewhere, once that is known.
    pub fn stands_elsewhere(&self, passage: &Annotation) -> Latest<Origin> {
        let article = self.article();
        let words = article.map_or(String::new(), |article| words_of(article, passage));
        self.derived_later(&StandsElsewhere {
            article: article
                .map(|article| article.id.clone())
                .unwrap_or_default(),
            annotation: passage.id.clone(),
            words: words.into(),
        })
    }

    /// What the commands are about: the card on the page of claims, the quote on the page of people, or
    /// the selected quote or claim.
    pub fn thing_at_hand(&self) -> Option<(Thing, One)> {
        if self.page() == Page::Claims {
            let one = self.current_claim()?;
            return Some((Thing::Claim, one.clone()));
        }
        if self.page() == Page::People {
            let quote = self.current_quote()?;
            let article = self.session().project().article(&quote.0)?;
            article.annotations.get(quote.1.as_str())?;
            return Some((Thing::Quote, self.one_of(&Thing::Quote, quote)));
        }
        if self.page() != Page::Read {
            return None;
        }
        let annotation = self.selected_annotation()?;
        let codebook = self.session().project().codebook();
        let thing = codebook.thing_of(&annotation.label);
        let member = (self.article()?.id.clone(), annotation.id.clone());
        matches!(thing, Thing::Quote | Thing::Claim)
            .then(|| (thing.clone(), self.one_of(&thing, &member)))
    }

    fn has_things(&self, thing: &Thing) -> bool {
        let codebook = self.session().project().codebook();
        self.has_articles() && codebook.standing_for(thing).next().is_some()
    }

    /// What is proposed first to what is at hand.
    fn first_proposed(&self) -> Option<(Thing, One, Proposed)> {
        let (thing, one) = match self.page() {
            Page::Claims => self.thing_at_hand()?,
            // All would be compared with each other for a menu.
            _ => return None,
        };
        let proposed = self.proposed_to(&thing, &one).first()?.clone();
        Some((thing, one, proposed))
    }

    fn join_proposed(&mut self) {
        if let Some((thing, one, proposed)) = self.first_proposed() {
            self.join_things(&thing, &[one, proposed.one]);
        }
    }

    fn keep_proposed_apart(&mut self) {
        if let Some((thing, one, proposed)) = self.first_proposed() {
            self.keep_things_apart(&thing, &one, &proposed.one);
        }
    }

    fn begin_line_up(&mut self) -> bool {
        self.work.claims.lined = self.thing_at_hand();
        self.work.claims.lined.is_some()
    }

    pub(super) fn perform_on_claims(&mut self, asked: ClaimsAction) {
        match asked {
            ClaimsAction::Filter(filter) => self.work.claims.filter = *filter,
            ClaimsAction::AsTable(is_table) => {
                self.work.claims.is_table = is_table;
                self.requests.push(UiRequest::Focus(Spot::Claims));
            }
            ClaimsAction::Sort(order) => self.work.claims.order = Some(order),
            ClaimsAction::Show(one) => self.show_claim(one),
            ClaimsAction::GoTo((article, id)) => {
                self.show_article(&article);
                self.perform(Action::SelectAnnotation { id, reveal: true });
            }
            ClaimsAction::Question(at) => self.work.claims.question = at.min(QUESTIONS.len() - 1),
            ClaimsAction::Answer(one, answer) => self.answer_question(&one, answer),
            ClaimsAction::Say(one, what) => self.say_of(&one, *what),
            ClaimsAction::Move(one, state) => self.say_of(&one, Say::State(state)),
            ClaimsAction::Join(thing, ones) => self.join_things(&thing, &ones),
            ClaimsAction::Apart(thing, one, other) => self.keep_things_apart(&thing, &one, &other),
            ClaimsAction::TakeOut(group, out) => self.take_out_of_group(&group, &out),
            ClaimsAction::LineUp(thing, one) => {
                self.work.claims.lined = Some((thing, one));
                self.requests.push(UiRequest::Show(Command::LineUp));
            }
        }
    }

    fn show_claim(&mut self, one: Option<One>) {
        if self.work.claims.current != one {
            self.work.claims.question = 0;
        }
        self.work.claims.current = one;
    }

    /// Where a step has left what it was about: the page and the dialog go on with it.
    fn go_on_with(&mut self, thing: &Thing, was: &[One], group: One) {
        let claims = &mut self.work.claims;
        if *thing == Thing::Claim && claims.current.as_ref().is_some_and(|one| was.contains(one)) {
            claims.current = Some(group.clone());
        }
        if let Some((of, one)) = &mut claims.lined
            && of == thing
            && was.contains(one)
        {
            *one = group;
        }
    }

    fn grouped(&mut self, title: String, thing: &Thing, was: &[One], grouped: Grouped) -> bool {
        let is_done = self.apply(title, grouped.edits);
        if is_done {
            self.go_on_with(thing, was, One::Group(grouped.group));
        }
        is_done
    }

    fn join_things(&mut self, thing: &Thing, ones: &[One]) {
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let (project, mint) = self.work.session.with_ids();
        let Some(joined) = groups::join(project, thing, ones, signed, mint) else {
            return;
        };
        let verdicts: std::collections::BTreeSet<&str> = ones
            .iter()
            .filter_map(|one| match one {
                One::Group(id) => project.group(id).map(|group| group.verdict.as_str()),
                One::Alone(_) => None,
            })
            .filter(|verdict| !verdict.is_empty())
            .collect();
        let disagree = verdicts.len() > 1;
        let title = format!("join {}", plural(thing));
        if self.grouped(title, thing, ones, joined) && disagree {
            self.offer_undo(
                "They had different verdicts: one stays, the other is in the note of the group"
                    .to_owned(),
            );
        }
    }

    fn keep_things_apart(&mut self, thing: &Thing, one: &One, other: &One) {
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let project = self.work.session.project();
        let Some(edit) = groups::keep_apart(project, (one, other), signed) else {
            return;
        };
        if self.apply(format!("keep {} apart", plural(thing)), vec![edit]) {
            self.offer_undo("They are kept apart, and not proposed again".to_owned());
        }
    }

    fn take_out_of_group(&mut self, group: &crate::core::ids::GroupId, out: &[Member]) {
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let project = self.work.session.project();
        let thing = project.group(group).map(|group| group.thing.clone());
        let edits = groups::take_out(project, group, out, signed);
        if !edits.is_empty() {
            let thing = thing.unwrap_or_default();
            let what = called(&thing, out.len());
            if self.apply(format!("take {what} out of a group"), edits) {
                self.offer_undo(format!("{what} taken out of the group"));
            }
        }
    }

    /// Says something of a claim or a group; what stands alone is a group of one from then on, but for
    /// answers, which it can have itself.
    fn say_of(&mut self, one: &One, what: Say) {
        let title = match &what {
            Say::Title(_) => "rename a claim".to_owned(),
            Say::State(state) => format!("move a claim to {}", state_name(state).to_lowercase()),
            Say::Verdict(verdict) if verdict.is_empty() => "take back a verdict".to_owned(),
            Say::Verdict(_) => "give a verdict".to_owned(),
            Say::Note(_) => "write a note on a claim".to_owned(),
            Say::Answer(..) => "answer whether a claim is worth checking".to_owned(),
            Say::Evidence(_, Some(_)) => "write down evidence".to_owned(),
            Say::Evidence(_, None) => "remove evidence".to_owned(),
        };
        if let (One::Alone((article, id)), Say::Answer(question, answer)) = (one, &what)
            && self.answer_alone(&title, article, id, *question, *answer)
        {
            return;
        }
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let (project, mint) = self.work.session.with_ids();
        let said = groups::say(project, &Thing::Claim, one, what, signed, mint);
        if let Some(said) = said {
            self.grouped(title, &Thing::Claim, std::slice::from_ref(one), said);
        }
    }

    /// Answers a question on the claim itself; `false` where its label does not ask it.
    fn answer_alone(
        &mut self,
        title: &str,
        article: &ArticleId,
        id: &AnnotationId,
        question: Part,
        answer: Answer,
    ) -> bool {
        let project = self.work.session.project();
        let Some(article) = project.article(article) else {
            return false;
        };
        let Some(claim) = article.annotations.get(id.as_str()) else {
            return false;
        };
        let label = project.codebook().label(claim.label.as_str());
        if label.and_then(|label| label.part(question)).is_none() {
            return false;
        }
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let edit = mark::change(article, id, signed, |claim| match answer {
            Some(answer) => {
                claim
                    .attributes
                    .insert(question.name(), AttributeValue::Bool(answer));
            }
            None => {
                claim.attributes.remove(question.name());
            }
        });
        if let Some(edit) = edit {
            self.apply(title, vec![edit]);
        }
        true
    }

    /// Answers the question at hand, and goes on to the next one.
    fn answer_question(&mut self, one: &One, answer: Answer) {
        let at = self.work.claims.question;
        if let Some(question) = QUESTIONS.get(at) {
            self.say_of(one, Say::Answer(*question, answer));
            self.work.claims.question = (at + 1) % QUESTIONS.len();
        }
    }

    /// The column so many beside that of the current card.
    fn column_beside(&self, by: isize) -> Option<GroupState> {
        if self.page() != Page::Claims {
            return None;
        }
        let state = match self.current_claim()? {
            One::Group(id) => self.session().project().group(id)?.state.clone(),
            One::Alone(_) => GroupState::ToCheck,
        };
        let at = usize::from(crate::core::claims::board::column_of(&state));
        COLUMNS.get(at.checked_add_signed(by)?).cloned()
    }

    fn move_claim(&mut self, by: isize) {
        let state = self.column_beside(by);
        if let (Some(state), Some(one)) = (state, self.current_claim().cloned()) {
            self.say_of(&one, Say::State(state));
        }
    }

    /// Groups all that is said in the same words: one step, made by a job where there is much.
    fn join_same(&mut self, thing: Thing) {
        const FEW: usize = 1_000;
        let project = self.session().project().clone();
        if project.annotation_count() <= FEW {
            let clusters = alike::same_words(&project, &thing, &|| true);
            return self.join_clusters(&thing, &clusters.unwrap_or_default());
        }
        let title = format!("Comparing {}", plural(&thing));
        self.start(JobKind::JoinSame, title, move |context| {
            let goes_on = || !context.is_cancelled();
            let clusters = alike::same_words(&project, &thing, &goes_on);
            let changed = "Nothing was grouped: the project was changed meanwhile";
            let is_cancelled = context.cancelled_since();
            Outcome::of_state(changed, move |model| {
                match clusters.filter(|_| !is_cancelled()) {
                    Some(clusters) => model.join_clusters(&thing, &clusters),
                    None => model.notify(Notice::info("Nothing was grouped: it was stopped")),
                }
            })
        });
    }

    fn join_clusters(&mut self, thing: &Thing, clusters: &[Vec<Member>]) {
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let (project, mint) = self.work.session.with_ids();
        let (groups, edits) = groups::join_all(project, thing, clusters, signed, mint);
        if groups == 0 {
            let what = plural(thing);
            let told = format!("All {what} of the same words are grouped or kept apart already");
            return self.notify(Notice::info(told));
        }
        let members: usize = clusters.iter().map(Vec::len).sum();
        let what = called(thing, members);
        if self.apply(format!("group {what} of the same words"), edits) {
            let groups = count_grouped(groups, "group", "groups");
            self.offer_undo(format!("{what} of the same words are in {groups}"));
        }
    }

    /// Claims in quotes that name no claimant get the speaker as theirs.
    fn take_speakers(&mut self) {
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let edits = speakers_of_claims(self.work.session.project(), signed);
        if edits.is_empty() {
            let told = "Every claim in a quote with a speaker names its claimant already";
            return self.notify(Notice::info(told));
        }
        let what = called(&Thing::Claim, edits.len());
        if self.apply(format!("write the speakers into {what}"), edits) {
            self.offer_undo(format!(
                "{what} got the speaker of the quote around as claimant"
            ));
        }
    }

    /// The card that the keyboard is at on the page of claims.
    pub fn current_card(&self, board: &Shared<Board>) -> Option<u32> {
        let one = self.current_claim()?.clone();
        let board = board.clone();
        *self.derived(&CardOf { board, one })
    }

    /// The place of the current card among those that are shown, and how many those are.
    pub fn place_among_claims(&self) -> Option<(usize, usize)> {
        let board = self.claim_board();
        let columns = self.claim_columns(&board).value?;
        let total = columns.iter().map(Vec::len).sum();
        let current = self.current_card(&board)?;
        let at = columns.iter().flatten().position(|at| *at == current)?;
        Some((at, total))
    }
}

fn speakers_of_claims(project: &Project, signed: Signed<'_>) -> Vec<Edit> {
    let labels = Labels::of(project.codebook());
    let codebook = project.codebook();
    let mut edits = Vec::new();
    for article in project.articles() {
        for claim in labels.claims_of(article) {
            let (Claimant::Speaker(speaker), Some(annotation)) =
                (&claim.claimant, article.annotations.get(claim.id.as_str()))
            else {
                continue;
            };
            let label = codebook.label(annotation.label.as_str());
            if label.and_then(|label| label.part(Part::Claimant)).is_none() {
                continue;
            }
            let value = AttributeValue::Person(PersonId::clone(speaker));
            let change = mark::change(article, &claim.id, signed, |claim| {
                claim.attributes.insert(Part::Claimant.name(), value);
            });
            edits.extend(change);
        }
    }
    edits
}

/// What a column of the board is called.
pub fn state_name(state: &GroupState) -> &str {
    match state {
        GroupState::ToCheck => "To check",
        GroupState::Checking => "Checking",
        GroupState::Done => "Done",
        GroupState::Later(name) => name,
    }
}
