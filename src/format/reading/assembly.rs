//! What readers found, brought together as core values: labels matched to a codebook, annotators,
//! people, and annotations proven against their texts.

use crate::core::annotation::{
    Annotation, AnnotationSet, AttributeValue, Link, Origin, UnknownFields,
};
use crate::core::article::{Article, id_from_hash};
use crate::core::check::Problem;
use crate::core::codebook::{AttributeKind, Codebook, Label, Thing};
use crate::core::edit::check_fragments;
use crate::core::ids::{AnnotationId, AnnotatorId, ArticleId, FreshIds, LabelId};
use crate::core::ledger::Ledger;
use crate::core::project::{Annotator, ProjectParts};
use crate::core::text::ByteRange;
use crate::format::Dataset;
use crate::format::reading::left_out::{self, LeftOut};
use crate::format::reading::of_project::Carried;
use crate::format::reading::placing::{OUTSIDE, place_within};
use crate::format::reading::title::title_of;
use crate::format::reading::{FoundAnnotation, FoundArticle, FoundLabel};
use crate::format::words::of_project::OfProject;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The label of what has none.
pub(crate) const UNLABELLED: &str = "unlabelled";

/// Collects articles of one import.
pub struct Assembly {
    codebook: Codebook,
    labels: LabelIndex,
    annotators: Annotators,
    people: Ledger,
    article_ids: FreshIds,
    annotation_ids: AnnotationIds,
    problems: Vec<Problem>,
    articles: Vec<Arc<Article>>,
    /// What finding annotations again may take.
    steps: u64,
    covered: Covered,
    /// The labels that stand for things, as they were asked for.
    things: Vec<(Thing, LabelId)>,
    /// How many labels the codebook had.
    known_labels: usize,
    carried: Carried,
}

/// Finding annotations again in a thousand articles takes no longer than in one as long as all:
/// seconds for ten megabytes.
const FIRST_STEPS: u64 = 300_000_000;

fn steps_of(text_bytes: usize) -> u64 {
    40 * text_bytes as u64
}

/// How many bytes of text annotations may still cover: a project keeps the words of each.
pub(crate) struct Covered(u64);

impl Default for Covered {
    fn default() -> Self {
        Self(64 << 20)
    }
}

impl Covered {
    /// Each text may be covered so many times more.
    pub(crate) fn see_text(&mut self, len_bytes: usize) {
        const TIMES: u64 = 20;
        self.0 = self.0.saturating_add(TIMES * len_bytes as u64);
    }

    /// What another annotation covers; the reason when that is too much.
    pub(crate) fn take(&mut self, fragments: &[ByteRange]) -> Result<(), String> {
        let bytes = fragments
            .iter()
            .map(|f| u64::from(f.end.0.saturating_sub(f.start.0)));
        let left = self.0.checked_sub(bytes.sum());
        self.0 =
            left.ok_or("the annotations before it cover so much text that no more fits a project")?;
        Ok(())
    }
}

/// Annotators by their names, in the order in which they were met.
#[derive(Default)]
pub(crate) struct Annotators {
    pub(crate) list: Vec<Annotator>,
    names: HashSet<String>,
}

impl Annotators {
    pub(crate) fn named(&mut self, name: &str) -> AnnotatorId {
        let id = AnnotatorId::new(name);
        if self.names.insert(name.to_owned()) {
            self.list.push(Annotator {
                id: id.clone(),
                name: name.to_owned(),
                unknown: UnknownFields::new(),
            });
        }
        id
    }
}

/// Ids of annotations, once each in the import.
#[derive(Default)]
pub(crate) struct AnnotationIds {
    taken: HashSet<String>,
    unnamed: usize,
}

impl AnnotationIds {
    /// The id as it is, or with a number when another has it or there is none.
    pub(crate) fn take(&mut self, wanted: &str) -> AnnotationId {
        let stem = if wanted.is_empty() { "import" } else { wanted };
        let mut id = wanted.to_owned();
        while id.is_empty() || !self.taken.insert(id.clone()) {
            self.unnamed += 1;
            id = format!("{stem}-{:06}", self.unnamed);
        }
        AnnotationId::new(id)
    }
}

/// A label that the codebook, which has so many, does not know, and what is told of it.
pub(crate) fn new_label(name: &str, labels: usize) -> (Label, Problem) {
    // Told apart in all themes.
    const COLORS: [u32; 6] = [0x00796B, 0x9C5700, 0x5B4DB2, 0xA83253, 0x4E7A27, 0x3D6480];
    let color = COLORS.get(labels % COLORS.len()).copied();
    let problem = Problem::warning(
        "",
        format!("the label “{name}” was added to the codebook"),
        "nothing: describe the label in the codebook",
    );
    (
        Label::new(name, name, color.unwrap_or(Label::GREY)),
        problem,
    )
}

/// What became of an article that was added.
#[derive(Debug, Default)]
pub struct Added {
    /// Of those that it came with.
    pub annotations: usize,
    pub remarks: Vec<String>,
    pub left_out: LeftOut,
}

/// Alike labels that are looked at for a name: a file may tell all apart.
const MAX_ALIKE: usize = 16;

/// So much of an article's name is told with each of its problems.
const MAX_TOLD: usize = 200;

impl Assembly {
    /// Labels are matched to those of `codebook`; unknown ones are added to a copy of it.
    pub fn new(codebook: &Codebook) -> Self {
        Self {
            codebook: codebook.clone(),
            labels: LabelIndex::of(codebook),
            annotators: Annotators::default(),
            people: Ledger::default(),
            article_ids: FreshIds::default(),
            annotation_ids: AnnotationIds::default(),
            problems: Vec::new(),
            articles: Vec::new(),
            steps: FIRST_STEPS,
            covered: Covered::default(),
            things: Vec::new(),
            known_labels: codebook.labels.len(),
            carried: Carried::default(),
        }
    }

    pub fn finish(self) -> Dataset {
        let mut parts = ProjectParts {
            codebook: self.codebook,
            annotators: self.annotators.list,
            people: self.people.into_people(),
            articles: self.articles,
            ..ProjectParts::default()
        };
        self.carried.finish(&mut parts);
        Dataset {
            parts,
            problems: self.problems,
        }
    }

    /// Labels that a file defines, whether they are used or not.
    pub fn add_labels(&mut self, labels: &[FoundLabel]) {
        let told: HashSet<&str> = labels.iter().map(|label| label.name.trim()).collect();
        for label in labels {
            // What the file tells apart stays apart, however alike.
            let id = self.label_unless(&label.name, |alike| told.contains(alike.id.as_str()));
            let at = self.labels.by_id.get(id.as_str()).copied();
            let known = at.and_then(|at| self.codebook.labels.get_mut(at));
            let known = known.filter(|known| known.definition.is_empty());
            let Some((at, known)) = at.zip(known) else {
                continue;
            };
            known.definition.clone_from(&label.definition);
            if !label.title.is_empty() {
                known.name.clone_from(&label.title);
                self.labels.note(&label.title, at);
            }
            if let Some(color) = label.color {
                known.color = color;
            }
        }
    }

    /// Adds an article with its annotations; answers what should be said of it. `place` names it
    /// in problems, `origin` is the dataset's name.
    pub fn add(&mut self, found: &FoundArticle, place_name: &str, origin: &str) -> Added {
        self.steps = self.steps.saturating_add(steps_of(found.text.len()));
        self.covered.see_text(found.text.len());
        let placed = place_within(found, &mut self.steps);
        let mut added = Added {
            annotations: 0,
            remarks: found.remarks.clone(),
            left_out: found.left_out.clone(),
        };
        added.remarks.extend(placed.remarks);
        let text = placed.text;
        let wanted = match found.id.trim() {
            "" => id_from_hash(text.hash()).to_string(),
            id => id.to_owned(),
        };
        let id = self.article_ids.take(&wanted);
        if id != wanted && !found.id.trim().is_empty() {
            added.remarks.push(format!(
                "another article has the id {wanted}; this one becomes {id}"
            ));
        }
        let title = match found.title.trim() {
            "" => title_of(text.as_str()),
            title => title.to_owned(),
        };
        if let Some(told) = &found.of_project {
            self.take_project(told);
        }
        self.carried.see_article(found.id.trim(), &id);
        let mut article = Article::new(ArticleId::new(id.clone()), title, text);
        article.metadata.clone_from(&found.metadata);
        article.notes.clone_from(&found.notes);
        for (annotator, status) in &found.status {
            let annotator = self.annotators.named(annotator);
            article.status.insert(annotator, status.clone());
        }
        let mut made: Vec<Annotation> = Vec::with_capacity(found.annotations.len());
        // By the id in the file: copies of one have it too, each with its annotator.
        let mut renamed: HashMap<&str, Vec<(AnnotatorId, AnnotationId)>> = HashMap::new();
        let told: String = id.chars().take(MAX_TOLD).collect();
        for (annotation, fragments) in found.annotations.iter().zip(placed.annotations) {
            let result = fragments.and_then(|fragments| {
                self.covered.take(&fragments)?;
                let mut new = self.annotation(annotation, origin);
                new.fragments = fragments.into();
                check_fragments(&new, &article.text).map_err(|error| error.to_string())?;
                Ok(new)
            });
            match result {
                Ok(new) => {
                    if !annotation.id.is_empty() {
                        let was = found.id.trim();
                        self.carried.see_annotation(was, &annotation.id, &new.id);
                        let known = renamed.entry(&annotation.id).or_default();
                        known.push((new.annotator.clone(), new.id.clone()));
                    }
                    made.push(new);
                }
                Err(reason) => {
                    let name = annotation.named();
                    let reason = match reason.as_str() {
                        OUTSIDE => "its offsets do not fit the text and lie outside it",
                        reason => reason,
                    };
                    let named = || format!("{name} of article {told}");
                    added
                        .left_out
                        .note(left_out::Thing::Annotation, reason, named);
                    self.problems.push(Problem::error(
                        format!("{place_name}, article {told}"),
                        format!("{name} was left out: {reason}"),
                        "nothing: correct the dataset and import it again",
                    ));
                }
            }
        }
        added.annotations = made.len();
        let twice = renamed.iter().filter(|(_, known)| known.len() > 1);
        if let Some((first, _)) = twice.clone().min() {
            added.remarks.push(format!(
                "{} ids stand at several annotations of article {told}, which got new ones; the first is {first}",
                twice.count()
            ));
        }
        for annotation in &mut made {
            let by = annotation.annotator.clone();
            if annotation.links.is_empty() {
                continue;
            }
            for link in &mut annotation.links {
                let known = renamed
                    .get(link.target.as_str())
                    .map_or(&[][..], Vec::as_slice);
                // What one person linked is theirs.
                let same = known.iter().find(|(annotator, _)| *annotator == by);
                if let Some((_, id)) = same.or_else(|| known.first()) {
                    link.target = id.clone();
                }
            }
        }
        article.annotations = AnnotationSet::from_annotations(made).0;
        self.articles.push(Arc::new(article));
        added
    }

    fn annotation(&mut self, found: &FoundAnnotation, origin: &str) -> Annotation {
        let id = self.annotation_ids.take(&found.id);
        let label = match &found.thing {
            Some(thing) => self.label_standing_for(thing, &found.label),
            None => self.label(&found.label),
        };
        let annotator = match found.annotator.trim() {
            "" => self.annotators.named("import"),
            name => self.annotators.named(name),
        };
        let mut made = Annotation::new(id, annotator, label.clone(), Default::default());
        for (name, value) in &found.attributes {
            let at = self.labels.by_id.get(label.as_str()).copied();
            let label = at.and_then(|at| self.codebook.labels.get(at));
            let value = fitted(label, &mut self.people, name, value);
            made.attributes.insert(name, value);
        }
        let links = found
            .links
            .iter()
            .map(|(role, target)| Link::new(role.as_str(), AnnotationId::new(target.as_str())));
        made.links = links.collect();
        if found.thing.is_some() {
            self.name_roles(&mut made);
        }
        made.note.clone_from(&found.note);
        made.made = found.made;
        made.changed = found.changed;
        made.codebook_revision = found.codebook_revision;
        made.origin = found
            .origin
            .clone()
            .unwrap_or_else(|| Origin::Import(origin.to_owned()));
        made
    }

    /// The label that annotations called `name` get; a new one when the codebook has none like it.
    pub fn label(&mut self, name: &str) -> LabelId {
        self.label_unless(name, |_| false)
    }

    /// What belongs to no article. Labels that are new here stand for what they did.
    fn take_project(&mut self, told: &OfProject) {
        for (name, thing) in &told.things {
            let at = self.labels.by_id.get(name.as_str()).copied();
            let new = at.filter(|at| *at >= self.known_labels);
            if let Some(label) = new.and_then(|at| self.codebook.labels.get_mut(at)) {
                label.stands_for = Some(thing.clone());
            }
        }
        for by in told.groups.iter().map(|group| &group.by) {
            if !by.as_str().is_empty() {
                self.annotators.named(by.as_str());
            }
        }
        self.carried.take(told.clone(), &mut self.people);
    }

    /// Links to sources and cues are called as the codebook calls them.
    fn name_roles(&self, made: &mut Annotation) {
        let Some(label) = self.codebook.label(made.label.as_str()) else {
            return;
        };
        for link in &mut made.links {
            let thing = Thing::known(&link.role);
            let role = thing.and_then(|thing| self.codebook.role_to(label, &thing));
            if let Some(role) = role {
                link.role.clone_from(&role.name);
            }
        }
    }

    /// The label of the codebook to mark a thing with; one of that name when it has none, which
    /// stands for the thing where it is new.
    fn label_standing_for(&mut self, thing: &Thing, name: &str) -> LabelId {
        if let Some((_, known)) = self.things.iter().find(|(known, _)| known == thing) {
            return known.clone();
        }
        let id = match self.codebook.label_for(thing) {
            Some(label) => label.id.clone(),
            None => {
                let before = self.codebook.labels.len();
                let id = self.label(name);
                if let Some(new) = self.codebook.labels.get_mut(before) {
                    new.stands_for = Some(thing.clone());
                }
                id
            }
        };
        self.things.push((thing.clone(), id.clone()));
        id
    }

    fn label_unless(&mut self, name: &str, is_another: impl Fn(&Label) -> bool) -> LabelId {
        let name = match name.trim() {
            "" => UNLABELLED,
            name => name,
        };
        if self.labels.by_id.contains_key(name) {
            return LabelId::new(name);
        }
        let wanted = folded(name);
        let labels = &self.codebook.labels;
        let alike = self.labels.alike.get(&wanted).into_iter().flatten();
        let alike = alike.take(MAX_ALIKE);
        let alike = alike.filter(|at| {
            // One that was renamed stands under its old name as well.
            labels.get(**at).is_some_and(|label| {
                let is_named = |name: &str| folded(name) == wanted;
                !is_another(label) && (is_named(label.id.as_str()) || is_named(&label.name))
            })
        });
        if let Some(label) = alike.min().and_then(|at| labels.get(*at)) {
            return label.id.clone();
        }
        let (label, problem) = new_label(name, self.codebook.labels.len());
        let id = label.id.clone();
        self.labels.add(&label, self.codebook.labels.len());
        self.codebook.labels.push(label);
        self.problems.push(problem);
        id
    }
}

/// A name without what people write differently.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Where labels stand in a codebook: a file may have as many as annotations.
#[derive(Default)]
struct LabelIndex {
    by_id: HashMap<String, usize>,
    /// By [`folded`] id and name, without those that have no letters.
    alike: HashMap<String, Vec<usize>>,
}

impl LabelIndex {
    fn of(codebook: &Codebook) -> Self {
        let mut index = Self::default();
        for (at, label) in codebook.labels.iter().enumerate() {
            index.add(label, at);
        }
        index
    }

    fn add(&mut self, label: &Label, at: usize) {
        self.by_id.entry(label.id.to_string()).or_insert(at);
        self.note(label.id.as_str(), at);
        self.note(&label.name, at);
    }

    fn note(&mut self, name: &str, at: usize) {
        let folded = folded(name);
        if !folded.is_empty() {
            let known = self.alike.entry(folded).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
    }
}

/// Gives the values of a dataset that came as core values the kinds that a codebook has for them.
pub fn fit_values(codebook: &Codebook, parts: &mut ProjectParts) {
    let index = LabelIndex::of(codebook);
    let mut people = Ledger::of(std::mem::take(&mut parts.people));
    for article in &mut parts.articles {
        let is_text = |value: &AttributeValue| matches!(value, AttributeValue::Text(_));
        let has_texts = article
            .annotations
            .iter()
            .any(|annotation| annotation.attributes.values().any(is_text));
        if !has_texts {
            continue;
        }
        let annotations: Vec<Annotation> = article
            .annotations
            .iter()
            .map(|annotation| {
                let mut annotation = Annotation::clone(annotation);
                let at = index.by_id.get(annotation.label.as_str()).copied();
                let label = at.and_then(|at| codebook.labels.get(at));
                for (name, value) in &mut annotation.attributes {
                    *value = fitted(label, &mut people, name, value);
                }
                annotation
            })
            .collect();
        Arc::make_mut(article).annotations = AnnotationSet::from_annotations(annotations).0;
    }
    parts.people = people.into_people();
}

/// A value as the codebook's kind of it, with the person that it names.
fn fitted(
    label: Option<&Label>,
    people: &mut Ledger,
    name: &str,
    value: &AttributeValue,
) -> AttributeValue {
    let kind = label
        .and_then(|label| label.attribute(name))
        .map(|spec| &spec.kind);
    match (value, kind) {
        (AttributeValue::Text(person), Some(AttributeKind::Person))
            if !person.trim().is_empty() =>
        {
            AttributeValue::Person(people.named(person))
        }
        (AttributeValue::Text(text), Some(kind)) => kind.typed(text),
        (other, _) => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::reading::FoundFragment;

    #[test]
    fn what_annotations_cover_has_a_limit() {
        let text = "word ".repeat(200_000);
        let whole = FoundAnnotation {
            fragments: vec![FoundFragment {
                offsets: Some(0..text.trim_end().len()),
                ..FoundFragment::default()
            }],
            ..FoundAnnotation::default()
        };
        let found = FoundArticle {
            annotations: vec![whole; 100],
            text,
            ..FoundArticle::default()
        };
        let mut assembly = Assembly::new(&Codebook::default());
        let added = assembly.add(&found, "a.json", "test");
        let dataset = assembly.finish();
        let kept: usize = dataset
            .parts
            .articles
            .iter()
            .map(|a| a.annotations.len())
            .sum();
        assert_eq!((kept, dataset.problems.len()), (87, 14), "{added:?}");
        assert_eq!((added.annotations, added.left_out.count()), (87, 13));
    }

    #[test]
    fn ids_that_stand_twice_are_told_and_links_stay_with_their_annotator() {
        let marked = |id: &str, annotator: &str, at: usize, link: &str| FoundAnnotation {
            id: id.to_owned(),
            label: "quote".to_owned(),
            annotator: annotator.to_owned(),
            fragments: vec![FoundFragment::at(at..at + 3)],
            links: vec![("by".to_owned(), link.to_owned())],
            ..FoundAnnotation::default()
        };
        let found = FoundArticle {
            id: "a".to_owned(),
            text: "One two six ten".to_owned(),
            annotations: vec![
                marked("k", "ana", 0, "l"),
                marked("l", "ana", 4, "k"),
                marked("k", "ben", 8, "l"),
                marked("l", "ben", 12, "k"),
            ],
            ..FoundArticle::default()
        };
        let mut assembly = Assembly::new(&Codebook::default());
        let added = assembly.add(&found, "a.json", "test");
        let told =
            "2 ids stand at several annotations of article a, which got new ones; the first is k";
        assert_eq!(
            (added.annotations, added.remarks),
            (4, vec![told.to_owned()])
        );
        let article = &assembly.finish().parts.articles[0];
        for annotation in article.annotations.iter() {
            let target = article.annotations.get(annotation.links[0].target.as_str());
            assert_eq!(target.unwrap().annotator, annotation.annotator);
        }
    }

    #[test]
    fn labels_that_a_file_tells_apart_stay_apart() {
        let codebook = Codebook {
            labels: vec![Label::new("two words", "two words", 0)],
            ..Codebook::default()
        };
        let defined = |names: &[&str]| {
            let labels = names.iter().map(|name| FoundLabel {
                name: (*name).to_owned(),
                ..FoundLabel::default()
            });
            labels.collect::<Vec<_>>()
        };
        let check = |names: &[&str], expected: &str| {
            let mut assembly = Assembly::new(&codebook);
            assembly.add_labels(&defined(names));
            assert_eq!(assembly.label("two-words").as_str(), expected, "{names:?}");
        };
        check(&[], "two words");
        check(&["two-words"], "two words");
        check(&["two words", "two-words"], "two-words");
        // As many as a file may hold: none is compared with all.
        let marks = ["-", "+", "*", "/", ".", "!", "?", "~", "#", "="];
        let many = (0..100_000).map(|n: usize| {
            let digits = (0..5).map(|at| marks[n / 10_usize.pow(at) % 10]);
            format!("two words{}", digits.collect::<String>())
        });
        let many: Vec<String> = many.collect();
        let names: Vec<&str> = many.iter().map(String::as_str).collect();
        let start = std::time::Instant::now();
        check(&names, "two words");
        let took = start.elapsed();
        assert!(took < std::time::Duration::from_secs(10), "{took:?}");
        check(&["two-words", "two words"], "two-words");
    }
}
