//! Making the edits of a journal again, one by one.
//!
//! Behind missing records nothing is taken for granted: a step is made only when what takes it back
//! is exactly what its record says, which proves that it stands on what it stood on. What does not
//! fit goes to the review list. The journal's own list of steps is kept beside the history, so that
//! an undo never takes back another step than the one that was meant.

use super::Report;
use super::ledger::{Event, Ledger, Plan};
use crate::core::annotation::Annotation;
use crate::core::edit::{Edit, History, Step, Transaction, Workbench, are_stretches};
use crate::core::ids::ArticleId;
use crate::core::project::{Project, SetAside};
use crate::core::reanchor::{Lost, budget_for, reanchor};
use crate::core::shown::in_marks;
use crate::core::text::{ArticleText, hash_of};
use crate::format::journal::{self as records, LazyRecord, LazyStep, Record};
use crate::format::project_ron;
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What came of it.
pub(super) struct Replayed {
    pub(super) history: History,
    /// States of steps of which the journal holds one half.
    pub(super) half_logged: HashSet<u64>,
    /// What did not fit.
    pub(super) aside: Vec<SetAside>,
    /// The payloads of the records that were made again.
    pub(super) made: Vec<Arc<[u8]>>,
    /// States of steps before the replay, of which a new journal would hold one half.
    pub(super) kept: HashSet<u64>,
}

pub(super) struct Replay<'p, 'r> {
    bench: Workbench<'p>,
    history: History,
    half_logged: HashSet<u64>,
    /// The steps as the journal counts them: the state of each in the history, none for one that
    /// could not be made.
    steps: Vec<Option<u64>>,
    /// How many of them are in force in the journal.
    done: usize,
    /// Before these there may be others.
    is_bottom_unknown: bool,
    /// The file was changed by another program: annotations are found again by their words.
    is_changed: bool,
    needs_proof: bool,
    /// What may still be spent on finding annotations again in an article.
    budgets: HashMap<ArticleId, u64>,
    report: &'r mut Report,
    aside: Vec<SetAside>,
    made: Vec<Arc<[u8]>>,
    kept: HashSet<u64>,
}

impl<'p, 'r> Replay<'p, 'r> {
    pub(super) fn new(
        project: &'p mut Project,
        plan: &Plan<'_>,
        last_state: u64,
        report: &'r mut Report,
    ) -> Self {
        let (history, half_logged) = if plan.is_changed {
            // None of the old steps is known to fit the changed file.
            (History::restored(Vec::new(), 0, last_state), HashSet::new())
        } else {
            plan.ledger.history()
        };
        let kept = history.steps().iter().map(|step| step.state).collect();
        Self {
            bench: Workbench::on(project),
            steps: history.steps().iter().map(|s| Some(s.state)).collect(),
            done: history.done(),
            history,
            half_logged,
            is_bottom_unknown: false,
            is_changed: plan.is_changed,
            needs_proof: plan.is_unsure,
            budgets: HashMap::new(),
            report,
            aside: Vec::new(),
            made: Vec::new(),
            kept,
        }
    }

    /// Brings the project up to date.
    pub(super) fn finish(self) -> Replayed {
        Replayed {
            history: self.history,
            half_logged: self.half_logged,
            aside: self.aside,
            made: self.made,
            kept: self.kept,
        }
    }

    pub(super) fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Record(record, payload) => {
                if self.take_record(record) {
                    let whole = self.both_halves(record);
                    self.made
                        .push(whole.map_or_else(|| Arc::from(*payload), Arc::from));
                }
            }
            Event::Holes(states) => {
                self.needs_proof = true;
                self.steps.truncate(self.done);
                self.steps.extend(states.clone().map(|_missing| None));
                self.done = self.steps.len();
            }
            Event::Unknown(_) => {
                self.needs_proof = true;
                self.is_bottom_unknown = true;
                self.steps.clear();
                self.done = 0;
            }
        }
    }

    /// The payload of an undo or redo that was made of a step of which a new journal would hold one
    /// half.
    fn both_halves(&mut self, record: &LazyRecord<'_>) -> Option<Vec<u8>> {
        let done = self.history.done();
        let mut half_at = |at: usize| {
            let step = self.history.steps().get(at)?;
            self.kept.remove(&step.state).then(|| step.next.clone())
        };
        let whole = match record {
            LazyRecord::Undo(turn) => Record::Undo {
                when: turn.when,
                redo: Some(half_at(done)?),
            },
            LazyRecord::Redo(turn) => Record::Redo {
                when: turn.when,
                undo: Some(half_at(done.checked_sub(1)?)?),
            },
            LazyRecord::Step(_)
            | LazyRecord::Begin { .. }
            | LazyRecord::Base(_)
            | LazyRecord::Kept(_)
            | LazyRecord::File { .. }
            | LazyRecord::Placed
            | LazyRecord::GivenUp { .. } => return None,
        };
        records::payload(&whole).ok()
    }

    /// Whether something was made.
    fn take_record(&mut self, record: &LazyRecord<'_>) -> bool {
        match record {
            LazyRecord::Step(step) => self.step(step),
            LazyRecord::Undo(_) => self.undo(),
            LazyRecord::Redo(_) => self.redo(),
            LazyRecord::Base(raw) => {
                let base = records::transaction(raw);
                let made = base.and_then(|base| self.bench.apply(&base).map_err(|e| e.to_string()));
                if let Err(reason) = &made {
                    self.report.refused.push(format!("the beginning: {reason}"));
                }
                made.is_ok()
            }
            LazyRecord::GivenUp { .. } => {
                self.give_up();
                false
            }
            LazyRecord::Begin { .. }
            | LazyRecord::Kept(_)
            | LazyRecord::File { .. }
            | LazyRecord::Placed => false,
        }
    }

    fn step(&mut self, step: &LazyStep<'_>) -> bool {
        self.steps.truncate(self.done);
        let made = self.make(step);
        self.steps.push(made.as_ref().ok().copied());
        self.done = self.steps.len();
        match made {
            Ok(_) => self.report.edits += 1,
            Err(reason) => {
                self.refuse(step, &reason);
                return false;
            }
        }
        true
    }

    /// Puts on the review list what a step would have done.
    pub(super) fn refuse(&mut self, step: &LazyStep<'_>, reason: &str) {
        let (title, items) = set_aside(step, reason);
        self.report.refused.push(format!("{title}: {reason}"));
        self.aside.extend(items);
    }

    fn make(&mut self, step: &LazyStep<'_>) -> Result<u64, String> {
        let mut redo = records::transaction(step.redo)?;
        if self.is_changed {
            self.find_again(&mut redo, &step.marked)?;
            self.keep_nothing(&mut redo, &step.marked);
            self.keep_theirs(&mut redo, step.undo);
        }
        let next = self.bench.apply(&redo).map_err(|error| error.to_string())?;
        if self.needs_proof && !self.is_changed && !self.is_proven(step, &redo, &next) {
            // The inverse of what was just made applies.
            let _taken_back = self.bench.apply(&next);
            return Err(
                "it does not fit, because it depends on an edit that is missing".to_owned(),
            );
        }
        let state = if self.is_changed {
            // Its old name may be that of the changed file.
            self.history.next_state()
        } else {
            step.state
        };
        self.history.restore(Step {
            title: redo.title.clone(),
            by: step.by.clone(),
            when: step.when,
            state,
            next,
        });
        Ok(state)
    }

    /// Whether a step that was just made stands on what it stood on.
    fn is_proven(&self, step: &LazyStep<'_>, redo: &Transaction, undo: &Transaction) -> bool {
        is_same(step.undo, undo) && {
            let marked = records::marked_in(redo, |id| text_of(&self.bench, redo, id));
            let mut pairs = marked.iter().zip(&step.marked);
            pairs.all(|(now, then)| now == then || then.is_empty() || now.is_empty())
        }
    }

    fn undo(&mut self) -> bool {
        let Some(at) = self.done.checked_sub(1) else {
            if self.is_bottom_unknown {
                let reason = "which step it took back is not known, so none was taken back";
                self.report.refused.push(format!("undo: {reason}"));
            }
            return false;
        };
        self.done = at;
        let meant = self.steps.get(at).copied().flatten();
        let Some(state) = meant.filter(|state| self.history.state() == *state) else {
            return false;
        };
        match self.history.undo_on(&mut self.bench) {
            Some(Ok(_)) => {
                self.report.edits += 1;
                self.half_logged.remove(&state);
                return true;
            }
            Some(Err(error)) => self.report.refused.push(format!("undo: {error}")),
            None => {}
        }
        false
    }

    fn redo(&mut self) -> bool {
        let next = self.history.steps().get(self.history.done());
        let next = next.map(|step| step.state);
        if self.done == self.steps.len() {
            if !self.is_bottom_unknown || next.is_none() {
                return false;
            }
            self.steps.push(next);
        }
        let at = self.done;
        self.done += 1;
        let meant = self.steps.get(at).copied().flatten();
        if meant.is_none() || meant != next {
            return false;
        }
        match self.history.redo_on(&mut self.bench) {
            Some(Ok(_)) => {
                self.report.edits += 1;
                self.half_logged.remove(&self.history.state());
                return true;
            }
            Some(Err(error)) => self.report.refused.push(format!("redo: {error}")),
            None => {}
        }
        if let Some(step) = self.steps.get_mut(at) {
            *step = None;
        }
        false
    }

    /// In a changed file; else the plan begins after it.
    fn give_up(&mut self) {
        while let Some(target) = self.history.saved_step() {
            let turned = match self.history.done().cmp(&target) {
                std::cmp::Ordering::Greater => self.history.undo_on(&mut self.bench),
                std::cmp::Ordering::Less => self.history.redo_on(&mut self.bench),
                std::cmp::Ordering::Equal => break,
            };
            if !matches!(turned, Some(Ok(_))) {
                break;
            }
        }
        self.done = 0;
        self.report.edits = 0;
        self.report.refused.clear();
        self.aside.clear();
        self.made.clear();
    }

    /// Moves annotations whose text stands elsewhere by now; says what could not be found.
    fn find_again(&mut self, redo: &mut Transaction, marked: &[String]) -> Result<(), String> {
        let mut marked = marked.iter();
        let edits = redo.edits.iter_mut();
        for (article, annotation) in edits.flat_map(Edit::annotations_mut) {
            self.find_one(article, annotation, marked.next())?;
        }
        Ok(())
    }

    /// Where nothing was found nothing is only as long as the words are the same.
    fn keep_nothing(&mut self, redo: &mut Transaction, marked: &[String]) {
        let mut words = marked.iter().skip(redo.annotations().count());
        let mut gone = 0;
        for (article, stretches) in redo.edits.iter_mut().filter_map(Edit::nothing_mut) {
            let text = self.bench.text(article);
            let before = stretches.len();
            stretches.retain(|range| {
                let pair = words.next().zip(text);
                pair.is_some_and(|(then, text)| {
                    are_stretches(text, &[*range]) && hash_of(text.slice(*range)) == *then
                })
            });
            gone += before - stretches.len();
        }
        if gone > 0 {
            self.report.refused.push(format!(
                "{}: {gone} of the places where nothing was found have another text now and are to be read again",
                redo.title
            ));
        }
    }

    /// What someone else gave the codebook and the list of annotators stays in them: a step takes
    /// out only what was there before it.
    fn keep_theirs(&self, redo: &mut Transaction, undo: &RawValue) {
        let sets_a_list =
            |edit: &mut Edit| edit.codebook_mut().is_some() || edit.annotators_mut().is_some();
        if !redo.edits.iter_mut().any(sets_a_list) {
            return;
        }
        let Ok(mut undo) = records::transaction(undo) else {
            return;
        };
        let (mut labels, mut annotators) = (HashSet::new(), HashSet::new());
        for edit in &mut undo.edits {
            let before = edit.codebook_mut().into_iter();
            labels.extend(before.flat_map(|all| all.labels.iter().map(|one| one.id.clone())));
            let before = edit.annotators_mut().into_iter().flatten();
            annotators.extend(before.map(|one| one.id.clone()));
        }
        for edit in &mut redo.edits {
            if let Some(codebook) = edit.codebook_mut() {
                labels.extend(codebook.labels.iter().map(|one| one.id.clone()));
                let now = self.bench.codebook().labels.iter();
                let theirs = now.filter(|one| !labels.contains(&one.id));
                codebook.labels.extend(theirs.cloned());
            }
            if let Some(all) = edit.annotators_mut() {
                annotators.extend(all.iter().map(|one| one.id.clone()));
                let now = self.bench.annotators().iter();
                let theirs = now.filter(|one| !annotators.contains(&one.id));
                all.extend(theirs.cloned());
            }
        }
    }

    fn find_one(
        &mut self,
        article: &ArticleId,
        annotation: &mut Annotation,
        marked: Option<&String>,
    ) -> Result<(), String> {
        let (Some(text), Some(marked)) = (self.bench.text(article), marked) else {
            return Ok(());
        };
        let slices = annotation.fragments.iter().map(|range| text.slice(*range));
        let now = slices.collect::<Vec<_>>().join("\n");
        if now == *marked {
            return Ok(());
        }
        let texts: Vec<&str> = match annotation.fragments.len() {
            1 => vec![marked],
            _ => marked.split('\n').collect(),
        };
        let ranges = annotation
            .fragments
            .iter()
            .map(|range| text.char_range(*range));
        let lost = Lost {
            fragments: ranges.zip(texts).collect(),
            context: None,
        };
        // One for all steps, so that many of them do not take for ever.
        let budget = self.budgets.entry(article.clone());
        let budget = budget.or_insert_with(|| budget_for(text.len_bytes()));
        match reanchor(text, &[], &[lost], budget).pop() {
            Some(Ok(placed)) => {
                annotation.fragments = placed.fragments.into();
                Ok(())
            }
            Some(Err(reason)) => Err(format!("{} was marked, and {reason}", in_marks(marked))),
            None => Err(format!("{} was marked, and is not there", in_marks(marked))),
        }
    }
}

/// The text that an annotation of a transaction is on: that of the project, or one that came in with
/// it.
pub(super) fn text_of<'t>(
    bench: &'t Workbench<'_>,
    transaction: &'t Transaction,
    id: &ArticleId,
) -> Option<&'t ArticleText> {
    let known = bench.text(id).map(AsRef::as_ref);
    known.or_else(|| {
        let mut added = transaction.new_articles();
        added
            .find(|article| article.id == *id)
            .map(|article| &*article.text)
    })
}

/// Whether a transaction is the one that was written.
fn is_same(written: &RawValue, transaction: &Transaction) -> bool {
    let now = serde_json::to_string(transaction);
    now.is_ok_and(|now| now == written.get())
        || records::transaction(written).is_ok_and(|then| then == *transaction)
}

/// The last step that is in force in the project as it is: undoing it, and those before it up to
/// one that is missing, gives exactly what was done. Tells the state of a file that no record names.
pub(super) fn align(project: &Project, ledger: &Ledger<'_>) -> Option<u64> {
    /// So many times the length of the journal is gone back at most.
    const MAX_PASSES: usize = 8;
    let mut project = project.clone();
    let mut bench = Workbench::on(&mut project);
    let steps = ledger.steps.get(..ledger.done)?;
    let mut budget = steps.len().saturating_mul(MAX_PASSES);
    for (i, last) in steps.iter().enumerate().rev() {
        let mut undone = Vec::new();
        let mut changes_something = false;
        let mut is_in_force = true;
        for step in steps.get(..=i).unwrap_or_default().iter().rev() {
            let (Some(undo), Some(redo)) = (step.undo, step.redo) else {
                break;
            };
            budget = budget.checked_sub(1)?;
            let undo = records::transaction(undo).ok();
            let inverse = undo.as_ref().and_then(|undo| bench.apply(undo).ok());
            let (Some(undo), Some(inverse)) = (undo, inverse) else {
                is_in_force = false;
                break;
            };
            is_in_force = is_same(redo, &inverse);
            changes_something |= undo != inverse;
            undone.push(inverse);
            if !is_in_force {
                break;
            }
        }
        for inverse in undone.iter().rev() {
            // The inverse of what was just made applies.
            let _made_again = bench.apply(inverse);
        }
        if is_in_force && changes_something {
            return Some(last.state);
        }
    }
    None
}

/// What a step would have added, for the review list.
fn set_aside(step: &LazyStep<'_>, reason: &str) -> (String, Vec<SetAside>) {
    /// More is only in the journal, which is kept.
    const MAX_BYTES: usize = 1 << 16;
    let whole = || {
        let raw = step.redo.get();
        let item = SetAside::new("", reason, raw);
        (raw.len() <= MAX_BYTES).then_some(item)
    };
    let Ok(redo) = records::transaction(step.redo) else {
        return ("a step".to_owned(), whole().into_iter().collect());
    };
    let marked = step.marked.iter().map(String::as_str);
    let items = redo.annotations().zip(marked.chain(std::iter::repeat("")));
    let mut items: Vec<SetAside> = items
        .map(|((article, annotation), marked)| {
            let raw = project_ron::lost_annotation_text(annotation, marked);
            SetAside::new(article.as_str(), reason, raw)
        })
        .collect();
    if items.is_empty() {
        items.extend(whole());
    }
    (redo.title, items)
}
