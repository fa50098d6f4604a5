//! What kept a request from its answer without any fault of its sender.

use axum::{http::header, response::Response};

use crate::{again::Deadlock, arriving::request_id, hash::Busy};

/// Anything that went wrong on our side: logged once, never shown.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Seconds after which a database that was out of reach or had no room may be asked again.
const DATABASE_RETRY_AFTER: u32 = 2;

/// Why we did not answer. Each face of a refusal has words of its own for it.
#[derive(Debug)]
pub enum Failure {
    /// Too much work is waiting, or the database is out of reach: the sender may try again after so many seconds.
    Busy(u32),
    /// Something broke.
    Internal(Cause),
}

/// What those outside may know of a failure.
pub(super) enum Told {
    /// It passes.
    Busy,
    /// The log has the cause under this id.
    Broken(String),
}

impl Failure {
    /// Something broke.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::Internal(cause.into())
    }

    /// Logs the cause and completes the response that a face draws, which brings its own status.
    pub(super) fn answer(self, draw: impl FnOnce(Told) -> Response) -> Response {
        match self {
            Self::Busy(seconds) => {
                let mut response = draw(Told::Busy);
                let headers = response.headers_mut();
                headers.insert(header::RETRY_AFTER, seconds.into());
                response
            }
            Self::Internal(cause) => {
                let mut response = draw(Told::Broken(log(cause.as_ref())));
                if is_deadlock(cause.as_ref()) {
                    response.extensions_mut().insert(Deadlock);
                }
                response
            }
        }
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        if error.is_unavailable() {
            log(&error);
            Self::Busy(DATABASE_RETRY_AFTER)
        } else {
            Self::internal(error)
        }
    }
}

impl From<Busy> for Failure {
    fn from(_: Busy) -> Self {
        Self::Busy(crate::hash::RETRY_AFTER)
    }
}

/// Writes the cause and its sources to the log and gives the id it stands under.
pub fn log(cause: &(dyn std::error::Error + 'static)) -> String {
    let id = request_id();
    let mut text = cause.to_string();
    let mut source = cause.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    if is_deadlock(cause) {
        tracing::warn!(request = %id, "{text}");
    } else {
        tracing::error!(request = %id, "{text}");
    }
    id
}

/// Whether all that went wrong is that two transactions waited for each other.
fn is_deadlock(cause: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(cause);
    while let Some(error) = cause {
        if error
            .downcast_ref::<store::StoreError>()
            .is_some_and(store::StoreError::is_deadlock)
        {
            return true;
        }
        cause = error.source();
    }
    false
}
