//! Arguments to a subcommand or to the window; nothing else.

use clap::Parser;
use pressmark::cli::{self, Arguments};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Some(command) => cli::run(command),
        None => ExitCode::SUCCESS,
    }
}
