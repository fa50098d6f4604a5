//! Where the present comes from: the only file that asks the machine for the time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use protocol::time::Time;

/// A source of the present.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that only moves when a test moves it.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The present, in whole seconds.
    #[expect(clippy::disallowed_methods, reason = "the one place where time enters")]
    pub fn now(&self) -> Time {
        match self {
            Self::System => {
                let since_1970 = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                Time(i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX))
            }
            Self::Manual(seconds) => Time(seconds.load(Ordering::Relaxed)),
        }
    }
}
