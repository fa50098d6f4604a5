//! Scripts of operators, as the server runs them: in processes of the program that was built.
#![cfg(test)]

mod attack;
mod language;

use std::time::Duration;

use serde_json::{Value, json};
use server::{
    config::Config,
    script::{Job, Outcome, Scripts},
};

/// Processes that give a script this many milliseconds.
fn scripts(workers: usize, milliseconds: u64) -> Scripts {
    let mut settings = Config::load(|_| None).unwrap().scripts;
    settings.program = env!("CARGO_BIN_EXE_hufu").into();
    settings.workers = workers;
    settings.limits.time = Duration::from_millis(milliseconds);
    Scripts::new(settings)
}

fn job(source: &str, argument: Value) -> Job {
    Job {
        source: source.to_owned(),
        function: "f".to_owned(),
        argument,
        can_deny: true,
    }
}

/// Runs the function `f` of `source` with enough time for a busy machine.
async fn run(source: &str, argument: Value) -> Outcome {
    scripts(1, 20_000).run(job(source, argument)).await
}

/// What a function with this body returns for `{}`.
async fn body(body: &str) -> Outcome {
    run(&format!("async function f(x) {{ {body} }}"), json!({})).await
}
