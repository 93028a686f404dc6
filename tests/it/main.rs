//! The one integration-test binary. `cfg(test)` on the modules tells the lints that these are tests.

#![expect(
    clippy::disallowed_methods,
    reason = "tests write their own small files"
)]
#![expect(clippy::mem_forget, reason = "so a program dies that is killed")]

#[cfg(test)]
mod articles;
#[cfg(target_os = "linux")]
#[cfg(test)]
mod at_spi;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod bad_quotes;
#[cfg(test)]
mod both_ways;
#[cfg(test)]
mod cards;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod codebook_page;
#[cfg(test)]
mod codebook_panel;
#[cfg(test)]
mod codebook_rest;
#[cfg(test)]
mod codebooks;
#[cfg(test)]
mod database_exports;
#[cfg(test)]
mod datasets;
#[cfg(test)]
mod dialogs;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod export_window;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod find;
#[cfg(test)]
mod find_rest;
#[cfg(test)]
mod hand;
#[cfg(test)]
mod hits;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod idle;
#[cfg(test)]
mod ids;
#[cfg(test)]
mod interop;
#[cfg(test)]
mod journals;
#[cfg(test)]
mod keyboard;
#[cfg(test)]
mod label_pick;
#[cfg(test)]
mod links;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod manners;
#[cfg(test)]
mod mixed_text;
#[cfg(test)]
mod mouse;
#[cfg(unix)]
#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod passages;
#[cfg(test)]
mod people;
#[cfg(test)]
mod places;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod quotes;
#[cfg(test)]
mod repair;
#[cfg(test)]
mod rest_of_window;
#[cfg(test)]
mod room;
#[cfg(test)]
mod safety;
#[cfg(test)]
mod scripts;
#[cfg(test)]
mod search;
#[cfg(test)]
mod sizes;
#[cfg(test)]
mod speech;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod unicode;
#[cfg(test)]
mod waits;
#[cfg(test)]
mod window;
#[cfg(test)]
mod window_rest;
#[cfg(test)]
mod workers;
