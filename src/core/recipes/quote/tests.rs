//! What is offered of a quote, and what accepting it makes.

use super::*;
use crate::core::edit::Edit;
use crate::core::ids::{AnnotatorId, IdMint, PersonId};
use crate::core::project::Person;
use crate::core::recipes::tests::{make, project, signed};
use crate::core::recipes::{mark, people};
use crate::core::text::{ArticleText, BytePos};
use std::sync::Arc;

/// A project with an article of this text, in which a quote is where `[[…]]` stands.
fn quoted(marked: &str) -> Project {
    let mut project = project();
    let text = ArticleText::new(marked.replace("[[", "").replace("]]", ""));
    let mut fragments = Vec::new();
    let mut end = 0;
    for (n, piece) in marked.split("[[").enumerate() {
        let (words, after) = piece.split_once("]]").unwrap_or(("", piece));
        if n > 0 {
            let start = BytePos(end);
            fragments.push(ByteRange::new(start, BytePos(end + words.len() as u32)));
        }
        end += (words.len() + after.len()) as u32;
    }
    let article = Article::new("text".into(), "Text", text);
    let mut quote = Annotation::new("q".into(), "ana".into(), "quote".into(), fragments[0]);
    quote.fragments = fragments.into();
    let edits = vec![
        Edit::AddArticles(vec![(0, Arc::new(article))]),
        Edit::AddAnnotation {
            article: "text".into(),
            annotation: Box::new(quote),
        },
    ];
    make(&mut project, edits);
    project
}

fn offered(project: &Project) -> Option<Offer> {
    let article = project.article(&"text".into()).unwrap();
    let quote = article.annotations.get("q").unwrap();
    offer(project, article, quote, None)
}

fn first(offer: &Offer) -> Accepted {
    let speaker = offer.speakers.first();
    Accepted {
        cue: offer.cues.first().map(|cue| cue.range),
        source: speaker.map(|speaker| speaker.range),
        who: speaker.and_then(|speaker| speaker.who.clone()),
        kind: Some(offer.kind),
    }
}

fn take(project: &mut Project, accepted: &Accepted) {
    let me = AnnotatorId::from("ana");
    let mut mint = IdMint::new("n");
    let article = project.article(&"text".into()).unwrap();
    let edits = accept(
        project,
        article,
        &"q".into(),
        accepted,
        signed(&me),
        &mut mint,
    );
    make(project, edits.unwrap());
}

/// What the quote of the article has, in words: links, then attributes.
fn told(project: &Project) -> String {
    let article = project.article(&"text".into()).unwrap();
    let quote = article.annotations.get("q").unwrap();
    let links = quote.links.iter().map(|link| {
        let target = article.annotations.get(link.target.as_str()).unwrap();
        format!("{} {}", link.role, article.text.slice(target.extent()))
    });
    let attributes = quote.attributes.iter();
    let attributes =
        attributes.map(|(name, value)| format!("{name} {}", project.value_text(value)));
    links.chain(attributes).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_proposal_is_accepted_in_one_step() {
    for (marked, expected) in [
        (
            "[[“We pay,”]] said Foreign Minister Sergei Lavrov.",
            "source Foreign Minister Sergei Lavrov, cue said, kind direct, speaker Sergei Lavrov",
        ),
        (
            "Russian minister Sergei Lavrov came. Lavrov told them [[he would pay]].",
            "source Lavrov, cue told, kind indirect, speaker Sergei Lavrov",
        ),
        (
            "Serbian President Aleksandar Vucic spoke. He said [[they had talked]].",
            "source He, cue said, kind indirect, speaker Aleksandar Vucic",
        ),
        (
            "Officials said [[they had talked]].",
            "source Officials, cue said, kind indirect, speaker officials",
        ),
        (
            "[[They had talked]], according to the Labor Department.",
            "source the Labor Department, cue according to, kind indirect, speaker Labor Department",
        ),
        (
            "[[“They,”]] said Ann Hill, 63, a nurse, [[“had talked.”]]",
            "source Ann Hill, 63, a nurse, cue said, kind direct, speaker Ann Hill",
        ),
    ] {
        let mut project = quoted(marked);
        let offer = offered(&project).unwrap();
        take(&mut project, &first(&offer));
        assert_eq!(told(&project), expected, "{marked}");
        // Nothing is left to propose.
        assert_eq!(offered(&project), None, "{marked}");
    }
}

/// What is there already is linked, whose names are known enters the ledger once, and only what is
/// lacking is offered.
#[test]
fn what_is_there_is_used() {
    let mut project = quoted("[[“We pay,”]] said Sergei Lavrov. Lavrov left.");
    let me = AnnotatorId::from("ana");
    let at = project
        .article(&"text".into())
        .unwrap()
        .text
        .as_str()
        .find("Sergei")
        .unwrap();
    let range = ByteRange::new(BytePos(at as u32), BytePos(at as u32 + 13));
    let mut lavrov = Person::named("Sergey Viktorovich Lavrov", |_| false);
    lavrov.aliases.push("Sergei Lavrov".to_owned());
    let edits = vec![
        Edit::AddAnnotation {
            article: "text".into(),
            annotation: Box::new(Annotation::new("s".into(), me, "source".into(), range)),
        },
        Edit::AddPeople(vec![(0, lavrov)]),
    ];
    make(&mut project, edits);
    let offer = offered(&project).unwrap();
    let who = offer.speakers[0].who.clone().unwrap();
    assert_eq!(who.name, "Sergey Viktorovich Lavrov");
    assert!(who.known.is_some());
    take(&mut project, &first(&offer));
    let article = project.article(&"text".into()).unwrap();
    assert_eq!(article.annotations.len(), 3);
    assert_eq!(project.people().len(), 1);
    let quote = article.annotations.get("q").unwrap();
    assert!(quote.links.iter().any(|link| link.target.as_str() == "s"));
}

/// Who was nothing but a description is named nowhere any more once that means somebody.
#[test]
fn tying_tells_whom_it_empties() {
    let check = |change: &dyn Fn(&mut Project), expected: &[&str]| {
        let mut project = quoted("[[They had talked]], said a close aide. A close aide left.");
        let offer = offered(&project).unwrap();
        take(&mut project, &first(&offer));
        assert_eq!(project.people().len(), 1, "{}", told(&project));
        change(&mut project);
        let found = emptied_by_tying(&project, &"text".into(), "A  close aide");
        let found: Vec<&str> = found.iter().map(PersonId::as_str).collect();
        assert_eq!(found, expected);
    };
    check(&|_| (), &["close-aide"]);
    check(
        &|project| {
            let edits = people::change(project, &"close-aide".into(), |person| {
                person.note = "Met in May".to_owned();
            });
            make(project, edits);
        },
        &[],
    );
    check(
        &|project| {
            let mut claim =
                Annotation::new("c".into(), "ana".into(), "claim".into(), (0, 4).into());
            let who = AttributeValue::Person("close-aide".into());
            claim.attributes.insert("claimant", who);
            let edit = Edit::AddAnnotation {
                article: "text".into(),
                annotation: Box::new(claim),
            };
            make(project, vec![edit]);
        },
        &[],
    );
    // The same quote names them once more.
    check(
        &|project| {
            let article = project.article(&"text".into()).unwrap();
            let by = AnnotatorId::from("ana");
            let edit = mark::change(article, &"q".into(), signed(&by), |quote| {
                let who = AttributeValue::Person("close-aide".into());
                quote.attributes.insert("heard", who);
            });
            make(project, edit.into_iter().collect());
        },
        &[],
    );
}

#[test]
fn a_quote_in_a_quote_knows_its_depth() {
    let mut project = quoted("Hill said [[that Quill denied that they knew of it]].");
    let depth_of = |project: &Project, id: &str| {
        let article = project.article(&"text".into()).unwrap();
        let annotation = article.annotations.get(id).unwrap();
        depth(project.codebook(), article, annotation)
    };
    let mark = |id: &str, label: &str, from: u32, to: u32| Edit::AddAnnotation {
        article: "text".into(),
        annotation: Box::new(Annotation::new(
            id.into(),
            "ana".into(),
            label.into(),
            ByteRange::new(BytePos(from), BytePos(to)),
        )),
    };
    let edits = vec![
        mark("inner", "quote", 28, 48),
        mark("again", "quote", 33, 42),
        mark("same", "quote", 10, 48),
        mark("claim", "claim", 28, 48),
    ];
    make(&mut project, edits);
    for (id, expected) in [
        ("q", 0),
        ("same", 0),
        ("inner", 2),
        ("again", 3),
        ("claim", 0),
    ] {
        assert_eq!(depth_of(&project, id), expected, "{id}");
    }
}

/// What the codebook has no place for is not offered; other labels are no quotes.
#[test]
fn the_codebook_says_what_is_offered() {
    let project = quoted("[[“We pay,”]] said Sergei Lavrov.");
    let with = |change: &dyn Fn(&mut Codebook)| {
        let mut project = project.clone();
        let mut codebook = project.codebook().clone();
        change(&mut codebook);
        make(&mut project, vec![Edit::SetCodebook(Box::new(codebook))]);
        offered(&project).map(|offer| offer.lacks)
    };
    let all = Lacks {
        cue: true,
        source: true,
        speaker: true,
        kind: true,
    };
    assert_eq!(with(&|_| ()), Some(all));
    let no_attributes = with(&|codebook| codebook.labels[0].attributes.clear());
    let no_attributes = no_attributes.unwrap();
    assert!(!no_attributes.speaker && !no_attributes.kind && no_attributes.cue);
    let no_roles = with(&|codebook| codebook.labels[0].link_roles.clear()).unwrap();
    assert!(no_roles.speaker && !no_roles.cue && !no_roles.source);
    let nothing = with(&|codebook| codebook.labels[0].stands_for = Some(Thing::Nothing));
    assert_eq!(nothing, None);
    let other = with(&|codebook| {
        let [first, .., last] = codebook.labels.as_mut_slice() else {
            return;
        };
        first.stands_for = Some(Thing::Nothing);
        last.stands_for = Some(Thing::Quote);
    });
    assert_eq!(other, None);
}
