//! The records that a journal is begun with.

use super::replay::text_of;
use crate::app::clock;
use crate::core::annotation::Timestamp;
use crate::core::edit::{History, Transaction, Workbench, contents};
use crate::core::project::Project;
use crate::format::journal::{self as records, Content, Record, StepRecord, VERSION};
use std::path::Path;

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
    let unsaved = unsaved(&mut project, &mut history);
    let first = content.map(|content| (history.first_state(), content));
    let mut records = opening(project.name(), file, first, saved);
    // What could be redone follows the unsaved steps, and they stand for themselves.
    let upto = if unsaved.is_empty() {
        usize::MAX
    } else {
        history.done()
    };
    records.extend(kept(&history).take(upto));
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

/// Takes back what the file does not have, and gives its records.
fn unsaved(project: &mut Project, history: &mut History) -> Vec<Record> {
    let mut unsaved = Vec::new();
    let mut bench = Workbench::on(project);
    while !history.is_saved() {
        let Some(Ok(undo)) = history.undo_on(&mut bench) else {
            break;
        };
        if let Some(step) = history.steps().get(history.done()) {
            unsaved.push(Record::Step(StepRecord {
                state: step.state,
                by: step.by.clone(),
                when: step.when,
                redo: step.next.clone(),
                undo,
                marked: records::marked_in(&step.next, |id| text_of(&bench, &step.next, id)),
            }));
        }
    }
    unsaved.reverse();
    unsaved
}

/// What a journal begins with whose file has the present state of this history; the edits since
/// follow it.
pub fn begun(
    name: &str,
    history: &History,
    file: Option<&Path>,
    content: Option<&Content>,
    saved: Option<Timestamp>,
) -> Vec<Record> {
    let first = content.map(|content| (history.first_state(), content));
    let mut records = opening(name, file, first, saved);
    records.extend(kept(history));
    records.extend(content.map(|content| Record::File {
        state: history.state(),
        content: content.clone(),
        when: saved,
        is_placed: true,
    }));
    records
}

fn kept(history: &History) -> impl Iterator<Item = Record> {
    let steps = history.steps().iter().enumerate();
    steps.map(|(i, step)| Record::Kept {
        title: step.title.clone(),
        state: step.state,
        by: step.by.clone(),
        when: step.when,
        in_force: i < history.done(),
        next: step.next.clone(),
    })
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
        // Whole, so that it can be told whether the file is still there.
        file: file.map(|path| {
            let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            whole.display().to_string()
        }),
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
