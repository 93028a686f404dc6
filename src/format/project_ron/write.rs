//! Core values to the project file. Same project, same bytes.
//!
//! Which fields a record has, and in which order, says `record`; here is how values look, and how a
//! value of the core is seen as a record.

use super::record::{AnnotationRecord, AnnotationView, ArticleView, TrashView, view_of_project};
use super::schema::{Unknown, Written};
use super::shapes::{Few, Map, Str};
use super::strings::{write_line, write_string};
use super::values::Time;
use crate::core::annotation::{Annotation, AnnotationSet};
use crate::core::article::Article;
use crate::core::compact::SmallMap;
use crate::core::ids::{
    AnnotationId, AnnotatorId, ArticleId, GroupId, LabelId, PersonId, RuleId, SetId,
};
use crate::core::kept::Kept;
use crate::core::project::{Dismissed, Project, Tied, TrashItem, Trashed};
use crate::core::text::segment::{grapheme_ceil, grapheme_floor};
use crate::core::text::{ArticleText, BytePos, ByteRange};
use crate::format::parallel;
use std::borrow::Borrow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// The whole file. `progress` is told the articles written so far and answers whether to go on;
/// `None` when it does not.
pub fn write(project: &Project, progress: &mut dyn FnMut(usize) -> bool) -> Option<String> {
    let mut file = String::new();
    let whole = write_each(project, progress, &mut |part| {
        file.push_str(&part);
        Ok::<(), std::convert::Infallible>(())
    });
    whole.unwrap_or(false).then_some(file)
}

/// Gives out the file piece by piece, so that it need not be in memory as a whole; says whether it
/// came to its end. The next articles are written on other cores while one piece is taken; the bytes
/// do not depend on how many there are.
pub fn write_each<E: Send>(
    project: &Project,
    progress: &mut dyn FnMut(usize) -> bool,
    take: &mut dyn FnMut(String) -> Result<(), E>,
) -> Result<bool, E> {
    let (head, tail) = around_articles(project);
    take(head)?;
    let written = Cell::new(0);
    let whole = parallel::taken_in_order(
        &pieces(project.articles()),
        &mut |_| progress(written.get()),
        |articles| Ok(article_list(articles)),
        |articles, piece| {
            written.set(written.get() + articles.len());
            take(piece).map_err(Stopped::NotTaken)
        },
    );
    match whole {
        Ok(()) => take(tail).map(|()| true),
        Err(Stopped::NotTaken(error)) => Err(error),
        Err(Stopped::Ended) => Ok(false),
    }
}

/// Why not all pieces were given out.
enum Stopped<E> {
    NotTaken(E),
    Ended,
}

impl<E> From<parallel::Ended> for Stopped<E> {
    fn from(_: parallel::Ended) -> Self {
        Self::Ended
    }
}

/// Articles that are written at once: as many as make about a quarter of a megabyte, so that little
/// is in flight and cancelling is quick.
fn pieces(articles: &[Arc<Article>]) -> Vec<&[Arc<Article>]> {
    const PIECE_BYTES: usize = 256 << 10;
    let mut bytes = 0;
    let is_more_wanted = |article: &Arc<Article>, _: &Arc<Article>| {
        bytes += bytes_of(article);
        let is_full = bytes >= PIECE_BYTES;
        if is_full {
            bytes = 0;
        }
        !is_full
    };
    articles.chunk_by(is_more_wanted).collect()
}

/// About what an article takes in the file.
fn bytes_of(article: &Article) -> usize {
    article.text.len_bytes() + article.annotations.len() * 250 + 1_000
}

fn article_list(articles: &[Arc<Article>]) -> String {
    let size = articles.iter().map(|article| bytes_of(article)).sum();
    let mut out = Out::with_capacity(size);
    for article in articles {
        out.indent(2);
        view_of_article(article).write(&mut out, Layout::Lines(2));
        out.text.push_str(",\n");
    }
    out.text
}

/// Everything before the articles, and everything after them.
fn around_articles(project: &Project) -> (String, String) {
    let mut out = Out::with_capacity(16_000);
    view_of_project(project).write(&mut out, Layout::Lines(0));
    out.text.push('\n');
    let tail = out.text.split_off(out.elsewhere);
    (out.text, tail)
}

/// How a value stands in the file.
#[derive(Clone, Copy)]
pub(super) enum Layout {
    /// On lines of its own; the number is the indentation of that on which it begins.
    Lines(usize),
    /// Within a line.
    Line,
}

pub(super) struct Out {
    text: String,
    /// Where the articles stand, which are written apart.
    elsewhere: usize,
}

impl Out {
    fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            elsewhere: 0,
        }
    }

    fn indent(&mut self, indent: usize) {
        for _ in 0..indent {
            self.text.push_str("    ");
        }
    }

    pub(super) fn string(&mut self, string: &str) {
        write_string(&mut self.text, string);
    }

    /// A value as it stood. It may end in a comment, which must not swallow what follows.
    pub(super) fn raw(&mut self, raw: &str) {
        self.text.push_str(raw);
        if raw.contains("//") {
            self.text.push('\n');
        }
    }

    /// `name(value)`
    pub(super) fn named(&mut self, name: &str, value: &(impl Written + ?Sized)) {
        self.text.push_str(name);
        self.text.push('(');
        value.write(self, Layout::Line);
        self.text.push(')');
    }

    pub(super) fn tuple(&mut self, values: &[&dyn Written]) {
        self.text.push('(');
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                self.text.push_str(", ");
            }
            value.write(self, Layout::Line);
        }
        self.text.push(')');
    }

    /// Lists by article, those of each on one line.
    fn by_article<V: Written>(&mut self, lists: &BTreeMap<ArticleId, V>, layout: Layout) {
        let lists = lists.iter();
        self.items(('{', '}'), lists, layout, |out, (article, list), _| {
            out.string(article.as_str());
            out.text.push_str(": ");
            list.write(out, Layout::Line);
        });
    }

    /// Items in brackets, on a line each or within one.
    fn items<T>(
        &mut self,
        (open, close): (char, char),
        items: impl Iterator<Item = T>,
        layout: Layout,
        mut write: impl FnMut(&mut Self, T, Layout),
    ) {
        self.text.push(open);
        match layout {
            Layout::Lines(indent) => {
                self.text.push('\n');
                for item in items {
                    self.indent(indent + 1);
                    write(self, item, Layout::Lines(indent + 1));
                    self.text.push_str(",\n");
                }
                self.indent(indent);
            }
            Layout::Line => {
                for (i, item) in items.enumerate() {
                    if i > 0 {
                        self.text.push_str(", ");
                    }
                    write(self, item, Layout::Line);
                }
            }
        }
        self.text.push(close);
    }

    pub(super) fn record(&mut self, layout: Layout, fields: impl FnOnce(&mut Self, Layout)) {
        self.text.push('(');
        match layout {
            Layout::Lines(indent) => {
                self.text.push('\n');
                fields(self, Layout::Lines(indent + 1));
                self.indent(indent);
            }
            Layout::Line => fields(self, Layout::Line),
        }
        self.text.push(')');
    }

    fn begin_field(&mut self, layout: Layout, name: &str) {
        match layout {
            Layout::Lines(indent) => self.indent(indent),
            Layout::Line if self.text.as_bytes().last() == Some(&b'(') => {}
            Layout::Line => self.text.push_str(", "),
        }
        self.text.push_str(name);
        self.text.push_str(": ");
    }

    fn end_field(&mut self, layout: Layout) {
        if matches!(layout, Layout::Lines(_)) {
            self.text.push_str(",\n");
        }
    }

    /// A field of a record; left out when it is empty and need not be there. What was kept under
    /// its name stands in its place as long as it is empty.
    pub(super) fn field(
        &mut self,
        layout: Layout,
        name: &str,
        value: &(impl Written + ?Sized),
        is_always: bool,
        unknown: &Unknown,
    ) {
        if value.is_empty() {
            if let Some((_, raw)) = unknown.iter().find(|(known, _)| known == name) {
                self.begin_field(layout, name);
                self.raw(raw.as_str());
                self.end_field(layout);
                return;
            }
            if !is_always {
                return;
            }
        }
        self.begin_field(layout, name);
        value.write(self, layout);
        self.end_field(layout);
    }

    /// The fields that this version does not know.
    pub(super) fn unknown(&mut self, layout: Layout, unknown: &Unknown, known: &[&str]) {
        let unknown = unknown.iter();
        for (name, raw) in unknown.filter(|(name, _)| !known.contains(&name.as_str())) {
            self.begin_field(layout, &identifier(name));
            self.raw(raw.as_str());
            self.end_field(layout);
        }
    }
}

impl Written for str {
    fn is_empty(&self) -> bool {
        str::is_empty(self)
    }

    fn write(&self, out: &mut Out, _: Layout) {
        out.string(self);
    }
}

/// Strings of any kind.
macro_rules! strings {
    ($($type:ty),*) => {
        $(impl Written for $type {
            fn is_empty(&self) -> bool {
                self.as_str().is_empty()
            }

            fn write(&self, out: &mut Out, _: Layout) {
                out.string(self.as_str());
            }
        })*
    };
}

strings!(
    String,
    Kept,
    Str<'_>,
    AnnotationId,
    AnnotatorId,
    ArticleId,
    GroupId,
    LabelId,
    PersonId,
    RuleId,
    SetId
);

impl Written for bool {
    fn is_empty(&self) -> bool {
        !self
    }

    fn write(&self, out: &mut Out, _: Layout) {
        out.text.push_str(if *self { "true" } else { "false" });
    }
}

impl Written for u32 {
    fn is_empty(&self) -> bool {
        *self == 0
    }

    fn write(&self, out: &mut Out, _: Layout) {
        // Writing to a string cannot fail.
        let _infallible = write!(out.text, "{self}");
    }
}

impl Written for f64 {
    fn write(&self, out: &mut Out, _: Layout) {
        let _infallible = write!(out.text, "{self:?}");
    }
}

impl<A: Written, B: Written> Written for (A, B) {
    fn write(&self, out: &mut Out, _: Layout) {
        out.tuple(&[&self.0, &self.1]);
    }
}

impl<A: Written, B: Written, C: Written> Written for (A, B, C) {
    fn write(&self, out: &mut Out, _: Layout) {
        out.tuple(&[&self.0, &self.1, &self.2]);
    }
}

impl<T: Written> Written for Option<T> {
    fn is_empty(&self) -> bool {
        self.is_none()
    }

    fn write(&self, out: &mut Out, layout: Layout) {
        if let Some(value) = self {
            value.write(out, layout);
        }
    }
}

impl<T: Written> Written for Arc<T> {
    fn write(&self, out: &mut Out, layout: Layout) {
        T::write(self, out, layout);
    }
}

impl<T: Written> Written for [T] {
    fn is_empty(&self) -> bool {
        <[T]>::is_empty(self)
    }

    fn write(&self, out: &mut Out, layout: Layout) {
        out.items(('[', ']'), self.iter(), layout, |out, item, layout| {
            item.write(out, layout);
        });
    }
}

/// Lists of any kind.
macro_rules! lists {
    ($($List:ident),*) => {
        $(impl<T: Written> Written for $List<T> {
            fn is_empty(&self) -> bool {
                $List::is_empty(self)
            }

            fn write(&self, out: &mut Out, layout: Layout) {
                self.as_slice().write(out, layout);
            }
        })*
    };
}

lists!(Vec, Few);

/// Maps of any kind.
macro_rules! maps {
    ($($Map:ident),*) => {
        $(impl<K: Borrow<str>, V: Written> Written for $Map<K, V> {
            fn is_empty(&self) -> bool {
                $Map::is_empty(self)
            }

            fn write(&self, out: &mut Out, layout: Layout) {
                out.items(('{', '}'), self.iter(), layout, |out, (name, value), layout| {
                    out.string(name.borrow());
                    out.text.push_str(": ");
                    value.write(out, layout);
                });
            }
        })*
    };
}

maps!(BTreeMap, SmallMap);

impl Written for Dismissed {
    fn is_empty(&self) -> bool {
        Self::is_empty(self)
    }

    fn write(&self, out: &mut Out, layout: Layout) {
        out.by_article(&self.0, layout);
    }
}

impl Written for Tied {
    fn is_empty(&self) -> bool {
        Self::is_empty(self)
    }

    fn write(&self, out: &mut Out, layout: Layout) {
        out.by_article(&self.0, layout);
    }
}

impl<V: Written> Written for Map<'_, V> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn write(&self, out: &mut Out, layout: Layout) {
        self.0.write(out, layout);
    }
}

/// The articles, which are written apart.
pub(super) struct Elsewhere;

impl Written for Elsewhere {
    fn write(&self, out: &mut Out, layout: Layout) {
        out.text.push_str("[\n");
        out.elsewhere = out.text.len();
        if let Layout::Lines(indent) = layout {
            out.indent(indent);
        }
        out.text.push(']');
    }
}

/// A field name; those that are no plain identifier are written raw.
fn identifier(name: &str) -> String {
    let plain = name
        .chars()
        .enumerate()
        .all(|(i, c)| c == '_' || c.is_ascii_alphabetic() || (i > 0 && c.is_ascii_digit()));
    if plain {
        name.to_owned()
    } else {
        format!("r#{name}")
    }
}

/// The lines of a text, raw where they can be.
struct Lines<'a>(&'a ArticleText);

impl Written for Lines<'_> {
    fn write(&self, out: &mut Out, layout: Layout) {
        out.items(('[', ']'), self.0.lines(), layout, |out, line, _| {
            write_line(&mut out.text, line);
        });
    }
}

/// Annotations, on a line each.
struct Placed<'a>(&'a AnnotationSet, &'a ArticleText);

impl Written for Placed<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn write(&self, out: &mut Out, layout: Layout) {
        let annotations = self.0.in_text_order();
        out.items(('[', ']'), annotations, layout, |out, annotation, _| {
            write_annotation(out, annotation, self.1);
        });
    }
}

/// Fragments in code points, each with its text.
struct Fragments<'a>(&'a [ByteRange], &'a ArticleText);

impl Written for Fragments<'_> {
    fn write(&self, out: &mut Out, layout: Layout) {
        out.items(('[', ']'), self.0.iter(), layout, |out, &fragment, _| {
            let chars = self.1.char_range(fragment);
            out.tuple(&[&chars.start.0, &chars.end.0, &self.1.slice(fragment)]);
        });
    }
}

/// Where annotators have read and found nothing, in code points.
struct Nothing<'a>(&'a Article);

impl Written for Nothing<'_> {
    fn is_empty(&self) -> bool {
        self.0.nothing.is_empty()
    }

    fn write(&self, out: &mut Out, _: Layout) {
        let text = &self.0.text;
        let in_chars = self.0.nothing.iter().map(|(annotator, stretches)| {
            let stretches = stretches.iter().map(|stretch| {
                let chars = text.char_range(*stretch);
                (chars.start.0, chars.end.0)
            });
            (annotator.as_str(), stretches.collect::<Vec<_>>())
        });
        // On one line, so that a damaged line costs no more than this.
        let in_chars = in_chars.collect::<BTreeMap<_, _>>();
        in_chars.write(out, Layout::Line);
    }
}

fn view_of_article(article: &Article) -> impl Written + '_ {
    ArticleView {
        id: &article.id,
        title: &article.title,
        hash: article.text.hash(),
        metadata: &article.metadata,
        status: &article.status,
        nothing: Nothing(article),
        notes: &article.notes,
        text: Lines(&article.text),
        annotations: Placed(&article.annotations, &article.text),
        unknown: &article.unknown,
    }
}

/// An annotation with its fragments and what stands around them.
fn view_of_annotation<'v>(
    annotation: &'v Annotation,
    fragments: impl Written + 'v,
    context: Option<(&'v str, &'v str)>,
) -> impl Written + 'v {
    AnnotationView {
        id: &annotation.id,
        annotator: &annotation.annotator,
        label: &annotation.label,
        fragments,
        context,
        sought_in: "",
        attributes: &annotation.attributes,
        links: &annotation.links,
        note: &annotation.note,
        made: Time::of(&annotation.made),
        changed: Time::of(&annotation.changed),
        codebook: annotation.codebook_revision,
        origin: &annotation.origin,
        unknown: &annotation.unknown,
    }
}

/// One annotation on one line, without the comma.
fn write_annotation(out: &mut Out, annotation: &Annotation, text: &ArticleText) {
    let fragments = Fragments(&annotation.fragments, text);
    let context = surroundings(annotation, text);
    view_of_annotation(annotation, fragments, context).write(out, Layout::Line);
}

/// Code points of text on each side that are written beside a short annotation.
const CONTEXT: usize = 24;
/// Marked texts of this many code points are found again without what stands around them.
const FINDS_ITSELF: usize = 48;

/// What stands before and after a short annotation, cut between graphemes. It belongs to the file
/// only, for finding the annotation again when another program has changed the text.
fn surroundings<'a>(annotation: &Annotation, text: &'a ArticleText) -> Option<(&'a str, &'a str)> {
    let marked = || annotation.fragments.iter().map(|&at| text.slice(at));
    let bytes = marked().map(str::len).sum::<usize>();
    if bytes >= FINDS_ITSELF
        && marked()
            .flat_map(str::chars)
            .nth(FINDS_ITSELF - 1)
            .is_some()
    {
        return None;
    }
    let extent = annotation.extent();
    let before = text.slice(ByteRange::new(BytePos(0), extent.start));
    let start = before.char_indices().rev().take(CONTEXT).last();
    let start = start.map_or(extent.start, |(i, _)| BytePos(i as u32));
    let start = grapheme_ceil(text, start).min(extent.start);
    let after = text.slice(ByteRange::new(extent.end, text.end()));
    let last = after.char_indices().take(CONTEXT).last();
    let end = last.map_or(0, |(i, c)| (i + c.len_utf8()) as u32);
    let end = grapheme_floor(text, BytePos(extent.end.0 + end)).max(extent.end);
    Some((
        text.slice(ByteRange::new(start, extent.start)),
        text.slice(ByteRange::new(extent.end, end)),
    ))
}

/// The trash with the texts of its annotations.
pub(super) struct Trash<'a>(pub(super) &'a Project);

impl Written for Trash<'_> {
    fn is_empty(&self) -> bool {
        self.0.trash().is_empty()
    }

    fn write(&self, out: &mut Out, layout: Layout) {
        let items = self.0.trash().iter();
        out.items(('[', ']'), items, layout, |out, item, layout| {
            write_trashed(out, self.0, item, layout);
        });
    }
}

fn write_trashed(out: &mut Out, project: &Project, item: &TrashItem, layout: Layout) {
    let view = TrashView {
        what: What(project, &item.what),
        by: &item.by,
        when: Time::of(&item.when),
        unknown: &item.unknown,
    };
    view.write(out, layout);
}

struct What<'a>(&'a Project, &'a Trashed);

impl Written for What<'_> {
    fn write(&self, out: &mut Out, layout: Layout) {
        let name = match self.1 {
            Trashed::Annotation { .. } => "annotation(",
            Trashed::Article(_) => "article(",
            Trashed::Label(_) => "label(",
            Trashed::Annotator(_) => "annotator(",
            Trashed::Later(kept) => return out.raw(kept.as_str()),
        };
        out.text.push_str(name);
        match self.1 {
            Trashed::Annotation {
                article,
                annotation,
            } => {
                out.string(article.as_str());
                out.text.push_str(", ");
                let empty = ArticleText::new(String::new());
                let text = article_text(self.0, article).unwrap_or(&empty);
                write_annotation(out, annotation, text);
            }
            Trashed::Article(article) => view_of_article(article).write(out, layout),
            Trashed::Label(label) => label.write(out, layout),
            Trashed::Annotator(annotator) => annotator.write(out, layout),
            Trashed::Later(_) => {}
        }
        out.text.push(')');
    }
}

/// A file that is one value.
pub(super) fn file_of(value: &impl Written) -> String {
    let mut out = Out::with_capacity(16_000);
    value.write(&mut out, Layout::Lines(0));
    out.text.push('\n');
    out.text
}

/// A value within a line, for what is set aside.
pub(super) fn text_of(value: &impl Written) -> String {
    let mut out = Out::with_capacity(300);
    value.write(&mut out, Layout::Line);
    out.text
}

/// One item of the trash as RON, for what is set aside.
pub(super) fn trashed_text(project: &Project, item: &TrashItem) -> String {
    let mut out = Out::with_capacity(300);
    write_trashed(&mut out, project, item, Layout::Line);
    out.text
}

/// One annotation as RON, for what is set aside.
pub(super) fn annotation_text(annotation: &Annotation, text: &ArticleText) -> String {
    let mut out = Out::with_capacity(300);
    write_annotation(&mut out, annotation, text);
    out.text
}

/// An annotation whose place in the text is not known, as RON for the review list; `marked` is the
/// text that it covered, fragments joined by a line break.
pub fn lost_annotation_text(annotation: &Annotation, marked: &str) -> String {
    let texts: Vec<&str> = match annotation.fragments.len() {
        1 => vec![marked],
        _ => marked.split('\n').collect(),
    };
    let fragments: Vec<(u32, u32, &str)> = texts.into_iter().map(|text| (0, 0, text)).collect();
    let mut out = Out::with_capacity(300 + marked.len());
    view_of_annotation(annotation, fragments, Some(("", ""))).write(&mut out, Layout::Line);
    out.text
}

/// An annotation as it stood in a file, offsets and all, though they may fit no text.
pub(super) fn record_text(record: &AnnotationRecord<'_>) -> String {
    text_of(&record.as_it_stood())
}

/// The text of an article, whether it is in the project or in its trash.
pub(super) fn article_text<'a>(project: &'a Project, id: &ArticleId) -> Option<&'a ArticleText> {
    let article = project.article_or_trashed(id)?;
    Some(&article.text)
}
