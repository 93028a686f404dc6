//! Who a speaker is, by the words that name them: someone of the ledger, or someone who would enter it.

use crate::core::article::Article;
use crate::core::boundary::edged;
use crate::core::codebook::{EdgeRule, Edges};
use crate::core::edit::Edit;
use crate::core::ids::PersonId;
use crate::core::project::{Person, PersonKind, Project};
use crate::core::quotes::Form;
use crate::core::shown::bare;
use crate::core::text::{ArticleText, BytePos, ByteRange};

/// Someone of the ledger, or someone who would enter it.
#[derive(Clone, Debug, PartialEq)]
pub struct Who {
    pub known: Option<PersonId>,
    pub name: String,
    pub kind: PersonKind,
    /// The name stands elsewhere: the speaker is only “he” here.
    pub stands_elsewhere: bool,
}

/// A name without titles, what is said of it, and small words before it.
pub(super) fn bare_name(text: &ArticleText, range: ByteRange) -> &str {
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
pub(super) fn named(project: &Project, article: &Article, name: &str) -> Who {
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
pub(super) fn tied_to(project: &Project, article: &Article, words: &str) -> Option<Who> {
    let mut people = project.people().iter();
    let person = people.find(|person| person.tied.has(&article.id, words))?;
    Some(Who {
        known: Some(person.id.clone()),
        name: person.name.clone(),
        kind: person.kind.clone(),
        stands_elsewhere: true,
    })
}

/// Those who are not named, by their own words: “officials”, “a source close to the talks”.
pub(super) fn described(project: &Project, words: &str, form: Form) -> Option<Who> {
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

pub(super) fn enter(project: &Project, who: &Who) -> (PersonId, Option<Edit>) {
    if let Some(known) = called(project, &who.name) {
        return (known.id.clone(), None);
    }
    let people = project.people();
    let mut new = Person::named(&who.name, |id| people.iter().any(|p| p.id.as_str() == id));
    new.kind = who.kind.clone();
    let id = new.id.clone();
    (id, Some(Edit::AddPeople(vec![(people.len(), new)])))
}
