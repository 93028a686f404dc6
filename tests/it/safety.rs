//! Work that cannot be lost, as the analyst sees it: recovery, history, trash, backups, conflicts.

use crate::window::Window;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use pressmark::app::action::{Action, Deleting};
use pressmark::app::command::Command;
use pressmark::app::saving::save_file;
use pressmark::app::session::open_file;
use std::path::{Path, PathBuf};

const TEXT: &str = "Mayor opens bridge\n\nMayor Ada Quill said “it is a proud day” on Monday. The bridge cost 3,400 crowns.\n";

struct Place {
    _folder: tempfile::TempDir,
    config: PathBuf,
    project: PathBuf,
}

/// A project on disk, marked twice and saved, in a window.
fn saved() -> (Place, Window) {
    let folder = tempfile::tempdir().unwrap();
    let place = Place {
        config: folder.path().join("config"),
        project: folder.path().join("bridge.ron"),
        _folder: folder,
    };
    std::fs::create_dir(&place.config).unwrap();
    let mut window = Window::new(Some(place.config.clone()));
    window.paste(TEXT);
    window.drag("“it is a proud day”");
    window.key(Key::Q);
    window.drag("3,400");
    window.key(Key::C);
    window.act(Action::SaveTo(place.project.clone()));
    window.settle();
    (place, window)
}

impl Window {
    fn act(&mut self, action: Action) {
        self.harness.state_mut().model.perform(action);
        self.harness.run_steps(3);
    }

    /// The program dies: nothing is closed, flushed or answered.
    fn kill(self) {
        std::mem::forget(self);
    }

    fn says(&self, part: &str) -> bool {
        let notices = self.harness.state().model.notices();
        notices.iter().any(|notice| notice.message.contains(part))
    }

    fn open(&mut self, path: &Path) {
        self.act(Action::Open(path.to_owned()));
        self.settle();
    }

    fn undo(&mut self) {
        self.act(Action::Run(Command::Undo));
    }
}

/// As the next start after the death of the program finds it: its lock is gone with it.
fn after_death(place: &Place) -> Window {
    let _held_by_the_dead = std::fs::remove_file(place.project.with_file_name(".bridge.ron.lock"));
    let mut window = Window::new(Some(place.config.clone()));
    window.harness.state_mut().open_paths(Vec::new());
    window.harness.run_steps(3);
    window
}

#[test]
fn what_was_not_saved_comes_back_with_its_history() {
    let (place, mut window) = saved();
    window.drag("Monday");
    window.key(Key::C);
    window.drag("bridge cost");
    window.key(Key::P);
    let before = window.annotations();
    window.kill();
    let mut window = after_death(&place);
    assert_eq!(window.annotations(), before);
    assert!(window.says("2 edits to “bridge” made after the last save at"));
    assert!(window.says("were recovered"));
    // Undo reaches through the crash and through the save before it.
    for left in [3, 2, 1, 0] {
        window.undo();
        assert_eq!(window.annotations().len(), left);
    }
    // And through quitting and opening again.
    window.act(Action::Run(Command::Save));
    window.settle();
    window.act(Action::Run(Command::Quit));
    drop(window);
    let mut window = after_death(&place);
    window.open(&place.project);
    assert!(window.annotations().is_empty());
    for _ in 0..4 {
        window.act(Action::Run(Command::Redo));
    }
    assert_eq!(window.annotations(), before);
}

#[test]
fn declining_keeps_what_was_recovered() {
    let (place, mut window) = saved();
    window.drag("Monday");
    window.key(Key::C);
    window.kill();
    let mut window = after_death(&place);
    window.click("Back to the saved version");
    assert_eq!(window.annotations().len(), 2);
    window.act(Action::Run(Command::Redo));
    assert_eq!(window.annotations().len(), 3);
}

#[test]
fn a_project_that_was_never_saved_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().to_owned();
    let mut window = Window::new(Some(config.clone()));
    window.paste(TEXT);
    window.drag("Monday");
    window.key(Key::C);
    window.kill();
    for lock in std::fs::read_dir(config.join("state")).unwrap() {
        let lock = lock.unwrap().path();
        if lock.extension().is_some_and(|e| e == "lock") {
            std::fs::remove_file(lock).unwrap();
        }
    }
    let mut window = Window::new(Some(config));
    window.harness.state_mut().open_paths(Vec::new());
    window.harness.run_steps(3);
    assert_eq!(window.annotations(), ["claim: Monday"]);
    assert!(window.says("to a project that was never saved were recovered"));
    // There is no saved version to go back to, and none in the history.
    let notices = window.harness.state().model.notices().iter();
    let offers: Vec<&str> = notices
        .flat_map(|notice| notice.offers.iter().map(|(title, _)| title.as_str()))
        .collect();
    assert_eq!(offers, ["Show the history"]);
    assert_eq!(window.harness.state().model.session().saved_step(), None);
}

#[test]
fn the_history_can_be_looked_at_and_jumped_in() {
    let (_place, mut window) = saved();
    window.keys(Key::H, Modifiers::COMMAND);
    let _row = window.harness.get_by_label_contains("Mark claim: 3,400");
    // The first mark entered its annotator before it.
    let first = "Mark quote: “it is a proud day”";
    window.harness.get_by_label_contains(first).click();
    window.harness.run_steps(3);
    assert_eq!(window.annotations(), ["quote: “it is a proud day”"]);
    // By the keyboard to the newest, and back to the article.
    window.key(Key::ArrowUp);
    window.key(Key::Enter);
    assert_eq!(window.annotations().len(), 2);
    window.key(Key::Escape);
}

#[test]
fn deleted_things_come_back_from_the_trash() {
    let (place, mut window) = saved();
    let before = window.annotations();
    window.drag("Ada Quill");
    window.key(Key::S);
    let with_source = window.annotations();
    window.act(Action::Run(Command::DeleteAnnotation));
    assert_eq!(window.annotations(), before);
    window.act(Action::Run(Command::Trash));
    window.click("Restore");
    window.key(Key::Escape);
    assert_eq!(window.annotations(), with_source);
    // An article, also after saving and opening again.
    window.act(Action::Run(Command::MoveArticleToTrash));
    window.act(Action::Run(Command::Save));
    window.settle();
    window.act(Action::Run(Command::Quit));
    drop(window);
    let mut window = Window::new(Some(place.config.clone()));
    window.open(&place.project);
    assert!(window.harness.state().model.article().is_none());
    window.act(Action::Run(Command::Trash));
    window.click("Restore");
    window.key(Key::Escape);
    assert_eq!(window.annotations(), with_source);
}

#[test]
fn deleting_a_label_asks_and_loses_nothing() {
    let (_place, mut window) = saved();
    let before = window.annotations();
    window.act(Action::AskToDelete(Deleting::Label("claim".into())));
    let _count = window
        .harness
        .get_by_label_contains("1 annotation in 1 article have this label");
    window.click("Move all 1 to the trash with it");
    window.click("Delete with 1");
    assert_eq!(window.annotations(), ["quote: “it is a proud day”"]);
    window.act(Action::Run(Command::Trash));
    // The label brings its annotations back.
    let label = window.harness.get_by_label_contains("Label Claim");
    label.click();
    window.harness.run_steps(3);
    window.click("Restore");
    window.key(Key::Escape);
    assert_eq!(window.annotations(), before);
    window.undo();
    window.undo();
    assert_eq!(window.annotations(), before);
    // Or they get another label, and undo takes it all back as one step.
    window.act(Action::DeleteLabel {
        label: "claim".into(),
        move_to: Some("promo".into()),
    });
    assert_eq!(
        window.annotations(),
        ["quote: “it is a proud day”", "promo: 3,400"]
    );
    window.undo();
    assert_eq!(window.annotations(), before);
}

#[test]
fn deleting_an_annotator_can_be_taken_back() {
    let (_place, mut window) = saved();
    let before = window.annotations();
    let me = window.harness.state().model.session().annotator().clone();
    window.act(Action::DeleteAnnotator(me));
    assert!(window.annotations().is_empty());
    window.act(Action::Restore(vec![2]));
    assert_eq!(window.annotations(), before);
}

/// Someone else opens the file, adds an annotation, and saves it.
fn change_elsewhere(path: &Path) {
    let opened = open_file(path, &|_| ()).unwrap();
    let mut project = opened.project;
    use pressmark::core::annotation::Annotation;
    use pressmark::core::edit::{Edit, Transaction, apply};
    use pressmark::core::text::{BytePos, ByteRange};
    let article = project.articles()[0].id.clone();
    let range = ByteRange::new(BytePos(0), BytePos(5));
    let annotation = Annotation::new("other-1".into(), "ben".into(), "promo".into(), range);
    let edit = Edit::AddAnnotation {
        article,
        annotation: Box::new(annotation),
    };
    apply(&mut project, &Transaction::new("mark", vec![edit])).unwrap();
    save_file(&project, path, &mut |_| true).unwrap();
}

/// The file was changed by someone else, and what is marked here is to be saved.
fn changed_by_both() -> (Place, Window) {
    let (place, mut window) = saved();
    change_elsewhere(&place.project);
    let theirs = std::fs::read(&place.project).unwrap();
    window.drag("Monday");
    window.key(Key::C);
    window.act(Action::Run(Command::Save));
    window.settle();
    // It is asked about first.
    assert_eq!(std::fs::read(&place.project).unwrap(), theirs);
    (place, window)
}

#[test]
fn a_file_changed_by_someone_else_is_noticed_and_merged() {
    let (place, mut window) = changed_by_both();
    window.click("Merge");
    window.settle();
    window.settle();
    let all = [
        "promo: Mayor",
        "quote: “it is a proud day”",
        "claim: Monday",
        "claim: 3,400",
    ];
    assert_eq!(window.annotations(), all);
    assert!(!window.harness.state().model.session().is_dirty());
    let on_disk = open_file(&place.project, &|_| ()).unwrap().project;
    assert_eq!(on_disk.annotation_count(), 4);
    // The merge is one step.
    window.undo();
    assert_eq!(window.annotations().len(), 3);
}

#[test]
fn both_versions_can_be_kept_or_theirs_loaded() {
    let (place, mut window) = changed_by_both();
    window.click("Keep both");
    window.settle();
    let mine = place.project.with_file_name("bridge-mine.ron");
    let count = |path: &Path| open_file(path, &|_| ()).unwrap().project.annotation_count();
    assert_eq!((count(&mine), count(&place.project)), (3, 3));
    assert_eq!(window.harness.state().model.session().path(), Some(&*mine));
    change_elsewhere(&mine);
    window.drag("bridge cost");
    window.key(Key::P);
    window.act(Action::Run(Command::Save));
    window.settle();
    window.click("Reload");
    window.settle();
    assert_eq!(window.annotations().len(), 4);
    assert!(window.annotations().contains(&"promo: Mayor".to_owned()));
    assert!(!window.harness.state().model.session().is_dirty());
    // What was not saved here can still be made again.
    window.act(Action::Run(Command::Redo));
    assert_eq!(window.annotations().len(), 5);
}

#[test]
fn a_file_that_cannot_be_loaded_again_costs_nothing() {
    let (place, mut window) = changed_by_both();
    let theirs = std::fs::read(&place.project).unwrap();
    std::fs::write(&place.project, "no project at all").unwrap();
    let before = window.annotations();
    window.click("Reload");
    window.settle();
    assert!(window.says("could not be loaded again"));
    assert_eq!(window.annotations(), before);
    assert!(window.harness.state().model.session().is_locked());
    std::fs::write(&place.project, theirs).unwrap();
    window.kill();
    // Nothing was given up.
    let window = after_death(&place);
    assert_eq!(window.annotations().len(), 4);
}

#[test]
fn unsaved_work_is_made_again_on_a_file_that_was_changed() {
    let (place, mut window) = saved();
    window.drag("Monday");
    window.key(Key::C);
    window.kill();
    change_elsewhere(&place.project);
    let window = after_death(&place);
    assert_eq!(window.annotations().len(), 4);
    assert!(window.says("The file was changed by another program meanwhile"));
    // And the next death, before anything was done, takes nothing away.
    let settled = std::time::Duration::from_millis(200);
    std::thread::sleep(settled);
    window.kill();
    let window = after_death(&place);
    assert_eq!(window.annotations().len(), 4);
}

#[test]
fn a_second_window_reads_only() {
    let (place, first) = saved();
    let mut second = Window::new(None);
    second.open(&place.project);
    assert!(second.says("You can read it here"));
    assert_eq!(second.annotations().len(), 2);
    second.drag("Monday");
    second.key(Key::C);
    assert_eq!(second.annotations().len(), 2);
    assert!(second.says("opened to read only"));
    drop(first);
    let mut third = Window::new(None);
    third.open(&place.project);
    third.drag("Monday");
    third.key(Key::C);
    assert_eq!(third.annotations().len(), 3);
}

#[test]
fn saving_over_another_project_keeps_what_its_journal_held() {
    let (place, mut window) = saved();
    window.drag("Monday");
    window.key(Key::C);
    window.kill();
    std::fs::remove_file(place.project.with_file_name(".bridge.ron.lock")).unwrap();
    let mut other = Window::with(TEXT);
    other.drag("Monday");
    other.key(Key::P);
    other.act(Action::SaveTo(place.project.clone()));
    other.settle();
    let folder = place.project.parent().unwrap();
    let kept = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let kept: Vec<_> = kept
        .filter(|path| path.to_string_lossy().contains(".ron.journal-"))
        .collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(folder.join("bridge.backups").is_dir());
}

#[test]
fn saving_keeps_the_version_before_as_a_backup() {
    let (place, mut window) = saved();
    window.drag("Monday");
    window.key(Key::C);
    window.act(Action::Run(Command::Save));
    window.settle();
    window.act(Action::Run(Command::Backups));
    window.settle();
    let _line = window
        .harness
        .get_by_label_contains("1 article, 2 annotations");
    window.click("Open as a copy");
    window.settle();
    assert_eq!(window.annotations().len(), 2);
    assert_eq!(window.harness.state().model.session().path(), None);
    assert_eq!(
        open_file(&place.project, &|_| ())
            .unwrap()
            .project
            .annotation_count(),
        3
    );
}

#[test]
fn a_file_that_is_gone_can_be_saved_again() {
    let (place, mut window) = saved();
    std::fs::rename(&place.project, place.project.with_extension("moved")).unwrap();
    window.drag("Monday");
    window.key(Key::C);
    window.act(Action::Run(Command::Save));
    window.settle();
    let _title = window.harness.get_by_label("The file is no longer there");
    window.click("Save it here again");
    window.settle();
    assert!(place.project.exists());
    assert!(!window.harness.state().model.session().is_dirty());
}

#[cfg(unix)]
#[test]
fn a_save_that_fails_says_why_and_loses_nothing() {
    let (_place, mut window) = saved();
    window.drag("Monday");
    window.key(Key::C);
    let nowhere = PathBuf::from("/proc/nowhere/p.ron");
    window.act(Action::SaveTo(nowhere));
    window.settle();
    let _title = window.harness.get_by_label("The project was not saved");
    window.click("Go on working");
    assert_eq!(window.annotations().len(), 3);
    assert!(window.harness.state().model.session().is_dirty());
}

#[test]
fn the_command_line_knows_of_unsaved_work() {
    let (place, mut window) = saved();
    window.drag("Monday");
    window.key(Key::C);
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pressmark"));
        command.env("PRESSMARK_CONFIG_DIR", &place.config);
        let output = command.args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    let project = place.project.to_str().unwrap();
    let (code, said) = run(&["import", project, "--into", project]);
    assert!(code == Some(1) && said.contains("is open for"), "{said}");
    window.kill();
    std::fs::remove_file(place.project.with_file_name(".bridge.ron.lock")).unwrap();
    let (code, said) = run(&["import", project, "--into", project]);
    assert!(code == Some(1) && said.contains("not saved"), "{said}");
    let (code, said) = run(&["check", project]);
    assert!(
        code == Some(0) && said.contains("1 edits made after the last save"),
        "{said}"
    );
    let out = place.project.with_file_name("whole.ron");
    let (code, said) = run(&["check", project, "--repair", out.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{said}");
    let count = |path: &Path| open_file(path, &|_| ()).unwrap().project.annotation_count();
    assert_eq!((count(&place.project), count(&out)), (2, 3));
}

#[test]
fn while_a_file_is_loaded_again_the_window_goes_on_and_nothing_is_changed() {
    let (place, mut window) = saved();
    change_elsewhere(&place.project);
    window.harness.state_mut().model.look_at_file();
    window.settle();
    assert!(window.says("was changed by another program"));
    let model = &mut window.harness.state_mut().model;
    let article = model.article().unwrap().id.clone();
    model.perform(Action::Open(place.project.clone()));
    assert!(model.session().is_paused());
    // The project is shown as it was until the other one is there.
    let flag = Action::SetStatus {
        article: article.clone(),
        status: pressmark::core::article::Status::Flagged,
    };
    model.perform(flag.clone());
    model.perform(Action::Run(Command::Save));
    assert!(!model.session().is_dirty());
    assert!(window.says("the file is being loaded again"));
    assert_eq!(window.annotations().len(), 2);
    window.settle();
    assert_eq!(window.annotations().len(), 3);
    window.act(flag);
    assert!(window.harness.state().model.session().is_dirty());
    assert!(window.harness.state().model.session().is_locked());
    window.act(Action::Run(Command::Undo));
    window.act(Action::Run(Command::Save));
    window.settle();
    // What is read when another project is open by then is let go, with its lock.
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::Open(place.project.clone()));
    model.perform(Action::Run(Command::NewProject));
    assert!(!model.session().is_paused());
    window.settle();
    assert!(window.harness.state().model.session().path().is_none());
    let mut other = Window::new(None);
    other.open(&place.project);
    assert!(!other.harness.state().model.session().is_read_only());
    assert_eq!(other.annotations().len(), 3);
}

/// What stands in the card of the selected annotation is written only when it was changed there.
#[test]
fn a_note_that_someone_else_changed_is_not_written_over() {
    use pressmark::core::annotation::Annotation;
    use pressmark::core::edit::{Edit, Transaction, apply};
    let (place, mut window) = saved();
    let note = |window: &Window| {
        let article = window.harness.state().model.article().unwrap();
        let first = article.annotations.in_text_order().next().unwrap();
        first.note.clone()
    };
    let first = {
        let article = window.harness.state().model.article().unwrap();
        let first = article.annotations.in_text_order().next().unwrap();
        first.id.clone()
    };
    window.act(Action::SetNote {
        id: first.clone(),
        note: "mine".to_owned(),
    });
    window.act(Action::Run(Command::Save));
    window.settle();
    window.act(Action::SelectAnnotation {
        id: first.clone(),
        reveal: true,
    });
    let mut project = open_file(&place.project, &|_| ()).unwrap().project;
    let article = project.articles()[0].clone();
    let mut changed = Annotation::clone(article.annotations.get(first.as_str()).unwrap());
    changed.note = "theirs".to_owned();
    let edit = Edit::ReplaceAnnotation {
        article: article.id.clone(),
        annotation: Box::new(changed),
    };
    drop(article);
    apply(&mut project, &Transaction::new("note", vec![edit])).unwrap();
    save_file(&project, &place.project, &mut |_| true).unwrap();
    window.act(Action::Open(place.project.clone()));
    window.settle();
    assert_eq!(note(&window), "theirs");
    assert!(!window.harness.state().model.session().is_dirty());
}

#[test]
fn what_is_not_imported_is_not_told_of_as_added() {
    let (place, mut window) = saved();
    window.act(Action::AddText {
        text: "Ferry stops\n\nNo ferry will leave on Tuesday, the harbour said.\n".to_owned(),
        html: None,
    });
    let model = &mut window.harness.state_mut().model;
    model.perform(Action::Open(place.project.clone()));
    assert!(model.session().is_paused());
    model.perform(Action::AcceptImport);
    assert_eq!(model.session().project().articles().len(), 1);
    assert!(window.says("the file is being loaded again"));
    assert!(!window.says("1 article added"));
    window.settle();
}
