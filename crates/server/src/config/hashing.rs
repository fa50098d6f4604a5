//! How passwords are hashed.

use std::{num::NonZero, thread};

use super::{ConfigError, reader::Reader};

/// The threads that hash passwords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashing {
    /// How many passwords are hashed at once.
    pub workers: usize,
}

impl Hashing {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let workers = reader.number("HUFU_HASH_WORKERS", &(1..=256))?;
        Ok(Self {
            workers: workers
                .unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get)),
        })
    }
}
