//! Scripts of operators: JavaScript that adds claims to tokens, or has a word in a sign-in (`contract/logto-core.md` §10).
//!
//! A script sees its argument and nothing else: no file, no network, no environment, no timers, no other script. What it may take is
//! bounded: memory and stack by the engine ([`engine`]), time by the engine *and* by a process of its own ([`worker`]), because
//! some of QuickJS's own functions never ask whether time is up: `[].reverse.call({ length: 2 ** 53 })` would hold a thread for
//! good, and only a process can be ended from outside. So a script can stop neither the server nor another script's thread, and
//! even a fault in the engine ends a worker, not the server.
//!
//! [`Scripts`] keeps a few of these processes at hand. Each run has an engine of its own, so nothing passes from one run to the next.

pub mod action;
pub mod customizer;
pub mod engine;
mod error;
mod pool;
mod report;
pub mod worker;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::{error::ScriptError, pool::Scripts};

/// A result is part of a token, which travels in headers: this many bytes of JSON at most.
pub const RESULT_LIMIT: usize = 64 * 1024;

/// One run of a script.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// The script's text, which declares `function`.
    pub source: String,
    /// The function to call.
    pub function: String,
    /// What it is called with.
    pub argument: Value,
    /// Adds `api.denyAccess(message)` to the argument.
    pub can_deny: bool,
}

/// What one run may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// From start to result.
    pub time: Duration,
    /// Bytes of everything the script holds.
    pub memory: usize,
    /// Bytes of nested calls.
    pub stack: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(3),
            memory: 64 * 1024 * 1024,
            stack: 1024 * 1024,
        }
    }
}

/// What a script's function returned, as JSON; `None` for `undefined`.
pub type Outcome = Result<Option<Value>, ScriptError>;
