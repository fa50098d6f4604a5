//! The program `hufu`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Gives memory back after a burst, and costs less than glibc's where several threads allocate at once.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    server::command::run()
}
