//! The article list: its rows, and by what its articles can be picked out and grouped.
//!
//! What a listing looks at of each article is kept as a number: while no article has another one, the
//! rows stay as they were, so that marking puts nothing in order again.

use super::{ByArticle, Derive};
use crate::app::clock;
use crate::app::session::Session;
use crate::app::words::count;
use crate::core::article::{Article, Status};
use crate::core::ids::{AnnotatorId, ArticleId, LabelId};
use crate::core::lists::{Facet, Group, Imports, Listing, in_order, searched_text};
use crate::core::project::{ArticleSet, Project};
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// The articles that the list shows, in its order.
#[derive(Clone, PartialEq)]
pub struct ListedArticles {
    pub listing: Listing,
    pub annotator: AnnotatorId,
    /// Shown though it fits no more: it did when it was opened.
    pub kept: Option<ArticleId>,
    /// Groups whose articles are not shown, by their names.
    pub folded: BTreeSet<String>,
}

/// A group in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupLine {
    pub name: String,
    pub articles: usize,
    pub done: usize,
    pub is_folded: bool,
}

/// The rows of the list: articles by their places, and the headings of groups.
#[derive(Clone, Debug)]
pub enum Listed {
    /// As many as there are, each at its own place.
    All(usize),
    Some(Rows),
}

#[derive(Clone, Debug, Default)]
pub struct Rows {
    rows: Vec<Row>,
    row_of_place: Vec<Option<u32>>,
    groups: Vec<GroupLine>,
    headings: Vec<usize>,
    /// With those of folded groups.
    articles: usize,
    /// It is shown and fits no more.
    unfit: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Row {
    Article(usize),
    Heading(usize),
}

impl Rows {
    fn push(&mut self, place: usize) {
        if let Some(slot) = self.row_of_place.get_mut(place) {
            *slot = Some(self.rows.len() as u32);
        }
        self.rows.push(Row::Article(place));
    }
}

impl Listed {
    /// How many rows there are, headings among them.
    pub fn len(&self) -> usize {
        match self {
            Self::All(count) => *count,
            Self::Some(rows) => rows.rows.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many articles fit, those of folded groups among them.
    pub fn articles(&self) -> usize {
        match self {
            Self::All(count) => *count,
            Self::Some(rows) => rows.articles,
        }
    }

    /// How many of the articles that fit are done, those of folded groups among them.
    fn done(&self, is_done: impl Fn(usize) -> bool) -> usize {
        match self {
            Self::All(count) => (0..*count).filter(|place| is_done(*place)).count(),
            Self::Some(rows) if !rows.groups.is_empty() => {
                rows.groups.iter().map(|group| group.done).sum()
            }
            Self::Some(rows) => {
                let places = self.places(0..rows.rows.len());
                let fitting = places.filter(|place| rows.unfit != Some(*place));
                fitting.filter(|place| is_done(*place)).count()
            }
        }
    }

    /// The rows that are headings, rising.
    pub fn headings(&self) -> &[usize] {
        match self {
            Self::All(_) => &[],
            Self::Some(rows) => &rows.headings,
        }
    }

    pub fn has_folded(&self) -> bool {
        match self {
            Self::All(_) => false,
            Self::Some(rows) => rows.groups.iter().any(|group| group.is_folded),
        }
    }

    /// The group whose heading a row is.
    pub fn group(&self, row: usize) -> Option<&GroupLine> {
        let Self::Some(rows) = self else {
            return None;
        };
        match rows.rows.get(row)? {
            Row::Heading(at) => rows.groups.get(*at),
            Row::Article(_) => None,
        }
    }

    /// The article of a row; none at a heading.
    pub fn place(&self, row: usize) -> Option<usize> {
        match self {
            Self::All(count) => Some(row).filter(|row| row < count),
            Self::Some(rows) => match rows.rows.get(row)? {
                Row::Article(place) => Some(*place),
                Row::Heading(_) => None,
            },
        }
    }

    /// The places of the articles in rows, in their order.
    pub fn places(&self, rows: Range<usize>) -> impl DoubleEndedIterator<Item = usize> + '_ {
        rows.filter_map(|row| self.place(row))
    }

    pub fn row_of(&self, place: usize) -> Option<usize> {
        match self {
            Self::All(count) => Some(place).filter(|place| place < count),
            Self::Some(rows) => Some(rows.row_of_place.get(place).copied().flatten()? as usize),
        }
    }

    /// The nearest row with an article, from one on, forwards or backwards.
    pub fn article_row(&self, from: usize, forward: bool) -> Option<usize> {
        let is_article = |row: &usize| self.place(*row).is_some();
        if forward {
            (from..self.len()).find(is_article)
        } else {
            (0..self.len().min(from + 1)).rev().find(is_article)
        }
    }
}

/// What the rows were made of, and the rows.
#[derive(Default)]
pub struct Memo {
    question: Option<ListedArticles>,
    set: Option<Arc<ArticleSet>>,
    imports: usize,
    looked_at: ByArticle<u64>,
    texts: ByArticle<String>,
    rows: Rows,
}

impl ListedArticles {
    /// A number that is another one when the list may be another one for this article.
    fn looked_at(&self, article: &Article, kinds: Option<&HashSet<LabelId>>) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&article.id, &article.title, &article.metadata).hash(&mut hasher);
        if self.listing.looks_at_status() {
            let status = article.status_for(&self.annotator);
            status.code().hash(&mut hasher);
        }
        if self.listing.looks_at_annotations() {
            article.annotations.len().hash(&mut hasher);
        }
        kinds
            .map(|kinds| has_one_of(article, kinds))
            .hash(&mut hasher);
        hasher.finish()
    }

    /// The label that articles are picked out by, and its kinds.
    fn kinds(&self, project: &Project) -> Option<HashSet<LabelId>> {
        let label = self.listing.label.as_ref()?;
        Some(project.codebook().kinds_of(label))
    }

    fn rows(&self, session: &Session, texts: &mut ByArticle<String>) -> Rows {
        let project = session.project();
        let articles = project.articles();
        let listing = &self.listing;
        let imports = imports(project, listing);
        let group =
            |facet: Facet, article: &Article| facet.group_of(article, &self.annotator, &imports);
        let filter = listing.filter.to_lowercase();
        let words: Vec<&str> = filter.split_whitespace().collect();
        let set = listing.set.as_ref().map(|id| {
            let members = project.set(id).into_iter().flat_map(|set| &set.members);
            members.collect::<HashSet<&ArticleId>>()
        });
        let kinds = self.kinds(project);
        let fits = |article: &Article, text: &str| {
            let own = article.status_for(&self.annotator);
            let has = |word: &&str| text.contains(*word) || own.name().contains(*word);
            let is_of = |(facet, wanted): (&Facet, &String)| group(*facet, article).name == *wanted;
            listing.status.as_ref().is_none_or(|wanted| own == *wanted)
                && listing
                    .outlet
                    .as_deref()
                    .is_none_or(|wanted| article.meta("outlet") == Some(wanted))
                && set.as_ref().is_none_or(|set| set.contains(&article.id))
                && kinds
                    .as_ref()
                    .is_none_or(|kinds| has_one_of(article, kinds))
                && listing.only.iter().all(is_of)
                && words.iter().all(has)
        };
        let mut places: Vec<usize> = if listing.takes_all() {
            (0..articles.len()).collect()
        } else {
            if !words.is_empty() {
                texts.update(articles, searched_text);
            }
            let texts = texts
                .parts()
                .map(String::as_str)
                .chain(std::iter::repeat(""));
            let shown = articles.iter().zip(texts).enumerate();
            let shown = shown.filter(|(_, (article, text))| {
                fits(article, text) || self.kept.as_ref() == Some(&article.id)
            });
            shown.map(|(at, _)| at).collect()
        };
        in_order(&listing.order, articles, &self.annotator, &mut places);
        // What is kept and does not fit is shown, and not counted.
        let kept = self.kept.as_ref().and_then(|id| project.article_index(id));
        let unfit = kept.filter(|at| {
            let article = articles.get(*at);
            article.is_some_and(|article| !fits(article, &searched_text(article)))
        });
        let unfit = unfit.filter(|_| !listing.takes_all());
        let counts = |places: &[usize]| {
            let is_counted = |at: &&usize| unfit != Some(**at);
            places.iter().filter(is_counted).count()
        };
        let mut rows = Rows {
            row_of_place: vec![None; articles.len()],
            articles: counts(&places),
            unfit,
            ..Rows::default()
        };
        let Some(facet) = listing.group else {
            for place in places {
                rows.push(place);
            }
            return rows;
        };
        let mut groups: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
        for place in places {
            if let Some(article) = articles.get(place) {
                let group = group(facet, article).within(facet, &listing.order);
                groups.entry(group).or_default().push(place);
            }
        }
        for (group, places) in groups {
            let is_done = |at: &&usize| {
                let article = articles.get(**at);
                let is_done = |a: &Arc<Article>| a.status_for(&self.annotator) == Status::Done;
                article.is_some_and(is_done) && unfit != Some(**at)
            };
            let line = GroupLine {
                articles: counts(&places),
                done: places.iter().filter(is_done).count(),
                is_folded: self.folded.contains(&group.name),
                name: group.name,
            };
            rows.headings.push(rows.rows.len());
            rows.rows.push(Row::Heading(rows.groups.len()));
            if !line.is_folded {
                for place in places {
                    rows.push(place);
                }
            }
            rows.groups.push(line);
        }
        rows
    }
}

impl Derive for ListedArticles {
    type Value = Listed;
    type Memo = Memo;

    fn derive(&self, session: &Session, memo: &mut Memo) -> Listed {
        let project = session.project();
        let articles = project.articles();
        if self.listing.is_plain() {
            return Listed::All(articles.len());
        }
        let set = self.listing.set.as_ref().and_then(|id| project.set(id));
        let is_same_set = match (set, &memo.set) {
            (Some(new), Some(old)) => Arc::ptr_eq(new, old),
            (None, None) => true,
            _ => false,
        };
        let is_known = memo.question.as_ref() == Some(self)
            && is_same_set
            && memo.imports == project.imports().len()
            && memo.rows.row_of_place.len() == articles.len();
        if !is_known {
            memo.looked_at = ByArticle::default();
        }
        let kinds = self.kinds(project);
        let mut new = Vec::new();
        let old = memo.looked_at.update(articles, |article| {
            let number = self.looked_at(article, kinds.as_ref());
            new.push(number);
            number
        });
        // They come in the order of the articles, as long as none came or went.
        if !is_known || new != old {
            memo.rows = self.rows(session, &mut memo.texts);
            memo.question = Some(self.clone());
            memo.set = set.cloned();
            memo.imports = project.imports().len();
        }
        Listed::Some(memo.rows.clone())
    }
}

/// How many of the articles that a list shows are done.
#[derive(Clone)]
pub struct DoneOf {
    /// The same one is known by its pointer.
    pub listed: Rc<Listed>,
    pub annotator: AnnotatorId,
}

impl PartialEq for DoneOf {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.listed, &other.listed) && self.annotator == other.annotator
    }
}

impl Derive for DoneOf {
    type Value = usize;
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> usize {
        let articles = session.project().articles();
        self.listed.done(|place| {
            let status = articles.get(place).map(|a| a.status_for(&self.annotator));
            status == Some(Status::Done)
        })
    }
}

fn has_one_of(article: &Article, kinds: &HashSet<LabelId>) -> bool {
    let mut labels = article.annotations.labels();
    labels.any(|(label, _)| kinds.contains(label))
}

/// Which import brought in which file, where the listing asks for it.
fn imports(project: &Project, listing: &Listing) -> Imports {
    let asks = listing.group == Some(Facet::Import) || listing.only.contains_key(&Facet::Import);
    if asks {
        all_imports(project)
    } else {
        Imports::new()
    }
}

fn all_imports(project: &Project) -> Imports {
    let mut known = Imports::new();
    for (at, report) in project.imports().iter().enumerate() {
        let when = report.when.map(clock::day).unwrap_or_default();
        let files = count(report.files.len(), "file", "files");
        // Two imports of one minute are two.
        let name = format!("{}. {when}, {files}", at + 1);
        for (file, _) in &report.files {
            let file = Path::new(file).file_name();
            let file = file.map(|name| name.to_string_lossy().into_owned());
            // A file that is read again brings nothing: its articles came with the first import.
            let file = known.entry(file.unwrap_or_default());
            file.or_insert_with(|| (at, name.clone()));
        }
    }
    known
}

/// The groups that there are of a facet, each with its articles.
#[derive(Clone, PartialEq)]
pub struct Groups {
    pub facet: Facet,
    pub annotator: AnnotatorId,
}

impl Derive for Groups {
    /// Names and counts; as many as can be chosen from, and how many there are.
    type Value = (Vec<(String, usize)>, usize);
    type Memo = ();

    fn derive(&self, session: &Session, (): &mut ()) -> Self::Value {
        const MOST: usize = 200;
        let project = session.project();
        let imports = match self.facet {
            Facet::Import => all_imports(project),
            _ => Imports::new(),
        };
        let mut groups: BTreeMap<Group, usize> = BTreeMap::new();
        for article in project.articles() {
            let group = self.facet.group_of(article, &self.annotator, &imports);
            *groups.entry(group).or_default() += 1;
        }
        let all = groups.len();
        let named = groups.into_iter().map(|(group, n)| (group.name, n));
        (named.take(MOST).collect(), all)
    }
}

/// The groups of articles, by their names; of all the same where there is no facet.
pub fn groups_of(
    project: &Project,
    by: &AnnotatorId,
    articles: &[ArticleId],
    facet: Option<Facet>,
) -> Vec<String> {
    let imports = match facet {
        Some(Facet::Import) => all_imports(project),
        _ => Imports::new(),
    };
    let group = |id: &ArticleId| {
        let article = project.article(id)?;
        Some(facet?.group_of(article, by, &imports).name)
    };
    let groups = articles.iter().map(|id| group(id).unwrap_or_default());
    groups.collect()
}

/// How many of the ticked articles the list does not show.
#[derive(Clone, PartialEq)]
pub struct OutOfSight {
    pub listed: ListedArticles,
    pub ticked: Ticked,
}

/// Ticked articles; the same ones are known by their pointer.
#[derive(Clone, Default)]
pub struct Ticked(pub Rc<BTreeSet<ArticleId>>);

impl PartialEq for Ticked {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Derive for OutOfSight {
    type Value = usize;
    type Memo = Memo;

    fn derive(&self, session: &Session, memo: &mut Memo) -> usize {
        let listed = self.listed.derive(session, memo);
        let project = session.project();
        let is_shown = |id: &&ArticleId| {
            let place = project.article_index(id);
            place.is_some_and(|place| listed.row_of(place).is_some())
        };
        let ticked = self.ticked.0.iter();
        self.ticked.0.len() - ticked.filter(is_shown).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::derived::Derived;
    use crate::core::edit::{ArticleDetails, Edit, Transaction};
    use crate::core::lists::Order;
    use crate::core::project::ProjectParts;
    use crate::core::text::ArticleText;
    use crate::format::project_ron::Opened;

    fn session(articles: &[(&str, &str, usize)]) -> Session {
        let articles = articles.iter().map(|(id, outlet, length)| {
            let text = ArticleText::new("x".repeat(*length));
            let mut article = Article::new((*id).into(), *id, text);
            let outlet = (*outlet).to_owned();
            article.metadata.insert("outlet".to_owned(), outlet);
            Arc::new(article)
        });
        let project = Project::from_parts(ProjectParts {
            articles: articles.collect(),
            ..ProjectParts::default()
        });
        let problems = Vec::new();
        Session::opened(Opened { project, problems }, "ana", "t")
    }

    fn question(listing: Listing) -> ListedArticles {
        ListedArticles {
            listing,
            annotator: "ana".into(),
            kept: None,
            folded: BTreeSet::new(),
        }
    }

    fn step(session: &mut Session, edit: Edit) {
        session
            .perform(Transaction::new("step", vec![edit]))
            .unwrap();
    }

    fn done(article: &str) -> Edit {
        Edit::SetStatus {
            article: article.into(),
            annotator: "ana".into(),
            status: Status::Done,
        }
    }

    /// Rows as they are shown: articles by id, groups by name and counts.
    fn told(session: &Session, listed: &Listed) -> Vec<String> {
        let articles = session.project().articles();
        let row = |row: usize| match (listed.place(row), listed.group(row)) {
            (Some(at), None) => articles[at].id.to_string(),
            (None, Some(group)) => format!("{} {}/{}", group.name, group.done, group.articles),
            other => panic!("{other:?}"),
        };
        (0..listed.len()).map(row).collect()
    }

    #[test]
    fn groups_have_headings_with_their_counts_and_fold() {
        let mut session = session(&[("b", "Post", 9), ("a", "Herald", 5), ("c", "Post", 7)]);
        step(&mut session, done("c"));
        let derived = Derived::new(Arc::new(|| ()));
        let mut asked = question(Listing {
            group: Some(Facet::Outlet),
            order: Order::Shortest,
            ..Listing::default()
        });
        let listed = derived.get(&session, &asked);
        assert_eq!(
            told(&session, &listed),
            ["Herald 0/1", "a", "Post 1/2", "c", "b"]
        );
        assert_eq!(listed.headings(), [0, 2]);
        assert_eq!((listed.row_of(0), listed.articles()), (Some(4), 3));
        assert_eq!(listed.article_row(2, true), Some(3));
        assert_eq!(listed.article_row(2, false), Some(1));
        asked.folded.insert("Post".to_owned());
        let listed = derived.get(&session, &asked);
        assert_eq!(told(&session, &listed), ["Herald 0/1", "a", "Post 1/2"]);
        assert_eq!((listed.row_of(0), listed.articles()), (None, 3));
    }

    /// The current article stays in sight though it does not fit any more; it is not one that fits.
    #[test]
    fn what_is_kept_and_does_not_fit_is_not_counted() {
        let mut session = session(&[("b", "Post", 9), ("a", "Herald", 5), ("c", "Post", 7)]);
        step(&mut session, done("c"));
        let derived = Derived::new(Arc::new(|| ()));
        for (wanted, kept, expected, articles) in [
            (
                Status::New,
                Some("c"),
                vec!["Herald 0/1", "a", "Post 0/1", "b", "c"],
                2,
            ),
            (
                Status::New,
                Some("b"),
                vec!["Herald 0/1", "a", "Post 0/1", "b"],
                2,
            ),
            (
                Status::New,
                None,
                vec!["Herald 0/1", "a", "Post 0/1", "b"],
                2,
            ),
            (Status::Done, Some("c"), vec!["Post 1/1", "c"], 1),
            (
                Status::Done,
                Some("a"),
                vec!["Herald 0/0", "a", "Post 1/1", "c"],
                1,
            ),
            (Status::Flagged, Some("c"), vec!["Post 0/0", "c"], 0),
        ] {
            let mut asked = question(Listing {
                group: Some(Facet::Outlet),
                status: Some(wanted),
                ..Listing::default()
            });
            asked.kept = kept.map(ArticleId::new);
            let listed = derived.get(&session, &asked);
            assert_eq!(told(&session, &listed), expected);
            assert_eq!(listed.articles(), articles, "{expected:?}");
        }
        // All fit: nothing is kept that does not.
        let mut asked = question(Listing {
            group: Some(Facet::Outlet),
            ..Listing::default()
        });
        asked.kept = Some("c".into());
        assert_eq!(derived.get(&session, &asked).articles(), 3);
    }

    /// An article came with the import that first names its file.
    #[test]
    fn a_file_that_is_imported_again_stays_with_its_first_import() {
        let mut session = session(&[("a", "Post", 9), ("b", "Post", 5)]);
        let report = |files: &[&str]| {
            let files = files.iter();
            let files = files.map(|file| (format!("/from/{file}"), String::new()));
            Arc::new(crate::core::project::ImportReport {
                by: "ana".into(),
                when: None,
                summary: String::new(),
                files: files.collect(),
                unknown: Vec::new(),
            })
        };
        let reports = [report(&["a.html"]), report(&["b.html", "a.html"])];
        let reports = reports.into_iter().enumerate().collect();
        step(&mut session, Edit::AddImports(reports));
        for (id, file) in [("a", "a.html"), ("b", "b.html")] {
            let details = ArticleDetails {
                title: String::new(),
                metadata: [("file".to_owned(), file.to_owned())].into(),
                notes: String::new(),
            };
            let article = id.into();
            step(&mut session, Edit::SetDetails { article, details });
        }
        let ids = ["a".into(), "b".into()];
        let groups = groups_of(session.project(), &"ana".into(), &ids, Some(Facet::Import));
        assert_eq!(groups, ["1. , 1 file", "2. , 2 files"]);
    }

    /// Marks change nothing about an order by outlet: it is not made again. Details do.
    #[test]
    fn what_the_list_does_not_look_at_puts_nothing_in_order_again() {
        let mut session = session(&[("b", "Post", 9), ("a", "Herald", 5), ("c", "Post", 7)]);
        let asked = question(Listing {
            order: Order::Outlet,
            ..Listing::default()
        });
        let mut memo = Memo::default();
        let listed = asked.derive(&session, &mut memo);
        assert_eq!(told(&session, &listed), ["a", "b", "c"]);
        // What is kept is taken as it is, so another order that is slipped in shows.
        memo.rows.rows.reverse();
        step(&mut session, done("b"));
        let again = asked.derive(&session, &mut memo);
        assert_eq!(told(&session, &again), ["c", "b", "a"]);
        let details = |outlet: &str| Edit::SetDetails {
            article: "a".into(),
            details: ArticleDetails {
                title: "a".to_owned(),
                metadata: [("outlet".to_owned(), outlet.to_owned())].into(),
                notes: String::new(),
            },
        };
        step(&mut session, details("Zeit"));
        let listed = asked.derive(&session, &mut memo);
        assert_eq!(told(&session, &listed), ["b", "c", "a"]);
        let by_status = question(Listing {
            order: Order::Status,
            ..Listing::default()
        });
        let mut memo = Memo::default();
        let listed = by_status.derive(&session, &mut memo);
        assert_eq!(told(&session, &listed), ["a", "c", "b"]);
        step(&mut session, done("a"));
        let listed = by_status.derive(&session, &mut memo);
        assert_eq!(told(&session, &listed), ["c", "b", "a"]);
        // One that goes, and one that comes in its place.
        let gone = Edit::RemoveArticles(vec!["c".into()]);
        step(&mut session, gone);
        let listed = by_status.derive(&session, &mut memo);
        assert_eq!(told(&session, &listed), ["b", "a"]);
    }
}
