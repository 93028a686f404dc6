//! Articles that say the same: kept, dropped or grouped.

use super::successor::{Successor, in_examples, in_groups, in_rules, in_sets};
use super::{Signed, trash};
use crate::core::annotation::AnnotationSet;
use crate::core::article::Article;
use crate::core::carry::{carry, missing_in};
use crate::core::edit::{ArticleDetails, Edit};
use crate::core::ids::{AnnotationId, ArticleId, IdMint};
use crate::core::project::Project;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The metadata field that articles of one group share.
pub const GROUP: &str = "group";

/// The group of an article, or one made from its id.
pub fn group_of(article: &Article) -> String {
    article
        .meta(GROUP)
        .map_or_else(|| article.id.to_string(), str::to_owned)
}

/// Puts an article into a group.
pub fn grouped_edit(article: &Article, group: &str) -> Edit {
    let mut metadata = article.metadata.clone();
    metadata.insert(GROUP.to_owned(), group.to_owned());
    Edit::SetDetails {
        article: article.id.clone(),
        details: ArticleDetails {
            title: article.title.clone(),
            metadata,
            notes: article.notes.clone(),
        },
    }
}

/// Puts articles into one group, with all that are in a group with one of them: no link is lost. The
/// group, and what it takes.
pub fn linked<'a>(
    project: &Project,
    articles: impl Iterator<Item = &'a Arc<Article>>,
) -> Option<(String, Vec<Edit>)> {
    let articles: Vec<&Arc<Article>> = articles.collect();
    let known = |article: &Article| {
        article
            .meta(GROUP)
            .filter(|group| !group.is_empty())
            .map(str::to_owned)
    };
    let groups: HashSet<String> = articles
        .iter()
        .filter_map(|article| known(article))
        .collect();
    let named = articles.iter().find_map(|article| known(article));
    let group = named.unwrap_or(articles.first()?.id.to_string());
    let ids: HashSet<&ArticleId> = articles.iter().map(|article| &article.id).collect();
    let meant = project.articles().iter().filter(|article| {
        let is_among = || known(article).is_some_and(|group| groups.contains(&group));
        (ids.contains(&article.id) || is_among()) && known(article).as_ref() != Some(&group)
    });
    let edits = meant.map(|article| grouped_edit(article, &group)).collect();
    Some((group, edits))
}

/// What keeping one of several copies takes.
#[derive(Debug)]
pub struct KeptCopy {
    pub edits: Vec<Edit>,
    /// How many copies go to the trash.
    pub copies: usize,
    /// How many of their annotations go over, and how many have no place there.
    pub carried: usize,
    pub lost: usize,
}

/// Moves all but one to the trash, and puts it into their sets; `carries` takes their annotations over
/// to it first.
pub fn keep_copy(
    project: &Project,
    keep: &ArticleId,
    others: &[ArticleId],
    carries: bool,
    signed: Signed<'_>,
    mint: &mut IdMint,
) -> Option<KeptCopy> {
    let mut growing = Article::clone(project.article(keep)?);
    let mut edits = Vec::new();
    let (mut carried, mut lost) = (0, 0);
    let others = others.iter().filter(|id| *id != keep);
    let others: Vec<_> = others.filter_map(|id| project.article(id)).collect();
    let mut successors = Vec::new();
    for from in &others {
        successors.push(Successor {
            of: from.id.clone(),
            is: keep.clone(),
            annotations: HashMap::new(),
        });
    }
    for from in others.iter().filter(|_| carries) {
        let found = carry(from, &growing.text);
        lost += found.lost.len();
        let mut new = missing_in(&growing, found.placed);
        let mut renamed: HashMap<AnnotationId, AnnotationId> = HashMap::new();
        for annotation in &mut new {
            let fresh = mint.mint();
            renamed.insert(std::mem::replace(&mut annotation.id, fresh.clone()), fresh);
        }
        for annotation in &mut new {
            let links = &mut annotation.links;
            links.retain_mut(|link| match renamed.get(&link.target) {
                Some(fresh) => {
                    link.target = fresh.clone();
                    true
                }
                None => false,
            });
        }
        let successor = successors.iter_mut().find(|one| one.of == from.id);
        if let Some(successor) = successor {
            successor.annotations = renamed;
        }
        carried += new.len();
        let all = growing.annotations.iter().map(|a| a.as_ref().clone());
        let all: Vec<_> = all.chain(new.iter().cloned()).collect();
        growing.annotations = AnnotationSet::from_annotations(all).0;
        edits.extend(new.into_iter().map(|annotation| Edit::AddAnnotation {
            article: keep.clone(),
            annotation: Box::new(annotation),
        }));
    }
    let others: Vec<ArticleId> = others.iter().map(|article| article.id.clone()).collect();
    edits.push(trash::trash_articles(project, &others, signed));
    edits.extend(in_sets(project, &successors));
    edits.extend(in_rules(project, &successors));
    edits.extend(in_groups(project, &successors));
    let mut codebook = project.codebook().clone();
    if in_examples(&mut codebook, &successors) {
        edits.push(Edit::SetCodebook(Box::new(codebook)));
    }
    Some(KeptCopy {
        edits,
        copies: others.len(),
        carried,
        lost,
    })
}
