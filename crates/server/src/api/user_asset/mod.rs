//! `/user-assets`: files that operators upload (`contract/logto-api.md` §5.3).

mod create;
mod status;

use axum::extract::DefaultBodyLimit;

use crate::{
    api::routes::{Routes, routes},
    asset::upload::LARGEST_FORM,
};

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(status::status)).merge(
        R::none()
            .routes(routes!(create::create))
            .through(|routes| routes.layer(DefaultBodyLimit::max(LARGEST_FORM))),
    )
}
