//! Links between annotations of one article, by the roles of the codebook.

use super::Signed;
use super::mark::change;
use crate::core::annotation::{Annotation, Link};
use crate::core::article::Article;
use crate::core::codebook::{Codebook, LinkRole};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, LabelId};
use crate::core::project::Project;
use std::collections::{HashMap, HashSet};

/// How many links of a label's annotations are of no role of it, or lead to what it does not accept.
pub fn not_accepted(project: &Project, id: &LabelId) -> usize {
    let codebook = project.codebook();
    let Some(label) = codebook.label(id.as_str()) else {
        return 0;
    };
    let in_article = |article: &Article| {
        let meant = article.annotations.iter().filter(|a| a.label == *id);
        let links = meant.flat_map(|annotation| annotation.links.iter());
        let is_accepted = |link: &Link| {
            let target = article.annotations.get(link.target.as_str());
            label.link_role(&link.role).is_some_and(|role| {
                target.is_none_or(|target| role.accepts(codebook, &target.label))
            })
        };
        links.filter(|link| !is_accepted(link)).count()
    };
    let articles = project.articles().iter();
    let with_some = articles.filter(|article| article.annotations.count_of(id) > 0);
    with_some.map(|article| in_article(article)).sum()
}

/// Why two annotations are not linked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefusal {
    #[error("the annotation is not in this article (any more)")]
    NoAnnotation,
    #[error("an annotation has no link to itself")]
    Itself,
    #[error("the label “{label}” has no role “{role}”")]
    NoRole { label: String, role: String },
    #[error("“{role}” leads to {accepted}, and this is {label}")]
    NotAccepted {
        role: String,
        label: String,
        accepted: String,
    },
    #[error("{from} and {to} are linked by no role: {roles}")]
    NoneFits {
        from: String,
        to: String,
        roles: String,
    },
    #[error("they are linked so already")]
    There,
}

/// A link that could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub from: AnnotationId,
    pub role: String,
    pub to: AnnotationId,
}

/// The labels that one with a label may be linked with, in either direction: by one of its own
/// roles, or by any role. In the order of the codebook, and in time that grows with it.
pub fn linked_labels<'a>(
    codebook: &'a Codebook,
    label: &LabelId,
    role: Option<&str>,
) -> impl Iterator<Item = &'a LabelId> {
    let own = codebook.label(label.as_str());
    let own = own.map_or(&[][..], |label| label.link_roles.as_slice());
    let meant = own
        .iter()
        .filter(|own| role.is_none_or(|role| own.name == role));
    let meant: Vec<&LinkRole> = meant.collect();
    let leads_anywhere = meant.iter().any(|role| role.targets().next().is_none());
    let targets: HashSet<&LabelId> = meant.iter().flat_map(|role| role.targets()).collect();
    let mut is_linked = vec![leads_anywhere; codebook.labels.len()];
    if !leads_anywhere && !targets.is_empty() {
        let mut inside: Option<usize> = None;
        for placed in codebook.in_order() {
            let other = codebook.labels.get(placed.at);
            inside = inside.filter(|depth| placed.depth > *depth);
            if inside.is_none() && other.is_some_and(|other| targets.contains(&other.id)) {
                inside = Some(placed.depth);
            }
            if let Some(is_linked) = is_linked.get_mut(placed.at) {
                *is_linked = inside.is_some();
            }
        }
    }
    if role.is_none() {
        let kind_of = with_above(codebook, label);
        for (other, is_linked) in codebook.labels.iter().zip(&mut is_linked) {
            *is_linked |= other.link_roles.iter().any(|role| leads_to(role, &kind_of));
        }
    }
    let all = codebook.labels.iter().zip(is_linked);
    all.filter(|(_, is_linked)| *is_linked)
        .map(|(other, _)| &other.id)
}

/// A label and all that it is a kind of.
fn with_above<'a>(codebook: &'a Codebook, label: &'a LabelId) -> HashSet<&'a LabelId> {
    let parents = codebook.labels.iter();
    let parents = parents.filter_map(|label| Some((&label.id, label.parent.as_ref()?)));
    let parents: HashMap<&LabelId, &LabelId> = parents.collect();
    let mut found = HashSet::from([label]);
    let mut at = label;
    while let Some(&above) = parents.get(at) {
        if !found.insert(above) {
            break;
        }
        at = above;
    }
    found
}

fn leads_to(role: &LinkRole, kind_of: &HashSet<&LabelId>) -> bool {
    role.targets().next().is_none() || role.targets().any(|target| kind_of.contains(target))
}

/// Whether the codebook has a role by which something of this label leads, or is led to.
pub fn is_linked(codebook: &Codebook, label: &LabelId) -> bool {
    let own = codebook.label(label.as_str());
    let kind_of = with_above(codebook, label);
    let mut roles = codebook.labels.iter().flat_map(|other| &other.link_roles);
    own.is_some_and(|label| !label.link_roles.is_empty())
        || roles.any(|role| leads_to(role, &kind_of))
}

/// The links that two annotations may have and have not: those that lead from the one that was begun
/// at, or else those that lead to it, since a role has one direction wherever the hand began.
pub fn ways(
    codebook: &Codebook,
    article: &Article,
    begun_at: &AnnotationId,
    other: &AnnotationId,
    role: Option<&str>,
) -> Result<Vec<Way>, LinkRefusal> {
    if begun_at == other {
        return Err(LinkRefusal::Itself);
    }
    let found = |id: &AnnotationId| article.annotations.get(id.as_str());
    let (Some(from), Some(to)) = (found(begun_at), found(other)) else {
        return Err(LinkRefusal::NoAnnotation);
    };
    let between = |from: &Annotation, to: &Annotation| -> Vec<Way> {
        let roles = roles_between(codebook, &from.label, &to.label);
        let roles = roles.filter(|r| role.is_none_or(|role| r.name == role));
        let way = |role: &LinkRole| Way {
            from: from.id.clone(),
            role: role.name.clone(),
            to: to.id.clone(),
        };
        roles.map(way).collect()
    };
    let mut all = between(from, to);
    if all.is_empty() && role.is_none() {
        all = between(to, from);
    }
    if all.is_empty() {
        return Err(none_fits(codebook, from, to, role));
    }
    let is_there = |way: &Way| {
        let links = found(&way.from).map(|from| from.links.as_slice());
        let mut links = links.unwrap_or_default().iter();
        links.any(|link| link.role == way.role && link.target == way.to)
    };
    all.retain(|way| !is_there(way));
    if all.is_empty() {
        return Err(LinkRefusal::There);
    }
    Ok(all)
}

fn none_fits(
    codebook: &Codebook,
    from: &Annotation,
    to: &Annotation,
    role: Option<&str>,
) -> LinkRefusal {
    let name = |label: &LabelId| codebook.name_of(label).to_owned();
    let roles_of = |annotation: &Annotation| {
        let label = codebook.label(annotation.label.as_str());
        label.map_or(&[][..], |label| label.link_roles.as_slice())
    };
    let own = roles_of(from).iter();
    let own: Vec<&LinkRole> = own
        .filter(|r| role.is_none_or(|role| r.name == role))
        .collect();
    match (own.as_slice(), role) {
        ([only], _) => LinkRefusal::NotAccepted {
            role: only.name.clone(),
            label: name(&to.label),
            accepted: accepted(codebook, only),
        },
        ([], Some(role)) => LinkRefusal::NoRole {
            label: name(&from.label),
            role: role.to_owned(),
        },
        _ => {
            let all = own.into_iter().chain(roles_of(to));
            let all =
                all.map(|role| format!("“{}” leads to {}", role.name, accepted(codebook, role)));
            let all: Vec<String> = all.collect();
            let roles = match all.as_slice() {
                [] => "the codebook gives neither a role".to_owned(),
                _ => all.join(", "),
            };
            LinkRefusal::NoneFits {
                from: name(&from.label),
                to: name(&to.label),
                roles,
            }
        }
    }
}

/// The labels that a role leads to, in words.
pub fn accepted(codebook: &Codebook, role: &LinkRole) -> String {
    let names: Vec<&str> = role.targets().map(|id| codebook.name_of(id)).collect();
    match names.as_slice() {
        [] => "any label".to_owned(),
        _ => names.join(" or "),
    }
}

/// The roles by which an annotation with one label may lead to one with another.
pub fn roles_between<'a>(
    codebook: &'a Codebook,
    from: &LabelId,
    to: &'a LabelId,
) -> impl Iterator<Item = &'a LinkRole> {
    let label = codebook.label(from.as_str());
    let roles = label.into_iter().flat_map(|label| &label.link_roles);
    roles.filter(move |role| role.accepts(codebook, to))
}

/// Links one annotation to another.
pub fn link(
    codebook: &Codebook,
    article: &Article,
    from: &AnnotationId,
    role: &str,
    to: &AnnotationId,
    signed: Signed<'_>,
) -> Result<Edit, LinkRefusal> {
    let found = |id: &AnnotationId| article.annotations.get(id.as_str());
    let (Some(source), Some(target)) = (found(from), found(to)) else {
        return Err(LinkRefusal::NoAnnotation);
    };
    if from == to {
        return Err(LinkRefusal::Itself);
    }
    let name = |label: &LabelId| codebook.name_of(label).to_owned();
    let label = codebook.label(source.label.as_str());
    let Some(found) = label.and_then(|label| label.link_role(role)) else {
        return Err(LinkRefusal::NoRole {
            label: name(&source.label),
            role: role.to_owned(),
        });
    };
    if !found.accepts(codebook, &target.label) {
        return Err(LinkRefusal::NotAccepted {
            role: role.to_owned(),
            label: name(&target.label),
            accepted: accepted(codebook, found),
        });
    }
    if source
        .links
        .iter()
        .any(|l| l.role == role && l.target == *to)
    {
        return Err(LinkRefusal::There);
    }
    let add = |annotation: &mut Annotation| annotation.links.push(Link::new(role, to.clone()));
    change(article, from, signed, add).ok_or(LinkRefusal::There)
}

/// Takes a link away; nothing when there is none.
pub fn unlink(
    article: &Article,
    from: &AnnotationId,
    role: &str,
    to: &AnnotationId,
    signed: Signed<'_>,
) -> Option<Edit> {
    change(article, from, signed, |annotation| {
        annotation
            .links
            .retain(|link| link.role != role || link.target != *to);
    })
}

/// The annotations that lead to one, each with the role, in text order.
pub fn leading_to<'a>(
    article: &'a Article,
    id: &'a AnnotationId,
) -> impl Iterator<Item = (&'a AnnotationId, &'a str)> {
    article
        .annotations
        .with_links()
        .flat_map(move |annotation| {
            let links = annotation
                .links
                .iter()
                .filter(move |link| link.target == *id);
            links.map(move |link| (&annotation.id, link.role.as_str()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::annotation::Annotation;
    use crate::core::codebook::Label;
    use crate::core::ids::AnnotatorId;
    use crate::core::recipes::tests::{make, project, range, signed};

    #[test]
    fn annotations_are_linked_as_the_codebook_lets_them() {
        let (mut project, me) = (project(), AnnotatorId::from("ana"));
        let mut codebook = project.codebook().clone();
        let mut spokesman = Label::new("spokesman", "Spokesman", 0);
        spokesman.parent = Some("source".into());
        codebook.labels.push(spokesman);
        let mark = |id: &str, label: &str, at: u32| Edit::AddAnnotation {
            article: "b".into(),
            annotation: Box::new(Annotation::new(
                id.into(),
                me.clone(),
                label.into(),
                range(at, at + 3),
            )),
        };
        let edits = vec![
            Edit::SetCodebook(Box::new(codebook)),
            mark("q", "quote", 0),
            mark("s", "source", 4),
            mark("u", "cue", 8),
            mark("m", "spokesman", 11),
        ];
        make(&mut project, edits);
        let refusal = |from: &str, role: &str, to: &str| {
            let article = project.article(&"b".into()).unwrap();
            let linked = link(
                project.codebook(),
                article,
                &from.into(),
                role,
                &to.into(),
                signed(&me),
            );
            linked
                .err()
                .map(|refusal| refusal.to_string())
                .unwrap_or_default()
        };
        assert_eq!(refusal("q", "source", "s"), "");
        // A kind of a source is one.
        assert_eq!(refusal("q", "source", "m"), "");
        assert_eq!(
            refusal("q", "source", "u"),
            "“source” leads to Source, and this is Cue"
        );
        assert_eq!(
            refusal("q", "target", "s"),
            "the label “Quote” has no role “target”"
        );
        assert_eq!(
            refusal("s", "source", "q"),
            "the label “Source” has no role “source”"
        );
        assert_eq!(
            refusal("q", "source", "q"),
            "an annotation has no link to itself"
        );
        assert_eq!(
            refusal("q", "source", "gone"),
            "the annotation is not in this article (any more)"
        );
        let roles = |to: &str| {
            let (from, to) = ("quote".into(), to.into());
            let roles = roles_between(project.codebook(), &from, &to);
            roles.map(|role| role.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(roles("source"), ["source"]);
        assert_eq!(roles("quote"), [""; 0]);
        let article = project.article(&"b".into()).unwrap();
        let (from, to) = ("q".into(), "s".into());
        let edit = link(
            project.codebook(),
            article,
            &from,
            "source",
            &to,
            signed(&me),
        )
        .unwrap();
        let before = project.clone();
        make(&mut project, vec![edit]);
        let article = project.article(&"b".into()).unwrap();
        let again = link(
            project.codebook(),
            article,
            &from,
            "source",
            &to,
            signed(&me),
        );
        assert_eq!(again, Err(LinkRefusal::There));
        let leading: Vec<_> = leading_to(article, &to).collect();
        assert_eq!(leading, [(&from, "source")]);
        let edit = unlink(article, &from, "source", &to, signed(&me)).unwrap();
        assert_eq!(unlink(article, &to, "source", &from, signed(&me)), None);
        make(&mut project, vec![edit]);
        let links = |project: &Project| {
            let article = project.article(&"b".into()).unwrap();
            article.annotations.get("q").unwrap().links.clone()
        };
        assert_eq!(links(&project), links(&before));
    }

    /// Wherever the hand began, a link has the direction of its role.
    #[test]
    fn ways_are_those_that_the_codebook_has() {
        let (mut project, me) = (project(), AnnotatorId::from("ana"));
        let mut codebook = project.codebook().clone();
        let claim = codebook
            .labels
            .iter_mut()
            .find(|l| l.id.as_str() == "claim");
        claim.unwrap().link_roles = vec![
            LinkRole {
                target: None,
                ..LinkRole::to_label("supports")
            },
            LinkRole {
                target: Some("claim".into()),
                or: vec!["quote".into()],
                ..LinkRole::to_label("attacks")
            },
        ];
        let mut edits = vec![Edit::SetCodebook(Box::new(codebook))];
        for (id, label, at) in [
            ("q", "quote", 0),
            ("s", "source", 4),
            ("c", "claim", 8),
            ("d", "claim", 11),
            ("p", "promo", 2),
        ] {
            let annotation =
                Annotation::new(id.into(), me.clone(), label.into(), range(at, at + 2));
            edits.push(Edit::AddAnnotation {
                article: "b".into(),
                annotation: Box::new(annotation),
            });
        }
        make(&mut project, edits);
        let between = |project: &Project, from: &str, to: &str, role| {
            let article = project.article(&"b".into()).unwrap();
            let ways = ways(project.codebook(), article, &from.into(), &to.into(), role);
            match ways {
                Ok(ways) => ways
                    .iter()
                    .map(|way| format!("{} {} {}", way.from, way.role, way.to))
                    .collect::<Vec<_>>()
                    .join(", "),
                Err(refusal) => refusal.to_string(),
            }
        };
        let neither = "Source and Promotional content are linked by no role: the codebook gives neither a role";
        let cases: &[(&str, &str, Option<&str>, &str)] = &[
            ("q", "s", None, "q source s"),
            ("s", "q", None, "q source s"),
            ("c", "d", None, "c supports d, c attacks d"),
            ("c", "d", Some("attacks"), "c attacks d"),
            (
                "c",
                "s",
                Some("attacks"),
                "“attacks” leads to Claim or Quote, and this is Source",
            ),
            (
                "s",
                "q",
                Some("source"),
                "the label “Source” has no role “source”",
            ),
            ("s", "p", None, neither),
            (
                "q",
                "p",
                None,
                "Quote and Promotional content are linked by no role: “source” leads to Source, “cue” leads to Cue",
            ),
            ("c", "p", None, "c supports p"),
            ("c", "c", None, "an annotation has no link to itself"),
            (
                "c",
                "x",
                None,
                "the annotation is not in this article (any more)",
            ),
        ];
        for (from, to, role, expected) in cases {
            assert_eq!(between(&project, from, to, *role), *expected, "{from} {to}");
        }
        let linked = |label: &str, role| {
            let label = label.into();
            let all = linked_labels(project.codebook(), &label, role);
            all.map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(linked("source", None), ["quote", "claim"]);
        assert_eq!(linked("quote", None), ["claim", "source", "cue"]);
        assert_eq!(linked("quote", Some("cue")), ["cue"]);
        assert_eq!(linked("promo", None), ["claim"]);
        assert!(is_linked(project.codebook(), &"promo".into()));
        assert!(!is_linked(&Codebook::default(), &"promo".into()));
        let article = project.article(&"b".into()).unwrap();
        let (from, to) = ("c".into(), "d".into());
        let codebook = project.codebook();
        let edit = link(codebook, article, &from, "supports", &to, signed(&me)).unwrap();
        make(&mut project, vec![edit]);
        assert_eq!(between(&project, "c", "d", None), "c attacks d");
        let there = "they are linked so already";
        assert_eq!(between(&project, "c", "d", Some("supports")), there);
    }

    /// What can be linked is what the roles accept one by one, and thousands of labels take no time.
    #[test]
    fn thousands_of_labels_are_looked_through_at_once() {
        let chain = |n: usize| {
            let label = |at: usize| Label {
                parent: (!at.is_multiple_of(100)).then(|| format!("l{}", at - 1).as_str().into()),
                link_roles: vec![LinkRole {
                    target: Some(format!("l{}", at * 7 % n).as_str().into()),
                    or: vec!["gone".into()],
                    ..LinkRole::to_label("to")
                }],
                ..Label::new(&format!("l{at}"), "Label", 0)
            };
            Codebook::of((0..n).map(label).collect())
        };
        let few = chain(300);
        for label in ["l0", "l50", "l299", "unknown"] {
            let label = LabelId::from(label);
            let by_roles = |other: &&Label| {
                let there = few.label(label.as_str());
                let mut there = there.into_iter().flat_map(|label| &label.link_roles);
                let mut here = other.link_roles.iter();
                there.any(|role| role.accepts(&few, &other.id))
                    || here.any(|role| role.accepts(&few, &label))
            };
            let expected: Vec<&LabelId> =
                few.labels.iter().filter(by_roles).map(|l| &l.id).collect();
            let found: Vec<&LabelId> = linked_labels(&few, &label, None).collect();
            assert_eq!(found, expected, "{label}");
            assert_eq!(is_linked(&few, &label), !expected.is_empty());
        }
        let many = chain(20_000);
        let begun = std::time::Instant::now();
        let label = LabelId::from("l19999");
        assert!(is_linked(&many, &label));
        assert!(linked_labels(&many, &label, None).count() > 1);
        // Each label by each takes many times as long.
        assert!(begun.elapsed().as_millis() < 1_500, "{:?}", begun.elapsed());
    }
}
