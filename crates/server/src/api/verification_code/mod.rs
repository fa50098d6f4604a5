//! `/verification-codes`: proving an address or a number (`contract/logto-api.md` §5.5).

mod create;
mod recipient;
mod verify;

use crate::api::routes::{Routes, routes};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .routes(routes!(create::create))
        .routes(routes!(verify::verify))
}
