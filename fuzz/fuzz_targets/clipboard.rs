//! Text of any kind from the clipboard: it becomes an article that can be annotated and saved.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| pressmark::hostile::clipboard(bytes));
