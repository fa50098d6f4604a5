//! Times as the API tells them.

use protocol::time::Time;
use serde::Serialize;
use utoipa::ToSchema;

/// Milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Millis(i64);

impl From<Time> for Millis {
    fn from(time: Time) -> Self {
        Self(time.0.saturating_mul(1000))
    }
}
