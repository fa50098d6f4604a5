//! `hufu script-worker`: the process that runs scripts for the server, one after the other, as they come over standard input.
//!
//! A message is four bytes of length and JSON. The process ends itself when a run does not end, and when the server is gone.

use std::{
    io::{self, Read, Write},
    process,
    sync::mpsc,
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Job, Limits, Outcome, ScriptError, engine};

/// A script with its argument may be this long; the API takes 1 MB.
pub(super) const MESSAGE_LIMIT: usize = 8 * 1024 * 1024;

/// The engine stops most scripts by itself; after this much more it will not.
const GRACE: Duration = Duration::from_millis(200);

/// For a thread that runs a script: several times what the engine gives the script.
const STACK: usize = 8 * 1024 * 1024;

/// The exit code of a worker whose script did not stop.
pub(super) const STUCK: i32 = 3;

/// One question of the server.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) job: Job,
    pub(super) limits: Limits,
}

/// What became of it. A list of one or none: `Option` would read `null` back as nothing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer(Result<Vec<Value>, ScriptError>);

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        Self(outcome.map(|value| value.into_iter().collect()))
    }
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        answer.0.map(|values| values.into_iter().next())
    }
}

/// Answers questions until standard input ends.
///
/// # Errors
/// When a message is broken; the server then starts another worker.
pub fn serve() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    loop {
        let mut length = [0; 4];
        if input.read_exact(&mut length).is_err() {
            return Ok(());
        }
        let mut message = vec![0; bounded(length)?];
        input.read_exact(&mut message)?;
        let outcome = answer(serde_json::from_slice(&message)?)?;
        output.write_all(&frame(&Answer::from(outcome))?)?;
        output.flush()?;
    }
}

/// The length that stands before a message.
pub(super) fn bounded(length: [u8; 4]) -> io::Result<usize> {
    usize::try_from(u32::from_le_bytes(length))
        .ok()
        .filter(|length| *length <= MESSAGE_LIMIT)
        .ok_or_else(|| io::Error::other("a message is too long"))
}

/// A message with its length before it.
pub(super) fn frame(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(message)?;
    let length = u32::try_from(json.len()).ok();
    let length = length.filter(|_| json.len() <= MESSAGE_LIMIT);
    let length = length.ok_or_else(|| io::Error::other("a message is too long"))?;
    Ok([&length.to_le_bytes()[..], &json].concat())
}

fn answer(question: Question) -> io::Result<Outcome> {
    let Question { job, limits } = question;
    let (sender, receiver) = mpsc::channel();
    thread::Builder::new().stack_size(STACK).spawn(move || {
        // The server has gone when nobody takes the result.
        let _ = sender.send(engine::run(&job, &limits));
    })?;
    match receiver.recv_timeout(limits.time + GRACE) {
        Ok(outcome) => Ok(outcome),
        Err(mpsc::RecvTimeoutError::Timeout) => process::exit(STUCK),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(io::Error::other("the engine panicked")),
    }
}
