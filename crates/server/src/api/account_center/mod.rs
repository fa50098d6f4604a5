//! `/account-center`: what people may see and change of their own account (`contract/logto-api.md` §4.4).

mod find;
mod update;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::view::AccountCenterView;
pub(crate) use self::{
    update::{AccountCenterChange, changed},
    view::{FIELDS, Settings},
};
use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find::find, update::update))
}
