//! The articles of a damaged project file.
//!
//! Each is read whole, field by field or line by line; lines and annotations that stand in another
//! are put back where the hash or the text proves it. Knows nothing of the rest of the file. Keeps
//! invariant 7: what is left goes to the review list piece by piece.

use super::article::{Place, ReadArticle, article_from, fits_exactly};
use super::lenient::{Damage, elements, take};
use super::lines::{HASHED_AT_MOST, Taken};
use super::mend::{DAMAGED, aside, keep, runs, tell};
use super::pieces::Item;
use super::read::Reader;
use super::record::{
    AnnotationRecord, ArticleRecord, AttributeRecord, ProjectRecord, Section, TrashRecord,
};
use super::salvage::Line;
use super::schema::{Unknown, from_ron, lists};
use super::shapes::Str;
use super::values::{Names, TrashedRecord};
use crate::core::check::{KEPT, Problem, article_place};
use crate::core::codebook::{Codebook, Label};
use crate::core::kept::Kept;
use crate::core::project::SetAside;

/// Lists of our format that hold all of a kind, of which none stands in an item of another.
fn wholes() -> impl Iterator<Item = &'static str> {
    let of_project = lists::<ProjectRecord<'_>>().chain(lists::<Codebook>());
    of_project.chain(lists::<ArticleRecord<'_>>())
}

/// The other lists: neither they nor those above stand where fields are kept that we do not know.
fn parts() -> impl Iterator<Item = &'static str> {
    let of_labels = lists::<Label>().chain(lists::<AttributeRecord<'_>>());
    of_labels.chain(ProjectRecord::lists_in_items())
}

/// So many articles are looked at for annotations that may be theirs.
const COMPARED_AT_MOST: usize = 5_000_000;

/// The articles of a damaged file.
pub(super) struct Articles<'a> {
    pub(super) file: &'a str,
    pub(super) codebook: &'a Codebook,
    pub(super) read: Vec<ReadArticle>,
    /// Those in the trash that were read line by line.
    pub(super) trash: Vec<TrashRecord<'a>>,
}

impl<'a> Articles<'a> {
    /// Reads each article, if need be line by line. `of_head` are lines that stand in none.
    pub(super) fn read(
        &mut self,
        reader: &mut Reader,
        items: &[&'a Item<'a>],
        repaired: &'a [Vec<(usize, String)>],
        of_head: &[Line<'a>],
        progress: &(dyn Fn(f32) + Sync),
    ) {
        let is_annotation = |line: &&Line<'_>| line.key().starts_with("(id: ");
        let (homeless, of_head): (Vec<Line<'a>>, Vec<Line<'a>>) =
            of_head.iter().partition(is_annotation);
        let mut spare = of_head.clone();
        let mut found: Vec<(&Item<'a>, Found<'a>)> = Vec::new();
        for (&item, repaired) in items.iter().zip(repaired) {
            let record = whole_record(item, self.file);
            found.push(match record.filter(|_| item.section == Section::Articles) {
                Some((record, damage)) => (item, Found::Whole(Box::new(record), damage)),
                None => {
                    let taken = Taken::new(&item.lines, repaired);
                    spare.extend(&taken.spare);
                    (item, Found::Lines(Box::new(taken)))
                }
            });
        }
        let mut budget = HASHED_AT_MOST;
        for (item, found) in &mut found {
            if let Found::Whole(record, _) = found
                && !spare.is_empty()
                && let Some(taken) = without_a_line(item, record)
            {
                *found = Found::Lines(Box::new(taken));
            }
            if let Found::Lines(taken) = found {
                taken.find_text(&mut spare, &mut budget);
            }
        }
        let total = found.len().max(1);
        for (i, (item, found)) in found.into_iter().enumerate() {
            progress(i as f32 / total as f32);
            match found {
                Found::Whole(record, damage) => self.add_record(item, *record, damage),
                Found::Lines(mut taken) => {
                    let is_left =
                        |line: &Line<'_>| spare.iter().any(|left| left.number == line.number);
                    taken.spare.retain(is_left);
                    if taken.has_text() {
                        taken.finish();
                        self.add_lines(reader, item, *taken);
                    } else {
                        without_text(reader, item, &taken);
                    }
                }
            }
        }
        spare.retain(|line| of_head.iter().any(|of_head| of_head.number == line.number));
        self.bring_home();
        for line in homeless {
            let annotation = line.key().trim_end_matches(',');
            match take::<AnnotationRecord<'_>>(annotation, &mut Damage::default()) {
                Some(record) if self.place_alone(&record, None) => {}
                _ => spare.push(line),
            }
        }
        spare.sort_by_key(|line| line.number);
        for (place, raw) in runs(&spare) {
            let message = "these lines stand where they do not belong";
            reader.problems.push(Problem::error(place, message, KEPT));
            keep(reader, "", DAMAGED, &raw);
        }
    }

    fn add_record(&mut self, item: &Item<'_>, record: ArticleRecord<'_>, damage: Damage<'_>) {
        let id = record.id.as_str().to_owned();
        let title = record.title.as_str().to_owned();
        let lines = Some((item.source(self.file), item.line()));
        let mut read = article_from(record, self.codebook, &mut Names::default(), lines);
        let place = |raw: &str| {
            let line = item.line_of(raw, self.file).unwrap_or(item.line());
            Place::new(Some(("", line)), &id, &title).of_article()
        };
        let (problems, aside) = tell(damage, &id, place);
        read.problems.splice(0..0, problems);
        read.aside.extend(aside);
        self.read.push(read);
    }

    fn add_lines(&mut self, reader: &mut Reader, item: &Item<'_>, taken: Taken<'a>) {
        let mut record = taken.record;
        let id = record.id.as_str().to_owned();
        let title = record.title.as_str().to_owned();
        let mut problems = Vec::new();
        let mut kept = Vec::new();
        if !item.is_closed {
            let last = item.lines.last().map_or(0, |line| line.number);
            problems.push(Problem::error(
                Place::new(Some(("", last)), &id, &title).of_article(),
                "the end of the article is lost",
                "the article is saved up to here",
            ));
        }
        for (line, message, remedy) in taken.notes {
            let place = Place::new(Some(("", line)), &id, &title).of_article();
            problems.push(Problem::error(place, message, remedy));
        }
        for (place, raw) in runs(&taken.bad) {
            let place = format!("{place}, {}", article_place(&id, &title));
            problems.push(Problem::error(place, "the lines cannot be read", KEPT));
            kept.push(aside(&id, DAMAGED, &raw));
        }
        if item.section == Section::Articles {
            let lines = Some((item.source(self.file), item.line()));
            let mut read = article_from(record, self.codebook, &mut Names::default(), lines);
            read.problems.extend(problems);
            read.aside.extend(kept);
            self.read.push(read);
            return;
        }
        // What surrounds an article in the trash looks like its own fields.
        let mut field = |name: &str| {
            let at = record.unknown.iter().position(|(known, _)| known == name)?;
            let (_, raw) = record.unknown.remove(at);
            let text = ron::from_str::<String>(raw.as_str());
            Some(text.unwrap_or_else(|_| raw.as_str().to_owned()))
        };
        if let Some(other) = field("what") {
            kept.push(aside(&id, DAMAGED, &other));
        }
        let (by, when) = (field("by"), field("when"));
        self.trash.push(TrashRecord {
            what: TrashedRecord::Article(Box::new(record)),
            by: Str::from(by.unwrap_or_default()),
            when: Str::from(when.unwrap_or_default()),
            unknown: Vec::new(),
        });
        reader.problems.extend(problems);
        reader.aside.extend(kept);
    }

    /// Annotations that stand among those of another article go back to their own.
    fn bring_home(&mut self) {
        let mut left = COMPARED_AT_MOST;
        for from in 0..self.read.len() {
            let asides = self
                .read
                .get_mut(from)
                .map(|read| std::mem::take(&mut read.aside));
            for aside in asides.unwrap_or_default() {
                left = left.saturating_sub(self.read.len());
                if left > 0
                    && let Ok(record) = from_ron::<AnnotationRecord<'_>>(aside.raw.as_str())
                    && self.place_alone(&record, Some(from))
                {
                    let told = format!("annotation {} set aside: ", record.id.as_str());
                    if let Some(read) = self.read.get_mut(from) {
                        read.problems
                            .retain(|problem| !problem.message.starts_with(&told));
                    }
                } else if let Some(read) = self.read.get_mut(from) {
                    read.aside.push(aside);
                }
            }
        }
    }

    /// Adds an annotation where just one article has its text at its place.
    fn place_alone(&mut self, record: &AnnotationRecord<'_>, not_in: Option<usize>) -> bool {
        let fits = self.read.iter().enumerate().filter(|(i, other)| {
            Some(*i) != not_in && fits_exactly(record, &other.article, self.codebook)
        });
        let homes: Vec<usize> = fits.take(2).map(|(i, _)| i).collect();
        if let [home] = homes.as_slice()
            && let Some(home) = self.read.get_mut(*home)
        {
            home.take_in(record, self.codebook);
            return true;
        }
        false
    }
}

/// An article as it was found in the file.
enum Found<'a> {
    Whole(Box<ArticleRecord<'a>>, Damage<'a>),
    Lines(Box<Taken<'a>>),
}

/// The record of an article whose brackets and strings all fit, with the values that do not.
pub(super) fn whole_record<'a>(
    item: &Item<'a>,
    file: &'a str,
) -> Option<(ArticleRecord<'a>, Damage<'a>)> {
    let source = item.source(file).trim().trim_end_matches(',');
    let mut damage = Damage::default();
    let record: ArticleRecord<'a> = take(source, &mut damage)?;
    let is_whole = !damage.is_broken && !damage.lacks_items && !record.text.is_empty();
    let is_whole = is_whole && !holds_annotations(&record);
    let is_named = !record.id.as_str().is_empty() && !record.hash.as_str().is_empty();
    (is_whole && is_named).then_some((record, damage))
}

/// Whether a field that this version does not know holds annotations: the name of their list is lost.
fn is_annotations((_, raw): &(String, Kept)) -> bool {
    let inner = raw.as_str().strip_prefix('[').unwrap_or("");
    inner.trim_start().starts_with("(id: \"")
}

pub(super) fn holds_annotations(record: &ArticleRecord<'_>) -> bool {
    record.unknown.iter().any(is_annotations)
}

/// Whether a field has the name of a list that cannot stand there.
fn is_list((name, raw): &(String, Kept)) -> bool {
    raw.as_str().starts_with('[') && wholes().chain(parts()).any(|known| known == name)
}

/// Whether a field is a list that cannot stand in any item: the end of the item is lost.
fn is_whole_list((name, raw): &(String, Kept)) -> bool {
    raw.as_str().starts_with('[') && wholes().any(|known| known == name)
}

/// Whether an item has the fields of an article, or of an annotation.
fn is_another(fields: &Unknown) -> bool {
    let has = |wanted: &str| fields.iter().any(|(name, _)| name == wanted);
    has("hash") && has("text") || has("label") && has("fragments")
}

/// What a record holds of others: items of one list have the fields of another's, or a list the
/// name of another, since a line between them is lost. By article, as it stands.
fn taken_for_another(
    record: &mut ProjectRecord<'_>,
    mut take: impl FnMut(&str, &mut Unknown, Mixed),
) {
    take("", &mut record.unknown, Mixed::Lists);
    if let Some(codebook) = &mut record.codebook.0 {
        take("", &mut codebook.unknown, Mixed::Lists);
        for label in &mut codebook.labels {
            take("", &mut label.unknown, Mixed::Items);
        }
    }
    let trash = record
        .trash
        .iter_mut()
        .filter_map(|item| match &mut item.what {
            TrashedRecord::Article(article) => Some(article.as_mut()),
            _ => None,
        });
    for article in record.articles.iter_mut().chain(trash) {
        let id = article.id.as_str().to_owned();
        take(&id, &mut article.unknown, Mixed::Annotations);
    }
    record.each_unknown(|unknown| take("", unknown, Mixed::Items));
}

/// What may have come into a record's unknown fields.
#[derive(Clone, Copy, PartialEq)]
enum Mixed {
    Lists,
    Items,
    Annotations,
}

impl Mixed {
    fn is_in(self, unknown: &Unknown) -> bool {
        match self {
            Self::Lists => unknown.iter().any(is_list),
            Self::Items => is_another(unknown) || unknown.iter().any(is_whole_list),
            Self::Annotations => unknown.iter().any(is_annotations),
        }
    }
}

/// Whether lists of a project run into each other.
pub(super) fn mixes_lists(record: &mut ProjectRecord<'_>) -> bool {
    let mut is_mixed = false;
    taken_for_another(record, |_, unknown, mixed| is_mixed |= mixed.is_in(unknown));
    is_mixed
}

/// Moves to the review list what would be taken for damage again once it is saved.
pub(super) fn unmix(record: &mut ProjectRecord<'_>, problems: &mut Vec<Problem>) {
    let mut found: Vec<(String, String)> = Vec::new();
    taken_for_another(record, |article, unknown, mixed| {
        if !mixed.is_in(unknown) {
            return;
        }
        let is_one = |field: &(String, Kept)| match mixed {
            Mixed::Lists => is_list(field),
            Mixed::Items => true,
            Mixed::Annotations => is_annotations(field),
        };
        let (taken, left) = std::mem::take(unknown).into_iter().partition(is_one);
        *unknown = left;
        let taken: Unknown = taken;
        for (name, raw) in taken {
            let each = elements(raw.as_str(), '[', &mut Damage::default());
            match each.filter(|_| mixed == Mixed::Annotations) {
                Some(each) => {
                    let each = each
                        .into_iter()
                        .map(|raw| (article.to_owned(), raw.to_owned()));
                    found.extend(each);
                }
                None => found.push((article.to_owned(), format!("{name}: {}", raw.as_str()))),
            }
        }
    });
    for (article, raw) in found {
        let reason = "it stood in a list with the name of another";
        problems.push(Problem::error(article.clone(), reason, KEPT));
        record.set_aside.push(SetAside::new(article, reason, raw));
    }
}

/// An article that reads, line by line, when its text is not what its hash says: it may have lost a
/// line to another place of the file.
fn without_a_line<'a>(item: &Item<'a>, record: &ArticleRecord<'a>) -> Option<Taken<'a>> {
    let text: Vec<&str> = record.text.iter().map(Str::as_str).collect();
    if crate::core::text::hash_of(&text.join("\n")) == record.hash.as_str() {
        return None;
    }
    let taken = Taken::new(&item.lines, &[]);
    let has_lines = taken.has_lines_of(record);
    has_lines.then_some(taken)
}

/// An article of which no line of text is left: its annotations are listed one by one.
fn without_text(reader: &mut Reader, item: &Item<'_>, taken: &Taken<'_>) {
    let id = taken.record.id.as_str();
    let message = "an article cannot be read: its text is lost";
    let place = Place::new(Some(("", item.line())), "", "").of_article();
    reader.problems.push(Problem::error(place, message, KEPT));
    for (_, raw) in runs(&item.lines) {
        keep(reader, id, "the article was damaged in the file", &raw);
    }
}
