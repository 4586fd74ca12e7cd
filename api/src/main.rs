//! The binary `waymark`.

use std::process::ExitCode;

use waymark_api::cli::CommandLine;

fn main() -> ExitCode {
    match CommandLine::read().and_then(CommandLine::run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("waymark: {sentence}");
            ExitCode::from(2)
        }
    }
}
