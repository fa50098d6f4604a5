//! `/one-time-tokens`: magic links (`contract/logto-api.md` §5.5).

mod create;
mod delete;
mod find;
mod list;
mod set_status;
mod verify;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

use self::view::OneTimeTokenView;
use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(verify::verify))
        .routes(routes!(find::find, delete::delete))
        .routes(routes!(set_status::set_status))
}
