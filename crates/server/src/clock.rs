//! Where the present comes from: the only file that asks the machine for the time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
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
    pub fn now(&self) -> Time {
        Time(self.now_millis().div_euclid(1000))
    }

    /// The present, in milliseconds: logs tell apart what happens within a second.
    #[expect(clippy::disallowed_methods, reason = "the one place where time enters")]
    pub fn now_millis(&self) -> i64 {
        match self {
            Self::System => {
                let since_1970 = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)
            }
            Self::Manual(seconds) => seconds.load(Ordering::Relaxed).saturating_mul(1000),
        }
    }
}

/// A moment on the machine's clock after which something that takes too long is stopped. It is no part of any rule.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// `time` from now.
    #[expect(clippy::disallowed_methods, reason = "the one place where time enters")]
    pub fn after(time: Duration) -> Self {
        Self(Instant::now() + time)
    }

    /// Whether it is over.
    #[expect(clippy::disallowed_methods, reason = "the one place where time enters")]
    pub fn has_passed(self) -> bool {
        Instant::now() >= self.0
    }
}
