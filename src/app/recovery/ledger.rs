//! What a journal says without making any of it: the steps, the states, and which state the file
//! has.
//!
//! Where records are missing, the steps among them stand as holes when their number is sure; else
//! nothing before them is taken for what can be undone.

use crate::core::annotation::Timestamp;
use crate::core::edit::{History, Step};
use crate::core::ids::AnnotatorId;
use crate::format::journal::{self as records, Content, LazyRecord, Salvaged};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// A record, or what is known of those that are missing.
#[derive(Debug)]
pub(super) enum Event<'a> {
    /// With its payload.
    Record(LazyRecord<'a>, &'a [u8]),
    /// The steps to these states.
    Holes(RangeInclusive<u64>),
    /// So many records of any kind; 0 when not even that is known.
    Unknown(u64),
}

impl<'a> Event<'a> {
    pub(super) fn record(&self) -> Option<&LazyRecord<'a>> {
        match self {
            Self::Record(record, _) => Some(record),
            Self::Holes(_) | Self::Unknown(_) => None,
        }
    }

    /// How many records are missing here.
    pub(super) fn lost(&self) -> u64 {
        match self {
            Self::Record(..) => 0,
            Self::Holes(states) => (states.end() - states.start()).saturating_add(1),
            Self::Unknown(lost) => *lost,
        }
    }
}

/// The records of a journal in order, and which of them are whole and yet cannot be read.
pub(super) fn events<'a>(salvaged: &Salvaged<'a>) -> (Vec<Event<'a>>, Vec<String>) {
    let mut events = Vec::with_capacity(salvaged.entries.len());
    let mut unreadable = Vec::new();
    let lose = |events: &mut Vec<Event<'a>>, lost: u64| match events.last_mut() {
        Some(Event::Unknown(before)) => *before = before.saturating_add(lost),
        _ => events.push(Event::Unknown(lost)),
    };
    for entry in &salvaged.entries {
        if entry.lost_before > 0 {
            lose(&mut events, entry.lost_before);
        }
        match records::record(entry.payload) {
            Ok(record) => events.push(Event::Record(record, entry.payload)),
            Err(error) => {
                // Whole, yet not understood: from a later version, perhaps.
                unreadable.push(format!(
                    "record {} in line {} cannot be read: {error}",
                    entry.sequence, entry.line
                ));
                lose(&mut events, 1);
            }
        }
    }
    let begins = |event: Option<&Event<'_>>| {
        let record = event.and_then(Event::record);
        matches!(record, Some(LazyRecord::Begin { .. }))
    };
    if let Some(first) = salvaged.entries.first().filter(|_| !begins(events.first())) {
        // The first record says nothing that is needed; more than that may be missing.
        let is_only_the_first = match events.first() {
            Some(Event::Unknown(lost)) => first.sequence == 1 && *lost == 1,
            _ => first.sequence == 2,
        };
        match events.first() {
            Some(Event::Unknown(_)) if is_only_the_first => drop(events.remove(0)),
            _ if is_only_the_first => {}
            _ => events.insert(0, Event::Unknown(0)),
        }
    }
    tell_holes(&mut events);
    (events, unreadable)
}

/// States of steps rise by one, so they may say that all missing records are steps, and which.
fn tell_holes(events: &mut [Event<'_>]) {
    /// More are not told one by one: a number may be made up.
    const MAX_HOLES: u64 = 1 << 16;
    let mut highest = Some(0);
    for at in 0..events.len() {
        let next = events.get(at + 1..).unwrap_or_default().iter();
        let next = next
            .take_while(|event| event.record().is_some())
            .filter_map(Event::record)
            .find(|record| matches!(record, LazyRecord::Step(_)))
            .and_then(LazyRecord::state);
        let Some(event) = events.get_mut(at) else {
            continue;
        };
        match event {
            Event::Record(record @ LazyRecord::Step(_), _) => {
                highest = Some(highest.unwrap_or(0).max(record.state().unwrap_or(0)));
            }
            Event::Record(record, _) => {
                highest = highest.map(|highest: u64| highest.max(record.state().unwrap_or(0)));
            }
            Event::Unknown(lost) if (1..=MAX_HOLES).contains(lost) => {
                let steps = highest.zip(next).and_then(|(highest, next)| {
                    let first = highest.checked_add(1)?;
                    (next.checked_sub(first)? == *lost).then(|| first..=next - 1)
                });
                match steps {
                    Some(steps) => *event = Event::Holes(steps),
                    None => highest = None,
                }
            }
            Event::Unknown(_) => highest = None,
            Event::Holes(_) => {}
        }
    }
}

/// A step as the journal has it.
#[derive(Clone)]
pub(super) struct Logged<'a> {
    pub(super) state: u64,
    by: Option<AnnotatorId>,
    when: Option<Timestamp>,
    pub(super) undo: Option<&'a RawValue>,
    pub(super) redo: Option<&'a RawValue>,
}

/// The history that records make, without applying anything.
#[derive(Clone)]
pub(super) struct Ledger<'a> {
    pub(super) steps: Vec<Logged<'a>>,
    pub(super) done: usize,
    /// None when records are missing that may have led elsewhere.
    first_state: Option<u64>,
    /// The state of the last file record, and of the last that is placed.
    announced: u64,
    saved: u64,
}

impl Default for Ledger<'_> {
    fn default() -> Self {
        Self {
            steps: Vec::new(),
            done: 0,
            first_state: Some(0),
            announced: 0,
            saved: 0,
        }
    }
}

impl<'a> Ledger<'a> {
    pub(super) fn of(events: &[Event<'a>]) -> Self {
        let mut ledger = Self::default();
        for event in events {
            ledger.take(event);
        }
        ledger
    }

    /// All steps, with one hole where nobody knows what is missing.
    pub(super) fn with_holes(events: &[Event<'a>]) -> Self {
        let mut ledger = Self::default();
        for event in events {
            match event {
                Event::Unknown(_) => ledger.take(&Event::Holes(0..=0)),
                known => ledger.take(known),
            }
        }
        ledger
    }

    fn state(&self) -> Option<u64> {
        let last = self.done.checked_sub(1).and_then(|i| self.steps.get(i));
        last.map_or(self.first_state, |step| Some(step.state))
    }

    fn take(&mut self, event: &Event<'a>) {
        match event {
            Event::Record(record, _) => self.take_record(record),
            Event::Holes(states) => {
                self.steps.truncate(self.done);
                self.steps.extend(states.clone().map(|state| Logged {
                    state,
                    by: None,
                    when: None,
                    undo: None,
                    redo: None,
                }));
                self.done = self.steps.len();
            }
            Event::Unknown(_) => {
                self.steps.clear();
                self.done = 0;
                self.first_state = None;
            }
        }
    }

    fn take_record(&mut self, record: &LazyRecord<'a>) {
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
                } else if self.first_state.is_none() {
                    // Below what is known; what is made next stands on something else.
                    self.steps.clear();
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
                    self.first_state = Some(*state);
                }
            }
            LazyRecord::Placed => self.saved = self.announced,
            LazyRecord::GivenUp { .. } => self.go_to(self.saved),
        }
    }

    /// Goes to a state without making anything; one that is not there begins a new history.
    pub(super) fn go_to(&mut self, state: u64) {
        if Some(state) == self.first_state {
            self.done = 0;
        } else if let Some(at) = self.steps.iter().position(|step| step.state == state) {
            self.done = at + 1;
        } else {
            self.steps.clear();
            self.done = 0;
            self.first_state = Some(state);
        }
    }

    /// The history at this state. Steps that do not parse, and those beyond them, are left out.
    pub(super) fn history(&self) -> (History, HashSet<u64>) {
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
        // A name that nothing else has, where the one before the first step is not known.
        let before = || {
            self.steps
                .first()
                .map_or(0, |step| step.state.saturating_sub(1))
        };
        let mut first_state = self.first_state.unwrap_or_else(before);
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

/// Which state the file has, and from which event on edits are to be made again.
pub(super) struct Plan<'a> {
    pub(super) ledger: Ledger<'a>,
    pub(super) replay_from: usize,
    pub(super) saved: Option<Timestamp>,
    pub(super) is_changed: bool,
    /// No record says what the file holds.
    pub(super) is_unsure: bool,
    pub(super) ahead: usize,
}

/// `aligned` is the state that the file was seen to have where no record says it.
pub(super) fn plan<'a>(
    events: &[Event<'a>],
    content: Option<&Content>,
    aligned: Option<u64>,
) -> Plan<'a> {
    // The state after each event.
    let mut ledger = Ledger::default();
    let mut states = Vec::with_capacity(events.len());
    let mut announced = None;
    let mut last_file = None;
    let mut same_file = None;
    for (i, event) in events.iter().enumerate() {
        ledger.take(event);
        states.push(ledger.state());
        match event.record() {
            Some(LazyRecord::File {
                state,
                content: saved,
                when,
                is_placed,
            }) => {
                announced = Some((i, *state, *when));
                if *is_placed {
                    last_file = announced;
                }
                if content == Some(saved) {
                    same_file = announced;
                }
            }
            Some(LazyRecord::Placed) => last_file = announced,
            Some(
                LazyRecord::Begin { .. }
                | LazyRecord::Base(_)
                | LazyRecord::Step(_)
                | LazyRecord::Kept(_)
                | LazyRecord::Undo(_)
                | LazyRecord::Redo(_)
                | LazyRecord::GivenUp { .. },
            )
            | None => {}
        }
    }
    if same_file.is_none()
        && let Some(state) = aligned
        && let Some(at) = states.iter().rposition(|s| *s == Some(state))
    {
        same_file = Some((at, state, None));
        last_file = same_file;
    }
    let is_unsure = same_file.is_none() && last_file.is_none() && content.is_some();
    let is_changed = last_file.is_some() && same_file.is_none();
    let (at, state, saved) = same_file.or(last_file).unwrap_or((0, 0, None));
    // When the snapshot was taken that was saved; edits may have been made until it was written.
    let upto = states.get(..=at).unwrap_or_default();
    let snapshot = upto.iter().rposition(|&s| s == Some(state));
    // Among missing records, or before all of them.
    let missing = || {
        let upto = events.get(..=at).unwrap_or_default().iter();
        upto.clone()
            .rposition(|event| matches!(event, Event::Unknown(_)))
    };
    let snapshot = snapshot.or_else(missing).unwrap_or(at);
    let is_older = matches!((same_file, last_file), (Some((i, ..)), Some((last, ..))) if i < last);
    let known = Plan {
        ledger: Ledger::default(),
        replay_from: events.len(),
        saved,
        is_changed,
        is_unsure,
        ahead: 0,
    };
    if is_older && !is_changed {
        // Someone put an older version back. What came later can be redone.
        let end = ledger.steps.len();
        ledger.go_to(state);
        let ahead = end.saturating_sub(ledger.done).min(ledger.steps.len());
        return Plan {
            ledger,
            ahead,
            ..known
        };
    }
    let given_up = events
        .iter()
        .rposition(|event| matches!(event.record(), Some(LazyRecord::GivenUp { .. })))
        .filter(|g| *g > snapshot && !is_changed);
    // What was not wanted is not made again, only offered.
    let upto = given_up.unwrap_or(snapshot);
    let is_missing = |at: usize| matches!(events.get(at), Some(Event::Unknown(_)));
    // Where nothing begins the journal, the first event is to be made as well.
    let is_begun = match events.first().map(Event::record) {
        Some(Some(first)) => matches!(first, LazyRecord::Begin { .. }),
        Some(None) | None => true,
    };
    let has_file = same_file.or(last_file).is_some();
    if !is_begun && !has_file && given_up.is_none() {
        return Plan {
            replay_from: 0,
            ..known
        };
    }
    let mut then = Ledger::of(events.get(..=upto).unwrap_or_default());
    then.go_to(state);
    // The same content may have been reached after the snapshot by undoing: nothing to do then.
    Plan {
        ledger: then,
        replay_from: if is_missing(upto) { upto } else { upto + 1 },
        ..known
    }
}
