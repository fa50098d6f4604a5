//! `/applications/{applicationId}/sign-in-experience`: what an application shows instead of the tenant's (`contract/logto-api.md` §2.1).

mod document;
mod find;
mod put;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::document::Change;
use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find::find, put::put))
}
