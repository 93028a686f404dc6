//! A project file and its journal to what the analyst had: the project, its history, and what was
//! recovered, in words.
//!
//! Keeps invariant 8. The journal names the content of each file that was saved; the edits after
//! the one that is on disk are made again. When the file was changed by another program, they are
//! made on the changed file as far as they fit, and the rest goes to the review list. In a damaged
//! journal all that is whole is made again where it is proven to fit. Knows no window and no thread.

mod anew;
mod found;
mod ledger;
mod replay;

use crate::app::clock;
use crate::core::annotation::{Timestamp, UnknownFields};
use crate::core::edit::{Edit, History, Step, Transaction, apply};
use crate::core::project::{Annotator, Project, SetAside};
use crate::format::journal::{
    self as records, Content, LazyRecord, Record, Salvaged, StepRecord, VERSION, salvage,
};
use ledger::{Event, Ledger, events};
use replay::{Replay, align};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

pub use anew::{anew, begun, opening};
pub use found::{
    Found, Holds, Taken, Unread, find, free_name, has_unsaved, holds_unsaved, is_disposable, keep,
    put_journals_aside, take,
};
pub(in crate::app) use found::{ending, is_ours};

/// What came back, and how to go on.
#[derive(Debug, Default)]
pub struct Recovered {
    pub history: History,
    /// States of steps of which the journal holds only the half that was needed.
    pub half_logged: HashSet<u64>,
    /// Where the journal is and how to go on with it; none when a new one is to be begun.
    pub journal: Option<(PathBuf, u64, u64)>,
    /// The history at the state of the file, when a new journal is to begin there and to go on with
    /// `made`.
    pub base: Option<History>,
    /// The payloads of the records since the file, as far as they were made again.
    pub made: Vec<Arc<[u8]>>,
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
    /// Where the journal is damaged, each place with its reason.
    pub damage: Vec<String>,
    /// How many records after the last save are missing because of it.
    pub lost: u64,
    /// Where a journal that was not gone on with is kept.
    pub kept: Option<PathBuf>,
    /// Other journals of this project that hold edits which are not in it.
    pub others: Vec<PathBuf>,
    /// The edits lay there, because the folder of the project was renamed or moved.
    pub stranded: Option<PathBuf>,
    /// What stands in the place of the journal and is none.
    pub foreign: Option<PathBuf>,
    /// The end of the journal that was torn and cut.
    pub torn: Option<String>,
}

/// Brings a project, as its file has it, to where its journal ends. `content` is the file's; none
/// for a project without a file.
pub fn recover(
    project: &mut Project,
    content: Option<&Content>,
    journal: &Found,
) -> Result<Recovered, String> {
    let salvaged = salvage(&journal.bytes);
    let (events, unreadable) = events(&salvaged);
    check_version(&events)?;
    let mut plan = ledger::plan(&events, content, None);
    let damage = damage_in_words(&salvaged, unreadable);
    // A file that no record names may be named by one that is missing.
    if !damage.is_empty() && content.is_some() && (plan.is_changed || plan.is_unsure) {
        let aligned = align(project, &Ledger::with_holes(&events));
        plan = ledger::plan(&events, content, aligned);
    }
    let records = events.iter().filter_map(Event::record);
    let last_state = records.filter_map(LazyRecord::state);
    let last_state = last_state.max().unwrap_or(0);
    let mut report = Report {
        saved: plan.saved,
        is_changed: plan.is_changed,
        torn: if journal.bytes.is_empty() {
            Some("the journal is empty".to_owned())
        } else {
            salvaged.torn.clone()
        },
        damage,
        ahead: plan.ahead,
        ..Report::default()
    };
    let since = events.get(plan.replay_from..).unwrap_or_default();
    let lost = since.iter().map(Event::lost);
    report.lost = lost.fold(salvaged.lost_at_end, u64::saturating_add);
    let mut replay = Replay::new(project, &plan, last_state, &mut report);
    for event in since {
        replay.take(event);
    }
    for entry in &salvaged.foreign {
        if let Ok(LazyRecord::Step(step)) = records::record(entry.payload) {
            replay.refuse(&step, "another record of the journal has its number");
        }
    }
    let mut replayed = replay.finish();
    let history = &mut replayed.history;
    history.skip_to(last_state);
    let unknown = match report.lost {
        0 => Vec::new(),
        _ => unknown_annotators(project, history),
    };
    if let Some(closing) = closing(project, replayed.aside, unknown) {
        replayed.made.extend(perform(project, history, &closing));
    }
    let goes_on = !plan.is_changed
        && journal.is_in_place
        && report.refused.is_empty()
        && report.damage.is_empty();
    let last = salvaged.entries.last().filter(|_| goes_on);
    if plan.is_changed {
        replayed.made.clear();
    }
    Ok(Recovered {
        base: (!plan.is_changed && last.is_none()).then(|| plan.ledger.history().0),
        half_logged: match last {
            Some(_) => replayed.half_logged,
            None => replayed.kept,
        },
        journal: last.map(|last| {
            let whole = salvaged.whole_bytes as u64;
            (journal.path.clone(), whole, last.sequence.saturating_add(1))
        }),
        history: replayed.history,
        made: replayed.made,
        report,
    })
}

fn check_version(events: &[Event<'_>]) -> Result<(), String> {
    for event in events {
        if let Some(LazyRecord::Begin { version, .. }) = event.record()
            && version.0 != VERSION.0
        {
            return Err(format!(
                "its journal is of version {}.{}, which this Pressmark does not know",
                version.0, version.1
            ));
        }
    }
    Ok(())
}

fn damage_in_words(salvaged: &Salvaged<'_>, unreadable: Vec<String>) -> Vec<String> {
    let places = salvaged.damage.iter().map(|damage| {
        let whole = match damage.whole_after {
            0 => "nothing whole stands after it".to_owned(),
            1 => "1 whole record stands after it".to_owned(),
            n => format!("{n} whole records stand after it"),
        };
        format!("line {}: {}; {whole}", damage.line, damage.reason)
    });
    places.chain(unreadable).collect()
}

/// Who made steps and is not in the project, because the step in which they entered it is missing.
fn unknown_annotators(project: &Project, history: &History) -> Vec<Annotator> {
    let mut known: HashSet<_> = project.annotators().iter().map(|a| a.id.clone()).collect();
    let by = history.steps().iter().filter_map(|step| step.by.as_ref());
    by.filter(|by| known.insert((*by).clone()))
        .map(|by| Annotator {
            id: by.clone(),
            name: by.to_string(),
            unknown: UnknownFields::new(),
        })
        .collect()
}

/// What is left to do when all was made again: what did not fit goes to the review list.
fn closing(
    project: &Project,
    aside: Vec<SetAside>,
    unknown: Vec<Annotator>,
) -> Option<Transaction> {
    let mut edits = Vec::new();
    let mut title = "put back what the damaged journal lacks";
    if !unknown.is_empty() {
        let annotators = project.annotators().iter().cloned().chain(unknown);
        edits.push(Edit::SetAnnotators(annotators.collect()));
    }
    if !aside.is_empty() {
        title = "put what did not fit on the review list";
        let at = project.set_aside().len();
        let items = aside.into_iter().enumerate();
        edits.push(Edit::AddToReview(
            items.map(|(i, item)| (at + i, item)).collect(),
        ));
    }
    (!edits.is_empty()).then(|| Transaction::new(title, edits))
}

/// Makes a step of its own, and gives its record.
fn perform(
    project: &mut Project,
    history: &mut History,
    transaction: &Transaction,
) -> Option<Arc<[u8]>> {
    // Lists take anything.
    let undo = apply(project, transaction).ok()?;
    let step = Step {
        title: transaction.title.clone(),
        by: None,
        when: Some(clock::now()),
        state: history.next_state(),
        next: undo.clone(),
    };
    let record = Record::Step(StepRecord {
        state: step.state,
        by: None,
        when: step.when,
        redo: transaction.clone(),
        undo,
        marked: Vec::new(),
    });
    history.restore(step);
    records::payload(&record).ok().map(Arc::from)
}
