//! What an operator is told of a wrong setting.

use thiserror::Error;

/// A setting that stops the start, as one sentence: the variable, its fault, a good example.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    /// The value is shown: never for a secret.
    pub(super) fn shown(name: &str, value: &str, fault: &str, example: &str) -> Self {
        Self(format!(
            "{name} is \"{value}\", {fault}; write for example {example}."
        ))
    }

    /// The whole sentence, for faults that do not fit the pattern.
    pub(super) fn sentence(text: String) -> Self {
        Self(text)
    }
}
