//! `/configs`: settings of the tenant (`contract/logto-api.md` §5.4).

mod action;
mod jwt_customizer;
mod setting;

use crate::api::routes::Routes;

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none()
        .merge(jwt_customizer::routes())
        .merge(action::routes())
}
