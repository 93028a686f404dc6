//! What the system sends to the whole program: to end, or that a file is too large.
//!
//! Whoever works asks [`is_ending`] now and then and stops as if it were cancelled; the window ends
//! its session. Knows neither.

use crate::app::jobs::Wake;
use std::sync::atomic::{AtomicBool, Ordering};

static ENDING: AtomicBool = AtomicBool::new(false);

/// Whether the system or the user asked the program to end.
pub fn is_ending() -> bool {
    ENDING.load(Ordering::Relaxed)
}

/// Listens for requests to end: from the session manager, the terminal, or `kill`. The second one,
/// or five seconds in which nothing came of the first, ends the program at once.
#[cfg(unix)]
pub fn end_when_asked(wake: Wake) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use std::time::Duration;

    const PATIENCE: Duration = Duration::from_secs(5);
    let end = |signal| {
        let _ends_here = signal_hook::low_level::emulate_default_handler(signal);
    };
    let listen = move || {
        let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM]) else {
            return;
        };
        let Some(signal) = signals.forever().next() else {
            return;
        };
        ENDING.store(true, Ordering::Relaxed);
        wake();
        let patient = std::thread::Builder::new().name("patience".to_owned());
        let waiting = patient.spawn(move || {
            std::thread::sleep(PATIENCE);
            end(signal);
        });
        if waiting.is_err() {
            end(signal);
        }
        signals.forever().for_each(end);
    };
    let thread = std::thread::Builder::new().name("signals".to_owned());
    // Without a thread the program ends as the system ends any other.
    let _listens_on = thread.spawn(listen);
}

#[cfg(not(unix))]
pub fn end_when_asked(_wake: Wake) {}

/// A save over the system's limit on the size of a file fails and says so. Without this the system
/// ends the program instead, in the middle of writing.
#[cfg(unix)]
pub fn survive_file_size_limit() {
    let unasked = std::sync::Arc::new(AtomicBool::new(false));
    // The write says what is wrong, so nobody asks the flag. Without it all is as it was.
    let _best_effort = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, unasked);
}

#[cfg(not(unix))]
pub fn survive_file_size_limit() {}
