//! `/configs/jwt-customizer`: scripts that add claims to access tokens (`contract/logto-api.md` §5.4).

mod delete;
mod find;
mod list;
mod put;
mod test;
mod update;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::view::{JwtCustomizer, allowed};
use crate::app::App;

/// Its routes.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(test::test))
        .routes(routes!(
            find::find,
            put::put,
            update::update,
            delete::delete
        ))
}
