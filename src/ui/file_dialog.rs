//! Asking for files: the system's dialog, or our own where there is none.
//!
//! The only module that names rfd. The dialog runs on its own thread. `None` that comes back faster
//! than anyone could cancel means that no dialog could be shown; a dialog that does not answer for
//! long can be passed over. `PRESSMARK_DIALOGS=inapp` asks for our own at once.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

/// Nobody cancels a dialog this fast.
const TOO_FAST: Duration = Duration::from_millis(600);
/// After this long, typing a path is offered.
const SLOW: Duration = Duration::from_secs(8);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Existing files with one of these endings; any when empty.
    Files(&'static [&'static str]),
    File(&'static [&'static str]),
    Folder,
    /// A new file with this name suggested; a folder or any file when the ending is empty.
    Save {
        name: String,
        extension: &'static str,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Paths(Vec<PathBuf>),
    Cancelled,
    /// There is no dialog to be had: ask in the window.
    Unavailable,
}

/// Something that can ask for paths. Tests script one.
pub trait Dialogs {
    /// Begins to ask. One question at a time.
    fn ask(&mut self, wanted: Wanted, title: &str, wake: Arc<dyn Fn() + Send + Sync>);
    /// The answer, once it is there.
    fn poll(&mut self) -> Option<Answer>;
    /// Whether it has been asked for long without an answer.
    fn is_slow(&self) -> bool;
    /// Stops waiting for the answer.
    fn forget(&mut self);
}

/// The system's dialogs.
#[derive(Default)]
pub struct SystemDialogs {
    pending: Option<(Receiver<Option<Vec<PathBuf>>>, Instant)>,
    is_unavailable: bool,
    answer: Option<Answer>,
}

impl SystemDialogs {
    pub fn new() -> Self {
        let in_app = std::env::var_os("PRESSMARK_DIALOGS").is_some_and(|value| value == "inapp");
        Self {
            is_unavailable: in_app,
            ..Self::default()
        }
    }
}

impl Dialogs for SystemDialogs {
    fn ask(&mut self, wanted: Wanted, title: &str, wake: Arc<dyn Fn() + Send + Sync>) {
        if self.is_unavailable {
            self.answer = Some(Answer::Unavailable);
            return;
        }
        let mut dialog = rfd::AsyncFileDialog::new().set_title(title);
        if let Wanted::Files(endings) | Wanted::File(endings) = wanted
            && !endings.is_empty()
        {
            dialog = dialog
                .add_filter(endings.join(", "), endings)
                .add_filter("All files", &["*"]);
        }
        if let Wanted::Save { name, extension } = &wanted {
            dialog = dialog.set_file_name(name);
            if !extension.is_empty() {
                dialog = dialog.add_filter(*extension, &[*extension]);
            }
        }
        let (sender, receiver) = sync_channel(1);
        // The future is made here, since some systems want that on the main thread.
        type Asked = std::pin::Pin<Box<dyn Future<Output = Option<Vec<PathBuf>>> + Send>>;
        let one = |handle: rfd::FileHandle| vec![handle.path().to_owned()];
        let asked: Asked = match wanted {
            Wanted::Files(_) => {
                let asked = dialog.pick_files();
                Box::pin(async move {
                    let handles = asked.await?;
                    Some(
                        handles
                            .iter()
                            .map(|handle| handle.path().to_owned())
                            .collect(),
                    )
                })
            }
            Wanted::File(_) => {
                let asked = dialog.pick_file();
                Box::pin(async move { asked.await.map(one) })
            }
            Wanted::Folder => {
                let asked = dialog.pick_folder();
                Box::pin(async move { asked.await.map(one) })
            }
            Wanted::Save { .. } => {
                let asked = dialog.save_file();
                Box::pin(async move { asked.await.map(one) })
            }
        };
        let thread = std::thread::Builder::new().name("file dialog".to_owned());
        let spawned = thread.spawn(move || {
            // The window may have stopped waiting.
            let _receiver_may_be_gone = sender.send(pollster::block_on(asked));
            wake();
        });
        if spawned.is_ok() {
            self.pending = Some((receiver, Instant::now()));
        } else {
            self.answer = Some(Answer::Unavailable);
        }
    }

    fn poll(&mut self) -> Option<Answer> {
        if let Some(answer) = self.answer.take() {
            return Some(answer);
        }
        let (receiver, since) = self.pending.as_ref()?;
        let received = receiver.try_recv().ok()?;
        let was_fast = since.elapsed() < TOO_FAST;
        self.pending = None;
        Some(match received {
            Some(paths) if !paths.is_empty() => Answer::Paths(paths),
            _ if was_fast => {
                self.is_unavailable = true;
                Answer::Unavailable
            }
            _ => Answer::Cancelled,
        })
    }

    fn is_slow(&self) -> bool {
        self.pending
            .as_ref()
            .is_some_and(|(_, since)| since.elapsed() > SLOW)
    }

    fn forget(&mut self) {
        self.pending = None;
    }
}
