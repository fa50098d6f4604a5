//! `/logs`: what happened (`contract/logto-api.md` §5.1).

mod find;
mod list;
mod view;
mod window;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::{view::LogView, window::Window};
use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(find::find))
}
