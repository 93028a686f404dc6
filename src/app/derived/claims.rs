//! Claims as cards of a board, what a card sums up, and what may be the same: quotes as well as claims.

use super::hits::Shared;
use super::parts::DeriveInParts;
use super::{ByArticleAnd, Derive, DeriveLater};
use crate::app::alike::{self, Proposals};
use crate::app::session::Session;
use crate::core::claims::board::{Board, Choices, Filter, One};
use crate::core::claims::order::Order;
use crate::core::claims::spread::{Said, Spread, Worded, day_number, wordings};
use crate::core::claims::{Claim, Labels, words_of};
use crate::core::codebook::{Part, Thing};
use crate::core::compact::Short;
use crate::core::ids::{ArticleId, PersonId};
use crate::core::likeness::among::Alike;
use crate::core::likeness::{Relation, Saying};
use crate::core::passages::near::Passage;
use crate::core::project::{ApartOf, GroupIndex, KeptPairs, Member, Project};
use crate::core::promotion::{Promotion, promotion_of};
use crate::core::wording::{Wording, change_count, changes_of_words};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// So many annotations are gone through within a frame.
const FEW: usize = 20_000;

/// All claims as cards.
#[derive(Clone, PartialEq)]
pub struct ClaimBoard;

impl Derive for ClaimBoard {
    type Value = Shared<Board>;
    type Memo = ByArticleAnd<Labels, Arc<[Claim]>>;

    fn derive(&self, session: &Session, known: &mut Self::Memo) -> Shared<Board> {
        let project = session.project();
        let labels = Labels::of(project.codebook());
        let parts = known.update(labels, project.articles(), |article, labels| {
            labels.claims_of(article).into()
        });
        Shared::new(Board::of(project, parts.cloned().collect()))
    }
}

/// The cards that fit, by columns.
#[derive(Clone, PartialEq)]
pub struct Columns {
    pub board: Shared<Board>,
    pub filter: Filter,
    pub order: Option<Order>,
}

impl DeriveLater for Columns {
    type Value = [Vec<u32>; 3];

    fn is_small(&self, _: &Session) -> bool {
        let is_quick = self.filter.words.is_empty() && self.order.is_none();
        is_quick || self.board.len() <= FEW / 4
    }

    fn may_show(&self, other: &Self) -> bool {
        self.board == other.board
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<Self::Value> {
        let mut columns = self.board.shown(project, &self.filter, goes_on)?;
        if let Some(order) = self.order {
            order.sort(&self.board, project, &mut columns);
        }
        Some(columns)
    }
}

/// The card of something.
#[derive(Clone, PartialEq)]
pub struct CardOf {
    pub board: Shared<Board>,
    pub one: One,
}

impl Derive for CardOf {
    type Value = Option<u32>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Option<u32> {
        self.board.find(session.project(), &self.one)
    }
}

/// What cards can be picked out by.
#[derive(Clone, PartialEq)]
pub struct BoardChoices(pub Shared<Board>);

impl Derive for BoardChoices {
    type Value = Choices;
    type Memo = ();

    fn derive(&self, _: &Session, (): &mut ()) -> Choices {
        self.0.choices()
    }
}

/// What a card shows.
#[derive(Clone, PartialEq)]
pub struct CardSummary {
    pub board: Shared<Board>,
    pub card: u32,
}

#[derive(Debug, Default)]
pub struct Summary {
    pub one: Option<One>,
    pub title: String,
    /// Who makes it most often; nobody for the articles’ own voice.
    pub claimant: Option<PersonId>,
    /// How many others do.
    pub other_claimants: usize,
    pub kind: Short,
    pub day: String,
    pub outlet: String,
    pub verdict: String,
    pub evidence: usize,
    pub checked_by: String,
}

impl Derive for CardSummary {
    type Value = Summary;
    type Memo = ();
    /// Those in view, in all columns.
    const KEPT: usize = 64;

    fn derive(&self, session: &Session, (): &mut ()) -> Summary {
        let project = session.project();
        let Some(card) = self.board.card(self.card) else {
            return Summary::default();
        };
        let group = self.board.group(project, card);
        let claimants = self.board.claimants(card);
        let first = self.board.claims(card).next().map(|(at, _)| at as u32);
        let evidence = group.map_or(&[][..], |group| &group.evidence);
        let mut checked_by = evidence.iter().map(|one| one.checked_by.as_str());
        let checked_by = checked_by.rfind(|name| !name.is_empty());
        Summary {
            one: self.board.one(project, card),
            title: self.board.title(project, card),
            claimant: claimants.first().and_then(|(who, _)| who.clone()),
            other_claimants: claimants.len().saturating_sub(1),
            kind: self
                .board
                .kinds(card)
                .first()
                .map(|(kind, _)| kind.clone())
                .unwrap_or_default(),
            day: first.map_or_else(String::new, |at| self.board.day(at).to_owned()),
            outlet: first.map_or_else(String::new, |at| self.board.outlet(at).to_owned()),
            verdict: self.board.verdict(project, card).to_owned(),
            evidence: evidence.len(),
            checked_by: checked_by.unwrap_or_default().to_owned(),
        }
    }
}

/// What is known of a card: who says it, how it spreads, in which wordings.
#[derive(Clone, PartialEq)]
pub struct CardFacts {
    pub board: Shared<Board>,
    pub card: u32,
}

#[derive(Debug, Default)]
pub struct Facts {
    pub claimants: Vec<(Option<PersonId>, usize)>,
    pub kinds: Vec<(Short, usize)>,
    pub stances: Vec<(Short, usize)>,
    pub spread: Spread,
    pub wordings: Vec<WordedAt>,
}

/// A wording with the place that has it first.
#[derive(Debug)]
pub struct WordedAt {
    pub member: Member,
    pub day: String,
    pub outlet: String,
    pub worded: Worded,
}

impl Derive for CardFacts {
    type Value = Facts;
    type Memo = ();
    /// Those of the cards in view.
    const KEPT: usize = 4;

    fn derive(&self, session: &Session, (): &mut ()) -> Facts {
        /// More outlets than that share a line.
        const LINES: usize = 6;
        let project = session.project();
        let Some(card) = self.board.card(self.card) else {
            return Facts::default();
        };
        let texts = self.board.claims(card).filter_map(|(at, claim)| {
            let article = project.articles().get(at)?;
            let annotation = article.annotations.get(claim.id.as_str())?;
            let member = (article.id.clone(), annotation.id.clone());
            Some((at as u32, member, words_of(article, annotation)))
        });
        let texts: Vec<(u32, Member, String)> = texts.collect();
        let said = texts.iter().map(|(at, _, words)| Said {
            day: self.board.day(*at),
            outlet: self.board.outlet(*at),
            words,
        });
        let worded = wordings(texts.iter().map(|(_, _, words)| words.as_str()));
        let wordings = worded.into_iter().filter_map(|worded| {
            let (at, member, _) = texts.get(worded.at)?;
            Some(WordedAt {
                member: member.clone(),
                day: self.board.day(*at).to_owned(),
                outlet: self.board.outlet(*at).to_owned(),
                worded,
            })
        });
        Facts {
            claimants: self.board.claimants(card),
            kinds: self.board.kinds(card),
            stances: self.board.stances(card),
            spread: Spread::of(said.clone(), LINES),
            wordings: wordings.collect(),
        }
    }
}

/// All quotes, or all claims, compared with each other.
#[derive(Clone, PartialEq)]
pub struct AlikeOf(pub Thing);

/// What came of it, as it is handed on.
pub struct Compared(pub Shared<Proposals>);

impl DeriveInParts for AlikeOf {
    type Value = Compared;
    type Memo = alike::Memo;

    fn is_small(&self, session: &Session) -> bool {
        session.project().annotation_count() <= FEW / 20
    }

    /// What was compared before is proposed until all is compared again; what is decided since is known
    /// by whoever shows it.
    fn may_show(&self, other: &Self) -> bool {
        self == other
    }

    fn derive(
        &self,
        project: &Project,
        memo: &mut alike::Memo,
        goes_on: &(dyn Fn() -> bool + Sync),
        _: &mut dyn FnMut(Compared),
    ) -> Option<Compared> {
        let found = alike::proposals(project, &self.0, memo, goes_on)?;
        Some(Compared(Shared::new(found)))
    }
}

/// What may be the same as one, and is not decided.
#[derive(Clone, PartialEq)]
pub struct ProposedTo {
    pub thing: Thing,
    pub compared: Shared<Proposals>,
    pub one: One,
}

/// Something that may be the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposed {
    pub one: One,
    /// The annotation of it that is most like.
    pub member: Member,
    pub alike: Alike,
    pub words: String,
    /// How many annotations it stands for.
    pub count: usize,
}

impl Derive for ProposedTo {
    type Value = Vec<Proposed>;
    type Memo = ();
    const KEPT: usize = 4;

    fn derive(&self, session: &Session, (): &mut ()) -> Vec<Proposed> {
        /// So many members of a large group are asked what they are like.
        const ASKED: usize = 400;
        const MOST: usize = 40;
        let project = session.project();
        let index = GroupIndex::of(project.groups());
        let apart = KeptPairs::of(project, &ApartOf::Annotations);
        let own = self.one.members(project);
        let one_of = |member: &Member| match index.get(&self.thing, &member.1) {
            Some(group) => One::Group(group.id.clone()),
            None => One::Alone(member.clone()),
        };
        let mut best: HashMap<One, Proposed> = HashMap::new();
        for (_, id) in own.iter().take(ASKED) {
            for (other, alike) in self.compared.of_annotation(id) {
                let one = one_of(other);
                let is_there = project
                    .article(&other.0)
                    .is_some_and(|article| article.annotations.get(other.1.as_str()).is_some());
                if one == self.one || !is_there {
                    continue;
                }
                let known = best.get(&one);
                if known.is_none_or(|known| known.alike.likeness.rank() < alike.likeness.rank()) {
                    best.insert(
                        one.clone(),
                        Proposed {
                            one,
                            member: other.clone(),
                            alike,
                            words: String::new(),
                            count: 1,
                        },
                    );
                }
            }
        }
        let own: HashSet<&str> = own.iter().map(|(_, id)| id.as_str()).collect();
        let mut found: Vec<Proposed> = best.into_values().collect();
        found.retain_mut(|proposed| {
            let theirs = proposed.one.members(project);
            proposed.count = theirs.len();
            !theirs.iter().any(|(_, id)| {
                let id = id.as_str();
                own.iter().any(|own| apart.hold(id, own))
            })
        });
        found.sort_by(|a, b| {
            let rank = |p: &Proposed| p.alike.likeness.rank();
            rank(b).cmp(&rank(a)).then_with(|| a.member.cmp(&b.member))
        });
        found.truncate(MOST);
        for proposed in &mut found {
            let (article, id) = &proposed.member;
            let annotation = project
                .article(article)
                .and_then(|article| Some((article, article.annotations.get(id.as_str())?)));
            proposed.words = annotation.map_or_else(String::new, |(a, b)| words_of(a, b));
        }
        found
    }
}

/// What an annotation stands in: its group, or itself.
#[derive(Clone, PartialEq)]
pub struct OneOf {
    pub thing: Thing,
    pub member: Member,
}

impl Derive for OneOf {
    type Value = One;
    type Memo = ();
    const KEPT: usize = 4;

    fn derive(&self, session: &Session, (): &mut ()) -> One {
        let mut groups = session.project().groups().iter();
        let group = groups.find(|group| group.thing == self.thing && group.holds(&self.member.1));
        match group {
            Some(group) => One::Group(group.id.clone()),
            None => One::Alone(self.member.clone()),
        }
    }
}

/// Where a passage that is promotional stands elsewhere, and where it stood first.
#[derive(Clone, PartialEq)]
pub struct StandsElsewhere {
    pub article: ArticleId,
    pub annotation: crate::core::ids::AnnotationId,
    /// The words that are looked for.
    pub words: Arc<str>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// In so many other articles.
    pub articles: usize,
    /// The one that was published first, where one was before this article.
    pub first: Option<ArticleId>,
}

impl DeriveLater for StandsElsewhere {
    type Value = Origin;

    /// Texts do not change; which there are does.
    fn stamp(&self, session: &Session) -> u64 {
        session.project().articles().len() as u64
    }

    fn is_small(&self, session: &Session) -> bool {
        const FEW: usize = 200;
        session.project().articles().len() <= FEW
    }

    fn may_show(&self, _: &Self) -> bool {
        false
    }

    fn derive(&self, project: &Project, goes_on: &mut dyn FnMut() -> bool) -> Option<Origin> {
        /// So much of the words stands there.
        const NEARLY: f32 = 0.7;
        let mut found = Origin {
            articles: 0,
            first: None,
        };
        let Ok(passage) = Passage::new(&self.words) else {
            return Some(found);
        };
        let day = |id: &ArticleId| -> Option<i64> {
            let article = project.article(id)?;
            day_number(article.meta("published")?.trim())
        };
        let own = day(&self.article);
        let mut earliest = own;
        for article in project.articles() {
            if !goes_on() {
                return None;
            }
            if article.id == self.article {
                continue;
            }
            let copies = passage.copies_in(&article.text);
            if !copies.iter().any(|copy| copy.share >= NEARLY) {
                continue;
            }
            found.articles += 1;
            if let Some((this, before)) = day(&article.id).zip(earliest)
                && this < before
            {
                earliest = Some(this);
                found.first = Some(article.id.clone());
            }
        }
        Some(found)
    }
}

/// Quotes or claims lined up: those of one group, and what may belong to it.
#[derive(Clone, PartialEq)]
pub struct LinedUp {
    pub thing: Thing,
    pub one: One,
    /// What is proposed, in its order.
    pub proposed: Vec<Member>,
}

/// A row of it.
#[derive(Debug)]
pub struct LinedRow {
    pub member: Member,
    pub day: String,
    pub outlet: String,
    pub who: Option<PersonId>,
    /// The words of the cue that it is linked with.
    pub cue: String,
    pub words: String,
    /// It belongs to the group.
    pub is_member: bool,
    /// What it changes of the first one.
    pub changes: Vec<Wording>,
    /// How it differs from the first one, in a few words each.
    pub differs: Vec<String>,
}

impl Derive for LinedUp {
    type Value = Vec<LinedRow>;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Vec<LinedRow> {
        let project = session.project();
        let labels = Labels::of(project.codebook());
        let row = |member: &Member, is_member| {
            lined_row(project, &labels, &self.thing, member, is_member)
        };
        let members = self.one.members(project);
        let rows = members.iter().filter_map(|member| row(member, true));
        let mut rows: Vec<LinedRow> = rows.collect();
        rows.sort_by(|a, b| {
            let key = |row: &LinedRow| (row.day.is_empty(), row.day.clone(), row.outlet.clone());
            key(a).cmp(&key(b)).then_with(|| a.member.cmp(&b.member))
        });
        rows.extend(self.proposed.iter().filter_map(|member| row(member, false)));
        tell_differences(&self.thing, &mut rows);
        rows
    }
}

/// Says of each row how it differs from the first.
fn tell_differences(thing: &Thing, rows: &mut [LinedRow]) {
    /// Which ones a merged quote is made of is looked for among so many.
    const MOST: usize = 60;
    let sayings: Vec<Saying> = rows.iter().map(|row| Saying::of(&row.words)).collect();
    let Some((first, own)) = rows.first().zip(sayings.first()) else {
        return;
    };
    let (base, who, cue) = (
        first.words.clone(),
        first.who.clone(),
        first.cue.to_lowercase(),
    );
    for (at, row) in rows.iter_mut().enumerate() {
        row.changes = changes_of_words(&base, &row.words);
        let Some(saying) = sayings.get(at).filter(|_| at > 0) else {
            continue;
        };
        // Each part once, by where it stands in this one.
        let mut parts: Vec<(u32, u32)> = Vec::new();
        for other in sayings.iter().take(MOST) {
            let found = saying.likeness(other);
            let part = found.filter(|found| found.relation == Relation::Holds);
            if let Some((from, upto)) = part.and_then(|found| found.part)
                && parts.iter().all(|(a, b)| upto <= *a || *b <= from)
            {
                parts.push((from, upto));
            }
        }
        let found = saying.likeness(own);
        row.differs.push(match found.map(|found| found.relation) {
            _ if parts.len() > 1 => format!("merges {} of them", parts.len()),
            Some(Relation::Same) => "same words".to_owned(),
            Some(Relation::Cut) => "cut".to_owned(),
            Some(Relation::Holds) => "longer".to_owned(),
            Some(Relation::Reworded) => match change_count(&row.changes) {
                1 => "1 change".to_owned(),
                n => format!("{n} changes"),
            },
            Some(Relation::Figure) | None => "other words".to_owned(),
        });
        let others = [
            (
                found.is_some_and(|found| found.other_number),
                "another number",
            ),
            (found.is_some_and(|found| found.denies), "one says “not”"),
            (
                who.is_some() && row.who.is_some() && row.who != who,
                if *thing == Thing::Claim {
                    "another claimant"
                } else {
                    "another speaker"
                },
            ),
            (
                !cue.is_empty() && !row.cue.is_empty() && row.cue.to_lowercase() != cue,
                "another verb",
            ),
        ];
        let others = others.iter().filter(|(is, _)| *is);
        row.differs
            .extend(others.map(|(_, told)| (*told).to_owned()));
    }
}

/// What is shown of an annotation among others that may say the same.
fn lined_row(
    project: &Project,
    labels: &Labels,
    thing: &Thing,
    member: &Member,
    is_member: bool,
) -> Option<LinedRow> {
    let article = project.article(&member.0)?;
    let annotation = article.annotations.get(member.1.as_str())?;
    let meta = |name: &str| {
        article
            .meta(name)
            .map(str::trim)
            .unwrap_or_default()
            .to_owned()
    };
    let cue = annotation.links.iter().find_map(|link| {
        let target = article.annotations.get(link.target.as_str())?;
        labels
            .is(&target.label, &Thing::Cue)
            .then(|| words_of(article, target))
    });
    Some(LinedRow {
        member: member.clone(),
        day: meta("published"),
        outlet: meta("outlet"),
        who: match thing {
            Thing::Claim => labels.claimant(article, annotation).person().cloned(),
            _ => labels.person(annotation, Part::Speaker),
        },
        cue: cue.unwrap_or_default(),
        words: words_of(article, annotation),
        is_member,
        changes: Vec::new(),
        differs: Vec::new(),
    })
}

/// Which labels are what, and which of their parts they have.
#[derive(Clone, PartialEq)]
pub struct LabelsOfThings;

impl Derive for LabelsOfThings {
    type Value = Labels;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Labels {
        Labels::of(session.project().codebook())
    }
}

/// How much of an article is promotional.
#[derive(Clone, PartialEq)]
pub struct PromotionIn(pub ArticleId);

impl Derive for PromotionIn {
    type Value = Promotion;
    type Memo = ();
    /// Of the articles in view in the list.
    const KEPT: usize = 80;

    fn derive(&self, session: &Session, (): &mut ()) -> Promotion {
        let project = session.project();
        let article = project.article(&self.0);
        let labels = || Labels::of(project.codebook());
        article.map_or_else(Promotion::default, |a| promotion_of(a, &labels()))
    }
}
