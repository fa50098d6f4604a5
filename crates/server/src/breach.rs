//! Passwords known from breaches: asked for when somebody chooses one, and never in the way.

use std::sync::atomic::{AtomicI64, Ordering};

use connectors::{http::Guarded, pwned};
use protocol::time::Time;

/// Seconds in which a service that could not be reached is not asked again, so that only the first person waits for it.
const REST: i64 = 600;

/// The service that knows them, if there is one.
#[derive(Debug)]
pub struct Breaches {
    service: Option<String>,
    resting_until: AtomicI64,
}

impl Breaches {
    /// Asks the service at this address; `None` asks nobody.
    pub fn new(service: Option<String>) -> Self {
        Self {
            service,
            resting_until: AtomicI64::new(i64::MIN),
        }
    }

    /// Whether the password is known from a breach, as far as that can be learned within two seconds.
    pub async fn list(&self, http: &Guarded, password: &str, now: Time) -> bool {
        let Some(service) = &self.service else {
            return false;
        };
        if now.0 < self.resting_until.load(Ordering::Relaxed) {
            return false;
        }
        let answer = pwned::lookup(http, service, password).await;
        if answer.is_none() {
            self.resting_until
                .store(now.plus(REST).0, Ordering::Relaxed);
        }
        answer.unwrap_or(false)
    }
}
