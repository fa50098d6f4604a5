//! `/captcha-provider`: who tells people from programs (`contract/logto-api.md` §4.4).

mod delete;
mod find;
mod replace;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::view::CaptchaConfig;
use crate::app::App;

/// Its routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(find::find, replace::replace, delete::delete))
}
