//! Arguments to a subcommand or to the window; nothing else.

use clap::Parser;
use pressmark::app::import::{serving, workers};
use pressmark::app::{clock, heap, signals};
use pressmark::cli::{self, Arguments};
use pressmark::ui;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    heap::start();
    clock::start();
    signals::survive_file_size_limit();
    if std::env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == workers::ARGUMENT)
    {
        return serving::serve();
    }
    workers::this_program_serves();
    cli::say_panics_plainly();
    let arguments = Arguments::parse();
    if let Some(command) = arguments.command {
        return cli::run(command, &ui::article::visual_order);
    }
    if let Some(mistake) = arguments.mistake() {
        mistake.exit();
    }
    match ui::run(&arguments.window) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _closed_pipe = writeln!(std::io::stderr(), "pressmark: {error:#}");
            ExitCode::FAILURE
        }
    }
}
