//! Why a script gave no result, in words for the operator who wrote it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a script gave no result.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum ScriptError {
    /// It called `api.denyAccess`.
    #[error("{0}")]
    Denied(String),
    /// Its text is not JavaScript.
    #[error("the script cannot be read: {0}")]
    Syntax(String),
    /// It threw something, or does not declare the function.
    #[error("{name}: {message}")]
    Runtime {
        /// The name of the error, such as `TypeError`.
        name: String,
        /// Its message.
        message: String,
        /// Where it was thrown, one call a line.
        stack: Option<String>,
    },
    /// It took too long.
    #[error("the script was stopped: it ran for longer than {0} ms")]
    Timeout(u64),
    /// It took too much memory.
    #[error("the script was stopped: it needed more than {0} MB of memory")]
    OutOfMemory(usize),
    /// Its result is not what was asked for.
    #[error("the script's result must be a JSON object, and is {0}")]
    NotAnObject(String),
    /// Too many scripts wait to run.
    #[error("too many scripts wait to run")]
    Busy,
    /// The engine broke or could not be started.
    #[error("the script could not be run: {0}")]
    Broken(String),
}

impl ScriptError {
    /// Something that the script did wrong while it ran.
    pub(super) fn runtime(name: &str, message: impl Into<String>) -> Self {
        Self::Runtime {
            name: name.to_owned(),
            message: message.into(),
            stack: None,
        }
    }

    /// The name under which JavaScript programmers know it: `SyntaxError`, `TypeError`, ….
    pub fn name(&self) -> &str {
        match self {
            Self::Denied(_) => "AccessDenied",
            Self::Syntax(_) => "SyntaxError",
            Self::Runtime { name, .. } => name,
            Self::Timeout(_) => "Timeout",
            Self::OutOfMemory(_) => "OutOfMemory",
            Self::NotAnObject(_) => "TypeError",
            Self::Busy => "Busy",
            Self::Broken(_) => "Error",
        }
    }
}
