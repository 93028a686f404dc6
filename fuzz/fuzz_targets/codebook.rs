//! A codebook file of any bytes: reading never panics, and what was read can be used and saved.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| pressmark::hostile::codebook(bytes));
