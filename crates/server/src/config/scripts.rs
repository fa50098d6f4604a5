//! What scripts of operators may take.

use std::{num::NonZero, path::PathBuf, thread, time::Duration};

use super::{ConfigError, reader::Reader};
use crate::script::Limits;

/// The processes that run scripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scripts {
    /// The program that runs them when it is told `script-worker`: this one.
    pub program: PathBuf,
    /// How many scripts run at once.
    pub workers: usize,
    /// What each run may take.
    pub limits: Limits,
}

impl Scripts {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let workers = reader.number("HUFU_SCRIPT_WORKERS", &(1..=64))?;
        let time = reader.number("HUFU_SCRIPT_TIMEOUT", &(10..=60_000))?;
        let mut limits = Limits::default();
        if let Some(milliseconds) = time {
            limits.time = Duration::from_millis(milliseconds);
        }
        Ok(Self {
            program: program(),
            workers: workers
                .unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get)),
            limits,
        })
    }
}

/// Linux knows the running program under a name that stays good when the file was replaced by a newer one.
fn program() -> PathBuf {
    if cfg!(target_os = "linux") {
        PathBuf::from("/proc/self/exe")
    } else {
        std::env::current_exe().unwrap_or_else(|_| PathBuf::from("hufu"))
    }
}
