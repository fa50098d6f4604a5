//! `/configs/id-token`: which claims ID tokens carry beyond the standard ones (`contract/logto-api.md` §5.4).

mod find;
mod replace;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::routes::{Routes, routes};

/// The setting's key.
const KEY: &str = "idToken";

/// Its routes.
pub fn routes<R: Routes>() -> R {
    R::none().routes(routes!(find::find, replace::replace))
}

/// The claims, when their scope is granted.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct IdTokenConfig {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    enabled_extended_claims: Option<Vec<ExtendedClaim>>,
}

/// A claim beyond the standard ones.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExtendedClaim {
    CustomData,
    Identities,
    SsoIdentities,
    Roles,
    Organizations,
    OrganizationData,
    OrganizationRoles,
}
