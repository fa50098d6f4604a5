//! `/dashboard`: how many people there are (`contract/logto-api.md` §5.2). Days are those of UTC.

mod active_users;
mod new_users;
mod total_users;

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::routes::{Routes, routes};

/// Seconds in a day.
const DAY: i64 = 86_400;

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(total_users::total))
        .routes(routes!(new_users::new_users))
        .routes(routes!(active_users::active))
}

/// A number, and by how much it differs from that of the time before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Count {
    count: i64,
    delta: i64,
}

impl Count {
    const fn new(count: i64, before: i64) -> Self {
        Self {
            count,
            delta: count - before,
        }
    }
}
