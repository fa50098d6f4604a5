//! `GET /api/users/{userId}/sso-identities/{ssoConnectorId}`, and what enterprise providers know people as.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use serde_json::{Map, Value};
use store::user_sso_identity::{self, UserSsoIdentity};
use utoipa::ToSchema;

use super::find_user;
use crate::{
    api::{caller::Caller, millis::Millis},
    app::App,
    error::ApiError,
    operation::Refused,
};

/// What an enterprise provider knows a person as.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UserSsoIdentity)]
#[serde(rename_all = "camelCase")]
pub struct SsoIdentityView {
    tenant_id: String,
    id: String,
    user_id: String,
    /// The provider.
    issuer: String,
    /// The provider's id of the person.
    identity_id: String,
    /// What the provider told.
    #[schema(value_type = Object)]
    detail: Map<String, Value>,
    created_at: Millis,
    updated_at: Millis,
    /// The connector through which the person came.
    pub(super) sso_connector_id: String,
}

/// An account at an enterprise provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FoundSsoIdentity {
    sso_identity: SsoIdentityView,
}

impl SsoIdentityView {
    fn new(tenant: &str, identity: UserSsoIdentity) -> Self {
        Self {
            tenant_id: tenant.to_owned(),
            id: identity.id,
            user_id: identity.user_id,
            issuer: identity.issuer,
            identity_id: identity.identity_id,
            detail: identity.detail,
            created_at: identity.created_at.into(),
            updated_at: identity.updated_at.into(),
            sso_connector_id: identity.sso_connector_id,
        }
    }
}

/// What enterprise providers know a person as, oldest first.
pub(super) async fn of_user(
    app: &App,
    tenant: &str,
    user_id: &str,
) -> Result<Vec<SsoIdentityView>, ApiError> {
    let identities = user_sso_identity::list(app.db(), tenant, user_id).await?;
    let views = identities.into_iter();
    Ok(views
        .map(|identity| SsoIdentityView::new(tenant, identity))
        .collect())
}

/// What an enterprise provider knows the person as.
#[utoipa::path(
    get,
    path = "/users/{userId}/sso-identities/{ssoConnectorId}",
    operation_id = "GetUserSsoIdentity",
    tag = "Users",
    params(("userId" = String, Path), ("ssoConnectorId" = String, Path)),
    responses((status = 200, body = FoundSsoIdentity))
)]
pub(super) async fn sso_identity(
    State(app): State<App>,
    caller: Caller,
    Path((id, connector)): Path<(String, String)>,
) -> Result<Json<FoundSsoIdentity>, ApiError> {
    let tenant = &caller.tenant.id;
    find_user(app.db(), tenant, &id).await?;
    let identities = of_user(&app, tenant, &id).await?;
    let mut found = identities
        .into_iter()
        .filter(|known| known.sso_connector_id == connector);
    let sso_identity = found.next().ok_or_else(|| {
        let message = format!("the user has no identity at the provider {connector:?}");
        Refused::new("user.enterprise_sso_identity_not_exists", message)
    })?;
    Ok(Json(FoundSsoIdentity { sso_identity }))
}
