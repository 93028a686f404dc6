//! An article file of any bytes: reading never panics, and every position is valid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::Once;

/// A library that panics is fenced, and its file is refused: only what passes the fence counts.
static FENCED: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    FENCED.call_once(|| drop(std::panic::take_hook()));
    if std::panic::catch_unwind(|| pressmark::hostile::reading(bytes)).is_err() {
        std::process::abort();
    }
});
