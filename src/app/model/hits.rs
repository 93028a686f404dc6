//! What is done to the hits that are ticked on the page of finding: marked, changed, taken to the
//! trash, copied. Each is one step of the history; where marks come to lie is found by a job.

use super::Model;
use super::jobs::Outcome;
use super::rows::{commands, row};
use super::view::Page;
use crate::app::action::find::{HitId, ToHits};
use crate::app::action::{Action, Pick, UiRequest};
use crate::app::clock;
use crate::app::command::{Command, Scope, Section};
use crate::app::derived::hits::{Concordance, Shared, is_annotated, is_settled};
use crate::app::jobs::{JobKind, Turn, jobs};
use crate::app::notice::Notice;
use crate::app::words::count_grouped;
use crate::core::annotation::{Annotation, AttributeValue};
use crate::core::codebook::AttributeSpec;
use crate::core::concordance::Standings;
use crate::core::edit::Edit;
use crate::core::ids::{AnnotationId, ArticleId, LabelId};
use crate::core::project::Project;
use crate::core::recipes::Signed;
use crate::core::recipes::hits::{Places, annotations_of, change_all, places, relabel_all, trash};
use crate::core::recipes::mark::{likely_kind, person_called};
use crate::core::search::Hit;
use crate::core::shown::shown_path;
use crate::format::concordance;
use crate::store::{self, StoreError};
use std::cell::Cell;
use std::path::Path;

#[rustfmt::skip]
commands! {
    MarkHits => row(Section::Hits, "Mark ticked hits", None, Scope::Always, "Mark all hits that are ticked on the page of finding with the label chosen there, as one step (Ctrl+Enter there)")
        .runs(|model| model.do_to_hits(ToHits::Mark))
        .when(Model::has_hits_to_mark),
    TrashHits => row(Section::Hits, "Remove annotations of ticked hits", None, Scope::Always, "Move the annotations to the trash that ticked hits are, or lie in, as one step")
        .runs(|model| model.do_to_hits(ToHits::Trash))
        .when(Model::has_annotated_hits),
    SetHitAttribute => row(Section::Hits, "Set an attribute of ticked hits…", None, Scope::Always, "Give an attribute the same value in all annotations that ticked hits are, or lie in, as one step")
        .shows_its_dialog()
        .when(Model::has_annotated_hits),
    ExportHitsCsv => row(Section::Finding, "Export ticked hits as CSV…", None, Scope::Always, "Write the ticked lines of the concordance into a table of text, in the order in which they stand")
        .runs(|model| model.ask_where_to_export("csv"))
        .when(Model::has_lines),
    ExportHitsXlsx => row(Section::Finding, "Export ticked hits as workbook…", None, Scope::Always, "Write the ticked lines of the concordance into a workbook for Excel, in the order in which they stand")
        .runs(|model| model.ask_where_to_export("xlsx"))
        .when(Model::has_lines),
    CopyHits => row(Section::Finding, "Copy ticked hits as text", None, Scope::Always, "Put the ticked lines of the concordance on the clipboard, with tabs between their columns")
        .runs(Model::copy_hits)
        .when(Model::has_lines),
}

jobs! {
    // A concordance as a file.
    ExportHits => Turn::OneAtATime("Hits are being exported already"),
    // Where many marks come to lie.
    MarkHits => Turn::OneAtATime("Hits are being marked already"),
}

/// An attribute, and how many annotations of ticked hits can have it.
pub struct AttributeOfHits {
    pub spec: AttributeSpec,
    pub annotations: usize,
}

fn specs_of<'a>(
    project: &'a Project,
    article: &ArticleId,
    id: &AnnotationId,
) -> Option<&'a [AttributeSpec]> {
    let annotation = project.article(article)?.annotations.get(id.as_str())?;
    let label = project.codebook().label(annotation.label.as_str())?;
    Some(&label.attributes)
}

/// So many hits are marked within a frame.
const FEW: usize = 500;
/// So many are put on the clipboard, which holds all of them at once.
const MOST_COPIED: usize = 20_000;

impl Model {
    /// The hits that are shown and ticked, in the order of their articles.
    pub(super) fn ticked_now(&self, is_meant: impl Fn(&Standings, usize) -> bool) -> Vec<HitId> {
        let Some(of) = self.lines_now() else {
            return Vec::new();
        };
        let standings = self.standings_of(&of.hits);
        let mut numbers: Vec<u32> = of.lines.order.clone();
        numbers.sort_unstable();
        let standings = standings.unwrap_or_default();
        let ticks = self.hit_ticks();
        let hits = numbers.into_iter().map(|n| n as usize);
        let hits = hits.filter(|n| is_meant(&standings, *n));
        let hits = hits.filter_map(|n| self.id_of_hit(of.hits.get(n)?));
        hits.filter(|(article, range)| ticks.has(article, *range))
            .collect()
    }

    /// The ticked hits, in the order of their lines.
    pub(super) fn ticked_lines(&self) -> Vec<HitId> {
        let Some(of) = self.lines_now() else {
            return Vec::new();
        };
        let lines = 0..of.lines.order.len();
        let hits = lines.filter_map(|line| self.id_of_hit(of.hit(line)?));
        let ticks = self.hit_ticks();
        hits.filter(|(article, range)| ticks.has(article, *range))
            .collect()
    }

    /// Whether all hits are there that something is to be done to; says it where they are not.
    fn has_all_hits(&mut self) -> bool {
        let has_all = self.page() != Page::Find || self.has_settled_lines();
        if !has_all {
            self.notify(Notice::info(
                "Hits are still being looked for; nothing was done. Do it again when all are there",
            ));
        }
        has_all
    }

    pub(super) fn do_to_hits(&mut self, what: ToHits) {
        if !self.has_all_hits() {
            return;
        }
        match what {
            ToHits::Mark => self.mark_hits(),
            ToHits::Dismiss(is_dismissed) => self.dismiss_hits(is_dismissed),
            ToHits::Trash => {
                self.change_hits("remove", "moved to the trash", None, trash);
                self.mend_references();
            }
            ToHits::Relabel(label) => {
                let name = self.work.session.project().codebook().name_of(&label);
                let told = format!("changed to {}", name.to_lowercase());
                self.change_hits("relabel", &told, None, |project, found, signed| {
                    relabel_all(project, found, &label, signed)
                });
            }
            ToHits::SetAttribute { name, value } => {
                let title = self.title_of_attribute(&name);
                let told = match &value {
                    Some(_) => format!("got a value of “{title}”"),
                    None => format!("have no value of “{title}” any more"),
                };
                let set = |annotation: &mut Annotation| {
                    match &value {
                        Some(value) => annotation.attributes.insert(name.as_str(), value.clone()),
                        None => annotation.attributes.remove(name.as_str()),
                    };
                };
                let of = Some((name.as_str(), value.as_ref()));
                self.change_hits("change", &told, of, |project, found, signed| {
                    change_all(project, found, signed, &set)
                });
            }
            ToHits::SetPerson { name, person } => {
                let project = self.work.session.project();
                let kind = likely_kind(&name, &person, None);
                let (id, entry) = person_called(project, person.trim(), kind);
                let value = AttributeValue::Person(id);
                let told = format!("got a value of “{}”", self.title_of_attribute(&name));
                let of = Some((name.as_str(), Some(&value)));
                self.change_hits("change", &told, of, |project, found, signed| {
                    let changed = change_all(project, found, signed, &|annotation| {
                        annotation.attributes.insert(name.as_str(), value.clone());
                    });
                    match (&entry, changed.is_empty()) {
                        (Some(entry), false) => [vec![entry.clone()], changed].concat(),
                        _ => changed,
                    }
                });
            }
        }
    }

    /// What an attribute is called in the window, by the first label that has it.
    fn title_of_attribute(&self, name: &str) -> String {
        let labels = &self.work.session.project().codebook().labels;
        let mut specs = labels.iter().flat_map(|label| &label.attributes);
        let spec = specs.find(|spec| spec.name == name);
        spec.map_or(name, AttributeSpec::shown_title).to_owned()
    }

    fn mark_hits(&mut self) {
        let Some(label) = self.label_for_hits().map(|label| label.id.clone()) else {
            return self.notify(Notice::info("The codebook has no labels"));
        };
        let hits = self.ticked_now(|standings, n| !is_settled(standings, n, Some(&label)));
        if hits.is_empty() {
            return self.notify(Notice::info("No hit is ticked that is not marked already"));
        }
        let project = self.work.session.project().clone();
        let by = self.work.session.annotator().clone();
        if hits.len() <= FEW {
            let hits = hits.iter().map(|(id, range)| (id, *range));
            if let Some(found) = places(&project, hits, &label, &by, &mut || true) {
                drop(project);
                self.make_marks(&found, &label);
            }
            return;
        }
        let name = project.codebook().name_of(&label);
        let title = format!("Marking {}", count_grouped(hits.len(), "hit", "hits"));
        let title = format!("{title} as {}", name.to_lowercase());
        self.start(JobKind::MarkHits, title, move |context| {
            let total = hits.len() as f32;
            let seen = Cell::new(0.0);
            let hits = hits.iter().map(|(id, range)| (id, *range));
            let hits = hits.inspect(|_| seen.set(seen.get() + 1.0));
            let mut goes_on = || context.progress(seen.get() / total);
            let found = places(&project, hits, &label, &by, &mut goes_on);
            // The session must hold the only copy, or changing it would copy all of it.
            drop(project);
            Outcome::of_project(move |model| {
                if let Some(found) = found {
                    model.make_marks(&found, &label);
                }
            })
        });
    }

    fn make_marks(&mut self, found: &Places, label: &LabelId) {
        let codebook = self.work.session.project().codebook();
        if codebook.label(label.as_str()).is_none() {
            return self.notify(Notice::info(
                "Nothing was marked: the label is gone from the codebook",
            ));
        }
        let by = self.work.session.annotator().clone();
        let when = Some(clock::now());
        let signed = Signed { by: &by, when };
        let (project, mint) = self.work.session.with_ids();
        let (edits, marks) = found.edits(project, label, signed, mint);
        let name = project.codebook().name_of(label).to_lowercase();
        let mut beside = Vec::new();
        if found.already > 0 {
            beside.push(format!("{} already", found.already));
        }
        if found.refused > 0 {
            beside.push(format!(
                "{} left out, where the codebook lets nothing overlap or there is only white space",
                found.refused
            ));
        }
        let beside = if beside.is_empty() {
            String::new()
        } else {
            format!(" ({})", beside.join("; "))
        };
        if marks == 0 {
            return self.notify(Notice::info(format!("Nothing was marked{beside}")));
        }
        let hits = count_grouped(marks, "hit", "hits");
        let articles = count_grouped(found.articles.len(), "article", "articles");
        if self.apply(format!("mark {hits} as {name}"), edits) {
            self.remember_label(label);
            self.tell_of_hits(format!("Marked {hits} as {name} in {articles}{beside}"));
        }
    }

    /// Changes the annotations that ticked hits are, or lie in, as one step.
    fn change_hits(
        &mut self,
        does: &str,
        told: &str,
        of: Option<(&str, Option<&AttributeValue>)>,
        change: impl Fn(&Project, &[(ArticleId, Vec<AnnotationId>)], Signed<'_>) -> Vec<Edit>,
    ) {
        let hits = self.ticked_now(|standings, n| is_annotated(standings.of(n)));
        let project = self.work.session.project();
        let mut found = annotations_of(project, hits.iter().map(|(id, range)| (id, *range)));
        if let Some((name, value)) = of {
            // Labels that have no such attribute stay without it.
            let fits = |spec: &AttributeSpec| {
                spec.name == name && value.is_none_or(|value| spec.kind.fits(value))
            };
            for (article, ids) in &mut found {
                ids.retain(|id| {
                    specs_of(project, article, id).is_some_and(|specs| specs.iter().any(fits))
                });
            }
            found.retain(|(_, ids)| !ids.is_empty());
        }
        let n: usize = found.iter().map(|(_, ids)| ids.len()).sum();
        if n == 0 {
            return self.notify(Notice::info(
                "No hit is ticked that is an annotation or in one",
            ));
        }
        let (by, when) = (self.work.session.annotator().clone(), Some(clock::now()));
        let edits = change(project, &found, Signed { by: &by, when });
        let annotations = count_grouped(n, "annotation", "annotations");
        if edits.is_empty() {
            return self.notify(Notice::info(format!("{annotations}: they are so already")));
        }
        if self.apply(format!("{does} {annotations} of hits"), edits) {
            let articles = count_grouped(found.len(), "article", "articles");
            self.tell_of_hits(format!("{annotations} in {articles} {told}"));
        }
    }

    /// The attributes that the annotations of ticked hits can have, those of most first.
    pub fn attributes_of_hits(&self) -> Vec<AttributeOfHits> {
        let hits = self.ticked_now(|standings, n| is_annotated(standings.of(n)));
        let project = self.work.session.project();
        let found = annotations_of(project, hits.iter().map(|(id, range)| (id, *range)));
        let mut known: Vec<AttributeOfHits> = Vec::new();
        for (article, ids) in &found {
            let specs = ids.iter().filter_map(|id| specs_of(project, article, id));
            for spec in specs.flatten() {
                let is_it = |of: &&mut AttributeOfHits| {
                    of.spec.name == spec.name && of.spec.kind == spec.kind
                };
                match known.iter_mut().find(is_it) {
                    Some(of) => of.annotations += 1,
                    None => known.push(AttributeOfHits {
                        spec: spec.clone(),
                        annotations: 1,
                    }),
                }
            }
        }
        known.sort_by_key(|of| std::cmp::Reverse(of.annotations));
        known
    }

    /// Says under the hits what was done to them, with the way back; elsewhere as a notice.
    pub(super) fn tell_of_hits(&mut self, told: String) {
        let state = self.work.session.state();
        self.work.find.note(told.clone(), state);
        if self.page() != Page::Find {
            self.offer_undo(told);
        }
    }

    fn copy_hits(&mut self) {
        if !self.has_all_hits() {
            return;
        }
        let Some(of) = self.lines_now() else {
            return;
        };
        let ticks = self.hit_ticks();
        let articles = self.work.session.project().articles();
        let is_ticked = |hit: &Hit| {
            let article = articles.get(hit.article);
            article.is_some_and(|article| ticks.has(&article.id, hit.range))
        };
        let hits = (0..of.lines.order.len()).filter_map(|line| of.hit(line));
        let mut hits = hits.filter(is_ticked);
        let few = hits.by_ref().take(MOST_COPIED);
        let lines = concordance::clipboard(self.work.session.project(), few);
        let is_cut = hits.next().is_some();
        self.requests.push(UiRequest::CopyText(lines));
        if is_cut {
            let n = count_grouped(MOST_COPIED, "ticked hit", "ticked hits");
            self.notify(Notice::info(format!(
                "The first {n} were copied; export them to have all"
            )));
        }
    }

    /// Whether a workbook holds the ticked lines; says what to do where it does not.
    fn fits_workbook(&mut self, of: &Shared<Concordance>) -> bool {
        let ticked = self.ticked_hits(of).value;
        let ticked = ticked.map_or(of.lines.order.len(), |counts| counts.ticked);
        let fits = concordance::fits_workbook(ticked);
        if let Err(error) = &fits {
            let told = format!("The hits were not exported: {error}, or tick fewer");
            self.notify(Notice::warning(told));
        }
        fits.is_ok()
    }

    fn ask_where_to_export(&mut self, extension: &'static str) {
        let Some(of) = self.lines_now() else {
            return;
        };
        if extension == "xlsx" && !self.fits_workbook(&of) {
            return;
        }
        let name = self.work.session.display_name();
        let name = format!("{name}-hits.{extension}");
        self.requests
            .push(UiRequest::Pick(Pick::SaveHits { name, extension }));
    }

    /// Writes the ticked lines, in their order. The dialog has asked about a file that is there.
    pub(super) fn export_hits(&mut self, path: &Path) {
        if !self.has_all_hits() {
            return;
        }
        let Some(of) = self.lines_now() else {
            return;
        };
        let is_workbook = path.extension().is_some_and(|ending| ending == "xlsx");
        if is_workbook && !self.fits_workbook(&of) {
            return;
        }
        let ticks = self.hit_ticks().clone();
        let project = self.work.session.project().clone();
        let path = path.to_owned();
        let title = format!("Exporting hits to {}", shown_path(&path));
        self.start(JobKind::ExportHits, title, move |_| {
            let articles = project.articles();
            let is_ticked = |hit: &Hit| {
                let article = articles.get(hit.article);
                article.is_some_and(|article| ticks.has(&article.id, hit.range))
            };
            let hits = (0..of.lines.order.len()).filter_map(|line| of.hit(line));
            let hits: Vec<Hit> = hits.filter(is_ticked).collect();
            let n = count_grouped(hits.len(), "hit", "hits");
            let hits = hits.into_iter();
            let made = if is_workbook {
                concordance::xlsx(&project, hits)
            } else {
                concordance::csv(&project, hits, false)
            };
            let written = made.map_err(|error| error.to_string()).and_then(|bytes| {
                let written = store::write_atomically(&path, |out| {
                    let written = out.write_all(&bytes);
                    written.map_err(|error| StoreError::new(&path, &error))
                });
                written.map_err(|error| error.to_string())
            });
            let notice = match written {
                Ok(()) => Notice::info(format!("{n} are in {}", shown_path(&path))),
                Err(error) => Notice::error(format!("The hits were not exported. {error}")),
            };
            Outcome::always(move |model| model.notify(notice))
        });
    }

    /// What takes the last thing back that was done to hits.
    pub fn undo_of_hits(&self) -> Option<Action> {
        self.done_to_hits().map(|_| Action::Run(Command::Undo))
    }
}
