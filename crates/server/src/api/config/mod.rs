//! `/configs`: settings of the tenant (`contract/logto-api.md` §5.4).

pub(crate) mod action;
pub(crate) mod jwt_customizer;
mod setting;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(jwt_customizer::routes())
        .merge(action::routes())
}
