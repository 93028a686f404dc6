//! An import that waits for the analyst's word: what was read, and which articles are like others.

use super::{Import, Outcome, import_edits};
use crate::app::jobs::on_all_cores;
use crate::core::annotation::Timestamp;
use crate::core::article::Article;
use crate::core::carry::next_version;
use crate::core::duplicates::{Index, Likeness, Shingles};
use crate::core::edit::{Edit, ToTrash};
use crate::core::ids::{AnnotatorId, ArticleId, FreshIds};
use crate::core::project::{ImportReport, Project, SetAside};
use crate::core::recipes::Signed;
use crate::core::recipes::copies::{GROUP, group_of, grouped_edit};
use crate::core::recipes::successor::{Successor, in_examples, in_groups, in_rules, in_sets};
use crate::format::project_ron;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What was read, and what is to become of it.
#[derive(Debug, Default)]
pub struct Proposal {
    pub import: Import,
    /// Articles that are like others, in the order of the import.
    pub twins: Vec<Twin>,
    pub found: Found,
}

/// What there is in the files of an import, counted once.
#[derive(Debug, Default)]
pub struct Found {
    pub annotations: usize,
    /// Files that hold copies alone: of articles of the project, and of others in this import.
    pub there: usize,
    pub copies: usize,
    pub refused: usize,
    /// The places of files that an analyst should look at.
    pub worth_a_look: Vec<usize>,
}

impl Found {
    fn of(import: &Import) -> Self {
        let articles = import.datasets.iter().flat_map(|d| &d.parts.articles);
        let files = import.report.iter().enumerate();
        let files = files.filter(|(_, file)| file.is_worth_a_look());
        let is_there = |outcome: &Outcome| matches!(outcome, Outcome::Duplicate { of, .. } if of.is_in_project);
        let there = import.count(is_there);
        Self {
            annotations: articles.map(|a| a.annotations.len()).sum(),
            there,
            copies: import.duplicates() - there,
            refused: import.refused(),
            worth_a_look: files.map(|(at, _)| at).collect(),
        }
    }
}

/// An article of the import that is like another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Twin {
    /// Which article of [`Import::articles`].
    pub article: usize,
    pub other: Other,
    pub likeness: Likeness,
    /// The same address or headline: the outlet changed it.
    pub is_version: bool,
    pub choice: TwinChoice,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    InProject(ArticleId),
    /// Which article of [`Import::articles`].
    InImport(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TwinChoice {
    Add,
    /// Added, and both get the same value in the metadata field `group`.
    Group,
    LeaveOut,
    /// Takes the place of the article of the project, with its annotations, which goes to the trash.
    NewVersion,
}

/// An import as edits.
#[derive(Debug, Default)]
pub struct Decided {
    pub edits: Vec<Edit>,
    /// On annotations that went over to new versions, and those that could not.
    pub remarks: Vec<String>,
    /// "3 articles added, 1 duplicate skipped".
    pub summary: String,
    /// Articles that enter the project.
    pub added: usize,
}

/// Articles whose wording is taken apart on all cores before they are compared.
const AT_ONCE: usize = 512;
/// The share of the wording under which the same headline means another article.
const VERSION_SHARE: f32 = 0.25;

/// What an address has in common with other ways to write it.
fn address(article: &Article) -> Option<String> {
    let url = article.meta("url")?.trim();
    let (_, rest) = url.split_once("://")?;
    let rest = rest.split('#').next().unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            !name.is_empty() && !name.starts_with("utm_") && !matches!(name, "fbclid" | "gclid")
        })
        .collect();
    let path = path.trim_end_matches('/').to_lowercase();
    let path = path.strip_prefix("www.").unwrap_or(&path);
    // A front page holds another article every day.
    let is_page = path.contains('/') || !kept.is_empty();
    is_page.then(|| format!("{path}?{}", kept.join("&")))
}

fn headline(article: &Article) -> Option<String> {
    let letters = article.title.chars().filter(|c| c.is_alphanumeric());
    let folded: String = letters.flat_map(char::to_lowercase).collect();
    (folded.chars().count() >= 12).then_some(folded)
}

impl Proposal {
    /// Looks for articles that are like others. `progress` answers whether to go on.
    pub fn of(project: &Project, import: Import, progress: &mut dyn FnMut() -> bool) -> Self {
        let known = project.articles();
        let mut index = Index::default();
        let mut by_address: HashMap<String, usize> = HashMap::new();
        let mut by_headline: HashMap<String, usize> = HashMap::new();
        let mut twins = Vec::new();
        let mut replaced: HashSet<usize> = HashSet::new();
        let looked_at = if import.articles.is_empty() {
            0
        } else {
            known.len()
        };
        let all = known.iter().take(looked_at).chain(&import.articles);
        let all: Vec<&Arc<Article>> = all.collect();
        let with_shingles = all.chunks(AT_ONCE).flat_map(|block| {
            let shingles = on_all_cores(block, |article| Shingles::of(&article.text));
            block.iter().copied().zip(shingles)
        });
        for (i, (article, shingles)) in with_shingles.enumerate() {
            if i % 64 == 0 && !progress() {
                return Self {
                    import: Import {
                        is_cancelled: true,
                        ..Import::default()
                    },
                    twins: Vec::new(),
                    found: Found::default(),
                };
            }
            let (address, headline) = (address(article), headline(article));
            if let Some(new) = i.checked_sub(known.len()) {
                let at_address = address.as_ref().and_then(|a| by_address.get(a)).copied();
                let same_address = at_address.filter(|at| !replaced.contains(at));
                let at_headline = headline.as_ref().and_then(|h| by_headline.get(h)).copied();
                let same_headline = at_headline
                    .filter(|at| !replaced.contains(at))
                    .filter(|at| is_same_outlet(article, known.get(*at)));
                let share = |at: usize| {
                    let other = known.get(at).map(|other| Shingles::of(&other.text));
                    other.map_or(0.0, |other| shingles.resemblance(&other))
                };
                let version =
                    same_address.or(same_headline.filter(|at| share(*at) >= VERSION_SHARE));
                let like = index.like(article.text.hash(), &shingles);
                let found = match (version, like.first()) {
                    (Some(at), _)
                        if known
                            .get(at)
                            .is_some_and(|k| k.text.hash() != article.text.hash()) =>
                    {
                        replaced.insert(at);
                        Some((at, Likeness::Near(share(at)), true))
                    }
                    (_, Some((at, likeness))) => Some((*at, *likeness, false)),
                    _ => None,
                };
                if let Some((at, likeness, is_version)) = found {
                    let other = match known.get(at) {
                        Some(other) => Other::InProject(other.id.clone()),
                        None => Other::InImport(at - known.len()),
                    };
                    let is_older = known.get(at).is_some_and(|other| is_older(article, other));
                    twins.push(Twin {
                        article: new,
                        other,
                        likeness,
                        is_version,
                        choice: if is_version && !is_older {
                            TwinChoice::NewVersion
                        } else {
                            TwinChoice::Add
                        },
                    });
                }
            } else {
                // The project's articles alone can be replaced.
                if let Some(address) = address {
                    by_address.insert(address, i);
                }
                if let Some(headline) = headline {
                    by_headline.insert(headline, i);
                }
            }
            index.add(article.text.hash(), shingles);
        }
        let found = Found::of(&import);
        Self {
            import,
            twins,
            found,
        }
    }

    /// The article that a twin is like.
    pub fn other<'a>(&'a self, project: &'a Project, twin: &Twin) -> Option<&'a Arc<Article>> {
        match &twin.other {
            Other::InProject(id) => project.article(id),
            Other::InImport(at) => self.import.articles.get(*at),
        }
    }

    /// How many articles are added, those that replace others among them.
    pub fn added(&self) -> usize {
        let left_out = self
            .twins
            .iter()
            .filter(|t| t.choice == TwinChoice::LeaveOut);
        self.import.article_count().saturating_sub(left_out.count())
    }

    /// The edits that do what was chosen.
    pub fn edits(self, project: &Project, by: &AnnotatorId, now: Timestamp) -> Decided {
        let Self {
            mut import, twins, ..
        } = self;
        let files = import.report.iter();
        let files = files.map(|file| (file.path.display().to_string(), file.told()));
        let mut report = ImportReport {
            by: by.clone(),
            when: Some(now),
            summary: String::new(),
            files: files.collect(),
            unknown: Vec::new(),
        };
        let in_datasets = import.datasets.iter();
        let in_datasets: usize = in_datasets
            .map(|dataset| dataset.parts.articles.len())
            .sum();
        let told = Import {
            report: std::mem::take(&mut import.report),
            ..Import::default()
        };
        let mut left_out: HashSet<usize> = HashSet::new();
        let mut versions: Vec<(ArticleId, Arc<Article>)> = Vec::new();
        let mut grouped: Vec<(Other, usize)> = Vec::new();
        for twin in twins {
            match (twin.choice, twin.other) {
                (TwinChoice::LeaveOut, _) => drop(left_out.insert(twin.article)),
                (TwinChoice::NewVersion, Other::InProject(id)) => {
                    if let Some(article) = import.articles.get(twin.article) {
                        versions.push((id, article.clone()));
                        left_out.insert(twin.article);
                    }
                }
                (TwinChoice::Group, other) => grouped.push((other, twin.article)),
                _ => {}
            }
        }
        let mut details: Vec<Edit> = Vec::new();
        for (other, article) in grouped {
            let group = match &other {
                Other::InProject(id) => project.article(id).map(|a| group_of(a)),
                Other::InImport(at) => import.articles.get(*at).map(|a| group_of(a)),
            };
            let Some(group) = group else { continue };
            if let Some(article) = import.articles.get_mut(article) {
                let article = Arc::make_mut(article);
                article.metadata.insert(GROUP.to_owned(), group.clone());
            }
            match other {
                Other::InProject(id) => {
                    details.extend(project.article(&id).map(|a| grouped_edit(a, &group)));
                }
                Other::InImport(at) => {
                    if let Some(article) = import.articles.get_mut(at) {
                        Arc::make_mut(article)
                            .metadata
                            .insert(GROUP.to_owned(), group);
                    }
                }
            }
        }
        let mut n = 0;
        import.articles.retain(|_| {
            n += 1;
            !left_out.contains(&(n - 1))
        });
        let plain = import.articles.len();
        let mut edits = import_edits(
            project,
            import,
            Signed {
                by,
                when: Some(now),
            },
        );
        let entered: usize = edits.iter().map(|edit| edit.new_articles().len()).sum();
        let there = (plain + in_datasets).saturating_sub(entered);
        edits.extend(details);
        let remarks = version_edits(project, versions, by, now, &mut edits);
        let count = |of: &dyn Fn(&Edit) -> usize| edits.iter().map(of).sum::<usize>();
        let added = count(&|edit| edit.new_articles().len());
        let given = count(&|edit| edit.annotations().len());
        report.summary = told.summary(added, there, given);
        let summary = report.summary.clone();
        report
            .files
            .extend(remarks.iter().map(|line| (String::new(), line.clone())));
        if !edits.is_empty() {
            let at = project.imports().len();
            edits.push(Edit::AddImports(vec![(at, Arc::new(report))]));
        }
        Decided {
            edits,
            remarks,
            summary,
            added,
        }
    }
}

/// The metadata field that names the version which an article replaced.
pub const REPLACES: &str = "replaces";

fn is_same_outlet(article: &Article, other: Option<&Arc<Article>>) -> bool {
    let theirs = other.and_then(|other| other.meta("outlet"));
    match (article.meta("outlet"), theirs) {
        (Some(ours), Some(theirs)) => ours.eq_ignore_ascii_case(theirs),
        _ => true,
    }
}

/// By the date of change where both have it, of publication otherwise.
fn is_older(article: &Article, other: &Article) -> bool {
    ["modified", "published"]
        .iter()
        .find_map(|key| Some((article.meta(key)?, other.meta(key)?)))
        .is_some_and(|(ours, theirs)| ours < theirs)
}

/// Puts new versions in the place of old ones, annotations, sets and examples and all.
fn version_edits(
    project: &Project,
    versions: Vec<(ArticleId, Arc<Article>)>,
    by: &AnnotatorId,
    now: Timestamp,
    edits: &mut Vec<Edit>,
) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut aside: Vec<(usize, SetAside)> = Vec::new();
    let mut pairs: Vec<(usize, &Arc<Article>, Arc<Article>)> = versions
        .into_iter()
        .filter_map(|(id, new)| Some((project.article_index(&id)?, project.article(&id)?, new)))
        .collect();
    pairs.sort_by_key(|(at, ..)| *at);
    let mut ids = FreshIds::default();
    for (_, article) in edits.iter().flat_map(Edit::new_articles) {
        ids.see(article.id.as_str());
    }
    let mut trashed = Vec::new();
    let mut added = Vec::new();
    let mut successors = Vec::new();
    let trash_len = project.trash().len();
    for (n, (at, old, new)) in pairs.into_iter().enumerate() {
        let (mut version, carried) = next_version(old, &new);
        let is_taken = |id: &str| project.article(&ArticleId::new(id)).is_some();
        version.id = ArticleId::new(ids.take_unless(new.id.as_str(), is_taken));
        version
            .metadata
            .insert(REPLACES.to_owned(), old.id.to_string());
        remarks.push(format!(
            "“{}”: {} of {} annotations went over to the new version{}",
            version.display_title(),
            carried.placed.len(),
            old.annotations.len(),
            match (carried.lost.len(), carried.reworded) {
                (0, 0) => String::new(),
                (0, n) => format!(", {n} of them to other wording"),
                (lost, _) => format!("; {lost} could not follow and are in the review list"),
            }
        ));
        let placed = carried.placed.iter();
        successors.push(Successor {
            of: old.id.clone(),
            is: version.id.clone(),
            annotations: placed.map(|a| (a.id.clone(), a.id.clone())).collect(),
        });
        for lost in carried.lost {
            aside.push((
                project.set_aside().len() + aside.len(),
                SetAside::new(
                    version.id.as_str(),
                    format!("the article has a new version, and {}", lost.reason),
                    project_ron::lost_annotation_text(&lost.annotation, &lost.marked),
                ),
            ));
        }
        let at_end = trash_len + n;
        trashed.push(ToTrash::new(old.id.clone(), at_end, by.clone(), Some(now)));
        added.push((at, Arc::new(version)));
    }
    if !added.is_empty() {
        edits.push(Edit::TrashArticles(trashed));
        edits.push(Edit::AddArticles(added));
    }
    edits.extend(in_sets(project, &successors));
    edits.extend(in_rules(project, &successors));
    edits.extend(in_groups(project, &successors));
    // What is imported with them may have brought labels.
    match edits.iter_mut().rev().find_map(Edit::codebook_mut) {
        Some(codebook) => {
            in_examples(codebook, &successors);
        }
        None => {
            let mut codebook = project.codebook().clone();
            if in_examples(&mut codebook, &successors) {
                edits.push(Edit::SetCodebook(Box::new(codebook)));
            }
        }
    }
    if !aside.is_empty() {
        edits.push(Edit::AddToReview(aside));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::Annotation;
    use crate::core::codebook::ShownBy;
    use crate::core::edit::{Transaction, apply};
    use crate::core::ids::IdMint;
    use crate::core::recipes::sets;
    use crate::core::text::{ArticleText, BytePos, ByteRange};

    const OLD: &str = "The mayor said “we will pay”.\n\nNobody believed her.\n\nThe ferry stayed.";
    const NEW: &str = "An update.\n\nThe mayor said “we will pay”.\n\nThe ferry stayed.";

    fn article(id: &str, text: &str) -> Article {
        let text = ArticleText::new(text.to_owned());
        let mut article = Article::new(id.into(), "The mayor of the town", text);
        let url = "https://paper.example/mayor".to_owned();
        article.metadata.insert("url".to_owned(), url);
        article
    }

    fn at(text: &str, part: &str) -> ByteRange {
        let start = text.find(part).unwrap() as u32;
        ByteRange::new(BytePos(start), BytePos(start + part.len() as u32))
    }

    #[test]
    fn a_new_version_is_what_the_old_one_was() {
        let by = AnnotatorId::from("ana");
        let mut project = Project::new("p");
        let mark = |id: &str, part: &str| Edit::AddAnnotation {
            article: "old".into(),
            annotation: Box::new(Annotation::new(
                id.into(),
                by.clone(),
                "quote".into(),
                at(OLD, part),
            )),
        };
        let mut codebook = project.codebook().clone();
        let shown = |id: &str| ShownBy {
            article: "old".into(),
            annotation: id.into(),
            is_counter: false,
            unknown: Vec::new(),
        };
        codebook.labels[0].shown_by = vec![shown("m-1"), shown("m-2")];
        let signed = Signed {
            by: &by,
            when: None,
        };
        let chosen = sets::Chosen {
            members: vec!["other".into(), "old".into()],
            how: String::new(),
            seed: 0,
        };
        let (set, keep) = sets::keep(&project, "Pilot", chosen, signed, &IdMint::new("t"));
        let edits = vec![
            Edit::AddArticles(vec![
                (
                    0,
                    Arc::new(Article::new(
                        "other".into(),
                        "",
                        ArticleText::new("x".to_owned()),
                    )),
                ),
                (1, Arc::new(article("old", OLD))),
            ]),
            mark("m-1", "we will pay"),
            mark("m-2", "Nobody believed"),
            Edit::SetNothing {
                article: "old".into(),
                annotator: by.clone(),
                nothing: vec![at(OLD, "The ferry stayed.")],
            },
            Edit::SetCodebook(Box::new(codebook)),
            keep,
        ];
        apply(&mut project, &Transaction::new("begin", edits)).unwrap();
        let before = project.clone();
        let import = Import {
            articles: vec![Arc::new(article("new", NEW))],
            ..Import::default()
        };
        let proposal = Proposal::of(&project, import, &mut || true);
        assert_eq!(proposal.twins[0].choice, TwinChoice::NewVersion);
        let decided = proposal.edits(&project, &by, Timestamp::new(7));
        let step = Transaction::new("import", decided.edits);
        let undo = apply(&mut project, &step).unwrap();
        let new = project.article(&"new".into()).unwrap();
        assert_eq!(new.nothing_for(&by), [at(NEW, "The ferry stayed.")]);
        let members = &project.set(&set).unwrap().members;
        assert_eq!(*members, ["other".into(), "new".into()]);
        // The one that could not follow is with the old version in the trash.
        let shown = &project.codebook().labels[0].shown_by;
        let shown: Vec<&str> = shown.iter().map(|shown| shown.article.as_str()).collect();
        assert_eq!(shown, ["new", "old"]);
        apply(&mut project, &undo).unwrap();
        assert_eq!(project, before);
    }
}
