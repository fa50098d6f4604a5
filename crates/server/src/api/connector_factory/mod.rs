//! `/connector-factories`: the kinds of connectors (`contract/logto-api.md` §4.1).

mod find;
mod list;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) use self::view::FactoryView;
use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(find::find))
}
