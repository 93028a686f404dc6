//! What the operating system sends to the program, and what becomes of it.

/// A save over the system's limit on the size of a file fails and says so. Without this the system
/// ends the program instead, in the middle of writing.
#[cfg(unix)]
pub fn survive_file_size_limit() {
    let unasked = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    // The write says what is wrong, so nobody asks the flag. Without it all is as it was.
    let _best_effort = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, unasked);
}

#[cfg(not(unix))]
pub fn survive_file_size_limit() {}
