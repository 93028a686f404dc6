//! The quote as one object: what it lacks of its parts, what can be proposed for them from the text and
//! the ledger, and the edits that accept a proposal as one step.
//!
//! Which labels are quotes, sources and cues, the codebook says; what it has no place for is not
//! proposed. Names stay as they stand: nobody is merged with somebody here.

use super::Signed;
use super::mark::{self, Extent, Marking};
use super::people;
use crate::core::annotation::{Annotation, AttributeValue, Link};
use crate::core::article::Article;
use crate::core::boundary::edged;
use crate::core::codebook::{AttributeKind, Codebook, EdgeRule, Edges, Label, Part, Thing};
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId, IdMint, PersonId};
use crate::core::project::{Person, PersonKind, Project};
use crate::core::quoted::plain;
use crate::core::quotes::{Candidate, Form, Kind, Proposal, Reason, propose};
use crate::core::shown::bare;
use crate::core::text::{ArticleText, BytePos, ByteRange};
use std::sync::Arc;

/// What a quote has no value for, though its codebook has a place for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lacks {
    pub cue: bool,
    pub source: bool,
    /// Someone of the ledger.
    pub speaker: bool,
    pub kind: bool,
}

impl Lacks {
    pub fn anything(self) -> bool {
        self.cue || self.source || self.speaker
    }
}

/// What can be proposed for a quote.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub lacks: Lacks,
    pub kind: Kind,
    pub cues: Vec<Candidate>,
    pub speakers: Vec<OfferedSpeaker>,
}

/// A speaker as the text has them, and who that is.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferedSpeaker {
    pub range: ByteRange,
    pub reason: Reason,
    pub form: Form,
    pub who: Option<Who>,
}

/// Someone of the ledger, or someone who would enter it.
#[derive(Clone, Debug, PartialEq)]
pub struct Who {
    pub known: Option<PersonId>,
    pub name: String,
    pub kind: PersonKind,
    /// The name stands elsewhere: the speaker is only “he” here.
    pub stands_elsewhere: bool,
}

/// What is accepted of an offer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accepted {
    pub cue: Option<ByteRange>,
    pub source: Option<ByteRange>,
    pub who: Option<Who>,
    pub kind: Option<Kind>,
}

/// What a quote lacks; none for what is no quote.
pub fn lacks(codebook: &Codebook, article: &Article, annotation: &Annotation) -> Option<Lacks> {
    if codebook.thing_of(&annotation.label) != Thing::Quote {
        return None;
    }
    let label = codebook.label(annotation.label.as_str())?;
    let is_linked = |thing: &Thing| {
        annotation.links.iter().any(|link| {
            let target = article.annotations.get(link.target.as_str());
            target.is_some_and(|target| codebook.thing_of(&target.label) == *thing)
        })
    };
    let can_link = |thing: &Thing| {
        codebook.role_to(label, thing).is_some() && codebook.label_for(thing).is_some()
    };
    let has_none = |part: Part| {
        let spec = label.part(part);
        spec.is_some_and(|spec| annotation.attributes.get(&spec.name).is_none())
    };
    Some(Lacks {
        cue: can_link(&Thing::Cue) && !is_linked(&Thing::Cue),
        source: can_link(&Thing::Source) && !is_linked(&Thing::Source),
        speaker: has_none(Part::Speaker),
        kind: has_none(Part::Kind),
    })
}

/// What can be proposed for a quote that lacks something; with a cue, the speakers are those of that
/// one.
pub fn offer(
    project: &Project,
    article: &Article,
    annotation: &Annotation,
    cue: Option<ByteRange>,
) -> Option<Offer> {
    let codebook = project.codebook();
    let lacks = lacks(codebook, article, annotation).filter(|lacks| lacks.anything())?;
    // A cue that is linked says whose words they are.
    let linked = linked_range(codebook, article, annotation, &Thing::Cue);
    let proposal = propose(&article.text, &annotation.fragments, cue.or(linked));
    let Proposal {
        kind,
        cues,
        speakers,
    } = proposal;
    let own_source = linked_range(codebook, article, annotation, &Thing::Source);
    let speakers = speakers.into_iter().filter_map(|speaker| {
        if own_source.is_some_and(|own| !own.intersects(speaker.range)) {
            return None;
        }
        let words = article.text.slice(speaker.range);
        let who = match speaker.form {
            Form::Name => Some(named(
                project,
                article,
                bare_name(&article.text, speaker.range),
            )),
            Form::Pronoun | Form::Description | Form::Unnamed => {
                let tied = tied_to(project, article, words);
                let first = || {
                    let name = *speaker
                        .names
                        .first()
                        .filter(|_| speaker.form == Form::Pronoun)?;
                    Some(named(project, article, bare_name(&article.text, name)))
                };
                let found = tied.or_else(first).map(|who| Who {
                    stands_elsewhere: true,
                    ..who
                });
                found.or_else(|| described(project, words, speaker.form))
            }
            Form::Collective => described(project, words, speaker.form),
            Form::Speaker => tied_to(project, article, words),
        };
        Some(OfferedSpeaker {
            range: speaker.range,
            reason: speaker.reason,
            form: speaker.form,
            who,
        })
    });
    Some(Offer {
        lacks,
        kind,
        cues,
        speakers: speakers.collect(),
    })
}

/// In how many other quotes a quote stands: “A said that B denied …”.
pub fn depth(codebook: &Codebook, article: &Article, annotation: &Annotation) -> usize {
    if codebook.thing_of(&annotation.label) != Thing::Quote {
        return 0;
    }
    let own = annotation.extent();
    let mut around: Vec<&AnnotationId> = article
        .annotations
        .overlapping(own)
        .map(|entry| &entry.annotation)
        .filter(|other| {
            let extent = other.extent();
            other.annotator == annotation.annotator
                && extent.covers(own)
                && extent != own
                && codebook.thing_of(&other.label) == Thing::Quote
        })
        .map(|other| &other.id)
        .collect();
    around.sort();
    around.dedup();
    around.len()
}

fn linked_range(
    codebook: &Codebook,
    article: &Article,
    annotation: &Annotation,
    thing: &Thing,
) -> Option<ByteRange> {
    annotation.links.iter().find_map(|link| {
        let target = article.annotations.get(link.target.as_str())?;
        let is_it = codebook.thing_of(&target.label) == *thing;
        is_it.then(|| target.extent())
    })
}

/// The words by which a quote names its speaker, while nobody who has a name is known as that.
pub fn source_of_nobody(
    project: &Project,
    article: &Article,
    annotation: &Annotation,
) -> Option<ByteRange> {
    let codebook = project.codebook();
    let lacks = lacks(codebook, article, annotation)?;
    let label = codebook.label(annotation.label.as_str())?;
    let spec = label.part(Part::Speaker)?;
    let is_unnamed = match annotation.attributes.get(&spec.name) {
        Some(AttributeValue::Person(id)) => {
            let person = project.person(id);
            person.is_some_and(|person| person.kind == PersonKind::Unnamed)
        }
        _ => lacks.speaker,
    };
    let source = || linked_range(codebook, article, annotation, &Thing::Source);
    is_unnamed.then(source).flatten()
}

/// Quotes of an article that name nobody who has a name, but have these words as their source, get who
/// is meant by them.
pub fn name_who_is_meant(
    project: &Project,
    person: &PersonId,
    article: &ArticleId,
    words: &str,
    signed: Signed<'_>,
) -> Vec<Edit> {
    let codebook = project.codebook();
    let (Some(article), Some(person)) = (project.article(article), project.person(person)) else {
        return Vec::new();
    };
    let edits = said_by_words(project, article, words).filter_map(|annotation| {
        let label = codebook.label(annotation.label.as_str())?;
        let name = label.part(Part::Speaker)?.name.clone();
        mark::change(article, &annotation.id, signed, |quote| {
            let value = AttributeValue::Person(person.id.clone());
            quote.attributes.insert(name.as_str(), value);
        })
    });
    edits.collect()
}

/// Those of the ledger who are nothing but what such words were called, and are named nowhere else once
/// the words mean somebody.
pub fn emptied_by_tying(project: &Project, article: &ArticleId, words: &str) -> Vec<PersonId> {
    let Some(article) = project.article(article) else {
        return Vec::new();
    };
    let mut named: Vec<(PersonId, usize)> = Vec::new();
    for quote in said_by_words(project, article, words) {
        let label = project.codebook().label(quote.label.as_str());
        let spec = label.and_then(|label| label.part(Part::Speaker));
        if let Some(AttributeValue::Person(id)) = spec.and_then(|s| quote.attributes.get(&s.name)) {
            match named.iter_mut().find(|(known, _)| known == id) {
                Some((_, times)) => *times += 1,
                None => named.push((id.clone(), 1)),
            }
        }
    }
    let is_emptied = |(id, times): &(PersonId, usize)| {
        people::is_bare(project, id) && people::mentions(project, id).count() == *times
    };
    let emptied = named.into_iter().filter(is_emptied);
    emptied.map(|(id, _)| id).collect()
}

/// The quotes of an article that name nobody who has a name, but have these words as their source.
fn said_by_words<'a>(
    project: &'a Project,
    article: &'a Article,
    words: &str,
) -> impl Iterator<Item = &'a Arc<Annotation>> {
    let wanted = plain(words);
    let annotations = article.annotations.in_text_order();
    annotations.filter(move |annotation| {
        let source = source_of_nobody(project, article, annotation);
        source.is_some_and(|source| plain(article.text.slice(source)) == wanted)
    })
}

/// A name without titles, what is said of it, and small words before it.
fn bare_name(text: &ArticleText, range: ByteRange) -> &str {
    const ENDS: [char; 5] = [',', '(', ';', '—', '–'];
    let words = text.slice(range);
    let end = words.find(ENDS).filter(|at| *at > 0);
    // “the foreign minister, Ilse Varga”: what is said of her stands first.
    let after = end.and_then(|at| {
        let last = words.get(..at)?.split_whitespace().last()?;
        let rest = words.get(at..)?.strip_prefix(',')?.trim_start();
        let is_name = rest.starts_with(char::is_uppercase);
        (is_name && last.starts_with(char::is_lowercase)).then(|| words.len() - rest.len())
    });
    if let Some(after) = after {
        let start = BytePos(range.start.0 + after as u32);
        return bare_name(text, ByteRange::new(start, range.end));
    }
    let end = BytePos(range.start.0 + end.unwrap_or(words.len()) as u32);
    let edges = Edges {
        speaker_title: EdgeRule::Out,
        ..Edges::default()
    };
    let bare = edged(text, ByteRange::new(range.start, end), &edges);
    let mut name = text.slice(bare).trim();
    // “team member Rodaba Noori”, “the Labor Department”.
    while let Some((first, rest)) = name.split_once(char::is_whitespace) {
        let is_small = first.chars().next().is_some_and(char::is_lowercase);
        let has_name = rest.chars().any(char::is_uppercase);
        let is_article = matches!(first, "The" | "A" | "An");
        if !(is_small && has_name || is_article) {
            break;
        }
        name = rest.trim_start();
    }
    name
}

/// Someone of this name: in the ledger, by a longer name of the article, or new.
fn named(project: &Project, article: &Article, name: &str) -> Who {
    let new = |name: &str| Who {
        known: None,
        name: name.to_owned(),
        kind: PersonKind::Person,
        stands_elsewhere: false,
    };
    let of = |person: &Person| Who {
        known: Some(person.id.clone()),
        name: person.name.clone(),
        kind: person.kind.clone(),
        stands_elsewhere: false,
    };
    if let Some(known) = called(project, name) {
        return of(known);
    }
    let bare = bare(name);
    let name = bare.as_ref();
    if name.contains(char::is_whitespace) {
        return new(name);
    }
    let longer = longer_name(&article.text, name);
    if let Some(longer) = longer {
        return called(project, longer).map_or_else(|| new(longer), of);
    }
    // One word: someone of the ledger who alone is called so last.
    let is_last = |full: &str| {
        let rest = full.strip_suffix(name);
        rest.is_some_and(|rest| rest.ends_with(char::is_whitespace))
    };
    let people = project.people().iter();
    let mut fitting = people.filter(|person| is_last(&person.name));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => of(only),
        _ => new(name),
    }
}

fn called<'a>(project: &'a Project, name: &str) -> Option<&'a Person> {
    let is_it = |person: &&Person| person.name == name || person.aliases.iter().any(|a| a == name);
    project.people().iter().find(is_it)
}

/// The first longer name in a text that ends with a name of one word, without its title.
fn longer_name<'a>(text: &'a ArticleText, name: &str) -> Option<&'a str> {
    const WORDS: usize = 5;
    let whole = text.as_str();
    for (at, _) in whole.match_indices(name).take(40) {
        let after = whole.get(at + name.len()..)?.chars().next();
        let before = whole.get(..at)?;
        if after.is_some_and(char::is_alphanumeric) || !before.ends_with(' ') {
            continue;
        }
        let mut start = at;
        for word in before.rsplit(' ').skip(1).take(WORDS) {
            // The first word of a paragraph is one too.
            let (is_first, word) = match word.rsplit_once('\n') {
                Some((_, word)) => (true, word),
                None => (false, word),
            };
            let is_name = word.chars().next().is_some_and(char::is_uppercase)
                && !word.ends_with([',', '.', ':', ';', '”', '"', ')', '’', '\''])
                || word.len() == 2 && word.ends_with('.');
            if !is_name || word.contains(['“', '"', '(']) {
                break;
            }
            start -= word.len() + 1;
            if is_first {
                break;
            }
        }
        if start == at {
            continue;
        }
        let range = ByteRange::new(BytePos(start as u32), BytePos((at + name.len()) as u32));
        let found = bare_name(text, range);
        let common = [
            "The", "But", "And", "When", "While", "As", "If", "Then", "Later", "On", "In",
        ];
        let first = found.split(' ').next().unwrap_or_default();
        if found.len() > name.len() && !common.contains(&first) {
            return Some(found);
        }
    }
    None
}

/// Whom words were tied to in an article.
fn tied_to(project: &Project, article: &Article, words: &str) -> Option<Who> {
    let is_tied = |person: &&Person| {
        let mut own = person.tied.of(&article.id).iter();
        own.any(|tied| tied.eq_ignore_ascii_case(words))
    };
    let person = project.people().iter().find(is_tied)?;
    Some(Who {
        known: Some(person.id.clone()),
        name: person.name.clone(),
        kind: person.kind.clone(),
        stands_elsewhere: true,
    })
}

/// Those who are not named, by their own words: “officials”, “a source close to the talks”.
fn described(project: &Project, words: &str, form: Form) -> Option<Who> {
    const MOST: usize = 60;
    let kind = match form {
        Form::Collective => PersonKind::Collective,
        Form::Unnamed => PersonKind::Unnamed,
        _ => return None,
    };
    let words = words.split(',').next().unwrap_or(words).trim();
    let mut name = words;
    for article in ["The ", "the ", "A ", "a ", "An ", "an "] {
        name = name.strip_prefix(article).unwrap_or(name);
    }
    let mut chars = name.chars();
    let first = chars.next()?;
    let rest = chars.as_str();
    // “Officials” begins its sentence; “U.S. officials” does not look so.
    let lowered = rest.chars().next().is_some_and(char::is_lowercase);
    let name: String = if lowered {
        first.to_lowercase().chain(rest.chars()).collect()
    } else {
        name.to_owned()
    };
    if name.chars().count() > MOST {
        return None;
    }
    let known = called(project, &name);
    Some(Who {
        known: known.map(|person| person.id.clone()),
        kind: known.map_or(kind, |person| person.kind.clone()),
        name,
        stands_elsewhere: false,
    })
}

/// The edits that give a quote what is accepted: what is marked already is linked and not marked
/// again. An error is the name of a label that may not overlap there.
pub fn accept(
    project: &Project,
    article: &Article,
    id: &AnnotationId,
    accepted: &Accepted,
    signed: Signed<'_>,
    mint: &mut IdMint,
) -> Result<Vec<Edit>, String> {
    let codebook = project.codebook();
    let annotation = article.annotations.get(id.as_str());
    let label = annotation.and_then(|a| codebook.label(a.label.as_str()));
    let (Some(annotation), Some(label)) = (annotation, label) else {
        return Ok(Vec::new());
    };
    let mut edits = Vec::new();
    let mut links: Vec<Link> = Vec::new();
    let parts = [(Thing::Source, accepted.source), (Thing::Cue, accepted.cue)];
    for (thing, range) in parts {
        let marks = codebook.label_for(&thing);
        let role = codebook.role_to(label, &thing);
        let (Some(range), Some(marks), Some(role)) = (range, marks, role) else {
            continue;
        };
        let place = (range, Extent::Policy);
        match mark::mark(project, article, place, &marks.id, signed, mint) {
            Marking::New {
                edits: made, id, ..
            } => {
                let is_new = |edit: &Edit| !edits.contains(edit);
                let made: Vec<Edit> = made.into_iter().filter(is_new).collect();
                edits.extend(made);
                links.push(Link::new(role.name.as_str(), id));
            }
            Marking::There(there) => links.push(Link::new(role.name.as_str(), there)),
            Marking::Blank => {}
            Marking::Refused => return Err(marks.name.clone()),
        }
    }
    let speaker = accepted.who.as_ref().zip(label.part(Part::Speaker));
    let speaker = speaker.map(|(who, spec)| {
        let id = match &who.known {
            Some(known) => known.clone(),
            None => {
                let (id, entry) = enter(project, who);
                edits.extend(entry);
                id
            }
        };
        (spec.name.clone(), id)
    });
    let kind = accepted.kind.and_then(|kind| kind_value(label, kind));
    let changed = mark::change(article, &annotation.id, signed, |quote| {
        for link in links {
            let is_there = |own: &Link| own.role == link.role && own.target == link.target;
            if !quote.links.iter().any(is_there) {
                quote.links.push(link);
            }
        }
        if let Some((name, person)) = speaker {
            let value = AttributeValue::Person(person);
            quote.attributes.insert(name.as_str(), value);
        }
        if let Some((name, value)) = kind {
            quote.attributes.insert(name, AttributeValue::Text(value));
        }
    });
    edits.extend(changed);
    Ok(edits)
}

fn enter(project: &Project, who: &Who) -> (PersonId, Option<Edit>) {
    if let Some(known) = called(project, &who.name) {
        return (known.id.clone(), None);
    }
    let people = project.people();
    let mut new = Person::named(&who.name, |id| people.iter().any(|p| p.id.as_str() == id));
    new.kind = who.kind.clone();
    let id = new.id.clone();
    (id, Some(Edit::AddPeople(vec![(people.len(), new)])))
}

/// A kind as the codebook has it among its choices.
fn kind_value(label: &Label, kind: Kind) -> Option<(&str, String)> {
    let spec = label.part(Part::Kind)?;
    let AttributeKind::OneOf(options) = &spec.kind else {
        return None;
    };
    let found = options
        .iter()
        .find(|option| option.eq_ignore_ascii_case(kind.name()));
    found.map(|option| (spec.name.as_str(), option.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ids::AnnotatorId;
    use crate::core::recipes::tests::{make, project, signed};
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
}
