//! The program `hufu`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::command::run()
}
