//! `/configs/admin-console`: what the console remembers of the tenant (`contract/logto-api.md` §5.4).

mod find;
mod update;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::routes::{Routes, routes};

/// The setting's key.
const KEY: &str = "adminConsole";

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(find::find, update::update))
}

/// What the console remembers.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
struct AdminConsole {
    /// Whether somebody has changed how people sign in.
    sign_in_experience_customized: bool,
    /// Whether an organization was made.
    organization_created: bool,
}
