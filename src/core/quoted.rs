//! Who is quoted where: each quote as one record, of what its annotation, its links and its attributes
//! say.
//!
//! Pure; looks at one article at a time, so that an article that changes is looked at again alone.
//! Which labels are quotes, cues and sources the codebook says.

use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::article::Article;
use crate::core::codebook::{Codebook, Part, Thing};
use crate::core::ids::{AnnotationId, ArticleId, LabelId, PersonId};
use crate::core::months::Axis;
use crate::core::project::{Person, plain_words};
use crate::core::verbs::{Colour, verb_of};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// What labels stand for, as one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Things(HashMap<LabelId, Thing>);

impl Things {
    pub fn of(codebook: &Codebook) -> Self {
        let each = codebook.labels.iter();
        let each = each.map(|label| (label.id.clone(), codebook.thing_of(&label.id)));
        Self(each.filter(|(_, thing)| *thing != Thing::Nothing).collect())
    }

    pub fn get(&self, label: &LabelId) -> &Thing {
        self.0.get(label).unwrap_or(&Thing::Nothing)
    }
}

/// A quote, and who says it how.
#[derive(Clone, Debug, PartialEq)]
pub struct Quoted {
    pub id: AnnotationId,
    /// Everyone who is named as its speaker.
    pub speakers: Vec<PersonId>,
    /// The words of its source, plainly, where nobody is named: they may be tied to somebody.
    pub source: Box<str>,
    /// As the codebook calls it; empty where nothing is said.
    pub kind: Box<str>,
    /// Empty where no cue is linked.
    pub verb: Box<str>,
    pub colour: Option<Colour>,
}

/// All quotes of an article, in the order of the text.
pub fn quotes_of(article: &Article, things: &Things) -> Vec<Quoted> {
    let annotations = article.annotations.in_text_order();
    let quotes = annotations.filter(|annotation| *things.get(&annotation.label) == Thing::Quote);
    quotes.map(|quote| quoted(article, things, quote)).collect()
}

fn quoted(article: &Article, things: &Things, quote: &Annotation) -> Quoted {
    let mut speakers: Vec<PersonId> = Vec::new();
    let mut add = |value: &AttributeValue| {
        if let AttributeValue::Person(id) = value
            && !speakers.contains(id)
        {
            speakers.push(id.clone());
        }
    };
    let attributes = &quote.attributes;
    attributes
        .get(Part::Speaker.name())
        .into_iter()
        .for_each(&mut add);
    let mut cue = None;
    let mut source = None;
    for link in &quote.links {
        let Some(target) = article.annotations.get(link.target.as_str()) else {
            continue;
        };
        match things.get(&target.label) {
            // A source can say itself who it is: a quote can have several.
            Thing::Source => {
                target.attributes.values().for_each(&mut add);
                source = source.or(Some(target));
            }
            Thing::Cue if cue.is_none() => cue = Some(target),
            Thing::Cue
            | Thing::Nothing
            | Thing::Quote
            | Thing::Claim
            | Thing::Promotion
            | Thing::Later(_) => {}
        }
    }
    let (verb, colour) = cue.map_or((String::new(), None), |cue| {
        let words: Vec<&str> = cue
            .fragments
            .iter()
            .map(|f| article.text.slice(*f))
            .collect();
        verb_of(&words.join(" "))
    });
    let kind = match attributes.get(Part::Kind.name()) {
        Some(AttributeValue::Text(kind)) => kind.as_str(),
        _ => "",
    };
    let is_named = !speakers.is_empty() || attributes.get(Part::Speaker.name()).is_some();
    let source = source.filter(|_| !is_named);
    let source = source.map_or(String::new(), |source| {
        plain_words(article.text.slice(source.extent()))
    });
    Quoted {
        id: quote.id.clone(),
        speakers,
        source: source.into(),
        kind: kind.into(),
        verb: verb.into(),
        colour,
    }
}

/// Whom words are tied to, by the articles in which they are.
#[derive(Debug, Default)]
pub struct Ties<'p>(HashMap<&'p ArticleId, Vec<(String, usize)>>);

impl<'p> Ties<'p> {
    pub fn of(people: &'p [Person]) -> Self {
        let mut ties: HashMap<&ArticleId, Vec<(String, usize)>> = HashMap::new();
        for (at, person) in people.iter().enumerate() {
            for (article, all) in &person.tied.0 {
                let known = ties.entry(article).or_default();
                known.extend(all.iter().map(|words| (plain_words(words), at)));
            }
        }
        Self(ties)
    }

    /// The place in the ledger of whom a quote of an article has as its speaker by its words alone.
    pub fn speaker(&self, article: &ArticleId, quote: &Quoted) -> Option<usize> {
        self.whom(article, &quote.source)
    }

    /// Whom words mean in an article, as [`plain_words`] has them.
    pub fn whom(&self, article: &ArticleId, words: &str) -> Option<usize> {
        let known = self.0.get(article).filter(|_| !words.is_empty())?;
        let found = known.iter().find(|(tied, _)| tied == words);
        found.map(|(_, at)| *at)
    }
}

/// The words of a quote on one line, with a mark where something lies between its parts.
pub fn words_of(article: &Article, quote: &Annotation) -> String {
    let parts = quote.fragments.iter();
    let parts: Vec<&str> = parts.map(|f| article.text.slice(*f).trim()).collect();
    parts.join(" … ").replace('\n', " ")
}

/// What of an article is needed to tell who is quoted in it.
#[derive(Clone, Debug, PartialEq)]
pub struct QuotedIn {
    pub id: ArticleId,
    /// Months since the year 0; none where no day is known.
    pub month: Option<i32>,
    /// The day, as it is put in order by.
    pub day: Box<str>,
    pub outlet: Box<str>,
    pub quotes: Vec<Quoted>,
}

impl QuotedIn {
    pub fn of(article: &Article, things: &Things) -> Self {
        let said = |name: &str| article.meta(name).map(str::trim).unwrap_or_default();
        let day = said("published");
        let number = |from: usize, to: usize| day.get(from..to)?.parse::<i32>().ok();
        let month = number(5, 7).filter(|month| (1..=12).contains(month));
        Self {
            id: article.id.clone(),
            month: number(0, 4)
                .zip(month)
                .map(|(year, month)| year * 12 + month - 1),
            day: day.get(..10).unwrap_or(day).into(),
            outlet: said("outlet").into(),
            quotes: quotes_of(article, things),
        }
    }
}

/// A quote by the place of its article, and its own in that.
pub type QuotePlace = (u32, u32);

/// Who of the ledger is quoted where.
#[derive(Clone, Debug, Default)]
pub struct Speakers {
    pub articles: Vec<Rc<QuotedIn>>,
    /// By their places in the ledger, in the order of the articles.
    pub said: Vec<Vec<QuotePlace>>,
    places: HashMap<PersonId, usize>,
    /// The first and the last month of which an article is that quotes somebody.
    months: Option<(i32, i32)>,
}

impl Speakers {
    pub fn of(people: &[Person], articles: Vec<Rc<QuotedIn>>) -> Self {
        let places: HashMap<PersonId, usize> = people
            .iter()
            .map(|person| person.id.clone())
            .zip(0..)
            .collect();
        let ties = Ties::of(people);
        let mut said = vec![Vec::new(); people.len()];
        for (article, quoted) in (0..).zip(&articles) {
            for (at, quote) in (0..).zip(&quoted.quotes) {
                let named = quote
                    .speakers
                    .iter()
                    .filter_map(|id| places.get(id).copied());
                for place in named.chain(ties.speaker(&quoted.id, quote)) {
                    if let Some(said) = said.get_mut(place) {
                        said.push((article, at));
                    }
                }
            }
        }
        let quoting = || articles.iter().filter(|article| !article.quotes.is_empty());
        let months = || quoting().filter_map(|article| article.month);
        Self {
            months: months().min().zip(months().max()),
            articles,
            said,
            places,
        }
    }

    pub fn place_of(&self, person: &PersonId) -> Option<usize> {
        self.places.get(person).copied()
    }

    pub fn said_by(&self, place: usize) -> &[QuotePlace] {
        self.said.get(place).map_or(&[], Vec::as_slice)
    }

    pub fn get(&self, (article, at): QuotePlace) -> Option<(&QuotedIn, &Quoted)> {
        let article = self.articles.get(article as usize)?;
        Some((article, article.quotes.get(at as usize)?))
    }

    /// The months from the first to the last of which an article is that quotes somebody, or longer
    /// stretches, so that they are no more than so many.
    pub fn axis(&self, most: usize) -> Option<Axis> {
        let (first, last) = self.months?;
        Some(Axis::of(first, last, most))
    }

    /// How many quotes of somebody there are in each stretch of an axis.
    pub fn along(&self, axis: &Axis, place: usize) -> Vec<u32> {
        let mut counts = vec![0; axis.count()];
        for month in self.months_of(place) {
            let at = axis.place_of(month);
            if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
                *count += 1;
            }
        }
        counts
    }

    /// From when to when somebody is quoted.
    pub fn span_of(&self, place: usize) -> Option<String> {
        let ends = || self.months_of(place);
        let (first, last) = ends().min().zip(ends().max())?;
        Some(Axis::of(first, last, usize::MAX).span())
    }

    fn months_of(&self, place: usize) -> impl Iterator<Item = i32> {
        let said = self.said_by(place).iter();
        said.filter_map(|(article, _)| self.articles.get(*article as usize)?.month)
    }
}

/// What of somebody's quotes is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidFilter {
    /// Nothing for all.
    pub kind: Option<String>,
    pub outlet: Option<String>,
}

/// A line of what somebody is quoted saying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaidLine {
    /// Those below are of this month, so many.
    Month(Option<i32>, usize),
    Quote(QuotePlace),
}

/// How often a verb of saying is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerbCount {
    pub verb: String,
    pub colour: Option<Colour>,
    pub count: usize,
}

/// An outlet, and in which colours its verbs are; the last number is of those without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutletColours {
    pub outlet: String,
    pub quotes: usize,
    pub colours: [usize; Colour::ALL.len() + 1],
}

/// All that somebody is quoted saying, and what it comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// The newest first, by month.
    pub lines: Vec<SaidLine>,
    /// Where the months stand among the lines.
    pub headings: Vec<usize>,
    /// Of all their quotes, whatever is filtered.
    pub quotes: usize,
    pub articles: usize,
    pub kinds: Vec<(String, usize)>,
    pub verbs: Vec<VerbCount>,
    pub outlets: Vec<OutletColours>,
    /// Each month with how many are direct, and how many are not.
    pub months: Vec<(i32, usize, usize)>,
}

impl Said {
    pub fn of(speakers: &Speakers, place: usize, filter: &SaidFilter) -> Self {
        let mut said = Self::default();
        let all = speakers.said_by(place);
        said.quotes = all.len();
        let mut articles: Vec<u32> = all.iter().map(|(article, _)| *article).collect();
        articles.dedup();
        said.articles = articles.len();
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        let mut verbs: BTreeMap<&str, (Option<Colour>, usize)> = BTreeMap::new();
        let mut outlets: BTreeMap<&str, OutletColours> = BTreeMap::new();
        let mut months: BTreeMap<i32, (usize, usize)> = BTreeMap::new();
        let mut shown = Vec::new();
        for place in all {
            let Some((article, quote)) = speakers.get(*place) else {
                continue;
            };
            *kinds.entry(&quote.kind).or_default() += 1;
            if !quote.verb.is_empty() {
                let verb = verbs.entry(&quote.verb).or_insert((quote.colour, 0));
                verb.1 += 1;
            }
            let outlet = outlets.entry(&article.outlet);
            let outlet = outlet.or_insert_with(|| OutletColours {
                outlet: article.outlet.to_string(),
                quotes: 0,
                colours: [0; Colour::ALL.len() + 1],
            });
            outlet.quotes += 1;
            let colour = quote
                .colour
                .and_then(|colour| Colour::ALL.iter().position(|c| *c == colour));
            if let Some(count) = outlet.colours.get_mut(colour.unwrap_or(Colour::ALL.len())) {
                *count += 1;
            }
            if let Some(month) = article.month {
                let counts = months.entry(month).or_default();
                if &*quote.kind == "direct" {
                    counts.0 += 1;
                } else {
                    counts.1 += 1;
                }
            }
            let fits = filter
                .kind
                .as_ref()
                .is_none_or(|kind| **kind == *quote.kind)
                && filter
                    .outlet
                    .as_ref()
                    .is_none_or(|outlet| **outlet == *article.outlet);
            if fits {
                shown.push((article.month, &article.day, *place));
            }
        }
        shown.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then(a.2.cmp(&b.2)));
        for of_month in shown.chunk_by(|a, b| a.0 == b.0) {
            if let Some((month, ..)) = of_month.first() {
                said.headings.push(said.lines.len());
                said.lines.push(SaidLine::Month(*month, of_month.len()));
            }
            said.lines
                .extend(of_month.iter().map(|(.., place)| SaidLine::Quote(*place)));
        }
        let by_count = |a: usize, b: usize| b.cmp(&a);
        said.kinds = kinds
            .into_iter()
            .map(|(kind, n)| (kind.to_owned(), n))
            .collect();
        said.kinds.sort_by(|a, b| by_count(a.1, b.1));
        let each = verbs.into_iter().map(|(verb, (colour, count))| VerbCount {
            verb: verb.to_owned(),
            colour,
            count,
        });
        said.verbs = each.collect();
        said.verbs.sort_by(|a, b| by_count(a.count, b.count));
        said.outlets = outlets.into_values().collect();
        said.outlets.sort_by(|a, b| by_count(a.quotes, b.quotes));
        said.months = months
            .into_iter()
            .map(|(month, (a, b))| (month, a, b))
            .collect();
        said
    }

    /// The quotes that are shown, in their order.
    pub fn places(&self) -> impl Iterator<Item = QuotePlace> {
        self.lines.iter().filter_map(|line| match line {
            SaidLine::Quote(place) => Some(*place),
            SaidLine::Month(..) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::{AnnotationSet, Link};
    use crate::core::text::{ArticleText, BytePos, ByteRange};

    #[test]
    fn a_quote_is_one_record() {
        let text = "“No,” admitted Ada and Bo. “Never.” He left.";
        let mut article = Article::new("a".into(), "A", ArticleText::new(text.to_owned()));
        let range = |words: &str| {
            let at = text.find(words).unwrap() as u32;
            ByteRange::new(BytePos(at), BytePos(at + words.len() as u32))
        };
        let mark = |id: &str, label: &str, words: &str| {
            Annotation::new(id.into(), "t".into(), label.into(), range(words))
        };
        let person = |id: &str| AttributeValue::Person(id.into());
        let mut quote = mark("1", "quote", "“No,”").with_fragment(range("“Never.”"));
        quote.attributes.insert("speaker", person("ada"));
        quote
            .attributes
            .insert("kind", AttributeValue::Text("direct".to_owned()));
        quote.links = ["2", "3", "gone"]
            .map(|id| Link::new("x", id.into()))
            .to_vec();
        let mut source = mark("2", "source", "Bo");
        source.attributes.insert("who", person("bo"));
        let cue = mark("3", "cue", "admitted");
        let bare = mark("4", "quote", "He left.");
        article.annotations =
            AnnotationSet::from_annotations(vec![quote.clone(), source, cue, bare]).0;
        let codebook = Codebook::default();
        let found = quotes_of(&article, &Things::of(&codebook));
        let one = &found[0];
        assert_eq!(found.len(), 2);
        assert_eq!(one.speakers, ["ada".into(), "bo".into()]);
        assert_eq!((&*one.kind, &*one.verb), ("direct", "admitted"));
        assert_eq!(one.colour, Some(Colour::Doubting));
        assert_eq!(
            (&*found[1].kind, &*found[1].verb, found[1].colour),
            ("", "", None)
        );
        assert_eq!(words_of(&article, &quote), "“No,” … “Never.”");
    }

    /// A pronoun that is tied to somebody says who is quoted, while nobody is named.
    #[test]
    fn words_that_are_tied_say_who_is_quoted() {
        let text = "He said no. The\nMinister said yes. He said so. He said it.";
        let mut article = Article::new("a".into(), "A", ArticleText::new(text.to_owned()));
        let mark = |id: &str, label: &str, from: u32, to: u32| {
            Annotation::new(id.into(), "t".into(), label.into(), (from, to).into())
        };
        let of = |mut quote: Annotation, source: &str, speaker: Option<AttributeValue>| {
            quote.links.push(Link::new("source", source.into()));
            if let Some(speaker) = speaker {
                quote.attributes.insert("speaker", speaker);
            }
            quote
        };
        let bo = AttributeValue::Person("bo".into());
        let marks = vec![
            mark("s1", "source", 0, 2),
            of(mark("q1", "quote", 8, 10), "s1", None),
            mark("s2", "source", 12, 24),
            of(mark("q2", "quote", 30, 33), "s2", None),
            mark("s3", "source", 35, 37),
            of(mark("q3", "quote", 43, 45), "s3", Some(bo)),
            mark("s4", "source", 47, 49),
            of(
                mark("q4", "quote", 55, 57),
                "s4",
                Some(AttributeValue::Text("Cy".to_owned())),
            ),
        ];
        article.annotations = AnnotationSet::from_annotations(marks).0;
        let things = Things::of(&Codebook::default());
        let quoted = || vec![Rc::new(QuotedIn::of(&article, &things))];
        let mut people = ["ada", "bo"].map(|name| Person::named(name, |_| false));
        assert_eq!(Speakers::of(&people, quoted()).said_by(0), []);
        people[0].tied.add(&"a".into(), "he");
        people[0].tied.add(&"a".into(), "the minister");
        people[0].tied.add(&"b".into(), "it");
        let speakers = Speakers::of(&people, quoted());
        // Whoever is named, in words or in the ledger, is who is quoted.
        assert_eq!(speakers.said_by(0), [(0, 0), (0, 1)]);
        assert_eq!(speakers.said_by(1), [(0, 2)]);
        assert_eq!(Said::of(&speakers, 0, &SaidFilter::default()).quotes, 2);
    }

    #[test]
    fn what_somebody_said_is_by_month_and_counted() {
        let quoted =
            |month: Option<i32>, day: &str, outlet: &str, quotes: &[(&str, &str, &str)]| {
                let quotes = quotes.iter().map(|(who, kind, cue)| {
                    let (verb, colour) = verb_of(cue);
                    Quoted {
                        id: "q".into(),
                        speakers: who.split(' ').map(PersonId::new).collect(),
                        source: "".into(),
                        kind: (*kind).into(),
                        verb: verb.into(),
                        colour,
                    }
                });
                Rc::new(QuotedIn {
                    id: "a".into(),
                    month,
                    day: day.into(),
                    outlet: outlet.into(),
                    quotes: quotes.collect(),
                })
            };
        let people = ["ada", "bo"].map(|name| Person::named(name, |_| false));
        let articles = vec![
            quoted(
                Some(24_004),
                "2000-05-02",
                "Post",
                &[("ada", "direct", "said"), ("bo", "", "")],
            ),
            quoted(None, "", "", &[("ada bo", "indirect", "claimed")]),
            quoted(
                Some(24_006),
                "2000-07-01",
                "Post",
                &[("ada", "direct", "said"), ("gone", "", "")],
            ),
        ];
        let speakers = Speakers::of(&people, articles);
        assert_eq!(speakers.said_by(1), [(0, 1), (1, 0)]);
        let along = |most: usize| {
            let axis = speakers.axis(most).unwrap();
            (axis.span(), speakers.along(&axis, 0))
        };
        let span = "May 2000 to July 2000".to_owned();
        assert_eq!(along(8), (span.clone(), vec![1, 0, 1]));
        assert_eq!(along(2), (span.clone(), vec![1, 1]));
        assert_eq!(speakers.span_of(0), Some(span));
        let said = Said::of(&speakers, 0, &SaidFilter::default());
        let (month, quote) = (SaidLine::Month, SaidLine::Quote);
        assert_eq!(
            said.lines,
            [
                month(Some(24_006), 1),
                quote((2, 0)),
                month(Some(24_004), 1),
                quote((0, 0)),
                month(None, 1),
                quote((1, 0)),
            ]
        );
        assert_eq!(said.headings, [0, 2, 4]);
        assert_eq!((said.quotes, said.articles), (3, 3));
        assert_eq!(
            said.kinds,
            [("direct".to_owned(), 2), ("indirect".to_owned(), 1)]
        );
        let verbs: Vec<_> = said
            .verbs
            .iter()
            .map(|v| (v.verb.as_str(), v.count))
            .collect();
        assert_eq!(verbs, [("said", 2), ("claimed", 1)]);
        assert_eq!(said.outlets[0].colours, [2, 0, 0, 0, 0]);
        assert_eq!(said.outlets[1].colours, [0, 1, 0, 0, 0]);
        assert_eq!(said.months, [(24_004, 1, 0), (24_006, 1, 0)]);
        let filter = SaidFilter {
            kind: Some("indirect".to_owned()),
            outlet: None,
        };
        let few = Said::of(&speakers, 0, &filter);
        assert_eq!(
            (few.places().collect::<Vec<_>>(), few.quotes),
            (vec![(1, 0)], 3)
        );
    }
}
