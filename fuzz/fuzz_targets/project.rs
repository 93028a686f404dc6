//! A project file of any bytes: reading never panics, and what was read survives saving.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| pressmark::hostile::project(bytes));
