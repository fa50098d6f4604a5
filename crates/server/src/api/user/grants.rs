//! `GET /api/users/{userId}/grants`.

use axum::{
    Json,
    extract::{Path, State},
};
use protocol::record::Grant;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{caller::Caller, millis::Millis, query::Query},
    app::App,
    error::ApiError,
    tenant::Tenant,
};

/// Which grants are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Only those of first-party or of third-party applications.
    #[param(inline)]
    app_type: Option<AppType>,
}

/// Whose applications.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum AppType {
    FirstParty,
    ThirdParty,
}

/// What a person allowed applications.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserGrants {
    grants: Vec<UserGrant>,
}

/// What a person allowed an application.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UserGrant {
    id: String,
    payload: GrantPayload,
    expires_at: Millis,
    application: GrantApplication,
}

/// The grant, as OpenID Connect sees it. Times are in seconds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct GrantPayload {
    exp: i64,
    iat: i64,
    jti: String,
    kind: &'static str,
    client_id: String,
    account_id: String,
    openid: GrantScope,
}

/// What was granted.
#[derive(Debug, Serialize, ToSchema)]
struct GrantScope {
    /// With spaces between them.
    scope: String,
}

/// The application, in short.
#[derive(Debug, Serialize, ToSchema)]
struct GrantApplication {
    id: String,
    name: String,
}

impl UserGrant {
    fn new(tenant: &Tenant, grant: Grant) -> Self {
        let name = tenant.application(&grant.client_id).map_or_else(
            || grant.client_id.clone(),
            |known| known.client.name.clone(),
        );
        Self {
            application: GrantApplication {
                id: grant.client_id.clone(),
                name,
            },
            expires_at: grant.expires_at.into(),
            payload: GrantPayload {
                exp: grant.expires_at.0,
                iat: grant.created_at.0,
                jti: grant.id.clone(),
                kind: "Grant",
                client_id: grant.client_id,
                account_id: grant.user_id,
                openid: GrantScope {
                    scope: grant.scope.to_string(),
                },
            },
            id: grant.id,
        }
    }
}

/// What a person allowed applications, newest first.
#[utoipa::path(
    get,
    path = "/users/{userId}/grants",
    operation_id = "ListUserGrants",
    tag = "Users",
    params(("userId" = String, Path), Asked),
    responses((status = 200, body = UserGrants))
)]
pub(super) async fn grants(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<UserGrants>, ApiError> {
    let tenant = &caller.tenant;
    let grants = store::grant::list(app.db(), &tenant.id, &id, app.now()).await?;
    let is_third_party = |grant: &Grant| {
        tenant
            .application(&grant.client_id)
            .is_some_and(|application| application.client.is_third_party)
    };
    let is_wanted = |grant: &Grant| match asked.app_type {
        None => true,
        Some(AppType::FirstParty) => !is_third_party(grant),
        Some(AppType::ThirdParty) => is_third_party(grant),
    };
    let views = grants
        .into_iter()
        .filter(is_wanted)
        .map(|grant| UserGrant::new(tenant, grant));
    Ok(Json(UserGrants {
        grants: views.collect(),
    }))
}
