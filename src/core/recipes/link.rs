//! Links between annotations of one article, by the roles of the codebook.

use super::Signed;
use super::mark::change;
use crate::core::annotation::{Annotation, Link};
use crate::core::article::Article;
use crate::core::codebook::{Codebook, LinkRole};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, LabelId};

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
    #[error("they are linked so already")]
    There,
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
        let accepted: Vec<String> = found.targets().map(name).collect();
        return Err(LinkRefusal::NotAccepted {
            role: role.to_owned(),
            label: name(&target.label),
            accepted: accepted.join(" or "),
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
    article.annotations.iter().flat_map(move |annotation| {
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
        let links = |project: &crate::core::project::Project| {
            let article = project.article(&"b".into()).unwrap();
            article.annotations.get("q").unwrap().links.clone()
        };
        assert_eq!(links(&project), links(&before));
    }
}
