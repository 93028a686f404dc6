//! An article file of any bytes: reading never panics, and every position is valid.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| pressmark::hostile::reading(bytes));
