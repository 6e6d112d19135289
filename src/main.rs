//! The program: `cairn --help` tells everything.

use std::process::ExitCode;

fn main() -> ExitCode {
    cairn::cli::main(|name| std::env::var(name).ok())
}
