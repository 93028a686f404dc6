//! Whom a page credits: what its fields say, completed by the byline near its headline.

use super::outline::{Credit, Outline, Place};
use super::people::{Around, Credited, Kind, Trust, add, credited};
use super::words::fold;

/// A byline stands so many characters of prose from its headline at most: a summary, a caption.
const MAX_PROSE_BETWEEN: usize = 900;
/// Parts of one byline stand so near each other.
const MAX_BETWEEN: usize = 120;

/// `told` are the fields of the page that name authors, surest first.
pub(super) fn authors(
    told: &[Vec<String>],
    outline: &Outline,
    headline: Option<Place>,
    around: &Around,
) -> Vec<String> {
    let fields = told.iter().map(|texts| {
        let mut found: Vec<Credited> = Vec::new();
        for text in texts {
            for credit in credited(text, Trust::Told, around) {
                add(&mut found, credit);
            }
        }
        found
    });
    let told: Vec<Vec<Credited>> = fields
        .map(|mut found| {
            found.retain(|credit| credit.kind != Kind::Outlet);
            found
        })
        .filter(|found| !found.is_empty())
        .collect();
    let mut read = read(outline, headline, around);
    // The outlet signs where nobody else does.
    if !told.is_empty() || read.iter().any(|credit| credit.kind != Kind::Outlet) {
        read.retain(|credit| credit.kind != Kind::Outlet);
    }
    let is_in = |credit: &Credited, names: &[Credited]| {
        let folded = fold(&credit.name);
        names.iter().any(|known| fold(&known.name) == folded)
    };
    let has_person =
        |credits: &[Credited]| credits.iter().any(|credit| credit.kind == Kind::Person);
    let agreed = told
        .iter()
        .find(|names| names.iter().any(|credit| is_in(credit, &read)));
    let mut names = match agreed.or(told.first()) {
        None => read,
        // In the order of the byline, if that has all.
        Some(names) if names.iter().all(|credit| is_in(credit, &read)) => {
            let spelt = |credit: Credited| {
                let folded = fold(&credit.name);
                let told = names.iter().find(|known| fold(&known.name) == folded);
                told.cloned().unwrap_or(credit)
            };
            read.into_iter().map(spelt).collect()
        }
        Some(names) => {
            let mut all = names.clone();
            let completes = agreed.is_some() || !has_person(names);
            read.retain(|credit| completes || credit.kind == Kind::Agency);
            for credit in read {
                add(&mut all, credit);
            }
            all
        }
    };
    names.truncate(20);
    names.into_iter().map(|credit| credit.name).collect()
}

/// The byline near the headline, or the first one after it in the same article.
fn read(outline: &Outline, headline: Option<Place>, around: &Around) -> Vec<Credited> {
    let anchor = headline.unwrap_or_default();
    let main = anchor.article.or(outline.main);
    let is_own = |credit: &&Credit| match (main, credit.place.article) {
        (Some(own), Some(other)) => own == other || outline.main == Some(other),
        _ => true,
    };
    let own: Vec<&Credit> = outline.credits.iter().filter(is_own).collect();
    let is_near = |credit: &Credit| {
        credit.place.prose <= anchor.prose + MAX_PROSE_BETWEEN
            && credit.place.start + 250 >= anchor.start
    };
    let is_after = |credit: &Credit| credit.place.start >= anchor.start;
    let tries: [&dyn Fn(&Credit) -> bool; 4] = [
        &|credit| credit.is_named && is_near(credit) && is_after(credit),
        &|credit| is_near(credit) && is_after(credit),
        &|credit| credit.is_named && is_near(credit),
        &|credit| {
            credit.is_named && is_after(credit) && main.is_some() && credit.place.article == main
        },
    ];
    for fits in tries {
        let found = first_group(&own, fits, around);
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The first byline that names somebody, with those right behind it.
fn first_group(
    credits: &[&Credit],
    fits: &dyn Fn(&Credit) -> bool,
    around: &Around,
) -> Vec<Credited> {
    let mut found: Vec<Credited> = Vec::new();
    let mut end = 0;
    for credit in credits.iter().filter(|credit| fits(credit)) {
        if !found.is_empty() && credit.place.start > end + MAX_BETWEEN {
            break;
        }
        let names = credited(&credit.text, Trust::Read, around);
        if !names.is_empty() || !found.is_empty() {
            end = credit.place.end;
        }
        for name in names {
            add(&mut found, name);
        }
    }
    found
}
