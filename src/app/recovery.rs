//! A project file and its journal to what the analyst had: the project, its history, and what was
//! recovered, in words.
//!
//! Keeps invariant 8. The journal names the content of each file that was saved; the edits after
//! the one that is on disk are made again. When the file was changed by another program, they are
//! made on the changed file as far as they fit, and the rest goes to the review list. Knows no
//! window and no thread.

use crate::app::aside::put_aside;
use crate::app::clock;
use crate::core::annotation::{Annotation, Timestamp};
use crate::core::edit::{Edit, History, Step, Transaction, apply};
use crate::core::ids::{AnnotatorId, ArticleId};
use crate::core::project::{Project, SetAside};
use crate::core::reanchor::{Lost, budget_for, reanchor};
use crate::format::journal::{
    self as records, Content, LazyRecord, LazyStep, MAX_FILE_BYTES, Record, VERSION,
};
use crate::store::fs::FileSystem;
use crate::store::journal::{path_beside, path_in_state};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A journal that takes longer was not made by annotating.
const MAX_TIME: Duration = Duration::from_secs(60);

/// What came back, and how to go on.
#[derive(Debug, Default)]
pub struct Recovered {
    pub history: History,
    /// States of steps of which the journal holds only the half that was needed.
    pub half_logged: HashSet<u64>,
    /// Where the journal is and how to go on with it; none when a new one is to be begun.
    pub journal: Option<(PathBuf, u64, u64)>,
    pub report: Report,
}

/// What the analyst is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Steps, undos and redos made after the last save that were made again.
    pub edits: usize,
    /// When the file was saved last.
    pub saved: Option<Timestamp>,
    /// Steps that are ahead, because the file is an older version than the last one saved.
    pub ahead: usize,
    /// The file was changed by another program since it was saved last.
    pub is_changed: bool,
    /// What could not be made again, each with its reason; it is on the review list.
    pub refused: Vec<String>,
    /// Where a journal that was not gone on with is kept.
    pub kept: Option<PathBuf>,
    /// The end of the journal that was torn and cut.
    pub torn: Option<String>,
}

/// A journal that was found, as it lies on disk.
pub struct Found {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

/// The journals that may belong to a project file: beside it, and in the state folder.
pub fn find(fs: &dyn FileSystem, project: &Path, state_folder: Option<&Path>) -> Vec<Found> {
    let mut places = vec![path_beside(project)];
    places.extend(state_folder.map(|folder| path_in_state(project, folder)));
    places
        .into_iter()
        .filter_map(|path| {
            let bytes = fs.read_own(&path, MAX_FILE_BYTES).ok()?;
            Some(Found { path, bytes })
        })
        .collect()
}

/// When the last record of a journal was written, and whether it holds edits that its file lacks.
fn urgency(bytes: &[u8]) -> (bool, Option<Timestamp>) {
    let lines = records::lines(bytes);
    let (mut unsaved, mut since_file) = (false, false);
    let mut last = None;
    for (_, payload) in &lines.records {
        match records::record(payload) {
            Ok(LazyRecord::Step(step)) => {
                since_file = true;
                (unsaved, last) = (true, step.when.or(last));
            }
            Ok(LazyRecord::Undo(turn) | LazyRecord::Redo(turn)) => {
                since_file = true;
                (unsaved, last) = (true, turn.when.or(last));
            }
            Ok(LazyRecord::Placed) => unsaved = since_file,
            Ok(LazyRecord::File {
                when, is_placed, ..
            }) => {
                since_file = false;
                (unsaved, last) = (unsaved && !is_placed, when.or(last));
            }
            Ok(LazyRecord::GivenUp { when }) => {
                (unsaved, last) = (false, when.or(last));
            }
            _ => {}
        }
    }
    (unsaved, last)
}

/// Whether a journal holds edits that its file lacks.
pub fn holds_unsaved(bytes: &[u8]) -> bool {
    urgency(bytes).0
}

/// How far a journal has come: the names of states and the numbers of records only rise, also when
/// it goes on at another place.
fn progress(bytes: &[u8]) -> (u64, u64) {
    let lines = records::lines(bytes);
    let parsed = lines.records.iter();
    let parsed = parsed.filter_map(|(_, payload)| records::record(payload).ok());
    let state = parsed.map(|record| highest_state(&record)).max();
    let sequence = lines.records.last().map(|(sequence, _)| *sequence);
    (state.unwrap_or(0), sequence.unwrap_or(0))
}

/// Gives the journals of a file that is about to be replaced by another project another name, so
/// that nothing of them is taken for work on that one.
pub fn put_journals_aside(desk: &crate::app::session::Desk, project: &Path) {
    for journal in find(&*desk.fs, project, desk.state_folder.as_deref()) {
        put_aside(desk, &journal.path, holds_unsaved(&journal.bytes));
    }
}

/// The one of several journals to go on with, which is the one that has come furthest, and the
/// others.
pub fn choose(mut found: Vec<Found>) -> Option<(Found, Vec<Found>)> {
    if found.len() > 1 {
        found.sort_by_key(|journal| {
            let last = urgency(&journal.bytes).1;
            std::cmp::Reverse((progress(&journal.bytes), last))
        });
    }
    let mut found = found.into_iter();
    found.next().map(|first| (first, found.collect()))
}

/// A step as the journal has it.
#[derive(Clone)]
struct Logged<'a> {
    state: u64,
    by: Option<AnnotatorId>,
    when: Option<Timestamp>,
    undo: Option<&'a RawValue>,
    redo: Option<&'a RawValue>,
}

/// The history that records make, without applying anything.
#[derive(Clone, Default)]
struct Ledger<'a> {
    steps: Vec<Logged<'a>>,
    done: usize,
    first_state: u64,
    /// The state of the last file record, and of the last that is placed.
    announced: u64,
    saved: u64,
}

impl<'a> Ledger<'a> {
    fn state(&self) -> u64 {
        let last = self.done.checked_sub(1).and_then(|i| self.steps.get(i));
        last.map_or(self.first_state, |step| step.state)
    }

    fn take(&mut self, record: &LazyRecord<'a>) {
        match record {
            LazyRecord::Begin { .. } | LazyRecord::Base(_) => {}
            LazyRecord::Step(step) => {
                self.steps.truncate(self.done);
                self.steps.push(Logged {
                    state: step.state,
                    by: step.by.clone(),
                    when: step.when,
                    undo: Some(step.undo),
                    redo: Some(step.redo),
                });
                self.done = self.steps.len();
            }
            LazyRecord::Kept(step) => {
                let next = Some(step.next);
                let (undo, redo) = if step.in_force {
                    (next, None)
                } else {
                    (None, next)
                };
                self.steps.push(Logged {
                    state: step.state,
                    by: step.by.clone(),
                    when: step.when,
                    undo,
                    redo,
                });
                self.done += usize::from(step.in_force);
            }
            LazyRecord::Undo(turn) => {
                if let Some(at) = self.done.checked_sub(1) {
                    self.done = at;
                    if let (Some(step), Some(redo)) = (self.steps.get_mut(at), turn.redo) {
                        step.redo = Some(redo);
                    }
                }
            }
            LazyRecord::Redo(turn) => {
                if let Some(step) = self.steps.get_mut(self.done) {
                    self.done += 1;
                    step.undo = turn.undo.or(step.undo);
                }
            }
            LazyRecord::File {
                state, is_placed, ..
            } => {
                self.announced = *state;
                if *is_placed {
                    self.saved = *state;
                }
                if self.steps.is_empty() {
                    self.first_state = *state;
                }
            }
            LazyRecord::Placed => self.saved = self.announced,
            LazyRecord::GivenUp { .. } => self.go_to(self.saved),
        }
    }

    /// Goes to a state without making anything; one that is not there begins a new history.
    fn go_to(&mut self, state: u64) {
        if state == self.first_state {
            self.done = 0;
        } else if let Some(at) = self.steps.iter().position(|step| step.state == state) {
            self.done = at + 1;
        } else {
            self.steps.clear();
            self.done = 0;
            self.first_state = state;
        }
    }

    /// The history at this state. Steps that do not parse, and those beyond them, are left out.
    fn history(&self) -> (History, HashSet<u64>) {
        let step = |logged: &Logged<'_>, raw: Option<&RawValue>| {
            let next = records::transaction(raw?).ok()?;
            Some(Step {
                title: next.title.clone(),
                by: logged.by.clone(),
                when: logged.when,
                state: logged.state,
                next,
            })
        };
        let (done, undone) = self.steps.split_at_checked(self.done).unwrap_or_default();
        let mut steps = Vec::with_capacity(self.steps.len());
        let mut first_state = self.first_state;
        for logged in done.iter().rev() {
            match step(logged, logged.undo) {
                Some(step) => steps.push(step),
                None => {
                    first_state = logged.state;
                    break;
                }
            }
        }
        steps.reverse();
        let done = steps.len();
        steps.extend(undone.iter().map_while(|logged| step(logged, logged.redo)));
        let half = |logged: &&Logged<'_>| logged.undo.is_none() || logged.redo.is_none();
        let half_logged = self.steps.iter().filter(half).map(|l| l.state).collect();
        (History::restored(steps, done, first_state), half_logged)
    }
}

/// Brings a project, as its file has it, to where its journal ends. `content` is the file's; none
/// for a project without a file.
pub fn recover(
    project: &mut Project,
    content: Option<&Content>,
    journal: &Found,
) -> Result<Recovered, String> {
    let lines = records::lines(&journal.bytes);
    let mut parsed = Vec::with_capacity(lines.records.len());
    let mut whole_bytes = lines.whole_bytes;
    let mut torn = lines.torn.clone();
    for (i, (sequence, payload)) in lines.records.iter().enumerate() {
        match records::record(payload) {
            Ok(record) => parsed.push(record),
            Err(error) => {
                // Whole, yet not understood: from a later version, perhaps.
                torn = Some(format!("record {sequence} cannot be read: {error}"));
                let first = lines
                    .records
                    .first()
                    .map_or(0, |(_, p)| p.as_ptr() as usize);
                let here = payload.as_ptr() as usize;
                whole_bytes = if i == 0 { 0 } else { here - first };
                break;
            }
        }
    }
    match parsed.first() {
        Some(LazyRecord::Begin { version, .. }) if version.0 == VERSION.0 => {}
        Some(LazyRecord::Begin { version, .. }) => {
            return Err(format!(
                "its journal is of version {}.{}, which this Pressmark does not know",
                version.0, version.1
            ));
        }
        _ => return Err("its journal has no beginning".to_owned()),
    }
    let plan = plan(&parsed, content);
    let last_state = parsed.iter().map(highest_state).max().unwrap_or(0);
    let mut report = Report {
        saved: plan.saved,
        is_changed: plan.is_changed,
        torn,
        ..Report::default()
    };
    let (mut history, mut half_logged) = if plan.is_changed {
        // None of the old steps is known to fit the changed file.
        (History::restored(Vec::new(), 0, last_state), HashSet::new())
    } else {
        plan.ledger.history()
    };
    report.ahead = plan.ahead;
    let mut aside = Vec::new();
    let started = Instant::now();
    let mut is_cut_short = false;
    for record in parsed.get(plan.replay_from..).unwrap_or_default() {
        if started.elapsed() > MAX_TIME {
            is_cut_short = true;
            let reason = "making it again takes too long; the rest is left in it";
            report.torn = Some(reason.to_owned());
            break;
        }
        replay(
            project,
            &mut history,
            &mut half_logged,
            record,
            &mut report,
            &mut aside,
        );
    }
    history.skip_to(last_state);
    if !aside.is_empty() {
        let at = project.set_aside().len();
        let items = aside.into_iter().enumerate();
        let edit = Edit::AddToReview(items.map(|(i, item)| (at + i, item)).collect());
        let transaction = Transaction::new("put what did not fit on the review list", vec![edit]);
        // The review list takes anything.
        let _infallible = history.perform(project, &transaction, None, Some(clock::now()));
    }
    let next_sequence = lines.records.get(parsed.len().saturating_sub(1));
    let next_sequence = next_sequence.map_or(1, |(sequence, _)| sequence + 1);
    let goes_on = !plan.is_changed && report.refused.is_empty() && !is_cut_short;
    let torn_by_version = whole_bytes < lines.whole_bytes;
    Ok(Recovered {
        history,
        half_logged,
        journal: (goes_on && !torn_by_version)
            .then(|| (journal.path.clone(), whole_bytes as u64, next_sequence)),
        report,
    })
}

/// Which state the file has, and from which record on edits are to be made again.
struct Plan<'a> {
    ledger: Ledger<'a>,
    replay_from: usize,
    saved: Option<Timestamp>,
    is_changed: bool,
    ahead: usize,
}

fn plan<'a>(records: &[LazyRecord<'a>], content: Option<&Content>) -> Plan<'a> {
    // The state after each record.
    let mut ledger = Ledger::default();
    let mut states = Vec::with_capacity(records.len());
    let mut announced = None;
    let mut last_file = None;
    let mut same_file = None;
    for (i, record) in records.iter().enumerate() {
        ledger.take(record);
        states.push(ledger.state());
        if let LazyRecord::File {
            state,
            content: saved,
            when,
            is_placed,
        } = record
        {
            announced = Some((i, *state, *when));
            if *is_placed {
                last_file = announced;
            }
            if content == Some(saved) {
                same_file = announced;
            }
        }
        if matches!(record, LazyRecord::Placed) {
            last_file = announced;
        }
    }
    let is_changed = last_file.is_some() && same_file.is_none();
    let (at, state, saved) = same_file.or(last_file).unwrap_or((0, 0, None));
    // When the snapshot was taken that was saved; edits may have been made until it was written.
    let upto = states.get(..=at).unwrap_or_default();
    let snapshot = upto.iter().rposition(|&s| s == state).unwrap_or(at);
    let is_older = matches!((same_file, last_file), (Some((i, ..)), Some((last, ..))) if i < last);
    if is_older && !is_changed {
        // Someone put an older version back. What came later can be redone.
        let end = ledger.steps.len();
        ledger.go_to(state);
        let ahead = end.saturating_sub(ledger.done).min(ledger.steps.len());
        return Plan {
            ahead,
            ledger,
            replay_from: records.len(),
            saved,
            is_changed,
        };
    }
    let given_up = records
        .iter()
        .rposition(|record| matches!(record, LazyRecord::GivenUp { .. }))
        .filter(|g| *g > snapshot && !is_changed);
    if let Some(given_up) = given_up {
        // What was not wanted is not made again, only offered.
        let mut then = Ledger::default();
        for record in records.get(..=given_up).unwrap_or_default() {
            then.take(record);
        }
        then.go_to(state);
        return Plan {
            ledger: then,
            replay_from: given_up + 1,
            saved,
            is_changed,
            ahead: 0,
        };
    }
    let mut then = Ledger::default();
    for record in records.get(..=snapshot).unwrap_or_default() {
        then.take(record);
    }
    then.go_to(state);
    // The same content may have been reached after the snapshot by undoing: nothing to do then.
    Plan {
        ledger: then,
        replay_from: snapshot + 1,
        saved,
        is_changed,
        ahead: 0,
    }
}

fn highest_state(record: &LazyRecord<'_>) -> u64 {
    match record {
        LazyRecord::Step(step) => step.state,
        LazyRecord::Kept(step) => step.state,
        LazyRecord::File { state, .. } => *state,
        _ => 0,
    }
}

fn replay(
    project: &mut Project,
    history: &mut History,
    half_logged: &mut HashSet<u64>,
    record: &LazyRecord<'_>,
    report: &mut Report,
    aside: &mut Vec<SetAside>,
) {
    match record {
        LazyRecord::Step(step) => {
            report.edits += 1;
            if let Err(reason) = replay_step(project, history, step, report.is_changed) {
                let (title, items) = set_aside(step, &reason);
                report.refused.push(format!("{title}: {reason}"));
                aside.extend(items);
            }
        }
        LazyRecord::Undo(_) => {
            let state = history.state();
            match history.undo(project) {
                Some(Ok(_)) => {
                    report.edits += 1;
                    half_logged.remove(&state);
                }
                Some(Err(error)) => report.refused.push(format!("undo: {error}")),
                None => {}
            }
        }
        LazyRecord::Redo(_) => match history.redo(project) {
            Some(Ok(_)) => {
                report.edits += 1;
                half_logged.remove(&history.state());
            }
            Some(Err(error)) => report.refused.push(format!("redo: {error}")),
            None => {}
        },
        LazyRecord::Base(raw) => {
            let base = records::transaction(raw);
            let made = base.and_then(|base| apply(project, &base).map_err(|e| e.to_string()));
            if let Err(reason) = made {
                report.refused.push(format!("the beginning: {reason}"));
            }
        }
        LazyRecord::GivenUp { .. } => {
            // In a changed file; else the plan begins after it.
            while let Some(target) = history.saved_step() {
                let turned = match history.done().cmp(&target) {
                    std::cmp::Ordering::Greater => history.undo(project),
                    std::cmp::Ordering::Less => history.redo(project),
                    std::cmp::Ordering::Equal => break,
                };
                if !matches!(turned, Some(Ok(_))) {
                    break;
                }
            }
            report.edits = 0;
            report.refused.clear();
            aside.clear();
        }
        LazyRecord::Begin { .. }
        | LazyRecord::Kept(_)
        | LazyRecord::File { .. }
        | LazyRecord::Placed => {}
    }
}

fn replay_step(
    project: &mut Project,
    history: &mut History,
    step: &LazyStep<'_>,
    is_changed: bool,
) -> Result<(), String> {
    let mut redo = records::transaction(step.redo)?;
    if is_changed {
        find_again(project, &mut redo, &step.marked)?;
    }
    let (by, when) = (step.by.clone(), step.when);
    let made = if is_changed {
        // Its old name may be that of the changed file.
        history.perform(project, &redo, by, when)
    } else {
        history.perform_as(step.state, project, &redo, by, when)
    };
    made.map(|_| ()).map_err(|error| error.to_string())
}

/// Moves annotations whose text stands elsewhere by now; says what could not be found.
fn find_again(project: &Project, redo: &mut Transaction, marked: &[String]) -> Result<(), String> {
    let mut marked = marked.iter();
    for edit in &mut redo.edits {
        match edit {
            Edit::AddAnnotation {
                article,
                annotation,
            }
            | Edit::ReplaceAnnotation {
                article,
                annotation,
            } => find_one(project, article, annotation, marked.next())?,
            Edit::ReplaceAnnotations {
                article,
                annotations,
            } => {
                for annotation in annotations {
                    find_one(project, article, Arc::make_mut(annotation), marked.next())?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn find_one(
    project: &Project,
    article: &ArticleId,
    annotation: &mut Annotation,
    marked: Option<&String>,
) -> Result<(), String> {
    let (Some(article), Some(marked)) = (project.article(article), marked) else {
        return Ok(());
    };
    let text = &article.text;
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
    let mut budget = budget_for(text.len_bytes());
    match reanchor(text, &[], &[lost], &mut budget).pop() {
        Some(Ok(placed)) => {
            annotation.fragments = placed.fragments;
            Ok(())
        }
        Some(Err(reason)) => Err(format!("“{marked}” was marked, and {reason}")),
        None => Err(format!("“{marked}” was marked, and is not there")),
    }
}

/// What a step would have added, for the review list.
fn set_aside(step: &LazyStep<'_>, reason: &str) -> (String, Vec<SetAside>) {
    let Ok(redo) = records::transaction(step.redo) else {
        return ("a step".to_owned(), Vec::new());
    };
    let annotations = records::annotations(&redo);
    let items = annotations.iter().zip(&step.marked);
    let items = items.map(|((article, annotation), marked)| SetAside {
        article: article.to_string(),
        reason: reason.to_owned(),
        raw: crate::format::project_ron::lost_annotation_text(annotation, marked),
    });
    (redo.title.clone(), items.collect())
}

/// The records of a new journal with this history: for a journal that cannot be gone on with, or
/// that holds much that nobody will ask for.
pub fn anew(
    project: &Project,
    history: &History,
    file: Option<&Path>,
    content: Option<&Content>,
    saved: Option<Timestamp>,
) -> Vec<Record> {
    let (mut project, mut history) = (project.clone(), history.clone());
    let mut unsaved = Vec::new();
    while !history.is_saved() {
        let Some(Ok(undo)) = history.undo(&mut project) else {
            break;
        };
        if let Some(step) = history.steps().get(history.done()) {
            unsaved.push(Record::Step(records::StepRecord {
                state: step.state,
                by: step.by.clone(),
                when: step.when,
                redo: step.next.clone(),
                undo,
                marked: records::marked(&project, &step.next),
            }));
        }
    }
    unsaved.reverse();
    let first = content.map(|content| (history.first_state(), content));
    let mut records = opening(project.name(), file, first, saved);
    for (i, step) in history.steps().iter().enumerate() {
        let in_force = i < history.done();
        // What could be redone follows the unsaved steps, and they stand for themselves.
        if !in_force && !unsaved.is_empty() {
            break;
        }
        records.push(Record::Kept {
            title: step.title.clone(),
            state: step.state,
            by: step.by.clone(),
            when: step.when,
            in_force,
            next: step.next.clone(),
        });
    }
    if content.is_none() && project != Project::new("") {
        let title = "begin with a copy";
        records.push(Record::Base(Transaction::new(title, contents(&project))));
    }
    records.extend(content.map(|content| Record::File {
        state: history.state(),
        content: content.clone(),
        when: saved,
        is_placed: true,
    }));
    records.extend(unsaved);
    records
}

/// The edits that make a project of an empty one.
fn contents(project: &Project) -> Vec<Edit> {
    fn placed<T: Clone>(items: &[T]) -> Vec<(usize, T)> {
        items.iter().cloned().enumerate().collect()
    }
    vec![
        Edit::SetName(project.name().to_owned()),
        Edit::SetCodebook(Box::new(project.codebook().clone())),
        Edit::SetAnnotators(project.annotators().to_vec()),
        Edit::AddPeople(placed(project.people())),
        Edit::AddArticles(placed(project.articles())),
        Edit::AddToTrash(placed(project.trash())),
        Edit::AddToReview(placed(project.set_aside())),
        Edit::AddImports(placed(project.imports())),
    ]
}

/// What a new journal begins with.
pub fn opening(
    name: &str,
    file: Option<&Path>,
    content: Option<(u64, &Content)>,
    saved: Option<Timestamp>,
) -> Vec<Record> {
    let mut records = vec![Record::Begin {
        version: VERSION,
        name: name.to_owned(),
        file: file.map(|path| path.display().to_string()),
        when: Some(clock::now()),
    }];
    records.extend(content.map(|(state, content)| Record::File {
        state,
        content: content.clone(),
        when: saved,
        is_placed: true,
    }));
    records
}
