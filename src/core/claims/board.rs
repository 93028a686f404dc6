//! The board: claims as cards, a group as one, in columns by how far checking is; and which of them
//! are shown.
//!
//! What a card sums up is counted once for the whole project; words are read where they are shown.

use super::{Answer, Claim, Claimant, QUESTIONS, answer_of_group, words_of};
use crate::core::article::Article;
use crate::core::codebook::Thing;
use crate::core::compact::Short;
use crate::core::ids::{ArticleId, GroupId, PersonId};
use crate::core::project::{Group, GroupState, Member, Project};
use std::collections::HashMap;
use std::sync::Arc;

/// What stands as one: a group, or an annotation that is in none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum One {
    Group(GroupId),
    Alone(Member),
}

impl One {
    /// The annotations of it.
    pub fn members<'a>(&'a self, project: &'a Project) -> &'a [Member] {
        match self {
            Self::Group(id) => project.group(id).map_or(&[], |group| &group.members),
            Self::Alone(member) => std::slice::from_ref(member),
        }
    }
}

/// The columns, in their order.
pub const COLUMNS: [GroupState; 3] = [GroupState::ToCheck, GroupState::Checking, GroupState::Done];

/// A claim of the board: its article, and its place among the claims of that.
type Place = (u32, u32);

/// All claims of a project as cards.
#[derive(Clone, Debug, Default)]
pub struct Board {
    parts: Vec<Arc<[Claim]>>,
    /// Those of one card follow on each other, the earliest first.
    places: Vec<Place>,
    pub cards: Vec<Card>,
    outlets: Vec<Short>,
    /// Of each article its outlet, and the day on which it was published, where that is known.
    known: Vec<(u32, Short)>,
}

/// A claim, or a group of them, summed up.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Its place among the groups of the project.
    group: Option<u32>,
    from: u32,
    upto: u32,
    pub column: u8,
    pub articles: u32,
    pub outlets: u32,
    pub answers: [Answer; 3],
}

impl Card {
    /// How many claims it holds.
    pub fn len(&self) -> usize {
        (self.upto - self.from) as usize
    }

    pub fn is_empty(&self) -> bool {
        self.upto == self.from
    }

    /// How many of the three questions were answered with yes.
    pub fn yes(&self) -> u8 {
        let yes = self.answers.iter().filter(|answer| **answer == Some(true));
        yes.count() as u8
    }
}

/// Where a group stands on the board; what a later version calls otherwise is to be checked.
pub fn column_of(state: &GroupState) -> u8 {
    let at = COLUMNS.iter().position(|column| column == state);
    at.unwrap_or(0) as u8
}

fn published(article: &Article) -> Short {
    let said = article.meta("published").map(str::trim).unwrap_or_default();
    Short::new(said.get(..10).unwrap_or(said))
}

impl Board {
    /// The claims of each article, in the order of the project, as cards.
    pub fn of(project: &Project, parts: Vec<Arc<[Claim]>>) -> Self {
        let mut board = Self {
            parts,
            ..Self::default()
        };
        let mut numbers: HashMap<Short, u32> = HashMap::new();
        for article in project.articles() {
            let outlet = article.meta("outlet").map(str::trim).unwrap_or_default();
            let outlet = Short::new(outlet);
            let next = numbers.len() as u32;
            let number = *numbers.entry(outlet.clone()).or_insert_with(|| {
                board.outlets.push(outlet);
                next
            });
            board.known.push((number, published(article)));
        }
        let mut in_group: HashMap<(&ArticleId, &str), u32> = HashMap::new();
        for (at, group) in project.groups().iter().enumerate() {
            if group.thing == Thing::Claim {
                let members = group.members.iter();
                in_group.extend(members.map(|(article, id)| ((article, id.as_str()), at as u32)));
            }
        }
        let mut grouped: HashMap<u32, Vec<Place>> = HashMap::new();
        let mut alone: Vec<Place> = Vec::new();
        for (at, (claims, article)) in board.parts.iter().zip(project.articles()).enumerate() {
            for (n, claim) in claims.iter().enumerate() {
                let place = (at as u32, n as u32);
                let group = in_group.get(&(&article.id, claim.id.as_str()));
                match group {
                    Some(group) => grouped.entry(*group).or_default().push(place),
                    None => alone.push(place),
                }
            }
        }
        for (at, group) in project.groups().iter().enumerate() {
            if let Some(mut places) = grouped.remove(&(at as u32)) {
                let day = |(article, n): &Place| {
                    let day = board.day(*article);
                    (day.is_empty(), Short::new(day), *article, *n)
                };
                places.sort_by_cached_key(day);
                board.add(Some((at as u32, group)), &places);
            }
        }
        for place in alone {
            board.add(None, &[place]);
        }
        board
    }

    fn add(&mut self, group: Option<(u32, &Group)>, places: &[Place]) {
        let from = self.places.len() as u32;
        let distinct = |mut all: Vec<u32>| {
            all.sort_unstable();
            all.dedup();
            all
        };
        let (articles, outlets) = if places.len() == 1 {
            (1, 1)
        } else {
            let articles = distinct(places.iter().map(|(article, _)| *article).collect());
            let outlets = articles.iter();
            let outlets = outlets.filter_map(|at| Some(self.known.get(*at as usize)?.0));
            let outlets = distinct(outlets.collect());
            (articles.len() as u32, outlets.len() as u32)
        };
        let claims = || places.iter().filter_map(|place| self.claim(*place));
        let answers = std::array::from_fn(|n| {
            let question = QUESTIONS.get(n).copied();
            let of_group = group.zip(question);
            let of_group = of_group.and_then(|((_, g), q)| answer_of_group(&g.attributes, q));
            of_group.unwrap_or_else(|| {
                agreed(claims().filter_map(|claim| claim.answers.get(n).copied().flatten()))
            })
        });
        let card = Card {
            group: group.map(|(at, _)| at),
            from,
            upto: from + places.len() as u32,
            column: group.map_or(0, |(_, group)| column_of(&group.state)),
            articles,
            outlets,
            answers,
        };
        self.places.extend_from_slice(places);
        self.cards.push(card);
    }

    fn claim(&self, (article, n): Place) -> Option<&Claim> {
        self.parts.get(article as usize)?.get(n as usize)
    }

    pub fn card(&self, at: u32) -> Option<&Card> {
        self.cards.get(at as usize)
    }

    /// How many claims there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// How many cards are groups.
    pub fn groups(&self) -> usize {
        // They stand first.
        self.cards.partition_point(|card| card.group.is_some())
    }

    /// The claims of a card with the places of their articles, the earliest first.
    pub fn claims<'a>(&'a self, card: &Card) -> impl Iterator<Item = (usize, &'a Claim)> + Clone {
        let places = self.places.get(card.from as usize..card.upto as usize);
        let places = places.unwrap_or_default().iter();
        places.filter_map(|place| Some((place.0 as usize, self.claim(*place)?)))
    }

    /// The day of an article, as it is written; empty where it is not known.
    pub fn day(&self, article: u32) -> &str {
        let known = self.known.get(article as usize);
        known.map_or("", |(_, day)| day.as_str())
    }

    pub fn outlet(&self, article: u32) -> &str {
        let known = self.known.get(article as usize);
        let outlet = known.and_then(|(outlet, _)| self.outlets.get(*outlet as usize));
        outlet.map_or("", Short::as_str)
    }

    pub fn group<'a>(&self, project: &'a Project, card: &Card) -> Option<&'a Arc<Group>> {
        project.groups().get(card.group? as usize)
    }

    /// What a card stands for.
    pub fn one(&self, project: &Project, card: &Card) -> Option<One> {
        if let Some(group) = self.group(project, card) {
            return Some(One::Group(group.id.clone()));
        }
        let (article, claim) = self.claims(card).next()?;
        let article = project.articles().get(article)?;
        Some(One::Alone((article.id.clone(), claim.id.clone())))
    }

    /// The card of something.
    pub fn find(&self, project: &Project, one: &One) -> Option<u32> {
        let mut cards = self.cards.iter();
        let at = match one {
            One::Group(id) => cards.position(|card| {
                let group = self.group(project, card);
                group.is_some_and(|group| group.id == *id)
            }),
            One::Alone((article, id)) => {
                let place = project.article_index(article)?;
                cards.position(|card| {
                    let mut claims = self.claims(card);
                    claims.any(|(at, claim)| at == place && claim.id == *id)
                })
            }
        };
        at.map(|at| at as u32)
    }

    /// The title of a group, or the words of the claim.
    pub fn title(&self, project: &Project, card: &Card) -> String {
        if let Some(group) = self.group(project, card).filter(|g| !g.title.is_empty()) {
            return group.title.clone();
        }
        let words = self.claims(card).next().and_then(|(article, claim)| {
            let article = project.articles().get(article)?;
            let annotation = article.annotations.get(claim.id.as_str())?;
            Some(words_of(article, annotation))
        });
        words.unwrap_or_default()
    }

    /// Who makes it, who does so most often first, with how often.
    pub fn claimants(&self, card: &Card) -> Vec<(Option<PersonId>, usize)> {
        counted(
            self.claims(card)
                .map(|(_, claim)| claim.claimant.person().cloned()),
        )
    }

    /// Its kinds, the most frequent first; what is not said of is left out.
    pub fn kinds(&self, card: &Card) -> Vec<(Short, usize)> {
        let kinds = self.claims(card).map(|(_, claim)| claim.kind.clone());
        counted(kinds.filter(|kind| !kind.is_empty()))
    }

    pub fn stances(&self, card: &Card) -> Vec<(Short, usize)> {
        let stances = self.claims(card).map(|(_, claim)| claim.stance.clone());
        counted(stances.filter(|stance| !stance.is_empty()))
    }

    /// The verdict of the group, or else the first that one of its claims has.
    pub fn verdict<'a>(&'a self, project: &'a Project, card: &Card) -> &'a str {
        let group = self.group(project, card);
        if let Some(group) = group.filter(|group| !group.verdict.is_empty()) {
            return &group.verdict;
        }
        let mut own = self.claims(card).map(|(_, claim)| claim.verdict.as_str());
        own.find(|verdict| !verdict.is_empty()).unwrap_or_default()
    }

    /// The cards that fit, by columns, those in most articles first.
    pub fn shown(
        &self,
        project: &Project,
        filter: &Filter,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Option<[Vec<u32>; 3]> {
        let mut columns: [Vec<u32>; 3] = Default::default();
        let words = filter.words.trim().to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        for (at, card) in self.cards.iter().enumerate() {
            if at % 1_024 == 0 && !goes_on() {
                return None;
            }
            if self.fits(project, card, filter, &words)
                && let Some(column) = columns.get_mut(usize::from(card.column))
            {
                column.push(at as u32);
            }
        }
        for column in &mut columns {
            column.sort_by_key(|at| {
                let card = self.card(*at);
                let articles = card.map_or(0, |card| card.articles);
                (std::cmp::Reverse(articles), *at)
            });
        }
        Some(columns)
    }

    fn fits(&self, project: &Project, card: &Card, filter: &Filter, words: &[&str]) -> bool {
        let mut claims = self.claims(card);
        let is_kind = |(_, claim): (usize, &Claim)| {
            filter
                .kind
                .as_ref()
                .is_none_or(|k| claim.kind.as_str() == k)
        };
        let fits = card.yes() >= filter.least_yes && claims.clone().any(is_kind);
        let by = |claimant: &Claimant| match &filter.claimant {
            None => true,
            Some(Wanted::OwnVoice) => *claimant == Claimant::OwnVoice,
            Some(Wanted::Person(id)) => claimant.person() == Some(id),
        };
        let fits = fits && claims.clone().any(|(_, claim)| by(&claim.claimant));
        let of_outlet = |article: usize| {
            let outlet = filter.outlet.as_deref();
            outlet.is_none_or(|outlet| self.outlet(article as u32) == outlet)
        };
        if !(fits && claims.clone().any(|(article, _)| of_outlet(article))) {
            return false;
        }
        if words.is_empty() {
            return true;
        }
        let has_all = |text: &str| {
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        has_all(&self.title(project, card))
            || claims.any(|(article, claim)| {
                let article = project.articles().get(article);
                let annotation =
                    article.and_then(|a| Some((a, a.annotations.get(claim.id.as_str())?)));
                let person = claim.claimant.person().and_then(|id| project.person(id));
                person.is_some_and(|person| has_all(&person.name))
                    || annotation.is_some_and(|(a, claim)| has_all(&words_of(a, claim)))
            })
    }

    /// What cards can be picked out by, with how many claims there are of each.
    pub fn choices(&self) -> Choices {
        let all = || self.parts.iter().enumerate();
        let claims = || all().flat_map(|(_, claims)| claims.iter());
        let mut outlets: HashMap<u32, usize> = HashMap::new();
        for (at, claims) in all().filter(|(_, claims)| !claims.is_empty()) {
            if let Some((outlet, _)) = self.known.get(at) {
                *outlets.entry(*outlet).or_default() += claims.len();
            }
        }
        let outlets = outlets.into_iter().filter_map(|(outlet, n)| {
            let outlet = self.outlets.get(outlet as usize)?;
            (!outlet.is_empty()).then(|| (outlet.clone(), n))
        });
        let mut outlets: Vec<(Short, usize)> = outlets.collect();
        outlets.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
        Choices {
            kinds: counted(claims().map(|c| c.kind.clone()).filter(|k| !k.is_empty())),
            claimants: counted(claims().map(|claim| claim.claimant.person().cloned())),
            outlets,
        }
    }
}

/// What those say who say something, where they agree.
fn agreed(mut answers: impl Iterator<Item = bool>) -> Answer {
    let first = answers.next()?;
    answers.all(|answer| answer == first).then_some(first)
}

/// The most frequent first, then in their order.
fn counted<T: Ord + std::hash::Hash + Clone>(all: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts: HashMap<T, usize> = HashMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    let mut counts: Vec<(T, usize)> = counts.into_iter().collect();
    counts.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
    counts
}

/// Which cards are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// All of them, in the title, the claim or the claimant’s name.
    pub words: String,
    /// So many of the three questions were answered with yes.
    pub least_yes: u8,
    pub kind: Option<String>,
    pub claimant: Option<Wanted>,
    pub outlet: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    OwnVoice,
    Person(PersonId),
}

impl Filter {
    /// Whether something is left out.
    pub fn is_on(&self) -> bool {
        *self != Self::default()
    }
}

/// Kinds, claimants and outlets of claims with their numbers, the most frequent first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    pub kinds: Vec<(Short, usize)>,
    /// None is the article’s own voice.
    pub claimants: Vec<(Option<PersonId>, usize)>,
    pub outlets: Vec<(Short, usize)>,
}
