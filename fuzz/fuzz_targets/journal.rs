//! A journal of any bytes: what is whole is made again on a small project, and nothing panics.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| pressmark::hostile::journal(bytes));
